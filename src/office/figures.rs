//! Answers what a metric is: numerator, denominator, and the filter that lists exactly the cases behind each.

use super::{Caller, Fault, Office, perform::actor, read::sealed};
use crate::{
    domain::{
        actor::Actor,
        figures::{Dimension, Measure, Metric},
        gate::{self, Operation, Party, Scope},
        ids::{CongressId, Sessions},
        policy::RoundingRule,
        rounding::{self, Rounding},
        say::Say,
        words::Channel,
    },
    store::{Db, directory, figures},
};
use std::collections::BTreeMap;

/// What is asked.
#[derive(Clone)]
pub struct Inquiry {
    pub congress: CongressId,
    pub metric: &'static Metric,
    pub group_by: Dimension,
    pub session: Option<Sessions>,
    pub decimals: Option<u8>,
    pub rounding: Option<Rounding>,
    pub trim_zeros: Option<bool>,
}

/// A number that can be taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub metric: &'static str,
    pub version: u32,
    pub definition: Say,
    pub numerator: u64,
    pub denominator: u64,
    /// `None` where the denominator is zero: no case, no rate.
    pub percent: Option<String>,
    /// The group's value and, for a department, its name.
    pub group: Option<Group>,
    /// Query parameters for `/v1/cases` that list the numerator's, and the denominator's, cases; none for a higher level.
    pub cases: Vec<(&'static str, String)>,
    pub denominator_cases: Vec<(&'static str, String)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub dimension: Dimension,
    pub value: String,
    pub name: Option<String>,
}

impl Office {
    pub async fn figures(&self, caller: &Caller, inquiry: Inquiry) -> Result<Vec<Figure>, Fault> {
        let (caller, office) = (caller.clone(), self.clone());
        self.store
            .snapshot(move |db| {
                let actor = actor(db, &caller)?;
                gate::admit(&actor, Operation::GetFigures)?;
                let scope = match actor.congress.as_ref() == Some(&inquiry.congress) {
                    true => sum_scope(&actor)?,
                    false if gate::sees_sums_of(&actor, &inquiry.congress) => {
                        directory::congress(db, &inquiry.congress)?.ok_or(Fault::NotFound)?;
                        SumScope { from_above: true, ..SumScope::default() }
                    }
                    false => return Err(Fault::NotFound),
                };
                let tells = inquiry.metric.of_evaluations || inquiry.group_by == Dimension::Evaluation;
                if tells && !gate::sees_evaluations(&actor) {
                    return Err(sealed());
                }
                office.figures_in(db, scope, &inquiry)
            })
            .await
    }

    /// For the command line of the machine's own operator.
    pub async fn figures_of_congress(&self, inquiry: Inquiry) -> Result<Vec<Figure>, Fault> {
        let office = self.clone();
        self.store.snapshot(move |db| office.figures_in(db, SumScope::default(), &inquiry)).await
    }

    fn figures_in(&self, db: &mut Db, scope: SumScope, inquiry: &Inquiry) -> Result<Vec<Figure>, Fault> {
        let policy = self.congress_policy(db, &inquiry.congress)?;
        let metric = inquiry.metric;
        let question = figures::Question {
            congress: inquiry.congress.clone(),
            scope: scope.key.clone(),
            dimension: inquiry.group_by,
            session: inquiry.session.clone(),
        };
        let mut measures = metric.numerator.to_vec();
        if !measures.contains(&metric.denominator) {
            measures.push(metric.denominator);
        }
        let counts = figures::sums(db, &question, &measures)?;
        let mut groups: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        if inquiry.group_by == Dimension::Total {
            groups.insert(String::new(), (0, 0));
        }
        for ((value, measure), n) in counts {
            let (numerator, denominator) = groups.entry(value).or_default();
            if metric.numerator.contains(&measure) {
                *numerator += n;
            }
            if measure == metric.denominator {
                *denominator += n;
            }
        }
        let whole: i64 = groups.values().map(|(_, denominator)| denominator).sum();
        let grouped = inquiry.group_by != Dimension::Total;
        // A group that counts no case has no rate to show.
        groups.retain(|_, (_, denominator)| !grouped || *denominator > 0);
        let parts: Vec<(u64, u64)> = groups
            .values()
            .map(|(numerator, denominator)| {
                let below = if metric.share { whole } else { *denominator };
                (u64::try_from(*numerator).unwrap_or(0), u64::try_from(below).unwrap_or(0))
            })
            .collect();
        let percents = printed(&parts, metric.share, inquiry, &policy.rounding);
        let names = match inquiry.group_by {
            Dimension::Department => department_names(db, &inquiry.congress)?,
            _ => BTreeMap::new(),
        };
        let figures = groups.into_keys().zip(parts).zip(percents).map(
            |((value, (numerator, denominator)), percent)| {
                let group = grouped.then(|| Group {
                    dimension: inquiry.group_by,
                    name: names.get(&value).cloned(),
                    value: value.clone(),
                });
                let below = if metric.share { None } else { group.as_ref() };
                Figure {
                    metric: metric.id,
                    version: metric.version,
                    definition: metric.definition(),
                    numerator,
                    denominator,
                    percent,
                    cases: scope.cases(inquiry, group.as_ref(), metric.numerator),
                    denominator_cases: scope.cases(inquiry, below, &[metric.denominator]),
                    group,
                }
            },
        );
        Ok(figures.collect())
    }
}

fn printed(parts: &[(u64, u64)], share: bool, inquiry: &Inquiry, rule: &RoundingRule) -> Vec<Option<String>> {
    let decimals = inquiry.decimals.unwrap_or(rule.decimals);
    let rounding = inquiry.rounding.unwrap_or(rule.rule);
    let trim = inquiry.trim_zeros.unwrap_or(rule.trim_zeros);
    if share {
        let whole = parts.first().map_or(0, |(_, whole)| *whole);
        let numerators: Vec<u64> = parts.iter().map(|(n, _)| *n).collect();
        return match whole {
            0 => vec![None; parts.len()],
            _ => rounding::percents(&numerators, whole, decimals, rounding, trim)
                .into_iter()
                .map(Some)
                .collect(),
        };
    }
    let one = |(numerator, denominator): &(u64, u64)| match denominator {
        0 => None,
        _ => rounding::percents(&[*numerator], *denominator, decimals, rounding, trim).pop(),
    };
    parts.iter().map(one).collect()
}

fn department_names(db: &mut Db, congress: &CongressId) -> Result<BTreeMap<String, String>, Fault> {
    Ok(directory::departments(db, congress)?.into_iter().map(|d| (d.id, d.name)).collect())
}

/// Whose sums are read, and the filter that narrows a list to the same cases.
#[derive(Clone, Default)]
struct SumScope {
    key: String,
    narrows: Vec<(&'static str, String)>,
    /// Asked by a higher level, which sees sums and no case behind them.
    from_above: bool,
}

/// A party's figures are about the cases that it answers for or leads, not about all that it may see.
fn sum_scope(actor: &Actor) -> Result<SumScope, Fault> {
    match (gate::scope(actor), &actor.role) {
        (Scope::Congress(_), _) => Ok(SumScope::default()),
        (Scope::Party(_, party), _) => Ok(SumScope {
            key: party.key(),
            from_above: false,
            narrows: match party {
                Party::Department(id) => vec![("department", id.to_string())],
                Party::Deputy(id) => vec![("lead", id.to_string())],
                // No figures are kept by these; the matrix lets nobody ask for them.
                Party::Delegation(_) | Party::HandedBack(_) | Party::Reader(_) => {
                    return Err(Fault::NotFound);
                }
                Party::GovernmentOffice => vec![("channel", Channel::Government.to_string())],
            },
        }),
        (Scope::Nothing, _) => Err(Fault::NotFound),
    }
}

impl SumScope {
    fn cases(
        &self,
        inquiry: &Inquiry,
        group: Option<&Group>,
        measures: &[Measure],
    ) -> Vec<(&'static str, String)> {
        if self.from_above {
            return Vec::new();
        }
        let mut query = vec![("congress", inquiry.congress.to_string())];
        query.extend(inquiry.session.iter().map(|s| ("session", s.to_string())));
        query.extend(self.narrows.clone());
        if let Some(group) = group {
            let named = ("department", "none".to_owned());
            match (group.dimension, group.value.as_str()) {
                (Dimension::Department, "") => query.push(named),
                (Dimension::KeyCase, value) => query.push(("key_case", (value == "yes").to_string())),
                (dimension, "") => query.push((dimension.id(), "none".to_owned())),
                (dimension, value) => query.push((dimension.id(), value.to_owned())),
            }
        }
        let measures: Vec<_> = measures.iter().map(|m| m.id()).collect();
        query.push(("measure", measures.join(",")));
        query.dedup();
        query
    }
}
