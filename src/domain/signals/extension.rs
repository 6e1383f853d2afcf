//! More time was asked for on the last day of the term.

use super::{Told, walk::Step};
use crate::domain::{case::Event, deadline};

pub(super) fn look(step: &Step<'_>) -> Option<Told> {
    let Event::ExtensionRequested { until, .. } = &step.recorded.event else { return None };
    let terms = deadline::reply_terms(step.case, step.policy, step.calendar)?;
    (terms.original == step.recorded.occurred_on)
        .then_some(Told::ExtensionOnLastDay { due: terms.original, until: *until })
}
