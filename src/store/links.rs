//! What opens one thing once: invitations, password resets, the way to a second factor. Kept by digest.

use super::{Db, StoreError, schema::links};
use crate::domain::ids::UserId;
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Clone, Debug, PartialEq, Insertable, Queryable)]
#[diesel(table_name = links)]
pub struct Link {
    pub hash: String,
    pub user_id: String,
    pub purpose: String,
    pub membership_id: Option<String>,
    pub created_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
    pub used_at: Option<NaiveDateTime>,
}

pub fn add(db: &mut Db, link: &Link) -> Result<(), StoreError> {
    diesel::insert_into(links::table).values(link).execute(db)?;
    Ok(())
}

/// One that still opens something.
pub fn open(db: &mut Db, hash: &str, now: NaiveDateTime) -> Result<Option<Link>, StoreError> {
    Ok(links::table
        .find(hash)
        .filter(links::used_at.is_null())
        .filter(links::expires_at.gt(now))
        .first(db)
        .optional()?)
}

/// Burns a link; whether it was still there to burn, which is so for exactly one of those who race.
pub fn burn(db: &mut Db, hash: &str, now: NaiveDateTime) -> Result<bool, StoreError> {
    let burnt = diesel::update(links::table.find(hash).filter(links::used_at.is_null()))
        .set(links::used_at.eq(now))
        .execute(db)?;
    Ok(burnt == 1)
}

/// Burns all of an account's.
pub fn burn_all(db: &mut Db, user: UserId, now: NaiveDateTime) -> Result<usize, StoreError> {
    let open = links::table.filter(links::user_id.eq(user.to_string())).filter(links::used_at.is_null());
    Ok(diesel::update(open).set(links::used_at.eq(now)).execute(db)?)
}

pub fn forget_expired(db: &mut Db, now: NaiveDateTime) -> Result<usize, StoreError> {
    Ok(diesel::delete(links::table.filter(links::expires_at.lt(now))).execute(db)?)
}
