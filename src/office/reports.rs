//! Sealed reports: sealed once, read as they were sealed, recomputed from the ledger, and compared with each other.

use super::{
    Caller, Fault, Office,
    figures::{Inquiry, SumScope, department_names},
    fold_version::FOLD,
    perform::actor,
};
use crate::{
    domain::{
        actor::Actor,
        case::Refusal,
        day::Day,
        figures::{
            AsOf, Completeness, Dimension, Excluded, Facts, METRICS, Measure, Metric, Printing, Version,
            printed, versions,
        },
        gate::{self, Operation},
        ids::{CaseId, CongressId},
        reports::{
            Body, Cited, CitedYear, Definition, Difference, Edition, Filter, Line, Replaced, Rules, Trail,
            Value, difference, dimensions, parts,
        },
        text::{Note, Title},
    },
    files::Digest,
    store::{Db, StoreError, Touch, case_facts, directory, figures, ledger, reports},
};
use chrono::Datelike;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub use reports::Entry;

const PAGE: i64 = 500;

/// What is to be sealed.
#[derive(Clone, Debug)]
pub struct Order {
    pub congress: CongressId,
    pub title: Title,
    pub filter: Filter,
    pub true_on: Day,
    pub known_on: Day,
    pub replaces: Option<Uuid>,
    pub reason: Option<Note>,
}

/// A report as it is stored.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// Exactly what was sealed.
    pub body: String,
    /// Its SHA-256 in hex.
    pub digest: String,
    pub id: Uuid,
    pub replaced_by: Option<Uuid>,
}

/// Whether the ledger still gives what was sealed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Recomputed {
    pub equal: bool,
    /// Whether the stored bytes are those that were sealed.
    pub digest_holds: bool,
    /// How many cases of the ledger were folded anew.
    pub cases: usize,
    /// Rules that are others now than when it was sealed.
    pub rules_changed: Vec<String>,
    pub differences: Vec<Discrepancy>,
}

/// A place where what was sealed and what is recomputed differ.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Discrepancy {
    /// A value, or a case.
    #[schema(example = "resolution_rate total")]
    pub place: String,
    pub sealed: String,
    pub recomputed: String,
}

/// What a report's cases are counted to be.
struct Counted {
    lines: Vec<Line>,
    values: Vec<Value>,
}

