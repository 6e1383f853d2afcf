//! What people are signed in by, beside their passwords: settings that the service is started with.

use super::{Fault, Office};
use crate::{
    identity::seal::Seal,
    store::{StoreError, people::Membership},
};
use std::{collections::BTreeSet, path::PathBuf};

#[derive(Clone, Default)]
pub struct Security {
    /// Seals what a copy of the database must not tell; without it there are no second factors.
    pub seal: Option<Seal>,
    /// The published list of stolen passwords.
    pub breached: Option<PathBuf>,
    /// The roles that need a second factor.
    pub second_factor: BTreeSet<String>,
    /// Where people reach the service, without a slash at the end: links begin with it.
    pub public_url: String,
}

impl Office {
    /// # Errors
    /// When the office was opened without its key.
    pub(super) fn seal(&self) -> Result<&Seal, Fault> {
        self.security
            .seal
            .as_ref()
            .ok_or_else(|| Fault::Store(StoreError::Unavailable("there is no seal key".to_owned())))
    }

    /// Stands for what somebody typed as his name.
    pub(super) fn digest(&self, text: &str) -> String {
        match &self.security.seal {
            Some(seal) => seal.digest(text),
            None => crate::identity::refresh::hash(text),
        }
    }

    /// Whether somebody who is all this has to have a second factor. A program has its secret instead.
    pub(super) fn needs_second_factor(&self, memberships: &[Membership]) -> bool {
        memberships.iter().any(|it| it.scopes.is_none() && self.security.second_factor.contains(&it.role))
    }
}
