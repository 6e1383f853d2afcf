//! Guessing is slowed down, and nobody is locked out by it.
//!
//! Failures are counted for an account's strangers, for each device on which its owner signed in before, and for each
//! address. A stranger's guesses slow down and stop strangers' guesses at that account; the owner's devices have
//! counts of their own, which only who has their secret can raise.
//!
//! The counts are in the database, since several processes may serve one. That is no storm of writes: a guess that is
//! refused for its haste is only read, and of the others an account has at most some fifty a day. A guess is counted
//! before it is looked at, and the count taken back when it was right, so that guesses sent at once do not pass.

use super::{
    Fault, Office,
    acts::{Act, Entry},
    sign_in::{Credentials, Origin},
};
use crate::{
    domain::{actor::Author, ids::UserId},
    store::{
        Db, Touch, devices, people,
        throttles::{self, Throttle},
    },
};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

/// How many failures cost nothing, and how long the pause can grow, in minutes: it doubles from one.
#[derive(Clone, Copy)]
struct Patience {
    free: i32,
    longest: i64,
}

/// 8 at once, 6 within the next hour, then one each three quarters of an hour: 47 in a day.
const ACCOUNT: Patience = Patience { free: 8, longest: 45 };
/// An office's many people may share one address.
const ADDRESS: Patience = Patience { free: 100, longest: 15 };
/// After such a pause the count begins anew.
const FORGOTTEN: TimeDelta = TimeDelta::hours(24);

/// Somebody who says who he is.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub username: String,
    /// The digest of the secret that an earlier sign-in left on the device.
    pub device: Option<String>,
    pub origin: Origin,
}

/// A guess that may be looked at; it is counted as failed until it is [passed](Office::pass).
#[derive(Clone)]
pub struct Admitted {
    /// None for nobody, for who is shut out, and for who is nothing here.
    pub known: Option<Credentials>,
    pub origin: Origin,
    pub(super) counted: Counted,
    pub(super) known_device: bool,
}

/// A count that lets the next guess through. The guess is counted on what was read here and on nothing newer: between
/// two reads of one transaction PostgreSQL shows what others wrote meanwhile, and that may forbid the guess.
struct Due {
    id: String,
    before: Option<Throttle>,
}

/// Which count was raised, and when the next guess was due before.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    id: String,
    next_at: NaiveDateTime,
}

impl Admitted {
    /// Whether the owner signed in from there before.
    pub fn known_device(&self) -> bool {
        self.known_device
    }
}

impl Office {
    /// Whether a guess is looked at. All that differs between a name that is known and one that is not is what comes
    /// back here; the answers to both are the same.
    ///
    /// # Errors
    /// [`Fault::TooOften`], with when it is worth another try.
    pub async fn admit_guess(&self, attempt: Attempt) -> Result<Admitted, Fault> {
        let (office, asked) = (self.clone(), attempt.clone());
        // Refused by a read: a guesser in haste writes nothing.
        self.store.read(move |db| office.look_at(db, &asked).map(drop)).await?;
        let office = self.clone();
        self.store
            .write(Touch::Nothing, move |db| {
                let (known, due, known_device) = office.look_at(db, &attempt)?;
                let counted = office.count(db, due, ACCOUNT)?;
                Ok(Admitted { known, origin: attempt.origin.clone(), counted, known_device })
            })
            .await
    }

    fn look_at(&self, db: &mut Db, attempt: &Attempt) -> Result<(Option<Credentials>, Due, bool), Fault> {
        let now = self.now().naive_utc();
        let known = credentials(db, &attempt.username)?;
        let device = match (&known, &attempt.device) {
            (Some(known), Some(device)) => {
                Some(device).filter(|_| devices::knows(db, device, known.user, now).unwrap_or(false))
            }
            _ => None,
        };
        let id = match device {
            Some(device) => format!("device {device}"),
            None => {
                self.due(db, self.place(&attempt.origin))?;
                format!("account {}", self.digest(&attempt.username))
            }
        };
        Ok((known, self.due(db, id)?, device.is_some()))
    }

    fn place(&self, origin: &Origin) -> String {
        format!("address {}", self.digest(origin.address.as_deref().unwrap_or_default()))
    }

    /// # Errors
    /// [`Fault::TooOften`] while the pause lasts.
    fn due(&self, db: &mut Db, id: String) -> Result<Due, Fault> {
        let before = throttles::find(db, &id)?;
        let wait =
            before.as_ref().map_or(0, |before| (before.next_at.and_utc() - self.now()).num_milliseconds());
        match wait {
            ..=0 => Ok(Due { id, before }),
            wait => Err(Fault::TooOften { seconds: u64::try_from(wait).unwrap_or(0).div_ceil(1000) }),
        }
    }

