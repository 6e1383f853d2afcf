//! Identifiers. Each kind of thing has its own type, so that none can be taken for another.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map($name)
            }
        }
    };
}

id!(
    /// A case 办件 (UUIDv7: sorts by the time of drafting).
    CaseId
);
id!(
    /// A deputy 代表 of one congress.
    DeputyId
);
id!(
    /// A department 承办单位 of one congress.
    DepartmentId
);
id!(
    /// A person who signs in.
    UserId
);
id!(
    /// What a person is in one congress (or to the installation): role, and what it is bound to.
    MembershipId
);
id!(
    /// A selection of the best-handled suggestions 选树.
    SelectionId
);
id!(
    /// A problem list 问题清单.
    ProblemListId
);
id!(
    /// A program's address that is told of events.
    WebhookId
);
id!(
    /// A revisit campaign 回头看活动.
    CampaignId
);
id!(
    /// A contact station 代表联络站, or a point of one.
    StationId
);
id!(
    /// A day on which deputies and officials met residents at a station.
    ReceptionId
);
id!(
    /// A resident's opinion 群众意见.
    OpinionId
);
id!(
    /// A procuratorial or judicial recommendation 检察建议、司法建议, or a case passed on to the procuratorate.
    RecommendationId
);
id!(
    /// One sign-in, from the password to signing out.
    SignInId
);

/// A congress 人大, named by its division code (GB/T 2260: six digits; townships nine), e.g. `330502`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[0-9]{2,12}$", example = "330502")]
pub struct CongressId(String);

/// How high a congress stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    National,
    Province,
    City,
    County,
    Township,
}

impl CongressId {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Read off the division code: `000000` is the country, `330000` a province, `330500` a city, `330502` a county or
    /// district, and whatever goes on after six digits a township.
    pub fn level(&self) -> Level {
        let part = |from: usize, to: usize| self.0.get(from..to).unwrap_or("").trim_matches('0');
        match (part(0, 2), part(2, 4), part(4, 6), self.0.get(6..).unwrap_or("").trim_matches('0')) {
            ("", "", "", _) => Level::National,
            (_, "", "", "") => Level::Province,
            (_, _, "", "") => Level::City,
            (_, _, _, "") => Level::County,
            _ => Level::Township,
        }
    }
}

impl CongressId {
    /// Whether the other lies below this one: a city's county, a province's township.
    pub fn is_above(&self, other: &CongressId) -> bool {
        let digits = match self.level() {
            Level::National => 0,
            Level::Province => 2,
            Level::City => 4,
            Level::County => 6,
            Level::Township => return false,
        };
        let within = self.0.get(..digits).is_some_and(|place| other.0.starts_with(place));
        within && self.level() < other.level()
    }
}

impl FromStr for CongressId {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        if digits && (2..=12).contains(&text.len()) {
            Ok(CongressId(text.to_owned()))
        } else {
            Err("a congress is named by its division code of 2 to 12 digits, e.g. 330502")
        }
    }
}

impl TryFrom<String> for CongressId {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<CongressId> for String {
    fn from(id: CongressId) -> String {
        id.0
    }
}

impl fmt::Display for CongressId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A session 届次, or the time between two sessions, of one congress, e.g. `5-3`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 1, max_length = 40, example = "5-3")]
pub struct SessionId(String);

impl SessionId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SessionId {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
        if plain && (1..=40).contains(&text.chars().count()) {
            Ok(SessionId(text.to_owned()))
        } else {
            Err("a session is named by 1 to 40 letters, digits, '-', '_' or '.', e.g. 5-3")
        }
    }
}

impl TryFrom<String> for SessionId {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<SessionId> for String {
    fn from(id: SessionId) -> String {
        id.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One session or several, written with commas: a congress's year is its session and the time until the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "5-3,5-3-between")]
pub struct Sessions(Vec<SessionId>);

impl Sessions {
    /// Twenty years of them; more is a mistake.
    const MOST: usize = 40;

    pub fn ids(&self) -> &[SessionId] {
        &self.0
    }
}

impl FromStr for Sessions {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ids: Result<Vec<SessionId>, _> = text.split(',').map(|id| id.trim().parse()).collect();
        let ids = ids.map_err(str::to_owned)?;
        if ids.len() > Sessions::MOST {
            return Err(format!("at most {} sessions are allowed", Sessions::MOST));
        }
        Ok(Sessions(ids))
    }
}

impl TryFrom<String> for Sessions {
    type Error = String;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Sessions> for String {
    fn from(sessions: Sessions) -> String {
        sessions.to_string()
    }
}

impl fmt::Display for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.0.iter().map(SessionId::as_str).collect();
        f.write_str(&ids.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_division_code_tells_the_level() {
        let level = |code: &str| code.parse::<CongressId>().map(|c| c.level());
        assert_eq!(level("000000"), Ok(Level::National));
        assert_eq!(level("33"), Ok(Level::Province));
        assert_eq!(level("330000"), Ok(Level::Province));
        assert_eq!(level("330500"), Ok(Level::City));
        assert_eq!(level("330502"), Ok(Level::County));
        assert_eq!(level("330502001"), Ok(Level::Township));
    }

    #[test]
    fn a_level_stands_above_what_lies_within_its_place() {
        let above = |one: &str, other: &str| {
            let (one, other): (CongressId, CongressId) = (one.parse().unwrap(), other.parse().unwrap());
            one.is_above(&other)
        };
        for (one, other) in
            [("000000", "33"), ("33", "330500"), ("330500", "330502"), ("330502", "330502001")]
        {
            assert!(above(one, other) && !above(other, one), "{one} {other}");
        }
        for (one, other) in
            [("330500", "330600"), ("330500", "330602"), ("330502", "330502"), ("330502001", "330502002")]
        {
            assert!(!above(one, other), "{one} {other}");
        }
    }
}
