//! Writes an official letter (公函) as offices know it, after GB/T 9704, as .docx and as PDF.
//!
//! Knows no case and no office: words in, bytes out. The same letter always gives the same bytes.
//!
//! How texts are set into lines and drawn (`breaking`, `font`, `layout`, `measures`) serves the annual report too.
//!
//! In reading order: `form` says what stands on the letter, in which order; `measures` how large and where.
//! `word` writes that for Word. `breaking` → `layout` → `pdf` set it themselves, in the face that `font` found.

pub(crate) mod breaking;
mod error;
pub(crate) mod font;
pub(crate) mod form;
pub(crate) mod layout;
pub(crate) mod measures;
pub(crate) mod pages;
pub(crate) mod pdf;
pub(crate) mod word;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

pub use error::LetterError;
pub use font::{Font, SETTING};
pub use pdf::pdf;
pub use word::docx;

/// What stands on the letter. Texts are written as they are; a line break within one starts a new paragraph.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// 发文机关: in red at the head, and again above the date.
    pub issuer: String,
    /// 类别标注, such as `A`, at the top right of the first page.
    pub class_mark: Option<String>,
    /// 公开属性, such as `不予公开`, at the top left of the first page.
    pub marking: Option<String>,
    /// 发文字号, such as `江城教函〔2024〕12号`.
    pub document_number: Option<String>,
    /// 签发人, by name.
    pub signer: Option<String>,
    /// 标题.
    pub title: String,
    /// 主送: deputies by name; `代表：` is added.
    pub addressees: Vec<String>,
    /// What is said first.
    pub paragraphs: Vec<String>,
    /// What is said point by point, numbered 一、二、三.
    pub sections: Vec<Section>,
    /// What is said last, without a number: thanks and where to turn.
    pub closing: Vec<String>,
    /// 成文日期.
    pub date: NaiveDate,
    /// 联系人及电话: who, and the number.
    pub contact: Option<String>,
    /// 抄送.
    pub copies_to: Vec<String>,
}

/// One point of a letter, such as one thing that was asked for with what is answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Without its number.
    pub heading: String,
    /// Its own class, such as `A类`, in brackets behind the heading.
    pub mark: Option<String>,
    /// The answer.
    pub paragraphs: Vec<String>,
}
