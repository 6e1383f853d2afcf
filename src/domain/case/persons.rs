//! Which fields of an event name a person: the one place. Every form is taken apart without `..`, so that a new field
//! does not compile until it is said here whether it holds a person's data.
//!
//! Free texts (title, body, reasons, answers, summaries, file names) are the public record itself and are left as they
//! are; so are departments, committees and delegations, which are no persons.

use super::{submission::Amendment, *};
use crate::domain::{
    actor::Author,
    ids::UserId,
    ladder::{Addressee, Cause},
};

/// Whose text it is, as far as the event tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    User(UserId),
    Deputy(DeputyId),
    /// Somebody whom a form names by what was typed, and nothing more.
    Named,
}

/// Sees a person's text, and says what is to stand in its place; `None` leaves it.
pub type Visit<'a> = dyn FnMut(&Subject, &str) -> Option<String> + 'a;

/// Something that may name persons. An error is a replacement that the field cannot hold.
trait Persons {
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String>;
}

impl Recorded {
    /// Shows every person's text of the event and of its author, in the order in which they are stored.
    ///
    /// # Errors
    /// When a replacement does not fit the field.
    pub fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        let Recorded { version: _, occurred_on: _, recorded_at: _, author, event } = self;
        author.persons(visit);
        event.persons(visit)
    }
}

impl Author {
    /// Shows the author's name. The office itself, which has no account, is no person.
    pub fn persons(&mut self, visit: &mut Visit<'_>) {
        let Author { user, name, role: _ } = self;
        if !user.0.is_nil()
            && let Some(other) = visit(&Subject::User(*user), name)
        {
            *name = other;
        }
    }
}

impl Persons for DeputyRef {
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        let DeputyRef { id, name } = self;
        if let Some(other) = visit(&Subject::Deputy(*id), name) {
            *name = other;
        }
        Ok(())
    }
}

impl Persons for Reader {
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        let Reader { user, name } = self;
        if let Some(other) = visit(&Subject::User(*user), name) {
            *name = other;
        }
        Ok(())
    }
}

/// A name, or a way to reach somebody, that was typed into a form.
impl Persons for Line {
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        if let Some(other) = visit(&Subject::Named, self) {
            *self = Line::parse(&other)?;
        }
        Ok(())
    }
}

impl<T: Persons> Persons for Option<T> {
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        self.iter_mut().try_for_each(|it| it.persons(visit))
    }
}

impl<T: Persons> Persons for Vec<T> {
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        self.iter_mut().try_for_each(|it| it.persons(visit))
    }
}

/// Forms that name nobody: taken apart all the same, so that a new field of theirs is looked at.
macro_rules! nobody {
    ($($form:ident { $($field:ident),* $(,)? })*) => {
        $(impl Persons for $form {
            fn persons(&mut self, _: &mut Visit<'_>) -> Result<(), String> {
                let $form { $($field: _),* } = self;
                Ok(())
            }
        })*
    };
}

nobody! {
    Amendment { title, body, category, asks, kind }
    PolicyRef { id, version }
    CorrectionRequest { reason, points }
    DecliningForm { ground, explanation, passed_on_to }
    Number { sequence, text }
    MotionDecision { outcome, meeting, committee, reason }
    MotionReport { outcome, text, meeting }
    CaseRef { id, number, title }
    DispatchForm { note }
    DepartmentRef { id, name, channel }
    HandBack { reason, proposed_department }
    HandBackDecision { granted, reason, share_dropped }
    ExtensionDecision { granted, reason }
    ProgressNote { text, audience }
    OpinionText { text }
    OpinionRejection { reason }
    EvaluationForm { attitude, result, text, on_behalf_of }
    CommitmentReport { progress, text, evidence, attachments }
    CommitmentJudgement { confirmed, text }
    ChangeAsked { kind, due_on, department, reason }
    ChangeDecision { granted, reason }
    ConfidentialityForm { confidential, reason }
    PublicationForm { publicity, summary, ground }
    FileFacts { name, media_type, size, sha256, purpose, confidential }
    AskAnswer { ask, class, text }
    NoticeAnswer { done, finished_by }
    NoticeDecision { accepted, reason, answer_by }
    Cause { matter, assignment, commitment, since }
    JoinedOpinion { id, received_on, station, topic, excerpt }
    RecommendationRef { id, kind, organ, number, day }
}

impl Persons for Draft {
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        let Draft {
            id: _,
            congress: _,
            kind: _,
            title: _,
            body: _,
            category: _,
            lead,
            co_signers,
            invited,
            asks: _,
            delegation: _,
            lead_delegation: _,
            converted_from: _,
        } = self;
        lead.persons(visit)?;
        co_signers.persons(visit)?;
        invited.persons(visit)
    }
}

