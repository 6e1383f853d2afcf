//! Sums over many cases, kept without ever counting them.
//!
//! A command appends what the figures hold of its case now (`case_facts.rs`): an append never waits for a neighbour,
//! where a counter that all commands raise would make them queue or deadlock. `compact` sums in the background what
//! those versions change: into totals, for what holds now, and into the changes of each day (`figure_days.rs`), for what
//! held on any day. A figure is such a sum plus the few versions not summed yet, read as of one instant.

use super::{
    Db, StoreError,
    case_facts::{self, Row},
    figure_days,
    schema::{case_facts as table, figure_totals},
};
use crate::domain::{
    figures::{AsOf, Dimension, Facts, Measure, Version},
    ids::{CongressId, Sessions},
};
use diesel::{prelude::*, sql_query};
use std::collections::{BTreeMap, BTreeSet};

/// A cell of the sums.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    pub scope: String,
    pub dimension: Dimension,
    pub measure: Measure,
    pub session: String,
    pub value: String,
}

/// Every cell that a case with these facts counts in, and how much.
pub fn cells(facts: &Facts) -> Vec<(Cell, i64)> {
    let holding: Vec<(Measure, i64)> = facts.measures.all().collect();
    let mut cells = Vec::new();
    if holding.is_empty() {
        return cells;
    }
    for scope in facts.scopes() {
        // Each session has sums of its own anyway.
        for dimension in Dimension::ALL.iter().filter(|it| **it != Dimension::Session) {
            let value = facts.value(*dimension);
            for (measure, n) in &holding {
                // The days are for the percentiles of the answered cases.
                if *dimension == Dimension::DaysToReply && *measure != Measure::Replied {
                    continue;
                }
                let cell = Cell {
                    scope: scope.clone(),
                    dimension: *dimension,
                    measure: *measure,
                    session: facts.session.clone(),
                    value: value.clone(),
                };
                cells.push((cell, *n));
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

impl Question {
    fn asks(&self, facts: &Facts) -> bool {
        let within = |sessions: &Sessions| sessions.ids().iter().any(|id| id.as_str() == facts.session);
        self.session.as_ref().is_none_or(within) && facts.scopes().contains(&self.scope)
    }

    fn change(&self, counts: &mut Counts, measures: &[Measure], (before, after): &Change) {
        if let Some(before) = before {
            self.count(counts, measures, &before.facts, -1);
        }
        self.count(counts, measures, &after.facts, 1);
    }

    /// Adds what a case counts in the answer, or takes it out.
    pub fn count(&self, counts: &mut Counts, measures: &[Measure], facts: &Facts, sign: i64) {
        if !self.asks(facts) {
            return;
        }
        for measure in measures.iter().filter(|m| facts.measures.holds(**m)) {
            let cell = (facts.value(self.dimension), *measure);
            *counts.entry(cell).or_default() += sign * facts.measures.amount(*measure);
        }
    }
}

/// Counts by value of the dimension and measure.
pub type Counts = BTreeMap<(String, Measure), i64>;

/// What holds now. Take it, and the changes that [wait](waiting), inside one snapshot: compaction moves counts from the
/// one to the other.
pub fn sums(
    db: &mut Db,
    waiting: &[Change],
    question: &Question,
    measures: &[Measure],
) -> Result<Counts, StoreError> {
    let ids: Vec<&str> = measures.iter().map(|m| m.id()).collect();
    let mut totals = figure_totals::table
        .filter(figure_totals::congress_id.eq(question.congress.as_str()))
        .filter(figure_totals::scope.eq(&question.scope))
        .filter(figure_totals::dimension.eq(kept_by(question.dimension).id()))
        .filter(figure_totals::measure.eq_any(ids))
        .into_boxed();
    if let Some(sessions) = &question.session {
        let ids: Vec<&str> = sessions.ids().iter().map(|id| id.as_str()).collect();
        totals = totals.filter(figure_totals::session_id.eq_any(ids));
    }
    let rows: Vec<(String, String, String, i64)> = totals
        .select((figure_totals::session_id, figure_totals::value, figure_totals::measure, figure_totals::n))
        .load(db)?;
    let mut counts = Counts::new();
    for (session, value, measure, n) in rows {
        let measure = measure.parse().map_err(|e| StoreError::corrupt("figure_totals", &measure, e))?;
        let value = if question.dimension == Dimension::Session { session } else { value };
        *counts.entry((value, measure)).or_default() += n;
    }
    for change in waiting {
        question.change(&mut counts, measures, change);
    }
    Ok(counts)
}

/// The dimension whose cells answer for another.
pub(super) fn kept_by(dimension: Dimension) -> Dimension {
    if dimension == Dimension::Session { Dimension::Total } else { dimension }
}

/// A version that is not summed yet, and the one whose place it took.
pub type Change = (Option<Version>, Version);

/// The changes of a congress that are not summed yet.
pub fn waiting(db: &mut Db, congress: &CongressId) -> Result<Vec<Change>, StoreError> {
    let waiting = diesel::dsl::sql::<diesel::sql_types::Bool>("NOT case_facts.summed");
    let rows: Vec<Row> = table::table
        .filter(table::congress_id.eq(congress.as_str()))
        .filter(waiting)
        .select(case_facts::ROW)
        .load(db)?;
    with_previous(db, congress.as_str(), rows)
}

/// Adds to each version the one before it.
fn with_previous(db: &mut Db, congress: &str, rows: Vec<Row>) -> Result<Vec<Change>, StoreError> {
    /// What one query takes: both databases limit how much may be bound.
    const AT_ONCE: usize = 500;
    let follow: BTreeSet<String> = rows.iter().filter(|it| it.2.is_some()).map(|it| it.0.clone()).collect();
    let mut known: BTreeMap<(String, i64), Version> = BTreeMap::new();
    for ids in follow.into_iter().collect::<Vec<_>>().chunks(AT_ONCE) {
        let before: Vec<Row> = table::table
            .filter(table::congress_id.eq(congress))
            .filter(table::case_id.eq_any(ids))
            .select(case_facts::ROW)
            .load(db)?;
        for row in before {
            known.insert((row.0.clone(), row.1), case_facts::version(row)?);
        }
    }
    rows.into_iter()
        .map(|row| {
            let before = match row.2 {
                None => None,
                Some(previous) => {
                    let found = known.get(&(row.0.clone(), previous)).cloned();
                    Some(found.ok_or_else(|| {
                        StoreError::corrupt("case_facts", &row.0, format!("version {previous} is missing"))
                    })?)
                }
            };
            Ok((before, case_facts::version(row)?))
        })
        .collect()
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
        let dimension = stored_dimension(&dimension).map_err(corrupt)?;
        let measure = measure.parse().map_err(corrupt)?;
        *sums.entry(Cell { scope, dimension, measure, session, value }).or_default() += n;
    }
    for change in waiting(db, congress)? {
        add_cells(&mut sums, &change);
    }
    sums.retain(|_, n| *n != 0);
    Ok(sums)
}

pub(super) fn stored_dimension(id: &str) -> Result<Dimension, String> {
    if id == Dimension::Total.id() { Ok(Dimension::Total) } else { id.parse() }
}

fn add_cells(sums: &mut BTreeMap<Cell, i64>, (before, after): &Change) {
    for (cell, n) in before.iter().flat_map(|it| cells(&it.facts)) {
        *sums.entry(cell).or_default() -= n;
    }
    for (cell, n) in cells(&after.facts) {
        *sums.entry(cell).or_default() += n;
    }
}

#[derive(QueryableByName)]
#[diesel(table_name = table)]
struct Taken {
    congress_id: String,
    case_id: String,
    version: i64,
    previous: Option<i64>,
    true_on: chrono::NaiveDate,
    known_on: chrono::NaiveDate,
    facts: String,
}

/// Sums what up to `limit` waiting versions change; returns how many it took. Run it inside a write.
pub fn compact(db: &mut Db, limit: i64) -> Result<usize, StoreError> {
    if let Db::Postgres(_) = db {
        // Totals are hot rows: one server at a time sums, the others find nothing to do.
        let mine: Locked = sql_query("SELECT pg_try_advisory_xact_lock(7263002) AS mine").get_result(db)?;
        if !mine.mine {
            return Ok(0);
        }
    }
    // One statement marks them and brings them along: an update for each would cost as much as the commands did.
    let row = if let Db::Sqlite(_) = db { "rowid" } else { "ctid" };
    let waiting = format!("SELECT {row} FROM case_facts WHERE NOT summed LIMIT {limit}");
    let taken = match db {
        Db::Sqlite(_) => format!("rowid IN ({waiting})"),
        Db::Postgres(_) => format!("ctid = ANY (ARRAY ({waiting}))"),
    };
    let rows: Vec<Taken> =
        sql_query(format!("UPDATE case_facts SET summed = TRUE WHERE {taken} RETURNING *")).load(db)?;
    let took = rows.len();
    let mut by_congress: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for it in rows {
        let row = (it.case_id, it.version, it.previous, it.true_on, it.known_on, it.facts);
        by_congress.entry(it.congress_id).or_default().push(row);
    }
    for (congress, rows) in by_congress {
        let changes = with_previous(db, &congress, rows)?;
        sum(db, &congress, &changes)?;
    }
    Ok(took)
}

fn sum(db: &mut Db, congress: &str, changes: &[Change]) -> Result<(), StoreError> {
    let mut sums: BTreeMap<Cell, i64> = BTreeMap::new();
    let mut days = figure_days::Changes::default();
    for change in changes {
        add_cells(&mut sums, change);
        days.add(change);
    }
    for (cell, n) in sums.iter().filter(|(_, n)| **n != 0) {
        add(db, congress, cell, *n)?;
    }
    days.write(db, congress)
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

/// What held on the one day as known on the other; as for [`sums`].
pub fn sums_as_of(
    db: &mut Db,
    waiting: &[Change],
    question: &Question,
    measures: &[Measure],
    as_of: AsOf,
) -> Result<Counts, StoreError> {
    let mut counts = figure_days::sums(db, question, measures, as_of)?;
    for change in waiting.iter().filter(|(_, after)| as_of.covers(after.since)) {
        question.change(&mut counts, measures, change);
    }
    Ok(counts)
}

/// Forgets all sums of a congress. For `rebuild` alone, which sums them anew.
pub fn clear(db: &mut Db, congress: &CongressId) -> Result<(), StoreError> {
    case_facts::clear(db, congress)?;
    figure_days::clear(db, congress)?;
    diesel::delete(figure_totals::table.filter(figure_totals::congress_id.eq(congress.as_str())))
        .execute(db)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    mine: bool,
}
