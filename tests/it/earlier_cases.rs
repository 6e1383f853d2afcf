//! Earlier cases about the same matter: whoever writes or handles a case learns what was answered and promised before,
//! as far as he may see it.

use crate::{
    on_both,
    support::{World, client::Caller, world::letter},
};
use diesel::connection::SimpleConnection;
use jianyi::office::{Fault, StoreError};
use serde_json::{Value, json};

type Text = (&'static str, &'static str);

const PARKING_OLD: Text = (
    "关于解决老旧小区停车位不足问题的建议",
    "我区老旧小区大多建于上世纪九十年代，停车位配比低，缺口较大。下班以后一位难求，车辆停在绿化带和消防通道上。\
     建议结合老旧小区改造增设停车位，利用周边空地建设公共停车场，鼓励商场、学校停车场错时共享。",
);
const PARKING_YUEHE: Text = (
    "关于改善月河街道停车难的建议",
    "月河街道停车难问题日益突出。辖区老小区建成时间早，未规划停车位，晚间车辆沿路乱停，占用消防通道。建议：\
     利用闲置地块建设临时停车场；推动机关单位停车场夜间错时开放；施划限时停车泊位，规范停车秩序。",
);
const PARKING_HOSPITAL: Text = (
    "关于缓解市中心医院周边停车难的建议",
    "市中心医院院内停车位仅三百个，就诊高峰期车辆排队进入停车场。建议新建立体停车楼，在周边道路设置限时停车泊位。",
);
const CARE: Text = (
    "关于推进居家养老服务的建议",
    "高龄、独居老人居家养老需求日益增长。目前居家养老服务中心功能单一，助餐、助浴、医疗护理等服务供给不足。\
     建议完善社区养老服务设施，培育专业养老服务机构，推进医养结合。",
);

fn draft(world: &World, username: &str, text: Text) -> String {
    let draft = json!({"kind": "suggestion", "title": text.0, "body": text.1});
    let created = world.signed_in(username).create("/v1/cases", draft).expect(201);
    let path = created.headers["location"].to_str().unwrap().to_owned();
    assert_eq!(created.headers["link"], format!("<{path}/similar>; rel=\"related\""));
    path
}

fn handed_in(world: &World, username: &str, text: Text) -> String {
    let path = draft(world, username, text);
    let submitted = world.does(username, &format!("{path}/submission"), json!({}));
    assert_eq!(submitted.headers["link"], format!("<{path}/similar>; rel=\"related\""));
    world.does("committee", &format!("{path}/registration"), json!({}));
    path
}

fn in_hand(world: &World, username: &str, text: Text, department: &str) -> String {
    let path = handed_in(world, username, text);
    let handlers = json!({"handlers": [{"department": world.signed_in(department).party, "part": "sole"}]});
    world.does("committee", &format!("{path}/assignments"), handlers);
    world.does(department, &format!("{path}/assignments/1/acceptance"), json!({}));
    path
}

/// Answered by the transport department with a promise that is under way.
fn answered(world: &World, username: &str, text: Text) -> String {
    let path = in_hand(world, username, text, "transport");
    let mut answer = letter("B");
    answer["commitments"] =
        json!([{"text": "年内新增车位二百个，联系人13857212345", "due_on": "2024-12-31"}]);
    world.does("transport", &format!("{path}/assignments/1/reply"), answer);
    world.does(
        "transport",
        &format!("{path}/commitments/1/reports"),
        json!({"progress": "under_way", "text": "已开工"}),
    );
    world.does(
        "chen",
        &format!("{path}/commitments/1/judgement"),
        json!({"confirmed": false, "text": "未见开工"}),
    );
    path
}

fn similar(caller: &Caller, path: &str) -> Vec<Value> {
    caller.get(&format!("{path}/similar")).expect(200).json["cases"].as_array().cloned().unwrap()
}

fn hrefs(found: &[Value]) -> Vec<&str> {
    found.iter().map(|case| case["href"].as_str().unwrap()).collect()
}

fn next_term(world: &World) {
    let session = json!({"id": "6-1", "label": "区六届一次会议", "origin": "in_session", "opens_on": "2025-01-14", "closes_on": "2025-01-17"});
    world.committee().create("/v1/congresses/330502/sessions", session).expect(201);
    world.on("2025-01-15");
}

