//! Revisit campaigns: their terms, the cases they look at, who visits which, and their sealed reports.

use super::{
    Db, StoreError,
    schema::{revisit_campaigns, revisit_cases, revisit_reports, revisit_visitors},
};
use crate::domain::{
    campaign::{Campaign, Drawn, Unit, Visitor},
    case::Revisit,
    ids::{CampaignId, CaseId, CongressId},
    text::Title,
    words::{Follows, Outcome},
};
use chrono::NaiveDateTime;
use diesel::{prelude::*, sql_query, sql_types::Text};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Insertable, Queryable, Selectable)]
#[diesel(table_name = revisit_campaigns)]
struct Row {
    congress_id: String,
    id: String,
    title: String,
    terms: String,
    opened_at: NaiveDateTime,
    population: i32,
    population_sha256: String,
    chosen: i32,
    strata: String,
    version: i64,
    closed_at: Option<NaiveDateTime>,
}

impl Row {
    fn of(it: &Campaign) -> Result<Row, StoreError> {
        let json = |e: serde_json::Error| StoreError::corrupt("revisit_campaigns", it.id, e);
        Ok(Row {
            congress_id: it.congress.to_string(),
            id: it.id.to_string(),
            title: it.title.to_string(),
            terms: serde_json::to_string(&it.terms).map_err(json)?,
            opened_at: it.opened_at.naive_utc(),
            population: stored(it.population),
            population_sha256: it.population_sha256.clone(),
            chosen: stored(it.chosen),
            strata: serde_json::to_string(&it.strata).map_err(json)?,
            version: it.version,
            closed_at: it.closed_at.map(|at| at.naive_utc()),
        })
    }

    fn read(self) -> Result<Campaign, StoreError> {
        let corrupt = |e: String| StoreError::corrupt("revisit_campaigns", &self.id, e);
        let json = |e: serde_json::Error| StoreError::corrupt("revisit_campaigns", &self.id, e);
        Ok(Campaign {
            id: self.id.parse().map_err(|e: uuid::Error| corrupt(e.to_string()))?,
            congress: self.congress_id.parse().map_err(|e: &str| corrupt(e.to_owned()))?,
            title: Title::parse(&self.title).map_err(corrupt)?,
            terms: serde_json::from_str(&self.terms).map_err(json)?,
            opened_at: self.opened_at.and_utc(),
            population: self.population.unsigned_abs(),
            population_sha256: self.population_sha256.clone(),
            chosen: self.chosen.unsigned_abs(),
            strata: serde_json::from_str(&self.strata).map_err(json)?,
            version: self.version,
            closed_at: self.closed_at.map(|at| at.and_utc()),
        })
    }
}

/// Counts here are of cases of one congress.
fn stored(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// A case of a campaign's population.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = revisit_cases)]
pub struct CaseOf {
    pub congress_id: String,
    pub campaign_id: String,
    pub case_id: String,
    pub stratum: String,
    /// Its place in the stratum's order, from 1.
    pub place: i32,
    pub chosen: bool,
    /// The number of the visit within the case.
    pub revisit: Option<i32>,
    pub outcome: Option<String>,
    /// Words of [`Follows`], with commas between; empty for nothing.
    pub follows: Option<String>,
}

/// What a visit found, as the campaign keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub revisit: u32,
    pub outcome: Outcome,
    pub follows: Vec<Follows>,
}

impl Found {
    pub fn of(revisit: &Revisit) -> Found {
        Found { revisit: revisit.number, outcome: revisit.record.outcome, follows: revisit.follows() }
    }
}

impl CaseOf {
    pub fn case(&self) -> Result<CaseId, StoreError> {
        self.case_id.parse().map_err(|e| StoreError::corrupt("revisit_cases", &self.case_id, e))
    }

    /// What the visit found; `None` where there was none.
    pub fn found(&self) -> Result<Option<Found>, StoreError> {
        let corrupt = |e: String| StoreError::corrupt("revisit_cases", &self.case_id, e);
        let (Some(revisit), Some(outcome)) = (self.revisit, &self.outcome) else { return Ok(None) };
        let words = self.follows.as_deref().unwrap_or_default().split(',').filter(|word| !word.is_empty());
        Ok(Some(Found {
            revisit: revisit.unsigned_abs(),
            outcome: outcome.parse().map_err(corrupt)?,
            follows: words.map(str::parse).collect::<Result<_, _>>().map_err(corrupt)?,
        }))
    }
}

