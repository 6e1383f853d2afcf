//! Many commands under one key: what the whole request was answered is kept once all of them are done.

use super::{Answer, Caller, Fault, Key, Office, perform::actor};
use crate::store::{Touch, idempotency};

/// Stands in place of a status while the answer is still being made.
const UNDER_WAY: u16 = 0;

impl Office {
    /// Takes the key for a request, or gives the answer that the same request had.
    ///
    /// A request that was cut off before it was answered runs again, and so does one whose first run is not over yet.
    /// Its commands carry keys of their own, so that none is carried out twice.
    pub async fn begin(&self, caller: &Caller, key: &Key) -> Result<Option<Answer>, Fault> {
        let (office, caller, key) = (self.clone(), caller.clone(), key.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let actor = actor(db, &caller)?;
                match office.answered(db, &actor, Some(&key))? {
                    Some(answer) => Ok(Some(answer).filter(|answer| answer.status != UNDER_WAY)),
                    None => {
                        office.keep(db, &actor, Some(&key), &Answer::whole(UNDER_WAY, String::new()))?;
                        Ok(None)
                    }
                }
            })
            .await
    }

    /// Keeps the answer to a request that was begun; where another run was faster, gives that one's.
    pub async fn finish(&self, caller: &Caller, key: &Key, answer: Answer) -> Result<Answer, Fault> {
        let (office, caller, key) = (self.clone(), caller.clone(), key.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let actor = actor(db, &caller)?;
                match office.answered(db, &actor, Some(&key))? {
                    Some(kept) if kept.status != UNDER_WAY => return Ok(kept),
                    Some(_) => idempotency::forget(db, actor.membership, &key.key)?,
                    None => {}
                }
                office.keep(db, &actor, Some(&key), &answer)?;
                Ok(answer.clone())
            })
            .await
    }
}
