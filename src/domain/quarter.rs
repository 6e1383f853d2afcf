//! A quarter of the legal calendar, as statements are made for it.

use super::day::Day;
use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Written `2024-Q4`, from 2000 to 2099.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "2024-Q4")]
pub struct Quarter(Day);

impl Quarter {
    fn new(year: i32, number: u32) -> Option<Quarter> {
        let month = number.checked_sub(1)?.checked_mul(3)?.checked_add(1)?;
        let first = Day::new(NaiveDate::from_ymd_opt(year, month, 1)?)?;
        Some(Quarter(first))
    }

    pub fn first(self) -> Day {
        self.0
    }

    /// Its last day.
    pub fn last(self) -> Day {
        let next = self.0.date().checked_add_months(Months::new(3)).and_then(|day| day.pred_opt());
        next.and_then(Day::new).unwrap_or(Day::LAST)
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.0.date();
        write!(f, "{:04}-Q{}", date.year(), date.month0() / 3 + 1)
    }
}

impl FromStr for Quarter {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once("-Q").filter(|(year, number)| year.len() == 4 && number.len() == 1);
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        parts
            .filter(|(year, number)| digits(year) && digits(number))
            .and_then(|(year, number)| Quarter::new(year.parse().ok()?, number.parse().ok()?))
            .ok_or_else(|| "须写作 2024-Q4 (must be written as 2024-Q4)".to_owned())
    }
}

impl TryFrom<String> for Quarter {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Quarter> for String {
    fn from(quarter: Quarter) -> String {
        quarter.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_is_three_whole_months() {
        let days =
            |text: &str| text.parse::<Quarter>().map(|q| (q.first().to_string(), q.last().to_string()));
        assert_eq!(days("2024-Q1"), Ok(("2024-01-01".to_owned(), "2024-03-31".to_owned())));
        assert_eq!(days("2023-Q4"), Ok(("2023-10-01".to_owned(), "2023-12-31".to_owned())));
        for text in ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2099-Q4"] {
            assert_eq!(text.parse::<Quarter>().map(|q| q.to_string()), Ok(text.to_owned()));
        }
        for wrong in ["2024-Q0", "2024-Q5", "24-Q1", "2024Q1", "2024-q1", "1999-Q4", "2100-Q1", "+024-Q1", ""]
        {
            assert!(wrong.parse::<Quarter>().is_err(), "{wrong}");
        }
    }
}
