//! What a leaf is: the stored texts of one row, each with its length before it. The texts are hashed as they are stored;
//! nothing is written out again in another way.
//!
//! A frame is `jianyi-leaf-1`, the kind of the row, and its fields in the order in which they stand here. Before each of
//! these stands its length in bytes, in four bytes, the highest first; an empty field that is none at all (NULL) has
//! the length ff ff ff ff and no bytes.

use super::{Algorithm, Hash};
use serde::{Deserialize, Serialize};

const FORMAT: &str = "jianyi-leaf-1";

/// An event of a case, as its row is stored; names are commitments in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventRow {
    pub congress: String,
    pub case: String,
    pub version: i64,
    pub kind: String,
    /// `2024-03-08`.
    pub occurred_on: String,
    /// UTC, `2024-03-08T01:02:03.123456000Z`.
    pub recorded_at: String,
    /// JSON.
    pub author: String,
    pub request_id: String,
    /// JSON.
    pub body: String,
}

/// A line of the second book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActRow {
    pub id: String,
    pub congress: Option<String>,
    pub recorded_at: String,
    pub kind: String,
    pub author: Option<String>,
    pub user: Option<String>,
    pub case: Option<String>,
    pub request_id: String,
    pub address: Option<String>,
    pub body: String,
}

/// A report that was sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportRow {
    pub congress: String,
    pub id: String,
    pub name: String,
    pub title: String,
    pub true_on: String,
    pub known_on: String,
    pub sealed_at: String,
    /// The edition that this one takes the place of.
    pub replaces: Option<String>,
    /// SHA-256 of the body, hexadecimal.
    pub digest: String,
    pub body: String,
}

/// What a leaf stands for: unique within a log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    pub kind: Kind,
    /// The case's id, the act's or the report's.
    pub id: String,
    /// The event's version in its case; 0 for the others.
    pub version: i64,
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Event,
    Act,
    Report,
}

impl Kind {
    pub fn id(self) -> &'static str {
        match self {
            Kind::Event => "event",
            Kind::Act => "act",
            Kind::Report => "report",
        }
    }
}

impl std::str::FromStr for Kind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Kind, Self::Err> {
        let known = [Kind::Event, Kind::Act, Kind::Report].into_iter().find(|kind| kind.id() == text);
        known.ok_or("no such kind of leaf; event, act or report")
    }
}

impl std::fmt::Display for Subject {
    /// As findings name it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.kind {
            Kind::Event => write!(f, "case {} version {}", self.id, self.version),
            Kind::Act => write!(f, "act {}", self.id),
            Kind::Report => write!(f, "report {}", self.id),
        }
    }
}

fn frame(kind: Kind, fields: &[Option<&str>]) -> Vec<u8> {
    let mut frame = Vec::new();
    let head = [Some(FORMAT), Some(kind.id())];
    for field in head.iter().chain(fields) {
        match field {
            // No column holds four gigabytes; one that did would be cut to a length that no row has.
            Some(text) => {
                frame.extend(u32::try_from(text.len()).unwrap_or(u32::MAX - 1).to_be_bytes());
                frame.extend(text.as_bytes());
            }
            None => frame.extend(u32::MAX.to_be_bytes()),
        }
    }
    frame
}

impl EventRow {
    pub fn subject(&self) -> Subject {
        Subject { kind: Kind::Event, id: self.case.clone(), version: self.version }
    }

    /// The bytes that are the leaf's.
    pub fn frame(&self) -> Vec<u8> {
        let EventRow { congress, case, version, kind, occurred_on, recorded_at, author, request_id, body } =
            self;
        let version = version.to_string();
        let fields = [congress, case, &version, kind, occurred_on, recorded_at, author, request_id, body];
        frame(Kind::Event, &fields.map(|field| Some(field.as_str())))
    }

    pub fn leaf(&self, algorithm: Algorithm) -> Hash {
        algorithm.leaf(&self.frame())
    }
}

