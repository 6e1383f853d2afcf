//! Webhooks: programs' addresses that are told of events, kept by the congress's administrators.

use super::{
    ask::Ask,
    input::{Body, Query, guards_on},
    pages::{Page, leading_on, page, page_size},
    problem::{ReadProblems, Refused, WriteProblems},
};
use crate::{
    courier::schedule::OPEN_AFTER,
    domain::{gate::Operation, ids::WebhookId},
    office::{
        Fault,
        webhooks::{Delivery, NewWebhook, Webhook, WebhookChange},
    },
};
use actix_web::{HttpRequest, HttpResponse, delete, get, http::header, patch, post, web::Path};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A webhook, without its secret.
#[derive(Serialize, utoipa::ToSchema)]
pub struct WebhookView {
    #[schema(value_type = WebhookId)]
    id: String,
    /// The program in whose name it is told.
    membership: String,
    url: String,
    description: String,
    /// Empty for all.
    kinds: Vec<String>,
    /// `active`, `paused`, or `disabled` by the receiver (410).
    #[schema(example = "active")]
    state: String,
    /// Why it is not active.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// `open` while the receiver counts as down: after 5 failures in a row, until an attempt succeeds.
    #[schema(example = "closed")]
    circuit: &'static str,
    /// Attempts that failed since one succeeded.
    failures: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_try_at: Option<DateTime<Utc>>,
    /// Until then the former secret signs too.
    #[serde(skip_serializing_if = "Option::is_none")]
    former_secret_until: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    /// Names it in `If-Match`.
    version: i64,
}