fn run_sql(world: &World, sql: &'static str) {
    let run = world
        .office
        .store()
        .write_here(move |db| db.batch_execute(sql).map_err(|e| Fault::from(StoreError::from(e))));
    run.unwrap();
}

on_both! {
    fn a_new_draft_on_an_old_matter_finds_what_was_promised_then(world) {
        world.on("2024-01-17");
        let old = answered(world, "chen", PARKING_OLD);
        in_hand(world, "chen", CARE, "housing");
        next_term(world);
        let new = draft(world, "chen", PARKING_YUEHE);
        let found = similar(&world.deputy(), &new);
        assert_eq!(hrefs(&found), [&old], "{found:?}");
        let case = &found[0];
        for (field, value) in [("number", json!("区五届三次会议建议第001号")), ("title", json!(PARKING_OLD.0)), ("session", json!("5-3")), ("lead", json!("陈芳")), ("department", json!("区交通运输局")), ("class", json!("B")), ("replied_on", json!("2024-01-17"))] {
            assert_eq!(case[field], value, "{field}");
        }
        let score = case["score"].as_f64().unwrap();
        assert!((0.2..1.0).contains(&score) && (score * 100.0).fract().abs() < 1e-9, "{score}");
        assert!(case["shared"].as_array().unwrap().contains(&json!("停车")), "{case}");
        let promise = json!([{"text": "年内新增车位二百个，联系人13857212345", "due_on": "2024-12-31", "progress": "under_way", "confirmed": false, "overdue": true}]);
        assert_eq!(case["commitments"], promise);
        // Nobody else's affair, and nothing that others find.
        world.committee().get(&format!("{new}/similar")).expect(404);
        world.signed_in("li").get(&format!("{new}/similar")).expect(404);
        assert_eq!(hrefs(&similar(&world.committee(), &old)), [""; 0]);
        for limit in ["0", "25", "many"] {
            let refused = world.deputy().get(&format!("{new}/similar?limit={limit}")).expect(422);
            assert_eq!(refused.pointers(), ["?limit"]);
        }
    }

    fn each_sees_of_similar_cases_what_he_may_see_anywhere(world) {
        world.on("2024-01-17");
        let old = answered(world, "chen", PARKING_OLD);
        next_term(world);
        let hospital = in_hand(world, "li", PARKING_HOSPITAL, "transport");
        let new = in_hand(world, "shen", PARKING_YUEHE, "transport");
        draft(world, "li", PARKING_YUEHE);
        let (shen, committee) = (world.signed_in("shen"), world.committee());
        // This term's and the earlier term's, the likest first.
        let all = similar(&committee, &new);
        let mut found = hrefs(&all);
        found.sort_unstable();
        assert_eq!(found, [old.as_str(), hospital.as_str()]);
        assert!(all[0]["score"].as_f64() >= all[1]["score"].as_f64());
        assert_eq!(committee.get(&format!("{new}/similar?limit=1")).expect(200).json["cases"], json!([all[0]]));
        // The department handles all three; the deputy signs neither.
        assert_eq!(similar(&world.transport(), &new).len(), 2);
        assert_eq!(similar(&shen, &new), [] as [Value; 0]);
        // What becomes public he sees as residents do.
        world.does("committee", &format!("{old}/publication"), json!({"publicity": "full"}));
        let public = similar(&shen, &new);
        assert_eq!(hrefs(&public), [old.replace("/v1/", "/v1/public/")]);
        let promise = json!([{"text": "年内新增车位二百个，联系人＊＊＊", "due_on": "2024-12-31", "progress": "under_way", "overdue": true}]);
        assert_eq!(public[0]["commitments"], promise);
        world.does("committee", &format!("{old}/confidentiality"), json!({"confidential": true, "reason": "涉密"}));
        assert_eq!(similar(&shen, &new), [] as [Value; 0]);
        for username in ["chen", "li", "shen", "committee", "government-office", "transport", "housing", "auditor", "administrator", "committee@other", "shen@other"] {
            let caller = world.signed_in(username);
            let statuses = ["", "/similar", "/holders"].map(|page| caller.get(&format!("{new}{page}")).status);
            assert!(statuses.iter().all(|status| *status == statuses[0]), "{username} {statuses:?}");
        }
    }

    fn the_words_of_a_hidden_text_are_not_found_either(world) {
        world.on("2024-01-17");
        let mut hidden = PARKING_OLD;
        hidden.0 = "关于一件难事的建议";
        let old = answered(world, "chen", hidden);
        let new = draft(world, "shen", PARKING_OLD);
        let shen = world.signed_in("shen");
        let publish = |summary: &str| world.does("committee", &format!("{old}/publication"), json!({"publicity": "summary", "summary": summary}));
        publish("另一个意思。");
        assert_eq!(similar(&shen, &new), [] as [Value; 0]);
        publish("老旧小区停车位不足，建议增设停车位，建设公共停车场。");
        let found = similar(&shen, &new);
        assert_eq!((found.len(), &found[0]["commitments"]), (1, &json!([])));
        assert!(!found[0]["shared"].as_array().unwrap().contains(&json!("商场")), "{found:?}");
        world.does("committee", &format!("{old}/publication"), json!({"publicity": "full"}));
        let found = similar(&shen, &new);
        assert!(found[0]["shared"].as_array().unwrap().contains(&json!("商场")), "{found:?}");
    }

    fn the_department_of_similar_cases_is_suggested_to_those_who_hand_out(world) {
        world.on("2024-01-17");
        let old = answered(world, "chen", PARKING_OLD);
        in_hand(world, "chen", CARE, "housing");
        let court = in_hand(world, "chen", PARKING_HOSPITAL, "court");
        let new = handed_in(world, "li", PARKING_YUEHE);
        let suggested = |caller: Caller| caller.get(&format!("{new}/department-suggestions")).expect(200).json["departments"].as_array().cloned().unwrap();
        let names = |found: &[Value]| found.iter().map(|d| d["department"]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let all = suggested(world.committee());
        let mut both = names(&all);
        both.sort();
        assert_eq!(both, ["区交通运输局", "区人民法院"]);
        let weights: f64 = all.iter().map(|d| d["weight"].as_f64().unwrap()).sum();
        assert!((weights - 1.0).abs() < 0.02 && all[0]["weight"].as_f64() >= all[1]["weight"].as_f64(), "{all:?}");
        for (name, path) in [("区交通运输局", &old), ("区人民法院", &court)] {
            let it = all.iter().find(|d| d["department"]["name"] == name).unwrap();
            assert_eq!(hrefs(it["cases"].as_array().unwrap()), [path]);
        }
        // Not yet the government office's case.
        let office = world.signed_in("government-office");
        office.get(&format!("{new}/department-suggestions")).expect(404);
        world.does("committee", &format!("{new}/dispatch"), json!({}));
        // A public case of the court's is like it, but the office has nothing to give to the court.
        world.does("court", &format!("{court}/assignments/1/reply"), letter("A"));
        world.does("committee", &format!("{court}/publication"), json!({"publicity": "full"}));
        assert_eq!(names(&suggested(office)), ["区交通运输局"]);
        for (username, status) in [("li", 403), ("auditor", 403), ("chen", 404), ("transport", 404), ("administrator", 404)] {
            world.signed_in(username).get(&format!("{new}/department-suggestions")).expect(status);
        }
    }

    fn words_are_kept_from_the_submission_and_follow_the_text(world) {
        world.on("2024-01-17");
        let old = answered(world, "chen", PARKING_OLD);
        let new = draft(world, "chen", PARKING_YUEHE);
        let committee = world.committee();
        assert_eq!(similar(&committee, &old), [] as [Value; 0]);
        world.does("chen", &format!("{new}/submission"), json!({}));
        assert_eq!(hrefs(&similar(&committee, &old)), [&new]);
        // Sent back and changed to another matter.
        world.does("committee", &format!("{new}/correction"), json!({"reason": "请重写"}));
        let other = json!({"title": CARE.0, "body": CARE.1});
        let deputy = world.deputy();
        let patched = deputy.ask(reqwest::Method::PATCH, &new).header("if-match", "*").json(other).send();
        patched.expect(200);
        assert_eq!(similar(&committee, &old), [] as [Value; 0]);
        world.assert_no_drift();
        run_sql(world, "DELETE FROM case_terms WHERE term = '停车'");
        let report = crate::support::world::wait(world.office.verify()).unwrap();
        assert_eq!(report.findings.iter().map(|f| f.column.as_str()).collect::<Vec<_>>(), ["words"]);
        assert_eq!(world.office.rebuild().unwrap(), 2);
        world.assert_no_drift();
    }
}
