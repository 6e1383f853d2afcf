//! Sums over many cases, kept without ever counting them.
//!
//! A command appends the move of its case from one cell to another: an append never waits for a neighbour, where a
//! counter that all commands raise would make them queue or deadlock. `compact` sums moves into totals in the
//! background; a figure is the totals plus the few moves not summed yet, read as of one instant.

use super::{
    Db, StoreError,
    schema::{figure_moves, figure_totals},
};
use crate::domain::{
    figures::{Dimension, Facts, Measure, Measures},
    ids::{CaseId, CongressId, Sessions},
};
use diesel::{prelude::*, sql_query};
use std::collections::BTreeMap;

#[derive(Insertable, Queryable, QueryableByName)]
#[diesel(table_name = figure_moves)]
struct Move {
    congress_id: String,
    case_id: String,
    version: i64,
    sign: i32,
    session_id: String,
    kind: String,
    origin: String,
    category: String,
    department_id: String,
    channel: String,
    deputy_id: String,
    class: String,
    evaluation: String,
    measures: i32,
    exclusion: String,
    key_case: String,
}

impl Move {
    fn facts(&self) -> Facts {
        Facts {
            session: self.session_id.clone(),
            kind: self.kind.clone(),
            origin: self.origin.clone(),
            category: self.category.clone(),
            department: self.department_id.clone(),
            channel: self.channel.clone(),
            deputy: self.deputy_id.clone(),
            class: self.class.clone(),
            evaluation: self.evaluation.clone(),
            exclusion: self.exclusion.clone(),
            key_case: self.key_case.clone(),
            measures: Measures(self.measures),
        }
    }
}

/// Appends what a command changed in the figures; nothing where the case's facts stayed the same.
pub fn record_move(
    db: &mut Db,
    congress: &CongressId,
    case: CaseId,
    version: i64,
    before: Option<&Facts>,
    after: Option<&Facts>,
) -> Result<(), StoreError> {
    if before == after {
        return Ok(());
    }
    for (facts, sign) in [(before, -1), (after, 1)] {
        let Some(facts) = facts else { continue };
        let row = Move {
            congress_id: congress.to_string(),
            case_id: case.to_string(),
            version,
            sign,
            session_id: facts.session.clone(),
            kind: facts.kind.clone(),
            origin: facts.origin.clone(),
            category: facts.category.clone(),
            department_id: facts.department.clone(),
            channel: facts.channel.clone(),
            deputy_id: facts.deputy.clone(),
            class: facts.class.clone(),
            evaluation: facts.evaluation.clone(),
            measures: facts.measures.0,
            exclusion: facts.exclusion.clone(),
            key_case: facts.key_case.clone(),
        };
        diesel::insert_into(figure_moves::table).values(&row).execute(db)?;
    }
    Ok(())
}

/// A cell of the totals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    pub scope: String,
    pub dimension: Dimension,
    pub measure: Measure,
    pub session: String,
    pub value: String,
}

/// Every cell that a case with these facts counts in.
pub fn cells(facts: &Facts) -> Vec<Cell> {
    let holding: Vec<Measure> = Measure::ALL.iter().copied().filter(|m| facts.measures.holds(*m)).collect();
    let mut cells = Vec::new();
    for scope in facts.scopes() {
        for dimension in Dimension::ALL {
            for measure in &holding {
                cells.push(Cell {
                    scope: scope.clone(),
                    dimension: *dimension,
                    measure: *measure,
                    session: facts.session.clone(),
                    value: facts.value(*dimension).to_owned(),
                });
            }
        }
    }
    cells
}

/// What is asked of the sums.
#[derive(Clone, Debug)]
pub struct Question {
    pub congress: CongressId,
    /// Empty for the whole congress, else the key of a party.
    pub scope: String,
    pub dimension: Dimension,
    pub session: Option<Sessions>,
}

/// Counts by value of the dimension and measure.
pub type Counts = BTreeMap<(String, Measure), i64>;

/// The sums; take it inside a snapshot, since compaction moves counts from one table to the other.
pub fn sums(db: &mut Db, question: &Question, measures: &[Measure]) -> Result<Counts, StoreError> {
    let ids: Vec<&str> = measures.iter().map(|m| m.id()).collect();
    let mut totals = figure_totals::table
        .filter(figure_totals::congress_id.eq(question.congress.as_str()))
        .filter(figure_totals::scope.eq(&question.scope))
        .filter(figure_totals::dimension.eq(question.dimension.id()))
        .filter(figure_totals::measure.eq_any(ids))
        .into_boxed();
    let mut moves =
        figure_moves::table.filter(figure_moves::congress_id.eq(question.congress.as_str())).into_boxed();
    if let Some(sessions) = &question.session {
        let ids: Vec<&str> = sessions.ids().iter().map(|id| id.as_str()).collect();
        totals = totals.filter(figure_totals::session_id.eq_any(ids.clone()));
        moves = moves.filter(figure_moves::session_id.eq_any(ids));
    }
    let rows: Vec<(String, String, i64)> =
        totals.select((figure_totals::value, figure_totals::measure, figure_totals::n)).load(db)?;
    let mut counts = Counts::new();
    for (value, measure, n) in rows {
        let measure = measure.parse().map_err(|e| StoreError::corrupt("figure_totals", &measure, e))?;
        *counts.entry((value, measure)).or_default() += n;
    }
    for it in moves.load::<Move>(db)? {
        let facts = it.facts();
        if !facts.scopes().contains(&question.scope) {
            continue;
        }
        for measure in measures.iter().filter(|m| facts.measures.holds(**m)) {
            let value = facts.value(question.dimension).to_owned();
            *counts.entry((value, *measure)).or_default() += i64::from(it.sign);
        }
    }
    Ok(counts)
}

