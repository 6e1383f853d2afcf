//! Signals 预警线索: what a supervisor may want to look at, each with its facts and an explanation, never a score.
//!
//! Pure functions of a case's history: what a signal says depends on nothing after the event that raised it. `walk.rs`
//! goes through a history, one file per kind looks at each event; `letter.rs` and `likeness.rs` say which letters are
//! compared with other cases' and when two are nearly equal; `kind.rs` defines each kind, `told.rs` words it.

mod class_raised;
mod extension;
mod hand_back;
mod haste;
mod kind;
mod letter;
mod likeness;
mod promise;
mod told;
mod walk;

#[cfg(test)]
mod tests;

pub use kind::{Kind, LAST_DAYS};
pub use letter::{Earlier, Letter, Place, alike};
pub use likeness::{BANDS, OLDEST_PER_BAND};
pub use promise::Moved;
pub use told::Told;
pub use walk::{Read, may_raise, read};

use super::{case::DepartmentRef, day::Day};

/// Something that a supervisor may want to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// The event that raised it, by its place in the ledger.
    pub version: i64,
    /// That event's legal day.
    pub on: Day,
    /// Whose part of the case it is about, as the department was named then.
    pub department: Option<DepartmentRef>,
    pub told: Told,
}
