//! For whom a task is, and which tasks somebody is shown.
//!
//! A task of a confidential case is addressed to each who is named to read it, within the office that it is for, and to
//! nobody else there: who may not open the case is not told by his list that something moves in it.

use crate::domain::{
    actor::{Actor, Role},
    ids::{DepartmentId, DeputyId, UserId},
};
use std::fmt;

/// An office or a deputy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    Deputy(DeputyId),
    /// 代表工委
    Committee,
    /// 代表工委负责人
    Leader,
    /// 政府办
    GovernmentOffice,
    Department(DepartmentId),
    /// 签发人 of a department
    Approver(DepartmentId),
}

/// All of an audience or, of a confidential case, one who is named in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Addressee {
    pub audience: Audience,
    pub named: Option<UserId>,
}

impl From<Audience> for Addressee {
    fn from(audience: Audience) -> Addressee {
        Addressee { audience, named: None }
    }
}

impl fmt::Display for Addressee {
    /// The key in the store's index.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.audience {
            Audience::Deputy(id) => write!(f, "deputy:{id}")?,
            Audience::Committee => write!(f, "committee")?,
            Audience::Leader => write!(f, "leader")?,
            Audience::GovernmentOffice => write!(f, "government_office")?,
            Audience::Department(id) => write!(f, "department:{id}")?,
            Audience::Approver(id) => write!(f, "approver:{id}")?,
        }
        match self.named {
            Some(user) => write!(f, "/{user}"),
            None => Ok(()),
        }
    }
}

impl Audience {
    /// Who is shown a task of a case: all of the audience, or those who are named where the case is confidential. Its
    /// signers and the committee's leaders need not be.
    pub(super) fn of(self, readers: Option<&[UserId]>) -> Vec<Addressee> {
        let Some(readers) = readers else { return vec![self.into()] };
        let named = readers.iter().map(|user| Addressee { audience: self, named: Some(*user) });
        match self {
            Audience::Deputy(_) | Audience::Leader => vec![self.into()],
            Audience::Committee => named.chain([Audience::Leader.into()]).collect(),
            Audience::GovernmentOffice | Audience::Department(_) | Audience::Approver(_) => named.collect(),
        }
    }
}

/// Under which addresses the actor finds what waits for him.
pub fn audiences(actor: &Actor) -> Vec<Addressee> {
    let all: &[Audience] = match &actor.role {
        Role::Deputy { deputy } => &[Audience::Deputy(*deputy)],
        Role::Committee { leader: false } => &[Audience::Committee],
        Role::Committee { leader: true } => return vec![Audience::Committee.into(), Audience::Leader.into()],
        Role::GovernmentOffice => &[Audience::GovernmentOffice],
        Role::Department { department, approver: false } => &[Audience::Department(*department)],
        Role::Department { department, approver: true } => {
            &[Audience::Department(*department), Audience::Approver(*department)]
        }
        Role::DelegationSecretary { .. }
        | Role::Auditor
        | Role::Administrator
        | Role::Operator
        | Role::Import
        | Role::System => &[],
    };
    let both = |it: &Audience| match it {
        Audience::Deputy(_) => vec![(*it).into()],
        _ => vec![(*it).into(), Addressee { audience: *it, named: Some(actor.user) }],
    };
    all.iter().flat_map(both).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn actor(user: u128, role: Role) -> Actor {
        let congress = "330502".parse().unwrap();
        Actor { user: UserId(Uuid::from_u128(user)), ..Actor::office("", &congress, role) }
    }

    #[test]
    fn of_a_confidential_case_only_the_named_the_leaders_and_the_signers_find_tasks() {
        let (deputy, department) = (DeputyId(Uuid::from_u128(7)), DepartmentId(Uuid::from_u128(8)));
        let named = [UserId(Uuid::from_u128(1))];
        let handler = |approver| Role::Department { department, approver };
        let cases = [
            (Audience::Deputy(deputy), Role::Deputy { deputy }, [true, true]),
            (Audience::Committee, Role::STAFF, [true, false]),
            (Audience::Committee, Role::Committee { leader: true }, [true, true]),
            (Audience::Leader, Role::Committee { leader: true }, [true, true]),
            (Audience::Leader, Role::STAFF, [false, false]),
            (Audience::GovernmentOffice, Role::GovernmentOffice, [true, false]),
            (Audience::Department(department), handler(false), [true, false]),
            (Audience::Department(department), handler(true), [true, false]),
            (Audience::Approver(department), handler(true), [true, false]),
            (Audience::Approver(department), handler(false), [false, false]),
            (Audience::Committee, Role::Auditor, [false, false]),
        ];
        for (audience, role, [of_office, unnamed]) in cases {
            let finds = |user: u128, readers: Option<&[UserId]>| {
                let own = audiences(&actor(user, role.clone()));
                audience.of(readers).iter().filter(|to| own.contains(to)).count()
            };
            assert_eq!(finds(2, None), usize::from(of_office), "{audience:?} {role:?}");
            assert_eq!(finds(1, Some(&named)), usize::from(of_office), "named: {audience:?} {role:?}");
            assert_eq!(finds(2, Some(&named)), usize::from(unnamed), "unnamed: {audience:?} {role:?}");
        }
    }
}
