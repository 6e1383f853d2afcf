//! Consultation 沟通面商, the co-handler's opinion 会办意见, and the reply 答复.

use super::{
    input::CommandQuery,
    problem::{Refused, WriteProblems},
    step::{Step, number},
    view::CaseView,
};
use crate::domain::{
    case::{
        Command, ConsultationRecord, OpinionText, ReplyCorrection, ReplyLetter,
        procedure::{Action, Target},
    },
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
    let number = number(&path.1)?;
    step.take(&path.0, Target::assignment(Action::Consult, number), move |_, _, record| {
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
    let number = number(&path.1)?;
    step.take(&path.0, Target::assignment(Action::GiveOpinion, number), move |_, _, opinion| {
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
    let number = number(&path.1)?;
    step.take(&path.0, Target::assignment(Action::Reply, number), move |_, _, letter| {
        Ok(Command::Reply(number, letter))
    })
    .await
}

/// Correct a reply 更正答复
///
/// A new version of the latest letter, with the reason; the old one stays. Before the deputy has evaluated. **Who:** the answering department.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("aid" = u32, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = ReplyCorrection, example = json!({"reason": "文号有误", "letter": {"class": "B", "text": "您提出的建议收悉，现答复如下……", "document_number": "吴交〔2024〕13号"}})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/assignments/{aid}/reply/correction")]
pub async fn correct_reply(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(&path.0, Target::assignment(Action::CorrectReply, number), move |_, _, form| {
        Ok(Command::CorrectReply(number, form))
    })
    .await
}

/// Answer again 再次答复
///
/// Once a promise is kept: a second answer with the class that holds from now on; the history keeps both. **Who:** the answering department.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("aid" = u32, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = ReplyLetter, example = json!({"class": "A", "text": "所承诺的车位已全部建成，现再次答复如下……"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/assignments/{aid}/reply/follow-up")]
pub async fn follow_up(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(&path.0, Target::assignment(Action::FollowUp, number), move |_, _, form| {
        Ok(Command::FollowUp(number, form))
    })
    .await
}
