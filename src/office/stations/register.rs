//! A station's register entered at once, with the days that stand in it: what was said, what was done about it, and whom
//! residents met. For the committee, which alone may enter what took effect on an earlier day.

use super::{
    NewReception, admitted, kept,
    opinions::{case_of, standing},
};
use crate::{
    domain::{
        day::Day,
        gate::Operation,
        ids::{OpinionId, StationId},
        station::opinion::OpinionCommand,
    },
    office::{Caller, Fault, Office, stations::NewOpinion},
    store::{Touch, stations},
};

/// An opinion of the register.
#[derive(Clone, Debug)]
pub struct RegisteredOpinion {
    pub station: StationId,
    pub on: Day,
    pub opinion: NewOpinion,
    /// What was done about it, in order.
    pub then: Vec<(Day, OpinionCommand)>,
}

impl Office {
    /// Enters opinions with what became of them, in one transaction; returns them in the same order.
    pub async fn register_opinions(
        &self,
        caller: &Caller,
        entries: Vec<RegisteredOpinion>,
    ) -> Result<Vec<OpinionId>, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::SortOpinion)?;
                let by = (caller.request_id.as_str(), caller.address.as_deref());
                let mut ids = Vec::with_capacity(entries.len());
                for it in &entries {
                    let station = stations::find(db, &congress, it.station)?.ok_or(Fault::NotFound)?;
                    let recorded =
                        office.recorded(db, &actor, &caller, &station, it.on, it.opinion.clone())?;
                    let mut opinion = recorded.0;
                    ids.push(opinion.id);
                    for (on, command) in &it.then {
                        let suggestion = case_of(db, &opinion)?.map(|case| standing(&case));
                        let event = opinion.decide(command.clone(), *on, suggestion)?;
                        opinion = office.go_on(db, opinion, event, actor.author(), *on, by)?;
                    }
                }
                Ok(ids)
            })
            .await
    }

    /// Enters what was done about opinions, in one transaction.
    pub async fn register_steps(
        &self,
        caller: &Caller,
        steps: Vec<(OpinionId, Day, OpinionCommand)>,
    ) -> Result<(), Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::SortOpinion)?;
                let by = (caller.request_id.as_str(), caller.address.as_deref());
                for (id, on, command) in &steps {
                    let opinion = kept::find(db, &congress, *id)?.ok_or(Fault::NotFound)?;
                    let suggestion = case_of(db, &opinion)?.map(|case| standing(&case));
                    let event = opinion.decide(command.clone(), *on, suggestion)?;
                    office.go_on(db, opinion, event, actor.author(), *on, by)?;
                }
                Ok(())
            })
            .await
    }

    /// Enters receptions, in one transaction.
    pub async fn register_receptions(
        &self,
        caller: &Caller,
        entries: Vec<(StationId, NewReception)>,
    ) -> Result<(), Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::SortOpinion)?;
                for (station, reception) in &entries {
                    let station = stations::find(db, &congress, *station)?.ok_or(Fault::NotFound)?;
                    office.reception(db, &actor, &caller, &station, reception)?;
                }
                Ok(())
            })
            .await
    }
}
