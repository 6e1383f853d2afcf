//! A text as the scanners see it: characters that people use for one another are one, each with its place.

/// One character, folded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sign {
    /// Its first byte in the text.
    pub at: usize,
    pub c: char,
}

/// No scanner takes a star for part of anything, and the full-width stars of the mask fold to it.
const MASKED: char = '*';

impl Sign {
    pub(super) fn mask(&mut self) {
        self.c = MASKED;
    }

    pub(super) fn is_masked(&self) -> bool {
        self.c == MASKED
    }

    pub(super) fn is_digit(&self) -> bool {
        self.c.is_ascii_digit()
    }
}

/// The text's signs, in its order.
pub(super) fn signs(text: &str) -> Vec<Sign> {
    text.char_indices().map(|(at, c)| Sign { at, c: folded(c) }).collect()
}

/// Full-width letters, digits and marks become ASCII; dashes become `-`, blanks within a line become a space.
fn folded(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => '-',
        '\t' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => ' ',
        c => c,
    }
}

/// Whether an address's domain may hold it.
pub(super) fn in_domain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-')
}
