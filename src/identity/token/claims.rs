//! What a token says, on the wire and inside.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::TokenError;

/// Who issues our tokens, where the installation has no name of its own.
pub const ISSUER: &str = "jianyi";
/// Whom they are for: any client of this service. What tells two installations apart is the issuer.
pub(super) const AUDIENCE: &str = "jianyi";
/// The client of somebody who signs in himself; a program has a name of its own.
pub(super) const CLIENT: &str = "jianyi";

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

/// The claims as JSON: all that RFC 9068 wants, and `sid`. `aud` is one text and times are whole numbers: that is how we
/// write them, so nothing else is read. Unknown claims pass, for a newer version may write more.
#[derive(Serialize, Deserialize)]
pub(super) struct Wire {
    iss: String,
    aud: String,
    sub: Uuid,
    client_id: String,
    sid: Uuid,
    jti: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl Wire {
    /// Claims from `now` on, for `life` seconds.
    pub fn new(issuer: &str, client: &str, user: Uuid, session: Uuid, id: Uuid, now: i64, life: i64) -> Self {
        Self {
            iss: issuer.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user,
            client_id: client.to_owned(),
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
        // Issuer and audience were compared, and say the same in every token; the client is told by the sign-in.
        let Wire { iss: _, aud: _, client_id: _, sub, sid, jti, iat, nbf, exp } = wire;
        Self { user: sub, session: sid, id: jti, issued_at: iat, not_before: nbf, expires_at: exp }
    }
}
