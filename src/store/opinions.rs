//! Residents' opinions as their events left them, by what they are listed and found by; and the receipts that residents
//! hold.

use super::{
    Db, StoreError,
    schema::{cases, opinion_receipts, opinion_terms, opinions},
};
use crate::domain::{
    day::Day,
    ids::{CaseId, CongressId, DepartmentId, DeputyId, OpinionId, StationId},
    similar::{Posting, Term},
    station::opinion::Opinion,
    words::{OpinionRoute, OpinionState, OpinionWay},
};
use chrono::NaiveDate;
use diesel::{dsl::count_star, prelude::*};

#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = opinions)]
#[diesel(treat_none_as_null = true)]
pub struct Row {
    pub congress_id: String,
    pub id: String,
    pub version: i64,
    pub station_id: String,
    pub way: String,
    pub state: String,
    pub route: Option<String>,
    pub received_on: NaiveDate,
    pub due_on: Option<NaiveDate>,
    pub deputy_id: Option<String>,
    pub department_id: Option<String>,
    pub case_id: Option<String>,
    /// The opinion, JSON.
    pub body: String,
}

impl Row {
    pub fn of(it: &Opinion) -> Result<Row, StoreError> {
        Ok(Row {
            congress_id: it.congress.to_string(),
            id: it.id.to_string(),
            version: it.version,
            station_id: it.station.to_string(),
            way: it.way.to_string(),
            state: it.state.to_string(),
            route: it.route.map(|route| route.to_string()),
            received_on: it.received_on.date(),
            due_on: it.due_on.map(Day::date),
            deputy_id: it.deputy.map(|id| id.to_string()),
            department_id: it.department.map(|id| id.to_string()),
            case_id: it.case.map(|id| id.to_string()),
            body: serde_json::to_string(it).map_err(|e| StoreError::corrupt("opinions", it.id, e))?,
        })
    }

    fn read(self) -> Result<Opinion, StoreError> {
        serde_json::from_str(&self.body).map_err(|e| StoreError::corrupt("opinions", &self.id, e))
    }
}

pub fn insert(db: &mut Db, it: &Opinion) -> Result<(), StoreError> {
    diesel::insert_into(opinions::table).values(&Row::of(it)?).execute(db)?;
    Ok(())
}

/// Writes the row anew; `Conflict` if it is not as it was loaded.
pub fn replace(db: &mut Db, it: &Opinion, before: i64) -> Result<(), StoreError> {
    let key = opinions::table
        .filter(opinions::congress_id.eq(it.congress.as_str()))
        .filter(opinions::id.eq(it.id.to_string()))
        .filter(opinions::version.eq(before));
    match diesel::update(key).set(&Row::of(it)?).execute(db)? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

/// Takes away all rows and words of a congress. For `rebuild` alone.
pub fn clear(db: &mut Db, congress: &CongressId) -> Result<(), StoreError> {
    diesel::delete(opinions::table.filter(opinions::congress_id.eq(congress.as_str()))).execute(db)?;
    diesel::delete(opinion_terms::table.filter(opinion_terms::congress_id.eq(congress.as_str())))
        .execute(db)?;
    Ok(())
}

pub fn row(db: &mut Db, congress: &CongressId, id: OpinionId) -> Result<Option<Row>, StoreError> {
    Ok(opinions::table
        .find((congress.as_str(), id.to_string()))
        .select(Row::as_select())
        .first(db)
        .optional()?)
}

pub fn find(db: &mut Db, congress: &CongressId, id: OpinionId) -> Result<Option<Opinion>, StoreError> {
    row(db, congress, id)?.map(Row::read).transpose()
}

/// How many rows there are; for `verify`.
pub fn count(db: &mut Db, congress: &CongressId) -> Result<i64, StoreError> {
    Ok(opinions::table.filter(opinions::congress_id.eq(congress.as_str())).select(count_star()).first(db)?)
}

/// Which opinions are asked for, newest first.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub state: Option<OpinionState>,
    pub route: Option<OpinionRoute>,
    pub station: Option<StationId>,
    pub department: Option<DepartmentId>,
    pub deputy: Option<DeputyId>,
    pub case: Option<CaseId>,
    /// Older than this one.
    pub after: Option<OpinionId>,
    pub limit: i64,
}

