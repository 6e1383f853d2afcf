//! The marks of final letters: which letters may be nearly equal, and which of them came first.

use super::{Db, StoreError, schema::reply_marks};
use crate::domain::{
    ids::{CaseId, CongressId},
    signals::{Letter, OLDEST_PER_BAND, Place},
};
use chrono::NaiveDateTime;
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Integer, Text, Timestamp},
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Insertable, Queryable, Selectable)]
#[diesel(table_name = reply_marks)]
pub struct Row {
    pub congress_id: String,
    pub mark: i64,
    pub recorded_at: NaiveDateTime,
    pub case_id: String,
    pub reply: i32,
    pub family_id: String,
}

/// The rows of a letter; marks that fall together stand once.
pub fn rows(congress: &CongressId, letter: &Letter) -> Vec<Row> {
    let marks: BTreeSet<i64> = letter.bands().into_iter().collect();
    let row = |mark| Row {
        congress_id: congress.to_string(),
        mark,
        recorded_at: micros(letter.place),
        case_id: letter.place.case.to_string(),
        reply: number(letter.place.reply),
        family_id: letter.family.to_string(),
    };
    marks.into_iter().map(row).collect()
}

/// What both databases keep of an instant.
fn micros(place: Place) -> NaiveDateTime {
    let at = chrono::DateTime::from_timestamp_micros(place.recorded_at.timestamp_micros());
    at.unwrap_or_default().naive_utc()
}

fn number(reply: u32) -> i32 {
    i32::try_from(reply).unwrap_or(i32::MAX)
}

/// Two letters that share a mark are written one after the other, so that the second sees the first. SQLite writes one at
/// a time anyway; on PostgreSQL only letters that may be alike wait for each other.
pub fn take_turns(db: &mut Db, congress: &CongressId, letter: &Letter) -> Result<(), StoreError> {
    if let Db::Postgres(db) = db {
        let division: i64 = congress.as_str().parse().unwrap_or_default();
        let mut keys: Vec<i64> = letter.bands().iter().map(|mark| mark ^ (division << 16)).collect();
        // In one order for all, or two of them would wait for each other.
        keys.sort_unstable();
        sql_query("SELECT pg_advisory_xact_lock(asked.key) FROM unnest($1) AS asked (key)")
            .bind::<Array<BigInt>, _>(keys)
            .execute(db)?;
    }
    Ok(())
}

pub fn insert(db: &mut Db, rows: &[Row]) -> Result<(), StoreError> {
    match db {
        Db::Sqlite(_) => {
            for row in rows {
                diesel::insert_into(reply_marks::table).values(row).execute(db)?;
            }
        }
        Db::Postgres(db) => {
            let Some(first) = rows.first() else { return Ok(()) };
            let marks: Vec<i64> = rows.iter().map(|row| row.mark).collect();
            sql_query(
                "INSERT INTO reply_marks (congress_id, mark, recorded_at, case_id, reply, family_id) \
                 SELECT $1, unnest($2), $3, $4, $5, $6",
            )
            .bind::<Text, _>(&first.congress_id)
            .bind::<Array<BigInt>, _>(marks)
            .bind::<Timestamp, _>(first.recorded_at)
            .bind::<Text, _>(&first.case_id)
            .bind::<Integer, _>(first.reply)
            .bind::<Text, _>(&first.family_id)
            .execute(db)?;
        }
    }
    Ok(())
}

/// Takes away every mark of a congress's letters. For `rebuild` alone.
pub fn clear(db: &mut Db, congress: &CongressId) -> Result<(), StoreError> {
    diesel::delete(reply_marks::table.filter(reply_marks::congress_id.eq(congress.as_str()))).execute(db)?;
    Ok(())
}

/// What is kept of a case's letters, sorted.
pub fn of_case(db: &mut Db, congress: &CongressId, case: CaseId) -> Result<Vec<Row>, StoreError> {
    let mut rows: Vec<Row> = reply_marks::table
        .filter(reply_marks::congress_id.eq(congress.as_str()))
        .filter(reply_marks::case_id.eq(case.to_string()))
        .select(Row::as_select())
        .load(db)?;
    rows.sort();
    Ok(rows)
}

/// Every case that has a letter with marks.
pub fn cases(db: &mut Db, congress: &CongressId) -> Result<Vec<CaseId>, StoreError> {
    let ids: Vec<String> = reply_marks::table
        .filter(reply_marks::congress_id.eq(congress.as_str()))
        .select(reply_marks::case_id)
        .distinct()
        .load(db)?;
    ids.iter().map(|id| parsed(id)).collect()
}

/// Letters of other families that share marks with one and came before it: those that share most first, of equals the
/// oldest; at most `most`. Of each mark the oldest are read and no more, so that a letter which thousands share costs
/// the same, and so that what is found stays the same whatever comes later.
pub fn earlier(
    db: &mut Db,
    congress: &CongressId,
    letter: &Letter,
    most: usize,
) -> Result<Vec<(CaseId, u32)>, StoreError> {
    let mut shared: BTreeMap<Found, usize> = BTreeMap::new();
    for found in beside(db, congress, letter, Side::Before)? {
        *shared.entry(found).or_default() += 1;
    }
    let mut places: Vec<_> = shared.into_iter().collect();
    // Stable, and the map has the oldest first.
    places.sort_by_key(|(_, marks)| std::cmp::Reverse(*marks));
    places.truncate(most);
    places.iter().map(|(it, _)| Ok((parsed(&it.case_id)?, it.reply.unsigned_abs()))).collect()
}

