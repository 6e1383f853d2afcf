//! Letters by e-mail that wait, were sent or were given up; and where people are reached.

use super::{
    Db, StoreError,
    people::{Membership, User},
    schema::{mail_addresses, mails, memberships, users},
};
use crate::domain::{
    ids::{CongressId, UserId},
    worklist::Audience,
};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// Where somebody is reached.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = mail_addresses, treat_none_as_null = true)]
pub struct Address {
    pub user_id: String,
    pub address: String,
    /// Of the code that was sent there, until it was shown.
    pub code_hash: Option<String>,
    pub code_expires_at: Option<NaiveDateTime>,
    pub confirmed_at: Option<NaiveDateTime>,
    /// Whether he is told of each thing that concerns him as it happens.
    pub at_once: bool,
    /// Whether he gets a list of what waits for him on each working day.
    pub daily: bool,
}

/// A letter; what it says is written when it is sent.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = mails)]
pub struct Mail {
    pub id: String,
    /// What it is about and for whom: the same occasion makes no second letter.
    pub occasion: String,
    pub congress_id: Option<String>,
    pub user_id: String,
    pub membership_id: Option<String>,
    pub about: String,
    pub created_at: NaiveDateTime,
    pub state: String,
    pub next_try_at: NaiveDateTime,
    pub attempts: i32,
    pub ended_at: Option<NaiveDateTime>,
    pub trouble: Option<String>,
}

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Waiting,
    Sent,
    /// Whoever it was for may not know of it any more, or wants no letters.
    Lapsed,
    /// The server did not take it, and will not.
    GivenUp,
}

impl State {
    pub const ALL: [State; 4] = [State::Waiting, State::Sent, State::Lapsed, State::GivenUp];

    pub fn id(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Sent => "sent",
            State::Lapsed => "lapsed",
            State::GivenUp => "given_up",
        }
    }
}

pub fn address(db: &mut Db, user: UserId) -> Result<Option<Address>, StoreError> {
    let own = mail_addresses::table.find(user.to_string());
    Ok(own.select(Address::as_select()).first(db).optional()?)
}

pub fn set_address(db: &mut Db, address: &Address) -> Result<(), StoreError> {
    let known = mail_addresses::table.find(&address.user_id);
    if diesel::update(known).set(address).execute(db)? == 0 {
        diesel::insert_into(mail_addresses::table).values(address).execute(db)?;
    }
    Ok(())
}

/// Forgets where somebody is reached, and the letters that wait for him; whether there was anything to forget.
pub fn forget_address(db: &mut Db, user: &str) -> Result<bool, StoreError> {
    let own = mails::table.filter(mails::user_id.eq(user)).filter(mails::state.eq(State::Waiting.id()));
    diesel::delete(own).execute(db)?;
    Ok(diesel::delete(mail_addresses::table.find(user)).execute(db)? == 1)
}

pub fn of_user(db: &mut Db, user: &str) -> Result<Vec<Mail>, StoreError> {
    let own = mails::table.filter(mails::user_id.eq(user)).order(mails::id.asc());
    Ok(own.select(Mail::as_select()).load(db)?)
}

/// Everybody of an audience who wants to be told at once, and can be.
pub fn reached(
    db: &mut Db,
    congress: &CongressId,
    audience: &Audience,
) -> Result<Vec<(User, Membership)>, StoreError> {
    let mut query = memberships::table
        .inner_join(users::table.on(users::id.eq(memberships::user_id)))
        .inner_join(mail_addresses::table.on(mail_addresses::user_id.eq(memberships::user_id)))
        .filter(memberships::congress_id.eq(congress.as_str()))
        .filter(memberships::ended_at.is_null())
        .filter(memberships::scopes.is_null())
        .filter(users::disabled.eq(false))
        .filter(mail_addresses::confirmed_at.is_not_null())
        .filter(mail_addresses::at_once.eq(true))
        .select((User::as_select(), Membership::as_select()))
        .order(memberships::id.asc())
        .into_boxed();
    query = match audience {
        Audience::Deputy(id) => query.filter(memberships::deputy_id.eq(id.to_string())),
        Audience::Department(id) => query.filter(memberships::department_id.eq(id.to_string())),
        Audience::Approver(id) => query
            .filter(memberships::department_id.eq(id.to_string()))
            .filter(memberships::role.eq("approver")),
        Audience::Committee => query.filter(memberships::role.eq_any(["committee", "committee_leader"])),
        Audience::Leader => query.filter(memberships::role.eq("committee_leader")),
        Audience::GovernmentOffice => query.filter(memberships::role.eq("government_office")),
    };
    Ok(query.load(db)?)
}

