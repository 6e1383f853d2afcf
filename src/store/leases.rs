//! Work that one process does at a time: who holds it, and until when.

use super::{Db, StoreError};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Integer, Text},
};

/// Takes a piece of work, or keeps it, for so many seconds; whether it is the holder's now. A SQLite file is served by
/// one process, whose work all of it is.
///
/// The database's clock decides, because those of several machines differ, and one may jump.
pub fn take(db: &mut Db, name: &str, holder: &str, seconds: i32) -> Result<bool, StoreError> {
    let Db::Postgres(db) = db else { return Ok(true) };
    let taken = sql_query(
        "INSERT INTO leases (name, holder, until) VALUES ($1, $2, clock_timestamp() + $3 * interval '1 second') \
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until \
         WHERE leases.holder = excluded.holder OR leases.until < clock_timestamp()",
    )
    .bind::<Text, _>(name)
    .bind::<Text, _>(holder)
    .bind::<Integer, _>(seconds)
    .execute(db)?;
    Ok(taken == 1)
}

/// Gives a piece of work up, so that nobody waits for its end.
pub fn give_up(db: &mut Db, name: &str, holder: &str) -> Result<(), StoreError> {
    if let Db::Postgres(db) = db {
        sql_query("DELETE FROM leases WHERE name = $1 AND holder = $2")
            .bind::<Text, _>(name)
            .bind::<Text, _>(holder)
            .execute(db)?;
    }
    Ok(())
}
