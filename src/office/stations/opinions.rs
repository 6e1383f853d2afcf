//! Residents' opinions 群众意见: recorded at a station, read, listed, and those alike found.

use super::{admitted, kept};
use crate::{
    domain::{
        actor::{Actor, Author, Role},
        case::{Case, DeputyRef},
        day::Day,
        gate::{self, Operation, OpinionSight},
        ids::{CaseId, CongressId, DepartmentId, DeputyId, OpinionId, StationId},
        personal,
        similar::{Commonness, NEWEST_PER_TERM, SHORTLIST, SIMILAR, shortlist, similarity, terms},
        station::{
            Moved, Station,
            opinion::{Closure, Opinion, OpinionEvent, Resident, Sorting, Suggestion},
        },
        text::{Line as Word, Note},
        words::{OpinionRoute, OpinionState, OpinionWay, Stage, ToldBy},
    },
    identity::receipt,
    office::{Caller, Fault, Office},
    store::{Db, StoreError, Touch, cases, directory, matters, stations},
};
use serde::Deserialize;
use std::collections::HashMap;

/// An opinion as it is recorded at a station.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOpinion {
    #[schema(value_type = String, example = "菜场周边停车难")]
    pub topic: Word,
    pub text: Note,
    #[serde(default)]
    pub resident: Option<Resident>,
    /// Which deputy received the resident, where staff record it; a deputy records his own.
    #[serde(default)]
    pub deputy: Option<DeputyId>,
    /// What the resident was answered there and then: the opinion is closed with it.
    #[serde(default)]
    pub answered_on_the_spot: Option<Note>,
}

/// The suggestion that an opinion is part of, as far as the caller may open it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownSuggestion {
    pub case: CaseId,
    pub number: Option<String>,
    pub answered: bool,
}

/// A line of an opinion's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub version: i64,
    pub occurred_on: Day,
    pub by: Author,
    pub kind: &'static str,
}

/// An opinion as the caller may see it: its texts are masked already where he sees no more.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownOpinion {
    pub opinion: Opinion,
    pub station: Station,
    pub department: Option<String>,
    pub deputy: Option<DeputyRef>,
    /// For the committee and the deputies of the station.
    pub resident: Option<Resident>,
    pub suggestion: Option<ShownSuggestion>,
    /// For the committee and auditors.
    pub history: Vec<Line>,
}

/// Which opinions a caller asks for.
#[derive(Clone, Debug, Default)]
pub struct ListedOpinions {
    pub state: Option<OpinionState>,
    pub route: Option<OpinionRoute>,
    pub station: Option<StationId>,
    pub department: Option<DepartmentId>,
    pub case: Option<CaseId>,
    pub after: Option<OpinionId>,
    pub limit: i64,
}

/// An opinion like another one.
#[derive(Clone, Debug, PartialEq)]
pub struct AlikeOpinion {
    pub opinion: Opinion,
    /// From `SIMILAR` to 1.
    pub score: f64,
}

/// Before the gate is asked: opinions that share words.
const ASKED_FOR: usize = 200;

