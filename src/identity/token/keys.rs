//! The keys behind the tokens: one that signs, and former ones that only verify.
//!
//! `token.key` is a PKCS#8 PEM that `openssl pkey` reads. Every file beside it whose name begins with
//! `token.key.previous` (private or public PEM) verifies too; delete one to end its tokens within seconds.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, KeypairBytes,
};
use ed25519_dalek::{SigningKey, VerifyingKey};
use jsonwebtoken::{DecodingKey, EncodingKey};
use rand::TryRngCore as _;
use sha2::{Digest as _, Sha256};

/// Why there are no keys. Names files, never what is in them.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("key {}: cannot be read: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("key {}: cannot be written: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("key {}: others may read or change it (mode {mode:03o}); chmod 600 it", path.display())]
    Exposed { path: PathBuf, mode: u32 },
    #[error("key {}: not an Ed25519 key in PEM (PKCS#8)", path.display())]
    NotAKey { path: PathBuf },
    #[error("key: the system gives no random bytes: {0}")]
    Random(#[from] rand::rand_core::OsError),
    #[error("key: cannot be encoded")]
    Encode,
}

/// The key that signs and those that verify.
#[derive(Clone)]
pub struct TokenKeys {
    signing: EncodingKey,
    /// The signing key's first.
    verifying: Vec<Verifier>,
}

#[derive(Clone)]
pub(super) struct Verifier {
    pub kid: String,
    public: VerifyingKey,
    key: DecodingKey,
}

impl TokenKeys {
    /// Reads the key in `path` and the former ones beside it; makes the key, and its directory, if there is none.
    ///
    /// # Errors
    /// When a file cannot be read, made, is no key, or is open to others.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        if read(path)?.is_none() {
            // Read back, for another process may have been faster: then its key is the one.
            write_new(path, &fresh()?)?;
        }
        Self::load(path)
    }

    /// The same, where the key must be there.
    ///
    /// # Errors
    /// As above.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let pem = read(path)?.ok_or_else(|| read_error(path, io::ErrorKind::NotFound.into()))?;
        let not_a_key = || KeyError::NotAKey { path: path.to_owned() };
        let signing = SigningKey::from_pkcs8_pem(&pem).map_err(|_| not_a_key())?;
        let mut verifying = vec![Verifier::new(signing.verifying_key())];
        for former in former_key_files(path)? {
            let verifier = Verifier::read(&former)?;
            if verifying.iter().all(|known| known.kid != verifier.kid) {
                verifying.push(verifier);
            }
        }
        let der = signing.to_pkcs8_der().map_err(|_| KeyError::Encode)?;
        Ok(Self { signing: EncodingKey::from_ed_der(der.as_bytes()), verifying })
    }

    /// The signing key's id: its RFC 7638 thumbprint.
    pub fn kid(&self) -> &str {
        self.verifying.first().map_or("", |verifier| verifier.kid.as_str())
    }

    /// The ids of all, the signing key's first.
    pub fn kids(&self) -> impl Iterator<Item = &str> {
        self.verifying.iter().map(|verifier| verifier.kid.as_str())
    }

    pub(super) fn signing(&self) -> &EncodingKey {
        &self.signing
    }

    /// The key with this id. Ids are compared, never used as a path.
    pub(super) fn verifying(&self, kid: &str) -> Option<&DecodingKey> {
        self.verifying.iter().find(|verifier| verifier.kid == kid).map(|verifier| &verifier.key)
    }

    /// The public keys, the signing one first (RFC 7517, RFC 8037).
    pub(super) fn jwks(&self) -> serde_json::Value {
        let key = |verifier: &Verifier| {
            serde_json::json!({
                "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
                "kid": verifier.kid, "x": URL_SAFE_NO_PAD.encode(verifier.public.as_bytes()),
            })
        };
        serde_json::json!({ "keys": self.verifying.iter().map(key).collect::<Vec<_>>() })
    }
}

impl Verifier {
    pub fn new(public: VerifyingKey) -> Self {
        let x = URL_SAFE_NO_PAD.encode(public.as_bytes());
        // The text that RFC 7638 hashes: the needed members, in order of the alphabet, without spaces.
        let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
        let kid = URL_SAFE_NO_PAD.encode(Sha256::digest(canonical.as_bytes()));
        Self { kid, public, key: DecodingKey::from_ed_der(public.as_bytes()) }
    }

    /// A former key, of which the private half is not needed any more.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let pem = read(path)?.ok_or_else(|| read_error(path, io::ErrorKind::NotFound.into()))?;
        let public = SigningKey::from_pkcs8_pem(&pem)
            .map(|key| key.verifying_key())
            .or_else(|_| VerifyingKey::from_public_key_pem(&pem))
            .map_err(|_| KeyError::NotAKey { path: path.to_owned() })?;
        Ok(Self::new(public))
    }
}

pub(in crate::identity) fn read_error(path: &Path, source: io::Error) -> KeyError {
    KeyError::Read { path: path.to_owned(), source }
}

/// The file's text; none if there is no file; an error if it holds a private key that others may see.
pub(in crate::identity) fn read(path: &Path) -> Result<Option<String>, KeyError> {
    let pem = match fs::read_to_string(path) {
        Ok(pem) => pem,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(read_error(path, error)),
    };
    #[cfg(unix)]
    if pem.contains("PRIVATE KEY") {
        use std::os::unix::fs::MetadataExt as _;
        let mode = fs::metadata(path).map_err(|error| read_error(path, error))?.mode() & 0o777;
        // The group may read: that is how a container gets a secret that belongs to root.
        if mode & 0o027 != 0 {
            return Err(KeyError::Exposed { path: path.to_owned(), mode });
        }
    }
    Ok(Some(pem))
}

