//! The notice ladder 三单 at work: what its rungs bring out by themselves, what is kept so that nobody has to search for
//! them, and the setting that switches it on. `list.rs` reads notices, `letter.rs` puts one on paper.

mod letter;
mod list;

pub use crate::store::notices::{Asked, Cursor};
pub(super) use list::told;
pub use list::{About, Line};
pub(super) use list::{Own, own_departments};

use super::{
    Caller, Fault, Office,
    acts::Act,
    perform::actor,
    verify::{Report, finding},
};
use crate::{
    domain::{
        actor::{Actor, Role},
        case::{Case, Event, Leader, NoticeIssue, Number},
        day::Day,
        gate::{self, Operation},
        ids::{CaseId, CongressId},
        ladder::{self, Clock, Due, LadderSetting},
        policy::Policy,
        text::Text,
        words::{Rung, Stage},
    },
    store::{
        Db, StoreError, Touch, Touched, cases, counters,
        ladder_clocks::{self, Row as ClockRow},
        notices::{self, Row},
        settings,
    },
};
use chrono::Datelike;

/// Clocks read at once, and cases walked in one transaction when the ladder is switched on.
const TOGETHER: i64 = 200;

/// Where the ledger names the request that brought an event.
const REQUEST: &str = "notice-ladder";

/// Cases in which nobody is urged, whatever day it is.
const NEVER: [Stage; 6] =
    [Stage::Draft, Stage::Declined, Stage::Withdrawn, Stage::OnAgenda, Stage::Examined, Stage::Converted];

/// The ladder itself: the policy says what goes out, and nobody decides.
fn ladder_actor(congress: &CongressId) -> Actor {
    Actor::office("系统（三单）", congress, Role::System)
}

/// The ladder as the congress set it; off until it did.
pub(super) fn ladder_setting(db: &mut Db, congress: &CongressId) -> Result<LadderSetting, StoreError> {
    let Some(text) = settings::get(db, &settings::notice_ladder(congress))? else {
        return Ok(LadderSetting::default());
    };
    read_setting(congress, &text)
}

fn read_setting(congress: &CongressId, text: &str) -> Result<LadderSetting, StoreError> {
    serde_json::from_str(text).map_err(|e| StoreError::corrupt("settings", congress, e))
}

/// What the walk that derives clocks leaves behind: the first day that they were derived by.
fn mark(setting: &LadderSetting) -> String {
    setting.from.map_or_else(|| "off".to_owned(), |from| from.to_string())
}

impl Office {
    /// Sends out the notices whose rungs are due, missed ones in their order; returns how many. Safe to repeat at any
    /// time, beside anybody's commands and in several processes at once: whoever is faster has written the case's next
    /// version, and the others find nothing left to do.
    ///
    /// # Errors
    /// The last fault, after all other cases have had their turn.
    pub async fn issue_notices(&self) -> Result<usize, Fault> {
        self.derive_clocks().await?;
        let now = self.now();
        let open =
            |policy: &Policy| policy.notices.hours.open(now, &self.books.calendar, policy.notices.days_off);
        // At night what was missed by day waits for the morning, and nobody looks at it.
        if !self.books.policies.all().any(open) {
            return Ok(0);
        }
        let (mut after, mut all, mut faults): (Option<ClockRow>, usize, Vec<Fault>) = (None, 0, Vec::new());
        loop {
            let place = after.take();
            let page = self
                .store
                .read(move |db| Ok::<_, Fault>(ladder_clocks::due(db, now, place.as_ref(), TOGETHER)?))
                .await?;
            for row in &page {
                match self.climb(row).await {
                    Ok(issued) => all += issued,
                    Err(fault) => faults.push(fault),
                }
            }
            let whole = i64::try_from(page.len()).is_ok_and(|n| n == TOGETHER);
            after = page.into_iter().next_back().filter(|_| whole);
            if after.is_none() {
                return faults.pop().map_or(Ok(all), Err);
            }
        }
    }

    async fn climb(&self, row: &ClockRow) -> Result<usize, Fault> {
        let (office, congress, row) = (self.clone(), row.congress()?, row.clone());
        if row.item != 0 {
            return self
                .store
                .write(Touch::Nothing, move |db| office.climb_item(db, &congress, &row.subject_id, row.item))
                .await;
        }
        let id: CaseId =
            row.subject_id.parse().map_err(|e| StoreError::corrupt("ladder_clocks", &row.subject_id, e))?;
        let touch = Touch::Cases(Touched::case(id));
        self.store.write(touch, move |db| office.climb_case(db, &congress, id)).await
    }

