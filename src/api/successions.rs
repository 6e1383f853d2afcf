//! What became of departments 机构沿革: renamed, or merged into another one.

use super::{
    ask::Ask,
    directory::CongressQuery,
    input::{Body, Query},
    problem::{ReadProblems, Refused, WriteProblems},
};
use crate::{
    domain::{gate::Operation, ids::DepartmentId},
    office::{
        Fault,
        succession::{Entered, NewSuccession},
    },
};
use actix_web::{HttpResponse, get, post, web::Path};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

#[derive(Serialize, utoipa::ToSchema)]
pub struct SuccessionView {
    id: String,
    department: String,
    /// `renamed` or `merged`.
    kind: String,
    name_before: String,
    /// Its new name, or the successor's.
    name_after: String,
    /// The successor of a merged one.
    into: Option<String>,
    on: NaiveDate,
    /// 文号
    document: Option<String>,
    recorded_at: DateTime<Utc>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Successions {
    successions: Vec<SuccessionView>,
}

impl From<Entered> for SuccessionView {
    fn from(it: Entered) -> SuccessionView {
        SuccessionView {
            id: it.id,
            department: it.department_id,
            kind: it.kind,
            name_before: it.name_before,
            name_after: it.name_after,
            into: it.into_id,
            on: it.happened_on,
            document: it.document,
            recorded_at: it.recorded_at.and_utc(),
        }
    }
}

fn id(text: &str) -> Result<DepartmentId, Refused> {
    text.parse().map_err(|_| Refused(Fault::NotFound))
}

/// Enter that a department was renamed or merged 机构更名、合并
///
/// A renamed one keeps its id; what was recorded keeps the old name. A merged one takes nothing any more, and within a
/// minute what it still owes goes to its successor: its part in every open case, and of closed ones the promises that are
/// not over. Each of these cases says so in its history. Accounts stay as they are: memberships are granted by the
/// administrator. **Who:** committee staff, administrators.
#[utoipa::path(
    tag = "directory",
    params(CongressQuery, ("id" = DepartmentId, Path)),
    request_body(content = NewSuccession, example = json!({"kind": "merged", "into": "01890000-0000-7000-8000-000000000002", "on": "2024-12-01", "document": "湖委编〔2024〕7号"})),
    responses((status = 201, body = SuccessionView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/departments/{id}/succession")]
pub async fn succeed_department(
    ask: Ask,
    path: Path<String>,
    query: Query<CongressQuery>,
    body: Body,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepDirectory).await?;
    let (id, congress) = (id(&path)?, query.0.congress);
    let entered =
        ask.office.succeed_department(&ask.caller, congress, id, body.read::<NewSuccession>()?).await?;
    Ok(HttpResponse::Created().json(SuccessionView::from(entered)))
}

/// List what became of a department 机构沿革
///
/// Oldest first. **Who:** anybody who belongs to the congress.
#[utoipa::path(
    tag = "directory",
    params(CongressQuery, ("id" = DepartmentId, Path)),
    responses((status = 200, body = Successions), ReadProblems),
    security(("bearer" = []))
)]
#[get("/departments/{id}/succession")]
pub async fn list_successions(
    ask: Ask,
    path: Path<String>,
    query: Query<CongressQuery>,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ReadDirectory).await?;
    let found = ask.office.successions(&ask.caller, &query.0.congress, id(&path)?).await?;
    Ok(HttpResponse::Ok().json(Successions { successions: found.into_iter().map(Into::into).collect() }))
}
