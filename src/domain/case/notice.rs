//! Notices on a case 三单: reminders, warnings and supervision orders, their answers, and what the issuer says of these.
//!
//! Most go out by the policy's ladder (`domain/ladder/`), some by hand. A notice is no step of the case: it moves no day
//! that later paper is measured by, and stops no clock.

use super::{Assignment, Case, Context, Event, Mark, Number, Promise, Refusal, Rejection, procedure::Hand};
use crate::domain::{
    actor::{Author, Role},
    day::Day,
    ladder::{self, Addressee, Cause, Issued, Urged},
    say::Say,
    text::{Line, Note},
    words::{Channel, NoticeStanding, Rung},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Who issued a notice, and says whether its answer will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Issuer {
    /// By the policy's ladder; the committee speaks for it.
    Ladder,
    Committee,
    GovernmentOffice,
}

/// The leader whom a notice names: it is brought to him, or goes out under his name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Leader {
    #[schema(value_type = String, example = "分管副主任")]
    pub title: Line,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "张某某")]
    pub name: Option<Line>,
}

/// A notice as it went out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NoticeIssue {
    /// 编号: without gaps within a congress, year and rung.
    pub document: Number,
    pub rung: Rung,
    /// The policy's name of the rung, where it went out by the ladder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The duty that it urges, where it went out by the ladder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// The duty's day as it stood then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Day>,
    pub to: Addressee,
    pub reason: Note,
    /// The last day for an answer, where one is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leader: Option<Leader>,
}

/// A notice as it is asked for by hand.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeOrder {
    pub rung: Rung,
    /// The department's part of the case; or the promise, below.
    #[serde(default)]
    pub assignment: Option<u32>,
    /// The promise whose keeper is urged, whether it has a part of the case or not.
    #[serde(default)]
    pub commitment: Option<u32>,
    pub reason: Note,
    /// The last day for the answer. A warning and a supervision order name one.
    #[serde(default)]
    pub answer_by: Option<Day>,
    /// For a supervision order: under whose name it goes out, with title and name.
    #[serde(default)]
    pub leader: Option<Leader>,
}

/// What the department answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeAnswer {
    /// What was done.
    pub done: Note,
    /// By when the rest will be; left out, nothing is left to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_by: Option<Day>,
}

/// What the issuer says of the answer 销号.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeDecision {
    /// Strikes the notice off; or asks again.
    pub accepted: bool,
    /// Needed where an answer is refused, and where a notice is struck off without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Note>,
    /// Until when another answer is asked for; as before if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Day>,
}

/// An answer in the notice's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NoticeAnswered {
    pub answer: NoticeAnswer,
    pub by: String,
    pub on: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Note>,
}

/// A notice in the case's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Notice {
    /// Its number within the case, from 1.
    pub number: u32,
    #[serde(flatten)]
    pub issue: NoticeIssue,
    pub issuer: Issuer,
    pub issued_on: Day,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<NoticeAnswered>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<Day>,
    /// Why it was struck off without an answer, or what was said of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_for: Option<Note>,
}

impl NoticeIssue {
    /// Whom the event is for.
    pub(super) fn mark(&self) -> Mark {
        let told = self.cause.as_ref().is_none_or(|cause| cause.matter.is_told_to_signers());
        match (&self.to, self.to.urged()) {
            (_, Some(urged)) if told => Mark::Urged(urged),
            (_, Some(urged)) => Mark::Notice(urged),
            (Addressee::Deputy { .. }, None) => Mark::Reminder,
            _ => Mark::OfficeNotice,
        }
    }
}

impl Notice {
    pub fn mark(&self) -> Mark {
        self.issue.mark()
    }

    /// The answer that waits for the issuer's word.
    pub fn pending_answer(&self) -> Option<&NoticeAnswered> {
        self.answers.last().filter(|it| it.refused.is_none() && self.closed_on.is_none())
    }

    pub(in crate::domain) fn decide(&mut self, decision: &NoticeDecision, on: Day) {
        if decision.accepted {
            self.closed_on = Some(on);
            self.closed_for.clone_from(&decision.reason);
            return;
        }
        if let Some(latest) = self.answers.last_mut() {
            latest.refused.clone_from(&decision.reason);
        }
        self.issue.answer_by = decision.answer_by.or(self.issue.answer_by);
    }

