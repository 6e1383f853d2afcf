//! A suggestion that is made from something: alike opinions become a common suggestion 共性建议, a recommendation a
//! suggestion. The case is a draft like any other (`office/draft.rs`); here stands what it is linked with.

use super::{kept, opinions::seen};
use crate::{
    domain::{
        actor::Actor,
        case::{Event, JoinedOpinion, MOST_OPINIONS, RecommendationRef, Rejection},
        day::Day,
        gate::OpinionSight,
        ids::{CaseId, CongressId, DeputyId, OpinionId, RecommendationId},
        station::opinion::OpinionCommand,
        text::{Body, Line, Note, Title},
        words::Kind,
    },
    office::{Caller, Fault, NewDraft, Office},
    store::{Db, StoreError, recommendations},
};
use serde::Deserialize;
use std::collections::BTreeSet;

/// What a draft is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// What its author thought of himself.
    #[default]
    Nothing,
    Opinions(Vec<OpinionId>),
    Recommendation(RecommendationId),
}

/// A common suggestion to be written.
#[derive(Clone, Debug, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCommonSuggestion {
    #[schema(example = "关于改善菜场周边停车秩序的建议")]
    pub title: Title,
    pub body: Body,
    /// 类别, e.g. 城建环保
    #[serde(default)]
    pub category: Option<Line>,
    /// What is asked for, point by point 逐条.
    #[serde(default)]
    pub asks: Vec<Note>,
    /// 附议代表: invited by a deputy, who is then to hear from each; on paper they have signed.
    #[serde(default)]
    pub co_signers: Vec<DeputyId>,
    /// 领衔代表; only staff who enter paper name one, a deputy leads his own.
    #[serde(default)]
    pub lead: Option<DeputyId>,
    /// The opinions that it is made from: 1 to 100.
    pub opinions: Vec<OpinionId>,
}

impl NewCommonSuggestion {
    /// The draft, and what it is made from.
    pub fn parts(self) -> (NewDraft, Source) {
        let NewCommonSuggestion { title, body, category, asks, co_signers, lead, opinions } = self;
        let kind = Kind::Suggestion;
        let draft = NewDraft { kind, title, body, category, asks, co_signers, delegation: None, lead };
        (draft, Source::Opinions(opinions))
    }
}

impl Office {
    /// The event by which a new case tells what it was made from.
    pub(in crate::office) fn told_source(
        &self,
        db: &mut Db,
        actor: &Actor,
        congress: &CongressId,
        source: &Source,
    ) -> Result<Option<Event>, Fault> {
        match source {
            Source::Nothing => Ok(None),
            Source::Opinions(ids) => self.told_opinions(db, actor, congress, ids).map(Some),
            Source::Recommendation(id) => {
                let found = recommendations::find(db, congress, *id)?.ok_or(Fault::NotFound)?;
                let form = found.received.as_ref().ok_or(Fault::NotFound)?;
                let recommendation = RecommendationRef {
                    id: *id,
                    kind: form.kind,
                    organ: form.organ.clone(),
                    number: form.number.clone(),
                    day: form.day,
                };
                Ok(Some(Event::RecommendationTaken { recommendation }))
            }
        }
    }

    fn told_opinions(
        &self,
        db: &mut Db,
        actor: &Actor,
        congress: &CongressId,
        ids: &[OpinionId],
    ) -> Result<Event, Fault> {
        if ids.is_empty() || ids.len() > MOST_OPINIONS {
            return Err(Fault::invalid(
                "/opinions",
                format!("须为 1 至 {MOST_OPINIONS} 条群众意见"),
                format!("must name 1 to {MOST_OPINIONS} opinions"),
            ));
        }
        let mut opinions = Vec::with_capacity(ids.len());
        let mut named = BTreeSet::new();
        for (index, id) in ids.iter().enumerate() {
            let pointer = format!("/opinions/{index}");
            if !named.insert(*id) {
                return Err(Fault::invalid(pointer, "该意见已列入", "is named already"));
            }
            let unknown = || Fault::invalid(pointer.clone(), "没有这条群众意见", "no such opinion");
            let opinion = kept::find(db, congress, *id)?.ok_or_else(unknown)?;
            let Some((station, OpinionSight::Whole)) = seen(db, actor, &opinion)? else {
                return Err(unknown());
            };
            let corrupt = |e: String| StoreError::corrupt("opinions", *id, e);
            opinions.push(
                JoinedOpinion::new(*id, opinion.received_on, station.name, &opinion.topic, &opinion.text)
                    .map_err(corrupt)?,
            );
        }
        Ok(Event::OpinionsJoined { opinions })
    }

    /// Links back from what the new case was made from.
    pub(in crate::office) fn link_source(
        &self,
        db: &mut Db,
        actor: &Actor,
        caller: &Caller,
        (congress, case): (&CongressId, CaseId),
        on: Day,
        source: &Source,
    ) -> Result<(), Fault> {
        let by = (caller.request_id.as_str(), caller.address.as_deref());
        match source {
            Source::Nothing => Ok(()),
            Source::Opinions(ids) => {
                for (index, id) in ids.iter().enumerate() {
                    let opinion = kept::find(db, congress, *id)?.ok_or(Fault::NotFound)?;
                    let decided = opinion.decide(OpinionCommand::Join(case), on, None);
                    let event = decided.map_err(|rejection| match rejection {
                        Rejection::Refused(refusal) => {
                            Fault::Invalid { pointer: format!("/opinions/{index}"), detail: refusal.missing }
                        }
                        invalid => invalid.into(),
                    })?;
                    self.go_on(db, opinion, event, actor.author(), on, by)?;
                }
                Ok(())
            }
            Source::Recommendation(id) => {
                let found = recommendations::find(db, congress, *id)?.ok_or(Fault::NotFound)?;
                let event = found.convert(case)?;
                self.recommendation_goes_on(db, found, event, actor.author(), on, by)?;
                Ok(())
            }
        }
    }
}
