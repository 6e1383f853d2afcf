//! The HTTP front door: one file per resource, thin: parse, authorize, command, answer.
//! Decides nothing of the law, and never touches the database but through the office.

pub mod password;
pub mod refresh;
pub mod token;
