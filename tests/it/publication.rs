//! What residents read without signing in: what the law and the committee let them, masked, and nothing beside it.

use crate::{
    on_both,
    support::{World, client::Reply, world::letter},
};
use jianyi::{
    domain::{
        case::{Command, FileFacts, procedure::Action, procedure::Target},
        text::Line,
        words::Purpose,
    },
    office::{Caller, Order, Precondition, Who},
};
use serde_json::{Value, json};
use std::sync::Arc;

/// The public address of a case's path.
fn public(path: &str) -> String {
    path.replace("/v1/", "/v1/public/")
}

fn listed(world: &World, query: &str) -> Vec<String> {
    let list = world.nobody().get(&format!("/v1/public/cases?congress=330502{query}")).expect(200);
    assert_eq!(list.headers["cache-control"], "public, max-age=60");
    list.json["cases"].as_array().unwrap().iter().map(|c| c["href"].as_str().unwrap().to_owned()).collect()
}

/// Both pages agree on whether a case is public.
#[track_caller]
fn read(world: &World, path: &str) -> Option<Reply> {
    let page = world.nobody().get(&public(path));
    assert_eq!(listed(world, "").contains(&public(path)), page.status == 200, "{}", page.text);
    if page.status == 200 {
        assert_eq!(page.headers["cache-control"], "public, max-age=60");
        return Some(page);
    }
    page.expect(404);
    None
}

/// A letter that the department does not want published in full.
fn kept_back(publicity: &str) -> Value {
    let mut letter = letter("A");
    letter["publicity"] = json!(publicity);
    letter
}

