//! Access tokens: short-lived Ed25519 JWTs (RFC 9068) that say who is calling, and nothing about rights.
//! Never decides what a caller may do, and never asks the machine's clock.

mod claims;
pub(in crate::identity) mod keys;
mod rotation;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Header, Validation};
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

pub use claims::{Claims, ISSUER};
pub use keys::{KeyError, TokenKeys, former_key_files};
pub use rotation::{KeyFile, list, retire};

use claims::{AUDIENCE, CLIENT, Wire};
use rotation::Look;

/// The header type of an access token; an ID token or a link's token has another.
const TYPE: &str = "at+jwt";
/// The longest token that is looked at, in bytes; ours have about 500.
pub const MAX_BYTES: usize = 4096;
/// How far two clocks may be apart, in seconds.
const LEEWAY: i64 = 5;
/// Verified tokens kept, some 200 bytes each: more than a congress has sessions in ten minutes.
const CACHED: usize = 4096;

/// Why a token was not accepted. All of them are one 401 to the caller; the difference is for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("token longer than {MAX_BYTES} bytes")]
    TooLong,
    #[error("token not readable")]
    Malformed,
    #[error("token not signed with EdDSA")]
    WrongAlgorithm,
    #[error("not an access token")]
    WrongType,
    #[error("token signed with an unknown key")]
    UnknownKey,
    #[error("token signature wrong")]
    WrongSignature,
    #[error("token lacks a claim, or is meant for another")]
    WrongClaims,
    #[error("token expired")]
    Expired,
    #[error("token not valid yet")]
    NotYetValid,
    #[error("token cannot be signed")]
    Signing,
}

/// Issues and verifies access tokens. Share it between threads in an `Arc` or `web::Data`.
pub struct Tokens {
    issuer: String,
    state: RwLock<Arc<State>>,
    watched: Option<Watched>,
}

/// Where the keys come from, and how that looked when they were read.
struct Watched {
    path: PathBuf,
    look: Mutex<Option<Look>>,
}

/// Keys and what they verified, exchanged together: a token of a key that was taken away must not live on in
/// the cache, not even when it is being verified at that moment.
struct State {
    keys: TokenKeys,
    validation: Validation,
    verified: Cache<[u8; 32], Claims>,
}

impl Tokens {
    /// Issues and verifies with `keys`, in the name of [`ISSUER`].
    pub fn new(keys: TokenKeys) -> Self {
        Self::of(keys, ISSUER, None)
    }

    /// Issues and verifies with the keys in a file, which is made if there is none, and goes on with those that
    /// [`TokenKeys::rotate`] and [`retire`] leave there.
    ///
    /// # Errors
    /// When a key cannot be read or made, is no key, or is open to others.
    pub fn open(path: &Path, issuer: &str) -> Result<Self, KeyError> {
        let watched = Watched { path: path.to_owned(), look: Mutex::new(None) };
        Ok(Self::of(TokenKeys::load_or_create(path)?, issuer, Some(watched)))
    }

    fn of(keys: TokenKeys, issuer: &str, watched: Option<Watched>) -> Self {
        Self { state: RwLock::new(Arc::new(State::new(keys, issuer))), issuer: issuer.to_owned(), watched }
    }

    /// The same in the name of this installation: the tokens of another are refused, even if it has the same keys.
    pub fn issued_by(self, issuer: &str) -> Self {
        let keys = self.state().keys.clone();
        Self::of(keys, issuer, self.watched)
    }

