//! The finer conditions of each step, beyond its stage and its hand: what is missing, and who can supply it.

use super::{
    Assignment, Case, Context, Occasion, Refusal, attachment, commitment, commitment_change, evaluation,
    hand_back, handling, notice,
    procedure::{Action as A, Hand as H, PROCEDURE, Step, Target},
    publication, withdrawal,
};
use crate::domain::{
    actor::Role,
    deadline,
    policy::{HandBackDecider, SignOff, Silence},
    say::Say,
    words::{Channel, Kind, Part, Satisfaction, Standing},
};

/// Whether the case's state allows the step, whatever the command's content.
///
/// # Errors
/// What is missing, and who can supply it.
pub fn guard(case: &Case, target: Target, context: Context<'_>) -> Result<(), Refusal> {
    let step = target.action.step();
    if !step.stages.contains(&case.stage) {
        return Err(wrong_stage(case, step));
    }
    leads_itself(case, target.action)?;
    let assignment = target.assignment.and_then(|number| case.assignment(number));
    match (target.action, assignment) {
        (_, Some(it)) => on_assignment(case, target.action, it, context),
        (A::Attach, _) => attachment::is_in_time(case, context),
        (A::DecideMotion, _) => is_motion(case),
        (A::Merge, _) => may_be_merged(case),
        (A::Dispatch, _) => is_no_open_motion(case, context),
        (A::Assign, _) => {
            is_no_open_motion(case, context)?;
            office_was_asked(case, context)?;
            helpers_are_wanted(case)
        }
        (A::RemindEvaluation, _) => evaluation_is_overdue(case, context),
        (A::SettleDissatisfaction, _) => was_rejected(case),
        (A::ReportCommitment, _) => commitment::is_open(case, target),
        (A::JudgeCommitment, _) => commitment::awaits_judgement(case, target),
        (A::ChangeCommitment, _) => commitment_change::may_change(case, target),
        (A::DecideCommitmentChange, _) => commitment_change::awaits_decision(case, target),
        (A::ChooseKeyCase, _) => is_key(case, false),
        (A::ReleaseKeyCase, _) => is_key(case, true),
        (A::DecideConfidentiality, _) => deputy_may_still_ask(case, context),
        (A::NameReaders, _) => publication::is_confidential(case),
        (A::Close, _) => answer_was_judged(case, context),
        (A::IssueNotice, _) => notice::somebody_has_it(case),
        (A::AnswerNotice, _) => notice::awaits_answer(case, target.notice),
        (A::DecideNotice, _) => notice::awaits_decision(case, target.notice, context),
        (A::Withdraw, _) => withdrawal::is_open(case, context),
        (A::AnswerWithdrawal, _) => withdrawal::awaits(case, context),
        (A::Decline, _) => {
            is_no_open_motion(case, context)?;
            nobody_has_it(case)
        }
        _ => Ok(()),
    }
}

fn on_assignment(case: &Case, action: A, it: &Assignment, context: Context<'_>) -> Result<(), Refusal> {
    match action {
        A::Accept => standing(it, &[Standing::Pending], "already_accepted"),
        A::RequestHandBack => hand_back_window(case, it, context),
        A::DecideHandBack => hand_back_awaits(case, it, context),
        A::RequestExtension => extension_window(case, it, context),
        A::DecideExtension => extension_awaits(case, it),
        A::Consult => {
            standing(it, &[Standing::Accepted, Standing::OpinionGiven, Standing::Replied], "not_accepted")
        }
        A::NoteProgress => standing(
            it,
            &[Standing::Accepted, Standing::HandBackRequested, Standing::OpinionGiven, Standing::Replied],
            "not_accepted",
        ),
        A::GiveOpinion => {
            part(it, &[Part::Co])?;
            standing(it, &[Standing::Accepted], "not_accepted")
        }
        A::RejectOpinion => {
            part(it, &[Part::Co])?;
            standing(it, &[Standing::OpinionGiven], "no_opinion")
        }
        A::DraftReply => standing(it, &[Standing::Accepted], "not_accepted"),
        A::SendBackReply | A::SignReply => match it.draft.as_ref().is_some_and(|d| d.sent_back.is_none()) {
            true => standing(it, &[Standing::Accepted], "not_accepted"),
            false => Err(handling::nothing_to_sign()),
        },
        A::Reply => {
            standing(it, &[Standing::Accepted], "not_accepted")?;
            sign_off_is_outside(context)
        }
        A::CorrectReply => {
            approver_sends(context)?;
            something_to_correct(case, it)
        }
        A::FollowUp => {
            approver_sends(context)?;
            a_promise_was_kept(case, it)
        }
        _ => Ok(()),
    }
}

