//! Which kind of file some bytes are, and whether that kind is accepted.
//!
//! Told by the content alone: the name and the type that a browser sends are what the sender likes them to be.
//! What is not on the list is refused, whatever it is, and so is what can be read as two kinds at once.

use super::{
    archive, compound, picture, plain,
    unpacked::{self, compound_has_macros, has_macros},
};

/// A kind of file that is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its name in code, API and database.
    pub id: &'static str,
    /// Its media type, to be sent with `X-Content-Type-Options: nosniff`.
    pub media_type: &'static str,
    /// The extension that such a file gets, without the dot.
    pub extension: &'static str,
    /// Others that such a file may keep: the same content under another program's name.
    pub also: &'static [&'static str],
}

/// Every kind that is accepted.
pub static KINDS: [Kind; 10] = [
    kind("pdf", "application/pdf", "pdf", &[]),
    kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", &[]),
    kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", &[]),
    kind("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx", &[]),
    kind("ofd", "application/ofd", "ofd", &[]),
    // WPS writes the formats of Word and Excel 97-2003 under names of its own; the content does not tell.
    kind("doc", "application/msword", "doc", &["wps"]),
    kind("xls", "application/vnd.ms-excel", "xls", &["et"]),
    kind("png", "image/png", "png", &[]),
    kind("jpeg", "image/jpeg", "jpg", &["jpeg"]),
    // GB 18030 or UTF-8: without a charset, the program that opens it finds out.
    kind("txt", "text/plain", "txt", &[]),
];

const fn kind(
    id: &'static str,
    media_type: &'static str,
    extension: &'static str,
    also: &'static [&'static str],
) -> Kind {
    Kind { id, media_type, extension, also }
}

/// Why a file is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAccepted {
    /// Nothing in it.
    Empty,
    /// A web page, SVG or XML, also where it passes for a PDF.
    Markup,
    /// Something that runs.
    Program,
    /// A document with macros.
    Macros,
    /// A document that unpacks to far more than it holds.
    Bomb,
    /// A document with a DTD in one of its parts, which could name files of the reader's machine.
    Entities,
    /// A picture of more pixels than any camera makes.
    Huge,
    /// A document that opens with a password only.
    Encrypted,
    /// A zip that is no document.
    Archive,
    /// Two kinds at once.
    TwoKinds,
    /// It begins like a kind that is accepted, and is not whole.
    Damaged,
    /// Anything else.
    Unknown,
}

const ACCEPTED_ZH: &str = "可上传 PDF、OFD、DOCX、XLSX、PPTX、DOC、XLS、WPS、ET 文件，PNG、JPG 图片，以及 TXT 纯文本（UTF-8 或 GB18030 编码）；文件类型按内容判断，与文件名无关。";
const ACCEPTED_EN: &str = "Accepted are PDF, OFD, DOCX, XLSX, PPTX, DOC, XLS, WPS and ET files, PNG and JPG images, and plain text (TXT) in UTF-8 or GB18030; the type is told by the content, not by the name.";

impl NotAccepted {
    /// Its name in code and API.
    pub fn id(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Markup => "markup",
            Self::Program => "program",
            Self::Macros => "macros",
            Self::Bomb => "bomb",
            Self::Entities => "entities",
            Self::Huge => "huge",
            Self::Encrypted => "encrypted",
            Self::Archive => "archive",
            Self::TwoKinds => "two_kinds",
            Self::Damaged => "damaged",
            Self::Unknown => "unknown",
        }
    }

    /// What is wrong, and what is accepted, in Chinese.
    pub fn zh(self) -> String {
        let why = match self {
            Self::Empty => "文件没有内容。",
            Self::Markup => "文件是网页或含有网页代码（HTML、SVG、XML），不能接收。",
            Self::Program => "文件是程序或脚本，不能接收。",
            Self::Macros => "文件含有宏，请另存为不含宏的文件后再上传。",
            Self::Bomb => "文件解压后过大或嵌套过深，不能接收；请重新导出或拆分后再上传。",
            Self::Entities => "文件的 XML 部分含有文档类型定义（DTD），不能接收；请重新导出后再上传。",
            Self::Huge => "图片超过 2.5 亿像素，请缩小后再上传。",
            Self::Encrypted => "文件设有密码，请取消密码后再上传。",
            Self::Archive => "压缩包不能接收，请逐个上传其中的文件。",
            Self::TwoKinds => "文件同时符合两种文件类型，不能接收；请重新导出后再上传。",
            Self::Damaged => "文件已损坏或不完整，请重新导出后再上传。",
            Self::Unknown => "不接收这种类型的文件。",
        };
        format!("{why}{ACCEPTED_ZH}")
    }

    /// What is wrong, and what is accepted, in English.
    pub fn en(self) -> String {
        let why = match self {
            Self::Empty => "The file is empty.",
            Self::Markup => "The file is a web page or holds the code of one (HTML, SVG, XML).",
            Self::Program => "The file is a program or a script.",
            Self::Macros => "The file holds macros; save it as a file without macros.",
            Self::Bomb => "The file unpacks to too much, or is nested too deep; export it anew, or in parts.",
            Self::Entities => "A part of the file holds a document type definition (DTD); export it anew.",
            Self::Huge => "The picture has more than 250 million pixels; make it smaller.",
            Self::Encrypted => "The file needs a password; take the password off.",
            Self::Archive => "The file is an archive; upload the files in it one by one.",
            Self::TwoKinds => "The file is of two kinds at once; export it anew.",
            Self::Damaged => "The file is damaged or not whole; export it anew.",
            Self::Unknown => "Files of this type are not accepted.",
        };
        format!("{why} {ACCEPTED_EN}")
    }
}

