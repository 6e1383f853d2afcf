//! Plain text: told by its characters, and told from text that a browser would show as a page.

use std::borrow::Cow;

use encoding_rs::GB18030;

/// The text, if the bytes are UTF-8 or GB18030 and nothing but characters that are written and line breaks.
pub(super) fn text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => GB18030.decode_without_bom_handling_and_without_replacement(bytes)?,
    };
    let written = |c: char| matches!(c, '\n' | '\r' | '\t') || !c.is_control();
    text.chars().all(written).then_some(text)
}

/// Whether it begins like a web page or any other markup (SVG, XML), or holds a tag that a browser would run:
/// some browsers look at the content, whatever the server calls it.
pub(super) fn is_markup(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let mut head = start.chars();
    let opens = head.next() == Some('<')
        && head.next().is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '!' | '?' | '/'));
    opens || has_tag(text.as_bytes())
}

/// Whether a tag stands anywhere in it that makes a browser take it for a page, or run it.
pub(super) fn has_tag(bytes: &[u8]) -> bool {
    const TAGS: [&[u8]; 6] = [b"!doctype html", b"html", b"script", b"svg", b"iframe", b"body"];
    let is_tag = |rest: &[u8]| {
        TAGS.iter().any(|tag| {
            let named = rest.get(..tag.len()).is_some_and(|name| name.eq_ignore_ascii_case(tag));
            named && !rest.get(tag.len()).is_some_and(u8::is_ascii_alphanumeric)
        })
    };
    bytes.iter().enumerate().any(|(at, byte)| *byte == b'<' && is_tag(&bytes[at + 1..]))
}

/// Whether it is a format of its own that happens to be written as text: RTF, PostScript.
pub(super) fn is_another_format(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    ["{\\rtf", "%!PS"].iter().any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_both_encodings_is_read() {
        let zh = "关于修建滨湖大道的议案\r\n\t一、案由";
        assert_eq!(text(zh.as_bytes()).unwrap(), zh);
        assert_eq!(text(&GB18030.encode(zh).0).unwrap(), zh);
        assert_eq!(text("㐀𠀀".as_bytes()).unwrap(), "㐀𠀀");
    }

    #[test]
    fn other_bytes_are_no_text() {
        let utf_16: Vec<u8> = "议案 abc".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for wrong in [&b"a\0b"[..], b"\x1b[2J", &utf_16, b"\xff\xfe\xfd", "a\u{85}b".as_bytes(), b"\xc4"] {
            assert_eq!(text(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn markup_is_seen_wherever_a_browser_sees_it() {
        for page in [
            "<html>",
            "\u{feff} \n<!DOCTYPE html>",
            "<?xml version='1.0'?><svg/>",
            "<p>请看",
            "</p>",
            "正文 <ScRiPt>alert(1)</script>",
            "正文 <svg onload=x>",
            "a<iframe\nsrc=x>",
        ] {
            assert!(is_markup(page), "{page}");
        }
        for plain in ["车流量<300辆", "《条例》<试行>", "a < b", "<<通知>>", "用<scripture>一词", "< 5%"]
        {
            assert!(!is_markup(plain), "{plain}");
        }
    }
}
