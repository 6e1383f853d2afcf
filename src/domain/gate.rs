//! The gate: who may see which case, who may take which step. Every path to the data asks here.
//!
//! Lists, figures and feeds take a `Scope`; single cases take `sight`; commands take `may`. They agree by
//! construction: all three come from the same relation between an actor and a case, and a property test compares them.

use super::{
    actor::{Actor, Role},
    case::{
        Case, Event, FileFacts, Recorded,
        procedure::{Action, Hand, Target},
    },
    deadline::Deadline,
    ids::{CongressId, DepartmentId, DeputyId},
    policy::TermKind,
    text::Note,
    words::{Audience, Channel, Invitation, Part, Purpose, Satisfaction, Stage},
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
    Handles { assignment: u32, part: Part, approver: bool },
    Audits,
    EntersPaper,
}

/// How much of a case an actor sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    pub opinions: Opinions,
    pub evaluations: Evaluations,
    pub inside: Inside,
    /// Whether the reader answers for the case, or hands it out.
    pub answers: bool,
    /// How it came to be handed in: who was asked to sign, what was to be corrected.
    pub filing: bool,
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
    /// Those that send the case back: who must answer again has to know why.
    Rejections,
    /// Sealed until the case is closed, so that nobody can press the deputy.
    None,
}

/// Which department's inner work is shown: its notes, and drafts of its replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inside {
    All,
    Own(u32),
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
        Role::Committee { .. } | Role::Auditor | Role::Import => Scope::Congress(congress),
        Role::GovernmentOffice => Scope::Party(congress, Party::GovernmentOffice),
        Role::Deputy { deputy } => Scope::Party(congress, Party::Deputy(*deputy)),
        Role::Department { department, .. } => Scope::Party(congress, Party::Department(*department)),
        Role::DelegationSecretary { .. } | Role::Administrator | Role::Operator | Role::System => {
            Scope::Nothing
        }
    }
}

/// Everybody who has a part in a case; the store's index is kept equal to this.
pub fn parties(case: &Case) -> BTreeSet<Party> {
    let asked = case.invitations.iter().filter(|i| i.standing == Invitation::Invited).map(|i| &i.deputy);
    let signers =
        std::iter::once(&case.lead).chain(&case.co_signers).chain(asked).map(|d| Party::Deputy(d.id));
    let departments =
        case.assignments.iter().filter(|a| a.is_open()).map(|a| Party::Department(a.department.id));
    let government = case.dispatched_on.is_some()
        || case.assignments.iter().any(|a| a.department.channel == Channel::Government);
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
        Role::Deputy { deputy } if case.is_invited(*deputy) => Some(Relation::Signs(Hand::Invited)),
        Role::Committee { .. } if !drafting => Some(Relation::Oversees),
        Role::Auditor if !drafting => Some(Relation::Audits),
        Role::GovernmentOffice if parties(case).contains(&Party::GovernmentOffice) => {
            Some(Relation::Dispatches)
        }
        Role::Department { department, approver } => case
            .assignments
            .iter()
            .find(|a| a.is_open() && a.department.id == *department)
            .map(|a| Relation::Handles { assignment: a.number, part: a.part, approver: *approver }),
        Role::Import => Some(Relation::EntersPaper),
        _ => None,
    }
}

