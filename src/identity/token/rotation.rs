//! The life of keys beside a running service: a new one that signs, former ones that verify for a while, and their end.
//!
//! Several processes share the key's folder. Nothing is ever changed in place: a file appears whole under its name, or
//! goes, so that whoever looks sees the keys of before or of after.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePublicKey as _};
use ed25519_dalek::{SigningKey, VerifyingKey};

use super::keys::{self, KeyError, TokenKeys, Verifier};

/// A key as it lies in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFile {
    /// The key's id.
    pub kid: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Whether it signs; the others only verify.
    pub signs: bool,
    /// When the file was written: for the signing key since when it signs, for a former one since when it does not.
    pub since: DateTime<Utc>,
}

impl TokenKeys {
    /// Makes a new signing key; the former one goes on verifying by its public half, from `<path>.previous-<kid>`.
    ///
    /// Running services take it up with [`Tokens::look_again`](super::Tokens::look_again), and at the latest when they
    /// are shown a token of the new key.
    ///
    /// # Errors
    /// When a file cannot be read or written, is no key, or is open to others.
    pub fn rotate(path: &Path) -> Result<Self, KeyError> {
        Self::load_or_create(path)?;
        let _alone = lock(path)?;
        // Another rotation may have been faster while this one waited.
        let (kid, public) = signing(path)?;
        let kept = keys::beside(path, &format!(".previous-{}", kid.get(..8).unwrap_or_default()));
        let pem = public.to_public_key_pem(LineEnding::LF).map_err(|_| KeyError::Encode)?;
        // Kept first: stopped after this line, the key stands twice, which is no harm.
        keys::write_new(&kept, &pem)?;
        keys::replace(path, &keys::fresh()?)?;
        Self::load(path)
    }
}

/// The keys in the folder, the signing one first.
///
/// # Errors
/// When one cannot be read or is no key; also when there is none.
pub fn list(path: &Path) -> Result<Vec<KeyFile>, KeyError> {
    let mut all =
        vec![KeyFile { kid: signing(path)?.0, path: path.to_owned(), signs: true, since: written(path)? }];
    for former in keys::former_key_files(path)? {
        let kid = Verifier::read(&former)?.kid;
        all.push(KeyFile { kid, since: written(&former)?, path: former, signs: false });
    }
    Ok(all)
}

/// Removes the former keys that ceased to sign before `before`; returns them.
///
/// # Errors
/// When a key cannot be read or removed.
pub fn retire(path: &Path, before: DateTime<Utc>) -> Result<Vec<KeyFile>, KeyError> {
    let _alone = lock(path)?;
    let mut retired = list(path)?;
    retired.retain(|key| !key.signs && key.since < before);
    for key in &retired {
        fs::remove_file(&key.path).map_err(|source| KeyError::Write { path: key.path.clone(), source })?;
    }
    keys::settle(path)?;
    Ok(retired)
}

/// How the key files look from outside; other keys look otherwise.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Look(Vec<(OsString, [i64; 6])>);

impl Look {
    /// Some microseconds: the names in one folder, and the state of two or three files.
    pub fn at(path: &Path) -> Result<Self, KeyError> {
        use std::os::unix::fs::MetadataExt as _;
        let mut files = keys::former_key_files(path)?;
        files.push(path.to_owned());
        let mut all = Vec::new();
        for file in files {
            let state = fs::metadata(&file).map_err(|error| keys::read_error(&file, error))?;
            let inode = i64::from_ne_bytes(state.ino().to_ne_bytes());
            let size = i64::try_from(state.size()).unwrap_or(i64::MAX);
            let times = [state.mtime(), state.mtime_nsec(), state.ctime(), state.ctime_nsec()];
            let [written, written_nsec, changed, changed_nsec] = times;
            let look = [inode, size, written, written_nsec, changed, changed_nsec];
            all.push((file.into_os_string(), look));
        }
        Ok(Self(all))
    }
}

fn signing(path: &Path) -> Result<(String, VerifyingKey), KeyError> {
    let pem = keys::read(path)?.ok_or_else(|| keys::read_error(path, io::ErrorKind::NotFound.into()))?;
    let key = SigningKey::from_pkcs8_pem(&pem).map_err(|_| KeyError::NotAKey { path: path.to_owned() })?;
    let public = key.verifying_key();
    Ok((Verifier::new(public).kid, public))
}

fn written(path: &Path) -> Result<DateTime<Utc>, KeyError> {
    let state = fs::metadata(path).and_then(|state| state.modified());
    state.map(DateTime::from).map_err(|error| keys::read_error(path, error))
}

/// Held by one rotation or retirement at a time, of whatever process, until it is dropped.
fn lock(path: &Path) -> Result<File, KeyError> {
    let path = keys::beside(path, ".lock");
    let taken = File::create(&path).and_then(|file| file.lock().map(|()| file));
    taken.map_err(|source| KeyError::Write { path, source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, SystemTime};

    #[test]
    fn rotations_at_the_same_time_lose_no_key() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token.key");
        let first = TokenKeys::load_or_create(&path).unwrap().kid().to_owned();
        let mut kids: Vec<String> = std::thread::scope(|scope| {
            let rotate = || TokenKeys::rotate(&path).unwrap().kid().to_owned();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(rotate)).collect();
            threads.into_iter().map(|it| it.join().unwrap()).collect()
        });
        kids.push(first);
        kids.sort();
        kids.dedup();
        assert_eq!(kids.len(), 9, "each rotation made a key of its own");
        let mut kept: Vec<_> = list(&path).unwrap().into_iter().map(|key| key.kid).collect();
        kept.sort();
        assert_eq!(kept, kids, "and each of them verifies");
        for key in list(&path).unwrap().into_iter().filter(|key| !key.signs) {
            assert!(!fs::read_to_string(key.path).unwrap().contains("PRIVATE"), "the public half is enough");
        }
    }

    #[test]
    fn only_former_keys_that_are_old_enough_are_retired() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token.key");
        let old = TokenKeys::load_or_create(&path).unwrap().kid().to_owned();
        let young = TokenKeys::rotate(&path).unwrap().kid().to_owned();
        TokenKeys::rotate(&path).unwrap();
        let now = written(&path).unwrap();
        let file = list(&path).unwrap().into_iter().find(|key| key.kid == old).unwrap().path;
        let hour_ago = SystemTime::from(now) - Duration::from_secs(3600);
        File::options().append(true).open(&file).unwrap().set_modified(hour_ago).unwrap();

        let look = Look::at(&path).unwrap();
        let ten_minutes_ago = now - chrono::TimeDelta::minutes(10);
        let retired = retire(&path, ten_minutes_ago).unwrap();
        assert_eq!(retired.iter().map(|key| &key.kid).collect::<Vec<_>>(), [&old]);
        assert!(look != Look::at(&path).unwrap(), "a running service sees it");
        let left = list(&path).unwrap();
        assert_eq!(left.len(), 2);
        assert!(left[0].signs && left[1].kid == young);
        // Not even the signing key of yesterday: it signs.
        File::options().append(true).open(&path).unwrap().set_modified(hour_ago).unwrap();
        assert_eq!(retire(&path, ten_minutes_ago).unwrap(), []);
    }
}
