//! Commitments 承诺事项: what a reply promised, what became of it, and what the deputy says of that.

use super::{
    Case, Context, DepartmentRef, Event, Refusal, Rejection,
    commitment_change::Change,
    guard::missing,
    procedure::{Hand, Target},
    reply::{self, Commitment},
    revisit::RevisitRecord,
};
use crate::domain::{
    actor::Role,
    day::Day,
    ids::DepartmentId,
    text::Note,
    words::{Kept, Outcome, Progress, PromiseChange, PromiseStatus},
};
use serde::{Deserialize, Serialize};

/// A promise in the case's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Promise {
    /// Its number within the case, from 1.
    pub number: u32,
    /// The reply that made it.
    pub reply: u32,
    /// The assignment whose letter made it.
    pub assignment: u32,
    /// As the letter has it; [`Promise::due`] is the day that holds now.
    pub promised: Commitment,
    /// Whose it was from which day on, each as it was named then; the last keeps it now.
    pub holders: Vec<HeldBy>,
    /// What was asked to become of it, and what the committee said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    pub reports: Vec<Reported>,
    /// The letter that made it was corrected; what the other one promises stands instead.
    pub replaced: bool,
}

/// A department that had a promise to keep, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HeldBy {
    pub department: DepartmentRef,
    pub since: Day,
}

/// What the department reports of a promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitmentReport {
    pub progress: Progress,
    pub text: Note,
    /// What shows it: a document, a photograph among the attachments, a place to see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Note>,
    /// Numbers of the case's attachments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<u32>,
}

/// What the deputy says of the latest report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitmentJudgement {
    pub confirmed: bool,
    /// Required when the report is disputed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Note>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reported {
    pub report: CommitmentReport,
    pub on: Day,
    pub judgement: Option<CommitmentJudgement>,
    pub judged_on: Option<Day>,
    /// What a revisit 回头看 found of it, before the deputy said anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revisit: Option<Revisited>,
}

/// A revisit's word on what was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Revisited {
    pub delivered: bool,
    pub on: Day,
}

impl CommitmentReport {
    /// Whether anything shows what it says.
    pub fn has_evidence(&self) -> bool {
        self.evidence.is_some() || !self.attachments.is_empty()
    }
}

impl Promise {
    pub fn latest(&self) -> Option<&Reported> {
        self.reports.last()
    }

    /// Where it stands. The deputy's word comes before a revisit's, and both before the department's.
    pub fn status(&self) -> PromiseStatus {
        if self.dropped_on().is_some() {
            return PromiseStatus::Dropped;
        }
        let Some(latest) = self.latest() else { return PromiseStatus::Open };
        let word = latest.judgement.as_ref().map(|it| it.confirmed);
        let word = word.or(latest.revisit.map(|it| it.delivered));
        match (latest.report.progress, word) {
            (_, Some(false)) => PromiseStatus::Disputed,
            (Progress::Kept, Some(true)) => PromiseStatus::Confirmed,
            (Progress::Kept, None) if latest.report.has_evidence() => PromiseStatus::ReportedKept,
            (Progress::Kept, None) => PromiseStatus::Unevidenced,
            (Progress::CannotBeKept, _) => PromiseStatus::CannotBeKept,
            (Progress::UnderWay, _) => PromiseStatus::Open,
        }
    }

    /// Reported as kept with something that shows it, or confirmed; and not disputed.
    pub fn is_kept(&self) -> bool {
        matches!(self.status(), PromiseStatus::ReportedKept | PromiseStatus::Confirmed)
    }

    /// The day on which it was reported kept.
    pub fn kept_on(&self) -> Option<Day> {
        self.latest().filter(|_| self.is_kept()).map(|it| it.on)
    }

    /// The day by which it is to be kept: the last that the committee granted, else the promised one.
    pub fn due(&self) -> Day {
        self.granted(PromiseChange::Move)
            .last()
            .and_then(|it| it.asked.due_on)
            .unwrap_or(self.promised.due_on)
    }

    /// How often the committee let its day be moved.
    pub fn moves(&self) -> usize {
        self.granted(PromiseChange::Move).count()
    }