    /// As the ladder asks for it; nothing of one that went out by hand.
    pub fn climbed(&self, standing: NoticeStanding) -> Option<Issued<'_>> {
        let (cause, step) = (self.issue.cause?, self.issue.step.as_deref()?);
        Some(Issued { cause, step, standing, answer_by: self.issue.answer_by })
    }

    /// Whether the department that was urged has nothing to do with it any more.
    fn is_somebody_elses(&self, case: &Case) -> bool {
        match &self.issue.to {
            Addressee::Department { assignment: Some(number), .. } => {
                case.assignment(*number).is_some_and(|it| !it.is_open())
            }
            Addressee::Department { commitment: Some(number), department, .. } => {
                let keeper = case.commitment(*number).and_then(|it| it.keeper(case));
                keeper.is_none_or(|it| it.id != department.id)
            }
            _ => false,
        }
    }

    /// How it stands in a case.
    pub fn standing(&self, case: &Case) -> NoticeStanding {
        let gone = case.has_ended_early() || self.is_somebody_elses(case);
        let done = self.issue.cause.as_ref().is_some_and(|cause| ladder::is_over(case, cause));
        self.stands(gone, done)
    }

    /// How it stands, given whether its addressee has nothing to do with it any more, and whether what it urged was
    /// done: a reminder ends with that, a warning and an order are answered all the same.
    pub fn stands(&self, gone: bool, done: bool) -> NoticeStanding {
        match (self.closed_on, self.pending_answer()) {
            (Some(_), _) => NoticeStanding::Closed,
            _ if gone || (done && self.issue.rung == Rung::Reminder) => NoticeStanding::Lapsed,
            (None, Some(_)) => NoticeStanding::Answered,
            (None, None) => NoticeStanding::Open,
        }
    }
}

impl Case {
    pub fn notice(&self, number: u32) -> Option<&Notice> {
        self.notices.iter().find(|it| it.number == number)
    }

    /// The notices that went out by the ladder, as the ladder asks for them.
    pub fn climbed(&self) -> Vec<Issued<'_>> {
        self.notices.iter().filter_map(|it| it.climbed(it.standing(self))).collect()
    }
}

/// A notice by hand, under the number that the office drew for it.
pub(super) fn issue(
    case: &Case,
    order: NoticeOrder,
    document: Number,
    context: Context<'_>,
) -> Result<Event, Rejection> {
    let by_office = context.actor.role == Role::GovernmentOffice;
    let of_government = |to: &Addressee| to.department().is_some_and(|it| it.channel == Channel::Government);
    let Some(to) = addressee(case, &order).filter(|to| !by_office || of_government(to)) else {
        return Err(match order.commitment {
            None => Rejection::invalid(
                "/assignment",
                "须为本件现有承办单位（政府办只向政府部门发出）",
                "must be the open part of a department; of the government, where its office issues it",
            ),
            Some(_) => Rejection::invalid(
                "/commitment",
                "须为未了的承诺事项，且不与承办单位同时写（政府办只向政府部门发出）",
                "must be a promise that is not over, and named without a part; of the government, where its office issues it",
            ),
        });
    };
    if by_office && order.rung != Rung::Reminder {
        return Err(Rejection::invalid(
            "/rung",
            "政府办可以发提示单；警示单、督办单由代表工委发出",
            "the government office reminds; warnings and supervision orders are the committee's",
        ));
    }
    match order.answer_by {
        Some(by) if by <= context.on => {
            return Err(Rejection::invalid(
                "/answer_by",
                "须晚于发出之日",
                "must be later than the day of issue",
            ));
        }
        None if order.rung != Rung::Reminder => {
            return Err(Rejection::invalid(
                "/answer_by",
                "警示单、督办单须写明反馈期限",
                "a warning and a supervision order name a day for the answer",
            ));
        }
        _ => {}
    }
    let named = order.leader.as_ref().is_some_and(|leader| leader.name.is_some());
    if order.rung == Rung::SupervisionOrder && !named {
        return Err(Rejection::invalid(
            "/leader",
            "督办单须写明签发领导的职务和姓名",
            "a supervision order goes out under a leader's title and name",
        ));
    }
    let NoticeOrder { rung, assignment: _, commitment: _, reason, answer_by, leader } = order;
    let issue =
        NoticeIssue { document, rung, step: None, cause: None, due: None, to, reason, answer_by, leader };
    Ok(Event::NoticeIssued { notice: issue })
}

/// Whom an order by hand goes to.
fn addressee(case: &Case, order: &NoticeOrder) -> Option<Addressee> {
    match (order.assignment, order.commitment) {
        (Some(number), None) => case.assignment(number).filter(|it| it.is_open()).map(Addressee::part),
        (None, Some(number)) => {
            let promise = case.commitment(number).filter(|it| it.is_open() && !it.is_kept())?;
            Addressee::keeper(case, promise)
        }
        _ => None,
    }
}

pub(super) fn answer(case: &Case, number: u32, answer: NoticeAnswer, on: Day) -> Result<Event, Rejection> {
    if answer.finished_by.is_some_and(|by| by < on) {
        return Err(Rejection::invalid("/finished_by", "不得早于今天", "must not lie in the past"));
    }
    Ok(Event::NoticeAnswered { notice: number, urged: urged(case, number)?, answer })
}

pub(super) fn decide(
    case: &Case,
    number: u32,
    decision: NoticeDecision,
    context: Context<'_>,
) -> Result<Event, Rejection> {
    let urged = urged(case, number)?;
    let answered = case.notice(number).is_some_and(|it| it.pending_answer().is_some());
    decision.holds(answered, context.on.date())?;
    Ok(Event::NoticeDecided { notice: number, urged, decision })
}

