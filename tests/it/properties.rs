//! What must always hold, whatever anybody does: the fold of the ledger equals the rows and the figures, every number
//! leads to its cases, and no command is half done.

use crate::support::{
    World,
    client::Caller,
    world::{CONGRESS, letter},
};
use jianyi::{
    domain::{
        case::Case,
        day::Day,
        figures::{Dimension, Facts, METRICS},
    },
    office::Fault,
    store::ledger,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Something that somebody tries, sensible or not.
#[derive(Clone, Debug)]
struct Attempt {
    who: usize,
    step: usize,
    case: usize,
    assignment: u32,
    days: u32,
    choice: usize,
}

const WHO: [&str; 8] =
    ["chen", "li", "committee", "government-office", "transport", "housing", "court", "auditor"];
const STEPS: [&str; 16] = [
    "/submission",
    "/registration",
    "/assignments",
    "/assignments/{}/acceptance",
    "/assignments/{}/hand-back",
    "/assignments/{}/hand-back/decision",
    "/assignments/{}/extension",
    "/assignments/{}/extension/decision",
    "/assignments/{}/consultations",
    "/assignments/{}/opinion",
    "/assignments/{}/reply",
    "/evaluations",
    "/closure",
    "/withdrawal",
    "/revisits",
    "",
];

fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let attempt = (0..WHO.len(), 0..STEPS.len(), 0..3usize, 1..4u32, 0..20u32, 0..12usize).prop_map(
        |(who, step, case, assignment, days, choice)| Attempt { who, step, case, assignment, days, choice },
    );
    prop::collection::vec(attempt, 60..120)
}

/// Half the attempts go to the hand that the step needs, so that stories get far.
fn hand(attempt: &Attempt, step: &str) -> usize {
    if attempt.choice.is_multiple_of(2) {
        return attempt.who;
    }
    match step {
        "/submission" | "/evaluations" | "" => 0,
        "/registration" | "/assignments" | "/closure" | "/revisits" => 2,
        "/withdrawal" => {
            if attempt.choice > 10 {
                0
            } else {
                attempt.who
            }
        }
        s if s.ends_with("decision") => 2,
        "/assignments/{}/opinion" => 5,
        _ => 4,
    }
}

fn body(attempt: &Attempt, step: &str, callers: &[Caller], today: &str) -> Value {
    let (transport, housing, court) = (&callers[4].party, &callers[5].party, &callers[6].party);
    let pick = |n: usize| attempt.choice % n;
    match step {
        "/assignments" => match pick(4) {
            0 => json!({"handlers": [{"department": transport, "part": "sole"}]}),
            1 => {
                json!({"handlers": [{"department": transport, "part": "lead"}, {"department": housing, "part": "co"}]})
            }
            2 => json!({"handlers": [{"department": court, "part": "co"}]}),
            _ => json!({"handlers": [{"department": court, "part": "sole"}]}),
        },
        "/assignments/{}/hand-back" => json!({"reason": "不属我单位"}),
        s if s.ends_with("decision") => json!({"granted": pick(2) == 0}),
        "/assignments/{}/extension" => json!({"reason": "涉及面广"}),
        "/assignments/{}/consultations" => json!({"day": today, "way": "phone"}),
        "/assignments/{}/opinion" => json!({"text": "同意"}),
        "/assignments/{}/reply" => {
            let mut letter = letter(["A", "B", "C"][pick(3)]);
            letter["opinions_stated"] = json!("已说明");
            letter["interim"] = json!(pick(6) == 5);
            letter
        }
        "/evaluations" => {
            let result = ["satisfied", "basically_satisfied", "unsatisfied"][pick(3)];
            json!({"attitude": "satisfied", "result": result, "text": "理由"})
        }
        "/withdrawal" => json!({"reason": "不提了"}),
        "/revisits" => {
            let outcome = ["upheld", "resolved_since", "not_delivered"][pick(3)];
            let class = [Value::Null, json!("A"), json!("B")][pick(3)].clone();
            let mut record = json!({"day": today, "way": "visit", "people": ["代表工委"], "finding": "看过", "outcome": outcome});
            if !class.is_null() {
                record["class"] = class;
            }
            record
        }
        "" => json!({"title": format!("第{}次修改", attempt.choice)}),
        _ => json!({}),
    }
}

