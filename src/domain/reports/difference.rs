//! Why two reports differ: case by case, each difference with its cause, and all together exactly the difference.
//!
//! Between the two, a case is followed event by event as it is counted today; what today's counting gives for the state
//! of a report and what was sealed may differ too, and that is a cause of its own. The steps are a chain from the one
//! sealed line to the other, so that nothing is left over.

use super::{Body, Cited, Filter, Line, Rules};
use crate::domain::{
    case::{Case, Event, Occasion, Recorded},
    day::Day,
    figures::{AsOf, Facts, METRICS, Metric, Version},
    ids::CaseId,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// Why a case counts otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// It went on: registered, assigned, answered, withdrawn, a promise kept …
    Progress,
    /// True already on the earlier report's day, and recorded only after it was sealed.
    LateEntry,
    /// A letter was corrected.
    Correction,
    /// A revisit, a second answer or a dispute changed the class.
    ClassChange,
    EvaluationArrived,
    /// Sent back to be handled again, or answered after that.
    Rework,
    /// Another version of its policy, or other rules in it.
    Policy,
    /// Days off that became known.
    Calendar,
    /// The program counts otherwise than it did.
    Definition,
    /// The reports are about other cases.
    Filter,
}

/// A case's history, and its facts after each event as they are counted today.
#[derive(Clone, Debug)]
pub struct Trail {
    pub case: CaseId,
    pub history: Vec<Recorded>,
    pub versions: Vec<Version>,
}

impl Trail {
    /// How many events were true and known.
    fn length(&self, as_of: AsOf) -> usize {
        let within = |it: &&Recorded| {
            as_of.covers(AsOf { true_on: it.occurred_on, known_on: Day::at(it.recorded_at) })
        };
        self.history.iter().take_while(within).count()
    }

    fn facts(&self, events: usize) -> Option<&Facts> {
        let last = self.history.get(events.checked_sub(1)?)?.version;
        self.versions.iter().rev().find(|it| it.version <= last).map(|it| &it.facts)
    }
}

/// One step of a case's way from the one report to the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CaseDifference {
    pub case: CaseId,
    pub number: String,
    pub cause: Cause,
    /// The event that brought it, by its version within the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<i64>,
    /// What it adds above the line.
    pub numerator: i64,
    /// And below.
    pub denominator: i64,
    /// Its part in the difference of the two rates, over `weight_of`: (numerator × A's denominator − A's numerator ×
    /// denominator). Weights sum up exactly.
    pub weight: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ByCause {
    pub cases: u64,
    pub numerator: i64,
    pub denominator: i64,
    pub weight: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct MetricDifference {
    #[schema(example = "resolution_rate")]
    pub metric: &'static str,
    pub numerators: [u64; 2],
    pub denominators: [u64; 2],
    /// What weights are over: the product of the denominators. Rate B − rate A = sum of weights ÷ this.
    pub weight_of: i64,
    pub by_cause: BTreeMap<Cause, ByCause>,
    pub cases: Vec<CaseDifference>,
}

/// Every metric that differs.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Difference {
    pub metrics: Vec<MetricDifference>,
}

/// A change of a case's facts, either of which may be nothing.
struct Step<'t> {
    cause: Cause,
    event: Option<i64>,
    before: Option<&'t Facts>,
    after: Option<&'t Facts>,
}

/// Explains `b` from `a`; `trails` are those of every case that stands in either and not alike in both. `today` are the
/// rules that trails are counted under.
pub fn difference(a: &Body, b: &Body, trails: &[Trail], today: &Rules) -> Difference {
    let lines =
        |of: &Body| of.cases.iter().map(|it| (it.case, it.clone())).collect::<BTreeMap<CaseId, Line>>();
    let (in_a, in_b) = (lines(a), lines(b));
    let metrics = METRICS.iter().filter(|it| it.percentile.is_none() && !it.share);
    let mut all = Vec::new();
    for metric in metrics {
        let sum = |of: &BTreeMap<CaseId, Line>| {
            of.values().fold((0, 0), |(above, below), it| {
                let (n, d) = counts(metric, Some(&it.facts));
                (above + n, below + d)
            })
        };
        let ((na, da), (nb, db)) = (sum(&in_a), sum(&in_b));
        let mut found = MetricDifference {
            metric: metric.id,
            numerators: [na, nb].map(|n| u64::try_from(n).unwrap_or(0)),
            denominators: [da, db].map(|n| u64::try_from(n).unwrap_or(0)),
            weight_of: da * db,
            by_cause: BTreeMap::new(),
            cases: Vec::new(),
        };
        for trail in trails {
            let (from, to) = (in_a.get(&trail.case), in_b.get(&trail.case));
            let mut own: BTreeMap<(Cause, Option<i64>), (i64, i64)> = BTreeMap::new();
            for step in steps(trail, (a, from), (b, to), today) {
                let ((n1, d1), (n2, d2)) = (counts(metric, step.before), counts(metric, step.after));
                // What was counted otherwise in both alike is no difference.
                let event = step.event.filter(|_| step.cause != Cause::Definition);
                let change = own.entry((step.cause, event)).or_default();
                *change = (change.0 + n2 - n1, change.1 + d2 - d1);
            }
            for ((cause, event), (n, d)) in own.into_iter().filter(|(_, change)| *change != (0, 0)) {
                let weight = n * da - na * d;
                let sum = found.by_cause.entry(cause).or_default();
                sum.cases += 1;
                sum.numerator += n;
                sum.denominator += d;
                sum.weight += weight;
                let number = from.or(to).map(|it| it.facts.number.clone()).unwrap_or_default();
                let case = trail.case;
                found.cases.push(CaseDifference {
                    case,
                    number,
                    cause,
                    event,
                    numerator: n,
                    denominator: d,
                    weight,
                });
            }
        }
        if !found.cases.is_empty() {
            all.push(found);
        }
    }
    Difference { metrics: all }
}

