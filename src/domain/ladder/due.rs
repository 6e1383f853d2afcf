//! Which rungs of the ladder are due: at most once for one cause, missed ones in their order, none at night or on a day
//! off, none for what is not owed any more.

use super::{Addressee, Cause, Duty, is_right};
use crate::domain::{
    calendar::{Calendar, tomorrow},
    day::Day,
    policy::{LadderRung, Policy},
    term::{self, Term, Unit},
    text::Note,
    words::{NoticeStanding, Rung},
};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};

/// What is known of a notice that went out by the ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issued<'a> {
    pub cause: Cause,
    /// The policy's name of the rung.
    pub step: &'a str,
    pub standing: NoticeStanding,
    pub answer_by: Option<Day>,
}

/// A rung that waits for its instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending<'a> {
    pub duty: &'a Duty,
    pub rung: &'a LadderRung,
    /// Its legal day, before a day off was stepped over.
    pub day: Day,
    /// The first instant at which it may go out.
    pub at: DateTime<Utc>,
    /// The last day on which it makes sense; a missed duty is urged however late, a lapsed right is not.
    pub until: Day,
}

/// When somebody has to look, for the index that sweeps read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    pub at: DateTime<Utc>,
    /// After this day nothing of it is due any more.
    pub until: Day,
}

/// A notice that is to go out now.
#[derive(Clone, Debug, PartialEq)]
pub struct Due<'a> {
    pub duty: &'a Duty,
    pub rung: &'a LadderRung,
    pub reason: Note,
    pub answer_by: Option<Day>,
}

/// All rungs that were not climbed yet, in the order of their days. Tells nothing of the present: what is kept by it
/// stays right however much time passes. `from` is the ladder's first day; without one there is no ladder.
pub fn pending<'a>(
    duties: &'a [Duty],
    issued: &[Issued<'_>],
    policy: &'a Policy,
    calendar: &Calendar,
    from: Option<Day>,
) -> Vec<Pending<'a>> {
    let Some(from) = from else { return Vec::new() };
    let mut all: Vec<Pending<'a>> = Vec::new();
    for duty in duties.iter().filter(|duty| duty.due >= from) {
        for rung in policy.ladder.iter().filter(|rung| rung.matters.contains(&duty.cause.matter)) {
            let climbed = issued.iter().any(|it| it.cause == duty.cause && it.step == rung.id);
            let Some(day) = day(duty, rung, issued, calendar).filter(|_| !climbed) else { continue };
            let opening = policy.notices.hours.opening(day, calendar, policy.notices.days_off);
            if day <= duty.since || day < from {
                continue;
            }
            let until = if is_right(duty.cause.matter) { duty.due } else { Day::LAST };
            all.extend(opening.map(|at| Pending { duty, rung, day, at, until }));
        }
    }
    // A rung of the same day as another stands where the policy's list has it: the sort is stable.
    all.sort_by_key(|it| it.day);
    all
}

/// The rung's day for a duty, as things stand.
fn day(duty: &Duty, rung: &LadderRung, issued: &[Issued<'_>], calendar: &Calendar) -> Option<Day> {
    let own = offset(duty.due.date(), rung.offset, rung.unit, calendar)?;
    let silent = issued
        .iter()
        .filter(|it| it.cause == duty.cause && it.standing == NoticeStanding::Open && it.step != rung.id);
    let unanswered = silent.filter_map(|it| it.answer_by).map(|by| tomorrow(by.date())).min();
    let first = unanswered.filter(|_| rung.unanswered).map_or(own, |it| it.min(own));
    Day::new(first)
}

/// So many days or working days after a day, or before it.
fn offset(day: NaiveDate, by: i32, unit: Unit, calendar: &Calendar) -> Option<NaiveDate> {
    if unit != Unit::WorkingDays {
        let days = Days::new(by.unsigned_abs().into());
        return if by < 0 { day.checked_sub_days(days) } else { day.checked_add_days(days) };
    }
    let (mut day, mut left) = (day, by.unsigned_abs());
    while left > 0 {
        day = if by < 0 { day.pred_opt()? } else { day.succ_opt()? };
        Day::new(day)?;
        left -= u32::from(calendar.works(day));
    }
    Some(day)
}

/// When the next of them may go out; `None` while nothing waits.
pub fn clock(pending: &[Pending<'_>]) -> Option<Clock> {
    let at = pending.iter().map(|it| it.at).min()?;
    let until = pending.iter().map(|it| it.until).max()?;
    Some(Clock { at, until })
}

/// Those that go out at this instant, in their order.
pub fn due<'a>(
    pending: Vec<Pending<'a>>,
    policy: &Policy,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Vec<Due<'a>> {
    let today = Day::at(now);
    if !policy.notices.hours.open(now, calendar, policy.notices.days_off) {
        return Vec::new();
    }
    let ripe = pending.into_iter().filter(|it| it.at <= now && today <= it.until);
    ripe.map(|it| issue(it.duty, it.rung, calendar, today)).collect()
}

/// The notice that a rung brings on a day.
pub fn issue<'a>(duty: &'a Duty, rung: &'a LadderRung, calendar: &Calendar, today: Day) -> Due<'a> {
    // Only a department answers; the others' notices end with what they urge.
    let within = rung.answer_within.filter(|_| matches!(duty.to, Addressee::Department { .. }));
    let answer_by = within.and_then(|amount| {
        let counted = term::count(today.date(), Term { amount, unit: Unit::WorkingDays }, calendar).ok()?;
        Day::new(counted.due)
    });
    Due { duty, rung, reason: reason(duty, rung, today), answer_by }
}

/// What the notice says: the duty, its day, and how far it is.
fn reason(duty: &Duty, rung: &LadderRung, today: Day) -> Note {
    let label = duty.cause.matter.zh();
    let days = (duty.due.date() - today.date()).num_days();
    let due = chinese(duty.due);
    let stands = match days {
        1.. => format!("{label}至{due}届满，还有{days}天"),
        0 => format!("{label}今日（{due}）届满"),
        _ => format!("{label}已于{due}届满，逾期{}天", -days),
    };
    let asked = match rung.rung {
        Rung::Reminder => "请抓紧办理，按期完成。",
        Rung::Warning => "请立即办理，并书面反馈办理情况和完成时间。",
        Rung::SupervisionOrder => "现予督办，请单位主要负责人研究办理，书面反馈已采取的措施和完成时间。",
    };
    Note::said(&format!("{stands}。{asked}"))
}

fn chinese(day: Day) -> String {
    let date = day.date();
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}