fn live(world: &World, attempts: &[Attempt]) {
    let callers: Vec<Caller> = WHO.iter().map(|name| world.signed_in(name)).collect();
    let first = chrono::NaiveDate::from_ymd_opt(2024, 1, 17).unwrap();
    let mut day = first;
    world.on(&day.to_string());
    let cases: Vec<String> = (0..3)
        .map(|n| {
            let category = ["甲", "乙"][n % 2];
            let draft = json!({"kind": "suggestion", "title": format!("第{n}件"), "body": "正文", "category": category, "co_signers": [callers[1].party]});
            callers[0].create("/v1/cases", draft).expect(201).headers["location"].to_str().unwrap().to_owned()
        })
        .collect();
    for attempt in attempts {
        day += chrono::TimeDelta::days(i64::from(attempt.days));
        world.on(&day.to_string());
        let (step, path) = (STEPS[attempt.step], &cases[attempt.case]);
        let who = hand(attempt, step);
        let caller = &callers[who];
        let before = events(world, path);
        let mut url = format!("{path}{}", step.replace("{}", &attempt.assignment.to_string()));
        if WHO[who] == "committee" && attempt.choice % 3 == 1 {
            // Paper that arrived late: true before it was known.
            let then = day - chrono::TimeDelta::days(i64::from(attempt.days / 4));
            url += &format!("?occurred_on={then}");
        }
        let method = if step.is_empty() { Method::PATCH } else { Method::POST };
        let reply = caller
            .ask(method, &url)
            .header("if-match", &caller.tag(path))
            .json(body(attempt, step, &callers, &day.to_string()))
            .send();
        assert!(
            [200, 204, 403, 404, 409, 422].contains(&reply.status),
            "{attempt:?}: {} {}",
            reply.status,
            reply.text
        );
        if reply.status == 409 {
            // Whoever is refused learns what is missing.
            assert!(
                reply.json["missing"]["code"].is_string() && reply.json["missing"]["detail"].is_string(),
                "{}",
                reply.text
            );
        }
        let written = events(world, path) - before;
        assert_eq!(written, i64::from(reply.status < 300), "{attempt:?}: {}", reply.text);
        for caller in &callers {
            counts_what_it_shows(caller, path);
        }
        if attempt.choice % 6 == 5 {
            for (name, caller) in WHO.iter().zip(&callers) {
                crate::worklist::agrees(caller, name);
            }
        }
    }
    world.assert_no_drift();
    world.compact();
    world.assert_no_drift();
    received_is_counted_and_excluded(&callers[2]);
    let span = (day - first).num_days();
    for (place, attempt) in attempts.iter().enumerate().take(5) {
        let on = |n: usize| first + chrono::TimeDelta::days(i64::try_from(n).unwrap() * 7 % (span + 2));
        let (true_on, known_on) = (on(attempt.choice + place * 11), on(attempt.step + place * 5));
        for who in [2, 4, 0, 3] {
            a_sum_of_changes_is_a_refold(world, (WHO[who], &callers[who]), &cases, true_on, known_on);
        }
    }
    crate::rehearsal::changes_nothing(&callers[2]);
}

/// How many events the ledger has of a case.
fn events(world: &World, path: &str) -> i64 {
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    let congress = CONGRESS.parse().unwrap();
    let read = move |db: &mut _| Ok::<_, Fault>(ledger::history(db, &congress, id, 0, i64::MAX)?.len());
    i64::try_from(world.office.store().read_here(read).unwrap()).unwrap()
}

/// Whatever happened that he does not see, nobody can count it.
fn counts_what_it_shows(caller: &Caller, path: &str) {
    let case = caller.get(path);
    if case.status != 200 {
        return;
    }
    let events = caller.get(&format!("{path}/events")).expect(200).json["events"].clone();
    let versions: Vec<i64> =
        events.as_array().unwrap().iter().map(|e| e["version"].as_i64().unwrap()).collect();
    assert_eq!(versions, (1..=case.version()).collect::<Vec<_>>());
    assert_eq!(case.etag, Some(format!("\"{}\"", case.version())));
}

