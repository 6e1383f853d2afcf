//! The second factor: set, asked for, taken away by an administrator.

use super::{
    Caller, Fault, Office,
    acts::{Act, Entry, Way},
    own::session,
    perform::actor,
    sign_in::{Credentials, Origin, Proved, SignedIn},
};
use crate::{
    domain::{
        actor::Author,
        ids::{MembershipId, UserId},
        say::Say,
    },
    identity::{refresh, seal::SealError, totp},
    store::{
        Db, StoreError, Touch,
        links::{self, Link},
        people,
        second_factors::{self, SecondFactor},
        sign_ins,
    },
};
use chrono::{DateTime, TimeDelta, Utc};

/// For how long somebody who has to set a second factor may do it after showing his password.
const ENROLMENT: TimeDelta = TimeDelta::minutes(15);
const PURPOSE: &str = "second_factor";

/// Who sets a second factor: somebody signed in, or on the way there.
#[derive(Clone, Debug)]
pub enum Enrolling {
    Signed(Caller),
    /// By the digest of the token that was given instead of a sign-in.
    Token(String),
}

/// What an authenticator app is set up with. Told once.
#[derive(Clone, Debug)]
pub struct Proposed {
    pub secret: String,
    pub uri: String,
}

/// A second factor that was confirmed.
#[derive(Clone, Debug)]
pub struct Confirmed {
    pub recovery_codes: Vec<String>,
    /// For who was on the way to sign in.
    pub signed_in: Option<SignedIn>,
}

struct Enrolled {
    user: UserId,
    membership: Option<MembershipId>,
    token: Option<String>,
}

impl Office {
    pub(super) fn has_second_factor(&self, db: &mut Db, user: UserId) -> Result<bool, Fault> {
        Ok(second_factors::find(db, user)?.is_some_and(|it| it.confirmed_at.is_some()))
    }

    pub(super) fn keep_enrolment(
        &self,
        db: &mut Db,
        user: UserId,
        membership: MembershipId,
        hash: &str,
    ) -> Result<(), Fault> {
        let now = self.now();
        let link = Link {
            hash: hash.to_owned(),
            user_id: user.to_string(),
            purpose: PURPOSE.to_owned(),
            membership_id: Some(membership.to_string()),
            created_at: now.naive_utc(),
            expires_at: (now + ENROLMENT).naive_utc(),
            used_at: None,
        };
        Ok(links::add(db, &link)?)
    }

    /// Whether a code is right, and was not taken before. A recovery code is as good, once.
    pub(super) fn code_is_right(
        &self,
        db: &mut Db,
        known: &Credentials,
        code: &str,
        origin: &Origin,
    ) -> Result<bool, Fault> {
        let now = self.now();
        let Some(factor) = second_factors::find(db, known.user)? else { return Ok(false) };
        let seed = self.seal()?.open(&known.user.to_string(), &factor.seed).map_err(broken)?;
        if let Some(step) = totp::step(&seed, code, now.timestamp()) {
            return Ok(second_factors::take_step(db, known.user, step)?);
        }
        let hash = refresh::hash(&totp::recovery_code(code));
        let spent = second_factors::spend_code(db, known.user, &hash, now.naive_utc())?;
        if spent {
            let first = known.memberships.first();
            let congress = first.and_then(|first| first.congress_id.as_deref()?.parse().ok());
            let role = first.map(|first| first.role.clone()).unwrap_or_default();
            self.record_act(
                db,
                Entry {
                    congress: congress.as_ref(),
                    author: Some(Author { user: known.user, name: known.name.clone(), role }),
                    user: Some(known.user),
                    case: None,
                    act: Act::RecoveryCodeUsed,
                    request_id: &origin.request_id,
                    address: origin.address.as_deref(),
                },
            )?;
        }
        Ok(spent)
    }

