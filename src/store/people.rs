//! Who signs in: users and their refresh tokens.

use super::{
    Db, StoreError,
    schema::{refresh_tokens, users},
};
use crate::domain::{
    actor::{Actor, Role},
    ids::UserId,
};
use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

#[derive(Clone, Debug, PartialEq, Insertable, Queryable)]
#[diesel(table_name = users)]
pub struct User {
    pub id: String,
    pub username: String,
    pub display_name: String,
    /// argon2id, in PHC form.
    pub password: String,
    pub congress_id: Option<String>,
    pub role: String,
    pub department_id: Option<String>,
    pub deputy_id: Option<String>,
    pub disabled: bool,
    pub created_at: NaiveDateTime,
}

impl User {
    /// The rights that hold now; `None` for a disabled account.
    pub fn actor(&self) -> Result<Option<Actor>, StoreError> {
        if self.disabled {
            return Ok(None);
        }
        let corrupt = |reason: &str| StoreError::corrupt("users", &self.id, reason);
        let id = |text: &Option<String>| text.as_deref().and_then(|t| t.parse().ok());
        let role = match self.role.as_str() {
            "deputy" => Role::Deputy {
                deputy: id(&self.deputy_id)
                    .map(crate::domain::ids::DeputyId)
                    .ok_or_else(|| corrupt("a deputy's account without a deputy"))?,
            },
            "committee" => Role::Committee,
            "government_office" => Role::GovernmentOffice,
            "department" | "approver" => Role::Department {
                approver: self.role == "approver",
                department: id(&self.department_id)
                    .map(crate::domain::ids::DepartmentId)
                    .ok_or_else(|| corrupt("a department's account without a department"))?,
            },
            "auditor" => Role::Auditor,
            "administrator" => Role::Administrator,
            _ => return Err(corrupt("an unknown role")),
        };
        let congress = self.congress_id.as_deref().map(str::parse).transpose().map_err(corrupt)?;
        let user = self.id.parse().map_err(|_| corrupt("the id is not a UUID"))?;
        Ok(Some(Actor { user, name: self.display_name.clone(), congress, role }))
    }
}

pub fn by_id(db: &mut Db, user: UserId) -> Result<Option<User>, StoreError> {
    Ok(users::table.find(user.to_string()).first(db).optional()?)
}

/// The rights that a user has at this moment; `None` for nobody and for a disabled account.
pub fn actor(db: &mut Db, user: UserId) -> Result<Option<Actor>, StoreError> {
    Ok(by_id(db, user)?.map(|user| user.actor()).transpose()?.flatten())
}

pub fn by_username(db: &mut Db, username: &str) -> Result<Option<User>, StoreError> {
    Ok(users::table.filter(users::username.eq(username)).first(db).optional()?)
}

pub fn add(db: &mut Db, user: &User) -> Result<(), StoreError> {
    diesel::insert_into(users::table).values(user).execute(db)?;
    Ok(())
}

pub fn set_password(db: &mut Db, username: &str, password: &str) -> Result<bool, StoreError> {
    let changed = diesel::update(users::table.filter(users::username.eq(username)))
        .set(users::password.eq(password))
        .execute(db)?;
    Ok(changed == 1)
}

pub fn set_disabled(db: &mut Db, username: &str, disabled: bool) -> Result<bool, StoreError> {
    let changed = diesel::update(users::table.filter(users::username.eq(username)))
        .set(users::disabled.eq(disabled))
        .execute(db)?;
    Ok(changed == 1)
}

/// A refresh token as it is kept: by its digest, never itself.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable)]
#[diesel(table_name = refresh_tokens)]
pub struct RefreshToken {
    pub hash: String,
    pub user_id: String,
    pub family: String,
    pub expires_at: NaiveDateTime,
    pub used_at: Option<NaiveDateTime>,
}

pub fn keep_refresh_token(db: &mut Db, token: &RefreshToken) -> Result<(), StoreError> {
    diesel::insert_into(refresh_tokens::table).values(token).execute(db)?;
    Ok(())
}

/// What became of a refresh token that was presented.
#[derive(Debug, PartialEq)]
pub enum Presented {
    /// Good; it is spent now.
    Spent(RefreshToken),
    /// Spent before, or never known, or too old. A spent one ends its whole family.
    Refused,
}

/// Spends a refresh token. One that was spent before is in two hands: everything that descends from the same
/// sign-in ends. Within `grace` of the first use it only fails, since a second tab may have been slower.
pub fn spend_refresh_token(
    db: &mut Db,
    hash: &str,
    now: NaiveDateTime,
    grace: TimeDelta,
) -> Result<Presented, StoreError> {
    let found: Option<RefreshToken> = refresh_tokens::table.find(hash).first(db).optional()?;
    let Some(token) = found else { return Ok(Presented::Refused) };
    if token.expires_at <= now {
        return Ok(Presented::Refused);
    }
    let spent = diesel::update(refresh_tokens::table.find(hash).filter(refresh_tokens::used_at.is_null()))
        .set(refresh_tokens::used_at.eq(now))
        .execute(db)?;
    if spent == 1 {
        return Ok(Presented::Spent(token));
    }
    if token.used_at.is_some_and(|used| now - used > grace) {
        end_family(db, &token.family)?;
    }
    Ok(Presented::Refused)
}

/// Ends everything that descends from one sign-in.
pub fn end_family(db: &mut Db, family: &str) -> Result<(), StoreError> {
    diesel::delete(refresh_tokens::table.filter(refresh_tokens::family.eq(family))).execute(db)?;
    Ok(())
}

/// The sign-in that a refresh token descends from.
pub fn family_of(db: &mut Db, hash: &str) -> Result<Option<String>, StoreError> {
    Ok(refresh_tokens::table.find(hash).select(refresh_tokens::family).first(db).optional()?)
}

pub fn forget_expired(db: &mut Db, now: NaiveDateTime) -> Result<usize, StoreError> {
    Ok(diesel::delete(refresh_tokens::table.filter(refresh_tokens::expires_at.lt(now))).execute(db)?)
}
