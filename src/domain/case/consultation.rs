//! Consultation 沟通/面商: the department speaks with the deputies before it answers.

use super::{Case, Context, DeputyRef, Event, Rejection, at_most};
use crate::domain::{
    day::Day,
    ids::DeputyId,
    text::{Line, Note},
    words::Way,
};
use serde::{Deserialize, Serialize};

/// How, with whom, and what was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsultationRecord {
    /// The day on which they spoke.
    pub day: Day,
    pub way: Way,
    /// The deputies spoken with; left out, the lead signer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deputies: Vec<DeputyId>,
    /// Who spoke for the department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Line>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Note>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Consultation {
    pub assignment: u32,
    pub day: Day,
    pub way: Way,
    pub deputies: Vec<DeputyRef>,
    pub by: Option<Line>,
    pub summary: Option<Note>,
    pub recorded_on: Day,
}

pub(super) fn consult(
    case: &Case,
    assignment: u32,
    record: ConsultationRecord,
    context: Context<'_>,
) -> Result<Event, Rejection> {
    at_most("/deputies", record.deputies.len())?;
    if let Some(index) = record.deputies.iter().position(|d| !case.is_signer(*d)) {
        return Err(Rejection::invalid(
            format!("/deputies/{index}"),
            "不是本件的领衔或附议代表",
            "did not sign this case",
        ));
    }
    let given = case.assignment(assignment).map(|a| a.assigned_on);
    if record.day > context.on || given.is_some_and(|given| record.day < given) {
        return Err(Rejection::invalid(
            "/day",
            "沟通日期须在交办之后、今天之前",
            "must lie between the day of assignment and today",
        ));
    }
    Ok(Event::Consulted { assignment, record })
}

pub(super) fn consulted(case: &mut Case, assignment: u32, record: &ConsultationRecord, on: Day) {
    let signers = || std::iter::once(&case.lead).chain(&case.co_signers);
    let deputies = match record.deputies.as_slice() {
        [] => vec![case.lead.clone()],
        named => signers().filter(|d| named.contains(&d.id)).cloned().collect(),
    };
    case.consultations.push(Consultation {
        assignment,
        day: record.day,
        way: record.way,
        deputies,
        by: record.by.clone(),
        summary: record.summary.clone(),
        recorded_on: on,
    });
}
