//! The values of a report, from the cases that it counts.

use crate::domain::figures::{Dimension, Facts, Metric, Part, nearest_rank};
use std::collections::BTreeMap;

/// What a report is grouped by: all but the days, which percentiles are read from, and the delegation, which may tell
/// whose a confidential case is.
pub fn dimensions() -> impl Iterator<Item = Dimension> {
    let kept = |it: &Dimension| !matches!(it, Dimension::DaysToReply | Dimension::Delegation);
    Dimension::ALL.iter().copied().filter(kept)
}

/// The parts of each group that counts a case; of all together, even where there is none.
pub fn parts<'f>(
    metric: &Metric,
    dimension: Dimension,
    facts: impl Iterator<Item = &'f Facts>,
) -> BTreeMap<String, Part> {
    let mut groups: BTreeMap<String, (Part, BTreeMap<u64, u64>)> = BTreeMap::new();
    if dimension == Dimension::Total {
        groups.entry(String::new()).or_default();
    }
    for it in facts {
        let (part, days) = groups.entry(it.value(dimension)).or_default();
        let amount = |measure| u64::try_from(it.measures.amount(measure)).unwrap_or(0);
        part.numerator += metric.numerator.iter().map(|measure| amount(*measure)).sum::<u64>();
        part.denominator += amount(metric.denominator);
        if let Some(taken) = it.days_to_reply().filter(|_| amount(metric.denominator) > 0) {
            *days.entry(taken.into()).or_default() += 1;
        }
    }
    groups.retain(|_, (part, _)| part.denominator > 0 || dimension == Dimension::Total);
    let whole: u64 = groups.values().map(|(part, _)| part.denominator).sum();
    groups
        .into_iter()
        .map(|(value, (part, days))| {
            let part = match metric.percentile {
                Some(rank) => {
                    let (numerator, denominator) = nearest_rank(&days, rank);
                    Part { numerator, denominator }
                }
                None if metric.share => Part { denominator: whole, ..part },
                None => part,
            };
            (value, part)
        })
        .collect()
}
