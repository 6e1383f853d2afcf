//! The signed changes of each day, on two axes: from which day on they were true, and from which day on they were known.
//! A figure as of any two days is the sum of the changes up to them: as many rows as days on which something happened,
//! however many cases there are.
//!
//! Kept for the congress and for the government office, which answer for most cases; what a department or a deputy
//! asks is found in their own cases' versions.

use super::{
    Db, StoreError,
    figures::{Cell, Change, Counts, Question, cells, kept_by},
    schema::figure_days,
};
use crate::domain::{
    figures::{AsOf, Dimension, Measure, Version},
    gate::Party,
    ids::CongressId,
    words::Kind,
};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::BTreeMap;

/// Where the highest number given that day stands beside a day's changes.
const LAST_NUMBER: &str = "last_number";

/// How many cases got a number that day: one of the series, or one of old paper's own scheme.
const NUMBERED: &str = "numbered";
const OTHERWISE: &str = "numbered_otherwise";

/// The number that a version brought its case, if any: its place in the series, or none for old paper's own scheme.
fn numbered(before: Option<&Version>, after: &Version) -> Option<Option<u32>> {
    let had = before.is_some_and(|it| !it.facts.number.is_empty());
    (!had && !after.facts.number.is_empty()).then_some(after.facts.sequence)
}

/// Whether the sums of a scope are kept by day.
pub fn keeps(scope: &str) -> bool {
    scope.is_empty() || scope == Party::GovernmentOffice.key()
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    scope: String,
    dimension: Dimension,
    session: String,
    value: String,
    true_on: NaiveDate,
    known_on: NaiveDate,
}

/// Changes that are to be written together.
#[derive(Default)]
pub struct Changes(BTreeMap<Place, BTreeMap<String, i64>>);

impl Changes {
    /// Adds what a version changes, on its own day.
    pub fn add(&mut self, (before, after): &Change) {
        for (cell, n) in before.iter().flat_map(|it| cells(&it.facts)) {
            self.change(cell, after.since, -n);
        }
        for (cell, n) in cells(&after.facts) {
            self.change(cell, after.since, n);
        }
        if let Some(numbered) = numbered(before.as_ref(), after) {
            let cell = Cell {
                scope: String::new(),
                dimension: Dimension::Kind,
                measure: Measure::Received,
                session: after.facts.session.clone(),
                value: after.facts.kind.to_string(),
            };
            let numbers = self.0.entry(place(cell, after.since)).or_default();
            let one = match numbered {
                Some(sequence) => [(LAST_NUMBER, sequence.into()), (NUMBERED, 1)].to_vec(),
                None => [(OTHERWISE, 1)].to_vec(),
            };
            merge(numbers, one.into_iter().map(|(name, n)| (name.to_owned(), n)).collect());
        }
    }

    fn change(&mut self, cell: Cell, since: AsOf, n: i64) {
        if keeps(&cell.scope) {
            let measure = cell.measure.id().to_owned();
            *self.0.entry(place(cell, since)).or_default().entry(measure).or_default() += n;
        }
    }

    pub(super) fn write(self, db: &mut Db, congress: &str) -> Result<(), StoreError> {
        for (place, mut changes) in self.0 {
            changes.retain(|_, n| *n != 0);
            if changes.is_empty() {
                continue;
            }
            let row = figure_days::table.find((
                congress,
                &place.scope,
                place.dimension.id(),
                &place.session,
                &place.value,
                place.true_on,
                place.known_on,
            ));
            let stored: Option<String> = row.select(figure_days::changes).first(db).optional()?;
            let Some(stored) = stored else {
                diesel::insert_into(figure_days::table)
                    .values((
                        figure_days::congress_id.eq(congress),
                        figure_days::scope.eq(&place.scope),
                        figure_days::dimension.eq(place.dimension.id()),
                        figure_days::session_id.eq(&place.session),
                        figure_days::value.eq(&place.value),
                        figure_days::true_on.eq(place.true_on),
                        figure_days::known_on.eq(place.known_on),
                        figure_days::changes.eq(json(&changes)?),
                    ))
                    .execute(db)?;
                continue;
            };
            let mut all = read(&stored)?;
            merge(&mut all, changes);
            diesel::update(row).set(figure_days::changes.eq(json(&all)?)).execute(db)?;
        }
        Ok(())
    }
}

fn place(cell: Cell, since: AsOf) -> Place {
    Place {
        scope: cell.scope,
        dimension: cell.dimension,
        session: cell.session,
        value: cell.value,
        true_on: since.true_on.date(),
        known_on: since.known_on.date(),
    }
}

fn json(changes: &BTreeMap<String, i64>) -> Result<String, StoreError> {
    serde_json::to_string(changes).map_err(|e| StoreError::corrupt("figure_days", "new", e))
}

fn read(changes: &str) -> Result<BTreeMap<String, i64>, StoreError> {
    serde_json::from_str(changes).map_err(|e| StoreError::corrupt("figure_days", changes, e))
}

type Stored = (String, String, String);

