//! Hand-back 退办: a department says that a case is not its business, within the window.

use super::{Assignment, Case, Context, DepartmentRef, Event, Handler, Rejection, assignment, reply};
use crate::domain::{
    day::Day,
    ids::DepartmentId,
    text::{Line, Note},
    words::{Part, Stage, Standing},
};
use serde::{Deserialize, Serialize};

/// Why, and whose business it is instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandBack {
    pub reason: Note,
    /// The department that should have it, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_department: Option<Line>,
}

/// A request and, once given, its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HandBackRequest {
    pub asked: HandBack,
    pub asked_on: Day,
    pub decided: Option<HandBackDecision>,
    pub decided_on: Option<Day>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandBackDecision {
    pub granted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Note>,
    /// Of several separate handlers: the others answer for this share too, and nobody takes its place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub share_dropped: bool,
}

/// A decision as it is asked for: a granted one may name the next department at once.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandBackOrder {
    pub granted: bool,
    #[serde(default)]
    pub reason: Option<Note>,
    #[serde(default)]
    pub assign_to: Option<DepartmentId>,
    /// Of several separate handlers: the others answer for this share too, and nobody takes its place.
    #[serde(default)]
    pub share_dropped: bool,
}

/// The decision, and the new assignment where the decider made one. Named where departments disagreed, it is binding.
pub(super) fn decide(
    case: &Case,
    number: u32,
    decision: HandBackDecision,
    next: Option<DepartmentRef>,
    context: Context<'_>,
) -> Result<Vec<Event>, Rejection> {
    let Some(it) = case.assignment(number) else { return Ok(Vec::new()) };
    if decision.share_dropped && (it.part != Part::Separate || next.is_some() || !decision.granted) {
        return Err(Rejection::invalid(
            "/share_dropped",
            "只有同意退办、不再另行交办的分办单位，其分办事项才可取消",
            "only the share of a separate handler who hands back, and whom nobody follows, is dropped",
        ));
    }
    let Some(department) = next else {
        return Ok(vec![Event::HandBackDecided { assignment: number, decision }]);
    };
    if !decision.granted {
        return Err(Rejection::invalid(
            "/assign_to",
            "不同意退办的，不另行交办",
            "a refused hand-back leaves the case where it is",
        ));
    }
    if case.stage == Stage::Replied {
        return Err(Rejection::invalid(
            "/assign_to",
            "本件已答复，不再另行交办",
            "the case is answered; nobody else is needed",
        ));
    }
    let handler =
        Handler { department, part: it.part, note: it.note.clone(), binding: is_disputed(case, it) };
    let decided = Event::HandBackDecided { assignment: number, decision };
    let mut without = case.clone();
    if let Event::HandBackDecided { assignment, decision } = &decided {
        self::decided(&mut without, *assignment, decision, context.on);
    }
    let assigned =
        assignment::assign(&without, vec![handler], context).map_err(|rejection| match rejection {
            Rejection::Invalid { detail, .. } => {
                Rejection::Invalid { pointer: "/assign_to".to_owned(), detail }
            }
            refused => refused,
        })?;
    Ok(vec![decided, assigned])
}

/// Whether departments disagree about whose business it is: another one has handed the case back before.
pub(super) fn is_disputed(case: &Case, it: &Assignment) -> bool {
    // Which share of several another one had is not on record.
    let same = |a: &Assignment| a.number != it.number && a.answers() == it.answers();
    it.part != Part::Separate && case.assignments.iter().any(|a| same(a) && !a.is_open())
}

pub(super) fn requested(case: &mut Case, number: u32, asked: &HandBack, on: Day) {
    if let Some(assignment) = case.assignment_mut(number) {
        assignment.standing = Standing::HandBackRequested;
        assignment.hand_back =
            Some(HandBackRequest { asked: asked.clone(), asked_on: on, decided: None, decided_on: None });
    }
}

pub(super) fn decided(case: &mut Case, number: u32, decision: &HandBackDecision, on: Day) {
    let Some(assignment) = case.assignment_mut(number) else { return };
    if let Some(request) = &mut assignment.hand_back {
        request.decided = Some(decision.clone());
        request.decided_on = Some(on);
    }
    if !decision.granted {
        // The case must be kept, which is as good as a signature.
        assignment.standing = Standing::Accepted;
        assignment.accepted_on.get_or_insert(on);
        return;
    }
    assignment.standing = Standing::HandedBack;
    assignment.ended_on = Some(on);
    assignment.draft = None;
    let part = assignment.part;
    // What it asked for itself is nobody's now.
    case.extension.take_if(|extension| extension.is_pending() && extension.assignment == number);
    if part == Part::Separate && !decision.share_dropped {
        case.empty_shares += 1;
    }
    if case.answering().is_none() {
        case.empty_shares = 0;
        // Waits for a new one; the co-handlers work on, and so does `assigned_on`, the case's own clock.
        case.stage = if case.dispatched_on.is_some() { Stage::Dispatched } else { Stage::Registered };
    } else if case.stage == Stage::Assigned {
        reply::answered_by_all(case, on);
    }
}