pub(super) fn missing(
    code: &'static str,
    zh: impl Into<String>,
    en: impl Into<String>,
    who: &[H],
) -> Refusal {
    Refusal::new(code, Say::new(zh, en), who)
}

fn wrong_stage(case: &Case, step: &Step) -> Refusal {
    let needed: Vec<_> = step.stages.iter().map(|s| s.zh()).collect();
    let needed_en: Vec<_> = step.stages.iter().map(|s| s.id()).collect();
    // Who moves a case on from where it stands.
    let movers: Vec<H> = PROCEDURE
        .iter()
        .filter(|s| s.stages.contains(&case.stage) && moves_on(s.action))
        .flat_map(|s| s.hands.iter().copied())
        .fold(Vec::new(), |mut all, hand| {
            if !all.contains(&hand) {
                all.push(hand);
            }
            all
        });
    if movers.is_empty() {
        return missing(
            "ended",
            format!("本件{}，程序已经终结；如有新的意见，可另行提出", case.stage.zh()),
            format!("the case is {} and has ended; what is left to say takes a new case", case.stage),
            &[H::LeadSigner],
        );
    }
    missing(
        "wrong_stage",
        format!("“{}”须在{}环节进行，本件现为“{}”", step.zh, needed.join("、"), case.stage.zh()),
        format!("this step is taken at stage {}; the case is {}", needed_en.join(" or "), case.stage),
        &movers,
    )
}