/// An index leads to each of the filters; of several the database takes the narrowest.
pub fn list(db: &mut Db, congress: &CongressId, asked: &Asked) -> Result<Vec<Opinion>, StoreError> {
    let mut query = opinions::table.filter(opinions::congress_id.eq(congress.to_string())).into_boxed();
    if let Some(it) = asked.state {
        query = query.filter(opinions::state.eq(it.id()));
    }
    if let Some(it) = asked.route {
        query = query.filter(opinions::route.eq(it.id()));
    }
    if let Some(it) = asked.station {
        query = query.filter(opinions::station_id.eq(it.to_string()));
    }
    if let Some(it) = asked.department {
        query = query.filter(opinions::department_id.eq(it.to_string()));
    }
    if let Some(it) = asked.deputy {
        query = query.filter(opinions::deputy_id.eq(it.to_string()));
    }
    if let Some(it) = asked.case {
        query = query.filter(opinions::case_id.eq(it.to_string()));
    }
    if let Some(it) = asked.after {
        query = query.filter(opinions::id.lt(it.to_string()));
    }
    let rows: Vec<Row> =
        query.order(opinions::id.desc()).limit(asked.limit).select(Row::as_select()).load(db)?;
    rows.into_iter().map(Row::read).collect()
}

/// Those that wait to be sorted, the oldest first.
pub fn to_sort(db: &mut Db, congress: &CongressId, limit: i64) -> Result<Vec<Opinion>, StoreError> {
    let rows: Vec<Row> = opinions::table
        .filter(opinions::congress_id.eq(congress.as_str()))
        .filter(opinions::state.eq(OpinionState::Recorded.id()))
        .order(opinions::id.asc())
        .limit(limit)
        .select(Row::as_select())
        .load(db)?;
    rows.into_iter().map(Row::read).collect()
}

/// Those that a department has in hand, the most urgent first.
pub fn in_hand(
    db: &mut Db,
    congress: &CongressId,
    department: DepartmentId,
    limit: i64,
) -> Result<Vec<Opinion>, StoreError> {
    let rows: Vec<Row> = opinions::table
        .filter(opinions::congress_id.eq(congress.as_str()))
        .filter(opinions::department_id.eq(department.to_string()))
        .filter(opinions::state.eq(OpinionState::Passed.id()))
        .order((opinions::due_on.asc(), opinions::id.asc()))
        .limit(limit)
        .select(Row::as_select())
        .load(db)?;
    rows.into_iter().map(Row::read).collect()
}

/// Those with an answer of which the resident is still to be told, the oldest first: answered, not accepted, or part of a
/// suggestion that was answered.
pub fn to_tell(db: &mut Db, congress: &CongressId, limit: i64) -> Result<Vec<Opinion>, StoreError> {
    let mut told: Vec<Row> = opinions::table
        .filter(opinions::congress_id.eq(congress.as_str()))
        .filter(opinions::state.eq_any([OpinionState::Answered.id(), OpinionState::NotAccepted.id()]))
        .order(opinions::id.asc())
        .limit(limit)
        .select(Row::as_select())
        .load(db)?;
    let joined: Vec<Row> =
        opinions::table
            .inner_join(cases::table.on(
                cases::congress_id.eq(opinions::congress_id).and(cases::id.nullable().eq(opinions::case_id)),
            ))
            .filter(opinions::congress_id.eq(congress.as_str()))
            .filter(opinions::state.eq(OpinionState::Joined.id()))
            .filter(cases::stage.eq_any(["replied", "closed"]))
            .order(opinions::id.asc())
            .limit(limit)
            .select(Row::as_select())
            .load(db)?;
    told.extend(joined);
    told.sort_by(|a, b| a.id.cmp(&b.id));
    told.truncate(usize::try_from(limit).unwrap_or_default());
    told.into_iter().map(Row::read).collect()
}

/// Whether a station got `most` opinions by the form on a day already; no more rows than that are read.
pub fn full(
    db: &mut Db,
    congress: &CongressId,
    station: StationId,
    day: Day,
    most: i64,
) -> Result<bool, StoreError> {
    let found: Vec<String> = opinions::table
        .filter(opinions::congress_id.eq(congress.as_str()))
        .filter(opinions::received_on.eq(day.date()))
        .filter(opinions::station_id.eq(station.to_string()))
        .filter(opinions::way.eq(OpinionWay::PublicForm.id()))
        .limit(most)
        .select(opinions::id)
        .load(db)?;
    Ok(i64::try_from(found.len()).unwrap_or(i64::MAX) >= most)
}

