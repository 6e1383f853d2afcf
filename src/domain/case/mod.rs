//! A case 办件: what it is, what may be asked of it, what happened to it.
//!
//! `decide` turns a command into events or a refusal, `Case::after` folds an event; nothing else changes a case.
//! One file per step of the procedure; `procedure.rs` is the table of all of them.

mod assignment;
mod consultation;
mod evaluation;
mod event;
mod extension;
mod hand_back;
mod opinion;
pub mod procedure;
mod refusal;
mod registration;
mod reply;
mod revisit;
mod submission;
mod withdrawal;

pub use assignment::{Assignment, AssignmentOrder, Handler};
pub use consultation::{Consultation, ConsultationRecord};
pub use evaluation::{Evaluation, EvaluationForm};
pub use event::{Event, Recorded};
pub use extension::{Extension, ExtensionDecision, ExtensionRequest};
pub use hand_back::{HandBack, HandBackDecision, HandBackRequest};
pub use opinion::{Opinion, OpinionText};
pub use refusal::{Refusal, Rejection};
pub use registration::{Number, Registration};
pub use reply::{Commitment, Reply, ReplyLetter};
pub use revisit::{Revisit, RevisitRecord};
pub use submission::{Amendment, Draft};
pub use withdrawal::WithdrawalRequest;

use super::{
    actor::Actor,
    calendar::Calendar,
    day::Day,
    ids::{CaseId, CongressId, DepartmentId, DeputyId, SessionId},
    policy::Policy,
    text::{Body, Line, Title},
    words::{Channel, Kind, Origin, Part, Satisfaction, Stage},
};
use procedure::{Action, Target};
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
    /// How many events were folded; the ETag.
    pub version: i64,
    pub stage: Stage,
    pub kind: Kind,
    pub title: Title,
    pub body: Body,
    pub category: Option<Line>,
    /// 领衔代表
    pub lead: DeputyRef,
    /// 附议代表
    pub co_signers: Vec<DeputyRef>,
    pub session: Option<SessionId>,
    pub origin: Option<Origin>,
    /// Fixed at submission, and once more at the first assignment.
    pub policy: Option<PolicyRef>,
    pub number: Option<Number>,
    /// The legal day of the latest event; no later event may take effect before it.
    pub latest_on: Day,
    pub submitted_on: Option<Day>,
    pub registered_on: Option<Day>,
    /// The case's own clock starts here, and a hand-back does not reset it.
    pub assigned_on: Option<Day>,
    pub assignments: Vec<Assignment>,
    pub extension: Option<Extension>,
    pub consultations: Vec<Consultation>,
    pub replies: Vec<Reply>,
    /// The result class that holds now: the latest final reply's, or what a revisit found.
    pub class: Option<String>,
    pub evaluations: Vec<Evaluation>,
    pub closed_on: Option<Day>,
    pub withdrawn_on: Option<Day>,
    pub revisits: Vec<Revisit>,
}

/// What is asked of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Amend(Amendment),
    Submit(Submission),
    Register(Registration),
    Assign(Vec<Handler>),
    Accept(u32),
    RequestHandBack(u32, HandBack),
    DecideHandBack(u32, HandBackDecision),
    RequestExtension(u32, ExtensionRequest),
    DecideExtension(u32, ExtensionDecision),
    Consult(u32, ConsultationRecord),
    GiveOpinion(u32, OpinionText),
    Reply(u32, ReplyLetter),
    Evaluate(EvaluationForm),
    Close,
    Withdraw(WithdrawalRequest),
    Revisit(RevisitRecord),
}

/// Where and under which rules a case is filed; the office finds it from the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    pub session: SessionId,
    pub origin: Origin,
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

