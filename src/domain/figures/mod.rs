//! Figures: definitions first, then exact fractions over the facts of cases.
//!
//! `facts.rs` flattens a case, `definitions.rs` names the metrics. Sums over many cases are kept by the store as
//! deltas; nothing here counts by scanning.

mod definitions;
mod facts;

pub use definitions::{METRICS, Metric, metric};
pub use facts::{Dimension, Facts, Measure, Measures};
