//! The handling ledger 办理台账: a list of cases as a spreadsheet, of exactly the lines that `GET /v1/cases` gives.

use super::{
    ask::Ask,
    attachments::{FileBytes, saved},
    cases::{CaseLine, CaseQuery, Lines, lines},
    input,
    problem::{PaperProblems, ReadProblems, Refused, language},
};
use crate::{
    domain::{
        day::Day,
        ids::CongressId,
        say::{Language, Say},
        words::{Exclusion, Kind, Origin, Satisfaction, Stage},
    },
    files,
    office::{Fault, StoreError},
    sheet::{self, Cell, Sheet},
};
use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use serde::{Deserialize, de::DeserializeOwned};
use std::{sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What one export may cost.
#[derive(Clone)]
pub struct ExportLimit {
    /// Lines of the longest one.
    pub rows: usize,
    turns: Arc<Semaphore>,
}

/// Lines of the longest export, as it is served.
pub const EXPORT_ROWS: usize = 20_000;
/// Lines read at once, so that no transaction is long.
const PAGE: usize = 1_000;
/// Exports written at once; each holds all its lines, and a core for a moment.
const AT_ONCE: usize = 2;
/// How long an export waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

impl ExportLimit {
    pub fn of(rows: usize) -> ExportLimit {
        ExportLimit { rows, turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// One's turn to write an export.
    pub(super) async fn turn(&self) -> Result<OwnedSemaphorePermit, Fault> {
        match tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(StoreError::Busy.into()),
        }
    }
}

/// What the list is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SheetFormat {
    Xlsx,
    Csv,
}

#[derive(Deserialize)]
struct OnlyFormat {
    format: SheetFormat,
}

/// Export cases 导出台账
///
/// Everything that `GET /v1/cases` gives with the same filters and sort, as a spreadsheet: one line a case, and no column
/// that the caller does not see there. `after` and `limit` are refused, since an export is whole; where more than 20,000
/// cases fit, filters are asked for. No text is a formula: in CSV, one that a program could take for one begins with `'`.
#[utoipa::path(
    tag = "cases",
    params(CaseQuery, ("format" = SheetFormat, Query)),
    responses(
        (status = 200, body = FileBytes, content_type = "*/*", description = "The sheet", headers(
            ("Content-Disposition" = String, description = "`attachment`, named by the congress and the day")
        )),
        PaperProblems,
        ReadProblems
    ),
    security(("bearer" = []))
)]
#[get("/cases/export")]
pub async fn export_cases(
    ask: Ask,
    request: HttpRequest,
    limit: Data<ExportLimit>,
) -> Result<HttpResponse, Refused> {
    let (format, query): (_, CaseQuery) = asked(request.query_string(), &["after", "limit"])?;
    let turn = limit.turn().await?;
    let mut shown = None;
    let page = async |next, wanted| {
        let Lines { actor, evaluations, lines } = lines(&ask, query.listing(next, wanted)).await?;
        shown = shown.take().or(Some((actor, evaluations)));
        Ok(lines)
    };
    let all = whole(limit.rows, page, |last: &CaseLine| query.behind(last)).await?;
    let Some((actor, evaluations)) = shown else { return Err(Fault::NotFound.into()) };
    let house = house(&ask, actor.congress.as_ref()).await?;
    let (language, today) = (language(&request), ask.office.today());
    let name = file_name(&house, language, today);
    written(turn, format, &name, move || ledger(all, evaluations, language)).await
}

/// All lines of a list of at most so many, read page by page; `behind` says where the next page begins.
pub(super) async fn whole<L, C>(
    most: usize,
    mut page: impl AsyncFnMut(Option<C>, usize) -> Result<Vec<L>, Fault>,
    behind: impl Fn(&L) -> Result<C, Fault>,
) -> Result<Vec<L>, Fault> {
    let (mut all, mut next) = (Vec::new(), None);
    loop {
        // One more than may be told from as many as may.
        let wanted = PAGE.min(most + 1 - all.len());
        let lines = page(next, wanted).await?;
        let full = lines.len() == wanted;
        all.extend(lines);
        if all.len() > most {
            return Err(too_many(most));
        }
        match all.last() {
            Some(last) if full => next = Some(behind(last)?),
            _ => return Ok(all),
        }
    }
}

/// What the congress is called, for a file's name.
pub(super) async fn house(ask: &Ask, congress: Option<&CongressId>) -> Result<String, Fault> {
    let Some(congress) = congress else { return Ok(String::new()) };
    match ask.office.congress(&ask.caller, congress).await {
        Ok(known) => Ok(known.name),
        // A program that may not read the directory has the code in the file's name instead.
        Err(Fault::Forbidden(_)) => Ok(congress.to_string()),
        Err(fault) => Err(fault),
    }
}

