//! Rehearsing a proposed policy: which due dates, verdicts and rates it would move, and that nothing is written.

use crate::{
    on_both,
    support::{World, client::Caller, client::Reply, world::letter},
};
use serde_json::{Value, json};

const PATH: &str = "/v1/policies/rehearsal";
const IN_FORCE: &str = include_str!("../../policies/zhejiang-2016.toml");

fn proposed(more: &str) -> String {
    format!(
        "id = \"zhejiang-2016\"\nversion = 2\nextends = \"zhejiang-2016\"\nname = \"修订草案\"\ncite = \"修订草案\"\n\
         edition = \"2024-05-01\"\neffective_from = \"2024-07-01\"\n{more}"
    )
}

fn two_months() -> String {
    proposed("[terms.reply]\namount = 2\nunit = \"months\"\nanchor = \"assigned\"\nclause = \"第二十二条\"\n")
}

fn rehearse(caller: &Caller, policy: &str) -> Reply {
    caller.create(PATH, json!({"policy": policy, "congress": "330502"}))
}

fn rate(told: &Value, metric: &str, when: &str) -> (u64, u64, String) {
    let rates = told["rates"].as_array().unwrap();
    let rate = &rates.iter().find(|rate| rate["metric"] == metric).unwrap()[when];
    let number = |field: &str| rate[field].as_u64().unwrap();
    (number("numerator"), number("denominator"), rate["percent"].as_str().unwrap_or("-").to_owned())
}

/// One answered in the second month, one in the third, one open; and a draft, which is nobody's business.
fn three(world: &World) -> [String; 3] {
    world.on("2024-02-22");
    let cases = ["一", "二", "三"].map(|n| world.in_hand(&format!("关于第{n}件事的建议")));
    let draft = json!({"kind": "suggestion", "title": "草稿", "body": "正文"});
    world.deputy().create("/v1/cases", draft).expect(201);
    for (on, (path, _)) in [("2024-04-10", &cases[0]), ("2024-05-10", &cases[1])] {
        world.on(on).transport().post(&format!("{path}/assignments/1/reply"), letter("A")).expect(200);
    }
    world.on("2024-05-11");
    cases.map(|(path, _)| path)
}

/// A rehearsal of the policy that governs every case finds nothing, and its rates are the figures.
pub fn changes_nothing(committee: &Caller) {
    let told = rehearse(committee, IN_FORCE).expect(200).json;
    for list in ["due_dates", "verdicts", "unknown_classes"] {
        assert_eq!(told[list], json!({"count": 0, "truncated": false, "moves": []}), "{list}");
    }
    let rates = told["rates"].as_array().unwrap();
    assert!(rates.len() >= 9);
    for rate in rates {
        assert_eq!(rate["before"], rate["after"], "{rate}");
        let metric = rate["metric"].as_str().unwrap();
        let page = format!("/v1/figures?congress=330502&metric={metric}");
        let figure = committee.get(&page).expect(200).json["figures"][0].clone();
        for field in ["numerator", "denominator", "percent"] {
            assert_eq!(rate["before"][field], figure[field], "{metric} {field}");
        }
    }
}

