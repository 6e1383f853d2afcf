//! Signals as they are kept: derived from each case's history in the transaction of the event, compared by `verify`.

use super::{Db, StoreError, schema::signals};
use crate::domain::{
    day::Day,
    ids::{CaseId, CongressId, DepartmentId},
    signals::{Kind, LAST_DAYS, Signal, Told},
};
use chrono::{Days, NaiveDate};
use diesel::prelude::*;

/// A signal in the list. Without a department, its id and name are empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Insertable, Queryable, Selectable)]
#[diesel(table_name = signals)]
pub struct Row {
    pub congress_id: String,
    pub case_id: String,
    pub version: i64,
    pub kind: String,
    pub day: NaiveDate,
    pub department_id: String,
    pub department_name: String,
    /// The facts as JSON.
    pub facts: String,
}

impl Row {
    pub fn of(congress: &CongressId, case: CaseId, signal: &Signal) -> Result<Row, StoreError> {
        let facts =
            serde_json::to_string(&signal.told).map_err(|e| StoreError::corrupt("signals", case, e))?;
        let department = signal.department.as_ref();
        let (id, name) = department.map(|it| (it.id.to_string(), it.name.clone())).unwrap_or_default();
        Ok(Row {
            congress_id: congress.to_string(),
            case_id: case.to_string(),
            version: signal.version,
            kind: signal.told.kind().id().to_owned(),
            day: signal.on.date(),
            department_id: id,
            department_name: name,
            facts,
        })
    }

    pub fn case(&self) -> Result<CaseId, StoreError> {
        self.case_id.parse().map_err(|e| self.corrupt(e))
    }

    pub fn told(&self) -> Result<Told, StoreError> {
        serde_json::from_str(&self.facts).map_err(|e| self.corrupt(e))
    }

    pub fn day(&self) -> Result<Day, StoreError> {
        Day::new(self.day).ok_or_else(|| self.corrupt("a day past the calendar"))
    }

    pub fn department(&self) -> Result<Option<(DepartmentId, String)>, StoreError> {
        if self.department_id.is_empty() {
            return Ok(None);
        }
        let id = self.department_id.parse().map_err(|e| self.corrupt(e))?;
        Ok(Some((id, self.department_name.clone())))
    }

    fn corrupt(&self, reason: impl ToString) -> StoreError {
        StoreError::corrupt("signals", &self.case_id, reason.to_string())
    }
}

pub fn insert(db: &mut Db, rows: &[Row]) -> Result<(), StoreError> {
    for row in rows {
        diesel::insert_into(signals::table).values(row).execute(db)?;
    }
    Ok(())
}

/// Takes away what was told of one kind at one event.
pub fn delete(
    db: &mut Db,
    congress: &CongressId,
    case: CaseId,
    version: i64,
    kind: Kind,
) -> Result<(), StoreError> {
    diesel::delete(
        signals::table
            .filter(signals::congress_id.eq(congress.as_str()))
            .filter(signals::case_id.eq(case.to_string()))
            .filter(signals::version.eq(version))
            .filter(signals::kind.eq(kind.id())),
    )
    .execute(db)?;
    Ok(())
}

/// Takes away every signal of a congress's cases. For `rebuild` alone.
pub fn clear(db: &mut Db, congress: &CongressId) -> Result<(), StoreError> {
    diesel::delete(signals::table.filter(signals::congress_id.eq(congress.as_str()))).execute(db)?;
    Ok(())
}

/// What is kept of a case, sorted.
pub fn of_case(db: &mut Db, congress: &CongressId, case: CaseId) -> Result<Vec<Row>, StoreError> {
    let mut rows: Vec<Row> = signals::table
        .filter(signals::congress_id.eq(congress.as_str()))
        .filter(signals::case_id.eq(case.to_string()))
        .select(Row::as_select())
        .load(db)?;
    rows.sort();
    Ok(rows)
}

/// Which signals are asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub kind: Option<Kind>,
    pub from: Option<Day>,
    /// The period's last day.
    pub to: Day,
    pub department: Option<DepartmentId>,
}

/// Where the next page begins: after this signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub day: Day,
    pub case: CaseId,
    pub version: i64,
    pub kind: Kind,
}

/// The next signals, latest first. Read off the index of the narrowest filter, in its order.
pub fn page(
    db: &mut Db,
    congress: &CongressId,
    asked: &Asked,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    let order = (signals::day.desc(), signals::case_id.desc(), signals::version.desc(), signals::kind.desc());
    let last_days = asked.to.date().checked_sub_days(Days::new(u64::from(LAST_DAYS) - 1)).unwrap_or_default();
    let mut query = signals::table
        .filter(signals::congress_id.eq(congress.as_str()))
        .filter(signals::day.le(asked.to.date()))
        .order(order)
        .select(Row::as_select())
        .into_boxed();
    let mut from = asked.from.map(Day::date);
    match asked.kind {
        Some(kind) => {
            query = query.filter(signals::kind.eq(kind.id()));
            if kind == Kind::ClassRaised {
                from = from.max(Some(last_days));
            }
        }
        None => {
            query = query.filter(signals::kind.ne(Kind::ClassRaised.id()).or(signals::day.ge(last_days)));
        }
    }
    if let Some(from) = from {
        query = query.filter(signals::day.ge(from));
    }
    if let Some(department) = asked.department {
        query = query.filter(signals::department_id.eq(department.to_string()));
    }
    if let Some(Cursor { day, case, version, kind }) = after {
        let (day, case) = (day.date(), case.to_string());
        let same_case = signals::case_id.eq(case.clone()).and(
            signals::version.lt(*version).or(signals::version.eq(*version).and(signals::kind.lt(kind.id()))),
        );
        let same_day = signals::day.eq(day).and(signals::case_id.lt(case).or(same_case));
        query = query.filter(signals::day.le(day)).filter(signals::day.lt(day).or(same_day));
    }
    Ok(query.limit(limit).load(db)?)
}
