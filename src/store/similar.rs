//! The words that each case is about, and the newest cases of a word.
//!
//! A list by word, as a book's index has it. It is derived like the other indexes: written with the case's row in the
//! same transaction, and compared by `verify`.

use super::{
    Db, StoreError,
    schema::{case_parties, case_terms, cases},
};
use crate::domain::{
    gate::Scope,
    ids::{CaseId, CongressId},
    similar::{Posting, Term},
};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Text},
};
use std::collections::{BTreeSet, HashMap};

/// Brings the words of a case from what is stored to `now`, writing the difference only.
///
/// `before` is what is stored, where the caller knows it: nothing for a new case. `None` has it read first, which is
/// also right where another version of the program, taking other words from the same text, may have written it.
pub fn replace_terms(
    db: &mut Db,
    congress: &CongressId,
    case: CaseId,
    before: Option<&[Term]>,
    now: &[Term],
) -> Result<(), StoreError> {
    let stored = match before {
        Some(_) => Vec::new(),
        None => terms_of(db, congress, case)?,
    };
    let before: BTreeSet<&str> = match before {
        Some(terms) => texts(terms),
        None => stored.iter().map(String::as_str).collect(),
    };
    let now = texts(now);
    let left: Vec<&str> = before.difference(&now).copied().collect();
    delete(db, congress, case, &left)?;
    let joined: Vec<&str> = now.difference(&before).copied().collect();
    insert(db, congress, case, &joined)
}

fn texts(terms: &[Term]) -> BTreeSet<&str> {
    terms.iter().map(|term| term.text.as_str()).collect()
}

/// By whole keys: whichever index a database takes, it goes to these rows and no others.
fn delete(db: &mut Db, congress: &CongressId, case: CaseId, terms: &[&str]) -> Result<(), StoreError> {
    if terms.is_empty() {
        return Ok(());
    }
    diesel::delete(
        case_terms::table
            .filter(case_terms::congress_id.eq(congress.as_str()))
            .filter(case_terms::case_id.eq(case.to_string()))
            .filter(case_terms::term.eq_any(terms.iter().copied())),
    )
    .execute(db)?;
    Ok(())
}

/// A word that is there already stays there: a list that has drifted must not stop a command.
fn insert(db: &mut Db, congress: &CongressId, case: CaseId, terms: &[&str]) -> Result<(), StoreError> {
    if terms.is_empty() {
        return Ok(());
    }
    let case = case.to_string();
    match db {
        // A call, not a round trip; and diesel keeps the one-row statement prepared.
        Db::Sqlite(db) => {
            for term in terms {
                diesel::insert_or_ignore_into(case_terms::table)
                    .values((
                        case_terms::congress_id.eq(congress.as_str()),
                        case_terms::term.eq(term),
                        case_terms::case_id.eq(&case),
                    ))
                    .execute(db)?;
            }
        }
        Db::Postgres(db) => {
            sql_query(
                "INSERT INTO case_terms (congress_id, term, case_id) SELECT $1, unnest($2), $3 \
                 ON CONFLICT DO NOTHING",
            )
            .bind::<Text, _>(congress.as_str())
            .bind::<Array<Text>, _>(terms)
            .bind::<Text, _>(&case)
            .execute(db)?;
        }
    }
    Ok(())
}

/// Takes a case out of the lists.
pub fn forget_terms(db: &mut Db, congress: &CongressId, case: CaseId) -> Result<(), StoreError> {
    let stored = terms_of(db, congress, case)?;
    let stored: Vec<&str> = stored.iter().map(String::as_str).collect();
    delete(db, congress, case, &stored)
}

/// Takes away every word of a congress's cases. For `rebuild` alone.
pub fn clear(db: &mut Db, congress: &CongressId) -> Result<(), StoreError> {
    diesel::delete(case_terms::table.filter(case_terms::congress_id.eq(congress.as_str()))).execute(db)?;
    Ok(())
}

