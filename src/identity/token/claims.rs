//! What a token says, on the wire and inside.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::TokenError;

/// Who issues our tokens.
pub(super) const ISSUER: &str = "jianyi";
/// Whom they are for.
pub(super) const AUDIENCE: &str = "jianyi";

/// What a verified token says. Times are seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claims {
    /// The user.
    pub user: Uuid,
    /// The session, to be looked up at each request: that is what makes signing out real.
    pub session: Uuid,
    /// The token itself.
    pub id: Uuid,
    /// When it was issued.
    pub issued_at: i64,
    /// From when it is good.
    pub not_before: i64,
    /// Until when it is good.
    pub expires_at: i64,
}

impl Claims {
    /// Itself, if it is good at `now`, give or take `leeway` seconds.
    pub(super) fn at(self, now: DateTime<Utc>, leeway: i64) -> Result<Self, TokenError> {
        let now = now.timestamp();
        if now > self.expires_at.saturating_add(leeway) {
            return Err(TokenError::Expired);
        }
        if now < self.not_before.max(self.issued_at).saturating_sub(leeway) {
            return Err(TokenError::NotYetValid);
        }
        Ok(self)
    }
}

/// The claims as JSON. `aud` is one text and times are whole numbers: that is how we write them, so nothing
/// else is read. Unknown claims pass, for a newer version may write more.
#[derive(Serialize, Deserialize)]
pub(super) struct Wire {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    jti: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl Wire {
    /// Claims from `now` on, for `life` seconds.
    pub fn new(user: Uuid, session: Uuid, id: Uuid, now: i64, life: i64) -> Self {
        Self {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user,
            sid: session,
            jti: id,
            iat: now,
            nbf: now,
            exp: now.saturating_add(life),
        }
    }
}

impl From<Wire> for Claims {
    fn from(wire: Wire) -> Self {
        // Issuer and audience were compared, and say the same in every token.
        let Wire { iss: _, aud: _, sub, sid, jti, iat, nbf, exp } = wire;
        Self { user: sub, session: sid, id: jti, issued_at: iat, not_before: nbf, expires_at: exp }
    }
}
