//! Counting by hand, and what always holds of it.

use super::{Choices, Outcome, Wrong, count};
use crate::domain::ids::CaseId;
use proptest::prelude::*;
use uuid::Uuid;

fn case(n: u128) -> CaseId {
    CaseId(Uuid::from_u128(n))
}

fn ballot(cases: &[u128]) -> Choices {
    let chosen: Vec<CaseId> = cases.iter().map(|n| case(*n)).collect();
    Choices::read(&chosen, 9, &chosen.iter().copied().collect()).unwrap()
}

#[test]
fn a_ballot_names_candidates_once_and_not_more_than_there_are_seats() {
    let candidates = [case(1), case(2), case(3)].into_iter().collect();
    let read = |cases: &[u128]| {
        let chosen: Vec<CaseId> = cases.iter().map(|n| case(*n)).collect();
        Choices::read(&chosen, 2, &candidates)
    };
    assert_eq!(read(&[]), Err(Wrong::Number));
    assert_eq!(read(&[1, 2, 3]), Err(Wrong::Number));
    assert_eq!(read(&[1, 1]), Err(Wrong::Twice(1)));
    assert_eq!(read(&[1, 4]), Err(Wrong::NoCandidate(1)));
    // In whatever order he wrote them, they are kept in the same.
    assert_eq!(read(&[2, 1]).map(|c| c.to_string()), read(&[1, 2]).map(|c| c.to_string()));
    assert_eq!(read(&[2, 1]).map(|c| c.to_string().parse().unwrap()), read(&[1, 2]));
}

#[test]
fn a_tie_for_the_last_seat_is_shown_and_not_decided() {
    let candidates: Vec<_> = (1..=5).map(|n| (case(n), n != 5)).collect();
    let ballots = [(ballot(&[1, 2]), 3), (ballot(&[3]), 3), (ballot(&[4, 5]), 1), (ballot(&[1, 5]), 4)];
    let tally = count(&ballots, &candidates, 2);
    let outcomes: Vec<_> = tally.cases.iter().map(|it| (it.case, it.votes, it.place, it.outcome)).collect();
    assert_eq!(
        outcomes,
        [
            (case(1), 7, 1, Outcome::Chosen),
            // It had votes while it qualified; it takes nobody's seat now.
            (case(5), 5, 2, Outcome::NoLongerEligible),
            (case(2), 3, 3, Outcome::Tied),
            (case(3), 3, 3, Outcome::Tied),
            (case(4), 1, 5, Outcome::NotChosen),
        ]
    );
    assert_eq!((tally.ballots, tally.seats_left), (11, 1));
    // Without a vote nobody is chosen, however many seats there are.
    let none = count(&[], &candidates, 5);
    assert!(
        none.cases
            .iter()
            .all(|it| it.votes == 0 && it.outcome != Outcome::Chosen && it.outcome != Outcome::Tied)
    );
}

proptest! {
    #[test]
    fn no_more_are_chosen_than_there_are_seats_and_none_before_one_with_more_votes(
        cast in prop::collection::vec((prop::collection::btree_set(1u128..8, 1..4), 1u64..5), 0..20),
        seats in 1u32..6,
        out in 1u128..8,
    ) {
        let candidates: Vec<_> = (1..8).map(|n| (case(n), n != out)).collect();
        let ballots: Vec<_> = cast.iter().map(|(cases, n)| (ballot(&cases.iter().copied().collect::<Vec<_>>()), *n)).collect();
        let tally = count(&ballots, &candidates, seats);
        let of = |outcome: Outcome| tally.cases.iter().filter(move |it| it.outcome == outcome);
        let (chosen, tied) = (of(Outcome::Chosen).count(), of(Outcome::Tied).count());
        prop_assert!(chosen <= seats as usize);
        if tied > 0 {
            prop_assert_eq!(chosen + tally.seats_left as usize, seats as usize);
            prop_assert!(tied > tally.seats_left as usize && tally.seats_left > 0);
        } else {
            prop_assert_eq!(tally.seats_left, 0);
        }
        let least = of(Outcome::Chosen).map(|it| it.votes).min().unwrap_or(u64::MAX);
        prop_assert!(of(Outcome::Tied).chain(of(Outcome::NotChosen)).all(|it| it.votes < least || it.votes == 0));
        let all: u64 = tally.cases.iter().map(|it| it.votes).sum();
        prop_assert_eq!(all, cast.iter().map(|(cases, n)| cases.len() as u64 * n).sum::<u64>());
        prop_assert_eq!(tally.ballots, cast.iter().map(|(_, n)| n).sum::<u64>());
    }
}
