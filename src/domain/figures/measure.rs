//! What can be counted of a case: most hold or do not, some are several (promises) or a length of time (days).

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, str::FromStr};

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
    /// Assigned under a policy that sets a term for the first contact with the deputy.
    ContactOwed = "contact_owed" "应首次联系",
    /// The first contact was within that term.
    ContactInTime = "contact_in_time" "按期首次联系",
    /// Promises of the letters in force; a case may hold several.
    Promised = "promised" "承诺事项",
    /// Of these, reported as kept and not disputed.
    PromiseKept = "promise_kept" "已落实承诺",
    /// Of these, on or before the day that was promised.
    PromiseKeptInTime = "promise_kept_in_time" "按期落实承诺",
    Revisited = "revisited" "已回头看",
    /// The latest revisit upheld the result.
    RevisitUpheld = "revisit_upheld" "回头看维持原结果",
    /// The policy's second class (class B) held at some time.
    HeldSecond = "held_second_class" "曾列第二类",
    /// And the first class (class A) holds now.
    SecondToFirst = "second_to_first" "第二类转第一类",
    /// An answer was judged unsatisfactory.
    WasUnsatisfied = "was_unsatisfied" "曾被评为不满意",
    /// And a later answer is judged satisfactory, or basically so.
    SatisfiedSince = "satisfied_since" "重新办理后满意或基本满意",
    /// Calendar days from assignment to the first answer.
    DaysToReply = "days_to_reply" "答复用时（日）",
    /// Calendar days until the first answer during which the case lay with the deputy.
    DaysDeputy = "days_deputy" "代表环节用时（日）",
    DaysCommittee = "days_committee" "代表工委环节用时（日）",
    DaysGovernmentOffice = "days_government_office" "政府办环节用时（日）",
    DaysDepartment = "days_department" "承办单位环节用时（日）",
}

impl Measure {
    /// Whether knowing it tells how a deputy judged.
    pub fn tells_evaluations(self) -> bool {
        use Measure::{
            BasicallySatisfied, Evaluated, Satisfied, SatisfiedSince, Unsatisfied, WasUnsatisfied,
        };
        matches!(
            self,
            Evaluated | Satisfied | BasicallySatisfied | Unsatisfied | WasUnsatisfied | SatisfiedSince
        )
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

/// What is counted of one case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Measures {
    /// Which hold, one bit each.
    bits: i64,
    /// Of those that hold: how many, where it is not one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    amounts: BTreeMap<Measure, u32>,
}

impl Measures {
    pub fn holds(&self, measure: Measure) -> bool {
        self.bits & Self::bit(measure) != 0
    }

    /// How often it counts; none where it does not hold.
    pub fn amount(&self, measure: Measure) -> i64 {
        match self.holds(measure) {
            true => self.amounts.get(&measure).copied().unwrap_or(1).into(),
            false => 0,
        }
    }

    pub fn set(&mut self, measure: Measure, holds: bool) {
        self.put(measure, holds.into());
    }

    /// Days may be none: answered on the day of assignment. That counts as nothing, and is told by the dimension.
    pub fn put(&mut self, measure: Measure, amount: u32) {
        if amount > 0 {
            self.bits |= Self::bit(measure);
        }
        if amount > 1 {
            self.amounts.insert(measure, amount);
        }
    }

    /// Those that hold, with how often they count.
    pub fn all(&self) -> impl Iterator<Item = (Measure, i64)> {
        Measure::ALL.iter().map(|it| (*it, self.amount(*it))).filter(|(_, n)| *n != 0)
    }

    /// As lists filter by it.
    pub fn bits(&self) -> i64 {
        self.bits
    }

    /// The measure's place in the stored set; places are never reused.
    pub fn bit(measure: Measure) -> i64 {
        1 << (measure as i64)
    }
}
