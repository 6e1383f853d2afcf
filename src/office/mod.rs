//! The only shell around the rules: load, decide and record in one transaction; every read through the gate.
//!
//! `api`, `cli` and the background work are ways to ask the office. Knows no HTTP.

pub mod accounts;
pub mod acts;
pub mod administration;
mod adoption;
mod annual;
mod attachments;
mod batch;
mod books;
pub mod calendars;
pub mod campaigns;
mod clock;
mod command_line;
pub mod comparison;
mod completeness;
pub mod directory;
mod draft;
pub mod evidence;
mod fault;
pub mod feed;
pub mod figures;
mod fold_version;
mod hand_backs;
mod letters;
pub mod levels;
pub mod links;
pub mod mail;
mod many;
pub mod notices;
pub mod oidc;
mod order;
pub mod own;
mod paper;
mod perform;
pub mod person;
pub mod problems;
pub mod promises;
mod public;
mod read;
mod readings;
mod rebuild;
mod record;
mod rehearsal;
pub mod reports;
pub mod second_factor;
mod security;
pub mod selections;
pub mod services;
pub mod sign_in;
pub mod signals;
mod similar;
mod spread;
pub mod statements;
pub mod stations;
pub mod succession;
pub mod throttle;
mod upkeep;
pub mod verify;
mod walk;
pub mod webhooks;
pub mod worklist;

pub use annual::Printed;
pub use books::Books;
pub use clock::Clock;
pub use draft::NewDraft;
pub use fault::Fault;
pub use fold_version::FOLD;
pub use hand_backs::HandedBack;
pub use letters::Posted;
pub use order::{Answer, Build, Caller, Desk, Key, Order, Precondition, Render};
pub use paper::{PaperCase, PaperStep};
pub use public::{Public, PublicListing};
pub use read::{Listing, Permit, Permitted, Shown};
pub use rehearsal::Proposal;
pub use security::Security;
pub use similar::{Alike, Seen};

/// What a list is asked by and answers with.
pub mod listing {
    pub use crate::store::case_list::{Cursor, Filter, Line, Sort};
}

pub use crate::store::{StoreError, people::Who};

use crate::{
    courier::Courier,
    domain::day::Day,
    files::{Files, FilesError},
    mail::Mailer,
    store::Store,
};
use chrono::{DateTime, Utc};
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;
use uuid::{ContextV7, Uuid};

/// The office at work: its database, its rule books, its clock, and the folder of attached files.
#[derive(Clone)]
pub struct Office {
    store: Store,
    books: Arc<Books>,
    clock: Clock,
    /// Held by the one rehearsal that runs.
    stage: Arc<Semaphore>,
    files: Option<Files>,
    security: Arc<Security>,
    evidence: Option<Arc<evidence::Evidence>>,
    mailer: Option<Mailer>,
    bell: Arc<feed::Bell>,
    outgoing: webhooks::Outgoing,
    /// Keeps the acts of one instant in the order in which they were recorded.
    acts: Arc<Mutex<ContextV7>>,
}

impl Office {
    pub fn new(store: Store, books: Books, clock: Clock) -> Office {
        Office {
            store,
            books: Arc::new(books),
            clock,
            stage: Arc::new(Semaphore::new(1)),
            files: None,
            security: Arc::default(),
            evidence: None,
            mailer: None,
            bell: Arc::default(),
            outgoing: webhooks::Outgoing::default(),
            acts: Arc::new(Mutex::new(ContextV7::new())),
        }
    }

    pub fn books(&self) -> &Books {
        &self.books
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The same office with the attached files at hand; without them it neither takes nor gives any.
    pub fn with_files(self, files: Files) -> Office {
        Office { files: Some(files), ..self }
    }

    /// The same office with what it signs people in by.
    pub fn with_security(self, security: Security) -> Office {
        Office { security: Arc::new(security), ..self }
    }

    /// The same office with a way to send letters; without it none are queued.
    pub fn with_mail(self, mailer: Mailer) -> Office {
        Office { mailer: Some(mailer), ..self }
    }

    /// The same office with what carries its messages out; without it they reach the public internet alone.
    pub fn with_courier(self, courier: Courier) -> Office {
        Office { outgoing: webhooks::Outgoing::new(courier), ..self }
    }

    pub fn security(&self) -> &Security {
        &self.security
    }

    /// # Errors
    /// [`FilesError::NotOpen`] in an office without them.
    pub fn files(&self) -> Result<&Files, FilesError> {
        self.files.as_ref().ok_or(FilesError::NotOpen)
    }

    /// The same office with another clock.
    pub fn with_clock(&self, clock: Clock) -> Office {
        Office { clock, ..self.clone() }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The legal day it is.
    pub fn today(&self) -> Day {
        Day::at(self.now())
    }

    /// An id that sorts after those of all acts that this process recorded before.
    fn next_act(&self) -> Uuid {
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(uuid::Timestamp::from_unix(&*self.acts, seconds, now.timestamp_subsec_nanos()))
    }

    /// An id that sorts by the time at which it was made (UUIDv7).
    pub fn fresh_id(&self) -> Uuid {
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, now.timestamp_subsec_nanos()))
    }
}
