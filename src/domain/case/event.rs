//! What happened to a case. Stored for ever: fields may be added with a default, never renamed or removed.

use super::{submission::Amendment, *};
use crate::domain::{actor::Author, ladder::Urged, text::Note};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Drafted(Draft),
    Amended(Amendment),
    /// Residents' opinions that the suggestion was made from.
    OpinionsJoined {
        opinions: Vec<JoinedOpinion>,
    },
    /// The recommendation that the suggestion was made from.
    RecommendationTaken {
        recommendation: RecommendationRef,
    },
    CoSignersInvited {
        deputies: Vec<DeputyRef>,
    },
    CoSignerRemoved {
        deputy: DeputyRef,
    },
    CoSignatureGiven {
        deputy: DeputyRef,
    },
    CoSignatureDeclined {
        deputy: DeputyRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
    },
    Submitted {
        session: SessionId,
        origin: Origin,
        policy: PolicyRef,
    },
    ReturnedForCorrection {
        asked: CorrectionRequest,
    },
    Declined {
        form: DecliningForm,
        clause: String,
    },
    Registered {
        number: Number,
    },
    MotionDecided {
        decision: MotionDecision,
        suggestion: Option<CaseId>,
    },
    MotionReported {
        report: MotionReport,
        suggestion: Option<CaseId>,
    },
    /// This case is handled with another one.
    Merged {
        into: CaseRef,
    },
    /// Another case is handled with this one.
    Joined {
        case: CaseRef,
    },
    /// The case that led this one is gone; it goes on alone.
    Parted {
        from: CaseRef,
    },
    Dispatched {
        form: DispatchForm,
    },
    Assigned {
        handlers: Vec<Handler>,
        policy: PolicyRef,
    },
    Accepted {
        assignment: u32,
    },
    HandBackRequested {
        assignment: u32,
        hand_back: HandBack,
    },
    HandBackDecided {
        assignment: u32,
        decision: HandBackDecision,
    },
    ExtensionRequested {
        assignment: u32,
        until: Day,
        reason: Note,
    },
    ExtensionDecided {
        assignment: u32,
        decision: ExtensionDecision,
    },
    Consulted {
        assignment: u32,
        record: ConsultationRecord,
    },
    ProgressNoted {
        assignment: u32,
        note: ProgressNote,
    },
    OpinionGiven {
        assignment: u32,
        opinion: OpinionText,
    },
    OpinionRejected {
        assignment: u32,
        rejection: OpinionRejection,
    },
    ReplyDrafted {
        assignment: u32,
        letter: ReplyLetter,
    },
    ReplySentBack {
        assignment: u32,
        reason: Note,
    },
    Replied {
        assignment: u32,
        letter: ReplyLetter,
        #[serde(default, skip_serializing_if = "Occasion::is_answer")]
        occasion: Occasion,
    },
    Evaluated {
        deputy: DeputyRef,
        counts: bool,
        form: EvaluationForm,
    },
    EvaluationReminded,
    ReworkOrdered {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
    },
    DissatisfactionSettled {
        reason: Note,
    },
    CommitmentReported {
        commitment: u32,
        report: CommitmentReport,
    },
    CommitmentJudged {
        commitment: u32,
        judgement: CommitmentJudgement,
    },
    CommitmentChangeAsked {
        commitment: u32,
        asked: ChangeAsked,
    },
    CommitmentChangeDecided {
        commitment: u32,
        decision: ChangeDecision,
    },
    /// A department was merged into another: what it owed here is that one's.
    HandedToSuccessor {
        from: DepartmentRef,
        to: DepartmentRef,
    },
    KeyCaseChosen {
        form: KeyCaseForm,
        clause: String,
    },
    KeyCaseReleased {
        reason: Note,
    },
    ConfidentialityDecided {
        form: ConfidentialityForm,
    },
    /// Who may read the case while it is confidential: all of them anew.
    ReadersNamed {
        readers: Vec<Reader>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
    },
    PublicationDecided {
        form: PublicationForm,
    },
    Attached {
        file: FileFacts,
        assignment: Option<u32>,
    },
    Closed,
    WithdrawalAsked {
        reason: Note,
    },
    WithdrawalAnswered {
        deputy: DeputyRef,
        agrees: bool,
    },
    Withdrawn {
        reason: Note,
    },
    Revisited(Revisit),
    /// A notice went out 三单.
    NoticeIssued {
        notice: NoticeIssue,
    },
    NoticeAnswered {
        notice: u32,
        #[serde(flatten)]
        urged: Urged,
        answer: NoticeAnswer,
    },
    /// Struck off, or another answer asked for.
    NoticeDecided {
        notice: u32,
        #[serde(flatten)]
        urged: Urged,
        decision: NoticeDecision,
    },
    /// Which deputies are to visit the case for a campaign: all of them anew, and nobody once it is closed.
    VisitorsNamed {
        campaign: CampaignId,
        deputies: Vec<DeputyRef>,
    },
    /// A new version of the policy took effect, and says that open cases follow it.
    PolicyAdopted {
        policy: PolicyRef,
    },
}

