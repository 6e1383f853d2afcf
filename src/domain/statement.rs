//! A department's quarterly statement of its promises 承诺事项落实情况报告: what it says, as it is kept for ever.

use super::{
    case::{Case, Promise},
    day::Day,
    ids::{CaseId, CongressId, DepartmentId},
    quarter::Quarter,
    words::PromiseStatus,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is issued. It holds no person's name and nothing of a confidential case but that it is there, since it stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StatementBody {
    pub id: Uuid,
    pub congress: CongressId,
    pub department: DepartmentId,
    /// As it is called on the day of issue.
    pub department_name: String,
    pub quarter: Quarter,
    /// From 1; a later one takes the place of those before it.
    pub edition: u32,
    /// The legal day whose state it tells.
    pub as_of: Day,
    pub issued_at: DateTime<Utc>,
    pub counts: StatementCounts,
    pub lines: Vec<StatementLine>,
}

/// Over the lines. A moved promise is counted beside where it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StatementCounts {
    pub promises: u32,
    /// Confirmed, or reported with evidence and not disputed.
    pub kept: u32,
    /// Neither kept nor given up; those reported without evidence and the disputed among them.
    pub open: u32,
    /// Of the open ones, past their day.
    pub overdue: u32,
    pub moved: u32,
    pub dropped: u32,
}

/// A promise as the statement tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StatementLine {
    /// From 1.
    pub line: u32,
    pub case: CaseId,
    pub case_number: Option<String>,
    pub commitment: u32,
    /// Left out of a confidential case, and so is what was reported.
    pub text: Option<String>,
    pub made_on: Day,
    pub original_due_on: Day,
    pub due_on: Day,
    pub status: PromiseStatus,
    pub overdue: bool,
    /// How often the committee let its day be moved.
    pub moves: u32,
    pub reported_on: Option<Day>,
    pub report: Option<String>,
    /// Whether the report came with anything that shows it.
    pub evidence: bool,
}

impl StatementLine {
    pub fn of(case: &Case, promise: &Promise, line: u32, today: Day) -> StatementLine {
        let open = case.confidential.is_none();
        let (latest, due_on) = (promise.latest(), promise.due());
        StatementLine {
            line,
            case: case.id,
            case_number: case.number.as_ref().map(|it| it.text.to_string()),
            commitment: promise.number,
            text: open.then(|| promise.promised.text.to_string()),
            made_on: promise.made_on().unwrap_or(due_on),
            original_due_on: promise.promised.due_on,
            due_on,
            status: promise.status(),
            overdue: promise.is_overdue(today),
            moves: u32::try_from(promise.moves()).unwrap_or(u32::MAX),
            reported_on: latest.map(|it| it.on),
            report: latest.filter(|_| open).map(|it| it.report.text.to_string()),
            evidence: latest.is_some_and(|it| it.report.has_evidence()),
        }
    }

    fn is_kept(&self) -> bool {
        matches!(self.status, PromiseStatus::Confirmed | PromiseStatus::ReportedKept)
    }
}

impl StatementCounts {
    pub fn of(lines: &[StatementLine]) -> StatementCounts {
        let count = |holds: &dyn Fn(&StatementLine) -> bool| {
            u32::try_from(lines.iter().filter(|it| holds(it)).count()).unwrap_or(u32::MAX)
        };
        let dropped = |it: &StatementLine| it.status == PromiseStatus::Dropped;
        StatementCounts {
            promises: count(&|_| true),
            kept: count(&StatementLine::is_kept),
            open: count(&|it| !it.is_kept() && !dropped(it)),
            overdue: count(&|it| it.overdue),
            moved: count(&|it| it.moves > 0),
            dropped: count(&dropped),
        }
    }
}
