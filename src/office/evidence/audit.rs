//! The books against the log, and the log against its signed heads, inside and outside the database.

use crate::{
    evidence::{
        Hash,
        audit::{self, Finding, Heads, Identity},
        note::Note,
        row::Subject,
        tree::{Edge, Node},
    },
    office::{Fault, Office},
    store::{
        Db, StoreError, checkpoints,
        log::{self, INSTALLATION, Log},
    },
};
use std::collections::{BTreeSet, HashMap};

const PAGE: i64 = 1000;

/// What was compared, and what does not agree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    pub leaves: usize,
    pub checkpoints: usize,
    /// Rows that wait for their leaf.
    pub waiting: usize,
    /// By log.
    pub findings: Vec<(String, Finding)>,
    pub heads: Vec<(String, Heads)>,
}

impl Office {
    /// Within one snapshot. Signatures are looked at where the log's key is at hand.
    pub(in crate::office) fn compare_log(&self, db: &mut Db) -> Result<Compared, Fault> {
        let mut compared = Compared::default();
        let known = log::all(db)?;
        let mut ids: BTreeSet<String> = known.iter().map(|log| log.id.clone()).collect();
        ids.extend(crate::store::directory::congresses(db)?.into_iter().map(|it| it.id));
        ids.insert(INSTALLATION.to_owned());
        for id in ids {
            match known.iter().find(|log| log.id == id) {
                Some(log) => self.compare_one(db, log, &mut compared)?,
                None => {
                    // Nothing was logged yet; then all that there is must wait.
                    let log = Log { id: id.clone(), origin: String::new(), algorithm: Default::default() };
                    let found = compare_rows(db, &log, &[], &mut compared)?;
                    compared.findings.extend(found.into_iter().map(|finding| (id.clone(), finding)));
                }
            }
        }
        Ok(compared)
    }

    fn compare_one(&self, db: &mut Db, log: &Log, compared: &mut Compared) -> Result<(), Fault> {
        let mut findings = Vec::new();
        let leaves = leaves(db, log, &mut findings)?;
        compare_nodes(db, log, &leaves, &mut findings)?;
        let notes = notes(db, &log.id, &mut findings)?;
        compared.leaves += leaves.len();
        compared.checkpoints += notes.len();
        findings.extend(compare_rows(db, log, &leaves, compared)?);
        findings.extend(audit::gaps(leaves.iter().map(|(subject, _)| subject)));
        if let Some(evidence) = &self.evidence {
            let keys = evidence.keys(&log.origin);
            let outside = match evidence.outside.newest(&log.id, &keys) {
                Ok(newest) => newest,
                Err(error) => {
                    findings.push(Finding::new("outside checkpoints", error.to_string()));
                    None
                }
            };
            let identity = Identity { origin: &log.origin, algorithm: log.algorithm, keys: &keys };
            let hashes = leaves.iter().map(|(_, hash)| *hash);
            let (heads, wrong) = audit::heads(identity, hashes, &notes, outside.as_slice());
            findings.extend(wrong);
            compared.heads.push((log.id.clone(), heads));
        }
        compared.findings.extend(findings.into_iter().map(|finding| (log.id.clone(), finding)));
        Ok(())
    }
}

/// All leaves in their order, which must be 0, 1, 2 …
pub(in crate::office) fn leaves(
    db: &mut Db,
    log: &Log,
    findings: &mut Vec<Finding>,
) -> Result<Vec<(Subject, Hash)>, Fault> {
    let mut all: Vec<(Subject, Hash)> = Vec::new();
    let mut from = 0;
    loop {
        let page = match log::leaves(db, &log.id, from, PAGE) {
            Err(StoreError::Corrupt { row, reason, .. }) => {
                findings.push(Finding::new(format!("leaf {row}"), reason));
                return Ok(all);
            }
            page => page?,
        };
        let Some(last) = page.last() else { return Ok(all) };
        from = last.index + 1;
        for leaf in page {
            if leaf.index != all.len() as u64 {
                let what = format!("stands where leaf {} should", all.len());
                findings.push(Finding::new(format!("leaf {}", leaf.index), what));
            }
            all.push((leaf.subject, leaf.hash));
        }
    }
}

