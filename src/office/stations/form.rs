//! Residents' own door: an opinion sent by the public form, and what became of one, asked by its receipt. Nobody signs in
//! here; what is answered is said of public cases alone.

use super::{
    kept,
    opinions::{case_of, standing},
};
use crate::{
    domain::{
        actor::{Actor, Role},
        case::Case,
        day::Day,
        ids::{CaseId, CongressId, StationId},
        station::{
            Station,
            opinion::{OpinionEvent, Resident, Suggestion},
        },
        text::{Line, Note},
        words::{OpinionState, OpinionWay, Publicity},
    },
    identity::receipt,
    office::{Fault, Office},
    store::{Touch, public, stations},
};
use chrono::TimeDelta;
use serde::Deserialize;

/// An opinion as a resident sends it.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPublicOpinion {
    #[schema(value_type = String, example = "330502")]
    pub congress: CongressId,
    pub station: StationId,
    #[schema(value_type = String, example = "菜场周边停车难")]
    pub topic: Line,
    pub text: Note,
    /// Only to be told of the answer; seen by the station and the committee, and erased on request.
    #[serde(default)]
    pub resident: Option<Resident>,
}

/// What a resident is given for an opinion.
#[derive(Clone, Debug)]
pub struct Taken {
    pub code: String,
    pub station: Station,
    pub received_on: Day,
}

/// What became of an opinion, for whoever holds its receipt.
#[derive(Clone, Debug)]
pub struct PublicOpinion {
    pub station: Station,
    pub received_on: Day,
    pub state: OpinionState,
    pub answer: Option<Note>,
    pub redirect: Option<Note>,
    pub suggestion: Option<PublicSuggestion>,
}

/// The suggestion that an opinion is part of.
#[derive(Clone, Debug)]
pub struct PublicSuggestion {
    pub answered: bool,
    /// Once it is public.
    pub case: Option<(CaseId, Case)>,
}

/// Opinions that one station takes by the form on one day.
const MOST_A_DAY: i64 = 200;

impl Office {
    /// The stations that a resident can turn to, by code.
    pub async fn public_stations(&self, congress: CongressId) -> Result<Vec<Station>, Fault> {
        self.store.read(move |db| Ok(stations::all(db, &congress)?)).await
    }

    /// Takes an opinion from the form.
    ///
    /// # Errors
    /// `NotFound` where there is no such station; `TooOften` once the station has had enough for the day.
    pub async fn take_opinion(&self, new: NewPublicOpinion, request_id: String) -> Result<Taken, Fault> {
        let office = self.clone();
        self.store
            .write(Touch::Nothing, move |db| {
                let station = stations::hold(db, &new.congress, new.station)?.ok_or(Fault::NotFound)?;
                let on = office.today();
                if kept::full(db, &new.congress, station.id, on, MOST_A_DAY)? {
                    return Err(Fault::TooOften { seconds: office.until_tomorrow() });
                }
                let resident = new.resident.clone().filter(|it| it.name.is_some() || it.phone.is_some());
                let event = OpinionEvent::Recorded {
                    station: station.id,
                    way: OpinionWay::PublicForm,
                    topic: new.topic.clone(),
                    text: new.text.clone(),
                    resident,
                    deputy: None,
                };
                let author = Actor::office("群众（网上反映）", &new.congress, Role::System).author();
                // From where it came is not kept: the resident need not say who he is.
                let by = (request_id.as_str(), None);
                let (_, code) = office.begin_opinion(db, &new.congress, vec![event], &author, on, by)?;
                Ok(Taken { code, station, received_on: on })
            })
            .await
    }

    /// What became of the opinion that a receipt is of.
    ///
    /// # Errors
    /// `NotFound` for a code that is of none, whatever is wrong with it.
    pub async fn public_opinion(&self, code: String) -> Result<PublicOpinion, Fault> {
        self.store
            .read(move |db| {
                let (congress, hash) = receipt::read(&code).ok_or(Fault::NotFound)?;
                let congress: CongressId = congress.parse().map_err(|_| Fault::NotFound)?;
                let id = kept::by_receipt(db, &congress, &hash)?.ok_or(Fault::NotFound)?;
                let opinion = kept::find(db, &congress, id)?.ok_or(Fault::NotFound)?;
                let station = stations::find(db, &congress, opinion.station)?.ok_or(Fault::NotFound)?;
                let suggestion = match case_of(db, &opinion)? {
                    // What nobody will answer is sorted anew, and says nothing until then.
                    Some(case) if standing(&case) == Suggestion::Over => None,
                    Some(case) => {
                        let found = public::find(db, case.id)?;
                        let public = found.filter(|(_, publicity)| *publicity != Publicity::None);
                        Some(PublicSuggestion {
                            answered: standing(&case) == Suggestion::Answered,
                            case: public.map(|(case, _)| (case.id, case)),
                        })
                    }
                    None => None,
                };
                let told = matches!(
                    opinion.state,
                    OpinionState::Answered | OpinionState::NotAccepted | OpinionState::Closed
                );
                Ok(PublicOpinion {
                    station,
                    received_on: opinion.received_on,
                    state: opinion.state,
                    answer: opinion.answer.filter(|_| told),
                    redirect: opinion.redirect,
                    suggestion,
                })
            })
            .await
    }

    /// Seconds until the next legal day begins.
    fn until_tomorrow(&self) -> u64 {
        let into_day = Day::local(self.now()).time().signed_duration_since(chrono::NaiveTime::MIN);
        u64::try_from((TimeDelta::days(1) - into_day).num_seconds()).unwrap_or_default().max(1)
    }
}
