//! Charts as pictures: drawn by `charts-rs` as SVG, which PDF takes as it is and Word as PNG.

use super::{
    AnnualError, Cell, Chart, ChartKind, Rate, Row, Table,
    words::{cut, printed, rate_decimals},
};
use crate::letter::{Font, form::line};
use charts_rs::{
    BarChart, ChartBase, Color, HorizontalBarChart, LineChart, Position, Series, THEME_LIGHT, YAxisConfig,
};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{
        Options, Tree,
        fontdb::{Database, Source},
    },
};
use std::{
    collections::HashSet,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

/// As wide as a line; what is drawn is scaled to it.
const WIDTH: f32 = 640.0;
/// Of upright bars and of lines.
const HEIGHT: f32 = 300.0;
/// What a lying bar takes, its neighbours' distance included; and one chart's axis, legend and edges.
const BAR: f32 = 16.0;
const BAR_GAP: f32 = 12.0;
const AROUND: f32 = 70.0;
/// As much as fits a page.
pub(super) const TALLEST: f32 = 860.0;
const TEXT: f32 = 13.0;
/// What a name may take of the width, in Chinese characters.
const LONGEST_NAME: usize = 14;
/// What stands beside the plot of upright bars and lines.
const BESIDE: f32 = 60.0;
/// Dots in a pixel of the drawing: 300 to the inch on a line of 156 mm.
const DENSITY: f32 = 2.88;

/// Distinct in grey too, since much of it is copied in black and white.
const INKS: [&str; 4] = ["#1f4e79", "#c55a11", "#7f9fbf", "#595959"];

/// Draws charts in one face; cheap to clone. Holds what charts-rs keeps of the face's file, some 20 MB.
#[derive(Clone)]
pub struct Charts {
    family: String,
    fonts: Arc<Database>,
}

impl std::fmt::Debug for Charts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Charts").field("family", &self.family).finish_non_exhaustive()
    }
}

impl Charts {
    /// With the face of a font that headings are set in.
    ///
    /// # Errors
    /// [`AnnualError::Chart`] if the face cannot be measured.
    pub fn new(font: &Font) -> Result<Charts, AnnualError> {
        let (data, family) = font.plain_face()?;
        measured(&data, &family)?;
        let mut fonts = Database::new();
        fonts.load_font_source(Source::Binary(data));
        fonts.set_sans_serif_family(family.clone());
        Ok(Charts { family, fonts: Arc::new(fonts) })
    }

    /// The chart of a table as vectors.
    pub(super) fn drawn(&self, table: &Table, chart: &Chart) -> Result<Tree, AnnualError> {
        let svg = self.svg(table, chart)?;
        // Nothing of it is loaded from elsewhere: what stands in it are our own texts and shapes.
        let options =
            Options { fontdb: self.fonts.clone(), font_family: self.family.clone(), ..Options::default() };
        Tree::from_str(&svg, &options).map_err(failed)
    }

    /// The chart of a table as PNG, with its width and height in points.
    pub(super) fn picture(&self, table: &Table, chart: &Chart) -> Result<Picture, AnnualError> {
        let tree = self.drawn(table, chart)?;
        let size = tree.size();
        let dots = |length: f32| (length * DENSITY).ceil() as u32;
        let mut map = Pixmap::new(dots(size.width()), dots(size.height()))
            .ok_or_else(|| AnnualError::Chart(format!("{} × {}", size.width(), size.height())))?;
        map.fill(resvg::tiny_skia::Color::WHITE);
        resvg::render(&tree, Transform::from_scale(DENSITY, DENSITY), &mut map.as_mut());
        Ok(Picture { png: map.encode_png().map_err(failed)?, width: map.width(), height: map.height() })
    }

