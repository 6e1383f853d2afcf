//! The secret addresses of calendars, by their digests: one for each membership.

use super::{Db, StoreError, schema::calendar_addresses};
use crate::domain::ids::MembershipId;
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// Gives a membership another address; the one before leads nowhere from now on.
pub fn renew(
    db: &mut Db,
    membership: MembershipId,
    hash: &str,
    now: NaiveDateTime,
) -> Result<(), StoreError> {
    end(db, membership)?;
    diesel::insert_into(calendar_addresses::table)
        .values((
            calendar_addresses::membership_id.eq(membership.to_string()),
            calendar_addresses::hash.eq(hash),
            calendar_addresses::created_at.eq(now),
        ))
        .execute(db)?;
    Ok(())
}

/// Ends a membership's address; whether it had one.
pub fn end(db: &mut Db, membership: MembershipId) -> Result<bool, StoreError> {
    Ok(diesel::delete(calendar_addresses::table.find(membership.to_string())).execute(db)? > 0)
}

/// Since when a membership has its address.
pub fn since(db: &mut Db, membership: MembershipId) -> Result<Option<NaiveDateTime>, StoreError> {
    let of = calendar_addresses::table.find(membership.to_string());
    Ok(of.select(calendar_addresses::created_at).first(db).optional()?)
}

/// Whose calendar an address leads to.
pub fn membership(db: &mut Db, hash: &str) -> Result<Option<MembershipId>, StoreError> {
    let found: Option<String> = calendar_addresses::table
        .filter(calendar_addresses::hash.eq(hash))
        .select(calendar_addresses::membership_id)
        .first(db)
        .optional()?;
    let corrupt = |id: &str, e: uuid::Error| StoreError::corrupt("calendar_addresses", id, e);
    found.map(|id| id.parse().map_err(|e| corrupt(&id, e))).transpose()
}
