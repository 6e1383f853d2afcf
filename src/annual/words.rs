//! How each thing of the report reads: the same for Word, for PDF and, as far as it goes, for the workbook.

use super::{Annual, Cell, Chart, Part, Piece, Section, Table};
use crate::letter::form::{chinese, line, numeral};
use std::ops::Range;

/// A sentence, and where in it the marks of the report stand.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Marked {
    pub text: String,
    pub marks: Vec<Range<usize>>,
}

impl Marked {
    pub fn plain(text: &str) -> Marked {
        Marked { text: line(text), marks: Vec::new() }
    }

    /// Runs of the sentence, each with whether it is a mark.
    pub fn runs(&self, within: Range<usize>) -> Vec<(Range<usize>, bool)> {
        let mut runs = Vec::new();
        let mut at = within.start;
        for mark in &self.marks {
            let (start, end) = (mark.start.max(at), mark.end.min(within.end));
            if start >= end {
                continue;
            }
            if at < start {
                runs.push((at..start, false));
            }
            runs.push((start..end, true));
            at = end;
        }
        if at < within.end {
            runs.push((at..within.end, false));
        }
        runs
    }
}

/// What is set on paper, one below the other.
pub(super) enum Block<'a> {
    Heading(String),
    Text(Marked),
    /// With its number, from 1.
    Table(usize, &'a Table),
    /// With its number, from 1.
    Chart(usize, &'a Table, &'a Chart),
    /// Small.
    Note(String),
}

/// The body of the report in reading order.
pub(super) fn blocks(annual: &Annual) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let (mut tables, mut charts) = (0, 0);
    for (index, section) in annual.sections.iter().enumerate() {
        blocks.push(Block::Heading(heading(index + 1, section)));
        for part in &section.parts {
            match part {
                Part::Text(pieces) => blocks.push(Block::Text(sentence(pieces, &annual.mark))),
                Part::Table(table) => {
                    tables += 1;
                    blocks.push(Block::Table(tables, table));
                    for chart in &table.charts {
                        charts += 1;
                        blocks.push(Block::Chart(charts, table, chart));
                    }
                }
            }
        }
    }
    blocks.extend(notes(annual).into_iter().map(Block::Note));
    blocks
}

/// The report's tables, in the order of their numbers.
pub(super) fn tables(annual: &Annual) -> impl Iterator<Item = &Table> {
    annual.sections.iter().flat_map(|section| &section.parts).filter_map(|part| match part {
        Part::Table(table) => Some(table),
        Part::Text(_) => None,
    })
}

fn heading(number: usize, section: &Section) -> String {
    format!("{}、{}", numeral(number), line(&section.heading))
}

/// The mark stands right behind the figure, in brackets that no line break can part from it.
fn sentence(pieces: &[Piece], mark: &str) -> Marked {
    let mark = format!("[{}]", line(mark));
    let mut marked = Marked::default();
    for piece in pieces {
        match piece {
            // Not `line`, which would drop blanks between the pieces.
            Piece::Words(words) => marked.text.push_str(&unbroken(words)),
            Piece::Figure(figure) => {
                marked.text.push_str(&line(figure));
                let start = marked.text.len();
                marked.text.push_str(&mark);
                marked.marks.push(start..marked.text.len());
            }
        }
    }
    marked
}

/// Without what no document can hold.
fn unbroken(words: &str) -> String {
    let framed = line(&format!("\u{2060}{words}\u{2060}"));
    framed.trim_matches('\u{2060}').to_owned()
}

/// With the mark, since tables are copied out of reports.
pub(super) fn caption(number: usize, table: &Table, mark: &str) -> String {
    format!("表{number}　{}[{}]", line(&table.title), line(mark))
}

pub(super) fn chart_caption(number: usize, chart: &Chart, mark: &str) -> String {
    format!("图{number}　{}[{}]", line(&chart.title), line(mark))
}

/// Below a picture, on which rates stand without their sign.
pub(super) fn picture_caption(number: usize, table: &Table, chart: &Chart, mark: &str) -> String {
    let unit = if rate_decimals(table, chart).is_some() { "（%）" } else { "" };
    chart_caption(number, chart, mark) + unit
}

/// How many decimals its rates are printed with at most; none if it shows counts.
pub(super) fn rate_decimals(table: &Table, chart: &Chart) -> Option<usize> {
    let cells =
        table.rows.iter().flat_map(|row| chart.columns.iter().filter_map(|column| row.cells.get(*column)));
    cells
        .filter_map(|cell| if let Cell::Rate(rate) = cell { Some(decimals(&rate.printed)) } else { None })
        .max()
}

/// Of a percentage as it is printed.
pub(super) fn decimals(printed: &str) -> usize {
    printed.trim().trim_end_matches('%').split_once('.').map_or(0, |(_, after)| after.len())
}

/// Under the title.
pub(super) fn signed(annual: &Annual) -> String {
    format!("{}（{}）", line(&annual.issuer), chinese(annual.date))
}

/// What the mark stands for, and how the figures are defined.
fn notes(annual: &Annual) -> Vec<String> {
    let about = annual.about.iter().map(|(name, words)| format!("{}：{}", line(name), line(words)));
    let about = about.collect::<Vec<_>>().join("；");
    let first = format!("注：数字后的[{}]表示该数字出自本报告所附统计报告。{about}。", line(&annual.mark));
    std::iter::once(first).chain(annual.notes.iter().map(|note| line(note))).collect()
}

/// As it stands in a table.
pub(super) fn printed(cell: &Cell) -> String {
    match cell {
        Cell::Empty => "—".to_owned(),
        Cell::Text(text) => line(text),
        Cell::Count(count) => count.to_string(),
        Cell::Rate(rate) => line(&rate.printed),
        Cell::Day(day) => day.to_string(),
    }
}

/// Words stand at the left of their column, figures in its middle.
pub(super) fn is_figure(cell: &Cell) -> bool {
    !matches!(cell, Cell::Text(_) | Cell::Empty)
}

/// At most so many characters, the last of them … where some were cut off.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_carries_its_report() {
        let words = |text: &str| Piece::Words(text.to_owned());
        let figure = |text: &str| Piece::Figure(text.to_owned());
        let marked =
            sentence(&[words("共 "), figure("105"), words("件，率"), figure("93.3%"), words("\n")], "24-1");
        assert_eq!(marked.text, "共 105[24-1]件，率93.3%[24-1] ");
        let runs = marked.runs(0..marked.text.len());
        let marks: Vec<_> =
            runs.iter().filter(|(_, mark)| *mark).map(|(at, _)| &marked.text[at.clone()]).collect();
        assert_eq!(marks, ["[24-1]", "[24-1]"]);
        let all: String = runs.iter().map(|(at, _)| &marked.text[at.clone()]).collect();
        assert_eq!(all, marked.text);
    }

    #[test]
    fn long_names_are_cut_by_characters() {
        assert_eq!(cut("教育局", 3), "教育局");
        assert_eq!(cut("教育体育局", 3), "教育…");
    }
}
