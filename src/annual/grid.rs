//! Tables on paper: how wide their columns are, and their rows with each cell's words broken into lines.

use super::{
    Cell, Column, Table,
    words::{is_figure, printed},
};
use crate::letter::{
    breaking::lines,
    form::line,
    layout::{Look, Run, Setter},
};

/// 五号.
pub(super) const SIZE: f32 = 10.5;
const LINE: f32 = 14.0;
/// Between a cell's words and its edges.
const BESIDE: f32 = 3.5;
const ABOVE: f32 = 2.5;

/// A table on paper, all of the width it was given.
pub(super) struct Grid {
    /// Where each column ends, from the left edge.
    pub edges: Vec<f32>,
    /// Stands above the rows again on each page.
    pub head: Band,
    pub rows: Vec<Band>,
}

/// One row: for each cell its lines, the first at the top.
#[derive(Clone, Default)]
pub(super) struct Band {
    cells: Vec<Vec<Run>>,
}

impl Band {
    pub fn height(&self) -> f32 {
        self.cells.iter().map(Vec::len).max().unwrap_or(0).max(1) as f32 * LINE + 2.0 * ABOVE
    }

    /// As placed below a height.
    pub fn runs(&self, y: f32) -> impl Iterator<Item = Run> {
        let placed = move |(index, run): (usize, &Run)| Run {
            baseline: run.baseline + y + ABOVE + index as f32 * LINE,
            ..run.clone()
        };
        self.cells.iter().flat_map(move |lines| lines.iter().enumerate().map(placed))
    }

    /// What fits a height, if a line does, and what is left.
    pub fn split(&self, height: f32) -> Option<(Band, Band)> {
        let fits = ((height - 2.0 * ABOVE) / LINE).floor() as usize;
        let part = |runs: &Vec<Run>| {
            let (first, rest) = runs.split_at(fits.min(runs.len()));
            (first.to_vec(), rest.to_vec())
        };
        let (first, rest) = self.cells.iter().map(part).unzip();
        (fits > 0).then_some((Band { cells: first }, Band { cells: rest }))
    }
}

/// Sets a table in a width.
pub(super) fn grid(table: &Table, setter: &Setter, width: f32) -> Grid {
    let edges: Vec<f32> = edges(&table.columns, width).collect();
    let (plain, bold) = (Look::text(SIZE), Look::heading(SIZE));
    let headings = table.columns.iter().map(|column| Cell::Text(column.heading.clone()));
    let head = band(&headings.collect::<Vec<_>>(), &edges, setter, bold, true);
    let rows = table.rows.iter();
    let rows = rows.map(|row| band(&row.cells, &edges, setter, if row.total { bold } else { plain }, false));
    Grid { head, rows: rows.collect(), edges }
}

/// Where each column ends: they share the width by what they ask for.
pub(super) fn edges(columns: &[Column], width: f32) -> impl Iterator<Item = f32> {
    let asked = |column: &Column| f32::from(column.width.max(1));
    let all: f32 = columns.iter().map(asked).sum();
    columns.iter().scan(0.0, move |edge, column| {
        *edge += width * asked(column) / all;
        Some(*edge)
    })
}

fn band(cells: &[Cell], edges: &[f32], setter: &Setter, look: Look, is_heading: bool) -> Band {
    let lefts = std::iter::once(0.0).chain(edges.iter().copied());
    let set = |((cell, left), right): ((&Cell, f32), &f32)| {
        let (text, room) = (line(&printed(cell)), right - left - 2.0 * BESIDE);
        let broken = lines(&text, room, room, |_, c| setter.advance(c, look));
        let placed = |range: std::ops::Range<usize>| {
            let text = &text[range];
            let spare = (room - setter.width(text, look)).max(0.0);
            let indent = if is_heading || is_figure(cell) { spare / 2.0 } else { 0.0 };
            setter.run(text, look, left + BESIDE + indent, LINE)
        };
        broken.into_iter().map(placed).collect()
    };
    Band { cells: cells.iter().zip(lefts).zip(edges).map(set).collect() }
}
