//! Residents' own door to the contact stations: which there are, an opinion sent by the public form, and by its receipt what
//! became of it. Every text that is answered passes `Masked`.

use super::{
    ask::request_id,
    input::{Body, Query},
    problem::{PublicProblems, Refused, WriteProblems, language},
    public::Masked,
};
use crate::{
    domain::{
        day::Day,
        ids::{CaseId, CongressId, StationId},
        say::Say,
        words::{OpinionState, StationKind},
    },
    office::{
        Office,
        stations::{NewPublicOpinion, PublicOpinion, PublicSuggestion, Taken},
    },
};
use actix_web::{HttpRequest, HttpResponse, get, post, web::Data};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PublicStationQuery {
    #[param(value_type = String, example = "330502")]
    congress: CongressId,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PublicStation {
    id: StationId,
    kind: StationKind,
    #[schema(example = "ZL-01")]
    code: String,
    #[schema(example = "织里镇代表联络站")]
    name: String,
    place: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PublicStations {
    stations: Vec<PublicStation>,
}

/// What a resident is given.
#[derive(Serialize, utoipa::ToSchema)]
pub struct TakenOpinion {
    /// By this code he asks what became of his opinion. It is told this once.
    #[schema(example = "330502-7K3QX-9M2TB-0CDEF-GH4JK-MNPQ5-R")]
    receipt: String,
    #[schema(example = "织里镇代表联络站")]
    station: String,
    received_on: Day,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptForm {
    #[schema(example = "330502-7K3QX-9M2TB-0CDEF-GH4JK-MNPQ5-R")]
    receipt: String,
}

/// What became of an opinion.
#[derive(Serialize, utoipa::ToSchema)]
pub struct OpinionStatus {
    station: String,
    received_on: Day,
    state: OpinionState,
    /// The state in a sentence.
    #[schema(example = "您的意见已交有关部门办理，答复后将告知您。")]
    told: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<Masked<'static>>,
    /// Where to turn instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect: Option<Masked<'static>>,
    /// The suggestion that the opinion became part of, once it is public.
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<StatusSuggestion>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct StatusSuggestion {
    id: CaseId,
    href: String,
    #[schema(example = "区五届三次会议建议第001号")]
    number: Option<Masked<'static>>,
    title: Masked<'static>,
    replied_on: Option<Day>,
}

/// List the stations that residents can turn to
///
/// **Who:** anybody.
#[utoipa::path(tag = "public", params(PublicStationQuery), responses((status = 200, body = PublicStations), PublicProblems))]
#[get("/public/stations")]
pub async fn list_public_stations(
    office: Data<Office>,
    query: Query<PublicStationQuery>,
) -> Result<HttpResponse, Refused> {
    let found = office.public_stations(query.0.congress).await?;
    let stations = found
        .into_iter()
        .map(|it| PublicStation {
            id: it.id,
            kind: it.kind,
            code: it.code.to_string(),
            name: it.name.to_string(),
            place: it.place.map(|place| place.to_string()),
        })
        .collect();
    Ok(HttpResponse::Ok().json(PublicStations { stations }))
}

/// Send an opinion to a station 群众反映意见
///
/// Nobody signs in. Name and telephone may be left out; where they are given, the station and the committee alone see them.
/// The answer's code tells later what became of it. One address sends a few an hour, and a station takes a limited number
/// a day by this form (429).
///
/// **Who:** anybody.
#[utoipa::path(
    tag = "public",
    request_body(content = NewPublicOpinion, example = json!({
        "congress": "330502", "station": "018d0fc8-4680-78a7-9053-95f06de1b2fb", "topic": "菜场周边停车难",
        "text": "早市期间菜场周边无处停车，盼增设车位。"
    })),
    responses((status = 201, body = TakenOpinion), WriteProblems)
)]
#[post("/public/opinions")]
pub async fn send_public_opinion(
    office: Data<Office>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, Refused> {
    let new: NewPublicOpinion = body.read()?;
    let Taken { code, station, received_on } = office.take_opinion(new, request_id(&request)).await?;
    let station = station.name.to_string();
    Ok(HttpResponse::Created().json(TakenOpinion { receipt: code, station, received_on }))
}

/// Ask what became of an opinion 查询办理情况
///
/// By the receipt's code, in the body and so in no log of addresses. It says the state in plain words, the answer, and the
/// suggestion that the opinion became part of as soon as that is public. A code that is of no opinion is answered alike,
/// whatever is wrong with it (404).
///
/// **Who:** whoever has the receipt.
#[utoipa::path(
    tag = "public",
    request_body(content = ReceiptForm, example = json!({"receipt": "330502-7K3QX-9M2TB-0CDEF-GH4JK-MNPQ5-R"})),
    responses((status = 200, body = OpinionStatus), WriteProblems)
)]
#[post("/public/opinions/status")]
pub async fn ask_public_opinion(
    office: Data<Office>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, Refused> {
    let ReceiptForm { receipt } = body.read()?;
    let found = office.public_opinion(receipt).await?;
    let told = said(&found).to(language(&request)).to_owned();
    let PublicOpinion { station, received_on, state, answer, redirect, suggestion } = found;
    let suggestion = suggestion.and_then(|it| it.case).map(|(id, case)| StatusSuggestion {
        id,
        href: format!("/v1/public/cases/{id}"),
        number: case.number.as_ref().map(|it| Masked::from(it.text.to_string())),
        title: Masked::from(case.title.to_string()),
        replied_on: case.replied_on(),
    });
    Ok(HttpResponse::Ok().json(OpinionStatus {
        station: station.name.to_string(),
        received_on,
        state,
        told,
        answer: answer.map(|it| Masked::from(it.to_string())),
        redirect: redirect.map(|it| Masked::from(it.to_string())),
        suggestion,
    }))
}

/// The state in plain words.
fn said(it: &PublicOpinion) -> Say {
    let (zh, en) = match (it.state, &it.suggestion) {
        (OpinionState::Recorded, _) => {
            ("您的意见已收到，正在分办。", "Your opinion was received and is being sorted.")
        }
        (OpinionState::Passed, _) => (
            "您的意见已交有关部门办理，答复后将告知您。",
            "Your opinion is with a department; you will be told of its answer.",
        ),
        (OpinionState::Raised, _) => {
            ("您的意见已提交人大代表工委研究。", "Your opinion is with the congress's committee.")
        }
        (OpinionState::Joined, Some(PublicSuggestion { answered: true, .. })) => (
            "您的意见已并入一件代表建议，该建议已经答复。",
            "Your opinion became part of a deputies' suggestion, which was answered.",
        ),
        (OpinionState::Joined, Some(_)) => (
            "您的意见已并入一件代表建议，答复后将告知您。",
            "Your opinion became part of a deputies' suggestion; you will be told of the answer.",
        ),
        (OpinionState::Joined, None) => ("您的意见正在重新分办。", "Your opinion is being sorted anew."),
        (OpinionState::Answered, _) => ("您的意见已有答复。", "Your opinion was answered."),
        (OpinionState::NotAccepted, _) => (
            "您反映的事项不由联络站受理，请按引导办理。",
            "The station does not take this matter; please turn to where you are sent.",
        ),
        (OpinionState::Closed, _) => ("您的意见已经办结。", "Your opinion is closed."),
    };
    Say::new(zh, en)
}
