//! Commitments 承诺事项: what became of a promise, and what the deputy says of it.

use super::{
    input::CommandQuery,
    problem::{Refused, WriteProblems},
    step::{Step, number},
    view::CaseView,
};
use crate::{
    domain::{
        case::{
            ChangeAsked, ChangeDecision, ChangeOrder, Command, CommitmentJudgement, CommitmentReport,
            procedure::{Action, Target},
        },
        ids::CaseId,
    },
    office::directory,
};
use actix_web::{HttpResponse, post, web::Path};

/// Report on a promise 报告承诺落实
///
/// Under way, kept, or not to be kept; with evidence. A report without any (no text and no attachment that shows it)
/// never counts as kept before the deputy confirms it. **Who:** the department that keeps the promise.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("cid" = u32, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = CommitmentReport, example = json!({"progress": "kept", "text": "新增车位二百一十个，已投入使用", "evidence": "见附件验收单"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/commitments/{cid}/reports")]
pub async fn report_commitment(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(&path.0, Target::commitment(Action::ReportCommitment, number), move |_, _, form| {
        Ok(Command::ReportCommitment(number, form))
    })
    .await
}

/// Judge a report on a promise 评价承诺落实
///
/// Confirmed or disputed. **Who:** the lead signer.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("cid" = u32, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = CommitmentJudgement, example = json!({"confirmed": true})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/commitments/{cid}/judgement")]
pub async fn judge_commitment(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(&path.0, Target::commitment(Action::JudgeCommitment, number), move |_, _, form| {
        Ok(Command::JudgeCommitment(number, form))
    })
    .await
}

/// Ask for a change of a promise 申请变更承诺
///
/// To move its day, to give it up, or to hand it to another department; it waits for the committee's decision. What the
/// committee asks for itself is decided with it, as where a department has handed the case back and its promise needs a
/// holder. **Who:** the department that keeps the promise; committee staff.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("cid" = u32, Path), ("If-Match" = String, Header, example = "\"9\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = ChangeOrder, example = json!({"kind": "move", "due_on": "2025-06-30", "reason": "管线迁改由省级项目统筹，工期顺延"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/commitments/{cid}/change")]
pub async fn change_commitment(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(&path.0, Target::commitment(Action::ChangeCommitment, number), move |desk, case, order| {
        let ChangeOrder { kind, due_on, department, reason } = order;
        let next = department.map(|id| directory::department(desk.db, &case.congress, id, "/department"));
        Ok(Command::ChangeCommitment(
            number,
            ChangeAsked { kind, due_on, department: next.transpose()?, reason },
        ))
    })
    .await
}

/// Decide a change of a promise 决定承诺变更
///
/// Without consent the promise stays as it was made. What was granted stays in its file with every earlier day and
/// holder. **Who:** committee staff.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("cid" = u32, Path), ("If-Match" = String, Header, example = "\"10\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = ChangeDecision, example = json!({"granted": false, "reason": "已延期一次，请按期落实"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/commitments/{cid}/change/decision")]
pub async fn decide_commitment_change(
    step: Step,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(&path.0, Target::commitment(Action::DecideCommitmentChange, number), move |_, _, decision| {
        Ok(Command::DecideCommitmentChange(number, decision))
    })
    .await
}
