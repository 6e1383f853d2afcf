//! What the office knows and decides: the procedure, the deadlines, the figures.
//!
//! Pure: names no database, no HTTP, no clock, no random source; time, ids and rules come in as arguments.

pub mod actor;
pub mod calendar;
pub mod campaign;
pub mod case;
pub mod day;
pub mod deadline;
pub mod figures;
pub mod gate;
pub mod holding;
pub mod ids;
pub mod ladder;
pub mod personal;
pub mod policy;
pub mod problem;
pub mod quarter;
pub mod rehearsal;
pub mod reports;
pub mod rounding;
pub mod say;
pub mod selection;
pub mod signals;
pub mod similar;
pub mod statement;
pub mod station;
pub mod telling;
pub mod term;
pub mod text;
pub mod words;
pub mod worklist;
