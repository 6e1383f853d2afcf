//! The report as a Word file: an office can edit its words, in the fonts that its computers have; charts are pictures.

use super::{
    Annual, AnnualError, Cell, Chart, Charts, Table,
    grid::edges,
    words::{Block, Marked, blocks, caption, is_figure, picture_caption, printed, signed},
};
use crate::letter::{
    form::line,
    measures::{BODY, PITCH, SMALL, TITLE, TITLE_PITCH, WIDTH},
    word::{
        BODY_FACE, BODY_NOMINAL, FOLIO_FACE, HEADING_FACE, NAME_FACE, TITLE_FACE, face, half_points, page,
        pitch, run, twips,
    },
};
use docx_rs::{
    AlignmentType, Docx, Paragraph, Pic, Run, Shading, SpecialIndentType, TableAlignmentType, TableCell,
    TableCellMargins, TableLayoutType, TableRow, VAlignType, VertAlignType, WidthType,
};
use std::io::Cursor;

/// 五号, in tables and notes, with its line.
const TABLE: f32 = 10.5;
const TABLE_PITCH: f32 = 15.0;
const CAPTION: f32 = SMALL - 2.0;
const CAPTION_PITCH: f32 = 24.0;
/// Behind a table's headings.
const SHADE: &str = "EDEDED";
/// What Word measures pictures in.
const EMU_PER_POINT: f32 = 12_700.0;

/// Writes the report as .docx.
///
/// # Errors
/// [`AnnualError::Chart`] if a chart cannot be drawn.
pub fn docx(annual: &Annual, charts: &Charts) -> Result<Vec<u8>, AnnualError> {
    // Word wants an instant; the report has only its day.
    let day = annual.date.format("%Y-%m-%dT00:00:00Z").to_string();
    let mut docx =
        head(annual).into_iter().fold(page().created_at(&day).updated_at(&day), Docx::add_paragraph);
    for block in blocks(annual) {
        docx = match block {
            Block::Heading(text) => docx.add_paragraph(heading(&text)),
            Block::Text(marked) => docx.add_paragraph(sentence(&marked)),
            Block::Table(number, table) => docx
                .add_paragraph(centred(&caption(number, table, &annual.mark)).keep_next(true))
                .add_table(tabled(table))
                .add_paragraph(Paragraph::new().line_spacing(pitch(TABLE_PITCH))),
            Block::Chart(number, table, chart) => docx
                .add_paragraph(pictured(table, chart, charts, number)?.keep_next(true))
                .add_paragraph(centred(&picture_caption(number, table, chart, &annual.mark))),
            Block::Note(text) => docx.add_paragraph(note(&text)),
        };
    }
    let mut parts = docx.build();
    parts.document = amended(&parts.document);
    let mut bytes = Cursor::new(Vec::new());
    parts.pack(&mut bytes).map_err(|error| AnnualError::Word(error.to_string()))?;
    Ok(bytes.into_inner())
}

