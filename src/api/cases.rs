//! Cases: write one, read one, list many.

use super::{
    ask::Ask,
    input::{Body, CommandQuery, Guards, Query},
    pages::{Page, leading_on, page, page_size},
    problem::{ReadProblems, Refused, WriteProblems},
    similar::related,
    step::{Step, case_id, response},
    view::{self, CaseView},
};
use crate::{
    domain::{
        actor::Actor,
        case::{
            Amendment, Command,
            procedure::{Action, Target},
        },
        day::Day,
        figures::Measure,
        gate::{self, Operation},
        ids::{CaseId, CongressId, DepartmentId, DeputyId, Sessions},
        text::{Line as Word, Title},
        words::{Channel, Exclusion, Kind, Origin, Satisfaction, Stage},
    },
    office::{
        Fault, Listing, NewDraft, StoreError,
        listing::{Cursor, Filter, Line, Sort},
    },
};
use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{self, TryIntoHeaderPair},
    patch, post,
    web::Path,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// Write a case 提出
///
/// Opens a draft that only its signers see. Staff who enter signed paper (`lead` named) hand it in at once.
/// **Who:** a deputy; committee staff from paper.
#[utoipa::path(
    tag = "cases",
    params(CommandQuery, ("Idempotency-Key" = Option<String>, Header, description = "Repeat with the same key, get the same answer")),
    request_body(content = NewDraft, example = json!({"kind": "suggestion", "title": "关于改善老旧小区停车难问题的建议", "body": "我区老旧小区车位缺口较大……建议……", "category": "城建环保", "asks": ["挖潜扩容", "错时共享"]})),
    responses((status = 201, body = CaseView<'static>, description = "The draft, with its ETag and Location", headers(("Link" = String, description = "Similar cases, `rel=\"related\"`"))), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases")]
pub async fn create_case(ask: Ask, guards: Guards, body: Body) -> Result<HttpResponse, Refused> {
    let key = guards.key(&body);
    let parse = Arc::new(move || body.read::<NewDraft>());
    let answer = ask.office.draft(ask.caller.clone(), key, guards.occurred_on, parse, view::rendered).await?;
    let location = answer.location.clone();
    Ok(with_related(response(answer), location.as_deref()))
}

/// The answer to a new case, with where cases like it are found.
pub fn with_related(mut response: HttpResponse, location: Option<&str>) -> HttpResponse {
    if let Some((name, value)) = location.map(related).and_then(|link| link.try_into_pair().ok()) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// Read a case
///
/// **Who:** its signers; committee staff; the departments that hold it; the government office, for its departments'
/// cases; auditors. For everybody else it does not exist.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path), ("If-None-Match" = Option<String>, Header)),
    responses(
        (status = 200, body = CaseView<'static>, description = "The case as the caller may see it", headers(("ETag" = String, description = "Its version, for If-Match"))),
        (status = 304, description = "Unchanged since the version named"),
        ReadProblems
    ),
    security(("bearer" = []))
)]
#[get("/cases/{id}")]
pub async fn get_case(ask: Ask, id: Path<String>, request: HttpRequest) -> Result<HttpResponse, Refused> {
    let shown = ask.office.show(&ask.caller, case_id(&id)?, Operation::GetCase).await?;
    let etag = format!("\"{}\"", shown.seen.version());
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let unchanged = known.is_some_and(|known| known.split(',').any(|tag| tag.trim() == etag));
    let mut response = if unchanged { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    // What one caller sees another may not.
    response.insert_header((header::ETAG, etag)).insert_header((header::CACHE_CONTROL, "private, no-cache"));
    if unchanged {
        return Ok(response.finish());
    }
    Ok(response.content_type("application/json").body(shown.written(view::rendered)))
}

/// Change a draft
///
/// **Who:** the lead signer.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"1\"")),
    request_body(content = Amendment, example = json!({"title": "关于改善老旧小区停车难问题的建议（修改）"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[patch("/cases/{id}")]
pub async fn amend_case(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::Amend), |_, _, amendment| Ok(Command::Amend(amendment))).await
}

/// What a list is narrowed by.
#[derive(Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CaseQuery {
    #[param(value_type = Option<String>, example = "330502")]
    congress: Option<CongressId>,
    stage: Option<Stage>,
    kind: Option<Kind>,
    origin: Option<Origin>,
    /// One session, or time between sessions, or several with commas.
    #[param(value_type = Option<String>, example = "5-3,5-3-between")]
    session: Option<Sessions>,
    /// 类别; `none` for cases without one.
    #[param(value_type = Option<String>)]
    category: Option<Word>,
    /// The answering department; `none` while there is none.
    #[param(value_type = Option<String>)]
    department: Option<OrNone<DepartmentId>>,
    channel: Option<Channel>,
    /// Why it does not count among the cases to be answered; `none` for those that do.
    #[param(value_type = Option<String>, example = "withdrawn")]
    exclusion: Option<OrNone<Exclusion>>,
    /// 重点督办件
    key_case: Option<bool>,
    /// 代表团: the one that submitted, or the lead signer's; `none` for cases without one.
    #[param(value_type = Option<String>)]
    delegation: Option<Word>,
    /// Calendar days from assignment to the first answer; `none` for what is not answered.
    #[param(value_type = Option<String>, example = "37")]
    days_to_reply: Option<OrNone<u32>>,
    /// The result class in force; `none` before a reply.
    #[param(value_type = Option<String>)]
    class: Option<Word>,
    /// The counted evaluation; `none` while there is none. Committee staff and auditors only.
    #[param(value_type = Option<String>, example = "unsatisfied")]
    evaluation: Option<OrNone<Satisfaction>>,
    #[param(value_type = Option<String>)]
    number: Option<Title>,
    /// 领衔代表
    #[param(value_type = Option<String>)]
    lead: Option<DeputyId>,
    /// Reply due before this day.
    #[param(value_type = Option<String>, format = Date)]
    due_before: Option<Day>,
    /// Reply due after this day.
    #[param(value_type = Option<String>, format = Date)]
    due_after: Option<Day>,
    /// Counted in a figure: one or more measures, comma-separated, of which at least one holds.
    #[param(value_type = Option<String>, example = "resolved")]
    measure: Option<Measures>,
    /// What was true on this day, from registration on; titles and names are today's. Today, if only the other is given.
    #[param(value_type = Option<String>, format = Date, example = "2024-06-30")]
    true_on: Option<Day>,
    /// As known at the end of this day.
    #[param(value_type = Option<String>, format = Date, example = "2024-12-31")]
    known_on: Option<Day>,
    /// `newest` (the default), `oldest`, or `due`: what is still to be answered, the most urgent first.
    sort: Option<SortBy>,
    /// The cursor of the previous page's `next` link.
    after: Option<String>,
    /// Lines on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

#[derive(Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    Newest,
    Oldest,
    Due,
}

/// A value, or the word `none` for its absence.
#[derive(Clone, Copy)]
pub struct OrNone<T>(Option<T>);

impl<'de, T: DeserializeOwned + std::str::FromStr<Err: std::fmt::Display>> Deserialize<'de> for OrNone<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "none" => Ok(OrNone(None)),
            other => other.parse().map(|value| OrNone(Some(value))).map_err(serde::de::Error::custom),
        }
    }
}