fn counts(metric: &Metric, facts: Option<&Facts>) -> (i64, i64) {
    let Some(facts) = facts else { return (0, 0) };
    let above = metric.numerator.iter().map(|it| facts.measures.amount(*it)).sum();
    (above, facts.measures.amount(metric.denominator))
}

/// The chain from the line of the one report to that of the other.
fn steps<'t>(
    trail: &'t Trail,
    (a, from): (&'t Body, Option<&'t Line>),
    (b, to): (&'t Body, Option<&'t Line>),
    today: &Rules,
) -> Vec<Step<'t>> {
    let days = |of: &Body| AsOf { true_on: of.true_on, known_on: of.known_on };
    let (start, end) = (trail.length(days(a)), trail.length(days(b)));
    let at = |events: usize, filter: &Filter| trail.facts(events).filter(|facts| filter.covers(facts));
    let mut steps = vec![
        Step {
            cause: rules_between(&a.rules, today, from.map(|it| &it.facts)),
            event: None,
            before: from.map(|it| &it.facts),
            after: at(start, &a.filter),
        },
        Step { cause: Cause::Filter, event: None, before: at(start, &a.filter), after: at(start, &b.filter) },
    ];
    let earlier = if start <= end { days(a) } else { days(b) };
    let (first, last) = (start.min(end), start.max(end));
    let mut case: Option<Case> = Case::fold(trail.history.iter().take(first));
    let mut between = Vec::new();
    for events in first..last {
        let Some(recorded) = trail.history.get(events) else { break };
        let next = match &case {
            None => Case::begin(recorded),
            Some(case) => Some(case.clone().after(recorded)),
        };
        let (before, after) = (at(events, &b.filter), at(events + 1, &b.filter));
        let cause = cause(recorded, case.as_ref(), next.as_ref(), earlier);
        let event = Some(recorded.version);
        between.push(match start <= end {
            true => Step { cause, event, before, after },
            false => Step { cause, event, before: after, after: before },
        });
        case = next;
    }
    if start > end {
        between.reverse();
    }
    steps.extend(between);
    steps.push(Step {
        cause: rules_between(&b.rules, today, to.map(|it| &it.facts)),
        event: None,
        before: at(end, &b.filter),
        after: to.map(|it| &it.facts),
    });
    steps
}

/// What was sealed and what is counted today of the same events differ by the rules.
fn rules_between(sealed: &Rules, today: &Rules, facts: Option<&Facts>) -> Cause {
    let policy = |of: &Rules| {
        let named =
            |it: &&Cited| facts.is_some_and(|facts| facts.policy == format!("{}@{}", it.id, it.version));
        of.policies.iter().find(named).map(|it| it.digest.clone())
    };
    let known =
        |of: &Rules, year: i32| of.calendars.iter().find(|it| it.year == year).map(|it| it.digest.clone());
    let calendars_differ =
        today.calendars.iter().any(|it| known(sealed, it.year).as_ref() != Some(&it.digest));
    match (policy(sealed), policy(today)) {
        (Some(then), Some(now)) if then != now => Cause::Policy,
        _ if sealed.program == today.program && calendars_differ => Cause::Calendar,
        _ => Cause::Definition,
    }
}

fn cause(recorded: &Recorded, before: Option<&Case>, after: Option<&Case>, earlier: AsOf) -> Cause {
    if recorded.occurred_on <= earlier.true_on && Day::at(recorded.recorded_at) > earlier.known_on {
        return Cause::LateEntry;
    }
    let class = |case: Option<&Case>| case.and_then(|case| case.class.clone());
    let in_rework = before.is_some_and(|case| !case.reworks.is_empty());
    match &recorded.event {
        Event::PolicyAdopted { .. } => Cause::Policy,
        Event::Evaluated { .. } => Cause::EvaluationArrived,
        Event::ReworkOrdered { .. } => Cause::Rework,
        Event::Replied { occasion: Occasion::Correction { .. }, .. } => Cause::Correction,
        Event::Replied { occasion: Occasion::Answer, .. } if in_rework => Cause::Rework,
        _ if class(before).is_some() && class(before) != class(after) => Cause::ClassChange,
        _ => Cause::Progress,
    }
}
