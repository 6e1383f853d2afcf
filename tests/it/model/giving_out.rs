//! The reference: examination, motions, and who is to handle a case.

use super::{
    acts::Who,
    reference::{Case, Expected, Extension, House, Job, Reference, Said, invalid, motion_stage, refused},
    seeing::told,
};
use jianyi::domain::{
    day::Day,
    policy::{HandBackDecider, SharedOutBy, TermKind},
    words::{Ground, MotionOutcome, Part, Stage, Standing},
};

/// Where departments may have it in hand.
const HANDED_OUT: [Stage; 3] = [Stage::Registered, Stage::Dispatched, Stage::Assigned];

impl Reference {
    pub fn ask_correction(&mut self, at: usize) -> Said {
        let case = &mut self.cases[at];
        case.at(&[Stage::Submitted])?;
        case.stage = Stage::Returned;
        Ok(1)
    }

    pub fn decline(&mut self, at: usize, ground: Ground) -> Said {
        let known = self.house.policy.grounds.iter().any(|rule| rule.id == ground);
        let case = &mut self.cases[at];
        case.at(&[Stage::Submitted, Stage::Registered])?;
        if case.motion {
            return refused("motion_undecided");
        }
        if case.in_hand() {
            return refused("in_hand");
        }
        if !known {
            return invalid("/ground");
        }
        case.stage = Stage::Declined;
        Ok(1)
    }

    pub fn register(&mut self, at: usize) -> Said {
        let case = &mut self.cases[at];
        case.at(&[Stage::Submitted])?;
        case.stage = Stage::Registered;
        case.numbered = true;
        Ok(1)
    }

    pub fn decide_motion(
        &mut self,
        at: usize,
        who: Who,
        (outcome, named): (MotionOutcome, bool),
        on: Day,
    ) -> Said {
        let case = &mut self.cases[at];
        case.at(&[Stage::Registered])?;
        if !case.motion {
            return refused("not_a_motion");
        }
        match outcome {
            MotionOutcome::NoAgenda => return invalid("/outcome"),
            MotionOutcome::Committee if !named => return invalid("/committee"),
            _ => case.stage = motion_stage(outcome),
        }
        if outcome == MotionOutcome::Conversion {
            self.convert(at, who, on);
        }
        Ok(1)
    }

    pub fn report_motion(&mut self, at: usize, who: Who, outcome: MotionOutcome, on: Day) -> Said {
        let case = &mut self.cases[at];
        case.at(&[Stage::Referred])?;
        if outcome == MotionOutcome::Committee {
            return invalid("/outcome");
        }
        case.stage = motion_stage(outcome);
        if outcome == MotionOutcome::Conversion {
            self.convert(at, who, on);
        }
        Ok(1)
    }

    /// Two suggestions of one matter, both registered, neither given out, and the one that leads led by none.
    pub fn merge(&mut self, at: usize, into: Option<usize>, on: Day) -> Said {
        let case = &self.cases[at];
        case.at(&[Stage::Registered])?;
        self.leads_itself(at)?;
        if case.motion {
            return refused("is_a_motion");
        }
        if !case.joined.is_empty() || case.given_out.is_some() {
            return refused("leads_others");
        }
        let Some(into) = into else { return invalid("/into") };
        let main = &self.cases[into];
        let free = main.stage == Stage::Registered && main.given_out.is_none() && main.leader.is_none();
        let secret = case.confidential.is_some() || main.confidential.is_some();
        if into == at || main.motion || !free || secret || case.asks != main.asks {
            return invalid("/into");
        }
        if on < main.latest {
            return invalid("?occurred_on");
        }
        self.cases[at].leader = Some(into);
        let main = &mut self.cases[into];
        main.joined.push(at);
        main.history.push(told("joined"));
        main.latest = on;
        Ok(1)
    }

    pub fn dispatch(&mut self, at: usize, on: Day) -> Said {
        let case = &self.cases[at];
        case.at(&[Stage::Registered])?;
        self.leads_itself(at)?;
        if case.motion {
            return refused("motion_undecided");
        }
        self.together(at, on, 1, |_, case| {
            case.stage = Stage::Dispatched;
            case.dispatched = true;
            case.given_out = case.given_out.or(Some(on));
        })
    }

