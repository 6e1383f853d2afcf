//! The reference: the procedure once more, in plain words. It shares nothing with the program but vocabulary, policies
//! and the arithmetic of terms.
//!
//! One function per step, in `writing.rs`, `giving_out.rs`, `answering.rs` and `judging.rs`; here is what they work on,
//! who sees it, and in which order an attempt is examined.

use super::{
    acts::{Act, Letter, Who},
    seeing::{For, Told, paper, told, told_to},
    urging::Notice,
};
use jianyi::domain::{
    calendar::Calendar,
    day::Day,
    policy::{Policy, TermKind},
    term,
    words::{
        MotionOutcome, Part, Progress, PromiseChange, Publicity, Purpose, Satisfaction, Stage, Standing,
    },
};
use std::sync::Arc;

/// What becomes of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Done; the reference's state tells what it left behind.
    Done,
    /// 404
    Hidden,
    /// 403
    NotYours,
    /// 409, with the code.
    Refused(&'static str),
    /// 412
    Stale,
    /// 422, with the pointer.
    Invalid(String),
}

/// What stands in the way; nothing, with the number of events that the step leaves.
pub type Said = Result<i64, Expected>;

pub fn refused(code: &'static str) -> Said {
    Err(Expected::Refused(code))
}

pub fn invalid(pointer: impl Into<String>) -> Said {
    Err(Expected::Invalid(pointer.into()))
}

/// A congress as far as the procedure depends on it.
pub struct House {
    pub policy: Policy,
    pub calendar: Calendar,
    /// Signers that a motion needs.
    pub signers: usize,
    pub national: bool,
    pub sessions: Vec<Sitting>,
    /// Of each department, whether it belongs to the government.
    pub government: Vec<bool>,
    pub deputies: usize,
    /// The first deputies, as many, are of the first delegation, which has a secretary; the rest of the second.
    pub delegation: usize,
}

/// A session, or the time between two.
pub struct Sitting {
    pub opens: Day,
    pub closes: Option<Day>,
    pub in_session: bool,
    pub motions_until: Option<Day>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Waits,
    Signed,
    Declined,
    Lapsed,
}

/// A department's part.
#[derive(Clone, Debug)]
pub struct Job {
    pub department: usize,
    pub part: Part,
    pub standing: Standing,
    pub since: Day,
    pub binding: bool,
    pub asked_back: bool,
    pub opinion: bool,
    pub rejected_on: Option<Day>,
    pub draft: Option<Draft>,
}

#[derive(Clone, Debug)]
pub struct Draft {
    pub letter: Letter,
    pub by: Who,
    pub sent_back: bool,
}

#[derive(Clone, Debug)]
pub struct Extension {
    pub job: u32,
    pub granted: Option<bool>,
}

#[derive(Clone, Debug)]
pub struct Sent {
    pub job: u32,
    pub on: Day,
    pub class: Option<&'static str>,
    pub interim: bool,
    pub second: bool,
    /// A new version of the letter with this index.
    pub corrects: Option<usize>,
    pub asks: Vec<u32>,
    pub publicity: Publicity,
}

#[derive(Clone, Debug)]
pub struct Promise {
    pub job: u32,
    pub letter: usize,
    pub replaced: bool,
    /// The department that is to keep it.
    pub holder: usize,
    /// How many departments had it.
    pub holders: usize,
    pub due: Day,
    pub moves: usize,
    /// What was asked to become of it and waits for the committee.
    pub wish: Option<(PromiseChange, Option<Day>, Option<usize>)>,
    /// How often anything was asked to become of it.
    pub wishes: usize,
    pub dropped: bool,
    /// The latest report: how far, when, and whether the deputy agrees.
    pub report: Option<(Progress, Day, Option<bool>)>,
    /// Whether anything shows what it says.
    pub shown: bool,
    /// What a revisit found of it, while the deputy had said nothing.
    pub found: Option<bool>,
    pub reports: usize,
}

