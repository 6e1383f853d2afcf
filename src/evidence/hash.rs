//! The hash of a log: SHA-256 or SM3, named once for each log, and the two ways in which it is used (RFC 9162, 2.1.1).

use sha2::{Digest as _, Sha256};
use sm3::Sm3;
use std::{fmt, str::FromStr};

/// Both have 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl fmt::Display for Hash {
    /// Hexadecimal, 64 digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = &'static str;

    /// Exactly what `Display` writes: one hash has one text.
    fn from_str(text: &str) -> Result<Hash, Self::Err> {
        const WRONG: &str = "not 64 hexadecimal digits (0-9, a-f)";
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(WRONG);
        }
        let value = |digit: u8| match digit {
            b'0'..=b'9' => Ok(digit - b'0'),
            b'a'..=b'f' => Ok(digit - b'a' + 10),
            _ => Err(WRONG),
        };
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = value(pair[0])? << 4 | value(pair[1])?;
        }
        Ok(Hash(hash))
    }
}

impl serde::Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Which hash a log is built with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    #[default]
    Sha256,
    /// GB/T 32905-2016.
    Sm3,
}

impl Algorithm {
    pub fn id(self) -> &'static str {
        match self {
            Algorithm::Sha256 => "sha256",
            Algorithm::Sm3 => "sm3",
        }
    }

    fn of(self, parts: &[&[u8]]) -> Hash {
        match self {
            Algorithm::Sha256 => {
                let digest =
                    parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part)).finalize();
                Hash(digest.into())
            }
            Algorithm::Sm3 => {
                let digest = parts.iter().fold(Sm3::new(), |hash, part| hash.chain_update(part)).finalize();
                Hash(digest.into())
            }
        }
    }

    /// The root of a tree with no leaves: the hash of nothing.
    pub fn empty(self) -> Hash {
        self.of(&[])
    }

    pub fn leaf(self, data: &[u8]) -> Hash {
        self.of(&[&[0], data])
    }

    pub fn node(self, left: &Hash, right: &Hash) -> Hash {
        self.of(&[&[1], &left.0, &right.0])
    }
}

impl FromStr for Algorithm {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Algorithm, Self::Err> {
        match text {
            "sha256" => Ok(Algorithm::Sha256),
            "sm3" => Ok(Algorithm::Sm3),
            _ => Err("no such hash; sha256 or sm3"),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_hashes_give_their_published_digests() {
        // FIPS 180-4 and GB/T 32905-2016, "abc"; SHA-256 of nothing.
        let abc = |algorithm: Algorithm| algorithm.of(&[b"a", b"bc"]).to_string();
        assert_eq!(
            abc(Algorithm::Sha256),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(abc(Algorithm::Sm3), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
        assert_eq!(
            Algorithm::Sha256.empty().to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn a_hash_has_one_text() {
        let hash = Algorithm::Sm3.empty();
        assert_eq!(hash.to_string().parse(), Ok(hash));
        let text = hash.to_string();
        for wrong in ["", &text[1..], &text.to_uppercase(), &format!("{text}0"), &format!(" {}", &text[1..])]
        {
            assert!(wrong.parse::<Hash>().is_err(), "{wrong}");
        }
    }
}
