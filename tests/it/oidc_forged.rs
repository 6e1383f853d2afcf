//! What the provider of single sign-on says is not believed unless all of it is right.

use crate::{
    on_both,
    support::{
        World,
        client::Reply,
        forger::encode,
        forging::{ACCESS_TOKEN, ForgingProvider, Lie, now},
        sign_on::{Door, SECRET, settings},
    },
};
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};
use std::time::{Duration, Instant};

type Change = Box<dyn Fn(&mut Lie)>;

fn door<'a>(world: &'a World, provider: &ForgingProvider) -> Door<'a> {
    let door = Door::open(world, settings(&provider.issuer));
    door.link("committee", &provider.issuer, "gong-wei");
    door
}

/// Somebody is sent away and comes back with a code; the provider says what it is told to.
fn told(door: &Door, provider: &ForgingProvider, change: impl Fn(&mut Lie)) -> Reply {
    let begun = door.begin();
    provider.says(&begun.query("nonce"), change);
    door.finish(&json!({"code": "code", "state": begun.query("state"), "binding": begun.binding, "iss": provider.issuer}))
}

fn claim(name: &'static str, value: Value) -> (String, Change) {
    (format!("{name} {value}"), Box::new(move |lie| lie.claims[name] = value.clone()))
}

fn without(name: &'static str) -> (String, Change) {
    let remove = move |lie: &mut Lie| drop(lie.claims.as_object_mut().map(|claims| claims.remove(name)));
    (format!("no {name}"), Box::new(remove))
}

fn header(name: &'static str, value: Value) -> (String, Change) {
    (format!("{name} {value} in the header"), Box::new(move |lie| lie.header[name] = value.clone()))
}

fn half(hash: &[u8]) -> Value {
    json!(encode(&hash[..hash.len() / 2]))
}

