//! Evaluation 评价: each signer judges the reply, attitude and result separately.

use super::{Case, Context, DeputyRef, Event, Rejection};
use crate::domain::{
    actor::Role,
    day::Day,
    ids::DeputyId,
    policy::{ReworkOrder, Whose},
    text::Note,
    words::Satisfaction,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvaluationForm {
    /// 办理态度
    pub attitude: Satisfaction,
    /// 办理结果; this is what rates count.
    pub result: Satisfaction,
    /// Required with an unsatisfied judgement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Note>,
    /// The signer whose paper form it is; only staff who enter paper name one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<DeputyId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Evaluation {
    pub deputy: DeputyRef,
    /// The reply that it judges.
    pub reply: u32,
    pub attitude: Satisfaction,
    pub result: Satisfaction,
    pub text: Option<Note>,
    pub on: Day,
    /// Whether rates count it: by the policy's choice, the lead signer's alone or the worst of all.
    pub counts: bool,
    /// Whether staff entered it from a paper form.
    pub from_paper: bool,
}

/// The judgement; where the policy says that a rejection sends the case back by itself, that too.
pub(super) fn evaluate(
    case: &Case,
    form: EvaluationForm,
    context: Context<'_>,
) -> Result<Vec<Event>, Rejection> {
    let (signer, pointer) = match (&context.actor.role, form.on_behalf_of) {
        (Role::Deputy { deputy }, None) => (*deputy, ""),
        (Role::Deputy { .. }, Some(_)) => {
            return Err(Rejection::invalid(
                "/on_behalf_of",
                "代表本人评价时不填此项",
                "a deputy evaluates for himself; leave this out",
            ));
        }
        (_, Some(deputy)) => (deputy, "/on_behalf_of"),
        (Role::Import, None) => (case.lead.id, ""),
        (_, None) => {
            return Err(Rejection::invalid(
                "/on_behalf_of",
                "代录须写明是哪位代表的评价表",
                "name the signer whose paper form it is",
            ));
        }
    };
    let signers = std::iter::once(&case.lead).chain(&case.co_signers);
    let Some(deputy) = signers.into_iter().find(|d| d.id == signer).cloned() else {
        return Err(Rejection::invalid(pointer, "不是本件的领衔或附议代表", "did not sign this case"));
    };
    let reply = case.final_reply().map(|r| r.number);
    // His own word stands before what others entered for him.
    let by_himself = matches!(context.actor.role, Role::Deputy { .. });
    let given =
        |e: &Evaluation| e.deputy.id == signer && Some(e.reply) == reply && !(by_himself && e.from_paper);
    if case.evaluations.iter().any(given) {
        return Err(Rejection::invalid(
            pointer,
            format!("{}已评价本次答复", deputy.name),
            format!("{} has already evaluated this reply", deputy.name),
        ));
    }
    let unsatisfied = [form.attitude, form.result].contains(&Satisfaction::Unsatisfied);
    if unsatisfied && form.text.is_none() {
        return Err(Rejection::invalid(
            "/text",
            "评价不满意的，应当填写具体意见",
            "an unsatisfied judgement needs its reasons",
        ));
    }
    let counts = match context.policy.evaluation.whose {
        Whose::Lead => deputy.id == case.lead.id,
        Whose::Worst => true,
    };
    let rejects = counts && form.result == Satisfaction::Unsatisfied;
    let by_itself = context.policy.rework.order == ReworkOrder::Automatic;
    let judged = Event::Evaluated { deputy, counts, form };
    // A second rejection is the committee's to look into, whatever the policy.
    if rejects && by_itself && case.reworks.is_empty() && context.actor.role != Role::Import {
        let reason = Note::parse(&context.policy.rework.clause).ok();
        return Ok(vec![judged, Event::ReworkOrdered { reason }]);
    }
    Ok(vec![judged])
}

/// Whether every signer whose judgement counts has given it.
pub(super) fn all_judged(case: &Case, whose: Whose) -> bool {
    let reply = case.final_reply().map(|r| r.number);
    let judged =
        |d: &DeputyRef| case.evaluations.iter().any(|e| e.deputy.id == d.id && Some(e.reply) == reply);
    judged(&case.lead) && (whose == Whose::Lead || case.co_signers.iter().all(judged))
}

pub(super) fn evaluated(
    case: &mut Case,
    deputy: &DeputyRef,
    counts: bool,
    form: &EvaluationForm,
    by_role: &str,
    on: Day,
) {
    let reply = case.final_reply().map_or(0, |r| r.number);
    case.evaluations.push(Evaluation {
        deputy: deputy.clone(),
        reply,
        attitude: form.attitude,
        result: form.result,
        text: form.text.clone(),
        on,
        counts,
        from_paper: by_role != "deputy",
    });
}

/// The judgement of the reply in force that counts; nobody's silence is satisfaction.
pub(super) fn counted(case: &Case) -> Option<Satisfaction> {
    of_reply(case, case.final_reply()?.number)
}

/// The same of any reply.
pub(super) fn of_reply(case: &Case, reply: u32) -> Option<Satisfaction> {
    let judged = |e: &&Evaluation| e.reply == reply && e.counts;
    let superseded = |e: &Evaluation| {
        let own = |other: &Evaluation| other.deputy.id == e.deputy.id && !other.from_paper;
        e.from_paper && case.evaluations.iter().filter(judged).any(own)
    };
    // The vocabulary runs from best to worst.
    case.evaluations.iter().filter(judged).filter(|e| !superseded(e)).map(|e| e.result).max()
}
