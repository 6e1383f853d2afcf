//! Receptions 接待: whom residents met at a station, as it was written down, and what was taken back of it. Nothing is
//! changed: what was wrong is taken back by an entry that counts against it, with its reason, and written anew.

use super::admitted;
use crate::{
    domain::{
        actor::{Actor, Role},
        case::Refusal,
        day::Day,
        gate::Operation,
        ids::{CongressId, ReceptionId, StationId},
        say::Say,
        station::{Station, Visitor},
        text::Note,
    },
    files::Digest,
    office::{Answer, Caller, Fault, Key, Office, acts::Act, directory},
    store::{Db, StoreError, Touch, stations},
};
use serde::{Deserialize, Serialize};

/// A day on which residents were met 接待.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReception {
    /// The legal day; not in the future.
    pub day: Day,
    /// Who came: each counts as one visit.
    pub visitors: Vec<Visitor>,
    /// How many residents were received.
    #[schema(minimum = 0, maximum = 10000)]
    pub received: u32,
}

/// A reception as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ShownReception {
    pub id: ReceptionId,
    pub day: Day,
    pub visitors: Vec<Visitor>,
    pub received: u32,
    /// Why it was taken back and counts no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "误录为三月，实为二月")]
    pub taken_back_for: Option<String>,
}

const MOST_VISITORS: usize = 200;
const MOST_RECEIVED: u32 = 10_000;

impl Office {
    /// Writes down whom residents met at a station on a day; answers its id.
    pub async fn record_reception(
        &self,
        caller: &Caller,
        id: StationId,
        key: Option<Key>,
        parse: impl Fn() -> Result<NewReception, Fault> + Send + 'static,
        render: fn(ReceptionId) -> String,
    ) -> Result<Answer, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::RecordReception)?;
                let station = own_station(db, &actor, &congress, id)?;
                office.once(db, &actor, key.as_ref(), |db| {
                    let id = office.reception(db, &actor, &caller, &station, &parse()?)?;
                    Ok(Answer::whole(201, render(id)))
                })
            })
            .await
    }

    /// Takes a reception back: it stays in the list with the reason, and counts no more.
    ///
    /// # Errors
    /// Refused where that was done before.
    pub async fn take_reception_back(
        &self,
        caller: &Caller,
        (station, id): (StationId, ReceptionId),
        reason: Note,
    ) -> Result<ShownReception, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::RecordReception)?;
                // Held, so that two take it back once.
                let station = own_station(db, &actor, &congress, station)?;
                let before = stations::reception(db, &congress, id)?
                    .filter(|it| it.station_id == station.id.to_string() && it.takes_back.is_none())
                    .ok_or(Fault::NotFound)?;
                if !stations::taken_back(db, &congress, std::slice::from_ref(&before.id))?.is_empty() {
                    let said = Say::new("该次接待已撤销", "the reception was taken back already");
                    return Err(Refusal::new("taken_back", said, &[]).into());
                }
                let against = stations::Reception {
                    id: office.fresh_id().to_string(),
                    deputies: -before.deputies,
                    officials: -before.officials,
                    received: -before.received,
                    visitors: "[]".to_owned(),
                    recorded_at: office.now().naive_utc(),
                    takes_back: Some(before.id.clone()),
                    reason: Some(reason.to_string()),
                    ..before.clone()
                };
                office.keep_reception(db, &actor, &caller, &against)?;
                shown(&before, against.reason)
            })
            .await
    }

    /// A station's receptions, last entered first.
    pub async fn receptions(
        &self,
        caller: &Caller,
        station: StationId,
        before: Option<ReceptionId>,
        limit: usize,
    ) -> Result<Vec<ShownReception>, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let (_, congress) = admitted(db, &caller, Operation::ReadReceptions)?;
                stations::find(db, &congress, station)?.ok_or(Fault::NotFound)?;
                let page = stations::page(db, &congress, station, before, limit as i64)?;
                let ids: Vec<String> = page.iter().map(|it| it.id.clone()).collect();
                let back = stations::taken_back(db, &congress, &ids)?;
                let why = |id: &String| back.iter().find(|it| it.takes_back.as_ref() == Some(id));
                page.iter().map(|it| shown(it, why(&it.id).and_then(|it| it.reason.clone()))).collect()
            })
            .await
    }

    pub(super) fn reception(
        &self,
        db: &mut Db,
        actor: &Actor,
        caller: &Caller,
        station: &Station,
        new: &NewReception,
    ) -> Result<ReceptionId, Fault> {
        if new.day > self.today() {
            return Err(Fault::invalid("/day", "不得晚于今天", "must not lie in the future"));
        }
        if new.visitors.is_empty() || new.visitors.len() > MOST_VISITORS {
            return Err(Fault::invalid(
                "/visitors",
                format!("须写明 1 至 {MOST_VISITORS} 人"),
                format!("must name 1 to {MOST_VISITORS}"),
            ));
        }
        if new.received > MOST_RECEIVED {
            return Err(Fault::invalid(
                "/received",
                format!("不得多于 {MOST_RECEIVED} 人"),
                format!("must be {MOST_RECEIVED} at most"),
            ));
        }
        let mut deputies = 0;
        for (index, visitor) in new.visitors.iter().enumerate() {
            if let Visitor::Deputy { deputy } = visitor {
                deputies += 1;
                if new.visitors[..index].contains(visitor) {
                    return Err(Fault::invalid(
                        format!("/visitors/{index}/deputy"),
                        "该代表已列名",
                        "is named already",
                    ));
                }
                directory::deputy(db, &station.congress, *deputy, &format!("/visitors/{index}/deputy"))?;
            }
        }
        let id = ReceptionId(self.fresh_id());
        let corrupt = |e: serde_json::Error| StoreError::corrupt("receptions", id, e);
        let whole = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let row = stations::Reception {
            congress_id: station.congress.to_string(),
            id: id.to_string(),
            station_id: station.id.to_string(),
            day: new.day.date(),
            deputies,
            officials: whole(new.visitors.len()) - deputies,
            received: i32::try_from(new.received).unwrap_or(i32::MAX),
            visitors: serde_json::to_string(&new.visitors).map_err(corrupt)?,
            recorded_at: self.now().naive_utc(),
            takes_back: None,
            reason: None,
        };
        self.keep_reception(db, actor, caller, &row)?;
        Ok(id)
    }

    /// Writes a row, and its digest into the book of acts.
    fn keep_reception(
        &self,
        db: &mut Db,
        actor: &Actor,
        caller: &Caller,
        row: &stations::Reception,
    ) -> Result<(), Fault> {
        stations::receive(db, row)?;
        let act = Act::ReceptionRecorded { reception: row.id()?, sha256: digest(row)? };
        self.record_act_of(db, actor, caller, None, act)
    }
}

