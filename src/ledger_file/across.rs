//! What only shows when all rows are seen together.

use std::collections::HashMap;

use super::headings::Layout;
use super::row::Draft;
use super::text::fold;
use super::{Column, Kind, Problem};

/// More rows than this are not named one by one.
const NAMED: usize = 5;

/// Marks rows that contradict others as unsound and says why.
pub(super) fn check(drafts: &mut [Draft], layout: &Layout, problems: &mut Vec<Problem>) {
    check_numbers(drafts, layout, problems);
    check_class_words(drafts, layout, problems);
}

fn check_numbers(drafts: &mut [Draft], layout: &Layout, problems: &mut Vec<Problem>) {
    let Some(place) = layout.find(Column::Number) else { return };
    let mut bearers: HashMap<(Kind, String), Vec<usize>> = HashMap::new();
    for (index, draft) in drafts.iter().enumerate() {
        if !draft.kind_unread && !draft.row.number.is_empty() {
            bearers.entry((draft.row.kind, fold(&draft.row.number))).or_default().push(index);
        }
    }
    for ((kind, _), bearers) in bearers.into_iter().filter(|(_, bearers)| bearers.len() > 1) {
        for &index in &bearers {
            let others: Vec<_> = bearers.iter().filter(|&&other| other != index).collect();
            let named: Vec<_> =
                others.iter().take(NAMED).map(|&&other| drafts[other].row.row.to_string()).collect();
            let more = if others.len() > NAMED { "等" } else { "" };
            let row = &drafts[index].row;
            let detail = format!(
                "{}编号“{}”与第 {}{more} 行重复；同类编号只能用一次",
                kind.name(),
                row.number,
                named.join("、")
            );
            problems.push(Problem::new(row.row, place, &row.number, detail));
            drafts[index].sound = false;
        }
    }
}

/// Where a congress has four classes, "planned" is C and "for reference" D; with three they are B and C. A
/// ledger that uses D leaves open which is meant.
fn check_class_words(drafts: &mut [Draft], layout: &Layout, problems: &mut Vec<Problem>) {
    let Some(place) = layout.find(Column::ResultClass) else { return };
    if !drafts.iter().any(|draft| draft.class_word.is_some_and(|class| class.letter == "D")) {
        return;
    }
    for draft in drafts {
        let Some(class) = draft.class_word.filter(|class| class.depends) else { continue };
        let detail = "本台账用到 D 类，四类制下这个词的类别与三类制不同；请改填字母 A、B、C 或 D";
        problems.push(Problem::new(draft.row.row, place, class.word, detail));
        draft.sound = false;
    }
}
