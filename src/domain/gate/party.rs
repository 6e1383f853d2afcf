//! What opens cases to somebody, seen from the case: the store's index of parties, and the filter of lists and figures.

use crate::domain::{
    actor::{Actor, Role},
    case::Case,
    ids::{CongressId, DepartmentId, DeputyId, UserId},
    words::{Channel, Invitation},
};
use std::collections::BTreeSet;

/// What opens a case to somebody: a row of the store's index of parties.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    Deputy(DeputyId),
    Department(DepartmentId),
    GovernmentOffice,
    /// A delegation's secretary, by the delegation's name.
    Delegation(String),
    /// A department whose hand-back was granted: that it happened, and nothing else.
    HandedBack(DepartmentId),
    /// Named to read a confidential case.
    Reader(UserId),
    /// A deputy who is to visit it 随访; it is none of his own cases, so that his lists and figures leave it out.
    Visitor(DeputyId),
}

impl Party {
    /// How the store's index names the party.
    pub fn key(&self) -> String {
        match self {
            Party::Deputy(id) => format!("deputy:{id}"),
            Party::Department(id) => format!("department:{id}"),
            Party::GovernmentOffice => "government_office".to_owned(),
            Party::Delegation(name) => format!("delegation:{name}"),
            Party::HandedBack(id) => format!("handed_back:{id}"),
            Party::Reader(id) => format!("reader:{id}"),
            Party::Visitor(id) => format!("visitor:{id}"),
        }
    }

    /// The party whose sums are kept under a key.
    pub fn of_key(key: &str) -> Option<Party> {
        match key.split_once(':') {
            Some(("deputy", id)) => id.parse().ok().map(Party::Deputy),
            Some(("department", id)) => id.parse().ok().map(Party::Department),
            _ => None,
        }
    }
}

/// Which cases of a congress somebody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    Nothing,
    /// All that was handed in.
    Congress(CongressId),
    /// Those that the party has a part in.
    Party(CongressId, Party),
}

/// The cases that an actor may see in lists, exports and figures.
pub fn scope(actor: &Actor) -> Scope {
    let Some(congress) = actor.congress.clone() else { return Scope::Nothing };
    match &actor.role {
        Role::Committee { .. } | Role::Auditor | Role::Import => Scope::Congress(congress),
        Role::GovernmentOffice => Scope::Party(congress, Party::GovernmentOffice),
        Role::Deputy { deputy } => Scope::Party(congress, Party::Deputy(*deputy)),
        Role::Department { department, .. } => Scope::Party(congress, Party::Department(*department)),
        Role::DelegationSecretary { delegation } => {
            Scope::Party(congress, Party::Delegation(delegation.clone()))
        }
        Role::Administrator | Role::Operator | Role::System => Scope::Nothing,
    }
}

/// What stands in place of a title that the reader may not know.
pub const WITHHELD: &str = "（保密件）";

/// Whether somebody of this role reads a confidential case only once he is named. Its signers do not: it is their own;
/// nor do the committee's leaders, who name, and auditors, who see all.
pub fn to_be_named(role: &Role) -> bool {
    matches!(role, Role::Committee { leader: false } | Role::GovernmentOffice | Role::Department { .. })
}

/// Everybody who has a part in a case; the store's index is kept equal to this.
pub fn parties(case: &Case) -> BTreeSet<Party> {
    let asked = case.invitations.iter().filter(|i| i.standing == Invitation::Invited).map(|i| &i.deputy);
    let signers =
        std::iter::once(&case.lead).chain(&case.co_signers).chain(asked).map(|d| Party::Deputy(d.id));
    let departments = case.assignments.iter().map(|a| match a.is_open() {
        true => Party::Department(a.department.id),
        false => Party::HandedBack(a.department.id),
    });
    let promises = case.commitments.iter().filter(|it| !it.replaced);
    let keepers = promises.filter_map(|it| it.keeper(case)).map(|it| Party::Department(it.id));
    let government = case.dispatched_on.is_some()
        || case.assignments.iter().any(|a| a.department.channel == Channel::Government);
    let handed_in = case.submitted_on.is_some() && case.confidential.is_none();
    let delegation = case.lead_delegation.as_ref().filter(|_| handed_in);
    let open = case.confidential.is_none();
    let visitors = case.visitors().filter(|_| open).map(|deputy| Party::Visitor(deputy.id));
    let readers = case.confidential.iter().flat_map(|it| &it.readers).map(|r| Party::Reader(r.user));
    signers
        .chain(departments)
        .chain(keepers)
        .chain(government.then_some(Party::GovernmentOffice))
        .chain(delegation.map(|name| Party::Delegation(name.to_string())))
        .chain(readers)
        .chain(visitors)
        .collect()
}
