//! Who somebody is: access tokens, refresh tokens, passwords. Knows no database and no HTTP, and nothing of rights.

pub mod evidence_key;
pub mod mail_code;
pub mod oidc;
pub mod password;
pub mod receipt;
pub mod refresh;
pub mod seal;
pub mod token;
pub mod totp;
