//! Earlier cases about the same matter, as far as the caller may see them.
//!
//! A case is compared by the text that the caller may read of it, and no other: a score, too, would tell what a hidden
//! text says.

use super::{Caller, Fault, Office};
use crate::{
    domain::{
        actor::{Actor, Role},
        case::{Case, DepartmentRef},
        gate::{self, Operation},
        ids::CaseId,
        similar::{
            Commonness, NEWEST_PER_TERM, SHORTLIST, SIMILAR, Term, likely, shortlist, similarity, terms,
        },
        words::{Channel, Publicity},
    },
    store::{Db, public, similar},
};
use std::collections::BTreeSet;

/// How a caller sees a case that is like his.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// By his part in it.
    Inside,
    /// As residents do.
    AsResident(Publicity),
}

/// A case like the one that is asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike {
    pub case: Case,
    pub seen: Seen,
    /// From `SIMILAR` to 1.
    pub score: f64,
    /// The words that both have, those first that the asking case says most.
    pub shared: Vec<String>,
}

/// Before the gate is asked: cases that share words. More would not be read, and their texts are not opened yet.
const ASKED_FOR: usize = 200;

impl Office {
    /// The cases most like this one, the likest first; at most `limit`.
    pub async fn similar(&self, caller: &Caller, id: CaseId, limit: usize) -> Result<Vec<Alike>, Fault> {
        self.look(caller, id, Operation::ListSimilar, move |db, shown| {
            let mut alike = alike(db, &shown.actor, shown.case())?;
            alike.truncate(limit);
            Ok(alike)
        })
        .await
    }

    /// The departments that answered, or have, cases like this one, each with its share of the votes, the likeliest
    /// first; and those cases.
    pub async fn likely_departments(
        &self,
        caller: &Caller,
        id: CaseId,
    ) -> Result<(Vec<(DepartmentRef, f64)>, Vec<Alike>), Fault> {
        self.look(caller, id, Operation::SuggestDepartments, |db, shown| {
            let alike = alike(db, &shown.actor, shown.case())?;
            Ok((departments(&shown.actor, &alike), alike))
        })
        .await
    }
}

fn alike(db: &mut Db, actor: &Actor, case: &Case) -> Result<Vec<Alike>, Fault> {
    let asking = terms(&case.title, &case.body);
    let postings = similar::candidates(db, &case.congress, &asking, NEWEST_PER_TERM)?;
    let common = Commonness::of(&postings);
    let candidates = shortlist(&postings, Some(case.id), ASKED_FOR);
    // Before the list is cut, or cases that do not exist for the caller would take the places of his.
    let readable = similar::readable(db, &case.congress, &gate::scope(actor), &candidates)?;
    let opened: Vec<CaseId> =
        candidates.into_iter().filter(|id| readable.contains(id)).take(SHORTLIST).collect();
    let mut alike = Vec::with_capacity(opened.len());
    for (found, publicity) in public::load(db, &case.congress, &opened)? {
        let Some((seen, theirs)) = seen(actor, &found, publicity) else { continue };
        let score = similarity(&asking, &theirs, &common);
        if score >= SIMILAR {
            alike.push(Alike { shared: shared(&asking, &theirs), case: found, seen, score });
        }
    }
    // Of equal ones the newest first.
    alike.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.case.id.cmp(&a.case.id)));
    Ok(alike)
}

/// How the actor sees a case, and the words of what he may read of it.
fn seen(actor: &Actor, case: &Case, publicity: Publicity) -> Option<(Seen, Vec<Term>)> {
    if gate::open(actor, case, Operation::GetCase).is_ok() {
        return Some((Seen::Inside, terms(&case.title, &case.body)));
    }
    let (title, text) = case.public_text(publicity)?;
    Some((Seen::AsResident(publicity), terms(&title, &text)))
}

fn shared(asking: &[Term], theirs: &[Term]) -> Vec<String> {
    let theirs: BTreeSet<&str> = theirs.iter().map(|term| term.text.as_str()).collect();
    asking.iter().filter(|term| theirs.contains(term.text.as_str())).map(|term| term.text.clone()).collect()
}

/// Whom the similar cases speak for; the government office shares out to its own departments only.
fn departments(actor: &Actor, alike: &[Alike]) -> Vec<(DepartmentRef, f64)> {
    let own = |department: &DepartmentRef| {
        actor.role != Role::GovernmentOffice || department.channel == Channel::Government
    };
    let answering = |it: &'_ Alike| -> Vec<DepartmentRef> {
        it.case.answerers().map(|a| a.department.clone()).filter(own).collect()
    };
    let mut known: Vec<DepartmentRef> = Vec::new();
    let mut votes = Vec::new();
    for it in alike {
        for department in answering(it) {
            votes.push((department.id, it.score));
            if !known.iter().any(|d| d.id == department.id) {
                known.push(department);
            }
        }
    }
    let named = |id| known.iter().find(|d| d.id == id).cloned();
    likely(votes).into_iter().filter_map(|(id, share)| Some((named(id)?, share))).collect()
}
