//! The PDF: read, measured and drawn by poppler.

use std::path::Path;

use super::super::{
    Font, Letter,
    fixture::{letter, poppler, short, text},
    font::KNOWN,
    pdf,
};

/// Pixels of one page, from black to white.
struct Picture {
    width: usize,
    pixels: Vec<u8>,
}

impl Picture {
    /// At 72 to the inch, so that a pixel is a point.
    fn of(pdf: &[u8], page: usize) -> Picture {
        let page = page.to_string();
        let bytes = poppler("pdftoppm", &["-gray", "-r", "72", "-f", &page, "-l", &page, "-"], pdf);
        // P5, width, height, 255, each with one blank behind it, and then the pixels.
        let mut fields = bytes.splitn(4, |byte| byte.is_ascii_whitespace());
        let number = |field: Option<&[u8]>| std::str::from_utf8(field.unwrap()).unwrap().parse().unwrap();
        assert_eq!(fields.next(), Some(&b"P5"[..]));
        let (width, height): (usize, usize) = (number(fields.next()), number(fields.next()));
        let pixels = bytes[bytes.len() - width * height..].to_vec();
        Picture { width, pixels }
    }

    /// The part of a rectangle that is not white.
    fn ink(&self, x: std::ops::Range<usize>, y: std::ops::Range<usize>) -> f64 {
        let area = (x.len() * y.len()) as f64;
        let inked =
            y.flat_map(|y| x.clone().map(move |x| (x, y))).map(|(x, y)| self.pixels[y * self.width + x]);
        inked.map(|pixel| f64::from(255 - pixel) / 255.0).sum::<f64>() / area
    }
}

fn printed(letter: &Letter) -> Vec<u8> {
    pdf(letter, &Font::find(None).unwrap()).unwrap()
}

fn pages(pdf: &[u8]) -> usize {
    let info = String::from_utf8(poppler("pdfinfo", &["-"], pdf)).unwrap();
    let line = info.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap();
    line.trim().parse().unwrap()
}

#[test]
fn all_words_can_be_read_back_in_order() {
    let text = text(&printed(&letter()));
    let mut rest = text.as_str();
    for words in [
        "不予公开",
        "A",
        "江城区教育局",
        "江教函〔2024〕12号",
        "签发人：王建国",
        "对区第十八届人大三次会议第87号",
        "陈芳、朱镕喆代表：",
        "现答复如下：",
        "一、关于在校门口增设信号灯和人行横道的建议（A类）",
        "您们的建议十分中肯。",
        "二、关于错峰放学的建议（B类）",
        "通过“家校通”逐户告知……",
        "三、关于建设地下接送中心的建议（C类）",
        "四、会办单位意见",
        "五、办理承诺",
        "2024年6月30日前建成",
        "感谢您们",
        "江城区教育局",
        "2024年5月10日",
        "联系人及电话：李明027-85550123",
        "抄送：区人大常委会代表工作委员会，",
        "区住房和城乡建设局。",
    ] {
        let at = rest.find(words).unwrap_or_else(|| panic!("{words} does not stand in {rest}"));
        rest = &rest[at + words.len()..];
    }
}

#[test]
fn pages_are_a4_and_numbered() {
    let pdf = printed(&letter());
    let info = String::from_utf8(poppler("pdfinfo", &["-"], &pdf)).unwrap();
    assert!(info.contains("(A4)"), "{info}");
    let pages = pages(&pdf);
    assert!(pages > 1);
    let text = text(&pdf);
    assert!((1..=pages).all(|page| text.contains(&format!("—{page}—"))), "{text}");
    assert!(!text.contains(&format!("—{}—", pages + 1)));
}

#[test]
fn the_fonts_are_embedded_with_the_characters_in_use_only() {
    let pdf = printed(&letter());
    let fonts = String::from_utf8(poppler("pdffonts", &["-"], &pdf)).unwrap();
    let fonts: Vec<_> = fonts.lines().skip(2).collect();
    assert_eq!(fonts.len(), 2, "{fonts:#?}");
    for font in fonts {
        let columns: Vec<_> = font.split_whitespace().rev().collect();
        // From the right: object (two numbers), then whether it has Unicode, is a subset, is embedded.
        assert_eq!(columns[2..5], ["yes", "yes", "yes"], "{font}");
    }
    assert!(pdf.len() < 200 * 1024, "{} bytes", pdf.len());
}

