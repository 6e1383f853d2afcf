//! The forms that are filled in, mostly right.

use super::{
    acts::{Act, Change, Letter, Who},
    chooser::Chooser,
    people::{DEPUTIES, FOREIGN},
    reference::Answer,
    urging::{Urging, Word},
};
use chrono::TimeDelta;
use jianyi::domain::{
    case::procedure::Action as A,
    day::Day,
    words::{
        Ground, MotionOutcome, Outcome, Part, Progress, PromiseChange, Publicity, Purpose, Rung,
        Satisfaction, Stage,
    },
};
use rand::Rng;

impl Chooser<'_> {
    fn number(&mut self, at: usize, wild: bool) -> u32 {
        let most = self.now.cases[at].jobs.len() as u32;
        if wild { self.rng.random_range(0..most + 2) } else { self.rng.random_range(1..=most.max(1)) }
    }

    fn class(&mut self, wild: bool) -> Option<&'static str> {
        if wild && self.chance(15) {
            return self.one(&[None, Some("Z")]);
        }
        Some(self.one(&["A", "A", "A", "B", "B", "C"]))
    }

    pub fn letter(&mut self, at: usize, wild: bool) -> Letter {
        let asks = self.now.cases[at].asks;
        let wild = wild || self.chance(6);
        let mut answers: Vec<_> = (1..=asks).map(|ask| (ask, "A")).collect();
        if wild && self.chance(25) {
            match self.rng.random_range(0..4) {
                0 => answers.push((asks + 1, "A")),
                1 => answers.push((1, "Z")),
                2 => answers.push((1, "B")),
                _ => drop(answers.pop()),
            }
        }
        let mut promises = Vec::new();
        for _ in 0..self.one(&[0, 0, 1, 1, 2]) {
            promises.push(self.day(0, 200));
        }
        if wild && self.chance(15) {
            promises.push(self.day(-3, 0));
        }
        let interim = self.chance(15);
        Letter {
            text: self.serial,
            class: if interim && self.chance(50) { None } else { self.class(wild) },
            interim,
            publicity: self.one(&[Publicity::Full, Publicity::Full, Publicity::Full, Publicity::Summary]),
            opinions: !(wild && self.chance(30)),
            answers,
            promises,
        }
    }

    pub fn extension(&mut self, at: usize, number: u32) -> Act {
        let case = &self.now.cases[at];
        if case.given_out.is_none() {
            return Act::RequestExtension(number, None);
        }
        let (due, cap) = self.now.house.reply_terms(case);
        let after = cap.date() + TimeDelta::days(1);
        let until = self.one(&[None, None, Some(cap), Some(due), Day::new(after)]);
        Act::RequestExtension(number, until)
    }

    fn handlers(&mut self, at: usize, wild: bool) -> Vec<(usize, Part)> {
        let led = !self.now.cases[at].answerers().is_empty();
        if wild && self.chance(50) {
            let parts = [Part::Sole, Part::Lead, Part::Co, Part::Separate];
            let count = self.one(&[0, 1, 1, 2, 2, 3]);
            return (0..count).map(|_| (self.one(&[0, 1, 2, 0, 1, 2, FOREIGN]), self.one(&parts))).collect();
        }
        let mut three = vec![0, 1, 2];
        let first = three.remove(self.rng.random_range(0..3));
        let second = three.remove(self.rng.random_range(0..2));
        match self.rng.random_range(0..10) {
            0..3 if led => vec![(first, Part::Co)],
            3..5 if led => vec![(first, Part::Separate)],
            0..3 => vec![(first, Part::Sole)],
            3..7 => vec![(first, Part::Lead), (second, Part::Co)],
            7 => vec![(first, Part::Lead)],
            _ => vec![(first, Part::Separate), (second, Part::Separate)],
        }
    }

    fn deputies(&mut self, most: usize) -> Vec<usize> {
        let count = self.rng.random_range(0..=most);
        (0..count).map(|_| self.rng.random_range(0..DEPUTIES)).collect()
    }

    /// A notice of the case, mostly the latest.
    fn notice(&mut self, at: usize, wild: bool) -> u32 {
        let all = self.now.cases[at].notices.len() as u32;
        if wild { self.rng.random_range(0..all + 2) } else { all.max(1) }
    }

    /// A step, with a form that is mostly right.
    pub fn act(&mut self, action: A, at: usize, wild: bool) -> Act {
        let case = &self.now.cases[at];
        let (signed, asked, motion) = (case.signed.clone(), case.asked.clone(), case.motion);
        let (confidential, class, closed) = (case.confidential.is_some(), case.class, case.closed);
        let promises = case.promises.len() as u32;
        let files = case.files.len() as u32;
        let promise = if wild {
            self.rng.random_range(0..promises + 2)
        } else {
            self.rng.random_range(1..=promises.max(1))
        };
        let n = self.number(at, wild);
        match action {
            A::Amend => Act::Amend(match self.rng.random_range(0..10) {
                0..3 => Change::Title,
                3..5 => Change::Category,
                5..7 => Change::Asks(self.one(&[0, 1, 2])),
                7 if wild => self.one(&[Change::Nothing, Change::Asks(21)]),
                _ => Change::Kind(!motion),
            }),
            A::Invite => {
                let free: Vec<usize> = (0..DEPUTIES)
                    .filter(|d| *d != self.now.cases[at].lead && !signed.contains(d))
                    .filter(|d| !asked.contains(&(*d, Answer::Waits)))
                    .collect();
                if wild || free.is_empty() {
                    let mut named = self.deputies(3);
                    if self.chance(10) {
                        named.push(DEPUTIES);
                    }
                    return Act::Invite(named);
                }
                let most = if motion { 10 } else { 2 };
                Act::Invite(free.into_iter().rev().take(most).collect())
            }
            A::Uninvite => {
                let named: Vec<usize> = asked.iter().map(|(d, _)| *d).chain(signed).collect();
                let any = self.rng.random_range(0..DEPUTIES);
                Act::Uninvite(if wild || named.is_empty() { any } else { self.one(&named) })
            }
            A::CoSign => Act::CoSign,
            A::DeclineCoSigning => Act::DeclineCoSigning,
            A::Attach => Act::Attach(
                if wild { self.rng.random_range(0..5) } else { self.serial },
                self.one(&[Purpose::Submission, Purpose::Handling, Purpose::Reply, Purpose::Commitment]),
            ),
            A::Submit => Act::Submit,
            A::AskCorrection => Act::AskCorrection,
            A::Decline => {
                let rules: Vec<Ground> = self.now.house.policy.grounds.iter().map(|g| g.id).collect();
                Act::Decline(if wild { self.one(Ground::ALL) } else { self.one(&rules) })
            }
            A::Register => Act::Register,
            A::DecideMotion => {
                let outcome = self.one(&[
                    MotionOutcome::Conversion,
                    MotionOutcome::Conversion,
                    MotionOutcome::Committee,
                    MotionOutcome::Committee,
                    MotionOutcome::Agenda,
                    MotionOutcome::NoAgenda,
                ]);
                Act::DecideMotion(outcome, !wild)
            }
            A::ReportMotion => Act::ReportMotion(self.one(&[
                MotionOutcome::Conversion,
                MotionOutcome::Conversion,
                MotionOutcome::NoAgenda,
                MotionOutcome::Agenda,
                MotionOutcome::Committee,
            ])),
            A::Merge => {
                let all: Vec<usize> = (0..self.now.cases.len()).collect();
                let fit: Vec<usize> = all
                    .iter()
                    .copied()
                    .filter(|it| *it != at && self.now.cases[*it].stage == Stage::Registered)
                    .collect();
                match wild || fit.is_empty() {
                    true if self.chance(20) => Act::Merge(None),
                    true => Act::Merge(Some(self.one(&all))),
                    false => Act::Merge(Some(self.one(&fit))),
                }
            }
            A::Dispatch => Act::Dispatch,
            A::Assign => Act::Assign(self.handlers(at, wild)),
            A::Accept => Act::Accept(n),
            A::RequestHandBack => Act::RequestHandBack(n),
            A::DecideHandBack => {
                let next = if self.chance(40) { Some(self.rng.random_range(0..FOREIGN)) } else { None };
                let next = if wild && self.chance(10) { Some(FOREIGN) } else { next };
                Act::DecideHandBack(n, self.chance(60), next)
            }
            A::RequestExtension => self.extension(at, n),
            A::DecideExtension => Act::DecideExtension(n, self.chance(60)),
            A::Consult => {
                let deputies = if wild { self.deputies(2) } else { signed };
                Act::Consult(n, if wild { self.day(-30, 1) } else { self.today }, deputies)
            }
            A::NoteProgress => Act::Note(n, self.chance(40)),
            A::GiveOpinion => Act::Opinion(n),
            A::RejectOpinion => Act::RejectOpinion(n),
            A::DraftReply => Act::Draft(n, self.letter(at, wild)),
            A::SendBackReply => Act::SendBack(n),
            A::SignReply => Act::Sign(n),
            A::Reply => Act::Reply(n, self.letter(at, wild)),
            A::CorrectReply => Act::Correct(n, self.letter(at, wild)),
            A::FollowUp => Act::FollowUp(n, self.letter(at, wild)),
            A::Evaluate => {
                use Satisfaction::{BasicallySatisfied, Satisfied, Unsatisfied};
                let result = self.one(&[Satisfied, Satisfied, BasicallySatisfied, Unsatisfied, Unsatisfied]);
                let attitude = self.one(&[Satisfied, Satisfied, Satisfied, Unsatisfied]);
                let paper = if self.chance(if wild { 40 } else { 10 }) {
                    let lead = self.now.cases[at].lead;
                    Some(if wild { self.rng.random_range(0..=DEPUTIES) } else { lead })
                } else {
                    None
                };
                let text = !(wild && self.chance(40));
                Act::Evaluate { result, attitude, text, paper }
            }
            A::RemindEvaluation => Act::Remind,
            A::SettleDissatisfaction => Act::Settle(self.chance(60)),
            A::ReportCommitment => {
                use Progress::{CannotBeKept, Kept, UnderWay};
                let named = match wild && self.chance(20) {
                    true => vec![self.rng.random_range(0..files + 2)],
                    false if files > 0 => vec![files],
                    false => Vec::new(),
                };
                let progress = self.one(&[Kept, Kept, Kept, UnderWay, CannotBeKept]);
                Act::Report(promise, progress, named, self.chance(60))
            }
            A::ChangeCommitment => {
                use PromiseChange::{Drop, HandOver, Move};
                let kind = self.one(&[Move, Move, Drop, HandOver, HandOver]);
                let day = (kind == Move || (wild && self.chance(20))).then(|| self.day(-20, 300));
                let next = kind == HandOver || (wild && self.chance(20));
                let next = next.then(|| self.rng.random_range(0..if wild { FOREIGN + 1 } else { FOREIGN }));
                Act::ChangePromise(promise, kind, day, next)
            }
            A::DecideCommitmentChange => {
                Act::DecideChange(promise, self.chance(65), !(wild && self.chance(40)))
            }
            A::JudgeCommitment => Act::Judge(promise, self.chance(65), !(wild && self.chance(40))),
            A::ChooseKeyCase => Act::ChooseKey,
            A::ReleaseKeyCase => Act::ReleaseKey,
            A::DecideConfidentiality => Act::Confidential(if wild { self.chance(50) } else { !confidential }),
            A::NameReaders => {
                let mut named = self.named(at);
                if wild && self.chance(30) {
                    let others = [Who::Auditor, Who::Leader, Who::Deputy(0), Who::Neighbour, Who::Committee];
                    named.push(self.one(&others));
                }
                Act::NameReaders(named)
            }
            A::DecidePublication => Act::Publish {
                publicity: self.one(Publicity::ALL),
                summary: self.one(&[None, Some(false), Some(false), Some(true)]),
                ground: !(wild && self.chance(40)),
            },
            A::IssueNotice => {
                let rung = self.one(Rung::ALL);
                let by = if wild { self.day(-2, 9) } else { self.day(1, 9) };
                let dated = rung != Rung::Reminder || self.chance(50);
                let answer_by = (dated && !(wild && self.chance(30))).then_some(by);
                let leader = rung == Rung::SupervisionOrder && !(wild && self.chance(30));
                Act::Urge(Urging { job: n, rung, answer_by, leader })
            }
            A::AnswerNotice => {
                let finished = if wild { self.day(-3, 9) } else { self.day(0, 9) };
                Act::AnswerNotice(self.notice(at, wild), self.one(&[None, Some(finished)]))
            }
            A::DecideNotice => {
                let accepted = self.chance(60);
                let again = if wild { self.day(-2, 9) } else { self.day(1, 9) };
                let answer_by = (self.chance(40) && (wild || !accepted)).then_some(again);
                let word = Word { accepted, reason: !(wild && self.chance(40)), answer_by };
                Act::DecideNotice(self.notice(at, wild), word)
            }
            A::Close => Act::Close,
            A::Withdraw => Act::Withdraw,
            A::AnswerWithdrawal => Act::AnswerWithdrawal(self.chance(75)),
            A::Revisit => {
                let (outcome, to) = match class {
                    Some("A") => self.one(&[
                        (Outcome::NotDelivered, Some("B")),
                        (Outcome::NotDelivered, Some("B")),
                        (Outcome::Upheld, None),
                        (Outcome::Worse, Some("C")),
                    ]),
                    _ => self.one(&[
                        (Outcome::ResolvedSince, Some("A")),
                        (Outcome::Upheld, class),
                        (Outcome::Worse, None),
                    ]),
                };
                let (outcome, to) =
                    if wild { (self.one(Outcome::ALL), self.class(true)) } else { (outcome, to) };
                let day = if wild { self.day(-40, 1) } else { closed.unwrap_or(self.today).max(self.today) };
                let reopen = self.chance(if matches!(outcome, Outcome::NotDelivered | Outcome::Worse) {
                    70
                } else {
                    8
                });
                Act::Revisit { day, outcome, class: to, people: !(wild && self.chance(10)), reopen }
            }
        }
    }
}
