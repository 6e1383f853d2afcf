//! The ledger's second book: what administrators did, who signed in, who read what is confidential. Append-only like
//! the events of cases; the stored bytes are the evidence.
//!
//! Who acted, from where, and what a body says of a person under one of `PERSONAL` are committed to, as in the ledger
//! (`personal_texts.rs`): an erasure takes the person away and leaves the act. A body names persons nowhere else.

use super::{
    Db, StoreError,
    personal_texts::{self, Commitments, ERASED, Owner, committed},
    schema::acts,
};
use crate::domain::{
    actor::Author,
    ids::{CaseId, CongressId, UserId},
};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

pub use crate::evidence::commitment::PERSONAL;

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

impl Act {
    /// Shows every person's text, with whose it is, and puts what is answered in its place.
    fn persons(&mut self, visit: &mut dyn FnMut(&Owner, &str) -> Option<String>) -> Result<(), StoreError> {
        let corrupt = |reason: String| StoreError::corrupt("acts", &self.id, reason);
        let user = |id: String| Owner { kind: "user", id };
        let nobody = Owner { kind: "act", id: self.id.clone() };
        let mut by = None;
        if let Some(author) = &mut self.author {
            let mut read: Author = serde_json::from_str(author).map_err(|e| corrupt(e.to_string()))?;
            if !read.user.0.is_nil() {
                let owner = user(read.user.to_string());
                if let Some(other) = visit(&owner, &read.name) {
                    read.name = other;
                    *author = serde_json::to_string(&read).map_err(|e| corrupt(e.to_string()))?;
                }
                by = Some(owner);
            }
        }
        let about = self.user_id.clone().map(user);
        // He acted from there; what the body says is said about the other, if there is one.
        if let Some(address) = &mut self.address
            && let Some(other) = visit(by.as_ref().or(about.as_ref()).unwrap_or(&nobody), address)
        {
            *address = other;
        }
        let mut body: Value = serde_json::from_str(&self.body).map_err(|e| corrupt(e.to_string()))?;
        let owner = about.or(by).unwrap_or(nobody);
        let mut changed = false;
        for (key, value) in body.as_object_mut().into_iter().flatten() {
            if let Value::String(text) = value
                && PERSONAL.contains(&key.as_str())
                && let Some(other) = visit(&owner, text)
            {
                *text = other;
                changed = true;
            }
        }
        if changed {
            self.body = body.to_string();
        }
        Ok(())
    }

    fn congress(&self) -> String {
        self.congress_id.clone().unwrap_or_default()
    }
}

pub fn append(db: &mut Db, act: &Act) -> Result<(), StoreError> {
    let mut stored = act.clone();
    let mut said = Vec::new();
    stored.persons(&mut |owner, text| {
        said.push((owner.clone(), text.to_owned()));
        None
    })?;
    let commitments: Commitments = personal_texts::commit(db, &act.congress(), said)?;
    stored.persons(&mut |owner, text| commitments.get(&(owner.clone(), text.to_owned())).cloned())?;
    diesel::insert_into(acts::table).values(&stored).execute(db)?;
    Ok(())
}

/// A commitment in the book whose text is gone or another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    pub act: String,
    pub digest: String,
    /// Salt and text give another digest; otherwise the text is gone.
    pub wrong: bool,
}

/// Puts the texts where the commitments stand: one query for all lines of a congress.
fn tell(db: &mut Db, congress: &str, acts: &mut [Act]) -> Result<Vec<Doubt>, StoreError> {
    let mut digests = BTreeSet::new();
    for act in acts.iter_mut() {
        act.persons(&mut |_, stored| {
            digests.extend(committed(stored).map(str::to_owned));
            None
        })?;
    }
    let texts = personal_texts::texts(db, congress, &digests)?;
    let mut doubts = Vec::new();
    for act in acts.iter_mut() {
        let id = act.id.clone();
        act.persons(&mut |_, stored| {
            let digest = committed(stored)?;
            let text = texts.get(digest);
            if text.is_none_or(|text| !text.is_true()) {
                doubts.push(Doubt { act: id.clone(), digest: digest.to_owned(), wrong: text.is_some() });
            }
            Some(text.map_or(ERASED, |it| it.text.as_str()).to_owned())
        })?;
    }
    Ok(doubts)
}

/// The next lines of the book in their order, of all congresses, and the commitments in them that do not hold. For
/// `verify` and what the command line tells of a person; no request reads the whole book.
pub fn page(db: &mut Db, after: &str, limit: i64) -> Result<(Vec<Act>, Vec<Doubt>), StoreError> {
    let rows: Vec<Act> = acts::table
        .filter(acts::id.gt(after))
        .order(acts::id.asc())
        .limit(limit)
        .select(Act::as_select())
        .load(db)?;
    let (mut told, mut doubts) = (Vec::new(), Vec::new());
    let mut rows = rows.into_iter().peekable();
    while let Some(first) = rows.next() {
        let congress = first.congress();
        let mut group = vec![first];
        while let Some(next) = rows.next_if(|next| next.congress() == congress) {
            group.push(next);
        }
        doubts.extend(tell(db, &congress, &mut group)?);
        told.append(&mut group);
    }
    Ok((told, doubts))
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
    let mut acts: Vec<Act> =
        query.order(acts::id.desc()).limit(asked.limit).select(Act::as_select()).load(db)?;
    let congress = asked.congress.as_ref().map(ToString::to_string).unwrap_or_default();
    tell(db, &congress, &mut acts)?;
    Ok(acts)
}