on_both! {
    fn a_shorter_term_makes_exactly_the_slow_answer_late(world) {
        let [_, slow, open] = three(world);
        let versions = || [&slow, &open].map(|path| world.committee().get(path).expect(200).text);
        let before = versions();
        for caller in [world.committee(), world.signed_in("auditor")] {
            let told = rehearse(&caller, &two_months()).expect(200).json;
            assert_eq!((&told["cases"], &told["as_of"]), (&json!(3), &json!("2024-05-11")));
            assert_eq!(told["policy"], json!({"id": "zhejiang-2016", "version": 2}));
            assert_eq!((&told["due_dates"]["count"], &told["due_dates"]["truncated"]), (&json!(3), &json!(false)));
            for moved in told["due_dates"]["moves"].as_array().unwrap() {
                assert_eq!((&moved["kind"], &moved["label"]), (&json!("reply"), &json!("答复期限")));
                assert_eq!((&moved["before"], &moved["after"]), (&json!("2024-05-22"), &json!("2024-04-22")));
            }
            let mut verdicts: Vec<Value> = told["verdicts"]["moves"].as_array().unwrap().iter().map(|moved| {
                let path = format!("/v1/cases/{}", moved["case"].as_str().unwrap());
                json!([path, moved["number"], moved["kind"], moved["before"], moved["after"]])
            }).collect();
            // By the case's id, and those of one moment sort as it happens.
            verdicts.sort_by_key(|moved| moved[1].to_string());
            assert_eq!(verdicts, [
                json!([slow, "区五届三次闭会期间建议第002号", "reply", "met", "late"]),
                json!([open, "区五届三次闭会期间建议第003号", "reply", "open", "overdue"]),
            ]);
            assert_eq!(rate(&told, "on_time_rate", "before"), (2, 3, "66.7".into()));
            assert_eq!(rate(&told, "on_time_rate", "after"), (1, 3, "33.3".into()));
            assert_eq!(rate(&told, "reply_rate", "before"), rate(&told, "reply_rate", "after"));
            assert_eq!(told["unknown_classes"]["count"], 0);
        }
        // Nothing was written: not in the cases, not beside them, not among the policies.
        assert_eq!(versions(), before);
        let policy = world.nobody().get("/v1/policies/zhejiang-2016").expect(200).json;
        assert_eq!((&policy["version"], &policy["terms"]["reply"]["amount"]), (&json!(1), &json!(3)));
        world.assert_no_drift();
    }

    fn lists_are_counted_in_full_and_told_up_to_the_limit(world) {
        three(world);
        let body = json!({"policy": two_months(), "congress": "330502", "limit": 2});
        let told = world.committee().create(PATH, body).expect(200).json;
        let list = |name: &str| (told[name]["count"].clone(), told[name]["truncated"].clone(), told[name]["moves"].as_array().unwrap().len());
        assert_eq!(list("due_dates"), (json!(3), json!(true), 2));
        assert_eq!(list("verdicts"), (json!(2), json!(false), 2));
    }

    fn one_rehearsal_runs_at_a_time_and_the_next_after_it(world) {
        three(world);
        let committee = world.committee();
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let asked: Vec<_> = (0..6).map(|_| scope.spawn(|| rehearse(&committee, &two_months()).status)).collect();
            asked.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert!(statuses.contains(&200) && statuses.iter().all(|s| [200, 503].contains(s)), "{statuses:?}");
        rehearse(&committee, &two_months()).expect(200);
    }

    fn a_class_that_the_proposal_does_not_know_is_listed_and_not_resolved(world) {
        three(world);
        let class = |id: &str| format!("[[classes]]\nid = \"{id}\"\nlabel = \"{id}类\"\nresolved = true\nclause = \"第四条\"\n");
        let told = rehearse(&world.committee(), &proposed(&class("X"))).expect(200).json;
        let classes: Vec<&Value> = told["unknown_classes"]["moves"].as_array().unwrap().iter().map(|it| &it["class"]).collect();
        assert_eq!(classes, ["A", "A"]);
        assert_eq!(rate(&told, "resolution_rate", "before"), (2, 3, "66.7".into()));
        assert_eq!(rate(&told, "resolution_rate", "after"), (0, 3, "0.0".into()));
        assert_eq!(told["due_dates"]["count"], 0);
    }

    fn the_policy_in_force_changes_nothing(world) {
        changes_nothing(&world.committee());
        three(world);
        changes_nothing(&world.committee());
    }

    fn a_broken_file_is_told_and_nobody_else_rehearses(world) {
        let committee = world.committee();
        for (policy, part) in [
            ("id = ".to_owned(), "line 1"),
            (proposed("[terms.reply]\namount = 0\nunit = \"months\"\nanchor = \"assigned\"\nclause = \"第一条\"\n"), "amount is 0"),
            (proposed("[extension]\nconsents = true\n"), "unknown field `consents`"),
            (two_months().replace("extends = \"zhejiang-2016\"", "extends = \"law-1999\""), "law-1999"),
        ] {
            let refused = rehearse(&committee, &policy).expect(422);
            assert_eq!(refused.pointers(), ["/policy"]);
            assert!(refused.text.contains(part), "{}", refused.text);
        }
        for (body, pointer) in [
            (json!({"policy": two_months(), "congress": "330502", "limit": 0}), "/limit"),
            (json!({"policy": two_months(), "congress": "330502", "limit": 1001}), "/limit"),
            (json!({"policy": two_months(), "congress": "330502", "colour": 1}), "/colour"),
            (json!({"policy": two_months(), "congress": "吴兴"}), "/congress"),
            (json!({"congress": "330502"}), "/policy"),
        ] {
            assert_eq!(committee.create(PATH, body).expect(422).pointers(), [pointer]);
        }
        let long = format!("{}# {}\n", two_months(), "x".repeat(256 * 1024));
        rehearse(&committee, &long).expect(413);
        // Another congress is another house; whoever is not entitled learns not even whether his file is sound.
        let elsewhere = json!({"policy": two_months(), "congress": "330503"});
        committee.create(PATH, elsewhere).expect(404);
        world.nobody().create(PATH, json!({})).expect(401);
        for username in ["transport", "government-office", "chen", "administrator"] {
            let caller = world.signed_in(username);
            rehearse(&caller, &two_months()).expect(403);
            rehearse(&caller, "id = ").expect(403);
            caller.create(PATH, json!({"colour": 1})).expect(403);
        }
    }
}