/// The days' changes up to both days: session, value, changes.
fn up_to(db: &mut Db, question: &Question, as_of: AsOf) -> Result<Vec<Stored>, StoreError> {
    let mut rows = figure_days::table
        .filter(figure_days::congress_id.eq(question.congress.as_str()))
        .filter(figure_days::scope.eq(&question.scope))
        .filter(figure_days::dimension.eq(kept_by(question.dimension).id()))
        .filter(figure_days::true_on.le(as_of.true_on.date()))
        .filter(figure_days::known_on.le(as_of.known_on.date()))
        .into_boxed();
    if let Some(sessions) = &question.session {
        let ids: Vec<String> = sessions.ids().iter().map(ToString::to_string).collect();
        rows = rows.filter(figure_days::session_id.eq_any(ids));
    }
    Ok(rows.select((figure_days::session_id, figure_days::value, figure_days::changes)).load(db)?)
}

pub(super) fn sums(
    db: &mut Db,
    question: &Question,
    measures: &[Measure],
    as_of: AsOf,
) -> Result<Counts, StoreError> {
    let mut counts = Counts::new();
    for (session, value, changes) in up_to(db, question, as_of)? {
        let value = if question.dimension == Dimension::Session { session } else { value };
        let changes = read(&changes)?;
        for measure in measures {
            if let Some(n) = changes.get(measure.id()) {
                *counts.entry((value.clone(), *measure)).or_default() += n;
            }
        }
    }
    Ok(counts)
}

/// The numbers of one series as they stood: congress, session and kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// How many cases have a number of the series.
    pub given: i64,
    /// The highest.
    pub last: i64,
    /// How many have a number of old paper's own scheme.
    pub otherwise: i64,
}

/// By session and kind; as for [`sums`](super::figures::sums).
pub fn numbers(
    db: &mut Db,
    waiting: &[Change],
    question: &Question,
    as_of: AsOf,
) -> Result<BTreeMap<(String, Kind), Numbers>, StoreError> {
    let by_kind = Question { dimension: Dimension::Kind, scope: String::new(), ..question.clone() };
    let mut series: BTreeMap<(String, Kind), Numbers> = BTreeMap::new();
    for (session, kind, changes) in up_to(db, &by_kind, as_of)? {
        let changes = read(&changes)?;
        let kind = kind.parse().map_err(|e| StoreError::corrupt("figure_days", &session, e))?;
        let numbers = series.entry((session, kind)).or_default();
        let of = |name: &str| changes.get(name).copied().unwrap_or(0);
        numbers.given += of(NUMBERED);
        numbers.otherwise += of(OTHERWISE);
        numbers.last = numbers.last.max(of(LAST_NUMBER));
    }
    for (before, after) in waiting {
        let Some(numbered) = numbered(before.as_ref(), after) else { continue };
        let facts = &after.facts;
        let within = question.session.as_ref();
        let asked = within.is_none_or(|all| all.ids().iter().any(|id| id.as_str() == facts.session));
        if asked && as_of.covers(after.since) {
            let numbers = series.entry((facts.session.clone(), facts.kind)).or_default();
            match numbered {
                Some(sequence) => {
                    numbers.given += 1;
                    numbers.last = numbers.last.max(sequence.into());
                }
                None => numbers.otherwise += 1,
            }
        }
    }
    series.retain(|_, numbers| numbers.given + numbers.otherwise > 0);
    Ok(series)
}

/// Every day's changes, those included that wait: what `verify` compares.
pub fn all(
    db: &mut Db,
    congress: &CongressId,
) -> Result<BTreeMap<String, BTreeMap<String, i64>>, StoreError> {
    type Stored = (String, String, String, String, NaiveDate, NaiveDate, String);
    let rows: Vec<Stored> = figure_days::table
        .filter(figure_days::congress_id.eq(congress.as_str()))
        .select((
            figure_days::scope,
            figure_days::dimension,
            figure_days::session_id,
            figure_days::value,
            figure_days::true_on,
            figure_days::known_on,
            figure_days::changes,
        ))
        .load(db)?;
    let mut found = Changes::default();
    for change in super::figures::waiting(db, congress)? {
        found.add(&change);
    }
    for (scope, dimension, session, value, true_on, known_on, changes) in rows {
        let dimension = super::figures::stored_dimension(&dimension)
            .map_err(|e| StoreError::corrupt("figure_days", &value, e))?;
        let place = Place { scope, dimension, session, value, true_on, known_on };
        merge(found.0.entry(place).or_default(), read(&changes)?);
    }
    Ok(stated(found))
}

/// Adds changes to those of the same place.
fn merge(all: &mut BTreeMap<String, i64>, more: BTreeMap<String, i64>) {
    for (measure, n) in more {
        let highest = measure == LAST_NUMBER;
        let sum = all.entry(measure).or_default();
        *sum = if highest { (*sum).max(n) } else { *sum + n };
    }
}

/// What `all` would say if these changes, and no others, were summed.
pub fn stated(changes: Changes) -> BTreeMap<String, BTreeMap<String, i64>> {
    let mut stated = BTreeMap::new();
    for (it, mut changes) in changes.0 {
        changes.retain(|_, n| *n != 0);
        if !changes.is_empty() {
            let Place { scope, dimension, session, value, true_on, known_on } = it;
            let dimension = dimension.id();
            stated.insert(format!("{dimension} {value} {scope} {session} {true_on} {known_on}"), changes);
        }
    }
    stated
}

/// Forgets all sums of a congress. For `rebuild` alone.
pub fn clear(db: &mut Db, congress: &CongressId) -> Result<(), StoreError> {
    diesel::delete(figure_days::table.filter(figure_days::congress_id.eq(congress.as_str()))).execute(db)?;
    Ok(())
}
