//! Recommendations between organs 检察建议、司法建议与代表建议双向转化.

use super::{
    ask::Ask,
    cases::with_related,
    input::{Body, Guards, Query},
    pages::{Page, leading_on, page, page_size},
    problem::{ReadProblems, Refused, WriteProblems},
    step::response,
    view::{self, CaseView},
};
use crate::{
    domain::{
        day::Day,
        gate::{Operation, WITHHELD},
        ids::{CaseId, DepartmentId, RecommendationId},
        station::recommendation::{LeadDecision, LeadForm, ReceivedForm},
        text::Note,
        words::{RecommendationKind, RecommendationState},
    },
    office::{
        Fault,
        stations::{Conversion, ShownRecommendation},
    },
};
use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web::Path};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A recommendation, or a case passed on to the procuratorate. What it says of a case is for who may open that case.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RecommendationView {
    id: RecommendationId,
    /// Names it in `If-Match`.
    version: i64,
    kind: RecommendationKind,
    #[schema(example = "检察建议")]
    kind_name: &'static str,
    state: RecommendationState,
    #[schema(example = "待研究")]
    state_name: &'static str,
    #[schema(example = "区人民检察院")]
    organ: String,
    #[schema(example = "吴检建〔2024〕5号")]
    number: Option<String>,
    /// Its date.
    day: Option<Day>,
    /// Of one that was received; the field of a lead.
    title: String,
    text: Option<String>,
    addressee: Option<DepartmentId>,
    /// The suggestion that it became, or that was passed on.
    case: Option<CaseId>,
    entered_on: Day,
    /// Until when the procuratorate tells its decision.
    due_on: Option<Day>,
    decision: Option<LeadDecision>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct RecommendationPage {
    recommendations: Vec<RecommendationView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecommendationQuery {
    /// Only those linked with this case.
    #[param(value_type = Option<String>)]
    case: Option<CaseId>,
    /// The cursor of the previous page's `next` link.
    #[param(value_type = Option<String>)]
    after: Option<RecommendationId>,
    /// Lines on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

impl From<ShownRecommendation> for RecommendationView {
    fn from(shown: ShownRecommendation) -> RecommendationView {
        let ShownRecommendation { recommendation: it, opens_case } = shown;
        let received = it.received;
        let (title, text): (String, Option<Note>) = match (&received, it.lead) {
            (Some(form), _) => (form.title.to_string(), None),
            (None, Some(lead)) if opens_case => (lead.field.to_string(), Some(lead.reason)),
            (None, _) => (WITHHELD.to_owned(), None),
        };
        RecommendationView {
            id: it.id,
            version: it.version,
            kind: it.kind,
            kind_name: it.kind.zh(),
            state: it.state,
            state_name: it.state.zh(),
            organ: it.organ.to_string(),
            number: received.as_ref().map(|form| form.number.to_string()),
            day: received.as_ref().map(|form| form.day),
            title,
            text: received.as_ref().map(|form| form.text.to_string()).or(text.map(|it| it.to_string())),
            addressee: received.as_ref().and_then(|form| form.addressee),
            case: it.case.filter(|_| opens_case),
            entered_on: it.entered_on,
            due_on: it.due_on,
            decision: it.decision.filter(|_| opens_case),
        }
    }
}

fn recommendation_id(text: &str) -> Result<RecommendationId, Refused> {
    text.parse().map_err(|_| Refused(Fault::NotFound))
}

fn shown(status: actix_web::http::StatusCode, it: ShownRecommendation) -> HttpResponse {
    let version = it.recommendation.version;
    let location = format!("/v1/recommendations/{}", it.recommendation.id);
    let mut response = HttpResponse::build(status);
    response.insert_header((header::ETAG, format!("\"{version}\"")));
    if status == actix_web::http::StatusCode::CREATED {
        response.insert_header((header::LOCATION, location));
    }
    response.json(RecommendationView::from(it))
}

/// List recommendations
///
/// Procuratorial and judicial ones, and cases passed on to the procuratorate; newest first, page by page
/// (`Link: rel="next"`). **Who:** the committee, auditors; their congress's.
#[utoipa::path(
    tag = "stations",
    params(RecommendationQuery),
    responses((status = 200, body = RecommendationPage, headers(("Link" = Option<String>, description = "The next page"))), ReadProblems),
    security(("bearer" = []))
)]
#[get("/recommendations")]
pub async fn list_recommendations(
    ask: Ask,
    query: Query<RecommendationQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let RecommendationQuery { case, after, limit } = query.0;
    let limit = page_size(limit)?;
    let found = ask.office.recommendations(&ask.caller, case, after, limit as i64 + 1).await?;
    let Page { lines, next } =
        page(&request, found, limit, "after", |last| last.recommendation.id.to_string());
    let recommendations = lines.into_iter().map(RecommendationView::from).collect();
    Ok(leading_on(next.as_ref()).json(RecommendationPage { recommendations, next }))
}

/// Enter a recommendation 检察建议、司法建议
///
/// One that a court or procuratorate made. **Who:** the committee.
#[utoipa::path(
    tag = "stations",
    request_body(content = ReceivedForm, example = json!({
        "kind": "procuratorial", "organ": "区人民检察院", "number": "吴检建〔2024〕5号", "day": "2024-03-01",
        "title": "关于加强窨井盖管理的检察建议", "text": "……"
    })),
    responses((status = 201, body = RecommendationView, headers(("Location" = String, description = "The recommendation"), ("ETag" = String, description = "Its version"))), WriteProblems),
    security(("bearer" = []))
)]
#[post("/recommendations")]
pub async fn enter_recommendation(ask: Ask, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepRecommendations).await?;
    let it = ask.office.enter_recommendation(&ask.caller, body.read()?).await?;
    Ok(shown(actix_web::http::StatusCode::CREATED, it))
}