/// An event as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// Its place in the case's history, from 1.
    pub version: i64,
    /// The legal day on which the act took effect.
    pub occurred_on: Day,
    /// The instant at which it was written down, UTC.
    pub recorded_at: DateTime<Utc>,
    pub author: Author,
    pub event: Event,
}

impl Event {
    /// Whether it is a step of the case, whose day no later event may come before. A notice is none: that a department
    /// was urged today is no reason to refuse paper of yesterday.
    pub fn is_step(&self) -> bool {
        !matches!(
            self,
            Event::NoticeIssued { .. } | Event::NoticeAnswered { .. } | Event::NoticeDecided { .. }
        )
    }

    /// Whether an event can be of this kind. The reader of the ledger is asked, so that there is no second list to keep.
    pub fn is_kind(kind: &str) -> bool {
        let nameless = serde_json::json!({ "type": kind });
        let unknown = |e: serde_json::Error| e.to_string().starts_with("unknown variant");
        !serde_json::from_value::<Event>(nameless).is_err_and(unknown)
    }

    /// The event's name in the ledger.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::Drafted(_) => "drafted",
            Event::Amended(_) => "amended",
            Event::OpinionsJoined { .. } => "opinions_joined",
            Event::RecommendationTaken { .. } => "recommendation_taken",
            Event::CoSignersInvited { .. } => "co_signers_invited",
            Event::CoSignerRemoved { .. } => "co_signer_removed",
            Event::CoSignatureGiven { .. } => "co_signature_given",
            Event::CoSignatureDeclined { .. } => "co_signature_declined",
            Event::Submitted { .. } => "submitted",
            Event::ReturnedForCorrection { .. } => "returned_for_correction",
            Event::Declined { .. } => "declined",
            Event::Registered { .. } => "registered",
            Event::MotionDecided { .. } => "motion_decided",
            Event::MotionReported { .. } => "motion_reported",
            Event::Merged { .. } => "merged",
            Event::Joined { .. } => "joined",
            Event::Parted { .. } => "parted",
            Event::Dispatched { .. } => "dispatched",
            Event::Assigned { .. } => "assigned",
            Event::Accepted { .. } => "accepted",
            Event::HandBackRequested { .. } => "hand_back_requested",
            Event::HandBackDecided { .. } => "hand_back_decided",
            Event::ExtensionRequested { .. } => "extension_requested",
            Event::ExtensionDecided { .. } => "extension_decided",
            Event::Consulted { .. } => "consulted",
            Event::ProgressNoted { .. } => "progress_noted",
            Event::OpinionGiven { .. } => "opinion_given",
            Event::OpinionRejected { .. } => "opinion_rejected",
            Event::ReplyDrafted { .. } => "reply_drafted",
            Event::ReplySentBack { .. } => "reply_sent_back",
            Event::Replied { .. } => "replied",
            Event::Evaluated { .. } => "evaluated",
            Event::EvaluationReminded => "evaluation_reminded",
            Event::ReworkOrdered { .. } => "rework_ordered",
            Event::DissatisfactionSettled { .. } => "dissatisfaction_settled",
            Event::CommitmentReported { .. } => "commitment_reported",
            Event::CommitmentJudged { .. } => "commitment_judged",
            Event::CommitmentChangeAsked { .. } => "commitment_change_asked",
            Event::CommitmentChangeDecided { .. } => "commitment_change_decided",
            Event::HandedToSuccessor { .. } => "handed_to_successor",
            Event::KeyCaseChosen { .. } => "key_case_chosen",
            Event::KeyCaseReleased { .. } => "key_case_released",
            Event::ConfidentialityDecided { .. } => "confidentiality_decided",
            Event::ReadersNamed { .. } => "readers_named",
            Event::PublicationDecided { .. } => "publication_decided",
            Event::Attached { .. } => "attached",
            Event::Closed => "closed",
            Event::WithdrawalAsked { .. } => "withdrawal_asked",
            Event::WithdrawalAnswered { .. } => "withdrawal_answered",
            Event::Withdrawn { .. } => "withdrawn",
            Event::Revisited(_) => "revisited",
            Event::NoticeIssued { .. } => "notice_issued",
            Event::NoticeAnswered { .. } => "notice_answered",
            Event::NoticeDecided { .. } => "notice_decided",
            Event::VisitorsNamed { .. } => "visitors_named",
            Event::PolicyAdopted { .. } => "policy_adopted",
        }
    }
}
