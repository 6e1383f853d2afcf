//! Who held a case, and for how many days: each day belongs to one holder, and together they are the case's age.

use super::{
    calendar::{Calendar, tomorrow},
    case::{Case, Recorded},
    day::Day,
    words::Stage,
};
use serde::{Deserialize, Serialize};

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// 领衔代表: to correct, or to evaluate.
    Deputy,
    Committee,
    GovernmentOffice,
    /// The answering department or departments.
    Department,
}

/// How long each held a case until its first answer, carried along with it: [`holders`] reads the whole history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turns {
    /// Whose turn it is, and since when.
    now: Option<(Holder, Day)>,
    /// Calendar days of the turns that are over, in the order of [`Holder`].
    days: [u32; 4],
    answered: bool,
}

impl Turns {
    /// Calendar days.
    pub fn days(&self, holder: Holder) -> u32 {
        self.days.get(holder as usize).copied().unwrap_or(0)
    }

    /// The case as an event of this day left it.
    pub(in crate::domain) fn passed(&mut self, case: TurnNow, on: Day) {
        if self.answered {
            return;
        }
        let next = case.holder.filter(|_| !case.answered);
        if let Some((held_by, from)) = self.now.filter(|(held_by, _)| next != Some(*held_by)) {
            let days = u32::try_from((on.date() - from.date()).num_days()).unwrap_or(0);
            if let Some(all) = self.days.get_mut(held_by as usize) {
                *all += days;
            }
            self.now = None;
        }
        if self.now.is_none() {
            self.now = next.map(|holder| (holder, on));
        }
        self.answered = case.answered;
    }
}

/// Whose turn it is after an event.
#[derive(Clone, Copy)]
pub(in crate::domain) struct TurnNow {
    holder: Option<Holder>,
    answered: bool,
}

impl TurnNow {
    pub(in crate::domain) fn of(case: &Case) -> TurnNow {
        TurnNow {
            holder: holder(case, false).map(|(holder, _)| holder),
            answered: case.replied_on().is_some(),
        }
    }
}

/// An unbroken time in one holder's hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Held {
    pub holder: Holder,
    /// 陈芳, 代表工委, 区交通运输局 …
    pub name: String,
    /// The first day that counts as the holder's is the day after this one, as in every term.
    pub from: Day,
    pub to: Day,
    /// Calendar days from `from` to `to`.
    pub days: i64,
    /// Of these, days that work.
    pub working_days: i64,
    /// Whether it still lies there.
    pub open: bool,
}

/// Who held the case from its submission to its end, or to `today`; the days add up to the time between the two.
///
/// `sealed`: for those who may not know whether the deputy has judged, an answered case is his until it moves on.
pub fn holders(history: &[Recorded], calendar: &Calendar, today: Day, sealed: bool) -> Vec<Held> {
    let mut turns: Vec<(Holder, String, Day)> = Vec::new();
    let mut ended = None;
    let mut case: Option<Case> = None;
    for recorded in history {
        let next = match case.take() {
            None => Case::begin(recorded),
            Some(case) => Some(case.after(recorded)),
        };
        let Some(next) = next else { return Vec::new() };
        match holder(&next, sealed) {
            Some((holder, name)) => {
                ended = None;
                if turns.last().is_none_or(|(h, n, _)| (*h, n) != (holder, &name)) {
                    turns.push((holder, name, recorded.occurred_on));
                }
            }
            None if !turns.is_empty() && ended.is_none() => ended = Some(recorded.occurred_on),
            None => {}
        }
        case = Some(next);
    }
    let end = ended.unwrap_or_else(|| turns.last().map_or(today, |(.., from)| today.max(*from)));
    let ends: Vec<Day> = turns.iter().skip(1).map(|(.., from)| *from).chain([end]).collect();
    let last = turns.len();
    turns
        .into_iter()
        .zip(ends)
        .zip(1..)
        .map(|(((holder, name, from), to), place)| Held {
            holder,
            name,
            from,
            to,
            days: (to.date() - from.date()).num_days(),
            working_days: working_days(from, to, calendar),
            open: place == last && ended.is_none(),
        })
        .filter(|held| held.days > 0 || held.open)
        .collect()
}

/// Whose turn it is now; nobody's before the case is handed in, nor after its end.
fn holder(case: &Case, sealed: bool) -> Option<(Holder, String)> {
    let committee = || Some((Holder::Committee, "代表工委".to_owned()));
    let deputy = || Some((Holder::Deputy, case.lead.name.clone()));
    match case.stage {
        Stage::Returned => deputy(),
        Stage::Submitted | Stage::Registered | Stage::Referred => committee(),
        Stage::Dispatched => Some((Holder::GovernmentOffice, "政府办".to_owned())),
        Stage::Assigned | Stage::Rework => {
            let names: Vec<_> = case.answerers().map(|a| a.department.name.as_str()).collect();
            Some((Holder::Department, names.join("、")))
        }
        Stage::Replied => match case.counted_evaluation() {
            Some(_) if !sealed => committee(),
            _ => deputy(),
        },
        Stage::Draft
        | Stage::Closed
        | Stage::Declined
        | Stage::Withdrawn
        | Stage::OnAgenda
        | Stage::Examined
        | Stage::Converted => None,
    }
}

fn working_days(from: Day, to: Day, calendar: &Calendar) -> i64 {
    let mut day = from.date();
    let mut count = 0;
    while day < to.date() {
        day = tomorrow(day);
        count += i64::from(calendar.works(day));
    }
    count
}

#[cfg(test)]
mod tests;
