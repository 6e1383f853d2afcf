//! The row of each case: the folded state, and the columns that lists (`case_list.rs`) filter and sort by.

use super::{
    Db, StoreError,
    schema::{case_parties, cases},
};
use crate::domain::{
    case::Case,
    day::Day,
    figures::Facts,
    gate::Party,
    ids::{CaseId, CongressId, SessionId},
    words::{Kind, Publicity, Stage},
};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// Everything that the row repeats from the state so that lists need not open it.
#[derive(Clone, Debug, PartialEq, Insertable, AsChangeset, Queryable)]
#[diesel(table_name = cases, treat_none_as_null = true)]
pub struct Row {
    pub congress_id: String,
    pub id: String,
    pub version: i64,
    pub stage: String,
    pub kind: String,
    pub session_id: Option<String>,
    pub origin: Option<String>,
    pub number: Option<String>,
    pub title: String,
    pub category: Option<String>,
    pub lead_id: String,
    pub lead_name: String,
    pub department_id: Option<String>,
    pub department_name: Option<String>,
    pub channel: Option<String>,
    pub class: Option<String>,
    pub evaluation: Option<String>,
    pub registered_on: Option<NaiveDate>,
    pub assigned_on: Option<NaiveDate>,
    pub due_on: Option<NaiveDate>,
    pub replied_on: Option<NaiveDate>,
    pub measures: i64,
    pub state: String,
    pub exclusion: Option<String>,
    pub key_case: bool,
    /// How much residents may read; nothing if left out.
    pub publicity: Option<String>,
    pub confidential: bool,
    /// What figures by delegation count it under.
    pub delegation: Option<String>,
    pub days_to_reply: Option<i32>,
    /// By when its latest visit asked for another one.
    pub revisit_due_on: Option<NaiveDate>,
}

impl Row {
    /// The row that belongs to a case, given what is derived under its policy and calendar.
    pub fn of(case: &Case, facts: Option<&Facts>, publicity: Publicity) -> Result<Row, StoreError> {
        let state = serde_json::to_string(case).map_err(|e| StoreError::corrupt("cases", case.id, e))?;
        let answering = case.answering().map(|a| &a.department);
        Ok(Row {
            congress_id: case.congress.to_string(),
            id: case.id.to_string(),
            version: case.version,
            stage: case.stage.to_string(),
            kind: case.kind.to_string(),
            session_id: case.session.as_ref().map(ToString::to_string),
            origin: case.origin.map(|o| o.to_string()),
            number: case.number.as_ref().map(|n| n.text.to_string()),
            title: case.title.to_string(),
            category: case.category.as_ref().map(|c| c.to_string()),
            lead_id: case.lead.id.to_string(),
            lead_name: case.lead.name.clone(),
            department_id: answering.map(|d| d.id.to_string()),
            department_name: answering.map(|d| d.name.clone()),
            channel: answering.map(|d| d.channel.to_string()),
            class: case.class.clone(),
            evaluation: facts.map(|f| f.evaluation.clone()).filter(|e| !e.is_empty()),
            registered_on: case.registered_on.map(Day::date),
            assigned_on: case.assigned_on.map(Day::date),
            due_on: facts.and_then(|f| f.due_on).map(Day::date),
            replied_on: case.replied_on().map(Day::date),
            measures: facts.map_or(0, |f| f.measures.bits()),
            state,
            exclusion: facts.map(|f| f.exclusion.clone()).filter(|e| !e.is_empty()),
            key_case: case.is_key(),
            confidential: case.confidential.is_some(),
            delegation: facts.map(|f| f.delegation.clone()).filter(|d| !d.is_empty()),
            days_to_reply: facts.and_then(Facts::days_to_reply).and_then(|days| i32::try_from(days).ok()),
            revisit_due_on: case.revisit_due_on().map(Day::date),
            publicity: Some(publicity).filter(|p| *p != Publicity::None).map(|p| p.to_string()),
        })
    }
}

