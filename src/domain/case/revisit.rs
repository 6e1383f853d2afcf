//! Revisit 回头看: the congress goes back later to see whether the answer was kept.

use super::{Case, Context, Event, Rejection, at_most, commitment, dissatisfaction, reply};
use crate::domain::{
    day::Day,
    text::{Line, Note},
    words::{Outcome, Way},
};
use serde::{Deserialize, Serialize};

/// What was seen on the spot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevisitRecord {
    /// The day of the visit.
    pub day: Day,
    pub way: Way,
    pub people: Vec<Line>,
    pub finding: Note,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Note>,
    pub outcome: Outcome,
    /// The class that holds from now on; needed unless the result is upheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// What was not delivered is handled again, with a clock of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reopen: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Revisit {
    pub number: u32,
    pub record: RevisitRecord,
    pub class_before: Option<String>,
    pub class_after: Option<String>,
    pub on: Day,
}

pub(super) fn revisit(case: &Case, record: RevisitRecord, context: Context<'_>) -> Result<Event, Rejection> {
    at_most("/people", record.people.len())?;
    if record.people.is_empty() {
        return Err(Rejection::invalid("/people", "须写明参加回头看的人员", "name who went"));
    }
    if record.day > context.on || case.closed_on.is_some_and(|closed| record.day < closed) {
        return Err(Rejection::invalid(
            "/day",
            "回头看日期须在办结之后、今天之前",
            "must lie between the day of closing and today",
        ));
    }
    let resolved = |class: &Option<String>| class.as_deref().is_some_and(|c| context.policy.is_resolved(c));
    if record.class.as_deref().is_some_and(|class| context.policy.class(class).is_none()) {
        return Err(Rejection::invalid("/class", "不是本办法的办理结果分类", "is not a class of the policy"));
    }
    let fits = match record.outcome {
        Outcome::Upheld => record.class.is_none() || record.class == case.class,
        Outcome::ResolvedSince => !resolved(&case.class) && resolved(&record.class),
        Outcome::NotDelivered => resolved(&case.class) && record.class.is_some() && !resolved(&record.class),
    };
    if !fits {
        return Err(Rejection::invalid(
            "/class",
            "维持原结果的不改分类；已落实的须由未解决改为已解决类；未落实的须由已解决改为未解决类",
            "an upheld result keeps its class; resolved_since moves an unresolved class to a resolved one; \
             not_delivered moves a resolved class to an unresolved one",
        ));
    }
    if record.reopen && record.outcome != Outcome::NotDelivered {
        return Err(Rejection::invalid(
            "/reopen",
            "只有未落实的才重新办理",
            "only what was not delivered is handled again",
        ));
    }
    Ok(Event::Revisited(Revisit {
        number: case.revisits.last().map_or(1, |r| r.number + 1),
        class_before: case.class.clone(),
        class_after: record.class.clone().or_else(|| case.class.clone()),
        on: context.on,
        record,
    }))
}

pub(super) fn revisited(case: &mut Case, revisit: &Revisit) {
    if let Some(class) = &revisit.class_after {
        reply::hold(case, class.clone(), "revisit", revisit.number, revisit.on);
    }
    case.revisits.push(revisit.clone());
    commitment::revisited(case, revisit.record.outcome, revisit.on);
    if revisit.record.reopen {
        let reason = Some(revisit.record.finding.clone());
        dissatisfaction::rework_ordered(case, reason.as_ref(), revisit.on);
    }
}