impl ActRow {
    pub fn subject(&self) -> Subject {
        Subject { kind: Kind::Act, id: self.id.clone(), version: 0 }
    }

    pub fn frame(&self) -> Vec<u8> {
        let ActRow { id, congress, recorded_at, kind, author, user, case, request_id, address, body } = self;
        let fields = [
            Some(id),
            congress.as_ref(),
            Some(recorded_at),
            Some(kind),
            author.as_ref(),
            user.as_ref(),
            case.as_ref(),
            Some(request_id),
            address.as_ref(),
            Some(body),
        ];
        frame(Kind::Act, &fields.map(|field| field.map(String::as_str)))
    }

    pub fn leaf(&self, algorithm: Algorithm) -> Hash {
        algorithm.leaf(&self.frame())
    }
}

impl ReportRow {
    pub fn subject(&self) -> Subject {
        Subject { kind: Kind::Report, id: self.id.clone(), version: 0 }
    }

    pub fn frame(&self) -> Vec<u8> {
        let ReportRow { congress, id, name, title, true_on, known_on, sealed_at, replaces, digest, body } =
            self;
        let fields = [
            Some(congress),
            Some(id),
            Some(name),
            Some(title),
            Some(true_on),
            Some(known_on),
            Some(sealed_at),
            replaces.as_ref(),
            Some(digest),
            Some(body),
        ];
        frame(Kind::Report, &fields.map(|field| field.map(String::as_str)))
    }

    pub fn leaf(&self, algorithm: Algorithm) -> Hash {
        algorithm.leaf(&self.frame())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_tells_each_field_by_its_length() {
        let act = ActRow {
            id: "7".to_owned(),
            congress: None,
            recorded_at: "t".to_owned(),
            kind: "k".to_owned(),
            author: Some(String::new()),
            user: None,
            case: None,
            request_id: "建".to_owned(),
            address: None,
            body: "{}".to_owned(),
        };
        let mut expected = Vec::new();
        let mut field = |text: &str| {
            expected.extend([0, 0, 0, u8::try_from(text.len()).unwrap()]);
            expected.extend(text.bytes());
        };
        ["jianyi-leaf-1", "act", "7"].into_iter().for_each(&mut field);
        let none = [0xff; 4];
        expected.extend(none);
        expected.extend([&[0, 0, 0, 1, b't', 0, 0, 0, 1, b'k', 0, 0, 0, 0][..], &none, &none].concat());
        expected.extend([&[0, 0, 0, 3][..], "建".as_bytes(), &none, &[0, 0, 0, 2, b'{', b'}']].concat());
        assert_eq!(act.frame(), expected);
        // What is empty is not what is none.
        let other = ActRow { author: None, ..act.clone() };
        assert_ne!(other.leaf(Algorithm::Sha256), act.leaf(Algorithm::Sha256));
    }

    #[test]
    fn every_field_of_a_row_is_in_its_leaf() {
        let event = EventRow {
            congress: "330502".to_owned(),
            case: "c".to_owned(),
            version: 1,
            kind: "drafted".to_owned(),
            occurred_on: "2024-01-16".to_owned(),
            recorded_at: "2024-01-16T01:00:00.000000000Z".to_owned(),
            author: "{}".to_owned(),
            request_id: "r".to_owned(),
            body: "{}".to_owned(),
        };
        let row = serde_json::to_value(&event).unwrap();
        for (name, value) in row.as_object().unwrap() {
            let mut changed = row.clone();
            changed[name] = match value.as_i64() {
                Some(number) => (number + 1).into(),
                None => format!("{}x", value.as_str().unwrap()).into(),
            };
            let changed: EventRow = serde_json::from_value(changed).unwrap();
            assert_ne!(changed.leaf(Algorithm::Sm3), event.leaf(Algorithm::Sm3), "{name}");
        }
    }
}
