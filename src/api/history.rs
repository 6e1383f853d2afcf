//! A case's past, its dates, and what may be done next.

use super::{
    ask::Ask,
    input::Query,
    problem::{ReadProblems, Refused, language},
    step::case_id,
};
use crate::{
    domain::{
        actor::Author,
        case::{
            Event,
            procedure::{Action, Hand},
        },
        day::Day,
        deadline::Deadline,
        holding::Held,
        ids::CaseId,
        say::{Language, Say},
    },
    office::{Permit, Permitted},
};
use actix_web::{HttpRequest, HttpResponse, get, web::Path};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    /// Only events after this version; 0 if left out.
    after: Option<i64>,
}

/// Events on a page; a case has a few dozen.
const PAGE: usize = 500;

#[derive(Serialize, utoipa::ToSchema)]
pub struct Events {
    events: Vec<EventView>,
}

/// An event of the ledger.
#[derive(Serialize, utoipa::ToSchema)]
pub struct EventView {
    /// Counted by what the caller sees.
    version: i64,
    /// The legal day on which it took effect.
    occurred_on: Day,
    /// The instant at which it was written down, UTC.
    recorded_at: DateTime<Utc>,
    author: Author,
    event: Event,
}

/// Read a case's history
///
/// What happened, oldest first, as far as the caller may see it, and counted by that.
/// **Who:** whoever may read the case.
#[utoipa::path(
    tag = "cases",
    params(EventQuery, ("id" = CaseId, Path)),
    responses((status = 200, body = Events), ReadProblems),
    security(("bearer" = []))
)]
#[get("/cases/{id}/events")]
pub async fn list_events(
    ask: Ask,
    id: Path<String>,
    query: Query<EventQuery>,
) -> Result<HttpResponse, Refused> {
    let after = query.0.after.unwrap_or(0);
    let recorded = ask.office.history(&ask.caller, case_id(&id)?, after, PAGE).await?;
    let events = recorded
        .into_iter()
        .map(|it| EventView {
            version: it.version,
            occurred_on: it.occurred_on,
            recorded_at: it.recorded_at,
            author: it.author,
            event: it.event,
        })
        .collect();
    Ok(HttpResponse::Ok().json(Events { events }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Deadlines {
    deadlines: Vec<Deadline>,
}

/// Read a case's deadlines
///
/// Each explains itself: clause, anchor, every step of the arithmetic, extensions, and how it stands today.
/// **Who:** whoever may read the case.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path)),
    responses((status = 200, body = Deadlines), ReadProblems),
    security(("bearer" = []))
)]
#[get("/cases/{id}/deadlines")]
pub async fn list_deadlines(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    let deadlines = ask.office.deadlines(&ask.caller, case_id(&id)?).await?;
    Ok(HttpResponse::Ok().json(Deadlines { deadlines }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Holders {
    /// Oldest first; one begins where the other ends.
    holders: Vec<Held>,
    /// Calendar days from the submission to the end, or to today: the sum of all turns.
    days: i64,
    working_days: i64,
}

/// Read who held the case
///
/// Each day belongs to the one whose turn it was; a hand-back takes none away, and together they are the case's age.
/// **Who:** whoever may read the case.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path)),
    responses((status = 200, body = Holders), ReadProblems),
    security(("bearer" = []))
)]
#[get("/cases/{id}/holders")]
pub async fn list_holders(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    let holders = ask.office.holders(&ask.caller, case_id(&id)?).await?;
    let days = holders.iter().map(|turn| turn.days).sum();
    let working_days = holders.iter().map(|turn| turn.working_days).sum();
    Ok(HttpResponse::Ok().json(Holders { holders, days, working_days }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Actions {
    actions: Vec<ActionView>,
}

/// A step of the procedure as it stands for the caller.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ActionView {
    action: Action,
    /// 环节名称
    name: &'static str,
    method: &'static str,
    href: String,
    allowed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why_not: Option<WhyNot>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct WhyNot {
    #[schema(example = "wrong_stage")]
    code: String,
    detail: String,
    /// Who can supply what is missing, or whose step it is.
    who: Vec<Hand>,
}

/// Read what may be done
///
/// Every step of the procedure: whether the caller may take it now and, if not, why and who could.
/// **Who:** whoever may read the case.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path)),
    responses((status = 200, body = Actions), ReadProblems),
    security(("bearer" = []))
)]
#[get("/cases/{id}/actions")]
pub async fn list_actions(ask: Ask, id: Path<String>, request: HttpRequest) -> Result<HttpResponse, Refused> {
    let case = case_id(&id)?;
    let language = language(&request);
    let permits = ask.office.actions(&ask.caller, case).await?;
    let actions = permits.into_iter().map(|permit| action(case, permit, language)).collect();
    Ok(HttpResponse::Ok().json(Actions { actions }))
}

fn action(case: CaseId, Permitted { target, permit }: Permitted, language: Language) -> ActionView {
    let step = target.action.step();
    let why_not = match &permit {
        Permit::Allowed => None,
        Permit::NotYours => Some(WhyNot {
            code: "not_yours".to_owned(),
            detail: Say::new("本环节不由您办理", "the step is not yours").to(language).to_owned(),
            who: step.hands.to_vec(),
        }),
        Permit::Refused(refusal) => Some(WhyNot {
            code: refusal.code.to_owned(),
            detail: refusal.missing.to(language).to_owned(),
            who: refusal.who.clone(),
        }),
    };
    ActionView {
        action: target.action,
        name: step.zh,
        method: step.method,
        href: format!("/v1/cases/{case}{}", target.path()),
        allowed: why_not.is_none(),
        why_not,
    }
}
