//! Many cases assigned in one request: each stands for itself, and a dry run changes nothing.

use crate::{
    on_both,
    support::{World, client::Reply},
};
use jianyi::{
    office::Fault,
    store::{Db, idempotency, people},
};
use reqwest::Method;
use serde_json::{Value, json};

const URL: &str = "/v1/assignments/bulk";

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

fn sole(path: &str, version: Value, department: &str) -> Value {
    json!({"case": id(path), "version": version, "handlers": [{"department": department, "part": "sole"}]})
}

fn ask(world: &World, dry_run: bool, items: &[Value]) -> Reply {
    world.committee().create(URL, json!({"dry_run": dry_run, "items": items})).expect(200)
}

/// Of each item: its status, and what was wrong with it.
fn told(reply: &Reply) -> Vec<String> {
    let results = reply.json["results"].as_array().unwrap().iter();
    let one = |it: &Value| match it["problem"].is_null() {
        true => it["status"].as_str().unwrap().to_owned(),
        false => {
            let problem = &it["problem"];
            let pointer = problem["pointer"].as_str().unwrap_or("");
            format!("{} {} {pointer}", problem["status"], problem["code"].as_str().unwrap()).trim().to_owned()
        }
    };
    results.map(one).collect()
}

/// The service ended after the items were written and before the whole answer was.
fn cut_off(world: &World, key: &'static str) {
    let as_begun = move |db: &mut Db| {
        let user = people::by_username(db, "committee")?.expect("an account");
        let user = user.id.parse().expect("an id");
        let memberships = people::memberships_of(db, user)?;
        let who = memberships[0].id.parse().expect("an id");
        let kept = idempotency::find(db, who, key)?.expect("was answered");
        idempotency::forget(db, who, key)?;
        let begun = idempotency::Answered { status: 0, body: String::new(), ..kept };
        Ok::<_, Fault>(idempotency::keep(db, &begun)?)
    };
    world.office.store().write_here(as_begun).expect("is written");
}

fn version(world: &World, path: &str) -> i64 {
    world.committee().get(path).expect(200).version()
}

