//! A new case begins as its lead signer's draft.

use super::{
    Answer, Caller, Fault, Office, directory, order::Key, order::Render, perform::actor, stations::Source,
};
use crate::{
    domain::{
        actor::{Actor, Role},
        case::{
            Case, Command, Context, Draft, Event, MOST_CO_SIGNERS, Refusal, Submission, few_asks,
            procedure::Hand,
        },
        day::Day,
        gate::{self, Denied},
        ids::{CaseId, CongressId, DeputyId},
        say::Say,
        text::{Body, Line, Note, Title},
        words::{Kind, Origin},
    },
    store::{Db, StoreError, Touch, directory as filed},
};
use chrono::NaiveDateTime;
use serde::Deserialize;
use std::sync::Arc;

/// A case to be written.
#[derive(Clone, Debug, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    pub kind: Kind,
    #[schema(example = "关于改善老旧小区停车难问题的建议")]
    pub title: Title,
    pub body: Body,
    /// 类别, e.g. 城建环保
    #[serde(default)]
    pub category: Option<Line>,
    /// What is asked for, point by point 逐条; each gets an answer of its own.
    #[serde(default)]
    pub asks: Vec<Note>,
    /// 附议代表: invited by a deputy, who is then to hear from each; on paper they have signed.
    #[serde(default)]
    pub co_signers: Vec<DeputyId>,
    /// The delegation 代表团 whose head the lead signer is, where it submits in its own name.
    #[serde(default)]
    pub delegation: Option<Line>,
    /// 领衔代表; only staff who enter paper name one, a deputy leads his own.
    #[serde(default)]
    pub lead: Option<DeputyId>,
}

impl Office {
    /// Opens a draft. `parse` yields the body once the caller is known to be entitled.
    pub async fn draft(
        &self,
        caller: Caller,
        key: Option<Key>,
        occurred_on: Option<Day>,
        parse: Arc<dyn Fn() -> Result<NewDraft, Fault> + Send + Sync>,
        render: Render,
    ) -> Result<Answer, Fault> {
        let parse = Arc::new(move || Ok::<_, Fault>((parse()?, Source::Nothing)));
        self.draft_from(caller, key, occurred_on, parse, render).await
    }

    /// Opens a draft that is made from something: what it was is told in the case's history, and links to the case.
    pub async fn draft_from(
        &self,
        caller: Caller,
        key: Option<Key>,
        occurred_on: Option<Day>,
        parse: Arc<dyn Fn() -> Result<(NewDraft, Source), Fault> + Send + Sync>,
        render: Render,
    ) -> Result<Answer, Fault> {
        let office = self.clone();
        self.store
            .write(Touch::Nothing, move |db| {
                office.draft_in(db, &caller, key.as_ref(), occurred_on, &*parse, render)
            })
            .await
    }

    /// Where a case that is handed in on a day is filed.
    pub fn submission_on(&self, db: &mut Db, congress: &CongressId, day: Day) -> Result<Submission, Fault> {
        let Some(session) = filed::session_on(db, congress, day)? else {
            return Err(Fault::Refused(Refusal::new(
                "no_session",
                Say::new(
                    format!("{day} 不在已登记的任何会议或闭会期间内"),
                    format!("{day} lies in no session, nor between two, that the congress has entered"),
                ),
                &[Hand::Committee],
            )));
        };
        let corrupt = |reason: String| StoreError::corrupt("sessions", &session.id, reason);
        let origin = session.origin.parse().map_err(corrupt)?;
        Ok(Submission {
            session: session.id.parse().map_err(|e: &str| corrupt(e.to_owned()))?,
            origin,
            motions_open: origin == Origin::InSession && self.before_closing(session.motions_until, day),
        })
    }

    /// The same for a case that comes back corrected: it stays in the session that it was handed in to.
    pub fn submission_of(&self, db: &mut Db, case: &Case, day: Day) -> Result<Submission, Fault> {
        let now = self.submission_on(db, &case.congress, day)?;
        match (&case.session, case.origin) {
            (Some(session), Some(origin)) => {
                let motions_open = now.motions_open && now.session == *session;
                Ok(Submission { session: session.clone(), origin, motions_open })
            }
            _ => Ok(now),
        }
    }

    /// Whether motions were still taken: to the minute today, to the day for paper that arrives late.
    fn before_closing(&self, motions_until: Option<NaiveDateTime>, day: Day) -> bool {
        let Some(until) = motions_until.map(|until| until.and_utc()) else { return true };
        match day == self.today() {
            true => self.now() <= until,
            false => day <= Day::at(until),
        }
    }

