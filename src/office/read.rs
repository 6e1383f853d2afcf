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
        gate::{self, Denied, Operation, Seen},
        holding::{self, Held as Turn},
        ids::{CaseId, CongressId},
        policy::Policy,
        say::Say,
    },
    store::{
        Db, case_list, cases, ledger, past_list,
        recent::{Held, Kept},
    },
};
use bytes::Bytes;
use std::sync::Arc;

/// A case that the gate opened for the caller.
pub struct Shown {
    pub seen: Seen<Kept>,
    pub actor: Arc<Actor>,
}

impl Shown {
    pub fn case(&self) -> &Case {
        self.seen.case()
    }

    /// The case written out for this caller; readers of the same sight share the bytes.
    pub fn written(&self, write: Render) -> Bytes {
        Held::written(&self.seen, write)
    }
}

/// What a list is asked for.
#[derive(Clone, Debug)]
pub struct Listing {
    pub congress: Option<CongressId>,
    pub filter: case_list::Filter,
    pub sort: case_list::Sort,
    /// What was true on the one day, as known on the other; what holds now where neither is given.
    pub days: (Option<Day>, Option<Day>),
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
    /// Opens a case for the caller.
    pub async fn show(&self, caller: &Caller, id: CaseId, operation: Operation) -> Result<Shown, Fault> {
        let Some(recent) = self.store.recent() else {
            return self.look(caller, id, operation, |_, shown| Ok(shown)).await;
        };
        let actor = recent.actor(caller.who, &self.store)?.ok_or(Fault::Unauthenticated)?;
        let congress = actor.congress.as_ref().ok_or(Fault::NotFound)?;
        let held = recent.case(congress, id, &self.store)?.ok_or(Fault::NotFound)?;
        let seen = gate::open(&actor, Kept(held), operation)?;
        let shown = Shown { seen, actor };
        self.note_reading(caller, &shown.reading(operation)).await?;
        Ok(shown)
    }

    /// Opens a case for the caller and looks something up about it. That somebody read a confidential case stands in the
    /// ledger before he has his answer.
    pub(super) async fn look<T: Send + 'static>(
        &self,
        caller: &Caller,
        id: CaseId,
        operation: Operation,
        with: impl FnOnce(&mut Db, Shown) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let who = caller.clone();
        let looked = move |db: &mut Db| {
            let shown = shown(db, &who, id, operation)?;
            let reading = shown.reading(operation);
            Ok::<_, Fault>((with(db, shown)?, reading))
        };
        let (answer, reading) = match operation {
            // Their work is longer than others should wait for.
            Operation::ListSimilar | Operation::SuggestDepartments => self.store.read_aside(looked).await?,
            _ => self.store.read(looked).await?,
        };
        self.note_reading(caller, &reading).await?;
        Ok(answer)
    }

    /// At most `limit` lines of what the caller may see.
    pub async fn list(
        &self,
        caller: &Caller,
        listing: Listing,
    ) -> Result<(Actor, Vec<case_list::Line>), Fault> {
        let caller = caller.clone();
        let as_of = self.as_of(listing.days.0, listing.days.1);
        self.store
            .read_aside(move |db| {
                let actor = actor(db, &caller)?;
                gate::admit(&actor, Operation::ListCases)?;
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
                let named = gate::to_be_named(&actor.role).then_some(actor.user);
                let Listing { filter, sort, after, limit, .. } = &listing;
                let lines = match as_of {
                    None => case_list::list(db, &scope, named, filter, *sort, after.as_ref(), *limit)?,
                    Some(as_of) => {
                        past_list::list(db, &scope, named, filter, *sort, after.as_ref(), *limit, as_of)?
                    }
                };
                Ok((actor, lines))
            })
            .await
    }

    /// The case's history after a version, as far as the caller may see it and as he counts it; at most `limit` events.
    pub async fn history(
        &self,
        caller: &Caller,
        id: CaseId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Recorded>, Fault> {
        self.look(caller, id, Operation::ListEvents, move |db, shown| {
            let all = ledger::history(db, &shown.case().congress, id, 0, i64::MAX)?;
            let seen = shown.seen.sight().history(all);
            Ok(seen.into_iter().filter(|it| it.version > after).take(limit).collect())
        })
        .await
    }

    /// Every deadline of the case, as it stands today.
    pub async fn deadlines(&self, caller: &Caller, id: CaseId) -> Result<Vec<Deadline>, Fault> {
        let office = self.clone();
        self.look(caller, id, Operation::ListDeadlines, move |db, shown| {
            let policy = office.policy_now(db, shown.case())?;
            let mut deadlines = deadline::all(shown.case(), policy, &office.books.calendar, office.today());
            // The evaluation's day would tell what is sealed.
            deadlines.retain(|d| shown.seen.sight().shows_deadline(d, shown.case()));
            Ok(deadlines)
        })
        .await
    }

    /// Every step of the procedure: what the caller may do now, and why not the rest.
    pub async fn actions(&self, caller: &Caller, id: CaseId) -> Result<Vec<Permitted>, Fault> {
        let office = self.clone();
        self.look(caller, id, Operation::ListActions, move |db, shown| {
            let policy = office.policy_now(db, shown.case())?;
            Ok(office.permits(&shown, policy, office.today()))
        })
        .await
    }

    /// Who held the case, and for how many days.
    pub async fn holders(&self, caller: &Caller, id: CaseId) -> Result<Vec<Turn>, Fault> {
        let office = self.clone();
        self.look(caller, id, Operation::ListHolders, move |db, shown| {
            let history = ledger::history(db, &shown.case().congress, id, 0, i64::MAX)?;
            let sealed = !shown.seen.sight().tells_whether_judged(shown.case());
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
            .filter_map(|target| {
                let permit = match gate::may(actor, case, target) {
                    // A notice that he does not see is no step that he might miss.
                    Err(Denied::Hidden) => return None,
                    Err(_) => Permit::NotYours,
                    Ok(_) => match guard(case, target, context) {
                        Ok(()) => Permit::Allowed,
                        Err(refusal) => Permit::Refused(refusal),
                    },
                };
                Some(Permitted { target, permit })
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
    if path.contains("{n}") {
        return case.notices.iter().map(|it| Target::notice(action, it.number)).collect();
    }
    vec![Target::case(action)]
}

fn shown(db: &mut Db, caller: &Caller, id: CaseId, operation: Operation) -> Result<Shown, Fault> {
    let actor = actor(db, caller)?;
    let congress = actor.congress.clone().ok_or(Fault::NotFound)?;
    let case = cases::load(db, &congress, id)?.ok_or(Fault::NotFound)?;
    let seen = gate::open(&actor, Kept(Arc::new(Held::new(case))), operation)?;
    Ok(Shown { seen, actor: Arc::new(actor) })
}

pub(super) fn sealed() -> Fault {
    Fault::Forbidden(Say::new(
        "代表评价在办结前保密，只有代表工委和审计人员可以统计",
        "evaluations are sealed until closing; only committee staff and auditors see them together",
    ))
}
