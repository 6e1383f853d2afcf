//! The row of each case: the folded state, and the columns that lists filter and sort by.

use super::{
    Db, StoreError,
    schema::{case_parties, cases},
};
use crate::domain::{
    case::Case,
    day::Day,
    figures::{Facts, Measure, Measures},
    gate::{Party, Scope},
    ids::{CaseId, CongressId, DepartmentId, DeputyId, SessionId},
    words::{Channel, Kind, Origin, Satisfaction, Stage},
};
use chrono::NaiveDate;
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Bool, Integer, Text},
};
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
    pub measures: i32,
    pub state: String,
}

impl Row {
    /// The row that belongs to a case, given what is derived under its policy and calendar.
    pub fn of(case: &Case, facts: Option<&Facts>, due_on: Option<Day>) -> Result<Row, StoreError> {
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
            due_on: due_on.map(Day::date),
            replied_on: case.replied_on().map(Day::date),
            measures: facts.map_or(0, |f| f.measures.0),
            state,
        })
    }
}

/// A case as it stands, and what the figures hold of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    pub case: Case,
    pub facts: Option<Facts>,
}

/// The folded case; `None` if the congress has no such case.
pub fn load(db: &mut Db, congress: &CongressId, id: CaseId) -> Result<Option<Loaded>, StoreError> {
    let row: Option<(String, i32, Option<String>)> = cases::table
        .filter(cases::congress_id.eq(congress.as_str()))
        .filter(cases::id.eq(id.to_string()))
        .select((cases::state, cases::measures, cases::evaluation))
        .first(db)
        .optional()?;
    let Some((state, measures, evaluation)) = row else { return Ok(None) };
    let case: Case = serde_json::from_str(&state).map_err(|e| StoreError::corrupt("cases", id, e))?;
    let facts = Facts::recorded(&case, Measures(measures), evaluation);
    Ok(Some(Loaded { case, facts }))
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

/// What a list may be narrowed by; all given must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    pub stage: Option<Stage>,
    pub kind: Option<Kind>,
    pub origin: Option<Origin>,
    pub session: Option<SessionId>,
    /// Empty means: without one.
    pub category: Option<String>,
    pub department: Option<Option<DepartmentId>>,
    pub class: Option<String>,
    pub evaluation: Option<Option<Satisfaction>>,
    pub number: Option<String>,
    /// 领衔代表
    pub lead: Option<DeputyId>,
    pub channel: Option<Channel>,
    pub due_before: Option<Day>,
    pub due_after: Option<Day>,
    /// At least one of these holds.
    pub measures: Vec<Measure>,
}

/// In which order a list runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Newest first.
    #[default]
    Newest,
    Oldest,
    /// What is still to be answered, the most urgent first.
    Due,
}

/// Where the next page begins: after this case.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    pub id: CaseId,
    pub due_on: Option<Day>,
}

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Queryable)]
pub struct Line {
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
    pub class: Option<String>,
    pub evaluation: Option<String>,
    pub registered_on: Option<NaiveDate>,
    pub assigned_on: Option<NaiveDate>,
    pub due_on: Option<NaiveDate>,
    pub replied_on: Option<NaiveDate>,
}

/// The filter whose index a list walks.
///
/// The choice is ours, not the planner's: without statistics it guesses, and with averages it takes a rare value for a
/// common one. Every other filter is written so that no index can serve it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Walks {
    /// The order of the list itself, or the party's own rows.
    Order,
    Number,
    Lead,
    Department,
    Evaluation,
    Stage,
    Category,
    Class,
    Session,
}

impl Walks {
    /// The narrowest filter that is given, as a congress's cases usually lie.
    fn of(filter: &Filter, sort: Sort) -> Walks {
        let given = [
            (sort == Sort::Due, Walks::Order),
            (filter.number.is_some(), Walks::Number),
            (filter.measures == [Measure::Excluded], Walks::Stage),
            (filter.measures == [Measure::Unsatisfied], Walks::Evaluation),
            (filter.lead.is_some(), Walks::Lead),
            (filter.department.is_some(), Walks::Department),
            (filter.evaluation.is_some(), Walks::Evaluation),
            (filter.stage.is_some(), Walks::Stage),
            (filter.category.is_some(), Walks::Category),
            (filter.class.is_some(), Walks::Class),
            (filter.session.is_some(), Walks::Session),
        ];
        given.into_iter().find(|(given, _)| *given).map_or(Walks::Order, |(_, walks)| walks)
    }
}

/// A text column's value, by its index or, where another filter's index is walked, beside it.
macro_rules! equals {
    ($query:expr, $column:ident, $value:expr, $walked:expr) => {{
        let value: String = $value;
        match $walked {
            true => $query.filter(cases::$column.eq(value)),
            false => {
                let beside = concat!("(cases.", stringify!($column), " || '') = ");
                $query.filter(sql::<Bool>(beside).bind::<Text, _>(value))
            }
        }
    }};
}

