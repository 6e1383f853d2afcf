//! Lists of cases: what narrows them, in which order they run, and which index serves them.

use super::{
    Db, StoreError,
    schema::{case_parties, cases},
};
use crate::domain::{
    day::Day,
    figures::{Measure, Measures},
    gate::{Party, Scope, WITHHELD},
    ids::{CaseId, DepartmentId, DeputyId, Sessions, UserId},
    words::{Channel, Exclusion, Kind, Origin, Satisfaction, Stage},
};
use chrono::NaiveDate;
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{BigInt, Bool, Text},
};

/// What a list may be narrowed by; all given must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    pub stage: Option<Stage>,
    pub kind: Option<Kind>,
    pub origin: Option<Origin>,
    pub session: Option<Sessions>,
    /// Empty means: without one.
    pub category: Option<String>,
    pub department: Option<Option<DepartmentId>>,
    pub class: Option<String>,
    pub evaluation: Option<Option<Satisfaction>>,
    pub number: Option<String>,
    /// 领衔代表
    pub lead: Option<DeputyId>,
    pub channel: Option<Channel>,
    pub exclusion: Option<Option<Exclusion>>,
    pub key_case: Option<bool>,
    /// Empty means: without one.
    pub delegation: Option<String>,
    /// Calendar days from assignment to the first answer; `None` within: not answered.
    pub days_to_reply: Option<Option<u32>>,
    pub due_before: Option<Day>,
    pub due_after: Option<Day>,
    /// At least one of these holds.
    pub measures: Vec<Measure>,
}

impl Filter {
    /// Whether it narrows by whose a case is.
    pub fn names(&self) -> bool {
        self.lead.is_some() || self.delegation.is_some()
    }
}

/// No case takes longer than the calendar runs.
pub(super) fn stored_days(days: u32) -> i32 {
    i32::try_from(days).unwrap_or(i32::MAX)
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
    pub exclusion: Option<String>,
    pub key_case: bool,
    pub confidential: bool,
}

impl Line {
    /// Takes out what a confidential case says, and whose it is; that it is there stays, as the figures count it.
    fn withhold(&mut self) {
        WITHHELD.clone_into(&mut self.title);
        self.lead_id.clear();
        self.lead_name.clear();
    }
}

/// The filter whose index a list walks.
///
/// The choice is ours, not the planner's: without statistics it guesses, and with averages it takes a rare value for a
/// common one. Every other filter is written so that no index can serve it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Walks {
    /// The order of the list itself, or the party's own rows.
    Order,
    Excluded,
    Key,
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
            (
                filter.measures == [Measure::Excluded] || matches!(filter.exclusion, Some(Some(_))),
                Walks::Excluded,
            ),
            (filter.key_case == Some(true), Walks::Key),
            (filter.measures == [Measure::Unsatisfied], Walks::Evaluation),
            (filter.lead.is_some(), Walks::Lead),
            (filter.department.is_some(), Walks::Department),
            (filter.evaluation.is_some(), Walks::Evaluation),
            (filter.stage.is_some(), Walks::Stage),
            (filter.category.is_some(), Walks::Category),
            (filter.class.is_some(), Walks::Class),
            (filter.session.as_ref().is_some_and(|s| s.ids().len() == 1), Walks::Session),
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
            exclusion,
            key_case,
            delegation,
            days_to_reply,
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
        query = match session.as_ref().map(|sessions| sessions.ids()) {
            Some([one]) => equals!(query, session_id, one.to_string(), walks == Walks::Session),
            Some(_) => {
                // Written so that no index serves it: several sessions are most of a walk anyway.
                let list = format!(",{},", session.map(|s| s.to_string()).unwrap_or_default());
                let within = sql::<Bool>("replace(").bind::<Text, _>(list.clone());
                query.filter(within.sql(", ',' || cases.session_id || ',', '') <> ").bind::<Text, _>(list))
            }
            None => query,
        };
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
        query = match exclusion {
            Some(Some(exclusion)) => equals!(query, exclusion, exclusion.to_string(), false),
            Some(None) => query.filter(cases::exclusion.is_null()),
            None => query,
        };
        if walks == Walks::Excluded {
            query = query.filter(cases::exclusion.is_not_null());
        }
        query = match key_case {
            // The partial index is chosen by these very words.
            Some(true) => query.filter(sql::<Bool>("cases.key_case")),
            Some(false) => query.filter(sql::<Bool>("NOT cases.key_case")),
            None => query,
        };
        query = match delegation {
            Some(none) if none.is_empty() => query.filter(cases::delegation.is_null()),
            Some(delegation) => equals!(query, delegation, delegation, false),
            None => query,
        };
        query = match days_to_reply {
            Some(Some(days)) => query.filter(cases::days_to_reply.eq(stored_days(days))),
            Some(None) => query.filter(cases::days_to_reply.is_null()),
            None => query,
        };
        if let Some(day) = due_before {
            query = query.filter(cases::due_on.lt(day.date()));
        }
        if let Some(day) = due_after {
            query = query.filter(cases::due_on.gt(day.date()));
        }
        match measures.as_slice() {
            // The rare ones are a column's value too, and have its index.
            [Measure::Unsatisfied] => {
                query = query.filter(cases::evaluation.eq(Satisfaction::Unsatisfied.id()))
            }
            _ => {}
        }
        if !measures.is_empty() {
            let any = measures.iter().fold(0, |bits, m| bits | Measures::bit(*m));
            query = query.filter(sql::<Bool>("(cases.measures & ").bind::<BigInt, _>(any).sql(") <> 0"));
        }
        query
    }};
}

