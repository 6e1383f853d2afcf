//! Who is told of what happened to a case, and in which words. Whether he may still see it is the gate's to say, when
//! the letter is written.

use super::{
    case::{Case, Event},
    ladder::Addressee,
    say::Say,
    worklist::{Audience, Task, TaskKind},
};
use std::collections::BTreeSet;

/// Whom an event concerns so much that he is told at once. `case` is as it stands after the event, `tasks` what waits for
/// whom by then.
pub fn told(event: &Event, case: &Case, tasks: &BTreeSet<Task>) -> Vec<Audience> {
    let waits = |kind: TaskKind, number: u32| {
        let his = tasks.iter().filter(move |it| it.kind == kind && it.number == Some(number));
        his.map(|it| it.to.audience).collect()
    };
    match event {
        Event::CoSignersInvited { deputies } => deputies.iter().map(|it| Audience::Deputy(it.id)).collect(),
        Event::ReturnedForCorrection { .. } | Event::CommitmentReported { .. } => {
            vec![Audience::Deputy(case.lead.id)]
        }
        Event::Declined { .. }
        | Event::Registered { .. }
        | Event::Replied { .. }
        | Event::EvaluationReminded
        | Event::Revisited(_) => signers(case),
        Event::WithdrawalAsked { .. } => {
            case.co_signers.iter().map(|deputy| Audience::Deputy(deputy.id)).collect()
        }
        Event::Dispatched { .. } => vec![Audience::GovernmentOffice],
        Event::Assigned { handlers, .. } => {
            handlers.iter().map(|it| Audience::Department(it.department.id)).collect()
        }
        Event::HandBackRequested { assignment, .. } => waits(TaskKind::DecideHandBack, *assignment),
        Event::ExtensionRequested { assignment, .. } => waits(TaskKind::DecideExtension, *assignment),
        Event::HandBackDecided { assignment, .. } | Event::ExtensionDecided { assignment, .. } => {
            department(case, *assignment).into_iter().collect()
        }
        Event::OpinionGiven { .. } | Event::ReworkOrdered { .. } | Event::KeyCaseChosen { .. } => {
            case.answerers().map(|it| Audience::Department(it.department.id)).collect()
        }
        Event::CommitmentJudged { commitment, judgement } if !judgement.confirmed => {
            keeper(case, *commitment).into_iter().collect()
        }
        Event::CommitmentChangeAsked { commitment, .. } => {
            waits(TaskKind::DecideCommitmentChange, *commitment)
        }
        Event::CommitmentChangeDecided { commitment, .. } => {
            keeper(case, *commitment).into_iter().chain([Audience::Deputy(case.lead.id)]).collect()
        }
        Event::HandedToSuccessor { to, .. } => vec![Audience::Department(to.id)],
        Event::NoticeIssued { notice } => vec![urged(&notice.to)],
        Event::NoticeAnswered { notice, .. } => waits(TaskKind::DecideNotice, *notice),
        Event::NoticeDecided { notice, decision, .. } if !decision.accepted => {
            case.notice(*notice).map(|it| urged(&it.issue.to)).into_iter().collect()
        }
        Event::VisitorsNamed { deputies, .. } => deputies.iter().map(|it| Audience::Deputy(it.id)).collect(),
        _ => Vec::new(),
    }
}

fn signers(case: &Case) -> Vec<Audience> {
    let all = std::iter::once(&case.lead).chain(&case.co_signers);
    all.map(|deputy| Audience::Deputy(deputy.id)).collect()
}

fn department(case: &Case, assignment: u32) -> Option<Audience> {
    case.assignment(assignment).map(|it| Audience::Department(it.department.id))
}

fn keeper(case: &Case, promise: u32) -> Option<Audience> {
    let keeper = case.commitment(promise).and_then(|it| it.keeper(case));
    keeper.map(|department| Audience::Department(department.id))
}

fn urged(to: &Addressee) -> Audience {
    match to {
        Addressee::Department { department, .. } => Audience::Department(department.id),
        Addressee::Committee => Audience::Committee,
        Addressee::GovernmentOffice => Audience::GovernmentOffice,
        Addressee::Deputy { deputy } => Audience::Deputy(deputy.id),
    }
}

/// What a letter says happened, by the event's kind as the ledger names it; none where nobody is told.
pub fn words(kind: &str) -> Option<Say> {
    let (zh, en) = match kind {
        "co_signers_invited" => ("邀请您附议", "you are asked to co-sign"),
        "returned_for_correction" => ("已退回，请修改后重新提交", "was sent back for correction"),
        "declined" => ("未予受理", "was not accepted"),
        "registered" => ("已立案编号", "was registered"),
        "dispatched" => ("已交政府办分办", "was handed over to the government office"),
        "assigned" => ("已交办贵单位", "was assigned to your department"),
        "hand_back_requested" => {
            ("承办单位申请退办，请决定", "its department asks to hand it back: please decide")
        }
        "hand_back_decided" => ("退办申请已有决定", "the request to hand it back was decided"),
        "extension_requested" => {
            ("承办单位申请延期，请决定", "its department asks for more time: please decide")
        }
        "extension_decided" => ("延期申请已有决定", "the request for more time was decided"),
        "opinion_given" => ("会办意见已提出", "a co-handler gave its opinion"),
        "replied" => ("已答复", "was answered"),
        "evaluation_reminded" => ("请对答复作出评价", "its answer waits for your evaluation"),
        "rework_ordered" => ("代表不满意，须重新办理", "is to be handled again"),
        "key_case_chosen" => ("已列为重点督办件", "became a key case"),
        "commitment_reported" => {
            ("承诺事项落实情况已报告，请评价", "a promise was reported on: please judge it")
        }
        "commitment_judged" => {
            ("代表对承诺事项落实情况有异议", "the deputy disputes what was reported of a promise")
        }
        "commitment_change_asked" => {
            ("承办单位申请变更承诺，请决定", "its department asks to change a promise: please decide")
        }
        "commitment_change_decided" => ("承诺变更已有决定", "a change of a promise was decided"),
        "handed_to_successor" => {
            ("因机构调整由贵单位承接", "passed to your department, which succeeds another")
        }
        "notice_issued" => ("有三单送达，请查阅", "a notice went out: please read it"),
        "notice_answered" => ("三单已反馈，请研究", "a notice was answered: please look into it"),
        "notice_decided" => {
            ("三单反馈被退回，请重新反馈", "the answer to a notice was refused: please answer again")
        }
        "visitors_named" => ("请随访（回头看）", "you are to visit it, for a revisit campaign"),
        "withdrawal_asked" => {
            ("领衔代表拟撤回，请表示意见", "its lead signer wishes to withdraw it: please answer")
        }
        "revisited" => ("已作回头看", "was revisited"),
        _ => return None,
    };
    Some(Say::new(zh, en))
}
