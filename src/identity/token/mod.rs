//! Access tokens: short-lived Ed25519 JWTs (RFC 9068) that say who is calling, and nothing about rights.
//! Never decides what a caller may do, and never asks the machine's clock.

mod claims;
mod keys;

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Header, Validation};
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

pub use claims::Claims;
pub use keys::{KeyError, TokenKeys, former_key_files};

use claims::{AUDIENCE, ISSUER, Wire};

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
    state: RwLock<Arc<State>>,
}

/// Keys and what they verified, exchanged together: a token of a key that was taken away must not live on in
/// the cache, not even when it is being verified at that moment.
struct State {
    keys: TokenKeys,
    validation: Validation,
    verified: Cache<[u8; 32], Claims>,
}

impl Tokens {
    /// Issues and verifies with `keys`.
    pub fn new(keys: TokenKeys) -> Self {
        Self { state: RwLock::new(Arc::new(State::new(keys))) }
    }

    /// Goes on with other keys, without a pause: [`TokenKeys::rotate`] keeps the former ones for verifying.
    pub fn replace_keys(&self, keys: TokenKeys) {
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(State::new(keys));
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
        let state = self.state();
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(state.keys.kid().to_owned());
        let id = uuid::Builder::from_random_bytes(rand::random()).into_uuid();
        let wire = Wire::new(user, session, id, now.timestamp(), life.num_seconds());
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
        let claims = state.decode(token)?.at(now, LEEWAY)?;
        state.verified.insert(fingerprint, claims);
        Ok(claims)
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
    fn new(keys: TokenKeys) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
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