/// The nodes that proofs are made of.
fn compare_nodes(
    db: &mut Db,
    log: &Log,
    leaves: &[(Subject, Hash)],
    findings: &mut Vec<Finding>,
) -> Result<(), Fault> {
    let mut expected: HashMap<Node, Hash> = HashMap::new();
    let mut edge = Edge::empty(log.algorithm);
    for (_, hash) in leaves {
        edge.push(*hash, |node, hash| {
            expected.insert(node, hash);
        });
    }
    let mut after = Node { level: 0, index: 0 };
    loop {
        let page = match log::nodes(db, &log.id, after, PAGE) {
            Err(StoreError::Corrupt { row, reason, .. }) => {
                findings.push(Finding::new(format!("node of {row}"), reason));
                return Ok(());
            }
            page => page?,
        };
        let Some((last, _)) = page.last() else { break };
        after = *last;
        for (node, hash) in page {
            if expected.remove(&node) != Some(hash) {
                let place = format!("node {} of level {}", node.index, node.level);
                findings.push(Finding::new(place, "is not what the leaves below it come to"));
            }
        }
    }
    if !expected.is_empty() {
        findings.push(Finding::new("nodes", format!("{} are missing", expected.len())));
    }
    Ok(())
}

fn notes(db: &mut Db, log: &str, findings: &mut Vec<Finding>) -> Result<Vec<Note>, Fault> {
    let mut notes = Vec::new();
    let mut after = -1;
    loop {
        let page = checkpoints::after(db, log, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(notes) };
        after = last.size;
        for row in &page {
            let place = format!("checkpoint {}", row.size);
            match row.read() {
                Err(error) => findings.push(Finding::new(place, error.to_string())),
                Ok(mut note) => {
                    if note.text.lines().nth(1) != Some(&row.size.to_string()) {
                        findings.push(Finding::new(place, "its note is of another size"));
                    }
                    for it in checkpoints::cosigned(db, log, row.size)? {
                        match it.line.parse() {
                            Ok(line) => note.lines.push(line),
                            Err(_) => findings.push(Finding::new(
                                format!("checkpoint {}", row.size),
                                format!("the cosignature of {} cannot be read", it.witness),
                            )),
                        }
                    }
                    notes.push(note);
                }
            }
        }
    }
}

/// The rows of the books as they are stored, against the leaves. Those that wait for a leaf are no finding.
fn compare_rows(
    db: &mut Db,
    log: &Log,
    leaves: &[(Subject, Hash)],
    compared: &mut Compared,
) -> Result<Vec<Finding>, Fault> {
    let mut rows: HashMap<Subject, Hash> = HashMap::new();
    if log.id != INSTALLATION {
        let mut after = (String::new(), 0);
        loop {
            let page = log::events_after(db, &log.id, (&after.0, after.1), PAGE)?;
            let Some(last) = page.last() else { break };
            after = (last.case.clone(), last.version);
            rows.extend(page.iter().map(|row| (row.subject(), row.leaf(log.algorithm))));
        }
    }
    let mut after = String::new();
    loop {
        let page = log::acts_after(db, &log.id, &after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.id.clone();
        rows.extend(page.iter().map(|row| (row.subject(), row.leaf(log.algorithm))));
    }
    let mut after = String::new();
    loop {
        let page = log::reports_after(db, &log.id, &after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.id.clone();
        rows.extend(page.iter().map(|row| (row.subject(), row.leaf(log.algorithm))));
    }
    let logged: std::collections::HashSet<&Subject> = leaves.iter().map(|(subject, _)| subject).collect();
    for subject in log::waiting(db, &log.id)? {
        if !logged.contains(&subject) && rows.remove(&subject).is_some() {
            compared.waiting += 1;
        }
    }
    Ok(audit::rows(leaves, &rows))
}