/// How much of the case the actor sees; `None` where it does not exist for him.
pub fn sight(actor: &Actor, case: &Case) -> Option<Sight> {
    let all = Sight {
        opinions: Opinions::All,
        evaluations: Evaluations::All,
        inside: Inside::None,
        answers: true,
        filing: true,
        hand_backs: true,
    };
    let rejected = case.counted_evaluation() == Some(Satisfaction::Unsatisfied);
    let released = match case.stage {
        Stage::Closed => Evaluations::All,
        Stage::Rework => Evaluations::Rejections,
        _ if rejected => Evaluations::Rejections,
        _ => Evaluations::None,
    };
    let sight = match relation(actor, case)? {
        Relation::Oversees => all,
        Relation::Audits | Relation::EntersPaper => Sight { inside: Inside::All, ..all },
        Relation::Dispatches => Sight { evaluations: released, filing: false, ..all },
        Relation::Handles { assignment, part, .. } => {
            let own = Sight { evaluations: released, inside: Inside::Own(assignment), filing: false, ..all };
            match part {
                Part::Sole | Part::Lead => own,
                // What passes between the congress and others is not theirs to see.
                Part::Co | Part::Separate => Sight {
                    opinions: Opinions::Own(assignment),
                    hand_backs: false,
                    answers: part == Part::Separate,
                    ..own
                },
            }
        }
        Relation::Signs(_) => match &actor.role {
            Role::Deputy { deputy } => Sight {
                opinions: Opinions::None,
                evaluations: Evaluations::Own(*deputy),
                hand_backs: false,
                ..all
            },
            _ => return None,
        },
    };
    Some(sight)
}

impl Sight {
    /// An event of the history as it is shown, if it is; the case's own view hides the same things.
    pub fn seen(&self, mut recorded: Recorded) -> Option<Recorded> {
        if !self.shows(&recorded.event) {
            return None;
        }
        if let (Event::Withdrawn { reason }, false) = (&mut recorded.event, self.filing) {
            // Why is between the signers and the congress.
            *reason = Note::parse("（不公开）").unwrap_or_else(|_| reason.clone());
        }
        Some(recorded)
    }

