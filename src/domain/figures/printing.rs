//! How figures are printed: each in its metric's unit, under a rule. Never stored but in what is sealed.

use super::{Metric, Unit};
use crate::domain::{
    policy::RoundingRule,
    rounding::{self, Rounding},
};
use serde::{Deserialize, Serialize};

/// Numerator and denominator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub numerator: u64,
    pub denominator: u64,
}

/// The rule of the table that is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Printing {
    pub decimals: u8,
    pub rounding: Rounding,
    pub trim_zeros: bool,
}

impl From<&RoundingRule> for Printing {
    fn from(rule: &RoundingRule) -> Printing {
        Printing { decimals: rule.decimals, rounding: rule.rule, trim_zeros: rule.trim_zeros }
    }
}

/// Each group as printed; `None` where there is no case to count.
pub fn printed(metric: &Metric, groups: &[Part], rule: Printing) -> Vec<Option<String>> {
    let Printing { decimals, rounding, trim_zeros } = rule;
    if metric.share {
        let numerators: Vec<u64> = groups.iter().map(|it| it.numerator).collect();
        let whole = groups.first().map_or(0, |it| it.denominator);
        let shares = rounding::percents(&numerators, whole, decimals, rounding, trim_zeros);
        return match shares.is_empty() {
            true => vec![None; groups.len()],
            false => shares.into_iter().map(Some).collect(),
        };
    }
    let one = |it: &Part| match (it.denominator, metric.unit) {
        (0, _) => None,
        (below, Unit::Percent) => {
            rounding::percents(&[it.numerator], below, decimals, rounding, trim_zeros).pop()
        }
        (below, Unit::DaysMean) => {
            Some(rounding::quotient(it.numerator, below, decimals, rounding, trim_zeros))
        }
        (_, Unit::DaysWithin) => Some(it.numerator.to_string()),
    };
    groups.iter().map(one).collect()
}