/// Whether the step is one of those that bring a case to its end, rather than a note beside it.
fn moves_on(action: A) -> bool {
    !matches!(
        action,
        A::Withdraw
            | A::AnswerWithdrawal
            | A::Attach
            | A::DecideConfidentiality
            | A::NoteProgress
            | A::IssueNotice
            | A::AnswerNotice
            | A::DecideNotice
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

/// What happens to a merged case happens to the one that leads it, until they part at the first answer.
fn leads_itself(case: &Case, action: A) -> Result<(), Refusal> {
    let together = matches!(
        action,
        A::Merge
            | A::Dispatch
            | A::Assign
            | A::Accept
            | A::RequestHandBack
            | A::DecideHandBack
            | A::RequestExtension
            | A::DecideExtension
            | A::GiveOpinion
            | A::RejectOpinion
            | A::DraftReply
            | A::SendBackReply
            | A::SignReply
            | A::Reply
            | A::IssueNotice
    );
    match &case.merged_into {
        Some(main) if together && case.follows(main.id) => {
            let number = main.number.as_deref().unwrap_or_default();
            Err(missing(
                "merged",
                format!("本件并入{number}一并办理，请在该件上办理"),
                format!("this case is handled with {number}; take the step there"),
                &[H::Committee, H::LeadHandler],
            ))
        }
        _ => Ok(()),
    }
}

fn is_motion(case: &Case) -> Result<(), Refusal> {
    match case.kind {
        Kind::Motion => Ok(()),
        Kind::Suggestion => {
            Err(missing("not_a_motion", "本件不是议案", "this case is no motion", &[H::Committee]))
        }
    }
}

/// A motion goes its own way until the presidium has made it a suggestion. Old paper reports what was done.
fn is_no_open_motion(case: &Case, context: Context<'_>) -> Result<(), Refusal> {
    if case.kind == Kind::Motion && context.actor.role != Role::Import {
        return Err(missing(
            "motion_undecided",
            "议案由主席团决定列入议程、交专门委员会审议或者转为建议；转为建议后方可交办",
            "the presidium decides on a motion: agenda, committee, or conversion into a suggestion, which can be assigned",
            &[H::Committee],
        ));
    }
    Ok(())
}

fn nobody_has_it(case: &Case) -> Result<(), Refusal> {
    if case.assignments.iter().any(Assignment::is_open) {
        return Err(missing(
            "in_hand",
            "本件已有承办单位",
            "departments have the case in hand",
            &[H::LeadHandler, H::CoHandler],
        ));
    }
    Ok(())
}

fn may_be_merged(case: &Case) -> Result<(), Refusal> {
    is_no_motion(case)?;
    if !case.joined.is_empty() || case.assigned_on.is_some() {
        return Err(missing(
            "leads_others",
            "本件已交办，或者已有他件并入，不能再并入他件",
            "the case is assigned, or leads others already",
            &[H::Committee],
        ));
    }
    Ok(())
}

fn is_no_motion(case: &Case) -> Result<(), Refusal> {
    match case.kind {
        Kind::Suggestion => Ok(()),
        Kind::Motion => {
            Err(missing("is_a_motion", "议案不能并案", "motions are not merged", &[H::Committee]))
        }
    }
}

/// The government office shares out what was handed to it.
fn office_was_asked(case: &Case, context: Context<'_>) -> Result<(), Refusal> {
    if context.actor.role == Role::GovernmentOffice && case.dispatched_on.is_none() {
        return Err(missing(
            "not_dispatched",
            "代表工委尚未将本件交政府办分办",
            "the committee has not handed the case to the government office",
            &[H::Committee],
        ));
    }
    Ok(())
}

/// While a sole handler has the case, nobody can be added.
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

fn part(it: &Assignment, needed: &[Part]) -> Result<(), Refusal> {
    if needed.contains(&it.part) {
        return Ok(());
    }
    Err(missing(
        "not_a_co_handler",
        format!("{}不是会办单位", it.department.name),
        format!("{} is no co-handler", it.department.name),
        &[H::CoHandler],
    ))
}

fn hand_back_awaits(case: &Case, it: &Assignment, context: Context<'_>) -> Result<(), Refusal> {
    if it.standing != Standing::HandBackRequested {
        return Err(missing(
            "hand_back_not_requested",
            "承办单位尚未申请退办",
            "no hand-back was requested",
            &[H::LeadHandler, H::CoHandler],
        ));
    }
    let rule = &context.policy.hand_back;
    let disputed = hand_back::is_disputed(case, it)
        && (case.dispatched_on.is_some() || rule.government == HandBackDecider::GovernmentOffice);
    let decider = match rule.government {
        _ if it.department.channel != Channel::Government => HandBackDecider::Committee,
        // Where departments disagree about whose business it is, their own office decides.
        _ if disputed => HandBackDecider::GovernmentOffice,
        decider => decider,
    };
    let wrong = |code, zh: &str, en: &str, who| {
        // No text's clause on hand-backs speaks of disputes.
        let cite = |words: &str, colon: &str| match disputed {
            true => words.to_owned(),
            false => format!("{}{colon}{words}", rule.clause),
        };
        Err(missing(code, cite(zh, "："), cite(en, ": "), &[who]))
    };
    match (decider, &context.actor.role) {
        (HandBackDecider::GovernmentOffice, Role::Committee { .. }) => wrong(
            "the_government_office_decides",
            if disputed {
                "承办单位之间意见不一致的，由政府办协调决定"
            } else {
                "政府部门退办由政府办决定"
            },
            "the government office decides for departments of the government",
            H::GovernmentOffice,
        ),
        (HandBackDecider::Committee, Role::GovernmentOffice) => {
            wrong("the_committee_decides", "退办由代表工委决定", "the committee decides", H::Committee)
        }
        _ => Ok(()),
    }
}

fn extension_awaits(case: &Case, it: &Assignment) -> Result<(), Refusal> {
    match &case.extension {
        Some(extension) if extension.is_pending() && extension.assignment == it.number => Ok(()),
        _ => Err(missing(
            "extension_not_requested",
            "主办单位尚未申请延期",
            "no extension was requested",
            &[H::LeadHandler],
        )),
    }
}

fn hand_back_window(case: &Case, it: &Assignment, context: Context<'_>) -> Result<(), Refusal> {
    standing(it, &[Standing::Pending, Standing::Accepted], "not_hand_backable")?;
    if it.binding {
        return Err(missing(
            "binding",
            "本件经协调确定由你单位承办，应当继续办理",
            "the case was given to this department to end a dispute; it must be kept",
            &[H::GovernmentOffice, H::Committee],
        ));
    }
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
            &[H::LeadHandler],
        )),
        _ => Ok(()),
    }
}

fn sign_off_is_outside(context: Context<'_>) -> Result<(), Refusal> {
    let rule = &context.policy.reply;
    if rule.sign_off == SignOff::Recorded || context.actor.role == Role::Import {
        return Ok(());
    }
    Err(missing(
        "needs_signature",
        format!("{}：答复须先拟稿，经签发人签发后发出", rule.clause),
        format!("{}: a reply is drafted, and goes out with an approver's signature", rule.clause),
        &[H::Approver],
    ))
}

/// Where letters are signed here, those without a draft of their own are the approver's to send.
fn approver_sends(context: Context<'_>) -> Result<(), Refusal> {
    match context.actor.role {
        Role::Department { approver: true, .. } => Ok(()),
        _ => sign_off_is_outside(context),
    }
}

