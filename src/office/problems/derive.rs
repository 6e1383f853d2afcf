//! What is kept beside the history of an item: its fold, its notices in the list, its clock. Derived with each event, and
//! anew after an upgrade; `verify` compares.

use crate::{
    domain::{
        ids::CongressId,
        ladder::{self, Clock, LadderSetting},
        problem::{Item, ProblemList},
    },
    office::{
        Fault, Office,
        notices::ladder_setting,
        verify::{Finding, Report},
    },
    store::{
        Db, StoreError, ladder_clocks,
        notices::{self, Row as NoticeRow},
        problems,
    },
};

const PAGE: i64 = 200;

fn rows(list: &ProblemList, item: &Item) -> Vec<NoticeRow> {
    let subject = list.id.to_string();
    item.notices
        .iter()
        .map(|it| {
            let place = (&list.congress, subject.as_str(), item.number);
            NoticeRow::of(place, it.number, &it.issue, item.notice_standing(it), it.issued_on)
        })
        .collect()
}

impl Office {
    pub(super) fn keep_item(
        &self,
        db: &mut Db,
        list: &ProblemList,
        before: Option<&Item>,
        after: &Item,
    ) -> Result<(), Fault> {
        let kept = before.map(|it| rows(list, it)).unwrap_or_default();
        notices::set(db, &kept, &rows(list, after))?;
        let setting = ladder_setting(db, &list.congress)?;
        self.keep_item_clock(db, list, after, &setting)
    }

    pub(super) fn keep_item_clock(
        &self,
        db: &mut Db,
        list: &ProblemList,
        item: &Item,
        setting: &LadderSetting,
    ) -> Result<(), Fault> {
        let clock = self.item_clock(list, item, setting)?;
        Ok(ladder_clocks::set(db, &list.congress, &list.id.to_string(), item.number, clock)?)
    }

    fn item_clock(
        &self,
        list: &ProblemList,
        item: &Item,
        setting: &LadderSetting,
    ) -> Result<Option<Clock>, StoreError> {
        let (policy, calendar) = (self.books.policy(&list.policy)?, &self.books.calendar);
        let duties = item.duties();
        let pending = ladder::pending(&duties, &item.climbed(), policy, calendar, setting.from);
        Ok(ladder::clock(&pending))
    }

    /// Each item of a congress with its list.
    fn each_item(
        &self,
        db: &mut Db,
        congress: &CongressId,
        mut with: impl FnMut(&mut Db, &ProblemList, Item) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut after: Option<problems::Row> = None;
        loop {
            let page = problems::walk(db, congress, after.as_ref(), PAGE)?;
            for row in &page {
                let list = problems::find(db, congress, row.list()?)?
                    .ok_or_else(|| StoreError::corrupt("problem_items", &row.list_id, "its list is gone"))?;
                with(db, &list, row.read()?)?;
            }
            after = page.into_iter().next_back();
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// After the ladder's first day was moved.
    pub(in crate::office) fn derive_item_clocks(
        &self,
        db: &mut Db,
        congress: &CongressId,
    ) -> Result<(), Fault> {
        let setting = ladder_setting(db, congress)?;
        self.each_item(db, congress, |db, list, item| self.keep_item_clock(db, list, &item, &setting))
    }

    /// Derives every item of a congress anew from its history.
    pub(in crate::office) fn derive_problems(&self, db: &mut Db, congress: &CongressId) -> Result<(), Fault> {
        problems::clear(db, congress)?;
        self.each_history(db, congress, |db, list, item| {
            problems::put(db, &problems::Row::of(congress, list.id, &item)?, None)?;
            self.keep_item(db, list, None, &item)
        })
    }

    fn each_history(
        &self,
        db: &mut Db,
        congress: &CongressId,
        mut with: impl FnMut(&mut Db, &ProblemList, Item) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut before = None;
        loop {
            let lists = problems::page(db, congress, before, PAGE)?;
            for list in &lists {
                for number in 1..=list.items {
                    let history = problems::history(db, congress, list.id, number)?;
                    let gapless = history.iter().zip(1..).all(|(it, version)| it.version == version);
                    let item = Item::fold(number, &history).filter(|_| gapless).ok_or_else(|| {
                        StoreError::corrupt(
                            "problem_events",
                            list.id,
                            format!("item {number} has a broken history"),
                        )
                    })?;
                    with(db, list, item)?;
                }
            }
            match lists.last() {
                Some(last) => before = Some(last.id),
                None => return Ok(()),
            }
        }
    }

    /// For `verify`: each item against its history.
    pub(in crate::office) fn compare_problems(
        &self,
        db: &mut Db,
        congress: &CongressId,
        report: &mut Report,
    ) -> Result<(), Fault> {
        let setting = ladder_setting(db, congress)?;
        let derived_by = self.clocks_are_current(db, congress, &setting)?;
        let mut findings = Vec::new();
        let compared = self.each_history(db, congress, |db, list, item| {
            let mut found = |column: &str, stored: String, derived: String| {
                if stored != derived {
                    findings.push(Finding {
                        congress: congress.to_string(),
                        place: format!("problem list {}, item {}", list.id, item.number),
                        column: column.to_owned(),
                        stored,
                        derived,
                    });
                }
            };
            let row = problems::row(db, congress, list.id, item.number)?;
            let derived = problems::Row::of(congress, list.id, &item)?;
            found("row", format!("{row:?}"), format!("{:?}", Some(derived)));
            let subject = list.id.to_string();
            let stored = notices::of_subject(db, congress, &subject)?;
            let stored: Vec<_> =
                stored.into_iter().filter(|it| it.item.unsigned_abs() == item.number).collect();
            found("notices", format!("{stored:?}"), format!("{:?}", rows(list, &item)));
            if derived_by {
                let stored = ladder_clocks::find(db, congress, &subject, item.number)?;
                let clock = self.item_clock(list, &item, &setting)?;
                let clock = clock.map(|it| (it.at.naive_utc(), it.until.date()));
                found("ladder clock", format!("{stored:?}"), format!("{clock:?}"));
            }
            Ok(())
        });
        report.findings.append(&mut findings);
        match compared {
            Err(Fault::Store(StoreError::Corrupt { reason, .. })) => {
                report.findings.push(Finding {
                    congress: congress.to_string(),
                    place: "problem lists".to_owned(),
                    column: "events".to_owned(),
                    stored: "unreadable".to_owned(),
                    derived: reason,
                });
                Ok(())
            }
            compared => compared,
        }
    }
}
