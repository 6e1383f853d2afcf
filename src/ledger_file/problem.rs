//! What is wrong with one cell.

use std::fmt;

use serde::Serialize;

use super::FoundColumn;
use super::text::shorten;

/// One thing wrong in one cell, named so that the user finds it in Excel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Row number as Excel shows it.
    pub row: u32,
    /// The column's letter in Excel.
    pub letter: String,
    /// The column's heading as in the file.
    pub heading: String,
    /// What stands there, shortened.
    pub value: String,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl Problem {
    pub(super) fn new(row: u32, place: &FoundColumn, value: &str, detail: impl Into<String>) -> Self {
        Self {
            row,
            letter: place.letter.clone(),
            heading: place.heading.clone(),
            value: shorten(value),
            detail: detail.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, letter, heading, value, detail } = self;
        write!(f, "第 {row} 行 {letter} 列“{heading}”：{detail}")?;
        if value.is_empty() { Ok(()) } else { write!(f, "（现为“{value}”）") }
    }
}
