//! Motions 议案: what the presidium 主席团 decides, and what a committee reports back.

use super::{Case, ConfidentialityForm, Event, PolicyRef, Rejection, submission::Draft};
use crate::domain::{
    day::Day,
    ids::CaseId,
    text::{Body, Line, Note},
    words::{Kind, MotionOutcome, Stage},
};
use serde::{Deserialize, Serialize};

/// The presidium's decision, entered by the committee's staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MotionDecision {
    pub outcome: MotionOutcome,
    /// The meeting that decided, e.g. 主席团第三次会议.
    pub meeting: Line,
    /// The committee 专门委员会 that is to examine it; needed with `committee`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub committee: Option<Line>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Note>,
}

/// The committee's report on the motion 审议结果报告.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MotionReport {
    /// `agenda`, `conversion` or `no_agenda`.
    pub outcome: MotionOutcome,
    pub text: Body,
    /// The meeting that decided on the report; needed with `agenda` and `conversion`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<Line>,
}

/// What became of a motion, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MotionStep {
    pub outcome: MotionOutcome,
    pub on: Day,
    pub meeting: Option<Line>,
    pub committee: Option<Line>,
    pub text: Option<Body>,
    /// The suggestion that it became.
    pub suggestion: Option<CaseId>,
}

pub(super) fn decide(decision: MotionDecision, suggestion: Option<CaseId>) -> Result<Event, Rejection> {
    match (decision.outcome, &decision.committee) {
        (MotionOutcome::NoAgenda, _) => Err(Rejection::invalid(
            "/outcome",
            "主席团决定须为 agenda（列入议程）、committee（交专门委员会）或 conversion（转为建议）",
            "the presidium decides agenda, committee or conversion",
        )),
        (MotionOutcome::Committee, None) => Err(Rejection::invalid(
            "/committee",
            "请写明交哪个专门委员会审议",
            "name the committee that is to examine the motion",
        )),
        (outcome, _) => Ok(Event::MotionDecided {
            suggestion: suggestion.filter(|_| outcome == MotionOutcome::Conversion),
            decision,
        }),
    }
}

pub(super) fn report(report: MotionReport, suggestion: Option<CaseId>) -> Result<Event, Rejection> {
    if report.outcome == MotionOutcome::Committee {
        return Err(Rejection::invalid(
            "/outcome",
            "审议结果须为 agenda（列入议程）、conversion（转为建议）或 no_agenda（不列入议程）",
            "a committee's report proposes agenda, conversion or no_agenda",
        ));
    }
    if report.outcome != MotionOutcome::NoAgenda && report.meeting.is_none() {
        return Err(Rejection::invalid(
            "/meeting",
            "委员会提出审议意见，由会议决定；请写明决定的会议",
            "a committee proposes, a meeting decides; name the one that decided",
        ));
    }
    let suggestion = suggestion.filter(|_| report.outcome == MotionOutcome::Conversion);
    Ok(Event::MotionReported { report, suggestion })
}

pub(super) fn decided(case: &mut Case, decision: &MotionDecision, suggestion: Option<CaseId>, on: Day) {
    case.stage = stage(decision.outcome);
    case.motion.push(MotionStep {
        outcome: decision.outcome,
        on,
        meeting: Some(decision.meeting.clone()),
        committee: decision.committee.clone(),
        text: None,
        suggestion,
    });
}

pub(super) fn reported(case: &mut Case, report: &MotionReport, suggestion: Option<CaseId>, on: Day) {
    case.stage = stage(report.outcome);
    let committee = case.motion.last().and_then(|step| step.committee.clone());
    case.motion.push(MotionStep {
        outcome: report.outcome,
        on,
        meeting: report.meeting.clone(),
        committee,
        text: Some(report.text.clone()),
        suggestion,
    });
}

fn stage(outcome: MotionOutcome) -> Stage {
    match outcome {
        MotionOutcome::Agenda => Stage::OnAgenda,
        MotionOutcome::Committee => Stage::Referred,
        MotionOutcome::Conversion => Stage::Converted,
        MotionOutcome::NoAgenda => Stage::Examined,
    }
}

/// The suggestion that a motion became: the same matter, signers and session; what it was stays linked.
pub fn suggestion(motion: &Case, id: CaseId) -> Option<Vec<Event>> {
    let draft = Draft {
        id,
        congress: motion.congress.clone(),
        kind: Kind::Suggestion,
        title: motion.title.clone(),
        body: motion.body.clone(),
        category: motion.category.clone(),
        lead: motion.lead.clone(),
        co_signers: motion.co_signers.clone(),
        invited: Vec::new(),
        asks: motion.asks.clone(),
        delegation: motion.delegation.clone(),
        lead_delegation: motion.lead_delegation.clone(),
        converted_from: Some(motion.id),
    };
    let policy: PolicyRef = motion.policy.clone()?;
    let submitted = Event::Submitted { session: motion.session.clone()?, origin: motion.origin?, policy };
    // What is a secret in one paper is one in the other.
    let kept = motion.confidential.as_ref().map(|it| Event::ConfidentialityDecided {
        form: ConfidentialityForm { confidential: true, reason: it.reason.clone() },
    });
    // The papers belong to the matter; a digest names the same bytes from both.
    let papers = motion.attachments.iter().filter(|a| a.assignment.is_none());
    let papers = papers.map(|a| Event::Attached { file: a.file.clone(), assignment: None });
    Some([Event::Drafted(draft), submitted].into_iter().chain(kept).chain(papers).collect())
}
