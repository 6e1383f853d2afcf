//! One message to one address: the host is looked up here, its addresses judged, and the connection made to one that was
//! judged. Follows no redirect, reads no more of an answer than its head, and waits ten seconds in all.

use super::{
    address::Allow,
    schedule::Failed,
    target::{BadTarget, Target},
};
use bytes::Bytes;
use http::{HeaderName, Request, header};
use http_body_util::Full;
use hyper_rustls::{FixedServerNameResolver, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client as Hyper, connect::HttpConnector},
    rt::TokioExecutor,
};
use rustls::{ClientConfig, pki_types::ServerName};
use std::{
    fmt, io,
    net::{SocketAddr, ToSocketAddrs},
    sync::{Arc, OnceLock},
    time::Duration,
};

/// From looking the host up to the head of its answer.
const PATIENCE: Duration = Duration::from_secs(10);
const TO_CONNECT: Duration = Duration::from_secs(4);
/// Addresses of one host that are tried.
const ADDRESSES: usize = 3;

/// Looks a host's addresses up; a test answers itself.
pub type Resolve = Arc<dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync>;

/// Why a message did not arrive, as far as is known. Nothing of what the receiver wrote: it may say anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The address is none that may be reached.
    Forbidden(BadTarget),
    /// The host has no address.
    NoHost,
    /// No connection, or it ended before an answer; also what a wrong certificate looks like.
    Unreachable,
    TooSlow,
    /// An answer that is not 2xx.
    Status(u16),
    /// This machine trusts no certificates.
    NoRoots,
}

impl NotSent {
    pub fn failed(self) -> Failed {
        match self {
            NotSent::Forbidden(_) => Failed::Refused,
            NotSent::Status(429 | 500..) => Failed::Away,
            NotSent::Status(_) => Failed::Refused,
            NotSent::NoHost | NotSent::Unreachable | NotSent::TooSlow | NotSent::NoRoots => Failed::Away,
        }
    }
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotSent::Forbidden(why) => write!(f, "not allowed: {why}"),
            NotSent::NoHost => f.write_str("no such host"),
            NotSent::Unreachable => f.write_str("no connection"),
            NotSent::TooSlow => f.write_str("no answer in time"),
            NotSent::Status(status @ 300..400) => write!(f, "redirected ({status}), which is not followed"),
            NotSent::Status(status) => write!(f, "answered {status}"),
            NotSent::NoRoots => f.write_str("this server trusts no certificates"),
        }
    }
}

/// Carries messages out. Cloning shares it.
#[derive(Clone)]
pub struct Courier(Arc<Inner>);

struct Inner {
    allow: Allow,
    resolve: Resolve,
    /// Read once, when the first message needs it.
    tls: OnceLock<Option<ClientConfig>>,
}

impl Courier {
    pub fn new(allow: Allow) -> Courier {
        let system: Resolve = Arc::new(|host, port| Ok((host, port).to_socket_addrs()?.collect()));
        Courier::resolving(allow, system)
    }

    /// The same with another way of looking hosts up.
    pub fn resolving(allow: Allow, resolve: Resolve) -> Courier {
        Courier(Arc::new(Inner { allow, resolve, tls: OnceLock::new() }))
    }

    /// Whether an address can be one to send to, as things stand.
    ///
    /// # Errors
    /// [`NotSent::Forbidden`], [`NotSent::NoHost`], [`NotSent::TooSlow`].
    pub async fn check(&self, url: &str) -> Result<(), NotSent> {
        let target = Target::parse(url, &self.0.allow).map_err(NotSent::Forbidden)?;
        let found = tokio::time::timeout(PATIENCE, self.addresses(&target));
        found.await.unwrap_or(Err(NotSent::TooSlow)).map(drop)
    }

