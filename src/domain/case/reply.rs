//! The reply 答复: what the department answers, in which class, and what it promises.

use super::{Assignment, Case, Context, Event, Refusal, Rejection, at_most, commitment, procedure::Hand};
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
    /// An answer to each ask that the deputy listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<AskAnswer>,
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
    /// The department or office that keeps it, where it is not the whole department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsible: Option<Line>,
}

/// What is answered to one ask, in a class of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskAnswer {
    /// The ask's number, from 1.
    pub ask: u32,
    #[schema(example = "A")]
    pub class: String,
    pub text: Note,
}

/// Why a letter was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Occasion {
    /// The answer to the case, or to a rejection.
    #[default]
    Answer,
    /// A new version of a letter that was wrong 更正; the old one stays.
    Correction { of: u32, reason: Note },
    /// A second answer once a promise is kept 再次答复.
    FollowUp,
}

impl Occasion {
    pub(super) fn is_answer(&self) -> bool {
        *self == Occasion::Answer
    }
}

/// A letter that replaces the latest one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyCorrection {
    pub reason: Note,
    pub letter: ReplyLetter,
}

/// A class that held, and from when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ClassHeld {
    pub class: String,
    pub since: Day,
    /// `reply`, `follow_up`, `dispute` or `revisit`, and its number.
    pub by: String,
    pub number: u32,
}

/// A letter in the case's file; none is ever overwritten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reply {
    /// From 1, in the order in which they were sent.
    pub number: u32,
    pub assignment: u32,
    pub on: Day,
    pub letter: ReplyLetter,
    #[serde(default, skip_serializing_if = "Occasion::is_answer")]
    pub occasion: Occasion,
}

impl Reply {
    /// Whether the deputy judges it: a final answer. A correction is the same answer in better words, and what
    /// follows on a kept promise is judged with the promise.
    pub fn is_judged(&self) -> bool {
        !self.letter.interim && self.occasion == Occasion::Answer
    }

    /// The answer that it is a version of.
    fn answer(&self) -> u32 {
        match self.occasion {
            Occasion::Correction { of, .. } => of,
            Occasion::Answer | Occasion::FollowUp => self.number,
        }
    }

    /// Whether a later version took its place.
    pub fn is_replaced(&self, case: &Case) -> bool {
        case.replies.iter().any(|r| r.number > self.number && r.answer() == self.answer())
    }
}

pub(super) fn reply(
    case: &Case,
    assignment: u32,
    letter: ReplyLetter,
    context: Context<'_>,
) -> Result<Event, Rejection> {
    if !letter.interim {
        opinions_are_in(case, context)?;
    }
    holds(case, assignment, &letter, context)?;
    Ok(Event::Replied { assignment, letter, occasion: Occasion::Answer })
}

/// A new version of the latest letter.
pub(super) fn correct(
    case: &Case,
    assignment: u32,
    correction: ReplyCorrection,
    context: Context<'_>,
) -> Result<Event, Rejection> {
    let within = |rejection| match rejection {
        Rejection::Invalid { pointer, detail } => {
            Rejection::Invalid { pointer: format!("/letter{pointer}"), detail }
        }
        refused => refused,
    };
    if correction.letter.interim {
        return Err(Rejection::invalid("/letter/interim", "更正的是正式答复", "a final reply is corrected"));
    }
    holds(case, assignment, &correction.letter, context).map_err(within)?;
    let latest = case.replies.iter().rev().find(|r| r.assignment == assignment && r.is_judged());
    let of = latest.map_or(0, |r| r.number);
    if latest.is_some_and(|r| r.letter.class != correction.letter.class) {
        // Else it would be the place to learn whether the deputy has judged, and to answer otherwise than he was told.
        return Err(Rejection::invalid(
            "/letter/class",
            "更正不改变办理结果分类；结果有变的，待承诺落实后再次答复",
            "a correction keeps the class; another result takes another answer",
        ));
    }
    let occasion = Occasion::Correction { of, reason: correction.reason };
    Ok(Event::Replied { assignment, letter: correction.letter, occasion })
}

/// A second answer once a promise is kept: it carries the class that holds from now on.
pub(super) fn follow_up(
    case: &Case,
    assignment: u32,
    letter: ReplyLetter,
    context: Context<'_>,
) -> Result<Event, Rejection> {
    if letter.interim {
        return Err(Rejection::invalid("/interim", "再次答复是正式答复", "a second answer is final"));
    }
    holds(case, assignment, &letter, context)?;
    Ok(Event::Replied { assignment, letter, occasion: Occasion::FollowUp })
}

/// Whether a letter says what the policy asks of one.
pub(super) fn holds(
    case: &Case,
    assignment: u32,
    letter: &ReplyLetter,
    context: Context<'_>,
) -> Result<(), Rejection> {
    let known = || context.policy.classes.iter().map(|c| c.id.as_str()).collect::<Vec<_>>().join(", ");
    let unknown = |class: &str| context.policy.class(class).is_none();
    let not_a_class = |pointer: String| {
        Rejection::invalid(
            pointer,
            format!("办理结果分类须为 {} 之一", known()),
            format!("must be one of {}", known()),
        )
    };
    match &letter.class {
        Some(class) if unknown(class) => return Err(not_a_class("/class".to_owned())),
        None if !letter.interim => {
            return Err(Rejection::invalid(
                "/class",
                format!("正式答复须注明办理结果分类（{}）", known()),
                format!("a final reply needs a result class ({})", known()),
            ));
        }
        _ => {}
    }
    if let Some(index) = letter.answers.iter().position(|answer| unknown(&answer.class)) {
        return Err(not_a_class(format!("/answers/{index}/class")));
    }
    asks_are_answered(case, assignment, letter, context)?;
    promises_what_its_class_needs(letter, context)?;
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
    Ok(())
}

