//! The signed heads of the logs, and what witnesses signed below them.

use super::{
    Db, StoreError,
    schema::{checkpoints, cosignatures},
};
use crate::evidence::note::Note;
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A head, as it was signed.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable)]
#[diesel(table_name = checkpoints)]
pub struct Row {
    pub log_id: String,
    pub size: i64,
    pub note: String,
    pub created_at: NaiveDateTime,
}

impl Row {
    pub fn read(&self) -> Result<Note, StoreError> {
        let place = format!("{} {}", self.log_id, self.size);
        self.note.parse().map_err(|e| StoreError::corrupt("checkpoints", place, e))
    }
}

#[derive(Clone, Debug, PartialEq, Insertable, Queryable)]
#[diesel(table_name = cosignatures)]
pub struct Cosignature {
    pub log_id: String,
    pub size: i64,
    /// By name and id.
    pub witness: String,
    pub line: String,
    pub cosigned_at: NaiveDateTime,
    pub created_at: NaiveDateTime,
}

/// Keeps a head; one that is there already is kept as it is.
pub fn keep(db: &mut Db, row: &Row) -> Result<(), StoreError> {
    if at(db, &row.log_id, row.size)?.is_none() {
        diesel::insert_into(checkpoints::table).values(row).execute(db)?;
    }
    Ok(())
}

pub fn newest(db: &mut Db, log: &str) -> Result<Option<Row>, StoreError> {
    Ok(checkpoints::table
        .filter(checkpoints::log_id.eq(log))
        .order(checkpoints::size.desc())
        .first(db)
        .optional()?)
}

pub fn at(db: &mut Db, log: &str, size: i64) -> Result<Option<Row>, StoreError> {
    Ok(checkpoints::table.find((log, size)).first(db).optional()?)
}

/// The next heads of a log, by length, after one of them.
pub fn after(db: &mut Db, log: &str, size: i64, limit: i64) -> Result<Vec<Row>, StoreError> {
    Ok(checkpoints::table
        .filter(checkpoints::log_id.eq(log))
        .filter(checkpoints::size.gt(size))
        .order(checkpoints::size.asc())
        .limit(limit)
        .load(db)?)
}

/// Keeps a witness's word; its first on a head stays.
pub fn cosign(db: &mut Db, row: &Cosignature) -> Result<(), StoreError> {
    let known = cosignatures::table.find((&row.log_id, row.size, &row.witness));
    let known: Option<Cosignature> = known.first(db).optional()?;
    if known.is_none() {
        diesel::insert_into(cosignatures::table).values(row).execute(db)?;
    }
    Ok(())
}

/// What witnesses signed below a head, in the order of their names.
pub fn cosigned(db: &mut Db, log: &str, size: i64) -> Result<Vec<Cosignature>, StoreError> {
    Ok(cosignatures::table
        .filter(cosignatures::log_id.eq(log))
        .filter(cosignatures::size.eq(size))
        .order(cosignatures::witness.asc())
        .load(db)?)
}
