//! Who is asking: the token names the person; what he may do is read from the database by the office.

use super::{address::Client, problem::Refused};
use crate::{
    domain::ids::{SignInId, UserId},
    identity::token::{Claims, Tokens},
    office::{Caller, Fault, Office, Who},
    telemetry::RequestId,
};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header, web::Data};
use std::future::{Ready, ready};

/// A signed-in request.
pub struct Ask {
    pub office: Data<Office>,
    pub caller: Caller,
}

impl FromRequest for Ask {
    type Error = Refused;
    type Future = Ready<Result<Ask, Refused>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(ask(request).ok_or(Refused(Fault::Unauthenticated)))
    }
}

fn ask(request: &HttpRequest) -> Option<Ask> {
    let office = request.app_data::<Data<Office>>()?.clone();
    let claims = claims(request)?;
    Some(Ask {
        caller: Caller {
            who: Who::SignIn(SignInId(claims.session), UserId(claims.user)),
            request_id: request_id(request),
            address: Some(Client::of(request).address.to_string()),
        },
        office,
    })
}

/// What the request's token says, looked at once.
#[derive(Clone, Copy)]
struct Said(Option<Claims>);

/// What the request's token says, if it brings one that is good now.
pub fn claims(request: &HttpRequest) -> Option<Claims> {
    if let Some(Said(claims)) = request.extensions().get() {
        return *claims;
    }
    let claims = verified(request);
    request.extensions_mut().insert(Said(claims));
    claims
}

fn verified(request: &HttpRequest) -> Option<Claims> {
    let office = request.app_data::<Data<Office>>()?;
    let tokens = request.app_data::<Data<Tokens>>()?;
    // Of two tokens nobody can say which one is meant.
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    let (Some(header), None) = (headers.next(), headers.next()) else { return None };
    let (scheme, token) = header.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    tokens.verify(token.trim_start_matches(' '), office.now()).ok()
}

/// The id that names this request in the log and in the ledger.
pub fn request_id(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map(|id| id.as_str().to_owned()).unwrap_or_default()
}
