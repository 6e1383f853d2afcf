//! The dates of tasks as calendars have been told them. A date that moves, is done or comes back raises its sequence
//! (RFC 5545, 3.8.7.4), which never goes back: so what was done stays in the table.

use super::{Db, StoreError, schema::task_dates, tasks};
use crate::domain::{
    day::Day,
    ids::{CaseId, CongressId},
    worklist::{Addressee, Key, When},
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A date for one addressee.
#[derive(Clone, Debug, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = task_dates)]
pub struct Row {
    pub congress_id: String,
    pub key: String,
    pub audience: String,
    pub due: NaiveDate,
    pub sequence: i32,
    /// The instant at which it was last told otherwise, UTC.
    pub changed_at: NaiveDateTime,
    /// The legal day on which it was done, or was nobody's any more.
    pub ended_on: Option<NaiveDate>,
}

impl Row {
    pub fn key(&self) -> Result<Key, StoreError> {
        Key::parse(&self.key).ok_or_else(|| StoreError::corrupt("task_dates", &self.key, "no key of a task"))
    }
}

/// What is kept of a case, by key and addressee.
pub fn of_case(
    db: &mut Db,
    congress: &CongressId,
    case: CaseId,
) -> Result<BTreeMap<(String, String), Row>, StoreError> {
    let (from, to) = tasks::keys_of(case);
    let rows: Vec<Row> = task_dates::table
        .filter(task_dates::congress_id.eq(congress.as_str()))
        .filter(task_dates::key.gt(from))
        .filter(task_dates::key.lt(to))
        .select(Row::as_select())
        .load(db)?;
    Ok(rows.into_iter().map(|row| ((row.key.clone(), row.audience.clone()), row)).collect())
}

/// The dates that the tasks of a case have now.
pub fn dated(tasks: &BTreeSet<tasks::Row>) -> BTreeMap<(String, String), NaiveDate> {
    let due = |row: &tasks::Row| match row.when() {
        Ok(When::Due(day)) => Some(((row.key.clone(), row.audience.clone()), day.date())),
        _ => None,
    };
    tasks.iter().filter_map(due).collect()
}

/// Tells the dates of a case as they are from `now` on, which is the legal day `today`.
pub fn tell(
    db: &mut Db,
    congress: &CongressId,
    case: CaseId,
    tasks: &BTreeSet<tasks::Row>,
    now: NaiveDateTime,
    today: Day,
) -> Result<(), StoreError> {
    let (told, dated) = (of_case(db, congress, case)?, dated(tasks));
    // One sequence within an office, whose calendars may have held the matter under several addresses; a deputy's own
    // number says nothing of what the others did.
    let next = |(key, audience): (&str, &str)| {
        let same = |row: &&Row| row.key == key && office(&row.audience) == office(audience);
        told.values().filter(same).map(|row| row.sequence).max().map_or(0, |last| last.saturating_add(1))
    };
    let write = |db: &mut Db, row: &Row| -> Result<(), StoreError> {
        let place = task_dates::table.find((&row.congress_id, &row.key, &row.audience));
        diesel::delete(place).execute(db)?;
        diesel::insert_into(task_dates::table).values(row).execute(db)?;
        Ok(())
    };
    for ((key, audience), due) in &dated {
        let before = told.get(&(key.clone(), audience.clone()));
        if before.is_some_and(|row| row.due == *due && row.ended_on.is_none()) {
            continue;
        }
        let row = Row {
            congress_id: congress.to_string(),
            key: key.clone(),
            audience: audience.clone(),
            due: *due,
            sequence: next((key, audience)),
            changed_at: now,
            ended_on: None,
        };
        write(db, &row)?;
    }
    for (place, before) in
        told.iter().filter(|(place, row)| row.ended_on.is_none() && !dated.contains_key(*place))
    {
        let ended = Row {
            sequence: next((&place.0, &place.1)),
            changed_at: now,
            ended_on: Some(today.date()),
            ..before.clone()
        };
        write(db, &ended)?;
    }
    Ok(())
}

/// The office behind an address, be it all of it or one who is named in a confidential case.
fn office(audience: &str) -> &str {
    match audience.split('/').next().unwrap_or(audience) {
        "leader" => "committee",
        office => office,
    }
}

/// The dates of one addressee that are open, the earliest first.
pub fn open(db: &mut Db, congress: &CongressId, to: Addressee, limit: i64) -> Result<Vec<Row>, StoreError> {
    Ok(task_dates::table
        .filter(task_dates::congress_id.eq(congress.as_str()))
        .filter(task_dates::audience.eq(to.to_string()))
        .filter(task_dates::ended_on.is_null())
        .order((task_dates::due.asc(), task_dates::key.asc()))
        .limit(limit)
        .select(Row::as_select())
        .load(db)?)
}

/// Those that ended on a day or after it, the latest first.
pub fn ended_since(
    db: &mut Db,
    congress: &CongressId,
    to: Addressee,
    day: NaiveDate,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    Ok(task_dates::table
        .filter(task_dates::congress_id.eq(congress.as_str()))
        .filter(task_dates::audience.eq(to.to_string()))
        .filter(task_dates::ended_on.ge(day))
        .order((task_dates::ended_on.desc(), task_dates::due.desc(), task_dates::key.desc()))
        .limit(limit)
        .select(Row::as_select())
        .load(db)?)
}

/// How many open dates a congress has. For `verify` alone: no request counts rows.
pub fn count_open(db: &mut Db, congress: &CongressId) -> Result<usize, StoreError> {
    let open = task_dates::table
        .filter(task_dates::congress_id.eq(congress.as_str()))
        .filter(task_dates::ended_on.is_null());
    let rows: i64 = open.count().get_result(db)?;
    usize::try_from(rows).map_err(|e| StoreError::corrupt("task_dates", congress, e))
}
