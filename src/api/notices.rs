//! The notice ladder 三单: reminders, warnings and supervision orders on a case, their answers and striking-off, on paper
//! and in one list; and the switch of the ladder.

use super::{
    ask::Ask,
    attachments::FileBytes,
    input::{Body, CommandQuery, Query},
    letters::written,
    pages::{Page, leading_on, page, page_size},
    press::{Form, Press},
    problem::{PaperProblems, ReadProblems, Refused, WriteProblems},
    step::{Step, case_id, number},
    view::CaseView,
};
use crate::{
    domain::{
        case::{
            Command, Leader, NoticeAnswer, NoticeDecision, NoticeOrder,
            procedure::{Action, Target},
        },
        day::Day,
        ids::{CaseId, DepartmentId, ProblemListId},
        ladder::LadderSetting,
        words::{NoticeStanding, Rung},
    },
    office::{
        Fault,
        notices::{About, Asked, Cursor, Line},
    },
};
use actix_web::{
    HttpRequest, HttpResponse, get, post, put,
    web::{Data, Path},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

/// Issue a notice by hand 发出三单
///
/// A reminder, a warning or a supervision order to a department that has the case, under the next number of its kind and
/// year. A supervision order names the leader under whose name it goes out. Most notices go out by themselves, by the
/// policy's ladder. **Who:** committee staff; the government office, reminders to departments of the government.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = NoticeOrder, example = json!({"rung": "supervision_order", "assignment": 1, "reason": "答复逾期，且未反馈警示单。", "answer_by": "2024-06-14", "leader": {"title": "分管副主任", "name": "张某某"}})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/notices")]
pub async fn issue_notice(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::IssueNotice), |desk, case, form: NoticeOrder| {
        let document = desk.office.next_notice(desk.db, &case.congress, form.rung)?;
        Ok(Command::IssueNotice(form, document))
    })
    .await
}

/// Answer a notice 反馈三单
///
/// What was done, and by when the rest will be. **Who:** the department to which it went.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("n" = u32, Path, description = "The notice's number within the case"), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = NoticeAnswer, example = json!({"done": "答复稿已送签发人审签。", "finished_by": "2024-06-07"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/notices/{n}/answer")]
pub async fn answer_notice(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(&path.0, Target::notice(Action::AnswerNotice, number), move |_, _, form| {
        Ok(Command::AnswerNotice(number, form))
    })
    .await
}

/// Strike a notice off, or ask again 三单销号
///
/// Accepts the answer, or refuses it with a reason and waits for another one. What was never answered can be struck off
/// with a reason. **Who:** whoever issued it: committee staff, who also speak for the ladder; the government office.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("n" = u32, Path, description = "The notice's number within the case"), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = NoticeDecision, example = json!({"accepted": false, "reason": "请写明完成时间", "answer_by": "2024-06-20"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/notices/{n}/closure")]
pub async fn decide_notice(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(&path.0, Target::notice(Action::DecideNotice, number), move |_, _, form| {
        Ok(Command::DecideNotice(number, form))
    })
    .await
}

