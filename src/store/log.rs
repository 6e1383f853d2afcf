//! The Merkle log of the books: which rows wait for a leaf, the leaves and the nodes above them. A row is read as it is
//! stored; what a leaf is made of says `evidence::row`.

use super::{
    Db, StoreError, feed,
    schema::{acts, events, log_leaves, log_nodes, log_queue, logs, reports},
};
use crate::evidence::{
    Algorithm, Hash,
    row::{ActRow, EventRow, Kind, ReportRow, Subject},
    tree::{Edge, Node},
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::{prelude::*, sql_query};

/// The log of acts that belong to no congress.
pub const INSTALLATION: &str = "installation";

/// A log, as it was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    pub id: String,
    pub origin: String,
    pub algorithm: Algorithm,
}

#[derive(Insertable, Queryable)]
#[diesel(table_name = logs)]
struct LogRow {
    id: String,
    origin: String,
    hash: String,
    created_at: NaiveDateTime,
}

impl LogRow {
    fn read(self) -> Result<Log, StoreError> {
        let algorithm = self.hash.parse().map_err(|e| StoreError::corrupt("logs", &self.id, e))?;
        Ok(Log { id: self.id, origin: self.origin, algorithm })
    }
}

#[derive(Queryable)]
struct Waiting {
    id: i32,
    log_id: String,
    kind: String,
    subject_id: String,
    version: i64,
}

#[derive(Insertable, Queryable)]
#[diesel(table_name = log_leaves)]
struct LeafRow {
    log_id: String,
    idx: i64,
    kind: String,
    subject_id: String,
    version: i64,
    hash: String,
}

/// A leaf, where it stands and what it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    pub index: u64,
    pub subject: Subject,
    pub hash: Hash,
}

impl LeafRow {
    fn read(self) -> Result<Leaf, StoreError> {
        let place = format!("{} {}", self.log_id, self.idx);
        let corrupt = |e: &str| StoreError::corrupt("log_leaves", &place, e);
        let kind = self.kind.parse().map_err(corrupt)?;
        Ok(Leaf {
            index: u64::try_from(self.idx).map_err(|_| corrupt("a negative index"))?,
            subject: Subject { kind, id: self.subject_id, version: self.version },
            hash: self.hash.parse().map_err(corrupt)?,
        })
    }
}

/// What one round of sequencing did.
#[derive(Debug, Default)]
pub struct Sequenced {
    /// Rows that waited and wait no more.
    pub taken: usize,
    /// Rows that were written down as waiting and are not there: somebody took them away.
    pub lost: Vec<(String, Subject)>,
}

fn index(n: u64) -> Result<i64, StoreError> {
    i64::try_from(n).map_err(|e| StoreError::corrupt("log_leaves", n, e))
}

/// Gives the rows that have waited longest their leaves, at most `limit`. Run it inside a write; one server at a time
/// does it, the others find nothing to do. `begin` says how a log that is not there yet begins. An event gets its place in
/// the feed at once, under a name from `fresh`: what is logged is told, and the other way round.
pub fn sequence(
    db: &mut Db,
    limit: i64,
    now: NaiveDateTime,
    begin: &dyn Fn(&str) -> Log,
    fresh: &dyn Fn() -> String,
) -> Result<Sequenced, StoreError> {
    if let Db::Postgres(_) = db {
        let mine: Locked = sql_query("SELECT pg_try_advisory_xact_lock(7263003) AS mine").get_result(db)?;
        if !mine.mine {
            return Ok(Sequenced::default());
        }
    }
    let mut waiting: Vec<Waiting> = log_queue::table.order(log_queue::id.asc()).limit(limit).load(db)?;
    let mut done = Sequenced { taken: waiting.len(), ..Sequenced::default() };
    let ids: Vec<i32> = waiting.iter().map(|it| it.id).collect();
    // Log by log, each in the order in which its rows came.
    waiting.sort_by(|a, b| a.log_id.cmp(&b.log_id));
    for own in waiting.chunk_by(|a, b| a.log_id == b.log_id) {
        let Some(first) = own.first() else { continue };
        let log = match log(db, &first.log_id)? {
            Some(log) => log,
            None => begun(db, begin(&first.log_id), now)?,
        };
        let length = size(db, &log.id)?;
        let mut edge = edge(db, &log, length)?;
        for it in own {
            let kind = it.kind.parse().map_err(|e| StoreError::corrupt("log_queue", it.id, e))?;
            let subject = Subject { kind, id: it.subject_id.clone(), version: it.version };
            if leaf_of(db, &log.id, &subject)?.is_some() {
                continue;
            }
            match hash_of(db, &log, &subject)? {
                Some(hash) => {
                    if subject.kind == Kind::Event {
                        feed::append(db, &told(&log, edge.size(), &subject, fresh())?)?;
                    }
                    append(db, &log, &mut edge, &subject, hash)?;
                }
                None => done.lost.push((log.id.clone(), subject)),
            }
        }
    }
    for some in ids.chunks(500) {
        diesel::delete(log_queue::table.filter(log_queue::id.eq_any(some))).execute(db)?;
    }
    Ok(done)
}

