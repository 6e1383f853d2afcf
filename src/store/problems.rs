//! Problem lists 问题清单: lists as they were assigned, the history of their items, and each item's fold.

use super::{
    Db, StoreError,
    schema::{problem_events, problem_items, problem_lists},
};
use crate::domain::{
    case::PolicyRef,
    day::Day,
    ids::{CongressId, DepartmentId, ProblemListId, UserId},
    problem::{Item, ItemRecorded, ProblemList},
    text::Text,
    words::{Channel, ItemStanding},
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

#[derive(Clone, Debug, Insertable, Queryable, Selectable)]
#[diesel(table_name = problem_lists)]
struct ListRow {
    congress_id: String,
    id: String,
    title: String,
    source: String,
    policy_id: String,
    policy_version: i32,
    assigned_on: NaiveDate,
    items: i32,
}

impl ListRow {
    fn read(self) -> Result<ProblemList, StoreError> {
        let corrupt = |e: String| StoreError::corrupt("problem_lists", &self.id, e);
        Ok(ProblemList {
            id: self.id.parse().map_err(|e: uuid::Error| corrupt(e.to_string()))?,
            congress: self.congress_id.parse().map_err(|e: &str| corrupt(e.to_owned()))?,
            title: Text::parse(&self.title).map_err(corrupt)?,
            source: Text::parse(&self.source).map_err(corrupt)?,
            policy: PolicyRef { id: self.policy_id.clone(), version: self.policy_version.unsigned_abs() },
            assigned_on: Day::new(self.assigned_on)
                .ok_or_else(|| corrupt("a day past the calendar".into()))?,
            items: self.items.unsigned_abs(),
        })
    }
}

fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

pub fn insert(db: &mut Db, it: &ProblemList) -> Result<(), StoreError> {
    let row = ListRow {
        congress_id: it.congress.to_string(),
        id: it.id.to_string(),
        title: it.title.to_string(),
        source: it.source.to_string(),
        policy_id: it.policy.id.clone(),
        policy_version: signed(it.policy.version),
        assigned_on: it.assigned_on.date(),
        items: signed(it.items),
    };
    diesel::insert_into(problem_lists::table).values(&row).execute(db)?;
    Ok(())
}

pub fn find(
    db: &mut Db,
    congress: &CongressId,
    id: ProblemListId,
) -> Result<Option<ProblemList>, StoreError> {
    let row: Option<ListRow> = problem_lists::table
        .find((congress.as_str(), id.to_string()))
        .select(ListRow::as_select())
        .first(db)
        .optional()?;
    row.map(ListRow::read).transpose()
}

/// The next lists of a congress, newest first.
pub fn page(
    db: &mut Db,
    congress: &CongressId,
    before: Option<ProblemListId>,
    limit: i64,
) -> Result<Vec<ProblemList>, StoreError> {
    let mut rows = problem_lists::table
        .filter(problem_lists::congress_id.eq(congress.as_str()))
        .order(problem_lists::id.desc())
        .limit(limit)
        .select(ListRow::as_select())
        .into_boxed();
    if let Some(before) = before {
        rows = rows.filter(problem_lists::id.lt(before.to_string()));
    }
    rows.load(db)?.into_iter().map(ListRow::read).collect()
}

#[derive(Clone, Debug, Insertable, Queryable, Selectable)]
#[diesel(table_name = problem_events)]
struct EventRow {
    congress_id: String,
    list_id: String,
    item: i32,
    version: i64,
    occurred_on: NaiveDate,
    recorded_at: NaiveDateTime,
    user_id: String,
    role: String,
    body: String,
}

impl EventRow {
    fn read(self) -> Result<ItemRecorded, StoreError> {
        let corrupt = |e: String| StoreError::corrupt("problem_events", &self.list_id, e);
        Ok(ItemRecorded {
            version: self.version,
            on: Day::new(self.occurred_on).ok_or_else(|| corrupt("a day past the calendar".into()))?,
            at: self.recorded_at.and_utc(),
            user: self.user_id.parse::<UserId>().map_err(|e| corrupt(e.to_string()))?,
            role: self.role.clone(),
            event: serde_json::from_str(&self.body).map_err(|e| corrupt(e.to_string()))?,
        })
    }
}

/// Appends to an item's history; `Conflict` if another act was faster.
pub fn append(
    db: &mut Db,
    congress: &CongressId,
    list: ProblemListId,
    item: u32,
    recorded: &[ItemRecorded],
) -> Result<(), StoreError> {
    for it in recorded {
        let row = EventRow {
            congress_id: congress.to_string(),
            list_id: list.to_string(),
            item: signed(item),
            version: it.version,
            occurred_on: it.on.date(),
            recorded_at: it.at.naive_utc(),
            user_id: it.user.to_string(),
            role: it.role.clone(),
            body: serde_json::to_string(&it.event)
                .map_err(|e| StoreError::corrupt("problem_events", list, e))?,
        };
        diesel::insert_into(problem_events::table).values(&row).execute(db)?;
    }
    Ok(())
}

pub fn history(
    db: &mut Db,
    congress: &CongressId,
    list: ProblemListId,
    item: u32,
) -> Result<Vec<ItemRecorded>, StoreError> {
    let rows: Vec<EventRow> = problem_events::table
        .filter(problem_events::congress_id.eq(congress.as_str()))
        .filter(problem_events::list_id.eq(list.to_string()))
        .filter(problem_events::item.eq(signed(item)))
        .order(problem_events::version.asc())
        .select(EventRow::as_select())
        .load(db)?;
    rows.into_iter().map(EventRow::read).collect()
}

/// An item's fold, and the columns that lists filter and sort by.
#[derive(Clone, Debug, PartialEq, Eq, Insertable, AsChangeset, Queryable, Selectable)]
#[diesel(table_name = problem_items)]
pub struct Row {
    pub congress_id: String,
    pub list_id: String,
    pub item: i32,
    pub version: i64,
    pub department_id: String,
    pub channel: String,
    pub standing: String,
    pub due_on: NaiveDate,
    pub state: String,
}

impl Row {
    pub fn of(congress: &CongressId, list: ProblemListId, item: &Item) -> Result<Row, StoreError> {
        Ok(Row {
            congress_id: congress.to_string(),
            list_id: list.to_string(),
            item: signed(item.number),
            version: item.version,
            department_id: item.department.id.to_string(),
            channel: item.department.channel.to_string(),
            standing: item.standing().id().to_owned(),
            due_on: item.due_on.date(),
            state: serde_json::to_string(item).map_err(|e| StoreError::corrupt("problem_items", list, e))?,
        })
    }

    pub fn list(&self) -> Result<ProblemListId, StoreError> {
        self.list_id.parse().map_err(|e| StoreError::corrupt("problem_items", &self.list_id, e))
    }

    pub fn read(&self) -> Result<Item, StoreError> {
        serde_json::from_str(&self.state).map_err(|e| StoreError::corrupt("problem_items", &self.list_id, e))
    }
}

pub fn row(
    db: &mut Db,
    congress: &CongressId,
    list: ProblemListId,
    item: u32,
) -> Result<Option<Row>, StoreError> {
    Ok(problem_items::table
        .find((congress.as_str(), list.to_string(), signed(item)))
        .select(Row::as_select())
        .first(db)
        .optional()?)
}

/// Writes an item's fold; over the version that it follows, if it is not its first.
pub fn put(db: &mut Db, row: &Row, before: Option<i64>) -> Result<(), StoreError> {
    let Some(before) = before else {
        diesel::insert_into(problem_items::table).values(row).execute(db)?;
        return Ok(());
    };
    let place = (&row.congress_id, &row.list_id, row.item);
    let stood = problem_items::table.find(place).filter(problem_items::version.eq(before));
    let changed = diesel::update(stood).set(row).execute(db)?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Which items are asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    pub list: Option<ProblemListId>,
    pub standing: Option<ItemStanding>,
    pub department: Option<DepartmentId>,
    pub channel: Option<Channel>,
}

/// Where the next page begins: after this item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub due_on: Day,
    pub list: ProblemListId,
    pub item: u32,
}

