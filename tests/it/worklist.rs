//! The worklist over the life of a case: what each is told waits for him, by when, and which step does it.

use crate::{
    on_both,
    support::{
        World,
        client::Caller,
        world::{CONGRESS, letter, wait},
    },
    verify::tamper,
};
use jianyi::{
    domain::{ids::UserId, say::Language},
    office::{Fault, StoreError, Who},
};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Everybody for whom the procedure may have a step, and some for whom it has none.
const EVERYBODY: [&str; 12] = [
    "chen",
    "li",
    "shen",
    "secretary",
    "committee",
    "leader",
    "government-office",
    "transport",
    "transport-approver",
    "housing",
    "court",
    "auditor",
];

fn list(caller: &Caller) -> Value {
    caller.get("/v1/me/worklist?limit=100").expect(200).json
}

/// Each task in a line: its kind, when, how it stands, and the step below the case.
fn told(caller: &Caller) -> Vec<String> {
    let line = |it: &Value| {
        let text = |name: &str| it[name].as_str().unwrap_or("").to_owned();
        let when = if it["due"].is_null() { text("since") } else { text("due") };
        let step = match it["step"]["href"].as_str() {
            Some(href) => href.split('/').skip(4).collect::<Vec<_>>().join("/"),
            None => "-".to_owned(),
        };
        format!("{} {when} {} {step}", text("kind"), text("group"))
    };
    list(caller)["tasks"].as_array().unwrap().iter().map(line).collect()
}