#[derive(Clone)]
pub struct Measures(Vec<Measure>);

impl<'de> Deserialize<'de> for Measures {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let measures: Result<Vec<_>, _> = text.split(',').map(|m| m.trim().parse()).collect();
        measures.map(Measures).map_err(serde::de::Error::custom)
    }
}

/// A page of cases.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CasePage {
    cases: Vec<CaseLine>,
    /// The next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A case as a line of a list.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CaseLine {
    #[schema(value_type = CaseId)]
    pub id: String,
    pub href: String,
    #[schema(value_type = Stage)]
    pub stage: String,
    #[schema(value_type = Kind)]
    pub kind: String,
    pub number: Option<String>,
    pub title: String,
    pub category: Option<String>,
    pub session: Option<String>,
    #[schema(value_type = Option<Origin>)]
    pub origin: Option<String>,
    /// Left out of a confidential case that the reader is not named for.
    pub lead: Option<Named>,
    pub department: Option<Named>,
    pub class: Option<String>,
    /// Only for those who see all evaluations.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Satisfaction>)]
    pub evaluation: Option<String>,
    pub registered_on: Option<chrono::NaiveDate>,
    pub assigned_on: Option<chrono::NaiveDate>,
    pub due_on: Option<chrono::NaiveDate>,
    pub replied_on: Option<chrono::NaiveDate>,
    /// Why it does not count among the cases to be answered.
    #[schema(value_type = Option<Exclusion>)]
    pub exclusion: Option<String>,
    pub key_case: bool,
    /// 保密件: whoever is not named to read it sees here that it is there, and no more.
    pub confidential: bool,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Named {
    pub id: String,
    pub name: String,
}

/// List cases
///
/// Everything that the caller may see, narrowed by all the filters given, page by page (`Link: rel="next"`).
#[utoipa::path(
    tag = "cases",
    params(CaseQuery),
    responses((status = 200, body = CasePage, headers(("Link" = Option<String>, description = "The next page"))), ReadProblems),
    security(("bearer" = []))
)]
#[get("/cases")]
pub async fn list_cases(
    ask: Ask,
    query: Query<CaseQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let Query(query) = query;
    let limit = page_size(query.limit)?;
    let order = query.order();
    let after = query.after.as_deref().map(|text| cursor(text, order)).transpose()?;
    let Lines { lines, .. } = lines(&ask, query.listing(after, limit + 1)).await?;
    let encoded = |last: &CaseLine| BASE64_URL_SAFE_NO_PAD.encode(at(last, order));
    let Page { lines: cases, next } = page(&request, lines, limit, "after", encoded);
    let mut response = leading_on(next.as_ref());
    response.insert_header((header::CACHE_CONTROL, "private, no-cache"));
    Ok(response.json(CasePage { cases, next }))
}

