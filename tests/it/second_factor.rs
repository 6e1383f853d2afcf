//! The second factor: who must have one sets it before he is let in, a code is good once, and a copy of the database
//! does not tell the seed.

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
use jianyi::{identity::totp, office::Fault};
use serde_json::{Value, json};

fn sign_in(world: &World, username: &str, code: Option<&str>) -> Reply {
    let mut body = json!({"username": username, "password": PASSWORD});
    if let Some(code) = code {
        body["code"] = json!(code);
    }
    world.nobody().create("/v1/auth/sign-in", body)
}

/// What the app on the telephone would show.
fn code(world: &World, secret: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    totp::code(secret.as_bytes(), world.office.now().timestamp()).unwrap()
}

/// Sets a second factor on the way in: its secret, its recovery codes, and the caller.
fn enrolled(world: &World, username: &str) -> (String, Vec<String>, Caller) {
    let first = sign_in(world, username, None).expect(202);
    let token = first.json["enrolment_token"].clone();
    let proposed =
        world.nobody().create("/v1/auth/second-factor", json!({"enrolment_token": token})).expect(200);
    let secret = proposed.json["secret"].as_str().unwrap().to_owned();
    let body = json!({"enrolment_token": token, "code": code(world, &secret)});
    let set = world.nobody().create("/v1/auth/second-factor/confirmation", body).expect(200).json;
    let codes =
        set["recovery_codes"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect();
    let token = set["tokens"]["access_token"].as_str().unwrap().to_owned();
    (secret, codes, Caller { token: Some(token), ..world.nobody() })
}

on_both! {
    fn who_must_have_one_gets_no_token_before_it_is_set_and_a_code_from_then_on(world) {
        let world = world.guarded(&["committee", "auditor"]);
        world.signed_in("chen");
        let first = sign_in(&world, "committee", None).expect(202);
        assert!(first.json["access_token"].is_null());
        let token = first.json["enrolment_token"].clone();
        // The token opens nothing else.
        let as_bearer = Caller { token: token.as_str().map(str::to_owned), ..world.nobody() };
        as_bearer.get("/v1/me").expect(401);
        as_bearer.get("/v1/cases").expect(401);
        world.nobody().get("/v1/auth/second-factor").expect(405);
        world.nobody().create("/v1/auth/links/x", json!({"password": "y"})).expect(404);
        let proposed = world.nobody().create("/v1/auth/second-factor", json!({"enrolment_token": token})).expect(200).json;
        let secret = proposed["secret"].as_str().unwrap();
        assert!(proposed["otpauth_uri"].as_str().unwrap().contains(&format!("secret={secret}")));
        let confirm = |code: &str| {
            world.nobody().create("/v1/auth/second-factor/confirmation", json!({"enrolment_token": token, "code": code}))
        };
        assert_eq!(confirm("000000").expect(422).pointers(), ["/code"]);
        let set = confirm(&code(&world, secret)).expect(200).json;
        assert_eq!(set["recovery_codes"].as_array().unwrap().len(), 10);
        confirm(&code(&world, secret)).expect(401);
        let bearer = Caller { token: set["tokens"]["access_token"].as_str().map(str::to_owned), ..world.nobody() };
        assert_eq!(bearer.get("/v1/me").expect(200).json["role"], "committee");
        assert_eq!(bearer.get("/v1/me/sign-ins").expect(200).json["sign_ins"][0]["second_factor"], true);

        let wanted = sign_in(&world, "committee", None).expect(401);
        assert_eq!(wanted.json["type"], "urn:jianyi:problem:second-factor-required");
        let wrong = world.nobody().create("/v1/auth/sign-in", json!({"username": "committee", "password": "no", "code": code(&world, secret)}));
        assert_eq!(wrong.expect(401).json["type"], "urn:jianyi:problem:not-signed-in");
        // The code that confirmed it was taken; the next one is good once.
        sign_in(&world, "committee", Some(&code(&world, secret))).expect(401);
        world.later(TimeDelta::seconds(30));
        sign_in(&world, "committee", Some(&code(&world, secret))).expect(200);
        sign_in(&world, "committee", Some(&code(&world, secret))).expect(401);
        let (_, _, auditor) = enrolled(&world, "auditor");
        let book = acts(&auditor, "");
        assert!(kinds(&book).contains(&"second_factor_set"), "{book:?}");
        let refused = book.iter().find(|it| it["act"]["kind"] == "sign_in_refused").unwrap();
        assert_eq!(refused["act"]["second_factor"], true);
    }

    fn of_many_who_race_with_one_code_one_is_let_in(world) {
        let world = world.guarded(&["committee"]);
        let (secret, codes, _) = enrolled(&world, "committee");
        world.later(TimeDelta::minutes(1));
        for code in [code(&world, &secret), codes[0].clone()] {
            let statuses: Vec<u16> = std::thread::scope(|scope| {
                let threads: Vec<_> =
                    (0..8).map(|_| scope.spawn(|| sign_in(&world, "committee", Some(&code)).status)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            let won = statuses.iter().filter(|status| **status == 200).count();
            assert_eq!(won, 1, "{statuses:?}");
            world.later(TimeDelta::hours(30));
        }
    }

    fn a_recovery_code_is_good_once_and_an_administrator_resets_what_was_lost(world) {
        let world = world.guarded(&["committee"]);
        let (secret, codes, committee) = enrolled(&world, "committee");
        let spelled = codes[3].to_uppercase().replace('-', " ");
        sign_in(&world, "committee", Some(&spelled)).expect(200);
        sign_in(&world, "committee", Some(&codes[3])).expect(401);
        sign_in(&world, "committee", Some(&codes[4])).expect(200);
        let user = committee.get("/v1/me").expect(200).json["user"].as_str().unwrap().to_owned();
        let reset = format!("/v1/accounts/{user}/second-factor/reset");
        world.signed_in("administrator@other").create(&reset, json!({})).expect(404);
        world.signed_in("leader").create(&reset, json!({})).expect(403);
        let administrator = world.signed_in("administrator");
        administrator.create(&reset, json!({})).expect(204);
        administrator.create(&reset, json!({})).expect(404);
        committee.get("/v1/me").expect(401);
        world.later(TimeDelta::minutes(1));
        sign_in(&world, "committee", Some(&code(&world, &secret))).expect(202);
        let (other, ..) = enrolled(&world, "committee");
        assert_ne!(other, secret);
    }

    fn somebody_signed_in_sets_one_of_his_own_will_and_the_database_does_not_tell_the_seed(world) {
        let chen = world.signed_in("chen");
        world.later(TimeDelta::minutes(16));
        chen.create("/v1/auth/second-factor", json!({})).expect(403);
        let chen = world.signed_in("chen");
        let proposed = chen.create("/v1/auth/second-factor", json!({})).expect(200).json;
        let secret = proposed["secret"].as_str().unwrap().to_owned();
        sign_in(world, "chen", None).expect(200);
        chen.create("/v1/auth/second-factor/confirmation", json!({"code": code(world, &secret)})).expect(200);
        chen.create("/v1/auth/second-factor", json!({})).expect(409);
        sign_in(world, "chen", None).expect(401);
        let user = chen.get("/v1/me").expect(200).json["user"].as_str().unwrap().parse().unwrap();
        let read = move |db: &mut _| Ok::<_, Fault>(jianyi::store::second_factors::find(db, user)?.unwrap());
        let kept = world.office.store().read_here(read).unwrap();
        let seed = totp_rs::Secret::try_from_base32(&secret).unwrap();
        let seal = jianyi::identity::seal::Seal::load_or_create(&world.folder().join("token.seal")).unwrap();
        assert_eq!(seal.open(&kept.user_id, &kept.seed).unwrap(), seed.as_bytes());
        assert!(seal.open("another", &kept.seed).is_err());
        let text = format!("{kept:?}");
        assert!(!text.contains(&secret), "{text}");
    }

    fn an_enrolment_token_lasts_a_quarter_of_an_hour(world) {
        let world = world.guarded(&["committee"]);
        let token: Value = sign_in(&world, "committee", None).expect(202).json["enrolment_token"].clone();
        world.later(TimeDelta::minutes(16));
        world.nobody().create("/v1/auth/second-factor", json!({"enrolment_token": token})).expect(401);
    }
}
