//! Problem lists 问题清单: assigned as a whole, each item reported on by its holder and struck off by somebody else
//! (集中交办、限时销号).

use super::{
    ask::Ask,
    input::{Body, Guards, Query},
    pages::{Page, leading_on, page, page_size},
    problem::{ReadProblems, Refused, WriteProblems},
    step::{number, response},
};
use crate::{
    domain::{
        case::{DepartmentRef, Notice, NoticeAnswer, NoticeDecision},
        day::Day,
        gate::Operation,
        ids::{CaseId, DepartmentId, ProblemListId},
        problem::{Asked, ItemReport, NewProblemList, StrikingOff},
        text::Note,
        words::{ItemStanding, NoticeStanding},
    },
    office::{
        Fault,
        problems::{ItemCursor, ItemShown, ItemsAsked, ListShown},
    },
};
use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web::Path};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

#[derive(Serialize, utoipa::ToSchema)]
pub struct ProblemListView {
    id: ProblemListId,
    title: String,
    source: String,
    assigned_on: Day,
    /// How many items it has; for who sees all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<u32>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ProblemListPage {
    lists: Vec<ProblemListView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// An item of a problem list.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ProblemItemView {
    list: ProblemListId,
    /// The list's.
    title: String,
    /// Its number in the list, from 1.
    number: u32,
    /// For `If-Match`.
    version: i64,
    text: Note,
    /// Who holds it.
    department: DepartmentRef,
    due_on: Day,
    status: ItemStanding,
    /// The status in words.
    #[schema(example = "待销号")]
    status_name: &'static str,
    /// The case that it comes from, where the caller may open it.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<CaseId>,
    assigned_on: Day,
    reports: Vec<ReportView>,
    struck_off_on: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    struck_off_for: Option<Note>,
    notices: Vec<ItemNoticeView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReportView {
    #[serde(flatten)]
    report: ItemReport,
    on: Day,
    /// Why it would not do.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_back: Option<Note>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ItemNoticeView {
    #[serde(flatten)]
    notice: Notice,
    standing: NoticeStanding,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ProblemItemPage {
    items: Vec<ProblemItemView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProblemListQuery {
    /// The cursor of the previous page's `next` link.
    #[param(value_type = Option<String>)]
    before: Option<ProblemListId>,
    /// Lines on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProblemItemQuery {
    /// Only those of this list.
    #[param(value_type = Option<String>)]
    list: Option<ProblemListId>,
    status: Option<ItemStanding>,
    /// Only those that this department holds.
    #[param(value_type = Option<String>)]
    department: Option<DepartmentId>,
    /// The cursor of the previous page's `next` link.
    cursor: Option<String>,
    /// Lines on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

fn list_view(it: &ListShown) -> ProblemListView {
    let ListShown { list, items } = it;
    ProblemListView {
        id: list.id,
        title: list.title.to_string(),
        source: list.source.to_string(),
        assigned_on: list.assigned_on,
        items: *items,
    }
}

fn item_view(it: ItemShown) -> ProblemItemView {
    let ItemShown { list, title, item, case } = it;
    let status = item.standing();
    let notices = item
        .notices
        .iter()
        .map(|it| ItemNoticeView { notice: it.clone(), standing: item.notice_standing(it) });
    let notices = notices.collect();
    let reports = item.reports.into_iter().map(|it| ReportView {
        report: it.report,
        on: it.on,
        sent_back: it.sent_back,
    });
    ProblemItemView {
        list,
        title,
        number: item.number,
        version: item.version,
        text: item.text,
        department: item.department,
        due_on: item.due_on,
        status,
        status_name: status.zh(),
        case,
        assigned_on: item.assigned_on,
        reports: reports.collect(),
        struck_off_on: item.struck_off_on,
        struck_off_for: item.struck_off_for,
        notices,
    }
}

/// An item with the version that a change of it names.
fn item_answer(it: ItemShown) -> HttpResponse {
    let tag = format!("\"{}\"", it.item.version);
    HttpResponse::Ok().insert_header((header::ETAG, tag)).json(item_view(it))
}

/// The id in a path; what is no id names none.
fn list_id(text: &str) -> Result<ProblemListId, Refused> {
    text.parse().map_err(|_| Refused(Fault::NotFound))
}

/// Assign a problem list 集中交办
///
/// All items at once: each with its text, the department that holds it, and the day by which it is to be struck off. The
/// policy's ladder urges them like deadlines of cases. **Who:** the committee.
#[utoipa::path(
    tag = "problems",
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeat with the same key, get the same answer")),
    request_body(content = NewProblemList, example = json!({
        "title": "代表建议办理“回头看”问题清单", "source": "2024年11月代表视察",
        "items": [{"text": "承诺增设的公交站点尚未建成", "department": "018d0fc8-4680-78a7-9053-95f06de1b2fc", "due_on": "2024-12-31"}]
    })),
    responses((status = 201, body = ProblemListView, headers(("Location" = String, description = "The list"))), WriteProblems),
    security(("bearer" = []))
)]
#[post("/problem-lists")]
pub async fn assign_problem_list(ask: Ask, guards: Guards, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::AssignProblemList).await?;
    guards.no_late_paper()?;
    let key = guards.key(&body);
    let render = |shown: &ListShown| serde_json::to_string(&list_view(shown)).unwrap_or_default();
    let parse = move || body.read();
    Ok(response(ask.office.assign_problem_list(&ask.caller, key, parse, render).await?))
}

/// List problem lists 问题清单
///
/// Newest first, page by page (`Link: rel="next"`). **Who:** the committee and auditors; the government office and
/// departments, those that hold an item of theirs.
#[utoipa::path(
    tag = "problems",
    params(ProblemListQuery),
    responses((status = 200, body = ProblemListPage, headers(("Link" = Option<String>, description = "The next page"))), ReadProblems),
    security(("bearer" = []))
)]
#[get("/problem-lists")]
pub async fn list_problem_lists(
    ask: Ask,
    query: Query<ProblemListQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let limit = page_size(query.0.limit)?;
    let found = ask.office.problem_lists(&ask.caller, query.0.before, limit + 1).await?;
    let Page { lines, next } = page(&request, found, limit, "before", |last| last.list.id.to_string());
    let lists = lines.iter().map(list_view).collect();
    Ok(leading_on(next.as_ref()).json(ProblemListPage { lists, next }))
}

