//! The reference: what each step leaves in the ledger, and whom it is for.

use super::{
    acts::{Act, Who},
    reference::{Case, Reference, Stands},
    urging::between,
};
use jianyi::domain::words::{Part, Purpose, Satisfaction, Stage};

/// Whom an event is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// Everybody who sees the case.
    All,
    /// How it came to be handed in: its signers and the congress.
    Filing,
    /// A co-handler's opinion: the lead handler, the office that hands out, the congress.
    Opinion(u32),
    /// A department's own work.
    Inside(u32),
    /// A paper, with the department's part where one attached it.
    Paper {
        job: Option<u32>,
        secret: bool,
        purpose: Purpose,
    },
    /// That the deputy is silent.
    Silence,
    Judgement {
        by: usize,
        counts: bool,
        rejects: bool,
    },
    /// That a department wants to be rid of it.
    HandBack(u32),
    /// That a department was urged: the signers, the offices and itself.
    Urged(u32),
    /// What it says to that, and what it is told.
    Notice(u32),
}

/// An event: its name in the ledger, and whom it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    pub kind: &'static str,
    pub whom: For,
}

pub fn told(kind: &'static str) -> Told {
    Told { kind, whom: For::All }
}

pub fn told_to(kind: &'static str, whom: For) -> Told {
    Told { kind, whom }
}

/// A case as far as somebody may open it.
#[derive(Debug, PartialEq, Eq)]
pub enum Shown {
    /// It does not exist for him.
    Hidden,
    /// He is told that it is confidential.
    Unnamed,
    /// Its history as he reads it.
    History(Vec<&'static str>),
}

/// Every third file is marked confidential.
pub fn secret(file: u32) -> bool {
    file.is_multiple_of(3)
}

impl Reference {
    /// What somebody reads of a case's history.
    pub fn shown(&self, who: Who, case: &Case) -> Shown {
        match self.stands(who, case) {
            None => Shown::Hidden,
            Some(Stands::Unnamed) => Shown::Unnamed,
            Some(stands) => {
                let told = case.history.iter().filter(|it| reads(who, stands, case, it.whom));
                Shown::History(told.map(|it| it.kind).collect())
            }
        }
    }

    /// The version that somebody sees of a case, where he may open it.
    pub fn version(&self, who: Who, case: &Case) -> Option<i64> {
        match self.shown(who, case) {
            Shown::History(events) => Some(events.len() as i64),
            _ => None,
        }
    }

    /// Whether somebody who may open a case gets one of its papers, by its number.
    pub fn reads_paper(&self, who: Who, case: &Case, number: usize) -> bool {
        let stands = self.stands(who, case);
        let filed = case.files.get(number.wrapping_sub(1));
        stands.zip(filed).is_some_and(|(stands, (file, purpose, job))| {
            reads(who, stands, case, paper(*file, *purpose, *job).whom)
        })
    }

