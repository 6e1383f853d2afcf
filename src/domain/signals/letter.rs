//! Which letters are compared with other cases', what of them counts as their own text, and what a comparison tells.

use super::{
    Told,
    likeness::{ALIKE, BANDS, Runs},
    walk::{Step, department},
};
use crate::domain::{
    case::{Case, DepartmentRef, Event, Occasion, Reply, ReplyLetter},
    day::Day,
    ids::CaseId,
};
use chrono::{DateTime, Utc};

/// A letter whose own text is shorter says nothing by being like another.
pub(super) const SHORTEST: u32 = 60;

/// A letter's place among all of the congress: by the instant of recording, then by case and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub recorded_at: DateTime<Utc>,
    pub case: CaseId,
    /// Its number within the case.
    pub reply: u32,
}

/// A letter that is compared with those of other cases.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    pub place: Place,
    /// The case that leads those it is handled with; its own, if it is handled alone.
    pub family: CaseId,
    /// The event that sent it.
    pub version: i64,
    pub on: Day,
    pub department: Option<DepartmentRef>,
    own: Runs,
    characters: u32,
}

/// An earlier letter that shares marks with one.
#[derive(Clone, Debug)]
pub struct Earlier<'c> {
    pub case: &'c Case,
    pub reply: u32,
}

impl Letter {
    /// The marks that it is found by.
    pub fn bands(&self) -> [i64; BANDS] {
        self.own.bands()
    }
}

/// The final letter that an event sent, if it is one to compare.
pub(super) fn of(step: &Step<'_>) -> Option<Letter> {
    let Event::Replied { letter, occasion, .. } = &step.recorded.event else { return None };
    // An interim word is of the kind that all are alike in; a ledger has no letters, only that there were some.
    if letter.interim || step.is_imported() {
        return None;
    }
    let (own, characters) = own_text(letter)?;
    let case = step.case;
    if let Occasion::Correction { of, .. } = occasion
        && let Some(corrected) = case.replies.iter().rev().skip(1).find(|it| is_version(it, *of))
        && own_text(&corrected.letter).is_some_and(|(before, _)| own.agree(&before) >= ALIKE)
    {
        return None;
    }
    let reply = case.replies.last()?.number;
    Some(Letter {
        place: Place { recorded_at: step.recorded.recorded_at, case: case.id, reply },
        family: case.merged_into.as_ref().map_or(case.id, |main| main.id),
        version: step.recorded.version,
        on: step.recorded.occurred_on,
        department: department(case, &step.recorded.event).cloned(),
        own,
        characters,
    })
}

/// Whether a letter is the answer of this number, or a correction of it.
fn is_version(it: &Reply, of: u32) -> bool {
    it.number == of || matches!(it.occasion, Occasion::Correction { of: other, .. } if other == of)
}

/// What the comparison with earlier letters tells: the one that agrees most, of equals the first in the list.
pub fn alike<'c>(letter: &Letter, earlier: impl IntoIterator<Item = Earlier<'c>>) -> Option<Told> {
    let mut nearest: Option<(u32, Earlier<'c>)> = None;
    let mut letters = 0;
    for other in earlier {
        let Some(sent) = other.case.replies.iter().find(|it| it.number == other.reply) else { continue };
        let Some((own, _)) = own_text(&sent.letter) else { continue };
        let percent = letter.own.agree(&own);
        if percent < ALIKE {
            continue;
        }
        letters += 1;
        if nearest.as_ref().is_none_or(|(most, _)| percent > *most) {
            nearest = Some((percent, other));
        }
    }
    let (percent, Earlier { case, reply }) = nearest?;
    let on = case.replies.iter().find(|it| it.number == reply).map(|it| it.on)?;
    Some(Told::ReplyAlike {
        reply: letter.place.reply,
        other: case.id,
        other_number: case.number.as_ref().map(|number| number.text.to_string()),
        other_reply: reply,
        other_on: on,
        percent,
        characters: letter.characters,
        letters,
    })
}

/// After one of these the answer begins.
const HEADS: [&str; 6] = ["答复如下", "函复如下", "回复如下", "反馈如下", "报告如下", "汇报如下"];
/// How far into a letter its head may reach, in characters.
const LONGEST_HEAD: usize = 300;
/// A sentence with one of these is said in every letter.
const PHRASES: [&str; 13] = [
    "收悉",
    "感谢您",
    "感谢你",
    "感谢各位",
    "关心和支持",
    "关心与支持",
    "关心支持",
    "此复",
    "特此",
    "专此",
    "联系人",
    "联系电话",
    "如有不同意见",
];

/// The runs of what the letter says itself, and how many characters that is; none where it is too short to compare.
fn own_text(letter: &ReplyLetter) -> Option<(Runs, u32)> {
    let text: &str = &letter.text;
    let head = HEADS.iter().filter_map(|head| {
        let end = text.find(head)? + head.len();
        (text[..end].chars().count() <= LONGEST_HEAD).then_some(end)
    });
    let body = &text[head.max().unwrap_or_default()..];
    let answers = letter.answers.iter().map(|answer| &*answer.text);
    let parts = std::iter::once(body).chain(answers);
    let sentences = parts.flat_map(|part| part.split(['。', '！', '？', '；', '!', '?', ';', '\n']));
    let own = sentences.filter(|sentence| !PHRASES.iter().any(|phrase| sentence.contains(phrase)));
    let plain: String = own.flat_map(str::chars).filter(|c| c.is_alphanumeric()).collect();
    let characters = u32::try_from(plain.chars().count()).unwrap_or(u32::MAX);
    (characters >= SHORTEST).then(|| (Runs::of(&plain), characters))
}
