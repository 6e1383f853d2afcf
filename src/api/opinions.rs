//! Residents' opinions 群众意见: recorded, read, sorted 分办, answered, told, and made a common suggestion 共性建议.

use super::{
    ask::Ask,
    cases::with_related,
    input::{Body, CommandQuery, Guards, Query},
    pages::{Page, leading_on, page, page_size},
    problem::{ReadProblems, Refused, WriteProblems},
    stations::{Reason, station_id},
    step::response,
    view::{self, CaseView},
};
use crate::{
    domain::{
        actor::Author,
        case::DeputyRef,
        day::Day,
        gate::Operation,
        ids::{CaseId, DepartmentId, OpinionId, StationId},
        station::{
            Station,
            opinion::{Closure, GivenBack, Opinion, OpinionCommand, Resident, Sorting},
        },
        text::Note,
        words::{OpinionGround, OpinionRoute, OpinionState, OpinionWay},
    },
    office::{
        Fault,
        stations::{ListedOpinions, NewCommonSuggestion, NewOpinion, OpinionLine, ShownOpinion},
    },
};
use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web::Path};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// A line of a list; it tells nothing of the resident.
#[derive(Serialize, utoipa::ToSchema)]
pub struct OpinionHead {
    id: OpinionId,
    /// Names it in `If-Match`.
    version: i64,
    station: OpinionStation,
    way: OpinionWay,
    #[schema(example = "菜场周边停车难")]
    topic: String,
    state: OpinionState,
    /// The state in words.
    #[schema(example = "部门办理中")]
    state_name: &'static str,
    route: Option<OpinionRoute>,
    received_on: Day,
    /// Until when the department answers.
    due_on: Option<Day>,
    closed_on: Option<Day>,
    department: Option<DepartmentId>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct OpinionStation {
    id: StationId,
    #[schema(example = "织里镇代表联络站")]
    name: String,
}

/// An opinion as the caller may see it. Telephone, identity and card numbers and the like are masked for departments and
/// auditors.
#[derive(Serialize, utoipa::ToSchema)]
pub struct OpinionView {
    #[serde(flatten)]
    head: OpinionHead,
    text: Note,
    /// How the resident is reached; for the committee and the deputies of the station.
    #[serde(skip_serializing_if = "Option::is_none")]
    resident: Option<Resident>,
    /// The deputy who received the resident.
    deputy: Option<DeputyRef>,
    department_name: Option<String>,
    note: Option<Note>,
    answer: Option<Note>,
    ground: Option<OpinionGround>,
    redirect: Option<Note>,
    /// Departments that gave it back.
    hand_backs: Vec<GivenBack>,
    closure: Option<Closure>,
    /// How often it was opened again.
    reopened: u32,
    /// The suggestion that it is part of, for who may open that.
    suggestion: Option<OpinionSuggestion>,
    /// For the committee and auditors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    history: Vec<OpinionStep>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct OpinionSuggestion {
    case: CaseId,
    href: String,
    number: Option<String>,
    answered: bool,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct OpinionStep {
    version: i64,
    occurred_on: Day,
    by: Author,
    #[schema(example = "sorted")]
    kind: &'static str,
}

/// An opinion that was recorded.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RecordedOpinion {
    #[serde(flatten)]
    opinion: OpinionView,
    /// For the resident: by this code he asks what became of his opinion. It is told this once.
    #[schema(example = "330502-7K3QX-9M2TB-0CDEF-GH4JK-MNPQ5-R")]
    receipt: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct OpinionPage {
    opinions: Vec<OpinionHead>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SimilarOpinions {
    opinions: Vec<SimilarOpinion>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SimilarOpinion {
    id: OpinionId,
    topic: String,
    state: OpinionState,
    received_on: Day,
    /// The suggestion that it is part of already.
    in_suggestion: bool,
    /// How alike they are, up to 1.
    score: f64,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OpinionQuery {
    state: Option<OpinionState>,
    route: Option<OpinionRoute>,
    #[param(value_type = Option<String>)]
    station: Option<StationId>,
    /// The department that has it.
    #[param(value_type = Option<String>)]
    department: Option<DepartmentId>,
    /// The suggestion that they are part of.
    #[param(value_type = Option<String>)]
    case: Option<CaseId>,
    /// The cursor of the previous page's `next` link.
    #[param(value_type = Option<String>)]
    after: Option<OpinionId>,
    /// Lines on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// What a department answers.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpinionAnswer {
    text: Note,
}

fn head(opinion: &Opinion, station: &Station) -> OpinionHead {
    OpinionHead {
        id: opinion.id,
        version: opinion.version,
        station: OpinionStation { id: station.id, name: station.name.to_string() },
        way: opinion.way,
        topic: opinion.topic.to_string(),
        state: opinion.state,
        state_name: opinion.state.zh(),
        route: opinion.route,
        received_on: opinion.received_on,
        due_on: opinion.due_on,
        closed_on: opinion.closed_on,
        department: opinion.department,
    }
}

impl From<ShownOpinion> for OpinionView {
    fn from(shown: ShownOpinion) -> OpinionView {
        let ShownOpinion { opinion, station, department, deputy, resident, suggestion, history } = shown;
        let step = |it: OpinionLine| OpinionStep {
            version: it.version,
            occurred_on: it.occurred_on,
            by: it.by,
            kind: it.kind,
        };
        OpinionView {
            head: head(&opinion, &station),
            text: opinion.text,
            resident,
            deputy,
            department_name: department,
            note: opinion.note,
            answer: opinion.answer,
            ground: opinion.ground,
            redirect: opinion.redirect,
            hand_backs: opinion.hand_backs,
            closure: opinion.closure,
            reopened: opinion.reopened,
            suggestion: suggestion.map(|it| OpinionSuggestion {
                case: it.case,
                href: format!("/v1/cases/{}", it.case),
                number: it.number,
                answered: it.answered,
            }),
            history: history.into_iter().map(step).collect(),
        }
    }
}

/// The id in a path; what is no id names none.
fn opinion_id(text: &str) -> Result<OpinionId, Refused> {
    text.parse().map_err(|_| Refused(Fault::NotFound))
}

fn tag(version: i64) -> (header::HeaderName, String) {
    (header::ETAG, format!("\"{version}\""))
}

/// Takes a step on an opinion; its body is read once the caller is known to be entitled.
async fn step<T: DeserializeOwned>(
    ask: Ask,
    path: &str,
    guards: Guards,
    body: Body,
    operation: Operation,
    command: impl Fn(T) -> OpinionCommand + Send + Sync + 'static,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, operation).await?;
    let id = opinion_id(path)?;
    let make = Arc::new(move || Ok::<_, Fault>(command(body.read()?)));
    match ask.office.act_on_opinion(&ask.caller, id, operation, guards.precondition, make).await? {
        Some(shown) => {
            Ok(HttpResponse::Ok().insert_header(tag(shown.opinion.version)).json(OpinionView::from(shown)))
        }
        None => Ok(HttpResponse::NoContent().finish()),
    }
}

/// Record a resident's opinion 群众意见
///
/// At a station. What the resident was answered there and then closes it at once. Name and telephone are kept apart, are in
/// no list, and can be erased. The receipt's code is for the resident; it is told this once, so an `Idempotency-Key` is
/// not heard.
///
/// **Who:** deputies, what they received themselves; the committee.
#[utoipa::path(
    tag = "stations",
    params(CommandQuery),
    request_body(content = NewOpinion, example = json!({"topic": "菜场周边停车难", "text": "早市期间菜场周边无处停车，盼增设车位。", "resident": {"name": "王某", "phone": "13800000000"}})),
    responses((status = 201, body = RecordedOpinion, headers(("Location" = String, description = "The opinion"), ("ETag" = String, description = "Its version"))), WriteProblems),
    security(("bearer" = []))
)]
#[post("/stations/{id}/opinions")]
pub async fn record_opinion(
    ask: Ask,
    path: Path<String>,
    guards: Guards,
    body: Body,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::RecordOpinion).await?;
    let station = station_id(&path)?;
    let parse = Arc::new(move || body.read::<NewOpinion>());
    let (shown, receipt) = ask.office.record_opinion(&ask.caller, station, guards.occurred_on, parse).await?;
    let location = format!("/v1/opinions/{}", shown.opinion.id);
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, location))
        .insert_header(tag(shown.opinion.version))
        .json(RecordedOpinion { opinion: shown.into(), receipt }))
}

