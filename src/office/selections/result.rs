//! The result: counted once voting is over, sealed once and for ever, and counted again by whoever doubts it.

use super::{admitted, public_title};
use crate::{
    domain::{
        case::Refusal,
        gate::Operation,
        ids::{CaseId, CongressId, SelectionId, SessionId},
        say::Say,
        selection::{Criterion, Outcome, Phase, Selection, Tally, count},
    },
    files::Digest,
    office::{
        Caller, Fault, Office,
        acts::Act,
        verify::{Finding, Report},
    },
    store::{
        Db, StoreError, Touch,
        selections::{self, Sealed},
        urn,
    },
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is sealed: the terms, the votes, and the digest of the ballots.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SelectionResult {
    pub selection: SelectionId,
    pub congress: CongressId,
    pub title: String,
    pub sessions: Vec<SessionId>,
    pub criteria: Vec<Criterion>,
    pub seats: u32,
    pub votes_until: DateTime<Utc>,
    /// Deputies who voted; as many as there are ballots.
    pub voters: u64,
    pub ballots: u64,
    /// Most votes first.
    pub cases: Vec<CaseResult>,
    /// Seats that those of equal votes are too many for; the congress decides about them.
    pub seats_left: u32,
    /// SHA-256 over one line for each distinct ballot: its cases in the order of their ids, a space, how often it was
    /// cast, a line feed; the lines in their order as text.
    pub ballots_sha256: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CaseResult {
    pub case: CaseId,
    pub number: Option<String>,
    pub title: String,
    pub department: Option<String>,
    pub votes: u64,
    /// 1 for the most votes; those of equal votes share a place.
    pub place: u32,
    pub outcome: Outcome,
}

/// Whether the ballots still say what was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Recount {
    Equal,
    Differs,
}

/// A sealed result as it is shown.
#[derive(Clone, Debug)]
pub struct SealedResult {
    /// The sealed text, which the digest is of.
    pub body: String,
    pub sha256: String,
    pub sealed_at: DateTime<Utc>,
    pub recount: Recount,
    /// Whether this request sealed it.
    pub fresh: bool,
}

impl Office {
    /// Counts and seals; sealed already, it is shown as it was sealed.
    pub async fn seal_selection(&self, caller: &Caller, id: SelectionId) -> Result<SealedResult, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::KeepSelections)?;
                let selection = selections::hold(db, &congress, id)?.ok_or(Fault::NotFound)?;
                if let Some(sealed) = selections::result(db, &congress, id)? {
                    return shown(db, &selection, sealed, false);
                }
                if selection.phase(office.now()) != Phase::Over {
                    return Err(still_voting(&selection).into());
                }
                let result = office.counted(db, &selection)?;
                if result.voters != result.ballots {
                    // Somebody put ballots in or took some out behind the office's back.
                    return Err(not_adding_up().into());
                }
                let body = serde_json::to_string(&result)
                    .map_err(|e| StoreError::corrupt("selection_results", id, e))?;
                let sealed = Sealed {
                    congress_id: congress.to_string(),
                    selection_id: id.to_string(),
                    sha256: Digest::of(body.as_bytes()).as_str().to_owned(),
                    body,
                    sealed_at: office.now().naive_utc(),
                };
                selections::seal(db, &sealed)?;
                let act = Act::SelectionSealed { selection: id, sha256: sealed.sha256.clone() };
                office.record_act_of(db, &actor, &caller, None, act)?;
                shown(db, &selection, sealed, true)
            })
            .await
    }

    /// `NotFound` until it is sealed.
    pub async fn selection_result(&self, caller: &Caller, id: SelectionId) -> Result<SealedResult, Fault> {
        let caller = caller.clone();
        self.store
            .read_aside(move |db| {
                let (_, congress) = admitted(db, &caller, Operation::ReadSelections)?;
                let selection = selections::find(db, &congress, id)?.ok_or(Fault::NotFound)?;
                let sealed = selections::result(db, &congress, id)?.ok_or(Fault::NotFound)?;
                shown(db, &selection, sealed, false)
            })
            .await
    }

    fn counted(&self, db: &mut Db, selection: &Selection) -> Result<SelectionResult, Fault> {
        let ballots = urn::ballots(db, &selection.congress, selection.id)?;
        let candidates = self.candidates(db, selection)?;
        let eligible: Vec<(CaseId, bool)> =
            candidates.iter().map(|(case, eligible)| (case.id, *eligible)).collect();
        let tally = count(&ballots, &eligible, selection.seats);
        let told = |it: &crate::domain::selection::Counted| {
            let case = candidates.iter().map(|(case, _)| case).find(|case| case.id == it.case);
            CaseResult {
                case: it.case,
                number: case.and_then(|it| it.number.as_ref()).map(|number| number.text.to_string()),
                title: case.map(public_title).unwrap_or_default(),
                department: case.and_then(|it| it.answering_names()),
                votes: it.votes,
                place: it.place,
                outcome: it.outcome,
            }
        };
        Ok(SelectionResult {
            selection: selection.id,
            congress: selection.congress.clone(),
            title: selection.title.to_string(),
            sessions: selection.sessions.clone(),
            criteria: selection.criteria.clone(),
            seats: selection.seats,
            votes_until: selection.votes_until,
            voters: urn::voters(db, &selection.congress, selection.id)?.len() as u64,
            ballots: tally.ballots,
            cases: tally.cases.iter().map(told).collect(),
            seats_left: tally.seats_left,
            ballots_sha256: digest(db, selection)?,
        })
    }

    /// For `verify`: as many ballots as voters, and each sealed result as it was sealed and as its ballots are counted.
    pub(in crate::office) fn compare_selections(
        &self,
        db: &mut Db,
        congress: &CongressId,
        report: &mut Report,
    ) -> Result<(), Fault> {
        for selection in selections::all(db, congress)? {
            let mut found = |column: &str, stored: String, derived: String| {
                report.findings.push(Finding {
                    congress: congress.to_string(),
                    place: format!("selection {}", selection.id),
                    column: column.to_owned(),
                    stored,
                    derived,
                });
            };
            let cast: u64 = urn::ballots(db, congress, selection.id)?.iter().map(|(_, n)| n).sum();
            let voters = urn::voters(db, congress, selection.id)?.len() as u64;
            if cast != voters {
                found("ballots", cast.to_string(), voters.to_string());
            }
            let Some(sealed) = selections::result(db, congress, selection.id)? else { continue };
            let digest = Digest::of(sealed.body.as_bytes()).as_str().to_owned();
            if digest != sealed.sha256 {
                found("sealed result", sealed.sha256.clone(), digest);
            }
            if recount(db, &selection, &sealed)? != Recount::Equal {
                found("recount", "another result".to_owned(), "the sealed one".to_owned());
            }
        }
        Ok(())
    }
}

