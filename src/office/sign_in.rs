//! Who signs in, and the refresh tokens that keep a sign-in going. Secrets come hashed; tokens are the api's.

use super::{Caller, Fault, Office, perform::actor};
use crate::{
    domain::{actor::Actor, ids::UserId},
    store::{
        Touch,
        people::{self, Presented, RefreshToken},
    },
};
use chrono::{DateTime, TimeDelta, Utc};

/// What a password is checked against.
#[derive(Clone)]
pub struct Credentials {
    pub user: UserId,
    pub password_hash: String,
}

/// Two tabs may refresh at the same moment; a token presented twice within this time is not yet theft.
const GRACE: TimeDelta = TimeDelta::seconds(10);

impl Office {
    /// `None` for unknown and disabled accounts alike.
    pub async fn credentials(&self, username: &str) -> Result<Option<Credentials>, Fault> {
        if username.chars().any(char::is_control) {
            return Ok(None);
        }
        let username = username.to_owned();
        self.store
            .read(move |db| {
                let Some(user) = people::by_username(db, &username)? else { return Ok(None) };
                let Some(actor) = user.actor()? else { return Ok(None) };
                Ok(Some(Credentials { user: actor.user, password_hash: user.password }))
            })
            .await
    }

    /// The caller's own name and rights.
    pub async fn whoami(&self, caller: &Caller) -> Result<Actor, Fault> {
        let caller = caller.clone();
        self.store.read(move |db| actor(db, &caller)).await
    }

    /// Keeps a new refresh token, by its digest. `family` names the sign-in that it descends from.
    pub async fn keep_refresh_token(
        &self,
        user: UserId,
        hash: String,
        family: String,
        expires_at: DateTime<Utc>,
    ) -> Result<(), Fault> {
        let token = RefreshToken {
            hash,
            user_id: user.to_string(),
            family,
            expires_at: expires_at.naive_utc(),
            used_at: None,
        };
        self.store
            .write(Touch::Nothing, move |db| people::keep_refresh_token(db, &token).map_err(Fault::from))
            .await
    }

    /// Exchanges a refresh token for its successor; returns the user and the sign-in it belongs to.
    pub async fn rotate_refresh_token(
        &self,
        hash: String,
        successor: String,
        expires_at: DateTime<Utc>,
    ) -> Result<Option<(UserId, String)>, Fault> {
        let now = self.now().naive_utc();
        self.store
            .write(Touch::Nothing, move |db| {
                let Presented::Spent(spent) = people::spend_refresh_token(db, &hash, now, GRACE)? else {
                    return Ok(None);
                };
                let user = spent.user_id.parse().map_err(|_| Fault::Unauthenticated)?;
                let known = people::by_id(db, user)?.map(|u| u.actor()).transpose()?.flatten();
                if known.is_none() {
                    return Ok(None);
                }
                let token = RefreshToken {
                    hash: successor.clone(),
                    user_id: spent.user_id,
                    family: spent.family.clone(),
                    expires_at: expires_at.naive_utc(),
                    used_at: None,
                };
                people::keep_refresh_token(db, &token)?;
                Ok(Some((user, spent.family)))
            })
            .await
    }

    /// Ends the sign-in that a refresh token belongs to; unknown tokens are ended already.
    pub async fn sign_out(&self, hash: String) -> Result<(), Fault> {
        self.store
            .write(Touch::Nothing, move |db| {
                if let Some(family) = people::family_of(db, &hash)? {
                    people::end_family(db, &family)?;
                }
                Ok(())
            })
            .await
    }
}
