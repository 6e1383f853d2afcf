//! Signed notes (C2SP signed-note): a text and the lines below it that sign it, each by a named key.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};
use std::{fmt, str::FromStr};

/// What a key's signature says, by the byte that the standard gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Ed25519 over the text: the log's own.
    Log = 1,
    /// Ed25519 over the text and a time: a witness's (C2SP tlog-cosignature, `cosignature/v1`).
    Witness = 4,
}

/// A public key by its name, as verifiers write it: `name+id+base64`.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    pub name: String,
    pub purpose: Purpose,
    key: VerifyingKey,
}

impl PublicKey {
    /// # Errors
    /// For a name that a signature's line cannot hold.
    pub fn new(name: &str, purpose: Purpose, key: VerifyingKey) -> Result<PublicKey, &'static str> {
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+') {
            return Err("a key's name has no spaces and no plus");
        }
        Ok(PublicKey { name: name.to_owned(), purpose, key })
    }

    /// The first four bytes of a digest over name and key.
    pub fn id(&self) -> [u8; 4] {
        let hash = Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', self.purpose as u8])
            .chain_update(self.key.as_bytes())
            .finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// What the line signs of a text, if it is this key's and good: the time of a witness, else nothing.
    ///
    /// # Errors
    /// [`Wrong::Signature`] where the line names this key and its signature is not good.
    pub fn verify(&self, text: &str, line: &Line) -> Result<Option<Signed>, Wrong> {
        if line.name != self.name || line.id != self.id() {
            return Ok(None);
        }
        let wrong = || Wrong::Signature(self.name.clone());
        let (time, signature) = match self.purpose {
            Purpose::Log => (None, line.signature.as_slice()),
            Purpose::Witness => {
                let (time, signature) = line.signature.split_first_chunk().ok_or_else(wrong)?;
                (Some(u64::from_be_bytes(*time)), signature)
            }
        };
        let signature = Signature::from_slice(signature).map_err(|_| wrong())?;
        self.key.verify_strict(&message(text, time), &signature).map_err(|_| wrong())?;
        Ok(Some(Signed { time }))
    }
}

/// What a good signature says beside that it is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// A witness's time, in seconds since 1970.
    pub time: Option<u64>,
}

/// Why a note is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    #[error("not a signed note: {0}")]
    Form(&'static str),
    #[error("the signature of {0} is not good")]
    Signature(String),
    #[error("signed by none of the keys that are trusted")]
    Unsigned,
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![self.purpose as u8];
        key.extend(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, hex(&self.id()), STANDARD.encode(key))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for PublicKey {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<PublicKey, Self::Err> {
        const WRONG: &str = "not a verifier's key NAME+ID+BASE64 for Ed25519";
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(WRONG);
        };
        let bytes = STANDARD.decode(key).map_err(|_| WRONG)?;
        let (purpose, bytes) = bytes.split_first().ok_or(WRONG)?;
        let purpose = match purpose {
            1 => Purpose::Log,
            4 => Purpose::Witness,
            _ => return Err(WRONG),
        };
        let bytes = bytes.try_into().map_err(|_| WRONG)?;
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| WRONG)?;
        let key = PublicKey::new(name, purpose, key)?;
        if hex(&key.id()) == id { Ok(key) } else { Err("the key's id does not belong to its name and bytes") }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn message(text: &str, time: Option<u64>) -> Vec<u8> {
    match time {
        None => text.as_bytes().to_vec(),
        Some(time) => format!("cosignature/v1\ntime {time}\n{text}").into_bytes(),
    }
}

/// A key that signs, by its name.
#[derive(Clone)]
pub struct SecretKey {
    public: PublicKey,
    key: SigningKey,
}

impl SecretKey {
    /// # Errors
    /// For a name that a signature's line cannot hold.
    pub fn new(name: &str, purpose: Purpose, key: SigningKey) -> Result<SecretKey, &'static str> {
        Ok(SecretKey { public: PublicKey::new(name, purpose, key.verifying_key())?, key })
    }

    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The line that signs a text; a witness's says when.
    pub fn sign(&self, text: &str, time: u64) -> Line {
        let time = (self.public.purpose == Purpose::Witness).then_some(time);
        let mut signature: Vec<u8> = time.map(|time| time.to_be_bytes().to_vec()).unwrap_or_default();
        signature.extend(self.key.sign(&message(text, time)).to_bytes());
        Line { name: self.public.name.clone(), id: self.public.id(), signature }
    }
}

/// A signature's line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub name: String,
    pub id: [u8; 4],
    /// What follows the key's id.
    pub signature: Vec<u8>,
}

impl fmt::Display for Line {
    /// Without the newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.id[..], &self.signature].concat();
        write!(f, "— {} {}", self.name, STANDARD.encode(bytes))
    }
}

impl FromStr for Line {
    type Err = Wrong;

    fn from_str(text: &str) -> Result<Line, Wrong> {
        let wrong = || Wrong::Form("a signature's line is — NAME BASE64");
        let (name, bytes) =
            text.strip_prefix("— ").and_then(|rest| rest.split_once(' ')).ok_or_else(wrong)?;
        let bytes = STANDARD.decode(bytes).map_err(|_| wrong())?;
        let (id, signature) = bytes.split_first_chunk().ok_or_else(wrong)?;
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+') {
            return Err(wrong());
        }
        Ok(Line { name: name.to_owned(), id: *id, signature: signature.to_vec() })
    }
}

