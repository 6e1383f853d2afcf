//! Assignment 交办: who answers for a case, and who helps.

use super::{Case, Context, DepartmentRef, Event, HandBackRequest, Opinion, PolicyRef, Rejection};
use crate::domain::{
    day::Day,
    ids::DepartmentId,
    text::Note,
    words::{Part, Stage, Standing},
};
use serde::{Deserialize, Serialize};

/// One department's part in a case, from assignment to hand-back, opinion or reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Assignment {
    /// Its number within the case, from 1.
    pub number: u32,
    pub department: DepartmentRef,
    pub part: Part,
    pub standing: Standing,
    pub note: Option<Note>,
    pub assigned_on: Day,
    /// Signed for 签收. The platform delivers on the day of assignment, so no term waits for this.
    pub accepted_on: Option<Day>,
    pub hand_back: Option<HandBackRequest>,
    /// Handed back; the days until here stay on the record.
    pub ended_on: Option<Day>,
    pub opinion: Option<Opinion>,
}

impl Assignment {
    /// Whether the department still has the case.
    pub fn is_open(&self) -> bool {
        self.standing != Standing::HandedBack
    }
}

/// A department and the part it is to play.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Handler {
    pub department: DepartmentRef,
    pub part: Part,
    pub note: Option<Note>,
}

/// One line of an assignment as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentOrder {
    pub department: DepartmentId,
    pub part: Part,
    #[serde(default)]
    pub note: Option<Note>,
}

pub(super) fn assign(case: &Case, handlers: Vec<Handler>, context: Context<'_>) -> Result<Event, Rejection> {
    if handlers.is_empty() {
        return Err(Rejection::invalid(
            "/handlers",
            "至少要有一个承办单位",
            "at least one department is needed",
        ));
    }
    let open = |id: DepartmentId| case.assignments.iter().any(|a| a.is_open() && a.department.id == id);
    for (index, handler) in handlers.iter().enumerate() {
        let named_before = handlers[..index].iter().any(|h| h.department.id == handler.department.id);
        if named_before || open(handler.department.id) {
            return Err(Rejection::invalid(
                format!("/handlers/{index}/department"),
                format!("{}已承办本件", handler.department.name),
                format!("{} already handles this case", handler.department.name),
            ));
        }
    }
    let answering = handlers.iter().filter(|h| h.part != Part::Co).count();
    let helping = handlers.len() > answering || case.assignments.iter().any(Assignment::is_open);
    let sole = handlers.iter().any(|h| h.part == Part::Sole);
    let right = match case.stage {
        Stage::Registered => answering == 1 && !(sole && helping),
        _ => answering == 0,
    };
    if !right {
        return Err(Rejection::invalid(
            "/handlers",
            "须有且仅有一个单办单位，或者一个主办单位及若干会办单位；办理中的主办件只能增加会办单位",
            "needs exactly one sole handler, or one lead handler with any number of co-handlers; \
             while a lead handles the case, only co-handlers can be added",
        ));
    }
    Ok(Event::Assigned { handlers, policy: PolicyRef::to(context.policy) })
}

pub(super) fn assigned(case: &mut Case, handlers: &[Handler], policy: &PolicyRef, on: Day) {
    case.stage = Stage::Assigned;
    if case.assigned_on.is_none() {
        case.assigned_on = Some(on);
        case.policy = Some(policy.clone());
    }
    for handler in handlers {
        let number = case.assignments.last().map_or(1, |a| a.number + 1);
        case.assignments.push(Assignment {
            number,
            department: handler.department.clone(),
            part: handler.part,
            standing: Standing::Pending,
            note: handler.note.clone(),
            assigned_on: on,
            accepted_on: None,
            hand_back: None,
            ended_on: None,
            opinion: None,
        });
    }
}

pub(super) fn accepted(case: &mut Case, number: u32, on: Day) {
    if let Some(assignment) = case.assignment_mut(number) {
        assignment.standing = Standing::Accepted;
        assignment.accepted_on = Some(on);
    }
}
