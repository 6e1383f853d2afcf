//! A resident's opinion 群众意见: recorded, sorted 分办, answered, told to the resident; opened again if he is not content.

use super::{MatterEvent, Moved};
use crate::domain::{
    case::{
        Refusal, Rejection,
        persons::{Subject, Visit},
        procedure::Hand,
    },
    day::Day,
    ids::{CaseId, CongressId, DepartmentId, DeputyId, OpinionId, StationId},
    say::Say,
    text::{Line, Note},
    words::{Contentment, OpinionGround, OpinionRoute, OpinionState, OpinionWay, ToldBy},
};
use serde::{Deserialize, Serialize};

/// How a resident is to be reached. Kept apart from the opinion, and erasable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resident {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "王某")]
    pub name: Option<Line>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "13800000000")]
    pub phone: Option<Line>,
}

/// Which way an opinion takes, with what that way needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sorting {
    pub route: OpinionRoute,
    /// With `on_the_spot`: what the resident is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Note>,
    /// With `department`: who handles it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<DepartmentId>,
    /// With `department`: the legal day until which it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Day>,
    /// With `common`: the case of the same matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// With `not_accepted`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<OpinionGround>,
    /// With `not_accepted`: where the resident is sent instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect: Option<Note>,
    /// For whoever handles it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// What the resident was told at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    pub told_by: ToldBy,
    /// The legal day on which he was told; today if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_on: Option<Day>,
    /// The answer in the words told; the one given before if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Note>,
    /// What he said of it, if he did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contentment: Option<Contentment>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OpinionEvent {
    Recorded {
        station: StationId,
        way: OpinionWay,
        topic: Line,
        text: Note,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resident: Option<Resident>,
        /// The deputy who recorded it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deputy: Option<DeputyId>,
    },
    Sorted {
        sorting: Sorting,
    },
    Answered {
        answer: Note,
    },
    HandedBack {
        reason: Note,
    },
    /// It became part of a deputies' suggestion.
    Joined {
        case: CaseId,
    },
    Closed {
        closure: Closure,
    },
    Reopened {
        reason: Note,
    },
}

impl MatterEvent for OpinionEvent {
    const MATTER: &'static str = "opinion";

    fn kind(&self) -> &'static str {
        match self {
            OpinionEvent::Recorded { .. } => "recorded",
            OpinionEvent::Sorted { .. } => "sorted",
            OpinionEvent::Answered { .. } => "answered",
            OpinionEvent::HandedBack { .. } => "handed_back",
            OpinionEvent::Joined { .. } => "joined",
            OpinionEvent::Closed { .. } => "closed",
            OpinionEvent::Reopened { .. } => "reopened",
        }
    }

    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        match self {
            OpinionEvent::Recorded { station: _, way: _, topic: _, text: _, resident, deputy: _ } => {
                let Some(Resident { name, phone }) = resident else { return Ok(()) };
                for it in [name, phone].into_iter().flatten() {
                    if let Some(other) = visit(&Subject::Named, it) {
                        *it = Line::parse(&other)?;
                    }
                }
                Ok(())
            }
            OpinionEvent::Sorted { sorting: _ }
            | OpinionEvent::Answered { answer: _ }
            | OpinionEvent::HandedBack { reason: _ }
            | OpinionEvent::Joined { case: _ }
            | OpinionEvent::Closed { closure: _ }
            | OpinionEvent::Reopened { reason: _ } => Ok(()),
        }
    }
}

/// A department had it and gave it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GivenBack {
    pub department: DepartmentId,
    pub reason: Note,
    pub on: Day,
}

/// An opinion as its events left it. Who said it is not here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    pub id: OpinionId,
    pub congress: CongressId,
    pub version: i64,
    pub station: StationId,
    pub way: OpinionWay,
    pub topic: Line,
    pub text: Note,
    pub state: OpinionState,
    pub route: Option<OpinionRoute>,
    pub deputy: Option<DeputyId>,
    pub department: Option<DepartmentId>,
    pub due_on: Option<Day>,
    pub note: Option<Note>,
    pub case: Option<CaseId>,
    pub answer: Option<Note>,
    pub ground: Option<OpinionGround>,
    pub redirect: Option<Note>,
    pub hand_backs: Vec<GivenBack>,
    pub closure: Option<Closure>,
    pub reopened: u32,
    pub received_on: Day,
    pub closed_on: Option<Day>,
    pub latest_on: Day,
}

/// What is asked of an opinion.
#[derive(Clone, Debug, PartialEq)]
pub enum OpinionCommand {
    Sort(Sorting),
    Answer(Note),
    HandBack(Note),
    Join(CaseId),
    Close(Closure),
    Reopen(Note),
}

