//! Letters by e-mail: where one is reached oneself, and what became of a congress's letters.

use super::{
    ask::Ask,
    input::{Body, Query},
    pages::{Page, leading_on, page, page_size},
    problem::{ReadProblems, Refused, WriteProblems},
};
use crate::{
    domain::gate::Operation,
    office::{Fault, mail},
};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web::Path};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where I am reached by e-mail, and what I get.
#[derive(Serialize, utoipa::ToSchema)]
pub struct OwnMail {
    #[schema(example = "chen@rd.example.cn")]
    address: Option<String>,
    /// When I showed that I read it; nothing is sent there before.
    confirmed_at: Option<DateTime<Utc>>,
    /// Each thing that concerns me, as it happens.
    at_once: bool,
    /// On working days at eight, a list of what waits for me; none where nothing does.
    daily: bool,
}

impl From<mail::OwnAddress> for OwnMail {
    fn from(it: mail::OwnAddress) -> OwnMail {
        let mail::OwnAddress { address, confirmed_at, at_once, daily } = it;
        OwnMail { address: Some(address), confirmed_at, at_once, daily }
    }
}

/// Read where I am reached by e-mail
#[utoipa::path(tag = "sign-in", responses((status = 200, body = OwnMail), ReadProblems), security(("bearer" = [])))]
#[get("/me/mail")]
pub async fn get_own_mail(ask: Ask) -> Result<HttpResponse, Refused> {
    let own = ask.office.own_address(&ask.caller).await?;
    let none = || OwnMail { address: None, confirmed_at: None, at_once: false, daily: false };
    Ok(HttpResponse::Ok().json(own.map_or_else(none, OwnMail::from)))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MailWish {
    address: String,
    #[serde(default = "yes")]
    at_once: bool,
    #[serde(default = "yes")]
    daily: bool,
}

fn yes() -> bool {
    true
}

/// Say where I am reached by e-mail
///
/// A code is sent to an address that is new; `POST /v1/me/mail/confirmation` shows it. 403 where the installation sends
/// no letters; 429 within two minutes of another code.
#[utoipa::path(
    tag = "sign-in",
    request_body(content = MailWish, example = json!({"address": "chen@rd.example.cn", "at_once": true, "daily": true})),
    responses((status = 200, body = OwnMail), WriteProblems),
    security(("bearer" = []))
)]
#[put("/me/mail")]
pub async fn set_own_mail(ask: Ask, body: Body) -> Result<HttpResponse, Refused> {
    let MailWish { address, at_once, daily } = body.read()?;
    if !is_address(&address) {
        return Err(Fault::invalid("/address", "不是邮箱地址", "is not an e-mail address").into());
    }
    let wish = mail::Wish { address, at_once, daily };
    Ok(HttpResponse::Ok().json(OwnMail::from(ask.office.set_own_address(&ask.caller, wish).await?)))
}

/// Whether a letter can be addressed so; whether anybody reads it, the code shows.
fn is_address(text: &str) -> bool {
    let plain =
        text.len() <= 254 && text.chars().all(|c| c.is_ascii_graphic() && !"<>(),;:\\\"[]".contains(c));
    plain
        && text
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MailCode {
    #[schema(example = "4f9a1-c07be")]
    code: String,
}

/// Confirm my e-mail address
///
/// By the code that was sent there, within 30 minutes.
#[utoipa::path(
    tag = "sign-in",
    request_body(content = MailCode, example = json!({"code": "4f9a1-c07be"})),
    responses((status = 200, body = OwnMail), WriteProblems),
    security(("bearer" = []))
)]
#[post("/me/mail/confirmation")]
pub async fn confirm_own_mail(ask: Ask, body: Body) -> Result<HttpResponse, Refused> {
    let MailCode { code } = body.read()?;
    Ok(HttpResponse::Ok().json(OwnMail::from(ask.office.confirm_own_address(&ask.caller, &code).await?)))
}

