//! Answers what a metric is: numerator, denominator, and the filter that lists exactly the cases behind each.

use super::{Caller, Fault, Office, perform::actor, read::sealed};
use crate::{
    domain::{
        actor::Actor,
        day::Day,
        figures::{
            AsOf, Completeness, Dimension, Measure, Metric, Part, Printing, Unit, nearest_rank, printed,
        },
        gate::{self, Operation, Party, Scope},
        ids::{CongressId, Sessions},
        policy::RoundingRule,
        rounding::Rounding,
        say::Say,
        words::Channel,
    },
    store::{Db, StoreError, case_facts, directory, figure_days, figures},
};
use std::collections::BTreeMap;

/// What is asked.
#[derive(Clone)]
pub struct Inquiry {
    pub congress: CongressId,
    pub metric: &'static Metric,
    pub group_by: Dimension,
    pub session: Option<Sessions>,
    /// What holds now, if left out.
    pub as_of: Option<AsOf>,
    pub decimals: Option<u8>,
    pub rounding: Option<Rounding>,
    pub trim_zeros: Option<bool>,
}

impl Inquiry {
    pub(super) fn printing(&self, rule: &RoundingRule) -> Printing {
        self.printing_as(rule.into())
    }

    /// A rule, but for what was asked for.
    pub(super) fn printing_as(&self, rule: Printing) -> Printing {
        Printing {
            decimals: self.decimals.unwrap_or(rule.decimals),
            rounding: self.rounding.unwrap_or(rule.rounding),
            trim_zeros: self.trim_zeros.unwrap_or(rule.trim_zeros),
        }
    }
}

/// Figures, and whether what they are made of is complete.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    pub figures: Vec<Figure>,
    pub completeness: Completeness,
}

