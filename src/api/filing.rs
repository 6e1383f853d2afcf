//! Handing in, registration and withdrawal.

use super::{
    input::{CommandQuery, Nothing},
    problem::{Refused, WriteProblems},
    similar::related,
    step::Step,
    view::CaseView,
};
use crate::{
    domain::{
        case::{
            Case, Command, MergerOrder, Registration, WithdrawalAnswer, WithdrawalRequest,
            procedure::{Action, Target},
        },
        ids::CaseId,
    },
    office::Desk,
};
use actix_web::{HttpResponse, http::header::TryIntoHeaderPair, post, web::Path};

/// Hand in 提交
///
/// Files the case in the session, or the time between sessions, that today lies in. **Who:** the lead signer.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"1\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = Option<Nothing>, example = json!({})),
    responses((status = 200, body = CaseView<'static>, headers(("Link" = String, description = "Similar cases, `rel=\"related\"`"))), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/submission")]
pub async fn submit_case(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    let submit = |desk: &mut Desk<'_>, case: &Case, _: Nothing| {
        Ok(Command::Submit(desk.office.submission_of(desk.db, case, desk.on)?))
    };
    let mut response = step.take(&id, Target::case(Action::Submit), submit).await?;
    if let Ok((name, value)) = related(&format!("/v1/cases/{id}")).try_into_pair() {
        response.headers_mut().insert(name, value);
    }
    Ok(response)
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
    step.take(&id, Target::case(Action::Register), |desk, case, _: Nothing| {
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
    step.take(&id, Target::case(Action::Withdraw), |_, _, request| Ok(Command::Withdraw(request))).await
}

/// Merge 并案
///
/// This case is handled with another of the same matter: one reply reaches every signer of both, but each keeps its number and is evaluated on its own. **Who:** committee staff, before either is assigned.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = MergerOrder, example = json!({"into": "01890000-0000-7000-8000-000000000001"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/merger")]
pub async fn merge_case(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::Merge), |desk, case, order: MergerOrder| {
        let main = desk.office.other_case(desk.db, case, order.into, "/into")?;
        Ok(Command::Merge(Box::new(main)))
    })
    .await
}

/// Answer a wish to withdraw 同意撤回
///
/// Where the policy asks for all signers; one who does not agree ends the matter. **Who:** a co-signer.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = WithdrawalAnswer, example = json!({"agrees": true})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/withdrawal/answer")]
pub async fn answer_withdrawal(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::AnswerWithdrawal), |_, _, form| Ok(Command::AnswerWithdrawal(form)))
        .await
}