    pub fn assign(&mut self, at: usize, who: Who, handlers: &[(usize, Part)], on: Day) -> Said {
        let case = &self.cases[at];
        case.at(&HANDED_OUT)?;
        self.leads_itself(at)?;
        if case.motion {
            return refused("motion_undecided");
        }
        if who == Who::Office && !case.dispatched {
            return refused("not_dispatched");
        }
        if case.count(Part::Sole) > 0 {
            return refused("sole_handler");
        }
        self.fit(case, who, handlers)?;
        let handlers = handlers.to_vec();
        self.together(at, on, 1, |_, case| {
            for (department, part) in &handlers {
                case.give(*department, *part, false, on);
            }
        })
    }

    /// Whether these departments can be added in these parts, by this hand.
    fn fit(&self, case: &Case, who: Who, handlers: &[(usize, Part)]) -> Said {
        if handlers.is_empty() {
            return invalid("/handlers");
        }
        for (index, (department, _)) in handlers.iter().enumerate() {
            let twice = handlers[..index].iter().any(|(d, _)| d == department);
            let has =
                case.jobs.iter().any(|j| j.department == *department && j.standing != Standing::HandedBack);
            if twice || has {
                return invalid(format!("/handlers/{index}/department"));
            }
        }
        let with = |part| case.count(part) + handlers.iter().filter(|(_, p)| *p == part).count();
        let (sole, lead, co, separate) =
            (with(Part::Sole), with(Part::Lead), with(Part::Co), with(Part::Separate));
        let alone = sole == 1 && lead + co + separate == 0;
        let led = lead == 1 && sole + separate == 0;
        // Of a case that both offices hand out, each names its own.
        let begun = case.count(Part::Separate) > 0 || case.stage == Stage::Dispatched;
        let several = sole + lead + co == 0 && (separate >= 2 || (separate == 1 && begun));
        if !alone && !led && !several {
            return invalid("/handlers");
        }
        let government = |department: usize| self.house.government[department];
        if who == Who::Office
            && let Some(index) = handlers.iter().position(|(d, _)| !government(*d))
        {
            return invalid(format!("/handlers/{index}/department"));
        }
        let committee = matches!(who, Who::Committee | Who::Leader);
        let through = self.house.policy.assignment.government == SharedOutBy::GovernmentOffice;
        let direct = handlers.iter().any(|(d, part)| *part != Part::Co && government(*d));
        if committee && through && direct {
            return refused("through_the_government_office");
        }
        Ok(1)
    }

    pub fn accept(&mut self, at: usize, job: u32, on: Day) -> Said {
        let case = &self.cases[at];
        case.at(&HANDED_OUT)?;
        self.leads_itself(at)?;
        if case.job(job).standing != Standing::Pending {
            return refused("already_accepted");
        }
        self.together(at, on, 1, |_, case| case.job_mut(job).standing = Standing::Accepted)
    }

    pub fn request_hand_back(&mut self, at: usize, job: u32, on: Day) -> Said {
        let case = &self.cases[at];
        case.at(&HANDED_OUT)?;
        self.leads_itself(at)?;
        let it = case.job(job);
        if !matches!(it.standing, Standing::Pending | Standing::Accepted) {
            return refused("not_hand_backable");
        }
        if it.binding {
            return refused("binding");
        }
        if it.asked_back {
            return refused("hand_back_refused");
        }
        if self.house.last_day(TermKind::HandBack, it.since, case).is_some_and(|last| on > last) {
            return refused("hand_back_window_over");
        }
        self.together(at, on, 1, |_, case| {
            case.job_mut(job).standing = Standing::HandBackRequested;
            case.job_mut(job).asked_back = true;
        })
    }

