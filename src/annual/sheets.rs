//! Rows, tables and pictures on pages, and a number on each.

use super::grid::{Band, Grid};
use crate::letter::{
    layout::{Row, Run, Setter},
    measures::{BOTTOM, TOP, WIDTH},
    pages::folio,
};
use resvg::usvg::Tree;

/// Sums of heights are not exact.
const SLACK: f32 = 0.1;
/// A table's rules.
const RULE: f32 = 0.5;
/// Below a table and a picture.
const GAP: f32 = 8.0;

/// What is drawn on one page; all places are from the left edge of what is printed on and from the page's top.
#[derive(Default)]
pub(super) struct Page {
    pub runs: Vec<Run>,
    pub rules: Vec<Rule>,
    pub pictures: Vec<Drawn>,
}

/// A black rectangle.
pub(super) struct Rule {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

/// A chart in its place, as wide as the line.
pub(super) struct Drawn {
    pub tree: Tree,
    pub y: f32,
    pub height: f32,
}

/// Pages as they fill.
pub(super) struct Sheets {
    done: Vec<Page>,
    page: Page,
    y: f32,
}

impl Sheets {
    pub fn new() -> Sheets {
        Sheets { done: Vec::new(), page: Page::default(), y: TOP }
    }

    /// All pages, numbered.
    pub fn finish(mut self, setter: &Setter) -> Vec<Page> {
        self.done.push(self.page);
        for (index, page) in self.done.iter_mut().enumerate() {
            page.runs.push(folio(index + 1, setter));
        }
        self.done
    }

    /// Those that are kept together go to the next page together.
    pub fn rows(&mut self, rows: &[Row]) {
        for group in rows.split_inclusive(|row| !row.keep) {
            self.make_room(group.iter().map(|row| row.height).sum());
            for row in group {
                self.make_room(row.height);
                self.row(row);
            }
        }
    }

    fn row(&mut self, row: &Row) {
        // A page does not begin with a blank line, save the first.
        if row.runs.is_empty() && self.y <= TOP && !self.done.is_empty() {
            return;
        }
        let y = self.y;
        let placed = row.runs.iter().map(|run| Run { baseline: run.baseline + y, ..run.clone() });
        self.page.runs.extend(placed);
        self.y += row.height;
    }

    /// A table below its caption, which no page's end parts from the first row; its head stands on each page.
    pub fn table(&mut self, caption: &[Row], grid: &Grid) {
        let above: f32 = caption.iter().map(|row| row.height).sum();
        let first = grid.rows.first().map_or(0.0, Band::height);
        self.make_room(above + grid.head.height() + first);
        caption.iter().for_each(|row| self.row(row));
        self.head(grid);
        for band in &grid.rows {
            self.band(band.clone(), grid);
        }
        self.y += GAP;
    }

    fn head(&mut self, grid: &Grid) {
        self.across();
        self.put(&grid.head, &grid.edges);
    }

    fn band(&mut self, mut band: Band, grid: &Grid) {
        let page = BOTTOM - TOP - grid.head.height();
        let mut turned = false;
        while self.y + band.height() > BOTTOM + SLACK {
            // One that fits a page whole is not split.
            let split = if band.height() > page { band.split(BOTTOM - self.y) } else { None };
            match split {
                Some((first, rest)) => {
                    self.put(&first, &grid.edges);
                    band = rest;
                }
                // Not a line fits below the head.
                None if turned => break,
                None => {}
            }
            self.turn();
            self.head(grid);
            turned = true;
        }
        self.put(&band, &grid.edges);
    }

    /// A row with its rules.
    fn put(&mut self, band: &Band, edges: &[f32]) {
        let (y, height) = (self.y, band.height());
        self.page.runs.extend(band.runs(y));
        for edge in std::iter::once(&0.0).chain(edges) {
            self.page.rules.push(Rule { x: edge - RULE / 2.0, y, width: RULE, height });
        }
        self.y += height;
        self.across();
    }

    fn across(&mut self) {
        self.page.rules.push(Rule { x: 0.0, y: self.y - RULE / 2.0, width: WIDTH, height: RULE });
    }

    /// A picture below what is said of it, and its caption below it.
    pub fn picture(&mut self, above: &[Row], tree: Tree, caption: &[Row]) {
        let words: f32 = above.iter().chain(caption).map(|row| row.height).sum();
        let height = tree.size().height() * WIDTH / tree.size().width();
        self.make_room(words + height + GAP);
        above.iter().for_each(|row| self.row(row));
        self.page.pictures.push(Drawn { tree, y: self.y, height });
        self.y += height;
        caption.iter().for_each(|row| self.row(row));
        self.y += GAP;
    }

    fn make_room(&mut self, height: f32) {
        if self.y + height > BOTTOM + SLACK && self.y > TOP {
            self.turn();
        }
    }

    fn turn(&mut self) {
        self.done.push(std::mem::take(&mut self.page));
        self.y = TOP;
    }
}
