//! The cells of a sheet that hold something, by row.

use std::collections::BTreeMap;

use super::cell::Cell;
use super::{FileError, MAX_COLUMNS, MAX_ROWS};

/// Rows that hold something, by row number (1-based, as Excel shows it).
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub(super) rows: BTreeMap<u32, Vec<Cell>>,
}

impl Grid {
    /// Puts a cell at `row` (1-based) and `column` (0-based); an empty one takes no room.
    pub(super) fn put(&mut self, row: u32, column: usize, cell: Cell) -> Result<(), FileError> {
        if cell.is_empty() {
            return Ok(());
        }
        if column >= MAX_COLUMNS {
            return Err(FileError::TooWide { row });
        }
        let cells = self.rows.entry(row).or_default();
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        cells[column] = cell;
        if self.rows.len() > MAX_ROWS { Err(FileError::TooManyRows) } else { Ok(()) }
    }
}
