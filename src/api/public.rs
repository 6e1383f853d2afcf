//! Publication 公开: what residents read without signing in.
//!
//! A view of its own, built field by field: what is not named here is not published. Every word of it passes
//! `personal::masked`.

use super::{
    input::Query,
    pages::{Page, leading_on, page, page_size},
    problem::{PublicProblems, Refused},
    step::case_id,
};
use crate::{
    domain::{
        case::{AskAnswer, Case, Reply},
        day::Day,
        ids::{CaseId, CongressId, SessionId},
        personal,
        text::Line,
        words::{Kind, Progress, PromiseStatus, Publicity},
    },
    office::{Office, Public, PublicListing},
};
use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header,
    web::{Data, Path},
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A text whose telephone, identity and card numbers, e-mail addresses and plates are masked. There is no other way to
/// make one.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct Masked<'a>(Cow<'a, str>);

impl<'a> From<&'a str> for Masked<'a> {
    fn from(text: &'a str) -> Masked<'a> {
        Masked(personal::masked(text))
    }
}

impl From<String> for Masked<'_> {
    fn from(text: String) -> Self {
        Masked(Cow::Owned(personal::masked(&text).into_owned()))
    }
}

impl Masked<'_> {
    pub fn into_owned(self) -> String {
        self.0.into_owned()
    }
}

/// The head of a public case.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PublicCase<'a> {
    id: CaseId,
    href: String,
    #[schema(example = "区五届三次会议建议第001号")]
    number: Option<Masked<'a>>,
    title: Masked<'a>,
    kind: Kind,
    #[schema(example = "5-3")]
    session: Option<&'a SessionId>,
    category: Option<Masked<'a>>,
    /// 领衔代表
    lead: Masked<'a>,
    /// 附议代表 who confirmed.
    co_signers: Vec<Masked<'a>>,
    /// The department that answered; of several separate ones all.
    #[schema(example = "区交通运输局")]
    department: Option<Masked<'a>>,
    /// The result class in force.
    #[schema(example = "A")]
    class: Option<&'a str>,
    registered_on: Option<Day>,
    assigned_on: Option<Day>,
    replied_on: Option<Day>,
    publicity: Publicity,
}

/// A public case: in full, or as a summary.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PublicText<'a> {
    #[serde(flatten)]
    head: PublicCase<'a>,
    /// With `full`.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Masked<'a>>,
    /// With `full`: what was asked for, point by point.
    #[serde(skip_serializing_if = "Option::is_none")]
    asks: Option<Vec<Masked<'a>>>,
    /// With `full`: the final replies, each in the version that holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    replies: Option<Vec<PublicReply<'a>>>,
    /// With `summary`, if the committee wrote one.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<Masked<'a>>,
}

/// A letter as residents read it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PublicReply<'a> {
    /// 文号
    #[schema(example = "吴交〔2024〕12号")]
    document_number: Option<Masked<'a>>,
    on: Day,
    text: Masked<'a>,
    answers: Vec<PublicAnswer<'a>>,
    commitments: Vec<PublicCommitment<'a>>,
}

/// What was answered to one ask.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PublicAnswer<'a> {
    /// The ask's number, from 1.
    ask: u32,
    #[schema(example = "A")]
    class: &'a str,
    text: Masked<'a>,
}

/// A promise 承诺事项, and how it stands.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PublicCommitment<'a> {
    text: Masked<'a>,
    due_on: Day,
    /// As the department reported last; absent before a report, and while nothing shows that it was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<Progress>,
}

