//! The notice ladder 三单 over weeks: by its rungs and once each, after downtime too, never at night or on a day off;
//! answered, struck off, escalated; read by whom it concerns and nobody else.

use crate::{
    on_both,
    support::{
        World,
        client::Reply,
        world::{letter, wait},
    },
};
use reqwest::Method;
use serde_json::{Value, json};
use std::thread;

fn switched_on(world: &World, from: &str) {
    let setting = json!({"from": from, "leaders": [{"title": "分管副主任", "name": "张副主任"}]});
    let leader = world.signed_in("leader");
    let set = leader.ask(Method::PUT, "/v1/congresses/330502/notice-ladder").json(setting.clone()).send();
    assert_eq!(set.expect(200).json, setting);
}

fn sweep(world: &World) -> usize {
    wait(world.office.issue_notices()).expect("a sweep")
}

/// A sweep at a time of day in Shanghai.
fn sweep_at(world: &World, day: &str, time: &str) -> usize {
    world.turn(format!("{day}T{time}:00+08:00").parse().expect("an instant"));
    sweep(world)
}

/// The notices of a case as somebody sees them: document, addressee, standing.
fn seen(world: &World, name: &str, path: &str) -> Vec<(String, String, String)> {
    let case = world.signed_in(name).get(path).expect(200).json;
    let notices = case["notices"].as_array().cloned().unwrap_or_default();
    let text = |it: &Value| it.as_str().unwrap_or("").to_owned();
    notices
        .iter()
        .map(|it| {
            let to = &it["to"];
            let whom = to["department"]["name"].as_str().or(to["deputy"]["name"].as_str());
            (text(&it["document"]["text"]), whom.unwrap_or("office").to_owned(), text(&it["standing"]))
        })
        .collect()
}

fn listed(world: &World, name: &str, query: &str) -> Vec<String> {
    let page = world.signed_in(name).get(&format!("/v1/notices{query}")).expect(200).json;
    let notices = page["notices"].as_array().unwrap().iter();
    notices
        .map(|it| format!("{} {}", it["document"].as_str().unwrap(), it["status"].as_str().unwrap()))
        .collect()
}

fn line(document: &str, to: &str, standing: &str) -> (String, String, String) {
    (document.to_owned(), to.to_owned(), standing.to_owned())
}

const TRANSPORT: &str = "区交通运输局";

