//! Signals: what each kind raises, and the near miss that it does not; who reads them, and what is withheld.

use crate::{
    on_both,
    support::{
        World,
        client::Caller,
        world::{CONGRESS, letter, wait},
    },
};
use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use jianyi::office::{Fault, StoreError};
use reqwest::Method;
use serde_json::{Value, json};

const PERIOD: &str = "from=2024-01-01&to=2024-12-31";

fn told(caller: &Caller, query: &str) -> Vec<Value> {
    let page = caller.get(&format!("/v1/signals?congress={CONGRESS}&{query}")).expect(200).json;
    page["signals"].as_array().unwrap().clone()
}

/// The numbers of the cases that are told of, and of which kind, latest first.
fn kinds(world: &World, query: &str) -> Vec<(String, String)> {
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    told(&world.committee(), query).iter().map(|it| (text(&it["kind"]), text(&it["case"]["title"]))).collect()
}

fn one(kind: &str, title: &str) -> Vec<(String, String)> {
    vec![(kind.to_owned(), title.to_owned())]
}

/// A letter with a text of its own between the head and the thanks that all letters have.
fn long_letter(class: &str, own: &str) -> Value {
    let mut letter = letter(class);
    let text = format!(
        "陈芳代表：您提出的建议收悉。经研究，现答复如下：\n{own}\n感谢您对我区交通工作的关心和支持。联系人：李强，联系电话：0572-2000000。"
    );
    letter["text"] = json!(text);
    letter
}

const BUS: &str = "我局会同公交公司对织里镇现有线路做了客流调查，早高峰满载率达到百分之九十二，确有必要增开班次。\
    一是自三月起早晚高峰发车间隔由十五分钟缩短为十分钟；二是新购纯电动公交车八辆投入运营；三是在振兴路增设港湾式站台两处，年内完工。";
const ROADS: &str = "关于农村道路养护，我局已将全区一百二十公里县乡道路列入三年大中修计划，按路况指数由低到高排序实施。\
    今年先修八里店至东林段，资金由区财政和镇街按七比三分担，养护结果每季度在政务网公开，欢迎代表随时查看。";

/// 陈芳 is not satisfied, and the committee has it answered again.
fn rejected(world: &World, path: &str) {
    let bad = json!({"attitude": "satisfied", "result": "unsatisfied", "text": "没有时间表"});
    world.does("chen", &format!("{path}/evaluations"), bad);
    world.does("committee", &format!("{path}/dissatisfaction"), json!({"rework": true, "reason": "请补充"}));
}

fn attached(caller: &Caller, path: &str, purpose: &str) {
    let url = format!("{path}/attachments?name=验收单&purpose={purpose}");
    let file = caller.ask(Method::POST, &url).header("if-match", &caller.tag(path));
    file.header("content-type", "text/plain").bytes("验收合格\n".as_bytes()).send().expect(200);
}