    /// What a step that was taken left in the ledger; `case` is as it stands after it.
    pub fn left_by(&self, act: &Act, case: &Case, events: i64) -> Vec<Told> {
        let one = |kind, whom| vec![told_to(kind, whom)];
        let mut left = match act {
            Act::Amend(_) => one("amended", For::Filing),
            Act::Invite(_) => one("co_signers_invited", For::Filing),
            Act::Uninvite(_) => one("co_signer_removed", For::Filing),
            Act::CoSign => one("co_signature_given", For::Filing),
            Act::DeclineCoSigning => one("co_signature_declined", For::Filing),
            Act::AskCorrection => one("returned_for_correction", For::Filing),
            Act::Attach(..) => vec![case.last_paper()],
            Act::Submit => vec![told("submitted")],
            Act::Decline(_) => vec![told("declined")],
            Act::Register => vec![told("registered")],
            Act::DecideMotion(..) => vec![told("motion_decided")],
            Act::ReportMotion(_) => vec![told("motion_reported")],
            Act::Merge(_) => vec![told("merged")],
            Act::Dispatch => vec![told("dispatched")],
            Act::Assign(_) => vec![told("assigned")],
            Act::Accept(_) => vec![told("accepted")],
            Act::RequestHandBack(job) => one("hand_back_requested", For::HandBack(*job)),
            // Who has it instead is no secret.
            Act::DecideHandBack(job, ..) => {
                vec![told_to("hand_back_decided", For::HandBack(*job)), told("assigned")]
            }
            Act::RequestExtension(..) => vec![told("extension_requested"), told("extension_decided")],
            Act::DecideExtension(..) => vec![told("extension_decided")],
            Act::Consult(..) => vec![told("consulted")],
            Act::Note(_, false) => vec![told("progress_noted")],
            Act::Note(job, true) => one("progress_noted", For::Inside(*job)),
            Act::Opinion(job) => one("opinion_given", For::Opinion(*job)),
            Act::RejectOpinion(job) => one("opinion_rejected", For::Opinion(*job)),
            Act::Draft(job, _) => one("reply_drafted", For::Inside(*job)),
            Act::SendBack(job) => one("reply_sent_back", For::Inside(*job)),
            Act::Sign(_) | Act::Reply(..) | Act::Correct(..) | Act::FollowUp(..) => vec![told("replied")],
            Act::Evaluate { .. } => {
                let it = case.judged.last().unwrap();
                let rejects = it.result == Satisfaction::Unsatisfied;
                let whom = For::Judgement { by: it.by, counts: it.counts, rejects };
                vec![told_to("evaluated", whom), told("rework_ordered")]
            }
            Act::Remind => one("evaluation_reminded", For::Silence),
            Act::Settle(true) => vec![told("rework_ordered")],
            Act::Settle(false) => vec![told("dissatisfaction_settled")],
            Act::Report(..) => vec![told("commitment_reported")],
            Act::Judge(..) => vec![told("commitment_judged")],
            // The committee's own wish is its decision.
            Act::ChangePromise(..) => {
                vec![told("commitment_change_asked"), told("commitment_change_decided")]
            }
            Act::DecideChange(..) => vec![told("commitment_change_decided")],
            Act::ChooseKey => vec![told("key_case_chosen")],
            Act::ReleaseKey => vec![told("key_case_released")],
            Act::Confidential(_) => vec![told("confidentiality_decided")],
            Act::NameReaders(_) => vec![told("readers_named")],
            Act::Publish { .. } => vec![told("publication_decided")],
            Act::Close => vec![told("closed")],
            // A wish is the signers' and the congress's; that it is gone is everybody's to know.
            Act::Withdraw if case.stage != Stage::Withdrawn => one("withdrawal_asked", For::Filing),
            Act::Withdraw => vec![told("withdrawn")],
            Act::AnswerWithdrawal(_) => {
                vec![told_to("withdrawal_answered", For::Filing), told("withdrawn")]
            }
            Act::Revisit { .. } => vec![told("revisited")],
            Act::Urge(urging) => one("notice_issued", For::Urged(urging.job)),
            Act::AnswerNotice(number, _) => one("notice_answered", between(case, *number)),
            Act::DecideNotice(number, _) => one("notice_decided", between(case, *number)),
        };
        assert!(left.len() >= events as usize, "{act:?} left {events} events");
        left.truncate(events as usize);
        left
    }
}

/// Whether somebody who stands so to a case reads an event of its history.
fn reads(who: Who, stands: Stands, case: &Case, whom: For) -> bool {
    use Stands::{Asked, CoSigner, Committee, Handles, Lead, Office, Reads, Secretary, Unnamed};
    let signs = matches!(stands, Lead | CoSigner | Asked);
    let congress = matches!(stands, Committee { .. } | Reads);
    let (own, part) = match stands {
        Handles(number) => (Some(number), Some(case.job(number).part)),
        _ => (None, None),
    };
    // Who has the whole case, and not a share of it or a word to it.
    let whole = matches!(part, Some(Part::Sole | Part::Lead));
    // Who answers for the case, or hands it out.
    let answers = stands == Office || part.is_some_and(|part| part != Part::Co);
    if stands == Unnamed {
        return false;
    }
    match whom {
        For::All => true,
        For::Filing => signs || congress || stands == Secretary,
        For::Opinion(job) => congress || stands == Office || whole || own == Some(job),
        // The auditors see all; the committee does not look into a department.
        For::Inside(job) => stands == Reads || own == Some(job),
        For::HandBack(job) => congress || stands == Office || whole || own == Some(job),
        // What is confidential stays with those who need it: a deputy's own paper with its signers, the congress and
        // whoever answers for the case; a department's with itself and the congress.
        For::Paper { job: None, secret: true, .. } => signs || congress || answers,
        For::Paper { job: Some(job), secret: true, .. } => congress || own == Some(job),
        // Working papers stay with the offices.
        For::Paper { purpose: Purpose::Handling, .. } => congress || stands == Office || own.is_some(),
        For::Paper { .. } => true,
        For::Urged(job) => signs || congress || stands == Office || own == Some(job),
        For::Notice(job) => congress || stands == Office || own == Some(job),
        For::Silence => signs || congress || released(stands, case),
        For::Judgement { by, counts, rejects } => match stands {
            _ if congress => true,
            _ if signs => who == Who::Deputy(by),
            // Who must answer again has to know why.
            _ => (counts && rejects) || released(stands, case),
        },
    }
}

/// The offices read how it was judged once the case is closed, when nobody can press the deputy any more.
fn released(stands: Stands, case: &Case) -> bool {
    matches!(stands, Stands::Office | Stands::Handles(_) | Stands::Keeps) && case.stage == Stage::Closed
}

impl Case {
    fn last_paper(&self) -> Told {
        let (file, purpose, job) = self.files.last().unwrap();
        paper(*file, *purpose, *job)
    }
}

pub fn paper(file: u32, purpose: Purpose, job: Option<u32>) -> Told {
    told_to("attached", For::Paper { job, secret: secret(file), purpose })
}
