//! The reference: what departments do with a case, up to the letter.

use super::{
    acts::{Letter, Who},
    reference::{Case, Draft, Expected, Promise, Reference, Said, Sent, invalid, refused},
};
use jianyi::domain::{
    day::Day,
    policy::{SignOff, TermKind},
    words::{Part, Stage, Standing},
};

const HANDED_OUT: [Stage; 3] = [Stage::Registered, Stage::Dispatched, Stage::Assigned];
const IN_WORK: [Stage; 2] = [Stage::Assigned, Stage::Rework];

impl Reference {
    pub fn consult(&mut self, at: usize, job: u32, (day, deputies): (Day, &[usize]), on: Day) -> Said {
        let case = &mut self.cases[at];
        use Stage::{Assigned, Dispatched, Registered, Replied, Rework};
        case.at(&[Registered, Dispatched, Assigned, Replied, Rework])?;
        if matches!(case.job(job).standing, Standing::Pending | Standing::HandBackRequested) {
            return refused("not_accepted");
        }
        if let Some(index) = deputies.iter().position(|d| !case.signer(*d)) {
            return invalid(format!("/deputies/{index}"));
        }
        if day > on || day < case.job(job).since {
            return invalid("/day");
        }
        case.talks += 1;
        Ok(1)
    }

    pub fn note(&mut self, at: usize, job: u32) -> Said {
        let case = &mut self.cases[at];
        use Stage::{Assigned, Closed, Dispatched, Registered, Replied, Rework};
        case.at(&[Registered, Dispatched, Assigned, Replied, Rework, Closed])?;
        if case.job(job).standing == Standing::Pending {
            return refused("not_accepted");
        }
        case.notes += 1;
        Ok(1)
    }

    pub fn opinion(&mut self, at: usize, job: u32, on: Day) -> Said {
        let case = &self.cases[at];
        case.at(&HANDED_OUT)?;
        self.leads_itself(at)?;
        if case.job(job).standing != Standing::Accepted {
            return refused("not_accepted");
        }
        self.together(at, on, 1, |_, case| {
            case.job_mut(job).standing = Standing::OpinionGiven;
            case.job_mut(job).opinion = true;
        })
    }

    /// The lead handler wants another opinion.
    pub fn reject_opinion(&mut self, at: usize, job: u32, on: Day) -> Said {
        let case = &self.cases[at];
        case.at(&[Stage::Assigned])?;
        self.leads_itself(at)?;
        if case.job(job).part != Part::Co {
            return refused("not_a_co_handler");
        }
        if case.job(job).standing != Standing::OpinionGiven {
            return refused("no_opinion");
        }
        self.together(at, on, 1, |_, case| {
            let it = case.job_mut(job);
            it.standing = Standing::Accepted;
            it.opinion = false;
            it.rejected_on = Some(on);
        })
    }

    pub fn draft_reply(&mut self, at: usize, who: Who, job: u32, letter: &Letter, on: Day) -> Said {
        self.cases[at].at(&IN_WORK)?;
        self.leads_itself(at)?;
        if self.cases[at].job(job).standing != Standing::Accepted {
            return refused("not_accepted");
        }
        self.letter_holds(&self.cases[at], job, letter, on)?;
        let draft = Draft { letter: letter.clone(), by: who, sent_back: false };
        self.cases[at].job_mut(job).draft = Some(draft);
        Ok(1)
    }

    /// The draft that waits for its signature.
    fn waits(&self, at: usize, job: u32) -> Result<Draft, Expected> {
        self.cases[at].at(&IN_WORK)?;
        self.leads_itself(at)?;
        let it = self.cases[at].job(job);
        let draft = it.draft.clone().filter(|draft| !draft.sent_back);
        let draft = draft.ok_or(Expected::Refused("nothing_to_sign"))?;
        match it.standing {
            Standing::Accepted => Ok(draft),
            _ => Err(Expected::Refused("not_accepted")),
        }
    }

    pub fn send_back(&mut self, at: usize, job: u32) -> Said {
        let draft = self.waits(at, job)?;
        self.cases[at].job_mut(job).draft = Some(Draft { sent_back: true, ..draft });
        Ok(1)
    }

