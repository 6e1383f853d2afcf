//! Campaigns as they are shown, and what lists of them are asked by.

use crate::{
    domain::{
        campaign::{Campaign, Criteria, RULE, Sample, Stratum, Visitor},
        case::Revisit,
        day::Day,
        ids::{CampaignId, CaseId, DeputyId, UserId},
        words::{Follows, Outcome},
    },
    office::{
        Fault, StoreError,
        campaigns::{CampaignCase, CampaignReport, LeftOut, Named, Progress, SealedReport},
    },
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A revisit campaign 回头看活动.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CampaignView {
    pub(super) id: CampaignId,
    /// Names it in `If-Match`; counts what was arranged and closed, not the visits.
    pub(super) version: i64,
    #[schema(example = "2024年建议办理回头看")]
    pub(super) title: String,
    pub(super) criteria: Criteria,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sample: Option<Sample>,
    /// How the sample was drawn, so that anybody can draw it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rule: Option<&'static str>,
    /// The day by which the visits are to be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Day>,
    pub(super) opened_at: DateTime<Utc>,
    pub(super) closed_at: Option<DateTime<Utc>>,
    /// Cases that met the criteria when it was opened.
    pub(super) population: u32,
    /// SHA-256 over the population, as `rule` says.
    pub(super) population_sha256: String,
    /// Cases that are to be visited.
    pub(super) chosen: u32,
    pub(super) strata: Vec<Stratum>,
    /// How far it has come; for the committee and auditors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) progress: Option<Progress>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct CampaignList {
    pub(super) campaigns: Vec<CampaignView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

/// What a campaign would visit.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PreviewView {
    pub(super) population: u32,
    pub(super) population_sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rule: Option<&'static str>,
    pub(super) strata: Vec<Stratum>,
    pub(super) chosen: Vec<PreviewedCase>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PreviewedCase {
    pub(super) case: CaseId,
    pub(super) number: Option<String>,
    pub(super) title: String,
    pub(super) department: Option<String>,
    pub(super) class: Option<String>,
    pub(super) stratum: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct CampaignCases {
    pub(super) cases: Vec<CampaignCaseView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct CampaignCaseView {
    pub(super) case: CaseId,
    pub(super) number: Option<String>,
    pub(super) title: String,
    pub(super) department: Option<String>,
    /// The result class that holds now.
    pub(super) class: Option<String>,
    pub(super) stratum: String,
    pub(super) visitors: Vec<VisitorView>,
    /// The record of the visit; left out until it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) revisit: Option<Revisit>,
    /// What follows from it; empty for nothing.
    pub(super) follows: Vec<Follows>,
}

/// Who visits; of the ids the one that he has.
#[derive(Serialize, utoipa::ToSchema)]
pub struct VisitorView {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deputy: Option<DeputyId>,
    /// A member of the committee's staff, by account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) staff: Option<UserId>,
    /// The deputy's, the account's or the third party's.
    pub(super) name: String,
}

/// The population that a sample was drawn from.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PopulationView {
    pub(super) cases: Vec<PopulationCase>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PopulationCase {
    pub(super) case: CaseId,
    pub(super) stratum: String,
    /// Its place in the stratum's order, from 1.
    pub(super) place: i32,
    /// Whether it is to be visited.
    pub(super) chosen: bool,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct AssignedView {
    #[serde(flatten)]
    pub(super) campaign: CampaignView,
    /// Cases that have these visitors now.
    pub(super) assigned: usize,
    /// Deputies who were left out of some cases where all were meant.
    pub(super) left_out: Vec<LeftOut>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReportView {
    /// What was sealed.
    #[schema(value_type = CampaignReport)]
    pub(super) report: serde_json::Value,
    /// Of `report` as it was sealed: JSON without spaces, its members in this order, in UTF-8.
    pub(super) sha256: String,
    pub(super) sealed_at: DateTime<Utc>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CampaignQuery {
    /// The cursor of the previous page's `next` link.
    #[param(value_type = Option<String>)]
    pub(super) before: Option<CampaignId>,
    /// Lines on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    pub(super) limit: Option<u32>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CampaignCaseQuery {
    /// Those that were visited, or those that were not.
    pub(super) visited: Option<bool>,
    /// Those whose visit ended so.
    pub(super) outcome: Option<Outcome>,
    /// Those whose visit is followed by this, among others.
    pub(super) follows: Option<Follows>,
    /// The cursor of the previous page's `next` link.
    #[param(value_type = Option<String>)]
    pub(super) after: Option<CaseId>,
    /// Lines on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    pub(super) limit: Option<u32>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PopulationQuery {
    /// The cursor of the previous page's `next` link.
    #[param(value_type = Option<String>)]
    pub(super) after: Option<CaseId>,
    /// Lines on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    pub(super) limit: Option<u32>,
}

pub(super) fn view(campaign: Campaign, progress: Option<Progress>) -> CampaignView {
    let Campaign {
        id,
        congress: _,
        title,
        terms,
        opened_at,
        population,
        population_sha256,
        chosen,
        strata,
        version,
        closed_at,
    } = campaign;
    CampaignView {
        id,
        version,
        title: title.to_string(),
        criteria: terms.criteria,
        rule: terms.sample.as_ref().map(|_| RULE),
        sample: terms.sample,
        until: terms.until,
        opened_at,
        closed_at,
        population,
        population_sha256,
        chosen,
        strata,
        progress,
    }
}

pub(super) fn case_view(it: CampaignCase) -> CampaignCaseView {
    let CampaignCase { case, number, title, department, class, stratum, visitors, revisit } = it;
    let follows = revisit.as_ref().map(Revisit::follows).unwrap_or_default();
    let visitors = visitors.into_iter().map(visitor_view).collect();
    CampaignCaseView { case, number, title, department, class, stratum, visitors, revisit, follows }
}

fn visitor_view(Named { visitor, name }: Named) -> VisitorView {
    let (deputy, staff) = match visitor {
        Visitor::Deputy(id) => (Some(id), None),
        Visitor::Staff(id) => (None, Some(id)),
        Visitor::ThirdParty(_) => (None, None),
    };
    VisitorView { deputy, staff, name }
}

pub(super) fn written(sealed: SealedReport) -> Result<ReportView, Fault> {
    let SealedReport { body, sha256, sealed_at, .. } = sealed;
    let report =
        serde_json::from_str(&body).map_err(|e| StoreError::corrupt("revisit_reports", &sha256, e))?;
    Ok(ReportView { report, sha256, sealed_at })
}