impl std::fmt::Display for NotAccepted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.en())
    }
}

impl std::error::Error for NotAccepted {}

impl Kind {
    /// The kind of that name, as it was kept.
    pub fn by_id(id: &str) -> Option<Kind> {
        KINDS.into_iter().find(|kind| kind.id == id)
    }

    /// Tells the kind of a file by all its bytes.
    ///
    /// # Errors
    /// [`NotAccepted`], which says what is accepted.
    pub fn tell(bytes: &[u8]) -> Result<Kind, NotAccepted> {
        let kind = if bytes.is_empty() {
            Err(NotAccepted::Empty)
        } else if bytes.starts_with(archive::SIGNATURE) {
            return known(zip(bytes)?);
        } else if bytes.starts_with(compound::SIGNATURE) {
            compound(bytes)
        } else if bytes.starts_with(PNG) {
            image("png", picture::png(bytes))
        } else if bytes.starts_with(b"\xff\xd8\xff") {
            image("jpeg", picture::jpeg(bytes))
        } else if let Some(at) = pdf_at(bytes) {
            pdf(&bytes[..at])
        } else {
            text(bytes)
        };
        match kind? {
            // What hangs behind a picture or a letter would be unpacked by a program that looks for a zip.
            _ if archive::is_at_the_end_of(bytes) => Err(NotAccepted::TwoKinds),
            id => known(id),
        }
    }
}

fn known(id: &str) -> Result<Kind, NotAccepted> {
    Kind::by_id(id).ok_or(NotAccepted::Unknown)
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Readers look for the head of a PDF in as many bytes.
const PDF_HEAD: usize = 1024;

fn image(id: &'static str, size: Option<picture::Size>) -> Result<&'static str, NotAccepted> {
    match size {
        Some(size) if size.is_too_large() => Err(NotAccepted::Huge),
        Some(_) => Ok(id),
        None => Err(NotAccepted::Damaged),
    }
}

/// Where the head of a PDF stands, if a reader would find it.
fn pdf_at(bytes: &[u8]) -> Option<usize> {
    bytes[..bytes.len().min(PDF_HEAD)].windows(5).position(|window| window == b"%PDF-")
}

/// Only blanks may stand before the head: whatever else stands there is read by somebody else.
fn pdf(before: &[u8]) -> Result<&'static str, NotAccepted> {
    let before = before.strip_prefix(b"\xef\xbb\xbf").unwrap_or(before);
    if before.iter().all(u8::is_ascii_whitespace) {
        Ok("pdf")
    } else if plain::has_tag(before) || plain::is_markup(&String::from_utf8_lossy(before)) {
        Err(NotAccepted::Markup)
    } else {
        Err(NotAccepted::TwoKinds)
    }
}

/// A macro-enabled document that hides its project under another name stays what its content type says, and
/// Office refuses to open that under the extension of a document without macros, the only one it gets here.
fn zip(bytes: &[u8]) -> Result<&'static str, NotAccepted> {
    let listing = archive::list(bytes).ok_or(NotAccepted::Damaged)?;
    if listing.encrypted {
        return Err(NotAccepted::Encrypted);
    }
    let has = |name: &str| listing.names().any(|entry| entry == name);
    let below = |folder: &str| listing.names().any(|entry| entry.starts_with(folder));
    let office = has("[content_types].xml");
    let kinds = [
        ("docx", office && below("word/")),
        ("xlsx", office && below("xl/")),
        ("pptx", office && below("ppt/")),
        ("ofd", has("ofd.xml")),
    ];
    match kinds.iter().filter(|(_, holds)| *holds).map(|(id, _)| *id).collect::<Vec<_>>()[..] {
        [] => Err(NotAccepted::Archive),
        [_] if has_macros(&listing) => Err(NotAccepted::Macros),
        [id] => unpacked::look(bytes, &listing).map(|()| id),
        _ => Err(NotAccepted::TwoKinds),
    }
}

