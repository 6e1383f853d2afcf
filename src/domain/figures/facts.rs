//! One flat record per case: what is counted of it, and what it can be grouped by.

use super::{Dimension, Measure, Measures};
use crate::domain::{
    calendar::Calendar,
    case::{Case, Consultation},
    day::Day,
    deadline,
    gate::Party,
    holding::Holder,
    policy::Policy,
    words::{Channel, Kind, Outcome, Satisfaction, Stage},
};
use serde::{Deserialize, Serialize};

/// What is counted of a case, and the cell that it stands in.
///
/// Texts are empty where the case has none: no category named, not yet answered, not evaluated. They hold no person's
/// name, so that they can be kept and sealed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Facts {
    pub stage: Stage,
    /// The policy's version that the case is handled under, e.g. `zhejiang-2016@1`.
    pub policy: String,
    pub session: String,
    pub kind: Kind,
    /// The number 编号 as it is written; empty until the case is registered, and until then nothing of it is counted.
    pub number: String,
    /// From 1 within congress, session and kind; none where old paper carries another scheme.
    pub sequence: Option<u32>,
    pub origin: String,
    pub category: String,
    pub department: String,
    pub channel: String,
    pub deputy: String,
    pub delegation: String,
    pub class: String,
    pub evaluation: String,
    pub exclusion: String,
    pub key_case: bool,
    pub registered_on: Option<Day>,
    pub assigned_on: Option<Day>,
    pub due_on: Option<Day>,
    pub replied_on: Option<Day>,
    pub measures: Measures,
}

impl Facts {
    /// `None` until the case is handed in: a draft is its signers' own affair.
    pub fn of(case: &Case, policy: &Policy, calendar: &Calendar) -> Option<Facts> {
        let session = case.session.as_ref()?.to_string();
        let number = case.number.as_ref();
        let answering = case.answering();
        let judged = case.counted_evaluation().filter(|_| number.is_some());
        let exclusion = case.exclusion().filter(|_| number.is_some());
        let delegation = case.delegation.as_ref().or(case.lead_delegation.as_ref());
        let text = |word: Option<String>| word.unwrap_or_default();
        Some(Facts {
            stage: case.stage,
            policy: text(case.policy.as_ref().map(|it| format!("{}@{}", it.id, it.version))),
            session,
            kind: case.kind,
            number: text(number.map(|n| n.text.to_string())),
            sequence: number.and_then(|n| n.sequence),
            origin: text(case.origin.map(|o| o.to_string())),
            category: text(case.category.as_ref().map(|c| c.to_string())),
            department: text(answering.map(|a| a.department.id.to_string())),
            channel: text(answering.map(|a| a.department.channel.to_string())),
            deputy: case.lead.id.to_string(),
            delegation: text(delegation.map(|d| d.to_string())),
            class: case.class.clone().unwrap_or_default(),
            evaluation: text(judged.map(|e| e.to_string())),
            exclusion: text(exclusion.map(|e| e.to_string())),
            key_case: case.is_key(),
            registered_on: case.registered_on,
            assigned_on: case.assigned_on,
            due_on: deadline::reply_terms(case, policy, calendar).map(|terms| terms.due),
            replied_on: case.replied_on(),
            measures: measures(case, policy, calendar),
        })
    }

    pub fn value(&self, dimension: Dimension) -> String {
        match dimension {
            Dimension::Total => String::new(),
            Dimension::Kind => self.kind.to_string(),
            Dimension::Origin => self.origin.clone(),
            Dimension::Category => self.category.clone(),
            Dimension::Department => self.department.clone(),
            Dimension::Class => self.class.clone(),
            Dimension::Evaluation => self.evaluation.clone(),
            Dimension::Exclusion => self.exclusion.clone(),
            Dimension::KeyCase => if self.key_case { "yes" } else { "" }.to_owned(),
            Dimension::Delegation => self.delegation.clone(),
            Dimension::Session => self.session.clone(),
            Dimension::DaysToReply => self.days_to_reply().map(|days| days.to_string()).unwrap_or_default(),
        }
    }

    /// Calendar days from assignment to the first answer.
    pub fn days_to_reply(&self) -> Option<u32> {
        days(self.assigned_on?, self.replied_on?)
    }

    /// The sums that the case is part of: the congress's, and those of each party that may see its own.
    pub fn scopes(&self) -> Vec<String> {
        let mut scopes = vec![String::new(), format!("deputy:{}", self.deputy)];
        if !self.department.is_empty() {
            scopes.push(format!("department:{}", self.department));
        }
        if self.channel == Channel::Government.id() {
            scopes.push(Party::GovernmentOffice.key());
        }
        scopes
    }
}

