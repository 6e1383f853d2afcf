//! Revisit campaigns 回头看活动: previewing and opening one, what it visits, who visits, its closing report.

mod view;

use super::{
    ask::Ask,
    input::{Body, Guards, Query},
    pages::{Page, leading_on, page, page_size},
    problem::{ReadProblems, Refused, WriteProblems},
};
use crate::{
    domain::{campaign::RULE, gate::Operation, ids::CampaignId},
    office::{
        Fault, StoreError,
        campaigns::{Asked, Assigned, Closing, NewCampaign, Preview, Shown, VisitorsForm},
    },
};
use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web::Path};
use view::{
    AssignedView, CampaignCaseQuery, CampaignCases, CampaignList, CampaignQuery, CampaignView,
    PopulationCase, PopulationQuery, PopulationView, PreviewView, PreviewedCase, ReportView, case_view, view,
    written,
};

/// The id in a path; what is no id names none.
fn id(text: &str) -> Result<CampaignId, Refused> {
    text.parse().map_err(|_| Refused(Fault::NotFound))
}

fn etag(version: i64) -> (header::HeaderName, String) {
    (header::ETAG, format!("\"{version}\""))
}

/// Preview a campaign
///
/// Which cases meet the criteria now, and which of them would be visited. Nothing is opened. That a sample was drawn to be
/// looked at is noted in the book of acts with its seed and the population's digest, so that nobody tries seeds unseen.
///
/// **Who:** the committee.
#[utoipa::path(
    tag = "campaigns",
    request_body(content = NewCampaign, example = json!({
        "title": "2024年建议办理回头看", "criteria": {"sessions": ["5-3", "5-3-between"], "classes": ["A"]},
        "sample": {"seed": "2024137", "seed_source": "中国福利彩票双色球2024137期红色球号码", "strata": "department", "size": {"total": 30}}
    })),
    responses((status = 200, body = PreviewView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/revisit-campaigns/preview")]
pub async fn preview_campaign(ask: Ask, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepCampaigns).await?;
    let new: NewCampaign = body.read()?;
    let rule = new.sample.as_ref().map(|_| RULE);
    let Preview { population, population_sha256, strata, chosen } =
        ask.office.preview_campaign(&ask.caller, new).await?;
    let chosen = chosen
        .into_iter()
        .map(|it| PreviewedCase {
            case: it.case,
            number: it.number,
            title: it.title,
            department: it.department,
            class: it.class,
            stratum: it.stratum,
        })
        .collect();
    Ok(HttpResponse::Ok().json(PreviewView { population, population_sha256, rule, strata, chosen }))
}

/// Open a campaign 回头看
///
/// Over the closed cases that meet its criteria now, of whatever session and term; or over a stratified random sample of
/// them, whose seed is published with the draw. Terms, population and draw stay as they are: another seed is another
/// campaign. `sample.seed`, `rule` and the population let anybody draw the sample again.
///
/// **Who:** the committee.
#[utoipa::path(
    tag = "campaigns",
    request_body(content = NewCampaign, example = json!({
        "title": "2024年承诺事项回头看", "criteria": {"classes": ["B"], "promise_due": {"from": "2024-07-01", "to": "2024-12-31"}},
        "until": "2025-03-31"
    })),
    responses((status = 201, body = CampaignView, headers(("Location" = String, description = "The campaign"), ("ETag" = String))), WriteProblems),
    security(("bearer" = []))
)]
#[post("/revisit-campaigns")]
pub async fn open_campaign(ask: Ask, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepCampaigns).await?;
    let campaign = ask.office.open_campaign(&ask.caller, body.read()?).await?;
    let location = format!("/v1/revisit-campaigns/{}", campaign.id);
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, location))
        .insert_header(etag(campaign.version))
        .json(view(campaign, None)))
}

/// List campaigns
///
/// Newest first, page by page (`Link: rel="next"`). A deputy sees the open ones that send him somewhere.
///
/// **Who:** the committee, auditors; deputies who visit.
#[utoipa::path(
    tag = "campaigns",
    params(CampaignQuery),
    responses((status = 200, body = CampaignList, headers(("Link" = Option<String>, description = "The next page"))), ReadProblems),
    security(("bearer" = []))
)]
#[get("/revisit-campaigns")]
pub async fn list_campaigns(
    ask: Ask,
    query: Query<CampaignQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ReadCampaigns).await?;
    let limit = page_size(query.0.limit)?;
    let found = ask.office.campaigns(&ask.caller, query.0.before, limit as i64 + 1).await?;
    let Page { lines, next } = page(&request, found, limit, "before", |last| last.id.to_string());
    let campaigns = lines.into_iter().map(|it| view(it, None)).collect();
    Ok(leading_on(next.as_ref()).json(CampaignList { campaigns, next }))
}

/// Read a campaign
///
/// With its draw, and for who keeps it with how far it has come.
///
/// **Who:** the committee, auditors; deputies who visit one of its cases, while it is open.
#[utoipa::path(tag = "campaigns", responses((status = 200, body = CampaignView, headers(("ETag" = String))), ReadProblems), security(("bearer" = [])))]
#[get("/revisit-campaigns/{id}")]
pub async fn get_campaign(ask: Ask, path: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ReadCampaigns).await?;
    let Shown { campaign, progress } = ask.office.campaign(&ask.caller, id(&path)?).await?;
    Ok(HttpResponse::Ok().insert_header(etag(campaign.version)).json(view(campaign, progress)))
}