/// The words that are stored for a case, sorted as text.
pub fn terms_of(db: &mut Db, congress: &CongressId, case: CaseId) -> Result<Vec<String>, StoreError> {
    let case = case.to_string();
    let mut terms: Vec<String> = match db {
        Db::Sqlite(db) => terms_of_case(congress.as_str(), &case).load(db)?,
        Db::Postgres(db) => {
            let rows: Vec<Row> = sql_query(TERMS_OF_CASE_ON_POSTGRES)
                .bind::<Text, _>(congress.as_str())
                .bind::<Text, _>(&case)
                .load(db)?;
            rows.into_iter().map(|row| row.term).collect()
        }
    };
    terms.sort_unstable();
    Ok(terms)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn terms_of_case<'a>(congress: &'a str, case: &'a str) -> _ {
    case_terms::table
        .filter(case_terms::congress_id.eq(congress))
        .filter(case_terms::case_id.eq(case))
        .select(case_terms::term)
}

/// For each term the newest cases that have it, at most `newest_per_term`, the newest first; in the order of `terms`.
///
/// Each list is read off the key and no further than that, so that the cost does not grow with the cases. On
/// PostgreSQL all lists come in one round trip; SQLite, which has none, is asked term by term. Measured there with
/// 100,000 cases of 64 terms, nearly every list being full: 3 ms, so ask it aside of the other requests.
pub fn candidates(
    db: &mut Db,
    congress: &CongressId,
    terms: &[Term],
    newest_per_term: i64,
) -> Result<Vec<Posting>, StoreError> {
    let mut found: HashMap<String, Vec<CaseId>> = HashMap::new();
    match db {
        Db::Sqlite(db) => {
            for term in terms {
                let ids: Vec<String> = newest(congress.as_str(), &term.text, newest_per_term).load(db)?;
                let ids = ids.iter().map(|id| parsed(id)).collect::<Result<_, _>>()?;
                found.insert(term.text.clone(), ids);
            }
        }
        Db::Postgres(db) => {
            let texts: Vec<&str> = terms.iter().map(|term| term.text.as_str()).collect();
            let rows: Vec<Row> = sql_query(NEWEST_ON_POSTGRES)
                .bind::<Text, _>(congress.as_str())
                .bind::<Array<Text>, _>(texts)
                .bind::<BigInt, _>(newest_per_term)
                .load(db)?;
            for row in rows {
                found.entry(row.term).or_default().push(parsed(&row.case_id)?);
            }
            // A join promises no order.
            for ids in found.values_mut() {
                ids.sort_unstable_by(|a, b| b.cmp(a));
                ids.dedup();
            }
        }
    }
    let posting = |term: &Term| (term.clone(), found.get(&term.text).cloned().unwrap_or_default());
    Ok(terms.iter().map(posting).collect())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn newest<'a>(congress: &'a str, term: &'a str, limit: i64) -> _ {
    case_terms::table
        .filter(case_terms::congress_id.eq(congress))
        .filter(case_terms::term.eq(term))
        // Case ids sort by the time of drafting.
        .order(case_terms::case_id.desc())
        .limit(limit)
        .select(case_terms::case_id)
}