pub fn insert(db: &mut Db, it: &Campaign, drawn: &Drawn) -> Result<(), StoreError> {
    diesel::insert_into(revisit_campaigns::table).values(&Row::of(it)?).execute(db)?;
    let row = |(unit, place, chosen): &(Unit, u32, bool)| CaseOf {
        congress_id: it.congress.to_string(),
        campaign_id: it.id.to_string(),
        case_id: unit.case.to_string(),
        stratum: unit.stratum.clone(),
        place: stored(*place),
        chosen: *chosen,
        revisit: None,
        outcome: None,
        follows: None,
    };
    let rows: Vec<CaseOf> = drawn.cases.iter().map(row).collect();
    for row in &rows {
        diesel::insert_into(revisit_cases::table).values(row).execute(db)?;
    }
    Ok(())
}

pub fn find(db: &mut Db, congress: &CongressId, id: CampaignId) -> Result<Option<Campaign>, StoreError> {
    let row: Option<Row> = revisit_campaigns::table
        .find((congress.as_str(), id.to_string()))
        .select(Row::as_select())
        .first(db)
        .optional()?;
    row.map(Row::read).transpose()
}

/// The same, held until the transaction ends: nobody records a visit while the campaign is closed.
pub fn hold(db: &mut Db, congress: &CongressId, id: CampaignId) -> Result<Option<Campaign>, StoreError> {
    if let Db::Postgres(db) = db {
        sql_query("SELECT id FROM revisit_campaigns WHERE congress_id = $1 AND id = $2 FOR UPDATE")
            .bind::<Text, _>(congress.as_str())
            .bind::<Text, _>(id.to_string())
            .execute(db)?;
    }
    find(db, congress, id)
}

/// The next of a congress, newest first.
pub fn page(
    db: &mut Db,
    congress: &CongressId,
    before: Option<CampaignId>,
    limit: i64,
) -> Result<Vec<Campaign>, StoreError> {
    let mut rows = revisit_campaigns::table
        .filter(revisit_campaigns::congress_id.eq(congress.as_str()))
        .order(revisit_campaigns::id.desc())
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(before) = before {
        rows = rows.filter(revisit_campaigns::id.lt(before.to_string()));
    }
    rows.load(db)?.into_iter().map(Row::read).collect()
}

/// The open ones for which somebody visits a case, newest first; at most `limit`.
pub fn page_of_visitor(
    db: &mut Db,
    congress: &CongressId,
    visitor: &Visitor,
    before: Option<CampaignId>,
    limit: i64,
) -> Result<Vec<Campaign>, StoreError> {
    let sent = revisit_visitors::table
        .filter(revisit_visitors::congress_id.eq(congress.as_str()))
        .filter(revisit_visitors::visitor.eq(visitor.key()))
        .select(revisit_visitors::campaign_id);
    let mut rows = revisit_campaigns::table
        .filter(revisit_campaigns::congress_id.eq(congress.as_str()))
        .filter(revisit_campaigns::closed_at.is_null())
        .filter(revisit_campaigns::id.eq_any(sent))
        .order(revisit_campaigns::id.desc())
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(before) = before {
        rows = rows.filter(revisit_campaigns::id.lt(before.to_string()));
    }
    rows.load(db)?.into_iter().map(Row::read).collect()
}

/// Brings the campaign from the version that was read to the next; `Conflict` if another act was faster.
pub fn advance(db: &mut Db, it: &Campaign) -> Result<(), StoreError> {
    let changed = diesel::update(
        revisit_campaigns::table
            .filter(revisit_campaigns::congress_id.eq(it.congress.as_str()))
            .filter(revisit_campaigns::id.eq(it.id.to_string()))
            .filter(revisit_campaigns::version.eq(it.version - 1)),
    )
    .set((
        revisit_campaigns::version.eq(it.version),
        revisit_campaigns::closed_at.eq(it.closed_at.map(|at| at.naive_utc())),
    ))
    .execute(db)?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Which cases of a campaign are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// All that could have been drawn, and not the chosen ones alone.
    pub population: bool,
    pub visited: Option<bool>,
    pub outcome: Option<Outcome>,
    pub follows: Option<Follows>,
    /// Those that somebody visits.
    pub visitor: Option<Visitor>,
}

