//! Texts into rows: which words stand in which line, how far from the left, and how far apart.

use std::ops::Range;

use super::{
    breaking::{lines, stretches},
    font::Faces,
    measures::{ASCENT, WIDTH},
};

/// Which of a font's faces.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// 宋体.
    Text,
    /// 黑体.
    Heading,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Ink {
    Black,
    Red,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Look {
    pub kind: Kind,
    pub size: f32,
    pub ink: Ink,
    /// 小标宋 is a bold 宋体.
    pub bold: bool,
}

impl Look {
    pub fn text(size: f32) -> Look {
        Look { kind: Kind::Text, size, ink: Ink::Black, bold: false }
    }

    pub fn heading(size: f32) -> Look {
        Look { kind: Kind::Heading, ..Look::text(size) }
    }

    pub fn title(size: f32) -> Look {
        Look { bold: true, ..Look::text(size) }
    }
}

/// Words in one line.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub text: String,
    pub look: Look,
    /// From the left edge of what is printed on.
    pub x: f32,
    /// From the top of its row, and once placed from the top of its page.
    pub baseline: f32,
    /// What is added wherever the line may be stretched.
    pub spread: f32,
}

/// One line of the page, blank if it has no run.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub runs: Vec<Run>,
    pub height: f32,
    /// Stands on the same page as the next one.
    pub keep: bool,
}

impl Row {
    pub fn blank(height: f32) -> Row {
        Row { runs: Vec::new(), height, keep: false }
    }

    pub fn kept(self) -> Row {
        Row { keep: true, ..self }
    }
}

/// Where a paragraph's lines stand.
pub(crate) enum Place {
    /// The first line and the others from these; all but the last reach the right edge, less the last number.
    Filled { first: f32, rest: f32, right: f32 },
    /// In the middle, and of about the same length.
    Centred,
    /// So far from the right edge.
    Right(f32),
}

/// Sets texts in a font's faces.
pub(crate) struct Setter<'a> {
    pub faces: &'a Faces<'a>,
}

impl Setter<'_> {
    pub fn width(&self, text: &str, look: Look) -> f32 {
        text.chars().map(|c| self.advance(c, look)).sum()
    }

    pub fn advance(&self, c: char, look: Look) -> f32 {
        let face = match (look.kind, &self.faces.heading) {
            (Kind::Heading, Some(heading)) => heading,
            _ => &self.faces.text,
        };
        face.advance(c) * look.size
    }

    /// One line, that begins at `x`.
    pub fn run(&self, text: &str, look: Look, x: f32, height: f32) -> Run {
        let baseline = (height - look.size) / 2.0 + look.size * ASCENT;
        Run { text: text.to_owned(), look, x, baseline, spread: 0.0 }
    }

    /// A paragraph in rows of a height.
    pub fn rows(&self, text: &str, look: Look, place: &Place, height: f32) -> Vec<Row> {
        let broken = self.broken(text, look, place);
        let last = broken.len().saturating_sub(1);
        let row = |(index, range): (usize, Range<usize>)| {
            let mut run = self.run(&text[range], look, 0.0, height);
            self.put(&mut run, place, index == 0, index == last);
            Row { runs: vec![run], height, keep: false }
        };
        broken.into_iter().enumerate().map(row).collect()
    }

    fn broken(&self, text: &str, look: Look, place: &Place) -> Vec<Range<usize>> {
        let within = |first, rest| lines(text, first, rest, |_, c| self.advance(c, look));
        match place {
            Place::Filled { first, rest, right } => within(WIDTH - first - right, WIDTH - rest - right),
            Place::Right(right) => within(WIDTH - right, WIDTH - right),
            Place::Centred => {
                let fewest = within(WIDTH, WIDTH).len();
                let mut widths = (1..).map(|ems| ems as f32 * look.size).take_while(|width| *width < WIDTH);
                // Not narrower than half, where long words would be split.
                let narrowest =
                    widths.find(|width| *width > WIDTH / 2.0 && within(*width, *width).len() == fewest);
                within(narrowest.unwrap_or(WIDTH), narrowest.unwrap_or(WIDTH))
            }
        }
    }

    fn put(&self, run: &mut Run, place: &Place, first_line: bool, last_line: bool) {
        let width = self.width(&run.text, run.look);
        match place {
            Place::Centred => run.x = (WIDTH - width) / 2.0,
            Place::Right(right) => run.x = WIDTH - right - width,
            Place::Filled { first, rest, right } => {
                run.x = if first_line { *first } else { *rest };
                if !last_line {
                    run.spread = spread(&run.text, WIDTH - right - run.x - width, run.look.size);
                }
            }
        }
    }
}

/// What fills the line when it is added wherever the line may be stretched. A line that lacks more than a few
/// characters, since a long word stands below it, is left short.
pub(crate) fn spread(text: &str, lacking: f32, size: f32) -> f32 {
    let gaps =
        text.chars().zip(text.chars().skip(1)).filter(|(before, after)| stretches(*before, *after)).count();
    let bearable = lacking > 0.0 && gaps > 0 && lacking / gaps as f32 <= size / 4.0;
    if bearable { lacking / gaps as f32 } else { 0.0 }
}