impl NoticeDecision {
    /// Whether the form fits a notice that was answered, or was not.
    pub fn holds(&self, answered: bool, on: NaiveDate) -> Result<(), Rejection> {
        if !answered && !self.accepted {
            return Err(nothing_answered().into());
        }
        if self.reason.is_none() && !(answered && self.accepted) {
            return Err(Rejection::invalid(
                "/reason",
                "退回反馈，或者未经反馈即销号的，应当说明理由",
                "an answer that is refused, and a notice struck off without one, need a reason",
            ));
        }
        if self.answer_by.is_some_and(|by| self.accepted || by.date() <= on) {
            return Err(Rejection::invalid(
                "/answer_by",
                "退回反馈时可另定反馈期限，须晚于今天",
                "names a later day where another answer is asked for",
            ));
        }
        Ok(())
    }
}

/// Only what went to a department is answered and struck off.
fn urged(case: &Case, number: u32) -> Result<Urged, Refusal> {
    let found = case.notice(number).and_then(|it| it.issue.to.urged());
    found.ok_or_else(|| {
        Refusal::new(
            "not_a_departments",
            Say::new(
                "这份提示不发给承办单位，办毕即自行失效",
                "this reminder is no department's; it ends with what it urges",
            ),
            &[],
        )
    })
}

/// Whether there is anybody to urge.
pub(super) fn somebody_has_it(case: &Case) -> Result<(), Refusal> {
    let kept = |it: &Promise| it.is_open() && it.keeper(case).is_some();
    if case.assignments.iter().any(Assignment::is_open) || case.commitments.iter().any(kept) {
        return Ok(());
    }
    Err(Refusal::new(
        "nobody_has_it",
        Say::new("本件没有承办单位", "no department has the case in hand"),
        &[Hand::Committee, Hand::GovernmentOffice],
    ))
}

/// Whether the notice waits for an answer.
pub(super) fn awaits_answer(case: &Case, number: Option<u32>) -> Result<(), Refusal> {
    match standing(case, number) {
        Some(NoticeStanding::Open) => Ok(()),
        Some(NoticeStanding::Answered) => Err(Refusal::new(
            "notice_answered",
            Say::new("已反馈，待发出单位研究", "was answered; the issuer has not decided yet"),
            &[Hand::Committee, Hand::GovernmentOffice],
        )),
        _ => Err(is_closed()),
    }
}

/// Whether the caller may say what becomes of it.
pub(super) fn awaits_decision(case: &Case, number: Option<u32>, context: Context<'_>) -> Result<(), Refusal> {
    let notice = number.and_then(|it| case.notice(it));
    if !matches!(standing(case, number), Some(NoticeStanding::Open | NoticeStanding::Answered)) {
        return Err(is_closed());
    }
    let others = notice.is_some_and(|it| it.issuer != Issuer::GovernmentOffice);
    if others && context.actor.role == Role::GovernmentOffice {
        return Err(Refusal::new(
            "not_the_issuer",
            Say::new("由发出单位销号", "whoever issued it strikes it off"),
            &[Hand::Committee],
        ));
    }
    Ok(())
}

fn standing(case: &Case, number: Option<u32>) -> Option<NoticeStanding> {
    number.and_then(|it| case.notice(it)).map(|it| it.standing(case))
}

fn is_closed() -> Refusal {
    Refusal::new(
        "notice_closed",
        Say::new("已销号或者已失效", "is struck off, or has lapsed"),
        &[Hand::Committee],
    )
}

fn nothing_answered() -> Refusal {
    Refusal::new(
        "notice_not_answered",
        Say::new("承办单位尚未反馈", "the department has not answered"),
        &[Hand::LeadHandler, Hand::CoHandler, Hand::Holder],
    )
}

pub(super) fn issued(case: &mut Case, issue: &NoticeIssue, author: &Author, on: Day) {
    let number = case.notices.last().map_or(1, |it| it.number + 1);
    let issuer = match author.role.as_str() {
        "system" => Issuer::Ladder,
        "government_office" => Issuer::GovernmentOffice,
        _ => Issuer::Committee,
    };
    case.notices.push(Notice {
        number,
        issue: issue.clone(),
        issuer,
        issued_on: on,
        answers: Vec::new(),
        closed_on: None,
        closed_for: None,
    });
}

pub(super) fn answered(case: &mut Case, number: u32, answer: &NoticeAnswer, by: &str, on: Day) {
    if let Some(notice) = case.notices.iter_mut().find(|it| it.number == number) {
        notice.answers.push(NoticeAnswered { answer: answer.clone(), by: by.to_owned(), on, refused: None });
    }
}

pub(super) fn decided(case: &mut Case, number: u32, decision: &NoticeDecision, on: Day) {
    if let Some(notice) = case.notices.iter_mut().find(|it| it.number == number) {
        notice.decide(decision, on);
    }
}
