//! The reference: what deputies and committee make of an answer, and what comes of its promises.

use super::{
    acts::Who,
    reference::{Case, Judged, Promise, Reference, Said, Stands, department, invalid, refused},
    seeing::secret,
};
use jianyi::domain::{
    day::Day,
    policy::{ReworkOrder, Silence, TermKind, Whose},
    words::{Outcome, Part, Progress, PromiseChange, Publicity, Satisfaction, Stage, Standing},
};

const ANSWERED: [Stage; 3] = [Stage::Replied, Stage::Rework, Stage::Closed];

impl Reference {
    pub fn evaluate(
        &mut self,
        at: usize,
        who: Who,
        (result, attitude, text, paper): (Satisfaction, Satisfaction, bool, Option<usize>),
    ) -> Said {
        let policy = &self.house.policy;
        let case = &mut self.cases[at];
        case.at(&[Stage::Replied])?;
        let (by, pointer) = match (who, paper) {
            (Who::Deputy(_), Some(_)) => return invalid("/on_behalf_of"),
            (Who::Deputy(deputy), None) => (deputy, ""),
            (_, Some(deputy)) => (deputy, "/on_behalf_of"),
            // Whoever enters a paper says whose it is.
            (_, None) => return invalid("/on_behalf_of"),
        };
        let by_himself = matches!(who, Who::Deputy(_));
        let letter = case.in_force().unwrap();
        let twice =
            case.judged.iter().any(|j| j.by == by && j.letter == letter && !(by_himself && j.on_paper));
        if !case.signer(by) || twice {
            return invalid(pointer);
        }
        let unsatisfied = Satisfaction::Unsatisfied;
        if (result == unsatisfied || attitude == unsatisfied) && !text {
            return invalid("/text");
        }
        let counts = policy.evaluation.whose == Whose::Worst || by == case.lead;
        case.judged.push(Judged { by, letter, result, counts, on_paper: !by_himself });
        let by_itself = policy.rework.order == ReworkOrder::Automatic && case.reworks == 0;
        if result == unsatisfied && counts && by_itself {
            case.handle_again();
            return Ok(2);
        }
        Ok(1)
    }

    /// Whether the deputy still has time.
    fn may_still_judge(&self, case: &Case, on: Day) -> bool {
        let letter = &case.letters[case.in_force().unwrap()];
        self.house.last_day(TermKind::Evaluation, letter.on, case).is_some_and(|last| on <= last)
    }

    /// Everybody whose word counts has given it.
    fn all_judged(&self, case: &Case) -> bool {
        let letter = case.in_force();
        let said = |by: usize| case.judged.iter().any(|j| j.by == by && Some(j.letter) == letter);
        let lead_only = self.house.policy.evaluation.whose == Whose::Lead;
        said(case.lead) && (lead_only || case.signed.iter().all(|by| said(*by)))
    }

    pub fn remind(&mut self, at: usize, on: Day) -> Said {
        let case = &self.cases[at];
        case.at(&[Stage::Replied])?;
        if case.verdict().is_some() {
            return refused("evaluated");
        }
        if self.may_still_judge(case, on) {
            return refused("evaluation_not_due");
        }
        self.cases[at].reminded = Some(on);
        Ok(1)
    }

    pub fn settle(&mut self, at: usize, rework: bool) -> Said {
        let case = &mut self.cases[at];
        case.at(&[Stage::Replied])?;
        if case.verdict() != Some(Satisfaction::Unsatisfied) {
            return refused("not_unsatisfied");
        }
        if case.let_stand() {
            return refused("settled");
        }
        match rework {
            true => case.handle_again(),
            false => case.settled.extend(case.in_force()),
        }
        Ok(1)
    }

    pub fn close(&mut self, at: usize, on: Day) -> Said {
        let case = &self.cases[at];
        case.at(&[Stage::Replied])?;
        match case.verdict() {
            Some(Satisfaction::Unsatisfied) if !case.let_stand() => return refused("unsatisfied"),
            _ if self.all_judged(case) || case.let_stand() => {}
            _ if self.may_still_judge(case, on) => return refused("evaluation_awaited"),
            _ => {
                let answered = case.letters[case.in_force().unwrap()].on;
                let reminded = case.reminded.is_some_and(|day| day >= answered);
                let wanted = self.house.policy.evaluation.silence == Silence::LeftOutOnceReminded;
                if wanted && !reminded {
                    return refused("reminder_needed");
                }
            }
        }
        let case = &mut self.cases[at];
        case.stage = Stage::Closed;
        case.closed = Some(on);
        Ok(1)
    }

