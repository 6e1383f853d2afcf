//! Refolds the whole ledger and compares it with everything that is kept beside it.

use super::{
    Fault, Office,
    record::{Derived, words},
    stations::MovedActs,
    worklist::kept::{Waiting, compare_strays, compare_tasks},
};
use crate::{
    domain::{
        case::Case,
        figures::{Version, versions},
        ids::{CaseId, CongressId},
    },
    evidence::commitment::erased_by,
    files::{Digest, Files, FilesError},
    store::{
        Db, StoreError, acts, case_facts, cases, directory, figure_days, figures, ledger, promises, similar,
        tasks,
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// Something that does not agree with the ledger.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    pub congress: String,
    /// The case, or the figure's cell.
    pub place: String,
    pub column: String,
    pub stored: String,
    pub derived: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    pub congresses: usize,
    pub cases: usize,
    pub events: u64,
    pub figures: usize,
    /// Attached files whose bytes were read.
    pub files: usize,
    /// Entries of the evidence logs that were compared with their rows.
    pub leaves: usize,
    /// Signed heads that were checked.
    pub checkpoints: usize,
    /// Rows that wait for their entry.
    pub waiting: usize,
    pub findings: Vec<Finding>,
    #[serde(skip)]
    named: Vec<Named>,
}

/// An attached file as a case names it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    congress: CongressId,
    case: CaseId,
    number: u32,
    sha256: String,
}

const PAGE: i64 = 500;

impl Office {
    /// As of one instant; a service that runs meanwhile does not disturb it. Attached files are read where they are
    /// at hand: they never change, so it may be done afterwards.
    pub async fn verify(&self) -> Result<Report, Fault> {
        let office = self.clone();
        let mut report = self.store.snapshot(move |db| office.verify_in(db)).await?;
        if let Ok(files) = self.files() {
            verify_files(files, &mut report).await?;
        }
        Ok(report)
    }

    fn verify_in(&self, db: &mut Db) -> Result<Report, Fault> {
        let mut report = Report::default();
        let (erased, moved) = verify_acts(db, &mut report)?;
        for congress in directory::congresses(db)? {
            let id: CongressId =
                congress.id.parse().map_err(|e: &str| StoreError::corrupt("congresses", &congress.id, e))?;
            report.congresses += 1;
            self.compare_selections(db, &id, &mut report)?;
            self.compare_problems(db, &id, &mut report)?;
            self.compare_campaigns(db, &id, &mut report)?;
            self.compare_statements(db, &id, &mut report)?;
            self.compare_matters(db, &id, (&moved, &erased), &mut report)?;
            self.verify_congress(db, &id, &congress.policy_id, &erased, &mut report)?;
            report.findings.extend(self.compare_feed(db, &id)?);
        }
        let log = self.compare_log(db)?;
        (report.leaves, report.checkpoints, report.waiting) = (log.leaves, log.checkpoints, log.waiting);
        report.findings.extend(log.findings.into_iter().map(|(congress, it)| Finding {
            congress,
            place: it.place,
            column: "log".to_owned(),
            stored: it.what,
            derived: "as it was logged and signed".to_owned(),
        }));
        Ok(report)
    }

