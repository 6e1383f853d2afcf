//! Figures: each with its definition, its exact fraction, and the way to the cases behind it.

use super::{
    ask::Ask,
    input::Query,
    problem::{OpenProblems, ReadProblems, Refused, language},
};
use crate::{
    domain::{
        figures::{Dimension, METRICS, Measure, Metric, metric},
        ids::{CongressId, Sessions},
        rounding::Rounding,
        say::Language,
    },
    office::{
        Fault,
        figures::{Figure, Group, Inquiry},
    },
};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which figure, of what, printed how.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FigureQuery {
    #[param(value_type = String, example = "330502")]
    pub congress: CongressId,
    /// One of `/v1/figures/definitions`.
    #[param(example = "resolution_rate")]
    pub metric: String,
    /// `kind`, `origin`, `category`, `department`, `class` or `evaluation`; all together if left out.
    #[param(example = "department")]
    pub group_by: Option<String>,
    /// One session, or time between sessions, or several with commas; all if left out.
    #[param(value_type = Option<String>, example = "5-3,5-3-between")]
    pub session: Option<Sessions>,
    /// Decimals of the percentage, 0 to 6; the policy's if left out.
    #[param(maximum = 6)]
    pub decimals: Option<u8>,
    /// `half_up`, `truncate` or `largest_remainder`; the policy's if left out.
    pub rounding: Option<Rounding>,
    /// Print 0.90 as 0.9.
    pub trim_zeros: Option<bool>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Figures {
    pub figures: Vec<FigureView>,
}

/// A number that can be taken apart.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FigureView {
    #[schema(example = "resolution_rate")]
    metric: &'static str,
    /// The definition's version.
    version: u32,
    definition: String,
    #[schema(example = 98)]
    numerator: u64,
    #[schema(example = 105)]
    denominator: u64,
    /// Per cent, as printed; `null` where there is no case to count.
    #[schema(example = "93.3")]
    percent: Option<String>,
    group: BTreeMap<&'static str, GroupView>,
    /// Lists exactly the numerator's cases.
    #[schema(example = "/v1/cases?congress=330502&measure=resolved")]
    #[serde(skip_serializing_if = "Option::is_none")]
    cases: Option<String>,
    /// Lists exactly the denominator's cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    denominator_cases: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum GroupView {
    Value(Option<String>),
    Department { id: String, name: String },
}

/// Read figures
///
/// **Who:** committee staff and auditors for the whole congress; a department, the government office and a deputy for
/// the cases that they answer for, dispatched or lead. Evaluations only committee staff and auditors. Those of a higher
/// level read the sums of the congresses below, without the cases behind them.
#[utoipa::path(
    tag = "figures",
    params(FigureQuery),
    responses((status = 200, body = Figures), ReadProblems),
    security(("bearer" = []))
)]
#[get("/figures")]
pub async fn get_figures(
    ask: Ask,
    query: Query<FigureQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let figures = ask.office.figures(&ask.caller, inquiry(query.0)?).await?;
    Ok(HttpResponse::Ok().json(written(figures, language(&request))))
}

/// The same answer for the command line.
///
/// # Errors
/// When the query names an unknown metric, grouping or too many decimals.
pub async fn figures_json(office: &crate::office::Office, query: FigureQuery) -> Result<Figures, Fault> {
    let figures = office.figures_of_congress(inquiry(query)?).await?;
    Ok(written(figures, Language::Chinese))
}

fn inquiry(query: FigureQuery) -> Result<Inquiry, Fault> {
    let known = || METRICS.iter().map(|m| m.id).collect::<Vec<_>>().join(", ");
    let Some(metric) = metric(&query.metric) else {
        return Err(Fault::invalid(
            "?metric",
            format!("须为 {} 之一", known()),
            format!("must be one of {}", known()),
        ));
    };
    let group_by = match query.group_by.as_deref() {
        None => Dimension::Total,
        Some(text) => text
            .parse()
            .map_err(|e: String| Fault::invalid("?group_by", format!("分组方式不对（{e}）"), e))?,
    };
    if query.decimals.is_some_and(|d| d > 6) {
        return Err(Fault::invalid("?decimals", "须在 0 至 6 之间", "must lie between 0 and 6"));
    }
    Ok(Inquiry {
        congress: query.congress,
        metric,
        group_by,
        session: query.session,
        decimals: query.decimals,
        rounding: query.rounding,
        trim_zeros: query.trim_zeros,
    })
}

fn written(figures: Vec<Figure>, language: Language) -> Figures {
    let view = |figure: Figure| FigureView {
        metric: figure.metric,
        version: figure.version,
        definition: figure.definition.to(language).to_owned(),
        numerator: figure.numerator,
        denominator: figure.denominator,
        percent: figure.percent,
        group: figure.group.into_iter().map(grouped).collect(),
        cases: link(&figure.cases),
        denominator_cases: link(&figure.denominator_cases),
    };
    Figures { figures: figures.into_iter().map(view).collect() }
}

fn grouped(group: Group) -> (&'static str, GroupView) {
    let view = match (group.name, group.value) {
        (Some(name), id) => GroupView::Department { id, name },
        (None, value) => GroupView::Value(Some(value).filter(|v| !v.is_empty())),
    };
    (group.dimension.id(), view)
}

fn link(query: &[(&'static str, String)]) -> Option<String> {
    if query.is_empty() {
        return None;
    }
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for (name, value) in query {
        pairs.append_pair(name, value);
    }
    Some(format!("/v1/cases?{}", pairs.finish()))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Definitions {
    metrics: Vec<Definition>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Definition {
    metric: &'static str,
    version: u32,
    definition: String,
    /// A case counts above the line if one of these holds.
    numerator: Vec<Measure>,
    denominator: Measure,
}

/// List the metrics and their definitions
///
/// **Who:** anybody.
#[utoipa::path(tag = "figures", responses((status = 200, body = Definitions), OpenProblems))]
#[get("/figures/definitions")]
pub async fn list_definitions(request: HttpRequest) -> HttpResponse {
    let language = language(&request);
    let definition = |metric: &Metric| Definition {
        metric: metric.id,
        version: metric.version,
        definition: metric.definition().to(language).to_owned(),
        numerator: metric.numerator.to_vec(),
        denominator: metric.denominator,
    };
    HttpResponse::Ok().json(Definitions { metrics: METRICS.iter().map(definition).collect() })
}
