//! The gate: who may see which case, who may do what. Every path to the data asks here.
//!
//! `relation` says how an actor stands to a case; `matrix` is the table of who may do what; `sight` says how much is
//! shown. Lists, figures and searches take a `Scope` (`party.rs`), which comes from the same relation seen from the
//! case. Knows no database and no HTTP.
//!
//! A case leaves the office as `Seen`, and a command is decided by `Entitled`. Only the gate makes either, so that code
//! which forgets to ask does not compile:
//!
//! ```compile_fail,E0451
//! use jianyi::domain::{case::Case, gate::{Seen, Sight}};
//! fn unchecked(case: &Case, sight: Sight) -> Seen<&Case> {
//!     Seen { case, sight }
//! }
//! ```
//!
//! ```compile_fail,E0308
//! use jianyi::{api, domain::case::Case};
//! fn unchecked(case: &Case) -> String {
//!     api::rendered(case)
//! }
//! ```
//!
//! ```compile_fail,E0603
//! use jianyi::domain::case::decide;
//! ```

mod entry;
pub mod matrix;
pub mod operation;
mod opinion;
mod party;
mod relation;
mod sight;

pub use entry::{Denied, Entitled, Paper, Seen, admit, may, may_write, open};
pub use operation::Operation;
pub use opinion::{OpinionSight, opinion_sight};
pub use party::{Party, Scope, WITHHELD, parties, scope, to_be_named};
pub use relation::{Relation, Standing, relation};
pub use sight::{Mark, Sight};

use super::{
    actor::{Actor, Role},
    case::Case,
    ids::CongressId,
};

/// Whether lists and figures may tell the actor how cases were evaluated: for the rest they are sealed case by case.
pub fn sees_evaluations(actor: &Actor) -> bool {
    matches!(actor.role, Role::Committee { .. } | Role::Auditor)
}

/// Whether the actor reads another congress's sums, though none of its cases: he oversees one of a higher level above it.
pub fn sees_sums_of(actor: &Actor, congress: &CongressId) -> bool {
    sees_evaluations(actor) && actor.congress.as_ref().is_some_and(|own| own.is_above(congress))
}

/// The title by which a case is told of where many are: the figures count a confidential one too.
pub fn title<'a>(actor: &Actor, case: &'a Case) -> &'a str {
    match relation(actor, case) {
        Some(Relation::Unnamed) | None => WITHHELD,
        Some(_) => &case.title,
    }
}

/// Whether the actor may enter paper that took effect on an earlier day.
pub fn may_backdate(actor: &Actor) -> bool {
    matches!(actor.role, Role::Committee { .. } | Role::Import)
}
