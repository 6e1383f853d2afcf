//! What an administrator does with the accounts of his congress, and the operator with administrators. Nobody does
//! anything with himself, and everything is an act.

use super::{
    Caller, Fault, Office,
    accounts::{NewAccount, words},
    acts::Act,
    directory,
    links::{MadeLink, Purpose},
    perform::actor,
    services::MadeSecret,
};
use crate::{
    domain::{
        actor::{Actor, Role, Scope},
        ids::{CongressId, DepartmentId, DeputyId, MembershipId, UserId},
        say::Say,
        text::Line,
    },
    store::{
        Db, Touch, devices, links,
        people::{self, Membership, User},
        second_factors, sign_ins,
    },
};
use serde::Deserialize;
use std::collections::BTreeSet;

/// What somebody is to be in the congress.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    /// `deputy`, `delegation_secretary`, `committee`, `committee_leader`, `government_office`, `department`,
    /// `approver`, `auditor`, `administrator`; by an operator only `administrator` and `operator`.
    #[schema(example = "department")]
    pub role: String,
    /// The congress, for the operator; an administrator's own if left out.
    #[serde(default)]
    pub congress: Option<CongressId>,
    #[serde(default)]
    pub department: Option<DepartmentId>,
    #[serde(default)]
    pub deputy: Option<DeputyId>,
    #[serde(default)]
    pub delegation: Option<Line>,
    /// For a program: what it may do of all that its role may.
    #[serde(default)]
    pub scopes: Option<BTreeSet<Scope>>,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    #[schema(value_type = String, example = "zhang.min")]
    pub username: Line,
    /// As the ledger shows it.
    #[schema(value_type = String, example = "张敏")]
    pub name: Line,
    pub membership: NewRole,
}

/// An account that was entered: with a way in.
pub struct Entered {
    pub user: UserId,
    pub membership: MembershipId,
    /// For a person.
    pub invitation: Option<MadeLink>,
    /// For a program.
    pub secret: Option<MadeSecret>,
}

fn not_yours() -> Fault {
    Fault::Forbidden(Say::new(
        "只有本级人大的系统管理员可以管理本级账户，运维人员管理各级管理员",
        "only a congress's administrators keep its accounts, and operators keep the administrators",
    ))
}

fn not_oneself() -> Fault {
    Fault::Forbidden(Say::new(
        "不能变更自己的账户和身份，须由另一位管理员办理",
        "nobody changes his own account or memberships; another administrator has to",
    ))
}

impl Office {
    /// A membership that the caller administers; with `program`, only a program's.
    pub(super) fn member(
        &self,
        db: &mut Db,
        actor: &Actor,
        id: MembershipId,
        program: bool,
    ) -> Result<(UserId, Membership), Fault> {
        administers(actor)?;
        let found = people::membership(db, id)?.filter(|it| it.ended_at.is_none()).ok_or(Fault::NotFound)?;
        let own = match actor.role {
            Role::Operator => matches!(found.role.as_str(), "administrator" | "operator"),
            _ => found.congress_id.is_some() && found.congress_id == actor.congress.clone().map(String::from),
        };
        if !own || (program && found.scopes.is_none()) {
            return Err(Fault::NotFound);
        }
        Ok((found.user_id.parse().map_err(|_| Fault::NotFound)?, found))
    }

    /// An account all of whose memberships the caller administers; who belongs to two congresses is nobody's alone.
    fn account(&self, db: &mut Db, actor: &Actor, user: UserId) -> Result<User, Fault> {
        administers(actor)?;
        let found = people::by_id(db, user)?.ok_or(Fault::NotFound)?;
        let memberships = people::memberships_of(db, user)?;
        let own = actor.congress.clone().map(String::from);
        let (mut mine, mut others) = (false, false);
        for it in &memberships {
            let is_mine = match actor.role {
                Role::Operator => matches!(it.role.as_str(), "administrator" | "operator"),
                _ => it.congress_id.is_some() && it.congress_id == own,
            };
            mine |= is_mine;
            others |= !is_mine;
        }
        if !mine {
            return Err(Fault::NotFound);
        }
        if user == actor.user {
            return Err(not_oneself());
        }
        if others && actor.role != Role::Operator {
            return Err(Fault::Forbidden(Say::new(
                "该账户在其他人大也有身份，本级只能结束其本级身份；停用和重置请运维人员办理",
                "the account belongs to another congress too: end its membership here; the operator disables and resets it",
            )));
        }
        Ok(found)
    }

