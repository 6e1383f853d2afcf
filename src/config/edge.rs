//! Settings about the network: whose word about a caller's address counts, how often somebody may ask, and which
//! pages may call.

use ipnet::IpNet;
use std::net::IpAddr;

use super::{
    number,
    reader::{Reader, Source},
    table::{self, Setting},
};

/// How the network is met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    /// The proxies in front, which end TLS and say for whom they ask.
    pub trusted_proxies: Vec<IpNet>,
    /// Requests a minute of each sign-in; 0 for no limit.
    pub rate_caller: u32,
    /// Requests a minute of each address that is not signed in; 0 for no limit.
    pub rate_address: u32,
    /// Requests a minute of each address about signing in; 0 for no limit.
    pub rate_sign_in: u32,
    /// Opinions by the public form an hour of each address; 0 for no limit.
    pub rate_opinion: u32,
    /// The origins whose pages may call, as a browser writes them.
    pub cors_origins: Vec<String>,
}

impl Edge {
    /// Reads each of them before giving up.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Edge> {
        let trusted_proxies = list(reader, &table::TRUSTED_PROXIES, network);
        let rate = |text: &str| number(text, 0..=1_000_000);
        let rate_caller = reader.read(&table::RATE_CALLER, rate);
        let rate_address = reader.read(&table::RATE_ADDRESS, rate);
        let rate_sign_in = reader.read(&table::RATE_SIGN_IN, rate);
        let rate_opinion = reader.read(&table::RATE_OPINION, rate);
        let cors_origins = list(reader, &table::CORS_ORIGINS, origin);
        Some(Edge {
            trusted_proxies,
            rate_caller: u32::try_from(rate_caller?).ok()?,
            rate_address: u32::try_from(rate_address?).ok()?,
            rate_sign_in: u32::try_from(rate_sign_in?).ok()?,
            rate_opinion: u32::try_from(rate_opinion?).ok()?,
            cors_origins,
        })
    }
}

/// A list with commas between its items; empty when it is not set, or when it is wrong and among the errors.
fn list<T>(
    reader: &mut Reader<'_>,
    setting: &'static Setting,
    item: impl Fn(&str) -> Result<T, String>,
) -> Vec<T> {
    let items = |text: &str| {
        let items = text.split([',', ' ']).map(str::trim).filter(|text| !text.is_empty());
        items.map(|text| item(text).map_err(|why| format!("{text:?} {why}"))).collect()
    };
    let found: Option<Vec<T>> = reader.read(setting, items);
    if found.is_none() {
        reader.note(setting, None, Source::Default);
    }
    found.unwrap_or_default()
}

/// `10.0.0.0/8`, or one address.
fn network(text: &str) -> Result<IpNet, String> {
    let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    let network = network.map_err(|_| "is neither an address nor a network".to_owned())?;
    match network.prefix_len() {
        0 => Err("is everybody: then anybody could say who he is".to_owned()),
        _ => Ok(network.trunc()),
    }
}

/// Scheme, host and perhaps a port; a browser writes nothing else, and a `*` would mean everybody.
fn origin(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = |rest: &&str| {
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.:[]".contains(c);
        !rest.is_empty() && rest.chars().all(letters)
    };
    match rest.filter(plain) {
        Some(_) => Ok(text.to_owned()),
        None => Err("is no origin: https://, a host in small letters and perhaps a port, nothing behind it"
            .to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_named_by_its_address_or_network_but_never_everybody() {
        let shown = |text| network(text).map(|it| it.to_string());
        assert_eq!(shown("127.0.0.1"), Ok("127.0.0.1/32".to_owned()));
        assert_eq!(shown("10.1.2.3/8"), Ok("10.0.0.0/8".to_owned()));
        assert_eq!(shown("fd00::/8"), Ok("fd00::/8".to_owned()));
        for wrong in ["0.0.0.0/0", "::/0", "proxy", "10.0.0.0/33", ""] {
            assert!(network(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_origin_is_written_as_a_browser_writes_it() {
        for right in ["https://console.example.org", "http://127.0.0.1:5173", "https://[::1]:8443"] {
            assert_eq!(origin(right), Ok(right.to_owned()));
        }
        for wrong in ["*", "null", "https://", "https://a.org/", "console.example.org", "HTTPS://a.org"] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }
}
