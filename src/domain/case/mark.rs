//! What kind of reader an event is for. Most are for everybody who sees the case; the rest bear a mark, and the case
//! keeps the marks, so that anybody's count of what he sees of it needs no look into the history.

use super::{Case, Event};
use crate::domain::{
    ids::DeputyId,
    ladder::Urged,
    words::{Audience, Purpose, Satisfaction},
};
use serde::{Deserialize, Serialize};

/// Who an event is for, if not for everybody who sees the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// How it came to be handed in: what it said before, who was asked to sign, a wish to withdraw.
    Filing,
    /// A co-handler's opinion, by its assignment.
    Opinion(u32),
    /// A department's own work: drafts, and notes for itself.
    Inside(u32),
    /// A paper, with whose it is.
    File {
        assignment: Option<u32>,
        confidential: bool,
        purpose: Purpose,
    },
    /// That the deputy has not judged yet.
    Reminder,
    Evaluation {
        of: DeputyId,
        counts: bool,
        rejects: bool,
    },
    HandBack(u32),
    /// That a department was urged: for it, the signers and the offices.
    Urged(Urged),
    /// Between a department and the offices alone.
    Notice(Urged),
    /// The offices' own.
    OfficeNotice,
    /// Who is to visit the case 随访.
    Visits,
}

/// A marked event of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {
    pub version: i64,
    pub mark: Mark,
}

impl Event {
    pub fn mark(&self) -> Option<Mark> {
        Some(match self {
            Event::OpinionGiven { assignment, .. } | Event::OpinionRejected { assignment, .. } => {
                Mark::Opinion(*assignment)
            }
            Event::ReplyDrafted { assignment, .. } | Event::ReplySentBack { assignment, .. } => {
                Mark::Inside(*assignment)
            }
            Event::ProgressNoted { note, .. } if note.audience == Audience::Everybody => return None,
            Event::ProgressNoted { assignment, .. } => Mark::Inside(*assignment),
            Event::Attached { file, assignment } => {
                Mark::File { assignment: *assignment, confidential: file.confidential, purpose: file.purpose }
            }
            Event::Drafted(_)
            | Event::Amended(_)
            | Event::CoSignersInvited { .. }
            | Event::CoSignerRemoved { .. }
            | Event::CoSignatureGiven { .. }
            | Event::CoSignatureDeclined { .. }
            | Event::ReturnedForCorrection { .. }
            | Event::WithdrawalAsked { .. }
            | Event::WithdrawalAnswered { .. } => Mark::Filing,
            Event::EvaluationReminded => Mark::Reminder,
            Event::NoticeIssued { notice } => notice.mark(),
            Event::NoticeAnswered { urged, .. } | Event::NoticeDecided { urged, .. } => Mark::Notice(*urged),
            Event::Evaluated { deputy, counts, form } => Mark::Evaluation {
                of: deputy.id,
                counts: *counts,
                rejects: form.result == Satisfaction::Unsatisfied,
            },
            Event::HandBackRequested { assignment, .. } | Event::HandBackDecided { assignment, .. } => {
                Mark::HandBack(*assignment)
            }
            Event::VisitorsNamed { .. } => Mark::Visits,
            _ => return None,
        })
    }
}

/// Remembers an event's mark.
pub(super) fn noted(case: &mut Case, version: i64, event: &Event) {
    case.marks.extend(event.mark().map(|mark| Marked { version, mark }));
}
