//! Letters 公文: a reply and the notice of acceptance, as they go out on paper.

use super::{
    ask::Ask,
    attachments::{FileBytes, saved},
    press::{Form, Press},
    problem::{PaperProblems, ReadProblems, Refused},
    step::{case_id, number},
};
use crate::{domain::ids::CaseId, files::Kind, office::Posted};
use actix_web::{
    HttpResponse, get,
    web::{Data, Path},
};

/// A reply as a Word file 答复函
///
/// The letter as it was recorded, set as an official letter: class at the top right, document number, signer, addressed
/// to every signer of the case. The contact stands on it for signers, committee and departments alone.
/// **Who:** whoever sees the case.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path), ("n" = u32, Path, description = "The reply's number within the case")),
    responses((status = 200, body = FileBytes, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), PaperProblems, ReadProblems),
    security(("bearer" = []))
)]
#[get("/cases/{id}/replies/{n}/letter.docx")]
pub async fn get_reply_docx(
    ask: Ask,
    press: Data<Press>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Refused> {
    reply(ask, &press, path.into_inner(), Form::Docx).await
}

/// A reply as PDF 答复函
///
/// The same letter, to be printed. Where no Chinese font is found the answer is 503 `no-font`, and says what to install.
/// **Who:** whoever sees the case.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path), ("n" = u32, Path, description = "The reply's number within the case")),
    responses((status = 200, body = FileBytes, content_type = "application/pdf"), PaperProblems, ReadProblems),
    security(("bearer" = []))
)]
#[get("/cases/{id}/replies/{n}/letter.pdf")]
pub async fn get_reply_pdf(
    ask: Ask,
    press: Data<Press>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Refused> {
    reply(ask, &press, path.into_inner(), Form::Pdf).await
}

/// The notice of acceptance as a Word file 受理告知书
///
/// Tells the signers the case's number and whom to ask; there is one once the case is registered.
/// **Who:** whoever sees the case.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path)),
    responses((status = 200, body = FileBytes, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), PaperProblems, ReadProblems),
    security(("bearer" = []))
)]
#[get("/cases/{id}/acceptance-notice.docx")]
pub async fn get_notice_docx(
    ask: Ask,
    press: Data<Press>,
    id: Path<String>,
) -> Result<HttpResponse, Refused> {
    notice(ask, &press, &id, Form::Docx).await
}

/// The notice of acceptance as PDF 受理告知书
///
/// The same notice, to be printed. Where no Chinese font is found the answer is 503 `no-font`. **Who:** whoever sees
/// the case.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path)),
    responses((status = 200, body = FileBytes, content_type = "application/pdf"), PaperProblems, ReadProblems),
    security(("bearer" = []))
)]
#[get("/cases/{id}/acceptance-notice.pdf")]
pub async fn get_notice_pdf(ask: Ask, press: Data<Press>, id: Path<String>) -> Result<HttpResponse, Refused> {
    notice(ask, &press, &id, Form::Pdf).await
}

async fn reply(
    ask: Ask,
    press: &Press,
    (id, n): (String, String),
    form: Form,
) -> Result<HttpResponse, Refused> {
    let posted = ask.office.reply_letter(&ask.caller, case_id(&id)?, number(&n)?).await?;
    written(press, posted, form).await
}

async fn notice(ask: Ask, press: &Press, id: &str, form: Form) -> Result<HttpResponse, Refused> {
    let posted = ask.office.acceptance_notice(&ask.caller, case_id(id)?).await?;
    written(press, posted, form).await
}

pub(super) async fn written(press: &Press, posted: Posted, form: Form) -> Result<HttpResponse, Refused> {
    let Posted { name, letter } = posted;
    let bytes = press.write(letter, form).await?;
    let extension = match form {
        Form::Docx => "docx",
        Form::Pdf => "pdf",
    };
    let media_type = Kind::by_id(extension).map_or("application/octet-stream", |kind| kind.media_type);
    Ok(saved(&format!("{name}.{extension}")).content_type(media_type).body(bytes))
}