/// A separate handler answers the asks of its own share; the last of them completes the set.
fn others_are_to_answer(case: &Case, assignment: u32) -> bool {
    case.empty_shares > 0
        || case.answerers().any(|a| a.number != assignment && a.standing != Standing::Replied)
}

/// A final reply answers each listed ask once.
fn asks_are_answered(
    case: &Case,
    assignment: u32,
    letter: &ReplyLetter,
    context: Context<'_>,
) -> Result<(), Rejection> {
    let asks = u32::try_from(case.asks.len()).unwrap_or(u32::MAX);
    for (index, answer) in letter.answers.iter().enumerate() {
        let twice = letter.answers[..index].iter().any(|earlier| earlier.ask == answer.ask);
        if twice || !(1..=asks).contains(&answer.ask) {
            return Err(Rejection::invalid(
                format!("/answers/{index}/ask"),
                format!("须为 1 至 {asks} 中尚未答复的一条"),
                format!("must be one of the asks 1 to {asks}, each once"),
            ));
        }
    }
    if letter.interim || context.actor.role == Role::Import || others_are_to_answer(case, assignment) {
        return Ok(());
    }
    let answered = |ask: &u32| {
        let others = case.answerers().filter(|a| a.number != assignment);
        let latest = others.filter_map(|a| case.latest_letter(a.number));
        let mut letters = latest.chain([letter]);
        letters.any(|l| l.answers.iter().any(|answer| answer.ask == *ask))
    };
    match (1..=asks).find(|ask| !answered(ask)) {
        None => Ok(()),
        Some(ask) => Err(Rejection::invalid(
            "/answers",
            format!("代表逐条提出了 {asks} 项具体意见，第 {ask} 项尚未答复"),
            format!("the deputy listed {asks} asks; ask {ask} has no answer"),
        )),
    }
}

/// Where the policy says so, a class that is about the future comes with a promise.
fn promises_what_its_class_needs(letter: &ReplyLetter, context: Context<'_>) -> Result<(), Rejection> {
    let class = letter.class.as_deref().and_then(|class| context.policy.class(class));
    let Some(class) = class.filter(|class| class.promises && letter.commitments.is_empty()) else {
        return Ok(());
    };
    if letter.interim || context.actor.role == Role::Import {
        return Ok(());
    }
    Err(Rejection::invalid(
        "/commitments",
        format!("{}：{}类答复须写明承诺事项和完成时限", class.clause, class.id),
        format!("{}: class {} needs a promise with its day", class.clause, class.id),
    ))
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

pub(super) fn replied(case: &mut Case, number: u32, letter: &ReplyLetter, occasion: &Occasion, on: Day) {
    let reply = case.replies.last().map_or(1, |r| r.number + 1);
    let (letter, occasion) = (letter.clone(), occasion.clone());
    // What it asked for itself is settled with its answer.
    case.extension.take_if(|it| it.is_pending() && it.assignment == number && !letter.interim);
    commitment::promised(case, reply, number, &letter.commitments, on);
    let follows_up = occasion == Occasion::FollowUp;
    if let Some(assignment) = case.assignment_mut(number) {
        assignment.draft.take_if(|draft| !letter.interim || draft.is_of(&letter));
    }
    case.replies.push(Reply { number: reply, assignment: number, on, letter, occasion });
    commitment::replaced(case);
    if case.replies.last().is_some_and(|r| r.letter.interim) {
        return;
    }
    if let Some(assignment) = case.assignment_mut(number) {
        assignment.standing = Standing::Replied;
    }
    if follows_up {
        if let Some(class) = case.class_replied() {
            hold(case, class, FOLLOW_UP, reply, on);
        }
        return;
    }
    answered_by_all(case, on);
}

/// How the record of classes names what a second answer brought.
pub(super) const FOLLOW_UP: &str = "follow_up";

/// The case is answered with the last of the departments that answer for it.
pub(super) fn answered_by_all(case: &mut Case, on: Day) {
    let waits = case.empty_shares > 0
        || case.answering().is_none()
        || case.answerers().any(|a| a.standing != Standing::Replied);
    if waits {
        return;
    }
    case.stage = Stage::Replied;
    case.answered_on.get_or_insert(on);
    let reply = case.replies.last().map_or(0, |r| r.number);
    if let Some(class) = case.class_replied() {
        hold(case, class, "reply", reply, on);
    }
}

/// The class in force from now on; what held before stays on record.
pub(super) fn hold(case: &mut Case, class: String, by: &str, number: u32, on: Day) {
    if case.class.as_ref() != Some(&class) {
        case.classes.push(ClassHeld { class: class.clone(), since: on, by: by.to_owned(), number });
    }
    case.class = Some(class);
}

impl Case {
    /// The class that the answering departments' latest final letters give the case: of several, the last of the
    /// policy's letters, since a matter is no further than its slowest part.
    fn class_replied(&self) -> Option<String> {
        let latest = |it: &Assignment| self.latest_letter(it.number)?.class.clone();
        self.answerers().filter_map(latest).max()
    }

    /// The latest final letter of an assignment.
    fn latest_letter(&self, assignment: u32) -> Option<&ReplyLetter> {
        let mut letters = self.replies.iter().rev().filter(|r| r.assignment == assignment);
        letters.find(|r| !r.letter.interim).map(|r| &r.letter)
    }
}
