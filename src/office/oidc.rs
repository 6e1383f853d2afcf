//! Single sign-on as the office sees it: who is expected back from the provider, and who is who by its word.
//! Accounts are found by issuer and subject alone; an e-mail address or a name is no identity.

use super::{Caller, Fault, Office, Who, perform::actor, sign_in::Credentials};
use crate::{
    domain::{
        ids::{MembershipId, UserId},
        say::Say,
    },
    store::{
        Db, Touch,
        oidc::{self, Attempt, ExternalIdentity},
        people::{self, Membership},
        sign_ins,
    },
};
use chrono::{DateTime, TimeDelta, Utc};

/// How long somebody may be away at the provider.
pub const AWAY: TimeDelta = TimeDelta::minutes(10);
/// Who links an identity must have shown who he is this lately: it opens his account for good.
const LATELY: TimeDelta = TimeDelta::minutes(15);

/// What is remembered of somebody who is sent to the provider; state and binding come as digests.
#[derive(Clone, Debug)]
pub struct Expected {
    pub state_hash: String,
    pub binding_hash: String,
    pub nonce: String,
    pub verifier: String,
}

/// A name at a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    pub issuer: String,
    pub subject: String,
    pub linked_at: DateTime<Utc>,
}

impl Office {
    /// Somebody is sent to the provider, to sign in or, with `linking`, to link himself.
    pub async fn expect_back(&self, expected: Expected, linking: Option<Caller>) -> Result<(), Fault> {
        let now = self.now();
        self.store
            .write(Touch::Nothing, move |db| {
                let user = linking.as_ref().map(|caller| lately_proved(db, caller, now)).transpose()?;
                let attempt = Attempt {
                    state_hash: expected.state_hash.clone(),
                    binding_hash: expected.binding_hash.clone(),
                    nonce: expected.nonce.clone(),
                    verifier: expected.verifier.clone(),
                    user_id: user.map(|user| user.to_string()),
                    expires_at: (now + AWAY).naive_utc(),
                };
                Ok(oidc::keep(db, &attempt)?)
            })
            .await
    }

    /// Who comes back with this state and binding: what was remembered of him, once. An attempt that is presented in a
    /// wrong way is over all the same.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] for everything that does not fit: unknown, used, too late, another browser, another
    /// purpose.
    pub async fn came_back(
        &self,
        state_hash: String,
        binding_hash: String,
        linking: Option<Caller>,
    ) -> Result<Expected, Fault> {
        let now = self.now().naive_utc();
        let taken = self
            .store
            .write(Touch::Nothing, move |db| {
                let user = linking.as_ref().map(|caller| actor(db, caller)).transpose()?.map(|it| it.user);
                let fits = |attempt: &Attempt| {
                    attempt.expires_at > now
                        && attempt.binding_hash == binding_hash
                        && attempt.user_id == user.map(|user| user.to_string())
                };
                // No error here, which would bring the attempt back.
                Ok::<_, Fault>(oidc::take(db, &state_hash)?.filter(fits))
            })
            .await?;
        let Attempt { state_hash, binding_hash, nonce, verifier, .. } =
            taken.ok_or(Fault::Unauthenticated)?;
        Ok(Expected { state_hash, binding_hash, nonce, verifier })
    }

    /// Whose name at the provider this is. `None` for unknown ones, disabled accounts and who is nothing here any more.
    pub async fn known_as(&self, issuer: &str, subject: &str) -> Result<Option<Credentials>, Fault> {
        let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
        self.store
            .read(move |db| {
                let Some(identity) = oidc::find(db, &issuer, &subject)? else { return Ok(None) };
                let user = UserId(identity.user_id.parse().map_err(|_| Fault::Unauthenticated)?);
                let Some(known) = people::by_id(db, user)?.filter(|user| !user.disabled) else {
                    return Ok(None);
                };
                let memberships = people::memberships_of(db, user)?;
                let known = Credentials {
                    user,
                    username: known.username,
                    name: known.display_name,
                    password_hash: known.password,
                    memberships,
                };
                Ok(Some(known).filter(|known| !known.memberships.is_empty()))
            })
            .await
    }

    /// Links a name at the provider to the caller.
    pub async fn link_caller(&self, caller: &Caller, issuer: &str, subject: &str) -> Result<External, Fault> {
        let (caller, now) = (caller.clone(), self.now());
        let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
        let write = move |db: &mut Db| {
            let user = actor(db, &caller)?.user;
            link(db, user, &issuer, &subject, now)
        };
        self.store.write(Touch::Nothing, write).await
    }

    /// Links a name at the provider to an account, by its user name: the operator's command.
    pub fn link_account(&self, username: &str, issuer: &str, subject: &str) -> Result<External, Fault> {
        let (username, now) = (username.to_owned(), self.now());
        let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
        self.store.write_here(move |db| {
            let user = named(db, &username)?;
            link(db, user, &issuer, &subject, now)
        })
    }

