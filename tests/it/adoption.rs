//! A new version of a policy takes effect from a day: open cases keep theirs or follow it, as the version says.

use crate::{
    on_both,
    support::{
        World,
        world::{CONGRESS, letter, wait},
    },
};
use jianyi::{
    domain::{
        case::{Command, DeputyRef, Draft},
        ids::{CaseId, CongressId},
        text::{Body, Title},
    },
    office::{Books, Fault, PaperCase, PaperStep},
    store::{directory, settings},
};
use reqwest::Method;
use serde_json::{Value, json};

/// 办理规定 as amended: two months instead of three, from the first of April.
fn amended(open_cases: &str) -> Books {
    let mut books = Books::shipped();
    let text = format!(
        "id = \"zhejiang-2016\"\nversion = 2\nextends = \"zhejiang-2016\"\nname = \"浙江省代表建议办理规定（修订）\"\n\
         cite = \"浙江省代表建议办理规定\"\nedition = \"2024-03-01\"\neffective_from = \"2024-04-01\"\n\
         open_cases = \"{open_cases}\"\n\
         [terms.reply]\namount = 2\nunit = \"months\"\nanchor = \"assigned\"\nclause = \"第二十二条\"\n"
    );
    books.policies.add(&text).expect("a sound policy");
    books
}

fn adopt(world: &World) -> usize {
    wait(world.office.adopt_policies()).expect("adoption runs")
}

/// The reply's due date, its verdict, and the policy that says so.
fn reply_due(world: &World, path: &str) -> (String, String, u64) {
    let deadlines = world.committee().get(&format!("{path}/deadlines")).expect(200).json;
    let reply = deadlines["deadlines"].as_array().unwrap().iter().find(|d| d["kind"] == "reply").unwrap();
    let text = |field: &str| reply[field].as_str().unwrap().to_owned();
    (text("due"), text("verdict"), reply["policy"]["version"].as_u64().unwrap())
}

/// The due date in the row, which lists print.
fn listed_due(world: &World, path: &str) -> Value {
    let lists = world.committee().get("/v1/cases?congress=330502&limit=100").expect(200).json;
    let line = lists["cases"].as_array().unwrap().iter().find(|c| c["href"] == path).unwrap();
    assert!(line.get("due_on").is_some(), "{line}");
    line["due_on"].clone()
}

fn on_time(world: &World) -> (u64, u64) {
    let page = "/v1/figures?congress=330502&metric=on_time_rate";
    let figure = world.committee().get(page).expect(200).json["figures"][0].clone();
    (figure["numerator"].as_u64().unwrap(), figure["denominator"].as_u64().unwrap())
}

fn setting(world: &World, name: &'static str) -> Option<String> {
    world.office.store().read_here(|db| Ok::<_, Fault>(settings::get(db, name)?)).unwrap()
}

/// Four cases under the first version: one open, one answered in the third month, one closed, one never handed in.
fn four(world: &World) -> [String; 4] {
    world.on("2024-01-22");
    let (answered, version) = world.in_hand("关于已答复的建议");
    let (closed, closed_version) = world.in_hand("关于已办结的建议");
    world.on("2024-02-22");
    let (open, _) = world.in_hand("关于办理中的建议");
    let draft = json!({"kind": "suggestion", "title": "关于草稿的建议", "body": "正文"});
    let draft = world.deputy().create("/v1/cases", draft).expect(201).json["id"].as_str().unwrap().to_owned();
    world.on("2024-03-29");
    let reply = |path: &str, _| {
        world.transport().post(&format!("{path}/assignments/1/reply"), letter("A")).expect(200).version()
    };
    reply(&answered, version);
    reply(&closed, closed_version);
    let judgement = json!({"attitude": "satisfied", "result": "satisfied"});
    world.deputy().post(&format!("{closed}/evaluations"), judgement).expect(200);
    world.committee().post(&format!("{closed}/closure"), json!({})).expect(200);
    [open, answered, closed, format!("/v1/cases/{draft}")]
}

