//! What the service has to read again, kept so that a copy of the database alone does not tell it: sealed with a key
//! that lies in a file beside the token key. All processes of one installation share that file.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead as _, KeyInit as _, Payload},
};
use hmac::{Hmac, Mac as _};
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use sha2::Sha256;
use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

/// Why nothing can be sealed or opened. Never holds what was to be.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("seal key {0}: {1}")]
    File(String, io::Error),
    #[error("seal key {0}: not 43 letters of base64url; restore it from the backup")]
    NotAKey(String),
    #[error("seal key {0}: others may read or change it; chmod 600 it")]
    Exposed(String),
    #[error("the system gives no random bytes: {0}")]
    Random(#[from] rand::rand_core::OsError),
    #[error("sealed with another key, or changed")]
    Broken,
}

/// The key, with what it is used for kept apart.
#[derive(Clone)]
pub struct Seal([u8; 32]);

impl Seal {
    /// A key that lives as long as this process: for commands that seal nothing.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn passing() -> Result<Seal, SealError> {
        let mut key = [0; 32];
        OsRng.try_fill_bytes(&mut key)?;
        Ok(Seal(key))
    }

    /// Reads the key in `path`; makes it if there is none.
    ///
    /// # Errors
    /// When the file cannot be read or made, is no key, or is open to others.
    pub fn load_or_create(path: &Path) -> Result<Seal, SealError> {
        let shown = path.display().to_string();
        let failed = |error| SealError::File(shown.clone(), error);
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if let Some(folder) = path.parent() {
                    let mut own = fs::DirBuilder::new();
                    own.recursive(true);
                    #[cfg(unix)]
                    std::os::unix::fs::DirBuilderExt::mode(&mut own, 0o700);
                    own.create(folder).map_err(failed)?;
                }
                create(path, &URL_SAFE_NO_PAD.encode(Seal::passing()?.0)).map_err(failed)?;
                // Another process may have been faster: then its key is the one.
                fs::read_to_string(path).map_err(failed)?
            }
            read => read.map_err(failed)?,
        };
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            if fs::metadata(path).map_err(failed)?.mode() & 0o027 != 0 {
                return Err(SealError::Exposed(shown));
            }
        }
        let bytes = URL_SAFE_NO_PAD.decode(text.trim()).unwrap_or_default();
        Ok(Seal(bytes.try_into().map_err(|_| SealError::NotAKey(shown))?))
    }

    /// Seals `text` for whom it is about: it opens for nobody else.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn close(&self, about: &str, text: &[u8]) -> Result<String, SealError> {
        let mut nonce = [0; 24];
        OsRng.try_fill_bytes(&mut nonce)?;
        let payload = Payload { msg: text, aad: about.as_bytes() };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::Broken)?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed[..]].concat()))
    }

    /// # Errors
    /// [`SealError::Broken`] if it was sealed by another key or about somebody else, or was changed.
    pub fn open(&self, about: &str, sealed: &str) -> Result<Vec<u8>, SealError> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| SealError::Broken)?;
        let (nonce, sealed) = bytes.split_at_checked(24).ok_or(SealError::Broken)?;
        let nonce: [u8; 24] = nonce.try_into().map_err(|_| SealError::Broken)?;
        let payload = Payload { msg: sealed, aad: about.as_bytes() };
        self.cipher().decrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::Broken)
    }

    /// Stands for a text that the database must not tell, not even by trying words: what people type as their name
    /// may be their password.
    pub fn digest(&self, text: &str) -> String {
        self.derived("digest", text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.derived("seal", b"").into())
    }

    fn derived(&self, purpose: &str, text: &[u8]) -> [u8; 32] {
        // HMAC fills a short key up with zeros to a block, which is what is done here.
        let mut key = [0; 64];
        key[..32].copy_from_slice(&self.0);
        let mut mac = Hmac::<Sha256>::new(&key.into());
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text);
        mac.finalize().into_bytes().into()
    }
}

/// Whole or absent, and never in place of another.
fn create(path: &Path, text: &str) -> io::Result<()> {
    let draft = path.with_extension(format!("new-{:08x}", rand::random::<u32>()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let finish = || {
        let mut file = options.open(&draft)?;
        writeln!(file, "{text}")?;
        file.sync_all()?;
        match fs::hard_link(&draft, path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        }
    };
    let finished = finish();
    fs::remove_file(&draft).and(finished)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_with_the_same_key_about_the_same_person_and_not_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        // In a folder that is not there yet, as at a first start.
        let path = folder.path().join("data/seal.key");
        let seal = Seal::load_or_create(&path).unwrap();
        let sealed = seal.close("chen", b"seed").unwrap();
        assert_ne!(seal.close("chen", b"seed").unwrap(), sealed);
        assert_eq!(Seal::load_or_create(&path).unwrap().open("chen", &sealed).unwrap(), b"seed");
        assert!(seal.open("li", &sealed).is_err() && Seal::passing().unwrap().open("chen", &sealed).is_err());
        for place in 0..sealed.len() {
            let other = if &sealed[place..=place] == "A" { "Q" } else { "A" };
            let changed = format!("{}{other}{}", &sealed[..place], &sealed[place + 1..]);
            assert!(seal.open("chen", &changed).is_err() || place + 1 == sealed.len(), "{place}");
        }
        assert_eq!(seal.digest("x"), Seal::load_or_create(&path).unwrap().digest("x"));
        assert_ne!(seal.digest("x"), Seal::passing().unwrap().digest("x"));
    }

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seal.key");
        Seal::load_or_create(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(Seal::load_or_create(&path), Err(SealError::Exposed(_))));
    }
}
