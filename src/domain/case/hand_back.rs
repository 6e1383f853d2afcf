//! Hand-back 退办: a department says that a case is not its business, within the window.

use super::Case;
use crate::domain::{
    day::Day,
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
    if assignment.part != Part::Co {
        // Waits for a new lead; the co-handlers work on, and so does `assigned_on`, the case's own clock.
        case.stage = Stage::Registered;
        // What the old lead asked for is not the new one's.
        case.extension.take_if(|extension| extension.is_pending());
    }
}