    pub async fn members(
        &self,
        caller: &Caller,
        after: Option<MembershipId>,
        limit: i64,
    ) -> Result<Vec<(User, Membership)>, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let actor = actor(db, &caller)?;
                administers(&actor)?;
                let congress = actor.congress.clone().map(String::from);
                let after = after.map(|id| id.to_string());
                Ok(people::members(db, congress.as_deref(), None, after.as_deref(), limit)?)
            })
            .await
    }

    pub async fn enter_account(&self, caller: &Caller, new: NewPerson) -> Result<Entered, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let actor = actor(db, &caller)?;
                let (congress, role) = office.grantable(db, &actor, &new.membership)?;
                if people::by_username(db, &new.username)?.is_some() {
                    return Err(Fault::Exists(Say::new("该用户名已有账户", "this user name is taken")));
                }
                let account = NewAccount {
                    username: new.username.to_string(),
                    display_name: new.name.to_string(),
                    password: None,
                    congress,
                    role: role.clone(),
                    scopes: new.membership.scopes.clone(),
                };
                let (user, membership) = office.new_account(db, account)?;
                let entered =
                    Act::AccountEntered { username: new.username.to_string(), name: new.name.to_string() };
                office.record_act_of(db, &actor, &caller, Some(user), entered)?;
                let granted = granted(membership, &role, new.membership.scopes.as_ref());
                office.record_act_of(db, &actor, &caller, Some(user), granted)?;
                let (mut invitation, mut secret) = (None, None);
                if new.membership.scopes.is_some() {
                    let (made, act) = office.make_secret(db, membership)?;
                    office.record_act_of(db, &actor, &caller, Some(user), act)?;
                    secret = Some(made);
                } else {
                    let (made, act) = office.make_link(db, user, Purpose::Invitation)?;
                    office.record_act_of(db, &actor, &caller, Some(user), act)?;
                    invitation = Some(made);
                }
                Ok(Entered { user, membership, invitation, secret })
            })
            .await
    }

    pub async fn grant_membership(
        &self,
        caller: &Caller,
        user: UserId,
        new: NewRole,
    ) -> Result<MembershipId, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Actors, move |db| {
                let actor = actor(db, &caller)?;
                administers(&actor)?;
                if user == actor.user {
                    return Err(not_oneself());
                }
                people::by_id(db, user)?.ok_or(Fault::NotFound)?;
                let (congress, role) = office.grantable(db, &actor, &new)?;
                let held = people::memberships_of(db, user)?;
                if held.iter().any(|it| it.scopes.is_some()) || new.scopes.is_some() {
                    return Err(Fault::invalid(
                        "/scopes",
                        "程序账户只有一个身份；另一用途请另建账户",
                        "a program has one membership; enter another account for another purpose",
                    ));
                }
                apart(&held, congress.as_ref(), &role)?;
                let membership = office.new_membership(db, user, congress, &role, None)?;
                office.record_act_of(db, &actor, &caller, Some(user), granted(membership, &role, None))?;
                Ok(membership)
            })
            .await
    }

    pub async fn end_membership(&self, caller: &Caller, id: MembershipId) -> Result<(), Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Actors, move |db| {
                let actor = actor(db, &caller)?;
                let (user, found) = office.member(db, &actor, id, false)?;
                if user == actor.user {
                    return Err(not_oneself());
                }
                stays_administered(db, &found, user)?;
                let act = Act::MembershipEnded { membership: id, role: found.role };
                office.record_act_of(db, &actor, &caller, Some(user), act)?;
                people::end_membership(db, id, office.now().naive_utc())?;
                Ok(())
            })
            .await
    }

    /// Shuts an account out, which ends its sign-ins at once, or lets it in again.
    pub async fn shut_out(&self, caller: &Caller, user: UserId, disabled: bool) -> Result<(), Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Actors, move |db| {
                let actor = actor(db, &caller)?;
                office.account(db, &actor, user)?;
                if disabled {
                    for membership in people::memberships_of(db, user)? {
                        stays_administered(db, &membership, user)?;
                    }
                }
                if office.shut_out_in(db, user, disabled)? {
                    let act = if disabled { Act::AccountDisabled } else { Act::AccountEnabled };
                    office.record_act_of(db, &actor, &caller, Some(user), act)?;
                }
                Ok(())
            })
            .await
    }

    pub(super) fn shut_out_in(&self, db: &mut Db, user: UserId, disabled: bool) -> Result<bool, Fault> {
        let now = self.now().naive_utc();
        let changed = people::shut_out(db, user, disabled)?;
        if disabled {
            sign_ins::end_all(db, user, now)?;
            links::burn_all(db, user, now)?;
            devices::forget_all(db, user)?;
        }
        Ok(changed)
    }

    pub async fn reset_link(&self, caller: &Caller, user: UserId) -> Result<MadeLink, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let actor = actor(db, &caller)?;
                let account = office.account(db, &actor, user)?;
                if people::memberships_of(db, user)?.iter().any(|it| it.scopes.is_some()) {
                    return Err(Fault::Forbidden(Say::new("程序账户没有密码", "a program has no password")));
                }
                let purpose = match account.password {
                    Some(_) => Purpose::PasswordReset,
                    None => Purpose::Invitation,
                };
                let (made, act) = office.make_link(db, user, purpose)?;
                office.record_act_of(db, &actor, &caller, Some(user), act)?;
                Ok(made)
            })
            .await
    }

    /// For who lost his app and his recovery codes: the next sign-in sets another one, where the role needs one.
    pub async fn reset_second_factor(&self, caller: &Caller, user: UserId) -> Result<(), Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Actors, move |db| {
                let actor = actor(db, &caller)?;
                office.account(db, &actor, user)?;
                if !second_factors::remove(db, user)? {
                    return Err(Fault::NotFound);
                }
                sign_ins::end_all(db, user, office.now().naive_utc())?;
                office.record_act_of(db, &actor, &caller, Some(user), Act::SecondFactorRemoved)
            })
            .await
    }

    /// The role that a form names, if the caller may give it.
    fn grantable(
        &self,
        db: &mut Db,
        actor: &Actor,
        new: &NewRole,
    ) -> Result<(Option<CongressId>, Role), Fault> {
        administers(actor)?;
        let operator = actor.role == Role::Operator;
        let congress = match (&actor.congress, &new.congress) {
            (Some(own), Some(named)) if own != named => return Err(Fault::NotFound),
            (Some(own), _) => Some(own.clone()),
            (None, named) => named.clone(),
        };
        if let Some(congress) = &congress {
            crate::store::directory::congress(db, congress)?.ok_or(Fault::NotFound)?;
        }
        let missing =
            |pointer: &str, zh: &str, en: &str| Fault::invalid(format!("/membership{pointer}"), zh, en);
        let role = match (new.role.as_str(), &congress) {
            ("operator", None) if operator => Role::Operator,
            ("administrator", Some(_)) => Role::Administrator,
            ("operator", _) => {
                return Err(missing(
                    "/role",
                    "运维身份由运维人员授予，且不属于任何人大",
                    "only an operator makes operators, who belong to no congress",
                ));
            }
            (_, None) => {
                return Err(missing("/congress", "须注明人大", "a congress is needed for this role"));
            }
            _ if operator => {
                return Err(missing(
                    "/role",
                    "运维人员只能设各级管理员和运维人员",
                    "an operator makes administrators and operators only",
                ));
            }
            ("deputy", Some(congress)) => {
                let id = new
                    .deputy
                    .ok_or_else(|| missing("/deputy", "须注明代表", "a deputy is needed for this role"))?;
                directory::deputy(db, congress, id, "/membership/deputy")?;
                Role::Deputy { deputy: id }
            }
            (name @ ("department" | "approver"), Some(congress)) => {
                let id = new.department.ok_or_else(|| {
                    missing("/department", "须注明承办单位", "a department is needed for this role")
                })?;
                directory::department(db, congress, id, "/membership/department")?;
                Role::Department { department: id, approver: name == "approver" }
            }
            ("delegation_secretary", _) => {
                let delegation = new.delegation.as_ref().ok_or_else(|| {
                    missing("/delegation", "须注明代表团", "a delegation is needed for this role")
                })?;
                Role::DelegationSecretary { delegation: delegation.to_string() }
            }
            ("committee", _) => Role::STAFF,
            ("committee_leader", _) => Role::Committee { leader: true },
            ("government_office", _) => Role::GovernmentOffice,
            ("auditor", _) => Role::Auditor,
            _ => {
                return Err(missing(
                    "/role",
                    "没有这个角色；可用的见接口说明",
                    "no such role; the contract lists them",
                ));
            }
        };
        if new.scopes.is_some() && matches!(role, Role::Administrator | Role::Operator) {
            return Err(missing(
                "/scopes",
                "程序账户不能是管理员或运维人员",
                "a program is no administrator and no operator",
            ));
        }
        Ok((congress, role))
    }
}

