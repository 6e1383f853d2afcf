//! The log that is evidence: rows of the books get their leaves, heads are signed and carried out of the database, and
//! whoever is entitled is given proofs. All of it beside the write path, which knows of nothing.

mod audit;
mod bundle;
mod keeping;
mod proofs;

pub use audit::Compared;
pub use bundle::{Made, Wanted};
pub use keeping::RolledBack;
pub use proofs::{CaseProof, EventProof, Inclusion, Keys, Located};

use super::Office;
use crate::{
    evidence::{
        Algorithm,
        note::{PublicKey, Purpose, SecretKey},
        outside::Outside,
    },
    identity::evidence_key::EvidenceKey,
    store::log::Log,
};
use std::sync::Arc;

/// What the log is kept with.
pub struct Evidence {
    pub key: EvidenceKey,
    pub witnesses: Vec<PublicKey>,
    pub outside: Outside,
    /// What the origins of new logs begin with.
    pub name: String,
    /// Of new logs.
    pub algorithm: Algorithm,
}

impl Evidence {
    /// How a log begins that is not there yet.
    fn begin(&self, id: &str) -> Log {
        Log { id: id.to_owned(), origin: format!("{}/{id}", self.name), algorithm: self.algorithm }
    }

    /// The key under the log's name. Names without spaces and plus are all that the settings let pass.
    fn signer(&self, log: &Log) -> Result<SecretKey, &'static str> {
        SecretKey::new(&log.origin, Purpose::Log, self.key.signing.clone())
    }

    /// The log's public keys: the one that signs, and former ones.
    pub fn log_keys(&self, origin: &str) -> Vec<PublicKey> {
        let all = std::iter::once(self.key.signing.verifying_key()).chain(self.key.former.iter().copied());
        all.filter_map(|key| PublicKey::new(origin, Purpose::Log, key).ok()).collect()
    }

    /// Everybody's whose signature on this log counts.
    fn keys(&self, origin: &str) -> Vec<PublicKey> {
        let mut keys = self.log_keys(origin);
        keys.extend(self.witnesses.iter().cloned());
        keys
    }
}

impl Office {
    /// The same office with what the log is kept with; without it rows wait for their leaves.
    pub fn with_evidence(self, evidence: Evidence) -> Office {
        Office { evidence: Some(Arc::new(evidence)), ..self }
    }
}
