//! Notices 三单 as they are listed: one row for each, derived from the events of its case or problem list.

use super::{Db, StoreError, schema::notices};
use crate::domain::{
    case::{Case, NoticeIssue},
    day::Day,
    ids::{CaseId, CongressId, DepartmentId},
    words::{Channel, NoticeStanding, Rung},
};
use chrono::NaiveDate;
use diesel::prelude::*;

/// A line of the list. Without a department its id and channel are empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Insertable, AsChangeset, Queryable, Selectable)]
#[diesel(table_name = notices, treat_none_as_null = true)]
pub struct Row {
    pub congress_id: String,
    /// The case or the problem list.
    pub subject_id: String,
    /// Of a problem list, from 1; 0 of a case.
    pub item: i32,
    pub number: i32,
    pub document: String,
    pub rung: String,
    pub standing: String,
    pub department_id: String,
    pub channel: String,
    pub issued_on: NaiveDate,
    pub answer_by: Option<NaiveDate>,
}

impl Row {
    pub fn of(
        (congress, subject, item): (&CongressId, &str, u32),
        number: u32,
        issue: &NoticeIssue,
        standing: NoticeStanding,
        issued_on: Day,
    ) -> Row {
        let department = issue.to.department();
        Row {
            congress_id: congress.to_string(),
            subject_id: subject.to_owned(),
            item: i32::try_from(item).unwrap_or(i32::MAX),
            number: i32::try_from(number).unwrap_or(i32::MAX),
            document: issue.document.text.to_string(),
            rung: issue.rung.id().to_owned(),
            standing: standing.id().to_owned(),
            department_id: department.map(|it| it.id.to_string()).unwrap_or_default(),
            channel: department.map(|it| it.channel.to_string()).unwrap_or_default(),
            issued_on: issued_on.date(),
            answer_by: issue.answer_by.map(Day::date),
        }
    }

    /// The rows of a case's notices.
    pub fn of_case(case: &Case) -> Vec<Row> {
        let place = case.id.to_string();
        let row = |it: &crate::domain::case::Notice| {
            let at = (&case.congress, place.as_str(), 0);
            Row::of(at, it.number, &it.issue, it.standing(case), it.issued_on)
        };
        case.notices.iter().map(row).collect()
    }

    pub fn subject<T: std::str::FromStr<Err = uuid::Error>>(&self) -> Result<T, StoreError> {
        self.subject_id.parse().map_err(|e| StoreError::corrupt("notices", &self.subject_id, e))
    }

    pub fn cursor(&self) -> Result<Cursor, StoreError> {
        let corrupt = || StoreError::corrupt("notices", &self.subject_id, "a day past the calendar");
        Ok(Cursor {
            day: Day::new(self.issued_on).ok_or_else(corrupt)?,
            subject: self.subject()?,
            item: self.item,
            number: self.number,
        })
    }
}

/// Brings a subject's rows from what held before to what holds now.
pub fn set(db: &mut Db, before: &[Row], now: &[Row]) -> Result<(), StoreError> {
    for row in now {
        let old = before.iter().find(|it| (it.item, it.number) == (row.item, row.number));
        match old {
            Some(old) if old == row => {}
            Some(_) => {
                let place = (&row.congress_id, &row.subject_id, row.item, row.number);
                diesel::update(notices::table.find(place)).set(row).execute(db)?;
            }
            None => {
                diesel::insert_into(notices::table).values(row).execute(db)?;
            }
        }
    }
    Ok(())
}

/// What is kept of a case or a problem list, in the order of its numbers.
pub fn of_subject(db: &mut Db, congress: &CongressId, subject: &str) -> Result<Vec<Row>, StoreError> {
    Ok(notices::table
        .filter(notices::congress_id.eq(congress.as_str()))
        .filter(notices::subject_id.eq(subject))
        .order((notices::item.asc(), notices::number.asc()))
        .select(Row::as_select())
        .load(db)?)
}

