//! Key cases 重点督办件, confidentiality 保密 and publication 公开.

use super::{
    input::CommandQuery,
    problem::{Refused, WriteProblems},
    step::Step,
    view::CaseView,
};
use crate::domain::{
    case::{
        Command, ConfidentialityForm, KeyCaseForm, KeyCaseRelease, PublicationForm, ReadersForm,
        procedure::{Action, Target},
    },
    ids::CaseId,
};
use actix_web::{HttpResponse, post, web::Path};

/// Choose as a key case 列为重点督办
///
/// By the directors' meeting, with a leading supervisor and a plan. **Who:** committee staff.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = KeyCaseForm, example = json!({"meeting": "第三十次主任会议", "supervisor": "张副主任", "supervised_by": "城建环保工委", "plan": "五月视察，八月听取汇报，十月回头看。"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/key-case")]
pub async fn choose_key_case(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::ChooseKeyCase), |_, _, form| Ok(Command::ChooseKeyCase(form))).await
}

/// Release a key case 解除重点督办
///
/// **Who:** committee staff.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = KeyCaseRelease, example = json!({"reason": "督办任务已完成"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/key-case/release")]
pub async fn release_key_case(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::ReleaseKeyCase), |_, _, form| Ok(Command::ReleaseKeyCase(form))).await
}

/// Mark as confidential 保密
///
/// A confidential case is never public. **Who:** the lead signer before the case is handed out; committee staff, who alone lift it.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = ConfidentialityForm, example = json!({"confidential": true, "reason": "代表本人要求保密"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/confidentiality")]
pub async fn decide_confidentiality(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::DecideConfidentiality), |_, _, form| {
        Ok(Command::DecideConfidentiality(form))
    })
    .await
}

/// Name who may read a confidential case 指定知悉人员
///
/// All of them anew, out of the accounts of the committee, the government office and the departments. Nobody else of
/// these offices reads the case or works on it, until he is named; its signers, the committee's leaders and auditors
/// need not be. Every reading stands in the ledger. **Who:** the committee's leader.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = ReadersForm, example = json!({"readers": ["01890000-0000-7000-8000-000000000005"], "reason": "承办单位经办人"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/readers")]
pub async fn name_readers(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::NameReaders), |desk, case, form: ReadersForm| {
        let readers = desk.readers(&case.congress, &form.readers)?;
        Ok(Command::NameReaders(readers, form.reason))
    })
    .await
}

/// Decide what is public 决定公开
///
/// In full, as a summary, or not at all with its legal ground. **Who:** committee staff.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = PublicationForm, example = json!({"publicity": "summary", "summary": "建议增加车位；答复：年内新增二百个。"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/publication")]
pub async fn decide_publication(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::DecidePublication), |_, _, form| Ok(Command::DecidePublication(form)))
        .await
}
