//! Where accounts' owners signed in before.

use super::{Db, StoreError, schema::devices};
use crate::domain::ids::UserId;
use chrono::NaiveDateTime;
use diesel::prelude::*;

pub fn add(
    db: &mut Db,
    hash: &str,
    user: UserId,
    now: NaiveDateTime,
    expires_at: NaiveDateTime,
) -> Result<(), StoreError> {
    let row = (
        devices::hash.eq(hash),
        devices::user_id.eq(user.to_string()),
        devices::created_at.eq(now),
        devices::expires_at.eq(expires_at),
    );
    diesel::insert_into(devices::table).values(row).execute(db)?;
    Ok(())
}

/// Whether this account's owner signed in there, and not too long ago.
pub fn knows(db: &mut Db, hash: &str, user: UserId, now: NaiveDateTime) -> Result<bool, StoreError> {
    let found = devices::table
        .find(hash)
        .filter(devices::user_id.eq(user.to_string()))
        .filter(devices::expires_at.gt(now));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(db)?)
}

/// Somebody else may know the password: no device is trusted any more.
pub fn forget_all(db: &mut Db, user: UserId) -> Result<(), StoreError> {
    diesel::delete(devices::table.filter(devices::user_id.eq(user.to_string()))).execute(db)?;
    Ok(())
}

pub fn forget_expired(db: &mut Db, now: NaiveDateTime) -> Result<usize, StoreError> {
    Ok(diesel::delete(devices::table.filter(devices::expires_at.lt(now))).execute(db)?)
}
