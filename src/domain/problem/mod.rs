//! Problem lists 问题清单: problems assigned as a whole, each with its holder and its day, reported on and struck off one
//! by one (集中交办、限时销号). An item is the fold of its events; nothing else changes it.

mod item;
mod rule;
#[cfg(test)]
mod tests;

pub use item::{Item, ItemEvent, ItemRecorded, ItemReported};
pub use rule::{Asked, ItemReport, StrikingOff, decide};

use super::{
    case::PolicyRef,
    day::Day,
    ids::{CaseId, CongressId, DepartmentId, ProblemListId},
    text::{Note, Title},
};
use serde::Deserialize;

/// A list as it was assigned; what becomes of its items stands with them.
#[derive(Clone, Debug, PartialEq)]
pub struct ProblemList {
    pub id: ProblemListId,
    pub congress: CongressId,
    pub title: Title,
    /// Where the problems were found.
    pub source: Note,
    /// Whose ladder urges its items.
    pub policy: PolicyRef,
    pub assigned_on: Day,
    pub items: u32,
}

/// A list as it is to be assigned.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProblemList {
    #[schema(value_type = String, example = "代表建议办理“回头看”问题清单")]
    pub title: Title,
    #[schema(value_type = String, example = "2024年11月代表视察")]
    pub source: Note,
    /// 1 to 200, assigned together.
    pub items: Vec<NewItem>,
}

/// A problem and who is to solve it by when.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewItem {
    #[schema(value_type = String, example = "承诺增设的公交站点尚未建成")]
    pub text: Note,
    /// The department that holds it.
    pub department: DepartmentId,
    pub due_on: Day,
    /// The case that it comes from.
    #[serde(default)]
    pub case: Option<CaseId>,
}

/// More problems than this are several lists.
pub const MOST_ITEMS: usize = 200;
