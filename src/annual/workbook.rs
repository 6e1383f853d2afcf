//! The report as an Excel workbook: its tables as numbers, the charts as Excel's own, and the cases behind each table on
//! a sheet that the table leads to.
//!
//! A rate is the fraction itself, with its numerator and denominator beside it, and shows as the report prints it. No
//! text becomes a formula or a link: texts are stored as such, as in `crate::sheet`.

use super::{
    Annual, AnnualError, Cell, Chart, ChartKind, Column, Listing, Rate, Table,
    words::{caption, chart_caption, cut, decimals, printed, tables},
};
use crate::letter::form::line;
use chrono::{Datelike as _, NaiveDate};
use rust_xlsxwriter::{
    Chart as Native, ChartDataLabel, ColNum, ExcelDateTime, Format, FormatAlign, FormatBorder, RowNum, Url,
    Workbook, Worksheet,
};

/// What Excel keeps of a cell's text.
const LONGEST: usize = 32_000;
/// The headings' row; above it stand the caption and the way back.
const HEADINGS: RowNum = 2;
/// Pixels.
const CHART_WIDTH: u32 = 640;
const CHART_HEIGHT: u32 = 320;
/// Rows that a chart covers, with one to spare.
const CHART_ROWS: RowNum = 17;

/// Writes the report as .xlsx.
///
/// # Errors
/// [`AnnualError::Workbook`] if there are more rows than Excel takes.
pub fn xlsx(annual: &Annual) -> Result<Vec<u8>, AnnualError> {
    let mut book = Workbook::new();
    // Otherwise the instant of writing, so that the same report would give other bytes.
    let created = excel_day(annual.date);
    let mut about =
        rust_xlsxwriter::DocProperties::new().set_title(line(&annual.title)).set_author(line(&annual.issuer));
    if let Some(created) = &created {
        about = about.set_creation_datetime(created);
    }
    book.set_properties(&about);
    let looks = Looks::new();
    contents(book.add_worksheet(), annual, &looks)?;
    let mut charts = 0;
    for (table, number) in tables(annual).zip(1..) {
        write_table(book.add_worksheet(), table, (number, &annual.mark), &mut charts, &looks)?;
        if let Some(listing) = &table.behind {
            write_cases(book.add_worksheet(), table, listing, (number, &annual.mark), &looks)?;
        }
    }
    Ok(book.save_to_buffer()?)
}

/// How cells look.
struct Looks {
    title: Format,
    heading: Format,
    text: Format,
    count: Format,
    day: Format,
}

impl Looks {
    fn new() -> Looks {
        let bordered = Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter);
        Looks {
            title: Format::new().set_bold().set_font_size(14),
            heading: bordered.clone().set_bold().set_text_wrap().set_align(FormatAlign::Center),
            text: bordered.clone().set_text_wrap(),
            count: bordered.clone().set_num_format("0"),
            day: bordered.set_num_format("yyyy-mm-dd"),
        }
    }
}

/// The name of a table's sheet, and of the sheet of its cases: ours, so that no title can break a reference.
fn sheet_name(number: usize) -> String {
    format!("表{number}")
}

fn cases_name(number: usize) -> String {
    format!("表{number}办件")
}

/// The first sheet: what the report is, and where its tables are.
fn contents(page: &mut Worksheet, annual: &Annual, looks: &Looks) -> Result<(), AnnualError> {
    page.set_name("目录")?;
    page.set_column_width(0, 24)?.set_column_width(1, 80)?;
    page.write_string_with_format(0, 0, text(&annual.title), &looks.title)?;
    let mut row = 2;
    for (name, words) in &annual.about {
        page.write_string_with_format(row, 0, text(name), &looks.heading)?;
        page.write_string_with_format(row, 1, text(words), &looks.text)?;
        row += 1;
    }
    row += 1;
    for (table, number) in tables(annual).zip(1..) {
        page.write_url_with_text(row, 0, inside(&sheet_name(number), 0), sheet_name(number))?;
        page.write_string_with_format(row, 1, text(&table.title), &looks.text)?;
        row += 1;
    }
    row += 1;
    for note in &annual.notes {
        page.write_string(row, 0, text(note))?;
        row += 1;
    }
    Ok(())
}

