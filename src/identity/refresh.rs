//! Refresh tokens: 256 random bits for the caller, their hash for the database.
//!
//! A fast hash is right here: nobody guesses 256 bits, and whoever reads the database learns nothing to use.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore as _;
use rand::rand_core::OsError;
use rand::rngs::OsRng;
use sha2::{Digest as _, Sha256};

/// A new refresh token.
#[derive(Clone)]
pub struct RefreshToken {
    /// What the caller gets, once: 43 letters of base64url.
    pub secret: String,
    /// What the database keeps: 64 hex digits of SHA-256.
    pub hash: String,
}

/// Makes a refresh token.
///
/// # Errors
/// When the system gives no random bytes.
pub fn new() -> Result<RefreshToken, OsError> {
    let mut bytes = [0; 32];
    OsRng.try_fill_bytes(&mut bytes)?;
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    Ok(RefreshToken { hash: hash(&secret), secret })
}

/// The hash under which the database knows `secret`, whatever text it is.
pub fn hash(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_by_the_hash_of_its_secret() {
        let token = new().unwrap();
        assert_eq!((token.secret.len(), token.hash.len()), (43, 64));
        assert_eq!(hash(&token.secret), token.hash);
        assert_ne!(new().unwrap().secret, token.secret);
    }

    #[test]
    fn the_hash_is_sha_256_in_hex() {
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
