//! How an actor stands to a case.

use super::{Party, parties, to_be_named};
use crate::domain::{
    actor::{Actor, Role},
    case::{Case, procedure::Hand},
    words::Part,
};

/// How an actor stands to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Signs(Hand),
    /// 代表团工作人员, of the lead signer's delegation
    Assists,
    Oversees {
        leader: bool,
    },
    Dispatches,
    Handles {
        assignment: u32,
        part: Part,
        approver: bool,
    },
    /// Took a promise over, and has no part in the case beside it.
    Keeps,
    Audits,
    /// 回头看随访代表: the case is his to visit, while the campaign is open
    Visits,
    EntersPaper,
    /// It is confidential, and he is not among those who are named: he knows that it is there, and no more.
    Unnamed,
}

/// A column of the matrix: somebody who knows the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    LeadSigner,
    CoSigner,
    Invited,
    Secretary,
    Staff,
    Leader,
    Office,
    Handler,
    Approver,
    CoHandler,
    Keeper,
    Auditor,
    Visitor,
    Unnamed,
}

impl Standing {
    /// In the order of the matrix's columns.
    pub const ALL: [Standing; 14] = [
        Standing::LeadSigner,
        Standing::CoSigner,
        Standing::Invited,
        Standing::Secretary,
        Standing::Staff,
        Standing::Leader,
        Standing::Office,
        Standing::Handler,
        Standing::Approver,
        Standing::CoHandler,
        Standing::Keeper,
        Standing::Auditor,
        Standing::Visitor,
        Standing::Unnamed,
    ];

    pub fn zh(self) -> &'static str {
        match self {
            Standing::LeadSigner => "领衔代表",
            Standing::CoSigner => "附议代表",
            Standing::Invited => "受邀代表",
            Standing::Secretary => "代表团工作人员",
            Standing::Staff => "代表工委",
            Standing::Leader => "代表工委负责人",
            Standing::Office => "政府办",
            Standing::Handler => "主办单位经办人",
            Standing::Approver => "主办单位签发人",
            Standing::CoHandler => "会办单位",
            Standing::Keeper => "承诺承接单位",
            Standing::Auditor => "审计人员",
            Standing::Visitor => "回头看随访代表",
            Standing::Unnamed => "保密件未获指定者",
        }
    }

    /// Whose hands he has in the procedure.
    pub fn hands(self) -> &'static [Hand] {
        match self {
            Standing::LeadSigner => &[Hand::LeadSigner],
            Standing::CoSigner => &[Hand::CoSigner],
            Standing::Invited => &[Hand::Invited],
            Standing::Staff => &[Hand::Committee],
            Standing::Leader => &[Hand::Committee, Hand::CommitteeLeader],
            Standing::Office => &[Hand::GovernmentOffice],
            Standing::Visitor => &[Hand::Visitor],
            Standing::Handler => &[Hand::LeadHandler, Hand::Holder],
            Standing::Approver => &[Hand::LeadHandler, Hand::Approver, Hand::Holder],
            Standing::CoHandler => &[Hand::CoHandler, Hand::Holder],
            Standing::Keeper => &[Hand::Holder],
            Standing::Secretary | Standing::Auditor | Standing::Unnamed => &[],
        }
    }
}

impl Relation {
    /// The column of the matrix; none for the import, which is no person.
    pub fn standing(self) -> Option<Standing> {
        Some(match self {
            Relation::Signs(Hand::LeadSigner) => Standing::LeadSigner,
            Relation::Signs(Hand::Invited) => Standing::Invited,
            Relation::Signs(_) => Standing::CoSigner,
            Relation::Assists => Standing::Secretary,
            Relation::Oversees { leader: false } => Standing::Staff,
            Relation::Oversees { leader: true } => Standing::Leader,
            Relation::Dispatches => Standing::Office,
            Relation::Handles { part: Part::Co, .. } => Standing::CoHandler,
            Relation::Handles { approver: false, .. } => Standing::Handler,
            Relation::Handles { approver: true, .. } => Standing::Approver,
            Relation::Keeps => Standing::Keeper,
            Relation::Audits => Standing::Auditor,
            Relation::Visits => Standing::Visitor,
            Relation::Unnamed => Standing::Unnamed,
            Relation::EntersPaper => return None,
        })
    }
}

/// How the actor stands to the case; `None` means that it does not exist for him.
pub fn relation(actor: &Actor, case: &Case) -> Option<Relation> {
    if actor.congress.as_ref() != Some(&case.congress) {
        return None;
    }
    // What was never handed in is its signers' own affair, even after they gave it up.
    let drafting = case.submitted_on.is_none();
    let relation = match &actor.role {
        Role::Deputy { deputy } if case.lead.id == *deputy => Relation::Signs(Hand::LeadSigner),
        Role::Deputy { deputy } if case.is_signer(*deputy) => Relation::Signs(Hand::CoSigner),
        Role::Deputy { deputy } if case.is_invited(*deputy) => Relation::Signs(Hand::Invited),
        // What is confidential is opened by naming who reads it, never by a visit.
        Role::Deputy { deputy } if case.is_visited_by(*deputy) && case.confidential.is_none() => {
            Relation::Visits
        }
        Role::DelegationSecretary { delegation }
            if parties(case).contains(&Party::Delegation(delegation.clone())) =>
        {
            Relation::Assists
        }
        Role::Committee { leader } if !drafting => Relation::Oversees { leader: *leader },
        Role::Auditor if !drafting => Relation::Audits,
        Role::GovernmentOffice if parties(case).contains(&Party::GovernmentOffice) => Relation::Dispatches,
        Role::Department { department, approver } => {
            match case.assignments.iter().find(|a| a.is_open() && a.department.id == *department) {
                Some(own) => {
                    Relation::Handles { assignment: own.number, part: own.part, approver: *approver }
                }
                None if case.promises_of(*department).next().is_some() => Relation::Keeps,
                None => return None,
            }
        }
        Role::Import => Relation::EntersPaper,
        _ => return None,
    };
    match &case.confidential {
        Some(it) if to_be_named(&actor.role) && !it.is_read_by(actor.user) => Some(Relation::Unnamed),
        _ => Some(relation),
    }
}
