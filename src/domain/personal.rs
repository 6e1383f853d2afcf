//! Personal data in a text that is to be published: found, and masked.
//!
//! Scanners by hand, each linear in the text. Where it is in doubt they find too much: a number masked in vain
//! costs a reader a phone call, a number published cannot be taken back. Names and addresses are not found: no
//! scanner knows them from others.

mod checks;
mod numbers;
mod signs;

use std::{borrow::Cow, cmp::Reverse, ops::Range};

use serde::{Deserialize, Serialize};

use signs::{Sign, signs};

/// What kind of personal data it is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PersonalKind {
    /// 手机号码
    MobileNumber,
    /// 固定电话号码
    Landline,
    /// 居民身份证号码
    ResidentId,
    /// 银行卡号
    BankCard,
    /// 电子邮箱
    Email,
    /// 车牌号
    CarPlate,
}

impl PersonalKind {
    pub const ALL: &[PersonalKind] =
        &[Self::MobileNumber, Self::Landline, Self::ResidentId, Self::BankCard, Self::Email, Self::CarPlate];

    /// The word in code and API.
    pub fn id(self) -> &'static str {
        match self {
            Self::MobileNumber => "mobile_number",
            Self::Landline => "landline",
            Self::ResidentId => "resident_id",
            Self::BankCard => "bank_card",
            Self::Email => "email",
            Self::CarPlate => "car_plate",
        }
    }

    /// The word in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Self::MobileNumber => "手机号码",
            Self::Landline => "固定电话号码",
            Self::ResidentId => "居民身份证号码",
            Self::BankCard => "银行卡号",
            Self::Email => "电子邮箱",
            Self::CarPlate => "车牌号",
        }
    }

    /// The word in English.
    pub fn en(self) -> &'static str {
        match self {
            Self::MobileNumber => "mobile number",
            Self::Landline => "landline number",
            Self::ResidentId => "resident identity number",
            Self::BankCard => "bank card number",
            Self::Email => "e-mail address",
            Self::CarPlate => "car's licence plate",
        }
    }
}

/// Personal data, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub kind: PersonalKind,
    /// In bytes of the text, from and to a character's boundary.
    pub at: Range<usize>,
}

/// What stands in its place, whatever its length was: the length would tell something.
pub const MASK: &str = "＊＊＊";

/// All personal data in a text, in its order and without overlap: where two readings overlap, the longer holds.
pub fn find(text: &str) -> Vec<Found> {
    let mut signs = signs(text);
    let mut found = Vec::new();
    loop {
        let mut readings = readings(&signs);
        if readings.is_empty() {
            break;
        }
        readings.sort_by_key(|reading| (Reverse(reading.at.len()), reading.at.start, reading.kind));
        for Reading { kind, at } in readings {
            if signs[at.clone()].iter().any(Sign::is_masked) {
                continue;
            }
            let start = signs[at.start].at;
            let end = signs[at.end - 1].end;
            found.push(Found { kind, at: start..end });
            signs[at].iter_mut().for_each(Sign::mask);
        }
        // Again, with these masked: what is left of a reading that lost may be one of its own, and the masked
        // text must hold none.
    }
    found.sort_by_key(|found| found.at.start);
    found
}

/// The text with [`MASK`] in place of all personal data.
pub fn masked(text: &str) -> Cow<'_, str> {
    let found = find(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    for Found { at, .. } in found {
        masked += &text[from..at.start];
        masked += MASK;
        from = at.end;
    }
    Cow::Owned(masked + &text[from..])
}

/// What some signs may be; `at` counts signs.
struct Reading {
    kind: PersonalKind,
    at: Range<usize>,
}

fn readings(signs: &[Sign]) -> Vec<Reading> {
    let mut readings = numbers::readings(signs);
    readings.extend((0..signs.len()).filter_map(|at| match signs[at].c {
        '@' => email(signs, at),
        c if PROVINCES.contains(c) => plate(signs, at),
        _ => None,
    }));
    readings
}

/// The e-mail address around an `@`.
fn email(signs: &[Sign], at: usize) -> Option<Reading> {
    let local = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    let mut start = at - signs[..at].iter().rev().take_while(|sign| local(sign.c)).count();
    // A full stop or a dash before the address is the sentence's.
    start += signs[start..at].iter().take_while(|sign| matches!(sign.c, '.' | '-')).count();
    let domain = &signs[at + 1..];
    let domain = &domain[..domain.iter().take_while(|sign| signs::in_domain(sign.c)).count()];
    // It ends where a dot is followed by two letters or more, as late as possible.
    let end = (0..domain.len()).rev().find_map(|dot| {
        let letters = domain[dot + 1..].iter().take_while(|sign| sign.c.is_ascii_alphabetic()).count();
        let named = dot > 0 && domain[dot - 1].c.is_ascii_alphanumeric();
        (domain[dot].c == '.' && named && letters >= 2).then_some(at + 1 + dot + 1 + letters)
    })?;
    (start < at).then_some(Reading { kind: PersonalKind::Email, at: start..end })
}

/// The character that a car's plate begins with: the short name of a province.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// A plate that begins at this province: a letter, perhaps a dot, and five (fuel) or six (electric) digits and
/// letters, of which at most two are letters; or four and a word for trailers, learners, police and the like.
fn plate(signs: &[Sign], at: usize) -> Option<Reading> {
    let c = |at: usize| signs.get(at).map(|sign| sign.c).unwrap_or_default();
    if !c(at + 1).is_ascii_alphabetic() {
        return None;
    }
    let start = at + 2 + usize::from("·. -".contains(c(at + 2)));
    let run = signs.get(start..)?.iter().take_while(|sign| sign.c.is_ascii_alphanumeric());
    let (length, digits) =
        run.fold((0, 0), |(n, digits), sign| (n + 1, digits + usize::from(sign.c.is_ascii_digit())));
    let end = match length {
        5 | 6 if digits + 2 >= length => start + length,
        4 if digits >= 2 && "挂学警港澳领使".contains(c(start + 4)) => start + 5,
        _ => return None,
    };
    Some(Reading { kind: PersonalKind::CarPlate, at: at..end })
}

#[cfg(test)]
mod tests;
