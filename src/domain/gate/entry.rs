//! The questions that are asked at the gate, and what it hands out: a case that may be shown, a step that may be taken.

use super::{Operation, Relation, Sight, matrix, relation::relation, sight::sight};
use crate::domain::{
    actor::{Actor, Role, Scope},
    case::{
        self, Case, Command, Context, Event, Rejection,
        procedure::{Action, Target},
    },
    ids::CongressId,
    words::{Channel, Part},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The case does not exist for this actor.
    Hidden,
    /// It is confidential, and the actor is not among those who are named.
    Unnamed,
    /// It may be seen, but this is not the actor's to do.
    NotYours,
    /// The program was not given this scope.
    OutOfScope(Scope),
}

/// A case that the gate opened for an actor, and how much of it he sees.
#[derive(Clone, Copy)]
pub struct Seen<C> {
    case: C,
    sight: Sight,
}

impl<C: AsRef<Case>> Seen<C> {
    pub fn case(&self) -> &Case {
        self.case.as_ref()
    }

    pub fn sight(&self) -> &Sight {
        &self.sight
    }

    /// The version that he sees; his `ETag`.
    pub fn version(&self) -> i64 {
        self.sight.version(self.case())
    }

    /// Whatever holds the case.
    pub fn holder(&self) -> &C {
        &self.case
    }

    pub fn borrowed(&self) -> Seen<&Case> {
        Seen { case: self.case(), sight: self.sight }
    }
}

/// Whether the actor may do something that is about no single case.
///
/// # Errors
/// `OutOfScope`, `NotYours`.
pub fn admit(actor: &Actor, operation: Operation) -> Result<(), Denied> {
    in_scope(actor, operation.scope())?;
    if matrix::admits(operation, actor.role.id()) { Ok(()) } else { Err(Denied::NotYours) }
}

/// Opens a case for reading.
///
/// # Errors
/// `OutOfScope` before `Hidden` (404) before `Unnamed` and `NotYours` (403).
pub fn open<C: AsRef<Case>>(actor: &Actor, case: C, operation: Operation) -> Result<Seen<C>, Denied> {
    in_scope(actor, operation.scope())?;
    let relation = relation(actor, case.as_ref()).ok_or(Denied::Hidden)?;
    let sight = sight(actor, case.as_ref()).ok_or(Denied::Unnamed)?;
    let allowed = relation.standing().is_none_or(|standing| matrix::on_case(operation, standing));
    if allowed { Ok(Seen { case, sight }) } else { Err(Denied::NotYours) }
}

/// A step that the gate lets an actor take on a case, and the only way to decide one.
#[derive(Clone, Copy)]
pub struct Entitled<'a> {
    case: &'a Case,
    target: Target,
    version: i64,
}

impl Entitled<'_> {
    /// The version that the actor sees, which his `If-Match` names.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// Decides the command; see [`case::Rejection`] for what may speak against it.
    pub fn decide(self, command: Command, context: Context<'_>) -> Result<Vec<Event>, Rejection> {
        if command.target() != self.target {
            return Err(Rejection::invalid("", "与所申请的环节不符", "is not the step that was asked for"));
        }
        case::decide(self.case, command, context)
    }
}

/// Whether the actor may take the step on this case.
///
/// # Errors
/// Those of [`open`]; whether the state allows the step is asked afterwards.
pub fn may<'a>(actor: &Actor, case: &'a Case, target: Target) -> Result<Entitled<'a>, Denied> {
    in_scope(actor, Some(Scope::CasesWrite))?;
    let relation = relation(actor, case).ok_or(Denied::Hidden)?;
    let sight = sight(actor, case).ok_or(Denied::Unnamed)?;
    let promise = match target.commitment {
        Some(number) => Some(case.commitment(number).ok_or(Denied::Hidden)?),
        None => None,
    };
    let notice = match target.notice {
        Some(number) => Some(case.notice(number).filter(|it| sight.shows(it.mark())).ok_or(Denied::Hidden)?),
        None => None,
    };
    let urged = notice.and_then(|it| it.issue.to.assignment());
    let assignment = match target.assignment.or(promise.map(|p| p.assignment)).or(urged) {
        Some(number) => Some(case.assignment(number).ok_or(Denied::Hidden)?),
        None => None,
    };
    let entitled = Entitled { case, target, version: sight.version(case) };
    let step = target.action.step();
    let Some(standing) = relation.standing() else {
        return if step.paper { Ok(entitled) } else { Err(Denied::NotYours) };
    };
    if !matrix::takes(target.action, standing) {
        return Err(Denied::NotYours);
    }
    let own = match relation {
        Relation::Dispatches => match assignment {
            Some(it) => it.department.channel == Channel::Government,
            None => match notice.map(|it| it.issue.to.department()) {
                Some(urged) => urged.is_some_and(|it| it.channel == Channel::Government),
                None => matches!(target.action, Action::Assign | Action::IssueNotice),
            },
        },
        // A promise is reported on, moved and handed over by the department that keeps it, whoever made it.
        Relation::Handles { .. } | Relation::Keeps if promise.is_some() => {
            let keeper = promise.and_then(|it| it.keeper(case)).map(|it| it.id);
            keeper.is_some() && keeper == actor.department()
        }
        // And answered again by it.
        Relation::Handles { .. } | Relation::Keeps if keeps_of(actor, case, target) => true,
        // Nobody else but who answers to the deputy.
        Relation::Handles { part: Part::Co, .. } if target.action == Action::FollowUp => false,
        Relation::Keeps => assignment.is_none(),
        Relation::Handles { assignment: own, part, .. } => {
            let others = assignment.is_some_and(|asked| asked.number != own);
            // One word on another's part there is: the lead handler's on an opinion.
            others == (target.action == Action::RejectOpinion) && (!others || part == Part::Lead)
        }
        _ => true,
    };
    if own { Ok(entitled) } else { Err(Denied::NotYours) }
}

/// Whether the step is a second answer on a promise that the actor's department keeps.
fn keeps_of(actor: &Actor, case: &Case, target: Target) -> bool {
    let kept = |id| case.promises_of(id).any(|it| Some(it.assignment) == target.assignment);
    target.action == Action::FollowUp && actor.department().is_some_and(kept)
}

/// That the actor may write a new case of a congress.
pub struct Paper {
    pub congress: CongressId,
    /// Whether it comes signed: what staff enter from paper is handed in already.
    signed: bool,
}

impl Paper {
    /// The right to hand in what was entered from signed paper.
    pub fn hands_in<'a>(&self, case: &'a Case) -> Option<Entitled<'a>> {
        self.signed.then(|| Entitled { case, target: Target::case(Action::Submit), version: case.version })
    }
}

/// Whether the actor may write a new case: his own, or from paper in its signers' name.
///
/// # Errors
/// `OutOfScope`, `NotYours`.
pub fn may_write(actor: &Actor) -> Result<Paper, Denied> {
    if actor.role != Role::Import {
        admit(actor, Operation::CreateCase)?;
    }
    let congress = actor.congress.clone().ok_or(Denied::NotYours)?;
    Ok(Paper { congress, signed: !matches!(actor.role, Role::Deputy { .. } | Role::Import) })
}

fn in_scope(actor: &Actor, needed: Option<Scope>) -> Result<(), Denied> {
    match needed {
        Some(scope) if !actor.has(scope) => Err(Denied::OutOfScope(scope)),
        // No scope opens it: it is no program's business.
        None if actor.scopes.is_some() => Err(Denied::NotYours),
        _ => Ok(()),
    }
}