impl Persons for Handler {
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        let Handler { department, part: _, note: _, binding: _ } = self;
        department.persons(visit)
    }
}

impl Persons for ConsultationRecord {
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        let ConsultationRecord { day: _, way: _, deputies: _, by, summary: _ } = self;
        by.persons(visit)
    }
}

impl Persons for ReplyLetter {
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        let ReplyLetter {
            class: _,
            text: _,
            document_number: _,
            signer,
            contact,
            publicity: _,
            opinions_stated: _,
            answers,
            commitments,
            interim: _,
        } = self;
        signer.persons(visit)?;
        contact.persons(visit)?;
        answers.persons(visit)?;
        commitments.persons(visit)
    }
}

impl Persons for Commitment {
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        let Commitment { text: _, due_on: _, responsible } = self;
        responsible.persons(visit)
    }
}

impl Persons for KeyCaseForm {
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        let KeyCaseForm { meeting: _, supervisor, supervised_by, plan: _ } = self;
        supervisor.persons(visit)?;
        supervised_by.persons(visit)
    }
}

impl Persons for NoticeIssue {
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        let NoticeIssue { document, rung: _, step: _, cause, due: _, to, reason: _, answer_by: _, leader } =
            self;
        document.persons(visit)?;
        cause.persons(visit)?;
        to.persons(visit)?;
        leader.persons(visit)
    }
}

impl Persons for Addressee {
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        match self {
            Addressee::Department { assignment: _, commitment: _, department } => department.persons(visit),
            Addressee::Deputy { deputy } => deputy.persons(visit),
            Addressee::Committee | Addressee::GovernmentOffice => Ok(()),
        }
    }
}

impl Persons for Leader {
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        let Leader { title: _, name } = self;
        name.persons(visit)
    }
}

impl Persons for Revisit {
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        let Revisit { number: _, record, class_before: _, class_after: _, on: _ } = self;
        let RevisitRecord {
            day: _,
            way: _,
            people,
            finding: _,
            evidence: _,
            outcome: _,
            class: _,
            reopen: _,
            campaign: _,
            findings: _,
            attachments: _,
            supervision_order: _,
            next_on: _,
        } = record;
        people.persons(visit)
    }
}

