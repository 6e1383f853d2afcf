//! Attachments 附件: files sent to a case, and given back to whoever may see them.

use super::{
    ask::Ask,
    input::{Guards, guards_on, patience, query},
    problem::{PaperProblems, ReadProblems, Refused, UploadProblems},
    step::{answered, case_id, number},
    view::{self, CaseView},
};
use crate::{
    domain::{
        case::{
            Command, FileFacts,
            procedure::{Action, Target},
        },
        day::Day,
        ids::CaseId,
        say::Say,
        text::Line,
        words::Purpose,
    },
    files::{Digest, FilesError, Kind, content_disposition, safe_name},
    metrics::Metrics,
    office::{Fault, Order},
};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    get,
    http::header,
    post,
    web::{self, Bytes, Data, Path},
};
use serde::Deserialize;
use std::{pin::Pin, sync::Arc};

/// The largest attachment, in bytes.
pub struct AttachmentLimit(pub usize);

/// What is said of a file beside its bytes.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AttachQuery {
    /// The file's name; folders are dropped, and the extension becomes that of the content's kind.
    #[param(example = "现场照片.png")]
    name: String,
    purpose: Purpose,
    /// Only for those who need it to handle the case; never public.
    #[serde(default)]
    confidential: bool,
    /// The legal day on which the act took effect, where paper arrived late. Committee staff only.
    #[param(value_type = Option<String>, format = Date, example = "2024-03-08")]
    occurred_on: Option<Day>,
}

/// The bytes of a file.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "stands in the contract for bytes, never built")]
pub struct FileBytes(Vec<u8>);

/// A file that has arrived; nothing is judged of it yet.
pub struct Upload {
    ask: Ask,
    guards: Guards,
    metrics: Data<Metrics>,
    query: AttachQuery,
    bytes: Bytes,
}

impl FromRequest for Upload {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Upload, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let ask = Ask::extract(request).into_inner();
        let told = query::<AttachQuery>(request.query_string()).and_then(|query| {
            let guards = guards_on(request, query.occurred_on)?;
            Ok((query, guards))
        });
        let metrics = Data::<Metrics>::extract(request).into_inner();
        let limit = request.app_data::<Data<AttachmentLimit>>().map_or(0, |limit| limit.0);
        let length =
            request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
        let patience = patience(request).file;
        let stream = web::Payload::from_request(request, payload);
        Box::pin(async move {
            // A stranger's file is not even waited for.
            let (ask, metrics) = (ask?, metrics?);
            let (query, guards) = told.map_err(Refused)?;
            let too_large = || actix_web::Error::from(Refused(Fault::TooLarge { limit }));
            if length.is_some_and(|length: u64| length > limit as u64) {
                return Err(too_large());
            }
            let arrived = tokio::time::timeout(patience, stream.await?.to_bytes_limited(limit)).await;
            let Ok(arrived) = arrived else {
                return Err(actix_web::error::ErrorRequestTimeout("the file did not arrive"));
            };
            let bytes = arrived.map_err(|_| too_large())??;
            Ok(Upload { ask, guards, metrics, query, bytes })
        })
    }
}

/// What is wrong with a file, and where it was said.
type Wrong = (&'static str, Say);

/// Reads the whole file: its kind, a name that fits it, its digest.
fn facts(query: &AttachQuery, bytes: &[u8], digest: &Digest) -> Result<FileFacts, Wrong> {
    let kind = Kind::tell(bytes).map_err(|why| ("", Say::new(why.zh(), why.en())))?;
    let name = safe_name(&query.name, kind).map_err(|why| ("?name", Say::new(why.zh(), why.en())))?;
    let name = Line::parse(&name).map_err(|en| ("?name", Say::new("文件名最长 100 字，且须可见", en)))?;
    Ok(FileFacts {
        name,
        media_type: kind.media_type.to_owned(),
        size: bytes.len() as u64,
        sha256: digest.to_string(),
        purpose: query.purpose,
        confidential: query.confidential,
    })
}

/// Attach a file 附件
///
/// The bytes are the body, as they are (`curl --data-binary @file`), whatever their content type says: the kind is told
/// by the content. PDF, OFD, DOCX, XLSX, PPTX, DOC, XLS, WPS and ET files, PNG and JPG images and plain text are
/// accepted; what holds macros or a password, or can be read as two kinds, is not. The case names the file by its
/// number and its SHA-256. **Who:** the lead signer, to a draft (`submission`); committee staff (`submission`); a
/// department that has the case (`handling`, seen by the offices alone, `reply`, `commitment`).
#[utoipa::path(
    tag = "procedure",
    params(AttachQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"1\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = FileBytes, content_type = "application/octet-stream", description = "The file's bytes", example = json!("%PDF-1.7 …")),
    responses((status = 200, body = CaseView<'static>), UploadProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/attachments")]
pub async fn attach_file(upload: Upload, id: Path<String>) -> Result<HttpResponse, Refused> {
    let Upload { ask, guards, metrics, query, bytes } = upload;
    let (id, target) = (case_id(&id)?, Target::case(Action::Attach));
    ask.office.entitled(&ask.caller, id, target).await?;
    let read = bytes.clone();
    let (digest, facts) = tokio::task::spawn_blocking(move || {
        let digest = Digest::of(&read);
        let facts = facts(&query, &read, &digest);
        (digest, facts)
    })
    .await
    .map_err(|_| Fault::Files(FilesError::Ending))?;
    let order = Order {
        caller: ask.caller,
        case: id,
        target,
        precondition: guards.precondition,
        // The digest stands for the bytes.
        key: guards.key_over(digest.as_str().as_bytes()),
        occurred_on: guards.occurred_on,
        build: Arc::new(move |_, _| match &facts {
            Ok(facts) => Ok(Command::Attach(facts.clone())),
            Err((pointer, detail)) => {
                Err(Fault::Invalid { pointer: (*pointer).to_owned(), detail: detail.clone() })
            }
        }),
        render: view::rendered,
        trial: false,
    };
    answered(&metrics, target, ask.office.attach(order, bytes).await)
}

/// Download an attached file
///
/// The bytes as they were attached, to be saved and never shown by a browser as a page. **Who:** whoever sees the
/// attachment in the case.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path), ("n" = u32, Path, description = "The attachment's number within the case")),
    responses(
        (status = 200, body = FileBytes, content_type = "*/*", description = "The file", headers(
            ("Content-Disposition" = String, description = "`attachment`, with the file's name"),
            ("ETag" = String, description = "The SHA-256 of the bytes")
        )),
        PaperProblems,
        ReadProblems
    ),
    security(("bearer" = []))
)]
#[get("/cases/{id}/attachments/{n}")]
pub async fn get_attachment(ask: Ask, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let (id, number) = (case_id(&path.0)?, number(&path.1)?);
    let (file, bytes) = ask.office.attachment(&ask.caller, id, number).await?;
    let mut response = saved(&file.name);
    response.insert_header((header::ETAG, format!("\"{}\"", file.sha256)));
    Ok(response.content_type(file.media_type).body(bytes))
}

/// A file to be saved under a name: nothing in it runs in a browser, and no cache keeps it.
pub fn saved(name: &str) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_DISPOSITION, content_disposition(name)))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"));
    response
}
