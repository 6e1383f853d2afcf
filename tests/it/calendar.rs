//! The calendar of one's dates, as a telephone reads it: by a strict reader of RFC 5545, and at its secret address.

use crate::{
    on_both,
    support::{client::Caller, world::letter},
};
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeMap;

/// An event, its properties by name without their parameters.
type Read = BTreeMap<String, String>;

/// Reads a calendar and holds it to the standard: ends of lines, their length, what must be there, and once only.
fn read(text: &str) -> Vec<Read> {
    assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']), "{text:?}");
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    let unfolded = text.replace("\r\n ", "").replace("\r\n\t", "");
    let mut lines = unfolded.trim_end().split("\r\n").map(|line| {
        let (name, value) = line.split_once(':').expect("a content line");
        (name.to_owned(), value.to_owned())
    });
    assert_eq!(lines.next(), Some(("BEGIN".to_owned(), "VCALENDAR".to_owned())));
    let (mut events, mut head, mut open): (Vec<Read>, Read, Option<Read>) = (Vec::new(), Read::new(), None);
    let mut closed = false;
    for (name, value) in lines {
        assert!(!closed, "something after the end");
        match (name.as_str(), value.as_str(), &mut open) {
            ("BEGIN", "VEVENT", None) => open = Some(Read::new()),
            ("END", "VEVENT", Some(_)) => events.extend(open.take()),
            ("END", "VCALENDAR", None) => closed = true,
            ("BEGIN" | "END", other, _) => panic!("{other} is out of place"),
            (_, _, Some(event)) => assert_eq!(event.insert(name, value), None, "twice"),
            (_, _, None) => assert_eq!(head.insert(name, value), None, "twice"),
        }
    }
    assert!(closed && head["VERSION"] == "2.0" && head["METHOD"] == "PUBLISH" && !head["PRODID"].is_empty());
    let mut uids: Vec<_> = events.iter().map(|event| event["UID"].clone()).collect();
    uids.sort();
    uids.dedup();
    assert_eq!(uids.len(), events.len(), "two events share a UID");
    for event in &events {
        assert_eq!(event["DTSTART;VALUE=DATE"].len(), 8);
        let stamp = &event["DTSTAMP"];
        assert!(stamp.len() == 16 && stamp.ends_with('Z') && &stamp[8..9] == "T", "{stamp}");
        assert!(
            event["SEQUENCE"].parse::<u32>().is_ok()
                && ["CONFIRMED", "CANCELLED"].contains(&&*event["STATUS"])
        );
    }
    events
}