/// Signed in once: a password takes its time.
struct People(Vec<(&'static str, Caller)>);

impl People {
    fn of(world: &World) -> People {
        People(EVERYBODY.iter().map(|name| (*name, world.signed_in(name))).collect())
    }

    fn told(&self, username: &str) -> Vec<String> {
        let (_, caller) = self.0.iter().find(|(name, _)| *name == username).expect("one of them");
        told(caller)
    }

    /// What each is told, which agrees with what the cases say to him.
    fn all(&self) -> Vec<String> {
        let of = |(name, caller): &(&str, Caller)| {
            agrees(caller, name);
            told(caller).into_iter().map(|line| format!("{name}: {line}")).collect::<Vec<_>>()
        };
        self.0.iter().flat_map(of).collect()
    }

    #[track_caller]
    fn are_told(&self, expected: &[&str]) {
        let told = self.all();
        assert_eq!(told, expected, "{told:#?}");
    }
}

/// The steps that somebody waits for: whoever may take one of them is told so.
const WAITED_FOR: [&str; 13] = [
    "co_sign",
    "register",
    "accept",
    "give_opinion",
    "decide_hand_back",
    "decide_extension",
    "sign_reply",
    "settle_dissatisfaction",
    "judge_commitment",
    "answer_withdrawal",
    "follow_up",
    "decide_motion",
    "report_motion",
];

/// A list against what the cases themselves say to the same person: each step that it names is open to him, each that
/// waits for him stands in it, and so does each of his deadlines that runs or has passed.
pub fn agrees(caller: &Caller, username: &str) {
    let list = list(caller);
    let tasks = list["tasks"].as_array().unwrap();
    let places: Vec<_> = tasks
        .iter()
        .map(|it| (it["due"].is_null(), it["due"].as_str().or(it["since"].as_str()).unwrap()))
        .collect();
    assert!(places.is_sorted(), "{username}: {list}");
    let counts = &list["counts"];
    let n = |name: &str| counts[name].as_u64().unwrap();
    assert_eq!(n("total"), tasks.len() as u64, "{username}: {list}");
    assert_eq!(
        ["overdue", "lapsed", "today", "this_week", "later", "undated"].map(n).iter().sum::<u64>(),
        n("total")
    );
    let cases: BTreeSet<String> = tasks
        .iter()
        .map(|it| it["case"]["href"].as_str().unwrap().to_owned())
        .chain(listed(caller))
        .collect();
    for path in cases {
        let own: Vec<&Value> = tasks.iter().filter(|it| it["case"]["href"] == json!(path)).collect();
        case_agrees(caller, username, &path, &own);
    }
}

/// The cases of his list: a withheld one is in it, and tells nothing.
fn listed(caller: &Caller) -> Vec<String> {
    let page = caller.get("/v1/cases?limit=100");
    let cases = page.json["cases"].as_array().cloned().unwrap_or_default();
    cases.iter().map(|it| format!("/v1/cases/{}", it["id"].as_str().unwrap())).collect()
}

fn case_agrees(caller: &Caller, username: &str, path: &str, own: &[&Value]) {
    let case = caller.get(path);
    if case.status == 403 {
        assert!(own.is_empty(), "{username} is told of a case that he may not open: {own:?}");
        return;
    }
    let case = case.expect(200).json;
    let actions = caller.get(&format!("{path}/actions")).expect(200).json["actions"].clone();
    let open: Vec<&Value> =
        actions.as_array().unwrap().iter().filter(|it| it["allowed"] == json!(true)).collect();
    let seen = || format!("{username} on {path}, {}: {own:#?} of {open:#?}", case["stage"]);
    for task in own {
        let step = &task["step"];
        // What has no last day is a step that waits for him; a dated duty may wait for another's.
        assert!(!step.is_null() || !task["due"].is_null(), "{}", seen());
        let same = |it: &&&Value| it["href"] == step["href"] && it["method"] == step["method"];
        assert!(step.is_null() || open.iter().any(|it| same(&it)), "{}", seen());
    }
    for step in open.iter().filter(|it| WAITED_FOR.contains(&it["action"].as_str().unwrap())) {
        assert!(own.iter().any(|task| task["step"]["href"] == step["href"]), "{}", seen());
    }
    let deadlines = caller.get(&format!("{path}/deadlines")).expect(200).json["deadlines"].clone();
    for it in deadlines.as_array().unwrap() {
        let runs = ["open", "overdue"].contains(&it["verdict"].as_str().unwrap());
        if runs && is_his(it, &case, username) {
            assert!(own.iter().any(|task| task["due"] == it["due"]), "{it:#} is not told: {}", seen());
        }
    }
}

/// Whether a deadline still asks something of somebody, in the words of the rule.
fn is_his(deadline: &Value, case: &Value, username: &str) -> bool {
    let whose = deadline["whose"].as_str().unwrap();
    let office = match username {
        "transport" | "transport-approver" => "区交通运输局",
        "housing" => "区住房和城乡建设局",
        "court" => "区人民法院",
        "committee" | "leader" => "代表工委",
        "government-office" => "政府办",
        "chen" => "陈芳",
        _ => return false,
    };
    let mine = whose.split('、').any(|name| name == office);
    let stage = case["stage"].as_str().unwrap();
    let handed_out = ["registered", "dispatched", "assigned"].contains(&stage);
    // Handled with the case that leads it.
    let merged = !case["merged_into"].is_null() && handed_out;
    let parts = case["assignments"].as_array().cloned().unwrap_or_default();
    let number = &deadline["assignment"];
    let standing = |of: &dyn Fn(&Value) -> bool| {
        parts.iter().find(|it| of(it)).map_or("", |it| it["standing"].as_str().unwrap_or("")).to_owned()
    };
    let of_number = standing(&|it| it["number"] == *number);
    let own =
        standing(&|it| it["department"]["name"] == json!(office) && it["standing"] != json!("handed_back"));
    let asks = match deadline["kind"].as_str().unwrap() {
        "acceptance_notice" | "assignment" => true,
        // Once signed for it is a right like others.
        "hand_back" => handed_out && of_number == "pending",
        "first_contact" => handed_out && of_number != "replied",
        "opinion" | "opinion_again" => handed_out,
        "reply" => handed_out && !["", "replied"].contains(&own.as_str()),
        "reassignment" => {
            handed_out
                && !parts.iter().any(|it| it["part"] != json!("co") && it["standing"] != json!("handed_back"))
        }
        "rework" => stage == "rework" && own == "accepted",
        "evaluation" => stage == "replied",
        "commitment_evaluation" => true,
        other => panic!("{other}"),
    };
    mine && asks && !merged
}

fn commitments(class: &str, due_on: &str) -> Value {
    let mut it = letter(class);
    it["opinions_stated"] = json!("会办单位同意。");
    it["commitments"] = json!([{"text": "年内完成", "due_on": due_on}]);
    it
}

on_both! {
    fn each_is_told_what_waits_for_him_over_the_life_of_a_case(world) {
        let people = People::of(world);
        world.on("2024-02-22");
        people.are_told(&[]);
        let chen = world.deputy();
        let draft = json!({"kind": "suggestion", "title": "关于增设公交站点的建议", "body": "情况、分析、具体意见。", "co_signers": [world.signed_in("li").party]});
        let path = chen.create("/v1/cases", draft).expect(201).headers["location"].to_str().unwrap().to_owned();
        let at = |step: &str| format!("{path}{step}");
        people.are_told(&["chen: submit 2024-02-22 undated submission", "li: co_sign 2024-02-22 undated cosignature"]);
        world.does("li", &at("/cosignature"), json!({}));
        world.does("chen", &at("/submission"), json!({}));
        // Notice within 7 days between sessions.
        people.are_told(&["committee: examine 2024-02-29 later registration", "leader: examine 2024-02-29 later registration"]);
        world.does("committee", &at("/correction"), json!({"reason": "请写明路段"}));
        people.are_told(&[
            "chen: correct 2024-02-22 undated submission",
            "committee: examine 2024-02-29 later -",
            "leader: examine 2024-02-29 later -",
        ]);
        world.does("chen", &at("/submission"), json!({}));
        world.does("committee", &at("/registration"), json!({}));
        people.are_told(&["committee: assign 2024-02-22 undated assignments", "leader: assign 2024-02-22 undated assignments"]);
        let (lead, co) = (world.transport().party, world.housing().party);
        let handlers = json!({"handlers": [{"department": lead, "part": "lead"}, {"department": co, "part": "co"}]});
        world.does("committee", &at("/assignments"), handlers);
        // Ten days to hand back, two months for the opinion, three for the reply; who has not signed for it does that first.
        people.are_told(&[
            "transport: accept 2024-03-04 later assignments/1/acceptance",
            "transport: reply 2024-05-22 later assignments/1/acceptance",
            "transport-approver: accept 2024-03-04 later assignments/1/acceptance",
            "transport-approver: reply 2024-05-22 later assignments/1/acceptance",
            "housing: accept 2024-03-04 later assignments/2/acceptance",
            "housing: give_opinion 2024-04-22 later assignments/2/acceptance",
        ]);
        world.does("housing", &at("/assignments/2/acceptance"), json!({}));
        world.does("transport", &at("/assignments/1/hand-back"), json!({"reason": "不属我局"}));
        people.are_told(&[
            "committee: decide_hand_back 2024-02-22 undated assignments/1/hand-back/decision",
            "leader: decide_hand_back 2024-02-22 undated assignments/1/hand-back/decision",
            "government-office: decide_hand_back 2024-02-22 undated assignments/1/hand-back/decision",
            "transport: reply 2024-05-22 later -",
            "transport-approver: reply 2024-05-22 later -",
            "housing: give_opinion 2024-04-22 later assignments/2/opinion",
        ]);
        world.does("committee", &at("/assignments/1/hand-back/decision"), json!({"granted": false, "reason": "属你局职责"}));
        world.on("2024-04-22");
        assert_eq!(people.told("housing"), ["give_opinion 2024-04-22 today assignments/2/opinion"]);
        world.on("2024-04-23");
        assert_eq!(people.told("housing"), ["give_opinion 2024-04-22 overdue assignments/2/opinion"]);
        world.does("housing", &at("/assignments/2/opinion"), json!({"text": "同意"}));
        world.on("2024-05-20");
        world.does("transport", &at("/assignments/1/extension"), json!({"reason": "涉及面广", "until": "2024-06-28"}));
        // More time can be granted while the old term runs. 2024-05-20 is a Monday.
        people.are_told(&[
            "committee: decide_extension 2024-05-22 this_week assignments/1/extension/decision",
            "leader: decide_extension 2024-05-22 this_week assignments/1/extension/decision",
            "government-office: decide_extension 2024-05-22 this_week assignments/1/extension/decision",
            "transport: reply 2024-05-22 this_week assignments/1/reply",
            "transport-approver: reply 2024-05-22 this_week assignments/1/reply",
        ]);
        let it = &list(&world.transport())["tasks"][0];
        assert_eq!((&it["days_left"], &it["working_days_left"], &it["verdict"]), (&json!(2), &json!(2), &json!("open")));
        world.does("committee", &at("/assignments/1/extension/decision"), json!({"granted": true}));
        assert_eq!(people.told("transport"), ["reply 2024-06-28 later assignments/1/reply"]);
        world.on("2024-07-01");
        assert_eq!(people.told("transport"), ["reply 2024-06-28 overdue assignments/1/reply"]);
        let it = &list(&world.transport())["tasks"][0];
        assert_eq!((&it["days_left"], &it["working_days_left"], &it["verdict"]), (&json!(-3), &json!(-1), &json!("overdue")));
        world.does("transport", &at("/assignments/1/reply"), commitments("B", "2024-10-31"));
        // Twenty working days to judge; a promise is the department's from the letter on.
        people.are_told(&[
            "chen: evaluate 2024-07-29 later evaluations",
            "li: evaluate 2024-07-29 later evaluations",
            "transport: keep_promise 2024-10-31 later commitments/1/reports",
            "transport-approver: keep_promise 2024-10-31 later commitments/1/reports",
        ]);
        world.on("2024-07-30");
        people.are_told(&[
            "chen: evaluate 2024-07-29 lapsed evaluations",
            "li: evaluate 2024-07-29 lapsed evaluations",
            "committee: remind_evaluation 2024-07-30 undated evaluations/reminder",
            "leader: remind_evaluation 2024-07-30 undated evaluations/reminder",
            "transport: keep_promise 2024-10-31 later commitments/1/reports",
            "transport-approver: keep_promise 2024-10-31 later commitments/1/reports",
        ]);
        world.does("committee", &at("/evaluations/reminder"), json!({}));
        assert_eq!(people.told("committee"), ["close 2024-07-30 undated closure"]);
        let bad = json!({"attitude": "satisfied", "result": "unsatisfied", "text": "没有时间表"});
        world.does("chen", &at("/evaluations"), bad);
        // The committee looks into it, and has it answered again: a month, and a date of its own.
        people.are_told(&[
            "li: evaluate 2024-07-29 lapsed evaluations",
            "committee: settle_dissatisfaction 2024-07-30 undated dissatisfaction",
            "leader: settle_dissatisfaction 2024-07-30 undated dissatisfaction",
            "transport: keep_promise 2024-10-31 later commitments/1/reports",
            "transport-approver: keep_promise 2024-10-31 later commitments/1/reports",
        ]);
        world.does("committee", &at("/dissatisfaction"), json!({"rework": true, "reason": "请补充"}));
        people.are_told(&[
            "transport: rework 2024-08-30 later assignments/1/reply",
            "transport: keep_promise 2024-10-31 later commitments/1/reports",
            "transport-approver: rework 2024-08-30 later assignments/1/reply",
            "transport-approver: keep_promise 2024-10-31 later commitments/1/reports",
        ]);
        world.does("transport", &at("/assignments/1/reply"), {
            let mut again = letter("A");
            again["opinions_stated"] = json!("会办单位同意。");
            again
        });
        world.does("transport", &at("/commitments/1/reports"), json!({"progress": "kept", "text": "站点已建成"}));
        let told_chen = told(&chen);
        assert_eq!(told_chen[0].split(' ').next(), Some("evaluate"), "{told_chen:?}");
        assert!(told_chen.iter().any(|it| it.ends_with("commitments/1/judgement")), "{told_chen:?}");
        world.does("chen", &at("/commitments/1/judgement"), json!({"confirmed": true}));
        world.does("chen", &at("/evaluations"), json!({"attitude": "satisfied", "result": "satisfied"}));
        assert!(people.told("committee").contains(&"close 2024-07-30 undated closure".to_owned()));
        assert!(people.told("transport").contains(&"follow_up 2024-07-30 undated assignments/1/reply/follow-up".to_owned()), "{:?}", people.told("transport"));
        people.all();
        world.does("committee", &at("/closure"), json!({}));
        world.does("transport", &at("/assignments/1/reply/follow-up"), {
            let mut again = letter("A");
            again["opinions_stated"] = json!("会办单位同意。");
            again
        });
        people.are_told(&[]);
        world.assert_no_drift();
    }

    fn the_government_office_shares_out_and_gives_out_again(world) {
        let people = People::of(world);
        world.under("chongqing-2017").on("2024-02-22");
        let (path, _) = world.registered("关于河道整治的建议");
        let at = |step: &str| format!("{path}{step}");
        people.all();
        world.does("committee", &at("/dispatch"), json!({}));
        assert_eq!(people.told("government-office"), ["assign 2024-02-22 undated assignments"]);
        let sole = |name: &str| json!({"handlers": [{"department": world.signed_in(name).party, "part": "sole"}]});
        world.does("government-office", &at("/assignments"), sole("transport"));
        people.all();
        world.does("transport", &at("/assignments/1/hand-back"), json!({"reason": "不属我局"}));
        let decider = ["government-office", "committee"].into_iter().find(|name| people.told(name).iter().any(|it| it.starts_with("decide_hand_back"))).unwrap();
        people.all();
        world.does(decider, &at("/assignments/1/hand-back/decision"), json!({"granted": true}));
        let waits = people.told("government-office");
        assert_eq!(waits, ["reassign 2024-03-07 later assignments"], "ten working days");
        people.all();
        world.does("government-office", &at("/assignments"), sole("housing"));
        world.does("housing", &at("/assignments/2/acceptance"), json!({}));
        assert!(people.told("government-office").is_empty());
        people.all();
        world.assert_no_drift();
    }

    fn a_confidential_case_is_told_to_who_is_named_and_to_nobody_else(world) {
        let people = People::of(world);
        world.on("2024-02-22");
        let (path, _) = world.registered("关于商业秘密的建议");
        let sole = json!({"handlers": [{"department": world.transport().party, "part": "sole"}]});
        world.does("committee", &format!("{path}/assignments"), sole);
        assert_eq!(people.told("transport").len(), 2);
        world.does("leader", &format!("{path}/confidentiality"), json!({"confidential": true, "reason": "商业秘密"}));
        people.are_told(&["leader: name_readers 2024-02-22 undated readers"]);
        let id = |name: &str| world.signed_in(name).get("/v1/me").expect(200).json["user"].clone();
        let readers = json!({"readers": [id("transport-approver"), id("committee")]});
        world.does("leader", &format!("{path}/readers"), readers);
        people.are_told(&[
            "transport-approver: accept 2024-03-04 later assignments/1/acceptance",
            "transport-approver: reply 2024-05-22 later assignments/1/acceptance",
        ]);
        let it = &list(&world.signed_in("transport-approver"))["tasks"][0];
        assert_eq!(it["case"]["title"], json!("关于商业秘密的建议"));
        // Neither a calendar nor a message has the title.
        let calendar = world.signed_in("transport-approver").get("/v1/me/calendar.ics").expect(200).text;
        assert!(calendar.contains("（保密件）") && !calendar.replace("\r\n ", "").contains("商业秘密"), "{calendar}");
        let user: UserId = serde_json::from_value(id("transport-approver")).unwrap();
        world.on("2024-03-04");
        let digest = digest(world, user);
        assert!(digest.contains("（保密件）") && !digest.contains("商业秘密"), "{digest}");
        assert_eq!(world.transport().get("/v1/me/calendar.ics").expect(200).text.matches("BEGIN:VEVENT").count(), 0);
        world.does("transport-approver", &format!("{path}/assignments/1/hand-back"), json!({"reason": "不属我局"}));
        assert_eq!(people.told("committee").len(), 1, "{:?}", people.told("committee"));
        people.all();
        world.assert_no_drift();
    }

    fn pages_follow_each_other_in_the_order_that_matters(world) {
        let mut first = None;
        for (day, title) in [("2024-02-22", "一"), ("2024-02-22", "二"), ("2024-02-26", "三"), ("2024-02-28", "四")] {
            let (path, _) = world.on(day).in_hand(&format!("关于翻页{title}的建议"));
            first = first.or(Some(path));
        }
        // The first has more time than the others: the order is that of the dates.
        let path = first.unwrap();
        let longer = json!({"reason": "涉及面广", "until": "2024-07-31"});
        world.does("transport", &format!("{path}/assignments/1/extension"), longer);
        world.does("committee", &format!("{path}/assignments/1/extension/decision"), json!({"granted": true}));
        world.on("2024-03-01");
        world.registered("关于翻页五的建议");
        let transport = world.transport();
        let whole = list(&transport)["tasks"].as_array().unwrap().clone();
        let dues: Vec<_> = whole.iter().map(|it| it["due"].as_str().unwrap()).collect();
        assert_eq!(dues, ["2024-05-22", "2024-05-27", "2024-05-28", "2024-07-31"]);
        assert_eq!(whole[3]["case"]["href"], json!(path));
        let (mut paged, mut next) = (Vec::new(), Some("/v1/me/worklist?limit=1".to_owned()));
        while let Some(url) = next {
            let page = transport.get(&url).expect(200);
            paged.extend(page.json["tasks"].as_array().unwrap().clone());
            assert_eq!(page.json["counts"]["total"], json!(4));
            next = page.json["next"].as_str().map(str::to_owned);
            assert_eq!(next.is_some(), page.header("link").contains("rel=\"next\""));
        }
        assert_eq!(paged, whole);
        // By kind, and with one kind's pages.
        let committee = world.committee();
        let counts = &list(&committee)["counts"];
        assert_eq!(counts["kinds"], json!([{"kind": "assign", "name": "交办", "n": 1}]));
        let kind = |caller: &Caller, kind: &str| {
            caller.get(&format!("/v1/me/worklist?kind={kind}")).expect(200).json["tasks"].as_array().unwrap().len()
        };
        assert_eq!((kind(&transport, "reply"), kind(&transport, "accept"), kind(&committee, "assign")), (4, 0, 1));
        for wrong in ["kind=nothing", "limit=0", "limit=101", "after=x", "after=ZHVl", "color=red"] {
            let reply = transport.get(&format!("/v1/me/worklist?{wrong}"));
            assert!([400, 422].contains(&reply.status), "{wrong}: {}", reply.text);
        }
        let english = transport.ask(Method::GET, "/v1/me/worklist").header("accept-language", "en").send().expect(200);
        assert_eq!(english.json["tasks"][0]["name"], json!("reply to the deputy"));
        assert_eq!(list(&world.signed_in("administrator"))["counts"]["total"], json!(0));
        world.assert_no_drift();
    }

    fn a_task_behind_the_offices_back_is_found_and_derived_anew(world) {
        let people = People::of(world);
        world.on("2024-02-22");
        let (path, _) = world.in_hand("关于核对的建议");
        world.does("transport", &format!("{path}/assignments/1/extension"), json!({"reason": "涉及面广", "until": "2024-06-28"}));
        world.does("committee", &format!("{path}/assignments/1/extension/decision"), json!({"granted": true}));
        let before = (people.told("transport"), world.transport().get("/v1/me/calendar.ics").expect(200).text);
        assert!(before.1.contains("SEQUENCE:1"), "{}", before.1);
        let columns = |world: &World| {
            let report = wait(world.office.verify()).unwrap();
            report.findings.into_iter().map(|it| (it.place, it.column)).collect::<Vec<_>>()
        };
        assert!(columns(world).is_empty());
        for (sql, column) in [
            ("DELETE FROM tasks", "tasks"),
            ("UPDATE task_dates SET due = '2024-12-31' WHERE key LIKE '%/reply/%'", "dates of tasks"),
            ("INSERT INTO tasks VALUES ('330502', 'case/018d0fc8-4680-78a7-9053-95f06de1b2fb/reply/1', 'committee', 'reply', 'due 2024-05-22')", "rows"),
        ] {
            tamper(world, sql).unwrap();
            let found = columns(world);
            assert!(found.iter().any(|(_, it)| it == column), "{sql}: {found:?}");
            world.office.rebuild().unwrap();
            world.assert_no_drift();
        }
        assert_eq!(people.told("transport"), before.0);
        // Its date came back from where it never was, and its sequence has not gone back.
        let after = world.transport().get("/v1/me/calendar.ics").expect(200).text;
        assert!(after.contains("DTSTART;VALUE=DATE:20240628") && after.contains("SEQUENCE:2"), "{after}");
    }
}

/// What somebody would be sent today.
fn digest(world: &World, user: UserId) -> String {
    let office = world.office.clone();
    world
        .office
        .store()
        .read_here(move |db| {
            let membership = jianyi::store::people::memberships_of(db, user)?.remove(0).id.parse().unwrap();
            let actor = jianyi::store::people::actor(db, Who::Membership(membership))?.unwrap();
            let digest = office.digest_of(db, &actor, Language::Chinese)?.unwrap();
            Ok::<_, Fault>(format!("{}\n{}", digest.subject, digest.text))
        })
        .unwrap()
}

#[test]
fn on_postgres_and_sqlite_a_worklist_is_read_off_its_index() {
    use diesel::{QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text};
    #[derive(QueryableByName)]
    struct Postgres {
        #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
        line: String,
    }
    #[derive(QueryableByName)]
    struct Sqlite {
        #[diesel(sql_type = Text)]
        detail: String,
    }
    let fill = |series: &str, n: &str, day: &str| {
        format!(
            "INSERT INTO tasks SELECT '{CONGRESS}', 'case/' || {n} || '/reply', CASE {n} % 50 WHEN 0 THEN 'committee' ELSE 'department:' || {n} % 50 END, \
             'reply', 'due ' || {day} FROM {series}"
        )
    };
    let sqlite_series =
        "(WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < 20000) SELECT n FROM g)";
    let mine =
        format!("congress_id = '{CONGRESS}' AND audience = 'committee' AND place <= 'since 2024-05-20'");
    let order = "ORDER BY place, key LIMIT 51";
    let queries = [
        (format!("SELECT kind, place FROM tasks WHERE {mine} {order}"), "tasks_by_place"),
        (
            format!(
                "SELECT key, audience, kind, place FROM tasks WHERE {mine} AND place >= 'due 2024-05-20' AND (place > 'due 2024-05-20' OR key > 'case/8') {order}"
            ),
            "tasks_by_place",
        ),
        (
            format!("SELECT key, audience, kind, place FROM tasks WHERE {mine} AND kind = 'reply' {order}"),
            "tasks_by_kind",
        ),
    ];
    for world in [World::on_sqlite(), World::on_postgres()] {
        let sqlite = world.url().is_none();
        let sql = match sqlite {
            true => fill(sqlite_series, "n", "date('2024-01-01', '+' || (n % 300) || ' days')"),
            false => fill("generate_series(1, 20000) n", "n", "(date '2024-01-01' + (n % 300))"),
        };
        world
            .office
            .store()
            .write_here(move |db| db.batch_execute(&sql).map_err(|e| Fault::from(StoreError::from(e))))
            .unwrap();
        for (query, index) in queries.clone() {
            let plan = world
                .office
                .store()
                .read_here(move |db| {
                    let lines: Vec<String> = match sqlite {
                        true => sql_query(format!("EXPLAIN QUERY PLAN {query}"))
                            .load::<Sqlite>(db)
                            .map(|all| all.into_iter().map(|it| it.detail).collect()),
                        false => sql_query(format!("EXPLAIN {query}"))
                            .load::<Postgres>(db)
                            .map(|all| all.into_iter().map(|it| it.line).collect()),
                    }
                    .map_err(StoreError::from)?;
                    Ok::<_, Fault>(lines.join("\n"))
                })
                .unwrap();
            assert!(plan.contains(index), "{plan}");
            assert!(
                !["SCAN", "TEMP B-TREE", "Seq Scan", "Sort"].iter().any(|slow| plan.contains(slow)),
                "{plan}"
            );
        }
    }
}
