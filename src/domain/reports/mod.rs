//! Sealed reports 封存报告: what a figure was on a day, with everything that it was made of.
//!
//! `body.rs` is what is sealed, `table.rs` how its values follow from its cases, `difference.rs` why two reports differ.

mod body;
mod difference;
mod table;

pub use body::{Body, Cited, CitedYear, Definition, Edition, Filter, Line, Replaced, Rules, Value};
pub use difference::{ByCause, CaseDifference, Cause, Difference, MetricDifference, Trail, difference};
pub use table::{dimensions, parts};
