//! Every error as `application/problem+json` (RFC 9457), in the reader's language.
//!
//! Handlers return a `Fault`; the middleware here writes it, and everything that went wrong before a handler ran.

mod lists;

pub use lists::{OpenProblems, PaperProblems, PublicProblems, ReadProblems, UploadProblems, WriteProblems};

use crate::{
    domain::{
        case::procedure::Hand,
        say::{Language, Say},
    },
    files::FilesError,
    letter::{self, LetterError},
    office::{Fault, StoreError},
    telemetry::RequestId,
};
use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse, ResponseError,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
    middleware::Next,
};
use serde::Serialize;
use std::fmt;

/// What went wrong, where, and what would be right.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Stable, for programs.
    #[serde(rename = "type")]
    #[schema(example = "urn:jianyi:problem:stale-version")]
    kind: String,
    title: String,
    status: u16,
    detail: String,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// For a refused command: the missing precondition, and who can meet it.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<Missing>,
    /// The case's version now, where the request named another or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    current_version: Option<i64>,
    /// Names this request in the service's log.
    request_id: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// A JSON pointer into the body, or `?name` for a query parameter.
    #[schema(example = "/title")]
    pointer: String,
    detail: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Missing {
    #[schema(example = "hand_back_window_over")]
    code: String,
    detail: String,
    who: Vec<Supplier>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Supplier {
    hand: Hand,
    name: String,
}

/// Marks an answer whose handler wrote its error itself, because another standard says how.
pub struct Written;

/// A fault on its way out of a handler.
#[derive(Debug)]
pub struct Refused(pub Fault);

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Refused {
        Refused(fault)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Shape::of(&self.0).code)
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        Shape::of(&self.0).status
    }

    /// Empty: the middleware knows the reader's language, and writes the body.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// A fault's status, code and words.
struct Shape {
    status: StatusCode,
    code: &'static str,
    title: (&'static str, &'static str),
    detail: Say,
}

