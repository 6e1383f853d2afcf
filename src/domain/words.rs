//! The field's closed vocabularies, each with its Chinese word.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $id:literal $zh:literal,)+ }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
        )]
        pub enum $name {
            $(#[doc = $zh] $(#[$of])* #[serde(rename = $id)] $variant,)+
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
        /// Sent back to the deputy for correction.
        Returned = "returned" "退回修改",
        Registered = "registered" "已立案",
        /// Handed over to the government office, which shares it out.
        Dispatched = "dispatched" "待分办",
        Assigned = "assigned" "办理中",
        Replied = "replied" "已答复",
        Rework = "rework" "重新办理",
        Closed = "closed" "已办结",
        Declined = "declined" "不予受理",
        Withdrawn = "withdrawn" "已撤回",
        /// A motion that a committee of the congress examines.
        Referred = "referred" "交专门委员会审议",
        OnAgenda = "on_agenda" "列入议程",
        /// A motion that the committee examined, and that does not come on the agenda.
        Examined = "examined" "审议结束",
        Converted = "converted" "转为建议",
    }
);
words!(
    /// The part a department plays in a case.
    Part {
        Sole = "sole" "单办",
        Lead = "lead" "主办",
        Co = "co" "会办",
        /// One of several that answer each for its own part.
        Separate = "separate" "分办",
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
    /// A rung of the notice ladder 三单.
    Rung {
        Reminder = "reminder" "提示单",
        Warning = "warning" "警示单",
        SupervisionOrder = "supervision_order" "督办单",
    }
);
words!(
    /// Where an item of a problem list stands.
    ItemStanding {
        Open = "open" "待整改",
        /// Its holder has reported; somebody else has to strike it off.
        Reported = "reported" "待销号",
        StruckOff = "struck_off" "已销号",
    }
);
words!(
    /// Where a notice stands.
    NoticeStanding {
        /// Waits for its answer, or for what it urges.
        Open = "open" "待反馈",
        /// Answered; the issuer has not accepted the answer yet.
        Answered = "answered" "待销号",
        Closed = "closed" "已销号",
        /// What a reminder urged was done, or is not this addressee's any more.
        Lapsed = "lapsed" "已失效",
    }
);
words!(
    /// What a revisit 回头看 found.
    Outcome {
        Upheld = "upheld" "维持原结果",
        ResolvedSince = "resolved_since" "已落实",
        NotDelivered = "not_delivered" "未落实",
        /// On the spot it is worse than the reply said, whether the class changes or not.
        Worse = "worse" "不如答复所述",
    }
);
words!(
    /// What follows from a visit 后续处理; nothing of it, and the matter rests.
    Follows {
        ClassChanged = "class_changed" "调整办理结果分类",
        /// With a clock of its own.
        Reopened = "reopened" "重新办理",
        SupervisionOrder = "supervision_order" "督办单",
        RevisitAgain = "revisit_again" "再次回头看",
    }
);
words!(
    /// What a revisit finds of one ask or one promise.
    Kept {
        Yes = "kept" "已落实",
        Partly = "partly_kept" "部分落实",
        No = "not_kept" "未落实",
    }
);
words!(
    /// By what a sample of a revisit campaign is stratified 分层.
    Strata {
        Department = "department" "承办单位",
        Class = "class" "办理结果分类",
        Category = "category" "类别",
        Session = "session" "届次",
        /// One stratum: a simple random sample.
        None = "none" "不分层",
    }
);

words!(
    /// Where an invitation to co-sign stands.
    Invitation {
        Invited = "invited" "待确认",
        Confirmed = "confirmed" "已确认",
        Declined = "declined" "已谢绝",
        /// Handed in without an answer.
        Lapsed = "lapsed" "逾期未确认",
    }
);
words!(
    /// A ground on which a case is not accepted.
    Ground {
        PersonalMatter = "personal_matter" "涉及代表本人及其亲属个人问题",
        OwnInterest = "own_interest" "与个人利益关联或者干涉正常经济活动",
        ForwardedLetter = "forwarded_letter" "代转人民群众来信、申诉材料",
        Complaint = "complaint" "属于检举、申诉、控告",
        AcademicOrProduct = "academic_or_product" "属于学术探讨、产品推介",
        NoConcreteContent = "no_concrete_content" "没有具体内容",
        PendingCase = "pending_case" "对未审结的具体司法案件提出意见",
        TenderUnderWay = "tender_under_way" "对正在进行的招标投标提出具体中标意见",
        OutsideCompetence = "outside_competence" "不属于本级有关机关、组织职权范围",
        Other = "other" "其他不应当作为代表建议提出的",
    }
);
words!(
    /// What the presidium 主席团 decides of a motion, or a committee proposes after examining it.
    MotionOutcome {
        Agenda = "agenda" "列入议程",
        Committee = "committee" "交专门委员会审议",
        Conversion = "conversion" "转为建议",
        /// Only after a committee's report.
        NoAgenda = "no_agenda" "不列入议程",
    }
);
words!(
    /// For whom a note on the handling is written.
    Audience {
        Department = "department" "单位内部",
        Everybody = "everybody" "各方可见",
    }
);
words!(
    /// How a promise stands, as the department reports it.
    Progress {
        UnderWay = "under_way" "正在落实",
        Kept = "kept" "已落实",
        CannotBeKept = "cannot_be_kept" "不能落实",
    }
);
words!(
    /// Where a promise stands, by what shows it. Overdue is no status: it follows from the day of asking.
    PromiseStatus {
        Open = "open" "落实中",
        CannotBeKept = "cannot_be_kept" "报告不能落实",
        /// Never counted as kept: nothing shows it.
        Unevidenced = "reported_without_evidence" "报告落实，未附佐证",
        /// With evidence; the deputy has not said anything yet.
        ReportedKept = "reported_kept" "报告已落实，待确认",
        /// By the deputy, or by a revisit.
        Confirmed = "confirmed" "已确认落实",
        /// By the deputy, or by a revisit.
        Disputed = "disputed" "落实有异议",
        /// With the committee's consent.
        Dropped = "dropped" "经同意取消",
    }
);
words!(
    /// What became of a department.
    SuccessionKind {
        Renamed = "renamed" "更名",
        Merged = "merged" "并入",
    }
);
words!(
    /// What is to become of a promise.
    PromiseChange {
        Move = "move" "延期",
        Drop = "drop" "取消",
        HandOver = "hand_over" "移交",
    }
);
words!(
    /// What an attached file belongs to.
    Purpose {
        Submission = "submission" "建议附件",
        Handling = "handling" "办理材料",
        Reply = "reply" "答复附件",
        Commitment = "commitment" "承诺事项落实证明",
        Revisit = "revisit" "回头看材料",
    }
);
words!(
    /// Why a case does not count among those to be answered.
    Exclusion {
        Withdrawn = "withdrawn" "立案后撤回",
        Declined = "declined" "立案后不予受理",
        OnAgenda = "on_agenda" "议案列入议程",
        Referred = "referred" "议案交专门委员会审议",
        Examined = "examined" "议案审议结束",
        Converted = "converted" "议案转为建议，计入转成的建议",
    }
);

words!(
    /// What a station is.
    StationKind {
        Station = "station" "代表联络站",
        Point = "point" "代表联络点",
    }
);
words!(
    /// How an opinion came in.
    OpinionWay {
        Station = "station" "到站反映",
        PublicForm = "public_form" "网上反映",
    }
);
words!(
    /// How far a resident's opinion is.
    OpinionState {
        Recorded = "recorded" "待分办",
        Passed = "passed" "部门办理中",
        Raised = "raised" "代表工委研究中",
        Joined = "joined" "已并入代表建议",
        Answered = "answered" "已有答复，待告知",
        NotAccepted = "not_accepted" "不予受理，待告知",
        Closed = "closed" "已办结",
    }
);
words!(
    /// Which way an opinion takes 分办.
    OpinionRoute {
        OnTheSpot = "on_the_spot" "当场答复",
        Department = "department" "交部门办理",
        Committee = "committee" "提交代表工委",
        Common = "common" "并入共性建议",
        NotAccepted = "not_accepted" "不予受理并引导",
    }
);
words!(
    /// Why a station does not take a matter.
    OpinionGround {
        Lawsuit = "lawsuit" "已进入或者应当通过诉讼解决",
        Arbitration = "arbitration" "已进入或者应当通过仲裁解决",
        Reconsideration = "reconsideration" "已进入或者应当通过行政复议解决",
        Petition = "petition" "已由信访途径办理",
        Elsewhere = "elsewhere" "不属本地区事项",
        NoContent = "no_content" "没有具体内容",
    }
);
words!(
    /// How a resident was told.
    ToldBy {
        InPerson = "in_person" "当面",
        Phone = "phone" "电话",
        Visit = "visit" "走访",
        Message = "message" "留言、短信",
        NotReachable = "not_reachable" "未留联系方式或者联系不上",
    }
);
words!(
    /// Whether the resident is content with the answer.
    Contentment {
        Content = "content" "满意",
        NotContent = "not_content" "不满意",
    }
);
words!(
    /// Whose recommendation it is.
    RecommendationKind {
        Procuratorial = "procuratorial" "检察建议",
        Judicial = "judicial" "司法建议",
        Lead = "lead" "公益诉讼线索",
    }
);
words!(
    /// How far a recommendation is.
    RecommendationState {
        Received = "received" "待研究",
        Converted = "converted" "已转为代表建议",
        Sent = "sent" "已移送，待反馈",
        Filed = "filed" "检察机关已立案",
        NotFiled = "not_filed" "检察机关不立案",
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
        assert_eq!("lost".parse::<Part>(), Err("must be one of sole, lead, co, separate".to_owned()));
    }
}
