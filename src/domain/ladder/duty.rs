//! What somebody owes by a day: every deadline of a case, and its promises. Whether it is still owed follows from the
//! case alone, without policy or calendar.

use crate::domain::{
    calendar::Calendar,
    case::{Assignment, Case, DepartmentRef, DeputyRef, Promise},
    day::Day,
    deadline,
    ids::DepartmentId,
    policy::{Policy, TermKind},
    words::{Channel, Kind, Progress, Stage, Standing},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is owed: a term of the policy, a promise's own day, an item of a problem list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Matter {
    Term(TermKind),
    /// 承诺事项
    Commitment,
    /// 问题清单事项
    ProblemItem,
}

impl Matter {
    pub const ALL: [Matter; 13] = [
        Matter::Term(TermKind::AcceptanceNotice),
        Matter::Term(TermKind::Assignment),
        Matter::Term(TermKind::HandBack),
        Matter::Term(TermKind::Reassignment),
        Matter::Term(TermKind::FirstContact),
        Matter::Term(TermKind::Opinion),
        Matter::Term(TermKind::OpinionAgain),
        Matter::Term(TermKind::Reply),
        Matter::Term(TermKind::Evaluation),
        Matter::Term(TermKind::Rework),
        Matter::Term(TermKind::CommitmentEvaluation),
        Matter::Commitment,
        Matter::ProblemItem,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Matter::Term(kind) => kind.id(),
            Matter::Commitment => "commitment",
            Matter::ProblemItem => "problem_item",
        }
    }

    pub fn zh(self) -> &'static str {
        match self {
            Matter::Term(kind) => kind.zh(),
            Matter::Commitment => "承诺事项完成期限",
            Matter::ProblemItem => "问题清单事项销号期限",
        }
    }

    /// Whether the deputies may know that a department was urged about it: of an opinion or a hand-back they are told
    /// nothing.
    pub fn is_told_to_signers(self) -> bool {
        !matches!(self, Matter::Term(TermKind::Opinion | TermKind::OpinionAgain | TermKind::HandBack))
    }
}

impl fmt::Display for Matter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl TryFrom<String> for Matter {
    type Error = String;
    fn try_from(text: String) -> Result<Matter, String> {
        Matter::ALL.into_iter().find(|it| it.id() == text).ok_or_else(|| {
            format!("`{text}` is nothing that is owed; there are {}", Matter::ALL.map(Matter::id).join(", "))
        })
    }
}

impl From<Matter> for String {
    fn from(matter: Matter) -> String {
        matter.id().to_owned()
    }
}

/// Which duty a notice is about. An extension moves its day and leaves it the same; a second rework, or another
/// department's turn, is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = NoticeCause)]
pub struct Cause {
    #[schema(value_type = String, example = "reply")]
    pub matter: Matter,
    /// The department's assignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<u32>,
    /// The promise's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<u32>,
    /// The day of the event that started the clock.
    pub since: Day,
}

/// Whom a notice is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Addressee {
    Department {
        /// Its part of the case; none of a problem list's item.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignment: Option<u32>,
        /// The promise that it keeps, where it has no part of the case.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        commitment: Option<u32>,
        department: DepartmentRef,
    },
    /// 代表工委
    Committee,
    /// 政府办
    GovernmentOffice,
    /// Whose word is waited for.
    Deputy { deputy: DeputyRef },
}

/// As what a department is urged in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Urged {
    /// For its part of the case, by the assignment's number.
    Assignment(u32),
    /// For a promise that it took over and has no part beside it.
    Keeper(DepartmentId),
}

impl Addressee {
    /// The department's part of a case, as its assignment says.
    pub fn part(job: &Assignment) -> Addressee {
        let department = job.department.clone();
        Addressee::Department { assignment: Some(job.number), commitment: None, department }
    }

    /// Who keeps a promise: by its part of the case, where it has one.
    pub fn keeper(case: &Case, promise: &Promise) -> Option<Addressee> {
        let department = promise.keeper(case)?.clone();
        Some(match part_of_keeper(case, promise) {
            Some(job) => Addressee::part(job),
            None => Addressee::Department { assignment: None, commitment: Some(promise.number), department },
        })
    }

