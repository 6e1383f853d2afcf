//! Who is signed in: beginning, going on, ending. Secrets come hashed; tokens are the api's.

use super::{Caller, Fault, Office, perform::actor};
use crate::{
    domain::{
        actor::Actor,
        gate::{self, Operation},
        ids::{MembershipId, SignInId, UserId},
    },
    store::{
        Touch,
        people::{self, Membership},
        sign_ins::{self, Presented, RefreshToken, SignIn},
    },
};
use chrono::{DateTime, TimeDelta, Utc};

/// What a password is checked against, and what its owner may be.
#[derive(Clone)]
pub struct Credentials {
    pub user: UserId,
    pub password_hash: Option<String>,
    pub memberships: Vec<Membership>,
}

/// From where somebody signs in, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    pub address: Option<String>,
    pub client: Option<String>,
}

/// Somebody who has shown who he is, about to be signed in.
#[derive(Clone, Debug)]
pub struct Proved {
    pub user: UserId,
    pub membership: MembershipId,
    pub second_factor: bool,
    pub proved_at: DateTime<Utc>,
    pub origin: Origin,
}

/// Somebody signed in: what a token says.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn {
    pub user: UserId,
    pub sign_in: SignInId,
}

/// Two tabs may refresh at the same moment; a token presented twice within this time is not yet theft.
const GRACE: TimeDelta = TimeDelta::seconds(10);

impl Office {
    /// `None` for unknown and disabled accounts alike, and for who is nothing here any more.
    pub async fn credentials(&self, username: &str) -> Result<Option<Credentials>, Fault> {
        if username.chars().any(char::is_control) {
            return Ok(None);
        }
        let username = username.to_owned();
        self.store
            .read(move |db| {
                let Some(user) = people::by_username(db, &username)?.filter(|user| !user.disabled) else {
                    return Ok(None);
                };
                let id = UserId(user.id.parse().map_err(|_| Fault::Unauthenticated)?);
                let memberships = people::memberships_of(db, id)?;
                let known = Credentials { user: id, password_hash: user.password, memberships };
                Ok(Some(known).filter(|known| !known.memberships.is_empty()))
            })
            .await
    }

    /// Whether the caller may do something that is about no single case; to be asked before his body is read.
    pub async fn admit(&self, caller: &Caller, operation: Operation) -> Result<(), Fault> {
        Ok(gate::admit(&self.whoami(caller).await?, operation)?)
    }

    /// The caller's own name and rights.
    pub async fn whoami(&self, caller: &Caller) -> Result<Actor, Fault> {
        let caller = caller.clone();
        self.store.read(move |db| actor(db, &caller)).await
    }

    /// Signs somebody in; the refresh token comes as its digest.
    pub async fn begin_sign_in(
        &self,
        proved: Proved,
        refresh: Option<String>,
        expires_at: DateTime<Utc>,
    ) -> Result<SignedIn, Fault> {
        let id = SignInId(self.fresh_id());
        let now = self.now().naive_utc();
        self.store
            .write(Touch::Nothing, move |db| {
                let sign_in = SignIn {
                    id: id.to_string(),
                    membership_id: proved.membership.to_string(),
                    user_id: proved.user.to_string(),
                    created_at: now,
                    used_at: now,
                    expires_at: expires_at.naive_utc(),
                    ended_at: None,
                    second_factor: proved.second_factor,
                    proved_at: proved.proved_at.naive_utc(),
                    address: proved.origin.address.clone(),
                    client: proved.origin.client.clone(),
                };
                sign_ins::begin(db, &sign_in)?;
                if let Some(hash) = &refresh {
                    sign_ins::keep_refresh_token(db, &kept(hash, &sign_in.id, expires_at))?;
                }
                Ok(SignedIn { user: proved.user, sign_in: id })
            })
            .await
    }

    /// Exchanges a refresh token for its successor.
    pub async fn rotate_refresh_token(
        &self,
        hash: String,
        successor: String,
        expires_at: DateTime<Utc>,
    ) -> Result<Option<SignedIn>, Fault> {
        let now = self.now().naive_utc();
        self.store
            .write(Touch::Actors, move |db| {
                let Presented::Spent(spent) = sign_ins::spend_refresh_token(db, &hash, now, GRACE)? else {
                    return Ok(None);
                };
                let sign_in: SignInId = spent.sign_in_id.parse().map_err(|_| Fault::Unauthenticated)?;
                let Some(found) = sign_ins::find(db, sign_in)? else { return Ok(None) };
                let user = found.user_id.parse().map_err(|_| Fault::Unauthenticated)?;
                let Some(actor) = people::actor(db, people::Who::SignIn(sign_in, user))? else {
                    return Ok(None);
                };
                sign_ins::go_on(db, &spent.sign_in_id, now, expires_at.naive_utc())?;
                sign_ins::keep_refresh_token(db, &kept(&successor, &spent.sign_in_id, expires_at))?;
                Ok(Some(SignedIn { user: actor.user, sign_in }))
            })
            .await
    }

    /// Ends the sign-in that a refresh token belongs to; unknown tokens are ended already.
    pub async fn sign_out(&self, hash: String) -> Result<(), Fault> {
        let now = self.now().naive_utc();
        self.store
            .write(Touch::Actors, move |db| {
                if let Some(sign_in) = sign_ins::of_refresh_token(db, &hash)? {
                    sign_ins::end(db, &sign_in, now)?;
                }
                Ok(())
            })
            .await
    }
}

fn kept(hash: &str, sign_in: &str, expires_at: DateTime<Utc>) -> RefreshToken {
    RefreshToken {
        hash: hash.to_owned(),
        sign_in_id: sign_in.to_owned(),
        expires_at: expires_at.naive_utc(),
        used_at: None,
    }
}
