//! Two states of the database that differ only in what somebody may not see give him the same answers, byte for byte:
//! whatever he asks, at every door, he cannot tell that it happened.

use crate::{
    on_both,
    support::{World, client::Caller, world::letter},
};
use reqwest::Method;
use serde_json::{Value, json};

/// Everything that can be asked for by name, besides single cases.
fn pages() -> Vec<String> {
    let mut pages: Vec<String> = [
        "/v1/cases?limit=100",
        "/v1/cases?sort=oldest",
        "/v1/cases?sort=due",
        "/v1/cases?limit=1",
        "/v1/cases?stage=replied",
        "/v1/cases?measure=counted",
        "/v1/cases?category=城建环保",
        "/v1/events?limit=100",
        "/v1/events?limit=1",
        "/v1/hand-backs",
        "/v1/me",
        "/v1/me/worklist?limit=100",
        "/v1/me/calendar.ics",
        "/v1/public/cases?congress=330502",
        "/v1/departments?congress=330502",
        "/v1/deputies?congress=330502",
        "/v1/congresses/330502/sessions",
    ]
    .map(str::to_owned)
    .to_vec();
    for metric in ["reply_rate", "on_time_rate", "resolution_rate", "consultation_rate", "satisfaction_rate"]
    {
        for group in ["department", "category", "class", "evaluation", "exclusion"] {
            pages.push(format!("/v1/figures?congress=330502&metric={metric}&group_by={group}"));
        }
    }
    pages
}

const BELOW: [&str; 12] = [
    "",
    "/events",
    "/events?after=3",
    "/deadlines",
    "/holders",
    "/actions",
    "/similar",
    "/department-suggestions",
    "/attachments/1",
    "/attachments/2",
    "/replies/1/letter.docx",
    "/acceptance-notice.docx",
];

/// Steps tried without a version, so that nothing happens and the refusal tells what it tells.
const TRIED: [&str; 4] = ["/evaluations", "/assignments/1/notes", "/assignments/2/opinion", "/closure"];

/// All that a caller can find out, each answer whole: status, version, links, body.
fn known(caller: &Caller, cases: &[String]) -> Vec<(String, String)> {
    let asked = |method: Method, url: &str| {
        let reply = caller.ask(method, url).json(json!({})).send();
        let mut body = reply.text.clone();
        if let Some(id) = reply.json["request_id"].as_str() {
            // The one thing that is of the request and not of its answer.
            body = body.replace(id, "-");
        }
        // A .docx is a zip with a day in it; its bytes are compared as they are.
        let bytes = if reply.json.is_null() { format!("{:?}", reply.bytes) } else { body };
        format!("{} {} {} {bytes}", reply.status, reply.header("etag"), reply.header("link"))
    };
    let mut all: Vec<(String, String)> =
        pages().into_iter().map(|url| (url.clone(), asked(Method::GET, &url))).collect();
    for case in cases {
        for below in BELOW {
            let url = format!("{case}{below}");
            all.push((url.clone(), asked(Method::GET, &url)));
        }
        for step in TRIED {
            let url = format!("{case}{step}");
            all.push((format!("POST {url}"), asked(Method::POST, &url)));
        }
    }
    all
}

#[track_caller]
fn unnoticed(world: &World, cases: &[String], what: &str, by: &[&str], act: impl FnOnce()) {
    let people: Vec<(&str, Caller)> = by.iter().map(|name| (*name, world.signed_in(name))).collect();
    world.log();
    let before: Vec<_> = people.iter().map(|(_, caller)| known(caller, cases)).collect();
    act();
    world.log();
    for ((name, caller), before) in people.iter().zip(before) {
        for ((url, was), (_, is)) in before.into_iter().zip(known(caller, cases)) {
            assert_eq!(was, is, "{name} can tell at {url}: {what}");
        }
    }
}

fn me(world: &World, name: &str) -> Value {
    world.signed_in(name).get("/v1/me").expect(200).json["user"].clone()
}

