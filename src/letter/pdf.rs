//! The letter as PDF: draws its pages, with the characters they use embedded.

use krilla::{
    Document,
    color::rgb,
    geom::{PathBuilder, Point, Rect},
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, Paint, Stroke},
    surface::Surface,
    text::{GlyphId, KrillaGlyph},
};

use super::{
    Font, Letter, LetterError,
    breaking::stretches,
    font::{Faces, OpenFace, unseen},
    form::Form,
    layout::{Ink, Kind, Run, Setter},
    measures::{LEFT, PAGE_HEIGHT, PAGE_WIDTH, RED, WIDTH},
    pages::{Page, Rule, pages},
};

/// A bold face is a plain one with an outline of this part of its size.
const OUTLINE: f32 = 0.03;

/// Writes the letter as PDF.
///
/// # Errors
/// [`LetterError::Pdf`] if the font cannot be embedded.
pub fn pdf(letter: &Letter, font: &Font) -> Result<Vec<u8>, LetterError> {
    let form = Form::of(letter);
    let faces = font.open()?;
    let mut document = Document::new();
    let about = Metadata::new().title(form.title.clone()).authors(vec![form.issuer.clone()]);
    document.set_metadata(about.language("zh-CN".to_owned()));
    for page in pages(&form, &Setter { faces: &faces }) {
        draw(&mut document, &page, &faces)?;
    }
    document.finish().map_err(|error| LetterError::Pdf(error.to_string()))
}

fn draw(document: &mut Document, page: &Page, faces: &Faces) -> Result<(), LetterError> {
    let size = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT);
    let mut sheet = document.start_page_with(size.ok_or_else(|| LetterError::Pdf("A4".to_owned()))?);
    let mut surface = sheet.surface();
    for rule in &page.rules {
        draw_rule(&mut surface, rule);
    }
    for run in &page.runs {
        draw_run(&mut surface, run, faces);
    }
    surface.finish();
    sheet.finish();
    Ok(())
}

fn draw_rule(surface: &mut Surface, rule: &Rule) {
    let Some(rect) = Rect::from_xywh(LEFT, rule.y - rule.thickness / 2.0, WIDTH, rule.thickness) else {
        return;
    };
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    let Some(path) = path.finish() else { return };
    surface.set_fill(Some(fill(rule.ink)));
    surface.set_stroke(None);
    surface.draw_path(&path);
}

pub(crate) fn draw_run(surface: &mut Surface, run: &Run, faces: &Faces) {
    let (face, bold) = match (run.look.kind, &faces.heading) {
        (Kind::Text, _) => (&faces.text, run.look.bold),
        (Kind::Heading, Some(heading)) => (heading, run.look.bold),
        (Kind::Heading, None) => (&faces.text, true),
    };
    let glyphs = glyphs(run, face);
    if glyphs.is_empty() {
        return;
    }
    let outline = Stroke { paint: paint(run.look.ink), width: run.look.size * OUTLINE, ..Stroke::default() };
    surface.set_fill(Some(fill(run.look.ink)));
    surface.set_stroke(bold.then_some(outline));
    let start = Point::from_xy(LEFT + run.x, run.baseline);
    surface.draw_glyphs(start, &glyphs, face.krilla.clone(), &run.text, run.look.size, false);
}

/// A shape for each character. One that is not seen belongs to the one before it, so that it can still be copied.
fn glyphs(run: &Run, face: &OpenFace) -> Vec<KrillaGlyph> {
    let mut glyphs: Vec<KrillaGlyph> = Vec::new();
    let mut characters = run.text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let range = at..at + c.len_utf8();
        if unseen(c) {
            if let Some(before) = glyphs.last_mut() {
                before.text_range.end = range.end;
            }
            continue;
        }
        let stretch = characters.peek().is_some_and(|(_, after)| stretches(c, *after));
        let wider = if stretch { run.spread / run.look.size } else { 0.0 };
        let id = GlyphId::new(face.glyph(c).to_u32());
        glyphs.push(KrillaGlyph::new(id, face.advance(c) + wider, 0.0, 0.0, 0.0, range, None));
    }
    glyphs
}

pub(crate) fn fill(ink: Ink) -> Fill {
    Fill { paint: paint(ink), opacity: NormalizedF32::ONE, ..Fill::default() }
}

fn paint(ink: Ink) -> Paint {
    let (red, green, blue) = match ink {
        Ink::Black => (0, 0, 0),
        Ink::Red => RED,
    };
    rgb::Color::new(red, green, blue).into()
}