/// List residents' opinions
///
/// Newest first, page by page (`Link: rel="next"`). Nothing of the residents is in it.
///
/// **Who:** the committee and auditors, all; a deputy, those he recorded, or with `station` those of a station of his; a
/// department, those that it has.
#[utoipa::path(
    tag = "stations",
    params(OpinionQuery),
    responses((status = 200, body = OpinionPage, headers(("Link" = Option<String>, description = "The next page"))), ReadProblems),
    security(("bearer" = []))
)]
#[get("/opinions")]
pub async fn list_opinions(
    ask: Ask,
    query: Query<OpinionQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let OpinionQuery { state, route, station, department, case, after, limit } = query.0;
    let limit = page_size(limit)?;
    let asked = ListedOpinions { state, route, station, department, case, after, limit: limit as i64 + 1 };
    let found = ask.office.list_opinions(&ask.caller, asked).await?;
    let Page { lines, next } = page(&request, found, limit, "after", |last| last.0.id.to_string());
    let opinions = lines.iter().map(|(opinion, station)| head(opinion, station)).collect();
    Ok(leading_on(next.as_ref()).json(OpinionPage { opinions, next }))
}

/// Read an opinion
///
/// **Who:** the committee; the deputies of its station and the one who recorded it; the department that has it and auditors,
/// masked. For everybody else it does not exist.
#[utoipa::path(tag = "stations", responses((status = 200, body = OpinionView, headers(("ETag" = String, description = "Its version, for If-Match"))), ReadProblems), security(("bearer" = [])))]
#[get("/opinions/{id}")]
pub async fn get_opinion(ask: Ask, path: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ReadOpinions).await?;
    let shown = ask.office.opinion(&ask.caller, opinion_id(&path)?).await?;
    Ok(HttpResponse::Ok().insert_header(tag(shown.opinion.version)).json(OpinionView::from(shown)))
}

