//! Pages of other origins: closed, unless the settings name them. No credentials of the browser's own are ever taken,
//! for a caller shows who he is with a token in a header.

use actix_cors::Cors;
use actix_web::{
    http::{Method, header},
    middleware::Condition,
};

/// The origins whose pages may call, as a browser writes them.
#[derive(Clone, Debug, Default)]
pub struct Origins(Vec<String>);

impl Origins {
    pub fn new(origins: Vec<String>) -> Origins {
        Origins(origins)
    }

    /// With no origin named, it says nothing of the matter at all.
    pub fn middleware(&self) -> Condition<Cors> {
        let cors = Cors::default()
            .allowed_methods([Method::GET, Method::HEAD, Method::POST, Method::PATCH])
            .allowed_headers([
                header::ACCEPT,
                header::ACCEPT_LANGUAGE,
                header::AUTHORIZATION,
                header::CONTENT_TYPE,
                header::IF_MATCH,
                header::IF_NONE_MATCH,
                header::HeaderName::from_static("idempotency-key"),
                header::HeaderName::from_static("x-request-id"),
            ])
            .expose_headers([
                header::CONTENT_DISPOSITION,
                header::ETAG,
                header::LINK,
                header::LOCATION,
                header::RETRY_AFTER,
                header::HeaderName::from_static("idempotent-replayed"),
                header::HeaderName::from_static("x-request-id"),
            ])
            .max_age(600);
        let cors = self.0.iter().fold(cors, |cors, origin| cors.allowed_origin(origin));
        Condition::new(!self.0.is_empty(), cors)
    }
}
