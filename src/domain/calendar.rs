//! Which days work. Both ways: holidays on weekdays, and weekends that are worked to make up for them (调休).
//!
//! One file a year in `calendars/`, with the number of the State Council's notice; a year without a notice has only
//! its weekends, and what is counted through it is provisional.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use std::{collections::BTreeMap, sync::LazyLock};

/// What a notice says of one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarYear {
    pub year: i32,
    /// 文号
    #[schema(example = "国办发明电〔2023〕7号")]
    pub notice: String,
    #[serde(deserialize_with = "date")]
    pub issued_on: NaiveDate,
    pub holidays: Vec<Holiday>,
    /// Saturdays and Sundays that are worked.
    #[serde(deserialize_with = "dates")]
    pub working_weekends: Vec<NaiveDate>,
}

/// A holiday, from its first to its last day off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    pub name: String,
    #[serde(deserialize_with = "date")]
    pub from: NaiveDate,
    #[serde(deserialize_with = "date")]
    pub to: NaiveDate,
}

fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

fn dates<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<NaiveDate>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts.iter().map(|text| text.parse().map_err(D::Error::custom)).collect()
}

/// Why a day works or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    Weekday,
    Weekend,
    Holiday {
        name: String,
        notice: String,
    },
    /// A weekend that is worked.
    MakeUp {
        notice: String,
    },
}

impl Why {
    pub fn works(&self) -> bool {
        matches!(self, Why::Weekday | Why::MakeUp { .. })
    }

    /// In words, with the notice's number.
    pub fn zh(&self) -> String {
        match self {
            Why::Weekday => "工作日".to_owned(),
            Why::Weekend => "周末".to_owned(),
            Why::Holiday { name, notice } => format!("{name}放假（{notice}）"),
            Why::MakeUp { notice } => format!("调休上班（{notice}）"),
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Calendar {
    years: BTreeMap<i32, CalendarYear>,
    exceptions: BTreeMap<NaiveDate, Why>,
}

impl Calendar {
    /// A calendar of some years; a later notice on the same year replaces the earlier.
    pub fn new(years: impl IntoIterator<Item = CalendarYear>) -> Calendar {
        let mut calendar = Calendar::default();
        for year in years {
            calendar.years.insert(year.year, year);
        }
        for year in calendar.years.values() {
            let notice = || year.notice.clone();
            for holiday in &year.holidays {
                let days = holiday.from.iter_days().take_while(|day| *day <= holiday.to);
                let why = Why::Holiday { name: holiday.name.clone(), notice: notice() };
                calendar.exceptions.extend(days.map(|day| (day, why.clone())));
            }
            for day in &year.working_weekends {
                calendar.exceptions.insert(*day, Why::MakeUp { notice: notice() });
            }
        }
        calendar
    }

    /// The calendars that come with the program.
    pub fn shipped() -> &'static Calendar {
        static SHIPPED: LazyLock<Calendar> = LazyLock::new(|| {
            let files = [
                include_str!("../../calendars/2023.toml"),
                include_str!("../../calendars/2024.toml"),
                include_str!("../../calendars/2025.toml"),
                include_str!("../../calendars/2026.toml"),
            ];
            // A test reads each of these files; a broken one does not pass it.
            Calendar::new(files.iter().filter_map(|file| toml::from_str(file).ok()))
        });
        &SHIPPED
    }

    pub fn years(&self) -> impl Iterator<Item = &CalendarYear> {
        self.years.values()
    }

    /// Why a day works or does not.
    pub fn why(&self, day: NaiveDate) -> Why {
        match self.exceptions.get(&day) {
            Some(why) => why.clone(),
            None if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) => Why::Weekend,
            None => Why::Weekday,
        }
    }

    pub fn works(&self, day: NaiveDate) -> bool {
        match self.exceptions.get(&day) {
            Some(why) => why.works(),
            None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// Whether a notice covers every day from one to another; counting through an uncovered one is provisional.
    pub fn covers(&self, from: NaiveDate, to: NaiveDate) -> bool {
        (from.year()..=to.year()).all(|year| self.years.contains_key(&year))
    }

    /// The days off from a day on, as ranges with one reason each, before the next working day.
    pub fn days_off_from(&self, day: NaiveDate) -> impl Iterator<Item = (NaiveDate, Why)> + '_ {
        day.iter_days().map(|day| (day, self.why(day))).take_while(|(_, why)| !why.works())
    }
}

/// The next day, or the same at the end of time.
pub fn tomorrow(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct OracleYear {
        year: i32,
        weekdays_off: Vec<NaiveDate>,
        weekends_worked: Vec<NaiveDate>,
    }

    /// Computed elsewhere, from another source.
    #[test]
    fn the_shipped_years_agree_with_an_independent_calendar() {
        let oracle: Vec<OracleYear> =
            serde_json::from_str(include_str!("../../tests/data/calendar.json")).unwrap();
        let calendar = Calendar::shipped();
        for year in &oracle {
            let first = NaiveDate::from_ymd_opt(year.year, 1, 1).unwrap();
            for day in first.iter_days().take_while(|day| day.year() == year.year) {
                let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
                let works = if weekend {
                    year.weekends_worked.contains(&day)
                } else {
                    !year.weekdays_off.contains(&day)
                };
                assert_eq!(calendar.works(day), works, "{day}");
            }
        }
        assert_eq!(oracle.len(), 3);
    }

    #[test]
    fn every_shipped_year_is_there_with_its_notice() {
        let years: Vec<_> = Calendar::shipped().years().map(|y| (y.year, y.notice.as_str())).collect();
        let expected = [
            (2023, "国办发明电〔2022〕16号"),
            (2024, "国办发明电〔2023〕7号"),
            (2025, "国办发明电〔2024〕12号"),
            (2026, "国办发明电〔2025〕7号"),
        ];
        assert_eq!(years, expected);
    }

    #[test]
    fn only_weekends_are_made_up() {
        for year in Calendar::shipped().years() {
            for day in &year.working_weekends {
                assert!(matches!(day.weekday(), Weekday::Sat | Weekday::Sun), "{day}");
            }
        }
    }
}
