//! The procedure: which step, at which stage, by whose hand. One table; `guard` holds the finer conditions.
//!
//! `GET /v1/cases/{id}/actions`, the gate, `decide` and the printed table in the docs all read it from here.

use super::{Assignment, Case, Context, Refusal};
use crate::domain::{
    deadline,
    policy::WithdrawUntil,
    say::Say,
    words::{Part, Satisfaction, Stage, Standing},
};
use serde::{Deserialize, Serialize};

/// A step of the procedure.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Amend,
    Submit,
    Register,
    Assign,
    Accept,
    RequestHandBack,
    DecideHandBack,
    RequestExtension,
    DecideExtension,
    Consult,
    GiveOpinion,
    Reply,
    Evaluate,
    Close,
    Withdraw,
    Revisit,
}

/// Whose hand a step needs, in relation to the case.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Hand {
    /// 领衔代表
    LeadSigner,
    /// 附议代表
    CoSigner,
    /// 代表工委
    Committee,
    /// 政府办, for departments of the government
    GovernmentOffice,
    /// 主办或单办单位
    LeadHandler,
    /// 会办单位
    CoHandler,
}

impl Hand {
    pub fn zh(self) -> &'static str {
        match self {
            Hand::LeadSigner => "领衔代表",
            Hand::CoSigner => "附议代表",
            Hand::Committee => "代表工委",
            Hand::GovernmentOffice => "政府办",
            Hand::LeadHandler => "主办单位",
            Hand::CoHandler => "会办单位",
        }
    }
}

/// One line of the table.
pub struct Step {
    pub action: Action,
    pub zh: &'static str,
    pub stages: &'static [Stage],
    pub hands: &'static [Hand],
    /// Whether a ledger on paper may report it after the fact.
    pub paper: bool,
    /// Where the API takes it, below `/v1/cases/{id}`.
    pub method: &'static str,
    pub path: &'static str,
}

const fn step(
    action: Action,
    zh: &'static str,
    stages: &'static [Stage],
    hands: &'static [Hand],
    paper: bool,
    method: &'static str,
    path: &'static str,
) -> Step {
    Step { action, zh, stages, hands, paper, method, path }
}

use Action as A;
use Hand as H;
use Stage as S;

#[rustfmt::skip] // A table is read in columns.
pub static PROCEDURE: &[Step] = &[
    step(A::Amend,            "修改",     &[S::Draft],                                   &[H::LeadSigner],                   false, "PATCH", ""),
    step(A::Submit,           "提交",     &[S::Draft],                                   &[H::LeadSigner],                   true,  "POST", "/submission"),
    step(A::Register,         "立案编号", &[S::Submitted],                               &[H::Committee],                    true,  "POST", "/registration"),
    step(A::Assign,           "交办",     &[S::Registered, S::Assigned],                 &[H::Committee],                    true,  "POST", "/assignments"),
    step(A::Accept,           "签收",     &[S::Registered, S::Assigned],                 &[H::LeadHandler, H::CoHandler],    true,  "POST", "/assignments/{aid}/acceptance"),
    step(A::RequestHandBack,  "申请退办", &[S::Registered, S::Assigned],                 &[H::LeadHandler, H::CoHandler],    false, "POST", "/assignments/{aid}/hand-back"),
    step(A::DecideHandBack,   "决定退办", &[S::Registered, S::Assigned, S::Replied],     &[H::Committee, H::GovernmentOffice], false, "POST", "/assignments/{aid}/hand-back/decision"),
    step(A::RequestExtension, "申请延期", &[S::Assigned],                                &[H::LeadHandler],                  false, "POST", "/assignments/{aid}/extension"),
    step(A::DecideExtension,  "决定延期", &[S::Assigned],                                &[H::Committee, H::GovernmentOffice], false, "POST", "/assignments/{aid}/extension/decision"),
    step(A::Consult,          "沟通面商", &[S::Registered, S::Assigned, S::Replied],     &[H::LeadHandler, H::CoHandler],    true,  "POST", "/assignments/{aid}/consultations"),
    step(A::GiveOpinion,      "会办意见", &[S::Registered, S::Assigned],                 &[H::CoHandler],                    true,  "POST", "/assignments/{aid}/opinion"),
    step(A::Reply,            "答复",     &[S::Assigned, S::Replied],                    &[H::LeadHandler],                  true,  "POST", "/assignments/{aid}/reply"),
    step(A::Evaluate,         "评价",     &[S::Replied],                                 &[H::LeadSigner, H::CoSigner, H::Committee], true, "POST", "/evaluations"),
    step(A::Close,            "办结",     &[S::Replied],                                 &[H::Committee],                    true,  "POST", "/closure"),
    step(A::Withdraw,         "撤回",     &[S::Draft, S::Submitted, S::Registered, S::Assigned], &[H::LeadSigner],           false, "POST", "/withdrawal"),
    step(A::Revisit,          "回头看",   &[S::Closed],                                  &[H::Committee],                    false, "POST", "/revisits"),
];

