//! The terms that a regulation may set, and the events that start them.

use crate::domain::{
    term::{Term, Unit},
    words::Origin,
};
use serde::{Deserialize, Serialize};

/// A term that a regulation may set.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TermKind {
    /// 受理告知
    AcceptanceNotice,
    /// 交办
    Assignment,
    /// 退办
    HandBack,
    /// 重新交办
    Reassignment,
    /// 首次联系代表
    FirstContact,
    /// 会办意见
    Opinion,
    /// 重新提出会办意见
    OpinionAgain,
    /// 答复
    Reply,
    /// 延期后的最长答复期限
    ReplyExtended,
    /// 代表评价
    Evaluation,
    /// 重新办理
    Rework,
    /// 承诺事项评价
    CommitmentEvaluation,
}

impl TermKind {
    /// The word in files and API.
    pub fn id(self) -> &'static str {
        match self {
            TermKind::AcceptanceNotice => "acceptance_notice",
            TermKind::Assignment => "assignment",
            TermKind::HandBack => "hand_back",
            TermKind::Reassignment => "reassignment",
            TermKind::FirstContact => "first_contact",
            TermKind::Opinion => "opinion",
            TermKind::OpinionAgain => "opinion_again",
            TermKind::Reply => "reply",
            TermKind::ReplyExtended => "reply_extended",
            TermKind::Evaluation => "evaluation",
            TermKind::Rework => "rework",
            TermKind::CommitmentEvaluation => "commitment_evaluation",
        }
    }

    pub fn zh(self) -> &'static str {
        match self {
            TermKind::AcceptanceNotice => "受理告知期限",
            TermKind::Assignment => "交办期限",
            TermKind::HandBack => "退办期限",
            TermKind::Reassignment => "重新交办期限",
            TermKind::FirstContact => "首次联系代表期限",
            TermKind::Opinion => "会办意见期限",
            TermKind::OpinionAgain => "重新提出会办意见期限",
            TermKind::Reply => "答复期限",
            TermKind::ReplyExtended => "延期后最长答复期限",
            TermKind::Evaluation => "代表评价期限",
            TermKind::Rework => "重新办理期限",
            TermKind::CommitmentEvaluation => "承诺事项评价期限",
        }
    }
}

/// The event that starts a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    Submitted,
    Assigned,
    /// On the platform the same day as assigned: a late signature does not lengthen a term.
    Received,
    HandedBack,
    OpinionRejected,
    Replied,
    ReworkOrdered,
    CommitmentReported,
}

impl Anchor {
    /// The word in files and API.
    pub fn id(self) -> &'static str {
        match self {
            Anchor::Submitted => "submitted",
            Anchor::Assigned => "assigned",
            Anchor::Received => "received",
            Anchor::HandedBack => "handed_back",
            Anchor::OpinionRejected => "opinion_rejected",
            Anchor::Replied => "replied",
            Anchor::ReworkOrdered => "rework_ordered",
            Anchor::CommitmentReported => "commitment_reported",
        }
    }

    pub fn zh(self) -> &'static str {
        match self {
            Anchor::Submitted => "收到代表建议之日",
            Anchor::Assigned => "交办之日",
            Anchor::Received => "承办单位收到之日（平台交办当日送达）",
            Anchor::HandedBack => "收到退办件之日",
            Anchor::OpinionRejected => "主办单位要求重新提出之日",
            Anchor::Replied => "代表收到答复之日",
            Anchor::ReworkOrdered => "要求重新办理之日",
            Anchor::CommitmentReported => "代表收到落实情况之日",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyTerm {
    pub amount: u32,
    pub unit: Unit,
    pub anchor: Anchor,
    /// Only for cases of this origin; for all if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Origin>,
    #[schema(example = "浙江省代表建议办理规定第二十一条")]
    pub clause: String,
    /// The policy whose text says so: this one, or one that it extends.
    #[serde(skip_deserializing)]
    pub stated_by: String,
}

impl PolicyTerm {
    pub fn term(&self) -> Term {
        Term { amount: self.amount, unit: self.unit }
    }
}
