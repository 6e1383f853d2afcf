//! Commitments 承诺事项: what became of a promise, and what the deputy says of it.

use super::{
    input::CommandQuery,
    problem::{Refused, WriteProblems},
    step::{Step, number},
    view::CaseView,
};
use crate::domain::{
    case::{
        Command, CommitmentJudgement, CommitmentReport,
        procedure::{Action, Target},
    },
    ids::CaseId,
};
use actix_web::{HttpResponse, post, web::Path};

/// Report on a promise 报告承诺落实
///
/// Under way, kept, or not to be kept; with evidence. **Who:** the department that promised.
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
