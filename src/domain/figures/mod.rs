//! Figures: definitions first, then exact fractions over the facts of cases.
//!
//! `measure.rs` says what is counted, `dimension.rs` by what it is grouped, `facts.rs` flattens a case, `versions.rs`
//! follows it through its history, `definitions.rs` names the metrics, `completeness.rs` says whether the parts add up, and `comparison.rs` how sure and how comparable a rate is. Sums over many cases are kept by the store as
//! deltas; nothing here counts by scanning.

mod comparison;
mod completeness;
mod definitions;
mod dimension;
mod facts;
mod measure;
mod percentile;
mod printing;
mod versions;

pub use comparison::{Adjusted, USUAL_MINIMUM, adjusted, places, printed_share, score_interval, wilson};
pub use completeness::{Completeness, Excluded, Series};
pub use definitions::{METRICS, Metric, Unit, metric};
pub use dimension::Dimension;
pub use facts::Facts;
pub use measure::{Measure, Measures};
pub use percentile::nearest_rank;
pub use printing::{Part, Printing, printed};
pub use versions::{AsOf, Version, versions};
