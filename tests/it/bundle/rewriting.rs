//! A forger who knows everything but what is kept elsewhere: he makes leaves, roots and manifests anew, and signs with
//! the service's own key if he has it.

use super::{lines, put};
use jianyi::{
    bundle::{ABOUT, ACTS, About, CHECKPOINTS, EVENTS, Files, LEAVES, Leaf, REPORTS, bag},
    evidence::{
        Checkpoint, Hash,
        note::SecretKey,
        row::{ActRow, EventRow, Kind, ReportRow},
        tree::Edge,
    },
};
use std::collections::HashMap;

pub fn about(files: &Files) -> About {
    serde_json::from_slice(&files[ABOUT]).unwrap()
}

pub fn leaves(files: &Files) -> Vec<Leaf> {
    lines(files, LEAVES).iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub fn write<T: serde::Serialize>(files: &mut Files, path: &str, all: &[T]) {
    let all: Vec<String> = all.iter().map(|one| serde_json::to_string(one).unwrap()).collect();
    put(files, path, &all);
}

/// The manifests, made anew over whatever is there.
pub fn close(files: &mut Files) {
    bag::close(files, &[]);
}

/// The leaves of the rows as they are now, in the order of before; rows without a leaf at the end.
pub fn relog(files: &mut Files) {
    let algorithm = about(files).hash;
    let events: Vec<EventRow> =
        lines(files, EVENTS).iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let acts: Vec<ActRow> =
        lines(files, ACTS).iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let mut rows: HashMap<(Kind, String, i64), Hash> = HashMap::new();
    rows.extend(events.iter().map(|row| ((Kind::Event, row.case.clone(), row.version), row.leaf(algorithm))));
    rows.extend(acts.iter().map(|row| ((Kind::Act, row.id.clone(), 0), row.leaf(algorithm))));
    let reports = lines(files, REPORTS);
    let reports = reports.iter().filter_map(|line| serde_json::from_str::<ReportRow>(line).ok());
    rows.extend(reports.map(|row| ((Kind::Report, row.id.clone(), 0), row.leaf(algorithm))));
    let mut made = Vec::new();
    for leaf in leaves(files) {
        if let Some(hash) = rows.remove(&(leaf.kind, leaf.id.clone(), leaf.version)) {
            made.push(Leaf { hash, ..leaf });
        }
    }
    let mut rest: Vec<_> = rows.into_iter().collect();
    rest.sort();
    made.extend(rest.into_iter().map(|((kind, id, version), hash)| Leaf { kind, id, version, hash }));
    write(files, LEAVES, &made);
}

/// One head over all leaves, signed with a key; `size` in `about.json` follows.
pub fn sign(files: &mut Files, key: &SecretKey) {
    let mut about = about(files);
    let mut edge = Edge::empty(about.hash);
    for leaf in leaves(files) {
        edge.push(leaf.hash, |_, _| {});
    }
    about.size = edge.size();
    let head = Checkpoint {
        origin: about.origin.clone(),
        algorithm: about.hash,
        size: about.size,
        root: edge.root(),
    };
    files
        .insert(CHECKPOINTS.to_owned(), format!("# 2024-01-16T01:00:00Z\n{}", head.signed(key)).into_bytes());
    files.insert(ABOUT.to_owned(), serde_json::to_vec(&about).unwrap());
}