on_both! {
    fn under_zhejiang_nothing_is_public_until_the_committee_decides(world) {
        world.on("2024-02-22");
        let (path, _) = world.answered("关于公开的建议", "A");
        assert!(read(world, &path).is_none());
        let url = format!("{path}/publication");
        world.does("committee", &url, json!({"publicity": "summary", "summary": "建议增加车位；答复：年内新增。"}));
        let summary = read(world, &path).unwrap().json;
        assert_eq!((&summary["summary"], &summary["title"]), (&json!("建议增加车位；答复：年内新增。"), &json!("关于公开的建议")));
        assert!(["body", "asks", "replies"].iter().all(|field| summary[field].is_null()), "{summary}");
        world.does("committee", &url, json!({"publicity": "full"}));
        let full = read(world, &path).unwrap().json;
        assert_eq!(full["body"], "情况、分析、具体意见。");
        assert_eq!(full["replies"][0]["document_number"], "吴交〔2024〕12号");
        assert!(full["summary"].is_null(), "{full}");
        world.does("committee", &url, json!({"publicity": "none", "ground": "涉及商业秘密"}));
        assert!(read(world, &path).is_none());
        // The other congress has its own list, and drafts are nobody's.
        world.does("committee", &url, json!({"publicity": "full"}));
        assert_eq!(world.nobody().get("/v1/public/cases?congress=330503").expect(200).json["cases"], json!([]));
        world.does("committee", &format!("{path}/confidentiality"), json!({"confidential": true, "reason": "代表要求"}));
        assert!(read(world, &path).is_none());
        world.assert_no_drift();
    }

    under "qingdao-2021" fn where_the_law_publishes_an_answered_case_is_public_with_its_reply(world) {
        world.on("2024-02-22");
        let (path, _) = world.in_hand("关于自动公开的建议");
        assert!(read(world, &path).is_none());
        let mut answer = letter("B");
        answer["commitments"] = json!([{"text": "年内新增车位二百个", "due_on": "2024-12-31", "responsible": "停车办"}]);
        world.transport().post(&format!("{path}/assignments/1/reply"), answer).expect(200);
        let case = read(world, &path).unwrap().json;
        assert_eq!((&case["number"], &case["lead"], &case["department"]), (&json!("区五届三次闭会期间建议第001号"), &json!("陈芳"), &json!("区交通运输局")));
        assert_eq!((&case["class"], &case["replied_on"], &case["publicity"]), (&json!("B"), &json!("2024-02-22"), &json!("full")));
        let promise = json!([{"text": "年内新增车位二百个", "due_on": "2024-12-31"}]);
        assert_eq!(case["replies"][0]["commitments"], promise);
        world.does("transport", &format!("{path}/commitments/1/reports"), json!({"progress": "under_way", "text": "已开工"}));
        assert_eq!(read(world, &path).unwrap().json["replies"][0]["commitments"][0]["progress"], "under_way");
        // What the department keeps back waits for the committee.
        for publicity in ["none", "summary"] {
            let (path, _) = world.in_hand("关于不公开的建议");
            world.transport().post(&format!("{path}/assignments/1/reply"), kept_back(publicity)).expect(200);
            assert!(read(world, &path).is_none(), "{publicity}");
        }
    }

    under "qingdao-2021" fn a_letter_that_is_kept_back_later_and_one_that_was_wrong_are_not_shown(world) {
        world.on("2024-02-22");
        let (path, _) = world.answered("关于更正的建议", "A");
        let mut right = letter("A");
        right["text"] = json!("更正后的答复。");
        world.does("transport", &format!("{path}/assignments/1/reply/correction"), json!({"reason": "数字有误", "letter": right}));
        let replies = read(world, &path).unwrap().json["replies"].clone();
        assert_eq!((replies.as_array().map(Vec::len), &replies[0]["text"]), (Some(1), &json!("更正后的答复。")));
        world.does("committee", &format!("{path}/publication"), json!({"publicity": "full"}));
        world.does("transport", &format!("{path}/assignments/1/reply/correction"), json!({"reason": "涉密", "letter": kept_back("none")}));
        assert_eq!(read(world, &path).unwrap().json["replies"], json!([]));
    }

    under "qingdao-2021" fn telephone_and_identity_numbers_are_masked(world) {
        world.on("2024-02-22");
        let deputy = world.deputy();
        let draft = json!({
            "kind": "suggestion", "title": "关于13857212345来电的建议", "body": "居民王某（身份证110101199003074477）反映……",
            "asks": ["请回电0572-2345678"], "category": "城建"
        });
        let path = deputy.create("/v1/cases", draft).expect(201).headers["location"].to_str().unwrap().to_owned();
        world.does("chen", &format!("{path}/submission"), json!({}));
        world.does("committee", &format!("{path}/registration"), json!({}));
        let handlers = json!({"handlers": [{"department": world.transport().party, "part": "sole"}]});
        world.does("committee", &format!("{path}/assignments"), handlers);
        world.does("transport", &format!("{path}/assignments/1/acceptance"), json!({}));
        let mut answer = letter("A");
        answer["text"] = json!("请与13857212345联系。");
        answer["answers"] = json!([{"ask": 1, "class": "A", "text": "已致电13857212345"}]);
        answer["commitments"] = json!([{"text": "再致电13857212345", "due_on": "2024-12-31"}]);
        world.does("transport", &format!("{path}/assignments/1/reply"), answer);
        let page = read(world, &path).unwrap();
        for number in ["13857212345", "110101199003074477", "2345678"] {
            assert!(!page.text.contains(number), "{}", page.text);
        }
        assert_eq!(page.json["replies"][0]["text"], "请与＊＊＊联系。");
        let list = world.nobody().get("/v1/public/cases?congress=330502").expect(200);
        assert_eq!(list.json["cases"][0]["title"], "关于＊＊＊来电的建议");
    }

    under "qingdao-2021" fn the_list_is_paged_and_narrowed(world) {
        let on = |day: &str| public(&world.on(day).answered(&format!("关于{day}的建议"), "A").0);
        let mut paths: Vec<String> = ["2024-01-17", "2024-01-18", "2024-01-19"].map(on).to_vec();
        paths.reverse();
        assert_eq!(listed(world, ""), paths);
        assert_eq!(listed(world, "&session=5-3&category=%E5%9F%8E%E5%BB%BA%E7%8E%AF%E4%BF%9D"), paths);
        assert_eq!(listed(world, "&session=5-4"), [""; 0]);
        assert_eq!(listed(world, "&category=%E5%85%BB%E8%80%81"), [""; 0]);
        let first = world.nobody().get("/v1/public/cases?congress=330502&limit=2").expect(200);
        let next = first.json["next"].as_str().unwrap();
        assert_eq!(first.headers["link"], format!("<{next}>; rel=\"next\""));
        let second = world.nobody().get(next).expect(200).json;
        assert_eq!((&second["cases"][0]["href"], &second["next"]), (&json!(paths[2]), &Value::Null));
        for (query, pointer) in [("", "?congress"), ("congress=330502&limit=0", "?limit"), ("congress=330502&after=x", "?after"), ("congress=330502&colour=red", "?colour")] {
            let refused = world.nobody().get(&format!("/v1/public/cases?{query}")).expect(422);
            assert_eq!(refused.pointers(), [pointer]);
        }
        world.nobody().get("/v1/public/cases/no-id").expect(404);
    }

    under "qingdao-2021" fn nothing_that_is_not_meant_for_residents_stands_on_a_public_page(world) {
        world.on("2024-02-22");
        let (told, path) = canaries(world);
        assert!(told > 25, "{told}");
        let mut pages = vec![world.nobody().get("/v1/public/cases?congress=330502").expect(200).text];
        pages.push(read(world, &path).unwrap().text);
        world.does("committee", &format!("{path}/publication"), json!({"publicity": "summary", "summary": "摘要", "ground": canary(90)}));
        pages.push(read(world, &path).unwrap().text);
        for page in pages {
            assert!(!page.contains("canary"), "{page}");
            for name in ["沈建国", "区人民法院", "区住房和城乡建设局"] {
                assert!(!page.contains(name), "{name}: {page}");
            }
        }
        // The tokens did go in: the auditor sees them.
        let seen = world.signed_in("auditor").get(&path).expect(200).text;
        let missing: Vec<_> = (0..told).filter(|n| !seen.contains(&canary(*n))).collect();
        assert!(missing.is_empty(), "{missing:?} {seen}");
    }
}

