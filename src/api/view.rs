//! A case as a caller may see it.

use crate::domain::{
    case::{
        Assignment, Case, Consultation, DeputyRef, Evaluation, Extension, Number, PolicyRef, Reply, Revisit,
    },
    day::Day,
    gate::Sight,
    ids::{CaseId, CongressId, SessionId},
    text::{Body, Line, Title},
    words::{Kind, Origin, Stage, Standing},
};
use serde::Serialize;

/// A case 办件.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CaseView<'a> {
    id: CaseId,
    congress: &'a CongressId,
    version: i64,
    stage: Stage,
    /// 环节
    #[schema(example = "办理中")]
    stage_name: &'static str,
    kind: Kind,
    title: &'a Title,
    body: &'a Body,
    category: Option<&'a Line>,
    lead: &'a DeputyRef,
    co_signers: &'a [DeputyRef],
    session: Option<&'a SessionId>,
    origin: Option<Origin>,
    policy: Option<&'a PolicyRef>,
    number: Option<&'a Number>,
    submitted_on: Option<Day>,
    registered_on: Option<Day>,
    assigned_on: Option<Day>,
    replied_on: Option<Day>,
    closed_on: Option<Day>,
    withdrawn_on: Option<Day>,
    /// The result class in force.
    #[schema(example = "A")]
    class: Option<&'a str>,
    assignments: Vec<Assignment>,
    extension: Option<&'a Extension>,
    consultations: &'a [Consultation],
    replies: &'a [Reply],
    evaluations: Vec<&'a Evaluation>,
    revisits: &'a [Revisit],
}

impl<'a> CaseView<'a> {
    pub fn of(case: &'a Case, sight: &Sight) -> CaseView<'a> {
        // Destructured without `..`: whoever adds a field decides here who sees it.
        let Case {
            id,
            congress,
            version,
            stage,
            kind,
            title,
            body,
            category,
            lead,
            co_signers,
            session,
            origin,
            policy,
            number,
            latest_on: _,
            submitted_on,
            registered_on,
            assigned_on,
            assignments,
            extension,
            consultations,
            replies,
            class,
            evaluations,
            closed_on,
            withdrawn_on,
            revisits,
        } = case;
        CaseView {
            id: *id,
            congress,
            version: *version,
            stage: *stage,
            stage_name: stage.zh(),
            kind: *kind,
            title,
            body,
            category: category.as_ref(),
            lead,
            co_signers,
            session: session.as_ref(),
            origin: *origin,
            policy: policy.as_ref(),
            number: number.as_ref(),
            submitted_on: *submitted_on,
            registered_on: *registered_on,
            assigned_on: *assigned_on,
            replied_on: case.replied_on(),
            closed_on: *closed_on,
            withdrawn_on: *withdrawn_on,
            class: class.as_deref(),
            assignments: assignments.iter().map(|it| seen(it, sight)).collect(),
            extension: extension.as_ref(),
            consultations,
            replies,
            evaluations: evaluations.iter().filter(|e| sight.shows_evaluation(e.deputy.id)).collect(),
            revisits,
        }
    }
}

fn seen(assignment: &Assignment, sight: &Sight) -> Assignment {
    let mut assignment = assignment.clone();
    if !sight.shows_opinion(assignment.number) {
        assignment.opinion = None;
    }
    if !sight.shows_hand_back(assignment.number) {
        assignment.hand_back = None;
        if assignment.standing == Standing::HandBackRequested {
            // What it was before the request.
            assignment.standing =
                if assignment.accepted_on.is_some() { Standing::Accepted } else { Standing::Pending };
        }
    }
    assignment
}

/// The case as JSON.
pub fn rendered(case: &Case, sight: &Sight) -> String {
    serde_json::to_string(&CaseView::of(case, sight)).unwrap_or_default()
}
