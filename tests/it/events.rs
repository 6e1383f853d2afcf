//! The feed of events: each caller is told what he may see, in one order, once, and nothing of what people wrote; page by
//! page and as a stream.

use crate::{
    on_both,
    support::{World, client::Caller, world::letter},
    verify::tamper,
};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::{Duration, Instant},
};

/// The whole feed, page by page.
pub fn feed(caller: &Caller) -> Vec<Value> {
    let (mut all, mut next) = (Vec::new(), Some("/v1/events?limit=7".to_owned()));
    while let Some(page) = next {
        let reply = caller.get(&page).expect(200);
        assert_eq!(reply.header("link").is_empty(), reply.json["next"].is_null());
        all.extend(reply.json["events"].as_array().unwrap().iter().cloned());
        next = reply.json["next"].as_str().map(str::to_owned);
    }
    all
}

pub fn ids(events: &[Value]) -> Vec<String> {
    events.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|it| it["data"]["kind"].as_str().unwrap()).collect()
}

/// A program of the committee's that reads cases; its token.
fn program(world: &World) -> (Value, Caller) {
    let membership = json!({"role": "committee", "scopes": ["cases:read"]});
    let new = json!({"username": "feed-reader", "name": "办公系统", "membership": membership});
    let entered = world.signed_in("administrator").create("/v1/accounts", new).expect(201).json;
    let (id, secret) = (entered["secret"]["client_id"].clone(), entered["secret"]["client_secret"].clone());
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        id.as_str().unwrap(),
        secret.as_str().unwrap()
    );
    let asked = world.nobody().ask(Method::POST, "/v1/auth/token");
    let token =
        asked.header("content-type", "application/x-www-form-urlencoded").bytes(form.as_bytes()).send();
    let token = token.expect(200).json["access_token"].as_str().map(str::to_owned);
    (id, Caller { token, ..world.nobody() })
}

/// Whether a stream begins; it is left at once.
fn opens(caller: &Caller) -> bool {
    let request = caller.http.get(format!("{}/v1/events/stream", caller.base));
    request.bearer_auth(caller.token.as_ref().unwrap()).send().unwrap().status() == 200
}

/// A case with everything that is hidden from somebody: drafts, inner notes, an opinion, judgements.
fn lively(world: &World, title: &str) -> String {
    let (path, _) = world.registered(title);
    let (lead, co) = (world.transport().party, world.housing().party);
    let handlers =
        json!({"handlers": [{"department": lead, "part": "lead"}, {"department": co, "part": "co"}]});
    world.does("committee", &format!("{path}/assignments"), handlers);
    let at = |step: &str| format!("{path}/assignments/{step}");
    world.does("transport", &at("1/acceptance"), json!({}));
    world.does("housing", &at("2/acceptance"), json!({}));
    world.does("transport", &at("1/notes"), json!({"text": "内部研究", "audience": "department"}));
    world.does("transport", &at("1/notes"), json!({"text": "已踏勘", "audience": "everybody"}));
    world.does("housing", &at("2/opinion"), json!({"text": "同意"}));
    let mut reply = letter("A");
    reply["opinions_stated"] = json!("会办单位同意。");
    world.does("transport", &at("1/reply/draft"), reply.clone());
    world.does("transport", &at("1/reply"), reply);
    world.does("li", &format!("{path}/evaluations"), json!({"attitude": "satisfied", "result": "satisfied"}));
    path
}

/// A stream's lines, read on a thread of its own.
pub struct Stream {
    lines: Receiver<String>,
}

impl Stream {
    pub fn open(caller: &Caller, last: Option<&str>) -> Stream {
        let http = reqwest::blocking::Client::builder().no_proxy().timeout(None).build().unwrap();
        let mut request = http.get(format!("{}/v1/events/stream", caller.base));
        request = request.bearer_auth(caller.token.as_ref().unwrap());
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(response).lines() {
                let Ok(line) = line else { return };
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let stream = Stream { lines };
        assert_eq!(stream.line().as_deref(), Some("retry: 3000"));
        stream
    }

    /// The next line with something in it; none, once the stream has ended.
    fn line(&self) -> Option<String> {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            assert!(Instant::now() < until, "the stream says nothing but that it lives");
            match self.lines.recv_timeout(Duration::from_secs(30)) {
                Ok(line) if line.is_empty() || line == ":" => {}
                Ok(line) => return Some(line),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => panic!("the stream is silent"),
            }
        }
    }

