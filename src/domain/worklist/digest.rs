//! The daily digest 每日提醒 of a worklist: its subject line and plain text, in either language.
//!
//! Nothing is written where nothing is due: a message without a reason teaches people not to read the next one.

use super::{TaskCounts, TaskGroup, TaskKind};
use crate::domain::{
    day::Day,
    say::{Language, Say},
};
use std::fmt::Write;

/// How many tasks a digest names; the rest is counted.
pub const DIGEST_ITEMS: usize = 20;

/// A task as a digest tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestLine {
    pub kind: TaskKind,
    pub group: TaskGroup,
    /// The case's number; a draft has none.
    pub number: Option<String>,
    /// Withheld of a confidential case, whoever reads it: mail goes through many hands.
    pub title: String,
    pub due: Option<Day>,
    /// Calendar days to its day; negative once it has passed.
    pub days_left: Option<i64>,
}

/// A message to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    pub subject: String,
    /// Lines end with `\n`; none is folded.
    pub text: String,
}

/// The digest of what waits on `today`, of which `lines` are the first; `None` where nothing is overdue, due today or
/// due this week.
pub fn digest(counts: &TaskCounts, lines: &[DigestLine], today: Day, language: Language) -> Option<Digest> {
    if counts.overdue + counts.today + counts.this_week == 0 {
        return None;
    }
    let told = |say: Say| say.to(language).to_owned();
    let more = if counts.complete { "" } else { "+" };
    let total = format!("{}{more}", counts.total);
    let subject = told(Say::new(
        format!("建议办理提醒 {today}：{}", numbers(counts, Language::Chinese)),
        format!("Suggestions on {today}: {}", numbers(counts, Language::English)),
    ));
    let mut text = told(Say::new(
        format!("截至 {today}，待办事项共 {total} 项。\n"),
        format!("On {today}, {total} tasks wait for you.\n"),
    ));
    let mut heading = None;
    for line in lines.iter().take(DIGEST_ITEMS) {
        if heading != Some(line.group) {
            heading = Some(line.group);
            let _ = write!(text, "\n{}\n", told(words(line.group)));
        }
        let number = line.number.as_deref().map(|number| format!("{number} ")).unwrap_or_default();
        let _ = writeln!(
            text,
            "- {}：{number}{}{}",
            told(line.kind.name()),
            one_line(&line.title),
            told(by(line))
        );
    }
    let left = counts.total.saturating_sub(lines.len().min(DIGEST_ITEMS));
    if left > 0 {
        text += &told(Say::new(
            format!("\n另有 {left}{more} 项，请登录后查阅工作清单。\n"),
            format!("\n{left}{more} more are in your worklist.\n"),
        ));
    }
    Some(Digest { subject, text })
}

/// How many are overdue, due today and due this week, as far as there are any.
fn numbers(counts: &TaskCounts, language: Language) -> String {
    let parts = [
        (
            counts.overdue,
            Say::new(format!("逾期{}项", counts.overdue), format!("{} overdue", counts.overdue)),
        ),
        (
            counts.today,
            Say::new(format!("今日到期{}项", counts.today), format!("{} due today", counts.today)),
        ),
        (
            counts.this_week,
            Say::new(
                format!("本周到期{}项", counts.this_week),
                format!("{} due this week", counts.this_week),
            ),
        ),
    ];
    let told = parts.iter().filter(|(n, _)| *n > 0).map(|(_, say)| say.to(language));
    told.collect::<Vec<_>>().join(if language == Language::Chinese { "、" } else { ", " })
}

fn words(group: TaskGroup) -> Say {
    match group {
        TaskGroup::Overdue => Say::new("已逾期", "Overdue"),
        TaskGroup::Lapsed => Say::new("期限已过，仍可办理", "Past their day, still possible"),
        TaskGroup::Today => Say::new("今日到期", "Due today"),
        TaskGroup::ThisWeek => Say::new("本周到期", "Due this week"),
        TaskGroup::Later => Say::new("以后到期", "Due later"),
        TaskGroup::Undated => Say::new("未设期限", "Without a date"),
    }
}

/// By when, and how far that is.
fn by(line: &DigestLine) -> Say {
    match (line.due, line.days_left) {
        (Some(due), Some(0)) => Say::new(format!("（{due}，今日）"), format!(" ({due}, today)")),
        (Some(due), Some(days)) if days < 0 => {
            Say::new(format!("（{due}，已过 {} 天）", -days), format!(" ({due}, {} days ago)", -days))
        }
        (Some(due), Some(days)) => {
            Say::new(format!("（{due}，还有 {days} 天）"), format!(" ({due}, in {days} days)"))
        }
        _ => Say::new("", ""),
    }
}

/// A title never makes lines of its own.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(group: TaskGroup, title: &str, due: &str, days: i64) -> DigestLine {
        DigestLine {
            kind: TaskKind::Reply,
            group,
            number: Some("建议第012号".to_owned()),
            title: title.to_owned(),
            due: due.parse().ok(),
            days_left: Some(days),
        }
    }

    fn day() -> Day {
        "2024-05-07".parse().unwrap()
    }

    #[test]
    fn it_says_what_is_due_in_either_language() {
        let counts = TaskCounts {
            total: 23,
            complete: true,
            overdue: 1,
            this_week: 2,
            later: 20,
            ..TaskCounts::default()
        };
        let lines = [
            line(TaskGroup::Overdue, "关于增设公交站点的建议", "2024-04-30", -7),
            line(TaskGroup::ThisWeek, "两行\n标题", "2024-05-10", 3),
        ];
        let zh = digest(&counts, &lines, day(), Language::Chinese).unwrap();
        assert_eq!(zh.subject, "建议办理提醒 2024-05-07：逾期1项、本周到期2项");
        assert_eq!(
            zh.text,
            "截至 2024-05-07，待办事项共 23 项。\n\n已逾期\n- 答复代表：建议第012号 关于增设公交站点的建议（2024-04-30，已过 7 天）\n\n\
             本周到期\n- 答复代表：建议第012号 两行 标题（2024-05-10，还有 3 天）\n\n另有 21 项，请登录后查阅工作清单。\n"
        );
        let en = digest(&counts, &lines, day(), Language::English).unwrap();
        assert_eq!(en.subject, "Suggestions on 2024-05-07: 1 overdue, 2 due this week");
        assert!(en.text.contains("reply to the deputy") && en.text.contains("(2024-05-10, in 3 days)"));
        assert!(en.text.ends_with("21 more are in your worklist.\n"), "{}", en.text);
    }

    #[test]
    fn nothing_is_sent_where_nothing_is_due() {
        let lapsed =
            TaskCounts { total: 9, complete: true, lapsed: 3, later: 5, undated: 1, ..TaskCounts::default() };
        assert_eq!(digest(&lapsed, &[], day(), Language::Chinese), None);
        let today = TaskCounts { today: 1, ..lapsed };
        assert!(digest(&today, &[], day(), Language::Chinese).is_some());
    }

    #[test]
    fn it_names_the_first_twenty_and_counts_the_rest() {
        let counts = TaskCounts { total: 1000, complete: false, overdue: 1000, ..TaskCounts::default() };
        let lines = vec![line(TaskGroup::Overdue, "题目", "2024-04-30", -7); 30];
        let text = digest(&counts, &lines, day(), Language::Chinese).unwrap().text;
        assert_eq!(text.matches("题目").count(), DIGEST_ITEMS);
        assert!(text.contains("共 1000+ 项") && text.contains("另有 980+ 项"), "{text}");
    }
}