impl Promise {
    /// The deputy's word, or a revisit's, or a report that something shows.
    pub fn kept(&self) -> bool {
        match self.report {
            Some((Progress::Kept, _, word)) => !self.dropped && word.or(self.found).unwrap_or(self.shown),
            _ => false,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Judged {
    pub by: usize,
    pub letter: usize,
    pub result: Satisfaction,
    pub counts: bool,
    pub on_paper: bool,
}

/// A case as the reference knows it.
#[derive(Clone, Debug)]
pub struct Case {
    pub stage: Stage,
    /// Everything that happened to it; whoever may not read all of it counts what he reads.
    pub history: Vec<Told>,
    pub latest: Day,
    pub motion: bool,
    pub lead: usize,
    /// Who signed besides the lead.
    pub signed: Vec<usize>,
    /// Who was asked, and what he said.
    pub asked: Vec<(usize, Answer)>,
    pub delegation: bool,
    pub asks: u32,
    pub session: Option<usize>,
    pub in_session: bool,
    pub handed_in: bool,
    pub numbered: bool,
    pub dispatched: bool,
    /// 交办: when the case's own clock started.
    pub given_out: Option<Day>,
    pub jobs: Vec<Job>,
    pub extension: Option<Extension>,
    pub talks: usize,
    pub notes: usize,
    pub letters: Vec<Sent>,
    pub class: Option<&'static str>,
    pub promises: Vec<Promise>,
    pub judged: Vec<Judged>,
    pub reminded: Option<Day>,
    pub reworks: usize,
    pub settled: Vec<usize>,
    pub key: bool,
    /// Who of the offices is named to read it, while it is confidential.
    pub confidential: Option<Vec<Who>>,
    pub published: Option<Publicity>,
    pub files: Vec<(u32, Purpose, Option<u32>)>,
    /// Shares of several that nobody has now.
    pub empty: usize,
    /// The class before a second answer changed it.
    pub class_before: Option<&'static str>,
    pub from_motion: bool,
    pub closed: Option<Day>,
    pub wish: Option<Vec<usize>>,
    /// The case that it is handled with, and those handled with it.
    pub leader: Option<usize>,
    pub joined: Vec<usize>,
    pub revisits: usize,
    pub notices: Vec<Notice>,
}

/// How somebody stands to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    Lead,
    CoSigner,
    Asked,
    /// Of the lead signer's delegation.
    Secretary,
    Committee {
        leader: bool,
    },
    Office,
    /// With the number of his department's open assignment.
    Handles(u32),
    /// His department took a promise over, and has no other part.
    Keeps,
    Reads,
    /// It is confidential, and he is not named.
    Unnamed,
}

/// The cases of one lane, all of one congress.
#[derive(Clone)]
pub struct Reference {
    pub house: Arc<House>,
    pub cases: Vec<Case>,
    /// The cases that the step going on is taken on beside its own.
    along: Vec<usize>,
}

/// An attempt's circumstances.
#[derive(Clone, Copy, Debug)]
pub struct When {
    pub today: Day,
    /// The day on the paper, where one is named.
    pub paper: Option<Day>,
    pub stale: bool,
}

impl Case {
    pub fn begun(lead: usize, motion: bool, on: Day) -> Case {
        Case {
            stage: Stage::Draft,
            history: vec![told_to("drafted", For::Filing)],
            latest: on,
            motion,
            lead,
            signed: Vec::new(),
            asked: Vec::new(),
            delegation: false,
            asks: 0,
            session: None,
            in_session: false,
            handed_in: false,
            numbered: false,
            dispatched: false,
            given_out: None,
            jobs: Vec::new(),
            extension: None,
            talks: 0,
            notes: 0,
            letters: Vec::new(),
            class: None,
            promises: Vec::new(),
            judged: Vec::new(),
            reminded: None,
            reworks: 0,
            settled: Vec::new(),
            key: false,
            confidential: None,
            published: None,
            files: Vec::new(),
            empty: 0,
            class_before: None,
            from_motion: false,
            closed: None,
            wish: None,
            leader: None,
            joined: Vec::new(),
            revisits: 0,
            notices: Vec::new(),
        }
    }

    pub fn ended(&self) -> bool {
        use Stage::{Converted, Declined, Examined, OnAgenda, Withdrawn};
        matches!(self.stage, Converted | Declined | Examined | OnAgenda | Withdrawn)
    }

    /// The step belongs to these stages.
    pub fn at(&self, stages: &[Stage]) -> Said {
        match stages.contains(&self.stage) {
            true => Ok(1),
            false if self.ended() => refused("ended"),
            false => refused("wrong_stage"),
        }
    }

    pub fn job(&self, number: u32) -> &Job {
        &self.jobs[number as usize - 1]
    }

    pub fn job_mut(&mut self, number: u32) -> &mut Job {
        &mut self.jobs[number as usize - 1]
    }

    /// Those who answer to the deputy and still have the case.
    pub fn answerers(&self) -> Vec<u32> {
        let mut numbers = Vec::new();
        for (index, job) in self.jobs.iter().enumerate() {
            if job.part != Part::Co && job.standing != Standing::HandedBack {
                numbers.push(index as u32 + 1);
            }
        }
        numbers
    }

    /// The letter that the deputy is to judge: the last final one that is not a second answer to a promise.
    pub fn in_force(&self) -> Option<usize> {
        self.letters.iter().rposition(|l| !l.interim && !l.second && l.corrects.is_none())
    }

    /// What the signers whose word counts said of it; the worst, where several do.
    pub fn verdict(&self) -> Option<Satisfaction> {
        let letter = self.in_force()?;
        // A deputy's own word stands before what others entered for him.
        let of = |j: &&Judged| j.letter == letter && j.counts;
        let own = |by: usize| self.judged.iter().filter(of).any(|j| j.by == by && !j.on_paper);
        let said: Vec<_> =
            self.judged.iter().filter(of).filter(|j| !(j.on_paper && own(j.by))).map(|j| j.result).collect();
        let worst_first =
            [Satisfaction::Unsatisfied, Satisfaction::BasicallySatisfied, Satisfaction::Satisfied];
        worst_first.into_iter().find(|word| said.contains(word))
    }

    pub fn let_stand(&self) -> bool {
        self.in_force().is_some_and(|letter| self.settled.contains(&letter))
    }

    pub fn signer(&self, deputy: usize) -> bool {
        self.lead == deputy || self.signed.contains(&deputy)
    }

    /// Whether a department has to keep a promise: it holds it and did not hand it back with the case.
    pub fn keeper(&self, it: &Promise, department: usize) -> bool {
        let has_it =
            self.jobs.iter().any(|j| j.department == department && j.standing != Standing::HandedBack);
        let made_it = self.job(it.job).department == department;
        it.holder == department && (has_it || !made_it)
    }

    /// The promises that a department has to keep, by number, without those that a correction took back.
    pub fn keeps(&self, department: usize) -> impl Iterator<Item = (u32, &Promise)> {
        (1..).zip(&self.promises).filter(move |(_, it)| !it.replaced && self.keeper(it, department))
    }

    /// Together with the leader until one of them has an answer or an end.
    pub fn follows(&self, leader: usize) -> bool {
        self.leader == Some(leader)
            && matches!(self.stage, Stage::Registered | Stage::Dispatched | Stage::Assigned)
    }
}

impl House {
    /// The last day of a term; none where the policy sets none.
    pub fn last_day(&self, kind: TermKind, from: Day, case: &Case) -> Option<Day> {
        let set = self.policy.term(kind)?;
        let applies = match set.when.map(|when| when.id()) {
            None => true,
            Some("in_session") => case.session.is_some() && case.in_session,
            Some(_) => case.session.is_some() && !case.in_session,
        };
        if !applies {
            return None;
        }
        let counted = term::count(from.date(), set.term(), &self.calendar).unwrap();
        Day::new(counted.due)
    }

    /// The session, or time between sessions, of a day: of several the one that began last.
    pub fn sitting(&self, day: Day) -> Option<usize> {
        self.sessions.iter().rposition(|s| s.opens <= day && s.closes.is_none_or(|closes| day <= closes))
    }
}

impl Reference {
    pub fn of(house: Arc<House>) -> Reference {
        Reference { house, cases: Vec::new(), along: Vec::new() }
    }

    /// How somebody stands to a case; nothing, where it does not exist for him.
    pub fn stands(&self, who: Who, case: &Case) -> Option<Stands> {
        let stands = self.by_his_part(who, case)?;
        // Of these offices whoever is to read what is confidential is named; a deputy reads his own, and the
        // committee's leader and the auditors all.
        let of_these = matches!(who, Who::Committee | Who::Office | Who::Handler(_) | Who::Approver(_));
        match &case.confidential {
            Some(named) if of_these && !named.contains(&who) => Some(Stands::Unnamed),
            _ => Some(stands),
        }
    }

    fn by_his_part(&self, who: Who, case: &Case) -> Option<Stands> {
        match who {
            Who::Deputy(d) if d == case.lead => Some(Stands::Lead),
            Who::Deputy(d) if case.signed.contains(&d) => Some(Stands::CoSigner),
            Who::Deputy(d) if case.asked.contains(&(d, Answer::Waits)) => Some(Stands::Asked),
            // What its deputies handed in, as long as it is no secret.
            Who::Secretary => {
                let open = case.handed_in && case.confidential.is_none();
                (open && case.lead < self.house.delegation).then_some(Stands::Secretary)
            }
            Who::Committee if case.handed_in => Some(Stands::Committee { leader: false }),
            Who::Leader if case.handed_in => Some(Stands::Committee { leader: true }),
            Who::Auditor if case.handed_in => Some(Stands::Reads),
            Who::Office => {
                let theirs = case.jobs.iter().any(|job| self.house.government[job.department]);
                (case.dispatched || theirs).then_some(Stands::Office)
            }
            Who::Handler(d) | Who::Approver(d) => {
                let open = |job: &Job| job.department == d && job.standing != Standing::HandedBack;
                let own = case.jobs.iter().position(open).map(|index| Stands::Handles(index as u32 + 1));
                own.or_else(|| case.keeps(d).next().map(|_| Stands::Keeps))
            }
            _ => None,
        }
    }

    /// Whether the step is his, as the procedure shares them out.
    fn his(&self, who: Who, stands: Stands, case: &Case, act: &Act, job: Option<u32>) -> bool {
        match stands {
            Stands::Reads | Stands::Secretary | Stands::Unnamed => false,
            Stands::Lead => matches!(
                act,
                Act::Amend(_)
                    | Act::Invite(_)
                    | Act::Uninvite(_)
                    | Act::Attach(..)
                    | Act::Submit
                    | Act::Evaluate { .. }
                    | Act::Judge(..)
                    | Act::Confidential(_)
                    | Act::Withdraw
            ),
            Stands::CoSigner => {
                matches!(act, Act::DeclineCoSigning | Act::Evaluate { .. } | Act::AnswerWithdrawal(_))
            }
            Stands::Asked => matches!(act, Act::CoSign | Act::DeclineCoSigning),
            Stands::Committee { leader: true } if matches!(act, Act::NameReaders(_)) => true,
            Stands::Committee { .. } => matches!(
                act,
                Act::Attach(..)
                    | Act::AskCorrection
                    | Act::Decline(_)
                    | Act::Register
                    | Act::DecideMotion(..)
                    | Act::ReportMotion(_)
                    | Act::Merge(_)
                    | Act::Dispatch
                    | Act::Assign(_)
                    | Act::DecideHandBack(..)
                    | Act::DecideExtension(..)
                    | Act::Evaluate { .. }
                    | Act::Remind
                    | Act::Settle(_)
                    | Act::ChooseKey
                    | Act::ReleaseKey
                    | Act::Confidential(_)
                    | Act::Publish { .. }
                    | Act::Close
                    | Act::Revisit { .. }
                    | Act::Urge(_)
                    | Act::DecideNotice(..)
                    | Act::ChangePromise(..)
                    | Act::DecideChange(..)
            ),
            // For the departments of the government only.
            Stands::Office => match act {
                Act::Assign(_) | Act::Urge(_) => true,
                Act::DecideHandBack(..) | Act::DecideExtension(..) | Act::DecideNotice(..) => {
                    job.is_some_and(|number| self.house.government[case.job(number).department])
                }
                _ => false,
            },
            // Whoever keeps a promise answers for it, and answers again once it is kept.
            Stands::Handles(_) | Stands::Keeps if matches!(act, Act::Report(..) | Act::ChangePromise(..)) => {
                let promise =
                    act.promise().and_then(|number| case.promises.get((number as usize).checked_sub(1)?));
                department(who).zip(promise).is_some_and(|(d, it)| case.keeper(it, d))
            }
            Stands::Handles(_) | Stands::Keeps
                if matches!(act, Act::FollowUp(..))
                    && department(who).is_some_and(|d| case.keeps(d).any(|(_, it)| Some(it.job) == job)) =>
            {
                true
            }
            Stands::Keeps => matches!(act, Act::Attach(..)),
            Stands::Handles(own) => {
                let part = case.job(own).part;
                let on_own = job.is_none_or(|number| number == own);
                let answers = part != Part::Co;
                match act {
                    // The lead handler alone, on what another one gave.
                    Act::RejectOpinion(_) => part == Part::Lead && !on_own,
                    _ if !on_own => false,
                    Act::Attach(..)
                    | Act::Accept(_)
                    | Act::RequestHandBack(_)
                    | Act::Consult(..)
                    | Act::Note(..)
                    | Act::AnswerNotice(..) => true,
                    Act::Opinion(_) => !answers,
                    Act::RequestExtension(..)
                    | Act::Draft(..)
                    | Act::Reply(..)
                    | Act::Correct(..)
                    | Act::FollowUp(..) => answers,
                    Act::SendBack(_) | Act::Sign(_) => answers && matches!(who, Who::Approver(_)),
                    _ => false,
                }
            }
        }
    }

    /// The state after an attempt, where it succeeds; otherwise nothing has changed.
    pub fn attempt(&mut self, who: Who, at: usize, act: &Act, when: When) -> Expected {
        let before = self.cases.clone();
        match self.examined(who, at, act, when) {
            Ok(_) => Expected::Done,
            Err(why) => {
                self.cases = before;
                why
            }
        }
    }

    /// The order of the questions: does it exist for him, is it his, is he up to date, is the form right, does the day
    /// fit, does the procedure allow it.
    fn examined(&mut self, who: Who, at: usize, act: &Act, when: When) -> Said {
        self.along.clear();
        let case = &self.cases[at];
        let stands = self.stands(who, case).ok_or(Expected::Hidden)?;
        if stands == Stands::Unnamed {
            return Err(Expected::NotYours);
        }
        let promise = match act.promise() {
            None => None,
            Some(number) => {
                let index = (number as usize).checked_sub(1).ok_or(Expected::Hidden)?;
                Some(case.promises.get(index).ok_or(Expected::Hidden)?)
            }
        };
        let urged = act.notice().map(|number| case.notice_for(stands, number)).transpose()?.map(|it| it.job);
        let job = act.job().or(promise.map(|p| p.job)).or(urged);
        if job.is_some_and(|number| number == 0 || number as usize > case.jobs.len()) {
            return Err(Expected::Hidden);
        }
        if !self.his(who, stands, case, act, job) {
            return Err(Expected::NotYours);
        }
        if when.stale {
            return Err(Expected::Stale);
        }
        let on = Reference::day(who, when)?;
        self.form(act, at, on)?;
        if on < case.latest {
            return invalid("?occurred_on");
        }
        let events = self.step(who, at, act, on)?;
        let left = self.left_by(act, &self.cases[at], events);
        for touched in std::mem::take(&mut self.along).into_iter().chain([at]) {
            let case = &mut self.cases[touched];
            case.history.extend(&left);
            // A notice is no step of the case: paper of the day before it still comes in.
            if !matches!(act, Act::Urge(_) | Act::AnswerNotice(..) | Act::DecideNotice(..)) {
                case.latest = on;
            }
        }
        if self.cases[at].ended() {
            self.part(at, on)?;
        }
        Ok(events)
    }

    /// Only the committee enters paper of an earlier day.
    pub fn day(who: Who, when: When) -> Result<Day, Expected> {
        match when.paper {
            None => Ok(when.today),
            Some(day) if day == when.today => Ok(day),
            Some(_) if !matches!(who, Who::Committee | Who::Leader) => Err(Expected::NotYours),
            Some(day) if day > when.today => Err(Expected::Invalid("?occurred_on".into())),
            Some(day) => Ok(day),
        }
    }

    /// What is wrong with a form whatever the case: it names what the congress does not have.
    fn form(&self, act: &Act, at: usize, on: Day) -> Said {
        let unknown = |department: usize| department >= self.house.government.len();
        match act {
            Act::Invite(deputies) => match deputies.iter().position(|d| *d >= self.house.deputies) {
                Some(index) => invalid(format!("/deputies/{index}")),
                None => Ok(1),
            },
            Act::Submit if self.house.sitting(on).is_none() => refused("no_session"),
            Act::Merge(into) => match into.and_then(|index| self.cases.get(index)) {
                Some(main) if main.handed_in => Ok(1),
                _ => invalid("/into"),
            },
            Act::Assign(handlers) => match handlers.iter().position(|(d, _)| unknown(*d)) {
                Some(index) => invalid(format!("/handlers/{index}/department")),
                None => Ok(1),
            },
            // People in the three kinds of offices here, each once.
            Act::NameReaders(people) => {
                let works_here = |who: &Who| match who {
                    Who::Committee | Who::Office => true,
                    Who::Handler(d) | Who::Approver(d) => !unknown(*d),
                    _ => false,
                };
                let wrong = |index: &usize| {
                    people[..*index].contains(&people[*index]) || !works_here(&people[*index])
                };
                match (0..people.len()).find(wrong) {
                    Some(index) => invalid(format!("/readers/{index}")),
                    None => Ok(1),
                }
            }
            Act::DecideHandBack(_, _, Some(next)) if unknown(*next) => invalid("/assign_to"),
            Act::ChangePromise(_, _, _, Some(next)) if unknown(*next) => invalid("/department"),
            _ => {
                let _ = at;
                Ok(1)
            }
        }
    }

    fn step(&mut self, who: Who, at: usize, act: &Act, on: Day) -> Said {
        match act {
            Act::Amend(change) => self.amend(at, change),
            Act::Invite(deputies) => self.invite(at, deputies),
            Act::Uninvite(deputy) => self.uninvite(at, *deputy),
            Act::CoSign => self.co_sign(at, who),
            Act::DeclineCoSigning => self.decline_co_signing(at, who),
            Act::Attach(file, purpose) => self.attach(at, who, *file, *purpose),
            Act::Submit => self.submit(at, on),
            Act::AskCorrection => self.ask_correction(at),
            Act::Decline(ground) => self.decline(at, *ground),
            Act::Register => self.register(at),
            Act::DecideMotion(outcome, named) => self.decide_motion(at, who, (*outcome, *named), on),
            Act::ReportMotion(outcome) => self.report_motion(at, who, *outcome, on),
            Act::Merge(into) => self.merge(at, *into, on),
            Act::Dispatch => self.dispatch(at, on),
            Act::Assign(handlers) => self.assign(at, who, handlers, on),
            Act::Accept(job) => self.accept(at, *job, on),
            Act::RequestHandBack(job) => self.request_hand_back(at, *job, on),
            Act::DecideHandBack(job, granted, next) => {
                self.decide_hand_back(at, who, (*job, *granted, *next), on)
            }
            Act::RequestExtension(job, until) => self.request_extension(at, *job, *until, on),
            Act::DecideExtension(job, granted) => self.decide_extension(at, *job, *granted, on),
            Act::Consult(job, day, deputies) => self.consult(at, *job, (*day, deputies), on),
            Act::Note(job, _) => self.note(at, *job),
            Act::Opinion(job) => self.opinion(at, *job, on),
            Act::RejectOpinion(job) => self.reject_opinion(at, *job, on),
            Act::Draft(job, letter) => self.draft_reply(at, who, *job, letter, on),
            Act::SendBack(job) => self.send_back(at, *job),
            Act::Sign(job) => self.sign(at, who, *job, on),
            Act::Reply(job, letter) => self.reply(at, *job, letter, on),
            Act::Correct(job, letter) => self.correct(at, who, *job, letter, on),
            Act::FollowUp(job, letter) => self.follow_up(at, who, *job, letter, on),
            Act::Evaluate { result, attitude, text, paper } => {
                self.evaluate(at, who, (*result, *attitude, *text, *paper))
            }
            Act::Remind => self.remind(at, on),
            Act::Settle(rework) => self.settle(at, *rework),
            Act::Report(promise, progress, files, shown) => {
                self.report(at, who, *promise, (*progress, files, *shown), on)
            }
            Act::ChangePromise(promise, kind, due, next) => {
                self.change_promise(at, who, *promise, (*kind, *due, *next), on)
            }
            Act::DecideChange(promise, granted, why) => self.decide_change(at, *promise, *granted, *why),
            Act::Judge(promise, agrees, text) => self.judge(at, *promise, *agrees, *text),
            Act::ChooseKey => self.choose_key(at),
            Act::ReleaseKey => self.release_key(at),
            Act::Confidential(wanted) => self.keep_confidential(at, who, *wanted, on),
            Act::NameReaders(people) => self.name_readers(at, people),
            Act::Publish { publicity, summary, ground } => self.publish(at, *publicity, *summary, *ground),
            Act::Close => self.close(at, on),
            Act::Withdraw => self.withdraw(at),
            Act::AnswerWithdrawal(agrees) => self.answer_withdrawal(at, who, *agrees),
            Act::Urge(urging) => self.urge(at, who, *urging, on),
            Act::AnswerNotice(notice, finished_by) => self.answer_notice(at, *notice, *finished_by, on),
            Act::DecideNotice(notice, word) => self.decide_notice(at, who, *notice, *word, on),
            Act::Revisit { day, outcome, class, people, reopen } => {
                self.revisit(at, (*day, *outcome, *class, *people, *reopen), on)
            }
        }
    }

    /// What happens to the leading case happens to those that are handled with it.
    pub fn together(&mut self, at: usize, on: Day, events: i64, effect: impl Fn(&House, &mut Case)) -> Said {
        let house = self.house.clone();
        for follower in self.cases[at].joined.clone() {
            if !self.cases[follower].follows(at) {
                continue;
            }
            if on < self.cases[follower].latest {
                return invalid("?occurred_on");
            }
            effect(&house, &mut self.cases[follower]);
            self.along.push(follower);
        }
        effect(&house, &mut self.cases[at]);
        Ok(events)
    }

    /// The leading case has ended without an answer: the others go on by themselves.
    fn part(&mut self, at: usize, on: Day) -> Said {
        for follower in self.cases[at].joined.clone() {
            if self.cases[follower].follows(at) {
                if on < self.cases[follower].latest {
                    return invalid("?occurred_on");
                }
                let case = &mut self.cases[follower];
                case.leader = None;
                case.history.push(told("parted"));
                case.latest = on;
            }
        }
        Ok(0)
    }

    /// Steps that are taken on the leading case alone.
    pub fn leads_itself(&self, at: usize) -> Said {
        match self.cases[at].leader {
            Some(leader) if self.cases[at].follows(leader) => refused("merged"),
            _ => Ok(1),
        }
    }

    /// A motion that was made into a suggestion: handed in as it was, in the same session.
    pub fn convert(&mut self, at: usize, who: Who, on: Day) {
        let motion = &self.cases[at];
        let mut case = Case::begun(motion.lead, false, on);
        case.signed.clone_from(&motion.signed);
        case.delegation = motion.delegation;
        case.asks = motion.asks;
        case.session = motion.session;
        case.in_session = motion.in_session;
        case.handed_in = true;
        case.stage = Stage::Submitted;
        case.history.push(told("submitted"));
        if motion.confidential.is_some() {
            // What is a secret in one paper is one in the other.
            case.confidential = Some(knows(who));
            case.history.push(told("confidentiality_decided"));
        }
        // The papers belong to the matter.
        case.files = motion.files.iter().filter(|(_, _, job)| job.is_none()).copied().collect();
        case.history.extend(case.files.iter().map(|(file, purpose, job)| paper(*file, *purpose, *job)));
        case.from_motion = true;
        self.cases.push(case);
    }
}

/// The department that somebody works for.
pub fn department(who: Who) -> Option<usize> {
    match who {
        Who::Handler(d) | Who::Approver(d) => Some(d),
        _ => None,
    }
}

/// Staff who make a case confidential know it, and go on with it; the leader need not be named.
pub fn knows(who: Who) -> Vec<Who> {
    if who == Who::Committee { vec![who] } else { Vec::new() }
}

/// Where a motion goes.
pub fn motion_stage(outcome: MotionOutcome) -> Stage {
    match outcome {
        MotionOutcome::Agenda => Stage::OnAgenda,
        MotionOutcome::Committee => Stage::Referred,
        MotionOutcome::Conversion => Stage::Converted,
        MotionOutcome::NoAgenda => Stage::Examined,
    }
}