/// Find opinions like this one
///
/// At most 20, the likest first: several alike are a common suggestion. **Who:** who sees the opinion; departments do not
/// ask.
#[utoipa::path(tag = "stations", responses((status = 200, body = SimilarOpinions), ReadProblems), security(("bearer" = [])))]
#[get("/opinions/{id}/similar")]
pub async fn list_similar_opinions(ask: Ask, path: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ListSimilarOpinions).await?;
    let found = ask.office.similar_opinions(&ask.caller, opinion_id(&path)?, 20).await?;
    let opinions = found
        .into_iter()
        .map(|it| SimilarOpinion {
            id: it.opinion.id,
            topic: it.opinion.topic.to_string(),
            state: it.opinion.state,
            received_on: it.opinion.received_on,
            in_suggestion: it.opinion.case.is_some(),
            score: it.score,
        })
        .collect();
    Ok(HttpResponse::Ok().json(SimilarOpinions { opinions }))
}

/// Sort an opinion 分办
///
/// Answered on the spot; passed to a department with a day; raised to the committee; joined to a case of the same matter; or
/// not accepted, with where the resident is sent instead (lawsuits, arbitration and reconsideration have ways of their
/// own). Until there is an answer it can be sorted again.
///
/// **Who:** the committee.
#[utoipa::path(
    tag = "stations",
    params(("If-Match" = String, Header)),
    request_body(content = Sorting, example = json!({"route": "department", "department": "018d0fc8-4680-78a7-9053-95f06de1b2fb", "due_on": "2024-04-15"})),
    responses((status = 200, body = OpinionView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/opinions/{id}/sorting")]
pub async fn sort_opinion(
    ask: Ask,
    path: Path<String>,
    guards: Guards,
    body: Body,
) -> Result<HttpResponse, Refused> {
    step(ask, &path, guards, body, Operation::SortOpinion, OpinionCommand::Sort).await
}

/// Answer an opinion
///
/// **Who:** the department that has it.
#[utoipa::path(
    tag = "stations",
    params(("If-Match" = String, Header)),
    request_body(content = OpinionAnswer, example = json!({"text": "已在菜场北侧增设临时车位三十个。"})),
    responses((status = 200, body = OpinionView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/opinions/{id}/answer")]
pub async fn answer_opinion(
    ask: Ask,
    path: Path<String>,
    guards: Guards,
    body: Body,
) -> Result<HttpResponse, Refused> {
    let command = |OpinionAnswer { text }| OpinionCommand::Answer(text);
    step(ask, &path, guards, body, Operation::AnswerOpinion, command).await
}

/// Hand an opinion back 退回
///
/// To be sorted again. The department sees nothing of it any more. **Who:** the department that has it.
#[utoipa::path(
    tag = "stations",
    params(("If-Match" = String, Header)),
    request_body(content = Reason, example = json!({"reason": "不属本单位职责，建议交综合执法部门。"})),
    responses((status = 204, description = "It is the committee's again"), WriteProblems),
    security(("bearer" = []))
)]
#[post("/opinions/{id}/hand-back")]
pub async fn hand_back_opinion(
    ask: Ask,
    path: Path<String>,
    guards: Guards,
    body: Body,
) -> Result<HttpResponse, Refused> {
    let command = |Reason { reason }| OpinionCommand::HandBack(reason);
    step(ask, &path, guards, body, Operation::AnswerOpinion, command).await
}

/// Close an opinion 办结
///
/// Once the resident was told of the answer: how, on which day, and whether he is content. An opinion that is part of a
/// suggestion is closed after that was answered.
///
/// **Who:** the committee; the deputies of the station, and the one who recorded it.
#[utoipa::path(
    tag = "stations",
    params(("If-Match" = String, Header)),
    request_body(content = Closure, example = json!({"told_by": "phone", "told_on": "2024-04-12", "contentment": "content"})),
    responses((status = 200, body = OpinionView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/opinions/{id}/closure")]
pub async fn close_opinion(
    ask: Ask,
    path: Path<String>,
    guards: Guards,
    body: Body,
) -> Result<HttpResponse, Refused> {
    step(ask, &path, guards, body, Operation::CloseOpinion, OpinionCommand::Close).await
}

/// Open an opinion again
///
/// Where the resident is not content. It is sorted anew.
///
/// **Who:** the committee; the deputies of the station, and the one who recorded it.
#[utoipa::path(
    tag = "stations",
    params(("If-Match" = String, Header)),
    request_body(content = Reason, example = json!({"reason": "群众反映车位只设了一周。"})),
    responses((status = 200, body = OpinionView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/opinions/{id}/reopening")]
pub async fn reopen_opinion(
    ask: Ask,
    path: Path<String>,
    guards: Guards,
    body: Body,
) -> Result<HttpResponse, Refused> {
    let command = |Reason { reason }| OpinionCommand::Reopen(reason);
    step(ask, &path, guards, body, Operation::CloseOpinion, command).await
}

/// Erase how a resident is reached 删除联系方式
///
/// Name and telephone of a closed opinion's resident go for good; the opinion stays. The reason is kept.
///
/// **Who:** the committee.
#[utoipa::path(
    tag = "stations",
    request_body(content = Reason, example = json!({"reason": "本人要求"})),
    responses((status = 204, description = "Nothing of the resident is kept"), WriteProblems),
    security(("bearer" = []))
)]
#[post("/opinions/{id}/resident-erasure")]
pub async fn erase_resident(ask: Ask, path: Path<String>, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::EraseResident).await?;
    let id = opinion_id(&path)?;
    let Reason { reason } = body.read()?;
    ask.office.erase_resident(&ask.caller, id, reason).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Write a common suggestion 共性建议
///
/// Opens a draft like `POST /v1/cases`, made from opinions that are alike: the case's history shows them, masked, and each
/// opinion leads to the case. Whoever sent one is told by his receipt what became of it.
///
/// **Who:** a deputy, from opinions that he sees, with co-signers whom he invites; committee staff from signed paper, which
/// is handed in at once.
#[utoipa::path(
    tag = "stations",
    params(CommandQuery, ("Idempotency-Key" = Option<String>, Header, description = "Repeat with the same key, get the same answer")),
    request_body(content = NewCommonSuggestion, example = json!({
        "title": "关于改善菜场周边停车秩序的建议", "body": "多位群众反映……建议……", "category": "城建环保",
        "asks": ["增设车位"], "opinions": ["018d0fc8-4680-78a7-9053-95f06de1b2fb"]
    })),
    responses((status = 201, body = CaseView<'static>, description = "The draft, with its ETag and Location", headers(("Link" = String, description = "Similar cases, `rel=\"related\"`"))), WriteProblems),
    security(("bearer" = []))
)]
#[post("/common-suggestions")]
pub async fn create_common_suggestion(ask: Ask, guards: Guards, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::CreateCommonSuggestion).await?;
    let key = guards.key(&body);
    let parse = Arc::new(move || Ok::<_, Fault>(body.read::<NewCommonSuggestion>()?.parts()));
    let answer =
        ask.office.draft_from(ask.caller.clone(), key, guards.occurred_on, parse, view::rendered).await?;
    let location = answer.location.clone();
    Ok(with_related(response(answer), location.as_deref()))
}