/// Get no more letters
///
/// Forgets the address, and what waits to be sent there.
#[utoipa::path(
    tag = "sign-in",
    responses((status = 204, description = "It is forgotten"), WriteProblems),
    security(("bearer" = []))
)]
#[delete("/me/mail")]
pub async fn forget_own_mail(ask: Ask) -> Result<HttpResponse, Refused> {
    ask.office.forget_own_address(&ask.caller).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What became of a letter.
#[derive(Clone, Copy, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    Waiting,
    Sent,
    /// Whoever it was for may not know of it any more, or wants no letters.
    Lapsed,
    /// The server did not take it, and will not.
    GivenUp,
}

impl From<MailState> for mail::State {
    fn from(it: MailState) -> mail::State {
        match it {
            MailState::Waiting => mail::State::Waiting,
            MailState::Sent => mail::State::Sent,
            MailState::Lapsed => mail::State::Lapsed,
            MailState::GivenUp => mail::State::GivenUp,
        }
    }
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MailQuery {
    /// `given_up` if left out.
    #[param(value_type = Option<MailState>)]
    state: Option<MailState>,
    /// The cursor of the previous page's `next` link.
    #[param(value_type = Option<Uuid>)]
    before: Option<Uuid>,
    /// 1 to 100, 50 if left out.
    #[param(value_type = Option<u32>)]
    limit: Option<u32>,
}

/// A letter, without what it says.
#[derive(Serialize, utoipa::ToSchema)]
pub struct MailLine {
    id: String,
    user: String,
    state: MailState,
    queued_at: DateTime<Utc>,
    attempts: i32,
    /// When it is tried next, while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_try_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<DateTime<Utc>>,
    /// What the mail server said instead of taking it.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct MailPage {
    mail: Vec<MailLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// List letters by e-mail
///
/// Newest first, page by page (`Link: rel="next"`): what could not be sent, unless another state is asked for.
///
/// **Who:** administrators, their congress's; operators, the installation's.
#[utoipa::path(
    tag = "accounts",
    params(MailQuery),
    responses((status = 200, body = MailPage, headers(("Link" = Option<String>, description = "The next page"))), ReadProblems),
    security(("bearer" = []))
)]
#[get("/mail")]
pub async fn list_mail(
    ask: Ask,
    query: Query<MailQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepMail).await?;
    let MailQuery { state, before, limit } = query.0;
    let (state, limit) = (state.unwrap_or(MailState::GivenUp), page_size(limit)?);
    let before = before.map(|it| it.to_string());
    let found = ask.office.list_mail(&ask.caller, state.into(), before, limit as i64 + 1).await?;
    let Page { lines, next } = page(&request, found, limit, "before", |it| it.id.clone());
    let mail = lines
        .into_iter()
        .map(|it| MailLine {
            id: it.id,
            user: it.user_id,
            state,
            queued_at: it.created_at.and_utc(),
            attempts: it.attempts,
            next_try_at: it.ended_at.is_none().then(|| it.next_try_at.and_utc()),
            ended_at: it.ended_at.map(|at| at.and_utc()),
            trouble: it.trouble,
        })
        .collect();
    Ok(leading_on(next.as_ref()).json(MailPage { mail, next }))
}

/// Send a letter again
///
/// One that was given up. **Who:** administrators, their congress's; operators, the installation's.
#[utoipa::path(
    tag = "accounts",
    params(("id" = Uuid, Path)),
    responses((status = 204, description = "It waits to be sent"), WriteProblems),
    security(("bearer" = []))
)]
#[post("/mail/{id}/another-try")]
pub async fn send_mail_again(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepMail).await?;
    let id = id.parse::<Uuid>().map_err(|_| Fault::NotFound)?;
    ask.office.revive_mail(&ask.caller, id.to_string()).await?;
    Ok(HttpResponse::NoContent().finish())
}
