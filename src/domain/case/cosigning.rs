//! Co-signing 附议/联名: the lead signer invites, each deputy answers for himself.
//!
//! A signature stands for the text that was read: a change of the text asks for it again.

use super::{Case, DeputyRef, Event, Rejection};
use crate::domain::{day::Day, ids::DeputyId, text::Note, words::Invitation};
use serde::{Deserialize, Serialize};

/// More than a provincial congress has deputies in one delegation.
pub const MOST_CO_SIGNERS: usize = 500;

/// Somebody who was asked to sign, and the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Invited {
    pub deputy: DeputyRef,
    pub standing: Invitation,
    pub asked_on: Day,
    pub answered_on: Option<Day>,
    pub reason: Option<Note>,
}

/// Deputies to be asked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationOrder {
    pub deputies: Vec<DeputyId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationRemoval {
    pub deputy: DeputyId,
}

/// Why a deputy does not sign; he need not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CoSignatureRefusal {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Note>,
}

pub(super) fn invite(case: &Case, deputies: Vec<DeputyRef>) -> Result<Event, Rejection> {
    if deputies.is_empty() {
        return Err(Rejection::invalid("/deputies", "请写明邀请哪些代表", "name the deputies to invite"));
    }
    if case.invitations.len() + deputies.len() > MOST_CO_SIGNERS {
        return Err(Rejection::invalid("/deputies", "附议代表过多", "too many co-signers"));
    }
    for (index, deputy) in deputies.iter().enumerate() {
        let named = deputies[..index].iter().any(|d| d.id == deputy.id);
        let asked = case.invitations.iter().any(|i| {
            i.deputy.id == deputy.id && matches!(i.standing, Invitation::Invited | Invitation::Confirmed)
        });
        if named || asked || case.is_signer(deputy.id) {
            return Err(Rejection::invalid(
                format!("/deputies/{index}"),
                format!("{}已列名", deputy.name),
                format!("{} is named already", deputy.name),
            ));
        }
    }
    Ok(Event::CoSignersInvited { deputies })
}

pub(super) fn uninvite(case: &Case, deputy: DeputyId) -> Result<Event, Rejection> {
    let known = case.invitations.iter().map(|i| &i.deputy).chain(&case.co_signers).find(|d| d.id == deputy);
    match known {
        Some(deputy) => Ok(Event::CoSignerRemoved { deputy: deputy.clone() }),
        None => Err(Rejection::invalid("/deputy", "未邀请该代表", "was not invited")),
    }
}

/// The deputy who answers for himself; the gate has seen to it that he was asked.
pub(super) fn answering(case: &Case, deputy: DeputyId) -> Result<DeputyRef, Rejection> {
    let known = case.invitations.iter().map(|i| &i.deputy).chain(&case.co_signers).find(|d| d.id == deputy);
    known.cloned().ok_or_else(|| Rejection::invalid("", "未受邀附议本件", "was not asked to sign"))
}

pub(super) fn invited(case: &mut Case, deputies: &[DeputyRef], on: Day) {
    for deputy in deputies {
        case.invitations.retain(|i| i.deputy.id != deputy.id);
        case.invitations.push(Invited {
            deputy: deputy.clone(),
            standing: Invitation::Invited,
            asked_on: on,
            answered_on: None,
            reason: None,
        });
    }
}

pub(super) fn removed(case: &mut Case, deputy: DeputyId) {
    case.invitations.retain(|i| i.deputy.id != deputy);
    case.co_signers.retain(|d| d.id != deputy);
}

pub(super) fn confirmed(case: &mut Case, deputy: &DeputyRef, on: Day) {
    answered(case, deputy, Invitation::Confirmed, None, on);
    if !case.is_signer(deputy.id) {
        case.co_signers.push(deputy.clone());
    }
}

pub(super) fn declined(case: &mut Case, deputy: &DeputyRef, reason: Option<&Note>, on: Day) {
    answered(case, deputy, Invitation::Declined, reason, on);
    case.co_signers.retain(|d| d.id != deputy.id);
}

fn answered(case: &mut Case, deputy: &DeputyRef, standing: Invitation, reason: Option<&Note>, on: Day) {
    if let Some(invited) = case.invitations.iter_mut().find(|i| i.deputy.id == deputy.id) {
        invited.standing = standing;
        invited.answered_on = Some(on);
        invited.reason = reason.cloned();
    }
}

/// The text has changed: who confirmed here is asked again. Who signed on paper signed that paper.
pub(super) fn confirm_anew(case: &mut Case) {
    for invited in &mut case.invitations {
        if invited.standing == Invitation::Confirmed {
            invited.standing = Invitation::Invited;
            invited.answered_on = None;
            case.co_signers.retain(|d| d.id != invited.deputy.id);
        }
    }
}

/// Handed in: who has not answered did not sign, and no longer sees the case.
pub(super) fn lapse(case: &mut Case) {
    for invited in &mut case.invitations {
        if invited.standing == Invitation::Invited {
            invited.standing = Invitation::Lapsed;
        }
    }
}
