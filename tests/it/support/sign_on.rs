//! Single sign-on for stories: a real provider in a process of its own, a browser, and a front door of the service that
//! knows the provider.

use super::{World, client::Caller, client::Reply};
use actix_web::web::Data;
use jianyi::{
    api::{
        Press,
        edge::Edge,
        oidc::SignOn,
        server::{self, Parts},
    },
    identity::{
        oidc::{Provider, Settings},
        token::{ISSUER, Tokens},
    },
    metrics::Metrics,
    office::{Clock, Office},
};
use reqwest::{Method, Url, redirect::Policy};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

pub const REDIRECT: &str = "https://jianyi.example/signed-in";
pub const SECRET: &str = "a secret of the tests: 100 % + \"quoted\"";

/// The certified `oidc-provider`, until it is dropped.
pub struct RealProvider {
    child: Child,
    pub issuer: String,
}

impl RealProvider {
    pub fn start() -> RealProvider {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let modules = root.join("target/oidc");
        assert!(
            modules.join("node_modules/oidc-provider").exists(),
            "run scripts/install-oidc-provider first"
        );
        let mut child = Command::new("node")
            .arg(root.join("tests/oidc/provider.mjs"))
            .env("MODULES", modules)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let issuer = lines
            .find_map(|line| line.ok()?.strip_prefix("issuer ").map(str::to_owned))
            .expect("the provider says where it is");
        // Read on, or it would block on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        RealProvider { child, issuer }
    }

    pub fn settings(&self) -> Settings {
        settings(&self.issuer)
    }

    /// It signs with another key from now on, and publishes no other.
    pub fn rotate(&self) {
        let http = reqwest::blocking::Client::builder().no_proxy().build().expect("a client");
        let rotated = http.post(format!("{}/test/rotate", self.issuer)).send().expect("it answers");
        assert!(rotated.status().is_success());
    }

    pub fn stop(&mut self) {
        self.child.kill().expect("it ends");
        self.child.wait().expect("it has ended");
    }
}

impl Drop for RealProvider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn settings(issuer: &str) -> Settings {
    Settings {
        issuer: issuer.to_owned(),
        client_id: "jianyi".to_owned(),
        client_secret: Some(SECRET.to_owned()),
        redirect_uri: REDIRECT.to_owned(),
        scopes: vec!["openid".to_owned()],
        name: "浙政钉".to_owned(),
        second_factor: vec!["mfa".to_owned()],
    }
}

/// Another front door of a world's service, which knows a provider; closed when it is dropped.
pub struct Door<'a> {
    pub world: &'a World,
    pub base: String,
    handle: actix_web::dev::ServerHandle,
}

impl<'a> Door<'a> {
    /// By the machine's clock, as the provider's tokens are.
    pub fn open(world: &'a World, settings: Settings) -> Door<'a> {
        world.turn(Clock::System.now());
        let provider = Provider::new(settings).expect("a provider");
        Door::of(world, world.office.clone(), SignOn(Some(Arc::new(provider))))
    }

    /// A door of an office that differs in what the world's own has not.
    pub fn of(world: &'a World, office: Office, sign_on: SignOn) -> Door<'a> {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("its address"));
        let parts = Parts {
            office,
            tokens: Data::new(Tokens::open(&world.key_file(), ISSUER).expect("keys")),
            metrics: Metrics::new().expect("metrics"),
            token_life: chrono::TimeDelta::minutes(10),
            workers: 1,
            body_limit: 256 * 1024,
            attachment_limit: 1024,
            export_rows: 1000,
            edge: Edge::default(),
            sign_on,
            press: Press::new(None).expect("a press"),
            shutdown: Duration::from_secs(1),
        };
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = server::start(listener, parts).expect("the server starts");
                sender.send(server.handle()).expect("the story waits");
                server.await.expect("the server runs");
            });
        });
        Door { world, base, handle: receiver.recv().expect("the server's handle") }
    }

    /// Links an account with a subject of the provider, as the operator does.
    pub fn link(&self, username: &str, issuer: &str, subject: &str) {
        self.world.office.link_account(username, issuer, subject).expect("it is linked");
    }

    pub fn nobody(&self) -> Caller {
        Caller { base: self.base.clone(), ..self.world.nobody() }
    }

    /// Somebody who signed in with a password, at this door.
    pub fn signed_in(&self, username: &str) -> Caller {
        Caller { base: self.base.clone(), ..self.world.signed_in(username) }
    }

    /// Somebody is sent to the provider to sign in.
    pub fn begin(&self) -> Begun {
        Begun::of(self.nobody().create("/v1/auth/oidc/authorization", json!({})).expect(200))
    }

    /// Signs in from beginning to end; whatever the answer is.
    pub fn sign_in(&self, hint: &str) -> Reply {
        let begun = self.begin();
        let back = Browser::new().go(&begun.hinted(hint));
        self.finish(&begun.came_back(&back))
    }

    pub fn finish(&self, body: &Value) -> Reply {
        self.nobody().create("/v1/auth/oidc/token", body.clone())
    }
}

