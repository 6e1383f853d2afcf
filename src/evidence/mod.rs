//! Evidence that nothing was changed afterwards: a Merkle log (RFC 9162), its signed heads (C2SP checkpoints), and what
//! a leaf is. Knows no database, no HTTP, and nothing of cases; `docs/evidence.md` tells the formats to an auditor.

pub mod audit;
pub mod checkpoint;
pub mod commitment;
pub mod hash;
pub mod note;
pub mod outside;
pub mod proof;
pub mod row;
pub mod tree;

pub use checkpoint::Checkpoint;
pub use hash::{Algorithm, Hash};
