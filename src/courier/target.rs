//! An address that somebody entered: whether it can be one at all, and, as the URL standard reads it, whose.

use super::address::{Allow, Private, private};
use std::net::{IpAddr, SocketAddr};
use url::{Host, Url};

/// Where a message goes. The host is as the URL standard normalises it: `0x7f.1` is 127.0.0.1 here as everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub tls: bool,
    /// A name in small letters, or an address without brackets.
    pub host: String,
    pub port: u16,
    /// What the `Host` header says.
    pub authority: String,
    /// Path and query.
    pub path: String,
    /// Whether the operator allows the host by its name, whatever its address is.
    named: bool,
}

/// Why an address is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTarget {
    #[error("no address that can be read")]
    NoUrl,
    #[error("longer than 2000 letters")]
    TooLong,
    #[error("neither https nor http")]
    Scheme,
    #[error("a name or password in the address")]
    UserInfo,
    #[error("a fragment, which is never sent")]
    Fragment,
    #[error("plain http to a host that is not allowed by the operator")]
    Plain,
    #[error("{0} address")]
    Address(Private),
}

impl Target {
    /// Reads an address. A host that is a number is looked at here; the addresses of a name, each time one is connected
    /// to ([`Target::may_reach`]).
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(text: &str, allow: &Allow) -> Result<Target, BadTarget> {
        if text.len() > 2000 {
            return Err(BadTarget::TooLong);
        }
        let url = Url::parse(text).map_err(|_| BadTarget::NoUrl)?;
        let tls = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(BadTarget::Scheme),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadTarget::UserInfo);
        }
        if url.fragment().is_some() {
            return Err(BadTarget::Fragment);
        }
        let (host, shown, literal) = match url.host() {
            // A name may end in a dot, and is the same then.
            Some(Host::Domain(name)) => (name.trim_end_matches('.').to_owned(), name.to_owned(), None),
            Some(Host::Ipv4(it)) => (it.to_string(), it.to_string(), Some(IpAddr::V4(it))),
            Some(Host::Ipv6(it)) => (it.to_string(), format!("[{it}]"), Some(IpAddr::V6(it))),
            None => return Err(BadTarget::NoUrl),
        };
        let port = url.port_or_known_default().ok_or(BadTarget::NoUrl)?;
        let authority = url.port().map_or(shown.clone(), |port| format!("{shown}:{port}"));
        let path = url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let named = allow.names(&host);
        let target = Target { tls, host, port, authority, path, named };
        if let Some(address) = literal {
            target.may_reach(address, allow).map_err(BadTarget::Address)?;
        }
        // A name that has to be looked up may be plain only where the network is the operator's own.
        let own = named || literal.is_some_and(|address| allow.holds(address));
        if tls || own { Ok(target) } else { Err(BadTarget::Plain) }
    }

    /// Whether this address of the host may be connected to.
    ///
    /// # Errors
    /// What kind of address it is, if not.
    pub fn may_reach(&self, address: IpAddr, allow: &Allow) -> Result<(), Private> {
        match private(address) {
            Some(why) if !self.named && !allow.holds(address) => Err(why),
            _ => Ok(()),
        }
    }

    /// Its address where the host is one, so that nothing has to be looked up.
    pub fn literal(&self) -> Option<SocketAddr> {
        self.host.parse().ok().map(|address: IpAddr| SocketAddr::new(address, self.port))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_judged_by_what_it_is_however_it_is_written() {
        let none = Allow::default();
        let loopback = Err(BadTarget::Address(Private::Loopback));
        for text in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.0.0.1:8443/x",
            "https://0177.0.0.1/",
            "https://017700000001/",
            "https://127.0.0.1./",
            "https://[::1]/",
            "https://[0:0:0:0:0:0:0:1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://①②⑦.0.0.1/",
            "https:\\\\127.0.0.1/",
            "https:127.0.0.1",
            " https://127.0.0.1/ ",
            "https://12\t7.0.0.1/",
            "https://%31%32%37.0.0.1/",
        ] {
            assert_eq!(Target::parse(text, &none), loopback, "{text}");
        }
        for (text, wrong) in [
            ("", BadTarget::NoUrl),
            ("receiver.example.org", BadTarget::NoUrl),
            ("/v1/cases", BadTarget::NoUrl),
            ("file:///etc/passwd", BadTarget::Scheme),
            ("gopher://example.org/", BadTarget::Scheme),
            ("ftp://example.org/", BadTarget::Scheme),
            ("ws://example.org/", BadTarget::Scheme),
            ("https://user@example.org/", BadTarget::UserInfo),
            ("https://example.org@127.0.0.1/", BadTarget::UserInfo),
            ("https://:secret@example.org/", BadTarget::UserInfo),
            ("https://example.org/#part", BadTarget::Fragment),
            ("http://example.org/", BadTarget::Plain),
            ("http://8.8.8.8/", BadTarget::Plain),
            ("https://169.254.169.254/latest/meta-data", BadTarget::Address(Private::LinkLocal)),
            ("https://0/", BadTarget::Address(Private::Unspecified)),
            ("https://[fd00::1]/", BadTarget::Address(Private::Intranet)),
            ("https://[64:ff9b::7f00:1]/", BadTarget::Address(Private::Tunnel)),
            ("https://256.0.0.1/", BadTarget::NoUrl),
            ("https://exa mple.org/", BadTarget::NoUrl),
        ] {
            assert_eq!(Target::parse(text, &none), Err(wrong), "{text}");
        }
    }

    #[test]
    fn what_is_good_is_taken_apart() {
        let allow: Allow = "oa.example.org,127.0.0.0/8".parse().unwrap();
        let parse = |text: &str| Target::parse(text, &allow).unwrap();
        let target = parse("https://Receiver.Example.ORG./hooks?token=a");
        assert_eq!((target.tls, target.port, &*target.host), (true, 443, "receiver.example.org"));
        assert_eq!((&*target.authority, &*target.path), ("receiver.example.org.", "/hooks?token=a"));
        assert_eq!(target.may_reach("10.0.0.1".parse().unwrap(), &allow), Err(Private::Intranet));
        assert_eq!(target.may_reach("8.8.8.8".parse().unwrap(), &allow), Ok(()));
        let own = parse("http://oa.example.org:8080/");
        assert_eq!((own.tls, &*own.authority), (false, "oa.example.org:8080"));
        assert_eq!(own.may_reach("10.0.0.1".parse().unwrap(), &allow), Ok(()));
        assert_eq!(parse("http://127.0.0.1:99/").literal(), Some("127.0.0.1:99".parse().unwrap()));
        assert_eq!(parse("https://[2400:3200::1]/").literal(), Some("[2400:3200::1]:443".parse().unwrap()));
    }
}
