//! When somebody has to look at a case, or at an item of a problem list, because a rung of the notice ladder comes due.
//! Derived with each of their events; a sweep reads what is due, off an index, and nothing else.

use super::{Db, StoreError, schema::ladder_clocks};
use crate::domain::{day::Day, ids::CongressId, ladder::Clock};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, Insertable, AsChangeset, Queryable, Selectable)]
#[diesel(table_name = ladder_clocks)]
pub struct Row {
    pub congress_id: String,
    /// The case or the problem list.
    pub subject_id: String,
    /// Of a problem list; 0 of a case.
    pub item: i32,
    pub next_at: NaiveDateTime,
    pub until: NaiveDate,
}

impl Row {
    pub fn congress(&self) -> Result<CongressId, StoreError> {
        self.congress_id.parse().map_err(|e: &str| StoreError::corrupt("ladder_clocks", &self.subject_id, e))
    }
}

fn row(congress: &CongressId, subject: &str, item: u32, clock: Clock) -> Row {
    Row {
        congress_id: congress.to_string(),
        subject_id: subject.to_owned(),
        item: i32::try_from(item).unwrap_or(i32::MAX),
        next_at: clock.at.naive_utc(),
        until: clock.until.date(),
    }
}

/// What is kept of a case or an item.
pub fn find(
    db: &mut Db,
    congress: &CongressId,
    subject: &str,
    item: u32,
) -> Result<Option<(NaiveDateTime, NaiveDate)>, StoreError> {
    Ok(ladder_clocks::table
        .find((congress.as_str(), subject, i32::try_from(item).unwrap_or(i32::MAX)))
        .select((ladder_clocks::next_at, ladder_clocks::until))
        .first(db)
        .optional()?)
}

/// Keeps what was derived; nothing is written where it is kept already.
pub fn set(
    db: &mut Db,
    congress: &CongressId,
    subject: &str,
    item: u32,
    clock: Option<Clock>,
) -> Result<(), StoreError> {
    let kept = find(db, congress, subject, item)?;
    let wanted = clock.map(|it| (it.at.naive_utc(), it.until.date()));
    if kept == wanted {
        return Ok(());
    }
    let place = (congress.as_str(), subject, i32::try_from(item).unwrap_or(i32::MAX));
    match (kept, clock) {
        (Some(_), None) => diesel::delete(ladder_clocks::table.find(place)).execute(db)?,
        (Some(_), Some(clock)) => {
            let row = row(congress, subject, item, clock);
            diesel::update(ladder_clocks::table.find(place)).set(&row).execute(db)?
        }
        (None, Some(clock)) => {
            let row = row(congress, subject, item, clock);
            diesel::insert_into(ladder_clocks::table).values(&row).execute(db)?
        }
        (None, None) => 0,
    };
    Ok(())
}

/// Those of all congresses that are due at an instant, after a place in the list.
pub fn due(db: &mut Db, now: DateTime<Utc>, after: Option<&Row>, limit: i64) -> Result<Vec<Row>, StoreError> {
    use ladder_clocks::{congress_id, item, next_at, subject_id, until};
    let mut rows = ladder_clocks::table
        .filter(next_at.le(now.naive_utc()))
        .filter(until.ge(Day::at(now).date()))
        .order((next_at.asc(), congress_id.asc(), subject_id.asc(), item.asc()))
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(last) = after {
        let same_subject = subject_id.eq(&last.subject_id).and(item.gt(last.item));
        let within = congress_id.eq(&last.congress_id).and(subject_id.gt(&last.subject_id).or(same_subject));
        let same_instant = next_at.eq(last.next_at).and(congress_id.gt(&last.congress_id).or(within));
        rows = rows.filter(next_at.ge(last.next_at)).filter(next_at.gt(last.next_at).or(same_instant));
    }
    Ok(rows.load(db)?)
}

/// Takes away every row of a congress. For what derives them anew.
pub fn clear(db: &mut Db, congress: &CongressId) -> Result<(), StoreError> {
    diesel::delete(ladder_clocks::table.filter(ladder_clocks::congress_id.eq(congress.as_str())))
        .execute(db)?;
    Ok(())
}
