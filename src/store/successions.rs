//! What became of departments 机构沿革: renamed, or merged into another one.

use super::{Db, StoreError, schema::department_successions};
use crate::domain::ids::{CongressId, DepartmentId};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

/// An entry; those of one department lie in the order in which they were entered.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = department_successions)]
pub struct Succession {
    pub congress_id: String,
    pub id: String,
    pub department_id: String,
    /// `renamed` or `merged`.
    pub kind: String,
    pub name_before: String,
    /// Its new name, or the successor's.
    pub name_after: String,
    /// The successor of a merged one.
    pub into_id: Option<String>,
    /// The legal day on which it took effect.
    pub happened_on: NaiveDate,
    /// 文号
    pub document: Option<String>,
    pub recorded_at: NaiveDateTime,
}

pub fn add(db: &mut Db, entry: &Succession) -> Result<(), StoreError> {
    diesel::insert_into(department_successions::table).values(entry).execute(db)?;
    Ok(())
}

/// Where a department went; `None` while it is there.
pub fn merger(
    db: &mut Db,
    congress: &CongressId,
    department: DepartmentId,
) -> Result<Option<Succession>, StoreError> {
    Ok(department_successions::table
        .filter(department_successions::congress_id.eq(congress.as_str()))
        .filter(department_successions::department_id.eq(department.to_string()))
        .filter(department_successions::into_id.is_not_null())
        .select(Succession::as_select())
        .first(db)
        .optional()?)
}

/// The mergers of all congresses that were entered after another one, oldest first.
pub fn mergers_after(db: &mut Db, id: &str) -> Result<Vec<Succession>, StoreError> {
    Ok(department_successions::table
        .filter(department_successions::into_id.is_not_null())
        .filter(department_successions::id.gt(id))
        .order(department_successions::id.asc())
        .select(Succession::as_select())
        .load(db)?)
}

/// What became of one department, oldest first.
pub fn of_department(
    db: &mut Db,
    congress: &CongressId,
    department: DepartmentId,
) -> Result<Vec<Succession>, StoreError> {
    Ok(department_successions::table
        .filter(department_successions::congress_id.eq(congress.as_str()))
        .filter(department_successions::department_id.eq(department.to_string()))
        .order(department_successions::id.asc())
        .select(Succession::as_select())
        .load(db)?)
}
