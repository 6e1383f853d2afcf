//! The index of tasks: what waits for whom, kept equal to what `domain::worklist` derives of each case.

use super::{Db, StoreError, schema::tasks};
use crate::domain::{
    case::Case,
    ids::{CaseId, CongressId},
    worklist::{Addressee, Key, Task, TaskKind, When},
};
use diesel::prelude::*;
use std::collections::BTreeSet;

/// A task for one addressee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Insertable, Queryable, Selectable)]
#[diesel(table_name = tasks)]
pub struct Row {
    pub congress_id: String,
    pub key: String,
    pub audience: String,
    pub kind: String,
    /// By when or since when, so that texts sort as the list does: [`When::place`].
    pub place: String,
}

impl Row {
    fn of(case: &Case, task: &Task) -> Row {
        Row {
            congress_id: case.congress.to_string(),
            key: task.key(case.id).to_string(),
            audience: task.to.to_string(),
            kind: task.kind.id().to_owned(),
            place: task.when.place(),
        }
    }

    pub fn key(&self) -> Result<Key, StoreError> {
        Key::parse(&self.key).ok_or_else(|| StoreError::corrupt("tasks", &self.key, "no key of a task"))
    }

    pub fn when(&self) -> Result<When, StoreError> {
        place(&self.key, &self.place)
    }
}

fn place(key: &str, place: &str) -> Result<When, StoreError> {
    When::of_place(place).ok_or_else(|| StoreError::corrupt("tasks", key, "no place in a list"))
}

/// The rows that belong to a case.
pub fn rows(case: &Case, derived: &BTreeSet<Task>) -> BTreeSet<Row> {
    derived.iter().map(|task| Row::of(case, task)).collect()
}

/// What is kept of a case.
pub fn of_case(db: &mut Db, congress: &CongressId, case: CaseId) -> Result<BTreeSet<Row>, StoreError> {
    let (from, to) = keys_of(case);
    let rows: Vec<Row> = tasks::table
        .filter(tasks::congress_id.eq(congress.as_str()))
        .filter(tasks::key.gt(from))
        .filter(tasks::key.lt(to))
        .select(Row::as_select())
        .load(db)?;
    Ok(rows.into_iter().collect())
}

/// Between which texts the keys of one case lie.
pub(super) fn keys_of(case: CaseId) -> (String, String) {
    let from = Key::prefix(case);
    // The next character after the slash that ends it.
    let to = format!("{}0", from.trim_end_matches('/'));
    (from, to)
}

/// Brings the index from what it holds of a case to what is derived; whether a dated task changed.
pub fn replace(db: &mut Db, before: &BTreeSet<Row>, now: &BTreeSet<Row>) -> Result<bool, StoreError> {
    // What moved leaves first: it has the same key.
    for gone in before.difference(now) {
        diesel::delete(tasks::table.find((&gone.congress_id, &gone.key, &gone.audience))).execute(db)?;
    }
    for fresh in now.difference(before) {
        diesel::insert_into(tasks::table).values(fresh).execute(db)?;
    }
    let dated = |row: &&Row| matches!(row.when(), Ok(When::Due(_)));
    Ok(before.symmetric_difference(now).any(|row| dated(&row)))
}

/// Where the next page begins: after this task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub place: String,
    pub key: String,
}

/// The next tasks of one addressee in the order of the list; of undated ones those that wait up to `until`.
pub fn page(
    db: &mut Db,
    congress: &CongressId,
    to: Addressee,
    kind: Option<TaskKind>,
    until: When,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    let mut query = tasks::table
        .filter(tasks::congress_id.eq(congress.as_str()))
        .filter(tasks::audience.eq(to.to_string()))
        .filter(tasks::place.le(until.place()))
        .order((tasks::place.asc(), tasks::key.asc()))
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(kind) = kind {
        query = query.filter(tasks::kind.eq(kind.id()));
    }
    if let Some(Cursor { place, key }) = after {
        let later = tasks::place.gt(place.clone()).or(tasks::key.gt(key.clone()));
        query = query.filter(tasks::place.ge(place.clone())).filter(later);
    }
    Ok(query.load(db)?)
}

/// The first tasks of one addressee, as they are counted: kind, and by when.
pub fn counted(
    db: &mut Db,
    congress: &CongressId,
    to: Addressee,
    until: When,
    limit: i64,
) -> Result<Vec<(TaskKind, When)>, StoreError> {
    let rows: Vec<(String, String)> = tasks::table
        .filter(tasks::congress_id.eq(congress.as_str()))
        .filter(tasks::audience.eq(to.to_string()))
        .filter(tasks::place.le(until.place()))
        .order((tasks::place.asc(), tasks::key.asc()))
        .limit(limit)
        .select((tasks::kind, tasks::place))
        .load(db)?;
    let read = |(kind, at): (String, String)| {
        let when = place(&kind, &at)?;
        Ok((kind.parse().map_err(|e: String| StoreError::corrupt("tasks", &kind, e))?, when))
    };
    rows.into_iter().map(read).collect()
}

/// How many rows a congress has. For `verify` alone: no request counts rows.
pub fn count(db: &mut Db, congress: &CongressId) -> Result<usize, StoreError> {
    let rows: i64 = tasks::table.filter(tasks::congress_id.eq(congress.as_str())).count().get_result(db)?;
    usize::try_from(rows).map_err(|e| StoreError::corrupt("tasks", congress, e))
}

/// Takes away every task of a congress's cases. For `rebuild` alone.
pub fn clear(db: &mut Db, congress: &CongressId) -> Result<(), StoreError> {
    diesel::delete(tasks::table.filter(tasks::congress_id.eq(congress.as_str()))).execute(db)?;
    Ok(())
}
