//! A text as the scanners see it: characters that people use for one another are one, each with its place.

/// One character, folded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sign {
    /// Its first byte in the text.
    pub at: usize,
    /// The byte after its last.
    pub end: usize,
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

/// The text's signs, in its order; what nobody sees is none.
pub(super) fn signs(text: &str) -> Vec<Sign> {
    let seen = text.char_indices().filter(|(_, c)| !is_unseen(*c));
    seen.map(|(at, c)| Sign { at, end: at + c.len_utf8(), c: folded(c) }).collect()
}

/// The signs with Chinese numerals read as digits, place by place; nothing where there is none.
pub(super) fn spelled(signs: &[Sign]) -> Option<Vec<Sign>> {
    let some = signs.iter().any(|sign| numeral(sign.c).is_some());
    some.then(|| signs.iter().map(|sign| Sign { c: numeral(sign.c).unwrap_or(sign.c), ..*sign }).collect())
}

/// Characters that take no room: a number that is parted by them reads as one.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{20e3}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

/// Full-width letters, digits and marks become ASCII; dashes become `-`, blanks within a line become a space, and
/// dots at half height become `·`.
fn folded(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => '-',
        '\t' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => ' ',
        '•' | '・' | '‧' | '∙' | '⋅' | '･' => '·',
        c => c,
    }
}

/// The digit that a Chinese numeral stands for where a number is spelled.
fn numeral(c: char) -> Option<char> {
    let digit = match c {
        '〇' | '零' | '○' => '0',
        '一' | '壹' | '幺' => '1',
        '二' | '贰' => '2',
        '三' | '叁' => '3',
        '四' | '肆' => '4',
        '五' | '伍' => '5',
        '六' | '陆' => '6',
        '七' | '柒' => '7',
        '八' | '捌' => '8',
        '九' | '玖' => '9',
        _ => return None,
    };
    Some(digit)
}

/// Whether an address's domain may hold it.
pub(super) fn in_domain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-')
}