fn days(from: Day, to: Day) -> Option<u32> {
    u32::try_from((to.date() - from.date()).num_days()).ok()
}

fn measures(case: &Case, policy: &Policy, calendar: &Calendar) -> Measures {
    let mut measures = Measures::default();
    if case.number.is_none() {
        return measures;
    }
    let excluded = case.exclusion().is_some();
    measures.set(Measure::Received, true);
    measures.set(Measure::Excluded, excluded);
    measures.set(Measure::Counted, !excluded);
    if !excluded {
        count_answer(&mut measures, case, policy, calendar);
        count_contact(&mut measures, case, policy, calendar);
        count_promises(&mut measures, case);
        count_aftermath(&mut measures, case, policy);
        count_evaluations(&mut measures, case);
    }
    measures
}

fn count_answer(measures: &mut Measures, case: &Case, policy: &Policy, calendar: &Calendar) {
    let replied_on = case.replied_on();
    let terms = deadline::reply_terms(case, policy, calendar);
    let within = |due: Option<_>| matches!((replied_on, due), (Some(on), Some(due)) if on <= due);
    measures.set(Measure::Replied, replied_on.is_some());
    measures.set(Measure::OnTime, within(terms.as_ref().map(|t| t.due)));
    measures.set(Measure::OnTimeOriginal, within(terms.as_ref().map(|t| t.original)));
    measures.set(Measure::Resolved, case.class.as_deref().is_some_and(|c| policy.is_resolved(c)));
    let Some(replied_on) = replied_on else { return };
    let taken = case.assigned_on.and_then(|from| days(from, replied_on)).unwrap_or(0);
    measures.put(Measure::DaysToReply, taken);
    for (holder, measure) in [
        (Holder::Deputy, Measure::DaysDeputy),
        (Holder::Committee, Measure::DaysCommittee),
        (Holder::GovernmentOffice, Measure::DaysGovernmentOffice),
        (Holder::Department, Measure::DaysDepartment),
    ] {
        measures.put(measure, case.turns.days(holder));
    }
}

fn count_contact(measures: &mut Measures, case: &Case, policy: &Policy, calendar: &Calendar) {
    let replied_on = case.replied_on();
    let answering = case.answering();
    let spoke = |c: &&Consultation| answering.is_some_and(|a| a.number == c.assignment);
    let before_answer = |c: &Consultation| replied_on.is_none_or(|replied| c.day <= replied);
    let own = || case.consultations.iter().filter(spoke);
    measures.set(Measure::Consulted, own().any(before_answer));
    let due = answering.and_then(|it| deadline::first_contact(case, it, policy, calendar));
    measures.set(Measure::ContactOwed, due.is_some());
    measures.set(Measure::ContactInTime, due.is_some_and(|due| own().any(|c| c.day <= due)));
}

fn count_promises(measures: &mut Measures, case: &Case) {
    let mut count = |measure, n: usize| measures.put(measure, u32::try_from(n).unwrap_or(u32::MAX));
    let in_force = || case.commitments.iter().filter(|it| !it.replaced);
    count(Measure::Promised, in_force().count());
    count(Measure::PromiseKept, in_force().filter(|it| it.is_kept()).count());
    let in_time = in_force().filter(|it| it.kept_on().is_some_and(|on| on <= it.due()));
    count(Measure::PromiseKeptInTime, in_time.count());
}

fn count_aftermath(measures: &mut Measures, case: &Case, policy: &Policy) {
    let latest = case.revisits.last().map(|it| it.record.outcome);
    measures.set(Measure::Revisited, latest.is_some());
    measures.set(Measure::RevisitUpheld, latest == Some(Outcome::Upheld));
    let [first, second, ..] = policy.classes.as_slice() else { return };
    let held_second = case.classes.iter().any(|held| held.class == second.id);
    measures.set(Measure::HeldSecond, held_second);
    measures.set(Measure::SecondToFirst, held_second && case.class.as_deref() == Some(first.id.as_str()));
}

fn count_evaluations(measures: &mut Measures, case: &Case) {
    let judgement = case.counted_evaluation();
    measures.set(Measure::Evaluated, judgement.is_some());
    measures.set(Measure::Satisfied, judgement == Some(Satisfaction::Satisfied));
    measures.set(Measure::BasicallySatisfied, judgement == Some(Satisfaction::BasicallySatisfied));
    measures.set(Measure::Unsatisfied, judgement == Some(Satisfaction::Unsatisfied));
    let rejected = case.was_unsatisfied();
    measures.set(Measure::WasUnsatisfied, rejected);
    let since = judgement.is_some_and(|now| now != Satisfaction::Unsatisfied);
    measures.set(Measure::SatisfiedSince, rejected && since);
}
