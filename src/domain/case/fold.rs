//! The fold: what each event leaves behind. `Case::begin` and `Case::after` are the only ways to make a case.

use super::{dissatisfaction::rework_ordered, *};
use crate::domain::holding::TurnNow;

impl Case {
    /// The case as its first event left it; `None` if that event does not begin a case.
    pub fn begin(first: &Recorded) -> Option<Case> {
        let Event::Drafted(draft) = &first.event else { return None };
        let mut case = Case {
            id: draft.id,
            congress: draft.congress.clone(),
            version: 1,
            marks: Vec::new(),
            stage: Stage::Draft,
            kind: draft.kind,
            title: draft.title.clone(),
            body: draft.body.clone(),
            category: draft.category.clone(),
            asks: draft.asks.clone(),
            lead: draft.lead.clone(),
            co_signers: draft.co_signers.clone(),
            invitations: Vec::new(),
            delegation: draft.delegation.clone(),
            lead_delegation: draft.lead_delegation.clone(),
            converted_from: draft.converted_from,
            opinions: Vec::new(),
            recommendation: None,
            session: None,
            origin: None,
            policy: None,
            number: None,
            corrections: Vec::new(),
            declined: None,
            motion: Vec::new(),
            merged_into: None,
            joined: Vec::new(),
            latest_on: first.occurred_on,
            submitted_on: None,
            registered_on: None,
            dispatched_on: None,
            assigned_on: None,
            assignments: Vec::new(),
            empty_shares: 0,
            extension: None,
            consultations: Vec::new(),
            notes: Vec::new(),
            replies: Vec::new(),
            answered_on: None,
            class: None,
            classes: Vec::new(),
            commitments: Vec::new(),
            evaluations: Vec::new(),
            reminded_on: None,
            reworks: Vec::new(),
            settled: Vec::new(),
            key_case: None,
            confidential: None,
            publication: None,
            attachments: Vec::new(),
            closed_on: None,
            withdrawal_asked: None,
            withdrawn_on: None,
            revisits: Vec::new(),
            notices: Vec::new(),
            visits: Vec::new(),
            turns: Turns::default(),
        };
        cosigning::invited(&mut case, &draft.invited, first.occurred_on);
        mark::noted(&mut case, 1, &first.event);
        Some(case)
    }

