//! Numbers of telephones, residents and bank cards, written in one or in groups.

use std::ops::Range;

use super::checks::{is_bank_card, is_credit_code, is_old_resident_id, is_resident_id};
use super::signs::{Sign, spelled};
use super::{PersonalKind, Reading};

/// The longest number that is looked for, a bank card's.
const LONGEST: usize = 19;
/// A bank card in groups of four has five.
const MOST_GROUPS: usize = 5;

/// Every way to read the text's digits as a number of a person's; also those spelled in Chinese numerals, of the kinds
/// that people spell.
pub(super) fn readings(signs: &[Sign]) -> Vec<Reading> {
    let mut readings = readings_in(signs, signs);
    if let Some(spelled) = spelled(signs) {
        let spoken = |it: &Reading| matches!(it.kind, PersonalKind::MobileNumber | PersonalKind::ResidentId);
        readings.extend(readings_in(&spelled, signs).into_iter().filter(spoken));
    }
    readings
}

/// `written` is what stood there before numerals were read as digits.
fn readings_in(signs: &[Sign], written: &[Sign]) -> Vec<Reading> {
    let runs = runs(signs);
    let mut readings = Vec::new();
    for first in 0..runs.len() {
        let mut number =
            Number { start: runs[first].start, end: 0, digits: String::new(), groups: Vec::new() };
        for run in &runs[first..runs.len().min(first + MOST_GROUPS)] {
            let joined = number.groups.is_empty() || is_joined(&signs[number.end..run.start]);
            if !joined || number.digits.len() + run.len() > LONGEST {
                break;
            }
            number.groups.push(run.len());
            number.digits.extend(signs[run.clone()].iter().map(|sign| sign.c));
            number.end = run.end;
            readings.extend(number.reading(signs));
            // The last numeral may be the next word's: 一三八…八一直.
            if run.len() > 1 && !written[run.end - 1].is_digit() {
                readings.extend(number.without_last().reading(signs));
            }
        }
    }
    readings
}

/// Digits, in one group or several; `start` and `end` count signs.
#[derive(Clone)]
struct Number {
    start: usize,
    end: usize,
    digits: String,
    groups: Vec<usize>,
}

impl Number {
    fn without_last(&self) -> Number {
        let mut shorter = self.clone();
        shorter.end -= 1;
        shorter.digits.pop();
        if let Some(last) = shorter.groups.last_mut() {
            *last -= 1;
        }
        shorter
    }

    fn reading(&self, signs: &[Sign]) -> Option<Reading> {
        let found = |kind, at| Some(Reading { kind, at });
        let at = self.start..self.end;
        let ends_in_x = signs.get(self.end).is_some_and(|sign| matches!(sign.c, 'x' | 'X' | 'Ⅹ' | '×'));
        if ends_in_x && is_resident_id(&format!("{}X", self.digits)) {
            return found(PersonalKind::ResidentId, self.start..self.end + 1);
        }
        if is_resident_id(&self.digits) {
            return found(PersonalKind::ResidentId, at);
        }
        let in_one = self.groups.len() == 1;
        if in_one && is_credit_code(&token(signs, &at)) {
            return None;
        }
        if in_one && is_old_resident_id(&self.digits) {
            return found(PersonalKind::ResidentId, at);
        }
        if is_bank_card(&self.digits) && self.is_grouped_as_a_card() {
            return found(PersonalKind::BankCard, at);
        }
        if self.is_mobile() && !is_money(signs, &at) {
            return found(PersonalKind::MobileNumber, at);
        }
        if let Some(start) = self.landline(signs) {
            return found(PersonalKind::Landline, start..self.end);
        }
        None
    }

    /// 13x to 19x and eight digits more, perhaps with the country's 86 written to it.
    fn is_mobile(&self) -> bool {
        let number = match &self.groups[..] {
            [11] | [3, 4, 4] | [3, 8] | [7, 4] | [4, 3, 4] => &self.digits[..],
            [13] => self.digits.strip_prefix("86").unwrap_or_default(),
            [15] => self.digits.strip_prefix("0086").unwrap_or_default(),
            _ => "",
        };
        let mut digits = number.bytes();
        digits.next() == Some(b'1') && digits.next().is_some_and(|digit| digit >= b'3')
    }

    /// An area code that begins with 0 and a number of seven or eight digits; the code may stand in brackets.
    /// Returns where it starts.
    fn landline(&self, signs: &[Sign]) -> Option<usize> {
        let split = match self.groups[..] {
            [10..=12] | [3 | 4, 7 | 8] | [3 | 4, 3 | 4, 4] => self.digits.starts_with('0'),
            _ => false,
        };
        if split {
            return Some(self.start);
        }
        let [7 | 8] = self.groups[..] else { return None };
        let before = &signs[..self.start];
        let blanks = before.iter().rev().take_while(|sign| sign.c == ' ').count();
        let before = before[..before.len() - blanks.min(1)].split_last().filter(|(last, _)| last.c == ')')?.1;
        let code = before.iter().rev().take_while(|sign| sign.is_digit()).count();
        let start = before.len().checked_sub(code + 1)?;
        let bracketed =
            before[start].c == '(' && before[start + 1..].first().is_some_and(|sign| sign.c == '0');
        (bracketed && matches!(code, 3 | 4)).then_some(start)
    }

    /// In groups, four consecutive years look like a card, and each tenth time they pass for one.
    fn is_grouped_as_a_card(&self) -> bool {
        match self.groups[..] {
            [_] => true,
            [4, 4, 4, 4] | [4, 4, 4, 4, 1..=3] | [6, 10..=13] => self.digits.as_bytes()[0] >= b'3',
            _ => false,
        }
    }
}

/// All runs of digits, each as long as it goes: what stands within a longer one is part of another number.
fn runs(signs: &[Sign]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, _) in signs.iter().enumerate().filter(|(_, sign)| sign.is_digit()) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

/// Whether what stands between two groups of digits joins them to one number.
fn is_joined(between: &[Sign]) -> bool {
    matches!(between, [sign] if matches!(sign.c, ' ' | '-' | '.' | '·' | '/'))
}

/// The letters and digits around it.
fn token(signs: &[Sign], at: &Range<usize>) -> String {
    let more = |sign: &&Sign| sign.c.is_ascii_alphanumeric();
    let before = signs[..at.start].iter().rev().take(LONGEST).take_while(more).count();
    let after = signs[at.end..].iter().take(LONGEST).take_while(more).count();
    signs[at.start - before..at.end + after].iter().map(|sign| sign.c).collect()
}

/// Whether it is an amount: 13800000000元 is a budget, not a telephone.
fn is_money(signs: &[Sign], at: &Range<usize>) -> bool {
    let before = at.start.checked_sub(1).and_then(|before| signs.get(before));
    if before.is_some_and(|sign| matches!(sign.c, '¥' | '￥' | '$')) {
        return true;
    }
    let mut after = signs[at.end..].iter().peekable();
    if after.next_if(|sign| sign.c == '.').is_some() {
        let decimals = std::iter::from_fn(|| after.next_if(|sign| sign.is_digit())).take(2).count();
        if decimals == 0 {
            return false;
        }
    }
    after.next().is_some_and(|sign| matches!(sign.c, '元' | '万' | '亿'))
}
