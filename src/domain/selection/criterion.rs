//! What a case needs to be selected: typed, so that each is computed and none is somebody's opinion.

use crate::domain::{
    calendar::Calendar,
    case::Case,
    deadline,
    policy::Policy,
    say::Say,
    words::{Satisfaction, Stage},
};
use serde::{Deserialize, Serialize};

/// A condition on a case.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Always asked: it may be told to all deputies.
    NotConfidential,
    /// Always asked: withdrawn, declined and referred cases are not among those to be answered.
    NotExcluded,
    /// Always asked: the deputies' word is sealed until then.
    Closed,
    /// The class in force counts as resolved under the case's policy.
    Resolved,
    /// The evaluation that counts is 满意.
    Satisfied,
    /// First answered by the due date, extensions included.
    AnsweredInTime,
    /// 重点督办件
    KeyCase,
}

impl Criterion {
    pub const ALWAYS: [Criterion; 3] =
        [Criterion::NotConfidential, Criterion::NotExcluded, Criterion::Closed];

    /// What is missing in a case that does not meet it.
    pub fn missing(self) -> Say {
        match self {
            Criterion::NotConfidential => Say::new("保密件", "it is confidential"),
            Criterion::NotExcluded => Say::new("不在应办件之列", "it is not among the cases to be answered"),
            Criterion::Closed => Say::new("尚未办结", "it is not closed"),
            Criterion::Resolved => Say::new("办理结果不属已解决类", "its class does not count as resolved"),
            Criterion::Satisfied => {
                Say::new("计入的评价不是满意", "the evaluation that counts is not satisfied")
            }
            Criterion::AnsweredInTime => Say::new("未按期答复", "it was not answered in time"),
            Criterion::KeyCase => Say::new("不是重点督办件", "it is not a key case"),
        }
    }

    fn holds(self, case: &Case, policy: &Policy, calendar: &Calendar) -> bool {
        match self {
            Criterion::NotConfidential => case.confidential.is_none(),
            Criterion::NotExcluded => case.number.is_some() && case.exclusion().is_none(),
            Criterion::Closed => case.stage == Stage::Closed,
            Criterion::Resolved => case.class.as_deref().is_some_and(|class| policy.is_resolved(class)),
            Criterion::Satisfied => case.counted_evaluation() == Some(Satisfaction::Satisfied),
            Criterion::AnsweredInTime => {
                let due = deadline::reply_terms(case, policy, calendar).map(|terms| terms.due);
                matches!((case.replied_on(), due), (Some(on), Some(due)) if on <= due)
            }
            Criterion::KeyCase => case.is_key(),
        }
    }
}

/// The criteria that a case does not meet; none, and it is eligible. Of a confidential case nothing else is told.
pub fn missing(criteria: &[Criterion], case: &Case, policy: &Policy, calendar: &Calendar) -> Vec<Criterion> {
    if !Criterion::NotConfidential.holds(case, policy, calendar) {
        return vec![Criterion::NotConfidential];
    }
    criteria.iter().copied().filter(|it| !it.holds(case, policy, calendar)).collect()
}