    /// The case after one more event.
    pub fn after(mut self, recorded: &Recorded) -> Case {
        let on = recorded.occurred_on;
        self.version += 1;
        if recorded.event.is_step() {
            self.latest_on = on;
        }
        let author = &recorded.author;
        let case = &mut self;
        mark::noted(case, case.version, &recorded.event);
        match &recorded.event {
            Event::Drafted(_) => {}
            Event::Amended(amendment) => submission::amended(case, amendment),
            Event::OpinionsJoined { opinions } => source::opinions_joined(case, opinions),
            Event::RecommendationTaken { recommendation } => {
                source::recommendation_taken(case, recommendation);
            }
            Event::CoSignersInvited { deputies } => cosigning::invited(case, deputies, on),
            Event::CoSignerRemoved { deputy } => cosigning::removed(case, deputy.id),
            Event::CoSignatureGiven { deputy } => cosigning::confirmed(case, deputy, on),
            Event::CoSignatureDeclined { deputy, reason } => {
                cosigning::declined(case, deputy, reason.as_ref(), on);
            }
            Event::Submitted { session, origin, policy } => {
                submission::submitted(case, session, *origin, policy, on);
            }
            Event::ReturnedForCorrection { asked } => examination::returned(case, asked, on),
            Event::Declined { form, clause } => examination::declined(case, form, clause, on),
            Event::Registered { number } => {
                case.stage = Stage::Registered;
                case.registered_on = Some(on);
                case.number = Some(number.clone());
            }
            Event::MotionDecided { decision, suggestion } => motion::decided(case, decision, *suggestion, on),
            Event::MotionReported { report, suggestion } => motion::reported(case, report, *suggestion, on),
            Event::Merged { into } => case.merged_into = Some(into.clone()),
            Event::Joined { case: joined } => case.joined.push(joined.clone()),
            Event::Parted { .. } => case.merged_into = None,
            Event::Dispatched { .. } => assignment::dispatched(case, on),
            Event::Assigned { handlers, policy } => assignment::assigned(case, handlers, policy, on),
            Event::Accepted { assignment } => assignment::accepted(case, *assignment, on),
            Event::HandBackRequested { assignment, hand_back } => {
                hand_back::requested(case, *assignment, hand_back, on);
            }
            Event::HandBackDecided { assignment, decision } => {
                hand_back::decided(case, *assignment, decision, on);
            }
            Event::ExtensionRequested { assignment, until, reason } => {
                extension::requested(case, *assignment, *until, reason, on);
            }
            Event::ExtensionDecided { decision, .. } => extension::decided(case, decision, on),
            Event::Consulted { assignment, record } => consultation::consulted(case, *assignment, record, on),
            Event::ProgressNoted { assignment, note } => {
                handling::noted(case, *assignment, note, &author.name, on);
            }
            Event::OpinionGiven { assignment, opinion } => opinion::given(case, *assignment, opinion, on),
            Event::OpinionRejected { assignment, rejection } => {
                opinion::rejected(case, *assignment, &rejection.reason, on);
            }
            Event::ReplyDrafted { assignment, letter } => {
                handling::drafted(case, *assignment, letter, (author.user, &author.name), on);
            }
            Event::ReplySentBack { assignment, reason } => handling::sent_back(case, *assignment, reason),
            Event::Replied { assignment, letter, occasion } => {
                reply::replied(case, *assignment, letter, occasion, on);
            }
            Event::Evaluated { deputy, counts, form } => {
                evaluation::evaluated(case, deputy, *counts, form, &author.role, on);
            }
            Event::EvaluationReminded => case.reminded_on = Some(on),
            Event::ReworkOrdered { reason } => rework_ordered(case, reason.as_ref(), on),
            Event::DissatisfactionSettled { reason } => dissatisfaction::settled(case, reason, on),
            Event::CommitmentReported { commitment, report } => {
                commitment::reported(case, *commitment, report, on);
            }
            Event::CommitmentJudged { commitment, judgement } => {
                commitment::judged(case, *commitment, judgement, on);
            }
            Event::CommitmentChangeAsked { commitment, asked } => {
                commitment_change::asked(case, *commitment, asked, on);
            }
            Event::CommitmentChangeDecided { commitment, decision } => {
                commitment_change::decided(case, *commitment, decision, on);
            }
            Event::HandedToSuccessor { from, to } => succession::handed(case, from, to, on),
            Event::KeyCaseChosen { form, clause } => key_case::chosen(case, form, clause, on),
            Event::KeyCaseReleased { reason } => key_case::released(case, reason),
            Event::ConfidentialityDecided { form } => publication::confidentiality(case, form, author, on),
            Event::ReadersNamed { readers, .. } => publication::readers_named(case, readers),
            Event::PublicationDecided { form } => publication::decided(case, form, on),
            Event::Attached { file, assignment } => {
                attachment::attached(case, file, *assignment, &author.name, on);
            }
            Event::Closed => {
                case.stage = Stage::Closed;
                case.closed_on = Some(on);
            }
            Event::WithdrawalAsked { reason } => withdrawal::asked(case, reason, on),
            Event::WithdrawalAnswered { deputy, agrees } => withdrawal::answered(case, deputy, *agrees),
            Event::Withdrawn { .. } => withdrawal::withdrawn(case, on),
            Event::Revisited(revisit) => revisit::revisited(case, revisit),
            Event::NoticeIssued { notice } => notice::issued(case, notice, author, on),
            Event::NoticeAnswered { notice, answer, .. } => {
                notice::answered(case, *notice, answer, &author.name, on);
            }
            Event::NoticeDecided { notice, decision, .. } => notice::decided(case, *notice, decision, on),
            Event::VisitorsNamed { campaign, deputies } => visit::named(case, *campaign, deputies),
            Event::PolicyAdopted { policy } => case.policy = Some(policy.clone()),
        }
        if recorded.event.is_step() {
            let turn = TurnNow::of(case);
            case.turns.passed(turn, on);
        }
        self
    }

    /// The whole history folded; `None` if it does not begin with a draft.
    pub fn fold<'e>(history: impl IntoIterator<Item = &'e Recorded>) -> Option<Case> {
        let mut history = history.into_iter();
        let first = Case::begin(history.next()?)?;
        Some(history.fold(first, Case::after))
    }
}
