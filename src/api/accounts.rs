//! Accounts: as a congress's administrators keep them, and the operator those of administrators.

use super::{
    ask::Ask,
    input::{Body, Query},
    pages::{Page, leading_on, page, page_size},
    problem::{ReadProblems, Refused, WriteProblems},
    programs::NewSecret,
};
use crate::{
    domain::{
        gate::Operation,
        ids::{MembershipId, UserId},
    },
    office::{
        Fault,
        administration::{Entered, NewPerson, NewRole},
        links::{MadeLink, Purpose},
    },
};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web::Path};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccountQuery {
    /// The cursor of the previous page's `next` link.
    #[param(value_type = Option<String>)]
    after: Option<MembershipId>,
    /// 1 to 100, 50 if left out.
    #[param(value_type = Option<u32>)]
    limit: Option<u32>,
}

/// What somebody is in the congress, with his account.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AccountLine {
    membership: String,
    user: String,
    username: String,
    name: String,
    role: String,
    department: Option<String>,
    deputy: Option<String>,
    delegation: Option<String>,
    /// Of a program.
    scopes: Option<String>,
    disabled: bool,
    since: DateTime<Utc>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct AccountPage {
    accounts: Vec<AccountLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// List accounts
///
/// One line for each membership that holds, oldest first, page by page (`Link: rel="next"`).
///
/// **Who:** administrators, their congress's; operators, the installation's.
#[utoipa::path(
    tag = "accounts",
    params(AccountQuery),
    responses((status = 200, body = AccountPage, headers(("Link" = Option<String>, description = "The next page"))), ReadProblems),
    security(("bearer" = []))
)]
#[get("/accounts")]
pub async fn list_accounts(
    ask: Ask,
    query: Query<AccountQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepAccounts).await?;
    let limit = page_size(query.0.limit)?;
    let found = ask.office.members(&ask.caller, query.0.after, limit as i64 + 1).await?;
    let Page { lines, next } = page(&request, found, limit, "after", |(_, last)| last.id.clone());
    let accounts = lines
        .into_iter()
        .map(|(user, it)| AccountLine {
            membership: it.id,
            user: user.id,
            username: user.username,
            name: user.display_name,
            role: it.role,
            department: it.department_id,
            deputy: it.deputy_id,
            delegation: it.delegation,
            scopes: it.scopes,
            disabled: user.disabled,
            since: it.created_at.and_utc(),
        })
        .collect();
    Ok(leading_on(next.as_ref()).json(AccountPage { accounts, next }))
}

/// A link that opens once; shown once.
#[derive(Serialize, utoipa::ToSchema)]
pub struct LinkMade {
    #[schema(example = "https://jianyi.example.cn/v1/auth/links/…")]
    url: String,
    purpose: Purpose,
    expires_at: DateTime<Utc>,
}

impl From<MadeLink> for LinkMade {
    fn from(it: MadeLink) -> LinkMade {
        LinkMade { url: it.url, purpose: it.purpose, expires_at: it.expires_at }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct EnteredView {
    user: UserId,
    membership: MembershipId,
    /// For a person: where he chooses his password. Hand it over in person or by a channel that is safe.
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation: Option<LinkMade>,
    /// For a program.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<NewSecret>,
}

/// Enter an account
///
/// Answers with an invitation link for a person, and with a secret for a program (who has `scopes`); both are shown once.
///
/// **Who:** administrators, for their congress; operators, for administrators and operators.
#[utoipa::path(
    tag = "accounts",
    request_body(content = NewPerson, example = json!({"username": "zhang.min", "name": "张敏", "membership": {"role": "committee"}})),
    responses((status = 201, body = EnteredView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/accounts")]
pub async fn enter_account(ask: Ask, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepAccounts).await?;
    let Entered { user, membership, invitation, secret } =
        ask.office.enter_account(&ask.caller, body.read::<NewPerson>()?).await?;
    let secret = secret.map(|it| NewSecret { id: it.id, client_id: membership, client_secret: it.secret });
    let entered = EnteredView { user, membership, invitation: invitation.map(Into::into), secret };
    Ok(HttpResponse::Created().json(entered))
}

fn user(text: &str) -> Result<UserId, Refused> {
    text.parse().map_err(|_| Refused(Fault::NotFound))
}

/// Disable an account
///
/// Its sign-ins end at once. Its name stays in the ledger.
///
/// **Who:** administrators of the only congress that it belongs to; nobody his own.
#[utoipa::path(
    tag = "accounts",
    params(("id" = UserId, Path)),
    responses((status = 204, description = "Shut out"), WriteProblems),
    security(("bearer" = []))
)]
#[post("/accounts/{id}/disabling")]
pub async fn disable_account(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepAccounts).await?;
    ask.office.shut_out(&ask.caller, user(&id)?, true).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Enable an account again
///
/// **Who:** as for disabling.
#[utoipa::path(
    tag = "accounts",
    params(("id" = UserId, Path)),
    responses((status = 204, description = "May sign in again"), WriteProblems),
    security(("bearer" = []))
)]
#[post("/accounts/{id}/enabling")]
pub async fn enable_account(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepAccounts).await?;
    ask.office.shut_out(&ask.caller, user(&id)?, false).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Make a link to another password
///
/// For who forgot it, or lost the invitation. Good for an hour (an invitation for 7 days), shown once.
///
/// **Who:** as for disabling.
#[utoipa::path(
    tag = "accounts",
    params(("id" = UserId, Path)),
    responses((status = 201, body = LinkMade), WriteProblems),
    security(("bearer" = []))
)]
#[post("/accounts/{id}/reset")]
pub async fn reset_account(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepAccounts).await?;
    let made = ask.office.reset_link(&ask.caller, user(&id)?).await?;
    Ok(HttpResponse::Created().json(LinkMade::from(made)))
}

/// Take a second factor away
///
/// For who lost the device and the recovery codes. All sign-ins end.
///
/// **Who:** as for disabling.
#[utoipa::path(
    tag = "accounts",
    params(("id" = UserId, Path)),
    responses((status = 204, description = "There is no second factor any more"), WriteProblems),
    security(("bearer" = []))
)]
#[post("/accounts/{id}/second-factor/reset")]
pub async fn reset_second_factor(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepAccounts).await?;
    ask.office.reset_second_factor(&ask.caller, user(&id)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Granted {
    membership: MembershipId,
}

/// Grant a membership
///
/// **Who:** administrators, in their congress; nobody to himself. One person is not both auditor and committee staff.
#[utoipa::path(
    tag = "accounts",
    params(("id" = UserId, Path)),
    request_body(content = NewRole, example = json!({"role": "auditor"})),
    responses((status = 201, body = Granted), WriteProblems),
    security(("bearer" = []))
)]
#[post("/accounts/{id}/memberships")]
pub async fn grant_membership(ask: Ask, id: Path<String>, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepAccounts).await?;
    let membership = ask.office.grant_membership(&ask.caller, user(&id)?, body.read::<NewRole>()?).await?;
    Ok(HttpResponse::Created().json(Granted { membership }))
}

/// End a membership
///
/// Its rights end at the next request.
///
/// **Who:** administrators, in their congress; nobody his own.
#[utoipa::path(
    tag = "accounts",
    params(("id" = MembershipId, Path)),
    responses((status = 204, description = "It is over"), WriteProblems),
    security(("bearer" = []))
)]
#[delete("/memberships/{id}")]
pub async fn end_membership(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepAccounts).await?;
    let id = id.parse().map_err(|_| Fault::NotFound)?;
    ask.office.end_membership(&ask.caller, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
