//! The deputy judged within minutes of the letter's arrival.

use super::{Told, walk::Step};
use crate::domain::{
    case::{Event, Recorded},
    day::Day,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// Fewer than so many minutes between the letter and the judgement.
pub(super) const MINUTES: u32 = 10;

/// When each letter was written down, by its number, if that was when it was sent.
#[derive(Debug, Default)]
pub(super) struct Sent(BTreeMap<u32, DateTime<Utc>>);

pub(super) fn look(sent: &mut Sent, step: &Step<'_>) -> Option<Told> {
    match &step.recorded.event {
        Event::Replied { .. } => {
            let number = step.case.replies.last()?.number;
            if !step.is_imported() && at_once(step.recorded) {
                sent.0.insert(number, step.recorded.recorded_at);
            }
            None
        }
        Event::Evaluated { counts, .. } => {
            // A form on paper was filled in when nobody knows.
            if step.recorded.author.role != "deputy" || !at_once(step.recorded) {
                return None;
            }
            let number = step.case.final_reply()?.number;
            let passed = step.recorded.recorded_at - *sent.0.get(&number)?;
            if passed < TimeDelta::zero() || passed >= TimeDelta::minutes(i64::from(MINUTES)) {
                return None;
            }
            let seconds = u32::try_from(passed.num_seconds()).ok()?;
            Some(Told::EvaluationInHaste { reply: number, seconds, counts: *counts })
        }
        _ => None,
    }
}

/// Written down on the day on which it took effect, and so about when it was done.
fn at_once(recorded: &Recorded) -> bool {
    Day::at(recorded.recorded_at) == recorded.occurred_on
}
