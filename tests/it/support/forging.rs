//! A provider of single sign-on that lies as it is told to: what no real one does, and somebody in its place might.

use super::forger::encode;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

/// What it answers next.
#[derive(Clone)]
pub struct Lie {
    pub header: Value,
    pub claims: Value,
    /// Signs in the provider's place.
    pub signing: SigningKey,
    /// Instead of a signature.
    pub signature: Option<Vec<u8>>,
    /// Instead of the token endpoint's whole answer: status, kind, body.
    pub answer: Option<(u16, &'static str, String)>,
    /// Instead of the description.
    pub description: Option<Value>,
    /// How long it keeps everybody waiting.
    pub wait: Duration,
}

#[derive(Clone)]
pub struct ForgingProvider {
    pub issuer: String,
    lie: Arc<Mutex<Lie>>,
    /// Which paths were asked for.
    asked: Arc<Mutex<Vec<String>>>,
}

pub const ACCESS_TOKEN: &str = "an access token of the tests";

pub fn key() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

pub fn now() -> i64 {
    jianyi::office::Clock::System.now().timestamp()
}

impl ForgingProvider {
    pub fn start() -> ForgingProvider {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let issuer = format!("http://{}", listener.local_addr().expect("its address"));
        let provider = ForgingProvider {
            lie: Arc::new(Mutex::new(ForgingProvider::truth(&issuer, ""))),
            asked: Arc::default(),
            issuer,
        };
        let serving = provider.clone();
        // Ends with the process: a story has a handful of them.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving = serving.clone();
                std::thread::spawn(move || serving.answer(stream));
            }
        });
        provider
    }

    fn truth(issuer: &str, nonce: &str) -> Lie {
        let claims = json!({
            "iss": issuer, "aud": "jianyi", "sub": "gong-wei", "nonce": nonce, "iat": now(), "exp": now() + 300,
        });
        Lie {
            header: json!({"alg": "EdDSA", "kid": "key", "typ": "JWT"}),
            claims,
            signing: key(),
            signature: None,
            answer: None,
            description: None,
            wait: Duration::ZERO,
        }
    }

    /// What it says next about somebody who came with this nonce: the truth, changed.
    pub fn says(&self, nonce: &str, change: impl FnOnce(&mut Lie)) {
        let mut lie = ForgingProvider::truth(&self.issuer, nonce);
        change(&mut lie);
        *self.lie.lock().expect("the lie") = lie;
    }

    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.asked.lock().expect("the list").iter().filter(|asked| *asked == path).count()
    }

    fn answer(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
        let mut first = String::new();
        let _ = reader.read_line(&mut first);
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) < 3 {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        let _ = reader.read_exact(&mut body);
        let path = first.split_whitespace().nth(1).unwrap_or_default().to_owned();
        self.asked.lock().expect("the list").push(path.clone());
        let lie = self.lie.lock().expect("the lie").clone();
        std::thread::sleep(lie.wait);
        let (status, kind, text) = match path.as_str() {
            "/.well-known/openid-configuration" => {
                (200, "application/json", self.described(&lie).to_string())
            }
            "/jwks" => (200, "application/json", keys(&key()).to_string()),
            "/token" => {
                lie.answer.clone().unwrap_or_else(|| (200, "application/json", lie.tokens().to_string()))
            }
            _ => (404, "text/plain", String::new()),
        };
        let location = if status == 302 { "location: /token\r\n" } else { "" };
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n{location}connection: close\r\n\r\n",
            text.len()
        );
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.write_all(text.as_bytes());
    }

    fn described(&self, lie: &Lie) -> Value {
        let issuer = &self.issuer;
        lie.description.clone().unwrap_or_else(|| {
            json!({
                "issuer": issuer, "authorization_endpoint": format!("{issuer}/auth"),
                "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/jwks"),
                "response_types_supported": ["code"], "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["EdDSA"],
            })
        })
    }
}

fn keys(key: &SigningKey) -> Value {
    let x = encode(key.verifying_key().as_bytes());
    json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "key", "x": x}]})
}

impl Lie {
    fn tokens(&self) -> Value {
        let message = format!("{}.{}", encode(self.header.to_string()), encode(self.claims.to_string()));
        let signature = self
            .signature
            .clone()
            .unwrap_or_else(|| self.signing.sign(message.as_bytes()).to_bytes().to_vec());
        json!({"access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 300,
               "id_token": format!("{message}.{}", encode(signature))})
    }
}
