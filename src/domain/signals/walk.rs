//! Goes through a case's history and shows each event to every kind of signal.

use super::{
    Signal, Told,
    class_raised::{self, Documents},
    extension, hand_back,
    haste::{self, Sent},
    letter::{self, Letter},
    promise::Promises,
};
use crate::domain::{
    calendar::Calendar,
    case::{Case, DepartmentRef, Event, Recorded},
    policy::{Policies, Policy},
};

/// An event, and the case around it.
pub(super) struct Step<'a> {
    pub case: &'a Case,
    /// The class in force before the event.
    pub class_before: Option<&'a str>,
    pub recorded: &'a Recorded,
    pub policy: &'a Policy,
    pub calendar: &'a Calendar,
}

impl Step<'_> {
    /// Entered from a ledger, which says what was done and not when it was written down, nor with which papers.
    pub fn is_imported(&self) -> bool {
        self.recorded.author.role == "import"
    }
}

/// What a history tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    /// What the case's own history shows, oldest first.
    pub signals: Vec<Signal>,
    /// What is to be compared with other cases' letters.
    pub letters: Vec<Letter>,
}

/// Whether the event can raise a signal, so that others need no look into the history.
pub fn may_raise(event: &Event) -> bool {
    matches!(
        event,
        Event::ExtensionRequested { .. }
            | Event::HandBackDecided { .. }
            | Event::Replied { .. }
            | Event::Evaluated { .. }
            | Event::CommitmentJudged { .. }
            | Event::CommitmentChangeDecided { .. }
            | Event::Revisited(_)
    )
}

/// Reads a whole history. A signal depends on the events up to its own alone, so a longer history tells the same and more.
///
/// What a merged case takes part in while it follows its leading case is told of that one.
pub fn read(history: &[Recorded], policies: &Policies, calendar: &Calendar) -> Read {
    let mut read = Read::default();
    let Some((first, rest)) = history.split_first() else { return read };
    let Some(mut case) = Case::begin(first) else { return read };
    let (mut documents, mut sent, mut promises) =
        (Documents::default(), Sent::default(), Promises::default());
    for recorded in rest {
        let follows = case.merged_into.as_ref().is_some_and(|main| case.follows(main.id));
        let class_before = case.class.clone();
        case = case.after(recorded);
        let policy = case.policy.as_ref().and_then(|it| policies.get(&it.id, it.version));
        // Before it is handed in there is nothing to see.
        let Some(policy) = policy else { continue };
        let step = Step { case: &case, class_before: class_before.as_deref(), recorded, policy, calendar };
        // Each is asked, whether it tells or not: the next answer rests on what it saw.
        let told = [
            class_raised::look(&mut documents, &step),
            extension::look(&step),
            hand_back::look(&step),
            haste::look(&mut sent, &step),
            promises.look(&step),
        ];
        if follows && recorded.event.spreads() {
            continue;
        }
        read.letters.extend(letter::of(&step));
        read.signals.extend(told.into_iter().flatten().map(|told| signal(&step, told)));
    }
    read
}

fn signal(step: &Step<'_>, told: Told) -> Signal {
    Signal {
        version: step.recorded.version,
        on: step.recorded.occurred_on,
        department: department(step.case, &step.recorded.event).cloned(),
        told,
    }
}

/// Whose part an event is about: that of the assignment that it names, else of whoever answers for the case.
pub(super) fn department<'c>(case: &'c Case, event: &Event) -> Option<&'c DepartmentRef> {
    if let Event::CommitmentChangeDecided { commitment, .. } = event {
        return case.commitment(*commitment).and_then(|promise| promise.keeper(case));
    }
    let number = match event {
        Event::ExtensionRequested { assignment, .. }
        | Event::HandBackDecided { assignment, .. }
        | Event::Replied { assignment, .. } => Some(*assignment),
        Event::Evaluated { .. } => case.final_reply().map(|reply| reply.assignment),
        _ => None,
    };
    match number {
        Some(number) => case.assignment(number),
        None => case.answering(),
    }
    .map(|it| &it.department)
}
