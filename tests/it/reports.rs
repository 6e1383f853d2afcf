//! Sealed reports: what was read out in public stays as it was, can be counted again, and explains itself against
//! another.

use crate::{
    on_both,
    support::{
        World,
        client::{Caller, Reply},
        world::{CONGRESS, letter},
    },
    verify::tamper,
};
use serde_json::{Value, json};

fn seal(caller: &Caller, true_on: &str, known_on: &str) -> Reply {
    let order = json!({
        "congress": CONGRESS, "title": "代表建议办理情况", "filter": {"session": "5-3-between"},
        "true_on": true_on, "known_on": known_on
    });
    caller.create("/v1/reports", order)
}

fn location(sealed: &Reply) -> String {
    sealed.headers["location"].to_str().unwrap().to_owned()
}

/// A value of a sealed report: numerator, denominator, printed.
pub fn value(report: &Value, metric: &str, group_by: &str, group: &str) -> (u64, u64, Value) {
    let values = report["values"].as_array().unwrap();
    let is = |it: &&Value| it["metric"] == metric && it["group_by"] == group_by && it["group"] == group;
    let found = values.iter().find(is).unwrap_or_else(|| panic!("no {metric} {group_by} {group}"));
    (found["numerator"].as_u64().unwrap(), found["denominator"].as_u64().unwrap(), found["printed"].clone())
}

/// Three answered cases, classes A, A and B, and one withdrawn.
fn four(world: &World) -> Vec<String> {
    world.on("2024-02-22");
    let paths: Vec<String> = (0..4).map(|n| world.in_hand(&format!("关于第{n}件的建议")).0).collect();
    world.on("2024-03-20");
    for (path, class) in paths.iter().zip(["A", "A", "B"]) {
        world.transport().post(&format!("{path}/assignments/1/reply"), letter(class)).expect(200);
    }
    let judged = json!({"attitude": "satisfied", "result": "basically_satisfied"});
    world.deputy().post(&format!("{}/evaluations", paths[2]), judged).expect(200);
    world.deputy().post(&format!("{}/withdrawal", paths[3]), json!({"reason": "已解决"})).expect(200);
    paths
}

