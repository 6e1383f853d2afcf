//! What programs and screens are told of: the events of cases in the feed's order, as far as the caller may see them at
//! this moment. `bell.rs` wakes those who wait for the next ones; `compare.rs` holds the feed against
//! the log.

mod bell;
mod compare;

pub use bell::{Bell, Heard, Listener};

use super::{Caller, Fault, Office, perform::admitted, walk::Cases};
use crate::{
    domain::{
        actor::Actor,
        case::Case,
        day::Day,
        gate::{self, Operation},
        ids::{CaseId, CongressId},
        words::Stage,
    },
    store::{Db, feed},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// An event of a case, told outside: an envelope (CloudEvents 1.0), and in it where to look. Nothing of what people wrote:
/// who wants to know more asks for it, and has the rights of that moment.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct CloudEvent {
    #[schema(example = "1.0")]
    pub specversion: &'static str,
    /// Never changes, and is the same in the feed, in a webhook's message (`webhook-id`) and in the stream.
    #[schema(example = "018d0fc8-4680-78a7-9053-95f06de1b2fb")]
    pub id: String,
    #[schema(example = "https://jianyi.example.cn/v1/congresses/330502")]
    pub source: String,
    #[serde(rename = "type")]
    #[schema(example = "cn.jianyi.case.registered")]
    pub kind: String,
    /// The case.
    pub subject: CaseId,
    /// When it was recorded, UTC.
    pub time: DateTime<Utc>,
    #[schema(example = "application/json")]
    pub datacontenttype: &'static str,
    pub data: EventData,
}

/// What is told of an event.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct EventData {
    /// What happened, as `GET /v1/cases/{id}/events` names it.
    #[schema(example = "registered")]
    pub kind: String,
    pub case: CaseId,
    /// Its number among the events of the case that the receiver sees now.
    #[schema(example = 5)]
    pub version: i64,
    /// The case's number as of now; none before it is registered.
    #[schema(example = "区五届三次会议建议第1号")]
    pub number: Option<String>,
    /// The case's stage as of now, which may be further than this event.
    pub stage: Stage,
    /// The legal day on which it took effect.
    pub occurred_on: Day,
    /// Where the case is.
    #[schema(example = "/v1/cases/018d0fc8-4680-78a7-9053-95f06de1b2fb")]
    pub href: String,
}

/// What the types of events begin with.
pub const TYPE: &str = "cn.jianyi.case.";

/// An event that the gate let through, and its place.
pub(super) struct Told {
    pub seq: i64,
    pub event: CloudEvent,
}

/// What was found after a place.
pub(super) struct Found {
    pub told: Vec<Told>,
    /// Up to where it was looked: what lies before it and was not told is not for the caller.
    pub to: i64,
}

/// Rows looked at in one query.
const CHUNK: i64 = 200;

impl Office {
    /// At most `limit` events that the caller may see, after one of them, oldest first; from the beginning without one.
    pub async fn feed(
        &self,
        caller: &Caller,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<CloudEvent>, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .snapshot_aside(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ReadFeed)?;
                let place = match &after {
                    Some(id) => place(db, &congress, id, "?after")?,
                    None => feed::BEGINNING,
                };
                let found = office.found(db, &actor, place, limit, &|_| true)?;
                Ok(found.told.into_iter().map(|it| it.event).collect())
            })
            .await
    }

    /// The events after a place that the actor may see, of the kinds that are wanted. The gate is asked about each as about
    /// `GET /v1/cases/{id}/events`.
    pub(super) fn found(
        &self,
        db: &mut Db,
        actor: &Actor,
        after: i64,
        limit: usize,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<Found, Fault> {
        let congress = actor.congress.clone().ok_or(Fault::NotFound)?;
        // Asked first: what comes while the rows are read is found the next time.
        let last = feed::last(db, &congress)?;
        let scope = gate::scope(actor);
        let mut cases = Cases::of(congress.clone());
        let mut found = Found { told: Vec::new(), to: after };
        while found.to < last && found.told.len() < limit {
            let rows = feed::after(db, &scope, found.to, CHUNK)?;
            let all = i64::try_from(rows.len()).unwrap_or(i64::MAX) < CHUNK;
            for row in rows {
                found.to = row.seq;
                if !wanted(&row.kind) {
                    continue;
                }
                let case = cases.get(db, row.case)?;
                let told = case.and_then(|case| self.told(actor, &congress, case, row));
                found.told.extend(told);
                if found.told.len() == limit {
                    return Ok(found);
                }
            }
            if all {
                found.to = found.to.max(last);
            }
        }
        Ok(found)
    }

    fn told(&self, actor: &Actor, congress: &CongressId, case: &Case, row: feed::Happened) -> Option<Told> {
        let seen = gate::open(actor, case, Operation::ListEvents).ok()?;
        let mark = case.marks.iter().find(|it| it.version == row.version).map(|it| it.mark);
        if mark.is_some_and(|mark| !seen.sight().shows(mark)) {
            return None;
        }
        let feed::Happened { seq, id, case: subject, version, kind, occurred_on, recorded_at } = row;
        let event = CloudEvent {
            specversion: "1.0",
            id,
            source: format!("{}/v1/congresses/{congress}", self.security().public_url),
            kind: format!("{TYPE}{kind}"),
            subject,
            time: recorded_at,
            datacontenttype: "application/json",
            data: EventData {
                kind,
                case: subject,
                version: seen.sight().place(case, version),
                number: case.number.as_ref().map(|number| number.text.to_string()),
                stage: case.stage,
                occurred_on,
                href: format!("/v1/cases/{subject}"),
            },
        };
        Some(Told { seq, event })
    }
}

/// The place of an event that was told at some time. Whether he may still see it is not asked: a name cannot be guessed,
/// and whoever lost a case goes on from where he was.
pub(super) fn place(db: &mut Db, congress: &CongressId, id: &str, pointer: &str) -> Result<i64, Fault> {
    feed::place(db, congress, id)?.ok_or_else(|| {
        Fault::invalid(pointer, "没有这一事件", "there is no such event; take the id of one that was told")
    })
}
