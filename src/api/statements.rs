//! Departments' quarterly statements of their promises 承诺事项落实情况报告: computed, issued, and confirmed by the deputies.

use super::{
    ask::Ask,
    input::{Body, Nothing, Query},
    pages::{Page, leading_on, page, page_size},
    problem::{ReadProblems, Refused, WriteProblems},
};
use crate::{
    domain::{
        case::DeputyRef,
        day::Day,
        gate::Operation,
        ids::DepartmentId,
        quarter::Quarter,
        statement::{StatementBody, StatementCounts, StatementLine},
    },
    office::{
        Fault,
        statements::{Answered, Drafted, Entry, Issued, LineAnswer},
    },
};
use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web::Path};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StatementQuery {
    #[param(value_type = Option<String>)]
    department: Option<DepartmentId>,
    /// Only statements older than this one, the last of the page before.
    before: Option<Uuid>,
    /// Lines on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct StatementList {
    statements: Vec<StatementEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct StatementEntry {
    id: String,
    href: String,
    department: String,
    department_name: String,
    #[schema(example = "2024-Q4")]
    quarter: String,
    edition: u32,
    issued_at: DateTime<Utc>,
    /// For a deputy, his own.
    lines: usize,
    /// How many of them have the deputy's word.
    answered: usize,
}

/// A quarter's promises as they stand now.
#[derive(Serialize, utoipa::ToSchema)]
pub struct StatementDraft {
    department: DepartmentId,
    department_name: String,
    quarter: Quarter,
    as_of: Day,
    counts: StatementCounts,
    lines: Vec<StatementLine>,
    /// The last edition that was issued.
    issued: Option<IssuedEdition>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct IssuedEdition {
    id: String,
    edition: u32,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct StatementView {
    statement: StatementBody,
    /// Of the whole statement as it was issued: JSON without spaces, its members in this order, in UTF-8.
    sha256: String,
    answers: Vec<AnswerView>,
    /// Lines without a deputy's word so far; for the committee and auditors, and a deputy's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    silent: Option<Vec<SilentLine>>,
    /// Whether a later edition took its place.
    replaced: bool,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct AnswerView {
    line: u32,
    confirmed: bool,
    objection: Option<String>,
    at: DateTime<Utc>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SilentLine {
    line: u32,
    deputy: DeputyRef,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmationForm {
    answers: Vec<LineAnswer>,
}

fn id(text: &str) -> Result<Uuid, Refused> {
    text.parse().map_err(|_| Refused(Fault::NotFound))
}

/// The department and the quarter in a path; what is neither names no statement.
fn of(path: &(String, String)) -> Result<(DepartmentId, Quarter), Refused> {
    let parsed = path.0.parse().ok().zip(path.1.parse().ok());
    parsed.ok_or(Refused(Fault::NotFound))
}

fn written(it: Issued) -> StatementView {
    let Issued { body, sha256, answers, silent, replaced } = it;
    let answer = |it: Answered| AnswerView {
        line: it.line,
        confirmed: it.confirmed,
        objection: it.objection,
        at: it.at,
    };
    let silent =
        silent.map(|lines| lines.into_iter().map(|(line, deputy)| SilentLine { line, deputy }).collect());
    let answers = answers.into_iter().map(answer).collect();
    StatementView { statement: body, sha256, answers, silent, replaced }
}

/// List statements of promises 承诺事项落实情况报告
///
/// Those that were issued, latest first, page by page (`Link: rel="next"`). **Who:** a department, its own; a deputy, those
/// with lines of cases that he leads; the government office, committee and auditors, all.
#[utoipa::path(
    tag = "commitments",
    params(StatementQuery),
    responses((status = 200, body = StatementList, headers(("Link" = Option<String>, description = "The next page"))), ReadProblems),
    security(("bearer" = []))
)]
#[get("/commitment-statements")]
pub async fn list_commitment_statements(
    ask: Ask,
    query: Query<StatementQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let Query(StatementQuery { department, before, limit }) = query;
    let limit = page_size(limit)?;
    let found = ask.office.statements(&ask.caller, department, before, limit as i64 + 1).await?;
    let Page { lines, next } = page(&request, found, limit, "before", |last| last.id.clone());
    let entry = |it: Entry| StatementEntry {
        href: format!("/v1/commitment-statements/{}", it.id),
        id: it.id,
        department: it.department,
        department_name: it.department_name,
        quarter: it.quarter,
        edition: it.edition,
        issued_at: it.issued_at,
        lines: it.lines,
        answered: it.answered,
    };
    let statements = lines.into_iter().map(entry).collect();
    Ok(leading_on(next.as_ref()).json(StatementList { statements, next }))
}

/// Work out a quarter's statement
///
/// A department's promises as they stand now: due by the quarter's end or with something that happened to them in it, and
/// not over before it began. Nothing is issued by asking. **Who:** the department; a deputy, the lines of cases that he
/// leads; the government office, committee and auditors.
#[utoipa::path(
    tag = "commitments",
    params(("department" = DepartmentId, Path), ("quarter" = Quarter, Path)),
    responses((status = 200, body = StatementDraft), ReadProblems),
    security(("bearer" = []))
)]
#[get("/commitment-statements/{department}/{quarter}")]
pub async fn draft_commitment_statement(
    ask: Ask,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ReadStatements).await?;
    let (department, quarter) = of(&path)?;
    let Drafted { department_name, as_of, counts, lines, issued } =
        ask.office.drafted_statement(&ask.caller, department, quarter).await?;
    let issued = issued.map(|(id, edition)| IssuedEdition { id, edition });
    Ok(HttpResponse::Ok().json(StatementDraft {
        department,
        department_name,
        quarter,
        as_of,
        counts,
        lines,
        issued,
    }))
}

/// Issue a quarter's statement
///
/// It is kept as it is issued, with its digest, and never changed; what came in late gives another edition, whose lines
/// the deputies are asked about anew. **Who:** the department's approver 签发人.
#[utoipa::path(
    tag = "commitments",
    params(("department" = DepartmentId, Path), ("quarter" = Quarter, Path)),
    request_body(content = Nothing, example = json!({})),
    responses((status = 201, body = StatementView, headers(("Location" = String, description = "The statement"))), WriteProblems),
    security(("bearer" = []))
)]
#[post("/commitment-statements/{department}/{quarter}")]
pub async fn issue_commitment_statement(
    ask: Ask,
    path: Path<(String, String)>,
    body: Body,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::IssueStatement).await?;
    let (department, quarter) = of(&path)?;
    let Nothing {} = body.read()?;
    let issued = ask.office.issue_statement(&ask.caller, department, quarter).await?;
    let location = format!("/v1/commitment-statements/{}", issued.body.id);
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(written(issued)))
}

