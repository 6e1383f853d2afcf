//! Stories told through the front door: HTTP against the real server, and the program as an operator runs it.
//!
//! One binary, so that it links once. A story in `on_both! { … }` runs on SQLite and on a real PostgreSQL, which the
//! first test that needs it starts in a temporary folder. One story: `cargo test --test it hand_backs`; one
//! database: `cargo test --test it sqlite`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a story that loses its thread is to stop there"
)]

mod support;

mod access;
mod accounts;
mod acts;
mod adoption;
mod annual;
mod answers;
mod architecture;
mod as_of;
mod attachments;
mod bad_input;
mod browsers;
mod bulk;
mod bundle;
mod calendar;
mod campaigns;
mod comparison;
mod confidential;
mod delivery_program;
mod doctor;
mod earlier_cases;
mod evaluations;
mod events;
mod evidence;
mod evidence_program;
mod export;
mod figures;
mod filing;
mod hand_backs;
mod hostile_files;
mod import;
mod keys;
mod ladder;
mod letters;
mod limits;
mod links;
mod mail;
mod matrix;
mod migrations;
mod model;
mod motions;
mod offices;
mod oidc;
mod oidc_forged;
mod operations;
mod personal;
mod policies;
mod problem_lists;
mod procedure;
mod promises;
mod properties;
mod publication;
mod races;
mod rehearsal;
mod reports;
mod s3;
mod second_factor;
mod selections;
mod services;
mod sign_in;
mod signals;
mod similar;
mod slow_clients;
mod spec;
mod spine;
mod stations;
mod tokens;
mod verify;
mod waiting;
mod webhooks;
mod worklist;
mod worlds;
