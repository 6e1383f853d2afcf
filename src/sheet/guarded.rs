//! Which texts a spreadsheet program takes for a formula when it reads CSV, and what keeps it from that.

use std::borrow::Cow;

/// The text with an apostrophe before it if a program could take it for a formula; taken off again it is the text.
///
/// Half and full width, since programs set to Chinese or Japanese take both; also behind blanks, quotes and marks of no
/// width, which some programs drop first.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

fn is_formula(text: &str) -> bool {
    let dropped = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
            || matches!(c, '\'' | '"' | '‘' | '’' | '“' | '”' | '＂' | '＇')
    };
    let starts = |c: char| {
        matches!(
            c,
            '=' | '+'
                | '-'
                | '@'
                | '＝'
                | '＋'
                | '－'
                | '＠'
                | '\u{2212}'
                | '\u{fe62}'
                | '\u{fe63}'
                | '\u{fe66}'
                | '\u{fe6b}'
        )
    };
    // A tab or a line break at the front may end the cell before.
    text.starts_with(['\t', '\r', '\n']) || text.trim_start_matches(dropped).starts_with(starts)
}
