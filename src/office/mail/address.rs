//! Where somebody is reached by e-mail: as he says, once he has shown a code that was sent there.

use super::{Line, State};
use crate::{
    domain::{
        gate::{self, Operation},
        say::Say,
    },
    identity::mail_code,
    mail::{Letter, Mailer, Trouble},
    office::{Caller, Fault, Office, acts::Act, perform::actor},
    store::{Db, StoreError, Touch, mails},
};
use chrono::{DateTime, TimeDelta, Utc};

/// How long a code is good.
const CODE: TimeDelta = TimeDelta::minutes(30);
/// Between two codes: nobody fills a stranger's box with them.
const BETWEEN: TimeDelta = TimeDelta::minutes(2);

/// Where the caller is reached, and what he gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnAddress {
    pub address: String,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub at_once: bool,
    pub daily: bool,
}

impl From<mails::Address> for OwnAddress {
    fn from(it: mails::Address) -> OwnAddress {
        let confirmed_at = it.confirmed_at.map(|at| at.and_utc());
        OwnAddress { address: it.address, confirmed_at, at_once: it.at_once, daily: it.daily }
    }
}

/// What the caller wants.
#[derive(Clone, Debug)]
pub struct Wish {
    pub address: String,
    pub at_once: bool,
    pub daily: bool,
}

