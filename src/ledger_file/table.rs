//! A sheet's cells → its headings and the rows below them.

use super::cell::Cell;
use super::grid::Grid;
use super::headings::known;
use super::text::{fold, is_blank, shorten};
use super::{Column, FileError, Mapping};

/// Headings are looked for in this many rows: a title and notes stand above them.
pub(super) const HEADING_ROWS: usize = 20;
/// Fewer known headings than this in one row are chance.
const FEWEST_HEADINGS: usize = 2;

/// A table as it stands in the file.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) sheet: String,
    /// Row number of the headings (the lower one, where they take two rows).
    pub(super) header_row: u32,
    pub(super) headings: Vec<String>,
    /// Row number as Excel shows it, and the cells from column A on.
    pub(super) rows: Vec<(u32, Vec<Cell>)>,
    /// Rows that are no case: number and first text.
    pub(super) skipped: Vec<(u32, String)>,
    /// Bare serial numbers count from 1904.
    pub(super) epoch_1904: bool,
}

/// How many columns the best heading row knows; 0 if no row can be one.
pub(super) fn heading_score(grid: &Grid, mapping: &Mapping) -> usize {
    best_row(grid, mapping).map_or(0, |(_, score)| score)
}

/// Whether the headings name every required column.
pub(super) fn is_complete(grid: &Grid, mapping: &Mapping) -> bool {
    let Some((row, _)) = best_row(grid, mapping) else { return false };
    let found = columns(&headings(grid, row, mapping).0, mapping);
    Column::ALL.into_iter().filter(|column| column.is_required()).all(|column| found.contains(&column))
}

fn best_row(grid: &Grid, mapping: &Mapping) -> Option<(u32, usize)> {
    let scored =
        grid.rows.iter().take(HEADING_ROWS).map(|(row, cells)| (*row, columns(&texts(cells), mapping).len()));
    // The upper of equals: a heading repeated further down belongs to the rows.
    scored.rev().max_by_key(|(_, score)| *score).filter(|(_, score)| *score >= FEWEST_HEADINGS)
}

/// The different columns that these headings may mean.
fn columns(headings: &[String], mapping: &Mapping) -> Vec<Column> {
    let mut found: Vec<Column> = Vec::new();
    for column in headings.iter().filter_map(|heading| known(heading, mapping)) {
        if !found.contains(&column) {
            found.push(column);
        }
    }
    found
}

fn texts(cells: &[Cell]) -> Vec<String> {
    cells.iter().map(|cell| cell.text().into_owned()).collect()
}

/// The headings around `row`, and the last row that they take. Where "承办单位" stretches over "主办" and
/// "会办", the lower row is the heading, and the upper one where the lower is empty.
fn headings(grid: &Grid, row: u32, mapping: &Mapping) -> (Vec<String>, u32) {
    let mut headings = grid.rows.get(&row).map(|cells| texts(cells)).unwrap_or_default();
    let mut last = row;
    if let Some(above) = row.checked_sub(1).and_then(|above| grid.rows.get(&above)) {
        for (index, text) in texts(above).into_iter().enumerate() {
            let free = headings.get(index).is_none_or(|heading| heading.is_empty());
            if free && known(&text, mapping).is_some() {
                headings.resize(headings.len().max(index + 1), String::new());
                headings[index] = text;
            }
        }
    }
    if let Some(below) = grid.rows.get(&(row + 1)).map(|cells| texts(cells)) {
        let filled = below.iter().filter(|text| !text.is_empty());
        let (known, all) = filled.fold((0, 0), |(known_so_far, all), text| {
            (known_so_far + usize::from(known(text, mapping).is_some()), all + 1)
        });
        if known > 0 && known * 2 >= all {
            last = row + 1;
            headings.resize(headings.len().max(below.len()), String::new());
            for (heading, text) in headings.iter_mut().zip(below).filter(|(_, text)| !text.is_empty()) {
                *heading = text;
            }
        }
    }
    (headings, last)
}

impl Table {
    /// Finds the headings and parts the rows below from what is no case.
    ///
    /// # Errors
    /// [`FileError::NoHeadingRow`].
    pub(super) fn find(
        sheet: String,
        grid: Grid,
        epoch_1904: bool,
        mapping: &Mapping,
    ) -> Result<Self, FileError> {
        let (row, _) = best_row(&grid, mapping).ok_or(FileError::NoHeadingRow)?;
        let (headings, header_row) = headings(&grid, row, mapping);
        let mut table =
            Self { sheet, header_row, headings, rows: Vec::new(), skipped: Vec::new(), epoch_1904 };
        for (number, cells) in grid.rows.into_iter().filter(|(number, _)| *number > header_row) {
            if table.is_no_case(&cells) {
                let text = first_text(&cells);
                table.skipped.push((number, shorten(&text)));
            } else {
                table.rows.push((number, cells));
            }
        }
        Ok(table)
    }

