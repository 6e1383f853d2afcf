//! A new version of a policy takes effect from a day: the open cases that follow it are brought to it, each by an event
//! of its own, so that rows, due dates and figures move as with any other.

use super::{Fault, Office, many::TOGETHER};
use crate::{
    domain::{
        actor::{Actor, Role},
        case::{Case, OVER, PolicyRef},
        day::Day,
        ids::{CaseId, CongressId},
        policy::Policy,
    },
    store::{Db, StoreError, Touch, cases, directory, settings},
};

/// Where the ledger names the request that brought an event.
const REQUEST: &str = "policy-adoption";

/// A congress whose open cases are to be brought to a version.
struct Due {
    congress: CongressId,
    policy: PolicyRef,
    /// Whether the version's first day is past: then no command is under way any more that was decided before it.
    settled: bool,
}

impl Due {
    fn key(&self) -> String {
        settings::adopted(&self.congress)
    }

    fn mark(&self) -> String {
        format!("{}@{}", self.policy.id, self.policy.version)
    }
}

impl Office {
    /// Brings open cases to the version of their policy that they follow; returns how many there were. Safe to repeat at
    /// any time, and beside anybody's commands; where a version was adopted already it reads one setting.
    pub async fn adopt_policies(&self) -> Result<usize, Fault> {
        let office = self.clone();
        let today = self.today();
        let mut all = 0;
        for due in self.store.read(move |db| office.adoptions_due(db, today)).await? {
            all += self.adopt(&due).await?;
            if due.settled {
                let (key, mark) = (due.key(), due.mark());
                self.store
                    .write(Touch::Nothing, move |db| settings::set(db, &key, &mark).map_err(Fault::from))
                    .await?;
            }
        }
        Ok(all)
    }

    fn adoptions_due(&self, db: &mut Db, today: Day) -> Result<Vec<Due>, Fault> {
        let mut all = Vec::new();
        for congress in directory::congresses(db)? {
            let Some(policy) = self.books.policies.followed(&congress.policy_id, today) else { continue };
            let id =
                congress.id.parse().map_err(|e: &str| StoreError::corrupt("congresses", &congress.id, e))?;
            let settled = policy.effective_from < today;
            let due = Due { congress: id, policy: PolicyRef::to(policy), settled };
            if settings::get(db, &due.key())?.as_deref() != Some(due.mark().as_str()) {
                all.push(due);
            }
        }
        Ok(all)
    }

    async fn adopt(&self, due: &Due) -> Result<usize, Fault> {
        let (mut after, mut all) = (None, 0);
        loop {
            let (office, congress, policy) = (self.clone(), due.congress.clone(), due.policy.clone());
            let (last, followers) = self
                .store
                .read_aside(move |db| {
                    let page = cases::page(db, &congress, after, TOGETHER, &OVER)?;
                    let policy = office.books.policy(&policy)?;
                    let followers: Vec<CaseId> = page
                        .iter()
                        .filter(|case| case.adopts(policy).is_some())
                        .map(|case| case.id)
                        .collect();
                    Ok::<_, Fault>((page.last().map(|case| case.id), followers))
                })
                .await?;
            let (congress, policy) = (due.congress.clone(), due.policy.clone());
            all += self
                .to_each(followers, move |office, db, id| {
                    office.bring_one(db, &congress, id, office.books.policy(&policy)?)
                })
                .await?;
            match last {
                Some(_) => after = last,
                None => return Ok(all),
            }
        }
    }

    /// Decided on the case as it is now: it may have moved on since it was found.
    fn bring_one(
        &self,
        db: &mut Db,
        congress: &CongressId,
        id: CaseId,
        policy: &Policy,
    ) -> Result<bool, Fault> {
        let Some(before) = cases::load(db, congress, id)? else { return Ok(false) };
        let Some((event, on)) = before.adopts(policy) else { return Ok(false) };
        let recorded = self.dress(vec![event], before.version, &amender(congress), on);
        let after = recorded.iter().fold(before.clone(), Case::after);
        self.record(db, Some(&before), &recorded, &after, policy, REQUEST)?;
        Ok(true)
    }
}

/// Nobody decides here: the regulation says what happens by itself.
fn amender(congress: &CongressId) -> Actor {
    Actor::office("系统（办法修订）", congress, Role::System)
}
