//! How often somebody failed to sign in, and from when on the next guess is looked at.

use super::{Db, StoreError, schema::throttles};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// The failures of one account's strangers, of one of its devices, or of one address.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, AsChangeset)]
#[diesel(table_name = throttles)]
pub struct Throttle {
    pub id: String,
    pub failures: i32,
    pub last_at: NaiveDateTime,
    pub next_at: NaiveDateTime,
}

pub fn find(db: &mut Db, id: &str) -> Result<Option<Throttle>, StoreError> {
    Ok(throttles::table.find(id).first(db).optional()?)
}

/// Writes what follows on what was read; a conflict if somebody else counted meanwhile, so that no guess is counted
/// as another's.
pub fn follow(db: &mut Db, before: Option<&Throttle>, after: &Throttle) -> Result<(), StoreError> {
    let Some(before) = before else {
        diesel::insert_into(throttles::table).values(after).execute(db)?;
        return Ok(());
    };
    let same = throttles::table
        .find(&before.id)
        .filter(throttles::failures.eq(before.failures))
        .filter(throttles::next_at.eq(before.next_at));
    match diesel::update(same).set(after).execute(db)? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

/// Takes one failure back: it was none.
pub fn forgive(db: &mut Db, id: &str, next_at: NaiveDateTime) -> Result<(), StoreError> {
    diesel::update(throttles::table.find(id).filter(throttles::failures.gt(0)))
        .set((throttles::failures.eq(throttles::failures - 1), throttles::next_at.eq(next_at)))
        .execute(db)?;
    Ok(())
}

/// Forgets who has not failed since.
pub fn forget_before(db: &mut Db, since: NaiveDateTime) -> Result<usize, StoreError> {
    Ok(diesel::delete(throttles::table.filter(throttles::last_at.lt(since))).execute(db)?)
}
