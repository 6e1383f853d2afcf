//! Figures of every congress below a division code: each by its own definitions, or all by one chosen policy's.

use super::{
    Caller, Fault, Office,
    figures::{Figure, Inquiry, SumScope, counted},
    perform::actor,
};
use crate::{
    domain::{
        figures::{Dimension, Measure, Metric, Part, Printing, printed},
        gate::{self, Operation},
        ids::CongressId,
        policy::Policy,
    },
    store::{Db, StoreError, directory, figures},
};
use std::collections::BTreeMap;

/// What is asked of all congresses below one.
#[derive(Clone)]
pub struct Below {
    /// As for one congress; its `congress` is the code below which they lie.
    pub inquiry: Inquiry,
    /// The policy whose classes count as resolved everywhere, instead of each congress's own.
    pub by_policy: Option<String>,
}

/// One congress's figure.
#[derive(Clone, Debug, PartialEq)]
pub struct OfCongress {
    pub congress: CongressId,
    pub name: String,
    /// The policy by which it was counted: its own, or the chosen one.
    pub policy: String,
    pub figure: Figure,
    pub adds_up: bool,
    /// Cases in classes that the chosen policy does not know; they count as not resolved.
    pub unknown_classes: BTreeMap<String, u64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Levels {
    pub congresses: Vec<OfCongress>,
    pub total: Part,
    /// `None` where there is no case, and where one of them does not add up.
    pub printed: Option<String>,
}

impl Office {
    /// # Errors
    /// [`Fault::NotFound`] for whoever does not oversee the code.
    pub async fn figures_below(&self, caller: &Caller, asked: Below) -> Result<Levels, Fault> {
        let (caller, office) = (caller.clone(), self.clone());
        self.store
            .snapshot_aside(move |db| {
                let actor = actor(db, &caller)?;
                gate::admit(&actor, Operation::FiguresBelow)?;
                let above = &asked.inquiry.congress;
                let oversees = |it: &CongressId| gate::sees_sums_of(&actor, it);
                if actor.congress.as_ref() != Some(above) && !oversees(above) {
                    return Err(Fault::NotFound);
                }
                let metric = asked.inquiry.metric;
                if metric.percentile.is_some() || metric.share {
                    return Err(Fault::invalid(
                        "?metric",
                        "中位数、百分位数和占比不能跨人大相加",
                        "percentiles and shares of several congresses do not add up",
                    ));
                }
                let chosen = asked.by_policy.as_deref().map(|id| office.chosen(id)).transpose()?;
                let own = actor.congress.as_ref().ok_or(Fault::NotFound)?;
                let own = Printing::from(&office.congress_policy(db, own)?.rounding);
                let mut found = Vec::new();
                for it in directory::congresses(db)? {
                    let id: CongressId =
                        it.id.parse().map_err(|e: &str| StoreError::corrupt("congresses", &it.id, e))?;
                    if above.is_above(&id) && oversees(&id) {
                        found.push(office.of_congress(db, (id, it.name), &asked, chosen)?);
                    }
                }
                let total = found.iter().fold(Part::default(), |sum, it| Part {
                    numerator: sum.numerator + it.figure.numerator,
                    denominator: sum.denominator + it.figure.denominator,
                });
                let complete = found.iter().all(|it| it.adds_up);
                let rule = asked.inquiry.printing_as(chosen.map(|it| (&it.rounding).into()).unwrap_or(own));
                let printed = printed(metric, &[total], rule).pop().flatten().filter(|_| complete);
                Ok(Levels { congresses: found, total, printed })
            })
            .await
    }

    fn chosen(&self, id: &str) -> Result<&Policy, Fault> {
        self.books.policies.in_force(id, self.today()).ok_or_else(|| {
            Fault::invalid("?by_policy", "没有这个办法，见 /v1/policies", "is no policy; see /v1/policies")
        })
    }

    fn of_congress(
        &self,
        db: &mut Db,
        (congress, name): (CongressId, String),
        asked: &Below,
        chosen: Option<&Policy>,
    ) -> Result<OfCongress, Fault> {
        let inquiry = Inquiry { congress: congress.clone(), ..asked.inquiry.clone() };
        let scope = SumScope { from_above: true, ..SumScope::default() };
        let answered = self.figures_in(db, &scope, &inquiry)?;
        let mut figure = answered.figures.into_iter().next().ok_or(Fault::NotFound)?;
        let adds_up = answered.completeness.adds_up();
        let Some(policy) = chosen else {
            let policy = self.congress_policy(db, &congress)?.id.clone();
            let unknown_classes = BTreeMap::new();
            return Ok(OfCongress { congress, name, policy, figure, adds_up, unknown_classes });
        };
        let mut unknown_classes = BTreeMap::new();
        if counts_classes(inquiry.metric) {
            let question = scope.question(&inquiry, Dimension::Class);
            let counts = self.counted_classes(db, &question, &inquiry)?;
            let known = |class: &String| class.is_empty() || policy.class(class).is_some();
            figure.numerator =
                counts.iter().filter(|(class, _)| policy.is_resolved(class)).map(|(_, n)| n).sum();
            unknown_classes = counts.into_iter().filter(|(class, n)| !known(class) && *n > 0).collect();
        }
        let part = Part { numerator: figure.numerator, denominator: figure.denominator };
        let rule = inquiry.printing_as((&policy.rounding).into());
        figure.printed = printed(inquiry.metric, &[part], rule).pop().flatten().filter(|_| adds_up);
        Ok(OfCongress { congress, name, policy: policy.id.clone(), figure, adds_up, unknown_classes })
    }

    fn counted_classes(
        &self,
        db: &mut Db,
        question: &figures::Question,
        inquiry: &Inquiry,
    ) -> Result<BTreeMap<String, u64>, Fault> {
        let waiting = figures::waiting(db, &inquiry.congress)?;
        let counts = counted(db, &waiting, question, &[Measure::Counted], inquiry.as_of)?;
        let by_class = counts.into_iter().map(|((class, _), n)| (class, u64::try_from(n).unwrap_or(0)));
        Ok(by_class.collect())
    }
}

/// Whether a metric follows from the classes alone, so that another policy's view of them can be taken.
fn counts_classes(metric: &Metric) -> bool {
    metric.numerator == [Measure::Resolved] && metric.denominator == Measure::Counted
}