impl Office {
    /// Seals a report. It is put together as of one instant, one at a time: it looks at every case that it counts.
    pub async fn seal_report(
        &self,
        caller: &Caller,
        parse: impl FnOnce() -> Result<Order, Fault> + Send + 'static,
    ) -> Result<Sealed, Fault> {
        let (office, who) = (self.clone(), caller.clone());
        let (actor, order, body) = self
            .store
            .snapshot_aside(move |db| {
                let actor = actor(db, &who)?;
                gate::admit(&actor, Operation::SealReport)?;
                let order = parse()?;
                own(&actor, &order.congress)?;
                let body = office.put_together(db, &actor, &order)?;
                Ok::<_, Fault>((actor, order, body))
            })
            .await?;
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let body = Body { name: office.next_name(db, &order.congress)?, ..body.clone() };
                let text =
                    serde_json::to_string(&body).map_err(|e| StoreError::corrupt("reports", "new", e))?;
                let digest = Digest::of(text.as_bytes()).as_str().to_owned();
                let new = reports::New {
                    congress_id: order.congress.as_str(),
                    id: body.id.to_string(),
                    name: &body.name,
                    title: &body.title,
                    true_on: body.true_on.date(),
                    known_on: body.known_on.date(),
                    sealed_at: body.sealed_at.naive_utc(),
                    replaces: order.replaces.map(|it| it.to_string()),
                    body: &text,
                    digest: &digest,
                };
                reports::insert(db, &new)?;
                let act = super::acts::Act::ReportSealed {
                    report: body.id,
                    name: body.name.clone(),
                    digest: digest.clone(),
                };
                office.record_act_of(db, &actor, &caller, None, act)?;
                Ok(Sealed { body: text, digest, id: body.id, replaced_by: None })
            })
            .await
    }

    fn next_name(&self, db: &mut Db, congress: &CongressId) -> Result<String, Fault> {
        let year = self.today().date().year();
        Ok(format!("{year}-{}", reports::of_year(db, congress, year)? + 1))
    }

    fn put_together(&self, db: &mut Db, actor: &Actor, order: &Order) -> Result<Body, Fault> {
        let today = self.today();
        if order.known_on >= today {
            return Err(Fault::invalid(
                "/known_on",
                format!("{}尚未过完，之后还可能录入；须早于今天", order.known_on),
                format!("{} is not over: more may be recorded; name a day before today", order.known_on),
            ));
        }
        if order.true_on > order.known_on {
            return Err(Fault::invalid(
                "/true_on",
                "不得晚于 known_on：当时尚不知道以后的事",
                "must not be after known_on: nobody knew then what was to come",
            ));
        }
        let as_of = AsOf { true_on: order.true_on, known_on: order.known_on };
        let edition = self.edition(db, order)?;
        let held = case_facts::in_force(db, &order.congress, None, order.filter.session.as_ref(), as_of)?;
        let names = department_names(db, &order.congress)?;
        let congress = directory::congress(db, &order.congress)?.ok_or(Fault::NotFound)?;
        let rule = Printing::from(&self.books.in_force(&congress.policy_id, today)?.rounding);
        let counted = counted(&held, &order.filter, rule, &names);
        let completeness = self.completeness_of(db, order, &counted.lines, as_of)?;
        if let Some(wrong) = completeness.wrong() {
            return Err(Fault::Refused(Refusal::new("does_not_add_up", wrong, &[])));
        }
        Ok(Body {
            // In the order of sealing, even within a millisecond: pages go by it.
            id: self.next_act(),
            congress: order.congress.clone(),
            congress_name: congress.name,
            name: String::new(),
            title: order.title.clone(),
            edition,
            filter: order.filter.clone(),
            true_on: order.true_on,
            known_on: order.known_on,
            sealed_at: self.now(),
            sealed_by: actor.author().role,
            rules: self.rules(counted.lines.iter().map(|it| it.facts.policy.as_str()))?,
            definitions: Definition::all(),
            rounding: rule,
            completeness,
            values: counted.values,
            cases: counted.lines,
        })
    }

    /// What a new edition replaces; an edition that was replaced already is replaced by its last one only.
    fn edition(&self, db: &mut Db, order: &Order) -> Result<Edition, Fault> {
        let Some(id) = order.replaces else {
            return match &order.reason {
                None => Ok(Edition::default()),
                Some(_) => Err(Fault::invalid(
                    "/reason",
                    "只有更正版才写更正原因",
                    "only an edition that replaces another has a reason",
                )),
            };
        };
        let Some((body, digest)) = reports::find(db, &order.congress, &id.to_string())? else {
            return Err(Fault::invalid(
                "/replaces",
                "本级人大没有这份报告",
                "no such report in this congress",
            ));
        };
        if let Some(later) = reports::successor(db, &order.congress, &id.to_string())? {
            return Err(Fault::invalid(
                "/replaces",
                format!("已由 {later} 更正；请更正最后一版"),
                format!("was replaced by {later}; replace the last edition"),
            ));
        }
        if order.reason.is_none() {
            return Err(Fault::invalid("/reason", "更正须写明原因", "say what was wrong, or became known"));
        }
        let replaced = read(&body)?;
        Ok(Edition {
            replaces: Some(Replaced { id, name: replaced.name, digest }),
            reason: order.reason.clone(),
        })
    }

    /// The rules as they are now; of policies, those that are named.
    fn rules<'p>(&self, named: impl Iterator<Item = &'p str>) -> Result<Rules, Fault> {
        let digest = |json: Result<String, serde_json::Error>| {
            let json = json.map_err(|e| StoreError::corrupt("books", "rules", e))?;
            Ok::<_, StoreError>(Digest::of(json.as_bytes()).as_str().to_owned())
        };
        let named: BTreeSet<&str> = named.filter(|it| !it.is_empty()).collect();
        let policies = named.into_iter().filter_map(|it| {
            let (id, version) = it.rsplit_once('@')?;
            let policy = self.books.policies.get(id, version.parse().ok()?)?;
            let cited = digest(serde_json::to_string(policy)).map(|digest| Cited {
                id: policy.id.clone(),
                version: policy.version,
                name: policy.name.clone(),
                digest,
            });
            Some(cited)
        });
        let calendars = self.books.calendar.years().map(|it| {
            Ok::<_, StoreError>(CitedYear {
                year: it.year,
                notice: it.notice.clone(),
                digest: digest(serde_json::to_string(it))?,
            })
        });
        Ok(Rules {
            program: format!("jianyi {}, fold {FOLD}", env!("CARGO_PKG_VERSION")),
            policies: policies.collect::<Result<_, _>>()?,
            calendars: calendars.collect::<Result<_, _>>()?,
        })
    }

    /// Whole sessions are held against their numbers; what is filtered more narrowly has none without gaps.
    fn completeness_of(
        &self,
        db: &mut Db,
        order: &Order,
        lines: &[Line],
        as_of: AsOf,
    ) -> Result<Completeness, Fault> {
        let sum = |measure: Measure| -> u64 {
            let all: i64 = lines.iter().map(|it| it.facts.measures.amount(measure)).sum();
            u64::try_from(all).unwrap_or(0)
        };
        let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
        for line in lines.iter().filter(|it| !it.facts.exclusion.is_empty()) {
            *reasons.entry(line.facts.exclusion.clone()).or_default() += 1;
        }
        let mut completeness = Completeness {
            received: sum(Measure::Received),
            counted: sum(Measure::Counted),
            excluded: sum(Measure::Excluded),
            exclusions: reasons.into_iter().map(|(reason, cases)| Excluded { reason, cases }).collect(),
            series: None,
        };
        if order.filter.takes_whole_sessions() {
            let inquiry = Inquiry {
                congress: order.congress.clone(),
                metric: METRICS.first().ok_or(Fault::NotFound)?,
                group_by: Dimension::Total,
                session: order.filter.session.clone(),
                as_of: Some(as_of),
                decimals: None,
                rounding: None,
                trim_zeros: None,
            };
            let waiting = figures::waiting(db, &order.congress)?;
            let kept = self.completeness_in(db, &waiting, &SumScope::default(), &inquiry)?;
            completeness.series = kept.series;
        }
        Ok(completeness)
    }

    pub async fn reports(
        &self,
        caller: &Caller,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Entry>, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let congress = reader(db, &caller)?;
                Ok(reports::page(db, &congress, before.map(|it| it.to_string()).as_deref(), limit)?)
            })
            .await
    }

    /// A report as it was sealed.
    pub async fn report(&self, caller: &Caller, id: Uuid) -> Result<Sealed, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let congress = reader(db, &caller)?;
                let (body, digest) = stored(db, &congress, id)?;
                let replaced_by = reports::successor(db, &congress, &id.to_string())?;
                let replaced_by = replaced_by.and_then(|it| it.parse().ok());
                Ok(Sealed { body, digest, id, replaced_by })
            })
            .await
    }

    /// Counts a sealed report again, from the ledger alone: every event of the congress is read and folded.
    pub async fn recompute_report(&self, caller: &Caller, id: Uuid) -> Result<Recomputed, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .snapshot_aside(move |db| {
                let congress = reader(db, &caller)?;
                let (text, digest) = stored(db, &congress, id)?;
                let _stage = office.stage.try_acquire().map_err(|_| StoreError::Busy)?;
                office.recompute_in(db, &congress, &text, &digest)
            })
            .await
    }

    fn recompute_in(
        &self,
        db: &mut Db,
        congress: &CongressId,
        text: &str,
        digest: &str,
    ) -> Result<Recomputed, Fault> {
        let sealed = read(text)?;
        let as_of = AsOf { true_on: sealed.true_on, known_on: sealed.known_on };
        let (mut held, mut after, mut cases) = (Vec::new(), None, 0);
        loop {
            let ids = ledger::case_ids(db, congress, after, PAGE)?;
            let Some(last) = ids.last().copied() else { break };
            for id in ids {
                let history = ledger::history(db, congress, id, 0, i64::MAX)?;
                let known = history.iter().take_while(|it| {
                    as_of.covers(AsOf { true_on: it.occurred_on, known_on: Day::at(it.recorded_at) })
                });
                let known: Vec<_> = known.cloned().collect();
                let (_, versions) = versions(None, &known, &self.books.calendar, |it| self.books.policy(it))?;
                held.extend(versions.into_iter().next_back().map(|it| (id, it)));
                cases += 1;
            }
            after = Some(last);
        }
        let names =
            sealed.values.iter().filter_map(|it| Some((it.group.clone(), it.name.clone()?))).collect();
        let counted = counted(&held, &sealed.filter, sealed.rounding, &names);
        let rules = self.rules(sealed.cases.iter().map(|it| it.facts.policy.as_str()))?;
        let mut differences = Vec::new();
        compare(&mut differences, by_case(&sealed.cases), by_case(&counted.lines));
        compare(&mut differences, by_place(&sealed.values), by_place(&counted.values));
        let digest_holds = Digest::of(text.as_bytes()).as_str() == digest;
        Ok(Recomputed {
            equal: differences.is_empty() && digest_holds,
            digest_holds,
            cases,
            rules_changed: rules_changed(&sealed, &rules),
            differences,
        })
    }

    /// Why two reports of a congress differ, case by case.
    pub async fn report_difference(&self, caller: &Caller, a: Uuid, b: Uuid) -> Result<Difference, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .snapshot_aside(move |db| {
                let congress = reader(db, &caller)?;
                let (a, b) = (stored(db, &congress, a)?, stored(db, &congress, b)?);
                let (a, b) = (read(&a.0)?, read(&b.0)?);
                let trails = office.trails(db, &congress, &a, &b)?;
                let named = a.cases.iter().chain(&b.cases).map(|it| it.facts.policy.as_str());
                Ok(difference(&a, &b, &trails, &office.rules(named)?))
            })
            .await
    }

    /// The histories of the cases that do not stand alike in both.
    fn trails(&self, db: &mut Db, congress: &CongressId, a: &Body, b: &Body) -> Result<Vec<Trail>, Fault> {
        let lines = |of: &Body| of.cases.iter().map(|it| (it.case, it.clone())).collect::<BTreeMap<_, _>>();
        let (in_a, in_b) = (lines(a), lines(b));
        let all: BTreeSet<CaseId> = in_a.keys().chain(in_b.keys()).copied().collect();
        let differing = all.into_iter().filter(|case| in_a.get(case) != in_b.get(case));
        let mut trails = Vec::new();
        for case in differing {
            let history = ledger::history(db, congress, case, 0, i64::MAX)?;
            let (_, versions) = versions(None, &history, &self.books.calendar, |it| self.books.policy(it))?;
            trails.push(Trail { case, history, versions });
        }
        Ok(trails)
    }
}

