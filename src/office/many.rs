//! The same done to many cases in the background: a few hundred in a transaction, so that people's own commands wait for no
//! more than that.

use super::{Fault, Office};
use crate::{
    domain::ids::CaseId,
    store::{Db, Touch, Touched, connection::IsConflict},
};

/// Cases read at once, and written in one transaction.
pub(super) const TOGETHER: i64 = 200;

impl Office {
    /// Does `one` to each case; returns how many it changed. Where a transaction loses again and again to people's own
    /// commands, half of it has the better chance.
    pub(super) async fn to_each<F>(&self, cases: Vec<CaseId>, one: F) -> Result<usize, Fault>
    where
        F: Fn(&Office, &mut Db, CaseId) -> Result<bool, Fault> + Clone + Send + 'static,
    {
        let (mut waiting, mut all) = (vec![cases], 0);
        while let Some(mut ids) = waiting.pop().filter(|ids| !ids.is_empty()) {
            let (office, one, together) = (self.clone(), one.clone(), ids.clone());
            let done = self.store.write(Touch::Cases(Touched::cases(&ids)), move |db| {
                let mut changed = 0;
                for id in &together {
                    changed += usize::from(one(&office, db, *id)?);
                }
                Ok::<_, Fault>(changed)
            });
            match done.await {
                Ok(changed) => all += changed,
                Err(fault) if fault.is_conflict() && ids.len() > 1 => {
                    let half = ids.split_off(ids.len() / 2);
                    waiting.extend([half, ids]);
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(all)
    }
}
