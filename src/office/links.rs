//! Invitations and password resets: links that open one thing once, and do nothing by being looked at.

use super::{
    Fault, Office,
    acts::{Act, Entry},
    sign_in::Origin,
};
use crate::{
    domain::{
        actor::Author,
        ids::{CongressId, UserId},
    },
    identity::refresh,
    store::{Db, StoreError, Touch, devices, links, people, sign_ins},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To choose the first password: good for 7 days.
    Invitation,
    /// To choose another one: good for an hour.
    PasswordReset,
}

impl Purpose {
    pub fn id(self) -> &'static str {
        match self {
            Purpose::Invitation => "invitation",
            Purpose::PasswordReset => "password_reset",
        }
    }

    fn of(text: &str) -> Option<Purpose> {
        [Purpose::Invitation, Purpose::PasswordReset].into_iter().find(|it| it.id() == text)
    }

    fn life(self) -> TimeDelta {
        match self {
            Purpose::Invitation => TimeDelta::days(7),
            Purpose::PasswordReset => TimeDelta::hours(1),
        }
    }
}

/// A link that was made. Shown once.
#[derive(Clone, Debug)]
pub struct MadeLink {
    pub url: String,
    pub purpose: Purpose,
    pub expires_at: DateTime<Utc>,
}

/// What a link leads to.
#[derive(Clone, Debug)]
pub struct Opened {
    pub purpose: Purpose,
    pub username: String,
    pub name: String,
    pub expires_at: DateTime<Utc>,
}

impl Office {
    /// Makes a link for an account; who may is the caller's to have asked.
    pub(super) fn make_link(
        &self,
        db: &mut Db,
        user: UserId,
        purpose: Purpose,
    ) -> Result<(MadeLink, Act), Fault> {
        let made = refresh::new().map_err(|e| Fault::Store(StoreError::Unavailable(e.to_string())))?;
        let (now, expires_at) = (self.now(), self.now() + purpose.life());
        links::add(
            db,
            &links::Link {
                hash: made.hash,
                user_id: user.to_string(),
                purpose: purpose.id().to_owned(),
                membership_id: None,
                created_at: now.naive_utc(),
                expires_at: expires_at.naive_utc(),
                used_at: None,
            },
        )?;
        let url = format!("{}/v1/auth/links/{}", self.security.public_url, made.secret);
        let act = Act::LinkMade { purpose: purpose.id().to_owned(), expires_at };
        Ok((MadeLink { url, purpose, expires_at }, act))
    }

    /// What a link is for; changes nothing, however often it is asked.
    pub async fn open_link(&self, hash: String) -> Result<Opened, Fault> {
        let now = self.now().naive_utc();
        self.store.read(move |db| opened(db, &hash, now)).await
    }

    /// Sets the password, ends what was begun with the old one, and burns all links of the account.
    pub async fn use_link(&self, hash: String, password_hash: String, origin: Origin) -> Result<(), Fault> {
        let office = self.clone();
        self.store
            .write(Touch::Actors, move |db| {
                let now = office.now().naive_utc();
                let found = opened(db, &hash, now)?;
                if !links::burn(db, &hash, now)? {
                    return Err(Fault::NotFound);
                }
                let user = people::by_username(db, &found.username)?.ok_or(Fault::NotFound)?;
                let id: UserId = user.id.parse().map_err(|_| Fault::NotFound)?;
                people::give_password(db, id, &password_hash)?;
                links::burn_all(db, id, now)?;
                sign_ins::end_all(db, id, now)?;
                devices::forget_all(db, id)?;
                let first = people::memberships_of(db, id)?.into_iter().next();
                let congress: Option<CongressId> =
                    first.as_ref().and_then(|it| it.congress_id.as_deref()?.parse().ok());
                let role = first.map(|first| first.role).unwrap_or_default();
                let author = Author { user: id, name: user.display_name, role };
                for act in [Act::LinkUsed { purpose: found.purpose.id().to_owned() }, Act::PasswordChanged] {
                    office.record_act(
                        db,
                        Entry {
                            congress: congress.as_ref(),
                            author: Some(author.clone()),
                            user: Some(id),
                            case: None,
                            act,
                            request_id: &origin.request_id,
                            address: origin.address.as_deref(),
                        },
                    )?;
                }
                Ok(())
            })
            .await
    }
}

/// A link that is used, too old or made up is none, and so is one to an account that is shut out.
fn opened(db: &mut Db, hash: &str, now: chrono::NaiveDateTime) -> Result<Opened, Fault> {
    let link = links::open(db, hash, now)?.ok_or(Fault::NotFound)?;
    let purpose = Purpose::of(&link.purpose).ok_or(Fault::NotFound)?;
    let user = people::by_id(db, link.user_id.parse().map_err(|_| Fault::NotFound)?)?;
    let user = user.filter(|user| !user.disabled).ok_or(Fault::NotFound)?;
    Ok(Opened {
        purpose,
        username: user.username,
        name: user.display_name,
        expires_at: link.expires_at.and_utc(),
    })
}
