//! Merged handling 并案: several cases of one matter are handled together and answered by one reply, but each is
//! numbered, answered and evaluated on its own.

use super::{Case, Event, Rejection};
use crate::domain::{
    ids::CaseId,
    text::Title,
    words::{Kind, Stage},
};
use serde::{Deserialize, Serialize};

/// A case as another one names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CaseRef {
    pub id: CaseId,
    pub number: Option<Title>,
    /// Not shown beside the case that names it: it may have become confidential since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
}

/// The case that this one is to be handled with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergerOrder {
    pub into: CaseId,
}

impl CaseRef {
    pub fn to(case: &Case) -> CaseRef {
        CaseRef {
            id: case.id,
            number: case.number.as_ref().map(|n| n.text.clone()),
            title: Some(case.title.clone()),
        }
    }

    /// As who sees one of the two may read of the other: which it is.
    pub fn by_number(&self) -> CaseRef {
        CaseRef { title: None, ..self.clone() }
    }
}

/// `main` is the case that leads; the two must stand at the same place, before anybody was given either.
pub(super) fn merge(case: &Case, main: &Case) -> Result<Event, Rejection> {
    let fits = main.id != case.id
        && main.kind == Kind::Suggestion
        && main.stage == Stage::Registered
        && main.assigned_on.is_none()
        && main.merged_into.is_none();
    if !fits {
        return Err(Rejection::invalid(
            "/into",
            "须并入另一件已立案、尚未交办、本身未并入他件的建议",
            "must be another registered suggestion that is not assigned, nor merged into a third",
        ));
    }
    if case.confidential.is_some() || main.confidential.is_some() {
        return Err(Rejection::invalid(
            "/into",
            "保密件不并案：一份答复会使他件的代表得知其内容",
            "confidential cases are not merged: one reply would tell other signers what they say",
        ));
    }
    if case.asks != main.asks {
        return Err(Rejection::invalid(
            "/into",
            "代表逐条提出的具体意见不同，须分别答复，不能并案",
            "the deputies listed different asks, which need different answers",
        ));
    }
    Ok(Event::Merged { into: CaseRef::to(main) })
}

impl Event {
    /// Whether what happened to the leading case happens to those merged into it.
    pub fn spreads(&self) -> bool {
        matches!(
            self,
            Event::Dispatched { .. }
                | Event::Assigned { .. }
                | Event::Accepted { .. }
                | Event::HandBackRequested { .. }
                | Event::HandBackDecided { .. }
                | Event::ExtensionRequested { .. }
                | Event::ExtensionDecided { .. }
                | Event::OpinionGiven { .. }
                | Event::OpinionRejected { .. }
                | Event::Replied { .. }
                | Event::ConfidentialityDecided { .. }
        )
    }
}

impl Case {
    /// Whether an act on the leading case is an act on this one: until the two part ways at the first answer.
    pub fn follows(&self, main: CaseId) -> bool {
        let together = matches!(self.stage, Stage::Registered | Stage::Dispatched | Stage::Assigned);
        together && self.merged_into.as_ref().is_some_and(|into| into.id == main)
    }
}
