//! The procedure: which step, at which stage, by whose hand. One table; `guard.rs` holds the finer conditions.
//!
//! `GET /v1/cases/{id}/actions`, the gate, `decide` and the printed table in the docs all read it from here.

pub use super::guard::guard;

use crate::domain::words::Stage;
use serde::{Deserialize, Serialize};

/// A step of the procedure.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Amend,
    Invite,
    Uninvite,
    CoSign,
    DeclineCoSigning,
    Attach,
    Submit,
    AskCorrection,
    Decline,
    Register,
    DecideMotion,
    ReportMotion,
    Merge,
    Dispatch,
    Assign,
    Accept,
    RequestHandBack,
    DecideHandBack,
    RequestExtension,
    DecideExtension,
    Consult,
    NoteProgress,
    GiveOpinion,
    RejectOpinion,
    DraftReply,
    SendBackReply,
    SignReply,
    Reply,
    CorrectReply,
    FollowUp,
    Evaluate,
    RemindEvaluation,
    SettleDissatisfaction,
    ReportCommitment,
    JudgeCommitment,
    ChangeCommitment,
    DecideCommitmentChange,
    ChooseKeyCase,
    ReleaseKeyCase,
    DecideConfidentiality,
    NameReaders,
    DecidePublication,
    Close,
    Withdraw,
    AnswerWithdrawal,
    Revisit,
    IssueNotice,
    AnswerNotice,
    DecideNotice,
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
    /// 受邀附议的代表
    Invited,
    /// 代表工委
    Committee,
    /// 代表工委负责人
    CommitteeLeader,
    /// 政府办, for departments of the government
    GovernmentOffice,
    /// 主办、单办或分办单位
    LeadHandler,
    /// 会办单位
    CoHandler,
    /// 主办、单办或分办单位的签发人
    Approver,
    /// 回头看随访代表
    Visitor,
    /// 承诺事项的责任单位, be it one of the above or one that took a promise over
    Holder,
}

