//! Jianyi (建议): case management of a People's Congress for its deputies' suggestions and motions.
//!
//! Rings, innermost first; each may name only those before it (`tests/it/architecture.rs` holds that):
//! `domain` (the law, pure) · `store` (the database) · `office` (load, decide, record) · `api` · `cli`.
//! `bundle` stands on `domain` and `evidence` alone.
//! Beside the rings, known to all that run: `agenda`, `annual`, `config`, `courier`, `evidence`, `files`, `identity`,
//! `ledger_file`, `letter`, `mail`, `metrics`, `sheet`, `telemetry`.

pub mod agenda;
pub mod annual;
pub mod api;
pub mod bundle;
pub mod cli;
pub mod config;
pub mod courier;
pub mod domain;
pub mod evidence;
pub mod files;
pub mod identity;
pub mod ledger_file;
pub mod letter;
pub mod mail;
pub mod metrics;
pub mod office;
pub mod sheet;
pub mod store;
pub mod telemetry;
