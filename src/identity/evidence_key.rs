//! The key that signs the heads of the logs, in a file like the token key's; former ones beside it, `<file>.previous…`,
//! still verify. A witness keeps his own in such a file too, on another machine.

use super::token::keys;
use ed25519_dalek::{
    SigningKey, VerifyingKey,
    pkcs8::{DecodePrivateKey as _, DecodePublicKey as _},
};
use std::path::Path;

pub use keys::KeyError;

/// The signing key, and former ones.
#[derive(Clone)]
pub struct EvidenceKey {
    pub signing: SigningKey,
    pub former: Vec<VerifyingKey>,
}

impl EvidenceKey {
    /// Reads the key in `path` and former ones beside it; makes the key, and its directory, if there is none.
    ///
    /// # Errors
    /// When a file cannot be read, made, is no key, or is open to others.
    pub fn load_or_create(path: &Path) -> Result<EvidenceKey, KeyError> {
        if keys::read(path)?.is_none() {
            // Read back, for another process may have been faster: then its key is the one.
            keys::write_new(path, &keys::fresh()?)?;
        }
        EvidenceKey::load(path)
    }

    /// The same, where the key must be there.
    ///
    /// # Errors
    /// As above.
    pub fn load(path: &Path) -> Result<EvidenceKey, KeyError> {
        let missing = || keys::read_error(path, std::io::ErrorKind::NotFound.into());
        let pem = keys::read(path)?.ok_or_else(missing)?;
        let wrong = |path: &Path| KeyError::NotAKey { path: path.to_owned() };
        let signing = SigningKey::from_pkcs8_pem(&pem).map_err(|_| wrong(path))?;
        let mut former = Vec::new();
        for file in keys::former_key_files(path)? {
            let pem = keys::read(&file)?.ok_or_else(missing)?;
            let public = SigningKey::from_pkcs8_pem(&pem)
                .map(|key| key.verifying_key())
                .or_else(|_| VerifyingKey::from_public_key_pem(&pem))
                .map_err(|_| wrong(&file))?;
            former.push(public);
        }
        Ok(EvidenceKey { signing, former })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_key_is_made_once_kept_to_its_owner_and_replaced_beside_its_former_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("of/its/own/evidence.key");
        assert!(EvidenceKey::load(&path).is_err());
        let made = EvidenceKey::load_or_create(&path).unwrap();
        assert_eq!(EvidenceKey::load_or_create(&path).unwrap().signing.to_bytes(), made.signing.to_bytes());
        fs::rename(&path, path.with_file_name("evidence.key.previous-2024")).unwrap();
        let next = EvidenceKey::load_or_create(&path).unwrap();
        assert_ne!(next.signing.to_bytes(), made.signing.to_bytes());
        assert_eq!(next.former, [made.signing.verifying_key()]);
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(EvidenceKey::load(&path), Err(KeyError::Exposed { .. })));
    }
}
