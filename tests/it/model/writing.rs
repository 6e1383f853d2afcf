//! The reference: what the deputies do. Writing, signing together, handing in, taking back.

use super::{
    acts::{Change, Who},
    reference::{Answer, Case, Expected, Reference, Said, Stands, When, department, invalid, knows, refused},
    seeing::told,
};
use jianyi::domain::{
    day::Day,
    policy::{Delegations, WithdrawUntil},
    words::{Purpose, Stage},
};

const WRITING: [Stage; 2] = [Stage::Draft, Stage::Returned];

/// A case to be written.
#[derive(Clone, Debug)]
pub struct Opening {
    pub motion: bool,
    pub lead: Option<usize>,
    pub others: Vec<usize>,
    pub delegation: bool,
    pub asks: u32,
}

impl Reference {
    /// A new case, at the end of the lane's.
    pub fn open(&mut self, who: Who, form: &Opening, when: When) -> Expected {
        match self.opened(who, form, when) {
            Ok(case) => {
                self.cases.push(case);
                Expected::Done
            }
            Err(why) => why,
        }
    }

    fn opened(&self, who: Who, form: &Opening, when: When) -> Result<Case, Expected> {
        let paper = match who {
            Who::Deputy(_) => false,
            Who::Committee | Who::Leader | Who::Secretary => true,
            _ => return Err(Expected::NotYours),
        };
        let on = Reference::day(who, when)?;
        let lead = match (who, form.lead) {
            (Who::Deputy(own), None) => own,
            (Who::Deputy(own), Some(lead)) if lead == own => own,
            (_, Some(lead)) if paper => lead,
            _ => return Err(Expected::Invalid("/lead".into())),
        };
        if lead >= self.house.deputies {
            return Err(Expected::Invalid("/lead".into()));
        }
        // A secretary types for the delegation's own; and a delegation submits through one of its own.
        let of_the_first = lead < self.house.delegation;
        if who == Who::Secretary && !of_the_first {
            return Err(Expected::Invalid("/lead".into()));
        }
        if form.delegation && !of_the_first {
            return Err(Expected::Invalid("/delegation".into()));
        }
        if form.asks > 20 {
            return Err(Expected::Invalid("/asks".into()));
        }
        for (index, other) in form.others.iter().enumerate() {
            let twice = form.others[..index].contains(other) || *other == lead;
            if twice || *other >= self.house.deputies {
                return Err(Expected::Invalid(format!("/co_signers/{index}")));
            }
        }
        let mut case = Case::begun(lead, form.motion, on);
        case.delegation = form.delegation;
        case.asks = form.asks;
        match paper {
            // Who is named on paper has signed it; who is named here is asked.
            true => case.signed.clone_from(&form.others),
            false => case.asked = form.others.iter().map(|d| (*d, Answer::Waits)).collect(),
        }
        if paper {
            if self.house.sitting(on).is_none() {
                return Err(Expected::Refused("no_session"));
            }
            self.hand_in(&mut case, on)?;
            case.history.push(told("submitted"));
        }
        Ok(case)
    }

    pub fn amend(&mut self, at: usize, change: &Change) -> Said {
        let case = &mut self.cases[at];
        case.at(&WRITING)?;
        match change {
            Change::Nothing => return invalid(""),
            Change::Asks(count) if *count > 20 => return invalid("/asks"),
            Change::Kind(true) if case.from_motion => return invalid("/kind"),
            Change::Asks(count) => case.asks = *count,
            Change::Kind(_) => {}
            Change::Title | Change::Category => {}
        }
        // Who signed a suggestion has not signed a motion.
        let raised = matches!(change, Change::Kind(true)) && !case.motion;
        if let Change::Kind(motion) = change {
            case.motion = *motion;
        }
        if raised || matches!(change, Change::Title | Change::Asks(_)) {
            // A signature given here stands for the text that was read.
            for (deputy, answer) in &mut case.asked {
                if *answer == Answer::Signed {
                    *answer = Answer::Waits;
                    case.signed.retain(|d| d != deputy);
                }
            }
        }
        Ok(1)
    }

