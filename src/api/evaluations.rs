//! Evaluation 评价 and closing 办结.

use super::{
    input::{CommandQuery, Nothing},
    problem::{Refused, WriteProblems},
    step::Step,
    view::CaseView,
};
use crate::domain::{
    case::{Command, EvaluationForm, procedure::Action},
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
    step.take(&id, Action::Evaluate, None, |_, _, form| Ok(Command::Evaluate(form))).await
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
    step.take(&id, Action::Close, None, |_, _, _: Nothing| Ok(Command::Close)).await
}
