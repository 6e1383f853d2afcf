//! Passwords: made, hashed with argon2id, verified. Never stored, logged or compared in any other way.

mod breached;
mod queue;
mod strength;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use rand::seq::IndexedRandom as _;

use queue::{GATE, QUEUE};

pub use strength::{Weak, check_chosen};

/// 19 MiB, two passes, one lane: 20–25 ms of one core, the least that OWASP advises.
const PARAMS: Params = match Params::new(19 * 1024, 2, 1, None) {
    Ok(params) => params,
    Err(_) => panic!("these parameters are in argon2's range"),
};

/// The hash of nobody's password, of the same cost as a real one. A constant, for one made at the first
/// unknown user would give that user away by its time.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$fl/LivOOdGBhoeO4D7e4AA$ZDAA2aClaGhX6nozccC48llZ+ocgXg5uOJSG+E5rFkw";

/// The fewest letters of a password that somebody chooses for an account.
pub const MIN_CHARS: usize = 12;
/// The most bytes of a password; more would only cost time.
pub const MAX_BYTES: usize = 1024;

/// Without letters that look alike (`i l 1 o 0`): 31 letters, 4.95 bits each.
const ALPHABET: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// Why a password was not taken, hashed or verified.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`MIN_CHARS`] characters.
    #[error("a password has at least {MIN_CHARS} characters")]
    TooShort,
    /// More than [`MAX_BYTES`] bytes.
    #[error("a password has at most {MAX_BYTES} bytes")]
    TooLong,
    /// Can be guessed, or was stolen elsewhere.
    #[error("{}", .0.en)]
    Weak(Weak),
    /// The list of stolen passwords cannot be read.
    #[error("the list of stolen passwords cannot be read: {0}")]
    Unlisted(String),
    /// Too many people are signing in; worth another try in a moment (503 with Retry-After).
    #[error("too many passwords are being verified")]
    Busy,
    /// Argon2 or the system's random bytes failed.
    #[error("password hash: {0}")]
    Hash(#[from] argon2::password_hash::Error),
}

/// Holds a chosen password to the rule of length. No rule of kinds of letters: length is what helps.
pub fn check_new(password: &str) -> Result<(), PasswordError> {
    if password.len() > MAX_BYTES {
        return Err(PasswordError::TooLong);
    }
    // A long password need not be counted to the end.
    if password.chars().take(MIN_CHARS).count() < MIN_CHARS { Err(PasswordError::TooShort) } else { Ok(()) }
}

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS)
}

/// Hashes a password with a fresh salt, as a PHC string for the database.
///
/// Blocks for some 25 ms, and longer while two others hash: keep it off the threads that serve requests.
///
/// # Errors
/// [`PasswordError::TooLong`], or [`PasswordError::Hash`] when the system gives no salt.
pub fn hash(password: &str) -> Result<String, PasswordError> {
    if password.len() > MAX_BYTES {
        return Err(PasswordError::TooLong);
    }
    let _turn = GATE.enter();
    let hash: PasswordHash = argon2().hash_password(password.as_bytes())?;
    Ok(hash.to_string())
}

/// Whether `password` is the one that `stored` was made from.
///
/// Without a `stored` hash (an unknown user), and with one that cannot be read, the answer is no and costs
/// the same. Blocks like [`hash`].
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    let known = stored.and_then(|stored| {
        PasswordHash::new(stored)
            .inspect_err(|error| tracing::error!(%error, "a stored password hash cannot be read"))
            .ok()
    });
    // A password longer than any stored one is hashed as nobody's, and cut, so that it costs no more.
    let (password, known) = match password.as_bytes() {
        bytes if bytes.len() > MAX_BYTES => (&bytes[..MAX_BYTES], None),
        bytes => (bytes, known),
    };
    let is_known = known.is_some();
    let Some(against) = known.or_else(|| PasswordHash::new(NOBODY).ok()) else { return false };
    let _turn = GATE.enter();
    argon2().verify_password(password, &against).is_ok() && is_known
}

/// Whether a stored hash costs at least what one made today does. One that cannot be read lets nobody in, which is safe.
pub fn is_current(stored: &str) -> bool {
    let Ok(hash) = PasswordHash::new(stored) else { return true };
    let costs = |name: &str| hash.params.get_decimal(name).unwrap_or(0);
    hash.algorithm.as_str() == "argon2id"
        && costs("m") >= PARAMS.m_cost()
        && costs("t") >= PARAMS.t_cost()
        && costs("p") >= PARAMS.p_cost()
}

/// [`hash`] off the threads that serve requests.
///
/// # Errors
/// Those of [`hash`], and [`PasswordError::Busy`].
pub async fn hash_async(password: String) -> Result<String, PasswordError> {
    let turn = QUEUE.turn().await?;
    off_thread(turn, move || hash(&password)).await?
}

