//! The ledger of matters beside the cases: opinions, recommendations. Append-only like the events of cases, and without a
//! person's name in its bytes for the same reason (`personal_texts.rs`).
//!
//! Each row's digest goes into an act of the second book, which the evidence log covers.

use super::{
    Db, StoreError,
    personal_texts::{self, ERASED, Owner, PersonalText, committed},
    schema::matter_events,
};
use crate::{
    domain::{
        actor::Author,
        case::persons::Subject,
        day::Day,
        ids::CongressId,
        station::{MatterEvent, Moved},
    },
    files::Digest,
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = matter_events)]
struct Row {
    congress_id: String,
    matter: String,
    id: String,
    version: i64,
    kind: String,
    occurred_on: NaiveDate,
    recorded_at: NaiveDateTime,
    author: String,
    request_id: String,
    body: String,
}

impl Row {
    /// SHA-256 over the row as it is stored: its fields as a JSON list, the instant in microseconds, which both
    /// databases keep.
    fn digest(&self) -> Result<String, StoreError> {
        let fields = (
            (&self.congress_id, &self.matter, &self.id, self.version, &self.kind),
            (self.occurred_on.to_string(), self.recorded_at.and_utc().timestamp_micros()),
            (&self.author, &self.request_id, &self.body),
        );
        let text = serde_json::to_string(&fields).map_err(|e| self.corrupt(e))?;
        Ok(Digest::of(text.as_bytes()).as_str().to_owned())
    }

    fn corrupt(&self, reason: impl ToString) -> StoreError {
        StoreError::corrupt(
            "matter_events",
            format!("{} {} version {}", self.matter, self.id, self.version),
            reason,
        )
    }

    fn moved<E: MatterEvent>(&self) -> Result<Moved<E>, StoreError> {
        Ok(Moved {
            version: self.version,
            occurred_on: Day::new(self.occurred_on).ok_or_else(|| self.corrupt("a day past the calendar"))?,
            recorded_at: self.recorded_at.and_utc(),
            author: serde_json::from_str::<Author>(&self.author).map_err(|e| self.corrupt(e))?,
            event: serde_json::from_str(&self.body).map_err(|e| self.corrupt(e))?,
        })
    }
}

fn owner<E: MatterEvent>(subject: &Subject, id: Uuid) -> Owner {
    match subject {
        Subject::User(id) => Owner { kind: "user", id: id.to_string() },
        Subject::Deputy(id) => Owner { kind: "deputy", id: id.to_string() },
        Subject::Named => Owner { kind: E::MATTER, id: id.to_string() },
    }
}

/// Shows every text of a person, and puts what is answered in its place.
fn each_person<E: MatterEvent>(
    moved: &mut Moved<E>,
    id: Uuid,
    visit: &mut dyn FnMut(&Owner, &str) -> Option<String>,
) -> Result<(), StoreError> {
    let version = moved.version;
    moved
        .persons(&mut |subject, text| visit(&owner::<E>(subject, id), text))
        .map_err(|reason| StoreError::corrupt("matter_events", format!("{id} version {version}"), reason))
}

/// Writes a matter's next event, and returns the digest of its row. A version that is taken already is a `Conflict`.
pub fn append<E: MatterEvent>(
    db: &mut Db,
    congress: &CongressId,
    id: Uuid,
    moved: &Moved<E>,
    request_id: &str,
) -> Result<String, StoreError> {
    let mut stored = moved.clone();
    let mut said = Vec::new();
    each_person(&mut stored, id, &mut |owner, text| {
        said.push((owner.clone(), text.to_owned()));
        None
    })?;
    let commitments = personal_texts::commit(db, congress.as_str(), said)?;
    each_person(&mut stored, id, &mut |owner, text| {
        commitments.get(&(owner.clone(), text.to_owned())).cloned()
    })?;
    let corrupt = |e: serde_json::Error| StoreError::corrupt("matter_events", "new", e);
    let row = Row {
        congress_id: congress.to_string(),
        matter: E::MATTER.to_owned(),
        id: id.to_string(),
        version: stored.version,
        kind: stored.event.kind().to_owned(),
        occurred_on: stored.occurred_on.date(),
        recorded_at: stored.recorded_at.naive_utc(),
        author: serde_json::to_string(&stored.author).map_err(corrupt)?,
        request_id: request_id.to_owned(),
        body: serde_json::to_string(&stored.event).map_err(corrupt)?,
    };
    diesel::insert_into(matter_events::table).values(&row).execute(db)?;
    row.digest()
}

fn rows<E: MatterEvent>(db: &mut Db, congress: &CongressId, id: Uuid) -> Result<Vec<Row>, StoreError> {
    Ok(matter_events::table
        .filter(matter_events::congress_id.eq(congress.as_str()))
        .filter(matter_events::matter.eq(E::MATTER))
        .filter(matter_events::id.eq(id.to_string()))
        .order(matter_events::version.asc())
        .select(Row::as_select())
        .load(db)?)
}

/// What `verify` asks of a matter's history.
pub struct Examined<E> {
    pub history: Vec<Moved<E>>,
    /// The digest of each row, in the order of the history.
    pub digests: Vec<String>,
    /// Commitments that do not hold: the version, the digest, and whether another text stands there.
    pub doubts: Vec<(i64, String, bool)>,
}

/// A matter's whole history, oldest first, with the texts of persons in it.
pub fn history<E: MatterEvent>(
    db: &mut Db,
    congress: &CongressId,
    id: Uuid,
) -> Result<Vec<Moved<E>>, StoreError> {
    Ok(examined(db, congress, id)?.history)
}

/// The same, with whether what it says of persons and of itself is true.
pub fn examined<E: MatterEvent>(
    db: &mut Db,
    congress: &CongressId,
    id: Uuid,
) -> Result<Examined<E>, StoreError> {
    let rows = rows::<E>(db, congress, id)?;
    let digests = rows.iter().map(Row::digest).collect::<Result<_, _>>()?;
    let mut history = rows.iter().map(Row::moved).collect::<Result<Vec<Moved<E>>, _>>()?;
    let mut asked = BTreeSet::new();
    for it in &mut history {
        each_person(it, id, &mut |_, stored| {
            asked.extend(committed(stored).map(str::to_owned));
            None
        })?;
    }
    let texts: HashMap<String, PersonalText> = personal_texts::texts(db, congress.as_str(), &asked)?;
    let mut doubts = Vec::new();
    for it in &mut history {
        let version = it.version;
        each_person(it, id, &mut |_, stored| {
            let digest = committed(stored)?;
            let text = texts.get(digest);
            if text.is_none_or(|text| !text.is_true()) {
                doubts.push((version, digest.to_owned(), text.is_some()));
            }
            Some(text.map_or(ERASED, |it| it.text.as_str()).to_owned())
        })?;
    }
    Ok(Examined { history, digests, doubts })
}

/// The matters of a kind that the ledger knows in a congress, in order, after one of them.
pub fn ids<E: MatterEvent>(
    db: &mut Db,
    congress: &CongressId,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Uuid>, StoreError> {
    let ids: Vec<String> = matter_events::table
        .filter(matter_events::congress_id.eq(congress.as_str()))
        .filter(matter_events::matter.eq(E::MATTER))
        .filter(matter_events::id.gt(after.map(|id| id.to_string()).unwrap_or_default()))
        .filter(matter_events::version.eq(1))
        .order(matter_events::id.asc())
        .limit(limit)
        .select(matter_events::id)
        .load(db)?;
    ids.iter().map(|id| id.parse().map_err(|e| StoreError::corrupt("matter_events", id, e))).collect()
}
