//! The name that a person gave a file: made safe to keep, and to send back in a header.

use super::Kind;

/// Characters of the longest name; what programs make up is shorter.
pub const MAX_NAME: usize = 100;
/// Most disks take no more in UTF-8 (`NAME_MAX`): a longer name would be cut when it is saved, its extension first.
const MAX_BYTES: usize = 255;

/// Why a name cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameRefused {
    /// Nothing is left once folders and the extension are taken off.
    Empty,
    /// It has so many characters, and at most [`MAX_NAME`] are allowed.
    TooLong(usize),
    /// It has so many bytes in UTF-8, and at most 255 are allowed.
    TooWide(usize),
    /// It holds a character that is not seen, or that turns the order of reading around.
    Invisible(char),
}

impl NameRefused {
    /// What is wrong and what would be right, in Chinese.
    pub fn zh(self) -> String {
        match self {
            Self::Empty => "文件名为空，请填写文件名。".to_owned(),
            Self::TooLong(length) => format!("文件名共 {length} 个字符，最多 {MAX_NAME} 个，请缩短。"),
            Self::TooWide(bytes) => {
                format!("文件名共 {bytes} 字节，最多 {MAX_BYTES} 字节（约 85 个汉字），请缩短。")
            }
            Self::Invisible(c) => {
                format!("文件名含有不可见字符 U+{:04X}，请删除。", u32::from(c))
            }
        }
    }

    /// What is wrong and what would be right, in English.
    pub fn en(self) -> String {
        match self {
            Self::Empty => "The file's name is empty; give it one.".to_owned(),
            Self::TooLong(length) => {
                format!("The file's name has {length} characters; at most {MAX_NAME} are allowed.")
            }
            Self::TooWide(bytes) => format!(
                "The file's name has {bytes} bytes in UTF-8; at most {MAX_BYTES} are allowed, about 85 Chinese characters."
            ),
            Self::Invisible(c) => {
                format!("The file's name holds the invisible character U+{:04X}; remove it.", u32::from(c))
            }
        }
    }
}

impl std::fmt::Display for NameRefused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.en())
    }
}

impl std::error::Error for NameRefused {}

/// Extensions that are taken off when they contradict the kind. It need not be complete: whatever stands before
/// it, the last extension is the kind's.
const EXTENSIONS: [&str; 54] = [
    "pdf", "ofd", "doc", "docx", "docm", "dot", "dotx", "dotm", "wps", "wpt", "xls", "xlsx", "xlsm", "xlsb",
    "xlt", "xltx", "xltm", "et", "ett", "ppt", "pptx", "pptm", "pps", "ppsx", "dps", "rtf", "odt", "ods",
    "odp", "csv", "txt", "png", "jpg", "jpeg", "jfif", "gif", "bmp", "tif", "tiff", "webp", "svg", "htm",
    "html", "xml", "mht", "js", "vbs", "bat", "cmd", "exe", "com", "scr", "zip", "rar",
];

/// What no name on a Windows disk may hold, where most of these files will be opened.
const FORBIDDEN: [char; 7] = ['<', '>', ':', '"', '|', '?', '*'];

/// The name to keep a file under: without folders, with the extension of its kind, and of characters that can be
/// seen. Done to its own result it changes nothing.
///
/// # Errors
/// [`NameRefused`]: nothing is left of it, it is too long, or it holds an invisible character, which is refused
/// rather than taken out, because a name with one was made to deceive.
pub fn safe_name(given: &str, kind: Kind) -> Result<String, NameRefused> {
    if let Some(c) = given.chars().find(|c| is_invisible(*c)) {
        return Err(NameRefused::Invisible(c));
    }
    // Old browsers send the whole path.
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().map(|c| if FORBIDDEN.contains(&c) { '_' } else { c }).collect();
    // A dot at the front stays until the extension is off: `.pdf` has nothing before it.
    let (mut stem, mut extension) = (clean.trim_end_matches(is_blank), kind.extension);
    while let Some((before, found)) = stem.rsplit_once('.') {
        let fits = |known: &&str| found.trim().eq_ignore_ascii_case(known);
        if let Some(same) = [kind.extension].iter().chain(kind.also).find(|known| fits(known)) {
            (stem, extension) = (before, same);
            break;
        }
        if !EXTENSIONS.iter().any(fits) {
            break;
        }
        stem = before.trim_end_matches(is_blank);
    }
    let stem = stem.trim_matches(is_blank);
    if stem.is_empty() {
        return Err(NameRefused::Empty);
    }
    let name = format!("{}{stem}.{extension}", if is_device(stem) { "_" } else { "" });
    match name.chars().count() {
        length if length > MAX_NAME => Err(NameRefused::TooLong(length)),
        _ if name.len() > MAX_BYTES => Err(NameRefused::TooWide(name.len())),
        _ => Ok(name),
    }
}

