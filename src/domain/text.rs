//! Text that people wrote: bounded, and free of characters that no form would carry.

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use std::{borrow::Cow, ops::Deref};

/// At most `MAX` characters, at least one of them visible; `LINES` tells whether line breaks are allowed.
///
/// Control characters and those that turn reading order around are refused: they make a printed letter say something
/// else than the screen. Characters of no width come along when text is pasted, and hide a word from every search:
/// they are dropped, except the joiner U+200D, which emoji are made with. Dropped and not refused, because stored
/// events are read by the same rule, and must be read for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize, const LINES: bool>(String);

/// Soft hyphen, zero-width space and non-joiner, word joiner.
const NO_WIDTH: [char; 4] = ['\u{ad}', '\u{200b}', '\u{200c}', '\u{2060}'];

/// The title 标题 of a case.
pub type Title = Text<200, false>;
/// The full text 正文 of a suggestion or a reply.
pub type Body = Text<20_000, true>;
/// A reason, note or record of a page at most.
pub type Note = Text<2_000, true>;
/// A name, document number or the like.
pub type Line = Text<100, false>;

impl<const MAX: usize, const LINES: bool> Text<MAX, LINES> {
    /// A sentence of the program's own: what no form carries is left out, and what is too long is cut.
    pub fn said(text: &str) -> Self {
        Text(text.trim().chars().filter(|c| !c.is_control()).take(MAX).collect())
    }

    /// # Errors
    /// Says what is wrong and what would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text: Cow<'_, str> = match text.contains(NO_WIDTH) {
            true => text.replace(NO_WIDTH, "").into(),
            false => text.into(),
        };
        let text = text.trim();
        if text.is_empty() {
            return Err("must not be empty".to_owned());
        }
        let length = text.chars().count();
        if length > MAX {
            return Err(format!("has {length} characters; at most {MAX} are allowed"));
        }
        let allowed = |c: char| match c {
            '\n' | '\t' => LINES,
            '\r' => LINES,
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => false,
            c => !c.is_control(),
        };
        match text.chars().find(|c| !allowed(*c)) {
            Some(c) => {
                Err(format!("holds the character U+{:04X}, which no form carries; remove it", u32::from(c)))
            }
            None => Ok(Text(text.to_owned())),
        }
    }
}

impl<const MAX: usize, const LINES: bool> Deref for Text<MAX, LINES> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de, const MAX: usize, const LINES: bool> Deserialize<'de> for Text<MAX, LINES> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Text::parse(&text).map_err(D::Error::custom)
    }
}

impl<const MAX: usize, const LINES: bool> utoipa::PartialSchema for Text<MAX, LINES> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .min_length(Some(1))
            .max_length(Some(MAX))
            .into()
    }
}

impl<const MAX: usize, const LINES: bool> utoipa::ToSchema for Text<MAX, LINES> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("{}{MAX}", if LINES { "Text" } else { "Line" }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!(Title::parse(&"路".repeat(200)).is_ok());
        assert!(Title::parse(&"路".repeat(201)).is_err());
    }

    #[test]
    fn what_no_form_carries_is_refused() {
        for wrong in ["", "  ", "a\u{0}b", "a\nb", "a\u{202e}b", "\u{7}"] {
            assert!(Title::parse(wrong).is_err(), "{wrong:?}");
        }
        for pasted in NO_WIDTH {
            assert_eq!(
                Title::parse(&format!("138{pasted}12345678")).as_deref(),
                Ok("13812345678"),
                "{pasted:?}"
            );
        }
        assert!(Title::parse("\u{200b}\u{ad}").is_err());
        assert!(Title::parse("👨\u{200d}👩\u{200d}👧").is_ok());
        assert!(Note::parse("第一行\n第二行").is_ok());
    }
}
