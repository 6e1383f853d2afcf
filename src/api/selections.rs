//! The selection of the best-handled suggestions 选树: opening one, what qualifies, nominations, ballots, the result.

use super::{
    ask::Ask,
    input::{Body, Nothing, Query},
    pages::{Page, leading_on, page, page_size},
    problem::{ReadProblems, Refused, WriteProblems, language},
};
use crate::{
    domain::{
        gate::Operation,
        ids::{CaseId, SelectionId, SessionId},
        selection::{Criterion, Phase, Selection},
        text::Note,
    },
    office::{
        Fault, StoreError,
        selections::{NewSelection, Recount, SealedResult, SelectionResult, Shown},
    },
};
use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web::Path};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Serialize, utoipa::ToSchema)]
pub struct SelectionLine {
    id: SelectionId,
    title: String,
    sessions: Vec<SessionId>,
    /// What a case needs.
    criteria: Vec<Criterion>,
    seats: u32,
    opened_at: DateTime<Utc>,
    nominations_until: DateTime<Utc>,
    votes_until: DateTime<Utc>,
    phase: Phase,
    /// Whether there is a result.
    sealed: bool,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SelectionList {
    selections: Vec<SelectionLine>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SelectionView {
    #[serde(flatten)]
    selection: SelectionLine,
    nominated: Vec<NominatedView>,
    /// Whether you have voted; for deputies.
    #[serde(skip_serializing_if = "Option::is_none")]
    voted: Option<bool>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct NominatedView {
    case: CaseId,
    number: Option<String>,
    title: String,
    department: Option<String>,
    /// Whether it qualifies still, and can be chosen.
    eligible: bool,
    nominations: Vec<NominationView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct NominationView {
    /// `deputy`, `delegation` or `committee`.
    by: String,
    name: Option<String>,
    reason: String,
    at: DateTime<Utc>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SelectionCases {
    cases: Vec<SelectionCaseView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SelectionCaseView {
    case: CaseId,
    number: Option<String>,
    title: String,
    department: Option<String>,
    eligible: bool,
    /// Why not; only for who sees evaluations.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<Vec<MissingView>>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct MissingView {
    criterion: Criterion,
    #[schema(example = "未按期答复")]
    detail: String,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SelectionCaseQuery {
    /// The cursor of the previous page's `next` link.
    #[param(value_type = Option<String>)]
    after: Option<CaseId>,
    /// Lines on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NominationForm {
    case: CaseId,
    reason: Note,
}

/// A ballot. In which order the choices stand is not kept.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BallotForm {
    choices: Vec<CaseId>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ResultView {
    /// What was sealed.
    #[schema(value_type = SelectionResult)]
    result: serde_json::Value,
    /// Of `result` as it was sealed: JSON without spaces, its members in this order, in UTF-8.
    sha256: String,
    sealed_at: DateTime<Utc>,
    /// The ballots counted again, just now.
    recount: Recount,
}

fn line(selection: Selection, phase: Phase, sealed: bool) -> SelectionLine {
    let Selection {
        id,
        congress: _,
        title,
        sessions,
        criteria,
        seats,
        opened_at,
        nominations_until,
        votes_until,
    } = selection;
    let title = title.to_string();
    SelectionLine {
        id,
        title,
        sessions,
        criteria,
        seats,
        opened_at,
        nominations_until,
        votes_until,
        phase,
        sealed,
    }
}

/// The id in a path; what is no id names none.
fn id(text: &str) -> Result<SelectionId, Refused> {
    text.parse().map_err(|_| Refused(Fault::NotFound))
}

/// List selections
///
/// Newest first. **Who:** deputies, delegations' secretaries, the committee, auditors; their congress's.
#[utoipa::path(tag = "selections", responses((status = 200, body = SelectionList), ReadProblems), security(("bearer" = [])))]
#[get("/selections")]
pub async fn list_selections(ask: Ask) -> Result<HttpResponse, Refused> {
    let found = ask.office.selections(&ask.caller).await?;
    let selections = found.into_iter().map(|(it, phase, sealed)| line(it, phase, sealed)).collect();
    Ok(HttpResponse::Ok().json(SelectionList { selections }))
}

/// Open a selection 选树
///
/// Its terms stay as they are opened. Cases are nominated before `nominations_until`; from then on deputies vote, before
/// `votes_until`.
///
/// **Who:** the committee.
#[utoipa::path(
    tag = "selections",
    request_body(content = NewSelection, example = json!({
        "title": "2024年部门办理最满意建议件", "sessions": ["5-3", "5-3-between"],
        "criteria": ["resolved", "satisfied", "answered_in_time"], "seats": 10,
        "nominations_until": "2024-12-10T09:00:00Z", "votes_until": "2024-12-20T09:00:00Z"
    })),
    responses((status = 201, body = SelectionLine, headers(("Location" = String, description = "The selection"))), WriteProblems),
    security(("bearer" = []))
)]
#[post("/selections")]
pub async fn open_selection(ask: Ask, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepSelections).await?;
    let selection = ask.office.open_selection(&ask.caller, body.read()?).await?;
    let location = format!("/v1/selections/{}", selection.id);
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(line(
        selection,
        Phase::Nominating,
        false,
    )))
}

/// Read a selection
///
/// With the nominated cases. How many have voted, and for what, is told to nobody before the result is sealed.
///
/// **Who:** deputies, delegations' secretaries, the committee, auditors; their congress's.
#[utoipa::path(tag = "selections", responses((status = 200, body = SelectionView), ReadProblems), security(("bearer" = [])))]
#[get("/selections/{id}")]
pub async fn get_selection(ask: Ask, path: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ReadSelections).await?;
    let Shown { selection, phase, sealed, nominated, voted } =
        ask.office.selection(&ask.caller, id(&path)?).await?;
    let nominated = nominated
        .into_iter()
        .map(|it| NominatedView {
            case: it.case,
            number: it.number,
            title: it.title,
            department: it.department,
            eligible: it.eligible,
            nominations: it
                .nominations
                .into_iter()
                .map(|it| NominationView { by: it.by, name: it.name, reason: it.reason, at: it.at })
                .collect(),
        })
        .collect();
    let selection = line(selection, phase, sealed);
    Ok(HttpResponse::Ok().json(SelectionView { selection, nominated, voted }))
}

/// List the cases of a selection's sessions
///
/// Those that the caller may see in lists, oldest first, page by page (`Link: rel="next"`): whether each qualifies, and
/// for the committee and auditors why not.
///
/// **Who:** deputies, delegations' secretaries, the committee, auditors; their congress's.
#[utoipa::path(
    tag = "selections",
    params(SelectionCaseQuery),
    responses((status = 200, body = SelectionCases, headers(("Link" = Option<String>, description = "The next page"))), ReadProblems),
    security(("bearer" = []))
)]
#[get("/selections/{id}/cases")]
pub async fn list_selection_cases(
    ask: Ask,
    path: Path<String>,
    query: Query<SelectionCaseQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ReadSelections).await?;
    let limit = page_size(query.0.limit)?;
    let found = ask.office.selection_cases(&ask.caller, id(&path)?, query.0.after, limit as i64 + 1).await?;
    let Page { lines, next } = page(&request, found, limit, "after", |last| last.case.to_string());
    let language = language(&request);
    let missing = |criteria: Vec<Criterion>| {
        let told =
            |it: Criterion| MissingView { criterion: it, detail: it.missing().to(language).to_owned() };
        criteria.into_iter().map(told).collect()
    };
    let cases = lines
        .into_iter()
        .map(|it| SelectionCaseView {
            case: it.case,
            number: it.number,
            title: it.title,
            department: it.department,
            eligible: it.eligible,
            missing: it.missing.map(missing),
        })
        .collect();
    Ok(leading_on(next.as_ref()).json(SelectionCases { cases, next }))
}

