//! A case 办件: what it is, what may be asked of it, what happened to it.
//!
//! `decide` turns a command into events or a refusal, `Case::after` folds an event; nothing else changes a case.
//! One file per subject; `procedure.rs` is the table of all steps, `decision.rs` and `fold.rs` lead to each.

mod adoption;
mod assignment;
mod attachment;
mod commitment;
mod commitment_change;
mod consultation;
mod cosigning;
mod decision;
mod dissatisfaction;
mod evaluation;
mod event;
mod examination;
mod extension;
mod fold;
mod guard;
mod hand_back;
mod handling;
mod key_case;
mod mark;
mod merger;
mod motion;
mod notice;
mod opinion;
pub mod persons;
pub mod procedure;
mod publication;
mod refusal;
mod registration;
mod reply;
mod revisit;
mod source;
mod submission;
mod succession;
mod visit;
mod withdrawal;

pub use adoption::OVER;
pub use assignment::{Assignment, AssignmentOrder, DispatchForm, Handler};
pub use attachment::{Attachment, FileFacts};
pub use commitment::{CommitmentJudgement, CommitmentReport, HeldBy, Promise, Reported};
pub use commitment_change::{Change, ChangeAsked, ChangeDecision, ChangeOrder};
pub use consultation::{Consultation, ConsultationRecord};
pub use cosigning::{CoSignatureRefusal, InvitationOrder, InvitationRemoval, Invited, MOST_CO_SIGNERS};
pub use decision::Command;
pub(in crate::domain) use decision::decide;
pub use dissatisfaction::{DissatisfactionDecision, Rework, Settled};
pub use evaluation::{Evaluation, EvaluationForm};
pub use event::{Event, Recorded};
pub use examination::{Correction, CorrectionRequest, Declined, DecliningForm};
pub use extension::{Extension, ExtensionDecision, ExtensionRequest};
pub use hand_back::{HandBack, HandBackDecision, HandBackOrder, HandBackRequest};
pub use handling::{Noted, ProgressNote, ReplyDraft, SendingBack};
pub use key_case::{KeyCase, KeyCaseForm, KeyCaseRelease};
pub use mark::{Mark, Marked};
pub use merger::{CaseRef, MergerOrder};
pub use motion::{MotionDecision, MotionReport, MotionStep, suggestion};
pub use notice::{
    Issuer, Leader, Notice, NoticeAnswer, NoticeAnswered, NoticeDecision, NoticeIssue, NoticeOrder,
};
pub use opinion::{Opinion, OpinionRejected, OpinionRejection, OpinionText};
pub use publication::{
    Confidentiality, ConfidentialityForm, PublicationForm, Published, Reader, ReadersForm,
};
pub use refusal::{Refusal, Rejection};
pub use registration::{Number, Registration};
pub use reply::{AskAnswer, ClassHeld, Commitment, Occasion, Reply, ReplyCorrection, ReplyLetter};
pub use revisit::{Finding, Revisit, RevisitRecord};
pub use source::{JoinedOpinion, MOST_OPINIONS, RecommendationRef};
pub use submission::{Amendment, Draft, few_asks};
pub use visit::Visits;
pub use withdrawal::{WithdrawalAnswer, WithdrawalAsked, WithdrawalRequest};

use super::{
    actor::Actor,
    calendar::Calendar,
    day::Day,
    holding::Turns,
    ids::{CampaignId, CaseId, CongressId, DepartmentId, DeputyId, SessionId},
    policy::Policy,
    text::{Body, Line, Note, Title},
    words::{Channel, Exclusion, Invitation, Kind, Origin, Satisfaction, Stage},
};
use serde::{Deserialize, Serialize};

/// A deputy as named when the act was recorded; later renaming does not rewrite history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DeputyRef {
    pub id: DeputyId,
    pub name: String,
}

/// A department as named when the act was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DepartmentRef {
    pub id: DepartmentId,
    pub name: String,
    pub channel: Channel,
}