/// A number that can be taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub metric: &'static str,
    pub version: u32,
    pub unit: Unit,
    pub definition: Say,
    pub numerator: u64,
    pub denominator: u64,
    /// As printed, in the metric's unit; `None` where the denominator is zero (no case, no rate), and where the parts do
    /// not add up.
    pub printed: Option<String>,
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
    /// Two days that are asked for; a day left out is today. None where neither is given: what holds now.
    pub fn as_of(&self, true_on: Option<Day>, known_on: Option<Day>) -> Option<AsOf> {
        let given = true_on.or(known_on).is_some();
        let today = self.today();
        given.then(|| AsOf { true_on: true_on.unwrap_or(today), known_on: known_on.unwrap_or(today) })
    }

    pub async fn figures(&self, caller: &Caller, inquiry: Inquiry) -> Result<Answered, Fault> {
        let (caller, office) = (caller.clone(), self.clone());
        self.store
            .snapshot(move |db| {
                let actor = actor(db, &caller)?;
                let scope = asked_by(db, &actor, &inquiry.congress, Operation::GetFigures)?;
                let tells = inquiry.metric.of_evaluations || inquiry.group_by == Dimension::Evaluation;
                if tells && !gate::sees_evaluations(&actor) {
                    return Err(sealed());
                }
                office.figures_in(db, &scope, &inquiry)
            })
            .await
    }

    /// For the command line of the machine's own operator.
    pub async fn figures_of_congress(&self, inquiry: Inquiry) -> Result<Answered, Fault> {
        let office = self.clone();
        self.store.snapshot(move |db| office.figures_in(db, &SumScope::default(), &inquiry)).await
    }

    pub(super) fn figures_in(
        &self,
        db: &mut Db,
        scope: &SumScope,
        inquiry: &Inquiry,
    ) -> Result<Answered, Fault> {
        let policy = self.congress_policy(db, &inquiry.congress)?;
        let metric = inquiry.metric;
        if !metric.groups_by(inquiry.group_by) {
            return Err(Fault::invalid(
                "?group_by",
                "中位数、百分位数只按全部或承办单位统计；只有答复用时分布按天数分组",
                "a percentile is kept for all cases together and for each department; only days_to_reply_share is grouped by days",
            ));
        }
        let names = match inquiry.group_by {
            Dimension::Department => department_names(db, &inquiry.congress)?,
            _ => BTreeMap::new(),
        };
        let waiting = figures::waiting(db, &inquiry.congress)?;
        let completeness = self.completeness_in(db, &waiting, scope, inquiry)?;
        let mut parts = match metric.percentile {
            Some(part) => self.percentiles(db, &waiting, scope, inquiry, (part, &names))?,
            None => self.fractions(db, &waiting, scope, inquiry)?,
        };
        let grouped = inquiry.group_by != Dimension::Total;
        // A group that counts no case has no rate to show.
        parts.retain(|_, part| !grouped || part.denominator > 0);
        let rule = inquiry.printing(&policy.rounding);
        let mut printed = printed(metric, &parts.values().copied().collect::<Vec<_>>(), rule);
        if !completeness.adds_up() {
            // A number whose parts do not add up is not read out.
            printed.fill(None);
        }
        let figures = parts.into_iter().zip(printed).map(|((value, part), printed)| {
            let name = names.get(&value).cloned();
            let group = grouped.then_some(Group { dimension: inquiry.group_by, name, value });
            let below = if metric.share { None } else { group.as_ref() };
            Figure {
                metric: metric.id,
                version: metric.version,
                unit: metric.unit,
                definition: metric.definition(),
                numerator: part.numerator,
                denominator: part.denominator,
                printed,
                cases: scope.cases(inquiry, group.as_ref(), metric.numerator),
                denominator_cases: scope.cases(inquiry, below, &[metric.denominator]),
                group,
            }
        });
        Ok(Answered { figures: figures.collect(), completeness })
    }

    /// Numerator and denominator of each group.
    pub(super) fn fractions(
        &self,
        db: &mut Db,
        waiting: &[figures::Change],
        scope: &SumScope,
        inquiry: &Inquiry,
    ) -> Result<BTreeMap<String, Part>, Fault> {
        let metric = inquiry.metric;
        let mut measures = metric.numerator.to_vec();
        if !measures.contains(&metric.denominator) {
            measures.push(metric.denominator);
        }
        let counts =
            counted(db, waiting, &scope.question(inquiry, inquiry.group_by), &measures, inquiry.as_of)?;
        let mut groups: BTreeMap<String, Part> = BTreeMap::new();
        if inquiry.group_by == Dimension::Total {
            groups.insert(String::new(), Part::default());
        }
        for ((value, measure), n) in counts {
            let part = groups.entry(value).or_default();
            let n = u64::try_from(n).unwrap_or(0);
            if metric.numerator.contains(&measure) {
                part.numerator += n;
            }
            if measure == metric.denominator {
                part.denominator += n;
            }
        }
        if metric.share {
            let whole = groups.values().map(|part| part.denominator).sum();
            groups.retain(|_, part| inquiry.group_by == Dimension::Total || part.denominator > 0);
            for part in groups.values_mut() {
                part.denominator = whole;
            }
        }
        Ok(groups)
    }

    /// The days within which a part of the answered cases was answered: by nearest rank, so that some case has them.
    fn percentiles(
        &self,
        db: &mut Db,
        waiting: &[figures::Change],
        scope: &SumScope,
        inquiry: &Inquiry,
        (part, departments): (u64, &BTreeMap<String, String>),
    ) -> Result<BTreeMap<String, Part>, Fault> {
        let mut groups = BTreeMap::new();
        let scopes: Vec<(String, String)> = match inquiry.group_by {
            Dimension::Department if !scope.key.starts_with("department:") => {
                departments.keys().map(|id| (id.clone(), format!("department:{id}"))).collect()
            }
            _ => vec![(String::new(), scope.key.clone())],
        };
        for (value, key) in scopes {
            let question =
                figures::Question { scope: key, ..scope.question(inquiry, Dimension::DaysToReply) };
            let counts = counted(db, waiting, &question, &[Measure::Replied], inquiry.as_of)?;
            let mut days: BTreeMap<u64, u64> = BTreeMap::new();
            for ((taken, _), n) in counts {
                let taken = taken.parse().map_err(|_| StoreError::corrupt("figures", &taken, "no days"))?;
                days.insert(taken, u64::try_from(n).unwrap_or(0));
            }
            let (numerator, denominator) = nearest_rank(&days, part);
            groups.insert(value, Part { numerator, denominator });
        }
        Ok(groups)
    }
}

