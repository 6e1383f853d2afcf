//! Figures and lists as of any day, on two axes: what was true on a day, as known on a day.

use crate::{
    on_both,
    support::{
        client::Caller,
        world::{CONGRESS, letter},
    },
};
use serde_json::{Value, json};

fn figure(caller: &Caller, query: &str) -> Value {
    caller.get(&format!("/v1/figures?congress={CONGRESS}&{query}")).expect(200).json
}

/// Numerator and denominator of the only group.
fn part(caller: &Caller, query: &str) -> (u64, u64) {
    let told = figure(caller, query)["figures"][0].clone();
    (told["numerator"].as_u64().unwrap(), told["denominator"].as_u64().unwrap())
}

/// How many cases a figure's link lists.
fn listed(caller: &Caller, link: &Value) -> usize {
    caller.get(link.as_str().unwrap()).expect(200).json["cases"].as_array().unwrap().len()
}

on_both! {
    fn what_was_true_is_told_from_what_was_known(world) {
        world.on("2024-02-22");
        let first = world.in_hand("关于路灯的建议").0;
        world.in_hand("关于公厕的建议");
        world.on("2024-04-10").transport().post(&format!("{first}/assignments/1/reply"), letter("A")).expect(200);
        // The letter of the 20th of March reaches the committee in May, on paper.
        world.on("2024-05-06");
        let committee = world.committee();
        let now = |query: &str| part(&committee, &format!("metric=reply_rate{query}"));
        assert_eq!(now(""), (1, 2));
        assert_eq!(now("&true_on=2024-04-09"), (0, 2), "on the day before");
        assert_eq!(now("&true_on=2024-04-10"), (1, 2));
        assert_eq!(now("&known_on=2024-04-09"), (0, 2));
        assert_eq!(now("&true_on=2024-02-21"), (0, 0), "nothing was there");
        // Class and evaluation of that day, and the list behind it.
        for (day, classes) in [("2024-04-09", vec![json!(null)]), ("2024-04-10", vec![json!(null), json!("A")])] {
            let told = figure(&committee, &format!("metric=class_share&group_by=class&true_on={day}"));
            let groups: Vec<_> = told["figures"].as_array().unwrap().iter().map(|it| it["group"]["class"].clone()).collect();
            assert_eq!(groups, classes, "{day}");
            assert_eq!(told["true_on"], json!(day));
            for it in told["figures"].as_array().unwrap() {
                assert_eq!(listed(&committee, &it["cases"]) as u64, it["numerator"].as_u64().unwrap());
            }
        }
        world.assert_no_drift();
    }

    fn paper_that_comes_late_changes_what_was_true_and_not_what_was_known(world) {
        world.on("2024-02-22");
        let path = world.in_hand("关于河道的建议").0;
        let committee = world.committee();
        let transport = world.transport();
        world.on("2024-03-01").transport().post(&format!("{path}/assignments/1/reply"), letter("B")).expect(200);
        world.on("2024-04-01").committee().post(&format!("{path}/closure"), json!({})).expect(200);
        // The visit of the 10th of April is entered on the 6th of May.
        world.on("2024-05-06");
        let record = json!({"day": "2024-04-10", "way": "visit", "people": ["王主任"], "finding": "已完工", "outcome": "resolved_since", "class": "A"});
        committee.post(&format!("{path}/revisits?occurred_on=2024-04-10"), record).expect(200);
        let resolved = |days: &str| part(&committee, &format!("metric=resolution_rate&{days}"));
        assert_eq!(resolved("true_on=2024-04-10&known_on=2024-05-05"), (0, 1), "nobody knew");
        assert_eq!(resolved("true_on=2024-04-10&known_on=2024-05-06"), (1, 1));
        assert_eq!(resolved("true_on=2024-04-09&known_on=2024-05-06"), (0, 1));
        // A department's own figures and lists have the same two axes.
        for (days, class) in [("true_on=2024-04-10&known_on=2024-05-05", "B"), ("true_on=2024-04-10", "A")] {
            assert_eq!(part(&transport, &format!("metric=resolution_rate&{days}")).0, u64::from(class == "A"));
            for caller in [&committee, &transport, &world.deputy()] {
                let lines = caller.get(&format!("/v1/cases?{days}")).expect(200).json;
                assert_eq!((&lines["cases"][0]["class"], lines["cases"].as_array().unwrap().len()), (&json!(class), 1));
            }
        }
        assert_eq!(listed(&world.housing(), &json!("/v1/cases?true_on=2024-04-10")), 0, "it has no part in it");
        world.compact();
        assert_eq!(resolved("true_on=2024-04-10&known_on=2024-05-05"), (0, 1));
        assert_eq!(resolved("true_on=2024-04-10"), (1, 1));
        world.assert_no_drift();
    }

    fn lists_of_a_day_are_narrowed_ordered_and_turned_like_those_of_today(world) {
        world.on("2024-02-22");
        let paths: Vec<String> = (0..7).map(|n| world.in_hand(&format!("关于第{n}件的建议")).0).collect();
        world.on("2024-03-01");
        for path in &paths[..3] {
            world.transport().post(&format!("{path}/assignments/1/reply"), letter("A")).expect(200);
        }
        let committee = world.committee();
        let all = |query: &str| {
            let (mut page, mut titles) = (format!("/v1/cases?limit=2&{query}"), Vec::new());
            loop {
                let told = committee.get(&page).expect(200).json;
                let lines = told["cases"].as_array().unwrap();
                titles.extend(lines.iter().map(|it| it["title"].as_str().unwrap().to_owned()));
                match told["next"].as_str() {
                    Some(next) => page = next.to_owned(),
                    None => return titles,
                }
            }
        };
        for query in ["", "sort=oldest&", "sort=due&", "stage=assigned&", "measure=replied&", "class=none&", "days_to_reply=8&", "delegation=织里代表团&"] {
            let now = all(query);
            assert_eq!(now, all(&format!("{query}true_on=2024-03-01")), "{query}");
            assert!(!now.is_empty() && now.len() <= 7, "{query}");
        }
        assert_eq!(all("stage=assigned&true_on=2024-02-29").len(), 7);
        assert_eq!(all("measure=replied&true_on=2024-02-29"), Vec::<String>::new());
        committee.get("/v1/cases?true_on=yesterday").expect(422);
    }

    fn lengths_of_time_are_told_by_mean_median_and_ninetieth_percentile(world) {
        world.on("2024-02-22");
        let paths: Vec<String> = (0..4).map(|n| world.in_hand(&format!("关于第{n}件的建议")).0).collect();
        for (path, day) in paths.iter().zip(["2024-02-25", "2024-03-03", "2024-04-02"]) {
            world.on(day).transport().post(&format!("{path}/assignments/1/reply"), letter("A")).expect(200);
        }
        let committee = world.committee();
        let days = |metric: &str| figure(&committee, &format!("metric={metric}&decimals=1"))["figures"][0].clone();
        // 3, 10 and 40 days; the fourth is open.
        for (metric, printed, denominator) in [("days_to_reply", "17.7", 3), ("days_to_reply_median", "10", 3), ("days_to_reply_p90", "40", 3), ("days_with_department", "17.7", 3), ("days_with_committee", "0.0", 3)] {
            let told = days(metric);
            assert_eq!((&told["days"], &told["denominator"], &told["percent"]), (&json!(printed), &json!(denominator), &Value::Null), "{metric}");
        }
        let grouped = figure(&committee, "metric=days_to_reply_median&group_by=department");
        assert_eq!(grouped["figures"][0]["days"], json!("10"));
        assert_eq!(grouped["figures"][0]["group"]["department"]["name"], json!("区交通运输局"));
        committee.get(&format!("/v1/figures?congress={CONGRESS}&metric=days_to_reply_median&group_by=class")).expect(422);
        // What the histogram counts is what the lists show.
        let histogram = figure(&committee, "metric=days_to_reply_share&group_by=days_to_reply&true_on=2024-12-31");
        let groups: Vec<_> = histogram["figures"].as_array().unwrap().iter().map(|it| it["group"]["days_to_reply"].clone()).collect();
        assert_eq!(groups, [json!("10"), json!("3"), json!("40")]);
        for it in histogram["figures"].as_array().unwrap() {
            assert_eq!((listed(&committee, &it["cases"]), listed(&committee, &it["denominator_cases"])), (1, 3));
        }
        assert_eq!(figure(&committee, "metric=days_to_reply_median&true_on=2024-03-03")["figures"][0]["days"], json!("3"));
        assert_eq!(figure(&world.transport(), "metric=days_to_reply_p90&true_on=2024-03-03")["figures"][0]["days"], json!("10"));
    }

    fn a_rate_is_not_printed_while_a_number_is_missing(world) {
        world.on("2024-02-22");
        let first = world.registered("关于路口的建议").0;
        world.registered("关于桥梁的建议");
        let committee = world.committee();
        let told = figure(&committee, "metric=reply_rate");
        let complete = &told["completeness"];
        assert_eq!((&complete["received"], &complete["counted"], &complete["excluded"]), (&json!(2), &json!(2), &json!(0)));
        assert_eq!(complete["series"], json!([{"session": "5-3-between", "kind": "suggestion", "last": 2, "numbered": 2, "numbered_otherwise": 0}]));
        assert_eq!(told["figures"][0]["percent"], json!("0.0"));
        world.deputy().post(&format!("{first}/withdrawal"), json!({"reason": "已解决"})).expect(200);
        let told = figure(&committee, "metric=reply_rate");
        assert_eq!(told["completeness"]["exclusions"], json!([{"reason": "withdrawn", "cases": 1}]));
        assert_eq!(told["completeness"]["adds_up"], json!(true));
        // Somebody takes a case out of what the figures hold.
        world.compact();
        crate::verify::tamper(world, "DELETE FROM figure_days WHERE dimension = 'kind'").unwrap();
        let told = figure(&committee, "metric=reply_rate");
        assert_eq!((&told["completeness"]["series"], &told["completeness"]["adds_up"]), (&json!([]), &json!(false)));
        crate::verify::tamper(world, "UPDATE figure_totals SET n = 3 WHERE scope = '' AND dimension = 'exclusion' AND measure = 'received' AND n = 1 AND value = ''").unwrap();
        let told = figure(&committee, "metric=reply_rate");
        assert_eq!(told["completeness"]["adds_up"], json!(false));
        assert!(told["completeness"]["wrong"].as_str().unwrap().contains("verify"));
        assert_eq!((&told["figures"][0]["percent"], &told["figures"][0]["denominator"]), (&Value::Null, &json!(1)));
    }
}
