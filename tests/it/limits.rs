//! How often, how slowly and how much somebody may ask, and from whose address it is counted.

use crate::{
    on_both,
    support::{
        World,
        client::{Caller, Reply},
    },
};
use jianyi::api::{
    address::Proxies,
    edge::Edge,
    limits::{Limits, Rates, Ticks},
};
use reqwest::Method;
use serde_json::json;
use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// A world with these quotas, behind a proxy on this machine, and the hand that lets its time pass (milliseconds).
fn counted(world: &World, rates: Rates) -> (World, Arc<AtomicU64>) {
    let millis = Arc::new(AtomicU64::new(0));
    let limits = Limits::new(rates, &Ticks::Turned(millis.clone()));
    let proxies = Proxies::new(vec!["127.0.0.1/32".parse().unwrap()]);
    (world.met(Edge { limits, proxies, ..Edge::default() }), millis)
}

/// What the proxy asks for somebody at an address.
fn from(caller: &Caller, address: &str, method: Method, path: &str) -> Reply {
    caller.ask(method, path).header("x-forwarded-for", address).send()
}

#[track_caller]
fn too_often(reply: &Reply, seconds: &str) {
    assert_eq!((reply.status, reply.header("retry-after")), (429, seconds), "{}", reply.text);
    assert_eq!(reply.json["type"], "urn:jianyi:problem:too-often");
    assert_eq!(reply.header("content-type"), "application/problem+json");
}

on_both! {
    fn who_asks_too_often_waits_and_nobody_else_does(world) {
        let (world, millis) = counted(world, Rates { caller: 6, ..Rates::default() });
        let (deputy, committee) = (world.deputy(), world.committee());
        // Signing in asked once already, for the name.
        for _ in 0..5 {
            deputy.get("/v1/me").expect(200);
        }
        too_often(&deputy.get("/v1/me"), "10");
        too_often(&deputy.create("/v1/cases", json!({})), "10");
        // Not even an address that does not exist is free, but another person is not held up, nor is another sign-in.
        too_often(&deputy.get("/v1/nowhere"), "10");
        committee.get("/v1/me").expect(200);
        world.deputy().get("/v1/me").expect(200);
        // What watches the service is answered always.
        for path in ["/healthz", "/readyz", "/metrics"] {
            deputy.get(path).expect(200);
        }
        millis.store(9_100, Ordering::SeqCst);
        too_often(&deputy.get("/v1/me"), "1");
        millis.store(10_000, Ordering::SeqCst);
        deputy.get("/v1/me").expect(200);
        too_often(&deputy.get("/v1/me"), "10");
    }

    fn strangers_are_counted_by_the_address_that_a_trusted_proxy_names(world) {
        let (world, _) = counted(world, Rates { address: 3, ..Rates::default() });
        let nobody = world.nobody();
        let mut forged = nobody.clone();
        forged.token = Some("not.a.token".to_owned());
        let asks = |caller: &Caller, address: &str| from(caller, address, Method::GET, "/v1/congresses");
        // Nobody who is not signed in gets as far as a quota of his own with a token that he made up.
        assert_eq!(asks(&nobody, "198.51.100.1").status, 401);
        assert_eq!(asks(&forged, "198.51.100.1").status, 401);
        assert_eq!(from(&nobody, "198.51.100.1", Method::GET, "/v1/public/cases?congress=330502").status, 200);
        too_often(&asks(&forged, "198.51.100.1"), "20");
        // What he writes left of the address that the proxy saw does not make him another.
        too_often(&asks(&nobody, "203.0.113.9, 198.51.100.1"), "20");
        assert_eq!(asks(&nobody, "198.51.100.2").status, 401);
        // A whole /64 is one subscriber's.
        for address in ["2001:db8::1", "2001:db8::2", "[2001:db8::3]:4000"] {
            assert_eq!(asks(&nobody, address).status, 401);
        }
        too_often(&asks(&nobody, "2001:db8::4"), "20");
        // Who is signed in is not counted with the strangers of his house.
        let deputy = world.deputy();
        for _ in 0..5 {
            from(&deputy, "198.51.100.1", Method::GET, "/v1/me").expect(200);
        }
    }

    fn signing_in_has_a_tighter_quota_however_its_address_is_written(world) {
        let (world, _) = counted(world, Rates { sign_in: 2, address: 1000, ..Rates::default() });
        let nobody = world.nobody();
        let tries = |address: &str, path: &str| {
            let asked = nobody.ask(Method::POST, path).header("x-forwarded-for", address);
            asked.json(json!({"username": "committee", "password": "wrong"})).send()
        };
        assert_eq!(tries("198.51.100.1", "/v1/auth/sign-in").status, 401);
        assert_eq!(tries("198.51.100.1", "/v1/auth/refresh").status, 422);
        for path in ["/v1/auth/sign-in", "/v1/auth/refresh", "/v1/%61uth/sign-in", "/v1/auth/%73ign-in"] {
            too_often(&tries("198.51.100.1", path), "30");
        }
        // The keys are read, not tried; other addresses and other requests go on.
        from(&nobody, "198.51.100.1", Method::GET, "/v1/auth/keys").expect(200);
        assert_eq!(tries("198.51.100.2", "/v1/%61uth/sign-in").status, 401);
    }

    fn an_untrusted_peer_cannot_say_who_he_is(world) {
        let limits = Limits::new(Rates { address: 2, ..Rates::default() }, &Ticks::Turned(Arc::default()));
        let world = world.met(Edge { limits, ..Edge::default() });
        let nobody = world.nobody();
        for address in ["198.51.100.1", "198.51.100.2"] {
            assert_eq!(from(&nobody, address, Method::GET, "/v1/me").status, 401);
        }
        too_often(&from(&nobody, "198.51.100.3", Method::GET, "/v1/me"), "30");
    }
}

