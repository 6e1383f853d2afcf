//! Revisit campaigns: previewed and opened by the committee, read by who keeps or visits them. `visitors.rs` says who
//! visits what, `closing.rs` is the end, `upkeep.rs` compares what is kept with the ledger.

mod closing;
mod population;
mod upkeep;
mod visitors;

pub use crate::store::campaigns::Asked;
pub use closing::{CampaignReport, Closing, SealedReport};
pub use population::{Candidate, Preview};
pub use visitors::{Assigned, LeftOut, VisitorsForm};

use super::{
    Caller, Desk, Fault, Office, Precondition,
    perform::{admitted, up_to_date},
    walk::filled,
};
use crate::{
    domain::{
        actor::{Actor, Role},
        campaign::{self, Campaign, Criteria, Outcomes, Sample, Visitor},
        case::{Case, Refusal, Revisit},
        day::Day,
        gate::{self, Operation},
        ids::{CampaignId, CaseId, CongressId},
        say::Say,
        text::Title,
        words::Follows,
    },
    store::{
        Db, StoreError,
        campaigns::{self, CaseOf},
        cases, directory, people,
    },
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A campaign as it is to be opened.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCampaign {
    #[schema(value_type = String, example = "2024年建议办理回头看")]
    pub title: Title,
    pub criteria: Criteria,
    /// Draws a sample of what meets the criteria; all of it is visited if this is left out.
    pub sample: Option<Sample>,
    /// The day by which the visits are to be made; told, and enforced by nobody.
    pub until: Option<Day>,
}

/// How far a campaign has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Progress {
    #[serde(flatten)]
    pub outcomes: Outcomes,
    /// The cases for which a visit wants a supervision order 督办单.
    pub supervision_orders_wanted: Vec<CaseId>,
}

/// A campaign as the caller sees it; how far it has come is for who keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub campaign: Campaign,
    pub progress: Option<Progress>,
}

/// A case of a campaign as the caller sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct CampaignCase {
    pub case: CaseId,
    pub number: Option<String>,
    pub title: String,
    pub department: Option<String>,
    pub class: Option<String>,
    pub stratum: String,
    pub visitors: Vec<Named>,
    pub revisit: Option<Revisit>,
}

/// A visitor with his name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub visitor: Visitor,
    pub name: String,
}

/// Cases that are visited for one campaign.
const MOST_CHOSEN: i64 = 500;

impl Office {
    /// The congress's campaigns, newest first; for a deputy the open ones that send him somewhere.
    pub async fn campaigns(
        &self,
        caller: &Caller,
        before: Option<CampaignId>,
        limit: i64,
    ) -> Result<Vec<Campaign>, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ReadCampaigns)?;
                Ok(match visitor(&actor) {
                    Some(own) => campaigns::page_of_visitor(db, &congress, &own, before, limit)?,
                    None => campaigns::page(db, &congress, before, limit)?,
                })
            })
            .await
    }

    pub async fn campaign(&self, caller: &Caller, id: CampaignId) -> Result<Shown, Fault> {
        let caller = caller.clone();
        self.store
            .read_aside(move |db| {
                let (actor, campaign) = opened(db, &caller, id, Operation::ReadCampaigns)?;
                let progress = match visitor(&actor) {
                    Some(_) => None,
                    None => Some(progress(db, &campaign)?),
                };
                Ok(Shown { campaign, progress })
            })
            .await
    }

    /// At most `limit` of its cases in the order of their ids: those to be visited, and for a deputy his own.
    pub async fn campaign_cases(
        &self,
        caller: &Caller,
        id: CampaignId,
        asked: Asked,
        after: Option<CaseId>,
        limit: usize,
    ) -> Result<Vec<CampaignCase>, Fault> {
        let caller = caller.clone();
        self.store
            .read_aside(move |db| {
                let (actor, campaign) = opened(db, &caller, id, Operation::ReadCampaigns)?;
                let asked = Asked { visitor: visitor(&actor), population: false, ..asked.clone() };
                // What a visit found is not asked for either by who may not read it.
                let by_findings = asked.outcome.is_some() || asked.follows.is_some();
                let (house, mut names) = (&campaign.congress, Names::default());
                filled(
                    db,
                    limit,
                    after,
                    |db, after, wanted| campaigns::cases(db, house, id, &asked, after.copied(), wanted),
                    CaseOf::case,
                    |db, row| {
                        let Some(case) = cases::load(db, house, row.case()?)? else { return Ok(None) };
                        // Of what does not exist for him, a deputy sees no line either.
                        let opens = gate::open(&actor, &case, Operation::GetCase).is_ok();
                        if !opens && (asked.visitor.is_some() || by_findings) {
                            return Ok(None);
                        }
                        let sent = campaigns::visitors(db, house, id, &[case.id])?.remove(&case.id);
                        let visitors = sent
                            .unwrap_or_default()
                            .into_keys()
                            .filter(|it| asked.visitor.as_ref().is_none_or(|own| own == it))
                            .map(|it| names.of(db, house, it))
                            .collect::<Result<_, _>>()?;
                        Ok(Some(line(&actor, &case, id, row.stratum.clone(), visitors)))
                    },
                )
            })
            .await
    }

    /// Whether the caller may change the campaign that stands at this version; to be asked before his body is read.
    pub async fn may_change_campaign(
        &self,
        caller: &Caller,
        id: CampaignId,
        at: Precondition,
    ) -> Result<(), Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let (_, campaign) = opened(db, &caller, id, Operation::KeepCampaigns)?;
                up_to_date(at, campaign.version)
            })
            .await
    }
}