impl Shape {
    fn of(fault: &Fault) -> Shape {
        use StatusCode as S;
        let shape = |status, code, zh: &'static str, en: &'static str| Shape {
            status,
            code,
            title: (zh, en),
            detail: Say::new(zh, en),
        };
        let with = |shape: Shape, detail: &Say| Shape { detail: detail.clone(), ..shape };
        match fault {
            Fault::Unauthenticated => {
                shape(S::UNAUTHORIZED, "not-signed-in", "尚未登录或登录已失效", "not signed in, or no longer")
            }
            Fault::SecondFactorRequired => Shape {
                detail: Say::new(
                    "密码正确；请在 code 中填写验证器的六位动态码，或一个恢复码",
                    "the password is right; send in `code` the six digits of your authenticator, or a recovery code",
                ),
                ..shape(
                    S::UNAUTHORIZED,
                    "second-factor-required",
                    "需要第二验证因素",
                    "a second factor is required",
                )
            },
            Fault::NotFound => shape(S::NOT_FOUND, "not-found", "不存在", "does not exist"),
            Fault::Forbidden(detail) => {
                with(shape(S::FORBIDDEN, "not-yours", "无权办理", "not yours to do"), detail)
            }
            Fault::NeedsPrecondition { current } => Shape {
                detail: Say::new(
                    format!("请在 If-Match 中注明所依据的版本；当前版本为 \"{current}\""),
                    format!("say in If-Match which version you saw; the current one is \"{current}\""),
                ),
                ..shape(S::PRECONDITION_REQUIRED, "version-required", "须注明版本", "a version is required")
            },
            Fault::Stale { current } => Shape {
                detail: Say::new(
                    format!("本件已有新的变动，当前版本为 \"{current}\"；请重新读取后再办理"),
                    format!("the case has moved on to version \"{current}\"; read it again first"),
                ),
                ..shape(S::PRECONDITION_FAILED, "stale-version", "版本已过期", "the version is stale")
            },
            Fault::Refused(refusal) => {
                let refused = shape(S::CONFLICT, "not-now", "现在不能办理", "not possible now");
                with(refused, &refusal.missing)
            }
            Fault::Invalid { detail, .. } => {
                let invalid = shape(S::UNPROCESSABLE_ENTITY, "invalid", "内容有误", "the request is wrong");
                with(invalid, detail)
            }
            Fault::Malformed { detail, .. } => {
                with(shape(S::BAD_REQUEST, "malformed", "无法读取", "cannot be read"), detail)
            }
            Fault::KeyReused => shape(
                S::UNPROCESSABLE_ENTITY,
                "key-reused",
                "同一 Idempotency-Key 已用于另一请求；新的请求请用新的键",
                "this Idempotency-Key was used for another request; a new request needs a new key",
            ),
            Fault::TooOften { seconds } => Shape {
                detail: Say::new(
                    format!("请求过于频繁，请在 {seconds} 秒后重试"),
                    format!("too many requests; try again in {seconds} s"),
                ),
                ..shape(S::TOO_MANY_REQUESTS, "too-often", "请求过于频繁", "too many requests")
            },
            Fault::PlainHttp => Shape {
                detail: Say::new(
                    "请求未经 TLS 加密，已拒绝；请使用 https 地址。系统管理员：请在前面设置 TLS 代理，并在 JIANYI_TRUSTED_PROXIES 中写明其地址",
                    "the request came without TLS and is refused; use the https address. For the administrator: put a \
                     TLS proxy in front and name its address in JIANYI_TRUSTED_PROXIES",
                ),
                ..shape(S::MISDIRECTED_REQUEST, "plain-http", "须使用 https", "https is required")
            },
            Fault::Exists(detail) => with(shape(S::CONFLICT, "exists", "已存在", "exists already"), detail),
            Fault::Store(StoreError::Busy | StoreError::Conflict | StoreError::Unavailable(_)) => shape(
                S::SERVICE_UNAVAILABLE,
                "unavailable",
                "系统繁忙，未作任何改动，请稍后重试",
                "the service is busy; nothing was changed, try again",
            ),
            Fault::TooLarge { limit } => Shape {
                detail: Say::new(
                    format!("文件超出上限：单个附件最大 {}（{limit} 字节）", readable(*limit)),
                    format!("the file is over the limit: at most {} ({limit} bytes) each", readable(*limit)),
                ),
                ..shape(S::PAYLOAD_TOO_LARGE, "too-large", "内容超出上限", "the body is over the limit")
            },
            Fault::Files(FilesError::Damaged(_) | FilesError::Missing(_)) => shape(
                S::INTERNAL_SERVER_ERROR,
                "file-lost",
                "该文件已缺失或损坏，须由系统管理员从备份恢复",
                "the file is missing or damaged; the administrator has to restore it from a backup",
            ),
            Fault::Files(FilesError::Store(_) | FilesError::Ending) => shape(
                S::SERVICE_UNAVAILABLE,
                "files-unavailable",
                "附件存储暂时不可用，未作任何改动，请稍后重试",
                "the store of attached files does not answer; nothing was changed, try again",
            ),
            Fault::Letter(LetterError::NoFont) => Shape {
                detail: Say::new(
                    LetterError::NoFont.to_string(),
                    format!(
                        "no Chinese font is found, so there is no PDF and no chart: install the package \
                         fonts-noto-cjk where the service runs, or name a font file in {}; a letter's .docx \
                         and a report's .xlsx need none",
                        letter::SETTING
                    ),
                ),
                ..shape(S::SERVICE_UNAVAILABLE, "no-font", "没有中文字体", "there is no Chinese font")
            },
            Fault::SignOnDown => shape(
                S::SERVICE_UNAVAILABLE,
                "single-sign-on-unavailable",
                "单点登录服务暂时无法使用，请稍后重试，或用密码登录",
                "single sign-on cannot be reached; try again later, or sign in with a password",
            ),
            Fault::Files(_)
            | Fault::Letter(_)
            | Fault::Report(_)
            | Fault::Sheet(_)
            | Fault::Store(StoreError::Corrupt { .. }) => shape(
                S::INTERNAL_SERVER_ERROR,
                "internal",
                "系统内部错误，未作任何改动",
                "an internal error; nothing was changed",
            ),
        }
    }
}

