//! The end of a campaign: its closing report 总结报告, sealed once and for ever; whoever was sent anywhere sees it no more.

use super::{Asked, Campaign, MOST_CHOSEN, admitted, counted};
use crate::{
    domain::{
        campaign::{
            Criteria, Estimate, Outcomes, RULE, Rate, Sample, StratumResult, by_stratum, estimate, outcomes,
            rate,
        },
        case::Case,
        day::Day,
        figures::Printing,
        gate::Operation,
        ids::{CampaignId, CaseId, CongressId},
        text::Body,
        words::{Follows, Outcome},
    },
    files::Digest,
    office::{Caller, Fault, Office, Precondition, acts::Act, perform::up_to_date},
    store::{
        Db, StoreError, Touch, Touched,
        campaigns::{self, CaseOf, Sealed},
        cases,
    },
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What the committee says at the end.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// 总结, in words; it is sealed with the counts.
    #[serde(default)]
    pub conclusion: Option<Body>,
}

/// What is sealed. It names no person and no title: cases by id and number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CampaignReport {
    pub campaign: CampaignId,
    pub congress: CongressId,
    pub title: String,
    pub criteria: Criteria,
    pub sample: Option<Sample>,
    /// How the sample was drawn, and can be drawn again.
    pub rule: Option<String>,
    pub opened_on: Day,
    pub closed_on: Day,
    pub population: u32,
    pub population_sha256: String,
    pub outcomes: Outcomes,
    /// 维持率: upheld ÷ visited.
    pub upheld_rate: Rate,
    /// For a sample, what it says of the population; left out while a stratum was not visited at all.
    pub estimate: Option<Estimate>,
    pub strata: Vec<StratumResult>,
    pub conclusion: Option<String>,
    pub cases: Vec<ReportedCase>,
}

/// A case of the campaign as the report has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReportedCase {
    pub case: CaseId,
    pub number: Option<String>,
    pub stratum: String,
    /// None where it was not visited.
    pub outcome: Option<Outcome>,
    pub visited_on: Option<Day>,
    pub class_before: Option<String>,
    pub class_after: Option<String>,
    pub follows: Vec<Follows>,
    /// The day by which it is to be visited again.
    pub next_on: Option<Day>,
}

/// A sealed report as it is shown.
#[derive(Clone, Debug)]
pub struct SealedReport {
    /// The sealed text, which the digest is of.
    pub body: String,
    pub sha256: String,
    pub sealed_at: DateTime<Utc>,
    pub version: i64,
    /// Whether this request sealed it.
    pub fresh: bool,
}

impl Office {
    /// Closes the campaign and seals its report; closed already, it is shown as it was sealed.
    pub async fn close_campaign(
        &self,
        caller: &Caller,
        id: CampaignId,
        at: Precondition,
        closing: Closing,
    ) -> Result<SealedReport, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        let touched = Touched::cases(&[]);
        self.store
            .write(Touch::Cases(touched.clone()), move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::KeepCampaigns)?;
                let campaign = campaigns::hold(db, &congress, id)?.ok_or(Fault::NotFound)?;
                up_to_date(at, campaign.version)?;
                if let Some(sealed) = campaigns::report(db, &congress, id)? {
                    return Ok(shown(sealed, campaign.version, false));
                }
                let rows = campaigns::cases(db, &congress, id, &Asked::default(), None, MOST_CHOSEN)?;
                let mut seen = Vec::with_capacity(rows.len());
                for row in &rows {
                    let case = cases::load(db, &congress, row.case()?)?.ok_or(Fault::NotFound)?;
                    office.send(db, &actor, &caller, &case, id, Vec::new())?;
                    touched.add(case.id);
                    seen.push(reported(&case, id, row));
                }
                campaigns::end_visits(db, &congress, id)?;
                let report = office.report_of(db, &campaign, &rows, seen, closing.clone())?;
                let body = serde_json::to_string(&report)
                    .map_err(|e| StoreError::corrupt("revisit_reports", id, e))?;
                let sealed = Sealed {
                    congress_id: congress.to_string(),
                    campaign_id: id.to_string(),
                    sha256: Digest::of(body.as_bytes()).as_str().to_owned(),
                    body,
                    sealed_at: office.now().naive_utc(),
                };
                campaigns::seal(db, &sealed)?;
                let version = campaign.version + 1;
                campaigns::advance(db, &Campaign { version, closed_at: Some(office.now()), ..campaign })?;
                let act = Act::CampaignClosed { campaign: id, sha256: sealed.sha256.clone() };
                office.record_act_of(db, &actor, &caller, None, act)?;
                Ok(shown(sealed, version, true))
            })
            .await
    }

    /// `NotFound` until it is closed.
    pub async fn campaign_report(&self, caller: &Caller, id: CampaignId) -> Result<SealedReport, Fault> {
        let caller = caller.clone();
        self.store
            .read_aside(move |db| {
                let (_, congress) = admitted(db, &caller, Operation::ReadCampaignPapers)?;
                let campaign = campaigns::find(db, &congress, id)?.ok_or(Fault::NotFound)?;
                let sealed = campaigns::report(db, &congress, id)?.ok_or(Fault::NotFound)?;
                Ok(shown(sealed, campaign.version, false))
            })
            .await
    }

    fn report_of(
        &self,
        db: &mut Db,
        campaign: &Campaign,
        rows: &[CaseOf],
        cases: Vec<ReportedCase>,
        closing: Closing,
    ) -> Result<CampaignReport, Fault> {
        let printing = Printing::from(&self.congress_policy(db, &campaign.congress)?.rounding);
        let lines = rows.iter().map(counted).collect::<Result<Vec<_>, _>>()?;
        let outcomes = outcomes(&lines);
        let strata = by_stratum(&campaign.strata, &lines);
        let sample = campaign.terms.sample.clone();
        Ok(CampaignReport {
            campaign: campaign.id,
            congress: campaign.congress.clone(),
            title: campaign.title.to_string(),
            criteria: campaign.terms.criteria.clone(),
            rule: sample.as_ref().map(|_| RULE.to_owned()),
            opened_on: Day::at(campaign.opened_at),
            closed_on: self.today(),
            population: campaign.population,
            population_sha256: campaign.population_sha256.clone(),
            upheld_rate: rate(&outcomes, sample.is_some(), printing),
            estimate: sample.as_ref().and_then(|_| estimate(&strata, printing)),
            outcomes,
            strata,
            conclusion: closing.conclusion.map(|it| it.to_string()),
            sample,
            cases,
        })
    }
}

fn reported(case: &Case, id: CampaignId, row: &CaseOf) -> ReportedCase {
    let revisit = case.revisits.iter().find(|it| it.record.campaign == Some(id));
    ReportedCase {
        case: case.id,
        number: case.number.as_ref().map(|it| it.text.to_string()),
        stratum: row.stratum.clone(),
        outcome: revisit.map(|it| it.record.outcome),
        visited_on: revisit.map(|it| it.record.day),
        class_before: revisit.and_then(|it| it.class_before.clone()),
        class_after: revisit.and_then(|it| it.class_after.clone()),
        follows: revisit.map(|it| it.follows()).unwrap_or_default(),
        next_on: revisit.and_then(|it| it.record.next_on),
    }
}

fn shown(sealed: Sealed, version: i64, fresh: bool) -> SealedReport {
    let Sealed { body, sha256, sealed_at, .. } = sealed;
    SealedReport { body, sha256, sealed_at: sealed_at.and_utc(), version, fresh }
}
