//! What a campaign is opened over: the cases that meet its criteria, and the draw among them.

use super::{Campaign, MOST_CHOSEN, NewCampaign, admitted};
use crate::{
    domain::{
        actor::Actor,
        campaign::{Criteria, Drawn, Stratum, Terms, Unit, draw, population_digest},
        case::Case,
        gate::{self, Operation},
        ids::{CampaignId, CaseId, CongressId, SessionId},
        words::Strata,
    },
    office::{Caller, Fault, Office, acts::Act},
    store::{Db, StoreError, Touch, campaign_population, campaigns, cases, directory},
};
use std::collections::BTreeMap;

/// Who would be visited.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    pub population: u32,
    pub population_sha256: String,
    pub strata: Vec<Stratum>,
    pub chosen: Vec<Candidate>,
}

/// A case that would be visited.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub case: CaseId,
    pub number: Option<String>,
    pub title: String,
    pub department: Option<String>,
    pub class: Option<String>,
    pub stratum: String,
}

/// A case that could be drawn, as a campaign keeps it.
pub type InPopulation = campaigns::CaseOf;

/// Cases that a campaign chooses from; more are narrowed first.
const MOST: usize = 10_000;
/// Read at once.
const PAGE: i64 = 500;

/// A draw, with what is told of it.
struct Found {
    terms: Terms,
    drawn: Drawn,
    population: u32,
    digest: String,
}

impl Office {
    /// Who would be visited, and nothing is kept. That a sample was looked at goes into the book of acts with its seed.
    pub async fn preview_campaign(&self, caller: &Caller, new: NewCampaign) -> Result<Preview, Fault> {
        let found = self.choose(caller, &new).await?;
        if let Some(sample) = &found.terms.sample {
            let act = Act::SamplePreviewed {
                seed: sample.seed.to_string(),
                population_sha256: found.digest.clone(),
            };
            let (office, caller) = (self.clone(), caller.clone());
            self.store
                .write(Touch::Nothing, move |db| {
                    let (actor, _) = admitted(db, &caller, Operation::KeepCampaigns)?;
                    office.record_act_of(db, &actor, &caller, None, act.clone())
                })
                .await?;
        }
        let caller = caller.clone();
        self.store
            .read_aside(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::KeepCampaigns)?;
                let mut chosen = Vec::new();
                for (unit, ..) in found.drawn.cases.iter().filter(|(.., chosen)| *chosen) {
                    if let Some(case) = cases::load(db, &congress, unit.case)? {
                        chosen.push(candidate(&actor, &case, &unit.stratum));
                    }
                }
                chosen.sort_by_key(|it| it.case);
                let Found { population, ref digest, ref drawn, .. } = found;
                Ok(Preview {
                    population,
                    population_sha256: digest.clone(),
                    strata: drawn.strata.clone(),
                    chosen,
                })
            })
            .await
    }

    /// Opens a campaign over what meets its criteria now. Terms, population and draw stay as they are.
    pub async fn open_campaign(&self, caller: &Caller, new: NewCampaign) -> Result<Campaign, Fault> {
        let found = self.choose(caller, &new).await?;
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::KeepCampaigns)?;
                let chosen = found.drawn.strata.iter().map(|it| it.drawn).sum();
                let campaign = Campaign {
                    id: CampaignId(office.fresh_id()),
                    congress,
                    title: new.title.clone(),
                    terms: found.terms.clone(),
                    opened_at: office.now(),
                    population: found.population,
                    population_sha256: found.digest.clone(),
                    chosen,
                    strata: found.drawn.strata.clone(),
                    version: 1,
                    closed_at: None,
                };
                campaigns::insert(db, &campaign, &found.drawn)?;
                let act = Act::CampaignOpened {
                    campaign: campaign.id,
                    population_sha256: found.digest.clone(),
                    seed: found.terms.sample.as_ref().map(|it| it.seed.to_string()),
                };
                office.record_act_of(db, &actor, &caller, None, act)?;
                Ok(campaign)
            })
            .await
    }

    /// The population of a campaign in the order of the cases' ids: who draws again needs all of it.
    pub async fn campaign_population(
        &self,
        caller: &Caller,
        id: CampaignId,
        after: Option<CaseId>,
        limit: i64,
    ) -> Result<Vec<InPopulation>, Fault> {
        let caller = caller.clone();
        self.store
            .read_aside(move |db| {
                let (_, congress) = admitted(db, &caller, Operation::ReadCampaignPapers)?;
                campaigns::find(db, &congress, id)?.ok_or(Fault::NotFound)?;
                let all = campaigns::Asked { population: true, ..campaigns::Asked::default() };
                Ok(campaigns::cases(db, &congress, id, &all, after, limit)?)
            })
            .await
    }

    /// Finds the population and draws from it, on a thread where it keeps nobody waiting.
    async fn choose(&self, caller: &Caller, new: &NewCampaign) -> Result<Found, Fault> {
        let (caller, new) = (caller.clone(), new.clone());
        self.store
            .read_aside(move |db| {
                let (_, congress) = admitted(db, &caller, Operation::KeepCampaigns)?;
                let terms = Terms { criteria: new.criteria.clone(), sample: new.sample.clone(), until: new.until };
                may_be_asked(db, &congress, &terms.criteria)?;
                let by = terms.sample.as_ref().map_or(Strata::None, |it| it.strata);
                let (units, names) = population(db, &congress, &terms.criteria, by)?;
                if units.is_empty() {
                    return Err(Fault::invalid(
                        "/criteria",
                        "没有符合条件的办结件",
                        "no closed case meets the criteria",
                    ));
                }
                let mut drawn = draw(&units, terms.sample.as_ref()).map_err(|few| {
                    let said = few.told();
                    Fault::invalid("/sample/size", said.zh, said.en)
                })?;
                let chosen: i64 = drawn.strata.iter().map(|it| i64::from(it.drawn)).sum();
                if chosen > MOST_CHOSEN {
                    let pointer = if terms.sample.is_some() { "/sample/size" } else { "/criteria" };
                    return Err(Fault::invalid(
                        pointer,
                        format!("选出 {chosen} 件；一次活动最多 {MOST_CHOSEN} 件，请缩小范围或者抽样"),
                        format!("{chosen} cases; a campaign visits at most {MOST_CHOSEN}: narrow it, or draw a sample"),
                    ));
                }
                for stratum in &mut drawn.strata {
                    stratum.name = names.get(&stratum.value).cloned().unwrap_or_default();
                }
                let population = u32::try_from(units.len()).unwrap_or(u32::MAX);
                Ok(Found { terms, drawn, population, digest: population_digest(&units) })
            })
            .await
    }
}

