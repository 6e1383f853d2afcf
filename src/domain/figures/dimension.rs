//! What figures can be grouped by.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// What figures can be grouped by.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// All together.
    Total,
    Kind,
    Origin,
    Category,
    /// The answering department: 主办或单办单位.
    Department,
    Class,
    Evaluation,
    /// Why a case is not counted.
    Exclusion,
    /// 重点督办件: `yes`, or empty.
    KeyCase,
    /// The delegation 代表团 that submitted, or that the lead signer belongs to.
    Delegation,
    /// 届次; each session's sums are kept apart anyway.
    Session,
    /// Calendar days from assignment to the first answer: what medians are read from.
    DaysToReply,
}

impl Dimension {
    pub const ALL: &[Dimension] = &[
        Dimension::Total,
        Dimension::Kind,
        Dimension::Origin,
        Dimension::Category,
        Dimension::Department,
        Dimension::Class,
        Dimension::Evaluation,
        Dimension::Exclusion,
        Dimension::KeyCase,
        Dimension::Delegation,
        Dimension::Session,
        Dimension::DaysToReply,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Dimension::Total => "total",
            Dimension::Kind => "kind",
            Dimension::Origin => "origin",
            Dimension::Category => "category",
            Dimension::Department => "department",
            Dimension::Class => "class",
            Dimension::Evaluation => "evaluation",
            Dimension::Exclusion => "exclusion",
            Dimension::KeyCase => "key_case",
            Dimension::Delegation => "delegation",
            Dimension::Session => "session",
            Dimension::DaysToReply => "days_to_reply",
        }
    }
}

impl FromStr for Dimension {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let groups = || Dimension::ALL.iter().filter(|d| **d != Dimension::Total);
        groups().copied().find(|d| d.id() == text).ok_or_else(|| {
            let known: Vec<_> = groups().map(|d| d.id()).collect();
            format!("must be one of {}", known.join(", "))
        })
    }
}
