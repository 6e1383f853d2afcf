//! Policies: what a regulation sets, as data. One file each in `policies/`; every value with its clause.
//!
//! `terms.rs` and `choices.rs` say what can be set, `file.rs` reads it, `check.rs` says what is wrong with it, `book.rs`
//! keeps every version, `difference.rs` tells two apart, `printed.rs` writes one out. A policy may extend another: what it leaves out is found there.
//! The national law is the last of the line.

mod book;
mod check;
mod choices;
mod difference;
mod file;
mod printed;
mod terms;
#[cfg(test)]
mod tests;

pub use book::Policies;
pub use choices::*;
pub use difference::{Difference, differences};
pub use file::PolicyError;
pub use terms::{Anchor, PolicyTerm, TermKind};

use super::{day::Day, words::Kind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a new version means for cases that were assigned under an older one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OpenCases {
    /// They keep the version that they were assigned under.
    #[default]
    Keep,
    /// They follow the new version from the day on which it takes effect; the ledger says so in each.
    Follow,
}

/// A policy with nothing left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Policy {
    #[schema(example = "zhejiang-2016")]
    pub id: String,
    pub version: u32,
    pub name: String,
    /// The day on which the edition that it follows was passed.
    pub edition: Day,
    pub effective_from: Day,
    pub open_cases: OpenCases,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    pub terms: BTreeMap<TermKind, PolicyTerm>,
    pub classes: Vec<ResultClass>,
    pub grounds: Vec<GroundRule>,
    pub rounding: RoundingRule,
    pub numbering: NumberingRule,
    pub submission: SubmissionRule,
    pub motion: MotionRule,
    pub assignment: AssignmentRule,
    pub hand_back: HandBackRule,
    pub extension: ExtensionRule,
    pub reply: ReplyRule,
    pub evaluation: EvaluationRule,
    pub rework: ReworkRule,
    pub withdrawal: WithdrawalRule,
    pub publication: PublicationRule,
    pub key_cases: KeyCaseRule,
    pub notices: NoticeRule,
    /// The rungs of the notice ladder 三单.
    pub ladder: Vec<LadderRung>,
}

impl Policy {
    pub fn term(&self, kind: TermKind) -> Option<&PolicyTerm> {
        self.terms.get(&kind)
    }

    pub fn class(&self, id: &str) -> Option<&ResultClass> {
        self.classes.iter().find(|class| class.id == id)
    }

    pub fn is_resolved(&self, class: &str) -> bool {
        self.class(class).is_some_and(|class| class.resolved)
    }

    /// A case's number as it is written.
    pub fn number(&self, session: &str, kind: Kind, sequence: u32) -> String {
        let kind = match kind {
            Kind::Motion => "议案",
            Kind::Suggestion => "建议",
        };
        self.numbering
            .pattern
            .replace("{session}", session)
            .replace("{kind}", kind)
            .replace("{number}", &format!("{sequence:03}"))
    }
}
