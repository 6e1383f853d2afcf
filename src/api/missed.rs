//! Requests that no route took: an address that exists but not with this method is told apart from one that does not.

use super::document::document;
use actix_web::{HttpRequest, HttpResponse, dev::ResourceDef, http::header};
use std::sync::LazyLock;

/// Each address of the contract, and the methods that it takes.
static ADDRESSES: LazyLock<Vec<(ResourceDef, String)>> = LazyLock::new(|| {
    let paths = document().paths.paths;
    let methods = |item: &utoipa::openapi::PathItem| {
        let known =
            [("GET", item.get.is_some()), ("POST", item.post.is_some()), ("PATCH", item.patch.is_some())];
        known.iter().filter(|(_, there)| *there).map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    };
    paths.iter().map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item))).collect()
});

pub async fn missed(request: HttpRequest) -> HttpResponse {
    let address = ADDRESSES.iter().find(|(address, _)| address.is_match(request.path()));
    match address {
        Some((_, methods)) => {
            HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, methods.as_str())).finish()
        }
        None => HttpResponse::NotFound().finish(),
    }
}
