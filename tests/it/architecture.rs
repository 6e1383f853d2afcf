//! Inner rings do not name outer ones, and every file stays where a reader expects it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A module or folder of `src`, and what its code must not name.
struct Ring {
    name: &'static str,
    /// Modules of ours.
    modules: &'static [&'static str],
    /// Paths of other crates.
    paths: &'static [&'static str],
}

/// Innermost first, then the leaves: helpers at the edge, which know of no ring but the domain.
#[rustfmt::skip] // One line a ring reads as a table.
const RINGS: [Ring; 8] = [
    Ring { name: "domain", modules: &["store", "office", "api", "cli", "ledger_file", "telemetry", "config"], paths: IMPURE },
    Ring { name: "store", modules: &["office", "api", "cli"], paths: &["actix_web"] },
    Ring { name: "office", modules: &["api", "cli"], paths: &["actix_web"] },
    Ring { name: "api", modules: &["store", "cli"], paths: &["diesel"] },
    Ring { name: "cli", modules: &[], paths: &[] },
    Ring { name: "ledger_file", modules: &["store", "office", "api", "cli"], paths: &["diesel", "actix_web"] },
    Ring { name: "telemetry", modules: &["store", "office", "api", "cli"], paths: &["diesel"] },
    Ring { name: "config", modules: &["store", "office", "api", "cli"], paths: &["diesel", "actix_web"] },
];

/// What would let the same question have two answers.
const IMPURE: &[&str] = &[
    "diesel",
    "actix_web",
    "tokio",
    "rand",
    "std::fs",
    "std::env",
    "std::net",
    "Utc::now",
    "Local::now",
    "SystemTime::now",
    "Instant::now",
    "now_v7",
    "now_v4",
    "new_v4",
];

/// The largest file one sitting takes in; a longer one is a subject not yet split.
const LARGEST_SOURCE: u64 = 24 * 1024;

/// Folders that exist on one machine only.
const MACHINE_PATHS: [&str; 5] = ["/home/", "/root/", "/tmp/", "/Users/", "/mnt/"];

