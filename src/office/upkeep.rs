//! What the office does by itself, again and again; each turn is safe to repeat.

use super::{Fault, Office, webhooks};
use crate::store::{Touch, devices, figures, idempotency, links, mails, oidc, sign_ins, throttles};
use chrono::TimeDelta;

/// Moves summed in one transaction. Neighbouring moves share most of their cells, so that a larger batch costs less for
/// each; but SQLite's writers wait for it, some tens of milliseconds.
const TOGETHER: i64 = 8192;

/// That a letter was sent is known for so long: long enough to answer who asks whether he was told.
const LETTERS_KEPT: TimeDelta = TimeDelta::days(180);

impl Office {
    /// Sums the figures' waiting moves; returns how many it took.
    pub async fn compact_figures(&self) -> Result<usize, Fault> {
        let mut all = 0;
        loop {
            let took = self
                .store
                .write(Touch::Nothing, |db| figures::compact(db, TOGETHER).map_err(Fault::from))
                .await?;
            all += took;
            if took < usize::try_from(TOGETHER).unwrap_or(usize::MAX) {
                return Ok(all);
            }
        }
    }

    /// Drops answers kept for repeated requests after three days, refresh tokens past their end, and what became of
    /// letters and messages long ago.
    pub async fn forget_old_answers(&self) -> Result<usize, Fault> {
        let now = self.now();
        let old = (now - TimeDelta::days(3)).naive_utc();
        self.store
            .write(Touch::Nothing, move |db| {
                let answers = idempotency::forget_before(db, old)?;
                oidc::forget_expired(db, now.naive_utc())?;
                devices::forget_expired(db, now.naive_utc())?;
                links::forget_expired(db, old)?;
                throttles::forget_before(db, old)?;
                mails::forget_before(db, (now - LETTERS_KEPT).naive_utc())?;
                webhooks::forget(db, now.naive_utc())?;
                Ok(answers + sign_ins::forget_expired(db, now.naive_utc())?)
            })
            .await
    }
}