fn own(actor: &Actor, congress: &CongressId) -> Result<(), Fault> {
    if actor.congress.as_ref() == Some(congress) { Ok(()) } else { Err(Fault::NotFound) }
}

/// The congress whose reports somebody may read.
fn reader(db: &mut Db, caller: &Caller) -> Result<CongressId, Fault> {
    let actor = actor(db, caller)?;
    gate::admit(&actor, Operation::ReadReports)?;
    actor.congress.ok_or(Fault::NotFound)
}

pub(super) fn stored(db: &mut Db, congress: &CongressId, id: Uuid) -> Result<(String, String), Fault> {
    reports::find(db, congress, &id.to_string())?.ok_or(Fault::NotFound)
}

/// What was sealed, read.
pub(super) fn read(body: &str) -> Result<Body, StoreError> {
    serde_json::from_str(body).map_err(|e| StoreError::corrupt("reports", "body", e))
}

fn counted(
    held: &[(CaseId, Version)],
    filter: &Filter,
    rule: Printing,
    names: &BTreeMap<String, String>,
) -> Counted {
    let received = held.iter().filter(|(_, it)| it.facts.measures.holds(Measure::Received));
    let asked: Vec<_> = received.filter(|(_, it)| filter.covers(&it.facts)).collect();
    let lines = asked.iter().map(|(case, it)| Line::of(*case, it.version, &it.facts)).collect();
    let mut values = Vec::new();
    for metric in METRICS {
        for dimension in dimensions().filter(|it| metric.groups_by(*it)) {
            values.extend(values_of(metric, dimension, asked.iter().map(|(_, it)| &it.facts), rule, names));
        }
    }
    Counted { lines, values }
}

