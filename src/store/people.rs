//! Who may sign in: accounts, and what each is in a congress.

use super::{
    Db, StoreError,
    schema::{memberships, sign_ins, users},
};
use crate::domain::{
    actor::{Actor, Role},
    ids::{MembershipId, SignInId, UserId},
};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A person, or a program, who signs in.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct User {
    pub id: String,
    pub username: String,
    pub display_name: String,
    /// argon2id, in PHC form; none for who has not chosen one yet, and for who signs in elsewhere.
    pub password: Option<String>,
    pub disabled: bool,
    pub created_at: NaiveDateTime,
}

/// What an account is in a congress, or to the installation.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = memberships)]
pub struct Membership {
    pub id: String,
    pub user_id: String,
    pub congress_id: Option<String>,
    pub role: String,
    pub department_id: Option<String>,
    pub deputy_id: Option<String>,
    pub delegation: Option<String>,
    /// Words between spaces; none for a person.
    pub scopes: Option<String>,
    pub created_at: NaiveDateTime,
    pub ended_at: Option<NaiveDateTime>,
}

/// What names the one who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// Somebody who signed in; the sign-in must be this person's.
    SignIn(SignInId, UserId),
    /// The office's own work under somebody's name: the sample, and tests of the office.
    Membership(MembershipId),
}

impl Membership {
    /// The role that it stands for, if it is not ended.
    pub fn role(&self) -> Result<Option<Role>, StoreError> {
        if self.ended_at.is_some() {
            return Ok(None);
        }
        let corrupt = |reason: &str| StoreError::corrupt("memberships", &self.id, reason);
        let id = |text: &Option<String>| text.as_deref().and_then(|t| t.parse().ok());
        let role = match self.role.as_str() {
            "deputy" => Role::Deputy {
                deputy: id(&self.deputy_id)
                    .map(crate::domain::ids::DeputyId)
                    .ok_or_else(|| corrupt("a deputy's account without a deputy"))?,
            },
            "delegation_secretary" => Role::DelegationSecretary {
                delegation: self
                    .delegation
                    .clone()
                    .ok_or_else(|| corrupt("a delegation's secretary without a delegation"))?,
            },
            "committee" => Role::STAFF,
            "committee_leader" => Role::Committee { leader: true },
            "government_office" => Role::GovernmentOffice,
            "department" | "approver" => Role::Department {
                approver: self.role == "approver",
                department: id(&self.department_id)
                    .map(crate::domain::ids::DepartmentId)
                    .ok_or_else(|| corrupt("a department's account without a department"))?,
            },
            "auditor" => Role::Auditor,
            "administrator" => Role::Administrator,
            "operator" => Role::Operator,
            _ => return Err(corrupt("an unknown role")),
        };
        Ok(Some(role))
    }
}

/// The rights that hold now; `None` for a disabled account and for an ended membership.
fn acting(user: User, membership: Membership) -> Result<Option<Actor>, StoreError> {
    let (false, Some(role)) = (user.disabled, membership.role()?) else { return Ok(None) };
    let corrupt = |reason: String| StoreError::corrupt("memberships", &membership.id, reason);
    let scopes = membership.scopes.as_deref().map(|words| words.split_whitespace().map(str::parse).collect());
    let congress = membership.congress_id.as_deref().map(str::parse).transpose();
    Ok(Some(Actor {
        user: user.id.parse().map_err(|e: uuid::Error| corrupt(e.to_string()))?,
        membership: membership.id.parse().map_err(|e: uuid::Error| corrupt(e.to_string()))?,
        name: user.display_name,
        congress: congress.map_err(|e: &str| corrupt(e.to_owned()))?,
        role,
        scopes: scopes.transpose().map_err(corrupt)?,
    }))
}

/// The rights that somebody has at this moment; `None` for nobody, and for whose sign-in, membership or account ended.
pub fn actor(db: &mut Db, who: Who) -> Result<Option<Actor>, StoreError> {
    let joined = memberships::table.inner_join(users::table.on(users::id.eq(memberships::user_id)));
    let columns = (User::as_select(), Membership::as_select());
    let found: Option<(User, Membership)> = match who {
        Who::Membership(id) => {
            joined.filter(memberships::id.eq(id.to_string())).select(columns).first(db).optional()?
        }
        Who::SignIn(id, user) => sign_ins::table
            .inner_join(memberships::table.on(memberships::id.eq(sign_ins::membership_id)))
            .inner_join(users::table.on(users::id.eq(memberships::user_id)))
            .filter(sign_ins::id.eq(id.to_string()))
            .filter(sign_ins::user_id.eq(user.to_string()))
            .filter(sign_ins::ended_at.is_null())
            .select(columns)
            .first(db)
            .optional()?,
    };
    found.map_or(Ok(None), |(user, membership)| acting(user, membership))
}