    fn enrolling(&self, db: &mut Db, who: &Enrolling) -> Result<Enrolled, Fault> {
        let enrolled = match who {
            Enrolling::Signed(caller) => {
                let actor = actor(db, caller)?;
                if actor.scopes.is_some() {
                    return Err(Fault::Forbidden(Say::new(
                        "程序账户没有第二验证因素",
                        "a program has no second factor",
                    )));
                }
                // Whoever found a token must not shut its owner out by a factor of his own.
                let sign_in = session(caller).ok_or(Fault::Unauthenticated)?;
                let shown = sign_ins::find(db, sign_in)?.map(|it| it.proved_at.and_utc());
                if shown.is_none_or(|shown| shown + ENROLMENT < self.now()) {
                    return Err(Fault::Forbidden(Say::new(
                        "请重新登录后 15 分钟内再设置",
                        "sign in again first: this is done within 15 minutes after it",
                    )));
                }
                Enrolled { user: actor.user, membership: None, token: None }
            }
            Enrolling::Token(hash) => {
                let open = links::open(db, hash, self.now().naive_utc())?;
                let link = open.filter(|link| link.purpose == PURPOSE).ok_or(Fault::Unauthenticated)?;
                let user: UserId = link.user_id.parse().map_err(|_| Fault::Unauthenticated)?;
                people::by_id(db, user)?.filter(|user| !user.disabled).ok_or(Fault::Unauthenticated)?;
                let membership = link.membership_id.and_then(|id| id.parse().ok());
                Enrolled { user, membership, token: Some(hash.clone()) }
            }
        };
        if self.has_second_factor(db, enrolled.user)? {
            return Err(Fault::Exists(Say::new(
                "已设置第二验证因素；更换须先由管理员重置",
                "there is a second factor already; an administrator has to reset it first",
            )));
        }
        Ok(enrolled)
    }

    /// Makes a seed; it counts once a code of it is [confirmed](Office::confirm_second_factor).
    pub async fn propose_second_factor(&self, who: Enrolling) -> Result<Proposed, Fault> {
        let office = self.clone();
        self.store
            .write(Touch::Nothing, move |db| {
                let Enrolled { user, .. } = office.enrolling(db, &who)?;
                let account = people::by_id(db, user)?.ok_or(Fault::Unauthenticated)?;
                let seed = totp::new_seed(&account.username).map_err(unavailable)?;
                let sealed = office.seal()?.close(&user.to_string(), &seed.bytes).map_err(broken)?;
                let proposed = SecondFactor {
                    user_id: user.to_string(),
                    seed: sealed,
                    created_at: office.now().naive_utc(),
                    confirmed_at: None,
                    last_step: 0,
                };
                second_factors::propose(db, &proposed)?;
                Ok(Proposed { secret: seed.secret, uri: seed.uri })
            })
            .await
    }

    /// A code shows that the app has the seed: the second factor is set, and who was on the way is signed in.
    pub async fn confirm_second_factor(
        &self,
        who: Enrolling,
        code: String,
        refresh_hash: String,
        expires_at: DateTime<Utc>,
        origin: Origin,
    ) -> Result<Confirmed, Fault> {
        let office = self.clone();
        let recovery_codes = totp::recovery_codes().map_err(unavailable)?;
        self.store
            .write(Touch::Nothing, move |db| {
                let now = office.now();
                let enrolled = office.enrolling(db, &who)?;
                let wrong = || {
                    Fault::invalid(
                        "/code",
                        "动态码不对；请核对手机时间，填写当前显示的六位数字",
                        "is not the code of this moment; check the clock of the device and send the six digits shown",
                    )
                };
                let user = enrolled.user;
                let proposed = second_factors::find(db, user)?.ok_or_else(wrong)?;
                let seed = office.seal()?.open(&user.to_string(), &proposed.seed).map_err(broken)?;
                let step = totp::step(&seed, &code, now.timestamp()).ok_or_else(wrong)?;
                if let Some(token) = &enrolled.token
                    && !links::burn(db, token, now.naive_utc())?
                {
                    return Err(Fault::Unauthenticated);
                }
                if !second_factors::confirm(db, user, step, now.naive_utc())? {
                    return Err(Fault::Store(StoreError::Conflict));
                }
                let hashes: Vec<String> =
                    recovery_codes.iter().map(|code| refresh::hash(&totp::recovery_code(code))).collect();
                second_factors::keep_codes(db, user, &hashes)?;
                let signed_in = match enrolled.membership {
                    None => None,
                    Some(membership) => {
                        let proved = Proved {
                            user,
                            membership,
                            way: Way::Password,
                            second_factor: true,
                            proved_at: now,
                            origin: origin.clone(),
                        };
                        Some(office.begin_in(db, &proved, Some(&refresh_hash), expires_at)?)
                    }
                };
                let acting = match (&who, signed_in) {
                    (Enrolling::Signed(caller), _) => actor(db, caller)?,
                    (_, Some(signed_in)) => people::actor(db, people::Who::SignIn(signed_in.sign_in, signed_in.user))?
                        .ok_or(Fault::Unauthenticated)?,
                    _ => return Err(Fault::Unauthenticated),
                };
                office.record_own(db, &acting, &origin, Act::SecondFactorSet)?;
                Ok(Confirmed { recovery_codes: recovery_codes.clone(), signed_in })
            })
            .await
    }
}

fn broken(error: SealError) -> Fault {
    Fault::Store(StoreError::corrupt("second_factors", "seed", error))
}

fn unavailable(error: impl std::fmt::Display) -> Fault {
    Fault::Store(StoreError::Unavailable(error.to_string()))
}
