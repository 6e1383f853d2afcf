//! How much of a case somebody sees: which events of its history, and which parts of its view.

use super::{Relation, relation};
use crate::domain::{
    actor::{Actor, Role},
    case::{Case, Event, FileFacts, Recorded},
    deadline::Deadline,
    ids::{DepartmentId, DeputyId},
    ladder::Urged,
    policy::TermKind,
    text::Note,
    words::{Audience, Part, Purpose, Satisfaction, Stage},
};

pub use crate::domain::case::Mark;

/// How much of a case an actor sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    opinions: Opinions,
    evaluations: Evaluations,
    inside: Inside,
    /// Whether the case is the reader's own: he signed it, answers for it, or hands it out.
    answers: bool,
    /// How it came to be handed in: who was asked to sign, what was to be corrected.
    filing: bool,
    /// Requests to hand back and their answers: between departments and the congress.
    hand_backs: bool,
    notices: Notices,
    /// Who is to visit it: a visit that was announced finds what was prepared for it.
    visits: bool,
}

/// Which notices 三单 are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Notices {
    All,
    /// That a department was urged; not what it answered.
    Urged,
    /// A department's: for its part of the case, and for promises that it keeps without one.
    Own {
        assignment: Option<u32>,
        department: Option<DepartmentId>,
    },
    None,
}

impl Notices {
    fn are_his(self, urged: Urged) -> bool {
        match (self, urged) {
            (Notices::Own { assignment, .. }, Urged::Assignment(asked)) => assignment == Some(asked),
            (Notices::Own { department, .. }, Urged::Keeper(asked)) => department == Some(asked),
            _ => false,
        }
    }
}

/// Whose 会办意见 are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opinions {
    All,
    Own(u32),
    None,
}

/// Whose evaluations are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Evaluations {
    All,
    Own(DeputyId),
    /// Those that send the case back, since who must answer again has to know why. The rest is sealed until the case is
    /// closed, so that nobody can press the deputy.
    Rejections,
}

/// Which department's inner work is shown: its notes, and drafts of its replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    All,
    Own(u32),
    None,
}

/// How much of the case the actor sees; `None` where it does not exist for him.
pub(super) fn sight(actor: &Actor, case: &Case) -> Option<Sight> {
    let all = Sight {
        opinions: Opinions::All,
        evaluations: Evaluations::All,
        inside: Inside::None,
        answers: true,
        filing: true,
        hand_backs: true,
        notices: Notices::All,
        visits: false,
    };
    let released = match case.stage {
        Stage::Closed => Evaluations::All,
        _ => Evaluations::Rejections,
    };
    let sight = match relation(actor, case)? {
        Relation::Unnamed => return None,
        Relation::Oversees { .. } => Sight { visits: true, ..all },
        // What was handed in and what came of it; how it was handled and judged is not the secretary's.
        Relation::Assists => Sight {
            opinions: Opinions::None,
            evaluations: Evaluations::Rejections,
            answers: false,
            hand_backs: false,
            notices: Notices::None,
            ..all
        },
        Relation::Audits | Relation::EntersPaper => Sight { inside: Inside::All, visits: true, ..all },
        // What was asked, answered and promised; how it came about and was judged is not the visitor's.
        Relation::Visits => Sight {
            opinions: Opinions::None,
            evaluations: Evaluations::Rejections,
            answers: false,
            filing: false,
            hand_backs: false,
            notices: Notices::None,
            visits: true,
            ..all
        },
        Relation::Dispatches => Sight { evaluations: released, filing: false, ..all },
        Relation::Handles { assignment, part, .. } => {
            let own = Sight {
                evaluations: released,
                inside: Inside::Own(assignment),
                filing: false,
                notices: Notices::Own { assignment: Some(assignment), department: actor.department() },
                ..all
            };
            match part {
                Part::Sole | Part::Lead => own,
                // What passes between the congress and others is not theirs to see.
                Part::Co | Part::Separate => Sight {
                    opinions: Opinions::Own(assignment),
                    hand_backs: false,
                    answers: part == Part::Separate,
                    ..own
                },
            }
        }
        // The answer and what was promised; how it came about is not theirs.
        Relation::Keeps => Sight {
            opinions: Opinions::None,
            evaluations: released,
            answers: false,
            filing: false,
            hand_backs: false,
            notices: Notices::Own { assignment: None, department: actor.department() },
            ..all
        },
        Relation::Signs(_) => match &actor.role {
            Role::Deputy { deputy } => Sight {
                opinions: Opinions::None,
                evaluations: Evaluations::Own(*deputy),
                hand_backs: false,
                notices: Notices::Urged,
                ..all
            },
            _ => return None,
        },
    };
    Some(sight)
}

impl Sight {
    /// How many events of the case are shown, which is the version of it that is seen: the ledger's own would tell that
    /// something hidden happened.
    pub fn version(&self, case: &Case) -> i64 {
        let hidden = case.marks.iter().filter(|it| !self.shows(it.mark)).count();
        case.version - i64::try_from(hidden).unwrap_or_default()
    }

    /// How an event's place in the ledger counts for the reader: the number that `/events` gives it.
    pub fn place(&self, case: &Case, version: i64) -> i64 {
        let hidden = case.marks.iter().filter(|it| it.version <= version && !self.shows(it.mark)).count();
        version - i64::try_from(hidden).unwrap_or_default()
    }

