//! A real service is not spoken to in plain text over the network: the token in the request could be read by anybody on
//! the way. TLS is the proxy's work, so what comes neither through it nor from this machine is refused.

use super::{address::Client, problem::Refused};
use crate::office::Fault;
use actix_web::{
    Error,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};

/// Whether a request is refused that came in plain text straight from the network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refuse(pub bool);

/// What asks only whether the process lives may ask from anywhere: it brings no token, and the answer tells nothing.
const OPEN: &str = "/healthz";

pub async fn refuse_plain_http<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let refuse = request.app_data::<Refuse>().is_some_and(|refuse| refuse.0);
    if refuse && request.match_info().as_str() != OPEN && !Client::of(request.request()).sheltered {
        return Ok(request.error_response(Refused(Fault::PlainHttp)).map_into_right_body());
    }
    Ok(next.call(request).await?.map_into_left_body())
}
