//! Voting 投票: each deputy once, in secret. What he chose goes into the urn and nowhere else: not into the book of acts,
//! not into the log, not into an answer, not under an `Idempotency-Key`.

use super::admitted;
use crate::{
    domain::{
        actor::Role,
        case::Refusal,
        gate::Operation,
        ids::{CaseId, SelectionId},
        say::Say,
        selection::{Choices, Phase, Wrong},
    },
    office::{Caller, Fault, Office, acts::Act},
    store::{Touch, selections, urn},
};
use std::collections::BTreeSet;

impl Office {
    /// Casts the caller's ballot. Who is faster of two at once has voted, the other is refused; what arrives at the
    /// closing instant is late.
    pub async fn vote(&self, caller: &Caller, id: SelectionId, chosen: Vec<CaseId>) -> Result<(), Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::Vote)?;
                let Role::Deputy { deputy } = actor.role else { return Err(Fault::NotFound) };
                let selection = selections::hold(db, &congress, id)?.ok_or(Fault::NotFound)?;
                let candidates = office.candidates(db, &selection)?;
                let candidates: BTreeSet<CaseId> =
                    candidates.iter().filter(|(_, eligible)| *eligible).map(|(case, _)| case.id).collect();
                // Asked once the selection is held: whoever waited is measured by when he got in.
                let phase = selection.phase(office.now());
                // A process whose clock is behind does not add to what is sealed.
                let sealed = selections::result(db, &congress, id)?.is_some();
                match phase {
                    Phase::Nominating => return Err(not_yet().into()),
                    Phase::Voting if !sealed => {}
                    Phase::Voting | Phase::Over => return Err(over().into()),
                }
                let choices = Choices::read(&chosen, selection.seats, &candidates)
                    .map_err(|it| told(it, selection.seats))?;
                if !urn::cast(db, &congress, id, deputy, &choices)? {
                    return Err(voted().into());
                }
                office.record_act_of(db, &actor, &caller, None, Act::BallotCast { selection: id })
            })
            .await
    }
}

fn told(wrong: Wrong, seats: u32) -> Fault {
    match wrong {
        Wrong::Number => Fault::invalid(
            "/choices",
            format!("须选 1 至 {seats} 件"),
            format!("must name 1 to {seats} cases"),
        ),
        Wrong::Twice(place) => {
            Fault::invalid(format!("/choices/{place}"), "同一件只能选一次", "names a case a second time")
        }
        Wrong::NoCandidate(place) => Fault::invalid(
            format!("/choices/{place}"),
            "不是本次选树的候选件",
            "is no candidate of this selection",
        ),
    }
}

fn not_yet() -> Refusal {
    Refusal::new(
        "voting_not_open",
        Say::new("提名尚未截止，投票尚未开始", "nominations are still open; voting has not begun"),
        &[],
    )
}

fn over() -> Refusal {
    Refusal::new("voting_over", Say::new("投票已经截止", "voting is over"), &[])
}

fn voted() -> Refusal {
    Refusal::new(
        "voted",
        Say::new(
            "您已经投票；无记名投票不能撤回或更改",
            "you have voted; a secret ballot cannot be taken back or changed",
        ),
        &[],
    )
}
