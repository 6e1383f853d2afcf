//! The kinds of signals: what each means, and its limits.

use super::{hand_back, haste, letter, likeness, promise};
use crate::domain::say::Say;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A raise of the class is shown in the last so many days of the period that is asked for.
pub const LAST_DAYS: u32 = 7;

/// What a signal is about.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 期末无新材料而结果升级
    ClassRaised,
    /// 期限最后一日申请延期
    ExtensionOnLastDay,
    /// 反复退办
    HandBackLoop,
    /// 答复后即刻评价
    EvaluationInHaste,
    /// 答复雷同
    ReplyAlike,
    /// 承诺一再延后
    PromiseMoved,
}

impl Kind {
    pub const ALL: [Kind; 6] = [
        Kind::ClassRaised,
        Kind::ExtensionOnLastDay,
        Kind::HandBackLoop,
        Kind::EvaluationInHaste,
        Kind::ReplyAlike,
        Kind::PromiseMoved,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Kind::ClassRaised => "class_raised",
            Kind::ExtensionOnLastDay => "extension_on_last_day",
            Kind::HandBackLoop => "hand_back_loop",
            Kind::EvaluationInHaste => "evaluation_in_haste",
            Kind::ReplyAlike => "reply_alike",
            Kind::PromiseMoved => "promise_moved",
        }
    }

    pub fn name(self) -> Say {
        match self {
            Kind::ClassRaised => {
                Say::new("期末无新材料而结果升级", "class raised at the period's end without a new document")
            }
            Kind::ExtensionOnLastDay => {
                Say::new("期限最后一日申请延期", "extension asked for on the last day")
            }
            Kind::HandBackLoop => Say::new("反复退办", "handed back again and again"),
            Kind::EvaluationInHaste => Say::new("答复后即刻评价", "evaluated within minutes of the reply"),
            Kind::ReplyAlike => Say::new("答复雷同", "reply nearly equal to another case's"),
            Kind::PromiseMoved => Say::new("承诺一再延后", "promise moved more than once"),
        }
    }

    /// What raises it and what does not, for who reads the list.
    pub fn definition(self) -> Say {
        match self {
            Kind::ClassRaised => Say::new(
                format!(
                    "办理结果分类改为更好的一类（含由未解决改为已解决），而自原分类确定之后，没有新的附件，没有别的信函，也没有附证明材料的落实报告。带来新分类的那封信本身不算新材料；回头看写明证明材料的，算。只列所查期间最后{LAST_DAYS}天内的；由台账导入的不列。"
                ),
                format!(
                    "The result class became a better one (unresolved to resolved, or up the policy's list), and since the class before it nothing new came in: no attachment, no other letter, no report on a promise that names evidence. The letter that brings the new class is not counted as new; a revisit that names its evidence is. Listed for the last {LAST_DAYS} days of the period asked for; what was imported from a ledger is left out."
                ),
            ),
            Kind::ExtensionOnLastDay => Say::new(
                "申请延期的日期，恰为延期前办理期限届满之日。",
                "The extension was asked for on the very day on which the term, before any extension, ended.",
            ),
            Kind::HandBackLoop => Say::new(
                format!(
                    "同意退办时，同一单位在本件上已是第{}次退办，或者本件累计退办已达{}次。申请退办未获同意的不计。",
                    hand_back::SAME_DEPARTMENT,
                    hand_back::ALTOGETHER
                ),
                format!(
                    "A hand-back was granted that is the department's {}nd of this case, or the case's {}rd altogether, or a later one. Requests that were refused are not counted.",
                    hand_back::SAME_DEPARTMENT,
                    hand_back::ALTOGETHER
                ),
            ),
            Kind::EvaluationInHaste => Say::new(
                format!(
                    "代表本人在答复登记后不足{}分钟即作出评价，按两者记录时间计算。代录的纸质评价表、补录或导入的答复不列：其记录时间不是代表收到答复或作出评价的时间。",
                    haste::MINUTES
                ),
                format!(
                    "A deputy judged the reply himself less than {} minutes after it was entered, by the two instants of recording. Paper forms that staff entered, and replies entered late or imported, are left out: their instants are not those at which he had the letter or judged it.",
                    haste::MINUTES
                ),
            ),
            Kind::ReplyAlike => Say::new(
                format!(
                    "正式答复的正文（去除抬头、收悉语、致谢和联系方式，余下不少于{}字），与此前另一件的正式答复相同部分达到{}%，以连续{}字为单位比较。并案办理的各件依规合用一份答复，不列；同一件前后各稿不相互比较，未作实质改动的更正不再比较。",
                    letter::SHORTEST,
                    likeness::ALIKE,
                    likeness::RUN
                ),
                format!(
                    "The text of a final letter, without salutation, receipt, thanks and contact and still of at least {} characters, agrees to {}% or more with an earlier final letter to another case, compared by runs of {} characters. Merged cases share one letter by law and are left out; letters of one case are not compared with each other, and a correction that leaves the text nearly as it was is not compared anew.",
                    letter::SHORTEST,
                    likeness::ALIKE,
                    likeness::RUN
                ),
            ),
            Kind::PromiseMoved => Say::new(
                format!(
                    "同一单位在本件上的同一项承诺（尚未落实），经更正、再次答复或代表工委同意延期，完成期限先后推迟{}次以上。两封信中的承诺，文字相同部分达到{}%的视为同一项；更正前后都只有一项的，也视为同一项。",
                    promise::MOVES,
                    promise::SAME
                ),
                format!(
                    "A promise of a department's, not yet kept, had its due day moved to a later one {} times or more by corrections, further letters or with the committee's consent. Promises of two letters are taken for the same one where their words agree to {}%, or where the corrected letter and its correction hold one each.",
                    promise::MOVES,
                    promise::SAME
                ),
            ),
        }
    }

    /// The numbers that the definition names.
    pub fn limits(self) -> Vec<(&'static str, u32)> {
        match self {
            Kind::ClassRaised => vec![("last_days", LAST_DAYS)],
            Kind::ExtensionOnLastDay => Vec::new(),
            Kind::HandBackLoop => vec![
                ("by_the_same_department", hand_back::SAME_DEPARTMENT),
                ("altogether", hand_back::ALTOGETHER),
            ],
            Kind::EvaluationInHaste => vec![("minutes", haste::MINUTES)],
            Kind::ReplyAlike => vec![
                ("percent", likeness::ALIKE),
                ("shortest_characters", letter::SHORTEST),
                ("run_characters", likeness::RUN),
            ],
            Kind::PromiseMoved => vec![("moves", promise::MOVES), ("same_words_percent", promise::SAME)],
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Kind {
    type Err = String;
    fn from_str(text: &str) -> Result<Kind, String> {
        Kind::ALL.into_iter().find(|kind| kind.id() == text).ok_or_else(|| {
            let known: Vec<_> = Kind::ALL.iter().map(|kind| kind.id()).collect();
            format!("must be one of {}", known.join(", "))
        })
    }
}
