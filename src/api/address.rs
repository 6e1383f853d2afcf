//! From whom a request comes, and whether it came over TLS. Whoever needs to know asks here: a header that anybody can
//! write counts only if a trusted proxy wrote it.

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{HeaderMap, HeaderName},
    web::Data,
};
use ipnet::IpNet;
use std::{
    convert::Infallible,
    future::{Ready, ready},
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

/// The proxies in front, whose word about a caller counts.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    pub fn new(networks: Vec<IpNet>) -> Proxies {
        Proxies(networks)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// From whom a request comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// The peer's, or the one that the last trusted proxy was asked from. An IPv4 address is one, even where the socket
    /// writes it as IPv6.
    pub address: IpAddr,
    /// Whether it came over TLS, as a trusted proxy says; this service speaks none itself.
    pub secure: bool,
    /// Whether the connection came from this machine or from a trusted proxy, and not straight from the network.
    pub sheltered: bool,
}

impl Client {
    pub fn of(request: &HttpRequest) -> Client {
        let nobody = Proxies::default();
        let proxies = request.app_data::<Data<Proxies>>().map_or(&nobody, |proxies| proxies.get_ref());
        client(request.peer_addr(), request.headers(), proxies)
    }
}

impl FromRequest for Client {
    type Error = Infallible;
    type Future = Ready<Result<Client, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Client::of(request)))
    }
}

const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

fn client(peer: Option<SocketAddr>, headers: &HeaderMap, proxies: &Proxies) -> Client {
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
    if !proxies.trusts(peer) {
        return Client { address: peer, secure: false, sheltered: peer.is_loopback() };
    }
    // Each proxy adds on the right whom it was asked by. What stands left of the first stranger is that stranger's word.
    let mut address = peer;
    for text in items(headers, FOR).rev() {
        // What cannot be read is nobody's address; the last one that was told is the proxy's own.
        let Some(told) = read(text) else { break };
        address = told;
        if !proxies.trusts(told) {
            break;
        }
    }
    let mut schemes = items(headers, PROTO).peekable();
    // With several proxies each leg has to be TLS.
    let secure = schemes.peek().is_some() && schemes.all(|scheme| scheme.eq_ignore_ascii_case("https"));
    Client { address, secure, sheltered: true }
}

/// The items of a list that may stand in several headers, from the left.
fn items(headers: &HeaderMap, name: HeaderName) -> impl DoubleEndedIterator<Item = &str> {
    let lines: Vec<&str> = headers.get_all(name).map(|value| value.to_str().unwrap_or("?")).collect();
    lines.into_iter().flat_map(|line| line.split(',')).map(str::trim)
}

/// An address as proxies write it: alone, in brackets, or with a port.
fn read(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let alone = bare.parse::<IpAddr>().ok();
    let address = alone.or_else(|| text.parse::<SocketAddr>().ok().map(|it| it.ip()))?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn told(peer: &str, headers: &[(HeaderName, &str)]) -> (String, bool) {
        let proxies = ["10.0.0.0/8", "127.0.0.1/32", "fd00::/8"].map(|it| it.parse().unwrap());
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name.clone(), HeaderValue::from_str(value).unwrap());
        }
        let peer = SocketAddr::new(peer.parse().unwrap(), 40_000);
        let Client { address, secure, .. } = client(Some(peer), &map, &Proxies::new(proxies.to_vec()));
        (address.to_string(), secure)
    }

    #[test]
    fn a_stranger_is_who_he_is_whatever_he_writes() {
        let lies = [(FOR, "198.51.100.7"), (PROTO, "https")];
        assert_eq!(told("203.0.113.5", &lies), ("203.0.113.5".to_owned(), false));
        assert_eq!(
            told("::1", &lies),
            ("::1".to_owned(), false),
            "the machine itself is no proxy unless named"
        );
    }

    #[test]
    fn behind_proxies_the_first_stranger_from_the_right_is_the_caller() {
        for (list, caller) in [
            ("198.51.100.7", "198.51.100.7"),
            ("1.2.3.4, 198.51.100.7", "198.51.100.7"),
            ("1.2.3.4, 198.51.100.7, 10.0.0.9", "198.51.100.7"),
            ("198.51.100.7:51234", "198.51.100.7"),
            ("[2001:db8::1]:51234", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("::ffff:198.51.100.7", "198.51.100.7"),
            // Only trusted ones: the one farthest away.
            ("10.0.0.8, 10.0.0.9", "10.0.0.8"),
            // Unreadable: as far as it can be read.
            ("1.2.3.4, unknown, 10.0.0.9", "10.0.0.9"),
            ("unknown", "10.0.0.1"),
            ("", "10.0.0.1"),
        ] {
            assert_eq!(told("10.0.0.1", &[(FOR, list)]).0, caller, "{list}");
        }
        assert_eq!(told("10.0.0.1", &[]).0, "10.0.0.1");
        // Two lines are one list.
        assert_eq!(told("10.0.0.1", &[(FOR, "1.2.3.4"), (FOR, "198.51.100.7")]).0, "198.51.100.7");
        // An IPv4 proxy seen on an IPv6 socket is the same proxy.
        assert_eq!(told("::ffff:10.0.0.1", &[(FOR, "198.51.100.7")]).0, "198.51.100.7");
    }

    #[test]
    fn it_came_over_tls_only_if_every_trusted_leg_did() {
        for (scheme, secure) in
            [("https", true), ("HTTPS", true), ("http", false), ("http, https", false), ("", false)]
        {
            assert_eq!(told("10.0.0.1", &[(PROTO, scheme)]).1, secure, "{scheme}");
        }
        assert!(!told("10.0.0.1", &[]).1);
    }
}
