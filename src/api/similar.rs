//! Earlier cases about the same matter: what was answered and promised then, and which department it was.

use super::{
    ask::Ask,
    input::Query,
    problem::{ReadProblems, Refused},
    public::Masked,
    step::case_id,
};
use crate::{
    domain::{
        case::{Case, DepartmentRef, Promise},
        day::Day,
        ids::{CaseId, SessionId},
        words::{Progress, PromiseStatus, Publicity},
    },
    office::{Alike, Fault, Seen},
};
use actix_web::{HttpResponse, get, http::header, web::Path};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SimilarQuery {
    /// 1 to 24; 10 if left out.
    #[param(minimum = 1, maximum = 24)]
    limit: Option<usize>,
}

const FEW: usize = 10;
/// As many as are compared.
const MOST: usize = crate::domain::similar::SHORTLIST;

/// Cases like the one that was asked about, the likest first.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SimilarCases {
    cases: Vec<SimilarCase>,
}

/// A case like the one that was asked about.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SimilarCase {
    id: CaseId,
    /// Where the caller reads it: the case itself, or what residents read of it.
    href: String,
    number: Option<String>,
    title: String,
    session: Option<SessionId>,
    /// 领衔代表
    lead: String,
    #[schema(example = "区交通运输局")]
    department: Option<String>,
    #[schema(example = "A")]
    class: Option<String>,
    /// 0.2 to 1, to two decimals.
    #[schema(example = 0.43)]
    score: f64,
    /// Words that both have, pairs of characters.
    shared: Vec<String>,
    replied_on: Option<Day>,
    /// What was promised then.
    commitments: Vec<PromisedThen>,
}

/// What was promised then, and how it stands.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PromisedThen {
    text: String,
    due_on: Day,
    /// As the department reported last; absent before a report.
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<Progress>,
    /// What the deputy said of that report; only for who sees the case itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed: Option<bool>,
    /// Due, and not reported as kept.
    overdue: bool,
}

impl SimilarCase {
    fn of(alike: Alike, today: Day) -> SimilarCase {
        let Alike { case, seen, score, shared } = alike;
        let said = |text: String| match seen {
            Seen::Inside => text,
            Seen::AsResident(_) => Masked::from(text).into_owned(),
        };
        let (id, number) = (case.id, case.number.as_ref().map(|number| &number.text));
        SimilarCase {
            id,
            href: href(id, seen),
            number: number.map(|n| said(n.to_string())),
            title: said(case.title.to_string()),
            session: case.session.clone(),
            lead: said(case.lead.name.clone()),
            department: case.answering_names().map(said),
            class: case.class.clone(),
            score: two_decimals(score),
            shared,
            replied_on: case.replied_on(),
            commitments: promised(&case, seen).map(|it| PromisedThen::of(it, seen, said, today)).collect(),
        }
    }
}

fn href(id: CaseId, seen: Seen) -> String {
    match seen {
        Seen::Inside => format!("/v1/cases/{id}"),
        Seen::AsResident(_) => format!("/v1/public/cases/{id}"),
    }
}

fn two_decimals(score: f64) -> f64 {
    (score * 100.0).round() / 100.0
}

/// The promises that the caller may read: all, or those in letters that are public.
fn promised(case: &Case, seen: Seen) -> impl Iterator<Item = &Promise> {
    let shown = move |promise: &&Promise| match seen {
        Seen::Inside => true,
        Seen::AsResident(Publicity::Full) => case.public_replies().any(|r| r.number == promise.reply),
        Seen::AsResident(_) => false,
    };
    case.commitments.iter().filter(shown)
}

impl PromisedThen {
    fn of(promise: &Promise, seen: Seen, said: impl Fn(String) -> String, today: Day) -> PromisedThen {
        let latest = promise.latest();
        let status = promise.status();
        let progress = latest.map(|it| it.report.progress).filter(|_| status != PromiseStatus::Unevidenced);
        let judged = latest.and_then(|it| it.judgement.as_ref()).map(|j| j.confirmed);
        PromisedThen {
            text: said(promise.promised.text.to_string()),
            due_on: promise.due(),
            progress,
            confirmed: judged.filter(|_| seen == Seen::Inside),
            overdue: promise.is_overdue(today),
        }
    }
}

