//! Sentences with marks into rows: a mark is small and raised, and stands in the line of its figure.

use super::words::Marked;
use crate::letter::{
    breaking::{lines, stretches},
    layout::{Look, Row, Run, Setter, spread},
    measures::WIDTH,
};
use std::ops::Range;

/// A mark's size, and how far it is raised, in parts of the text's.
const MARK: f32 = 0.6;
const RAISED: f32 = 0.38;

/// A paragraph in rows of a height, its first line indented; all lines but the last reach the right edge.
pub(super) fn rows(marked: &Marked, setter: &Setter, look: Look, indent: f32, height: f32) -> Vec<Row> {
    let advance = |at: usize, c: char| {
        let small = marked.marks.iter().any(|mark| mark.contains(&at));
        setter.advance(c, if small { shrunk(look) } else { look })
    };
    let broken = lines(&marked.text, WIDTH - indent, WIDTH, advance);
    let last = broken.len().saturating_sub(1);
    let row = |(index, range): (usize, Range<usize>)| {
        let left = if index == 0 { indent } else { 0.0 };
        let text = &marked.text[range.clone()];
        let width: f32 = text.char_indices().map(|(at, c)| advance(range.start + at, c)).sum();
        let wider = if index == last { 0.0 } else { spread(text, WIDTH - left - width, look.size) };
        Row { runs: runs(marked, range, setter, look, (left, wider), height), height, keep: false }
    };
    broken.into_iter().enumerate().map(row).collect()
}

fn runs(
    marked: &Marked,
    range: Range<usize>,
    setter: &Setter,
    look: Look,
    (left, wider): (f32, f32),
    height: f32,
) -> Vec<Run> {
    let mut x = left;
    let mut runs = Vec::new();
    for (piece, is_mark) in marked.runs(range.clone()) {
        let text = &marked.text[piece.clone()];
        let run_look = if is_mark { shrunk(look) } else { look };
        let baseline = setter.run(text, look, x, height).baseline;
        let raised = if is_mark { look.size * RAISED } else { 0.0 };
        runs.push(Run {
            text: text.to_owned(),
            look: run_look,
            x,
            baseline: baseline - raised,
            spread: wider,
        });
        let next = marked.text[piece.end..range.end].chars().next();
        let followed = text.chars().zip(text.chars().skip(1).map(Some).chain([next]));
        let gaps =
            followed.filter(|(before, after)| after.is_some_and(|after| stretches(*before, after))).count();
        x += setter.width(text, run_look) + wider * gaps as f32;
    }
    runs
}

fn shrunk(look: Look) -> Look {
    Look { size: look.size * MARK, ..look }
}
