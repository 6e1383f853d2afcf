//! The rings: an inner one never names an outer one, and each folder says what belongs there.

use std::path::{Path, PathBuf};

/// A ring, and what its files may not name.
const RINGS: [(&str, &[&str]); 8] = [
    (
        "domain",
        &[
            "crate::store",
            "crate::office",
            "crate::api",
            "crate::cli",
            "crate::ledger_file",
            "crate::identity",
            "diesel::",
            "actix_web",
            "tokio::",
            "Utc::now",
            "now_v7",
            "rand::",
            "std::fs",
            "std::env",
            "std::time",
        ],
    ),
    ("store", &["crate::office", "crate::api", "crate::cli", "actix_web"]),
    ("office", &["crate::api", "crate::cli", "crate::ledger_file", "actix_web", "diesel::"]),
    ("api", &["crate::store", "crate::cli", "crate::ledger_file", "diesel::"]),
    ("config", &["crate::store", "crate::office", "crate::api", "crate::cli", "crate::domain"]),
    ("identity", &["crate::store", "crate::office", "crate::api", "crate::cli", "crate::domain"]),
    ("ledger_file", &["crate::store", "crate::office", "crate::api", "crate::cli", "crate::domain"]),
    ("telemetry", &["crate::store", "crate::office", "crate::api", "crate::cli", "crate::domain"]),
];

const LARGEST: usize = 24 * 1024;

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of sources").flatten().map(|entry| entry.path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .collect()
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a readable source");
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn inner_rings_do_not_name_outer_ones() {
    let mut found = Vec::new();
    for (ring, outer) in RINGS {
        for file in files(&src().join(ring)) {
            let code = code(&file);
            found.extend(
                outer
                    .iter()
                    .filter(|name| code.contains(*name))
                    .map(|name| format!("{} names {name}", file.display())),
            );
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_folder_says_what_belongs_there() {
    let mut silent = Vec::new();
    for file in files(&src()) {
        let text = std::fs::read_to_string(&file).expect("a readable source");
        if !text.starts_with("//!") {
            silent.push(file);
        }
    }
    assert!(silent.is_empty(), "no `//!` at the head of {silent:#?}");
}

#[test]
fn no_file_has_grown_past_one_subject() {
    let large: Vec<_> =
        files(&src()).into_iter().filter(|f| f.metadata().is_ok_and(|m| m.len() > LARGEST as u64)).collect();
    assert!(large.is_empty(), "{large:#?}");
}