/// Read an issued statement
///
/// With what the deputies said of its lines; for the committee and auditors also who is still silent. **Who:** the
/// department; a deputy, the lines of cases that he leads; the government office, committee and auditors.
#[utoipa::path(tag = "commitments", params(("id" = Uuid, Path)), responses((status = 200, body = StatementView), ReadProblems), security(("bearer" = [])))]
#[get("/commitment-statements/{id}")]
pub async fn get_commitment_statement(ask: Ask, path: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ReadStatements).await?;
    let found = ask.office.statement(&ask.caller, id(&path)?).await?;
    Ok(HttpResponse::Ok().json(written(found)))
}

/// Confirm lines of a statement, or object 确认承诺落实情况
///
/// Each line once; an objection says what is wrong. **Who:** the lead signer of the lines' cases.
#[utoipa::path(
    tag = "commitments",
    params(("id" = Uuid, Path)),
    request_body(content = ConfirmationForm, example = json!({"answers": [{"line": 1, "confirmed": true}, {"line": 2, "confirmed": false, "objection": "站点尚未启用"}]})),
    responses((status = 201, body = StatementView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/commitment-statements/{id}/confirmations")]
pub async fn confirm_commitment_statement(
    ask: Ask,
    path: Path<String>,
    body: Body,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ConfirmStatement).await?;
    let id = id(&path)?;
    let ConfirmationForm { answers } = body.read()?;
    let found = ask.office.answer_statement(&ask.caller, id, answers).await?;
    Ok(HttpResponse::Created().json(written(found)))
}
