//! Recommendations between organs 司法/检察建议双向转化: entered, made a suggestion; a case passed on to the procuratorate, and
//! what that decided.

use super::{Source, admitted};
use crate::{
    domain::{
        actor::{Actor, Author},
        day::Day,
        gate::{self, Operation},
        ids::{CaseId, DeputyId, RecommendationId},
        station::recommendation::{
            LeadDecision, LeadForm, ReceivedForm, Recommendation, RecommendationEvent,
        },
        text::{Body, Line, Note, Title},
        words::{Kind, RecommendationKind},
    },
    office::{Caller, Fault, NewDraft, Office, Precondition, directory, perform::up_to_date},
    store::{Db, Touch, cases, recommendations},
};
use serde::Deserialize;
use std::sync::Arc;

/// A recommendation as the caller may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownRecommendation {
    pub recommendation: Recommendation,
    /// Whether the caller may open its case; if not, neither the case nor what was written of it is told.
    pub opens_case: bool,
}

/// A suggestion to be made from a recommendation.
#[derive(Clone, Debug, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    /// The recommendation's own title if left out.
    #[serde(default)]
    pub title: Option<Title>,
    /// The recommendation's own text if left out.
    #[serde(default)]
    pub body: Option<Body>,
    /// 类别
    #[serde(default)]
    pub category: Option<Line>,
    #[serde(default)]
    pub asks: Vec<Note>,
    #[serde(default)]
    pub co_signers: Vec<DeputyId>,
    /// 领衔代表, whose signed paper it is.
    pub lead: DeputyId,
}

