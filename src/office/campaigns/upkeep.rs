//! What is kept of campaigns beside the ledger: compared with it by `verify`, derived anew by `rebuild`.

use super::{Asked, Campaign};
use crate::{
    domain::{
        campaign::{Unit, Visitor, draw, population_digest},
        case::Case,
        ids::{CampaignId, CaseId, CongressId},
    },
    files::Digest,
    office::{
        Fault, Office,
        verify::{Finding, Report},
    },
    store::{
        Db,
        campaigns::{self, CaseOf, Found, Sent},
        cases,
    },
};

const PAGE: i64 = 500;

impl Office {
    /// For `verify`: each population is the one of its digest, each sample is drawn again, what is kept of visits and
    /// visitors is what the cases' histories say, and each report is as it was sealed.
    pub(in crate::office) fn compare_campaigns(
        &self,
        db: &mut Db,
        congress: &CongressId,
        report: &mut Report,
    ) -> Result<(), Fault> {
        for campaign in all(db, congress)? {
            let mut found = |column: &str, stored: String, derived: String| {
                if stored != derived {
                    report.findings.push(Finding {
                        congress: congress.to_string(),
                        place: format!("campaign {}", campaign.id),
                        column: column.to_owned(),
                        stored,
                        derived,
                    });
                }
            };
            let rows = population(db, &campaign)?;
            let units = rows
                .iter()
                .map(|row| Ok(Unit { stratum: row.stratum.clone(), case: row.case()? }))
                .collect::<Result<Vec<_>, Fault>>()?;
            found("population", campaign.population.to_string(), units.len().to_string());
            found("population's digest", campaign.population_sha256.clone(), population_digest(&units));
            found("draw", kept(&rows), drawn(&campaign, &units));
            for row in rows.iter().filter(|row| row.chosen) {
                let case = row.case()?;
                let Some(folded) = cases::load(db, congress, case)? else {
                    found("case", case.to_string(), "missing".to_owned());
                    continue;
                };
                let visit = visit(&folded, campaign.id);
                found(&format!("visit of {case}"), format!("{:?}", row.found()?), format!("{visit:?}"));
                let sent = sent(db, &campaign, case)?;
                let derived = visitors(&campaign, &folded, &sent, visit.is_some());
                found(&format!("visitors of {case}"), format!("{sent:?}"), format!("{derived:?}"));
            }
            let sealed = campaigns::report(db, congress, campaign.id)?;
            found("sealed", sealed.is_some().to_string(), campaign.closed_at.is_some().to_string());
            if let Some(sealed) = sealed {
                found("sealed report", sealed.sha256, Digest::of(sealed.body.as_bytes()).as_str().to_owned());
            }
        }
        Ok(())
    }

    /// For `rebuild`: what visits found, and who visits, from the cases as they were derived.
    pub(in crate::office) fn derive_campaigns(
        &self,
        db: &mut Db,
        congress: &CongressId,
    ) -> Result<(), Fault> {
        for campaign in all(db, congress)? {
            for row in population(db, &campaign)?.iter().filter(|row| row.chosen) {
                let case = row.case()?;
                let Some(folded) = cases::load(db, congress, case)? else { continue };
                let visit = visit(&folded, campaign.id);
                campaigns::set_visit(db, congress, campaign.id, case, visit.as_ref())?;
                let sent = sent(db, &campaign, case)?;
                let sent = visitors(&campaign, &folded, &sent, visit.is_some());
                campaigns::set_visitors(db, congress, campaign.id, case, &sent)?;
            }
        }
        Ok(())
    }
}

fn all(db: &mut Db, congress: &CongressId) -> Result<Vec<Campaign>, Fault> {
    let mut all: Vec<Campaign> = Vec::new();
    loop {
        let page = campaigns::page(db, congress, all.last().map(|it| it.id), PAGE)?;
        match page.is_empty() {
            true => return Ok(all),
            false => all.extend(page),
        }
    }
}

fn population(db: &mut Db, campaign: &Campaign) -> Result<Vec<CaseOf>, Fault> {
    let asked = Asked { population: true, ..Asked::default() };
    let mut all: Vec<CaseOf> = Vec::new();
    loop {
        let after = all.last().map(CaseOf::case).transpose()?;
        let page = campaigns::cases(db, &campaign.congress, campaign.id, &asked, after, PAGE)?;
        match page.is_empty() {
            true => return Ok(all),
            false => all.extend(page),
        }
    }
}

/// The draw as it is kept, a line for each case.
fn kept(rows: &[CaseOf]) -> String {
    let line = |row: &CaseOf| format!("{} {} {} {}", row.case_id, row.stratum, row.place, row.chosen);
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The same, drawn again.
fn drawn(campaign: &Campaign, units: &[Unit]) -> String {
    let Ok(mut drawn) = draw(units, campaign.terms.sample.as_ref()) else { return "no draw".to_owned() };
    drawn.cases.sort_by_key(|(unit, ..)| unit.case);
    let line = |(unit, place, chosen): &(Unit, u32, bool)| {
        format!("{} {} {place} {chosen}", unit.case, unit.stratum)
    };
    drawn.cases.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn visit(case: &Case, id: CampaignId) -> Option<Found> {
    case.revisits.iter().find(|it| it.record.campaign == Some(id)).map(Found::of)
}

fn sent(db: &mut Db, campaign: &Campaign, case: CaseId) -> Result<Sent, Fault> {
    let mut sent = campaigns::visitors(db, &campaign.congress, campaign.id, &[case])?;
    Ok(sent.remove(&case).unwrap_or_default())
}

/// Deputies as the case's history has them, who are all gone once the campaign is closed; the others are kept here alone.
fn visitors(campaign: &Campaign, case: &Case, kept: &Sent, visited: bool) -> Sent {
    let closed = campaign.closed_at.is_some();
    let deputies = case.visitors_for(campaign.id).iter().map(|it| Visitor::Deputy(it.id));
    let others = kept.keys().filter(|it| closed || !matches!(it, Visitor::Deputy(_))).cloned();
    deputies.chain(others).map(|visitor| (visitor, closed || visited)).collect()
}
