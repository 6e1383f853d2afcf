//! What can be attempted, by whom, and how it is handed over the counter.

use super::{
    people::People,
    seeing::secret,
    urging::{Urging, Word},
};
use jianyi::{
    domain::{
        case::{
            AskAnswer, ChangeAsked, ChangeDecision, CoSignatureRefusal, Command, Commitment,
            CommitmentJudgement, CommitmentReport, ConfidentialityForm, ConsultationRecord,
            CorrectionRequest, DecliningForm, DispatchForm, DissatisfactionDecision, EvaluationForm,
            ExtensionDecision, ExtensionRequest, FileFacts, HandBack, HandBackDecision, Handler, KeyCaseForm,
            KeyCaseRelease, Leader, MotionDecision, MotionReport, NoticeAnswer, NoticeDecision, NoticeOrder,
            OpinionRejection, OpinionText, ProgressNote, PublicationForm, Registration, ReplyCorrection,
            ReplyLetter, RevisitRecord, SendingBack, WithdrawalAnswer, WithdrawalRequest,
            procedure::{Action, Target},
        },
        day::Day,
        ids::CaseId,
        words::{
            Audience, Ground, Kind, MotionOutcome, Outcome, Part, Progress, PromiseChange, Publicity,
            Purpose, Satisfaction, Way,
        },
    },
    office::{Build, Desk, Fault, directory},
};
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Who {
    Deputy(usize),
    /// Of the first delegation.
    Secretary,
    /// Of the committee's staff.
    Committee,
    /// Of the committee.
    Leader,
    /// The government office.
    Office,
    Handler(usize),
    Approver(usize),
    Auditor,
    Administrator,
    /// Of the installation.
    Operator,
    /// The committee of another congress.
    Neighbour,
}

/// A change to a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Nothing,
    Title,
    Category,
    Asks(u32),
    /// Into a motion, or into a suggestion.
    Kind(bool),
}

/// A letter of reply; each has a text of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub text: u32,
    pub class: Option<&'static str>,
    pub interim: bool,
    pub publicity: Publicity,
    pub opinions: bool,
    pub answers: Vec<(u32, &'static str)>,
    /// By when each promise is to be kept.
    pub promises: Vec<Day>,
}

#[derive(Clone, Debug)]
pub enum Act {
    Amend(Change),
    Invite(Vec<usize>),
    Uninvite(usize),
    CoSign,
    DeclineCoSigning,
    Attach(u32, Purpose),
    Submit,
    AskCorrection,
    Decline(Ground),
    Register,
    /// And whether a committee is named.
    DecideMotion(MotionOutcome, bool),
    ReportMotion(MotionOutcome),
    /// Into a case of the lane, or into one that does not exist.
    Merge(Option<usize>),
    Dispatch,
    Assign(Vec<(usize, Part)>),
    Accept(u32),
    RequestHandBack(u32),
    DecideHandBack(u32, bool, Option<usize>),
    RequestExtension(u32, Option<Day>),
    DecideExtension(u32, bool),
    Consult(u32, Day, Vec<usize>),
    /// And whether it is for the department alone.
    Note(u32, bool),
    Opinion(u32),
    RejectOpinion(u32),
    Draft(u32, Letter),
    SendBack(u32),
    Sign(u32),
    Reply(u32, Letter),
    Correct(u32, Letter),
    FollowUp(u32, Letter),
    Evaluate {
        result: Satisfaction,
        attitude: Satisfaction,
        text: bool,
        paper: Option<usize>,
    },
    Remind,
    Settle(bool),
    /// With papers, and whether words say what shows it.
    Report(u32, Progress, Vec<u32>, bool),
    Judge(u32, bool, bool),
    /// With a day, and with a department.
    ChangePromise(u32, PromiseChange, Option<Day>, Option<usize>),
    /// And whether a reason is given.
    DecideChange(u32, bool, bool),
    ChooseKey,
    ReleaseKey,
    Confidential(bool),
    NameReaders(Vec<Who>),
    /// With a summary, in which a telephone number may stand; with a ground.
    Publish {
        publicity: Publicity,
        summary: Option<bool>,
        ground: bool,
    },
    Close,
    Withdraw,
    AnswerWithdrawal(bool),
    Revisit {
        day: Day,
        outcome: Outcome,
        class: Option<&'static str>,
        people: bool,
        reopen: bool,
    },
    Urge(Urging),
    /// And by when the rest will be done.
    AnswerNotice(u32, Option<Day>),
    DecideNotice(u32, Word),
}

