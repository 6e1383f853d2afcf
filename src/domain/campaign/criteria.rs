//! Which cases a campaign looks at again: closed ones that meet each criterion that is given.

use crate::domain::{
    case::Case,
    day::Day,
    ids::{DepartmentId, SessionId},
    say::Say,
    text::Line,
    words::{Satisfaction, Stage},
};
use serde::{Deserialize, Serialize};

/// From one day to another, both counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Period {
    pub from: Day,
    pub to: Day,
}

impl Period {
    pub fn holds(self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }
}

/// What a case must meet; a list that is left out asks nothing, of one that is given any word does.
///
/// Always asked: that it is closed, and among the cases to be answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Criteria {
    /// Sessions of this term or of earlier ones 届次; all of them if left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<SessionId>,
    /// The result class in force.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// The evaluation that counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evaluations: Vec<Satisfaction>,
    /// The department that answered; of separate handlers the first, as in the figures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<DepartmentId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Line>,
    /// 重点督办件: only these, or only others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_case: Option<bool>,
    /// First answered in this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replied: Option<Period>,
    /// Holds a promise 承诺事项 that was due in this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise_due: Option<Period>,
    /// Its latest visit asked for another one by this day, or before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revisit_due_by: Option<Day>,
    /// Whether it was visited before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revisited: Option<bool>,
}

/// Words of one list.
const MOST: usize = 100;

impl Criteria {
    /// What is wrong with it, and where.
    ///
    /// # Errors
    /// A JSON pointer below the criteria, and the sentence.
    pub fn checked(&self) -> Result<(), (&'static str, Say)> {
        let lists = [
            ("/sessions", self.sessions.len()),
            ("/classes", self.classes.len()),
            ("/evaluations", self.evaluations.len()),
            ("/departments", self.departments.len()),
            ("/categories", self.categories.len()),
        ];
        if let Some((pointer, _)) = lists.iter().find(|(_, length)| *length > MOST) {
            return Err((
                pointer,
                Say::new(format!("最多 {MOST} 项"), format!("at most {MOST} are allowed")),
            ));
        }
        let periods = [("/replied", self.replied), ("/promise_due", self.promise_due)];
        let backwards = |it: &Option<Period>| it.is_some_and(|it| it.to < it.from);
        match periods.iter().find(|(_, period)| backwards(period)) {
            Some((pointer, _)) => {
                Err((pointer, Say::new("止日不得早于起日", "must not end before it begins")))
            }
            None => Ok(()),
        }
    }

    /// Whether a case meets all of it; the store narrows by columns first, and this has the last word.
    pub fn met_by(&self, case: &Case) -> bool {
        let due = |period: Period| {
            case.commitments.iter().any(|it| !it.replaced && period.holds(it.promised.due_on))
        };
        case.stage == Stage::Closed
            && case.number.is_some()
            && case.exclusion().is_none()
            && among(&self.sessions, case.session.as_ref())
            && among(&self.classes, case.class.as_ref())
            && among(&self.evaluations, case.counted_evaluation().as_ref())
            && among(&self.departments, case.answering().map(|it| &it.department.id))
            && among(&self.categories, case.category.as_ref())
            && self.key_case.is_none_or(|key| key == case.is_key())
            && self.replied.is_none_or(|it| case.replied_on().is_some_and(|on| it.holds(on)))
            && self.promise_due.is_none_or(due)
            && self.revisit_due_by.is_none_or(|by| case.revisit_due_on().is_some_and(|due| due <= by))
            && self.revisited.is_none_or(|it| it != case.revisits.is_empty())
    }
}

fn among<T: PartialEq>(list: &[T], value: Option<&T>) -> bool {
    list.is_empty() || value.is_some_and(|value| list.contains(value))
}