/// Whose a confidential case is, is not found out by asking for it.
macro_rules! not_by_hidden_names {
    ($query:expr, $filter:expr, $to_be_named:expr) => {{
        match $to_be_named {
            Some(user) if $filter.names() => {
                let named = "(NOT cases.confidential OR EXISTS (SELECT 1 FROM case_parties named \
                             WHERE named.congress_id = cases.congress_id AND named.case_id = cases.id AND named.party = ";
                $query.filter(sql::<Bool>(named).bind::<Text, _>(Party::Reader(user).key()).sql("))"))
            }
            _ => $query,
        }
    }};
}

/// Brings a list into its order, beginning after the cursor; `$id` is the column that the walked index ends with, the
/// rest those by which what is due runs.
macro_rules! ordered {
    ($query:expr, $sort:expr, $after:expr, $id:expr, ($stage:expr, $due_on:expr, $due_id:expr)) => {{
        let query = $query;
        match ($sort, $after) {
            (Sort::Newest, None) => query.order($id.desc()),
            (Sort::Newest, Some(c)) => query.filter($id.lt(c.id.to_string())).order($id.desc()),
            (Sort::Oldest, None) => query.order($id.asc()),
            (Sort::Oldest, Some(c)) => query.filter($id.gt(c.id.to_string())).order($id.asc()),
            (Sort::Due, after) => {
                let mut query = query.filter($stage.eq(Stage::Assigned.id()));
                if let Some((day, c)) = after.and_then(|c| Some((c.due_on?.date(), c))) {
                    let later = $due_on.eq(day).and($due_id.gt(c.id.to_string()));
                    query = query.filter($due_on.gt(day).or(later));
                }
                query.order(($due_on.asc(), $due_id.asc()))
            }
        }
    }};
}
pub(super) use ordered;

/// The columns of a line.
#[diesel::dsl::auto_type(no_type_alias)]
fn line() -> _ {
    (
        cases::id,
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
        cases::exclusion,
        cases::key_case,
        cases::confidential,
    )
}

/// One page of what `scope` may see; at most `limit` lines. Of confidential cases whoever is `to_be_named` and is not
/// sees no title and no name, and does not find them by one either.
///
/// A congress's list walks an index of `cases`; a party's walks its own rows of the index of parties, in the order of
/// the list, so that neither grows with what the reader does not see.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    to_be_named: Option<UserId>,
    filter: &Filter,
    sort: Sort,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Line>, StoreError> {
    let mut lines: Vec<Line> = match scope {
        Scope::Nothing => return Ok(Vec::new()),
        Scope::Congress(congress) => {
            let query = cases::table
                .filter(cases::congress_id.eq(congress.as_str()))
                // What was never handed in belongs to its signers alone.
                .filter(cases::session_id.is_not_null())
                .into_boxed();
            let query = not_by_hidden_names!(query, filter, to_be_named);
            let query = ordered!(
                narrowed!(query, filter, Walks::of(filter, sort)),
                sort,
                after,
                cases::id,
                (cases::stage, cases::due_on, cases::id)
            );
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
            let query = not_by_hidden_names!(query, filter, to_be_named);
            let query = ordered!(
                narrowed!(query, filter, Walks::Order),
                sort,
                after,
                case_parties::case_id,
                (cases::stage, cases::due_on, cases::id)
            );
            query.limit(limit).select(line()).load(db)?
        }
    };
    if let Some(user) = to_be_named {
        withhold(db, scope, user, &mut lines)?;
    }
    Ok(lines)
}

pub(super) fn withhold(
    db: &mut Db,
    scope: &Scope,
    user: UserId,
    lines: &mut [Line],
) -> Result<(), StoreError> {
    let (Scope::Congress(congress) | Scope::Party(congress, _)) = scope else { return Ok(()) };
    let confidential = || lines.iter().filter(|line| line.confidential);
    if confidential().next().is_none() {
        return Ok(());
    }
    let ids: Vec<String> = confidential().map(|line| line.id.clone()).collect();
    let named: Vec<String> = case_parties::table
        .filter(case_parties::congress_id.eq(congress.as_str()))
        .filter(case_parties::party.eq(Party::Reader(user).key()))
        .filter(case_parties::case_id.eq_any(ids))
        .select(case_parties::case_id)
        .load(db)?;
    for line in lines.iter_mut().filter(|line| line.confidential && !named.contains(&line.id)) {
        line.withhold();
    }
    Ok(())
}