    /// As what a department of the case is urged; `None` for everybody else, and of a problem list's item.
    pub fn urged(&self) -> Option<Urged> {
        match self {
            Addressee::Department { assignment: Some(number), .. } => Some(Urged::Assignment(*number)),
            Addressee::Department { commitment: Some(_), department, .. } => {
                Some(Urged::Keeper(department.id))
            }
            _ => None,
        }
    }

    pub fn department(&self) -> Option<&DepartmentRef> {
        match self {
            Addressee::Department { department, .. } => Some(department),
            _ => None,
        }
    }

    pub fn assignment(&self) -> Option<u32> {
        match self {
            Addressee::Department { assignment, .. } => *assignment,
            _ => None,
        }
    }
}

/// Something that is owed by a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    pub cause: Cause,
    pub due: Day,
    /// Since when it is this addressee's: rungs of that day or before it would urge who has just been given it.
    pub since: Day,
    pub to: Addressee,
}

/// Whether it is a right that lapses rather than a duty that is missed.
pub fn is_right(matter: Matter) -> bool {
    matches!(matter, Matter::Term(TermKind::HandBack | TermKind::Evaluation | TermKind::CommitmentEvaluation))
}

/// Stages in which somebody may be urged; what is handled with another case is urged there.
fn is_urged(case: &Case) -> bool {
    use Stage as S;
    let stage = matches!(
        case.stage,
        S::Submitted | S::Registered | S::Dispatched | S::Assigned | S::Replied | S::Rework | S::Closed
    );
    stage && !case.merged_into.as_ref().is_some_and(|into| case.follows(into.id))
}

fn is_handed_out(case: &Case) -> bool {
    matches!(case.stage, Stage::Registered | Stage::Dispatched | Stage::Assigned)
}

/// All that is still owed of a case, whatever day it is.
pub fn duties(case: &Case, policy: &Policy, calendar: &Calendar) -> Vec<Duty> {
    if !is_urged(case) {
        return Vec::new();
    }
    let mut all = Vec::new();
    // The day of asking makes verdicts, and nothing else.
    for it in deadline::all(case, policy, calendar, Day::FIRST) {
        let cause = |assignment| Cause {
            matter: Matter::Term(it.kind),
            assignment,
            commitment: it.commitment,
            since: it.anchor_on,
        };
        match it.kind {
            TermKind::Reply | TermKind::Rework => {
                all.extend(case.answerers().map(|job| of_department(cause(Some(job.number)), it.due, job)));
            }
            TermKind::AcceptanceNotice | TermKind::Assignment => {
                all.push(Duty {
                    cause: cause(None),
                    due: it.due,
                    since: it.anchor_on,
                    to: Addressee::Committee,
                });
            }
            TermKind::Reassignment => {
                let of_government = it.assignment.and_then(|n| case.assignment(n)).is_some_and(|job| {
                    case.dispatched_on.is_some() && job.department.channel == Channel::Government
                });
                let to = if of_government { Addressee::GovernmentOffice } else { Addressee::Committee };
                all.push(Duty { cause: cause(it.assignment), due: it.due, since: it.anchor_on, to });
            }
            TermKind::Evaluation | TermKind::CommitmentEvaluation => {
                let to = Addressee::Deputy { deputy: case.lead.clone() };
                all.push(Duty { cause: cause(None), due: it.due, since: it.anchor_on, to });
            }
            TermKind::HandBack
            | TermKind::FirstContact
            | TermKind::Opinion
            | TermKind::OpinionAgain
            | TermKind::ReplyExtended => {
                let job = it.assignment.and_then(|n| case.assignment(n));
                all.extend(job.map(|job| of_department(cause(it.assignment), it.due, job)));
            }
        }
    }
    all.extend(promises(case));
    all.retain(|duty| !is_over(case, &duty.cause));
    all
}

fn of_department(cause: Cause, due: Day, job: &Assignment) -> Duty {
    Duty { cause, due, since: cause.since.max(job.assigned_on), to: Addressee::part(job) }
}

