//! Access tokens under attack (RFC 8725, RFC 9068): each is one 401, at every door alike.

use crate::{
    on_both,
    support::{
        World,
        client::Caller,
        forger::{Forger, decode, encode},
    },
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer as _, SigningKey, pkcs8::EncodePublicKey as _};
use reqwest::Method;
use serde_json::{Value, json};

/// What each token is tried on.
const DOORS: [(Method, &str); 5] = [
    (Method::GET, "/v1/me"),
    (Method::GET, "/v1/cases?congress=330502"),
    (Method::GET, "/v1/figures?congress=330502&session=5-3&metric=resolution_rate"),
    (Method::GET, "/v1/departments?congress=330502"),
    (Method::POST, "/v1/departments?congress=330502"),
];

fn tries(world: &World, token: &str) -> Vec<u16> {
    let caller = Caller { token: Some(token.to_owned()), ..world.nobody() };
    let tried = DOORS.into_iter().enumerate().map(|(n, (method, path))| {
        let ask = caller.ask(method.clone(), path);
        let name = format!("区第{n}局{}", encode(rand::random::<[u8; 8]>()));
        let ask = if method == Method::POST { ask.json(json!({"name": name})) } else { ask };
        ask.send().status
    });
    tried.collect()
}

fn forger(world: &World) -> Forger {
    Forger::new(&world.key_file(), world.committee().token.as_deref().unwrap_or_default())
}

fn without(value: &mut Value, key: &str) {
    value.as_object_mut().expect("an object").remove(key);
}

/// Tokens that are not signed as ours are, or by somebody else.
fn wrongly_signed(forger: &Forger) -> Vec<(String, String)> {
    let other = SigningKey::from_bytes(&[7; 32]);
    let public = forger.signing.verifying_key();
    let pem = public.to_public_key_pem(Default::default()).expect("a PEM");
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": encode(public.as_bytes())}).to_string();
    let mut all = Vec::new();
    let mut add = |what: &str, token: String| all.push((what.to_owned(), token));
    for name in ["none", "None", "NONE", "nOnE", ""] {
        add(&format!("alg {name:?}"), forger.unsigned(&forger.algorithm(name), b""));
    }
    add("alg none, with our signature", forger.header(|it| it["alg"] = json!("none")));
    add("no signature", forger.unsigned(&forger.header, b""));
    for (what, secret) in [
        ("bytes", public.as_bytes().to_vec()),
        ("PEM", pem.clone().into_bytes()),
        ("PEM without its last line end", pem.trim_end().as_bytes().to_vec()),
        ("JWK", jwk.into_bytes()),
        ("kid", forger.header["kid"].to_string().into_bytes()),
    ] {
        let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
        header.typ = Some("at+jwt".to_owned());
        header.kid = forger.header["kid"].as_str().map(str::to_owned);
        let key = jsonwebtoken::EncodingKey::from_secret(&secret);
        let token = jsonwebtoken::encode(&header, &forger.claims, &key).expect("a token");
        add(&format!("HS256 with the public key's {what}"), token);
    }
    for name in ["HS256", "RS256", "PS256", "ES256", "Ed448", "eddsa", "EdDSA "] {
        add(&format!("alg {name:?}, signed by our key"), forger.header(|it| it["alg"] = json!(name)));
    }
    add("RS256", forger.unsigned(&forger.algorithm("RS256"), &[1; 256]));
    let by_other = Forger { signing: other.clone(), ..forger.clone() };
    add("EdDSA by another key", by_other.header(|_| {}));
    let theirs = json!({"kty": "OKP", "crv": "Ed25519", "x": encode(other.verifying_key().as_bytes())});
    add("another key, shown in jwk", by_other.header(|it| it["jwk"] = theirs));
    for place in ["jku", "x5u"] {
        let url = json!("https://evil.example/keys");
        add(&format!("another key, to be had at {place}"), by_other.header(|it| it[place] = url));
    }
    let good = forger.header(|_| {});
    let (message, signature) = good.rsplit_once('.').expect("three parts");
    let signature = decode(signature);
    let mut flipped = signature.clone();
    flipped[63] ^= 1;
    add("a signature with one bit turned", format!("{message}.{}", encode(&flipped)));
    add("a signature raised by the group's order", format!("{message}.{}", encode(malleable(&signature))));
    add("half a signature", format!("{message}.{}", encode(&signature[..32])));
    let swapped = forger.claims(|it| it["sub"] = json!("018d0000-0000-7000-8000-000000000000"));
    let (claims, _) = swapped.rsplit_once('.').expect("three parts");
    add("another's claims under this signature", format!("{claims}.{}", encode(&signature)));
    all
}