pub fn by_id(db: &mut Db, user: UserId) -> Result<Option<User>, StoreError> {
    Ok(users::table.find(user.to_string()).select(User::as_select()).first(db).optional()?)
}

pub fn by_username(db: &mut Db, username: &str) -> Result<Option<User>, StoreError> {
    let named = users::table.filter(users::username.eq(username));
    Ok(named.select(User::as_select()).first(db).optional()?)
}

/// What somebody is now, oldest first; memberships that ended are left out.
pub fn memberships_of(db: &mut Db, user: UserId) -> Result<Vec<Membership>, StoreError> {
    Ok(memberships::table
        .filter(memberships::user_id.eq(user.to_string()))
        .filter(memberships::ended_at.is_null())
        .order(memberships::id.asc())
        .select(Membership::as_select())
        .load(db)?)
}

pub fn add(db: &mut Db, user: &User) -> Result<(), StoreError> {
    diesel::insert_into(users::table).values(user).execute(db)?;
    Ok(())
}

pub fn grant(db: &mut Db, membership: &Membership) -> Result<(), StoreError> {
    diesel::insert_into(memberships::table).values(membership).execute(db)?;
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

/// Sets the hash of a password anew, if it is still the one that was read.
pub fn renew_password(db: &mut Db, user: UserId, old: &str, new: &str) -> Result<bool, StoreError> {
    let same = users::table.find(user.to_string()).filter(users::password.eq(old));
    Ok(diesel::update(same).set(users::password.eq(new)).execute(db)? == 1)
}

pub fn give_password(db: &mut Db, user: UserId, password: &str) -> Result<bool, StoreError> {
    let changed = diesel::update(users::table.find(user.to_string())).set(users::password.eq(password));
    Ok(changed.execute(db)? == 1)
}

/// Shuts an account out or lets it in again; whether that changed anything.
pub fn shut_out(db: &mut Db, user: UserId, disabled: bool) -> Result<bool, StoreError> {
    let other = users::table.find(user.to_string()).filter(users::disabled.ne(disabled));
    Ok(diesel::update(other).set(users::disabled.eq(disabled)).execute(db)? == 1)
}

pub fn membership(db: &mut Db, id: MembershipId) -> Result<Option<Membership>, StoreError> {
    Ok(memberships::table.find(id.to_string()).select(Membership::as_select()).first(db).optional()?)
}

/// Ends a membership; whether it had not ended before.
pub fn end_membership(db: &mut Db, id: MembershipId, now: NaiveDateTime) -> Result<bool, StoreError> {
    let open = memberships::table.find(id.to_string()).filter(memberships::ended_at.is_null());
    Ok(diesel::update(open).set(memberships::ended_at.eq(now)).execute(db)? == 1)
}

/// The memberships of a congress (of the installation, if none) that have not ended, with their accounts, by id.
pub fn members(
    db: &mut Db,
    congress: Option<&str>,
    role: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<(User, Membership)>, StoreError> {
    let mut query = memberships::table
        .inner_join(users::table.on(users::id.eq(memberships::user_id)))
        .filter(memberships::ended_at.is_null())
        .select((User::as_select(), Membership::as_select()))
        .order(memberships::id.asc())
        .limit(limit)
        .into_boxed();
    query = match congress {
        Some(congress) => query.filter(memberships::congress_id.eq(congress.to_owned())),
        None => query.filter(memberships::congress_id.is_null()),
    };
    if let Some(role) = role {
        query = query.filter(memberships::role.eq(role.to_owned()));
    }
    if let Some(after) = after {
        query = query.filter(memberships::id.gt(after.to_owned()));
    }
    Ok(query.load(db)?)
}

/// Makes whoever else ends one of these memberships at this moment wait, so that each sees what the other did. A
/// membership row is locked by being written as it is.
pub fn hold_members(db: &mut Db, congress: Option<&str>, role: &str) -> Result<(), StoreError> {
    let same = memberships::role.eq(memberships::role);
    let held = memberships::table.filter(memberships::role.eq(role)).filter(memberships::ended_at.is_null());
    match congress {
        Some(congress) => {
            diesel::update(held.filter(memberships::congress_id.eq(congress))).set(same).execute(db)?
        }
        None => diesel::update(held.filter(memberships::congress_id.is_null())).set(same).execute(db)?,
    };
    Ok(())
}
