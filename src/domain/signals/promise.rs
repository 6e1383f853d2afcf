//! A promise whose day was moved to a later one, and moved again.

use super::{Told, likeness, walk::Step};
use crate::domain::{
    case::{Case, Event, Occasion},
    day::Day,
    ids::DepartmentId,
};
use serde::{Deserialize, Serialize};

/// Moved so often it is told.
pub(super) const MOVES: u32 = 2;
/// From here on two promises' words say the same, in per cent of their pairs of characters.
pub(super) const SAME: u32 = 50;

/// A promise as it went from letter to letter.
#[derive(Debug)]
struct Line {
    department: Option<DepartmentId>,
    /// The letter that holds it now, and its number in the case.
    reply: u32,
    number: u32,
    text: String,
    dues: Vec<Day>,
}

/// A promise that was moved, with all its days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Moved {
    /// Its number within the case now.
    pub commitment: u32,
    /// How often its day became a later one.
    pub moves: u32,
    /// Each day that it was due on, in the order in which they were promised.
    pub dues: Vec<Day>,
}

#[derive(Debug, Default)]
pub(super) struct Promises(Vec<Line>);

impl Promises {
    pub fn look(&mut self, step: &Step<'_>) -> Option<Told> {
        if let Event::CommitmentChangeDecided { commitment, decision } = &step.recorded.event {
            return self.decided(step.case, *commitment, decision.granted);
        }
        if let Event::HandedToSuccessor { from, to } = &step.recorded.event {
            // Its letters are the successor's from here on.
            let theirs = self.0.iter_mut().filter(|line| line.department == Some(from.id));
            theirs.for_each(|line| line.department = Some(to.id));
        }
        let Event::Replied { assignment, occasion, .. } = &step.recorded.event else { return None };
        let case = step.case;
        let reply = case.replies.last()?.number;
        let department = case.assignment(*assignment).map(|it| it.department.id);
        let fresh: Vec<_> = case.commitments.iter().filter(|p| p.reply == reply).collect();
        let mut moved = Vec::new();
        for promise in &fresh {
            let (text, due) = (&*promise.promised.text, promise.promised.due_on);
            let same = self.same(case, department, reply, text).or_else(|| match occasion {
                Occasion::Correction { .. } if fresh.len() == 1 => self.only(department, reply),
                _ => None,
            });
            let Some(line) = same.and_then(|at| self.0.get_mut(at)) else {
                let (number, text) = (promise.number, text.to_owned());
                self.0.push(Line { department, reply, number, text, dues: vec![due] });
                continue;
            };
            let later = line.dues.last().is_some_and(|before| due > *before);
            (line.reply, line.number) = (reply, promise.number);
            text.clone_into(&mut line.text);
            if line.dues.last() != Some(&due) {
                line.dues.push(due);
            }
            if later && line.moves() >= MOVES {
                let (commitment, moves) = (line.number, line.moves());
                moved.push(Moved { commitment, moves, dues: line.dues.clone() });
            }
        }
        (!moved.is_empty()).then_some(Told::PromiseMoved { promises: moved })
    }

    /// The committee let the promise's day be moved.
    fn decided(&mut self, case: &Case, commitment: u32, granted: bool) -> Option<Told> {
        let promise = case.commitment(commitment).filter(|_| granted)?;
        let line = self.0.iter_mut().find(|line| line.number == commitment)?;
        let due = promise.due();
        if line.dues.last() == Some(&due) {
            return None;
        }
        line.dues.push(due);
        let moves = line.moves();
        let moved = || Moved { commitment, moves, dues: line.dues.clone() };
        (moves >= MOVES).then(|| Told::PromiseMoved { promises: vec![moved()] })
    }

    /// The department's promise that the words are most like, which another letter made and which is not kept.
    fn same(&self, case: &Case, department: Option<DepartmentId>, reply: u32, text: &str) -> Option<usize> {
        let open = |line: &Line| {
            let kept = case.commitment(line.number).is_some_and(|promise| promise.is_kept());
            line.department == department && line.reply != reply && !kept
        };
        let like = self.0.iter().enumerate().filter(|(_, line)| open(line));
        let like = like.map(|(at, line)| (likeness::of_words(&line.text, text), at));
        // Of equals the latest.
        like.max().filter(|(percent, _)| *percent >= SAME).map(|(_, at)| at)
    }

    /// The one promise of the department's letter before this one, if it held one alone.
    fn only(&self, department: Option<DepartmentId>, reply: u32) -> Option<usize> {
        let own = |line: &Line| line.department == department && line.reply < reply;
        let last = self.0.iter().filter(|line| own(line)).map(|line| line.reply).max()?;
        let mut of_last = self.0.iter().enumerate().filter(|(_, line)| own(line) && line.reply == last);
        match (of_last.next(), of_last.next()) {
            (Some((at, _)), None) => Some(at),
            _ => None,
        }
    }
}

impl Line {
    fn moves(&self) -> u32 {
        let later = self.dues.windows(2).filter(|days| matches!(days, [before, after] if after > before));
        u32::try_from(later.count()).unwrap_or(u32::MAX)
    }
}
