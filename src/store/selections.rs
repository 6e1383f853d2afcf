//! Selections of the best-handled suggestions: their terms, nominations and sealed results. Ballots are in `urn.rs`.

use super::{
    Db, StoreError,
    schema::{selection_nominations, selection_results, selections},
};
use crate::domain::{
    ids::{CaseId, CongressId, SelectionId},
    selection::Selection,
    text::Title,
};
use chrono::NaiveDateTime;
use diesel::{prelude::*, sql_query, sql_types::Text};

#[derive(Clone, Debug, Insertable, Queryable, Selectable)]
#[diesel(table_name = selections)]
struct Row {
    congress_id: String,
    id: String,
    title: String,
    sessions: String,
    criteria: String,
    seats: i32,
    opened_at: NaiveDateTime,
    nominations_until: NaiveDateTime,
    votes_until: NaiveDateTime,
}

impl Row {
    fn read(self) -> Result<Selection, StoreError> {
        let corrupt = |e: String| StoreError::corrupt("selections", &self.id, e);
        let json = |e: serde_json::Error| StoreError::corrupt("selections", &self.id, e);
        Ok(Selection {
            id: self.id.parse().map_err(|e: uuid::Error| corrupt(e.to_string()))?,
            congress: self.congress_id.parse().map_err(|e: &str| corrupt(e.to_owned()))?,
            title: Title::parse(&self.title).map_err(corrupt)?,
            sessions: serde_json::from_str(&self.sessions).map_err(json)?,
            criteria: serde_json::from_str(&self.criteria).map_err(json)?,
            seats: self.seats.unsigned_abs(),
            opened_at: self.opened_at.and_utc(),
            nominations_until: self.nominations_until.and_utc(),
            votes_until: self.votes_until.and_utc(),
        })
    }
}

pub fn insert(db: &mut Db, it: &Selection) -> Result<(), StoreError> {
    let json = |e: serde_json::Error| StoreError::corrupt("selections", it.id, e);
    let row = Row {
        congress_id: it.congress.to_string(),
        id: it.id.to_string(),
        title: it.title.to_string(),
        sessions: serde_json::to_string(&it.sessions).map_err(json)?,
        criteria: serde_json::to_string(&it.criteria).map_err(json)?,
        seats: i32::try_from(it.seats).unwrap_or(i32::MAX),
        opened_at: it.opened_at.naive_utc(),
        nominations_until: it.nominations_until.naive_utc(),
        votes_until: it.votes_until.naive_utc(),
    };
    diesel::insert_into(selections::table).values(&row).execute(db)?;
    Ok(())
}

pub fn find(db: &mut Db, congress: &CongressId, id: SelectionId) -> Result<Option<Selection>, StoreError> {
    let row: Option<Row> = selections::table
        .find((congress.as_str(), id.to_string()))
        .select(Row::as_select())
        .first(db)
        .optional()?;
    row.map(Row::read).transpose()
}

/// The same, held until the transaction ends: who votes, nominates or seals does so one after the other.
pub fn hold(db: &mut Db, congress: &CongressId, id: SelectionId) -> Result<Option<Selection>, StoreError> {
    if let Db::Postgres(db) = db {
        sql_query("SELECT id FROM selections WHERE congress_id = $1 AND id = $2 FOR UPDATE")
            .bind::<Text, _>(congress.as_str())
            .bind::<Text, _>(id.to_string())
            .execute(db)?;
    }
    find(db, congress, id)
}

/// All of a congress, newest first: a handful a year.
pub fn all(db: &mut Db, congress: &CongressId) -> Result<Vec<Selection>, StoreError> {
    let rows: Vec<Row> = selections::table
        .filter(selections::congress_id.eq(congress.as_str()))
        .order(selections::id.desc())
        .select(Row::as_select())
        .load(db)?;
    rows.into_iter().map(Row::read).collect()
}

/// Why somebody thinks that a case should be chosen.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = selection_nominations)]
pub struct Nomination {
    pub congress_id: String,
    pub selection_id: String,
    pub case_id: String,
    /// `deputy:ID`, `delegation:NAME` or `committee`.
    pub nominator: String,
    pub reason: String,
    pub nominated_at: NaiveDateTime,
}

impl Nomination {
    pub fn case(&self) -> Result<CaseId, StoreError> {
        self.case_id.parse().map_err(|e| StoreError::corrupt("selection_nominations", &self.case_id, e))
    }
}

/// Whether it is new: nobody nominates a case twice.
pub fn nominate(db: &mut Db, it: &Nomination) -> Result<bool, StoreError> {
    let known: Option<String> = selection_nominations::table
        .find((&it.congress_id, &it.selection_id, &it.case_id, &it.nominator))
        .select(selection_nominations::case_id)
        .first(db)
        .optional()?;
    if known.is_some() {
        return Ok(false);
    }
    diesel::insert_into(selection_nominations::table).values(it).execute(db)?;
    Ok(true)
}

/// By case, and of one case the earliest first.
pub fn nominations(
    db: &mut Db,
    congress: &CongressId,
    id: SelectionId,
) -> Result<Vec<Nomination>, StoreError> {
    Ok(selection_nominations::table
        .filter(selection_nominations::congress_id.eq(congress.as_str()))
        .filter(selection_nominations::selection_id.eq(id.to_string()))
        .order((
            selection_nominations::case_id.asc(),
            selection_nominations::nominated_at.asc(),
            selection_nominations::nominator.asc(),
        ))
        .select(Nomination::as_select())
        .load(db)?)
}

/// A result as it was sealed.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = selection_results)]
pub struct Sealed {
    pub congress_id: String,
    pub selection_id: String,
    /// JSON, byte for byte what the digest is of.
    pub body: String,
    pub sha256: String,
    pub sealed_at: NaiveDateTime,
}

pub fn seal(db: &mut Db, sealed: &Sealed) -> Result<(), StoreError> {
    diesel::insert_into(selection_results::table).values(sealed).execute(db)?;
    Ok(())
}

pub fn result(db: &mut Db, congress: &CongressId, id: SelectionId) -> Result<Option<Sealed>, StoreError> {
    Ok(selection_results::table
        .find((congress.as_str(), id.to_string()))
        .select(Sealed::as_select())
        .first(db)
        .optional()?)
}