/// What goes from both ends: blanks, and the dots that hide a file or that Windows drops.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '.'
}

/// Control characters, and those that have no width, that end a line or that turn the order of reading around.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// The names that mean a device on Windows, with any extension.
fn is_device(stem: &str) -> bool {
    let first = stem.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let numbered = ["com", "lpt"].iter().any(|port| {
        first
            .strip_prefix(port)
            // Windows takes the superscript digits for digits.
            .is_some_and(|n| {
                n.chars().count() == 1 && n.chars().all(|c| c.is_ascii_digit() || "¹²³".contains(c))
            })
    });
    numbered || ["con", "prn", "aux", "nul", "conin$", "conout$"].contains(&first.as_str())
}

/// The value of the header `Content-Disposition` that has a browser save a file under this name (RFC 6266,
/// RFC 8187). Safe for every text, also one that [`safe_name`] never saw: the value is of visible ASCII, and
/// nothing in the name ends its quotes.
pub fn content_disposition(name: &str) -> String {
    let name: String =
        name.chars().map(|c| if is_invisible(c) || matches!(c, '/' | '\\') { '_' } else { c }).collect();
    format!("attachment; filename=\"{}\"; filename*=UTF-8''{}", ascii(&name), encoded(&name))
}

/// For programs that do not read `filename*`: what is beyond ASCII becomes `_`, and so does `%`, which some
/// decode. A name of which nothing is left says at least what the file is.
fn ascii(name: &str) -> String {
    let plain = |c: char| match c {
        ' ' | '.' | '-' | '_' | '(' | ')' | ',' | '+' | '=' | '@' => c,
        c if c.is_ascii_alphanumeric() => c,
        _ => '_',
    };
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let stem: String = stem.chars().map(plain).collect();
    let extension: String = extension.chars().filter(char::is_ascii_alphanumeric).collect();
    let stem = if stem.contains(|c: char| c.is_ascii_alphanumeric()) { stem.as_str() } else { "attachment" };
    if extension.is_empty() { stem.to_owned() } else { format!("{stem}.{extension}") }
}