on_both! {
    fn what_somebody_may_not_see_changes_none_of_his_answers(world) {
        let (path, _) = world.registered("关于河道整治的建议");
        let (lead, co) = (world.transport().party, world.housing().party);
        let handlers = json!({"handlers": [{"department": lead, "part": "lead"}, {"department": co, "part": "co"}]});
        world.does("committee", &format!("{path}/assignments"), handlers.clone());
        world.does("transport", &format!("{path}/assignments/1/acceptance"), json!({}));
        world.does("housing", &format!("{path}/assignments/2/acceptance"), json!({}));
        let (secret, _) = world.registered("关于商业秘密的建议");
        world.does("committee", &format!("{secret}/assignments"), handlers);
        world.does("transport", &format!("{secret}/assignments/1/acceptance"), json!({}));
        world.does("leader", &format!("{secret}/confidentiality"), json!({"confidential": true, "reason": "商业秘密"}));
        world.does("leader", &format!("{secret}/readers"), json!({"readers": [me(world, "transport")]}));
        let cases = [path.clone(), secret.clone()];
        let at = |step: &str| format!("{path}{step}");
        let everybody = [
            "chen", "li", "secretary", "committee", "leader", "government-office", "transport", "transport-approver", "housing",
            "court", "auditor", "administrator",
        ];

        unnoticed(world, &cases, "another deputy's draft", &everybody, || {
            let draft = json!({"kind": "suggestion", "title": "关于河道整治的另一件建议", "body": "情况、分析、具体意见。", "category": "城建环保"});
            let created = world.signed_in("shen").create("/v1/cases", draft).expect(201);
            let draft = format!("/v1/cases/{}", created.json["id"].as_str().unwrap());
            world.signed_in("shen").post(&format!("{draft}/withdrawal"), json!({"reason": "不提了"})).expect(200);
        });
        unnoticed(world, &cases, "another congress's case", &everybody, || {
            let draft = json!({"kind": "suggestion", "title": "关于河道整治的建议", "body": "情况、分析、具体意见。"});
            let chen = world.signed_in("chen@other");
            let created = chen.create("/v1/cases", draft).expect(201);
            let other = format!("/v1/cases/{}", created.json["id"].as_str().unwrap());
            chen.post(&format!("{other}/submission"), json!({})).expect(200);
            world.does("committee@other", &format!("{other}/registration"), json!({}));
        });
        unnoticed(world, &cases, "another deputy's case at another department", &["chen", "li", "secretary", "transport", "transport-approver", "housing", "administrator"], || {
            let draft = json!({"kind": "suggestion", "title": "关于河道整治的建议", "body": "情况、分析、具体意见。"});
            let created = world.signed_in("shen").create("/v1/cases", draft).expect(201);
            let other = format!("/v1/cases/{}", created.json["id"].as_str().unwrap());
            world.does("shen", &format!("{other}/submission"), json!({}));
            world.does("committee", &format!("{other}/registration"), json!({}));
            let sole = json!({"handlers": [{"department": world.signed_in("court").party, "part": "sole"}]});
            world.does("committee", &format!("{other}/assignments"), sole);
        });
        unnoticed(world, &cases, "a department's note for itself", &["chen", "li", "secretary", "committee", "leader", "government-office", "housing", "court"], || {
            world.does("transport", &at("/assignments/1/notes"), json!({"text": "内部研究", "audience": "department"}));
        });
        unnoticed(world, &cases, "a co-handler's opinion", &["chen", "li", "secretary", "court"], || {
            world.does("housing", &at("/assignments/2/opinion"), json!({"text": "同意"}));
        });
        unnoticed(world, &cases, "a draft of the reply", &["chen", "li", "secretary", "committee", "leader", "government-office", "housing", "court"], || {
            world.does("transport", &at("/assignments/1/reply/draft"), {
                let mut draft = letter("A");
                draft["opinions_stated"] = json!("会办单位同意。");
                draft
            });
        });
        let mut reply = letter("A");
        reply["opinions_stated"] = json!("会办单位同意。");
        world.does("transport", &at("/assignments/1/reply"), reply);
        unnoticed(world, &cases, "a reminder to judge", &["government-office", "transport", "transport-approver", "housing"], || {
            world.on("2024-03-20");
            world.on("2024-01-16");
        });
        unnoticed(world, &cases, "the co-signer's judgement", &["chen", "secretary", "government-office", "transport", "transport-approver", "housing"], || {
            world.does("li", &at("/evaluations"), json!({"attitude": "satisfied", "result": "satisfied"}));
        });
        unnoticed(world, &cases, "the lead signer's judgement", &["li", "secretary", "government-office", "transport", "transport-approver", "housing"], || {
            world.does("chen", &at("/evaluations"), json!({"attitude": "satisfied", "result": "basically_satisfied"}));
        });
        unnoticed(world, &cases, "work on a confidential case", &["secretary", "government-office", "transport-approver", "housing", "committee", "court"], || {
            world.does("leader", &format!("{secret}/readers"), json!({"readers": [me(world, "transport"), me(world, "court-approver")]}));
            world.does("transport", &format!("{secret}/assignments/1/notes"), json!({"text": "已约谈企业", "audience": "everybody"}));
        });
        world.does("committee", &at("/closure"), json!({}));
        unnoticed(world, &cases, "who is to visit it", &["chen", "li", "secretary", "government-office", "transport", "transport-approver", "housing", "court", "administrator"], || {
            let opened = world.committee().create("/v1/revisit-campaigns", json!({"title": "回头看", "criteria": {}}));
            let visitors = format!("{}/visitors", opened.expect(201).header("location"));
            let shen = world.signed_in("shen");
            world.does("committee", &visitors, json!({"deputies": [shen.party]}));
            shen.get(&path).expect(200);
            world.does("committee", &visitors, json!({}));
        });
        world.assert_no_drift();
    }

    fn what_is_hidden_in_between_leaves_no_gap(world) {
        let (path, _) = world.in_hand("关于公园照明的建议");
        let notes = format!("{path}/assignments/1/notes");
        for (text, audience) in [("其一", "department"), ("其二", "everybody"), ("其三", "department"), ("其四", "everybody")] {
            world.does("transport", &notes, json!({"text": text, "audience": audience}));
        }
        for name in ["chen", "committee", "transport", "government-office", "auditor"] {
            let caller = world.signed_in(name);
            let case = caller.get(&path).expect(200);
            let events = caller.get(&format!("{path}/events")).expect(200).json["events"].clone();
            let versions: Vec<i64> = events.as_array().unwrap().iter().map(|e| e["version"].as_i64().unwrap()).collect();
            assert_eq!(versions, (1..=case.version()).collect::<Vec<_>>(), "{name}");
            let later = caller.get(&format!("{path}/events?after=2")).expect(200).json["events"].clone();
            assert_eq!(later.as_array().unwrap().len() as i64, case.version() - 2, "{name}");
        }
        let seen = |name: &str| world.signed_in(name).get(&path).expect(200).version();
        assert_eq!(seen("transport") - seen("government-office"), 2);
        assert_eq!(seen("auditor") - seen("committee"), 2);
    }
}