    /// Takes an account's names at providers away, and ends its sign-ins, of which some may be by them; how many.
    pub fn unlink_account(&self, username: &str) -> Result<usize, Fault> {
        let (username, now) = (username.to_owned(), self.now().naive_utc());
        self.store.write_here(move |db| {
            let user = named(db, &username)?;
            let unlinked = oidc::unlink(db, user)?;
            sign_ins::end_all(db, user, now)?;
            Ok(unlinked)
        })
    }

    /// The caller's names at providers.
    pub async fn external_identities(&self, caller: &Caller) -> Result<Vec<External>, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let user = actor(db, &caller)?.user;
                Ok(oidc::of_user(db, user)?.into_iter().map(told).collect())
            })
            .await
    }

    /// Takes the caller's names at providers away; his password is his way in from now on.
    pub async fn unlink_caller(&self, caller: &Caller) -> Result<(), Fault> {
        let caller = caller.clone();
        self.store
            .write(Touch::Nothing, move |db| {
                let user = actor(db, &caller)?.user;
                let has_password = people::by_id(db, user)?.is_some_and(|user| user.password.is_some());
                if !has_password {
                    return Err(Fault::Exists(Say::new(
                        "您没有设置密码，解除关联后将无法登录；请先请管理员发送密码重置链接",
                        "you have no password, and could not sign in any more; ask an administrator for a reset link first",
                    )));
                }
                oidc::unlink(db, user)?;
                Ok(())
            })
            .await
    }
}

impl Office {
    /// Holds single sign-on to the same rule as a password: whose role needs a second factor has to have shown one, to the
    /// provider. A code of ours cannot be asked for here, since the provider's word is good once.
    ///
    /// # Errors
    /// 403, with how to sign in instead.
    pub fn enough_factors(&self, known: &Credentials, vouched_second_factor: bool) -> Result<(), Fault> {
        if vouched_second_factor || !self.needs_second_factor(&known.memberships) {
            return Ok(());
        }
        Err(Fault::Forbidden(Say::new(
            "您的身份登录须有第二验证因素，而单点登录没有说明已验证；请在单点登录中启用，或用密码和动态码登录",
            "your role needs a second factor, and the single sign-on tells of none: use one there, or sign in here with \
             password and code",
        )))
    }
}

/// What somebody is signed in as: what he asks for, or his first; none if it is not his.
pub fn chosen(known: &Credentials, asked: Option<MembershipId>) -> Option<&Membership> {
    let is_asked = |membership: &&Membership| asked.is_none_or(|asked| membership.id == asked.to_string());
    known.memberships.iter().find(is_asked)
}

fn named(db: &mut Db, username: &str) -> Result<UserId, Fault> {
    let user = people::by_username(db, username)?.ok_or(Fault::NotFound)?;
    Ok(UserId(user.id.parse().map_err(|_| Fault::NotFound)?))
}

fn lately_proved(db: &mut Db, caller: &Caller, now: DateTime<Utc>) -> Result<UserId, Fault> {
    let user = actor(db, caller)?.user;
    let Who::SignIn(sign_in, _) = caller.who else { return Ok(user) };
    let proved_at = sign_ins::find(db, sign_in)?.ok_or(Fault::Unauthenticated)?.proved_at;
    if now.naive_utc() - proved_at > LATELY {
        return Err(Fault::Forbidden(Say::new(
            "关联单点登录须在登录后十五分钟内进行；请重新登录",
            "single sign-on is linked within fifteen minutes of signing in; sign in again",
        )));
    }
    Ok(user)
}

fn link(
    db: &mut Db,
    user: UserId,
    issuer: &str,
    subject: &str,
    now: DateTime<Utc>,
) -> Result<External, Fault> {
    if let Some(known) = oidc::find(db, issuer, subject)? {
        return match known.user_id == user.to_string() {
            true => Ok(told(known)),
            false => Err(Fault::Exists(Say::new(
                "该单点登录身份已关联另一账户",
                "this identity is linked to another account",
            ))),
        };
    }
    if oidc::of_user(db, user)?.iter().any(|known| known.issuer == issuer) {
        return Err(Fault::Exists(Say::new(
            "该账户已关联另一单点登录身份；请先解除",
            "the account is linked to another identity; unlink that one first",
        )));
    }
    let identity = ExternalIdentity {
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        user_id: user.to_string(),
        linked_at: now.naive_utc(),
    };
    oidc::link(db, &identity)?;
    Ok(told(identity))
}

fn told(identity: ExternalIdentity) -> External {
    let ExternalIdentity { issuer, subject, user_id: _, linked_at } = identity;
    External { issuer, subject, linked_at: linked_at.and_utc() }
}
