//! Delimited text (.csv) → a table: the encoding and the delimiter are found out.

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::cell::Cell;
use super::grid::Grid;
use super::table::{HEADING_ROWS, Table, heading_score};
use super::{FileError, Mapping};

/// Stands for the sheet's name in messages.
const SHEET: &str = "CSV";
/// A last line that arrives whole only if no quotation mark was left open before it.
const END: &str = "\u{1}end\u{1}";

/// The table in the text.
pub(super) fn table(bytes: &[u8], mapping: &Mapping) -> Result<Table, FileError> {
    let text = decode(bytes)?;
    if text.chars().all(super::text::is_blank) {
        return Err(FileError::Empty);
    }
    // One kind of line end, so that counting lines counts Excel's rows.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let delimiter = delimiter(&text, mapping).ok_or(FileError::NoHeadingRow)?;
    let grid = parse(&text, delimiter, None)?;
    Table::find(SHEET.to_owned(), grid, false, mapping)
}

/// UTF-8 and UTF-16 by their mark, UTF-8 by being valid, else GB18030, which contains GBK and GB2312.
fn decode(bytes: &[u8]) -> Result<String, FileError> {
    let (encoding, mark) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, length),
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, 0),
        None => (GB18030, 0),
    };
    encoding
        .decode_without_bom_handling_and_without_replacement(&bytes[mark..])
        // No text has a NUL; UTF-16 without its mark has many.
        .filter(|text| !text.contains('\0'))
        .map(std::borrow::Cow::into_owned)
        .ok_or(FileError::Encoding)
}

/// The delimiter under which the first rows show the most known headings.
fn delimiter(text: &str, mapping: &Mapping) -> Option<u8> {
    let score = |delimiter: u8| {
        parse(text, delimiter, Some(HEADING_ROWS)).map_or(0, |grid| heading_score(&grid, mapping))
    };
    // `max_by_key` keeps the last of equals; the comma is to win.
    [b'\t', b';', b',']
        .into_iter()
        .map(|d| (score(d), d))
        .filter(|(s, _)| *s > 0)
        .max_by_key(|(s, _)| *s)
        .map(|(_, d)| d)
}

fn parse(text: &str, delimiter: u8, limit: Option<usize>) -> Result<Grid, FileError> {
    let closed = [text, "\n", END, "\n"].concat();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(closed.as_bytes());
    let mut grid = Grid::default();
    let mut row = 0_u32;
    let mut record = csv::StringRecord::new();
    loop {
        let before = reader.position().line();
        let more = reader.read_record(&mut record).map_err(|_| FileError::Encoding)?;
        if !more {
            // The mark was swallowed by the last field, which began in the last row.
            return Err(FileError::OpenQuote { row });
        }
        if record.len() == 1 && record.get(0) == Some(END) {
            return Ok(grid);
        }
        // The csv crate skips blank lines, Excel counts them; a line break within a field is one row to both.
        let lines = reader.position().line() - before;
        let within: usize = record.iter().map(|field| field.matches('\n').count()).sum();
        let blank = lines.saturating_sub(within as u64 + 1);
        row = row.saturating_add(u32::try_from(blank).unwrap_or(u32::MAX)).saturating_add(1);
        for (column, field) in record.iter().enumerate() {
            grid.put(row, column, Cell::from_text(field))?;
        }
        if limit.is_some_and(|limit| grid.rows.len() > limit) {
            return Ok(grid);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
        let grid = parse(text, b',', None).unwrap();
        grid.rows
            .into_iter()
            .map(|(n, cells)| (n, cells.iter().map(|c| c.text().into_owned()).collect()))
            .collect()
    }

    #[test]
    fn rows_are_numbered_as_in_excel() {
        let found = rows("a,b\n\n\n\"c\nd\",e\nf,g\n");
        assert_eq!(found.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [1, 4, 5]);
        assert_eq!(found[1].1, ["c\nd", "e"]);
    }

    #[test]
    fn an_open_quotation_mark_is_named_by_its_row() {
        let error = parse("a,b\nc,d\n\"e,f\ng,h\n", b',', None).unwrap_err();
        assert!(matches!(error, FileError::OpenQuote { row: 3 }), "{error}");
    }

    #[test]
    fn encodings_are_told_apart() {
        let (gbk, ..) = GB18030.encode("编号，题目");
        assert_eq!(decode(&gbk).unwrap(), "编号，题目");
        assert_eq!(decode("\u{FEFF}编号".as_bytes()).unwrap(), "编号");
        let utf16: Vec<u8> = "\u{FEFF}编号".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16).unwrap(), "编号");
        assert!(matches!(decode(&[0x61, 0x00, 0x62, 0x00]), Err(FileError::Encoding)));
        assert!(matches!(decode(&[0xFF, 0xFF, 0x80]), Err(FileError::Encoding)));
    }
}