/// A notice as a Word file 三单
///
/// As it went out. **Who:** whoever sees the notice.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path), ("n" = u32, Path, description = "The notice's number within the case")),
    responses((status = 200, body = FileBytes, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), PaperProblems, ReadProblems),
    security(("bearer" = []))
)]
#[get("/cases/{id}/notices/{n}/letter.docx")]
pub async fn get_ladder_notice_docx(
    ask: Ask,
    press: Data<Press>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Refused> {
    let posted = ask.office.ladder_notice(&ask.caller, case_id(&path.0)?, number(&path.1)?).await?;
    written(&press, posted, Form::Docx).await
}

/// A notice as PDF 三单
///
/// The same, to be printed. Where no Chinese font is found the answer is 503 `no-font`. **Who:** whoever sees the notice.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path), ("n" = u32, Path, description = "The notice's number within the case")),
    responses((status = 200, body = FileBytes, content_type = "application/pdf"), PaperProblems, ReadProblems),
    security(("bearer" = []))
)]
#[get("/cases/{id}/notices/{n}/letter.pdf")]
pub async fn get_ladder_notice_pdf(
    ask: Ask,
    press: Data<Press>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Refused> {
    let posted = ask.office.ladder_notice(&ask.caller, case_id(&path.0)?, number(&path.1)?).await?;
    written(&press, posted, Form::Pdf).await
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NoticeQuery {
    /// Only those that stand so.
    status: Option<NoticeStanding>,
    rung: Option<Rung>,
    /// Only those to this department.
    #[param(value_type = Option<String>)]
    department: Option<DepartmentId>,
    /// Only those of this case.
    #[param(value_type = Option<String>)]
    case: Option<CaseId>,
    /// The cursor of the previous page's `next` link.
    cursor: Option<String>,
    /// Lines on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct NoticePage {
    notices: Vec<NoticeLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A notice in the list.
#[derive(Serialize, utoipa::ToSchema)]
pub struct NoticeLine {
    /// 编号
    #[schema(example = "警示单〔2024〕3号")]
    document: String,
    rung: Rung,
    /// The rung in words.
    #[schema(example = "警示单")]
    rung_name: &'static str,
    status: NoticeStanding,
    /// The case that it is about; else an item of a problem list.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<NoticeCase>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<NoticeItem>,
    /// Its number within the case or the item.
    number: u32,
    department: Option<NoticeDepartment>,
    issued_on: Day,
    /// The day of the duty that it urges, as it stood then.
    due: Option<Day>,
    answer_by: Option<Day>,
    leader: Option<Leader>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct NoticeCase {
    id: CaseId,
    number: Option<String>,
    /// Withheld of a confidential case, as in lists.
    title: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct NoticeItem {
    list: ProblemListId,
    item: u32,
    text: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct NoticeDepartment {
    id: DepartmentId,
    name: String,
}

/// List notices 三单
///
/// Of all cases and problem lists, latest first, page by page (`Link: rel="next"`). A department reads those that went to
/// it; deputies find theirs in the case.
///
/// **Who:** the committee and auditors; the government office, those to its departments; departments.
#[utoipa::path(
    tag = "supervision",
    params(NoticeQuery),
    responses((status = 200, body = NoticePage, headers(("Link" = Option<String>, description = "The next page"))), ReadProblems),
    security(("bearer" = []))
)]
#[get("/notices")]
pub async fn list_notices(
    ask: Ask,
    query: Query<NoticeQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let Query(NoticeQuery { status, rung, department, case, cursor, limit }) = query;
    let limit = page_size(limit)?;
    let after = cursor.as_deref().map(read_cursor).transpose()?;
    let asked = Asked { standing: status, rung, department, channel: None, case };
    let found = ask.office.notices(&ask.caller, asked, after, limit + 1).await?;
    let Page { lines, next } = page(&request, found, limit, "cursor", |last| written_cursor(&last.cursor));
    let notices = lines.into_iter().map(line).collect();
    Ok(leading_on(next.as_ref()).json(NoticePage { notices, next }))
}

fn line(it: Line) -> NoticeLine {
    let (case, item) = match it.about {
        About::Case { id, number, title } => (Some(NoticeCase { id, number, title }), None),
        About::Item { list, item, text } => (None, Some(NoticeItem { list, item, text })),
    };
    NoticeLine {
        document: it.document,
        rung: it.rung,
        rung_name: it.rung.zh(),
        status: it.standing,
        case,
        item,
        number: it.number,
        department: it.department.map(|(id, name)| NoticeDepartment { id, name }),
        issued_on: it.issued_on,
        due: it.due,
        answer_by: it.answer_by,
        leader: it.leader,
    }
}

/// A place in the list, as a text.
fn written_cursor(it: &Cursor) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{}~{}~{}~{}", it.day, it.subject, it.item, it.number))
}

fn read_cursor(text: &str) -> Result<Cursor, Fault> {
    let told = BASE64_URL_SAFE_NO_PAD.decode(text).ok().and_then(|told| String::from_utf8(told).ok());
    let place = told.as_deref().and_then(|told| {
        let parts: Vec<&str> = told.split('~').collect();
        let [day, subject, item, number] = parts.as_slice() else { return None };
        Some(Cursor {
            day: day.parse().ok()?,
            subject: subject.parse().ok()?,
            item: item.parse().ok()?,
            number: number.parse().ok()?,
        })
    });
    place.ok_or_else(|| {
        Fault::invalid("?cursor", "不是上一页给出的游标", "is no cursor that a page's `next` link gave")
    })
}

/// Read the notice ladder's switch
///
/// **Who:** the committee, the government office, departments and auditors, their congress's.
#[utoipa::path(
    tag = "supervision",
    params(("id" = String, Path, example = "330502")),
    responses((status = 200, body = LadderSetting), ReadProblems),
    security(("bearer" = []))
)]
#[get("/congresses/{id}/notice-ladder")]
pub async fn get_notice_ladder(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    let congress = id.parse().map_err(|_| Fault::NotFound)?;
    Ok(HttpResponse::Ok().json(ask.office.notice_ladder(&ask.caller, congress).await?))
}

/// Switch the notice ladder on 启用三单
///
/// From a day on notices go out by themselves, by the rungs of the policy; without a day none does. What was due before
/// that day brings no notice. `leaders` says who holds the offices that the rungs name.
///
/// **Who:** the committee's leader. What was set stands in the book of acts.
#[utoipa::path(
    tag = "supervision",
    params(("id" = String, Path, example = "330502")),
    request_body(content = LadderSetting, example = json!({"from": "2024-03-01", "leaders": [{"title": "分管副主任", "name": "张某某"}]})),
    responses((status = 200, body = LadderSetting), WriteProblems),
    security(("bearer" = []))
)]
#[put("/congresses/{id}/notice-ladder")]
pub async fn set_notice_ladder(ask: Ask, id: Path<String>, body: Body) -> Result<HttpResponse, Refused> {
    let congress = id.parse().map_err(|_| Fault::NotFound)?;
    let parse = move || {
        let setting: LadderSetting = body.read()?;
        if setting.leaders.len() > 20 {
            return Err(Fault::invalid("/leaders", "最多 20 项", "at most 20 are allowed"));
        }
        let twice = |index: &usize| {
            setting.leaders[..*index].iter().any(|it| it.title == setting.leaders[*index].title)
        };
        if let Some(index) = (0..setting.leaders.len()).find(twice) {
            return Err(Fault::invalid(
                format!("/leaders/{index}/title"),
                "每个职务只能填一人",
                "names an office a second time",
            ));
        }
        Ok(setting)
    };
    Ok(HttpResponse::Ok().json(ask.office.set_notice_ladder(&ask.caller, congress, parse).await?))
}
