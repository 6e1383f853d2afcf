//! What is sealed: definitions, rules, filter, days, values, exclusions, and each case as it was counted.
//!
//! Stored for ever as it was written: new fields take a default, none is renamed or removed.

use crate::domain::{
    day::Day,
    figures::{Completeness, Facts, METRICS, Metric, Printing, Unit},
    ids::{CaseId, CongressId, Sessions},
    say::Say,
    text::{Note, Title},
    words::{Kind, Origin},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Body {
    pub id: Uuid,
    #[schema(value_type = String, example = "330502")]
    pub congress: CongressId,
    pub congress_name: String,
    /// By which it is cited: the year of sealing and its number within it.
    #[schema(example = "2024-1")]
    pub name: String,
    pub title: Title,
    pub edition: Edition,
    pub filter: Filter,
    /// What was true on this day …
    pub true_on: Day,
    /// … as known at the end of this one.
    pub known_on: Day,
    /// UTC.
    pub sealed_at: DateTime<Utc>,
    /// The role of who sealed it; who that was stands in the book of acts.
    #[schema(example = "committee")]
    pub sealed_by: String,
    #[serde(flatten)]
    pub rules: Rules,
    pub definitions: Vec<Definition>,
    /// How percentages are printed: the rule of the congress's policy.
    pub rounding: Printing,
    pub completeness: Completeness,
    pub values: Vec<Value>,
    /// Each case, as it was counted.
    pub cases: Vec<Line>,
}

/// What cases were counted under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Rules {
    /// The program that counted, and the number of its way of counting.
    #[schema(example = "jianyi 0.1.0, fold 4")]
    pub program: String,
    pub policies: Vec<Cited>,
    pub calendars: Vec<CitedYear>,
}

/// A correction is a new edition that names what it replaces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Edition {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Replaced>,
    /// What was wrong, or became known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Note>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Replaced {
    pub id: Uuid,
    pub name: String,
    pub digest: String,
}

/// Which cases a report is about; all that are given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// One session, or time between sessions, or several with commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "5-3,5-3-between")]
    pub session: Option<Sessions>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "城建环保")]
    pub category: Option<String>,
    /// The answering department's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// 重点督办件
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_case: Option<bool>,
}

impl Filter {
    pub fn covers(&self, facts: &Facts) -> bool {
        // Destructured without `..`, so that a new filter cannot be forgotten here.
        let Filter { session, kind, origin, category, department, key_case } = self;
        let within = |sessions: &Sessions| sessions.ids().iter().any(|id| id.as_str() == facts.session);
        session.as_ref().is_none_or(within)
            && kind.is_none_or(|it| it == facts.kind)
            && origin.is_none_or(|it| it.id() == facts.origin)
            && category.as_ref().is_none_or(|it| *it == facts.category)
            && department.as_ref().is_none_or(|it| *it == facts.department)
            && key_case.is_none_or(|it| it == facts.key_case)
    }

    /// Whether it takes whole series of numbers, so that none may be missing.
    pub fn takes_whole_sessions(&self) -> bool {
        *self == Filter { session: self.session.clone(), ..Filter::default() }
    }
}

/// A metric as it was defined when the report was sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Definition {
    #[schema(example = "resolution_rate")]
    pub metric: String,
    pub version: u32,
    pub unit: Unit,
    pub definition: Say,
    #[schema(example = "resolved ÷ counted")]
    pub formula: String,
    pub exclusions: Say,
    pub source: String,
}

impl Definition {
    pub fn of(metric: &Metric) -> Definition {
        Definition {
            metric: metric.id.to_owned(),
            version: metric.version,
            unit: metric.unit,
            definition: metric.definition(),
            formula: metric.formula(),
            exclusions: metric.exclusions(),
            source: metric.source().to_owned(),
        }
    }

    pub fn all() -> Vec<Definition> {
        METRICS.iter().map(Definition::of).collect()
    }
}

/// A policy that cases of the report were handled under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Cited {
    #[schema(example = "zhejiang-2016")]
    pub id: String,
    pub version: u32,
    pub name: String,
    /// SHA-256 of its rules, in hex.
    pub digest: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CitedYear {
    pub year: i32,
    pub notice: String,
    /// SHA-256 of its days, in hex.
    pub digest: String,
}

/// A number of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Value {
    #[schema(example = "resolution_rate")]
    pub metric: String,
    /// `total` for all together.
    #[schema(example = "department")]
    pub group_by: String,
    /// Empty for all together, and for cases without one.
    pub group: String,
    /// The department's name when it was sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub numerator: u64,
    pub denominator: u64,
    /// In the metric's unit, under the report's rounding.
    #[schema(example = "93.3")]
    pub printed: Option<String>,
}

/// A case as it was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Line {
    pub case: CaseId,
    /// The event since which it was so, by its version within the case.
    pub version: i64,
    #[schema(value_type = Object)]
    pub facts: Facts,
}

impl Line {
    /// What is sealed of a case: whose it is stays in the ledger, since it may be confidential.
    pub fn of(case: CaseId, version: i64, facts: &Facts) -> Line {
        let facts = Facts { deputy: String::new(), delegation: String::new(), ..facts.clone() };
        Line { case, version, facts }
    }
}
