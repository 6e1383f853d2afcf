//! From a command to events, or a refusal.

use super::{
    procedure::{self, Action, Target},
    *,
};
use crate::domain::actor::Role;

/// What is asked of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Amend(Amendment),
    Invite(Vec<DeputyRef>),
    Uninvite(DeputyId),
    CoSign,
    DeclineCoSigning(CoSignatureRefusal),
    Attach(FileFacts),
    Submit(Submission),
    AskCorrection(CorrectionRequest),
    Decline(DecliningForm),
    Register(Registration),
    /// With the id of the suggestion that the motion may become.
    DecideMotion(MotionDecision, CaseId),
    ReportMotion(MotionReport, CaseId),
    /// With the case that is to lead.
    Merge(Box<Case>),
    Dispatch(DispatchForm),
    Assign(Vec<Handler>),
    Accept(u32),
    RequestHandBack(u32, HandBack),
    /// With the department that is to have it instead, where the decider names one.
    DecideHandBack(u32, HandBackDecision, Option<DepartmentRef>),
    RequestExtension(u32, ExtensionRequest),
    DecideExtension(u32, ExtensionDecision),
    Consult(u32, ConsultationRecord),
    NoteProgress(u32, ProgressNote),
    GiveOpinion(u32, OpinionText),
    RejectOpinion(u32, OpinionRejection),
    DraftReply(u32, ReplyLetter),
    SendBackReply(u32, SendingBack),
    SignReply(u32),
    Reply(u32, ReplyLetter),
    CorrectReply(u32, ReplyCorrection),
    FollowUp(u32, ReplyLetter),
    Evaluate(EvaluationForm),
    RemindEvaluation,
    SettleDissatisfaction(DissatisfactionDecision),
    ReportCommitment(u32, CommitmentReport),
    JudgeCommitment(u32, CommitmentJudgement),
    ChangeCommitment(u32, ChangeAsked),
    DecideCommitmentChange(u32, ChangeDecision),
    ChooseKeyCase(KeyCaseForm),
    ReleaseKeyCase(KeyCaseRelease),
    DecideConfidentiality(ConfidentialityForm),
    NameReaders(Vec<Reader>, Option<Note>),
    DecidePublication(PublicationForm),
    Close,
    Withdraw(WithdrawalRequest),
    AnswerWithdrawal(WithdrawalAnswer),
    Revisit(RevisitRecord),
    /// With the number that the office drew for it.
    IssueNotice(NoticeOrder, Number),
    AnswerNotice(u32, NoticeAnswer),
    DecideNotice(u32, NoticeDecision),
}

