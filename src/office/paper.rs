//! Old paper: a line of a handling ledger becomes the acts that it reports, decided by the same rules.

use super::{Fault, Office};
use crate::{
    domain::{
        actor::{Actor, Role},
        case::{Case, Command, Context, Draft, Event, Recorded, procedure::Action},
        day::Day,
        gate,
        ids::CongressId,
    },
    store::Db,
};

/// A case that paper reports: what it is, and what was done with it, oldest first.
#[derive(Clone, Debug)]
pub struct PaperCase {
    pub draft: Draft,
    /// The day on which it was handed in, or the earliest day known.
    pub drafted_on: Day,
    pub steps: Vec<PaperStep>,
}

#[derive(Clone, Debug)]
pub struct PaperStep {
    pub on: Day,
    pub command: Command,
}

impl Office {
    /// Enters a new case with everything that was done. Written in one go: its events, its row, one move of figures.
    pub fn enter_paper(&self, db: &mut Db, paper: PaperCase, request_id: &str) -> Result<Case, Fault> {
        let actor = importer(&paper.draft.congress);
        let mut recorded = self.dress(vec![Event::Drafted(paper.draft)], 0, &actor, paper.drafted_on);
        let case = Case::fold(&recorded).ok_or(Fault::NotFound)?;
        let after = self.take_steps(db, case, paper.steps, &actor, &mut recorded)?;
        self.write_paper(db, None, &recorded, &after, request_id)?;
        Ok(after)
    }

    /// Adds to a case what paper reports beyond what is known of it.
    pub fn continue_paper(
        &self,
        db: &mut Db,
        before: &Case,
        steps: Vec<PaperStep>,
        request_id: &str,
    ) -> Result<Case, Fault> {
        let actor = importer(&before.congress);
        let mut recorded = Vec::new();
        let after = self.take_steps(db, before.clone(), steps, &actor, &mut recorded)?;
        if !recorded.is_empty() {
            self.write_paper(db, Some(before), &recorded, &after, request_id)?;
        }
        Ok(after)
    }

    fn take_steps(
        &self,
        db: &mut Db,
        mut case: Case,
        steps: Vec<PaperStep>,
        actor: &Actor,
        recorded: &mut Vec<Recorded>,
    ) -> Result<Case, Fault> {
        for step in steps {
            let target = step.command.target();
            let policy = self.policy_for(db, &case.congress, &case, target.action)?;
            let context = Context { actor, on: step.on, policy, calendar: &self.books.calendar };
            let events = gate::may(actor, &case, target)?.decide(step.command, context)?;
            let dressed = self.dress(events, case.version, actor, step.on);
            case = dressed.iter().fold(case, Case::after);
            recorded.extend(dressed);
        }
        Ok(case)
    }

    fn write_paper(
        &self,
        db: &mut Db,
        before: Option<&Case>,
        recorded: &[Recorded],
        after: &Case,
        request_id: &str,
    ) -> Result<(), Fault> {
        let policy = self.policy_for(db, &after.congress, after, Action::Amend)?;
        self.record(db, before, recorded, after, policy, request_id)
    }
}

/// The import writes under a name of its own, so that the ledger tells paper from what people did themselves.
fn importer(congress: &CongressId) -> Actor {
    Actor::office("台账导入", congress, Role::Import)
}