    pub fn invite(&mut self, at: usize, deputies: &[usize]) -> Said {
        let case = &mut self.cases[at];
        case.at(&WRITING)?;
        if deputies.is_empty() {
            return invalid("/deputies");
        }
        for (index, deputy) in deputies.iter().enumerate() {
            let waits = case.asked.contains(&(*deputy, Answer::Waits));
            if deputies[..index].contains(deputy) || waits || case.signer(*deputy) {
                return invalid(format!("/deputies/{index}"));
            }
        }
        for deputy in deputies {
            case.asked.retain(|(d, _)| d != deputy);
            case.asked.push((*deputy, Answer::Waits));
        }
        Ok(1)
    }

    pub fn uninvite(&mut self, at: usize, deputy: usize) -> Said {
        let case = &mut self.cases[at];
        case.at(&WRITING)?;
        let known = case.signed.contains(&deputy) || case.asked.iter().any(|(d, _)| *d == deputy);
        if !known {
            return invalid("/deputy");
        }
        case.asked.retain(|(d, _)| *d != deputy);
        case.signed.retain(|d| *d != deputy);
        Ok(1)
    }

    pub fn co_sign(&mut self, at: usize, who: Who) -> Said {
        let case = &mut self.cases[at];
        case.at(&WRITING)?;
        case.answer(who, Answer::Signed);
        if let Who::Deputy(deputy) = who {
            case.signed.push(deputy);
        }
        Ok(1)
    }

    pub fn decline_co_signing(&mut self, at: usize, who: Who) -> Said {
        let case = &mut self.cases[at];
        case.at(&WRITING)?;
        case.answer(who, Answer::Declined);
        case.signed.retain(|d| who != Who::Deputy(*d));
        Ok(1)
    }

    pub fn attach(&mut self, at: usize, who: Who, file: u32, purpose: Purpose) -> Said {
        let stands = self.stands(who, &self.cases[at]);
        let case = &mut self.cases[at];
        if case.stage == Stage::Referred {
            return refused("wrong_stage");
        }
        if case.ended() {
            return refused("ended");
        }
        let deputy = matches!(who, Who::Deputy(_));
        if deputy && !WRITING.contains(&case.stage) {
            return refused("handed_in");
        }
        let job = match stands {
            Some(Stands::Handles(job)) => Some(job),
            // With the promise that it took over.
            Some(Stands::Keeps) => department(who).and_then(|d| case.keeps(d).next()).map(|(_, it)| it.job),
            _ => None,
        };
        if case.files.contains(&(file, purpose, job)) {
            return invalid("");
        }
        let fits = match stands {
            Some(Stands::Lead | Stands::Committee { .. }) => purpose == Purpose::Submission,
            _ => purpose != Purpose::Submission,
        };
        if !fits {
            return invalid("?purpose");
        }
        case.files.push((file, purpose, job));
        Ok(1)
    }

    pub fn submit(&mut self, at: usize, on: Day) -> Said {
        self.cases[at].at(&WRITING)?;
        let mut case = self.cases[at].clone();
        self.hand_in(&mut case, on)?;
        self.cases[at] = case;
        Ok(1)
    }

    /// As a motion or as a suggestion, by a delegation or by deputies, in its session.
    fn hand_in(&self, case: &mut Case, on: Day) -> Said {
        let house = &self.house;
        let now = house.sitting(on).ok_or(Expected::Refused("no_session"))?;
        let sitting = &house.sessions[now];
        if case.session.is_none() {
            case.session = Some(now);
            case.in_session = sitting.in_session;
        }
        // Only one delegation to the national congress stands for thirty deputies.
        let national = house.national && house.policy.motion.delegation && case.delegation;
        let allowed = match house.policy.submission.delegations {
            Delegations::Never => false,
            Delegations::InSession => case.in_session,
            Delegations::Always => true,
        };
        if case.delegation && !allowed && !(case.motion && national) {
            return refused("delegation_may_not_submit");
        }
        if case.motion {
            let taken = sitting.in_session && sitting.motions_until.is_none_or(|until| on <= until);
            if !taken || case.session != Some(now) {
                return refused("motions_closed");
            }
            if 1 + case.signed.len() < house.signers && !national {
                return refused("too_few_signers");
            }
        }
        case.stage = Stage::Submitted;
        case.handed_in = true;
        for (_, answer) in &mut case.asked {
            if *answer == Answer::Waits {
                *answer = Answer::Lapsed;
            }
        }
        Ok(1)
    }