impl Action {
    /// The action's name in the API and in metrics.
    pub fn id(self) -> &'static str {
        match self {
            A::Amend => "amend",
            A::Submit => "submit",
            A::Register => "register",
            A::Assign => "assign",
            A::Accept => "accept",
            A::RequestHandBack => "request_hand_back",
            A::DecideHandBack => "decide_hand_back",
            A::RequestExtension => "request_extension",
            A::DecideExtension => "decide_extension",
            A::Consult => "consult",
            A::GiveOpinion => "give_opinion",
            A::Reply => "reply",
            A::Evaluate => "evaluate",
            A::Close => "close",
            A::Withdraw => "withdraw",
            A::Revisit => "revisit",
        }
    }

    pub fn step(self) -> &'static Step {
        // The table has a line for every action; a test walks it.
        PROCEDURE.iter().find(|step| step.action == self).unwrap_or(&PROCEDURE[0])
    }
}

/// A step, and the assignment that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    pub action: Action,
    pub assignment: Option<u32>,
}

/// Whether the case's state allows the step, whatever the command's content.
///
/// # Errors
/// What is missing, and who can supply it.
pub fn guard(case: &Case, target: Target, context: Context<'_>) -> Result<(), Refusal> {
    let step = target.action.step();
    if !step.stages.contains(&case.stage) {
        return Err(wrong_stage(case, step));
    }
    let assignment = target.assignment.and_then(|number| case.assignment(number));
    match (target.action, assignment) {
        (A::Assign, _) => helpers_are_wanted(case),
        (A::Accept, Some(it)) => standing(it, &[Standing::Pending], "already_accepted"),
        (A::RequestHandBack, Some(it)) => hand_back_window(case, it, context),
        (A::DecideHandBack, Some(it)) => match it.standing {
            Standing::HandBackRequested => Ok(()),
            _ => Err(missing(
                "hand_back_not_requested",
                "承办单位尚未申请退办",
                "no hand-back was requested",
                &[H::LeadHandler, H::CoHandler],
            )),
        },
        (A::RequestExtension, Some(it)) => extension_window(case, it, context),
        (A::DecideExtension, Some(it)) => match &case.extension {
            Some(extension) if extension.is_pending() && extension.assignment == it.number => Ok(()),
            _ => Err(missing(
                "extension_not_requested",
                "主办单位尚未申请延期",
                "no extension was requested",
                &[H::LeadHandler],
            )),
        },
        (A::Consult, Some(it)) => {
            standing(it, &[Standing::Accepted, Standing::OpinionGiven, Standing::Replied], "not_accepted")
        }
        (A::GiveOpinion, Some(it)) => standing(it, &[Standing::Accepted], "not_accepted"),
        (A::Reply, Some(it)) => reply_is_due(case, it),
        (A::Close, _) => answer_was_judged(case, context),
        (A::Withdraw, _) => still_withdrawable(case, context),
        _ => Ok(()),
    }
}

fn missing(code: &'static str, zh: impl Into<String>, en: impl Into<String>, who: &[Hand]) -> Refusal {
    Refusal::new(code, Say::new(zh, en), who)
}

fn wrong_stage(case: &Case, step: &Step) -> Refusal {
    let needed: Vec<_> = step.stages.iter().map(|s| s.zh()).collect();
    let needed_en: Vec<_> = step.stages.iter().map(|s| s.id()).collect();
    // Who moves a case on from where it stands.
    let movers: Vec<Hand> = PROCEDURE
        .iter()
        .filter(|s| s.stages.contains(&case.stage) && s.action != A::Withdraw && !s.stages.is_empty())
        .flat_map(|s| s.hands.iter().copied())
        .fold(Vec::new(), |mut all, hand| {
            if !all.contains(&hand) {
                all.push(hand);
            }
            all
        });
    missing(
        "wrong_stage",
        format!("“{}”须在{}环节进行，本件现为“{}”", step.zh, needed.join("、"), case.stage.zh()),
        format!("this step is taken at stage {}; the case is {}", needed_en.join(" or "), case.stage),
        &movers,
    )
}

fn standing(it: &Assignment, needed: &[Standing], code: &'static str) -> Result<(), Refusal> {
    if needed.contains(&it.standing) {
        return Ok(());
    }
    let hand = if it.part == Part::Co { H::CoHandler } else { H::LeadHandler };
    let needed_zh: Vec<_> = needed.iter().map(|s| s.zh()).collect();
    let needed_en: Vec<_> = needed.iter().map(|s| s.id()).collect();
    Err(missing(
        code,
        format!("{}须为“{}”，现为“{}”", it.department.name, needed_zh.join("、"), it.standing.zh()),
        format!("the assignment must be {}; it is {}", needed_en.join(" or "), it.standing),
        &[hand],
    ))
}

