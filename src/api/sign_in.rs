//! Signing in: a password for tokens, a refresh token for its successor.

use super::{
    ask::Ask,
    input::Body,
    problem::{OpenProblems, ReadProblems, Refused, WriteProblems},
};
use crate::{
    domain::{
        actor::Role,
        ids::{MembershipId, UserId},
    },
    identity::{
        password::{self, PasswordError},
        refresh,
        token::Tokens,
    },
    office::{
        Fault, Office, StoreError,
        sign_in::{Origin, Proved, SignedIn},
    },
};
use actix_web::{HttpResponse, get, http::header, post, web::Data};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// How long tokens live.
#[derive(Clone, Copy)]
pub struct Lifetimes {
    pub access: TimeDelta,
}

/// A refresh token that is not used for this long ends the sign-in.
const REFRESH: TimeDelta = TimeDelta::days(14);

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    #[schema(example = "committee")]
    username: String,
    #[schema(example = "correct horse battery staple")]
    password: String,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    refresh_token: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct TokenPair {
    /// For `Authorization: Bearer`.
    access_token: String,
    /// Good once; its answer brings the next.
    refresh_token: String,
    /// Seconds until the access token ends.
    #[schema(example = 600)]
    expires_in: i64,
    #[schema(example = "Bearer")]
    token_type: &'static str,
}

/// Sign in
///
/// **Who:** anybody with an account. An unknown name and a wrong password look the same.
#[utoipa::path(
    tag = "sign-in",
    request_body = SignIn,
    responses((status = 200, body = TokenPair), WriteProblems)
)]
#[post("/auth/sign-in")]
pub async fn sign_in(
    office: Data<Office>,
    tokens: Data<Tokens>,
    lifetimes: Data<Lifetimes>,
    body: Body,
) -> Result<HttpResponse, Refused> {
    let SignIn { username, password } = body.read()?;
    let known = office.credentials(&username).await?;
    let stored = known.as_ref().and_then(|k| k.password_hash.clone());
    let right = password::verify_async(password, stored).await.map_err(|error| match error {
        PasswordError::Busy => Fault::Store(StoreError::Busy),
        _ => Fault::Unauthenticated,
    })?;
    let Some(known) = known.filter(|_| right) else { return Err(Fault::Unauthenticated.into()) };
    let first = known.memberships.first().and_then(|m| m.id.parse().ok()).ok_or(Fault::Unauthenticated)?;
    let proved = Proved {
        user: known.user,
        membership: MembershipId(first),
        second_factor: false,
        proved_at: office.now(),
        origin: Origin::default(),
    };
    begin(&office, &tokens, *lifetimes.get_ref(), proved).await
}

/// Gives somebody who has shown who he is his first tokens.
pub async fn begin(
    office: &Office,
    tokens: &Tokens,
    lifetimes: Lifetimes,
    proved: Proved,
) -> Result<HttpResponse, Refused> {
    let token = refresh::new().map_err(unavailable)?;
    let signed_in = office.begin_sign_in(proved, Some(token.hash), office.now() + REFRESH).await?;
    pair(office, tokens, lifetimes, signed_in, token.secret)
}

/// Refresh a sign-in
///
/// Each refresh token is good once. One that comes a second time is in two hands, and ends the sign-in for both.
#[utoipa::path(
    tag = "sign-in",
    request_body = Refresh,
    responses((status = 200, body = TokenPair), WriteProblems)
)]
#[post("/auth/refresh")]
pub async fn refresh_sign_in(
    office: Data<Office>,
    tokens: Data<Tokens>,
    lifetimes: Data<Lifetimes>,
    body: Body,
) -> Result<HttpResponse, Refused> {
    let Refresh { refresh_token } = body.read()?;
    let successor = refresh::new().map_err(unavailable)?;
    let expires_at = office.now() + REFRESH;
    let rotated =
        office.rotate_refresh_token(refresh::hash(&refresh_token), successor.hash, expires_at).await?;
    let Some(signed_in) = rotated else { return Err(Fault::Unauthenticated.into()) };
    pair(&office, &tokens, *lifetimes.get_ref(), signed_in, successor.secret)
}

/// Sign out
///
/// Ends everything that descends from the same sign-in; access tokens end by themselves within minutes.
#[utoipa::path(
    tag = "sign-in",
    request_body = Refresh,
    responses((status = 204, description = "Signed out, or was already"), WriteProblems)
)]
#[post("/auth/sign-out")]
pub async fn sign_out(office: Data<Office>, body: Body) -> Result<HttpResponse, Refused> {
    let Refresh { refresh_token } = body.read()?;
    office.sign_out(refresh::hash(&refresh_token)).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub fn unavailable(error: impl std::fmt::Display) -> Refused {
    Refused(Fault::Store(StoreError::Unavailable(error.to_string())))
}

fn pair(
    office: &Office,
    tokens: &Tokens,
    lifetimes: Lifetimes,
    signed_in: SignedIn,
    refresh_token: String,
) -> Result<HttpResponse, Refused> {
    let access_token = tokens
        .issue(signed_in.user.0, signed_in.sign_in.0, office.now(), lifetimes.access)
        .map_err(unavailable)?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(TokenPair {
        access_token,
        refresh_token,
        expires_in: lifetimes.access.num_seconds(),
        token_type: "Bearer",
    }))
}

/// Who the caller is.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Me {
    user: UserId,
    /// In which capacity: what the account is in this congress.
    membership: MembershipId,
    name: String,
    #[schema(example = "committee")]
    role: &'static str,
    congress: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deputy: Option<String>,
}

/// Read who I am
#[utoipa::path(tag = "sign-in", responses((status = 200, body = Me), ReadProblems), security(("bearer" = [])))]
#[get("/me")]
pub async fn me(ask: Ask) -> Result<HttpResponse, Refused> {
    let actor = ask.office.whoami(&ask.caller).await?;
    let (department, deputy) = match &actor.role {
        Role::Department { department, .. } => (Some(department.to_string()), None),
        Role::Deputy { deputy } => (None, Some(deputy.to_string())),
        _ => (None, None),
    };
    Ok(HttpResponse::Ok().json(Me {
        user: actor.user,
        membership: actor.membership,
        name: actor.name,
        role: actor.role.id(),
        congress: actor.congress.map(String::from),
        department,
        deputy,
    }))
}

/// Read the keys that verify access tokens
///
/// A JWK set (RFC 7517): the key that signs, and former ones whose tokens may still be good. Who verifies with them looks
/// again when a token names a key that is not there. Also at `/.well-known/jwks.json`.
#[utoipa::path(tag = "sign-in", responses((status = 200, body = serde_json::Value), OpenProblems))]
#[get("/auth/keys")]
pub async fn keys(tokens: Data<Tokens>) -> HttpResponse {
    published_keys(tokens).await
}

pub async fn published_keys(tokens: Data<Tokens>) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=300")).json(tokens.jwks())
}
