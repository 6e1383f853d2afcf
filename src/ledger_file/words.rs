//! The words that offices write for a kind, a result class and an evaluation.

use serde::Serialize;

use super::text::{fold, is_placeholder, without_notes};

/// Motion or suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 议案
    Motion,
    /// 建议、批评和意见
    Suggestion,
}

impl Kind {
    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Motion => "议案",
            Self::Suggestion => "建议",
        }
    }
}

/// A deputy's evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evaluation {
    /// 满意
    Satisfied,
    /// 基本满意
    BasicallySatisfied,
    /// 不满意
    Unsatisfied,
}

/// A result class as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ClassWord {
    /// A to D.
    pub(super) letter: &'static str,
    /// The word that was recognised.
    pub(super) word: &'static str,
    /// The word means another class in congresses with four classes than in those with three.
    pub(super) depends: bool,
}

const KINDS: &[(Kind, &[&str])] = &[
    (Kind::Motion, &["议案", "代表议案", "motion"]),
    (
        Kind::Suggestion,
        &[
            "建议",
            "批评",
            "意见",
            "建议批评意见",
            "建议批评",
            "建议意见",
            "意见建议",
            "批评意见",
            "代表建议",
            "闭会建议",
            "闭会期间建议",
            "大会建议",
            "会议建议",
            "会内建议",
            "平时建议",
            "重点建议",
            "议案转建议",
            "议案转为建议",
            "suggestion",
        ],
    ),
];

/// The letter, its words in every scheme, and its words in the scheme of three classes only
/// (with four, "planned" is C and "for reference" is D).
const CLASSES: &[(&str, &[&str], &[&str])] = &[
    (
        "A",
        &[
            "a",
            "甲",
            "已解决",
            "已解决或基本解决",
            "已经解决或基本解决",
            "已经解决",
            "基本解决",
            "解决",
            "已落实",
            "已采纳",
            "解决或基本解决",
            "已解决或采纳",
            "所提问题已经解决或基本解决",
            "所提问题已解决或基本解决",
        ],
        &[],
    ),
    (
        "B",
        &[
            "b",
            "乙",
            "正在解决",
            "部分解决",
            "正在解决或列入计划",
            "正在解决或已列入计划解决",
            "正在解决或列入计划解决",
            "正在或计划解决",
            "部分解决或列入计划",
            "正在落实",
            "逐步解决",
            "基本落实或计划",
            "所提问题正在解决或列入计划解决",
            "所提问题正在解决或已列入计划",
        ],
        &["列入计划", "已列入计划", "列入计划解决", "列入计划逐步解决", "计划解决", "计划逐步解决", "拟解决"],
    ),
    (
        "C",
        &[
            "c",
            "丙",
            "暂时难以解决",
            "暂时无法解决",
            "暂难解决",
            "因条件限制暂时难以解决",
            "受条件限制",
            "因条件限制",
        ],
        &[
            "留作参考",
            "留作工作参考",
            "作为参考",
            "参考",
            "供参考",
            "解释说明",
            "留作参考或不可行",
            "受条件限制留作参考",
        ],
    ),
    ("D", &["d", "丁", "未采纳", "不予采纳", "不采纳"], &[]),
];

const EVALUATIONS: &[(Option<Evaluation>, &[&str])] = &[
    (Some(Evaluation::Satisfied), &["满意", "很满意", "非常满意", "十分满意", "satisfied"]),
    (Some(Evaluation::BasicallySatisfied), &["基本满意", "basicallysatisfied"]),
    (Some(Evaluation::Unsatisfied), &["不满意", "很不满意", "非常不满意", "unsatisfied", "dissatisfied"]),
    (None, &["未反馈", "未评价", "待反馈", "待评价", "暂未反馈", "尚未反馈", "未回复", "未测评"]),
];

/// For comparing: folded, without notes in brackets and without the marks between and around words.
fn bare(text: &str) -> String {
    without_notes(&fold(text))
        .chars()
        .filter(|c| !matches!(c, '、' | ',' | '/' | '"' | '“' | '”' | '《' | '》' | '。' | '.' | '_' | '-'))
        .collect()
}

/// A suggestion if nothing is written, `None` if the word is unknown.
pub(super) fn kind(text: &str) -> Option<Kind> {
    if is_placeholder(text) {
        return Some(Kind::Suggestion);
    }
    let text = bare(text).replace(['和', '及', '与'], "");
    KINDS.iter().find(|(_, words)| words.contains(&text.as_str())).map(|(kind, _)| *kind)
}

/// The class of a text that is not empty, `None` if the word is unknown.
pub(super) fn class(text: &str) -> Option<ClassWord> {
    let text = bare(text);
    // "A类：已解决" says both; the letter leads.
    let word = text.split(':').next().unwrap_or_default();
    let word = ["类件", "类", "级"].iter().find_map(|suffix| word.strip_suffix(suffix)).unwrap_or(word);
    CLASSES.iter().find_map(|(letter, always, with_three)| {
        let known = |words: &[&'static str]| words.iter().copied().find(|known| *known == word);
        let found =
            known(always).map(|word| (word, false)).or_else(|| known(with_three).map(|word| (word, true)));
        found.map(|(word, depends)| ClassWord { letter, word, depends })
    })
}

/// The evaluation, or that there is none; the outer `None` if the word is unknown.
pub(super) fn evaluation(text: &str) -> Option<Option<Evaluation>> {
    if is_placeholder(text) {
        return Some(None);
    }
    let text = bare(text);
    EVALUATIONS.iter().find(|(_, words)| words.contains(&text.as_str())).map(|(evaluation, _)| *evaluation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        for text in ["", "建议", "批评", "意见", "建议、批评和意见", "建议、批评、意见", "Suggestion"]
        {
            assert_eq!(kind(text), Some(Kind::Suggestion), "{text}");
        }
        assert_eq!(kind("议 案"), Some(Kind::Motion));
        assert_eq!(kind("提案"), None);
    }

    #[test]
    fn classes() {
        for (text, letter) in [
            ("A", "A"),
            ("A类", "A"),
            ("Ａ", "A"),
            ("a", "A"),
            ("“A”类", "A"),
            ("A（已解决）", "A"),
            ("A类：已解决", "A"),
            ("已解决", "A"),
            ("已解决或基本解决", "A"),
            ("甲", "A"),
            ("乙类", "B"),
            ("正在解决", "B"),
            ("列入计划", "B"),
            ("留作参考", "C"),
            ("丙", "C"),
            ("D类", "D"),
        ] {
            assert_eq!(class(text).map(|word| word.letter), Some(letter), "{text}");
        }
        for text in ["E", "办结", "满意", "AB", "类"] {
            assert_eq!(class(text), None, "{text}");
        }
        assert!(class("留作参考").unwrap().depends && !class("C").unwrap().depends);
    }

    #[test]
    fn evaluations() {
        assert_eq!(evaluation("很满意"), Some(Some(Evaluation::Satisfied)));
        assert_eq!(evaluation("基本 满意"), Some(Some(Evaluation::BasicallySatisfied)));
        assert_eq!(evaluation("不满意（态度好）"), Some(Some(Evaluation::Unsatisfied)));
        assert_eq!(evaluation("未反馈"), Some(None));
        assert_eq!(evaluation(""), Some(None));
        assert_eq!(evaluation("较满意"), None);
    }
}
