//! What an act on one case does to others, in the same transaction: cases that are handled together, and the
//! suggestion that a motion becomes.

use super::{Fault, Office};
use crate::{
    domain::{
        actor::Actor,
        case::{self, Case, CaseRef, Event, Recorded, Rejection},
        day::Day,
        ids::CaseId,
        say::Say,
    },
    store::{Db, Touched, cases},
};

/// Who acts, when, and under which request.
pub(super) struct Act<'a> {
    pub actor: &'a Actor,
    pub on: Day,
    pub request_id: &'a str,
    pub touched: &'a Touched,
}

impl Office {
    pub(super) fn spread(
        &self,
        db: &mut Db,
        after: &Case,
        recorded: &[Recorded],
        act: &Act<'_>,
    ) -> Result<(), Fault> {
        for event in recorded.iter().map(|it| &it.event) {
            match event {
                Event::Merged { into } => {
                    let joined = Event::Joined { case: CaseRef::to(after) };
                    self.follow(db, after, into.id, vec![joined], act)?;
                }
                Event::MotionDecided { suggestion: Some(id), .. }
                | Event::MotionReported { suggestion: Some(id), .. } => self.convert(db, after, *id, act)?,
                _ => {}
            }
        }
        let shared: Vec<Event> =
            recorded.iter().map(|it| &it.event).filter(|event| event.spreads()).cloned().collect();
        let ends = after.has_ended_early();
        for joined in &after.joined {
            let events = match ends {
                true => vec![Event::Parted { from: CaseRef::to(after) }],
                false => shared.clone(),
            };
            if !events.is_empty() {
                self.follow(db, after, joined.id, events, act)?;
            }
        }
        Ok(())
    }

    /// Another case takes part in what happened to `leading`; one that has gone its own way does not.
    fn follow(
        &self,
        db: &mut Db,
        leading: &Case,
        id: CaseId,
        events: Vec<Event>,
        act: &Act<'_>,
    ) -> Result<(), Fault> {
        let before = cases::load(db, &leading.congress, id)?.ok_or(Fault::NotFound)?;
        let joins = matches!(events.as_slice(), [Event::Joined { .. }]);
        if !joins && !before.follows(leading.id) {
            return Ok(());
        }
        if act.on < before.latest_on {
            let number = before.number.as_ref().map(|n| n.text.to_string()).unwrap_or_default();
            return Err(Rejection::Invalid {
                pointer: "?occurred_on".to_owned(),
                detail: Say::new(
                    format!("不得早于一并办理的{number}上一环节的日期 {}", before.latest_on),
                    format!("must not be before the latest step of {number}, {}", before.latest_on),
                ),
            }
            .into());
        }
        let recorded = self.dress(events, before.version, act.actor, act.on);
        let after = recorded.iter().fold(before.clone(), Case::after);
        let policy = self.policy_now(db, &after)?;
        self.record(db, Some(&before), &recorded, &after, policy, act.request_id)?;
        act.touched.add(id);
        Ok(())
    }

    /// A motion becomes a suggestion of the same signers.
    fn convert(&self, db: &mut Db, motion: &Case, id: CaseId, act: &Act<'_>) -> Result<(), Fault> {
        let events = case::suggestion(motion, id).ok_or(Fault::NotFound)?;
        let recorded = self.dress(events, 0, act.actor, act.on);
        let suggestion = Case::fold(&recorded).ok_or(Fault::NotFound)?;
        let policy = self.policy_now(db, &suggestion)?;
        self.record(db, None, &recorded, &suggestion, policy, act.request_id)
    }
}
