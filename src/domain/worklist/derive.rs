//! The tasks of a case: its open deadlines, and the steps that wait for somebody's hand. Days come from `deadline::all`,
//! whether a step is open from `procedure::guard`; nothing here says again what a rule says.

use super::{Audience, Task, TaskKind as K, When};
use crate::domain::{
    actor::{Actor, Role},
    calendar::{Calendar, tomorrow},
    case::{
        Assignment, Case, Context, Evaluation, Issuer,
        procedure::{Action, Target, guard},
    },
    day::Day,
    deadline::{self, Deadline, Verdict},
    ids::UserId,
    policy::{Policy, TermKind},
    words::{Channel, Kind, NoticeStanding, Part, PromiseStatus, Stage, Standing},
};
use std::collections::BTreeSet;

/// Everything that waits for somebody, whatever day it is: what is open only later says since when.
pub fn tasks(case: &Case, policy: &Policy, calendar: &Calendar) -> BTreeSet<Task> {
    if case.has_ended_early() {
        return BTreeSet::new();
    }
    // On the first of all days nothing has passed: what is not met and still somebody's is open.
    let mut open = deadline::all(case, policy, calendar, Day::FIRST);
    open.retain(|deadline| deadline.verdict == Verdict::Open);
    let readers = case.confidential.as_ref().map(|it| it.readers.iter().map(|r| r.user).collect());
    let mut derived = Derived { case, policy, calendar, open, readers, tasks: BTreeSet::new() };
    derived.for_signers();
    derived.before_assignment();
    // What happens to a merged case happens to the one that leads it.
    let follows = case.merged_into.as_ref().is_some_and(|into| case.follows(into.id));
    if !follows {
        derived.giving_out();
        derived.requests();
        derived.handling();
    }
    derived.readers();
    derived.after_the_reply();
    derived.promises();
    derived.notices();
    derived.visits();
    derived.tasks
}

struct Derived<'a> {
    case: &'a Case,
    policy: &'a Policy,
    calendar: &'a Calendar,
    /// The deadlines that are not met.
    open: Vec<Deadline>,
    /// Of a confidential case, who is named to read it.
    readers: Option<Vec<UserId>>,
    tasks: BTreeSet<Task>,
}

