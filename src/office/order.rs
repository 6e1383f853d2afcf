//! What is handed over the counter, and what comes back.

use super::Fault;
use crate::{
    domain::{
        actor::Actor,
        case::{Case, Command, procedure::Target},
        day::Day,
        gate::{self, Operation, Seen},
        ids::CaseId,
    },
    store::{Db, people::Who},
};
use std::sync::Arc;

/// Who asks. The name comes from a token; the rights are read from the database each time.
#[derive(Clone, Debug)]
pub struct Caller {
    pub who: Who,
    pub request_id: String,
    /// From where, as far as it is known.
    pub address: Option<String>,
}

/// An `Idempotency-Key`, with the digest of the request that it stands for.
#[derive(Clone, Debug)]
pub struct Key {
    pub key: String,
    pub fingerprint: String,
}

/// What the caller believes the case's version to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precondition {
    Missing,
    /// `If-Match: *`
    Any,
    Version(i64),
    /// An `If-Match` that no version of ours ever had.
    Never,
}

/// What is answered, and kept under the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub version: Option<i64>,
    pub location: Option<String>,
    pub body: String,
    /// Given before under the same key.
    pub replayed: bool,
}

impl Answer {
    /// A case that was changed, as the actor sees it now; who handed it back no longer does.
    pub fn of(actor: &Actor, case: &Case, render: Render) -> Answer {
        match gate::open(actor, case, Operation::GetCase) {
            Ok(seen) => Answer { version: Some(seen.version()), ..Answer::whole(200, render(seen)) },
            Err(_) => Answer::whole(200, String::new()),
        }
    }

    /// An answer that is about no single case.
    pub fn whole(status: u16, body: String) -> Answer {
        Answer { status, version: None, location: None, body, replayed: false }
    }
}

/// Writes a case as this caller may see it.
pub type Render = fn(Seen<&Case>) -> String;

/// Makes the command once the caller is known to be entitled; what is wrong with the body shows only then.
pub type Build = Arc<dyn Fn(&mut Desk<'_>, &Case) -> Result<Command, Fault> + Send + Sync>;

/// A command on a case.
#[derive(Clone)]
pub struct Order {
    pub caller: Caller,
    pub case: CaseId,
    pub target: Target,
    pub precondition: Precondition,
    pub key: Option<Key>,
    /// The day on a paper that arrived late.
    pub occurred_on: Option<Day>,
    pub build: Build,
    pub render: Render,
    /// Decide, but write nothing: what would become of it.
    pub trial: bool,
}

/// What a command is made with: the open transaction, who asks, and when.
pub struct Desk<'a> {
    pub db: &'a mut Db,
    pub office: &'a super::Office,
    pub actor: &'a Actor,
    pub on: Day,
}