on_both! {
    fn the_ladder_urges_by_its_rungs_and_is_answered(world) {
        world.on("2024-02-22");
        let (path, _) = world.in_hand("关于增设公交站点的建议");
        // Nothing goes out while nobody has switched it on.
        assert_eq!(sweep_at(world, "2024-05-29", "10:00"), 0);
        world.on("2024-03-01");
        switched_on(world, "2024-03-01");
        assert_eq!(sweep(world), 0);
        // Due on the 22nd of May; ten days before is a Sunday, and the next morning at half past eight.
        assert_eq!(sweep_at(world, "2024-05-10", "10:00"), 0);
        assert_eq!(sweep_at(world, "2024-05-12", "10:00"), 0);
        assert_eq!(sweep_at(world, "2024-05-13", "08:29"), 0);
        assert_eq!(sweep_at(world, "2024-05-13", "08:30"), 1);
        assert_eq!(sweep(world), 0);
        let reminder = line("提示单〔2024〕1号", TRANSPORT, "open");
        assert_eq!(seen(world, "transport", &path), std::slice::from_ref(&reminder));
        assert_eq!(seen(world, "committee", &path), [reminder]);
        // The signers see that it was urged; what comes of it is between the department and the offices.
        assert_eq!(seen(world, "chen", &path), [line("提示单〔2024〕1号", TRANSPORT, "")]);
        assert_eq!(seen(world, "secretary", &path), []);
        world.assert_no_drift();

        assert_eq!(sweep_at(world, "2024-05-22", "09:00"), 1);
        let case = world.committee().get(&path).expect(200).json;
        let warning = &case["notices"][1];
        assert_eq!((&warning["rung"], &warning["answer_by"]), (&json!("warning"), &json!("2024-05-27")));
        let reason = "答复期限今日（2024年5月22日）届满。请立即办理，并书面反馈办理情况和完成时间。";
        assert_eq!(warning["reason"], reason);
        let told = world.story(&world.committee(), &path);
        assert!(told.ends_with(" 8  2024-05-22  系统（三单）  notice_issued"), "{told}");

        // Refused, answered again, accepted; once it is closed nothing is left to say.
        let answer = |done: &str| json!({"done": done, "finished_by": "2024-06-07"});
        world.does("transport", &format!("{path}/notices/2/answer"), answer("正在办理"));
        assert_eq!(listed(world, "committee", "?status=answered"), ["警示单〔2024〕1号 answered"]);
        let refused = |name: &str, step: &str, body: Value| -> Reply {
            world.signed_in(name).ask(Method::POST, &format!("{path}/notices/{step}")).header("if-match", "*").json(body).send()
        };
        let again = refused("transport", "2/answer", answer("又")).expect(409);
        assert_eq!(again.json["missing"]["code"], "notice_answered");
        assert_eq!(refused("committee", "2/closure", json!({"accepted": false})).expect(422).pointers(), ["/reason"]);
        world.does("committee", &format!("{path}/notices/2/closure"), json!({"accepted": false, "reason": "请写明措施", "answer_by": "2024-05-31"}));
        assert_eq!(refused("committee", "2/closure", json!({"accepted": false, "reason": "还是不行"})).expect(409).json["missing"]["code"], "notice_not_answered");
        world.does("transport", &format!("{path}/notices/2/answer"), answer("答复稿已送审签"));
        world.does("committee", &format!("{path}/notices/2/closure"), json!({"accepted": true}));
        assert_eq!(refused("committee", "2/closure", json!({"accepted": true})).expect(409).json["missing"]["code"], "notice_closed");
        assert_eq!(seen(world, "transport", &path)[1].2, "closed");

        // Neither the office nor another department answers; for the latter there is no such case.
        refused("committee", "1/answer", answer("代答")).expect(403);
        refused("housing", "1/answer", answer("代答")).expect(404);
        refused("government-office", "1/closure", json!({"accepted": true, "reason": "不必"})).expect(409);
        refused("transport", "7/answer", answer("无")).expect(404);

        // The supervision order names the leader whom the congress named for the policy's office.
        assert_eq!(sweep_at(world, "2024-05-29", "08:30"), 1);
        let order = world.committee().get(&path).expect(200).json["notices"][2].clone();
        assert_eq!(order["document"]["text"], "督办单〔2024〕1号");
        assert_eq!(order["leader"], json!({"title": "分管副主任", "name": "张副主任"}));
        let paper = world.transport().get(&format!("{path}/notices/3/letter.docx")).expect(200);
        assert!(paper.headers["content-type"].to_str().unwrap().contains("wordprocessingml"));
        world.signed_in("secretary").get(&format!("{path}/notices/3/letter.docx")).expect(404);
        world.housing().get(&format!("{path}/notices/3/letter.docx")).expect(404);

        // The reminder ends with what it urged; the order is still to be answered.
        world.does("transport", &format!("{path}/assignments/1/reply"), letter("A"));
        let standings: Vec<String> = seen(world, "transport", &path).into_iter().map(|it| it.2).collect();
        assert_eq!(standings, ["lapsed", "closed", "open"]);
        assert_eq!(listed(world, "transport", "?status=open"), ["督办单〔2024〕1号 open"]);
        assert_eq!(listed(world, "transport", "").len(), 3);
        assert_eq!(listed(world, "housing", ""), [] as [&str; 0]);
        assert_eq!(listed(world, "government-office", "?rung=warning"), ["警示单〔2024〕1号 closed"]);
        world.deputy().get("/v1/notices").expect(403);
        assert_eq!(sweep_at(world, "2024-08-01", "10:00"), 0);
        world.assert_no_drift();
    }

    fn after_downtime_missed_rungs_come_in_their_order_and_no_clock_brings_one_twice(world) {
        world.on("2024-02-22");
        let (path, _) = world.in_hand("关于路灯的建议");
        switched_on(world, "2024-02-22");
        world.on("2024-02-23");
        assert_eq!(sweep(world), 0);
        // At night, on a Sunday and on a holiday nothing goes out, however late it is.
        for (day, time) in [("2024-06-03", "22:00"), ("2024-06-02", "10:00"), ("2024-06-10", "10:00"), ("2024-06-04", "08:00")] {
            assert_eq!(sweep_at(world, day, time), 0, "{day} {time}");
        }
        assert_eq!(sweep_at(world, "2024-06-04", "17:29"), 3);
        let documents: Vec<String> = seen(world, "transport", &path).into_iter().map(|it| it.0).collect();
        assert_eq!(documents, ["提示单〔2024〕1号", "警示单〔2024〕1号", "督办单〔2024〕1号"]);
        for day in ["2024-05-21", "2024-06-04", "2024-03-01", "2024-07-15"] {
            assert_eq!(sweep_at(world, day, "10:00"), 0, "{day}");
        }
        // A notice bars no paper of the days before it.
        world.on("2024-06-05");
        let late = json!({"meeting": "第三十次主任会议", "supervisor": "张副主任", "plan": "督办"});
        world.does("committee", &format!("{path}/key-case?occurred_on=2024-06-03"), late);
        world.assert_no_drift();
    }

    fn what_was_due_before_the_ladder_began_brings_nothing(world) {
        world.on("2024-02-22");
        let (old, _) = world.in_hand("旧件");
        world.on("2024-03-22");
        let (fresh, _) = world.in_hand("新件");
        world.on("2024-06-03");
        switched_on(world, "2024-06-03");
        // The old one was due on the 22nd of May, the other on the 24th of June.
        assert_eq!(sweep_at(world, "2024-06-14", "10:00"), 1);
        assert_eq!((seen(world, "committee", &old).len(), seen(world, "committee", &fresh).len()), (0, 1));
        world.assert_no_drift();
        // Switched off, nothing goes out; on again from a later day, what was not climbed before is.
        let leader = world.signed_in("leader");
        leader.ask(Method::PUT, "/v1/congresses/330502/notice-ladder").json(json!({})).send().expect(200);
        assert_eq!(sweep_at(world, "2024-06-24", "10:00"), 0);
        world.assert_no_drift();
        switched_on(world, "2024-06-24");
        assert_eq!(sweep(world), 1);
        assert_eq!(seen(world, "committee", &fresh)[1].0, "警示单〔2024〕1号");
        world.assert_no_drift();
    }

    fn an_extension_moves_what_was_not_climbed_yet(world) {
        world.on("2024-02-22");
        let (path, _) = world.in_hand("关于停车的建议");
        switched_on(world, "2024-02-22");
        assert_eq!(sweep_at(world, "2024-05-13", "10:00"), 1);
        world.does("transport", &format!("{path}/assignments/1/extension"), json!({"reason": "涉及面广", "until": "2024-07-22"}));
        world.does("committee", &format!("{path}/assignments/1/extension/decision"), json!({"granted": true}));
        assert_eq!(sweep_at(world, "2024-05-29", "10:00"), 0);
        assert_eq!(sweep_at(world, "2024-07-15", "10:00"), 0);
        assert_eq!(sweep_at(world, "2024-07-22", "10:00"), 1);
        assert_eq!(sweep_at(world, "2024-07-29", "10:00"), 1);
        assert_eq!(seen(world, "committee", &path).len(), 3);
        world.assert_no_drift();
    }

    fn co_handlers_promises_and_deputies_have_their_rungs_too(world) {
        world.on("2024-02-22");
        let (path, _) = world.registered("关于养老的建议");
        let (lead, co) = (world.transport().party, world.housing().party);
        let handlers = json!({"handlers": [{"department": lead, "part": "lead"}, {"department": co, "part": "co"}]});
        world.does("committee", &format!("{path}/assignments"), handlers);
        world.does("transport", &format!("{path}/assignments/1/acceptance"), json!({}));
        world.does("housing", &format!("{path}/assignments/2/acceptance"), json!({}));
        switched_on(world, "2024-02-22");
        // The opinion is due two months after the assignment, on the 22nd of April; nobody but its department and the
        // offices is told.
        assert_eq!(sweep_at(world, "2024-04-22", "10:00"), 2);
        let housing = "区住房和城乡建设局";
        let both = [line("提示单〔2024〕1号", housing, "open"), line("警示单〔2024〕1号", housing, "open")];
        assert_eq!(seen(world, "housing", &path), both);
        assert_eq!(seen(world, "transport", &path), []);
        assert_eq!(seen(world, "chen", &path), []);
        world.does("housing", &format!("{path}/assignments/2/opinion"), json!({"text": "同意"}));
        let mut reply = letter("B");
        reply["opinions_stated"] = json!("会办单位同意。");
        reply["commitments"] = json!([{"text": "年内完成", "due_on": "2024-12-31"}]);
        world.on("2024-04-23").does("transport", &format!("{path}/assignments/1/reply"), reply);
        // The deputy is reminded of his window while it lasts, and never warned.
        let window = world.committee().get(&format!("{path}/deadlines")).expect(200).json;
        let due = window["deadlines"].as_array().unwrap().iter().find(|it| it["kind"] == "evaluation").unwrap()["due"].clone();
        assert_eq!(due, "2024-05-22");
        assert_eq!(sweep_at(world, "2024-05-20", "10:00"), 1);
        assert_eq!(seen(world, "chen", &path), [line("提示单〔2024〕2号", "陈芳", "open")]);
        assert_eq!(seen(world, "transport", &path), []);
        world.does("chen", &format!("{path}/evaluations"), json!({"attitude": "satisfied", "result": "satisfied"}));
        world.does("committee", &format!("{path}/closure"), json!({}));
        assert_eq!(seen(world, "chen", &path)[0].2, "lapsed");
        // The promise goes on when the case is closed.
        assert_eq!(sweep_at(world, "2024-12-23", "10:00"), 1);
        assert_eq!(sweep_at(world, "2024-12-31", "10:00"), 1);
        assert_eq!(seen(world, "transport", &path), [
            // Once the case is closed, that the deputy was silent is no secret any more.
            line("提示单〔2024〕2号", "陈芳", "lapsed"),
            line("提示单〔2024〕3号", TRANSPORT, "open"), line("警示单〔2024〕2号", TRANSPORT, "open"),
        ]);
        world.does("transport", &format!("{path}/commitments/1/reports"), json!({"progress": "kept", "text": "已完成", "evidence": "验收单"}));
        assert_eq!(seen(world, "transport", &path)[1].2, "lapsed");
        assert_eq!(sweep_at(world, "2025-03-03", "10:00"), 0);
        world.assert_no_drift();
    }

    fn who_took_over_a_promise_of_a_closed_case_is_urged_and_answers(world) {
        world.on("2024-02-22");
        let (path, _) = world.in_hand("关于养老的建议");
        let mut reply = letter("B");
        reply["commitments"] = json!([{"text": "年内完成", "due_on": "2024-12-31"}]);
        world.on("2024-04-23").does("transport", &format!("{path}/assignments/1/reply"), reply);
        world.does("chen", &format!("{path}/evaluations"), json!({"attitude": "satisfied", "result": "satisfied"}));
        world.does("committee", &format!("{path}/closure"), json!({}));
        switched_on(world, "2024-02-22");
        // Merged into another department, which has no part of the case; the promise is its own from then on.
        let (transport, successor) = (world.transport(), world.housing());
        let merger = json!({"kind": "merged", "into": successor.party, "on": "2024-05-01", "document": "湖委编〔2024〕7号"});
        world.on("2024-05-06").committee().create(&format!("/v1/departments/{}/succession?congress=330502", transport.party), merger).expect(201);
        assert_eq!(wait(world.office.hand_over_merged()).unwrap(), 1);
        world.assert_no_drift();
        let housing = "区住房和城乡建设局";
        assert_eq!(sweep_at(world, "2024-12-20", "10:00"), 0);
        assert_eq!(sweep_at(world, "2024-12-23", "10:00"), 1);
        assert_eq!(sweep_at(world, "2024-12-31", "10:00"), 1);
        let both = [line("提示单〔2024〕1号", housing, "open"), line("警示单〔2024〕1号", housing, "open")];
        assert_eq!((seen(world, "housing", &path), seen(world, "committee", &path)), (both.clone().to_vec(), both.to_vec()));
        assert_eq!(seen(world, "chen", &path), [line("提示单〔2024〕1号", housing, ""), line("警示单〔2024〕1号", housing, "")]);
        // Whose promise it was is told nothing, and has nothing to answer.
        assert_eq!(seen(world, "transport", &path), []);
        assert_eq!((listed(world, "housing", "").len(), listed(world, "transport", "").len(), listed(world, "government-office", "").len()), (2, 0, 2));
        let answers = |name: &str| {
            let url = format!("{path}/notices/2/answer");
            world.signed_in(name).ask(Method::POST, &url).header("if-match", "*").json(json!({"done": "主体完工", "finished_by": "2025-01-10"})).send()
        };
        answers("transport").expect(404);
        answers("court").expect(404);
        answers("housing").expect(200);
        let events = |name: &str| world.story(&world.signed_in(name), &path);
        assert!(events("housing").ends_with("notice_answered") && !events("chen").contains("notice_answered"), "{}", events("housing"));
        world.does("committee", &format!("{path}/notices/2/closure"), json!({"accepted": true}));
        // By hand too, on the promise.
        let order = json!({"rung": "supervision_order", "commitment": 1, "reason": "逾期未了", "answer_by": "2025-01-24",
            "leader": {"title": "分管副主任", "name": "张副主任"}});
        let issue = |body: Value| {
            world.committee().ask(Method::POST, &format!("{path}/notices")).header("if-match", "*").json(body).send()
        };
        let mut wrong = order.clone();
        wrong["assignment"] = json!(1);
        assert_eq!(issue(wrong).expect(422).pointers(), ["/commitment"]);
        let mut wrong = order.clone();
        wrong["commitment"] = json!(2);
        assert_eq!(issue(wrong).expect(422).pointers(), ["/commitment"]);
        issue(order).expect(200);
        assert_eq!(seen(world, "housing", &path)[2], line("督办单〔2024〕1号", housing, "open"));
        world.housing().get(&format!("{path}/notices/3/letter.docx")).expect(200);
        // Kept, nobody is urged any more; what was to be answered still is.
        world.does("housing", &format!("{path}/commitments/1/reports"), json!({"progress": "kept", "text": "已完成", "evidence": "验收单"}));
        let standings: Vec<String> = seen(world, "housing", &path).into_iter().map(|it| it.2).collect();
        assert_eq!(standings, ["lapsed", "closed", "open"]);
        assert_eq!(sweep_at(world, "2025-03-03", "10:00"), 0);
        world.assert_no_drift();
        world.office.rebuild().unwrap();
        world.assert_no_drift();
    }

    fn notices_by_hand_go_under_a_leaders_name_and_the_government_office_only_reminds(world) {
        world.on("2024-02-22");
        let (path, _) = world.in_hand("关于噪声的建议");
        let issue = |name: &str, body: Value| {
            world.signed_in(name).ask(Method::POST, &format!("{path}/notices")).header("if-match", "*").json(body).send()
        };
        let order = json!({"rung": "supervision_order", "assignment": 1, "reason": "群众反映强烈", "answer_by": "2024-03-08",
            "leader": {"title": "分管副主任", "name": "张副主任"}});
        let without = |field: &str| {
            let mut body = order.clone();
            body.as_object_mut().unwrap().remove(field);
            issue("committee", body).expect(422).pointers()
        };
        assert_eq!(without("leader"), ["/leader"]);
        assert_eq!(without("answer_by"), ["/answer_by"]);
        assert_eq!(without("reason"), ["/reason"]);
        let mut other = order.clone();
        other["assignment"] = json!(2);
        assert_eq!(issue("committee", other).expect(422).pointers(), ["/assignment"]);
        assert_eq!(issue("government-office", order.clone()).expect(422).pointers(), ["/rung"]);
        issue("transport", order.clone()).expect(403);
        issue("housing", order.clone()).expect(404);
        issue("chen", order.clone()).expect(403);
        issue("committee", order).expect(200);
        issue("government-office", json!({"rung": "reminder", "assignment": 1, "reason": "请抓紧"})).expect(200);
        // Refused ones drew no number.
        assert_eq!(seen(world, "transport", &path), [
            line("督办单〔2024〕1号", TRANSPORT, "open"), line("提示单〔2024〕1号", TRANSPORT, "open"),
        ]);
        let closes = json!({"accepted": true, "reason": "已当面说明"});
        world.does("government-office", &format!("{path}/notices/2/closure"), closes);
        assert_eq!(listed(world, "committee", "?rung=reminder"), ["提示单〔2024〕1号 closed"]);
        let open: Vec<String> = world.transport().get(&format!("{path}/actions")).expect(200).json["actions"].as_array().unwrap().iter()
            .filter(|it| it["allowed"] == true).map(|it| it["href"].as_str().unwrap().to_owned()).collect();
        assert!(open.iter().any(|it| it.ends_with("/notices/1/answer")) && !open.iter().any(|it| it.ends_with("/notices/2/answer")), "{open:?}");
        world.assert_no_drift();
    }

    fn two_sweeps_at_once_send_each_notice_once(world) {
        world.on("2024-02-22");
        let paths: Vec<String> = (0..6).map(|n| world.in_hand(&format!("第{n}件")).0).collect();
        switched_on(world, "2024-02-22");
        world.turn("2024-05-22T02:00:00Z".parse().unwrap());
        let sweeps: Vec<_> = (0..3)
            .map(|_| {
                let office = world.office.clone();
                thread::spawn(move || wait(office.issue_notices()))
            })
            .collect();
        // Who loses a case to another again and again says so; the next sweep has the rest.
        for it in sweeps {
            let _ = it.join().unwrap();
        }
        sweep(world);
        let mut documents: Vec<String> = Vec::new();
        for path in &paths {
            let own: Vec<String> = seen(world, "committee", path).into_iter().map(|it| it.0).collect();
            assert!(own.len() == 2 && own[0].starts_with("提示单") && own[1].starts_with("警示单"), "{own:?}");
            documents.extend(own);
        }
        // Numbers without gaps, each once.
        documents.sort();
        let mut expected: Vec<String> = (1..=6).flat_map(|n| [format!("提示单〔2024〕{n}号"), format!("警示单〔2024〕{n}号")]).collect();
        expected.sort();
        assert_eq!(documents, expected);
        let first = world.committee().get("/v1/notices?limit=5").expect(200).json;
        let mut read = first["notices"].as_array().unwrap().len();
        let mut next = first["next"].as_str().map(str::to_owned);
        while let Some(url) = next {
            let page = world.committee().get(&url).expect(200).json;
            read += page["notices"].as_array().unwrap().len();
            next = page["next"].as_str().map(str::to_owned);
        }
        assert_eq!(read, 12);
        world.assert_no_drift();
    }
}