/// A webhook with a secret that was made; shown once.
#[derive(Serialize, utoipa::ToSchema)]
pub struct WebhookMade {
    #[serde(flatten)]
    webhook: WebhookView,
    /// What messages are signed with (Standard Webhooks).
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    secret: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Webhooks {
    webhooks: Vec<WebhookView>,
}

/// What became of an event.
#[derive(Serialize, utoipa::ToSchema)]
pub struct DeliveryView {
    /// The event's id; the message's `webhook-id`.
    event: String,
    /// `delivered`, `failing` (it is tried again), or `dead` (given up after a week).
    #[schema(example = "failing")]
    state: String,
    attempts: i32,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
    /// What the receiver answered last, if it answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "no answer in time")]
    failure: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Deliveries {
    deliveries: Vec<DeliveryView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    Delivered,
    Failing,
    Dead,
}

impl DeliveryState {
    fn id(self) -> String {
        match self {
            DeliveryState::Delivered => "delivered",
            DeliveryState::Failing => "failing",
            DeliveryState::Dead => "dead",
        }
        .to_owned()
    }
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveryQuery {
    state: Option<DeliveryState>,
    /// The cursor of the previous page's `next` link.
    after: Option<String>,
    /// Lines on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// From where a webhook goes on.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// The event after which it goes on; `null` for the beginning.
    #[serde(deserialize_with = "Option::deserialize")]
    after: Option<String>,
}

fn view(webhook: Webhook) -> WebhookView {
    let former = webhook.former_secret.as_ref().and(webhook.former_until);
    WebhookView {
        kinds: webhook.kinds.split_whitespace().map(str::to_owned).collect(),
        circuit: if webhook.failures >= OPEN_AFTER { "open" } else { "closed" },
        next_try_at: webhook.next_try_at.map(|at| at.and_utc()),
        former_secret_until: former.map(|at| at.and_utc()),
        created_at: webhook.created_at.and_utc(),
        id: webhook.id,
        membership: webhook.membership_id,
        url: webhook.url,
        description: webhook.description,
        state: webhook.state,
        reason: webhook.reason,
        failures: webhook.failures,
        version: webhook.version,
    }
}

fn delivery(it: Delivery) -> DeliveryView {
    DeliveryView {
        event: it.event_id,
        state: it.state,
        attempts: it.attempts,
        first_at: it.first_at.and_utc(),
        last_at: it.last_at.and_utc(),
        status: it.status,
        failure: it.failure,
    }
}

/// The id in a path; what is no id names none.
fn id(text: &str) -> Result<WebhookId, Refused> {
    text.parse().map_err(|_| Refused(Fault::NotFound))
}

fn tag(version: i64) -> (header::HeaderName, String) {
    (header::ETAG, format!("\"{version}\""))
}

fn made((webhook, secret): (Webhook, String), mut response: actix_web::HttpResponseBuilder) -> HttpResponse {
    let location = format!("/v1/webhooks/{}", webhook.id);
    response
        .insert_header((header::LOCATION, location))
        .insert_header(tag(webhook.version))
        .json(WebhookMade { webhook: view(webhook), secret })
}

/// List webhooks 事件推送
///
/// **Who:** the congress's administrators.
#[utoipa::path(tag = "events", responses((status = 200, body = Webhooks), ReadProblems), security(("bearer" = [])))]
#[get("/webhooks")]
pub async fn list_webhooks(ask: Ask) -> Result<HttpResponse, Refused> {
    let found = ask.office.webhooks(&ask.caller).await?;
    Ok(HttpResponse::Ok().json(Webhooks { webhooks: found.into_iter().map(view).collect() }))
}

/// Add a webhook
///
/// The address is told of events by one POST each, in the feed's order: the body is an event of `GET /v1/events`
/// (CloudEvents 1.0), signed after Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`). Answer any
/// 2xx within 10 seconds. What fails is tried again after 5 seconds, then ever more rarely, for 7 days; the events behind
/// it wait. A message may come twice, under the same `webhook-id`. Redirects are not followed; 410 ends it.
///
/// What it is told follows the rights of the program that it is told for, as they are at that moment. No
/// `Idempotency-Key` is heard, because the answer with its secret would have to be kept.
///
/// **Who:** the congress's administrators.
#[utoipa::path(
    tag = "events",
    request_body(content = NewWebhook, example = json!({
        "membership": "018d0fc8-4680-78a7-9053-95f06de1b2fb", "url": "https://oa.example.org/hooks/jianyi",
        "description": "办公系统", "kinds": ["registered", "assigned", "replied", "closed"]
    })),
    responses(
        (status = 201, body = WebhookMade, headers(
            ("Location" = String, description = "The webhook"),
            ("ETag" = String, description = "Its version")
        )),
        WriteProblems
    ),
    security(("bearer" = []))
)]
#[post("/webhooks")]
pub async fn add_webhook(ask: Ask, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepWebhooks).await?;
    let added = ask.office.add_webhook(&ask.caller, body.read()?).await?;
    Ok(made(added, HttpResponse::Created()))
}

/// Read a webhook
///
/// **Who:** the congress's administrators.
#[utoipa::path(
    tag = "events",
    params(("id" = WebhookId, Path)),
    responses((status = 200, body = WebhookView, headers(("ETag" = String, description = "Its version"))), ReadProblems),
    security(("bearer" = []))
)]
#[get("/webhooks/{id}")]
pub async fn get_webhook(ask: Ask, path: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepWebhooks).await?;
    let webhook = ask.office.webhook(&ask.caller, id(&path)?).await?;
    Ok(HttpResponse::Ok().insert_header(tag(webhook.version)).json(view(webhook)))
}

/// Change, pause or resume a webhook
///
/// `"paused": false` lets it go on at once from where it was, also one that the receiver disabled.
///
/// **Who:** the congress's administrators.
#[utoipa::path(
    tag = "events",
    params(("id" = WebhookId, Path), ("If-Match" = String, Header, description = "The version that is changed")),
    request_body(content = WebhookChange, example = json!({"paused": true})),
    responses((status = 200, body = WebhookView, headers(("ETag" = String, description = "Its version"))), WriteProblems),
    security(("bearer" = []))
)]
#[patch("/webhooks/{id}")]
pub async fn change_webhook(
    ask: Ask,
    path: Path<String>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepWebhooks).await?;
    let (id, precondition) = (id(&path)?, guards_on(&request, None)?.precondition);
    // Before the body, as everywhere; and once more when it is written.
    ask.office.webhook_at(&ask.caller, id, precondition).await?;
    let change: WebhookChange = body.read()?;
    let webhook = ask.office.change_webhook(&ask.caller, id, precondition, change).await?;
    Ok(HttpResponse::Ok().insert_header(tag(webhook.version)).json(view(webhook)))
}