/// Nominate a case 提名
///
/// One that the caller may open and that qualifies, with the reason. That a case was nominated tells its title to all who
/// take part.
///
/// **Who:** deputies, delegations' secretaries, the committee.
#[utoipa::path(
    tag = "selections",
    request_body(content = NominationForm, example = json!({"case": "018d0fc8-4680-78a7-9053-95f06de1b2fb", "reason": "三个月内新增停车位六十个，群众反映好。"})),
    responses((status = 204, description = "It is nominated"), WriteProblems),
    security(("bearer" = []))
)]
#[post("/selections/{id}/nominations")]
pub async fn nominate_case(ask: Ask, path: Path<String>, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::NominateCase).await?;
    let id = id(&path)?;
    let NominationForm { case, reason } = body.read()?;
    ask.office.nominate(&ask.caller, id, case, reason).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Vote 投票
///
/// In secret, once, for one case or up to as many as there are seats. It is kept that a deputy has voted, and apart from
/// that how often each ballot was cast; nobody can tell which is whose, and so no ballot can be taken back. An
/// `Idempotency-Key` is not heard: a repeated ballot is refused (409, `voted`), which says that the first one counts.
///
/// **Who:** deputies.
#[utoipa::path(
    tag = "selections",
    request_body(content = BallotForm, example = json!({"choices": ["018d0fc8-4680-78a7-9053-95f06de1b2fb"]})),
    responses((status = 204, description = "The ballot is in the urn"), WriteProblems),
    security(("bearer" = []))
)]
#[post("/selections/{id}/ballots")]
pub async fn cast_ballot(ask: Ask, path: Path<String>, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::Vote).await?;
    let id = id(&path)?;
    let BallotForm { choices } = body.read()?;
    ask.office.vote(&ask.caller, id, choices).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Seal the result
///
/// Counts the ballots once voting is over, and keeps the result with its digest for ever; asked again, it answers what was
/// sealed. Cases of equal votes for too few seats are shown as tied, and nothing decides between them.
///
/// **Who:** the committee.
#[utoipa::path(
    tag = "selections",
    request_body(content = Nothing, example = json!({})),
    responses((status = 201, body = ResultView), (status = 200, body = ResultView, description = "Sealed before"), WriteProblems),
    security(("bearer" = []))
)]
#[post("/selections/{id}/result")]
pub async fn seal_selection(ask: Ask, path: Path<String>, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepSelections).await?;
    let id = id(&path)?;
    let Nothing {} = body.read()?;
    let sealed = ask.office.seal_selection(&ask.caller, id).await?;
    let mut response = if sealed.fresh { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(response.json(written(sealed)?))
}

/// Read a sealed result
///
/// With the ballots counted again. **Who:** deputies, delegations' secretaries, the committee, auditors; their congress's.
#[utoipa::path(tag = "selections", responses((status = 200, body = ResultView), ReadProblems), security(("bearer" = [])))]
#[get("/selections/{id}/result")]
pub async fn get_selection_result(ask: Ask, path: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ReadSelections).await?;
    let sealed = ask.office.selection_result(&ask.caller, id(&path)?).await?;
    Ok(HttpResponse::Ok().json(written(sealed)?))
}

fn written(sealed: SealedResult) -> Result<ResultView, Fault> {
    let SealedResult { body, sha256, sealed_at, recount, fresh: _ } = sealed;
    let result =
        serde_json::from_str(&body).map_err(|e| StoreError::corrupt("selection_results", &sha256, e))?;
    Ok(ResultView { result, sha256, sealed_at, recount })
}
