//! What the module beside promises, tried.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

/// A key ring on disk, its private key in the hands of a forger, and a moment.
struct Forge {
    dir: TempDir,
    tokens: Tokens,
    signing: SigningKey,
    now: DateTime<Utc>,
}

const USER: Uuid = Uuid::from_u128(0x1001);
const SESSION: Uuid = Uuid::from_u128(0x2002);

impl Forge {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token.key");
        let tokens = Tokens::new(TokenKeys::load_or_create(&path).unwrap());
        let signing = SigningKey::from_pkcs8_pem(&std::fs::read_to_string(&path).unwrap()).unwrap();
        Self { dir, tokens, signing, now: DateTime::from_timestamp(1_772_000_000, 0).unwrap() }
    }

    fn later(&self, seconds: i64) -> DateTime<Utc> {
        self.now + TimeDelta::seconds(seconds)
    }

    fn issue(&self) -> String {
        self.tokens.issue(USER, SESSION, self.now, TimeDelta::minutes(10)).unwrap()
    }

    fn header(&self) -> Value {
        json!({"alg": "EdDSA", "typ": "at+jwt", "kid": self.tokens.state().keys.kid()})
    }

    fn claims(&self) -> Value {
        let now = self.now.timestamp();
        json!({"iss": "jianyi", "aud": "jianyi", "sub": USER, "client_id": "jianyi", "sid": SESSION, "jti": Uuid::from_u128(3),
               "iat": now, "nbf": now, "exp": now + 600})
    }

    /// A token of exactly this text, rightly signed.
    fn sign(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", encode(header), encode(claims));
        format!("{message}.{}", encode(self.signing.sign(message.as_bytes()).to_bytes()))
    }

    fn with_header(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut header = self.header();
        change(&mut header);
        self.sign(&header.to_string(), &self.claims().to_string())
    }

    fn with_claims(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut claims = self.claims();
        change(&mut claims);
        self.sign(&self.header().to_string(), &claims.to_string())
    }

    fn verify(&self, token: &str) -> Result<Claims, TokenError> {
        self.tokens.verify(token, self.now)
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[test]
fn an_issued_token_says_who_and_which_session() {
    let forge = Forge::new();
    let token = forge.issue();
    let claims = forge.verify(&token).unwrap();
    assert_eq!((claims.user, claims.session), (USER, SESSION));
    assert_eq!((claims.not_before, claims.expires_at), (forge.now.timestamp(), forge.now.timestamp() + 600));
    let cached = |token: &str| {
        let fingerprint: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        forge.tokens.state().verified.get(&fingerprint)
    };
    assert_eq!(cached(&token), Some(claims));
    assert_eq!(forge.verify(&token), Ok(claims), "from the cache");
    let expired = forge.with_claims(|it| it["exp"] = json!(0));
    assert_eq!((forge.verify(&expired), cached(&expired)), (Err(TokenError::Expired), None));
    assert_ne!(forge.verify(&forge.issue()).unwrap().id, claims.id);
    let header = jsonwebtoken::decode_header(&token).unwrap();
    assert_eq!(header.typ.as_deref(), Some("at+jwt"));
}

#[test]
fn the_forger_of_these_tests_can_make_a_good_token() {
    let forge = Forge::new();
    assert!(forge.verify(&forge.with_claims(|_| {})).is_ok());
    let newer = forge.with_claims(|it| it["new_claim"] = json!(1));
    assert!(forge.verify(&newer).is_ok(), "a newer version may write more");
}

#[test]
fn hostile_headers_are_refused() {
    let forge = Forge::new();
    let public = forge.signing.verifying_key();
    let unsigned = |alg: &str| {
        let header = json!({"alg": alg, "typ": "at+jwt", "kid": forge.tokens.state().keys.kid()});
        format!("{}.{}.", encode(header.to_string()), encode(forge.claims().to_string()))
    };
    let with_hmac = {
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(forge.tokens.state().keys.kid().to_owned());
        let key = jsonwebtoken::EncodingKey::from_secret(public.as_bytes());
        jsonwebtoken::encode(&header, &forge.claims(), &key).unwrap()
    };
    let doubled = forge.header().to_string().replacen('{', r#"{"alg":"EdDSA","#, 1);
    use TokenError::*;
    for (what, token, error) in [
        ("alg none", unsigned("none"), Malformed),
        ("alg None", unsigned("None"), Malformed),
        ("no signature", unsigned("EdDSA"), WrongSignature),
        ("HS256 with the public key as its secret", with_hmac, WrongAlgorithm),
        (
            "alg HS256, signed with Ed25519",
            forge.with_header(|it| it["alg"] = json!("HS256")),
            WrongAlgorithm,
        ),
        ("alg RS256", forge.with_header(|it| it["alg"] = json!("RS256")), WrongAlgorithm),
        ("no alg", forge.with_header(|it| drop(it.as_object_mut().unwrap().remove("alg"))), Malformed),
        ("no typ", forge.with_header(|it| drop(it.as_object_mut().unwrap().remove("typ"))), WrongType),
        ("typ JWT, as an ID token has", forge.with_header(|it| it["typ"] = json!("JWT")), WrongType),
        ("typ in capitals", forge.with_header(|it| it["typ"] = json!("AT+JWT")), WrongType),
        ("a critical header", forge.with_header(|it| it["crit"] = json!(["exp"])), WrongType),
        ("no kid", forge.with_header(|it| drop(it.as_object_mut().unwrap().remove("kid"))), UnknownKey),
        ("an unknown kid", forge.with_header(|it| it["kid"] = json!("other")), UnknownKey),
        ("a kid that is a path", forge.with_header(|it| it["kid"] = json!("../../../dev/null")), UnknownKey),
        ("a kid that is a number", forge.with_header(|it| it["kid"] = json!(1)), Malformed),
        ("a header key twice", forge.sign(&doubled, &forge.claims().to_string()), Malformed),
        ("a header that is a list", forge.sign("[]", &forge.claims().to_string()), Malformed),
    ] {
        assert_eq!(forge.verify(&token), Err(error), "{what}");
    }
}

#[test]
fn a_key_of_ones_own_in_the_header_does_not_help() {
    let forge = Forge::new();
    let other = Forge::new();
    let kid = forge.header()["kid"].clone();
    let jwk = other.tokens.jwks()["keys"][0].clone();
    let token = other.with_header(|it| {
        it["kid"] = kid;
        it["jwk"] = jwk;
    });
    assert_eq!(forge.verify(&token), Err(TokenError::WrongSignature));
    assert_eq!(forge.verify(&other.issue()), Err(TokenError::UnknownKey));
}

#[test]
fn hostile_claims_are_refused_even_when_rightly_signed() {
    let forge = Forge::new();
    for claim in ["iss", "aud", "sub", "client_id", "sid", "jti", "iat", "nbf", "exp"] {
        let missing = forge.with_claims(|it| drop(it.as_object_mut().unwrap().remove(claim)));
        assert!(forge.verify(&missing).is_err(), "{claim} missing");
        let null = forge.with_claims(|it| it[claim] = Value::Null);
        assert!(forge.verify(&null).is_err(), "{claim} null");
        let doubled = format!("{{\"{claim}\":{},{}", forge.claims()[claim], &forge.claims().to_string()[1..]);
        let doubled = forge.sign(&forge.header().to_string(), &doubled);
        assert_eq!(forge.verify(&doubled), Err(TokenError::Malformed), "{claim} twice");
    }
    for time in ["iat", "nbf", "exp"] {
        for wrong in [
            json!(forge.claims()[time].to_string()),
            json!(1.5),
            json!("2099-01-01"),
            json!([1]),
            json!(1e300),
        ] {
            let token = forge.with_claims(|it| it[time] = wrong.clone());
            assert_eq!(forge.verify(&token), Err(TokenError::Malformed), "{time} {wrong}");
        }
    }
    for (claim, wrong, error) in [
        ("iss", json!("https://elsewhere"), TokenError::WrongClaims),
        ("aud", json!("elsewhere"), TokenError::WrongClaims),
        ("aud", json!(["jianyi", "elsewhere"]), TokenError::Malformed),
        ("sub", json!("admin"), TokenError::Malformed),
        ("sub", json!(1), TokenError::Malformed),
    ] {
        let token = forge.with_claims(|it| it[claim] = wrong.clone());
        assert_eq!(forge.verify(&token), Err(error), "{claim} {wrong}");
    }
}

#[test]
fn time_is_that_of_the_caller_with_five_seconds_of_leeway() {
    let forge = Forge::new();
    let token = forge.issue();
    // First and again, for the second answer comes from the cache.
    for round in ["fresh", "cached"] {
        for (seconds, wanted) in [
            (-6, Err(TokenError::NotYetValid)),
            (-5, Ok(USER)),
            (0, Ok(USER)),
            (605, Ok(USER)),
            (606, Err(TokenError::Expired)),
        ] {
            let found = forge.tokens.verify(&token, forge.later(seconds)).map(|claims| claims.user);
            assert_eq!(found, wanted, "{round}, {seconds} s after issue");
        }
    }
    let future_issue = forge.with_claims(|it| it["iat"] = json!(forge.now.timestamp() + 6));
    assert_eq!(forge.verify(&future_issue), Err(TokenError::NotYetValid));
    for (claim, edge) in [("exp", i64::MIN), ("nbf", i64::MAX)] {
        assert!(forge.verify(&forge.with_claims(|it| it[claim] = json!(edge))).is_err());
    }
}

#[test]
fn damaged_and_endless_tokens_are_refused() {
    let forge = Forge::new();
    let token = forge.issue();
    for end in 0..token.len() {
        assert!(forge.verify(&token[..end]).is_err(), "cut at {end}");
    }
    // The last letter carries four bits of padding, so that flipping any letter must show.
    for place in 0..token.len() {
        let other = if &token[place..=place] == "A" { "B" } else { "A" };
        let flipped = format!("{}{other}{}", &token[..place], &token[place + 1..]);
        assert!(forge.verify(&flipped).is_err(), "changed at {place}");
    }
    for wrong in
        ["", ".", "..", "...", "a.b.c", "河.堤.墙", &format!("{token}.{token}"), &format!(" {token}")]
    {
        assert!(forge.verify(wrong).is_err(), "{wrong:?}");
    }
    let endless = forge.with_claims(|it| it["note"] = json!("a".repeat(64 * 1024)));
    assert_eq!(forge.verify(&endless), Err(TokenError::TooLong));
    let room = MAX_BYTES - forge.with_claims(|it| it["note"] = json!("")).len();
    let longest = forge.with_claims(|it| it["note"] = json!("a".repeat(room * 3 / 4 - 3)));
    assert!(longest.len() <= MAX_BYTES && forge.verify(&longest).is_ok(), "{}", longest.len());
}

#[test]
fn keys_rotate_while_serving_and_a_removed_key_ends_its_tokens_at_once() {
    let forge = Forge::new();
    let path = forge.dir.path().join("token.key");
    let old = forge.issue();
    forge.tokens.replace_keys(TokenKeys::rotate(&path).unwrap());
    let new = forge.issue();
    assert!(forge.verify(&old).is_ok() && forge.verify(&new).is_ok());
    assert_eq!(forge.tokens.jwks()["keys"].as_array().unwrap().len(), 2);

    for entry in std::fs::read_dir(forge.dir.path()).unwrap() {
        let file = entry.unwrap().path();
        if file != path {
            std::fs::remove_file(file).unwrap();
        }
    }
    forge.tokens.replace_keys(TokenKeys::load_or_create(&path).unwrap());
    assert_eq!(forge.verify(&old), Err(TokenError::UnknownKey));
    assert!(forge.verify(&new).is_ok());
}

#[test]
fn others_can_verify_with_the_published_keys() {
    let forge = Forge::new();
    let keys: jsonwebtoken::jwk::JwkSet = serde_json::from_value(forge.tokens.jwks()).unwrap();
    let token = forge.issue();
    let kid = jsonwebtoken::decode_header(&token).unwrap().kid.unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(keys.find(&kid).unwrap()).unwrap();
    assert_eq!(keys.find(&kid).unwrap().thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256).unwrap(), kid);
    assert!(jsonwebtoken::decode::<Value>(&token, &key, &forge.tokens.state().validation).is_ok());
    assert!(forge.tokens.jwks()["keys"][0].get("d").is_none(), "the private half stays here");
}