fn compound(bytes: &[u8]) -> Result<&'static str, NotAccepted> {
    let listing = compound::list(bytes).ok_or(NotAccepted::Damaged)?;
    let top = |name: &str| listing.top.iter().any(|entry| entry == name);
    if top("encryptedpackage") {
        Err(NotAccepted::Encrypted)
    } else if compound_has_macros(&listing) {
        Err(NotAccepted::Macros)
    } else {
        match (top("worddocument"), top("workbook") || top("book")) {
            (true, false) => Ok("doc"),
            (false, true) => Ok("xls"),
            (true, true) => Err(NotAccepted::TwoKinds),
            (false, false) => Err(NotAccepted::Unknown),
        }
    }
}

fn text(bytes: &[u8]) -> Result<&'static str, NotAccepted> {
    let runs = [&b"MZ"[..], b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa"];
    match plain::text(bytes) {
        Some(text) if text.trim().is_empty() => Err(NotAccepted::Empty),
        Some(text) if plain::is_markup(&text) => Err(NotAccepted::Markup),
        Some(text) if text.starts_with("#!") => Err(NotAccepted::Program),
        Some(text) if plain::is_another_format(&text) => Err(NotAccepted::Unknown),
        Some(_) => Ok("txt"),
        None if runs.iter().any(|start| bytes.starts_with(start)) => Err(NotAccepted::Program),
        None if plain::has_tag(&bytes[..bytes.len().min(PDF_HEAD)]) => Err(NotAccepted::Markup),
        None => Err(NotAccepted::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, Entry, compound, zip};
    use super::*;

    fn told(bytes: impl AsRef<[u8]>) -> Result<&'static str, NotAccepted> {
        Kind::tell(bytes.as_ref()).map(|kind| kind.id)
    }

    fn document(parts: &[&str]) -> Vec<u8> {
        zip(&[&["[Content_Types].xml", "_rels/.rels"], parts].concat())
    }

    fn old(streams: [&'static str; 2]) -> Vec<u8> {
        let [one, two] = streams;
        compound(&[
            Entry("Root Entry", None, None, Some(1)),
            Entry(one, None, Some(2), None),
            Entry(two, None, None, None),
        ])
    }

    const LETTER: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n";

    #[test]
    fn every_kind_on_the_list_is_told_by_its_content() {
        assert_eq!(told(LETTER), Ok("pdf"));
        assert_eq!(told([b"\xef\xbb\xbf\r\n", LETTER].concat()), Ok("pdf"));
        assert_eq!(told(document(&["word/document.xml", "word/embeddings/a.xlsx"])), Ok("docx"));
        assert_eq!(told(document(&["xl/workbook.xml"])), Ok("xlsx"));
        assert_eq!(told(document(&["ppt/presentation.xml"])), Ok("pptx"));
        assert_eq!(told(zip(&["OFD.xml", "Doc_0/Document.xml"])), Ok("ofd"));
        assert_eq!(told(old(["WordDocument", "1Table"])), Ok("doc"));
        assert_eq!(told(old(["Workbook", "\u{5}SummaryInformation"])), Ok("xls"));
        assert_eq!(told(old(["Book", "\u{5}SummaryInformation"])), Ok("xls"));
        assert_eq!(told(fixture::png(640, 480)), Ok("png"));
        assert_eq!(told(fixture::jpeg(640, 480)), Ok("jpeg"));
        assert_eq!(told("区住建局：\r\n请阅。"), Ok("txt"));
        assert_eq!(told(encoding_rs::GB18030.encode("区住建局：请阅。").0), Ok("txt"));
    }

    #[test]
    fn a_workbook_that_a_program_wrote_is_told() {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write(0, 0, "编号").unwrap();
        assert_eq!(told(book.save_to_buffer().unwrap()), Ok("xlsx"));
    }

    #[test]
    fn what_is_not_on_the_list_is_refused() {
        use NotAccepted::{
            Archive, Damaged, Empty, Encrypted, Huge, Macros, Markup, Program, TwoKinds, Unknown,
        };
        let mut locked = document(&["word/document.xml"]);
        let directory = locked.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
        locked[directory + 8] = 1;
        let nested = compound(&[
            Entry("Root Entry", None, None, Some(1)),
            Entry("WordDocument", Some(2), None, None),
            Entry("ObjectPool", None, None, Some(3)),
            Entry("_VBA_PROJECT_CUR", None, None, None),
        ]);
        let refused = [
            (Empty, vec![]),
            (Empty, b" \r\n\t".to_vec()),
            (Archive, zip(&["report.exe"])),
            (Archive, zip(&["[Content_Types].xml", "other/part.xml"])),
            (Archive, zip(&["word/document.xml"])),
            (Archive, zip(&["META-INF/MANIFEST.MF", "Main.class"])),
            (Archive, zip(&["mimetype", "content.xml"])),
            (Macros, document(&["word/document.xml", "word/vbaProject.bin"])),
            (Macros, document(&["xl/workbook.xml", "xl/VBAPROJECT.BIN"])),
            (Macros, document(&["xl/workbook.xml", "xl/macrosheets/sheet1.xml"])),
            (Macros, old(["WordDocument", "Macros"])),
            (Macros, nested),
            (Encrypted, locked),
            (Encrypted, old(["EncryptedPackage", "EncryptionInfo"])),
            (TwoKinds, document(&["word/document.xml", "xl/workbook.xml"])),
            (TwoKinds, document(&["xl/workbook.xml", "OFD.xml"])),
            (TwoKinds, old(["WordDocument", "Workbook"])),
            (TwoKinds, [LETTER, &zip(&["a.class"])].concat()),
            (TwoKinds, [&fixture::png(640, 480)[..], &zip(&["a.class"])].concat()),
            (TwoKinds, [b"GIF89a", LETTER].concat()),
            (Damaged, b"PK\x03\x04".to_vec()),
            (Damaged, [&document(&["word/document.xml"])[..], b"<script>"].concat()),
            (Huge, fixture::png(100_000, 100_000)),
            (Huge, fixture::jpeg(65_535, 65_535)),
            (Damaged, b"\xff\xd8\xff\xe0 cut short".to_vec()),
            (Damaged, b"\x89PNG\r\n\x1a\n<script>".to_vec()),
            (Damaged, compound::SIGNATURE.to_vec()),
            (Markup, [b"<html><script>x()</script>", LETTER].concat()),
            (Markup, [b"<!-- ", LETTER].concat()),
            (Markup, [b"\0\0<sCript src=x>", LETTER].concat()),
            (Markup, b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>".to_vec()),
            (Markup, b"<?xml version='1.0'?><a/>".to_vec()),
            (Markup, b"\0<html>".to_vec()),
            (Program, b"MZ\x90\0\x03\0\0\0".to_vec()),
            (Program, b"\x7fELF\x02\x01\x01\0".to_vec()),
            (Program, b"#!/bin/sh\nrm -rf ~\n".to_vec()),
            (Unknown, old(["PowerPoint Document", "Current User"])),
            (Unknown, old(["Property", "SummaryInformation"])),
            (Unknown, b"{\\rtf1 abc}".to_vec()),
            (Unknown, b"GIF89a\x01\0\x01\0".to_vec()),
            (Unknown, b"Rar!\x1a\x07\x01\0".to_vec()),
            (Unknown, b"7z\xbc\xaf\x27\x1c\0\x04".to_vec()),
        ];
        for (why, bytes) in refused {
            assert_eq!(told(&bytes), Err(why), "{}", String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn each_refusal_says_what_is_accepted_and_each_kind_is_found_by_its_id() {
        use NotAccepted::{
            Archive, Bomb, Damaged, Empty, Encrypted, Entities, Huge, Macros, Markup, Program, TwoKinds,
            Unknown,
        };
        for why in [
            Bomb, Entities, Huge, Empty, Markup, Program, Macros, Encrypted, Archive, TwoKinds, Damaged,
            Unknown,
        ] {
            for kind in KINDS {
                for extension in [&[kind.extension], kind.also].concat() {
                    let word = extension.to_uppercase();
                    assert!(word == "JPEG" || why.zh().contains(&word) && why.en().contains(&word), "{word}");
                }
                assert_eq!(Kind::by_id(kind.id), Some(kind));
            }
        }
        assert_eq!(Kind::by_id("exe"), None);
    }
}
