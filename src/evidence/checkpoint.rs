//! Checkpoints (C2SP tlog-checkpoint): the head of a log at a length, in three lines that are signed.
//!
//! A log that is not built with SHA-256 says so in a fourth line, `hash sm3`, so that nobody checks it with another hash.

use super::{
    Algorithm, Hash,
    note::{Line, Note, PublicKey, Purpose, SecretKey, Wrong},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::{fmt, str::FromStr};

/// How long a log is, and which root it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log it is; also the name of the log's key.
    pub origin: String,
    pub algorithm: Algorithm,
    pub size: u64,
    pub root: Hash,
}

impl fmt::Display for Checkpoint {
    /// The text that is signed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Checkpoint { origin, algorithm, size, root } = self;
        write!(f, "{origin}\n{size}\n{}\n", STANDARD.encode(root.0))?;
        match algorithm {
            Algorithm::Sha256 => Ok(()),
            other => writeln!(f, "hash {other}"),
        }
    }
}

impl FromStr for Checkpoint {
    type Err = Wrong;

    /// Exactly what `Display` writes.
    fn from_str(text: &str) -> Result<Checkpoint, Wrong> {
        let wrong = Wrong::Form("a checkpoint is ORIGIN, SIZE and ROOT in a line each");
        let read = || {
            let mut lines = text.lines();
            let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
            let algorithm = match lines.next() {
                None => Algorithm::Sha256,
                Some(line) => line.strip_prefix("hash ")?.parse().ok()?,
            };
            let root = STANDARD.decode(root).ok()?.try_into().ok()?;
            let (origin, size) = (origin.to_owned(), size.parse().ok()?);
            Some(Checkpoint { origin, algorithm, size, root: Hash(root) })
        };
        read().filter(|it| !it.origin.is_empty() && it.to_string() == text).ok_or(wrong)
    }
}

impl Checkpoint {
    /// Signed by the log.
    pub fn signed(&self, key: &SecretKey) -> Note {
        let text = self.to_string();
        Note { lines: vec![key.sign(&text, 0)], text }
    }

    /// A checkpoint that one of the log's keys signed.
    ///
    /// # Errors
    /// When the note is none, or is not signed by one of `keys`, whose name must be the origin.
    pub fn open(note: &Note, keys: &[PublicKey]) -> Result<Checkpoint, Wrong> {
        let checkpoint: Checkpoint = note.text.parse()?;
        let log = |key: &PublicKey| key.purpose == Purpose::Log && key.name == checkpoint.origin;
        match note.signed_by(keys)?.iter().any(|(key, _)| log(key)) {
            true => Ok(checkpoint),
            false => Err(Wrong::Unsigned),
        }
    }

    /// The line by which a witness says that it saw this head at a time, in seconds since 1970.
    pub fn cosigned(&self, key: &SecretKey, time: u64) -> Line {
        key.sign(&self.to_string(), time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::SigningKey;

    /// The example of C2SP's tlog-cosignature.
    const PUBLISHED: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
        — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
        — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

    #[test]
    fn the_published_example_is_read_and_written() {
        let note: Note = PUBLISHED.parse().unwrap();
        assert_eq!(note.to_string(), PUBLISHED);
        let checkpoint: Checkpoint = note.text.parse().unwrap();
        assert_eq!(
            (checkpoint.size, checkpoint.origin.as_str()),
            (20_852_163, "example.com/behind-the-sofa")
        );
        assert_eq!(checkpoint.to_string(), note.text);
        assert_eq!(note.lines[1].signature[..8], 1_679_315_147u64.to_be_bytes());
        assert_eq!(Checkpoint::open(&note, &[]), Err(Wrong::Unsigned));
    }

    #[test]
    fn only_the_key_that_bears_the_logs_name_opens_it() {
        let key =
            |name: &str, purpose| SecretKey::new(name, purpose, SigningKey::from_bytes(&[3; 32])).unwrap();
        let log = key("npc.example/330502", Purpose::Log);
        for algorithm in [Algorithm::Sha256, Algorithm::Sm3] {
            let origin = "npc.example/330502".to_owned();
            let checkpoint = Checkpoint { origin, algorithm, size: 7, root: algorithm.empty() };
            let mut note = checkpoint.signed(&log);
            let witness = key("npc.example/witness", Purpose::Witness);
            note.lines.push(checkpoint.cosigned(&witness, 9));
            let note: Note = note.to_string().parse().unwrap();
            let keys = [log.public().clone(), witness.public().clone()];
            assert_eq!(Checkpoint::open(&note, &keys), Ok(checkpoint.clone()));
            assert_eq!(note.signed_by(&keys).unwrap()[1].1.time, Some(9));
            assert_eq!(Checkpoint::open(&note, &keys[1..]), Err(Wrong::Unsigned), "a witness is not the log");
            let other = Checkpoint { size: 8, ..checkpoint.clone() };
            let forged = Note { text: other.to_string(), lines: note.lines.clone() };
            assert!(Checkpoint::open(&forged, &keys).is_err());
            // Another log of the same key.
            let other = Checkpoint { origin: "npc.example/330503".to_owned(), ..checkpoint };
            assert_eq!(Checkpoint::open(&other.signed(&log), &keys), Err(Wrong::Unsigned));
        }
    }

    #[test]
    fn what_has_two_ways_to_be_written_is_refused() {
        let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
        for wrong in [
            format!("o\n07\n{root}\n"),
            format!("o\n+7\n{root}\n"),
            format!("o\n7\n{root}"),
            format!("o\n7\n{root}\nhash sha256\n"),
            format!("o\n7\n{root}\nhash md5\n"),
            format!("o\n7\n{root}\n\n"),
            format!("o\r\n7\n{root}\n"),
            format!("\n7\n{root}\n"),
            "o\n7\nAAAA\n".to_owned(),
            String::new(),
        ] {
            assert!(wrong.parse::<Checkpoint>().is_err(), "{wrong:?}");
        }
    }
}