    /// The history as it is shown, its events counted by what is shown.
    pub fn history(&self, recorded: Vec<Recorded>) -> Vec<Recorded> {
        let shown = recorded.into_iter().filter(|it| it.event.mark().is_none_or(|mark| self.shows(mark)));
        shown.zip(1..).map(|(it, version)| Recorded { version, ..self.worded(it) }).collect()
    }

    fn worded(&self, mut recorded: Recorded) -> Recorded {
        match &mut recorded.event {
            // Why is between the signers and the congress.
            Event::Withdrawn { reason } if !self.filing => {
                *reason = Note::parse("（不公开）").unwrap_or_else(|_| reason.clone());
            }
            // Who sees this case does not see the other by that.
            Event::Merged { into: it } | Event::Joined { case: it } | Event::Parted { from: it } => {
                *it = it.by_number();
            }
            _ => {}
        }
        recorded
    }

    /// Whether an event that bears this mark is shown; the case's own view hides the same things.
    pub fn shows(&self, mark: Mark) -> bool {
        match mark {
            Mark::Filing => self.filing,
            Mark::Opinion(assignment) => self.shows_opinion(assignment),
            Mark::Inside(assignment) => self.shows_inside(assignment),
            Mark::File { assignment, confidential, purpose } => {
                self.shows_paper(assignment, confidential, purpose)
            }
            Mark::Reminder => self.shows_reminders(),
            Mark::Evaluation { of, counts, rejects } => self.shows_judgement(of, counts, rejects),
            Mark::HandBack(assignment) => self.shows_hand_back(assignment),
            Mark::Urged(urged) => {
                matches!(self.notices, Notices::All | Notices::Urged) || self.notices.are_his(urged)
            }
            Mark::Notice(urged) => self.shows_notice_answers(urged),
            Mark::OfficeNotice => self.notices == Notices::All,
            Mark::Visits => self.visits,
        }
    }

    /// Who is to visit it is for the congress and its visitors.
    pub fn shows_visits(&self) -> bool {
        self.visits
    }

    pub fn shows_filing(&self) -> bool {
        self.filing
    }

    /// A reminder tells that the deputy has not judged.
    pub fn shows_reminders(&self) -> bool {
        matches!(self.evaluations, Evaluations::All | Evaluations::Own(_))
    }

    pub fn shows_opinion(&self, assignment: u32) -> bool {
        match self.opinions {
            Opinions::All => true,
            Opinions::Own(own) => own == assignment,
            Opinions::None => false,
        }
    }

    pub fn shows_evaluation(&self, of: DeputyId, counts: bool, result: Satisfaction) -> bool {
        self.shows_judgement(of, counts, result == Satisfaction::Unsatisfied)
    }

    fn shows_judgement(&self, of: DeputyId, counts: bool, rejects: bool) -> bool {
        match self.evaluations {
            Evaluations::All => true,
            Evaluations::Own(deputy) => deputy == of,
            Evaluations::Rejections => counts && rejects,
        }
    }

    /// Whether the reader may know that the judgement which counts was given.
    pub fn tells_whether_judged(&self, case: &Case) -> bool {
        match self.evaluations {
            Evaluations::All => true,
            Evaluations::Own(deputy) => deputy == case.lead.id,
            Evaluations::Rejections => false,
        }
    }

    pub fn shows_inside(&self, assignment: u32) -> bool {
        match self.inside {
            Inside::All => true,
            Inside::Own(own) => own == assignment,
            Inside::None => false,
        }
    }

    pub fn shows_note(&self, assignment: u32, audience: Audience) -> bool {
        audience == Audience::Everybody || self.shows_inside(assignment)
    }

    pub fn shows_file(&self, file: &FileFacts, assignment: Option<u32>) -> bool {
        self.shows_paper(assignment, file.confidential, file.purpose)
    }

    /// Working papers stay with the offices; what is confidential, with those who need it to handle the case.
    fn shows_paper(&self, assignment: Option<u32>, confidential: bool, purpose: Purpose) -> bool {
        let office = self.inside != Inside::None || self.opinions != Opinions::None;
        let theirs = match assignment {
            // A deputy's own paper: its signers, the congress, and whoever answers for the case.
            None => self.answers,
            Some(assignment) => self.shows_inside(assignment) || (self.filing && office),
        };
        match (confidential, purpose) {
            (true, _) => theirs,
            (false, Purpose::Handling) => office,
            (false, _) => true,
        }
    }

    /// A deadline tells by its verdict whether the deputy has judged, or a department has asked to hand back or given its
    /// opinion.
    pub fn shows_deadline(&self, deadline: &Deadline, case: &Case) -> bool {
        match (deadline.kind, deadline.assignment) {
            (TermKind::Evaluation, _) => self.tells_whether_judged(case),
            (TermKind::Rework, _) => {
                self.evaluations == Evaluations::Rejections || self.tells_whether_judged(case)
            }
            (TermKind::HandBack, Some(assignment)) => self.shows_hand_back(assignment),
            (TermKind::Opinion | TermKind::OpinionAgain, Some(assignment)) => self.shows_opinion(assignment),
            _ => true,
        }
    }

    /// What passes between a department and the offices about a notice.
    pub fn shows_notice_answers(&self, urged: Urged) -> bool {
        self.notices == Notices::All || self.notices.are_his(urged)
    }

    pub fn shows_hand_back(&self, assignment: u32) -> bool {
        self.hand_backs || self.opinions == Opinions::Own(assignment)
    }
}