/// A text and its signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// With its last newline.
    pub text: String,
    pub lines: Vec<Line>,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// More than a log and its witnesses ever have.
const LINES: usize = 64;

impl FromStr for Note {
    type Err = Wrong;

    fn from_str(note: &str) -> Result<Note, Wrong> {
        if note.contains(|c: char| c < ' ' && c != '\n') {
            return Err(Wrong::Form("it has control characters"));
        }
        let at = note.rfind("\n\n").ok_or(Wrong::Form("no empty line before the signatures"))?;
        let (text, lines) = (&note[..=at], &note[at + 2..]);
        let lines = lines.strip_suffix('\n').ok_or(Wrong::Form("its last line does not end"))?;
        let lines: Vec<Line> = lines.split('\n').map(str::parse).collect::<Result<_, _>>()?;
        if lines.len() > LINES {
            return Err(Wrong::Form("too many signatures"));
        }
        Ok(Note { text: text.to_owned(), lines })
    }
}

impl Note {
    /// The good signatures of these keys, in the order of the keys. Lines of other keys say nothing.
    ///
    /// # Errors
    /// Where a line names one of the keys and is not good.
    pub fn signed_by<'k>(&self, keys: &'k [PublicKey]) -> Result<Vec<(&'k PublicKey, Signed)>, Wrong> {
        let mut good = Vec::new();
        for key in keys {
            for line in &self.lines {
                good.extend(key.verify(&self.text, line)?.map(|signed| (key, signed)));
            }
        }
        Ok(good)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key, text and signature of the documentation of golang.org/x/mod/sumdb/note.
    const VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const SKEY: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    /// A witness's key and a signature of the tests of github.com/transparency-dev/formats.
    const WITNESS: &str = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
    const COSIGNED: &str = "ZGhGuQAAAABm/qTPeyKXD+R2rzyQsxPiP8mXum7qq/iF0u4vanlqJyocWODBt97w9uL+8qT7S5gxEHWWOworDcFiEBYJXORmnFBOBA==";

    fn peter() -> SecretKey {
        let seed: [u8; 32] = STANDARD.decode(SKEY).unwrap()[1..].try_into().unwrap();
        SecretKey::new("PeterNeumann", Purpose::Log, SigningKey::from_bytes(&seed)).unwrap()
    }

    #[test]
    fn the_published_note_is_read_verified_and_signed_again() {
        let key: PublicKey = VKEY.parse().unwrap();
        assert_eq!(key.to_string(), VKEY);
        let note: Note = NOTE.parse().unwrap();
        assert_eq!(note.to_string(), NOTE);
        assert_eq!(note.signed_by(&[key]).unwrap().len(), 1);
        assert_eq!(peter().public().to_string(), VKEY);
        assert_eq!(peter().sign(&note.text, 7), note.lines[0], "Ed25519 has one signature");
    }

    #[test]
    fn what_is_changed_or_not_a_note_is_told() {
        let key: PublicKey = VKEY.parse().unwrap();
        let keys = [key];
        let changed: Note = NOTE.replace("problem is", "Problem is").parse().unwrap();
        assert_eq!(changed.signed_by(&keys), Err(Wrong::Signature("PeterNeumann".to_owned())));
        // Another key says nothing, under another name or with another id.
        for other in [NOTE.replace("— PeterNeumann", "— Peter"), NOTE.replace(" x08go", " y08go")] {
            assert_eq!(other.parse::<Note>().unwrap().signed_by(&keys), Ok(Vec::new()));
        }
        let wrong = [
            NOTE.trim_end().to_owned(),
            NOTE.replace("\n\n", "\n"),
            NOTE.replace("— ", "- "),
            NOTE.replace("JnAM=", "JnAM"),
            NOTE.replace("Neumann x", "Neumann  x"),
            NOTE.replace("think", "th\tink"),
            "\n\n".to_owned(),
            String::new(),
        ];
        for wrong in wrong {
            assert!(matches!(wrong.parse::<Note>(), Err(Wrong::Form(_))), "{wrong:?}");
        }
        for wrong in ["", "a+b", &VKEY.replace("c74f", "c74e"), &VKEY.replace("Peter", "Pe ter"), &VKEY[..60]]
        {
            assert!(wrong.parse::<PublicKey>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_witness_signs_the_time_too() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let witness = SecretKey::new("npc.example/committee", Purpose::Witness, key.clone()).unwrap();
        let line = witness.sign("origin\n", 1_679_315_147);
        assert_eq!(
            witness.public().verify("origin\n", &line),
            Ok(Some(Signed { time: Some(1_679_315_147) }))
        );
        let mut earlier = line.clone();
        earlier.signature[7] ^= 1;
        assert!(witness.public().verify("origin\n", &earlier).is_err());
        // As a log's key the same bytes are another key.
        let log = SecretKey::new("npc.example/committee", Purpose::Log, key).unwrap();
        assert_ne!(log.public().id(), witness.public().id());
        assert_eq!(log.public().verify("origin\n", &line), Ok(None));
        assert_eq!(line.to_string().parse::<Line>(), Ok(line));
        let published: PublicKey = WITNESS.parse().unwrap();
        assert_eq!((published.purpose, published.to_string().as_str()), (Purpose::Witness, WITNESS));
        let line: Line = format!("— witness {COSIGNED}").parse().unwrap();
        assert_eq!(line.signature[..8], 1_727_964_367u64.to_be_bytes());
    }
}