fn shown(db: &mut Db, selection: &Selection, sealed: Sealed, fresh: bool) -> Result<SealedResult, Fault> {
    let recount = recount(db, selection, &sealed)?;
    let Sealed { body, sha256, sealed_at, .. } = sealed;
    Ok(SealedResult { body, sha256, sealed_at: sealed_at.and_utc(), recount, fresh })
}

/// Counts the ballots again, for the cases as they qualified when the result was sealed.
fn recount(db: &mut Db, selection: &Selection, sealed: &Sealed) -> Result<Recount, Fault> {
    let Ok(result) = serde_json::from_str::<SelectionResult>(&sealed.body) else {
        return Ok(Recount::Differs);
    };
    let ballots = urn::ballots(db, &selection.congress, selection.id)?;
    let candidates: Vec<(CaseId, bool)> =
        result.cases.iter().map(|it| (it.case, it.outcome != Outcome::NoLongerEligible)).collect();
    let Tally { cases, ballots: cast, seats_left } = count(&ballots, &candidates, result.seats);
    let same = cases
        .iter()
        .map(|it| (it.case, it.votes, it.place, it.outcome))
        .eq(result.cases.iter().map(|it| (it.case, it.votes, it.place, it.outcome)));
    let equal = same
        && cast == result.ballots
        && seats_left == result.seats_left
        && digest(db, selection)? == result.ballots_sha256
        && Digest::of(sealed.body.as_bytes()).as_str() == sealed.sha256;
    Ok(if equal { Recount::Equal } else { Recount::Differs })
}

fn digest(db: &mut Db, selection: &Selection) -> Result<String, Fault> {
    let ballots = urn::ballots(db, &selection.congress, selection.id)?;
    let lines: String = ballots.iter().map(|(choices, n)| format!("{choices} {n}\n")).collect();
    Ok(Digest::of(lines.as_bytes()).as_str().to_owned())
}

fn still_voting(selection: &Selection) -> Refusal {
    let until = selection.votes_until.to_rfc3339();
    Refusal::new(
        "voting_runs",
        Say::new(
            format!("投票于 {until} 截止，此前不计票"),
            format!("voting ends at {until}; nothing is counted before"),
        ),
        &[],
    )
}

fn not_adding_up() -> Refusal {
    Refusal::new(
        "ballots_do_not_add_up",
        Say::new(
            "选票数与投票人数不符，不能认定结果；请由审计人员核查",
            "there are more or fewer ballots than voters; nothing is sealed, an auditor has to look into it",
        ),
        &[],
    )
}
