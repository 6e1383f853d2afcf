//! What stands on the letters that go out: the recorded reply, and the notice of acceptance (受理告知书).
//!
//! A letter says what was recorded and nothing else: no greeting or promise is added that nobody signed.

use super::{Caller, Fault, Office, Shown};
use crate::{
    domain::{
        case::{AskAnswer, Case, Commitment, DepartmentRef, Event, Number, Occasion, Reply},
        day::Day,
        gate::{self, Operation, Relation},
        ids::CaseId,
        words::{Channel, Kind},
    },
    letter::{Letter, Section},
    store::{StoreError, directory, ledger},
};
use chrono::Datelike;

/// A letter, and the name to save it under, without extension.
pub struct Posted {
    pub name: String,
    pub letter: Letter,
}

impl Office {
    /// A reply as it was recorded.
    pub async fn reply_letter(&self, caller: &Caller, id: CaseId, number: u32) -> Result<Posted, Fault> {
        let shown = self.show(caller, id, Operation::GetReply).await?;
        let case = shown.case();
        let reply = case.replies.iter().find(|it| it.number == number).ok_or(Fault::NotFound)?;
        let assignment = case.assignment(reply.assignment).ok_or(Fault::NotFound)?;
        let congress = Names::of(&self.congress_name(case).await?);
        let letter = written(case, reply, &assignment.department, &congress, may_call(&shown));
        Ok(Posted { name: format!("{}答复{number}", called(case)), letter })
    }

    /// That the case was accepted, and under which number; there is no notice before it is.
    pub async fn acceptance_notice(&self, caller: &Caller, id: CaseId) -> Result<Posted, Fault> {
        let shown = self.show(caller, id, Operation::GetNotice).await?;
        let case = shown.case();
        let (Some(number), Some(on)) = (&case.number, case.registered_on) else {
            return Err(Fault::NotFound);
        };
        let congress = Names::of(&self.congress_name(case).await?);
        let contact = match may_call(&shown) {
            true => Some(self.registrar(case).await?.unwrap_or_default()),
            false => None,
        };
        let letter = notice(case, number, on, &congress, contact);
        Ok(Posted { name: format!("{}受理告知书", called(case)), letter })
    }

    pub(super) async fn congress_name(&self, case: &Case) -> Result<String, Fault> {
        let id = case.congress.clone();
        let congress = self.store.read(move |db| Ok::<_, Fault>(directory::congress(db, &id)?)).await?;
        let missing = || StoreError::corrupt("congresses", &case.congress, "a case names it");
        Ok(congress.ok_or_else(missing)?.name)
    }

    /// Who registered the case; nobody, where it came from an old ledger.
    async fn registrar(&self, case: &Case) -> Result<Option<String>, Fault> {
        let (congress, id) = (case.congress.clone(), case.id);
        let history =
            self.store.read(move |db| Ok::<_, Fault>(ledger::history(db, &congress, id, 0, i64::MAX)?));
        let mut events = history.await?.into_iter();
        let registered = events.find(|it| matches!(it.event, Event::Registered { .. }));
        Ok(registered
            .map(|it| it.author)
            .filter(|author| author.role.starts_with("committee"))
            .map(|it| it.name))
    }
}

/// The offices that a letter names, after the congress: 湖州市吴兴区人民代表大会.
pub(super) struct Names {
    /// The congress's name without 人民代表大会.
    pub place: String,
    pub committee: String,
    pub government: String,
}

impl Names {
    pub fn of(congress: &str) -> Names {
        let place = congress.strip_suffix("人民代表大会").unwrap_or(congress);
        Names {
            place: place.to_owned(),
            committee: format!("{place}人大常委会代表工作委员会"),
            government: format!("{place}人民政府办公室"),
        }
    }
}

/// Telephone numbers are for those who have to do with the case, not for everybody who reads about it.
fn may_call(shown: &Shown) -> bool {
    matches!(
        gate::relation(&shown.actor, shown.case()),
        Some(Relation::Signs(_) | Relation::Oversees { .. } | Relation::Handles { .. })
    )
}

/// The number, or what it is before it has one.
pub(super) fn called(case: &Case) -> String {
    case.number.as_ref().map_or_else(|| noun(case).to_owned(), |number| number.text.to_string())
}

fn noun(case: &Case) -> &'static str {
    match case.kind {
        Kind::Motion => "议案",
        Kind::Suggestion => "建议",
    }
}