/// How the suggestion stands that an opinion became part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suggestion {
    Open,
    Answered,
    /// Declined or withdrawn: nobody will answer it.
    Over,
}

impl Opinion {
    /// The opinion as its first event left it; `None` if that event does not begin one.
    pub fn begin(congress: &CongressId, id: OpinionId, first: &Moved<OpinionEvent>) -> Option<Opinion> {
        let OpinionEvent::Recorded { station, way, topic, text, resident: _, deputy } = &first.event else {
            return None;
        };
        Some(Opinion {
            id,
            congress: congress.clone(),
            version: 1,
            station: *station,
            way: *way,
            topic: topic.clone(),
            text: text.clone(),
            state: OpinionState::Recorded,
            route: None,
            deputy: *deputy,
            department: None,
            due_on: None,
            note: None,
            case: None,
            answer: None,
            ground: None,
            redirect: None,
            hand_backs: Vec::new(),
            closure: None,
            reopened: 0,
            received_on: first.occurred_on,
            closed_on: None,
            latest_on: first.occurred_on,
        })
    }

    /// The opinion after one more event.
    pub fn after(mut self, moved: &Moved<OpinionEvent>) -> Opinion {
        let on = moved.occurred_on;
        self.version += 1;
        self.latest_on = on;
        match &moved.event {
            OpinionEvent::Recorded { .. } => {}
            OpinionEvent::Sorted { sorting } => self.sorted(sorting),
            OpinionEvent::Answered { answer } => {
                self.answer = Some(answer.clone());
                self.due_on = None;
                self.state = OpinionState::Answered;
            }
            OpinionEvent::HandedBack { reason } => {
                self.hand_backs.extend(self.department.map(|department| GivenBack {
                    department,
                    reason: reason.clone(),
                    on,
                }));
                self.unsorted();
            }
            OpinionEvent::Joined { case } => {
                self.unsorted();
                self.route = Some(OpinionRoute::Common);
                self.case = Some(*case);
                self.state = OpinionState::Joined;
            }
            OpinionEvent::Closed { closure } => {
                self.answer = closure.answer.clone().or(self.answer.take());
                self.closure = Some(closure.clone());
                self.closed_on = Some(on);
                self.state = OpinionState::Closed;
            }
            OpinionEvent::Reopened { .. } => {
                self.unsorted();
                self.closure = None;
                self.closed_on = None;
                self.reopened += 1;
            }
        }
        self
    }

    /// `None` for a history that does not begin with a recording.
    pub fn fold(congress: &CongressId, id: OpinionId, history: &[Moved<OpinionEvent>]) -> Option<Opinion> {
        let (first, rest) = history.split_first()?;
        Some(rest.iter().fold(Opinion::begin(congress, id, first)?, Opinion::after))
    }

    /// Nobody has it, and nothing is decided about it.
    fn unsorted(&mut self) {
        self.state = OpinionState::Recorded;
        self.route = None;
        self.department = None;
        self.due_on = None;
        self.note = None;
        self.case = None;
        self.answer = None;
        self.ground = None;
        self.redirect = None;
    }

    fn sorted(&mut self, sorting: &Sorting) {
        self.unsorted();
        let Sorting { route, answer, department, due_on, case, ground, redirect, note } = sorting.clone();
        self.route = Some(route);
        self.answer = answer;
        self.department = department;
        self.due_on = due_on;
        self.case = case;
        self.ground = ground;
        self.redirect = redirect;
        self.note = note;
        self.state = match route {
            OpinionRoute::OnTheSpot => OpinionState::Answered,
            OpinionRoute::Department => OpinionState::Passed,
            OpinionRoute::Committee => OpinionState::Raised,
            OpinionRoute::Common => OpinionState::Joined,
            OpinionRoute::NotAccepted => OpinionState::NotAccepted,
        };
    }

