//! Reading cases: one, many, their history, deadlines, and what may be done next. Everything passes the gate.

use super::{Caller, Fault, Office, Render, perform::actor};
use crate::{
    domain::{
        actor::Actor,
        case::{
            Case, Context, Recorded, Refusal,
            procedure::{Action, PROCEDURE, Target, guard},
        },
        day::Day,
        deadline::{self, Deadline},
        gate::{self, Sight},
        holding::{self, Held as Turn},
        ids::{CaseId, CongressId},
        policy::Policy,
        say::Say,
    },
    store::{Db, case_list, cases, ledger, recent::Held},
};
use bytes::Bytes;
use std::sync::Arc;

/// A case, and how much of it the caller sees.
pub struct Shown {
    held: Arc<Held>,
    pub sight: Sight,
    pub actor: Arc<Actor>,
}

impl Shown {
    pub fn case(&self) -> &Case {
        &self.held.case
    }

    /// The case written out for this caller; readers of the same sight share the bytes.
    pub fn written(&self, write: Render) -> Bytes {
        self.held.written(&self.sight, write)
    }
}

/// What a list is asked for.
#[derive(Clone, Debug)]
pub struct Listing {
    pub congress: Option<CongressId>,
    pub filter: case_list::Filter,
    pub sort: case_list::Sort,
    pub after: Option<case_list::Cursor>,
    pub limit: i64,
}

/// Whether the caller may take a step now, and if not, why.
#[derive(Debug, PartialEq)]
pub enum Permit {
    Allowed,
    NotYours,
    Refused(Refusal),
}

/// A step of the procedure, as it stands for the caller.
#[derive(Debug, PartialEq)]
pub struct Permitted {
    pub target: Target,
    pub permit: Permit,
}

impl Office {
    pub async fn show(&self, caller: &Caller, id: CaseId) -> Result<Shown, Fault> {
        let Some(recent) = self.store.recent() else {
            let caller = caller.clone();
            return self.store.read(move |db| shown(db, &caller, id)).await;
        };
        let actor = recent.actor(caller.who, &self.store)?.ok_or(Fault::Unauthenticated)?;
        let congress = actor.congress.as_ref().ok_or(Fault::NotFound)?;
        let held = recent.case(congress, id, &self.store)?.ok_or(Fault::NotFound)?;
        let sight = gate::sight(&actor, &held.case).ok_or(Fault::NotFound)?;
        Ok(Shown { held, sight, actor })
    }

    /// At most `limit` lines of what the caller may see.
    pub async fn list(
        &self,
        caller: &Caller,
        listing: Listing,
    ) -> Result<(Actor, Vec<case_list::Line>), Fault> {
        let caller = caller.clone();
        self.store
            .read_aside(move |db| {
                let actor = actor(db, &caller)?;
                if listing.congress.is_some() && listing.congress != actor.congress {
                    // Another congress is another house: there is nothing to see.
                    return Ok((actor, Vec::new()));
                }
                let asks_evaluations = listing.filter.evaluation.is_some()
                    || listing.filter.measures.iter().any(|m| m.tells_evaluations());
                if asks_evaluations && !gate::sees_evaluations(&actor) {
                    return Err(sealed());
                }
                let scope = gate::scope(&actor);
                let lines = case_list::list(
                    db,
                    &scope,
                    &listing.filter,
                    listing.sort,
                    listing.after.as_ref(),
                    listing.limit,
                )?;
                Ok((actor, lines))
            })
            .await
    }