on_both! {
    fn a_class_raised_at_the_periods_end_without_a_new_paper_is_told(world) {
        world.on("2024-02-22");
        let bare = world.answered("没有新材料", "B").0;
        let papers = world.answered("有新附件", "B").0;
        let early = world.answered("早就升级", "B").0;
        for path in [&bare, &papers, &early] {
            rejected(world, path);
        }
        world.on("2024-06-03").does("transport", &format!("{early}/assignments/1/reply"), letter("A"));
        world.on("2024-12-27");
        attached(&world.transport(), &papers, "reply");
        for path in [&bare, &papers] {
            world.does("transport", &format!("{path}/assignments/1/reply"), letter("A"));
        }
        assert_eq!(kinds(world, &format!("{PERIOD}&kind=class_raised")), one("class_raised", "没有新材料"));
        let told = told(&world.committee(), PERIOD);
        let it = told.iter().find(|it| it["kind"] == "class_raised").unwrap();
        assert_eq!(it["facts"], json!({"kind": "class_raised", "from": "B", "to": "A", "resolved": true, "since": "2024-02-22", "by": "replied"}));
        assert_eq!((&it["on"], &it["department"]["name"]), (&json!("2024-12-27"), &json!("区交通运输局")));
        assert_eq!(it["explanation"], "2024-12-27，办理结果分类因新的答复由B改为A（由未解决改为已解决），承办单位为区交通运输局。原分类自2024-02-22起有效，其间没有新的附件、信函或附证明材料的落实报告。");
        // The version is the number of the event in the case's history.
        let events = world.committee().get(&format!("{bare}/events")).expect(200).json["events"].clone();
        let raised = events.as_array().unwrap().iter().find(|e| e["version"] == it["version"]).unwrap();
        assert_eq!((&raised["event"]["type"], &raised["occurred_on"]), (&json!("replied"), &json!("2024-12-27")));
        // Seven days end with the period's last; that of June was in the last days of its own period.
        for (query, n) in [("to=2025-01-02", 1), ("to=2025-01-03", 0), ("to=2024-12-26", 0), ("to=2024-06-05", 1), ("from=2024-06-04&to=2024-06-05", 0), ("to=2024-06-10", 0)] {
            assert_eq!(kinds(world, &format!("{query}&kind=class_raised")).len(), n, "{query}");
            assert_eq!(kinds(world, query).iter().filter(|(kind, _)| kind == "class_raised").count(), n, "{query}");
        }
        world.assert_no_drift();
    }

    fn a_revisit_raises_a_class_with_its_evidence_or_is_told(world) {
        world.on("2024-02-22");
        let closed = |title: &str| {
            let path = world.answered(title, "B").0;
            let good = json!({"attitude": "satisfied", "result": "satisfied"});
            world.later(TimeDelta::hours(3));
            world.does("chen", &format!("{path}/evaluations"), good);
            world.does("committee", &format!("{path}/closure"), json!({}));
            path
        };
        let (shown, bare) = (closed("回头看有材料"), closed("回头看无材料"));
        world.on("2024-12-30");
        let mut seen = json!({"day": "2024-12-30", "way": "visit", "people": ["代表工委"], "finding": "已落实", "outcome": "resolved_since", "class": "A"});
        world.does("committee", &format!("{bare}/revisits"), seen.clone());
        seen["evidence"] = json!("现场照片");
        world.does("committee", &format!("{shown}/revisits"), seen);
        assert_eq!(kinds(world, PERIOD), one("class_raised", "回头看无材料"));
        world.assert_no_drift();
    }

    fn an_extension_asked_for_on_the_last_day_is_told_and_one_on_the_day_before_is_not(world) {
        world.on("2024-02-22");
        let (last, before) = (world.in_hand("最后一日").0, world.in_hand("前一日").0);
        let asks = |path: &str| world.does("transport", &format!("{path}/assignments/1/extension"), json!({"reason": "涉及面广", "until": "2024-07-31"}));
        world.on("2024-05-21");
        asks(&before);
        world.on("2024-05-22");
        asks(&last);
        assert_eq!(kinds(world, PERIOD), one("extension_on_last_day", "最后一日"));
        let it = told(&world.committee(), PERIOD).remove(0);
        assert_eq!(it["facts"], json!({"kind": "extension_on_last_day", "due": "2024-05-22", "until": "2024-07-31"}));
        world.assert_no_drift();
    }

    fn a_case_that_goes_round_is_told_and_one_that_two_departments_decline_is_not(world) {
        world.on("2024-02-22");
        let (loops, thrice, twice) = (world.registered("来回").0, world.registered("三家").0, world.registered("两家").0);
        let round = |path: &str, username: &str, number: u32| {
            let party = world.signed_in(username).party;
            let to = json!({"handlers": [{"department": party, "part": "sole"}]});
            world.does("committee", &format!("{path}/assignments"), to);
            world.does(username, &format!("{path}/assignments/{number}/hand-back"), json!({"reason": "不属我局"}));
            world.does("committee", &format!("{path}/assignments/{number}/hand-back/decision"), json!({"granted": true}));
        };
        round(&loops, "transport", 1);
        round(&twice, "transport", 1);
        round(&thrice, "transport", 1);
        round(&twice, "housing", 2);
        round(&thrice, "housing", 2);
        assert_eq!(kinds(world, PERIOD), []);
        round(&thrice, "court", 3);
        assert_eq!(kinds(world, PERIOD), one("hand_back_loop", "三家"));
        round(&loops, "transport", 2);
        let it = told(&world.committee(), PERIOD);
        let facts: Vec<_> = it.iter().map(|it| (it["facts"]["by_department"].as_u64().unwrap(), it["facts"]["altogether"].as_u64().unwrap())).collect();
        assert_eq!(facts.len(), 2);
        assert!(facts.contains(&(1, 3)) && facts.contains(&(2, 2)), "{facts:?}");
        // By the department whose hand-back it is.
        let court = world.signed_in("court").party;
        assert_eq!(kinds(world, &format!("{PERIOD}&department={court}")), one("hand_back_loop", "三家"));
        world.assert_no_drift();
    }

    fn a_judgement_within_ten_minutes_is_told_and_one_at_ten_is_not(world) {
        world.on("2024-04-10");
        let good = json!({"attitude": "satisfied", "result": "satisfied"});
        let judged = |title: &str, seconds: i64| {
            let path = world.answered(title, "A").0;
            world.later(TimeDelta::seconds(seconds));
            world.does("chen", &format!("{path}/evaluations"), good.clone());
        };
        judged("十分整", 600);
        judged("九分五十九秒", 599);
        judged("二十秒", 20);
        let told = told(&world.committee(), PERIOD);
        let seconds: Vec<_> = told.iter().map(|it| it["facts"]["seconds"].as_u64().unwrap()).collect();
        assert_eq!(seconds, [20, 599]);
        assert!(told[0]["explanation"].as_str().unwrap().contains("不到1分钟"), "{}", told[0]);
        assert_eq!(told[1]["explanation"], "2024-04-10，区交通运输局的第1号答复登记后9分钟，代表即在系统中作出评价。该评价计入满意率。");
        // A paper form was filled in when nobody knows; one who was answered by paper had it before it was entered.
        let paper = world.answered("纸质评价表", "A").0;
        let mut form = good.clone();
        form["on_behalf_of"] = json!(world.deputy().party);
        world.does("committee", &format!("{paper}/evaluations"), form);
        // Deputies judge the day after, or the same day hours later, at their ease.
        let slow = world.answered("次日", "A").0;
        world.later(TimeDelta::days(1));
        world.does("li", &format!("{slow}/evaluations"), good);
        assert_eq!(kinds(world, PERIOD).len(), 2);
        world.assert_no_drift();
    }

    fn a_letter_that_another_case_was_sent_is_told_and_its_head_and_thanks_are_not(world) {
        world.on("2024-04-10");
        let reply = |title: &str, letter: Value| {
            let path = world.in_hand(title).0;
            world.later(TimeDelta::minutes(1));
            world.does("transport", &format!("{path}/assignments/1/reply"), letter);
            path
        };
        let first = reply("公交一", long_letter("A", BUS));
        // Only what all letters say is the same, and a short word is too short to tell.
        reply("道路", long_letter("A", ROADS));
        reply("短一", long_letter("A", "已列入计划，年内实施。"));
        reply("短二", long_letter("A", "已列入计划，年内实施。"));
        assert_eq!(kinds(world, PERIOD), []);
        let second = reply("公交二", long_letter("A", &BUS.replace("织里镇", "八里店镇").replace("八辆", "六辆")));
        assert_eq!(kinds(world, PERIOD), one("reply_alike", "公交二"));
        let it = told(&world.committee(), PERIOD).remove(0);
        assert_eq!(it["facts"]["other"], json!(first.trim_start_matches("/v1/cases/")));
        let percent = it["facts"]["percent"].as_u64().unwrap();
        assert!((80..100).contains(&percent), "{percent}");
        // The same letter in better words is no second one.
        world.later(TimeDelta::minutes(1));
        let correction = json!({"reason": "文号有误", "letter": long_letter("A", &BUS.replace("织里镇", "八里店镇"))});
        world.does("transport", &format!("{second}/assignments/1/reply/correction"), correction);
        assert_eq!(kinds(world, PERIOD).len(), 1);
        // What a correction says anew is compared.
        let turned = reply("改成一样", long_letter("A", &ROADS.replace("八里店", "妙西").chars().rev().collect::<String>()));
        assert_eq!(kinds(world, PERIOD).len(), 1);
        world.later(TimeDelta::minutes(1));
        let correction = json!({"reason": "重写", "letter": long_letter("A", BUS)});
        world.does("transport", &format!("{turned}/assignments/1/reply/correction"), correction);
        let told = told(&world.committee(), PERIOD);
        assert_eq!((told[0]["case"]["title"].as_str(), &told[0]["facts"]["percent"], &told[0]["facts"]["letters"]), (Some("改成一样"), &json!(100), &json!(2)));
        world.assert_no_drift();
    }

    fn merged_cases_share_one_letter_by_law(world) {
        world.on("2024-04-10");
        let (main, joined) = (world.registered("牵头件").0, world.registered("并入件").0);
        world.does("committee", &format!("{joined}/merger"), json!({"into": main.trim_start_matches("/v1/cases/")}));
        let to = json!({"handlers": [{"department": world.transport().party, "part": "sole"}]});
        world.does("committee", &format!("{main}/assignments"), to);
        world.does("transport", &format!("{main}/assignments/1/acceptance"), json!({}));
        world.does("transport", &format!("{main}/assignments/1/reply"), long_letter("A", BUS));
        assert_eq!(kinds(world, PERIOD), []);
        // After that each goes its own way, and a third one is compared with the letter once.
        world.later(TimeDelta::minutes(20));
        rejected(world, &joined);
        world.does("transport", &format!("{joined}/assignments/1/reply"), long_letter("A", BUS));
        assert_eq!(kinds(world, PERIOD), []);
        let third = world.in_hand("另一件").0;
        world.does("transport", &format!("{third}/assignments/1/reply"), long_letter("A", BUS));
        assert_eq!(kinds(world, PERIOD), one("reply_alike", "另一件"));
        world.assert_no_drift();
    }

    fn letters_of_one_instant_are_compared_whichever_is_written_first(world) {
        world.on("2024-04-10");
        let transport = world.transport();
        let early = world.in_hand("钟慢").0;
        world.later(TimeDelta::hours(1));
        let mut paths = [world.in_hand("先拟").0, world.in_hand("后拟").0];
        // Ids of one instant come in any order.
        paths.sort();
        let title = |path: &str| world.committee().get(path).expect(200).json["title"].as_str().unwrap().to_owned();
        // The newer case's letter is written first: of one instant, the order is that of the cases.
        transport.post(&format!("{}/assignments/1/reply", paths[1]), long_letter("A", BUS)).expect(200);
        assert_eq!(kinds(world, PERIOD), []);
        transport.post(&format!("{}/assignments/1/reply", paths[0]), long_letter("A", BUS)).expect(200);
        assert_eq!(kinds(world, PERIOD), one("reply_alike", &title(&paths[1])));
        // A clock that was set back: the letter comes second and is the earlier one.
        world.later(TimeDelta::minutes(-30));
        transport.post(&format!("{early}/assignments/1/reply"), long_letter("A", BUS)).expect(200);
        world.later(TimeDelta::hours(1));
        let told = told(&world.committee(), PERIOD);
        let others: Vec<_> = told.iter().map(|it| (format!("/v1/cases/{}", it["case"]["id"].as_str().unwrap()), format!("/v1/cases/{}", it["facts"]["other"].as_str().unwrap()))).collect();
        assert_eq!(others, [(paths[1].clone(), early.clone()), (paths[0].clone(), early)]);
        world.assert_no_drift();
    }

    fn a_promise_that_is_moved_twice_is_told_and_one_that_is_moved_once_is_not(world) {
        world.on("2024-04-10");
        let promise = |text: &str, due: &str| json!({"text": text, "due_on": due});
        let answer = |promises: Vec<Value>| {
            let mut answer = letter("B");
            answer["commitments"] = json!(promises);
            answer
        };
        let replied = |title: &str, promises: Vec<Value>| {
            let path = world.in_hand(title).0;
            world.does("transport", &format!("{path}/assignments/1/reply"), answer(promises));
            path
        };
        let corrects = |path: &str, promises: Vec<Value>| {
            world.does("transport", &format!("{path}/assignments/1/reply/correction"), json!({"reason": "期限调整", "letter": answer(promises)}));
        };
        let (stations, trees) = ("振兴路增设两处港湾站台", "沿线补种行道树三百棵");
        let moved = replied("两次延后", vec![promise(stations, "2024-06-30"), promise(trees, "2024-10-31")]);
        let once = replied("一次延后一次提前", vec![promise(stations, "2024-06-30")]);
        let other = replied("另立承诺", vec![promise(stations, "2024-06-30"), promise(trees, "2024-10-31")]);
        corrects(&moved, vec![promise(trees, "2024-10-31"), promise("在振兴路增设两处港湾式站台", "2024-09-30")]);
        corrects(&once, vec![promise(stations, "2024-12-31")]);
        corrects(&other, vec![promise(stations, "2024-09-30"), promise("编制全区公交专项规划", "2024-11-30")]);
        assert_eq!(kinds(world, PERIOD), []);
        corrects(&moved, vec![promise(trees, "2024-10-31"), promise("增设港湾站台两处（振兴路）", "2024-12-31"), promise("编制规划", "2024-12-31")]);
        corrects(&once, vec![promise("全部建成", "2024-09-30")]);
        corrects(&other, vec![promise("开通夜间线路", "2024-12-31"), promise("编制全区公交专项规划", "2024-12-31")]);
        assert_eq!(kinds(world, PERIOD), one("promise_moved", "两次延后"));
        let it = told(&world.committee(), PERIOD).remove(0);
        assert_eq!(it["facts"]["promises"], json!([{"commitment": 6, "moves": 2, "dues": ["2024-06-30", "2024-09-30", "2024-12-31"]}]));
        assert!(it["explanation"].as_str().unwrap().contains("2024-06-30 → 2024-09-30 → 2024-12-31"), "{it}");
        world.assert_no_drift();
    }

    fn the_list_comes_in_pages_and_ends(world) {
        world.on("2024-04-10");
        let good = json!({"attitude": "satisfied", "result": "satisfied"});
        for n in 0..7 {
            let path = world.answered(&format!("第{n}件"), "A").0;
            world.does("chen", &format!("{path}/evaluations"), good.clone());
            world.does("li", &format!("{path}/evaluations"), good.clone());
            world.later(TimeDelta::days(n % 2));
        }
        let committee = world.committee();
        let all = told(&committee, PERIOD);
        assert_eq!(all.len(), 14);
        for kind in ["", "&kind=evaluation_in_haste"] {
            let (mut paged, mut next) = (Vec::new(), Some(format!("/v1/signals?{PERIOD}{kind}&limit=3")));
            while let Some(url) = next {
                let page = committee.get(&url).expect(200);
                let told = page.json["signals"].as_array().unwrap().clone();
                assert!(!told.is_empty() && told.len() <= 3);
                paged.extend(told);
                next = page.json["next"].as_str().map(str::to_owned);
                assert_eq!(page.header("link").is_empty(), next.is_none());
            }
            assert_eq!(paged, all);
        }
        for (query, pointer) in [("cursor=eA", "?cursor"), ("kind=late", "?kind"), ("limit=0", "?limit"), ("from=2024-13-01", "?from"), ("from=2024-05-01&to=2024-04-01", "?from"), ("department=x", "?department"), ("until=2024-01-01", "?until")] {
            assert_eq!(committee.get(&format!("/v1/signals?{query}")).expect(422).pointers(), [pointer], "{query}");
        }
        // Another congress is another house.
        assert_eq!(committee.get("/v1/signals?congress=330503").expect(200).json["signals"], json!([]));
    }

    fn what_is_confidential_is_withheld_and_no_open_letter_tells_what_a_hidden_one_says(world) {
        world.on("2024-04-10");
        let open = world.in_hand("公开件").0;
        world.does("transport", &format!("{open}/assignments/1/reply"), long_letter("A", BUS));
        world.later(TimeDelta::minutes(5));
        let secret = world.in_hand("某企业安全隐患").0;
        world.does("transport", &format!("{secret}/assignments/1/reply"), long_letter("A", BUS));
        world.does("chen", &format!("{secret}/evaluations"), json!({"attitude": "satisfied", "result": "satisfied"}));
        world.later(TimeDelta::minutes(5));
        let third = world.in_hand("第三件").0;
        world.does("transport", &format!("{third}/assignments/1/reply"), long_letter("A", BUS));
        assert_eq!(kinds(world, PERIOD).len(), 3);
        world.does("leader", &format!("{secret}/confidentiality"), json!({"confidential": true, "reason": "商业秘密"}));
        let staff = told(&world.committee(), PERIOD);
        let titles: Vec<_> = staff.iter().map(|it| (it["kind"].as_str().unwrap(), it["case"]["title"].as_str().unwrap(), it["version"].is_i64())).collect();
        // The third is nearest to the open one, and by the order of all letters compared with that.
        assert_eq!(titles, [("reply_alike", "第三件", true), ("evaluation_in_haste", "（保密件）", false)]);
        assert!(!staff.iter().any(|it| it.to_string().contains("某企业")));
        for name in ["leader", "auditor"] {
            let all = told(&world.signed_in(name), PERIOD);
            assert_eq!(all.len(), 3, "{name}");
            assert!(all.iter().any(|it| it["case"]["title"] == "某企业安全隐患" && it["version"].is_i64()), "{name}");
        }
        // Pages are as full as they can be, whatever is left out.
        let page = world.committee().get(&format!("/v1/signals?{PERIOD}&limit=2")).expect(200).json;
        assert_eq!((page["signals"].as_array().map(Vec::len), &page["next"]), (Some(2), &Value::Null));
        // Named, she reads it.
        let id = world.committee().get("/v1/me").expect(200).json["user"].clone();
        world.does("leader", &format!("{secret}/readers"), json!({"readers": [id]}));
        assert_eq!(kinds(world, PERIOD).len(), 3);
        world.assert_no_drift();
    }

    fn each_reader_counts_events_as_he_sees_them(world) {
        world.on("2024-04-10");
        let path = world.in_hand("拟稿").0;
        // What stays inside the department leaves no gap for the committee, and stands before the auditor.
        for _ in 0..2 {
            world.does("transport", &format!("{path}/assignments/1/reply/draft"), letter("A"));
        }
        world.does("transport-approver", &format!("{path}/assignments/1/reply/signature"), json!({}));
        world.does("chen", &format!("{path}/evaluations"), json!({"attitude": "satisfied", "result": "satisfied"}));
        let version = |name: &str| {
            let caller = world.signed_in(name);
            let version = told(&caller, PERIOD)[0]["version"].as_i64().unwrap();
            let events = caller.get(&format!("{path}/events")).expect(200).json["events"].clone();
            let raised = events.as_array().unwrap().iter().find(|e| e["version"] == version).unwrap().clone();
            assert_eq!(raised["event"]["type"], "evaluated", "{name}");
            version
        };
        assert_eq!(version("auditor"), version("committee") + 2);
    }

    fn a_tampered_list_is_found_and_a_lost_one_derived_anew(world) {
        world.on("2024-04-10");
        for title in ["甲", "乙"] {
            let path = world.in_hand(title).0;
            world.does("transport", &format!("{path}/assignments/1/reply"), long_letter("A", BUS));
            world.does("chen", &format!("{path}/evaluations"), json!({"attitude": "satisfied", "result": "satisfied"}));
        }
        let before = told(&world.committee(), PERIOD);
        assert_eq!(before.len(), 3);
        let tamper = |sql: &'static str| {
            let done = world.office.store().write_here(move |db| db.batch_execute(sql).map_err(|e| Fault::from(StoreError::from(e))));
            done.unwrap();
        };
        let found = |column: &str| {
            let report = wait(world.office.verify()).unwrap();
            report.findings.iter().filter(|it| it.column == column).count()
        };
        world.assert_no_drift();
        tamper("DELETE FROM signals WHERE kind = 'reply_alike'");
        assert_eq!(found("signals"), 1);
        tamper("UPDATE signals SET facts = '{\"kind\":\"evaluation_in_haste\",\"reply\":1,\"seconds\":599,\"counts\":true}'");
        assert_eq!(found("signals"), 2);
        tamper("DELETE FROM reply_marks");
        assert_eq!(found("marks of letters"), 2);
        tamper("DELETE FROM signals");
        world.office.rebuild().unwrap();
        world.assert_no_drift();
        assert_eq!(told(&world.committee(), PERIOD), before);
    }

    fn the_kinds_say_what_they_mean_in_both_languages(world) {
        let nobody = world.nobody();
        let zh = nobody.get("/v1/signals/kinds").expect(200).json;
        let en = nobody.ask(Method::GET, "/v1/signals/kinds").header("accept-language", "en").send().expect(200).json;
        assert_eq!(zh["kinds"].as_array().map(Vec::len), Some(6));
        for (zh, en) in zh["kinds"].as_array().unwrap().iter().zip(en["kinds"].as_array().unwrap()) {
            assert_eq!((&zh["kind"], &zh["limits"]), (&en["kind"], &en["limits"]));
            for (_, limit) in zh["limits"].as_object().unwrap() {
                // No number is set that the words do not say.
                let said = format!("{zh}{en}").replace(&zh["limits"].to_string(), "");
                assert!(said.matches(&limit.to_string()).count() >= 2, "{limit} in {said}");
            }
            assert!(!en["definition"].as_str().unwrap().contains('。'));
        }
    }
}

