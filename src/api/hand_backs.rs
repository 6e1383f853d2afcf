//! A department's own hand-backs that were granted.

use super::{
    ask::Ask,
    input::Query,
    problem::{ReadProblems, Refused},
};
use crate::{
    domain::{case::HandBackRequest, day::Day, ids::CaseId},
    office::HandedBack,
};
use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};

/// Cases on a page.
const PAGE: i64 = 50;

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HandBackQuery {
    /// Only cases older than this one, the last of the page before.
    before: Option<CaseId>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct HandBacks {
    hand_backs: Vec<HandBackLine>,
}

/// That a department handed a case back. What became of the case is not its business any more.
#[derive(Serialize, utoipa::ToSchema)]
pub struct HandBackLine {
    case: CaseId,
    number: Option<String>,
    /// Left out of a confidential case.
    title: Option<String>,
    assigned_on: Day,
    hand_back: HandBackRequest,
}

/// List what one's department handed back 退办记录
///
/// Hand-backs that were granted, newest case first, fifty cases at a time: that it happened, and nothing that came
/// after. **Who:** a department.
#[utoipa::path(
    tag = "cases",
    params(HandBackQuery),
    responses((status = 200, body = HandBacks), ReadProblems),
    security(("bearer" = []))
)]
#[get("/hand-backs")]
pub async fn list_hand_backs(ask: Ask, query: Query<HandBackQuery>) -> Result<HttpResponse, Refused> {
    let told = ask.office.hand_backs(&ask.caller, query.0.before, PAGE).await?;
    let line = |it: HandedBack| HandBackLine {
        case: it.case,
        number: it.number,
        title: it.title,
        assigned_on: it.assigned_on,
        hand_back: it.request,
    };
    Ok(HttpResponse::Ok().json(HandBacks { hand_backs: told.into_iter().map(line).collect() }))
}
