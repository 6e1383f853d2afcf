//! Where a text may be broken into lines: between Chinese characters anywhere, save where 避头尾 forbids it.

use std::ops::Range;

/// None of these begins a line.
const CLOSING: &str = "，。、；：？！…—～·）］｝〕〉》」』】〗”’％‰℃°,.;:?!)]}%";
/// None of these ends a line.
const OPENING: &str = "（［｛〔〈《「『【〖“‘￥＄№([{$";

/// Sums of widths are not exact.
const SLACK: f32 = 0.01;

/// A piece of a line that stays in one.
struct Piece {
    range: Range<usize>,
    width: f32,
    /// Without the blanks at its end, which may hang over the edge: they are cut off there.
    seen: f32,
}

/// Breaks `text` into lines no wider than `first` and then `rest`, unless a single character is wider.
///
/// Blanks at a break belong to neither line. Gives at least one line. How wide a character is may depend on where in
/// the text it stands.
pub(crate) fn lines(
    text: &str,
    first: f32,
    rest: f32,
    advance: impl Fn(usize, char) -> f32,
) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut line = 0..0;
    let mut width = 0.0;
    for piece in pieces(text, rest, advance) {
        let room = if lines.is_empty() { first } else { rest };
        if width + piece.seen > room + SLACK && line.end > line.start {
            lines.push(trimmed(text, line));
            line = piece.range.start..piece.range.start;
            width = 0.0;
        }
        line.end = piece.range.end;
        width += piece.width;
    }
    lines.push(trimmed(text, line));
    lines
}

/// Without the blanks at its end.
fn trimmed(text: &str, line: Range<usize>) -> Range<usize> {
    line.start..line.start + text[line.clone()].trim_end().len()
}

/// The text in pieces between which it may be broken. One that is wider than a line is broken anywhere: an address
/// of the web, or a row of marks of exclamation.
fn pieces(text: &str, widest: f32, advance: impl Fn(usize, char) -> f32) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut before = None;
    for (at, c) in text.char_indices() {
        let range = at..at + c.len_utf8();
        let width = advance(at, c);
        match pieces.last_mut() {
            Some(last) if before.is_some_and(|b| together(b, c)) && last.width + width <= widest + SLACK => {
                last.range.end = range.end;
                last.width += width;
                last.seen = if c.is_whitespace() { last.seen } else { last.width };
            }
            _ => pieces.push(Piece { range, width, seen: if c.is_whitespace() { 0.0 } else { width } }),
        }
        before = Some(c);
    }
    pieces
}

/// Whether no line may end between the two.
fn together(before: char, after: char) -> bool {
    if after.is_whitespace() {
        return true;
    }
    if before.is_whitespace() {
        return false;
    }
    CLOSING.contains(after) || OPENING.contains(before) || joins(after) || (in_word(before) && in_word(after))
}

/// Whether a line that is a little short may be stretched between the two: anywhere but within a word.
pub(crate) fn stretches(before: char, after: char) -> bool {
    !(joins(after) || in_word(before) && in_word(after))
}

/// Whether it belongs to the character before it.
fn joins(c: char) -> bool {
    super::font::unseen(c) || matches!(c, '\u{300}'..='\u{36F}' | '\u{3099}' | '\u{309A}')
}

/// Latin and other letters that make words, digits, and the signs within them; what is Chinese stands above, as do
/// the marks and symbols that both share.
fn in_word(c: char) -> bool {
    c < '\u{2010}' && !c.is_whitespace()
}
