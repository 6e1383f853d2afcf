//! What is known of the provider: its description and its keys, fetched when they are first wanted and kept a while.

use super::{OidcError, http::Client};
use openidconnect::{
    AdditionalProviderMetadata, DiscoveryError, IssuerUrl, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
        CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
        CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// After this the description is fetched anew.
const FRESH: Duration = Duration::from_secs(3600);
/// Keys are fetched no more often than this, whoever shows unknown ones.
const BETWEEN: Duration = Duration::from_secs(1);

/// What the provider says of itself beyond the crate's list.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Extra {
    /// RFC 9207: it names itself beside the code.
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Extra {}

pub type Metadata = ProviderMetadata<
    Extra,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// The provider as it was when it was last asked.
#[derive(Debug)]
pub struct Known {
    pub metadata: Metadata,
    pub keys: CoreJsonWebKeySet,
    described_at: Instant,
    keys_at: Instant,
}

/// The provider, asked by one at a time: who comes meanwhile takes what the one before him got.
#[derive(Default)]
pub struct Cache(Mutex<Held>);

#[derive(Default)]
struct Held {
    known: Option<Arc<Known>>,
    failed: Option<(Instant, OidcError)>,
}

impl Held {
    /// What somebody else got while this one waited, good or bad.
    fn since(&self, began: Instant) -> Option<Result<Arc<Known>, OidcError>> {
        if let Some(known) = self.known.as_ref().filter(|known| known.keys_at >= began) {
            return Some(Ok(known.clone()));
        }
        let failed = self.failed.as_ref().filter(|(at, _)| *at >= began);
        failed.map(|(_, error)| Err(error.clone()))
    }

    fn keep(&mut self, fetched: Result<Known, OidcError>) -> Result<Arc<Known>, OidcError> {
        match fetched {
            Ok(known) => {
                let known = Arc::new(known);
                self.known = Some(known.clone());
                Ok(known)
            }
            Err(error) => {
                self.failed = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }
}

impl Cache {
    /// The description and the keys, as they were within the last hour; older ones where the provider does not answer.
    pub async fn known(&self, issuer: &IssuerUrl, http: &Client) -> Result<Arc<Known>, OidcError> {
        let began = Instant::now();
        let mut held = self.0.lock().await;
        let stale = held.known.clone();
        if let Some(known) = stale.clone().filter(|known| known.described_at.elapsed() < FRESH) {
            return Ok(known);
        }
        let fetched = match held.since(began) {
            Some(fetched) => fetched,
            None => {
                let fetched = described(issuer, http).await;
                held.keep(fetched)
            }
        };
        match (fetched, stale) {
            (Err(error), Some(stale)) => {
                tracing::warn!(%error, "single sign-on: the provider's description cannot be had; the former one is used");
                Ok(stale)
            }
            (fetched, _) => fetched,
        }
    }

    /// The same with keys that were fetched since: a token names one that was not among them.
    pub async fn with_other_keys(
        &self,
        issuer: &IssuerUrl,
        http: &Client,
        former: &Known,
    ) -> Result<Arc<Known>, OidcError> {
        let began = Instant::now();
        let mut held = self.0.lock().await;
        if let Some(fetched) = held.since(began) {
            return fetched;
        }
        if let Some(wait) = BETWEEN.checked_sub(former.keys_at.elapsed()) {
            tokio::time::sleep(wait).await;
        }
        let fetched = described(issuer, http).await;
        held.keep(fetched)
    }
}

async fn described(issuer: &IssuerUrl, http: &Client) -> Result<Known, OidcError> {
    let call = |request| http.call(request);
    let metadata = Metadata::discover_async(issuer.clone(), &call).await.map_err(unavailable)?;
    let keys = metadata.jwks().clone();
    let now = Instant::now();
    Ok(Known { metadata, keys, described_at: now, keys_at: now })
}

fn unavailable<E: std::error::Error + 'static>(error: DiscoveryError<E>) -> OidcError {
    OidcError::Unavailable(match error {
        DiscoveryError::Request(inner) => inner.to_string(),
        DiscoveryError::Parse(inner) => format!("its description cannot be read: {inner}"),
        other => other.to_string(),
    })
}