    pub fn decide_hand_back(
        &mut self,
        at: usize,
        who: Who,
        (job, granted, next): (u32, bool, Option<usize>),
        on: Day,
    ) -> Said {
        let case = &self.cases[at];
        case.at(&[Stage::Registered, Stage::Dispatched, Stage::Assigned, Stage::Replied])?;
        self.leads_itself(at)?;
        let it = case.job(job);
        if it.standing != Standing::HandBackRequested {
            return refused("hand_back_not_requested");
        }
        let disputed = case.disputed(job);
        let rule = self.house.policy.hand_back.government;
        let office = rule == HandBackDecider::GovernmentOffice || (disputed && case.dispatched);
        if self.house.government[it.department] {
            if matches!(who, Who::Committee | Who::Leader) && office {
                return refused("the_government_office_decides");
            }
            if who == Who::Office && !office && rule == HandBackDecider::Committee {
                return refused("the_committee_decides");
            }
        }
        let part = it.part;
        let back = |case: &mut Case| {
            let it = case.job_mut(job);
            if !granted {
                // It must keep the case, which is as good as a signature.
                it.standing = Standing::Accepted;
                return;
            }
            it.standing = Standing::HandedBack;
            it.draft = None;
            if case.extension.as_ref().is_some_and(|e| e.job == job && e.granted.is_none()) {
                // What it asked for itself is nobody's now.
                case.extension = None;
            }
            if part == Part::Separate {
                case.empty += 1;
            }
            if case.answerers().is_empty() {
                case.empty = 0;
                case.stage = if case.dispatched { Stage::Dispatched } else { Stage::Registered };
            }
        };
        let Some(next) = next else { return self.together(at, on, 1, |_, case| back(case)) };
        // A refused one leaves the case where it is; an answered one wants nobody's help any more.
        if !granted || case.stage == Stage::Replied {
            return invalid("/assign_to");
        }
        let mut without = case.clone();
        back(&mut without);
        match self.fit(&without, who, &[(next, part)]) {
            Err(Expected::Invalid(_)) => return invalid("/assign_to"),
            said => said?,
        };
        self.together(at, on, 2, |_, case| {
            back(case);
            case.give(next, part, disputed, on);
        })
    }

    pub fn request_extension(&mut self, at: usize, job: u32, until: Option<Day>, on: Day) -> Said {
        let case = &self.cases[at];
        case.at(&[Stage::Assigned])?;
        self.leads_itself(at)?;
        if case.job(job).standing != Standing::Accepted {
            return refused("not_accepted");
        }
        // Once; a refused one may be asked for again.
        if case.extension.as_ref().is_some_and(|e| e.granted != Some(false)) {
            return refused("extension_already_asked");
        }
        let (due, cap) = self.house.reply_terms(case);
        if on > due {
            return refused("extension_too_late");
        }
        if until.is_some_and(|until| until <= due || until > cap) {
            return invalid("/until");
        }
        let consent = self.house.policy.extension.consent;
        let granted = if consent { None } else { Some(true) };
        self.together(at, on, if consent { 1 } else { 2 }, |_, case| {
            case.extension = Some(Extension { job, granted });
        })
    }

    pub fn decide_extension(&mut self, at: usize, job: u32, granted: bool, on: Day) -> Said {
        let case = &self.cases[at];
        case.at(&[Stage::Assigned])?;
        self.leads_itself(at)?;
        if !case.extension.as_ref().is_some_and(|e| e.job == job && e.granted.is_none()) {
            return refused("extension_not_requested");
        }
        // More time is given while the old runs.
        if granted && on > self.house.reply_terms(case).0 {
            return invalid("/granted");
        }
        self.together(at, on, 1, |_, case| {
            case.extension = Some(Extension { job, granted: Some(granted) });
        })
    }
}

impl House {
    /// When the reply is due, and the longest that it can be put off.
    pub fn reply_terms(&self, case: &Case) -> (Day, Day) {
        let from = case.given_out.unwrap();
        (
            self.last_day(TermKind::Reply, from, case).unwrap(),
            self.last_day(TermKind::ReplyExtended, from, case).unwrap(),
        )
    }
}

impl Case {
    /// How many departments have it in this part.
    pub fn count(&self, part: Part) -> usize {
        self.jobs.iter().filter(|j| j.part == part && j.standing != Standing::HandedBack).count()
    }

    pub fn in_hand(&self) -> bool {
        self.jobs.iter().any(|j| j.standing != Standing::HandedBack)
    }

    /// Another department of the same kind has handed the case back before.
    fn disputed(&self, job: u32) -> bool {
        let helps = self.job(job).part == Part::Co;
        if self.job(job).part == Part::Separate {
            // Which share of several another one had is not on record.
            return false;
        }
        let mut others = self.jobs.iter().zip(1..).filter(|(_, number)| *number != job);
        others.any(|(other, _)| other.standing == Standing::HandedBack && (other.part == Part::Co) == helps)
    }

    fn give(&mut self, department: usize, part: Part, binding: bool, on: Day) {
        self.stage = Stage::Assigned;
        self.given_out = self.given_out.or(Some(on));
        if part == Part::Separate {
            self.empty = self.empty.saturating_sub(1);
        }
        self.jobs.push(Job {
            department,
            part,
            standing: Standing::Pending,
            since: on,
            binding,
            asked_back: false,
            opinion: false,
            rejected_on: None,
            draft: None,
        });
    }
}
