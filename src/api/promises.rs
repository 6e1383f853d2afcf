//! The ledger of promises 承诺事项台账: the list across sessions and terms.

use super::{
    ask::Ask,
    input::Query,
    pages::{Page, leading_on, page, page_size},
    problem::{ReadProblems, Refused},
};
use crate::{
    domain::{
        case::{DepartmentRef, DeputyRef, HeldBy},
        day::Day,
        ids::{CaseId, DepartmentId, DeputyId, SessionId},
        words::PromiseStatus,
    },
    office::{
        Fault,
        promises::{Asked, Cursor, Line},
    },
};
use actix_web::{HttpRequest, HttpResponse, get};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

/// Whose word a promise waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitingFor {
    /// The committee, to decide a change.
    Committee,
    /// The deputy, to judge a report.
    Deputy,
}

#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CommitmentQuery {
    status: Option<PromiseStatus>,
    /// Whether something is still owed: neither confirmed nor dropped.
    owed: Option<bool>,
    /// Who keeps it now.
    #[param(value_type = Option<String>)]
    department: Option<DepartmentId>,
    /// 领衔代表
    #[param(value_type = Option<String>)]
    lead: Option<DeputyId>,
    /// By the day that holds now.
    #[param(value_type = Option<String>, format = Date, example = "2025-01-01")]
    due_before: Option<Day>,
    #[param(value_type = Option<String>, format = Date)]
    due_after: Option<Day>,
    #[param(value_type = Option<String>, example = "5-3")]
    session: Option<SessionId>,
    #[param(value_type = Option<String>)]
    case: Option<CaseId>,
    waiting_for: Option<WaitingFor>,
    /// The cursor of the previous page's `next` link.
    cursor: Option<String>,
    /// Lines on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

impl CommitmentQuery {
    pub fn asked(&self) -> Asked {
        Asked {
            status: self.status,
            owed: self.owed,
            department: self.department,
            lead: self.lead,
            due_before: self.due_before,
            due_after: self.due_after,
            session: self.session.clone(),
            case: self.case,
            change_pending: self.waiting_for == Some(WaitingFor::Committee),
            judgement_awaited: self.waiting_for == Some(WaitingFor::Deputy),
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct CommitmentPage {
    commitments: Vec<CommitmentLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A promise in the ledger.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CommitmentLine {
    case: CommitmentCase,
    /// Its number within the case.
    number: u32,
    /// Withheld of a confidential case whose readers the caller is not among.
    text: Option<String>,
    /// 领衔代表; withheld likewise.
    lead: Option<DeputyRef>,
    /// Who keeps it, as it was named when it came to; none while the department that made it has handed the case back.
    holder: Option<DepartmentRef>,
    /// What the holder is called now, if otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    holder_now: Option<String>,
    /// Who had it before, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    earlier_holders: Vec<HeldBy>,
    made_on: Day,
    /// As the letter promised.
    original_due_on: Day,
    /// As the committee let it be moved.
    due_on: Day,
    status: PromiseStatus,
    #[schema(example = "落实中")]
    status_name: &'static str,
    /// Past its day today, and neither kept nor over.
    overdue: bool,
    /// How often the committee let its day be moved.
    moves: u32,
    /// A change waits for the committee.
    change_pending: bool,
    /// A report waits for the deputy.
    judgement_awaited: bool,
    /// Since when nothing more is owed.
    over_on: Option<Day>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct CommitmentCase {
    id: CaseId,
    href: String,
    number: Option<String>,
    /// Withheld of a confidential case, as in lists.
    title: String,
    session: Option<SessionId>,
}

impl From<Line> for CommitmentLine {
    fn from(it: Line) -> CommitmentLine {
        // Destructured without `..`: whoever adds a field decides here whether it is told.
        let Line {
            case,
            case_number,
            title,
            session,
            lead,
            number,
            text,
            holder,
            holder_now,
            earlier,
            made_on,
            original_due_on,
            due_on,
            status,
            overdue,
            moves,
            change_pending,
            judgement_awaited,
            over_on,
        } = it;
        CommitmentLine {
            case: CommitmentCase {
                id: case,
                href: format!("/v1/cases/{case}"),
                number: case_number,
                title,
                session,
            },
            number,
            text,
            lead,
            holder,
            holder_now,
            earlier_holders: earlier,
            made_on,
            original_due_on,
            due_on,
            status,
            status_name: status.zh(),
            overdue,
            moves,
            change_pending,
            judgement_awaited,
            over_on,
        }
    }
}

/// List promises 承诺事项台账
///
/// Across sessions and terms, the earliest due first, page by page (`Link: rel="next"`). Where a promise stands follows
/// from what shows it: a report without evidence is `reported_without_evidence` and never kept, before the deputy or a
/// revisit confirms it. Promises that a corrected letter took back are not listed.
///
/// **Who:** a deputy and a delegation's secretary, of their cases; a department, what it keeps; the government office, of
/// cases that it shares in; committee and auditors, all.
#[utoipa::path(
    tag = "commitments",
    params(CommitmentQuery),
    responses(
        (status = 200, body = CommitmentPage, headers(("Link" = Option<String>, description = "The next page")), example = json!({
            "commitments": [{
                "case": {"id": "018d0fc8-4680-78a7-9053-95f06de1b2fb", "href": "/v1/cases/018d0fc8-4680-78a7-9053-95f06de1b2fb", "number": "区五届三次会议建议第012号", "title": "关于增设公交站点的建议", "session": "5-3"},
                "number": 1, "text": "年内增设站点两处",
                "lead": {"id": "018d0fc8-4680-78a7-9053-95f06de1b2fd", "name": "陈芳"},
                "holder": {"id": "018d0fc8-4680-78a7-9053-95f06de1b2fc", "name": "区交通运输局", "channel": "government"},
                "made_on": "2024-04-10", "original_due_on": "2024-12-31", "due_on": "2025-06-30",
                "status": "open", "status_name": "落实中", "overdue": false, "moves": 1,
                "change_pending": false, "judgement_awaited": false, "over_on": null
            }]
        })),
        ReadProblems
    ),
    security(("bearer" = []))
)]
#[get("/commitments")]
pub async fn list_commitments(
    ask: Ask,
    query: Query<CommitmentQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let limit = page_size(query.0.limit)?;
    let after = query.0.cursor.as_deref().map(read_cursor).transpose()?;
    let found = ask.office.promises(&ask.caller, query.0.asked(), after, limit + 1).await?;
    let Page { lines, next } = page(&request, found, limit, "cursor", |last| written_cursor(&last.cursor()));
    let commitments = lines.into_iter().map(CommitmentLine::from).collect();
    Ok(leading_on(next.as_ref()).json(CommitmentPage { commitments, next }))
}

/// A place in the list, as a text.
fn written_cursor(it: &Cursor) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{}~{}~{}", it.due_on, it.case, it.number))
}

fn read_cursor(text: &str) -> Result<Cursor, Fault> {
    let told = BASE64_URL_SAFE_NO_PAD.decode(text).ok().and_then(|told| String::from_utf8(told).ok());
    let place = told.as_deref().and_then(|told| {
        let mut parts = told.split('~');
        let (day, case, number) = (parts.next()?, parts.next()?, parts.next()?);
        let cursor =
            Cursor { due_on: day.parse().ok()?, case: case.parse().ok()?, number: number.parse().ok()? };
        parts.next().is_none().then_some(cursor)
    });
    place.ok_or_else(|| {
        Fault::invalid("?cursor", "不是上一页给出的游标", "is no cursor that a page's `next` link gave")
    })
}