    fn too_late_to_withdraw(&self, case: &Case) -> bool {
        self.house.policy.withdrawal.until == WithdrawUntil::Assignment && case.given_out.is_some()
    }

    /// Alone; where the policy says so, with the word of everybody who signed.
    pub fn withdraw(&mut self, at: usize) -> Said {
        let too_late = self.too_late_to_withdraw(&self.cases[at]);
        let together = self.house.policy.withdrawal.all_signers;
        let case = &mut self.cases[at];
        use Stage::{Assigned, Dispatched, Draft, Registered, Returned, Submitted};
        case.at(&[Draft, Returned, Submitted, Registered, Dispatched, Assigned])?;
        if too_late {
            return refused("withdrawal_too_late");
        }
        let agreed = case.wish.clone().unwrap_or_default();
        let silent = case.signed.iter().any(|deputy| !agreed.contains(deputy));
        if together && case.handed_in && silent {
            if case.wish.is_some() {
                return refused("withdrawal_asked");
            }
            case.wish = Some(Vec::new());
            return Ok(1);
        }
        case.stage = Stage::Withdrawn;
        case.wish = None;
        Ok(1)
    }

    pub fn answer_withdrawal(&mut self, at: usize, who: Who, agrees: bool) -> Said {
        let too_late = self.too_late_to_withdraw(&self.cases[at]);
        let case = &mut self.cases[at];
        use Stage::{Assigned, Dispatched, Registered, Returned, Submitted};
        case.at(&[Returned, Submitted, Registered, Dispatched, Assigned])?;
        let (Some(agreed), Who::Deputy(deputy)) = (&mut case.wish, who) else {
            return refused("withdrawal_not_asked");
        };
        if too_late {
            return refused("withdrawal_too_late");
        }
        if agreed.contains(&deputy) {
            return refused("agreed_already");
        }
        if !agrees {
            // One who does not agree ends the matter.
            case.wish = None;
            return Ok(1);
        }
        agreed.push(deputy);
        if case.signed.iter().all(|d| agreed.contains(d)) {
            case.stage = Stage::Withdrawn;
            case.wish = None;
            return Ok(2);
        }
        Ok(1)
    }

    /// A deputy asks for it until the case goes out, and only the committee lifts it.
    pub fn keep_confidential(&mut self, at: usize, who: Who, wanted: bool, on: Day) -> Said {
        let case = &self.cases[at];
        if case.stage == Stage::Referred {
            return refused("wrong_stage");
        }
        if case.ended() {
            return refused("ended");
        }
        let deputy = matches!(who, Who::Deputy(_));
        if deputy && case.given_out.is_some() {
            return refused("handed_out");
        }
        if wanted == case.confidential.is_some() || (deputy && !wanted) {
            return invalid("/confidential");
        }
        self.together(at, on, 1, |_, case| case.confidential = wanted.then(|| knows(who)))
    }

    /// All of them anew.
    pub fn name_readers(&mut self, at: usize, people: &[Who]) -> Said {
        let case = &mut self.cases[at];
        use Stage::{Assigned, Closed, Dispatched, Registered, Replied, Rework, Submitted};
        case.at(&[Submitted, Registered, Dispatched, Assigned, Replied, Rework, Closed])?;
        match &mut case.confidential {
            None => refused("not_confidential"),
            Some(named) if named == people => invalid("/readers"),
            Some(named) => {
                *named = people.to_vec();
                Ok(1)
            }
        }
    }
}

impl Case {
    fn answer(&mut self, who: Who, said: Answer) {
        for (deputy, answer) in &mut self.asked {
            if who == Who::Deputy(*deputy) {
                *answer = said;
            }
        }
    }
}
