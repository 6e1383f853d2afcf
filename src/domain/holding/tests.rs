//! Whatever happens to a case, each of its days is counted once, and to the one whose turn it was.

use super::*;
use crate::domain::{actor::Author, case::*, ids::*, text::*, words::*};
use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;
use std::{collections::BTreeMap, str::FromStr};
use uuid::Uuid;

fn department(n: u128) -> DepartmentRef {
    let name = format!("第{n}局");
    DepartmentRef { id: DepartmentId(Uuid::from_u128(n)), name, channel: Channel::Government }
}

fn lead() -> DeputyRef {
    DeputyRef { id: DeputyId(Uuid::from_u128(99)), name: "陈芳".to_owned() }
}

fn note() -> Note {
    Note::parse("理由").unwrap()
}

fn policy() -> PolicyRef {
    PolicyRef { id: "zhejiang-2016".to_owned(), version: 1 }
}

fn drafted() -> Event {
    Event::Drafted(Draft {
        id: CaseId(Uuid::from_u128(7)),
        congress: "330502".parse().unwrap(),
        kind: Kind::Suggestion,
        title: Title::parse("标题").unwrap(),
        body: Body::parse("正文").unwrap(),
        category: None,
        lead: lead(),
        co_signers: Vec::new(),
        invited: Vec::new(),
        asks: Vec::new(),
        delegation: None,
        lead_delegation: None,
        converted_from: None,
    })
}

fn submitted() -> Event {
    Event::Submitted { session: "5-3".parse().unwrap(), origin: Origin::InSession, policy: policy() }
}

fn assigned(departments: &[u128], part: Part) -> Event {
    let handler = |n: &u128| Handler { department: department(*n), part, note: None, binding: false };
    Event::Assigned { handlers: departments.iter().map(handler).collect(), policy: policy() }
}

fn handed_back(assignment: u32, granted: bool) -> Event {
    Event::HandBackDecided {
        assignment,
        decision: HandBackDecision { granted, reason: None, share_dropped: false },
    }
}

fn evaluated(result: Satisfaction) -> Event {
    let form =
        EvaluationForm { attitude: Satisfaction::Satisfied, result, text: Some(note()), on_behalf_of: None };
    Event::Evaluated { deputy: lead(), counts: true, form }
}

fn replied(assignment: u32) -> Event {
    let letter = serde_json::json!({"class": "A", "text": "答复"});
    Event::Replied { assignment, letter: serde_json::from_value(letter).unwrap(), occasion: Occasion::Answer }
}

/// Any event that moves a case, at any time: the arithmetic must hold even for what no procedure allows.
fn event() -> impl Strategy<Value = Event> {
    let number = || 1..5u32;
    prop_oneof![
        Just(submitted()),
        Just(Event::ReturnedForCorrection {
            asked: serde_json::from_value(serde_json::json!({"reason": "重写"})).unwrap()
        }),
        Just(Event::Registered {
            number: Number { sequence: Some(1), text: Title::parse("一号").unwrap() }
        }),
        Just(Event::Dispatched { form: DispatchForm::default() }),
        (1..4u128).prop_map(|n| assigned(&[n], Part::Sole)),
        (1..3u128).prop_map(|n| assigned(&[n, n + 1], Part::Separate)),
        number().prop_map(|assignment| Event::Accepted { assignment }),
        number().prop_map(|assignment| Event::HandBackRequested {
            assignment,
            hand_back: HandBack { reason: note(), proposed_department: None }
        }),
        (number(), any::<bool>()).prop_map(|(assignment, granted)| handed_back(assignment, granted)),
        number().prop_map(replied),
        Just(evaluated(Satisfaction::Satisfied)),
        Just(evaluated(Satisfaction::Unsatisfied)),
        Just(Event::EvaluationReminded),
        Just(Event::ReworkOrdered { reason: None }),
        Just(Event::Closed),
        Just(Event::Withdrawn { reason: note() }),
    ]
}

/// A case that is handed in, and then what happened to it, each event some days after the one before.
fn history(steps: Vec<(Event, i64)>) -> Vec<Recorded> {
    let mut date = Day::from_str("2024-01-16").unwrap().date();
    let all = [(drafted(), 0), (submitted(), 3)].into_iter().chain(steps);
    let recorded = all.zip(1..).map(|((event, days), version)| {
        date += TimeDelta::days(days);
        let author =
            Author { user: UserId(Uuid::nil()), name: "某".to_owned(), role: "committee".to_owned() };
        let occurred_on = Day::new(date).unwrap();
        Recorded { version, occurred_on, recorded_at: DateTime::UNIX_EPOCH, author, event }
    });
    recorded.collect()
}

type Days = BTreeMap<(String, String), i64>;

fn key(holder: Holder, name: &str) -> (String, String) {
    (format!("{holder:?}"), name.to_owned())
}

/// The same told evening by evening: the next day belongs to whoever has the case then, or had it last before its end.
/// Until the case is over, or until today.
fn evening_by_evening(history: &[Recorded], today: Day) -> (Days, Day) {
    let mut last: Option<(Holder, String)> = None;
    let mut over: Option<Day> = None;
    let mut case: Option<Case> = None;
    let mut known = BTreeMap::new();
    for recorded in history {
        case = match case {
            None => Case::begin(recorded),
            Some(case) => Some(case.after(recorded)),
        };
        match case.as_ref().and_then(|case| holder(case, false)) {
            Some(now) => (last, over) = (Some(now), None),
            None => over = over.or(last.is_some().then_some(recorded.occurred_on)),
        }
        known.insert(recorded.occurred_on.date(), last.clone());
    }
    let end = over.unwrap_or(today);
    let mut days = Days::new();
    let mut evening = history[0].occurred_on.date();
    while evening < end.date() {
        let now = known.range(..=evening).next_back().and_then(|(_, turn)| turn.clone());
        if let Some((holder, name)) = now {
            *days.entry(key(holder, &name)).or_default() += 1;
        }
        evening = tomorrow(evening);
    }
    (days, end)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn every_day_is_counted_once_and_to_whose_turn_it_was(
        steps in prop::collection::vec((event(), 0..30i64), 1..24),
        later in 0..60i64,
    ) {
        let history = history(steps);
        let last = history.last().unwrap().occurred_on.date();
        let today = Day::new(last + TimeDelta::days(later)).unwrap();
        let turns = holders(&history, Calendar::shipped(), today, false);
        let (told, end) = evening_by_evening(&history, today);
        let submission = history[1].occurred_on;

        let sum: i64 = turns.iter().map(|turn| turn.days).sum();
        prop_assert_eq!(sum, (end.date() - submission.date()).num_days());
        let mut counted = Days::new();
        for turn in turns.iter().filter(|turn| turn.days > 0) {
            *counted.entry(key(turn.holder, &turn.name)).or_default() += turn.days;
        }
        prop_assert_eq!(counted, told);
        for turn in &turns {
            prop_assert_eq!(turn.days, (turn.to.date() - turn.from.date()).num_days());
            prop_assert!(turn.days >= 0 && (0..=turn.days).contains(&turn.working_days));
        }
        for pair in turns.windows(2) {
            prop_assert_eq!(pair[0].to, pair[1].from);
            prop_assert!(!pair[0].open);
        }
        if let (Some(first), Some(last)) = (turns.first(), turns.last()) {
            prop_assert_eq!((first.from, last.to), (submission, end));
        }
    }
}