/// A number of bytes as people say it.
fn readable(bytes: usize) -> String {
    match (bytes >> 20, bytes >> 10) {
        (mebibytes @ 1.., _) => format!("{mebibytes} MB"),
        (_, kibibytes) => format!("{kibibytes} KB"),
    }
}

impl Problem {
    fn of(fault: &Fault, language: Language, request_id: &str) -> Problem {
        let Shape { status, code, title, detail } = Shape::of(fault);
        let pointed = match fault {
            Fault::Invalid { pointer, detail } | Fault::Malformed { pointer, detail } => {
                vec![FieldError { pointer: pointer.clone(), detail: detail.to(language).to_owned() }]
            }
            _ => Vec::new(),
        };
        let missing = match fault {
            Fault::Refused(refusal) => Some(Missing {
                code: refusal.code.to_owned(),
                detail: refusal.missing.to(language).to_owned(),
                who: suppliers(&refusal.who),
            }),
            _ => None,
        };
        let current_version = match fault {
            Fault::NeedsPrecondition { current } | Fault::Stale { current } => Some(*current),
            _ => None,
        };
        Problem {
            kind: format!("urn:jianyi:problem:{code}"),
            title: Say::new(title.0, title.1).to(language).to_owned(),
            status: status.as_u16(),
            detail: detail.to(language).to_owned(),
            errors: pointed,
            missing,
            current_version,
            request_id: request_id.to_owned(),
        }
    }

    /// For what the framework refused before a handler ran.
    fn bare(status: StatusCode, language: Language, request_id: &str) -> Problem {
        let (code, zh, en) = match status {
            StatusCode::NOT_FOUND => ("not-found", "没有这个地址", "there is no such address"),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("method-not-allowed", "该地址不支持此方法", "the address does not take this method")
            }
            StatusCode::PAYLOAD_TOO_LARGE => ("too-large", "内容超出上限", "the body is over the limit"),
            StatusCode::REQUEST_TIMEOUT => {
                ("too-slow", "请求传输超时", "the request took too long to arrive")
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                ("not-json", "内容须为 application/json", "the body must be application/json")
            }
            s if s.is_server_error() => ("internal", "系统内部错误", "an internal error"),
            _ => ("malformed", "请求无法读取", "the request cannot be read"),
        };
        let words = Say::new(zh, en).to(language).to_owned();
        Problem {
            kind: format!("urn:jianyi:problem:{code}"),
            title: words.clone(),
            status: status.as_u16(),
            detail: words,
            errors: Vec::new(),
            missing: None,
            current_version: None,
            request_id: request_id.to_owned(),
        }
    }
}

/// What went wrong with one item of many, in short.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ItemProblem {
    /// The status that the order would have been answered with alone.
    #[schema(example = 409)]
    status: u16,
    detail: String,
    /// Stable, for programs: the missing precondition's, or the problem's.
    #[schema(example = "stale-version")]
    code: String,
    /// A JSON pointer into the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/items/0/handlers/1/department")]
    pointer: Option<String>,
    /// Who can supply what is missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    who: Vec<Hand>,
}

impl ItemProblem {
    /// `place` is where the item stands in the body.
    pub fn of(fault: &Fault, place: &str, language: Language) -> ItemProblem {
        let Shape { status, code, detail, .. } = Shape::of(fault);
        let (code, who) = match fault {
            Fault::Refused(refusal) => (refusal.code, refusal.who.clone()),
            _ => (code, Vec::new()),
        };
        let pointer = match fault {
            // A query parameter is the whole request's.
            Fault::Invalid { pointer, .. } if pointer.starts_with('?') => Some(pointer.clone()),
            Fault::Invalid { pointer, .. } => Some(format!("{place}{pointer}")),
            _ => None,
        };
        ItemProblem {
            status: status.as_u16(),
            detail: detail.to(language).to_owned(),
            code: code.to_owned(),
            pointer,
            who,
        }
    }
}

