//! The ledger: events as they were written, append-only. The stored bytes are the evidence; nobody re-serialises them.
//!
//! They hold no person's name, but a commitment to it (`personal_texts.rs`): put in when an event is written, and taken
//! for the text when it is read, so that nothing above knows of it.

use super::{
    Db, StoreError,
    personal_texts::{self, ERASED, Owner, PersonalText, committed},
    schema::events,
};
use crate::domain::{
    actor::Author,
    case::{Event, Recorded, persons::Subject},
    day::Day,
    ids::{CaseId, CongressId},
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

#[derive(Insertable)]
#[diesel(table_name = events)]
struct NewRow<'a> {
    congress_id: &'a str,
    case_id: String,
    version: i64,
    kind: &'a str,
    occurred_on: NaiveDate,
    recorded_at: NaiveDateTime,
    author: String,
    request_id: &'a str,
    body: String,
}

type Row = (String, i64, NaiveDate, NaiveDateTime, String, String);

/// Writes the next events of a case. A version that is taken already is a `Conflict`.
pub fn append(
    db: &mut Db,
    congress: &CongressId,
    case: CaseId,
    recorded: &[Recorded],
    request_id: &str,
) -> Result<(), StoreError> {
    let mut stored = recorded.to_vec();
    commit(db, congress, case, &mut stored)?;
    for it in &stored {
        let row = NewRow {
            congress_id: congress.as_str(),
            case_id: case.to_string(),
            version: it.version,
            kind: it.event.kind(),
            occurred_on: it.occurred_on.date(),
            recorded_at: it.recorded_at.naive_utc(),
            author: json(&it.author)?,
            request_id,
            body: json(&it.event)?,
        };
        diesel::insert_into(events::table).values(&row).execute(db)?;
    }
    Ok(())
}

/// Puts commitments where persons are named.
fn commit(
    db: &mut Db,
    congress: &CongressId,
    case: CaseId,
    events: &mut [Recorded],
) -> Result<(), StoreError> {
    let mut said = Vec::new();
    each_person(events, &mut |subject, text| {
        said.push((owner(subject, case), text.to_owned()));
        None
    })?;
    let commitments = personal_texts::commit(db, congress.as_str(), said)?;
    each_person(events, &mut |subject, text| {
        commitments.get(&(owner(subject, case), text.to_owned())).cloned()
    })
}

fn owner(subject: &Subject, case: CaseId) -> Owner {
    match subject {
        Subject::User(id) => Owner { kind: "user", id: id.to_string() },
        Subject::Deputy(id) => Owner { kind: "deputy", id: id.to_string() },
        Subject::Named => Owner { kind: "case", id: case.to_string() },
    }
}

fn each_person(
    events: &mut [Recorded],
    visit: &mut dyn FnMut(&Subject, &str) -> Option<String>,
) -> Result<(), StoreError> {
    events.iter_mut().try_for_each(|it| {
        it.persons(visit)
            .map_err(|reason| StoreError::corrupt("events", format!("version {}", it.version), reason))
    })
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::corrupt("events", "new", e))
}

/// A case's history after a version, oldest first, at most `limit` events.
pub fn history(
    db: &mut Db,
    congress: &CongressId,
    case: CaseId,
    after: i64,
    limit: i64,
) -> Result<Vec<Recorded>, StoreError> {
    let mut events = stored(db, congress, case, after, limit)?;
    let texts = texts_of(db, congress, &mut events)?;
    tell(&mut events, &texts)?;
    Ok(events)
}

/// A commitment that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    pub version: i64,
    pub digest: String,
    /// Salt and text give another digest; otherwise the text is gone.
    pub wrong: bool,
}

/// A whole history, and the commitments in it whose text is gone or another one.
pub fn examined(
    db: &mut Db,
    congress: &CongressId,
    case: CaseId,
) -> Result<(Vec<Recorded>, Vec<Doubt>), StoreError> {
    let mut events = stored(db, congress, case, 0, i64::MAX)?;
    let texts = texts_of(db, congress, &mut events)?;
    let mut doubts: Vec<Doubt> = Vec::new();
    for it in &mut events {
        let version = it.version;
        each_person(std::slice::from_mut(it), &mut |_, stored| {
            let digest = committed(stored)?;
            let text = texts.get(digest);
            if text.is_none_or(|text| !text.is_true()) {
                doubts.push(Doubt { version, digest: digest.to_owned(), wrong: text.is_some() });
            }
            None
        })?;
    }
    tell(&mut events, &texts)?;
    Ok((events, doubts))
}

fn texts_of(
    db: &mut Db,
    congress: &CongressId,
    events: &mut [Recorded],
) -> Result<HashMap<String, PersonalText>, StoreError> {
    let mut digests = BTreeSet::new();
    each_person(events, &mut |_, stored| {
        digests.extend(committed(stored).map(str::to_owned));
        None
    })?;
    personal_texts::texts(db, congress.as_str(), &digests)
}

/// Puts the texts where the commitments stand. What is in the clear, as in the first events, stays as it is.
fn tell(events: &mut [Recorded], texts: &HashMap<String, PersonalText>) -> Result<(), StoreError> {
    each_person(events, &mut |_, stored| {
        let text = texts.get(committed(stored)?).map_or(ERASED, |it| it.text.as_str());
        Some(text.to_owned())
    })
}

/// Events as they are stored, with commitments in place of names.
fn stored(
    db: &mut Db,
    congress: &CongressId,
    case: CaseId,
    after: i64,
    limit: i64,
) -> Result<Vec<Recorded>, StoreError> {
    let rows: Vec<Row> = events::table
        .filter(events::congress_id.eq(congress.as_str()))
        .filter(events::case_id.eq(case.to_string()))
        .filter(events::version.gt(after))
        .order(events::version.asc())
        .limit(limit)
        .select((
            events::case_id,
            events::version,
            events::occurred_on,
            events::recorded_at,
            events::author,
            events::body,
        ))
        .load(db)?;
    rows.into_iter().map(recorded).collect()
}

fn recorded((case, version, occurred_on, recorded_at, author, body): Row) -> Result<Recorded, StoreError> {
    let corrupt = |reason: String| StoreError::corrupt("events", format!("{case} version {version}"), reason);
    let author: Author = serde_json::from_str(&author).map_err(|e| corrupt(e.to_string()))?;
    let event: Event = serde_json::from_str(&body).map_err(|e| corrupt(e.to_string()))?;
    let occurred_on = Day::new(occurred_on).ok_or_else(|| corrupt("a day past the calendar".to_owned()))?;
    Ok(Recorded { version, occurred_on, recorded_at: recorded_at.and_utc(), author, event })
}

/// The ids of the cases that the ledger knows in a congress, in order, after one of them.
pub fn case_ids(
    db: &mut Db,
    congress: &CongressId,
    after: Option<CaseId>,
    limit: i64,
) -> Result<Vec<CaseId>, StoreError> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let ids: Vec<String> = events::table
        .filter(events::congress_id.eq(congress.as_str()))
        .filter(events::version.eq(1))
        .filter(events::case_id.gt(after))
        .order(events::case_id.asc())
        .limit(limit)
        .select(events::case_id)
        .load(db)?;
    ids.iter().map(|id| id.parse().map_err(|e| StoreError::corrupt("events", id, e))).collect()
}
