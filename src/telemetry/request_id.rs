//! The id that ties an answer, a log line and an audit record together.

use std::fmt;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};

/// The header that carries the id both ways.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// A request's id: 1 to 64 of `[A-Za-z0-9._-]`. Cloning is cheap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// A new one: 128 random bits as 32 hex digits.
    pub fn fresh() -> Self {
        Self(format!("{:032x}", rand::random::<u128>()).into())
    }

    /// The caller's own id, if it is harmless in a log and a header.
    pub fn accept(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        ((1..=64).contains(&text.len()) && text.bytes().all(plain)).then(|| Self(text.into()))
    }

    /// The id of the request in `headers`: the caller's if it is sane, else a fresh one.
    pub(super) fn of(header: Option<&HeaderValue>) -> Self {
        header.and_then(|value| value.to_str().ok()).and_then(Self::accept).unwrap_or_else(Self::fresh)
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as the answer's header.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        // Always some: every letter allowed in an id is allowed in a header.
        HeaderValue::from_str(&self.0).ok()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromRequest for RequestId {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    /// The id that [`record_request`](super::record_request) put there; a fresh one where it does not run.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.extensions().get::<Self>().cloned();
        ready(Ok(id.unwrap_or_else(Self::fresh)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_plain_ids_are_accepted_from_outside() {
        let longest = "a".repeat(64);
        for good in ["a", "req_1.2-3", &longest] {
            assert_eq!(RequestId::accept(good).unwrap().as_str(), good);
        }
        for bad in ["", &format!("{longest}a"), "a b", "a\nb", "张", "a\"b", "a{b"] {
            assert_eq!(RequestId::accept(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_fresh_id_is_acceptable_and_new_each_time() {
        let (one, other) = (RequestId::fresh(), RequestId::fresh());
        assert_ne!(one, other);
        assert_eq!(RequestId::accept(one.as_str()), Some(one.clone()));
        assert_eq!(one.as_str().len(), 32);
    }
}