/// How many opinions of a station came to a route and state.
pub type Cell = (String, Option<String>, String, i64);

/// The opinions received from one day to another, by station, route and state: a range of one index.
pub fn counts(db: &mut Db, congress: &CongressId, from: Day, to: Day) -> Result<Vec<Cell>, StoreError> {
    Ok(opinions::table
        .filter(opinions::congress_id.eq(congress.as_str()))
        .filter(opinions::received_on.ge(from.date()))
        .filter(opinions::received_on.le(to.date()))
        .group_by((opinions::station_id, opinions::route, opinions::state))
        .order((opinions::station_id.asc(), opinions::route.asc(), opinions::state.asc()))
        .select((opinions::station_id, opinions::route, opinions::state, count_star()))
        .load(db)?)
}

/// How many suggestions the opinions of those days are part of.
pub fn suggestions(db: &mut Db, congress: &CongressId, from: Day, to: Day) -> Result<usize, StoreError> {
    let found: Vec<Option<String>> = opinions::table
        .filter(opinions::congress_id.eq(congress.as_str()))
        .filter(opinions::received_on.ge(from.date()))
        .filter(opinions::received_on.le(to.date()))
        .filter(opinions::case_id.is_not_null())
        .select(opinions::case_id)
        .distinct()
        .load(db)?;
    Ok(found.len())
}

/// Puts the words of a new opinion into the lists.
pub fn insert_terms(
    db: &mut Db,
    congress: &CongressId,
    id: OpinionId,
    terms: &[Term],
) -> Result<(), StoreError> {
    let id = id.to_string();
    for term in terms {
        diesel::insert_into(opinion_terms::table)
            .values((
                opinion_terms::congress_id.eq(congress.as_str()),
                opinion_terms::term.eq(&term.text),
                opinion_terms::opinion_id.eq(&id),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// The words stored for an opinion, sorted as text.
pub fn terms_of(db: &mut Db, congress: &CongressId, id: OpinionId) -> Result<Vec<String>, StoreError> {
    let mut terms: Vec<String> = opinion_terms::table
        .filter(opinion_terms::congress_id.eq(congress.as_str()))
        .filter(opinion_terms::opinion_id.eq(id.to_string()))
        .select(opinion_terms::term)
        .load(db)?;
    terms.sort_unstable();
    Ok(terms)
}

/// For each term the newest opinions that have it, at most `newest`.
pub fn candidates(
    db: &mut Db,
    congress: &CongressId,
    terms: &[Term],
    newest: i64,
) -> Result<Vec<Posting<OpinionId>>, StoreError> {
    let mut postings = Vec::with_capacity(terms.len());
    for term in terms {
        let ids: Vec<String> = opinion_terms::table
            .filter(opinion_terms::congress_id.eq(congress.as_str()))
            .filter(opinion_terms::term.eq(&term.text))
            .order(opinion_terms::opinion_id.desc())
            .limit(newest)
            .select(opinion_terms::opinion_id)
            .load(db)?;
        let parsed = |id: &String| id.parse().map_err(|e| StoreError::corrupt("opinion_terms", id, e));
        postings.push((term.clone(), ids.iter().map(parsed).collect::<Result<_, _>>()?));
    }
    Ok(postings)
}

/// What a receipt's code, by its hash, is of.
pub fn by_receipt(db: &mut Db, congress: &CongressId, hash: &str) -> Result<Option<OpinionId>, StoreError> {
    let id: Option<String> = opinion_receipts::table
        .find((congress.as_str(), hash))
        .select(opinion_receipts::opinion_id)
        .first(db)
        .optional()?;
    id.map(|id| id.parse().map_err(|e| StoreError::corrupt("opinion_receipts", &id, e))).transpose()
}

pub fn add_receipt(db: &mut Db, congress: &CongressId, hash: &str, id: OpinionId) -> Result<(), StoreError> {
    diesel::insert_into(opinion_receipts::table)
        .values((
            opinion_receipts::congress_id.eq(congress.as_str()),
            opinion_receipts::hash.eq(hash),
            opinion_receipts::opinion_id.eq(id.to_string()),
        ))
        .execute(db)?;
    Ok(())
}
