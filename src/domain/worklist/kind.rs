//! The kinds of tasks: their words, whether they are owed, and which steps of the procedure do them.

use crate::domain::{
    case::procedure::Action,
    policy::{Policy, SharedOutBy},
    say::Say,
};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $id:literal $zh:literal $en:literal => [$($action:ident),*],)+) => {
        /// What is to be done.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
        )]
        pub enum TaskKind {
            $($(#[$doc])* #[serde(rename = $id)] $name,)+
        }

        impl TaskKind {
            pub const ALL: &[TaskKind] = &[$(TaskKind::$name),+];

            /// The word in the API and the database.
            pub fn id(self) -> &'static str {
                match self { $(TaskKind::$name => $id,)+ }
            }

            /// What is to be done, in words.
            pub fn name(self) -> Say {
                match self { $(TaskKind::$name => Say::new($zh, $en),)+ }
            }

            /// The steps of a case that do it, the likeliest first: the first that is open to somebody is his.
            fn actions(self) -> &'static [Action] {
                match self { $(TaskKind::$name => &[$(Action::$action),*],)+ }
            }
        }
    };
}

kinds! {
    // Deputies.
    /// A draft that was never handed in.
    Submit "submit" "完成草稿并提交" "finish the draft and hand it in" => [Submit],
    /// Sent back for correction 退回修改.
    Correct "correct" "按要求修改后重新提交" "correct it and hand it in again" => [Submit],
    /// An invitation to co-sign 附议.
    CoSign "co_sign" "确认或者谢绝附议" "agree or decline to co-sign" => [CoSign],
    AnswerWithdrawal "answer_withdrawal" "答复是否同意撤回" "agree or not to the withdrawal" => [AnswerWithdrawal],
    /// A reply to be judged 评价; a right, and never owed.
    Evaluate "evaluate" "评价答复" "judge the reply" => [Evaluate],
    /// A report on a promise 承诺事项 to be confirmed or disputed; a right.
    JudgeCommitment "judge_commitment" "评价承诺落实情况" "confirm or dispute the report on the promise" => [JudgeCommitment],
    /// Sent there by a revisit campaign 回头看.
    Visit "visit" "随访并记录" "visit the case and record what was found" => [Revisit],
    /// A quarterly statement of promises whose lines are his to confirm.
    ConfirmStatement "confirm_statement" "确认承诺事项季度清单" "confirm the quarterly statement of promises" => [],
    // The committee, and the government office where it shares out or decides.
    Examine "examine" "审核受理、立案编号" "examine and register" => [Register],
    /// 交办, 分办
    Assign "assign" "交办" "assign" => [Assign, Dispatch],
    DecideMotion "decide_motion" "登记主席团对议案的决定" "enter the presidium's decision on the motion" => [DecideMotion],
    ReportMotion "report_motion" "登记专门委员会审议结果" "enter the committee's report on the motion" => [ReportMotion],
    /// Handed back, and without a department 重新交办.
    Reassign "reassign" "重新交办" "assign again" => [Assign],
    DecideHandBack "decide_hand_back" "决定是否同意退办" "decide on the hand-back" => [DecideHandBack],
    /// Can be granted up to the reply's first due date.
    DecideExtension "decide_extension" "决定是否同意延期" "decide on the extension" => [DecideExtension],
    RemindEvaluation "remind_evaluation" "催促代表评价" "remind the deputy to judge the reply" => [RemindEvaluation],
    SettleDissatisfaction "settle_dissatisfaction" "研究不满意件" "look into the rejected reply" => [SettleDissatisfaction],
    Close "close" "办结" "close the case" => [Close],
    /// A department asks to move, drop or hand over a promise.
    DecideCommitmentChange "decide_commitment_change" "决定是否同意变更承诺" "decide on the change of a promise" => [DecideCommitmentChange],
    /// A notice 三单 was answered.
    DecideNotice "decide_notice" "研究三单反馈、销号" "say whether the answer to a notice will do" => [DecideNotice],
    /// A problem list's item 问题清单事项 was reported done.
    StrikeOffProblemItem "strike_off_problem_item" "研究整改报告、销号" "strike the item off, or send the report back" => [],
    /// A resident's opinion 群众意见 that was recorded.
    SortOpinion "sort_opinion" "分办群众意见" "sort the resident's opinion" => [],
    TellResident "tell_resident" "将结果告知群众" "tell the resident what came of it" => [],
    /// A confidential case is in hand, and nobody is named to read it.
    NameReaders "name_readers" "指定保密件知悉人员" "name who reads the confidential case" => [NameReaders],
    // Departments.
    /// To be signed for, or handed back within the window.
    Accept "accept" "签收，或者在期限内申请退办" "sign for the case, or ask to hand it back in time" => [Accept],
    FirstContact "first_contact" "首次联系代表" "contact the deputy for the first time" => [Consult, Accept],
    GiveOpinion "give_opinion" "提出会办意见" "give the co-handler's opinion" => [GiveOpinion, Accept],
    Reply "reply" "答复代表" "reply to the deputy" => [Reply, DraftReply, Accept],
    /// A draft that waits for its signature 签发.
    SignReply "sign_reply" "签发答复稿" "sign the drafted reply or send it back" => [SignReply],
    /// Answered unsatisfactorily: again 重新办理.
    Rework "rework" "重新办理并答复" "handle again and reply" => [Reply, DraftReply],
    /// 承诺事项 by its day
    KeepPromise "keep_promise" "落实承诺并报告" "keep the promise and report it" => [ReportCommitment],
    /// A notice 三单 that asks for an answer.
    AnswerNotice "answer_notice" "反馈三单" "answer the notice" => [AnswerNotice],
    ReportProblemItem "report_problem_item" "整改并报告" "put it right and report it" => [],
    AnswerOpinion "answer_opinion" "答复群众意见" "answer the resident's opinion" => [],
    /// A promise was kept: answered again 再次答复.
    FollowUp "follow_up" "承诺落实后再次答复" "answer again after the promise was kept" => [FollowUp],
}

impl TaskKind {
    /// Whether its day can be missed. The rest is a right or a window: past its day it has lapsed, though it may still
    /// be possible.
    pub fn is_owed(self) -> bool {
        !matches!(self, TaskKind::Evaluate | TaskKind::JudgeCommitment | TaskKind::Accept)
    }

    /// The steps that do it under a policy, the likeliest first.
    pub fn steps(self, policy: &Policy) -> Vec<Action> {
        let mut steps = self.actions().to_vec();
        if self == TaskKind::Assign && policy.assignment.government == SharedOutBy::GovernmentOffice {
            steps.reverse();
        }
        steps
    }
}

impl FromStr for TaskKind {
    type Err = String;

    fn from_str(text: &str) -> Result<TaskKind, String> {
        let named = TaskKind::ALL.iter().copied().find(|kind| kind.id() == text);
        named.ok_or_else(|| "no such kind of task".to_owned())
    }
}
