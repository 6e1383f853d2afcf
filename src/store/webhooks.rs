//! Webhooks: who is told of events at which address, how far he was told, and what became of each message. Which process
//! is at it is a lease in the row; on PostgreSQL by the database's clock, which all processes share.

use super::{
    Db, StoreError,
    schema::{feed, webhook_deliveries, webhooks},
};
use crate::domain::ids::{CongressId, WebhookId};
use chrono::NaiveDateTime;
use diesel::{dsl::exists, prelude::*, sql_query, sql_types::Text};

/// A webhook's row.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = webhooks)]
pub struct Webhook {
    pub congress_id: String,
    pub id: String,
    pub membership_id: String,
    pub url: String,
    pub description: String,
    /// Kinds of events, words between spaces; empty for all.
    pub kinds: String,
    /// Sealed.
    pub secret: String,
    pub former_secret: Option<String>,
    pub former_until: Option<NaiveDateTime>,
    /// `active`, `paused` by an administrator or because its program ended, `disabled` by the receiver.
    pub state: String,
    pub reason: Option<String>,
    pub version: i64,
    pub created_at: NaiveDateTime,
    pub position: i64,
    pub failures: i32,
    pub next_try_at: Option<NaiveDateTime>,
}

impl Webhook {
    /// Whether it wants events of a kind.
    pub fn wants(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.split(' ').any(|it| it == kind)
    }
}

/// What became of an event for one webhook.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = webhook_deliveries)]
pub struct Delivery {
    pub congress_id: String,
    pub webhook_id: String,
    pub seq: i64,
    pub event_id: String,
    /// `delivered`, `failing` or `dead`.
    pub state: String,
    pub attempts: i32,
    pub first_at: NaiveDateTime,
    pub last_at: NaiveDateTime,
    pub status: Option<i32>,
    pub failure: Option<String>,
}

pub fn insert(db: &mut Db, webhook: &Webhook) -> Result<(), StoreError> {
    diesel::insert_into(webhooks::table).values(webhook).execute(db)?;
    Ok(())
}

pub fn find(db: &mut Db, congress: &CongressId, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
    let row = webhooks::table.find((congress.as_str(), id.to_string()));
    Ok(row.select(Webhook::as_select()).first(db).optional()?)
}

/// A congress's, oldest first: a handful.
pub fn all(db: &mut Db, congress: &CongressId) -> Result<Vec<Webhook>, StoreError> {
    Ok(webhooks::table
        .filter(webhooks::congress_id.eq(congress.as_str()))
        .order(webhooks::id.asc())
        .select(Webhook::as_select())
        .load(db)?)
}

