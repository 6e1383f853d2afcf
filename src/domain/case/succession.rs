//! A department that was merged into another 机构合并: what it still owed is the successor's from then on, and history
//! keeps the old name.

use super::{Case, DepartmentRef, Event, HeldBy};
use crate::domain::{day::Day, ids::DepartmentId, words::Stage};

impl Case {
    /// What happens to the case where a department went into another: `None` if it owes nothing here any more.
    ///
    /// An open case goes to the successor as a whole, of a closed one the promises that are not over. It follows from
    /// the day of the merger, whenever that is written down; but no event takes effect before the latest one.
    pub fn handed_to(&self, from: DepartmentId, to: &DepartmentRef, merged_on: Day) -> Option<(Event, Day)> {
        let promise = self.commitments.iter().find(|it| is_owed(self, it, from));
        let promised = promise.and_then(|it| it.holders.last()).map(|it| &it.department);
        let assignment = self.assignments.iter().find(|it| is_in_hand(self, it, from, to.id));
        let from = assignment.map(|it| &it.department).or(promised)?.clone();
        let event = Event::HandedToSuccessor { from, to: to.clone() };
        Some((event, merged_on.max(self.latest_on)))
    }
}

fn is_owed(case: &Case, promise: &super::Promise, from: DepartmentId) -> bool {
    promise.is_open() && promise.keeper(case).is_some_and(|it| it.id == from)
}

/// Whether its part of the case goes on with the successor. One that has a part already keeps that one.
fn is_in_hand(case: &Case, it: &super::Assignment, from: DepartmentId, to: DepartmentId) -> bool {
    let over = case.stage == Stage::Closed || case.has_ended_early();
    let taken = case.assignments.iter().any(|other| other.is_open() && other.department.id == to);
    it.is_open() && it.department.id == from && !over && !taken
}

pub(super) fn handed(case: &mut Case, from: &DepartmentRef, to: &DepartmentRef, on: Day) {
    let owed: Vec<u32> =
        case.commitments.iter().filter(|it| is_owed(case, it, from.id)).map(|it| it.number).collect();
    let in_hand: Vec<u32> = case
        .assignments
        .iter()
        .filter(|it| is_in_hand(case, it, from.id, to.id))
        .map(|it| it.number)
        .collect();
    for promise in case.commitments.iter_mut().filter(|it| owed.contains(&it.number)) {
        promise.holders.push(HeldBy { department: to.clone(), since: on });
    }
    for assignment in case.assignments.iter_mut().filter(|it| in_hand.contains(&it.number)) {
        assignment.department = to.clone();
    }
}
