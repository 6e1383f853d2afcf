//! Cases that residents may read: the list, and one by its id.
//!
//! The row says how much of a case is public (`publicity`, empty for nothing); it is written with the events that
//! decide it, so what is no longer public is gone with the commit.

use super::{
    Db, StoreError,
    schema::{cases, congresses},
};
use crate::domain::{
    case::Case,
    ids::{CaseId, CongressId, SessionId},
    words::Publicity,
};
use diesel::{
    dsl::sql,
    prelude::*,
    sql_query,
    sql_types::{Array, Bool, Nullable, Text},
};

/// What a list is narrowed by, and where it goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub congress: CongressId,
    pub session: Option<SessionId>,
    pub category: Option<String>,
    /// The last case of the page before.
    pub after: Option<CaseId>,
    pub limit: i64,
}

type Found = (String, String, Option<String>);

/// Walks the index of what is public, in its order; the filters are written so that no other index can serve them, and
/// so that PostgreSQL does not think them rare and sorts all that is public first. A macro, since the boxed query's type names the database.
macro_rules! newest {
    ($page:expr) => {{
        let Page { congress, session, category, after, limit } = $page;
        let mut query = cases::table
            .filter(cases::congress_id.eq(congress.to_string()))
            .filter(cases::publicity.is_not_null())
            .into_boxed();
        if let Some(session) = session {
            let session = sql::<Bool>("COALESCE(cases.session_id = ").bind::<Text, _>(session.to_string());
            query = query.filter(session.sql(", FALSE)"));
        }
        if let Some(category) = category {
            let category = sql::<Bool>("COALESCE(cases.category = ").bind::<Text, _>(category.clone());
            query = query.filter(category.sql(", FALSE)"));
        }
        if let Some(after) = after {
            query = query.filter(cases::id.lt(after.to_string()));
        }
        query.order(cases::id.desc()).limit(*limit).select((cases::id, cases::state, cases::publicity))
    }};
}

/// Newest first; at most `limit`.
pub fn list(db: &mut Db, page: &Page) -> Result<Vec<(Case, Publicity)>, StoreError> {
    let found: Vec<Found> = newest!(page).load(db)?;
    found.into_iter().map(read).collect()
}

/// A public case of whichever congress. The key begins with the congress, so each is asked in turn; they are few.
pub fn find(db: &mut Db, id: CaseId) -> Result<Option<(Case, Publicity)>, StoreError> {
    let found: Option<Found> = cases::table
        .filter(cases::congress_id.eq_any(congresses::table.select(congresses::id)))
        .filter(cases::id.eq(id.to_string()))
        .filter(cases::publicity.is_not_null())
        .select((cases::id, cases::state, cases::publicity))
        .first(db)
        .optional()?;
    found.map(read).transpose()
}

/// Cases as they stand, with what residents may read of each, in no order.
pub fn load(
    db: &mut Db,
    congress: &CongressId,
    ids: &[CaseId],
) -> Result<Vec<(Case, Publicity)>, StoreError> {
    let asked: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let found: Vec<Found> = match db {
        Db::Sqlite(db) => cases::table
            .filter(cases::congress_id.eq(congress.as_str()))
            .filter(cases::id.eq_any(&asked))
            .select((cases::id, cases::state, cases::publicity))
            .load(db)?,
        Db::Postgres(db) => {
            let rows: Vec<Row> = sql_query(LOAD_ON_POSTGRES)
                .bind::<Text, _>(congress.as_str())
                .bind::<Array<Text>, _>(&asked)
                .load(db)?;
            rows.into_iter().map(|row| (row.id, row.state, row.publicity)).collect()
        }
    };
    found.into_iter().map(read).collect()
}

/// One look into the key for each id: for a list of ids a planner without statistics reads the whole congress.
const LOAD_ON_POSTGRES: &str = "SELECT found.id, found.state, found.publicity FROM unnest($2) AS asked (id) \
     CROSS JOIN LATERAL (SELECT c.id, c.state, c.publicity FROM cases c WHERE c.congress_id = $1 AND c.id = asked.id \
     LIMIT 1) found";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<Text>)]
    publicity: Option<String>,
}

fn read((id, state, publicity): Found) -> Result<(Case, Publicity), StoreError> {
    let case = serde_json::from_str(&state).map_err(|e| StoreError::corrupt("cases", &id, e))?;
    let publicity = publicity.as_deref().map_or(Ok(Publicity::None), str::parse);
    Ok((case, publicity.map_err(|e: String| StoreError::corrupt("cases", &id, e))?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::{connection::SimpleConnection, debug_query, sqlite::Sqlite};

    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }

    #[test]
    fn on_sqlite_a_page_walks_the_index_of_what_is_public() {
        let mut db = SqliteConnection::establish(":memory:").unwrap();
        for migration in [
            include_str!("../../migrations/sqlite/2026-11-24-000001_spine/up.sql"),
            include_str!("../../migrations/sqlite/2026-11-24-000002_procedure/up.sql"),
        ] {
            db.batch_execute(migration).unwrap();
        }
        for (session, category, after) in
            [(None, None, None), (Some("5-3"), Some("城建"), Some(CaseId(uuid::Uuid::nil())))]
        {
            let page = &Page {
                congress: "330502".parse().unwrap(),
                session: session.map(|s| s.parse().unwrap()),
                category: category.map(str::to_owned),
                after,
                limit: 50,
            };
            let query = debug_query::<Sqlite, _>(&newest!(page)).to_string();
            let (query, _binds) = query.split_once(" -- binds").unwrap();
            let steps: Vec<Step> = sql_query(format!("EXPLAIN QUERY PLAN {query}")).load(&mut db).unwrap();
            let steps: Vec<_> = steps.into_iter().map(|step| step.detail).collect();
            let bounds = if after.is_some() { "congress_id=? AND id<?" } else { "congress_id=?" };
            assert_eq!(steps, [format!("SEARCH cases USING INDEX cases_public ({bounds})")]);
        }
    }
}
