//! Signing in: who guesses is slowed down and locks nobody out; refresh tokens are good once; one's own sign-ins.

use super::acts::{acts, kinds};
use crate::{
    on_both,
    support::{
        World,
        client::{Caller, Reply},
        world::PASSWORD,
    },
};
use chrono::TimeDelta;
use jianyi::office::{Fault, sign_in::Origin, throttle::Attempt};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn try_as(caller: &Caller, username: &str, password: &str) -> Reply {
    caller.create("/v1/auth/sign-in", json!({"username": username, "password": password}))
}

/// Somebody by his tokens.
fn holding(world: &World, pair: &Value) -> Caller {
    Caller { token: Some(pair["access_token"].as_str().unwrap().to_owned()), ..world.nobody() }
}

/// What an answer says, without what differs in every answer.
fn said(reply: &Reply) -> (u16, Value, BTreeMap<String, String>) {
    let mut body = reply.json.clone();
    body.as_object_mut().map(|body| body.remove("request_id"));
    let headers = reply.headers.iter().filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()));
    let told = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (reply.status, body, told.collect())
}

on_both! {
    fn an_unknown_account_answers_like_a_known_one_until_both_are_slowed_down(world) {
        let nobody = world.nobody();
        for turn in 0..12 {
            let known = said(&try_as(&nobody, "chen", "wrong password"));
            let unknown = said(&try_as(&nobody, "nobody-here", "wrong password"));
            assert_eq!(known, unknown, "{turn}");
            assert_eq!(known.0, if turn < 9 { 401 } else { 429 }, "{turn}");
        }
        let refused = try_as(&nobody, "chen", PASSWORD).expect(429);
        assert!((1..=60).contains(&refused.header("retry-after").parse::<u64>().unwrap()));
        world.later(TimeDelta::seconds(61));
        try_as(&nobody, "chen", PASSWORD).expect(200);
    }

    fn the_owner_signs_in_from_his_device_while_strangers_guess(world) {
        let first = try_as(&world.nobody(), "chen", PASSWORD).expect(200);
        let device = first.json["device_token"].as_str().unwrap().to_owned();
        let from_device = |password: &str| {
            let body = json!({"username": "chen", "password": password, "device_token": device});
            world.nobody().create("/v1/auth/sign-in", body)
        };
        for _ in 0..20 {
            try_as(&world.nobody(), "chen", "a guess");
            let known = from_device(PASSWORD).expect(200);
            assert!(known.json["device_token"].is_null(), "it is known already");
        }
        try_as(&world.nobody(), "chen", PASSWORD).expect(429);
        // Whose device it is counts: for another's account it is a stranger's.
        for _ in 0..12 {
            world.nobody().create("/v1/auth/sign-in", json!({"username": "li", "password": "x", "device_token": device}));
        }
        let at_li = json!({"username": "li", "password": PASSWORD, "device_token": device});
        world.nobody().create("/v1/auth/sign-in", at_li).expect(429);
        // Guesses from the device itself are counted too.
        for _ in 0..9 {
            from_device("a guess").expect(401);
        }
        from_device(PASSWORD).expect(429);
        // After 180 days it is a stranger again.
        world.later(TimeDelta::days(181));
        assert!(from_device(PASSWORD).expect(200).json["device_token"].is_string());
    }

    fn guesses_that_are_sent_at_once_do_not_pass_by_the_count(world) {
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..24).map(|_| scope.spawn(|| try_as(&world.nobody(), "chen", "a guess").status)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let looked_at = statuses.iter().filter(|status| **status == 401).count();
        assert!((1..=9).contains(&looked_at), "{statuses:?}");
        assert!(statuses.iter().all(|status| [401, 429, 503].contains(status)), "{statuses:?}");
    }

    fn a_refresh_token_is_good_once_however_many_race_for_it_and_nobody_is_signed_out_by_two_tabs(world) {
        let pair = try_as(&world.nobody(), "chen", PASSWORD).expect(200).json;
        let refresh = |token: &Value| world.nobody().create("/v1/auth/refresh", json!({"refresh_token": token}));
        let replies: Vec<Reply> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..64).map(|_| scope.spawn(|| refresh(&pair["refresh_token"]))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let won: Vec<&Reply> = replies.iter().filter(|reply| reply.status == 200).collect();
        assert_eq!(won.len(), 1, "exactly one successor");
        assert!(replies.iter().all(|reply| [200, 401, 503].contains(&reply.status)));
        holding(world, &pair).get("/v1/me").expect(200);
        let successor = refresh(&won[0].json["refresh_token"]).expect(200).json;
        world.later(TimeDelta::seconds(11));
        refresh(&pair["refresh_token"]).expect(401);
        holding(world, &successor).get("/v1/me").expect(401);
        refresh(&successor["refresh_token"]).expect(401);
        let book = acts(&world.signed_in("auditor"), "");
        assert_eq!(kinds(&book)[..2], ["signed_in", "sign_in_stolen"]);
        assert!(!book[1]["user"].is_null());
    }

    fn everybody_sees_and_ends_his_own_sign_ins_and_nobody_elses(world) {
        let tell = |agent: &str| {
            let asked = world.nobody().ask(Method::POST, "/v1/auth/sign-in").header("user-agent", agent);
            asked.json(json!({"username": "chen", "password": PASSWORD})).send().expect(200).json
        };
        let first = tell("phone");
        world.later(TimeDelta::seconds(1));
        let second = tell("desk");
        let (phone, desk) = (holding(world, &first), holding(world, &second));
        let list = desk.get("/v1/me/sign-ins").expect(200).json["sign_ins"].as_array().cloned().unwrap();
        let shown: Vec<_> = list.iter().map(|it| (it["client"].as_str().unwrap(), it["this"].as_bool().unwrap())).collect();
        assert_eq!(shown, [("desk", true), ("phone", false)]);
        assert_eq!(list[1]["address"], "127.0.0.1");
        let id = list[1]["id"].as_str().unwrap();
        world.signed_in("li").ask(Method::DELETE, &format!("/v1/me/sign-ins/{id}")).send().expect(404);
        desk.ask(Method::DELETE, &format!("/v1/me/sign-ins/{id}")).send().expect(204);
        phone.get("/v1/me").expect(401);
        desk.ask(Method::DELETE, &format!("/v1/me/sign-ins/{id}")).send().expect(404);
        let third = holding(world, &tell("tablet"));
        desk.create("/v1/auth/sign-out-everywhere", json!({})).expect(204);
        desk.get("/v1/me").expect(401);
        third.get("/v1/me").expect(401);
    }

    fn a_password_is_changed_by_who_knows_it_and_all_other_sign_ins_end(world) {
        let pair = try_as(&world.nobody(), "chen", PASSWORD).expect(200).json;
        let (other, own) = (world.signed_in("chen"), holding(world, &pair));
        let change = |current: &str, password: &str| {
            own.create("/v1/me/password", json!({"current": current, "password": password}))
        };
        assert_eq!(change("not it", "河堤修好了再走三里路看桥").expect(422).pointers(), ["/current"]);
        for weak in ["short", "aaaaaaaaaaaaaaaa", "password123456", "chenchenchenchen"] {
            let refused = change(PASSWORD, weak).expect(422);
            assert_eq!(refused.pointers(), ["/password"], "{weak}");
            assert!(refused.json["detail"].as_str().unwrap().contains("词") || weak == "short", "{}", refused.text);
        }
        change(PASSWORD, "河堤修好了再走三里路看桥").expect(204);
        own.get("/v1/me").expect(200);
        other.get("/v1/me").expect(401);
        try_as(&world.nobody(), "chen", PASSWORD).expect(401);
        try_as(&world.nobody(), "chen", "河堤修好了再走三里路看桥").expect(200);
        // The device that the thief may have left is not trusted any more.
        let stale = json!({"username": "chen", "password": "河堤修好了再走三里路看桥", "device_token": pair["device_token"]});
        assert!(world.nobody().create("/v1/auth/sign-in", stale).expect(200).json["device_token"].is_string());
        // Whoever finds the screen unlocked has no more guesses than a stranger.
        for _ in 0..12 {
            change("a guess", "x");
        }
        change("河堤修好了再走三里路看桥", "另外一句没有人想得到的话").expect(429);
    }

    fn a_hash_of_weaker_parameters_is_made_anew_at_the_next_sign_in(world) {
        use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(1024, 1, 1, None).unwrap());
        let hash = weak.hash_password(PASSWORD.as_bytes()).unwrap().to_string();
        let kept = || {
            let read = |db: &mut _| Ok::<_, Fault>(jianyi::store::people::by_username(db, "chen")?.unwrap().password.unwrap());
            world.office.store().read_here(read).unwrap()
        };
        let given = hash.clone();
        world.office.store().write_here(move |db| Ok::<_, Fault>(jianyi::store::people::set_password(db, "chen", &given)?)).unwrap();
        try_as(&world.nobody(), "chen", "wrong").expect(401);
        assert_eq!(kept(), hash);
        world.signed_in("chen");
        assert!(kept().contains("m=19456,t=2"), "{}", kept());
        world.signed_in("chen");
    }
}

