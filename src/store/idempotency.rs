//! Answers given to a key, kept in the transaction of their effect.

use super::{Db, StoreError, schema::idempotency};
use crate::domain::ids::MembershipId;
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Clone, Debug, PartialEq, Insertable, Queryable)]
#[diesel(table_name = idempotency)]
pub struct Answered {
    /// Who got it, in which capacity.
    pub membership_id: String,
    pub key: String,
    /// Digest of route and body: the same key with another request is a mistake.
    pub fingerprint: String,
    pub status: i32,
    pub etag: Option<String>,
    pub location: Option<String>,
    pub body: String,
    pub created_at: NaiveDateTime,
}

pub fn find(db: &mut Db, who: MembershipId, key: &str) -> Result<Option<Answered>, StoreError> {
    Ok(idempotency::table.find((who.to_string(), key)).first(db).optional()?)
}

/// `Conflict` if the same key was answered meanwhile: the transaction starts again and finds that answer.
pub fn keep(db: &mut Db, answered: &Answered) -> Result<(), StoreError> {
    diesel::insert_into(idempotency::table).values(answered).execute(db)?;
    Ok(())
}

/// Forgets what stands under a key, so that something else may be kept there.
pub fn forget(db: &mut Db, who: MembershipId, key: &str) -> Result<(), StoreError> {
    diesel::delete(idempotency::table.find((who.to_string(), key))).execute(db)?;
    Ok(())
}

/// Forgets answers that are older than any client repeats.
pub fn forget_before(db: &mut Db, instant: NaiveDateTime) -> Result<usize, StoreError> {
    Ok(diesel::delete(idempotency::table.filter(idempotency::created_at.lt(instant))).execute(db)?)
}
