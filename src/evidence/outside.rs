//! Checkpoints outside the database: a folder with a file for each log and month, to which notes are appended and in
//! which nothing is ever changed. Whoever rewrites the database does not reach what lies here, or was copied from here.
//!
//! Before each note stands a line `# 2024-03-08T01:02:03Z`, which tells when, and divides the notes.

use super::{
    Checkpoint,
    note::{Note, PublicKey, Wrong},
};
use chrono::{DateTime, SecondsFormat, Utc};
use std::{
    fs, io,
    io::{Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
};

/// The folder.
#[derive(Clone, Debug)]
pub struct Outside(PathBuf);

/// What cannot be done with the folder.
#[derive(Debug, thiserror::Error)]
pub enum OutsideError {
    #[error("checkpoints in {}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("checkpoints in {}: {reason}", path.display())]
    Wrong { path: PathBuf, reason: String },
}

/// The suffix of a log's files.
const SUFFIX: &str = ".checkpoints";

impl Outside {
    /// # Errors
    /// When the folder is not there and cannot be made.
    pub fn open(folder: &Path) -> Result<Outside, OutsideError> {
        let mut own = fs::DirBuilder::new();
        std::os::unix::fs::DirBuilderExt::mode(own.recursive(true), 0o700);
        own.create(folder).map_err(|source| OutsideError::File { path: folder.to_owned(), source })?;
        Ok(Outside(folder.to_owned()))
    }

    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// Appends a log's note; it is on the disk afterwards.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn append(&self, log: &str, at: DateTime<Utc>, note: &Note) -> Result<(), OutsideError> {
        let path = self.0.join(format!("{log}-{}{SUFFIX}", at.format("%Y-%m")));
        let written = || {
            let new = !path.exists();
            let mut options = fs::OpenOptions::new();
            std::os::unix::fs::OpenOptionsExt::mode(options.read(true).append(true).create(true), 0o640);
            let mut file = options.open(&path)?;
            // A write that a power cut tore is left as it is; the next begins on a line of its own.
            let mut last = [b'\n'];
            if file.seek(io::SeekFrom::End(0))? > 0 {
                file.seek(io::SeekFrom::End(-1))?;
                file.read_exact(&mut last)?;
            }
            let torn = if last == [b'\n'] { "" } else { "\n" };
            let second = at.to_rfc3339_opts(SecondsFormat::Secs, true);
            file.write_all(format!("{torn}# {second}\n{note}").as_bytes())?;
            file.sync_all()?;
            if new { fs::File::open(&self.0)?.sync_all() } else { Ok(()) }
        };
        written().map_err(|source| OutsideError::File { path: path.clone(), source })
    }

    /// The logs that have checkpoints here.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn logs(&self) -> Result<Vec<String>, OutsideError> {
        let mut logs: Vec<String> = self.files()?.into_iter().map(|(log, _)| log).collect();
        logs.dedup();
        Ok(logs)
    }

    /// The newest checkpoint of a log: the longest that its keys signed.
    ///
    /// # Errors
    /// When a file cannot be read, or a note in it is not signed by the log.
    pub fn newest(&self, log: &str, keys: &[PublicKey]) -> Result<Option<Checkpoint>, OutsideError> {
        // Months follow each other, and a log only grows: the last file has it.
        let files = self.files()?;
        let mut own = files.iter().filter(|(of, _)| of == log).map(|(_, path)| path).rev();
        own.find_map(|path| read(path, keys).map(|all| all.into_iter().max_by_key(|it| it.size)).transpose())
            .transpose()
    }

    /// The logs' files, by log and month.
    fn files(&self) -> Result<Vec<(String, PathBuf)>, OutsideError> {
        let failed = |source| OutsideError::File { path: self.0.clone(), source };
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.0).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // `330502-2024-03.checkpoints`
            if let Some(stem) = name.strip_suffix(SUFFIX)
                && let Some((log, _)) = stem.rsplit_once('-').and_then(|(rest, _)| rest.rsplit_once('-'))
            {
                files.push((log.to_owned(), path));
            }
        }
        files.sort();
        Ok(files)
    }
}