/// Cases of other families whose letters share a mark with one and come after it by their instant, though they were
/// written before: another process's clock was ahead, or its transaction faster. Nearly always none.
pub fn later(db: &mut Db, congress: &CongressId, letter: &Letter) -> Result<BTreeSet<CaseId>, StoreError> {
    beside(db, congress, letter, Side::After)?.iter().map(|it| parsed(&it.case_id)).collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Before,
    After,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Queryable, QueryableByName)]
struct Found {
    #[diesel(sql_type = Timestamp)]
    recorded_at: NaiveDateTime,
    #[diesel(sql_type = Text)]
    case_id: String,
    #[diesel(sql_type = Integer)]
    reply: i32,
}

/// Of each of the letter's marks the oldest letters before it, or those after it. On PostgreSQL all come in one round
/// trip; SQLite, which has none, is asked mark by mark.
fn beside(db: &mut Db, congress: &CongressId, letter: &Letter, side: Side) -> Result<Vec<Found>, StoreError> {
    let marks: Vec<i64> = letter.bands().into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let (at, case, family) = (micros(letter.place), letter.place.case.to_string(), letter.family.to_string());
    let mut all = Vec::new();
    match db {
        Db::Sqlite(db) => {
            for mark in marks {
                let found: Vec<Found> = match side {
                    Side::Before => {
                        before(congress.as_str(), mark, at, &case, &family, OLDEST_PER_BAND).load(db)?
                    }
                    Side::After => after(congress.as_str(), mark, at, &case, &family).load(db)?,
                };
                all.extend(found);
            }
        }
        Db::Postgres(db) => {
            let query = match side {
                Side::Before => BEFORE_ON_POSTGRES,
                Side::After => AFTER_ON_POSTGRES,
            };
            all = sql_query(query)
                .bind::<Text, _>(congress.as_str())
                .bind::<Array<BigInt>, _>(marks)
                .bind::<Timestamp, _>(at)
                .bind::<Text, _>(&case)
                .bind::<Text, _>(&family)
                .bind::<BigInt, _>(OLDEST_PER_BAND)
                .load(db)?;
        }
    }
    Ok(all)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn before<'a>(
    congress: &'a str,
    mark: i64,
    at: NaiveDateTime,
    case: &'a str,
    family: &'a str,
    limit: i64,
) -> _ {
    let earlier = reply_marks::recorded_at
        .lt(at)
        .or(reply_marks::recorded_at.eq(at).and(reply_marks::case_id.lt(case)));
    reply_marks::table
        .filter(reply_marks::congress_id.eq(congress))
        .filter(reply_marks::mark.eq(mark))
        .filter(reply_marks::recorded_at.le(at))
        .filter(earlier)
        .filter(reply_marks::family_id.ne(family))
        .order((reply_marks::recorded_at.asc(), reply_marks::case_id.asc(), reply_marks::reply.asc()))
        .limit(limit)
        .select((reply_marks::recorded_at, reply_marks::case_id, reply_marks::reply))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn after<'a>(congress: &'a str, mark: i64, at: NaiveDateTime, case: &'a str, family: &'a str) -> _ {
    let later = reply_marks::recorded_at
        .gt(at)
        .or(reply_marks::recorded_at.eq(at).and(reply_marks::case_id.gt(case)));
    reply_marks::table
        .filter(reply_marks::congress_id.eq(congress))
        .filter(reply_marks::mark.eq(mark))
        .filter(reply_marks::recorded_at.ge(at))
        .filter(later)
        .filter(reply_marks::family_id.ne(family))
        .select((reply_marks::recorded_at, reply_marks::case_id, reply_marks::reply))
}

/// The congress, the marks, the letter's instant and case, its family, and how many of each mark.
const BEFORE_ON_POSTGRES: &str = "SELECT f.recorded_at, f.case_id, f.reply FROM unnest($2) AS asked (mark) \
     CROSS JOIN LATERAL (SELECT m.recorded_at, m.case_id, m.reply FROM reply_marks m WHERE m.congress_id = $1 \
     AND m.mark = asked.mark AND (m.recorded_at, m.case_id) < ($3, $4) AND m.family_id <> $5 \
     ORDER BY m.recorded_at, m.case_id, m.reply LIMIT $6) f";

/// The same without a bound: there are hardly any.
const AFTER_ON_POSTGRES: &str = "SELECT m.recorded_at, m.case_id, m.reply FROM unnest($2) AS asked (mark) \
     CROSS JOIN LATERAL (SELECT m.recorded_at, m.case_id, m.reply FROM reply_marks m WHERE m.congress_id = $1 \
     AND m.mark = asked.mark AND (m.recorded_at, m.case_id) > ($3, $4) AND m.family_id <> $5 LIMIT $6 * 1000) m";

fn parsed(id: &str) -> Result<CaseId, StoreError> {
    id.parse().map_err(|e| StoreError::corrupt("reply_marks", id, e))
}