impl<'a> PublicCase<'a> {
    fn of(Public { case, publicity }: &'a Public) -> PublicCase<'a> {
        PublicCase {
            id: case.id,
            href: format!("/v1/public/cases/{}", case.id),
            number: case.number.as_ref().map(|n| Masked::from(&*n.text)),
            title: Masked::from(&*case.title),
            kind: case.kind,
            session: case.session.as_ref(),
            category: case.category.as_deref().map(Masked::from),
            lead: Masked::from(case.lead.name.as_str()),
            co_signers: case.co_signers.iter().map(|d| Masked::from(d.name.as_str())).collect(),
            department: case.answering_names().map(Masked::from),
            class: case.class.as_deref(),
            registered_on: case.registered_on,
            assigned_on: case.assigned_on,
            replied_on: case.replied_on(),
            publicity: *publicity,
        }
    }
}

impl<'a> PublicText<'a> {
    fn of(public: &'a Public) -> PublicText<'a> {
        let (case, head) = (&public.case, PublicCase::of(public));
        let nothing = PublicText { head, body: None, asks: None, replies: None, summary: None };
        match public.publicity {
            Publicity::Full => PublicText {
                body: Some(Masked::from(&*case.body)),
                asks: Some(case.asks.iter().map(|ask| Masked::from(&**ask)).collect()),
                replies: Some(case.public_replies().map(|reply| PublicReply::of(reply, case)).collect()),
                ..nothing
            },
            Publicity::Summary => {
                PublicText { summary: case.public_summary().map(|s| Masked::from(&**s)), ..nothing }
            }
            Publicity::None => nothing,
        }
    }
}

impl<'a> PublicReply<'a> {
    fn of(reply: &'a Reply, case: &'a Case) -> PublicReply<'a> {
        let promises = case.commitments.iter().filter(|promise| promise.reply == reply.number);
        let answer =
            |it: &'a AskAnswer| PublicAnswer { ask: it.ask, class: &it.class, text: Masked::from(&*it.text) };
        PublicReply {
            document_number: reply.letter.document_number.as_deref().map(Masked::from),
            on: reply.on,
            text: Masked::from(&*reply.letter.text),
            answers: reply.letter.answers.iter().map(answer).collect(),
            commitments: promises
                .map(|promise| PublicCommitment {
                    text: Masked::from(&*promise.promised.text),
                    due_on: promise.due(),
                    progress: promise
                        .latest()
                        .map(|it| it.report.progress)
                        .filter(|_| promise.status() != PromiseStatus::Unevidenced),
                })
                .collect(),
        }
    }
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PublicQuery {
    #[param(value_type = String, example = "330502")]
    congress: CongressId,
    #[param(value_type = Option<String>, example = "5-3")]
    session: Option<SessionId>,
    /// 类别
    #[param(value_type = Option<String>)]
    category: Option<Line>,
    /// The last case of the page before; the `next` link names it.
    #[param(value_type = Option<String>, format = Uuid)]
    after: Option<CaseId>,
    /// Cases on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// A page of what a congress has published.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PublicPage<'a> {
    cases: Vec<PublicCase<'a>>,
    /// The next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// List what is public 公开目录
///
/// Newest first, page by page (`Link: rel="next"`). Telephone, identity and card numbers, e-mail addresses and plates are masked. **Who:** anybody.
#[utoipa::path(
    tag = "public",
    params(PublicQuery),
    responses(
        (status = 200, body = PublicPage<'static>, headers(("Link" = Option<String>, description = "The next page"), ("Cache-Control" = String, description = "`public, max-age=60`"))),
        PublicProblems
    )
)]
#[get("/public/cases")]
pub async fn list_public_cases(
    office: Data<Office>,
    query: Query<PublicQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let PublicQuery { congress, session, category, after, limit } = query.0;
    let limit = page_size(limit)?;
    let listing = PublicListing {
        congress,
        session,
        category: category.map(|c| c.to_string()),
        after,
        limit: limit as i64 + 1,
    };
    let found = office.public_cases(listing).await?;
    let Page { lines, next } = page(&request, found, limit, "after", |last| last.case.id.to_string());
    let mut response = leading_on(next.as_ref());
    response.insert_header(SHARED);
    Ok(response.json(PublicPage { cases: lines.iter().map(PublicCase::of).collect(), next }))
}

/// Everybody is answered alike, so a cache may answer for us; not for long, since publication can be ended.
const SHARED: (header::HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=60");

/// Read what is public of a case
///
/// In full with its replies and what they promised, or the committee's summary. **Who:** anybody; what is not public
/// does not exist.
#[utoipa::path(
    tag = "public",
    params(("id" = CaseId, Path)),
    responses(
        (status = 200, body = PublicText<'static>, headers(("Cache-Control" = String, description = "`public, max-age=60`"))),
        PublicProblems
    )
)]
#[get("/public/cases/{id}")]
pub async fn get_public_case(office: Data<Office>, id: Path<String>) -> Result<HttpResponse, Refused> {
    let public = office.public_case(case_id(&id)?).await?;
    Ok(HttpResponse::Ok().insert_header(SHARED).json(PublicText::of(&public)))
}
