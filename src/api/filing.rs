//! Handing in, registration and withdrawal.

use super::{
    input::{CommandQuery, Nothing},
    problem::{Refused, WriteProblems},
    step::Step,
    view::CaseView,
};
use crate::{
    domain::{
        case::{Case, Command, Registration, WithdrawalRequest, procedure::Action},
        ids::CaseId,
    },
    office::Desk,
};
use actix_web::{HttpResponse, post, web::Path};

/// Hand in 提交
///
/// Files the case in the session, or the time between sessions, that today lies in. **Who:** the lead signer.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"1\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = Option<Nothing>, example = json!({})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/submission")]
pub async fn submit_case(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Action::Submit, None, |desk: &mut Desk<'_>, case: &Case, _: Nothing| {
        Ok(Command::Submit(desk.office.submission_on(desk.db, &case.congress, desk.on)?))
    })
    .await
}

/// Register 立案编号
///
/// Gives the next number within congress, session and kind. **Who:** committee staff.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"2\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = Option<Nothing>, example = json!({})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/registration")]
pub async fn register_case(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Action::Register, None, |desk, case, _: Nothing| {
        Ok(Command::Register(Registration { number: desk.office.next_number(desk.db, case)? }))
    })
    .await
}

/// Withdraw 撤回
///
/// Ends the handling; a number that was given stays listed. **Who:** the lead signer, until the policy's limit.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = WithdrawalRequest, example = json!({"reason": "所提事项已经解决"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/withdrawal")]
pub async fn withdraw_case(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Action::Withdraw, None, |_, _, request| Ok(Command::Withdraw(request))).await
}