    /// By another than who wrote it; with the signature the letter goes out, and nothing waits any more.
    pub fn sign(&mut self, at: usize, who: Who, job: u32, on: Day) -> Said {
        let draft = self.waits(at, job)?;
        if draft.by == who {
            return refused("signer_is_author");
        }
        self.may_answer(at, job, &draft.letter, on)?;
        self.cases[at].job_mut(job).draft = None;
        self.send(at, job, &draft.letter, on)
    }

    pub fn reply(&mut self, at: usize, job: u32, letter: &Letter, on: Day) -> Said {
        self.cases[at].at(&IN_WORK)?;
        self.leads_itself(at)?;
        if self.cases[at].job(job).standing != Standing::Accepted {
            return refused("not_accepted");
        }
        if self.house.policy.reply.sign_off == SignOff::InSystem {
            return refused("needs_signature");
        }
        self.may_answer(at, job, letter, on)?;
        self.send(at, job, letter, on)
    }

    fn may_answer(&self, at: usize, job: u32, letter: &Letter, on: Day) -> Said {
        let case = &self.cases[at];
        if letter.interim {
            return self.letter_holds(case, job, letter, on);
        }
        // An opinion that is neither given nor overdue is waited for.
        for it in case.jobs.iter().filter(|j| j.part == Part::Co && j.standing != Standing::HandedBack) {
            let first = self.house.last_day(TermKind::Opinion, it.since, case);
            let again = it.rejected_on.and_then(|day| self.house.last_day(TermKind::OpinionAgain, day, case));
            if !it.opinion && again.or(first).is_some_and(|last| on <= last) {
                return refused("opinion_awaited");
            }
        }
        self.letter_holds(case, job, letter, on)
    }

    fn send(&mut self, at: usize, job: u32, letter: &Letter, on: Day) -> Said {
        self.together(at, on, 1, |_, case| {
            case.file(job, letter, on, false, None);
            if letter.interim {
                return;
            }
            if case.extension.as_ref().is_some_and(|e| e.job == job && e.granted.is_none()) {
                // Settled with its answer.
                case.extension = None;
            }
            case.job_mut(job).standing = Standing::Replied;
            case.job_mut(job).draft = None;
            if case.all_answered() {
                case.stage = Stage::Replied;
                case.hold_worst_class();
            }
        })
    }

    /// Where letters are signed here, those without a draft are the approver's to send.
    fn sent_by(&self, who: Who) -> Said {
        let signed_here = self.house.policy.reply.sign_off == SignOff::InSystem;
        match who {
            Who::Approver(_) => Ok(1),
            _ if signed_here => refused("needs_signature"),
            _ => Ok(1),
        }
    }

    /// The same answer in better words: the class stays, and so does what the deputy said of it.
    pub fn correct(&mut self, at: usize, who: Who, job: u32, letter: &Letter, on: Day) -> Said {
        let case = &self.cases[at];
        case.at(&[Stage::Replied])?;
        self.sent_by(who)?;
        if letter.interim {
            return invalid("/letter/interim");
        }
        match self.letter_holds(case, job, letter, on) {
            Err(Expected::Invalid(pointer)) => return invalid(format!("/letter{pointer}")),
            said => said?,
        };
        let answer = |l: &Sent| l.job == job && !l.interim && !l.second && l.corrects.is_none();
        let of = case.letters.iter().rposition(answer).unwrap();
        if case.letters[of].class != letter.class {
            return invalid("/letter/class");
        }
        let case = &mut self.cases[at];
        let versions: Vec<usize> =
            (0..case.letters.len()).filter(|n| *n == of || case.letters[*n].corrects == Some(of)).collect();
        case.file(job, letter, on, false, Some(of));
        for promise in &mut case.promises {
            promise.replaced |=
                versions.contains(&promise.letter) && promise.reports == 0 && promise.wishes == 0;
        }
        case.hold_worst_class();
        Ok(1)
    }

