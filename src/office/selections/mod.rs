//! The selection of the best-handled suggestions: opened by the committee, read by who takes part. `nomination.rs` and
//! `vote.rs` are the two acts of it, `result.rs` the end.

mod nomination;
mod result;
mod vote;

pub use result::{Recount, SealedResult, SelectionResult};

use super::{Caller, Fault, Office, acts::Act, perform::admitted};
use crate::{
    domain::{
        actor::{Actor, Role},
        case::Case,
        figures::Measure,
        gate::{self, Operation, WITHHELD},
        ids::{CaseId, CongressId, SelectionId, SessionId},
        selection::{Criterion, Phase, Selection, missing},
        text::Title,
    },
    store::{
        Db, StoreError, Touch,
        case_list::{self, Cursor, Filter, Sort},
        cases, directory,
        selections::{self, Nomination},
        urn,
    },
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A selection as it is to be opened.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSelection {
    #[schema(value_type = String, example = "2024年部门办理最满意建议件")]
    pub title: Title,
    /// The sessions whose cases can be chosen.
    pub sessions: Vec<SessionId>,
    /// What a case needs, besides what is always asked: that it is closed, counted and not confidential.
    pub criteria: Vec<Criterion>,
    /// How many are chosen, and how many a ballot may name: 1 to 100.
    #[schema(minimum = 1, maximum = 100, example = 10)]
    pub seats: u32,
    /// Cases are nominated before this instant; from it on deputies vote.
    pub nominations_until: DateTime<Utc>,
    /// Ballots are taken before this instant, and not at it.
    pub votes_until: DateTime<Utc>,
}

/// A selection as the caller sees it. How many voted is told to nobody before the result.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub selection: Selection,
    pub phase: Phase,
    pub sealed: bool,
    pub nominated: Vec<Nominated>,
    /// Whether the caller, a deputy, has voted.
    pub voted: Option<bool>,
}

/// A case that was nominated.
#[derive(Clone, Debug, PartialEq)]
pub struct Nominated {
    pub case: CaseId,
    pub number: Option<String>,
    pub title: String,
    pub department: Option<String>,
    /// Whether it qualifies still, and can be chosen.
    pub eligible: bool,
    pub nominations: Vec<Word>,
}

/// Who nominated it, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// `deputy`, `delegation` or `committee`.
    pub by: String,
    /// The deputy's or the delegation's name.
    pub name: Option<String>,
    pub reason: String,
    pub at: DateTime<Utc>,
}

/// A case of the sessions, and whether it qualifies.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub case: CaseId,
    pub number: Option<String>,
    pub title: String,
    pub department: Option<String>,
    pub eligible: bool,
    /// What is missing; only for who sees evaluations.
    pub missing: Option<Vec<Criterion>>,
}

const MOST_SEATS: u32 = 100;
const MOST_SESSIONS: usize = 40;

