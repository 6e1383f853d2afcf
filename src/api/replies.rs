//! Consultation 沟通面商, the co-handler's opinion 会办意见, and the reply 答复.

use super::{
    input::CommandQuery,
    problem::{Refused, WriteProblems},
    step::{Step, assignment_number},
    view::CaseView,
};
use crate::domain::{
    case::{Command, ConsultationRecord, OpinionText, ReplyLetter, procedure::Action},
    ids::CaseId,
};
use actix_web::{HttpResponse, post, web::Path};

/// Record a consultation 沟通面商
///
/// **Who:** the department named in the assignment, once it has signed for the case.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("aid" = u32, Path), ("If-Match" = String, Header, example = "\"5\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = ConsultationRecord, example = json!({"day": "2024-04-02", "way": "in_person", "by": "王明", "summary": "代表认可分步实施的方案"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/assignments/{aid}/consultations")]
pub async fn record_consultation(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = assignment_number(&path.1)?;
    step.take(&path.0, Action::Consult, Some(number), move |_, _, record| {
        Ok(Command::Consult(number, record))
    })
    .await
}

/// Give an opinion 会办意见
///
/// **Who:** the co-handling department. The lead handler sees it; the deputies read of it in the reply.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("aid" = u32, Path), ("If-Match" = String, Header, example = "\"6\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = OpinionText, example = json!({"text": "我局负责的部分已列入年度计划"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/assignments/{aid}/opinion")]
pub async fn give_opinion(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = assignment_number(&path.1)?;
    step.take(&path.0, Action::GiveOpinion, Some(number), move |_, _, opinion| {
        Ok(Command::GiveOpinion(number, opinion))
    })
    .await
}

/// Reply 答复
///
/// With the result class and every promise; states the co-handlers' opinions where there are any. Answers again
/// where the deputy was not satisfied; no version is overwritten. **Who:** the lead or sole department.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("aid" = u32, Path), ("If-Match" = String, Header, example = "\"7\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = ReplyLetter, example = json!({"class": "A", "text": "您提出的建议收悉，现答复如下：……", "document_number": "吴交〔2024〕12号", "signer": "李强", "contact": "王明 0572-2000000", "publicity": "full"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/assignments/{aid}/reply")]
pub async fn reply_to_case(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = assignment_number(&path.1)?;
    step.take(&path.0, Action::Reply, Some(number), move |_, _, letter| Ok(Command::Reply(number, letter)))
        .await
}
