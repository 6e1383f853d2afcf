//! What a campaign comes to: how many visits ended how, the upheld rate, and for a sample how sure it is.

use super::Stratum;
use crate::domain::{
    figures::{Part, Printing, score_interval},
    rounding::{self, Rounding},
    words::{Follows, Outcome},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A case of a campaign, as far as it is counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub stratum: String,
    /// None where it was not visited.
    pub outcome: Option<Outcome>,
    pub follows: Vec<Follows>,
}

/// How many visits ended how 随访结果.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Outcomes {
    /// Cases that are to be visited.
    pub chosen: u32,
    pub visited: u32,
    pub not_visited: u32,
    /// 维持原结果
    pub upheld: u32,
    /// 已落实
    pub resolved_since: u32,
    /// 未落实
    pub not_delivered: u32,
    /// 不如答复所述
    pub worse: u32,
    pub followed: Followed,
}

/// What follows from the visits; one may be followed by several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Followed {
    pub nothing: u32,
    pub class_changed: u32,
    pub reopened: u32,
    pub supervision_order: u32,
    pub revisit_again: u32,
}

/// A rate with its interval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Rate {
    pub numerator: u32,
    pub denominator: u32,
    /// As printed; none where nothing was visited.
    pub percent: Option<String>,
    /// For a sample, Wilson's score interval of 95 %, per cent; it takes the visited cases for one simple sample.
    #[schema(value_type = Option<Vec<String>>)]
    pub interval: Option<[String; 2]>,
}

/// What a stratified sample says of its whole population.
///
/// The rate of each stratum counts by the stratum's share of the population. Its variance is
/// sum of W^2 (1 - f) p(1 - p)/n over the strata, with p = (upheld + 1)/(visited + 2), so that a stratum of one visit is
/// no certainty, and (1 - f) the part of the stratum that was not visited; the interval is Wilson's at the number of
/// simple visits that would have this variance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Estimate {
    /// Per cent, as printed.
    pub percent: String,
    /// Of 95 %, per cent.
    #[schema(value_type = Vec<String>)]
    pub interval: [String; 2],
}

/// A stratum and what was seen of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StratumResult {
    #[serde(flatten)]
    pub stratum: Stratum,
    pub visited: u32,
    pub upheld: u32,
}

/// Counts a campaign's cases.
pub fn outcomes(lines: &[Line]) -> Outcomes {
    let mut told = Outcomes::default();
    for line in lines {
        told.chosen += 1;
        let Some(outcome) = line.outcome else {
            told.not_visited += 1;
            continue;
        };
        told.visited += 1;
        *match outcome {
            Outcome::Upheld => &mut told.upheld,
            Outcome::ResolvedSince => &mut told.resolved_since,
            Outcome::NotDelivered => &mut told.not_delivered,
            Outcome::Worse => &mut told.worse,
        } += 1;
        let followed = &mut told.followed;
        followed.nothing += u32::from(line.follows.is_empty());
        for follows in &line.follows {
            *match follows {
                Follows::ClassChanged => &mut followed.class_changed,
                Follows::Reopened => &mut followed.reopened,
                Follows::SupervisionOrder => &mut followed.supervision_order,
                Follows::RevisitAgain => &mut followed.revisit_again,
            } += 1;
        }
    }
    told
}

/// The upheld rate 维持率: upheld ÷ visited.
pub fn rate(of: &Outcomes, sampled: bool, printing: Printing) -> Rate {
    let part = Part { numerator: of.upheld.into(), denominator: of.visited.into() };
    let Printing { decimals, rounding, trim_zeros } = printing;
    let percent =
        rounding::percents(&[part.numerator], part.denominator, decimals, rounding, trim_zeros).pop();
    let interval = sampled.then(|| crate::domain::figures::wilson(part, printing)).flatten();
    Rate { numerator: of.upheld, denominator: of.visited, percent, interval }
}

/// Each stratum with what was visited of it and upheld.
pub fn by_stratum(strata: &[Stratum], lines: &[Line]) -> Vec<StratumResult> {
    let mut seen: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for (line, outcome) in lines.iter().filter_map(|line| line.outcome.map(|it| (line, it))) {
        let (visited, upheld) = seen.entry(&line.stratum).or_default();
        *visited += 1;
        *upheld += u32::from(outcome == Outcome::Upheld);
    }
    let told = |stratum: &Stratum| {
        let (visited, upheld) = seen.get(stratum.value.as_str()).copied().unwrap_or_default();
        StratumResult { stratum: stratum.clone(), visited, upheld }
    };
    strata.iter().map(told).collect()
}

/// What the sample says of the population; `None` while a stratum was not visited at all, of which nothing is known.
pub fn estimate(strata: &[StratumResult], printing: Printing) -> Option<Estimate> {
    let whole: f64 = strata.iter().map(|it| f64::from(it.stratum.population)).sum();
    if strata.is_empty() || strata.iter().any(|it| it.visited == 0) {
        return None;
    }
    let (mut share, mut smooth, mut variance) = (0.0, 0.0, 0.0);
    for it in strata {
        let (population, visited, upheld) =
            (f64::from(it.stratum.population), f64::from(it.visited), f64::from(it.upheld));
        let weight = population / whole;
        let p = (upheld + 1.0) / (visited + 2.0);
        share += weight * upheld / visited;
        smooth += weight * p;
        variance += weight * weight * (1.0 - visited / population) * p * (1.0 - p) / visited;
    }
    let interval = match variance > 0.0 {
        true => score_interval(share, smooth * (1.0 - smooth) / variance),
        // Everybody was visited: nothing is left to chance.
        false => [share, share],
    };
    let printing = Printing { rounding: Rounding::HalfUp, ..printing };
    let [percent, low, high] =
        [share, interval[0], interval[1]].map(|it| crate::domain::figures::printed_share(it, printing));
    Some(Estimate { percent: percent?, interval: [low?, high?] })
}
