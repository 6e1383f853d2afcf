//! Inside the department 承办: progress, co-handlers' opinions asked again, drafting and signing off.

use super::{
    input::{CommandQuery, Nothing},
    problem::{Refused, WriteProblems},
    step::{Step, number},
    view::CaseView,
};
use crate::domain::{
    case::{
        Command, OpinionRejection, ProgressNote, ReplyLetter, SendingBack,
        procedure::{Action, Target},
    },
    ids::CaseId,
};
use actix_web::{HttpResponse, post, web::Path};

/// Note the progress 办理进展
///
/// Inside the department, or for all who see the case. **Who:** a department that has the case.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("aid" = u32, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = ProgressNote, example = json!({"text": "已现场踏勘，正与物业协商", "audience": "everybody"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/assignments/{aid}/notes")]
pub async fn note_progress(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(&path.0, Target::assignment(Action::NoteProgress, number), move |_, _, form| {
        Ok(Command::NoteProgress(number, form))
    })
    .await
}

/// Ask for another opinion 要求重提会办意见
///
/// Where the opinion has no substance. **Who:** the lead department, on a co-handler's assignment.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("aid" = u32, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = OpinionRejection, example = json!({"reason": "未说明车位产权情况，请补充"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/assignments/{aid}/opinion/rejection")]
pub async fn reject_opinion(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(&path.0, Target::assignment(Action::RejectOpinion, number), move |_, _, form| {
        Ok(Command::RejectOpinion(number, form))
    })
    .await
}

/// Draft a reply 答复拟稿
///
/// Waits for an approver's signature; seen inside the department alone. **Who:** the answering department.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("aid" = u32, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = ReplyLetter, example = json!({"class": "B", "text": "您提出的建议收悉，现答复如下……", "document_number": "吴交〔2024〕12号"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/assignments/{aid}/reply/draft")]
pub async fn draft_reply(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(&path.0, Target::assignment(Action::DraftReply, number), move |_, _, form| {
        Ok(Command::DraftReply(number, form))
    })
    .await
}

/// Send a draft back 退回答复稿
///
/// **Who:** an approver of the answering department.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("aid" = u32, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = SendingBack, example = json!({"reason": "承诺期限请写具体"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/assignments/{aid}/reply/return")]
pub async fn send_back_reply(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(&path.0, Target::assignment(Action::SendBackReply, number), move |_, _, form| {
        Ok(Command::SendBackReply(number, form))
    })
    .await
}

/// Sign and send a reply 签发答复
///
/// Sends the draft as it is. **Who:** an approver of the answering department who did not write it.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("aid" = u32, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = Option<Nothing>, example = json!({})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/assignments/{aid}/reply/signature")]
pub async fn sign_reply(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(&path.0, Target::assignment(Action::SignReply, number), move |_, _, _: Nothing| {
        Ok(Command::SignReply(number))
    })
    .await
}
