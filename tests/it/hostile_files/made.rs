//! Files that nobody should be sent, and good ones that look like them, made as an attacker or an office program does.

use std::io::{Cursor, Write as _};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

pub const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n";
pub const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff;";
const ENTRY: &[u8] = b"PK\x01\x02";

/// A part of a zip, deflated.
pub type Part<'a> = (&'a str, &'a [u8]);

fn writer() -> ZipWriter<Cursor<Vec<u8>>> {
    ZipWriter::new(Cursor::new(Vec::new()))
}

fn options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(method)
}

fn finished(zip: ZipWriter<Cursor<Vec<u8>>>) -> Vec<u8> {
    zip.finish().unwrap().into_inner()
}

pub fn zip(parts: &[Part<'_>]) -> Vec<u8> {
    written(parts, CompressionMethod::Deflated)
}

fn written(parts: &[Part<'_>], method: CompressionMethod) -> Vec<u8> {
    let mut zip = writer();
    for (name, content) in parts {
        zip.start_file(*name, options(method)).unwrap();
        zip.write_all(content).unwrap();
    }
    finished(zip)
}

const TYPES: Part<'_> = ("[Content_Types].xml", b"<?xml version=\"1.0\"?><Types/>");
const DOCUMENT: Part<'_> = ("word/document.xml", b"<?xml version=\"1.0\"?><w:document/>");

/// A letter with these parts beside its own.
pub fn docx(parts: &[Part<'_>]) -> Vec<u8> {
    zip(&[&[TYPES, DOCUMENT], parts].concat())
}

/// A letter whose text is this XML.
pub fn docx_of(xml: &[u8]) -> Vec<u8> {
    zip(&[TYPES, ("word/document.xml", xml)])
}

pub fn xlsx(parts: &[Part<'_>]) -> Vec<u8> {
    zip(&[&[TYPES, ("xl/workbook.xml", b"<workbook/>")], parts].concat())
}

pub fn pptx() -> Vec<u8> {
    zip(&[TYPES, ("ppt/presentation.xml", b"<p:presentation/>")])
}

pub fn ofd(parts: &[Part<'_>]) -> Vec<u8> {
    zip(&[&[("OFD.xml", &b"<?xml version=\"1.0\"?><ofd:OFD/>"[..]), ("Doc_0/Document.xml", b"<a/>")], parts]
        .concat())
}

/// A letter with a picture of forty megabytes of nothing, which packs into forty kilobytes.
pub fn bomb() -> Vec<u8> {
    docx(&[("word/media/image1.bmp", &vec![0; 40 << 20])])
}

/// The same under a directory and a head that tell another length; `length` bytes.
pub fn lying(length: u32, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    // The last entry of the directory, and its head.
    let entry = bytes.windows(4).rposition(|window| window == ENTRY).unwrap();
    let head = u32::from_le_bytes(bytes[entry + 42..entry + 46].try_into().unwrap()) as usize;
    bytes[entry + 24..entry + 28].copy_from_slice(&length.to_le_bytes());
    bytes[head + 22..head + 26].copy_from_slice(&length.to_le_bytes());
    bytes
}

/// Overwrites a field of the directory's last entry.
pub fn with_field(bytes: Vec<u8>, at: usize, value: &[u8]) -> Vec<u8> {
    let mut bytes = bytes;
    let entry = bytes.windows(4).rposition(|window| window == ENTRY).unwrap();
    bytes[entry + at..entry + at + value.len()].copy_from_slice(value);
    bytes
}

/// Entries that share bytes: the second one's head and bytes lie inside the first one's bytes.
pub fn overlapping() -> Vec<u8> {
    let inner = written(&[("word/b.xml", b"<b/>")], CompressionMethod::Stored);
    let inner_head = &inner[..inner.windows(4).position(|window| window == ENTRY).unwrap()];
    // Behind other bytes, or it would pass for a document in a document.
    let hiding = [b"<a>", inner_head].concat();
    let parts = [TYPES, DOCUMENT, ("word/a.xml", &hiding)];
    let outer = written(&parts, CompressionMethod::Stored);
    let end = outer.len() - 22;
    let place = outer.windows(4).rposition(|window| window == b"PK\x03\x04").unwrap() as u32;
    let mut entry = inner[inner_head.len()..inner.len() - 22].to_vec();
    entry[42..46].copy_from_slice(&place.to_le_bytes());
    let mut tail = outer[end..].to_vec();
    tail[8] += 1;
    tail[10] += 1;
    let length = u32::from_le_bytes(tail[12..16].try_into().unwrap()) + entry.len() as u32;
    tail[12..16].copy_from_slice(&length.to_le_bytes());
    [&outer[..end], &entry, &tail].concat()
}

/// A letter in a letter, so many deep.
pub fn nested(depth: usize) -> Vec<u8> {
    (1..depth).fold(docx(&[]), |inner, _| docx(&[("word/embeddings/a.docx", &inner)]))
}

/// A document with a link to a file of whoever unpacks it.
pub fn with_link() -> Vec<u8> {
    let mut zip = writer();
    for (name, content) in [TYPES, DOCUMENT] {
        zip.start_file(name, options(CompressionMethod::Stored)).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.add_symlink("word/a.xml", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    finished(zip)
}

/// A hundred thousand empty parts.
pub fn many_entries() -> Vec<u8> {
    let mut zip = writer();
    for (name, _) in [TYPES, DOCUMENT] {
        zip.start_file(name, options(CompressionMethod::Stored)).unwrap();
    }
    for n in 0..100_000 {
        zip.start_file(format!("{n}"), options(CompressionMethod::Stored)).unwrap();
    }
    finished(zip)
}

/// Whose last part, as its head and the directory say, needs a password.
pub fn locked() -> Vec<u8> {
    with_field(docx(&[("word/a.xml", b"<a/>")]), 8, &[1])
}

/// An old Office file with these streams and folders (a name that ends in `/`).
pub fn old(names: &[&str]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for name in names {
        match name.strip_suffix('/') {
            Some(folder) => file.create_storage(format!("/{folder}")).unwrap(),
            None => file.create_stream(format!("/{name}")).unwrap().write_all(b"content").unwrap(),
        }
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// The head of a PNG of that size.
pub fn png(side: u32) -> Vec<u8> {
    let side = side.to_be_bytes();
    [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..], &side, &side, b"\x08\x02\0\0\0", b"\0\0\0\0IEND\xaeB`\x82"]
        .concat()
}

pub fn jpeg(side: u16) -> Vec<u8> {
    let side = side.to_be_bytes();
    let frame = [&b"\xff\xc0\0\x0b\x08"[..], &side, &side, b"\x01\x01\x11\0"].concat();
    [b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0", &frame[..], b"\xff\xd9"].concat()
}

pub fn utf_16(text: &str) -> Vec<u8> {
    [0xFEFFu16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}
