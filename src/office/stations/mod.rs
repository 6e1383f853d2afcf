//! Contact stations: setting them up, and the figures of them. `receptions.rs` has whom residents met, `opinions.rs` what
//! they say, `sorting.rs` what is done about it, `common.rs` how it becomes a suggestion, `form.rs` residents' own door,
//! `recommendations.rs` what goes between organs, `drift.rs` what `verify` and `rebuild` make of all of it.

mod common;
mod drift;
mod form;
mod opinions;
mod receptions;
mod recommendations;
mod register;
mod sorting;

pub use common::{NewCommonSuggestion, Source};
pub(super) use drift::MovedActs;
pub use form::{NewPublicOpinion, PublicOpinion, PublicSuggestion, Taken};
pub use opinions::{
    AlikeOpinion, Line as OpinionLine, ListedOpinions, NewOpinion, ShownOpinion, ShownSuggestion,
};
pub use receptions::{NewReception, ShownReception};
pub use recommendations::{Conversion, ShownRecommendation};
pub use register::RegisteredOpinion;
pub use sorting::MakeCommand;

use super::{Caller, Fault, Office, acts::Act, perform::admitted};
use crate::{
    domain::{
        actor::Author,
        day::Day,
        gate::Operation,
        ids::{CongressId, DeputyId, StationId},
        say::Say,
        station::{MatterEvent, Moved, Station},
        text::Line,
        words::{OpinionRoute, OpinionState, StationKind},
    },
    store::{Db, StoreError, Touch, matters, opinions as kept, stations},
};
use chrono::Datelike as _;
use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A station as it is to be set up.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStation {
    pub kind: StationKind,
    #[schema(value_type = String, example = "ZL-01")]
    pub code: Line,
    #[schema(value_type = String, example = "织里镇代表联络站")]
    pub name: Line,
    /// Township or street 乡镇、街道.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "织里镇")]
    pub place: Option<Line>,
    /// Who receives residents there.
    #[serde(default)]
    pub deputies: Vec<DeputyId>,
}

/// What happened at the stations from one day to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationFigures {
    pub from: Day,
    pub to: Day,
    pub total: StationCounts,
    /// Stations where something happened, by code.
    pub stations: Vec<(Station, StationCounts)>,
    /// Suggestions that opinions received in these days are part of.
    pub common_suggestions: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StationCounts {
    pub deputy_visits: i64,
    pub official_visits: i64,
    pub residents_received: i64,
    pub opinions: i64,
    /// By the way that they took; those that are not sorted have none.
    pub by_route: BTreeMap<String, i64>,
    /// With an answer, told or not; not accepted ones are none.
    pub answered: i64,
    pub closed: i64,
}

const MOST_DEPUTIES: usize = 200;
/// So many days at most are counted at once.
const MOST_DAYS: i64 = 366;