/// Find similar cases 相似件
///
/// Of this term and earlier ones, found by the words of title and text, with what was answered and promised then; for
/// a draft, too. Others' cases show what residents may read of them, and what the caller may read nowhere is left out.
/// **Who:** whoever may read the case.
#[utoipa::path(
    tag = "cases",
    params(SimilarQuery, ("id" = CaseId, Path)),
    responses((status = 200, body = SimilarCases), ReadProblems),
    security(("bearer" = []))
)]
#[get("/cases/{id}/similar")]
pub async fn list_similar(
    ask: Ask,
    id: Path<String>,
    query: Query<SimilarQuery>,
) -> Result<HttpResponse, Refused> {
    let limit = query.0.limit.unwrap_or(FEW);
    if !(1..=MOST).contains(&limit) {
        return Err(Fault::invalid("?limit", "须在 1 至 24 之间", "must lie between 1 and 24").into());
    }
    let alike = ask.office.similar(&ask.caller, case_id(&id)?, limit).await?;
    let today = ask.office.today();
    let cases = alike.into_iter().map(|it| SimilarCase::of(it, today)).collect();
    Ok(HttpResponse::Ok().insert_header(PRIVATE).json(SimilarCases { cases }))
}

/// What one caller sees another may not.
const PRIVATE: (header::HeaderName, &str) = (header::CACHE_CONTROL, "private, no-cache");

/// Where those who write or hand in a case are told of similar ones.
pub fn related(case: &str) -> (header::HeaderName, String) {
    (header::LINK, format!("<{case}/similar>; rel=\"related\""))
}

/// Departments that had cases like this one, the likeliest first.
#[derive(Serialize, utoipa::ToSchema)]
pub struct DepartmentSuggestions {
    departments: Vec<SuggestedDepartment>,
}

/// A department, and what speaks for it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SuggestedDepartment {
    department: DepartmentRef,
    /// Its share of all votes; a case votes with the square of its likeness.
    #[schema(example = 0.83)]
    weight: f64,
    cases: Vec<SuggestingCase>,
}

/// A case that speaks for a department.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SuggestingCase {
    id: CaseId,
    href: String,
    number: Option<String>,
    title: String,
    #[schema(example = 0.43)]
    score: f64,
}

/// Suggest departments 推荐承办单位
///
/// Those that answered, or have, similar cases, weighed by how alike they are. A suggestion: nothing is assigned by it.
/// **Who:** committee staff; the government office, among its departments.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path)),
    responses((status = 200, body = DepartmentSuggestions), ReadProblems),
    security(("bearer" = []))
)]
#[get("/cases/{id}/department-suggestions")]
pub async fn suggest_departments(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    let (likely, alike) = ask.office.likely_departments(&ask.caller, case_id(&id)?).await?;
    let departments = likely
        .into_iter()
        .map(|(department, share)| {
            let rests =
                alike.iter().filter(|it| it.case.answerers().any(|a| a.department.id == department.id));
            let cases = rests.map(SuggestingCase::of).collect();
            SuggestedDepartment { department, weight: two_decimals(share), cases }
        })
        .collect();
    Ok(HttpResponse::Ok().insert_header(PRIVATE).json(DepartmentSuggestions { departments }))
}

impl SuggestingCase {
    fn of(it: &Alike) -> SuggestingCase {
        let said = |text: &str| match it.seen {
            Seen::Inside => text.to_owned(),
            Seen::AsResident(_) => Masked::from(text).into_owned(),
        };
        SuggestingCase {
            id: it.case.id,
            href: href(it.case.id, it.seen),
            number: it.case.number.as_ref().map(|n| said(&n.text)),
            title: said(&it.case.title),
            score: two_decimals(it.score),
        }
    }
}
