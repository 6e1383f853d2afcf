//! What stands on the letter and in which order, in words: the same for Word and for PDF.

use chrono::{Datelike, NaiveDate};

use super::{Letter, Section};

/// A letter with every word in place.
pub(crate) struct Form {
    pub issuer: String,
    pub marking: Option<String>,
    pub class_mark: Option<String>,
    pub document_number: Option<String>,
    pub signer: Option<String>,
    pub title: String,
    /// From 主送 to the last sentence.
    pub body: Vec<Block>,
    pub date: String,
    pub contact: Option<String>,
    pub copies: Option<String>,
}

/// A paragraph of the body.
#[derive(Debug, PartialEq)]
pub(crate) enum Block {
    /// Flush left.
    Addressees(String),
    /// Indented, in 黑体.
    Heading(String),
    /// Indented.
    Text(String),
}

impl Form {
    pub fn of(letter: &Letter) -> Form {
        Form {
            issuer: line(&letter.issuer),
            marking: filled(&letter.marking),
            class_mark: filled(&letter.class_mark),
            document_number: filled(&letter.document_number),
            signer: filled(&letter.signer).map(|name| format!("签发人：{name}")),
            title: line(&letter.title),
            body: body(letter),
            date: chinese(letter.date),
            contact: filled(&letter.contact).map(|contact| format!("联系人及电话：{contact}")),
            copies: listed(&letter.copies_to, "，").map(|copies| format!("抄送：{copies}。")),
        }
    }
}

fn body(letter: &Letter) -> Vec<Block> {
    let mut blocks: Vec<_> = addressees(&letter.addressees).into_iter().collect();
    blocks.extend(letter.paragraphs.iter().flat_map(|text| texts(text)));
    for (index, section) in letter.sections.iter().enumerate() {
        blocks.push(Block::Heading(heading(index + 1, section)));
        blocks.extend(section.paragraphs.iter().flat_map(|text| texts(text)));
    }
    blocks.extend(letter.closing.iter().flat_map(|text| texts(text)));
    blocks
}

/// A delegation is addressed as such, and who wrote 代表 himself does not get it twice.
fn addressees(names: &[String]) -> Option<Block> {
    let names = listed(names, "、")?;
    let title = if names.ends_with("代表") || names.ends_with("代表团") { "" } else { "代表" };
    Some(Block::Addressees(format!("{names}{title}：")))
}

fn heading(number: usize, section: &Section) -> String {
    let mark = filled(&section.mark).map(|mark| format!("（{mark}）")).unwrap_or_default();
    format!("{}、{}{mark}", numeral(number), line(&section.heading))
}

fn texts(text: &str) -> Vec<Block> {
    text.lines().map(line).filter(|text| !text.is_empty()).map(Block::Text).collect()
}

fn listed(names: &[String], between: &str) -> Option<String> {
    let names: Vec<_> = names.iter().map(|name| line(name)).filter(|name| !name.is_empty()).collect();
    (!names.is_empty()).then(|| names.join(between))
}

fn filled(text: &Option<String>) -> Option<String> {
    text.as_deref().map(line).filter(|text| !text.is_empty())
}

/// One line without what no document can hold: XML forbids control characters and U+FFFE and U+FFFF, and would
/// not be readable with them. Indents typed as spaces go too, since the letter has its own.
pub(crate) fn line(text: &str) -> String {
    let spaced = text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c });
    let kept: String = spaced.filter(|c| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}')).collect();
    kept.trim().to_owned()
}

/// `2024年5月10日`: in Arabic numerals and without leading zeros, as GB/T 9704 asks.
pub(crate) fn chinese(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// 一, 十, 二十一; no letter has a hundred points, and one that had would count on in digits.
pub(crate) fn numeral(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match (number / 10, number % 10) {
        (0, ones) => DIGITS[ones].to_owned(),
        (1, ones) => format!("十{}", DIGITS[ones]),
        (tens @ 2..=9, ones) => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
        _ => number.to_string(),
    }
}