fn suppliers(hands: &[Hand]) -> Vec<Supplier> {
    hands.iter().map(|hand| Supplier { hand: *hand, name: hand.zh().to_owned() }).collect()
}

/// The reader's language: Chinese, unless English is preferred.
pub fn language(request: &HttpRequest) -> Language {
    let asked = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let weight = |tag: &str| {
        asked
            .split(',')
            .filter_map(|part| {
                let mut pieces = part.trim().split(';');
                let name = pieces.next()?.trim().to_ascii_lowercase();
                let weight =
                    pieces.find_map(|p| p.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
                name.starts_with(tag).then_some(weight)
            })
            .fold(0.0, f32::max)
    };
    if weight("en") > weight("zh") { Language::English } else { Language::Chinese }
}

/// Writes every error response as a problem.
pub async fn write_problems<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let response = next.call(request).await?;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return Ok(response.map_into_left_body());
    }
    let written = response.response().extensions().get::<Written>().is_some()
        || response.headers().get(header::CONTENT_TYPE).is_some_and(|t| t == "application/problem+json");
    if written {
        return Ok(response.map_into_left_body());
    }
    let language = language(response.request());
    let request_id = response
        .request()
        .extensions()
        .get::<RequestId>()
        .map(|id| id.as_str().to_owned())
        .unwrap_or_default();
    let fault = response.response().error().and_then(|e| e.as_error::<Refused>());
    match fault {
        Some(Refused(Fault::Store(error))) => tracing::error!(request_id, %error, "the store failed"),
        Some(Refused(Fault::Files(error))) => {
            tracing::error!(request_id, %error, "the store of attached files failed")
        }
        Some(Refused(Fault::Sheet(error))) => {
            tracing::error!(request_id, %error, "no spreadsheet came of it")
        }
        Some(Refused(Fault::Letter(error))) => tracing::error!(request_id, %error, "no letter came of it"),
        Some(Refused(Fault::Report(error))) => tracing::error!(request_id, %error, "no report came of it"),
        _ => {}
    }
    let patience = match fault {
        Some(Refused(Fault::TooOften { seconds })) => *seconds,
        _ => 2,
    };
    let problem = match fault {
        Some(Refused(fault)) => Problem::of(fault, language, &request_id),
        None => Problem::bare(status, language, &request_id),
    };
    let body = serde_json::to_string(&problem).unwrap_or_default();
    let (request, old) = response.into_parts();
    let mut fresh = HttpResponse::build(status);
    fresh.content_type("application/problem+json");
    for (name, value) in old.headers() {
        // What a framework's error says of itself, such as Allow, stays; its body does not.
        if ![header::CONTENT_TYPE, header::CONTENT_LENGTH].contains(name) {
            fresh.append_header((name.clone(), value.clone()));
        }
    }
    match status {
        StatusCode::UNAUTHORIZED => {
            fresh.insert_header((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        }
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
            fresh.insert_header((header::RETRY_AFTER, patience));
        }
        _ => {}
    }
    Ok(ServiceResponse::new(request, fresh.body(body)).map_into_right_body())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_font_it_is_told_what_to_install() {
        let fault = Fault::Letter(LetterError::NoFont);
        for language in [Language::Chinese, Language::English] {
            let problem = Problem::of(&fault, language, "1");
            assert_eq!((problem.status, &*problem.kind), (503, "urn:jianyi:problem:no-font"));
            for word in ["fonts-noto-cjk", "JIANYI_FONT"] {
                assert!(problem.detail.contains(word), "{}", problem.detail);
            }
        }
    }
}
