//! Lists whose lines the gate may leave out: rows are read until the page is full, and each case once.

use super::Fault;
use crate::{
    domain::{
        case::Case,
        ids::{CaseId, CongressId},
    },
    store::{Db, StoreError, cases},
};
use std::collections::{HashMap, hash_map::Entry};

/// The cases of a congress that a list has named so far.
pub(super) struct Cases {
    congress: CongressId,
    known: HashMap<CaseId, Option<Case>>,
}

impl Cases {
    pub fn of(congress: CongressId) -> Cases {
        Cases { congress, known: HashMap::new() }
    }

    pub fn get(&mut self, db: &mut Db, id: CaseId) -> Result<Option<&Case>, StoreError> {
        let known = match self.known.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(cases::load(db, &self.congress, id)?),
        };
        Ok(known.as_ref())
    }
}

/// At most `limit` lines behind a place: `page` reads the rows after it, `place` says where a row stands, `line` what it
/// tells the reader, if anything.
pub(super) fn filled<R, P, L>(
    db: &mut Db,
    limit: usize,
    mut after: Option<P>,
    page: impl Fn(&mut Db, Option<&P>, i64) -> Result<Vec<R>, StoreError>,
    place: impl Fn(&R) -> Result<P, StoreError>,
    mut line: impl FnMut(&mut Db, &R) -> Result<Option<L>, Fault>,
) -> Result<Vec<L>, Fault> {
    let mut lines = Vec::new();
    while lines.len() < limit {
        let wanted = limit - lines.len();
        let rows = page(db, after.as_ref(), i64::try_from(wanted).unwrap_or(i64::MAX))?;
        for row in &rows {
            after = Some(place(row)?);
            lines.extend(line(db, row)?);
        }
        if rows.len() < wanted {
            break;
        }
    }
    Ok(lines)
}
