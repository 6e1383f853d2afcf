//! Examination 审核: returned for correction, or declined.

use super::{
    input::CommandQuery,
    problem::{Refused, WriteProblems},
    step::Step,
    view::CaseView,
};
use crate::domain::{
    case::{
        Command, CorrectionRequest, DecliningForm,
        procedure::{Action, Target},
    },
    ids::CaseId,
};
use actix_web::{HttpResponse, post, web::Path};

/// Return for correction 退回修改
///
/// The deputy corrects the text and hands it in again. **Who:** committee staff.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = CorrectionRequest, example = json!({"reason": "一事一议：请将两件事分开提出", "points": ["停车与养老请分作两件"]})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/correction")]
pub async fn ask_correction(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::AskCorrection), |_, _, form| Ok(Command::AskCorrection(form))).await
}

/// Decline 不予受理
///
/// On a coded ground that the policy names, with what the deputy is told. **Who:** committee staff.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = DecliningForm, example = json!({"ground": "personal_matter", "explanation": "所提系个人住房安置事项，已转有关部门按信访程序办理", "passed_on_to": "区信访局"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/declining")]
pub async fn decline_case(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::Decline), |_, _, form| Ok(Command::Decline(form))).await
}
