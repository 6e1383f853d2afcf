//! One cell, whatever the file's format.

use std::borrow::Cow;

use calamine::{DataRef, ExcelDateTime};
use chrono::{Days, NaiveDate};

use super::text::{is_invisible, trim};

/// A cell's content.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text as typed.
    Text(String),
    /// A number that is not formatted as a date.
    Number(f64),
    /// A date, its time of day dropped.
    Date(NaiveDate),
    /// A formula's error, such as `#N/A`.
    Error(String),
}

impl Cell {
    /// A text cell without invisible characters; blank text is an empty cell.
    pub(super) fn from_text(text: &str) -> Self {
        let text: String = text.chars().filter(|&c| !is_invisible(c)).collect();
        if trim(&text).is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// The content as a person would type it: a whole number without ".0", a date as 2024-03-08.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) | Self::Error(text) => Cow::Borrowed(text),
            // Beyond 2^53 a float no longer holds every whole number; `{}` prints what it holds.
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Date(date) => Cow::Owned(date.to_string()),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }
}

impl From<DataRef<'_>> for Cell {
    fn from(data: DataRef<'_>) -> Self {
        match data {
            DataRef::Empty => Self::Empty,
            DataRef::Int(number) => Self::Number(number as f64),
            DataRef::Float(number) => Self::Number(number),
            DataRef::String(text) => Self::from_text(&text),
            DataRef::SharedString(text) => Self::from_text(text),
            DataRef::Bool(value) => Self::Text(if value { "TRUE" } else { "FALSE" }.to_owned()),
            DataRef::DateTime(moment) => from_excel(moment),
            DataRef::DateTimeIso(text) => from_iso(text),
            DataRef::DurationIso(text) => Self::Text(text),
            DataRef::Error(error) => Self::Error(error.to_string()),
        }
    }
}

impl From<&calamine::Data> for Cell {
    fn from(data: &calamine::Data) -> Self {
        use calamine::Data;
        match data {
            Data::String(text) => Self::from_text(text),
            Data::Empty => Self::Empty,
            Data::Int(number) => Self::Number(*number as f64),
            Data::Float(number) => Self::Number(*number),
            Data::Bool(value) => DataRef::Bool(*value).into(),
            Data::DateTime(moment) => from_excel(*moment),
            Data::DateTimeIso(text) => from_iso(text.clone()),
            Data::DurationIso(text) => Self::Text(text.clone()),
            Data::Error(error) => Self::Error(error.to_string()),
        }
    }
}

fn from_excel(moment: ExcelDateTime) -> Cell {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    // A duration is no day, and Excel's 29 February 1900 never was one.
    let date = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into());
    match date.filter(|_| moment.is_datetime()) {
        Some(date) => Cell::Date(date),
        None => Cell::Number(moment.as_f64()),
    }
}

fn from_iso(text: String) -> Cell {
    let day = text.get(..10).and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
    day.map_or(Cell::Text(text), Cell::Date)
}

/// The day of an Excel serial number within 2000-2099, where it cannot be mistaken for a count.
pub(super) fn serial_day(serial: f64, epoch_1904: bool) -> Option<NaiveDate> {
    let days = serial.floor() + if epoch_1904 { 1462.0 } else { 0.0 };
    if !(36_526.0..73_051.0).contains(&days) {
        return None;
    }
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days as u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    #[test]
    fn numbers_read_as_typed() {
        assert_eq!(Cell::Number(12.0).text(), "12");
        assert_eq!(Cell::Number(12.5).text(), "12.5");
        assert_eq!(Cell::Number(20_240_308.0).text(), "20240308");
    }

    #[test]
    fn dates_of_every_make() {
        let day = NaiveDate::from_ymd_opt(2024, 3, 8).unwrap();
        assert_eq!(from_excel(ExcelDateTime::new(45_359.75, DateTime, false)), Cell::Date(day));
        assert_eq!(from_excel(ExcelDateTime::new(43_897.0, DateTime, true)), Cell::Date(day));
        assert_eq!(from_excel(ExcelDateTime::new(1.5, TimeDelta, false)), Cell::Number(1.5));
        assert_eq!(from_iso("2024-03-08T09:00:00".to_owned()), Cell::Date(day));
        assert_eq!(serial_day(45_359.9, false), Some(day));
        assert_eq!(serial_day(43_897.0, true), Some(day));
    }

    #[test]
    fn serials_stay_within_the_century() {
        assert_eq!(serial_day(36_526.0, false), NaiveDate::from_ymd_opt(2000, 1, 1));
        assert_eq!(serial_day(73_050.0, false), NaiveDate::from_ymd_opt(2099, 12, 31));
        assert_eq!(serial_day(73_051.0, false), None);
        assert_eq!(serial_day(f64::NAN, false), None);
    }
}
