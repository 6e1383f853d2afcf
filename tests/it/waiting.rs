//! What waits beside the steps towards an answer: notices, changed promises, visits, items of problem lists, residents'
//! opinions, statements. Each is in the list of who has to do it, until it is done.

use crate::{
    on_both,
    support::{client::Caller, world::letter},
};
use reqwest::Method;
use serde_json::{Value, json};

/// The tasks of a kind: by when or since when, and where the thing or its step is.
fn waits(caller: &Caller, kind: &str) -> Vec<(String, String)> {
    let page = caller.get(&format!("/v1/me/worklist?kind={kind}")).expect(200).json;
    let tasks = page["tasks"].as_array().unwrap();
    let counted = page["counts"]["kinds"].as_array().unwrap().iter().find(|it| it["kind"] == kind);
    assert_eq!(counted.map_or(0, |it| it["n"].as_u64().unwrap()), tasks.len() as u64, "{page}");
    let text = |it: &Value| it.as_str().unwrap_or("").to_owned();
    let line = |it: &Value| {
        let when = if it["due"].is_null() { text(&it["since"]) } else { text(&it["due"]) };
        let href =
            if it["matter"].is_null() { text(&it["step"]["href"]) } else { text(&it["matter"]["href"]) };
        (when, href)
    };
    tasks.iter().map(line).collect()
}

fn one(when: &str, href: String) -> Vec<(String, String)> {
    vec![(when.to_owned(), href)]
}

fn acts(caller: &Caller, url: &str, body: Value) -> Value {
    let done = caller.ask(Method::POST, url).header("if-match", "*").json(body).send();
    assert!((200..300).contains(&done.status), "{}", done.text);
    done.json
}

