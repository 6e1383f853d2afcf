//! The ledger's second book: what administrators did, who signed in, who read what is confidential. Append-only like
//! the events of cases; the stored bytes are the evidence.

use super::{Db, StoreError, schema::acts};
use crate::domain::ids::{CaseId, CongressId, UserId};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A line of the book.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = acts)]
pub struct Act {
    /// UUIDv7: sorts by time.
    pub id: String,
    pub congress_id: Option<String>,
    pub recorded_at: NaiveDateTime,
    pub kind: String,
    /// JSON, as the events of cases have it; none for who is not known.
    pub author: Option<String>,
    /// Whom it is about.
    pub user_id: Option<String>,
    /// Which case it is about.
    pub case_id: Option<String>,
    pub request_id: String,
    pub address: Option<String>,
    /// JSON, by kind.
    pub body: String,
}

/// Which lines are asked for, newest first.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub congress: Option<CongressId>,
    pub case: Option<CaseId>,
    pub kind: Option<String>,
    pub user: Option<UserId>,
    /// Older than this line.
    pub before: Option<String>,
    pub limit: i64,
}

pub fn append(db: &mut Db, act: &Act) -> Result<(), StoreError> {
    diesel::insert_into(acts::table).values(act).execute(db)?;
    Ok(())
}

pub fn list(db: &mut Db, asked: &Asked) -> Result<Vec<Act>, StoreError> {
    let mut query = acts::table.into_boxed();
    query = match &asked.congress {
        Some(congress) => query.filter(acts::congress_id.eq(congress.to_string())),
        None => query.filter(acts::congress_id.is_null()),
    };
    if let Some(case) = asked.case {
        query = query.filter(acts::case_id.eq(case.to_string()));
    }
    if let Some(kind) = &asked.kind {
        query = query.filter(acts::kind.eq(kind.clone()));
    }
    if let Some(user) = asked.user {
        query = query.filter(acts::user_id.eq(user.to_string()));
    }
    if let Some(before) = &asked.before {
        query = query.filter(acts::id.lt(before.clone()));
    }
    Ok(query.order(acts::id.desc()).limit(asked.limit).select(Act::as_select()).load(db)?)
}
