//! Percentiles by nearest rank: always a length of time that some case took.

use std::collections::BTreeMap;

/// The least days within which `part` per cent of the cases lie, and how many cases there are; `days` is how many took
/// how long.
pub fn nearest_rank(days: &BTreeMap<u64, u64>, part: u64) -> (u64, u64) {
    let all: u64 = days.values().sum();
    let mut within = 0;
    for (taken, n) in days {
        within += n;
        if within * 100 >= part * all && all > 0 {
            return (*taken, all);
        }
    }
    (0, all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_rank_is_a_length_that_some_case_took() {
        let days = BTreeMap::from([(3, 1), (10, 1), (40, 1), (90, 1)]);
        assert_eq!(nearest_rank(&days, 50), (10, 4));
        assert_eq!(nearest_rank(&days, 90), (90, 4));
        assert_eq!(nearest_rank(&BTreeMap::from([(7, 9), (80, 1)]), 90), (7, 10));
        assert_eq!(nearest_rank(&BTreeMap::new(), 50), (0, 0));
    }
}
