//! The selection of the best-handled suggestions: what qualifies, who nominates, secret ballots, a result that stays.

use crate::{
    on_both,
    support::{
        World,
        client::{Caller, Reply},
        world::{PASSWORD, letter, wait},
    },
};
use chrono::TimeDelta;
use diesel::{QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text};
use jianyi::{
    domain::{actor::Role, ids::CongressId},
    office::{Fault, StoreError, accounts::NewAccount},
};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, thread};

const NOMINATIONS_UNTIL: &str = "2024-12-10T09:00:00Z";
const VOTES_UNTIL: &str = "2024-12-20T09:00:00Z";

fn terms(seats: u32) -> Value {
    json!({
        "title": "2024年部门办理最满意建议件", "sessions": ["5-3", "5-3-between"],
        "criteria": ["resolved", "satisfied", "answered_in_time"], "seats": seats,
        "nominations_until": NOMINATIONS_UNTIL, "votes_until": VOTES_UNTIL
    })
}

fn opened(world: &World, seats: u32) -> String {
    let created = world.committee().create("/v1/selections", terms(seats)).expect(201);
    created.header("location").to_owned()
}

/// Answered in a class, judged and closed.
fn closed(world: &World, title: &str, class: &str, judgement: &str) -> String {
    let path = world.answered(title, class).0;
    world.later(TimeDelta::hours(2));
    world.does("chen", &format!("{path}/evaluations"), json!({"attitude": "satisfied", "result": judgement}));
    world.does("committee", &format!("{path}/closure"), json!({}));
    path
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

fn nominates(caller: &Caller, selection: &str, case: &str) -> Reply {
    caller.create(&format!("{selection}/nominations"), json!({"case": id(case), "reason": "办得好"}))
}

fn votes(caller: &Caller, selection: &str, cases: &[&String]) -> Reply {
    let choices: Vec<&str> = cases.iter().map(|case| id(case)).collect();
    caller.create(&format!("{selection}/ballots"), json!({"choices": choices}))
}

/// More deputies than the story's own, signed in.
fn more_deputies(world: &World, n: usize) -> Vec<Caller> {
    let hash = jianyi::identity::password::hash(PASSWORD).unwrap();
    let congress: CongressId = "330502".parse().unwrap();
    let office = world.office.clone();
    let add = move |db: &mut _| {
        for n in 0..n {
            let deputy = office.new_deputy(db, &congress, &format!("第{n}位代表"), None)?.named()?.id;
            let account = NewAccount {
                username: format!("deputy-{n}"),
                display_name: format!("第{n}位代表"),
                password: Some(hash.clone()),
                congress: Some(congress.clone()),
                role: Role::Deputy { deputy },
                scopes: None,
            };
            office.new_account(db, account)?;
        }
        Ok::<_, Fault>(())
    };
    world.office.store().write_here(add).unwrap();
    (0..n).map(|n| world.signed_in(&format!("deputy-{n}"))).collect()
}

fn missing(caller: &Caller, selection: &str) -> Vec<(String, bool, Vec<String>)> {
    let page = caller.get(&format!("{selection}/cases")).expect(200).json;
    let line = |it: &Value| {
        let missing = it["missing"].as_array().cloned().unwrap_or_default();
        let missing = missing.iter().map(|it| it["criterion"].as_str().unwrap().to_owned()).collect();
        (it["title"].as_str().unwrap().to_owned(), it["eligible"].as_bool().unwrap(), missing)
    };
    page["cases"].as_array().unwrap().iter().map(line).collect()
}

on_both! {
    fn what_qualifies_is_computed_and_told_with_what_is_missing(world) {
        world.on("2024-02-22");
        closed(world, "合格", "A", "satisfied");
        closed(world, "部分解决", "B", "satisfied");
        closed(world, "基本满意", "A", "basically_satisfied");
        world.answered("未办结", "A");
        let secret = closed(world, "保密而且部分解决", "B", "satisfied");
        world.does("leader", &format!("{secret}/confidentiality"), json!({"confidential": true, "reason": "商业秘密"}));
        let late = world.in_hand("逾期").0;
        world.on("2024-06-03").does("transport", &format!("{late}/assignments/1/reply"), letter("A"));
        world.later(TimeDelta::hours(2));
        world.does("chen", &format!("{late}/evaluations"), json!({"attitude": "satisfied", "result": "satisfied"}));
        world.does("committee", &format!("{late}/closure"), json!({}));
        let withdrawn = world.registered("撤回").0;
        world.does("chen", &format!("{withdrawn}/withdrawal"), json!({"reason": "已解决"}));
        let selection = opened(world, 2);
        let told = |name: &str| missing(&world.signed_in(name), &selection);
        let line = |title: &str, missing: &[&str]| {
            (title.to_owned(), missing.is_empty(), missing.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
        };
        let all = told("auditor");
        for expected in [
            line("合格", &[]),
            line("部分解决", &["resolved"]),
            line("基本满意", &["satisfied"]),
            line("未办结", &["closed", "satisfied"]),
            line("保密而且部分解决", &["not_confidential"]),
            line("逾期", &["answered_in_time"]),
        ] {
            assert!(all.contains(&expected), "{expected:?} in {all:?}");
        }
        let gone = all.iter().find(|(title, ..)| title == "撤回").unwrap();
        assert!(gone.2.contains(&"not_excluded".to_owned()), "{gone:?}");
        // Staff who are not named read no title, and nothing of why beyond that.
        assert!(told("committee").contains(&line("（保密件）", &["not_confidential"])));
        // A deputy sees his own cases, and of none why it does not qualify.
        assert!(told("chen").iter().all(|(.., missing)| missing.is_empty()));
        assert_eq!(told("chen").iter().filter(|(_, eligible, _)| *eligible).count(), 1);
        assert_eq!(told("shen"), []);
        let page = world.committee().get(&format!("{selection}/cases?limit=3")).expect(200);
        let rest = world.committee().get(page.json["next"].as_str().unwrap()).expect(200);
        assert_eq!(page.json["cases"].as_array().unwrap().len(), 3);
        assert!(!rest.json["cases"].as_array().unwrap().is_empty());
    }

    fn terms_are_checked_and_stay(world) {
        world.on("2024-11-01");
        let committee = world.committee();
        let wrong = |field: &str, value: Value| {
            let mut terms = terms(2);
            terms[field] = value;
            committee.create("/v1/selections", terms).expect(422).pointers()
        };
        assert_eq!(wrong("sessions", json!([])), ["/sessions"]);
        assert_eq!(wrong("sessions", json!(["5-3", "9-9"])), ["/sessions/1"]);
        assert_eq!(wrong("sessions", json!(["5-3", "5-3"])), ["/sessions/1"]);
        assert_eq!(wrong("criteria", json!(["beautiful"])), ["/criteria/0"]);
        assert_eq!(wrong("seats", json!(0)), ["/seats"]);
        assert_eq!(wrong("nominations_until", json!("2024-10-31T00:00:00Z")), ["/nominations_until"]);
        assert_eq!(wrong("votes_until", json!(NOMINATIONS_UNTIL)), ["/votes_until"]);
        let selection = opened(world, 2);
        let shown = committee.get(&selection).expect(200).json;
        // What is always asked is among the criteria, whether it was named or not.
        assert_eq!(shown["criteria"], json!(["not_confidential", "not_excluded", "closed", "resolved", "satisfied", "answered_in_time"]));
        assert_eq!((&shown["phase"], &shown["sealed"], &shown["nominated"]), (&json!("nominating"), &json!(false), &json!([])));
        for (name, status) in [("chen", 200), ("secretary", 200), ("auditor", 200), ("transport", 403), ("government-office", 403), ("administrator", 403), ("committee@other", 404)] {
            world.signed_in(name).get(&selection).expect(status);
        }
        assert_eq!(world.signed_in("committee@other").get("/v1/selections").expect(200).json["selections"], json!([]));
        for sql in ["UPDATE selections SET seats = 9", "DELETE FROM selections"] {
            let done = world.office.store().write_here(move |db| db.batch_execute(sql).map_err(|e| Fault::from(StoreError::from(e))));
            assert!(done.is_err(), "{sql}");
        }
    }

    fn who_may_open_a_case_that_qualifies_nominates_it_with_a_reason(world) {
        world.on("2024-02-22");
        let (good, bad) = (closed(world, "合格", "A", "satisfied"), closed(world, "不合格", "A", "basically_satisfied"));
        let selection = opened(world, 2);
        let (chen, shen) = (world.deputy(), world.signed_in("shen"));
        nominates(&chen, &selection, &good).expect(204);
        nominates(&chen, &selection, &good).expect(409);
        nominates(&world.signed_in("secretary"), &selection, &good).expect(204);
        nominates(&world.committee(), &selection, &good).expect(204);
        // It does not exist for him, and so he has nothing to nominate.
        assert_eq!(nominates(&shen, &selection, &good).expect(422).pointers(), ["/case"]);
        nominates(&world.signed_in("auditor"), &selection, &good).expect(403);
        // Which criterion failed would tell a co-signer how the lead signer judged.
        let told = nominates(&world.signed_in("li"), &selection, &bad).expect(422).json["errors"][0]["detail"].clone();
        assert_eq!(told, "不符合本次选树的条件");
        let told = nominates(&world.committee(), &selection, &bad).expect(422).json["errors"][0]["detail"].clone();
        assert_eq!(told, "不符合本次选树的条件：计入的评价不是满意");
        let unreasoned = chen.create(&format!("{selection}/nominations"), json!({"case": id(&bad)})).expect(422);
        assert_eq!(unreasoned.pointers(), ["/reason"]);
        let shown = shen.get(&selection).expect(200).json;
        let words: BTreeSet<(&str, Option<&str>)> = shown["nominated"][0]["nominations"].as_array().unwrap().iter().map(|it| (it["by"].as_str().unwrap(), it["name"].as_str())).collect();
        assert_eq!(words, BTreeSet::from([("deputy", Some("陈芳")), ("delegation", Some("织里代表团")), ("committee", None)]));
        assert_eq!((&shown["nominated"][0]["title"], &shown["nominated"].as_array().unwrap().len()), (&json!("合格"), &1));
        votes(&chen, &selection, &[&good]).expect(409);
        world.turn(NOMINATIONS_UNTIL.parse().unwrap());
        let late = nominates(&world.signed_in("li"), &selection, &good).expect(409);
        assert_eq!(late.json["missing"]["code"], "nominations_closed");
        let acts = world.signed_in("auditor").get("/v1/acts?kind=case_nominated").expect(200).json["acts"].clone();
        assert_eq!(acts.as_array().unwrap().len(), 3);
        assert_eq!(acts[0]["case"], json!(id(&good)));
    }

    fn each_deputy_votes_once_before_the_closing_instant(world) {
        world.on("2024-02-22");
        let cases: Vec<String> = ["甲", "乙", "丙"].iter().map(|title| closed(world, title, "A", "satisfied")).collect();
        let other = closed(world, "未提名", "A", "satisfied");
        let selection = opened(world, 2);
        for case in &cases {
            nominates(&world.committee(), &selection, case).expect(204);
        }
        let (chen, li, shen) = (world.deputy(), world.signed_in("li"), world.signed_in("shen"));
        world.turn(NOMINATIONS_UNTIL.parse().unwrap());
        assert_eq!(votes(&chen, &selection, &[]).expect(422).pointers(), ["/choices"]);
        assert_eq!(votes(&chen, &selection, &[&cases[0], &cases[1], &cases[2]]).expect(422).pointers(), ["/choices"]);
        assert_eq!(votes(&chen, &selection, &[&cases[0], &cases[0]]).expect(422).pointers(), ["/choices/1"]);
        assert_eq!(votes(&chen, &selection, &[&cases[0], &other]).expect(422).pointers(), ["/choices/1"]);
        votes(&world.committee(), &selection, &[&cases[0]]).expect(403);
        votes(&chen, &selection, &[&cases[1], &cases[0]]).expect(204);
        assert_eq!(votes(&chen, &selection, &[&cases[2]]).expect(409).json["missing"]["code"], "voted");
        assert_eq!(chen.get(&selection).expect(200).json["voted"], true);
        assert_eq!(li.get(&selection).expect(200).json["voted"], false);
        let committee = world.committee();
        assert_eq!(committee.create(&format!("{selection}/result"), json!({})).expect(409).json["missing"]["code"], "voting_runs");
        committee.get(&format!("{selection}/result")).expect(404);
        let until: chrono::DateTime<chrono::Utc> = VOTES_UNTIL.parse().unwrap();
        world.turn(until - TimeDelta::microseconds(1));
        votes(&li, &selection, &[&cases[0], &cases[1]]).expect(204);
        world.turn(until);
        assert_eq!(votes(&shen, &selection, &[&cases[0]]).expect(409).json["missing"]["code"], "voting_over");
        let sealed = committee.create(&format!("{selection}/result"), json!({})).expect(201).json;
        let of: Vec<_> = sealed["result"]["cases"].as_array().unwrap().iter().map(|it| (it["votes"].as_u64().unwrap(), it["outcome"].as_str().unwrap().to_owned())).collect();
        assert_eq!(of, [(2, "chosen".to_owned()), (2, "chosen".to_owned()), (0, "not_chosen".to_owned())]);
        // The act of voting is in the book, and nothing of what was chosen.
        let acts = world.signed_in("auditor").get("/v1/acts?kind=ballot_cast").expect(200).json["acts"].clone();
        assert_eq!(acts.as_array().unwrap().len(), 2);
        for act in acts.as_array().unwrap() {
            assert_eq!(act["act"], json!({"kind": "ballot_cast", "selection": id(&selection)}));
        }
        world.assert_no_drift();
    }

    fn a_sealed_result_shows_ties_stays_as_it_is_and_is_counted_again(world) {
        world.on("2024-02-22");
        let cases: Vec<String> = ["甲", "乙", "丙"].iter().map(|title| closed(world, title, "A", "satisfied")).collect();
        let selection = opened(world, 2);
        for case in &cases {
            nominates(&world.committee(), &selection, case).expect(204);
        }
        let deputies = more_deputies(world, 5);
        world.turn(NOMINATIONS_UNTIL.parse().unwrap());
        for (deputy, ballot) in deputies.iter().zip([vec![0, 1], vec![0, 2], vec![0], vec![1, 0], vec![2]]) {
            let chosen: Vec<&String> = ballot.iter().map(|n| &cases[*n]).collect();
            votes(deputy, &selection, &chosen).expect(204);
        }
        // One does not qualify any more, which is said and takes nobody's place.
        world.turn(VOTES_UNTIL.parse().unwrap());
        let committee = world.committee();
        let url = format!("{selection}/result");
        let sealed = committee.create(&url, json!({})).expect(201);
        let result = &sealed.json["result"];
        assert_eq!((&result["voters"], &result["ballots"], &result["seats_left"]), (&json!(5), &json!(5), &json!(1)));
        let of: Vec<_> = result["cases"].as_array().unwrap().iter().map(|it| (it["title"].as_str().unwrap(), it["votes"].as_u64().unwrap(), it["place"].as_u64().unwrap(), it["outcome"].as_str().unwrap())).collect();
        assert_eq!(of[0], ("甲", 4, 1, "chosen"));
        assert_eq!(of[1..].iter().map(|it| (it.1, it.2, it.3)).collect::<Vec<_>>(), [(2, 2, "tied"), (2, 2, "tied")]);
        // The digest is of the result as it is written.
        let written = &sealed.text[sealed.text.find("\"result\":").unwrap() + 9..sealed.text.find(",\"sha256\":").unwrap()];
        let hex: String = Sha256::digest(written).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(sealed.json["sha256"], hex);
        assert_eq!(sealed.json["recount"], "equal");
        // Sealed once: later changes of a case change nothing of it, and asking again seals nothing.
        world.does("leader", &format!("{}/confidentiality", cases[0]), json!({"confidential": true, "reason": "商业秘密"}));
        let again = committee.create(&url, json!({})).expect(200);
        assert_eq!(again.text, sealed.text);
        assert_eq!(world.deputy().get(&url).expect(200).text, sealed.text);
        let acts = world.signed_in("auditor").get("/v1/acts?kind=selection_sealed").expect(200).json["acts"].clone();
        assert_eq!((acts.as_array().unwrap().len(), &acts[0]["act"]["sha256"]), (1, &sealed.json["sha256"]));
        let tamper = |sql: &'static str| world.office.store().write_here(move |db| db.batch_execute(sql).map_err(|e| Fault::from(StoreError::from(e))));
        for sql in ["UPDATE selection_results SET body = '{}'", "DELETE FROM selection_results", "DELETE FROM selection_nominations"] {
            assert!(tamper(sql).is_err(), "{sql}");
        }
        world.assert_no_drift();
        // Whoever puts a ballot into the urn afterwards is found out.
        tamper("UPDATE selection_ballots SET n = n + 1").unwrap();
        assert_eq!(committee.get(&url).expect(200).json["recount"], "differs");
        let found: Vec<String> = wait(world.office.verify()).unwrap().findings.into_iter().map(|it| it.column).collect();
        assert_eq!(found, ["ballots", "recount"]);
    }

    fn what_does_not_qualify_any_more_wins_no_seat_and_more_ballots_than_voters_seal_nothing(world) {
        world.on("2024-02-22");
        let cases: Vec<String> = ["甲", "乙"].iter().map(|title| closed(world, title, "A", "satisfied")).collect();
        let selection = opened(world, 1);
        for case in &cases {
            nominates(&world.committee(), &selection, case).expect(204);
        }
        let deputies = more_deputies(world, 3);
        world.turn(NOMINATIONS_UNTIL.parse().unwrap());
        votes(&deputies[0], &selection, &[&cases[0]]).expect(204);
        votes(&deputies[1], &selection, &[&cases[0]]).expect(204);
        world.does("leader", &format!("{}/confidentiality", cases[0]), json!({"confidential": true, "reason": "商业秘密"}));
        // From now on nobody chooses it, and nobody who is not named reads its title.
        assert_eq!(votes(&deputies[2], &selection, &[&cases[0]]).expect(422).pointers(), ["/choices/0"]);
        let shown = deputies[2].get(&selection).expect(200).json;
        let it = shown["nominated"].as_array().unwrap().iter().find(|it| it["case"] == json!(id(&cases[0]))).unwrap().clone();
        assert_eq!((&it["title"], &it["eligible"]), (&json!("（保密件）"), &json!(false)));
        votes(&deputies[2], &selection, &[&cases[1]]).expect(204);
        world.turn(VOTES_UNTIL.parse().unwrap());
        let tamper = |sql: &'static str| world.office.store().write_here(move |db| db.batch_execute(sql).map_err(|e| Fault::from(StoreError::from(e)))).unwrap();
        tamper("UPDATE selection_ballots SET n = n + 1");
        let refused = world.committee().create(&format!("{selection}/result"), json!({})).expect(409);
        assert_eq!(refused.json["missing"]["code"], "ballots_do_not_add_up");
        tamper("UPDATE selection_ballots SET n = n - 1");
        let sealed = world.committee().create(&format!("{selection}/result"), json!({})).expect(201).json;
        let of: Vec<_> = sealed["result"]["cases"].as_array().unwrap().iter().map(|it| (it["title"].as_str().unwrap().to_owned(), it["votes"].as_u64().unwrap(), it["outcome"].as_str().unwrap().to_owned())).collect();
        assert_eq!(of, [("（保密件）".to_owned(), 2, "no_longer_eligible".to_owned()), ("乙".to_owned(), 1, "chosen".to_owned())]);
        world.assert_no_drift();
    }

    fn of_many_ballots_at_once_each_deputys_counts_once(world) {
        world.on("2024-02-22");
        let cases: Vec<String> = ["甲", "乙", "丙"].iter().map(|title| closed(world, title, "A", "satisfied")).collect();
        let selection = opened(world, 2);
        for case in &cases {
            nominates(&world.committee(), &selection, case).expect(204);
        }
        let deputies = more_deputies(world, 12);
        world.turn(NOMINATIONS_UNTIL.parse().unwrap());
        let statuses: Vec<Vec<u16>> = thread::scope(|scope| {
            let voting: Vec<_> = deputies.iter().enumerate().map(|(n, deputy)| {
                let (selection, cases) = (&selection, &cases);
                scope.spawn(move || {
                    // The same deputy in three browsers.
                    thread::scope(|scope| {
                        let tries: Vec<_> = (0..3).map(|m| scope.spawn(move || votes(deputy, selection, &[&cases[(n + m) % 3]]).status)).collect();
                        tries.into_iter().map(|it| it.join().unwrap()).collect()
                    })
                })
            }).collect();
            voting.into_iter().map(|it| it.join().unwrap()).collect()
        });
        for mut of_one in statuses {
            of_one.sort_unstable();
            assert_eq!(of_one, [204, 409, 409]);
        }
        world.turn(VOTES_UNTIL.parse().unwrap());
        let result = world.committee().create(&format!("{selection}/result"), json!({})).expect(201).json["result"].clone();
        let all: u64 = result["cases"].as_array().unwrap().iter().map(|it| it["votes"].as_u64().unwrap()).sum();
        assert_eq!((&result["voters"], &result["ballots"], all), (&json!(12), &json!(12), 12));
        world.assert_no_drift();
    }
}

/// All that a caller can find out about a selection and the book of acts, each answer whole.
fn known(world: &World, names: &[&str], selection: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for name in names {
        let caller = world.signed_in(name);
        for url in [
            "/v1/selections".to_owned(),
            selection.to_owned(),
            format!("{selection}/cases"),
            format!("{selection}/result"),
            "/v1/acts?kind=ballot_cast".to_owned(),
            "/v1/cases".to_owned(),
        ] {
            let reply = caller.get(&url);
            let mut text = reply.text.clone();
            for random in ["request_id", "sign_in"] {
                let mut json: Value = serde_json::from_str(&text).unwrap();
                without(&mut json, random);
                text = json.to_string();
            }
            all.push((format!("{name} {url}"), format!("{} {text}", reply.status)));
        }
    }
    all
}

fn without(json: &mut Value, member: &str) {
    match json {
        Value::Object(members) => {
            members.shift_remove(member);
            members.values_mut().for_each(|it| without(it, member));
        }
        Value::Array(items) => items.iter_mut().for_each(|it| without(it, member)),
        _ => {}
    }
}

const WATCHERS: [&str; 8] =
    ["chen", "li", "shen", "secretary", "committee", "leader", "auditor", "administrator"];

/// Two ballots for two different cases, cast one after the other in the two ways there are: whatever anybody asks before
/// the closing, and whatever stands in the database, is the same.
fn the_same_whichever_way_they_voted(world: &World) {
    world.on("2024-02-22");
    let cases: Vec<String> =
        ["甲", "乙"].iter().map(|title| closed(world, title, "A", "satisfied")).collect();
    let (one, other) = (opened(world, 1), opened(world, 1));
    for selection in [&one, &other] {
        for case in &cases {
            nominates(&world.committee(), selection, case).expect(204);
        }
    }
    let (chen, li) = (world.deputy(), world.signed_in("li"));
    world.turn(NOMINATIONS_UNTIL.parse().unwrap());
    votes(&chen, &one, &[&cases[0]]).expect(204);
    votes(&li, &one, &[&cases[1]]).expect(204);
    votes(&chen, &other, &[&cases[1]]).expect(204);
    votes(&li, &other, &[&cases[0]]).expect(204);
    let renamed = |it: Vec<(String, String)>, selection: &str| {
        let rename = |text: String| text.replace(id(selection), "[selection]");
        it.into_iter().map(|(url, text)| (rename(url), rename(text))).collect::<Vec<_>>()
    };
    let (a, b) = (known(world, &WATCHERS, &one), known(world, &WATCHERS, &other));
    for ((url, a), (_, b)) in renamed(a, &one).into_iter().zip(renamed(b, &other)) {
        // The list and the book name both selections.
        if !url.contains("/v1/selections ") && !url.ends_with("/v1/selections") && !url.contains("/v1/acts") {
            assert_eq!(a, b, "{url}");
        }
    }
    let (a, b) = (rows(world, id(&one)), rows(world, id(&other)));
    assert_eq!(a.len(), 4);
    assert_eq!(a, b);
}

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The urn as somebody with the database reads it, row by row as they lie; on PostgreSQL with each row's place, and how
/// many transactions wrote them.
fn rows(world: &World, selection: &str) -> Vec<String> {
    let places = match world.url() {
        Some(_) => ["'v ' || ctid::text || ' ' || deputy_id", "'b ' || ctid::text || ' ' || choices || n"],
        None => ["'v ' || deputy_id", "'b ' || choices || n"],
    };
    let tables = ["selection_voters", "selection_ballots"];
    let mut all = Vec::new();
    for (table, line) in tables.into_iter().zip(places) {
        let sql = format!("SELECT {line} AS line FROM {table} WHERE selection_id = '{selection}'");
        let read =
            move |db: &mut _| sql_query(sql).load::<Told>(db).map_err(|e| Fault::from(StoreError::from(e)));
        let mut lines: Vec<String> =
            world.office.store().read_here(read).unwrap().into_iter().map(|it| it.line).collect();
        // Places within the table differ by what was written before; their order must not.
        let order: Vec<String> = {
            let key = |line: &String| line.rsplit(' ').next().unwrap().to_owned();
            lines.sort();
            lines.iter().map(key).collect()
        };
        let mut sorted = order.clone();
        sorted.sort();
        assert_eq!(order, sorted, "{table}: rows lie in another order than that of their keys");
        all.extend(order);
    }
    all
}

#[test]
fn nobody_can_tell_who_chose_what_on_sqlite() {
    the_same_whichever_way_they_voted(&World::on_sqlite());
}

#[test]
fn nobody_can_tell_who_chose_what_on_postgres() {
    let world = World::on_postgres();
    the_same_whichever_way_they_voted(&world);
    // The transaction that wrote a row is the same for all of a selection's voters and ballots: the last one.
    let sql = "SELECT CAST(count(DISTINCT xmin::text) AS text) AS line FROM (SELECT selection_id, xmin FROM selection_voters \
               UNION ALL SELECT selection_id, xmin FROM selection_ballots) urn GROUP BY selection_id";
    let read =
        move |db: &mut _| sql_query(sql).load::<Told>(db).map_err(|e| Fault::from(StoreError::from(e)));
    let told = world.office.store().read_here(read).unwrap();
    assert_eq!(told.iter().map(|it| it.line.as_str()).collect::<Vec<_>>(), ["1", "1"]);
}

#[test]
fn a_ballot_stands_under_no_idempotency_key() {
    let world = World::on_sqlite();
    world.on("2024-02-22");
    let case = closed(&world, "甲", "A", "satisfied");
    let selection = opened(&world, 1);
    nominates(&world.committee(), &selection, &case).expect(204);
    world.turn(NOMINATIONS_UNTIL.parse().unwrap());
    let chen = world.deputy();
    let cast = || {
        let ask = chen.ask(Method::POST, &format!("{selection}/ballots")).header("idempotency-key", "one");
        ask.json(json!({"choices": [id(&case)]})).send()
    };
    cast().expect(204);
    assert_eq!(cast().expect(409).json["missing"]["code"], "voted");
    let read = |db: &mut _| {
        sql_query("SELECT key AS line FROM idempotency WHERE key = 'one'")
            .load::<Told>(db)
            .map_err(|e| Fault::from(StoreError::from(e)))
    };
    assert!(world.office.store().read_here(read).unwrap().is_empty());
}