impl Office {
    pub async fn enter_recommendation(
        &self,
        caller: &Caller,
        form: ReceivedForm,
    ) -> Result<ShownRecommendation, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::KeepRecommendations)?;
                if form.kind == RecommendationKind::Lead {
                    return Err(Fault::invalid(
                        "/kind",
                        "须为检察建议或者司法建议；线索移送另行登记",
                        "must be `procuratorial` or `judicial`; a lead is entered under `/v1/leads`",
                    ));
                }
                if form.day > office.today() {
                    return Err(Fault::invalid("/day", "不得晚于今天", "must not lie in the future"));
                }
                if let Some(id) = form.addressee {
                    directory::department(db, &congress, id, "/addressee")?;
                }
                let event = RecommendationEvent::Received { form: form.clone() };
                office.recommendation_begins(db, &actor, &caller, event)
            })
            .await
    }

    /// Passes a case on to the procuratorate.
    pub async fn pass_on_case(&self, caller: &Caller, form: LeadForm) -> Result<ShownRecommendation, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::KeepRecommendations)?;
                let case = cases::load(db, &congress, form.case)?;
                let open = case.is_some_and(|case| gate::open(&actor, &case, Operation::GetCase).is_ok());
                if !open {
                    return Err(Fault::invalid(
                        "/case",
                        "没有可以移送的这一件",
                        "no such case that you may open",
                    ));
                }
                let event = RecommendationEvent::PassedOn { form: form.clone() };
                office.recommendation_begins(db, &actor, &caller, event)
            })
            .await
    }

    /// Enters what the procuratorate decided on a lead.
    pub async fn decide_lead(
        &self,
        caller: &Caller,
        id: RecommendationId,
        precondition: Precondition,
        parse: Arc<dyn Fn() -> Result<LeadDecision, Fault> + Send + Sync>,
    ) -> Result<ShownRecommendation, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::KeepRecommendations)?;
                let found = recommendations::find(db, &congress, id)?.ok_or(Fault::NotFound)?;
                let before = shown(db, &actor, found)?;
                if before.recommendation.lead.is_none() || !before.opens_case {
                    return Err(Fault::NotFound);
                }
                up_to_date(precondition, before.recommendation.version)?;
                let on = office.today();
                let event = before.recommendation.decided(parse()?, on)?;
                let by = (caller.request_id.as_str(), caller.address.as_deref());
                let after = office.recommendation_goes_on(
                    db,
                    before.recommendation,
                    event,
                    actor.author(),
                    on,
                    by,
                )?;
                shown(db, &actor, after)
            })
            .await
    }

    /// That a recommendation is there to be converted, and what a suggestion made from it says.
    pub async fn convertible(
        &self,
        caller: &Caller,
        id: RecommendationId,
        precondition: Precondition,
    ) -> Result<ReceivedForm, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let (_, congress) = admitted(db, &caller, Operation::KeepRecommendations)?;
                let found = recommendations::find(db, &congress, id)?.ok_or(Fault::NotFound)?;
                let version = found.version;
                let form = found.received.ok_or(Fault::NotFound)?;
                up_to_date(precondition, version)?;
                Ok(form)
            })
            .await
    }

    /// A page of them, newest first; of one case where it is named.
    pub async fn recommendations(
        &self,
        caller: &Caller,
        case: Option<CaseId>,
        after: Option<RecommendationId>,
        limit: i64,
    ) -> Result<Vec<ShownRecommendation>, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ReadRecommendations)?;
                if let Some(id) = case {
                    let Some(case) = cases::load(db, &congress, id)? else { return Ok(Vec::new()) };
                    if gate::open(&actor, &case, Operation::GetCase).is_err() {
                        return Ok(Vec::new());
                    }
                }
                let found = recommendations::list(db, &congress, case, after, limit)?;
                found.into_iter().map(|it| shown(db, &actor, it)).collect()
            })
            .await
    }

    pub async fn recommendation(
        &self,
        caller: &Caller,
        id: RecommendationId,
    ) -> Result<ShownRecommendation, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ReadRecommendations)?;
                let found = recommendations::find(db, &congress, id)?.ok_or(Fault::NotFound)?;
                shown(db, &actor, found)
            })
            .await
    }

    fn recommendation_begins(
        &self,
        db: &mut Db,
        actor: &Actor,
        caller: &Caller,
        event: RecommendationEvent,
    ) -> Result<ShownRecommendation, Fault> {
        let congress = actor.congress.clone().ok_or(Fault::NotFound)?;
        let id = RecommendationId(self.fresh_id());
        let moved = self.moved(event, 1, actor.author(), self.today());
        let by = (caller.request_id.as_str(), caller.address.as_deref());
        self.record_moved(db, &congress, id.0, &moved, by)?;
        let begun = Recommendation::begin(&congress, id, &moved).ok_or(Fault::NotFound)?;
        recommendations::insert(db, &begun)?;
        shown(db, actor, begun)
    }

    pub(super) fn recommendation_goes_on(
        &self,
        db: &mut Db,
        before: Recommendation,
        event: RecommendationEvent,
        author: Author,
        on: Day,
        by: (&str, Option<&str>),
    ) -> Result<Recommendation, Fault> {
        let (version, congress) = (before.version, before.congress.clone());
        let moved = self.moved(event, version + 1, author, on);
        self.record_moved(db, &congress, before.id.0, &moved, by)?;
        let after = before.after(&moved);
        recommendations::replace(db, &after, version)?;
        Ok(after)
    }
}

impl Conversion {
    /// The draft, and what it is made from.
    pub fn parts(self, id: RecommendationId, from: &ReceivedForm) -> (NewDraft, Source) {
        let Conversion { title, body, category, asks, co_signers, lead } = self;
        let title = title.unwrap_or_else(|| from.title.clone());
        let body = body.unwrap_or_else(|| from.text.clone());
        let (kind, lead) = (Kind::Suggestion, Some(lead));
        let draft = NewDraft { kind, title, body, category, asks, co_signers, delegation: None, lead };
        (draft, Source::Recommendation(id))
    }
}

/// What a case is linked with is told to who may open the case: of a lead to a confidential one nothing is left but that
/// there is one, like the case in a list.
fn shown(db: &mut Db, actor: &Actor, it: Recommendation) -> Result<ShownRecommendation, Fault> {
    let opens_case = match it.case {
        Some(id) => cases::load(db, &it.congress, id)?
            .is_some_and(|case| gate::open(actor, &case, Operation::GetCase).is_ok()),
        None => true,
    };
    Ok(ShownRecommendation { recommendation: it, opens_case })
}
