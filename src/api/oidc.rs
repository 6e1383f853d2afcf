//! Single sign-on over HTTP: where to send somebody, and what to give him when he comes back. No GET acts: what comes back
//! through the browser's address is only read by the front end's page, which posts it here.

use super::{
    ask::Ask,
    input::{Body, Nothing},
    problem::{OpenProblems, ReadProblems, Refused, WriteProblems},
    sign_in::{self, Lifetimes, TokenPair, Whence},
};
use crate::{
    domain::ids::MembershipId,
    identity::{
        oidc::{OidcError, Provider, Vouched},
        refresh,
        token::Tokens,
    },
    office::{
        Caller, Fault, Office,
        acts::Way,
        oidc::{AWAY, Expected, External, chosen},
        sign_in::Proved,
    },
};
use actix_web::{HttpResponse, delete, get, http::header, post, web::Data};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The provider, where the installation has one.
#[derive(Clone, Default)]
pub struct SignOn(pub Option<Arc<Provider>>);

impl SignOn {
    fn provider(&self) -> Result<Arc<Provider>, Fault> {
        self.0.clone().ok_or(Fault::NotFound)
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SignOnView {
    /// Whether people may sign in by it.
    enabled: bool,
    /// What stands on its button.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "浙政钉")]
    name: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Authorization {
    /// Where to send the browser.
    authorization_url: String,
    /// To be kept by this browser (session storage) and presented when it comes back: who steals the address has nothing.
    binding: String,
    /// Seconds within which it must be back.
    #[schema(example = 600)]
    expires_in: i64,
}

/// What came back through the browser's address, and what the browser kept.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CameBack {
    #[schema(example = "SplxlOBeZQQYbYS6WxSbIA")]
    code: String,
    #[schema(example = "af0ifjsldkj")]
    state: String,
    #[schema(example = "n0S6_WzA2Mj")]
    binding: String,
    /// As it came, if it came (RFC 9207).
    #[schema(example = "https://login.gov.example")]
    iss: Option<String>,
    /// As what to sign in, for who is several things; else the first.
    membership: Option<MembershipId>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ExternalView {
    #[schema(example = "https://login.gov.example")]
    issuer: String,
    #[schema(example = "330502-0815")]
    subject: String,
    linked_at: DateTime<Utc>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Externals {
    identities: Vec<ExternalView>,
}

/// Whether there is single sign-on
#[utoipa::path(tag = "sign-in", responses((status = 200, body = SignOnView), OpenProblems))]
#[get("/auth/oidc")]
pub async fn get_sign_on(sign_on: Data<SignOn>) -> HttpResponse {
    let name = sign_on.0.as_ref().map(|provider| provider.name().to_owned());
    HttpResponse::Ok().json(SignOnView { enabled: name.is_some(), name })
}

/// Begin single sign-on
///
/// **Who:** anybody. 404 where there is none; 503 where its provider cannot be reached.
#[utoipa::path(
    tag = "sign-in",
    request_body = Nothing,
    responses((status = 200, body = Authorization), WriteProblems)
)]
#[post("/auth/oidc/authorization")]
pub async fn begin_sign_on(
    office: Data<Office>,
    sign_on: Data<SignOn>,
    body: Body,
) -> Result<HttpResponse, Refused> {
    body.read::<Nothing>()?;
    send_away(&office, &sign_on, None).await
}

/// Sign in by single sign-on
///
/// **Who:** somebody whom the provider sent back, once, within ten minutes, from the browser that was sent there. 401 also
/// for whom no account is linked with: the service's log names the subject, which an administrator links.
#[utoipa::path(
    tag = "sign-in",
    request_body = CameBack,
    responses((status = 200, body = TokenPair), WriteProblems)
)]
#[post("/auth/oidc/token")]
pub async fn finish_sign_on(
    office: Data<Office>,
    sign_on: Data<SignOn>,
    tokens: Data<Tokens>,
    lifetimes: Data<Lifetimes>,
    whence: Whence,
    body: Body,
) -> Result<HttpResponse, Refused> {
    let came: CameBack = body.read()?;
    let vouched = came_back(&office, &sign_on, &came, None).await?;
    let Some(known) = office.known_as(&vouched.issuer, &vouched.subject).await? else {
        let Vouched { issuer, subject, .. } = vouched;
        tracing::warn!(%issuer, %subject, "single sign-on: no account that may sign in is linked with this subject");
        return Err(Fault::Unauthenticated.into());
    };
    let membership = chosen(&known, came.membership).ok_or(Fault::Unauthenticated)?;
    office.enough_factors(&known, vouched.second_factor)?;
    let proved = Proved {
        user: known.user,
        membership: membership.id.parse().map(MembershipId).map_err(|_| Fault::Unauthenticated)?,
        way: Way::SingleSignOn,
        second_factor: vouched.second_factor,
        proved_at: vouched.at.unwrap_or(office.now()),
        origin: whence.0,
    };
    sign_in::begin(&office, &tokens, *lifetimes.get_ref(), proved).await
}

