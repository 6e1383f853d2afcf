//! What a report tells of a case beyond its figures, read from its history as of the report's days.

use super::Fault;
use crate::{
    annual::year::Title,
    domain::{
        case::{Case, KeyCaseForm, Reply, Revisit},
        day::Day,
        figures::AsOf,
        ids::{CaseId, CongressId},
        reports::Body,
        words::{Outcome, Publicity},
    },
    store::{Db, StoreError, ledger},
};

/// How much of an answer is told as a reason, in characters.
const REASON: usize = 200;

pub(super) struct CaseFile {
    pub title: Title,
    /// Why it is not resolved, by the letter in force; none where that is not to be published.
    pub reason: Option<String>,
    pub revisits: Vec<Seen>,
    pub key_case: Option<KeyCaseForm>,
}

/// What a revisit found.
pub(super) struct Seen {
    pub day: Day,
    pub outcome: Outcome,
    pub class_before: Option<String>,
    pub class_after: Option<String>,
    pub finding: Option<String>,
}

/// A case that the report counts, as it was told on the report's days. What is confidential, or was made so since, keeps
/// its words to itself.
pub(super) fn case_file(
    db: &mut Db,
    congress: &CongressId,
    id: CaseId,
    report: &Body,
) -> Result<CaseFile, Fault> {
    let history = ledger::history(db, congress, id, 0, i64::MAX)?;
    let as_of = AsOf { true_on: report.true_on, known_on: report.known_on };
    // As the report's figures were folded: days only move forward along a history.
    let then = history
        .iter()
        .take_while(|it| as_of.covers(AsOf { true_on: it.occurred_on, known_on: Day::at(it.recorded_at) }));
    let missing = || StoreError::corrupt("reports", id, "it counts a case that was not there");
    let case = Case::fold(then).ok_or_else(missing)?;
    let now = Case::fold(&history).ok_or_else(missing)?;
    let open = case.confidential.is_none() && now.confidential.is_none();
    let seen = |it: &Revisit| Seen {
        day: it.record.day,
        outcome: it.record.outcome,
        class_before: it.class_before.clone(),
        class_after: it.class_after.clone(),
        finding: open.then(|| it.record.finding.to_string()),
    };
    Ok(CaseFile {
        title: if open { Title::Open(case.title.to_string()) } else { Title::Withheld },
        reason: reason(&case).filter(|_| open),
        revisits: case.revisits.iter().map(seen).collect(),
        key_case: case.key_case.as_ref().filter(|it| it.released.is_none()).map(|it| it.form.clone()),
    })
}

/// What the letter in force says: that of the class that holds, where several departments answer each for its part.
fn reason(case: &Case) -> Option<String> {
    let letters = || case.replies.iter().rev().filter(|it| !it.letter.interim && !it.is_replaced(case));
    let of_class = |it: &&Reply| it.letter.class == case.class;
    let Some(reply) = letters().find(of_class).or_else(|| letters().next()) else {
        return Some(format!("{}，尚未答复", case.stage.zh()));
    };
    (reply.letter.publicity != Publicity::None).then(|| told(&reply.letter.text))
}

fn told(text: &str) -> String {
    match text.char_indices().nth(REASON) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}……（详见答复函）", &text[..end]),
    }
}
