//! Motions 议案: the presidium's decision 主席团决定, and a committee's report 审议结果.

use super::{
    input::CommandQuery,
    problem::{Refused, WriteProblems},
    step::Step,
    view::CaseView,
};
use crate::domain::{
    case::{
        Command, MotionDecision, MotionReport,
        procedure::{Action, Target},
    },
    ids::CaseId,
};
use actix_web::{HttpResponse, post, web::Path};

/// Enter the presidium's decision 主席团决定
///
/// On the agenda 列入议程, to a committee 交专门委员会审议, or made into a suggestion 转为建议 of the same signers, linked both ways. **Who:** committee staff, for the presidium.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = MotionDecision, example = json!({"outcome": "conversion", "meeting": "主席团第三次会议", "reason": "不具备议案条件，作为建议办理"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/motion/decision")]
pub async fn decide_motion(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::DecideMotion), |desk, _, decision| {
        Ok(Command::DecideMotion(decision, CaseId(desk.office.fresh_id())))
    })
    .await
}

/// Enter a committee's report 审议结果
///
/// What the committee that examined the motion proposes. **Who:** committee staff.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = MotionReport, example = json!({"outcome": "agenda", "text": "经审议，建议列入常务委员会会议议程。", "meeting": "第二十次主任会议"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/motion/report")]
pub async fn report_motion(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::ReportMotion), |desk, _, report| {
        Ok(Command::ReportMotion(report, CaseId(desk.office.fresh_id())))
    })
    .await
}
