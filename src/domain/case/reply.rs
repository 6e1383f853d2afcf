//! The reply 答复: what the department answers, in which class, and what it promises.

use super::{Case, Context, Event, Refusal, Rejection, at_most, procedure::Hand};
use crate::domain::{
    actor::Role,
    day::Day,
    deadline,
    say::Say,
    text::{Body, Line, Note},
    words::{Part, Publicity, Stage, Standing},
};
use serde::{Deserialize, Serialize};

/// A letter of reply as the department sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyLetter {
    /// The result class 办理结果分类, one of the policy's; an interim reply may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "A")]
    pub class: Option<String>,
    pub text: Body,
    /// 文号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "吴交〔2024〕12号")]
    pub document_number: Option<Line>,
    /// 签发人
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<Line>,
    /// 联系人
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Line>,
    #[serde(default = "full")]
    pub publicity: Publicity,
    /// What the co-handlers said 会办意见; required where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinions_stated: Option<Note>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commitments: Vec<Commitment>,
    /// An interim reply 阶段性答复 informs; it does not meet the term.
    #[serde(default)]
    pub interim: bool,
}

fn full() -> Publicity {
    Publicity::Full
}

/// A promise 承诺事项.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    pub text: Note,
    pub due_on: Day,
}

/// A letter in the case's file; none is ever overwritten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reply {
    /// From 1, in the order in which they were sent.
    pub number: u32,
    pub assignment: u32,
    pub on: Day,
    pub letter: ReplyLetter,
}

pub(super) fn reply(
    case: &Case,
    assignment: u32,
    letter: ReplyLetter,
    context: Context<'_>,
) -> Result<Event, Rejection> {
    let known = || context.policy.classes.iter().map(|c| c.id.as_str()).collect::<Vec<_>>().join(", ");
    match &letter.class {
        Some(class) if context.policy.class(class).is_none() => {
            return Err(Rejection::invalid(
                "/class",
                format!("办理结果分类须为 {} 之一", known()),
                format!("must be one of {}", known()),
            ));
        }
        None if !letter.interim => {
            return Err(Rejection::invalid(
                "/class",
                format!("正式答复须注明办理结果分类（{}）", known()),
                format!("a final reply needs a result class ({})", known()),
            ));
        }
        _ => {}
    }
    if !letter.interim {
        opinions_are_in(case, context)?;
    }
    let helped = case.assignments.iter().any(|a| a.part == Part::Co && a.is_open());
    if helped && !letter.interim && letter.opinions_stated.is_none() {
        return Err(Rejection::invalid(
            "/opinions_stated",
            "有会办单位的，答复须说明会办意见",
            "the reply must state the co-handlers' opinions",
        ));
    }
    at_most("/commitments", letter.commitments.len())?;
    if let Some(index) = letter.commitments.iter().position(|c| c.due_on < context.on) {
        return Err(Rejection::invalid(
            format!("/commitments/{index}/due_on"),
            "承诺期限不得早于答复日期",
            "a promise cannot be due before the reply",
        ));
    }
    Ok(Event::Replied { assignment, letter })
}

/// A final reply states what the co-handlers said; past its due date, a co-handler's silence is visible and does not
/// block.
fn opinions_are_in(case: &Case, context: Context<'_>) -> Result<(), Refusal> {
    if context.actor.role == Role::Import {
        // A ledger on paper does not say when opinions came.
        return Ok(());
    }
    let awaited = case.assignments.iter().find(|a| {
        let silent = a.part == Part::Co && a.is_open() && a.opinion.is_none();
        let due = || deadline::opinion(case, a, context.policy, context.calendar);
        silent && due().is_some_and(|due| context.on <= due)
    });
    match awaited {
        None => Ok(()),
        Some(co) => Err(Refusal::new(
            "opinion_awaited",
            Say::new(
                format!("{}的会办意见尚未到期，也尚未提出", co.department.name),
                format!("the opinion of {} is neither given nor overdue", co.department.name),
            ),
            &[Hand::CoHandler],
        )),
    }
}

pub(super) fn replied(case: &mut Case, number: u32, letter: &ReplyLetter, on: Day) {
    let reply = case.replies.last().map_or(1, |r| r.number + 1);
    case.replies.push(Reply { number: reply, assignment: number, on, letter: letter.clone() });
    if letter.interim {
        return;
    }
    case.stage = Stage::Replied;
    case.class.clone_from(&letter.class);
    if let Some(assignment) = case.assignment_mut(number) {
        assignment.standing = Standing::Replied;
    }
}
