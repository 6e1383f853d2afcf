//! A workbook (.xlsx, .xls, .ods) → the table of the sheet that holds the ledger.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    Data, Ods, OdsError, Range, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsx, XlsxError,
};

use super::compound;
use super::grid::Grid;
use super::table::{HEADING_ROWS, Table, heading_score, is_complete};
use super::{FileError, FileKind, Mapping};

type Bytes = Cursor<Vec<u8>>;

/// The table of the first visible sheet with all required headings, else of the one with the most headings;
/// and the other visible sheets that look like a ledger.
pub(super) fn table(
    bytes: Vec<u8>,
    kind: FileKind,
    mapping: &Mapping,
) -> Result<(Table, Vec<String>), FileError> {
    if bytes.starts_with(compound::SIGNATURE) && !compound::is_bounded(&bytes) {
        return Err(damaged(kind, &"内部结构不一致"));
    }
    // The parsers are not ours and the bytes are anybody's: a panic in them is a damaged file.
    catch_unwind(AssertUnwindSafe(|| choose(Workbook::open(bytes, kind)?, mapping)))
        .unwrap_or_else(|_| Err(damaged(kind, &"解析中断")))
}

fn choose(mut workbook: Workbook, mapping: &Mapping) -> Result<(Table, Vec<String>), FileError> {
    let mut empty = true;
    let mut candidates = Vec::new();
    for name in workbook.visible_sheets() {
        let preview = workbook.grid(&name, Some(HEADING_ROWS))?;
        empty &= preview.rows.is_empty();
        let score = heading_score(&preview, mapping);
        if score > 0 {
            candidates.push((is_complete(&preview, mapping), score, name));
        }
    }
    // `max_by_key` keeps the last of equals; the first sheet is to win.
    let best = candidates
        .iter()
        .rev()
        .max_by_key(|(complete, score, _)| (*complete, if *complete { 0 } else { *score }))
        .map(|(.., name)| name.clone())
        .ok_or(if empty { FileError::Empty } else { FileError::NoHeadingRow })?;
    let others = candidates.into_iter().map(|(.., name)| name).filter(|name| *name != best).collect();
    let grid = workbook.grid(&best, None)?;
    let epoch_1904 = workbook.epoch_1904();
    Ok((Table::find(best, grid, epoch_1904, mapping)?, others))
}

enum Workbook {
    Xlsx(Box<Xlsx<Bytes>>),
    Xls(Box<Xls<Bytes>>),
    Ods(Box<Ods<Bytes>>),
}

impl Workbook {
    fn open(bytes: Vec<u8>, kind: FileKind) -> Result<Self, FileError> {
        let bytes = Cursor::new(bytes);
        match kind {
            FileKind::Xlsx => Xlsx::new(bytes).map(|book| Self::Xlsx(Box::new(book))).map_err(xlsx_error),
            FileKind::Xls => Xls::new(bytes).map(|book| Self::Xls(Box::new(book))).map_err(xls_error),
            FileKind::Ods | FileKind::Csv => {
                Ods::new(bytes).map(|book| Self::Ods(Box::new(book))).map_err(ods_error)
            }
        }
    }

    fn visible_sheets(&self) -> Vec<String> {
        let sheets: &[Sheet] = match self {
            Self::Xlsx(book) => book.sheets_metadata(),
            Self::Xls(book) => book.sheets_metadata(),
            Self::Ods(book) => book.sheets_metadata(),
        };
        sheets
            .iter()
            .filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet)
            .map(|sheet| sheet.name.clone())
            .collect()
    }

    /// The cells of a sheet, or of its first `limit` rows that hold something.
    fn grid(&mut self, name: &str, limit: Option<usize>) -> Result<Grid, FileError> {
        match self {
            Self::Xlsx(book) => stream(book, name, limit),
            Self::Xls(book) => collect(&book.worksheet_range(name).map_err(xls_error)?, limit),
            Self::Ods(book) => collect(&book.worksheet_range(name).map_err(ods_error)?, limit),
        }
    }

    /// Whether bare serial numbers count from 1904, as old Excel for Mac did.
    fn epoch_1904(&self) -> bool {
        match self {
            Self::Xlsx(book) => book.has_1904_epoch(),
            Self::Xls(book) => book.has_1904_epoch(),
            Self::Ods(_) => false,
        }
    }
}

/// Cell by cell: a range would allot every cell between the corners, and one stray cell at the sheet's far
/// corner would make that 17 thousand million.
fn stream(book: &mut Xlsx<Bytes>, name: &str, limit: Option<usize>) -> Result<Grid, FileError> {
    let mut cells = book.worksheet_cells_reader(name).map_err(xlsx_error)?;
    let mut grid = Grid::default();
    while let Some(cell) = cells.next_cell().map_err(xlsx_error)? {
        let (row, column) = cell.get_position();
        grid.put(row + 1, column as usize, cell.get_value().clone().into())?;
        if limit.is_some_and(|limit| grid.rows.len() > limit) {
            break;
        }
    }
    Ok(grid)
}

fn collect(range: &Range<Data>, limit: Option<usize>) -> Result<Grid, FileError> {
    let (top, left) = range.start().unwrap_or_default();
    let mut grid = Grid::default();
    for (row, column, data) in range.used_cells() {
        grid.put(top + row as u32 + 1, left as usize + column, data.into())?;
        if limit.is_some_and(|limit| grid.rows.len() > limit) {
            break;
        }
    }
    Ok(grid)
}

fn xlsx_error(error: XlsxError) -> FileError {
    match error {
        XlsxError::Password => FileError::Encrypted,
        other => damaged(FileKind::Xlsx, &other),
    }
}

fn xls_error(error: XlsError) -> FileError {
    match error {
        XlsError::Password => FileError::Encrypted,
        other => damaged(FileKind::Xls, &other),
    }
}

fn ods_error(error: OdsError) -> FileError {
    match error {
        OdsError::Password => FileError::Encrypted,
        other => damaged(FileKind::Ods, &other),
    }
}

fn damaged(kind: FileKind, detail: &dyn std::fmt::Display) -> FileError {
    FileError::Damaged { expected: kind.extension(), detail: detail.to_string() }
}
