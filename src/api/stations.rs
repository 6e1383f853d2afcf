//! Contact stations 代表联络站: which there are, who receives residents there, whom they met, and the figures of it.

use super::{
    ask::Ask,
    input::{Body, Guards, Query},
    pages::{Page, leading_on, page, page_size},
    problem::{ReadProblems, Refused, WriteProblems},
    step::response,
};
use crate::{
    domain::{
        day::Day,
        gate::Operation,
        ids::{DeputyId, ReceptionId, StationId},
        station::Station,
        text::Note,
        words::StationKind,
    },
    office::{
        Fault,
        stations::{NewReception, NewStation, ShownReception, StationCounts},
    },
};
use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web::Path};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Serialize, utoipa::ToSchema)]
pub struct StationView {
    id: StationId,
    kind: StationKind,
    #[schema(example = "代表联络站")]
    kind_name: &'static str,
    #[schema(example = "ZL-01")]
    code: String,
    #[schema(example = "织里镇代表联络站")]
    name: String,
    /// Township or street.
    place: Option<String>,
    /// Who receives residents there.
    deputies: Vec<DeputyId>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct StationList {
    stations: Vec<StationView>,
}

/// Who receives residents at a station: all of them anew.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StationDeputies {
    deputies: Vec<DeputyId>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReceptionView {
    id: ReceptionId,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReceptionPage {
    receptions: Vec<ShownReception>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReceptionQuery {
    /// The cursor of the previous page's `next` link.
    #[param(value_type = Option<String>)]
    before: Option<ReceptionId>,
    /// Lines on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Why.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    pub reason: Note,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StationFigureQuery {
    /// The first day; the first of the last day's year if left out.
    #[param(value_type = Option<String>, format = Date, example = "2024-01-01")]
    from: Option<Day>,
    /// The last day; today if left out. The days counted are 366 at most.
    #[param(value_type = Option<String>, format = Date, example = "2024-12-31")]
    to: Option<Day>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct StationFigureView {
    from: Day,
    to: Day,
    #[serde(flatten)]
    total: StationCountView,
    /// Suggestions that opinions received in these days are part of 共性建议.
    #[schema(example = 12)]
    common_suggestions: usize,
    stations: Vec<StationLine>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct StationLine {
    station: StationId,
    name: String,
    #[serde(flatten)]
    counts: StationCountView,
}

/// Visits are counted by their day, opinions by the day of their receipt.
#[derive(Serialize, utoipa::ToSchema)]
pub struct StationCountView {
    /// 代表进站人次
    #[schema(example = 3690)]
    deputy_visits: i64,
    /// 国家机关工作人员进站人次
    #[schema(example = 450)]
    official_visits: i64,
    residents_received: i64,
    opinions: i64,
    /// By the way that they took now: `on_the_spot`, `department`, `committee`, `common`, `not_accepted`. What is not
    /// sorted has none.
    by_route: BTreeMap<String, i64>,
    /// With an answer, told or not. Those not accepted are none of them.
    answered: i64,
    /// Told to the resident 办结, those not accepted among them.
    closed: i64,
}

impl From<Station> for StationView {
    fn from(station: Station) -> StationView {
        let Station { congress: _, id, kind, code, name, place, deputies } = station;
        StationView {
            id,
            kind,
            kind_name: kind.zh(),
            code: code.to_string(),
            name: name.to_string(),
            place: place.map(|it| it.to_string()),
            deputies,
        }
    }
}

impl From<StationCounts> for StationCountView {
    fn from(counts: StationCounts) -> StationCountView {
        let StationCounts {
            deputy_visits,
            official_visits,
            residents_received,
            opinions,
            by_route,
            answered,
            closed,
        } = counts;
        StationCountView {
            deputy_visits,
            official_visits,
            residents_received,
            opinions,
            by_route,
            answered,
            closed,
        }
    }
}

/// The id in a path; what is no id names none.
pub fn station_id(text: &str) -> Result<StationId, Refused> {
    text.parse().map_err(|_| Refused(Fault::NotFound))
}

/// List contact stations 代表联络站
///
/// By code. **Who:** everybody who has a part in cases; their congress's.
#[utoipa::path(tag = "stations", responses((status = 200, body = StationList), ReadProblems), security(("bearer" = [])))]
#[get("/stations")]
pub async fn list_stations(ask: Ask) -> Result<HttpResponse, Refused> {
    let found = ask.office.stations(&ask.caller).await?;
    Ok(HttpResponse::Ok().json(StationList { stations: found.into_iter().map(StationView::from).collect() }))
}

/// Set up a contact station
///
/// Its code is its own within the congress. **Who:** the committee.
#[utoipa::path(
    tag = "stations",
    request_body(content = NewStation, example = json!({"kind": "station", "code": "ZL-01", "name": "织里镇代表联络站", "place": "织里镇"})),
    responses((status = 201, body = StationView, headers(("Location" = String, description = "The list of stations"))), WriteProblems),
    security(("bearer" = []))
)]
#[post("/stations")]
pub async fn open_station(ask: Ask, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepStations).await?;
    let station = ask.office.open_station(&ask.caller, body.read()?).await?;
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, "/v1/stations"))
        .json(StationView::from(station)))
}

