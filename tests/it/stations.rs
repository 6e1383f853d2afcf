//! Contact stations: what a resident says at one, the ways it takes, the common suggestion that it becomes part of, what the
//! resident is told, and what is counted.

use crate::{
    on_both,
    support::{
        World,
        client::{Caller, Reply},
        world::{letter, wait},
    },
};
use diesel::connection::SimpleConnection;
use jianyi::{
    api::edge::Edge,
    api::limits::{Limits, Rates, Ticks},
    office::{Fault, StoreError},
    store::opinions,
};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;

const TEXT: &str = "早市期间菜场周边无处停车，车辆占道，盼增设车位。联系我 13812345678";

/// A station where 陈芳 receives residents; its path.
fn station(world: &World) -> String {
    let new = json!({"kind": "station", "code": "ZL-01", "name": "织里镇代表联络站", "place": "织里镇", "deputies": [world.deputy().party]});
    let made = world.committee().create("/v1/stations", new).expect(201);
    format!("/v1/stations/{}", made.json["id"].as_str().unwrap())
}

fn says(caller: &Caller, station: &str, topic: &str) -> Reply {
    let resident = json!({"name": "王大妈", "phone": "13987654321"});
    caller
        .create(&format!("{station}/opinions"), json!({"topic": topic, "text": TEXT, "resident": resident}))
        .expect(201)
}

