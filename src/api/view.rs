//! A case as a caller may see it.

use crate::domain::{
    case::*,
    day::Day,
    gate::{Seen, Sight},
    ids::{CaseId, CongressId, SessionId},
    text::{Body, Line, Note, Title},
    words::{Kind, NoticeStanding, Origin, PromiseStatus, Stage, Standing},
};
use serde::Serialize;

/// A case 办件.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CaseView<'a> {
    id: CaseId,
    congress: &'a CongressId,
    /// How many events the caller sees of it; names it in `If-Match`.
    version: i64,
    stage: Stage,
    /// 环节
    #[schema(example = "办理中")]
    stage_name: &'static str,
    kind: Kind,
    title: &'a Title,
    body: &'a Body,
    category: Option<&'a Line>,
    /// What is asked for, point by point.
    asks: &'a [Note],
    lead: &'a DeputyRef,
    /// Who confirmed.
    co_signers: &'a [DeputyRef],
    /// Who was asked to sign; for the signers and the congress.
    invitations: &'a [Invited],
    delegation: Option<&'a Line>,
    /// The motion that became this suggestion.
    converted_from: Option<CaseId>,
    /// The residents' opinions 群众意见 that it was made from, masked.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    opinions: &'a [JoinedOpinion],
    /// The procuratorial or judicial recommendation that it was made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    recommendation: Option<&'a RecommendationRef>,
    session: Option<&'a SessionId>,
    origin: Option<Origin>,
    policy: Option<&'a PolicyRef>,
    number: Option<&'a Number>,
    corrections: &'a [Correction],
    declined: Option<&'a Declined>,
    motion: &'a [MotionStep],
    /// The case that this one is handled with.
    merged_into: Option<CaseRef>,
    /// The cases that are handled with this one.
    joined: Vec<CaseRef>,
    submitted_on: Option<Day>,
    registered_on: Option<Day>,
    dispatched_on: Option<Day>,
    assigned_on: Option<Day>,
    replied_on: Option<Day>,
    closed_on: Option<Day>,
    withdrawn_on: Option<Day>,
    /// The result class in force.
    #[schema(example = "A")]
    class: Option<&'a str>,
    /// Every class that held, oldest first.
    classes: &'a [ClassHeld],
    assignments: Vec<Assignment>,
    /// Shares of separate handlers that wait for another department.
    empty_shares: u32,
    extension: Option<&'a Extension>,
    consultations: &'a [Consultation],
    notes: Vec<&'a Noted>,
    replies: &'a [Reply],
    commitments: Vec<PromiseView<'a>>,
    evaluations: Vec<&'a Evaluation>,
    reminded_on: Option<Day>,
    reworks: &'a [Rework],
    settled: &'a [Settled],
    key_case: Option<&'a KeyCase>,
    confidential: Option<&'a Confidentiality>,
    publication: Option<&'a Published>,
    attachments: Vec<&'a Attachment>,
    withdrawal_asked: Option<&'a WithdrawalAsked>,
    revisits: &'a [Revisit],
    /// Reminders, warnings and supervision orders 三单, as far as they are the caller's to see.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notices: Vec<NoticeView>,
    /// Which deputies are to visit it, by campaign; for the congress and for who visits it.
    #[serde(skip_serializing_if = "<[Visits]>::is_empty")]
    visits: &'a [Visits],
}

/// A notice 三单.
#[derive(Serialize, utoipa::ToSchema)]
pub struct NoticeView {
    #[serde(flatten)]
    notice: Notice,
    /// For the department and the offices.
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<NoticeStanding>,
}