/// Applies a filter to either form of the list's query, whose types differ.
macro_rules! narrowed {
    ($query:expr, $filter:expr, $walks:expr) => {{
        let walks: Walks = $walks;
        // Destructured without `..`, so that a new filter cannot be forgotten here.
        let Filter {
            stage,
            kind,
            origin,
            session,
            category,
            department,
            class,
            evaluation,
            number,
            lead,
            channel,
            due_before,
            due_after,
            measures,
        } = $filter.clone();
        let mut query = $query;
        if let Some(stage) = stage {
            query = equals!(query, stage, stage.to_string(), walks == Walks::Stage);
        }
        if let Some(kind) = kind {
            query = equals!(query, kind, kind.to_string(), false);
        }
        if let Some(origin) = origin {
            query = equals!(query, origin, origin.to_string(), false);
        }
        if let Some(session) = session {
            query = equals!(query, session_id, session.to_string(), walks == Walks::Session);
        }
        query = match category {
            Some(none) if none.is_empty() => query.filter(cases::category.is_null()),
            Some(category) => equals!(query, category, category, walks == Walks::Category),
            None => query,
        };
        query = match department {
            Some(Some(department)) => {
                equals!(query, department_id, department.to_string(), walks == Walks::Department)
            }
            Some(None) => query.filter(cases::department_id.is_null()),
            None => query,
        };
        query = match class {
            Some(none) if none.is_empty() => query.filter(cases::class.is_null()),
            Some(class) => equals!(query, class, class, walks == Walks::Class),
            None => query,
        };
        query = match evaluation {
            Some(Some(evaluation)) => {
                equals!(query, evaluation, evaluation.to_string(), walks == Walks::Evaluation)
            }
            Some(None) => query.filter(cases::evaluation.is_null()),
            None => query,
        };
        if let Some(number) = number {
            query = equals!(query, number, number, walks == Walks::Number);
        }
        if let Some(lead) = lead {
            query = equals!(query, lead_id, lead.to_string(), walks == Walks::Lead);
        }
        if let Some(channel) = channel {
            query = equals!(query, channel, channel.to_string(), false);
        }
        if let Some(day) = due_before {
            query = query.filter(cases::due_on.lt(day.date()));
        }
        if let Some(day) = due_after {
            query = query.filter(cases::due_on.gt(day.date()));
        }
        match measures.as_slice() {
            // The rare ones are a column's value too, and have its index.
            [Measure::Excluded] => {
                query = equals!(query, stage, Stage::Withdrawn.to_string(), walks == Walks::Stage);
            }
            [Measure::Unsatisfied] => {
                query = query.filter(cases::evaluation.eq(Satisfaction::Unsatisfied.id()))
            }
            _ => {}
        }
        if !measures.is_empty() {
            let any = measures.iter().fold(0, |bits, m| bits | Measures::bit(*m));
            query = query.filter(sql::<Bool>("(cases.measures & ").bind::<Integer, _>(any).sql(") <> 0"));
        }
        query
    }};
}

/// Brings a list into its order, beginning after the cursor; `$id` is the column that the walked index ends with.
macro_rules! ordered {
    ($query:expr, $sort:expr, $after:expr, $id:expr) => {{
        let query = $query;
        match ($sort, $after) {
            (Sort::Newest, None) => query.order($id.desc()),
            (Sort::Newest, Some(c)) => query.filter($id.lt(c.id.to_string())).order($id.desc()),
            (Sort::Oldest, None) => query.order($id.asc()),
            (Sort::Oldest, Some(c)) => query.filter($id.gt(c.id.to_string())).order($id.asc()),
            (Sort::Due, after) => {
                let mut query = query.filter(cases::stage.eq(Stage::Assigned.id()));
                if let Some((day, c)) = after.and_then(|c| Some((c.due_on?.date(), c))) {
                    let later = cases::due_on.eq(day).and(cases::id.gt(c.id.to_string()));
                    query = query.filter(cases::due_on.gt(day).or(later));
                }
                query.order((cases::due_on.asc(), cases::id.asc()))
            }
        }
    }};
}

/// The columns of a line.
#[diesel::dsl::auto_type(no_type_alias)]
fn line() -> _ {
    (
        cases::id,
        cases::version,
        cases::stage,
        cases::kind,
        cases::session_id,
        cases::origin,
        cases::number,
        cases::title,
        cases::category,
        cases::lead_id,
        cases::lead_name,
        cases::department_id,
        cases::department_name,
        cases::class,
        cases::evaluation,
        cases::registered_on,
        cases::assigned_on,
        cases::due_on,
        cases::replied_on,
    )
}

/// One page of what `scope` may see; at most `limit` lines.
///
/// A congress's list walks an index of `cases`; a party's walks its own rows of the index of parties, in the order of
/// the list, so that neither grows with what the reader does not see.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    filter: &Filter,
    sort: Sort,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Line>, StoreError> {
    let lines = match scope {
        Scope::Nothing => return Ok(Vec::new()),
        Scope::Congress(congress) => {
            let query = cases::table
                .filter(cases::congress_id.eq(congress.as_str()))
                // What was never handed in belongs to its signers alone.
                .filter(cases::session_id.is_not_null())
                .into_boxed();
            let query = ordered!(narrowed!(query, filter, Walks::of(filter, sort)), sort, after, cases::id);
            query.limit(limit).select(line()).load(db)?
        }
        Scope::Party(congress, party) => {
            let same_case =
                case_parties::congress_id.eq(cases::congress_id).and(case_parties::case_id.eq(cases::id));
            let query = cases::table
                .inner_join(case_parties::table.on(same_case))
                .filter(case_parties::congress_id.eq(congress.as_str()))
                .filter(case_parties::party.eq(party.key()))
                .into_boxed();
            let query = ordered!(narrowed!(query, filter, Walks::Order), sort, after, case_parties::case_id);
            query.limit(limit).select(line()).load(db)?
        }
    };
    Ok(lines)
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
        );
        differences
    }
}