/// Writes what an administrator set, if nobody set anything since the version that he saw.
pub fn set(db: &mut Db, webhook: &Webhook, before: i64) -> Result<bool, StoreError> {
    let row = webhooks::table.find((&webhook.congress_id, &webhook.id)).filter(webhooks::version.eq(before));
    let changed = diesel::update(row)
        .set((
            webhooks::url.eq(&webhook.url),
            webhooks::description.eq(&webhook.description),
            webhooks::kinds.eq(&webhook.kinds),
            webhooks::secret.eq(&webhook.secret),
            webhooks::former_secret.eq(&webhook.former_secret),
            webhooks::former_until.eq(webhook.former_until),
            webhooks::state.eq(&webhook.state),
            webhooks::reason.eq(&webhook.reason),
            webhooks::version.eq(before + 1),
            webhooks::failures.eq(webhook.failures),
            webhooks::next_try_at.eq(webhook.next_try_at),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

pub fn delete(db: &mut Db, congress: &CongressId, id: WebhookId) -> Result<(), StoreError> {
    diesel::delete(webhooks::table.find((congress.as_str(), id.to_string()))).execute(db)?;
    forget_after(db, congress, id, i64::MIN)
}

/// Sends it back, or on, to a place of the feed; what became of later events is to be found out again.
pub fn move_to(db: &mut Db, congress: &CongressId, id: WebhookId, place: i64) -> Result<(), StoreError> {
    diesel::update(webhooks::table.find((congress.as_str(), id.to_string())))
        .set((
            webhooks::position.eq(place),
            webhooks::failures.eq(0),
            webhooks::next_try_at.eq(None::<NaiveDateTime>),
        ))
        .execute(db)?;
    forget_after(db, congress, id, place)
}

fn forget_after(db: &mut Db, congress: &CongressId, id: WebhookId, place: i64) -> Result<(), StoreError> {
    let later = webhook_deliveries::table
        .filter(webhook_deliveries::congress_id.eq(congress.as_str()))
        .filter(webhook_deliveries::webhook_id.eq(id.to_string()))
        .filter(webhook_deliveries::seq.gt(place));
    diesel::delete(later).execute(db)?;
    Ok(())
}

/// Those that have something to look at and may be tried now: at `now`, or at a time past `never`, which only a clock that
/// jumped can have set.
pub fn due(
    db: &mut Db,
    now: NaiveDateTime,
    never: NaiveDateTime,
) -> Result<Vec<(CongressId, WebhookId)>, StoreError> {
    let behind = feed::table
        .filter(feed::congress_id.eq(webhooks::congress_id))
        .filter(feed::seq.gt(webhooks::position));
    let rows: Vec<(String, String)> = webhooks::table
        .filter(webhooks::state.eq("active"))
        .filter(
            webhooks::next_try_at
                .is_null()
                .or(webhooks::next_try_at.le(now))
                .or(webhooks::next_try_at.gt(never)),
        )
        .filter(exists(behind))
        .order((webhooks::congress_id.asc(), webhooks::id.asc()))
        .select((webhooks::congress_id, webhooks::id))
        .load(db)?;
    rows.into_iter()
        .map(|(congress, id)| {
            let corrupt = |e: String| StoreError::corrupt("webhooks", &id, e);
            let congress = congress.parse().map_err(|e: &str| corrupt(e.to_owned()))?;
            Ok((congress, id.parse().map_err(|e: uuid::Error| corrupt(e.to_string()))?))
        })
        .collect()
}

/// Longer than an attempt takes; a process that died is followed by another after so long.
const LEASE_ON_POSTGRES: &str = "UPDATE webhooks SET leased_by = $3, \
     leased_until = (clock_timestamp() AT TIME ZONE 'UTC') + INTERVAL '30 seconds' \
     WHERE congress_id = $1 AND id = $2 AND state = 'active' \
     AND (leased_by = $3 OR leased_until IS NULL OR leased_until < (clock_timestamp() AT TIME ZONE 'UTC'))";

/// Takes a webhook for `who`, or keeps it; the row, if it is his now. A SQLite file has one process, whose own tasks know
/// of each other, so that whoever held it before is gone.
pub fn lease(
    db: &mut Db,
    congress: &CongressId,
    id: WebhookId,
    who: &str,
) -> Result<Option<Webhook>, StoreError> {
    let taken = match db {
        Db::Postgres(db) => sql_query(LEASE_ON_POSTGRES)
            .bind::<Text, _>(congress.as_str())
            .bind::<Text, _>(id.to_string())
            .bind::<Text, _>(who)
            .execute(db)?,
        Db::Sqlite(db) => {
            let row = webhooks::table.find((congress.as_str(), id.to_string()));
            diesel::update(row.filter(webhooks::state.eq("active")))
                .set(webhooks::leased_by.eq(who))
                .execute(db)?
        }
    };
    if taken == 1 { find(db, congress, id) } else { Ok(None) }
}

/// Gives it back before its time.
pub fn release(db: &mut Db, congress: &CongressId, id: WebhookId, who: &str) -> Result<(), StoreError> {
    let held = webhooks::table.find((congress.as_str(), id.to_string())).filter(webhooks::leased_by.eq(who));
    diesel::update(held)
        .set((webhooks::leased_by.eq(None::<&str>), webhooks::leased_until.eq(None::<NaiveDateTime>)))
        .execute(db)?;
    Ok(())
}

/// What an attempt, or a look at the feed, came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub position: i64,
    pub failures: i32,
    pub next_try_at: Option<NaiveDateTime>,
    /// A new state with its reason.
    pub state: Option<(&'static str, &'static str)>,
}

/// Writes an outcome, if the webhook is still `who`'s and stands where it stood: neither was it sent back, nor did another
/// process take it over. Whether it was written.
pub fn settle(db: &mut Db, webhook: &Webhook, who: &str, outcome: &Outcome) -> Result<bool, StoreError> {
    let same = || {
        webhooks::table
            .find((webhook.congress_id.clone(), webhook.id.clone()))
            .filter(webhooks::leased_by.eq(who.to_owned()))
            .filter(webhooks::position.eq(webhook.position))
    };
    let changed = diesel::update(same())
        .set((
            webhooks::position.eq(outcome.position),
            webhooks::failures.eq(outcome.failures),
            webhooks::next_try_at.eq(outcome.next_try_at),
        ))
        .execute(db)?;
    if let (1, Some((state, reason))) = (changed, outcome.state) {
        diesel::update(webhooks::table.find((&webhook.congress_id, &webhook.id)))
            .set((
                webhooks::state.eq(state),
                webhooks::reason.eq(reason),
                webhooks::version.eq(webhooks::version + 1),
            ))
            .execute(db)?;
    }
    Ok(changed == 1)
}

/// What became of an event so far.
pub fn delivery(db: &mut Db, webhook: &Webhook, seq: i64) -> Result<Option<Delivery>, StoreError> {
    let row = webhook_deliveries::table.find((&webhook.congress_id, &webhook.id, seq));
    Ok(row.select(Delivery::as_select()).first(db).optional()?)
}

/// Writes what became of an event.
pub fn note(db: &mut Db, delivery: &Delivery) -> Result<(), StoreError> {
    diesel::delete(webhook_deliveries::table.find((
        &delivery.congress_id,
        &delivery.webhook_id,
        delivery.seq,
    )))
    .execute(db)?;
    diesel::insert_into(webhook_deliveries::table).values(delivery).execute(db)?;
    Ok(())
}

/// A webhook's deliveries, newest event first, in one state or all, before a place.
pub fn deliveries(
    db: &mut Db,
    congress: &CongressId,
    id: WebhookId,
    state: Option<&str>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Delivery>, StoreError> {
    let mut query = webhook_deliveries::table
        .filter(webhook_deliveries::congress_id.eq(congress.as_str()))
        .filter(webhook_deliveries::webhook_id.eq(id.to_string()))
        .order(webhook_deliveries::seq.desc())
        .limit(limit)
        .select(Delivery::as_select())
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(webhook_deliveries::state.eq(state.to_owned()));
    }
    if let Some(before) = before {
        query = query.filter(webhook_deliveries::seq.lt(before));
    }
    Ok(query.load(db)?)
}

/// Drops what was delivered, or given up, before.
pub fn forget(db: &mut Db, state: &str, before: NaiveDateTime) -> Result<usize, StoreError> {
    let old = webhook_deliveries::table
        .filter(webhook_deliveries::state.eq(state))
        .filter(webhook_deliveries::last_at.lt(before));
    Ok(diesel::delete(old).execute(db)?)
}
