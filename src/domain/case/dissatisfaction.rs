//! An unsatisfied deputy 不满意件: handled again 重新办理 with a clock of its own; a second rejection goes to the
//! committee, which decides.

use super::{Case, Event};
use crate::domain::{
    day::Day,
    text::Note,
    words::{Part, Stage, Standing},
};
use serde::{Deserialize, Serialize};

/// What the committee finds after looking into a rejected answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DissatisfactionDecision {
    /// Whether the department is to handle the case again; if not, the answer stands.
    pub rework: bool,
    /// What was found, and what the deputy is told.
    pub reason: Note,
}

/// The case was sent back to be handled again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Rework {
    /// The reply that was rejected.
    pub reply: u32,
    pub ordered_on: Day,
    pub reason: Option<Note>,
}

/// The committee let an answer stand that the deputy had rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Settled {
    pub reply: u32,
    pub reason: Note,
    pub on: Day,
}

pub(super) fn settle(decision: DissatisfactionDecision) -> Event {
    match decision.rework {
        true => Event::ReworkOrdered { reason: Some(decision.reason) },
        false => Event::DissatisfactionSettled { reason: decision.reason },
    }
}

pub(super) fn rework_ordered(case: &mut Case, reason: Option<&Note>, on: Day) {
    let reply = case.final_reply().map_or(0, |r| r.number);
    case.stage = Stage::Rework;
    case.closed_on = None;
    case.reworks.push(Rework { reply, ordered_on: on, reason: reason.cloned() });
    for it in &mut case.assignments {
        // Everybody who answered answers again.
        if it.part != Part::Co && it.standing == Standing::Replied {
            it.standing = Standing::Accepted;
        }
    }
}

pub(super) fn settled(case: &mut Case, reason: &Note, on: Day) {
    let reply = case.final_reply().map_or(0, |r| r.number);
    case.settled.push(Settled { reply, reason: reason.clone(), on });
}

impl Case {
    /// Whether the committee let the reply in force stand.
    pub fn is_settled(&self) -> bool {
        let reply = self.final_reply().map(|r| r.number);
        self.settled.iter().any(|s| Some(s.reply) == reply)
    }
}
