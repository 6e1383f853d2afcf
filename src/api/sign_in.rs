//! Signing in: a password for tokens, a refresh token for its successor.

use super::{
    address::Client,
    ask::request_id,
    input::Body,
    problem::{OpenProblems, Refused, WriteProblems},
};
use crate::{
    domain::ids::MembershipId,
    identity::{
        password::{self, PasswordError},
        refresh,
        token::Tokens,
    },
    office::{
        Fault, Office, StoreError,
        sign_in::{Origin, Passed, Presents, Proved, SignedIn},
        throttle::{Admitted, Attempt},
    },
};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, get, http::header, post, web::Data};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::{
    convert::Infallible,
    future::{Ready, ready},
};

/// How long tokens live.
#[derive(Clone, Copy)]
pub struct Lifetimes {
    pub access: TimeDelta,
}

/// A refresh token that is not used for this long ends the sign-in.
pub const REFRESH: TimeDelta = TimeDelta::days(14);

/// From where a request comes, for the record of sign-ins.
pub struct Whence(pub Origin);

impl FromRequest for Whence {
    type Error = Infallible;
    type Future = Ready<Result<Whence, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let readable = |text: &str| text.chars().filter(|c| !c.is_control()).take(200).collect::<String>();
        ready(Ok(Whence(Origin {
            address: Some(Client::of(request).address.to_string()),
            client: agent.map(readable),
            request_id: request_id(request),
        })))
    }
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    #[schema(example = "committee")]
    username: String,
    #[schema(example = "correct horse battery staple")]
    password: String,
    /// Six digits of the authenticator, or a recovery code; where the account has a second factor.
    #[serde(default)]
    #[schema(example = "287082")]
    code: Option<String>,
    /// What an earlier sign-in left on this device: others' guesses at the account then do not slow this one down.
    #[serde(default)]
    device_token: Option<String>,
    /// In which capacity, for who is several things; the oldest if left out.
    #[serde(default)]
    membership: Option<MembershipId>,
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
    /// To be kept on the device and sent with the next sign-in; only where none was sent that is still good.
    #[serde(skip_serializing_if = "Option::is_none")]
    device_token: Option<String>,
}

/// The password is right, and a second factor has to be set before there are tokens.
#[derive(Serialize, utoipa::ToSchema)]
pub struct EnrolFirst {
    /// For `POST /v1/auth/second-factor` and its confirmation, and for nothing else.
    enrolment_token: String,
    /// Seconds.
    #[schema(example = 900)]
    expires_in: i64,
}

/// Sign in
///
/// **Who:** anybody with an account. An unknown name and a wrong password look the same. Who has a second factor and
/// sends no `code` gets 401 `second-factor-required` once the password is right; who must have one and has none gets 202
/// with a token that opens setting it. Many failures slow strangers down (429, `Retry-After`), not the devices on which
/// the owner signed in before.
#[utoipa::path(
    tag = "sign-in",
    request_body = SignIn,
    responses((status = 200, body = TokenPair), (status = 202, body = EnrolFirst), WriteProblems)
)]
#[post("/auth/sign-in")]
pub async fn sign_in(
    office: Data<Office>,
    tokens: Data<Tokens>,
    lifetimes: Data<Lifetimes>,
    whence: Whence,
    body: Body,
) -> Result<HttpResponse, Refused> {
    let SignIn { username, password, code, device_token, membership } = body.read()?;
    let device = device_token.map(|token| refresh::hash(&token));
    let admitted = office.admit_guess(Attempt { username, device, origin: whence.0 }).await?;
    let stored = admitted.known.as_ref().and_then(|known| known.password_hash.clone());
    let right = password::verify_async(password.clone(), stored.clone()).await.map_err(hasty)?;
    if !right {
        office.refuse(&admitted, false).await?;
        return Err(Fault::Unauthenticated.into());
    }
    renew(&office, &admitted, password, stored).await?;
    let (refresh, device, enrolment) = (secret()?, secret()?, secret()?);
    let presents = Presents {
        code,
        membership,
        refresh: refresh.hash,
        device: device.hash,
        enrolment: enrolment.hash,
        expires_at: office.now() + REFRESH,
    };
    match office.pass(&admitted, presents).await? {
        Passed::SignedIn(signed_in) => {
            let left = (!admitted.known_device()).then_some(device.secret);
            pair(&office, &tokens, *lifetimes.get_ref(), signed_in, refresh.secret, left)
        }
        Passed::CodeWanted => Err(Fault::SecondFactorRequired.into()),
        Passed::CodeWrong => {
            office.refuse(&admitted, true).await?;
            Err(Fault::Unauthenticated.into())
        }
        Passed::EnrolFirst => Ok(HttpResponse::Accepted()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .json(EnrolFirst { enrolment_token: enrolment.secret, expires_in: 900 })),
    }
}

