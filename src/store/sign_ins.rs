//! Who is signed in: sign-ins, and the refresh tokens that keep one going.

use super::{
    Db, StoreError,
    schema::{refresh_tokens, sign_ins},
};
use crate::domain::ids::{SignInId, UserId};
use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

/// From showing who one is to signing out.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = sign_ins)]
pub struct SignIn {
    pub id: String,
    pub membership_id: String,
    pub user_id: String,
    pub created_at: NaiveDateTime,
    pub used_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
    pub ended_at: Option<NaiveDateTime>,
    pub second_factor: bool,
    /// When it was last shown who it is.
    pub proved_at: NaiveDateTime,
    /// From where, and by which program, as far as it was told.
    pub address: Option<String>,
    pub client: Option<String>,
}

/// A refresh token as it is kept: by its digest, never itself.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable)]
#[diesel(table_name = refresh_tokens)]
pub struct RefreshToken {
    pub hash: String,
    pub sign_in_id: String,
    pub expires_at: NaiveDateTime,
    pub used_at: Option<NaiveDateTime>,
}

pub fn begin(db: &mut Db, sign_in: &SignIn) -> Result<(), StoreError> {
    diesel::insert_into(sign_ins::table).values(sign_in).execute(db)?;
    Ok(())
}

pub fn find(db: &mut Db, id: SignInId) -> Result<Option<SignIn>, StoreError> {
    Ok(sign_ins::table.find(id.to_string()).select(SignIn::as_select()).first(db).optional()?)
}

/// Those of a person that are not over, newest first.
pub fn of_user(db: &mut Db, user: UserId, now: NaiveDateTime) -> Result<Vec<SignIn>, StoreError> {
    Ok(sign_ins::table
        .filter(sign_ins::user_id.eq(user.to_string()))
        .filter(sign_ins::ended_at.is_null())
        .filter(sign_ins::expires_at.gt(now))
        .order(sign_ins::id.desc())
        .select(SignIn::as_select())
        .load(db)?)
}

/// Ends one sign-in of a person; whether there was one to end.
pub fn end(db: &mut Db, id: &str, now: NaiveDateTime) -> Result<bool, StoreError> {
    let ended = diesel::update(sign_ins::table.find(id).filter(sign_ins::ended_at.is_null()))
        .set(sign_ins::ended_at.eq(now))
        .execute(db)?;
    diesel::delete(refresh_tokens::table.filter(refresh_tokens::sign_in_id.eq(id))).execute(db)?;
    Ok(ended == 1)
}

/// Ends all of a person's; how many there were.
pub fn end_all(db: &mut Db, user: UserId, now: NaiveDateTime) -> Result<usize, StoreError> {
    let all = of_user(db, user, now)?;
    for sign_in in &all {
        end(db, &sign_in.id, now)?;
    }
    Ok(all.len())
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
    /// Never known, too old, or spent a moment ago.
    Refused,
    /// Spent before: in two hands. The sign-in that it belongs to is ended.
    Stolen(String),
}

/// Spends a refresh token. One that was spent before is in two hands: its sign-in ends. Within `grace` of the first use
/// it only fails, since a second tab may have been slower.
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
        end(db, &token.sign_in_id, now)?;
        return Ok(Presented::Stolen(token.sign_in_id));
    }
    Ok(Presented::Refused)
}

/// A sign-in goes on until `expires_at`.
pub fn go_on(db: &mut Db, id: &str, now: NaiveDateTime, expires_at: NaiveDateTime) -> Result<(), StoreError> {
    diesel::update(sign_ins::table.find(id))
        .set((sign_ins::used_at.eq(now), sign_ins::expires_at.eq(expires_at)))
        .execute(db)?;
    Ok(())
}

/// The sign-in that a refresh token belongs to.
pub fn of_refresh_token(db: &mut Db, hash: &str) -> Result<Option<String>, StoreError> {
    Ok(refresh_tokens::table.find(hash).select(refresh_tokens::sign_in_id).first(db).optional()?)
}

/// Forgets refresh tokens and sign-ins that are long over.
pub fn forget_expired(db: &mut Db, now: NaiveDateTime) -> Result<usize, StoreError> {
    const KEPT: TimeDelta = TimeDelta::days(90);
    let tokens = refresh_tokens::table.filter(refresh_tokens::expires_at.lt(now));
    let forgotten = diesel::delete(tokens).execute(db)?;
    diesel::delete(sign_ins::table.filter(sign_ins::expires_at.lt(now - KEPT))).execute(db)?;
    Ok(forgotten)
}