/// The same signature with S + L for S, which a lax verifier takes.
fn malleable(signature: &[u8]) -> Vec<u8> {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut raised = signature.to_vec();
    let mut carry = 0u16;
    for (byte, order) in raised[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    raised
}

/// Rightly signed, under a header that is not ours.
fn wrong_headers(forger: &Forger) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut add = |what: &str, token: String| all.push((what.to_owned(), token));
    for kid in [
        json!("../../../../dev/null"),
        json!("token.key"),
        json!("unknown"),
        json!(""),
        json!("' OR 1=1 --"),
        json!("https://evil.example/key"),
        json!(7),
        json!(null),
        json!(["a"]),
    ] {
        add(&format!("kid {kid}"), forger.header(|it| it["kid"] = kid));
    }
    for typ in [json!("JWT"), json!("at+JWT "), json!("application/at+jwt;x=1"), json!("id+jwt"), json!(1)] {
        add(&format!("typ {typ}"), forger.header(|it| it["typ"] = typ));
    }
    for gone in ["alg", "typ", "kid"] {
        add(&format!("no {gone}"), forger.header(|it| without(it, gone)));
    }
    add("crit", forger.header(|it| it["crit"] = json!(["exp"])));
    add("crit, empty", forger.header(|it| it["crit"] = json!([])));
    add("b64 false", forger.header(|it| (it["crit"], it["b64"]) = (json!(["b64"]), json!(false))));
    let twice = forger.header.to_string().replacen('{', r#"{"alg":"none","#, 1);
    add("alg twice", forger.sign(&twice, &forger.claims.to_string()));
    add("a header that is a list", forger.sign("[]", &forger.claims.to_string()));
    add("a header that is no JSON", forger.sign("at+jwt", &forger.claims.to_string()));
    all
}

/// Rightly signed, with claims that say too little, too much, or are meant for another.
fn wrong_claims(forger: &Forger) -> Vec<(String, String)> {
    let now = forger.claims["iat"].as_i64().expect("a time");
    let mut all = Vec::new();
    let mut add = |what: String, token: String| all.push((what, token));
    for name in ["iss", "aud", "sub", "client_id", "sid", "jti", "iat", "nbf", "exp"] {
        add(format!("no {name}"), forger.claims(|it| without(it, name)));
        let twice = forger.claims.to_string().replacen('{', &format!("{{\"{name}\":1,"), 1);
        add(format!("{name} twice"), forger.sign(&forger.header.to_string(), &twice));
    }
    let strange = json!("018d0000-0000-7000-8000-000000000000");
    for (name, value) in [
        ("iss", json!("https://evil.example")),
        ("iss", json!("Jianyi")),
        ("iss", json!(["jianyi"])),
        ("aud", json!("another")),
        // We write one text, so a list is not ours, even with our name in it.
        ("aud", json!(["jianyi"])),
        ("aud", json!(["another", "jianyi"])),
        ("aud", json!("")),
        ("sub", json!("committee")),
        ("sub", strange.clone()),
        ("sid", strange),
        ("sid", json!("' OR 1=1 --")),
        ("exp", json!(now - 6)),
        ("nbf", json!(now + 6)),
        ("iat", json!(now + 6)),
        ("exp", json!((now + 600).to_string())),
        ("exp", json!(1.5e9)),
        ("exp", json!(-1)),
        ("exp", json!(0)),
        ("exp", json!(u64::MAX)),
        ("exp", json!(1e300)),
        ("exp", json!(true)),
        ("nbf", json!("0")),
        ("nbf", json!(0.5)),
        ("nbf", json!(i64::MAX)),
        ("iat", json!([now])),
    ] {
        let what = format!("{name} {value}");
        add(what, forger.claims(|it| it[name] = value));
    }
    add("an ID token".to_owned(), {
        let mut header = forger.header.clone();
        header["typ"] = json!("JWT");
        let claims = json!({"iss": "jianyi", "aud": "jianyi", "sub": forger.claims["sub"], "nonce": "n",
                            "iat": now, "exp": now + 600});
        forger.sign(&header.to_string(), &claims.to_string())
    });
    add("64 KB".to_owned(), forger.claims(|it| it["note"] = json!("a".repeat(48 * 1024))));
    add("5 KB".to_owned(), forger.claims(|it| it["note"] = json!("a".repeat(4 * 1024))));
    add("claims that are a list".to_owned(), forger.sign(&forger.header.to_string(), "[]"));
    add("claims that are no JSON".to_owned(), forger.sign(&forger.header.to_string(), "sub=committee"));
    all
}

/// A good token in other letters.
fn wrongly_written(forger: &Forger) -> Vec<(String, String)> {
    let good = forger.header(|_| {});
    let (message, signature) = good.rsplit_once('.').expect("three parts");
    let [header, claims] = [0, 1].map(|n| good.split('.').nth(n).unwrap_or_default());
    let written = [
        ("padding", format!("{good}==")),
        ("one sign of padding", format!("{good}=")),
        ("base64, not base64url", format!("{message}.{}", STANDARD.encode([0xfb; 64]))),
        ("a dot more", format!("{good}.")),
        ("a part more", format!("{good}.{signature}")),
        ("two parts", message.to_owned()),
        ("two tokens", format!("{good},{good}")),
        ("two tokens and a space", format!("{good} {good}")),
        ("a space within", format!("{header}. {claims}.{signature}")),
        ("quoted", format!("\"{good}\"")),
        ("Bearer twice", format!("Bearer {good}")),
        ("capitals", good.to_uppercase()),
        ("nothing", String::new()),
        ("a dot", ".".to_owned()),
        ("two dots", "..".to_owned()),
        // The last letter has four bits that say nothing; another there would be a second spelling.
        ("spare bits", {
            let last = good.chars().last().unwrap_or('A');
            let other = char::from_u32(u32::from(last) + 1).unwrap_or('B');
            format!("{}{other}", &good[..good.len() - 1])
        }),
    ];
    written.map(|(what, token)| (what.to_owned(), token)).to_vec()
}

on_both! {
    fn each_of_a_hundred_hostile_tokens_is_refused_at_each_door(world) {
        let forger = forger(world);
        // The forger is able to write a good one; else the refusals would show nothing.
        assert_eq!(tries(world, &forger.header(|_| {})), [200, 200, 200, 200, 201]);
        assert_eq!(tries(world, &forger.claims(|it| it["newer"] = json!(1))), [200, 200, 200, 200, 201]);
        let all = [wrongly_signed, wrong_headers, wrong_claims, wrongly_written].map(|make| make(&forger)).concat();
        assert!(all.len() >= 100, "{}", all.len());
        for (what, token) in all {
            assert_eq!(tries(world, &token), [401; 5], "{what}: {}", &token[..token.len().min(300)]);
        }
    }

    fn a_token_is_read_from_one_header_and_nowhere_else(world) {
        let token = world.committee().token.unwrap_or_default();
        let nobody = world.nobody();
        let me = |headers: &[&str]| {
            let mut ask = nobody.ask(Method::GET, "/v1/me");
            for header in headers {
                ask = ask.header("authorization", header);
            }
            ask.send().status
        };
        let good = format!("Bearer {token}");
        assert_eq!(me(&[&good]), 200);
        assert_eq!(me(&[&format!("bearer   {token}")]), 200, "as RFC 9110 has it");
        for wrong in [format!("Token {token}"), format!("Basic {token}"), token.clone(), format!("Bearer\t{token}"), format!("Bearer{token}")] {
            assert_eq!(me(&[&wrong]), 401, "{wrong}");
        }
        assert_eq!(me(&[&good, &good]), 401, "two tokens");
        assert_eq!(me(&[&good, "Basic eDp5"]), 401);
        for query in ["access_token", "token", "authorization"] {
            nobody.get(&format!("/v1/me?{query}={token}")).expect(401);
        }
        for (header, value) in [("cookie", format!("access_token={token}")), ("x-access-token", token.clone())] {
            nobody.ask(Method::GET, "/v1/me").header(header, &value).send().expect(401);
        }
    }

    fn a_token_ends_with_its_sign_in_and_serves_nobody_else(world) {
        let pair = world.nobody().create("/v1/auth/sign-in", json!({"username": "committee", "password": "a password of the tests"})).expect(200).json;
        let token = pair["access_token"].as_str().unwrap_or_default().to_owned();
        let another = forger(world);
        let signed_in = Forger::new(&world.key_file(), &token);
        assert_ne!(another.claims["sid"], signed_in.claims["sid"]);
        // The key's holder writes another's name into a living sign-in.
        let chen = Forger::new(&world.key_file(), world.deputy().token.as_deref().unwrap_or_default());
        let stolen = signed_in.claims(|it| it["sub"] = chen.claims["sub"].clone());
        assert_eq!(tries(world, &stolen), [401; 5]);
        assert_eq!(tries(world, &signed_in.claims(|it| it["sid"] = chen.claims["sid"].clone())), [401; 5]);
        assert_eq!(tries(world, &token), [200, 200, 200, 200, 201]);
        world.nobody().create("/v1/auth/sign-out", json!({"refresh_token": pair["refresh_token"]})).expect(204);
        assert_eq!(tries(world, &token), [401; 5]);
        assert_eq!(tries(world, &another.header(|_| {})), [200, 200, 200, 200, 201], "the other sign-in goes on");
    }

    fn a_token_of_one_congress_opens_nothing_of_another(world) {
        let (path, _) = world.registered("邻区的人看不到");
        let neighbour = world.signed_in("committee@other");
        for path in [
            path.clone(),
            format!("{path}/events"),
            format!("{path}/deadlines"),
            "/v1/congresses/330502".to_owned(),
            "/v1/departments?congress=330502".to_owned(),
            "/v1/figures?congress=330502&session=5-3&metric=resolution_rate".to_owned(),
        ] {
            neighbour.get(&path).expect(404);
        }
        let listed = neighbour.get("/v1/cases").expect(200);
        assert!(!listed.text.contains("邻区的人看不到"), "{}", listed.text);
        neighbour.post(&format!("{path}/dispatch"), json!({})).expect(404);
        neighbour.create("/v1/departments?congress=330502", json!({"name": "别家的局"})).expect(404);
    }

    fn another_installation_with_the_same_key_is_not_believed(world) {
        let forger = forger(world);
        for issuer in ["https://jianyi.nanxun.example", "jianyi/", "jianyi.example"] {
            assert_eq!(tries(world, &forger.claims(|it| it["iss"] = json!(issuer))), [401; 5], "{issuer}");
        }
        let keys = || jianyi::identity::token::TokenKeys::load_or_create(&world.key_file()).expect("the key");
        let here = jianyi::identity::token::Tokens::new(keys()).issued_by("https://jianyi.wuxing.example");
        let there = jianyi::identity::token::Tokens::new(keys()).issued_by("https://jianyi.nanxun.example");
        let now = world.office.now();
        let token = here.issue(uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2), now, chrono::TimeDelta::minutes(10)).expect("a token");
        assert!(here.verify(&token, now).is_ok());
        assert!(there.verify(&token, now).is_err());
        let claims: Value = serde_json::from_slice(&decode(token.split('.').nth(1).unwrap_or_default())).expect("claims");
        // What RFC 9068 wants of an access token, in 2.1 and 2.2.
        for name in ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"] {
            assert!(claims[name].is_string() || claims[name].is_i64(), "{name}: {claims}");
        }
        assert_eq!(claims["iss"], "https://jianyi.wuxing.example");
    }
}

#[test]
fn the_malleable_signature_of_these_tests_is_one() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let signature = key.sign(b"text").to_bytes();
    let raised = malleable(&signature);
    assert_eq!(raised[..32], signature[..32]);
    assert_ne!(raised[32..], signature[32..]);
}
