//! Departments that were renamed or merged 机构沿革: entered by who keeps the directory; what a merged one still owed goes to
//! its successor, case by case, in the background.

use super::{
    Caller, Fault, Office,
    acts::Act,
    directory::{Department, house},
    many::TOGETHER,
    perform::actor,
};
use crate::{
    domain::{
        actor::{Actor, Role},
        case::{Case, DepartmentRef},
        day::Day,
        gate::{self, Operation, Party},
        ids::{CaseId, CongressId, DepartmentId},
        say::Say,
        text::Line,
        words::SuccessionKind,
    },
    store::{
        Db, StoreError, Touch, cases, directory, settings,
        successions::{self, Succession},
    },
};
use serde::Deserialize;

pub use crate::store::successions::Succession as Entered;

/// Where the ledger names the request that brought an event.
const REQUEST: &str = "department-merger";

/// What became of a department.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSuccession {
    pub kind: SuccessionKind,
    /// With `renamed`: what it is called from now on.
    #[serde(default)]
    pub name: Option<Line>,
    /// With `merged`: the department that goes on with its business.
    #[serde(default)]
    pub into: Option<DepartmentId>,
    /// The day on which it took effect.
    pub on: Day,
    /// 文号
    #[serde(default)]
    #[schema(example = "湖委编〔2024〕7号")]
    pub document: Option<Line>,
}

impl Office {
    /// Enters that a department was renamed, or merged into another one.
    pub async fn succeed_department(
        &self,
        caller: &Caller,
        congress: CongressId,
        department: DepartmentId,
        new: NewSuccession,
    ) -> Result<Succession, Fault> {
        self.enter(caller, congress, move |db, office, congress| {
            let before = directory::department(db, congress, department)?.ok_or(Fault::NotFound)?;
            if let Some(merger) = successions::merger(db, congress, department)? {
                return Err(Fault::Exists(Say::new(
                    format!("{}已并入{}", merger.name_before, merger.name_after),
                    format!("{} was merged into {}", merger.name_before, merger.name_after),
                )));
            }
            if new.on > office.today() {
                return Err(Fault::invalid("/on", "不得晚于今天", "must not lie in the future"));
            }
            let after = office.after(db, congress, &before, &new)?;
            let entry = Succession {
                congress_id: congress.to_string(),
                id: office.next_act().to_string(),
                department_id: before.id.clone(),
                kind: new.kind.to_string(),
                name_before: before.name.clone(),
                name_after: after.name.clone(),
                into_id: new.into.map(|it| it.to_string()),
                happened_on: new.on.date(),
                document: new.document.as_ref().map(|it| it.to_string()),
                recorded_at: office.now().naive_utc(),
            };
            successions::add(db, &entry)?;
            if new.kind == SuccessionKind::Renamed {
                directory::rename_department(db, congress, department, &after.name)?;
            }
            let act = Act::DepartmentSucceeded {
                department: before.id,
                before: before.name,
                after: after.name,
                into: entry.into_id.clone(),
            };
            Ok((entry, act))
        })
        .await
    }

    /// What became of a department of the caller's congress, oldest first.
    pub async fn successions(
        &self,
        caller: &Caller,
        congress: &CongressId,
        department: DepartmentId,
    ) -> Result<Vec<Succession>, Fault> {
        let (caller, congress) = (caller.clone(), congress.clone());
        self.store
            .read(move |db| {
                let actor = actor(db, &caller)?;
                house(&actor, &congress)?;
                gate::admit(&actor, Operation::ReadDirectory)?;
                directory::department(db, &congress, department)?.ok_or(Fault::NotFound)?;
                Ok(successions::of_department(db, &congress, department)?)
            })
            .await
    }

    /// What it is called from then on, or the department that goes on with its business.
    fn after(
        &self,
        db: &mut Db,
        congress: &CongressId,
        before: &Department,
        new: &NewSuccession,
    ) -> Result<Department, Fault> {
        match (new.kind, &new.name, new.into) {
            (SuccessionKind::Renamed, Some(name), None) => {
                if directory::department_by_name(db, congress, name)?.is_some() {
                    return Err(Fault::Exists(Say::new("已有同名单位", "a department of this name exists")));
                }
                Ok(Department { name: name.to_string(), ..before.clone() })
            }
            (SuccessionKind::Merged, None, Some(into)) if into.to_string() != before.id => {
                // One that was merged itself goes on with nothing.
                super::directory::department(db, congress, into, "/into")?;
                directory::department(db, congress, into)?.ok_or(Fault::NotFound)
            }
            (SuccessionKind::Renamed, ..) => Err(Fault::invalid(
                "/name",
                "更名须写明新名称，不写并入单位",
                "a renamed department has a new `name` and no `into`",
            )),
            (SuccessionKind::Merged, ..) => Err(Fault::invalid(
                "/into",
                "合并须写明并入的另一单位，不写新名称",
                "a merged department names another one in `into`, and no `name`",
            )),
        }
    }