    pub fn report(
        &mut self,
        at: usize,
        who: Who,
        promise: u32,
        (progress, files, shown): (Progress, &[u32], bool),
        on: Day,
    ) -> Said {
        let stands = self.stands(who, &self.cases[at]);
        let case = &mut self.cases[at];
        case.at(&ANSWERED)?;
        case.promises[promise as usize - 1].still_owed()?;
        // One's own papers; who took a promise over files them with it, and of confidential ones there knows nothing.
        let (own, open) = match stands {
            Some(Stands::Handles(job)) => (Some(job), true),
            _ => (department(who).and_then(|d| case.keeps(d).next()).map(|(_, it)| it.job), false),
        };
        let theirs = |file: u32| {
            let filed = (file as usize).checked_sub(1).and_then(|index| case.files.get(index));
            filed.is_some_and(|(named, _, job)| *job == own && (open || !secret(*named)))
        };
        if let Some(index) = files.iter().position(|file| !theirs(*file)) {
            return invalid(format!("/attachments/{index}"));
        }
        let it = &mut case.promises[promise as usize - 1];
        it.report = Some((progress, on, None));
        it.shown = shown || !files.is_empty();
        it.found = None;
        it.reports += 1;
        Ok(1)
    }

    /// Its holder asks; the committee, asking, has decided.
    pub fn change_promise(
        &mut self,
        at: usize,
        who: Who,
        promise: u32,
        wish: (PromiseChange, Option<Day>, Option<usize>),
        on: Day,
    ) -> Said {
        let case = &mut self.cases[at];
        case.at(&ANSWERED)?;
        let it = &case.promises[promise as usize - 1];
        it.still_owed()?;
        if it.wish.is_some() {
            return refused("change_pending");
        }
        if it.kept() {
            return refused("reported_kept");
        }
        let (kind, day, next) = wish;
        let (moves, hands_over) = (kind == PromiseChange::Move, kind == PromiseChange::HandOver);
        if moves != day.is_some() || day.is_some_and(|day| day <= it.due || day < on) {
            return invalid("/due_on");
        }
        // To another than the one that has to keep it.
        let keeps = next.is_some_and(|d| case.keeps(d).any(|(number, _)| number == promise));
        if hands_over != next.is_some() || keeps {
            return invalid("/department");
        }
        let it = &mut case.promises[promise as usize - 1];
        it.wish = Some(wish);
        it.wishes += 1;
        match who {
            Who::Committee | Who::Leader => {
                it.decided(true);
                Ok(2)
            }
            _ => Ok(1),
        }
    }

    pub fn decide_change(&mut self, at: usize, promise: u32, granted: bool, why: bool) -> Said {
        let case = &mut self.cases[at];
        case.at(&ANSWERED)?;
        let it = &mut case.promises[promise as usize - 1];
        if it.wish.is_none() {
            return refused("change_not_asked");
        }
        if !granted && !why {
            return invalid("/reason");
        }
        it.decided(granted);
        Ok(1)
    }

    pub fn judge(&mut self, at: usize, promise: u32, agrees: bool, text: bool) -> Said {
        let case = &mut self.cases[at];
        case.at(&ANSWERED)?;
        let it = &mut case.promises[promise as usize - 1];
        let Some((_, _, word @ None)) = &mut it.report else { return refused("no_report") };
        if !agrees && !text {
            return invalid("/text");
        }
        *word = Some(agrees);
        if let (false, Some(before)) = (agrees, case.class_before) {
            // A better class that rested on a promise does not outlive its dispute.
            case.class = Some(before);
            case.class_before = None;
        }
        Ok(1)
    }

    pub fn choose_key(&mut self, at: usize) -> Said {
        let case = &mut self.cases[at];
        use Stage::{Assigned, Dispatched, Registered, Replied, Rework};
        case.at(&[Registered, Dispatched, Assigned, Replied, Rework])?;
        if case.key {
            return refused("key_case");
        }
        case.key = true;
        Ok(1)
    }