impl Office {
    /// The congress's stations, by code.
    pub async fn stations(&self, caller: &Caller) -> Result<Vec<Station>, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let (_, congress) = admitted(db, &caller, Operation::ReadStations)?;
                Ok(stations::all(db, &congress)?)
            })
            .await
    }

    pub async fn open_station(&self, caller: &Caller, new: NewStation) -> Result<Station, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::KeepStations)?;
                let station = office.new_station(db, &congress, &new)?;
                let act = Act::StationEntered { station: station.id };
                office.record_act_of(db, &actor, &caller, None, act)?;
                Ok(station)
            })
            .await
    }

    fn new_station(&self, db: &mut Db, congress: &CongressId, new: &NewStation) -> Result<Station, Fault> {
        if stations::by_code(db, congress, &new.code)?.is_some() {
            return Err(Fault::Exists(Say::new(
                "该编号的联络站已设立",
                "a station of this code exists already",
            )));
        }
        known_deputies(db, congress, &new.deputies)?;
        let station = Station {
            congress: congress.clone(),
            id: StationId(self.fresh_id()),
            kind: new.kind,
            code: new.code.clone(),
            name: new.name.clone(),
            place: new.place.clone(),
            deputies: new.deputies.clone(),
        };
        stations::insert(db, &station)?;
        Ok(station)
    }

    /// Who receives residents at a station from now on: all of them anew.
    pub async fn name_station_deputies(
        &self,
        caller: &Caller,
        id: StationId,
        deputies: Vec<DeputyId>,
    ) -> Result<Station, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::KeepStations)?;
                let station = stations::hold(db, &congress, id)?.ok_or(Fault::NotFound)?;
                known_deputies(db, &congress, &deputies)?;
                let station = Station { deputies: deputies.clone(), ..station };
                stations::set_deputies(db, &station)?;
                let act = Act::StationDeputiesNamed { station: id, deputies: deputies.clone() };
                office.record_act_of(db, &actor, &caller, None, act)?;
                Ok(station)
            })
            .await
    }

    /// What happened at the stations in some days, both counted; the calendar year until today if left out.
    pub async fn station_figures(
        &self,
        caller: &Caller,
        from: Option<Day>,
        to: Option<Day>,
    ) -> Result<StationFigures, Fault> {
        let caller = caller.clone();
        let to = to.unwrap_or_else(|| self.today());
        let new_year = to.date().with_ordinal(1).and_then(Day::new);
        let from = from.or(new_year).unwrap_or(to);
        self.store
            .read_aside(move |db| {
                let (_, congress) = admitted(db, &caller, Operation::ReadStationFigures)?;
                let days = (to.date() - from.date()).num_days() + 1;
                if !(1..=MOST_DAYS).contains(&days) {
                    return Err(Fault::invalid(
                        "?from",
                        format!("起止日期须相隔 1 至 {MOST_DAYS} 天"),
                        format!("must lie before `to`, by {MOST_DAYS} days at most"),
                    ));
                }
                figures(db, &congress, from, to)
            })
            .await
    }

    /// Writes an event of a matter into its ledger, and its digest into the book of acts.
    fn record_moved<E: MatterEvent>(
        &self,
        db: &mut Db,
        congress: &CongressId,
        id: Uuid,
        moved: &Moved<E>,
        by: (&str, Option<&str>),
    ) -> Result<(), Fault> {
        let (request_id, address) = by;
        let sha256 = matters::append(db, congress, id, moved, request_id)?;
        self.record_act(
            db,
            super::acts::Entry {
                congress: Some(congress),
                author: Some(moved.author.clone()),
                user: None,
                case: None,
                act: Act::MatterMoved {
                    matter: E::MATTER.to_owned(),
                    id,
                    version: moved.version,
                    step: moved.event.kind().to_owned(),
                    sha256,
                },
                request_id,
                address,
            },
        )
    }

    /// Dresses an event for the ledger of matters.
    fn moved<E>(&self, event: E, version: i64, author: Author, on: Day) -> Moved<E> {
        Moved { version, occurred_on: on, recorded_at: self.now(), author, event }
    }
}

fn figures(db: &mut Db, congress: &CongressId, from: Day, to: Day) -> Result<StationFigures, Fault> {
    let mut by_station: BTreeMap<String, StationCounts> = BTreeMap::new();
    let mut total = StationCounts::default();
    for it in stations::visits(db, congress, from, to)? {
        for counts in [&mut total, by_station.entry(it.station.clone()).or_default()] {
            counts.deputy_visits += it.deputies;
            counts.official_visits += it.officials;
            counts.residents_received += it.received;
        }
    }
    for (station, route, state, n) in kept::counts(db, congress, from, to)? {
        let state: OpinionState =
            state.parse().map_err(|e: String| StoreError::corrupt("opinions", &station, e))?;
        let refused = route.as_deref() == Some(OpinionRoute::NotAccepted.id());
        for counts in [&mut total, by_station.entry(station.clone()).or_default()] {
            counts.opinions += n;
            if let Some(route) = &route {
                *counts.by_route.entry(route.clone()).or_default() += n;
            }
            if !refused && matches!(state, OpinionState::Answered | OpinionState::Closed) {
                counts.answered += n;
            }
            if state == OpinionState::Closed {
                counts.closed += n;
            }
        }
    }
    let mut named = Vec::new();
    for station in stations::all(db, congress)? {
        if let Some(counts) = by_station.remove(&station.id.to_string()) {
            named.push((station, counts));
        }
    }
    let common_suggestions = kept::suggestions(db, congress, from, to)?;
    Ok(StationFigures { from, to, total, stations: named, common_suggestions })
}

fn known_deputies(db: &mut Db, congress: &CongressId, deputies: &[DeputyId]) -> Result<(), Fault> {
    if deputies.len() > MOST_DEPUTIES {
        return Err(Fault::invalid("/deputies", "代表过多", "too many deputies"));
    }
    for (index, deputy) in deputies.iter().enumerate() {
        let pointer = format!("/deputies/{index}");
        if deputies[..index].contains(deputy) {
            return Err(Fault::invalid(pointer, "该代表已列名", "is named already"));
        }
        super::directory::deputy(db, congress, *deputy, &pointer)?;
    }
    Ok(())
}
