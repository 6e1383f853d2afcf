//! What residents read. Nobody signs in here, so nothing passes the gate: the row alone says what is public.

use super::{Fault, Office};
use crate::{
    domain::{case::Case, ids::CaseId, words::Publicity},
    store::public,
};

pub use public::Page as PublicListing;

/// A case that residents may read, and how much of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Public {
    pub case: Case,
    pub publicity: Publicity,
}

impl Office {
    /// A page of what a congress has published, newest first.
    pub async fn public_cases(&self, listing: PublicListing) -> Result<Vec<Public>, Fault> {
        self.store
            .read_aside(move |db| {
                let found = public::list(db, &listing)?;
                Ok(found.into_iter().map(|(case, publicity)| Public { case, publicity }).collect())
            })
            .await
    }

    /// # Errors
    /// `NotFound` for what does not exist and for what is not public alike.
    pub async fn public_case(&self, id: CaseId) -> Result<Public, Fault> {
        self.store
            .read(move |db| {
                let (case, publicity) = public::find(db, id)?.ok_or(Fault::NotFound)?;
                Ok(Public { case, publicity })
            })
            .await
    }
}
