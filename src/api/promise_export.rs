//! The ledger of promises 承诺事项台账 as a spreadsheet, of exactly the lines that `GET /v1/commitments` gives.

use super::{
    ask::Ask,
    attachments::FileBytes,
    export::{ExportLimit, SheetFormat, asked, house, whole, written},
    problem::{PaperProblems, ReadProblems, Refused, language},
    promises::CommitmentQuery,
};
use crate::{
    domain::{
        gate::Operation,
        say::{Language, Say},
    },
    office::promises::Line,
    sheet::{Cell, Sheet},
};
use actix_web::{HttpRequest, HttpResponse, get, web::Data};

/// Export promises 导出承诺事项台账
///
/// Everything that `GET /v1/commitments` gives with the same filters, as a spreadsheet: one line a promise. `cursor` and
/// `limit` are refused, since an export is whole; where more than 20,000 promises fit, filters are asked for. No text is a
/// formula. **Who:** as for the list.
#[utoipa::path(
    tag = "commitments",
    params(CommitmentQuery, ("format" = SheetFormat, Query)),
    responses(
        (status = 200, body = FileBytes, content_type = "*/*", description = "The sheet", headers(
            ("Content-Disposition" = String, description = "`attachment`, named by the congress and the day")
        )),
        PaperProblems,
        ReadProblems
    ),
    security(("bearer" = []))
)]
#[get("/commitments/export")]
pub async fn export_commitments(
    ask: Ask,
    request: HttpRequest,
    limit: Data<ExportLimit>,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ListCommitments).await?;
    let (format, query): (_, CommitmentQuery) = asked(request.query_string(), &["cursor", "limit"])?;
    let turn = limit.turn().await?;
    let page = async |next, wanted| ask.office.promises(&ask.caller, query.asked(), next, wanted).await;
    let all = whole(limit.rows, page, |last: &Line| Ok(last.cursor())).await?;
    let congress = ask.office.congresses(&ask.caller).await.ok().and_then(|all| all.into_iter().next());
    let congress = congress.and_then(|it| it.id.parse().ok());
    let (house, language) = (house(&ask, congress.as_ref()).await?, language(&request));
    let today = ask.office.today();
    let name = Say::new(format!("{house}承诺事项台账 {today}"), format!("{house} promises {today}"));
    written(turn, format, name.to(language), move || ledger(all, language)).await
}

fn ledger(lines: Vec<Line>, language: Language) -> Sheet {
    let english = language == Language::English;
    let columns = [
        ("序号", "No.", 6),
        ("编号", "Number", 14),
        ("标题", "Title", 48),
        ("届次", "Session", 14),
        ("领衔代表", "Lead signer", 12),
        ("承诺事项", "Promise", 48),
        ("责任单位", "Holder", 22),
        ("原责任单位", "Earlier holders", 22),
        ("承诺日期", "Made", 12),
        ("原定期限", "Promised for", 12),
        ("现定期限", "Due", 12),
        ("延期次数", "Moves", 10),
        ("落实情况", "Status", 20),
        ("逾期", "Overdue", 8),
        ("办结日期", "Over", 12),
        ("办件标识", "Case id", 38),
    ];
    let headings =
        columns.into_iter().map(|(zh, en, width)| (if english { en } else { zh }, width)).collect();
    let row = |(it, number): (Line, u32)| {
        let earlier: Vec<String> = it.earlier.into_iter().map(|held| held.department.name).collect();
        let yes = if english { "yes" } else { "是" };
        let day = |day: crate::domain::day::Day| Cell::Day(day.date());
        vec![
            Cell::Number(number),
            it.case_number.into(),
            Cell::Text(it.title),
            it.session.map(|session| session.to_string()).into(),
            it.lead.map(|lead| lead.name).into(),
            it.text.into(),
            it.holder.map(|holder| holder.name).into(),
            Cell::Text(earlier.join("、")),
            day(it.made_on),
            day(it.original_due_on),
            day(it.due_on),
            Cell::Number(it.moves),
            Cell::Text(if english { it.status.id() } else { it.status.zh() }.to_owned()),
            if it.overdue { Cell::Text(yes.to_owned()) } else { Cell::Empty },
            it.over_on.map_or(Cell::Empty, day),
            Cell::Text(it.case.to_string()),
        ]
    };
    let title = if english { "Promises" } else { "承诺事项台账" };
    Sheet { title: title.to_owned(), headings, rows: lines.into_iter().zip(1..).map(row).collect() }
}
