//! Making an auditor's bundle: what the newest checkpoint holds of a congress's books, as it is stored.

use super::audit::leaves;
use crate::{
    bundle::{
        self, ABOUT, ACTS, ATTACHED, About, CALENDARS, CASES, CHECKPOINTS, DEFINITIONS, EVENTS, FORMAT,
        Files, LEAVES, Leaf, POLICIES, REPORTS, StatedCase, TEXTS, Text, bag,
    },
    domain::{
        case::Case,
        figures::METRICS,
        ids::{CaseId, CongressId},
    },
    evidence::{
        Checkpoint,
        commitment::ERASURE,
        row::{ActRow, EventRow, Kind, ReportRow},
    },
    office::{FOLD, Fault, Office},
    store::{
        Db, StoreError, cases, checkpoints, ledger,
        log::{self, Log},
        personal_texts,
    },
};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};

/// What is to go into a bundle.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The congress, or `installation`.
    pub log: String,
    /// Attached files.
    pub files: bool,
    /// The texts that commitments stand for: names and addresses.
    pub texts: bool,
}

/// A bundle, ready to be written.
pub struct Made {
    pub about: About,
    pub files: Files,
    /// Rows that came after the newest checkpoint and are not in it.
    pub left_out: usize,
}

const PAGE: i64 = 1000;

impl Office {
    /// # Errors
    /// `NotFound` where nothing of that congress was signed yet; `Invalid` while an erasure is not signed.
    pub async fn bundle(&self, wanted: Wanted) -> Result<Made, Fault> {
        let office = self.clone();
        let texts = wanted.texts;
        let with_files = wanted.files;
        let (mut made, attached) = self.store.snapshot_aside(move |db| office.gather(db, &wanted)).await?;
        if with_files {
            for sha256 in attached {
                let digest = crate::files::Digest::parse(&sha256)
                    .map_err(|_| StoreError::corrupt("cases", &sha256, "no digest of a file"))?;
                // One that is lost is missing in the bundle too, and the check says so.
                if let Some(bytes) = self.files()?.get(&digest).await? {
                    made.files.insert(format!("{ATTACHED}{sha256}"), bytes.to_vec());
                }
            }
        }
        self.cited_rules(&mut made.files)?;
        let info = [
            ("Bagging-Date", self.today().to_string()),
            ("External-Identifier", made.about.origin.clone()),
            ("Internal-Sender-Description", format!("{} entries; texts: {texts}", made.about.size)),
        ];
        bag::close(&mut made.files, &info);
        Ok(made)
    }

    fn gather(&self, db: &mut Db, wanted: &Wanted) -> Result<(Made, BTreeSet<String>), Fault> {
        let log = log::log(db, &wanted.log)?.ok_or(Fault::NotFound)?;
        let newest = checkpoints::newest(db, &log.id)?.ok_or(Fault::NotFound)?.read()?;
        let corrupt = |e: String| StoreError::corrupt("checkpoints", &log.id, e);
        let head: Checkpoint = newest.text.parse().map_err(|e| corrupt(format!("{e}")))?;
        let mut all = leaves(db, &log, &mut Vec::new())?;
        let size = usize::try_from(head.size).map_err(|e| corrupt(e.to_string()))?;
        let left_out = all.len().saturating_sub(size);
        all.truncate(size);
        let about = About {
            format: FORMAT.to_owned(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            fold: FOLD,
            congress: log.id.clone(),
            origin: log.origin.clone(),
            hash: log.algorithm,
            size: head.size,
            files: wanted.files,
            texts: wanted.texts,
        };
        let (mut events, mut acts): (Vec<EventRow>, Vec<ActRow>) = (Vec::new(), Vec::new());
        let mut reports: Vec<ReportRow> = Vec::new();
        for (subject, _) in &all {
            match subject.kind {
                Kind::Event => events.extend(log::event(db, &log.id, &subject.id, subject.version)?),
                Kind::Act => acts.extend(log::act(db, &log.id, &subject.id)?),
                Kind::Report => reports.extend(log::report(db, &log.id, &subject.id)?),
            }
        }
        erasures_are_signed(db, &log, &acts)?;
        let mut rows: HashMap<&str, Vec<&EventRow>> = HashMap::new();
        for row in &events {
            rows.entry(&row.case).or_default().push(row);
        }
        let mut ids: Vec<&str> = rows.keys().copied().collect();
        ids.sort_unstable();
        let (mut stated, mut attached) = (Vec::new(), BTreeSet::new());
        for id in ids {
            let logged = rows.get(id).map_or(0, |rows| rows.iter().map(|row| row.version).max().unwrap_or(0));
            let (case, attachments) = state(db, &log, id, logged, wanted.texts)?;
            attached.extend(attachments);
            stated.push(case);
        }
        let kept = leaves_of(&all);
        let mut files = Files::new();
        let written = |it: Result<Vec<u8>, serde_json::Error>| {
            it.map_err(|e| Fault::from(StoreError::corrupt("events", &log.id, e)))
        };
        files.insert(ABOUT.to_owned(), written(serde_json::to_vec_pretty(&about))?);
        files.insert(LEAVES.to_owned(), written(bundle::lines(kept))?);
        files.insert(EVENTS.to_owned(), written(bundle::lines(&events))?);
        files.insert(ACTS.to_owned(), written(bundle::lines(&acts))?);
        files.insert(REPORTS.to_owned(), written(bundle::lines(&reports))?);
        files.insert(CASES.to_owned(), written(bundle::lines(stated))?);
        if wanted.texts {
            files.insert(TEXTS.to_owned(), written(bundle::lines(texts(db, &log, &events, &acts)?))?);
        }
        files.insert(CHECKPOINTS.to_owned(), heads(db, &log)?.into_bytes());
        Ok((Made { about, files, left_out }, attached))
    }

    /// The rules that the cases were handled under, and what the figures mean.
    fn cited_rules(&self, files: &mut Files) -> Result<(), Fault> {
        for policy in self.books().policies.all() {
            files.insert(format!("{POLICIES}{}-{}.json", policy.id, policy.version), pretty(policy)?);
        }
        let years: Vec<_> = self.books().calendar.years().collect();
        files.insert(CALENDARS.to_owned(), pretty(&years)?);
        let metrics: Vec<Value> = METRICS
            .iter()
            .map(|metric| {
                let said = metric.definition();
                json!({
                    "metric": metric.id, "version": metric.version,
                    "zh": said.zh, "en": said.en,
                    "numerator": metric.numerator.iter().map(|it| it.id()).collect::<Vec<_>>(),
                    "denominator": metric.denominator.id(),
                })
            })
            .collect();
        files.insert(DEFINITIONS.to_owned(), pretty(&metrics)?);
        Ok(())
    }
}

fn pretty<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, Fault> {
    serde_json::to_vec_pretty(value).map_err(|e| StoreError::corrupt("policies", "", e).into())
}

fn leaves_of(
    all: &[(crate::evidence::row::Subject, crate::evidence::Hash)],
) -> impl Iterator<Item = Leaf> + '_ {
    all.iter().map(|(subject, hash)| Leaf {
        kind: subject.kind,
        id: subject.id.clone(),
        version: subject.version,
        hash: *hash,
    })
}