/// The next items, the earliest day first. Read off the index of the narrowest filter, in its order.
pub fn items(
    db: &mut Db,
    congress: &CongressId,
    asked: &Asked,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    use problem_items::{due_on, item, list_id};
    let mut rows = problem_items::table
        .filter(problem_items::congress_id.eq(congress.as_str()))
        .order((due_on.asc(), list_id.asc(), item.asc()))
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(list) = asked.list {
        rows = rows.filter(list_id.eq(list.to_string()));
    }
    if let Some(standing) = asked.standing {
        rows = rows.filter(problem_items::standing.eq(standing.id()));
    }
    if let Some(department) = asked.department {
        rows = rows.filter(problem_items::department_id.eq(department.to_string()));
    }
    if let Some(channel) = asked.channel {
        rows = rows.filter(problem_items::channel.eq(channel.id()));
    }
    if let Some(last) = after {
        let (day, list) = (last.due_on.date(), last.list.to_string());
        let same_list = list_id.eq(list.clone()).and(item.gt(signed(last.item)));
        let same_day = due_on.eq(day).and(list_id.gt(list).or(same_list));
        rows = rows.filter(due_on.ge(day)).filter(due_on.gt(day).or(same_day));
    }
    Ok(rows.load(db)?)
}

/// Every item of a congress after a place, in the order of lists and numbers: for walks.
pub fn walk(
    db: &mut Db,
    congress: &CongressId,
    after: Option<&Row>,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    use problem_items::{item, list_id};
    let mut rows = problem_items::table
        .filter(problem_items::congress_id.eq(congress.as_str()))
        .order((list_id.asc(), item.asc()))
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(last) = after {
        let same_list = list_id.eq(&last.list_id).and(item.gt(last.item));
        rows = rows.filter(list_id.ge(&last.list_id)).filter(list_id.gt(&last.list_id).or(same_list));
    }
    Ok(rows.load(db)?)
}

/// Takes away every item's fold of a congress. For `rebuild` alone.
pub fn clear(db: &mut Db, congress: &CongressId) -> Result<(), StoreError> {
    diesel::delete(problem_items::table.filter(problem_items::congress_id.eq(congress.as_str())))
        .execute(db)?;
    Ok(())
}
