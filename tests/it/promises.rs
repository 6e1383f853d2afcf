//! The ledger of promises: status by what shows it, moved, dropped and handed over with consent, carried across sessions
//! and mergers of departments, and stated each quarter to the deputies.

use crate::{
    on_both,
    support::{
        World,
        client::Caller,
        world::{letter, wait},
    },
};
use diesel::connection::SimpleConnection;
use jianyi::office::Fault;
use serde_json::{Value, json};

/// Answered in class B with promises of these days; the case's path.
fn promised(world: &World, title: &str, dues: &[&str]) -> String {
    let (path, _) = world.in_hand(title);
    let mut reply = letter("B");
    let promise = |due: &&str| json!({"text": format!("{title}，{due}前完成"), "due_on": due});
    reply["commitments"] = dues.iter().map(promise).collect();
    world.does("transport", &format!("{path}/assignments/1/reply"), reply);
    path
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

fn ledger(caller: &Caller, query: &str) -> Vec<Value> {
    let page = caller.get(&format!("/v1/commitments?{query}")).expect(200).json;
    page["commitments"].as_array().unwrap().clone()
}

/// Case, number and where each promise stands.
fn standing(caller: &Caller, query: &str) -> Vec<(String, u64, String)> {
    let line = |it: &Value| {
        let text = |it: &Value| it.as_str().unwrap().to_owned();
        (text(&it["case"]["title"]), it["number"].as_u64().unwrap(), text(&it["status"]))
    };
    ledger(caller, query).iter().map(line).collect()
}

fn status(world: &World, path: &str) -> String {
    let case = world.committee().get(path).expect(200).json;
    case["commitments"][0]["status"].as_str().unwrap().to_owned()
}

fn kept_rate(world: &World) -> (Value, Value) {
    let url = "/v1/figures?congress=330502&metric=commitment_fulfilment_rate";
    let figure = world.committee().get(url).expect(200).json["figures"][0].clone();
    (figure["numerator"].clone(), figure["denominator"].clone())
}

fn kept() -> Value {
    json!({"progress": "kept", "text": "已完成", "evidence": "验收单"})
}

fn moved(day: &str) -> Value {
    json!({"kind": "move", "due_on": day, "reason": "工期顺延"})
}

fn merge(world: &World, from: &Caller, into: &Caller) -> Value {
    let url = format!("/v1/departments/{}/succession?congress=330502", from.party);
    let merger =
        json!({"kind": "merged", "into": into.party, "on": "2024-03-01", "document": "湖委编〔2024〕7号"});
    world.committee().create(&url, merger).expect(201).json
}

fn hand_over(world: &World) -> usize {
    wait(world.office.hand_over_merged()).unwrap()
}

on_both! {
    fn what_shows_nothing_is_never_kept(world) {
        let path = promised(world, "公交站点", &["2024-12-31"]);
        let (report, judgement) = (format!("{path}/commitments/1/reports"), format!("{path}/commitments/1/judgement"));
        assert_eq!((status(world, &path), kept_rate(world)), ("open".to_owned(), (json!(0), json!(1))));
        world.does("transport", &report, json!({"progress": "kept", "text": "已完成"}));
        assert_eq!(status(world, &path), "reported_without_evidence");
        assert_eq!(kept_rate(world), (json!(0), json!(1)));
        // Nor does it lead to another answer.
        let early = world.transport().post(&format!("{path}/assignments/1/reply/follow-up"), letter("A")).expect(409);
        assert_eq!(early.json["missing"]["code"], "no_promise_kept");
        world.does("transport", &report, kept());
        assert_eq!((status(world, &path), kept_rate(world)), ("reported_kept".to_owned(), (json!(1), json!(1))));
        world.does("chen", &judgement, json!({"confirmed": false, "text": "未见站牌"}));
        assert_eq!((status(world, &path), kept_rate(world)), ("disputed".to_owned(), (json!(0), json!(1))));
        world.does("transport", &report, json!({"progress": "kept", "text": "已立站牌"}));
        world.does("chen", &judgement, json!({"confirmed": true}));
        // The deputy saw it himself.
        assert_eq!((status(world, &path), kept_rate(world)), ("confirmed".to_owned(), (json!(1), json!(1))));
        assert_eq!(ledger(&world.committee(), "owed=true"), Vec::<Value>::new());
        world.assert_no_drift();
    }

    fn a_revisit_confirms_what_it_found_and_disputes_what_it_did_not(world) {
        let closed = |title: &str, class: &str| {
            let (path, _) = world.in_hand(title);
            let mut reply = letter(class);
            reply["commitments"] = json!([{"text": "年内完成", "due_on": "2024-12-31"}]);
            world.does("transport", &format!("{path}/assignments/1/reply"), reply);
            world.does("transport", &format!("{path}/commitments/1/reports"), kept());
            world.does("chen", &format!("{path}/evaluations"), json!({"attitude": "satisfied", "result": "satisfied"}));
            world.does("committee", &format!("{path}/closure"), json!({}));
            path
        };
        let visit = |path: &str, outcome: &str, class: Option<&str>| {
            let mut record = json!({"day": "2024-01-16", "way": "visit", "people": ["代表工委"], "finding": "到现场查看", "outcome": outcome});
            if let Some(class) = class { record["class"] = json!(class); }
            world.does("committee", &format!("{path}/revisits"), record);
        };
        let (since, not, upheld) = (closed("已落实", "B"), closed("未落实", "A"), closed("维持", "A"));
        visit(&since, "resolved_since", Some("A"));
        visit(&not, "not_delivered", Some("B"));
        visit(&upheld, "upheld", None);
        let told = [&since, &not, &upheld].map(|path| status(world, path));
        assert_eq!(told, ["confirmed", "disputed", "reported_kept"]);
        // The deputy's own word stands before it.
        world.does("chen", &format!("{not}/commitments/1/judgement"), json!({"confirmed": true}));
        assert_eq!(status(world, &not), "confirmed");
        world.assert_no_drift();
    }

    fn nothing_is_moved_or_dropped_without_the_committee(world) {
        let path = promised(world, "公交站点", &["2024-12-31", "2025-06-30"]);
        let (change, decision) = (format!("{path}/commitments/1/change"), format!("{path}/commitments/1/change/decision"));
        let (transport, committee) = (world.transport(), world.committee());
        let wrong = |body: Value| transport.post(&change, body).expect(422).pointers();
        assert_eq!(wrong(json!({"kind": "move", "reason": "一"})), ["/due_on"]);
        assert_eq!(wrong(moved("2024-12-31")), ["/due_on"]);
        assert_eq!(wrong(json!({"kind": "drop", "due_on": "2025-01-01", "reason": "一"})), ["/due_on"]);
        assert_eq!(wrong(json!({"kind": "hand_over", "reason": "一"})), ["/department"]);
        assert_eq!(wrong(json!({"kind": "hand_over", "department": transport.party, "reason": "一"})), ["/department"]);
        assert_eq!(wrong(json!({"kind": "move", "due_on": "2025-01-31", "department": world.housing().party, "reason": "一"})), ["/department"]);
        // Nobody else asks, and nobody but the committee decides.
        for who in ["chen", "housing", "government-office", "auditor"] {
            let refused = world.signed_in(who).post(&change, moved("2025-03-31")).status;
            assert!([403, 404].contains(&refused), "{who} {refused}");
        }
        assert_eq!(committee.post(&decision, json!({"granted": true})).expect(409).json["missing"]["code"], "change_not_asked");
        let asked = world.does("transport", &change, moved("2025-03-31"));
        assert_eq!((&asked.json["commitments"][0]["due_on"], &asked.json["commitments"][0]["changes"][0]["decided"]), (&json!("2024-12-31"), &json!(null)));
        assert_eq!(transport.post(&change, moved("2025-04-30")).expect(409).json["missing"]["code"], "change_pending");
        transport.post(&decision, json!({"granted": true})).expect(403);
        assert_eq!(ledger(&committee, "waiting_for=committee").len(), 1);
        assert_eq!(committee.post(&decision, json!({"granted": false})).expect(422).pointers(), ["/reason"]);
        world.does("committee", &decision, json!({"granted": false, "reason": "请按期落实"}));
        assert_eq!(ledger(&committee, "")[0]["due_on"], "2024-12-31");
        world.does("transport", &change, moved("2025-03-31"));
        let granted = world.does("committee", &decision, json!({"granted": true}));
        let promise = &granted.json["commitments"][0];
        assert_eq!((&promise["due_on"], &promise["promised"]["due_on"], promise["changes"].as_array().unwrap().len()), (&json!("2025-03-31"), &json!("2024-12-31"), 2));
        let line = &ledger(&committee, "due_after=2025-01-01&due_before=2025-06-01")[0];
        assert_eq!((&line["original_due_on"], &line["due_on"], &line["moves"]), (&json!("2024-12-31"), &json!("2025-03-31"), &json!(1)));
        // In time is measured by the day that was granted.
        world.on("2025-02-01").does("transport", &format!("{path}/commitments/1/reports"), kept());
        let in_time = committee.get("/v1/figures?congress=330502&metric=commitment_in_time_rate").expect(200).json;
        assert_eq!(in_time["figures"][0]["numerator"], 1);
        // What is reported kept is judged, and not taken back.
        assert_eq!(transport.post(&change, moved("2025-12-31")).expect(409).json["missing"]["code"], "reported_kept");
        // The other one is given up, which makes it no kept one.
        let other = format!("{path}/commitments/2/change");
        world.does("transport", &other, json!({"kind": "drop", "reason": "省级规划调整"}));
        let dropped = world.does("committee", &format!("{other}/decision"), json!({"granted": true}));
        assert_eq!(dropped.json["commitments"][1]["status"], "dropped");
        assert_eq!(kept_rate(world), (json!(1), json!(2)));
        let after = transport.post(&format!("{path}/commitments/2/reports"), kept()).expect(409);
        assert_eq!(after.json["missing"]["code"], "promise_dropped");
        assert_eq!(ledger(&world.deputy(), "owed=false")[0]["over_on"], "2025-02-01");
        world.assert_no_drift();
    }

    fn a_promise_moved_twice_with_consent_is_a_signal_too(world) {
        let path = promised(world, "公交站点", &["2024-12-31"]);
        let signals = || world.committee().get("/v1/signals?kind=promise_moved").expect(200).json["signals"].clone();
        let change = format!("{path}/commitments/1/change");
        world.does("transport", &change, moved("2025-03-31"));
        world.does("committee", &format!("{change}/decision"), json!({"granted": true}));
        assert_eq!(signals(), json!([]));
        // Refused, it was not moved.
        world.does("transport", &change, moved("2025-06-30"));
        world.does("committee", &format!("{change}/decision"), json!({"granted": false, "reason": "不同意"}));
        assert_eq!(signals(), json!([]));
        // The committee's own word is its consent.
        world.does("committee", &change, moved("2025-09-30"));
        let told = &signals()[0]["facts"]["promises"][0];
        assert_eq!(told, &json!({"commitment": 1, "moves": 2, "dues": ["2024-12-31", "2025-03-31", "2025-09-30"]}));
        world.assert_no_drift();
    }

    fn a_promise_handed_over_is_the_others_to_keep(world) {
        let path = promised(world, "公交站点", &["2024-12-31"]);
        let (housing, transport) = (world.housing(), world.transport());
        housing.get(&path).expect(404);
        let change = format!("{path}/commitments/1/change");
        let over = json!({"kind": "hand_over", "department": housing.party, "reason": "职能划转"});
        world.does("transport", &change, over);
        world.does("committee", &format!("{change}/decision"), json!({"granted": true}));
        // It sees the answer and what was promised, and reports; who made the promise does so no longer.
        let seen = housing.get(&path).expect(200);
        assert_eq!(seen.json["commitments"][0]["holder"]["name"], "区住房和城乡建设局");
        assert_eq!(seen.json["commitments"][0]["holders"][0]["department"]["name"], "区交通运输局");
        assert_eq!(housing.get("/v1/cases?congress=330502").expect(200).json["cases"][0]["href"], json!(path));
        assert_eq!(ledger(&housing, "").len(), 1);
        assert_eq!(ledger(&transport, "").len(), 0);
        let report = format!("{path}/commitments/1/reports");
        transport.post(&report, kept()).expect(403);
        housing.post(&format!("{path}/assignments/1/consultations"), json!({})).expect(403);
        // With a paper of its own for evidence, but none of another department's.
        let url = format!("{path}/attachments?name=验收单&purpose=commitment");
        let attach = |caller: &Caller, text: &str| {
            let file = caller.ask(reqwest::Method::POST, &url).header("if-match", &caller.tag(&path));
            let attached = file.header("content-type", "text/plain").bytes(text.as_bytes()).send().expect(200);
            attached.json["attachments"].as_array().unwrap().last().unwrap()["number"].clone()
        };
        let number = attach(&housing, "验收合格\n");
        world.does("housing", &report, json!({"progress": "kept", "text": "已完成", "attachments": [number]}));
        let mut again = letter("A");
        again.as_object_mut().unwrap().remove("commitments");
        let answered = world.does("housing", &format!("{path}/assignments/1/reply/follow-up"), again);
        assert_eq!(answered.json["class"], "A");
        world.assert_no_drift();
    }

    fn the_promise_of_who_handed_back_gets_a_holder_by_the_committee(world) {
        let (path, _) = world.in_hand("公交站点");
        let mut interim = letter("B");
        interim["interim"] = json!(true);
        interim["commitments"] = json!([{"text": "年内完成", "due_on": "2024-12-31"}]);
        world.does("transport", &format!("{path}/assignments/1/reply"), interim);
        world.does("transport", &format!("{path}/assignments/1/hand-back"), json!({"reason": "不属我局"}));
        let housing = world.housing();
        let decision = json!({"granted": true, "assign_to": housing.party});
        world.does("committee", &format!("{path}/assignments/1/hand-back/decision"), decision);
        assert_eq!(ledger(&world.committee(), "")[0]["holder"], json!(null));
        assert_eq!(ledger(&world.transport(), "").len(), 0);
        world.does("housing", &format!("{path}/assignments/2/acceptance"), json!({}));
        world.does("housing", &format!("{path}/assignments/2/reply"), letter("A"));
        // Nobody reports on it before it has a holder.
        housing.post(&format!("{path}/commitments/1/reports"), kept()).expect(403);
        let over = json!({"kind": "hand_over", "department": housing.party, "reason": "由现承办单位承接"});
        let taken = world.does("committee", &format!("{path}/commitments/1/change"), over);
        assert_eq!(taken.json["commitments"][0]["holder"]["id"], json!(housing.party));
        world.does("housing", &format!("{path}/commitments/1/reports"), kept());
        world.assert_no_drift();
    }

    fn a_merged_department_hands_its_open_promises_to_its_successor(world) {
        let closed = promised(world, "已办结", &["2024-12-31", "2024-11-30"]);
        world.does("transport", &format!("{closed}/commitments/2/reports"), kept());
        world.does("chen", &format!("{closed}/commitments/2/judgement"), json!({"confirmed": true}));
        world.does("chen", &format!("{closed}/evaluations"), json!({"attitude": "satisfied", "result": "satisfied"}));
        world.does("committee", &format!("{closed}/closure"), json!({}));
        let open = world.in_hand("办理中").0;
        let (settled, _) = world.answered("无承诺", "A");
        world.does("chen", &format!("{settled}/evaluations"), json!({"attitude": "satisfied", "result": "satisfied"}));
        world.does("committee", &format!("{settled}/closure"), json!({}));
        world.on("2024-03-05");
        let (transport, housing) = (world.transport(), world.housing());
        assert_eq!(hand_over(world), 0);
        assert_eq!(merge(world, &transport, &housing)["name_after"], "区住房和城乡建设局");
        assert_eq!((hand_over(world), hand_over(world)), (2, 0));
        // Of the closed case the open promise; the open case as a whole; of what owes nothing, nothing.
        let case = housing.get(&closed).expect(200).json;
        let holders: Vec<_> = case["commitments"].as_array().unwrap().iter().map(|it| it["holder"]["name"].clone()).collect();
        assert_eq!(holders, ["区住房和城乡建设局", "区交通运输局"]);
        assert_eq!(case["assignments"][0]["department"]["name"], "区交通运输局");
        assert_eq!(housing.get(&open).expect(200).json["assignments"][0]["department"]["name"], "区住房和城乡建设局");
        housing.get(&settled).expect(404);
        // It goes on where the other one left off, and history keeps the old name.
        world.does("housing", &format!("{open}/assignments/1/reply"), letter("A"));
        world.does("housing", &format!("{closed}/commitments/1/reports"), kept());
        let told = world.story(&world.committee(), &closed);
        assert!(told.contains("handed_to_successor"), "{told}");
        let events = world.committee().get(&format!("{closed}/events")).expect(200).text;
        assert!(events.contains("\"from\":{\"id\"") && events.contains("区交通运输局"), "{events}");
        assert_eq!(ledger(&world.committee(), &format!("department={}&owed=true", housing.party))[0]["earlier_holders"][0]["department"]["name"], "区交通运输局");
        // The merged one takes nothing any more.
        let fresh = world.registered("新件").0;
        let handlers = json!({"handlers": [{"department": transport.party, "part": "sole"}]});
        let refused = world.committee().post(&format!("{fresh}/assignments"), handlers).expect(422);
        assert_eq!(refused.pointers(), ["/handlers/0/department"]);
        // Merged once, and into one that is there.
        let url = |of: &Caller| format!("/v1/departments/{}/succession?congress=330502", of.party);
        let again = json!({"kind": "merged", "into": housing.party, "on": "2024-03-01"});
        world.committee().create(&url(&transport), again).expect(409);
        let back = json!({"kind": "merged", "into": transport.party, "on": "2024-03-01"});
        assert_eq!(world.committee().create(&url(&housing), back).expect(422).pointers(), ["/into"]);
        world.assert_no_drift();
        // Once the day is past it is left behind for good.
        world.on("2024-03-06");
        assert_eq!((hand_over(world), hand_over(world)), (0, 0));
    }

    fn several_processes_hand_over_each_case_once(world) {
        let paths: Vec<String> = (0..4).map(|n| promised(world, &format!("第{n}件"), &["2024-12-31"])).collect();
        world.on("2024-03-05");
        merge(world, &world.transport(), &world.housing());
        let (one, other) = (world.office.clone(), world.office.clone());
        let run = |office: jianyi::office::Office| std::thread::spawn(move || wait(office.hand_over_merged()).unwrap());
        let both = (run(one), run(other));
        assert_eq!(both.0.join().unwrap() + both.1.join().unwrap(), 4);
        for path in paths {
            let told = world.story(&world.committee(), &path);
            assert_eq!(told.matches("handed_to_successor").count(), 1, "{told}");
        }
        world.assert_no_drift();
    }

    fn a_renamed_department_keeps_its_promises_and_the_old_name_stays_on_record(world) {
        let path = promised(world, "公交站点", &["2024-12-31"]);
        let transport = world.transport();
        let url = format!("/v1/departments/{}/succession?congress=330502", transport.party);
        let committee = world.committee();
        let renamed = |body: Value| committee.create(&url, body);
        assert_eq!(renamed(json!({"kind": "renamed", "on": "2024-01-10"})).expect(422).pointers(), ["/name"]);
        assert_eq!(renamed(json!({"kind": "renamed", "name": "区交通局", "on": "2024-02-10"})).expect(422).pointers(), ["/on"]);
        renamed(json!({"kind": "renamed", "name": "区住房和城乡建设局", "on": "2024-01-10"})).expect(409);
        transport.create(&url, json!({"kind": "renamed", "name": "区交通局", "on": "2024-01-10"})).expect(403);
        world.signed_in("committee@other").create(&url, json!({"kind": "renamed", "name": "区交通局", "on": "2024-01-10"})).expect(404);
        renamed(json!({"kind": "renamed", "name": "区交通局", "on": "2024-01-10", "document": "湖委编〔2024〕1号"})).expect(201);
        let line = &ledger(&transport, "")[0];
        assert_eq!((&line["holder"]["name"], &line["holder_now"]), (&json!("区交通运输局"), &json!("区交通局")));
        world.does("transport", &format!("{path}/commitments/1/reports"), kept());
        let list = transport.get(&url).expect(200).json["successions"].clone();
        assert_eq!((&list[0]["name_before"], &list[0]["name_after"], &list[0]["kind"]), (&json!("区交通运输局"), &json!("区交通局"), &json!("renamed")));
        world.assert_no_drift();
    }

    fn the_ledger_runs_by_due_date_page_by_page_and_through_the_gate(world) {
        promised(world, "乙", &["2024-12-31", "2024-06-30"]);
        promised(world, "甲", &["2024-09-30"]);
        let secret = promised(world, "保密", &["2025-01-31"]);
        world.does("leader", &format!("{secret}/confidentiality"), json!({"confidential": true, "reason": "商业秘密"}));
        let committee = world.committee();
        let all = ledger(&committee, "");
        let dues: Vec<_> = all.iter().map(|it| it["due_on"].as_str().unwrap()).collect();
        assert_eq!(dues, ["2024-06-30", "2024-09-30", "2024-12-31", "2025-01-31"]);
        // Page by page it is the same list.
        let (mut paged, mut url) = (Vec::new(), "/v1/commitments?limit=1".to_owned());
        loop {
            let page = committee.get(&url).expect(200).json;
            paged.extend(page["commitments"].as_array().unwrap().clone());
            match page["next"].as_str() {
                Some(next) => next.clone_into(&mut url),
                None => break,
            }
        }
        assert_eq!(paged, all);
        // Of a confidential case the line is there, and nothing that it says.
        let line = &all[3];
        assert_eq!((&line["case"]["title"], &line["text"], &line["lead"]), (&json!("（保密件）"), &json!(null), &json!(null)));
        for (who, lines, named) in [("chen", 4, true), ("li", 4, true), ("shen", 0, false), ("transport", 4, false), ("housing", 0, false), ("government-office", 4, false), ("auditor", 4, true), ("leader", 4, true), ("committee@other", 0, false), ("secretary", 3, false)] {
            let seen = ledger(&world.signed_in(who), "");
            assert_eq!(seen.len(), lines, "{who}");
            assert_eq!(seen.iter().any(|it| it["case"]["title"] == "保密"), named, "{who}");
        }
        world.signed_in("administrator").get("/v1/commitments").expect(403);
        // Filters; overdue is worked out on the day of asking.
        world.on("2024-10-08");
        let overdue = |it: &Value| it["overdue"] == json!(true);
        assert_eq!(ledger(&committee, "").iter().filter(|it| overdue(it)).count(), 2);
        assert_eq!(standing(&committee, "due_before=2024-09-30"), [("乙".to_owned(), 2, "open".to_owned())]);
        assert_eq!(ledger(&committee, &format!("case={}", id(&secret))).len(), 1);
        assert_eq!((ledger(&committee, "session=5-3").len(), ledger(&committee, "session=5-2").len()), (4, 0));
        assert_eq!(ledger(&committee, &format!("lead={}", world.deputy().party)).len(), 4);
        for wrong in ["status=overdue", "cursor=x", "limit=0", "due_before=2024-13-01", "unknown=1"] {
            committee.get(&format!("/v1/commitments?{wrong}")).expect(422);
        }
    }

    fn the_ledger_is_exported_as_it_is_listed(world) {
        let path = promised(world, "公交站点", &["2024-12-31", "2024-06-30"]);
        world.does("transport", &format!("{path}/commitments/1/change"), moved("2025-03-31"));
        world.does("committee", &format!("{path}/commitments/1/change/decision"), json!({"granted": true}));
        let sheet = |who: &str, query: &str| world.signed_in(who).get(&format!("/v1/commitments/export?format=csv{query}")).expect(200).text;
        let all = sheet("committee", "");
        let lines: Vec<&str> = all.lines().collect();
        assert_eq!(lines.len(), 3, "{all}");
        assert!(lines[0].contains("承诺事项") && lines[1].contains("2024-06-30") && lines[2].contains("2024-12-31,2025-03-31,1,落实中"), "{all}");
        assert_eq!(sheet("committee", "&due_after=2025-01-01").lines().count(), 2);
        assert_eq!(sheet("housing", "").lines().count(), 1);
        let paged = world.committee().get("/v1/commitments/export?format=csv&limit=1").expect(422);
        assert_eq!(paged.pointers(), ["?limit"]);
        world.signed_in("administrator").get("/v1/commitments/export?format=csv").expect(403);
    }

    fn each_quarter_is_stated_and_confirmed_line_by_line(world) {
        let first = promised(world, "公交站点", &["2024-03-20", "2024-12-31"]);
        let second = promised(world, "路灯", &["2024-03-25"]);
        let (transport, approver, deputy) = (world.transport(), world.signed_in("transport-approver"), world.deputy());
        let url = format!("/v1/commitment-statements/{}/2024-Q1", transport.party);
        world.on("2024-03-28");
        world.does("transport", &format!("{first}/commitments/1/reports"), kept());
        world.does("transport", &format!("{second}/commitments/1/change"), moved("2024-06-30"));
        world.does("committee", &format!("{second}/commitments/1/change/decision"), json!({"granted": true}));
        let draft = transport.get(&url).expect(200).json;
        assert_eq!(draft["counts"], json!({"promises": 3, "kept": 1, "open": 2, "overdue": 0, "moved": 1, "dropped": 0}));
        // Another department's statement is nobody else's.
        world.housing().get(&url).expect(404);
        world.signed_in("housing-approver").create(&url, json!({})).expect(404);
        transport.create(&url, json!({})).expect(403);
        let early = approver.create(&url.replace("Q1", "Q2"), json!({})).expect(409);
        assert_eq!(early.json["missing"]["code"], "quarter_not_begun");
        approver.create(&url.replace("Q1", "Q5"), json!({})).expect(404);
        let issued = approver.create(&url, json!({})).expect(201);
        let statement = issued.header("location").to_owned();
        assert_eq!(issued.json["statement"]["edition"], 1);
        assert_eq!(approver.create(&url, json!({})).expect(409).json["missing"]["code"], "unchanged");
        // The digest is of what is kept, which says the same to whoever reads it.
        let again = world.committee().get(&statement).expect(200).json;
        assert_eq!((&again["statement"], &again["sha256"]), (&issued.json["statement"], &issued.json["sha256"]));
        let silent = |caller: &Caller| caller.get(&statement).expect(200).json["silent"].as_array().map(Vec::len);
        assert_eq!((silent(&world.committee()), silent(&transport), silent(&deputy)), (Some(3), None, Some(3)));
        // Not one's own, it does not exist.
        world.signed_in("shen").get(&statement).expect(404);
        world.housing().get(&statement).expect(404);
        let confirm = format!("{statement}/confirmations");
        let answer = |caller: &Caller, answers: Value| caller.create(&confirm, json!({"answers": answers}));
        answer(&world.signed_in("li"), json!([{"line": 1, "confirmed": true}])).expect(404);
        answer(&transport, json!([{"line": 1, "confirmed": true}])).expect(403);
        assert_eq!(answer(&deputy, json!([])).expect(422).pointers(), ["/answers"]);
        assert_eq!(answer(&deputy, json!([{"line": 4, "confirmed": true}])).expect(422).pointers(), ["/answers/0/line"]);
        assert_eq!(answer(&deputy, json!([{"line": 1, "confirmed": false}])).expect(422).pointers(), ["/answers/0/objection"]);
        answer(&deputy, json!([{"line": 1, "confirmed": true}])).expect(201);
        assert_eq!(answer(&deputy, json!([{"line": 1, "confirmed": true}])).expect(409).json["missing"]["code"], "answered");
        assert_eq!(silent(&world.committee()), Some(2));
        // A late entry gives another edition, which asks anew.
        world.does("transport", &format!("{second}/commitments/1/reports"), json!({"progress": "under_way", "text": "已招标"}));
        assert_eq!(approver.create(&url, json!({})).expect(201).json["statement"]["edition"], 2);
        let late = answer(&deputy, json!([{"line": 2, "confirmed": false, "objection": "尚未动工"}])).expect(409);
        assert_eq!(late.json["missing"]["code"], "later_edition");
        assert_eq!(world.committee().get(&statement).expect(200).json["replaced"], json!(true));
        let congress: jianyi::domain::ids::CongressId = "330502".parse().unwrap();
        let chen = deputy.party.parse().unwrap();
        let waiting = world.office.store().read_here(move |db| {
            Ok::<_, Fault>(jianyi::store::statements::waiting_for(db, &congress, chen, 10)?)
        }).unwrap();
        assert_eq!(waiting.len(), 3);
        let list = |caller: &Caller| caller.get("/v1/commitment-statements").expect(200).json["statements"].as_array().unwrap().len();
        assert_eq!((list(&deputy), list(&transport), list(&world.housing()), list(&world.committee()), list(&world.signed_in("shen"))), (2, 2, 0, 2, 0));
        // In the next quarter: what is due by its end and not over. What is due later and was left alone waits.
        world.on("2024-05-06");
        let next = transport.get(&url.replace("Q1", "Q2")).expect(200).json;
        let dues: Vec<_> = next["lines"].as_array().unwrap().iter().map(|it| it["due_on"].as_str().unwrap()).collect();
        assert_eq!(dues, ["2024-03-20", "2024-06-30"]);
        world.assert_no_drift();
    }

    fn a_deputy_reads_of_a_statement_what_is_his_and_no_more(world) {
        promised(world, "公交站点", &["2024-03-20"]);
        // Another case of the department, led by 李梅 alone.
        let (li, transport) = (world.signed_in("li"), world.transport());
        let draft = json!({"kind": "suggestion", "title": "路灯", "body": "情况、分析、具体意见。", "category": "城建环保"});
        let other = li.create("/v1/cases", draft).expect(201).header("location").to_owned();
        world.does("li", &format!("{other}/submission"), json!({}));
        world.does("committee", &format!("{other}/registration"), json!({}));
        let handlers = json!({"handlers": [{"department": transport.party, "part": "sole"}]});
        world.does("committee", &format!("{other}/assignments"), handlers);
        world.does("transport", &format!("{other}/assignments/1/acceptance"), json!({}));
        let mut reply = letter("B");
        reply["commitments"] = json!([{"text": "路灯三月完成", "due_on": "2024-03-25"}]);
        world.does("transport", &format!("{other}/assignments/1/reply"), reply);

        let url = format!("/v1/commitment-statements/{}/2024-Q1", transport.party);
        let issued = world.signed_in("transport-approver").create(&url, json!({})).expect(201).header("location").to_owned();
        let lines = |told: &Value| {
            let all = told["lines"].as_array().unwrap().iter();
            let texts: Vec<_> = all.map(|it| it["text"].as_str().unwrap().to_owned()).collect();
            (texts, told["counts"]["promises"].as_u64().unwrap())
        };
        let (bus, lamps) = ("公交站点，2024-03-20前完成".to_owned(), "路灯三月完成".to_owned());
        for (caller, expected) in [
            (world.deputy(), vec![bus.clone()]),
            (li, vec![lamps.clone()]),
            (world.committee(), vec![bus.clone(), lamps.clone()]),
        ] {
            let many = expected.len() as u64;
            assert_eq!(lines(&caller.get(&url).expect(200).json), (expected.clone(), many));
            assert_eq!(lines(&caller.get(&issued).expect(200).json["statement"]), (expected, many));
        }
    }

    fn what_was_issued_stays_and_verify_finds_what_was_meddled_with(world) {
        promised(world, "公交站点", &["2024-03-20"]);
        let url = format!("/v1/commitment-statements/{}/2024-Q1", world.transport().party);
        world.signed_in("transport-approver").create(&url, json!({})).expect(201);
        let run = |sql: &'static str| world.office.store().write_here(move |db| {
            Ok::<_, Fault>(db.batch_execute(sql).map_err(jianyi::store::StoreError::from)?)
        });
        for sql in [
            "UPDATE commitment_statements SET body = '{}'",
            "DELETE FROM commitment_statement_lines",
            "DELETE FROM commitment_statements",
        ] {
            assert!(run(sql).is_err(), "{sql}");
        }
        world.assert_no_drift();
        let found = || wait(world.office.verify()).unwrap().findings.into_iter().map(|it| it.column).collect::<Vec<_>>();
        run("UPDATE promises SET due_on = '2025-03-20'").unwrap();
        assert_eq!(found(), ["promises"]);
        run("DELETE FROM promises").unwrap();
        assert_eq!(found(), ["promises", "rows"]);
        world.office.rebuild().unwrap();
        world.assert_no_drift();
    }
}
