//! Who is signed in: beginning, going on, ending. Secrets come hashed; tokens are the api's.

use super::{
    Caller, Fault, Office,
    acts::{Act, Entry, Way},
    perform::actor,
    throttle::Admitted,
};
use crate::{
    domain::{
        actor::{Actor, Author},
        gate::{self, Operation},
        ids::{MembershipId, SignInId, UserId},
    },
    store::{
        Db, Touch, devices,
        people::{self, Membership},
        sign_ins::{self, Presented, RefreshToken, SignIn},
    },
};
use chrono::{DateTime, TimeDelta, Utc};

/// What a password is checked against, and what its owner may be.
#[derive(Clone)]
pub struct Credentials {
    pub user: UserId,
    pub username: String,
    pub name: String,
    pub password_hash: Option<String>,
    pub memberships: Vec<Membership>,
}

/// From where somebody signs in, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    pub address: Option<String>,
    pub client: Option<String>,
    pub request_id: String,
}

/// Somebody who has shown who he is, about to be signed in.
#[derive(Clone, Debug)]
pub struct Proved {
    pub user: UserId,
    pub membership: MembershipId,
    pub way: Way,
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

/// What a right password leads to.
#[derive(Clone, Debug)]
pub enum Passed {
    SignedIn(SignedIn),
    /// A code is wanted beside it.
    CodeWanted,
    CodeWrong,
    /// A second factor has to be set first; the link that leads there was kept.
    EnrolFirst,
}

/// What comes with a right password.
#[derive(Clone, Debug)]
pub struct Presents {
    pub code: Option<String>,
    pub membership: Option<MembershipId>,
    /// Digests of secrets made for the answer: the refresh token, the device's, and the way to a second factor.
    pub refresh: String,
    pub device: String,
    pub enrolment: String,
    pub expires_at: DateTime<Utc>,
}

/// Two tabs may refresh at the same moment; a token presented twice within this time is not yet theft.
const GRACE: TimeDelta = TimeDelta::seconds(10);
/// How long a device is known after a sign-in.
const DEVICE: TimeDelta = TimeDelta::days(180);

impl Office {
    /// Whether the caller may do something that is about no single case; to be asked before his body is read.
    pub async fn admit(&self, caller: &Caller, operation: Operation) -> Result<(), Fault> {
        Ok(gate::admit(&self.whoami(caller).await?, operation)?)
    }

    /// The caller's own name and rights.
    pub async fn whoami(&self, caller: &Caller) -> Result<Actor, Fault> {
        let caller = caller.clone();
        self.store.read(move |db| actor(db, &caller)).await
    }

    /// The password was right: asks for what is wanted beside it, and signs in.
    pub async fn pass(&self, admitted: &Admitted, presents: Presents) -> Result<Passed, Fault> {
        let (office, admitted) = (self.clone(), admitted.clone());
        let known = admitted.known.clone().ok_or(Fault::Unauthenticated)?;
        self.store.write(Touch::Nothing, move |db| office.pass_in(db, &admitted, &known, &presents)).await
    }

    fn pass_in(
        &self,
        db: &mut Db,
        admitted: &Admitted,
        known: &Credentials,
        presents: &Presents,
    ) -> Result<Passed, Fault> {
        let membership = chosen(&known.memberships, presents.membership)?;
        let has_factor = self.has_second_factor(db, known.user)?;
        match (&presents.code, has_factor) {
            (None, true) => {
                self.forgive(db, &admitted.counted)?;
                return Ok(Passed::CodeWanted);
            }
            (Some(code), true) if !self.code_is_right(db, known, code, &admitted.origin)? => {
                return Ok(Passed::CodeWrong);
            }
            _ => {}
        }
        self.forgive(db, &admitted.counted)?;
        if !has_factor && self.needs_second_factor(&known.memberships) {
            self.keep_enrolment(db, known.user, membership, &presents.enrolment)?;
            return Ok(Passed::EnrolFirst);
        }
        let proved = Proved {
            user: known.user,
            membership,
            way: Way::Password,
            second_factor: has_factor,
            proved_at: self.now(),
            origin: admitted.origin.clone(),
        };
        let signed_in = self.begin_in(db, &proved, Some(&presents.refresh), presents.expires_at)?;
        if !admitted.known_device {
            let now = self.now();
            devices::add(db, &presents.device, known.user, now.naive_utc(), (now + DEVICE).naive_utc())?;
        }
        Ok(Passed::SignedIn(signed_in))
    }

    /// Keeps a password's hash at today's cost.
    pub async fn renew_password(&self, user: UserId, old: String, new: String) -> Result<(), Fault> {
        self.store
            .write(Touch::Nothing, move |db| Ok(people::renew_password(db, user, &old, &new).map(drop)?))
            .await
    }

