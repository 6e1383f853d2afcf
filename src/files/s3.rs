//! An S3-compatible store: how it is spoken to, for how long, and what its answers mean.

use std::{fmt, time::Duration};

use object_store::{
    BackoffConfig, ClientOptions, Error as StoreError, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
};

/// Where a store of the S3 kind is, and as whom it is entered.
#[derive(Clone, PartialEq, Eq)]
pub struct S3 {
    pub bucket: String,
    /// What stands before every name, without slashes at its ends; empty for none.
    pub prefix: String,
    /// The server; none means Amazon's own of the region.
    pub endpoint: Option<String>,
    pub region: String,
    pub access_key: String,
    pub secret: String,
    /// Whether it may be spoken to without TLS.
    pub plain_http: bool,
}

impl fmt::Debug for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let S3 { bucket, prefix, endpoint, .. } = self;
        f.debug_struct("S3")
            .field("bucket", bucket)
            .field("prefix", prefix)
            .field("endpoint", endpoint)
            .finish_non_exhaustive()
    }
}

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(3);
/// How long one request may take with its bytes: the largest file over 20 Mbit/s.
const REQUEST: Duration = Duration::from_secs(30);
/// A store that is down is told so before the person who waits gives up.
const RETRY: Duration = Duration::from_secs(5);

/// Reads no environment and no metadata service of a cloud: only what the settings say. Nothing is asked of the server
/// yet, so that a store that is down keeps nobody from reading cases.
pub(super) fn open(s3: &S3) -> Result<AmazonS3, StoreError> {
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&s3.bucket)
        .with_region(&s3.region)
        .with_access_key_id(&s3.access_key)
        .with_secret_access_key(&s3.secret)
        // The bucket in the path: what stores of one's own understand without an entry in the DNS.
        .with_virtual_hosted_style_request(false)
        .with_client_options(
            ClientOptions::new()
                .with_allow_http(s3.plain_http)
                .with_connect_timeout(CONNECT)
                .with_timeout(REQUEST),
        )
        .with_retry(RetryConfig {
            backoff: BackoffConfig {
                init_backoff: Duration::from_millis(100),
                max_backoff: Duration::from_secs(1),
                base: 2.0,
            },
            max_retries: 2,
            retry_timeout: RETRY,
        });
    if let Some(endpoint) = &s3.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    builder.build()
}

/// Whether the store says that its bucket is not there: then nothing is known of any file in it.
pub(super) fn has_no_bucket(error: &StoreError) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.to_string().contains("NoSuchBucket") {
            return true;
        }
        cause = error.source();
    }
    false
}
