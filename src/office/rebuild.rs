//! Derives everything that is kept beside the ledger anew: after a calendar or a program changed what follows from the
//! same events, or after `verify` found something that nobody should have touched. The ledger itself is only read.

use super::{
    Fault, Office,
    record::{Derived, words},
};
use crate::{
    domain::{
        figures::versions,
        ids::{CaseId, CongressId},
    },
    store::{Db, StoreError, case_facts, cases, directory, figures, ledger, promises, similar, tasks},
};

const PAGE: i64 = 500;

impl Office {
    /// One transaction for all; the service must not run meanwhile. Returns how many cases were derived.
    ///
    /// # Errors
    /// When the ledger itself is broken, which no derivation can mend.
    pub fn rebuild(&self) -> Result<usize, Fault> {
        let office = self.clone();
        self.store.write_here(move |db| office.rebuild_in(db))
    }

    pub(super) fn rebuild_in(&self, db: &mut Db) -> Result<usize, Fault> {
        let mut all = 0;
        for congress in directory::congresses(db)? {
            let corrupt = |e: &str| StoreError::corrupt("congresses", &congress.id, e);
            let id: CongressId = congress.id.parse().map_err(corrupt)?;
            all += self.rebuild_congress(db, &id, &congress.policy_id)?;
        }
        Ok(all)
    }

    fn rebuild_congress(
        &self,
        db: &mut Db,
        congress: &CongressId,
        congress_policy: &str,
    ) -> Result<usize, Fault> {
        cases::clear(db, congress)?;
        similar::clear(db, congress)?;
        tasks::clear(db, congress)?;
        promises::clear(db, congress)?;
        figures::clear(db, congress)?;
        self.clear_signals(db, congress)?;
        self.clear_notices(db, congress)?;
        self.rebuild_matters(db, congress)?;
        let (mut after, mut all): (Option<CaseId>, usize) = (None, 0);
        loop {
            let ids = ledger::case_ids(db, congress, after, PAGE)?;
            let Some(last) = ids.last().copied() else { break };
            for id in &ids {
                let history = ledger::history(db, congress, *id, 0, i64::MAX)?;
                let (case, versions) =
                    versions(None, &history, &self.books.calendar, |it| self.books.policy(it))?;
                let case = case.ok_or_else(|| {
                    StoreError::corrupt("events", id, "the history does not begin with a draft")
                })?;
                let policy = self.books.policy_of(&case, congress_policy)?;
                let derived =
                    Derived::of(&case, versions.last().map(|it| &it.facts), policy, &self.books.calendar)?;
                case_facts::append(db, congress, *id, &versions)?;
                cases::insert(db, &derived.row)?;
                cases::set_parties(db, &case, &Default::default(), &derived.parties)?;
                promises::replace(db, None, &case)?;
                similar::replace_terms(db, congress, *id, Some(&[]), &words(&case))?;
                self.derive_tasks(db, &case, &tasks::rows(&case, &derived.tasks))?;
                self.derive_signals(db, &case, &history)?;
                self.record_notices(db, None, &case, policy)?;
            }
            all += ids.len();
            after = Some(last);
        }
        while figures::compact(db, PAGE)? > 0 {}
        self.derive_comparisons(db, congress)?;
        self.derive_problems(db, congress)?;
        self.derive_campaigns(db, congress)?;
        Ok(all)
    }
}
