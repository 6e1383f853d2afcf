//! Publication 公开 and confidentiality 保密: what residents may read, and what nobody may publish.

use super::{Case, Context, Event, Refusal, Rejection, Reply, at_most, guard::missing, procedure::Hand};
use crate::domain::{
    actor::{Author, Role},
    day::Day,
    ids::UserId,
    personal,
    policy::Publication,
    text::{Body, Note},
    words::{Publicity, Stage},
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The committee's decision on what is public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicationForm {
    pub publicity: Publicity,
    /// What is shown instead of the full texts; needed with `summary`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Body>,
    /// Why it is not public, with the legal ground; needed with `none`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<Note>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Published {
    pub form: PublicationForm,
    pub on: Day,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfidentialityForm {
    pub confidential: bool,
    /// E.g. that the deputy asked for it, or that the matter is a state or business secret.
    pub reason: Note,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Confidentiality {
    pub reason: Note,
    pub on: Day,
    /// Who of the offices may read it; its signers, the committee's leaders and the auditors do.
    #[serde(default)]
    pub readers: Vec<Reader>,
}

/// Somebody who is named to read a confidential case 知悉人员.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reader {
    pub user: UserId,
    pub name: String,
}

/// All of them anew; an empty list leaves the case to its signers, the committee's leaders and the auditors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadersForm {
    pub readers: Vec<UserId>,
    #[serde(default)]
    pub reason: Option<Note>,
}

impl Confidentiality {
    pub fn is_read_by(&self, user: UserId) -> bool {
        self.readers.iter().any(|reader| reader.user == user)
    }
}

pub(super) fn decide(case: &Case, form: PublicationForm) -> Result<Event, Rejection> {
    match (&form.publicity, &form.summary, &form.ground) {
        (Publicity::Summary, None, _) => {
            return Err(Rejection::invalid("/summary", "摘要公开须附摘要", "a summary is needed"));
        }
        (Publicity::None, _, None) => {
            return Err(Rejection::invalid(
                "/ground",
                "不公开须写明法律依据和理由",
                "say on which legal ground it is not public",
            ));
        }
        _ => {}
    }
    let kept_back = case.replies_kept_back();
    if form.publicity == Publicity::Full && kept_back {
        return Err(Rejection::invalid(
            "/publicity",
            "承办单位的答复注明不全文公开；可摘要公开",
            "the department's reply is not for full publication; publish a summary",
        ));
    }
    let found = form.summary.as_deref().map(personal::find).unwrap_or_default();
    if let Some(first) = found.first() {
        return Err(Rejection::invalid(
            "/summary",
            format!("摘要含有个人信息（{}），请删去", first.kind.zh()),
            format!("the summary holds personal data ({}); remove it", first.kind.id()),
        ));
    }
    Ok(Event::PublicationDecided { form })
}

/// The deputy may ask for it before the case goes out; only the committee lifts it.
pub(super) fn decide_confidentiality(
    case: &Case,
    form: ConfidentialityForm,
    context: Context<'_>,
) -> Result<Event, Rejection> {
    if form.confidential == case.confidential.is_some() {
        return Err(Rejection::invalid("/confidential", "与现状相同", "is so already"));
    }
    if !form.confidential && matches!(context.actor.role, Role::Deputy { .. }) {
        return Err(Rejection::invalid(
            "/confidential",
            "解除保密由代表工委决定",
            "only the committee lifts confidentiality",
        ));
    }
    Ok(Event::ConfidentialityDecided { form })
}

pub(super) fn decided(case: &mut Case, form: &PublicationForm, on: Day) {
    case.publication = Some(Published { form: form.clone(), on });
}

pub(super) fn is_confidential(case: &Case) -> Result<(), Refusal> {
    match &case.confidential {
        Some(_) => Ok(()),
        None => Err(missing(
            "not_confidential",
            "本件未列为保密件，不必指定知悉人员",
            "the case is not confidential; nobody need be named",
            &[Hand::Committee],
        )),
    }
}

pub(super) fn name_readers(
    case: &Case,
    readers: Vec<Reader>,
    reason: Option<Note>,
) -> Result<Event, Rejection> {
    at_most("/readers", readers.len())?;
    if case.confidential.as_ref().is_some_and(|it| it.readers == readers) {
        return Err(Rejection::invalid("/readers", "与现状相同", "is so already"));
    }
    Ok(Event::ReadersNamed { readers, reason })
}

pub(super) fn confidentiality(case: &mut Case, form: &ConfidentialityForm, by: &Author, on: Day) {
    // Who of the committee decides it knows the case, and goes on working on it.
    let knows = by.role == Role::STAFF.id();
    let reader = Reader { user: by.user, name: by.name.clone() };
    case.confidential = form.confidential.then(|| Confidentiality {
        reason: form.reason.clone(),
        on,
        readers: if knows { vec![reader] } else { Vec::new() },
    });
}

pub(super) fn readers_named(case: &mut Case, readers: &[Reader]) {
    if let Some(it) = &mut case.confidential {
        it.readers = readers.to_vec();
    }
}

impl Case {
    fn replies_kept_back(&self) -> bool {
        let kept = |r: &Reply| !r.letter.interim && r.letter.publicity != Publicity::Full;
        self.replies.iter().any(|r| kept(r) && !r.is_replaced(self))
    }

    /// How much of the case residents may read. A confidential one never, nor one that is not answered.
    pub fn public(&self, publish: Publication) -> Publicity {
        let answered = matches!(self.stage, Stage::Replied | Stage::Rework | Stage::Closed);
        if self.confidential.is_some() || !answered {
            return Publicity::None;
        }
        match (&self.publication, publish) {
            (Some(decided), _) => decided.form.publicity,
            // What the department itself kept back waits for the committee.
            (None, Publication::OnceAnswered) if !self.replies_kept_back() => Publicity::Full,
            (None, _) => Publicity::None,
        }
    }

    /// The letters that residents may read of a case that is public in full: final ones, in the version that holds.
    ///
    /// One whose department keeps it back stays out even then: it may have come after the committee decided.
    pub fn public_replies(&self) -> impl Iterator<Item = &Reply> {
        let open = |r: &&Reply| !r.letter.interim && r.letter.publicity == Publicity::Full;
        self.replies.iter().filter(open).filter(|r| !r.is_replaced(self))
    }

    /// The committee's summary, where there is one.
    pub fn public_summary(&self) -> Option<&Body> {
        self.publication.as_ref().and_then(|decided| decided.form.summary.as_ref())
    }

    /// Title and text as residents may read them, masked. What is not shown must not be found by its words either.
    pub fn public_text(&self, publicity: Publicity) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
        let text = match publicity {
            Publicity::Full => personal::masked(&self.body),
            Publicity::Summary => self.public_summary().map(|s| personal::masked(s)).unwrap_or_default(),
            Publicity::None => return None,
        };
        Some((personal::masked(&self.title), text))
    }
}
