//! One flat record per case: what can be counted, and what it can be grouped by.

use crate::domain::{
    calendar::Calendar,
    case::{Case, Consultation},
    deadline,
    gate::Party,
    policy::Policy,
    words::{Channel, Satisfaction},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

macro_rules! measures {
    ($($(#[$doc:meta])* $variant:ident = $id:literal $zh:literal,)+) => {
        /// Something that is true of a case or not, and can be counted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        pub enum Measure {
            $($(#[$doc])* #[serde(rename = $id)] $variant,)+
        }
        impl Measure {
            pub const ALL: &[Measure] = &[$(Measure::$variant),+];
            pub fn id(self) -> &'static str { match self { $(Measure::$variant => $id,)+ } }
            pub fn zh(self) -> &'static str { match self { $(Measure::$variant => $zh,)+ } }
        }
    };
}

measures! {
    /// Was given a number; received = counted + excluded.
    Received = "received" "立案总数",
    /// Not among those to be answered: withdrawn or declined after registration, or a motion on its own way.
    Excluded = "excluded" "剔除数",
    Counted = "counted" "应办件数",
    /// Has a final reply.
    Replied = "replied" "已答复",
    /// First final reply not after the due date, extensions included.
    OnTime = "on_time" "按期答复",
    /// The same against the due date before any extension.
    OnTimeOriginal = "on_time_original" "按原期限答复",
    /// The class in force counts as resolved under the case's policy.
    Resolved = "resolved" "已解决或基本解决",
    /// The evaluation that the policy counts was given for the reply in force.
    Evaluated = "evaluated" "已评价",
    Satisfied = "satisfied" "满意",
    BasicallySatisfied = "basically_satisfied" "基本满意",
    Unsatisfied = "unsatisfied" "不满意",
    /// The answering department spoke with a signer before its first final reply.
    Consulted = "consulted" "已沟通面商",
}

impl Measure {
    /// Whether knowing it tells how a deputy judged.
    pub fn tells_evaluations(self) -> bool {
        use Measure::{BasicallySatisfied, Evaluated, Satisfied, Unsatisfied};
        matches!(self, Evaluated | Satisfied | BasicallySatisfied | Unsatisfied)
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Measure {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Measure::ALL.iter().copied().find(|m| m.id() == text).ok_or_else(|| {
            let known: Vec<_> = Measure::ALL.iter().map(|m| m.id()).collect();
            format!("must be one of {}", known.join(", "))
        })
    }
}

/// The set of measures that hold for a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Measures(pub i32);

impl Measures {
    pub fn holds(self, measure: Measure) -> bool {
        self.0 & Self::bit(measure) != 0
    }

    fn set(&mut self, measure: Measure, holds: bool) {
        if holds {
            self.0 |= Self::bit(measure);
        }
    }

    /// The measure's place in the stored set; places are never reused.
    pub fn bit(measure: Measure) -> i32 {
        1 << (measure as i32)
    }
}

/// What figures can be grouped by.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// All together.
    Total,
    Kind,
    Origin,
    Category,
    /// The answering department: 主办或单办单位.
    Department,
    Class,
    Evaluation,
    /// Why a case is not counted.
    Exclusion,
    /// 重点督办件: `yes`, or empty.
    KeyCase,
}

impl Dimension {
    pub const ALL: &[Dimension] = &[
        Dimension::Total,
        Dimension::Kind,
        Dimension::Origin,
        Dimension::Category,
        Dimension::Department,
        Dimension::Class,
        Dimension::Evaluation,
        Dimension::Exclusion,
        Dimension::KeyCase,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Dimension::Total => "total",
            Dimension::Kind => "kind",
            Dimension::Origin => "origin",
            Dimension::Category => "category",
            Dimension::Department => "department",
            Dimension::Class => "class",
            Dimension::Evaluation => "evaluation",
            Dimension::Exclusion => "exclusion",
            Dimension::KeyCase => "key_case",
        }
    }
}

impl FromStr for Dimension {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let groups = || Dimension::ALL.iter().filter(|d| **d != Dimension::Total);
        groups().copied().find(|d| d.id() == text).ok_or_else(|| {
            let known: Vec<_> = groups().map(|d| d.id()).collect();
            format!("must be one of {}", known.join(", "))
        })
    }
}

/// What is counted of a case, and the cell that it stands in.
///
/// Values are empty where the case has none: no category named, not yet answered, not evaluated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Facts {
    pub session: String,
    pub kind: String,
    pub origin: String,
    pub category: String,
    pub department: String,
    pub channel: String,
    pub deputy: String,
    pub class: String,
    pub evaluation: String,
    pub exclusion: String,
    pub key_case: String,
    pub measures: Measures,
}

impl Facts {
    /// `None` until the case is registered: figures begin with a number.
    pub fn of(case: &Case, policy: &Policy, calendar: &Calendar) -> Option<Facts> {
        case.number.as_ref()?;
        let excluded = case.exclusion().is_some();
        let counted = !excluded;
        let evaluation = case.counted_evaluation();
        let mut measures = Measures::default();
        measures.set(Measure::Received, true);
        measures.set(Measure::Excluded, excluded);
        measures.set(Measure::Counted, counted);
        if counted {
            let replied_on = case.replied_on();
            let terms = deadline::reply_terms(case, policy, calendar);
            let within = |due: Option<_>| matches!((replied_on, due), (Some(on), Some(due)) if on <= due);
            measures.set(Measure::Replied, replied_on.is_some());
            measures.set(Measure::OnTime, within(terms.as_ref().map(|t| t.due)));
            measures.set(Measure::OnTimeOriginal, within(terms.as_ref().map(|t| t.original)));
            measures.set(Measure::Resolved, case.class.as_deref().is_some_and(|c| policy.is_resolved(c)));
            let spoke = |c: &Consultation| {
                let answers = case.answering().is_some_and(|a| a.number == c.assignment);
                answers && replied_on.is_none_or(|replied| c.day <= replied)
            };
            measures.set(Measure::Consulted, case.consultations.iter().any(spoke));
            if let Some(judgement) = evaluation {
                measures.set(Measure::Evaluated, true);
                measures.set(Measure::Satisfied, judgement == Satisfaction::Satisfied);
                measures.set(Measure::BasicallySatisfied, judgement == Satisfaction::BasicallySatisfied);
                measures.set(Measure::Unsatisfied, judgement == Satisfaction::Unsatisfied);
            }
        }
        Some(Facts::placed(case, evaluation.map(|e| e.to_string()), measures))
    }

    /// What the figures hold of a case, whatever a newer policy or calendar would say of it today.
    pub fn recorded(case: &Case, measures: Measures, evaluation: Option<String>) -> Option<Facts> {
        case.number.as_ref()?;
        Some(Facts::placed(case, evaluation, measures))
    }

    fn placed(case: &Case, evaluation: Option<String>, measures: Measures) -> Facts {
        let answering = case.answering();
        Facts {
            session: case.session.as_ref().map(ToString::to_string).unwrap_or_default(),
            kind: case.kind.to_string(),
            origin: case.origin.map(|o| o.to_string()).unwrap_or_default(),
            category: case.category.as_deref().unwrap_or_default().to_owned(),
            department: answering.map(|a| a.department.id.to_string()).unwrap_or_default(),
            channel: answering.map(|a| a.department.channel.to_string()).unwrap_or_default(),
            deputy: case.lead.id.to_string(),
            class: case.class.clone().unwrap_or_default(),
            evaluation: evaluation.unwrap_or_default(),
            exclusion: case.exclusion().map(|e| e.to_string()).unwrap_or_default(),
            key_case: if case.is_key() { "yes".to_owned() } else { String::new() },
            measures,
        }
    }

    pub fn value(&self, dimension: Dimension) -> &str {
        match dimension {
            Dimension::Total => "",
            Dimension::Kind => &self.kind,
            Dimension::Origin => &self.origin,
            Dimension::Category => &self.category,
            Dimension::Department => &self.department,
            Dimension::Class => &self.class,
            Dimension::Evaluation => &self.evaluation,
            Dimension::Exclusion => &self.exclusion,
            Dimension::KeyCase => &self.key_case,
        }
    }

    /// The sums that the case is part of: the congress's, and those of each party that may see its own.
    pub fn scopes(&self) -> Vec<String> {
        let mut scopes = vec![String::new(), format!("deputy:{}", self.deputy)];
        if !self.department.is_empty() {
            scopes.push(format!("department:{}", self.department));
        }
        if self.channel == Channel::Government.id() {
            scopes.push(Party::GovernmentOffice.key());
        }
        scopes
    }
}