/// Of these cases, those that `scope` sees in lists, and those that residents may read.
///
/// Of the indexes alone, so that a long list costs little: what is then opened is asked of the gate once more.
pub fn readable(
    db: &mut Db,
    congress: &CongressId,
    scope: &Scope,
    ids: &[CaseId],
) -> Result<BTreeSet<CaseId>, StoreError> {
    let party = match scope {
        // Words are kept of what was handed in alone, and that a congress's staff sees.
        Scope::Congress(own) if own == congress => return Ok(ids.iter().copied().collect()),
        Scope::Party(own, party) if own == congress => party.key(),
        _ => return Ok(BTreeSet::new()),
    };
    let asked: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let found: Vec<String> = match db {
        Db::Sqlite(db) => {
            let mut found: Vec<String> = case_parties::table
                .filter(case_parties::congress_id.eq(congress.as_str()))
                .filter(case_parties::party.eq(party))
                .filter(case_parties::case_id.eq_any(&asked))
                .select(case_parties::case_id)
                .load(db)?;
            let public: Vec<String> = cases::table
                .filter(cases::congress_id.eq(congress.as_str()))
                .filter(cases::id.eq_any(&asked))
                .filter(cases::publicity.is_not_null())
                .select(cases::id)
                .load(db)?;
            found.extend(public);
            found
        }
        Db::Postgres(db) => {
            let rows: Vec<Id> = sql_query(READABLE_ON_POSTGRES)
                .bind::<Text, _>(congress.as_str())
                .bind::<Array<Text>, _>(&asked)
                .bind::<Text, _>(&party)
                .load(db)?;
            rows.into_iter().map(|row| row.case_id).collect()
        }
    };
    found.iter().map(|id| parsed(id)).collect()
}

/// Every list of a question at once: the congress, the terms, and how many cases of each.
///
/// This and the next are raw SQL, which diesel never keeps prepared, so each is planned for the table as it is: while
/// it is empty PostgreSQL would take the other index, and a plan that stayed would read a whole congress later. Public
/// for the test of their plans.
pub const NEWEST_ON_POSTGRES: &str = "SELECT asked.term, newest.case_id FROM unnest($2) AS asked (term) \
     CROSS JOIN LATERAL (SELECT t.case_id FROM case_terms t WHERE t.congress_id = $1 AND t.term = asked.term \
     ORDER BY t.case_id DESC LIMIT $3) newest";

/// The party's cases among those asked for, and the public ones: the congress, the cases, the party.
pub const READABLE_ON_POSTGRES: &str = "SELECT found.case_id FROM unnest($2) AS asked (id) CROSS JOIN LATERAL \
     (SELECT p.case_id FROM case_parties p WHERE p.congress_id = $1 AND p.party = $3 AND p.case_id = asked.id LIMIT 1) \
     found UNION ALL SELECT found.id FROM unnest($2) AS asked (id) CROSS JOIN LATERAL (SELECT c.id FROM cases c WHERE \
     c.congress_id = $1 AND c.id = asked.id AND c.publicity IS NOT NULL LIMIT 1) found";

/// The words of a case, by the congress and the case.
pub const TERMS_OF_CASE_ON_POSTGRES: &str =
    "SELECT term, case_id FROM case_terms WHERE congress_id = $1 AND case_id = $2";

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = Text)]
    case_id: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    term: String,
    #[diesel(sql_type = Text)]
    case_id: String,
}

fn parsed(id: &str) -> Result<CaseId, StoreError> {
    id.parse().map_err(|e| StoreError::corrupt("case_terms", id, e))
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

    /// Each step of SQLite's plan for a query as diesel writes it.
    fn plan(query: &str) -> Vec<String> {
        let mut db = SqliteConnection::establish(":memory:").unwrap();
        db.batch_execute(include_str!("../../migrations/sqlite/2026-11-24-000003_similar/up.sql")).unwrap();
        let (query, _binds) = query.split_once(" -- binds").unwrap();
        let steps: Vec<Step> = sql_query(format!("EXPLAIN QUERY PLAN {query}")).load(&mut db).unwrap();
        steps.into_iter().map(|step| step.detail).collect()
    }

    #[test]
    fn on_sqlite_no_query_scans_or_sorts() {
        assert_eq!(
            plan(&debug_query::<Sqlite, _>(&newest("330502", "停车", 200)).to_string()),
            ["SEARCH case_terms USING PRIMARY KEY (congress_id=? AND term=?)"]
        );
        assert_eq!(
            plan(&debug_query::<Sqlite, _>(&terms_of_case("330502", "")).to_string()),
            ["SEARCH case_terms USING COVERING INDEX case_terms_by_case (congress_id=? AND case_id=?)"]
        );
    }
}