#[test]
fn a_configured_font_is_the_only_one() {
    let configured = KNOWN.iter().map(|(_, heading)| Path::new(heading)).find(|path| path.exists()).unwrap();
    let pdf = pdf(&letter(), &Font::find(Some(configured)).unwrap()).unwrap();
    let fonts = String::from_utf8(poppler("pdffonts", &["-"], &pdf)).unwrap();
    assert_eq!(fonts.lines().skip(2).count(), 1, "{fonts}");
    // In the mainland's shapes, though Noto's collection begins with Japan's.
    assert!(!fonts.contains("CJKjp"), "{fonts}");
}

#[test]
fn the_page_has_ink_where_it_should_and_none_elsewhere() {
    let picture = Picture::of(&printed(&letter()), 1);
    // In points: A4 is 595 × 842, and what is printed on begins 79 from the left and 105 from the top.
    let class_mark = picture.ink(500..522, 108..134);
    let issuer = picture.ink(180..420, 205..245);
    let addressees = picture.ink(79..220, 545..572);
    assert!(class_mark > 0.05, "{class_mark}");
    assert!(issuer > 0.1, "{issuer}");
    assert!(addressees > 0.05, "{addressees}");
    for (name, margin) in [
        ("left", picture.ink(0..78, 0..842)),
        ("right", picture.ink(523..595, 0..842)),
        ("top", picture.ink(0..595, 0..105)),
        ("bottom", picture.ink(0..595, 782..842)),
    ] {
        assert!(margin == 0.0, "{name}: {margin}");
    }
}

#[test]
fn characters_that_the_font_lacks_are_seen_as_boxes_and_can_still_be_copied() {
    let blank = Letter { paragraphs: vec!["甲".to_owned()], ..short() };
    let boxes = Letter { paragraphs: vec!["甲\u{16800}\u{16801}\u{16802}\u{16803}".to_owned()], ..short() };
    let (blank, boxes) = (printed(&blank), printed(&boxes));
    let ink = |pdf: &[u8]| Picture::of(pdf, 1).ink(79..520, 105..780);
    assert!(ink(&boxes) > ink(&blank) + 0.0002, "{} {}", ink(&boxes), ink(&blank));
    assert!(text(&boxes).contains("甲\u{16800}\u{16801}\u{16802}\u{16803}"), "{}", text(&boxes));
}

#[test]
fn any_text_can_be_printed() {
    let odd = "𠮷𬭚👩‍👩‍👧‍👦ﷺe\u{301}\u{FE0F}\u{202E}\u{200B}བོད་ᠮᠣᠩ\u{E000}\u{10FFFF}\u{FFFF}\u{1}\t <&>\"'";
    for text in [
        odd.to_owned(),
        "！".repeat(200),
        "W".repeat(300),
        " ".repeat(300),
        "\u{200D}".to_owned(),
        String::new(),
    ] {
        let mut all = letter();
        all.issuer.clone_from(&text);
        all.title.clone_from(&text);
        all.class_mark = Some(text.clone());
        all.document_number = Some(text.clone());
        all.signer = Some(text.clone());
        all.addressees = vec![text.clone()];
        all.sections[0].heading.clone_from(&text);
        all.paragraphs = vec![text.clone()];
        all.copies_to = vec![text];
        assert!(pages(&printed(&all)) >= 1);
    }
}

#[test]
fn a_long_body_goes_on_over_many_pages() {
    let long = Letter { paragraphs: vec!["长".repeat(20_000)], ..short() };
    let pdf = printed(&long);
    // 22 lines of 28 characters on a page.
    assert_eq!(pages(&pdf), 20_000_usize.div_ceil(22 * 28) + 1);
    assert_eq!(text(&pdf).matches('长').count(), 20_000);
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    assert_eq!(printed(&letter()), printed(&letter()));
}