/// The station, where the actor may write down what happened there.
fn own_station(db: &mut Db, actor: &Actor, congress: &CongressId, id: StationId) -> Result<Station, Fault> {
    let station = stations::hold(db, congress, id)?.ok_or(Fault::NotFound)?;
    match &actor.role {
        Role::Deputy { deputy } if !station.deputies.contains(deputy) => Err(Fault::Forbidden(Say::new(
            "代表只记录本人所在联络站的接待情况",
            "a deputy writes down receptions of a station of his own",
        ))),
        _ => Ok(station),
    }
}

fn shown(row: &stations::Reception, taken_back_for: Option<String>) -> Result<ShownReception, Fault> {
    let corrupt = |e: String| StoreError::corrupt("receptions", &row.id, e);
    Ok(ShownReception {
        id: row.id()?,
        day: Day::new(row.day).ok_or_else(|| corrupt("no legal day".to_owned()))?,
        visitors: serde_json::from_str(&row.visitors).map_err(|e| corrupt(e.to_string()))?,
        received: row.received.unsigned_abs(),
        taken_back_for,
    })
}

/// The digest of a reception as the book of acts keeps it.
pub(super) fn digest(row: &stations::Reception) -> Result<String, StoreError> {
    let fields = (
        (&row.congress_id, &row.id, &row.station_id, row.day.to_string()),
        (row.deputies, row.officials, row.received, &row.visitors),
        row.recorded_at.and_utc().timestamp_micros(),
        (&row.takes_back, &row.reason),
    );
    let text = serde_json::to_string(&fields).map_err(|e| StoreError::corrupt("receptions", &row.id, e))?;
    Ok(Digest::of(text.as_bytes()).as_str().to_owned())
}
