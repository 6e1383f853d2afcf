//! Revisit campaigns: what they choose and draw, who visits, what the visits change, and the report that stays.

use crate::{
    on_both,
    support::{
        World,
        client::{Caller, Reply},
        world::{CONGRESS, letter, wait},
    },
};
use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use jianyi::{domain::campaign::Visitor, office::Fault, store::campaigns};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Barrier,
    thread,
};

/// Answered in a class by the transport department or the court, judged and closed.
fn closed(world: &World, title: &str, class: &str, by: &str) -> String {
    let path = world.registered_with(title, |_| {}).0;
    let department = world.signed_in(by);
    let handlers = json!({"handlers": [{"department": department.party, "part": "sole"}]});
    world.does("committee", &format!("{path}/assignments"), handlers);
    world.does(by, &format!("{path}/assignments/1/acceptance"), json!({}));
    let mut reply = letter(class);
    if class == "B" {
        reply["commitments"] = json!([{"text": "年内完工", "due_on": "2024-12-31"}]);
    }
    world.does(by, &format!("{path}/assignments/1/reply"), reply);
    world.does(
        "chen",
        &format!("{path}/evaluations"),
        json!({"attitude": "satisfied", "result": "satisfied"}),
    );
    world.does("committee", &format!("{path}/closure"), json!({}));
    path
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

fn opened(world: &World, body: Value) -> String {
    world.committee().create("/v1/revisit-campaigns", body).expect(201).header("location").to_owned()
}

fn visits(caller: &Caller, campaign: &str, path: &str, record: Value) -> Reply {
    let mut record = record;
    record["campaign"] = json!(id(campaign));
    for (field, value) in
        [("way", json!("visit")), ("people", json!(["沈建国", "居民代表"])), ("finding", json!("到现场察看"))]
    {
        if record.get(field).is_none() {
            record[field] = value;
        }
    }
    caller.post(&format!("{path}/revisits"), record)
}

fn cases(caller: &Caller, url: &str) -> BTreeSet<String> {
    let page = caller.get(url).expect(200).json;
    page["cases"].as_array().unwrap().iter().map(|it| it["case"].as_str().unwrap().to_owned()).collect()
}

fn ids(paths: &[&String]) -> BTreeSet<String> {
    paths.iter().map(|path| id(path).to_owned()).collect()
}

/// Numerator and denominator of a metric.
fn figure(caller: &Caller, query: &str) -> (u64, u64) {
    let told = caller.get(&format!("/v1/figures?congress={CONGRESS}&{query}")).expect(200).json["figures"][0]
        .clone();
    (told["numerator"].as_u64().unwrap(), told["denominator"].as_u64().unwrap())
}

on_both! {
    fn a_campaign_from_its_criteria_to_its_sealed_report(world) {
        world.on("2024-02-22");
        let kept = closed(world, "路灯", "A", "transport");
        let broken = closed(world, "人行道", "A", "transport");
        let promised = closed(world, "公交站", "B", "transport");
        let worse = closed(world, "法庭停车", "A", "court");
        world.in_hand("尚未办结");
        world.compact();
        let last_year = "true_on=2024-12-31&known_on=2024-12-31";
        // A year later. The figure of the year before was read out.
        world.on("2025-03-03");
        let committee = world.committee();
        let before = figure(&committee, &format!("metric=resolution_rate&{last_year}"));
        assert_eq!(figure(&committee, "metric=resolution_rate"), before);
        // Whom each criterion chooses.
        let would = |criteria: Value| {
            let body = json!({"title": "试", "criteria": criteria});
            let told = committee.create("/v1/revisit-campaigns/preview", body).expect(200).json;
            let chosen = told["chosen"].as_array().unwrap();
            assert_eq!(told["population"], chosen.len());
            chosen.iter().map(|it| it["case"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
        };
        let all = ids(&[&kept, &broken, &promised, &worse]);
        let court = world.signed_in("court").party;
        for (criteria, chosen) in [
            (json!({}), all.clone()),
            (json!({"sessions": ["5-3", "5-3-between"]}), all.clone()),
            (json!({"classes": ["A"]}), ids(&[&kept, &broken, &worse])),
            (json!({"classes": ["A", "B"], "departments": [court]}), ids(&[&worse])),
            (json!({"evaluations": ["satisfied"], "categories": ["城建环保"], "key_case": false}), all.clone()),
            (json!({"replied": {"from": "2024-02-22", "to": "2024-02-22"}}), all.clone()),
            (json!({"promise_due": {"from": "2024-12-01", "to": "2024-12-31"}}), ids(&[&promised])),
            (json!({"revisited": false}), all.clone()),
        ] {
            assert_eq!(would(criteria.clone()), chosen, "{criteria}");
        }
        for (criteria, pointer) in [
            (json!({"classes": ["Z"]}), "/criteria"),
            (json!({"key_case": true}), "/criteria"),
            (json!({"replied": {"from": "2023-02-22", "to": "2024-02-21"}}), "/criteria"),
            (json!({"promise_due": {"from": "2025-01-01", "to": "2025-12-31"}}), "/criteria"),
            (json!({"revisit_due_by": "2030-01-01"}), "/criteria"),
            (json!({"revisited": true}), "/criteria"),
            (json!({"replied": {"from": "2024-02-22", "to": "2024-02-21"}}), "/criteria/replied"),
            (json!({"sessions": ["9-9"]}), "/criteria/sessions/0"),
            (json!({"departments": ["018d0fc8-4680-78a7-9053-95f06de1b2fb"]}), "/criteria/departments/0"),
            (json!({"beautiful": true}), "/criteria/beautiful"),
        ] {
            let body = json!({"title": "试", "criteria": criteria});
            assert_eq!(committee.create("/v1/revisit-campaigns/preview", body).expect(422).pointers(), [pointer], "{criteria}");
        }
        // A preview opens nothing.
        assert_eq!(committee.get("/v1/revisit-campaigns").expect(200).json["campaigns"], json!([]));
        let campaign = opened(world, json!({"title": "2024年建议办理回头看", "criteria": {}, "until": "2025-04-30"}));
        let shown = committee.get(&campaign).expect(200);
        assert_eq!((&shown.json["population"], &shown.json["chosen"], &shown.json["until"]), (&json!(4), &json!(4), &json!("2025-04-30")));
        assert_eq!((&shown.json["progress"]["not_visited"], shown.etag.as_deref()), (&json!(4), Some("\"1\"")));
        // A visitor is sent; the case is open to him from then on, and a department is not told.
        let (shen, transport) = (world.signed_in("shen"), world.transport());
        shen.get(&kept).expect(404);
        shen.get(&campaign).expect(404);
        let seen_before = (transport.get(&kept).expect(200).text, world.deputy().get(&kept).expect(200).text);
        let sent = json!({"deputies": [shen.party], "third_parties": ["湖州师范学院社会调查中心"]});
        let assigned = committee.post(&format!("{campaign}/visitors"), sent.clone()).expect(200);
        assert_eq!((&assigned.json["assigned"], &assigned.json["left_out"], assigned.etag.as_deref()), (&json!(4), &json!([]), Some("\"2\"")));
        assert_eq!((transport.get(&kept).expect(200).text, world.deputy().get(&kept).expect(200).text), seen_before);
        let stale = committee.ask(Method::POST, &format!("{campaign}/visitors")).version(1).json(sent).send();
        assert_eq!(stale.status, 412);
        committee.create(&format!("{campaign}/visitors"), json!({})).expect(428);
        let his = shen.get(&kept).expect(200);
        assert_eq!((&his.json["evaluations"], &his.json["visits"][0]["campaign"]), (&json!([]), &json!(id(&campaign))));
        assert_eq!(cases(&shen, &format!("{campaign}/cases")), all);
        let line = shen.get(&format!("{campaign}/cases?limit=1")).expect(200).json["cases"][0].clone();
        assert_eq!(line["visitors"], json!([{"deputy": shen.party, "name": "沈建国"}]), "of others he is not told");
        assert!(shen.get(&campaign).expect(200).json.get("progress").is_none());
        for closed_to_him in ["population", "report"] {
            shen.get(&format!("{campaign}/{closed_to_him}")).expect(403);
        }
        // It is none of his own cases.
        assert_eq!(shen.get("/v1/cases").expect(200).json["cases"], json!([]));
        // He brings a photograph, and records what he saw of the ask and of the promise.
        let photograph = |caller: &Caller, path: &str, purpose: &str| {
            let url = format!("{path}/attachments?name=现场照片&purpose={purpose}");
            let ask = caller.ask(Method::POST, &url).header("if-match", &caller.tag(path)).header("content-type", "text/plain");
            ask.bytes(format!("照片 {path} {purpose}\n").as_bytes()).send()
        };
        assert_eq!(photograph(&shen, &kept, "submission").expect(422).pointers(), ["?purpose"]);
        photograph(&shen, &kept, "revisit").expect(200);
        photograph(&world.deputy(), &kept, "revisit").expect(409);
        let record = json!({"day": "2025-03-03", "outcome": "upheld", "attachments": [1]});
        assert_eq!(visits(&shen, "/none/018d0fc8-4680-78a7-9053-95f06de1b2fb", &kept, record.clone()).expect(422).pointers(), ["/campaign"]);
        assert_eq!(shen.post(&format!("{kept}/revisits"), json!({"day": "2025-03-03", "way": "visit", "people": ["沈建国"], "finding": "好", "outcome": "upheld"})).expect(422).pointers(), ["/campaign"]);
        let mut wrong = record.clone();
        wrong["attachments"] = json!([2]);
        assert_eq!(visits(&shen, &campaign, &kept, wrong).expect(422).pointers(), ["/attachments/0"]);
        let done = visits(&shen, &campaign, &kept, record.clone()).expect(200);
        assert_eq!((&done.json["class"], &done.json["revisits"][0]["record"]["campaign"]), (&json!("A"), &json!(id(&campaign))));
        let twice = visits(&shen, &campaign, &kept, record).expect(409);
        assert_eq!(twice.json["missing"]["code"], "visited");
        let finding = |number: u32| json!([{"commitment": number, "kept": "kept", "text": "候车亭已建成"}]);
        for (findings, pointer) in [
            (finding(2), "/findings/0/commitment"),
            (json!([{"ask": 1, "kept": "kept", "text": "好"}]), "/findings/0/ask"),
            (json!([{"kept": "kept", "text": "好"}]), "/findings/0"),
            (json!([finding(1)[0], finding(1)[0]]), "/findings/1"),
        ] {
            let record = json!({"day": "2025-03-03", "outcome": "resolved_since", "class": "A", "findings": findings});
            assert_eq!(visits(&shen, &campaign, &promised, record).expect(422).pointers(), [pointer]);
        }
        let record = json!({"day": "2025-03-03", "outcome": "resolved_since", "class": "A", "findings": finding(1)});
        visits(&shen, &campaign, &promised, record).expect(200);
        // Staff enter the third party's: not delivered, and handled again with a clock of its own.
        world.on("2025-03-10");
        let record = json!({
            "day": "2025-03-07", "people": ["调查员"], "outcome": "not_delivered", "class": "B", "reopen": true,
            "supervision_order": true, "next_on": "2025-06-30"
        });
        let opened = visits(&committee, &campaign, &broken, record).expect(200);
        assert_eq!((&opened.json["stage"], &opened.json["reworks"][0]["ordered_on"]), (&json!("rework"), &json!("2025-03-10")));
        let deadlines = committee.get(&format!("{broken}/deadlines")).expect(200).json;
        let rework = deadlines["deadlines"].as_array().unwrap().iter().find(|it| it["kind"] == "rework").unwrap();
        assert_eq!(rework["anchor_on"], "2025-03-10");
        // Worse than reported, and no better class comes of that.
        let better = json!({"day": "2025-03-10", "outcome": "worse", "class": "A", "next_on": "2025-03-10"});
        assert_eq!(visits(&committee, &campaign, &worse, better).expect(422).pointers(), ["/next_on"]);
        let record = json!({"day": "2025-03-10", "outcome": "worse", "class": "C", "next_on": "2025-09-01"});
        visits(&committee, &campaign, &worse, record).expect(200);
        // Today's figure moved; last year's is as it was known.
        assert_eq!(figure(&committee, "metric=resolution_rate"), (before.0 - 1, before.1));
        assert_eq!(figure(&committee, &format!("metric=resolution_rate&{last_year}")), before);
        world.compact();
        assert_eq!(figure(&committee, &format!("metric=resolution_rate&{last_year}")), before);
        // Progress, and the lists behind it.
        let progress = committee.get(&campaign).expect(200).json["progress"].clone();
        let told = |name: &str| progress[name].as_u64().unwrap();
        assert_eq!(["visited", "not_visited", "upheld", "resolved_since", "not_delivered", "worse"].map(told), [4, 0, 1, 1, 1, 1]);
        assert_eq!(progress["supervision_orders_wanted"], json!([id(&broken)]));
        assert_eq!(progress["followed"], json!({"nothing": 1, "class_changed": 3, "reopened": 1, "supervision_order": 1, "revisit_again": 2}));
        for (query, found) in [("outcome=worse", &worse), ("follows=reopened", &broken), ("outcome=upheld", &kept)] {
            assert_eq!(cases(&committee, &format!("{campaign}/cases?{query}")), ids(&[found]), "{query}");
        }
        assert_eq!(cases(&committee, &format!("{campaign}/cases?visited=false")), BTreeSet::new());
        // A follow-up campaign finds what is due again; what is in hand again is not closed.
        let due = |by: &str| json!({"title": "再次回头看", "criteria": {"revisit_due_by": by, "revisited": true}});
        committee.create("/v1/revisit-campaigns/preview", due("2025-08-31")).expect(422);
        let again = committee.create("/v1/revisit-campaigns/preview", due("2025-09-01")).expect(200).json;
        assert_eq!(again["chosen"][0]["case"], id(&worse));
        world.assert_no_drift();
        // Closed and sealed; the visitor sees it no more.
        let sealed = committee.post(&format!("{campaign}/closure"), json!({"conclusion": "一件维持，一件新落实。"})).expect(201);
        let report = &sealed.json["report"];
        assert_eq!((&report["upheld_rate"]["numerator"], &report["upheld_rate"]["denominator"], &report["upheld_rate"]["percent"]), (&json!(1), &json!(4), &json!("25.0")));
        assert_eq!((&report["upheld_rate"]["interval"], &report["estimate"]), (&json!(null), &json!(null)), "all cases were meant");
        assert_eq!(report["cases"].as_array().unwrap().len(), 4);
        let of_broken = report["cases"].as_array().unwrap().iter().find(|it| it["case"] == id(&broken)).unwrap().clone();
        assert_eq!((&of_broken["class_before"], &of_broken["class_after"], &of_broken["visited_on"]), (&json!("A"), &json!("B"), &json!("2025-03-07")));
        assert_eq!(hex(&Sha256::digest(report.to_string())), sealed.json["sha256"].as_str().unwrap());
        shen.get(&kept).expect(404);
        shen.get(&campaign).expect(404);
        assert_eq!(shen.get("/v1/revisit-campaigns").expect(200).json["campaigns"], json!([]));
        // What comes later changes the cases and not the report.
        world.later(TimeDelta::hours(2));
        world.does("transport", &format!("{broken}/assignments/1/reply"), letter("A"));
        assert_eq!(committee.get(&format!("{campaign}/report")).expect(200).json, sealed.json);
        assert_eq!(committee.post(&format!("{campaign}/closure"), json!({})).expect(200).json, sealed.json);
        let late = committee.post(&format!("{campaign}/visitors"), json!({})).expect(409);
        assert_eq!(late.json["missing"]["code"], "campaign_closed");
        let kinds = acts(&world.signed_in("auditor"));
        for kind in ["campaign_opened", "visitors_assigned", "campaign_closed"] {
            assert!(kinds.contains(kind), "{kind} in {kinds:?}");
        }
        world.assert_no_drift();
    }

    fn a_sample_is_drawn_again_by_anybody(world) {
        world.on("2024-02-22");
        let mut paths = Vec::new();
        for n in 0..5 {
            paths.push(closed(world, &format!("交通{n}"), if n < 3 { "A" } else { "B" }, "transport"));
        }
        paths.push(closed(world, "法院0", "A", "court"));
        paths.push(closed(world, "法院1", "A", "court"));
        let committee = world.committee();
        let sample = |seed: &str, size: Value| {
            json!({"title": "抽样回头看", "criteria": {}, "sample": {"seed": seed, "seed_source": "双色球2024020期", "strata": "department", "size": size}})
        };
        for (size, pointer) in [(json!({"total": 1}), "/sample/size"), (json!({"total": 8}), "/sample/size"), (json!({"each_stratum": 0}), "/sample/size"), (json!({"half": 1}), "/sample/size")] {
            assert_eq!(committee.create("/v1/revisit-campaigns", sample("1", size.clone())).expect(422).pointers(), [pointer], "{size}");
        }
        let preview = committee.create("/v1/revisit-campaigns/preview", sample("0304111725", json!({"total": 4}))).expect(200).json;
        assert!(acts(&world.signed_in("auditor")).contains("sample_previewed"), "seeds are not tried unseen");
        let campaign = opened(world, sample("0304111725", json!({"total": 4})));
        let shown = committee.get(&campaign).expect(200).json;
        for field in ["population", "population_sha256", "strata", "rule"] {
            assert_eq!(shown[field], preview[field], "{field}");
        }
        // Four of seven: 2.86 of the five, 1.14 of the two.
        let strata: BTreeMap<String, (u64, u64)> = shown["strata"].as_array().unwrap().iter().map(|it| {
            (it["name"].as_str().unwrap().to_owned(), (it["population"].as_u64().unwrap(), it["drawn"].as_u64().unwrap()))
        }).collect();
        assert_eq!(strata, BTreeMap::from([("区交通运输局".to_owned(), (5, 3)), ("区人民法院".to_owned(), (2, 1))]));
        // By hand, from what is published: seed and population.
        let (mut population, mut page) = (Vec::new(), format!("{campaign}/population?limit=3"));
        loop {
            let told = world.signed_in("auditor").get(&page).expect(200).json;
            population.extend(told["cases"].as_array().unwrap().iter().map(|it| {
                (it["stratum"].as_str().unwrap().to_owned(), it["case"].as_str().unwrap().to_owned(), it["chosen"].as_bool().unwrap())
            }));
            match told["next"].as_str() {
                Some(next) => page = next.to_owned(),
                None => break,
            }
        }
        population.sort();
        let lines: String = population.iter().map(|(stratum, case, _)| format!("{stratum}\t{case}\n")).collect();
        assert_eq!(hex(&Sha256::digest(lines)), shown["population_sha256"].as_str().unwrap());
        let mut by_hand = BTreeSet::new();
        for stratum in shown["strata"].as_array().unwrap() {
            let mut order: Vec<(String, &String)> = population.iter()
                .filter(|(of, ..)| stratum["value"] == **of)
                .map(|(_, case, _)| (hex(&Sha256::digest(format!("0304111725/{case}"))), case))
                .collect();
            order.sort();
            let drawn = stratum["drawn"].as_u64().unwrap() as usize;
            by_hand.extend(order.into_iter().take(drawn).map(|(_, case)| case.clone()));
        }
        let chosen: BTreeSet<String> = population.iter().filter(|(.., chosen)| *chosen).map(|(_, case, _)| case.clone()).collect();
        assert_eq!(by_hand, chosen);
        assert_eq!(cases(&committee, &format!("{campaign}/cases")), chosen);
        // Only what was drawn is visited in its name.
        let other = paths.iter().find(|path| !chosen.contains(id(path))).unwrap();
        let record = json!({"day": "2024-02-22", "outcome": "upheld"});
        assert_eq!(visits(&committee, &campaign, other, record.clone()).expect(422).pointers(), ["/campaign"]);
        assert_eq!(committee.post(&format!("{campaign}/visitors"), json!({"cases": [id(other)]})).expect(422).pointers(), ["/cases/0"]);
        let drawn: Vec<&String> = paths.iter().filter(|path| chosen.contains(id(path))).collect();
        for path in &drawn[..3] {
            visits(&committee, &campaign, path, record.clone()).expect(200);
        }
        // The worklist's questions.
        let congress = CONGRESS.parse().unwrap();
        let open = world.office.store().read_here(move |db| Ok::<_, Fault>(campaigns::open_with_unvisited(db, &congress, 10)?)).unwrap();
        assert_eq!(open.iter().map(|(it, unvisited)| (it.id.to_string(), *unvisited)).collect::<Vec<_>>(), [(id(&campaign).to_owned(), 1)]);
        let sealed = committee.post(&format!("{campaign}/closure"), json!({})).expect(201).json["report"].clone();
        assert_eq!((&sealed["upheld_rate"]["numerator"], &sealed["upheld_rate"]["denominator"]), (&json!(3), &json!(3)));
        // Wilson's interval of 3 of 3.
        assert_eq!(sealed["upheld_rate"]["interval"], json!(["43.9", "100.0"]));
        assert_eq!(sealed["outcomes"]["not_visited"], 1);
        assert!(sealed["rule"].as_str().unwrap().contains("sha256sum"));
        let visited = |it: &Value| it["visited"].as_u64().unwrap();
        let unseen = sealed["strata"].as_array().unwrap().iter().any(|it| visited(it) == 0);
        assert_eq!(sealed["estimate"].is_null(), unseen, "{}", sealed["strata"]);
        world.assert_no_drift();
    }

    fn who_may_be_sent_and_what_a_visit_opens(world) {
        world.on("2024-02-22");
        let path = closed(world, "绿化", "A", "transport");
        let secret = closed(world, "保密事项", "A", "transport");
        world.does("leader", &format!("{secret}/confidentiality"), json!({"confidential": true, "reason": "商业秘密"}));
        let committee = world.committee();
        let campaign = opened(world, json!({"title": "回头看", "criteria": {}}));
        let (shen, chen) = (world.signed_in("shen"), world.deputy());
        let assign = |body: Value| committee.post(&format!("{campaign}/visitors"), body);
        // Of a confidential case staff who are not named read neither title nor record.
        let titles: BTreeSet<String> = committee.get(&format!("{campaign}/cases")).expect(200).json["cases"].as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap().to_owned()).collect();
        assert_eq!(titles, BTreeSet::from(["绿化".to_owned(), "（保密件）".to_owned()]));
        // Who signed a case judges its answer otherwise; a confidential one is opened by naming its readers alone.
        let chen_id = chen.party.clone();
        assert_eq!(assign(json!({"cases": [id(&path)], "deputies": [chen_id]})).expect(422).pointers(), ["/deputies/0"]);
        assert_eq!(assign(json!({"cases": [id(&secret)], "deputies": [shen.party]})).expect(422).pointers(), ["/deputies/0"]);
        for (body, pointer) in [
            (json!({"deputies": [shen.party, shen.party]}), "/deputies/1"),
            (json!({"deputies": ["018d0fc8-4680-78a7-9053-95f06de1b2fb"]}), "/deputies/0"),
            (json!({"staff": [world.transport().get("/v1/me").expect(200).json["user"]]}), "/staff/0"),
            (json!({"cases": []}), "/cases"),
            (json!({"cases": [id(&path), id(&path)]}), "/cases/1"),
        ] {
            assert_eq!(assign(body.clone()).expect(422).pointers(), [pointer], "{body}");
        }
        let staff = committee.get("/v1/me").expect(200).json["user"].clone();
        let told = assign(json!({"deputies": [shen.party, chen.party], "staff": [staff]})).expect(200).json;
        let mut left_out: Vec<(&str, &str)> = told["left_out"].as_array().unwrap().iter().map(|it| (it["case"].as_str().unwrap(), it["why"].as_str().unwrap())).collect();
        left_out.sort();
        let mut expected = vec![(id(&path), "signer"), (id(&secret), "confidential"), (id(&secret), "confidential")];
        expected.sort();
        assert_eq!(left_out, expected);
        shen.get(&path).expect(200);
        shen.get(&secret).expect(404);
        assert_eq!(cases(&shen, &format!("{campaign}/cases")), ids(&[&path]));
        // What a visitor may do, and what not.
        let may: BTreeSet<String> = shen.get(&format!("{path}/actions")).expect(200).json["actions"].as_array().unwrap().iter()
            .filter(|it| it["allowed"] == json!(true)).map(|it| it["action"].as_str().unwrap().to_owned()).collect();
        assert_eq!(may, BTreeSet::from(["attach".to_owned(), "revisit".to_owned()]));
        shen.post(&format!("{path}/evaluations"), json!({"attitude": "satisfied", "result": "satisfied"})).expect(403);
        shen.get(&format!("{path}/acceptance-notice.pdf")).expect(403);
        // The worklist's question.
        let (congress, visitor) = (CONGRESS.parse().unwrap(), Visitor::Deputy(shen.party.parse().unwrap()));
        let open = move |db: &mut _| Ok::<_, Fault>(campaigns::open_visits(db, &congress, &visitor, 10)?.len());
        assert_eq!(world.office.store().read_here(open.clone()).unwrap(), 1);
        // A case that becomes confidential is closed to him at once.
        world.does("leader", &format!("{path}/confidentiality"), json!({"confidential": true, "reason": "涉及商业秘密"}));
        shen.get(&path).expect(404);
        assert_eq!(cases(&shen, &format!("{campaign}/cases")), BTreeSet::new());
        world.does("leader", &format!("{path}/confidentiality"), json!({"confidential": false, "reason": "已公开"}));
        shen.get(&path).expect(200);
        // Nobody is sent any more.
        assign(json!({"cases": [id(&path)]})).expect(200);
        shen.get(&path).expect(404);
        assert_eq!(world.office.store().read_here(open).unwrap(), 0);
        // What a visit to a confidential case found is for who is named; that it was visited, everybody counts.
        visits(&world.signed_in("leader"), &campaign, &secret, json!({"day": "2024-02-22", "outcome": "worse"})).expect(200);
        let found = |caller: &Caller| {
            let page = caller.get(&format!("{campaign}/cases")).expect(200).json;
            let line = page["cases"].as_array().unwrap().iter().find(|it| it["case"] == id(&secret)).unwrap().clone();
            line["revisit"]["record"]["outcome"].clone()
        };
        assert_eq!((found(&committee), found(&world.signed_in("leader"))), (Value::Null, json!("worse")));
        // Nor does he find it by asking for what was found.
        let worse = |caller: &Caller| cases(caller, &format!("{campaign}/cases?outcome=worse"));
        assert_eq!((worse(&committee), worse(&world.signed_in("leader"))), (BTreeSet::new(), ids(&[&secret])));
        for (name, status) in [("auditor", 200), ("leader", 200), ("secretary", 403), ("transport", 403), ("government-office", 403), ("committee@other", 404), ("chen", 404)] {
            assert_eq!(world.signed_in(name).get(&campaign).status, status, "{name}");
        }
        world.assert_no_drift();
    }

    fn no_visit_comes_in_after_the_report(world) {
        world.on("2024-02-22");
        let paths: Vec<String> = (0..5).map(|n| closed(world, &format!("第{n}件"), "A", "transport")).collect();
        let campaign = opened(world, json!({"title": "回头看", "criteria": {}}));
        world.committee().post(&format!("{campaign}/visitors"), json!({"deputies": [world.signed_in("shen").party]})).expect(200);
        let start = Barrier::new(paths.len() + 1);
        let done: Vec<Reply> = thread::scope(|scope| {
            let visiting: Vec<_> = paths.iter().map(|path| {
                let (shen, start, campaign) = (world.signed_in("shen"), &start, &campaign);
                scope.spawn(move || {
                    let record = json!({"day": "2024-02-22", "way": "visit", "people": ["沈建国"], "finding": "好", "outcome": "upheld", "campaign": id(campaign)});
                    start.wait();
                    shen.ask(Method::POST, &format!("{path}/revisits")).header("if-match", "*").json(record).send()
                })
            }).collect();
            let (committee, start, closing) = (world.committee(), &start, format!("{campaign}/closure"));
            let closed = scope.spawn(move || {
                start.wait();
                committee.ask(Method::POST, &closing).header("if-match", "*").json(json!({})).send()
            });
            closed.join().unwrap().expect(201);
            visiting.into_iter().map(|it| it.join().unwrap()).collect()
        });
        let counts = |status: u16| done.iter().filter(|it| it.status == status).count();
        // Whoever came later sees the case no more, or is told that it is over.
        assert_eq!(counts(200) + counts(404) + counts(409), paths.len(), "{:?}", done.iter().map(|it| &it.text).collect::<Vec<_>>());
        let report = world.committee().get(&format!("{campaign}/report")).expect(200).json["report"].clone();
        assert_eq!(report["outcomes"]["visited"], counts(200));
        world.assert_no_drift();
    }

    fn what_is_kept_of_a_campaign_cannot_be_changed_unseen(world) {
        world.on("2024-02-22");
        let path = closed(world, "路灯", "A", "transport");
        closed(world, "公厕", "A", "transport");
        closed(world, "桥", "A", "transport");
        let committee = world.committee();
        let sample = json!({"seed": "7", "strata": "none", "size": {"total": 2}});
        let campaign = opened(world, json!({"title": "回头看", "criteria": {}, "sample": sample}));
        let whole = opened(world, json!({"title": "全部", "criteria": {}}));
        committee.post(&format!("{whole}/visitors"), json!({"deputies": [world.signed_in("shen").party]})).expect(200);
        visits(&committee, &whole, &path, json!({"day": "2024-02-22", "outcome": "upheld"})).expect(200);
        committee.post(&format!("{campaign}/closure"), json!({})).expect(201);
        world.assert_no_drift();
        let run = |sql: &str| {
            let sql = sql.to_owned();
            world.office.store().write_here(move |db| Ok::<_, Fault>(db.batch_execute(&sql).map_err(jianyi::office::StoreError::from)?))
        };
        // The guards refuse what nobody should do.
        for forbidden in [
            "UPDATE revisit_campaigns SET terms = '{}'",
            "DELETE FROM revisit_campaigns",
            "UPDATE revisit_campaigns SET version = 9 WHERE closed_at IS NOT NULL",
            "UPDATE revisit_cases SET chosen = NOT chosen",
            "DELETE FROM revisit_cases",
            "UPDATE revisit_reports SET body = '{}'",
            "DELETE FROM revisit_reports",
        ] {
            assert!(run(forbidden).is_err(), "{forbidden}");
        }
        // Who goes around them is found.
        let findings = || -> BTreeSet<String> {
            wait(world.office.verify()).unwrap().findings.into_iter().filter(|it| it.place.starts_with("campaign")).map(|it| it.column).collect()
        };
        for (sql, back, found) in [
            ("UPDATE revisit_cases SET outcome = 'worse' WHERE outcome = 'upheld'", "UPDATE revisit_cases SET outcome = 'upheld' WHERE outcome = 'worse'", "visit of "),
            ("UPDATE revisit_visitors SET done = FALSE WHERE done", "", "visitors of "),
        ] {
            run(sql).unwrap();
            assert!(findings().iter().any(|it| it.starts_with(found)), "{sql}: {:?}", findings());
            if back.is_empty() {
                world.office.rebuild().unwrap();
            } else {
                run(back).unwrap();
            }
            assert_eq!(findings(), BTreeSet::new(), "{sql}");
        }
        if world.url().is_none() {
            run("DROP TRIGGER revisit_cases_are_fixed; UPDATE revisit_cases SET chosen = NOT chosen WHERE place = 3; DROP TRIGGER revisit_reports_are_fixed; UPDATE revisit_reports SET body = body || ' '").unwrap();
            let found = findings();
            assert!(found.contains("draw") && found.contains("sealed report"), "{found:?}");
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The kinds of act in the congress's book.
fn acts(auditor: &Caller) -> BTreeSet<String> {
    let told = auditor.get("/v1/acts?limit=100").expect(200).json;
    told["acts"].as_array().unwrap().iter().map(|it| it["act"]["kind"].as_str().unwrap().to_owned()).collect()
}
