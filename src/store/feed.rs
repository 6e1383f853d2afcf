//! The feed: the events of a congress's cases in the order of its log, under the names by which programs know them. Rows
//! are added where leaves are (`log.rs`) and never change.

use super::{Db, StoreError, schema::feed};
use crate::domain::{
    day::Day,
    gate::{Party, Scope},
    ids::{CaseId, CongressId},
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Nullable, Text, Timestamp},
};
use std::collections::BTreeMap;

/// Before the first event.
pub const BEGINNING: i64 = -1;

/// An event's row in the feed.
#[derive(Clone, Debug, PartialEq, Eq, Insertable, Queryable)]
#[diesel(table_name = feed)]
pub struct Entry {
    pub congress_id: String,
    pub seq: i64,
    pub id: String,
    pub case_id: String,
    pub version: i64,
}

/// An event as it is told, before anybody was asked whether he may be told of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Happened {
    pub seq: i64,
    pub id: String,
    pub case: CaseId,
    /// The ledger's own.
    pub version: i64,
    pub kind: String,
    pub occurred_on: Day,
    pub recorded_at: DateTime<Utc>,
}

pub fn append(db: &mut Db, entry: &Entry) -> Result<(), StoreError> {
    diesel::insert_into(feed::table).values(entry).execute(db)?;
    Ok(())
}

/// The place of the newest event; [`BEGINNING`], if there is none.
pub fn last(db: &mut Db, congress: &CongressId) -> Result<i64, StoreError> {
    let last: Option<i64> = feed::table
        .filter(feed::congress_id.eq(congress.as_str()))
        .order(feed::seq.desc())
        .select(feed::seq)
        .first(db)
        .optional()?;
    Ok(last.unwrap_or(BEGINNING))
}

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    last: Option<i64>,
}

/// The place of the newest event of each congress: one look into an index for each.
pub fn lasts(db: &mut Db) -> Result<BTreeMap<String, i64>, StoreError> {
    let rows: Vec<Last> =
        sql_query("SELECT id, (SELECT MAX(seq) FROM feed WHERE congress_id = logs.id) AS last FROM logs")
            .load(db)?;
    Ok(rows.into_iter().filter_map(|row| Some((row.id, row.last?))).collect())
}

/// Where an event stands, whoever may see it.
pub fn place(db: &mut Db, congress: &CongressId, id: &str) -> Result<Option<i64>, StoreError> {
    Ok(feed::table
        .filter(feed::congress_id.eq(congress.as_str()))
        .filter(feed::id.eq(id))
        .select(feed::seq)
        .first(db)
        .optional()?)
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    case_id: String,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Date)]
    occurred_on: NaiveDate,
    #[diesel(sql_type = Timestamp)]
    recorded_at: NaiveDateTime,
}

impl Row {
    fn read(self) -> Result<Happened, StoreError> {
        let place = format!("{} version {}", self.case_id, self.version);
        let case = self.case_id.parse().map_err(|e| StoreError::corrupt("feed", &place, e))?;
        let occurred_on = Day::new(self.occurred_on)
            .ok_or_else(|| StoreError::corrupt("events", &place, "a day past the calendar"))?;
        Ok(Happened {
            seq: self.seq,
            id: self.id,
            case,
            version: self.version,
            kind: self.kind,
            occurred_on,
            recorded_at: self.recorded_at.and_utc(),
        })
    }
}

/// CROSS JOIN, which SQLite takes in the order in which it is written: along the feed, or from the party's own cases.
const OF_CONGRESS_ON_SQLITE: &str = "SELECT f.seq, f.id, f.case_id, f.version, e.kind, e.occurred_on, e.recorded_at \
     FROM feed f CROSS JOIN events e ON e.congress_id = f.congress_id AND e.case_id = f.case_id AND e.version = f.version \
     WHERE f.congress_id = ? AND f.seq > ? ORDER BY f.seq LIMIT ?";
const OF_CONGRESS_ON_POSTGRES: &str = "SELECT f.seq, f.id, f.case_id, f.version, e.kind, e.occurred_on, e.recorded_at \
     FROM feed f JOIN events e ON e.congress_id = f.congress_id AND e.case_id = f.case_id AND e.version = f.version \
     WHERE f.congress_id = $1 AND f.seq > $2 ORDER BY f.seq LIMIT $3";