/// The folded cases of these ids that the congress has, in no order: for the lines of one page.
pub fn load_all(db: &mut Db, congress: &CongressId, ids: &[CaseId]) -> Result<Vec<Case>, StoreError> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows: Vec<(String, String)> = cases::table
        .filter(cases::congress_id.eq(congress.as_str()))
        .filter(cases::id.eq_any(ids))
        .select((cases::id, cases::state))
        .load(db)?;
    rows.into_iter().map(read).collect()
}

/// The folded case; `None` if the congress has no such case.
pub fn load(db: &mut Db, congress: &CongressId, id: CaseId) -> Result<Option<Case>, StoreError> {
    let row: Option<(String, String)> = cases::table
        .filter(cases::congress_id.eq(congress.as_str()))
        .filter(cases::id.eq(id.to_string()))
        .select((cases::id, cases::state))
        .first(db)
        .optional()?;
    row.map(read).transpose()
}

/// The next folded cases in the order of their ids, without those at certain stages: for walks over a whole congress.
pub fn page(
    db: &mut Db,
    congress: &CongressId,
    after: Option<CaseId>,
    limit: i64,
    without: &[Stage],
) -> Result<Vec<Case>, StoreError> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let without: Vec<&str> = without.iter().map(|stage| stage.id()).collect();
    let mut rows = cases::table
        .filter(cases::congress_id.eq(congress.as_str()))
        .filter(cases::id.gt(after))
        .order(cases::id.asc())
        .limit(limit)
        .select((cases::id, cases::state))
        .into_boxed();
    if !without.is_empty() {
        rows = rows.filter(cases::stage.ne_all(without));
    }
    rows.load(db)?.into_iter().map(read).collect()
}

/// The folded cases that a party has a part in, newest first.
pub fn of_party(
    db: &mut Db,
    congress: &CongressId,
    party: &Party,
    before: Option<CaseId>,
    limit: i64,
) -> Result<Vec<Case>, StoreError> {
    let same_case = case_parties::congress_id.eq(cases::congress_id).and(case_parties::case_id.eq(cases::id));
    let mut rows = cases::table
        .inner_join(case_parties::table.on(same_case))
        .filter(case_parties::congress_id.eq(congress.as_str()))
        .filter(case_parties::party.eq(party.key()))
        .order(case_parties::case_id.desc())
        .limit(limit)
        .select((cases::id, cases::state))
        .into_boxed();
    if let Some(before) = before {
        rows = rows.filter(case_parties::case_id.lt(before.to_string()));
    }
    rows.load(db)?.into_iter().map(read).collect()
}

pub(super) fn read((id, state): (String, String)) -> Result<Case, StoreError> {
    serde_json::from_str(&state).map_err(|e| StoreError::corrupt("cases", id, e))
}

/// The row as it is stored.
pub fn row(db: &mut Db, congress: &CongressId, id: CaseId) -> Result<Option<Row>, StoreError> {
    let row = cases::table
        .filter(cases::congress_id.eq(congress.as_str()))
        .filter(cases::id.eq(id.to_string()))
        .first(db)
        .optional()?;
    Ok(row)
}

pub fn insert(db: &mut Db, row: &Row) -> Result<(), StoreError> {
    diesel::insert_into(cases::table).values(row).execute(db)?;
    Ok(())
}

