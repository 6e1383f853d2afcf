//! One command on one case: who, may he, is he up to date, does the procedure allow it, write it down.
//!
//! The order of the questions is part of the protection: an answer to a later one would tell a stranger
//! that the case exists.

use super::{
    Answer, Caller, Fault, Office, Order,
    order::{Desk, Key, Precondition},
    spread::Act,
};
use crate::{
    domain::{
        actor::Actor,
        case::{Case, Context, Number, procedure::Action},
        day::Day,
        gate,
        ids::{CaseId, CongressId},
        policy::Policy,
        say::Say,
        text::Title,
    },
    store::{Db, StoreError, Touch, Touched, cases, counters, directory, idempotency, people},
};

impl Office {
    /// Carries out a command, or says why not. All of it is written, or nothing.
    pub async fn perform(&self, order: Order) -> Result<Answer, Fault> {
        let office = self.clone();
        let touched = Touched::case(order.case);
        let touch = Touch::Cases(touched.clone());
        self.store.write(touch, move |db| office.perform_in(db, &order, &touched)).await
    }

    fn perform_in(&self, db: &mut Db, order: &Order, touched: &Touched) -> Result<Answer, Fault> {
        let actor = actor(db, &order.caller)?;
        let congress = actor.congress.clone().ok_or(Fault::NotFound)?;
        let loaded = cases::load(db, &congress, order.case)?.ok_or(Fault::NotFound)?;
        let entitled = gate::may(&actor, &loaded, order.target)?;
        if let Some(answer) = self.answered(db, &actor, order.key.as_ref())? {
            return Ok(answer);
        }
        up_to_date(order.precondition, entitled.version())?;
        let on = self.effective_day(&actor, order.occurred_on)?;
        let command = (order.build)(&mut Desk { db, office: self, actor: &actor, on }, &loaded)?;
        let policy = self.policy_for(db, &congress, &loaded, order.target.action)?;
        let context = Context { actor: &actor, on, policy, calendar: &self.books.calendar };
        let events = entitled.decide(command, context)?;
        let recorded = self.dress(events, loaded.version, &actor, on);
        let after = recorded.iter().fold(loaded.clone(), Case::after);
        if order.trial {
            return Ok(Answer::of(&actor, &after, order.render));
        }
        let policy = self.books.policy_of(&after, &policy.id)?;
        self.record(db, Some(&loaded), &recorded, &after, policy, &order.caller.request_id)?;
        let act = Act { actor: &actor, on, request_id: &order.caller.request_id, touched };
        self.spread(db, &after, &recorded, &act)?;
        let answer = Answer::of(&actor, &after, order.render);
        self.keep(db, &actor, order.key.as_ref(), &answer)?;
        Ok(answer)
    }

    /// The rules that a step is decided under: the case's own, except that its first assignment fixes them anew.
    pub(super) fn policy_for(
        &self,
        db: &mut Db,
        congress: &CongressId,
        case: &Case,
        action: Action,
    ) -> Result<&Policy, Fault> {
        let fixes = action == Action::Submit || (action == Action::Assign && case.assigned_on.is_none());
        if let (Some(policy), false) = (&case.policy, fixes) {
            return Ok(self.books.policy(policy)?);
        }
        self.congress_policy(db, congress)
    }

    /// The policy that a congress works under now.
    pub(super) fn congress_policy(&self, db: &mut Db, congress: &CongressId) -> Result<&Policy, Fault> {
        let congress = directory::congress(db, congress)?.ok_or(Fault::NotFound)?;
        Ok(self.books.in_force(&congress.policy_id, self.today())?)
    }

    /// Another case of the same congress that a command names; `pointer` says where in the body it stood.
    pub fn other_case(&self, db: &mut Db, case: &Case, id: CaseId, pointer: &str) -> Result<Case, Fault> {
        let other = cases::load(db, &case.congress, id)?;
        // A draft is its signers' own affair, and does not exist for the committee.
        other
            .filter(|it| it.submitted_on.is_some())
            .ok_or_else(|| Fault::invalid(pointer, "本级人大没有这一件", "no such case in this congress"))
    }

