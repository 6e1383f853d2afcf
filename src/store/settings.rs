//! Facts about the installation itself.

use super::{Db, StoreError, schema::settings};
use crate::domain::ids::CongressId;
use diesel::{connection::SimpleConnection, prelude::*};

/// Set where the database holds the sample district, whose sign-ins are known to everybody.
pub const SAMPLE: &str = "sample";

/// Which program's fold the rows and figures were derived by.
pub const FOLD: &str = "fold";

/// Which version of its policy the open cases of a congress were last brought to.
pub fn adopted(congress: &CongressId) -> String {
    format!("adopted:{congress}")
}

/// The last merger of departments whose cases are all with the successor.
pub const MERGERS: &str = "mergers";

/// Below how many cases a congress ranks nobody.
pub fn ranking_minimum(congress: &CongressId) -> String {
    format!("ranking_minimum:{congress}")
}

/// The notice ladder 三单 as a congress set it.
pub fn notice_ladder(congress: &CongressId) -> String {
    format!("{LADDER}{congress}")
}

/// From which first day of the ladder the clocks of a congress's cases were derived.
pub fn ladder_clocks(congress: &CongressId) -> String {
    format!("{LADDER_CLOCKS}{congress}")
}

pub const LADDER: &str = "notice_ladder:";
pub const LADDER_CLOCKS: &str = "ladder_clocks:";

/// Every setting of one name, by the congress that set it.
pub fn of_congresses(db: &mut Db, name: &str) -> Result<Vec<(CongressId, String)>, StoreError> {
    let rows: Vec<(String, String)> = settings::table
        .filter(settings::name.like(format!("{name}%")))
        .select((settings::name, settings::value))
        .order(settings::name.asc())
        .load(db)?;
    let own = rows.into_iter().filter_map(|(key, value)| Some((key.strip_prefix(name)?.to_owned(), value)));
    own.map(|(congress, value)| {
        let congress = congress.parse().map_err(|e: &str| StoreError::corrupt("settings", name, e))?;
        Ok((congress, value))
    })
    .collect()
}

/// Lets one process at a time bring the database up to its program: the next waits here until the transaction of the
/// one before it has ended, and then reads what that one left. A SQLite file has one writing process anyhow.
pub fn alone(db: &mut Db) -> Result<(), StoreError> {
    if let Db::Postgres(_) = db {
        db.batch_execute(
            "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(7263002)",
        )?;
    }
    Ok(())
}

pub fn get(db: &mut Db, name: &str) -> Result<Option<String>, StoreError> {
    Ok(settings::table.find(name).select(settings::value).first(db).optional()?)
}

pub fn set(db: &mut Db, name: &str, value: &str) -> Result<(), StoreError> {
    let changed = diesel::update(settings::table.find(name)).set(settings::value.eq(value)).execute(db)?;
    if changed == 0 {
        diesel::insert_into(settings::table)
            .values((settings::name.eq(name), settings::value.eq(value)))
            .execute(db)?;
    }
    Ok(())
}
