//! Sealed reports, as they were written.

use super::{Db, StoreError, schema::reports};
use crate::domain::ids::CongressId;
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

/// A report without what was sealed.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Entry {
    pub id: String,
    pub name: String,
    pub title: String,
    pub true_on: NaiveDate,
    pub known_on: NaiveDate,
    pub sealed_at: NaiveDateTime,
    pub replaces: Option<String>,
    pub digest: String,
}

#[derive(Insertable)]
#[diesel(table_name = reports)]
pub struct New<'a> {
    pub congress_id: &'a str,
    pub id: String,
    pub name: &'a str,
    pub title: &'a str,
    pub true_on: NaiveDate,
    pub known_on: NaiveDate,
    pub sealed_at: NaiveDateTime,
    pub replaces: Option<String>,
    pub body: &'a str,
    pub digest: &'a str,
}

/// Writes a report for ever. A name that is taken, or an edition that was replaced meanwhile, is a `Conflict`.
pub fn insert(db: &mut Db, report: &New<'_>) -> Result<(), StoreError> {
    diesel::insert_into(reports::table).values(report).execute(db)?;
    Ok(())
}

/// What was sealed, and its digest, as they are stored.
pub fn find(db: &mut Db, congress: &CongressId, id: &str) -> Result<Option<(String, String)>, StoreError> {
    let found = reports::table
        .filter(reports::congress_id.eq(congress.as_str()))
        .filter(reports::id.eq(id))
        .select((reports::body, reports::digest))
        .first(db)
        .optional()?;
    Ok(found)
}

/// The edition that took a report's place.
pub fn successor(db: &mut Db, congress: &CongressId, id: &str) -> Result<Option<String>, StoreError> {
    let found = reports::table
        .filter(reports::congress_id.eq(congress.as_str()))
        .filter(reports::replaces.eq(id))
        .select(reports::id)
        .first(db)
        .optional()?;
    Ok(found)
}

/// A page of a congress's reports, the newest first: ids sort by the time of sealing.
pub fn page(
    db: &mut Db,
    congress: &CongressId,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    let mut rows = reports::table
        .filter(reports::congress_id.eq(congress.as_str()))
        .order(reports::id.desc())
        .limit(limit)
        .select((
            reports::id,
            reports::name,
            reports::title,
            reports::true_on,
            reports::known_on,
            reports::sealed_at,
            reports::replaces,
            reports::digest,
        ))
        .into_boxed();
    if let Some(before) = before {
        rows = rows.filter(reports::id.lt(before.to_owned()));
    }
    Ok(rows.load(db)?)
}

/// How many reports of a year there are.
pub fn of_year(db: &mut Db, congress: &CongressId, year: i32) -> Result<i64, StoreError> {
    let count = reports::table
        .filter(reports::congress_id.eq(congress.as_str()))
        .filter(reports::name.like(format!("{year}-%")))
        .count()
        .get_result(db)?;
    Ok(count)
}
