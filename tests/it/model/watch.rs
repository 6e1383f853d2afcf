//! What everybody sees of a case: after each step as the gate lets him see the ledger, and now and then as the office
//! answers him.

use super::{Lane, seeing::Shown};
use jianyi::{
    domain::{
        case::{Case, Mark, Recorded},
        gate::{self, Denied, Operation, Seen},
    },
    office::Fault,
    store::ledger,
};

/// The lane's cases, folded from the ledger as it grows.
#[derive(Default)]
pub struct Watch {
    cases: Vec<Option<Watched>>,
}

struct Watched {
    case: Case,
    events: Vec<(&'static str, Option<Mark>)>,
}

impl Watched {
    fn of(watched: Option<Watched>, recorded: &[Recorded]) -> Option<Watched> {
        let (mut watched, rest) = match watched {
            Some(watched) => (watched, recorded),
            None => {
                let (first, rest) = recorded.split_first()?;
                let events = vec![(first.event.kind(), first.event.mark())];
                (Watched { case: Case::begin(first)?, events }, rest)
            }
        };
        for it in rest {
            watched.case = watched.case.after(it);
            watched.events.push((it.event.kind(), it.event.mark()));
        }
        Some(watched)
    }

    fn shown(&self, opened: Result<Seen<&Case>, Denied>) -> (Shown, i64) {
        match opened {
            Ok(seen) => {
                let marked = |mark: &Option<Mark>| mark.is_none_or(|mark| seen.sight().shows(mark));
                let kinds = self.events.iter().filter(|(_, mark)| marked(mark)).map(|(kind, _)| *kind);
                (Shown::History(kinds.collect()), seen.version())
            }
            Err(Denied::Unnamed) => (Shown::Unnamed, 0),
            Err(_) => (Shown::Hidden, 0),
        }
    }
}

impl Lane {
    /// Who sees the case, which events of its history, and as which version.
    pub async fn compare_sight(&mut self, at: usize) -> Result<(), String> {
        let cases = &mut self.watch.cases;
        cases.resize_with(cases.len().max(at + 1), || None);
        let watched = cases[at].take();
        let (id, after) = (self.ids[at], watched.as_ref().map_or(0, |it| it.case.version));
        let congress = self.people.congress();
        let more = self
            .office
            .store()
            .read(move |db| Ok::<_, Fault>(ledger::history(db, &congress, id, after, i64::MAX)?));
        let more = more.await.map_err(|fault| format!("the ledger of case {at}: {fault:?}"))?;
        let watched = Watched::of(watched, &more).ok_or(format!("case {at} is not in the ledger"))?;
        let told = &self.now.cases[at];
        for who in self.people.everybody() {
            let actor = self.people.actor(who);
            let (shown, version) = watched.shown(gate::open(actor, &watched.case, Operation::ListEvents));
            let expected = self.now.shown(who, told);
            if shown != expected {
                return Err(format!("{who:?} sees case {at}: {shown:?}\nexpected {expected:?}"));
            }
            let events = if let Shown::History(events) = &expected { events.len() } else { 0 };
            if version != events as i64 {
                return Err(format!("{who:?} sees version {version} of case {at}, expected {expected:?}"));
            }
        }
        self.watch.cases[at] = Some(watched);
        Ok(())
    }

    /// The same, as the office answers each.
    pub async fn compare_doors(&self, at: usize) -> Result<(), String> {
        for who in self.people.everybody() {
            let caller = self.caller(who);
            let shown = self.office.show(&caller, self.ids[at], Operation::GetCase).await;
            let history = self.office.history(&caller, self.ids[at], 0, usize::MAX).await;
            let shown = match (shown, history) {
                (Ok(shown), Ok(history)) => {
                    let last = history.last().map_or(0, |it| it.version);
                    if last != shown.seen.version() {
                        return Err(format!("{who:?} reads {last} events at {}", shown.seen.version()));
                    }
                    Shown::History(history.iter().map(|it| it.event.kind()).collect())
                }
                (Err(Fault::NotFound), Err(Fault::NotFound)) => Shown::Hidden,
                (Err(Fault::Forbidden(_)), Err(Fault::Forbidden(_))) => Shown::Unnamed,
                (shown, history) => {
                    let shown = shown.map(|it| it.seen.version());
                    return Err(format!("{who:?} is shown {shown:?}, and the history {history:?}"));
                }
            };
            let expected = self.now.shown(who, &self.now.cases[at]);
            if shown != expected {
                return Err(format!("{who:?} is shown case {at}: {shown:?}\nexpected {expected:?}"));
            }
        }
        Ok(())
    }
}