on_both! {
    fn open_cases_follow_a_version_that_says_so_from_its_day(world) {
        let world = world.like(amended("follow"));
        let [open, answered, closed, draft] = four(&world);
        world.on("2024-03-31");
        assert_eq!(adopt(&world), 0);
        assert_eq!(reply_due(&world, &open), ("2024-05-22".into(), "open".into(), 1));
        assert_eq!(on_time(&world), (2, 3));
        let version = |path: &str| world.committee().get(path).expect(200).version();
        let was = version(&open);

        world.on("2024-04-01");
        assert_eq!(adopt(&world), 2);
        // Read before and kept for the next reader, but not past this.
        assert_eq!(version(&open), was + 1);
        assert_eq!(reply_due(&world, &open), ("2024-04-22".into(), "open".into(), 2));
        assert_eq!(listed_due(&world, &open), "2024-04-22");
        assert_eq!(reply_due(&world, &answered), ("2024-03-22".into(), "late".into(), 2));
        assert_eq!(reply_due(&world, &closed), ("2024-04-22".into(), "met".into(), 1));
        assert_eq!(listed_due(&world, &closed), "2024-04-22");
        assert_eq!(world.deputy().get(&draft).expect(200).version(), 1);
        // The answer that was in time is not any more; what is closed stays as it was judged.
        assert_eq!(on_time(&world), (1, 3));
        let told = world.story(&world.committee(), &open);
        assert_eq!(told.lines().last(), Some(" 7  2024-04-01  系统（办法修订）  policy_adopted"), "{told}");
        world.assert_no_drift();

        let versions = |world: &World| [&open, &answered, &closed].map(|path| world.committee().get(path).expect(200).version());
        let before = versions(&world);
        for day in ["2024-04-01", "2024-04-02", "2024-04-03"] {
            assert_eq!(adopt(world.on(day)), 0);
        }
        assert_eq!((versions(&world), on_time(&world)), (before, (1, 3)));
        world.compact();
        assert_eq!(on_time(&world), (1, 3));
        world.assert_no_drift();
    }

    fn open_cases_keep_their_version_where_the_new_one_lets_them(world) {
        let world = world.like(amended("keep"));
        let [open, answered, ..] = four(&world);
        world.on("2024-04-02");
        assert_eq!(adopt(&world), 0);
        assert_eq!(reply_due(&world, &open), ("2024-05-22".into(), "open".into(), 1));
        assert_eq!(reply_due(&world, &answered), ("2024-04-22".into(), "met".into(), 1));
        assert_eq!((listed_due(&world, &open), on_time(&world)), (json!("2024-05-22"), (2, 3)));
        // What is assigned from now on goes by the new one.
        let (new, _) = world.in_hand("关于修订后的建议");
        assert_eq!(reply_due(&world, &new), ("2024-06-03".into(), "open".into(), 2));
        assert_eq!(setting(&world, "adopted:330502"), None);
        world.assert_no_drift();
    }

    fn what_was_adopted_is_remembered_once_its_first_day_is_over(world) {
        let world = world.like(amended("follow"));
        world.on("2024-04-01");
        adopt(&world);
        // A command decided a moment before midnight may be written a moment after the walk.
        assert_eq!(setting(&world, "adopted:330502"), None);
        adopt(world.on("2024-04-02"));
        assert_eq!(setting(&world, "adopted:330502").as_deref(), Some("zhejiang-2016@2"));
        assert_eq!(setting(&world, "adopted:330503").as_deref(), Some("zhejiang-2016@2"));
        // From now on nobody looks for cases: here is one that a walk would find.
        world.on("2024-03-01");
        let (path, version) = world.in_hand("关于不再查找的建议");
        world.on("2024-04-03");
        assert_eq!(adopt(&world), 0);
        assert_eq!(world.version(&path), version);
    }

    fn a_later_event_is_not_overtaken_and_late_paper_still_comes_in(world) {
        let world = world.like(amended("follow"));
        world.on("2024-02-22");
        let (path, _) = world.registered("关于补录的建议");
        let (moved, _) = world.in_hand("关于已有进展的建议");
        world.on("2024-04-05");
        let talk = json!({"day": "2024-04-05", "way": "phone"});
        world.transport().post(&format!("{moved}/assignments/1/consultations"), talk).expect(200);
        // The service was away for the first days of April.
        assert_eq!(adopt(world.on("2024-04-09")), 2);
        let story = |path: &str| world.story(&world.committee(), path).lines().last().unwrap_or_default().to_owned();
        assert_eq!(story(&path), " 5  2024-04-01  系统（办法修订）  policy_adopted");
        assert_eq!(story(&moved), " 8  2024-04-05  系统（办法修订）  policy_adopted");
        // Paper of the days between is still entered: the event stands on the version's day, not on today's.
        let sole = json!({"handlers": [{"department": world.housing().party, "part": "sole"}]});
        let paper = format!("{path}/assignments?occurred_on=2024-04-02");
        world.committee().post(&paper, sole).expect(200);
        assert_eq!(reply_due(&world, &path), ("2024-06-03".into(), "open".into(), 2));
        world.assert_no_drift();
    }

    fn commands_and_the_adoption_meet_and_none_is_lost(world) {
        let world = world.like(amended("follow"));
        world.on("2024-02-22");
        let cases: Vec<(String, i64)> = (0..4).map(|n| world.in_hand(&format!("第{n}件"))).collect();
        world.on("2024-04-01");
        let transport = world.transport();
        let talk = |path: &str| {
            let body = json!({"day": "2024-04-01", "way": "phone"});
            let asked = transport.ask(Method::POST, &format!("{path}/assignments/1/consultations"));
            asked.header("if-match", "*").json(body).send().expect(200)
        };
        let adopted = std::thread::scope(|scope| {
            scope.spawn(|| {
                for (path, _) in cases.iter().cycle().take(24) {
                    talk(path);
                }
            });
            adopt(&world) + adopt(&world)
        });
        assert_eq!(adopted, 4);
        for (path, version) in &cases {
            assert_eq!(world.version(path), version + 7);
            let told = world.story(&world.committee(), path);
            assert_eq!(told.matches("policy_adopted").count(), 1, "{told}");
        }
        world.assert_no_drift();
    }

    fn a_congress_of_many_pages_is_brought_to_it_whole(world) {
        let world = world.like(amended("follow"));
        world.on("2024-02-22");
        let office = world.office.clone();
        let entered = world.office.store().write_here(move |db| {
            let congress: CongressId = CONGRESS.parse().unwrap();
            let deputy = directory::deputies(db, &congress)?.remove(0);
            let lead: DeputyRef = deputy.named()?;
            let on = office.today();
            for n in 0..450 {
                let draft = Draft {
                    id: CaseId(office.fresh_id()),
                    congress: congress.clone(),
                    kind: "suggestion".parse().unwrap(),
                    title: Title::parse(&format!("第{n}件")).unwrap(),
                    body: Body::parse("正文").unwrap(),
                    category: None,
                    lead: lead.clone(),
                    co_signers: Vec::new(),
                    invited: Vec::new(),
                    asks: Vec::new(),
                    delegation: None,
                    lead_delegation: None,
                    converted_from: None,
                };
                let submission = office.submission_on(db, &congress, on)?;
                let steps = vec![PaperStep { on, command: Command::Submit(submission) }];
                office.enter_paper(db, PaperCase { draft, drafted_on: on, steps }, "test")?;
            }
            Ok::<_, Fault>(450)
        });
        assert_eq!(entered.unwrap(), 450);
        world.on("2024-04-02");
        assert_eq!((adopt(&world), adopt(&world)), (450, 0));
        world.assert_no_drift();
    }
}
