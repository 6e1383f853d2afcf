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

#[cfg(test)]
mod tests {
    use super::{super::address::Proxies, *};
    use actix_web::{App, HttpResponse, middleware::from_fn, test, web, web::Data};

    async fn status(refuse: bool, peer: &str, path: &str) -> u16 {
        let proxies = Proxies::new(vec!["10.0.0.0/8".parse().unwrap()]);
        let app = App::new()
            .app_data(Refuse(refuse))
            .app_data(Data::new(proxies))
            .default_service(web::to(HttpResponse::Ok))
            .wrap(from_fn(refuse_plain_http));
        let service = test::init_service(app).await;
        let peer = std::net::SocketAddr::new(peer.parse().unwrap(), 40_000);
        // Whoever is not trusted cannot say that it came over TLS.
        let request = test::TestRequest::get().uri(path).peer_addr(peer);
        let request = request.insert_header(("x-forwarded-proto", "https")).to_request();
        test::call_service(&service, request).await.status().as_u16()
    }

    #[actix_web::test]
    async fn what_comes_straight_from_the_network_is_refused() {
        for (refuse, peer, path, expected) in [
            (true, "203.0.113.5", "/v1/me", 421),
            (true, "2001:db8::1", "/v1/me", 421),
            (true, "203.0.113.5", "/readyz", 421),
            (true, "203.0.113.5", "/healthz", 200),
            (true, "127.0.0.1", "/v1/me", 200),
            (true, "::1", "/v1/me", 200),
            (true, "::ffff:127.0.0.1", "/v1/me", 200),
            (true, "10.1.2.3", "/v1/me", 200),
            (false, "203.0.113.5", "/v1/me", 200),
        ] {
            assert_eq!(status(refuse, peer, path).await, expected, "{refuse} {peer} {path}");
        }
    }
}
