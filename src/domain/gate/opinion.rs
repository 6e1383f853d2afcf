//! Who sees a resident's opinion, and how much of it. The committee and the deputies of the station see it whole, with how
//! the resident is to be reached; the department that has it, and auditors, see its text masked and nothing of the
//! resident. For everybody else it does not exist.

use crate::domain::{
    actor::{Actor, Role},
    station::{Station, opinion::Opinion},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpinionSight {
    Whole,
    Masked,
}

/// How much the actor sees of an opinion of this station; `None` if it does not exist for him.
pub fn opinion_sight(actor: &Actor, opinion: &Opinion, station: &Station) -> Option<OpinionSight> {
    if actor.congress.as_ref() != Some(&opinion.congress) || station.id != opinion.station {
        return None;
    }
    match &actor.role {
        Role::Committee { .. } => Some(OpinionSight::Whole),
        Role::Auditor => Some(OpinionSight::Masked),
        Role::Deputy { deputy } => {
            let his = opinion.deputy == Some(*deputy) || station.deputies.contains(deputy);
            his.then_some(OpinionSight::Whole)
        }
        Role::Department { department, .. } => {
            (opinion.department == Some(*department)).then_some(OpinionSight::Masked)
        }
        _ => None,
    }
}
