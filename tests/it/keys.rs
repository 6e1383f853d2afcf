//! The keys of access tokens are changed while the service runs, and nobody is signed out.

use crate::{
    on_both,
    support::{
        World,
        client::Caller,
        program::{Service, succeeds},
    },
};
use jianyi::{
    identity::token::{ISSUER, Tokens},
    office::Clock,
};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    time::{Duration, Instant, SystemTime},
};
use uuid::Uuid;

fn kids(caller: &Caller, path: &str) -> BTreeSet<String> {
    let keys = caller.get(path).expect(200);
    assert_eq!(keys.header("cache-control"), "public, max-age=300");
    let all = keys.json["keys"].as_array().cloned().unwrap_or_default();
    assert!(all.iter().all(|key| key.get("d").is_none()), "{}", keys.text);
    all.iter().filter_map(|key| key["kid"].as_str().map(str::to_owned)).collect()
}

fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap_or_default();
    serde_json::from_slice(&crate::support::forger::decode(part)).expect("claims")
}

fn kid(token: &str) -> String {
    jsonwebtoken::decode_header(token).expect("a header").kid.unwrap_or_default()
}

/// What another process of the service would issue in the same sign-in, once it knows the newest key.
fn issued_elsewhere(world: &World, token: &str) -> String {
    let id = |name: &str| claims(token)[name].as_str().and_then(|id| id.parse::<Uuid>().ok()).expect("an id");
    let elsewhere = Tokens::open(&world.key_file(), ISSUER).expect("keys");
    let life = chrono::TimeDelta::minutes(10);
    elsewhere.issue(id("sub"), id("sid"), world.office.now(), life).expect("a token")
}

fn is_good(world: &World, token: &str) -> bool {
    let caller = Caller { token: Some(token.to_owned()), ..world.nobody() };
    caller.get("/v1/me").status == 200
}

on_both! {
    fn two_hundred_requests_with_old_and_new_tokens_go_through_four_rotations(world) {
        let first = world.committee().token.unwrap_or_default();
        let mut tokens = vec![first.clone()];
        let (mut asked, mut keys) = (0, BTreeSet::from([kid(&first)]));
        std::thread::scope(|scope| {
            let caller = Caller { token: Some(first.clone()), ..world.nobody() };
            // Somebody goes on working all the while.
            let working = scope.spawn(move || (0..100).filter(|_| caller.get("/v1/me").status == 200).count());
            for _ in 0..4 {
                let told = succeeds(world.program().args(["keys", "rotate"]));
                let newest = issued_elsewhere(world, &first);
                assert!(told.contains(&kid(&newest)), "{told}");
                assert!(keys.insert(kid(&newest)), "the key is a new one");
                tokens.push(newest);
                // The first request with the new token comes before this service looked at its files by itself.
                for token in tokens.iter().rev().cycle().take(25) {
                    assert!(is_good(world, token), "{}", kid(token));
                    asked += 1;
                }
            }
            assert_eq!((working.join().expect("a worker"), asked), (100, 100));
        });
        assert_eq!(kids(&world.nobody(), "/v1/auth/keys"), keys);
        assert_eq!(kids(&world.nobody(), "/.well-known/jwks.json"), keys);
        // Who signs in or refreshes now gets the new key.
        assert_eq!(kid(&world.committee().token.unwrap_or_default()), kid(&tokens[4]));
    }

    fn a_retired_key_ends_its_tokens_and_no_other(world) {
        let old = world.committee().token.unwrap_or_default();
        succeeds(world.program().args(["keys", "rotate"]));
        let new = issued_elsewhere(world, &old);
        assert!(is_good(world, &new) && is_good(world, &old));
        let listed = succeeds(world.program().args(["keys", "list"]));
        assert_eq!(listed.lines().count(), 2, "{listed}");
        assert!(listed.starts_with(&kid(&new)) && listed.contains("signs"), "{listed}");
        let kept = succeeds(world.program().args(["keys", "retire"]));
        assert!(kept.contains("no former key is old enough") && kept.contains(&kid(&old)), "{kept}");
        assert!(is_good(world, &old));

        // Twelve minutes later: longer than a token's ten.
        let path = listed.lines().last().and_then(|line| line.split_whitespace().last()).expect("a path");
        let file = std::fs::File::options().append(true).open(path).expect("the former key");
        file.set_modified(SystemTime::from(Clock::System.now()) - Duration::from_secs(12 * 60)).expect("its time is set");
        let retired = succeeds(world.program().args(["keys", "retire"]));
        assert!(retired.contains(&format!("retired  {}", kid(&old))), "{retired}");
        // Anything signed by a key that is not known makes the service look; the background turn does so too.
        assert!(!is_good(world, &issued_by_nobody(world, &old)));
        assert!(!is_good(world, &old), "its key is gone");
        assert!(is_good(world, &new));
        assert_eq!(kids(&world.nobody(), "/v1/auth/keys"), BTreeSet::from([kid(&new)]));
    }
}

