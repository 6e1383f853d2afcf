//! Codes of an authenticator app (RFC 6238): six digits, 30 seconds, one step early or late.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore as _;
use rand::rand_core::OsError;
use rand::rngs::OsRng;
use totp_rs::{Builder, Secret, Totp};

/// 160 bits, as RFC 4226 recommends.
const SEED: usize = 20;
const RECOVERY_CODES: usize = 10;

/// A seed, and how an app takes it over.
pub struct Seed {
    pub bytes: Vec<u8>,
    /// To type: base32.
    pub secret: String,
    /// To scan: `otpauth://…`.
    pub uri: String,
}

/// # Errors
/// When the system gives no random bytes.
pub fn new_seed(account: &str) -> Result<Seed, OsError> {
    let mut bytes = vec![0; SEED];
    OsRng.try_fill_bytes(&mut bytes)?;
    let secret = Secret::new(bytes.clone().into_boxed_slice()).to_base32();
    let encode =
        |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    let uri = format!(
        "otpauth://totp/Jianyi:{}?secret={secret}&issuer=Jianyi&algorithm=SHA1&digits=6&period=30",
        encode(account)
    );
    Ok(Seed { bytes, secret, uri })
}

fn totp(seed: &[u8]) -> Option<Totp> {
    Builder::new().with_secret(Secret::new(seed.to_vec().into_boxed_slice())).build().ok()
}

/// The step whose code this is, if it is one's of now, of the step before or of the next.
pub fn step(seed: &[u8], code: &str, now: i64) -> Option<i64> {
    let now = u64::try_from(now).ok()?;
    let plain: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if plain.len() != 6 || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    totp(seed)?.check(&plain, now).and_then(|step| i64::try_from(step).ok())
}

/// The code of a moment: for tests.
pub fn code(seed: &[u8], now: i64) -> Option<String> {
    let now = u64::try_from(now).ok()?;
    Some(totp(seed)?.generate(now).to_string())
}

/// Codes for the day on which the app is lost: 80 bits each, in groups that can be written down.
///
/// # Errors
/// When the system gives no random bytes.
pub fn recovery_codes() -> Result<Vec<String>, OsError> {
    (0..RECOVERY_CODES)
        .map(|_| {
            let mut bytes = [0; 10];
            OsRng.try_fill_bytes(&mut bytes)?;
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            Ok([&hex[..5], &hex[5..10], &hex[10..15], &hex[15..]].join("-"))
        })
        .collect()
}

/// A recovery code as it was meant, however it was typed.
pub fn recovery_code(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// A secret for one use: 256 bits.
///
/// # Errors
/// When the system gives no random bytes.
pub fn secret() -> Result<String, OsError> {
    let mut bytes = [0; 32];
    OsRng.try_fill_bytes(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B (SHA-1), cut to six digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        let seed = b"12345678901234567890";
        for (now, eight) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(step(seed, &eight[2..], now), Some(now / 30), "{now}");
            assert_eq!(code(seed, now).as_deref(), Some(&eight[2..]));
            assert_eq!(step(seed, &eight[2..], now + 30), Some(now / 30), "a step late");
            assert_eq!(step(seed, &eight[2..], now - 30), Some(now / 30), "a step early");
            assert_eq!(step(seed, &eight[2..], now + 60), None);
            assert_eq!(step(seed, &eight[2..], now - 60), None);
        }
        for wrong in ["", "28708", "2870822", "28708a", "２８７０８２", "-28708"] {
            assert_eq!(step(seed, wrong, 59), None, "{wrong}");
        }
    }

    #[test]
    fn recovery_codes_differ_and_are_read_as_they_are_typed() {
        let codes = recovery_codes().unwrap();
        assert_eq!(codes.len(), RECOVERY_CODES);
        assert!(
            codes
                .iter()
                .all(|code| code.len() == 23 && codes.iter().filter(|other| *other == code).count() == 1)
        );
        assert_eq!(recovery_code(&codes[0].to_uppercase().replace('-', " ")), codes[0].replace('-', ""));
    }
}
