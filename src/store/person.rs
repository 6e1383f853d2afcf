//! One person across the tables: found, told, and made nobody. For the command line alone: what is asked of both books
//! here walks them from end to end.

use super::{
    Db, StoreError,
    directory::Deputy,
    mails,
    people::{Membership, User},
    personal_texts::ERASED,
    schema::{
        calendar_addresses, case_parties, cases, deputies, devices, events, external_attempts,
        external_identities, idempotency, links, memberships, recovery_codes, refresh_tokens, second_factors,
        sign_ins, users,
    },
    sign_ins::SignIn,
};
use chrono::NaiveDateTime;
use diesel::{connection::SimpleConnection, prelude::*};

/// What follows may take longer than a request is allowed to: both books are read from end to end.
pub fn patiently(db: &mut Db) -> Result<(), StoreError> {
    if let Db::Postgres(_) = db {
        db.batch_execute("SET statement_timeout = 0")?;
    }
    Ok(())
}

/// A deputy of whatever congress has one of this id.
pub fn deputy(db: &mut Db, id: &str) -> Result<Option<Deputy>, StoreError> {
    Ok(deputies::table.filter(deputies::id.eq(id)).first(db).optional()?)
}

/// What an account is and was, ended memberships too.
pub fn memberships_of(db: &mut Db, user: &str) -> Result<Vec<Membership>, StoreError> {
    let all = memberships::table.filter(memberships::user_id.eq(user)).order(memberships::id.asc());
    Ok(all.select(Membership::as_select()).load(db)?)
}

/// The accounts that act, or acted, as a deputy.
pub fn users_of_deputy(db: &mut Db, deputy: &str) -> Result<Vec<User>, StoreError> {
    let ids = memberships::table.filter(memberships::deputy_id.eq(deputy)).select(memberships::user_id);
    let all = users::table.filter(users::id.eq_any(ids)).order(users::id.asc());
    Ok(all.select(User::as_select()).load(db)?)
}

/// Every sign-in that is kept, over or not.
pub fn sign_ins_of(db: &mut Db, user: &str) -> Result<Vec<SignIn>, StoreError> {
    let all = sign_ins::table.filter(sign_ins::user_id.eq(user)).order(sign_ins::id.asc());
    Ok(all.select(SignIn::as_select()).load(db)?)
}

/// A case in which a deputy has a part now.
#[derive(Clone, Debug, PartialEq, Queryable)]
pub struct Part {
    pub congress: String,
    pub case: String,
    pub stage: String,
    pub title: String,
    pub lead: String,
}

pub fn cases_of_deputy(db: &mut Db, deputy: &Deputy) -> Result<Vec<Part>, StoreError> {
    let ids = case_parties::table
        .filter(case_parties::congress_id.eq(&deputy.congress_id))
        .filter(case_parties::party.eq(format!("deputy:{}", deputy.id)))
        .select(case_parties::case_id);
    Ok(cases::table
        .filter(cases::congress_id.eq(&deputy.congress_id))
        .filter(cases::id.eq_any(ids))
        .order(cases::id.asc())
        .select((cases::congress_id, cases::id, cases::stage, cases::title, cases::lead_id))
        .load(db)?)
}

/// An event, by its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Queryable, serde::Serialize)]
pub struct Place {
    pub congress: String,
    pub case: String,
    pub version: i64,
    pub kind: String,
}

/// The events in whose stored bytes something stands: an id, a digest, or (in the clear) a name. JSON escapes little
/// that names have, so a name is looked for as it would be written.
pub fn events_with(db: &mut Db, what: &str) -> Result<Vec<Place>, StoreError> {
    let like = format!("%{}%", written(what));
    Ok(events::table
        .filter(events::author.like(&like).or(events::body.like(&like)))
        .order((events::congress_id.asc(), events::case_id.asc(), events::version.asc()))
        .select((events::congress_id, events::case_id, events::version, events::kind))
        .load(db)?)
}

/// The events that an account wrote.
pub fn events_by(db: &mut Db, user: &str) -> Result<Vec<Place>, StoreError> {
    Ok(events::table
        .filter(events::author.like(format!("%\"user\":\"{user}\"%")))
        .order((events::congress_id.asc(), events::case_id.asc(), events::version.asc()))
        .select((events::congress_id, events::case_id, events::version, events::kind))
        .load(db)?)
}

/// As a text stands inside JSON, for LIKE.
fn written(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.trim_matches('"').to_owned()
}

/// Makes an account nobody's: no name, nothing to sign in with, and no way in.
pub fn anonymise_user(db: &mut Db, user: &str, now: NaiveDateTime) -> Result<(), StoreError> {
    for sign_in in sign_ins_of(db, user)? {
        diesel::delete(refresh_tokens::table.filter(refresh_tokens::sign_in_id.eq(&sign_in.id)))
            .execute(db)?;
    }
    diesel::delete(sign_ins::table.filter(sign_ins::user_id.eq(user))).execute(db)?;
    diesel::delete(devices::table.filter(devices::user_id.eq(user))).execute(db)?;
    diesel::delete(links::table.filter(links::user_id.eq(user))).execute(db)?;
    diesel::delete(second_factors::table.filter(second_factors::user_id.eq(user))).execute(db)?;
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user))).execute(db)?;
    diesel::delete(external_identities::table.filter(external_identities::user_id.eq(user))).execute(db)?;
    diesel::delete(external_attempts::table.filter(external_attempts::user_id.eq(user))).execute(db)?;
    mails::forget_address(db, user)?;
    for membership in memberships_of(db, user)? {
        diesel::delete(idempotency::table.filter(idempotency::membership_id.eq(&membership.id)))
            .execute(db)?;
        diesel::delete(calendar_addresses::table.find(&membership.id)).execute(db)?;
    }
    diesel::update(
        memberships::table.filter(memberships::user_id.eq(user)).filter(memberships::ended_at.is_null()),
    )
    .set(memberships::ended_at.eq(now))
    .execute(db)?;
    diesel::update(users::table.find(user))
        .set((
            users::username.eq(format!("erased-{user}")),
            users::display_name.eq(ERASED),
            users::password.eq(None::<String>),
            users::disabled.eq(true),
        ))
        .execute(db)?;
    Ok(())
}

/// The names by which a provider of single sign-on knows an account.
pub fn identities_of(db: &mut Db, user: &str) -> Result<Vec<(String, String)>, StoreError> {
    let of_his = external_identities::table.filter(external_identities::user_id.eq(user));
    Ok(of_his.select((external_identities::issuer, external_identities::subject)).load(db)?)
}

/// How many devices are known to be his, and whether he has a second factor; neither can be read out.
pub fn means_of(db: &mut Db, user: &str) -> Result<(i64, bool), StoreError> {
    let known = devices::table.filter(devices::user_id.eq(user)).count().get_result(db)?;
    let factors: i64 =
        second_factors::table.filter(second_factors::user_id.eq(user)).count().get_result(db)?;
    Ok((known, factors > 0))
}

pub fn anonymise_deputy(db: &mut Db, deputy: &Deputy) -> Result<(), StoreError> {
    diesel::update(deputies::table.find((&deputy.congress_id, &deputy.id)))
        .set(deputies::name.eq(ERASED))
        .execute(db)?;
    Ok(())
}

/// Forgets the answers kept for repetition that have a text in them.
pub fn forget_answers_with(db: &mut Db, text: &str) -> Result<(), StoreError> {
    let like = format!("%{}%", written(text));
    diesel::delete(idempotency::table.filter(idempotency::body.like(like))).execute(db)?;
    Ok(())
}
