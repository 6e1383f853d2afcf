//! Congresses, sessions, departments and deputies: who may list them, who enters them.

use super::{
    Caller, Fault, Office,
    acts::{Act, Entry},
    perform::actor,
};
use crate::{
    domain::{
        actor::{Actor, Role},
        case::{DepartmentRef, DeputyRef},
        day::Day,
        gate::{self, Operation},
        ids::{CongressId, DepartmentId, DeputyId, SessionId},
        say::Say,
        text::Line,
        words::{Channel, Origin},
    },
    store::{Db, StoreError, Touch, directory, successions},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;

pub use directory::{Congress, Department, Deputy, Session};

/// A session 届次, or the time between two.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSession {
    pub id: SessionId,
    #[schema(example = "第五届人民代表大会第三次会议")]
    pub label: Line,
    pub origin: Origin,
    pub opens_on: Day,
    /// Left out while it is open-ended.
    #[serde(default)]
    pub closes_on: Option<Day>,
    /// Until when motions are taken 议案截止时间; while the session sits if left out.
    #[serde(default)]
    pub motions_until: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDepartment {
    #[schema(example = "区交通运输局")]
    pub name: Line,
    #[serde(default = "government")]
    pub channel: Channel,
}

fn government() -> Channel {
    Channel::Government
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeputy {
    pub name: Line,
    /// 代表团
    #[serde(default)]
    pub delegation: Option<Line>,
}

impl Office {
    /// The congress of the caller: nobody sees another's.
    pub async fn congress(&self, caller: &Caller, id: &CongressId) -> Result<Congress, Fault> {
        let (caller, id) = (caller.clone(), id.clone());
        self.store
            .read(move |db| {
                let actor = actor(db, &caller)?;
                gate::admit(&actor, Operation::GetCongress)?;
                house(&actor, &id)?;
                directory::congress(db, &id)?.ok_or(Fault::NotFound)
            })
            .await
    }

    pub async fn congresses(&self, caller: &Caller) -> Result<Vec<Congress>, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let actor = actor(db, &caller)?;
                gate::admit(&actor, Operation::GetCongress)?;
                let mut all = directory::congresses(db)?;
                let own = actor.congress.map(String::from);
                all.retain(|c| own.is_none() || own.as_ref() == Some(&c.id));
                Ok(all)
            })
            .await
    }

    pub async fn sessions(&self, caller: &Caller, congress: &CongressId) -> Result<Vec<Session>, Fault> {
        self.listed(caller, congress, directory::sessions).await
    }

    pub async fn departments(
        &self,
        caller: &Caller,
        congress: &CongressId,
    ) -> Result<Vec<Department>, Fault> {
        self.listed(caller, congress, directory::departments).await
    }

    pub async fn deputies(&self, caller: &Caller, congress: &CongressId) -> Result<Vec<Deputy>, Fault> {
        self.listed(caller, congress, directory::deputies).await
    }

    async fn listed<T: Send + 'static>(
        &self,
        caller: &Caller,
        congress: &CongressId,
        list: fn(&mut Db, &CongressId) -> Result<Vec<T>, StoreError>,
    ) -> Result<Vec<T>, Fault> {
        let (caller, congress) = (caller.clone(), congress.clone());
        self.store
            .read(move |db| {
                let actor = actor(db, &caller)?;
                house(&actor, &congress)?;
                gate::admit(&actor, Operation::ReadDirectory)?;
                Ok(list(db, &congress)?)
            })
            .await
    }

    pub async fn add_session(
        &self,
        caller: &Caller,
        congress: CongressId,
        new: NewSession,
    ) -> Result<Session, Fault> {
        self.enter(caller, congress, move |db, _, congress| {
            if new.closes_on.is_some_and(|closes| closes < new.opens_on) {
                return Err(Fault::invalid("/closes_on", "不得早于开始日期", "must not be before opens_on"));
            }
            if directory::session(db, congress, &new.id)?.is_some() {
                return Err(Fault::Exists(Say::new("该届次已登记", "this session is entered already")));
            }
            let session = Session {
                congress_id: congress.to_string(),
                id: new.id.to_string(),
                label: new.label.to_string(),
                origin: new.origin.to_string(),
                opens_on: new.opens_on.date(),
                closes_on: new.closes_on.map(Day::date),
                motions_until: new.motions_until.map(|until| until.naive_utc()),
            };
            directory::add_session(db, &session)?;
            let act = Act::SessionEntered { session: session.id.clone() };
            Ok((session, act))
        })
        .await
    }

    pub async fn add_department(
        &self,
        caller: &Caller,
        congress: CongressId,
        new: NewDepartment,
    ) -> Result<Department, Fault> {
        self.enter(caller, congress, move |db, office, congress| {
            if directory::department_by_name(db, congress, &new.name)?.is_some() {
                return Err(Fault::Exists(Say::new("已有同名单位", "a department of this name exists")));
            }
            let added = office.new_department(db, congress, &new.name, new.channel)?;
            let act = Act::DepartmentEntered { department: added.id.clone(), name: added.name.clone() };
            Ok((added, act))
        })
        .await
    }

    pub async fn add_deputy(
        &self,
        caller: &Caller,
        congress: CongressId,
        new: NewDeputy,
    ) -> Result<Deputy, Fault> {
        self.enter(caller, congress, move |db, office, congress| {
            let delegation = new.delegation.as_ref().map(|d| d.to_string());
            let same = directory::deputies_by_name(db, congress, &new.name)?;
            if same.iter().any(|d| d.delegation == delegation) {
                return Err(Fault::Exists(Say::new(
                    "该代表团已有同名代表",
                    "the delegation has a deputy of this name",
                )));
            }
            let added = office.new_deputy(db, congress, &new.name, delegation)?;
            let act = Act::DeputyEntered { deputy: added.id.clone(), name: added.name.clone() };
            Ok((added, act))
        })
        .await
    }

    pub fn new_department(
        &self,
        db: &mut Db,
        congress: &CongressId,
        name: &str,
        channel: Channel,
    ) -> Result<Department, Fault> {
        let department = Department {
            congress_id: congress.to_string(),
            id: self.fresh_id().to_string(),
            name: name.to_owned(),
            channel: channel.to_string(),
        };
        directory::add_department(db, &department)?;
        Ok(department)
    }

    pub fn new_deputy(
        &self,
        db: &mut Db,
        congress: &CongressId,
        name: &str,
        delegation: Option<String>,
    ) -> Result<Deputy, Fault> {
        let deputy = Deputy {
            congress_id: congress.to_string(),
            id: self.fresh_id().to_string(),
            name: name.to_owned(),
            delegation,
        };
        directory::add_deputy(db, &deputy)?;
        Ok(deputy)
    }

    /// Only committee staff and administrators keep the directory.
    pub(super) async fn enter<T: Send + 'static>(
        &self,
        caller: &Caller,
        congress: CongressId,
        add: impl Fn(&mut Db, &Office, &CongressId) -> Result<(T, Act), Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (caller, office) = (caller.clone(), self.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let actor = actor(db, &caller)?;
                house(&actor, &congress)?;
                if gate::admit(&actor, Operation::KeepDirectory).is_err() {
                    return Err(Fault::Forbidden(Say::new(
                        "只有代表工委和系统管理员可以维护",
                        "only committee staff and administrators keep the directory",
                    )));
                }
                directory::congress(db, &congress)?.ok_or(Fault::NotFound)?;
                let (added, act) = add(db, &office, &congress)?;
                // In the congress's book, also where the installation's operator did it.
                office.record_act(
                    db,
                    Entry {
                        congress: Some(&congress),
                        author: Some(actor.author()),
                        user: None,
                        case: None,
                        act,
                        request_id: &caller.request_id,
                        address: caller.address.as_deref(),
                    },
                )?;
                Ok(added)
            })
            .await
    }
}

