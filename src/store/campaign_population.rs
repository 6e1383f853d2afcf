//! Which cases a revisit campaign may look at: narrowed by the columns of the row, page by page.

use super::{Db, StoreError, schema::cases};
use crate::domain::{
    campaign::Criteria,
    case::Case,
    day::Day,
    figures::{Measure, Measures},
    ids::{CaseId, CongressId, DepartmentId, SessionId},
    words::{Satisfaction, Stage},
};
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{BigInt, Bool},
};

/// The next closed cases that may meet the criteria, in the order of their ids; `Criteria::met_by` has the last word.
///
/// A campaign is opened a few times a year, and looks at what it is to choose from: the closed cases, by the index of
/// their stage, or by that of the days on which another visit is due.
pub fn page(
    db: &mut Db,
    congress: &CongressId,
    criteria: &Criteria,
    after: Option<CaseId>,
    limit: i64,
) -> Result<Vec<Case>, StoreError> {
    // Destructured without `..`, so that a new criterion is thought of here.
    let Criteria {
        sessions,
        classes,
        evaluations,
        departments,
        categories,
        key_case,
        replied,
        promise_due,
        revisit_due_by,
        revisited,
    } = criteria;
    let mut rows = cases::table
        .filter(cases::congress_id.eq(congress.as_str()))
        .filter(cases::stage.eq(Stage::Closed.id()))
        .order(cases::id.asc())
        .limit(limit)
        .select((cases::id, cases::state))
        .into_boxed();
    if let Some(after) = after {
        rows = rows.filter(cases::id.gt(after.to_string()));
    }
    if !sessions.is_empty() {
        rows = rows.filter(cases::session_id.eq_any(sessions.iter().map(SessionId::as_str)));
    }
    if !classes.is_empty() {
        rows = rows.filter(cases::class.eq_any(classes));
    }
    if !evaluations.is_empty() {
        let words: Vec<&str> = evaluations.iter().map(|it: &Satisfaction| it.id()).collect();
        rows = rows.filter(cases::evaluation.eq_any(words));
    }
    if !departments.is_empty() {
        let ids: Vec<String> = departments.iter().map(DepartmentId::to_string).collect();
        rows = rows.filter(cases::department_id.eq_any(ids));
    }
    if !categories.is_empty() {
        let words: Vec<&str> = categories.iter().map(|it| &**it).collect();
        rows = rows.filter(cases::category.eq_any(words));
    }
    if let Some(key) = key_case {
        rows = rows.filter(cases::key_case.eq(*key));
    }
    if let Some(period) = replied {
        rows = rows.filter(cases::replied_on.between(period.from.date(), period.to.date()));
    }
    if promise_due.is_some() {
        rows = rows.filter(measured().bind::<BigInt, _>(Measures::bit(Measure::Promised)).sql(") <> 0"));
    }
    if let Some(by) = revisit_due_by {
        rows = rows.filter(cases::revisit_due_on.le(Day::date(*by)));
    }
    if let Some(revisited) = revisited {
        let holds = if *revisited { ") <> 0" } else { ") = 0" };
        rows = rows.filter(measured().bind::<BigInt, _>(Measures::bit(Measure::Revisited)).sql(holds));
    }
    let rows: Vec<(String, String)> = rows.load(db)?;
    rows.into_iter().map(super::cases::read).collect()
}

fn measured() -> diesel::expression::SqlLiteral<Bool> {
    sql::<Bool>("(cases.measures & ")
}