    /// Takes up the keys that lie in the file now, if they are others; whether they are.
    ///
    /// Cheap when nothing changed. Keys that cannot be read change nothing, and are told once.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn look_again(&self) -> Result<bool, KeyError> {
        let Some(watched) = &self.watched else { return Ok(false) };
        // Held while reading: who comes meanwhile waits for the new keys instead of refusing their tokens.
        let mut seen = watched.look.lock().unwrap_or_else(PoisonError::into_inner);
        let look = Look::at(&watched.path)?;
        if seen.as_ref() == Some(&look) {
            return Ok(false);
        }
        *seen = Some(look);
        let keys = TokenKeys::load(&watched.path)?;
        if keys.kids().eq(self.state().keys.kids()) {
            return Ok(false);
        }
        self.replace_keys(keys);
        Ok(true)
    }

    /// Goes on with other keys, without a pause: [`TokenKeys::rotate`] keeps the former ones for verifying.
    pub fn replace_keys(&self, keys: TokenKeys) {
        *self.state.write().unwrap_or_else(PoisonError::into_inner) =
            Arc::new(State::new(keys, &self.issuer));
    }

    /// A token for `user` in `session`, good from `now` (full seconds) for `life`.
    ///
    /// # Errors
    /// [`TokenError::Signing`], which a key that was loaded does not give.
    pub fn issue(
        &self,
        user: Uuid,
        session: Uuid,
        now: DateTime<Utc>,
        life: TimeDelta,
    ) -> Result<String, TokenError> {
        self.issue_to(CLIENT, user, session, now, life)
    }

    /// The same for a program, which has a name of its own as a client.
    ///
    /// # Errors
    /// As above.
    pub fn issue_to(
        &self,
        client: &str,
        user: Uuid,
        session: Uuid,
        now: DateTime<Utc>,
        life: TimeDelta,
    ) -> Result<String, TokenError> {
        let state = self.state();
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(state.keys.kid().to_owned());
        let id = uuid::Builder::from_random_bytes(rand::random()).into_uuid();
        let wire = Wire::new(&self.issuer, client, user, session, id, now.timestamp(), life.num_seconds());
        jsonwebtoken::encode(&header, &wire, state.keys.signing()).map_err(|_| TokenError::Signing)
    }

    /// What `token` says, if it is ours and good at `now`.
    ///
    /// A token seen before costs a SHA-256; a new one a signature check (some 60 µs).
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenError> {
        if token.len() > MAX_BYTES {
            return Err(TokenError::TooLong);
        }
        let state = self.state();
        let fingerprint: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        if let Some(claims) = state.verified.get(&fingerprint) {
            return claims.at(now, LEEWAY);
        }
        let (state, decoded) = match state.decode(token) {
            // Another process may have begun to sign with a key that this one has not seen yet. Whoever invents key
            // ids costs a look at the folder each, no reading.
            Err(TokenError::UnknownKey) if self.watched.is_some() => {
                let _ = self.look_again();
                let fresh = self.state();
                let decoded = fresh.decode(token);
                (fresh, decoded)
            }
            decoded => (state, decoded),
        };
        let claims = decoded?.at(now, LEEWAY)?;
        state.verified.insert(fingerprint, claims);
        Ok(claims)
    }

    /// The id of the key that signs.
    pub fn kid(&self) -> String {
        self.state().keys.kid().to_owned()
    }

    /// The public keys (RFC 7517), for others who verify our tokens.
    pub fn jwks(&self) -> serde_json::Value {
        self.state().keys.jwks()
    }

    fn state(&self) -> Arc<State> {
        Arc::clone(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn new(keys: TokenKeys, issuer: &str) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[issuer]);
        // By default only `exp` must be there: without this a token without `aud` passes.
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        // The crate asks the machine's clock; ours is asked in `Claims::at`, on every use.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self { keys, validation, verified: Cache::new(CACHED) }
    }

    /// Everything but the time.
    fn decode(&self, token: &str) -> Result<Claims, TokenError> {
        let header = jsonwebtoken::decode_header(token).map_err(reason)?;
        if header.alg != Algorithm::EdDSA {
            return Err(TokenError::WrongAlgorithm);
        }
        // We write no `crit`; RFC 7515 wants a token refused whose critical parts are not understood.
        if header.typ.as_deref() != Some(TYPE) || header.crit.is_some() {
            return Err(TokenError::WrongType);
        }
        let key =
            header.kid.as_deref().and_then(|kid| self.keys.verifying(kid)).ok_or(TokenError::UnknownKey)?;
        let token = jsonwebtoken::decode::<Wire>(token, key, &self.validation).map_err(reason)?;
        Ok(token.claims.into())
    }
}

fn reason(error: jsonwebtoken::errors::Error) -> TokenError {
    match error.kind() {
        ErrorKind::InvalidSignature => TokenError::WrongSignature,
        ErrorKind::InvalidAlgorithm | ErrorKind::UnsupportedAlgorithm => TokenError::WrongAlgorithm,
        ErrorKind::MissingRequiredClaim(_)
        | ErrorKind::InvalidClaimFormat(_)
        | ErrorKind::InvalidIssuer
        | ErrorKind::InvalidAudience
        | ErrorKind::InvalidSubject => TokenError::WrongClaims,
        _ => TokenError::Malformed,
    }
}

#[cfg(test)]
mod tests;
