//! A ballot: the cases that somebody chose, in an order that says nothing.

use crate::domain::ids::CaseId;
use std::{collections::BTreeSet, fmt, str::FromStr};

/// The chosen cases. As text they stand in the order of their ids, so that who chose which first is not kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choices(BTreeSet<CaseId>);

/// What is wrong with a ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// None, or more than there are seats.
    Number,
    /// The choice at this place stands before it as well.
    Twice(usize),
    /// The choice at this place is no candidate.
    NoCandidate(usize),
}

impl Choices {
    /// # Errors
    /// The first thing that is wrong.
    pub fn read(chosen: &[CaseId], seats: u32, candidates: &BTreeSet<CaseId>) -> Result<Choices, Wrong> {
        if chosen.is_empty() || chosen.len() > seats as usize {
            return Err(Wrong::Number);
        }
        let mut read = BTreeSet::new();
        for (place, case) in chosen.iter().enumerate() {
            if !candidates.contains(case) {
                return Err(Wrong::NoCandidate(place));
            }
            if !read.insert(*case) {
                return Err(Wrong::Twice(place));
            }
        }
        Ok(Choices(read))
    }

    pub fn cases(&self) -> impl Iterator<Item = CaseId> {
        self.0.iter().copied()
    }
}

impl fmt::Display for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<String> = self.0.iter().map(CaseId::to_string).collect();
        f.write_str(&ids.join(","))
    }
}

impl FromStr for Choices {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Choices, Self::Err> {
        text.split(',').map(str::parse).collect::<Result<_, _>>().map(Choices)
    }
}
