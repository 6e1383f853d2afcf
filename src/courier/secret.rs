//! Secrets that messages are signed with, and the signatures, after Standard Webhooks 1.0.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use rand::{TryRngCore as _, rand_core::OsError, rngs::OsRng};
use standardwebhooks::{Webhook, WebhookError};

/// A new secret, `whsec_` and 256 random bits in base64.
///
/// # Errors
/// When the system gives no random bytes.
pub fn new() -> Result<String, OsError> {
    let mut bytes = [0; 32];
    OsRng.try_fill_bytes(&mut bytes)?;
    Ok(format!("whsec_{}", BASE64_STANDARD.encode(bytes)))
}

/// The `webhook-signature` of a message: one signature for each secret, so that a receiver may change over in his time.
///
/// # Errors
/// When a secret is none.
pub fn signatures(secrets: &[String], id: &str, timestamp: i64, body: &str) -> Result<String, WebhookError> {
    let sign = |secret: &String| Webhook::new(secret)?.sign(id, timestamp, body.as_bytes());
    let all: Result<Vec<String>, WebhookError> = secrets.iter().map(sign).collect();
    Ok(all?.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_signed_as_the_standards_own_example_is() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned();
        let body = r#"{"test": 2432232314}"#;
        let signed =
            signatures(std::slice::from_ref(&secret), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        let one = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signed.unwrap(), one);
        let both = signatures(&[new().unwrap(), secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert!(both.unwrap().ends_with(&format!(" {one}")));
        assert_ne!(new().unwrap(), new().unwrap());
    }
}
