//! The rule books: policies, calendars, and the arithmetic of a deadline for anybody to check.

use super::{
    input::Query,
    problem::{OpenProblems, ReadProblems, Refused},
};
use crate::{
    domain::{
        calendar::CalendarYear,
        day::Day,
        policy::{OpenCases, Policy},
        term::{self, Step, Term, Unit},
    },
    office::{Fault, Office},
};
use actix_web::{
    HttpResponse, get,
    web::{Data, Path},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PreviewQuery {
    /// The day of the event that starts the clock; it is not counted itself.
    #[param(value_type = String, format = Date, example = "2024-03-08")]
    anchor: Day,
    unit: Unit,
    #[param(example = 3)]
    amount: u32,
}

/// A due date with its working.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Preview {
    anchor: Day,
    term: Term,
    /// Before a day off was stepped over.
    #[schema(example = "2024-06-08")]
    unrolled: NaiveDate,
    #[schema(example = "2024-06-11")]
    due: NaiveDate,
    /// Past the last published calendar: a later notice may move the day.
    provisional: bool,
    steps: Vec<Step>,
}

/// Preview a deadline
///
/// Asks the calendar, and shows its working: Civil Code arts. 200-204, the State Council's notices. **Who:** anybody.
#[utoipa::path(tag = "rules", params(PreviewQuery), responses((status = 200, body = Preview), ReadProblems))]
#[get("/deadlines/preview")]
pub async fn preview_deadline(
    office: Data<Office>,
    query: Query<PreviewQuery>,
) -> Result<HttpResponse, Refused> {
    let PreviewQuery { anchor, unit, amount } = query.0;
    let term = Term { amount, unit };
    let counted = term::count(anchor.date(), term, &office.books().calendar).map_err(|error| {
        let pointer = if error.is_about_amount() { "?amount" } else { "?anchor" };
        Fault::Invalid { pointer: pointer.to_owned(), detail: error.say() }
    })?;
    Ok(HttpResponse::Ok().json(Preview {
        anchor,
        term,
        unrolled: counted.unrolled,
        due: counted.due,
        provisional: counted.provisional,
        steps: counted.steps,
    }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Policies {
    policies: Vec<PolicyLine>,
}

/// One version of a policy.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PolicyLine {
    #[schema(example = "zhejiang-2016")]
    id: String,
    version: u32,
    name: String,
    edition: Day,
    effective_from: Day,
    open_cases: OpenCases,
    /// Whether it is the one that new cases are handled under today.
    in_force: bool,
    #[schema(example = "/v1/policies/zhejiang-2016?version=1")]
    href: String,
}

impl PolicyLine {
    fn of(policy: &Policy, office: &Office) -> PolicyLine {
        let now = office.books().policies.in_force(&policy.id, office.today());
        PolicyLine {
            href: format!("/v1/policies/{}?version={}", policy.id, policy.version),
            id: policy.id.clone(),
            version: policy.version,
            name: policy.name.clone(),
            edition: policy.edition,
            effective_from: policy.effective_from,
            open_cases: policy.open_cases,
            in_force: now.is_some_and(|now| now.version == policy.version),
        }
    }
}

/// List the policies
///
/// Every version of each. **Who:** anybody.
#[utoipa::path(tag = "rules", responses((status = 200, body = Policies), OpenProblems))]
#[get("/policies")]
pub async fn list_policies(office: Data<Office>) -> HttpResponse {
    let all = office.books().policies.all();
    HttpResponse::Ok()
        .json(Policies { policies: all.map(|policy| PolicyLine::of(policy, &office)).collect() })
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PolicyQuery {
    /// The one in force today if left out.
    #[param(minimum = 1)]
    version: Option<u32>,
}

/// A policy, and what there is beside it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PolicyView {
    #[serde(flatten)]
    policy: Policy,
    /// Every version of it, oldest first.
    versions: Vec<PolicyLine>,
}

/// Read a policy
///
/// Every term and choice, each with its clause; what the text leaves out is filled from the law. **Who:** anybody.
#[utoipa::path(tag = "rules", params(("id" = String, Path, example = "zhejiang-2016"), PolicyQuery), responses((status = 200, body = PolicyView), ReadProblems))]
#[get("/policies/{id}")]
pub async fn get_policy(
    office: Data<Office>,
    id: Path<String>,
    query: Query<PolicyQuery>,
) -> Result<HttpResponse, Refused> {
    let policies = &office.books().policies;
    let policy = match query.0.version {
        Some(version) => policies.get(&id, version),
        None => policies.in_force(&id, office.today()),
    };
    let policy = policy.ok_or(Fault::NotFound)?.clone();
    let versions = policies.versions(&id).map(|policy| PolicyLine::of(policy, &office)).collect();
    Ok(HttpResponse::Ok().json(PolicyView { policy, versions }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Calendars {
    calendars: Vec<CalendarYear>,
}

/// List the calendars
///
/// Each year's days off and make-up working days, with the number of the notice. **Who:** anybody.
#[utoipa::path(tag = "rules", responses((status = 200, body = Calendars), OpenProblems))]
#[get("/calendars")]
pub async fn list_calendars(office: Data<Office>) -> HttpResponse {
    HttpResponse::Ok().json(Calendars { calendars: office.books().calendar.years().cloned().collect() })
}