impl Act {
    /// The assignment that it is about.
    pub fn job(&self) -> Option<u32> {
        match self {
            Act::Accept(n)
            | Act::RequestHandBack(n)
            | Act::DecideHandBack(n, ..)
            | Act::RequestExtension(n, _)
            | Act::DecideExtension(n, _)
            | Act::Consult(n, ..)
            | Act::Note(n, _)
            | Act::Opinion(n)
            | Act::RejectOpinion(n)
            | Act::Draft(n, _)
            | Act::SendBack(n)
            | Act::Sign(n)
            | Act::Reply(n, _)
            | Act::Correct(n, _)
            | Act::FollowUp(n, _) => Some(*n),
            _ => None,
        }
    }

    /// The promise that it is about.
    pub fn promise(&self) -> Option<u32> {
        match self {
            Act::Report(n, ..) | Act::Judge(n, ..) | Act::ChangePromise(n, ..) | Act::DecideChange(n, ..) => {
                Some(*n)
            }
            _ => None,
        }
    }

    /// The notice that it is about.
    pub fn notice(&self) -> Option<u32> {
        match self {
            Act::AnswerNotice(n, _) | Act::DecideNotice(n, _) => Some(*n),
            _ => None,
        }
    }

    pub fn action(&self) -> Action {
        match self {
            Act::Amend(_) => Action::Amend,
            Act::Invite(_) => Action::Invite,
            Act::Uninvite(_) => Action::Uninvite,
            Act::CoSign => Action::CoSign,
            Act::DeclineCoSigning => Action::DeclineCoSigning,
            Act::Attach(..) => Action::Attach,
            Act::Submit => Action::Submit,
            Act::AskCorrection => Action::AskCorrection,
            Act::Decline(_) => Action::Decline,
            Act::Register => Action::Register,
            Act::DecideMotion(..) => Action::DecideMotion,
            Act::ReportMotion(_) => Action::ReportMotion,
            Act::Merge(_) => Action::Merge,
            Act::Dispatch => Action::Dispatch,
            Act::Assign(_) => Action::Assign,
            Act::Accept(_) => Action::Accept,
            Act::RequestHandBack(_) => Action::RequestHandBack,
            Act::DecideHandBack(..) => Action::DecideHandBack,
            Act::RequestExtension(..) => Action::RequestExtension,
            Act::DecideExtension(..) => Action::DecideExtension,
            Act::Consult(..) => Action::Consult,
            Act::Note(..) => Action::NoteProgress,
            Act::Opinion(_) => Action::GiveOpinion,
            Act::RejectOpinion(_) => Action::RejectOpinion,
            Act::Draft(..) => Action::DraftReply,
            Act::SendBack(_) => Action::SendBackReply,
            Act::Sign(_) => Action::SignReply,
            Act::Reply(..) => Action::Reply,
            Act::Correct(..) => Action::CorrectReply,
            Act::FollowUp(..) => Action::FollowUp,
            Act::Evaluate { .. } => Action::Evaluate,
            Act::Remind => Action::RemindEvaluation,
            Act::Settle(_) => Action::SettleDissatisfaction,
            Act::Report(..) => Action::ReportCommitment,
            Act::Judge(..) => Action::JudgeCommitment,
            Act::ChangePromise(..) => Action::ChangeCommitment,
            Act::DecideChange(..) => Action::DecideCommitmentChange,
            Act::ChooseKey => Action::ChooseKeyCase,
            Act::ReleaseKey => Action::ReleaseKeyCase,
            Act::Confidential(_) => Action::DecideConfidentiality,
            Act::NameReaders(_) => Action::NameReaders,
            Act::Publish { .. } => Action::DecidePublication,
            Act::Close => Action::Close,
            Act::Withdraw => Action::Withdraw,
            Act::AnswerWithdrawal(_) => Action::AnswerWithdrawal,
            Act::Revisit { .. } => Action::Revisit,
            Act::Urge(_) => Action::IssueNotice,
            Act::AnswerNotice(..) => Action::AnswerNotice,
            Act::DecideNotice(..) => Action::DecideNotice,
        }
    }

