//! Registration 立案: from here on a case has a number, and is counted.

use super::Event;
use crate::domain::text::Title;
use serde::{Deserialize, Serialize};

/// A case's number 编号; it never disappears and is never given twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Number {
    /// From 1, without gaps, within a congress, session and kind; absent where old paper carries another scheme.
    pub sequence: Option<u32>,
    #[schema(example = "第087号")]
    pub text: Title,
}

/// The number that the office drew for the case, in the transaction that registers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    pub number: Number,
}

pub(super) fn register(registration: Registration) -> Event {
    Event::Registered { number: registration.number }
}