fn canary(n: usize) -> String {
    format!("canary-{n:02}-")
}

/// A case whose every hidden field holds a token; how many, and its path.
fn canaries(world: &World) -> (usize, String) {
    let mut told = 0;
    let mut token = || {
        told += 1;
        canary(told - 1)
    };
    let party = |username: &str| world.signed_in(username).party;
    let draft = json!({"kind": "suggestion", "title": "关于金丝雀的建议", "body": "正文", "asks": ["一"], "category": "城建", "co_signers": [party("li"), party("shen")]});
    let created = world.deputy().create("/v1/cases", draft).expect(201);
    let path = created.headers["location"].to_str().unwrap().to_owned();
    let at = |step: &str| format!("{path}{step}");
    world.does("li", &at("/cosignature"), json!({}));
    world.does("shen", &at("/cosignature/refusal"), json!({"reason": token()}));
    attach(world, "chen", &path, token(), Purpose::Submission);
    world.does("chen", &at("/submission"), json!({}));
    world.does("committee", &at("/correction"), json!({"reason": token(), "points": [token()]}));
    world.does("chen", &at("/submission"), json!({}));
    world.does("committee", &at("/registration"), json!({}));
    let assign = |department: &str, part: &str, note: String| json!({"handlers": [{"department": party(department), "part": part, "note": note}]});
    world.does("committee", &at("/assignments"), assign("court", "sole", token()));
    world.does(
        "court",
        &at("/assignments/1/hand-back"),
        json!({"reason": token(), "proposed_department": token()}),
    );
    let granted = json!({"granted": true, "reason": token()});
    world.does("committee", &at("/assignments/1/hand-back/decision"), granted);
    let handlers = json!({"handlers": [
        {"department": party("transport"), "part": "lead", "note": token()},
        {"department": party("housing"), "part": "co", "note": token()}
    ]});
    world.does("committee", &at("/assignments"), handlers);
    world.does("transport", &at("/assignments/2/acceptance"), json!({}));
    world.does("housing", &at("/assignments/3/acceptance"), json!({}));
    let plan = json!({"meeting": token(), "supervisor": token(), "supervised_by": token(), "plan": token()});
    world.does("committee", &at("/key-case"), plan);
    world.does(
        "transport",
        &at("/assignments/2/extension"),
        json!({"reason": token(), "until": "2024-07-31"}),
    );
    let decided = json!({"granted": true, "reason": token()});
    world.does("committee", &at("/assignments/2/extension/decision"), decided);
    let spoken = json!({"day": "2024-02-22", "way": "phone", "by": token(), "summary": token()});
    world.does("transport", &at("/assignments/2/consultations"), spoken);
    world.does("transport", &at("/assignments/2/notes"), json!({"text": token(), "audience": "department"}));
    world.does("transport", &at("/assignments/2/notes"), json!({"text": token(), "audience": "everybody"}));
    world.does("housing", &at("/assignments/3/opinion"), json!({"text": token()}));
    attach(world, "transport", &path, token(), Purpose::Handling);
    let mut interim = letter("C");
    interim["interim"] = json!(true);
    interim["text"] = json!(token());
    world.does("transport", &at("/assignments/2/reply"), interim);
    let mut answer = letter("B");
    for field in ["signer", "contact", "opinions_stated"] {
        answer[field] = json!(token());
    }
    answer["answers"] = json!([{"ask": 1, "class": "B", "text": "已列入计划"}]);
    answer["commitments"] = json!([{"text": "年内完成", "due_on": "2024-12-31", "responsible": token()}]);
    world.does("transport", &at("/assignments/2/reply"), answer);
    let kept = json!({"progress": "kept", "text": token(), "evidence": token()});
    world.does("transport", &at("/commitments/1/reports"), kept);
    world.does("chen", &at("/commitments/1/judgement"), json!({"confirmed": false, "text": token()}));
    let judged = json!({"attitude": "satisfied", "result": "unsatisfied", "text": token()});
    world.does("chen", &at("/evaluations"), judged);
    world.does("committee", &at("/dissatisfaction"), json!({"rework": false, "reason": token()}));
    world.does("committee", &at("/closure"), json!({}));
    let visit = json!({"day": "2024-02-22", "way": "visit", "people": [token()], "finding": token(), "evidence": token(), "outcome": "upheld"});
    world.does("committee", &at("/revisits"), visit);
    (told, path)
}

/// There is no way to upload a file here: the office is asked directly.
fn attach(world: &World, username: &str, path: &str, name: String, purpose: Purpose) {
    let me = world.signed_in(username).get("/v1/me").expect(200).json;
    let who = Who::Membership(me["membership"].as_str().unwrap().parse().unwrap());
    let file = FileFacts {
        name: Line::parse(&name).unwrap(),
        media_type: "application/pdf".to_owned(),
        size: 1,
        sha256: "0".repeat(64),
        purpose,
        confidential: false,
    };
    let order = Order {
        caller: Caller { who, request_id: String::new(), address: None },
        case: path.rsplit('/').next().unwrap().parse().unwrap(),
        target: Target::case(Action::Attach),
        precondition: Precondition::Any,
        key: None,
        occurred_on: None,
        build: Arc::new(move |_, _| Ok(Command::Attach(file.clone()))),
        render: |_| String::new(),
        trial: false,
    };
    crate::support::world::wait(world.office.perform(order)).unwrap();
}
