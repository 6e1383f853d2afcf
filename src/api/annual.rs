//! The annual report 办理情况报告 as documents, from a sealed report.

use super::{
    ask::Ask,
    attachments::{FileBytes, saved},
    press::{Press, ReportForm},
    problem::{PaperProblems, ReadProblems, Refused},
    reports::report_id,
};
use crate::files::Kind;
use actix_web::{
    HttpResponse, get,
    web::{Data, Path},
};

/// The annual report as a Word file 办理情况报告
///
/// Sentences with the sealed figures, each with the report's name behind it; tables by class, department, category and
/// month with charts as pictures; what is not resolved and why, revisits, key cases. Titles of confidential cases are
/// left out. Where no Chinese font is found the answer is 503 `no-font`. **Who:** committee staff, auditors.
#[utoipa::path(
    tag = "reports",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = FileBytes, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), PaperProblems, ReadProblems),
    security(("bearer" = []))
)]
#[get("/reports/{id}/document.docx")]
pub async fn get_report_docx(
    ask: Ask,
    press: Data<Press>,
    id: Path<String>,
) -> Result<HttpResponse, Refused> {
    document(ask, &press, &id, ReportForm::Docx).await
}

/// The annual report as PDF 办理情况报告
///
/// The same report, to be printed; its charts are vectors. Where no Chinese font is found the answer is 503 `no-font`.
/// **Who:** committee staff, auditors.
#[utoipa::path(
    tag = "reports",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = FileBytes, content_type = "application/pdf"), PaperProblems, ReadProblems),
    security(("bearer" = []))
)]
#[get("/reports/{id}/document.pdf")]
pub async fn get_report_pdf(ask: Ask, press: Data<Press>, id: Path<String>) -> Result<HttpResponse, Refused> {
    document(ask, &press, &id, ReportForm::Pdf).await
}

/// The annual report as a workbook 办理情况报告
///
/// Its tables as numbers, each with a sheet of the cases that it counts: a rate is the fraction itself, shown as the
/// report prints it, with numerator and denominator beside it. Charts are Excel's own. **Who:** committee staff, auditors.
#[utoipa::path(
    tag = "reports",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = FileBytes, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), PaperProblems, ReadProblems),
    security(("bearer" = []))
)]
#[get("/reports/{id}/document.xlsx")]
pub async fn get_report_xlsx(
    ask: Ask,
    press: Data<Press>,
    id: Path<String>,
) -> Result<HttpResponse, Refused> {
    document(ask, &press, &id, ReportForm::Xlsx).await
}

async fn document(ask: Ask, press: &Press, id: &str, form: ReportForm) -> Result<HttpResponse, Refused> {
    let printed = ask.office.annual_report(&ask.caller, report_id(id)?).await?;
    let bytes = press.write_report(printed.annual, form).await?;
    let extension = match form {
        ReportForm::Docx => "docx",
        ReportForm::Pdf => "pdf",
        ReportForm::Xlsx => "xlsx",
    };
    let media_type = Kind::by_id(extension).map_or("application/octet-stream", |kind| kind.media_type);
    Ok(saved(&format!("{}.{extension}", printed.name)).content_type(media_type).body(bytes))
}
