//! How tasks stand on a day: overdue, today, this week or later, and how many there are of each.

use super::{TaskKind, When};
use crate::domain::{
    calendar::{Calendar, tomorrow},
    day::Day,
    deadline::Verdict,
};
use chrono::{Datelike, Days, NaiveDate};
use serde::Serialize;
use std::collections::BTreeMap;

/// Where a task stands in the list on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskGroup {
    /// Its day has passed, and it was owed.
    Overdue,
    /// Its day has passed; it is a right, and can still be used.
    Lapsed,
    Today,
    /// Up to the coming Sunday.
    ThisWeek,
    Later,
    /// Without a last day.
    Undated,
}

/// A task as it stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub group: TaskGroup,
    /// Of a dated task: `open`, `overdue` or `lapsed`.
    pub verdict: Option<Verdict>,
    /// Calendar days from today to its day; negative once it has passed.
    pub days_left: Option<i64>,
    /// Working days after today up to its day; negative: those after its day up to today.
    pub working_days_left: Option<i64>,
}

/// How a task stands on `today`.
pub fn standing(kind: TaskKind, when: When, today: Day, calendar: &Calendar) -> Standing {
    let Some(due) = when.due() else {
        return Standing {
            group: TaskGroup::Undated,
            verdict: None,
            days_left: None,
            working_days_left: None,
        };
    };
    let group = group(kind, when, today);
    let verdict = match group {
        TaskGroup::Overdue => Verdict::Overdue,
        TaskGroup::Lapsed => Verdict::Lapsed,
        TaskGroup::Today | TaskGroup::ThisWeek | TaskGroup::Later | TaskGroup::Undated => Verdict::Open,
    };
    let (from, to) = (today.date(), due.date());
    let working = match from <= to {
        true => working_days(from, to, calendar),
        false => -working_days(to, from, calendar),
    };
    Standing {
        group,
        verdict: Some(verdict),
        days_left: Some((to - from).num_days()),
        working_days_left: Some(working),
    }
}

fn group(kind: TaskKind, when: When, today: Day) -> TaskGroup {
    let Some(due) = when.due() else { return TaskGroup::Undated };
    let sunday = Days::new(u64::from(6 - today.date().weekday().num_days_from_monday()));
    match due {
        due if due < today && kind.is_owed() => TaskGroup::Overdue,
        due if due < today => TaskGroup::Lapsed,
        due if due == today => TaskGroup::Today,
        due if today.date().checked_add_days(sunday).is_some_and(|end| due.date() <= end) => {
            TaskGroup::ThisWeek
        }
        _ => TaskGroup::Later,
    }
}

/// Working days after `from` up to `to`, that day included.
fn working_days(from: NaiveDate, to: NaiveDate, calendar: &Calendar) -> i64 {
    let days = std::iter::successors(Some(tomorrow(from)), |day| Some(tomorrow(*day)));
    let works = |day: &NaiveDate| calendar.works(*day);
    i64::try_from(days.take_while(|day| *day <= to).filter(works).count()).unwrap_or(i64::MAX)
}

/// How many tasks wait, of each kind and by when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TaskCounts {
    pub total: usize,
    /// Whether these are all; if not, they are the most urgent ones, and there are more.
    pub complete: bool,
    pub overdue: usize,
    pub lapsed: usize,
    pub today: usize,
    pub this_week: usize,
    pub later: usize,
    pub undated: usize,
    /// In the order of the kinds; those that wait for nobody are left out.
    pub kinds: Vec<TaskKindCount>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TaskKindCount {
    pub kind: TaskKind,
    /// The kind in words.
    #[schema(example = "答复代表")]
    pub name: String,
    pub n: usize,
}

impl TaskCounts {
    /// TaskCounts what waits on `today`; `language` says how kinds are named.
    pub fn of(
        tasks: impl IntoIterator<Item = (TaskKind, When)>,
        complete: bool,
        today: Day,
        language: crate::domain::say::Language,
    ) -> TaskCounts {
        let mut counts = TaskCounts { complete, ..TaskCounts::default() };
        let mut kinds: BTreeMap<TaskKind, usize> = BTreeMap::new();
        for (kind, when) in tasks {
            counts.total += 1;
            *kinds.entry(kind).or_default() += 1;
            let of_group = match group(kind, when, today) {
                TaskGroup::Overdue => &mut counts.overdue,
                TaskGroup::Lapsed => &mut counts.lapsed,
                TaskGroup::Today => &mut counts.today,
                TaskGroup::ThisWeek => &mut counts.this_week,
                TaskGroup::Later => &mut counts.later,
                TaskGroup::Undated => &mut counts.undated,
            };
            *of_group += 1;
        }
        let named = |(kind, n): (TaskKind, usize)| TaskKindCount {
            kind,
            name: kind.name().to(language).to_owned(),
            n,
        };
        counts.kinds = kinds.into_iter().map(named).collect();
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::say::Language;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn on(today: &str, kind: TaskKind, due: &str) -> (TaskGroup, i64, i64) {
        let it = standing(kind, When::Due(day(due)), day(today), Calendar::shipped());
        (it.group, it.days_left.unwrap(), it.working_days_left.unwrap())
    }

    #[test]
    fn a_week_ends_on_sunday_and_days_off_are_told_apart() {
        let reply = TaskKind::Reply;
        // 2024-04-30 is a Tuesday; the holiday lasts from May 1 to 5, and 4-28 and 5-11 are worked.
        assert_eq!(on("2024-04-30", reply, "2024-04-30"), (TaskGroup::Today, 0, 0));
        assert_eq!(on("2024-04-30", reply, "2024-05-05"), (TaskGroup::ThisWeek, 5, 0));
        assert_eq!(on("2024-04-30", reply, "2024-05-06"), (TaskGroup::Later, 6, 1));
        assert_eq!(on("2024-05-05", reply, "2024-05-05"), (TaskGroup::Today, 0, 0));
        assert_eq!(on("2024-05-05", reply, "2024-05-06"), (TaskGroup::Later, 1, 1));
        assert_eq!(on("2024-05-07", reply, "2024-04-30"), (TaskGroup::Overdue, -7, -2));
        assert_eq!(on("2024-05-07", TaskKind::Evaluate, "2024-04-30"), (TaskGroup::Lapsed, -7, -2));
    }

    #[test]
    fn counts_add_up_to_the_total() {
        let due = |text: &str| When::Due(day(text));
        let tasks = [
            (TaskKind::Reply, due("2024-04-29")),
            (TaskKind::Reply, due("2024-04-30")),
            (TaskKind::Accept, due("2024-04-01")),
            (TaskKind::Evaluate, due("2024-05-03")),
            (TaskKind::Reply, due("2024-05-20")),
            (TaskKind::Close, When::Since(day("2024-01-01"))),
        ];
        let counts = TaskCounts::of(tasks, true, day("2024-04-30"), Language::English);
        let TaskCounts { total, complete, overdue, lapsed, today, this_week, later, undated, kinds } = counts;
        assert_eq!((overdue, lapsed, today, this_week, later, undated, complete), (1, 1, 1, 1, 1, 1, true));
        assert_eq!(total, kinds.iter().map(|it| it.n).sum::<usize>());
        let reply = kinds.iter().find(|it| it.kind == TaskKind::Reply).unwrap();
        assert_eq!((reply.n, &*reply.name), (3, "reply to the deputy"));
    }
}