on_both! {
    fn a_report_stays_as_it_was_sealed_and_the_ledger_gives_it_again(world) {
        let paths = four(world);
        let committee = world.on("2024-04-01").committee();
        let sealed = seal(&committee, "2024-03-31", "2024-03-31").expect(201);
        let path = location(&sealed);
        assert_eq!(value(&sealed.json, "resolution_rate", "total", ""), (2, 3, json!("66.7")));
        assert_eq!(value(&sealed.json, "class_share", "class", "B"), (1, 3, json!("33.3")));
        assert_eq!(sealed.json["completeness"]["exclusions"], json!([{"reason": "withdrawn", "cases": 1}]));
        assert_eq!(sealed.json["cases"].as_array().unwrap().len(), 4);
        for cited in ["definitions", "policies", "calendars"] {
            assert!(!sealed.json[cited].as_array().unwrap().is_empty(), "{cited}");
        }
        assert_eq!((&sealed.json["name"], &sealed.json["sealed_by"]), (&json!("2024-1"), &json!("committee")));
        assert!(!sealed.text.contains("陈"), "no person is named");
        // Life goes on; the report does not.
        world.on("2024-05-06");
        committee.post(&format!("{}/closure", paths[2]), json!({})).expect(200);
        let record = json!({"day": "2024-05-06", "way": "visit", "people": ["王主任"], "finding": "已完工", "outcome": "resolved_since", "class": "A"});
        committee.post(&format!("{}/revisits", paths[2]), record).expect(200);
        let auditor = world.signed_in("auditor");
        let again = auditor.get(&path).expect(200);
        assert_eq!(again.text, sealed.text);
        let told = auditor.get(&format!("{path}/recompute")).expect(200).json;
        assert_eq!((&told["equal"], &told["differences"], &told["rules_changed"]), (&json!(true), &json!([]), &json!([])), "{told}");
        assert_eq!(told["cases"], json!(4));
        for sql in ["DELETE FROM reports", "UPDATE reports SET title = 'x'"] {
            assert!(tamper(world, sql).is_err(), "{sql}");
        }
    }

    fn only_days_that_are_over_are_sealed_by_those_who_may(world) {
        four(world);
        let committee = world.on("2024-04-01").committee();
        for (true_on, known_on, pointer) in [("2024-04-01", "2024-04-01", "/known_on"), ("2024-03-31", "2024-03-30", "/true_on")] {
            let refused = seal(&committee, true_on, known_on).expect(422).json;
            assert_eq!(refused["errors"][0]["pointer"], json!(pointer));
        }
        for nobody in ["chen", "transport", "government-office", "administrator"] {
            seal(&world.signed_in(nobody), "2024-03-31", "2024-03-31").expect(403);
            world.signed_in(nobody).get("/v1/reports").expect(403);
        }
        let path = location(&seal(&committee, "2024-03-31", "2024-03-31").expect(201));
        world.signed_in("transport").get(&path).expect(403);
        committee.get("/v1/reports/00000000-0000-7000-8000-000000000000").expect(404);
        let act = world.signed_in("auditor").get("/v1/acts?kind=report_sealed").expect(200).json;
        assert_eq!(act["acts"][0]["act"]["name"], json!("2024-1"));
    }

    fn a_correction_is_a_new_edition_that_names_what_it_replaces(world) {
        four(world);
        let committee = world.on("2024-04-01").committee();
        let first = seal(&committee, "2024-03-31", "2024-03-31").expect(201);
        let id = first.json["id"].clone();
        let edition = |replaces: &Value, reason: Value| {
            let order = json!({"congress": CONGRESS, "title": "代表建议办理情况（更正）", "true_on": "2024-03-31", "known_on": "2024-03-31", "replaces": replaces, "reason": reason});
            committee.create("/v1/reports", order)
        };
        edition(&id, Value::Null).expect(422);
        let second = edition(&id, json!("漏列一件")).expect(201);
        assert_eq!(second.json["edition"]["replaces"], json!({"id": id, "name": "2024-1", "digest": first.headers["etag"].to_str().unwrap().trim_matches('"')}));
        edition(&id, json!("再更正")).expect(422);
        let old = committee.get(&location(&first)).expect(200);
        assert_eq!(old.text, first.text);
        assert!(old.header("link").contains(second.json["id"].as_str().unwrap()));
        let list = committee.get("/v1/reports").expect(200).json;
        let names: Vec<_> = list["reports"].as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
        assert_eq!(names, [json!("2024-2"), json!("2024-1")]);
    }

    fn the_difference_of_two_reports_is_split_case_by_case_and_sums_exactly(world) {
        let paths = four(world);
        let committee = world.on("2024-04-01").committee();
        let first = seal(&committee, "2024-03-31", "2024-03-31").expect(201);
        // One more case, one more answer, one evaluation, a promise kept: and a letter of March that comes in May.
        world.deputy().post(&format!("{}/evaluations", paths[0]), json!({"attitude": "satisfied", "result": "satisfied"})).expect(200);
        world.signed_in("committee").post(&format!("{}/evaluations", paths[1]), json!({"attitude": "satisfied", "result": "unsatisfied", "text": "未解决", "on_behalf_of": world.deputy().party})).expect(200);
        committee.post(&format!("{}/dissatisfaction", paths[1]), json!({"rework": true, "reason": "请再次研究"})).expect(200);
        world.transport().post(&format!("{}/assignments/1/reply", paths[1]), letter("B")).expect(200);
        committee.post(&format!("{}/closure?occurred_on=2024-03-25", paths[2]), json!({})).expect(200);
        let record = json!({"day": "2024-03-28", "way": "visit", "people": ["王主任"], "finding": "已完工", "outcome": "resolved_since", "class": "A"});
        committee.post(&format!("{}/revisits?occurred_on=2024-03-28", paths[2]), record).expect(200);
        world.in_hand("关于后来的建议");
        let committee = world.on("2024-06-01").committee();
        let second = seal(&committee, "2024-05-31", "2024-05-31").expect(201);
        let diff = |a: &Reply, b: &Reply| {
            let page = format!("{}/diff/{}", location(a), b.json["id"].as_str().unwrap());
            committee.get(&page).expect(200).json["metrics"].as_array().unwrap().clone()
        };
        let told = diff(&first, &second);
        let of = |metric: &str| told.iter().find(|it| it["metric"] == metric).unwrap_or_else(|| panic!("{metric}")).clone();
        let resolution = of("resolution_rate");
        assert_eq!((&resolution["numerators"], &resolution["denominators"]), (&json!([2, 2]), &json!([3, 4])));
        let causes = resolution["by_cause"].as_object().unwrap();
        let part = |cause: &str| (causes[cause]["numerator"].as_i64().unwrap(), causes[cause]["denominator"].as_i64().unwrap());
        assert_eq!(part("late_entry"), (1, 0));
        assert_eq!(part("rework"), (-1, 0));
        assert_eq!(part("progress"), (0, 1));
        assert_eq!(causes.len(), 3);
        assert_eq!(of("satisfaction_rate")["by_cause"]["evaluation_arrived"]["denominator"], json!(2));
        for (a, b) in [(&first, &second), (&second, &first)] {
            for it in diff(a, b) {
                let whole = |key: &str, n: usize| it[key][n].as_i64().unwrap();
                let sum = |key: &str| it["cases"].as_array().unwrap().iter().map(|case| case[key].as_i64().unwrap()).sum::<i64>();
                assert_eq!(sum("numerator"), whole("numerators", 1) - whole("numerators", 0), "{it}");
                assert_eq!(sum("denominator"), whole("denominators", 1) - whole("denominators", 0), "{it}");
                // Rate B − rate A, over the product of the denominators.
                let difference = whole("numerators", 1) * whole("denominators", 0) - whole("numerators", 0) * whole("denominators", 1);
                assert_eq!(sum("weight"), difference, "{it}");
                assert_eq!(it["weight_of"], json!(whole("denominators", 0) * whole("denominators", 1)));
                let by_cause: i64 = it["by_cause"].as_object().unwrap().values().map(|cause| cause["weight"].as_i64().unwrap()).sum();
                assert_eq!(by_cause, difference);
            }
        }
        assert_eq!(diff(&first, &first), Vec::<Value>::new());
    }

    fn a_report_whose_parts_do_not_add_up_is_not_sealed(world) {
        four(world);
        world.compact();
        tamper(world, "UPDATE figure_days SET changes = replace(changes, '\"last_number\":4', '\"last_number\":9')").unwrap();
        let refused = seal(&world.on("2024-04-01").committee(), "2024-03-31", "2024-03-31").expect(409).json;
        assert_eq!(refused["missing"]["code"], json!("does_not_add_up"));
    }

    fn a_row_that_somebody_changed_does_not_pass_for_what_was_sealed(world) {
        let paths = four(world);
        let committee = world.on("2024-04-01").committee();
        // The kept facts say A where the ledger says B: the report is sealed wrongly, and the recomputation says so.
        tamper(world, "UPDATE case_facts SET facts = replace(facts, '\"class\":\"B\"', '\"class\":\"A\"')").unwrap();
        let path = location(&seal(&committee, "2024-03-31", "2024-03-31").expect(201));
        let told = committee.get(&format!("{path}/recompute")).expect(200).json;
        assert_eq!(told["equal"], json!(false));
        let places: Vec<_> = told["differences"].as_array().unwrap().iter().map(|it| it["place"].as_str().unwrap()).collect();
        let id = paths[2].rsplit('/').next().unwrap();
        assert!(places.iter().any(|place| place.contains(id)), "{places:?}");
        assert!(places.contains(&"class_share class B"), "{places:?}");
    }
}