impl Office {
    pub async fn open_selection(&self, caller: &Caller, new: NewSelection) -> Result<Selection, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::KeepSelections)?;
                office.may_open(db, &congress, &new)?;
                let mut criteria: BTreeSet<Criterion> = new.criteria.iter().copied().collect();
                criteria.extend(Criterion::ALWAYS);
                let selection = Selection {
                    id: SelectionId(office.fresh_id()),
                    congress,
                    title: new.title.clone(),
                    sessions: new.sessions.clone(),
                    criteria: criteria.into_iter().collect(),
                    seats: new.seats,
                    opened_at: office.now(),
                    nominations_until: new.nominations_until,
                    votes_until: new.votes_until,
                };
                selections::insert(db, &selection)?;
                let act = Act::SelectionOpened { selection: selection.id };
                office.record_act_of(db, &actor, &caller, None, act)?;
                Ok(selection)
            })
            .await
    }

    fn may_open(&self, db: &mut Db, congress: &CongressId, new: &NewSelection) -> Result<(), Fault> {
        if new.sessions.is_empty() || new.sessions.len() > MOST_SESSIONS {
            return Err(Fault::invalid(
                "/sessions",
                format!("须为 1 至 {MOST_SESSIONS} 个届次"),
                format!("must name 1 to {MOST_SESSIONS} sessions"),
            ));
        }
        for (index, session) in new.sessions.iter().enumerate() {
            if directory::session(db, congress, session)?.is_none() || new.sessions[..index].contains(session)
            {
                return Err(Fault::invalid(
                    format!("/sessions/{index}"),
                    "须为本级人大已登记的届次，每个一次",
                    "must be a session of this congress, each once",
                ));
            }
        }
        if !(1..=MOST_SEATS).contains(&new.seats) {
            return Err(Fault::invalid(
                "/seats",
                format!("须在 1 至 {MOST_SEATS} 之间"),
                format!("must lie between 1 and {MOST_SEATS}"),
            ));
        }
        if new.nominations_until <= self.now() {
            return Err(Fault::invalid(
                "/nominations_until",
                "提名截止时间须晚于现在",
                "must lie in the future",
            ));
        }
        if new.votes_until <= new.nominations_until {
            return Err(Fault::invalid(
                "/votes_until",
                "投票截止时间须晚于提名截止时间",
                "must be later than the end of nominations",
            ));
        }
        Ok(())
    }

    /// The congress's selections, newest first, each with whether it is sealed.
    pub async fn selections(&self, caller: &Caller) -> Result<Vec<(Selection, Phase, bool)>, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .read(move |db| {
                let (_, congress) = admitted(db, &caller, Operation::ReadSelections)?;
                let now = office.now();
                let mut told = Vec::new();
                for selection in selections::all(db, &congress)? {
                    let sealed = selections::result(db, &congress, selection.id)?.is_some();
                    let phase = selection.phase(now);
                    told.push((selection, phase, sealed));
                }
                Ok(told)
            })
            .await
    }

    pub async fn selection(&self, caller: &Caller, id: SelectionId) -> Result<Shown, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .read_aside(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ReadSelections)?;
                let selection = selections::find(db, &congress, id)?.ok_or(Fault::NotFound)?;
                let nominated = office.nominated(db, &actor, &selection)?;
                let voted = match &actor.role {
                    Role::Deputy { deputy } => {
                        Some(urn::voters(db, &congress, id)?.contains(&deputy.to_string()))
                    }
                    _ => None,
                };
                let sealed = selections::result(db, &congress, id)?.is_some();
                Ok(Shown { phase: selection.phase(office.now()), selection, sealed, nominated, voted })
            })
            .await
    }

    /// At most `limit` registered cases of the sessions that the caller sees, and whether they qualify.
    pub async fn selection_cases(
        &self,
        caller: &Caller,
        id: SelectionId,
        after: Option<CaseId>,
        limit: i64,
    ) -> Result<Vec<Candidate>, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .read_aside(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ReadSelections)?;
                let selection = selections::find(db, &congress, id)?.ok_or(Fault::NotFound)?;
                let sessions: Vec<&str> = selection.sessions.iter().map(SessionId::as_str).collect();
                let filter = Filter {
                    session: sessions.join(",").parse().ok(),
                    measures: vec![Measure::Received],
                    ..Filter::default()
                };
                let named = gate::to_be_named(&actor.role).then_some(actor.user);
                let after = after.map(|id| Cursor { id, due_on: None });
                let scope = gate::scope(&actor);
                let lines = case_list::list(db, &scope, named, &filter, Sort::Oldest, after.as_ref(), limit)?;
                let mut told = Vec::new();
                for line in lines {
                    let id = line.id.parse().map_err(|e| StoreError::corrupt("cases", &line.id, e))?;
                    let Some(case) = cases::load(db, &congress, id)? else { continue };
                    let missing = office.missing(&selection, &case)?;
                    told.push(Candidate {
                        case: id,
                        number: line.number,
                        title: line.title,
                        department: line.department_name,
                        eligible: missing.is_empty(),
                        missing: gate::sees_evaluations(&actor).then_some(missing),
                    });
                }
                Ok(told)
            })
            .await
    }

    /// What a case lacks, under the policy that it is handled by.
    fn missing(&self, selection: &Selection, case: &Case) -> Result<Vec<Criterion>, StoreError> {
        match &case.policy {
            Some(policy) => {
                let policy = self.books.policy(policy)?;
                Ok(missing(&selection.criteria, case, policy, &self.books.calendar))
            }
            // Never handed in.
            None => Ok(vec![Criterion::Closed]),
        }
    }

    /// The nominated cases with their words. That a case was nominated makes its title known to all who take part, as
    /// long as it is not confidential.
    fn nominated(&self, db: &mut Db, actor: &Actor, selection: &Selection) -> Result<Vec<Nominated>, Fault> {
        let congress = &selection.congress;
        let mut words: BTreeMap<CaseId, Vec<Nomination>> = BTreeMap::new();
        for it in selections::nominations(db, congress, selection.id)? {
            words.entry(it.case()?).or_default().push(it);
        }
        let mut nominated = Vec::new();
        for (id, words) in words {
            let Some(case) = cases::load(db, congress, id)? else { continue };
            let title = match case.confidential {
                None => case.title.to_string(),
                Some(_) => gate::title(actor, &case).to_owned(),
            };
            let nominations = words.into_iter().map(|it| word(db, congress, it)).collect::<Result<_, _>>()?;
            nominated.push(Nominated {
                case: id,
                number: case.number.as_ref().map(|number| number.text.to_string()),
                title,
                department: case.answering_names(),
                eligible: self.missing(selection, &case)?.is_empty(),
                nominations,
            });
        }
        Ok(nominated)
    }

    /// Each nominated case and whether it qualifies now, in the order of their ids.
    fn candidates(&self, db: &mut Db, selection: &Selection) -> Result<Vec<(Case, bool)>, Fault> {
        let ids: BTreeSet<CaseId> = selections::nominations(db, &selection.congress, selection.id)?
            .iter()
            .map(Nomination::case)
            .collect::<Result<_, _>>()?;
        let mut candidates = Vec::new();
        for id in ids {
            if let Some(case) = cases::load(db, &selection.congress, id)? {
                let eligible = self.missing(selection, &case)?.is_empty();
                candidates.push((case, eligible));
            }
        }
        Ok(candidates)
    }
}

fn word(db: &mut Db, congress: &CongressId, it: Nomination) -> Result<Word, StoreError> {
    let (by, of) = it.nominator.split_once(':').unwrap_or((&it.nominator, ""));
    let name = match by {
        "deputy" => {
            let id = of.parse().map_err(|e| StoreError::corrupt("selection_nominations", of, e))?;
            directory::deputy(db, congress, id)?.map(|deputy| deputy.name)
        }
        "delegation" => Some(of.to_owned()),
        _ => None,
    };
    Ok(Word { by: by.to_owned(), name, reason: it.reason, at: it.nominated_at.and_utc() })
}

/// The title as a sealed result holds it, for whoever reads it.
fn public_title(case: &Case) -> String {
    if case.confidential.is_some() { WITHHELD.to_owned() } else { case.title.to_string() }
}
