//! Lists written out as spreadsheets, XLSX and CSV; knows no office.
//!
//! What stands in a cell was written by many hands, and whoever opens the sheet trusts it: no text becomes a formula or a
//! link. In XLSX a text is stored as one, in CSV a text that a program would take for a formula gets an apostrophe.

mod guarded;

use chrono::{Datelike as _, NaiveDate};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

pub use guarded::guarded;

/// What stands in one place of a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Number(u32),
    Day(NaiveDate),
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Cell {
        text.map_or(Cell::Empty, Cell::Text)
    }
}

impl From<Option<NaiveDate>> for Cell {
    fn from(day: Option<NaiveDate>) -> Cell {
        day.map_or(Cell::Empty, Cell::Day)
    }
}

/// A list: its columns' headings with their width in characters, and its rows, each as wide as the headings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    pub title: String,
    pub headings: Vec<(&'static str, u32)>,
    pub rows: Vec<Vec<Cell>>,
}

/// Why no sheet came of a list.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    #[error("a spreadsheet cannot be written: {0}")]
    Xlsx(#[from] XlsxError),
    #[error("a spreadsheet cannot be written: {0}")]
    Csv(#[from] csv::Error),
}

/// UTF-8's mark: without it, Excel takes Chinese for something else.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// The list as an Excel workbook of one sheet; days and numbers are such, all else is text.
///
/// # Errors
/// [`SheetError`] if a text or the list is longer than the format allows.
pub fn xlsx(sheet: &Sheet) -> Result<Vec<u8>, SheetError> {
    let mut book = Workbook::new();
    let (bold, day) = (Format::new().set_bold(), Format::new().set_num_format("yyyy-mm-dd"));
    let page = book.add_worksheet();
    page.set_name(&sheet.title)?;
    for ((heading, width), column) in sheet.headings.iter().zip(0..) {
        page.write_string_with_format(0, column, *heading, &bold)?;
        page.set_column_width(column, *width)?;
    }
    page.set_freeze_panes(1, 0)?;
    for (cells, row) in sheet.rows.iter().zip(1..) {
        for (cell, column) in cells.iter().zip(0..) {
            match cell {
                Cell::Empty => continue,
                // Never `write`, which makes a link of what looks like one.
                Cell::Text(text) => page.write_string(row, column, text)?,
                Cell::Number(number) => page.write_number(row, column, *number)?,
                Cell::Day(date) => {
                    let year = u16::try_from(date.year()).unwrap_or_default();
                    let (month, of_month) = (date.month() as u8, date.day() as u8);
                    match ExcelDateTime::from_ymd(year, month, of_month) {
                        Ok(date) => page.write_datetime_with_format(row, column, &date, &day)?,
                        // Before 1900, as old paper mistyped may say.
                        Err(_) => page.write_string(row, column, date.to_string())?,
                    }
                }
            };
        }
    }
    Ok(book.save_to_buffer()?)
}

/// The list as comma-separated values in UTF-8 with its mark.
///
/// # Errors
/// [`SheetError`] if a row is not as wide as the headings.
pub fn csv(sheet: &Sheet) -> Result<Vec<u8>, SheetError> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::from(BOM));
    writer.write_record(sheet.headings.iter().map(|(heading, _)| heading))?;
    for cells in &sheet.rows {
        writer.write_record(cells.iter().map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => guarded(text).into_owned(),
            Cell::Number(number) => number.to_string(),
            Cell::Day(day) => day.to_string(),
        }))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()).into())
}

#[cfg(test)]
mod tests;
