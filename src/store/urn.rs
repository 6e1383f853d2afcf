//! The urn: who has voted, and how often each ballot was cast. The two have nothing in common but the selection.
//!
//! Neither holds a time, and nothing else may tell which row came with which: on SQLite rows lie in the order of their
//! keys; on PostgreSQL, where a row's place and transaction can be read, each vote writes all rows of both tables anew, in
//! the order of their keys.

use super::{
    Db, StoreError,
    schema::{selection_ballots, selection_voters},
};
use crate::domain::{
    ids::{CongressId, DeputyId, SelectionId},
    selection::Choices,
};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Text},
};
use std::collections::{BTreeMap, BTreeSet};

/// Casts a ballot; whether it counts: a deputy votes once. The selection is held by the caller.
pub fn cast(
    db: &mut Db,
    congress: &CongressId,
    id: SelectionId,
    deputy: DeputyId,
    choices: &Choices,
) -> Result<bool, StoreError> {
    let mut voters = voters(db, congress, id)?;
    if !voters.insert(deputy.to_string()) {
        return Ok(false);
    }
    let (congress, selection, choices) = (congress.as_str(), id.to_string(), choices.to_string());
    match db {
        Db::Sqlite(db) => {
            diesel::insert_into(selection_voters::table)
                .values((
                    selection_voters::congress_id.eq(congress),
                    selection_voters::selection_id.eq(&selection),
                    selection_voters::deputy_id.eq(deputy.to_string()),
                ))
                .execute(db)?;
            let known = diesel::update(selection_ballots::table.find((congress, &selection, &choices)))
                .set(selection_ballots::n.eq(selection_ballots::n + 1))
                .execute(db)?;
            if known == 0 {
                diesel::insert_into(selection_ballots::table)
                    .values((
                        selection_ballots::congress_id.eq(congress),
                        selection_ballots::selection_id.eq(&selection),
                        selection_ballots::choices.eq(&choices),
                        selection_ballots::n.eq(1),
                    ))
                    .execute(db)?;
            }
        }
        Db::Postgres(db) => {
            let rows: Vec<(String, i64)> = selection_ballots::table
                .filter(selection_ballots::congress_id.eq(congress))
                .filter(selection_ballots::selection_id.eq(&selection))
                .select((selection_ballots::choices, selection_ballots::n))
                .load(db)?;
            let mut ballots: BTreeMap<String, i64> = rows.into_iter().collect();
            *ballots.entry(choices).or_default() += 1;
            for table in ["selection_voters", "selection_ballots"] {
                sql_query(format!("DELETE FROM {table} WHERE congress_id = $1 AND selection_id = $2"))
                    .bind::<Text, _>(congress)
                    .bind::<Text, _>(&selection)
                    .execute(db)?;
            }
            sql_query(
                "INSERT INTO selection_voters (congress_id, selection_id, deputy_id) SELECT $1, $2, unnest($3)",
            )
            .bind::<Text, _>(congress)
            .bind::<Text, _>(&selection)
            .bind::<Array<Text>, _>(voters.into_iter().collect::<Vec<_>>())
            .execute(db)?;
            let (choices, n): (Vec<String>, Vec<i64>) = ballots.into_iter().unzip();
            sql_query(
                "INSERT INTO selection_ballots (congress_id, selection_id, choices, n) \
                 SELECT $1, $2, unnest($3), unnest($4)",
            )
            .bind::<Text, _>(congress)
            .bind::<Text, _>(&selection)
            .bind::<Array<Text>, _>(choices)
            .bind::<Array<BigInt>, _>(n)
            .execute(db)?;
        }
    }
    Ok(true)
}

/// Who has voted, by the deputies' ids.
pub fn voters(db: &mut Db, congress: &CongressId, id: SelectionId) -> Result<BTreeSet<String>, StoreError> {
    let voters: Vec<String> = selection_voters::table
        .filter(selection_voters::congress_id.eq(congress.as_str()))
        .filter(selection_voters::selection_id.eq(id.to_string()))
        .select(selection_voters::deputy_id)
        .load(db)?;
    Ok(voters.into_iter().collect())
}

/// Each ballot with how often it was cast, in the order of their texts. For who counts, once voting is over.
pub fn ballots(
    db: &mut Db,
    congress: &CongressId,
    id: SelectionId,
) -> Result<Vec<(Choices, u64)>, StoreError> {
    let rows: Vec<(String, i64)> = selection_ballots::table
        .filter(selection_ballots::congress_id.eq(congress.as_str()))
        .filter(selection_ballots::selection_id.eq(id.to_string()))
        .order(selection_ballots::choices.asc())
        .select((selection_ballots::choices, selection_ballots::n))
        .load(db)?;
    let read = |(choices, n): (String, i64)| {
        let corrupt = |e: String| StoreError::corrupt("selection_ballots", id, e);
        let choices = choices.parse().map_err(|e: uuid::Error| corrupt(e.to_string()))?;
        Ok((choices, u64::try_from(n).map_err(|e| corrupt(e.to_string()))?))
    };
    rows.into_iter().map(read).collect()
}
