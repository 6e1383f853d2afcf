//! Completeness 完整性, gathered: what figures are made of, and every series of numbers.

use super::{
    Fault, Office,
    figures::{Inquiry, SumScope, counted},
};
use crate::{
    domain::{
        day::Day,
        figures::{AsOf, Completeness, Dimension, Excluded, Measure, Series},
    },
    store::{Db, figure_days, figures::Change},
};

impl Office {
    pub(super) fn completeness_in(
        &self,
        db: &mut Db,
        waiting: &[Change],
        scope: &SumScope,
        inquiry: &Inquiry,
    ) -> Result<Completeness, Fault> {
        let question = scope.question(inquiry, Dimension::Exclusion);
        let parts = [Measure::Received, Measure::Counted, Measure::Excluded];
        let counts = counted(db, waiting, &question, &parts, inquiry.as_of)?;
        let sum = |of: Measure| -> u64 {
            let all: i64 = counts.iter().filter(|((_, it), _)| *it == of).map(|(_, n)| n).sum();
            u64::try_from(all).unwrap_or(0)
        };
        let reasons = counts
            .iter()
            .filter(|((reason, it), n)| *it == Measure::Excluded && !reason.is_empty() && **n != 0);
        let exclusions = reasons
            .map(|((reason, _), n)| Excluded {
                reason: reason.clone(),
                cases: u64::try_from(*n).unwrap_or(0),
            })
            .collect();
        // A party's own cases have no numbers without gaps.
        let series = match scope.key.is_empty() {
            true => Some(self.series(db, waiting, scope, inquiry)?),
            false => None,
        };
        Ok(Completeness {
            received: sum(Measure::Received),
            counted: sum(Measure::Counted),
            excluded: sum(Measure::Excluded),
            exclusions,
            series,
        })
    }

    fn series(
        &self,
        db: &mut Db,
        waiting: &[Change],
        scope: &SumScope,
        inquiry: &Inquiry,
    ) -> Result<Vec<Series>, Fault> {
        let now = AsOf { true_on: Day::LAST, known_on: Day::LAST };
        let question = scope.question(inquiry, Dimension::Kind);
        let numbers = figure_days::numbers(db, waiting, &question, inquiry.as_of.unwrap_or(now))?;
        let series = numbers.into_iter().map(|((session, kind), it)| Series {
            session,
            kind: kind.to_string(),
            last: u64::try_from(it.last).unwrap_or(0),
            numbered: u64::try_from(it.given).unwrap_or(0),
            numbered_otherwise: u64::try_from(it.otherwise).unwrap_or(0),
        });
        Ok(series.collect())
    }
}
