//! Sending what waits: one process at a time, each letter at least once, again until it is taken or hopeless.

use super::{About, State};
use crate::{
    domain::day::Day,
    mail::{Failed, Mailer},
    office::{Fault, Office},
    store::{
        Touch, leases,
        mails::{self, Mail},
    },
};
use chrono::{TimeDelta, Timelike as _};

/// Letters taken together: so many lie between two looks at whether the work is still this process's.
const TOGETHER: i64 = 20;
/// How long the work is held, in seconds: longer than a batch takes, with a server that answers nothing.
const HELD: i32 = 600;
/// After so many days a letter is of no use any more.
const WORTH: TimeDelta = TimeDelta::days(3);
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(4);
/// From this hour on (Asia/Shanghai) the daily lists go out.
const MORNING: u32 = 8;

const SENDING: &str = "mail";

/// What one turn did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    pub sent: usize,
    /// Taken by nobody: to be tried again, or given up.
    pub failed: usize,
}

/// What became of one letter now.
enum Outcome {
    Sent,
    /// Nobody is to be told any more.
    Lapsed,
    Failed(Failed),
}

impl Office {
    /// Sends what is due, if no other process is at it. `holder` names this process.
    ///
    /// A crash after the server took a letter and before that was written down sends it once more, under the same
    /// `Message-ID`.
    pub async fn send_mail(&self, holder: &str) -> Result<Turn, Fault> {
        let mut turn = Turn::default();
        let Some(mailer) = self.mailer.clone() else { return Ok(turn) };
        loop {
            let now = self.now().naive_utc();
            if self.store.read(move |db| Ok::<_, Fault>(mails::due(db, now, 1)?)).await?.is_empty() {
                break;
            }
            let name = holder.to_owned();
            let batch =
                self.store.write(Touch::Nothing, move |db| match leases::take(db, SENDING, &name, HELD)? {
                    true => Ok::<_, Fault>(mails::due(db, now, TOGETHER)?),
                    false => Ok(Vec::new()),
                });
            let batch = batch.await?;
            if batch.is_empty() {
                return Ok(turn);
            }
            for mail in batch {
                match self.send_one(&mailer, &mail).await? {
                    Outcome::Sent => turn.sent += 1,
                    Outcome::Lapsed => {}
                    Outcome::Failed(failed) => {
                        turn.failed += 1;
                        if failed == Failed::Unreachable {
                            // The others would wait in vain as well.
                            return self.rest(holder, turn).await;
                        }
                    }
                }
            }
        }
        self.rest(holder, turn).await
    }

    async fn rest(&self, holder: &str, turn: Turn) -> Result<Turn, Fault> {
        let holder = holder.to_owned();
        if turn != Turn::default() {
            let done = move |db: &mut _| Ok::<_, Fault>(leases::give_up(db, SENDING, &holder)?);
            self.store.write(Touch::Nothing, done).await?;
        }
        Ok(turn)
    }

    async fn send_one(&self, mailer: &Mailer, mail: &Mail) -> Result<Outcome, Fault> {
        let (office, waiting) = (self.clone(), mail.clone());
        let letter = self.store.read(move |db| office.letter(db, &waiting)).await?;
        let Some(letter) = letter else {
            self.ended(mail, State::Lapsed, None).await?;
            return Ok(Outcome::Lapsed);
        };
        let Err(trouble) = mailer.send(&letter).await else {
            self.ended(mail, State::Sent, None).await?;
            return Ok(Outcome::Sent);
        };
        tracing::warn!(mail = mail.id, attempts = mail.attempts + 1, %trouble, "a letter was not taken");
        let now = self.now().naive_utc();
        if trouble.failed == Failed::ForGood || now - mail.created_at > WORTH {
            self.ended(mail, State::GivenUp, Some(trouble.said)).await?;
        } else {
            let (id, at) = (mail.id.clone(), now + pause(mail.attempts));
            let later = move |db: &mut _| Ok::<_, Fault>(mails::try_again(db, &id, at, &trouble.said)?);
            self.store.write(Touch::Nothing, later).await?;
        }
        Ok(Outcome::Failed(trouble.failed))
    }

    async fn ended(&self, mail: &Mail, state: State, trouble: Option<String>) -> Result<(), Fault> {
        let (id, now) = (mail.id.clone(), self.now().naive_utc());
        let end = move |db: &mut _| Ok::<_, Fault>(mails::end(db, &id, state, now, trouble.as_deref())?);
        self.store.write(Touch::Nothing, end).await
    }

    /// Queues today's list for everybody who wants one, on working days from the morning on; returns how many are new.
    /// Each gets one for a day, whoever asks and however often.
    pub async fn queue_daily_mail(&self) -> Result<usize, Fault> {
        let now = self.now();
        let today = Day::at(now);
        if self.mailer.is_none()
            || Day::local(now).hour() < MORNING
            || !self.books.calendar.works(today.date())
        {
            return Ok(0);
        }
        let (mut queued, mut after) = (0, String::new());
        loop {
            let (office, from) = (self.clone(), after.clone());
            let (new, last) = self
                .store
                .write(Touch::Nothing, move |db| {
                    let readers = mails::daily_readers(db, &from, 200)?;
                    let mut new = 0;
                    for reader in &readers {
                        new += usize::from(office.queue_letter(db, reader, &About::Daily { day: today })?);
                    }
                    Ok::<_, Fault>((new, readers.last().map(|it| it.id.clone())))
                })
                .await?;
            queued += new;
            match last {
                Some(last) => after = last,
                None => return Ok(queued),
            }
        }
    }
}

/// A minute, then twice as long each time.
fn pause(attempts: i32) -> TimeDelta {
    let doubled = TimeDelta::minutes(1 << attempts.clamp(0, 10));
    doubled.min(LONGEST_PAUSE)
}
