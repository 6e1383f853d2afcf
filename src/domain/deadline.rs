//! Deadlines: derived from the anchor, the term and the calendar whenever they are asked for.
//!
//! Nothing edits a due date. The store keeps the reply's due date beside each case only so that lists can sort by
//! it, and `jianyi verify` derives it anew.

use super::{
    calendar::Calendar,
    case::{Assignment, Case, PolicyRef},
    day::Day,
    policy::{Policy, PolicyTerm, TermKind},
    term::{self, Counted, Step, Term},
    words::{Channel, Origin, Part, Stage},
};
use serde::Serialize;

/// A due date that explains itself.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Deadline {
    pub kind: TermKind,
    /// 期限名称
    pub label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignment: Option<u32>,
    /// The promise's number within the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment: Option<u32>,
    /// The department or person whose duty it is.
    pub whose: String,
    pub policy: PolicyRef,
    /// The clause that sets the term.
    pub clause: String,
    /// The event that starts the clock, and its day.
    pub anchor: String,
    pub anchor_on: Day,
    pub term: Term,
    /// Before any extension.
    pub original_due: Day,
    pub due: Day,
    /// Past the last published calendar: a later notice may move the day.
    pub provisional: bool,
    /// The day on which the duty was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub met_on: Option<Day>,
    pub verdict: Verdict,
    /// The arithmetic, step by step.
    pub steps: Vec<Step>,
}

/// How a deadline stands on the day it is asked for. Never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Done in time.
    Met,
    /// Done, but after the due date.
    Late,
    /// Not done, and the day has not passed.
    Open,
    /// Not done, and the day has passed.
    Overdue,
    /// Over without having been owed: a window not used, a case handed back or withdrawn.
    Lapsed,
}

/// The reply's three days.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplyTerms {
    pub original: Day,
    /// With the granted extension.
    pub due: Day,
    /// The longest that the policy allows.
    pub cap: Day,
    pub cap_clause: String,
}

/// Days outside the calendar's span have no deadline; commands cannot produce them.
fn counted(anchor: Day, term: &PolicyTerm, calendar: &Calendar) -> Option<(Day, Counted)> {
    let counted = term::count(anchor.date(), term.term(), calendar).ok()?;
    Some((Day::new(counted.due)?, counted))
}

fn applies(term: &PolicyTerm, origin: Option<Origin>) -> bool {
    term.when.is_none_or(|when| Some(when) == origin)
}

fn due(kind: TermKind, anchor: Day, case: &Case, policy: &Policy, calendar: &Calendar) -> Option<Day> {
    let term = policy.term(kind).filter(|t| applies(t, case.origin))?;
    counted(anchor, term, calendar).map(|(due, _)| due)
}

/// `None` before the first assignment.
pub fn reply_terms(case: &Case, policy: &Policy, calendar: &Calendar) -> Option<ReplyTerms> {
    let anchor = case.assigned_on?;
    let original = due(TermKind::Reply, anchor, case, policy, calendar)?;
    let longest = policy.term(TermKind::ReplyExtended)?;
    let (cap, _) = counted(anchor, longest, calendar)?;
    let extended = case.extension.as_ref().filter(|e| e.is_granted()).map(|e| e.until);
    let due = match extended {
        Some(until) => rolled(until, calendar).min(cap),
        None => original,
    };
    Some(ReplyTerms { original, due, cap, cap_clause: longest.clause.clone() })
}

fn rolled(until: Day, calendar: &Calendar) -> Day {
    term::extend_to(until.date(), calendar).ok().and_then(|c| Day::new(c.due)).unwrap_or(until)
}

/// The last day on which the department may ask to hand the case back.
pub fn hand_back(case: &Case, it: &Assignment, policy: &Policy, calendar: &Calendar) -> Option<Day> {
    due(TermKind::HandBack, it.assigned_on, case, policy, calendar)
}

/// The last day for an answering department's first contact with the deputy, where the policy sets one.
pub fn first_contact(case: &Case, it: &Assignment, policy: &Policy, calendar: &Calendar) -> Option<Day> {
    due(TermKind::FirstContact, it.assigned_on, case, policy, calendar)
}

