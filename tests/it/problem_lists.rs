//! Problem lists 问题清单: assigned as a whole, each item reported on by its holder, struck off by somebody else, and urged
//! by the notice ladder.

use crate::{
    on_both,
    support::{
        World,
        client::{Caller, Reply},
        world::{CONGRESS, wait},
    },
};
use diesel::{RunQueryDsl, sql_query};
use jianyi::{office::Fault, store::StoreError};
use reqwest::Method;
use serde_json::{Value, json};

fn assigned(world: &World) -> String {
    let (transport, housing) = (world.transport().party, world.housing().party);
    let list = json!({
        "title": "回头看问题清单", "source": "2024年11月代表视察",
        "items": [
            {"text": "站点未建", "department": transport, "due_on": "2024-12-31"},
            {"text": "房屋漏水", "department": housing, "due_on": "2024-12-20"},
        ]
    });
    world.committee().create("/v1/problem-lists", list).expect(201).header("location").to_owned()
}

fn acts(world: &World, name: &str, url: &str, body: Value) -> Reply {
    world.signed_in(name).ask(Method::POST, url).header("if-match", "*").json(body).send()
}

fn texts(world: &World, name: &str, query: &str) -> Vec<String> {
    let page = world.signed_in(name).get(&format!("/v1/problem-items{query}")).expect(200).json;
    page["items"].as_array().unwrap().iter().map(|it| it["text"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    fn an_item_is_struck_off_by_somebody_else_than_its_holder(world) {
        world.on("2024-11-04");
        let list = assigned(world);
        let item = format!("{list}/items/1");
        assert_eq!(texts(world, "committee", ""), ["房屋漏水", "站点未建"]);
        assert_eq!(texts(world, "transport", ""), ["站点未建"]);
        assert_eq!(texts(world, "court", ""), [] as [&str; 0]);
        assert_eq!(texts(world, "government-office", "?status=open").len(), 2);
        world.housing().get(&item).expect(404);
        world.signed_in("court").get(&list).expect(404);
        world.deputy().get("/v1/problem-lists").expect(403);
        assert_eq!(world.signed_in("committee@other").get("/v1/problem-items").expect(200).json["items"], json!([]));

        let report = json!({"done": "已建成", "evidence": "验收单", "files": ["0f".repeat(32)]});
        let reports = format!("{item}/reports");
        world.transport().ask(Method::POST, &reports).json(report.clone()).send().expect(428);
        world.transport().ask(Method::POST, &reports).header("if-match", "\"7\"").json(report.clone()).send().expect(412);
        acts(world, "housing", &reports, report.clone()).expect(404);
        acts(world, "committee", &reports, report.clone()).expect(403);
        assert_eq!(acts(world, "transport", &reports, json!({"done": "好", "files": ["x"]})).expect(422).pointers(), ["/files/0"]);
        let striking = format!("{item}/striking-off");
        assert_eq!(acts(world, "committee", &striking, json!({"accepted": true})).expect(409).json["missing"]["code"], "not_reported");
        let reported = acts(world, "transport", &reports, report.clone()).expect(200);
        assert_eq!((&reported.json["status"], reported.version()), (&json!("reported"), 2));
        acts(world, "transport", &striking, json!({"accepted": true})).expect(403);
        assert_eq!(acts(world, "committee", &striking, json!({"accepted": false})).expect(422).pointers(), ["/reason"]);
        acts(world, "committee", &striking, json!({"accepted": false, "reason": "尚未通车"})).expect(200);
        acts(world, "transport", &reports, report).expect(200);
        let off = acts(world, "committee", &striking, json!({"accepted": true})).expect(200).json;
        assert_eq!((&off["status"], &off["struck_off_on"]), (&json!("struck_off"), &json!("2024-11-04")));
        assert_eq!(off["reports"][0]["sent_back"], "尚未通车");
        assert_eq!(texts(world, "committee", "?status=open"), ["房屋漏水"]);
        let told = world.signed_in("auditor").get("/v1/acts?kind=problem_item_changed").expect(200).json;
        assert_eq!(told["acts"].as_array().unwrap().len(), 4);
        world.assert_no_drift();
    }

    fn who_reported_does_not_strike_off_in_another_chair(world) {
        world.on("2024-11-04");
        let item = format!("{}/items/1", assigned(world));
        acts(world, "transport", &format!("{item}/reports"), json!({"done": "已建成"})).expect(200);
        let user = world.transport().get("/v1/me").expect(200).json["user"].as_str().unwrap().to_owned();
        let administrator = world.signed_in("administrator");
        let grant = json!({"role": "committee"});
        let granted = administrator.create(&format!("/v1/accounts/{user}/memberships"), grant).expect(201).json;
        let switch = json!({"membership": granted["membership"]});
        let pair = world.transport().create("/v1/auth/switch", switch).expect(200).json;
        let moved = Caller { token: pair["access_token"].as_str().map(str::to_owned), ..world.nobody() };
        let off = || json!({"accepted": true});
        let own = moved.post(&format!("{item}/striking-off"), off()).expect(409);
        assert_eq!(own.json["missing"]["code"], "own_report");
        acts(world, "committee", &format!("{item}/striking-off"), off()).expect(200);
        world.assert_no_drift();
    }

    fn a_list_is_assigned_whole_or_not_at_all(world) {
        world.on("2024-11-04");
        let transport = world.transport().party;
        let wrong = |items: Value| {
            let list = json!({"title": "清单", "source": "视察", "items": items});
            world.committee().create("/v1/problem-lists", list).expect(422).pointers()
        };
        let item = |due: &str| json!({"text": "问题", "department": transport, "due_on": due});
        assert_eq!(wrong(json!([])), ["/items"]);
        assert_eq!(wrong(json!([item("2024-12-01"), item("2024-11-04")])), ["/items/1/due_on"]);
        assert_eq!(wrong(json!([{"text": "问题", "department": world.signed_in("transport@other").party, "due_on": "2024-12-01"}])), ["/items/0/department"]);
        let (secret, _) = world.registered("保密件");
        world.does("leader", &format!("{secret}/confidentiality"), json!({"confidential": true, "reason": "商业秘密"}));
        let mut with = item("2024-12-01");
        with["case"] = json!(secret.rsplit('/').next().unwrap());
        assert_eq!(wrong(json!([with])), ["/items/0/case"]);
        assert_eq!(world.committee().get("/v1/problem-lists").expect(200).json["lists"], json!([]));
        let forbidden = json!({"title": "清单", "source": "视察", "items": [item("2024-12-01")]});
        world.transport().create("/v1/problem-lists", forbidden.clone()).expect(403);
        // Sent twice under one key, it is assigned once.
        let send = || {
            let ask = world.committee().ask(Method::POST, "/v1/problem-lists").header("idempotency-key", "k-1");
            ask.json(forbidden.clone()).send().expect(201).header("location").to_owned()
        };
        assert_eq!(send(), send());
        assert_eq!(world.committee().get("/v1/problem-lists").expect(200).json["lists"].as_array().unwrap().len(), 1);
        world.assert_no_drift();
    }

    fn the_ladder_urges_items_until_they_are_reported_on(world) {
        world.on("2024-11-04");
        let list = assigned(world);
        let setting = json!({"from": "2024-11-04", "leaders": []});
        world.signed_in("leader").ask(Method::PUT, "/v1/congresses/330502/notice-ladder").json(setting).send().expect(200);
        let sweep = |day: &str| {
            world.on(day);
            wait(world.office.issue_notices()).expect("a sweep")
        };
        assert_eq!(sweep("2024-12-09"), 0);
        // The second item is due on Friday the 20th: ten days before is the 10th.
        assert_eq!(sweep("2024-12-10"), 1);
        assert_eq!(sweep("2024-12-20"), 1);
        let item = format!("{list}/items/2");
        let told = world.housing().get(&item).expect(200).json;
        assert_eq!(told["notices"][1]["document"]["text"], "警示单〔2024〕1号");
        assert_eq!((&told["notices"][1]["standing"], &told["notices"][1]["answer_by"]), (&json!("open"), &json!("2024-12-25")));
        let lines = world.housing().get("/v1/notices?status=open").expect(200).json;
        assert_eq!(lines["notices"].as_array().unwrap().len(), 2);
        assert_eq!(lines["notices"][0]["item"]["text"], "房屋漏水");
        assert_eq!(world.transport().get("/v1/notices").expect(200).json["notices"], json!([]));
        acts(world, "transport", &format!("{item}/notices/2/answer"), json!({"done": "施工中"})).expect(404);
        let past = json!({"done": "施工中", "finished_by": "2024-12-19"});
        assert_eq!(acts(world, "housing", &format!("{item}/notices/2/answer"), past).expect(422).pointers(), ["/finished_by"]);
        acts(world, "housing", &format!("{item}/notices/2/answer"), json!({"done": "施工中", "finished_by": "2024-12-30"})).expect(200);
        acts(world, "committee", &format!("{item}/notices/2/closure"), json!({"accepted": true})).expect(200);
        // Reported on, nobody urges it, not even on the day of the order.
        acts(world, "housing", &format!("{item}/reports"), json!({"done": "已修好"})).expect(200);
        assert_eq!(sweep("2024-12-27"), 1, "the other item's reminder");
        acts(world, "committee", &format!("{item}/striking-off"), json!({"accepted": true})).expect(200);
        assert_eq!(world.housing().get(&item).expect(200).json["notices"][0]["standing"], "lapsed");
        world.assert_no_drift();
    }

    fn the_history_of_an_item_cannot_be_rewritten_and_a_changed_row_is_found(world) {
        world.on("2024-11-04");
        assigned(world);
        let run = |sql: &'static str| {
            world.office.store().write_here(move |db| Ok::<_, Fault>(sql_query(sql).execute(db).map_err(StoreError::from)?))
        };
        assert!(run("DELETE FROM problem_events").is_err());
        assert!(run("UPDATE problem_events SET role = 'x'").is_err());
        assert!(run("UPDATE problem_lists SET title = 'x'").is_err());
        world.assert_no_drift();
        run("UPDATE problem_items SET due_on = '2025-01-31' WHERE item = 1").unwrap();
        let report = wait(world.office.verify()).expect("verify runs");
        let found = &report.findings[0];
        assert_eq!((report.findings.len(), found.congress.as_str(), found.column.as_str()), (1, CONGRESS, "row"));
        world.office.rebuild().expect("derived anew");
        world.assert_no_drift();
    }
}