/// Replaces the row that stood at `version`; `Conflict` if another command was faster.
pub fn replace(db: &mut Db, row: &Row, version: i64) -> Result<(), StoreError> {
    let changed = diesel::update(
        cases::table
            .filter(cases::congress_id.eq(&row.congress_id))
            .filter(cases::id.eq(&row.id))
            .filter(cases::version.eq(version)),
    )
    .set(row)
    .execute(db)?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Brings the index of parties from what held before to what holds now.
pub fn set_parties(
    db: &mut Db,
    case: &Case,
    before: &BTreeSet<Party>,
    now: &BTreeSet<Party>,
) -> Result<(), StoreError> {
    let id = case.id.to_string();
    for left in before.difference(now) {
        diesel::delete(
            case_parties::table
                .filter(case_parties::congress_id.eq(case.congress.as_str()))
                .filter(case_parties::party.eq(left.key()))
                .filter(case_parties::case_id.eq(&id)),
        )
        .execute(db)?;
    }
    for joined in now.difference(before) {
        diesel::insert_into(case_parties::table)
            .values((
                case_parties::congress_id.eq(case.congress.as_str()),
                case_parties::party.eq(joined.key()),
                case_parties::case_id.eq(&id),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// The parties that the index names for a case.
pub fn parties(db: &mut Db, congress: &CongressId, id: CaseId) -> Result<BTreeSet<String>, StoreError> {
    let parties: Vec<String> = case_parties::table
        .filter(case_parties::congress_id.eq(congress.as_str()))
        .filter(case_parties::case_id.eq(id.to_string()))
        .select(case_parties::party)
        .load(db)?;
    Ok(parties.into_iter().collect())
}

/// Whether a number is taken within a session and kind, and by which case.
pub fn by_number(
    db: &mut Db,
    congress: &CongressId,
    session: &SessionId,
    kind: Kind,
    number: &str,
) -> Result<Option<CaseId>, StoreError> {
    let id: Option<String> = cases::table
        .filter(cases::congress_id.eq(congress.as_str()))
        .filter(cases::session_id.eq(session.as_str()))
        .filter(cases::kind.eq(kind.id()))
        .filter(cases::number.eq(number))
        .select(cases::id)
        .first(db)
        .optional()?;
    id.map(|id| id.parse().map_err(|e| StoreError::corrupt("cases", &id, e))).transpose()
}

/// Every number given within a session, by kind: for the import, which asks for thousands of them.
pub fn numbers(
    db: &mut Db,
    congress: &CongressId,
    session: &SessionId,
) -> Result<HashMap<(String, String), CaseId>, StoreError> {
    let rows: Vec<(String, Option<String>, String)> = cases::table
        .filter(cases::congress_id.eq(congress.as_str()))
        .filter(cases::session_id.eq(session.as_str()))
        .filter(cases::number.is_not_null())
        .select((cases::kind, cases::number, cases::id))
        .load(db)?;
    let parsed = rows.into_iter().map(|(kind, number, id)| {
        let case = id.parse().map_err(|e| StoreError::corrupt("cases", &id, e))?;
        Ok(((kind, number.unwrap_or_default()), case))
    });
    parsed.collect()
}

/// Takes away every row and party of a congress. For `rebuild` alone, which derives them anew from the ledger.
pub fn clear(db: &mut Db, congress: &CongressId) -> Result<(), StoreError> {
    diesel::delete(case_parties::table.filter(case_parties::congress_id.eq(congress.as_str())))
        .execute(db)?;
    diesel::delete(cases::table.filter(cases::congress_id.eq(congress.as_str()))).execute(db)?;
    Ok(())
}

/// How many rows a congress has. For `verify` alone: no request counts rows.
pub fn count(db: &mut Db, congress: &CongressId) -> Result<usize, StoreError> {
    let rows: i64 = cases::table.filter(cases::congress_id.eq(congress.as_str())).count().get_result(db)?;
    usize::try_from(rows).map_err(|e| StoreError::corrupt("cases", congress, e))
}

impl Row {
    /// The columns in which two rows differ: name, this row's value, the other's.
    pub fn differences(&self, other: &Row) -> Vec<(&'static str, String, String)> {
        let mut differences = Vec::new();
        macro_rules! compare {
            ($($column:ident),+ $(,)?) => {
                // Destructured without `..`, so that a new column cannot be forgotten here.
                let Row { $($column: _),+ } = self;
                $(if self.$column != other.$column {
                    differences.push((
                        stringify!($column),
                        format!("{:?}", self.$column),
                        format!("{:?}", other.$column),
                    ));
                })+
            };
        }
        compare!(
            congress_id,
            id,
            version,
            stage,
            kind,
            session_id,
            origin,
            number,
            title,
            category,
            lead_id,
            lead_name,
            department_id,
            department_name,
            channel,
            class,
            evaluation,
            registered_on,
            assigned_on,
            due_on,
            replied_on,
            measures,
            state,
            exclusion,
            key_case,
            confidential,
            publicity,
            delegation,
            days_to_reply,
            revisit_due_on,
        );
        differences
    }
}