/// Promises with their own days: each is owed by the department that keeps it, whether it has a part of the case or took
/// over the promise alone, as the successor of a merged one does in a closed case.
fn promises(case: &Case) -> impl Iterator<Item = Duty> {
    case.commitments.iter().filter_map(|promise| {
        let since = promise.holders.last()?.since;
        let to = Addressee::keeper(case, promise)?;
        let job = part_of_keeper(case, promise);
        let cause = Cause {
            matter: Matter::Commitment,
            assignment: to.assignment(),
            commitment: Some(promise.number),
            since,
        };
        let since = job.map_or(since, |job| since.max(job.assigned_on));
        Some(Duty { cause, due: promise.due(), since, to })
    })
}

fn part_of_keeper<'a>(case: &'a Case, promise: &Promise) -> Option<&'a Assignment> {
    let keeper = promise.keeper(case)?.id;
    case.assignments.iter().find(|job| job.is_open() && job.department.id == keeper)
}

/// Whether nothing is owed of it any more: it was done, or it is somebody else's by now.
pub fn is_over(case: &Case, cause: &Cause) -> bool {
    let job = cause.assignment.and_then(|number| case.assignment(number));
    let Matter::Term(kind) = cause.matter else { return is_promise_over(case, cause) };
    if case.has_ended_early() {
        return true;
    }
    if kind != TermKind::Reassignment && job.is_some_and(|it| !it.is_open()) {
        return true;
    }
    let standing = job.map(|it| it.standing);
    match kind {
        TermKind::AcceptanceNotice => case.registered_on.is_some(),
        // A motion goes its own way until it is a suggestion.
        TermKind::Assignment => case.assigned_on.is_some() || case.kind == Kind::Motion,
        TermKind::Reassignment => {
            let again = |it: &Assignment, old: &Assignment| {
                it.number > old.number && it.assigned_on >= cause.since && it.answers() == old.answers()
            };
            !is_handed_out(case)
                || job.is_none_or(|old| !old.answers() || case.assignments.iter().any(|it| again(it, old)))
        }
        TermKind::HandBack => {
            !is_handed_out(case) || !matches!(standing, Some(Standing::Pending | Standing::Accepted))
        }
        TermKind::FirstContact => {
            let met = case.consultations.iter().any(|it| Some(it.assignment) == cause.assignment);
            met || standing == Some(Standing::Replied)
        }
        TermKind::Opinion => {
            !is_handed_out(case) || job.is_none_or(|it| it.opinion.is_some() || it.opinion_rejected.is_some())
        }
        TermKind::OpinionAgain => {
            let asked = job.and_then(|it| it.opinion_rejected.as_ref()).map(|it| it.on);
            !is_handed_out(case) || asked != Some(cause.since) || job.is_some_and(|it| it.opinion.is_some())
        }
        TermKind::Reply => case.replied_on().is_some() || standing == Some(Standing::Replied),
        TermKind::ReplyExtended => true,
        TermKind::Evaluation => {
            let reply = case.final_reply().filter(|it| it.on == cause.since && case.stage == Stage::Replied);
            reply.is_none_or(|reply| case.evaluations.iter().any(|e| e.reply == reply.number && e.counts))
        }
        TermKind::Rework => {
            let latest = case.reworks.last().map(|it| it.ordered_on);
            case.stage != Stage::Rework || latest != Some(cause.since) || standing == Some(Standing::Replied)
        }
        TermKind::CommitmentEvaluation => {
            let promise = cause.commitment.and_then(|number| case.commitment(number));
            let latest = promise.and_then(|it| it.latest());
            latest.is_none_or(|it| it.on != cause.since || it.judged_on.is_some())
        }
    }
}

/// A promise outlives the case's closing; it is over once it was kept, dropped or taken over by somebody else, or the
/// deputy agreed that it cannot be kept.
fn is_promise_over(case: &Case, cause: &Cause) -> bool {
    let Some(promise) = cause.commitment.and_then(|number| case.commitment(number)) else { return true };
    let given_up = promise.latest().is_some_and(|it| {
        it.report.progress == Progress::CannotBeKept && it.judgement.as_ref().is_some_and(|j| j.confirmed)
    });
    let part = part_of_keeper(case, promise).map(|job| job.number);
    // One who has no part is told from another by the day on which the promise became his.
    let since = promise.holders.last().map(|it| it.since);
    let left = promise.keeper(case).is_none()
        || part != cause.assignment
        || (part.is_none() && since != Some(cause.since));
    case.has_ended_early() || left || !promise.is_open() || promise.is_kept() || given_up
}
