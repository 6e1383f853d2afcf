//! Who acts: a person or a program in a role, or the office itself working through old paper.

use super::ids::{CongressId, DepartmentId, DeputyId, MembershipId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A person's office in the procedure, with what it is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Role {
    /// 代表
    Deputy { deputy: DeputyId },
    /// 代表团工作人员: reads what the delegation's deputies handed in, types drafts for them
    DelegationSecretary { delegation: String },
    /// 代表工委: staff, or a leader, who may do all that staff may and names who reads what is confidential
    Committee { leader: bool },
    /// 政府办
    GovernmentOffice,
    /// 承办单位: a handler, or an approver 签发人, who may do all that a handler may
    Department { department: DepartmentId, approver: bool },
    /// 审计/监督 of the standing committee: reads all, never writes
    Auditor,
    /// 本级人大系统管理员: its people and settings, never its cases
    Administrator,
    /// 运维: the installation, never its content
    Operator,
    /// The import of a handling ledger: enters on paper's behalf what others did before the system.
    Import,
    /// The office itself, where a rule says what happens by itself.
    System,
}

impl Role {
    pub const STAFF: Role = Role::Committee { leader: false };

    pub fn id(&self) -> &'static str {
        match self {
            Role::Deputy { .. } => "deputy",
            Role::DelegationSecretary { .. } => "delegation_secretary",
            Role::Committee { leader: false } => "committee",
            Role::Committee { leader: true } => "committee_leader",
            Role::GovernmentOffice => "government_office",
            Role::Department { approver: false, .. } => "department",
            Role::Department { approver: true, .. } => "approver",
            Role::Auditor => "auditor",
            Role::Administrator => "administrator",
            Role::Operator => "operator",
            Role::Import => "import",
            Role::System => "system",
        }
    }

    /// The department, deputy or delegation that it is bound to.
    pub fn bound_to(&self) -> Option<String> {
        match self {
            Role::Deputy { deputy } => Some(deputy.to_string()),
            Role::Department { department, .. } => Some(department.to_string()),
            Role::DelegationSecretary { delegation } => Some(delegation.clone()),
            _ => None,
        }
    }

    /// Of the committee, staff or leader.
    pub fn is_committee(&self) -> bool {
        matches!(self, Role::Committee { .. })
    }
}

/// What a program may do of all that its role may; a person has no such bounds.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
pub enum Scope {
    /// Read cases, their letters and papers, lists and exports.
    #[serde(rename = "cases:read")]
    CasesRead,
    /// Take steps on cases, and write drafts.
    #[serde(rename = "cases:write")]
    CasesWrite,
    /// Read figures.
    #[serde(rename = "figures:read")]
    FiguresRead,
    /// Read who is who, sessions and rules.
    #[serde(rename = "directory:read")]
    DirectoryRead,
    /// Enter sessions, departments and deputies.
    #[serde(rename = "directory:write")]
    DirectoryWrite,
}

impl Scope {
    pub const ALL: [Scope; 5] = [
        Scope::CasesRead,
        Scope::CasesWrite,
        Scope::FiguresRead,
        Scope::DirectoryRead,
        Scope::DirectoryWrite,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Scope::CasesRead => "cases:read",
            Scope::CasesWrite => "cases:write",
            Scope::FiguresRead => "figures:read",
            Scope::DirectoryRead => "directory:read",
            Scope::DirectoryWrite => "directory:write",
        }
    }
}

impl std::str::FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Scope, String> {
        let named = Scope::ALL.into_iter().find(|scope| scope.id() == text);
        named.ok_or_else(|| format!("no such scope; there are {}", Scope::ALL.map(Scope::id).join(", ")))
    }
}

/// The one who acts, with the rights that hold at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub user: UserId,
    pub membership: MembershipId,
    pub name: String,
    /// The tenant; an installation's operator has none.
    pub congress: Option<CongressId>,
    pub role: Role,
    /// Of a program; none for a person.
    pub scopes: Option<BTreeSet<Scope>>,
}

/// How the ledger names the one who acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Author {
    pub user: UserId,
    pub name: String,
    #[schema(example = "committee")]
    pub role: String,
}

impl Actor {
    /// The department that he acts for.
    pub fn department(&self) -> Option<DepartmentId> {
        match self.role {
            Role::Department { department, .. } => Some(department),
            _ => None,
        }
    }

    /// The office itself, under a name that tells it from what people did.
    pub fn office(name: &str, congress: &CongressId, role: Role) -> Actor {
        Actor {
            user: UserId(uuid::Uuid::nil()),
            membership: MembershipId(uuid::Uuid::nil()),
            name: name.to_owned(),
            congress: Some(congress.clone()),
            role,
            scopes: None,
        }
    }

    pub fn author(&self) -> Author {
        Author { user: self.user, name: self.name.clone(), role: self.role.id().to_owned() }
    }

    /// Whether the actor's bounds, if it has any, leave this open.
    pub fn has(&self, scope: Scope) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.contains(&scope))
    }
}
