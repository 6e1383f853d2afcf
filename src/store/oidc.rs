//! Single sign-on: who is known by which name at the provider, and who was sent there and is expected back.

use super::{
    Db, StoreError,
    schema::{external_attempts, external_identities},
};
use crate::domain::ids::UserId;
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A name at a provider, and whose it is here.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = external_identities)]
pub struct ExternalIdentity {
    pub issuer: String,
    pub subject: String,
    pub user_id: String,
    pub linked_at: NaiveDateTime,
}

/// Somebody who was sent to the provider. State and binding are kept as digests.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = external_attempts)]
pub struct Attempt {
    pub state_hash: String,
    pub binding_hash: String,
    pub nonce: String,
    pub verifier: String,
    /// Who wants to link himself; none for signing in.
    pub user_id: Option<String>,
    pub expires_at: NaiveDateTime,
}

pub fn keep(db: &mut Db, attempt: &Attempt) -> Result<(), StoreError> {
    diesel::insert_into(external_attempts::table).values(attempt).execute(db)?;
    Ok(())
}

/// The attempt, which is gone by this: of two who come with the same state one gets it.
pub fn take(db: &mut Db, state_hash: &str) -> Result<Option<Attempt>, StoreError> {
    let one = external_attempts::table.find(state_hash);
    let found: Option<Attempt> = one.select(Attempt::as_select()).first(db).optional()?;
    let taken = diesel::delete(external_attempts::table.find(state_hash)).execute(db)?;
    Ok(found.filter(|_| taken == 1))
}

/// Forgets attempts of those who did not come back in time.
pub fn forget_expired(db: &mut Db, now: NaiveDateTime) -> Result<usize, StoreError> {
    let over = external_attempts::table.filter(external_attempts::expires_at.lt(now));
    Ok(diesel::delete(over).execute(db)?)
}

pub fn find(db: &mut Db, issuer: &str, subject: &str) -> Result<Option<ExternalIdentity>, StoreError> {
    let one = external_identities::table.find((issuer, subject));
    Ok(one.select(ExternalIdentity::as_select()).first(db).optional()?)
}

pub fn of_user(db: &mut Db, user: UserId) -> Result<Vec<ExternalIdentity>, StoreError> {
    Ok(external_identities::table
        .filter(external_identities::user_id.eq(user.to_string()))
        .order((external_identities::issuer.asc(), external_identities::subject.asc()))
        .select(ExternalIdentity::as_select())
        .load(db)?)
}

pub fn link(db: &mut Db, identity: &ExternalIdentity) -> Result<(), StoreError> {
    diesel::insert_into(external_identities::table).values(identity).execute(db)?;
    Ok(())
}

/// Takes away all of a person's; how many there were.
pub fn unlink(db: &mut Db, user: UserId) -> Result<usize, StoreError> {
    let all = external_identities::table.filter(external_identities::user_id.eq(user.to_string()));
    Ok(diesel::delete(all).execute(db)?)
}
