//! A rehearsal 试算: what would be otherwise today if a proposed policy governed the cases as they are recorded.
//!
//! What people did stays what they did. Only what follows from the policy is derived twice, under the case's own and under
//! the proposed one: due dates, their verdicts, and what a case counts as in the figures.

use super::{
    calendar::Calendar,
    case::{Case, PolicyRef},
    day::Day,
    deadline::{self, Deadline, Verdict},
    figures::{Facts, METRICS, Measure, Measures, Unit},
    ids::{CaseId, CongressId},
    policy::{Policy, RoundingRule, TermKind},
    rounding,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// A due date that the proposed policy sets otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DueDateMove {
    pub case: CaseId,
    pub number: Option<String>,
    pub title: String,
    pub kind: TermKind,
    /// 期限名称
    #[schema(example = "答复期限")]
    pub label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignment: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment: Option<u32>,
    /// `null` where the case's own policy sets no such term.
    pub before: Option<Day>,
    /// `null` where the proposed policy sets no such term.
    pub after: Option<Day>,
}

/// A deadline that would stand otherwise today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct VerdictMove {
    pub case: CaseId,
    pub number: Option<String>,
    pub title: String,
    pub kind: TermKind,
    #[schema(example = "答复期限")]
    pub label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignment: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment: Option<u32>,
    pub before: Option<Verdict>,
    pub after: Option<Verdict>,
}

/// A case whose result class the proposed policy does not know; it counts as not resolved there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct UnknownClass {
    pub case: CaseId,
    pub number: Option<String>,
    pub title: String,
    #[schema(example = "D")]
    pub class: String,
}

/// What the proposed policy changes about one case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    pub due_dates: Vec<DueDateMove>,
    pub verdicts: Vec<VerdictMove>,
    pub unknown_class: Option<UnknownClass>,
    /// What is counted of it; nothing before it has a number.
    pub before: Measures,
    pub after: Measures,
}

/// Lays a proposed policy beside the one that governs a case, as of a day; `title` is what the asker may know it by.
pub fn compare(
    case: &Case,
    title: &str,
    own: &Policy,
    proposed: &Policy,
    calendar: &Calendar,
    today: Day,
) -> Comparison {
    let (number, title) = (case.number.as_ref().map(|n| n.text.to_string()), title.to_owned());
    let mut found = Comparison {
        before: counted(case, own, calendar),
        after: counted(case, proposed, calendar),
        ..Comparison::default()
    };
    let mut then = by_duty(deadline::all(case, proposed, calendar, today));
    let now = by_duty(deadline::all(case, own, calendar, today));
    // Terms that only one of the two sets stand there alone.
    let mut pairs: Vec<(Duty, Option<Deadline>, Option<Deadline>)> = Vec::new();
    for (duty, before) in now {
        let after = then.remove(&duty);
        pairs.push((duty, Some(before), after));
    }
    pairs.extend(then.into_iter().map(|(duty, after)| (duty, None, Some(after))));
    pairs.sort_by_key(|(duty, ..)| *duty);
    for (duty, before, after) in pairs {
        let label = duty.kind.zh().to_owned();
        let due = (before.as_ref().map(|d| d.due), after.as_ref().map(|d| d.due));
        if due.0 != due.1 {
            found.due_dates.push(DueDateMove {
                case: case.id,
                number: number.clone(),
                title: title.clone(),
                kind: duty.kind,
                label: label.clone(),
                assignment: duty.assignment,
                commitment: duty.commitment,
                before: due.0,
                after: due.1,
            });
        }
        let verdict = (before.map(|d| d.verdict), after.map(|d| d.verdict));
        if verdict.0 != verdict.1 {
            found.verdicts.push(VerdictMove {
                case: case.id,
                number: number.clone(),
                title: title.clone(),
                kind: duty.kind,
                label,
                assignment: duty.assignment,
                commitment: duty.commitment,
                before: verdict.0,
                after: verdict.1,
            });
        }
    }
    found.unknown_class = case
        .class
        .clone()
        .filter(|class| proposed.class(class).is_none())
        .map(|class| UnknownClass { case: case.id, number: number.clone(), title: title.clone(), class });
    found
}

fn counted(case: &Case, policy: &Policy, calendar: &Calendar) -> Measures {
    Facts::of(case, policy, calendar).map(|facts| facts.measures).unwrap_or_default()
}

/// What a deadline is about, whatever the policy sets for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Duty {
    kind: TermKind,
    assignment: Option<u32>,
    commitment: Option<u32>,
    anchor_on: Day,
    /// A case may be sent back twice on one day.
    nth: u32,
}