    pub fn event(&self) -> Value {
        let id = self.line().expect("an event");
        let data = self.line().expect("its data");
        let event: Value = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
        assert_eq!(id, format!("id: {}", event["id"].as_str().unwrap()));
        event
    }
}

on_both! {
    fn each_is_told_exactly_the_events_that_he_may_read(world) {
        let paths = [lively(world, "关于河道整治的建议"), lively(world, "关于公园照明的建议"), world.registered("关于校车的建议").0];
        world.signed_in("chen").create("/v1/cases", json!({"kind": "suggestion", "title": "草稿", "body": "正文"})).expect(201);
        world.log();
        let mut everything: BTreeMap<String, Value> = BTreeMap::new();
        for name in ["chen", "li", "shen", "secretary", "committee", "leader", "government-office", "transport", "transport-approver", "housing", "court", "auditor", "committee@other"] {
            let caller = world.signed_in(name);
            let told = feed(&caller);
            let all: BTreeSet<_> = ids(&told).into_iter().collect();
            assert_eq!(all.len(), told.len(), "{name}: nothing twice");
            for path in &paths {
                let case = path.rsplit('/').next().unwrap();
                let own: Vec<_> = told.iter().filter(|it| it["subject"] == case).collect();
                let read = caller.get(&format!("{path}/events"));
                let events = if read.status == 200 { read.json["events"].as_array().unwrap().clone() } else { Vec::new() };
                let plain = |kind: &Value, version: &Value, on: &Value, at: &Value| format!("{version} {kind} {on} {at}");
                assert_eq!(
                    own.iter().map(|it| plain(&it["data"]["kind"], &it["data"]["version"], &it["data"]["occurred_on"], &it["time"])).collect::<Vec<_>>(),
                    events.iter().map(|it| plain(&it["event"]["type"], &it["version"], &it["occurred_on"], &it["recorded_at"])).collect::<Vec<_>>(),
                    "{name} at {path}"
                );
            }
            for it in &told {
                let id = it["id"].as_str().unwrap().to_owned();
                // Another sight counts otherwise; the rest is one and the same event.
                let mut same = it.clone();
                same["data"].as_object_mut().unwrap().remove("version");
                assert_eq!(everything.entry(id).or_insert_with(|| same.clone()), &same, "{name}");
            }
            let strange = told.iter().filter(|it| !paths.iter().any(|path| path.ends_with(it["subject"].as_str().unwrap()))).count();
            assert_eq!(strange, usize::from(name == "chen"), "{name}: a draft is its author's own");
        }
        let first = &feed(&world.committee())[0];
        assert_eq!((first["specversion"].as_str(), first["datacontenttype"].as_str()), (Some("1.0"), Some("application/json")));
        assert_eq!(first["source"], "https://jianyi.example.cn/v1/congresses/330502");
        assert_eq!(first["type"], format!("cn.jianyi.case.{}", first["data"]["kind"].as_str().unwrap()));
        for name in ["administrator", "operator"] {
            world.signed_in(name).get("/v1/events").expect(403);
            world.signed_in(name).get("/v1/events/stream").expect(403);
        }
        world.assert_no_drift();
    }

    fn nothing_that_people_wrote_is_told(world) {
        let path = lively(world, "金丝雀标题");
        let answer = json!({"confidential": true, "reason": "金丝雀理由"});
        world.does("leader", &format!("{path}/confidentiality"), answer);
        world.log();
        for name in ["chen", "leader", "auditor"] {
            let text = serde_json::to_string(&feed(&world.signed_in(name))).unwrap();
            for word in ["金丝雀", "情况、分析", "陈芳", "李梅", "李强", "内部研究", "已踏勘", "会办单位同意"] {
                assert!(!text.contains(word), "{name}: {word}");
            }
        }
    }

    fn a_cursor_goes_on_where_it_was_and_passes_over_nothing_that_comes_late(world) {
        world.registered("关于河道整治的建议");
        world.log();
        let committee = world.committee();
        let before = feed(&committee);
        let last = ids(&before).pop().unwrap();
        let after = |id: &str| committee.get(&format!("/v1/events?after={id}")).expect(200).json["events"].as_array().unwrap().clone();
        assert_eq!(after(&last), [] as [Value; 0]);
        // One of these is written by a transaction that has not ended while the others are told already.
        world.does("committee", &before[0]["data"]["href"].as_str().map(|it| format!("{it}/key-case")).unwrap(), json!({"meeting": "第三十次主任会议", "supervisor": "张副主任", "plan": "五月视察。"}));
        tamper(world, "CREATE TABLE late AS SELECT log_id, kind, subject_id, version FROM log_queue WHERE 1 = 0").unwrap();
        tamper(world, "INSERT INTO late SELECT log_id, kind, subject_id, version FROM log_queue WHERE kind = 'event'").unwrap();
        tamper(world, "DELETE FROM log_queue WHERE kind = 'event'").unwrap();
        let (second, _) = world.registered("关于公园照明的建议");
        world.log();
        let told = after(&last);
        assert!(told.iter().all(|it| second.ends_with(it["subject"].as_str().unwrap())), "{told:#?}");
        let newest = ids(&told).pop().unwrap();
        tamper(world, "INSERT INTO log_queue (log_id, kind, subject_id, version) SELECT log_id, kind, subject_id, version FROM late").unwrap();
        tamper(world, "DROP TABLE late").unwrap();
        world.log();
        assert_eq!(kinds(&after(&newest)), ["key_case_chosen"], "late, and not passed over");
        // The order that was told once stays.
        assert_eq!(ids(&feed(&committee))[..before.len()], ids(&before));
        // A name that was never given, and one of another house, say the same.
        let strange = committee.get("/v1/events?after=018d0fc8-4680-78a7-9053-95f06de1b2fb").expect(422);
        assert_eq!(strange.pointers(), ["?after"]);
        let other = world.signed_in("committee@other").get(&format!("/v1/events?after={last}")).expect(422);
        assert_eq!(other.json["errors"], strange.json["errors"]);
        for wrong in ["?limit=0", "?limit=101", "?from=1"] {
            committee.get(&format!("/v1/events{wrong}")).expect(422);
        }
        world.assert_no_drift();
    }

    fn a_confidential_case_is_told_to_whom_it_is_open_and_whoever_lost_a_case_goes_on(world) {
        let path = lively(world, "关于商业秘密的建议");
        world.log();
        let last = ids(&feed(&world.committee())).pop().unwrap();
        world.does("leader", &format!("{path}/confidentiality"), json!({"confidential": true, "reason": "商业秘密"}));
        let (second, _) = world.registered("关于校车的建议");
        world.log();
        assert!(feed(&world.committee()).iter().all(|it| second.ends_with(it["subject"].as_str().unwrap())));
        assert!(feed(&world.transport()).is_empty());
        assert!(kinds(&feed(&world.signed_in("leader"))).contains(&"confidentiality_decided"));
        // His last event is hidden from him now, and is a place in the feed all the same.
        let after = world.committee().get(&format!("/v1/events?after={last}")).expect(200);
        assert!(after.json["events"].as_array().unwrap().iter().all(|it| second.ends_with(it["subject"].as_str().unwrap())));
        assert!(!after.json["events"].as_array().unwrap().is_empty());
        // It tells nothing of what the case says, so that nobody has read it.
        let acts = world.signed_in("auditor").get("/v1/acts?kind=case_read").expect(200);
        assert_eq!(acts.json["acts"], json!([]));
    }

    fn the_feed_is_held_against_the_log(world) {
        world.registered("关于河道整治的建议");
        world.assert_no_drift();
        let changed = "UPDATE feed SET version = version + 100 WHERE seq = (SELECT MAX(seq) FROM feed)";
        assert!(tamper(world, changed).is_err(), "a trigger keeps it");
        let drop = match world.url() {
            Some(_) => "DROP TRIGGER feed_is_kept ON feed",
            None => "DROP TRIGGER feed_is_fixed",
        };
        tamper(world, drop).unwrap();
        tamper(world, changed).unwrap();
        let report = crate::support::world::wait(world.office.verify()).unwrap();
        assert!(report.findings.iter().any(|it| it.place.starts_with("feed ")), "{:#?}", report.findings);
    }

    fn a_screen_hears_of_what_it_may_see_as_soon_as_it_happens(world) {
        let (path, _) = world.registered("关于河道整治的建议");
        world.tell();
        let (committee, court) = (world.committee(), world.signed_in("court"));
        let (screen, theirs) = (Stream::open(&committee, None), Stream::open(&court, None));
        let sole = json!({"handlers": [{"department": world.transport().party, "part": "sole"}]});
        world.does("committee", &format!("{path}/assignments"), sole);
        world.tell();
        let heard = screen.event();
        assert_eq!(heard["data"]["kind"], "assigned");
        assert_eq!(Some(&heard), feed(&committee).last());
        // A connection that broke goes on from what was read.
        drop(screen);
        let all = feed(&committee);
        let again = Stream::open(&committee, all[all.len() - 3]["id"].as_str());
        assert_eq!(again.event(), all[all.len() - 2]);
        assert_eq!(again.event(), all[all.len() - 1]);
        // Nothing of it was the court's; its first event is.
        let sole = json!({"handlers": [{"department": court.party, "part": "sole"}]});
        let (second, _) = world.registered("关于法庭停车的建议");
        world.does("committee", &format!("{second}/assignments"), sole);
        world.tell();
        assert!(second.ends_with(theirs.event()["subject"].as_str().unwrap()));
        let refused = committee.ask(Method::GET, "/v1/events/stream").header("last-event-id", "x").send().expect(422);
        assert_eq!(refused.pointers(), ["Last-Event-ID"]);
    }

    fn a_stream_ends_with_the_sign_in_and_nobody_has_more_than_five(world) {
        let (path, _) = world.registered("关于河道整治的建议");
        world.tell();
        let committee = world.committee();
        let mut streams: Vec<_> = (0..5).map(|_| Stream::open(&committee, None)).collect();
        let sixth = committee.get("/v1/events/stream").expect(429);
        assert_eq!(sixth.header("retry-after"), "15");
        let leader = Stream::open(&world.signed_in("leader"), None);
        committee.create("/v1/auth/sign-out-everywhere", json!({})).expect(204);
        committee.get("/v1/me").expect(401);
        world.does("leader", &format!("{path}/key-case"), json!({"meeting": "第三十次主任会议", "supervisor": "张副主任", "plan": "五月视察。"}));
        world.tell();
        assert_eq!(streams.remove(0).line(), None, "the sign-in has ended, and the stream without another word");
        assert_eq!(leader.event()["data"]["kind"], "key_case_chosen");
        drop(streams);
        // The places are free again.
        let again = world.committee();
        let free = (0..100).any(|_| {
            std::thread::sleep(Duration::from_millis(100));
            opens(&again)
        });
        assert!(free);
        // The service ends, and says so to who listens.
        world.office.close_feed();
        assert_eq!(leader.line(), None);
    }

    fn a_program_is_told_within_its_scopes(world) {
        world.registered("关于河道整治的建议");
        world.log();
        let (_, caller) = program(world);
        assert_eq!(ids(&feed(&caller)), ids(&feed(&world.committee())));
        let membership = json!({"role": "committee", "scopes": ["figures:read"]});
        let new = json!({"username": "figures", "name": "大屏", "membership": membership});
        let entered = world.signed_in("administrator").create("/v1/accounts", new).expect(201).json;
        let form = format!("grant_type=client_credentials&client_id={}&client_secret={}", entered["secret"]["client_id"].as_str().unwrap(), entered["secret"]["client_secret"].as_str().unwrap());
        let asked = world.nobody().ask(Method::POST, "/v1/auth/token").header("content-type", "application/x-www-form-urlencoded");
        let token = asked.bytes(form.as_bytes()).send().expect(200).json["access_token"].as_str().map(str::to_owned);
        Caller { token, ..world.nobody() }.get("/v1/events").expect(403);
    }
}