/// Every cell of a congress that is not zero.
pub fn all(db: &mut Db, congress: &CongressId) -> Result<BTreeMap<Cell, i64>, StoreError> {
    let rows: Vec<(String, String, String, String, String, i64)> = figure_totals::table
        .filter(figure_totals::congress_id.eq(congress.as_str()))
        .select((
            figure_totals::scope,
            figure_totals::dimension,
            figure_totals::measure,
            figure_totals::session_id,
            figure_totals::value,
            figure_totals::n,
        ))
        .load(db)?;
    let mut sums = BTreeMap::new();
    for (scope, dimension, measure, session, value, n) in rows {
        let corrupt = |e: String| StoreError::corrupt("figure_totals", &value, e);
        let dimension = match dimension.as_str() {
            "total" => Dimension::Total,
            other => other.parse().map_err(corrupt)?,
        };
        let measure = measure.parse().map_err(corrupt)?;
        *sums.entry(Cell { scope, dimension, measure, session, value }).or_default() += n;
    }
    let moves: Vec<Move> =
        figure_moves::table.filter(figure_moves::congress_id.eq(congress.as_str())).load(db)?;
    for it in moves {
        for cell in cells(&it.facts()) {
            *sums.entry(cell).or_default() += i64::from(it.sign);
        }
    }
    sums.retain(|_, n| *n != 0);
    Ok(sums)
}

/// Sums up to `limit` waiting moves into the totals; returns how many it took. Run it inside a write.
pub fn compact(db: &mut Db, limit: i64) -> Result<usize, StoreError> {
    if let Db::Postgres(_) = db {
        // Totals are hot rows: one server at a time sums, the others find nothing to do.
        let mine: Locked = sql_query("SELECT pg_try_advisory_xact_lock(7263002) AS mine").get_result(db)?;
        if !mine.mine {
            return Ok(0);
        }
    }
    // One statement takes them away and brings them along: a delete for each would cost as much as the commands did.
    let taken = match db {
        Db::Sqlite(_) => format!("rowid IN (SELECT rowid FROM figure_moves LIMIT {limit})"),
        Db::Postgres(_) => format!("ctid = ANY (ARRAY (SELECT ctid FROM figure_moves LIMIT {limit}))"),
    };
    let moves: Vec<Move> =
        sql_query(format!("DELETE FROM figure_moves WHERE {taken} RETURNING *")).load(db)?;
    let mut sums: BTreeMap<(String, Cell), i64> = BTreeMap::new();
    for it in &moves {
        for cell in cells(&it.facts()) {
            *sums.entry((it.congress_id.clone(), cell)).or_default() += i64::from(it.sign);
        }
    }
    for ((congress, cell), n) in sums.iter().filter(|(_, n)| **n != 0) {
        add(db, congress, cell, *n)?;
    }
    Ok(moves.len())
}

fn add(db: &mut Db, congress: &str, cell: &Cell, n: i64) -> Result<(), StoreError> {
    let total = figure_totals::table.find((
        congress,
        &cell.scope,
        cell.dimension.id(),
        cell.measure.id(),
        &cell.session,
        &cell.value,
    ));
    let raised = diesel::update(total).set(figure_totals::n.eq(figure_totals::n + n)).execute(db)?;
    if raised == 0 {
        diesel::insert_into(figure_totals::table)
            .values((
                figure_totals::congress_id.eq(congress),
                figure_totals::scope.eq(&cell.scope),
                figure_totals::dimension.eq(cell.dimension.id()),
                figure_totals::measure.eq(cell.measure.id()),
                figure_totals::session_id.eq(&cell.session),
                figure_totals::value.eq(&cell.value),
                figure_totals::n.eq(n),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// Replaces all sums of a congress. For `rebuild` alone.
pub fn reset(db: &mut Db, congress: &CongressId, sums: &BTreeMap<Cell, i64>) -> Result<(), StoreError> {
    diesel::delete(figure_moves::table.filter(figure_moves::congress_id.eq(congress.as_str())))
        .execute(db)?;
    diesel::delete(figure_totals::table.filter(figure_totals::congress_id.eq(congress.as_str())))
        .execute(db)?;
    for (cell, n) in sums {
        add(db, congress.as_str(), cell, *n)?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    mine: bool,
}
