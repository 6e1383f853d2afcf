//! Rehearsals of a proposed policy on the cases as they are recorded.

use super::{
    ask::Ask,
    input::Body,
    problem::{Refused, WriteProblems},
};
use crate::{
    domain::{ids::CongressId, rehearsal::Rehearsed},
    office::{Fault, Proposal},
};
use actix_web::{HttpResponse, post};
use serde::Deserialize;

/// A policy to try.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RehearsalForm {
    /// The text of the policy's TOML file; it may extend any policy at hand.
    policy: String,
    #[schema(value_type = String, example = "330502")]
    congress: CongressId,
    /// How many entries of each list are told.
    #[serde(default = "usual")]
    #[schema(minimum = 1, maximum = 1000, default = 200)]
    limit: usize,
}

const MOST: usize = 1000;

fn usual() -> usize {
    200
}

impl RehearsalForm {
    fn read(body: &Body) -> Result<Proposal, Fault> {
        let RehearsalForm { policy, congress, limit } = body.read()?;
        if !(1..=MOST).contains(&limit) {
            return Err(Fault::invalid(
                "/limit",
                format!("须在 1 至 {MOST} 之间"),
                format!("must lie between 1 and {MOST}"),
            ));
        }
        Ok(Proposal { congress, policy, limit })
    }
}

/// Rehearse a policy 试算
///
/// What would be otherwise today if this policy governed every case that was ever handed in: due dates, verdicts and
/// rates. What was done stays as recorded; what follows from the policy is derived anew. Nothing is written. One runs at a
/// time; another is answered with 503 meanwhile. **Who:** committee staff, auditors.
#[utoipa::path(
    tag = "rules",
    request_body(content = RehearsalForm, example = json!({
        "congress": "330502",
        "limit": 200,
        "policy": "id = \"zhejiang-2016\"\nversion = 2\nextends = \"zhejiang-2016\"\nname = \"浙江省代表建议办理规定（修订草案）\"\ncite = \"修订草案\"\nedition = \"2026-11-20\"\neffective_from = \"2027-01-01\"\nopen_cases = \"follow\"\n\n[terms.reply]\namount = 2\nunit = \"months\"\nanchor = \"assigned\"\nclause = \"第二十一条\"\n"
    })),
    responses((status = 200, body = Rehearsed), WriteProblems),
    security(("bearer" = []))
)]
#[post("/policies/rehearsal")]
pub async fn rehearse_policy(ask: Ask, body: Body) -> Result<HttpResponse, Refused> {
    let rehearsed = ask.office.rehearse(&ask.caller, move || RehearsalForm::read(&body)).await?;
    Ok(HttpResponse::Ok().json(rehearsed))
}
