//! One's own account: what one is, where one is signed in, and the password.

use super::{
    Caller, Fault, Office,
    acts::{Act, Way},
    perform::actor,
    sign_in::{Origin, Proved, SignedIn, chosen},
};
use crate::{
    domain::{
        actor::Actor,
        ids::{MembershipId, SignInId},
        say::Say,
    },
    store::{
        Db, Touch, devices,
        people::{self, Membership, User, Who},
        sign_ins::{self, SignIn},
    },
};
use chrono::{DateTime, Utc};

/// Who the caller is, and what else he is.
pub struct Oneself {
    pub actor: Actor,
    pub memberships: Vec<Membership>,
}

impl Office {
    pub async fn me(&self, caller: &Caller) -> Result<Oneself, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let actor = actor(db, &caller)?;
                let memberships = people::memberships_of(db, actor.user)?;
                Ok(Oneself { actor, memberships })
            })
            .await
    }

    /// The caller's account, for his password to be checked; counts the guess.
    ///
    /// # Errors
    /// [`Fault::TooOften`] after many wrong ones.
    pub async fn own_account(&self, caller: &Caller) -> Result<User, Fault> {
        let asking = caller.clone();
        let account = self
            .store
            .read(move |db| {
                let actor = person(actor(db, &asking)?)?;
                people::by_id(db, actor.user)?.ok_or(Fault::Unauthenticated)
            })
            .await?;
        self.admit_own(account.id.parse().map_err(|_| Fault::Unauthenticated)?).await?;
        Ok(account)
    }

    /// It was the current one: no guess.
    pub async fn own_password_right(&self, account: &User) -> Result<(), Fault> {
        let (office, user) = (self.clone(), account.id.parse().map_err(|_| Fault::Unauthenticated)?);
        self.store.write(Touch::Nothing, move |db| office.forgive_own(db, user)).await
    }

    /// Sets another password once the current one was shown; all other sign-ins end.
    pub async fn change_password(&self, caller: &Caller, hash: String) -> Result<(), Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Actors, move |db| {
                let actor = person(actor(db, &caller)?)?;
                people::give_password(db, actor.user, &hash)?;
                devices::forget_all(db, actor.user)?;
                let ended = office.end_others(db, &actor, Some(&caller))?;
                office.record_act_of(db, &actor, &caller, Some(actor.user), Act::PasswordChanged)?;
                office.record_act_of(
                    db,
                    &actor,
                    &caller,
                    Some(actor.user),
                    Act::SignInsEnded { count: ended },
                )
            })
            .await
    }

    fn end_others(&self, db: &mut Db, actor: &Actor, but: Option<&Caller>) -> Result<usize, Fault> {
        let now = self.now().naive_utc();
        let this = but.and_then(session).map(|id| id.to_string());
        let mut ended = 0;
        for other in sign_ins::of_user(db, actor.user, now)? {
            if Some(&other.id) != this.as_ref() && sign_ins::end(db, &other.id, now)? {
                ended += 1;
            }
        }
        Ok(ended)
    }

    pub async fn own_sign_ins(&self, caller: &Caller) -> Result<Vec<SignIn>, Fault> {
        let (caller, now) = (caller.clone(), self.now().naive_utc());
        self.store
            .read(move |db| {
                let actor = actor(db, &caller)?;
                Ok(sign_ins::of_user(db, actor.user, now)?)
            })
            .await
    }

    pub async fn end_own_sign_in(&self, caller: &Caller, id: SignInId) -> Result<(), Fault> {
        let (office, caller, now) = (self.clone(), caller.clone(), self.now().naive_utc());
        self.store
            .write(Touch::Actors, move |db| {
                let actor = actor(db, &caller)?;
                let found = sign_ins::find(db, id)?.ok_or(Fault::NotFound)?;
                if found.user_id != actor.user.to_string() || !sign_ins::end(db, &found.id, now)? {
                    return Err(Fault::NotFound);
                }
                office.record_act_of(db, &actor, &caller, Some(actor.user), Act::SignedOut { sign_in: id })
            })
            .await
    }

    /// Ends all sign-ins, this one too, and forgets the devices.
    pub async fn sign_out_everywhere(&self, caller: &Caller) -> Result<usize, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Actors, move |db| {
                let actor = actor(db, &caller)?;
                devices::forget_all(db, actor.user)?;
                let count = office.end_others(db, &actor, None)?;
                office.record_act_of(db, &actor, &caller, Some(actor.user), Act::SignInsEnded { count })?;
                Ok(count)
            })
            .await
    }

    /// Goes on in another membership beside this one; what was shown at this sign-in counts there too.
    pub async fn switch(
        &self,
        caller: &Caller,
        membership: MembershipId,
        refresh: String,
        expires_at: DateTime<Utc>,
        origin: Origin,
    ) -> Result<SignedIn, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let actor = person(actor(db, &caller)?)?;
                let id = session(&caller).ok_or(Fault::Unauthenticated)?;
                let current = sign_ins::find(db, id)?.ok_or(Fault::Unauthenticated)?;
                let mut memberships = people::memberships_of(db, actor.user)?;
                memberships.retain(|it| it.scopes.is_none());
                let membership = chosen(&memberships, Some(membership))?;
                if !current.second_factor && office.needs_second_factor(&memberships) {
                    return Err(Fault::SecondFactorRequired);
                }
                let proved = Proved {
                    user: actor.user,
                    membership,
                    way: Way::Switch,
                    second_factor: current.second_factor,
                    proved_at: current.proved_at.and_utc(),
                    origin: origin.clone(),
                };
                office.begin_in(db, &proved, Some(&refresh), expires_at)
            })
            .await
    }
}

/// The sign-in by which somebody asks.
pub fn session(caller: &Caller) -> Option<SignInId> {
    match caller.who {
        Who::SignIn(id, _) => Some(id),
        Who::Membership(_) => None,
    }
}

fn person(actor: Actor) -> Result<Actor, Fault> {
    match actor.scopes {
        None => Ok(actor),
        Some(_) => Err(Fault::Forbidden(Say::new("程序账户没有密码", "a program has no password"))),
    }
}
