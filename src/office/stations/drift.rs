//! Whether opinions, recommendations and receptions agree with their ledger and with the book of acts; and their rows
//! derived anew.

use super::{kept, receptions};
use crate::{
    domain::{
        ids::{CongressId, OpinionId, RecommendationId},
        similar::terms,
        station::{
            MatterEvent, Moved,
            opinion::{Opinion, OpinionEvent},
            recommendation::{Recommendation, RecommendationEvent},
        },
    },
    office::{
        Fault, Office,
        verify::{Finding, Report},
    },
    store::{Db, StoreError, matters, recommendations, stations},
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The digests that the book of acts names, by what they are of.
#[derive(Debug, Default)]
pub(in crate::office) struct MovedActs(HashMap<(String, i64), String>);

const PAGE: i64 = 500;

impl MovedActs {
    /// Takes note of an act, if it is one of these.
    pub fn note(&mut self, kind: &str, body: &str) {
        if !["matter_moved", "reception_recorded"].contains(&kind) {
            return;
        }
        let body: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        let id = body["id"].as_str().or(body["reception"].as_str()).unwrap_or_default();
        let sha256 = body["sha256"].as_str().unwrap_or_default();
        self.0.insert((id.to_owned(), body["version"].as_i64().unwrap_or_default()), sha256.to_owned());
    }

    /// How many events of a matter, or whether a reception, the book knows.
    fn of(&self, id: &str, version: i64) -> Option<&str> {
        self.0.get(&(id.to_owned(), version)).map(String::as_str)
    }
}

/// What is kept beside the ledger of a kind of matter.
struct Kept<'a> {
    congress: &'a CongressId,
    acts: &'a MovedActs,
    erased: &'a BTreeSet<String>,
}

impl Kept<'_> {
    fn finding(
        &self,
        place: impl ToString,
        column: &str,
        stored: impl ToString,
        derived: impl ToString,
    ) -> Finding {
        Finding {
            congress: self.congress.to_string(),
            place: place.to_string(),
            column: column.to_owned(),
            stored: stored.to_string(),
            derived: derived.to_string(),
        }
    }

    /// A matter's history, where nothing speaks against it; findings otherwise.
    fn history<E: MatterEvent>(
        &self,
        db: &mut Db,
        id: Uuid,
        report: &mut Report,
    ) -> Result<Option<Vec<Moved<E>>>, Fault> {
        let place = format!("{} {id}", E::MATTER);
        let examined = match matters::examined::<E>(db, self.congress, id) {
            Err(StoreError::Corrupt { reason, .. }) => {
                report.findings.push(self.finding(place, "events", "unreadable", reason));
                return Ok(None);
            }
            read => read?,
        };
        for (version, digest, wrong) in examined.doubts {
            if wrong || !self.erased.contains(&digest) {
                let said = if wrong { "another text" } else { "missing, and no act erased it" };
                let column = format!("version {version}, a person's text");
                report.findings.push(self.finding(&place, &column, said, digest));
            }
        }
        for (moved, digest) in examined.history.iter().zip(&examined.digests) {
            let told = self.acts.of(&id.to_string(), moved.version).unwrap_or("no act");
            if told != digest {
                let column = format!("version {}", moved.version);
                report.findings.push(self.finding(&place, &column, digest, told));
            }
        }
        let next = examined.history.len() as i64 + 1;
        if self.acts.of(&id.to_string(), next).is_some() {
            report.findings.push(self.finding(&place, "events", "a lost event", format!("version {next}")));
        }
        let gapless = examined.history.iter().zip(1..).all(|(it, version)| it.version == version);
        if !gapless {
            report.findings.push(self.finding(&place, "events", "a broken history", "1, 2, 3 …"));
            return Ok(None);
        }
        Ok(Some(examined.history))
    }

    fn rows(&self, table: &str, rows: i64, ledger: usize, report: &mut Report) {
        if usize::try_from(rows) != Ok(ledger) {
            report.findings.push(self.finding(table, "rows", rows, ledger));
        }
    }
}

