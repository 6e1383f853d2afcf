//! Reading what was sent: bodies, queries, and the headers that guard a command. Strict: what is not known is refused.

use super::{patience::Patience, problem::Refused, wrong};
use crate::{
    domain::{day::Day, say::Say},
    office::{Fault, Key, Precondition},
};
use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    error::PayloadError,
    http::{Method, header},
    web,
};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::{
    future::{Future, Ready, ready},
    pin::Pin,
};

/// A body that has arrived but is not yet read: whether the caller is entitled comes first.
#[derive(Clone)]
pub struct Body(web::Bytes);

impl FromRequest for Body {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Body, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let typed = request.headers().get(header::CONTENT_TYPE).map(|v| {
            let text = v.to_str().unwrap_or("").to_ascii_lowercase();
            let essence = text.split(';').next().unwrap_or("").trim().to_owned();
            essence == "application/json" || essence.ends_with("+json")
        });
        let patience = patience(request).body;
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            let Ok(bytes) = tokio::time::timeout(patience, bytes).await else {
                return Err(actix_web::error::ErrorRequestTimeout("the body did not arrive"));
            };
            let bytes = bytes.map_err(|error| match error.as_error::<PayloadError>() {
                Some(PayloadError::Overflow) => actix_web::error::ErrorPayloadTooLarge("over the limit"),
                _ => error,
            })?;
            if !bytes.is_empty() && typed != Some(true) {
                return Err(actix_web::error::ErrorUnsupportedMediaType("not application/json"));
            }
            Ok(Body(bytes))
        })
    }
}

/// How long this service waits for what is sent.
pub fn patience(request: &HttpRequest) -> Patience {
    request.app_data::<Patience>().copied().unwrap_or_default()
}

impl Body {
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        // An empty body stands for `{}`: a step that takes no details needs none.
        let bytes: &[u8] = if self.0.is_empty() { b"{}" } else { &self.0 };
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        if matches!(first, Some(b'[')) {
            // serde would take a list for an object whose fields come in order.
            return Err(Fault::invalid("", "内容须为 JSON 对象", "must be a JSON object"));
        }
        let mut json = serde_json::Deserializer::from_slice(bytes);
        let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let pointer = pointer(error.path(), error.inner());
            let inner = error.into_inner();
            match inner.classify() {
                serde_json::error::Category::Data => Fault::Invalid { pointer, detail: wrong::told(&inner) },
                _ => Fault::Malformed {
                    pointer,
                    detail: Say::new(
                        format!("内容不是合法的 JSON：{inner}"),
                        format!("not valid JSON: {inner}"),
                    ),
                },
            }
        })?;
        json.end().map_err(|error| Fault::Malformed {
            pointer: String::new(),
            detail: Say::new(
                format!("JSON 之后还有多余内容：{error}"),
                format!("something follows the JSON: {error}"),
            ),
        })?;
        Ok(value)
    }
}

fn fingerprint(request: &HttpRequest, content: &[u8]) -> String {
    let mut digest = Sha256::new();
    for part in [request.method().as_str(), request.path(), request.query_string()] {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    digest.update(content);
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A step that needs no details.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

fn pointer(path: &serde_path_to_error::Path, error: &impl ToString) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer += &format!("/{index}"),
            Segment::Map { key } => pointer += &format!("/{}", escaped(key)),
            Segment::Enum { variant } => pointer += &format!("/{}", escaped(variant)),
            Segment::Unknown => {}
        }
    }
    let message = error.to_string();
    let named = ["unknown field `", "missing field `", "duplicate field `"]
        .iter()
        .find_map(|start| message.strip_prefix(start)?.split('`').next().map(escaped));
    match named {
        Some(field) if !pointer.ends_with(&format!("/{field}")) => format!("{pointer}/{field}"),
        _ => pointer,
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Query parameters; an unknown one is a mistake, not a wish.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Refused;
    type Future = Ready<Result<Query<T>, Refused>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(query(request.query_string()).map(Query).map_err(Refused))
    }
}

pub fn query<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let pointer = pointer(error.path(), error.inner()).replacen('/', "?", 1);
        Fault::Invalid { pointer, detail: wrong::told(error.inner()) }
    })
}