/// The last day for the co-handler's opinion: for another one, where the lead handler asked for it. Where the policy
/// sets no term for another, the first one runs on.
pub fn opinion(case: &Case, it: &Assignment, policy: &Policy, calendar: &Calendar) -> Option<Day> {
    let rejected = it.opinion_rejected.as_ref();
    let again = rejected.and_then(|it| due(TermKind::OpinionAgain, it.on, case, policy, calendar));
    again.or_else(|| due(TermKind::Opinion, it.assigned_on, case, policy, calendar))
}

/// The last day for the deputies' evaluation of the reply in force, where the policy sets one.
pub fn evaluation(case: &Case, policy: &Policy, calendar: &Calendar) -> Option<Day> {
    due(TermKind::Evaluation, case.final_reply()?.on, case, policy, calendar)
}

/// Every deadline of a case, as it stands on `today`.
pub fn all(case: &Case, policy: &Policy, calendar: &Calendar, today: Day) -> Vec<Deadline> {
    let derive = Derivation { case, policy, calendar, today };
    let mut deadlines = Vec::new();
    if let Some(submitted) = case.submitted_on {
        let office = "代表工委";
        deadlines.extend(derive.one(
            TermKind::AcceptanceNotice,
            submitted,
            None,
            office,
            case.registered_on,
            Duty::Owed,
        ));
        deadlines.extend(derive.one(
            TermKind::Assignment,
            submitted,
            None,
            office,
            case.assigned_on,
            Duty::Owed,
        ));
    }
    if let (Some(assigned), Some(first)) = (case.assigned_on, case.assignments.first()) {
        let names = answering_names(case);
        let whose = if names.is_empty() { first.department.name.clone() } else { names };
        deadlines.extend(derive.reply(assigned, &whose));
    }
    for it in case.assignments.iter().filter(|a| !a.is_open()) {
        // From the day on which it came back to the next that was given out in its place.
        let Some(back) = it.ended_on else { continue };
        let follows = |a: &&Assignment| a.number > it.number && a.assigned_on >= back;
        let next = case.assignments.iter().filter(follows).find(|a| a.answers() == it.answers());
        let again = next.map(|a| a.assigned_on);
        let shared_out = case.dispatched_on.is_some() && it.department.channel == Channel::Government;
        deadlines.extend(derive.one(
            TermKind::Reassignment,
            back,
            Some(it.number),
            if shared_out { "政府办" } else { "代表工委" },
            again,
            if it.answers() { Duty::Owed } else { Duty::Ended },
        ));
    }
    for it in &case.assignments {
        let ended = if it.is_open() { Duty::Owed } else { Duty::Ended };
        let name = &it.department.name;
        let asked = it.hand_back.as_ref().map(|h| h.asked_on);
        deadlines.extend(derive.one(
            TermKind::HandBack,
            it.assigned_on,
            Some(it.number),
            name,
            asked,
            Duty::Right,
        ));
        match it.part {
            Part::Co => {
                let given = it.opinion.as_ref().map(|o| o.on);
                deadlines.extend(derive.one(
                    TermKind::Opinion,
                    it.assigned_on,
                    Some(it.number),
                    name,
                    it.opinion_rejected.as_ref().map_or(given, |r| r.given_on),
                    ended,
                ));
                if let Some(rejected) = &it.opinion_rejected {
                    let kind = TermKind::OpinionAgain;
                    deadlines.extend(derive.one(kind, rejected.on, Some(it.number), name, given, ended));
                }
            }
            Part::Sole | Part::Lead | Part::Separate => {
                let first =
                    case.consultations.iter().filter(|c| c.assignment == it.number).map(|c| c.day).min();
                deadlines.extend(derive.one(
                    TermKind::FirstContact,
                    it.assigned_on,
                    Some(it.number),
                    name,
                    first,
                    ended,
                ));
            }
        }
    }
    for (place, rework) in case.reworks.iter().enumerate() {
        // Answered by the letter that was rejected next, or by the one in force once all have answered.
        let later = match case.reworks.get(place + 1) {
            Some(next) => case.replies.iter().find(|r| r.number == next.reply),
            None => case.final_reply().filter(|_| case.stage != Stage::Rework),
        };
        let whose = answering_names(case);
        let met = later.map(|r| r.on);
        deadlines.extend(derive.one(TermKind::Rework, rework.ordered_on, None, &whose, met, Duty::Owed));
    }
    for promise in &case.commitments {
        if let Some(report) = promise.latest() {
            let judged = report.judged_on;
            let (kind, whose) = (TermKind::CommitmentEvaluation, &case.lead.name);
            let deadline = derive.one(kind, report.on, None, whose, judged, Duty::Right);
            deadlines.extend(deadline.map(|d| Deadline { commitment: Some(promise.number), ..d }));
        }
    }
    // While separate handlers are still to answer, nobody judges.
    let answered = matches!(case.stage, Stage::Replied | Stage::Closed);
    if let Some(reply) = case.final_reply().filter(|_| answered) {
        let judged =
            case.evaluations.iter().filter(|e| e.reply == reply.number && e.counts).map(|e| e.on).min();
        deadlines.extend(derive.one(
            TermKind::Evaluation,
            reply.on,
            None,
            &case.lead.name,
            judged,
            Duty::Right,
        ));
    }
    deadlines
}

