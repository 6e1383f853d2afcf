//! The bag around the bundle (BagIt, RFC 8493): a folder or a ZIP of it, with a manifest of all digests.

use super::Files;
use sha2::{Digest as _, Sha256};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
const BAGIT: &str = "bagit.txt";
pub const INFO: &str = "bag-info.txt";
pub const MANIFEST: &str = "manifest-sha256.txt";
pub const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";
/// Files of a bag and bytes of all of them: no bundle is larger that this program can check.
const MOST_FILES: usize = 1_000_000;
const MOST_BYTES: u64 = 32 << 30;

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn manifest<'f>(files: impl Iterator<Item = (&'f String, &'f Vec<u8>)>) -> String {
    files.map(|(path, bytes)| format!("{}  {path}\n", sha256(bytes))).collect()
}

/// Closes the bag: what stands under `data/` gets its manifest, and that gets its own.
pub fn close(files: &mut Files, info: &[(&str, String)]) {
    files.retain(|path, _| path.starts_with("data/"));
    let payload = files.values().map(|bytes| bytes.len() as u64).sum::<u64>();
    let count = files.len();
    let listed = manifest(files.iter());
    let mut lines: String = info.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    lines += &format!("Payload-Oxum: {payload}.{count}\n");
    files.insert(BAGIT.to_owned(), DECLARATION.into());
    files.insert(INFO.to_owned(), lines.into_bytes());
    files.insert(MANIFEST.to_owned(), listed.into_bytes());
    let tags = manifest(files.iter().filter(|(path, _)| !path.starts_with("data/")));
    files.insert(TAG_MANIFEST.to_owned(), tags.into_bytes());
}

/// What is wrong with the bag, file by file.
pub fn check(files: &Files) -> Vec<(String, String)> {
    let mut wrong = Vec::new();
    if files.get(BAGIT).map(Vec::as_slice) != Some(DECLARATION.as_bytes()) {
        wrong.push((BAGIT.to_owned(), "is not the declaration of a BagIt bag of version 1.0".to_owned()));
    }
    let payload = files.iter().filter(|(path, _)| path.starts_with("data/"));
    compare(files, MANIFEST, payload.map(|(path, _)| path.as_str()).collect(), &mut wrong);
    let tags = [BAGIT, INFO, MANIFEST];
    compare(files, TAG_MANIFEST, tags.into(), &mut wrong);
    for path in files.keys().filter(|path| !path.starts_with("data/")) {
        if ![BAGIT, INFO, MANIFEST, TAG_MANIFEST].contains(&path.as_str()) {
            wrong.push((path.clone(), "does not belong into the bag".to_owned()));
        }
    }
    wrong
}

fn compare(files: &Files, name: &str, present: Vec<&str>, wrong: &mut Vec<(String, String)>) {
    let Some(text) = files.get(name).and_then(|bytes| std::str::from_utf8(bytes).ok()) else {
        wrong.push((name.to_owned(), "is missing or no text".to_owned()));
        return;
    };
    let mut listed: BTreeMap<&str, &str> = BTreeMap::new();
    for line in text.lines() {
        match line.split_once("  ") {
            Some((digest, path)) if listed.insert(path, digest).is_none() => {}
            _ => wrong.push((name.to_owned(), format!("has a line that is no entry: {line}"))),
        }
    }
    for path in present {
        match (listed.remove(path), files.get(path)) {
            (None, _) => wrong.push((path.to_owned(), format!("is not in {name}"))),
            (Some(_), None) => wrong.push((path.to_owned(), "is missing".to_owned())),
            (Some(digest), Some(bytes)) if digest != sha256(bytes) => {
                wrong.push((path.to_owned(), format!("is not the file that {name} lists")));
            }
            _ => {}
        }
    }
    wrong.extend(listed.into_keys().map(|path| (path.to_owned(), format!("is in {name} and missing"))));
}

/// Why a bag cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum BagError {
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{}: {reason}", path.display())]
    Wrong { path: PathBuf, reason: String },
}

fn is_zip(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}

/// Writes a bag where there is nothing yet: a ZIP if the name says so, else a folder.
///
/// # Errors
/// When something is there already, or cannot be written.
pub fn write(files: &Files, path: &Path) -> Result<(), BagError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| BagError::File { path, source }
    };
    if is_zip(path) {
        let file = fs::File::create_new(path).map_err(failed(path))?;
        let mut zip = zip::ZipWriter::new(file);
        // One time for all: the same bundle is the same file.
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .large_file(true);
        let wrong =
            |e: zip::result::ZipError| BagError::Wrong { path: path.to_owned(), reason: e.to_string() };
        for (name, bytes) in files {
            zip.start_file(name.as_str(), options).map_err(wrong)?;
            zip.write_all(bytes).map_err(failed(path))?;
        }
        let file = zip.finish().map_err(wrong)?;
        return file.sync_all().map_err(failed(path));
    }
    fs::create_dir(path).map_err(failed(path))?;
    for (name, bytes) in files {
        let file = path.join(name);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(failed(folder))?;
        }
        let mut written = fs::File::create_new(&file).map_err(failed(&file))?;
        written.write_all(bytes).and_then(|()| written.sync_all()).map_err(failed(&file))?;
    }
    Ok(())
}