/// The checkpoints of a file, in its order.
///
/// # Errors
/// When it cannot be read, or a note that came whole is not signed by one of the keys.
pub fn read(path: &Path, keys: &[PublicKey]) -> Result<Vec<Checkpoint>, OutsideError> {
    let text =
        fs::read_to_string(path).map_err(|source| OutsideError::File { path: path.to_owned(), source })?;
    let notes = notes(&text);
    let opened = notes.iter().map(|note| Checkpoint::open(note, keys));
    opened.collect::<Result<_, Wrong>>().map_err(|wrong| OutsideError::Wrong {
        path: path.to_owned(),
        reason: format!(
            "{wrong}; a key that signed earlier belongs beside the log's key, as <key file>.previous-…"
        ),
    })
}

/// The notes of such a file, or a note alone. What a torn write left is passed over.
pub fn notes(text: &str) -> Vec<Note> {
    let mut pieces = vec![String::new()];
    for line in text.split_inclusive('\n') {
        match (line.starts_with("# "), pieces.last_mut()) {
            (false, Some(piece)) => piece.push_str(line),
            _ => pieces.push(String::new()),
        }
    }
    pieces.iter().filter_map(|piece| piece.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{
        Algorithm,
        note::{Purpose, SecretKey},
    };
    use super::*;
    use ed25519_dalek::SigningKey;

    fn key(byte: u8) -> SecretKey {
        SecretKey::new("jianyi/330502", Purpose::Log, SigningKey::from_bytes(&[byte; 32])).unwrap()
    }

    fn head(size: u64) -> Checkpoint {
        let algorithm = Algorithm::Sha256;
        Checkpoint {
            origin: "jianyi/330502".to_owned(),
            algorithm,
            size,
            root: algorithm.leaf(&size.to_be_bytes()),
        }
    }

    #[test]
    fn the_newest_is_found_across_months_and_after_a_torn_write() {
        let folder = tempfile::tempdir().unwrap();
        let outside = Outside::open(&folder.path().join("of/its/own")).unwrap();
        let keys = [key(1).public().clone()];
        assert_eq!(outside.newest("330502", &keys).unwrap(), None);
        let at = |day: &str| format!("{day}T01:02:03Z").parse().unwrap();
        for (day, size) in [("2024-01-31", 3), ("2024-02-01", 5), ("2024-02-02", 8)] {
            outside.append("330502", at(day), &head(size).signed(&key(1))).unwrap();
        }
        outside.append("installation", at("2024-02-02"), &head(99).signed(&key(1))).unwrap();
        assert_eq!(outside.newest("330502", &keys).unwrap(), Some(head(8)));
        assert_eq!(outside.logs().unwrap(), ["330502", "installation"]);
        // A power cut in the middle of a line.
        let file = outside.folder().join("330502-2024-02.checkpoints");
        let whole = fs::read_to_string(&file).unwrap();
        fs::write(&file, format!("{whole}# 2024-02-03T00:00:00Z\njianyi/330502\n9")).unwrap();
        assert_eq!(outside.newest("330502", &keys).unwrap(), Some(head(8)));
        outside.append("330502", at("2024-02-03"), &head(9).signed(&key(1))).unwrap();
        assert_eq!(outside.newest("330502", &keys).unwrap(), Some(head(9)));
        assert_eq!(read(&file, &keys).unwrap(), [head(5), head(8), head(9)]);
        assert!(fs::read_to_string(&file).unwrap().starts_with(&whole), "nothing is ever changed");
    }

    #[test]
    fn a_note_of_a_foreign_key_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let outside = Outside::open(folder.path()).unwrap();
        outside.append("330502", "2024-01-01T00:00:00Z".parse().unwrap(), &head(3).signed(&key(2))).unwrap();
        let error = outside.newest("330502", &[key(1).public().clone()]).unwrap_err().to_string();
        assert!(error.contains("none of the keys"), "{error}");
    }
}
