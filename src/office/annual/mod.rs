//! The annual report's documents: a sealed report's figures in sentences, tables and charts, with its cases as they were
//! on its days. Figures come from what was sealed and from nowhere else; the ledger gives titles, reasons and findings.

mod files;
mod year;

use super::{Caller, Fault, Office, letters::Names, perform::admitted, reports};
use crate::{
    annual::{Annual, year::composed},
    domain::{
        gate::Operation,
        ids::CongressId,
        reports::{Body, Line},
    },
    store::{Db, StoreError, directory},
};
use files::CaseFile;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A report to be printed, and the name to save it under, without extension.
pub struct Printed {
    pub name: String,
    pub annual: Annual,
}

impl Office {
    /// A sealed report as the office prints it. Many histories are read, so that others do not wait for it.
    pub async fn annual_report(&self, caller: &Caller, id: Uuid) -> Result<Printed, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .snapshot_aside(move |db| {
                let (_, congress) = admitted(db, &caller, Operation::PrintReport)?;
                let (text, digest) = reports::stored(db, &congress, id)?;
                let body = reports::read(&text)?;
                let annual = composed(&office.year(db, &congress, &body, &digest)?);
                Ok(Printed { name: format!("{}（{}）", &*body.title, body.name), annual })
            })
            .await
    }

    fn year(
        &self,
        db: &mut Db,
        congress: &CongressId,
        body: &Body,
        digest: &str,
    ) -> Result<crate::annual::year::Year, Fault> {
        let mut lines: Vec<&Line> = body.cases.iter().collect();
        lines.sort_by_key(|it| {
            (it.facts.kind, it.facts.session.clone(), it.facts.sequence, it.facts.number.clone())
        });
        let files: Result<Vec<CaseFile>, Fault> =
            lines.iter().map(|line| files::case_file(db, congress, line.case, body)).collect();
        let labels = directory::sessions(db, congress)?.into_iter().map(|it| (it.id, it.label));
        let sealed = year::Sealed {
            body,
            digest,
            names: Names::of(&body.congress_name),
            sessions: labels.collect(),
            classes: self.class_names(&lines)?,
            lines,
            files: files?,
        };
        Ok(sealed.year())
    }

    /// What the classes are called by the policies that the cases were counted under.
    fn class_names(&self, lines: &[&Line]) -> Result<BTreeMap<String, String>, StoreError> {
        let mut names = BTreeMap::new();
        for facts in lines.iter().map(|it| &it.facts).filter(|it| !it.class.is_empty()) {
            if names.contains_key(&facts.class) {
                continue;
            }
            let policy = facts
                .policy
                .rsplit_once('@')
                .and_then(|(id, version)| self.books.policies.get(id, version.parse().ok()?));
            let label = policy.and_then(|it| it.class(&facts.class)).map(|it| it.label.clone());
            let name = label.map_or_else(
                || format!("{}类", facts.class),
                |label| format!("{}类（{label}）", facts.class),
            );
            names.insert(facts.class.clone(), name);
        }
        Ok(names)
    }
}