/// Words that are not good, each in one thing.
fn lies() -> Vec<(String, Change)> {
    let mut all: Vec<(String, Change)> = Vec::new();
    all.extend(["iss", "aud", "sub", "nonce", "iat", "exp"].map(without));
    all.extend([
        claim("iss", json!("http://127.0.0.1:1")),
        claim("iss", json!("")),
        claim("aud", json!("another")),
        claim("aud", json!(["jianyi", "another"])),
        claim("aud", json!([])),
        claim("azp", json!("another")),
        claim("nonce", json!("another")),
        claim("nonce", json!("")),
        claim("exp", json!(now() - 100)),
        claim("exp", json!("tomorrow")),
        claim("iat", json!(now() + 120)),
        claim("iat", json!(now() - 760)),
        claim("sub", json!("")),
        claim("sub", json!("s".repeat(256))),
        claim("sub", json!("gong-wei\u{0}")),
        claim("sub", json!("工委")),
        claim("sub", json!(7)),
        claim("at_hash", half(&Sha512::digest("another access token"))),
        // The right token under the wrong hash: EdDSA goes with SHA-512.
        claim("at_hash", half(&Sha256::digest(ACCESS_TOKEN))),
        header("alg", json!("none")),
        header("alg", json!("RS256")),
        header("alg", json!("ES256")),
        header("kid", json!("unknown")),
        header("typ", json!("at+jwt")),
        header("crit", json!(["exp"])),
        header("cty", json!("JWT")),
    ]);
    let mut add = |what: &str, change: fn(&mut Lie)| all.push((what.to_owned(), Box::new(change)));
    add("another key", |lie| lie.signing = SigningKey::from_bytes(&[1; 32]));
    add("another key, shown in the header", |lie| {
        lie.signing = SigningKey::from_bytes(&[1; 32]);
        let x = encode(lie.signing.verifying_key().as_bytes());
        lie.header["jwk"] = json!({"kty": "OKP", "crv": "Ed25519", "x": x});
    });
    add("no signature", |lie| lie.signature = Some(Vec::new()));
    add("alg none, no signature", |lie| {
        lie.header["alg"] = json!("none");
        lie.signature = Some(Vec::new());
    });
    add("HS256 with the client's secret", |lie| {
        lie.header = json!({"alg": "HS256", "typ": "JWT"});
        let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes());
        let message = format!("{}.{}", encode(lie.header.to_string()), encode(lie.claims.to_string()));
        let signed = jsonwebtoken::crypto::sign(message.as_bytes(), &key, jsonwebtoken::Algorithm::HS256);
        lie.signature = Some(crate::support::forger::decode(&signed.expect("a signature")));
    });
    add("a refused code", |lie| {
        lie.answer = Some((400, "application/json", r#"{"error": "invalid_grant"}"#.to_owned()));
    });
    add("no ID token", |lie| {
        let answer = json!({"access_token": ACCESS_TOKEN, "token_type": "Bearer"}).to_string();
        lie.answer = Some((200, "application/json", answer));
    });
    all
}

on_both! {
    fn a_word_that_is_wrong_in_one_thing_opens_nothing(world) {
        let provider = ForgingProvider::start();
        let door = door(world, &provider);
        told(&door, &provider, |_| {}).expect(200);
        // What may be said besides.
        for (name, value) in [
            ("azp", json!("jianyi")), ("aud", json!(["jianyi"])), ("auth_time", json!(now() - 60)), ("email", json!("chen@gov.example")),
            ("at_hash", half(&Sha512::digest(ACCESS_TOKEN))), ("iat", json!(now() + 30)),
        ] {
            told(&door, &provider, |lie| lie.claims[name] = value.clone()).expect(200);
        }
        // Somebody may have been linked with what is no subject: that alone must not be why it is refused.
        for (username, subject) in [("li", String::new()), ("shen", "s".repeat(256)), ("chen", "工委".to_owned())] {
            door.link(username, &provider.issuer, &subject);
        }
        let lies = lies();
        assert!(lies.len() >= 35);
        let mut believed = Vec::new();
        for (what, change) in lies {
            let reply = told(&door, &provider, change);
            // A claim of the wrong kind makes an answer that no provider gives.
            let strange = ["no iss", "iss \"\"", "no aud", "no sub", "no iat", "no exp", "exp \"tomorrow\"", "sub 7"].contains(&&*what);
            let status = reply.status;
            if !(status == 401 || (status == 503 && strange)) || reply.header("content-type") != "application/problem+json" {
                believed.push(format!("{what}: {status}"));
            }
        }
        assert!(believed.is_empty(), "{believed:#?}");
        told(&door, &provider, |_| {}).expect(200);
    }

    fn an_answer_that_no_provider_gives_is_told_as_its_fault(world) {
        let provider = ForgingProvider::start();
        let door = door(world, &provider);
        let answers: [(u16, &str, String); 8] = [
            (500, "text/html", "<h1>down</h1>".to_owned()),
            (200, "text/html", "<h1>sign in to the network</h1>".to_owned()),
            (200, "application/json", "{".to_owned()),
            (200, "application/json", "[]".to_owned()),
            (200, "application/json", format!("{{\"access_token\": \"{}\"}}", "a".repeat(1 << 20))),
            (401, "application/json", r#"{"error": "invalid_client"}"#.to_owned()),
            (302, "application/json", String::new()),
            (200, "application/json", String::new()),
        ];
        for answer in answers {
            let asked = provider.asked("/token");
            let told = told(&door, &provider, |lie| lie.answer = Some(answer.clone()));
            assert_eq!(told.status, 503, "{answer:.100?}: {}", told.text);
            assert_eq!(told.json["type"], "urn:jianyi:problem:single-sign-on-unavailable");
            assert_eq!(provider.asked("/token"), asked + 1, "no redirect is followed, nothing is sent twice");
        }
        let other = ForgingProvider::start();
        let elsewhere = json!({
            "issuer": provider.issuer, "authorization_endpoint": "http://127.0.0.1/auth", "jwks_uri": format!("{}/jwks", other.issuer),
            "response_types_supported": ["code"], "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["EdDSA"],
        });
        // One provider in the name of another.
        other.says("", |lie| lie.description = Some(elsewhere.clone()));
        let fooled = Door::open(world, settings(&other.issuer));
        fooled.nobody().create("/v1/auth/oidc/authorization", json!({})).expect(503);
    }

    fn descriptions_and_keys_are_kept_and_unknown_keys_are_not_a_way_to_press(world) {
        let provider = ForgingProvider::start();
        let door = door(world, &provider);
        for _ in 0..10 {
            told(&door, &provider, |_| {}).expect(200);
        }
        assert_eq!(provider.asked("/jwks"), 1, "asked once for ten");
        let began = Instant::now();
        std::thread::scope(|scope| {
            // The state and the nonce are this one's; what is said of it is not good, for want of a key.
            let begun = door.begin();
            provider.says(&begun.query("nonce"), |lie| lie.header["kid"] = json!("unknown"));
            let unknown: Vec<_> = (0..6).map(|_| {
                let begun = door.begin();
                let body = json!({"code": "code", "state": begun.query("state"), "binding": begun.binding, "iss": provider.issuer});
                let door = &door;
                scope.spawn(move || door.finish(&body).status)
            }).collect();
            for thread in unknown {
                assert_eq!(thread.join().expect("an answer"), 401);
            }
        });
        let most = 2 + usize::try_from(began.elapsed().as_secs()).unwrap_or_default();
        assert!(provider.asked("/jwks") <= 1 + most, "{} in {:?}", provider.asked("/jwks"), began.elapsed());
    }
}

#[test]
fn a_provider_that_never_answers_holds_up_nobody_else() {
    let world = World::on_sqlite();
    let provider = ForgingProvider::start();
    let door = door(&world, &provider);
    let committee = door.signed_in("committee");
    provider.says("", |lie| lie.wait = Duration::from_secs(60));
    let began = Instant::now();
    std::thread::scope(|scope| {
        let waiting: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| door.nobody().create("/v1/auth/oidc/authorization", json!({})).status))
            .collect();
        let mut asked = 0;
        // The one thread that serves has time for others all the while.
        while waiting.iter().any(|thread| !thread.is_finished()) {
            let before = Instant::now();
            committee.get("/v1/me").expect(200);
            assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
            asked += 1;
            std::thread::sleep(Duration::from_millis(50));
        }
        assert!(asked > 20, "{asked}");
        for thread in waiting {
            assert_eq!(thread.join().expect("an answer"), 503);
        }
    });
    // All of them for one wait of ten seconds, not one after the other.
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