    /// What a command leads to. `suggestion` is how the case stands that the opinion is part of, if it is.
    ///
    /// # Errors
    /// Refused where the state does not allow it, with what is missing; invalid where the command itself is wrong.
    pub fn decide(
        &self,
        command: OpinionCommand,
        on: Day,
        suggestion: Option<Suggestion>,
    ) -> Result<OpinionEvent, Rejection> {
        use OpinionState as S;
        if on < self.latest_on {
            return Err(Rejection::before_latest(self.latest_on));
        }
        match command {
            OpinionCommand::Sort(sorting) => {
                let open = matches!(self.state, S::Recorded | S::Raised | S::Passed)
                    || (self.state == S::Joined && suggestion == Some(Suggestion::Over));
                if !open {
                    return Err(refused(
                        "opinion_sorted",
                        "该意见已经分办",
                        "the opinion was sorted already",
                    ));
                }
                sorting.check(on)?;
                Ok(OpinionEvent::Sorted { sorting })
            }
            OpinionCommand::Answer(answer) => {
                self.with_department()?;
                Ok(OpinionEvent::Answered { answer })
            }
            OpinionCommand::HandBack(reason) => {
                self.with_department()?;
                Ok(OpinionEvent::HandedBack { reason })
            }
            OpinionCommand::Join(case) => match self.state {
                S::Recorded | S::Raised | S::Passed => Ok(OpinionEvent::Joined { case }),
                _ => Err(refused(
                    "opinion_settled",
                    "该意见已有去向，不能再并入",
                    "the opinion is settled already and joins nothing",
                )),
            },
            OpinionCommand::Close(closure) => self.close(closure, on, suggestion),
            OpinionCommand::Reopen(reason) => match self.state {
                S::Closed => Ok(OpinionEvent::Reopened { reason }),
                _ => Err(refused("opinion_open", "该意见尚未办结", "the opinion is not closed")),
            },
        }
    }

    fn with_department(&self) -> Result<(), Rejection> {
        match self.state {
            OpinionState::Passed => Ok(()),
            _ => Err(refused(
                "opinion_not_with_department",
                "该意见不在部门办理中",
                "no department has the opinion in hand",
            )),
        }
    }

    fn close(
        &self,
        closure: Closure,
        on: Day,
        suggestion: Option<Suggestion>,
    ) -> Result<OpinionEvent, Rejection> {
        use OpinionState as S;
        let ready = match self.state {
            S::Answered | S::NotAccepted | S::Raised => true,
            S::Joined => suggestion == Some(Suggestion::Answered),
            S::Recorded | S::Passed | S::Closed => false,
        };
        if !ready {
            let (zh, en) = match self.state {
                S::Recorded => ("该意见尚未分办", "the opinion is not sorted yet"),
                S::Passed => ("部门尚未答复", "the department has not answered yet"),
                S::Joined => {
                    ("所并入的代表建议尚未答复", "the suggestion that it joined is not answered yet")
                }
                _ => ("该意见已经办结", "the opinion is closed already"),
            };
            return Err(refused("opinion_not_answered", zh, en));
        }
        if closure.answer.is_none() && self.answer.is_none() && self.redirect.is_none() {
            return Err(Rejection::invalid(
                "/answer",
                "须写明答复群众的内容",
                "say what the resident is answered",
            ));
        }
        if closure.told_on.is_some_and(|day| day > on || day < self.received_on) {
            return Err(Rejection::invalid(
                "/told_on",
                "不得晚于今天，也不得早于收到之日",
                "must lie between the day of receipt and today",
            ));
        }
        let closure = Closure { told_on: Some(closure.told_on.unwrap_or(on)), ..closure };
        Ok(OpinionEvent::Closed { closure })
    }
}

impl Sorting {
    /// Each way has what it needs and nothing of another's.
    fn check(&self, on: Day) -> Result<(), Rejection> {
        use OpinionRoute as R;
        let Sorting { route, answer, department, due_on, case, ground, redirect, note: _ } = self;
        let fields = [
            ("/answer", answer.is_some(), R::OnTheSpot),
            ("/department", department.is_some(), R::Department),
            ("/due_on", due_on.is_some(), R::Department),
            ("/case", case.is_some(), R::Common),
            ("/ground", ground.is_some(), R::NotAccepted),
            ("/redirect", redirect.is_some(), R::NotAccepted),
        ];
        for (pointer, given, of) in fields {
            match (given, of == *route) {
                (false, true) => {
                    return Err(Rejection::invalid(
                        pointer,
                        format!("“{}”须填此项", route.zh()),
                        format!("is needed with {route}"),
                    ));
                }
                (true, false) => {
                    return Err(Rejection::invalid(
                        pointer,
                        format!("“{}”不填此项", route.zh()),
                        format!("does not belong to {route}"),
                    ));
                }
                _ => {}
            }
        }
        if due_on.is_some_and(|day| day < on) {
            return Err(Rejection::invalid(
                "/due_on",
                "不得早于交办之日",
                "must not lie before the day of sorting",
            ));
        }
        Ok(())
    }
}

fn refused(code: &'static str, zh: &str, en: &str) -> Rejection {
    Refusal::new(code, Say::new(zh, en), &[Hand::Committee]).into()
}
