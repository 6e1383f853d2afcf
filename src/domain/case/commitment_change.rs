//! What becomes of a promise when it cannot be kept as it was made: its day moved, given up, or handed to another
//! department. None of it without the committee's consent.

use super::{
    Case, Context, DepartmentRef, Event, HeldBy, Promise, Refusal, Rejection, commitment,
    guard::missing,
    procedure::{Hand, Target},
};
use crate::domain::{day::Day, ids::DepartmentId, text::Note, words::PromiseChange};
use serde::{Deserialize, Serialize};

/// What is asked for, as it comes in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeOrder {
    pub kind: PromiseChange,
    /// With `move`: the new day, later than the one that holds.
    #[serde(default)]
    pub due_on: Option<Day>,
    /// With `hand_over`: who is to keep it.
    #[serde(default)]
    pub department: Option<DepartmentId>,
    pub reason: Note,
}

/// What was asked for, with the department as it was named then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeAsked {
    pub kind: PromiseChange,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<DepartmentRef>,
    pub reason: Note,
}

/// The committee's word on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeDecision {
    pub granted: bool,
    /// Required when it is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Note>,
}

/// A change in the promise's file; refused ones stay there too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Change {
    pub asked: ChangeAsked,
    pub asked_on: Day,
    pub decided: Option<ChangeDecision>,
    pub decided_on: Option<Day>,
}

impl Change {
    pub fn is_granted(&self) -> bool {
        self.decided.as_ref().is_some_and(|it| it.granted)
    }
}

/// What is reported kept is judged first, and one wish waits at a time.
pub(super) fn may_change(case: &Case, target: Target) -> Result<(), Refusal> {
    commitment::is_open(case, target)?;
    let promise = target.commitment.and_then(|number| case.commitment(number));
    if promise.is_some_and(|p| p.pending().is_some()) {
        return Err(missing(
            "change_pending",
            "已有变更申请待代表工委决定",
            "a change waits for the committee's decision",
            &[Hand::Committee],
        ));
    }
    if promise.is_some_and(|p| p.is_kept()) {
        return Err(missing(
            "reported_kept",
            "该承诺已报告落实，待代表评价",
            "the promise is reported kept; the deputy judges it first",
            &[Hand::LeadSigner],
        ));
    }
    Ok(())
}

/// Something was asked for that the committee has not decided.
pub(super) fn awaits_decision(case: &Case, target: Target) -> Result<(), Refusal> {
    let promise = target.commitment.and_then(|number| case.commitment(number));
    match promise.is_some_and(|p| p.pending().is_some()) {
        true => Ok(()),
        false => Err(missing(
            "change_not_asked",
            "责任单位尚未申请变更承诺",
            "no change of the promise was asked for",
            &[Hand::Holder],
        )),
    }
}

/// What the holder asks for waits for the committee; what the committee asks for itself is decided with it.
pub(super) fn ask(
    case: &Case,
    number: u32,
    asked: ChangeAsked,
    context: Context<'_>,
) -> Result<Vec<Event>, Rejection> {
    if let Some(promise) = case.commitment(number) {
        fits(case, promise, &asked, context.on)?;
    }
    let mut events = vec![Event::CommitmentChangeAsked { commitment: number, asked }];
    if context.actor.role.is_committee() {
        let decision = ChangeDecision { granted: true, reason: None };
        events.push(Event::CommitmentChangeDecided { commitment: number, decision });
    }
    Ok(events)
}

/// Each kind comes with what it needs and nothing else.
fn fits(case: &Case, promise: &Promise, asked: &ChangeAsked, on: Day) -> Result<(), Rejection> {
    let due = promise.due();
    match (asked.kind, asked.due_on) {
        (PromiseChange::Move, Some(day)) if day > due && day >= on => {}
        (PromiseChange::Move, _) => {
            return Err(Rejection::invalid(
                "/due_on",
                format!("延期须写明新的完成日期，晚于现期限 {due}，且不早于今天"),
                format!("a move needs a day later than {due}, and not before today"),
            ));
        }
        (_, Some(_)) => {
            return Err(Rejection::invalid("/due_on", "只有延期才写新的日期", "only a move names a day"));
        }
        (_, None) => {}
    }
    let keeper = promise.keeper(case).map(|it| it.id);
    match (asked.kind, &asked.department) {
        (PromiseChange::HandOver, Some(next)) if Some(next.id) != keeper => Ok(()),
        (PromiseChange::HandOver, _) => Err(Rejection::invalid(
            "/department",
            "移交须写明承接单位，且不是现责任单位",
            "a hand-over names another department than the one that keeps it",
        )),
        (_, Some(_)) => Err(Rejection::invalid(
            "/department",
            "只有移交才写承接单位",
            "only a hand-over names a department",
        )),
        (_, None) => Ok(()),
    }
}

pub(super) fn decide(number: u32, decision: ChangeDecision) -> Result<Event, Rejection> {
    if !decision.granted && decision.reason.is_none() {
        return Err(Rejection::invalid("/reason", "不同意的，须写明理由", "a refusal needs its reason"));
    }
    Ok(Event::CommitmentChangeDecided { commitment: number, decision })
}

pub(super) fn asked(case: &mut Case, number: u32, asked: &ChangeAsked, on: Day) {
    if let Some(promise) = case.commitments.iter_mut().find(|it| it.number == number) {
        promise.changes.push(Change { asked: asked.clone(), asked_on: on, decided: None, decided_on: None });
    }
}

pub(super) fn decided(case: &mut Case, number: u32, decision: &ChangeDecision, on: Day) {
    let Some(promise) = case.commitments.iter_mut().find(|it| it.number == number) else { return };
    let Some(change) = promise.changes.last_mut() else { return };
    change.decided = Some(decision.clone());
    change.decided_on = Some(on);
    if let (true, Some(department)) = (decision.granted, change.asked.department.clone()) {
        promise.holders.push(HeldBy { department, since: on });
    }
}
