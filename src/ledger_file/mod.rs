//! Reads a handling ledger (办理台账) as offices keep it, in .xlsx, .xls, .ods or .csv, into typed rows.
//!
//! Knows no database and no office: bytes in, rows and problems out. Every problem of every row is named by
//! row and column as Excel shows them, in one go; a row with a problem is not among the rows.
//!
//! In reading order: `file_kind` → `workbook` or `delimited` → `grid` → `table` → `headings` → `row` → `across`.

mod across;
mod cell;
mod column;
mod compound;
mod date;
mod delimited;
mod error;
mod file_kind;
mod grid;
mod headings;
mod mapping;
mod names;
mod problem;
mod row;
mod table;
mod text;
mod wordings;
mod words;
mod workbook;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

use std::path::Path;

use serde::Serialize;

pub use column::{Column, FoundColumn};
pub use error::FileError;
pub use file_kind::FileKind;
pub use headings::HeadingProblem;
pub use mapping::{Mapping, MappingError};
pub use problem::Problem;
pub use row::LedgerRow;
pub use words::{Evaluation, Kind};

/// Larger files are refused unread: a ledger of 200,000 rows stays well below it.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;
/// More rows than any congress keeps in one sheet.
pub const MAX_ROWS: usize = 200_000;
/// Wider than any ledger; a cell further right is a stray one.
pub const MAX_COLUMNS: usize = 256;

/// What was read from a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ledger {
    /// The sheet that was read.
    pub sheet: String,
    /// Visible sheets that also look like a ledger and were not read.
    pub other_sheets: Vec<String>,
    /// Where each known column was found, in the order of the file.
    pub columns: Vec<FoundColumn>,
    /// Headings of the file that were not used.
    pub ignored: Vec<String>,
    /// Rows below the headings that were taken for totals, section titles, footers or repeated headings:
    /// row number and first text, so that nothing is dropped unseen.
    pub skipped: Vec<(u32, String)>,
    /// The rows without a problem, in the order of the file.
    pub rows: Vec<LedgerRow>,
    /// All problems, by row and then by column.
    pub problems: Vec<Problem>,
}

/// Reads the ledger at `path`; its kind is told by its content first and its extension second.
///
/// # Errors
/// [`FileError`] if there is no table to read in it. A problem of a single row is no error: see
/// [`Ledger::problems`].
pub fn read(path: impl AsRef<Path>, mapping: &Mapping) -> Result<Ledger, FileError> {
    let path = path.as_ref();
    let too_large = std::fs::metadata(path)?.len() > MAX_BYTES as u64;
    if too_large {
        return Err(FileError::TooLarge);
    }
    let bytes = std::fs::read(path)?;
    let kind = FileKind::tell(path, &bytes)?;
    read_bytes(bytes, kind, mapping)
}

/// Reads a ledger of a known kind from memory.
///
/// A server should read what strangers upload in a process of its own: a made-up .xlsx can still declare more
/// strings than there is memory (<https://github.com/tafia/calamine/issues/684>), and that aborts the process.
///
/// # Errors
/// As [`read`].
pub fn read_bytes(bytes: Vec<u8>, kind: FileKind, mapping: &Mapping) -> Result<Ledger, FileError> {
    if bytes.len() > MAX_BYTES {
        return Err(FileError::TooLarge);
    }
    if bytes.is_empty() {
        return Err(FileError::Empty);
    }
    let (table, other_sheets) = match kind {
        FileKind::Csv => (delimited::table(&bytes, mapping)?, Vec::new()),
        FileKind::Xlsx | FileKind::Xls | FileKind::Ods => workbook::table(bytes, kind, mapping)?,
    };
    let layout = headings::locate(&table.headings, mapping).map_err(|problems| FileError::Headings {
        sheet: table.sheet.clone(),
        row: table.header_row,
        problems,
    })?;
    let mut problems = Vec::new();
    let mut drafts: Vec<_> = table
        .rows
        .iter()
        .map(|(number, cells)| row::read(*number, cells, &layout, table.epoch_1904, &mut problems))
        .collect();
    across::check(&mut drafts, &layout, &mut problems);
    problems.sort_by_key(|problem| (problem.row, problem.letter.len(), problem.letter.clone()));
    Ok(Ledger {
        sheet: table.sheet,
        other_sheets,
        columns: layout.columns,
        ignored: layout.ignored,
        skipped: table.skipped,
        rows: drafts.into_iter().filter(|draft| draft.sound).map(|draft| draft.row).collect(),
        problems,
    })
}