/// What every command carries beside its body.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CommandQuery {
    /// The legal day on which the act took effect, where paper arrived late. Committee staff only.
    #[param(value_type = Option<String>, format = Date, example = "2024-03-08")]
    pub occurred_on: Option<Day>,
}

/// `If-Match`, `Idempotency-Key` and `occurred_on`.
pub struct Guards {
    pub precondition: Precondition,
    pub key: Option<String>,
    pub occurred_on: Option<Day>,
    request: HttpRequest,
}

impl FromRequest for Guards {
    type Error = Refused;
    type Future = Ready<Result<Guards, Refused>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(guards(request).map_err(Refused))
    }
}

fn guards(request: &HttpRequest) -> Result<Guards, Fault> {
    let CommandQuery { occurred_on } = query(request.query_string())?;
    guards_on(request, occurred_on)
}

/// The guards of a request whose query says more than the day.
pub fn guards_on(request: &HttpRequest, occurred_on: Option<Day>) -> Result<Guards, Fault> {
    let key = match request.headers().get("idempotency-key") {
        None => None,
        Some(value) => {
            let text = value.to_str().unwrap_or("").trim();
            let plain = text.bytes().all(|b| b.is_ascii_graphic());
            if !plain || !(1..=128).contains(&text.len()) {
                return Err(Fault::Malformed {
                    pointer: "Idempotency-Key".to_owned(),
                    detail: Say::new(
                        "Idempotency-Key 须为 1 至 128 个可见 ASCII 字符，例如一个 UUID",
                        "Idempotency-Key takes 1 to 128 visible ASCII characters, for example a UUID",
                    ),
                });
            }
            Some(text.to_owned()).filter(|_| request.method() == Method::POST)
        }
    };
    Ok(Guards { precondition: precondition(request), key, occurred_on, request: request.clone() })
}

impl Guards {
    /// For acts behind which no paper of an earlier day stands.
    pub fn no_late_paper(&self) -> Result<(), Fault> {
        match self.occurred_on {
            None => Ok(()),
            Some(_) => Err(Fault::invalid("?occurred_on", "本项不补录", "is not heard here")),
        }
    }

    pub fn key(&self, body: &Body) -> Option<Key> {
        self.key_over(&body.0)
    }

    /// The key of a request with this content, or something that stands for it.
    pub fn key_over(&self, content: &[u8]) -> Option<Key> {
        let key = self.key.clone()?;
        Some(Key { key, fingerprint: fingerprint(&self.request, content) })
    }
}

fn precondition(request: &HttpRequest) -> Precondition {
    let Some(value) = request.headers().get(header::IF_MATCH) else { return Precondition::Missing };
    let text = value.to_str().unwrap_or("").trim();
    if text == "*" {
        return Precondition::Any;
    }
    // A weak tag never matches strongly (RFC 9110), and a list of several names no one version.
    let version = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).and_then(|t| t.parse().ok());
    version.map_or(Precondition::Never, Precondition::Version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> String {
        match Body(web::Bytes::copy_from_slice(text.as_bytes())).read::<T>() {
            Err(Fault::Invalid { pointer, .. }) => format!("invalid {pointer}"),
            Err(Fault::Malformed { pointer, .. }) => format!("malformed {pointer}"),
            other => format!("{other:?}"),
        }
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its reading is tested")]
    struct Letter {
        title: crate::domain::text::Title,
        days: Vec<Day>,
    }

    #[test]
    fn each_mistake_points_at_its_field() {
        let cases = [
            (r#"{"title":"a","days":[],"colour":1}"#, "invalid /colour"),
            (r#"{"title":"a"}"#, "invalid /days"),
            (r#"{"title":7,"days":[]}"#, "invalid /title"),
            (r#"{"title":"a","days":["2024-01-01","2024-02-30"]}"#, "invalid /days/1"),
            (r#"{"title":"a","title":"b","days":[]}"#, "invalid /title"),
            (r#"{"title":"\ud800","days":[]}"#, "malformed /title"),
            (r#"{"title":"a","days":[]} x"#, "malformed "),
            ("title=a", "malformed "),
        ];
        for (text, expected) in cases {
            assert_eq!(fault::<Letter>(text), expected, "{text}");
        }
    }
}