/// Everything but RFC 8187's `attr-char` as `%` and two hexadecimal digits for each byte of UTF-8.
fn encoded(name: &str) -> String {
    let mut text = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text += &format!("%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::KINDS;
    use super::*;

    fn kind(id: &str) -> Kind {
        Kind::by_id(id).unwrap()
    }

    #[test]
    fn the_extension_follows_the_kind() {
        for (given, id, kept) in [
            ("答复函.pdf", "pdf", "答复函.pdf"),
            ("答复函.PDF", "pdf", "答复函.pdf"),
            ("答复函", "pdf", "答复函.pdf"),
            ("答复函.docx", "pdf", "答复函.pdf"),
            ("答复函.pdf.exe", "pdf", "答复函.pdf"),
            ("答复函.exe.htm", "txt", "答复函.txt"),
            ("答复函v1.2", "pdf", "答复函v1.2.pdf"),
            ("致 Dr.Wang", "docx", "致 Dr.Wang.docx"),
            ("通知.wps", "doc", "通知.wps"),
            ("台账.et", "xls", "台账.et"),
            ("通知.et", "doc", "通知.doc"),
            ("现场.JPEG", "jpeg", "现场.jpeg"),
            ("现场.png", "jpeg", "现场.jpg"),
        ] {
            assert_eq!(safe_name(given, kind(id)).as_deref(), Ok(kept), "{given}");
        }
    }

    #[test]
    fn folders_and_what_no_disk_takes_go() {
        for (given, kept) in [
            ("C:\\fakepath\\答复函.pdf", "答复函.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("..\\a/b", "b.pdf"),
            (" .答复函 . pdf ", "答复函.pdf"),
            (".htaccess", "htaccess.pdf"),
            ("a:b*c?.pdf", "a_b_c_.pdf"),
            ("NUL.pdf", "_NUL.pdf"),
            ("com1.tar.pdf", "_com1.tar.pdf"),
            ("LPT².pdf", "_LPT².pdf"),
            ("CONIN$.pdf", "_CONIN$.pdf"),
            ("communique.pdf", "communique.pdf"),
        ] {
            assert_eq!(safe_name(given, kind("pdf")).as_deref(), Ok(kept), "{given}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let refused = |given: &str| safe_name(given, kind("pdf")).unwrap_err();
        for empty in ["", "   ", ".", "..", "a/", ".pdf", "...pdf", ".exe.docx"] {
            assert_eq!(refused(empty), NameRefused::Empty, "{empty}");
        }
        for hidden in ['\0', '\r', '\n', '\u{7f}', '\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}', '\u{2028}']
        {
            assert_eq!(refused(&format!("答复{hidden}fdp.exe")), NameRefused::Invisible(hidden));
        }
        assert!(safe_name(&"路".repeat(83), kind("pdf")).is_ok());
        assert_eq!(refused(&"路".repeat(84)), NameRefused::TooWide(256));
        assert!(safe_name(&"a".repeat(96), kind("pdf")).is_ok());
        assert_eq!(refused(&"路".repeat(97)), NameRefused::TooLong(101));
    }

    #[test]
    fn the_header_is_as_rfc_6266_writes_it() {
        assert_eq!(
            content_disposition("答复函.pdf"),
            "attachment; filename=\"attachment.pdf\"; filename*=UTF-8''%E7%AD%94%E5%A4%8D%E5%87%BD.pdf"
        );
        assert_eq!(
            content_disposition("a \"b\"; 第2号.pdf"),
            "attachment; filename=\"a _b__ _2_.pdf\"; filename*=UTF-8''a%20%22b%22%3B%20%E7%AC%AC2%E5%8F%B7.pdf"
        );
        assert_eq!(content_disposition(""), "attachment; filename=\"attachment\"; filename*=UTF-8''");
    }

    /// Reads what stands behind `filename*=UTF-8''` as a browser does.
    fn decoded(text: &str) -> String {
        let bytes = text.as_bytes();
        let mut read = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at] == b'%' {
                read.push(u8::from_str_radix(&text[at + 1..at + 3], 16).unwrap());
                at += 3;
            } else {
                read.push(bytes[at]);
                at += 1;
            }
        }
        String::from_utf8(read).unwrap()
    }

    /// Text as it comes, and text of the characters that do harm.
    fn any_name() -> impl Strategy<Value = String> {
        let harmful = "[\"\\\\;'%\r\n\t\0./: a路\u{202e}\u{200b}＂пdfxe]{0,40}";
        prop_oneof![any::<String>(), harmful.prop_map(|text: String| text)]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

        #[test]
        fn no_name_breaks_out_of_the_header(name in any_name()) {
            let header = content_disposition(&name);
            prop_assert!(header.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{:?}", header);
            prop_assert_eq!(header.matches('"').count(), 2);
            let rest = header.strip_prefix("attachment; filename=\"").unwrap();
            let (fallback, rest) = rest.split_once('"').unwrap();
            prop_assert!(!fallback.contains(['\\', '/', '%', ';']));
            let extended = rest.strip_prefix("; filename*=UTF-8''").unwrap();
            let attr_char = |b: u8| b.is_ascii_alphanumeric() || b"!#$&+-.^_`|~%".contains(&b);
            prop_assert!(extended.bytes().all(attr_char));
            prop_assert!(!decoded(extended).contains(['/', '\\', '\r', '\n', '\0']));
        }

        #[test]
        fn a_kept_name_is_one_name_with_its_extension_and_stays_as_it_is(name in any_name(), at in 0..KINDS.len()) {
            let kind = KINDS[at];
            if let Ok(kept) = safe_name(&name, kind) {
                prop_assert!(kept.chars().count() <= MAX_NAME && kept.len() <= MAX_BYTES);
                prop_assert!(!kept.contains(['/', '\\', ':', '"']) && !kept.contains(is_invisible));
                prop_assert!(!kept.starts_with('.'));
                let (_, extension) = kept.rsplit_once('.').unwrap();
                prop_assert!(extension == kind.extension || kind.also.contains(&extension));
                prop_assert_eq!(safe_name(&kept, kind), Ok(kept.clone()));
                let saved_as = content_disposition(&kept);
                prop_assert!(saved_as.ends_with(extension), "{}", saved_as);
            }
        }
    }
}