/// The next cases of a campaign in the order of their ids.
pub fn cases(
    db: &mut Db,
    congress: &CongressId,
    id: CampaignId,
    asked: &Asked,
    after: Option<CaseId>,
    limit: i64,
) -> Result<Vec<CaseOf>, StoreError> {
    let mut rows = revisit_cases::table
        .filter(revisit_cases::congress_id.eq(congress.as_str()))
        .filter(revisit_cases::campaign_id.eq(id.to_string()))
        .order(revisit_cases::case_id.asc())
        .limit(limit)
        .select(CaseOf::as_select())
        .into_boxed();
    if !asked.population {
        rows = rows.filter(revisit_cases::chosen);
    }
    match asked.visited {
        Some(true) => rows = rows.filter(revisit_cases::revisit.is_not_null()),
        Some(false) => rows = rows.filter(revisit_cases::revisit.is_null()),
        None => {}
    }
    if let Some(outcome) = asked.outcome {
        rows = rows.filter(revisit_cases::outcome.eq(outcome.id()));
    }
    if let Some(follows) = asked.follows {
        rows = rows.filter(revisit_cases::follows.like(format!("%{}%", follows.id())));
    }
    if let Some(visitor) = &asked.visitor {
        let sent = revisit_visitors::table
            .filter(revisit_visitors::congress_id.eq(congress.as_str()))
            .filter(revisit_visitors::visitor.eq(visitor.key()))
            .filter(revisit_visitors::campaign_id.eq(id.to_string()))
            .select(revisit_visitors::case_id);
        rows = rows.filter(revisit_cases::case_id.eq_any(sent));
    }
    if let Some(after) = after {
        rows = rows.filter(revisit_cases::case_id.gt(after.to_string()));
    }
    Ok(rows.load(db)?)
}

pub fn case(
    db: &mut Db,
    congress: &CongressId,
    id: CampaignId,
    case: CaseId,
) -> Result<Option<CaseOf>, StoreError> {
    let row = revisit_cases::table
        .find((congress.as_str(), id.to_string(), case.to_string()))
        .select(CaseOf::as_select())
        .first(db)
        .optional()?;
    Ok(row)
}

/// Says what a visit found, or, with none, that there was none; who was to go has been there.
pub fn set_visit(
    db: &mut Db,
    congress: &CongressId,
    id: CampaignId,
    case: CaseId,
    found: Option<&Found>,
) -> Result<(), StoreError> {
    let words = |it: &Found| it.follows.iter().map(|word| word.id()).collect::<Vec<_>>().join(",");
    diesel::update(revisit_cases::table.find((congress.as_str(), id.to_string(), case.to_string())))
        .set((
            revisit_cases::revisit.eq(found.map(|it| stored(it.revisit))),
            revisit_cases::outcome.eq(found.map(|it| it.outcome.id())),
            revisit_cases::follows.eq(found.map(words)),
        ))
        .execute(db)?;
    if found.is_some() {
        diesel::update(
            revisit_visitors::table
                .filter(revisit_visitors::congress_id.eq(congress.as_str()))
                .filter(revisit_visitors::campaign_id.eq(id.to_string()))
                .filter(revisit_visitors::case_id.eq(case.to_string())),
        )
        .set(revisit_visitors::done.eq(true))
        .execute(db)?;
    }
    Ok(())
}

/// Who visits a case, each with whether he is done.
pub type Sent = BTreeMap<Visitor, bool>;

/// Who visits which cases of a campaign, of these.
pub fn visitors(
    db: &mut Db,
    congress: &CongressId,
    id: CampaignId,
    cases: &[CaseId],
) -> Result<BTreeMap<CaseId, Sent>, StoreError> {
    let mut told: BTreeMap<CaseId, Sent> = BTreeMap::new();
    let ids: Vec<String> = cases.iter().map(CaseId::to_string).collect();
    let rows: Vec<(String, String, bool)> = revisit_visitors::table
        .filter(revisit_visitors::congress_id.eq(congress.as_str()))
        .filter(revisit_visitors::campaign_id.eq(id.to_string()))
        .filter(revisit_visitors::case_id.eq_any(ids))
        .select((revisit_visitors::case_id, revisit_visitors::visitor, revisit_visitors::done))
        .load(db)?;
    for (case, visitor, done) in rows {
        let corrupt = |e: String| StoreError::corrupt("revisit_visitors", &case, e);
        let of: CaseId = case.parse().map_err(|e: uuid::Error| corrupt(e.to_string()))?;
        let visitor = Visitor::of_key(&visitor).ok_or_else(|| corrupt(visitor.clone()))?;
        told.entry(of).or_default().insert(visitor, done);
    }
    Ok(told)
}

