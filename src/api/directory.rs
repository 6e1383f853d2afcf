//! Congresses, their sessions, departments and deputies.

use super::{
    ask::Ask,
    input::{Body, Query},
    problem::{ReadProblems, Refused, WriteProblems},
};
use crate::{
    domain::{gate::Operation, ids::CongressId},
    office::{
        Fault,
        directory::{Congress, Department, Deputy, NewDepartment, NewDeputy, NewSession, Session},
    },
};
use actix_web::{HttpResponse, get, post, web::Path};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

#[derive(Serialize, utoipa::ToSchema)]
pub struct CongressView {
    #[schema(example = "330502")]
    id: String,
    name: String,
    #[schema(example = "zhejiang-2016")]
    policy: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Congresses {
    congresses: Vec<CongressView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SessionView {
    id: String,
    label: String,
    origin: String,
    opens_on: NaiveDate,
    closes_on: Option<NaiveDate>,
    /// Until when motions are taken, UTC.
    motions_until: Option<DateTime<Utc>>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Sessions {
    sessions: Vec<SessionView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct DepartmentView {
    id: String,
    name: String,
    channel: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Departments {
    departments: Vec<DepartmentView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct DeputyView {
    id: String,
    name: String,
    delegation: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Deputies {
    deputies: Vec<DeputyView>,
}

impl From<Congress> for CongressView {
    fn from(it: Congress) -> CongressView {
        CongressView { id: it.id, name: it.name, policy: it.policy_id }
    }
}

impl From<Session> for SessionView {
    fn from(it: Session) -> SessionView {
        SessionView {
            id: it.id,
            label: it.label,
            origin: it.origin,
            opens_on: it.opens_on,
            closes_on: it.closes_on,
            motions_until: it.motions_until.map(|until| until.and_utc()),
        }
    }
}

impl From<Department> for DepartmentView {
    fn from(it: Department) -> DepartmentView {
        DepartmentView { id: it.id, name: it.name, channel: it.channel }
    }
}

impl From<Deputy> for DeputyView {
    fn from(it: Deputy) -> DeputyView {
        DeputyView { id: it.id, name: it.name, delegation: it.delegation }
    }
}

/// A congress in a path; what is no division code names none.
fn congress(text: &str) -> Result<CongressId, Refused> {
    text.parse().map_err(|_| Refused(Fault::NotFound))
}

/// Whose departments or deputies.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CongressQuery {
    #[param(value_type = String, example = "330502")]
    pub congress: CongressId,
}

/// List congresses
///
/// **Who:** anybody signed in, his own; the installation's administrator, all.
#[utoipa::path(tag = "directory", responses((status = 200, body = Congresses), ReadProblems), security(("bearer" = [])))]
#[get("/congresses")]
pub async fn list_congresses(ask: Ask) -> Result<HttpResponse, Refused> {
    let congresses = ask.office.congresses(&ask.caller).await?.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(Congresses { congresses }))
}

/// Read a congress
///
/// **Who:** anybody who belongs to it.
#[utoipa::path(
    tag = "directory",
    params(("id" = CongressId, Path)),
    responses((status = 200, body = CongressView), ReadProblems),
    security(("bearer" = []))
)]
#[get("/congresses/{id}")]
pub async fn get_congress(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    let found = ask.office.congress(&ask.caller, &congress(&id)?).await?;
    Ok(HttpResponse::Ok().json(CongressView::from(found)))
}

/// List sessions 届次
///
/// **Who:** anybody who belongs to the congress.
#[utoipa::path(
    tag = "directory",
    params(("id" = CongressId, Path)),
    responses((status = 200, body = Sessions), ReadProblems),
    security(("bearer" = []))
)]
#[get("/congresses/{id}/sessions")]
pub async fn list_sessions(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    let found = ask.office.sessions(&ask.caller, &congress(&id)?).await?;
    Ok(HttpResponse::Ok().json(Sessions { sessions: found.into_iter().map(Into::into).collect() }))
}

/// Enter a session, or the time between two
///
/// **Who:** committee staff, administrators.
#[utoipa::path(
    tag = "directory",
    params(("id" = CongressId, Path)),
    request_body(content = NewSession, example = json!({"id": "5-3", "label": "第五届人民代表大会第三次会议", "origin": "in_session", "opens_on": "2024-01-16", "closes_on": "2024-01-19", "motions_until": "2024-01-18T04:00:00Z"})),
    responses((status = 201, body = SessionView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/congresses/{id}/sessions")]
pub async fn create_session(ask: Ask, id: Path<String>, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepDirectory).await?;
    let added = ask.office.add_session(&ask.caller, congress(&id)?, body.read::<NewSession>()?).await?;
    Ok(HttpResponse::Created().json(SessionView::from(added)))
}

/// List departments 承办单位
///
/// **Who:** anybody who belongs to the congress.
#[utoipa::path(
    tag = "directory",
    params(CongressQuery),
    responses((status = 200, body = Departments), ReadProblems),
    security(("bearer" = []))
)]
#[get("/departments")]
pub async fn list_departments(ask: Ask, query: Query<CongressQuery>) -> Result<HttpResponse, Refused> {
    let found = ask.office.departments(&ask.caller, &query.0.congress).await?;
    Ok(HttpResponse::Ok().json(Departments { departments: found.into_iter().map(Into::into).collect() }))
}

/// Enter a department
///
/// **Who:** committee staff, administrators.
#[utoipa::path(
    tag = "directory",
    params(CongressQuery),
    request_body(content = NewDepartment, example = json!({"name": "区交通运输局", "channel": "government"})),
    responses((status = 201, body = DepartmentView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/departments")]
pub async fn create_department(
    ask: Ask,
    query: Query<CongressQuery>,
    body: Body,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepDirectory).await?;
    let added =
        ask.office.add_department(&ask.caller, query.0.congress, body.read::<NewDepartment>()?).await?;
    Ok(HttpResponse::Created().json(DepartmentView::from(added)))
}

/// List deputies 代表
///
/// **Who:** anybody who belongs to the congress.
#[utoipa::path(
    tag = "directory",
    params(CongressQuery),
    responses((status = 200, body = Deputies), ReadProblems),
    security(("bearer" = []))
)]
#[get("/deputies")]
pub async fn list_deputies(ask: Ask, query: Query<CongressQuery>) -> Result<HttpResponse, Refused> {
    let found = ask.office.deputies(&ask.caller, &query.0.congress).await?;
    Ok(HttpResponse::Ok().json(Deputies { deputies: found.into_iter().map(Into::into).collect() }))
}

/// Enter a deputy
///
/// **Who:** committee staff, administrators.
#[utoipa::path(
    tag = "directory",
    params(CongressQuery),
    request_body(content = NewDeputy, example = json!({"name": "陈芳", "delegation": "织里代表团"})),
    responses((status = 201, body = DeputyView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/deputies")]
pub async fn create_deputy(
    ask: Ask,
    query: Query<CongressQuery>,
    body: Body,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepDirectory).await?;
    let added = ask.office.add_deputy(&ask.caller, query.0.congress, body.read::<NewDeputy>()?).await?;
    Ok(HttpResponse::Created().json(DeputyView::from(added)))
}
