//! Which addresses may be reached: those of the public internet, and what the operator allows. Whoever enters an address
//! must not reach with this service's hands what he cannot reach with his own (server-side request forgery).

use ipnet::IpNet;
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

/// What the operator allows beside the public internet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allow {
    /// In small letters. Such a host may have any address.
    hosts: Vec<String>,
    nets: Vec<IpNet>,
}

impl Allow {
    /// Whether the host is allowed by its name.
    pub fn names(&self, host: &str) -> bool {
        self.hosts.iter().any(|it| it == host)
    }

    /// Whether the address lies in a network that is allowed.
    pub fn holds(&self, address: IpAddr) -> bool {
        self.nets.iter().any(|net| net.contains(&address.to_canonical()))
    }
}

impl FromStr for Allow {
    type Err = String;

    /// Host names, addresses and networks, with commas between them.
    fn from_str(text: &str) -> Result<Allow, String> {
        let mut allow = Allow::default();
        for item in text.split([',', ' ']).map(str::trim).filter(|item| !item.is_empty()) {
            match item.parse::<IpNet>().or_else(|_| item.parse::<IpAddr>().map(IpNet::from)) {
                Ok(net) if net.prefix_len() == 0 => {
                    return Err(format!("{item:?} is every address: then nothing would be refused"));
                }
                Ok(net) => allow.nets.push(net.trunc()),
                Err(_) if is_name(item) => allow.hosts.push(item.to_ascii_lowercase()),
                Err(_) => return Err(format!("{item:?} is no host name, address or network")),
            }
        }
        Ok(allow)
    }
}

/// A name that is no number: what looks like one is an address to some.
fn is_name(text: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let last = text.rsplit('.').next().unwrap_or("");
    text.chars().all(letters) && last.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Why an address is not of the public internet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Private {
    /// 0.0.0.0/8, ::
    Unspecified,
    Loopback,
    /// RFC 1918, and unique local addresses of IPv6 (RFC 4193).
    Intranet,
    /// Where clouds keep their metadata (169.254.169.254).
    LinkLocal,
    /// RFC 6598
    CarrierNat,
    Multicast,
    /// For documents, benchmarks and protocols; nobody's, or not yet.
    Reserved,
    /// An address of IPv6 that carries one of IPv4, which a gateway would reach instead.
    Tunnel,
}

impl fmt::Display for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Private::Unspecified => "unspecified",
            Private::Loopback => "loopback",
            Private::Intranet => "intranet",
            Private::LinkLocal => "link-local",
            Private::CarrierNat => "carrier-grade NAT",
            Private::Multicast => "multicast",
            Private::Reserved => "reserved",
            Private::Tunnel => "tunnel",
        })
    }
}

/// What speaks against an address; nothing, if everybody can reach it (IANA's special-purpose registries).
pub fn private(address: IpAddr) -> Option<Private> {
    match address {
        IpAddr::V4(it) => private_v4(it),
        IpAddr::V6(it) => private_v6(it),
    }
}

fn private_v4(address: Ipv4Addr) -> Option<Private> {
    Some(match address.octets() {
        [0, ..] => Private::Unspecified,
        [127, ..] => Private::Loopback,
        [10, ..] | [192, 168, ..] | [172, 16..=31, ..] => Private::Intranet,
        [169, 254, ..] => Private::LinkLocal,
        [100, 64..=127, ..] => Private::CarrierNat,
        [224..=239, ..] => Private::Multicast,
        // IETF protocols, three networks for documents, 6to4 relays, AS112, benchmarks, and what is broadcast or kept.
        [192, 0, 0 | 2, _]
        | [198, 51, 100, _]
        | [203, 0, 113, _]
        | [192, 88, 99, _]
        | [192, 31, 196, _]
        | [192, 52, 193, _]
        | [192, 175, 48, _]
        | [198, 18..=19, ..]
        | [240..=255, ..] => Private::Reserved,
        _ => return None,
    })
}

