//! The code that shows that somebody reads the letters of an address.

use super::refresh;
use rand::{TryRngCore as _, rand_core::OsError, rngs::OsRng};

/// Forty random bits in two groups that can be typed, and the digest that the database keeps.
pub struct MailCode {
    pub code: String,
    pub hash: String,
}

/// # Errors
/// When the system gives no random bytes.
pub fn new() -> Result<MailCode, OsError> {
    let mut bytes = [0; 5];
    OsRng.try_fill_bytes(&mut bytes)?;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let code = [&hex[..5], &hex[5..]].join("-");
    Ok(MailCode { hash: hash(&code), code })
}

/// The digest of a code, however it was typed.
pub fn hash(typed: &str) -> String {
    let meant: String =
        typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    refresh::hash(&meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        let made = new().unwrap();
        assert_eq!(made.code.len(), 11);
        assert_eq!(hash(&made.code.to_uppercase().replace('-', " ")), made.hash);
        assert_ne!(new().unwrap().hash, made.hash);
    }
}