    fn draft_in(
        &self,
        db: &mut Db,
        caller: &Caller,
        key: Option<&Key>,
        occurred_on: Option<Day>,
        parse: &dyn Fn() -> Result<(NewDraft, Source), Fault>,
        render: Render,
    ) -> Result<Answer, Fault> {
        let actor = actor(db, caller)?;
        let paper = gate::may_write(&actor).map_err(|denied| match denied {
            Denied::NotYours => Fault::Forbidden(Say::new(
                "只有代表可以提出议案和建议；代表工委和代表团工作人员可以代录",
                "deputies write motions and suggestions; the committee and delegations' secretaries may enter them from paper",
            )),
            denied => denied.into(),
        })?;
        let congress = paper.congress.clone();
        self.once(db, &actor, key, |db| {
            let on = self.effective_day(&actor, occurred_on)?;
            let id = CaseId(self.fresh_id());
            let policy = self.congress_policy(db, &congress)?;
            let (draft, source) = parse()?;
            let mut events = vec![Event::Drafted(named(db, &actor, congress.clone(), id, draft)?)];
            events.extend(self.told_source(db, &actor, &congress, &source)?);
            let drafted = self.dress(events.clone(), 0, &actor, on);
            let case = Case::fold(&drafted).ok_or(Fault::NotFound)?;
            if let Some(entitled) = paper.hands_in(&case) {
                let submission = self.submission_on(db, &congress, on)?;
                let context = Context { actor: &actor, on, policy, calendar: &self.books.calendar };
                events.extend(entitled.decide(Command::Submit(submission), context)?);
            }
            let recorded = self.dress(events, 0, &actor, on);
            let case = Case::fold(&recorded).ok_or(Fault::NotFound)?;
            self.record(db, None, &recorded, &case, policy, &caller.request_id)?;
            self.link_source(db, &actor, caller, (&congress, id), on, &source)?;
            Ok(Answer {
                status: 201,
                location: Some(format!("/v1/cases/{id}")),
                ..Answer::of(&actor, &case, render)
            })
        })
    }
}

fn named(
    db: &mut Db,
    actor: &Actor,
    congress: CongressId,
    id: CaseId,
    draft: NewDraft,
) -> Result<Draft, Fault> {
    let lead = match (&actor.role, draft.lead) {
        (Role::Deputy { deputy }, None) => (*deputy, ""),
        (Role::Deputy { deputy }, Some(lead)) if lead == *deputy => (lead, "/lead"),
        (Role::Deputy { .. }, Some(_)) => {
            return Err(Fault::invalid(
                "/lead",
                "代表本人领衔，不填此项",
                "a deputy leads his own; leave this out",
            ));
        }
        (_, Some(lead)) => (lead, "/lead"),
        (_, None) => {
            return Err(Fault::invalid(
                "/lead",
                "代录须写明领衔代表",
                "name the lead signer whose paper it is",
            ));
        }
    };
    let pointer = lead.1;
    let lead = directory::deputy(db, &congress, lead.0, pointer)?;
    let lead_delegation = filed::deputy(db, &congress, lead.id)?.and_then(|deputy| deputy.delegation);
    if let Role::DelegationSecretary { delegation } = &actor.role
        && lead_delegation.as_ref() != Some(delegation)
    {
        return Err(Fault::invalid(
            pointer,
            "只能代录本代表团代表领衔的议案、建议",
            "only papers led by a deputy of your own delegation",
        ));
    }
    of_his_own(db, &congress, lead.id, draft.delegation.as_ref())?;
    few_asks(&draft.asks)?;
    if draft.co_signers.len() > MOST_CO_SIGNERS {
        return Err(Fault::invalid("/co_signers", "附议代表过多", "too many co-signers"));
    }
    let mut co_signers = Vec::with_capacity(draft.co_signers.len());
    for (index, co_signer) in draft.co_signers.iter().enumerate() {
        let pointer = format!("/co_signers/{index}");
        if *co_signer == lead.id || draft.co_signers[..index].contains(co_signer) {
            return Err(Fault::invalid(pointer, "该代表已列名", "is named already"));
        }
        co_signers.push(directory::deputy(db, &congress, *co_signer, &pointer)?);
    }
    // What a deputy names is a wish until the other has confirmed.
    let (co_signers, invited) = match actor.role {
        Role::Deputy { .. } => (Vec::new(), co_signers),
        _ => (co_signers, Vec::new()),
    };
    Ok(Draft {
        id,
        congress,
        kind: draft.kind,
        title: draft.title,
        body: draft.body,
        category: draft.category,
        lead,
        co_signers,
        invited,
        asks: draft.asks,
        delegation: draft.delegation,
        lead_delegation: lead_delegation.and_then(|name| Line::parse(&name).ok()),
        converted_from: None,
    })
}

/// A delegation submits through one of its own.
fn of_his_own(
    db: &mut Db,
    congress: &CongressId,
    lead: DeputyId,
    delegation: Option<&Line>,
) -> Result<(), Fault> {
    let Some(delegation) = delegation else { return Ok(()) };
    let own = filed::deputy(db, congress, lead)?.and_then(|deputy| deputy.delegation);
    match own.as_deref() == Some(&**delegation) {
        true => Ok(()),
        false => Err(Fault::invalid(
            "/delegation",
            format!("须为领衔代表所在代表团（{}）", own.as_deref().unwrap_or("未登记")),
            format!(
                "must be the lead signer's own delegation ({})",
                own.as_deref().unwrap_or("none is entered")
            ),
        )),
    }
}