/// Figures as of two days are what a fold of the events up to these days gives, for whoever asks.
fn a_sum_of_changes_is_a_refold(
    world: &World,
    (username, caller): (&str, &Caller),
    cases: &[String],
    true_on: chrono::NaiveDate,
    known_on: chrono::NaiveDate,
) {
    let calendar = jianyi::domain::calendar::Calendar::shipped();
    let policies = jianyi::domain::policy::Policies::shipped();
    let refolded = cases.iter().filter_map(|path| {
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        let congress = CONGRESS.parse().unwrap();
        let read = move |db: &mut _| Ok::<_, Fault>(ledger::history(db, &congress, id, 0, i64::MAX)?);
        let history = world.office.store().read_here(read).unwrap();
        let until = history
            .iter()
            .take_while(|it| it.occurred_on.date() <= true_on && Day::at(it.recorded_at).date() <= known_on);
        let case = Case::fold(until)?;
        let policy = case.policy.as_ref()?;
        Facts::of(&case, policies.get(&policy.id, policy.version).unwrap(), calendar)
    });
    let own: Vec<Facts> = refolded
        .filter(|facts| match username {
            "transport" => facts.department == caller.party,
            "chen" => facts.deputy == caller.party,
            "government-office" => facts.channel == "government",
            _ => true,
        })
        .collect();
    if username == "committee" {
        // Lists of the day: drafts stand in none.
        let page = format!("/v1/cases?limit=100&sort=oldest&true_on={true_on}&known_on={known_on}");
        let told = caller.get(&page).expect(200).json["cases"].as_array().unwrap().clone();
        let line = |stage: &str, number: &str, class: &str, due: Option<Day>| {
            let day = due.map(|day| day.to_string()).unwrap_or_default();
            [stage.to_owned(), number.to_owned(), class.to_owned(), day]
        };
        let text = |it: &Value| it.as_str().unwrap_or("").to_owned();
        let listed =
            told.iter().map(|it| [&it["stage"], &it["number"], &it["class"], &it["due_on"]].map(text));
        let mut listed: Vec<_> = listed.collect();
        let held = own.iter().map(|it| line(it.stage.id(), &it.number, &it.class, it.due_on));
        let mut held: Vec<_> = held.collect();
        listed.sort();
        held.sort();
        assert_eq!(listed, held, "{page}");
    }
    for metric in METRICS.iter().filter(|it| it.percentile.is_none() && !it.share) {
        if metric.of_evaluations && username != "committee" {
            continue;
        }
        // One of them for each metric and pair of days: together they come round.
        let turn = metric.id.len() + usize::try_from((known_on - true_on).num_days().abs()).unwrap();
        let all = [Dimension::Total, Dimension::Class, Dimension::Department, Dimension::Session];
        for dimension in [all[turn % all.len()]] {
            let mut expected: BTreeMap<String, (i64, i64)> = BTreeMap::new();
            for facts in &own {
                let (above, below) = expected.entry(facts.value(dimension)).or_default();
                *above += metric.numerator.iter().map(|it| facts.measures.amount(*it)).sum::<i64>();
                *below += facts.measures.amount(metric.denominator);
            }
            expected.retain(|_, (_, below)| *below > 0);
            let group = match dimension {
                Dimension::Total => String::new(),
                by => format!("&group_by={}", by.id()),
            };
            let page = format!(
                "/v1/figures?congress={CONGRESS}&metric={}&true_on={true_on}&known_on={known_on}{group}",
                metric.id
            );
            let told = caller.get(&page).expect(200).json;
            assert_eq!(told["completeness"]["adds_up"], json!(true), "{page}: {told}");
            let found = told["figures"].as_array().unwrap().iter().map(|it| {
                let value = &it["group"][dimension.id()];
                let value = value.as_str().or(value["id"].as_str()).unwrap_or("").to_owned();
                (value, (it["numerator"].as_i64().unwrap(), it["denominator"].as_i64().unwrap()))
            });
            let found: BTreeMap<_, _> = found.filter(|(_, (_, below))| *below > 0).collect();
            assert_eq!(found, expected, "{username} asks {page}");
        }
    }
}

fn received_is_counted_and_excluded(committee: &Caller) {
    let count = |measure: &str| {
        let listed = committee.get(&format!("/v1/cases?congress=330502&measure={measure}")).expect(200).json;
        listed["cases"].as_array().unwrap().len()
    };
    assert_eq!(count("received"), count("counted") + count("excluded"));
}

fn run(cases: u32, open: fn() -> World) {
    // Each case is a whole year of a district; a failure prints the attempts that led to it.
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 20,
        ..Config::default()
    });
    let result = runner.run(&attempts(), |attempts| {
        live(&open(), &attempts);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn whatever_anybody_tries_the_ledger_the_rows_and_the_figures_agree_on_sqlite() {
    run(12, World::on_sqlite);
}

#[test]
fn whatever_anybody_tries_the_ledger_the_rows_and_the_figures_agree_on_postgres() {
    run(6, World::on_postgres);
}
