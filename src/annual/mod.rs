//! Writes the annual report 办理情况报告 as .docx, PDF and .xlsx.
//!
//! Knows no case and no office: figures and words in, bytes out. What is printed of a figure is given with it, and
//! nothing is counted or rounded here; a chart draws the columns of a table and has no numbers of its own.
//!
//! In reading order: `year` makes a report of a year's figures, sentence by sentence; `words` says how each thing reads; `word` and `pdf` set the same words on paper, with the charts
//! that `chart` draws; `workbook` writes the tables as numbers, with the cases behind each.

mod chart;
mod error;
mod grid;
mod pdf;
mod rich;
mod sheets;
mod word;
mod words;
mod workbook;
pub mod year;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

pub use chart::Charts;
pub use error::AnnualError;
pub use pdf::pdf;
pub use word::docx;
pub use workbook::xlsx;

/// What stands in the report.
#[derive(Debug, Clone, PartialEq)]
pub struct Annual {
    /// 标题.
    pub title: String,
    /// Whose report it is, such as `江城区人大常委会代表工作委员会`.
    pub issuer: String,
    /// The day under the issuer.
    pub date: NaiveDate,
    /// Which report the figures are from, as it stands behind each of them: `2024-1`.
    pub mark: String,
    /// What the mark stands for, printed at the end and on the workbook's first sheet: the report's id and digest, the
    /// congress, its sessions, and the days as of which it counts. Name and words.
    pub about: Vec<(String, String)>,
    /// Numbered 一、二、三.
    pub sections: Vec<Section>,
    /// Printed small at the end: how each figure is defined, how it is rounded.
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Without its number.
    pub heading: String,
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    Text(Vec<Piece>),
    Table(Table),
}

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    Words(String),
    /// A figure as it is printed, such as `105`, `93.3%`; the report's mark is set behind it.
    Figure(String),
}

/// A table, the charts that are drawn from it, and the cases that it counts. Numbered in the order of the report.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Without its number.
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    pub charts: Vec<Chart>,
    /// The cases behind it, on a sheet of their own in the workbook; none for a list that names cases itself.
    pub behind: Option<Listing>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub heading: String,
    /// In Chinese characters; the columns share the page's width by it.
    pub width: u8,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// As many as there are columns; the first names the row.
    pub cells: Vec<Cell>,
    /// 合计: set bold, and in no chart.
    pub total: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing to say, as the quotient of nothing.
    Empty,
    Text(String),
    Count(u64),
    Rate(Rate),
    Day(NaiveDate),
}

/// A fraction, and how the report prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    pub numerator: u64,
    /// Not zero: what has no denominator is [`Cell::Empty`].
    pub denominator: u64,
    /// Under the report's rounding, with its sign: `93.3%`.
    pub printed: String,
}

/// Draws some columns of its table, a row each bar or point.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Without its number.
    pub title: String,
    pub kind: ChartKind,
    /// Which columns of counts, or of rates.
    pub columns: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Upright, for few rows with short names.
    Columns,
    /// Lying, for many rows or long names.
    Bars,
    /// For rows that follow each other in time.
    Line,
}

/// The cases behind a table, each under the row that counts it; one that two rows count stands under both.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    pub columns: Vec<Column>,
    /// Which row of the table, and what is said of the case.
    pub lines: Vec<(usize, Vec<Cell>)>,
}