fn private_v6(address: Ipv6Addr) -> Option<Private> {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return private_v4(mapped);
    }
    Some(match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Private::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => Private::Loopback,
        // IPv4-compatible, NAT64 (the well-known prefix and local ones), 6to4, Teredo, and ISATAP's interface ids.
        [0, 0, 0, 0, 0, 0, ..]
        | [0x64, 0xff9b, ..]
        | [0x2002, ..]
        | [0x2001, 0, ..]
        | [_, _, _, _, 0 | 0x200, 0x5efe, ..] => Private::Tunnel,
        [0xfc00..=0xfdff, ..] => Private::Intranet,
        [0xfe80..=0xfeff, ..] => Private::LinkLocal,
        [0xff00..=0xffff, ..] => Private::Multicast,
        // Beyond 2000::/3 nothing is given out; within it, these are protocols', documents' and benchmarks'.
        [0x2001, 1..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Private::Reserved,
        [0x2000..=0x3fff, ..] => return None,
        _ => Private::Reserved,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_of_the_public_internet_is_named() {
        use Private as P;
        let table = [
            ("0.0.0.0", Some(P::Unspecified)),
            ("0.1.2.3", Some(P::Unspecified)),
            ("127.0.0.1", Some(P::Loopback)),
            ("127.255.255.254", Some(P::Loopback)),
            ("10.0.0.1", Some(P::Intranet)),
            ("172.16.0.1", Some(P::Intranet)),
            ("172.31.255.255", Some(P::Intranet)),
            ("192.168.1.1", Some(P::Intranet)),
            ("169.254.169.254", Some(P::LinkLocal)),
            ("100.64.0.1", Some(P::CarrierNat)),
            ("100.127.255.255", Some(P::CarrierNat)),
            ("192.0.0.170", Some(P::Reserved)),
            ("192.0.2.1", Some(P::Reserved)),
            ("198.51.100.7", Some(P::Reserved)),
            ("203.0.113.9", Some(P::Reserved)),
            ("192.88.99.1", Some(P::Reserved)),
            ("198.18.0.1", Some(P::Reserved)),
            ("224.0.0.1", Some(P::Multicast)),
            ("239.255.255.250", Some(P::Multicast)),
            ("240.0.0.1", Some(P::Reserved)),
            ("255.255.255.255", Some(P::Reserved)),
            ("::", Some(P::Unspecified)),
            ("::1", Some(P::Loopback)),
            ("::127.0.0.1", Some(P::Tunnel)),
            ("::ffff:127.0.0.1", Some(P::Loopback)),
            ("::ffff:10.1.2.3", Some(P::Intranet)),
            ("::ffff:169.254.169.254", Some(P::LinkLocal)),
            ("::ffff:0:127.0.0.1", Some(P::Reserved)),
            ("64:ff9b::7f00:1", Some(P::Tunnel)),
            ("64:ff9b:1::a00:1", Some(P::Tunnel)),
            ("2002:7f00:1::", Some(P::Tunnel)),
            ("2001::7f00:1", Some(P::Tunnel)),
            ("2606:4700::5efe:7f00:1", Some(P::Tunnel)),
            ("fc00::1", Some(P::Intranet)),
            ("fd12:3456::1", Some(P::Intranet)),
            ("fe80::1", Some(P::LinkLocal)),
            ("fec0::1", Some(P::LinkLocal)),
            ("ff02::1", Some(P::Multicast)),
            ("2001:db8::1", Some(P::Reserved)),
            ("2001:2::1", Some(P::Reserved)),
            ("3fff::1", Some(P::Reserved)),
            ("100::1", Some(P::Reserved)),
            ("4000::1", Some(P::Reserved)),
            ("8.8.8.8", None),
            ("172.32.0.1", None),
            ("100.128.0.1", None),
            ("223.255.255.255", None),
            ("::ffff:8.8.8.8", None),
            ("2400:3200::1", None),
        ];
        for (text, expected) in table {
            assert_eq!(private(text.parse().unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn the_operator_allows_hosts_addresses_and_networks_but_never_everything() {
        let allow: Allow = "oa.wuxing.gov.cn, 10.20.0.0/16,fd00::1 127.0.0.1".parse().unwrap();
        assert!(allow.names("oa.wuxing.gov.cn") && !allow.names("wuxing.gov.cn"));
        let holds = |text: &str| allow.holds(text.parse().unwrap());
        assert!(holds("10.20.1.1") && holds("fd00::1") && holds("127.0.0.1") && holds("::ffff:127.0.0.1"));
        assert!(!holds("10.21.0.1") && !holds("fd00::2") && !holds("127.0.0.2"));
        for wrong in ["0.0.0.0/0", "::/0", "https://oa", "oa:80", "2130706433", "0x7f.1", "*", "10.0.0.0/33"]
        {
            assert!(wrong.parse::<Allow>().is_err(), "{wrong}");
        }
    }
}
