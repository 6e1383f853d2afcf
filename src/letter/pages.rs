//! The letter's rows on pages: the head on the first, 版记 at the foot of the last, a number on each.

use super::{
    form::{Block, Form},
    layout::{Ink, Look, Place, Row, Run, Setter},
    measures::{
        BODY, BOTTOM, DATE_FROM_RIGHT, FOLIO_TOP, ISSUER_LARGEST, ISSUER_SMALLEST, ISSUER_TOP, PITCH, RULE,
        RULE_GAP, SEAL_LINES, SMALL, SMALL_PITCH, TITLE, TITLE_PITCH, TOP, WIDTH,
    },
};

/// A body's paragraph.
const INDENTED: Place = Place::Filled { first: 2.0 * BODY, rest: 0.0, right: 0.0 };
const FLUSH: Place = Place::Filled { first: 0.0, rest: 0.0, right: 0.0 };
/// 抄送: what does not fit the line goes on behind the colon.
const COPIES: Place = Place::Filled { first: SMALL, rest: 4.0 * SMALL, right: SMALL };

/// Sums of heights are not exact.
const SLACK: f32 = 0.1;

/// What is drawn on one page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub runs: Vec<Run>,
    pub rules: Vec<Rule>,
}

/// A line across what is printed on.
#[derive(Debug)]
pub(crate) struct Rule {
    pub y: f32,
    pub thickness: f32,
    pub ink: Ink,
}

/// The whole letter.
pub(crate) fn pages(form: &Form, setter: &Setter) -> Vec<Page> {
    let mut sheets = Sheets { done: Vec::new(), page: Page::default(), y: TOP };
    sheets.head(form, setter);
    for row in head_rows(form, setter) {
        sheets.row(row);
    }
    sheets.red_rule();
    sheets.rows(body(form, setter));
    if let Some(copies) = &form.copies {
        sheets.record(setter.rows(copies, Look::text(SMALL), &COPIES, SMALL_PITCH));
    }
    let mut pages = sheets.done;
    pages.push(sheets.page);
    for (index, page) in pages.iter_mut().enumerate() {
        page.runs.push(folio(index + 1, setter));
    }
    pages
}

/// Pages as they fill.
struct Sheets {
    done: Vec<Page>,
    page: Page,
    y: f32,
}

impl Sheets {
    /// What stands at a place of its own: the marks in the corners.
    fn head(&mut self, form: &Form, setter: &Setter) {
        let look = Look::heading(BODY);
        let mut row = Row::blank(PITCH);
        row.runs.extend(form.marking.as_ref().map(|text| setter.run(text, look, 0.0, PITCH)));
        let right = |text: &String| setter.run(text, look, WIDTH - setter.width(text, look), PITCH);
        row.runs.extend(form.class_mark.as_ref().map(right));
        self.row(row);
        self.y = ISSUER_TOP;
    }

    fn red_rule(&mut self) {
        self.y += RULE_GAP;
        self.page.rules.push(Rule { y: self.y, thickness: 2.0 * RULE, ink: Ink::Red });
        self.y += 2.0 * PITCH;
    }

    /// Those that are kept together go to the next page together.
    fn rows(&mut self, rows: Vec<Row>) {
        for group in rows.split_inclusive(|row| !row.keep) {
            let height: f32 = group.iter().map(|row| row.height).sum();
            if self.y + height > BOTTOM + SLACK && height <= BOTTOM - TOP {
                self.turn();
            }
            for row in group {
                self.row(row.clone());
            }
        }
    }

    fn row(&mut self, row: Row) {
        if self.y + row.height > BOTTOM + SLACK {
            self.turn();
        }
        let at_top = self.y <= TOP && !self.done.is_empty();
        if row.runs.is_empty() && at_top {
            return;
        }
        let y = self.y;
        self.page.runs.extend(row.runs.into_iter().map(|run| Run { baseline: run.baseline + y, ..run }));
        self.y += row.height;
    }

    fn turn(&mut self) {
        self.done.push(std::mem::take(&mut self.page));
        self.y = TOP;
    }

    /// 版记 stands on the last line of the last page, between two rules.
    fn record(&mut self, rows: Vec<Row>) {
        let height: f32 = rows.iter().map(|row| row.height).sum();
        if self.y + PITCH + height > BOTTOM + SLACK {
            self.turn();
        }
        self.y = (BOTTOM - height).max(TOP);
        self.black_rule();
        for row in rows {
            self.row(row);
        }
        self.black_rule();
    }

