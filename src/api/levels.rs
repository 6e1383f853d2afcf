//! Figures of all congresses below a division code.

use super::{
    ask::Ask,
    figures::{FigureQuery, FigureView, inquiry, view},
    input::Query,
    problem::{ReadProblems, Refused, language},
};
use crate::{
    domain::{day::Day, ids::CongressId, say::Language},
    office::levels::{Below, OfCongress},
};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which figure, below whom, by whose definitions.
#[derive(Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BelowQuery {
    /// The code below which the congresses lie: `330000` for all of a province, `330500` for a city's districts.
    #[param(value_type = String, example = "330000")]
    below: CongressId,
    #[param(example = "resolution_rate")]
    metric: String,
    /// One session, or several with commas; sessions are named by each congress itself.
    #[param(value_type = Option<String>, example = "5-3,5-3-between")]
    session: Option<crate::domain::ids::Sessions>,
    #[param(value_type = Option<String>, format = Date)]
    true_on: Option<Day>,
    #[param(value_type = Option<String>, format = Date)]
    known_on: Option<Day>,
    /// A policy whose classes and rounding are taken everywhere; each congress's own if left out.
    #[param(example = "zhejiang-2016")]
    by_policy: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct LevelsView {
    /// What figures are counted by, in words.
    counted_by: String,
    /// `null`: each by its own.
    by_policy: Option<String>,
    #[schema(example = 9412)]
    numerator: u64,
    #[schema(example = 10105)]
    denominator: u64,
    /// All together, as printed; `null` where there is no case, and where a congress's parts do not add up.
    #[schema(example = "93.1")]
    printed: Option<String>,
    congresses: Vec<OfCongressView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct OfCongressView {
    #[schema(value_type = String, example = "330502")]
    congress: CongressId,
    name: String,
    /// The policy by which it was counted.
    policy: String,
    adds_up: bool,
    #[serde(flatten)]
    figure: FigureView,
    /// Cases in classes that the chosen policy does not know, which count as not resolved.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    unknown_classes: BTreeMap<String, u64>,
}

/// Read the figures of all congresses below
///
/// One figure for each, and all together. Classes that count as resolved, and rounding, are each congress's own, or all
/// by one policy (`by_policy`); the terms are always those under which each case was handled. **Who:** committee staff and
/// auditors of a higher level.
#[utoipa::path(
    tag = "figures",
    params(BelowQuery),
    responses((status = 200, body = LevelsView), ReadProblems),
    security(("bearer" = []))
)]
#[get("/figures/below")]
pub async fn get_figures_below(
    ask: Ask,
    query: Query<BelowQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let BelowQuery { below, metric, session, true_on, known_on, by_policy } = query.0;
    let asked = FigureQuery { session, true_on, known_on, ..FigureQuery::of(below, metric) };
    let inquiry = inquiry(&ask.office, asked)?;
    let told = ask.office.figures_below(&ask.caller, Below { inquiry, by_policy: by_policy.clone() }).await?;
    let language = language(&request);
    let counted_by = match (&by_policy, language) {
        (None, Language::Chinese) => "各人大按本级办法的分类和取整规则".to_owned(),
        (None, Language::English) => "each congress's own classes and rounding".to_owned(),
        (Some(id), Language::Chinese) => {
            format!("一律按 {id} 的已解决分类和取整规则；办理期限仍按各件所依办法")
        }
        (Some(id), Language::English) => {
            format!("the classes and rounding of {id} everywhere; terms stay those of each case's own policy")
        }
    };
    Ok(HttpResponse::Ok().json(LevelsView {
        counted_by,
        by_policy,
        numerator: told.total.numerator,
        denominator: told.total.denominator,
        printed: told.printed,
        congresses: told.congresses.into_iter().map(|it| written(it, language)).collect(),
    }))
}

fn written(it: OfCongress, language: Language) -> OfCongressView {
    OfCongressView {
        congress: it.congress,
        name: it.name,
        policy: it.policy,
        adds_up: it.adds_up,
        figure: view(it.figure, language),
        unknown_classes: it.unknown_classes,
    }
}
