//! Writes what was decided: events, row, parties, words and figures, all in the caller's transaction.

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
        similar::{Term, terms},
        text::{Body, Title},
    },
    store::{Db, StoreError, cases, figures, ledger, similar},
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
        let text_before = before.and_then(|b| text_handed_in(&b.case));
        if text_handed_in(after) != text_before {
            // Of a case that was handed in, an earlier version of the program may have stored other words.
            let stored: Option<&[Term]> = if text_before.is_none() { Some(&[]) } else { None };
            similar::replace_terms(db, &after.congress, after.id, stored, &words(after))?;
        }
        let facts_before = before.and_then(|b| b.facts.as_ref());
        figures::record_move(
            db,
            &after.congress,
            after.id,
            after.version,
            facts_before,
            derived.facts.as_ref(),
        )?;
        self.record_signals(db, after, recorded)
    }
}

/// What similar cases are found by; a draft is its signers' own affair.
fn text_handed_in(case: &Case) -> Option<(&Title, &Body)> {
    case.submitted_on.map(|_| (&case.title, &case.body))
}

/// The words that the index of similar cases holds for a case.
pub(super) fn words(case: &Case) -> Vec<Term> {
    text_handed_in(case).map(|(title, body)| terms(title, body)).unwrap_or_default()
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