    fn verify_congress(
        &self,
        db: &mut Db,
        congress: &CongressId,
        congress_policy: &str,
        erased: &BTreeSet<String>,
        report: &mut Report,
    ) -> Result<(), Fault> {
        let mut derived_sums = Sums::default();
        let mut derived_tasks = Waiting::default();
        let mut after: Option<CaseId> = None;
        let (mut in_ledger, mut promised) = (0, 0);
        loop {
            let ids = ledger::case_ids(db, congress, after, PAGE)?;
            let Some(last) = ids.last().copied() else { break };
            in_ledger += ids.len();
            for id in ids {
                let (history, doubts) = match ledger::examined(db, congress, id) {
                    Err(StoreError::Corrupt { reason, .. }) => {
                        report.findings.push(finding(congress, id, "events", "unreadable", reason));
                        continue;
                    }
                    read => read?,
                };
                for it in doubts.into_iter().filter(|it| it.wrong || !erased.contains(&it.digest)) {
                    let column = format!("version {}, a person's text", it.version);
                    report.findings.push(finding(congress, id, &column, said(it.wrong), it.digest));
                }
                report.events += history.len() as u64;
                let gapless = history.iter().zip(1..).all(|(event, version)| event.version == version);
                let (case, versions) =
                    versions(None, &history, &self.books.calendar, |it| self.books.policy(it))?;
                let Some(case) = case.filter(|_| gapless) else {
                    report.findings.push(finding(congress, id, "events", "a broken history", "1, 2, 3 …"));
                    continue;
                };
                let policy = self.books.policy_of(&case, congress_policy)?;
                let facts = versions.last().map(|it| &it.facts);
                let derived = Derived::of(&case, facts, policy, &self.books.calendar)?;
                compare_versions(db, congress, id, &versions, report)?;
                derived_sums.add(&versions);
                compare_case(db, congress, id, &derived, report)?;
                compare_words(db, congress, &case, report)?;
                derived_tasks.add(compare_tasks(
                    db,
                    congress,
                    id,
                    &tasks::rows(&case, &derived.tasks),
                    report,
                )?);
                promised += compare_promises(db, &case, report)?;
                self.compare_signals(db, &case, &history, report)?;
                self.compare_notices(db, &case, policy, report)?;
                report.named.extend(case.attachments.iter().map(|it| Named {
                    congress: congress.clone(),
                    case: id,
                    number: it.number,
                    sha256: it.file.sha256.clone(),
                }));
            }
            after = Some(last);
        }
        report.cases += in_ledger;
        let counts = [
            ("cases", cases::count(db, congress)?, in_ledger),
            ("promises", promises::count(db, congress)?, promised),
        ];
        for (table, stored, derived) in counts.into_iter().filter(|(_, stored, derived)| stored != derived) {
            report.findings.push(Finding {
                congress: congress.to_string(),
                place: table.to_owned(),
                column: "rows".to_owned(),
                stored: stored.to_string(),
                derived: derived.to_string(),
            });
        }
        compare_strays(db, congress, derived_tasks, report)?;
        compare_figures(db, congress, derived_sums, report)
    }
}

/// Reads the second book: whether what it says of persons is what was committed to. Returns the commitments whose text
/// was erased by an act (a text that is gone without one is a finding), and what it says of matters beside the cases.
fn verify_acts(db: &mut Db, report: &mut Report) -> Result<(BTreeSet<String>, MovedActs), Fault> {
    let (mut erased, mut doubts, mut moved) = (BTreeSet::new(), Vec::new(), MovedActs::default());
    let mut after = String::new();
    loop {
        let (acts, doubted) = acts::page(db, &after, PAGE)?;
        doubts.extend(doubted);
        erased.extend(acts.iter().flat_map(|act| erased_by(&act.kind, &act.body)));
        acts.iter().for_each(|act| moved.note(&act.kind, &act.body));
        match acts.last() {
            Some(last) => after = last.id.clone(),
            None => break,
        }
    }
    for it in doubts.into_iter().filter(|it| it.wrong || !erased.contains(&it.digest)) {
        report.findings.push(Finding {
            congress: String::new(),
            place: format!("act {}", it.act),
            column: "a person's text".to_owned(),
            stored: said(it.wrong).to_owned(),
            derived: it.digest,
        });
    }
    Ok((erased, moved))
}

fn said(wrong: bool) -> &'static str {
    if wrong { "another text" } else { "missing, and no act erased it" }
}

/// Whether the bytes of every attachment are there and are those that were attached.
async fn verify_files(files: &Files, report: &mut Report) -> Result<(), Fault> {
    // The same bytes may hang on many cases; they are read once.
    let mut states: BTreeMap<String, &'static str> = BTreeMap::new();
    for Named { congress, case, number, sha256 } in std::mem::take(&mut report.named) {
        let state = match states.get(&sha256) {
            Some(state) => state,
            None => {
                let state = match Digest::parse(&sha256) {
                    Err(_) => "unreadable",
                    Ok(digest) => match files.get(&digest).await {
                        Ok(Some(_)) => "",
                        Ok(None) => "missing",
                        Err(FilesError::Damaged(_)) => "damaged",
                        Err(error) => return Err(error.into()),
                    },
                };
                report.files += 1;
                states.insert(sha256.clone(), state);
                state
            }
        };
        if !state.is_empty() {
            let column = format!("attachment {number}");
            report.findings.push(finding(&congress, case, &column, state, sha256));
        }
    }
    Ok(())
}

pub(super) fn finding(
    congress: &CongressId,
    case: CaseId,
    column: &str,
    stored: impl ToString,
    derived: impl ToString,
) -> Finding {
    Finding {
        congress: congress.to_string(),
        place: format!("case {case}"),
        column: column.to_owned(),
        stored: stored.to_string(),
        derived: derived.to_string(),
    }
}

