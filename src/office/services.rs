//! Programs: their secrets, and signing them in by one (RFC 6749, client credentials).

use super::{
    Caller, Fault, Office,
    acts::{Act, Way},
    perform::actor,
    sign_in::{Origin, Proved, SignedIn},
};
use crate::{
    domain::{
        actor::Scope,
        ids::{MembershipId, UserId},
        say::Say,
    },
    identity::refresh,
    store::{Db, StoreError, Touch, people, services},
};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Two, so that one can be exchanged while the other works.
const SECRETS: usize = 2;

/// A program's secret. Shown once.
#[derive(Clone, Debug)]
pub struct MadeSecret {
    pub id: Uuid,
    pub secret: String,
}

/// Why a program got no token, in the words of RFC 6749, section 5.2.
#[derive(Debug)]
pub enum Unserved {
    InvalidClient,
    InvalidScope,
    Fault(Fault),
}

impl From<StoreError> for Unserved {
    fn from(error: StoreError) -> Unserved {
        Unserved::Fault(error.into())
    }
}

impl From<Fault> for Unserved {
    fn from(fault: Fault) -> Unserved {
        Unserved::Fault(fault)
    }
}

impl crate::store::connection::IsConflict for Unserved {
    fn is_conflict(&self) -> bool {
        matches!(self, Unserved::Fault(fault) if fault.is_conflict())
    }
}

impl Office {
    pub(super) fn make_secret(
        &self,
        db: &mut Db,
        membership: MembershipId,
    ) -> Result<(MadeSecret, Act), Fault> {
        if services::of(db, membership)?.len() >= SECRETS {
            return Err(Fault::Exists(Say::new(
                "该程序已有两个密钥；请先停用一个",
                "the program has two secrets already; end one of them first",
            )));
        }
        let made = refresh::new().map_err(|e| Fault::Store(StoreError::Unavailable(e.to_string())))?;
        let id = self.fresh_id();
        services::add(
            db,
            &services::Secret {
                id: id.to_string(),
                membership_id: membership.to_string(),
                hash: made.hash,
                created_at: self.now().naive_utc(),
                ended_at: None,
            },
        )?;
        Ok((MadeSecret { id, secret: made.secret }, Act::ServiceSecretMade { membership, secret: id }))
    }

    /// Another secret for a program of the caller's congress.
    pub async fn add_secret(&self, caller: &Caller, membership: MembershipId) -> Result<MadeSecret, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let actor = actor(db, &caller)?;
                let (user, _) = office.member(db, &actor, membership, true)?;
                let (made, act) = office.make_secret(db, membership)?;
                office.record_act_of(db, &actor, &caller, Some(user), act)?;
                Ok(made)
            })
            .await
    }

    pub async fn end_secret(
        &self,
        caller: &Caller,
        membership: MembershipId,
        secret: Uuid,
    ) -> Result<(), Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Actors, move |db| {
                let actor = actor(db, &caller)?;
                let (user, _) = office.member(db, &actor, membership, true)?;
                if !services::end(db, membership, &secret.to_string(), office.now().naive_utc())? {
                    return Err(Fault::NotFound);
                }
                // Whatever was begun with it ends with it.
                crate::store::sign_ins::end_all(db, user, office.now().naive_utc())?;
                let act = Act::ServiceSecretEnded { membership, secret };
                office.record_act_of(db, &actor, &caller, Some(user), act)
            })
            .await
    }

    /// Signs a program in. Its secret has 256 bits: nobody guesses it, so that it needs no throttle and a fast digest.
    pub async fn serve_program(
        &self,
        client: Option<MembershipId>,
        secret_hash: String,
        scopes: Option<BTreeSet<Scope>>,
        expires_at: DateTime<Utc>,
        origin: Origin,
    ) -> Result<(SignedIn, BTreeSet<Scope>), Unserved> {
        let office = self.clone();
        self.store
            .write(Touch::Nothing, move |db| {
                let id = client.ok_or(Unserved::InvalidClient)?;
                let known = services::of(db, id)?.iter().any(|secret| secret.hash == secret_hash);
                let actor = people::actor(db, people::Who::Membership(id))?.filter(|_| known);
                let actor = actor.ok_or(Unserved::InvalidClient)?;
                let granted = actor.scopes.clone().ok_or(Unserved::InvalidClient)?;
                // A token bears the rights of its membership, so that fewer cannot be had: only what is not there is
                // refused.
                if scopes.as_ref().is_some_and(|asked| !asked.is_subset(&granted)) {
                    return Err(Unserved::InvalidScope);
                }
                let proved = Proved {
                    user: actor.user,
                    membership: id,
                    way: Way::Secret,
                    second_factor: false,
                    proved_at: office.now(),
                    origin: origin.clone(),
                };
                Ok((office.begin_in(db, &proved, None, expires_at)?, granted))
            })
            .await
    }

    /// A program's secrets by their ids and days; never themselves.
    pub async fn secrets(
        &self,
        caller: &Caller,
        membership: MembershipId,
    ) -> Result<Vec<services::Secret>, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .read(move |db| {
                let actor = actor(db, &caller)?;
                let _: (UserId, _) = office.member(db, &actor, membership, true)?;
                Ok(services::of(db, membership)?)
            })
            .await
    }
}