/// The text of an erasure is gone at once; its act has to be in the bundle, or the check would miss the text.
fn erasures_are_signed(db: &mut Db, log: &Log, acts: &[ActRow]) -> Result<(), Fault> {
    let logged: BTreeSet<&str> = acts.iter().map(|act| act.id.as_str()).collect();
    let mut after = String::new();
    loop {
        let page = log::acts_after(db, &log.id, &after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id.clone();
        if page.iter().any(|act| act.kind == ERASURE && !logged.contains(act.id.as_str())) {
            return Err(Fault::invalid(
                "",
                "有一项个人信息删除尚未进入检查点；请在服务运行一分钟后再试",
                "an erasure is not in a checkpoint yet; let the service run for a minute and try again",
            ));
        }
    }
}

/// The row of a case where it stands at its last logged version; else, if it moved on since, what it was then. And which
/// files hang on it.
fn state(
    db: &mut Db,
    log: &Log,
    id: &str,
    version: i64,
    texts: bool,
) -> Result<(StatedCase, Vec<String>), Fault> {
    let corrupt = |e: &dyn std::fmt::Display| StoreError::corrupt("events", id, e);
    let congress: CongressId = log.id.parse().map_err(|e: &str| corrupt(&e))?;
    let case: CaseId = id.parse().map_err(|e: uuid::Error| corrupt(&e))?;
    let row = cases::row(db, &congress, case)?;
    let state: Value = match row.filter(|row| row.version == version && texts) {
        Some(row) => serde_json::from_str(&row.state).map_err(|e| StoreError::corrupt("cases", id, e))?,
        None if texts => {
            let history = ledger::history(db, &congress, case, 0, version)?;
            let folded =
                Case::fold(&history).ok_or_else(|| corrupt(&"the history does not begin with a draft"))?;
            serde_json::to_value(&folded).map_err(|e| corrupt(&e))?
        }
        None => {
            let mut rows = log::events_of(db, &log.id, id)?;
            rows.retain(|row| row.version <= version);
            bundle::state_of(&rows).map_err(|e| corrupt(&e))?
        }
    };
    let attached = state["attachments"].as_array().into_iter().flatten();
    let digests = attached.filter_map(|it| it["file"]["sha256"].as_str().map(str::to_owned)).collect();
    Ok((StatedCase { id: id.to_owned(), version, state }, digests))
}

/// The texts that the rows commit to and that are kept still.
fn texts(db: &mut Db, log: &Log, events: &[EventRow], acts: &[ActRow]) -> Result<Vec<Text>, Fault> {
    let mut digests = BTreeSet::new();
    for row in events {
        digests.extend(
            bundle::committed_by_event(row).map_err(|e| StoreError::corrupt("events", &row.case, e))?,
        );
    }
    for row in acts {
        digests.extend(bundle::committed_by_act(row).map_err(|e| StoreError::corrupt("acts", &row.id, e))?);
    }
    let congress = if log.id == log::INSTALLATION { "" } else { &log.id };
    let found = personal_texts::texts(db, congress, &digests)?;
    let mut texts: Vec<Text> =
        found.into_values().map(|it| Text { digest: it.digest, salt: it.salt, text: it.text }).collect();
    texts.sort_by(|a, b| a.digest.cmp(&b.digest));
    Ok(texts)
}

/// All signed heads, each with when it was signed before it, as they lie outside the database too.
fn heads(db: &mut Db, log: &Log) -> Result<String, Fault> {
    let mut text = String::new();
    let mut after = -1;
    loop {
        let page = checkpoints::after(db, &log.id, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(text) };
        after = last.size;
        for row in page {
            text += &format!("# {}\n{}", row.created_at.format("%Y-%m-%dT%H:%M:%SZ"), row.note);
            for it in checkpoints::cosigned(db, &log.id, row.size)? {
                text += &format!("{}\n", it.line);
            }
        }
    }
}
