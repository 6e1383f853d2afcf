//! Webhooks, with a receiver that fails, hangs, redirects and comes back: what it is told, in which order, how it can know
//! who told it, and where nothing is ever sent.

use crate::{
    events::{feed, ids},
    on_both,
    support::{
        World,
        client::{Caller, Reply},
        receiver::{Answer, Message, Receiver},
        world::wait,
    },
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use jianyi::office::webhooks::Round;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A program of a role that reads cases; its membership.
pub fn program(world: &World, username: &str, role: &str, party: Option<&Caller>) -> String {
    let mut membership = json!({"role": role, "scopes": ["cases:read"]});
    if let Some(party) = party {
        membership["department"] = json!(party.party);
    }
    let new = json!({"username": username, "name": "办公系统", "membership": membership});
    let entered = world.signed_in("administrator").create("/v1/accounts", new).expect(201).json;
    entered["secret"]["client_id"].as_str().unwrap().to_owned()
}

/// A webhook with its secret.
pub fn hook(world: &World, membership: &str, url: &str, more: Value) -> Value {
    let mut body = json!({"membership": membership, "url": url});
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    world.signed_in("administrator").create("/v1/webhooks", body).expect(201).json
}

fn path(hook: &Value) -> String {
    format!("/v1/webhooks/{}", hook["id"].as_str().unwrap())
}

fn shown(world: &World, hook: &Value) -> Reply {
    world.signed_in("administrator").get(&path(hook)).expect(200)
}

fn change(world: &World, hook: &Value, change: Value) -> Value {
    let tag = shown(world, hook).etag.unwrap();
    let asked = world.signed_in("administrator").ask(Method::PATCH, &path(hook)).header("if-match", &tag);
    asked.json(change).send().expect(200).json
}

fn deliveries(world: &World, hook: &Value, query: &str) -> Vec<Value> {
    let url = format!("{}/deliveries{query}", path(hook));
    world.signed_in("administrator").get(&url).expect(200).json["deliveries"].as_array().unwrap().clone()
}

fn next_try(world: &World, hook: &Value) -> DateTime<Utc> {
    shown(world, hook).json["next_try_at"].as_str().unwrap().parse().unwrap()
}

/// The signature as the standard has it, by another hand.
fn signature(secret: &str, message: &Message) -> String {
    let key = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
    let said = format!("{}.{}.{}", message.id(), message.headers["webhook-timestamp"], message.body);
    mac.update(said.as_bytes());
    format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

fn round(delivered: usize, failed: usize) -> Round {
    Round { delivered, failed }
}

on_both! {
    fn a_receiver_is_told_of_each_event_once_in_order_signed_and_as_the_feed_has_it(world) {
        let before = world.registered("关于从前的建议").0;
        world.log();
        let receiver = Receiver::start();
        let committee = program(world, "oa", "committee", None);
        let hook = hook(world, &committee, &receiver.url(), json!({}));
        let secret = hook["secret"].as_str().unwrap();
        world.in_hand("关于河道整治的建议");
        let told = world.tell();
        let messages = receiver.messages();
        assert_eq!(told, round(messages.len(), 0));
        let all = feed(&world.committee());
        let later: Vec<Value> = all.into_iter().filter(|it| !before.ends_with(it["subject"].as_str().unwrap())).collect();
        assert!(later.len() > 5);
        assert_eq!(messages.iter().map(Message::event).collect::<Vec<_>>(), later, "byte by byte what the feed says");
        for message in &messages {
            assert_eq!(message.headers["content-type"], "application/cloudevents+json");
            assert_eq!(message.id(), message.event()["id"].as_str().unwrap());
            let at = world.office.now().timestamp().to_string();
            assert_eq!(message.headers["webhook-timestamp"], at);
            assert_eq!(message.headers["webhook-signature"], signature(secret, message));
            let theirs = standardwebhooks::Webhook::new(secret).unwrap();
            assert_eq!(message.headers["webhook-signature"], theirs.sign(&message.id(), at.parse().unwrap(), message.body.as_bytes()).unwrap());
            for word in ["关于河道", "陈芳", "情况、分析"] {
                assert!(!message.body.contains(word), "{}", message.body);
            }
        }
        assert_eq!(world.tell(), Round::default(), "and never again");
        let kept = deliveries(world, &hook, "");
        assert_eq!(kept.len(), later.len());
        assert!(kept.iter().all(|it| it["state"] == "delivered" && it["attempts"] == 1 && it["status"] == 204));
        // The secret is nowhere in the clear.
        let raw = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let disk = world.bytes_on_disk();
        let holds = |needle: &[u8]| disk.windows(needle.len()).any(|it| it == needle);
        assert!(!holds(secret.as_bytes()) && !holds(&raw));
        assert!(shown(world, &hook).json["secret"].is_null());
        world.assert_no_drift();
    }

    fn what_fails_is_tried_again_in_its_time_and_holds_back_what_is_behind_it_and_nobody_else(world) {
        let (bad, good) = (Receiver::start(), Receiver::start());
        let committee = program(world, "oa", "committee", None);
        let (failing, fine) = (hook(world, &committee, &bad.url(), json!({})), hook(world, &committee, &good.url(), json!({})));
        bad.answers(&[Answer::Status(500), Answer::Close, Answer::To(good.url()), Answer::Status(404), Answer::Status(503)]);
        world.registered("关于河道整治的建议");
        let told = world.tell();
        let events = good.ids();
        assert_eq!(told, round(events.len(), 1));
        assert_eq!(bad.ids(), events[..1], "the first, and none behind it");
        assert_eq!(world.tell(), Round::default(), "nothing before its time");
        let mut waited = Vec::new();
        for attempt in 2..=5 {
            let next = next_try(world, &failing);
            waited.push((next - world.office.now()).num_seconds());
            world.turn(next - TimeDelta::seconds(1));
            assert_eq!(world.tell(), Round::default());
            world.turn(next);
            assert_eq!(world.tell(), round(0, 1));
            assert_eq!(bad.ids(), vec![events[0].clone(); attempt], "the same event under the same name");
        }
        for (seconds, least) in waited.iter().zip([5, 10, 20, 40]) {
            assert!((least..=least + least / 5).contains(seconds), "{waited:?}");
        }
        let open = shown(world, &failing).json;
        assert_eq!((open["circuit"].as_str(), open["failures"].as_i64(), open["state"].as_str()), (Some("open"), Some(5), Some("active")));
        let seen = &deliveries(world, &failing, "?state=failing")[0];
        assert_eq!((seen["attempts"].as_i64(), seen["status"].as_i64(), seen["failure"].as_str()), (Some(5), Some(503), Some("answered 503")));
        assert_eq!(good.ids(), events, "a redirection is followed nowhere");
        // It is back: one probe closes the circuit, and all is told.
        world.turn(next_try(world, &failing));
        assert_eq!(world.tell(), round(events.len(), 0));
        assert_eq!(bad.ids()[5..], events, "all of them, in their order");
        let closed = shown(world, &failing).json;
        assert_eq!((closed["circuit"].as_str(), closed["failures"].as_i64()), (Some("closed"), Some(0)));
        assert!(closed["next_try_at"].is_null());
        assert_eq!(shown(world, &fine).json["failures"], 0);
        world.assert_no_drift();
    }

    fn a_receiver_that_was_away_for_a_day_has_everything_within_two_minutes(world) {
        let receiver = Receiver::start();
        let committee = program(world, "oa", "committee", None);
        let hook = hook(world, &committee, &receiver.url(), json!({}));
        receiver.always(Answer::Status(502));
        world.registered("关于河道整治的建议");
        let day = world.office.now() + TimeDelta::days(1);
        for _ in 0..15 {
            assert_eq!(world.tell(), round(0, 1));
            world.turn(next_try(world, &hook));
        }
        world.turn(day);
        assert_eq!(world.tell(), round(0, 1));
        let events = feed(&world.committee()).len();
        receiver.always(Answer::Status(200));
        world.later(TimeDelta::minutes(2));
        assert_eq!(world.tell(), round(events, 0));
        assert_eq!(ids(&feed(&world.committee())), receiver.ids()[16..]);
    }

    fn one_that_hangs_is_left_after_ten_seconds_and_one_that_floods_is_not_read(world) {
        let receiver = Receiver::start();
        let committee = program(world, "oa", "committee", None);
        let hook = hook(world, &committee, &receiver.url(), json!({"kinds": ["registered"]}));
        world.registered("关于河道整治的建议");
        receiver.answers(&[Answer::Silence, Answer::Flood]);
        let begun = Instant::now();
        assert_eq!(world.tell(), round(0, 1));
        assert!((9..20).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
        assert_eq!(deliveries(world, &hook, "")[0]["failure"], "no answer in time");
        world.turn(next_try(world, &hook));
        let begun = Instant::now();
        assert_eq!(world.tell(), round(1, 0), "a good head is enough");
        assert!(begun.elapsed() < Duration::from_secs(5));
    }

    fn an_event_is_given_up_after_a_week_that_passed_and_not_after_a_jump_of_the_clock(world) {
        let receiver = Receiver::start();
        let committee = program(world, "oa", "committee", None);
        let hook = hook(world, &committee, &receiver.url(), json!({"kinds": ["submitted", "registered"]}));
        receiver.always(Answer::Status(400));
        world.registered("关于河道整治的建议");
        assert_eq!(world.tell(), round(0, 1));
        let now = world.office.now();
        world.turn(now + TimeDelta::days(400));
        assert_eq!(world.tell(), round(0, 1));
        assert_eq!(deliveries(world, &hook, "?state=dead"), [] as [Value; 0], "it was tried twice only");
        // The clock is put right again, and what was to come in 400 days comes now.
        world.turn(now + TimeDelta::minutes(1));
        assert_eq!(world.tell(), round(0, 1));
        for _ in 0..9 {
            world.turn(next_try(world, &hook));
            assert_eq!(world.tell(), round(0, 1));
        }
        world.turn(now + TimeDelta::days(7) + TimeDelta::minutes(1));
        assert_eq!(world.tell(), round(0, 1));
        let dead = deliveries(world, &hook, "?state=dead");
        assert_eq!((dead.len(), dead[0]["attempts"].as_i64(), dead[0]["failure"].as_str()), (1, Some(13), Some("answered 400")));
        // What is behind it has its turn.
        receiver.always(Answer::Status(200));
        world.turn(next_try(world, &hook));
        assert_eq!(world.tell(), round(1, 0));
        assert_eq!(receiver.messages().last().unwrap().event()["data"]["kind"], "registered");
        assert_eq!(deliveries(world, &hook, "").len(), 2);
    }

    fn one_that_is_gone_is_left_alone_until_somebody_says_so(world) {
        let receiver = Receiver::start();
        let committee = program(world, "oa", "committee", None);
        let hook = hook(world, &committee, &receiver.url(), json!({}));
        receiver.always(Answer::Status(410));
        world.registered("关于河道整治的建议");
        assert_eq!(world.tell(), round(0, 1));
        let gone = shown(world, &hook).json;
        assert_eq!((gone["state"].as_str(), gone["reason"].as_str()), (Some("disabled"), Some("gone (410)")));
        world.later(TimeDelta::days(2));
        assert_eq!(world.tell(), Round::default());
        receiver.always(Answer::Status(204));
        assert_eq!(change(world, &hook, json!({"paused": false}))["state"], "active");
        let events = feed(&world.committee()).len();
        assert_eq!(world.tell(), round(events, 0));
        assert_eq!(change(world, &hook, json!({"paused": true}))["state"], "paused");
        world.registered("关于公园照明的建议");
        assert_eq!(world.tell(), Round::default());
        change(world, &hook, json!({"paused": false}));
        assert!(world.tell().delivered > 0);
    }

    fn it_is_told_what_its_program_may_see_at_that_moment_and_what_it_asked_for(world) {
        let receivers = [Receiver::start(), Receiver::start(), Receiver::start()];
        let transport = program(world, "transport-oa", "department", Some(&world.transport()));
        let committee = program(world, "oa", "committee", None);
        hook(world, &transport, &receivers[0].url(), json!({}));
        hook(world, &committee, &receivers[1].url(), json!({"kinds": ["registered", "replied"]}));
        let own = hook(world, &committee, &receivers[2].url(), json!({}));
        let (path, _) = world.answered("关于河道整治的建议", "A");
        world.registered("关于公园照明的建议");
        world.tell();
        let kinds = |n: usize| receivers[n].messages().iter().map(|it| it.event()["data"]["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(receivers[0].ids(), ids(&feed(&world.transport())));
        assert!(kinds(0).contains(&"assigned".to_owned()) && !kinds(0).contains(&"drafted".to_owned()));
        assert_eq!(kinds(1), ["registered", "replied", "registered"]);
        assert_eq!(receivers[2].ids(), ids(&feed(&world.committee())));
        // What becomes confidential is told to nobody who is not named, not even what happened before.
        world.does("committee", &format!("{path}/key-case"), json!({"meeting": "第三十次主任会议", "supervisor": "张副主任", "plan": "五月视察。"}));
        world.does("leader", &format!("{path}/confidentiality"), json!({"confidential": true, "reason": "商业秘密"}));
        assert_eq!(world.tell(), Round::default());
        // A program that ended is told of nothing; its webhook says why.
        let administrator = world.signed_in("administrator");
        administrator.ask(Method::DELETE, &format!("/v1/memberships/{committee}")).send().expect(204);
        world.registered("关于校车的建议");
        world.tell();
        let ended = shown(world, &own).json;
        assert_eq!(ended["state"], "paused");
        assert!(ended["reason"].as_str().unwrap().contains("program ended"));
        assert_eq!(receivers[2].ids().len(), kinds(2).len());
        let tag = shown(world, &own).etag.unwrap();
        let resumed = administrator.ask(Method::PATCH, &self::path(&own)).header("if-match", &tag).json(json!({"paused": false})).send();
        assert_eq!(resumed.expect(422).pointers(), ["/membership"]);
    }

    fn one_that_is_sent_back_while_a_message_is_under_way_begins_there(world) {
        let receiver = Receiver::start();
        let committee = program(world, "oa", "committee", None);
        world.registered("关于河道整治的建议");
        world.log();
        let hook = hook(world, &committee, &receiver.url(), json!({"after": null}));
        let events = ids(&feed(&world.committee()));
        receiver.answers(&[Answer::Status(204), Answer::Silence]);
        let office = world.office.clone();
        let telling = std::thread::spawn(move || {
            wait(async {
                office.keep_feed().await.unwrap();
                for (congress, id) in office.due_webhooks().await.unwrap() {
                    office.deliver(&congress, id).await.unwrap();
                }
            });
        });
        receiver.waits_for(2, Duration::from_secs(30));
        let back = json!({"after": null});
        world.signed_in("administrator").create(&format!("{}/replay", path(&hook)), back).expect(200);
        telling.join().unwrap();
        // What came of the message counts for nothing: all is told again, at once.
        assert_eq!(shown(world, &hook).json["failures"], 0);
        assert_eq!(world.tell(), round(events.len(), 0));
        assert_eq!(receiver.ids()[2..], events);
    }

    fn events_are_sent_again_from_a_cursor_under_the_same_names_and_one_that_cannot_be_taken_is_skipped(world) {
        let receiver = Receiver::start();
        let committee = program(world, "oa", "committee", None);
        world.registered("关于河道整治的建议");
        world.log();
        let hook = hook(world, &committee, &receiver.url(), json!({"after": null}));
        world.tell();
        let events = ids(&feed(&world.committee()));
        assert_eq!(receiver.ids(), events, "from the beginning");
        let administrator = world.signed_in("administrator");
        let replay = |after: Value| administrator.create(&format!("{}/replay", path(&hook)), json!({"after": after}));
        replay(json!(events[1])).expect(200);
        assert_eq!(world.tell(), round(events.len() - 2, 0));
        assert_eq!(receiver.ids()[events.len()..], events[2..]);
        replay(Value::Null).expect(200);
        receiver.answers(&[Answer::Status(400)]);
        assert_eq!(world.tell(), round(0, 1));
        replay(json!(events[0])).expect(200);
        assert_eq!(world.tell(), round(events.len() - 1, 0), "at once, and without the one that failed");
        assert_eq!(replay(json!("x")).expect(422).pointers(), ["/after"]);
        assert_eq!(administrator.create(&format!("{}/replay", path(&hook)), json!({})).expect(422).pointers(), ["/after"]);
        let first = deliveries(world, &hook, "?limit=2");
        assert_eq!(first.iter().map(|it| it["event"].as_str().unwrap()).collect::<Vec<_>>(), [events[events.len() - 1].as_str(), &events[events.len() - 2]]);
        let next = administrator.get(&format!("{}/deliveries?limit=2", path(&hook))).json["next"].as_str().unwrap().to_owned();
        assert_eq!(administrator.get(&next).expect(200).json["deliveries"][0]["event"], events[events.len() - 3]);
    }

    fn a_secret_is_renewed_without_a_gap(world) {
        let receiver = Receiver::start();
        let committee = program(world, "oa", "committee", None);
        let hook = hook(world, &committee, &receiver.url(), json!({"kinds": ["registered"]}));
        let administrator = world.signed_in("administrator");
        let url = format!("{}/secret", path(&hook));
        administrator.create(&url, json!({})).expect(428);
        let renew = |tag: &str| administrator.ask(Method::POST, &url).header("if-match", tag).json(json!({})).send();
        let renewed = renew("\"1\"").expect(201);
        assert_eq!(renewed.etag.as_deref(), Some("\"2\""));
        renew("\"1\"").expect(412);
        let (old, new) = (hook["secret"].as_str().unwrap(), renewed.json["secret"].as_str().unwrap());
        assert_ne!(old, new);
        world.registered("关于河道整治的建议");
        world.tell();
        let both = &receiver.messages()[0];
        assert_eq!(both.headers["webhook-signature"], format!("{} {}", signature(new, both), signature(old, both)));
        world.later(TimeDelta::hours(25));
        world.registered("关于公园照明的建议");
        world.tell();
        let one = &receiver.messages()[1];
        assert_eq!(one.headers["webhook-signature"], signature(new, one));
    }

    fn nothing_is_ever_sent_to_where_this_server_alone_can_reach(world) {
        let sentinel = Receiver::start();
        let port = sentinel.url().rsplit(':').next().unwrap().trim_end_matches("/hook").to_owned();
        let committee = program(world, "oa", "committee", None);
        let administrator = world.signed_in("administrator");
        let hosts = [
            "127.0.0.2", "127.1.2.3", "0x7f000002", "2130706434", "017700000002", "0x7f.0.0.2", "127.2", "[::1]",
            "[::ffff:127.0.0.2]", "[::ffff:7f00:2]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001::7f00:1]", "0.0.0.0", "0",
            "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "[fe80::1]", "[fd00::1]", "[fec0::1]", "100.64.0.1", "224.0.0.1",
            "[ff02::1]", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "240.0.0.1", "255.255.255.255", "[2001:db8::1]",
            "user@127.0.0.1", "user:word@127.0.0.1", "127.0.0.1@127.0.0.2",
        ];
        let mut urls: Vec<String> = hosts.iter().flat_map(|host| [format!("http://{host}:{port}/"), format!("https://{host}:{port}/")]).collect();
        for scheme in ["file:///etc/passwd", "gopher://127.0.0.1:70/_x", "ftp://127.0.0.1/", "ws://127.0.0.1/", "unix:/run/x.sock", "data:,x", "javascript:1"] {
            urls.push(scheme.to_owned());
        }
        urls.extend(["", "x", "//127.0.0.1/", "http://8.8.8.8/", "http://", "https://nobody.invalid/"].map(str::to_owned));
        assert!(urls.len() > 80, "{}", urls.len());
        for url in &urls {
            let refused = administrator.create("/v1/webhooks", json!({"membership": committee, "url": url}));
            assert_eq!((refused.status, refused.pointers()), (422, vec!["/url".to_owned()]), "{url}: {}", refused.text);
        }
        // Nor by a change, nor when it was entered before the operator allowed less.
        let hook = hook(world, &committee, &sentinel.url(), json!({}));
        for url in &urls[..4] {
            let changed = administrator.ask(Method::PATCH, &path(&hook)).header("if-match", "*").json(json!({"url": url})).send();
            assert_eq!(changed.expect(422).pointers(), ["/url"]);
        }
        let moved = if world.url().is_some() { "127.0.0.2" } else { "[::1]" };
        let store = world.office.store();
        let url = format!("http://{moved}:{port}/");
        store.write_here(move |db| {
            let mut row = jianyi::store::webhooks::all(db, &"330502".parse().unwrap())?.remove(0);
            row.url.clone_from(&url);
            let version = row.version;
            assert!(jianyi::store::webhooks::set(db, &row, version)?);
            Ok::<_, jianyi::store::StoreError>(())
        }).unwrap();
        world.registered("关于河道整治的建议");
        assert_eq!(world.tell(), round(0, 1));
        let failure = deliveries(world, &hook, "")[0]["failure"].as_str().unwrap().to_owned();
        assert!(failure.starts_with("not allowed: "), "{failure}");
        assert_eq!(sentinel.ids(), [] as [String; 0]);
    }

    fn administrators_keep_their_own_congresses_webhooks_and_every_change_is_in_the_book(world) {
        let receiver = Receiver::start();
        let committee = program(world, "oa", "committee", None);
        let person = world.committee().get("/v1/me").expect(200).json["membership"].as_str().unwrap().to_owned();
        let administrator = world.signed_in("administrator");
        let add = |body: Value| administrator.create("/v1/webhooks", body);
        let good = json!({"membership": committee, "url": receiver.url(), "description": "办公系统", "kinds": ["registered"]});
        for (member, value, pointer) in [
            ("membership", json!(person), "/membership"),
            ("membership", json!("018d0fc8-4680-78a7-9053-95f06de1b2fb"), "/membership"),
            ("kinds", json!(["registered", "exploded"]), "/kinds/1"),
            ("kinds", json!(["registered", "registered"]), "/kinds/1"),
            ("after", json!("x"), "/after"),
            ("description", json!(""), "/description"),
            ("secret", json!("whsec_x"), "/secret"),
        ] {
            let mut body = good.clone();
            body[member] = value;
            assert_eq!(add(body).expect(422).pointers(), [pointer]);
        }
        let figures = json!({"role": "committee", "scopes": ["figures:read"]});
        let figures = administrator.create("/v1/accounts", json!({"username": "screen", "name": "大屏", "membership": figures})).expect(201).json;
        let mut body = good.clone();
        body["membership"] = figures["secret"]["client_id"].clone();
        assert_eq!(add(body).expect(422).pointers(), ["/membership"]);
        let made = add(good.clone()).expect(201);
        assert!(made.json["secret"].as_str().unwrap().starts_with("whsec_"));
        let url = path(&made.json);
        assert_eq!(made.header("location"), url);
        let list = administrator.get("/v1/webhooks").expect(200);
        assert_eq!((list.json["webhooks"].as_array().unwrap().len(), list.text.contains("whsec_")), (1, false));
        for stranger in ["committee", "leader", "auditor", "chen"] {
            world.signed_in(stranger).get(&url).expect(403);
        }
        let other = world.signed_in("administrator@other");
        assert_eq!(other.get("/v1/webhooks").expect(200).json["webhooks"], json!([]));
        for (method, below) in [(Method::GET, ""), (Method::GET, "/deliveries"), (Method::PATCH, ""), (Method::DELETE, ""), (Method::POST, "/replay"), (Method::POST, "/secret")] {
            other.ask(method, &format!("{url}{below}")).header("if-match", "*").json(json!({})).send().expect(404);
        }
        administrator.ask(Method::PATCH, &url).json(json!({"paused": true})).send().expect(428);
        // Whose version is stale is told so before his mistakes are.
        administrator.ask(Method::PATCH, &url).header("if-match", "\"7\"").json(json!({"colour": 1})).send().expect(412);
        administrator.ask(Method::DELETE, &url).header("if-match", "\"7\"").send().expect(412);
        let changed = administrator.ask(Method::PATCH, &url).header("if-match", "\"1\"").json(json!({"kinds": []})).send().expect(200);
        assert_eq!((changed.etag.as_deref(), &changed.json["kinds"]), (Some("\"2\""), &json!([])));
        administrator.ask(Method::DELETE, &url).header("if-match", "\"2\"").send().expect(204);
        administrator.get(&url).expect(404);
        for _ in 0..20 {
            add(good.clone()).expect(201);
        }
        add(good).expect(409);
        let acts = world.signed_in("auditor").get("/v1/acts?kind=webhook_changed").expect(200);
        let act = &acts.json["acts"][0]["act"];
        assert_eq!(format!("http://{}/hook", act["host"].as_str().unwrap()), receiver.url());
        world.assert_no_drift();
    }
}
