//! Tasks kept and told: written with what is derived of a case, compared with it by `verify`.

use super::super::{
    Fault, Office,
    verify::{Finding, Report, finding},
};
use crate::{
    domain::{
        case::Case,
        ids::{CaseId, CongressId},
    },
    store::{Db, task_dates, tasks},
};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

impl Office {
    /// Brings the index of tasks to what is derived of a case, and tells calendars of dates that moved.
    pub(in crate::office) fn record_tasks(
        &self,
        db: &mut Db,
        known: bool,
        case: &Case,
        derived: &BTreeSet<tasks::Row>,
    ) -> Result<(), Fault> {
        let stored = match known {
            true => tasks::of_case(db, &case.congress, case.id)?,
            false => BTreeSet::new(),
        };
        if tasks::replace(db, &stored, derived)? {
            self.tell_dates(db, case, derived)?;
        }
        Ok(())
    }

    /// Writes the tasks of a case into an index that was emptied; dates keep their sequences.
    pub(in crate::office) fn derive_tasks(
        &self,
        db: &mut Db,
        case: &Case,
        derived: &BTreeSet<tasks::Row>,
    ) -> Result<(), Fault> {
        tasks::replace(db, &BTreeSet::new(), derived)?;
        self.tell_dates(db, case, derived)
    }

    fn tell_dates(&self, db: &mut Db, case: &Case, derived: &BTreeSet<tasks::Row>) -> Result<(), Fault> {
        let now = self.now().naive_utc();
        Ok(task_dates::tell(db, &case.congress, case.id, derived, now, self.today())?)
    }
}

/// How many tasks and open dates a congress's cases have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::office) struct Waiting {
    tasks: usize,
    dates: usize,
}

impl Waiting {
    pub fn add(&mut self, other: Waiting) {
        self.tasks += other.tasks;
        self.dates += other.dates;
    }
}

/// What is kept of a case's tasks and dates against what is derived; returns how many there should be.
pub(in crate::office) fn compare_tasks(
    db: &mut Db,
    congress: &CongressId,
    id: CaseId,
    derived: &BTreeSet<tasks::Row>,
    report: &mut Report,
) -> Result<Waiting, Fault> {
    let stored = tasks::of_case(db, congress, id)?;
    if stored != *derived {
        let told = |only: Vec<&tasks::Row>| {
            let line = |row: &&tasks::Row| format!("{} for {}: {}", row.kind, row.audience, row.place);
            only.iter().map(line).collect::<Vec<_>>().join("; ")
        };
        let (more, less) = (stored.difference(derived).collect(), derived.difference(&stored).collect());
        report.findings.push(finding(congress, id, "tasks", told(more), told(less)));
    }
    let dated = task_dates::dated(derived);
    let mut told = task_dates::of_case(db, congress, id)?;
    told.retain(|_, row| row.ended_on.is_none());
    let open: BTreeMap<_, _> = told.into_iter().map(|(place, row)| (place, row.due)).collect();
    if open != dated {
        let printed = |dates: &BTreeMap<(String, String), NaiveDate>| {
            dates
                .iter()
                .map(|((key, to), due)| format!("{key} for {to}: {due}"))
                .collect::<Vec<_>>()
                .join("; ")
        };
        report.findings.push(finding(congress, id, "dates of tasks", printed(&open), printed(&dated)));
    }
    Ok(Waiting { tasks: derived.len(), dates: dated.len() })
}

/// Rows of cases that the ledger does not know.
pub(in crate::office) fn compare_strays(
    db: &mut Db,
    congress: &CongressId,
    derived: Waiting,
    report: &mut Report,
) -> Result<(), Fault> {
    let stored = [
        ("tasks", tasks::count(db, congress)?, derived.tasks),
        ("dates of tasks", task_dates::count_open(db, congress)?, derived.dates),
    ];
    for (place, stored, derived) in stored.into_iter().filter(|(_, stored, derived)| stored != derived) {
        report.findings.push(Finding {
            congress: congress.to_string(),
            place: place.to_owned(),
            column: "rows".to_owned(),
            stored: stored.to_string(),
            derived: derived.to_string(),
        });
    }
    Ok(())
}