#[test]
fn what_a_ledger_brings_raises_nothing_that_rests_on_instants_or_papers() {
    let world = World::on_sqlite();
    world.on("2024-09-01");
    let ledger = "编号,标题,领衔代表,主办单位,交办日期,答复日期,办理结果,评价\n\
                  1,关于停车的建议,陈芳,区交通运输局,2024-02-22,2024-04-10,A,满意\n\
                  2,关于公交的建议,陈芳,区交通运输局,2024-02-22,2024-04-11,B,满意\n";
    let file = world.folder().join("ledger.csv");
    std::fs::write(&file, ledger).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("imported.db").display());
    let run = |args: &[&str]| {
        crate::support::program::succeeds(
            crate::support::program::jianyi(folder.path(), Some(&url)).args(args),
        )
    };
    run(&["congress", "add", "330502", "--name", "吴兴区", "--policy", "zhejiang-2016"]);
    run(&["import", file.to_str().unwrap(), "--congress", "330502", "--session", "2024"]);
    assert!(run(&["verify"]).contains("no drift"));
    let db = rusqlite_count(&folder.path().join("imported.db"));
    assert_eq!(db, 0);
}

fn rusqlite_count(file: &std::path::Path) -> i64 {
    use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_types::BigInt};
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    let mut db = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    let signals: Count = diesel::sql_query("SELECT count(*) AS n FROM signals").get_result(&mut db).unwrap();
    let cases: Count = diesel::sql_query("SELECT count(*) AS n FROM cases").get_result(&mut db).unwrap();
    assert_eq!(cases.n, 2);
    signals.n
}

on_both! {
    fn of_nearly_equal_letters_sent_at_once_each_but_the_first_is_told(world) {
        world.on("2024-04-10");
        let paths: Vec<String> = (0..6).map(|n| world.in_hand(&format!("同时第{n}件")).0).collect();
        let transport = world.transport();
        std::thread::scope(|scope| {
            let sending: Vec<_> = paths.iter().map(|path| {
                let transport = &transport;
                scope.spawn(move || transport.post(&format!("{path}/assignments/1/reply"), long_letter("A", BUS)).expect(200))
            }).collect();
            sending.into_iter().for_each(|it| drop(it.join().unwrap()));
        });
        assert_eq!(kinds(world, PERIOD).len(), 5);
        world.assert_no_drift();
    }
}
