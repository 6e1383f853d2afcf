//! What a congress itself sets of its ladder: from which day on, and who holds the offices that notices escalate to.

use crate::domain::{day::Day, text::Line};
use serde::{Deserialize, Serialize};

/// The notice ladder as a congress set it; off until it says from when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LadderSetting {
    /// The first day of the ladder. What was due before it, and rungs whose day lies before it, bring no notice: so old
    /// paper that is imported floods nobody. Nothing goes out by itself while it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// Who holds the offices that the policy's rungs name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaders: Vec<OfficeHolder>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficeHolder {
    /// As the policy writes it.
    #[schema(value_type = String, example = "分管副主任")]
    pub title: Line,
    #[schema(value_type = String, example = "张某某")]
    pub name: Line,
}

impl LadderSetting {
    /// Who holds an office.
    pub fn holder(&self, title: &str) -> Option<&Line> {
        self.leaders.iter().find(|it| &*it.title == title).map(|it| &it.name)
    }
}