/// Takes away every row of a congress. For `rebuild` alone.
pub fn clear(db: &mut Db, congress: &CongressId) -> Result<(), StoreError> {
    diesel::delete(notices::table.filter(notices::congress_id.eq(congress.as_str()))).execute(db)?;
    Ok(())
}

/// How many rows a congress has. For `verify` alone.
pub fn count(db: &mut Db, congress: &CongressId) -> Result<i64, StoreError> {
    Ok(notices::table.filter(notices::congress_id.eq(congress.as_str())).count().get_result(db)?)
}

/// Which notices are asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    pub standing: Option<NoticeStanding>,
    pub rung: Option<Rung>,
    pub department: Option<DepartmentId>,
    pub channel: Option<Channel>,
    pub case: Option<CaseId>,
}

/// Where the next page begins: after this notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub day: Day,
    pub subject: uuid::Uuid,
    pub item: i32,
    pub number: i32,
}

/// The next notices, latest first. Read off the index of the narrowest filter, in its order.
pub fn page(
    db: &mut Db,
    congress: &CongressId,
    asked: &Asked,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    use notices::{issued_on, item, number, subject_id};
    let mut rows = notices::table
        .filter(notices::congress_id.eq(congress.as_str()))
        .order((issued_on.desc(), subject_id.desc(), item.desc(), number.desc()))
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(standing) = asked.standing {
        rows = rows.filter(notices::standing.eq(standing.id()));
    }
    if let Some(rung) = asked.rung {
        rows = rows.filter(notices::rung.eq(rung.id()));
    }
    if let Some(department) = asked.department {
        rows = rows.filter(notices::department_id.eq(department.to_string()));
    }
    if let Some(channel) = asked.channel {
        rows = rows.filter(notices::channel.eq(channel.id()));
    }
    if let Some(case) = asked.case {
        rows = rows.filter(subject_id.eq(case.to_string()));
    }
    if let Some(last) = after {
        let (day, subject) = (last.day.date(), last.subject.as_hyphenated().to_string());
        let same_item = item.eq(last.item).and(number.lt(last.number));
        let same_subject = subject_id.eq(subject.clone()).and(item.lt(last.item).or(same_item));
        let same_day = issued_on.eq(day).and(subject_id.lt(subject).or(same_subject));
        rows = rows.filter(issued_on.le(day)).filter(issued_on.lt(day).or(same_day));
    }
    Ok(rows.load(db)?)
}

/// A department's notices that wait for its answer, the earliest day first; those without a day come last. For
/// worklists.
pub fn to_answer(
    db: &mut Db,
    congress: &CongressId,
    department: DepartmentId,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    let waiting = || {
        notices::table
            .filter(notices::congress_id.eq(congress.as_str()))
            .filter(notices::department_id.eq(department.to_string()))
            .filter(notices::standing.eq(NoticeStanding::Open.id()))
            .select(Row::as_select())
    };
    // PostgreSQL and SQLite disagree about where what has no day belongs.
    let dated = waiting().filter(notices::answer_by.is_not_null()).order(notices::answer_by.asc());
    let mut rows: Vec<Row> = dated.limit(limit).load(db)?;
    let left = limit - i64::try_from(rows.len()).unwrap_or(limit);
    rows.extend(waiting().filter(notices::answer_by.is_null()).limit(left).load::<Row>(db)?);
    Ok(rows)
}

/// Answers that wait for the issuer's word, the oldest notice first. For worklists.
pub fn to_decide(db: &mut Db, congress: &CongressId, limit: i64) -> Result<Vec<Row>, StoreError> {
    Ok(notices::table
        .filter(notices::congress_id.eq(congress.as_str()))
        .filter(notices::standing.eq(NoticeStanding::Answered.id()))
        .order((
            notices::issued_on.asc(),
            notices::subject_id.asc(),
            notices::item.asc(),
            notices::number.asc(),
        ))
        .limit(limit)
        .select(Row::as_select())
        .load(db)?)
}