    fn granted(&self, kind: PromiseChange) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |it| it.asked.kind == kind && it.is_granted())
    }

    /// The day on which the committee let it be given up.
    pub fn dropped_on(&self) -> Option<Day> {
        self.granted(PromiseChange::Drop).find_map(|it| it.decided_on)
    }

    /// The day since which nothing more is owed: it was confirmed, or dropped.
    pub fn over_on(&self) -> Option<Day> {
        match self.status() {
            PromiseStatus::Dropped => self.dropped_on(),
            PromiseStatus::Confirmed => {
                self.latest().and_then(|it| it.judged_on.or(it.revisit.map(|revisit| revisit.on)))
            }
            _ => None,
        }
    }

    /// Whether something is still owed.
    pub fn is_open(&self) -> bool {
        !self.replaced && self.over_on().is_none()
    }

    /// Whether its day is past on `today` while it is neither kept nor over. Worked out when asked, stored nowhere.
    pub fn is_overdue(&self, today: Day) -> bool {
        self.is_open() && !self.is_kept() && today > self.due()
    }

    /// A change that waits for the committee's word.
    pub fn pending(&self) -> Option<&Change> {
        self.changes.last().filter(|it| it.decided.is_none())
    }

    /// Whether the latest report waits for the deputy's word.
    pub fn awaits_judgement(&self) -> bool {
        self.is_open() && self.latest().is_some_and(|it| it.judgement.is_none())
    }

    /// The day on which it was made.
    pub fn made_on(&self) -> Option<Day> {
        self.holders.first().map(|it| it.since)
    }

    /// The day on which anything last happened to it.
    pub fn touched_on(&self) -> Option<Day> {
        let reports =
            self.reports.iter().flat_map(|it| [Some(it.on), it.judged_on, it.revisit.map(|r| r.on)]);
        let changes = self.changes.iter().flat_map(|it| [Some(it.asked_on), it.decided_on]);
        reports.chain(changes).chain(self.holders.iter().map(|it| Some(it.since))).flatten().max()
    }

    /// The department that keeps it; none while the one that made it has handed the case back and nobody took it over.
    pub fn keeper(&self, case: &Case) -> Option<&DepartmentRef> {
        let holder = &self.holders.last()?.department;
        let made_it = case.assignment(self.assignment).is_some_and(|it| it.department.id == holder.id);
        let has_it = case.assignments.iter().any(|it| it.is_open() && it.department.id == holder.id);
        (has_it || !made_it).then_some(holder)
    }
}

impl Case {
    /// The promises that a department has to keep, or has kept.
    pub fn promises_of(&self, department: DepartmentId) -> impl Iterator<Item = &Promise> {
        let kept = move |it: &&Promise| !it.replaced && it.keeper(self).is_some_and(|d| d.id == department);
        self.commitments.iter().filter(kept)
    }

    /// The assignment under which a department's papers are filed: its own, else that of a promise which it took over.
    pub(super) fn files_under(&self, department: DepartmentId) -> Option<u32> {
        let own = self.assignments.iter().find(|it| it.is_open() && it.department.id == department);
        own.map(|it| it.number).or_else(|| self.promises_of(department).next().map(|it| it.assignment))
    }
}

/// Something is still owed.
pub(super) fn is_open(case: &Case, target: Target) -> Result<(), Refusal> {
    let promise = target.commitment.and_then(|number| case.commitment(number));
    if promise.is_some_and(|p| p.replaced) {
        return Err(missing(
            "promise_replaced",
            "该答复已更正，以更正后的承诺为准",
            "the letter that promised it was corrected; its new promises stand",
            &[Hand::Holder],
        ));
    }
    if promise.is_some_and(|p| p.dropped_on().is_some()) {
        return Err(missing(
            "promise_dropped",
            "该承诺经代表工委同意已取消",
            "the promise was given up with the committee's consent",
            &[Hand::Committee],
        ));
    }
    let confirmed = promise.and_then(|p| p.latest()).is_some_and(|it| {
        it.report.progress == Progress::Kept && it.judgement.as_ref().is_some_and(|j| j.confirmed)
    });
    if confirmed {
        return Err(missing(
            "promise_confirmed",
            "代表已确认该承诺落实",
            "the deputy has confirmed that the promise was kept",
            &[Hand::Holder],
        ));
    }
    Ok(())
}

/// There is a report that the deputy has not judged.
pub(super) fn awaits_judgement(case: &Case, target: Target) -> Result<(), Refusal> {
    let promise = target.commitment.and_then(|number| case.commitment(number));
    match promise.and_then(|p| p.latest()) {
        Some(report) if report.judgement.is_none() => Ok(()),
        _ => Err(missing(
            "no_report",
            "承办单位尚未报告新的落实情况",
            "the department has reported nothing new",
            &[Hand::Holder],
        )),
    }
}

