//! The offline check: leaves from rows, roots from leaves, signatures, cases from events, commitments, attached files.

use super::{
    ABOUT, ACTS, ATTACHED, About, CASES, CHECKPOINTS, EVENTS, FORMAT, Files, LEAVES, Leaf, POLICIES, REPORTS,
    StatedCase, TEXTS, Text, bag,
    fold::{self, commitments, committed_by_act, recorded, tell},
};
use crate::{
    domain::case::{Case, Recorded},
    evidence::{
        Checkpoint, Hash,
        audit::{self, Finding, Heads, Identity},
        commitment,
        note::PublicKey,
        outside,
        row::{ActRow, EventRow, ReportRow, Subject},
    },
};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What the auditor brings along, from elsewhere than the bundle.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The log's public keys, and witnesses'.
    pub keys: &'a [PublicKey],
    /// Checkpoints that he kept: a log that was rewritten or rolled back does not lead to them.
    pub checkpoints: &'a [Checkpoint],
    /// This program's fold.
    pub fold: u32,
}

/// What was checked, and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub about: Option<About>,
    pub leaves: usize,
    pub events: usize,
    pub acts: usize,
    /// Sealed reports.
    pub reports: usize,
    pub cases: usize,
    /// Attached files whose bytes were read.
    pub files: usize,
    /// Texts that commitments stand for.
    pub texts: usize,
    /// Commitments whose text was erased by an act.
    pub erased: usize,
    pub heads: Heads,
    pub findings: Vec<Finding>,
}

/// Checks a bundle.
pub fn check(files: &Files, known: Known<'_>) -> Report {
    let mut report = Report::default();
    report.findings.extend(bag::check(files).into_iter().map(|(path, what)| Finding::new(path, what)));
    let Some(about) = about(files, &mut report) else { return report };
    let mut checking = Checking { files, known, about, report };
    checking.all();
    checking.report
}

fn about(files: &Files, report: &mut Report) -> Option<About> {
    let read = files.get(ABOUT).map(|bytes| serde_json::from_slice::<About>(bytes));
    let (about, what) = match read {
        None => (None, "is missing: this is no bundle".to_owned()),
        Some(Err(error)) => (None, error.to_string()),
        Some(Ok(about)) if about.format != FORMAT => {
            (None, format!("is of the form {}; this program knows {FORMAT}", about.format))
        }
        Some(Ok(about)) => (Some(about), String::new()),
    };
    report.about = about.clone();
    if about.is_none() {
        report.findings.push(Finding::new(ABOUT, what));
    }
    about
}

struct Checking<'a> {
    files: &'a Files,
    known: Known<'a>,
    about: About,
    report: Report,
}