fn values_of<'f>(
    metric: &Metric,
    dimension: Dimension,
    facts: impl Iterator<Item = &'f Facts>,
    rule: Printing,
    names: &BTreeMap<String, String>,
) -> Vec<Value> {
    let groups = parts(metric, dimension, facts);
    let printed = printed(metric, &groups.values().copied().collect::<Vec<_>>(), rule);
    let named = |group: &String| names.get(group).cloned().filter(|_| dimension == Dimension::Department);
    groups
        .into_iter()
        .zip(printed)
        .map(|((group, part), printed)| Value {
            metric: metric.id.to_owned(),
            group_by: dimension.id().to_owned(),
            name: named(&group),
            group,
            numerator: part.numerator,
            denominator: part.denominator,
            printed,
        })
        .collect()
}

fn by_case(lines: &[Line]) -> BTreeMap<String, String> {
    let told = |it: &Line| serde_json::to_string(it).unwrap_or_default();
    lines.iter().map(|it| (format!("case {} {}", it.facts.number, it.case), told(it))).collect()
}

fn by_place(values: &[Value]) -> BTreeMap<String, String> {
    let told =
        |it: &Value| format!("{}/{} {}", it.numerator, it.denominator, it.printed.as_deref().unwrap_or("-"));
    values.iter().map(|it| (format!("{} {} {}", it.metric, it.group_by, it.group), told(it))).collect()
}

