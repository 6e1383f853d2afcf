//! Text as people type it, brought to one form.

/// A full-width form of an ASCII character becomes that character.
pub(super) fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// A character that copying from web pages leaves behind and nobody sees.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// White space of any width, and what is invisible.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// For comparing: half width, no blanks, lower case.
pub(super) fn fold(text: &str) -> String {
    text.chars().map(narrow).filter(|&c| !is_blank(c)).map(|c| c.to_ascii_lowercase()).collect()
}

/// Without what is blank at either end.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// Without anything in round, square or Chinese brackets; an unclosed bracket runs to the end.
pub(super) fn without_notes(text: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | '（' | '[' | '【' | '〔' | '［' => depth += 1,
            ')' | '）' | ']' | '】' | '〕' | '］' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

/// Marks for "nothing here".
pub(super) fn is_placeholder(text: &str) -> bool {
    matches!(fold(text).as_str(), "" | "无" | "暂无" | "/" | "\\" | "-" | "--" | "—" | "——" | "n/a" | "none")
}

/// At most 40 characters of it, on one line, for showing.
pub(super) fn shorten(text: &str) -> String {
    const SHOWN: usize = 40;
    let line: String =
        trim(text).chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN + 1).collect();
    if line.chars().count() <= SHOWN { line } else { line.chars().take(SHOWN).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_width_blanks_and_case() {
        assert_eq!(fold(" Ａ 类\u{3000}\n（x）"), "a类(x)");
    }

    #[test]
    fn notes_go_and_nested_ones_too() {
        assert_eq!(without_notes("交办日期（年月日（公历））"), "交办日期");
        assert_eq!(without_notes("张三（鸿山"), "张三");
    }

    #[test]
    fn shortens_by_characters() {
        assert_eq!(shorten(&"字".repeat(41)), format!("{}…", "字".repeat(40)));
        assert_eq!(shorten("一\n二"), "一 二");
    }
}