    fn count(&self, db: &mut Db, Due { id, before }: Due, patience: Patience) -> Result<Counted, Fault> {
        let now = self.now();
        let after = counted(before.as_ref(), &id, now, patience);
        throttles::follow(db, before.as_ref(), &after)?;
        let next_at = before.map_or(now.naive_utc(), |before| before.next_at);
        Ok(Counted { id, next_at })
    }

    pub(super) fn forgive(&self, db: &mut Db, counted: &Counted) -> Result<(), Fault> {
        Ok(throttles::forgive(db, &counted.id, counted.next_at)?)
    }

    /// Counts a guess at a signed-in person's own password, which whoever found the device unlocked may make.
    ///
    /// # Errors
    /// [`Fault::TooOften`].
    pub(super) async fn admit_own(&self, user: UserId) -> Result<Counted, Fault> {
        let office = self.clone();
        self.store
            .write(Touch::Nothing, move |db| {
                let due = office.due(db, format!("own {user}"))?;
                office.count(db, due, ACCOUNT)
            })
            .await
    }

    /// The password was right after all.
    pub(super) fn forgive_own(&self, db: &mut Db, user: UserId) -> Result<(), Fault> {
        Ok(throttles::forgive(db, &format!("own {user}"), self.now().naive_utc())?)
    }

    /// A guess was wrong: by its password, or by the code after it.
    pub async fn refuse(&self, admitted: &Admitted, second_factor: bool) -> Result<(), Fault> {
        let (office, admitted) = (self.clone(), admitted.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                if !admitted.known_device {
                    let id = office.place(&admitted.origin);
                    let before = throttles::find(db, &id)?;
                    office.count(db, Due { id, before }, ADDRESS)?;
                }
                let first = admitted.known.as_ref().and_then(|known| known.memberships.first());
                let congress = first.and_then(|first| first.congress_id.as_deref()?.parse().ok());
                office.record_act(
                    db,
                    Entry {
                        congress: congress.as_ref(),
                        author: None::<Author>,
                        user: admitted.known.as_ref().map(|known| known.user),
                        case: None,
                        act: Act::SignInRefused { known: admitted.known.is_some(), second_factor },
                        request_id: &admitted.origin.request_id,
                        address: admitted.origin.address.as_deref(),
                    },
                )
            })
            .await
    }
}

/// What a password is checked against; `None` for unknown and disabled accounts alike, and for who is nothing here any
/// more. A program has no password.
pub(super) fn credentials(db: &mut Db, username: &str) -> Result<Option<Credentials>, Fault> {
    if username.chars().any(char::is_control) {
        return Ok(None);
    }
    let Some(user) = people::by_username(db, username)?.filter(|user| !user.disabled) else {
        return Ok(None);
    };
    let id = UserId(user.id.parse().map_err(|_| Fault::Unauthenticated)?);
    let mut memberships = people::memberships_of(db, id)?;
    memberships.retain(|membership| membership.scopes.is_none());
    let known = Credentials {
        user: id,
        username: user.username,
        name: user.display_name,
        password_hash: user.password,
        memberships,
    };
    Ok(Some(known).filter(|known| !known.memberships.is_empty()))
}

fn counted(before: Option<&Throttle>, id: &str, now: DateTime<Utc>, patience: Patience) -> Throttle {
    let now = now.naive_utc();
    let fresh = before.is_none_or(|before| before.last_at + FORGOTTEN < now);
    let failures = if fresh { 1 } else { before.map_or(0, |it| it.failures).saturating_add(1) };
    let pause = match failures - patience.free {
        ..=0 => 0,
        over => patience.longest.min(1 << (over - 1).min(16)),
    };
    Throttle { id: id.to_owned(), failures, last_at: now, next_at: now + TimeDelta::minutes(pause) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_guesses_whenever_he_may_has_fewer_than_fifty_guesses_in_any_day() {
        let start: DateTime<Utc> = "2024-03-01T00:00:00Z".parse().unwrap();
        for rest in [0, 23, 25, 50] {
            let (mut now, mut state) = (start, None::<Throttle>);
            let mut guesses: Vec<DateTime<Utc>> = Vec::new();
            while now < start + TimeDelta::days(6) {
                let after = counted(state.as_ref(), "x", now, ACCOUNT);
                guesses.push(now);
                now = after.next_at.and_utc();
                // Resting at times does not help.
                if guesses.len().is_multiple_of(40) {
                    now += TimeDelta::hours(rest);
                }
                state = Some(after);
            }
            for from in &guesses {
                let day = guesses
                    .iter()
                    .filter(|at| (**at - *from) >= TimeDelta::zero() && **at - *from < TimeDelta::days(1));
                assert!(day.clone().count() <= 50, "{} guesses from {from}, resting {rest} h", day.count());
            }
        }
    }
}
