//! The name of a file's bytes: their SHA-256, in lowercase hexadecimal.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// SHA-256 of some bytes, as 64 lowercase hexadecimal digits and in no other form, so that equal bytes have
/// equal names and a name can never lead out of the folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

/// A text that is no digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 lowercase hexadecimal digits (SHA-256)")]
pub struct NotADigest;

impl Digest {
    /// The name of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let hex = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
        let sum = Sha256::digest(bytes);
        Digest(sum.iter().flat_map(|byte| [hex(byte >> 4), hex(byte & 15)]).collect())
    }

    /// # Errors
    /// [`NotADigest`] for anything but 64 lowercase hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, NotADigest> {
        let hexadecimal = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if text.len() == 64 && hexadecimal { Ok(Digest(text.to_owned())) } else { Err(NotADigest) }
    }

    /// Its 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Digest {
    type Err = NotADigest;
    fn from_str(text: &str) -> Result<Self, NotADigest> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Digest {
    type Error = NotADigest;
    fn try_from(text: String) -> Result<Self, NotADigest> {
        Self::parse(&text)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> String {
        digest.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_sha_256_as_everybody_writes_it() {
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::of(b"abc").as_str(), known);
        assert_eq!(Digest::parse(known), Ok(Digest::of(b"abc")));
        assert_eq!(serde_json::from_str::<Digest>(&format!("{known:?}")).unwrap(), Digest::of(b"abc"));
    }

    #[test]
    fn nothing_else_is_a_digest() {
        let known = Digest::of(b"abc").to_string();
        let upper = known.to_uppercase();
        let path = format!("../{}", &known[3..]);
        let wide = format!("{}é", &known[2..]);
        for wrong in ["", "abc", &upper, &path, &wide, &format!("{known}0"), &known[1..]] {
            assert_eq!(Digest::parse(wrong), Err(NotADigest), "{wrong}");
        }
    }
}