fn may_be_asked(db: &mut Db, congress: &CongressId, criteria: &Criteria) -> Result<(), Fault> {
    criteria
        .checked()
        .map_err(|(pointer, said)| Fault::invalid(format!("/criteria{pointer}"), said.zh, said.en))?;
    for (index, session) in criteria.sessions.iter().enumerate() {
        if directory::session(db, congress, session)?.is_none() {
            return Err(Fault::invalid(
                format!("/criteria/sessions/{index}"),
                "不是本级人大已登记的届次",
                "is no session of this congress",
            ));
        }
    }
    for (index, department) in criteria.departments.iter().enumerate() {
        if directory::department(db, congress, *department)?.is_none() {
            return Err(Fault::invalid(
                format!("/criteria/departments/{index}"),
                "不是本级的承办单位",
                "is no department of this congress",
            ));
        }
    }
    Ok(())
}

/// What meets the criteria, and how its strata are called.
fn population(
    db: &mut Db,
    congress: &CongressId,
    criteria: &Criteria,
    by: Strata,
) -> Result<(Vec<Unit>, BTreeMap<String, String>), Fault> {
    let (mut units, mut names) = (Vec::new(), BTreeMap::new());
    let mut after = None;
    loop {
        let page = campaign_population::page(db, congress, criteria, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        for case in page.iter().filter(|it| criteria.met_by(it)) {
            let (stratum, name) = stratum(case, by);
            if let Some(name) = name {
                names.insert(stratum.clone(), name);
            }
            units.push(Unit { stratum, case: case.id });
        }
        if units.len() > MOST {
            return Err(Fault::invalid(
                "/criteria",
                format!("符合条件的超过 {MOST} 件，请缩小范围"),
                format!("more than {MOST} cases meet the criteria; narrow them"),
            ));
        }
    }
    name_sessions(db, congress, by, &mut names)?;
    Ok((units, names))
}

fn stratum(case: &Case, by: Strata) -> (String, Option<String>) {
    let text = |word: Option<String>| (word.clone().unwrap_or_default(), word);
    match by {
        Strata::Department => match case.answering() {
            Some(it) => (it.department.id.to_string(), Some(it.department.name.clone())),
            None => (String::new(), None),
        },
        Strata::Class => text(case.class.clone()),
        Strata::Category => text(case.category.as_ref().map(|it| it.to_string())),
        Strata::Session => text(case.session.as_ref().map(SessionId::to_string)),
        Strata::None => (String::new(), None),
    }
}

fn name_sessions(
    db: &mut Db,
    congress: &CongressId,
    by: Strata,
    names: &mut BTreeMap<String, String>,
) -> Result<(), StoreError> {
    if by == Strata::Session {
        for session in directory::sessions(db, congress)? {
            names.entry(session.id).and_modify(|name| *name = session.label);
        }
    }
    Ok(())
}

fn candidate(actor: &Actor, case: &Case, stratum: &str) -> Candidate {
    Candidate {
        case: case.id,
        number: case.number.as_ref().map(|it| it.text.to_string()),
        title: gate::title(actor, case).to_owned(),
        department: case.answering_names(),
        class: case.class.clone(),
        stratum: stratum.to_owned(),
    }
}
