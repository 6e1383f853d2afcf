//! Congresses, their sessions, departments and deputies.

use super::{
    Db, StoreError,
    schema::{congresses, departments, deputies, sessions},
};
use crate::domain::{
    case::{DepartmentRef, DeputyRef},
    day::Day,
    ids::{CongressId, DepartmentId, DeputyId, SessionId},
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

#[derive(Clone, Debug, PartialEq, Insertable, Queryable)]
#[diesel(table_name = congresses)]
pub struct Congress {
    pub id: String,
    pub name: String,
    pub policy_id: String,
    pub created_at: NaiveDateTime,
}

/// A session 届次, or the time between two; open-ended until the next one begins.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable)]
#[diesel(table_name = sessions)]
pub struct Session {
    pub congress_id: String,
    pub id: String,
    pub label: String,
    pub origin: String,
    pub opens_on: NaiveDate,
    pub closes_on: Option<NaiveDate>,
    /// Motions are taken until this instant, UTC; while the session sits if it is left out.
    pub motions_until: Option<NaiveDateTime>,
}

#[derive(Clone, Debug, PartialEq, Insertable, Queryable)]
#[diesel(table_name = departments)]
pub struct Department {
    pub congress_id: String,
    pub id: String,
    pub name: String,
    pub channel: String,
}

#[derive(Clone, Debug, PartialEq, Insertable, Queryable)]
#[diesel(table_name = deputies)]
pub struct Deputy {
    pub congress_id: String,
    pub id: String,
    pub name: String,
    pub delegation: Option<String>,
}

impl Department {
    pub fn named(&self) -> Result<DepartmentRef, StoreError> {
        let corrupt = |reason: String| StoreError::corrupt("departments", &self.id, reason);
        Ok(DepartmentRef {
            id: self.id.parse().map_err(|e: uuid::Error| corrupt(e.to_string()))?,
            name: self.name.clone(),
            channel: self.channel.parse().map_err(corrupt)?,
        })
    }
}

impl Deputy {
    pub fn named(&self) -> Result<DeputyRef, StoreError> {
        let id = self.id.parse().map_err(|e| StoreError::corrupt("deputies", &self.id, e))?;
        Ok(DeputyRef { id, name: self.name.clone() })
    }
}

pub fn congress(db: &mut Db, id: &CongressId) -> Result<Option<Congress>, StoreError> {
    Ok(congresses::table.find(id.as_str()).first(db).optional()?)
}

pub fn congresses(db: &mut Db) -> Result<Vec<Congress>, StoreError> {
    Ok(congresses::table.order(congresses::id.asc()).load(db)?)
}

pub fn add_congress(db: &mut Db, congress: &Congress) -> Result<(), StoreError> {
    diesel::insert_into(congresses::table).values(congress).execute(db)?;
    Ok(())
}

/// The policy that a congress works under from now on; open cases keep theirs.
pub fn set_policy(db: &mut Db, congress: &CongressId, policy: &str) -> Result<bool, StoreError> {
    let changed = diesel::update(congresses::table.find(congress.as_str()))
        .set(congresses::policy_id.eq(policy))
        .execute(db)?;
    Ok(changed == 1)
}

pub fn sessions(db: &mut Db, congress: &CongressId) -> Result<Vec<Session>, StoreError> {
    Ok(sessions::table
        .filter(sessions::congress_id.eq(congress.as_str()))
        .order((sessions::opens_on.asc(), sessions::id.asc()))
        .load(db)?)
}

pub fn session(db: &mut Db, congress: &CongressId, id: &SessionId) -> Result<Option<Session>, StoreError> {
    Ok(sessions::table.find((congress.as_str(), id.as_str())).first(db).optional()?)
}

/// The session, or the time between sessions, that a day belongs to: of those that cover it, the one begun last.
pub fn session_on(db: &mut Db, congress: &CongressId, day: Day) -> Result<Option<Session>, StoreError> {
    Ok(sessions::table
        .filter(sessions::congress_id.eq(congress.as_str()))
        .filter(sessions::opens_on.le(day.date()))
        .filter(sessions::closes_on.is_null().or(sessions::closes_on.ge(day.date())))
        .order((sessions::opens_on.desc(), sessions::id.desc()))
        .first(db)
        .optional()?)
}

pub fn add_session(db: &mut Db, session: &Session) -> Result<(), StoreError> {
    diesel::insert_into(sessions::table).values(session).execute(db)?;
    Ok(())
}

pub fn departments(db: &mut Db, congress: &CongressId) -> Result<Vec<Department>, StoreError> {
    Ok(departments::table
        .filter(departments::congress_id.eq(congress.as_str()))
        .order(departments::id.asc())
        .load(db)?)
}

pub fn department(
    db: &mut Db,
    congress: &CongressId,
    id: DepartmentId,
) -> Result<Option<Department>, StoreError> {
    Ok(departments::table.find((congress.as_str(), id.to_string())).first(db).optional()?)
}

pub fn department_by_name(
    db: &mut Db,
    congress: &CongressId,
    name: &str,
) -> Result<Option<Department>, StoreError> {
    Ok(departments::table
        .filter(departments::congress_id.eq(congress.as_str()))
        .filter(departments::name.eq(name))
        .first(db)
        .optional()?)
}

pub fn add_department(db: &mut Db, department: &Department) -> Result<(), StoreError> {
    diesel::insert_into(departments::table).values(department).execute(db)?;
    Ok(())
}

/// What a department is called from now on; what was recorded keeps the old name.
pub fn rename_department(
    db: &mut Db,
    congress: &CongressId,
    id: DepartmentId,
    name: &str,
) -> Result<(), StoreError> {
    diesel::update(departments::table.find((congress.as_str(), id.to_string())))
        .set(departments::name.eq(name))
        .execute(db)?;
    Ok(())
}

pub fn deputies(db: &mut Db, congress: &CongressId) -> Result<Vec<Deputy>, StoreError> {
    Ok(deputies::table
        .filter(deputies::congress_id.eq(congress.as_str()))
        .order(deputies::id.asc())
        .load(db)?)
}

pub fn deputy(db: &mut Db, congress: &CongressId, id: DeputyId) -> Result<Option<Deputy>, StoreError> {
    Ok(deputies::table.find((congress.as_str(), id.to_string())).first(db).optional()?)
}

/// Deputies of the same name are told apart by delegation; here they all come.
pub fn deputies_by_name(db: &mut Db, congress: &CongressId, name: &str) -> Result<Vec<Deputy>, StoreError> {
    Ok(deputies::table
        .filter(deputies::congress_id.eq(congress.as_str()))
        .filter(deputies::name.eq(name))
        .load(db)?)
}

pub fn add_deputy(db: &mut Db, deputy: &Deputy) -> Result<(), StoreError> {
    diesel::insert_into(deputies::table).values(deputy).execute(db)?;
    Ok(())
}