    /// Once a promise is kept.
    pub fn follow_up(&mut self, at: usize, who: Who, job: u32, letter: &Letter, on: Day) -> Said {
        let case = &self.cases[at];
        case.at(&[Stage::Replied, Stage::Closed])?;
        self.sent_by(who)?;
        let kept = |promise: &&Promise| promise.job == job && promise.kept();
        // Each promise that was kept carries one.
        let seconds = case.letters.iter().filter(|l| l.job == job && l.second).count();
        if case.promises.iter().filter(kept).count() <= seconds {
            return refused("no_promise_kept");
        }
        if letter.interim {
            return invalid("/interim");
        }
        self.letter_holds(case, job, letter, on)?;
        let case = &mut self.cases[at];
        case.file(job, letter, on, true, None);
        let before = case.class;
        case.class = case.worst_class();
        if case.class != before {
            case.class_before = before;
        }
        Ok(1)
    }

    /// What a letter must say.
    fn letter_holds(&self, case: &Case, job: u32, letter: &Letter, on: Day) -> Said {
        let known = |class: &str| self.house.policy.classes.iter().any(|c| c.id == class);
        match letter.class {
            Some(class) if !known(class) => return invalid("/class"),
            None if !letter.interim => return invalid("/class"),
            _ => {}
        }
        if let Some(index) = letter.answers.iter().position(|(_, class)| !known(class)) {
            return invalid(format!("/answers/{index}/class"));
        }
        for (index, (ask, _)) in letter.answers.iter().enumerate() {
            let twice = letter.answers[..index].iter().any(|(a, _)| a == ask);
            if twice || *ask == 0 || *ask > case.asks {
                return invalid(format!("/answers/{index}/ask"));
            }
        }
        // Each of several answers its own share; with the last of them each ask has its answer.
        let others: Vec<u32> = case.answerers().into_iter().filter(|number| *number != job).collect();
        let waits =
            case.empty > 0 || others.iter().any(|number| case.job(*number).standing != Standing::Replied);
        let latest = |number: &u32| case.letters.iter().rfind(|l| l.job == *number && !l.interim);
        let theirs: Vec<u32> = others.iter().filter_map(latest).flat_map(|l| l.asks.clone()).collect();
        let all =
            (1..=case.asks).all(|ask| theirs.contains(&ask) || letter.answers.iter().any(|(a, _)| *a == ask));
        if !letter.interim && !waits && !all {
            return invalid("/answers");
        }
        let future = |class| self.house.policy.classes.iter().any(|c| c.id == class && c.promises);
        if !letter.interim && letter.class.is_some_and(future) && letter.promises.is_empty() {
            return invalid("/commitments");
        }
        if !letter.interim && case.count(Part::Co) > 0 && !letter.opinions {
            return invalid("/opinions_stated");
        }
        match letter.promises.iter().position(|due| *due < on) {
            Some(index) => invalid(format!("/commitments/{index}/due_on")),
            None => Ok(1),
        }
    }
}

impl Case {
    fn file(&mut self, job: u32, letter: &Letter, on: Day, second: bool, corrects: Option<usize>) {
        self.letters.push(Sent {
            job,
            on,
            class: letter.class,
            interim: letter.interim,
            second,
            corrects,
            asks: letter.answers.iter().map(|(ask, _)| *ask).collect(),
            publicity: letter.publicity,
        });
        for due in &letter.promises {
            let (letter, holder) = (self.letters.len() - 1, self.job(job).department);
            self.promises.push(Promise {
                job,
                letter,
                replaced: false,
                holder,
                holders: 1,
                due: *due,
                moves: 0,
                wish: None,
                wishes: 0,
                dropped: false,
                report: None,
                shown: false,
                found: None,
                reports: 0,
            });
        }
    }

    fn all_answered(&self) -> bool {
        self.empty == 0
            && self.answerers().iter().all(|number| self.job(*number).standing == Standing::Replied)
    }

    fn hold_worst_class(&mut self) {
        let worst = self.worst_class();
        if worst != self.class {
            // A new answer's class rests on no promise.
            self.class_before = None;
        }
        self.class = worst;
    }

    /// A matter is no further than its slowest part.
    fn worst_class(&self) -> Option<&'static str> {
        let mut worst = None;
        for number in self.answerers() {
            let letter = self.letters.iter().rfind(|l| l.job == number && !l.interim);
            worst = worst.max(letter.and_then(|l| l.class));
        }
        worst
    }
}
