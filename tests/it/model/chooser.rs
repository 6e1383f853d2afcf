//! Which attempt comes next: half of them by the hand and at the stage that the reference says could act, so that
//! stories get far; the rest wild.

use super::{
    acts::{Act, Who},
    people::{DEPUTIES, FOREIGN},
    reference::{Answer, Case, Expected, Reference, Stands, When},
    writing::Opening,
};
use chrono::TimeDelta;
use jianyi::domain::{
    case::procedure::{Action as A, PROCEDURE},
    day::Day,
    policy::SignOff,
    words::{Part, Purpose, Satisfaction, Stage, Standing},
};
use rand::{Rng, rngs::StdRng, seq::IndexedRandom};

const WRITING: [Stage; 2] = [Stage::Draft, Stage::Returned];

/// An attempt on a case of the lane.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub at: usize,
    pub who: Who,
    pub act: Act,
}

pub struct Chooser<'a> {
    pub rng: &'a mut StdRng,
    pub now: &'a Reference,
    pub today: Day,
    /// Letters and files are told apart by it.
    pub serial: u32,
}

/// Who may stand to a case in some way.
fn everybody() -> impl Iterator<Item = Who> {
    let deputies = (0..DEPUTIES).map(Who::Deputy);
    let departments = (0..FOREIGN).flat_map(|d| [Who::Handler(d), Who::Approver(d)]);
    let offices = [Who::Committee, Who::Leader, Who::Office, Who::Auditor, Who::Secretary];
    deputies.chain(departments).chain(offices)
}