/// A new private key, as its file has it.
pub(in crate::identity) fn fresh() -> Result<impl std::ops::Deref<Target = String>, KeyError> {
    let mut seed = [0; 32];
    rand::rngs::OsRng.try_fill_bytes(&mut seed)?;
    // Without the public half (PKCS#8 version 1), which older OpenSSL does not read.
    KeypairBytes { secret_key: seed, public_key: None }
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(|_| KeyError::Encode)
}

/// Makes a key file that is whole or absent, whenever the power goes, and never replaces one.
pub(in crate::identity) fn write_new(path: &Path, pem: &str) -> Result<(), KeyError> {
    // Unlike a rename, a link fails when the name is taken.
    write(path, pem, |draft| match fs::hard_link(draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    })
}

/// Puts a key file in the place of another: at every moment the name stands for one of the two.
pub(super) fn replace(path: &Path, pem: &str) -> Result<(), KeyError> {
    // Linked first, so that the draft can be removed whichever way it went.
    let second = beside(path, ".next");
    write(path, pem, |draft| {
        let _ = fs::remove_file(&second);
        fs::hard_link(draft, &second)?;
        fs::rename(&second, path)
    })
}

fn write(path: &Path, pem: &str, place: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), KeyError> {
    let write_error = |source| KeyError::Write { path: path.to_owned(), source };
    let directory = directory(path);
    let mut own = fs::DirBuilder::new();
    own.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut own, 0o700);
    own.create(directory).map_err(write_error)?;
    // Its name begins otherwise than a former key's, or somebody who reads those would meet it half written.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = directory.join(format!(".{name}.new-{:08x}", rand::random::<u32>()));
    let finish = || {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&draft)?;
        file.write_all(pem.as_bytes())?;
        file.sync_all()?;
        place(&draft)
    };
    let finished = finish();
    // The draft is not needed any more, whether it became the key or not.
    let removed = fs::remove_file(&draft);
    finished.and(removed).map_err(write_error)?;
    settle(path)
}

/// What was done in the key's folder is on the disk.
pub(super) fn settle(path: &Path) -> Result<(), KeyError> {
    let settled = File::open(directory(path)).and_then(|folder| folder.sync_all());
    settled.map_err(|source| KeyError::Write { path: path.to_owned(), source })
}

/// The former keys' files, in order of their names.
pub fn former_key_files(path: &Path) -> Result<Vec<PathBuf>, KeyError> {
    let prefix = beside(path, ".previous");
    let prefix = prefix.file_name().unwrap_or_default().as_encoded_bytes();
    let directory = directory(path);
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).map_err(|error| read_error(directory, error))? {
        let entry = entry.map_err(|error| read_error(directory, error))?;
        if entry.file_name().as_encoded_bytes().starts_with(prefix) {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// `path` with `suffix` at the end of its name.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    use super::*;

    #[test]
    fn a_key_is_made_once_in_a_new_directory_and_only_its_owner_may_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new/data/token.key");
        let first = TokenKeys::load_or_create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("-----BEGIN PRIVATE KEY-----\n"));
        assert_eq!(TokenKeys::load_or_create(&path).unwrap().kid(), first.kid());
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no draft is left behind");
    }

    #[test]
    fn two_processes_that_start_together_end_with_one_key() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token.key");
        let kids: Vec<String> = std::thread::scope(|scope| {
            let start = || TokenKeys::load_or_create(&path).unwrap().kid().to_owned();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
            threads.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert!(kids.iter().all(|kid| *kid == kids[0]), "{kids:?}");
    }

    #[test]
    fn a_key_open_to_others_or_no_key_at_all_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token.key");
        TokenKeys::load_or_create(&path).unwrap();
        for (mode, refused) in [(0o644, true), (0o620, true), (0o440, false), (0o400, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let result = TokenKeys::load_or_create(&path);
            assert_eq!(matches!(result, Err(KeyError::Exposed { .. })), refused, "{mode:o}");
        }
        fs::remove_file(&path).unwrap();
        fs::write(&path, "-----BEGIN CERTIFICATE-----\n").unwrap();
        let error = TokenKeys::load_or_create(&path).err().unwrap();
        assert!(matches!(&error, KeyError::NotAKey { .. }) && error.to_string().contains("token.key"));
    }

    #[test]
    fn a_place_where_no_key_can_be_written_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = TokenKeys::load_or_create(&file.path().join("data/token.key")).err().unwrap();
        assert!(matches!(&error, KeyError::Write { .. } | KeyError::Read { .. }), "{error}");
        let error = write_new(&file.path().join("data/token.key"), "").err().unwrap();
        assert!(
            matches!(&error, KeyError::Write { path, .. } if path.ends_with("data/token.key")),
            "{error}"
        );
    }

    #[test]
    fn the_kid_is_the_thumbprint_of_rfc_8037() {
        let public = URL_SAFE_NO_PAD.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let public = VerifyingKey::from_bytes(&public.try_into().unwrap()).unwrap();
        assert_eq!(Verifier::new(public).kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn former_keys_verify_in_private_and_in_public_form() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token.key");
        let first = TokenKeys::load_or_create(&path).unwrap().kid().to_owned();
        let second = TokenKeys::rotate(&path).unwrap();
        assert!(second.kid() != first && second.verifying(&first).is_some());
        // RFC 8410's example.
        let public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
        fs::write(dir.path().join("token.key.previous"), public).unwrap();
        let keys = TokenKeys::load_or_create(&path).unwrap();
        assert_eq!(keys.verifying.len(), 3);
        assert_eq!(keys.kid(), second.kid());
        assert!(keys.verifying("../token.key").is_none());
    }
}
