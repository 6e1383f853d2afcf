//! How the provider of single sign-on is asked: one request, one answer, no redirect, bounded in time and size.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client as Hyper, connect::HttpConnector},
    rt::TokioExecutor,
};
use openidconnect::{HttpRequest, HttpResponse, http};
use std::time::Duration;

/// From the first byte to the last.
const PATIENCE: Duration = Duration::from_secs(10);
const TO_CONNECT: Duration = Duration::from_secs(3);
/// A discovery document has some 5 KB, a key set as much.
const LARGEST: usize = 512 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    #[error("no certificates to trust are found on this machine ({0}); install the package ca-certificates")]
    Roots(std::io::Error),
    #[error("cannot be reached: {0}")]
    Unreachable(#[source] hyper_util::client::legacy::Error),
    #[error("no answer within {} seconds", PATIENCE.as_secs())]
    TooSlow,
    #[error("the answer cannot be read: {0}")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the request cannot be written: {0}")]
    Request(#[from] http::Error),
}

/// Asks the provider.
pub struct Client(Hyper<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Client {
    /// For addresses with https alone, unless `plain`, which is for a provider on the same machine.
    ///
    /// # Errors
    /// When the machine trusts no certificates.
    pub fn new(plain: bool) -> Result<Self, HttpError> {
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let builder = HttpsConnectorBuilder::new();
        let roots = builder.with_provider_and_native_roots(provider).map_err(HttpError::Roots)?;
        let schemes = if plain { roots.https_or_http() } else { roots.https_only() };
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(TO_CONNECT));
        let connector = schemes.enable_http1().wrap_connector(connector);
        // A connection is rarely wanted twice, and one that the other end closed meanwhile is a failed sign-in.
        Ok(Self(Hyper::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector)))
    }

    /// One request, one answer.
    ///
    /// # Errors
    /// When there is none in time, or it is too long.
    pub async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let asked = async {
            let request = request.map(|body| Full::new(Bytes::from(body)));
            let (head, body) = self.0.request(request).await.map_err(HttpError::Unreachable)?.into_parts();
            let body = Limited::new(body, LARGEST).collect().await.map_err(HttpError::Broken)?;
            Ok(HttpResponse::from_parts(head, body.to_bytes().into()))
        };
        tokio::time::timeout(PATIENCE, asked).await.unwrap_or(Err(HttpError::TooSlow))
    }
}