/// A token under a key that is in no folder of this service.
fn issued_by_nobody(world: &World, token: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let id = |name: &str| claims(token)[name].as_str().and_then(|id| id.parse::<Uuid>().ok()).expect("an id");
    let tokens = Tokens::open(&folder.path().join("token.key"), ISSUER).expect("keys");
    tokens.issue(id("sub"), id("sid"), world.office.now(), chrono::TimeDelta::minutes(10)).expect("a token")
}

#[test]
fn a_running_service_takes_up_a_new_key_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let sample = || {
        let mut program = crate::support::program::jianyi(folder.path(), None);
        program.env("JIANYI_MODE", "sample").env("JIANYI_SAMPLE_PASSWORD", "a password of the tests");
        program
    };
    let service = Service::start(sample().arg("serve"));
    let http = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
    let nobody = Caller { http, base: service.base.clone(), token: None, party: String::new() };
    let sign_in = || {
        let body = json!({"username": "committee", "password": "a password of the tests"});
        nobody.create("/v1/auth/sign-in", body).expect(200).json["access_token"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let old = sign_in();
    // The database is the service's alone; the keys are not in it.
    succeeds(sample().args(["keys", "rotate"]));
    let patience = Instant::now() + Duration::from_secs(60);
    while kids(&nobody, "/v1/auth/keys").len() < 2 {
        assert!(Instant::now() < patience, "the service did not look at its keys");
        std::thread::sleep(Duration::from_millis(100));
    }
    let new = sign_in();
    assert_ne!(kid(&old), kid(&new));
    for token in [old, new] {
        Caller { token: Some(token), ..nobody.clone() }.get("/v1/me").expect(200);
    }
}

/// Two processes on one PostgreSQL and one key folder, as behind a load balancer.
#[test]
fn a_token_of_one_process_is_good_at_another_that_has_not_looked_yet() {
    let world = World::on_postgres();
    // Nobody signs in so often; it is not what is asked here.
    let service = Service::start(world.program().env("JIANYI_RATE_SIGN_IN", "0").arg("serve"));
    let other = Caller { base: service.base.clone(), ..world.nobody() };
    let sign_in = |caller: &Caller| {
        let body = json!({"username": "committee", "password": "a password of the tests"});
        caller.create("/v1/auth/sign-in", body).expect(200).json["access_token"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let first = kid(&sign_in(&other));
    for _ in 0..2 {
        succeeds(world.program().args(["keys", "rotate"]));
        for _ in 0..20 {
            for (issuing, verifying) in [(&other, world.nobody()), (&world.nobody(), other.clone())] {
                let token = sign_in(issuing);
                // The other process runs by the machine's clock, this one by the story's, which stands still.
                world.turn(Clock::System.now());
                Caller { token: Some(token), ..verifying }.get("/v1/me").expect(200);
            }
        }
    }
    let patience = Instant::now() + Duration::from_secs(60);
    while kid(&sign_in(&other)) == first {
        assert!(Instant::now() < patience, "the service did not look at its keys");
    }
}