/// The event at the log's right end, as the feed has it.
fn told(log: &Log, place: u64, subject: &Subject, name: String) -> Result<feed::Entry, StoreError> {
    Ok(feed::Entry {
        congress_id: log.id.clone(),
        seq: index(place)?,
        id: name,
        case_id: subject.id.clone(),
        version: subject.version,
    })
}

/// Whether any row waits for its leaf: a look that disturbs nobody who writes.
pub fn any_waiting(db: &mut Db) -> Result<bool, StoreError> {
    let first: Option<i32> = log_queue::table.select(log_queue::id).first(db).optional()?;
    Ok(first.is_some())
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    mine: bool,
}

fn begun(db: &mut Db, log: Log, now: NaiveDateTime) -> Result<Log, StoreError> {
    let Log { id, origin, algorithm } = log.clone();
    let row = LogRow { id, origin, hash: algorithm.to_string(), created_at: now };
    diesel::insert_into(logs::table).values(&row).execute(db)?;
    Ok(log)
}

fn append(db: &mut Db, log: &Log, edge: &mut Edge, subject: &Subject, hash: Hash) -> Result<(), StoreError> {
    let row = LeafRow {
        log_id: log.id.clone(),
        idx: index(edge.size())?,
        kind: subject.kind.id().to_owned(),
        subject_id: subject.id.clone(),
        version: subject.version,
        hash: hash.to_string(),
    };
    diesel::insert_into(log_leaves::table).values(&row).execute(db)?;
    let mut completed = Vec::new();
    edge.push(hash, |node, hash| completed.push((node, hash)));
    for (node, hash) in completed {
        let level = i32::try_from(node.level).map_err(|e| StoreError::corrupt("log_nodes", node.level, e))?;
        diesel::insert_into(log_nodes::table)
            .values((
                log_nodes::log_id.eq(&log.id),
                log_nodes::level.eq(level),
                log_nodes::idx.eq(index(node.index)?),
                log_nodes::hash.eq(hash.to_string()),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// The leaf's hash from the row as it is stored now; none where there is no such row in this log's books.
pub fn hash_of(db: &mut Db, log: &Log, subject: &Subject) -> Result<Option<Hash>, StoreError> {
    Ok(match subject.kind {
        Kind::Event => event(db, &log.id, &subject.id, subject.version)?.map(|row| row.leaf(log.algorithm)),
        Kind::Act => act(db, &log.id, &subject.id)?.map(|row| row.leaf(log.algorithm)),
        Kind::Report => report(db, &log.id, &subject.id)?.map(|row| row.leaf(log.algorithm)),
    })
}

pub fn log(db: &mut Db, id: &str) -> Result<Option<Log>, StoreError> {
    let row: Option<LogRow> = logs::table.find(id).first(db).optional()?;
    row.map(LogRow::read).transpose()
}

pub fn all(db: &mut Db) -> Result<Vec<Log>, StoreError> {
    let rows: Vec<LogRow> = logs::table.order(logs::id.asc()).load(db)?;
    rows.into_iter().map(LogRow::read).collect()
}

/// How many leaves a log has.
pub fn size(db: &mut Db, log: &str) -> Result<u64, StoreError> {
    let last: Option<i64> = log_leaves::table
        .filter(log_leaves::log_id.eq(log))
        .order(log_leaves::idx.desc())
        .select(log_leaves::idx)
        .first(db)
        .optional()?;
    match last {
        None => Ok(0),
        Some(last) => u64::try_from(last + 1).map_err(|e| StoreError::corrupt("log_leaves", log, e)),
    }
}

/// The hash of a leaf or of a complete subtree.
pub fn node(db: &mut Db, log: &str, node: Node) -> Result<Hash, StoreError> {
    let at = index(node.index)?;
    let hash: Option<String> = match node.level {
        0 => log_leaves::table.find((log, at)).select(log_leaves::hash).first(db).optional()?,
        level => {
            let level = i32::try_from(level).map_err(|e| StoreError::corrupt("log_nodes", level, e))?;
            log_nodes::table.find((log, level, at)).select(log_nodes::hash).first(db).optional()?
        }
    };
    let corrupt =
        |e: &str| StoreError::corrupt("log_nodes", format!("{log} {} {}", node.level, node.index), e);
    hash.ok_or_else(|| corrupt("missing"))?.parse().map_err(corrupt)
}

/// The log's right edge when it had `size` leaves.
pub fn edge(db: &mut Db, log: &Log, size: u64) -> Result<Edge, StoreError> {
    Edge::read(log.algorithm, size, |at| node(db, &log.id, at))
}

pub fn leaf_of(db: &mut Db, log: &str, subject: &Subject) -> Result<Option<Leaf>, StoreError> {
    let row: Option<LeafRow> = log_leaves::table
        .filter(log_leaves::log_id.eq(log))
        .filter(log_leaves::subject_id.eq(&subject.id))
        .filter(log_leaves::version.eq(subject.version))
        .filter(log_leaves::kind.eq(subject.kind.id()))
        .first(db)
        .optional()?;
    row.map(LeafRow::read).transpose()
}

/// The leaf at a place.
pub fn leaf_at(db: &mut Db, log: &str, at: u64) -> Result<Option<Leaf>, StoreError> {
    let Ok(at) = i64::try_from(at) else { return Ok(None) };
    let row: Option<LeafRow> = log_leaves::table.find((log, at)).first(db).optional()?;
    row.map(LeafRow::read).transpose()
}

/// The next leaves in their order, from a place on.
pub fn leaves(db: &mut Db, log: &str, from: u64, limit: i64) -> Result<Vec<Leaf>, StoreError> {
    let rows: Vec<LeafRow> = log_leaves::table
        .filter(log_leaves::log_id.eq(log))
        .filter(log_leaves::idx.ge(index(from)?))
        .order(log_leaves::idx.asc())
        .limit(limit)
        .load(db)?;
    rows.into_iter().map(LeafRow::read).collect()
}

/// The next nodes above the leaves, in order, after a place.
pub fn nodes(db: &mut Db, log: &str, after: Node, limit: i64) -> Result<Vec<(Node, Hash)>, StoreError> {
    let corrupt = |e: String| StoreError::corrupt("log_nodes", log, e);
    let level = i32::try_from(after.level).map_err(|e| corrupt(e.to_string()))?;
    let rows: Vec<(i32, i64, String)> = log_nodes::table
        .filter(log_nodes::log_id.eq(log))
        .filter(
            log_nodes::level
                .gt(level)
                .or(log_nodes::level.eq(level).and(log_nodes::idx.gt(index(after.index)?))),
        )
        .order((log_nodes::level.asc(), log_nodes::idx.asc()))
        .limit(limit)
        .select((log_nodes::level, log_nodes::idx, log_nodes::hash))
        .load(db)?;
    rows.into_iter()
        .map(|(level, idx, hash)| {
            let level = u32::try_from(level).map_err(|e| corrupt(e.to_string()))?;
            let index = u64::try_from(idx).map_err(|e| corrupt(e.to_string()))?;
            Ok((Node { level, index }, hash.parse().map_err(|e: &str| corrupt(e.to_owned()))?))
        })
        .collect()
}

/// The rows of a log that wait for their leaf. All at once: after an import without a service they may be many, and the
/// queue has no index that would find one.
pub fn waiting(db: &mut Db, log: &str) -> Result<Vec<Subject>, StoreError> {
    let rows: Vec<(String, String, i64)> = log_queue::table
        .filter(log_queue::log_id.eq(log))
        .select((log_queue::kind, log_queue::subject_id, log_queue::version))
        .load(db)?;
    rows.into_iter()
        .map(|(kind, id, version)| {
            let kind = kind.parse().map_err(|e| StoreError::corrupt("log_queue", &id, e))?;
            Ok(Subject { kind, id, version })
        })
        .collect()
}

type Stored = (String, String, i64, String, NaiveDate, NaiveDateTime, String, String, String);

fn as_stored((congress, case, version, kind, on, at, author, request_id, body): Stored) -> EventRow {
    let (occurred_on, recorded_at) = (on.to_string(), instant(at));
    EventRow { congress, case, version, kind, occurred_on, recorded_at, author, request_id, body }
}

/// All digits that either database can hold.
fn instant(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.9fZ").to_string()
}

/// An event as its row is stored.
pub fn event(db: &mut Db, congress: &str, case: &str, version: i64) -> Result<Option<EventRow>, StoreError> {
    let row: Option<Stored> = events::table.find((congress, case, version)).first(db).optional()?;
    Ok(row.map(as_stored))
}

/// The events of a case as their rows are stored.
pub fn events_of(db: &mut Db, congress: &str, case: &str) -> Result<Vec<EventRow>, StoreError> {
    let rows: Vec<Stored> = events::table
        .filter(events::congress_id.eq(congress))
        .filter(events::case_id.eq(case))
        .order(events::version.asc())
        .load(db)?;
    Ok(rows.into_iter().map(as_stored).collect())
}

/// The next events of a congress as their rows are stored, by case and version, after one of them.
pub fn events_after(
    db: &mut Db,
    congress: &str,
    (case, version): (&str, i64),
    limit: i64,
) -> Result<Vec<EventRow>, StoreError> {
    let rows: Vec<Stored> = events::table
        .filter(events::congress_id.eq(congress))
        .filter(events::case_id.gt(case).or(events::case_id.eq(case).and(events::version.gt(version))))
        .order((events::case_id.asc(), events::version.asc()))
        .limit(limit)
        .load(db)?;
    Ok(rows.into_iter().map(as_stored).collect())
}

fn act_as_stored(act: super::acts::Act) -> ActRow {
    let super::acts::Act {
        id,
        congress_id,
        recorded_at,
        kind,
        author,
        user_id,
        case_id,
        request_id,
        address,
        body,
    } = act;
    let recorded_at = instant(recorded_at);
    ActRow {
        id,
        congress: congress_id,
        recorded_at,
        kind,
        author,
        user: user_id,
        case: case_id,
        request_id,
        address,
        body,
    }
}

/// A line of the second book as its row is stored, if it belongs to this log.
pub fn act(db: &mut Db, log: &str, id: &str) -> Result<Option<ActRow>, StoreError> {
    let row: Option<super::acts::Act> =
        acts::table.find(id).select(super::acts::Act::as_select()).first(db).optional()?;
    Ok(row.map(act_as_stored).filter(|row| row.congress.as_deref().unwrap_or(INSTALLATION) == log))
}

/// The next lines of the second book that belong to a log, as their rows are stored.
pub fn acts_after(db: &mut Db, log: &str, after: &str, limit: i64) -> Result<Vec<ActRow>, StoreError> {
    let mut query = acts::table.filter(acts::id.gt(after)).order(acts::id.asc()).limit(limit).into_boxed();
    query = match log {
        INSTALLATION => query.filter(acts::congress_id.is_null()),
        congress => query.filter(acts::congress_id.eq(congress)),
    };
    let rows: Vec<super::acts::Act> = query.select(super::acts::Act::as_select()).load(db)?;
    Ok(rows.into_iter().map(act_as_stored).collect())
}

type Sealed =
    (String, String, String, String, NaiveDate, NaiveDate, NaiveDateTime, Option<String>, String, String);

fn sealed(
    (congress, id, name, title, true_on, known_on, sealed_at, replaces, body, digest): Sealed,
) -> ReportRow {
    let (true_on, known_on) = (true_on.to_string(), known_on.to_string());
    let sealed_at = instant(sealed_at);
    ReportRow { congress, id, name, title, true_on, known_on, sealed_at, replaces, digest, body }
}

/// A sealed report as its row is stored.
pub fn report(db: &mut Db, congress: &str, id: &str) -> Result<Option<ReportRow>, StoreError> {
    let row: Option<Sealed> = reports::table.find((congress, id)).first(db).optional()?;
    Ok(row.map(sealed))
}

/// The next sealed reports of a congress as their rows are stored.
pub fn reports_after(
    db: &mut Db,
    congress: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<ReportRow>, StoreError> {
    let rows: Vec<Sealed> = reports::table
        .filter(reports::congress_id.eq(congress))
        .filter(reports::id.gt(after))
        .order(reports::id.asc())
        .limit(limit)
        .load(db)?;
    Ok(rows.into_iter().map(sealed).collect())
}