impl Desk<'_> {
    /// Whether a visit may be recorded in a campaign's name: it is open, and the case is one of those to be visited. It
    /// stays open until this is written.
    pub fn visit(&mut self, case: &Case, id: Option<CampaignId>) -> Result<(), Fault> {
        let Some(id) = id else { return Ok(()) };
        let unknown = || {
            Fault::invalid(
                "/campaign",
                "没有这一回头看活动，或者本件不在其中",
                "no such campaign, or the case is none of those that it visits",
            )
        };
        let campaign = campaigns::hold(self.db, &case.congress, id)?.ok_or_else(unknown)?;
        let row = campaigns::case(self.db, &case.congress, id, case.id)?.filter(|it| it.chosen);
        row.ok_or_else(unknown)?;
        still_open(&campaign)
    }
}

/// A campaign that exists for the caller: for a deputy one that is open and sends him somewhere.
fn opened(
    db: &mut Db,
    caller: &Caller,
    id: CampaignId,
    operation: Operation,
) -> Result<(Actor, Campaign), Fault> {
    let (actor, congress) = admitted(db, caller, operation)?;
    let campaign = campaigns::find(db, &congress, id)?.ok_or(Fault::NotFound)?;
    if let Some(own) = visitor(&actor) {
        let his = Asked { visitor: Some(own), ..Asked::default() };
        if campaign.closed_at.is_some() || campaigns::cases(db, &congress, id, &his, None, 1)?.is_empty() {
            return Err(Fault::NotFound);
        }
    }
    Ok((actor, campaign))
}

/// As what a deputy sees campaigns; everybody else whom the gate lets in sees all of them.
fn visitor(actor: &Actor) -> Option<Visitor> {
    match actor.role {
        Role::Deputy { deputy } => Some(Visitor::Deputy(deputy)),
        _ => None,
    }
}

fn line(actor: &Actor, case: &Case, id: CampaignId, stratum: String, visitors: Vec<Named>) -> CampaignCase {
    CampaignCase {
        case: case.id,
        number: case.number.as_ref().map(|it| it.text.to_string()),
        title: gate::title(actor, case).to_owned(),
        department: case.answering_names(),
        class: case.class.clone(),
        stratum,
        visitors,
        // What was found says what the case is about.
        revisit: gate::open(actor, case, Operation::GetCase)
            .ok()
            .and_then(|_| case.revisits.iter().find(|it| it.record.campaign == Some(id)).cloned()),
    }
}

fn progress(db: &mut Db, campaign: &Campaign) -> Result<Progress, Fault> {
    let rows = campaigns::cases(db, &campaign.congress, campaign.id, &Asked::default(), None, MOST_CHOSEN)?;
    let wanted =
        |row: &&CaseOf| row.follows.as_deref().is_some_and(|it| it.contains(Follows::SupervisionOrder.id()));
    let supervision_orders_wanted = rows.iter().filter(wanted).map(CaseOf::case).collect::<Result<_, _>>()?;
    let lines = rows.iter().map(counted).collect::<Result<Vec<_>, _>>()?;
    Ok(Progress { outcomes: campaign::outcomes(&lines), supervision_orders_wanted })
}

fn counted(row: &CaseOf) -> Result<campaign::Line, StoreError> {
    let found = row.found()?;
    Ok(campaign::Line {
        stratum: row.stratum.clone(),
        outcome: found.as_ref().map(|it| it.outcome),
        follows: found.map(|it| it.follows).unwrap_or_default(),
    })
}

/// Names of visitors, each looked up once.
#[derive(Default)]
struct Names(BTreeMap<Visitor, String>);

impl Names {
    fn of(&mut self, db: &mut Db, congress: &CongressId, visitor: Visitor) -> Result<Named, StoreError> {
        if let Some(name) = self.0.get(&visitor) {
            return Ok(Named { name: name.clone(), visitor });
        }
        let name = match &visitor {
            Visitor::Deputy(id) => directory::deputy(db, congress, *id)?.map(|it| it.name),
            Visitor::Staff(id) => people::by_id(db, *id)?.map(|it| it.display_name),
            Visitor::ThirdParty(name) => Some(name.to_string()),
        };
        let name = name.unwrap_or_default();
        self.0.insert(visitor.clone(), name.clone());
        Ok(Named { visitor, name })
    }
}

fn still_open(campaign: &Campaign) -> Result<(), Fault> {
    match campaign.closed_at {
        None => Ok(()),
        Some(_) => Err(Refusal::new(
            "campaign_closed",
            Say::new("本次回头看活动已经总结结束", "the campaign is closed"),
            &[],
        )
        .into()),
    }
}
