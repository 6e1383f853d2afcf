//! Signals: derived where an event that can raise one is recorded, kept beside the ledger, and listed for who supervises.

use super::{
    Caller, Fault, Office,
    perform::admitted,
    verify::{Report, finding},
    walk::{Cases, filled},
};
use crate::{
    domain::{
        actor::Actor,
        case::{Case, Recorded},
        day::Day,
        gate::{self, Denied, Operation},
        ids::{CaseId, CongressId, DepartmentId},
        signals::{self, Earlier, Kind, Letter, Signal, Told},
    },
    store::{
        Db, StoreError, cases, ledger, reply_marks,
        signals::{self as kept, Asked, Row},
    },
};

pub use crate::store::signals::{Asked as Wanted, Cursor};

/// How many earlier letters one is compared with, word for word.
const COMPARED: usize = 12;

/// A signal as the caller may read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub case: CaseId,
    pub number: Option<String>,
    /// Withheld of a confidential case whose readers the caller is not among.
    pub title: String,
    /// The event that raised it, as `/events` counts for the caller; not of a case that he may not open.
    pub version: Option<i64>,
    pub on: Day,
    pub department: Option<(DepartmentId, String)>,
    pub told: Told,
    pub explained: crate::domain::say::Say,
    pub cursor: Cursor,
}

impl Office {
    /// Derives what new events raise. What they raise rests on the history up to them, so what is kept stays as it is.
    pub(super) fn record_signals(
        &self,
        db: &mut Db,
        after: &Case,
        recorded: &[Recorded],
    ) -> Result<(), Fault> {
        if !recorded.iter().any(|it| signals::may_raise(&it.event)) {
            return Ok(());
        }
        let congress = &after.congress;
        let before = recorded.first().map_or(0, |it| it.version - 1);
        let history = ledger::history(db, congress, after.id, 0, i64::MAX)?;
        let read = signals::read(&history, &self.books.policies, &self.books.calendar);
        let fresh = read.signals.iter().filter(|it| it.version > before);
        let rows: Vec<Row> = fresh.map(|it| Row::of(congress, after.id, it)).collect::<Result<_, _>>()?;
        kept::insert(db, &rows)?;
        for letter in read.letters.iter().filter(|it| it.version > before) {
            reply_marks::take_turns(db, congress, letter)?;
            reply_marks::insert(db, &reply_marks::rows(congress, letter))?;
            write_comparison(db, congress, letter)?;
            for other in reply_marks::later(db, congress, letter)? {
                self.compare_anew(db, congress, other)?;
            }
        }
        Ok(())
    }

    /// An earlier letter came in after these were compared.
    fn compare_anew(&self, db: &mut Db, congress: &CongressId, case: CaseId) -> Result<(), Fault> {
        let history = ledger::history(db, congress, case, 0, i64::MAX)?;
        let read = signals::read(&history, &self.books.policies, &self.books.calendar);
        for letter in &read.letters {
            kept::delete(db, congress, case, letter.version, Kind::ReplyAlike)?;
            write_comparison(db, congress, letter)?;
        }
        Ok(())
    }

    pub(super) fn clear_signals(&self, db: &mut Db, congress: &CongressId) -> Result<(), StoreError> {
        kept::clear(db, congress)?;
        reply_marks::clear(db, congress)
    }

    /// What a case's own history tells; the comparison with others comes when all have their marks.
    pub(super) fn derive_signals(
        &self,
        db: &mut Db,
        case: &Case,
        history: &[Recorded],
    ) -> Result<(), StoreError> {
        let read = signals::read(history, &self.books.policies, &self.books.calendar);
        for signal in &read.signals {
            kept::insert(db, &[Row::of(&case.congress, case.id, signal)?])?;
        }
        for letter in &read.letters {
            reply_marks::insert(db, &reply_marks::rows(&case.congress, letter))?;
        }
        Ok(())
    }

    pub(super) fn derive_comparisons(&self, db: &mut Db, congress: &CongressId) -> Result<(), Fault> {
        for case in reply_marks::cases(db, congress)? {
            self.compare_anew(db, congress, case)?;
        }
        Ok(())
    }