impl Command {
    /// The step of the procedure that this command takes, and on which assignment or promise.
    pub fn target(&self) -> Target {
        use Action as A;
        match self {
            Command::Amend(_) => Target::case(A::Amend),
            Command::Invite(_) => Target::case(A::Invite),
            Command::Uninvite(_) => Target::case(A::Uninvite),
            Command::CoSign => Target::case(A::CoSign),
            Command::DeclineCoSigning(_) => Target::case(A::DeclineCoSigning),
            Command::Attach(_) => Target::case(A::Attach),
            Command::Submit(_) => Target::case(A::Submit),
            Command::AskCorrection(_) => Target::case(A::AskCorrection),
            Command::Decline(_) => Target::case(A::Decline),
            Command::Register(_) => Target::case(A::Register),
            Command::DecideMotion(..) => Target::case(A::DecideMotion),
            Command::ReportMotion(..) => Target::case(A::ReportMotion),
            Command::Merge(_) => Target::case(A::Merge),
            Command::Dispatch(_) => Target::case(A::Dispatch),
            Command::Assign(_) => Target::case(A::Assign),
            Command::Accept(n) => Target::assignment(A::Accept, *n),
            Command::RequestHandBack(n, _) => Target::assignment(A::RequestHandBack, *n),
            Command::DecideHandBack(n, ..) => Target::assignment(A::DecideHandBack, *n),
            Command::RequestExtension(n, _) => Target::assignment(A::RequestExtension, *n),
            Command::DecideExtension(n, _) => Target::assignment(A::DecideExtension, *n),
            Command::Consult(n, _) => Target::assignment(A::Consult, *n),
            Command::NoteProgress(n, _) => Target::assignment(A::NoteProgress, *n),
            Command::GiveOpinion(n, _) => Target::assignment(A::GiveOpinion, *n),
            Command::RejectOpinion(n, _) => Target::assignment(A::RejectOpinion, *n),
            Command::DraftReply(n, _) => Target::assignment(A::DraftReply, *n),
            Command::SendBackReply(n, _) => Target::assignment(A::SendBackReply, *n),
            Command::SignReply(n) => Target::assignment(A::SignReply, *n),
            Command::Reply(n, _) => Target::assignment(A::Reply, *n),
            Command::CorrectReply(n, _) => Target::assignment(A::CorrectReply, *n),
            Command::FollowUp(n, _) => Target::assignment(A::FollowUp, *n),
            Command::Evaluate(_) => Target::case(A::Evaluate),
            Command::RemindEvaluation => Target::case(A::RemindEvaluation),
            Command::SettleDissatisfaction(_) => Target::case(A::SettleDissatisfaction),
            Command::ReportCommitment(n, _) => Target::commitment(A::ReportCommitment, *n),
            Command::JudgeCommitment(n, _) => Target::commitment(A::JudgeCommitment, *n),
            Command::ChangeCommitment(n, _) => Target::commitment(A::ChangeCommitment, *n),
            Command::DecideCommitmentChange(n, _) => Target::commitment(A::DecideCommitmentChange, *n),
            Command::ChooseKeyCase(_) => Target::case(A::ChooseKeyCase),
            Command::ReleaseKeyCase(_) => Target::case(A::ReleaseKeyCase),
            Command::DecideConfidentiality(_) => Target::case(A::DecideConfidentiality),
            Command::NameReaders(..) => Target::case(A::NameReaders),
            Command::DecidePublication(_) => Target::case(A::DecidePublication),
            Command::Close => Target::case(A::Close),
            Command::Withdraw(_) => Target::case(A::Withdraw),
            Command::AnswerWithdrawal(_) => Target::case(A::AnswerWithdrawal),
            Command::Revisit(_) => Target::case(A::Revisit),
            Command::IssueNotice(..) => Target::case(A::IssueNotice),
            Command::AnswerNotice(n, _) => Target::notice(A::AnswerNotice, *n),
            Command::DecideNotice(n, _) => Target::notice(A::DecideNotice, *n),
        }
    }
}

