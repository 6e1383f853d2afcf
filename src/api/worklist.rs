//! The worklist: what waits for the caller, by when, with the step that does it.

use super::{
    ask::Ask,
    input::Query,
    pages::{Page, leading_on, page, page_size},
    problem::{ReadProblems, Refused, language},
};
use crate::{
    domain::{
        case::procedure::{Action, Target},
        day::Day,
        deadline::Verdict,
        ids::CaseId,
        say::Language,
        worklist::{TaskCounts, TaskGroup, TaskKind, When},
    },
    office::{
        Fault,
        worklist::{Asked, Cursor, Item, Matter, Subject, Worklist},
    },
};
use actix_web::{HttpRequest, HttpResponse, get};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WorklistQuery {
    /// Only tasks of this kind; the counts are of all.
    kind: Option<TaskKind>,
    /// The cursor of the previous page's `next` link.
    after: Option<String>,
    /// Tasks on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// What waits for the caller.
#[derive(Serialize, utoipa::ToSchema)]
pub struct WorklistPage {
    /// The legal day that it is.
    today: Day,
    counts: TaskCounts,
    tasks: Vec<TaskView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Something that waits for the caller.
#[derive(Serialize, utoipa::ToSchema)]
pub struct TaskView {
    kind: TaskKind,
    /// What is to be done.
    #[schema(example = "答复代表")]
    name: String,
    group: TaskGroup,
    /// The case that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<TaskCase>,
    /// What it is about, if that is no case: an item of a problem list, an opinion, a statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    matter: Option<TaskMatter>,
    /// The assignment's or the promise's number within the case, as the kind says.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
    /// The last day; left out where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Day>,
    /// Of a task without a last day: since when it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Day>,
    /// Calendar days to the last day; negative once it has passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    days_left: Option<i64>,
    /// Working days after today up to the last day; negative: those that have passed since.
    #[serde(skip_serializing_if = "Option::is_none")]
    working_days_left: Option<i64>,
    /// Of a dated task: `open`, `overdue`, or `lapsed`, which is a right whose day has passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<Verdict>,
    /// The step that does it; left out while it waits for somebody else's.
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<StepLink>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct TaskCase {
    id: CaseId,
    number: Option<String>,
    title: String,
    href: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct TaskMatter {
    title: String,
    href: String,
}

/// A step that the caller may take now.
#[derive(Serialize, utoipa::ToSchema)]
pub struct StepLink {
    action: Action,
    /// 环节名称
    name: &'static str,
    method: &'static str,
    href: String,
}

/// Read what waits for me 工作清单
///
/// Tasks by their last day, so that what is overdue comes first; then those without one, the longest waiting first; page by
/// page (`Link: rel="next"`). Each names the step that does it, as `/v1/cases/{id}/actions` offers it. What is past its day
/// is `overdue` if it was owed, else `lapsed`: judging a reply is a right, and still possible. The counts are of the first
/// 1,000 tasks, and say whether these are all (`complete`). Of confidential cases only those tell who are named in them.
///
/// **Who:** everybody who is signed in; for whom the procedure has no step, the list is empty. A program needs `cases:read`.
#[utoipa::path(
    tag = "worklist",
    params(WorklistQuery),
    responses(
        (status = 200, body = WorklistPage, headers(("Link" = Option<String>, description = "The next page")), example = json!({
            "today": "2024-05-20",
            "counts": {
                "total": 1, "complete": true, "overdue": 0, "lapsed": 0, "today": 0, "this_week": 1, "later": 0, "undated": 0,
                "kinds": [{"kind": "reply", "name": "答复代表", "n": 1}]
            },
            "tasks": [{
                "kind": "reply",
                "name": "答复代表",
                "group": "this_week",
                "case": {
                    "id": "018d0fc8-4680-78a7-9053-95f06de1b2fb",
                    "number": "区五届三次会议建议第012号",
                    "title": "关于增设公交站点的建议",
                    "href": "/v1/cases/018d0fc8-4680-78a7-9053-95f06de1b2fb"
                },
                "number": 1,
                "due": "2024-05-22",
                "days_left": 2,
                "working_days_left": 2,
                "verdict": "open",
                "step": {
                    "action": "reply",
                    "name": "答复",
                    "method": "POST",
                    "href": "/v1/cases/018d0fc8-4680-78a7-9053-95f06de1b2fb/assignments/1/reply"
                }
            }]
        })),
        ReadProblems
    ),
    security(("bearer" = []))
)]
#[get("/me/worklist")]
pub async fn get_worklist(
    ask: Ask,
    query: Query<WorklistQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let Query(WorklistQuery { kind, after, limit }) = query;
    let limit = page_size(limit)?;
    let after = after.as_deref().map(read_cursor).transpose()?;
    let language = language(&request);
    let asked = Asked { kind, after, limit: limit + 1, language };
    let Worklist { today, counts, tasks } = ask.office.worklist(&ask.caller, asked).await?;
    let Page { lines, next } = page(&request, tasks, limit, "after", |last| written_cursor(&last.cursor));
    let tasks = lines.into_iter().map(|item| view(item, language)).collect();
    Ok(leading_on(next.as_ref()).json(WorklistPage { today, counts, tasks, next }))
}

fn view(item: Item, language: Language) -> TaskView {
    let (case, matter, number, step) = match item.subject {
        Subject::Matter(Matter { title, href }) => (None, Some(TaskMatter { title, href }), None, None),
        Subject::Case { key, number, title, confidential: _, step } => {
            let href = format!("/v1/cases/{}", key.case);
            let step = step.map(|target| link(&href, target));
            (Some(TaskCase { id: key.case, number, title, href }), None, key.number, step)
        }
    };
    TaskView {
        kind: item.kind,
        name: item.kind.name().to(language).to_owned(),
        group: item.standing.group,
        case,
        matter,
        number,
        due: item.when.due(),
        since: match item.when {
            When::Since(day) => Some(day),
            When::Due(_) => None,
        },
        days_left: item.standing.days_left,
        working_days_left: item.standing.working_days_left,
        verdict: item.standing.verdict,
        step,
    }
}

fn link(case: &str, target: Target) -> StepLink {
    let step = target.action.step();
    StepLink {
        action: target.action,
        name: step.zh,
        method: step.method,
        href: format!("{case}{}", target.path()),
    }
}

/// A place in the list, as a text.
fn written_cursor(it: &Cursor) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{}~{}", it.place, it.key))
}

fn read_cursor(text: &str) -> Result<Cursor, Fault> {
    let told = BASE64_URL_SAFE_NO_PAD.decode(text).ok().and_then(|told| String::from_utf8(told).ok());
    let place = told.as_deref().and_then(|told| {
        let (place, key) = told.split_once('~')?;
        When::of_place(place)?;
        Some(Cursor { place: place.to_owned(), key: key.to_owned() })
    });
    place.ok_or_else(|| {
        Fault::invalid("?after", "不是上一页给出的游标", "is no cursor that a page's `next` link gave")
    })
}
