//! Comparing fairly: intervals, small groups, the mix of matters, and who may be ranked at all.

use super::{
    ask::Ask,
    figures::{CompletenessView, FigureQuery, FigureView, complete, inquiry, view},
    input::{Body, Query},
    problem::{ReadProblems, Refused, WriteProblems, language},
};
use crate::{
    domain::{ids::CongressId, say::Language},
    office::{Fault, comparison::Compared},
};
use actix_web::{HttpRequest, HttpResponse, get, put, web::Path};
use serde::{Deserialize, Serialize};

/// Which rate, of what; as for figures.
#[derive(Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ComparisonQuery {
    #[param(value_type = String, example = "330502")]
    congress: CongressId,
    #[param(example = "resolution_rate")]
    metric: String,
    /// As for figures; `department` if left out.
    #[param(example = "department")]
    group_by: Option<String>,
    #[param(value_type = Option<String>, example = "5-3,5-3-between")]
    session: Option<crate::domain::ids::Sessions>,
    #[param(value_type = Option<String>, format = Date)]
    true_on: Option<crate::domain::day::Day>,
    #[param(value_type = Option<String>, format = Date)]
    known_on: Option<crate::domain::day::Day>,
    /// Give places 名次; refused where fewer than two groups have enough cases.
    rank: Option<bool>,
}

/// Groups side by side.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ComparisonView {
    /// Groups of fewer cases are marked, and never ranked.
    #[schema(example = 10)]
    minimum: u64,
    completeness: CompletenessView,
    groups: Vec<ComparedView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ComparedView {
    #[serde(flatten)]
    figure: FigureView,
    /// Fewer cases than the minimum.
    few: bool,
    /// Wilson score interval of 95 %, per cent.
    #[schema(example = json!(["83.9", "97.2"]))]
    interval: Option<[String; 2]>,
    /// The rate at the whole congress's mix of categories, per cent; departments only.
    #[schema(example = "91.8")]
    adjusted: Option<String>,
    /// How much of that mix the department has cases of, per cent; it is adjusted over that part.
    #[schema(example = "82.4")]
    adjusted_over: Option<String>,
    /// 名次; equal rates share one.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<u32>,
}

/// Compare departments
///
/// Each group's rate with its interval, whether it has few cases, and what it would be at the whole's mix of categories.
/// A ranking (`rank=true`) leaves out groups of fewer cases than the congress's minimum, and is refused (409) where fewer
/// than two remain. **Who:** committee staff, auditors; those of a higher level, of the congresses below.
#[utoipa::path(
    tag = "figures",
    params(ComparisonQuery),
    responses((status = 200, body = ComparisonView), ReadProblems),
    security(("bearer" = []))
)]
#[get("/figures/comparison")]
pub async fn compare_figures(
    ask: Ask,
    query: Query<ComparisonQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let ComparisonQuery { congress, metric, group_by, session, true_on, known_on, rank } = query.0;
    let group_by = Some(group_by.unwrap_or_else(|| "department".to_owned()));
    let asked = FigureQuery { group_by, session, true_on, known_on, ..FigureQuery::of(congress, metric) };
    let inquiry = inquiry(&ask.office, asked)?;
    let told = ask.office.compare_figures(&ask.caller, inquiry, rank == Some(true)).await?;
    let language = language(&request);
    Ok(HttpResponse::Ok().json(ComparisonView {
        minimum: told.minimum,
        completeness: complete(told.completeness, language),
        groups: told.groups.into_iter().map(|it| written(it, language)).collect(),
    }))
}

fn written(it: Compared, language: Language) -> ComparedView {
    let (adjusted, adjusted_over) = it.adjusted.map(|it| (it.percent, it.covers)).unzip();
    ComparedView {
        figure: view(it.figure, language),
        few: it.few,
        interval: it.interval,
        adjusted,
        adjusted_over,
        place: it.place,
    }
}

/// Below how many cases nobody is ranked.
#[derive(Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RankingMinimum {
    #[schema(minimum = 2, maximum = 1000, example = 10)]
    cases: u64,
}

/// Set the ranking minimum
///
/// **Who:** the committee's leader. What was set stands in the book of acts.
#[utoipa::path(
    tag = "figures",
    params(("id" = String, Path, example = "330502")),
    request_body(content = RankingMinimum, example = json!({"cases": 10})),
    responses((status = 200, body = RankingMinimum), WriteProblems),
    security(("bearer" = []))
)]
#[put("/congresses/{id}/ranking-minimum")]
pub async fn set_ranking_minimum(ask: Ask, id: Path<String>, body: Body) -> Result<HttpResponse, Refused> {
    let congress = id.parse().map_err(|_| Fault::NotFound)?;
    let parse = move || {
        let RankingMinimum { cases } = body.read()?;
        match cases {
            2..=1000 => Ok(cases),
            _ => Err(Fault::invalid("/cases", "须在 2 至 1000 之间", "must lie between 2 and 1000")),
        }
    };
    let cases = ask.office.set_ranking_minimum(&ask.caller, congress, parse).await?;
    Ok(HttpResponse::Ok().json(RankingMinimum { cases }))
}
