//! Who acts: a person in a role, or the office itself working through old paper.

use super::ids::{CongressId, DepartmentId, DeputyId, UserId};
use serde::{Deserialize, Serialize};

/// A person's office in the procedure, with what it is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Role {
    /// 代表
    Deputy { deputy: DeputyId },
    /// 代表工委 staff
    Committee,
    /// 政府办
    GovernmentOffice,
    /// 承办单位: a handler, or an approver 签发人, who may do all that a handler may.
    Department { department: DepartmentId, approver: bool },
    /// 审计/监督 of the standing committee: reads, never writes
    Auditor,
    /// 系统管理员: runs the installation, sees no case
    Administrator,
    /// The import of a handling ledger: enters on paper's behalf what others did before the system.
    Import,
    /// The office itself, where a rule says what happens by itself.
    System,
}

impl Role {
    pub fn id(&self) -> &'static str {
        match self {
            Role::Deputy { .. } => "deputy",
            Role::Committee => "committee",
            Role::GovernmentOffice => "government_office",
            Role::Department { approver: false, .. } => "department",
            Role::Department { approver: true, .. } => "approver",
            Role::Auditor => "auditor",
            Role::Administrator => "administrator",
            Role::Import => "import",
            Role::System => "system",
        }
    }
}

/// The one who acts, with the rights that hold at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub user: UserId,
    pub name: String,
    /// The tenant; an installation's administrator has none.
    pub congress: Option<CongressId>,
    pub role: Role,
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
    pub fn author(&self) -> Author {
        Author { user: self.user, name: self.name.clone(), role: self.role.id().to_owned() }
    }
}
