//! A case's facts through its history: what was true from which day on, as known from which day on.
//!
//! Both days only move forward along a history, so that what was true on a day, as known on a day, is always what a
//! first part of the history says.

use super::Facts;
use crate::domain::{
    calendar::Calendar,
    case::{Case, PolicyRef, Recorded},
    day::Day,
    policy::Policy,
};

/// Two days: what was true on the one, as known at the end of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    pub true_on: Day,
    pub known_on: Day,
}

impl AsOf {
    /// Whether something that holds since `since` belongs to what was true and known.
    pub fn covers(self, since: AsOf) -> bool {
        since.true_on <= self.true_on && since.known_on <= self.known_on
    }
}

/// What the figures hold of a case from one of its events on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The event's.
    pub version: i64,
    /// The version before this one; none where nothing was held before.
    pub previous: Option<i64>,
    pub since: AsOf,
    pub facts: Facts,
}

/// Follows a case from `before` (nothing, for a new one) through its next events. One version for each event that
/// changed what is held; the last state comes back too.
pub fn versions<'p, E>(
    before: Option<(Case, Option<Version>)>,
    events: &[Recorded],
    calendar: &Calendar,
    policy: impl Fn(&PolicyRef) -> Result<&'p Policy, E>,
) -> Result<(Option<Case>, Vec<Version>), E> {
    let (mut case, mut latest) = match before {
        Some((case, latest)) => (Some(case), latest),
        None => (None, None),
    };
    let mut all = Vec::new();
    for recorded in events {
        let Some(next) = case.take().map_or_else(|| Case::begin(recorded), |case| Some(case.after(recorded)))
        else {
            break;
        };
        // Handing in fixes the policy; before that there are no facts.
        let policy = next.policy.as_ref().map(&policy).transpose()?;
        let facts = policy.and_then(|policy| Facts::of(&next, policy, calendar));
        if let Some(facts) = facts.filter(|facts| latest.as_ref().map(|it| &it.facts) != Some(facts)) {
            let own = AsOf { true_on: recorded.occurred_on, known_on: Day::at(recorded.recorded_at) };
            // Server clocks may differ by a little around midnight; what is known does not become unknown.
            let since = latest.as_ref().map_or(own, |before: &Version| AsOf {
                true_on: own.true_on.max(before.since.true_on),
                known_on: own.known_on.max(before.since.known_on),
            });
            let previous = latest.as_ref().map(|it| it.version);
            let version = Version { version: recorded.version, previous, since, facts };
            all.push(version.clone());
            latest = Some(version);
        }
        case = Some(next);
    }
    Ok((case, all))
}