impl Hand {
    pub fn zh(self) -> &'static str {
        match self {
            Hand::LeadSigner => "领衔代表",
            Hand::CoSigner => "附议代表",
            Hand::Invited => "受邀代表",
            Hand::Committee => "代表工委",
            Hand::CommitteeLeader => "代表工委负责人",
            Hand::GovernmentOffice => "政府办",
            Hand::LeadHandler => "主办单位",
            Hand::CoHandler => "会办单位",
            Hand::Approver => "签发人",
            Hand::Visitor => "随访代表",
            Hand::Holder => "承诺责任单位",
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

/// Where the deputies still write.
const DRAFTING: &[Stage] = &[S::Draft, S::Returned];
/// Where departments may have it in hand: co-handlers work on while a lead is looked for.
const HANDED_OUT: &[Stage] = &[S::Registered, S::Dispatched, S::Assigned];
/// Where a department may be urged: while it has the case, and after closing for its promises.
const URGED: &[Stage] = &[S::Registered, S::Dispatched, S::Assigned, S::Replied, S::Rework, S::Closed];

#[rustfmt::skip] // A table is read in columns.
pub static PROCEDURE: &[Step] = &[
    step(A::Amend,                 "修改",               DRAFTING,                                                                                                            &[H::LeadSigner],                                             false, "PATCH", ""),
    step(A::Invite,                "邀请附议",           DRAFTING,                                                                                                            &[H::LeadSigner],                                             false, "POST",  "/invitations"),
    step(A::Uninvite,              "取消附议",           DRAFTING,                                                                                                            &[H::LeadSigner],                                             false, "POST",  "/invitations/removal"),
    step(A::CoSign,                "确认附议",           DRAFTING,                                                                                                            &[H::Invited],                                                false, "POST",  "/cosignature"),
    step(A::DeclineCoSigning,      "谢绝附议",           DRAFTING,                                                                                                            &[H::Invited, H::CoSigner],                                   false, "POST",  "/cosignature/refusal"),
    step(A::Attach,                "附件",               &[S::Draft, S::Returned, S::Submitted, S::Registered, S::Dispatched, S::Assigned, S::Replied, S::Rework, S::Closed], &[H::LeadSigner, H::Committee, H::LeadHandler, H::CoHandler, H::Holder, H::Visitor], false, "POST",  "/attachments"),
    step(A::Submit,                "提交",               DRAFTING,                                                                                                            &[H::LeadSigner],                                             true,  "POST",  "/submission"),
    step(A::AskCorrection,         "退回修改",           &[S::Submitted],                                                                                                     &[H::Committee],                                              false, "POST",  "/correction"),
    step(A::Decline,               "不予受理",           &[S::Submitted, S::Registered],                                                                                      &[H::Committee],                                              false, "POST",  "/declining"),
    step(A::Register,              "立案编号",           &[S::Submitted],                                                                                                     &[H::Committee],                                              true,  "POST",  "/registration"),
    step(A::DecideMotion,          "主席团决定",         &[S::Registered],                                                                                                    &[H::Committee],                                              false, "POST",  "/motion/decision"),
    step(A::ReportMotion,          "专门委员会审议结果", &[S::Referred],                                                                                                      &[H::Committee],                                              false, "POST",  "/motion/report"),
    step(A::Merge,                 "并案",               &[S::Registered],                                                                                                    &[H::Committee],                                              false, "POST",  "/merger"),
    step(A::Dispatch,              "交政府办",           &[S::Registered],                                                                                                    &[H::Committee],                                              false, "POST",  "/dispatch"),
    step(A::Assign,                "交办",               HANDED_OUT,                                                                                                          &[H::Committee, H::GovernmentOffice],                         true,  "POST",  "/assignments"),
    step(A::Accept,                "签收",               HANDED_OUT,                                                                                                          &[H::LeadHandler, H::CoHandler],                              true,  "POST",  "/assignments/{aid}/acceptance"),
    step(A::RequestHandBack,       "申请退办",           HANDED_OUT,                                                                                                          &[H::LeadHandler, H::CoHandler],                              false, "POST",  "/assignments/{aid}/hand-back"),
    step(A::DecideHandBack,        "决定退办",           &[S::Registered, S::Dispatched, S::Assigned, S::Replied],                                                            &[H::Committee, H::GovernmentOffice],                         false, "POST",  "/assignments/{aid}/hand-back/decision"),
    step(A::RequestExtension,      "申请延期",           &[S::Assigned],                                                                                                      &[H::LeadHandler],                                            false, "POST",  "/assignments/{aid}/extension"),
    step(A::DecideExtension,       "决定延期",           &[S::Assigned],                                                                                                      &[H::Committee, H::GovernmentOffice],                         false, "POST",  "/assignments/{aid}/extension/decision"),
    step(A::Consult,               "沟通面商",           &[S::Registered, S::Dispatched, S::Assigned, S::Replied, S::Rework],                                                 &[H::LeadHandler, H::CoHandler],                              true,  "POST",  "/assignments/{aid}/consultations"),
    step(A::NoteProgress,          "办理进展",           &[S::Registered, S::Dispatched, S::Assigned, S::Replied, S::Rework, S::Closed],                                      &[H::LeadHandler, H::CoHandler],                              false, "POST",  "/assignments/{aid}/notes"),
    step(A::GiveOpinion,           "会办意见",           HANDED_OUT,                                                                                                          &[H::CoHandler],                                              true,  "POST",  "/assignments/{aid}/opinion"),
    step(A::RejectOpinion,         "要求重提会办意见",   &[S::Assigned],                                                                                                      &[H::LeadHandler],                                            false, "POST",  "/assignments/{aid}/opinion/rejection"),
    step(A::DraftReply,            "答复拟稿",           &[S::Assigned, S::Rework],                                                                                           &[H::LeadHandler],                                            false, "POST",  "/assignments/{aid}/reply/draft"),
    step(A::SendBackReply,         "退回答复稿",         &[S::Assigned, S::Rework],                                                                                           &[H::Approver],                                               false, "POST",  "/assignments/{aid}/reply/return"),
    step(A::SignReply,             "签发答复",           &[S::Assigned, S::Rework],                                                                                           &[H::Approver],                                               false, "POST",  "/assignments/{aid}/reply/signature"),
    step(A::Reply,                 "答复",               &[S::Assigned, S::Rework],                                                                                           &[H::LeadHandler],                                            true,  "POST",  "/assignments/{aid}/reply"),
    step(A::CorrectReply,          "更正答复",           &[S::Replied],                                                                                                       &[H::LeadHandler],                                            false, "POST",  "/assignments/{aid}/reply/correction"),
    step(A::FollowUp,              "再次答复",           &[S::Replied, S::Closed],                                                                                            &[H::LeadHandler, H::Holder],                                 false, "POST",  "/assignments/{aid}/reply/follow-up"),
    step(A::Evaluate,              "评价",               &[S::Replied],                                                                                                       &[H::LeadSigner, H::CoSigner, H::Committee],                  true,  "POST",  "/evaluations"),
    step(A::RemindEvaluation,      "催促评价",           &[S::Replied],                                                                                                       &[H::Committee],                                              false, "POST",  "/evaluations/reminder"),
    step(A::SettleDissatisfaction, "研究不满意件",       &[S::Replied],                                                                                                       &[H::Committee],                                              true,  "POST",  "/dissatisfaction"),
    step(A::ReportCommitment,      "报告承诺落实",       &[S::Replied, S::Rework, S::Closed],                                                                                 &[H::Holder],                                                 false, "POST",  "/commitments/{cid}/reports"),
    step(A::JudgeCommitment,       "评价承诺落实",       &[S::Replied, S::Rework, S::Closed],                                                                                 &[H::LeadSigner],                                             false, "POST",  "/commitments/{cid}/judgement"),
    step(A::ChangeCommitment,      "申请变更承诺",       &[S::Replied, S::Rework, S::Closed],                                                                                 &[H::Holder, H::Committee],                                   false, "POST",  "/commitments/{cid}/change"),
    step(A::DecideCommitmentChange,"决定承诺变更",       &[S::Replied, S::Rework, S::Closed],                                                                                 &[H::Committee],                                              false, "POST",  "/commitments/{cid}/change/decision"),
    step(A::ChooseKeyCase,         "列为重点督办",       &[S::Registered, S::Dispatched, S::Assigned, S::Replied, S::Rework],                                                 &[H::Committee],                                              false, "POST",  "/key-case"),
    step(A::ReleaseKeyCase,        "解除重点督办",       &[S::Registered, S::Dispatched, S::Assigned, S::Replied, S::Rework, S::Closed],                                      &[H::Committee],                                              false, "POST",  "/key-case/release"),
    step(A::DecideConfidentiality, "保密",               &[S::Draft, S::Returned, S::Submitted, S::Registered, S::Dispatched, S::Assigned, S::Replied, S::Rework, S::Closed], &[H::LeadSigner, H::Committee],                               false, "POST",  "/confidentiality"),
    step(A::NameReaders,           "指定知悉人员",       &[S::Submitted, S::Registered, S::Dispatched, S::Assigned, S::Replied, S::Rework, S::Closed],                       &[H::CommitteeLeader],                                        false, "POST",  "/readers"),
    step(A::DecidePublication,     "决定公开",           &[S::Replied, S::Rework, S::Closed],                                                                                 &[H::Committee],                                              false, "POST",  "/publication"),
    step(A::Close,                 "办结",               &[S::Replied],                                                                                                       &[H::Committee],                                              true,  "POST",  "/closure"),
    step(A::Withdraw,              "撤回",               &[S::Draft, S::Returned, S::Submitted, S::Registered, S::Dispatched, S::Assigned],                                   &[H::LeadSigner],                                             false, "POST",  "/withdrawal"),
    step(A::AnswerWithdrawal,      "同意撤回",           &[S::Returned, S::Submitted, S::Registered, S::Dispatched, S::Assigned],                                             &[H::CoSigner],                                               false, "POST",  "/withdrawal/answer"),
    step(A::Revisit,               "回头看",             &[S::Closed],                                                                                                        &[H::Committee, H::Visitor],                                  false, "POST",  "/revisits"),
    step(A::IssueNotice,           "发出三单",           URGED,                                                                                                               &[H::Committee, H::GovernmentOffice],                         false, "POST",  "/notices"),
    step(A::AnswerNotice,          "反馈三单",           URGED,                                                                                                               &[H::LeadHandler, H::CoHandler, H::Holder],                   false, "POST",  "/notices/{n}/answer"),
    step(A::DecideNotice,          "三单销号",           URGED,                                                                                                               &[H::Committee, H::GovernmentOffice],                         false, "POST",  "/notices/{n}/closure"),
];

impl Action {
    /// The action's name in the API and in metrics.
    pub fn id(self) -> &'static str {
        match self {
            A::Amend => "amend",
            A::Invite => "invite",
            A::Uninvite => "uninvite",
            A::CoSign => "co_sign",
            A::DeclineCoSigning => "decline_co_signing",
            A::Attach => "attach",
            A::Submit => "submit",
            A::AskCorrection => "ask_correction",
            A::Decline => "decline",
            A::Register => "register",
            A::DecideMotion => "decide_motion",
            A::ReportMotion => "report_motion",
            A::Merge => "merge",
            A::Dispatch => "dispatch",
            A::Assign => "assign",
            A::Accept => "accept",
            A::RequestHandBack => "request_hand_back",
            A::DecideHandBack => "decide_hand_back",
            A::RequestExtension => "request_extension",
            A::DecideExtension => "decide_extension",
            A::Consult => "consult",
            A::NoteProgress => "note_progress",
            A::GiveOpinion => "give_opinion",
            A::RejectOpinion => "reject_opinion",
            A::DraftReply => "draft_reply",
            A::SendBackReply => "send_back_reply",
            A::SignReply => "sign_reply",
            A::Reply => "reply",
            A::CorrectReply => "correct_reply",
            A::FollowUp => "follow_up",
            A::Evaluate => "evaluate",
            A::RemindEvaluation => "remind_evaluation",
            A::SettleDissatisfaction => "settle_dissatisfaction",
            A::ReportCommitment => "report_commitment",
            A::JudgeCommitment => "judge_commitment",
            A::ChangeCommitment => "change_commitment",
            A::DecideCommitmentChange => "decide_commitment_change",
            A::ChooseKeyCase => "choose_key_case",
            A::ReleaseKeyCase => "release_key_case",
            A::DecideConfidentiality => "decide_confidentiality",
            A::NameReaders => "name_readers",
            A::DecidePublication => "decide_publication",
            A::Close => "close",
            A::Withdraw => "withdraw",
            A::AnswerWithdrawal => "answer_withdrawal",
            A::Revisit => "revisit",
            A::IssueNotice => "issue_notice",
            A::AnswerNotice => "answer_notice",
            A::DecideNotice => "decide_notice",
        }
    }

    pub fn step(self) -> &'static Step {
        // The table has a line for every action; a test walks it.
        PROCEDURE.iter().find(|step| step.action == self).unwrap_or(&PROCEDURE[0])
    }
}

/// A step, and the assignment, promise or notice that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    pub action: Action,
    pub assignment: Option<u32>,
    pub commitment: Option<u32>,
    /// The notice's number within the case.
    pub notice: Option<u32>,
}

impl Target {
    pub fn case(action: Action) -> Target {
        Target { action, assignment: None, commitment: None, notice: None }
    }

    pub fn assignment(action: Action, number: u32) -> Target {
        Target { assignment: Some(number), ..Target::case(action) }
    }

    /// Where the API takes it, below `/v1/cases/{id}`.
    pub fn path(self) -> String {
        let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
        let path = self.action.step().path;
        let path = path.replace("{aid}", &number(self.assignment));
        path.replace("{cid}", &number(self.commitment)).replace("{n}", &number(self.notice))
    }

    pub fn commitment(action: Action, number: u32) -> Target {
        Target { commitment: Some(number), ..Target::case(action) }
    }

    pub fn notice(action: Action, number: u32) -> Target {
        Target { notice: Some(number), ..Target::case(action) }
    }
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
