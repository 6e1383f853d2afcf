//! Whether the feed is what the log says: each event that has a leaf is told, at its place, and nothing else is.

use crate::{
    domain::ids::CongressId,
    evidence::row::Kind,
    office::{Fault, Office, verify::Finding},
    store::{
        Db, feed,
        log::{self, Leaf},
    },
};
use std::collections::BTreeMap;

const PAGE: i64 = 1000;

impl Office {
    /// What differs; every row of the feed is read.
    pub(in crate::office) fn compare_feed(
        &self,
        db: &mut Db,
        congress: &CongressId,
    ) -> Result<Vec<Finding>, Fault> {
        let mut findings = Vec::new();
        let (mut from, mut told_to) = (0, feed::BEGINNING);
        loop {
            let leaves = log::leaves(db, congress.as_str(), from, PAGE)?;
            let end = leaves.last().map(|leaf| leaf.index);
            // Behind the last leaf there must be no row at all.
            let to = end.map_or(i64::MAX, |end| i64::try_from(end).unwrap_or(i64::MAX));
            let logged: BTreeMap<i64, (String, i64)> = leaves.into_iter().filter_map(event).collect();
            let rows = feed::stored(db, congress.as_str(), told_to, PAGE)?;
            let told: BTreeMap<i64, (String, i64)> = rows
                .into_iter()
                .filter(|row| row.seq <= to)
                .map(|row| (row.seq, (row.case_id, row.version)))
                .collect();
            let places = logged.keys().chain(told.keys().filter(|place| !logged.contains_key(place)));
            for place in places.filter(|place| logged.get(place) != told.get(place)) {
                let said = |it: Option<&(String, i64)>| {
                    it.map_or("nothing".to_owned(), |(case, version)| {
                        format!("case {case} version {version}")
                    })
                };
                findings.push(Finding {
                    congress: congress.to_string(),
                    place: format!("feed {place}"),
                    column: "event".to_owned(),
                    stored: said(told.get(place)),
                    derived: said(logged.get(place)),
                });
            }
            let Some(end) = end else { return Ok(findings) };
            (from, told_to) = (end + 1, to);
        }
    }
}

fn event(leaf: Leaf) -> Option<(i64, (String, i64))> {
    let place = i64::try_from(leaf.index).ok()?;
    (leaf.subject.kind == Kind::Event).then_some((place, (leaf.subject.id, leaf.subject.version)))
}
