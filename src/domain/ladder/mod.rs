//! The notice ladder 三单: what is owed to whom by when, and which rung of the policy's ladder is due at an instant.
//!
//! Pure, and the same for a deadline of a case, a promise and an item of a problem list: each gives a [`Duty`]. A rung
//! is climbed once for each [`Cause`], so that it makes no difference how often or how late somebody looks, nor whether
//! the clock jumps.

mod due;
mod duty;
mod hours;
mod setting;
#[cfg(test)]
mod tests;

pub use due::{Clock, Due, Issued, Pending, clock, due, issue, pending};
pub use duty::{Addressee, Cause, Duty, Matter, Urged, duties, is_over, is_right};
pub use hours::Hours;
pub use setting::{LadderSetting, OfficeHolder};