    pub fn target(&self) -> Target {
        Target {
            assignment: self.job(),
            commitment: self.promise(),
            notice: self.notice(),
            ..Target::case(self.action())
        }
    }

    /// As the counter hands it over: the same look-ups as the front door makes, in the same place. `ids` are the lane's
    /// cases, `fresh` the id of the suggestion that a motion may become.
    pub fn build(&self, people: &Arc<People>, ids: &[CaseId], fresh: CaseId) -> Build {
        let (act, people, ids) = (self.clone(), people.clone(), ids.to_vec());
        Arc::new(move |desk, case| act.command(desk, case, &people, &ids, fresh))
    }

    fn command(
        &self,
        desk: &mut Desk<'_>,
        case: &jianyi::domain::case::Case,
        people: &People,
        ids: &[CaseId],
        fresh: CaseId,
    ) -> Result<Command, Fault> {
        let reason = note("理由");
        Ok(match self {
            Act::Amend(change) => Command::Amend(change.amendment()),
            Act::Invite(deputies) => {
                let mut named = Vec::new();
                for (index, deputy) in deputies.iter().enumerate() {
                    let (id, pointer) = (people.deputy(*deputy), format!("/deputies/{index}"));
                    named.push(directory::deputy(desk.db, &case.congress, id, &pointer)?);
                }
                Command::Invite(named)
            }
            Act::Uninvite(deputy) => Command::Uninvite(people.deputy(*deputy)),
            Act::CoSign => Command::CoSign,
            Act::DeclineCoSigning => Command::DeclineCoSigning(CoSignatureRefusal { reason: None }),
            Act::Attach(file, purpose) => Command::Attach(FileFacts {
                name: line("附件.pdf"),
                media_type: "application/pdf".to_owned(),
                size: 1,
                sha256: format!("{file:064x}"),
                purpose: *purpose,
                confidential: secret(*file),
            }),
            Act::Submit => Command::Submit(desk.office.submission_of(desk.db, case, desk.on)?),
            Act::AskCorrection => {
                Command::AskCorrection(CorrectionRequest { reason, points: vec![note("第一点")] })
            }
            Act::Decline(ground) => {
                Command::Decline(DecliningForm { ground: *ground, explanation: reason, passed_on_to: None })
            }
            Act::Register => {
                Command::Register(Registration { number: desk.office.next_number(desk.db, case)? })
            }
            Act::DecideMotion(outcome, named) => Command::DecideMotion(
                MotionDecision {
                    outcome: *outcome,
                    meeting: line("主席团第三次会议"),
                    committee: named.then(|| line("财经委员会")),
                    reason: None,
                },
                fresh,
            ),
            Act::ReportMotion(outcome) => Command::ReportMotion(
                MotionReport {
                    outcome: *outcome,
                    text: text("审议结果报告"),
                    meeting: Some(line("主任会议")),
                },
                fresh,
            ),
            Act::Merge(into) => {
                let id = into.map_or(fresh, |index| ids[index]);
                Command::Merge(Box::new(desk.office.other_case(desk.db, case, id, "/into")?))
            }
            Act::Dispatch => Command::Dispatch(DispatchForm { note: None }),
            Act::Assign(asked) => {
                let mut handlers = Vec::new();
                for (index, (department, part)) in asked.iter().enumerate() {
                    let (id, pointer) =
                        (people.department(*department), format!("/handlers/{index}/department"));
                    let department = directory::department(desk.db, &case.congress, id, &pointer)?;
                    handlers.push(Handler { department, part: *part, note: None, binding: false });
                }
                Command::Assign(handlers)
            }
            Act::Accept(n) => Command::Accept(*n),
            Act::RequestHandBack(n) => {
                Command::RequestHandBack(*n, HandBack { reason, proposed_department: None })
            }
            Act::DecideHandBack(n, granted, next) => {
                let next = next.map(|department| {
                    let id = people.department(department);
                    directory::department(desk.db, &case.congress, id, "/assign_to")
                });
                let decision = HandBackDecision { granted: *granted, reason: None, share_dropped: false };
                Command::DecideHandBack(*n, decision, next.transpose()?)
            }
            Act::RequestExtension(n, until) => {
                Command::RequestExtension(*n, ExtensionRequest { reason, until: *until })
            }
            Act::DecideExtension(n, granted) => {
                Command::DecideExtension(*n, ExtensionDecision { granted: *granted, reason: None })
            }
            Act::Consult(n, day, deputies) => Command::Consult(
                *n,
                ConsultationRecord {
                    day: *day,
                    way: Way::InPerson,
                    deputies: deputies.iter().map(|d| people.deputy(*d)).collect(),
                    by: None,
                    summary: None,
                },
            ),
            Act::Note(n, inside) => {
                let audience = if *inside { Audience::Department } else { Audience::Everybody };
                Command::NoteProgress(*n, ProgressNote { text: reason, audience })
            }
            Act::Opinion(n) => Command::GiveOpinion(*n, OpinionText { text: text("同意") }),
            Act::RejectOpinion(n) => Command::RejectOpinion(*n, OpinionRejection { reason }),
            Act::Draft(n, letter) => Command::DraftReply(*n, letter.written()),
            Act::SendBack(n) => Command::SendBackReply(*n, SendingBack { reason }),
            Act::Sign(n) => Command::SignReply(*n),
            Act::Reply(n, letter) => Command::Reply(*n, letter.written()),
            Act::Correct(n, letter) => {
                Command::CorrectReply(*n, ReplyCorrection { reason, letter: letter.written() })
            }
            Act::FollowUp(n, letter) => Command::FollowUp(*n, letter.written()),
            Act::Evaluate { result, attitude, text, paper } => Command::Evaluate(EvaluationForm {
                attitude: *attitude,
                result: *result,
                text: text.then_some(reason),
                on_behalf_of: paper.map(|d| people.deputy(d)),
            }),
            Act::Remind => Command::RemindEvaluation,
            Act::Settle(rework) => {
                Command::SettleDissatisfaction(DissatisfactionDecision { rework: *rework, reason })
            }
            Act::Report(n, progress, files, shown) => Command::ReportCommitment(
                *n,
                CommitmentReport {
                    progress: *progress,
                    text: reason,
                    evidence: shown.then(|| note("验收单")),
                    attachments: files.clone(),
                },
            ),
            Act::Judge(n, confirmed, text) => Command::JudgeCommitment(
                *n,
                CommitmentJudgement { confirmed: *confirmed, text: text.then_some(reason) },
            ),
            Act::ChangePromise(n, kind, due_on, next) => {
                let next = next.map(|department| {
                    let id = people.department(department);
                    directory::department(desk.db, &case.congress, id, "/department")
                });
                let department = next.transpose()?;
                Command::ChangeCommitment(
                    *n,
                    ChangeAsked { kind: *kind, due_on: *due_on, department, reason },
                )
            }
            Act::DecideChange(n, granted, why) => Command::DecideCommitmentChange(
                *n,
                ChangeDecision { granted: *granted, reason: why.then_some(reason) },
            ),
            Act::ChooseKey => Command::ChooseKeyCase(KeyCaseForm {
                meeting: line("第三十次主任会议"),
                supervisor: line("王副主任"),
                supervised_by: None,
                plan: text("督办方案"),
            }),
            Act::ReleaseKey => Command::ReleaseKeyCase(KeyCaseRelease { reason }),
            Act::Confidential(confidential) => {
                Command::DecideConfidentiality(ConfidentialityForm { confidential: *confidential, reason })
            }
            Act::NameReaders(named) => {
                let named: Vec<_> = named.iter().map(|who| people.actor(*who).user).collect();
                Command::NameReaders(desk.readers(&case.congress, &named)?, Some(reason))
            }
            Act::Publish { publicity, summary, ground } => Command::DecidePublication(PublicationForm {
                publicity: *publicity,
                summary: summary
                    .map(|personal| text(if personal { "请致电13812345678" } else { "摘要" })),
                ground: ground.then_some(reason),
            }),
            Act::Close => Command::Close,
            Act::Withdraw => Command::Withdraw(WithdrawalRequest { reason }),
            Act::AnswerWithdrawal(agrees) => Command::AnswerWithdrawal(WithdrawalAnswer { agrees: *agrees }),
            Act::Urge(urging) => {
                let leader = Leader { title: line("分管副主任"), name: Some(line("张副主任")) };
                let order = NoticeOrder {
                    rung: urging.rung,
                    assignment: Some(urging.job),
                    commitment: None,
                    reason,
                    answer_by: urging.answer_by,
                    leader: urging.leader.then_some(leader),
                };
                Command::IssueNotice(order, desk.office.next_notice(desk.db, &case.congress, urging.rung)?)
            }
            Act::AnswerNotice(n, finished_by) => {
                Command::AnswerNotice(*n, NoticeAnswer { done: reason, finished_by: *finished_by })
            }
            Act::DecideNotice(n, word) => Command::DecideNotice(
                *n,
                NoticeDecision {
                    accepted: word.accepted,
                    reason: word.reason.then_some(reason),
                    answer_by: word.answer_by,
                },
            ),
            Act::Revisit { day, outcome, class, people, reopen } => Command::Revisit(RevisitRecord {
                day: *day,
                way: Way::Visit,
                people: if *people { vec![line("代表工委")] } else { Vec::new() },
                finding: reason,
                evidence: None,
                outcome: *outcome,
                class: class.map(str::to_owned),
                reopen: *reopen,
                campaign: None,
                findings: Vec::new(),
                attachments: Vec::new(),
                supervision_order: false,
                next_on: None,
            }),
        })
    }
}

