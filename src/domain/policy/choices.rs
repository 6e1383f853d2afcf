//! What a regulation chooses besides terms: who decides, whose word counts, what silence does. Each with its clause.

use crate::domain::{
    ladder::{Hours, Matter},
    rounding::Rounding,
    term::Unit,
    words::{Ground, Rung},
};
use serde::{Deserialize, Serialize};

macro_rules! options {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$of])* $variant,)+ }
    };
}

macro_rules! rules {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $field:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$of])* pub $field: $type,)+
            /// The clause that says so.
            pub clause: String,
            /// The policy whose text says so: this one, or one that it extends.
            #[serde(skip_deserializing)]
            pub stated_by: String,
        }

        impl Stated for $name {
            fn state(&mut self, cite: &str, policy: &str) {
                self.clause = cited(cite, &self.clause);
                policy.clone_into(&mut self.stated_by);
            }

            fn clause(&self) -> &str {
                &self.clause
            }
        }
    };
}

/// A value that names its clause and the policy that states it.
pub(super) trait Stated {
    fn state(&mut self, cite: &str, policy: &str);
    fn clause(&self) -> &str;
}

/// A clause is read on its own, far from its file: it names its text.
pub(super) fn cited(cite: &str, clause: &str) -> String {
    if clause.starts_with('第') { format!("{cite}{clause}") } else { clause.to_owned() }
}

rules!(
    /// A result class 办理结果分类.
    ResultClass {
        #[schema(example = "A")]
        id: String,
        label: String,
        /// Whether it counts in the resolution rate.
        resolved: bool,
        /// Whether a reply in this class promises something 承诺事项, with its day.
        #[serde(default)]
        promises: bool,
    }
);

rules!(
    /// A ground on which a case is not accepted 不予受理.
    GroundRule {
        id: Ground,
    }
);

rules!(
    /// How percentages are printed unless the reader asks otherwise.
    RoundingRule {
        decimals: u8,
        rule: Rounding,
        trim_zeros: bool,
    }
);

rules!(
    /// How numbers are written; `{session}`, `{kind}` and `{number}` stand for a case's own.
    NumberingRule {
        #[schema(example = "{session}{kind}第{number}号")]
        pattern: String,
    }
);

options!(
    /// When a delegation 代表团 may submit under its own name.
    Delegations {
        Never,
        InSession,
        Always,
    }
);
rules!(SubmissionRule { delegations: Delegations });

rules!(
    /// Signers that a motion 议案 needs at each level, the lead signer included.
    MotionRule {
        township: u32,
        county: u32,
        national: u32,
        /// Whether one delegation may submit instead of that many deputies (national level).
        delegation: bool,
    }
);

options!(
    /// Who shares cases out among the departments of the government.
    SharedOutBy {
        /// The committee assigns directly, or hands over to the government office: as it finds better.
        Either,
        /// The committee hands over to the government office, which shares out 分办.
        GovernmentOffice,
    }
);
rules!(AssignmentRule { government: SharedOutBy });

options!(
    /// Who decides whether a department of the government may hand back.
    HandBackDecider {
        Committee,
        GovernmentOffice,
        Either,
    }
);
rules!(HandBackRule { government: HandBackDecider });

rules!(ExtensionRule {
    /// Whether an office must agree; where not, saying so to the deputy extends the term.
    consent: bool,
});

options!(
    /// How a reply is signed off in the department 签发.
    SignOff {
        /// The letter names who signed; the department's own files hold the sign-off.
        Recorded,
        /// A handler drafts here, and an approver signs or sends back.
        InSystem,
    }
);
rules!(ReplyRule { sign_off: SignOff });

options!(
    /// Whose evaluation counts.
    Whose {
        /// 领衔代表
        Lead,
        /// The worst of all signers who judged.
        Worst,
    }
);
options!(
    /// What becomes of a case whose evaluation never came. Silence is never satisfaction.
    Silence {
        /// It leaves the denominator of the satisfaction rate.
        LeftOut,
        /// It does so only after the deputy was reminded; until then the case cannot be closed.
        LeftOutOnceReminded,
    }
);
rules!(EvaluationRule { whose: Whose, silence: Silence });

options!(
    /// How a rejected answer is handled again.
    ReworkOrder {
        /// The judgement itself sends the case back.
        Automatic,
        /// The committee looks into it and orders it, or not.
        Committee,
    }
);
rules!(ReworkRule { order: ReworkOrder });

options!(
    /// Until when a case may be withdrawn.
    WithdrawUntil {
        Assignment,
        Reply,
    }
);
rules!(WithdrawalRule {
    until: WithdrawUntil,
    /// Whether all signers have to agree.
    all_signers: bool,
});

options!(
    /// How cases and replies reach the public.
    Publication {
        /// By themselves once answered, unless somebody with the right to do so kept them back.
        OnceAnswered,
        /// Each on the committee's decision.
        OnDecision,
    }
);
rules!(PublicationRule { publish: Publication });

rules!(
    /// Who chooses the key cases 重点督办件.
    KeyCaseRule {
        #[schema(example = "主任会议")]
        chosen_by: String,
    }
);

rules!(
    /// When notices go out by themselves, in Asia/Shanghai.
    NoticeRule {
        #[schema(value_type = String, example = "08:30-17:30")]
        hours: Hours,
        /// Whether they go out on days off too; else on the next working day.
        days_off: bool,
    }
);

rules!(
    /// A rung of the notice ladder 三单: which notice goes out, how long before or after the due day.
    LadderRung {
        /// Its name in the list; each duty climbs a rung of this name once.
        #[schema(example = "on_the_day")]
        id: String,
        rung: Rung,
        /// The duties that it is for.
        #[schema(value_type = Vec<String>, example = json!(["reply", "commitment"]))]
        matters: Vec<Matter>,
        /// Days after the due day; before it, if negative.
        #[schema(example = -10)]
        offset: i32,
        /// `days` or `working_days`.
        unit: Unit,
        /// Working days in which a department answers; it need not where this is left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer_within: Option<u32>,
        /// Goes out earlier where an earlier notice of the same duty has been left without an answer: on the day after
        /// the one by which it was to be answered.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unanswered: bool,
        /// The office whose holder it escalates to, such as 分管副主任.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        leader: Option<String>,
    }
);