/// Those who want a daily list, by membership, after one of them; ended ones are left out.
pub fn daily_readers(db: &mut Db, after: &str, limit: i64) -> Result<Vec<Membership>, StoreError> {
    Ok(memberships::table
        .inner_join(mail_addresses::table.on(mail_addresses::user_id.eq(memberships::user_id)))
        .filter(memberships::id.gt(after))
        .filter(memberships::ended_at.is_null())
        .filter(memberships::congress_id.is_not_null())
        .filter(memberships::scopes.is_null())
        .filter(mail_addresses::confirmed_at.is_not_null())
        .filter(mail_addresses::daily.eq(true))
        .order(memberships::id.asc())
        .limit(limit)
        .select(Membership::as_select())
        .load(db)?)
}

/// Queues a letter, unless the same occasion made one; whether it did.
pub fn queue(db: &mut Db, mail: &Mail) -> Result<bool, StoreError> {
    let known: Option<String> =
        mails::table.filter(mails::occasion.eq(&mail.occasion)).select(mails::id).first(db).optional()?;
    if known.is_some() {
        return Ok(false);
    }
    diesel::insert_into(mails::table).values(mail).execute(db)?;
    Ok(true)
}

/// Those that are to be tried now, the longest due first.
pub fn due(db: &mut Db, now: NaiveDateTime, limit: i64) -> Result<Vec<Mail>, StoreError> {
    Ok(mails::table
        .filter(mails::state.eq(State::Waiting.id()))
        .filter(mails::next_try_at.le(now))
        .order((mails::next_try_at.asc(), mails::id.asc()))
        .limit(limit)
        .select(Mail::as_select())
        .load(db)?)
}

/// What became of a letter that waited.
pub fn end(
    db: &mut Db,
    id: &str,
    state: State,
    now: NaiveDateTime,
    trouble: Option<&str>,
) -> Result<(), StoreError> {
    diesel::update(mails::table.find(id))
        .set((
            mails::state.eq(state.id()),
            mails::attempts.eq(mails::attempts + 1),
            mails::ended_at.eq(now),
            mails::trouble.eq(trouble),
        ))
        .execute(db)?;
    Ok(())
}

/// That a letter was not taken, and is tried again.
pub fn try_again(db: &mut Db, id: &str, at: NaiveDateTime, trouble: &str) -> Result<(), StoreError> {
    diesel::update(mails::table.find(id))
        .set((mails::next_try_at.eq(at), mails::attempts.eq(mails::attempts + 1), mails::trouble.eq(trouble)))
        .execute(db)?;
    Ok(())
}

/// Another try for one of a congress (of the installation, if none) that was given up; whether there was one.
pub fn revive(db: &mut Db, congress: Option<&str>, id: &str, now: NaiveDateTime) -> Result<bool, StoreError> {
    let own: Option<Mail> = mails::table.find(id).select(Mail::as_select()).first(db).optional()?;
    if own.is_none_or(|it| it.congress_id.as_deref() != congress) {
        return Ok(false);
    }
    let given_up = mails::table.find(id).filter(mails::state.eq(State::GivenUp.id()));
    let waiting = (
        mails::state.eq(State::Waiting.id()),
        mails::next_try_at.eq(now),
        mails::created_at.eq(now),
        mails::ended_at.eq(None::<NaiveDateTime>),
    );
    Ok(diesel::update(given_up).set(waiting).execute(db)? == 1)
}

/// Those of a congress (of the installation, if none) in a state, newest first.
pub fn list(
    db: &mut Db,
    congress: Option<&str>,
    state: State,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<Mail>, StoreError> {
    let mut query = mails::table
        .filter(mails::state.eq(state.id()))
        .order(mails::id.desc())
        .limit(limit)
        .select(Mail::as_select())
        .into_boxed();
    query = match congress {
        Some(congress) => query.filter(mails::congress_id.eq(congress.to_owned())),
        None => query.filter(mails::congress_id.is_null()),
    };
    if let Some(before) = before {
        query = query.filter(mails::id.lt(before.to_owned()));
    }
    Ok(query.load(db)?)
}

/// Drops letters that ended before an instant, and says how many.
pub fn forget_before(db: &mut Db, instant: NaiveDateTime) -> Result<usize, StoreError> {
    let mut gone = 0;
    for state in State::ALL.into_iter().filter(|state| *state != State::Waiting) {
        // `next_try_at` is in the index, and a letter ends at or after its last try.
        let old = mails::table.filter(mails::state.eq(state.id())).filter(mails::next_try_at.lt(instant));
        gone += diesel::delete(old.filter(mails::ended_at.lt(instant))).execute(db)?;
    }
    Ok(gone)
}