/// reliability.md, S3: ten thousand guesses from a hundred addresses at a thousand accounts within a day, by the office
/// itself, since the password's hash is what takes the time. The owner on a known device is let through throughout.
#[test]
fn a_day_of_guessing_leaves_an_account_fifty_looks_at_most_and_its_owner_at_work() {
    let world = World::on_sqlite();
    let first = try_as(&world.nobody(), "chen", PASSWORD).expect(200);
    let admit = |username: &str, address: usize| {
        let origin = Origin { address: Some(format!("203.0.113.{address}")), ..Origin::default() };
        let attempt = Attempt { username: username.to_owned(), device: None, origin };
        crate::support::world::wait(async {
            match world.office.admit_guess(attempt).await {
                Ok(admitted) => {
                    world.office.refuse(&admitted, false).await.unwrap();
                    true
                }
                Err(Fault::TooOften { .. }) => false,
                Err(other) => panic!("{other:?}"),
            }
        })
    };
    let mut looked_at = BTreeMap::<String, usize>::new();
    for guess in 0..10_000 {
        world.later(TimeDelta::milliseconds(8_640));
        // A third of them at one account, that of the owner; the others at random ones.
        let username =
            if guess % 3 == 0 { "chen".to_owned() } else { format!("account-{}", guess * 7 % 1_000) };
        if admit(&username, guess % 100) {
            *looked_at.entry(username).or_default() += 1;
        }
        if guess % 500 == 0 {
            let body =
                json!({"username": "chen", "password": PASSWORD, "device_token": first.json["device_token"]});
            world.nobody().create("/v1/auth/sign-in", body).expect(200);
        }
    }
    let (name, most) = looked_at.iter().max_by_key(|(_, times)| **times).unwrap();
    assert!(*most <= 50, "{name}: {most}");
    assert!(looked_at["chen"] >= 20, "the count decides, and not the address: {}", looked_at["chen"]);
}