/// While a case is being handled, only co-handlers can be added, and only to a lead.
fn helpers_are_wanted(case: &Case) -> Result<(), Refusal> {
    match case.answering() {
        Some(it) if it.part == Part::Sole => Err(missing(
            "sole_handler",
            format!("{}单独办理本件；须先退办，方可另行交办", it.department.name),
            format!("{} handles the case alone; it must hand it back first", it.department.name),
            &[H::LeadHandler],
        )),
        _ => Ok(()),
    }
}

fn hand_back_window(case: &Case, it: &Assignment, context: Context<'_>) -> Result<(), Refusal> {
    standing(it, &[Standing::Pending, Standing::Accepted], "not_hand_backable")?;
    if it.hand_back.is_some() {
        return Err(missing(
            "hand_back_refused",
            "退办申请未获同意，应当继续办理",
            "the hand-back was refused; the case must be kept",
            &[H::Committee],
        ));
    }
    match deadline::hand_back(case, it, context.policy, context.calendar) {
        Some(due) if context.on > due => Err(missing(
            "hand_back_window_over",
            format!("退办期限已于 {due} 届满，应当继续办理"),
            format!("the window for handing back ended on {due}; the case must be kept"),
            &[H::Committee],
        )),
        _ => Ok(()),
    }
}

fn extension_window(case: &Case, it: &Assignment, context: Context<'_>) -> Result<(), Refusal> {
    standing(it, &[Standing::Accepted], "not_accepted")?;
    if let Some(extension) = &case.extension
        && (extension.is_pending() || extension.is_granted())
    {
        return Err(missing(
            "extension_already_asked",
            "本件已申请过延期",
            "an extension was already asked for",
            &[H::Committee, H::GovernmentOffice],
        ));
    }
    match deadline::reply_terms(case, context.policy, context.calendar) {
        Some(terms) if context.on > terms.original => Err(missing(
            "extension_too_late",
            format!("办理期限已于 {} 届满，延期须在期满前申请", terms.original),
            format!("the reply was due on {}; an extension is asked for before that day", terms.original),
            &[],
        )),
        _ => Ok(()),
    }
}

fn reply_is_due(case: &Case, it: &Assignment) -> Result<(), Refusal> {
    if case.stage == Stage::Replied {
        // Answered again only where the deputy was not satisfied.
        return match case.counted_evaluation() {
            Some(Satisfaction::Unsatisfied) => Ok(()),
            _ => Err(missing(
                "already_replied",
                "本件已答复；代表评价不满意的，方可重新答复",
                "the case is answered; it is answered again when the deputy is not satisfied",
                &[H::LeadSigner],
            )),
        };
    }
    standing(it, &[Standing::Accepted], "not_accepted")
}

fn answer_was_judged(case: &Case, context: Context<'_>) -> Result<(), Refusal> {
    match case.counted_evaluation() {
        Some(Satisfaction::Unsatisfied) => Err(missing(
            "unsatisfied",
            "代表不满意，应当重新办理并再次答复",
            "the deputy is not satisfied; the case must be answered again",
            &[H::LeadHandler],
        )),
        Some(_) => Ok(()),
        None => match deadline::evaluation(case, context.policy, context.calendar) {
            Some(due) if context.on <= due => Err(missing(
                "evaluation_awaited",
                format!("代表评价期限至 {due}，尚未评价"),
                format!("the deputy may evaluate until {due} and has not yet"),
                &[H::LeadSigner],
            )),
            _ => Ok(()),
        },
    }
}

fn still_withdrawable(case: &Case, context: Context<'_>) -> Result<(), Refusal> {
    let assigned = case.assigned_on.is_some();
    if assigned && context.policy.withdrawal.until == WithdrawUntil::Assignment {
        return Err(missing(
            "withdrawal_too_late",
            format!("{}：只能在交办前撤回", context.policy.withdrawal.clause),
            format!("{}: can be withdrawn only before assignment", context.policy.withdrawal.clause),
            &[],
        ));
    }
    Ok(())
}

/// The table as the documents print it.
pub fn printed() -> String {
    let mut page = String::from("| step 环节 | at stage | by | path |\n|---|---|---|---|\n");
    for step in PROCEDURE {
        let stages: Vec<_> = step.stages.iter().map(|s| s.zh()).collect();
        let hands: Vec<_> = step.hands.iter().map(|h| h.zh()).collect();
        page += &format!(
            "| {} | {} | {} | `{} /v1/cases/{{id}}{}` |\n",
            step.zh,
            stages.join("、"),
            hands.join("、"),
            step.method,
            step.path
        );
    }
    page
}