/// Read a problem list
///
/// Its items stand in `/v1/problem-items?list=`. **Who:** the committee and auditors; the government office and
/// departments, where they hold an item of it.
#[utoipa::path(tag = "problems", responses((status = 200, body = ProblemListView), ReadProblems), security(("bearer" = [])))]
#[get("/problem-lists/{id}")]
pub async fn get_problem_list(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ReadProblemLists).await?;
    let shown = ask.office.problem_list(&ask.caller, list_id(&id)?).await?;
    Ok(HttpResponse::Ok().json(list_view(&shown)))
}

/// List items of problem lists
///
/// The earliest day first, page by page (`Link: rel="next"`). **Who:** the committee and auditors; the government office,
/// those of its departments; departments, their own.
#[utoipa::path(
    tag = "problems",
    params(ProblemItemQuery),
    responses((status = 200, body = ProblemItemPage, headers(("Link" = Option<String>, description = "The next page"))), ReadProblems),
    security(("bearer" = []))
)]
#[get("/problem-items")]
pub async fn list_problem_items(
    ask: Ask,
    query: Query<ProblemItemQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let Query(ProblemItemQuery { list, status, department, cursor, limit }) = query;
    let limit = page_size(limit)?;
    let after = cursor.as_deref().map(read_cursor).transpose()?;
    let asked = ItemsAsked { list, standing: status, department, channel: None };
    let found = ask.office.problem_items(&ask.caller, asked, after, limit + 1).await?;
    let Page { lines, next } = page(&request, found, limit, "cursor", written_cursor);
    let items = lines.into_iter().map(item_view).collect();
    Ok(leading_on(next.as_ref()).json(ProblemItemPage { items, next }))
}

/// A place in the list, as a text.
fn written_cursor(it: &ItemShown) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{}~{}~{}", it.item.due_on, it.list, it.item.number))
}

fn read_cursor(text: &str) -> Result<ItemCursor, Fault> {
    let told = BASE64_URL_SAFE_NO_PAD.decode(text).ok().and_then(|told| String::from_utf8(told).ok());
    let place = told.as_deref().and_then(|told| {
        let parts: Vec<&str> = told.split('~').collect();
        let [day, list, item] = parts.as_slice() else { return None };
        Some(ItemCursor { due_on: day.parse().ok()?, list: list.parse().ok()?, item: item.parse().ok()? })
    });
    place.ok_or_else(|| {
        Fault::invalid("?cursor", "不是上一页给出的游标", "is no cursor that a page's `next` link gave")
    })
}