/// Decides a command on an existing case.
///
/// Who may give it is the gate's question (`domain::gate`), asked before this one.
///
/// # Errors
/// `Rejection::Refused` when the case's state does not allow it, with what is missing and who can supply it;
/// `Rejection::Invalid` when the command itself is wrong, with a JSON pointer to the field.
pub fn decide(case: &Case, command: Command, context: Context<'_>) -> Result<Vec<Event>, Rejection> {
    if context.on < case.latest_on {
        return Err(Rejection::before_latest(case.latest_on));
    }
    procedure::guard(case, command.target(), context)?;
    let event = match command {
        Command::Amend(amendment) => submission::amend(amendment)?,
        Command::Submit(submission) => submission::submit(submission, context),
        Command::Register(registration) => registration::register(registration),
        Command::Assign(handlers) => assignment::assign(case, handlers, context)?,
        Command::Accept(assignment) => Event::Accepted { assignment },
        Command::RequestHandBack(assignment, hand_back) => Event::HandBackRequested { assignment, hand_back },
        Command::DecideHandBack(assignment, decision) => Event::HandBackDecided { assignment, decision },
        Command::RequestExtension(assignment, request) => {
            extension::request(case, assignment, request, context)?
        }
        Command::DecideExtension(assignment, decision) => Event::ExtensionDecided { assignment, decision },
        Command::Consult(assignment, record) => consultation::consult(case, assignment, record, context)?,
        Command::GiveOpinion(assignment, opinion) => Event::OpinionGiven { assignment, opinion },
        Command::Reply(assignment, letter) => reply::reply(case, assignment, letter, context)?,
        Command::Evaluate(form) => evaluation::evaluate(case, form, context)?,
        Command::Close => Event::Closed,
        Command::Withdraw(request) => Event::Withdrawn { reason: request.reason },
        Command::Revisit(record) => revisit::revisit(case, record, context)?,
    };
    Ok(vec![event])
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

impl Command {
    /// The step of the procedure that this command takes, and on which assignment.
    pub fn target(&self) -> Target {
        let (action, assignment) = match self {
            Command::Amend(_) => (Action::Amend, None),
            Command::Submit(_) => (Action::Submit, None),
            Command::Register(_) => (Action::Register, None),
            Command::Assign(_) => (Action::Assign, None),
            Command::Accept(n) => (Action::Accept, Some(*n)),
            Command::RequestHandBack(n, _) => (Action::RequestHandBack, Some(*n)),
            Command::DecideHandBack(n, _) => (Action::DecideHandBack, Some(*n)),
            Command::RequestExtension(n, _) => (Action::RequestExtension, Some(*n)),
            Command::DecideExtension(n, _) => (Action::DecideExtension, Some(*n)),
            Command::Consult(n, _) => (Action::Consult, Some(*n)),
            Command::GiveOpinion(n, _) => (Action::GiveOpinion, Some(*n)),
            Command::Reply(n, _) => (Action::Reply, Some(*n)),
            Command::Evaluate(_) => (Action::Evaluate, None),
            Command::Close => (Action::Close, None),
            Command::Withdraw(_) => (Action::Withdraw, None),
            Command::Revisit(_) => (Action::Revisit, None),
        };
        Target { action, assignment }
    }
}

impl Case {
    /// The case as its first event left it; `None` if that event does not begin a case.
    pub fn begin(first: &Recorded) -> Option<Case> {
        let Event::Drafted(draft) = &first.event else { return None };
        Some(Case {
            id: draft.id,
            congress: draft.congress.clone(),
            version: 1,
            stage: Stage::Draft,
            kind: draft.kind,
            title: draft.title.clone(),
            body: draft.body.clone(),
            category: draft.category.clone(),
            lead: draft.lead.clone(),
            co_signers: draft.co_signers.clone(),
            session: None,
            origin: None,
            policy: None,
            number: None,
            latest_on: first.occurred_on,
            submitted_on: None,
            registered_on: None,
            assigned_on: None,
            assignments: Vec::new(),
            extension: None,
            consultations: Vec::new(),
            replies: Vec::new(),
            class: None,
            evaluations: Vec::new(),
            closed_on: None,
            withdrawn_on: None,
            revisits: Vec::new(),
        })
    }

    /// The case after one more event.
    pub fn after(mut self, recorded: &Recorded) -> Case {
        let on = recorded.occurred_on;
        self.version += 1;
        self.latest_on = on;
        match &recorded.event {
            Event::Drafted(_) => {}
            Event::Amended(amendment) => submission::amended(&mut self, amendment),
            Event::Submitted { session, origin, policy } => {
                self.stage = Stage::Submitted;
                self.submitted_on = Some(on);
                self.session = Some(session.clone());
                self.origin = Some(*origin);
                self.policy = Some(policy.clone());
            }
            Event::Registered { number } => {
                self.stage = Stage::Registered;
                self.registered_on = Some(on);
                self.number = Some(number.clone());
            }
            Event::Assigned { handlers, policy } => assignment::assigned(&mut self, handlers, policy, on),
            Event::Accepted { assignment } => assignment::accepted(&mut self, *assignment, on),
            Event::HandBackRequested { assignment, hand_back } => {
                hand_back::requested(&mut self, *assignment, hand_back, on);
            }
            Event::HandBackDecided { assignment, decision } => {
                hand_back::decided(&mut self, *assignment, decision, on);
            }
            Event::ExtensionRequested { assignment, until, reason } => {
                extension::requested(&mut self, *assignment, *until, reason, on);
            }
            Event::ExtensionDecided { decision, .. } => extension::decided(&mut self, decision, on),
            Event::Consulted { assignment, record } => {
                consultation::consulted(&mut self, *assignment, record, on)
            }
            Event::OpinionGiven { assignment, opinion } => {
                opinion::given(&mut self, *assignment, opinion, on)
            }
            Event::Replied { assignment, letter } => reply::replied(&mut self, *assignment, letter, on),
            Event::Evaluated { deputy, counts, form } => {
                let evaluation = Evaluation {
                    deputy: deputy.clone(),
                    reply: self.final_reply().map_or(0, |r| r.number),
                    attitude: form.attitude,
                    result: form.result,
                    text: form.text.clone(),
                    on,
                    counts: *counts,
                    from_paper: recorded.author.role != "deputy",
                };
                self.evaluations.push(evaluation);
            }
            Event::Closed => {
                self.stage = Stage::Closed;
                self.closed_on = Some(on);
            }
            Event::Withdrawn { .. } => {
                self.stage = Stage::Withdrawn;
                self.withdrawn_on = Some(on);
            }
            Event::Revisited(revisit) => revisit::revisited(&mut self, revisit),
        }
        self
    }

    /// The whole history folded; `None` if it does not begin with a draft.
    pub fn fold<'e>(history: impl IntoIterator<Item = &'e Recorded>) -> Option<Case> {
        let mut history = history.into_iter();
        let first = Case::begin(history.next()?)?;
        Some(history.fold(first, Case::after))
    }

    pub fn assignment(&self, number: u32) -> Option<&Assignment> {
        self.assignments.iter().find(|a| a.number == number)
    }

    fn assignment_mut(&mut self, number: u32) -> Option<&mut Assignment> {
        self.assignments.iter_mut().find(|a| a.number == number)
    }

    /// The department that answers for the case now: its open sole or lead handler.
    pub fn answering(&self) -> Option<&Assignment> {
        self.assignments.iter().find(|a| a.part != Part::Co && a.is_open())
    }

    /// The reply in force: the latest final one.
    pub fn final_reply(&self) -> Option<&Reply> {
        self.replies.iter().rev().find(|reply| !reply.letter.interim)
    }

    /// The day of the first final reply, which the reply term is measured by.
    pub fn replied_on(&self) -> Option<Day> {
        self.replies.iter().find(|reply| !reply.letter.interim).map(|reply| reply.on)
    }

    pub fn is_signer(&self, deputy: DeputyId) -> bool {
        self.lead.id == deputy || self.co_signers.iter().any(|d| d.id == deputy)
    }

    /// The evaluation that counts under the policy, of the reply in force; silence counts as none.
    pub fn counted_evaluation(&self) -> Option<Satisfaction> {
        evaluation::counted(self)
    }
}
