//! The ledger of promises 承诺事项台账: derived from each case in the transaction of its events, compared by `verify`. Each
//! list is read off an index, in the order of due dates.

use super::{
    Db, StoreError,
    schema::{case_parties, promises},
};
use crate::domain::{
    case::{Case, Promise},
    day::Day,
    gate::{Party, Scope},
    ids::{CaseId, CongressId, DepartmentId, DeputyId, SessionId},
    words::PromiseStatus,
};
use chrono::NaiveDate;
use diesel::{
    dsl::{exists, sql},
    prelude::*,
    sql_types::Bool,
};

/// A promise in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Insertable, Queryable, Selectable)]
#[diesel(table_name = promises)]
pub struct Row {
    pub congress_id: String,
    pub case_id: String,
    pub number: i32,
    /// Who keeps it now; none while the department that made it has handed the case back.
    pub department_id: Option<String>,
    /// As it was named when it came to keep it.
    pub department_name: Option<String>,
    /// 领衔代表
    pub lead_id: String,
    pub session_id: Option<String>,
    pub made_on: NaiveDate,
    pub original_due_on: NaiveDate,
    pub due_on: NaiveDate,
    pub status: String,
    pub moves: i32,
    /// How many departments had it so far.
    pub holders: i32,
    /// Waits for the committee.
    pub change_pending: bool,
    /// Waits for the deputy.
    pub judgement_awaited: bool,
    pub touched_on: NaiveDate,
    pub over_on: Option<NaiveDate>,
}

impl Row {
    fn of(case: &Case, promise: &Promise) -> Row {
        let keeper = promise.keeper(case);
        let made_on = promise.made_on().unwrap_or(promise.promised.due_on);
        let small = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        Row {
            congress_id: case.congress.to_string(),
            case_id: case.id.to_string(),
            number: i32::try_from(promise.number).unwrap_or(i32::MAX),
            department_id: keeper.map(|it| it.id.to_string()),
            department_name: keeper.map(|it| it.name.clone()),
            lead_id: case.lead.id.to_string(),
            session_id: case.session.as_ref().map(SessionId::to_string),
            made_on: made_on.date(),
            original_due_on: promise.promised.due_on.date(),
            due_on: promise.due().date(),
            status: promise.status().to_string(),
            moves: small(promise.moves()),
            holders: small(promise.holders.len()),
            change_pending: promise.pending().is_some(),
            judgement_awaited: promise.awaits_judgement(),
            touched_on: promise.touched_on().unwrap_or(made_on).date(),
            over_on: promise.over_on().map(Day::date),
        }
    }

    pub fn case(&self) -> Result<CaseId, StoreError> {
        self.case_id.parse().map_err(|e| StoreError::corrupt("promises", &self.case_id, e))
    }
}

/// What the ledger holds of a case: its promises that no correction replaced, in their order.
pub fn rows(case: &Case) -> Vec<Row> {
    case.commitments.iter().filter(|it| !it.replaced).map(|it| Row::of(case, it)).collect()
}

/// Brings the ledger from what held before to what holds now.
pub fn replace(db: &mut Db, before: Option<&Case>, after: &Case) -> Result<(), StoreError> {
    let (before, now) = (before.map(rows).unwrap_or_default(), rows(after));
    for gone in before.iter().filter(|it| !now.contains(it)) {
        diesel::delete(promises::table.find((&gone.congress_id, &gone.case_id, gone.number))).execute(db)?;
    }
    for fresh in now.iter().filter(|it| !before.contains(it)) {
        diesel::insert_into(promises::table).values(fresh).execute(db)?;
    }
    Ok(())
}

/// Takes away the whole ledger of a congress. For `rebuild` alone.
pub fn clear(db: &mut Db, congress: &CongressId) -> Result<(), StoreError> {
    diesel::delete(promises::table.filter(promises::congress_id.eq(congress.as_str()))).execute(db)?;
    Ok(())
}

/// What is kept of a case, in the order of numbers.
pub fn of_case(db: &mut Db, congress: &CongressId, case: CaseId) -> Result<Vec<Row>, StoreError> {
    Ok(promises::table
        .filter(promises::congress_id.eq(congress.as_str()))
        .filter(promises::case_id.eq(case.to_string()))
        .order(promises::number.asc())
        .select(Row::as_select())
        .load(db)?)
}

/// How many rows a congress has. For `verify` alone: no request counts rows.
pub fn count(db: &mut Db, congress: &CongressId) -> Result<usize, StoreError> {
    let rows: i64 =
        promises::table.filter(promises::congress_id.eq(congress.as_str())).count().get_result(db)?;
    usize::try_from(rows).map_err(|e| StoreError::corrupt("promises", congress, e))
}

