//! A term: from an anchor day to a due day, with every step of the arithmetic.
//!
//! Civil Code arts. 200-204: the anchor day is not counted; a term in months ends on the same day number, or on the
//! month's last day where there is none; when the last day is a day off, the next working day.

use super::{
    calendar::{Calendar, tomorrow},
    day::Day,
    say::Say,
};
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Months,
    Days,
    WorkingDays,
}

impl Unit {
    /// The word in files and API.
    pub fn id(self) -> &'static str {
        match self {
            Unit::Months => "months",
            Unit::Days => "days",
            Unit::WorkingDays => "working_days",
        }
    }

    fn zh(self) -> &'static str {
        match self {
            Unit::Months => "个月",
            Unit::Days => "日",
            Unit::WorkingDays => "个工作日",
        }
    }

    /// Longer terms than ten years are typing mistakes.
    pub fn most(self) -> u32 {
        match self {
            Unit::Months => 120,
            Unit::Days | Unit::WorkingDays => 3650,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Term {
    #[schema(example = 3)]
    pub amount: u32,
    pub unit: Unit,
}

/// What a step of the arithmetic did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// The day of the event, not counted itself.
    Anchor,
    /// The term counted off.
    Count,
    /// The month has no such day: its last.
    Clamp,
    /// The last day is a day off: the next working day.
    Roll,
    /// A granted extension names another day.
    Extend,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Step {
    pub kind: StepKind,
    /// The day reached.
    pub day: NaiveDate,
    /// 说明
    pub text: String,
    /// Days that did not count, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
}

/// Neighbouring days that were passed over for the same reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Skipped {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// 原因
    pub why: String,
}

/// A due day and its working.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Before a day off was stepped over.
    pub unrolled: NaiveDate,
    pub due: NaiveDate,
    /// Counted through a year whose notice is not known.
    pub provisional: bool,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermError {
    #[error("a term counts 1 to {most}")]
    Amount { most: u32 },
    #[error("the day is past the calendar, which runs from 2000-01-01 to 2099-12-31")]
    PastCalendar,
}

impl TermError {
    pub fn is_about_amount(&self) -> bool {
        matches!(self, TermError::Amount { .. })
    }

    pub fn say(&self) -> Say {
        let zh = match self {
            TermError::Amount { most } => format!("期限数须在 1 至 {most} 之间"),
            TermError::PastCalendar => "超出日历范围（2000-01-01 至 2099-12-31）".to_owned(),
        };
        Say::new(zh, self.to_string())
    }
}

/// Counts a term from its anchor.
///
/// # Errors
/// For an amount of zero or beyond ten years, and for days past the calendar.
pub fn count(anchor: NaiveDate, term: Term, calendar: &Calendar) -> Result<Counted, TermError> {
    let most = term.unit.most();
    if !(1..=most).contains(&term.amount) {
        return Err(TermError::Amount { most });
    }
    within(anchor)?;
    let mut steps =
        vec![step(StepKind::Anchor, anchor, "起算事由发生之日不计入，自次日起算（民法典第二百零一条）")];
    let unrolled = match term.unit {
        Unit::Months => months(anchor, term, &mut steps)?,
        Unit::Days => days(anchor, term, &mut steps)?,
        Unit::WorkingDays => working_days(anchor, term, calendar, &mut steps)?,
    };
    let due = roll(unrolled, calendar, &mut steps)?;
    // A month or a day is counted without asking who works; only its end is looked up.
    let from = if term.unit == Unit::WorkingDays { anchor } else { unrolled };
    Ok(Counted { unrolled, due, provisional: !calendar.covers(from, due), steps })
}

/// The due day that an extension names, stepped over days off like any other.
///
/// # Errors
/// For days past the calendar.
pub fn extend_to(until: NaiveDate, calendar: &Calendar) -> Result<Counted, TermError> {
    within(until)?;
    let mut steps = vec![step(StepKind::Extend, until, "经同意延期至此日")];
    let due = roll(until, calendar, &mut steps)?;
    Ok(Counted { unrolled: until, due, provisional: !calendar.covers(until, due), steps })
}

fn within(day: NaiveDate) -> Result<NaiveDate, TermError> {
    Day::new(day).map(Day::date).ok_or(TermError::PastCalendar)
}

fn step(kind: StepKind, day: NaiveDate, text: impl Into<String>) -> Step {
    Step { kind, day, text: text.into(), skipped: Vec::new() }
}

fn counted_off(day: NaiveDate, term: Term, how: &str) -> Step {
    step(StepKind::Count, day, format!("计{}{}{how}", term.amount, term.unit.zh()))
}

fn months(anchor: NaiveDate, term: Term, steps: &mut Vec<Step>) -> Result<NaiveDate, TermError> {
    use chrono::Datelike;
    let end = anchor.checked_add_months(Months::new(term.amount)).ok_or(TermError::PastCalendar)?;
    within(end)?;
    if end.day() == anchor.day() {
        steps.push(counted_off(end, term, "，到期月的对应日（民法典第二百零二条）"));
    } else {
        steps.push(step(
            StepKind::Clamp,
            end,
            format!(
                "计{}个月，到期月没有{}日，以月末日为准（民法典第二百零二条）",
                term.amount,
                anchor.day()
            ),
        ));
    }
    Ok(end)
}

fn days(anchor: NaiveDate, term: Term, steps: &mut Vec<Step>) -> Result<NaiveDate, TermError> {
    let end =
        anchor.checked_add_days(chrono::Days::new(term.amount.into())).ok_or(TermError::PastCalendar)?;
    within(end)?;
    steps.push(counted_off(end, term, "，休息日照计"));
    Ok(end)
}

fn working_days(
    anchor: NaiveDate,
    term: Term,
    calendar: &Calendar,
    steps: &mut Vec<Step>,
) -> Result<NaiveDate, TermError> {
    let mut day = anchor;
    let mut left = term.amount;
    let mut skipped = Vec::new();
    while left > 0 {
        day = within(tomorrow(day))?;
        if calendar.works(day) {
            left -= 1;
        } else {
            skip(&mut skipped, day, calendar.why(day).zh());
        }
    }
    steps.push(Step { skipped, ..counted_off(day, term, "，休息日不计，调休上班日照计") });
    Ok(day)
}

fn roll(day: NaiveDate, calendar: &Calendar, steps: &mut Vec<Step>) -> Result<NaiveDate, TermError> {
    let mut skipped = Vec::new();
    let mut due = day;
    for (off, why) in calendar.days_off_from(day) {
        skip(&mut skipped, off, why.zh());
        due = within(tomorrow(off))?;
    }
    if due != day {
        let text = "期限届满日是休息日，顺延至下一个工作日（民法典第二百零三条）";
        steps.push(Step { skipped, ..step(StepKind::Roll, due, text) });
    }
    Ok(due)
}

fn skip(skipped: &mut Vec<Skipped>, day: NaiveDate, why: String) {
    match skipped.last_mut() {
        Some(last) if last.why == why && tomorrow(last.to) == day => last.to = day,
        _ => skipped.push(Skipped { from: day, to: day, why }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Deserialize)]
    struct Oracle {
        vectors: Vec<Vector>,
    }

    #[derive(Deserialize)]
    struct Vector {
        anchor: NaiveDate,
        term: Term,
        unrolled: NaiveDate,
        due: NaiveDate,
    }

    /// Computed elsewhere, with an independent calendar library.
    #[test]
    fn every_vector_of_the_oracle_holds() {
        let oracle: Oracle = serde_json::from_str(include_str!("../../tests/data/deadlines.json")).unwrap();
        for it in &oracle.vectors {
            let counted = count(it.anchor, it.term, Calendar::shipped()).unwrap();
            assert_eq!((counted.unrolled, counted.due), (it.unrolled, it.due), "{} {:?}", it.anchor, it.term);
            assert!(!counted.provisional, "{} {:?}", it.anchor, it.term);
        }
        assert!(oracle.vectors.len() >= 100);
    }

    #[test]
    fn a_due_date_shows_what_it_stepped_over() {
        let anchor = NaiveDate::from_ymd_opt(2024, 3, 8).unwrap();
        let counted = count(anchor, Term { amount: 3, unit: Unit::Months }, Calendar::shipped()).unwrap();
        let rolled = counted.steps.last().unwrap();
        let why: Vec<_> = rolled.skipped.iter().map(|s| s.why.as_str()).collect();
        assert_eq!(why, ["周末", "端午节放假（国办发明电〔2023〕7号）"]);
    }

    #[test]
    fn past_the_last_notice_a_due_date_is_provisional() {
        let anchor = NaiveDate::from_ymd_opt(2026, 12, 20).unwrap();
        assert!(
            count(anchor, Term { amount: 1, unit: Unit::Months }, Calendar::shipped()).unwrap().provisional
        );
    }

    fn any_day() -> impl Strategy<Value = NaiveDate> {
        (0..36_500i64).prop_map(|n| NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + chrono::TimeDelta::days(n))
    }

    fn any_term() -> impl Strategy<Value = Term> {
        let unit = prop_oneof![Just(Unit::Months), Just(Unit::Days), Just(Unit::WorkingDays)];
        (0..4000u32, unit).prop_map(|(amount, unit)| Term { amount, unit })
    }

    proptest! {
        #[test]
        fn a_due_day_works_and_lies_after_its_anchor(anchor in any_day(), term in any_term()) {
            if let Ok(counted) = count(anchor, term, Calendar::shipped()) {
                prop_assert!(anchor < counted.unrolled && counted.unrolled <= counted.due);
                prop_assert!(Calendar::shipped().works(counted.due));
                prop_assert_eq!(counted.steps.last().unwrap().day, counted.due);
            }
        }

        #[test]
        fn a_longer_term_never_ends_earlier(anchor in any_day(), term in any_term()) {
            let longer = Term { amount: term.amount + 1, ..term };
            if let (Ok(a), Ok(b)) = (count(anchor, term, Calendar::shipped()), count(anchor, longer, Calendar::shipped())) {
                prop_assert!(a.due <= b.due);
            }
        }
    }
}
