//! What was read lately, kept for the next reader. Only for SQLite, whose file no other process writes: this process
//! knows of every change, and forgets what it touches before the writer is told that it is done.

use super::{
    Store, StoreError, cases,
    people::{self, Who},
};
use crate::domain::{
    actor::Actor,
    case::Case,
    gate::{Seen, Sight},
    ids::{CaseId, CongressId},
};
use bytes::Bytes;
use quick_cache::sync::Cache;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Some kilobytes each.
const CASES: usize = 2_000;
const ACTORS: usize = 10_000;
/// Ways of writing one case: for those who see all, and for each signer.
const WAYS: usize = 8;

/// What a write changes of what readers keep.
#[derive(Clone, Debug)]
pub enum Touch {
    Nothing,
    Cases(Touched),
    /// Sign-ins, memberships, accounts: whose rights are what.
    Actors,
    Everything,
}

/// The cases that a write changes: one is known at the start, more may show while it runs.
#[derive(Clone, Debug)]
pub struct Touched(Arc<Mutex<Vec<CaseId>>>);

impl Touched {
    pub fn case(id: CaseId) -> Touched {
        Touched(Arc::new(Mutex::new(vec![id])))
    }

    pub fn cases(ids: &[CaseId]) -> Touched {
        Touched(Arc::new(Mutex::new(ids.to_vec())))
    }

    pub fn add(&self, id: CaseId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(id);
    }
}

/// A case in the keeping of whoever reads it.
#[derive(Clone, Debug)]
pub struct Kept(pub Arc<Held>);

impl AsRef<Case> for Kept {
    fn as_ref(&self) -> &Case {
        &self.0.case
    }
}

/// A case as it was read, and as it was written out for readers of the same sight.
#[derive(Debug)]
pub struct Held {
    pub case: Case,
    written: RwLock<Vec<(Sight, Bytes)>>,
}

impl Held {
    pub fn new(case: Case) -> Held {
        Held { case, written: RwLock::new(Vec::new()) }
    }

    /// The case written out for a sight; `write` runs once for each.
    pub fn written(seen: &Seen<Kept>, write: impl FnOnce(Seen<&Case>) -> String) -> Bytes {
        let (held, sight) = (&seen.holder().0, seen.sight());
        let find =
            |all: &Vec<(Sight, Bytes)>| all.iter().find(|(s, _)| s == sight).map(|(_, bytes)| bytes.clone());
        if let Some(known) = find(&held.written.read().unwrap_or_else(PoisonError::into_inner)) {
            return known;
        }
        let fresh = Bytes::from(write(seen.borrowed()));
        let mut all = held.written.write().unwrap_or_else(PoisonError::into_inner);
        if all.len() < WAYS {
            all.push((*sight, fresh.clone()));
        }
        fresh
    }
}

pub struct Recent {
    cases: Cache<CaseId, Arc<Held>>,
    actors: Cache<Who, Arc<Actor>>,
    /// Counts commits. Taken before a read and compared, under the lock, before its result is kept: what a commit
    /// overtook is not kept.
    commits: Mutex<u64>,
}

impl Recent {
    pub(super) fn new() -> Recent {
        Recent { cases: Cache::new(CASES), actors: Cache::new(ACTORS), commits: Mutex::new(0) }
    }

    /// Called after a commit and before anybody is told of it.
    pub(super) fn forget(&self, touched: &[Touch]) {
        let mut commits = self.commits.lock().unwrap_or_else(PoisonError::into_inner);
        *commits += 1;
        for touch in touched {
            match touch {
                Touch::Nothing => {}
                Touch::Cases(touched) => {
                    for id in touched.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                        self.cases.remove(id);
                    }
                }
                Touch::Actors => self.actors.clear(),
                Touch::Everything => {
                    self.cases.clear();
                    self.actors.clear();
                }
            }
        }
    }

    fn keep_unless_overtaken(&self, before: u64, keep: impl FnOnce()) {
        let commits = self.commits.lock().unwrap_or_else(PoisonError::into_inner);
        if *commits == before {
            keep();
        }
    }

    fn now(&self) -> u64 {
        *self.commits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The rights that somebody has at this moment; `None` for nobody.
    pub fn actor(&self, who: Who, store: &Store) -> Result<Option<Arc<Actor>>, StoreError> {
        if let Some(known) = self.actors.get(&who) {
            return Ok(Some(known));
        }
        let before = self.now();
        let found = store.read_here(|db| people::actor(db, who))?.map(Arc::new);
        if let Some(actor) = &found {
            self.keep_unless_overtaken(before, || self.actors.insert(who, actor.clone()));
        }
        Ok(found)
    }

    /// The case as it stands at this moment.
    pub fn case(
        &self,
        congress: &CongressId,
        id: CaseId,
        store: &Store,
    ) -> Result<Option<Arc<Held>>, StoreError> {
        if let Some(known) = self.cases.get(&id) {
            // Another congress's case is no case here.
            return Ok(Some(known).filter(|held| held.case.congress == *congress));
        }
        let before = self.now();
        let found = store.read_here(|db| cases::load(db, congress, id))?.map(|it| Arc::new(Held::new(it)));
        if let Some(held) = &found {
            self.keep_unless_overtaken(before, || self.cases.insert(id, held.clone()));
        }
        Ok(found)
    }
}
