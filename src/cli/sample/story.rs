//! Telling a story: people act on days, through the office's counter like everybody else.

use crate::{
    domain::{
        case::{
            Case, Command, FileFacts, MotionDecision,
            procedure::{Action, Target},
        },
        day::Day,
        gate::Operation,
        ids::{CaseId, MembershipId, OpinionId},
        text::Line,
        words::{MotionOutcome, Purpose},
    },
    files::{Digest, Kind},
    office::{Build, Caller, Clock, Fault, NewDraft, Office, Order, Precondition, Who, stations::Source},
    store::people,
};
use bytes::Bytes;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use std::sync::Arc;

/// The office, with a clock that the story turns.
pub struct Teller {
    office: Office,
    clock: Clock,
}

/// A case of the story.
#[derive(Clone, Copy)]
pub struct Told {
    pub id: CaseId,
}

impl Teller {
    pub fn new(office: &Office) -> Teller {
        let clock = Clock::turned(DateTime::<Utc>::UNIX_EPOCH);
        Teller { office: office.with_clock(clock.clone()), clock }
    }

    pub fn office(&self) -> &Office {
        &self.office
    }

    /// Turns the clock to the forenoon of a day, in Shanghai.
    pub fn turn(&self, day: Day, minute: u32) {
        let forenoon =
            day.date().and_time(NaiveTime::MIN).and_utc() + TimeDelta::minutes(i64::from(60 + minute % 300));
        self.clock.turn(forenoon);
    }

    pub async fn draft(&self, who: MembershipId, draft: NewDraft) -> Result<Told, Fault> {
        self.draft_from(who, draft, Vec::new()).await
    }

    /// A draft that is made from residents' opinions, if there are any.
    pub async fn draft_from(
        &self,
        who: MembershipId,
        draft: NewDraft,
        opinions: Vec<OpinionId>,
    ) -> Result<Told, Fault> {
        let source = if opinions.is_empty() { Source::Nothing } else { Source::Opinions(opinions) };
        let parse = Arc::new(move || Ok((draft.clone(), source.clone())));
        let answer =
            self.office.draft_from(caller(who), None, None, parse, |seen| seen.case().id.to_string()).await?;
        let id = answer.body.parse().map_err(|_| Fault::NotFound)?;
        Ok(Told { id })
    }

    /// Everybody who was asked signs.
    pub async fn co_signed(&self, told: &Told, signers: &[MembershipId]) -> Result<(), Fault> {
        for signer in signers {
            self.act(told, *signer, Command::CoSign).await?;
        }
        Ok(())
    }

    /// The presidium makes a motion a suggestion, which the story goes on with.
    pub async fn converted(&self, told: &Told, who: MembershipId, meeting: &str) -> Result<Told, Fault> {
        let id = CaseId(self.office.fresh_id());
        let decision = MotionDecision {
            outcome: MotionOutcome::Conversion,
            meeting: Line::parse(meeting).map_err(|e| Fault::invalid("", e.clone(), e))?,
            committee: None,
            reason: None,
        };
        self.act(told, who, Command::DecideMotion(decision, id)).await?;
        Ok(Told { id })
    }

    /// Somebody takes a step that needs no look into the books.
    pub async fn act(&self, told: &Told, who: MembershipId, command: Command) -> Result<(), Fault> {
        let target = command.target();
        self.take(told, who, target, Arc::new(move |_, _| Ok(command.clone()))).await
    }

    /// The case as somebody reads it now.
    pub async fn read(&self, told: &Told, who: MembershipId) -> Result<Case, Fault> {
        Ok(self.office.show(&caller(who), told.id, Operation::GetCase).await?.case().clone())
    }

    pub async fn submit(&self, told: &Told, who: MembershipId) -> Result<(), Fault> {
        let build: Build = Arc::new(|desk, case: &Case| {
            Ok(Command::Submit(desk.office.submission_of(desk.db, case, desk.on)?))
        });
        self.take(told, who, Target::case(Action::Submit), build).await
    }

    pub async fn register(&self, told: &Told, who: MembershipId) -> Result<(), Fault> {
        let build: Build = Arc::new(|desk, case: &Case| {
            let number = desk.office.next_number(desk.db, case)?;
            Ok(Command::Register(crate::domain::case::Registration { number }))
        });
        self.take(told, who, Target::case(Action::Register), build).await
    }

    /// The committee's leader names, by their accounts, who may read a confidential case.
    pub async fn name_readers(
        &self,
        told: &Told,
        who: MembershipId,
        accounts: &'static [&'static str],
    ) -> Result<(), Fault> {
        let build: Build = Arc::new(move |desk, case: &Case| {
            let mut named = Vec::with_capacity(accounts.len());
            for account in accounts {
                let user = people::by_username(desk.db, account)?.ok_or(Fault::NotFound)?;
                named.push(user.id.parse().map_err(|_| Fault::NotFound)?);
            }
            Ok(Command::NameReaders(desk.readers(&case.congress, &named)?, None))
        });
        self.take(told, who, Target::case(Action::NameReaders), build).await
    }

    /// Somebody attaches a text.
    pub async fn attach(
        &self,
        told: &Told,
        who: MembershipId,
        name: &str,
        purpose: Purpose,
        content: &'static str,
    ) -> Result<(), Fault> {
        let bytes = Bytes::from_static(content.as_bytes());
        let kind = Kind::tell(&bytes).map_err(|why| Fault::invalid("", why.zh(), why.en()))?;
        let command = Command::Attach(FileFacts {
            name: Line::parse(name).map_err(|e| Fault::invalid("", e.clone(), e))?,
            media_type: kind.media_type.to_owned(),
            size: bytes.len() as u64,
            sha256: Digest::of(&bytes).to_string(),
            purpose,
            confidential: false,
        });
        let order = ordered(told, who, command.target(), Arc::new(move |_, _| Ok(command.clone())));
        self.office.attach(order, bytes).await?;
        Ok(())
    }

    async fn take(&self, told: &Told, who: MembershipId, target: Target, build: Build) -> Result<(), Fault> {
        self.office.perform(ordered(told, who, target, build)).await?;
        Ok(())
    }
}

fn ordered(told: &Told, who: MembershipId, target: Target, build: Build) -> Order {
    Order {
        caller: caller(who),
        case: told.id,
        target,
        precondition: Precondition::Any,
        key: None,
        occurred_on: None,
        build,
        render: |_| String::new(),
        trial: false,
    }
}

pub fn caller(who: MembershipId) -> Caller {
    Caller { who: Who::Membership(who), request_id: "sample".to_owned(), address: None }
}