fn compare_case(
    db: &mut Db,
    congress: &CongressId,
    id: CaseId,
    derived: &Derived,
    report: &mut Report,
) -> Result<(), Fault> {
    let Some(stored) = cases::row(db, congress, id)? else {
        report.findings.push(finding(congress, id, "row", "missing", "present"));
        return Ok(());
    };
    for (column, stored, derived) in stored.differences(&derived.row) {
        report.findings.push(finding(congress, id, column, stored, derived));
    }
    let stored: Vec<_> = cases::parties(db, congress, id)?.into_iter().collect();
    let mut parties: Vec<_> = derived.parties.iter().map(|p| p.key()).collect();
    parties.sort();
    if stored != parties {
        report.findings.push(finding(congress, id, "parties", stored.join(", "), parties.join(", ")));
    }
    Ok(())
}

/// The case's lines in the ledger of promises; says how many there should be.
fn compare_promises(db: &mut Db, case: &Case, report: &mut Report) -> Result<usize, Fault> {
    let (stored, derived) = (promises::of_case(db, &case.congress, case.id)?, promises::rows(case));
    if stored != derived {
        let told = |rows: &[promises::Row]| format!("{rows:?}");
        report.findings.push(finding(&case.congress, case.id, "promises", told(&stored), told(&derived)));
    }
    Ok(derived.len())
}

/// The words that similar cases are found by.
fn compare_words(db: &mut Db, congress: &CongressId, case: &Case, report: &mut Report) -> Result<(), Fault> {
    let stored = similar::terms_of(db, congress, case.id)?;
    let mut derived: Vec<String> = words(case).into_iter().map(|term| term.text).collect();
    derived.sort_unstable();
    if stored != derived {
        report.findings.push(finding(congress, case.id, "words", stored.join(" "), derived.join(" ")));
    }
    Ok(())
}

/// What the ledger says the sums are: those of now, and the changes of each day.
#[derive(Default)]
struct Sums {
    now: BTreeMap<figures::Cell, i64>,
    days: figure_days::Changes,
}

impl Sums {
    fn add(&mut self, versions: &[Version]) {
        for (cell, n) in versions.last().iter().flat_map(|it| figures::cells(&it.facts)) {
            *self.now.entry(cell).or_default() += n;
        }
        let before = std::iter::once(None).chain(versions.iter().cloned().map(Some));
        for change in before.zip(versions.iter().cloned()) {
            self.days.add(&change);
        }
    }
}

/// What the figures hold of a case, from which days on.
fn compare_versions(
    db: &mut Db,
    congress: &CongressId,
    id: CaseId,
    derived: &[Version],
    report: &mut Report,
) -> Result<(), Fault> {
    let stored = case_facts::all(db, congress, id)?;
    if stored != derived {
        let places = stored.len().max(derived.len());
        let first = (0..places).find(|place| stored.get(*place) != derived.get(*place)).unwrap_or(0);
        let told = |it: Option<&Version>| it.map_or("missing".to_owned(), |it| format!("{it:?}"));
        let column = format!("facts {}", first + 1);
        report.findings.push(finding(
            congress,
            id,
            &column,
            told(stored.get(first)),
            told(derived.get(first)),
        ));
    }
    Ok(())
}

fn compare_figures(
    db: &mut Db,
    congress: &CongressId,
    derived: Sums,
    report: &mut Report,
) -> Result<(), Fault> {
    let cell = |it: figures::Cell| {
        let figures::Cell { scope, dimension, measure, session, value } = it;
        format!("figure {} {} {value} {scope} {session}", measure.id(), dimension.id())
    };
    let numbers = |sums: BTreeMap<figures::Cell, i64>| {
        sums.into_iter().map(|(it, n)| (cell(it), n.to_string())).collect::<BTreeMap<_, _>>()
    };
    let changes = |days: BTreeMap<String, BTreeMap<String, i64>>| {
        days.into_iter()
            .map(|(day, it)| (format!("day {day}"), format!("{it:?}")))
            .collect::<BTreeMap<_, _>>()
    };
    report.figures += derived.now.len();
    differ(congress, numbers(figures::all(db, congress)?), numbers(derived.now), report);
    let days = figure_days::stated(derived.days);
    differ(congress, changes(figure_days::all(db, congress)?), changes(days), report);
    Ok(())
}

fn differ(
    congress: &CongressId,
    stored: BTreeMap<String, String>,
    derived: BTreeMap<String, String>,
    report: &mut Report,
) {
    let places: BTreeSet<&String> = stored.keys().chain(derived.keys()).collect();
    for place in places.into_iter().filter(|it| stored.get(*it) != derived.get(*it)) {
        let told = |of: &BTreeMap<String, String>| of.get(place).cloned().unwrap_or_else(|| "0".to_owned());
        report.findings.push(Finding {
            congress: congress.to_string(),
            place: place.clone(),
            column: "n".to_owned(),
            stored: told(&stored),
            derived: told(&derived),
        });
    }
}
