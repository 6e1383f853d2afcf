//! Walks a congress's cases with a proposed policy in hand. Writes nothing.

use super::{Caller, Fault, Office, StoreError, perform::actor};
use crate::{
    domain::{
        actor::Actor,
        day::Day,
        gate::{self, Operation},
        ids::CongressId,
        policy::Policy,
        rehearsal::{Rehearsed, Tally, compare},
        say::Say,
    },
    store::{Db, cases},
};

/// Folded cases in memory at a time.
const PAGE: i64 = 200;

/// A policy that somebody thinks of, and on whose cases it is to be tried.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub congress: CongressId,
    /// The file's text.
    pub policy: String,
    /// How many entries of each list are told.
    pub limit: usize,
}

impl Office {
    /// As of one instant, on a thread of its own, one at a time: it looks at every case that the congress has.
    ///
    /// `parse` reads what was sent once the caller is known to be entitled.
    pub async fn rehearse(
        &self,
        caller: &Caller,
        parse: impl FnOnce() -> Result<Proposal, Fault> + Send + 'static,
    ) -> Result<Rehearsed, Fault> {
        let (caller, office) = (caller.clone(), self.clone());
        self.store.snapshot_aside(move |db| office.rehearse_in(db, &caller, parse)).await
    }

    fn rehearse_in(
        &self,
        db: &mut Db,
        caller: &Caller,
        parse: impl FnOnce() -> Result<Proposal, Fault>,
    ) -> Result<Rehearsed, Fault> {
        let actor = actor(db, caller)?;
        if gate::admit(&actor, Operation::RehearsePolicy).is_err() {
            return Err(Fault::Forbidden(Say::new(
                "只有代表工委和审计人员可以试算办理办法",
                "only committee staff and auditors rehearse a policy",
            )));
        }
        let proposal = parse()?;
        if actor.congress.as_ref() != Some(&proposal.congress) {
            return Err(Fault::NotFound);
        }
        let proposed = self.books.policies.resolve(&proposal.policy).map_err(|error| {
            Fault::invalid("/policy", format!("办理办法有误：{error}"), error.to_string())
        })?;
        // Held to the end of the walk, even if nobody waits for its answer any more.
        let _stage = self.stage.try_acquire().map_err(|_| StoreError::Busy)?;
        self.walk(db, &actor, &proposal, &proposed, self.today())
    }

    fn walk(
        &self,
        db: &mut Db,
        actor: &Actor,
        proposal: &Proposal,
        proposed: &Policy,
        today: Day,
    ) -> Result<Rehearsed, Fault> {
        let congress = &proposal.congress;
        let own = self.congress_policy(db, congress)?;
        let (mut tally, mut after) = (Tally::up_to(proposal.limit), None);
        loop {
            let page = cases::page(db, congress, after, PAGE, &[])?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            // What was never handed in is its signers' own affair.
            for case in page.iter().filter(|case| case.submitted_on.is_some()) {
                let policy = self.books.policy_of(case, &own.id)?;
                tally.add(compare(
                    case,
                    gate::title(actor, case),
                    policy,
                    proposed,
                    &self.books.calendar,
                    today,
                ));
            }
        }
        Ok(tally.told(congress.clone(), own, proposed, today))
    }
}
