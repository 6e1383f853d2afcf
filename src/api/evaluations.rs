//! Evaluation 评价 and closing 办结.

use super::{
    input::{CommandQuery, Nothing},
    problem::{Refused, WriteProblems},
    step::Step,
    view::CaseView,
};
use crate::domain::{
    case::{
        Command, DissatisfactionDecision, EvaluationForm,
        procedure::{Action, Target},
    },
    ids::CaseId,
};
use actix_web::{HttpResponse, post, web::Path};

/// Evaluate a reply 评价
///
/// Each signer for himself, attitude and result apart. Sealed from departments until the case is closed, unless
/// they have to answer again. **Who:** a signer; committee staff for a paper form (`on_behalf_of`).
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"8\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = EvaluationForm, example = json!({"attitude": "satisfied", "result": "basically_satisfied"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/evaluations")]
pub async fn evaluate_case(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::Evaluate), |_, _, form| Ok(Command::Evaluate(form))).await
}

/// Close 办结
///
/// Once the answer was judged, or the time for judging it is over. **Who:** committee staff.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"9\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = Option<Nothing>, example = json!({})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/closure")]
pub async fn close_case(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::Close), |_, _, _: Nothing| Ok(Command::Close)).await
}

/// Remind of the evaluation 催促评价
///
/// Once the time for judging is over. **Who:** committee staff.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = Option<Nothing>, example = json!({})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/evaluations/reminder")]
pub async fn remind_evaluation(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::RemindEvaluation), |_, _, _: Nothing| Ok(Command::RemindEvaluation))
        .await
}

/// Look into a rejection 研究不满意件
///
/// The department handles the case again, with a clock of its own, or the answer stands. **Who:** committee staff.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = DissatisfactionDecision, example = json!({"rework": true, "reason": "答复未回应第二项意见，请重新办理"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/dissatisfaction")]
pub async fn settle_dissatisfaction(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::SettleDissatisfaction), |_, _, form| {
        Ok(Command::SettleDissatisfaction(form))
    })
    .await
}
