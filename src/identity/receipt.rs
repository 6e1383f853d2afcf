//! Receipts of residents' opinions: a code that can be read out and typed, and its hash for the database.
//!
//! 130 random bits, so a fast hash is right and nobody finds one by trying.

use super::refresh::hash;
use rand::{TryRngCore as _, rand_core::OsError, rngs::OsRng};

/// Crockford's letters: none is taken for another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const LENGTH: usize = 26;

/// A new receipt.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// What the resident gets, once: the congress, and six groups of letters.
    pub code: String,
    /// What the database keeps.
    pub hash: String,
}

/// Makes a receipt of a congress.
///
/// # Errors
/// When the system gives no random bytes.
pub fn new(congress: &str) -> Result<Receipt, OsError> {
    let mut bytes = [0; LENGTH];
    OsRng.try_fill_bytes(&mut bytes)?;
    let letters: String = bytes
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte & 31)))
        .map(|it| char::from(*it))
        .collect();
    let mut code = congress.to_owned();
    for group in letters.as_bytes().chunks(5) {
        code.push('-');
        code.extend(group.iter().map(|byte| char::from(*byte)));
    }
    Ok(Receipt { hash: hash(&plain(&letters)), code })
}

/// The congress that a typed code names, and the hash to look for; `None` for what is no code at all.
pub fn read(code: &str) -> Option<(&str, String)> {
    let (congress, letters) = code.trim().split_once('-')?;
    let letters = plain(letters);
    (letters.len() == LENGTH && letters.is_ascii()).then(|| (congress, hash(&letters)))
}

/// In capitals, without what only parts groups, and with the letters that are mistaken for digits as those.
fn plain(letters: &str) -> String {
    let letters = letters.chars().filter(|c| !c.is_whitespace() && *c != '-');
    let capitals = letters.map(|c| c.to_ascii_uppercase());
    capitals
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let receipt = new("330502").unwrap();
        let (congress, found) = read(&receipt.code).unwrap();
        assert_eq!((congress, &found), ("330502", &receipt.hash));
        let typed = format!(" 330502-{} ", receipt.code[7..].to_lowercase().replace('-', " "));
        assert_eq!(read(&typed).map(|it| it.1), Some(receipt.hash.clone()), "{typed}");
        assert_eq!(receipt.code.len(), 6 + 6 + LENGTH);
        assert_ne!(new("330502").unwrap().code, receipt.code);
        for wrong in ["", "330502", "330502-", "330502-ABC", "330502-群众群众群众群众群"] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
    }
}
