//! What a department is told of cases that it handed back: that it happened, and nothing that came after.

use super::{Caller, Fault, Office, perform::actor};
use crate::{
    domain::{
        actor::Role,
        case::HandBackRequest,
        day::Day,
        gate::{self, Operation, Party},
        ids::CaseId,
    },
    store::cases,
};

/// A hand-back that was granted.
#[derive(Clone, Debug, PartialEq)]
pub struct HandedBack {
    pub case: CaseId,
    pub number: Option<String>,
    /// As it stood on the assignment; withheld of a confidential case.
    pub title: Option<String>,
    pub assigned_on: Day,
    pub request: HandBackRequest,
}

impl Office {
    /// The department's own, newest first; at most `limit`, of cases older than `before`.
    pub async fn hand_backs(
        &self,
        caller: &Caller,
        before: Option<CaseId>,
        limit: i64,
    ) -> Result<Vec<HandedBack>, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let actor = actor(db, &caller)?;
                gate::admit(&actor, Operation::ListHandBacks)?;
                let (Some(congress), Role::Department { department, .. }) = (&actor.congress, &actor.role)
                else {
                    return Err(Fault::NotFound);
                };
                let party = Party::HandedBack(*department);
                let mut told = Vec::new();
                for case in cases::of_party(db, congress, &party, before, limit)? {
                    let ended = case.assignments.iter().filter(|a| !a.is_open());
                    for it in ended.filter(|a| a.department.id == *department) {
                        let Some(request) = it.hand_back.clone() else { continue };
                        told.push(HandedBack {
                            case: case.id,
                            number: case.number.as_ref().map(|number| number.text.to_string()),
                            title: case.confidential.is_none().then(|| case.title.to_string()),
                            assigned_on: it.assigned_on,
                            request,
                        });
                    }
                }
                Ok(told)
            })
            .await
    }
}