impl Chooser<'_> {
    pub fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    pub fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of.choose(self.rng).unwrap().clone()
    }

    pub fn day(&mut self, from: i64, to: i64) -> Day {
        let days = self.rng.random_range(from..=to);
        Day::new(self.today.date() + TimeDelta::days(days)).unwrap()
    }

    fn any(&mut self) -> A {
        PROCEDURE.choose(self.rng).unwrap().action
    }

    pub fn opening(&mut self) -> (Who, Opening) {
        let sitting = self.now.house.sitting(self.today);
        let in_session = sitting.is_some_and(|it| self.now.house.sessions[it].in_session);
        let motion = self.chance(if in_session { 45 } else { 4 });
        let paper = self.chance(if motion { 55 } else { 35 });
        let wild = self.chance(6);
        let lead = self.rng.random_range(0..DEPUTIES);
        let mut others: Vec<usize> = (0..DEPUTIES).filter(|d| *d != lead).collect();
        let enough = self.now.house.signers.min(DEPUTIES) - 1;
        let several =
            if motion { self.one(&[3, enough, enough, enough, 10]) } else { self.one(&[0, 0, 1, 1, 2, 3]) };
        while others.len() > several {
            let index = self.rng.random_range(0..others.len());
            others.remove(index);
        }
        if wild && self.chance(40) {
            others.push(self.one(&[lead, DEPUTIES]));
        }
        let who = match paper {
            _ if wild && self.chance(30) => self.one(&[Who::Office, Who::Auditor, Who::Handler(1)]),
            true => self.one(&[Who::Committee, Who::Committee, Who::Leader, Who::Secretary]),
            false => Who::Deputy(lead),
        };
        let named = if wild { self.one(&[None, Some(lead), Some(DEPUTIES)]) } else { paper.then_some(lead) };
        let delegation = self.chance(if self.now.house.national { 50 } else { 10 });
        let asks = if wild { self.one(&[0, 21]) } else { self.one(&[0, 0, 0, 0, 0, 1, 2]) };
        (who, Opening { motion, lead: named, others, delegation, asks })
    }

    pub fn attempt(&mut self) -> Attempt {
        let at = self.which();
        match self.rng.random_range(0..100) {
            0..50 => self.forward(at),
            50..76 => self.likely(at),
            _ => self.wild(at),
        }
    }

    /// Mostly one of those that are under way.
    fn which(&mut self) -> usize {
        let all: Vec<usize> = (0..self.now.cases.len()).collect();
        let going: Vec<usize> = all
            .iter()
            .copied()
            .filter(|at| !self.now.cases[*at].ended() && self.now.cases[*at].stage != Stage::Closed)
            .collect();
        let closed: Vec<usize> =
            all.iter().copied().filter(|at| self.now.cases[*at].stage == Stage::Closed).collect();
        match self.rng.random_range(0..100) {
            0..76 if !going.is_empty() => self.one(&going),
            0..94 if !closed.is_empty() => self.one(&closed),
            _ => self.one(&all),
        }
    }

    fn wild(&mut self, at: usize) -> Attempt {
        let related: Vec<Who> =
            everybody().filter(|who| self.now.stands(*who, &self.now.cases[at]).is_some()).collect();
        let who = match self.rng.random_range(0..19) {
            // Most who try see the case at least.
            _ if !related.is_empty() && self.chance(60) => self.one(&related),
            0..5 => Who::Deputy(self.rng.random_range(0..DEPUTIES)),
            5..8 => Who::Committee,
            8 => Who::Office,
            9..11 => Who::Handler(self.rng.random_range(0..3)),
            11..13 => Who::Approver(self.rng.random_range(0..3)),
            13 => Who::Auditor,
            14 => Who::Administrator,
            15 => Who::Leader,
            16 => Who::Secretary,
            17 => Who::Operator,
            _ => Who::Neighbour,
        };
        let action = self.any();
        Attempt { at, who, act: self.act(action, at, true) }
    }

    /// Any step, by a hand that it belongs to; of several the first that is not merely at the wrong stage.
    fn likely(&mut self, at: usize) -> Attempt {
        let mut attempt = self.wild(at);
        for _ in 0..12 {
            let action = self.any();
            let wild = self.chance(25);
            let act = self.act(action, at, wild);
            let who = self.hand(&act, at);
            attempt = Attempt { at, who, act };
            let when = When { today: self.today, paper: None, stale: false };
            let said = self.now.clone().attempt(attempt.who, at, &attempt.act, when);
            let dull = matches!(
                said,
                Expected::Hidden | Expected::NotYours | Expected::Refused("wrong_stage" | "ended")
            );
            // Given up soon, a case teaches little.
            let early_end = matches!(attempt.act, Act::Withdraw | Act::Decline(_)) && self.chance(85);
            if !dull && !early_end {
                break;
            }
        }
        attempt
    }

    /// Of the committee, and of those who may read the case.
    fn staff(&mut self, at: usize) -> Who {
        let named = self.now.stands(Who::Committee, &self.now.cases[at]) != Some(Stands::Unnamed);
        if self.chance(if named { 15 } else { 85 }) { Who::Leader } else { Who::Committee }
    }

    /// Who of the offices has to do with the case, mostly all of them.
    pub fn named(&mut self, at: usize) -> Vec<Who> {
        let jobs = self.now.cases[at].jobs.iter().filter(|job| job.standing != Standing::HandedBack);
        let mut all = vec![Who::Committee, Who::Office];
        all.extend(jobs.flat_map(|job| [Who::Handler(job.department), Who::Approver(job.department)]));
        all.retain(|_| self.rng.random_range(0..100) < 92);
        all
    }

    /// Somebody whose step it may be.
    fn hand(&mut self, act: &Act, at: usize) -> Who {
        let staff = self.staff(at);
        let case = &self.now.cases[at];
        let waiting: Vec<usize> =
            case.asked.iter().filter(|(_, a)| *a == Answer::Waits).map(|(d, _)| *d).collect();
        let job = act.job().or_else(|| {
            let index = act.promise()?.checked_sub(1)?;
            case.promises.get(index as usize).map(|p| p.job)
        });
        let job = job.or_else(|| {
            let index = act.notice()?.checked_sub(1)?;
            case.notices.get(index as usize).map(|it| it.job)
        });
        let department = job.and_then(|n| case.jobs.get((n as usize).wrapping_sub(1))).map(|j| j.department);
        let promise = act.promise().and_then(|n| case.promises.get((n as usize).wrapping_sub(1)));
        let holder = promise.map_or(0, |it| it.holder);
        let lead = Who::Deputy(case.lead);
        let signed = case.signed.clone();
        let answering = case.answerers().first().map(|n| case.job(*n).department);
        match act {
            Act::CoSign if !waiting.is_empty() => Who::Deputy(self.one(&waiting)),
            Act::DeclineCoSigning if !waiting.is_empty() && self.chance(60) => {
                Who::Deputy(self.one(&waiting))
            }
            Act::DeclineCoSigning | Act::AnswerWithdrawal(_) if !signed.is_empty() => {
                Who::Deputy(self.one(&signed))
            }
            Act::Amend(_)
            | Act::Invite(_)
            | Act::Uninvite(_)
            | Act::CoSign
            | Act::DeclineCoSigning
            | Act::Submit
            | Act::Judge(..)
            | Act::Withdraw
            | Act::AnswerWithdrawal(_) => lead,
            Act::Attach(_, Purpose::Submission) | Act::Confidential(_) => self.one(&[lead, staff]),
            Act::NameReaders(_) => Who::Leader,
            Act::Evaluate { paper: Some(_), .. } => staff,
            Act::Evaluate { .. } if !signed.is_empty() && self.chance(25) => Who::Deputy(self.one(&signed)),
            Act::Evaluate { .. } => self.one(&[lead, lead, staff]),
            Act::Assign(_)
            | Act::DecideHandBack(..)
            | Act::DecideExtension(..)
            | Act::Urge(_)
            | Act::DecideNotice(..) => self.one(&[staff, Who::Office]),
            Act::DecideChange(..) => staff,
            // Whoever has to keep it, or the committee of its own accord.
            Act::ChangePromise(..) if self.chance(25) => staff,
            Act::ChangePromise(..) | Act::Report(..) => {
                self.one(&[Who::Handler(holder), Who::Handler(holder), Who::Approver(holder)])
            }
            Act::RejectOpinion(_) => Who::Handler(answering.unwrap_or(0)),
            Act::SendBack(_) | Act::Sign(_) => Who::Approver(department.unwrap_or(0)),
            Act::Attach(..) => Who::Handler(answering.unwrap_or(1)),
            _ if department.is_some() => {
                let it = department.unwrap_or(0);
                self.one(&[Who::Handler(it), Who::Handler(it), Who::Approver(it)])
            }
            _ => staff,
        }
    }

    fn with_hand(&mut self, at: usize, action: A) -> Attempt {
        let act = self.act(action, at, false);
        let who = self.hand(&act, at);
        Attempt { at, who, act }
    }

    /// A step that brings the case on.
    fn forward(&mut self, at: usize) -> Attempt {
        let case = self.now.cases[at].clone();
        if case.wish.is_some() && self.chance(35) {
            let action =
                self.one(&[A::AnswerWithdrawal, A::AnswerWithdrawal, A::AnswerWithdrawal, A::Withdraw]);
            return self.with_hand(at, action);
        }
        if case.stage == Stage::Replied
            && case.reminded.is_some()
            && case.verdict().is_none()
            && self.chance(60)
        {
            // A reminder, another letter, and silence again: seldom, unless one waits for it.
            let told = case.in_force().is_some_and(|it| Some(case.letters[it].on) <= case.reminded);
            let action = self.one(&[if told { A::CorrectReply } else { A::NoteProgress }, A::Close]);
            return self.with_hand(at, action);
        }
        // Nobody of the offices goes on with what is confidential before he is named.
        let waits_for_names = everybody().any(|who| self.now.stands(who, &case) == Some(Stands::Unnamed));
        if waits_for_names && !WRITING.contains(&case.stage) && self.chance(45) {
            let act = Act::NameReaders(self.named(at));
            return Attempt { at, who: Who::Leader, act };
        }
        let together =
            self.now.house.policy.withdrawal.all_signers && case.handed_in && !case.signed.is_empty();
        if together && self.chance(8) {
            return self.with_hand(at, A::Withdraw);
        }
        let weighted: &[(u32, Option<A>)] = match case.stage {
            Stage::Draft | Stage::Returned => {
                let waits = case.asked.iter().any(|(_, a)| *a == Answer::Waits);
                let few = case.motion && 1 + case.signed.len() < self.now.house.signers;
                match (waits, few) {
                    (true, true) => &[
                        (80, Some(A::CoSign)),
                        (5, Some(A::DeclineCoSigning)),
                        (5, Some(A::Invite)),
                        (5, Some(A::Submit)),
                        (5, Some(A::Amend)),
                    ],
                    (true, false) => &[
                        (30, Some(A::CoSign)),
                        (10, Some(A::DeclineCoSigning)),
                        (40, Some(A::Submit)),
                        (5, Some(A::Amend)),
                        (5, Some(A::Uninvite)),
                        (5, Some(A::Attach)),
                        (3, Some(A::DecideConfidentiality)),
                        (1, Some(A::Withdraw)),
                    ],
                    (false, true) => &[(50, Some(A::Invite)), (15, Some(A::Amend)), (30, Some(A::Submit))],
                    (false, false) => &[
                        (55, Some(A::Submit)),
                        (10, Some(A::Amend)),
                        (10, Some(A::Invite)),
                        (4, Some(A::Uninvite)),
                        (5, Some(A::Attach)),
                        (3, Some(A::DecideConfidentiality)),
                        (2, Some(A::Withdraw)),
                        (2, Some(A::DeclineCoSigning)),
                    ],
                }
            }
            Stage::Submitted => &[
                (70, Some(A::Register)),
                (14, Some(A::AskCorrection)),
                (3, Some(A::Decline)),
                (4, Some(A::DecideConfidentiality)),
                (1, Some(A::Withdraw)),
            ],
            Stage::Registered if case.motion => &[
                (80, Some(A::DecideMotion)),
                (5, Some(A::Merge)),
                (4, Some(A::Assign)),
                (4, Some(A::Dispatch)),
                (3, Some(A::Withdraw)),
            ],
            Stage::Registered if case.in_hand() => {
                &[(35, Some(A::Assign)), (45, None), (10, Some(A::Dispatch)), (10, Some(A::Decline))]
            }
            Stage::Registered => &[
                (45, Some(A::Assign)),
                (25, Some(A::Dispatch)),
                (60, Some(A::Merge)),
                (2, Some(A::Decline)),
                (2, Some(A::Withdraw)),
                (3, Some(A::ChooseKeyCase)),
            ],
            Stage::Dispatched => {
                &[(70, Some(A::Assign)), (20, None), (2, Some(A::Withdraw)), (2, Some(A::ChooseKeyCase))]
            }
            Stage::Assigned => &[
                (88, None),
                (5, Some(A::IssueNotice)),
                (5, Some(A::AnswerNotice)),
                (5, Some(A::DecideNotice)),
                (3, Some(A::Assign)),
                (2, Some(A::Withdraw)),
                (3, Some(A::ChooseKeyCase)),
                (2, Some(A::ReleaseKeyCase)),
                (2, Some(A::DecideConfidentiality)),
            ],
            Stage::Rework => &[
                (80, None),
                (5, Some(A::ReportCommitment)),
                (5, Some(A::JudgeCommitment)),
                (4, Some(A::ChangeCommitment)),
                (5, Some(A::DecidePublication)),
            ],
            Stage::Replied => match case.verdict() {
                Some(Satisfaction::Unsatisfied) if !case.let_stand() => &[
                    (55, Some(A::SettleDissatisfaction)),
                    (12, Some(A::Close)),
                    (8, Some(A::Evaluate)),
                    (10, Some(A::ReportCommitment)),
                    (5, Some(A::JudgeCommitment)),
                    (5, Some(A::FollowUp)),
                ],
                Some(_) => &[
                    (42, Some(A::Close)),
                    (16, Some(A::SettleDissatisfaction)),
                    (8, Some(A::Evaluate)),
                    (24, Some(A::ReportCommitment)),
                    (12, Some(A::JudgeCommitment)),
                    (30, Some(A::FollowUp)),
                    (14, Some(A::ChangeCommitment)),
                    (18, Some(A::DecideCommitmentChange)),
                    (4, Some(A::DecidePublication)),
                ],
                None => &[
                    (32, Some(A::Evaluate)),
                    (14, Some(A::RemindEvaluation)),
                    (18, Some(A::Close)),
                    (12, Some(A::CorrectReply)),
                    (16, Some(A::ReportCommitment)),
                    (8, Some(A::JudgeCommitment)),
                    (14, Some(A::FollowUp)),
                    (6, Some(A::ChangeCommitment)),
                    (8, Some(A::DecideCommitmentChange)),
                    (3, Some(A::ChooseKeyCase)),
                ],
            },
            Stage::Closed => &[
                (45, Some(A::Revisit)),
                (26, Some(A::ReportCommitment)),
                (15, Some(A::JudgeCommitment)),
                (30, Some(A::FollowUp)),
                (18, Some(A::ChangeCommitment)),
                (24, Some(A::DecideCommitmentChange)),
                (8, Some(A::DecidePublication)),
                (4, Some(A::ReleaseKeyCase)),
            ],
            Stage::Referred => &[(90, Some(A::ReportMotion)), (10, Some(A::Attach))],
            _ => return self.likely(at),
        };
        let all: u32 = weighted.iter().map(|(weight, _)| weight).sum();
        let mut at_weight = self.rng.random_range(0..all);
        let action = weighted.iter().find(|(weight, _)| {
            let here = at_weight < *weight;
            at_weight = at_weight.saturating_sub(*weight);
            here
        });
        match action.and_then(|(_, action)| *action) {
            None => self.work(at, &case),
            Some(action) => self.with_hand(at, action),
        }
    }

    /// A department's next step.
    fn work(&mut self, at: usize, case: &Case) -> Attempt {
        let open: Vec<u32> = (1..=case.jobs.len() as u32)
            .filter(|n| !matches!(case.job(*n).standing, Standing::HandedBack))
            .collect();
        if open.is_empty() {
            return self.likely(at);
        }
        if let Some(extension) = case.extension.clone().filter(|e| e.granted.is_none())
            && self.chance(30)
        {
            let act = Act::DecideExtension(extension.job, self.chance(70));
            return Attempt { at, who: self.hand(&act, at), act };
        }
        let number = self.one(&open);
        let job = case.job(number).clone();
        let (handler, approver) = (Who::Handler(job.department), Who::Approver(job.department));
        let draft = job.draft.as_ref().is_some_and(|d| !d.sent_back);
        let signs = self.now.house.policy.reply.sign_off == SignOff::InSystem;
        let roll = self.rng.random_range(0..100);
        let letter = |it: &mut Self| it.letter(at, false);
        let (who, act) = match (job.standing, job.part) {
            (Standing::Pending, _) if roll < if job.binding { 30 } else { 68 } => {
                (handler, Act::Accept(number))
            }
            (Standing::Pending, _) => (handler, Act::RequestHandBack(number)),
            (Standing::HandBackRequested, _) => {
                let granted = self.chance(60);
                let next = if granted && roll < 70 { Some(self.rng.random_range(0..3)) } else { None };
                let act = Act::DecideHandBack(number, granted, next);
                (self.hand(&act, at), act)
            }
            (Standing::Accepted, Part::Co) if roll < 70 => (handler, Act::Opinion(number)),
            (Standing::Accepted, Part::Co) if roll < 85 => (handler, Act::RequestHandBack(number)),
            (Standing::OpinionGiven, _) if roll < 50 => {
                let act = Act::RejectOpinion(number);
                (self.hand(&act, at), act)
            }
            (Standing::Accepted, _) if draft && roll < 60 => (approver, Act::Sign(number)),
            (Standing::Accepted, _) if draft && roll < 75 => (approver, Act::SendBack(number)),
            (Standing::Accepted, _) if roll < 50 && signs => (handler, Act::Draft(number, letter(self))),
            (Standing::Accepted, _) if roll < 50 => (handler, Act::Reply(number, letter(self))),
            (Standing::Accepted, _) if roll < 60 => (handler, Act::Draft(number, letter(self))),
            (Standing::Accepted, _) if roll < 76 => (handler, self.extension(at, number)),
            (Standing::Accepted, _) if roll < 84 => (handler, Act::RequestHandBack(number)),
            (_, _) if roll < 92 => (handler, Act::Consult(number, self.today, Vec::new())),
            _ => (approver, Act::Note(number, self.chance(50))),
        };
        Attempt { at, who, act }
    }
}