    /// Posts a message; anything but a 2xx is a failure.
    ///
    /// # Errors
    /// Why it did not arrive.
    pub async fn post(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Result<u16, NotSent> {
        let target = Target::parse(url, &self.0.allow).map_err(NotSent::Forbidden)?;
        let body = Bytes::from(body);
        let sent = async {
            let mut last = NotSent::NoHost;
            for address in self.addresses(&target).await? {
                match self.post_to(&target, address, headers, body.clone()).await {
                    // Another address of the host may be alive.
                    Err(NotSent::Unreachable) => last = NotSent::Unreachable,
                    done => return done,
                }
            }
            Err(last)
        };
        tokio::time::timeout(PATIENCE, sent).await.unwrap_or(Err(NotSent::TooSlow))
    }

    /// The host's addresses as of now, every one of which may be reached: a host that also has one that may not is not
    /// to be trusted with the others.
    async fn addresses(&self, target: &Target) -> Result<Vec<SocketAddr>, NotSent> {
        let found = match target.literal() {
            Some(address) => vec![address],
            None => {
                let (inner, host, port) = (self.0.clone(), target.host.clone(), target.port);
                let looked_up = tokio::task::spawn_blocking(move || (inner.resolve)(&host, port)).await;
                looked_up.map_err(|_| NotSent::NoHost)?.map_err(|_| NotSent::NoHost)?
            }
        };
        for address in &found {
            let may = target.may_reach(address.ip(), &self.0.allow);
            may.map_err(|why| NotSent::Forbidden(BadTarget::Address(why)))?;
        }
        match found.is_empty() {
            true => Err(NotSent::NoHost),
            false => Ok(found.into_iter().take(ADDRESSES).collect()),
        }
    }

    async fn post_to(
        &self,
        target: &Target,
        address: SocketAddr,
        headers: &[(&'static str, String)],
        body: Bytes,
    ) -> Result<u16, NotSent> {
        let scheme = if target.tls { "https" } else { "http" };
        // To the address and not to the name, which might be another's by now.
        let mut request = Request::post(format!("{scheme}://{address}{}", target.path))
            .header(header::HOST, &target.authority)
            .header(header::USER_AGENT, "jianyi")
            .header(header::CONTENT_TYPE, "application/cloudevents+json");
        for (name, value) in headers {
            request = request.header(HeaderName::from_static(name), value);
        }
        let request = request.body(Full::new(body)).map_err(|_| NotSent::Forbidden(BadTarget::NoUrl))?;
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(TO_CONNECT));
        let name = ServerName::try_from(target.host.clone());
        let name = name.map_err(|_| NotSent::Forbidden(BadTarget::NoUrl))?;
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(self.tls()?)
            .https_or_http()
            .with_server_name_resolver(FixedServerNameResolver::new(name))
            .enable_http1()
            .wrap_connector(connector);
        let client = Hyper::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector);
        let answer = client.request(request).await.map_err(|_| NotSent::Unreachable)?;
        // The rest is dropped unread, and the connection with it.
        match answer.status().as_u16() {
            status @ 200..300 => Ok(status),
            status => Err(NotSent::Status(status)),
        }
    }

    fn tls(&self) -> Result<ClientConfig, NotSent> {
        let config = self.0.tls.get_or_init(|| {
            use hyper_rustls::ConfigBuilderExt as _;
            let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
            let versions =
                ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
            let roots = versions.ok()?.with_native_roots().ok()?;
            Some(roots.with_no_client_auth())
        });
        config.clone().ok_or(NotSent::NoRoots)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
    }

    /// A courier whose host has these addresses, one list at each look-up, and how often it looked.
    fn courier(allow: &str, answers: &'static [&'static [&'static str]]) -> (Courier, Arc<AtomicUsize>) {
        let looked = Arc::new(AtomicUsize::new(0));
        let count = looked.clone();
        let resolve: Resolve = Arc::new(move |_, port| {
            let n = count.fetch_add(1, Ordering::SeqCst);
            let answer = answers[n.min(answers.len() - 1)];
            Ok(answer.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), port)).collect())
        });
        (Courier::resolving(allow.parse().unwrap(), resolve), looked)
    }

    #[test]
    fn a_name_that_is_rebound_to_a_private_address_is_not_followed_there() {
        let (courier, looked) = courier("", &[&["8.8.8.8"], &["127.0.0.1"]]);
        let url = "https://rebinding.example.org/hook";
        assert_eq!(run(courier.check(url)), Ok(()));
        let sent = run(courier.post(url, &[], "{}".to_owned()));
        assert_eq!(
            sent,
            Err(NotSent::Forbidden(BadTarget::Address(super::super::address::Private::Loopback)))
        );
        assert_eq!(looked.load(Ordering::SeqCst), 2, "once for each, and never again when connecting");
    }

    #[test]
    fn one_private_address_among_public_ones_is_enough() {
        const ANSWERS: [&[&[&str]]; 4] = [
            &[&["8.8.8.8", "10.0.0.1"]],
            &[&["::ffff:192.168.0.1"]],
            &[&["64:ff9b::a00:1"]],
            &[&["169.254.169.254"]],
        ];
        for answer in ANSWERS {
            let (courier, _) = courier("", answer);
            let checked = run(courier.check("https://mixed.example.org/"));
            assert!(matches!(checked, Err(NotSent::Forbidden(BadTarget::Address(_)))), "{answer:?}");
        }
        let (courier, _) = courier("", &[&[]]);
        assert_eq!(run(courier.check("https://nowhere.example.org/")), Err(NotSent::NoHost));
    }

    #[test]
    fn the_connection_goes_to_the_address_that_was_judged() {
        use std::io::{Read as _, Write as _};
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = std::thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            let mut head = [0; 4096];
            let n = socket.read(&mut head).unwrap();
            socket.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
            String::from_utf8_lossy(&head[..n]).into_owned()
        });
        // Allowed by its name; and it has no other address than this look-up's.
        let (courier, looked) = courier("receiver.test", &[&["127.0.0.1"]]);
        let url = format!("http://receiver.test:{port}/hook?a=b");
        assert_eq!(run(courier.post(&url, &[("webhook-id", "7".to_owned())], "{}".to_owned())), Ok(204));
        let head = serving.join().unwrap().to_lowercase();
        assert!(head.starts_with("post /hook?a=b http/1.1"), "{head}");
        assert!(
            head.contains(&format!("host: receiver.test:{port}")) && head.contains("webhook-id: 7"),
            "{head}"
        );
        assert_eq!(looked.load(Ordering::SeqCst), 1);
    }
}