/// Say who receives residents at a station
///
/// All of them anew. They read the opinions of the station, and write down its receptions. **Who:** the committee.
#[utoipa::path(
    tag = "stations",
    request_body(content = StationDeputies, example = json!({"deputies": ["018d0fc8-4680-78a7-9053-95f06de1b2fb"]})),
    responses((status = 200, body = StationView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/stations/{id}/deputies")]
pub async fn name_station_deputies(
    ask: Ask,
    path: Path<String>,
    body: Body,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::KeepStations).await?;
    let id = station_id(&path)?;
    let StationDeputies { deputies } = body.read()?;
    let station = ask.office.name_station_deputies(&ask.caller, id, deputies).await?;
    Ok(HttpResponse::Ok().json(StationView::from(station)))
}

/// Write down a reception 接待
///
/// Who came to meet residents at a station on a day, deputies and officials; each counts as one visit. An official is
/// written down by organisation and post, not by name.
///
/// **Who:** the committee; deputies of the station.
#[utoipa::path(
    tag = "stations",
    request_body(content = NewReception, example = json!({
        "day": "2024-03-15", "received": 12,
        "visitors": [
            {"who": "deputy", "deputy": "018d0fc8-4680-78a7-9053-95f06de1b2fb"},
            {"who": "official", "organisation": "区交通运输局", "post": "分管副局长"}
        ]
    })),
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeat with the same key, get the same answer")),
    responses((status = 201, body = ReceptionView), WriteProblems),
    security(("bearer" = []))
)]
#[post("/stations/{id}/visits")]
pub async fn record_reception(
    ask: Ask,
    path: Path<String>,
    guards: Guards,
    body: Body,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::RecordReception).await?;
    guards.no_late_paper()?;
    let (id, key) = (station_id(&path)?, guards.key(&body));
    let render = |id| serde_json::to_string(&ReceptionView { id }).unwrap_or_default();
    let parse = move || body.read();
    Ok(response(ask.office.record_reception(&ask.caller, id, key, parse, render).await?))
}

/// List a station's receptions 接待记录
///
/// Last entered first, page by page (`Link: rel="next"`); those that were taken back with the reason. **Who:** deputies,
/// the committee, auditors; their congress's.
#[utoipa::path(tag = "stations", params(ReceptionQuery), responses((status = 200, body = ReceptionPage, headers(("Link" = Option<String>, description = "The next page"))), ReadProblems), security(("bearer" = [])))]
#[get("/stations/{id}/visits")]
pub async fn list_receptions(
    ask: Ask,
    path: Path<String>,
    query: Query<ReceptionQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::ReadReceptions).await?;
    let limit = page_size(query.0.limit)?;
    let found = ask.office.receptions(&ask.caller, station_id(&path)?, query.0.before, limit + 1).await?;
    let Page { lines, next } = page(&request, found, limit, "before", |last| last.id.to_string());
    Ok(leading_on(next.as_ref()).json(ReceptionPage { receptions: lines, next }))
}

/// Take a reception back 撤销接待记录
///
/// What was written down wrongly counts no more; it stays in the list with the reason, and what is right is written down
/// anew. **Who:** the committee; deputies of the station.
#[utoipa::path(
    tag = "stations",
    request_body(content = Reason, example = json!({"reason": "误录，实为二月十五日"})),
    responses((status = 200, body = ShownReception), WriteProblems),
    security(("bearer" = []))
)]
#[post("/stations/{id}/visits/{vid}/cancellation")]
pub async fn take_reception_back(
    ask: Ask,
    path: Path<(String, String)>,
    body: Body,
) -> Result<HttpResponse, Refused> {
    ask.office.admit(&ask.caller, Operation::RecordReception).await?;
    let station = station_id(&path.0)?;
    let id = path.1.parse().map_err(|_| Refused(Fault::NotFound))?;
    let Reason { reason } = body.read()?;
    Ok(HttpResponse::Ok().json(ask.office.take_reception_back(&ask.caller, (station, id), reason).await?))
}

/// Figures of the contact stations
///
/// From one day to another, both counted: visits of deputies and officials, residents received, opinions by the way they
/// took, how many have an answer and how many residents were told; in all, and for each station where something happened.
///
/// **Who:** deputies, the committee, auditors; their congress's.
#[utoipa::path(tag = "stations", params(StationFigureQuery), responses((status = 200, body = StationFigureView), ReadProblems), security(("bearer" = [])))]
#[get("/station-figures")]
pub async fn get_station_figures(
    ask: Ask,
    query: Query<StationFigureQuery>,
) -> Result<HttpResponse, Refused> {
    let StationFigureQuery { from, to } = query.0;
    let found = ask.office.station_figures(&ask.caller, from, to).await?;
    let line = |(station, counts): (Station, StationCounts)| StationLine {
        station: station.id,
        name: station.name.to_string(),
        counts: counts.into(),
    };
    Ok(HttpResponse::Ok().json(StationFigureView {
        from: found.from,
        to: found.to,
        total: found.total.into(),
        common_suggestions: found.common_suggestions,
        stations: found.stations.into_iter().map(line).collect(),
    }))
}