/// Which promises are asked for; all given must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    pub status: Option<PromiseStatus>,
    /// Whether something is still owed.
    pub owed: Option<bool>,
    pub department: Option<DepartmentId>,
    /// 领衔代表
    pub lead: Option<DeputyId>,
    pub due_before: Option<Day>,
    pub due_after: Option<Day>,
    pub session: Option<SessionId>,
    pub case: Option<CaseId>,
    /// Only those that wait for the committee's decision on a change.
    pub change_pending: bool,
    /// Only those whose report waits for the deputy's word.
    pub judgement_awaited: bool,
}

/// Where the next page begins: after this promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub due_on: Day,
    pub case: CaseId,
    pub number: u32,
}

/// The next promises by due date, of the cases in the scope; for a department those that it keeps.
pub fn page(
    db: &mut Db,
    scope: &Scope,
    asked: &Asked,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    let (congress, party) = match scope {
        Scope::Nothing => return Ok(Vec::new()),
        Scope::Congress(congress) => (congress, None),
        Scope::Party(congress, party) => (congress, Some(party)),
    };
    let mut query = promises::table
        .filter(promises::congress_id.eq(congress.as_str()))
        .order((promises::due_on.asc(), promises::case_id.asc(), promises::number.asc()))
        .select(Row::as_select())
        .into_boxed();
    match party {
        None => {}
        Some(Party::Department(id)) => query = query.filter(promises::department_id.eq(id.to_string())),
        // The office has a part in most cases: its promises are met on the way along the due dates.
        Some(party @ Party::GovernmentOffice) => {
            let theirs = case_parties::table
                .filter(case_parties::congress_id.eq(promises::congress_id))
                .filter(case_parties::party.eq(party.key()))
                .filter(case_parties::case_id.eq(promises::case_id));
            query = query.filter(exists(theirs));
        }
        // Others have a part in few.
        Some(party) => {
            let theirs = case_parties::table
                .filter(case_parties::congress_id.eq(congress.to_string()))
                .filter(case_parties::party.eq(party.key()))
                .select(case_parties::case_id);
            query = query.filter(promises::case_id.eq_any(theirs));
        }
    }
    // Destructured without `..`, so that a new filter cannot be forgotten here.
    let Asked {
        status,
        owed,
        department,
        lead,
        due_before,
        due_after,
        session,
        case,
        change_pending,
        judgement_awaited,
    } = asked;
    if let Some(status) = status {
        query = query.filter(promises::status.eq(status.id()));
    }
    match owed {
        Some(true) => query = query.filter(promises::over_on.is_null()),
        Some(false) => query = query.filter(promises::over_on.is_not_null()),
        None => {}
    }
    if let Some(department) = department {
        query = query.filter(promises::department_id.eq(department.to_string()));
    }
    if let Some(lead) = lead {
        query = query.filter(promises::lead_id.eq(lead.to_string()));
    }
    if let Some(day) = due_before {
        query = query.filter(promises::due_on.lt(day.date()));
    }
    if let Some(day) = due_after {
        query = query.filter(promises::due_on.gt(day.date()));
    }
    if let Some(session) = session {
        query = query.filter(promises::session_id.eq(session.to_string()));
    }
    if let Some(case) = case {
        query = query.filter(promises::case_id.eq(case.to_string()));
    }
    // The partial indexes are chosen by these very words.
    if *change_pending {
        query = query.filter(sql::<Bool>("promises.change_pending"));
    }
    if *judgement_awaited {
        query = query.filter(sql::<Bool>("promises.judgement_awaited"));
    }
    if let Some(Cursor { due_on, case, number }) = after {
        let (day, case) = (due_on.date(), case.to_string());
        let number = i32::try_from(*number).unwrap_or(i32::MAX);
        let same_case = promises::case_id.eq(case.clone()).and(promises::number.gt(number));
        let same_day = promises::due_on.eq(day).and(promises::case_id.gt(case).or(same_case));
        query = query.filter(promises::due_on.ge(day)).filter(promises::due_on.gt(day).or(same_day));
    }
    Ok(query.limit(limit).load(db)?)
}

/// A department's promises that a statement of the days `from` to `to` speaks of: due by its end, or with something
/// that happened to them in it; not those that were over before.
pub fn of_period(
    db: &mut Db,
    congress: &CongressId,
    department: DepartmentId,
    (from, to): (Day, Day),
) -> Result<Vec<Row>, StoreError> {
    let (from, to) = (from.date(), to.date());
    let due = promises::due_on.le(to).or(promises::original_due_on.le(to));
    let happened = promises::touched_on.ge(from).and(promises::touched_on.le(to));
    Ok(promises::table
        .filter(promises::congress_id.eq(congress.as_str()))
        .filter(promises::department_id.eq(department.to_string()))
        .filter(promises::over_on.is_null().or(promises::over_on.ge(from)))
        .filter(promises::made_on.le(to))
        .filter(due.or(happened))
        .order((promises::due_on.asc(), promises::case_id.asc(), promises::number.asc()))
        .select(Row::as_select())
        .load(db)?)
}
