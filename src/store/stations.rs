//! Contact stations, and the days on which residents were met there. Receptions are appended and summed by day.

use super::{
    Db, StoreError,
    schema::{receptions, stations},
};
use crate::domain::{
    day::Day,
    ids::{CongressId, ReceptionId, StationId},
    station::Station,
    text::Line,
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::{dsl::sum, prelude::*, sql_query, sql_types::Text};

#[derive(Clone, Debug, Insertable, Queryable, Selectable)]
#[diesel(table_name = stations)]
struct Row {
    congress_id: String,
    id: String,
    kind: String,
    code: String,
    name: String,
    place: Option<String>,
    deputies: String,
}

impl Row {
    fn read(self) -> Result<Station, StoreError> {
        let corrupt = |reason: String| StoreError::corrupt("stations", &self.id, reason);
        Ok(Station {
            congress: self.congress_id.parse().map_err(|e: &str| corrupt(e.to_owned()))?,
            id: self.id.parse().map_err(|e: uuid::Error| corrupt(e.to_string()))?,
            kind: self.kind.parse().map_err(corrupt)?,
            code: Line::parse(&self.code).map_err(corrupt)?,
            name: Line::parse(&self.name).map_err(corrupt)?,
            place: self.place.as_deref().map(Line::parse).transpose().map_err(corrupt)?,
            deputies: serde_json::from_str(&self.deputies).map_err(|e| corrupt(e.to_string()))?,
        })
    }
}

fn deputies(it: &Station) -> Result<String, StoreError> {
    serde_json::to_string(&it.deputies).map_err(|e| StoreError::corrupt("stations", it.id, e))
}

pub fn insert(db: &mut Db, it: &Station) -> Result<(), StoreError> {
    let row = Row {
        congress_id: it.congress.to_string(),
        id: it.id.to_string(),
        kind: it.kind.to_string(),
        code: it.code.to_string(),
        name: it.name.to_string(),
        place: it.place.as_deref().map(str::to_owned),
        deputies: deputies(it)?,
    };
    diesel::insert_into(stations::table).values(&row).execute(db)?;
    Ok(())
}

/// Who receives residents there from now on.
pub fn set_deputies(db: &mut Db, it: &Station) -> Result<(), StoreError> {
    diesel::update(stations::table.find((it.congress.as_str(), it.id.to_string())))
        .set(stations::deputies.eq(deputies(it)?))
        .execute(db)?;
    Ok(())
}

pub fn find(db: &mut Db, congress: &CongressId, id: StationId) -> Result<Option<Station>, StoreError> {
    let row: Option<Row> = stations::table
        .find((congress.as_str(), id.to_string()))
        .select(Row::as_select())
        .first(db)
        .optional()?;
    row.map(Row::read).transpose()
}

/// The same, held until the transaction ends: what is counted of it is counted by one at a time.
pub fn hold(db: &mut Db, congress: &CongressId, id: StationId) -> Result<Option<Station>, StoreError> {
    if let Db::Postgres(db) = db {
        sql_query("SELECT id FROM stations WHERE congress_id = $1 AND id = $2 FOR UPDATE")
            .bind::<Text, _>(congress.as_str())
            .bind::<Text, _>(id.to_string())
            .execute(db)?;
    }
    find(db, congress, id)
}

pub fn by_code(db: &mut Db, congress: &CongressId, code: &str) -> Result<Option<Station>, StoreError> {
    let row: Option<Row> = stations::table
        .filter(stations::congress_id.eq(congress.as_str()))
        .filter(stations::code.eq(code))
        .select(Row::as_select())
        .first(db)
        .optional()?;
    row.map(Row::read).transpose()
}

/// All of a congress, by code: some dozens.
pub fn all(db: &mut Db, congress: &CongressId) -> Result<Vec<Station>, StoreError> {
    let rows: Vec<Row> = stations::table
        .filter(stations::congress_id.eq(congress.as_str()))
        .order(stations::code.asc())
        .select(Row::as_select())
        .load(db)?;
    rows.into_iter().map(Row::read).collect()
}

/// A day on which residents were met.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = receptions)]
pub struct Reception {
    pub congress_id: String,
    pub id: String,
    pub station_id: String,
    pub day: NaiveDate,
    /// Visits of deputies, of officials, and residents received.
    pub deputies: i32,
    pub officials: i32,
    pub received: i32,
    /// JSON.
    pub visitors: String,
    pub recorded_at: NaiveDateTime,
    /// The reception that this one counts against, and why; its numbers are that one's below zero.
    pub takes_back: Option<String>,
    pub reason: Option<String>,
}

impl Reception {
    pub fn id(&self) -> Result<ReceptionId, StoreError> {
        self.id.parse().map_err(|e| StoreError::corrupt("receptions", &self.id, e))
    }
}

pub fn receive(db: &mut Db, it: &Reception) -> Result<(), StoreError> {
    diesel::insert_into(receptions::table).values(it).execute(db)?;
    Ok(())
}

/// All of a congress, oldest first; for `verify`.
pub fn receptions(db: &mut Db, congress: &CongressId) -> Result<Vec<Reception>, StoreError> {
    Ok(receptions::table
        .filter(receptions::congress_id.eq(congress.as_str()))
        .order(receptions::id.asc())
        .select(Reception::as_select())
        .load(db)?)
}

pub fn reception(
    db: &mut Db,
    congress: &CongressId,
    id: ReceptionId,
) -> Result<Option<Reception>, StoreError> {
    let row = receptions::table.find((congress.as_str(), id.to_string()));
    Ok(row.select(Reception::as_select()).first(db).optional()?)
}

/// Those of a station, last entered first, before one of them.
pub fn page(
    db: &mut Db,
    congress: &CongressId,
    station: StationId,
    before: Option<ReceptionId>,
    limit: i64,
) -> Result<Vec<Reception>, StoreError> {
    let mut query = receptions::table
        .filter(receptions::congress_id.eq(congress.as_str()))
        .filter(receptions::station_id.eq(station.to_string()))
        .filter(receptions::takes_back.is_null())
        .order(receptions::id.desc())
        .limit(limit)
        .select(Reception::as_select())
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(receptions::id.lt(before.to_string()));
    }
    Ok(query.load(db)?)
}