    /// Every text in it is escaped by charts-rs.
    pub(super) fn svg(&self, table: &Table, chart: &Chart) -> Result<String, AnnualError> {
        let mut rows: Vec<&Row> = table.rows.iter().filter(|row| !row.total).collect();
        let mut longest = ((WIDTH - BESIDE) / rows.len().max(1) as f32 / TEXT) as usize;
        if chart.kind == ChartKind::Bars {
            rows.truncate(most_bars(chart.columns.len()));
            // Drawn from the bottom.
            rows.reverse();
            longest = LONGEST_NAME;
        }
        let shown = &rows[..];
        let name = |row: &&Row| cut(&row.cells.first().map(printed).unwrap_or_default(), longest.max(2));
        let names: Vec<String> = shown.iter().map(name).collect();
        let series: Vec<Series> =
            chart.columns.iter().map(|column| self.series(table, shown, *column)).collect();
        let decimals = rate_decimals(table, chart);
        let (rates, label) = (decimals.is_some(), format!("{{:.{}}}", decimals.unwrap_or(0)));
        let drawn = match chart.kind {
            ChartKind::Bars => {
                let mut drawn = HorizontalBarChart::new_with_theme(series, names, THEME_LIGHT);
                drawn.y_axis_configs.iter_mut().for_each(|axis| scale(axis, rates));
                self.dress(&mut drawn.base, &label, bars_height(shown.len(), chart.columns.len()));
                drawn.series_label_position = Some(Position::Right);
                drawn.svg()
            }
            ChartKind::Columns => {
                let mut drawn = BarChart::new_with_theme(series, names, THEME_LIGHT);
                drawn.y_axis_configs.iter_mut().for_each(|axis| scale(axis, rates));
                self.dress(&mut drawn.base, &label, HEIGHT);
                drawn.svg()
            }
            ChartKind::Line => {
                let mut drawn = LineChart::new_with_theme(series, names, THEME_LIGHT);
                drawn.y_axis_configs.iter_mut().for_each(|axis| scale(axis, rates));
                self.dress(&mut drawn.base, &label, HEIGHT);
                drawn.svg()
            }
        };
        drawn.map_err(failed)
    }

    fn series(&self, table: &Table, rows: &[&Row], column: usize) -> Series {
        let heading = table.columns.get(column).map(|it| line(&it.heading)).unwrap_or_default();
        let values: Vec<Option<f32>> = rows.iter().map(|row| row.cells.get(column).and_then(value)).collect();
        Series { label_show: true, ..Series::from((heading.as_str(), values)) }
    }

    fn dress(&self, base: &mut ChartBase, label: &str, height: f32) {
        base.font_family = self.family.clone();
        base.width = WIDTH;
        base.height = height;
        base.background_color = Color::white();
        base.series.colors = INKS.map(Color::from).into();
        base.series.label.formatter = label.to_owned();
        base.series.label.font.size = TEXT - 1.0;
        base.series.smooth = false;
        base.x_axis.font.size = TEXT;
        base.legend.font.size = TEXT;
        base.legend.show = Some(base.series_list.len() > 1);
    }
}

/// No rate is more than all.
fn scale(axis: &mut YAxisConfig, rates: bool) {
    axis.font.size = TEXT;
    axis.min = Some(0.0);
    if rates {
        axis.max = Some(100.0);
        axis.split_number = 5;
    }
}

/// A picture of so many dots.
pub(super) struct Picture {
    pub png: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

fn failed(error: impl std::fmt::Display) -> AnnualError {
    AnnualError::Chart(error.to_string())
}

/// Has charts-rs know the face, once: it keeps a copy of each that it is given.
fn measured(data: &Arc<Vec<u8>>, family: &str) -> Result<(), AnnualError> {
    static KNOWN: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if !known.contains(family) {
        charts_rs::add_fonts(&[data.as_slice()]).map_err(failed)?;
        known.insert(family.to_owned());
    }
    Ok(())
}

/// As it is printed, so that the chart says what the table says.
fn value(cell: &Cell) -> Option<f32> {
    match cell {
        Cell::Count(count) => Some(*count as f32),
        Cell::Rate(rate) => Some(percent(rate) as f32),
        Cell::Empty | Cell::Text(_) | Cell::Day(_) => None,
    }
}

fn percent(rate: &Rate) -> f64 {
    let printed = rate.printed.trim_end_matches('%').parse();
    printed.unwrap_or(100.0 * rate.numerator as f64 / rate.denominator.max(1) as f64)
}

fn bars_height(rows: usize, series: usize) -> f32 {
    (AROUND + rows as f32 * (BAR_GAP + BAR * series as f32)).min(TALLEST)
}

/// As many rows as fit a page; the table has them all.
pub(super) fn most_bars(series: usize) -> usize {
    ((TALLEST - AROUND) / (BAR_GAP + BAR * series.max(1) as f32)) as usize
}
