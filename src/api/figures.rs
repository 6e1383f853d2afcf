//! Figures: each with its definition, its exact fraction, and the way to the cases behind it.

use super::{
    ask::Ask,
    input::Query,
    problem::{OpenProblems, ReadProblems, Refused, language},
};
use crate::{
    domain::{
        day::Day,
        figures::{Completeness, Dimension, METRICS, Measure, Metric, Unit, metric},
        ids::{CongressId, Sessions},
        rounding::Rounding,
        say::{Language, Say},
    },
    office::{
        Fault,
        figures::{Answered, Figure, Group, Inquiry},
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
    /// `kind`, `origin`, `category`, `department`, `delegation`, `session`, `class`, `evaluation`, `exclusion`, `key_case`
    /// or `days_to_reply`; all together if left out.
    #[param(example = "department")]
    pub group_by: Option<String>,
    /// One session, or time between sessions, or several with commas; all if left out.
    #[param(value_type = Option<String>, example = "5-3,5-3-between")]
    pub session: Option<Sessions>,
    /// What was true on this day; today if only the other day is given.
    #[param(value_type = Option<String>, format = Date, example = "2024-06-30")]
    pub true_on: Option<Day>,
    /// As known at the end of this day: what was recorded later, for whatever day, is left out.
    #[param(value_type = Option<String>, format = Date, example = "2024-12-31")]
    pub known_on: Option<Day>,
    /// Decimals of the percentage, 0 to 6; the policy's if left out.
    #[param(maximum = 6)]
    pub decimals: Option<u8>,
    /// `half_up`, `truncate` or `largest_remainder`; the policy's if left out.
    pub rounding: Option<Rounding>,
    /// Print 0.90 as 0.9.
    pub trim_zeros: Option<bool>,
}

impl FigureQuery {
    /// All together, as it holds now, printed by the policy's rule.
    pub(super) fn of(congress: CongressId, metric: String) -> FigureQuery {
        FigureQuery {
            congress,
            metric,
            group_by: None,
            session: None,
            true_on: None,
            known_on: None,
            decimals: None,
            rounding: None,
            trim_zeros: None,
        }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Figures {
    /// What was true on this day …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub true_on: Option<Day>,
    /// … as known at the end of this one; what holds now where neither is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_on: Option<Day>,
    pub completeness: CompletenessView,
    pub figures: Vec<FigureView>,
}

/// What the figures are made of. Where it does not add up, no rate is printed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CompletenessView {
    #[serde(flatten)]
    pub parts: Completeness,
    pub adds_up: bool,
    /// What does not, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wrong: Option<String>,
}

/// A number that can be taken apart.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FigureView {
    #[schema(example = "resolution_rate")]
    metric: &'static str,
    /// The definition's version.
    version: u32,
    unit: Unit,
    definition: String,
    #[schema(example = 98)]
    numerator: u64,
    #[schema(example = 105)]
    denominator: u64,
    /// Per cent, as printed; `null` where there is no case to count, and where the parts do not add up.
    #[schema(example = "93.3")]
    percent: Option<String>,
    /// Calendar days, as printed, where the metric is a length of time.
    #[schema(example = "41.5")]
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<String>,
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
    let inquiry = inquiry(&ask.office, query.0)?;
    let answered = ask.office.figures(&ask.caller, inquiry.clone()).await?;
    Ok(HttpResponse::Ok().json(written(answered, &inquiry, language(&request))))
}

/// The same answer for the command line.
///
/// # Errors
/// When the query names an unknown metric, grouping or too many decimals.
pub async fn figures_json(office: &crate::office::Office, query: FigureQuery) -> Result<Figures, Fault> {
    let inquiry = inquiry(office, query)?;
    let answered = office.figures_of_congress(inquiry.clone()).await?;
    Ok(written(answered, &inquiry, Language::Chinese))
}

/// The metric of this name.
fn metric_of(name: &str) -> Result<&'static Metric, Fault> {
    let known = || METRICS.iter().map(|m| m.id).collect::<Vec<_>>().join(", ");
    metric(name).ok_or_else(|| {
        Fault::invalid("?metric", format!("须为 {} 之一", known()), format!("must be one of {}", known()))
    })
}

/// The dimension of this name; all together if none is named.
fn dimension_of(name: Option<&str>) -> Result<Dimension, Fault> {
    let parsed = name.map_or(Ok(Dimension::Total), str::parse);
    parsed.map_err(|e: String| Fault::invalid("?group_by", format!("分组方式不对（{e}）"), e))
}

pub(super) fn inquiry(office: &crate::office::Office, query: FigureQuery) -> Result<Inquiry, Fault> {
    let metric = metric_of(&query.metric)?;
    let group_by = dimension_of(query.group_by.as_deref())?;
    if query.decimals.is_some_and(|d| d > 6) {
        return Err(Fault::invalid("?decimals", "须在 0 至 6 之间", "must lie between 0 and 6"));
    }
    Ok(Inquiry {
        congress: query.congress,
        metric,
        group_by,
        session: query.session,
        as_of: office.as_of(query.true_on, query.known_on),
        decimals: query.decimals,
        rounding: query.rounding,
        trim_zeros: query.trim_zeros,
    })
}

pub(super) fn complete(parts: Completeness, language: Language) -> CompletenessView {
    let wrong = parts.wrong();
    CompletenessView { adds_up: wrong.is_none(), wrong: wrong.map(|it| it.to(language).to_owned()), parts }
}

/// A figure as it is written.
pub(super) fn view(figure: Figure, language: Language) -> FigureView {
    FigureView {
        metric: figure.metric,
        version: figure.version,
        unit: figure.unit,
        definition: figure.definition.to(language).to_owned(),
        numerator: figure.numerator,
        denominator: figure.denominator,
        percent: figure.printed.clone().filter(|_| figure.unit == Unit::Percent),
        days: figure.printed.filter(|_| figure.unit != Unit::Percent),
        group: figure.group.into_iter().map(grouped).collect(),
        cases: link(&figure.cases),
        denominator_cases: link(&figure.denominator_cases),
    }
}

fn written(answered: Answered, inquiry: &Inquiry, language: Language) -> Figures {
    Figures {
        true_on: inquiry.as_of.map(|it| it.true_on),
        known_on: inquiry.as_of.map(|it| it.known_on),
        completeness: complete(answered.completeness, language),
        figures: answered.figures.into_iter().map(|it| view(it, language)).collect(),
    }
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
    unit: Unit,
    /// In words that can be read out beside the number; both languages.
    definition: Say,
    /// In the measures' names.
    #[schema(example = "resolved ÷ counted")]
    formula: String,
    /// What is left out of the denominator.
    exclusions: Say,
    /// The clause, or custom 惯例.
    source: &'static str,
    /// A case counts above the line by each of these.
    numerator: Vec<Measure>,
    denominator: Measure,
}

/// List the metrics and their definitions
///
/// **Who:** anybody.
#[utoipa::path(tag = "figures", responses((status = 200, body = Definitions), OpenProblems))]
#[get("/figures/definitions")]
pub async fn list_definitions() -> HttpResponse {
    let definition = |metric: &Metric| Definition {
        metric: metric.id,
        version: metric.version,
        unit: metric.unit,
        definition: metric.definition(),
        formula: metric.formula(),
        exclusions: metric.exclusions(),
        source: metric.source(),
        numerator: metric.numerator.to_vec(),
        denominator: metric.denominator,
    };
    HttpResponse::Ok().json(Definitions { metrics: METRICS.iter().map(definition).collect() })
}
