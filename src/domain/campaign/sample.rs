//! A stratified random sample that anybody can draw again: sizes by exact arithmetic, the order by SHA-256.

use crate::domain::{
    ids::CaseId,
    say::Say,
    text::{Line, Note},
    words::Strata,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{cmp::Reverse, collections::BTreeMap};

/// How a sample is drawn. The seed is published with the draw, and neither changes afterwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// What chance rests on: best a number that nobody could choose, such as that of a public lottery of the day.
    pub seed: Line,
    /// Where the seed comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed_source: Option<Note>,
    pub strata: Strata,
    pub size: Size,
}

/// How many cases are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// Of all strata together, each by its share of the population and at least one.
    Total(u32),
    /// Of each stratum, or all of a smaller one.
    EachStratum(u32),
}

/// The rule, as the API tells it beside each draw.
pub const RULE: &str = "Strata are the values of the named dimension, in the order of their texts. Of a total n of N cases \
a stratum with M has the share n*M/N: its whole part, at least 1 and at most M; what is missing to n goes one by one to the \
stratum whose share is farthest above what it has, what is too much is taken one by one from the one with more than 1 that is \
farthest above its share, of equal ones in both the first. Within a stratum the cases are ordered by the lower-case \
hexadecimal SHA-256 of the UTF-8 text SEED/CASE, where CASE is the case's id as printed here, and the first of that order are \
drawn: printf '%s/%s' SEED CASE | sha256sum. The population's digest is the SHA-256 over one line for each case, its stratum, \
a tab, its id, a line feed, in the order of stratum and id.";

/// A case that can be drawn.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    /// The value of the dimension; empty where the case has none, and where nothing is stratified.
    pub stratum: String,
    pub case: CaseId,
}

/// A stratum as it was drawn from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Stratum {
    /// The value of the dimension: a department's id, a class, a category, a session; empty for none.
    pub value: String,
    /// As people call it.
    #[serde(default)]
    pub name: String,
    pub population: u32,
    pub drawn: u32,
}

/// What a draw gives: the strata, and each case with its place in its stratum's order, from 1, and whether it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    pub strata: Vec<Stratum>,
    pub cases: Vec<(Unit, u32, bool)>,
}

/// Nothing can be drawn as it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooFew {
    pub strata: usize,
    pub population: usize,
    pub asked: u32,
}

impl TooFew {
    pub fn told(self) -> Say {
        let TooFew { strata, population, asked } = self;
        Say::new(
            format!("共 {population} 件、{strata} 层：样本量须在层数与总件数之间，现为 {asked}"),
            format!(
                "there are {population} cases in {strata} strata: the size must lie between, and is {asked}"
            ),
        )
    }
}

/// Draws a sample, or takes everything where there is none to draw.
///
/// # Errors
/// When a total is smaller than the number of strata or larger than the population, or a size is 0.
pub fn draw(units: &[Unit], sample: Option<&Sample>) -> Result<Drawn, TooFew> {
    let mut strata: BTreeMap<&str, Vec<(String, CaseId)>> = BTreeMap::new();
    for unit in units {
        let order = sample.map(|it| order(&it.seed, unit.case)).unwrap_or_default();
        strata.entry(&unit.stratum).or_default().push((order, unit.case));
    }
    let populations: Vec<u32> = strata.values().map(|it| count(it.len())).collect();
    let sizes = match sample.map(|it| it.size) {
        None => populations.clone(),
        Some(size) => sizes(&populations, size)?,
    };
    let mut drawn = Drawn { strata: Vec::new(), cases: Vec::new() };
    for ((value, mut cases), size) in strata.into_iter().zip(sizes) {
        cases.sort();
        drawn.strata.push(Stratum {
            value: value.to_owned(),
            name: String::new(),
            population: count(cases.len()),
            drawn: size,
        });
        for ((_, case), place) in cases.into_iter().zip(1..) {
            drawn.cases.push((Unit { stratum: value.to_owned(), case }, place, place <= size));
        }
    }
    Ok(drawn)
}

/// By what a case is ordered within its stratum.
fn order(seed: &str, case: CaseId) -> String {
    hex(Sha256::digest(format!("{seed}/{case}")).as_slice())
}

/// How many are drawn of each stratum; see [`RULE`].
fn sizes(populations: &[u32], size: Size) -> Result<Vec<u32>, TooFew> {
    let whole: u64 = populations.iter().map(|it| u64::from(*it)).sum();
    let refused = |asked| TooFew {
        strata: populations.len(),
        population: usize::try_from(whole).unwrap_or(usize::MAX),
        asked,
    };
    let total = match size {
        Size::EachStratum(0) => return Err(refused(0)),
        Size::EachStratum(each) => return Ok(populations.iter().map(|it| each.min(*it)).collect()),
        Size::Total(total)
            if total == 0 || (total as usize) < populations.len() || u64::from(total) > whole =>
        {
            return Err(refused(total));
        }
        Size::Total(total) => total,
    };
    // Everything in parts of 1/whole, so that nothing is rounded.
    let share = |population: u32| i128::from(total) * i128::from(population);
    let has = |size: u32| i128::from(size) * i128::from(whole);
    let mut sizes: Vec<u32> = populations
        .iter()
        .map(|it| u32::try_from(share(*it) / i128::from(whole)).unwrap_or(u32::MAX).clamp(1, *it))
        .collect();
    loop {
        let given: u64 = sizes.iter().map(|it| u64::from(*it)).sum();
        let lack = |place: &usize| share(populations[*place]) - has(sizes[*place]);
        let places = 0..populations.len();
        let next = match given.cmp(&u64::from(total)) {
            std::cmp::Ordering::Equal => return Ok(sizes),
            std::cmp::Ordering::Less => places
                .filter(|place| sizes[*place] < populations[*place])
                .max_by_key(|place| (lack(place), Reverse(*place)))
                .map(|place| (place, sizes[place] + 1)),
            std::cmp::Ordering::Greater => places
                .filter(|place| sizes[*place] > 1)
                .min_by_key(|place| (lack(place), *place))
                .map(|place| (place, sizes[place] - 1)),
        };
        // The total lies between the number of strata and the population, so there always is one.
        match next {
            Some((place, size)) => sizes[place] = size,
            None => return Ok(sizes),
        }
    }
}

/// What says which cases were there to be drawn; see [`RULE`].
pub fn population_digest(units: &[Unit]) -> String {
    let mut sorted: Vec<&Unit> = units.iter().collect();
    sorted.sort();
    let mut digest = Sha256::new();
    for unit in sorted {
        digest.update(format!("{}\t{}\n", unit.stratum, unit.case));
    }
    hex(digest.finalize().as_slice())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