/// Lines as the caller sees them, who he is, and whether evaluations are among what he sees.
pub struct Lines {
    pub actor: Actor,
    pub evaluations: bool,
    pub lines: Vec<CaseLine>,
}

/// The one way from the office's list to what is shown of it: of pages and of exports alike.
pub async fn lines(ask: &Ask, listing: Listing) -> Result<Lines, Fault> {
    let (actor, lines) = ask.office.list(&ask.caller, listing).await?;
    let evaluations = gate::sees_evaluations(&actor);
    let lines = lines.into_iter().map(|line| written(line, evaluations)).collect();
    Ok(Lines { actor, evaluations, lines })
}

impl CaseQuery {
    fn order(&self) -> Sort {
        match self.sort {
            None | Some(SortBy::Newest) => Sort::Newest,
            Some(SortBy::Oldest) => Sort::Oldest,
            Some(SortBy::Due) => Sort::Due,
        }
    }

    /// What the office is asked for, but for the page that was asked for.
    pub fn listing(&self, after: Option<Cursor>, limit: usize) -> Listing {
        let query = self.clone();
        let none = |text: Word| if *text == *"none" { String::new() } else { text.to_string() };
        Listing {
            sort: query.order(),
            congress: query.congress,
            filter: Filter {
                stage: query.stage,
                kind: query.kind,
                origin: query.origin,
                session: query.session,
                category: query.category.map(none),
                department: query.department.map(|d| d.0),
                class: query.class.map(none),
                evaluation: query.evaluation.map(|e| e.0),
                number: query.number.map(|n| n.to_string()),
                lead: query.lead,
                channel: query.channel,
                exclusion: query.exclusion.map(|e| e.0),
                key_case: query.key_case,
                delegation: query.delegation.map(none),
                days_to_reply: query.days_to_reply.map(|d| d.0),
                due_before: query.due_before,
                due_after: query.due_after,
                measures: query.measure.map(|m| m.0).unwrap_or_default(),
            },
            days: (query.true_on, query.known_on),
            after,
            limit: i64::try_from(limit).unwrap_or(i64::MAX),
        }
    }

    /// Where the list goes on behind a line.
    pub fn behind(&self, line: &CaseLine) -> Result<Cursor, Fault> {
        place(&at(line, self.order()), self.order())
            .ok_or_else(|| StoreError::corrupt("cases", &line.id, "no place in a list").into())
    }
}

fn written(line: Line, evaluations: bool) -> CaseLine {
    CaseLine {
        href: format!("/v1/cases/{}", line.id),
        id: line.id,
        stage: line.stage,
        kind: line.kind,
        number: line.number,
        title: line.title,
        category: line.category,
        session: line.session_id,
        origin: line.origin,
        lead: Some(Named { id: line.lead_id, name: line.lead_name }).filter(|lead| !lead.id.is_empty()),
        department: line.department_id.zip(line.department_name).map(|(id, name)| Named { id, name }),
        class: line.class,
        evaluation: line.evaluation.filter(|_| evaluations),
        registered_on: line.registered_on,
        assigned_on: line.assigned_on,
        due_on: line.due_on,
        replied_on: line.replied_on,
        exclusion: line.exclusion,
        key_case: line.key_case,
        confidential: line.confidential,
    }
}

fn cursor(text: &str, sort: Sort) -> Result<Cursor, Fault> {
    let told = BASE64_URL_SAFE_NO_PAD.decode(text).ok().and_then(|told| String::from_utf8(told).ok());
    told.and_then(|told| place(&told, sort)).ok_or_else(|| {
        Fault::invalid("?after", "不是上一页给出的游标", "is no cursor that a page's `next` link gave")
    })
}

/// A line's place in a list, as a text.
fn at(line: &CaseLine, sort: Sort) -> String {
    match (sort, line.due_on) {
        (Sort::Due, Some(due)) => format!("{due}~{}", line.id),
        _ => line.id.clone(),
    }
}

/// None for a text that is no place in a list of this order: a cursor of another order would begin somewhere else.
fn place(text: &str, sort: Sort) -> Option<Cursor> {
    let (due_on, id) = match text.split_once('~') {
        Some((due, id)) => (Some(due.parse().ok()?), id),
        None => (None, text),
    };
    let fits = due_on.is_some() == (sort == Sort::Due);
    fits.then_some(Cursor { id: id.parse().ok()?, due_on })
}
