//! The only shell around the rules: load, decide and record in one transaction; every read through the gate.
//!
//! `api`, `cli` and the background work are ways to ask the office. Knows no HTTP.

mod books;
mod clock;
pub mod directory;
mod draft;
mod fault;
pub mod figures;
mod order;
mod paper;
mod perform;
mod public;
mod read;
mod rebuild;
mod record;
pub mod sign_in;
mod similar;
mod spread;
mod upkeep;
pub mod verify;

pub use books::Books;
pub use clock::Clock;
pub use draft::NewDraft;
pub use fault::Fault;
pub use order::{Answer, Build, Caller, Desk, Key, Order, Precondition, Render};
pub use paper::{PaperCase, PaperStep};
pub use public::{Public, PublicListing};
pub use read::{Listing, Permit, Permitted, Shown};
pub use similar::{Alike, Seen};

/// What a list is asked by and answers with.
pub mod listing {
    pub use crate::store::case_list::{Cursor, Filter, Line, Sort};
}

pub use crate::store::StoreError;

use crate::{domain::day::Day, store::Store};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use uuid::Uuid;

/// The office at work: its database, its rule books, its clock.
#[derive(Clone)]
pub struct Office {
    store: Store,
    books: Arc<Books>,
    clock: Clock,
}

impl Office {
    pub fn new(store: Store, books: Books, clock: Clock) -> Office {
        Office { store, books: Arc::new(books), clock }
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

    /// An id that sorts by the time at which it was made (UUIDv7).
    pub fn fresh_id(&self) -> Uuid {
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, now.timestamp_subsec_nanos()))
    }
}