/// Begin linking single sign-on with my account
///
/// **Who:** anybody signed in, within fifteen minutes of showing who he is.
#[utoipa::path(
    tag = "sign-in",
    request_body(content = Nothing, example = json!({})),
    responses((status = 200, body = Authorization), WriteProblems),
    security(("bearer" = []))
)]
#[post("/me/external-identity/authorization")]
pub async fn begin_linking(ask: Ask, sign_on: Data<SignOn>, body: Body) -> Result<HttpResponse, Refused> {
    body.read::<Nothing>()?;
    send_away(&ask.office, &sign_on, Some(ask.caller)).await
}

/// Link single sign-on with my account
///
/// **Who:** who began it, when the provider has sent him back. 409 where the identity, or the account, is linked already.
#[utoipa::path(
    tag = "sign-in",
    request_body(content = CameBack, example = json!({"code": "SplxlOBeZQQYbYS6WxSbIA", "state": "af0ifjsldkj",
                                                       "binding": "n0S6_WzA2Mj", "iss": "https://login.gov.example"})),
    responses((status = 200, body = ExternalView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/me/external-identity")]
pub async fn link_identity(ask: Ask, sign_on: Data<SignOn>, body: Body) -> Result<HttpResponse, Refused> {
    let came: CameBack = body.read()?;
    let vouched = came_back(&ask.office, &sign_on, &came, Some(ask.caller.clone())).await?;
    let linked = ask.office.link_caller(&ask.caller, &vouched.issuer, &vouched.subject).await?;
    Ok(HttpResponse::Ok().json(view(linked)))
}

/// Read what my account is linked with
#[utoipa::path(
    tag = "sign-in",
    responses((status = 200, body = Externals), ReadProblems),
    security(("bearer" = []))
)]
#[get("/me/external-identity")]
pub async fn list_identities(ask: Ask) -> Result<HttpResponse, Refused> {
    let identities = ask.office.external_identities(&ask.caller).await?.into_iter().map(view).collect();
    Ok(HttpResponse::Ok().json(Externals { identities }))
}

/// Unlink single sign-on from my account
///
/// **Who:** anybody signed in who has a password; 409 for who has none.
#[utoipa::path(
    tag = "sign-in",
    responses((status = 204, description = "Unlinked, or never was linked"), WriteProblems),
    security(("bearer" = []))
)]
#[delete("/me/external-identity")]
pub async fn unlink_identity(ask: Ask) -> Result<HttpResponse, Refused> {
    ask.office.unlink_caller(&ask.caller).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn send_away(
    office: &Office,
    sign_on: &SignOn,
    linking: Option<Caller>,
) -> Result<HttpResponse, Refused> {
    let attempt = sign_on.provider()?.begin().await.map_err(fault)?;
    let binding = refresh::new().map_err(sign_in::unavailable)?;
    let expected = Expected {
        state_hash: refresh::hash(&attempt.state),
        binding_hash: binding.hash,
        nonce: attempt.nonce,
        verifier: attempt.verifier,
    };
    office.expect_back(expected, linking).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(Authorization {
        authorization_url: attempt.url,
        binding: binding.secret,
        expires_in: AWAY.num_seconds(),
    }))
}

async fn came_back(
    office: &Office,
    sign_on: &SignOn,
    came: &CameBack,
    linking: Option<Caller>,
) -> Result<Vouched, Refused> {
    let provider = sign_on.provider()?;
    let hashes = (refresh::hash(&came.state), refresh::hash(&came.binding));
    let expected = office.came_back(hashes.0, hashes.1, linking).await?;
    let Expected { nonce, verifier, .. } = &expected;
    let vouched = provider.finish(&came.code, came.iss.as_deref(), nonce, verifier, office.now()).await;
    Ok(vouched.map_err(fault)?)
}

/// The reason is for the log: to the caller a bad code is as good as none.
fn fault(error: OidcError) -> Fault {
    tracing::warn!("{error}");
    match error {
        OidcError::Refused(_) => Fault::Unauthenticated,
        OidcError::Unavailable(_) | OidcError::Settings(_) => Fault::SignOnDown,
    }
}

fn view(identity: External) -> ExternalView {
    let External { issuer, subject, linked_at } = identity;
    ExternalView { issuer, subject, linked_at }
}
