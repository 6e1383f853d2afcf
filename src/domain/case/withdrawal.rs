//! Withdrawal 撤回: ends the handling; a number once given stays listed. Where the policy says so, all signers agree.

use super::{Case, Context, DeputyRef, Event, Refusal, Rejection, guard::missing, procedure::Hand};
use crate::domain::{actor::Role, day::Day, ids::DeputyId, policy::WithdrawUntil, text::Note, words::Stage};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalRequest {
    pub reason: Note,
}

/// A co-signer's answer to the lead signer's wish to withdraw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalAnswer {
    pub agrees: bool,
}

/// A wish to withdraw that waits for the co-signers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WithdrawalAsked {
    pub reason: Note,
    pub on: Day,
    /// Who agreed so far.
    pub agreed: Vec<DeputyId>,
}

/// Alone, or once all who signed agree.
pub(super) fn withdraw(case: &Case, request: WithdrawalRequest, context: Context<'_>) -> Event {
    let handed_in = case.submitted_on.is_some();
    if handed_in && context.policy.withdrawal.all_signers && !case.all_agree_to_withdraw() {
        return Event::WithdrawalAsked { reason: request.reason };
    }
    Event::Withdrawn { reason: request.reason }
}

pub(super) fn answer(
    case: &Case,
    deputy: DeputyId,
    answer: &WithdrawalAnswer,
) -> Result<Vec<Event>, Rejection> {
    let signer = case.co_signers.iter().find(|d| d.id == deputy).cloned();
    let (Some(deputy), Some(asked)) = (signer, &case.withdrawal_asked) else {
        return Err(Rejection::invalid("", "不是本件的附议代表", "did not sign this case"));
    };
    let missing = case.co_signers.iter().any(|d| d.id != deputy.id && !asked.agreed.contains(&d.id));
    let mut events = vec![Event::WithdrawalAnswered { deputy, agrees: answer.agrees }];
    if answer.agrees && !missing {
        events.push(Event::Withdrawn { reason: asked.reason.clone() });
    }
    Ok(events)
}

impl Case {
    /// Whether nobody who signed has still to agree.
    pub(super) fn all_agree_to_withdraw(&self) -> bool {
        let agreed =
            |d: &DeputyRef| self.withdrawal_asked.as_ref().is_some_and(|it| it.agreed.contains(&d.id));
        self.co_signers.iter().all(agreed)
    }
}

pub(super) fn asked(case: &mut Case, reason: &Note, on: Day) {
    case.withdrawal_asked = Some(WithdrawalAsked { reason: reason.clone(), on, agreed: Vec::new() });
}

/// One who does not agree ends the matter.
pub(super) fn answered(case: &mut Case, deputy: &DeputyRef, agrees: bool) {
    match (&mut case.withdrawal_asked, agrees) {
        (Some(asked), true) => asked.agreed.push(deputy.id),
        (wish, false) => *wish = None,
        (None, true) => {}
    }
}

pub(super) fn withdrawn(case: &mut Case, on: Day) {
    case.stage = Stage::Withdrawn;
    case.withdrawn_on = Some(on);
    case.withdrawal_asked = None;
}

pub(super) fn awaits(case: &Case, context: Context<'_>) -> Result<(), Refusal> {
    let Some(asked) = &case.withdrawal_asked else {
        return Err(missing(
            "withdrawal_not_asked",
            "领衔代表没有要求撤回",
            "the lead signer has not asked to withdraw",
            &[Hand::LeadSigner],
        ));
    };
    in_time_to_withdraw(case, context)?;
    match context.actor.role {
        Role::Deputy { deputy } if asked.agreed.contains(&deputy) => Err(missing(
            "agreed_already",
            "您已同意撤回，等待其他附议代表",
            "you have agreed; others have not yet",
            &[Hand::CoSigner],
        )),
        _ => Ok(()),
    }
}

fn in_time_to_withdraw(case: &Case, context: Context<'_>) -> Result<(), Refusal> {
    let assigned = case.assigned_on.is_some();
    if assigned && context.policy.withdrawal.until == WithdrawUntil::Assignment {
        return Err(missing(
            "withdrawal_too_late",
            format!("{}：只能在交办前撤回", context.policy.withdrawal.clause),
            format!("{}: can be withdrawn only before assignment", context.policy.withdrawal.clause),
            &[Hand::Committee],
        ));
    }
    Ok(())
}

pub(super) fn is_open(case: &Case, context: Context<'_>) -> Result<(), Refusal> {
    in_time_to_withdraw(case, context)?;
    // Those who had not agreed may have left meanwhile: then nobody is waited for.
    if case.withdrawal_asked.is_some() && !case.all_agree_to_withdraw() {
        return Err(missing(
            "withdrawal_asked",
            "已要求撤回，等待附议代表同意",
            "the wish to withdraw waits for the co-signers",
            &[Hand::CoSigner],
        ));
    }
    Ok(())
}