impl Persons for Event {
    fn persons(&mut self, visit: &mut Visit<'_>) -> Result<(), String> {
        match self {
            Event::Drafted(draft) => draft.persons(visit),
            Event::Amended(amendment) => amendment.persons(visit),
            Event::CoSignersInvited { deputies } | Event::VisitorsNamed { campaign: _, deputies } => {
                deputies.persons(visit)
            }
            Event::OpinionsJoined { opinions } => opinions.persons(visit),
            Event::RecommendationTaken { recommendation } => recommendation.persons(visit),
            Event::CoSignerRemoved { deputy }
            | Event::CoSignatureGiven { deputy }
            | Event::CoSignatureDeclined { deputy, reason: _ }
            | Event::WithdrawalAnswered { deputy, agrees: _ } => deputy.persons(visit),
            Event::Submitted { session: _, origin: _, policy } | Event::PolicyAdopted { policy } => {
                policy.persons(visit)
            }
            Event::ReturnedForCorrection { asked } => asked.persons(visit),
            Event::Declined { form, clause: _ } => form.persons(visit),
            Event::Registered { number } => number.persons(visit),
            Event::MotionDecided { decision, suggestion: _ } => decision.persons(visit),
            Event::MotionReported { report, suggestion: _ } => report.persons(visit),
            Event::Merged { into: case } | Event::Joined { case } | Event::Parted { from: case } => {
                case.persons(visit)
            }
            Event::Dispatched { form } => form.persons(visit),
            Event::Assigned { handlers, policy } => {
                handlers.persons(visit)?;
                policy.persons(visit)
            }
            Event::HandBackRequested { assignment: _, hand_back } => hand_back.persons(visit),
            Event::HandBackDecided { assignment: _, decision } => decision.persons(visit),
            Event::ExtensionDecided { assignment: _, decision } => decision.persons(visit),
            Event::Consulted { assignment: _, record } => record.persons(visit),
            Event::ProgressNoted { assignment: _, note } => note.persons(visit),
            Event::OpinionGiven { assignment: _, opinion } => opinion.persons(visit),
            Event::OpinionRejected { assignment: _, rejection } => rejection.persons(visit),
            Event::ReplyDrafted { assignment: _, letter }
            | Event::Replied { assignment: _, letter, occasion: _ } => letter.persons(visit),
            Event::Evaluated { deputy, counts: _, form } => {
                deputy.persons(visit)?;
                form.persons(visit)
            }
            Event::CommitmentReported { commitment: _, report } => report.persons(visit),
            Event::CommitmentJudged { commitment: _, judgement } => judgement.persons(visit),
            Event::CommitmentChangeAsked { commitment: _, asked } => asked.persons(visit),
            Event::CommitmentChangeDecided { commitment: _, decision } => decision.persons(visit),
            Event::KeyCaseChosen { form, clause: _ } => form.persons(visit),
            Event::ConfidentialityDecided { form } => form.persons(visit),
            Event::ReadersNamed { readers, reason: _ } => readers.persons(visit),
            Event::PublicationDecided { form } => form.persons(visit),
            Event::Attached { file, assignment: _ } => file.persons(visit),
            Event::Revisited(revisit) => revisit.persons(visit),
            Event::NoticeIssued { notice } => notice.persons(visit),
            Event::NoticeAnswered { notice: _, urged: _, answer } => answer.persons(visit),
            Event::NoticeDecided { notice: _, urged: _, decision } => decision.persons(visit),
            Event::Accepted { assignment: _ }
            | Event::HandedToSuccessor { from: _, to: _ }
            | Event::ExtensionRequested { assignment: _, until: _, reason: _ }
            | Event::ReplySentBack { assignment: _, reason: _ }
            | Event::EvaluationReminded
            | Event::ReworkOrdered { reason: _ }
            | Event::DissatisfactionSettled { reason: _ }
            | Event::KeyCaseReleased { reason: _ }
            | Event::Closed
            | Event::WithdrawalAsked { reason: _ }
            | Event::Withdrawn { reason: _ } => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// Every event that can name a person, with 某 in each field that does.
    fn events() -> Value {
        let deputy = json!({"id": "018d1000-0000-7000-8000-0000000000bb", "name": "某代表"});
        let letter = json!({
            "class": "A", "text": "正文", "document_number": "吴交〔2024〕12号", "signer": "某签发人",
            "contact": "某联系人 2030405", "publicity": "full", "opinions_stated": "采纳会办意见",
            "answers": [{"ask": 1, "class": "A", "text": "已办"}],
            "commitments": [{"text": "修好", "due_on": "2024-12-31", "responsible": "某责任人"}],
        });
        json!([
            {"type": "drafted", "id": "018d1000-0000-7000-8000-000000000001", "congress": "330502",
             "kind": "suggestion", "title": "标题", "body": "正文", "category": null, "lead": deputy,
             "co_signers": [deputy], "invited": [deputy]},
            {"type": "co_signers_invited", "deputies": [deputy]},
            {"type": "visitors_named", "campaign": "018d1000-0000-7000-8000-0000000000cc", "deputies": [deputy]},
            {"type": "co_signer_removed", "deputy": deputy},
            {"type": "co_signature_given", "deputy": deputy},
            {"type": "co_signature_declined", "deputy": deputy, "reason": "另有建议"},
            {"type": "consulted", "assignment": 1,
             "record": {"day": "2024-03-01", "way": "visit", "by": "某经办人", "summary": "当面"}},
            {"type": "reply_drafted", "assignment": 1, "letter": letter},
            {"type": "replied", "assignment": 1, "letter": letter},
            {"type": "evaluated", "deputy": deputy, "counts": true,
             "form": {"attitude": "satisfied", "result": "satisfied"}},
            {"type": "key_case_chosen", "clause": "第一条",
             "form": {"meeting": "主任会议", "supervisor": "某副主任", "supervised_by": "某工委", "plan": "督办"}},
            {"type": "readers_named", "readers": [{"user": "018d1000-0000-7000-8000-0000000000aa", "name": "某经办人"}]},
            {"type": "notice_issued", "notice": {
                "document": {"sequence": 3, "text": "督办单〔2024〕3号"}, "rung": "supervision_order",
                "to": {"kind": "deputy", "deputy": deputy}, "reason": "逾期", "leader": {"title": "分管副主任", "name": "某领导"}}},
            {"type": "withdrawal_answered", "deputy": deputy, "agrees": true},
            {"type": "revisited", "number": 1, "class_before": "B", "class_after": "A", "on": "2024-09-01",
             "record": {"day": "2024-09-01", "way": "visit", "people": ["某走访人", "某居民"], "finding": "已修",
                        "outcome": "upheld", "reopen": false}},
        ])
    }

    #[test]
    fn every_text_of_a_person_is_shown_and_replaced() {
        let events: Vec<Event> = serde_json::from_value(events()).expect("events are read");
        for mut event in events {
            let named = serde_json::to_string(&event).expect("an event is written").matches('某').count();
            let mut seen = 0;
            let visit = &mut |_: &Subject, text: &str| {
                assert!(text.starts_with('某'), "{text}");
                seen += 1;
                Some("换".to_owned())
            };
            event.persons(visit).expect("the replacement fits");
            let written = serde_json::to_string(&event).expect("an event is written");
            assert!(named > 0 && seen == named && !written.contains('某'), "{written}");
        }
    }
}