/// A hash that costs less than today's is made anew, now that the password is at hand.
async fn renew(
    office: &Office,
    admitted: &Admitted,
    password: String,
    stored: Option<String>,
) -> Result<(), Refused> {
    if let (Some(known), Some(old)) = (&admitted.known, stored)
        && !password::is_current(&old)
    {
        let new = password::hash_async(password).await.map_err(hasty)?;
        office.renew_password(known.user, old, new).await?;
    }
    Ok(())
}

/// Why a password was not looked at.
pub fn hasty(error: PasswordError) -> Fault {
    match error {
        PasswordError::Busy => Fault::Store(StoreError::Busy),
        PasswordError::Weak(weak) => Fault::invalid("/password", weak.zh, weak.en),
        PasswordError::Unlisted(why) => Fault::Store(StoreError::Unavailable(why)),
        _ => Fault::Unauthenticated,
    }
}

/// # Errors
/// When the system gives no random bytes.
pub fn secret() -> Result<refresh::RefreshToken, Refused> {
    refresh::new().map_err(unavailable)
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
    whence: Whence,
    body: Body,
) -> Result<HttpResponse, Refused> {
    let Refresh { refresh_token } = body.read()?;
    let successor = secret()?;
    let expires_at = office.now() + REFRESH;
    let presented = refresh::hash(&refresh_token);
    let rotated = office.rotate_refresh_token(presented, successor.hash, expires_at, whence.0).await?;
    let Some(signed_in) = rotated else { return Err(Fault::Unauthenticated.into()) };
    pair(&office, &tokens, *lifetimes.get_ref(), signed_in, successor.secret, None)
}

/// Sign out
///
/// Ends everything that descends from the same sign-in, access tokens too.
#[utoipa::path(
    tag = "sign-in",
    request_body = Refresh,
    responses((status = 204, description = "Signed out, or was already"), WriteProblems)
)]
#[post("/auth/sign-out")]
pub async fn sign_out(office: Data<Office>, whence: Whence, body: Body) -> Result<HttpResponse, Refused> {
    let Refresh { refresh_token } = body.read()?;
    office.sign_out(refresh::hash(&refresh_token), whence.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub fn unavailable(error: impl std::fmt::Display) -> Refused {
    Refused(Fault::Store(StoreError::Unavailable(error.to_string())))
}

/// The tokens of somebody signed in.
pub fn tokens_of(
    office: &Office,
    tokens: &Tokens,
    lifetimes: Lifetimes,
    signed_in: SignedIn,
    refresh_token: String,
    device_token: Option<String>,
) -> Result<TokenPair, Refused> {
    let access_token = tokens
        .issue(signed_in.user.0, signed_in.sign_in.0, office.now(), lifetimes.access)
        .map_err(unavailable)?;
    let expires_in = lifetimes.access.num_seconds();
    Ok(TokenPair { access_token, refresh_token, expires_in, token_type: "Bearer", device_token })
}

/// Gives somebody whom single sign-on vouched for his first tokens.
pub async fn begin(
    office: &Office,
    tokens: &Tokens,
    lifetimes: Lifetimes,
    proved: Proved,
) -> Result<HttpResponse, Refused> {
    let refresh = secret()?;
    let signed_in = office.begin_sign_in(proved, Some(refresh.hash), office.now() + REFRESH).await?;
    pair(office, tokens, lifetimes, signed_in, refresh.secret, None)
}

pub fn pair(
    office: &Office,
    tokens: &Tokens,
    lifetimes: Lifetimes,
    signed_in: SignedIn,
    refresh_token: String,
    device_token: Option<String>,
) -> Result<HttpResponse, Refused> {
    let pair = tokens_of(office, tokens, lifetimes, signed_in, refresh_token, device_token)?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(pair))
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
