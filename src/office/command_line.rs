//! What is typed at the installation's terminal: setting up congresses and accounts. Whoever may type there may do all
//! of it; each command is an act of the command line's.

use super::{
    Fault, Office,
    accounts::{NewAccount, words},
    acts::Act,
    links::{MadeLink, Purpose},
};
use crate::{
    domain::{
        actor::Role,
        ids::{CongressId, UserId},
        say::Say,
    },
    store::{
        Db,
        directory::{self, Congress, Session},
        people,
    },
};

impl Office {
    pub fn found_congress(&self, id: &CongressId, name: String, policy: String) -> Result<(), Fault> {
        let (office, id) = (self.clone(), id.clone());
        self.store.write_here(move |db| {
            let congress = Congress {
                id: id.to_string(),
                name: name.clone(),
                policy_id: policy.clone(),
                created_at: office.now().naive_utc(),
            };
            directory::add_congress(db, &congress)?;
            office.record_command(db, Some(&id), None, Act::CongressEntered { congress: id.clone() })?;
            office.record_command(db, Some(&id), None, Act::PolicyChosen { policy: policy.clone() })
        })
    }

    /// # Errors
    /// [`Fault::NotFound`] if there is no such congress.
    pub fn choose_policy(&self, id: &CongressId, policy: String) -> Result<(), Fault> {
        let (office, id) = (self.clone(), id.clone());
        self.store.write_here(move |db| {
            if !directory::set_policy(db, &id, &policy)? {
                return Err(Fault::NotFound);
            }
            office.record_command(db, Some(&id), None, Act::PolicyChosen { policy: policy.clone() })
        })
    }

    pub fn enter_session(&self, congress: &CongressId, session: Session) -> Result<(), Fault> {
        let (office, congress) = (self.clone(), congress.clone());
        self.store.write_here(move |db| {
            directory::congress(db, &congress)?.ok_or(Fault::NotFound)?;
            directory::add_session(db, &session)?;
            let act = Act::SessionEntered { session: session.id.clone() };
            office.record_command(db, Some(&congress), None, act)
        })
    }

    /// Enters an account; without a password, the answer is an invitation.
    pub fn enter_account_here(&self, new: NewAccount) -> Result<Option<MadeLink>, Fault> {
        let office = self.clone();
        self.store.write_here(move |db| {
            exists(db, &new)?;
            if people::by_username(db, &new.username)?.is_some() {
                return Err(Fault::Exists(Say::new("该用户名已有账户", "this user name is taken")));
            }
            let congress = new.congress.as_ref();
            let (user, membership) = office.new_account(db, new.clone())?;
            let entered =
                Act::AccountEntered { username: new.username.clone(), name: new.display_name.clone() };
            office.record_command(db, congress, Some(user), entered)?;
            let granted = Act::MembershipGranted {
                membership,
                role: new.role.id().to_owned(),
                bound_to: new.role.bound_to(),
                scopes: new.scopes.as_ref().map(words),
            };
            office.record_command(db, congress, Some(user), granted)?;
            if new.password.is_some() {
                return Ok(None);
            }
            let (made, act) = office.make_link(db, user, Purpose::Invitation)?;
            office.record_command(db, congress, Some(user), act)?;
            Ok(Some(made))
        })
    }

    /// Shuts an account out, or lets it in again.
    ///
    /// # Errors
    /// [`Fault::NotFound`] if there is no such account.
    pub fn shut_out_here(&self, username: &str, disabled: bool) -> Result<(), Fault> {
        let (office, username) = (self.clone(), username.to_owned());
        self.store.write_here(move |db| {
            let (user, congress) = account(db, &username)?;
            if office.shut_out_in(db, user, disabled)? {
                let act = if disabled { Act::AccountDisabled } else { Act::AccountEnabled };
                office.record_command(db, congress.as_ref(), Some(user), act)?;
            }
            Ok(())
        })
    }

    /// A link for an account: to its first password, or to another one.
    pub fn link_here(&self, username: &str, purpose: Purpose) -> Result<MadeLink, Fault> {
        let (office, username) = (self.clone(), username.to_owned());
        self.store.write_here(move |db| {
            let (user, congress) = account(db, &username)?;
            let (made, act) = office.make_link(db, user, purpose)?;
            office.record_command(db, congress.as_ref(), Some(user), act)?;
            Ok(made)
        })
    }
}

/// An account by its name, and the congress in whose book it stands.
fn account(db: &mut Db, username: &str) -> Result<(UserId, Option<CongressId>), Fault> {
    let found = people::by_username(db, username)?.ok_or(Fault::NotFound)?;
    let user: UserId = found.id.parse().map_err(|_| Fault::NotFound)?;
    let first = people::memberships_of(db, user)?.into_iter().next();
    Ok((user, first.and_then(|it| it.congress_id?.parse().ok())))
}

/// What the account is bound to has to be there.
fn exists(db: &mut Db, new: &NewAccount) -> Result<(), Fault> {
    let Some(congress) = &new.congress else { return Ok(()) };
    directory::congress(db, congress)?.ok_or(Fault::NotFound)?;
    match new.role {
        Role::Department { department, .. } => {
            directory::department(db, congress, department)?.map(drop).ok_or(Fault::NotFound)
        }
        Role::Deputy { deputy } => directory::deputy(db, congress, deputy)?.map(drop).ok_or(Fault::NotFound),
        _ => Ok(()),
    }
}
