//! Commitments to what the books say of persons: salted SHA-256 in place of the text, so that an erasure takes the text
//! away and leaves the bytes that are evidence.

use sha2::{Digest as _, Sha256};

/// What a commitment begins with in the stored bytes; the digest's 64 hexadecimal digits follow.
pub const PREFIX: &str = "#sha256:";

/// The members of an act's body that hold a person's data; a person's data stands nowhere else in it.
pub const PERSONAL: [&str; 8] =
    ["name", "display_name", "username", "address", "client", "email", "phone", "subject"];

/// The kind of the act that an erasure leaves behind.
pub const ERASURE: &str = "person_erased";

/// Over the salt's 32 hexadecimal digits and the text: the first part has one length, so the two cannot be mistaken.
pub fn digest(salt: &str, text: &str) -> String {
    let hash = Sha256::new().chain_update(salt).chain_update(text).finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest that a stored text commits to; `None` for a text in the clear, as the first events have them.
pub fn committed(stored: &str) -> Option<&str> {
    let digest = stored.strip_prefix(PREFIX)?;
    let hexadecimal = digest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    (digest.len() == 64 && hexadecimal).then_some(digest)
}

/// The digests that an act took the texts of away; none for any other act than an erasure.
pub fn erased_by(kind: &str, body: &str) -> Vec<String> {
    if kind != ERASURE {
        return Vec::new();
    }
    let body: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let texts = body["texts"].as_array().into_iter().flatten();
    texts.filter_map(|digest| digest.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_digest_is_a_commitment() {
        let digest = digest("00112233445566778899aabbccddeeff", "王一");
        assert_eq!(committed(&format!("{PREFIX}{digest}")), Some(digest.as_str()));
        for clear in ["王一", PREFIX, "#sha256:12ab", &digest] {
            assert_eq!(committed(clear), None, "{clear}");
        }
    }

    #[test]
    fn salt_and_text_make_the_digest() {
        // printf '%s' 00112233445566778899aabbccddeeff王一 | sha256sum
        assert_eq!(
            digest("00112233445566778899aabbccddeeff", "王一"),
            "2f7ba34e1eee09aa2a7d911de6a8cab12abfdd8c58e38eea32813abff345e9dd"
        );
    }
}
