//! Recommendations between organs as their events left them.

use super::{Db, StoreError, schema::recommendations};
use crate::domain::{
    day::Day,
    ids::{CaseId, CongressId, RecommendationId},
    station::recommendation::Recommendation,
};
use chrono::NaiveDate;
use diesel::{dsl::count_star, prelude::*};

#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = recommendations)]
#[diesel(treat_none_as_null = true)]
pub struct Row {
    pub congress_id: String,
    pub id: String,
    pub version: i64,
    pub kind: String,
    pub state: String,
    pub due_on: Option<NaiveDate>,
    pub case_id: Option<String>,
    /// The recommendation, JSON.
    pub body: String,
}

impl Row {
    pub fn of(it: &Recommendation) -> Result<Row, StoreError> {
        Ok(Row {
            congress_id: it.congress.to_string(),
            id: it.id.to_string(),
            version: it.version,
            kind: it.kind.to_string(),
            state: it.state.to_string(),
            due_on: it.due_on.map(Day::date),
            case_id: it.case.map(|id| id.to_string()),
            body: serde_json::to_string(it).map_err(|e| StoreError::corrupt("recommendations", it.id, e))?,
        })
    }

    fn read(self) -> Result<Recommendation, StoreError> {
        serde_json::from_str(&self.body).map_err(|e| StoreError::corrupt("recommendations", &self.id, e))
    }
}

pub fn insert(db: &mut Db, it: &Recommendation) -> Result<(), StoreError> {
    diesel::insert_into(recommendations::table).values(&Row::of(it)?).execute(db)?;
    Ok(())
}

/// Writes the row anew; `Conflict` if it is not as it was loaded.
pub fn replace(db: &mut Db, it: &Recommendation, before: i64) -> Result<(), StoreError> {
    let key = recommendations::table
        .filter(recommendations::congress_id.eq(it.congress.as_str()))
        .filter(recommendations::id.eq(it.id.to_string()))
        .filter(recommendations::version.eq(before));
    match diesel::update(key).set(&Row::of(it)?).execute(db)? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

/// Takes away all rows of a congress. For `rebuild` alone.
pub fn clear(db: &mut Db, congress: &CongressId) -> Result<(), StoreError> {
    diesel::delete(recommendations::table.filter(recommendations::congress_id.eq(congress.as_str())))
        .execute(db)?;
    Ok(())
}

pub fn row(db: &mut Db, congress: &CongressId, id: RecommendationId) -> Result<Option<Row>, StoreError> {
    Ok(recommendations::table
        .find((congress.as_str(), id.to_string()))
        .select(Row::as_select())
        .first(db)
        .optional()?)
}

pub fn find(
    db: &mut Db,
    congress: &CongressId,
    id: RecommendationId,
) -> Result<Option<Recommendation>, StoreError> {
    row(db, congress, id)?.map(Row::read).transpose()
}

/// How many rows there are; for `verify`.
pub fn count(db: &mut Db, congress: &CongressId) -> Result<i64, StoreError> {
    Ok(recommendations::table
        .filter(recommendations::congress_id.eq(congress.as_str()))
        .select(count_star())
        .first(db)?)
}

/// Newest first, after one of them; of a case where one is named.
pub fn list(
    db: &mut Db,
    congress: &CongressId,
    case: Option<CaseId>,
    after: Option<RecommendationId>,
    limit: i64,
) -> Result<Vec<Recommendation>, StoreError> {
    let mut query =
        recommendations::table.filter(recommendations::congress_id.eq(congress.to_string())).into_boxed();
    if let Some(case) = case {
        query = query.filter(recommendations::case_id.eq(case.to_string()));
    }
    if let Some(after) = after {
        query = query.filter(recommendations::id.lt(after.to_string()));
    }
    let rows: Vec<Row> =
        query.order(recommendations::id.desc()).limit(limit).select(Row::as_select()).load(db)?;
    rows.into_iter().map(Row::read).collect()
}