fn answering_names(case: &Case) -> String {
    case.answerers().map(|a| a.department.name.as_str()).collect::<Vec<_>>().join("、")
}

/// What becomes of a deadline whose day passes without the act.
#[derive(Clone, Copy)]
enum Duty {
    Owed,
    /// Somebody else's by now.
    Ended,
    /// A window to hand back or to evaluate is a right: it is over, never missed.
    Right,
}

struct Derivation<'a> {
    case: &'a Case,
    policy: &'a Policy,
    calendar: &'a Calendar,
    today: Day,
}

impl Derivation<'_> {
    fn one(
        &self,
        kind: TermKind,
        anchor: Day,
        assignment: Option<u32>,
        whose: &str,
        met_on: Option<Day>,
        duty: Duty,
    ) -> Option<Deadline> {
        let term = self.policy.term(kind).filter(|t| applies(t, self.case.origin))?;
        let (due, counted) = counted(anchor, term, self.calendar)?;
        Some(Deadline {
            kind,
            label: kind.zh().to_owned(),
            assignment,
            commitment: None,
            whose: whose.to_owned(),
            policy: PolicyRef::to(self.policy),
            clause: term.clause.clone(),
            anchor: term.anchor.zh().to_owned(),
            anchor_on: anchor,
            term: term.term(),
            original_due: due,
            due,
            provisional: counted.provisional,
            met_on,
            verdict: self.verdict(due, met_on, duty),
            steps: counted.steps,
        })
    }

    fn reply(&self, assigned: Day, whose: &str) -> Option<Deadline> {
        let met_on = self.case.replied_on();
        let mut deadline = self.one(TermKind::Reply, assigned, None, whose, met_on, Duty::Owed)?;
        let extension = self.case.extension.as_ref().filter(|e| e.is_granted());
        if let (Some(extension), Some(terms)) =
            (extension, reply_terms(self.case, self.policy, self.calendar))
        {
            deadline.due = terms.due;
            deadline.verdict = self.verdict(terms.due, met_on, Duty::Owed);
            deadline.clause = format!("{}；延期：{}", deadline.clause, terms.cap_clause);
            if let Ok(extended) = term::extend_to(extension.until.date(), self.calendar) {
                deadline.provisional |= extended.provisional;
                deadline.steps.extend(extended.steps);
            }
        }
        Some(deadline)
    }

    fn verdict(&self, due: Day, met_on: Option<Day>, duty: Duty) -> Verdict {
        match (met_on, duty) {
            (Some(on), _) if on <= due => Verdict::Met,
            (Some(_), _) => Verdict::Late,
            (None, Duty::Ended) => Verdict::Lapsed,
            (None, _) if self.case.has_ended_early() => Verdict::Lapsed,
            (None, _) if self.today <= due => Verdict::Open,
            (None, Duty::Right) => Verdict::Lapsed,
            (None, Duty::Owed) => Verdict::Overdue,
        }
    }
}
