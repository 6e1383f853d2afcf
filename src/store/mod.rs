//! The database: SQLite or PostgreSQL behind one type. Tables, the ledger, rows, sums; no rule of the procedure.
//!
//! Names nothing of `office`, `api` or `cli`. Functions take a `Db` inside a transaction that `Store` opened.

pub mod acts;
pub mod case_facts;
pub mod case_list;
pub mod cases;
pub mod checkpoints;
pub mod connection;
pub mod counters;
pub mod devices;
pub mod directory;
pub mod error;
pub mod figure_days;
pub mod figures;
pub mod idempotency;
pub mod inspect;
pub mod ledger;
pub mod links;
mod lock;
pub mod log;
pub mod matters;
mod migrate;
pub mod oidc;
pub mod opinions;
pub mod past_list;
pub mod people;
pub mod person;
pub mod personal_texts;
pub mod public;
pub mod recent;
pub mod recommendations;
pub mod reply_marks;
pub mod reports;
pub mod schema;
pub mod second_factors;
pub mod selections;
pub mod services;
pub mod settings;
pub mod sign_ins;
pub mod signals;
pub mod similar;
mod sqlite_writer;
pub mod stations;
pub mod throttles;
pub mod urn;

pub use connection::{Address, Db, Store};
pub use error::{OpenError, StoreError};
pub use migrate::Schema;
pub use recent::{Touch, Touched};
