//! Fair comparison: how sure a rate of few cases is, and what it would be if all handled the same mix of matters.

use super::{Part, Printing};
use crate::domain::rounding::{self, Rounding};
use std::collections::BTreeMap;

/// How many cases a group needs to be ranked, unless the congress sets another number.
pub const USUAL_MINIMUM: u64 = 10;

/// The normal distribution's 97.5 % point: an interval of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// The Wilson score interval of 95 %, in per cent, as printed; `None` where there is no case.
///
/// Unlike the usual ± it stays between 0 and 100 and holds for few cases: 3 of 3 is no certainty.
pub fn wilson(part: Part, printing: Printing) -> Option<[String; 2]> {
    if part.denominator == 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of cases are far below 2^52")]
    let (n, share) = (part.denominator as f64, part.numerator as f64 / part.denominator as f64);
    let [low, high] = score_interval(share, n);
    Some([printed_share(low, printing)?, printed_share(high, printing)?])
}

/// A share between 0 and 1 that is no fraction of counts, per cent as printed.
pub fn printed_share(share: f64, printing: Printing) -> Option<String> {
    // Parts of ten million are finer than anything that is printed.
    let parts = (share * 1e7).round().clamp(0.0, 1e7);
    // In range by the clamp.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let parts = parts as u64;
    rounding::percents(&[parts], 10_000_000, printing.decimals, Rounding::HalfUp, printing.trim_zeros).pop()
}

/// Wilson's score interval of 95 % about a share of `n` cases, between 0 and 1.
pub fn score_interval(share: f64, n: f64) -> [f64; 2] {
    let squared = Z * Z;
    let middle = share + squared / (2.0 * n);
    let half = Z * (share * (1.0 - share) / n + squared / (4.0 * n * n)).sqrt();
    let whole = 1.0 + squared / n;
    [((middle - half) / whole).max(0.0), ((middle + half) / whole).min(1.0)]
}

/// A rate after direct standardisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjusted {
    /// Per cent, as printed.
    pub percent: String,
    /// How much of the whole's mix the group has cases of, per cent: it is adjusted over that part alone.
    pub covers: String,
}

/// What a group's rate would be if its cases were of the whole's mix: its own rate in each category, weighed by how
/// many cases of it all together have (direct standardisation).
pub fn adjusted(
    own: &BTreeMap<String, Part>,
    all: &BTreeMap<String, Part>,
    printing: Printing,
) -> Option<Adjusted> {
    let shared = || {
        own.iter()
            .filter(|(_, part)| part.denominator > 0)
            .filter_map(|(category, part)| all.get(category).map(|whole| (*part, whole.denominator)))
    };
    let weights: u64 = shared().map(|(_, weight)| weight).sum();
    let whole: u64 = all.values().map(|part| part.denominator).sum();
    if weights == 0 {
        return None;
    }
    // Exact: each category's rate is a fraction, and so is their weighed sum.
    let mut sum = Fraction { above: 0, below: 1 };
    for (part, weight) in shared() {
        sum = sum.plus(u128::from(weight) * u128::from(part.numerator), u128::from(part.denominator))?;
    }
    let below = sum.below.checked_mul(weights.into())?;
    let (above, below) = halved(sum.above, below);
    let rounding = match printing.rounding {
        Rounding::Truncate => Rounding::Truncate,
        Rounding::HalfUp | Rounding::LargestRemainder => Rounding::HalfUp,
    };
    let percent = |above, below| {
        rounding::percents(&[above], below, printing.decimals, rounding, printing.trim_zeros).pop()
    };
    Some(Adjusted { percent: percent(above, below)?, covers: percent(weights, whole)? })
}

struct Fraction {
    above: u128,
    below: u128,
}

impl Fraction {
    /// `None` beyond 38 digits, which needs some fifteen categories of hundreds of cases whose numbers share no factor.
    fn plus(self, above: u128, below: u128) -> Option<Fraction> {
        let common = common_factor(self.below, below);
        let (left, right) = (below / common, self.below / common);
        let sum = self.above.checked_mul(left)?.checked_add(above.checked_mul(right)?)?;
        let below = self.below.checked_mul(left)?;
        let factor = common_factor(sum, below);
        Some(Fraction { above: sum / factor, below: below / factor })
    }
}