impl Office {
    pub async fn own_address(&self, caller: &Caller) -> Result<Option<OwnAddress>, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let actor = actor(db, &caller)?;
                Ok(mails::address(db, actor.user)?.map(OwnAddress::from))
            })
            .await
    }

    /// Keeps what the caller wants; to an address that is new a code is sent, which has to be shown.
    ///
    /// # Errors
    /// `Forbidden` where no letters are sent, and for programs; `TooOften` within two minutes of another code.
    pub async fn set_own_address(&self, caller: &Caller, wish: Wish) -> Result<OwnAddress, Fault> {
        let mailer = self.mailer()?;
        let made = mail_code::new().map_err(|e| Fault::Store(StoreError::Unavailable(e.to_string())))?;
        let (office, asking, hash, address) = (self.clone(), caller.clone(), made.hash, wish.address.clone());
        let (kept, name) = self
            .store
            .write(Touch::Nothing, move |db| office.keep_address(db, &asking, wish.clone(), hash.clone()))
            .await?;
        if kept.confirmed_at.is_none() {
            let letter = self.code_letter(&name, address, &made.code);
            if let Err(trouble) = mailer.send(&letter).await {
                return Err(not_sent(&trouble));
            }
        }
        Ok(kept)
    }

    fn mailer(&self) -> Result<&Mailer, Fault> {
        self.mailer.as_ref().ok_or_else(|| {
            let zh = "本系统没有设置邮件服务器，不发邮件";
            Fault::Forbidden(Say::new(zh, "this installation sends no letters: it has no mail server"))
        })
    }

    fn keep_address(
        &self,
        db: &mut Db,
        caller: &Caller,
        wish: Wish,
        code_hash: String,
    ) -> Result<(OwnAddress, String), Fault> {
        let actor = actor(db, caller)?;
        if actor.scopes.is_some() {
            return Err(Fault::Forbidden(Say::new("程序账户不收邮件", "a program gets no letters")));
        }
        let now = self.now().naive_utc();
        let held = mails::address(db, actor.user)?;
        let same = held.as_ref().filter(|it| it.address == wish.address && it.confirmed_at.is_some());
        let kept = match same {
            Some(held) => mails::Address { at_once: wish.at_once, daily: wish.daily, ..held.clone() },
            None => {
                let sent = held.and_then(|it| it.code_expires_at).map(|at| at - CODE);
                if let Some(left) = sent.map(|sent| sent + BETWEEN - now).filter(|it| *it > TimeDelta::zero())
                {
                    return Err(Fault::TooOften { seconds: left.num_seconds().unsigned_abs() + 1 });
                }
                mails::Address {
                    user_id: actor.user.to_string(),
                    address: wish.address,
                    code_hash: Some(code_hash),
                    code_expires_at: Some(now + CODE),
                    confirmed_at: None,
                    at_once: wish.at_once,
                    daily: wish.daily,
                }
            }
        };
        mails::set_address(db, &kept)?;
        Ok((kept.into(), actor.name))
    }

    fn code_letter(&self, name: &str, to: String, code: &str) -> Letter {
        Letter {
            id: self.fresh_id(),
            to,
            subject: format!("确认邮箱地址：{code}"),
            text: format!(
                "{name}：\n\n确认码 {code}，30 分钟内有效。如非本人操作，请忽略本邮件。\n\
                 The code is {code}, good for 30 minutes. If you did not ask for it, do nothing.\n"
            ),
        }
    }

    /// Confirms the caller's address by the code that was sent there.
    ///
    /// # Errors
    /// `Invalid` for a code that is wrong or too old.
    pub async fn confirm_own_address(&self, caller: &Caller, code: &str) -> Result<OwnAddress, Fault> {
        let (office, caller, hash) = (self.clone(), caller.clone(), mail_code::hash(code));
        self.store
            .write(Touch::Nothing, move |db| {
                let actor = actor(db, &caller)?;
                let now = office.now().naive_utc();
                let held = mails::address(db, actor.user)?.ok_or(Fault::NotFound)?;
                let good = held.code_expires_at.is_some_and(|until| now <= until);
                if !good || held.code_hash.as_deref() != Some(&hash) {
                    let zh = "确认码不对或已过期，请重新设置邮箱";
                    return Err(Fault::invalid("/code", zh, "is wrong or too old; set the address again"));
                }
                let confirmed = mails::Address {
                    code_hash: None,
                    code_expires_at: None,
                    confirmed_at: Some(now),
                    ..held
                };
                mails::set_address(db, &confirmed)?;
                let act = Act::MailAddressConfirmed;
                office.record_act_of(db, &actor, &caller, Some(actor.user), act)?;
                Ok(confirmed.into())
            })
            .await
    }

    /// Forgets the caller's address, and the letters that wait for him.
    pub async fn forget_own_address(&self, caller: &Caller) -> Result<(), Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let actor = actor(db, &caller)?;
                if !mails::forget_address(db, &actor.user.to_string())? {
                    return Err(Fault::NotFound);
                }
                office.record_act_of(db, &actor, &caller, Some(actor.user), Act::MailAddressForgotten)
            })
            .await
    }

    /// Letters of the congress that the caller administers, newest first: for whom, when, and what the server said.
    pub async fn list_mail(
        &self,
        caller: &Caller,
        state: State,
        before: Option<String>,
        limit: i64,
    ) -> Result<Vec<Line>, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let actor = actor(db, &caller)?;
                gate::admit(&actor, Operation::KeepMail)?;
                let congress = actor.congress.as_ref().map(|it| it.as_str());
                Ok(mails::list(db, congress, state, before.as_deref(), limit)?)
            })
            .await
    }

    /// Sends a letter that was given up once more.
    pub async fn revive_mail(&self, caller: &Caller, id: String) -> Result<(), Fault> {
        let (caller, now) = (caller.clone(), self.now().naive_utc());
        self.store
            .write(Touch::Nothing, move |db| {
                let actor = actor(db, &caller)?;
                gate::admit(&actor, Operation::KeepMail)?;
                let congress = actor.congress.as_ref().map(|it| it.as_str());
                match mails::revive(db, congress, &id, now)? {
                    true => Ok(()),
                    false => Err(Fault::NotFound),
                }
            })
            .await
    }
}

/// The server's words may be long, and are about a stranger's machine.
fn not_sent(trouble: &Trouble) -> Fault {
    tracing::warn!(%trouble, "a code was not sent");
    Fault::invalid(
        "/address",
        "确认码没有发出：邮件服务器不接收该地址，请核对后再试",
        "the code was not sent: the mail server does not take this address",
    )
}