/// List the cases of a campaign
///
/// Those to be visited, oldest first, page by page (`Link: rel="next"`): who visits, what was found, what follows. Of a
/// confidential case title and record are for who may open it. A deputy sees the ones that he visits.
///
/// **Who:** the committee, auditors; deputies who visit one of its cases, while it is open.
#[utoipa::path(
    tag = "campaigns",
    params(CampaignCaseQuery),
    responses((status = 200, body = CampaignCases, headers(("Link" = Option<String>, description = "The next page"))), ReadProblems),
    security(("bearer" = []))
)]
#[get("/revisit-campaigns/{id}/cases")]
pub async fn list_campaign_cases(
    ask: Ask,
    path: Path<String>,
    query: Query<CampaignCaseQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ReadCampaigns).await?;
    let CampaignCaseQuery { visited, outcome, follows, after, limit } = query.0;
    let limit = page_size(limit)?;
    let asked = Asked { visited, outcome, follows, ..Asked::default() };
    let found = ask.office.campaign_cases(&ask.caller, id(&path)?, asked, after, limit + 1).await?;
    let Page { lines, next } = page(&request, found, limit, "after", |last| last.case.to_string());
    let cases = lines.into_iter().map(case_view).collect();
    Ok(leading_on(next.as_ref()).json(CampaignCases { cases, next }))
}

/// List the population of a campaign
///
/// Every case that met the criteria when it was opened, with stratum and place, by which anybody draws the sample again
/// and compares the digest. Page by page (`Link: rel="next"`).
///
/// **Who:** the committee, auditors.
#[utoipa::path(
    tag = "campaigns",
    params(PopulationQuery),
    responses((status = 200, body = PopulationView, headers(("Link" = Option<String>, description = "The next page"))), ReadProblems),
    security(("bearer" = []))
)]
#[get("/revisit-campaigns/{id}/population")]
pub async fn list_campaign_population(
    ask: Ask,
    path: Path<String>,
    query: Query<PopulationQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ReadCampaignPapers).await?;
    let limit = page_size(query.0.limit)?;
    let found =
        ask.office.campaign_population(&ask.caller, id(&path)?, query.0.after, limit as i64 + 1).await?;
    let Page { lines, next } = page(&request, found, limit, "after", |last| last.case_id.clone());
    let cases = lines
        .into_iter()
        .map(|it| {
            Ok(PopulationCase { case: it.case()?, stratum: it.stratum, place: it.place, chosen: it.chosen })
        })
        .collect::<Result<_, StoreError>>()
        .map_err(Fault::from)?;
    Ok(leading_on(next.as_ref()).json(PopulationView { cases, next }))
}

/// Say who visits 随访安排
///
/// Deputies, committee staff, third parties: for the cases that are named, or for all that were not visited yet, all of
/// them anew. A deputy who is sent may open the case while the campaign is open, and records the visit; who signed a case,
/// and whoever it is where it is confidential, is not sent there. Departments and signers are not told beforehand.
///
/// **Who:** the committee.
#[utoipa::path(
    tag = "campaigns",
    params(("If-Match" = String, Header, example = "\"1\"")),
    request_body(content = VisitorsForm, example = json!({
        "cases": ["018d0fc8-4680-78a7-9053-95f06de1b2fb"], "deputies": ["018d0fc8-4680-7000-8000-0000000000aa"],
        "third_parties": ["湖州师范学院社会调查中心"]
    })),
    responses((status = 200, body = AssignedView, headers(("ETag" = String))), WriteProblems),
    security(("bearer" = []))
)]
#[post("/revisit-campaigns/{id}/visitors")]
pub async fn assign_visitors(
    ask: Ask,
    path: Path<String>,
    guards: Guards,
    body: Body,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepCampaigns).await?;
    let (id, at) = (id(&path)?, guards.precondition);
    ask.office.may_change_campaign(&ask.caller, id, at).await?;
    let form: VisitorsForm = body.read()?;
    let Assigned { campaign, cases, left_out } =
        ask.office.assign_visitors(&ask.caller, id, at, form).await?;
    let tag = etag(campaign.version);
    let assigned = AssignedView { campaign: view(campaign, None), assigned: cases, left_out };
    Ok(HttpResponse::Ok().insert_header(tag).json(assigned))
}

/// Close a campaign 总结
///
/// Seals the closing report with its digest for ever: how many visits ended how, the upheld rate, and for a sample its
/// interval and what it says of the population. Deputies who were sent see the cases no longer. Closed already, it answers
/// what was sealed.
///
/// **Who:** the committee.
#[utoipa::path(
    tag = "campaigns",
    params(("If-Match" = String, Header, example = "\"2\"")),
    request_body(content = Closing, example = json!({"conclusion": "抽查三十件，二十七件维持原结果；三件要求重新办理。"})),
    responses(
        (status = 201, body = ReportView, headers(("ETag" = String))),
        (status = 200, body = ReportView, description = "Closed before"), WriteProblems
    ),
    security(("bearer" = []))
)]
#[post("/revisit-campaigns/{id}/closure")]
pub async fn close_campaign(
    ask: Ask,
    path: Path<String>,
    guards: Guards,
    body: Body,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepCampaigns).await?;
    let (id, at) = (id(&path)?, guards.precondition);
    ask.office.may_change_campaign(&ask.caller, id, at).await?;
    let sealed = ask.office.close_campaign(&ask.caller, id, at, body.read()?).await?;
    let mut response = if sealed.fresh { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(response.insert_header(etag(sealed.version)).json(written(sealed)?))
}

/// Read a closing report
///
/// As it was sealed. **Who:** the committee, auditors.
#[utoipa::path(tag = "campaigns", responses((status = 200, body = ReportView), ReadProblems), security(("bearer" = [])))]
#[get("/revisit-campaigns/{id}/report")]
pub async fn get_campaign_report(ask: Ask, path: Path<String>) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ReadCampaignPapers).await?;
    let sealed = ask.office.campaign_report(&ask.caller, id(&path)?).await?;
    Ok(HttpResponse::Ok().json(written(sealed)?))
}