#[test]
fn inner_rings_do_not_name_outer_ones() {
    let mut found = Vec::new();
    for ring in &RINGS {
        for file in files_of(ring.name) {
            let code = code_of(&read(&file));
            let depth = depth_of(&file);
            for module in ring.modules.iter().filter(|module| names_module(&code, module, depth)) {
                found.push(format!("{} names {module}", relative(&file)));
            }
            for path in ring.paths.iter().filter(|path| names_path(&code, path)) {
                found.push(format!("{} names {path}", relative(&file)));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_ring_test_sees_every_way_of_naming_a_ring() {
    for code in [
        "crate::store::open()",
        "use crate::{domain::Case, store};",
        "use crate::{\n    domain::{Case, Term},\n    store::{self, Db},\n};",
        "use crate::*;",
        "use super::super::store;",
        "use super::super::super::store;",
    ] {
        assert!(names_module(code, "store", 2), "{code}");
    }
    for code in ["use crate::{domain::{store, Case}};", "crate::storefront::open()", "use super::store;"] {
        assert!(!names_module(code, "store", 2), "{code}");
    }
    for code in
        ["diesel::insert_into(t)", "use diesel;", "use ::diesel::prelude::*;", "#[diesel(table_name = t)]"]
    {
        assert!(names_path(code, "diesel"), "{code}");
    }
    for code in ["my_diesel::x", "diesel_migrations::x", "let diesel = 3;"] {
        assert!(!names_path(code, "diesel"), "{code}");
    }
}

#[test]
fn every_folder_of_src_says_what_lives_there() {
    let root = source();
    let folders = files_under(&root).into_iter().filter_map(|file| Some(file.parent()?.to_owned()));
    let mut folders: Vec<_> = folders.filter(|folder| *folder != root).collect();
    folders.dedup();
    for folder in folders {
        let text = fs::read_to_string(folder.join("mod.rs")).unwrap_or_default();
        assert!(
            text.starts_with("//! "),
            "{} needs a mod.rs that opens with a `//!` comment",
            relative(&folder)
        );
    }
}

#[test]
fn no_source_file_is_too_long_to_read() {
    for file in files_under(&source()) {
        let size = fs::metadata(&file).expect("size of a source file").len();
        assert!(size <= LARGEST_SOURCE, "{} has {size} bytes; split it by subject", relative(&file));
    }
}

#[test]
fn no_file_names_a_folder_of_one_machine() {
    let mut found = Vec::new();
    for file in tracked_files() {
        let name = relative(&file);
        if name.starts_with("tests/") || name.ends_with("README.md") {
            continue;
        }
        // Not text, or deleted and not yet committed: nothing to read.
        let Ok(text) = fs::read_to_string(&file) else { continue };
        for (number, line) in text.lines().enumerate() {
            if MACHINE_PATHS.iter().any(|path| names_folder(line, path)) {
                found.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Comments may explain what is left out; only code counts.
fn code_of(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// `depth` is how many `super` lead from the file to the crate's root.
fn names_module(code: &str, module: &str, depth: usize) -> bool {
    let climbed = format!("{}{module}", "super::".repeat(depth));
    names_path(code, &climbed)
        || code
            .split("crate::")
            .skip(1)
            .any(|rest| first_names(rest).iter().any(|name| name == module || name == "*"))
}

/// What follows `crate::`: one name, or those a brace opens with, but not the names inside those.
fn first_names(rest: &str) -> Vec<String> {
    let Some(group) = rest.strip_prefix('{') else {
        let name: String = rest.chars().take_while(|&c| is_word(c) || c == '*').collect();
        return vec![name];
    };
    let mut depth = 0;
    let mut top = String::new();
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            _ if depth == 0 => top.push(c),
            _ => {}
        }
    }
    top.split(',').filter_map(|item| item.trim().split("::").next()).map(str::to_owned).collect()
}

/// Whether `path` occurs as a path, an attribute or an import: not as part of a longer word, nor as a variable.
fn names_path(code: &str, path: &str) -> bool {
    code.match_indices(path).any(|(start, _)| {
        let (before, after) = (&code[..start], &code[start + path.len()..]);
        let whole = !before.ends_with(is_word) && !after.starts_with(is_word);
        let is_path = path.contains("::") || before.ends_with("::") || before.ends_with("use ");
        whole && (is_path || path.starts_with("now_") || after.starts_with("::") || before.ends_with("#["))
    })
}

/// Whether an absolute path starts here; the same words inside a URL or a longer path are something else.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        !before.is_some_and(|c| is_word(c) || "./-~}$".contains(c))
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A ring is a folder or a single file; while it does not exist, it holds nothing wrong.
fn files_of(ring: &str) -> Vec<PathBuf> {
    let file = source().join(format!("{ring}.rs"));
    let mut files = files_under(&source().join(ring));
    files.extend(file.exists().then_some(file));
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files
}

fn depth_of(file: &Path) -> usize {
    let steps = file.strip_prefix(source()).expect("a file of src").components().count();
    if file.ends_with("mod.rs") { steps - 1 } else { steps }
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry of a folder").path();
        if path.is_dir() { files.extend(files_under(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

/// With those not yet added, so that a mistake shows before it is committed.
fn tracked_files() -> Vec<PathBuf> {
    let output = Command::new("git")
        // In a container the files often belong to someone else, which git refuses by default.
        .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output();
    let listed = output.ok().filter(|output| output.status.success()).map(|output| output.stdout);
    // Without git the sources were unpacked from an archive: all of it, but what builds leave.
    let Some(listed) = listed else { return unpacked_files() };
    listed
        .split(|&byte| byte == 0)
        .filter(|name| !name.is_empty())
        .map(|name| root().join(String::from_utf8_lossy(name).as_ref()))
        .collect()
}

fn unpacked_files() -> Vec<PathBuf> {
    let entries = fs::read_dir(root()).expect("the project's folder").flatten().map(|entry| entry.path());
    let kept = entries.filter(|path| !["target", "data", ".git"].iter().any(|name| path.ends_with(name)));
    kept.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn source() -> PathBuf {
    root().join("src")
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).expect("a source file in UTF-8")
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