/// Who visits a case, all of them anew.
pub fn set_visitors(
    db: &mut Db,
    congress: &CongressId,
    id: CampaignId,
    case: CaseId,
    sent: &Sent,
) -> Result<(), StoreError> {
    diesel::delete(
        revisit_visitors::table
            .filter(revisit_visitors::congress_id.eq(congress.as_str()))
            .filter(revisit_visitors::campaign_id.eq(id.to_string()))
            .filter(revisit_visitors::case_id.eq(case.to_string())),
    )
    .execute(db)?;
    for (visitor, done) in sent {
        diesel::insert_into(revisit_visitors::table)
            .values((
                revisit_visitors::congress_id.eq(congress.as_str()),
                revisit_visitors::campaign_id.eq(id.to_string()),
                revisit_visitors::case_id.eq(case.to_string()),
                revisit_visitors::visitor.eq(visitor.key()),
                revisit_visitors::done.eq(done),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// Nobody is sent anywhere any more.
pub fn end_visits(db: &mut Db, congress: &CongressId, id: CampaignId) -> Result<(), StoreError> {
    diesel::update(
        revisit_visitors::table
            .filter(revisit_visitors::congress_id.eq(congress.as_str()))
            .filter(revisit_visitors::campaign_id.eq(id.to_string()))
            .filter(diesel::dsl::not(revisit_visitors::done)),
    )
    .set(revisit_visitors::done.eq(true))
    .execute(db)?;
    Ok(())
}

/// The visits that somebody is still to make, by campaign and case; served by an index of those alone.
pub fn open_visits(
    db: &mut Db,
    congress: &CongressId,
    visitor: &Visitor,
    limit: i64,
) -> Result<Vec<(CampaignId, CaseId)>, StoreError> {
    let rows: Vec<(String, String)> = revisit_visitors::table
        .filter(revisit_visitors::congress_id.eq(congress.as_str()))
        .filter(revisit_visitors::visitor.eq(visitor.key()))
        .filter(diesel::dsl::not(revisit_visitors::done))
        .order((revisit_visitors::campaign_id.asc(), revisit_visitors::case_id.asc()))
        .limit(limit)
        .select((revisit_visitors::campaign_id, revisit_visitors::case_id))
        .load(db)?;
    let read = |(campaign, case): (String, String)| {
        let corrupt = |e: uuid::Error| StoreError::corrupt("revisit_visitors", &case, e);
        Ok((campaign.parse().map_err(corrupt)?, case.parse().map_err(corrupt)?))
    };
    rows.into_iter().map(read).collect()
}

/// The congress's open campaigns, newest first, each with how many of its cases were not visited; served by indexes of
/// open campaigns and of unvisited cases.
pub fn open_with_unvisited(
    db: &mut Db,
    congress: &CongressId,
    limit: i64,
) -> Result<Vec<(Campaign, i64)>, StoreError> {
    let rows: Vec<Row> = revisit_campaigns::table
        .filter(revisit_campaigns::congress_id.eq(congress.as_str()))
        .filter(revisit_campaigns::closed_at.is_null())
        .order(revisit_campaigns::id.desc())
        .limit(limit)
        .select(Row::as_select())
        .load(db)?;
    let mut told = Vec::new();
    for row in rows {
        let unvisited: i64 = revisit_cases::table
            .filter(revisit_cases::congress_id.eq(congress.as_str()))
            .filter(revisit_cases::campaign_id.eq(&row.id))
            .filter(revisit_cases::chosen)
            .filter(revisit_cases::revisit.is_null())
            .count()
            .get_result(db)?;
        told.push((row.read()?, unvisited));
    }
    Ok(told)
}

/// A report as it was sealed.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = revisit_reports)]
pub struct Sealed {
    pub congress_id: String,
    pub campaign_id: String,
    /// JSON, byte for byte what the digest is of.
    pub body: String,
    pub sha256: String,
    pub sealed_at: NaiveDateTime,
}

pub fn seal(db: &mut Db, sealed: &Sealed) -> Result<(), StoreError> {
    diesel::insert_into(revisit_reports::table).values(sealed).execute(db)?;
    Ok(())
}

pub fn report(db: &mut Db, congress: &CongressId, id: CampaignId) -> Result<Option<Sealed>, StoreError> {
    Ok(revisit_reports::table
        .find((congress.as_str(), id.to_string()))
        .select(Sealed::as_select())
        .first(db)
        .optional()?)
}