    pub fn release_key(&mut self, at: usize) -> Said {
        let case = &mut self.cases[at];
        use Stage::{Assigned, Closed, Dispatched, Registered, Replied, Rework};
        case.at(&[Registered, Dispatched, Assigned, Replied, Rework, Closed])?;
        if !case.key {
            return refused("no_key_case");
        }
        case.key = false;
        Ok(1)
    }

    pub fn publish(&mut self, at: usize, publicity: Publicity, summary: Option<bool>, ground: bool) -> Said {
        let case = &mut self.cases[at];
        case.at(&ANSWERED)?;
        // A letter that was corrected is there for the record alone.
        let corrected = |n: usize| {
            let of = case.letters[n].corrects.unwrap_or(n);
            case.letters.iter().skip(n + 1).any(|l| l.corrects == Some(of))
        };
        let kept_back = case
            .letters
            .iter()
            .enumerate()
            .any(|(n, l)| !l.interim && l.publicity != Publicity::Full && !corrected(n));
        match publicity {
            Publicity::Summary if summary.is_none() => return invalid("/summary"),
            Publicity::None if !ground => return invalid("/ground"),
            Publicity::Full if kept_back => return invalid("/publicity"),
            _ => {}
        }
        if summary == Some(true) {
            // A telephone number stands in it.
            return invalid("/summary");
        }
        case.published = Some(publicity);
        Ok(1)
    }

    pub fn revisit(
        &mut self,
        at: usize,
        (day, outcome, class, people, reopen): (Day, Outcome, Option<&'static str>, bool, bool),
        on: Day,
    ) -> Said {
        let policy = &self.house.policy;
        let case = &mut self.cases[at];
        case.at(&[Stage::Closed])?;
        if !people {
            return invalid("/people");
        }
        if day > on || case.closed.is_some_and(|closed| day < closed) {
            return invalid("/day");
        }
        let known = |class: &str| policy.classes.iter().any(|c| c.id == class);
        let resolved =
            |class: Option<&str>| policy.classes.iter().any(|c| Some(&*c.id) == class && c.resolved);
        if class.is_some_and(|class| !known(class)) {
            return invalid("/class");
        }
        let (was, is) = (resolved(case.class), resolved(class));
        let fits = match outcome {
            Outcome::Upheld => class.is_none() || class == case.class,
            Outcome::ResolvedSince => !was && is,
            Outcome::NotDelivered => was && class.is_some() && !is,
            // Worse than reported: the letters run from good to bad, and it does not move to a better one.
            Outcome::Worse => class.is_none_or(|class| case.class.is_none_or(|before| class >= before)),
        };
        if !fits {
            return invalid("/class");
        }
        if reopen && !matches!(outcome, Outcome::NotDelivered | Outcome::Worse) {
            return invalid("/reopen");
        }
        case.revisits += 1;
        if outcome != Outcome::Upheld {
            let unjudged = |it: &&mut Promise| {
                let kept = matches!(it.report, Some((Progress::Kept, _, None)));
                kept && !it.dropped && !it.replaced && it.found != Some(true)
            };
            for it in case.promises.iter_mut().filter(unjudged) {
                it.found = Some(outcome == Outcome::ResolvedSince);
            }
        }
        if class.is_some() && class != case.class {
            case.class_before = None;
        }
        case.class = class.or(case.class);
        if reopen {
            case.handle_again();
        }
        Ok(1)
    }
}

impl Promise {
    /// Nothing more is owed of what was taken back, given up or confirmed.
    fn still_owed(&self) -> Said {
        match self.report {
            _ if self.replaced => refused("promise_replaced"),
            _ if self.dropped => refused("promise_dropped"),
            Some((Progress::Kept, _, Some(true))) => refused("promise_confirmed"),
            _ => Ok(1),
        }
    }

    fn decided(&mut self, granted: bool) {
        let Some((kind, day, next)) = self.wish.take().filter(|_| granted) else { return };
        self.dropped |= kind == PromiseChange::Drop;
        if let Some(day) = day {
            self.due = day;
            self.moves += 1;
        }
        if let Some(next) = next {
            self.holder = next;
            self.holders += 1;
        }
    }
}

impl Case {
    /// Everybody who answered answers again.
    fn handle_again(&mut self) {
        self.stage = Stage::Rework;
        self.closed = None;
        self.reworks += 1;
        for job in &mut self.jobs {
            if job.part != Part::Co && job.standing == Standing::Replied {
                job.standing = Standing::Accepted;
            }
        }
    }
}