    fn is_no_case(&self, cells: &[Cell]) -> bool {
        let first = fold(&first_text(cells));
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        is_total(&first)
            || (filled == 1 && is_section(&first))
            || (filled <= FOOTER_CELLS && FOOTERS.iter().any(|word| first.starts_with(word)))
            || self.repeats_headings(cells, filled)
    }

    /// A heading row repeated for printing.
    fn repeats_headings(&self, cells: &[Cell], filled: usize) -> bool {
        let same = cells
            .iter()
            .zip(&self.headings)
            .filter(|(cell, heading)| !cell.is_empty() && fold(&cell.text()) == fold(heading))
            .count();
        same >= FEWEST_HEADINGS && same * 2 > filled
    }
}

/// A signature line at the foot has no more parts than this.
const FOOTER_CELLS: usize = 6;
const FOOTERS: &[&str] = &[
    "填表人:",
    "填报人:",
    "制表人:",
    "制表:",
    "审核人:",
    "联系人:",
    "备注:",
    "注:",
    "说明:",
    "填表单位:",
    "填报单位:",
];

fn first_text(cells: &[Cell]) -> String {
    cells.iter().find(|cell| !cell.is_empty()).map(|cell| cell.text().into_owned()).unwrap_or_default()
}

fn is_total(folded: &str) -> bool {
    let rest = ["合计", "总计", "共计", "小计", "total"].iter().find_map(|word| folded.strip_prefix(word));
    rest.is_some_and(|rest| {
        rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '件' | '条' | '(' | ')'))
    })
}

/// "一、城建环保类（20件）" alone in its row.
fn is_section(folded: &str) -> bool {
    let text = folded.trim_start_matches('(');
    let rest = text.trim_start_matches(|c| "一二三四五六七八九十".contains(c));
    rest.len() < text.len() && rest.starts_with(['、', ')', '.', ',']) && !rest.chars().all(is_blank)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Result<Table, FileError> {
        let mut grid = Grid::default();
        for (row, cells) in rows.iter().enumerate() {
            for (column, text) in cells.iter().enumerate() {
                grid.put(row as u32 + 1, column, Cell::from_text(text)).unwrap();
            }
        }
        Table::find("表".to_owned(), grid, false, &Mapping::default())
    }

    #[test]
    fn titles_and_notes_stand_above_the_headings() {
        let table = table(&[
            &["某区人大代表建议办理台账"],
            &[],
            &["", "", "单位：件"],
            &["编号", "标题", "领衔代表", "主办单位"],
            &["1", "甲", "乙", "丙"],
        ])
        .unwrap();
        assert_eq!(table.header_row, 4);
        assert_eq!(table.rows.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [5]);
    }

    #[test]
    fn rows_that_are_no_case_are_listed() {
        let table = table(&[
            &["编号", "标题", "领衔代表", "主办单位"],
            &["一、城建环保类（1件）"],
            &["1", "合计问题的建议", "乙", "丙"],
            &["编号", "标题", "领衔代表", "主办单位"],
            &["合　计：", "", "", "2"],
            &["填表人：王五", "", "审核人：赵六"],
            &["", "只有标题"],
        ])
        .unwrap();
        assert_eq!(table.skipped.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [2, 4, 5, 6]);
        assert_eq!(table.rows.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [3, 7]);
    }

    #[test]
    fn headings_in_two_rows() {
        let upper = table(&[
            &["编号", "标题", "领衔代表", "承办单位", "", "代表意见", ""],
            &["", "", "", "主办", "会办", "满意度", "其他"],
            &["1", "甲", "乙", "丙", "丁"],
        ])
        .unwrap();
        assert_eq!(upper.headings, ["编号", "标题", "领衔代表", "主办", "会办", "满意度", "其他"]);
        assert_eq!(upper.rows[0].0, 3);
        let lower = table(&[
            &["编号", "标题", "代表情况", "", "承办情况", ""],
            &["", "", "领衔代表", "附议代表", "主办单位", "会办单位"],
            &["1", "甲", "乙", "", "丙"],
        ])
        .unwrap();
        assert_eq!(lower.headings, ["编号", "标题", "领衔代表", "附议代表", "主办单位", "会办单位"]);
        assert_eq!(lower.rows[0].0, 3);
    }

    #[test]
    fn no_heading_row_is_an_error() {
        assert!(matches!(table(&[&["甲", "乙"], &["1", "标题"]]), Err(FileError::NoHeadingRow)));
        let deep: Vec<&[&str]> =
            std::iter::repeat_n(&["说明"] as &[&str], 20).chain([&["编号", "标题"] as &[&str]]).collect();
        assert!(matches!(table(&deep), Err(FileError::NoHeadingRow)));
    }
}
