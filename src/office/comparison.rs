//! Comparing departments, delegations or matters fairly, and the least number of cases below which nobody is ranked.

use super::{
    Caller, Fault, Office,
    acts::Act,
    figures::{Figure, Inquiry, SumScope, asked_by},
    perform::actor,
};
use crate::{
    domain::{
        case::Refusal,
        figures::{Adjusted, Completeness, Dimension, Part, USUAL_MINIMUM, Unit, adjusted, places, wilson},
        gate::{self, Operation},
        ids::CongressId,
        say::Say,
    },
    store::{Db, StoreError, Touch, figures, settings},
};
use std::collections::BTreeMap;

/// A group's rate, and how it compares.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    pub figure: Figure,
    /// Fewer cases than the congress's minimum.
    pub few: bool,
    /// 95 %, in per cent as printed.
    pub interval: Option<[String; 2]>,
    /// At the whole congress's mix of categories; departments only.
    pub adjusted: Option<Adjusted>,
    /// Only where a ranking was asked for, and of groups that are not too small.
    pub place: Option<u32>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub minimum: u64,
    pub completeness: Completeness,
    pub groups: Vec<Compared>,
}

impl Office {
    /// # Errors
    /// Besides what figures refuse: a ranking of fewer than two groups that are large enough.
    pub async fn compare_figures(
        &self,
        caller: &Caller,
        inquiry: Inquiry,
        ranked: bool,
    ) -> Result<Comparison, Fault> {
        let (caller, office) = (caller.clone(), self.clone());
        self.store
            .snapshot_aside(move |db| {
                let actor = actor(db, &caller)?;
                let scope = asked_by(db, &actor, &inquiry.congress, Operation::CompareFigures)?;
                let metric = inquiry.metric;
                if metric.unit != Unit::Percent || metric.share {
                    return Err(Fault::invalid(
                        "?metric",
                        "只有比率可以比较",
                        "only a rate is compared: no length of time and no share",
                    ));
                }
                office.compared(db, &scope, &inquiry, ranked)
            })
            .await
    }

    fn compared(
        &self,
        db: &mut Db,
        scope: &SumScope,
        inquiry: &Inquiry,
        ranked: bool,
    ) -> Result<Comparison, Fault> {
        let answered = self.figures_in(db, scope, inquiry)?;
        let minimum = ranking_minimum(db, &inquiry.congress)?;
        let printing = inquiry.printing(&self.congress_policy(db, &inquiry.congress)?.rounding);
        let part = |it: &Figure| Part { numerator: it.numerator, denominator: it.denominator };
        // Cases without a department, or without a category, are no competitor.
        let named = |it: &Figure| it.group.as_ref().is_some_and(|group| !group.value.is_empty());
        let figures: Vec<Figure> = answered.figures.into_iter().filter(named).collect();
        let parts: Vec<Part> = figures.iter().map(part).collect();
        let large = parts.iter().filter(|it| it.denominator >= minimum).count();
        if ranked && large < 2 {
            return Err(Fault::Refused(Refusal::new(
                "too_few_to_rank",
                Say::new(
                    format!("达到{minimum}件的只有{large}个，不排名次；可不带 rank 查看各自的区间"),
                    format!(
                        "{large} of the groups have {minimum} cases or more: nobody is ranked; ask without `rank`"
                    ),
                ),
                &[],
            )));
        }
        let places = if ranked { places(&parts, minimum) } else { vec![None; parts.len()] };
        let waiting = figures::waiting(db, &inquiry.congress)?;
        let by_category = |db: &mut Db, scope: &str| self.by_category(db, &waiting, scope, inquiry);
        let whole = match inquiry.group_by {
            Dimension::Department => Some(by_category(db, &scope.key)?),
            _ => None,
        };
        let mut groups = Vec::new();
        for ((figure, part), place) in figures.into_iter().zip(parts).zip(places) {
            let department = figure.group.as_ref().map(|group| format!("department:{}", group.value));
            let adjusted = match (&whole, department) {
                (Some(whole), Some(key)) => adjusted(&by_category(db, &key)?, whole, printing),
                _ => None,
            };
            let few = part.denominator < minimum;
            groups.push(Compared { few, interval: wilson(part, printing), adjusted, place, figure });
        }
        Ok(Comparison { minimum, completeness: answered.completeness, groups })
    }

    /// A scope's parts in each category of matters.
    fn by_category(
        &self,
        db: &mut Db,
        waiting: &[figures::Change],
        scope: &str,
        inquiry: &Inquiry,
    ) -> Result<BTreeMap<String, Part>, Fault> {
        let scope = SumScope { key: scope.to_owned(), ..SumScope::default() };
        self.fractions(db, waiting, &scope, &Inquiry { group_by: Dimension::Category, ..inquiry.clone() })
    }

    /// Sets below how many cases a group is not ranked.
    pub async fn set_ranking_minimum(
        &self,
        caller: &Caller,
        congress: CongressId,
        parse: impl Fn() -> Result<u64, Fault> + Send + 'static,
    ) -> Result<u64, Fault> {
        let (caller, office) = (caller.clone(), self.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let actor = actor(db, &caller)?;
                gate::admit(&actor, Operation::SetRankingMinimum)?;
                if actor.congress.as_ref() != Some(&congress) {
                    return Err(Fault::NotFound);
                }
                let minimum = parse()?;
                settings::set(db, &settings::ranking_minimum(&congress), &minimum.to_string())?;
                let names = vec!["ranking_minimum".to_owned()];
                office.record_act_of(db, &actor, &caller, None, Act::SettingsChanged { names })?;
                Ok(minimum)
            })
            .await
    }
}

fn ranking_minimum(db: &mut Db, congress: &CongressId) -> Result<u64, Fault> {
    let Some(set) = settings::get(db, &settings::ranking_minimum(congress))? else {
        return Ok(USUAL_MINIMUM);
    };
    Ok(set.parse().map_err(|_| StoreError::corrupt("settings", "ranking_minimum", "no number"))?)
}