/// Reads a bag whole.
///
/// # Errors
/// When it cannot be read, or is larger than any bundle.
pub fn read(path: &Path) -> Result<Files, BagError> {
    let mut files = Files::new();
    let mut room = MOST_BYTES;
    if path.is_dir() {
        read_folder(path, path, &mut files, &mut room)?;
        return Ok(files);
    }
    let wrong = |reason: String| BagError::Wrong { path: path.to_owned(), reason };
    let file = fs::File::open(path).map_err(|source| BagError::File { path: path.to_owned(), source })?;
    let mut zip = zip::ZipArchive::new(file).map_err(|e| wrong(e.to_string()))?;
    if zip.len() > MOST_FILES {
        return Err(wrong("it has too many files".to_owned()));
    }
    for index in 0..zip.len() {
        let entry = zip.by_index(index).map_err(|e| wrong(e.to_string()))?;
        if entry.is_dir() {
            continue;
        }
        let name = entry.name().map_err(|e| wrong(e.to_string()))?.into_owned();
        let mut bytes = Vec::new();
        entry
            .take(room + 1)
            .read_to_end(&mut bytes)
            .map_err(|source| BagError::File { path: path.join(&name), source })?;
        room = room.checked_sub(bytes.len() as u64).ok_or_else(|| wrong("it is too large".to_owned()))?;
        if files.insert(name.clone(), bytes).is_some() {
            return Err(wrong(format!("{name} is in it twice")));
        }
    }
    Ok(files)
}

fn read_folder(root: &Path, folder: &Path, files: &mut Files, room: &mut u64) -> Result<(), BagError> {
    let failed = |source| BagError::File { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() {
            read_folder(root, &path, files, room)?;
            continue;
        }
        let wrong = |reason: &str| BagError::Wrong { path: path.clone(), reason: reason.to_owned() };
        if !kind.is_file() {
            return Err(wrong("it is no plain file"));
        }
        let bytes = fs::read(&path).map_err(|source| BagError::File { path: path.clone(), source })?;
        *room = room.checked_sub(bytes.len() as u64).ok_or_else(|| wrong("the bundle is too large"))?;
        let name = path
            .strip_prefix(root)
            .ok()
            .and_then(Path::to_str)
            .ok_or_else(|| wrong("its name is no text"))?;
        files.insert(name.to_owned(), bytes);
        if files.len() > MOST_FILES {
            return Err(wrong("the bundle has too many files"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bag() -> Files {
        let mut files = Files::new();
        files.insert("data/a.txt".to_owned(), b"one\n".to_vec());
        files.insert("data/deep/b.txt".to_owned(), "二".into());
        close(&mut files, &[("Source-Organization", "试点".to_owned())]);
        files
    }

    #[test]
    fn a_bag_comes_back_as_it_was_from_a_folder_and_a_zip() {
        let folder = tempfile::tempdir().unwrap();
        let bag = bag();
        assert_eq!(check(&bag), []);
        for name in ["bag", "bag.zip"] {
            let path = folder.path().join(name);
            write(&bag, &path).unwrap();
            assert_eq!(read(&path).unwrap(), bag, "{name}");
            assert!(write(&bag, &path).is_err(), "nothing is overwritten");
        }
        let manifest = String::from_utf8(bag[MANIFEST].clone()).unwrap();
        // printf 'one\n' | sha256sum
        assert!(
            manifest.starts_with(
                "2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806  data/a.txt\n"
            )
        );
        assert!(String::from_utf8(bag[INFO].clone()).unwrap().ends_with("Payload-Oxum: 7.2\n"));
    }

    #[test]
    fn what_was_changed_added_or_taken_away_is_named() {
        type Change<'a> = (&'a str, &'a dyn Fn(&mut Files));
        let changes: [Change<'_>; 6] = [
            ("data/a.txt", &|files| files.get_mut("data/a.txt").unwrap().push(b'x')),
            ("data/a.txt", &|files| drop(files.remove("data/a.txt"))),
            ("data/c.txt", &|files| drop(files.insert("data/c.txt".to_owned(), Vec::new()))),
            ("other.txt", &|files| drop(files.insert("other.txt".to_owned(), Vec::new()))),
            (MANIFEST, &|files| files.get_mut(MANIFEST).unwrap().push(b'x')),
            (BAGIT, &|files| files.get_mut(BAGIT).unwrap().truncate(5)),
        ];
        for (place, change) in changes {
            let mut files = bag();
            change(&mut files);
            assert!(check(&files).iter().any(|(at, _)| at == place), "{place}: {:?}", check(&files));
        }
    }
}
