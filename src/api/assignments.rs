//! Assignment 交办, signing for 签收, hand-back 退办 and extension 延期.

use super::{
    input::{CommandQuery, Nothing},
    problem::{Refused, WriteProblems},
    step::{Step, number},
    view::CaseView,
};
use crate::{
    domain::{
        case::{
            AssignmentOrder, Case, Command, DispatchForm, ExtensionDecision, ExtensionRequest, HandBack,
            HandBackDecision, HandBackOrder, Handler,
            procedure::{Action, Target},
        },
        ids::CaseId,
    },
    office::{Desk, Fault, directory},
};
use actix_web::{HttpResponse, post, web::Path};
use serde::Deserialize;

/// The departments that are to handle a case.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentOrders {
    handlers: Vec<AssignmentOrder>,
}

/// Departments on one case; more is a mistake in the form.
const MOST_HANDLERS: usize = 50;

/// Assign 交办
///
/// One sole handler, or one lead with any number of co-handlers; to a case that a lead handles, more co-handlers.
/// The first assignment starts the case's own clock. **Who:** committee staff.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = AssignmentOrders, example = json!({"handlers": [{"department": "01890000-0000-7000-8000-000000000001", "part": "lead"}, {"department": "01890000-0000-7000-8000-000000000002", "part": "co"}]})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/assignments")]
pub async fn assign_case(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::Assign), |desk, case, orders: AssignmentOrders| {
        assignment(desk, case, &orders.handlers)
    })
    .await
}

/// The command that gives a case to departments of its congress.
pub fn assignment(desk: &mut Desk<'_>, case: &Case, orders: &[AssignmentOrder]) -> Result<Command, Fault> {
    if orders.len() > MOST_HANDLERS {
        return Err(Fault::invalid("/handlers", "最多 50 个单位", "at most 50 departments"));
    }
    let mut handlers = Vec::with_capacity(orders.len());
    for (index, order) in orders.iter().enumerate() {
        let pointer = format!("/handlers/{index}/department");
        let department = directory::department(desk.db, &case.congress, order.department, &pointer)?;
        handlers.push(Handler { department, part: order.part, note: order.note.clone(), binding: false });
    }
    Ok(Command::Assign(handlers))
}

/// Sign for 签收
///
/// **Who:** the department named in the assignment.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("aid" = u32, Path), ("If-Match" = String, Header, example = "\"4\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = Option<Nothing>, example = json!({})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/assignments/{aid}/acceptance")]
pub async fn accept_assignment(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(&path.0, Target::assignment(Action::Accept, number), move |_, _, _: Nothing| {
        Ok(Command::Accept(number))
    })
    .await
}

/// Ask to hand back 申请退办
///
/// Within the policy's window. **Who:** the department named in the assignment.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("aid" = u32, Path), ("If-Match" = String, Header, example = "\"4\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = HandBack, example = json!({"reason": "所提事项不属本单位职责范围", "proposed_department": "区住房和城乡建设局"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/assignments/{aid}/hand-back")]
pub async fn request_hand_back(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(&path.0, Target::assignment(Action::RequestHandBack, number), move |_, _, hand_back| {
        Ok(Command::RequestHandBack(number, hand_back))
    })
    .await
}

/// Decide a hand-back 决定退办
///
/// A granted one waits for a new assignment while the case's clock runs on, or names the next department at once;
/// named where two departments disagreed, it is binding. After a refusal the department keeps the case. **Who:** committee staff; the government office for its departments.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("aid" = u32, Path), ("If-Match" = String, Header, example = "\"5\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = HandBackOrder, example = json!({"granted": true, "assign_to": "01890000-0000-7000-8000-000000000001"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/assignments/{aid}/hand-back/decision")]
pub async fn decide_hand_back(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(&path.0, Target::assignment(Action::DecideHandBack, number), move |desk, case, order| {
        let HandBackOrder { granted, reason, assign_to, share_dropped } = order;
        let next = assign_to.map(|id| directory::department(desk.db, &case.congress, id, "/assign_to"));
        Ok(Command::DecideHandBack(
            number,
            HandBackDecision { granted, reason, share_dropped },
            next.transpose()?,
        ))
    })
    .await
}

/// Ask for more time 申请延期
///
/// Before the due date, and at most to the policy's cap. **Who:** the lead or sole department.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("aid" = u32, Path), ("If-Match" = String, Header, example = "\"5\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = ExtensionRequest, example = json!({"reason": "涉及面广，需要与规划衔接", "until": "2024-08-30"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/assignments/{aid}/extension")]
pub async fn request_extension(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(
        &path.0,
        Target::assignment(Action::RequestExtension, number),
        move |_, _, request: ExtensionRequest| Ok(Command::RequestExtension(number, request)),
    )
    .await
}

/// Decide an extension 决定延期
///
/// **Who:** committee staff; the government office for its departments.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("aid" = u32, Path), ("If-Match" = String, Header, example = "\"6\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = ExtensionDecision, example = json!({"granted": true})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/assignments/{aid}/extension/decision")]
pub async fn decide_extension(step: Step, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let number = number(&path.1)?;
    step.take(&path.0, Target::assignment(Action::DecideExtension, number), move |_, _, decision| {
        Ok(Command::DecideExtension(number, decision))
    })
    .await
}

/// Hand over to the government office 交政府办
///
/// The office shares it out 分办 among its departments; the case's own clock starts here. **Who:** committee staff.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"3\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = DispatchForm, example = json!({"note": "请按职责分办"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/dispatch")]
pub async fn dispatch_case(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::Dispatch), |_, _, form| Ok(Command::Dispatch(form))).await
}
