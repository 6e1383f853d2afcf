//! Jianyi (建议): case management of a People's Congress for its deputies' suggestions and motions.
//!
//! Rings, innermost first; each may name only those before it (`tests/it/architecture.rs` holds that):
//! `domain` (the law, pure) · `store` (the database) · `office` (load, decide, record) · `api`, `cli`.
//! Beside them, naming none: `ledger_file` (an office's spreadsheet → typed rows).

pub mod domain;
pub mod ledger_file;
