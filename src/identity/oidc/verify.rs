//! Whether the provider's word is good: every check of OpenID Connect Core 3.1.3.7, and those that the crate leaves open
//! (`azp`, `at_hash`, how old the token is, what a subject may look like).

use super::{Settings, Vouched};
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::{
    AccessTokenHash, ClaimsVerificationError, ClientId, IssuerUrl, Nonce, OAuth2TokenResponse as _,
    SignatureVerificationError, TokenResponse as _,
    core::{CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm as Algorithm, CoreTokenResponse},
};

/// Asymmetric and without known weaknesses; `none` and all that is keyed with the client's secret are not among them.
const ALGORITHMS: [Algorithm; 4] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPssSha256,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EdDsa,
];
/// How far the provider's clock may be from ours.
const APART: TimeDelta = TimeDelta::seconds(60);
/// A token comes straight from the provider; one that is older than this was kept by somebody.
const OLDEST: TimeDelta = TimeDelta::minutes(10);

/// What is wrong with a token.
#[derive(Debug, thiserror::Error)]
pub enum Wrong {
    #[error("the ID token is signed with a key that the provider does not publish")]
    UnknownKey,
    #[error("there is no ID token")]
    Missing,
    #[error("the ID token is not good: {0}")]
    Claims(ClaimsVerificationError),
    #[error("the ID token is not good: {0}")]
    Other(&'static str),
}

/// Whom the answer of the token endpoint vouches for.
pub fn vouched(
    settings: &Settings,
    keys: &CoreJsonWebKeySet,
    answer: &CoreTokenResponse,
    nonce: &str,
    now: DateTime<Utc>,
) -> Result<Vouched, Wrong> {
    let token = answer.id_token().ok_or(Wrong::Missing)?;
    let client = ClientId::new(settings.client_id.clone());
    let issuer =
        IssuerUrl::new(settings.issuer.clone()).map_err(|_| Wrong::Other("our issuer is no address"))?;
    // As for a public client also where there is a secret: that is how the crate is told to take no HS256.
    let verifier = CoreIdTokenVerifier::new_public_client(client.clone(), issuer, keys.clone())
        .set_allowed_algs(ALGORITHMS)
        .set_time_fn(move || now)
        .set_issue_time_verifier_fn(move |issued| match (now - OLDEST..=now + APART).contains(&issued) {
            true => Ok(()),
            false => Err(format!("issued at {issued}, and it is {now}")),
        });
    let claims = token.claims(&verifier, &Nonce::new(nonce.to_owned())).map_err(|error| match error {
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
            Wrong::UnknownKey
        }
        other => Wrong::Claims(other),
    })?;
    if claims.authorized_party().is_some_and(|party| *party != client) {
        return Err(Wrong::Other("it was made for another client (azp)"));
    }
    if let Some(told) = claims.access_token_hash() {
        let hash = token.signing_alg().and_then(|alg| Ok((alg, token.signing_key(&verifier)?)));
        let (alg, key) = hash.map_err(|_| Wrong::UnknownKey)?;
        let access = AccessTokenHash::from_token(answer.access_token(), alg, key);
        if access.ok().as_ref() != Some(told) {
            return Err(Wrong::Other("it belongs to another access token (at_hash)"));
        }
    }
    let subject = claims.subject().as_str();
    // OpenID Connect Core 2: at most 255 ASCII characters.
    if subject.is_empty() || subject.len() > 255 || !subject.bytes().all(|byte| (0x20..0x7f).contains(&byte))
    {
        return Err(Wrong::Other("its subject is not one"));
    }
    let counts = |said: &str| settings.second_factor.iter().any(|word| word == said);
    let methods = claims.auth_method_refs().is_some_and(|all| all.iter().any(|method| counts(method)));
    let class = claims.auth_context_ref().is_some_and(|class| counts(class));
    Ok(Vouched {
        issuer: settings.issuer.clone(),
        subject: subject.to_owned(),
        second_factor: methods || class,
        at: claims.auth_time().filter(|at| *at <= now),
    })
}
