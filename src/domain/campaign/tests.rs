//! Draws by hand and by chance, and whether the interval keeps what it promises.

use super::*;
use crate::domain::{
    figures::Printing,
    ids::CaseId,
    rounding::Rounding,
    words::{Follows, Outcome, Strata},
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

const PRINTING: Printing = Printing { decimals: 1, rounding: Rounding::HalfUp, trim_zeros: false };

fn unit(stratum: &str, n: u128) -> Unit {
    Unit { stratum: stratum.to_owned(), case: CaseId(Uuid::from_u128(n)) }
}

fn sample(seed: &str, size: Size) -> Sample {
    Sample { seed: text::Line::parse(seed).unwrap(), seed_source: None, strata: Strata::Department, size }
}

fn population(sizes: &[u32]) -> Vec<Unit> {
    let of = |(place, size): (usize, &u32)| {
        (0..*size).map(move |n| unit(&format!("层{place:02}"), (place as u128) << 32 | u128::from(n)))
    };
    sizes.iter().enumerate().flat_map(of).collect()
}

fn drawn(sizes: &[u32], size: Size) -> Vec<u32> {
    let drawn = draw(&population(sizes), Some(&sample("2024", size))).unwrap();
    drawn.strata.iter().map(|it| it.drawn).collect()
}

#[test]
fn sizes_follow_the_shares_and_leave_no_stratum_out() {
    assert_eq!(drawn(&[50, 30, 20], Size::Total(10)), [5, 3, 2]);
    // 3.33 each: the first of equal remainders.
    assert_eq!(drawn(&[10, 10, 10], Size::Total(10)), [4, 3, 3]);
    // 9.5 of the large one, 0.05 of each small one: at least one each, taken back from the large one.
    assert_eq!(drawn(&[190, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], Size::Total(11)), [1; 11]);
    assert_eq!(drawn(&[190, 5, 5], Size::Total(10)), [8, 1, 1]);
    assert_eq!(drawn(&[4, 9], Size::Total(13)), [4, 9]);
    assert_eq!(drawn(&[4, 1, 9], Size::EachStratum(3)), [3, 1, 3]);
    for (size, asked) in
        [(Size::Total(1), 1), (Size::Total(14), 14), (Size::Total(0), 0), (Size::EachStratum(0), 0)]
    {
        let refused = draw(&population(&[4, 9]), Some(&sample("x", size))).unwrap_err();
        assert_eq!(refused, TooFew { strata: 2, population: 13, asked });
    }
    let all = draw(&population(&[2, 3]), None).unwrap();
    assert!(all.cases.iter().all(|(.., drawn)| *drawn));
}

#[test]
fn anybody_draws_the_same_with_sha256sum() {
    // for n in 1 2 3 4; do printf '%s/%s' 2024356 00000000-0000-0000-0000-00000000000$n | sha256sum; done
    // 08655ed2…, bb23a09c…, 58ccaba3…, afbd7ebb…
    let units: Vec<Unit> = (1..=4).map(|n| unit("", n)).collect();
    let told = draw(&units, Some(&sample("2024356", Size::Total(2)))).unwrap();
    let order: Vec<u128> = told.cases.iter().map(|(unit, ..)| unit.case.0.as_u128()).collect();
    assert_eq!(order, [1, 3, 4, 2]);
    assert_eq!(
        told.cases.iter().map(|(_, place, drawn)| (*place, *drawn)).collect::<Vec<_>>(),
        [(1, true), (2, true), (3, false), (4, false)]
    );
}

fn line(stratum: &str, outcome: Option<Outcome>) -> Line {
    Line { stratum: stratum.to_owned(), outcome, follows: Vec::new() }
}

#[test]
fn visits_are_counted_by_how_they_ended_and_what_follows() {
    let mut lines = vec![
        line("", Some(Outcome::Upheld)),
        line("", Some(Outcome::Upheld)),
        line("", Some(Outcome::NotDelivered)),
        line("", Some(Outcome::Worse)),
        line("", None),
    ];
    lines[2].follows = vec![Follows::ClassChanged, Follows::Reopened];
    lines[3].follows = vec![Follows::SupervisionOrder, Follows::RevisitAgain];
    let told = outcomes(&lines);
    assert_eq!((told.chosen, told.visited, told.not_visited), (5, 4, 1));
    assert_eq!((told.upheld, told.resolved_since, told.not_delivered, told.worse), (2, 0, 1, 1));
    let followed =
        Followed { nothing: 2, class_changed: 1, reopened: 1, supervision_order: 1, revisit_again: 1 };
    assert_eq!(told.followed, followed);
    let upheld = rate(&told, true, PRINTING);
    assert_eq!((upheld.numerator, upheld.denominator, upheld.percent.as_deref()), (2, 4, Some("50.0")));
    assert_eq!(upheld.interval, Some(["15.0".to_owned(), "85.0".to_owned()]));
    // Of a selection all cases are meant, and none is left to chance.
    assert_eq!(rate(&told, false, PRINTING).interval, None);
    assert_eq!(rate(&Outcomes::default(), true, PRINTING).percent, None);
}

fn seen(population: u32, visited: u32, upheld: u32) -> StratumResult {
    let stratum = Stratum { value: String::new(), name: String::new(), population, drawn: visited };
    StratumResult { stratum, visited, upheld }
}

#[test]
fn strata_count_by_their_share_of_the_population() {
    // Half of the small stratum's cases and a tenth of the large one's: 0.9 * 100 % + 0.1 * 0 %.
    let told = estimate(&[seen(90, 9, 9), seen(10, 5, 0)], PRINTING).unwrap();
    assert_eq!(told.percent, "90.0");
    // One stratum of very many cases is a simple sample: Newcombe 1998, table I (81/263).
    let simple = estimate(&[seen(1_000_000_000, 263, 81)], Printing { decimals: 0, ..PRINTING }).unwrap();
    assert_eq!(simple.interval, ["26", "37"]);
    // Who visits everybody leaves nothing to chance; of whom he visits nobody, nothing is known.
    let all = estimate(&[seen(4, 4, 3), seen(6, 6, 6)], PRINTING).unwrap();
    assert_eq!((all.percent.as_str(), all.interval), ("90.0", ["90.0".to_owned(), "90.0".to_owned()]));
    assert_eq!(estimate(&[seen(4, 4, 3), seen(6, 0, 0)], PRINTING), None);
    // One visit in each is no certainty.
    let few = estimate(&[seen(50, 1, 1), seen(50, 1, 1)], PRINTING).unwrap();
    assert!(few.interval[0].parse::<f64>().unwrap() < 50.0, "{few:?}");
}

/// Draws again and again from populations whose rate is known: the interval of 95 % holds it about as often as it says.
#[test]
fn the_interval_holds_the_truth_as_often_as_it_says() {
    for (strata, total) in [
        (&[(60, 54), (40, 20), (20, 20)][..], 30),
        (&[(200, 190), (30, 3)][..], 40),
        (&[(25, 20), (25, 22), (25, 15), (25, 25)][..], 24),
        (&[(105, 98)][..], 30),
    ] {
        let sizes: Vec<u32> = strata.iter().map(|(population, _)| *population).collect();
        let units = population(&sizes);
        let upheld = |case: CaseId| {
            let (place, n) = ((case.0.as_u128() >> 32) as usize, (case.0.as_u128() & 0xffff_ffff) as u32);
            n < strata[place].1
        };
        let truth = f64::from(strata.iter().map(|(_, upheld)| *upheld).sum::<u32>())
            / f64::from(sizes.iter().sum::<u32>());
        let mut held = 0;
        for seed in 0..600 {
            let told = draw(&units, Some(&sample(&format!("种子{seed}"), Size::Total(total)))).unwrap();
            let mut results: BTreeMap<String, StratumResult> = BTreeMap::new();
            for it in &told.strata {
                let result = StratumResult { stratum: it.clone(), visited: it.drawn, upheld: 0 };
                results.insert(it.value.clone(), result);
            }
            for (unit, _, _) in told.cases.iter().filter(|(unit, _, drawn)| *drawn && upheld(unit.case)) {
                results.get_mut(&unit.stratum).unwrap().upheld += 1;
            }
            let results: Vec<_> = results.into_values().collect();
            let told = estimate(&results, Printing { decimals: 4, ..PRINTING }).unwrap();
            let [low, high] = told.interval.map(|it| it.parse::<f64>().unwrap() / 100.0);
            held += u32::from(low - 1e-6 <= truth && truth <= high + 1e-6);
        }
        // 95 % of 600 is 570; four standard deviations of that count are 21.
        assert!(held >= 549, "{strata:?}: {held} of 600");
    }
}

proptest! {
    #[test]
    fn a_draw_has_its_size_and_depends_on_nothing_but_seed_and_cases(
        sizes in prop::collection::vec(1u32..40, 1..8),
        part in 0u32..=100,
        seed in "[a-z0-9]{1,8}",
        turn in 0usize..1000,
    ) {
        let units = population(&sizes);
        let (least, most) = (sizes.len() as u32, units.len() as u32);
        let total = least + (most - least) * part / 100;
        let sample = sample(&seed, Size::Total(total));
        let told = draw(&units, Some(&sample)).unwrap();
        prop_assert_eq!(told.strata.iter().map(|it| it.drawn).sum::<u32>(), total);
        prop_assert!(told.strata.iter().all(|it| 1 <= it.drawn && it.drawn <= it.population));
        prop_assert_eq!(told.cases.iter().filter(|(.., drawn)| *drawn).count(), total as usize);
        // Nobody is farther than one case from his share, unless the least or the most of it holds him there.
        for it in &told.strata {
            let away = i64::from(it.drawn) * i64::from(most) - i64::from(total) * i64::from(it.population);
            prop_assert!(it.drawn == 1 || away < i64::from(most), "{:?}", told.strata);
        }
        // In whatever order they were found, it is the same draw of the same population.
        let mut turned = units.clone();
        turned.rotate_left(turn % units.len());
        prop_assert_eq!(&draw(&turned, Some(&sample)).unwrap(), &told);
        prop_assert_eq!(population_digest(&turned), population_digest(&units));
        prop_assert_ne!(population_digest(&units[1..]), population_digest(&units));
    }
}