/// The tenant wall; an installation's administrator belongs to no congress and may enter each.
pub(super) fn house(actor: &Actor, congress: &CongressId) -> Result<(), Fault> {
    match &actor.congress {
        None if actor.role == Role::Operator => Ok(()),
        Some(own) if own == congress => Ok(()),
        _ => Err(Fault::NotFound),
    }
}

/// A department as a command names it; `pointer` says where in the body it stood. One that was merged into another takes
/// nothing any more.
pub fn department(
    db: &mut Db,
    congress: &CongressId,
    id: DepartmentId,
    pointer: &str,
) -> Result<DepartmentRef, Fault> {
    if let Some(merger) = successions::merger(db, congress, id)? {
        return Err(Fault::invalid(
            pointer,
            format!("{}已并入{}", merger.name_before, merger.name_after),
            format!("{} was merged into {}", merger.name_before, merger.name_after),
        ));
    }
    match directory::department(db, congress, id)? {
        Some(department) => Ok(department.named()?),
        None => {
            Err(Fault::invalid(pointer, "本级人大没有这个承办单位", "no such department in this congress"))
        }
    }
}

/// A deputy as a command names him.
pub fn deputy(db: &mut Db, congress: &CongressId, id: DeputyId, pointer: &str) -> Result<DeputyRef, Fault> {
    match directory::deputy(db, congress, id)? {
        Some(deputy) => Ok(deputy.named()?),
        None => Err(Fault::invalid(pointer, "本级人大没有这位代表", "no such deputy in this congress")),
    }
}
