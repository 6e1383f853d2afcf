//! Revisit 回头看: the congress goes back later to see whether the answer was kept.

use super::{Case, Context, Event, Rejection, at_most, commitment, dissatisfaction, reply, visit};
use crate::domain::{
    day::Day,
    ids::CampaignId,
    policy::Policy,
    text::{Line, Note},
    words::{Follows, Kept, Outcome, Way},
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
    /// The class that holds from now on; needed for `resolved_since` and `not_delivered`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// What was not delivered is handled again, with a clock of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reopen: bool,
    /// The campaign that the visit belongs to; one visit of a case for each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignId>,
    /// What was found of each ask and each promise, as far as it was looked into.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// Photographs and documents: numbers of the case's attachments, of those that the congress or the visitor attached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<u32>,
    /// A supervision order 督办单 is wanted; it is issued by an act of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub supervision_order: bool,
    /// The day by which it is to be visited again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_on: Option<Day>,
}

/// What was found of one ask, or of one promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The number of the ask, from 1; this or `commitment`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<u32>,
    /// The number of the promise in the case's file; this or `ask`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<u32>,
    pub kept: Kept,
    pub text: Note,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Revisit {
    pub number: u32,
    pub record: RevisitRecord,
    pub class_before: Option<String>,
    pub class_after: Option<String>,
    pub on: Day,
}

impl Revisit {
    /// What follows from it; empty for nothing.
    pub fn follows(&self) -> Vec<Follows> {
        let record = &self.record;
        let all = [
            (self.class_after != self.class_before, Follows::ClassChanged),
            (record.reopen, Follows::Reopened),
            (record.supervision_order, Follows::SupervisionOrder),
            (record.next_on.is_some(), Follows::RevisitAgain),
        ];
        all.into_iter().filter(|(holds, _)| *holds).map(|(_, follows)| follows).collect()
    }
}

pub(super) fn revisit(case: &Case, record: RevisitRecord, context: Context<'_>) -> Result<Event, Rejection> {
    at_most("/people", record.people.len())?;
    visit::is_his(case, record.campaign, context)?;
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
        Outcome::Worse => record.class.is_none() || !improves(context.policy, &case.class, &record.class),
    };
    if !fits {
        return Err(Rejection::invalid(
            "/class",
            "维持原结果的不改分类；已落实的须由未解决改为已解决类；未落实的须由已解决改为未解决类；不如答复所述的不得改为更好的分类",
            "an upheld result keeps its class; resolved_since moves an unresolved class to a resolved one; \
             not_delivered moves a resolved class to an unresolved one; worse moves to no better class",
        ));
    }
    if record.reopen && !matches!(record.outcome, Outcome::NotDelivered | Outcome::Worse) {
        return Err(Rejection::invalid(
            "/reopen",
            "只有未落实或者不如答复所述的才重新办理",
            "only what was not delivered, or is worse than reported, is handled again",
        ));
    }
    if record.next_on.is_some_and(|next| next <= record.day) {
        return Err(Rejection::invalid(
            "/next_on",
            "再次回头看须在本次之后",
            "must be later than this visit",
        ));
    }
    findings_name_what_there_is(case, &record)?;
    papers_are_at_hand(case, &record)?;
    Ok(Event::Revisited(Revisit {
        number: case.revisits.last().map_or(1, |r| r.number + 1),
        class_before: case.class.clone(),
        class_after: record.class.clone().or_else(|| case.class.clone()),
        on: context.on,
        record,
    }))
}

/// Whether the policy lists the class before the one in force.
fn improves(policy: &Policy, before: &Option<String>, after: &Option<String>) -> bool {
    let place = |class: &Option<String>| {
        policy.classes.iter().position(|it| Some(it.id.as_str()) == class.as_deref())
    };
    matches!((place(before), place(after)), (Some(before), Some(after)) if after < before)
}

fn findings_name_what_there_is(case: &Case, record: &RevisitRecord) -> Result<(), Rejection> {
    at_most("/findings", record.findings.len())?;
    for (index, finding) in record.findings.iter().enumerate() {
        let asked = |ask: u32| ask >= 1 && ask as usize <= case.asks.len();
        let promised = |number: u32| case.commitment(number).is_some_and(|it| !it.replaced);
        let wrong = |field: &str, zh: &str, en: &str| {
            Err(Rejection::invalid(format!("/findings/{index}{field}"), zh, en))
        };
        match (finding.ask, finding.commitment) {
            (Some(ask), None) if !asked(ask) => {
                return wrong("/ask", "本件没有这一项建议事项", "the case has no such ask");
            }
            (None, Some(number)) if !promised(number) => {
                return wrong("/commitment", "本件没有这一项有效承诺", "no such promise is in force");
            }
            (Some(_), Some(_)) | (None, None) => {
                return wrong("", "须写明建议事项或者承诺事项之一", "name an ask or a promise, one of them");
            }
            _ => {}
        }
        let same = |it: &Finding| (it.ask, it.commitment) == (finding.ask, finding.commitment);
        if record.findings[..index].iter().any(same) {
            return wrong("", "同一事项只写一次", "is named before");
        }
    }
    Ok(())
}

/// Papers of departments are theirs; what a visit found is shown by what was brought from it.
fn papers_are_at_hand(case: &Case, record: &RevisitRecord) -> Result<(), Rejection> {
    at_most("/attachments", record.attachments.len())?;
    let unknown = |n: &u32| !case.attachments.iter().any(|a| a.number == *n && a.assignment.is_none());
    match record.attachments.iter().position(unknown) {
        None => Ok(()),
        Some(index) => Err(Rejection::invalid(
            format!("/attachments/{index}"),
            "不是代表工委或随访代表在本件上的附件",
            "is no attachment of the congress or the visitor to the case",
        )),
    }
}

pub(super) fn revisited(case: &mut Case, revisit: &Revisit) {
    if let Some(class) = &revisit.class_after {
        reply::hold(case, class.clone(), "revisit", revisit.number, revisit.on);
    }
    case.revisits.push(revisit.clone());
    commitment::revisited(case, &revisit.record, revisit.on);
    if revisit.record.reopen {
        let reason = Some(revisit.record.finding.clone());
        dissatisfaction::rework_ordered(case, reason.as_ref(), revisit.on);
    }
}
