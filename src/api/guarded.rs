//! What every answer says to a browser, errors too: nothing of it is a page, none of it is guessed, framed or kept.

use super::address::Client;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
};

/// The API is read by programs: whatever a browser makes of an answer may load and do nothing.
const CLOSED: &str = "default-src 'none'; frame-ancestors 'none'";

/// The page to try the API on: its own scripts, pictures and requests. Swagger UI writes styles into its elements, and
/// draws small pictures from data.
const DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                    img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; \
                    form-action 'none'; frame-ancestors 'none'";

/// A year; for this name alone, since others of the domain may not speak TLS.
const TLS_ONLY: &str = "max-age=31536000";

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Wrapped around what writes problems, so that they are guarded as well.
pub async fn guard_answers<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let path = request.match_info().as_str();
    let policy = if path.starts_with("/docs/") { DOCS } else { CLOSED };
    let signed_in = path.starts_with("/v1/") && request.headers().contains_key(header::AUTHORIZATION);
    let kept = kept(path, signed_in);
    let secure = Client::of(request.request()).secure;
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    say(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    say(headers, header::CONTENT_SECURITY_POLICY, policy);
    say(headers, header::REFERRER_POLICY, "no-referrer");
    say(headers, RESOURCE_POLICY, "same-origin");
    if let Some(kept) = kept {
        say(headers, header::CACHE_CONTROL, kept);
    }
    if signed_in {
        // Two people at one browser ask for the same address and may see the same version differently.
        headers.append(header::VARY, HeaderValue::from_static("authorization, accept-language"));
    }
    if secure {
        say(headers, header::STRICT_TRANSPORT_SECURITY, TLS_ONLY);
    }
    Ok(response)
}

/// How long the answer may be kept where its handler does not say. What somebody signed in reads is his alone, and stays
/// in no cache; what everybody reads is asked for again, since a calendar or a policy may have changed.
fn kept(path: &str, signed_in: bool) -> Option<&'static str> {
    match path.strip_prefix("/v1/") {
        Some(rest) if signed_in || rest.starts_with("auth/") => Some("no-store"),
        Some(_) => Some("no-cache"),
        None => None,
    }
}

/// A handler that says more, or less, knows why.
fn say(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    if !headers.contains_key(&name) {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