/// The path of an opinion that was recorded.
fn path(recorded: &Reply) -> String {
    format!("/v1/opinions/{}", recorded.json["id"].as_str().unwrap())
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

fn status(world: &World, receipt: &Value) -> Value {
    world.nobody().create("/v1/public/opinions/status", json!({"receipt": receipt})).expect(200).json
}

fn sql(world: &World, statements: &'static str) -> Result<(), Fault> {
    world.office.store().write_here(move |db| {
        db.batch_execute(statements).map_err(|e| Fault::Store(StoreError::Unavailable(e.to_string())))
    })
}

fn findings(world: &World) -> Vec<(String, String)> {
    let report = wait(world.office.verify()).expect("verify runs");
    report
        .findings
        .into_iter()
        .map(|it| (it.place.split(' ').next().unwrap().to_owned(), it.column))
        .collect()
}

on_both! {
    fn an_opinion_goes_to_a_department_and_its_answer_to_the_resident(world) {
        world.on("2024-03-01");
        let station = station(world);
        let recorded = says(&world.deputy(), &station, "菜场周边停车难");
        let (opinion, receipt) = (path(&recorded), recorded.json["receipt"].clone());
        assert_eq!(recorded.json["resident"]["phone"], "13987654321");
        assert_eq!(status(world, &receipt)["state"], "recorded");
        let transport = world.transport();
        transport.get(&opinion).expect(404);
        world.signed_in("li").get(&opinion).expect(404);
        world.signed_in("chen@other").get(&opinion).expect(404);
        let passed = json!({"route": "department", "department": transport.party, "due_on": "2024-03-20"});
        let committee = world.committee();
        committee.create(&format!("{opinion}/sorting"), passed.clone()).expect(428);
        let stale = committee.ask(Method::POST, &format!("{opinion}/sorting")).header("if-match", "\"7\"");
        stale.json(passed.clone()).send().expect(412);
        let sorted = committee.post(&format!("{opinion}/sorting"), passed).expect(200);
        assert_eq!((sorted.version(), &sorted.json["state"]), (2, &json!("passed")));
        // The department sees the matter, and nothing by which the resident could be found.
        let seen = transport.get(&opinion).expect(200);
        assert!(seen.json["resident"].is_null() && !seen.text.contains("13812345678"), "{}", seen.text);
        assert!(!seen.text.contains("13987654321") && !seen.text.contains("王大妈"), "{}", seen.text);
        // Who did what and when is for the committee and auditors.
        let told = |caller: &Caller| caller.get(&opinion).expect(200).json["history"].as_array().map_or(0, Vec::len);
        assert_eq!((told(&transport), told(&world.deputy()), told(&committee), told(&world.signed_in("auditor"))), (0, 0, 2, 2));
        let listed = transport.get("/v1/opinions?state=passed").expect(200);
        assert_eq!(listed.json["opinions"][0]["due_on"], "2024-03-20");
        assert!(!listed.text.contains("13812345678") && !listed.text.contains("王大妈"));
        assert_eq!(world.housing().get("/v1/opinions").expect(200).json["opinions"], json!([]));
        let office = world.office.clone();
        let department = transport.party.parse().unwrap();
        let held = office.store().read_here(|db| Ok::<_, Fault>(opinions::in_hand(db, &"330502".parse().unwrap(), department, 10)?)).unwrap();
        assert_eq!(held.len(), 1);
        // Not theirs: it goes back, and is sorted anew.
        world.housing().post(&format!("{opinion}/hand-back"), json!({"reason": "不是我局的"})).expect(404);
        transport.post(&format!("{opinion}/hand-back"), json!({"reason": "属住建部门职责"})).expect(204);
        transport.get(&opinion).expect(404);
        let housing = world.housing();
        world.does("committee", &format!("{opinion}/sorting"), json!({"route": "department", "department": housing.party, "due_on": "2024-03-25"}));
        assert_eq!(housing.get(&opinion).expect(200).json["hand_backs"], json!([]));
        assert_eq!(status(world, &receipt)["told"], "您的意见已交有关部门办理，答复后将告知您。");
        world.does("committee", &format!("{station}/deputies"), json!({"deputies": [world.deputy().party, world.signed_in("li").party]}));
        world.does("housing", &format!("{opinion}/answer"), json!({"text": "已增设车位三十个，电话 13800001111"}));
        housing.post(&format!("{opinion}/answer"), json!({"text": "再答"})).expect(409);
        let told = status(world, &receipt);
        assert_eq!(told["answer"], "已增设车位三十个，电话 ＊＊＊");
        let waits = office.store().read_here(|db| Ok::<_, Fault>(opinions::to_tell(db, &"330502".parse().unwrap(), 10)?)).unwrap();
        assert_eq!(waits.len(), 1);
        // 李梅 belongs to the station now, and tells the resident; who is not content has it opened again.
        let closed = world.does("li", &format!("{opinion}/closure"), json!({"told_by": "phone", "contentment": "not_content"}));
        assert_eq!(closed.json["state"], "closed");
        world.does("chen", &format!("{opinion}/reopening"), json!({"reason": "车位只设了一周"}));
        assert!(status(world, &receipt)["answer"].is_null(), "what did not hold is no answer");
        let sorting = json!({"route": "not_accepted", "ground": "lawsuit", "redirect": "请向人民法院提起诉讼"});
        world.does("committee", &format!("{opinion}/sorting"), sorting);
        assert_eq!(status(world, &receipt)["redirect"], "请向人民法院提起诉讼");
        world.does("committee", &format!("{opinion}/closure"), json!({"told_by": "visit", "told_on": "2024-03-01"}));
        let whole = committee.get(&opinion).expect(200).json;
        let steps: Vec<&str> = whole["history"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
        assert_eq!(steps, ["recorded", "sorted", "handed_back", "sorted", "answered", "closed", "reopened", "sorted", "closed"]);
        assert_eq!((&whole["hand_backs"][0]["reason"], &whole["reopened"]), (&json!("属住建部门职责"), &json!(1)));
        // What was not accepted is closed, and counts as no answer.
        let figures = committee.get("/v1/station-figures").expect(200).json;
        assert_eq!((&figures["opinions"], &figures["answered"], &figures["closed"]), (&json!(1), &json!(0), &json!(1)));
        world.assert_no_drift();
    }

    fn alike_opinions_become_one_suggestion_and_everybody_is_told(world) {
        world.on("2024-03-01");
        let station = station(world);
        let first = says(&world.deputy(), &station, "菜场周边停车难");
        let nobody = world.nobody();
        let form = json!({"congress": "330502", "station": id(&station), "topic": "菜场停车位太少", "text": "早市期间菜场周边无处停车，盼增设停车位。"});
        let sent = nobody.create("/v1/public/opinions", form).expect(201);
        let other = world.deputy().create(&format!("{station}/opinions"), json!({"topic": "公园路灯不亮", "text": "公园北门路灯坏了三盏。"})).expect(201);
        let alike = world.deputy().get(&format!("{}/similar", path(&first))).expect(200).json;
        let found: Vec<&str> = alike["opinions"].as_array().unwrap().iter().map(|it| it["topic"].as_str().unwrap()).collect();
        assert_eq!(found, ["菜场停车位太少"]);
        let ids = [first.json["id"].clone(), alike["opinions"][0]["id"].clone()];
        let suggestion = |opinions: Value| json!({
            "title": "关于改善菜场周边停车的建议", "body": "多位群众反映……", "asks": ["增设车位"],
            "co_signers": [world.signed_in("li").party], "opinions": opinions
        });
        let chen = world.deputy();
        // Nobody makes a suggestion of what he does not see, of nothing, or twice of the same.
        let stranger = world.signed_in("shen").create("/v1/common-suggestions", json!({"title": "标题", "body": "正文", "opinions": ids.clone()}));
        assert_eq!(stranger.expect(422).pointers(), ["/opinions/0"]);
        assert_eq!(chen.create("/v1/common-suggestions", suggestion(json!([]))).expect(422).pointers(), ["/opinions"]);
        assert_eq!(chen.create("/v1/common-suggestions", suggestion(json!([ids[0], ids[0]]))).expect(422).pointers(), ["/opinions/1"]);
        world.transport().create("/v1/common-suggestions", suggestion(json!(ids))).expect(403);
        let made = chen.create("/v1/common-suggestions", suggestion(json!(ids))).expect(201);
        let case = format!("/v1/cases/{}", made.json["id"].as_str().unwrap());
        assert_eq!(made.json["opinions"].as_array().unwrap().len(), 2);
        assert!(!made.text.contains("13812345678") && made.text.contains("＊＊＊"), "{}", made.text);
        let again = chen.create("/v1/common-suggestions", suggestion(json!([ids[1]]))).expect(422);
        assert_eq!(again.pointers(), ["/opinions/0"]);
        // The committee sees that it joined, and which case it is once that is handed in.
        let joined = world.committee().get(&path(&first)).expect(200).json;
        assert_eq!((&joined["state"], &joined["suggestion"]), (&json!("joined"), &Value::Null));
        world.committee().post(&format!("{}/closure", path(&first)), json!({"told_by": "phone", "answer": "已办"})).expect(409);
        world.does("li", &format!("{case}/cosignature"), json!({}));
        world.does("chen", &format!("{case}/submission"), json!({}));
        world.does("committee", &format!("{case}/registration"), json!({}));
        let transport = world.transport();
        world.does("committee", &format!("{case}/assignments"), json!({"handlers": [{"department": transport.party, "part": "sole"}]}));
        world.does("transport", &format!("{case}/assignments/1/acceptance"), json!({}));
        let history = transport.get(&format!("{case}/events")).expect(200);
        assert_eq!(history.json["events"][0]["event"]["type"], "opinions_joined");
        assert_eq!(status(world, &sent.json["receipt"])["told"], "您的意见已并入一件代表建议，答复后将告知您。");
        assert!(status(world, &sent.json["receipt"])["suggestion"].is_null());
        let mut reply = letter("A");
        reply["answers"] = json!([{"ask": 1, "class": "A", "text": "已增设"}]);
        reply["publicity"] = json!("full");
        world.does("transport", &format!("{case}/assignments/1/reply"), reply);
        world.does("committee", &format!("{case}/publication"), json!({"publicity": "none", "ground": "涉及商业秘密"}));
        let told = status(world, &sent.json["receipt"]);
        assert_eq!(told["told"], "您的意见已并入一件代表建议，该建议已经答复。");
        assert!(told["suggestion"].is_null(), "what is not public is not named: {told}");
        world.does("committee", &format!("{case}/publication"), json!({"publicity": "full"}));
        let listed = world.committee().get(&format!("/v1/opinions?case={}", id(&case))).expect(200);
        assert_eq!(listed.json["opinions"].as_array().unwrap().len(), 2);
        let told = status(world, &sent.json["receipt"]);
        assert_eq!(told["told"], "您的意见已并入一件代表建议，该建议已经答复。");
        assert_eq!(told["suggestion"]["title"], "关于改善菜场周边停车的建议");
        world.nobody().get(told["suggestion"]["href"].as_str().unwrap()).expect(200);
        let link = chen.get(&path(&first)).expect(200).json["suggestion"].clone();
        assert_eq!((link["href"].as_str().unwrap(), &link["answered"]), (case.as_str(), &json!(true)));
        let waits = world.office.store().read_here(|db| Ok::<_, Fault>(opinions::to_tell(db, &"330502".parse().unwrap(), 10)?)).unwrap();
        assert_eq!(waits.len(), 2, "both residents wait to be told");
        world.does("chen", &format!("{}/closure", path(&first)), json!({"told_by": "phone", "answer": "已增设车位三十个"}));
        assert_eq!(status(world, &first.json["receipt"])["state"], "closed");
        // What comes later joins the same matter by its sorting.
        world.does("committee", &format!("{}/sorting", path(&other)), json!({"route": "common", "case": id(&case)}));
        let figures = world.committee().get("/v1/station-figures").expect(200).json;
        assert_eq!((&figures["opinions"], &figures["common_suggestions"], &figures["closed"]), (&json!(3), &json!(1), &json!(1)));
        assert_eq!(figures["by_route"], json!({"common": 3}));
        world.assert_no_drift();
        world.office.rebuild().unwrap();
        world.assert_no_drift();
    }

    fn a_confidential_suggestion_is_told_to_no_resident_and_to_no_stranger(world) {
        world.on("2024-03-01");
        let station = station(world);
        let opinion = says(&world.committee(), &station, "涉密事项");
        let lead = world.deputy().party;
        let paper = json!({"title": "关于保密事项的建议", "body": "正文", "lead": lead, "opinions": [opinion.json["id"]]});
        let made = world.committee().create("/v1/common-suggestions", paper).expect(201);
        let case = format!("/v1/cases/{}", made.json["id"].as_str().unwrap());
        assert_eq!(made.json["stage"], "submitted", "paper is handed in");
        let receipt = &opinion.json["receipt"];
        let auditor = world.signed_in("auditor");
        let staff = world.committee();
        let before = (status(world, receipt), staff.get(&path(&opinion)).expect(200).json["suggestion"].clone());
        assert_eq!(before.1["case"], made.json["id"]);
        world.does("leader", &format!("{case}/confidentiality"), json!({"confidential": true, "reason": "商业秘密"}));
        assert_eq!(status(world, receipt), before.0);
        assert!(staff.get(&path(&opinion)).expect(200).json["suggestion"].is_null());
        assert_eq!(staff.get(&format!("/v1/opinions?case={}", id(&case))).expect(200).json["opinions"], json!([]));
        assert_eq!(auditor.get(&path(&opinion)).expect(200).json["suggestion"]["case"], made.json["id"]);
        let another = path(&says(&world.deputy(), &station, "另一事项"));
        let joins = staff.post(&format!("{another}/sorting"), json!({"route": "common", "case": id(&case)}));
        assert_eq!(joins.expect(422).pointers(), ["/case"]);
        let lead = json!({"case": id(&case), "organ": "区人民检察院", "field": "国有财产", "reason": "线索"});
        assert_eq!(staff.create("/v1/leads", lead.clone()).expect(422).pointers(), ["/case"]);
        let passed = world.signed_in("leader").create("/v1/leads", lead).expect(201);
        let seen = staff.get(&format!("/v1/recommendations/{}", passed.json["id"].as_str().unwrap())).expect(200);
        assert!(seen.json["case"].is_null() && !seen.text.contains("国有财产"), "{}", seen.text);
        world.assert_no_drift();
    }

    fn residents_are_limited_and_receipts_are_not_guessed(world) {
        let world = &world.met(Edge { limits: Limits::new(Rates { opinion: 3, ..Rates::default() }, &Ticks::Turned(Arc::default())), ..Edge::default() });
        world.on("2024-03-01");
        let station = station(world);
        let nobody = world.nobody();
        let form = |station: &str| json!({"congress": "330502", "station": station, "topic": "标题", "text": "正文", "resident": {"phone": "13987654321"}});
        let sent = nobody.create("/v1/public/opinions", form(id(&station))).expect(201);
        let receipt = sent.json["receipt"].as_str().unwrap().to_owned();
        nobody.create("/v1/public/opinions", form("018d0fc8-4680-78a7-9053-95f06de1b2fb")).expect(404);
        let mut wrong = form(id(&station));
        wrong["colour"] = json!("red");
        assert_eq!(nobody.create("/v1/public/opinions", wrong).expect(422).pointers(), ["/colour"]);
        let limited = nobody.create("/v1/public/opinions", form(id(&station))).expect(429);
        assert_eq!(limited.header("retry-after"), "1200");
        for wrong in ["", "330502-", "x", "330503-AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-A", &format!("330503{}", &receipt[6..])] {
            let reply = nobody.create("/v1/public/opinions/status", json!({"receipt": wrong}));
            assert_eq!(reply.expect(404).json["detail"], "不存在", "{wrong}");
        }
        let typed = receipt.to_lowercase().replace('-', " ").replacen(' ', "-", 1);
        assert_eq!(status(world, &json!(typed))["state"], "recorded");
        let listed = nobody.get("/v1/public/stations?congress=330502").expect(200);
        assert!(listed.json["stations"][0]["deputies"].is_null());
        // The store keeps neither the code nor who sent it where others look.
        let opinions = world.committee().get("/v1/opinions").expect(200);
        assert!(!opinions.text.contains("13987654321"));
        let acts = world.signed_in("auditor").get("/v1/acts?kind=matter_moved").expect(200);
        assert!(acts.json["acts"][0]["address"].is_null() && !acts.text.contains(&receipt), "{}", acts.text);
        world.assert_no_drift();
    }

    fn a_station_takes_so_many_a_day_by_the_form_and_is_open_the_next(world) {
        world.on("2024-03-01");
        let station = station(world);
        let nobody = world.nobody();
        let form = json!({"congress": "330502", "station": id(&station), "topic": "标题", "text": "正文"});
        for _ in 0..200 {
            nobody.create("/v1/public/opinions", form.clone()).expect(201);
        }
        let full = nobody.create("/v1/public/opinions", form.clone()).expect(429);
        // It is ten in the morning in Shanghai.
        assert_eq!(full.header("retry-after"), (14 * 3600).to_string());
        says(&world.deputy(), &station, "到站的不受限");
        world.on("2024-03-02");
        nobody.create("/v1/public/opinions", form).expect(201);
    }

    fn a_resident_is_erased_and_every_change_behind_its_back_is_found(world) {
        world.on("2024-03-01");
        let station = station(world);
        let recorded = says(&world.deputy(), &station, "停车难");
        let opinion = path(&recorded);
        let reason = json!({"reason": "本人要求"});
        world.committee().create(&format!("{opinion}/resident-erasure"), reason.clone()).expect(409);
        world.does("committee", &format!("{opinion}/sorting"), json!({"route": "on_the_spot", "answer": "已答复"}));
        world.does("chen", &format!("{opinion}/closure"), json!({"told_by": "in_person"}));
        let named = json!({"reason": "王大妈要求"});
        assert_eq!(world.committee().create(&format!("{opinion}/resident-erasure"), named).expect(422).pointers(), ["/reason"]);
        world.deputy().create(&format!("{opinion}/resident-erasure"), reason.clone()).expect(403);
        world.committee().create(&format!("{opinion}/resident-erasure"), reason).expect(204);
        assert_eq!(world.committee().get(&opinion).expect(200).json["resident"]["name"], "（已删除）");
        let visits = json!({"day": "2024-03-01", "received": 3, "visitors": [{"who": "deputy", "deputy": world.deputy().party}]});
        world.deputy().create(&format!("{station}/visits"), visits).expect(201);
        world.assert_no_drift();
        // Nobody changes the ledger; and whoever gets around that is found.
        assert!(sql(world, "UPDATE matter_events SET body = '{}'").is_err());
        assert!(sql(world, "DELETE FROM receptions").is_err());
        sql(world, "UPDATE opinions SET state = 'passed'").unwrap();
        assert_eq!(findings(world), [("opinion".to_owned(), "row".to_owned())]);
        sql(world, "DELETE FROM opinion_terms; DELETE FROM opinions").unwrap();
        assert!(findings(world).contains(&("opinions".to_owned(), "rows".to_owned())), "{:?}", findings(world));
        world.office.rebuild().unwrap();
        world.assert_no_drift();
        let unguarded = if world.url().is_some() {
            "ALTER TABLE matter_events DISABLE TRIGGER USER; ALTER TABLE receptions DISABLE TRIGGER USER"
        } else {
            "DROP TRIGGER matter_events_are_kept; DROP TRIGGER matter_events_are_fixed; DROP TRIGGER receptions_are_fixed"
        };
        sql(world, unguarded).unwrap();
        sql(world, "UPDATE receptions SET received = 300").unwrap();
        assert!(findings(world).contains(&("reception".to_owned(), "row".to_owned())));
        sql(world, "UPDATE receptions SET received = 3; UPDATE matter_events SET body = REPLACE(body, '已答复', '没答复')").unwrap();
        assert!(findings(world).contains(&("opinion".to_owned(), "version 2".to_owned())), "{:?}", findings(world));
        sql(world, "UPDATE matter_events SET body = REPLACE(body, '没答复', '已答复')").unwrap();
        world.assert_no_drift();
        sql(world, "DELETE FROM matter_events WHERE version = 3").unwrap();
        assert!(findings(world).contains(&("opinion".to_owned(), "events".to_owned())), "{:?}", findings(world));
    }

    fn visits_are_counted_by_day_and_station(world) {
        world.on("2024-03-01");
        let station = station(world);
        let (chen, li) = (world.deputy(), world.signed_in("li"));
        let visit = |day: &str, visitors: Value| json!({"day": day, "received": 5, "visitors": visitors});
        let deputy = |caller: &Caller| json!({"who": "deputy", "deputy": caller.party});
        let official = json!({"who": "official", "organisation": "区交通运输局", "post": "分管副局长"});
        let url = format!("{station}/visits");
        chen.create(&url, visit("2024-02-29", json!([deputy(&chen), deputy(&li), official]))).expect(201);
        world.committee().create(&url, visit("2024-03-01", json!([deputy(&chen)]))).expect(201);
        li.create(&url, visit("2024-03-01", json!([deputy(&li)]))).expect(403);
        assert_eq!(chen.create(&url, visit("2024-03-02", json!([deputy(&chen)]))).expect(422).pointers(), ["/day"]);
        assert_eq!(chen.create(&url, visit("2024-03-01", json!([]))).expect(422).pointers(), ["/visitors"]);
        assert_eq!(chen.create(&url, visit("2024-03-01", json!([deputy(&chen), deputy(&chen)]))).expect(422).pointers(), ["/visitors/1/deputy"]);
        let counts = |query: &str| {
            let it = world.signed_in("auditor").get(&format!("/v1/station-figures{query}")).expect(200).json;
            (it["deputy_visits"].clone(), it["official_visits"].clone(), it["residents_received"].clone(), it["stations"].as_array().unwrap().len())
        };
        assert_eq!(counts(""), (json!(3), json!(1), json!(10), 1));
        assert_eq!(counts("?from=2024-03-01&to=2024-03-01"), (json!(1), json!(0), json!(5), 1));
        assert_eq!(counts("?from=2024-03-02&to=2024-03-03"), (json!(0), json!(0), json!(0), 0));
        let auditor = world.signed_in("auditor");
        for wrong in ["?from=2024-03-02&to=2024-03-01", "?from=2023-03-01&to=2024-03-01"] {
            assert_eq!(auditor.get(&format!("/v1/station-figures{wrong}")).expect(422).pointers(), ["?from"]);
        }
        world.transport().get("/v1/station-figures").expect(403);
        assert_eq!(world.committee().create("/v1/stations", json!({"kind": "point", "code": "ZL-01", "name": "另一站"})).expect(409).json["type"], "urn:jianyi:problem:exists");
        world.assert_no_drift();
    }

    fn what_was_written_down_wrongly_is_taken_back_and_stays_in_sight(world) {
        world.on("2024-03-01");
        let station = station(world);
        let (chen, auditor) = (world.deputy(), world.signed_in("auditor"));
        let url = format!("{station}/visits");
        let visit = |received: u32| json!({"day": "2024-02-29", "received": received, "visitors": [{"who": "deputy", "deputy": chen.party}, {"who": "official", "organisation": "区交通运输局"}]});
        // Sent twice from a telephone that lost its network, it counts once.
        let send = || chen.ask(Method::POST, &url).header("idempotency-key", "reception-1").json(visit(300)).send().expect(201).json["id"].clone();
        let first = send();
        assert_eq!(send(), first);
        let counts = || {
            let it = auditor.get("/v1/station-figures").expect(200).json;
            (it["deputy_visits"].clone(), it["official_visits"].clone(), it["residents_received"].clone())
        };
        assert_eq!(counts(), (json!(1), json!(1), json!(300)));
        let back = format!("{url}/{}/cancellation", first.as_str().unwrap());
        let reason = || json!({"reason": "三十人误录为三百人"});
        world.signed_in("li").create(&back, reason()).expect(403);
        world.transport().create(&back, reason()).expect(403);
        world.signed_in("committee@other").create(&back, reason()).expect(404);
        assert_eq!(chen.create(&back, json!({})).expect(422).pointers(), ["/reason"]);
        assert_eq!(chen.create(&back, reason()).expect(200).json["taken_back_for"], "三十人误录为三百人");
        assert_eq!(counts(), (json!(0), json!(0), json!(0)));
        assert_eq!(world.committee().create(&back, reason()).expect(409).json["missing"]["code"], "taken_back");
        world.later(chrono::TimeDelta::seconds(1));
        chen.create(&url, visit(30)).expect(201);
        assert_eq!(counts(), (json!(1), json!(1), json!(30)));
        // Both are there for whoever looks, page by page; what counts against the first is no reception of its own.
        let listed = |query: &str| auditor.get(&format!("{url}{query}")).expect(200).json;
        let told: Vec<_> = listed("")["receptions"].as_array().unwrap().iter().map(|it| (it["received"].clone(), it["taken_back_for"].clone())).collect();
        assert_eq!(told, [(json!(30), Value::Null), (json!(300), json!("三十人误录为三百人"))]);
        let page = listed("?limit=1");
        let next = auditor.get(page["next"].as_str().unwrap()).expect(200).json;
        assert_eq!((&next["receptions"][0]["id"], next["next"].is_null()), (&first, true));
        world.transport().get(&url).expect(403);
        world.assert_no_drift();
        assert!(sql(world, "UPDATE receptions SET reason = NULL").is_err());
        assert!(sql(world, "DELETE FROM receptions").is_err());
    }

    fn a_recommendation_becomes_a_suggestion_and_a_suggestion_a_lead(world) {
        world.on("2024-03-01");
        let committee = world.committee();
        let form = json!({"kind": "procuratorial", "organ": "区人民检察院", "number": "吴检建〔2024〕5号", "day": "2024-02-28", "title": "关于加强窨井盖管理的检察建议", "text": "窨井盖缺失……"});
        let mut lead = form.clone();
        lead["kind"] = json!("lead");
        assert_eq!(committee.create("/v1/recommendations", lead).expect(422).pointers(), ["/kind"]);
        let entered = committee.create("/v1/recommendations", form).expect(201);
        let url = format!("/v1/recommendations/{}", entered.json["id"].as_str().unwrap());
        world.deputy().get(&url).expect(403);
        let conversion = json!({"lead": world.deputy().party, "asks": ["限期补齐"]});
        committee.create(&format!("{url}/conversion"), conversion.clone()).expect(428);
        let made = committee.post(&format!("{url}/conversion"), conversion.clone()).expect(201);
        assert_eq!((&made.json["recommendation"]["number"], &made.json["title"]), (&json!("吴检建〔2024〕5号"), &json!("关于加强窨井盖管理的检察建议")));
        committee.post(&format!("{url}/conversion"), conversion).expect(409);
        let linked = committee.get(&url).expect(200).json;
        assert_eq!((&linked["case"], &linked["state"]), (&made.json["id"], &json!("converted")));
        let case = made.json["id"].as_str().unwrap();
        let history = world.deputy().get(&format!("/v1/cases/{case}/events")).expect(200).json;
        assert_eq!(history["events"][1]["event"]["type"], "recommendation_taken");
        let passed = committee.create("/v1/leads", json!({"case": case, "organ": "区人民检察院", "field": "安全生产", "reason": "窨井盖致人损害"})).expect(201);
        assert_eq!(passed.json["due_on"], "2024-03-11");
        let listed = committee.get(&format!("/v1/recommendations?case={case}")).expect(200).json;
        assert_eq!(listed["recommendations"].as_array().unwrap().len(), 2);
        let lead = format!("/v1/leads/{}/decision", passed.json["id"].as_str().unwrap());
        committee.create(&lead, json!({"filed": false, "text": "不立案"})).expect(428);
        let decided = committee.post(&lead, json!({"filed": true, "text": "已立案"})).expect(200);
        assert_eq!(decided.json["state"], "filed");
        committee.post(&lead, json!({"filed": true, "text": "已立案"})).expect(409);
        world.assert_no_drift();
    }
}
