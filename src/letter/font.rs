//! The Chinese faces that letters are printed with: where they lie, and how wide their characters are.

use std::{fs, path::Path, sync::Arc};

use skrifa::{
    FontRef, GlyphId, MetadataProvider,
    charmap::Charmap,
    instance::{LocationRef, Size},
    metrics::GlyphMetrics,
    raw::FileRef,
    string::StringId,
};

use super::LetterError;

/// The setting that names a font's file.
pub const SETTING: &str = "JIANYI_FONT";

/// A face for texts (宋体) and one for headings (黑体), where systems keep them. Songs that hold GB 2312 only are
/// left out: they lack characters that stand in people's names.
pub(crate) const KNOWN: [(&str, &str); 5] = [
    (
        "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    ),
    (
        "/usr/share/fonts/noto-cjk/NotoSerifCJK-Regular.ttc",
        "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    ),
    (
        "/usr/share/fonts/google-noto-cjk/NotoSerifCJK-Regular.ttc",
        "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    ),
    (
        "/usr/share/fonts/google-noto-serif-cjk-fonts/NotoSerifCJK-Regular.ttc",
        "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    ),
    ("/System/Library/Fonts/Supplemental/Songti.ttc", "/System/Library/Fonts/STHeiti Medium.ttc"),
];

/// Every Chinese face has these.
const CHINESE: &str = "关于建议的答复";

/// Drawn for a character that the face lacks.
const BOX: char = '□';

/// The faces that a letter is printed with; cheap to clone. Holds the files in memory, some 45 MB for Noto CJK.
#[derive(Clone)]
pub struct Font {
    text: Face,
    heading: Option<Face>,
}

/// One face of one file.
#[derive(Clone)]
pub(crate) struct Face {
    data: Arc<Vec<u8>>,
    index: u32,
    krilla: krilla::text::Font,
}

impl Font {
    /// Takes the font that is configured, or else the first that lies where systems keep theirs.
    ///
    /// # Errors
    /// [`LetterError::NoFont`] where there is none; the others where the one that is configured will not do, since
    /// a letter in a face that nobody asked for would be noticed only on paper.
    pub fn find(configured: Option<&Path>) -> Result<Font, LetterError> {
        match configured {
            Some(path) => Ok(Font { text: Face::read(path, CHINESE)?, heading: None }),
            None => Font::known(),
        }
    }

    fn known() -> Result<Font, LetterError> {
        let found = KNOWN.iter().find(|(text, _)| Path::new(text).exists());
        let (text, heading) = found.ok_or(LetterError::NoFont)?;
        Ok(Font {
            text: Face::read(Path::new(text), CHINESE)?,
            heading: Face::read(Path::new(heading), CHINESE).ok(),
        })
    }

    /// The file of the heading's face, or else of the text's, and what that face calls its family: what charts are
    /// drawn with.
    pub(crate) fn plain_face(&self) -> Result<(Arc<Vec<u8>>, String), LetterError> {
        let face = self.heading.as_ref().unwrap_or(&self.text);
        let font = FontRef::from_index(&face.data, face.index)
            .map_err(|error| LetterError::Pdf(error.to_string()))?;
        let names = font.localized_strings(StringId::FAMILY_NAME);
        let family = names.english_or_first().map(|name| name.to_string()).unwrap_or_default();
        Ok((face.data.clone(), family))
    }

    /// Opens the tables that one letter needs.
    pub(crate) fn open(&self) -> Result<Faces<'_>, LetterError> {
        let text = self.text.open()?;
        let heading = self.heading.as_ref().map(Face::open).transpose()?;
        Ok(Faces { text, heading })
    }
}

impl std::fmt::Debug for Font {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Font").field("heading", &self.heading.is_some()).finish_non_exhaustive()
    }
}

impl Face {
    /// Reads the face that writes as the mainland does, and refuses it if it lacks one of these characters.
    pub fn read(path: &Path, must_hold: &str) -> Result<Face, LetterError> {
        let unreadable = |source| LetterError::Unreadable { path: path.to_owned(), source };
        let not_a_font = || LetterError::NotAFont { path: path.to_owned() };
        let data = Arc::new(fs::read(path).map_err(unreadable)?);
        let index = simplified(&data).ok_or_else(not_a_font)?;
        let krilla = krilla::text::Font::new(data.clone().into(), index).ok_or_else(not_a_font)?;
        let face = Face { data, index, krilla };
        if face.open()?.holds(must_hold) {
            Ok(face)
        } else {
            Err(LetterError::NotChinese { path: path.to_owned() })
        }
    }

    fn open(&self) -> Result<OpenFace<'_>, LetterError> {
        let font = FontRef::from_index(&self.data, self.index)
            .map_err(|error| LetterError::Pdf(error.to_string()))?;
        Ok(OpenFace {
            charmap: font.charmap(),
            metrics: font.glyph_metrics(Size::unscaled(), LocationRef::default()),
            krilla: &self.krilla,
        })
    }
}

/// Which of a collection's faces writes as the mainland does; a plain file has only one.
fn simplified(data: &[u8]) -> Option<u32> {
    let FileRef::Collection(collection) = FileRef::new(data).ok()? else { return Some(0) };
    let mainland = |index: &u32| {
        let Ok(font) = collection.get(*index) else { return false };
        let mut names = font.localized_strings(StringId::FAMILY_NAME);
        names.any(|name| matches!(name.to_string().rsplit(' ').next(), Some("SC" | "CN" | "GB")))
    };
    Some((0..collection.len()).find(mainland).unwrap_or(0))
}

/// A font's faces with their tables at hand.
pub(crate) struct Faces<'a> {
    pub text: OpenFace<'a>,
    /// Where there is none, the text's face takes its place, and is made bolder.
    pub heading: Option<OpenFace<'a>>,
}

/// One face with its tables at hand.
pub(crate) struct OpenFace<'a> {
    charmap: Charmap<'a>,
    metrics: GlyphMetrics<'a>,
    pub krilla: &'a krilla::text::Font,
}

impl OpenFace<'_> {
    fn holds(&self, characters: &str) -> bool {
        characters.chars().all(|c| self.charmap.map(c).is_some())
    }

    /// The character's shape; that of a box where the face lacks it, so that the gap is seen.
    pub fn glyph(&self, c: char) -> GlyphId {
        let space = if c.is_whitespace() { ' ' } else { BOX };
        self.charmap.map(c).or_else(|| self.charmap.map(space)).unwrap_or(GlyphId::NOTDEF)
    }

    /// How wide it is, in parts of its size.
    pub fn advance(&self, c: char) -> f32 {
        if unseen(c) {
            return 0.0;
        }
        let units = self.metrics.advance_width(self.glyph(c));
        units.map_or(1.0, |units| units / self.krilla.units_per_em())
    }
}

/// Joiners, marks of direction and selectors of variants: they say how their neighbours look, and have no look of
/// their own.
pub(crate) fn unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        || matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
}
