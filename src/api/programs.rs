//! Programs: tokens for their secrets (OAuth 2.0, client credentials, RFC 6749), and the secrets.

use super::{
    ask::Ask,
    problem::{OpenProblems, ReadProblems, Refused, WriteProblems, Written},
    sign_in::{Lifetimes, Whence, unavailable},
};
use crate::{
    domain::{actor::Scope, gate::Operation, ids::MembershipId},
    identity::{refresh, token::Tokens},
    office::{Fault, Office, services::Unserved},
};
use actix_web::{
    HttpRequest, HttpResponse, delete, get,
    http::{StatusCode, header},
    post,
    web::{Bytes, Data, Path},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

#[derive(Serialize, utoipa::ToSchema)]
pub struct ProgramToken {
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds.
    #[schema(example = 600)]
    expires_in: i64,
    /// What it opens, words between spaces.
    #[schema(example = "cases:read figures:read")]
    scope: String,
}

/// Why there is no token, as RFC 6749 (section 5.2) has it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct TokenError {
    #[schema(example = "invalid_client")]
    error: &'static str,
    error_description: &'static str,
}

/// What a program asks with, as a form.
#[derive(utoipa::ToSchema)]
#[expect(
    dead_code,
    reason = "read by the document's generator; the form is read by hand, as RFC 6749 has it"
)]
pub struct TokenForm {
    #[schema(example = "client_credentials")]
    grant_type: String,
    /// Unless in `Authorization: Basic`.
    client_id: Option<String>,
    client_secret: Option<String>,
    /// Words between spaces; all that the program has if left out.
    scope: Option<String>,
}

/// Get a token for a program
///
/// OAuth 2.0 client credentials (RFC 6749, section 4.4): the client's id and secret in `Authorization: Basic` or in the
/// form. There is no refresh token: ask again. Errors are those of RFC 6749.
#[utoipa::path(
    tag = "sign-in",
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = ProgramToken),
        (status = 400, body = TokenError),
        (status = 401, body = TokenError),
        (status = 503, body = TokenError),
        OpenProblems
    )
)]
#[post("/auth/token")]
pub async fn issue_token(
    office: Data<Office>,
    tokens: Data<Tokens>,
    lifetimes: Data<Lifetimes>,
    whence: Whence,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, Refused> {
    let asked = match asked(&request, &body) {
        Ok(asked) => asked,
        Err((error, description)) => return Ok(refused(error, description)),
    };
    let life = lifetimes.access;
    let expires_at = office.now() + life;
    let served = office
        .serve_program(
            asked.client.parse().ok(),
            refresh::hash(&asked.secret),
            asked.scopes,
            expires_at,
            whence.0,
        )
        .await;
    let (signed_in, scopes) = match served {
        Ok(served) => served,
        Err(Unserved::InvalidClient) => {
            return Ok(refused(
                "invalid_client",
                "unknown client, wrong secret, or no longer 客户端或密钥不对",
            ));
        }
        Err(Unserved::InvalidScope) => {
            return Ok(refused("invalid_scope", "the program does not have this scope 该程序没有此权限范围"));
        }
        Err(Unserved::Fault(fault)) => return Err(fault.into()),
    };
    let access_token =
        tokens.issue(signed_in.user.0, signed_in.sign_in.0, office.now(), life).map_err(unavailable)?;
    let scope = scopes.iter().map(|scope| scope.id()).collect::<Vec<_>>().join(" ");
    let token = ProgramToken { access_token, token_type: "Bearer", expires_in: life.num_seconds(), scope };
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::PRAGMA, "no-cache"))
        .json(token))
}

struct Asked {
    client: String,
    secret: String,
    scopes: Option<BTreeSet<Scope>>,
}