/// Everybody who signed, the lead signer first. A case that is handled with others has a letter of its own, so that
/// each group of signers is written to under its own number.
fn signers(case: &Case) -> Vec<String> {
    std::iter::once(&case.lead).chain(&case.co_signers).map(|deputy| deputy.name.clone()).collect()
}

fn written(case: &Case, reply: &Reply, from: &DepartmentRef, congress: &Names, with_contact: bool) -> Letter {
    let letter = &reply.letter;
    let occasion = match &reply.occasion {
        Occasion::Answer => None,
        Occasion::Correction { of, reason } => Some(format!("本函更正第{of}号答复。更正原因：{}", &**reason)),
        Occasion::FollowUp => Some("本函为承诺事项落实后的再次答复。".to_owned()),
    };
    let mut answers: Vec<_> = letter.answers.iter().collect();
    answers.sort_by_key(|answer| answer.ask);
    let asked = answers.into_iter().map(|answer| answered(case, answer));
    let opinions =
        letter.opinions_stated.iter().map(|text| section("会办意见", None, vec![text.to_string()]));
    let promises = (!letter.commitments.is_empty()).then(|| {
        let lines = letter.commitments.iter().zip(1..).map(|(it, number)| promised(number, it, from));
        section("承诺事项", None, lines.collect())
    });
    let title = match letter.interim {
        true => format!("对{}“{}”的阶段性答复", called(case), &*case.title),
        false => format!("对{}“{}”的答复", called(case), &*case.title),
    };
    let government = (from.channel == Channel::Government).then(|| congress.government.clone());
    Letter {
        issuer: from.name.clone(),
        class_mark: letter.class.clone(),
        marking: Some(letter.publicity.zh().to_owned()),
        document_number: letter.document_number.as_ref().map(|it| it.to_string()),
        signer: letter.signer.as_ref().map(|it| it.to_string()),
        title,
        addressees: signers(case),
        paragraphs: occasion.into_iter().chain([letter.text.to_string()]).collect(),
        sections: asked.chain(opinions).chain(promises).collect(),
        closing: Vec::new(),
        date: reply.on.date(),
        contact: letter.contact.as_ref().filter(|_| with_contact).map(|it| it.to_string()),
        copies_to: std::iter::once(congress.committee.clone()).chain(government).collect(),
    }
}

/// One ask, in the deputy's words. Cases that are handled together ask the same, and what was asked is not changed
/// once it was handed in: so a letter that was sent reads the same for ever.
fn answered(case: &Case, answer: &AskAnswer) -> Section {
    let own = case.asks.get(answer.ask.saturating_sub(1) as usize);
    let heading = own.map_or_else(|| format!("第{}项意见", answer.ask), |ask| ask.to_string());
    section(&heading, Some(format!("{}类", answer.class)), vec![answer.text.to_string()])
}

fn promised(number: u32, promise: &Commitment, from: &DepartmentRef) -> String {
    let text = promise.text.trim_end_matches(['。', '；', '.', ';']);
    let responsible = promise.responsible.as_ref().map_or(&*from.name, |it| &**it);
    format!("{number}.{text}（{}前完成，责任单位：{responsible}）。", chinese(promise.due_on))
}

fn notice(case: &Case, number: &Number, on: Day, congress: &Names, contact: Option<String>) -> Letter {
    let submitted = case.submitted_on.map(|day| format!("于{}", chinese(day))).unwrap_or_default();
    let you = if case.co_signers.is_empty() { "您" } else { "您们" };
    let accepted = format!(
        "{you}{submitted}提出的“{}”已收悉，经审核予以受理，于{}立案，编号为：{}。",
        &*case.title,
        chinese(on),
        &*number.text
    );
    Letter {
        issuer: congress.committee.clone(),
        class_mark: None,
        marking: None,
        document_number: None,
        signer: None,
        title: format!("代表{}受理告知书", noun(case)),
        addressees: signers(case),
        paragraphs: vec![accepted],
        sections: Vec::new(),
        closing: Vec::new(),
        date: on.date(),
        contact: contact.map(|name| format!("{}　{name}", congress.committee)),
        copies_to: Vec::new(),
    }
}

fn section(heading: &str, mark: Option<String>, paragraphs: Vec<String>) -> Section {
    Section { heading: heading.to_owned(), mark, paragraphs }
}

/// As the letter writes its own date.
pub(super) fn chinese(day: Day) -> String {
    let date = day.date();
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}