/// Read a recommendation
///
/// **Who:** the committee, auditors; their congress's.
#[utoipa::path(tag = "stations", responses((status = 200, body = RecommendationView, headers(("ETag" = String, description = "Its version, for If-Match"))), ReadProblems), security(("bearer" = [])))]
#[get("/recommendations/{id}")]
pub async fn get_recommendation(ask: Ask, path: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ReadRecommendations).await?;
    let it = ask.office.recommendation(&ask.caller, recommendation_id(&path)?).await?;
    Ok(shown(actix_web::http::StatusCode::OK, it))
}

/// Make a recommendation a suggestion 转为代表建议
///
/// Deputies take it up: staff enter their signed paper, which is handed in at once, like `POST /v1/cases`. The case names
/// the recommendation, and the recommendation the case.
///
/// **Who:** the committee.
#[utoipa::path(
    tag = "stations",
    params(("If-Match" = String, Header)),
    request_body(content = Conversion, example = json!({"lead": "018d0fc8-4680-78a7-9053-95f06de1b2fb", "asks": ["限期整改"]})),
    responses((status = 201, body = CaseView<'static>, description = "The case, with its ETag and Location"), WriteProblems),
    security(("bearer" = []))
)]
#[post("/recommendations/{id}/conversion")]
pub async fn convert_recommendation(
    ask: Ask,
    path: Path<String>,
    guards: Guards,
    body: Body,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepRecommendations).await?;
    let id = recommendation_id(&path)?;
    let form = ask.office.convertible(&ask.caller, id, guards.precondition).await?;
    let parse = Arc::new(move || Ok::<_, Fault>(body.read::<Conversion>()?.parts(id, &form)));
    let answer =
        ask.office.draft_from(ask.caller.clone(), None, guards.occurred_on, parse, view::rendered).await?;
    let location = answer.location.clone();
    Ok(with_related(response(answer), location.as_deref()))
}

/// Pass a case on to the procuratorate 移送公益诉讼线索
///
/// The case is handled as before. The procuratorate tells its decision within ten days.
///
/// **Who:** the committee, of cases that it may open.
#[utoipa::path(
    tag = "stations",
    request_body(content = LeadForm, example = json!({"case": "018d0fc8-4680-78a7-9053-95f06de1b2fb", "organ": "区人民检察院", "field": "生态环境", "reason": "涉及饮用水水源保护"})),
    responses((status = 201, body = RecommendationView, headers(("Location" = String, description = "The lead"), ("ETag" = String, description = "Its version"))), WriteProblems),
    security(("bearer" = []))
)]
#[post("/leads")]
pub async fn pass_on_case(ask: Ask, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepRecommendations).await?;
    let it = ask.office.pass_on_case(&ask.caller, body.read()?).await?;
    Ok(shown(actix_web::http::StatusCode::CREATED, it))
}

/// Enter what the procuratorate decided on a lead
///
/// **Who:** the committee.
#[utoipa::path(
    tag = "stations",
    params(("If-Match" = String, Header)),
    request_body(content = LeadDecision, example = json!({"filed": true, "text": "已立案，并向主管部门发出检察建议。"})),
    responses((status = 200, body = RecommendationView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/leads/{id}/decision")]
pub async fn decide_lead(
    ask: Ask,
    path: Path<String>,
    guards: Guards,
    body: Body,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepRecommendations).await?;
    let id = recommendation_id(&path)?;
    let parse = Arc::new(move || body.read::<LeadDecision>());
    let it = ask.office.decide_lead(&ask.caller, id, guards.precondition, parse).await?;
    Ok(shown(actix_web::http::StatusCode::OK, it))
}