on_both! {
    fn notices_and_promises_wait_for_who_has_to_answer(world) {
        world.on("2024-02-22");
        let (path, _) = world.in_hand("关于噪声的建议");
        let (transport, committee) = (world.transport(), world.committee());
        let warning = json!({"rung": "warning", "assignment": 1, "reason": "请抓紧", "answer_by": "2024-03-08"});
        world.does("committee", &format!("{path}/notices"), warning);
        assert_eq!(waits(&transport, "answer_notice"), one("2024-03-08", format!("{path}/notices/1/answer")));
        assert!(waits(&world.housing(), "answer_notice").is_empty());
        world.does("transport", &format!("{path}/notices/1/answer"), json!({"done": "已开工"}));
        assert!(waits(&transport, "answer_notice").is_empty());
        assert_eq!(waits(&committee, "decide_notice"), one("2024-02-22", format!("{path}/notices/1/closure")));
        world.does("committee", &format!("{path}/notices/1/closure"), json!({"accepted": true}));
        assert!(waits(&committee, "decide_notice").is_empty());
        // A promise, its day moved with consent, and one that nothing shows.
        let mut reply = letter("B");
        reply["commitments"] = json!([{"text": "年内完工", "due_on": "2024-06-28"}]);
        world.does("transport", &format!("{path}/assignments/1/reply"), reply);
        let promise = format!("{path}/commitments/1");
        assert_eq!(waits(&transport, "keep_promise"), one("2024-06-28", format!("{promise}/reports")));
        let later = json!({"kind": "move", "due_on": "2024-09-30", "reason": "工期顺延"});
        world.does("transport", &format!("{promise}/change"), later);
        assert_eq!(waits(&committee, "decide_commitment_change"), one("2024-02-22", format!("{promise}/change/decision")));
        world.does("committee", &format!("{promise}/change/decision"), json!({"granted": true}));
        assert!(waits(&committee, "decide_commitment_change").is_empty());
        assert_eq!(waits(&transport, "keep_promise"), one("2024-09-30", format!("{promise}/reports")));
        world.does("transport", &format!("{promise}/reports"), json!({"progress": "kept", "text": "已完成"}));
        assert_eq!(waits(&transport, "keep_promise").len(), 1, "nothing shows that it was kept");
        world.does("transport", &format!("{promise}/reports"), json!({"progress": "kept", "text": "已完成", "evidence": "验收单"}));
        assert!(waits(&transport, "keep_promise").is_empty());
        // A statement waits for the deputies whose lines it has.
        world.on("2024-03-28");
        let url = format!("/v1/commitment-statements/{}/2024-Q1", transport.party);
        let issued = world.signed_in("transport-approver").create(&url, json!({})).expect(201);
        let statement = issued.header("location").to_owned();
        let deputy = world.deputy();
        assert_eq!(waits(&deputy, "confirm_statement"), one("2024-03-28", statement.clone()));
        assert!(waits(&world.signed_in("shen"), "confirm_statement").is_empty());
        let lines: Vec<Value> = issued.json["statement"]["lines"].as_array().unwrap().iter()
            .map(|it| json!({"line": it["line"], "confirmed": true})).collect();
        deputy.create(&format!("{statement}/confirmations"), json!({"answers": lines})).expect(201);
        assert!(waits(&deputy, "confirm_statement").is_empty());
        world.assert_no_drift();
    }

    fn visits_items_and_opinions_wait_too(world) {
        world.on("2024-02-22");
        let (path, _) = world.answered("关于路灯的建议", "A");
        world.does("chen", &format!("{path}/evaluations"), json!({"attitude": "satisfied", "result": "satisfied"}));
        world.does("committee", &format!("{path}/closure"), json!({}));
        let (committee, transport, visitor) = (world.committee(), world.transport(), world.signed_in("shen"));
        // A deputy is sent on a visit.
        let campaign = committee.create("/v1/revisit-campaigns", json!({"title": "回头看", "criteria": {}})).expect(201);
        let campaign = campaign.header("location").to_owned();
        assert!(waits(&visitor, "visit").is_empty());
        acts(&committee, &format!("{campaign}/visitors"), json!({"deputies": [visitor.party]}));
        assert_eq!(waits(&visitor, "visit"), one("2024-02-22", format!("{path}/revisits")));
        assert!(waits(&world.deputy(), "visit").is_empty());
        acts(&committee, &format!("{campaign}/closure"), json!({}));
        assert!(waits(&visitor, "visit").is_empty());
        // An item of a problem list, struck off by somebody else.
        let list = json!({"title": "问题清单", "source": "视察", "items": [{"text": "站点未建", "department": transport.party, "due_on": "2024-12-31"}]});
        let list = committee.create("/v1/problem-lists", list).expect(201).header("location").to_owned();
        let item = format!("{list}/items/1");
        assert_eq!(waits(&transport, "report_problem_item"), one("2024-12-31", item.clone()));
        acts(&transport, &format!("{item}/reports"), json!({"done": "已建成", "evidence": "验收单"}));
        assert!(waits(&transport, "report_problem_item").is_empty());
        assert_eq!(waits(&committee, "strike_off_problem_item"), one("2024-12-31", item.clone()));
        acts(&committee, &format!("{item}/striking-off"), json!({"accepted": true}));
        assert!(waits(&committee, "strike_off_problem_item").is_empty());
        // A resident's opinion, from the station to the resident.
        let new = json!({"kind": "station", "code": "ZL-01", "name": "织里镇代表联络站", "place": "织里镇", "deputies": [world.deputy().party]});
        let station = committee.create("/v1/stations", new).expect(201).json["id"].as_str().unwrap().to_owned();
        let said = json!({"topic": "找 13812345678 说停车难", "text": "停车难", "resident": {"name": "王大妈", "phone": "13987654321"}});
        let opinion = world.deputy().create(&format!("/v1/stations/{station}/opinions"), said).expect(201);
        let opinion = format!("/v1/opinions/{}", opinion.json["id"].as_str().unwrap());
        assert_eq!(waits(&committee, "sort_opinion"), one("2024-02-22", opinion.clone()));
        let passed = json!({"route": "department", "department": transport.party, "due_on": "2024-03-20"});
        acts(&committee, &format!("{opinion}/sorting"), passed);
        assert_eq!(waits(&transport, "answer_opinion"), one("2024-03-20", opinion.clone()));
        assert!(!transport.get("/v1/me/worklist").expect(200).text.contains("13812345678"));
        acts(&transport, &format!("{opinion}/answer"), json!({"text": "增设车位二十个"}));
        assert!(waits(&transport, "answer_opinion").is_empty());
        assert_eq!(waits(&committee, "tell_resident"), one("2024-02-22", opinion.clone()));
        // What is due first stands first, whatever kind of thing it is.
        let due = |day: &str| json!({"text": "问题", "department": transport.party, "due_on": day});
        let items = json!([due("2024-12-31"), due("2024-11-30"), due("2024-12-15")]);
        committee.create("/v1/problem-lists", json!({"title": "又一清单", "source": "视察", "items": items})).expect(201);
        let days: Vec<String> = waits(&transport, "report_problem_item").into_iter().map(|(due, _)| due).collect();
        assert_eq!(days, ["2024-11-30", "2024-12-15", "2024-12-31"]);
        // All of them in one list, by their days, page by page.
        let whole = committee.get("/v1/me/worklist").expect(200).json["tasks"].as_array().unwrap().len();
        let mut next = Some("/v1/me/worklist?limit=1".to_owned());
        let mut walked = 0;
        while let Some(url) = next {
            let page = committee.get(&url).expect(200).json;
            walked += page["tasks"].as_array().unwrap().len();
            next = page["next"].as_str().map(str::to_owned);
        }
        assert!(whole > 0 && walked == whole, "{walked} {whole}");
        world.assert_no_drift();
    }
}