impl<'a> CaseView<'a> {
    fn of(seen: &'a Seen<&Case>) -> CaseView<'a> {
        let (case, sight) = (seen.case(), seen.sight());
        // Destructured without `..`: whoever adds a field decides here who sees it.
        let Case {
            id,
            congress,
            version: _,
            marks: _,
            stage,
            kind,
            title,
            body,
            category,
            asks,
            lead,
            co_signers,
            invitations,
            delegation,
            lead_delegation: _,
            converted_from,
            opinions,
            recommendation,
            session,
            origin,
            policy,
            number,
            corrections,
            declined,
            motion,
            merged_into,
            joined,
            latest_on: _,
            submitted_on,
            registered_on,
            dispatched_on,
            assigned_on,
            assignments,
            empty_shares,
            extension,
            consultations,
            notes,
            replies,
            answered_on,
            class,
            classes,
            commitments,
            evaluations,
            reminded_on,
            reworks,
            settled,
            key_case,
            confidential,
            publication,
            attachments,
            closed_on,
            withdrawal_asked,
            withdrawn_on,
            revisits,
            notices,
            visits,
            turns: _,
        } = case;
        CaseView {
            id: *id,
            congress,
            version: seen.version(),
            stage: *stage,
            stage_name: stage.zh(),
            kind: *kind,
            title,
            body,
            category: category.as_ref(),
            asks,
            lead,
            co_signers,
            invitations: if sight.shows_filing() { invitations } else { &[] },
            delegation: delegation.as_ref(),
            converted_from: *converted_from,
            opinions,
            recommendation: recommendation.as_ref(),
            session: session.as_ref(),
            origin: *origin,
            policy: policy.as_ref(),
            number: number.as_ref(),
            corrections: if sight.shows_filing() { corrections } else { &[] },
            declined: declined.as_ref(),
            motion,
            merged_into: merged_into.as_ref().map(CaseRef::by_number),
            joined: joined.iter().map(CaseRef::by_number).collect(),
            submitted_on: *submitted_on,
            registered_on: *registered_on,
            dispatched_on: *dispatched_on,
            assigned_on: *assigned_on,
            replied_on: *answered_on,
            closed_on: *closed_on,
            withdrawn_on: *withdrawn_on,
            class: class.as_deref(),
            classes,
            assignments: assignments.iter().map(|it| shown(it, sight)).collect(),
            empty_shares: *empty_shares,
            extension: extension.as_ref(),
            consultations,
            notes: notes.iter().filter(|n| sight.shows_note(n.assignment, n.note.audience)).collect(),
            replies,
            commitments: commitments.iter().map(|it| PromiseView::of(it, case)).collect(),
            evaluations: evaluations
                .iter()
                .filter(|e| sight.shows_evaluation(e.deputy.id, e.counts, e.result))
                .collect(),
            reminded_on: reminded_on.filter(|_| sight.shows_reminders()),
            reworks,
            settled,
            key_case: key_case.as_ref(),
            confidential: confidential.as_ref(),
            publication: publication.as_ref(),
            attachments: attachments.iter().filter(|a| sight.shows_file(&a.file, a.assignment)).collect(),
            withdrawal_asked: withdrawal_asked.as_ref().filter(|_| sight.shows_filing()),
            revisits,
            notices: notices
                .iter()
                .filter(|it| sight.shows(it.mark()))
                .map(|it| told(it, case, sight))
                .collect(),
            visits: if sight.shows_visits() { visits } else { &[] },
        }
    }
}

/// That somebody was urged is told further than what he answered.
fn told(notice: &Notice, case: &Case, sight: &Sight) -> NoticeView {
    let whole = notice.issue.to.urged().is_none_or(|urged| sight.shows_notice_answers(urged));
    let standing = whole.then(|| notice.standing(case));
    let mut notice = notice.clone();
    if !whole {
        notice.answers.clear();
        (notice.closed_on, notice.closed_for) = (None, None);
    }
    NoticeView { notice, standing }
}

/// A promise 承诺事项, and where it stands.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PromiseView<'a> {
    #[serde(flatten)]
    promise: &'a Promise,
    /// The day by which it is to be kept now: the last that the committee granted, else the promised one.
    due_on: Day,
    /// By what shows it.
    status: PromiseStatus,
    #[schema(example = "落实中")]
    status_name: &'static str,
    /// Who keeps it now; none while the department that made it has handed the case back.
    holder: Option<&'a DepartmentRef>,
}

impl<'a> PromiseView<'a> {
    fn of(promise: &'a Promise, case: &'a Case) -> PromiseView<'a> {
        let status = promise.status();
        PromiseView {
            promise,
            due_on: promise.due(),
            status,
            status_name: status.zh(),
            holder: promise.keeper(case),
        }
    }
}

fn shown(assignment: &Assignment, sight: &Sight) -> Assignment {
    let mut assignment = assignment.clone();
    if !sight.shows_inside(assignment.number) {
        assignment.draft = None;
    }
    let mut hidden = None;
    if !sight.shows_opinion(assignment.number) {
        assignment.opinion = None;
        assignment.opinion_rejected = None;
        hidden = Some(Standing::OpinionGiven);
    }
    if !sight.shows_hand_back(assignment.number) {
        assignment.hand_back = None;
        hidden = hidden.filter(|it| *it == assignment.standing).or(Some(Standing::HandBackRequested));
    }
    if hidden == Some(assignment.standing) {
        // What it was before.
        assignment.standing =
            if assignment.accepted_on.is_some() { Standing::Accepted } else { Standing::Pending };
    }
    assignment
}

/// The case as JSON.
pub fn rendered(seen: Seen<&Case>) -> String {
    serde_json::to_string(&CaseView::of(&seen)).unwrap_or_default()
}