fn write_table(
    page: &mut Worksheet,
    table: &Table,
    (number, mark): (usize, &str),
    charts: &mut usize,
    looks: &Looks,
) -> Result<(), AnnualError> {
    page.set_name(sheet_name(number))?;
    page.write_string_with_format(0, 0, text(&caption(number, table, mark)), &looks.title)?;
    page.write_url_with_text(1, 0, inside("目录", 0), "返回目录")?;
    let columns = Columns::of(table);
    for (column, at) in table.columns.iter().zip(&columns.starts) {
        write_heading(page, column, *at, looks)?;
        if columns.rates.contains(at) {
            for (beside, name) in [(1, "分子"), (2, "分母")] {
                let heading = format!("{}{name}", line(&column.heading));
                page.write_string_with_format(HEADINGS, at + beside, heading, &looks.heading)?;
                page.set_column_width(at + beside, 10)?;
            }
        }
    }
    page.set_freeze_panes(HEADINGS + 1, 1)?;
    printable(page)?;
    for (row, at) in table.rows.iter().zip(HEADINGS + 1..) {
        for (cell, column) in row.cells.iter().zip(&columns.starts) {
            write_cell(page, at, *column, cell, looks)?;
        }
    }
    if let Some(listing) = &table.behind {
        page.write_url_with_text(1, 1, inside(&cases_name(number), 0), "所含办件")?;
        for (row, line) in first_lines(table, listing) {
            let name = table.rows[row].cells.first().map(printed).unwrap_or_default();
            let place = inside(&cases_name(number), line);
            page.write_url_with_text(row as RowNum + HEADINGS + 1, 0, place, cut(&text(&name), 255))?;
        }
    }
    let mut below = HEADINGS + table.rows.len() as RowNum + 3;
    for chart in &table.charts {
        *charts += 1;
        if let Some(native) = native(table, chart, (number, mark), *charts, &columns) {
            page.insert_chart(below, 0, &native)?;
            below += CHART_ROWS;
        }
    }
    Ok(())
}

/// Each case under the row that counts it, in the order of the rows.
fn write_cases(
    page: &mut Worksheet,
    table: &Table,
    listing: &Listing,
    (number, mark): (usize, &str),
    looks: &Looks,
) -> Result<(), AnnualError> {
    page.set_name(cases_name(number))?;
    let title = format!("{}：所含办件", caption(number, table, mark));
    page.write_string_with_format(0, 0, text(&title), &looks.title)?;
    page.write_url_with_text(1, 0, inside(&sheet_name(number), 0), format!("返回{}", sheet_name(number)))?;
    let group = table.columns.first();
    for (column, at) in group.into_iter().chain(&listing.columns).zip(0..) {
        write_heading(page, column, at, looks)?;
    }
    page.set_freeze_panes(HEADINGS + 1, 0)?;
    printable(page)?;
    let last = (listing.columns.len() as ColNum, HEADINGS + listing.lines.len() as RowNum);
    page.autofilter(HEADINGS, 0, last.1, last.0)?;
    for ((row, cells), at) in sorted(listing).into_iter().zip(HEADINGS + 1..) {
        let group = table.rows.get(*row).and_then(|row| row.cells.first()).unwrap_or(&Cell::Empty);
        for (cell, column) in std::iter::once(group).chain(cells).zip(0..) {
            write_cell(page, at, column, cell, looks)?;
        }
    }
    Ok(())
}

fn sorted(listing: &Listing) -> Vec<&(usize, Vec<Cell>)> {
    let mut lines: Vec<_> = listing.lines.iter().collect();
    lines.sort_by_key(|(row, _)| *row);
    lines
}

/// For each row of the table that counts a case: where on the cases' sheet its first one stands.
fn first_lines(table: &Table, listing: &Listing) -> Vec<(usize, RowNum)> {
    let mut found: Vec<(usize, RowNum)> = Vec::new();
    for ((row, _), at) in sorted(listing).into_iter().zip(HEADINGS + 1..) {
        if *row < table.rows.len() && found.last().is_none_or(|(last, _)| last != row) {
            found.push((*row, at));
        }
    }
    found
}

/// Where a table's columns stand on its sheet.
struct Columns {
    starts: Vec<ColNum>,
    /// Which of the starts are rates: two more columns follow, numerator and denominator.
    rates: Vec<ColNum>,
}

impl Columns {
    fn of(table: &Table) -> Columns {
        let mut columns = Columns { starts: Vec::new(), rates: Vec::new() };
        let mut at = 0;
        for index in 0..table.columns.len() {
            columns.starts.push(at);
            let is_rate = table.rows.iter().any(|row| matches!(row.cells.get(index), Some(Cell::Rate(_))));
            if is_rate {
                columns.rates.push(at);
            }
            at += if is_rate { 3 } else { 1 };
        }
        columns
    }
}

/// On A4, as wide as a page, with the headings and a number on each.
fn printable(page: &mut Worksheet) -> Result<(), AnnualError> {
    page.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0).set_footer("&C— &P —");
    page.set_repeat_rows(HEADINGS, HEADINGS)?;
    Ok(())
}

fn write_heading(
    page: &mut Worksheet,
    column: &Column,
    at: ColNum,
    looks: &Looks,
) -> Result<(), AnnualError> {
    page.write_string_with_format(HEADINGS, at, text(&column.heading), &looks.heading)?;
    // A Chinese character is two of Excel's wide.
    page.set_column_width(at, f64::from(column.width) * 2.0 + 2.0)?;
    Ok(())
}

