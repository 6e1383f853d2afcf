//! The auditor's bundle: everything of a congress that can be checked, in a bag (BagIt, RFC 8493), and the check of it
//! that needs nothing but the bundle and the public keys. Knows the law and the log; no database, no HTTP, no settings.
//!
//! `docs/evidence.md` tells the files.

pub mod bag;
mod check;
mod fold;

pub use check::{Known, Report, check};
pub use fold::{committed_by_act, committed_by_event, state_of};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A bundle's files by their paths, with `/` between folders.
pub type Files = BTreeMap<String, Vec<u8>>;

pub const FORMAT: &str = "jianyi-bundle-1";

pub const ABOUT: &str = "data/about.json";
pub const CHECKPOINTS: &str = "data/checkpoints.txt";
pub const LEAVES: &str = "data/leaves.jsonl";
pub const EVENTS: &str = "data/events.jsonl";
pub const ACTS: &str = "data/acts.jsonl";
pub const REPORTS: &str = "data/reports.jsonl";
pub const CASES: &str = "data/cases.jsonl";
pub const TEXTS: &str = "data/texts.jsonl";
pub const DEFINITIONS: &str = "data/rules/definitions.json";
pub const CALENDARS: &str = "data/rules/calendars.json";
/// `data/rules/policies/zhejiang-2016-1.json`
pub const POLICIES: &str = "data/rules/policies/";
/// Attached files under their SHA-256.
pub const ATTACHED: &str = "data/files/";

/// What the bundle is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    pub format: String,
    /// The program's version that made it.
    pub program: String,
    /// Which fold the stated cases come from: of another program's, fields that one of the two does not know are not
    /// compared.
    pub fold: u32,
    /// The congress, or `installation`.
    pub congress: String,
    /// The log's origin and hash.
    pub origin: String,
    pub hash: crate::evidence::Algorithm,
    /// Entries of the log, which the newest checkpoint holds.
    pub size: u64,
    /// Whether attached files are in it.
    pub files: bool,
    /// Whether the texts that commitments stand for are in it.
    pub texts: bool,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    pub kind: crate::evidence::row::Kind,
    pub id: String,
    pub version: i64,
    pub hash: crate::evidence::Hash,
}

/// A case as it is stated to stand after a version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedCase {
    pub id: String,
    pub version: i64,
    pub state: serde_json::Value,
}

/// What a commitment stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub digest: String,
    pub salt: String,
    pub text: String,
}

/// Lines of JSON.
///
/// # Errors
/// When something cannot be written as JSON.
pub fn lines<T: Serialize>(all: impl IntoIterator<Item = T>) -> Result<Vec<u8>, serde_json::Error> {
    let mut text = Vec::new();
    for one in all {
        serde_json::to_writer(&mut text, &one)?;
        text.push(b'\n');
    }
    Ok(text)
}
