//! What the two are compared by: the same words about a case, from the program's state and from the reference's.

use super::reference::Case;
use jianyi::domain::{
    case::{self, Invited},
    gate::Seen,
    words::Invitation,
};
use std::fmt::Write;

/// One department's part, in words.
struct Part {
    part: &'static str,
    standing: &'static str,
    since: String,
    /// Binding, asked to hand back, opinion given, draft waiting, draft sent back.
    marks: [bool; 5],
}

struct Facts {
    stage: &'static str,
    version: i64,
    latest: String,
    class: String,
    counts: [usize; 20],
    marks: [bool; 10],
    extension: Option<Option<bool>>,
    asked: Vec<&'static str>,
    parts: Vec<Part>,
    verdict: Option<&'static str>,
    published: Option<&'static str>,
}

impl Facts {
    fn written(&self) -> String {
        let mut text = format!(
            "{} v{} on {} class {} verdict {} published {}",
            self.stage,
            self.version,
            self.latest,
            self.class,
            self.verdict.unwrap_or("-"),
            self.published.unwrap_or("-"),
        );
        let names = [
            "signed",
            "letters",
            "judged",
            "promises",
            "reports",
            "reworks",
            "settled",
            "files",
            "joined",
            "talks",
            "notes",
            "readers",
            "notices",
            "answers",
            "struck_off",
            "wishes",
            "moves",
            "dropped",
            "holders",
            "kept",
        ];
        for (name, count) in names.iter().zip(self.counts).filter(|(_, count)| *count > 0) {
            let _ = write!(text, " {name}:{count}");
        }
        let names = [
            "motion",
            "handed_in",
            "numbered",
            "dispatched",
            "given_out",
            "key",
            "confidential",
            "wish",
            "led",
            "revisited",
        ];
        for (name, _) in names.iter().zip(self.marks).filter(|(_, it)| *it) {
            let _ = write!(text, " {name}");
        }
        if let Some(extension) = self.extension {
            let _ = write!(text, " extension {extension:?}");
        }
        let _ = write!(text, " asked[{}]", self.asked.join(","));
        for Part { part, standing, since, marks } in &self.parts {
            let _ = write!(text, " [{part} {standing} since {since}");
            let names = ["binding", "asked_back", "opinion", "draft", "sent_back"];
            for (name, _) in names.iter().zip(marks).filter(|(_, it)| **it) {
                let _ = write!(text, " {name}");
            }
            text.push(']');
        }
        text
    }
}

/// The program's case.
pub fn of_case(seen: Seen<&case::Case>) -> String {
    let case = seen.case();
    let parts = case.assignments.iter().map(|it| Part {
        part: it.part.id(),
        standing: it.standing.id(),
        since: it.assigned_on.to_string(),
        marks: [
            it.binding,
            it.hand_back.is_some(),
            it.opinion.is_some(),
            it.draft.is_some(),
            it.draft.as_ref().is_some_and(|d| d.sent_back.is_some()),
        ],
    });
    let answer = |it: &Invited| match it.standing {
        Invitation::Invited => "waits",
        Invitation::Confirmed => "signed",
        Invitation::Declined => "declined",
        Invitation::Lapsed => "lapsed",
    };
    Facts {
        stage: case.stage.id(),
        version: case.version,
        latest: case.latest_on.to_string(),
        class: case.class.clone().unwrap_or_default(),
        counts: [
            case.co_signers.len(),
            case.replies.len(),
            case.evaluations.len(),
            case.commitments.len(),
            case.commitments.iter().map(|p| p.reports.len()).sum(),
            case.reworks.len(),
            case.settled.len(),
            case.attachments.len(),
            case.joined.len(),
            case.consultations.len(),
            case.notes.len(),
            case.confidential.as_ref().map_or(0, |it| it.readers.len()),
            case.notices.len(),
            case.notices.iter().map(|it| it.answers.len()).sum(),
            case.notices.iter().filter(|it| it.closed_on.is_some()).count(),
            case.commitments.iter().map(|p| p.changes.len()).sum(),
            case.commitments.iter().map(|p| p.moves()).sum(),
            case.commitments.iter().filter(|p| p.dropped_on().is_some()).count(),
            case.commitments.iter().map(|p| p.holders.len()).sum(),
            case.commitments.iter().filter(|p| p.is_kept()).count(),
        ],
        marks: [
            case.kind == jianyi::domain::words::Kind::Motion,
            case.submitted_on.is_some(),
            case.number.is_some(),
            case.dispatched_on.is_some(),
            case.assigned_on.is_some(),
            case.is_key(),
            case.confidential.is_some(),
            case.withdrawal_asked.is_some(),
            case.merged_into.is_some(),
            !case.revisits.is_empty(),
        ],
        extension: case.extension.as_ref().map(|e| e.decided.as_ref().map(|d| d.granted)),
        asked: case.invitations.iter().map(answer).collect(),
        parts: parts.collect(),
        verdict: case.counted_evaluation().map(|it| it.id()),
        published: case.publication.as_ref().map(|it| it.form.publicity.id()),
    }
    .written()
}

/// The reference's.
pub fn of_reference(case: &Case) -> String {
    use super::reference::Answer;
    let parts = case.jobs.iter().map(|it| Part {
        part: it.part.id(),
        standing: it.standing.id(),
        since: it.since.to_string(),
        marks: [
            it.binding,
            it.asked_back,
            it.opinion,
            it.draft.is_some(),
            it.draft.as_ref().is_some_and(|d| d.sent_back),
        ],
    });
    let answer = |it: &(usize, Answer)| match it.1 {
        Answer::Waits => "waits",
        Answer::Signed => "signed",
        Answer::Declined => "declined",
        Answer::Lapsed => "lapsed",
    };
    Facts {
        stage: case.stage.id(),
        version: case.history.len() as i64,
        latest: case.latest.to_string(),
        class: case.class.unwrap_or_default().to_owned(),
        counts: [
            case.signed.len(),
            case.letters.len(),
            case.judged.len(),
            case.promises.len(),
            case.promises.iter().map(|p| p.reports).sum(),
            case.reworks,
            case.settled.len(),
            case.files.len(),
            case.joined.len(),
            case.talks,
            case.notes,
            case.confidential.as_ref().map_or(0, Vec::len),
            case.notices.len(),
            case.notices.iter().map(|it| it.answers).sum(),
            case.notices.iter().filter(|it| it.closed).count(),
            case.promises.iter().map(|p| p.wishes).sum(),
            case.promises.iter().map(|p| p.moves).sum(),
            case.promises.iter().filter(|p| p.dropped).count(),
            case.promises.iter().map(|p| p.holders).sum(),
            case.promises.iter().filter(|p| p.kept()).count(),
        ],
        marks: [
            case.motion,
            case.handed_in,
            case.numbered,
            case.dispatched,
            case.given_out.is_some(),
            case.key,
            case.confidential.is_some(),
            case.wish.is_some(),
            case.leader.is_some(),
            case.revisits > 0,
        ],
        extension: case.extension.as_ref().map(|e| e.granted),
        asked: case.asked.iter().map(answer).collect(),
        parts: parts.collect(),
        verdict: case.verdict().map(|it| it.id()),
        published: case.published.map(|it| it.id()),
    }
    .written()
}