    /// Decided on the case as it is now: it may have moved on since its clock was read.
    fn climb_case(&self, db: &mut Db, congress: &CongressId, id: CaseId) -> Result<usize, Fault> {
        let Some(before) = cases::load(db, congress, id)? else { return Ok(0) };
        let policy = self.policy_now(db, &before)?;
        let (setting, now) = (ladder_setting(db, congress)?, self.now());
        let calendar = &self.books.calendar;
        let duties = ladder::duties(&before, policy, calendar);
        let climbed = before.climbed();
        let pending = ladder::pending(&duties, &climbed, policy, calendar, setting.from);
        let clock = ladder::clock(&pending);
        let mut events = Vec::new();
        for due in ladder::due(pending, policy, calendar, now) {
            let notice = self.drawn(db, congress, due, &setting)?;
            events.push(Event::NoticeIssued { notice });
        }
        if events.is_empty() {
            // Kept by another calendar, or a right has lapsed: nobody need come back for it.
            ladder_clocks::set(db, congress, &id.to_string(), 0, clock)?;
            return Ok(0);
        }
        let recorded = self.dress(events, before.version, &ladder_actor(congress), Day::at(now));
        let after = recorded.iter().fold(before.clone(), Case::after);
        self.record(db, Some(&before), &recorded, &after, policy, REQUEST)?;
        Ok(recorded.len())
    }

    /// A rung as a numbered document.
    pub(super) fn drawn(
        &self,
        db: &mut Db,
        congress: &CongressId,
        due: Due<'_>,
        setting: &LadderSetting,
    ) -> Result<NoticeIssue, Fault> {
        let Due { duty, rung, reason, answer_by } = due;
        let leader = match &rung.leader {
            Some(title) => {
                let name = setting.holder(title).cloned();
                let title = Text::parse(title).map_err(|e| StoreError::corrupt("policies", title, e))?;
                Some(Leader { title, name })
            }
            None => None,
        };
        Ok(NoticeIssue {
            document: self.next_notice(db, congress, rung.rung)?,
            rung: rung.rung,
            step: Some(rung.id.clone()),
            cause: Some(duty.cause),
            due: Some(duty.due),
            to: duty.to.clone(),
            reason,
            answer_by,
            leader,
        })
    }

    /// The next number of a rung in this year, such as 提示单〔2026〕3号; whoever is refused afterwards gives it back with
    /// the transaction.
    pub fn next_notice(&self, db: &mut Db, congress: &CongressId, rung: Rung) -> Result<Number, Fault> {
        let year = self.today().date().year();
        let sequence = counters::next_notice(db, congress, year, rung)?;
        let text = format!("{}〔{year}〕{sequence}号", rung.zh());
        let text = Text::parse(&text).map_err(|e| StoreError::corrupt("counters", year, e))?;
        Ok(Number { sequence: Some(sequence), text })
    }

    /// Keeps what follows from a case's events for lists and sweeps.
    pub(super) fn record_notices(
        &self,
        db: &mut Db,
        before: Option<&Case>,
        after: &Case,
        policy: &Policy,
    ) -> Result<(), Fault> {
        let rows = before.map(Row::of_case).unwrap_or_default();
        notices::set(db, &rows, &Row::of_case(after))?;
        let setting = ladder_setting(db, &after.congress)?;
        if setting.from.is_none() {
            return Ok(());
        }
        let clock = self.clock_of(after, policy, &setting);
        Ok(ladder_clocks::set(db, &after.congress, &after.id.to_string(), 0, clock)?)
    }

    fn clock_of(&self, case: &Case, policy: &Policy, setting: &LadderSetting) -> Option<Clock> {
        let calendar = &self.books.calendar;
        let duties = ladder::duties(case, policy, calendar);
        ladder::clock(&ladder::pending(&duties, &case.climbed(), policy, calendar, setting.from))
    }

    /// After a congress switched its ladder on, moved its first day or switched it off: the clocks of all cases that go
    /// on, some at a time. Safe to repeat; where it was done it reads two settings.
    async fn derive_clocks(&self) -> Result<(), Fault> {
        let (set, done) = self
            .store
            .read(|db| {
                let set = settings::of_congresses(db, settings::LADDER)?;
                Ok::<_, Fault>((set, settings::of_congresses(db, settings::LADDER_CLOCKS)?))
            })
            .await?;
        for (congress, text) in set {
            let wanted = mark(&read_setting(&congress, &text)?);
            if done.iter().any(|(it, mark)| *it == congress && *mark == wanted) {
                continue;
            }
            let mut after: Option<CaseId> = None;
            loop {
                let (office, of) = (self.clone(), congress.clone());
                after =
                    self.store.write(Touch::Nothing, move |db| office.derive_page(db, &of, after)).await?;
                if after.is_none() {
                    break;
                }
            }
            let (office, of) = (self.clone(), congress.clone());
            self.store
                .write(Touch::Nothing, move |db| {
                    office.derive_item_clocks(db, &of)?;
                    settings::set(db, &settings::ladder_clocks(&of), &wanted).map_err(Fault::from)
                })
                .await?;
        }
        Ok(())
    }

