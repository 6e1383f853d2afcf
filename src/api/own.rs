//! One's own account: who one is, where one is signed in, and the password.

use super::{
    account_links::check,
    ask::Ask,
    input::Body,
    problem::{ReadProblems, Refused, WriteProblems},
    sign_in::{Lifetimes, REFRESH, TokenPair, Whence, hasty, pair, secret},
};
use crate::{
    domain::{
        actor::Role,
        ids::{MembershipId, SignInId, UserId},
    },
    identity::{password, token::Tokens},
    office::{Fault, own},
};
use actix_web::{
    HttpResponse, delete, get, post,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Who the caller is.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Me {
    user: UserId,
    /// In which capacity: what the account is in this congress.
    membership: MembershipId,
    name: String,
    #[schema(example = "committee")]
    role: &'static str,
    congress: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deputy: Option<String>,
    /// Everything that the account is; `POST /v1/auth/switch` goes on in another.
    memberships: Vec<MembershipView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct MembershipView {
    id: String,
    congress: Option<String>,
    role: String,
}

/// Read who I am
#[utoipa::path(tag = "sign-in", responses((status = 200, body = Me), ReadProblems), security(("bearer" = [])))]
#[get("/me")]
pub async fn me(ask: Ask) -> Result<HttpResponse, Refused> {
    let own::Oneself { actor, memberships } = ask.office.me(&ask.caller).await?;
    let (department, deputy) = match &actor.role {
        Role::Department { department, .. } => (Some(department.to_string()), None),
        Role::Deputy { deputy } => (None, Some(deputy.to_string())),
        _ => (None, None),
    };
    let memberships = memberships
        .into_iter()
        .map(|it| MembershipView { id: it.id, congress: it.congress_id, role: it.role })
        .collect();
    Ok(HttpResponse::Ok().json(Me {
        user: actor.user,
        membership: actor.membership,
        name: actor.name,
        role: actor.role.id(),
        congress: actor.congress.map(String::from),
        department,
        deputy,
        memberships,
    }))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    current: String,
    /// At least 12 characters, hard to guess, and on no list of stolen ones.
    password: String,
}

/// Change my password
///
/// Ends all other sign-ins and forgets all devices.
#[utoipa::path(
    tag = "sign-in",
    request_body(content = NewPassword, example = json!({"current": "correct horse battery staple", "password": "河堤修好了再走三里路"})),
    responses((status = 204, description = "The password holds from now on"), WriteProblems),
    security(("bearer" = []))
)]
#[post("/me/password")]
pub async fn change_password(ask: Ask, body: Body) -> Result<HttpResponse, Refused> {
    let NewPassword { current, password } = body.read()?;
    let account = ask.office.own_account(&ask.caller).await?;
    if !password::verify_async(current, account.password.clone()).await.map_err(hasty)? {
        let wrong = Fault::invalid("/current", "当前密码不对", "is not the current password");
        return Err(wrong.into());
    }
    ask.office.own_password_right(&account).await?;
    let about = [account.username, account.display_name];
    check(&password, about, ask.office.security().breached.clone()).await?;
    let hash = password::hash_async(password).await.map_err(hasty)?;
    ask.office.change_password(&ask.caller, hash).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Somewhere that I am signed in.
#[derive(Serialize, utoipa::ToSchema)]
pub struct OwnSignIn {
    id: String,
    membership: String,
    since: DateTime<Utc>,
    /// When its tokens were last renewed.
    last_used: DateTime<Utc>,
    /// When it ends unless it is used.
    expires: DateTime<Utc>,
    second_factor: bool,
    address: Option<String>,
    client: Option<String>,
    /// Whether it is the one that asks.
    this: bool,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct OwnSignIns {
    sign_ins: Vec<OwnSignIn>,
}

/// List where I am signed in
///
/// Newest first.
#[utoipa::path(tag = "sign-in", responses((status = 200, body = OwnSignIns), ReadProblems), security(("bearer" = [])))]
#[get("/me/sign-ins")]
pub async fn list_own_sign_ins(ask: Ask) -> Result<HttpResponse, Refused> {
    let this = own::session(&ask.caller).map(|id| id.to_string());
    let found = ask.office.own_sign_ins(&ask.caller).await?;
    let sign_ins = found
        .into_iter()
        .map(|it| OwnSignIn {
            this: Some(&it.id) == this.as_ref(),
            id: it.id,
            membership: it.membership_id,
            since: it.created_at.and_utc(),
            last_used: it.used_at.and_utc(),
            expires: it.expires_at.and_utc(),
            second_factor: it.second_factor,
            address: it.address,
            client: it.client,
        })
        .collect();
    Ok(HttpResponse::Ok().json(OwnSignIns { sign_ins }))
}

/// End one of my sign-ins
///
/// Its tokens are refused from the next request on.
#[utoipa::path(
    tag = "sign-in",
    params(("id" = SignInId, Path)),
    responses((status = 204, description = "It is over"), ReadProblems),
    security(("bearer" = []))
)]
#[delete("/me/sign-ins/{id}")]
pub async fn end_own_sign_in(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    let id = id.parse::<SignInId>().map_err(|_| Fault::NotFound)?;
    ask.office.end_own_sign_in(&ask.caller, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sign out everywhere
///
/// Ends all of one's sign-ins, this one too, and forgets all devices.
#[utoipa::path(
    tag = "sign-in",
    responses((status = 204, description = "Signed out everywhere"), ReadProblems),
    security(("bearer" = []))
)]
#[post("/auth/sign-out-everywhere")]
pub async fn sign_out_everywhere(ask: Ask) -> Result<HttpResponse, Refused> {
    ask.office.sign_out_everywhere(&ask.caller).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    membership: MembershipId,
}

/// Go on in another capacity
///
/// Opens another sign-in in that membership, beside this one, with tokens of its own. The second factor that was shown
/// counts there too.
#[utoipa::path(
    tag = "sign-in",
    request_body = Switch,
    responses((status = 200, body = TokenPair), WriteProblems),
    security(("bearer" = []))
)]
#[post("/auth/switch")]
pub async fn switch_membership(
    ask: Ask,
    tokens: Data<Tokens>,
    lifetimes: Data<Lifetimes>,
    whence: Whence,
    body: Body,
) -> Result<HttpResponse, Refused> {
    let Switch { membership } = body.read()?;
    let refresh = secret()?;
    let expires_at = ask.office.now() + REFRESH;
    let signed_in = ask.office.switch(&ask.caller, membership, refresh.hash, expires_at, whence.0).await?;
    pair(&ask.office, &tokens, *lifetimes.get_ref(), signed_in, refresh.secret, None)
}
