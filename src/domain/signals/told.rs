//! What a signal says: its facts in figures, and the sentence that explains them.

use super::{Kind, promise::Moved};
use crate::domain::{day::Day, ids::CaseId, say::Say};
use serde::{Deserialize, Serialize};

/// The facts. Kept beside the ledger as JSON; names of persons have no place here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Told {
    ClassRaised {
        #[schema(example = "B")]
        from: String,
        #[schema(example = "A")]
        to: String,
        /// Whether it went from unresolved to resolved.
        resolved: bool,
        /// The legal day since which the class before held.
        since: Day,
        /// The kind of the event that raised it: `replied`, `revisited` …
        by: String,
    },
    ExtensionOnLastDay {
        /// The last day of the term before any extension, on which it was asked for.
        due: Day,
        /// The day asked for.
        until: Day,
    },
    HandBackLoop {
        /// Granted hand-backs of this case by the same department, this one among them.
        by_department: u32,
        /// Granted hand-backs of this case by anybody.
        altogether: u32,
    },
    EvaluationInHaste {
        /// The letter that was judged, by its number.
        reply: u32,
        /// Between the two instants of recording.
        seconds: u32,
        /// Whether it is the judgement that rates count.
        counts: bool,
    },
    ReplyAlike {
        /// The letter, by its number.
        reply: u32,
        /// The case that the other letter answers.
        other: CaseId,
        other_number: Option<String>,
        other_reply: u32,
        other_on: Day,
        /// The share of the two texts that agrees, rounded down.
        percent: u32,
        /// The letter's own text, without salutation, thanks and contact.
        characters: u32,
        /// How many earlier letters, of those compared, are nearly equal.
        letters: u32,
    },
    PromiseMoved {
        promises: Vec<Moved>,
    },
}

impl Told {
    pub fn kind(&self) -> Kind {
        match self {
            Told::ClassRaised { .. } => Kind::ClassRaised,
            Told::ExtensionOnLastDay { .. } => Kind::ExtensionOnLastDay,
            Told::HandBackLoop { .. } => Kind::HandBackLoop,
            Told::EvaluationInHaste { .. } => Kind::EvaluationInHaste,
            Told::ReplyAlike { .. } => Kind::ReplyAlike,
            Told::PromiseMoved { .. } => Kind::PromiseMoved,
        }
    }

    /// The other case that it names, which a reader has to be allowed to see as well.
    pub fn other(&self) -> Option<CaseId> {
        match self {
            Told::ReplyAlike { other, .. } => Some(*other),
            _ => None,
        }
    }

    /// What happened, so that nobody has to ask.
    pub fn explained(&self, on: Day, department: Option<&str>) -> Say {
        let zh = department.unwrap_or("承办单位");
        let en = department.unwrap_or("the department");
        match self {
            Told::ClassRaised { from, to, resolved, since, by } => {
                let (how, how_en) = raised_by(by);
                let (to_resolved, to_resolved_en) = match resolved {
                    true => ("（由未解决改为已解决）", " (from unresolved to resolved)"),
                    false => ("", ""),
                };
                Say::new(
                    format!(
                        "{on}，办理结果分类因{how}由{from}改为{to}{to_resolved}，承办单位为{zh}。原分类自{since}起有效，其间没有新的附件、信函或附证明材料的落实报告。"
                    ),
                    format!(
                        "On {on} the class went from {from} to {to}{to_resolved_en} by {how_en}; {en} answers for the case. The class before held since {since}, and in between there came no new attachment, letter or report with evidence."
                    ),
                )
            }
            Told::ExtensionOnLastDay { due, until } => Say::new(
                format!("{zh}于{on}申请延期至{until}，办理期限即于{due}当日届满。"),
                format!("{en} asked on {on} for more time, to {until}; the term ended that same day, {due}."),
            ),
            Told::HandBackLoop { by_department, altogether } => Say::new(
                format!(
                    "{on}同意{zh}退办：该单位在本件上第{by_department}次退办，本件累计退办{altogether}次。"
                ),
                format!(
                    "On {on} the hand-back of {en} was granted: the department's number {by_department} of this case, and number {altogether} altogether."
                ),
            ),
            Told::EvaluationInHaste { reply, seconds, counts } => {
                let (minutes, minutes_en) = minutes(*seconds);
                let (counted, counted_en) = match counts {
                    true => ("该评价计入满意率。", "It is the judgement that rates count."),
                    false => ("该评价不计入满意率。", "It is not the judgement that rates count."),
                };
                Say::new(
                    format!("{on}，{zh}的第{reply}号答复登记后{minutes}，代表即在系统中作出评价。{counted}"),
                    format!(
                        "On {on} a deputy judged letter {reply} of {en} {minutes_en} after it was entered. {counted_en}"
                    ),
                )
            }
            Told::ReplyAlike {
                reply,
                other_number,
                other_reply,
                other_on,
                percent,
                characters,
                letters,
                ..
            } => {
                let number = other_number.as_deref().unwrap_or("（未编号）");
                let number_en = other_number.as_deref().unwrap_or("without a number");
                let more = letters.saturating_sub(1);
                let (others, others_en) = match more {
                    0 => (String::new(), String::new()),
                    n => (
                        format!("此外另有{n}份此前的答复与之雷同。"),
                        format!(" {n} more of the earlier letters compared are nearly equal to it."),
                    ),
                };
                Say::new(
                    format!(
                        "{zh}于{on}发出的第{reply}号答复，去除抬头、致谢和联系方式后共{characters}字，与{number}于{other_on}收到的第{other_reply}号答复有{percent}%相同。两件并非并案办理。{others}"
                    ),
                    format!(
                        "Letter {reply} of {en}, sent on {on}, has {characters} characters without salutation, thanks and contact, and agrees to {percent}% with letter {other_reply} of {other_on} in case {number_en}. The two are not handled together.{others_en}"
                    ),
                )
            }
            Told::PromiseMoved { promises } => {
                let dues = |it: &Moved| it.dues.iter().map(Day::to_string).collect::<Vec<_>>().join(" → ");
                let told: Vec<_> = promises
                    .iter()
                    .map(|it| {
                        format!("第{}项承诺的完成期限先后推迟{}次（{}）", it.commitment, it.moves, dues(it))
                    })
                    .collect();
                let told_en: Vec<_> = promises
                    .iter()
                    .map(|it| {
                        format!(
                            "the day of promise {} was moved to a later one {} times ({})",
                            it.commitment,
                            it.moves,
                            dues(it)
                        )
                    })
                    .collect();
                Say::new(
                    format!("{zh}于{on}来函后，{}，至今未报告落实。", told.join("；")),
                    format!(
                        "With the letter of {en} of {on}, {}; it was not reported kept until then.",
                        told_en.join("; ")
                    ),
                )
            }
        }
    }
}

fn minutes(seconds: u32) -> (String, String) {
    match seconds / 60 {
        0 => ("不到1分钟".to_owned(), "less than a minute".to_owned()),
        1 => ("1分钟".to_owned(), "1 minute".to_owned()),
        n => (format!("{n}分钟"), format!("{n} minutes")),
    }
}

fn raised_by(event: &str) -> (&'static str, &'static str) {
    match event {
        "replied" => ("新的答复", "another letter of reply"),
        "revisited" => ("回头看", "a revisit"),
        "hand_back_decided" => ("一家分办单位退出", "the leaving of a separate handler"),
        _ => ("另一环节", "another step"),
    }
}