    fn black_rule(&mut self) {
        self.page.rules.push(Rule { y: self.y, thickness: RULE, ink: Ink::Black });
    }
}

/// 发文机关标志, 发文字号 and 签发人.
fn head_rows(form: &Form, setter: &Setter) -> Vec<Row> {
    let fits = WIDTH / setter.width(&form.issuer, Look::title(1.0)).max(1.0);
    let size = fits.clamp(ISSUER_SMALLEST, ISSUER_LARGEST);
    let look = Look { ink: Ink::Red, ..Look::title(size) };
    let mut rows = setter.rows(&form.issuer, look, &Place::Centred, size * 1.25);
    let number = number(form, setter);
    if !number.is_empty() {
        rows.extend([Row::blank(PITCH), Row::blank(PITCH)]);
    }
    rows.extend(number);
    rows
}

/// 发文字号 in the middle, or at the left where 签发人 stands at the right.
fn number(form: &Form, setter: &Setter) -> Vec<Row> {
    let look = Look::text(BODY);
    let number = form.document_number.as_deref();
    let Some(signer) = &form.signer else {
        return number.map_or(Vec::new(), |text| setter.rows(text, look, &Place::Centred, PITCH));
    };
    let left = Place::Filled { first: BODY, rest: BODY, right: BODY };
    let mut rows = number.map_or(Vec::new(), |text| setter.rows(text, look, &left, PITCH));
    let signed = setter.rows(signer, look, &Place::Right(BODY), PITCH);
    let wide =
        setter.width(number.unwrap_or_default(), look) + setter.width(signer, look) + 3.0 * BODY > WIDTH;
    match rows.last_mut() {
        Some(row) if !wide => row.runs.extend(signed.into_iter().flat_map(|row| row.runs)),
        _ => rows.extend(signed),
    }
    rows
}

/// From the title to the contact.
fn body(form: &Form, setter: &Setter) -> Vec<Row> {
    let mut rows = setter.rows(&form.title, Look::title(TITLE), &Place::Centred, TITLE_PITCH);
    rows.push(Row::blank(PITCH));
    rows.extend(form.body.iter().flat_map(|block| block_rows(block, setter)));
    if let Some(last) = rows.last_mut() {
        last.keep = true;
    }
    rows.extend(signature(form, setter));
    if let Some(contact) = &form.contact {
        rows.extend(setter.rows(contact, Look::text(BODY), &INDENTED, PITCH));
    }
    rows
}

fn block_rows(block: &Block, setter: &Setter) -> Vec<Row> {
    match block {
        Block::Addressees(text) => setter.rows(text, Look::text(BODY), &FLUSH, PITCH),
        Block::Text(text) => setter.rows(text, Look::text(BODY), &INDENTED, PITCH),
        Block::Heading(text) => {
            let rows = setter.rows(text, Look::heading(BODY), &INDENTED, PITCH);
            rows.into_iter().map(Row::kept).collect()
        }
    }
}

/// 署名 over the middle of the date, where the seal goes; with the body's last line, so that no page holds nothing
/// but the signature.
fn signature(form: &Form, setter: &Setter) -> Vec<Row> {
    let look = Look::text(BODY);
    let from_right = DATE_FROM_RIGHT * BODY;
    let wider = setter.width(&form.issuer, look) - setter.width(&form.date, look);
    let under = Place::Right((from_right - wider / 2.0).max(0.0));
    let mut rows: Vec<_> = (0..SEAL_LINES).map(|_| Row::blank(PITCH)).collect();
    rows.extend(setter.rows(&form.issuer, look, &under, PITCH));
    let mut rows: Vec<_> = rows.into_iter().map(Row::kept).collect();
    let mut date = setter.rows(&form.date, look, &Place::Right(from_right), PITCH);
    if form.contact.is_some() {
        date = date.into_iter().map(Row::kept).collect();
    }
    rows.extend(date);
    rows
}

/// — 1 —, one character from the outer edge.
pub(crate) fn folio(number: usize, setter: &Setter) -> Run {
    let look = Look::text(SMALL);
    let text = format!("— {number} —");
    let outer = if number % 2 == 1 { WIDTH - SMALL - setter.width(&text, look) } else { SMALL };
    let run = setter.run(&text, look, outer, SMALL);
    Run { baseline: run.baseline + FOLIO_TOP, ..run }
}
