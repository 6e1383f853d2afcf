//! Telling a story: people act on days, through the office's counter like everybody else.

use crate::{
    domain::{
        case::{
            Case, Command, FileFacts, MotionDecision,
            procedure::{Action, Target},
        },
        day::Day,
        ids::{CaseId, MembershipId},
        text::Line,
        words::{MotionOutcome, Purpose},
    },
    files::{Digest, Kind},
    office::{Answer, Build, Caller, Clock, Fault, NewDraft, Office, Order, Precondition, Who},
};
use bytes::Bytes;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use std::sync::Arc;

/// The office, with a clock that the story turns.
pub struct Teller {
    office: Office,
    clock: Clock,
}

/// A case of the story, and the version that its last act left.
#[derive(Clone, Copy)]
pub struct Told {
    pub id: CaseId,
    version: i64,
}

impl Told {
    /// Another case's act left a trace in this one.
    pub fn moved_on(&mut self) {
        self.version += 1;
    }

    fn follow(&mut self, answer: &Answer) {
        self.version = answer.version.unwrap_or(self.version + 1);
    }
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
        let parse = Arc::new(move || Ok(draft.clone()));
        let answer = self.office.draft(caller(who), None, None, parse, |case, _| case.id.to_string()).await?;
        let id = answer.body.parse().map_err(|_| Fault::NotFound)?;
        Ok(Told { id, version: answer.version.unwrap_or(1) })
    }

    /// Everybody who was asked signs.
    pub async fn co_signed(&self, told: &mut Told, signers: &[MembershipId]) -> Result<(), Fault> {
        for signer in signers {
            self.act(told, *signer, Command::CoSign).await?;
        }
        Ok(())
    }

    /// The presidium makes a motion a suggestion, which the story goes on with.
    pub async fn converted(&self, told: &mut Told, who: MembershipId, meeting: &str) -> Result<Told, Fault> {
        let id = CaseId(self.office.fresh_id());
        let decision = MotionDecision {
            outcome: MotionOutcome::Conversion,
            meeting: Line::parse(meeting).map_err(|e| Fault::invalid("", e.clone(), e))?,
            committee: None,
            reason: None,
        };
        self.act(told, who, Command::DecideMotion(decision, id)).await?;
        // Drafted and submitted in one.
        Ok(Told { id, version: 2 })
    }

    /// Somebody takes a step that needs no look into the books.
    pub async fn act(&self, told: &mut Told, who: MembershipId, command: Command) -> Result<(), Fault> {
        let target = command.target();
        self.take(told, who, target, Arc::new(move |_, _| Ok(command.clone()))).await
    }

    /// The case as somebody reads it now.
    pub async fn read(&self, told: &Told, who: MembershipId) -> Result<Case, Fault> {
        Ok(self.office.show(&caller(who), told.id).await?.case().clone())
    }

    pub async fn submit(&self, told: &mut Told, who: MembershipId) -> Result<(), Fault> {
        let build: Build = Arc::new(|desk, case: &Case| {
            Ok(Command::Submit(desk.office.submission_of(desk.db, case, desk.on)?))
        });
        self.take(told, who, Target::case(Action::Submit), build).await
    }

    pub async fn register(&self, told: &mut Told, who: MembershipId) -> Result<(), Fault> {
        let build: Build = Arc::new(|desk, case: &Case| {
            let number = desk.office.next_number(desk.db, case)?;
            Ok(Command::Register(crate::domain::case::Registration { number }))
        });
        self.take(told, who, Target::case(Action::Register), build).await
    }

    /// Somebody attaches a text.
    pub async fn attach(
        &self,
        told: &mut Told,
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
        told.follow(&self.office.attach(order, bytes).await?);
        Ok(())
    }

    async fn take(
        &self,
        told: &mut Told,
        who: MembershipId,
        target: Target,
        build: Build,
    ) -> Result<(), Fault> {
        told.follow(&self.office.perform(ordered(told, who, target, build)).await?);
        Ok(())
    }
}

fn ordered(told: &Told, who: MembershipId, target: Target, build: Build) -> Order {
    Order {
        caller: caller(who),
        case: told.id,
        target,
        precondition: Precondition::Version(told.version),
        key: None,
        occurred_on: None,
        build,
        render: |_, _| String::new(),
        trial: false,
    }
}

fn caller(who: MembershipId) -> Caller {
    Caller { who: Who::Membership(who), request_id: "sample".to_owned(), address: None }
}
