//! The secrets of programs, by digest.

use super::{Db, StoreError, schema::service_secrets};
use crate::domain::ids::MembershipId;
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Clone, Debug, PartialEq, Insertable, Queryable)]
#[diesel(table_name = service_secrets)]
pub struct Secret {
    pub id: String,
    pub membership_id: String,
    pub hash: String,
    pub created_at: NaiveDateTime,
    pub ended_at: Option<NaiveDateTime>,
}

/// Those that open something, oldest first.
pub fn of(db: &mut Db, membership: MembershipId) -> Result<Vec<Secret>, StoreError> {
    Ok(service_secrets::table
        .filter(service_secrets::membership_id.eq(membership.to_string()))
        .filter(service_secrets::ended_at.is_null())
        .order(service_secrets::id.asc())
        .load(db)?)
}

pub fn add(db: &mut Db, secret: &Secret) -> Result<(), StoreError> {
    diesel::insert_into(service_secrets::table).values(secret).execute(db)?;
    Ok(())
}

pub fn end(db: &mut Db, membership: MembershipId, id: &str, now: NaiveDateTime) -> Result<bool, StoreError> {
    let open = service_secrets::table
        .find(id)
        .filter(service_secrets::membership_id.eq(membership.to_string()))
        .filter(service_secrets::ended_at.is_null());
    Ok(diesel::update(open).set(service_secrets::ended_at.eq(now)).execute(db)? == 1)
}
