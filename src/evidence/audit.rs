//! Whether a log, the rows that it is of, and the heads that were signed belong together. What `jianyi verify` asks of
//! a database and of an auditor's bundle alike.

use super::{
    Algorithm, Checkpoint, Hash,
    note::{Note, PublicKey, Purpose},
    row::{Kind, Subject},
    tree::Edge,
};
use std::collections::{BTreeMap, HashMap};

/// Something that is not as it was logged.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// `case … version …`, `act …`, `checkpoint …`, or the log.
    pub place: String,
    pub what: String,
}

impl Finding {
    pub fn new(place: impl ToString, what: impl Into<String>) -> Finding {
        Finding { place: place.to_string(), what: what.into() }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// Leaves against rows: each leaf has its row, which still gives its hash, and each row has one leaf. `logged` are the
/// leaves in their order, `rows` the hashes of the rows as they are now.
pub fn rows(logged: &[(Subject, Hash)], rows: &HashMap<Subject, Hash>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut known: HashMap<&Subject, usize> = HashMap::with_capacity(logged.len());
    for (index, (subject, hash)) in logged.iter().enumerate() {
        if let Some(first) = known.insert(subject, index) {
            findings.push(Finding::new(subject, format!("has two leaves, {first} and {index}")));
        }
        match rows.get(subject) {
            None => findings.push(Finding::new(subject, format!("is gone; leaf {index} stands for it"))),
            Some(now) if now != hash => {
                findings.push(Finding::new(subject, format!("is not what was logged as leaf {index}")));
            }
            Some(_) => {}
        }
    }
    let mut strangers: Vec<&Subject> = rows.keys().filter(|subject| !known.contains_key(subject)).collect();
    strangers.sort();
    findings.extend(strangers.into_iter().map(|it| Finding::new(it, "was never logged")));
    findings
}

/// Whether each case's versions are 1, 2, 3 … without a gap.
pub fn gaps<'a>(subjects: impl IntoIterator<Item = &'a Subject>) -> Vec<Finding> {
    let mut cases: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for subject in subjects.into_iter().filter(|it| it.kind == Kind::Event) {
        cases.entry(&subject.id).or_default().push(subject.version);
    }
    let gap = |(case, mut versions): (&str, Vec<i64>)| {
        versions.sort_unstable();
        let gap = versions.iter().zip(1..).find(|(version, expected)| **version != *expected)?;
        Some(Finding::new(format!("case {case} version {}", gap.1), "is missing from its history"))
    };
    cases.into_iter().filter_map(gap).collect()
}

/// Who signed what of a log, where all was right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    /// The longest head that the log signed.
    pub newest: Option<Checkpoint>,
    /// The longest head that each witness co-signed, with his time in seconds since 1970.
    pub witnessed: BTreeMap<String, (u64, u64)>,
}

/// Which log it is, and whose signatures count.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    pub origin: &'a str,
    pub algorithm: Algorithm,
    /// The log's own and the witnesses'.
    pub keys: &'a [PublicKey],
}

/// Signed heads against the leaves. `notes` are those that lie with the log; `outside` were kept elsewhere and have been
/// opened already.
pub fn heads(
    log: Identity<'_>,
    leaves: impl IntoIterator<Item = Hash>,
    notes: &[Note],
    outside: &[Checkpoint],
) -> (Heads, Vec<Finding>) {
    let (mut heads, mut findings) = (Heads::default(), Vec::new());
    let mut signed: BTreeMap<u64, Vec<(&str, Hash)>> = BTreeMap::new();
    for note in notes {
        let place =
            note.text.lines().nth(1).map_or("checkpoint".to_owned(), |size| format!("checkpoint {size}"));
        let checkpoint = match Checkpoint::open(note, log.keys) {
            Ok(checkpoint) => checkpoint,
            Err(wrong) => {
                findings.push(Finding::new(place, wrong.to_string()));
                continue;
            }
        };
        if (checkpoint.origin.as_str(), checkpoint.algorithm) != (log.origin, log.algorithm) {
            findings.push(Finding::new(place, format!("is of another log, {}", checkpoint.origin)));
            continue;
        }
        for (key, good) in note.signed_by(log.keys).unwrap_or_default() {
            if let (Purpose::Witness, Some(time)) = (key.purpose, good.time) {
                let newest = heads.witnessed.entry(key.name.clone()).or_default();
                *newest = (*newest).max((checkpoint.size, time));
            }
        }
        signed.entry(checkpoint.size).or_default().push(("", checkpoint.root));
        if heads.newest.as_ref().is_none_or(|newest| newest.size < checkpoint.size) {
            heads.newest = Some(checkpoint);
        }
    }
    for checkpoint in outside {
        if (checkpoint.origin.as_str(), checkpoint.algorithm) != (log.origin, log.algorithm) {
            let what = format!("is of another log, {}", checkpoint.origin);
            findings.push(Finding::new(format!("outside checkpoint {}", checkpoint.size), what));
            continue;
        }
        signed.entry(checkpoint.size).or_default().push(("outside ", checkpoint.root));
    }
    let mut edge = Edge::empty(log.algorithm);
    let mut leaves = leaves.into_iter();
    for (size, roots) in signed {
        while edge.size() < size {
            let Some(leaf) = leaves.next() else { break };
            edge.push(leaf, |_, _| {});
        }
        let root = edge.root();
        for (whose, signed) in roots {
            let place = format!("{whose}checkpoint {size}");
            if edge.size() < size {
                let what = format!("the log has only {} of its {size} leaves", edge.size());
                findings.push(Finding::new(place, what));
            } else if signed != root {
                findings.push(Finding::new(place, "the leaves do not come to the root that was signed"));
            }
        }
    }
    (heads, findings)
}
