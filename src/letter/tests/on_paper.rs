//! How it is set: lines, pages, wording, and the font.

use std::path::Path;

use chrono::NaiveDate;

use super::super::{
    Font, Letter, LetterError,
    breaking::lines,
    fixture::{letter, short},
    font::{Face, KNOWN},
    form::{Block, Form, chinese, numeral},
    layout::Setter,
    measures::{BOTTOM, FOLIO_TOP, SMALL, WIDTH},
    pages::{Page, pages},
};

/// With Chinese characters one wide and all others half.
fn broken(text: &str, width: f32) -> Vec<&str> {
    let lines = lines(text, width, width, |_, c| if c.is_ascii() { 0.5 } else { 1.0 });
    lines.into_iter().map(|range| &text[range]).collect()
}

fn set(letter: &Letter) -> Vec<Page> {
    let font = Font::find(None).unwrap();
    pages(&Form::of(letter), &Setter { faces: &font.open().unwrap() })
}

#[test]
fn chinese_breaks_anywhere() {
    assert_eq!(broken("一二三四五六七", 3.0), ["一二三", "四五六", "七"]);
    assert_eq!(broken("", 3.0), [""]);
}

#[test]
fn no_line_begins_with_a_closing_mark() {
    assert_eq!(broken("一二三。四五", 3.0), ["一二", "三。四", "五"]);
    assert_eq!(broken("一二三）。四", 4.0), ["一二", "三）。四"]);
    assert_eq!(broken("一二三%", 3.0), ["一二", "三%"]);
    assert_eq!(broken("一二三……", 4.0), ["一二", "三……"]);
}

#[test]
fn no_line_ends_with_an_opening_mark() {
    assert_eq!(broken("一二《三四》", 3.0), ["一二", "《三", "四》"]);
    assert_eq!(broken("一（“二三", 3.0), ["一", "（“二", "三"]);
}

#[test]
fn words_and_numbers_are_not_split() {
    assert_eq!(broken("一二三1,234.5元", 4.0), ["一二三", "1,234.5", "元"]);
    assert_eq!(broken("in the city", 3.0), ["in the", "city"]);
    assert_eq!(broken("一二 三", 2.0), ["一二", "三"]);
    // Unless there is no other way.
    assert_eq!(broken("abcdefg", 2.0), ["abcd", "efg"]);
    assert_eq!(broken("。。。。。", 2.0), ["。。", "。。", "。"]);
}

#[test]
fn the_first_line_may_be_shorter() {
    let lines = lines("一二三四五六", 1.0, 3.0, |_, _| 1.0);
    assert_eq!(lines.iter().map(|line| line.len() / 3).collect::<Vec<_>>(), [1, 3, 2]);
}

#[test]
fn lines_reach_the_right_edge_and_none_goes_past_it() {
    let font = Font::find(None).unwrap();
    let faces = font.open().unwrap();
    let setter = Setter { faces: &faces };
    let mut stretched = 0;
    for run in set(&letter()).iter().flat_map(|page| &page.runs) {
        let pairs = run.text.chars().zip(run.text.chars().skip(1));
        let gaps = pairs.filter(|(before, after)| super::super::breaking::stretches(*before, *after)).count();
        let end = run.x + setter.width(&run.text, run.look) + run.spread * gaps as f32;
        assert!(run.x >= 0.0 && end <= WIDTH + 0.1, "{run:?} ends at {end}");
        // 抄送 ends one character before the edge.
        let edges = [WIDTH, WIDTH - SMALL];
        let even = edges.iter().any(|edge| (end - edge).abs() < 0.1);
        assert!(run.spread == 0.0 || even, "{run:?} ends at {end}");
        stretched += usize::from(run.spread > 0.0);
    }
    assert!(stretched > 5, "{stretched}");
}

