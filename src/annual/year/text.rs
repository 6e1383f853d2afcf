//! The sentences, as annual reports have them.

use super::{Group, Year};
use crate::annual::{Part, Piece, Rate};
use crate::letter::form::chinese;

/// Departments and categories that a sentence names; the table has all.
const NAMED: usize = 5;

/// A sentence that grows.
#[derive(Default)]
pub(super) struct Sentence(Vec<Piece>);

impl Sentence {
    pub fn say(mut self, words: &str) -> Sentence {
        self.0.push(Piece::Words(words.to_owned()));
        self
    }

    /// `105件`.
    pub fn count(mut self, count: u64) -> Sentence {
        self.0.push(Piece::Figure(count.to_string()));
        self.say("件")
    }

    /// `93.3%（98/105）`.
    fn rate(mut self, rate: &Rate) -> Sentence {
        self.0.push(Piece::Figure(rate.printed.clone()));
        self.say(&format!("（{}/{}）", rate.numerator, rate.denominator))
    }

    /// Names with their counts, `甲3件、乙2件`.
    fn each<'a>(self, parts: impl IntoIterator<Item = (&'a str, u64)>) -> Sentence {
        parts.into_iter().enumerate().fold(self, |sentence, (index, (name, count))| {
            sentence.say(if index == 0 { "" } else { "、" }).say(name).count(count)
        })
    }

    pub fn end(self) -> Part {
        Part::Text(self.say("。").0)
    }
}

/// What came in, what of it is to be answered, and what became of that.
pub(super) fn overview(year: &Year) -> Vec<Part> {
    let origins = year.origins.iter().map(|(name, count)| (name.as_str(), *count));
    let mut came =
        Sentence::default().say(&format!("{}以来，共收到代表议案、建议", year.sessions)).count(year.received);
    if !year.origins.is_empty() {
        came = came.say("（其中").each(origins).say("）");
    }
    came = came.say("，剔除").count(year.excluded).say("，应办").count(year.counted);
    let rates = year.indicators.iter().filter_map(|indicator| Some((indicator, indicator.rate.as_ref()?)));
    let told = Sentence::default().say(&format!("截至{}，", chinese(year.until)));
    let told = rates.enumerate().fold(told, |told, (index, (indicator, rate))| {
        told.say(if index == 0 { "" } else { "；" })
            .say(&indicator.counted)
            .count(rate.numerator)
            .say(&format!("，{}", indicator.name))
            .rate(rate)
    });
    let any = year.indicators.iter().any(|indicator| indicator.rate.is_some());
    let nothing = Sentence::default().say(&format!("截至{}，没有可以计算的指标", chinese(year.until)));
    vec![came.end(), if any { told.end() } else { nothing.end() }]
}

pub(super) fn classes(year: &Year) -> Part {
    if year.classes.is_empty() {
        return Sentence::default().say("尚无已答复的议案、建议").end();
    }
    let named = year.classes.iter().enumerate().fold(Sentence::default(), |sentence, (index, class)| {
        let sentence = sentence.say(if index == 0 { "" } else { "；" }).say(&class.name).count(class.count);
        match &class.share {
            Some(share) => sentence.say("，占").rate(share),
            None => sentence,
        }
    });
    named.end()
}

pub(super) fn departments(year: &Year) -> Part {
    groups("共有", "个承办单位办理，件数较多的是", &year.departments)
}

pub(super) fn categories(year: &Year) -> Part {
    groups("共涉及", "个类别，件数较多的是", &year.categories)
}

fn groups(before: &str, after: &str, groups: &[Group]) -> Part {
    if groups.is_empty() {
        return Sentence::default().say("没有应办的议案、建议").end();
    }
    let mut largest: Vec<&Group> = groups.iter().collect();
    largest.sort_by_key(|group| std::cmp::Reverse(group.counted));
    let named = largest.into_iter().take(NAMED).map(|group| (group.name.as_str(), group.counted));
    let mut sentence = Sentence::default().say(before);
    sentence.0.push(Piece::Figure(groups.len().to_string()));
    sentence.say(after).each(named).end()
}
