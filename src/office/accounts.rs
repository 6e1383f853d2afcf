//! Accounts and memberships as the office enters them: who may sign in, and what each is here.

use super::{Fault, Office};
use crate::{
    domain::{
        actor::{Role, Scope},
        ids::{CongressId, MembershipId, UserId},
    },
    store::{
        Db,
        people::{self, Membership, User},
    },
};
use std::collections::BTreeSet;

/// An account with its first membership.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub username: String,
    pub display_name: String,
    /// argon2id, in PHC form; none for who is still to choose one.
    pub password: Option<String>,
    pub congress: Option<CongressId>,
    pub role: Role,
    /// For a program; none for a person.
    pub scopes: Option<BTreeSet<Scope>>,
}

impl Office {
    pub fn new_account(&self, db: &mut Db, new: NewAccount) -> Result<(UserId, MembershipId), Fault> {
        let user = UserId(self.fresh_id());
        people::add(
            db,
            &User {
                id: user.to_string(),
                username: new.username,
                display_name: new.display_name,
                password: new.password,
                disabled: false,
                created_at: self.now().naive_utc(),
            },
        )?;
        Ok((user, self.new_membership(db, user, new.congress, &new.role, new.scopes.as_ref())?))
    }

    pub fn new_membership(
        &self,
        db: &mut Db,
        user: UserId,
        congress: Option<CongressId>,
        role: &Role,
        scopes: Option<&BTreeSet<Scope>>,
    ) -> Result<MembershipId, Fault> {
        let id = MembershipId(self.fresh_id());
        let mut membership = Membership {
            id: id.to_string(),
            user_id: user.to_string(),
            congress_id: congress.map(String::from),
            role: role.id().to_owned(),
            department_id: None,
            deputy_id: None,
            delegation: None,
            scopes: scopes.map(words),
            created_at: self.now().naive_utc(),
            ended_at: None,
        };
        match role {
            Role::Deputy { deputy } => membership.deputy_id = Some(deputy.to_string()),
            Role::Department { department, .. } => membership.department_id = Some(department.to_string()),
            Role::DelegationSecretary { delegation } => membership.delegation = Some(delegation.clone()),
            _ => {}
        }
        people::grant(db, &membership)?;
        Ok(id)
    }
}

/// Scopes as they are kept: words between spaces.
pub(super) fn words(scopes: &BTreeSet<Scope>) -> String {
    scopes.iter().map(|scope| scope.id()).collect::<Vec<_>>().join(" ")
}
