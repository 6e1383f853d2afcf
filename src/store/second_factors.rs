//! Second factors: sealed seeds, the last step whose code was taken, and recovery codes by digest.

use super::{
    Db, StoreError,
    schema::{recovery_codes, second_factors},
};
use crate::domain::ids::UserId;
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Clone, Debug, PartialEq, Insertable, Queryable)]
#[diesel(table_name = second_factors)]
pub struct SecondFactor {
    pub user_id: String,
    pub seed: String,
    pub created_at: NaiveDateTime,
    pub confirmed_at: Option<NaiveDateTime>,
    pub last_step: i64,
}

pub fn find(db: &mut Db, user: UserId) -> Result<Option<SecondFactor>, StoreError> {
    Ok(second_factors::table.find(user.to_string()).first(db).optional()?)
}

/// A seed that is not confirmed yet takes the place of an earlier one; a confirmed one stays.
pub fn propose(db: &mut Db, proposed: &SecondFactor) -> Result<(), StoreError> {
    let waiting =
        second_factors::table.find(&proposed.user_id).filter(second_factors::confirmed_at.is_null());
    diesel::delete(waiting).execute(db)?;
    diesel::insert_into(second_factors::table).values(proposed).execute(db)?;
    Ok(())
}

/// Whether this call is the one that confirmed it.
pub fn confirm(db: &mut Db, user: UserId, step: i64, now: NaiveDateTime) -> Result<bool, StoreError> {
    let waiting = second_factors::table.find(user.to_string()).filter(second_factors::confirmed_at.is_null());
    let confirmed = diesel::update(waiting)
        .set((second_factors::confirmed_at.eq(now), second_factors::last_step.eq(step)))
        .execute(db)?;
    Ok(confirmed == 1)
}

/// Takes the code of a step; whether nobody took it, or a later one, before.
pub fn take_step(db: &mut Db, user: UserId, step: i64) -> Result<bool, StoreError> {
    let unused = second_factors::table
        .find(user.to_string())
        .filter(second_factors::confirmed_at.is_not_null())
        .filter(second_factors::last_step.lt(step));
    Ok(diesel::update(unused).set(second_factors::last_step.eq(step)).execute(db)? == 1)
}

pub fn remove(db: &mut Db, user: UserId) -> Result<bool, StoreError> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user.to_string()))).execute(db)?;
    Ok(diesel::delete(second_factors::table.find(user.to_string())).execute(db)? == 1)
}

pub fn keep_codes(db: &mut Db, user: UserId, hashes: &[String]) -> Result<(), StoreError> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user.to_string()))).execute(db)?;
    for hash in hashes {
        let row = (recovery_codes::user_id.eq(user.to_string()), recovery_codes::hash.eq(hash));
        diesel::insert_into(recovery_codes::table).values(row).execute(db)?;
    }
    Ok(())
}

/// Spends a recovery code; whether it was there to spend.
pub fn spend_code(db: &mut Db, user: UserId, hash: &str, now: NaiveDateTime) -> Result<bool, StoreError> {
    let unspent =
        recovery_codes::table.find((user.to_string(), hash)).filter(recovery_codes::used_at.is_null());
    Ok(diesel::update(unspent).set(recovery_codes::used_at.eq(now)).execute(db)? == 1)
}