/// The head of an answer to a request written by hand.
fn by_hand(world: &World, request: &str) -> String {
    let mut socket = TcpStream::connect(world.base.trim_start_matches("http://")).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // The service may answer, and hang up, before it has heard everything.
    let _ = socket.write_all(request.as_bytes());
    let mut answer = [0; 12];
    let read = socket.read_exact(&mut answer);
    assert!(read.is_ok(), "{read:?}");
    String::from_utf8_lossy(&answer).into_owned()
}

on_both! {
    fn a_head_has_room_for_tokens_and_long_filters_and_no_more(world) {
        let get = |target: &str, headers: &str| {
            by_hand(world, &format!("GET {target} HTTP/1.1\r\nhost: here\r\nconnection: close\r\n{headers}\r\n"))
        };
        let lines = |n: usize| (0..n).map(|n| format!("x-{n}: 1\r\n")).collect::<String>();
        // 96 headers, 128 KiB of head, and 64 KiB of address are actix's own bounds.
        assert_eq!(get("/v1/calendars", &lines(94)), "HTTP/1.1 200");
        assert_eq!(get("/v1/calendars", &lines(95)), "HTTP/1.1 431");
        let padded = |bytes: usize| format!("x-long: {}\r\n", "a".repeat(bytes));
        assert_eq!(get("/v1/calendars", &padded(100 * 1024)), "HTTP/1.1 200");
        assert_eq!(get("/v1/calendars", &padded(140 * 1024)), "HTTP/1.1 431");
        assert_eq!(get(&format!("/v1/cases?colour={}", "a".repeat(65_000)), ""), "HTTP/1.1 401");
        assert_eq!(get(&format!("/v1/cases?colour={}", "a".repeat(66_000)), ""), "HTTP/1.1 400");
        // A token longer than any of ours is not looked at.
        assert_eq!(get("/v1/me", &format!("authorization: Bearer {}\r\n", "a".repeat(60_000))), "HTTP/1.1 401");
        world.nobody().get("/healthz").expect(200);
    }

    fn bodies_pages_and_texts_have_their_limits_and_say_them(world) {
        let (deputy, committee) = (world.deputy(), world.committee());
        let draft = |field: &str, text: String| {
            let mut draft = json!({"kind": "suggestion", "title": "标题", "body": "正文"});
            draft[field] = json!(text);
            deputy.create("/v1/cases", draft)
        };
        // A world's JSON body has 256 KiB at most, counted in bytes; a text is counted in characters.
        let largest = 256 * 1024 - json!({"kind": "suggestion", "title": "标题", "body": "正文", "x": ""}).to_string().len();
        assert_eq!(draft("x", "a".repeat(largest)).expect(422).pointers(), ["/x"]);
        let large = draft("x", "a".repeat(largest + 1)).expect(413);
        assert_eq!(large.json["type"], "urn:jianyi:problem:too-large");
        for (field, most) in [("title", 200), ("body", 20_000), ("category", 100)] {
            draft(field, "长".repeat(most)).expect(201);
            let over = draft(field, "长".repeat(most + 1)).expect(422);
            assert_eq!(over.pointers(), [format!("/{field}")]);
            let detail = over.json["errors"][0]["detail"].as_str().unwrap();
            assert!(detail.contains(&most.to_string()), "{detail}");
        }
        for (path, most) in [("/v1/cases?", 100), ("/v1/public/cases?congress=330502&", 100)] {
            committee.get(&format!("{path}limit={most}")).expect(200);
            for wrong in [0, most + 1] {
                let refused = committee.get(&format!("{path}limit={wrong}")).expect(422);
                assert_eq!(refused.pointers(), ["?limit"]);
                assert!(refused.text.contains(&most.to_string()), "{}", refused.text);
            }
        }
    }

    fn a_case_takes_a_hundred_files_and_no_more(world) {
        let deputy = world.deputy();
        let draft = deputy.create("/v1/cases", json!({"kind": "suggestion", "title": "标题", "body": "正文"})).expect(201);
        let path = draft.header("location").to_owned();
        let attach = |n: i64| {
            let asked = deputy.ask(Method::POST, &format!("{path}/attachments?name=a.txt&purpose=submission"));
            asked.version(n).bytes(format!("第{n}份实测记录").as_bytes()).send()
        };
        for n in 1..=100 {
            attach(n).expect(200);
        }
        let refused = attach(101).expect(422);
        assert!(refused.json["detail"].as_str().unwrap().contains("100"), "{}", refused.text);
    }
}