const OF_PARTY_ON_SQLITE: &str = "SELECT f.seq, f.id, f.case_id, f.version, e.kind, e.occurred_on, e.recorded_at \
     FROM case_parties p CROSS JOIN feed f ON f.congress_id = p.congress_id AND f.case_id = p.case_id \
     CROSS JOIN events e ON e.congress_id = f.congress_id AND e.case_id = f.case_id AND e.version = f.version \
     WHERE p.congress_id = ? AND f.seq > ? AND p.party = ? ORDER BY f.seq LIMIT ?";
const OF_PARTY_ON_POSTGRES: &str = "SELECT f.seq, f.id, f.case_id, f.version, e.kind, e.occurred_on, e.recorded_at \
     FROM case_parties p JOIN feed f ON f.congress_id = p.congress_id AND f.case_id = p.case_id \
     JOIN events e ON e.congress_id = f.congress_id AND e.case_id = f.case_id AND e.version = f.version \
     WHERE p.congress_id = $1 AND f.seq > $2 AND p.party = $3 ORDER BY f.seq LIMIT $4";

/// The next events after a place of the cases in a scope, at most `limit`. What the gate says of each is asked afterwards.
///
/// A party finds its events by its own cases, however many lie between them; the government office has a part in most
/// cases, and walks along the feed like the congress.
pub fn after(db: &mut Db, scope: &Scope, place: i64, limit: i64) -> Result<Vec<Happened>, StoreError> {
    let (congress, party) = match scope {
        Scope::Nothing => return Ok(Vec::new()),
        Scope::Congress(congress) | Scope::Party(congress, Party::GovernmentOffice) => (congress, None),
        Scope::Party(congress, party) => (congress, Some(party.key())),
    };
    let query = match (&db, &party) {
        (Db::Sqlite(_), None) => OF_CONGRESS_ON_SQLITE,
        (Db::Sqlite(_), Some(_)) => OF_PARTY_ON_SQLITE,
        (Db::Postgres(_), None) => OF_CONGRESS_ON_POSTGRES,
        (Db::Postgres(_), Some(_)) => OF_PARTY_ON_POSTGRES,
    };
    let bound = sql_query(query).bind::<Text, _>(congress.as_str().to_owned()).bind::<BigInt, _>(place);
    let rows: Vec<Row> = match party {
        None => bound.bind::<BigInt, _>(limit).load(db)?,
        Some(party) => bound.bind::<Text, _>(party).bind::<BigInt, _>(limit).load(db)?,
    };
    rows.into_iter().map(Row::read).collect()
}

/// The next rows as they are stored, after a place.
pub fn stored(db: &mut Db, congress: &str, after: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    Ok(feed::table
        .filter(feed::congress_id.eq(congress))
        .filter(feed::seq.gt(after))
        .order(feed::seq.asc())
        .limit(limit)
        .load(db)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::{SqliteConnection, connection::SimpleConnection};

    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }

    #[test]
    fn on_sqlite_the_feed_is_walked_in_its_order_and_a_party_begins_with_its_own_cases() {
        let mut db = SqliteConnection::establish(":memory:").unwrap();
        for schema in [
            include_str!("../../migrations/sqlite/2026-11-24-000001_spine/up.sql"),
            "CREATE TABLE log_leaves (log_id, idx, kind, subject_id, version)",
            include_str!("../../migrations/sqlite/2026-11-24-000017_delivery/up.sql"),
        ] {
            db.batch_execute(schema).unwrap();
        }
        let mut plan = |query: &str| {
            let steps: Vec<Step> = sql_query(format!("EXPLAIN QUERY PLAN {query}")).load(&mut db).unwrap();
            steps.into_iter().map(|step| step.detail).collect::<Vec<_>>()
        };
        let whole = plan(OF_CONGRESS_ON_SQLITE);
        assert_eq!(whole.len(), 2, "nothing is sorted: {whole:?}");
        assert!(
            whole[0].starts_with("SEARCH f USING INDEX sqlite_autoindex_feed_1 (congress_id=? AND seq>?)"),
            "{whole:?}"
        );
        let own = plan(OF_PARTY_ON_SQLITE);
        assert!(
            own[0].starts_with("SEARCH p ") && own[0].ends_with("(congress_id=? AND party=?)"),
            "{own:?}"
        );
        assert!(own[1].ends_with("feed_by_case (congress_id=? AND case_id=? AND seq>?)"), "{own:?}");
    }
}