on_both! {
    fn what_is_in_order_is_assigned_and_the_rest_says_why_not(world) {
        world.on("2024-02-22");
        let transport = world.transport().party;
        let stranger = world.signed_in("transport@other").party;
        let cases: Vec<(String, i64)> = (0..5).map(|n| world.registered(&format!("关于第{n}件的建议"))).collect();
        let (in_hand, _) = world.in_hand("关于已交办的建议");
        let draft = world.deputy().create("/v1/cases", json!({"kind": "suggestion", "title": "草稿", "body": "正文"})).expect(201);
        let draft = draft.headers["location"].to_str().unwrap().to_owned();
        let two = json!({"case": id(&cases[4].0), "handlers": [{"department": transport, "part": "lead"}, {"department": world.housing().party, "part": "co"}]});
        let items = [
            sole(&cases[0].0, json!(cases[0].1), &transport),
            sole(&cases[1].0, json!(cases[1].1 - 1), &transport),
            sole(&cases[2].0, json!(cases[2].1), &stranger),
            sole(&cases[0].0, json!(cases[0].1), &transport),
            sole(&in_hand, Value::Null, &transport),
            sole(&draft, Value::Null, &transport),
            sole(&cases[3].0, Value::Null, &transport),
            two,
            json!({"case": id(&cases[2].0), "handlers": []}),
        ];
        let expected = [
            "assigned",
            "412 stale-version",
            "422 invalid /items/2/handlers/0/department",
            "422 invalid /items/3/case",
            "409 sole_handler",
            "404 not-found",
            "assigned",
            "assigned",
            "422 invalid /items/8/case",
        ];
        let before: Vec<i64> = cases.iter().map(|(path, _)| version(world, path)).collect();
        let dry = ask(world, true, &items);
        assert_eq!(told(&dry), expected, "{}", dry.text);
        assert_eq!((&dry.json["dry_run"], &dry.json["assigned"], &dry.json["refused"]), (&json!(true), &json!(3), &json!(6)));
        assert!(dry.json["results"].as_array().unwrap().iter().all(|it| it["version"].is_null()), "{}", dry.text);
        assert_eq!(cases.iter().map(|(path, _)| version(world, path)).collect::<Vec<_>>(), before);
        let run = ask(world, false, &items);
        assert_eq!(told(&run), expected, "{}", run.text);
        for (place, case) in [(0, 0), (6, 3), (7, 4)] {
            let seen = version(world, &cases[case].0);
            assert_eq!((&run.json["results"][place]["version"], seen), (&json!(seen), before[case] + 1));
        }
        assert_eq!([1, 2].map(|n| version(world, &cases[n].0)), [before[1], before[2]]);
        let numbers: Vec<_> = run.json["results"].as_array().unwrap().iter().map(|it| it["number"].as_str().unwrap_or("none")).collect();
        assert_eq!([numbers[0], numbers[1], numbers[5]], ["区五届三次闭会期间建议第001号", "区五届三次闭会期间建议第002号", "none"]);
        world.assert_no_drift();
        // Where a precondition is missing, those who can meet it are told.
        let who = &run.json["results"][4]["problem"]["who"];
        assert!(who.as_array().is_some_and(|who| who.contains(&json!("lead_handler"))), "{who}");
    }

    fn those_who_hand_cases_out_assign_in_bulk(world) {
        world.on("2024-02-22");
        let (path, _) = world.registered("关于分办的建议");
        let (other, _) = world.registered("关于未交政府办的建议");
        let body = json!({"items": [sole(&path, Value::Null, &world.transport().party), sole(&other, Value::Null, &world.transport().party)]});
        for username in ["transport", "chen", "auditor", "administrator"] {
            let caller = world.signed_in(username);
            caller.create(URL, body.clone()).expect(403);
            // Nor is he told what is wrong with the body.
            caller.ask(Method::POST, URL).text("{").send().expect(403);
        }
        world.nobody().create(URL, body.clone()).expect(401);
        let elsewhere = world.signed_in("committee@other").create(URL, body.clone()).expect(200);
        assert_eq!(told(&elsewhere), ["404 not-found", "404 not-found"]);
        world.does("committee", &format!("{path}/dispatch"), json!({}));
        let shared_out = world.signed_in("government-office").create(URL, body).expect(200);
        assert_eq!(told(&shared_out), ["assigned", "404 not-found"]);
        assert!(shared_out.json["results"][1]["number"].is_null());
        assert_eq!(world.committee().get(&path).expect(200).json["stage"], "assigned");
    }

    fn a_repeat_with_the_same_key_answers_alike(world) {
        world.on("2024-02-22");
        let transport = world.transport().party;
        let cases: Vec<(String, i64)> = (0..10).map(|n| world.registered(&format!("关于第{n}件的建议"))).collect();
        let mut items: Vec<Value> = cases.iter().map(|(path, version)| sole(path, json!(version), &transport)).collect();
        items.push(items[0].clone());
        let committee = world.committee();
        let send = |items: &[Value], dry_run: bool| {
            let body = json!({"dry_run": dry_run, "items": items});
            committee.ask(Method::POST, URL).header("idempotency-key", "spring").json(body).send().expect(200)
        };
        // A trial does not use the key up.
        assert_eq!(send(&items, true).json["assigned"], 10);
        let first = send(&items, false);
        assert_eq!((&first.json["assigned"], &first.json["refused"]), (&json!(10), &json!(1)));
        let again = send(&items, false);
        assert_eq!((again.text, again.headers["idempotent-replayed"].to_str().unwrap()), (first.text, "true"));
        let without = ask(world, false, &items[..1]);
        assert_eq!(told(&without), ["412 stale-version"]);
        for (path, before) in &cases {
            assert_eq!(version(world, path), before + 1);
        }
    }

    fn a_key_stands_for_one_request_and_its_refusals(world) {
        world.on("2024-02-22");
        let transport = world.transport().party;
        let [waits, goes, other] = ["等待", "交办", "另案"].map(|it| world.registered(&format!("关于{it}的建议")));
        let committee = world.committee();
        let send = |items: &[Value]| {
            let body = json!({"items": items});
            committee.ask(Method::POST, URL).header("idempotency-key", "b1").json(body).send()
        };
        let items = [sole(&waits.0, json!(waits.1 + 1), &transport), sole(&goes.0, json!(goes.1), &transport)];
        let first = send(&items).expect(200);
        assert_eq!(told(&first), ["412 stale-version", "assigned"]);
        // Fewer items, others, or the same in another order are another request, and none of it is carried out.
        let others = [sole(&other.0, json!(other.1), &transport)];
        for reused in [&others[..], &items[1..], &[items[1].clone(), items[0].clone()]] {
            assert_eq!(send(reused).expect(422).json["type"], "urn:jianyi:problem:key-reused");
        }
        assert_eq!(version(world, &other.0), other.1);
        // Now the refused item would be in order; its request was answered, and stays so.
        world.does("committee", &format!("{}/confidentiality", waits.0), json!({"confidential": true, "reason": "代表要求"}));
        assert_eq!(version(world, &waits.0), waits.1 + 1);
        assert_eq!(send(&items).expect(200).text, first.text);
        assert_eq!(version(world, &waits.0), waits.1 + 1);
        // Another caller's key is his own.
        let office = world.signed_in("government-office");
        let asked = office.ask(Method::POST, URL).header("idempotency-key", "b1").json(json!({"items": others}));
        assert_eq!(told(&asked.send().expect(200)), ["404 not-found"]);
        world.assert_no_drift();
    }

    fn a_request_that_was_cut_off_runs_again_and_does_nothing_twice(world) {
        world.on("2024-02-22");
        let transport = world.transport().party;
        let cases: Vec<(String, i64)> = (0..3).map(|n| world.registered(&format!("关于第{n}件的建议"))).collect();
        let items: Vec<Value> = cases.iter().map(|(path, version)| sole(path, json!(version), &transport)).collect();
        let committee = world.committee();
        let send = |items: &[Value]| {
            let body = json!({"items": items});
            committee.ask(Method::POST, URL).header("idempotency-key", "b2").json(body).send()
        };
        let first = send(&items[..2]).expect(200);
        cut_off(world, "b2");
        assert_eq!(send(&items).expect(422).json["type"], "urn:jianyi:problem:key-reused");
        let again = send(&items[..2]).expect(200);
        assert_eq!((again.json, again.headers.get("idempotent-replayed")), (first.json, None));
        assert_eq!(send(&items[..2]).expect(200).header("idempotent-replayed"), "true");
        for ((path, before), moved) in cases.iter().zip([1, 1, 0]) {
            assert_eq!(version(world, path), before + moved);
        }
        world.assert_no_drift();
    }

    fn a_body_that_is_wrong_as_a_whole_is_one_problem(world) {
        world.on("2024-02-22");
        let (path, _) = world.registered("关于格式的建议");
        let committee = world.committee();
        let item = sole(&path, Value::Null, &world.transport().party);
        let many = json!({"items": vec![item.clone(); 201]});
        assert_eq!(committee.create(URL, many).expect(422).pointers(), ["/items"]);
        let mut wrong = item.clone();
        wrong["handlers"][0]["part"] = json!("boss");
        assert_eq!(committee.create(URL, json!({"items": [item, wrong]})).expect(422).pointers(), ["/items/1/handlers/0/part"]);
        assert_eq!(committee.create(URL, json!({"items": []})).expect(422).pointers(), ["/items"]);
        assert_eq!(committee.create(URL, json!({})).expect(422).pointers(), ["/items"]);
        committee.ask(Method::POST, URL).text("{").send().expect(400);
        let late = committee.create(&format!("{URL}?occurred_on=2024-02-23"), json!({"items": [sole(&path, Value::Null, &world.transport().party)]})).expect(200);
        assert_eq!(told(&late), ["422 invalid ?occurred_on"]);
    }
}
