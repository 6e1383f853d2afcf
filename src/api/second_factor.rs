//! Setting a second factor: by who is signed in, or by who has to before he is.

use super::{
    ask::Ask,
    input::Body,
    problem::{Refused, WriteProblems},
    sign_in::{Lifetimes, REFRESH, TokenPair, Whence, secret, tokens_of},
};
use crate::{
    identity::{refresh, token::Tokens},
    office::{Fault, Office, second_factor::Enrolling},
};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, post, web::Data};
use serde::{Deserialize, Serialize};
use std::future::{Ready, ready};

/// A bearer's token where there is one.
pub struct Maybe(Option<Ask>);

impl FromRequest for Maybe {
    type Error = Refused;
    type Future = Ready<Result<Maybe, Refused>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ok(Maybe(Ask::from_request(request, payload).into_inner().ok())))
    }
}

fn who(ask: Maybe, token: Option<String>) -> Result<Enrolling, Fault> {
    match (token, ask.0) {
        (Some(token), _) => Ok(Enrolling::Token(refresh::hash(&token))),
        (None, Some(ask)) => Ok(Enrolling::Signed(ask.caller)),
        (None, None) => Err(Fault::Unauthenticated),
    }
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Propose {
    /// What `sign-in` answered with 202; none for who is signed in.
    #[serde(default)]
    enrolment_token: Option<String>,
}

/// What an authenticator app is set up with; told once.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Proposal {
    /// Base32, to type.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    secret: String,
    /// To show as a QR code.
    otpauth_uri: String,
}

/// Begin to set a second factor
///
/// **Who:** anybody signed in, and who was told to at sign-in. Nothing holds until a code is confirmed.
#[utoipa::path(tag = "sign-in", request_body = Propose, responses((status = 200, body = Proposal), WriteProblems))]
#[post("/auth/second-factor")]
pub async fn propose_second_factor(
    office: Data<Office>,
    ask: Maybe,
    body: Body,
) -> Result<HttpResponse, Refused> {
    let Propose { enrolment_token } = body.read()?;
    let proposed = office.propose_second_factor(who(ask, enrolment_token)?).await?;
    Ok(HttpResponse::Ok().json(Proposal { secret: proposed.secret, otpauth_uri: proposed.uri }))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// What `sign-in` answered with 202; none for who is signed in.
    #[serde(default)]
    enrolment_token: Option<String>,
    /// The six digits that the app shows.
    #[schema(example = "287082")]
    code: String,
}

/// A second factor that holds from now on.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Set {
    /// Each is good once in a code's place; told once, to be kept on paper.
    recovery_codes: Vec<String>,
    /// For who was on the way to sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<TokenPair>,
}

/// Confirm a second factor
///
/// By a code of it. Who was on the way to sign in is signed in.
#[utoipa::path(tag = "sign-in", request_body = Confirm, responses((status = 200, body = Set), WriteProblems))]
#[post("/auth/second-factor/confirmation")]
pub async fn confirm_second_factor(
    office: Data<Office>,
    tokens: Data<Tokens>,
    lifetimes: Data<Lifetimes>,
    ask: Maybe,
    whence: Whence,
    body: Body,
) -> Result<HttpResponse, Refused> {
    let Confirm { enrolment_token, code } = body.read()?;
    let refresh = secret()?;
    let expires_at = office.now() + REFRESH;
    let who = who(ask, enrolment_token)?;
    let confirmed = office.confirm_second_factor(who, code, refresh.hash, expires_at, whence.0).await?;
    let pair = confirmed
        .signed_in
        .map(|signed_in| tokens_of(&office, &tokens, *lifetimes.get_ref(), signed_in, refresh.secret, None));
    let set = Set { recovery_codes: confirmed.recovery_codes, tokens: pair.transpose()? };
    Ok(HttpResponse::Ok().json(set))
}