    /// Signs somebody in; the refresh token comes as its digest.
    pub async fn begin_sign_in(
        &self,
        proved: Proved,
        refresh: Option<String>,
        expires_at: DateTime<Utc>,
    ) -> Result<SignedIn, Fault> {
        let office = self.clone();
        self.store
            .write(Touch::Nothing, move |db| office.begin_in(db, &proved, refresh.as_deref(), expires_at))
            .await
    }

    pub(super) fn begin_in(
        &self,
        db: &mut Db,
        proved: &Proved,
        refresh: Option<&str>,
        expires_at: DateTime<Utc>,
    ) -> Result<SignedIn, Fault> {
        let id = SignInId(self.fresh_id());
        let now = self.now().naive_utc();
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
        if let Some(hash) = refresh {
            sign_ins::keep_refresh_token(db, &kept(hash, &sign_in.id, expires_at))?;
        }
        let actor = people::actor(db, people::Who::SignIn(id, proved.user))?.ok_or(Fault::Unauthenticated)?;
        let act = Act::SignedIn {
            sign_in: id,
            membership: proved.membership,
            way: proved.way,
            second_factor: proved.second_factor,
        };
        self.record_own(db, &actor, &proved.origin, act)?;
        Ok(SignedIn { user: proved.user, sign_in: id })
    }

    /// What somebody did about his own signing in.
    pub(super) fn record_own(
        &self,
        db: &mut Db,
        actor: &Actor,
        origin: &Origin,
        act: Act,
    ) -> Result<(), Fault> {
        self.record_act(
            db,
            Entry {
                congress: actor.congress.as_ref(),
                author: Some(actor.author()),
                user: Some(actor.user),
                case: None,
                act,
                request_id: &origin.request_id,
                address: origin.address.as_deref(),
            },
        )
    }

    /// Exchanges a refresh token for its successor.
    pub async fn rotate_refresh_token(
        &self,
        hash: String,
        successor: String,
        expires_at: DateTime<Utc>,
        origin: Origin,
    ) -> Result<Option<SignedIn>, Fault> {
        let (office, now) = (self.clone(), self.now().naive_utc());
        self.store
            .write(Touch::Actors, move |db| {
                let spent = match sign_ins::spend_refresh_token(db, &hash, now, GRACE)? {
                    Presented::Spent(spent) => spent,
                    Presented::Refused => return Ok(None),
                    Presented::Stolen(sign_in) => {
                        office.record_stolen(db, &sign_in, &origin)?;
                        return Ok(None);
                    }
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

    /// The sign-in is over already, so that its owner is read from what is kept of it.
    fn record_stolen(&self, db: &mut Db, sign_in: &str, origin: &Origin) -> Result<(), Fault> {
        let id: SignInId = sign_in.parse().map_err(|_| Fault::Unauthenticated)?;
        let Some(found) = sign_ins::find(db, id)? else { return Ok(()) };
        let membership: MembershipId = found.membership_id.parse().map_err(|_| Fault::Unauthenticated)?;
        let congress = people::membership(db, membership)?.and_then(|it| it.congress_id?.parse().ok());
        self.record_act(
            db,
            Entry {
                congress: congress.as_ref(),
                author: None::<Author>,
                user: found.user_id.parse().ok(),
                case: None,
                act: Act::SignInStolen { sign_in: id },
                request_id: &origin.request_id,
                address: origin.address.as_deref(),
            },
        )
    }

    /// Ends the sign-in that a refresh token belongs to; unknown tokens are ended already.
    pub async fn sign_out(&self, hash: String, origin: Origin) -> Result<(), Fault> {
        let (office, now) = (self.clone(), self.now().naive_utc());
        self.store
            .write(Touch::Actors, move |db| {
                let Some(sign_in) = sign_ins::of_refresh_token(db, &hash)? else { return Ok(()) };
                let id: SignInId = sign_in.parse().map_err(|_| Fault::Unauthenticated)?;
                let owner = sign_ins::find(db, id)?.and_then(|it| it.user_id.parse().ok()).map(UserId);
                if let Some(owner) = owner
                    && let Some(actor) = people::actor(db, people::Who::SignIn(id, owner))?
                {
                    office.record_own(db, &actor, &origin, Act::SignedOut { sign_in: id })?;
                }
                sign_ins::end(db, &sign_in, now)?;
                Ok(())
            })
            .await
    }
}

/// The membership that was asked for, or the oldest.
pub(super) fn chosen(memberships: &[Membership], asked: Option<MembershipId>) -> Result<MembershipId, Fault> {
    let id = |it: &Membership| it.id.parse::<MembershipId>().ok();
    match asked {
        None => memberships.first().and_then(id).ok_or(Fault::Unauthenticated),
        Some(asked) if memberships.iter().any(|it| id(it) == Some(asked)) => Ok(asked),
        Some(_) => Err(Fault::invalid(
            "/membership",
            "不是您的身份；可选的见 GET /v1/me 的 memberships",
            "is none of yours; GET /v1/me lists them in `memberships`",
        )),
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
