//! Contact stations 代表联络站: where deputies meet residents, what residents say there, and the matters that have a small
//! ledger of their own beside the cases (opinions, recommendations). Pure.

pub mod opinion;
pub mod recommendation;

#[cfg(test)]
mod tests;

use super::{
    actor::Author,
    case::persons::Visit,
    day::Day,
    ids::{CongressId, DeputyId, StationId},
    text::Line,
    words::StationKind,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A station, or a point of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Station {
    pub congress: CongressId,
    pub id: StationId,
    pub kind: StationKind,
    /// Short, and its own within the congress: it stands on the door and in the code that residents scan.
    pub code: Line,
    pub name: Line,
    /// Township or street 乡镇、街道.
    pub place: Option<Line>,
    /// Who receives residents there.
    pub deputies: Vec<DeputyId>,
}

/// Who came to a station to meet residents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "who", rename_all = "snake_case", deny_unknown_fields)]
pub enum Visitor {
    Deputy {
        deputy: DeputyId,
    },
    /// An official, by organisation and post; his name is not kept.
    Official {
        #[schema(value_type = String, example = "区交通运输局")]
        organisation: Line,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, example = "分管副局长")]
        post: Option<Line>,
    },
}

/// An event of a matter as its ledger keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved<E> {
    /// Its place in the matter's history, from 1.
    pub version: i64,
    /// The legal day on which it took effect.
    pub occurred_on: Day,
    /// The instant at which it was written down, UTC.
    pub recorded_at: DateTime<Utc>,
    pub author: Author,
    pub event: E,
}

/// The events of a kind of matter.
pub trait MatterEvent: Clone + Serialize + DeserializeOwned + Send + 'static {
    /// The kind of matter in the ledger and in the book of acts.
    const MATTER: &'static str;

    /// The event's name in the ledger.
    fn kind(&self) -> &'static str;

    /// Shows every text of a person, and puts what is answered in its place.
    ///
    /// # Errors
    /// When a replacement does not fit the field.
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String>;
}

impl<E: MatterEvent> Moved<E> {
    /// The same of the event and of its author, in the order in which they are stored.
    ///
    /// # Errors
    /// When a replacement does not fit the field.
    pub fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        let Moved { version: _, occurred_on: _, recorded_at: _, author, event } = self;
        author.persons(visit);
        event.persons(visit)
    }
}