    /// Draws the next number for a case; a command that is refused afterwards gives it back with the transaction.
    pub fn next_number(&self, db: &mut Db, case: &Case) -> Result<Number, Fault> {
        let session = case.session.as_ref().ok_or(Fault::NotFound)?;
        let filed = directory::session(db, &case.congress, session)?;
        let policy = self.policy_for(db, &case.congress, case, Action::Register)?;
        let label = filed.map_or_else(|| session.to_string(), |s| s.label);
        loop {
            let sequence = counters::next(db, &case.congress, session, case.kind)?;
            let text = policy.number(&label, case.kind, sequence);
            // Old paper may have used a number of the same words; it stays with the case that has it.
            if cases::by_number(db, &case.congress, session, case.kind, &text)?.is_none() {
                let text = Title::parse(&text).map_err(|e| StoreError::corrupt("sessions", session, e))?;
                return Ok(Number { sequence: Some(sequence), text });
            }
        }
    }

    /// The day on which an act takes effect: today, unless staff enter paper that arrived late.
    pub(super) fn effective_day(&self, actor: &Actor, asked: Option<Day>) -> Result<Day, Fault> {
        let today = self.today();
        match asked {
            None => Ok(today),
            Some(day) if day == today => Ok(day),
            Some(_) if !gate::may_backdate(actor) => Err(Fault::Forbidden(Say::new(
                "只有代表工委可以补录此前日期的书面材料",
                "only committee staff enter paper that took effect on an earlier day",
            ))),
            Some(day) if day > today => {
                Err(Fault::invalid("?occurred_on", "不得晚于今天", "must not lie in the future"))
            }
            Some(day) => Ok(day),
        }
    }

    /// The answer that was given to the key before, if any.
    /// What was answered under a key before; or what is answered now, which is kept under it.
    pub(super) fn once(
        &self,
        db: &mut Db,
        actor: &Actor,
        key: Option<&Key>,
        make: impl FnOnce(&mut Db) -> Result<Answer, Fault>,
    ) -> Result<Answer, Fault> {
        if let Some(answer) = self.answered(db, actor, key)? {
            return Ok(answer);
        }
        let answer = make(db)?;
        self.keep(db, actor, key, &answer)?;
        Ok(answer)
    }

    pub(super) fn answered(
        &self,
        db: &mut Db,
        actor: &Actor,
        key: Option<&Key>,
    ) -> Result<Option<Answer>, Fault> {
        let Some(key) = key else { return Ok(None) };
        match idempotency::find(db, actor.membership, &key.key)? {
            None => Ok(None),
            Some(kept) if kept.fingerprint != key.fingerprint => Err(Fault::KeyReused),
            Some(kept) => Ok(Some(Answer {
                status: u16::try_from(kept.status).unwrap_or(200),
                version: kept.etag.and_then(|etag| etag.parse().ok()),
                location: kept.location,
                body: kept.body,
                replayed: true,
            })),
        }
    }

    pub(super) fn keep(
        &self,
        db: &mut Db,
        actor: &Actor,
        key: Option<&Key>,
        answer: &Answer,
    ) -> Result<(), Fault> {
        let Some(key) = key else { return Ok(()) };
        let answered = idempotency::Answered {
            membership_id: actor.membership.to_string(),
            key: key.key.clone(),
            fingerprint: key.fingerprint.clone(),
            status: i32::from(answer.status),
            etag: answer.version.map(|v| v.to_string()),
            location: answer.location.clone(),
            body: answer.body.clone(),
            created_at: self.now().naive_utc(),
        };
        Ok(idempotency::keep(db, &answered)?)
    }
}

/// The caller, with the rights that hold at this moment.
pub(super) fn actor(db: &mut Db, caller: &Caller) -> Result<Actor, Fault> {
    people::actor(db, caller.who)?.ok_or(Fault::Unauthenticated)
}

/// The caller in his congress, if the gate lets him.
pub(super) fn admitted(
    db: &mut Db,
    caller: &Caller,
    operation: gate::Operation,
) -> Result<(Actor, CongressId), Fault> {
    let actor = actor(db, caller)?;
    gate::admit(&actor, operation)?;
    let congress = actor.congress.clone().ok_or(Fault::NotFound)?;
    Ok((actor, congress))
}

pub(super) fn up_to_date(precondition: Precondition, current: i64) -> Result<(), Fault> {
    match precondition {
        Precondition::Missing => Err(Fault::NeedsPrecondition { current }),
        Precondition::Any => Ok(()),
        Precondition::Version(version) if version == current => Ok(()),
        Precondition::Version(_) | Precondition::Never => Err(Fault::Stale { current }),
    }
}
