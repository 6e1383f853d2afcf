//! The letter as a Word file: paragraphs that an office can still edit, in the fonts that its computers have.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, BorderType, DocGrid, Docx, Footer, LineSpacing, LineSpacingType, PageMargin, PageNum,
    Paragraph, ParagraphBorder, ParagraphBorderPosition, ParagraphBorders, Run, RunFonts, SpecialIndentType,
    Tab, TabValueType,
};

use super::{
    Letter, LetterError,
    form::{Block, Form},
    measures::{
        BODY, BOTTOM, DATE_FROM_RIGHT, FOLIO_TOP, ISSUER_LARGEST, ISSUER_SMALLEST, ISSUER_TOP, LEFT, MM,
        PAGE_HEIGHT, PAGE_WIDTH, PITCH, RULE, RULE_GAP, SEAL_LINES, SMALL, SMALL_PITCH, TITLE, TITLE_PITCH,
        TOP, WIDTH,
    },
};

/// 三号 as Word counts it.
pub(crate) const BODY_NOMINAL: f32 = 16.0;
/// Twips between two characters of it, so that 28 fill a line. A grid of characters would say the same, but Word and
/// LibreOffice read that differently.
const BODY_SPACING: i32 = -5;

/// Word's names of the faces that GB/T 9704 asks for. Where one is missing, Word takes 宋体.
pub(crate) const BODY_FACE: &str = "仿宋";
pub(crate) const HEADING_FACE: &str = "黑体";
pub(crate) const NAME_FACE: &str = "楷体";
pub(crate) const TITLE_FACE: &str = "方正小标宋简体";
pub(crate) const FOLIO_FACE: &str = "宋体";

const BLACK: &str = "000000";
const RED: &str = "E00000";

/// Writes the letter as .docx.
///
/// # Errors
/// [`LetterError::Word`], which no letter is known to cause.
pub fn docx(letter: &Letter) -> Result<Vec<u8>, LetterError> {
    let form = Form::of(letter);
    // Word wants an instant; the letter has only its day.
    let day = letter.date.format("%Y-%m-%dT00:00:00Z").to_string();
    let page = page().created_at(&day).updated_at(&day);
    let docx = paragraphs(&form).into_iter().fold(page, Docx::add_paragraph);
    let mut bytes = Cursor::new(Vec::new());
    docx.pack(&mut bytes).map_err(|error| LetterError::Word(error.to_string()))?;
    Ok(bytes.into_inner())
}

/// An empty one, with its margins, its face and its page numbers.
pub(crate) fn page() -> Docx {
    let margin = PageMargin::new()
        .top(twips(TOP))
        .bottom(twips(PAGE_HEIGHT - BOTTOM))
        .left(twips(LEFT))
        .right(twips(PAGE_WIDTH - LEFT - WIDTH))
        .header(twips(15.0 * MM))
        .footer(twips(PAGE_HEIGHT - FOLIO_TOP - SMALL));
    // Each paragraph has its pitch; a grid would stretch the title's lines to two of it.
    let no_grid = DocGrid::with_empty();
    let mut docx = Docx::new()
        .page_size(twips(PAGE_WIDTH).unsigned_abs(), twips(PAGE_HEIGHT).unsigned_abs())
        .page_margin(margin)
        .default_fonts(face(BODY_FACE))
        .default_size(half_points(BODY_NOMINAL))
        .footer(folio(AlignmentType::Right))
        .even_footer(folio(AlignmentType::Left));
    docx.document = docx.document.doc_grid(no_grid);
    docx
}

/// — 1 —, one character from the outer edge.
pub(crate) fn folio(side: AlignmentType) -> Footer {
    let dash = |text| run(text, FOLIO_FACE, SMALL);
    let number = Paragraph::new()
        .align(side)
        .indent(Some(twips(SMALL)), None, Some(twips(SMALL)), None)
        .fonts(face(FOLIO_FACE))
        .size(half_points(SMALL))
        .add_run(dash("— "))
        .add_page_num(PageNum::new())
        .add_run(dash(" —"));
    Footer::new().add_paragraph(number)
}

fn paragraphs(form: &Form) -> Vec<Paragraph> {
    let mut all = head(form);
    all.extend([blank(), blank(), title(form), blank()]);
    all.extend(form.body.iter().map(block));
    // No page is to hold nothing but the signature.
    if let Some(last) = all.pop() {
        all.push(last.keep_next(true));
    }
    all.extend(signature(form));
    all.extend(form.contact.as_deref().map(indented));
    all.extend(form.copies.as_deref().into_iter().flat_map(copies));
    all
}

fn head(form: &Form) -> Vec<Paragraph> {
    let marks = Paragraph::new()
        .line_spacing(pitch(PITCH))
        .add_tab(right_tab(WIDTH))
        .add_run(run(form.marking.as_deref().unwrap_or_default(), HEADING_FACE, BODY_NOMINAL).add_tab())
        .add_run(run(form.class_mark.as_deref().unwrap_or_default(), HEADING_FACE, BODY_NOMINAL));
    let size = (WIDTH / ems(&form.issuer).max(1.0)).clamp(ISSUER_SMALLEST, ISSUER_LARGEST);
    let issuer = Paragraph::new()
        .align(AlignmentType::Center)
        .line_spacing(LineSpacing::new().before(twips(ISSUER_TOP - TOP - PITCH).unsigned_abs()))
        .add_run(run(&form.issuer, TITLE_FACE, size).color(RED));
    let rule = ruled(RULE_GAP, ParagraphBorderPosition::Bottom, RED, 2.0 * RULE);
    match number(form) {
        Some(number) => vec![marks, issuer, blank(), blank(), number, rule],
        None => vec![marks, issuer, rule],
    }
}

