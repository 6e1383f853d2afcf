//! Writes what was decided: events, row, parties, words and figures, all in the caller's transaction.

use super::{Fault, Office};
use crate::{
    domain::{
        actor::Actor,
        calendar::Calendar,
        case::{Case, Event, Recorded},
        day::Day,
        figures::{Facts, versions},
        gate,
        policy::Policy,
        similar::{Term, terms},
        text::{Body, Title},
        worklist::{self, Task},
    },
    store::{
        Db, StoreError,
        campaigns::{self, Found},
        case_facts, cases, ledger, promises, similar, tasks,
    },
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
        before: Option<&Case>,
        recorded: &[Recorded],
        after: &Case,
        policy: &Policy,
        request_id: &str,
    ) -> Result<(), Fault> {
        ledger::append(db, &after.congress, after.id, recorded, request_id)?;
        let latest = match before {
            Some(case) => case_facts::latest(db, &case.congress, case.id)?,
            None => None,
        };
        let held = before.map(|case| (case.clone(), latest.clone()));
        let (_, versions) = versions(held, recorded, &self.books.calendar, |it| self.books.policy(it))?;
        let facts = versions.last().or(latest.as_ref()).map(|it| &it.facts);
        // What governs the case itself: the act may have been decided under the rules of the one that leads it.
        let policy = after.policy.as_ref().map_or(Ok(policy), |own| self.books.policy(own))?;
        let derived = Derived::of(after, facts, policy, &self.books.calendar)?;
        match before {
            None => cases::insert(db, &derived.row)?,
            Some(before) => cases::replace(db, &derived.row, before.version)?,
        }
        let parties_before = before.map(gate::parties).unwrap_or_default();
        cases::set_parties(db, after, &parties_before, &derived.parties)?;
        let text_before = before.and_then(text_handed_in);
        if text_handed_in(after) != text_before {
            // Of a case that was handed in, an earlier version of the program may have stored other words.
            let stored: Option<&[Term]> = if text_before.is_none() { Some(&[]) } else { None };
            similar::replace_terms(db, &after.congress, after.id, stored, &words(after))?;
        }
        promises::replace(db, before, after)?;
        case_facts::append(db, &after.congress, after.id, &versions)?;
        self.record_notices(db, before, after, policy)?;
        self.record_tasks(db, before.is_some(), after, &tasks::rows(after, &derived.tasks))?;
        for it in recorded {
            if let Event::Revisited(revisit) = &it.event
                && let Some(campaign) = revisit.record.campaign
            {
                let found = Found::of(revisit);
                campaigns::set_visit(db, &after.congress, campaign, after.id, Some(&found))?;
            }
        }
        self.record_signals(db, after, recorded)?;
        self.queue_mail(db, after, recorded, &derived.tasks)
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

/// What is kept beside a case's events and the versions of its facts, derived from them.
pub(super) struct Derived {
    pub row: cases::Row,
    pub parties: BTreeSet<gate::Party>,
    pub tasks: BTreeSet<Task>,
}

impl Derived {
    pub fn of(
        case: &Case,
        facts: Option<&Facts>,
        policy: &Policy,
        calendar: &Calendar,
    ) -> Result<Derived, StoreError> {
        Ok(Derived {
            row: cases::Row::of(case, facts, case.public(policy.publication.publish))?,
            parties: gate::parties(case),
            tasks: worklist::tasks(case, policy, calendar),
        })
    }
}
