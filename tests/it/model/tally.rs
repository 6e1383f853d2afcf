//! What was seen on the way: a test that tries everything but reaches nothing would prove nothing.

use super::reference::Expected;
use jianyi::domain::case::procedure::{Action, PROCEDURE};
use std::{collections::BTreeMap, fmt::Write};

#[derive(Default)]
pub struct Tally {
    pub commands: usize,
    done: BTreeMap<Action, usize>,
    refused: BTreeMap<&'static str, usize>,
    other: BTreeMap<String, usize>,
}

/// Where refusals are written: in the guard, which may pass their codes on, and in the rules of single steps.
const GUARD: &str = include_str!("../../../src/domain/case/guard.rs");
const RULES: [&str; 7] = [
    include_str!("../../../src/domain/case/assignment.rs"),
    include_str!("../../../src/domain/case/handling.rs"),
    include_str!("../../../src/domain/case/notice.rs"),
    include_str!("../../../src/domain/case/publication.rs"),
    include_str!("../../../src/domain/case/reply.rs"),
    include_str!("../../../src/domain/case/submission.rs"),
    include_str!("../../../src/domain/case/withdrawal.rs"),
];
/// The gate lets nobody come so far, they stand in the guard for the answer to "what may be done next"; or only the
/// ladder brings it, which the lanes do not switch on.
const OUT_OF_REACH: [&str; 2] = ["nothing_to_correct", "not_a_departments"];

/// Every refusal that there is, by its code.
fn codes() -> Vec<&'static str> {
    let plain = |code: &&str| {
        let letters = code.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        letters && code.len() > 4
    };
    let first = |call: &'static str| call.trim_start().strip_prefix('"')?.split('"').next();
    let refused = |rule: &'static str| {
        ["missing(", "Refusal::new("].into_iter().flat_map(move |call| rule.split(call).skip(1))
    };
    let mut codes: Vec<_> = GUARD.split('"').skip(1).step_by(2).filter(plain).collect();
    codes.extend(RULES.into_iter().flat_map(refused).filter_map(first).filter(plain));
    codes.sort_unstable();
    codes.dedup();
    codes
}

impl Tally {
    pub fn step(&mut self, action: Action, said: &Expected) {
        match said {
            Expected::Done => *self.done.entry(action).or_default() += 1,
            Expected::Refused(code) => *self.refused.entry(code).or_default() += 1,
            other => *self.other.entry(format!("{other:?}")).or_default() += 1,
        }
    }

    pub fn add(&mut self, lane: Tally) {
        self.commands += lane.commands;
        for (action, count) in lane.done {
            *self.done.entry(action).or_default() += count;
        }
        for (code, count) in lane.refused {
            *self.refused.entry(code).or_default() += count;
        }
        for (what, count) in lane.other {
            *self.other.entry(what).or_default() += count;
        }
    }

    pub fn table(&self) -> String {
        let mut table = String::new();
        for step in PROCEDURE {
            let count = self.done.get(&step.action).unwrap_or(&0);
            let _ = writeln!(table, "{count:>7} done    {}", step.action.id());
        }
        for code in codes() {
            let count = self.refused.get(code).unwrap_or(&0);
            let _ = writeln!(table, "{count:>7} refused {code}");
        }
        for (what, count) in &self.other {
            let _ = writeln!(table, "{count:>7} {what}");
        }
        table
    }

    pub fn assert_everything_was_seen(&self) {
        let rare: Vec<_> = PROCEDURE
            .iter()
            .filter(|step| self.done.get(&step.action).is_none_or(|count| *count < 20))
            .map(|step| step.action.id())
            .collect();
        let unseen: Vec<_> = codes()
            .into_iter()
            .filter(|code| !self.refused.contains_key(code) && !OUT_OF_REACH.contains(code))
            .collect();
        assert!(
            rare.is_empty() && unseen.is_empty(),
            "seldom done: {rare:?}; never refused: {unseen:?}\n{}",
            self.table()
        );
    }
}