impl Office {
    /// Records an opinion; the receipt's code is told this once.
    pub async fn record_opinion(
        &self,
        caller: &Caller,
        station: StationId,
        occurred_on: Option<Day>,
        parse: std::sync::Arc<dyn Fn() -> Result<NewOpinion, Fault> + Send + Sync>,
    ) -> Result<(ShownOpinion, String), Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::RecordOpinion)?;
                let station = stations::find(db, &congress, station)?.ok_or(Fault::NotFound)?;
                let on = office.effective_day(&actor, occurred_on)?;
                let (opinion, code) = office.recorded(db, &actor, &caller, &station, on, parse()?)?;
                let shown = office.shown_opinion(db, &actor, opinion)?.ok_or(Fault::NotFound)?;
                Ok((shown, code))
            })
            .await
    }

    pub(super) fn recorded(
        &self,
        db: &mut Db,
        actor: &Actor,
        caller: &Caller,
        station: &Station,
        on: Day,
        new: NewOpinion,
    ) -> Result<(Opinion, String), Fault> {
        let deputy = match (&actor.role, new.deputy) {
            (Role::Deputy { deputy }, None) => Some(*deputy),
            (Role::Deputy { deputy }, Some(named)) if named == *deputy => Some(named),
            (Role::Deputy { .. }, Some(_)) => {
                return Err(Fault::invalid(
                    "/deputy",
                    "代表只记录本人接待的意见",
                    "a deputy records what he received himself",
                ));
            }
            (_, Some(named)) => {
                Some(crate::office::directory::deputy(db, &station.congress, named, "/deputy")?.id)
            }
            (_, None) => None,
        };
        let resident = new.resident.filter(|it| it.name.is_some() || it.phone.is_some());
        let mut events = vec![OpinionEvent::Recorded {
            station: station.id,
            way: OpinionWay::Station,
            topic: new.topic,
            text: new.text,
            resident,
            deputy,
        }];
        if let Some(answer) = new.answered_on_the_spot {
            let sorting = Sorting {
                route: OpinionRoute::OnTheSpot,
                answer: Some(answer),
                department: None,
                due_on: None,
                case: None,
                ground: None,
                redirect: None,
                note: None,
            };
            let closure =
                Closure { told_by: ToldBy::InPerson, told_on: Some(on), answer: None, contentment: None };
            events.extend([OpinionEvent::Sorted { sorting }, OpinionEvent::Closed { closure }]);
        }
        let by = (caller.request_id.as_str(), caller.address.as_deref());
        self.begin_opinion(db, &station.congress, events, &actor.author(), on, by)
    }

    /// Writes a new opinion with its first events, and makes its receipt.
    pub(super) fn begin_opinion(
        &self,
        db: &mut Db,
        congress: &CongressId,
        events: Vec<OpinionEvent>,
        author: &Author,
        on: Day,
        by: (&str, Option<&str>),
    ) -> Result<(Opinion, String), Fault> {
        let id = OpinionId(self.fresh_id());
        let mut history: Vec<Moved<OpinionEvent>> = Vec::with_capacity(events.len());
        for (event, version) in events.into_iter().zip(1..) {
            let moved = self.moved(event, version, author.clone(), on);
            self.record_moved(db, congress, id.0, &moved, by)?;
            history.push(moved);
        }
        let opinion = Opinion::fold(congress, id, &history).ok_or(Fault::NotFound)?;
        kept::insert(db, &opinion)?;
        kept::insert_terms(db, congress, id, &terms(&opinion.topic, &opinion.text))?;
        let receipt = receipt::new(congress.as_str())
            .map_err(|e| Fault::Store(StoreError::Unavailable(e.to_string())))?;
        kept::add_receipt(db, congress, &receipt.hash, id)?;
        Ok((opinion, receipt.code))
    }

    /// Writes an opinion's next event.
    pub(super) fn go_on(
        &self,
        db: &mut Db,
        before: Opinion,
        event: OpinionEvent,
        author: Author,
        on: Day,
        by: (&str, Option<&str>),
    ) -> Result<Opinion, Fault> {
        let (version, congress) = (before.version, before.congress.clone());
        let moved = self.moved(event, version + 1, author, on);
        self.record_moved(db, &congress, before.id.0, &moved, by)?;
        let after = before.after(&moved);
        kept::replace(db, &after, version)?;
        Ok(after)
    }

    pub async fn opinion(&self, caller: &Caller, id: OpinionId) -> Result<ShownOpinion, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .read(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ReadOpinions)?;
                let opinion = kept::find(db, &congress, id)?.ok_or(Fault::NotFound)?;
                office.shown_opinion(db, &actor, opinion)?.ok_or(Fault::NotFound)
            })
            .await
    }

    /// The opinion as the actor may see it; `None` if it does not exist for him.
    pub(super) fn shown_opinion(
        &self,
        db: &mut Db,
        actor: &Actor,
        opinion: Opinion,
    ) -> Result<Option<ShownOpinion>, Fault> {
        let Some((station, sight)) = seen(db, actor, &opinion)? else { return Ok(None) };
        let congress = opinion.congress.clone();
        let department = match opinion.department {
            Some(id) => directory::department(db, &congress, id)?.map(|it| it.name),
            None => None,
        };
        let deputy = match opinion.deputy {
            Some(id) => directory::deputy(db, &congress, id)?.map(|it| it.named()).transpose()?,
            None => None,
        };
        let case = case_of(db, &opinion)?;
        let suggestion = case
            .filter(|case| gate::open(actor, case, Operation::GetCase).is_ok())
            .map(|case| shown_suggestion(&case));
        let history: Vec<Moved<OpinionEvent>> = matters::history(db, &congress, opinion.id.0)?;
        let resident = match (sight, history.first().map(|it| &it.event)) {
            (OpinionSight::Whole, Some(OpinionEvent::Recorded { resident, .. })) => resident.clone(),
            _ => None,
        };
        let told = matches!(actor.role, Role::Committee { .. } | Role::Auditor);
        let line = |it: Moved<OpinionEvent>| Line {
            version: it.version,
            occurred_on: it.occurred_on,
            kind: crate::domain::station::MatterEvent::kind(&it.event),
            by: it.author,
        };
        let history = if told { history.into_iter().map(line).collect() } else { Vec::new() };
        let mut opinion = masked(opinion, sight)?;
        if let Role::Department { .. } = actor.role {
            // What another department said of it is not for this one.
            opinion.hand_backs.clear();
        }
        Ok(Some(ShownOpinion { opinion, station, department, deputy, resident, suggestion, history }))
    }

    /// A page of opinions, newest first. A deputy is given what he recorded, or what one of his stations has; a
    /// department what it has.
    pub async fn list_opinions(
        &self,
        caller: &Caller,
        asked: ListedOpinions,
    ) -> Result<Vec<(Opinion, Station)>, Fault> {
        let caller = caller.clone();
        self.store
            .read_aside(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ReadOpinions)?;
                let ListedOpinions { state, route, station, department, case, after, limit } = asked;
                let mut asked =
                    kept::Asked { state, route, station, department, deputy: None, case, after, limit };
                let known: HashMap<StationId, Station> =
                    stations::all(db, &congress)?.into_iter().map(|it| (it.id, it)).collect();
                match &actor.role {
                    Role::Deputy { deputy } => {
                        let own =
                            |id: &StationId| known.get(id).is_some_and(|it| it.deputies.contains(deputy));
                        if !station.as_ref().is_some_and(own) {
                            asked.deputy = Some(*deputy);
                        }
                    }
                    Role::Department { department: own, .. } => {
                        if department.is_some_and(|it| it != *own) {
                            return Ok(Vec::new());
                        }
                        asked.department = Some(*own);
                    }
                    _ => {}
                }
                if let Some(id) = asked.case {
                    // Which opinions a case was made from is for who may open it.
                    let Some(case) = cases::load(db, &congress, id)? else { return Ok(Vec::new()) };
                    if gate::open(&actor, &case, Operation::GetCase).is_err() {
                        return Ok(Vec::new());
                    }
                }
                let mut told = Vec::new();
                for opinion in kept::list(db, &congress, &asked)? {
                    let Some(station) = known.get(&opinion.station) else { continue };
                    if let Some(sight) = gate::opinion_sight(&actor, &opinion, station) {
                        told.push((masked(opinion, sight)?, station.clone()));
                    }
                }
                Ok(told)
            })
            .await
    }

    /// The opinions most like this one that the caller sees, the likest first; at most `limit`.
    pub async fn similar_opinions(
        &self,
        caller: &Caller,
        id: OpinionId,
        limit: usize,
    ) -> Result<Vec<AlikeOpinion>, Fault> {
        let caller = caller.clone();
        self.store
            .read_aside(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ListSimilarOpinions)?;
                let opinion = kept::find(db, &congress, id)?.ok_or(Fault::NotFound)?;
                let Some((_, sight)) = seen(db, &actor, &opinion)? else { return Err(Fault::NotFound) };
                let opinion = masked(opinion, sight)?;
                let asking = terms(&opinion.topic, &opinion.text);
                let postings = kept::candidates(db, &congress, &asking, NEWEST_PER_TERM)?;
                let common = Commonness::of(&postings);
                let mut alike = Vec::new();
                let mut opened = 0;
                // The gate comes before the list is cut: what does not exist for the caller takes no place.
                for id in shortlist(&postings, Some(id), ASKED_FOR) {
                    let Some(other) = kept::find(db, &congress, id)? else { continue };
                    let Some((_, sight)) = seen(db, &actor, &other)? else { continue };
                    let other = masked(other, sight)?;
                    let score = similarity(&asking, &terms(&other.topic, &other.text), &common);
                    if score >= SIMILAR {
                        alike.push(AlikeOpinion { opinion: other, score });
                    }
                    opened += 1;
                    if opened == SHORTLIST {
                        break;
                    }
                }
                alike.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.opinion.id.cmp(&a.opinion.id)));
                alike.truncate(limit);
                Ok(alike)
            })
            .await
    }
}

