//! The hours of the day in which notices go out, in Asia/Shanghai.

use crate::domain::{calendar::Calendar, day::Day};
use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// From the one time of day to before the other, such as `08:30-17:30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hours {
    from: NaiveTime,
    to: NaiveTime,
}

impl Hours {
    /// The first instant at which a notice of this legal day may go out; without days off, on a working day.
    pub fn opening(self, day: Day, calendar: &Calendar, days_off: bool) -> Option<DateTime<Utc>> {
        let mut date = day.date();
        // No run of days off is as long as a month.
        for _ in 0..31 {
            if days_off || calendar.works(date) {
                return Some(Day::new(date)?.instant(self.from));
            }
            date = date.succ_opt()?;
        }
        None
    }

    /// Whether notices go out at this instant.
    pub fn open(self, at: DateTime<Utc>, calendar: &Calendar, days_off: bool) -> bool {
        let local = Day::local(at);
        let time = local.time();
        self.from <= time && time < self.to && (days_off || calendar.works(local.date()))
    }
}

impl TryFrom<String> for Hours {
    type Error = String;
    fn try_from(text: String) -> Result<Hours, String> {
        let time = |part: &str| NaiveTime::parse_from_str(part, "%H:%M").ok().filter(|_| part.len() == 5);
        let hours =
            text.split_once('-').and_then(|(from, to)| Some(Hours { from: time(from)?, to: time(to)? }));
        match hours {
            Some(hours) if hours.from < hours.to => Ok(hours),
            _ => Err(format!("`{text}` are no hours; write them as 08:30-17:30, the later time behind")),
        }
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from.format("%H:%M"), self.to.format("%H:%M"))
    }
}

impl From<Hours> for String {
    fn from(hours: Hours) -> String {
        hours.to_string()
    }
}
