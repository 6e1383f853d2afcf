//! The ledger of promises 承诺事项台账, across sessions and terms: each line through the gate.

use super::{
    Caller, Fault, Office,
    figures::department_names,
    perform::admitted,
    walk::{Cases, filled},
};
use crate::{
    domain::{
        actor::Actor,
        case::{DepartmentRef, DeputyRef, HeldBy},
        day::Day,
        gate::{self, Denied, Operation},
        ids::{CaseId, SessionId},
        words::PromiseStatus,
    },
    store::{
        Db, StoreError,
        promises::{self, Row},
    },
};
use std::collections::BTreeMap;

pub use crate::store::promises::{Asked, Cursor};

/// A promise as the caller may read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub case: CaseId,
    pub case_number: Option<String>,
    /// Withheld of a confidential case whose readers the caller is not among, and so are text, lead and earlier holders.
    pub title: String,
    pub session: Option<SessionId>,
    pub lead: Option<DeputyRef>,
    pub number: u32,
    pub text: Option<String>,
    /// Who keeps it, as it was named when it came to.
    pub holder: Option<DepartmentRef>,
    /// What the holder is called now, if otherwise.
    pub holder_now: Option<String>,
    /// Who had it before, oldest first.
    pub earlier: Vec<HeldBy>,
    pub made_on: Day,
    pub original_due_on: Day,
    pub due_on: Day,
    pub status: PromiseStatus,
    /// Past its day today, and neither kept nor over. Not stored anywhere.
    pub overdue: bool,
    pub moves: u32,
    pub change_pending: bool,
    pub judgement_awaited: bool,
    pub over_on: Option<Day>,
}

impl Line {
    pub fn cursor(&self) -> Cursor {
        Cursor { due_on: self.due_on, case: self.case, number: self.number }
    }
}

impl Office {
    /// At most `limit` promises, the earliest due first: a deputy's of the cases that he signed, a department's that it
    /// keeps, all of them for the congress.
    pub async fn promises(
        &self,
        caller: &Caller,
        asked: Asked,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Vec<Line>, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .read_aside(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ListCommitments)?;
                let scope = gate::scope(&actor);
                let names = department_names(db, &congress)?;
                let mut reader = Reader { actor, names, today: office.today(), cases: Cases::of(congress) };
                filled(
                    db,
                    limit,
                    after,
                    |db, after, wanted| promises::page(db, &scope, &asked, after, wanted),
                    cursor,
                    |db, row| reader.line(db, row),
                )
            })
            .await
    }
}

/// Somebody who reads the ledger, and the cases that it named so far.
pub(super) struct Reader {
    pub actor: Actor,
    /// The departments as they are called now.
    pub names: BTreeMap<String, String>,
    pub today: Day,
    pub cases: Cases,
}

impl Reader {
    /// Nothing, where the case does not exist for him.
    pub fn line(&mut self, db: &mut Db, row: &Row) -> Result<Option<Line>, Fault> {
        let id = row.case()?;
        let Some(case) = self.cases.get(db, id)? else { return Ok(None) };
        let opens = match gate::open(&self.actor, case, Operation::GetCase) {
            Ok(_) => true,
            Err(Denied::Unnamed) => false,
            Err(_) => return Ok(None),
        };
        let number = row.number.unsigned_abs();
        let Some(promise) = case.commitment(number) else { return Ok(None) };
        let holder = promise.keeper(case).cloned();
        let now = holder.as_ref().and_then(|it| self.names.get(&it.id.to_string()));
        let (status, due_on) = (promise.status(), promise.due());
        let earlier = promise.holders.iter().rev().skip(1).rev().cloned().collect();
        Ok(Some(Line {
            case: id,
            case_number: case.number.as_ref().map(|it| it.text.to_string()),
            title: gate::title(&self.actor, case).to_owned(),
            session: case.session.clone(),
            lead: opens.then(|| case.lead.clone()),
            number,
            text: opens.then(|| promise.promised.text.to_string()),
            holder_now: now.filter(|now| holder.as_ref().is_some_and(|it| it.name != **now)).cloned(),
            holder,
            earlier: if opens { earlier } else { Vec::new() },
            made_on: promise.made_on().unwrap_or(due_on),
            original_due_on: promise.promised.due_on,
            due_on,
            status,
            overdue: promise.is_overdue(self.today),
            moves: u32::try_from(promise.moves()).unwrap_or(u32::MAX),
            change_pending: promise.pending().is_some(),
            judgement_awaited: promise.awaits_judgement(),
            over_on: promise.over_on(),
        }))
    }
}

fn cursor(row: &Row) -> Result<Cursor, StoreError> {
    let due_on = Day::new(row.due_on)
        .ok_or_else(|| StoreError::corrupt("promises", &row.case_id, "a day past the calendar"))?;
    Ok(Cursor { due_on, case: row.case()?, number: row.number.unsigned_abs() })
}
