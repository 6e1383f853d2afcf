//! What happened to a case. Stored for ever: fields may be added with a default, never renamed or removed.

use super::{
    ConsultationRecord, Draft, EvaluationForm, ExtensionDecision, HandBack, HandBackDecision, Handler,
    Number, OpinionText, PolicyRef, ReplyLetter, Revisit, submission::Amendment,
};
use crate::domain::{actor::Author, case::DeputyRef, day::Day, ids::SessionId, text::Note, words::Origin};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Drafted(Draft),
    Amended(Amendment),
    Submitted { session: SessionId, origin: Origin, policy: PolicyRef },
    Registered { number: Number },
    Assigned { handlers: Vec<Handler>, policy: PolicyRef },
    Accepted { assignment: u32 },
    HandBackRequested { assignment: u32, hand_back: HandBack },
    HandBackDecided { assignment: u32, decision: HandBackDecision },
    ExtensionRequested { assignment: u32, until: Day, reason: Note },
    ExtensionDecided { assignment: u32, decision: ExtensionDecision },
    Consulted { assignment: u32, record: ConsultationRecord },
    OpinionGiven { assignment: u32, opinion: OpinionText },
    Replied { assignment: u32, letter: ReplyLetter },
    Evaluated { deputy: DeputyRef, counts: bool, form: EvaluationForm },
    Closed,
    Withdrawn { reason: Note },
    Revisited(Revisit),
}

/// An event as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// Its place in the case's history, from 1.
    pub version: i64,
    /// The legal day on which the act took effect.
    pub occurred_on: Day,
    /// The instant at which it was written down, UTC.
    pub recorded_at: DateTime<Utc>,
    pub author: Author,
    pub event: Event,
}

impl Event {
    /// The event's name in the ledger.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::Drafted(_) => "drafted",
            Event::Amended(_) => "amended",
            Event::Submitted { .. } => "submitted",
            Event::Registered { .. } => "registered",
            Event::Assigned { .. } => "assigned",
            Event::Accepted { .. } => "accepted",
            Event::HandBackRequested { .. } => "hand_back_requested",
            Event::HandBackDecided { .. } => "hand_back_decided",
            Event::ExtensionRequested { .. } => "extension_requested",
            Event::ExtensionDecided { .. } => "extension_decided",
            Event::Consulted { .. } => "consulted",
            Event::OpinionGiven { .. } => "opinion_given",
            Event::Replied { .. } => "replied",
            Event::Evaluated { .. } => "evaluated",
            Event::Closed => "closed",
            Event::Withdrawn { .. } => "withdrawn",
            Event::Revisited(_) => "revisited",
        }
    }
}
