//! The selection of the best-handled suggestions 部门办理最满意建议件选树: which cases qualify, when what may be done, how a
//! ballot is read, and how ballots are counted. Pure: whose ballot it is nobody here ever knows.

mod ballot;
mod criterion;
mod tally;

#[cfg(test)]
mod tests;

pub use ballot::{Choices, Wrong};
pub use criterion::{Criterion, missing};
pub use tally::{Counted, Outcome, Tally, count};

use super::{
    ids::{CongressId, SelectionId, SessionId},
    text::Title,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A selection as it was opened; nothing of it changes afterwards.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    pub id: SelectionId,
    pub congress: CongressId,
    pub title: Title,
    pub sessions: Vec<SessionId>,
    /// What a case needs to be nominated; those that always hold are among them.
    pub criteria: Vec<Criterion>,
    /// How many are chosen, and how many a ballot may name.
    pub seats: u32,
    pub opened_at: DateTime<Utc>,
    /// Cases are nominated before this instant; from it on deputies vote.
    pub nominations_until: DateTime<Utc>,
    /// Ballots are taken before this instant, and not at it.
    pub votes_until: DateTime<Utc>,
}

/// What may be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// 提名
    Nominating,
    /// 投票
    Voting,
    /// 投票结束
    Over,
}

impl Selection {
    pub fn phase(&self, now: DateTime<Utc>) -> Phase {
        if now < self.nominations_until {
            Phase::Nominating
        } else if now < self.votes_until {
            Phase::Voting
        } else {
            Phase::Over
        }
    }
}
