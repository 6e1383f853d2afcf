//! The report as PDF: its pages with the characters they use embedded, and the charts as vectors.

use super::{
    Annual, AnnualError, Charts,
    grid::grid,
    rich,
    sheets::{Page, Sheets},
    words::{Block, Marked, blocks, caption, picture_caption, signed},
};
use crate::letter::{
    Font,
    font::Faces,
    form::line,
    layout::{Ink, Look, Place, Row, Setter},
    measures::{BODY, LEFT, PAGE_HEIGHT, PAGE_WIDTH, PITCH, SMALL, TITLE, TITLE_PITCH, WIDTH},
    pdf::{draw_run, fill},
};
use krilla::{
    Document,
    geom::{PathBuilder, Rect, Size, Transform},
    metadata::Metadata,
    page::PageSettings,
    surface::Surface,
};
use krilla_svg::{SurfaceExt as _, SvgSettings};

/// 五号, for notes, with its line.
const NOTE: f32 = 10.5;
const NOTE_PITCH: f32 = 15.0;
const CAPTION_PITCH: f32 = 24.0;

/// Writes the report as PDF.
///
/// # Errors
/// [`AnnualError::Pdf`] if the font cannot be embedded, [`AnnualError::Chart`] if a chart cannot be drawn.
pub fn pdf(annual: &Annual, font: &Font, charts: &Charts) -> Result<Vec<u8>, AnnualError> {
    let faces = font.open()?;
    let mut document = Document::new();
    let about = Metadata::new().title(line(&annual.title)).authors(vec![line(&annual.issuer)]);
    document.set_metadata(about.language("zh-CN".to_owned()));
    for page in pages(annual, &Setter { faces: &faces }, charts)? {
        draw(&mut document, &page, &faces)?;
    }
    document.finish().map_err(|error| AnnualError::Pdf(error.to_string()))
}

fn pages(annual: &Annual, setter: &Setter, charts: &Charts) -> Result<Vec<Page>, AnnualError> {
    let mut sheets = Sheets::new();
    let mut above = Vec::new();
    sheets.rows(&head(annual, setter));
    for block in blocks(annual) {
        match block {
            // Stands with what comes below it.
            Block::Heading(text) => above.extend(heading(&text, setter)),
            Block::Text(marked) => {
                above.extend(rich::rows(&marked, setter, Look::text(BODY), 2.0 * BODY, PITCH));
                sheets.rows(&std::mem::take(&mut above));
            }
            Block::Table(number, table) => {
                above.extend(centred(&caption(number, table, &annual.mark), setter));
                sheets.table(&std::mem::take(&mut above), &grid(table, setter, WIDTH));
            }
            Block::Chart(number, table, chart) => {
                let below = centred(&picture_caption(number, table, chart, &annual.mark), setter);
                sheets.picture(&std::mem::take(&mut above), charts.drawn(table, chart)?, &below);
            }
            Block::Note(text) => {
                let note = Marked::plain(&text);
                above.extend(rich::rows(&note, setter, Look::text(NOTE), 2.0 * NOTE, NOTE_PITCH));
                sheets.rows(&std::mem::take(&mut above));
            }
        }
    }
    sheets.rows(&above);
    Ok(sheets.finish(setter))
}

fn head(annual: &Annual, setter: &Setter) -> Vec<Row> {
    let mut rows = setter.rows(&line(&annual.title), Look::title(TITLE), &Place::Centred, TITLE_PITCH);
    rows.push(Row::blank(PITCH / 2.0));
    rows.extend(setter.rows(&signed(annual), Look::text(BODY), &Place::Centred, PITCH));
    rows.push(Row::blank(PITCH));
    rows
}

fn heading(text: &str, setter: &Setter) -> Vec<Row> {
    let indented = Place::Filled { first: 2.0 * BODY, rest: 0.0, right: 0.0 };
    let rows = setter.rows(text, Look::heading(BODY), &indented, PITCH);
    rows.into_iter().map(Row::kept).collect()
}

fn centred(text: &str, setter: &Setter) -> Vec<Row> {
    setter.rows(text, Look::heading(SMALL - 2.0), &Place::Centred, CAPTION_PITCH)
}

fn draw(document: &mut Document, page: &Page, faces: &Faces) -> Result<(), AnnualError> {
    let failed = || AnnualError::Pdf("A4".to_owned());
    let size = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).ok_or_else(failed)?;
    let mut sheet = document.start_page_with(size);
    let mut surface = sheet.surface();
    draw_rules(&mut surface, page);
    for picture in &page.pictures {
        let size = Size::from_wh(WIDTH, picture.height).ok_or_else(failed)?;
        surface.push_transform(&Transform::from_translate(LEFT, picture.y));
        surface.draw_svg(&picture.tree, size, SvgSettings::default()).ok_or_else(failed)?;
        surface.pop();
    }
    for run in &page.runs {
        draw_run(&mut surface, run, faces);
    }
    surface.finish();
    sheet.finish();
    Ok(())
}

fn draw_rules(surface: &mut Surface, page: &Page) {
    surface.set_fill(Some(fill(Ink::Black)));
    surface.set_stroke(None);
    for rule in &page.rules {
        let rect = Rect::from_xywh(LEFT + rule.x, rule.y, rule.width, rule.height);
        let Some(rect) = rect else { continue };
        let mut path = PathBuilder::new();
        path.push_rect(rect);
        if let Some(path) = path.finish() {
            surface.draw_path(&path);
        }
    }
}
