//! A case goes round: handed back by the same department twice, or by several in a row.

use super::{Told, walk::Step};
use crate::domain::case::{Assignment, Event};

/// So many hand-backs by one department are a loop.
pub(super) const SAME_DEPARTMENT: u32 = 2;
/// So many are one whoever handed back.
pub(super) const ALTOGETHER: u32 = 3;

pub(super) fn look(step: &Step<'_>) -> Option<Told> {
    let Event::HandBackDecided { assignment, decision } = &step.recorded.event else { return None };
    if !decision.granted {
        return None;
    }
    let department = step.case.assignment(*assignment)?.department.id;
    let granted = |it: &&Assignment| {
        let asked = it.hand_back.as_ref();
        asked.and_then(|asked| asked.decided.as_ref()).is_some_and(|decided| decided.granted)
    };
    let all = || step.case.assignments.iter().filter(granted);
    let altogether = counted(all().count());
    let by_department = counted(all().filter(|it| it.department.id == department).count());
    (by_department >= SAME_DEPARTMENT || altogether >= ALTOGETHER)
        .then_some(Told::HandBackLoop { by_department, altogether })
}

fn counted(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
