//! A legal day in any of the forms that offices write.

use chrono::{Datelike, NaiveDate};

use super::cell::{Cell, serial_day};
use super::text::{fold, narrow, trim};

/// Why a cell is no day. Its text tells the user what would be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum DateFault {
    #[error("不是日期；应写作 2024-03-08 或 2024年3月8日")]
    Unreadable,
    #[error("缺少年份；应写作 2024年3月8日")]
    NoYear,
    #[error("缺少具体日；应写作 2024年3月8日")]
    NoDay,
    #[error("年份应写四位，按年月日排列，如 2024-03-08")]
    ShortYear,
    #[error("没有这一天")]
    Impossible,
    #[error("年份应在 2000 至 2099 之间")]
    OutOfRange,
}

/// The day in a cell that is not empty.
pub(super) fn parse(cell: &Cell, epoch_1904: bool) -> Result<NaiveDate, DateFault> {
    match cell {
        Cell::Date(date) => in_range(*date),
        Cell::Number(number) => {
            serial_day(*number, epoch_1904).map_or_else(|| from_text(&number.to_string(), epoch_1904), Ok)
        }
        Cell::Empty | Cell::Error(_) => Err(DateFault::Unreadable),
        Cell::Text(text) => from_text(text, epoch_1904),
    }
}

fn from_text(text: &str, epoch_1904: bool) -> Result<NaiveDate, DateFault> {
    let narrowed: String = text.chars().map(narrow).collect();
    let day = fold(without_time(trim(&narrowed)));
    if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
        return civil(&day[..4], &day[4..6], &day[6..]);
    }
    if let Some(date) = bare_number(&day).and_then(|number| serial_day(number, epoch_1904)) {
        return Ok(date);
    }
    if !day.chars().all(|c| c.is_ascii_digit() || is_separator(c)) {
        return Err(DateFault::Unreadable);
    }
    let parts: Vec<&str> = day.split(is_separator).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
            civil(year, month, day)
        }
        [first, second, third] if first.len() <= 2 && second.len() <= 2 && third.len() <= 4 => {
            Err(DateFault::ShortYear)
        }
        [year, month] if year.len() == 4 && month.len() <= 2 => Err(DateFault::NoDay),
        [month, day] if month.len() <= 2 && day.len() <= 2 => Err(DateFault::NoYear),
        _ => Err(DateFault::Unreadable),
    }
}

/// Drops a time of day, as in "2024-03-08 09:00:00" and "2024-03-08T09:00".
fn without_time(text: &str) -> &str {
    let Some(colon) = text.find(':') else { return text };
    text[..colon].rfind([' ', 'T', '日']).map_or(text, |end| {
        let end = if text[end..].starts_with('日') { end + '日'.len_utf8() } else { end };
        &text[..end]
    })
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '/' | '.' | '\\' | '年' | '月' | '日' | '号' | '—' | '–' | '・' | '。' | '、')
}

/// Five digits, perhaps with a fraction of a day.
fn bare_number(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.len() == 5 && digits(whole) && digits(fraction) { text.parse().ok() } else { None }
}

fn civil(year: &str, month: &str, day: &str) -> Result<NaiveDate, DateFault> {
    let number = |part: &str| part.parse().map_err(|_| DateFault::Unreadable);
    let year = year.parse().map_err(|_| DateFault::Unreadable)?;
    if !(2000..=2099).contains(&year) {
        return Err(DateFault::OutOfRange);
    }
    NaiveDate::from_ymd_opt(year, number(month)?, number(day)?).ok_or(DateFault::Impossible)
}

fn in_range(date: NaiveDate) -> Result<NaiveDate, DateFault> {
    if (2000..=2099).contains(&date.year()) { Ok(date) } else { Err(DateFault::OutOfRange) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Result<NaiveDate, DateFault> {
        parse(&Cell::Text(text.to_owned()), false)
    }

    #[test]
    fn every_office_form() {
        let day = NaiveDate::from_ymd_opt(2024, 3, 8).unwrap();
        for form in [
            "2024-03-08",
            "2024/3/8",
            "2024.3.8",
            "2024年3月8日",
            "2024 年 3 月 8 日",
            "20240308",
            "２０２４－０３－０８",
            "2024年3月8号",
            "2024-3-8 09:30:00",
            "2024-03-08T09:30:00",
            "2024年3月8日 9:30",
            "2024年3月8日9：30",
            "2024。3。8",
            "2024.3.8.",
            "45359",
            "45359.75",
            " 2024-03-08\n",
        ] {
            assert_eq!(text(form), Ok(day), "{form}");
        }
        assert_eq!(parse(&Cell::Number(45_359.0), false), Ok(day));
        assert_eq!(parse(&Cell::Number(43_897.0), true), Ok(day));
        assert_eq!(parse(&Cell::Number(20_240_308.0), false), Ok(day));
    }

    #[test]
    fn each_fault_has_its_own_hint() {
        for (form, fault) in [
            ("3月8日", DateFault::NoYear),
            ("3.8", DateFault::NoYear),
            ("2024年3月", DateFault::NoDay),
            ("2024.3", DateFault::NoDay),
            ("24-3-8", DateFault::ShortYear),
            ("3/8/2024", DateFault::ShortYear),
            ("2024-02-30", DateFault::Impossible),
            ("2024-13-01", DateFault::Impossible),
            ("20240230", DateFault::Impossible),
            ("1999-12-31", DateFault::OutOfRange),
            ("2100-01-01", DateFault::OutOfRange),
            ("已答复", DateFault::Unreadable),
            ("3:15", DateFault::Unreadable),
            ("99999", DateFault::Unreadable),
        ] {
            assert_eq!(text(form), Err(fault), "{form}");
        }
        let old = NaiveDate::from_ymd_opt(1924, 3, 8).unwrap();
        assert_eq!(parse(&Cell::Date(old), false), Err(DateFault::OutOfRange));
    }
}