    fn derive_page(
        &self,
        db: &mut Db,
        congress: &CongressId,
        after: Option<CaseId>,
    ) -> Result<Option<CaseId>, Fault> {
        let setting = ladder_setting(db, congress)?;
        let page = cases::page(db, congress, after, TOGETHER, &NEVER)?;
        for case in &page {
            let policy = self.policy_now(db, case)?;
            let clock = self.clock_of(case, policy, &setting);
            ladder_clocks::set(db, congress, &case.id.to_string(), 0, clock)?;
        }
        Ok(page.last().map(|case| case.id))
    }

    pub(super) fn clear_notices(&self, db: &mut Db, congress: &CongressId) -> Result<(), StoreError> {
        notices::clear(db, congress)?;
        ladder_clocks::clear(db, congress)
    }

    /// Whether the clocks are those of the setting: until the walk is through, they are those of the one before.
    pub(super) fn clocks_are_current(
        &self,
        db: &mut Db,
        congress: &CongressId,
        setting: &LadderSetting,
    ) -> Result<bool, StoreError> {
        let derived_by = settings::get(db, &settings::ladder_clocks(congress))?;
        Ok(derived_by.is_some_and(|it| it == mark(setting)))
    }

    /// For `verify`: what is kept of a case for lists and sweeps.
    pub(super) fn compare_notices(
        &self,
        db: &mut Db,
        case: &Case,
        policy: &Policy,
        report: &mut Report,
    ) -> Result<(), Fault> {
        let (congress, id) = (&case.congress, case.id.to_string());
        let (stored, derived) = (notices::of_subject(db, congress, &id)?, Row::of_case(case));
        if stored != derived {
            let told = |rows: &[Row]| {
                rows.iter()
                    .map(|it| format!("{} {}", it.document, it.standing))
                    .collect::<Vec<_>>()
                    .join("; ")
            };
            report.findings.push(finding(congress, case.id, "notices", told(&stored), told(&derived)));
        }
        let setting = ladder_setting(db, congress)?;
        if !self.clocks_are_current(db, congress, &setting)? {
            return Ok(());
        }
        let stored = ladder_clocks::find(db, congress, &id, 0)?;
        let derived = self.clock_of(case, policy, &setting).map(|it| (it.at.naive_utc(), it.until.date()));
        if stored != derived {
            let told = |it: Option<_>| format!("{it:?}");
            report.findings.push(finding(congress, case.id, "ladder clock", told(stored), told(derived)));
        }
        Ok(())
    }

    /// The ladder as a congress set it.
    pub async fn notice_ladder(&self, caller: &Caller, congress: CongressId) -> Result<LadderSetting, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let actor = actor(db, &caller)?;
                gate::admit(&actor, Operation::ReadNotices)?;
                if actor.congress.as_ref() != Some(&congress) {
                    return Err(Fault::NotFound);
                }
                Ok(ladder_setting(db, &congress)?)
            })
            .await
    }

    /// Switches the ladder on from a day, moves it, or switches it off; and says who holds the offices that it names.
    pub async fn set_notice_ladder(
        &self,
        caller: &Caller,
        congress: CongressId,
        parse: impl Fn() -> Result<LadderSetting, Fault> + Send + 'static,
    ) -> Result<LadderSetting, Fault> {
        let (caller, office) = (caller.clone(), self.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let actor = actor(db, &caller)?;
                gate::admit(&actor, Operation::SetNoticeLadder)?;
                if actor.congress.as_ref() != Some(&congress) {
                    return Err(Fault::NotFound);
                }
                let setting = parse()?;
                let text = serde_json::to_string(&setting)
                    .map_err(|e| StoreError::corrupt("settings", &congress, e))?;
                settings::set(db, &settings::notice_ladder(&congress), &text)?;
                let names = vec!["notice_ladder".to_owned()];
                office.record_act_of(db, &actor, &caller, None, Act::SettingsChanged { names })?;
                Ok(setting)
            })
            .await
    }
}
