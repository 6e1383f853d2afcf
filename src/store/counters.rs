//! Numbers without gaps: drawn in the transaction that uses them, so that a refused command gives its number back.

use super::{Db, StoreError, schema::counters};
use crate::domain::{
    ids::{CongressId, SessionId},
    words::{Kind, Rung},
};
use diesel::prelude::*;

/// The next number within a congress, session and kind; from 1.
pub fn next(db: &mut Db, congress: &CongressId, session: &SessionId, kind: Kind) -> Result<u32, StoreError> {
    drawn(db, congress, session.as_str(), kind.id())
}

/// The next number of a rung's notices 三单 within a congress and year; from 1. No session has such a name.
pub fn next_notice(db: &mut Db, congress: &CongressId, year: i32, rung: Rung) -> Result<u32, StoreError> {
    drawn(db, congress, &format!("notices:{year}"), rung.id())
}

fn drawn(db: &mut Db, congress: &CongressId, of: &str, kind: &str) -> Result<u32, StoreError> {
    let series = counters::table
        .filter(counters::congress_id.eq(congress.as_str()))
        .filter(counters::session_id.eq(of))
        .filter(counters::kind.eq(kind));
    // The update holds the row until the transaction ends: two registrations queue here.
    let raised = diesel::update(series).set(counters::last.eq(counters::last + 1)).execute(db)?;
    if raised == 0 {
        // Two first registrations at once: one insert wins, the other is a `Conflict` and starts again.
        diesel::insert_into(counters::table)
            .values((
                counters::congress_id.eq(congress.as_str()),
                counters::session_id.eq(of),
                counters::kind.eq(kind),
                counters::last.eq(1),
            ))
            .execute(db)?;
        return Ok(1);
    }
    let last: i32 = counters::table
        .filter(counters::congress_id.eq(congress.as_str()))
        .filter(counters::session_id.eq(of))
        .filter(counters::kind.eq(kind))
        .select(counters::last)
        .first(db)?;
    u32::try_from(last).map_err(|e| StoreError::corrupt("counters", of, e))
}

/// Makes sure that the next number lies beyond one that old paper used.
pub fn reserve(
    db: &mut Db,
    congress: &CongressId,
    session: &SessionId,
    kind: Kind,
    used: u32,
) -> Result<(), StoreError> {
    let used = i32::try_from(used).map_err(|e| StoreError::corrupt("counters", session, e))?;
    let series = counters::table
        .filter(counters::congress_id.eq(congress.as_str()))
        .filter(counters::session_id.eq(session.as_str()))
        .filter(counters::kind.eq(kind.id()));
    let last: Option<i32> = series.select(counters::last).first(db).optional()?;
    match last {
        None => {
            diesel::insert_into(counters::table)
                .values((
                    counters::congress_id.eq(congress.as_str()),
                    counters::session_id.eq(session.as_str()),
                    counters::kind.eq(kind.id()),
                    counters::last.eq(used),
                ))
                .execute(db)?;
        }
        Some(last) if last < used => {
            diesel::update(series).set(counters::last.eq(used)).execute(db)?;
        }
        Some(_) => {}
    }
    Ok(())
}
