//! A revisit campaign 回头看活动: which closed cases it looks at again, how a sample of them is drawn so that anybody can
//! draw it anew, and what it comes to when it is closed. Pure.

mod closing;
mod criteria;
mod sample;

#[cfg(test)]
mod tests;

pub use closing::{
    Estimate, Followed, Line, Outcomes, Rate, StratumResult, by_stratum, estimate, outcomes, rate,
};
pub use criteria::{Criteria, Period};
pub use sample::{Drawn, RULE, Sample, Size, Stratum, TooFew, Unit, draw, population_digest};

use super::{
    day::Day,
    ids::{CampaignId, CongressId, DeputyId, UserId},
    text::{self, Title},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A campaign as it was opened; of this only version and closing change.
#[derive(Clone, Debug, PartialEq)]
pub struct Campaign {
    pub id: CampaignId,
    pub congress: CongressId,
    pub title: Title,
    pub terms: Terms,
    pub opened_at: DateTime<Utc>,
    /// The cases that met the criteria when it was opened.
    pub population: u32,
    /// Their digest, see [`population_digest`].
    pub population_sha256: String,
    /// How many are to be visited.
    pub chosen: u32,
    pub strata: Vec<Stratum>,
    pub version: i64,
    pub closed_at: Option<DateTime<Utc>>,
}

/// What a campaign is opened with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    pub criteria: Criteria,
    /// Draws a sample of what meets the criteria; all of it is visited if this is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sample>,
    /// The day by which the visits are to be made; told, and enforced by nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

/// Who visits a case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visitor {
    /// 代表, who may open the case and record the visit
    Deputy(DeputyId),
    /// 代表工委工作人员, by account
    Staff(UserId),
    /// 第三方机构, which has no account: staff record its visits
    ThirdParty(text::Line),
}

impl Visitor {
    /// How the store names the visitor.
    pub fn key(&self) -> String {
        match self {
            Visitor::Deputy(id) => format!("deputy:{id}"),
            Visitor::Staff(id) => format!("staff:{id}"),
            Visitor::ThirdParty(name) => format!("third_party:{}", &**name),
        }
    }

    /// The visitor whom a key names.
    pub fn of_key(key: &str) -> Option<Visitor> {
        match key.split_once(':')? {
            ("deputy", id) => id.parse().ok().map(Visitor::Deputy),
            ("staff", id) => id.parse().ok().map(Visitor::Staff),
            ("third_party", name) => text::Line::parse(name).ok().map(Visitor::ThirdParty),
            _ => None,
        }
    }
}