impl Checking<'_> {
    fn wrong(&mut self, place: impl ToString, what: impl Into<String>) {
        self.report.findings.push(Finding::new(place, what));
    }

    fn all(&mut self) {
        let leaves: Vec<Leaf> = self.lines(LEAVES);
        let events: Vec<EventRow> = self.lines(EVENTS);
        let acts: Vec<ActRow> = self.lines(ACTS);
        let reports: Vec<ReportRow> = self.lines(REPORTS);
        self.report.leaves = leaves.len();
        (self.report.events, self.report.acts) = (events.len(), acts.len());
        self.report.reports = reports.len();
        for it in &reports {
            if sha256(it.body.as_bytes()) != it.digest {
                self.wrong(it.subject(), "is not what its digest says");
            }
        }
        self.log(&leaves, &events, &acts, &reports);
        self.books(&events, &acts);
    }

    fn lines<T: DeserializeOwned>(&mut self, path: &str) -> Vec<T> {
        let Some(bytes) = self.files.get(path) else {
            self.wrong(path, "is missing");
            return Vec::new();
        };
        let mut all = Vec::new();
        for (line, number) in bytes.split_inclusive(|byte| *byte == b'\n').zip(1..) {
            match serde_json::from_slice(line) {
                Ok(one) => all.push(one),
                Err(error) => self.wrong(format!("{path} line {number}"), format!("cannot be read: {error}")),
            }
        }
        all
    }

    /// Rows against leaves, leaves against signed heads.
    fn log(&mut self, leaves: &[Leaf], events: &[EventRow], acts: &[ActRow], reports: &[ReportRow]) {
        let algorithm = self.about.hash;
        let subject = |leaf: &Leaf| Subject { kind: leaf.kind, id: leaf.id.clone(), version: leaf.version };
        let logged: Vec<(Subject, Hash)> = leaves.iter().map(|leaf| (subject(leaf), leaf.hash)).collect();
        let own = |congress: Option<&str>| congress.unwrap_or("installation") == self.about.congress;
        let mut rows: HashMap<Subject, Hash> = HashMap::new();
        let mut twice = Vec::new();
        let all = events
            .iter()
            .map(|row| (own(Some(&row.congress)), row.subject(), row.leaf(algorithm)))
            .chain(acts.iter().map(|row| (own(row.congress.as_deref()), row.subject(), row.leaf(algorithm))))
            .chain(reports.iter().map(|row| (own(Some(&row.congress)), row.subject(), row.leaf(algorithm))));
        for (own, subject, hash) in all {
            if !own {
                twice.push(Finding::new(&subject, "belongs to another congress"));
            }
            if rows.insert(subject.clone(), hash).is_some() {
                twice.push(Finding::new(&subject, "is there twice"));
            }
        }
        self.report.findings.extend(twice);
        self.report.findings.extend(audit::rows(&logged, &rows));
        self.report.findings.extend(audit::gaps(rows.keys()));
        let text = self.files.get(CHECKPOINTS).and_then(|bytes| std::str::from_utf8(bytes).ok());
        let Some(text) = text else {
            self.wrong(CHECKPOINTS, "is missing or no text");
            return;
        };
        let notes = outside::notes(text);
        // Every piece of it is a note: nothing is passed over here.
        if notes.len() != text.lines().filter(|line| line.starts_with("# ")).count() {
            self.wrong(CHECKPOINTS, "has pieces that are no signed note");
        }
        let origin = self.about.origin.clone();
        let identity = Identity { origin: &origin, algorithm, keys: self.known.keys };
        let hashes = logged.iter().map(|(_, hash)| *hash);
        // Those of other logs are for their own bundles.
        let own = self.known.checkpoints.iter().filter(|it| it.origin == origin).cloned();
        let (heads, findings) = audit::heads(identity, hashes, &notes, &own.collect::<Vec<_>>());
        self.report.findings.extend(findings);
        let size = heads.newest.as_ref().map_or(0, |newest| newest.size);
        if size != logged.len() as u64 || self.about.size != size {
            let what = format!(
                "the newest signed head has {size} entries, the bundle {} and says {}",
                logged.len(),
                self.about.size
            );
            self.wrong(LEAVES, what);
        }
        self.report.heads = heads;
    }

    /// Cases from events, and what both books commit to.
    fn books(&mut self, events: &[EventRow], acts: &[ActRow]) {
        let texts: Vec<Text> = if self.about.texts { self.lines(TEXTS) } else { Vec::new() };
        self.report.texts = texts.len();
        let mut told: HashMap<&str, &str> = HashMap::new();
        for it in &texts {
            if commitment::digest(&it.salt, &it.text) != it.digest {
                self.wrong(format!("text {}", it.digest), "salt and text do not give the digest");
            }
            if told.insert(&it.digest, &it.text).is_some() {
                self.wrong(format!("text {}", it.digest), "is there twice");
            }
        }
        let erased: BTreeSet<String> =
            acts.iter().flat_map(|act| commitment::erased_by(&act.kind, &act.body)).collect();
        let mut needed: Vec<(String, String)> = Vec::new();
        for act in acts {
            match committed_by_act(act) {
                Ok(digests) => {
                    needed.extend(digests.into_iter().map(|digest| (act.subject().to_string(), digest)));
                }
                Err(what) => self.wrong(act.subject(), what),
            }
        }
        let mut histories: BTreeMap<&str, Vec<&EventRow>> = BTreeMap::new();
        for row in events {
            histories.entry(&row.case).or_default().push(row);
        }
        let stated: Vec<StatedCase> =
            if self.files.contains_key(CASES) || !events.is_empty() { self.lines(CASES) } else { Vec::new() };
        self.report.cases = stated.len();
        let mut by_id: HashMap<&str, &StatedCase> = HashMap::new();
        for case in &stated {
            if by_id.insert(&case.id, case).is_some() {
                self.wrong(format!("case {}", case.id), "is stated twice");
            }
        }
        for (id, mut rows) in histories {
            rows.sort_by_key(|row| row.version);
            let mut history = Vec::new();
            for row in &rows {
                match recorded(row).and_then(|mut it| Ok((commitments(&mut it)?, it))) {
                    Ok((digests, it)) => {
                        needed.extend(digests.into_iter().map(|digest| (row.subject().to_string(), digest)));
                        history.push(it);
                    }
                    Err(what) => self.wrong(row.subject(), what),
                }
            }
            match by_id.remove(id) {
                None => self.wrong(format!("case {id}"), "has events and is not stated"),
                Some(stated) => self.case(stated, history, &told),
            }
        }
        for id in by_id.into_keys() {
            self.wrong(format!("case {id}"), "is stated and has no events");
        }
        if self.about.texts {
            self.commitments(&needed, &told, &erased);
        }
    }

    fn commitments(
        &mut self,
        needed: &[(String, String)],
        told: &HashMap<&str, &str>,
        erased: &BTreeSet<String>,
    ) {
        let mut used: HashSet<&str> = HashSet::new();
        for (place, digest) in needed {
            used.insert(digest);
            match (told.contains_key(digest.as_str()), erased.contains(digest)) {
                (true, false) => {}
                (false, true) => self.report.erased += 1,
                (true, true) => self.wrong(place, format!("the text of {digest} was erased, and is here")),
                (false, false) => {
                    self.wrong(place, format!("the text of {digest} is missing, and no act erased it"));
                }
            }
        }
        let mut strangers: Vec<&str> = told.keys().copied().filter(|digest| !used.contains(digest)).collect();
        strangers.sort_unstable();
        for digest in strangers {
            self.wrong(format!("text {digest}"), "nothing commits to it");
        }
    }

    fn case(&mut self, stated: &StatedCase, mut history: Vec<Recorded>, told: &HashMap<&str, &str>) {
        let place = format!("case {} version {}", stated.id, stated.version);
        if self.about.texts {
            for it in &mut history {
                if let Err(what) = tell(it, told) {
                    self.wrong(format!("case {} version {}", stated.id, it.version), what);
                }
            }
        }
        let (case, state) = match fold::fold(&history) {
            Ok(folded) => folded,
            Err(what) => return self.wrong(place, what),
        };
        if case.id.to_string() != stated.id || case.congress.to_string() != self.about.congress {
            self.wrong(&place, "its events are of another case");
        }
        if case.version != stated.version {
            self.wrong(&place, format!("its events come to version {}", case.version));
        }
        let same_fold = self.about.fold == self.known.fold;
        // Another program's fold may know other fields: what both know is compared.
        let theirs = match (same_fold, serde_json::from_value::<Case>(stated.state.clone())) {
            (true, _) => Ok(stated.state.clone()),
            (false, Ok(theirs)) => serde_json::to_value(theirs).map_err(|e| e.to_string()),
            (false, Err(error)) => Err(error.to_string()),
        };
        match theirs {
            Err(what) => self.wrong(&place, format!("cannot be read: {what}")),
            Ok(theirs) => {
                let differences = fold::differences(&theirs, &state);
                if !differences.is_empty() {
                    let what = format!("is not what its events come to: {}", differences.join(", "));
                    self.wrong(&place, what);
                }
            }
        }
        if let Some(policy) = &case.policy {
            let path = format!("{POLICIES}{}-{}.json", policy.id, policy.version);
            if !self.files.contains_key(&path) {
                self.wrong(&place, format!("its rules are missing: {path}"));
            }
        }
        if self.about.files {
            for attached in &case.attachments {
                self.attached(&place, attached.number, &attached.file.sha256);
            }
        }
    }

    fn attached(&mut self, place: &str, number: u32, sha256: &str) {
        let Some(bytes) = self.files.get(&format!("{ATTACHED}{sha256}")) else {
            return self.wrong(place, format!("attachment {number} is missing: {sha256}"));
        };
        self.report.files += 1;
        if self::sha256(bytes) != sha256 {
            self.wrong(place, format!("attachment {number} is not the file that was attached: {sha256}"));
        }
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