/// The sheet as an attached file, written beside the threads that serve.
pub(super) async fn written(
    turn: OwnedSemaphorePermit,
    format: SheetFormat,
    name: &str,
    sheet: impl FnOnce() -> Sheet + Send + 'static,
) -> Result<HttpResponse, Refused> {
    let written = tokio::task::spawn_blocking(move || {
        // Held until the sheet is written, also if nobody waits for it any more.
        let _turn = turn;
        match format {
            SheetFormat::Xlsx => sheet::xlsx(&sheet()),
            SheetFormat::Csv => sheet::csv(&sheet()),
        }
    });
    let bytes = written.await.map_err(|_| Fault::from(StoreError::Busy))?.map_err(Fault::from)?;
    let (extension, media_type) = match format {
        SheetFormat::Xlsx => {
            ("xlsx", files::Kind::by_id("xlsx").map_or("application/zip", |it| it.media_type))
        }
        SheetFormat::Csv => ("csv", "text/csv; charset=utf-8"),
    };
    Ok(saved(&format!("{name}.{extension}")).content_type(media_type).body(bytes))
}

/// The format, and the filters as the list reads them; `pages` are what only a list in pages is asked by.
pub(super) fn asked<T: DeserializeOwned>(query: &str, pages: &[&str]) -> Result<(SheetFormat, T), Fault> {
    let (mut format, mut rest) = (String::new(), form_urlencoded::Serializer::new(String::new()));
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            name if pages.contains(&name) => {
                return Err(Fault::invalid(
                    format!("?{name}"),
                    "导出为全部结果，不分页",
                    "an export is whole and has no pages",
                ));
            }
            "format" => {
                format = form_urlencoded::Serializer::new(format).append_pair("format", &value).finish();
            }
            _ => {
                rest.append_pair(&name, &value);
            }
        }
    }
    let format: OnlyFormat = input::query(&format)?;
    Ok((format.format, input::query(&rest.finish())?))
}

fn too_many(rows: usize) -> Fault {
    Fault::invalid(
        "",
        format!("符合条件的超过 {rows} 条，请用届次、单位等条件缩小范围后再导出"),
        format!("more than {rows} lines fit; narrow them by session, department or the like"),
    )
}

fn file_name(house: &str, language: Language, today: Day) -> String {
    Say::new(format!("{house}办理台账 {today}"), format!("{house} cases {today}")).to(language).to_owned()
}

/// The columns in an office's usual order. Destructured without `..`, so that a new column of lists is considered here.
fn ledger(lines: Vec<CaseLine>, evaluations: bool, language: Language) -> Sheet {
    let english = language == Language::English;
    let columns = [
        ("序号", "No.", 6),
        ("编号", "Number", 14),
        ("标题", "Title", 48),
        ("类型", "Kind", 16),
        ("届次", "Session", 14),
        ("提出时间", "Origin", 12),
        ("领衔代表", "Lead signer", 12),
        ("类别", "Category", 14),
        ("主办单位", "Department", 22),
        ("环节", "Stage", 12),
        ("立案日期", "Registered", 12),
        ("交办日期", "Assigned", 12),
        ("答复期限", "Due", 12),
        ("答复日期", "Replied", 12),
        ("办理结果", "Class", 10),
        ("重点督办", "Key case", 10),
        ("不计入的原因", "Excluded because", 18),
        ("办件标识", "Id", 38),
        // Only for those who see all evaluations.
        ("代表评价", "Evaluation", 12),
    ];
    let shown = columns.into_iter().take(if evaluations { 19 } else { 18 });
    let headings = shown.map(|(zh, en, width)| (if english { en } else { zh }, width)).collect();
    let word = |zh: Option<&str>, id: String| match zh {
        Some(zh) if !english => Cell::Text(zh.to_owned()),
        _ => Cell::Text(id),
    };
    let row = |(line, number): (CaseLine, u32)| {
        let CaseLine {
            id,
            href: _,
            stage,
            kind,
            number: called,
            title,
            category,
            session,
            origin,
            lead,
            department,
            class,
            evaluation,
            registered_on,
            assigned_on,
            due_on,
            replied_on,
            exclusion,
            key_case,
            confidential: _,
        } = line;
        let yes = if english { "yes" } else { "是" };
        let mut cells = vec![
            Cell::Number(number),
            called.into(),
            Cell::Text(title),
            word(kind.parse().ok().map(Kind::zh), kind),
            session.into(),
            origin.map_or(Cell::Empty, |it| word(it.parse().ok().map(Origin::zh), it)),
            lead.map(|lead| lead.name).into(),
            category.into(),
            department.map(|it| it.name).into(),
            word(stage.parse().ok().map(Stage::zh), stage),
            registered_on.into(),
            assigned_on.into(),
            due_on.into(),
            replied_on.into(),
            class.into(),
            if key_case { Cell::Text(yes.to_owned()) } else { Cell::Empty },
            exclusion.map_or(Cell::Empty, |it| word(it.parse().ok().map(Exclusion::zh), it)),
            Cell::Text(id),
        ];
        if evaluations {
            cells.push(evaluation.map_or(Cell::Empty, |it| word(it.parse().ok().map(Satisfaction::zh), it)));
        }
        cells
    };
    let title = if english { "Cases" } else { "办理台账" };
    Sheet { title: title.to_owned(), headings, rows: lines.into_iter().zip(1..).map(row).collect() }
}
