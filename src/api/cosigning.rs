//! Co-signing 附议/联名: invitations, and each deputy's own answer.

use super::{
    input::{CommandQuery, Nothing},
    problem::{Refused, WriteProblems},
    step::Step,
    view::CaseView,
};
use crate::{
    domain::{
        case::{
            CoSignatureRefusal, Command, InvitationOrder, InvitationRemoval, MOST_CO_SIGNERS,
            procedure::{Action, Target},
        },
        ids::CaseId,
    },
    office::directory,
};
use actix_web::{HttpResponse, post, web::Path};

/// Invite co-signers 邀请附议
///
/// Each is asked, sees the draft, and answers for himself. **Who:** the lead signer, while the case is a draft or returned.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = InvitationOrder, example = json!({"deputies": ["01890000-0000-7000-8000-000000000001"]})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/invitations")]
pub async fn invite_co_signers(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::Invite), |desk, case, order: InvitationOrder| {
        let mut deputies = Vec::new();
        for (index, id) in order.deputies.iter().take(MOST_CO_SIGNERS + 1).enumerate() {
            deputies.push(directory::deputy(desk.db, &case.congress, *id, &format!("/deputies/{index}"))?);
        }
        Ok(Command::Invite(deputies))
    })
    .await
}

/// Take an invitation back 取消附议
///
/// **Who:** the lead signer, before handing in.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = InvitationRemoval, example = json!({"deputy": "01890000-0000-7000-8000-000000000001"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/invitations/removal")]
pub async fn remove_co_signer(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::Uninvite), |_, _, removal: InvitationRemoval| {
        Ok(Command::Uninvite(removal.deputy))
    })
    .await
}

/// Confirm as co-signer 确认附议
///
/// Stands for the text as it is: a change of the text asks for it again. **Who:** an invited deputy.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = Option<Nothing>, example = json!({})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/cosignature")]
pub async fn co_sign(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::CoSign), |_, _, _: Nothing| Ok(Command::CoSign)).await
}

/// Decline to co-sign 谢绝附议
///
/// Also takes back a confirmation. **Who:** an invited deputy, or one who confirmed, before the case is handed in.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = CoSignatureRefusal, example = json!({"reason": "对第二点有不同意见"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/cosignature/refusal")]
pub async fn decline_co_signing(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::DeclineCoSigning), |_, _, form| Ok(Command::DeclineCoSigning(form)))
        .await
}
