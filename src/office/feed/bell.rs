//! Waking those who wait for events: one look at the feed for all of a process, every second, and a bell that their
//! streams wait for. What came in through another process is found by the same look.

use super::{CloudEvent, place};
use crate::{
    domain::{
        gate::Operation,
        ids::{CongressId, UserId},
    },
    office::{Caller, Fault, Office, perform::admitted},
    store::{Db, feed},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// Streams of one caller, and of all.
const OWN: usize = 5;
const ALL: usize = 500;
/// Events told at once.
const TOGETHER: usize = 50;
/// A sign of life is sent this often, and whether the listener may still listen is asked.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Seconds until a place may be free.
const LATER: u64 = 15;

/// How far each congress's feed goes, and whether the house is closing.
#[derive(Clone, Debug, Default, PartialEq)]
struct Rung {
    last: BTreeMap<String, i64>,
    closing: bool,
}

/// The bell of a process, and who sits by it.
#[derive(Debug)]
pub struct Bell {
    rung: watch::Sender<Rung>,
    seats: Arc<Mutex<HashMap<UserId, usize>>>,
}

impl Default for Bell {
    fn default() -> Bell {
        Bell { rung: watch::Sender::new(Rung::default()), seats: Arc::default() }
    }
}

impl Bell {
    fn ring(&self, last: BTreeMap<String, i64>) {
        self.rung.send_if_modified(|rung| {
            let news = rung.last != last;
            rung.last = last;
            news
        });
    }

    fn seat(&self, user: UserId) -> Result<Seat, Fault> {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = seats.values().sum();
        let own = seats.entry(user).or_default();
        if *own >= OWN || all >= ALL {
            return Err(Fault::TooOften { seconds: LATER });
        }
        *own += 1;
        Ok(Seat { user, seats: self.seats.clone() })
    }
}

/// A place by the bell; given up when it is dropped.
#[derive(Debug)]
struct Seat {
    user: UserId,
    seats: Arc<Mutex<HashMap<UserId, usize>>>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = seats.get_mut(&self.user) {
            *own -= 1;
            if *own == 0 {
                seats.remove(&self.user);
            }
        }
    }
}

/// Somebody who waits for events.
pub struct Listener {
    office: Office,
    caller: Caller,
    congress: CongressId,
    place: i64,
    rung: watch::Receiver<Rung>,
    _seat: Seat,
}

/// What a listener hears next.
#[derive(Debug)]
pub enum Heard {
    Events(Vec<CloudEvent>),
    /// Nothing for a while.
    Silence,
    /// His sign-in ended, or the service does.
    Over,
}

impl Office {
    /// Gives what waits its place in the feed, looks how far it goes, and wakes those who wait for it.
    pub async fn keep_feed(&self) -> Result<(), Fault> {
        self.sequence_what_waits().await?;
        let last = self.store.read(|db| feed::lasts(db).map_err(Fault::from)).await?;
        self.bell.ring(last);
        Ok(())
    }

    /// Tells all who listen that the service ends.
    pub fn close_feed(&self) {
        self.bell.rung.send_modify(|rung| rung.closing = true);
    }

    /// Begins to listen after an event, or from now on.
    pub async fn listen(&self, caller: &Caller, after: Option<String>) -> Result<Listener, Fault> {
        let asker = caller.clone();
        let begun = move |db: &mut Db| {
            let (actor, congress) = admitted(db, &asker, Operation::ReadFeed)?;
            let place = match &after {
                Some(id) => place(db, &congress, id, "Last-Event-ID")?,
                None => feed::last(db, &congress)?,
            };
            Ok::<_, Fault>((actor.user, congress, place))
        };
        let (user, congress, place) = self.store.read(begun).await?;
        let seat = self.bell.seat(user)?;
        let rung = self.bell.rung.subscribe();
        Ok(Listener { office: self.clone(), caller: caller.clone(), congress, place, rung, _seat: seat })
    }
}

impl Listener {
    /// Waits for what comes next. Who he is and what he may see is read anew each time, so at least at each heartbeat.
    pub async fn next(&mut self) -> Heard {
        loop {
            match self.look().await {
                Ok(events) if !events.is_empty() => return Heard::Events(events),
                Err(fault) if is_over(&fault) => return Heard::Over,
                // Nothing; or the database is away, and is asked again.
                Ok(_) | Err(_) => {}
            }
            let (congress, place) = (self.congress.as_str().to_owned(), self.place);
            let news =
                |rung: &Rung| rung.closing || rung.last.get(&congress).is_some_and(|last| *last > place);
            match tokio::time::timeout(HEARTBEAT, self.rung.wait_for(news)).await {
                Err(_) => return Heard::Silence,
                Ok(Ok(rung)) if !rung.closing => {}
                Ok(_) => return Heard::Over,
            }
        }
    }

    /// What he may see after the place where he is.
    async fn look(&mut self) -> Result<Vec<CloudEvent>, Fault> {
        let (office, caller, place) = (self.office.clone(), self.caller.clone(), self.place);
        let looked = move |db: &mut Db| {
            let (actor, _) = admitted(db, &caller, Operation::ReadFeed)?;
            office.found(db, &actor, place, TOGETHER, &|_| true)
        };
        let found = self.office.store.snapshot_aside(looked).await?;
        self.place = found.to;
        Ok(found.told.into_iter().map(|it| it.event).collect())
    }
}

fn is_over(fault: &Fault) -> bool {
    matches!(fault, Fault::Unauthenticated | Fault::Forbidden(_) | Fault::NotFound)
}