#[test]
fn nothing_stands_below_the_page_but_its_number() {
    let mut long = Letter { paragraphs: vec!["字".repeat(3000)], ..letter() };
    // Headings keep together, but this one cannot.
    long.sections[0].heading = "题".repeat(1000);
    for page in set(&long) {
        let (numbers, rest): (Vec<_>, Vec<_>) = page.runs.iter().partition(|run| run.baseline > FOLIO_TOP);
        assert_eq!(numbers.len(), 1);
        assert!(rest.iter().all(|run| run.baseline < BOTTOM));
    }
}

/// Whatever the length of the body, the date's page holds something of the body, and a heading's page the line below.
#[test]
fn signatures_and_headings_are_not_left_alone() {
    for length in (0..700).step_by(28) {
        let mut letter = Letter { paragraphs: vec!["字".repeat(length + 1)], ..letter() };
        letter.sections.truncate(1);
        let set = set(&letter);
        let page = |words: &str| set.iter().find(|page| page.runs.iter().any(|run| run.text.contains(words)));
        let dated = page("2024年5月10日").unwrap();
        assert!(dated.runs.iter().any(|run| run.text.ends_with("会。")));
        let headed = page("一、关于").unwrap();
        assert!(headed.runs.iter().any(|run| run.text.starts_with("您们的建议")));
    }
}

#[test]
fn deputies_are_addressed_and_delegations_as_such() {
    let to = |names: &[&str]| {
        let addressees = names.iter().map(|&name| name.to_owned()).collect();
        let form = Form::of(&Letter { addressees, ..short() });
        match form.body.into_iter().next() {
            Some(Block::Addressees(text)) => text,
            _ => String::new(),
        }
    };
    assert_eq!(to(&["陈芳"]), "陈芳代表：");
    assert_eq!(to(&["陈芳", "李强"]), "陈芳、李强代表：");
    assert_eq!(to(&["第一代表团"]), "第一代表团：");
    assert_eq!(to(&["陈芳代表"]), "陈芳代表：");
    assert_eq!(to(&[]), "");
}

#[test]
fn line_breaks_make_paragraphs() {
    let form = Form::of(&Letter { paragraphs: vec!["　　一\r\n\n  二\n".to_owned()], ..short() });
    assert_eq!(form.body[1..], [Block::Text("一".to_owned()), Block::Text("二".to_owned())]);
}

#[test]
fn numbers_and_days_are_chinese() {
    let numerals: Vec<_> = [1, 9, 10, 11, 20, 21, 99, 100].into_iter().map(numeral).collect();
    assert_eq!(numerals, ["一", "九", "十", "十一", "二十", "二十一", "九十九", "100"]);
    assert_eq!(chinese(NaiveDate::from_ymd_opt(2024, 5, 10).unwrap()), "2024年5月10日");
}

#[test]
fn a_font_that_will_not_do_is_refused_with_what_to_do() {
    let refused = |path: &Path| Font::find(Some(path)).unwrap_err();
    let missing = refused(Path::new("/nowhere/font.ttf"));
    assert!(matches!(missing, LetterError::Unreadable { .. }), "{missing}");
    let text = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let not_a_font = refused(&text);
    assert!(matches!(not_a_font, LetterError::NotAFont { .. }), "{not_a_font}");
    // Noto holds no Bamum, as others hold no Chinese.
    let known = KNOWN.iter().map(|(text, _)| Path::new(text)).find(|path| path.exists()).unwrap();
    assert!(Face::read(known, "建议").is_ok());
    let other = Face::read(known, "建议\u{16800}").err().unwrap();
    assert!(matches!(other, LetterError::NotChinese { .. }), "{other}");
    for error in [missing, not_a_font, other, LetterError::NoFont] {
        assert!(error.to_string().contains("JIANYI_FONT"), "{error}");
    }
    assert!(LetterError::NoFont.to_string().contains("fonts-noto-cjk"));
}

#[test]
fn the_font_holds_rare_characters_of_names() {
    let font = Font::find(None).unwrap();
    let faces = font.open().unwrap();
    let lacking = faces.text.glyph('□');
    for c in "镕喆堃珺玥頔祎旸翀赟㛃䶮𬭚𬍛〔〕“”——……①".chars() {
        assert_ne!(faces.text.glyph(c), lacking, "{c}");
    }
}
