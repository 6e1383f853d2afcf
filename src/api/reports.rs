//! Sealed reports 封存报告: a figure with everything that it was made of, for ever.

use super::{
    ask::Ask,
    input::{Body, Query},
    pages::{Page, leading_on, page, page_size},
    problem::{ReadProblems, Refused, WriteProblems},
};
use crate::{
    domain::{
        day::Day,
        ids::CongressId,
        reports::{self, Difference, Filter},
        text::{Note, Title},
    },
    office::{
        Fault,
        reports::{Entry, Order, Recomputed, Sealed},
    },
};
use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web::Path};
use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use uuid::Uuid;

/// What is to be sealed.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportForm {
    #[schema(value_type = String, example = "330502")]
    congress: CongressId,
    title: Title,
    /// Which cases; all of the congress if left out.
    #[serde(default)]
    filter: Filter,
    /// What was true on this day …
    true_on: Day,
    /// … as known at the end of this one, which must be over: a report that could still change is none.
    known_on: Day,
    /// The edition that this one corrects, with the reason.
    #[serde(default)]
    replaces: Option<Uuid>,
    #[serde(default)]
    reason: Option<Note>,
}

impl ReportForm {
    fn read(body: &Body) -> Result<Order, Fault> {
        let ReportForm { congress, title, filter, true_on, known_on, replaces, reason } = body.read()?;
        Ok(Order { congress, title, filter, true_on, known_on, replaces, reason })
    }
}

/// Seal a report 封存
///
/// Puts together every figure as of the two days, with definitions, policies, calendars, exclusions and each case as it
/// was counted, and keeps it for ever under its digest. Refused (409) where the parts do not add up. A correction is a new
/// edition that names what it replaces. **Who:** committee staff, auditors.
#[utoipa::path(
    tag = "reports",
    request_body(content = ReportForm, example = json!({
        "congress": "330502", "title": "2024年代表议案建议办理情况", "filter": {"session": "5-3,5-3-between"},
        "true_on": "2024-12-31", "known_on": "2024-12-31"
    })),
    responses(
        (status = 201, body = reports::Body, description = "What was sealed", headers(
            ("ETag" = String, description = "Its SHA-256 in hex"),
            ("Location" = String, description = "Where it stays")
        )),
        WriteProblems
    ),
    security(("bearer" = []))
)]
#[post("/reports")]
pub async fn seal_report(ask: Ask, body: Body) -> Result<HttpResponse, Refused> {
    let sealed = ask.office.seal_report(&ask.caller, move || ReportForm::read(&body)).await?;
    let mut response = HttpResponse::Created();
    response.insert_header((header::LOCATION, format!("/v1/reports/{}", sealed.id)));
    Ok(written(response, sealed))
}

/// The sealed bytes, with their digest as RFC 9530 writes it.
fn written(mut response: actix_web::HttpResponseBuilder, sealed: Sealed) -> HttpResponse {
    let bytes: Vec<u8> = (0..sealed.digest.len())
        .step_by(2)
        .filter_map(|at| u8::from_str_radix(sealed.digest.get(at..at + 2)?, 16).ok())
        .collect();
    response.insert_header((header::ETAG, format!("\"{}\"", sealed.digest)));
    response.insert_header(("repr-digest", format!("sha-256=:{}:", BASE64_STANDARD.encode(bytes))));
    response.insert_header((header::CACHE_CONTROL, "private, no-cache"));
    if let Some(later) = sealed.replaced_by {
        response.insert_header((header::LINK, format!("</v1/reports/{later}>; rel=\"successor-version\"")));
    }
    response.content_type("application/json").body(sealed.body)
}

/// Which page of reports.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// The cursor of the previous page's `next` link.
    #[param(value_type = Option<String>)]
    after: Option<Uuid>,
    /// 1 to 100, 50 if left out.
    #[param(value_type = Option<u32>)]
    limit: Option<u32>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReportPage {
    reports: Vec<ReportLine>,
    /// The next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReportLine {
    id: String,
    href: String,
    #[schema(example = "2024-1")]
    name: String,
    title: String,
    true_on: NaiveDate,
    known_on: NaiveDate,
    sealed_at: DateTime<Utc>,
    /// The edition that it corrects.
    replaces: Option<String>,
    digest: String,
}

impl From<Entry> for ReportLine {
    fn from(it: Entry) -> ReportLine {
        ReportLine {
            href: format!("/v1/reports/{}", it.id),
            id: it.id,
            name: it.name,
            title: it.title,
            true_on: it.true_on,
            known_on: it.known_on,
            sealed_at: it.sealed_at.and_utc(),
            replaces: it.replaces,
            digest: it.digest,
        }
    }
}

/// List sealed reports
///
/// The newest first. **Who:** committee staff, auditors.
#[utoipa::path(
    tag = "reports",
    params(ReportQuery),
    responses((status = 200, body = ReportPage, headers(("Link" = Option<String>, description = "The next page"))), ReadProblems),
    security(("bearer" = []))
)]
#[get("/reports")]
pub async fn list_reports(
    ask: Ask,
    query: Query<ReportQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let limit = page_size(query.0.limit)?;
    let found = ask.office.reports(&ask.caller, query.0.after, limit as i64 + 1).await?;
    let Page { lines, next } = page(&request, found, limit, "after", |last| last.id.clone());
    Ok(leading_on(next.as_ref())
        .json(ReportPage { reports: lines.into_iter().map(ReportLine::from).collect(), next }))
}

/// Read a sealed report
///
/// The very bytes that were sealed. **Who:** committee staff, auditors.
#[utoipa::path(
    tag = "reports",
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, body = reports::Body, headers(
            ("ETag" = String, description = "Its SHA-256 in hex"),
            ("Link" = Option<String>, description = "The edition that took its place, `rel=\"successor-version\"`")
        )),
        ReadProblems
    ),
    security(("bearer" = []))
)]
#[get("/reports/{id}")]
pub async fn get_report(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    let sealed = ask.office.report(&ask.caller, report_id(&id)?).await?;
    Ok(written(HttpResponse::Ok(), sealed))
}

/// Recompute a sealed report
///
/// Folds every event of the congress anew, as of the report's days, and says whether it gives the same, and where not.
/// One runs at a time; another is answered with 503 meanwhile. **Who:** committee staff, auditors.
#[utoipa::path(
    tag = "reports",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Recomputed), ReadProblems),
    security(("bearer" = []))
)]
#[get("/reports/{id}/recompute")]
pub async fn recompute_report(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    Ok(HttpResponse::Ok().json(ask.office.recompute_report(&ask.caller, report_id(&id)?).await?))
}

/// Compare two sealed reports
///
/// Each metric that differs, split case by case by its cause: late entry, correction, class change, an evaluation that
/// arrived, rework, policy, calendar, definition, another filter, or the case going on. The parts sum up exactly.
/// **Who:** committee staff, auditors.
#[utoipa::path(
    tag = "reports",
    params(("a" = Uuid, Path), ("b" = Uuid, Path)),
    responses((status = 200, body = Difference), ReadProblems),
    security(("bearer" = []))
)]
#[get("/reports/{a}/diff/{b}")]
pub async fn compare_reports(ask: Ask, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let (a, b) = (report_id(&path.0)?, report_id(&path.1)?);
    Ok(HttpResponse::Ok().json(ask.office.report_difference(&ask.caller, a, b).await?))
}

/// What is no id names no report.
pub(super) fn report_id(text: &str) -> Result<Uuid, Fault> {
    Uuid::from_str(text).map_err(|_| Fault::NotFound)
}