/// The opinion's station, and how much the actor sees.
pub(super) fn seen(
    db: &mut Db,
    actor: &Actor,
    opinion: &Opinion,
) -> Result<Option<(Station, OpinionSight)>, Fault> {
    let Some(station) = stations::find(db, &opinion.congress, opinion.station)? else { return Ok(None) };
    let sight = gate::opinion_sight(actor, opinion, &station);
    Ok(sight.map(|sight| (station, sight)))
}

fn masked(opinion: Opinion, sight: OpinionSight) -> Result<Opinion, StoreError> {
    if sight == OpinionSight::Whole {
        return Ok(opinion);
    }
    let corrupt = |e: String| StoreError::corrupt("opinions", opinion.id, e);
    let topic = Word::parse(&personal::masked(&opinion.topic)).map_err(corrupt)?;
    let text = Note::parse(&personal::masked(&opinion.text)).map_err(corrupt)?;
    Ok(Opinion { topic, text, ..opinion })
}

/// The case that an opinion is part of.
pub(super) fn case_of(db: &mut Db, opinion: &Opinion) -> Result<Option<Case>, StoreError> {
    match opinion.case {
        Some(id) => cases::load(db, &opinion.congress, id),
        None => Ok(None),
    }
}

fn shown_suggestion(case: &Case) -> ShownSuggestion {
    ShownSuggestion {
        case: case.id,
        number: case.number.as_ref().map(|number| number.text.to_string()),
        answered: standing(case) == Suggestion::Answered,
    }
}

/// How a case stands for those whose opinions it was made from.
pub(super) fn standing(case: &Case) -> Suggestion {
    match case.stage {
        Stage::Replied | Stage::Closed => Suggestion::Answered,
        _ if case.has_ended_early() => Suggestion::Over,
        _ => Suggestion::Open,
    }
}
