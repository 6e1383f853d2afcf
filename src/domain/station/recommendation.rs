//! Recommendations between organs: a procuratorial or judicial one 检察建议、司法建议 that becomes a deputies' suggestion, and
//! a suggestion that is passed on to the procuratorate as a lead 公益诉讼线索 (司法/检察建议与代表建议双向转化).

use super::{MatterEvent, Moved};
use crate::domain::{
    case::{Refusal, Rejection, persons::Visit, procedure::Hand},
    day::Day,
    ids::{CaseId, CongressId, DepartmentId, RecommendationId},
    say::Say,
    text::{Body, Line, Note, Title},
    words::{RecommendationKind, RecommendationState},
};
use chrono::Days;
use serde::{Deserialize, Serialize};

/// The procuratorate tells its decision within so many days 10 日内反馈; they are calendar days.
pub const DAYS_TO_DECIDE: u64 = 10;

/// A recommendation that came from a court or procuratorate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceivedForm {
    /// `procuratorial` or `judicial`.
    pub kind: RecommendationKind,
    /// Who made it.
    #[schema(value_type = String, example = "区人民检察院")]
    pub organ: Line,
    /// Its number 文号.
    #[schema(value_type = String, example = "吴检建〔2024〕5号")]
    pub number: Line,
    /// Its date.
    pub day: Day,
    pub title: Title,
    pub text: Body,
    /// To which department it was addressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addressee: Option<DepartmentId>,
}

/// A case passed on to the procuratorate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadForm {
    pub case: CaseId,
    #[schema(value_type = String, example = "区人民检察院")]
    pub organ: Line,
    /// The field of public-interest litigation 公益诉讼领域.
    #[schema(value_type = String, example = "生态环境")]
    pub field: Line,
    pub reason: Note,
}

/// What the procuratorate decided on a lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadDecision {
    /// Whether it opened proceedings 立案.
    pub filed: bool,
    pub text: Note,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RecommendationEvent {
    Received { form: ReceivedForm },
    Converted { case: CaseId },
    PassedOn { form: LeadForm },
    Decided { decision: LeadDecision },
}

impl MatterEvent for RecommendationEvent {
    const MATTER: &'static str = "recommendation";

    fn kind(&self) -> &'static str {
        match self {
            RecommendationEvent::Received { .. } => "received",
            RecommendationEvent::Converted { .. } => "converted",
            RecommendationEvent::PassedOn { .. } => "passed_on",
            RecommendationEvent::Decided { .. } => "decided",
        }
    }

    /// Organs are no persons.
    fn persons(&mut self, _: &mut Visit<'_>) -> Result<(), String> {
        Ok(())
    }
}

/// A recommendation as its events left it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    pub id: RecommendationId,
    pub congress: CongressId,
    pub version: i64,
    pub kind: RecommendationKind,
    pub state: RecommendationState,
    pub organ: Line,
    pub received: Option<ReceivedForm>,
    pub lead: Option<LeadForm>,
    pub decision: Option<LeadDecision>,
    /// The suggestion that it became, or that was passed on.
    pub case: Option<CaseId>,
    /// The day on which it was entered.
    pub entered_on: Day,
    /// Until when the procuratorate tells its decision.
    pub due_on: Option<Day>,
    pub latest_on: Day,
}

impl Recommendation {
    /// As its first event left it; `None` if that event does not begin one.
    pub fn begin(
        congress: &CongressId,
        id: RecommendationId,
        first: &Moved<RecommendationEvent>,
    ) -> Option<Recommendation> {
        let on = first.occurred_on;
        let begun = |kind, state, organ: &Line| Recommendation {
            id,
            congress: congress.clone(),
            version: 1,
            kind,
            state,
            organ: organ.clone(),
            received: None,
            lead: None,
            decision: None,
            case: None,
            entered_on: on,
            due_on: None,
            latest_on: on,
        };
        match &first.event {
            RecommendationEvent::Received { form } => Some(Recommendation {
                received: Some(form.clone()),
                ..begun(form.kind, RecommendationState::Received, &form.organ)
            }),
            RecommendationEvent::PassedOn { form } => Some(Recommendation {
                case: Some(form.case),
                due_on: on.date().checked_add_days(Days::new(DAYS_TO_DECIDE)).and_then(Day::new),
                lead: Some(form.clone()),
                ..begun(RecommendationKind::Lead, RecommendationState::Sent, &form.organ)
            }),
            _ => None,
        }
    }

    /// After one more event.
    pub fn after(mut self, moved: &Moved<RecommendationEvent>) -> Recommendation {
        self.version += 1;
        self.latest_on = moved.occurred_on;
        match &moved.event {
            RecommendationEvent::Received { .. } | RecommendationEvent::PassedOn { .. } => {}
            RecommendationEvent::Converted { case } => {
                self.case = Some(*case);
                self.state = RecommendationState::Converted;
            }
            RecommendationEvent::Decided { decision } => {
                self.state = match decision.filed {
                    true => RecommendationState::Filed,
                    false => RecommendationState::NotFiled,
                };
                self.decision = Some(decision.clone());
            }
        }
        self
    }

    /// `None` for a history that does not begin as one does.
    pub fn fold(
        congress: &CongressId,
        id: RecommendationId,
        history: &[Moved<RecommendationEvent>],
    ) -> Option<Recommendation> {
        let (first, rest) = history.split_first()?;
        Some(rest.iter().fold(Recommendation::begin(congress, id, first)?, Recommendation::after))
    }

    /// # Errors
    /// Refused for one that became a suggestion already, or was passed on from one.
    pub fn convert(&self, case: CaseId) -> Result<RecommendationEvent, Rejection> {
        match self.state {
            RecommendationState::Received => Ok(RecommendationEvent::Converted { case }),
            _ => Err(refused(
                "recommendation_converted",
                "该件已转为代表建议，或者由代表建议移送",
                "it became a suggestion already, or came from one",
            )),
        }
    }

    /// # Errors
    /// Refused for what waits for no decision.
    pub fn decided(&self, decision: LeadDecision, on: Day) -> Result<RecommendationEvent, Rejection> {
        if on < self.latest_on {
            return Err(Rejection::before_latest(self.latest_on));
        }
        match self.state {
            RecommendationState::Sent => Ok(RecommendationEvent::Decided { decision }),
            _ => Err(refused(
                "recommendation_not_sent",
                "该件不在等待检察机关反馈",
                "it waits for no decision of the procuratorate",
            )),
        }
    }
}

fn refused(code: &'static str, zh: &str, en: &str) -> Rejection {
    Refusal::new(code, Say::new(zh, en), &[Hand::Committee]).into()
}