    /// For `verify`: what is kept of a case against what its history tells.
    pub(super) fn compare_signals(
        &self,
        db: &mut Db,
        case: &Case,
        history: &[Recorded],
        report: &mut Report,
    ) -> Result<(), Fault> {
        let congress = &case.congress;
        let read = signals::read(history, &self.books.policies, &self.books.calendar);
        let mut marks: Vec<_> = read.letters.iter().flat_map(|it| reply_marks::rows(congress, it)).collect();
        marks.sort();
        let stored = reply_marks::of_case(db, congress, case.id)?;
        if stored != marks {
            let (stored, derived) = (stored.len(), marks.len());
            report.findings.push(finding(congress, case.id, "marks of letters", stored, derived));
        }
        let mut told = read.signals;
        for letter in &read.letters {
            told.extend(comparison(db, congress, letter)?);
        }
        let mut derived: Vec<Row> =
            told.iter().map(|it| Row::of(congress, case.id, it)).collect::<Result<_, _>>()?;
        derived.sort();
        let stored = kept::of_case(db, congress, case.id)?;
        if stored != derived {
            report.findings.push(finding(congress, case.id, "signals", printed(&stored), printed(&derived)));
        }
        Ok(())
    }

    /// At most `limit` signals, latest first.
    ///
    /// What a letter to a confidential case says is not told by another letter that is like it: such a signal is only for
    /// who may open both.
    pub async fn signals(
        &self,
        caller: &Caller,
        congress: Option<CongressId>,
        asked: Asked,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Vec<Line>, Fault> {
        let caller = caller.clone();
        self.store
            .read_aside(move |db| {
                let (actor, own) = admitted(db, &caller, Operation::ListSignals)?;
                if congress.is_some_and(|congress| congress != own) {
                    // Another congress is another house: there is nothing to see.
                    return Ok(Vec::new());
                }
                let mut reader = Reader { actor, cases: Cases::of(own.clone()) };
                filled(
                    db,
                    limit,
                    after,
                    |db, after, wanted| kept::page(db, &own, &asked, after, wanted),
                    cursor,
                    |db, row| reader.line(db, row),
                )
            })
            .await
    }
}

/// Somebody who reads the list, and the cases that it named so far.
struct Reader {
    actor: Actor,
    cases: Cases,
}

impl Reader {
    fn line(&mut self, db: &mut Db, row: &Row) -> Result<Option<Line>, Fault> {
        let (told, actor) = (row.told()?, self.actor.clone());
        if let Some(other) = told.other() {
            let opens = |case: &Case| gate::open(&actor, case, Operation::GetCase).is_ok();
            for id in [row.case()?, other] {
                if !self.cases.get(db, id)?.is_some_and(opens) {
                    return Ok(None);
                }
            }
        }
        let Some(case) = self.cases.get(db, row.case()?)? else { return Ok(None) };
        let version = match gate::open(&actor, case, Operation::GetCase) {
            Ok(seen) => Some(seen.sight().place(case, row.version)),
            Err(Denied::Unnamed) => None,
            Err(_) => return Ok(None),
        };
        let (on, department) = (row.day()?, row.department()?);
        Ok(Some(Line {
            case: case.id,
            number: case.number.as_ref().map(|number| number.text.to_string()),
            title: gate::title(&actor, case).to_owned(),
            version,
            on,
            explained: told.explained(on, department.as_ref().map(|(_, name)| name.as_str())),
            department,
            told,
            cursor: cursor(row)?,
        }))
    }
}

fn cursor(row: &Row) -> Result<Cursor, StoreError> {
    let kind = row.told()?.kind();
    Ok(Cursor { day: row.day()?, case: row.case()?, version: row.version, kind })
}

/// What a letter's comparison with the earlier ones tells.
fn comparison(db: &mut Db, congress: &CongressId, letter: &Letter) -> Result<Option<Signal>, Fault> {
    let mut found = Vec::new();
    for (id, reply) in reply_marks::earlier(db, congress, letter, COMPARED)? {
        // A row that is gone is a finding of its own.
        if let Some(case) = cases::load(db, congress, id)? {
            found.push((case, reply));
        }
    }
    let earlier = found.iter().map(|(case, reply)| Earlier { case, reply: *reply });
    let told = signals::alike(letter, earlier);
    let department = letter.department.clone();
    Ok(told.map(|told| Signal { version: letter.version, on: letter.on, department, told }))
}

fn write_comparison(db: &mut Db, congress: &CongressId, letter: &Letter) -> Result<(), Fault> {
    if let Some(signal) = comparison(db, congress, letter)? {
        kept::insert(db, &[Row::of(congress, letter.place.case, &signal)?])?;
    }
    Ok(())
}

/// As a finding shows them.
fn printed(rows: &[Row]) -> String {
    let line = |row: &Row| format!("{} {} at version {}: {}", row.day, row.kind, row.version, row.facts);
    rows.iter().map(line).collect::<Vec<_>>().join("; ")
}