fn asked(request: &HttpRequest, body: &[u8]) -> Result<Asked, (&'static str, &'static str)> {
    let malformed = |what| ("invalid_request", what);
    let typed = request.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or("");
    if typed.split(';').next().unwrap_or("").trim() != "application/x-www-form-urlencoded" {
        return Err(malformed("send a form: application/x-www-form-urlencoded 须以表单发送"));
    }
    let mut form = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(body) {
        if form.insert(name.into_owned(), value.into_owned()).is_some() {
            return Err(malformed("a parameter stands twice 参数重复"));
        }
    }
    match form.get("grant_type").map(String::as_str) {
        Some("client_credentials") => {}
        Some(_) => {
            return Err(("unsupported_grant_type", "only client_credentials 只支持 client_credentials"));
        }
        None => return Err(malformed("grant_type is missing 缺少 grant_type")),
    }
    let scopes =
        form.get("scope").map(|words| words.split(' ').filter(|it| !it.is_empty()).map(str::parse).collect());
    let scopes: Option<Result<BTreeSet<Scope>, String>> = scopes;
    let scopes =
        scopes.transpose().map_err(|_| ("invalid_scope", "there is no such scope 没有此权限范围"))?;
    let in_form = form.get("client_id").zip(form.get("client_secret"));
    let (client, secret) = match (request.headers().get(header::AUTHORIZATION), in_form) {
        (Some(_), Some(_)) => return Err(malformed("the secret stands twice 密钥重复")),
        (Some(header), None) => {
            basic(header.to_str().unwrap_or("")).ok_or(("invalid_client", "unreadable Basic"))?
        }
        (None, Some((client, secret))) => (client.clone(), secret.clone()),
        (None, None) => return Err(("invalid_client", "the secret is missing 缺少密钥")),
    };
    Ok(Asked { client, secret, scopes })
}

/// `Authorization: Basic`, whose parts are form-encoded before they are joined (RFC 6749, section 2.3.1).
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    let text = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (client, secret) = text.split_once(':').filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let plain = |part: &str| {
        form_urlencoded::parse(format!("x={part}").as_bytes()).next().map(|(_, value)| value.into_owned())
    };
    Some((plain(client)?, plain(secret)?))
}

fn refused(error: &'static str, error_description: &'static str) -> HttpResponse {
    let status = if error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"jianyi\""));
    }
    let mut response = response.json(TokenError { error, error_description });
    response.extensions_mut().insert(Written);
    response
}

/// A program's secret, without itself.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SecretView {
    id: String,
    since: DateTime<Utc>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Secrets {
    secrets: Vec<SecretView>,
}

/// A secret that was made; shown once.
#[derive(Serialize, utoipa::ToSchema)]
pub struct NewSecret {
    pub id: Uuid,
    pub client_id: MembershipId,
    pub client_secret: String,
}

fn program(text: &str) -> Result<MembershipId, Refused> {
    text.parse().map_err(|_| Refused(Fault::NotFound))
}

/// List a program's secrets
///
/// **Who:** the congress's administrators.
#[utoipa::path(
    tag = "accounts",
    params(("id" = MembershipId, Path)),
    responses((status = 200, body = Secrets), ReadProblems),
    security(("bearer" = []))
)]
#[get("/memberships/{id}/secrets")]
pub async fn list_secrets(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepAccounts).await?;
    let found = ask.office.secrets(&ask.caller, program(&id)?).await?;
    let secrets =
        found.into_iter().map(|it| SecretView { id: it.id, since: it.created_at.and_utc() }).collect();
    Ok(HttpResponse::Ok().json(Secrets { secrets }))
}

/// Make another secret for a program
///
/// Up to two at a time: make the new one, use it, end the old one.
///
/// **Who:** the congress's administrators.
#[utoipa::path(
    tag = "accounts",
    params(("id" = MembershipId, Path)),
    responses((status = 201, body = NewSecret), WriteProblems),
    security(("bearer" = []))
)]
#[post("/memberships/{id}/secrets")]
pub async fn add_secret(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepAccounts).await?;
    let client_id = program(&id)?;
    let made = ask.office.add_secret(&ask.caller, client_id).await?;
    Ok(HttpResponse::Created().json(NewSecret { id: made.id, client_id, client_secret: made.secret }))
}

/// End a program's secret
///
/// All tokens of the program end with it; one that works with another secret asks again.
///
/// **Who:** the congress's administrators.
#[utoipa::path(
    tag = "accounts",
    params(("id" = MembershipId, Path), ("secret" = String, Path)),
    responses((status = 204, description = "It opens nothing any more"), ReadProblems),
    security(("bearer" = []))
)]
#[delete("/memberships/{id}/secrets/{secret}")]
pub async fn end_secret(ask: Ask, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepAccounts).await?;
    let secret = path.1.parse().map_err(|_| Fault::NotFound)?;
    ask.office.end_secret(&ask.caller, program(&path.0)?, secret).await?;
    Ok(HttpResponse::NoContent().finish())
}
