//! Commitments 承诺事项: what a reply promised, what became of it, and what the deputy says of that.

use super::{
    Case, Event, Rejection,
    reply::{self, Commitment},
};
use crate::domain::{day::Day, text::Note, words::Progress};
use serde::{Deserialize, Serialize};

/// A promise in the case's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Promise {
    /// Its number within the case, from 1.
    pub number: u32,
    /// The reply that made it.
    pub reply: u32,
    /// The department's assignment that answers for it.
    pub assignment: u32,
    pub promised: Commitment,
    pub reports: Vec<Reported>,
    /// The letter that made it was corrected; what the other one promises stands instead.
    pub replaced: bool,
}

/// What the department reports of a promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitmentReport {
    pub progress: Progress,
    pub text: Note,
    /// What shows it: a document, a photograph among the attachments, a place to see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Note>,
    /// Numbers of the case's attachments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<u32>,
}

/// What the deputy says of the latest report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitmentJudgement {
    pub confirmed: bool,
    /// Required when the report is disputed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Note>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reported {
    pub report: CommitmentReport,
    pub on: Day,
    pub judgement: Option<CommitmentJudgement>,
    pub judged_on: Option<Day>,
}

impl Promise {
    pub fn latest(&self) -> Option<&Reported> {
        self.reports.last()
    }

    /// Reported as kept, and not disputed.
    pub fn is_kept(&self) -> bool {
        self.latest().is_some_and(|it| {
            it.report.progress == Progress::Kept && it.judgement.as_ref().is_none_or(|j| j.confirmed)
        })
    }

    /// The day on which it was reported kept.
    pub fn kept_on(&self) -> Option<Day> {
        self.latest().filter(|_| self.is_kept()).map(|it| it.on)
    }
}

pub(super) fn report(case: &Case, number: u32, report: CommitmentReport) -> Result<Event, Rejection> {
    super::at_most("/attachments", report.attachments.len())?;
    // Its own department's papers; of others' it may not even know.
    let own = case.commitment(number).map(|p| p.assignment);
    let unknown = |n: &u32| !case.attachments.iter().any(|a| a.number == *n && a.assignment == own);
    if let Some(index) = report.attachments.iter().position(unknown) {
        return Err(Rejection::invalid(
            format!("/attachments/{index}"),
            "不是本单位在本件上的附件",
            "is no attachment of this department to the case",
        ));
    }
    Ok(Event::CommitmentReported { commitment: number, report })
}

pub(super) fn judge(number: u32, judgement: CommitmentJudgement) -> Result<Event, Rejection> {
    if !judgement.confirmed && judgement.text.is_none() {
        return Err(Rejection::invalid(
            "/text",
            "有异议的，应当填写具体意见",
            "a disputed report needs its reasons",
        ));
    }
    Ok(Event::CommitmentJudged { commitment: number, judgement })
}

pub(super) fn promised(case: &mut Case, reply: u32, assignment: u32, commitments: &[Commitment]) {
    for promised in commitments {
        let number = case.commitments.last().map_or(1, |p| p.number + 1);
        let promised = promised.clone();
        case.commitments.push(Promise {
            number,
            reply,
            assignment,
            promised,
            reports: Vec::new(),
            replaced: false,
        });
    }
}

/// A corrected letter's promises stand no longer, unless they were reported against.
pub(super) fn replaced(case: &mut Case) {
    let replaced = |number: u32| case.replies.iter().any(|r| r.number == number && r.is_replaced(case));
    let gone: Vec<u32> = case.replies.iter().map(|r| r.number).filter(|n| replaced(*n)).collect();
    let unreported = |p: &&mut Promise| p.reports.is_empty() && gone.contains(&p.reply);
    case.commitments.iter_mut().filter(unreported).for_each(|p| p.replaced = true);
}

pub(super) fn reported(case: &mut Case, number: u32, report: &CommitmentReport, on: Day) {
    if let Some(promise) = case.commitments.iter_mut().find(|p| p.number == number) {
        promise.reports.push(Reported { report: report.clone(), on, judgement: None, judged_on: None });
    }
}

pub(super) fn judged(case: &mut Case, number: u32, judgement: &CommitmentJudgement, on: Day) {
    let promise = case.commitments.iter_mut().find(|p| p.number == number);
    if let Some(latest) = promise.and_then(|p| p.reports.last_mut()) {
        latest.judgement = Some(judgement.clone());
        latest.judged_on = Some(on);
    }
    // A better class that rested on a promise does not outlive its dispute.
    let before = case.classes.iter().rev().nth(1).map(|held| held.class.clone());
    let rested = case.classes.last().is_some_and(|held| held.by == reply::FOLLOW_UP);
    if let (false, true, Some(class)) = (judgement.confirmed, rested, before) {
        reply::hold(case, class, "dispute", number, on);
    }
}