    fn shows(&self, event: &Event) -> bool {
        match event {
            Event::OpinionGiven { assignment, .. } | Event::OpinionRejected { assignment, .. } => {
                self.shows_opinion(*assignment)
            }
            Event::ReplyDrafted { assignment, .. } | Event::ReplySentBack { assignment, .. } => {
                self.shows_inside(*assignment)
            }
            Event::ProgressNoted { assignment, note } => self.shows_note(*assignment, note.audience),
            Event::Attached { file, assignment } => self.shows_file(file, *assignment),
            // What it said before it was handed in, and who was asked to sign.
            Event::Drafted(_)
            | Event::Amended(_)
            | Event::CoSignersInvited { .. }
            | Event::CoSignerRemoved { .. }
            | Event::CoSignatureGiven { .. }
            | Event::CoSignatureDeclined { .. }
            | Event::ReturnedForCorrection { .. }
            | Event::WithdrawalAsked { .. }
            | Event::WithdrawalAnswered { .. } => self.filing,
            // A reminder tells that he has not judged.
            Event::EvaluationReminded => {
                matches!(self.evaluations, Evaluations::All | Evaluations::Own(_))
            }
            Event::Evaluated { deputy, counts, form } => {
                self.shows_evaluation(deputy.id, *counts, form.result)
            }
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

    pub fn shows_evaluation(&self, of: DeputyId, counts: bool, result: Satisfaction) -> bool {
        match self.evaluations {
            Evaluations::All => true,
            Evaluations::Own(deputy) => deputy == of,
            Evaluations::Rejections => counts && result == Satisfaction::Unsatisfied,
            Evaluations::None => false,
        }
    }

    /// Whether the reader may know that the judgement which counts was given.
    pub fn tells_whether_judged(&self, case: &Case) -> bool {
        match self.evaluations {
            Evaluations::All => true,
            Evaluations::Own(deputy) => deputy == case.lead.id,
            Evaluations::Rejections | Evaluations::None => false,
        }
    }

    pub fn shows_inside(&self, assignment: u32) -> bool {
        match self.inside {
            Inside::All => true,
            Inside::Own(own) => own == assignment,
            Inside::None => false,
        }
    }

    pub fn shows_note(&self, assignment: u32, audience: Audience) -> bool {
        audience == Audience::Everybody || self.shows_inside(assignment)
    }

    /// Working papers stay with the offices; what is confidential, with those who need it to handle the case.
    pub fn shows_file(&self, file: &FileFacts, assignment: Option<u32>) -> bool {
        let office = self.inside != Inside::None || self.opinions != Opinions::None;
        let theirs = match assignment {
            // A deputy's own paper: its signers, the congress, and whoever answers for the case.
            None => self.filing || self.answers,
            Some(assignment) => self.shows_inside(assignment) || (self.filing && office),
        };
        match (file.confidential, file.purpose) {
            (true, _) => theirs,
            (false, Purpose::Handling) => office,
            (false, _) => true,
        }
    }

    /// A deadline tells by its verdict whether the deputy has judged, or a department has asked to hand back.
    pub fn shows_deadline(&self, deadline: &Deadline, case: &Case) -> bool {
        match (deadline.kind, deadline.assignment) {
            (TermKind::Evaluation, _) => self.tells_whether_judged(case),
            (TermKind::Rework, _) => {
                self.evaluations == Evaluations::Rejections || self.tells_whether_judged(case)
            }
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
    let promise = match target.commitment {
        Some(number) => Some(case.commitment(number).ok_or(Denied::Hidden)?),
        None => None,
    };
    let assignment = match target.assignment.or(promise.map(|p| p.assignment)) {
        Some(number) => Some(case.assignment(number).ok_or(Denied::Hidden)?),
        None => None,
    };
    let step = target.action.step();
    let hands: &[Hand] = match relation {
        Relation::EntersPaper => return if step.paper { Ok(()) } else { Err(Denied::NotYours) },
        Relation::Signs(Hand::LeadSigner) => &[Hand::LeadSigner],
        Relation::Signs(Hand::Invited) => &[Hand::Invited],
        Relation::Signs(_) => &[Hand::CoSigner],
        Relation::Oversees => &[Hand::Committee],
        Relation::Dispatches => match assignment {
            Some(it) if it.department.channel == Channel::Government => &[Hand::GovernmentOffice],
            None if target.action == Action::Assign => &[Hand::GovernmentOffice],
            _ => return Err(Denied::NotYours),
        },
        Relation::Handles { assignment: own, part, approver } => {
            let others = assignment.is_some_and(|asked| asked.number != own);
            // One word on another's part there is: the lead handler's on an opinion.
            if others != (target.action == Action::RejectOpinion) || (others && part != Part::Lead) {
                return Err(Denied::NotYours);
            }
            match (part, approver) {
                (Part::Co, _) => &[Hand::CoHandler],
                (_, true) => &[Hand::LeadHandler, Hand::Approver],
                (_, false) => &[Hand::LeadHandler],
            }
        }
        Relation::Audits => return Err(Denied::NotYours),
    };
    if step.hands.iter().any(|hand| hands.contains(hand)) { Ok(()) } else { Err(Denied::NotYours) }
}

/// Whether lists and figures may tell the actor how cases were evaluated: for the rest they are sealed case by case.
pub fn sees_evaluations(actor: &Actor) -> bool {
    matches!(actor.role, Role::Committee { .. } | Role::Auditor)
}

/// Whether the actor may try a proposed policy on the congress's cases: it tells of all of them, evaluations included.
pub fn may_rehearse(actor: &Actor) -> bool {
    sees_evaluations(actor)
}

/// Whether the actor may write a new case, and so become its lead signer.
pub fn may_draft(actor: &Actor) -> bool {
    matches!(actor.role, Role::Deputy { .. } | Role::Committee { .. } | Role::Import)
}

/// Whether the actor hands cases out to departments: many at once, and helped by what similar ones tell.
pub fn hands_out(actor: &Actor) -> bool {
    matches!(actor.role, Role::Committee { .. } | Role::GovernmentOffice)
}

/// Whether the actor may enter paper that took effect on an earlier day.
pub fn may_backdate(actor: &Actor) -> bool {
    matches!(actor.role, Role::Committee { .. } | Role::Import)
}