/// All matters of a kind, page by page.
fn all<E: MatterEvent>(db: &mut Db, congress: &CongressId) -> Result<Vec<Uuid>, StoreError> {
    let mut ids = Vec::new();
    loop {
        let page = matters::ids::<E>(db, congress, ids.last().copied(), PAGE)?;
        if page.is_empty() {
            return Ok(ids);
        }
        ids.extend(page);
    }
}

impl Office {
    /// Refolds every opinion and recommendation, and compares receptions with the book of acts.
    pub(in crate::office) fn compare_matters(
        &self,
        db: &mut Db,
        congress: &CongressId,
        (acts, erased): (&MovedActs, &BTreeSet<String>),
        report: &mut Report,
    ) -> Result<(), Fault> {
        let kept_beside = Kept { congress, acts, erased };
        let ids = all::<OpinionEvent>(db, congress)?;
        for id in &ids {
            let Some(history) = kept_beside.history::<OpinionEvent>(db, *id, report)? else { continue };
            report.events += history.len() as u64;
            let derived = Opinion::fold(congress, OpinionId(*id), &history);
            let stored = kept::row(db, congress, OpinionId(*id))?;
            let expected = derived.as_ref().map(kept::Row::of).transpose()?;
            if stored != expected {
                let place = format!("opinion {id}");
                report.findings.push(kept_beside.finding(
                    place,
                    "row",
                    format!("{stored:?}"),
                    format!("{expected:?}"),
                ));
            }
            let Some(opinion) = derived else { continue };
            let mut words: Vec<String> =
                terms(&opinion.topic, &opinion.text).into_iter().map(|term| term.text).collect();
            words.sort_unstable();
            let stored = kept::terms_of(db, congress, opinion.id)?;
            if stored != words {
                let place = format!("opinion {id}");
                report.findings.push(kept_beside.finding(place, "terms", stored.join(" "), words.join(" ")));
            }
        }
        kept_beside.rows("opinions", kept::count(db, congress)?, ids.len(), report);
        let ids = all::<RecommendationEvent>(db, congress)?;
        for id in &ids {
            let Some(history) = kept_beside.history::<RecommendationEvent>(db, *id, report)? else {
                continue;
            };
            report.events += history.len() as u64;
            let derived = Recommendation::fold(congress, RecommendationId(*id), &history);
            let expected = derived.as_ref().map(recommendations::Row::of).transpose()?;
            let stored = recommendations::row(db, congress, RecommendationId(*id))?;
            if stored != expected {
                let place = format!("recommendation {id}");
                report.findings.push(kept_beside.finding(
                    place,
                    "row",
                    format!("{stored:?}"),
                    format!("{expected:?}"),
                ));
            }
        }
        kept_beside.rows("recommendations", recommendations::count(db, congress)?, ids.len(), report);
        for row in stations::receptions(db, congress)? {
            let (digest, told) = (receptions::digest(&row)?, acts.of(&row.id, 0).unwrap_or("no act"));
            if told != digest {
                let place = format!("reception {}", row.id);
                report.findings.push(kept_beside.finding(place, "row", digest, told));
            }
        }
        Ok(())
    }

    /// Derives the rows of opinions and recommendations anew.
    pub(in crate::office) fn rebuild_matters(&self, db: &mut Db, congress: &CongressId) -> Result<(), Fault> {
        kept::clear(db, congress)?;
        recommendations::clear(db, congress)?;
        let broken =
            |id: &Uuid| StoreError::corrupt("matter_events", id, "the history does not begin as one does");
        for id in all::<OpinionEvent>(db, congress)? {
            let history = matters::history::<OpinionEvent>(db, congress, id)?;
            let opinion = Opinion::fold(congress, OpinionId(id), &history).ok_or_else(|| broken(&id))?;
            kept::insert(db, &opinion)?;
            kept::insert_terms(db, congress, opinion.id, &terms(&opinion.topic, &opinion.text))?;
        }
        for id in all::<RecommendationEvent>(db, congress)? {
            let history = matters::history::<RecommendationEvent>(db, congress, id)?;
            let it =
                Recommendation::fold(congress, RecommendationId(id), &history).ok_or_else(|| broken(&id))?;
            recommendations::insert(db, &it)?;
        }
        Ok(())
    }
}