fn compare(
    differences: &mut Vec<Discrepancy>,
    sealed: BTreeMap<String, String>,
    recomputed: BTreeMap<String, String>,
) {
    let places: BTreeSet<&String> = sealed.keys().chain(recomputed.keys()).collect();
    for place in places.into_iter().filter(|it| sealed.get(*it) != recomputed.get(*it)) {
        let told = |of: &BTreeMap<String, String>| of.get(place).cloned().unwrap_or_else(|| "-".to_owned());
        differences.push(Discrepancy {
            place: place.clone(),
            sealed: told(&sealed),
            recomputed: told(&recomputed),
        });
    }
}

fn rules_changed(sealed: &Body, now: &Rules) -> Vec<String> {
    let mut changed = Vec::new();
    if sealed.rules.program != now.program {
        changed.push(format!("{} → {}", sealed.rules.program, now.program));
    }
    for metric in Definition::all() {
        let then = sealed.definitions.iter().find(|it| it.metric == metric.metric);
        if then != Some(&metric) {
            changed.push(format!("{} version {}", metric.metric, metric.version));
        }
    }
    for it in &now.policies {
        if !sealed.rules.policies.contains(it) {
            changed.push(format!("{}@{}", it.id, it.version));
        }
    }
    for it in &now.calendars {
        if !sealed.rules.calendars.contains(it) {
            changed.push(format!("{} {}", it.year, it.notice));
        }
    }
    changed
}