    /// The case's history after a version, as far as the caller may see it, and the version read up to.
    pub async fn history(
        &self,
        caller: &Caller,
        id: CaseId,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Recorded>, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let shown = shown(db, &caller, id)?;
                let events = ledger::history(db, &shown.case().congress, id, after, limit)?;
                Ok(events.into_iter().filter_map(|it| shown.sight.seen(it)).collect())
            })
            .await
    }

    /// Every deadline of the case, as it stands today.
    pub async fn deadlines(&self, caller: &Caller, id: CaseId) -> Result<Vec<Deadline>, Fault> {
        let (caller, office) = (caller.clone(), self.clone());
        self.store
            .read(move |db| {
                let shown = shown(db, &caller, id)?;
                let policy = office.policy_now(db, shown.case())?;
                let mut deadlines =
                    deadline::all(shown.case(), policy, &office.books.calendar, office.today());
                // The evaluation's day would tell what is sealed.
                deadlines.retain(|d| shown.sight.shows_deadline(d, shown.case()));
                Ok(deadlines)
            })
            .await
    }

    /// Every step of the procedure: what the caller may do now, and why not the rest.
    pub async fn actions(&self, caller: &Caller, id: CaseId) -> Result<Vec<Permitted>, Fault> {
        let (caller, office) = (caller.clone(), self.clone());
        self.store
            .read(move |db| {
                let shown = shown(db, &caller, id)?;
                let policy = office.policy_now(db, shown.case())?;
                Ok(office.permits(&shown, policy, office.today()))
            })
            .await
    }

    /// Who held the case, and for how many days.
    pub async fn holders(&self, caller: &Caller, id: CaseId) -> Result<Vec<Turn>, Fault> {
        let (caller, office) = (caller.clone(), self.clone());
        self.store
            .read(move |db| {
                let shown = shown(db, &caller, id)?;
                let history = ledger::history(db, &shown.case().congress, id, 0, i64::MAX)?;
                let sealed = !shown.sight.tells_whether_judged(shown.case());
                Ok(holding::holders(&history, &office.books.calendar, office.today(), sealed))
            })
            .await
    }

    pub(super) fn policy_now(&self, db: &mut Db, case: &Case) -> Result<&Policy, Fault> {
        match &case.policy {
            Some(policy) => Ok(self.books.policy(policy)?),
            None => self.congress_policy(db, &case.congress),
        }
    }

    fn permits(&self, shown: &Shown, policy: &Policy, today: Day) -> Vec<Permitted> {
        let (case, actor) = (shown.case(), &*shown.actor);
        let context =
            Context { actor, on: today.max(case.latest_on), policy, calendar: &self.books.calendar };
        let targets = PROCEDURE.iter().flat_map(|step| targets(case, step.action));
        targets
            .map(|target| {
                let permit = match gate::may(actor, case, target) {
                    Err(_) => Permit::NotYours,
                    Ok(()) => match guard(case, target, context) {
                        Ok(()) => Permit::Allowed,
                        Err(refusal) => Permit::Refused(refusal),
                    },
                };
                Permitted { target, permit }
            })
            .collect()
    }
}

/// A step on an assignment stands once for each that is open, one on a promise once for each promise.
fn targets(case: &Case, action: Action) -> Vec<Target> {
    let path = action.step().path;
    if path.contains("{aid}") {
        let open = case.assignments.iter().filter(|a| a.is_open());
        return open.map(|a| Target::assignment(action, a.number)).collect();
    }
    if path.contains("{cid}") {
        return case.commitments.iter().map(|p| Target::commitment(action, p.number)).collect();
    }
    vec![Target::case(action)]
}

pub(super) fn shown(db: &mut Db, caller: &Caller, id: CaseId) -> Result<Shown, Fault> {
    let actor = actor(db, caller)?;
    let congress = actor.congress.clone().ok_or(Fault::NotFound)?;
    let case = cases::load(db, &congress, id)?.ok_or(Fault::NotFound)?.case;
    let sight = gate::sight(&actor, &case).ok_or(Fault::NotFound)?;
    Ok(Shown { held: Arc::new(Held::new(case)), sight, actor: Arc::new(actor) })
}

pub(super) fn sealed() -> Fault {
    Fault::Forbidden(Say::new(
        "代表评价在办结前保密，只有代表工委和审计人员可以统计",
        "evaluations are sealed until closing; only committee staff and auditors see them together",
    ))
}
