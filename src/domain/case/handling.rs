//! What happens inside the department while it handles a case: notes on the progress 办理进展, and the sign-off of
//! the letter 拟稿、审签.

use super::{Case, Context, Event, Refusal, Rejection, ReplyLetter, procedure::Hand, reply};
use crate::domain::{day::Day, ids::UserId, say::Say, text::Note, words::Audience};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgressNote {
    pub text: Note,
    /// `department` keeps it inside; `everybody` shows it to whoever sees the case.
    pub audience: Audience,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Noted {
    pub assignment: u32,
    pub note: ProgressNote,
    pub by: String,
    pub on: Day,
}

/// A letter that waits for its signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReplyDraft {
    pub letter: ReplyLetter,
    /// Who wrote this version; somebody else signs it.
    pub by: UserId,
    pub by_name: String,
    pub on: Day,
    /// Why the approver sent it back.
    pub sent_back: Option<Note>,
}

impl ReplyDraft {
    /// Whether a letter that went out is this draft, under whoever's name.
    pub(super) fn is_of(&self, letter: &ReplyLetter) -> bool {
        let signed = ReplyLetter { signer: letter.signer.clone(), ..self.letter.clone() };
        signed == *letter
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendingBack {
    pub reason: Note,
}

pub(super) fn draft(
    case: &Case,
    assignment: u32,
    letter: ReplyLetter,
    context: Context<'_>,
) -> Result<Event, Rejection> {
    reply::holds(case, assignment, &letter, context)?;
    Ok(Event::ReplyDrafted { assignment, letter })
}

/// The letter goes out as it was drafted, under the approver's name.
pub(super) fn sign(case: &Case, assignment: u32, context: Context<'_>) -> Result<Event, Rejection> {
    let draft = case.assignment(assignment).and_then(|it| it.draft.clone());
    let Some(draft) = draft.filter(|draft| draft.sent_back.is_none()) else {
        return Err(nothing_to_sign().into());
    };
    if draft.by == context.actor.user {
        return Err(Refusal::new(
            "signer_is_author",
            Say::new("签发人不得是本稿的拟稿人", "whoever drafted this version cannot sign it"),
            &[Hand::Approver],
        )
        .into());
    }
    let mut letter = draft.letter;
    if letter.signer.is_none() {
        letter.signer = crate::domain::text::Text::parse(&context.actor.name).ok();
    }
    reply::reply(case, assignment, letter, context)
}

/// For steps that need a letter that waits.
pub(super) fn nothing_to_sign() -> Refusal {
    Refusal::new(
        "nothing_to_sign",
        Say::new("没有待签发的答复稿", "no draft of a reply waits for a signature"),
        &[Hand::LeadHandler],
    )
}

pub(super) fn noted(case: &mut Case, assignment: u32, note: &ProgressNote, by: &str, on: Day) {
    case.notes.push(Noted { assignment, note: note.clone(), by: by.to_owned(), on });
}

pub(super) fn drafted(
    case: &mut Case,
    assignment: u32,
    letter: &ReplyLetter,
    (by, by_name): (UserId, &str),
    on: Day,
) {
    if let Some(it) = case.assignment_mut(assignment) {
        let by_name = by_name.to_owned();
        it.draft = Some(ReplyDraft { letter: letter.clone(), by, by_name, on, sent_back: None });
    }
}

pub(super) fn sent_back(case: &mut Case, assignment: u32, reason: &Note) {
    if let Some(draft) = case.assignment_mut(assignment).and_then(|it| it.draft.as_mut()) {
        draft.sent_back = Some(reason.clone());
    }
}