/// The policy version that governs a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PolicyRef {
    #[schema(example = "zhejiang-2016")]
    pub id: String,
    pub version: u32,
}

/// Everything that is known of a case now: the fold of its events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub id: CaseId,
    pub congress: CongressId,
    /// How many events were folded; what somebody sees of it is `gate::Sight::version`.
    pub version: i64,
    /// The events that are not for everybody who sees the case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Marked>,
    pub stage: Stage,
    pub kind: Kind,
    pub title: Title,
    pub body: Body,
    pub category: Option<Line>,
    /// What is asked for, point by point; empty if the deputy listed nothing.
    pub asks: Vec<Note>,
    /// 领衔代表
    pub lead: DeputyRef,
    /// 附议代表 who confirmed.
    pub co_signers: Vec<DeputyRef>,
    /// Everybody who was asked to sign.
    pub invitations: Vec<Invited>,
    /// The delegation 代表团 in whose name it is submitted.
    pub delegation: Option<Line>,
    /// The delegation 代表团 of the lead signer, when it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_delegation: Option<Line>,
    /// The motion that became this suggestion.
    pub converted_from: Option<CaseId>,
    /// The residents' opinions that it was made from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opinions: Vec<JoinedOpinion>,
    /// The recommendation that it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommendation: Option<RecommendationRef>,
    pub session: Option<SessionId>,
    pub origin: Option<Origin>,
    /// Fixed at submission, and once more at the first assignment.
    pub policy: Option<PolicyRef>,
    pub number: Option<Number>,
    pub corrections: Vec<Correction>,
    pub declined: Option<Declined>,
    /// For a motion: what the presidium decided, what a committee reported.
    pub motion: Vec<MotionStep>,
    /// The case that this one is handled with.
    pub merged_into: Option<CaseRef>,
    /// The cases that are handled with this one.
    pub joined: Vec<CaseRef>,
    /// The legal day of the latest event; no later event may take effect before it.
    pub latest_on: Day,
    pub submitted_on: Option<Day>,
    pub registered_on: Option<Day>,
    /// Handed over to the government office.
    pub dispatched_on: Option<Day>,
    /// The case's own clock starts here, and a hand-back does not reset it.
    pub assigned_on: Option<Day>,
    pub assignments: Vec<Assignment>,
    /// Shares of separate handlers that were handed back and wait for another department.
    pub empty_shares: u32,
    pub extension: Option<Extension>,
    pub consultations: Vec<Consultation>,
    pub notes: Vec<Noted>,
    pub replies: Vec<Reply>,
    /// The day of the first answer: of the last separate handler's, where there are several.
    pub answered_on: Option<Day>,
    /// The result class that holds now: the latest final reply's, or what a revisit found.
    pub class: Option<String>,
    /// Every class that held, oldest first.
    pub classes: Vec<ClassHeld>,
    pub commitments: Vec<Promise>,
    pub evaluations: Vec<Evaluation>,
    /// The latest reminder to evaluate 催促评价.
    pub reminded_on: Option<Day>,
    pub reworks: Vec<Rework>,
    pub settled: Vec<Settled>,
    pub key_case: Option<KeyCase>,
    pub confidential: Option<Confidentiality>,
    pub publication: Option<Published>,
    pub attachments: Vec<Attachment>,
    pub closed_on: Option<Day>,
    pub withdrawal_asked: Option<WithdrawalAsked>,
    pub withdrawn_on: Option<Day>,
    pub revisits: Vec<Revisit>,
    /// Reminders, warnings and supervision orders 三单.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// The open campaigns for which deputies are to visit it.
    pub visits: Vec<Visits>,
    /// How long each held it until the first answer.
    #[serde(default)]
    pub turns: Turns,
}

/// Where and under which rules a case is filed; the office finds it from the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    pub session: SessionId,
    pub origin: Origin,
    /// Whether motions can still be handed in.
    pub motions_open: bool,
}