    /// Hands what merged departments still owe to their successors; returns how many cases it touched. Safe to repeat at
    /// any time, and beside anybody's commands: each case is decided on as it is.
    ///
    /// A merger is looked at again until its day of entry is past, since a command that began before it may be written
    /// after it; then it is left behind for good.
    pub async fn hand_over_merged(&self) -> Result<usize, Fault> {
        let today = self.today();
        let open = self
            .store
            .read(move |db| {
                let mark = settings::get(db, settings::MERGERS)?.unwrap_or_default();
                Ok::<_, Fault>(successions::mergers_after(db, &mark)?)
            })
            .await?;
        let (mut all, mut past) = (0, None);
        let mut settled = true;
        for merger in open {
            all += self.hand_over(&merger).await?;
            settled &= Day::at(merger.recorded_at.and_utc()) < today;
            if settled {
                past = Some(merger.id);
            }
        }
        if let Some(past) = past {
            self.store
                .write(Touch::Nothing, move |db| {
                    settings::set(db, settings::MERGERS, &past).map_err(Fault::from)
                })
                .await?;
        }
        Ok(all)
    }

    async fn hand_over(&self, merger: &Succession) -> Result<usize, Fault> {
        let (congress, from, into) = named(merger)?;
        let merged_on = Day::new(merger.happened_on).ok_or_else(|| {
            StoreError::corrupt("department_successions", &merger.id, "a day past the calendar")
        })?;
        let Some(to) = self.department_now(&congress, into).await? else { return Ok(0) };
        let (mut before, mut all): (Option<CaseId>, usize) = (None, 0);
        loop {
            let (house, to_whom) = (congress.clone(), to.clone());
            let (last, owing) = self
                .store
                .read_aside(move |db| {
                    let page = cases::of_party(db, &house, &Party::Department(from), before, TOGETHER)?;
                    let owes = |case: &&Case| case.handed_to(from, &to_whom, merged_on).is_some();
                    let owing: Vec<CaseId> = page.iter().filter(owes).map(|case| case.id).collect();
                    Ok::<_, Fault>((page.last().map(|case| case.id), owing))
                })
                .await?;
            let (house, to) = (congress.clone(), to.clone());
            all += self
                .to_each(owing, move |office, db, id| office.hand_one(db, &house, id, (from, &to, merged_on)))
                .await?;
            match last {
                Some(_) => before = last,
                None => return Ok(all),
            }
        }
    }

    async fn department_now(
        &self,
        congress: &CongressId,
        id: DepartmentId,
    ) -> Result<Option<DepartmentRef>, Fault> {
        let congress = congress.clone();
        self.store
            .read(move |db| {
                let found = directory::department(db, &congress, id)?;
                Ok(found.map(|it| it.named()).transpose()?)
            })
            .await
    }

    /// Decided on the case as it is now: it may have moved on since it was found.
    fn hand_one(
        &self,
        db: &mut Db,
        congress: &CongressId,
        id: CaseId,
        (from, to, merged_on): (DepartmentId, &DepartmentRef, Day),
    ) -> Result<bool, Fault> {
        let Some(before) = cases::load(db, congress, id)? else { return Ok(false) };
        let Some((event, on)) = before.handed_to(from, to, merged_on) else { return Ok(false) };
        let merger = Actor::office("系统（机构合并）", congress, Role::System);
        let recorded = self.dress(vec![event], before.version, &merger, on);
        let after = recorded.iter().fold(before.clone(), Case::after);
        let policy = self.congress_policy(db, congress)?;
        let policy = self.books.policy_of(&after, &policy.id)?;
        self.record(db, Some(&before), &recorded, &after, policy, REQUEST)?;
        Ok(true)
    }
}

fn named(merger: &Succession) -> Result<(CongressId, DepartmentId, DepartmentId), StoreError> {
    let corrupt = |e: String| StoreError::corrupt("department_successions", &merger.id, e);
    let id = |text: &str| text.parse().map_err(|e: uuid::Error| corrupt(e.to_string()));
    Ok((
        merger.congress_id.parse().map_err(|e: &str| corrupt(e.to_owned()))?,
        id(&merger.department_id)?,
        id(merger.into_id.as_deref().unwrap_or_default())?,
    ))
}
