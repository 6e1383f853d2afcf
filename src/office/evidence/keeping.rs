//! Keeping the log: leaves for the rows that wait, a signed head at least every minute or thousand leaves, and the look
//! at a start whether the database is the one that was signed.

use super::Evidence;
use crate::{
    evidence::Checkpoint,
    office::{Fault, Office},
    store::{
        StoreError, Touch, checkpoints,
        log::{self, Log},
    },
};
use chrono::TimeDelta;
use std::sync::Arc;

/// Rows that get their leaves in one transaction: some ten milliseconds, for which SQLite's writers wait.
const TOGETHER: i64 = 500;
/// A head is signed when the last one is this old, so that with the turns of the upkeep it is a minute at most.
const SECONDS: i64 = 52;
/// Or when so many leaves have come since.
const LEAVES: u64 = 1000;

/// Why a service must not begin to work on a database.
#[derive(Debug, thiserror::Error)]
pub enum RolledBack {
    #[error(
        "the database is older than the checkpoint that was signed for log {log} ({folder}): it has {has} of {signed} \
         entries. A backup was restored that lacks the rest. Restore a newer one; if there is none, what was lost is \
         lost: keep the folder as the record of it, set JIANYI_CHECKPOINTS to a new one, and tell the auditor"
    )]
    Behind { log: String, folder: String, has: u64, signed: u64 },
    #[error(
        "the database is not the one that was signed for log {log} ({folder}): its first {signed} entries come to \
         another root. It was changed, or it belongs to another installation. Restore the right one, run \
         `jianyi verify` to see what differs, and tell the auditor"
    )]
    Other { log: String, folder: String, signed: u64 },
    #[error("{0}")]
    Folder(#[from] crate::evidence::outside::OutsideError),
    #[error("{0:?}")]
    Fault(Fault),
}

impl Office {
    /// Gives waiting rows their leaves and signs heads that are due; all that is new, where `now`. Returns how many rows
    /// were taken and how many heads were signed.
    pub async fn keep_evidence(&self, now: bool) -> Result<(usize, usize), Fault> {
        let Some(evidence) = self.evidence.clone() else { return Ok((0, 0)) };
        let (mut all, mut heads) = (0, 0);
        loop {
            let (taken, more) = self.sequence(&evidence).await?;
            all += taken;
            heads += self.sign_heads(&evidence, now && !more).await?;
            if !more {
                return Ok((all, heads));
            }
        }
    }

    /// Gives what waits its leaves and its places in the feed, and signs nothing: so that whoever waits for events is told
    /// of them within a second. Where nothing waits, nobody who writes is disturbed.
    pub(in crate::office) async fn sequence_what_waits(&self) -> Result<(), Fault> {
        let Some(evidence) = self.evidence.clone() else { return Ok(()) };
        let waits = |db: &mut _| log::any_waiting(db).map_err(Fault::from);
        if self.store.read(waits).await? {
            while self.sequence(&evidence).await?.1 {}
        }
        Ok(())
    }

    /// One transaction's worth of rows; how many, and whether more may wait.
    async fn sequence(&self, evidence: &Arc<Evidence>) -> Result<(usize, bool), Fault> {
        let (office, begin) = (self.clone(), evidence.clone());
        let write = move |db: &mut _| {
            let (at, fresh) = (office.now().naive_utc(), || office.fresh_id().to_string());
            log::sequence(db, TOGETHER, at, &|id| begin.begin(id), &fresh).map_err(Fault::from)
        };
        let done = self.store.write(Touch::Nothing, write).await?;
        for (log, subject) in &done.lost {
            tracing::error!(%log, %subject, "a row that waited for its leaf is gone: somebody changed the database");
        }
        Ok((done.taken, done.taken >= usize::try_from(TOGETHER).unwrap_or(usize::MAX)))
    }

    /// Signs the head of each log for which it is time.
    async fn sign_heads(&self, evidence: &Evidence, now: bool) -> Result<usize, Fault> {
        let old = (self.now() - TimeDelta::seconds(SECONDS)).naive_utc();
        let due = move |db: &mut _| {
            let mut due = Vec::new();
            for log in log::all(db)? {
                let size = log::size(db, &log.id)?;
                let last = checkpoints::newest(db, &log.id)?;
                let signed = last.as_ref().map_or(0, |last| u64::try_from(last.size).unwrap_or_default());
                let waited = last.is_none_or(|last| last.created_at <= old);
                if size > signed && (now || waited || size - signed >= LEAVES) {
                    let root = log::edge(db, &log, size)?.root();
                    due.push((log, size, root));
                }
            }
            Ok::<_, Fault>(due)
        };
        let due = self.store.snapshot(due).await?;
        let signed = due.len();
        for (log, size, root) in due {
            let Log { id, origin, algorithm } = log.clone();
            let signer = evidence.signer(&log).map_err(|e| StoreError::corrupt("logs", &log.id, e))?;
            let note = Checkpoint { origin, algorithm, size, root }.signed(&signer);
            let at = self.now();
            // Outside first: what the service shows of itself is always there too.
            evidence.outside.append(&id, at, &note).map_err(|e| StoreError::Unavailable(e.to_string()))?;
            let row = checkpoints::Row {
                log_id: id,
                size: i64::try_from(size).map_err(|e| StoreError::corrupt("checkpoints", size, e))?,
                note: note.to_string(),
                created_at: at.naive_utc(),
            };
            let write = move |db: &mut _| checkpoints::keep(db, &row).map_err(Fault::from);
            self.store.write(Touch::Nothing, write).await?;
        }
        Ok(signed)
    }

    /// Whether the database is the one whose heads lie outside it. Asked before the service does anything.
    ///
    /// # Errors
    /// When it is behind the newest of them, or another one.
    pub fn same_as_outside(&self) -> Result<(), RolledBack> {
        let Some(evidence) = &self.evidence else { return Ok(()) };
        let folder = evidence.outside.folder().display().to_string();
        for id in evidence.outside.logs()? {
            let known = self.store.read_here(|db| log::log(db, &id).map_err(Fault::from));
            let known = known.map_err(RolledBack::Fault)?;
            let origin = known.as_ref().map_or_else(|| evidence.begin(&id).origin, |log| log.origin.clone());
            let keys = evidence.log_keys(&origin);
            let Some(signed) = evidence.outside.newest(&id, &keys)? else { continue };
            let Some(log) = known else {
                return Err(RolledBack::Behind { log: id, folder, has: 0, signed: signed.size });
            };
            let compared = self.store.read_here(|db| {
                let has = log::size(db, &log.id)?;
                let same = has >= signed.size
                    && log.algorithm == signed.algorithm
                    && log::edge(db, &log, signed.size)?.root() == signed.root;
                Ok::<_, Fault>((has, same))
            });
            match compared.map_err(RolledBack::Fault)? {
                (_, true) => {}
                (has, _) if has < signed.size => {
                    return Err(RolledBack::Behind { log: id, folder, has, signed: signed.size });
                }
                _ => return Err(RolledBack::Other { log: id, folder, signed: signed.size }),
            }
        }
        Ok(())
    }
}