fn something_to_correct(case: &Case, it: &Assignment) -> Result<(), Refusal> {
    match case.replies.iter().any(|r| r.assignment == it.number && r.is_judged()) {
        true => Ok(()),
        false => {
            Err(missing("nothing_to_correct", "尚无可更正的答复", "no reply to correct", &[H::LeadHandler]))
        }
    }
}

/// Each promise that was kept carries one second answer.
fn a_promise_was_kept(case: &Case, it: &Assignment) -> Result<(), Refusal> {
    let kept = case.commitments.iter().filter(|p| p.assignment == it.number && p.is_kept()).count();
    let follows = |r: &&super::Reply| r.assignment == it.number && r.occasion == Occasion::FollowUp;
    match kept > case.replies.iter().filter(follows).count() {
        true => Ok(()),
        false => Err(missing(
            "no_promise_kept",
            "承诺事项报告落实并附佐证后，方可再次答复",
            "a second answer follows on a promise reported as kept, with what shows it",
            &[H::Holder],
        )),
    }
}

fn evaluation_is_overdue(case: &Case, context: Context<'_>) -> Result<(), Refusal> {
    if case.counted_evaluation().is_some() {
        return Err(missing("evaluated", "代表已评价", "the deputy has evaluated", &[H::Committee]));
    }
    match deadline::evaluation(case, context.policy, context.calendar) {
        Some(due) if context.on <= due => Err(missing(
            "evaluation_not_due",
            format!("代表评价期限至 {due}，尚未届满"),
            format!("the deputy may evaluate until {due}"),
            &[H::LeadSigner],
        )),
        _ => Ok(()),
    }
}

fn was_rejected(case: &Case) -> Result<(), Refusal> {
    if case.counted_evaluation() != Some(Satisfaction::Unsatisfied) {
        return Err(missing(
            "not_unsatisfied",
            "代表没有对本次答复评价不满意",
            "the reply in force was not rejected",
            &[H::LeadSigner],
        ));
    }
    if case.is_settled() {
        return Err(missing(
            "settled",
            "本次答复已研究处理，可以办结",
            "the rejection has been looked into; the case can be closed",
            &[H::Committee],
        ));
    }
    Ok(())
}

fn is_key(case: &Case, wanted: bool) -> Result<(), Refusal> {
    match (case.is_key(), wanted) {
        (true, false) => Err(missing("key_case", "已是重点督办件", "is a key case already", &[H::Committee])),
        (false, true) => Err(missing("no_key_case", "不是重点督办件", "is no key case", &[H::Committee])),
        _ => Ok(()),
    }
}

/// A deputy asks before the case goes out; afterwards the committee decides.
fn deputy_may_still_ask(case: &Case, context: Context<'_>) -> Result<(), Refusal> {
    // A case that was handed back has gone out all the same.
    if matches!(context.actor.role, Role::Deputy { .. }) && case.assigned_on.is_some() {
        return Err(missing(
            "handed_out",
            "本件已交办，请向代表工委提出",
            "the case has been handed out; ask the committee",
            &[H::Committee],
        ));
    }
    Ok(())
}

fn answer_was_judged(case: &Case, context: Context<'_>) -> Result<(), Refusal> {
    match case.counted_evaluation() {
        Some(Satisfaction::Unsatisfied) if !case.is_settled() => Err(missing(
            "unsatisfied",
            "代表不满意，代表工委须先研究：重新办理，或者说明情况后维持答复",
            "the deputy is not satisfied; the committee must look into it first: handle again, or let the answer stand",
            &[H::Committee],
        )),
        Some(_) if evaluation::all_judged(case, context.policy.evaluation.whose) => Ok(()),
        _ if case.is_settled() => Ok(()),
        _ => match deadline::evaluation(case, context.policy, context.calendar) {
            Some(due) if context.on <= due => Err(missing(
                "evaluation_awaited",
                format!("代表评价期限至 {due}，尚未评价"),
                format!("the deputy may evaluate until {due} and has not yet"),
                &[H::LeadSigner],
            )),
            _ if reminder_is_needed(case, context) => Err(missing(
                "reminder_needed",
                format!("{}：须先催促代表评价，仍不评价的方可办结", context.policy.evaluation.clause),
                format!("{}: the deputy must be reminded first", context.policy.evaluation.clause),
                &[H::Committee],
            )),
            _ => Ok(()),
        },
    }
}

/// Silence leaves the rate only after a reminder, where the policy says so.
fn reminder_is_needed(case: &Case, context: Context<'_>) -> bool {
    let replied = case.final_reply().map(|r| r.on);
    context.policy.evaluation.silence == Silence::LeftOutOnceReminded
        && case.reminded_on.is_none_or(|reminded| Some(reminded) < replied)
        && context.actor.role != Role::Import
}