/// Decides a command on an existing case.
///
/// Who may give it is the gate's question; outside of `domain` only its `Entitled` comes here.
///
/// # Errors
/// `Rejection::Refused` when the case's state does not allow it, with what is missing and who can supply it;
/// `Rejection::Invalid` when the command itself is wrong, with a JSON pointer to the field.
pub(in crate::domain) fn decide(
    case: &Case,
    command: Command,
    context: Context<'_>,
) -> Result<Vec<Event>, Rejection> {
    if context.on < case.latest_on {
        return Err(Rejection::before_latest(case.latest_on));
    }
    procedure::guard(case, command.target(), context)?;
    let event = match command {
        Command::Amend(amendment) => submission::amend(case, amendment)?,
        Command::Invite(deputies) => cosigning::invite(case, deputies)?,
        Command::Uninvite(deputy) => cosigning::uninvite(case, deputy)?,
        Command::CoSign => Event::CoSignatureGiven { deputy: cosigning::answering(case, context.deputy()?)? },
        Command::DeclineCoSigning(refusal) => Event::CoSignatureDeclined {
            deputy: cosigning::answering(case, context.deputy()?)?,
            reason: refusal.reason,
        },
        Command::Attach(file) => attachment::attach(case, file, context)?,
        Command::Submit(submission) => submission::submit(case, submission, context)?,
        Command::AskCorrection(asked) => examination::ask_correction(asked)?,
        Command::Decline(form) => examination::decline(form, context)?,
        Command::Register(registration) => registration::register(registration),
        Command::DecideMotion(decision, suggestion) => motion::decide(decision, Some(suggestion))?,
        Command::ReportMotion(report, suggestion) => motion::report(report, Some(suggestion))?,
        Command::Merge(main) => merger::merge(case, &main)?,
        Command::Dispatch(form) => Event::Dispatched { form },
        Command::Assign(handlers) => assignment::assign(case, handlers, context)?,
        Command::Accept(assignment) => Event::Accepted { assignment },
        Command::RequestHandBack(assignment, hand_back) => Event::HandBackRequested { assignment, hand_back },
        Command::DecideHandBack(assignment, decision, next) => {
            return hand_back::decide(case, assignment, decision, next, context);
        }
        Command::RequestExtension(assignment, request) => {
            return extension::request(case, assignment, request, context);
        }
        Command::DecideExtension(assignment, decision) => {
            extension::decide(case, assignment, decision, context)?
        }
        Command::Consult(assignment, record) => consultation::consult(case, assignment, record, context)?,
        Command::NoteProgress(assignment, note) => Event::ProgressNoted { assignment, note },
        Command::GiveOpinion(assignment, opinion) => Event::OpinionGiven { assignment, opinion },
        Command::RejectOpinion(assignment, rejection) => Event::OpinionRejected { assignment, rejection },
        Command::DraftReply(assignment, letter) => handling::draft(case, assignment, letter, context)?,
        Command::SendBackReply(assignment, back) => Event::ReplySentBack { assignment, reason: back.reason },
        Command::SignReply(assignment) => handling::sign(case, assignment, context)?,
        Command::Reply(assignment, letter) => reply::reply(case, assignment, letter, context)?,
        Command::CorrectReply(assignment, correction) => {
            reply::correct(case, assignment, correction, context)?
        }
        Command::FollowUp(assignment, letter) => reply::follow_up(case, assignment, letter, context)?,
        Command::Evaluate(form) => return evaluation::evaluate(case, form, context),
        Command::RemindEvaluation => Event::EvaluationReminded,
        Command::SettleDissatisfaction(decision) => dissatisfaction::settle(decision),
        Command::ReportCommitment(number, report) => commitment::report(case, number, report, context)?,
        Command::JudgeCommitment(number, judgement) => commitment::judge(number, judgement)?,
        Command::ChangeCommitment(number, asked) => {
            return commitment_change::ask(case, number, asked, context);
        }
        Command::DecideCommitmentChange(number, decision) => commitment_change::decide(number, decision)?,
        Command::ChooseKeyCase(form) => key_case::choose(form, context),
        Command::ReleaseKeyCase(release) => Event::KeyCaseReleased { reason: release.reason },
        Command::DecideConfidentiality(form) => publication::decide_confidentiality(case, form, context)?,
        Command::NameReaders(readers, reason) => publication::name_readers(case, readers, reason)?,
        Command::DecidePublication(form) => publication::decide(case, form)?,
        Command::Close => Event::Closed,
        Command::Withdraw(request) => withdrawal::withdraw(case, request, context),
        Command::AnswerWithdrawal(answer) => {
            return withdrawal::answer(case, context.deputy()?, &answer);
        }
        Command::Revisit(record) => revisit::revisit(case, record, context)?,
        Command::IssueNotice(order, document) => notice::issue(case, order, document, context)?,
        Command::AnswerNotice(number, answer) => notice::answer(case, number, answer, context.on)?,
        Command::DecideNotice(number, decision) => notice::decide(case, number, decision, context)?,
    };
    Ok(vec![event])
}

impl Context<'_> {
    /// The deputy who acts for himself.
    fn deputy(&self) -> Result<DeputyId, Rejection> {
        match self.actor.role {
            Role::Deputy { deputy } => Ok(deputy),
            _ => Err(Rejection::invalid("", "由代表本人办理", "a deputy does this himself")),
        }
    }
}