pub(super) fn report(
    case: &Case,
    number: u32,
    report: CommitmentReport,
    context: Context<'_>,
) -> Result<Event, Rejection> {
    super::at_most("/attachments", report.attachments.len())?;
    // Its own department's papers; of others' it may not even know.
    let (own, takes_over) = match context.actor.role {
        Role::Department { department, .. } => {
            let keeps = |it: &super::Assignment| it.is_open() && it.department.id == department;
            (case.files_under(department), !case.assignments.iter().any(keeps))
        }
        _ => (case.commitment(number).map(|p| p.assignment), false),
    };
    let known = |a: &super::Attachment| a.assignment == own && !(takes_over && a.file.confidential);
    let unknown = |n: &u32| !case.attachments.iter().any(|a| a.number == *n && known(a));
    if let Some(index) = report.attachments.iter().position(unknown) {
        return Err(Rejection::invalid(
            format!("/attachments/{index}"),
            "不是本单位在本件上的附件",
            "is no attachment of this department to the case",
        ));
    }
    Ok(Event::CommitmentReported { commitment: number, report })
}

pub(super) fn judge(number: u32, judgement: CommitmentJudgement) -> Result<Event, Rejection> {
    if !judgement.confirmed && judgement.text.is_none() {
        return Err(Rejection::invalid(
            "/text",
            "有异议的，应当填写具体意见",
            "a disputed report needs its reasons",
        ));
    }
    Ok(Event::CommitmentJudged { commitment: number, judgement })
}

pub(super) fn promised(case: &mut Case, reply: u32, assignment: u32, commitments: &[Commitment], on: Day) {
    let Some(department) = case.assignment(assignment).map(|it| it.department.clone()) else { return };
    for promised in commitments {
        let number = case.commitments.last().map_or(1, |p| p.number + 1);
        let promised = promised.clone();
        case.commitments.push(Promise {
            number,
            reply,
            assignment,
            promised,
            holders: vec![HeldBy { department: department.clone(), since: on }],
            changes: Vec::new(),
            reports: Vec::new(),
            replaced: false,
        });
    }
}

/// A corrected letter's promises stand no longer, unless they were reported against or the committee decided on them.
pub(super) fn replaced(case: &mut Case) {
    let replaced = |number: u32| case.replies.iter().any(|r| r.number == number && r.is_replaced(case));
    let gone: Vec<u32> = case.replies.iter().map(|r| r.number).filter(|n| replaced(*n)).collect();
    let untouched =
        |p: &&mut Promise| p.reports.is_empty() && p.changes.is_empty() && gone.contains(&p.reply);
    case.commitments.iter_mut().filter(untouched).for_each(|p| p.replaced = true);
}

pub(super) fn reported(case: &mut Case, number: u32, report: &CommitmentReport, on: Day) {
    if let Some(promise) = case.commitments.iter_mut().find(|p| p.number == number) {
        let report = report.clone();
        promise.reports.push(Reported { report, on, judgement: None, judged_on: None, revisit: None });
    }
}

/// What a revisit says of each promise that was reported kept and that the deputy has not judged: what it found of that
/// promise, else what its outcome says of all. One that upheld the class says nothing of promises that it did not look at.
pub(super) fn revisited(case: &mut Case, record: &RevisitRecord, on: Day) {
    let of_all = match record.outcome {
        Outcome::Upheld => None,
        Outcome::ResolvedSince => Some(true),
        Outcome::NotDelivered | Outcome::Worse => Some(false),
    };
    for promise in case.commitments.iter_mut().filter(|it| it.is_open()) {
        let found = record.findings.iter().find(|it| it.commitment == Some(promise.number));
        let delivered = found.map(|it| it.kept == Kept::Yes).or(of_all);
        let latest = promise.reports.last_mut();
        let reported = latest.filter(|it| it.report.progress == Progress::Kept && it.judgement.is_none());
        if let (Some(latest), Some(delivered)) = (reported, delivered) {
            latest.revisit = Some(Revisited { delivered, on });
        }
    }
}

pub(super) fn judged(case: &mut Case, number: u32, judgement: &CommitmentJudgement, on: Day) {
    let promise = case.commitments.iter_mut().find(|p| p.number == number);
    if let Some(latest) = promise.and_then(|p| p.reports.last_mut()) {
        latest.judgement = Some(judgement.clone());
        latest.judged_on = Some(on);
    }
    // A better class that rested on a promise does not outlive its dispute.
    let before = case.classes.iter().rev().nth(1).map(|held| held.class.clone());
    let rested = case.classes.last().is_some_and(|held| held.by == reply::FOLLOW_UP);
    if let (false, true, Some(class)) = (judgement.confirmed, rested, before) {
        reply::hold(case, class, "dispute", number, on);
    }
}