impl Derived<'_> {
    fn add(&mut self, audience: Audience, kind: K, number: Option<u32>, when: When) {
        let to = audience.of(self.readers.as_deref());
        self.tasks.extend(to.into_iter().map(|to| Task { to, kind, number, when }));
    }

    fn due(&self, kind: TermKind, assignment: Option<u32>) -> Option<Day> {
        self.open.iter().find(|d| d.kind == kind && d.assignment == assignment).map(|d| d.due)
    }

    /// By its due date if it has one, else since a day.
    fn by_or_since(&self, kind: TermKind, assignment: Option<u32>, since: Day) -> When {
        self.due(kind, assignment).map_or(When::Since(since), When::Due)
    }

    /// Whether somebody of the role may take the step on a day, as far as the state is concerned.
    fn is_open(&self, role: Role, target: Target, on: Day) -> bool {
        let actor = Actor::office("", &self.case.congress, role);
        let context = Context { actor: &actor, on, policy: self.policy, calendar: self.calendar };
        guard(self.case, target, context).is_ok()
    }

    fn is_handed_out(&self) -> bool {
        matches!(self.case.stage, Stage::Registered | Stage::Dispatched | Stage::Assigned)
    }

    /// Drafts, corrections, signatures.
    fn for_signers(&mut self) {
        let case = self.case;
        let lead = Audience::Deputy(case.lead.id);
        match case.stage {
            Stage::Draft => self.add(lead, K::Submit, None, When::Since(case.latest_on)),
            Stage::Returned => {
                let since = case.corrections.last().map_or(case.latest_on, |it| it.on);
                self.add(lead, K::Correct, None, When::Since(since));
            }
            _ => {}
        }
        if matches!(case.stage, Stage::Draft | Stage::Returned) {
            for asked in case.invitations.iter().filter(|it| case.is_invited(it.deputy.id)) {
                self.add(Audience::Deputy(asked.deputy.id), K::CoSign, None, When::Since(asked.asked_on));
            }
        }
        if let Some(wish) = &case.withdrawal_asked {
            for signer in &case.co_signers {
                let role = Role::Deputy { deputy: signer.id };
                if self.is_open(role, Target::case(Action::AnswerWithdrawal), wish.on) {
                    self.add(Audience::Deputy(signer.id), K::AnswerWithdrawal, None, When::Since(wish.on));
                }
            }
        }
    }

    /// The committee examines and registers; motions go to the presidium.
    fn before_assignment(&mut self) {
        let case = self.case;
        let Some(submitted) = case.submitted_on else { return };
        if matches!(case.stage, Stage::Submitted | Stage::Returned) {
            // Sent back it is the deputies' turn, and the day of the notice runs on.
            let notice = self.due(TermKind::AcceptanceNotice, None);
            match (notice, case.stage) {
                (Some(due), _) => self.add(Audience::Committee, K::Examine, None, When::Due(due)),
                (None, Stage::Submitted) => {
                    self.add(Audience::Committee, K::Examine, None, When::Since(submitted));
                }
                (None, _) => {}
            }
        }
        let when = |since: Day| self.by_or_since(TermKind::Assignment, None, since);
        let motion = Target::case(Action::DecideMotion);
        let (kind, when) = match case.stage {
            Stage::Submitted | Stage::Returned => match (self.due(TermKind::Assignment, None), case.kind) {
                (Some(due), Kind::Suggestion) => (K::Assign, When::Due(due)),
                (Some(due), Kind::Motion) => (K::DecideMotion, When::Due(due)),
                (None, _) => return,
            },
            Stage::Registered if self.is_open(Role::STAFF, motion, case.latest_on) => {
                (K::DecideMotion, when(case.registered_on.unwrap_or(submitted)))
            }
            Stage::Registered if case.assigned_on.is_none() => {
                (K::Assign, when(case.registered_on.unwrap_or(submitted)))
            }
            Stage::Referred => (K::ReportMotion, when(case.motion.last().map_or(submitted, |it| it.on))),
            _ => return,
        };
        let follows = case.merged_into.as_ref().is_some_and(|into| case.follows(into.id));
        // It goes out with the case that leads it, unless its own term says by when.
        if !follows || when.due().is_some() {
            self.add(Audience::Committee, kind, None, when);
        }
    }

    /// Sharing out, and giving out again what was handed back.
    fn giving_out(&mut self) {
        let case = self.case;
        if !self.is_handed_out() {
            return;
        }
        let back: Vec<&Assignment> =
            case.assignments.iter().filter(|a| a.answers() && !a.is_open()).collect();
        if let (Stage::Dispatched, true, Some(on)) = (case.stage, back.is_empty(), case.dispatched_on) {
            self.add(Audience::GovernmentOffice, K::Assign, None, When::Since(on));
        }
        if case.answering().is_some() && case.empty_shares == 0 {
            return;
        }
        for it in back {
            let Some(since) = it.ended_on else { continue };
            let followed = case
                .assignments
                .iter()
                .any(|a| a.number > it.number && a.answers() == it.answers() && a.assigned_on >= since);
            let dropped =
                it.hand_back.as_ref().and_then(|h| h.decided.as_ref()).is_some_and(|d| d.share_dropped);
            if followed || dropped {
                continue;
            }
            let by_office = case.dispatched_on.is_some() && it.department.channel == Channel::Government;
            let to = if by_office { Audience::GovernmentOffice } else { Audience::Committee };
            let when = self.by_or_since(TermKind::Reassignment, Some(it.number), since);
            self.add(to, K::Reassign, Some(it.number), when);
        }
    }

    /// In hand, and nobody there may open it.
    fn readers(&mut self) {
        let nobody = self.case.confidential.as_ref().filter(|it| it.readers.is_empty());
        let first = self.case.assignments.iter().find(|a| a.is_open());
        if let (Some(hidden), Some(first), true) = (nobody, first, self.case.stage != Stage::Closed) {
            let since = hidden.on.max(first.assigned_on);
            self.add(Audience::Leader, K::NameReaders, None, When::Since(since));
        }
    }

    /// Hand-backs and extensions that wait for a decision.
    fn requests(&mut self) {
        let case = self.case;
        let deciders = |it: &Assignment| {
            let office = (Role::GovernmentOffice, Audience::GovernmentOffice);
            let own = it.department.channel == Channel::Government;
            [Some((Role::STAFF, Audience::Committee)), own.then_some(office)].into_iter().flatten()
        };
        for it in &case.assignments {
            for (role, to) in deciders(it) {
                let hand_back = Target::assignment(Action::DecideHandBack, it.number);
                if let Some(asked) = &it.hand_back
                    && self.is_open(role.clone(), hand_back, case.latest_on)
                {
                    self.add(to, K::DecideHandBack, Some(it.number), When::Since(asked.asked_on));
                }
                let extension = Target::assignment(Action::DecideExtension, it.number);
                if let Some(asked) = &case.extension
                    && self.is_open(role, extension, case.latest_on)
                {
                    let terms = deadline::reply_terms(case, self.policy, self.calendar);
                    let when = terms.map_or(When::Since(asked.asked_on), |terms| When::Due(terms.original));
                    self.add(to, K::DecideExtension, Some(it.number), when);
                }
            }
        }
    }

    /// What departments owe: signature, first contact, opinion, answer.
    fn handling(&mut self) {
        let case = self.case;
        for it in case.assignments.iter().filter(|a| a.is_open()) {
            let (number, to) = (Some(it.number), Audience::Department(it.department.id));
            if self.is_handed_out() {
                if it.standing == Standing::Pending {
                    let when = self.by_or_since(TermKind::HandBack, number, it.assigned_on);
                    self.add(to, K::Accept, number, when);
                }
                if let Some(due) = self.due(TermKind::FirstContact, number)
                    && it.standing != Standing::Replied
                {
                    self.add(to, K::FirstContact, number, When::Due(due));
                }
                if it.part == Part::Co && it.opinion.is_none() {
                    let when = match deadline::opinion(case, it, self.policy, self.calendar) {
                        Some(due) => Some(When::Due(due)),
                        // Without a term it is no task while the request to hand back is open.
                        None if it.standing == Standing::HandBackRequested => None,
                        None => Some(When::Since(it.assigned_on)),
                    };
                    if let Some(when) = when {
                        self.add(to, K::GiveOpinion, number, when);
                    }
                }
            }
            if it.answers() {
                self.answer(it, to);
            }
        }
    }

    fn answer(&mut self, it: &Assignment, to: Audience) {
        let case = self.case;
        let (kind, when) = match case.stage {
            Stage::Registered | Stage::Dispatched | Stage::Assigned if it.standing != Standing::Replied => {
                (K::Reply, self.by_or_since(TermKind::Reply, None, it.assigned_on))
            }
            Stage::Rework if it.standing == Standing::Accepted => {
                let since = case.reworks.last().map_or(case.latest_on, |it| it.ordered_on);
                (K::Rework, self.by_or_since(TermKind::Rework, None, since))
            }
            _ => return,
        };
        self.add(to, kind, Some(it.number), when);
        let approver = Role::Department { department: it.department.id, approver: true };
        if self.is_open(approver, Target::assignment(Action::SignReply, it.number), case.latest_on) {
            self.add(Audience::Approver(it.department.id), K::SignReply, Some(it.number), when);
        }
    }

    /// Judging, reminding, settling, closing.
    fn after_the_reply(&mut self) {
        let case = self.case;
        let Some(reply) = case.final_reply().filter(|_| case.stage == Stage::Replied) else { return };
        let term = deadline::evaluation(case, self.policy, self.calendar);
        for signer in std::iter::once(&case.lead).chain(&case.co_signers) {
            let judged = |e: &Evaluation| e.deputy.id == signer.id && e.reply == reply.number;
            if !case.evaluations.iter().any(judged) {
                let when = term.map_or(When::Since(reply.on), When::Due);
                self.add(Audience::Deputy(signer.id), K::Evaluate, None, when);
            }
        }
        let words = case.evaluations.iter().filter(|e| e.reply == reply.number).map(|e| e.on);
        let settled = case.settled.iter().filter(|s| s.reply == reply.number).map(|s| s.on);
        let reminded = case.reminded_on.filter(|on| *on >= reply.on);
        let latest = words.chain(settled).chain(reminded).chain([reply.on]).max().unwrap_or(reply.on);
        // Silence is told only once its day has passed.
        let after = term.and_then(|due| Day::new(tomorrow(due.date())));
        let days = [Some(latest), after.map(|after| after.max(latest))];
        let opens = |action: Action| {
            days.into_iter().flatten().find(|on| self.is_open(Role::STAFF, Target::case(action), *on))
        };
        let (settle, close, remind) =
            (opens(Action::SettleDissatisfaction), opens(Action::Close), opens(Action::RemindEvaluation));
        let next = match (settle, remind.filter(|_| reminded.is_none() && !case.is_settled()), close) {
            (Some(since), ..) => Some((K::SettleDissatisfaction, since)),
            // First the deputy is reminded, then the case is closed without his word.
            (_, Some(since), _) => Some((K::RemindEvaluation, since)),
            (_, _, Some(since)) => Some((K::Close, since)),
            _ => None,
        };
        if let Some((kind, since)) = next {
            self.add(Audience::Committee, kind, None, When::Since(since));
        }
    }

    /// Promises to keep, reports to judge, second answers.
    fn promises(&mut self) {
        let case = self.case;
        for promise in &case.commitments {
            let number = Some(promise.number);
            let target = |action| Target::commitment(action, promise.number);
            let latest = promise.latest();
            // Said to be kept, and nothing shows it: still to be kept.
            let owed = matches!(
                promise.status(),
                PromiseStatus::Open | PromiseStatus::Unevidenced | PromiseStatus::Disputed
            );
            if let Some(keeper) = promise.keeper(case).filter(|_| owed) {
                let role = Role::Department { department: keeper.id, approver: false };
                if self.is_open(role, target(Action::ReportCommitment), case.latest_on) {
                    let when = When::Due(promise.due());
                    self.add(Audience::Department(keeper.id), K::KeepPromise, number, when);
                }
            }
            if let Some(asked) = promise.pending()
                && self.is_open(Role::STAFF, target(Action::DecideCommitmentChange), case.latest_on)
            {
                self.add(Audience::Committee, K::DecideCommitmentChange, number, When::Since(asked.asked_on));
            }
            if let Some(report) = latest
                && self.is_open(Role::STAFF, target(Action::JudgeCommitment), case.latest_on)
            {
                let of_promise =
                    |d: &&Deadline| d.kind == TermKind::CommitmentEvaluation && d.commitment == number;
                let due = self.open.iter().find(of_promise).map(|d| d.due);
                let when = due.map_or(When::Since(report.on), When::Due);
                self.add(Audience::Deputy(case.lead.id), K::JudgeCommitment, number, when);
            }
        }
        for it in case.assignments.iter().filter(|a| a.is_open() && a.answers()) {
            let kept =
                case.commitments.iter().filter(|p| p.assignment == it.number).filter_map(|p| p.kept_on());
            let Some(since) = kept.max() else { continue };
            let role = |approver| Role::Department { department: it.department.id, approver };
            let target = Target::assignment(Action::FollowUp, it.number);
            let to = match (self.is_open(role(false), target, since), self.is_open(role(true), target, since))
            {
                (true, _) => Audience::Department(it.department.id),
                (_, true) => Audience::Approver(it.department.id),
                _ => continue,
            };
            self.add(to, K::FollowUp, Some(it.number), When::Since(since));
        }
    }

    /// Notices 三单 that wait for an answer, and answers that wait for the issuer's word.
    fn notices(&mut self) {
        let case = self.case;
        for notice in &case.notices {
            let number = Some(notice.number);
            match (notice.standing(case), notice.issue.to.department(), notice.pending_answer()) {
                (NoticeStanding::Open, Some(department), _) => {
                    // What asks for no answer urges something that stands in the list itself.
                    if let Some(by) = notice.issue.answer_by {
                        let to = Audience::Department(department.id);
                        self.add(to, K::AnswerNotice, number, When::Due(by));
                    }
                }
                (NoticeStanding::Answered, _, Some(answered)) => {
                    let to = match notice.issuer {
                        Issuer::GovernmentOffice => Audience::GovernmentOffice,
                        Issuer::Ladder | Issuer::Committee => Audience::Committee,
                    };
                    self.add(to, K::DecideNotice, number, When::Since(answered.on));
                }
                _ => {}
            }
        }
    }

    /// Whom a campaign sends here. A confidential case is opened to nobody by a visit.
    fn visits(&mut self) {
        let case = self.case;
        let Some(closed) = case.closed_on.filter(|_| case.confidential.is_none()) else { return };
        for visitor in case.visitors() {
            self.add(Audience::Deputy(visitor.id), K::Visit, None, When::Since(closed));
        }
    }
}