/// What a decision depends on besides the case and the command.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub actor: &'a Actor,
    /// The legal day on which the act takes effect.
    pub on: Day,
    pub policy: &'a Policy,
    pub calendar: &'a Calendar,
}

/// Lists in a form are short; a case carries them through all its later steps.
fn at_most(pointer: &str, length: usize) -> Result<(), Rejection> {
    const MOST: usize = 50;
    if length <= MOST {
        return Ok(());
    }
    Err(Rejection::invalid(pointer, format!("最多 {MOST} 项"), format!("at most {MOST} are allowed")))
}

impl PolicyRef {
    pub fn to(policy: &Policy) -> PolicyRef {
        PolicyRef { id: policy.id.clone(), version: policy.version }
    }
}

impl AsRef<Case> for Case {
    fn as_ref(&self) -> &Case {
        self
    }
}

impl Case {
    pub fn assignment(&self, number: u32) -> Option<&Assignment> {
        self.assignments.iter().find(|a| a.number == number)
    }

    fn assignment_mut(&mut self, number: u32) -> Option<&mut Assignment> {
        self.assignments.iter_mut().find(|a| a.number == number)
    }

    pub fn commitment(&self, number: u32) -> Option<&Promise> {
        self.commitments.iter().find(|p| p.number == number)
    }

    /// The departments that answer for the case now: its open sole or lead handler, or the separate handlers.
    pub fn answerers(&self) -> impl Iterator<Item = &Assignment> {
        self.assignments.iter().filter(|a| a.answers() && a.is_open())
    }

    /// The first of them: where there is one, the department that answers.
    pub fn answering(&self) -> Option<&Assignment> {
        self.answerers().next()
    }

    /// Their names, as they are written in one line.
    pub fn answering_names(&self) -> Option<String> {
        let names: Vec<&str> = self.answerers().map(|a| a.department.name.as_str()).collect();
        (!names.is_empty()).then(|| names.join("、"))
    }

    /// The reply in force: the latest final one that is judged.
    pub fn final_reply(&self) -> Option<&Reply> {
        self.replies.iter().rev().find(|reply| reply.is_judged())
    }

    /// The day of the first answer, which the reply term is measured by.
    pub fn replied_on(&self) -> Option<Day> {
        self.answered_on
    }

    /// Lead or confirmed co-signer.
    pub fn is_signer(&self, deputy: DeputyId) -> bool {
        self.lead.id == deputy || self.co_signers.iter().any(|d| d.id == deputy)
    }

    /// Asked to sign, and still to answer.
    pub fn is_invited(&self, deputy: DeputyId) -> bool {
        let asked = |i: &Invited| i.deputy.id == deputy && i.standing == Invitation::Invited;
        self.invitations.iter().any(asked)
    }

    /// The evaluation that counts under the policy, of the reply in force; silence counts as none.
    pub fn counted_evaluation(&self) -> Option<Satisfaction> {
        evaluation::counted(self)
    }

    /// Whether an answer was judged unsatisfactory, be it the one in force or one before it.
    pub fn was_unsatisfied(&self) -> bool {
        self.replies
            .iter()
            .any(|reply| evaluation::of_reply(self, reply.number) == Some(Satisfaction::Unsatisfied))
    }

    /// Over without an answer: nothing is owed any more.
    pub fn has_ended_early(&self) -> bool {
        self.exclusion().is_some_and(|why| why != Exclusion::Referred)
    }

    /// Why a registered case is not among those to be answered.
    pub fn exclusion(&self) -> Option<Exclusion> {
        match self.stage {
            Stage::Withdrawn => Some(Exclusion::Withdrawn),
            Stage::Declined => Some(Exclusion::Declined),
            Stage::OnAgenda => Some(Exclusion::OnAgenda),
            Stage::Referred => Some(Exclusion::Referred),
            Stage::Examined => Some(Exclusion::Examined),
            Stage::Converted => Some(Exclusion::Converted),
            _ => None,
        }
    }
}
