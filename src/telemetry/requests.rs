//! The outermost middleware: gives a request its id, and writes one line and one figure when it is answered.

use std::time::Instant;

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, web};

use super::request_id::{HEADER, RequestId};
use crate::metrics::{Metrics, method_label};

/// The target of request lines, for `JIANYI_LOG=info,jianyi::request=off`.
pub const TARGET: &str = "jianyi::request";

/// The route when no resource took the request.
const NO_ROUTE: &str = "none";

/// Wrap it last with `actix_web::middleware::from_fn(record_request)`, so that it runs first.
///
/// Counts in the application's `web::Data<Metrics>` if there is one. No span is opened: a span per request
/// costs more than all of this, and the id is in the request for whoever wants to log it.
pub async fn record_request<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let start = Instant::now();
    let id = RequestId::of(request.headers().get(HEADER));
    let method = method_label(request.method());
    let metrics = request.app_data::<web::Data<Metrics>>().cloned();
    request.extensions_mut().insert(id.clone());
    // The id is ours from here on; a handler that reads the header must not see a refused one.
    request.headers_mut().remove(HEADER);

    let write = |route: &str, status: StatusCode, bytes: Option<u64>| {
        let duration = start.elapsed();
        if let Some(metrics) = &metrics {
            metrics.request(method, route, status, duration);
        }
        line(&id, method, route, status, u64::try_from(duration.as_micros()).unwrap_or(u64::MAX), bytes);
    };

    match next.call(request).await {
        Ok(mut response) => {
            if let Some(value) = id.header() {
                response.headers_mut().insert(HEADER, value);
            }
            // After routing, for then the pattern is known and need not be searched.
            let route = response.request().match_pattern();
            let bytes = match response.response().body().size() {
                BodySize::None => Some(0),
                BodySize::Sized(bytes) => Some(bytes),
                BodySize::Stream => None,
            };
            write(route.as_deref().unwrap_or(NO_ROUTE), response.status(), bytes);
            Ok(response)
        }
        // Another middleware gave up; the request, and with it the route, is gone.
        Err(error) => {
            let mut response = error.error_response();
            if let Some(value) = id.header() {
                response.headers_mut().insert(HEADER, value);
            }
            write(NO_ROUTE, response.status(), None);
            Err(InternalError::from_response(error, response).into())
        }
    }
}

/// The one line of a request.
fn line(id: &RequestId, method: &str, route: &str, status: StatusCode, duration_us: u64, bytes: Option<u64>) {
    let (request_id, code) = (id.as_str(), status.as_u16());
    if status.is_server_error() {
        tracing::error!(target: TARGET, request_id, method, route, status = code, duration_us, bytes, "request failed");
    } else {
        tracing::info!(target: TARGET, request_id, method, route, status = code, duration_us, bytes, "request");
    }
}
