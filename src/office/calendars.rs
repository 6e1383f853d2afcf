//! The dates of one's tasks as a calendar, and the secret address by which a telephone reads it without signing in.
//!
//! An address stands for a membership as it is now: it opens nothing once that has ended, the account is disabled, or
//! another address was made. It is kept by its digest and is in no log.

use super::{Caller, Fault, Office, acts::Act, perform::actor};
use crate::{
    agenda::Entry,
    domain::{
        actor::Actor,
        gate::{self, Operation, WITHHELD},
        say::{Language, Say},
        worklist::{Key, audiences},
    },
    identity::refresh,
    store::{
        Db, StoreError, Touch, calendar_addresses,
        people::{self, Who},
        task_dates::{self, Row},
    },
};
use chrono::{DateTime, Days, Utc};
use std::collections::BTreeMap;

/// The most dates in a calendar: the nearest ones.
const MOST: i64 = 500;
/// For how many days what was done stays in it, as cancelled.
const CANCELLED_FOR: Days = Days::new(14);

/// An address that was made. Shown once.
#[derive(Clone, Debug)]
pub struct MadeAddress {
    pub url: String,
    pub since: DateTime<Utc>,
}

impl Office {
    /// Since when the caller's calendar has an address, if it has one.
    pub async fn calendar_address(&self, caller: &Caller) -> Result<Option<DateTime<Utc>>, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let actor = person(actor(db, &caller)?)?;
                Ok(calendar_addresses::since(db, actor.membership)?.map(|at| at.and_utc()))
            })
            .await
    }

    /// Makes an address; the one before leads nowhere from now on.
    pub async fn renew_calendar_address(&self, caller: &Caller) -> Result<MadeAddress, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        let made = refresh::new().map_err(|e| Fault::Store(StoreError::Unavailable(e.to_string())))?;
        let url = format!("{}/v1/calendar/{}.ics", self.security.public_url, made.secret);
        let since = self
            .store
            .write(Touch::Nothing, move |db| {
                let actor = person(actor(db, &caller)?)?;
                let now = office.now();
                calendar_addresses::renew(db, actor.membership, &made.hash, now.naive_utc())?;
                let act = Act::CalendarAddressMade { membership: actor.membership };
                office.record_act_of(db, &actor, &caller, Some(actor.user), act)?;
                Ok::<_, Fault>(now)
            })
            .await?;
        Ok(MadeAddress { url, since })
    }

    /// # Errors
    /// [`Fault::NotFound`] where there was none.
    pub async fn end_calendar_address(&self, caller: &Caller) -> Result<(), Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let actor = person(actor(db, &caller)?)?;
                if !calendar_addresses::end(db, actor.membership)? {
                    return Err(Fault::NotFound);
                }
                let act = Act::CalendarAddressEnded { membership: actor.membership };
                office.record_act_of(db, &actor, &caller, Some(actor.user), act)
            })
            .await
    }

    /// The caller's own calendar.
    pub async fn calendar(&self, caller: &Caller, language: Language) -> Result<Vec<Entry>, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .read_aside(move |db| {
                let actor = actor(db, &caller)?;
                office.calendar_of(db, &actor, language)
            })
            .await
    }

    /// The calendar that an address leads to, by the digest of its secret.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for whatever is no address, and for one whose owner is none any more.
    pub async fn calendar_at(&self, hash: String, language: Language) -> Result<Vec<Entry>, Fault> {
        let office = self.clone();
        self.store
            .read_aside(move |db| {
                let membership = calendar_addresses::membership(db, &hash)?.ok_or(Fault::NotFound)?;
                let actor = people::actor(db, Who::Membership(membership))?.ok_or(Fault::NotFound)?;
                office.calendar_of(db, &actor, language)
            })
            .await
    }

    fn calendar_of(&self, db: &mut Db, actor: &Actor, language: Language) -> Result<Vec<Entry>, Fault> {
        gate::admit(actor, Operation::ReadWorklist)?;
        let Some(congress) = &actor.congress else { return Ok(Vec::new()) };
        let past = self.today().date().checked_sub_days(CANCELLED_FOR).unwrap_or_default();
        let mut rows: BTreeMap<String, Row> = BTreeMap::new();
        for to in audiences(actor) {
            let open = task_dates::open(db, congress, to, MOST)?;
            for row in open.into_iter().chain(task_dates::ended_since(db, congress, to, past, MOST)?) {
                // The same matter under two addresses is one: what is open stands before what ended.
                let stands = |row: &Row| (row.ended_on.is_none(), row.sequence);
                let held = rows.get(&row.key).is_some_and(|held| stands(held) >= stands(&row));
                if !held {
                    rows.insert(row.key.clone(), row);
                }
            }
        }
        let keyed: Vec<(Key, Row)> =
            rows.into_values().map(|row| Ok((row.key()?, row))).collect::<Result<_, StoreError>>()?;
        let cases = self.opened(db, actor, congress, keyed.iter().map(|(key, _)| key.case).collect())?;
        let mut entries: Vec<Entry> = keyed
            .into_iter()
            .filter_map(|(key, row)| {
                let case = cases.get(&key.case)?;
                // A calendar is copied to telephones and their makers: a confidential title is never in it.
                let title = if case.confidential.is_some() { WITHHELD } else { &case.title };
                let number = case.number.as_ref().map(|it| it.text.to_string()).unwrap_or_default();
                let name = key.kind.name();
                let summary = Say::new(
                    format!("{}：{number}{title}", name.zh),
                    format!("{}: {number}{title}", name.en),
                );
                Some(Entry {
                    uid: format!("{}@jianyi", key.to_string().replace('/', ".")),
                    sequence: row.sequence.unsigned_abs(),
                    changed_at: row.changed_at.and_utc(),
                    on: row.due,
                    summary: summary.to(language).to_owned(),
                    url: format!("{}/v1/cases/{}", self.security.public_url, key.case),
                    cancelled: row.ended_on.is_some(),
                })
            })
            .collect();
        entries.sort_by(|a, b| (a.on, &a.uid).cmp(&(b.on, &b.uid)));
        Ok(entries)
    }
}

/// A program reads by its token; an address that anybody may hold is a person's own.
fn person(actor: Actor) -> Result<Actor, Fault> {
    match actor.scopes {
        None => Ok(actor),
        Some(_) => Err(Fault::Forbidden(Say::new(
            "程序账户没有日程地址，请凭令牌读取",
            "a program has no calendar address; it reads by its token",
        ))),
    }
}