impl Change {
    fn amendment(self) -> jianyi::domain::case::Amendment {
        let nothing = jianyi::domain::case::Amendment::default();
        match self {
            Change::Nothing => nothing,
            Change::Title => {
                let title = jianyi::domain::text::Text::parse("另一个标题").ok();
                jianyi::domain::case::Amendment { title, ..nothing }
            }
            Change::Category => {
                jianyi::domain::case::Amendment { category: Some(line("城建环保")), ..nothing }
            }
            Change::Asks(count) => {
                let asks = (0..count).map(|n| note(&format!("第{n}条"))).collect();
                jianyi::domain::case::Amendment { asks: Some(asks), ..nothing }
            }
            Change::Kind(motion) => {
                let kind = if motion { Kind::Motion } else { Kind::Suggestion };
                jianyi::domain::case::Amendment { kind: Some(kind), ..nothing }
            }
        }
    }
}

impl Letter {
    fn written(&self) -> ReplyLetter {
        let answer = |(ask, class): &(u32, &str)| AskAnswer {
            ask: *ask,
            class: (*class).to_owned(),
            text: note("答"),
        };
        let promise =
            |due: &Day| Commitment { text: note("承诺年内完成"), due_on: *due, responsible: None };
        ReplyLetter {
            class: self.class.map(str::to_owned),
            // One in eight is nearly equal to another, as letters go.
            text: text(&format!("第{}号答复。{}", self.text, matter(self.text % 8))),
            document_number: None,
            signer: None,
            contact: None,
            publicity: self.publicity,
            opinions_stated: self.opinions.then(|| note("会办单位同意")),
            answers: self.answers.iter().map(answer).collect(),
            commitments: self.promises.iter().map(promise).collect(),
            interim: self.interim,
        }
    }
}

/// A text about one of a few matters, and long enough to be compared.
fn matter(of: u32) -> String {
    (0..80).filter_map(|n| char::from_u32(0x4e00 + of * 500 + n)).collect()
}

pub fn note(words: &str) -> jianyi::domain::text::Note {
    jianyi::domain::text::Text::parse(words).unwrap()
}

pub fn line(words: &str) -> jianyi::domain::text::Line {
    jianyi::domain::text::Text::parse(words).unwrap()
}

pub fn text(words: &str) -> jianyi::domain::text::Body {
    jianyi::domain::text::Text::parse(words).unwrap()
}