fn by_duty(deadlines: Vec<Deadline>) -> BTreeMap<Duty, Deadline> {
    let mut all = BTreeMap::new();
    for it in deadlines {
        let (assignment, commitment) = (it.assignment, it.commitment);
        let mut duty = Duty { kind: it.kind, assignment, commitment, anchor_on: it.anchor_on, nth: 0 };
        while all.contains_key(&duty) {
            duty.nth += 1;
        }
        all.insert(duty, it);
    }
    all
}

/// A list that is told in full up to a limit, and counted beyond it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Listed<T> {
    /// How many there are.
    pub count: u64,
    /// Whether there are more than are listed.
    pub truncated: bool,
    pub moves: Vec<T>,
}

impl<T> Listed<T> {
    fn add(&mut self, more: impl IntoIterator<Item = T>, limit: usize) {
        for it in more {
            self.count += 1;
            if self.moves.len() < limit {
                self.moves.push(it);
            } else {
                self.truncated = true;
            }
        }
    }
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Listed { count: 0, truncated: false, moves: Vec::new() }
    }
}

/// A rate as it would be printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Rate {
    #[schema(example = 103)]
    pub numerator: u64,
    #[schema(example = 105)]
    pub denominator: u64,
    /// Per cent; `null` where there is no case to count.
    #[schema(example = "98.1")]
    pub percent: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RateMove {
    #[schema(example = "on_time_rate")]
    pub metric: &'static str,
    /// The definition's version.
    pub version: u32,
    pub before: Rate,
    pub after: Rate,
}

/// What came of a rehearsal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Rehearsed {
    #[schema(value_type = String, example = "330502")]
    pub congress: CongressId,
    /// The proposed policy.
    pub policy: PolicyRef,
    /// The day as of which verdicts were taken.
    pub as_of: Day,
    /// How many cases were looked at: all that were ever handed in.
    pub cases: u64,
    /// Due dates that move.
    pub due_dates: Listed<DueDateMove>,
    /// Deadlines that would stand otherwise: met before and late after, or the other way round.
    pub verdicts: Listed<VerdictMove>,
    /// Cases whose class the proposed policy does not know.
    pub unknown_classes: Listed<UnknownClass>,
    /// Every rate, before and after.
    pub rates: Vec<RateMove>,
}

/// Sums comparisons up, one case at a time, and keeps no more of them than is asked for.
#[derive(Default)]
pub struct Tally {
    limit: usize,
    cases: u64,
    due_dates: Listed<DueDateMove>,
    verdicts: Listed<VerdictMove>,
    unknown_classes: Listed<UnknownClass>,
    before: BTreeMap<Measure, u64>,
    after: BTreeMap<Measure, u64>,
}

impl Tally {
    /// One that lists at most `limit` of each kind.
    pub fn up_to(limit: usize) -> Tally {
        Tally { limit, ..Tally::default() }
    }

    pub fn add(&mut self, found: Comparison) {
        self.cases += 1;
        self.due_dates.add(found.due_dates, self.limit);
        self.verdicts.add(found.verdicts, self.limit);
        self.unknown_classes.add(found.unknown_class, self.limit);
        for (sums, measures) in [(&mut self.before, found.before), (&mut self.after, found.after)] {
            for (measure, n) in measures.all() {
                *sums.entry(measure).or_default() += u64::try_from(n).unwrap_or(0);
            }
        }
    }

    /// `own` is the congress's policy now: rates before are printed by its rule, rates after by the proposed one's.
    pub fn told(self, congress: CongressId, own: &Policy, proposed: &Policy, as_of: Day) -> Rehearsed {
        // Lengths of time do not follow from a policy.
        let rates = METRICS.iter().filter(|metric| metric.unit == Unit::Percent);
        let moved = rates.map(|metric| {
            let rate = |sums: &BTreeMap<Measure, u64>, rule: &RoundingRule| {
                let sum = |measure: &Measure| sums.get(measure).copied().unwrap_or(0);
                let (numerator, denominator) =
                    (metric.numerator.iter().map(sum).sum(), sum(&metric.denominator));
                let mut printed =
                    rounding::percents(&[numerator], denominator, rule.decimals, rule.rule, rule.trim_zeros);
                Rate { numerator, denominator, percent: printed.pop() }
            };
            RateMove {
                metric: metric.id,
                version: metric.version,
                before: rate(&self.before, &own.rounding),
                after: rate(&self.after, &proposed.rounding),
            }
        });
        Rehearsed {
            rates: moved.collect(),
            congress,
            policy: PolicyRef::to(proposed),
            as_of,
            cases: self.cases,
            due_dates: self.due_dates,
            verdicts: self.verdicts,
            unknown_classes: self.unknown_classes,
        }
    }
}

#[cfg(test)]
mod tests;