/// What docx-rs cannot say: each picture has an id of its own, and a table's first row stands on each of its pages. In the
/// XML it stands as searched for only where the crate wrote it, since every text is escaped.
fn amended(document: &[u8]) -> Vec<u8> {
    const PICTURE: &str = r#"<wp:docPr id="1" name="Figure" />"#;
    const TABLE: &str = "<w:tbl>";
    const ROW: &str = "<w:trPr>";
    let xml = String::from_utf8_lossy(document);
    let mut pieces = xml.split(PICTURE).zip(0..);
    let mut amended = pieces.next().map_or_else(String::new, |(first, _)| first.to_owned());
    for (piece, number) in pieces {
        amended.push_str(&format!(r#"<wp:docPr id="{number}" name="图{number}" />{piece}"#));
    }
    let mut tables = amended.split(TABLE);
    let first = tables.next().unwrap_or_default().to_owned();
    tables
        .fold(first, |all, table| all + TABLE + &table.replacen(ROW, "<w:trPr><w:tblHeader />", 1))
        .into_bytes()
}

fn head(annual: &Annual) -> [Paragraph; 4] {
    let centred = |text: &str, name: &str, size: f32, height: f32| {
        Paragraph::new()
            .align(AlignmentType::Center)
            .line_spacing(pitch(height))
            .add_run(run(text, name, size))
    };
    let blank = || Paragraph::new().line_spacing(pitch(PITCH / 2.0));
    [
        centred(&line(&annual.title), TITLE_FACE, TITLE, TITLE_PITCH).outline_lvl(0),
        blank(),
        centred(&signed(annual), NAME_FACE, BODY_NOMINAL, PITCH),
        blank(),
    ]
}

fn heading(text: &str) -> Paragraph {
    indented(BODY).outline_lvl(1).keep_next(true).add_run(run(text, HEADING_FACE, BODY_NOMINAL))
}

fn sentence(marked: &Marked) -> Paragraph {
    let paragraph = indented(BODY).align(AlignmentType::Both).line_spacing(pitch(PITCH));
    marked.runs(0..marked.text.len()).into_iter().fold(paragraph, |paragraph, (range, is_mark)| {
        let run = run(&marked.text[range], BODY_FACE, BODY_NOMINAL);
        paragraph.add_run(if is_mark { raised(run) } else { run })
    })
}

fn raised(mut run: Run) -> Run {
    run.run_property = run.run_property.vert_align(VertAlignType::SuperScript);
    run
}

/// By two characters.
fn indented(size: f32) -> Paragraph {
    let first = SpecialIndentType::FirstLine(twips(2.0 * size));
    Paragraph::new().line_spacing(pitch(PITCH)).indent(None, Some(first), None, None)
}

fn centred(text: &str) -> Paragraph {
    Paragraph::new().align(AlignmentType::Center).line_spacing(pitch(CAPTION_PITCH)).add_run(run(
        text,
        HEADING_FACE,
        CAPTION,
    ))
}

fn note(text: &str) -> Paragraph {
    indented(TABLE).line_spacing(pitch(TABLE_PITCH)).add_run(run(text, FOLIO_FACE, TABLE))
}

fn tabled(table: &Table) -> docx_rs::Table {
    let ends: Vec<usize> =
        edges(&table.columns, WIDTH).map(|edge| twips(edge).unsigned_abs() as usize).collect();
    let widths: Vec<usize> =
        std::iter::once(0).chain(ends.iter().copied()).zip(&ends).map(|(a, b)| b - a).collect();
    let head = table.columns.iter().zip(&widths).map(|(column, width)| {
        cell(&line(&column.heading), HEADING_FACE, AlignmentType::Center, *width)
            .shading(Shading::new().fill(SHADE))
    });
    let rows = table.rows.iter().map(|row| {
        let name = if row.total { HEADING_FACE } else { FOLIO_FACE };
        let cells = row.cells.iter().zip(&widths);
        let cells = cells.map(|(it, width)| cell(&printed(it), name, side(it), *width));
        TableRow::new(cells.collect()).cant_split()
    });
    let all = std::iter::once(TableRow::new(head.collect()).cant_split()).chain(rows).collect();
    docx_rs::Table::new(all)
        .set_grid(widths)
        .width(twips(WIDTH).unsigned_abs() as usize, WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .align(TableAlignmentType::Center)
        .margins(TableCellMargins::new().margin(30, 70, 30, 70))
}

fn cell(text: &str, name: &str, side: AlignmentType, width: usize) -> TableCell {
    let words = Run::new().add_text(text).fonts(face(name)).size(half_points(TABLE));
    let paragraph = Paragraph::new().align(side).line_spacing(pitch(TABLE_PITCH)).add_run(words);
    TableCell::new().width(width, WidthType::Dxa).vertical_align(VAlignType::Center).add_paragraph(paragraph)
}

fn side(cell: &Cell) -> AlignmentType {
    if is_figure(cell) { AlignmentType::Center } else { AlignmentType::Left }
}

fn pictured(table: &Table, chart: &Chart, charts: &Charts, number: usize) -> Result<Paragraph, AnnualError> {
    let picture = charts.picture(table, chart)?;
    let emu = |points: f32| (points * EMU_PER_POINT) as u32;
    let height = WIDTH * picture.height as f32 / picture.width as f32;
    let pic = Pic::new_with_dimensions(picture.png, picture.width, picture.height)
        .size(emu(WIDTH), emu(height))
        // Otherwise counted on through the program's life, so that the same report would give other bytes.
        .id(format!("rIdImage{number}"));
    Ok(Paragraph::new().align(AlignmentType::Center).add_run(Run::new().add_image(pic)))
}