fn write_cell(
    page: &mut Worksheet,
    row: RowNum,
    column: ColNum,
    cell: &Cell,
    looks: &Looks,
) -> Result<(), AnnualError> {
    match cell {
        Cell::Empty => page.write_blank(row, column, &looks.text)?,
        // Never `write`, which makes a link of what looks like one.
        Cell::Text(words) => page.write_string_with_format(row, column, text(words), &looks.text)?,
        Cell::Count(count) => page.write_number_with_format(row, column, *count as f64, &looks.count)?,
        Cell::Day(day) => match excel_day(*day) {
            Some(date) => page.write_datetime_with_format(row, column, &date, &looks.day)?,
            // Before 1900, as old paper mistyped may say.
            None => page.write_string_with_format(row, column, day.to_string(), &looks.text)?,
        },
        Cell::Rate(rate) => {
            let format = looks.count.clone().set_num_format(rate_format(rate));
            let value = rate.numerator as f64 / rate.denominator.max(1) as f64;
            page.write_number_with_format(row, column, value, &format)?
                .write_number_with_format(row, column + 1, rate.numerator as f64, &looks.count)?
                .write_number_with_format(row, column + 2, rate.denominator as f64, &looks.count)?
        }
    };
    Ok(())
}

fn excel_day(day: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    ExcelDateTime::from_ymd(year, day.month() as u8, day.day() as u8).ok()
}

/// Shows the fraction as the report prints it. Excel rounds halves up; where the report's rounding gives something else,
/// the format is that text itself, so that sheet and report never say two things.
fn rate_format(rate: &Rate) -> String {
    let shown = line(&rate.printed);
    let decimals = decimals(&shown);
    let units = 100 * 10_u128.pow(decimals.min(12) as u32);
    let (part, whole) = (u128::from(rate.numerator), u128::from(rate.denominator.max(1)));
    let half_up = (2 * part * units + whole) / (2 * whole);
    let digits = format!("{half_up:0>width$}", width = decimals + 1);
    let (before, after) = digits.split_at(digits.len() - decimals);
    let by_excel = if decimals == 0 { format!("{before}%") } else { format!("{before}.{after}%") };
    match decimals {
        _ if by_excel != shown => format!("\"{}\"", shown.replace(['"', '\\'], "")),
        0 => "0%".to_owned(),
        _ => format!("0.{}%", "0".repeat(decimals)),
    }
}

/// Excel's own chart over the sheet's cells. The total is the last row, and in no chart.
fn native(
    table: &Table,
    chart: &Chart,
    (number, mark): (usize, &str),
    of: usize,
    columns: &Columns,
) -> Option<Native> {
    let rows = table.rows.iter().filter(|row| !row.total).count() as RowNum;
    let (first, last) = (HEADINGS + 1, HEADINGS + rows);
    if rows == 0 {
        return None;
    }
    let mut native = match chart.kind {
        ChartKind::Bars => Native::new_bar(),
        ChartKind::Columns => Native::new_column(),
        ChartKind::Line => Native::new_line(),
    };
    let sheet = sheet_name(number);
    let mut rates = false;
    for column in &chart.columns {
        let at = *columns.starts.get(*column)?;
        rates |= columns.rates.contains(&at);
        native
            .add_series()
            .set_name((sheet.as_str(), HEADINGS, at))
            .set_categories((sheet.as_str(), first, 0, last, 0))
            .set_values((sheet.as_str(), first, at, last, at))
            .set_data_label(ChartDataLabel::new().show_value());
    }
    native.title().set_name(&chart_caption(of, chart, mark));
    native.set_width(CHART_WIDTH).set_height(CHART_HEIGHT);
    if chart.columns.len() < 2 {
        native.legend().set_hidden();
    }
    if chart.kind == ChartKind::Bars {
        // Else the first row stands at the bottom.
        native.y_axis().set_reverse();
        native.set_height(CHART_HEIGHT);
    }
    if rates {
        let axis = if chart.kind == ChartKind::Bars { native.x_axis() } else { native.y_axis() };
        axis.set_num_format("0%");
    }
    Some(native)
}

fn inside(sheet: &str, row: RowNum) -> Url {
    Url::new(format!("internal:'{sheet}'!A{}", row + 1))
}

/// As Excel can hold it.
fn text(words: &str) -> String {
    cut(&line(words), LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_shows_as_it_is_printed() {
        let format = |numerator, denominator, printed: &str| {
            rate_format(&Rate { numerator, denominator, printed: printed.to_owned() })
        };
        assert_eq!(format(98, 105, "93.3%"), "0.0%");
        assert_eq!(format(105, 105, "100%"), "0%");
        assert_eq!(format(1, 1000, "0.10%"), "0.00%");
        // By the largest remainder, and cut off: Excel would show 58.06% and 63.5%.
        assert_eq!(format(54, 93, "58.07%"), "\"58.07%\"");
        assert_eq!(format(33, 52, "63.4%"), "\"63.4%\"");
    }
}