/// 发文字号 in the middle, or at the left where 签发人 stands at the right.
fn number(form: &Form) -> Option<Paragraph> {
    let text = form.document_number.as_deref();
    let paragraph = Paragraph::new().line_spacing(pitch(PITCH));
    let Some(signer) = &form.signer else {
        return Some(paragraph.align(AlignmentType::Center).add_run(run(text?, BODY_FACE, BODY_NOMINAL)));
    };
    let (label, name) = signer.split_at(signer.find('：').map_or(0, |at| at + '：'.len_utf8()));
    let numbered = run(text.unwrap_or_default(), BODY_FACE, BODY_NOMINAL);
    Some(
        paragraph
            .indent(Some(twips(BODY)), None, Some(twips(BODY)), None)
            .add_tab(right_tab(WIDTH - BODY))
            .add_run(numbered.add_tab())
            .add_run(run(label, BODY_FACE, BODY_NOMINAL))
            .add_run(run(name, NAME_FACE, BODY_NOMINAL)),
    )
}

fn title(form: &Form) -> Paragraph {
    Paragraph::new()
        .align(AlignmentType::Center)
        .outline_lvl(0)
        .line_spacing(pitch(TITLE_PITCH))
        .add_run(run(&form.title, TITLE_FACE, TITLE))
}

fn block(block: &Block) -> Paragraph {
    match block {
        Block::Addressees(text) => plain(text, BODY_FACE),
        Block::Heading(text) => two_in(plain(text, HEADING_FACE)).outline_lvl(1).keep_next(true),
        Block::Text(text) => indented(text),
    }
}

fn plain(text: &str, face: &str) -> Paragraph {
    Paragraph::new().align(AlignmentType::Both).line_spacing(pitch(PITCH)).add_run(run(
        text,
        face,
        BODY_NOMINAL,
    ))
}

fn indented(text: &str) -> Paragraph {
    two_in(plain(text, BODY_FACE))
}

/// Two characters.
fn two_in(paragraph: Paragraph) -> Paragraph {
    paragraph.indent(None, Some(SpecialIndentType::FirstLine(twips(2.0 * BODY))), None, None)
}

/// 署名 over the middle of the date, where the seal goes; none of it is left alone on a page.
fn signature(form: &Form) -> Vec<Paragraph> {
    let from_right = DATE_FROM_RIGHT + (ems(&form.date) - ems(&form.issuer)) / 2.0;
    let signed = |text: &str, ems: f32| {
        plain(text, BODY_FACE)
            .align(AlignmentType::Right)
            .indent(None, None, Some(twips(ems.max(0.0) * BODY)), None)
            .keep_lines(true)
    };
    let mut all: Vec<_> = (0..SEAL_LINES).map(|_| blank().keep_next(true)).collect();
    all.push(signed(&form.issuer, from_right).keep_next(true));
    all.push(signed(&form.date, DATE_FROM_RIGHT));
    all
}

/// 抄送 between two rules; what does not fit the line goes on behind the colon.
fn copies(text: &str) -> Vec<Paragraph> {
    let hanging = SpecialIndentType::Hanging(twips(3.0 * SMALL));
    let listed = Paragraph::new()
        .line_spacing(pitch(SMALL_PITCH))
        .keep_lines(true)
        .keep_next(true)
        .indent(Some(twips(4.0 * SMALL)), Some(hanging), Some(twips(SMALL)), None)
        .add_run(run(text, BODY_FACE, SMALL));
    let rule = |position| ruled(PITCH, position, BLACK, RULE);
    vec![rule(ParagraphBorderPosition::Bottom).keep_next(true), listed, rule(ParagraphBorderPosition::Top)]
}

fn blank() -> Paragraph {
    Paragraph::new().line_spacing(pitch(PITCH))
}

/// A blank line with a rule on one side: a paragraph's own would be as narrow as its indents make it.
fn ruled(height: f32, side: ParagraphBorderPosition, color: &str, thickness: f32) -> Paragraph {
    let rule = ParagraphBorder::new(side).val(BorderType::Single).size(eighths(thickness)).color(color);
    let mut paragraph = Paragraph::new().line_spacing(pitch(height));
    paragraph.property = paragraph.property.set_borders(ParagraphBorders::with_empty().set(rule));
    paragraph
}

pub(crate) fn run(text: &str, name: &str, size: f32) -> Run {
    let run = Run::new().add_text(text).fonts(face(name)).size(half_points(size));
    if size == BODY_NOMINAL { run.character_spacing(BODY_SPACING) } else { run }
}

/// The hint makes quotation marks Chinese, which both scripts share.
pub(crate) fn face(name: &str) -> RunFonts {
    RunFonts::new().east_asia(name).ascii("Times New Roman").hi_ansi("Times New Roman").hint("eastAsia")
}

pub(crate) fn pitch(points: f32) -> LineSpacing {
    LineSpacing::new().line_rule(LineSpacingType::Exact).line(twips(points))
}

fn right_tab(at: f32) -> Tab {
    Tab::new().val(TabValueType::Right).pos(twips(at).unsigned_abs() as usize)
}

/// How wide a text is, roughly, in characters: Latin ones take half.
fn ems(text: &str) -> f32 {
    text.chars().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum()
}

pub(crate) fn twips(points: f32) -> i32 {
    (points * 20.0).round() as i32
}

pub(crate) fn half_points(points: f32) -> usize {
    (points * 2.0).round() as usize
}

pub(crate) fn eighths(points: f32) -> usize {
    (points * 8.0).round() as usize
}
