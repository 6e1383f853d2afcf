//! Which kind of file this is.

use std::path::Path;

use super::FileError;
use super::compound::SIGNATURE as COMPOUND_FILE;

/// The kinds of file that offices keep ledgers in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Excel since 2007.
    Xlsx,
    /// Excel 97-2003.
    Xls,
    /// OpenDocument.
    Ods,
    /// Text with commas, semicolons or tabs.
    Csv,
}

const ZIP: &[u8] = b"PK\x03\x04";

impl FileKind {
    /// Tells the kind. The content leads, because offices rename files and systems export text as .xls.
    ///
    /// # Errors
    /// [`FileError`] for an empty file, a web page, an encrypted workbook or an unknown kind.
    pub fn tell(path: &Path, bytes: &[u8]) -> Result<Self, FileError> {
        if bytes.is_empty() {
            return Err(FileError::Empty);
        }
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        if bytes.starts_with(COMPOUND_FILE) {
            let encrypted = contains(bytes, &utf16("EncryptedPackage"));
            return if encrypted { Err(FileError::Encrypted) } else { Ok(Self::Xls) };
        }
        if bytes.starts_with(ZIP) {
            let head = &bytes[..bytes.len().min(200)];
            let open_document = extension == "ods" || contains(head, b"opendocument.spreadsheet");
            return Ok(if open_document { Self::Ods } else { Self::Xlsx });
        }
        if is_web_page(bytes) {
            return Err(FileError::WebPage);
        }
        match extension.as_str() {
            "csv" | "txt" | "tsv" | "xls" => Ok(Self::Csv),
            "xlsx" | "xlsm" => Ok(Self::Xlsx),
            "ods" => Ok(Self::Ods),
            _ => Err(FileError::Unsupported { found: extension }),
        }
    }

    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => ".xlsx",
            Self::Xls => ".xls",
            Self::Ods => ".ods",
            Self::Csv => ".csv",
        }
    }
}

fn is_web_page(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    head.contains("<html") || head.contains("<table") || head.contains("<!doctype html")
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tell(name: &str, bytes: &[u8]) -> Result<FileKind, FileError> {
        FileKind::tell(Path::new(name), bytes)
    }

    #[test]
    fn content_leads_and_the_extension_follows() {
        assert!(matches!(tell("a.xls", b"PK\x03\x04.."), Ok(FileKind::Xlsx)));
        assert!(matches!(tell("a.xlsx", COMPOUND_FILE), Ok(FileKind::Xls)));
        assert!(matches!(tell("a.xls", "编号\t标题".as_bytes()), Ok(FileKind::Csv)));
        assert!(matches!(tell("a.CSV", b"x"), Ok(FileKind::Csv)));
    }

    #[test]
    fn says_what_else_it_is() {
        assert!(matches!(tell("a.xls", b"<html><table>"), Err(FileError::WebPage)));
        assert!(matches!(tell("a.docx", b"x"), Err(FileError::Unsupported { .. })));
        let encrypted = [COMPOUND_FILE, &utf16("EncryptedPackage")].concat();
        assert!(matches!(tell("a.xlsx", &encrypted), Err(FileError::Encrypted)));
    }
}
