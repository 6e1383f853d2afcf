//! Promises that cannot be kept as they were made: one moved, one given up, one handed to another department.

use super::{HOUSING, TRANSPORT, Year};
use crate::{
    cli::sample::{
        story::Told,
        year::{day, text},
    },
    domain::{
        case::{ChangeAsked, ChangeDecision, Command, CommitmentReport},
        words::{Progress, PromiseChange},
    },
    office::Fault,
};

/// The days of the letter's three promises.
pub(super) const DUES: [&str; 3] = ["2026-12-20", "2026-10-31", "2026-11-30"];

impl Year<'_> {
    /// `told` was answered with three promises.
    pub(super) async fn promised(&self, told: &Told) -> Result<(), Fault> {
        self.on("2026-10-12");
        let asked = |kind, reason: &str| -> Result<ChangeAsked, Fault> {
            Ok(ChangeAsked { kind, due_on: None, department: None, reason: text(reason)? })
        };
        let moved = ChangeAsked {
            due_on: Some(day("2027-03-31")),
            ..asked(PromiseChange::Move, "地下管线迁改由市级项目统筹，工期顺延")?
        };
        let dropped = asked(PromiseChange::Drop, "该地块已列入征收范围")?;
        let over = ChangeAsked {
            department: Some(self.people.departments[HOUSING].0.clone()),
            ..asked(PromiseChange::HandOver, "小区内停车管理职能已划转")?
        };
        for (number, asked) in (1..).zip([moved, dropped, over]) {
            self.by_department(told, TRANSPORT, Command::ChangeCommitment(number, asked)).await?;
            let granted = ChangeDecision { granted: true, reason: None };
            self.by_committee(told, Command::DecideCommitmentChange(number, granted)).await?;
        }
        self.on("2026-11-05");
        // Said, and shown by nothing: no kept promise yet.
        let report = CommitmentReport {
            progress: Progress::Kept,
            text: text("小区内新增车位三十个")?,
            evidence: None,
            attachments: Vec::new(),
        };
        self.by_department(told, HOUSING, Command::ReportCommitment(3, report)).await
    }
}
