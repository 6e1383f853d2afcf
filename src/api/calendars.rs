//! The dates of one's tasks as a calendar that telephones subscribe to, and its secret address.

use super::{
    ask::Ask,
    problem::{PublicProblems, ReadProblems, Refused, language},
};
use crate::{
    agenda,
    domain::say::{Language, Say},
    identity::refresh,
    office::{Office, calendars::MadeAddress},
};
use actix_web::{
    HttpRequest, HttpResponse, delete, get,
    http::header,
    post,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Where one's calendar is.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CalendarAddress {
    /// Shown once: whoever has it reads the calendar. It is not kept, only its digest is.
    #[schema(example = "https://jianyi.example.cn/v1/calendar/6kXJ…Zq0.ics")]
    address: String,
    since: DateTime<Utc>,
}

/// Whether one's calendar has an address.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CalendarState {
    /// When it was made; left out where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<DateTime<Utc>>,
}

/// Read my calendar 日程
///
/// One whole day for each dated task of the worklist (RFC 5545, `METHOD:PUBLISH`): the same `UID` for good, and a higher
/// `SEQUENCE` whenever the date moves, is done or comes back; what was done stays for 14 days as `STATUS:CANCELLED`. The 500
/// nearest dates. No title of a confidential case is in it. `ETag` and `If-None-Match` make asking again cheap.
/// **Who:** everybody who is signed in. A program needs `cases:read`.
#[utoipa::path(
    tag = "worklist",
    params(("If-None-Match" = Option<String>, Header)),
    responses(
        (status = 200, description = "The calendar", content_type = "text/calendar", body = String, headers(("ETag" = String, description = "Its digest"))),
        (status = 304, description = "Unchanged since the version named"),
        ReadProblems
    ),
    security(("bearer" = []))
)]
#[get("/me/calendar.ics")]
pub async fn get_calendar(ask: Ask, request: HttpRequest) -> Result<HttpResponse, Refused> {
    let language = language(&request);
    let entries = ask.office.calendar(&ask.caller, language).await?;
    Ok(answer(&request, &entries, language))
}

/// Read a calendar at its secret address
///
/// What `/v1/me/calendar.ics` says to whom it belongs to, by his rights of the moment. The address ends with the membership,
/// and when another one is made. **Who:** whoever has the address.
#[utoipa::path(
    tag = "worklist",
    params(("secret" = String, Path), ("If-None-Match" = Option<String>, Header)),
    responses(
        (status = 200, description = "The calendar", content_type = "text/calendar", body = String, headers(("ETag" = String, description = "Its digest"))),
        (status = 304, description = "Unchanged since the version named"),
        PublicProblems
    )
)]
#[get("/calendar/{secret}.ics")]
pub async fn get_calendar_at_address(
    office: Data<Office>,
    secret: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let language = language(&request);
    let entries = office.calendar_at(refresh::hash(&secret), language).await?;
    Ok(answer(&request, &entries, language))
}

fn answer(request: &HttpRequest, entries: &[agenda::Entry], language: Language) -> HttpResponse {
    let name = Say::new("建议办理日程", "Suggestions: what is due");
    let text = agenda::written(name.to(language), entries);
    let etag = format!("\"{}\"", refresh::hash(&text));
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let same = |tag: &str| tag.trim().trim_start_matches("W/") == etag;
    let unchanged = known.is_some_and(|known| known.split(',').any(same));
    let mut response = if unchanged { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::ETAG, etag))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::VARY, "accept-language"));
    match unchanged {
        true => response.finish(),
        false => response.content_type("text/calendar; charset=utf-8").body(text),
    }
}

/// Read whether my calendar has an address
///
/// **Who:** everybody who is signed in, but no program.
#[utoipa::path(
    tag = "worklist",
    responses((status = 200, body = CalendarState), ReadProblems),
    security(("bearer" = []))
)]
#[get("/me/calendar")]
pub async fn get_calendar_address(ask: Ask) -> Result<HttpResponse, Refused> {
    let since = ask.office.calendar_address(&ask.caller).await?;
    Ok(HttpResponse::Ok().json(CalendarState { since }))
}

/// Make a secret address for my calendar
///
/// For calendars that cannot sign in. 256 random bits, shown once; the address before it leads nowhere from now on. Stands in
/// the book of acts. **Who:** everybody who is signed in, but no program.
#[utoipa::path(
    tag = "worklist",
    responses((status = 201, body = CalendarAddress), ReadProblems),
    security(("bearer" = []))
)]
#[post("/me/calendar")]
pub async fn renew_calendar_address(ask: Ask) -> Result<HttpResponse, Refused> {
    let MadeAddress { url, since } = ask.office.renew_calendar_address(&ask.caller).await?;
    Ok(HttpResponse::Created().json(CalendarAddress { address: url, since }))
}

/// End the secret address of my calendar
///
/// **Who:** everybody who is signed in, but no program.
#[utoipa::path(
    tag = "worklist",
    responses((status = 204, description = "The address leads nowhere from now on"), ReadProblems),
    security(("bearer" = []))
)]
#[delete("/me/calendar")]
pub async fn end_calendar_address(ask: Ask) -> Result<HttpResponse, Refused> {
    ask.office.end_calendar_address(&ask.caller).await?;
    Ok(HttpResponse::NoContent().finish())
}