/// The sums that are asked for: those of now are kept; those of other days are sums of the days' changes, or of a
/// party's own cases.
pub(super) fn counted(
    db: &mut Db,
    waiting: &[figures::Change],
    question: &figures::Question,
    measures: &[Measure],
    as_of: Option<AsOf>,
) -> Result<figures::Counts, Fault> {
    let Some(as_of) = as_of else { return Ok(figures::sums(db, waiting, question, measures)?) };
    if figure_days::keeps(&question.scope) {
        return Ok(figures::sums_as_of(db, waiting, question, measures, as_of)?);
    }
    let party = Party::of_key(&question.scope).ok_or(Fault::NotFound)?;
    let mut counts = figures::Counts::new();
    let held = case_facts::in_force(db, &question.congress, Some(&party), question.session.as_ref(), as_of)?;
    for (_, version) in held {
        question.count(&mut counts, measures, &version.facts, 1);
    }
    Ok(counts)
}

pub(super) fn department_names(
    db: &mut Db,
    congress: &CongressId,
) -> Result<BTreeMap<String, String>, Fault> {
    Ok(directory::departments(db, congress)?.into_iter().map(|d| (d.id, d.name)).collect())
}

/// Whose sums are read, and the filter that narrows a list to the same cases.
#[derive(Clone, Default)]
pub(super) struct SumScope {
    pub key: String,
    pub narrows: Vec<(&'static str, String)>,
    /// Asked by a higher level, which sees sums and no case behind them.
    pub from_above: bool,
}

/// What an actor may ask of a congress's sums.
pub(super) fn asked_by(
    db: &mut Db,
    actor: &Actor,
    congress: &CongressId,
    operation: Operation,
) -> Result<SumScope, Fault> {
    gate::admit(actor, operation)?;
    match actor.congress.as_ref() == Some(congress) {
        true => sum_scope(actor),
        false if gate::sees_sums_of(actor, congress) => {
            directory::congress(db, congress)?.ok_or(Fault::NotFound)?;
            Ok(SumScope { from_above: true, ..SumScope::default() })
        }
        false => Err(Fault::NotFound),
    }
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
                Party::Delegation(_) | Party::HandedBack(_) | Party::Reader(_) | Party::Visitor(_) => {
                    return Err(Fault::NotFound);
                }
                Party::GovernmentOffice => vec![("channel", Channel::Government.to_string())],
            },
        }),
        (Scope::Nothing, _) => Err(Fault::NotFound),
    }
}

impl SumScope {
    pub fn question(&self, inquiry: &Inquiry, dimension: Dimension) -> figures::Question {
        figures::Question {
            congress: inquiry.congress.clone(),
            scope: self.key.clone(),
            dimension,
            session: inquiry.session.clone(),
        }
    }

    pub fn cases(
        &self,
        inquiry: &Inquiry,
        group: Option<&Group>,
        measures: &[Measure],
    ) -> Vec<(&'static str, String)> {
        if self.from_above {
            return Vec::new();
        }
        let mut query = vec![("congress", inquiry.congress.to_string())];
        let grouped_by = group.map(|it| it.dimension);
        if grouped_by != Some(Dimension::Session) {
            query.extend(inquiry.session.iter().map(|s| ("session", s.to_string())));
        }
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
        if let Some(as_of) = inquiry.as_of {
            query.push(("true_on", as_of.true_on.to_string()));
            query.push(("known_on", as_of.known_on.to_string()));
        }
        let measures: Vec<_> = measures.iter().map(|m| m.id()).collect();
        query.push(("measure", measures.join(",")));
        query.dedup();
        query
    }
}
