//! Signals for who supervises: a list in which each line explains itself, and what the kinds mean.

use super::{
    ask::Ask,
    input::Query,
    pages::{Page, leading_on, page, page_size},
    problem::{OpenProblems, ReadProblems, Refused, language},
};
use crate::{
    domain::{
        day::Day,
        ids::{CaseId, CongressId, DepartmentId},
        signals::{Kind, Told},
    },
    office::{
        Fault,
        signals::{Cursor, Line, Wanted},
    },
};
use actix_web::{HttpRequest, HttpResponse, get};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SignalQuery {
    /// One's own, and so are its signals if left out.
    #[param(value_type = Option<String>, example = "330502")]
    congress: Option<CongressId>,
    /// Only those of this kind.
    kind: Option<Kind>,
    /// The first day of the period, by the legal day of the event.
    #[param(value_type = Option<String>, format = Date, example = "2024-01-01")]
    from: Option<Day>,
    /// Its last day; today if left out.
    #[param(value_type = Option<String>, format = Date, example = "2024-12-31")]
    to: Option<Day>,
    /// Only those about this department's part.
    #[param(value_type = Option<String>)]
    department: Option<DepartmentId>,
    /// The cursor of the previous page's `next` link.
    cursor: Option<String>,
    /// Lines on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SignalPage {
    signals: Vec<SignalView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Something that a supervisor may want to look at. It says what happened, and judges nobody.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SignalView {
    kind: Kind,
    /// The kind in words.
    #[schema(example = "答复后即刻评价")]
    name: String,
    case: SignalCase,
    /// The event that raised it, by its number in the case's `/events`; left out of a case that the caller may not open.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
    /// That event's legal day.
    on: Day,
    department: Option<SignalDepartment>,
    facts: Told,
    /// The facts in a sentence.
    explanation: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SignalCase {
    id: CaseId,
    number: Option<String>,
    /// Withheld of a confidential case, as in lists.
    title: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SignalDepartment {
    id: DepartmentId,
    /// As it was called then.
    name: String,
}

/// List signals 预警线索
///
/// What a supervisor may want to look at, latest first, page by page (`Link: rel="next"`). Each line says what happened,
/// with its figures; none is a score, and none says that anybody did wrong. What raises a signal and what does not is told
/// by `/v1/signals/kinds`. A raise of the class is listed for the last days of the period alone.
///
/// **Who:** committee staff, its leaders and auditors, their congress's.
#[utoipa::path(
    tag = "supervision",
    params(SignalQuery),
    responses(
        (status = 200, body = SignalPage, headers(("Link" = Option<String>, description = "The next page")), example = json!({
            "signals": [{
                "kind": "evaluation_in_haste",
                "name": "答复后即刻评价",
                "case": {"id": "018d0fc8-4680-78a7-9053-95f06de1b2fb", "number": "区五届三次会议建议第012号", "title": "关于增设公交站点的建议"},
                "version": 14,
                "on": "2024-04-10",
                "department": {"id": "018d0fc8-4680-78a7-9053-95f06de1b2fc", "name": "区交通运输局"},
                "facts": {"kind": "evaluation_in_haste", "reply": 1, "seconds": 200, "counts": true},
                "explanation": "2024-04-10，区交通运输局的第1号答复登记后3分钟，代表即在系统中作出评价。该评价计入满意率。"
            }]
        })),
        ReadProblems
    ),
    security(("bearer" = []))
)]
#[get("/signals")]
pub async fn list_signals(
    ask: Ask,
    query: Query<SignalQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let Query(SignalQuery { congress, kind, from, to, department, cursor, limit }) = query;
    let limit = page_size(limit)?;
    let to = to.unwrap_or_else(|| ask.office.today());
    if from.is_some_and(|from| from > to) {
        return Err(Fault::invalid("?from", "不得晚于截止日期", "must not be after the last day").into());
    }
    let after = cursor.as_deref().map(read_cursor).transpose()?;
    let asked = Wanted { kind, from, to, department };
    let found = ask.office.signals(&ask.caller, congress, asked, after, limit + 1).await?;
    let Page { lines, next } = page(&request, found, limit, "cursor", |last| written_cursor(&last.cursor));
    let language = language(&request);
    let view = |line: Line| SignalView {
        kind: line.told.kind(),
        name: line.told.kind().name().to(language).to_owned(),
        case: SignalCase { id: line.case, number: line.number, title: line.title },
        version: line.version,
        on: line.on,
        department: line.department.map(|(id, name)| SignalDepartment { id, name }),
        explanation: line.explained.to(language).to_owned(),
        facts: line.told,
    };
    Ok(leading_on(next.as_ref()).json(SignalPage { signals: lines.into_iter().map(view).collect(), next }))
}

/// A place in the list, as a text.
fn written_cursor(it: &Cursor) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{}~{}~{}~{}", it.day, it.case, it.version, it.kind))
}

fn read_cursor(text: &str) -> Result<Cursor, Fault> {
    let told = BASE64_URL_SAFE_NO_PAD.decode(text).ok().and_then(|told| String::from_utf8(told).ok());
    let place = told.as_deref().and_then(|told| {
        let mut parts = told.split('~');
        let (day, case, version, kind) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let cursor = Cursor {
            day: day.parse().ok()?,
            case: case.parse().ok()?,
            version: version.parse().ok()?,
            kind: kind.parse().ok()?,
        };
        parts.next().is_none().then_some(cursor)
    });
    place.ok_or_else(|| {
        Fault::invalid("?cursor", "不是上一页给出的游标", "is no cursor that a page's `next` link gave")
    })
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SignalKinds {
    kinds: Vec<SignalKind>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SignalKind {
    kind: Kind,
    name: String,
    /// What raises it, and what does not.
    definition: String,
    /// The numbers in the definition, by name.
    limits: BTreeMap<&'static str, u32>,
}

/// List the kinds of signals and what each means
///
/// **Who:** anybody.
#[utoipa::path(tag = "supervision", responses((status = 200, body = SignalKinds), OpenProblems))]
#[get("/signals/kinds")]
pub async fn list_signal_kinds(request: HttpRequest) -> HttpResponse {
    let language = language(&request);
    let told = |kind: Kind| SignalKind {
        kind,
        name: kind.name().to(language).to_owned(),
        definition: kind.definition().to(language).to_owned(),
        limits: kind.limits().into_iter().collect(),
    };
    HttpResponse::Ok().json(SignalKinds { kinds: Kind::ALL.into_iter().map(told).collect() })
}
