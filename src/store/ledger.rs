//! The ledger: events as they were written, append-only. The stored bytes are the evidence; nobody re-serialises them.

use super::{Db, StoreError, schema::events};
use crate::domain::{
    actor::Author,
    case::{Event, Recorded},
    day::Day,
    ids::{CaseId, CongressId},
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

#[derive(Insertable)]
#[diesel(table_name = events)]
struct NewRow<'a> {
    congress_id: &'a str,
    case_id: String,
    version: i64,
    kind: &'a str,
    occurred_on: NaiveDate,
    recorded_at: NaiveDateTime,
    author: String,
    request_id: &'a str,
    body: String,
}

type Row = (String, i64, NaiveDate, NaiveDateTime, String, String);

/// Writes the next events of a case. A version that is taken already is a `Conflict`.
pub fn append(
    db: &mut Db,
    congress: &CongressId,
    case: CaseId,
    recorded: &[Recorded],
    request_id: &str,
) -> Result<(), StoreError> {
    for it in recorded {
        let row = NewRow {
            congress_id: congress.as_str(),
            case_id: case.to_string(),
            version: it.version,
            kind: it.event.kind(),
            occurred_on: it.occurred_on.date(),
            recorded_at: it.recorded_at.naive_utc(),
            author: json(&it.author)?,
            request_id,
            body: json(&it.event)?,
        };
        diesel::insert_into(events::table).values(&row).execute(db)?;
    }
    Ok(())
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::corrupt("events", "new", e))
}

/// A case's history after a version, oldest first, at most `limit` events.
pub fn history(
    db: &mut Db,
    congress: &CongressId,
    case: CaseId,
    after: i64,
    limit: i64,
) -> Result<Vec<Recorded>, StoreError> {
    let rows: Vec<Row> = events::table
        .filter(events::congress_id.eq(congress.as_str()))
        .filter(events::case_id.eq(case.to_string()))
        .filter(events::version.gt(after))
        .order(events::version.asc())
        .limit(limit)
        .select((
            events::case_id,
            events::version,
            events::occurred_on,
            events::recorded_at,
            events::author,
            events::body,
        ))
        .load(db)?;
    rows.into_iter().map(recorded).collect()
}

fn recorded((case, version, occurred_on, recorded_at, author, body): Row) -> Result<Recorded, StoreError> {
    let corrupt = |reason: String| StoreError::corrupt("events", format!("{case} version {version}"), reason);
    let author: Author = serde_json::from_str(&author).map_err(|e| corrupt(e.to_string()))?;
    let event: Event = serde_json::from_str(&body).map_err(|e| corrupt(e.to_string()))?;
    let occurred_on = Day::new(occurred_on).ok_or_else(|| corrupt("a day past the calendar".to_owned()))?;
    Ok(Recorded { version, occurred_on, recorded_at: recorded_at.and_utc(), author, event })
}

/// The ids of the cases that the ledger knows in a congress, in order, after one of them.
pub fn case_ids(
    db: &mut Db,
    congress: &CongressId,
    after: Option<CaseId>,
    limit: i64,
) -> Result<Vec<CaseId>, StoreError> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let ids: Vec<String> = events::table
        .filter(events::congress_id.eq(congress.as_str()))
        .filter(events::version.eq(1))
        .filter(events::case_id.gt(after))
        .order(events::case_id.asc())
        .limit(limit)
        .select(events::case_id)
        .load(db)?;
    ids.iter().map(|id| id.parse().map_err(|e| StoreError::corrupt("events", id, e))).collect()
}