/// [`verify`] off the threads that serve requests.
///
/// # Errors
/// [`PasswordError::Busy`] when many wait already, or after some seconds of waiting.
pub async fn verify_async(password: String, stored: Option<String>) -> Result<bool, PasswordError> {
    let turn = QUEUE.turn().await?;
    off_thread(turn, move || verify(&password, stored.as_deref())).await
}

/// Keeps the turn until the work ends, for work goes on when the caller hangs up.
async fn off_thread<T: Send + 'static>(
    turn: queue::Turn<'static>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, PasswordError> {
    let work = move || {
        let _turn = turn;
        work()
    };
    actix_web::web::block(work).await.map_err(|_| PasswordError::Busy)
}

/// A random password that can be read aloud and typed: `k7mw-3fqa-x9dh-tn2e`, 79 bits.
pub fn generate() -> String {
    let mut random = rand::rng();
    let mut password = String::with_capacity(19);
    for place in 0..16 {
        if place > 0 && place % 4 == 0 {
            password.push('-');
        }
        password.extend(ALPHABET.choose(&mut random).copied().map(char::from));
    }
    password
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "河堤 修好 river-wall";

    #[test]
    fn a_password_is_verified_by_its_hash_and_no_other_is() {
        let stored = hash(PASSWORD).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify(PASSWORD, Some(&stored)));
        assert!(!verify("河堤 修好 river-walL", Some(&stored)) && !verify("", Some(&stored)));
        assert_ne!(hash(PASSWORD).unwrap(), stored, "each hash has its own salt");
    }

    #[test]
    fn an_unknown_user_costs_what_a_known_one_costs_and_is_never_let_in() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let somebody = PasswordHash::new(&hash(PASSWORD).unwrap()).unwrap();
        assert_eq!(nobody.params, somebody.params);
        assert_eq!((nobody.algorithm, nobody.version), (somebody.algorithm, somebody.version));
        assert_eq!(nobody.salt.map(|it| it.len()), somebody.salt.map(|it| it.len()));
        assert_eq!(nobody.hash.map(|it| it.len()), somebody.hash.map(|it| it.len()));
        assert!(!verify(PASSWORD, None));
    }

    #[test]
    fn an_unreadable_hash_or_an_endless_password_lets_nobody_in() {
        for stored in ["", "x", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA", "$1$md5$hash"] {
            assert!(!verify(PASSWORD, Some(stored)), "{stored}");
        }
        let longest = "a".repeat(MAX_BYTES);
        let stored = hash(&longest).unwrap();
        assert!(verify(&longest, Some(&stored)) && !verify(&format!("{longest}a"), Some(&stored)));
        assert_eq!(hash(&format!("{longest}a")), Err(PasswordError::TooLong));
    }

    #[test]
    fn a_hash_of_weaker_parameters_or_another_kind_is_known() {
        assert!(is_current(&hash(PASSWORD).unwrap()) && is_current(NOBODY) && is_current("!"));
        for weaker in
            [NOBODY.replace("m=19456", "m=4096"), NOBODY.replace("t=2", "t=1"), NOBODY.replace("2id", "2i")]
        {
            assert!(!is_current(&weaker), "{weaker}");
        }
    }

    #[test]
    fn a_chosen_password_has_twelve_characters_not_bytes() {
        assert_eq!(check_new("修好河堤修好河堤修好河"), Err(PasswordError::TooShort));
        assert_eq!(check_new("修好河堤修好河堤修好河堤"), Ok(()));
        assert_eq!(check_new(&"a".repeat(MAX_BYTES + 1)), Err(PasswordError::TooLong));
    }

    #[test]
    fn a_made_password_is_readable_long_enough_and_hard_to_guess() {
        let password = generate();
        assert_eq!(password.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4, 4]);
        assert!(password.bytes().all(|byte| byte == b'-' || ALPHABET.contains(&byte)), "{password}");
        assert_eq!(check_new(&password), Ok(()));
        assert_ne!(generate(), password);
        assert!(16.0 * (ALPHABET.len() as f64).log2() > 70.0);
    }

    #[actix_web::test]
    async fn both_ways_work_off_the_thread() {
        let stored = hash_async(PASSWORD.to_owned()).await.unwrap();
        assert_eq!(verify_async(PASSWORD.to_owned(), Some(stored.clone())).await, Ok(true));
        assert_eq!(verify_async(PASSWORD.to_owned(), None).await, Ok(false));
        assert_eq!(verify_async("wrong".to_owned(), Some(stored)).await, Ok(false));
    }
}
