//! Settings about signing people in: who needs a second factor, which passwords were stolen, and where links lead.

use super::{
    Mode,
    reader::{Reader, Source},
    table,
};
use std::{collections::BTreeSet, net::SocketAddr, path::PathBuf};

/// How people are signed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignIn {
    /// The published list of stolen passwords.
    pub breached_passwords: Option<PathBuf>,
    /// The roles that need a second factor.
    pub second_factor: BTreeSet<String>,
    /// Where people reach the service, without a slash at the end.
    pub public_url: String,
}

const ROLES: [&str; 10] = [
    "deputy",
    "delegation_secretary",
    "committee",
    "committee_leader",
    "government_office",
    "department",
    "approver",
    "auditor",
    "administrator",
    "operator",
];
const NEEDED: &str = "committee,committee_leader,auditor,administrator,operator";

impl SignIn {
    pub(super) fn read(
        reader: &mut Reader<'_>,
        mode: Option<Mode>,
        bind: Option<SocketAddr>,
    ) -> Option<SignIn> {
        let breached_passwords = reader.read(&table::BREACHED_PASSWORDS, file);
        let second_factor = reader.read(&table::SECOND_FACTOR, roles).or_else(|| {
            let needed = if mode == Some(Mode::Sample) { "none" } else { NEEDED };
            reader.note(&table::SECOND_FACTOR, Some(needed.to_owned()), Source::Default);
            roles(needed).ok()
        });
        let public_url = reader.read(&table::PUBLIC_URL, url).or_else(|| {
            let derived = format!("http://{}", bind?);
            reader.note(&table::PUBLIC_URL, Some(derived.clone()), Source::Default);
            Some(derived)
        });
        Some(SignIn { breached_passwords, second_factor: second_factor?, public_url: public_url? })
    }
}

fn file(text: &str) -> Result<PathBuf, &'static str> {
    let path = PathBuf::from(text);
    match std::fs::File::open(&path) {
        Ok(_) => Ok(path),
        Err(_) => Err("it cannot be read"),
    }
}

fn roles(text: &str) -> Result<BTreeSet<String>, String> {
    if text == "none" {
        return Ok(BTreeSet::new());
    }
    let known = |role: &str| match ROLES.contains(&role) {
        true => Ok(role.to_owned()),
        false => Err(format!("there is no role {role:?}")),
    };
    text.split(',').map(|role| known(role.trim())).collect()
}

fn url(text: &str) -> Result<String, &'static str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest.map(|rest| rest.trim_end_matches('/')) {
        Some(rest)
            if !rest.is_empty() && !rest.contains(['?', '#', '@']) && !rest.contains(char::is_whitespace) =>
        {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err("not such an address"),
    }
}
