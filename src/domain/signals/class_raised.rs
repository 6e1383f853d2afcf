//! The class became a better one, and nothing new had come in since the one before.

use super::{Told, walk::Step};
use crate::domain::{case::Event, day::Day, policy::Policy};

/// What came in since the class in force was set.
#[derive(Debug, Default)]
pub(super) struct Documents {
    since: Option<Day>,
    came: bool,
}

pub(super) fn look(documents: &mut Documents, step: &Step<'_>) -> Option<Told> {
    let (before, now) = (step.class_before, step.case.class.as_deref());
    if before == now {
        documents.came |= brings(&step.recorded.event);
        return None;
    }
    let on = step.recorded.occurred_on;
    let since = documents.since.replace(on);
    let came = std::mem::take(&mut documents.came) || shows_its_evidence(&step.recorded.event);
    let (from, to) = (before?, now?);
    if came || step.is_imported() || !is_better(step.policy, from, to) {
        return None;
    }
    Some(Told::ClassRaised {
        from: from.to_owned(),
        to: to.to_owned(),
        resolved: step.policy.is_resolved(to) && !step.policy.is_resolved(from),
        since: since.unwrap_or(on),
        by: step.recorded.event.kind().to_owned(),
    })
}

/// A paper, a letter, or a report that names what shows it.
fn brings(event: &Event) -> bool {
    match event {
        Event::Attached { .. } | Event::Replied { .. } => true,
        Event::CommitmentReported { report, .. } => {
            report.evidence.is_some() || !report.attachments.is_empty()
        }
        _ => false,
    }
}

/// The congress went there and says what it has in hand; a letter's own word is no document beside it.
fn shows_its_evidence(event: &Event) -> bool {
    matches!(event, Event::Revisited(revisit) if revisit.record.evidence.is_some())
}

/// Resolved where it was not; else nearer to the head of the policy's list, which runs from best to worst.
fn is_better(policy: &Policy, from: &str, to: &str) -> bool {
    let place = |class: &str| policy.classes.iter().position(|it| it.id == class);
    match (policy.is_resolved(from), policy.is_resolved(to)) {
        (false, true) => true,
        (true, false) => false,
        _ => matches!((place(from), place(to)), (Some(from), Some(to)) if to < from),
    }
}
