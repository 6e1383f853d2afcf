//! What a suggestion was made from: opinions of residents 群众意见, of which several alike become one common suggestion
//! 共性建议, or a recommendation of a court or procuratorate.

use super::Case;
use crate::domain::{
    day::Day,
    ids::{OpinionId, RecommendationId},
    personal,
    text::{Line, Note},
    words::RecommendationKind,
};
use serde::{Deserialize, Serialize};

/// Opinions that one suggestion can be made from: each is told in the case's history.
pub const MOST_OPINIONS: usize = 100;

/// So much of an opinion is told in the case, in characters.
const EXCERPT: usize = 200;

/// An opinion as the case tells it: masked, cut, and without the resident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct JoinedOpinion {
    pub id: OpinionId,
    pub received_on: Day,
    /// The station's name.
    #[schema(value_type = String, example = "织里镇代表联络站")]
    pub station: Line,
    #[schema(value_type = String)]
    pub topic: Line,
    pub excerpt: Note,
}

impl JoinedOpinion {
    /// # Errors
    /// When nothing readable is left of a text.
    pub fn new(
        id: OpinionId,
        received_on: Day,
        station: Line,
        topic: &Line,
        text: &Note,
    ) -> Result<JoinedOpinion, String> {
        let masked = personal::masked(text);
        let excerpt: String = masked.chars().take(EXCERPT).collect();
        Ok(JoinedOpinion {
            id,
            received_on,
            station,
            topic: Line::parse(&personal::masked(topic))?,
            excerpt: Note::parse(&excerpt)?,
        })
    }
}

/// The recommendation that a suggestion was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RecommendationRef {
    pub id: RecommendationId,
    pub kind: RecommendationKind,
    #[schema(value_type = String, example = "区人民检察院")]
    pub organ: Line,
    #[schema(value_type = String, example = "吴检建〔2024〕5号")]
    pub number: Line,
    pub day: Day,
}

pub(super) fn opinions_joined(case: &mut Case, opinions: &[JoinedOpinion]) {
    case.opinions.extend(opinions.iter().cloned());
}

pub(super) fn recommendation_taken(case: &mut Case, recommendation: &RecommendationRef) {
    case.recommendation = Some(recommendation.clone());
}