fn common_factor(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// Brings a fraction into 64 bits for printing; what is lost lies far behind any decimal that is printed.
fn halved(mut above: u128, mut below: u128) -> (u64, u64) {
    loop {
        match (u64::try_from(above), u64::try_from(below)) {
            (Ok(above), Ok(below)) => return (above, below),
            _ => (above, below) = (above >> 1, below >> 1),
        }
    }
}

/// Places 名次 by rate, equal rates sharing one; `None` for groups that are too small to be placed.
pub fn places(parts: &[Part], minimum: u64) -> Vec<Option<u32>> {
    let large = |part: &&Part| part.denominator >= minimum.max(1);
    // a/b > c/d without division.
    let better = |one: &Part, other: &Part| {
        u128::from(one.numerator) * u128::from(other.denominator)
            > u128::from(other.numerator) * u128::from(one.denominator)
    };
    let place = |part: &Part| {
        let ahead = parts.iter().filter(large).filter(|it| better(it, part)).count();
        u32::try_from(ahead + 1).ok()
    };
    parts.iter().map(|part| Some(part).filter(large).and_then(place)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTING: Printing = Printing { decimals: 1, rounding: Rounding::HalfUp, trim_zeros: false };

    fn part(numerator: u64, denominator: u64) -> Part {
        Part { numerator, denominator }
    }

    #[test]
    fn the_interval_is_wilsons() {
        // Computed elsewhere: Newcombe 1998, table I, method 3 (81/263, 15/148, 0/20, 1/29).
        for (of, low, high) in [
            (part(81, 263), "25.53", "36.62"),
            (part(15, 148), "6.24", "16.05"),
            (part(0, 20), "0.00", "16.11"),
            (part(1, 29), "0.61", "17.18"),
        ] {
            let told = wilson(of, Printing { decimals: 2, ..PRINTING }).unwrap();
            assert_eq!(told, [low, high], "{of:?}");
        }
        assert_eq!(wilson(part(3, 3), PRINTING).unwrap(), ["43.9", "100.0"]);
        assert_eq!(wilson(part(0, 0), PRINTING), None);
    }

    #[test]
    fn who_has_the_hard_matters_is_not_compared_with_who_has_the_easy_ones() {
        let mix = |hard: Part, easy: Part| BTreeMap::from([("难".to_owned(), hard), ("易".to_owned(), easy)]);
        let all = mix(part(12, 40), part(54, 60));
        // Both do as well with each; the one has the hard ones.
        let (one, other) = (mix(part(9, 30), part(9, 10)), mix(part(3, 10), part(45, 50)));
        for own in [&one, &other] {
            let told = adjusted(own, &all, PRINTING).unwrap();
            assert_eq!((told.percent.as_str(), told.covers.as_str()), ("66.0", "100.0"));
        }
        let only_easy = BTreeMap::from([("易".to_owned(), part(9, 10))]);
        let told = adjusted(&only_easy, &all, PRINTING).unwrap();
        assert_eq!((told.percent.as_str(), told.covers.as_str()), ("90.0", "60.0"));
        assert_eq!(adjusted(&BTreeMap::new(), &all, PRINTING), None);
    }

    #[test]
    fn many_categories_are_added_without_a_loss() {
        let all: BTreeMap<String, Part> = (1..=15u64).map(|n| (n.to_string(), part(0, 97 + n))).collect();
        let own: BTreeMap<String, Part> = (1..=15u64).map(|n| (n.to_string(), part(n, 2 * n))).collect();
        assert_eq!(adjusted(&own, &all, PRINTING).unwrap().percent, "50.0");
    }

    #[test]
    fn equal_rates_share_a_place_and_small_groups_have_none() {
        let parts = [part(9, 10), part(18, 20), part(5, 5), part(8, 10)];
        assert_eq!(places(&parts, 10), [Some(1), Some(1), None, Some(3)]);
        assert_eq!(places(&parts, 0), [Some(2), Some(2), Some(1), Some(4)]);
    }
}
