//! The field's closed vocabularies, each with its Chinese word.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $id:literal $zh:literal,)+ }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
        )]
        pub enum $name {
            $(#[doc = $zh] #[serde(rename = $id)] $variant,)+
        }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The word in code, API and database.
            pub fn id(self) -> &'static str {
                match self { $($name::$variant => $id,)+ }
            }

            /// The word in Chinese.
            pub fn zh(self) -> &'static str {
                match self { $($name::$variant => $zh,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.id())
            }
        }

        impl FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                $name::ALL.iter().copied().find(|word| word.id() == text).ok_or_else(|| {
                    let known: Vec<_> = $name::ALL.iter().map(|word| word.id()).collect();
                    format!("must be one of {}", known.join(", "))
                })
            }
        }
    };
}

words!(
    /// What a deputy submits.
    Kind {
        Motion = "motion" "议案",
        Suggestion = "suggestion" "建议、批评和意见",
    }
);
words!(
    /// Whether a case was submitted while the congress sat.
    Origin {
        InSession = "in_session" "会议期间",
        BetweenSessions = "between_sessions" "闭会期间",
    }
);
words!(
    /// Where a case stands in the procedure.
    Stage {
        Draft = "draft" "草稿",
        Submitted = "submitted" "已提交",
        Registered = "registered" "已立案",
        Assigned = "assigned" "办理中",
        Replied = "replied" "已答复",
        Closed = "closed" "已办结",
        Withdrawn = "withdrawn" "已撤回",
    }
);
words!(
    /// The part a department plays in a case.
    Part {
        Sole = "sole" "单办",
        Lead = "lead" "主办",
        Co = "co" "会办",
    }
);
words!(
    /// Where an assignment stands.
    Standing {
        Pending = "pending" "待签收",
        Accepted = "accepted" "已签收",
        HandBackRequested = "hand_back_requested" "申请退办",
        HandedBack = "handed_back" "已退办",
        OpinionGiven = "opinion_given" "已提出会办意见",
        Replied = "replied" "已答复",
    }
);
words!(
    /// Through whom cases reach a department.
    Channel {
        Government = "government" "政府系统",
        Direct = "direct" "直接交办",
    }
);
words!(
    /// A deputy's judgement.
    Satisfaction {
        Satisfied = "satisfied" "满意",
        BasicallySatisfied = "basically_satisfied" "基本满意",
        Unsatisfied = "unsatisfied" "不满意",
    }
);
words!(
    /// How a department spoke with a deputy.
    Way {
        InPerson = "in_person" "面商",
        Visit = "visit" "走访",
        Meeting = "meeting" "座谈",
        Phone = "phone" "电话",
        Writing = "writing" "书面",
    }
);
words!(
    /// How far a reply may be published.
    Publicity {
        Full = "full" "全文公开",
        Summary = "summary" "摘要公开",
        None = "none" "不公开",
    }
);
words!(
    /// What a revisit 回头看 found.
    Outcome {
        Upheld = "upheld" "维持原结果",
        ResolvedSince = "resolved_since" "已落实",
        NotDelivered = "not_delivered" "未落实",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_as_itself() {
        for stage in Stage::ALL {
            assert_eq!(stage.id().parse(), Ok(*stage));
            assert_eq!(serde_json::to_value(stage).ok(), Some(stage.id().into()));
        }
        assert_eq!("lost".parse::<Part>(), Err("must be one of sole, lead, co".to_owned()));
    }
}
