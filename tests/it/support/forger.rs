//! Somebody who has a private key of the service and writes tokens by hand, to see what else is asked of a token.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer as _, SigningKey, pkcs8::DecodePrivateKey as _};
use serde_json::{Value, json};
use std::path::Path;

#[derive(Clone)]
pub struct Forger {
    pub signing: SigningKey,
    pub header: Value,
    pub claims: Value,
}

pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn decode(part: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(part).expect("base64url")
}

impl Forger {
    /// With the key in a file, beginning from a good token.
    pub fn new(key: &Path, token: &str) -> Forger {
        let pem = std::fs::read_to_string(key).expect("a key file");
        let parts: Vec<Value> = token
            .split('.')
            .take(2)
            .map(|part| serde_json::from_slice(&decode(part)).expect("a token's JSON"))
            .collect();
        Forger {
            signing: SigningKey::from_pkcs8_pem(&pem).expect("a private key"),
            header: parts[0].clone(),
            claims: parts[1].clone(),
        }
    }

    /// Exactly these texts, rightly signed.
    pub fn sign(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", encode(header), encode(claims));
        format!("{message}.{}", encode(self.signing.sign(message.as_bytes()).to_bytes()))
    }

    pub fn header(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut header = self.header.clone();
        change(&mut header);
        self.sign(&header.to_string(), &self.claims.to_string())
    }

    pub fn claims(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut claims = self.claims.clone();
        change(&mut claims);
        self.sign(&self.header.to_string(), &claims.to_string())
    }

    /// A header, the good claims, and any bytes for a signature.
    pub fn unsigned(&self, header: &Value, signature: &[u8]) -> String {
        format!("{}.{}.{}", encode(header.to_string()), encode(self.claims.to_string()), encode(signature))
    }

    /// A header with another algorithm, and everything else as it should be.
    pub fn algorithm(&self, name: &str) -> Value {
        let mut header = self.header.clone();
        header["alg"] = json!(name);
        header
    }
}
