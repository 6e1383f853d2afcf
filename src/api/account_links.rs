//! Invitations and password resets, opened by whoever has the link. Looking at one changes nothing.

use super::{
    input::Body,
    problem::{PublicProblems, Refused, WriteProblems},
    sign_in::{Whence, hasty},
};
use crate::{
    identity::{password, refresh},
    office::{
        Office,
        links::{Opened, Purpose},
    },
};
use actix_web::{
    HttpResponse, get, post,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What a link is for.
#[derive(Serialize, utoipa::ToSchema)]
pub struct LinkView {
    purpose: Purpose,
    username: String,
    name: String,
    expires_at: DateTime<Utc>,
}

/// Read what a link is for
///
/// Changes nothing: a link that was looked at, by a person or by a program that looks at links, is as good as before.
#[utoipa::path(
    tag = "sign-in",
    params(("token" = String, Path)),
    responses((status = 200, body = LinkView), PublicProblems)
)]
#[get("/auth/links/{token}")]
pub async fn open_link(office: Data<Office>, token: Path<String>) -> Result<HttpResponse, Refused> {
    let Opened { purpose, username, name, expires_at } = office.open_link(refresh::hash(&token)).await?;
    Ok(HttpResponse::Ok().json(LinkView { purpose, username, name, expires_at }))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    /// At least 12 characters, hard to guess, and on no list of stolen ones.
    password: String,
}

/// Choose a password by a link
///
/// Ends all sign-ins of the account and burns all its links. Signing in is then as usual.
#[utoipa::path(
    tag = "sign-in",
    params(("token" = String, Path)),
    request_body = Chosen,
    responses((status = 204, description = "The password holds from now on"), WriteProblems)
)]
#[post("/auth/links/{token}")]
pub async fn use_link(
    office: Data<Office>,
    token: Path<String>,
    whence: Whence,
    body: Body,
) -> Result<HttpResponse, Refused> {
    let hash = refresh::hash(&token);
    let found = office.open_link(hash.clone()).await?;
    let Chosen { password } = body.read()?;
    let about = [found.username, found.name];
    check(&password, about, office.security().breached.clone()).await?;
    let hashed = password::hash_async(password).await.map_err(hasty)?;
    office.use_link(hash, hashed, whence.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Holds a password to what is asked of one, off the threads that serve requests.
pub async fn check(password: &str, about: [String; 2], list: Option<PathBuf>) -> Result<(), Refused> {
    let password = password.to_owned();
    let work = move || {
        let about: Vec<&str> = about.iter().map(String::as_str).collect();
        password::check_chosen(&password, &about, list.as_deref())
    };
    let checked = actix_web::web::block(work).await.map_err(super::sign_in::unavailable)?;
    Ok(checked.map_err(hasty)?)
}
