//! What the figures hold of each case, version by version: what was true from which day on, as known from which day
//! on. Appended in the transaction of the event; `figures.rs` sums what its versions change.

use super::{Db, StoreError, schema::case_facts};
use crate::domain::{
    day::Day,
    figures::{AsOf, Version},
    gate::Party,
    ids::{CaseId, CongressId, Sessions},
    words::Channel,
};
use chrono::NaiveDate;
use diesel::prelude::*;

#[derive(Insertable)]
#[diesel(table_name = case_facts)]
struct NewRow<'a> {
    congress_id: &'a str,
    case_id: String,
    version: i64,
    previous: Option<i64>,
    true_on: NaiveDate,
    known_on: NaiveDate,
    stage: &'a str,
    session_id: &'a str,
    kind: &'a str,
    number: &'a str,
    origin: &'a str,
    category: &'a str,
    department_id: &'a str,
    channel: &'a str,
    deputy_id: &'a str,
    delegation: &'a str,
    days_to_reply: Option<i32>,
    class: &'a str,
    evaluation: &'a str,
    exclusion: &'a str,
    key_case: bool,
    due_on: Option<NaiveDate>,
    measures: i64,
    facts: String,
    summed: bool,
}

/// A version as it is stored.
pub type Row = (String, i64, Option<i64>, NaiveDate, NaiveDate, String);

/// The columns of a [`Row`].
pub const ROW: (
    case_facts::case_id,
    case_facts::version,
    case_facts::previous,
    case_facts::true_on,
    case_facts::known_on,
    case_facts::facts,
) = (
    case_facts::case_id,
    case_facts::version,
    case_facts::previous,
    case_facts::true_on,
    case_facts::known_on,
    case_facts::facts,
);

/// Reads a row back.
pub fn version((case, version, previous, true_on, known_on, facts): Row) -> Result<Version, StoreError> {
    let corrupt =
        |reason: String| StoreError::corrupt("case_facts", format!("{case} version {version}"), reason);
    let day = |date| Day::new(date).ok_or_else(|| corrupt("a day past the calendar".to_owned()));
    let facts = serde_json::from_str(&facts).map_err(|e| corrupt(e.to_string()))?;
    let since = AsOf { true_on: day(true_on)?, known_on: day(known_on)? };
    Ok(Version { version, previous, since, facts })
}

pub fn append(
    db: &mut Db,
    congress: &CongressId,
    case: CaseId,
    versions: &[Version],
) -> Result<(), StoreError> {
    for it in versions {
        let facts = &it.facts;
        let row = NewRow {
            congress_id: congress.as_str(),
            case_id: case.to_string(),
            version: it.version,
            previous: it.previous,
            true_on: it.since.true_on.date(),
            known_on: it.since.known_on.date(),
            stage: facts.stage.id(),
            session_id: &facts.session,
            kind: facts.kind.id(),
            number: &facts.number,
            origin: &facts.origin,
            category: &facts.category,
            department_id: &facts.department,
            channel: &facts.channel,
            deputy_id: &facts.deputy,
            delegation: &facts.delegation,
            days_to_reply: facts.days_to_reply().and_then(|days| i32::try_from(days).ok()),
            class: &facts.class,
            evaluation: &facts.evaluation,
            exclusion: &facts.exclusion,
            key_case: facts.key_case,
            due_on: facts.due_on.map(Day::date),
            measures: facts.measures.bits(),
            facts: serde_json::to_string(facts).map_err(|e| StoreError::corrupt("case_facts", case, e))?,
            summed: false,
        };
        diesel::insert_into(case_facts::table).values(&row).execute(db)?;
    }
    Ok(())
}

/// What the figures hold of a case now.
pub fn latest(db: &mut Db, congress: &CongressId, case: CaseId) -> Result<Option<Version>, StoreError> {
    let row: Option<Row> = case_facts::table
        .filter(case_facts::congress_id.eq(congress.as_str()))
        .filter(case_facts::case_id.eq(case.to_string()))
        .order(case_facts::version.desc())
        .select(ROW)
        .first(db)
        .optional()?;
    row.map(version).transpose()
}

/// All versions of a case, oldest first.
pub fn all(db: &mut Db, congress: &CongressId, case: CaseId) -> Result<Vec<Version>, StoreError> {
    let rows: Vec<Row> = case_facts::table
        .filter(case_facts::congress_id.eq(congress.as_str()))
        .filter(case_facts::case_id.eq(case.to_string()))
        .order(case_facts::version.asc())
        .select(ROW)
        .load(db)?;
    rows.into_iter().map(version).collect()
}

diesel::alias!(case_facts as later: Later);

/// Narrows a query of `case_facts`, joined or not, to the version of each case that held on the one day as known on the
/// other.
macro_rules! held {
    ($query:expr, $as_of:expr) => {{
        use $crate::store::case_facts::later;
        let (true_on, known_on) = ($as_of.true_on.date(), $as_of.known_on.date());
        let replaced = diesel::dsl::exists(
            later
                .filter(later.field(case_facts::congress_id).eq(case_facts::congress_id))
                .filter(later.field(case_facts::case_id).eq(case_facts::case_id))
                .filter(later.field(case_facts::version).gt(case_facts::version))
                .filter(later.field(case_facts::true_on).le(true_on))
                .filter(later.field(case_facts::known_on).le(known_on)),
        );
        $query
            .filter(case_facts::true_on.le(true_on))
            .filter(case_facts::known_on.le(known_on))
            .filter(diesel::dsl::not(replaced))
    }};
}
pub(super) use held;

/// What held of each case on the one day as known on the other, in the order of the cases. For those whose cases are
/// few, and for what has to name each case anyway: a congress's sums are kept (`figure_days`).
pub fn in_force(
    db: &mut Db,
    congress: &CongressId,
    party: Option<&Party>,
    sessions: Option<&Sessions>,
    as_of: AsOf,
) -> Result<Vec<(CaseId, Version)>, StoreError> {
    let mut rows = held!(case_facts::table, as_of)
        .filter(case_facts::congress_id.eq(congress.as_str()))
        .order(case_facts::case_id.asc())
        .select(ROW)
        .into_boxed();
    if let Some(sessions) = sessions {
        let ids: Vec<String> = sessions.ids().iter().map(ToString::to_string).collect();
        rows = rows.filter(case_facts::session_id.eq_any(ids));
    }
    match party {
        Some(Party::Department(id)) => rows = rows.filter(case_facts::department_id.eq(id.to_string())),
        Some(Party::Deputy(id)) => rows = rows.filter(case_facts::deputy_id.eq(id.to_string())),
        Some(Party::GovernmentOffice) => rows = rows.filter(case_facts::channel.eq(Channel::Government.id())),
        // No figures are kept by these.
        Some(Party::Delegation(_) | Party::HandedBack(_) | Party::Reader(_) | Party::Visitor(_)) => {
            return Ok(Vec::new());
        }
        None => {}
    }
    rows.load::<Row>(db)?
        .into_iter()
        .map(|row| {
            let id = row.0.parse().map_err(|e| StoreError::corrupt("case_facts", &row.0, e))?;
            Ok((id, version(row)?))
        })
        .collect()
}

/// Forgets all that is held of a congress's cases. For `rebuild` alone.
pub fn clear(db: &mut Db, congress: &CongressId) -> Result<(), StoreError> {
    diesel::delete(case_facts::table.filter(case_facts::congress_id.eq(congress.as_str()))).execute(db)?;
    Ok(())
}
