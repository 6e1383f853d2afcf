//! A legal day: a date in Asia/Shanghai, without a time.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A day on which an act takes effect; written `2024-03-08`, from 2000-01-01 to 2099-12-31.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, format = Date, example = "2024-03-08")]
pub struct Day(NaiveDate);

/// China has kept one offset, without summer time, since 1991.
const SHANGHAI: TimeDelta = TimeDelta::hours(8);

impl Day {
    /// The day, if it lies within the span of years that the calendar can speak of.
    pub fn new(date: NaiveDate) -> Option<Day> {
        (2000..=2099).contains(&date.year()).then_some(Day(date))
    }

    /// The legal day in Asia/Shanghai at an instant.
    ///
    /// Instants outside the calendar's span count as its nearest end.
    pub fn at(instant: DateTime<Utc>) -> Day {
        Day(Day::local(instant).date().clamp(Day::FIRST.0, Day::LAST.0))
    }

    /// What clocks in Asia/Shanghai show at an instant.
    pub fn local(instant: DateTime<Utc>) -> NaiveDateTime {
        let utc = instant.naive_utc();
        utc.checked_add_signed(SHANGHAI).unwrap_or(utc)
    }

    /// The instant at which clocks in Asia/Shanghai show this time of the day.
    pub fn instant(self, time: NaiveTime) -> DateTime<Utc> {
        (self.0.and_time(time) - SHANGHAI).and_utc()
    }

    pub fn date(self) -> NaiveDate {
        self.0
    }

    pub const FIRST: Day = Day(match NaiveDate::from_ymd_opt(2000, 1, 1) {
        Some(date) => date,
        None => NaiveDate::MIN,
    });
    pub const LAST: Day = Day(match NaiveDate::from_ymd_opt(2099, 12, 31) {
        Some(date) => date,
        None => NaiveDate::MAX,
    });
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let shaped = text.len() == 10 && text.bytes().filter(|b| b.is_ascii_digit()).count() == 8;
        let date = match shaped {
            true => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok(),
            false => None,
        };
        let shown: String = text.chars().take(40).collect();
        let date =
            date.ok_or_else(|| format!("`{shown}` is not a day that exists; write it as 2024-03-08"))?;
        Day::new(date)
            .ok_or_else(|| format!("{date} is past the calendar, which runs from 2000-01-01 to 2099-12-31"))
    }
}

impl TryFrom<String> for Day {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist_are_days() {
        for wrong in
            ["2024-02-30", "2024-2-3", "20240203", "2024-02-03T00:00", "2100-01-01", "1999-12-31", ""]
        {
            assert!(wrong.parse::<Day>().is_err(), "{wrong}");
        }
        assert_eq!("2024-02-29".parse::<Day>().map(|d| d.to_string()), Ok("2024-02-29".to_owned()));
    }

    #[test]
    fn the_legal_day_begins_at_midnight_in_shanghai() {
        let before = "2024-03-08T15:59:59Z".parse().map(Day::at).map(|d| d.to_string());
        let after = "2024-03-08T16:00:00Z".parse().map(Day::at).map(|d| d.to_string());
        assert_eq!((before, after), (Ok("2024-03-08".to_owned()), Ok("2024-03-09".to_owned())));
    }
}
