//! The ledger's second book: who signed in, what administrators did.

use super::{
    ask::Ask,
    input::Query,
    pages::{Page, leading_on, page, page_size},
    problem::{ReadProblems, Refused},
};
use crate::{
    domain::{
        actor::Author,
        ids::{CaseId, UserId},
    },
    office::{
        Fault, StoreError,
        acts::{ActFilter, Line},
    },
};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ActQuery {
    /// Only those about this case.
    #[param(value_type = Option<String>)]
    case: Option<CaseId>,
    /// Only those of this kind, e.g. `membership_granted`.
    #[param(value_type = Option<String>, example = "membership_granted")]
    kind: Option<String>,
    /// Only those about this account.
    #[param(value_type = Option<String>)]
    user: Option<UserId>,
    /// The cursor of the previous page's `next` link.
    #[param(value_type = Option<String>)]
    after: Option<Uuid>,
    /// 1 to 100, 50 if left out.
    #[param(value_type = Option<u32>)]
    limit: Option<u32>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ActView {
    id: String,
    recorded_at: DateTime<Utc>,
    /// Who did it; nobody, where it is not known who it was.
    author: Option<Author>,
    /// Whom it is about.
    user: Option<String>,
    /// Which case it is about.
    case: Option<String>,
    request_id: String,
    address: Option<String>,
    /// What was done, by its `kind`.
    #[schema(value_type = crate::office::acts::Act)]
    act: serde_json::Value,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ActPage {
    acts: Vec<ActView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// List acts 操作记录
///
/// Sign-ins, accounts, memberships, the directory, settings; newest first, page by page (`Link: rel="next"`).
///
/// **Who:** auditors and committee leaders, their congress's; operators, the installation's.
#[utoipa::path(
    tag = "accounts",
    params(ActQuery),
    responses((status = 200, body = ActPage, headers(("Link" = Option<String>, description = "The next page"))), ReadProblems),
    security(("bearer" = []))
)]
#[get("/acts")]
pub async fn list_acts(
    ask: Ask,
    query: Query<ActQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let Query(ActQuery { case, kind, user, after, limit }) = query;
    let limit = page_size(limit)?;
    let asked = ActFilter { case, kind, user, before: after, limit: limit as i64 + 1 };
    let found = ask.office.acts(&ask.caller, asked).await?;
    let Page { lines, next } = page(&request, found, limit, "after", |last| last.id.clone());
    let acts = lines.into_iter().map(written).collect::<Result<Vec<_>, _>>()?;
    Ok(leading_on(next.as_ref()).json(ActPage { acts, next }))
}

fn written(line: Line) -> Result<ActView, Fault> {
    let corrupt = |e: serde_json::Error| StoreError::corrupt("acts", &line.id, e);
    let author = line.author.as_deref().map(serde_json::from_str).transpose().map_err(corrupt)?;
    let act = serde_json::from_str(&line.body).map_err(corrupt)?;
    Ok(ActView {
        id: line.id,
        recorded_at: line.recorded_at.and_utc(),
        author,
        user: line.user_id,
        case: line.case_id,
        request_id: line.request_id,
        address: line.address,
        act,
    })
}
