//! The reference: notices by hand 三单, their answers, and what the issuer makes of these.

use super::{
    acts::Who,
    reference::{Case, Expected, Reference, Said, Stands, invalid, refused},
    seeing::For,
};
use jianyi::domain::{
    day::Day,
    words::{Rung, Stage, Standing},
};

/// A notice as the reference knows it.
#[derive(Clone, Debug)]
pub struct Notice {
    pub job: u32,
    by_office: bool,
    /// An answer waits for the issuer's word.
    answered: bool,
    pub closed: bool,
    pub answers: usize,
}

/// While a department has the case, and for its promises afterwards.
const URGED: [Stage; 6] =
    [Stage::Registered, Stage::Dispatched, Stage::Assigned, Stage::Replied, Stage::Rework, Stage::Closed];

/// What a notice by hand says.
#[derive(Clone, Copy, Debug)]
pub struct Urging {
    pub job: u32,
    pub rung: Rung,
    pub answer_by: Option<Day>,
    /// Whether it names a leader.
    pub leader: bool,
}

/// What is said of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    pub accepted: bool,
    pub reason: bool,
    pub answer_by: Option<Day>,
}

impl Case {
    /// A notice that is there for somebody who stands so to the case.
    pub fn notice_for(&self, stands: Stands, number: u32) -> Result<&Notice, Expected> {
        let found = (number as usize).checked_sub(1).and_then(|index| self.notices.get(index));
        let seen = |notice: &&Notice| match stands {
            Stands::Handles(own) => own == notice.job,
            Stands::Secretary | Stands::Unnamed => false,
            _ => true,
        };
        found.filter(seen).ok_or(Expected::Hidden)
    }

    fn notice(&self, number: u32) -> &Notice {
        &self.notices[number as usize - 1]
    }

    /// Nobody waits for it: it was struck off, or its department no longer has the case.
    fn is_over(&self, number: u32) -> bool {
        let notice = self.notice(number);
        notice.closed || self.job(notice.job).standing == Standing::HandedBack
    }
}

impl Reference {
    pub fn urge(&mut self, at: usize, who: Who, urging: Urging, on: Day) -> Said {
        let case = &self.cases[at];
        case.at(&URGED)?;
        self.leads_itself(at)?;
        let open = |job: u32| {
            let known = (job as usize).checked_sub(1).and_then(|index| case.jobs.get(index));
            known.filter(|job| job.standing != Standing::HandedBack)
        };
        if !(1..=case.jobs.len() as u32).any(|job| open(job).is_some()) {
            return refused("nobody_has_it");
        }
        let by_office = who == Who::Office;
        let Some(job) = open(urging.job) else { return invalid("/assignment") };
        if by_office && !self.house.government[job.department] {
            return invalid("/assignment");
        }
        let reminds = urging.rung == Rung::Reminder;
        if by_office && !reminds {
            return invalid("/rung");
        }
        match urging.answer_by {
            Some(by) if by <= on => return invalid("/answer_by"),
            None if !reminds => return invalid("/answer_by"),
            _ => {}
        }
        if urging.rung == Rung::SupervisionOrder && !urging.leader {
            return invalid("/leader");
        }
        let notice = Notice { job: urging.job, by_office, answered: false, closed: false, answers: 0 };
        self.cases[at].notices.push(notice);
        Ok(1)
    }

    pub fn answer_notice(&mut self, at: usize, number: u32, finished_by: Option<Day>, on: Day) -> Said {
        let case = &mut self.cases[at];
        case.at(&URGED)?;
        if case.is_over(number) {
            return refused("notice_closed");
        }
        if case.notice(number).answered {
            return refused("notice_answered");
        }
        if finished_by.is_some_and(|by| by < on) {
            return invalid("/finished_by");
        }
        let notice = &mut case.notices[number as usize - 1];
        notice.answered = true;
        notice.answers += 1;
        Ok(1)
    }

    pub fn decide_notice(&mut self, at: usize, who: Who, number: u32, word: Word, on: Day) -> Said {
        let case = &mut self.cases[at];
        case.at(&URGED)?;
        if case.is_over(number) {
            return refused("notice_closed");
        }
        let Notice { by_office, answered, .. } = *case.notice(number);
        if who == Who::Office && !by_office {
            return refused("not_the_issuer");
        }
        if !answered && !word.accepted {
            return refused("notice_not_answered");
        }
        // An answer that will do needs no words.
        let needless = answered && word.accepted;
        if !word.reason && !needless {
            return invalid("/reason");
        }
        if word.answer_by.is_some_and(|by| word.accepted || by <= on) {
            return invalid("/answer_by");
        }
        let notice = &mut case.notices[number as usize - 1];
        notice.closed = word.accepted;
        notice.answered = word.accepted && answered;
        Ok(1)
    }
}

/// Whom what was said about a notice is for.
pub fn between(case: &Case, number: u32) -> For {
    For::Notice(case.notice(number).job)
}
