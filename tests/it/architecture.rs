//! The rings: an inner one never names an outer one, and each folder says what belongs there.

mod names;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// A module at the crate's root, and what its files may not name.
const RINGS: [(&str, &[&str]); 19] = [
    (
        "domain",
        &[
            "crate::store",
            "crate::office",
            "crate::api",
            "crate::cli",
            "crate::files",
            "crate::annual",
            "crate::letter",
            "crate::ledger_file",
            "crate::identity",
            "diesel",
            "actix_web",
            "tokio",
            "Utc::now",
            "now_v7",
            "rand",
            "std::fs",
            "std::env",
            "std::time",
        ],
    ),
    ("store", &["crate::office", "crate::api", "crate::cli", "actix_web"]),
    ("office", &["crate::api", "crate::cli", "crate::ledger_file", "actix_web", "diesel"]),
    ("api", &["crate::store", "crate::cli", "crate::ledger_file", "diesel"]),
    ("cli", &[]),
    (
        "agenda",
        &[
            "crate::store",
            "crate::office",
            "crate::api",
            "crate::cli",
            "crate::domain",
            "actix_web",
            "diesel",
        ],
    ),
    (
        "annual",
        &[
            "crate::store",
            "crate::office",
            "crate::api",
            "crate::cli",
            "crate::domain",
            "actix_web",
            "diesel",
        ],
    ),
    ("bundle", &["crate::store", "crate::office", "crate::api", "crate::cli", "actix_web", "diesel"]),
    ("config", &["crate::store", "crate::office", "crate::api", "crate::cli", "crate::domain"]),
    (
        "courier",
        &[
            "crate::store",
            "crate::office",
            "crate::api",
            "crate::cli",
            "crate::domain",
            "actix_web",
            "diesel",
        ],
    ),
    (
        "evidence",
        &[
            "crate::store",
            "crate::office",
            "crate::api",
            "crate::cli",
            "crate::domain",
            "actix_web",
            "diesel",
        ],
    ),
    (
        "files",
        &[
            "crate::store",
            "crate::office",
            "crate::api",
            "crate::cli",
            "crate::domain",
            "actix_web",
            "diesel",
        ],
    ),
    ("identity", &["crate::store", "crate::office", "crate::api", "crate::cli", "crate::domain"]),
    ("ledger_file", &["crate::store", "crate::office", "crate::api", "crate::cli", "crate::domain"]),
    ("letter", &["crate::store", "crate::office", "crate::api", "crate::cli", "crate::domain"]),
    (
        "mail",
        &[
            "crate::store",
            "crate::office",
            "crate::api",
            "crate::cli",
            "crate::domain",
            "actix_web",
            "diesel",
        ],
    ),
    ("metrics", &["crate::store", "crate::office", "crate::api", "crate::cli", "crate::domain"]),
    (
        "sheet",
        &[
            "crate::store",
            "crate::office",
            "crate::api",
            "crate::cli",
            "crate::domain",
            "actix_web",
            "diesel",
        ],
    ),
    ("telemetry", &["crate::store", "crate::office", "crate::api", "crate::cli", "crate::domain"]),
];

const LARGEST: u64 = 24 * 1024;

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).expect("a folder of sources").flatten().map(|entry| entry.path()).collect()
}

fn files() -> Vec<PathBuf> {
    fn below(folder: &Path) -> Vec<PathBuf> {
        entries(folder)
            .into_iter()
            .flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] })
            .collect()
    }
    below(&src()).into_iter().filter(|path| path.extension().is_some_and(|e| e == "rs")).collect()
}

/// Those that hold sources; fixtures need no word.
fn folders() -> BTreeSet<PathBuf> {
    let folders = files().into_iter().filter_map(|file| Some(file.parent()?.to_owned()));
    folders.filter(|folder| *folder != src()).collect()
}

/// `src/domain/case/reply.rs` is `[domain, case, reply]`, and so is `src/domain/case/reply/mod.rs`.
fn module(file: &Path) -> Vec<String> {
    let path = file.strip_prefix(src()).expect("a source").with_extension("");
    let names = path.iter().map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| !["mod", "lib", "main"].contains(&name.as_str())).collect()
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).expect("a readable source")
}

#[test]
fn inner_rings_do_not_name_outer_ones() {
    let mut found = Vec::new();
    for file in files() {
        let module = module(&file);
        let Some(ring) = module.first() else { continue };
        let Some((_, outer)) = RINGS.iter().find(|(name, _)| name == ring) else {
            found.push(format!("{} lies in no ring", file.display()));
            continue;
        };
        for path in names::named(&read(&file), module.len()) {
            let names = |name: &&&str| format!("::{path}::").contains(&format!("::{name}::"));
            found.extend(outer.iter().find(names).map(|_| format!("{} names {path}", file.display())));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_file_says_what_belongs_there() {
    let silent: Vec<_> = files().into_iter().filter(|file| !read(file).starts_with("//!")).collect();
    assert!(silent.is_empty(), "no `//!` at the head of {silent:#?}");
}

#[test]
fn every_folder_has_a_file_that_speaks_for_it() {
    let speaks = |folder: &PathBuf| folder.join("mod.rs").exists() || folder.with_extension("rs").exists();
    let silent: Vec<_> = folders().into_iter().filter(|folder| !speaks(folder)).collect();
    assert!(silent.is_empty(), "neither mod.rs nor a file of the same name: {silent:#?}");
}

#[test]
fn no_file_has_grown_past_one_subject() {
    let large: Vec<_> =
        files().into_iter().filter(|f| f.metadata().is_ok_and(|m| m.len() > LARGEST)).collect();
    assert!(large.is_empty(), "{large:#?}");
}