fn administers(actor: &Actor) -> Result<(), Fault> {
    match actor.role {
        Role::Administrator | Role::Operator if actor.scopes.is_none() => Ok(()),
        _ => Err(not_yours()),
    }
}

/// Who audits does not do what is audited, and the other way round.
fn apart(held: &[Membership], congress: Option<&CongressId>, role: &Role) -> Result<(), Fault> {
    let here = held
        .iter()
        .filter(|it| it.congress_id.as_deref().and_then(|id| id.parse().ok()).as_ref() == congress);
    let committee = |id: &str| matches!(id, "committee" | "committee_leader");
    for it in here {
        let clash =
            (role.id() == "auditor" && committee(&it.role)) || (committee(role.id()) && it.role == "auditor");
        if clash {
            return Err(Fault::Exists(Say::new(
                "职责须分离：同一人不能既是审计人员又是代表工委人员；请先结束其中一个身份",
                "duties are kept apart: one person is not both auditor and committee staff; end the one first",
            )));
        }
        if it.role == role.id() && role.bound_to() == bound(it) {
            return Err(Fault::Exists(Say::new(
                "该账户已有此身份",
                "the account has this membership already",
            )));
        }
    }
    Ok(())
}

fn bound(it: &Membership) -> Option<String> {
    it.department_id.clone().or(it.deputy_id.clone()).or(it.delegation.clone())
}

/// A congress keeps an administrator who can sign in.
fn stays_administered(db: &mut Db, ending: &Membership, user: UserId) -> Result<(), Fault> {
    if !matches!(ending.role.as_str(), "administrator" | "operator") {
        return Ok(());
    }
    people::hold_members(db, ending.congress_id.as_deref(), &ending.role)?;
    let all = people::members(db, ending.congress_id.as_deref(), Some(&ending.role), None, 10_000)?;
    let others = all.iter().any(|(it, _)| !it.disabled && it.id != user.to_string());
    match others {
        true => Ok(()),
        false => Err(Fault::Exists(Say::new(
            "这是最后一位可用的管理员；请先另设一位",
            "this is the last administrator who can sign in; make another one first",
        ))),
    }
}

fn granted(membership: MembershipId, role: &Role, scopes: Option<&BTreeSet<Scope>>) -> Act {
    Act::MembershipGranted {
        membership,
        role: role.id().to_owned(),
        bound_to: role.bound_to(),
        scopes: scopes.map(words),
    }
}
