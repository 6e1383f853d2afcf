//! Assignment 交办: who answers for a case, and who helps.

use super::{
    Case, Context, DepartmentRef, Event, HandBackRequest, Opinion, OpinionRejected, PolicyRef, Refusal,
    Rejection, ReplyDraft, procedure::Hand,
};
use crate::domain::{
    actor::Role,
    day::Day,
    ids::DepartmentId,
    policy::SharedOutBy,
    say::Say,
    text::Note,
    words::{Channel, Part, Stage, Standing},
};
use serde::{Deserialize, Serialize};

/// One department's part in a case, from assignment to hand-back, opinion or reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Assignment {
    /// Its number within the case, from 1.
    pub number: u32,
    pub department: DepartmentRef,
    pub part: Part,
    pub standing: Standing,
    pub note: Option<Note>,
    pub assigned_on: Day,
    /// Signed for 签收. The platform delivers on the day of assignment, so no term waits for this.
    pub accepted_on: Option<Day>,
    pub hand_back: Option<HandBackRequest>,
    /// Handed back; the days until here stay on the record.
    pub ended_on: Option<Day>,
    pub opinion: Option<Opinion>,
    /// The lead handler's demand for another opinion.
    #[serde(default)]
    pub opinion_rejected: Option<OpinionRejected>,
    /// Given where departments disagreed: it cannot be handed back.
    #[serde(default)]
    pub binding: bool,
    /// A reply that waits for its signature; inside the department only.
    #[serde(default)]
    pub draft: Option<ReplyDraft>,
}

impl Assignment {
    /// Whether the department still has the case.
    pub fn is_open(&self) -> bool {
        self.standing != Standing::HandedBack
    }

    /// Whether it answers to the deputy, rather than to the lead handler.
    pub fn answers(&self) -> bool {
        self.part != Part::Co
    }
}

/// A department and the part it is to play.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Handler {
    pub department: DepartmentRef,
    pub part: Part,
    /// What the department is to do; for separate handlers, its share of the matter.
    pub note: Option<Note>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub binding: bool,
}

/// The case handed over to the government office 交政府办分办.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DispatchForm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// One line of an assignment as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentOrder {
    pub department: DepartmentId,
    pub part: Part,
    #[serde(default)]
    pub note: Option<Note>,
}

pub(super) fn assign(case: &Case, handlers: Vec<Handler>, context: Context<'_>) -> Result<Event, Rejection> {
    if handlers.is_empty() {
        return Err(Rejection::invalid(
            "/handlers",
            "至少要有一个承办单位",
            "at least one department is needed",
        ));
    }
    let open = |id: DepartmentId| case.assignments.iter().any(|a| a.is_open() && a.department.id == id);
    for (index, handler) in handlers.iter().enumerate() {
        let named_before = handlers[..index].iter().any(|h| h.department.id == handler.department.id);
        if named_before || open(handler.department.id) {
            return Err(Rejection::invalid(
                format!("/handlers/{index}/department"),
                format!("{}已承办本件", handler.department.name),
                format!("{} already handles this case", handler.department.name),
            ));
        }
    }
    parts_fit(case, &handlers)?;
    channels_fit(&handlers, context)?;
    Ok(Event::Assigned { handlers, policy: PolicyRef::to(context.policy) })
}

/// One sole handler; or one lead with co-handlers; or several separate handlers. While they work, only more of the
/// same kind can be added.
fn parts_fit(case: &Case, handlers: &[Handler]) -> Result<(), Rejection> {
    let count = |part: Part| {
        let open = case.assignments.iter().filter(|a| a.is_open() && a.part == part).count();
        open + handlers.iter().filter(|h| h.part == part).count()
    };
    let (sole, lead, co, separate) =
        (count(Part::Sole), count(Part::Lead), count(Part::Co), count(Part::Separate));
    let waits = case.answering().is_none();
    let right = match (sole, lead, separate) {
        (1, 0, 0) => co == 0,
        (0, 1, 0) => true,
        // Of a case that both offices hand out, each names its own.
        (0, 0, separate) => co == 0 && separate > usize::from(waits && case.stage != Stage::Dispatched),
        _ => false,
    };
    if right {
        return Ok(());
    }
    Err(Rejection::invalid(
        "/handlers",
        "须为一个单办单位，或者一个主办单位及若干会办单位，或者两个以上分办单位；办理中的只能增加会办或分办单位",
        "needs one sole handler, or one lead handler with any number of co-handlers, or two and more separate \
         handlers; while they work only co-handlers or separate handlers can be added",
    ))
}

/// Departments of the government come through its office where the policy says so; others never do.
fn channels_fit(handlers: &[Handler], context: Context<'_>) -> Result<(), Rejection> {
    let by_office = context.actor.role == Role::GovernmentOffice;
    let rule = &context.policy.assignment;
    let foreign = |h: &Handler| h.department.channel != Channel::Government;
    if let Some(index) = handlers.iter().position(foreign).filter(|_| by_office) {
        return Err(Rejection::invalid(
            format!("/handlers/{index}/department"),
            "不属政府系统，由代表工委直接交办",
            "is no department of the government; the committee assigns to it directly",
        ));
    }
    let office_shares_out = rule.government == SharedOutBy::GovernmentOffice;
    let direct = handlers.iter().any(|h| h.part != Part::Co && !foreign(h));
    if office_shares_out && direct && context.actor.role.is_committee() {
        return Err(Refusal::new(
            "through_the_government_office",
            Say::new(
                format!("{}：政府部门办理的，先交政府办，由其分办", rule.clause),
                format!("{}: the government office shares out to departments of the government", rule.clause),
            ),
            &[Hand::Committee, Hand::GovernmentOffice],
        )
        .into());
    }
    Ok(())
}

pub(super) fn dispatched(case: &mut Case, on: Day) {
    case.stage = Stage::Dispatched;
    case.dispatched_on = Some(on);
    // Handed over is assigned 交办: the law's three months run from here, not from the sharing out 分办.
    case.assigned_on.get_or_insert(on);
}

pub(super) fn assigned(case: &mut Case, handlers: &[Handler], policy: &PolicyRef, on: Day) {
    case.stage = Stage::Assigned;
    if case.assignments.is_empty() {
        case.assigned_on.get_or_insert(on);
        case.policy = Some(policy.clone());
    }
    for handler in handlers {
        if handler.part == Part::Separate {
            case.empty_shares = case.empty_shares.saturating_sub(1);
        }
        let number = case.assignments.last().map_or(1, |a| a.number + 1);
        case.assignments.push(Assignment {
            number,
            department: handler.department.clone(),
            part: handler.part,
            standing: Standing::Pending,
            note: handler.note.clone(),
            assigned_on: on,
            accepted_on: None,
            hand_back: None,
            ended_on: None,
            opinion: None,
            opinion_rejected: None,
            binding: handler.binding,
            draft: None,
        });
    }
}

pub(super) fn accepted(case: &mut Case, number: u32, on: Day) {
    if let Some(assignment) = case.assignment_mut(number) {
        assignment.standing = Standing::Accepted;
        assignment.accepted_on = Some(on);
    }
}