/// End a webhook
///
/// What became of its messages is forgotten with it.
///
/// **Who:** the congress's administrators.
#[utoipa::path(
    tag = "events",
    params(("id" = WebhookId, Path), ("If-Match" = String, Header, description = "The version that is ended")),
    responses((status = 204, description = "It is told of nothing any more"), WriteProblems),
    security(("bearer" = []))
)]
#[delete("/webhooks/{id}")]
pub async fn end_webhook(
    ask: Ask,
    path: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepWebhooks).await?;
    let (id, precondition) = (id(&path)?, guards_on(&request, None)?.precondition);
    ask.office.end_webhook(&ask.caller, id, precondition).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Send events again
///
/// All that come after an event, under the same ids as before; or skip to a later one, where the receiver cannot take
/// the one that is tried.
///
/// **Who:** the congress's administrators.
#[utoipa::path(
    tag = "events",
    params(("id" = WebhookId, Path)),
    request_body(content = Replay, example = json!({"after": "018d0fc8-4680-78a7-9053-95f06de1b2fb"})),
    responses((status = 200, body = WebhookView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/webhooks/{id}/replay")]
pub async fn replay_webhook(ask: Ask, path: Path<String>, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepWebhooks).await?;
    let id = id(&path)?;
    ask.office.webhook(&ask.caller, id).await?;
    let Replay { after } = body.read()?;
    let webhook = ask.office.replay_webhook(&ask.caller, id, after).await?;
    Ok(HttpResponse::Ok().insert_header(tag(webhook.version)).json(view(webhook)))
}

/// List what became of a webhook's messages
///
/// Newest event first. What was delivered is kept for 30 days, what was given up for half a year.
///
/// **Who:** the congress's administrators.
#[utoipa::path(
    tag = "events",
    params(("id" = WebhookId, Path), DeliveryQuery),
    responses((status = 200, body = Deliveries), ReadProblems),
    security(("bearer" = []))
)]
#[get("/webhooks/{id}/deliveries")]
pub async fn list_deliveries(
    ask: Ask,
    path: Path<String>,
    query: Query<DeliveryQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepWebhooks).await?;
    let (id, limit) = (id(&path)?, page_size(query.0.limit)?);
    let DeliveryQuery { state, after, .. } = query.0;
    let state = state.map(DeliveryState::id);
    let more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let found = ask.office.webhook_deliveries(&ask.caller, id, state, after, more).await?;
    let Page { lines, next } = page(&request, found, limit, "after", |it| it.event_id.clone());
    let deliveries = lines.into_iter().map(delivery).collect();
    Ok(leading_on(next.as_ref()).json(Deliveries { deliveries, next }))
}

/// Make another secret for a webhook
///
/// Shown once. The former one signs beside it for 24 hours: `webhook-signature` holds both, so that the receiver can
/// change over.
///
/// **Who:** the congress's administrators.
#[utoipa::path(
    tag = "events",
    params(("id" = WebhookId, Path), ("If-Match" = String, Header, description = "The version that is changed")),
    responses((status = 201, body = WebhookMade, headers(("ETag" = String, description = "Its version"))), WriteProblems),
    security(("bearer" = []))
)]
#[post("/webhooks/{id}/secret")]
pub async fn renew_webhook_secret(
    ask: Ask,
    path: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepWebhooks).await?;
    let (id, precondition) = (id(&path)?, guards_on(&request, None)?.precondition);
    let renewed = ask.office.renew_webhook_secret(&ask.caller, id, precondition).await?;
    Ok(made(renewed, HttpResponse::Created()))
}
