//! Completeness 完整性: received = counted + excluded, and every number that was given is among the received.

use crate::domain::say::Say;
use serde::{Deserialize, Serialize};

/// What figures are made of, and whether it adds up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Completeness {
    /// 立案总数
    #[schema(example = 105)]
    pub received: u64,
    /// 应办件数
    #[schema(example = 103)]
    pub counted: u64,
    /// 剔除数
    #[schema(example = 2)]
    pub excluded: u64,
    /// Why cases are not counted, and how many for each reason.
    pub exclusions: Vec<Excluded>,
    /// The series of numbers 编号, each from 1 to its last; none for who asks for his own cases only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Vec<Series>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Excluded {
    /// `withdrawn`, `declined`, `on_agenda` …
    pub reason: String,
    pub cases: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Series {
    pub session: String,
    pub kind: String,
    /// The highest number that was given.
    pub last: u64,
    /// How many cases have one of them. Less than `last` means that numbers are missing.
    pub numbered: u64,
    /// How many cases have a number of old paper's own scheme, which nobody can count through.
    pub numbered_otherwise: u64,
}

impl Completeness {
    pub fn adds_up(&self) -> bool {
        self.wrong().is_none()
    }

    /// What does not add up.
    pub fn wrong(&self) -> Option<Say> {
        if self.received != self.counted + self.excluded {
            let Completeness { received, counted, excluded, .. } = self;
            return Some(Say::new(
                format!("立案{received}件，不等于应办{counted}件加剔除{excluded}件；请运行 jianyi verify"),
                format!(
                    "{received} received are not {counted} counted and {excluded} excluded; run `jianyi verify`"
                ),
            ));
        }
        let listed: u64 = self.exclusions.iter().map(|it| it.cases).sum();
        if listed != self.excluded {
            let excluded = self.excluded;
            return Some(Say::new(
                format!("剔除{excluded}件，其中列明原因的{listed}件；请运行 jianyi verify"),
                format!("{excluded} excluded, but {listed} with a reason; run `jianyi verify`"),
            ));
        }
        let series = self.series.as_ref()?;
        let in_series: u64 = series.iter().map(|it| it.numbered + it.numbered_otherwise).sum();
        if in_series != self.received {
            let received = self.received;
            return Some(Say::new(
                format!("立案{received}件，编号序列内{in_series}件；请运行 jianyi verify"),
                format!("{received} received, but {in_series} in the series of numbers; run `jianyi verify`"),
            ));
        }
        let gap = series.iter().find(|it| it.numbered != it.last)?;
        let Series { session, kind, last, numbered, .. } = gap;
        Some(Say::new(
            format!("{session} {kind} 编号至第{last}号，系统内有{numbered}件：缺号的办件须先补录"),
            format!(
                "{session} {kind}: numbers run to {last}, but {numbered} cases are here; enter the missing ones first"
            ),
        ))
    }
}
