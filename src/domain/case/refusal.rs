//! Why a command was not carried out.

use super::procedure::Hand;
use crate::domain::{day::Day, say::Say};

/// The case's state does not allow it: what is missing, and who can supply it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable, for programs.
    pub code: &'static str,
    pub missing: Say,
    pub who: Vec<Hand>,
}

impl Refusal {
    pub fn new(code: &'static str, missing: Say, who: &[Hand]) -> Refusal {
        Refusal { code, missing, who: who.to_vec() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    Refused(Refusal),
    /// The command itself is wrong; `pointer` is a JSON pointer (RFC 6901) into its body, or `?name` for a
    /// query parameter.
    Invalid {
        pointer: String,
        detail: Say,
    },
}

impl Rejection {
    pub fn invalid(pointer: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Rejection {
        Rejection::Invalid { pointer: pointer.into(), detail: Say::new(zh, en) }
    }

    pub fn before_latest(latest: Day) -> Rejection {
        Rejection::invalid(
            "?occurred_on",
            format!("不得早于上一环节的日期 {latest}"),
            format!("must not be before the latest step, which took effect on {latest}"),
        )
    }
}

impl From<Refusal> for Rejection {
    fn from(refusal: Refusal) -> Rejection {
        Rejection::Refused(refusal)
    }
}
