//! The gate: who may see which case, who may take which step. Every path to the data asks here.
//!
//! Lists, figures and feeds take a `Scope`; single cases take `sight`; commands take `may`. They agree by
//! construction: all three come from the same relation between an actor and a case, and a property test compares them.

use super::{
    actor::{Actor, Role},
    case::{
        Case, Event,
        procedure::{Hand, Target},
    },
    deadline::Deadline,
    ids::{CongressId, DepartmentId, DeputyId},
    policy::TermKind,
    words::{Channel, Part, Satisfaction, Stage},
};
use std::collections::BTreeSet;

/// What opens a case to somebody: a row of the store's index of parties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    Deputy(DeputyId),
    Department(DepartmentId),
    GovernmentOffice,
}

impl Party {
    /// How the store's index names the party.
    pub fn key(self) -> String {
        match self {
            Party::Deputy(id) => format!("deputy:{id}"),
            Party::Department(id) => format!("department:{id}"),
            Party::GovernmentOffice => "government_office".to_owned(),
        }
    }
}

/// Which cases of a congress somebody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    Nothing,
    /// All that was handed in.
    Congress(CongressId),
    /// Those that the party has a part in.
    Party(CongressId, Party),
}

/// How an actor stands to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Signs(Hand),
    Oversees,
    Dispatches,
    Handles { assignment: u32, part: Part },
    Audits,
    EntersPaper,
}

/// How much of a case an actor sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    pub opinions: Opinions,
    pub evaluations: Evaluations,
    /// Requests to hand back and their answers: between departments and the congress.
    pub hand_backs: bool,
}

/// Whose 会办意见 are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opinions {
    All,
    Own(u32),
    None,
}

/// Whose evaluations are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evaluations {
    All,
    Own(DeputyId),
    /// Sealed until the case is closed, so that nobody can press the deputy.
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The case does not exist for this actor.
    Hidden,
    /// It may be seen, but the step is not the actor's.
    NotYours,
}

/// The cases that an actor may see in lists, exports and figures.
pub fn scope(actor: &Actor) -> Scope {
    let Some(congress) = actor.congress.clone() else { return Scope::Nothing };
    match &actor.role {
        Role::Committee | Role::Auditor | Role::Import => Scope::Congress(congress),
        Role::GovernmentOffice => Scope::Party(congress, Party::GovernmentOffice),
        Role::Deputy { deputy } => Scope::Party(congress, Party::Deputy(*deputy)),
        Role::Department { department } => Scope::Party(congress, Party::Department(*department)),
        Role::Administrator => Scope::Nothing,
    }
}

/// Everybody who has a part in a case; the store's index is kept equal to this.
pub fn parties(case: &Case) -> BTreeSet<Party> {
    let signers = std::iter::once(&case.lead).chain(&case.co_signers).map(|d| Party::Deputy(d.id));
    let departments =
        case.assignments.iter().filter(|a| a.is_open()).map(|a| Party::Department(a.department.id));
    let government = case.assignments.iter().any(|a| a.department.channel == Channel::Government);
    signers.chain(departments).chain(government.then_some(Party::GovernmentOffice)).collect()
}

/// How the actor stands to the case; `None` means that it does not exist for him.
pub fn relation(actor: &Actor, case: &Case) -> Option<Relation> {
    if actor.congress.as_ref() != Some(&case.congress) {
        return None;
    }
    // What was never handed in is its signers' own affair, even after they gave it up.
    let drafting = case.submitted_on.is_none();
    match &actor.role {
        Role::Deputy { deputy } if case.lead.id == *deputy => Some(Relation::Signs(Hand::LeadSigner)),
        Role::Deputy { deputy } if case.is_signer(*deputy) => Some(Relation::Signs(Hand::CoSigner)),
        Role::Committee if !drafting => Some(Relation::Oversees),
        Role::Auditor if !drafting => Some(Relation::Audits),
        Role::GovernmentOffice if parties(case).contains(&Party::GovernmentOffice) => {
            Some(Relation::Dispatches)
        }
        Role::Department { department } => case
            .assignments
            .iter()
            .find(|a| a.is_open() && a.department.id == *department)
            .map(|a| Relation::Handles { assignment: a.number, part: a.part }),
        Role::Import => Some(Relation::EntersPaper),
        _ => None,
    }
}