fn calendar(caller: &Caller) -> Vec<Read> {
    let reply = caller.get("/v1/me/calendar.ics").expect(200);
    assert_eq!(reply.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(reply.header("cache-control"), "private, no-cache");
    read(&reply.text)
}

/// Each date in a line: what, when, its sequence, and whether it stands.
fn dates(caller: &Caller) -> Vec<String> {
    let line = |it: &Read| {
        let kind = it["UID"].split('.').nth(2).unwrap().trim_end_matches("@jianyi");
        format!("{kind} {} {} {}", it["DTSTART;VALUE=DATE"], it["SEQUENCE"], it["STATUS"].to_lowercase())
    };
    calendar(caller).iter().map(line).collect()
}

on_both! {
    fn a_date_that_moves_is_done_or_comes_back_raises_its_sequence(world) {
        world.on("2024-02-22");
        let (path, _) = world.in_hand("关于增设公交站点的建议，即“一,二;三”路段、织里镇振兴路以及沿线各停靠点早晚高峰候车难问题的建议");
        let at = |step: &str| format!("{path}{step}");
        let transport = world.transport();
        assert_eq!(dates(&transport), ["accept 20240304 1 cancelled", "reply 20240522 0 confirmed"]);
        let event = calendar(&transport).remove(1);
        assert!(event["SUMMARY"].contains("一\\,二\\;三") && event["SUMMARY"].starts_with("答复代表："), "{event:?}");
        let uid = event["UID"].clone();
        world.does("transport", &at("/assignments/1/notes"), json!({"text": "已踏勘", "audience": "everybody"}));
        assert_eq!(calendar(&transport)[1], event, "nothing of the date has changed");
        world.on("2024-03-20");
        assert_eq!(dates(&transport), ["reply 20240522 0 confirmed"], "what was done is told for two weeks");
        world.does("transport", &at("/assignments/1/extension"), json!({"reason": "涉及面广", "until": "2024-06-28"}));
        assert_eq!(dates(&transport), ["reply 20240522 0 confirmed"]);
        world.does("committee", &at("/assignments/1/extension/decision"), json!({"granted": true}));
        assert_eq!(dates(&transport), ["reply 20240628 1 confirmed"]);
        world.does("transport", &at("/assignments/1/reply"), letter("A"));
        assert_eq!(dates(&transport), ["reply 20240628 2 cancelled"]);
        assert_eq!(calendar(&transport)[0]["UID"], uid);
        // Judged, closed and reopened: to be judged again, as the same matter.
        let chen = world.deputy();
        assert_eq!(dates(&chen), ["evaluate 20240418 0 confirmed"]);
        let bad = json!({"attitude": "satisfied", "result": "unsatisfied", "text": "没有时间表"});
        world.does("chen", &at("/evaluations"), bad);
        assert_eq!(dates(&chen), ["evaluate 20240418 1 cancelled"]);
        world.does("committee", &at("/dissatisfaction"), json!({"rework": true, "reason": "请补充"}));
        assert_eq!(dates(&transport), ["rework 20240422 0 confirmed", "reply 20240628 2 cancelled"]);
        world.on("2024-04-01").does("transport", &at("/assignments/1/reply"), letter("A"));
        assert_eq!(dates(&chen), ["evaluate 20240429 2 confirmed"], "and what the co-signer did is not told by it");
        world.assert_no_drift();
    }

    fn an_unchanged_calendar_is_not_sent_again(world) {
        world.on("2024-02-22");
        let (path, _) = world.in_hand("关于河道整治的建议");
        let transport = world.transport();
        let etag = transport.get("/v1/me/calendar.ics").expect(200).etag.unwrap();
        let again = |etag: &str| transport.ask(Method::GET, "/v1/me/calendar.ics").header("if-none-match", etag).send();
        world.later(chrono::TimeDelta::minutes(1));
        let same = again(&etag).expect(304);
        assert_eq!((same.text.as_str(), same.etag.as_ref()), ("", Some(&etag)));
        world.does("transport", &format!("{path}/assignments/1/reply"), letter("A"));
        assert_ne!(again(&etag).expect(200).etag, Some(etag));
        world.assert_no_drift();
    }

    fn a_secret_address_opens_ones_own_calendar_until_it_is_ended(world) {
        world.on("2024-02-22");
        world.in_hand("关于河道整治的建议");
        let (transport, nobody) = (world.transport(), world.nobody());
        let path = |url: &str| url.strip_prefix("https://jianyi.example.cn").unwrap().to_owned();
        let made = || path(transport.ask(Method::POST, "/v1/me/calendar").send().expect(201).json["address"].as_str().unwrap());
        assert_eq!(transport.get("/v1/me/calendar").expect(200).json, json!({}));
        let first = made();
        let secret = first.strip_prefix("/v1/calendar/").and_then(|it| it.strip_suffix(".ics")).unwrap();
        assert_eq!(secret.len(), 43, "256 bits");
        assert!(transport.get("/v1/me/calendar").expect(200).json["since"].is_string());
        let by_secret = nobody.get(&first).expect(200);
        assert_eq!(by_secret.text, transport.get("/v1/me/calendar.ics").expect(200).text);
        assert_eq!(by_secret.header("cache-control"), "private, no-cache");
        nobody.ask(Method::GET, &first).header("if-none-match", &by_secret.etag.unwrap()).send().expect(304);
        assert!(!read(&by_secret.text).is_empty());
        // It stands in no figure and no table, and what is no address is like what never was.
        assert!(!nobody.get("/metrics").expect(200).text.contains(secret));
        assert!(!String::from_utf8_lossy(&world.bytes_on_disk()).contains(secret));
        for wrong in [format!("/v1/calendar/{}x.ics", &secret[..42]), "/v1/calendar/.ics".to_owned(), "/v1/calendar/%00.ics".to_owned(), format!("/v1/calendar/{secret}")] {
            assert_eq!(nobody.get(&wrong).status, 404, "{wrong}");
        }
        // Another one, and none any more.
        let second = made();
        assert_ne!(first, second);
        nobody.get(&first).expect(404);
        nobody.get(&second).expect(200);
        transport.ask(Method::DELETE, "/v1/me/calendar").send().expect(204);
        nobody.get(&second).expect(404);
        transport.ask(Method::DELETE, "/v1/me/calendar").send().expect(404);
        // It ends with the account, and comes back with it.
        let third = made();
        let id = transport.get("/v1/me").expect(200).json["user"].as_str().unwrap().to_owned();
        world.signed_in("administrator").ask(Method::POST, &format!("/v1/accounts/{id}/disabling")).json(json!({})).send();
        let acts = world.signed_in("auditor").get("/v1/acts?limit=100").expect(200).json["acts"].clone();
        let kinds: Vec<_> = acts.as_array().unwrap().iter().map(|it| it["act"]["kind"].as_str().unwrap_or("").to_owned()).collect();
        assert_eq!(kinds.iter().filter(|it| *it == "calendar_address_made").count(), 3, "{acts:#}");
        assert_eq!(kinds.iter().filter(|it| *it == "calendar_address_ended").count(), 1);
        assert!(!acts.to_string().contains(secret));
        nobody.get(&third).expect(404);
        world.assert_no_drift();
    }
}
