//! Counting: votes for each case, who is chosen, and where the votes alone do not decide.

use super::Choices;
use crate::domain::ids::CaseId;
use serde::{Deserialize, Serialize};
use std::{cmp::Reverse, collections::BTreeMap};

/// What the votes make of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Chosen,
    /// As many votes as others, for fewer seats than they are: the congress decides, not the program.
    Tied,
    NotChosen,
    /// Nominated, but does not qualify any more; its votes are counted and win no seat.
    NoLongerEligible,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    pub case: CaseId,
    pub votes: u64,
    /// 1 for the most votes; those of equal votes share a place.
    pub place: u32,
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Most votes first; of equal votes in the order of their ids, which says nothing.
    pub cases: Vec<Counted>,
    /// Ballots that were cast.
    pub ballots: u64,
    /// Seats that the tied ones are too many for.
    pub seats_left: u32,
}

/// Counts ballots for candidates, of which the second says whether it still qualifies. Nobody without a vote is chosen.
pub fn count(ballots: &[(Choices, u64)], candidates: &[(CaseId, bool)], seats: u32) -> Tally {
    let mut votes: BTreeMap<CaseId, u64> = candidates.iter().map(|(case, _)| (*case, 0)).collect();
    for (choices, n) in ballots {
        for case in choices.cases() {
            *votes.entry(case).or_default() += n;
        }
    }
    let mut sorted: Vec<(CaseId, u64)> = votes.into_iter().collect();
    sorted.sort_by_key(|(case, votes)| (Reverse(*votes), *case));
    let eligible = |case: CaseId| candidates.iter().any(|(it, eligible)| *it == case && *eligible);
    let mut cases = Vec::with_capacity(sorted.len());
    let mut left = seats as usize;
    let mut seats_left = 0;
    let mut tied_at = None;
    for group in sorted.chunk_by(|(_, a), (_, b)| a == b) {
        let place = u32::try_from(cases.len() + 1).unwrap_or(u32::MAX);
        let running = group.iter().filter(|(case, _)| eligible(*case)).count();
        let votes = group.first().map_or(0, |(_, votes)| *votes);
        let outcome = match () {
            () if votes == 0 || left == 0 || tied_at.is_some() => Outcome::NotChosen,
            () if running <= left => Outcome::Chosen,
            () => Outcome::Tied,
        };
        match outcome {
            Outcome::Chosen => left -= running,
            Outcome::Tied => {
                seats_left = u32::try_from(left).unwrap_or(u32::MAX);
                tied_at = Some(votes);
            }
            _ => {}
        }
        cases.extend(group.iter().map(|(case, votes)| Counted {
            case: *case,
            votes: *votes,
            place,
            outcome: if eligible(*case) { outcome } else { Outcome::NoLongerEligible },
        }));
    }
    Tally { cases, ballots: ballots.iter().map(|(_, n)| n).sum(), seats_left }
}
