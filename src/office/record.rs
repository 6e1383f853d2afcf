//! Writes what was decided: events, row, parties and figures, all in the caller's transaction.

use super::{Books, Fault, Office};
use crate::{
    domain::{
        actor::Actor,
        case::{Case, Event, Recorded},
        day::Day,
        deadline,
        figures::Facts,
        gate,
        policy::Policy,
    },
    store::{Db, StoreError, cases, figures, ledger},
};
use std::collections::BTreeSet;

impl Office {
    /// Dresses events for the ledger: the next versions, who, and when.
    pub(super) fn dress(&self, events: Vec<Event>, after: i64, actor: &Actor, on: Day) -> Vec<Recorded> {
        let recorded_at = self.now();
        events
            .into_iter()
            .zip(after + 1..)
            .map(|(event, version)| Recorded {
                version,
                occurred_on: on,
                recorded_at,
                author: actor.author(),
                event,
            })
            .collect()
    }

    /// Writes the events of one case and what follows from them. `before` is what the database holds now.
    pub(super) fn record(
        &self,
        db: &mut Db,
        before: Option<&cases::Loaded>,
        recorded: &[Recorded],
        after: &Case,
        policy: &Policy,
        request_id: &str,
    ) -> Result<(), Fault> {
        ledger::append(db, &after.congress, after.id, recorded, request_id)?;
        let derived = Derived::of(after, policy, &self.books)?;
        match before {
            None => cases::insert(db, &derived.row)?,
            Some(before) => cases::replace(db, &derived.row, before.case.version)?,
        }
        let parties_before = before.map(|b| gate::parties(&b.case)).unwrap_or_default();
        cases::set_parties(db, after, &parties_before, &derived.parties)?;
        let facts_before = before.and_then(|b| b.facts.as_ref());
        figures::record_move(
            db,
            &after.congress,
            after.id,
            after.version,
            facts_before,
            derived.facts.as_ref(),
        )?;
        Ok(())
    }
}

/// Everything that is kept beside a case's events, derived from them.
pub(super) struct Derived {
    pub row: cases::Row,
    pub facts: Option<Facts>,
    pub parties: BTreeSet<gate::Party>,
}

impl Derived {
    pub fn of(case: &Case, policy: &Policy, books: &Books) -> Result<Derived, StoreError> {
        let facts = Facts::of(case, policy, &books.calendar);
        let due_on = deadline::reply_terms(case, policy, &books.calendar).map(|terms| terms.due);
        Ok(Derived {
            row: cases::Row::of(case, facts.as_ref(), due_on, case.public(policy.publication.publish))?,
            facts,
            parties: gate::parties(case),
        })
    }
}