impl Drop for Door<'_> {
    fn drop(&mut self) {
        super::world::wait(self.handle.stop(false));
    }
}

/// What the client was given to send a browser away with.
#[derive(Clone)]
pub struct Begun {
    pub url: Url,
    pub binding: String,
}

impl Begun {
    pub fn of(reply: Reply) -> Begun {
        assert_eq!(reply.header("cache-control"), "no-store");
        let text = |name: &str| reply.json[name].as_str().unwrap_or_default().to_owned();
        Begun { url: text("authorization_url").parse().expect("an address"), binding: text("binding") }
    }

    pub fn query(&self, name: &str) -> String {
        let mut pairs = self.url.query_pairs();
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
    }

    /// The same address with another value, as somebody in between might write it.
    pub fn with(&self, name: &str, value: &str) -> Begun {
        let mut url = self.url.clone();
        let pairs: Vec<(String, String)> = self.url.query_pairs().into_owned().collect();
        let others = pairs.into_iter().filter(|(key, _)| key != name);
        let others: Vec<_> = others.chain([(name.to_owned(), value.to_owned())]).collect();
        url.query_pairs_mut().clear().extend_pairs(others);
        Begun { url, binding: self.binding.clone() }
    }

    /// The address at which this person signs in.
    pub fn hinted(&self, hint: &str) -> Url {
        self.with("login_hint", hint).url
    }

    /// What the front end's page posts.
    pub fn came_back(&self, back: &BTreeMap<String, String>) -> Value {
        let mut body = json!({"binding": self.binding});
        for name in ["code", "state", "iss"] {
            if let Some(value) = back.get(name) {
                body[name] = json!(value);
            }
        }
        body
    }
}

/// Follows the provider's redirects, with cookies, until it is sent back.
pub struct Browser {
    http: reqwest::blocking::Client,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn new() -> Browser {
        let http = reqwest::blocking::Client::builder().no_proxy().redirect(Policy::none()).build();
        Browser { http: http.expect("a client"), cookies: BTreeMap::new() }
    }

    /// What stands in the address to which it is sent back.
    pub fn go(&mut self, url: &Url) -> BTreeMap<String, String> {
        let mut url = url.clone();
        for _ in 0..12 {
            let cookies: Vec<_> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let request = self.http.request(Method::GET, url.clone()).header("cookie", cookies.join("; "));
            let response = request.send().expect("the provider answers");
            for cookie in response.headers().get_all("set-cookie") {
                let pair = cookie.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
                let (name, value) = pair.split_once('=').unwrap_or_default();
                match value {
                    "" => self.cookies.remove(name),
                    value => self.cookies.insert(name.to_owned(), value.to_owned()),
                };
            }
            let location =
                response.headers().get("location").and_then(|l| l.to_str().ok()).map(str::to_owned);
            let Some(location) = location else {
                panic!("{url} leads nowhere: {} {}", response.status(), response.text().unwrap_or_default());
            };
            url = url.join(&location).expect("an address");
            if url.as_str().starts_with(REDIRECT) {
                return url.query_pairs().into_owned().collect();
            }
        }
        panic!("the provider sends in circles: {url}");
    }
}