/// What takes these receptions back, as far as anything does.
pub fn taken_back(
    db: &mut Db,
    congress: &CongressId,
    receptions: &[String],
) -> Result<Vec<Reception>, StoreError> {
    Ok(receptions::table
        .filter(receptions::congress_id.eq(congress.as_str()))
        .filter(receptions::takes_back.eq_any(receptions))
        .select(Reception::as_select())
        .load(db)?)
}

/// Visits of a station in some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visits {
    pub station: String,
    pub deputies: i64,
    pub officials: i64,
    pub received: i64,
}

/// The visits of each station from one day to another: a range of one index, as long as the days asked for.
pub fn visits(db: &mut Db, congress: &CongressId, from: Day, to: Day) -> Result<Vec<Visits>, StoreError> {
    /// A station, and its sums; none over no rows.
    type Summed = (String, Option<i64>, Option<i64>, Option<i64>);
    let rows: Vec<Summed> = receptions::table
        .filter(receptions::congress_id.eq(congress.as_str()))
        .filter(receptions::day.ge(from.date()))
        .filter(receptions::day.le(to.date()))
        .group_by(receptions::station_id)
        .order(receptions::station_id.asc())
        .select((
            receptions::station_id,
            sum(receptions::deputies),
            sum(receptions::officials),
            sum(receptions::received),
        ))
        .load(db)?;
    let visits = |(station, deputies, officials, received): Summed| Visits {
        station,
        deputies: deputies.unwrap_or_default(),
        officials: officials.unwrap_or_default(),
        received: received.unwrap_or_default(),
    };
    Ok(rows.into_iter().map(visits).collect())
}