/// How much of the case the actor sees; `None` where it does not exist for him.
pub fn sight(actor: &Actor, case: &Case) -> Option<Sight> {
    let all = Sight { opinions: Opinions::All, evaluations: Evaluations::All, hand_backs: true };
    // A department that must answer again has to know why.
    let released =
        match case.stage == Stage::Closed || case.counted_evaluation() == Some(Satisfaction::Unsatisfied) {
            true => Evaluations::All,
            false => Evaluations::None,
        };
    let sight = match relation(actor, case)? {
        Relation::Oversees | Relation::Audits | Relation::EntersPaper => all,
        Relation::Dispatches => Sight { evaluations: released, ..all },
        Relation::Handles { part: Part::Co, assignment } => {
            Sight { opinions: Opinions::Own(assignment), evaluations: released, hand_backs: false }
        }
        Relation::Handles { .. } => Sight { evaluations: released, ..all },
        Relation::Signs(_) => match &actor.role {
            Role::Deputy { deputy } => {
                Sight { opinions: Opinions::None, evaluations: Evaluations::Own(*deputy), hand_backs: false }
            }
            _ => return None,
        },
    };
    Some(sight)
}

impl Sight {
    /// Whether an event of the history is shown; the case's own view hides the same things.
    pub fn shows(&self, event: &Event) -> bool {
        match event {
            Event::OpinionGiven { assignment, .. } => self.shows_opinion(*assignment),
            Event::Evaluated { deputy, .. } => self.shows_evaluation(deputy.id),
            Event::HandBackRequested { assignment, .. } | Event::HandBackDecided { assignment, .. } => {
                self.shows_hand_back(*assignment)
            }
            _ => true,
        }
    }

    pub fn shows_opinion(&self, assignment: u32) -> bool {
        match self.opinions {
            Opinions::All => true,
            Opinions::Own(own) => own == assignment,
            Opinions::None => false,
        }
    }

    pub fn shows_evaluation(&self, of: DeputyId) -> bool {
        match self.evaluations {
            Evaluations::All => true,
            Evaluations::Own(deputy) => deputy == of,
            Evaluations::None => false,
        }
    }

    /// A deadline tells by its verdict whether the deputy has judged, or a department has asked to hand back.
    pub fn shows_deadline(&self, deadline: &Deadline, case: &Case) -> bool {
        match (deadline.kind, deadline.assignment) {
            (TermKind::Evaluation | TermKind::Rework, _) => self.shows_evaluation(case.lead.id),
            (TermKind::HandBack, Some(assignment)) => self.shows_hand_back(assignment),
            _ => true,
        }
    }

    pub fn shows_hand_back(&self, assignment: u32) -> bool {
        self.hand_backs || self.opinions == Opinions::Own(assignment)
    }
}

/// Whether the actor may take the step on this case.
///
/// # Errors
/// `Hidden` (404) before `NotYours` (403); whether the state allows the step is asked afterwards.
pub fn may(actor: &Actor, case: &Case, target: Target) -> Result<(), Denied> {
    let relation = relation(actor, case).ok_or(Denied::Hidden)?;
    let assignment = match target.assignment {
        Some(number) => Some(case.assignment(number).ok_or(Denied::Hidden)?),
        None => None,
    };
    let step = target.action.step();
    let hand = match relation {
        Relation::EntersPaper => return if step.paper { Ok(()) } else { Err(Denied::NotYours) },
        Relation::Signs(hand) => hand,
        Relation::Oversees => Hand::Committee,
        Relation::Dispatches => match assignment {
            Some(it) if it.department.channel == Channel::Government => Hand::GovernmentOffice,
            _ => return Err(Denied::NotYours),
        },
        Relation::Handles { assignment: own, part } => {
            if target.assignment.is_some_and(|asked| asked != own) {
                return Err(Denied::NotYours);
            }
            if part == Part::Co { Hand::CoHandler } else { Hand::LeadHandler }
        }
        Relation::Audits => return Err(Denied::NotYours),
    };
    if step.hands.contains(&hand) { Ok(()) } else { Err(Denied::NotYours) }
}

/// Whether lists and figures may tell the actor how cases were evaluated: for the rest they are sealed case by case.
pub fn sees_evaluations(actor: &Actor) -> bool {
    matches!(actor.role, Role::Committee | Role::Auditor)
}

/// Whether the actor may write a new case, and so become its lead signer.
pub fn may_draft(actor: &Actor) -> bool {
    matches!(actor.role, Role::Deputy { .. } | Role::Committee | Role::Import)
}

/// Whether the actor may enter paper that took effect on an earlier day.
pub fn may_backdate(actor: &Actor) -> bool {
    matches!(actor.role, Role::Committee | Role::Import)
}
