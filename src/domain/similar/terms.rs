//! The signature of a text: the few words that it is most about.

use super::empty::{self, Cut};
use std::{
    cmp::Reverse,
    collections::{HashMap, hash_map::Entry},
};

/// A signature has no more terms than this. Each is a row of the store's index and a question to it.
pub const MOST_TERMS: usize = 64;

/// One occurrence in the title counts as this many in the text: who reads titles only must find the same cases.
const TITLE: u32 = 4;

/// Words of other scripts that are longer are addresses or noise.
const LONGEST_WORD: usize = 24;

/// A word of a signature, and how often it was said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    /// Two characters of Han text, or a word or number in lower case.
    pub text: String,
    /// How often it occurs, once in the title being as good as four times in the text.
    pub count: u32,
}

/// The signature of a case's title and text: what is said most, the heaviest first; of the same weight, what is said
/// first, since a suggestion begins with its matter.
///
/// Chinese is written without spaces, so a term is two neighbouring characters: most Chinese words have two, and of
/// longer ones the pairs still meet. Before that, the text is cut at the words that tell nothing (`empty.rs`) and at
/// punctuation. Full-width letters and digits are taken for the usual ones.
pub fn terms(title: &str, body: &str) -> Vec<Term> {
    let (title, body) = (plain(title), plain(body));
    // By word: how often, and its place among the others.
    let mut found: HashMap<&str, (u32, usize)> = HashMap::new();
    let in_title = words(&title).into_iter().map(|word| (word, TITLE));
    let in_body = words(&body).into_iter().map(|word| (word, 1));
    for (place, (word, times)) in in_title.chain(in_body).enumerate() {
        match found.entry(word) {
            Entry::Occupied(mut known) => known.get_mut().0 = known.get().0.saturating_add(times),
            Entry::Vacant(new) => {
                new.insert((times, place));
            }
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    // Places are distinct, so the order does not depend on the map's.
    found.sort_unstable_by_key(|(_, (count, place))| (Reverse(*count), *place));
    found.truncate(MOST_TERMS);
    found.into_iter().map(|(word, (count, _))| Term { text: word.to_owned(), count }).collect()
}

/// In lower case, without full-width forms.
fn plain(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    text.chars().map(narrow).flat_map(char::to_lowercase).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Han,
    Other,
    /// Punctuation, spaces, signs: what stands between words.
    None,
}

fn script(c: char) -> Script {
    match c {
        '〇' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => Script::Han,
        '\u{20000}'..='\u{323af}' => Script::Han,
        c if c.is_alphanumeric() => Script::Other,
        _ => Script::None,
    }
}

/// Every term in a text, in its order.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        let script = script(first);
        let mut run = vec![start];
        while let Some((at, _)) = chars.next_if(|(_, c)| self::script(*c) == script) {
            run.push(at);
        }
        let end = chars.peek().map_or(text.len(), |(at, _)| *at);
        match script {
            Script::Han => {
                run.push(end);
                pairs(text, &run, &mut words);
            }
            Script::Other if (2..=LONGEST_WORD).contains(&run.len()) => words.push(&text[start..end]),
            Script::Other | Script::None => {}
        }
    }
    words
}

/// The pairs of neighbours in a run of Han characters, given by the places where each begins and the last one ends.
fn pairs<'a>(text: &'a str, run: &[usize], words: &mut Vec<&'a str>) {
    let characters = run.len() - 1;
    let mut at = 0;
    // The neighbour on the left, if nothing was cut away between.
    let mut left = None;
    while at < characters {
        let longest = empty::LONGEST.min(characters - at);
        let cut = (1..=longest).rev().find_map(|n| {
            let word = &text[run[at]..run[at + n]];
            Some((word, n, empty::cut(word)?))
        });
        match cut {
            Some((word, characters, cut)) => {
                if cut == Cut::Setting {
                    words.push(word);
                }
                at += characters;
                left = None;
            }
            None => {
                if let Some(left) = left {
                    words.push(&text[left..run[at + 1]]);
                }
                left = Some(run[at]);
                at += 1;
            }
        }
    }
}
