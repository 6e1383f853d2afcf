//! How a fraction is printed as a percentage. Integer arithmetic only: a rate that is read out in public must not
//! depend on a processor's idea of 93.3.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// The rule of the table that is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Each share alone, halves up.
    HalfUp,
    /// Each share alone, cut off.
    Truncate,
    /// Cut off, and the last digits handed out by largest remainder, so that a complete column sums to 100.
    LargestRemainder,
}

impl Rounding {
    pub const ALL: [Rounding; 3] = [Rounding::HalfUp, Rounding::Truncate, Rounding::LargestRemainder];

    pub fn id(self) -> &'static str {
        match self {
            Rounding::HalfUp => "half_up",
            Rounding::Truncate => "truncate",
            Rounding::LargestRemainder => "largest_remainder",
        }
    }
}

impl FromStr for Rounding {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Rounding::ALL
            .into_iter()
            .find(|r| r.id() == text)
            .ok_or_else(|| "must be one of half_up, truncate, largest_remainder".to_owned())
    }
}

/// Decimals beyond this are noise; more are cut to it.
pub const MOST_DECIMALS: u8 = 6;

/// Each part's percentage of `whole`, as printed. Empty where `whole` is zero: no case, no rate.
///
/// Largest remainder works on a column: if the parts do not make up the whole, their unnamed rest takes part in the
/// hand-out, so that a single share is printed as its column would print it.
pub fn percents(parts: &[u64], whole: u64, decimals: u8, rule: Rounding, trim_zeros: bool) -> Vec<String> {
    if whole == 0 {
        return Vec::new();
    }
    let decimals = decimals.min(MOST_DECIMALS);
    let units = u128::from(100 * 10u64.pow(decimals.into()));
    let whole = u128::from(whole);
    let scaled = |part: &u64| u128::from(*part) * units;
    let printed: Vec<u128> = match rule {
        Rounding::Truncate => parts.iter().map(|p| scaled(p) / whole).collect(),
        Rounding::HalfUp => parts.iter().map(|p| (2 * scaled(p) + whole) / (2 * whole)).collect(),
        Rounding::LargestRemainder => largest_remainder(parts, whole, units),
    };
    printed.into_iter().map(|n| decimal(n, decimals, trim_zeros)).collect()
}

/// A quotient as printed: days a case, for example. Nothing is handed out among quotients, so that largest remainder
/// rounds halves up. `below` is not zero.
pub fn quotient(above: u64, below: u64, decimals: u8, rule: Rounding, trim_zeros: bool) -> String {
    let decimals = decimals.min(MOST_DECIMALS);
    let scaled = u128::from(above) * 10u128.pow(decimals.into());
    let below = u128::from(below.max(1));
    let n = match rule {
        Rounding::Truncate => scaled / below,
        Rounding::HalfUp | Rounding::LargestRemainder => (2 * scaled + below) / (2 * below),
    };
    decimal(n, decimals, trim_zeros)
}

fn largest_remainder(parts: &[u64], whole: u128, units: u128) -> Vec<u128> {
    let named: u128 = parts.iter().map(|p| u128::from(*p)).sum();
    let mut column: Vec<u128> = parts.iter().map(|p| u128::from(*p)).collect();
    column.push(whole.saturating_sub(named));
    let mut shares: Vec<u128> = column.iter().map(|part| part * units / whole).collect();
    let handed_out: u128 = shares.iter().sum();
    let mut by_remainder: Vec<usize> = (0..column.len()).collect();
    // Equal remainders: the larger part, then the one listed first.
    by_remainder.sort_by_key(|i| {
        let part = column[*i];
        (std::cmp::Reverse(part * units % whole), std::cmp::Reverse(part), *i)
    });
    let left = usize::try_from(units.saturating_sub(handed_out)).unwrap_or(0);
    for index in by_remainder.into_iter().take(left) {
        shares[index] += 1;
    }
    shares.truncate(parts.len());
    shares
}

fn decimal(n: u128, decimals: u8, trim_zeros: bool) -> String {
    let one = 10u128.pow(decimals.into());
    let text = match decimals {
        0 => n.to_string(),
        _ => format!("{}.{:0width$}", n / one, n % one, width = usize::from(decimals)),
    };
    if trim_zeros && text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Which rule reproduces shares as somebody printed them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The rules under which every share comes out as printed; empty for a misprint.
    pub reproduced_by: Vec<Rounding>,
    /// What each rule would print instead, where no rule reproduces the whole.
    pub deviations: Vec<Deviation>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Deviation {
    pub rule: Rounding,
    /// Which of the parts, from 0.
    pub part: usize,
    pub printed: String,
    pub recomputed: String,
}

impl Check {
    pub fn is_misprint(&self) -> bool {
        self.reproduced_by.is_empty()
    }
}

/// Compares shares as printed with every rule; a share printed without its trailing zeros is the same number.
pub fn check_printed(parts: &[u64], whole: u64, printed: &[&str], decimals: u8) -> Check {
    let mut check = Check { reproduced_by: Vec::new(), deviations: Vec::new() };
    let mut deviations = Vec::new();
    for rule in Rounding::ALL {
        let recomputed = percents(parts, whole, decimals, rule, true);
        let wrong: Vec<Deviation> = recomputed
            .iter()
            .zip(printed)
            .enumerate()
            .filter(|(_, (recomputed, printed))| **recomputed != trimmed(printed))
            .map(|(part, (recomputed, printed))| Deviation {
                rule,
                part,
                printed: (*printed).to_owned(),
                recomputed: recomputed.clone(),
            })
            .collect();
        if wrong.is_empty() && recomputed.len() == printed.len() {
            check.reproduced_by.push(rule);
        }
        deviations.extend(wrong);
    }
    if check.is_misprint() {
        check.deviations = deviations;
    }
    check
}

fn trimmed(text: &str) -> String {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_seed_year_prints_as_it_was_read_out() {
        assert_eq!(percents(&[98], 105, 1, Rounding::HalfUp, false), ["93.3"]);
        assert_eq!(percents(&[98], 105, 2, Rounding::HalfUp, false), ["93.33"]);
        assert_eq!(percents(&[1], 0, 1, Rounding::HalfUp, false), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn a_complete_column_sums_to_a_hundred(parts in prop::collection::vec(0..100_000u64, 1..12), decimals in 0..=4u8) {
            let whole: u64 = parts.iter().sum();
            prop_assume!(whole > 0);
            let printed = percents(&parts, whole, decimals, Rounding::LargestRemainder, false);
            let digits = |s: &String| s.replace('.', "").parse::<u64>().unwrap();
            prop_assert_eq!(printed.iter().map(digits).sum::<u64>(), 100 * 10u64.pow(decimals.into()));
        }

        #[test]
        fn rules_differ_by_one_last_digit_at_most(part in 0..10_000u64, rest in 1..10_000u64, decimals in 0..=4u8) {
            let digits = |rule| percents(&[part], part + rest, decimals, rule, false)[0].replace('.', "").parse::<u64>().unwrap();
            let cut = digits(Rounding::Truncate);
            for rule in [Rounding::HalfUp, Rounding::LargestRemainder] {
                prop_assert!((cut..=cut + 1).contains(&digits(rule)));
            }
        }
    }
}
