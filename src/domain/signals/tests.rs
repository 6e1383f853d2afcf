//! What the numbers of the definitions are worth: likeness on letters written by hand, and the marks that find them.

use super::{
    Told,
    kind::Kind,
    likeness::{ALIKE, BANDS, Runs, of_words},
    promise::Moved,
};
use crate::domain::day::Day;
use proptest::prelude::*;
use std::collections::BTreeSet;

const CHARACTERS: [char; 24] = [
    '路', '桥', '车', '站', '水', '电', '学', '校', '医', '院', '镇', '村', '年', '月', '建', '设', '改',
    '造', '资', '金', '规', '划', '实', '施',
];

fn text(of: &[u8]) -> String {
    of.iter().map(|n| CHARACTERS[usize::from(*n) % CHARACTERS.len()]).collect()
}

fn marks_in_common(ours: &Runs, theirs: &Runs) -> usize {
    let set = |runs: &Runs| runs.bands().into_iter().collect::<BTreeSet<_>>();
    set(ours).intersection(&set(theirs)).count()
}

#[test]
fn the_share_is_of_the_runs_that_both_have() {
    let share = |ours: &str, theirs: &str| Runs::of(ours).agree(&Runs::of(theirs));
    assert_eq!(share("今年新建公交站台", "今年新建公交站台"), 100);
    assert_eq!(share("今年新建公交站台", "道路养护资金落实"), 0);
    // Five runs of each are twenty characters less three; one character in the middle is in four of them.
    assert_eq!(share("一二三四五六七八", "一二三四甲六七八"), 20);
    assert_eq!(share("一二三", "一二三"), 0);
    assert_eq!(of_words("振兴路增设两处站台", "振兴路增设两处站台。"), 100);
    assert!(of_words("振兴路增设两处站台", "全区公交专项规划") < 10);
}

/// Marks are kept in databases: another hash would make every stored mark a stranger.
#[test]
fn the_marks_of_a_text_never_change() {
    let bands = Runs::of("今年新建公交站台十处，年内完工").bands();
    assert_eq!((bands[0], bands[BANDS - 1]), (FIRST, LAST));
}

const FIRST: i64 = 3_165_843_724_053_881_095;
const LAST: i64 = -7_559_537_021_628_097_602;

proptest! {
    #[test]
    fn texts_that_are_nearly_equal_share_a_mark(letter in prop::collection::vec(0u8..24, 120..300), changes in prop::collection::vec((0usize..300, 0u8..24), 0..6)) {
        let mut other = letter.clone();
        for (at, with) in changes {
            let at = at % other.len();
            other[at] = with;
        }
        let (ours, theirs) = (Runs::of(&text(&letter)), Runs::of(&text(&other)));
        // One in two hundred at the very limit may be missed; farther up practically none.
        if ours.agree(&theirs) >= ALIKE + 8 {
            prop_assert!(marks_in_common(&ours, &theirs) > 0);
        }
        prop_assert_eq!(ours.agree(&theirs), theirs.agree(&ours));
    }

    #[test]
    fn texts_of_another_matter_share_none(ours in prop::collection::vec(0u8..24, 120..300), theirs in prop::collection::vec(0u8..24, 120..300)) {
        let (ours, theirs) = (Runs::of(&text(&ours)), Runs::of(&text(&theirs)));
        prop_assert!(ours.agree(&theirs) < 30);
        prop_assert_eq!(marks_in_common(&ours, &theirs), 0);
    }
}

#[test]
fn each_kind_is_read_back_from_its_name_and_its_facts() {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let moved = Moved { commitment: 3, moves: 2, dues: vec![day("2024-06-30"), day("2024-09-30")] };
    for kind in Kind::ALL {
        assert_eq!(kind.id().parse(), Ok(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.id());
        assert!(!kind.name().zh.is_empty() && !kind.definition().en.is_empty());
    }
    let told = Told::PromiseMoved { promises: vec![moved] };
    let written = serde_json::to_value(&told).unwrap();
    assert_eq!(written["kind"], told.kind().id());
    assert_eq!(serde_json::from_value::<Told>(written).unwrap(), told);
}
