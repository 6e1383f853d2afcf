//! What waits for whom 工作清单: the tasks of a case, derived from its state, its deadlines and the procedure's guards.
//!
//! A task says what is to be done, by whom, on which part of the case, and by when or since when. The store keeps the
//! tasks of open cases as an index (`store/tasks.rs`), equal to what `tasks` derives; nothing in them depends on the day
//! of asking. `sorted.rs` says how they stand on that day.

mod audience;
mod derive;
mod digest;
mod kind;
mod sorted;

pub use audience::{Addressee, Audience, audiences};
pub use derive::tasks;
pub use digest::{DIGEST_ITEMS, Digest, DigestLine, digest};
pub use kind::TaskKind;
pub use sorted::{Standing, TaskCounts, TaskGroup, TaskKindCount, standing};

use super::{case::procedure::Target, day::Day, ids::CaseId};
use std::fmt;

/// By when, or since when: dated tasks come first, by their day; the rest follows, the longest waiting first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// To be done on this day at the latest.
    Due(Day),
    /// Without a last day; it waits since this one, and is no task before it.
    Since(Day),
}

impl When {
    pub fn due(self) -> Option<Day> {
        match self {
            When::Due(day) => Some(day),
            When::Since(_) => None,
        }
    }

    /// The place in the list as the store sorts it; texts sort as the values do.
    pub fn place(self) -> String {
        match self {
            When::Due(day) => format!("due {day}"),
            When::Since(day) => format!("since {day}"),
        }
    }

    pub fn of_place(text: &str) -> Option<When> {
        match text.split_once(' ')? {
            ("due", day) => day.parse().ok().map(When::Due),
            ("since", day) => day.parse().ok().map(When::Since),
            _ => None,
        }
    }
}

/// Something that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Task {
    pub to: Addressee,
    pub kind: TaskKind,
    /// The assignment's or the promise's number within the case, as its kind says; of a matter of the whole case none.
    pub number: Option<u32>,
    pub when: When,
}

impl Task {
    /// What it is about: the same matter keeps its key for good, across being done and coming back.
    pub fn key(&self, case: CaseId) -> Key {
        Key { case, kind: self.kind, number: self.number }
    }
}

/// Names a task among all of a congress, and in calendars: `case/<id>/<kind>/<number>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub case: CaseId,
    pub kind: TaskKind,
    pub number: Option<u32>,
}

impl Key {
    /// What the keys of one case begin with.
    pub fn prefix(case: CaseId) -> String {
        format!("case/{case}/")
    }

    pub fn parse(text: &str) -> Option<Key> {
        let mut parts = text.strip_prefix("case/")?.split('/');
        let (case, kind) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let number = parts.next().map(str::parse).transpose().ok()?;
        parts.next().is_none().then_some(Key { case, kind, number })
    }

    /// The step of the procedure on what the task is about.
    pub fn target(self, action: super::case::procedure::Action) -> Target {
        let path = action.step().path;
        match self.number {
            Some(number) if path.contains("{aid}") => Target::assignment(action, number),
            Some(number) if path.contains("{cid}") => Target::commitment(action, number),
            Some(number) if path.contains("{n}") => Target::notice(action, number),
            _ => Target::case(action),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "case/{}/{}", self.case, self.kind.id())?;
        match self.number {
            Some(number) => write!(f, "/{number}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_as_itself_and_a_place_sorts_as_its_day() {
        let case = "018d0fc8-4680-78a7-9053-95f06de1b2fb".parse().unwrap();
        for kind in TaskKind::ALL {
            for number in [None, Some(12)] {
                let key = Key { case, kind: *kind, number };
                assert_eq!(Key::parse(&key.to_string()), Some(key));
            }
        }
        let keys = ["case/018d0fc8/reply", "visit/018d0fc8-4680-78a7-9053-95f06de1b2fb/reply", "case/x", ""];
        assert!(keys.iter().all(|wrong| Key::parse(wrong).is_none()));
        let day = |text: &str| text.parse::<Day>().unwrap();
        let rising =
            [When::Due(day("2024-03-08")), When::Due(day("2024-11-01")), When::Since(day("2024-01-02"))];
        assert!(rising.is_sorted() && rising.map(When::place).is_sorted());
        assert_eq!(rising.map(|when| When::of_place(&when.place())), rising.map(Some));
    }
}