/// Read an item of a problem list
///
/// With its reports and notices. **Who:** the committee and auditors; the government office, where a department of the
/// government holds it; the department that holds it.
#[utoipa::path(
    tag = "problems",
    params(("id" = ProblemListId, Path), ("n" = u32, Path, description = "The item's number in the list")),
    responses((status = 200, body = ProblemItemView), ReadProblems),
    security(("bearer" = []))
)]
#[get("/problem-lists/{id}/items/{n}")]
pub async fn get_problem_item(ask: Ask, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ReadProblemLists).await?;
    let place = (list_id(&path.0)?, number(&path.1)?);
    Ok(item_answer(ask.office.problem_item(&ask.caller, place).await?))
}

/// Report on an item 报告整改情况
///
/// What was done, and what shows it. **Who:** the department that holds it.
#[utoipa::path(
    tag = "problems",
    params(("id" = ProblemListId, Path), ("n" = u32, Path, description = "The item's number in the list"), ("If-Match" = String, Header, example = "\"3\"")),
    request_body(content = ItemReport, example = json!({"done": "站点已建成，十一月二日启用", "evidence": "验收单"})),
    responses((status = 200, body = ProblemItemView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/problem-lists/{id}/items/{n}/reports")]
pub async fn report_problem_item(
    ask: Ask,
    guards: Guards,
    path: Path<(String, String)>,
    body: Body,
) -> Result<HttpResponse, Refused> {
    let parse = move || Ok(Asked::Report(body.read()?));
    act(ask, guards, &path, Operation::ReportProblemItem, parse).await
}

/// Strike an item off, or send it back 销号
///
/// On the latest report. **Who:** the committee; never whoever reported.
#[utoipa::path(
    tag = "problems",
    params(("id" = ProblemListId, Path), ("n" = u32, Path, description = "The item's number in the list"), ("If-Match" = String, Header, example = "\"3\"")),
    request_body(content = StrikingOff, example = json!({"accepted": false, "reason": "现场查看，站点尚未通车"})),
    responses((status = 200, body = ProblemItemView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/problem-lists/{id}/items/{n}/striking-off")]
pub async fn strike_off_problem_item(
    ask: Ask,
    guards: Guards,
    path: Path<(String, String)>,
    body: Body,
) -> Result<HttpResponse, Refused> {
    let parse = move || Ok(Asked::StrikeOff(body.read()?));
    act(ask, guards, &path, Operation::StrikeOffProblemItem, parse).await
}

/// Answer a notice on an item 反馈三单
///
/// **Who:** the department that holds it.
#[utoipa::path(
    tag = "problems",
    params(("id" = ProblemListId, Path), ("n" = u32, Path, description = "The item's number in the list"), ("k" = u32, Path, description = "The notice's number within the item"), ("If-Match" = String, Header, example = "\"3\"")),
    request_body(content = NoticeAnswer, example = json!({"done": "正在施工", "finished_by": "2024-12-20"})),
    responses((status = 200, body = ProblemItemView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/problem-lists/{id}/items/{n}/notices/{k}/answer")]
pub async fn answer_problem_notice(
    ask: Ask,
    guards: Guards,
    path: Path<(String, String, String)>,
    body: Body,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ReportProblemItem).await?;
    let (id, n, k) = path.into_inner();
    let notice = number(&k)?;
    let parse = move || Ok(Asked::Answer(notice, body.read::<NoticeAnswer>()?));
    act(ask, guards, &(id, n), Operation::ReportProblemItem, parse).await
}

/// Strike a notice on an item off, or ask again 三单销号
///
/// **Who:** the committee.
#[utoipa::path(
    tag = "problems",
    params(("id" = ProblemListId, Path), ("n" = u32, Path, description = "The item's number in the list"), ("k" = u32, Path, description = "The notice's number within the item"), ("If-Match" = String, Header, example = "\"3\"")),
    request_body(content = NoticeDecision, example = json!({"accepted": true})),
    responses((status = 200, body = ProblemItemView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/problem-lists/{id}/items/{n}/notices/{k}/closure")]
pub async fn close_problem_notice(
    ask: Ask,
    guards: Guards,
    path: Path<(String, String, String)>,
    body: Body,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::StrikeOffProblemItem).await?;
    let (id, n, k) = path.into_inner();
    let notice = number(&k)?;
    let parse = move || Ok(Asked::Decide(notice, body.read::<NoticeDecision>()?));
    act(ask, guards, &(id, n), Operation::StrikeOffProblemItem, parse).await
}

async fn act(
    ask: Ask,
    guards: Guards,
    (id, n): &(String, String),
    operation: Operation,
    parse: impl Fn() -> Result<Asked, Fault> + Send + 'static,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, operation).await?;
    let place = (list_id(id)?, number(n)?);
    guards.no_late_paper()?;
    let shown = ask.office.act_on_item(&ask.caller, place, operation, guards.precondition, parse).await?;
    Ok(item_answer(shown))
}
