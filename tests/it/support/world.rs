//! A congress of a story's own: its people, its clock, its database, behind the real server.

use super::{
    client::{Caller, Reply},
    postgres,
};
use chrono::{DateTime, Utc};
use jianyi::{
    api::{
        Press,
        edge::Edge,
        server::{self, Parts},
    },
    bundle::{self, Known},
    courier::Courier,
    domain::{
        actor::{Actor, Role},
        ids::CongressId,
    },
    evidence::{
        Algorithm,
        note::{self, SecretKey},
        outside::Outside,
    },
    files::Files,
    identity::{
        evidence_key::EvidenceKey,
        password,
        seal::Seal,
        token::{ISSUER, Tokens},
    },
    metrics::Metrics,
    office::{
        Books, Clock, FOLD, Fault, Office, Security,
        accounts::NewAccount,
        acts::Way,
        evidence::{Evidence, Wanted},
        sign_in::{Origin, Proved},
        webhooks::Round,
    },
    store::{
        Address, Store,
        connection::Purpose,
        directory::{self, Congress, Session},
    },
};
use reqwest::{Method, blocking::Client};
use serde_json::{Value, json};
use std::{
    net::TcpListener,
    sync::{LazyLock, OnceLock},
    time::Duration,
};

pub const CONGRESS: &str = "330502";
pub const OTHER: &str = "330503";
/// Smaller than a real one, so that a file over it is sent quickly, and larger than a JSON body may be.
pub const ATTACHMENT_LIMIT: usize = 512 * 1024;
/// Far fewer than a real service gives, so that a story reaches it.
pub const EXPORT_ROWS: usize = 40;
pub const PASSWORD: &str = "a password of the tests";

pub struct World {
    pub office: Office,
    pub base: String,
    clock: Clock,
    handle: actix_web::dev::ServerHandle,
    folder: tempfile::TempDir,
    database: Option<postgres::Database>,
}

impl World {
    pub fn on_sqlite() -> World {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let address = Address::Sqlite(folder.path().join("story.db"));
        World::open(address, folder, None)
    }

    pub fn on_postgres() -> World {
        let database = postgres::server().fresh_database();
        let folder = tempfile::tempdir().expect("a temporary folder");
        World::open(Address::Postgres(database.url().to_owned()), folder, Some(database))
    }

    /// The same with its attached files elsewhere than in a folder.
    pub fn with_files(postgres: bool, files: Files) -> World {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = postgres.then(|| postgres::server().fresh_database());
        let address = match &database {
            Some(database) => Address::Postgres(database.url().to_owned()),
            None => Address::Sqlite(folder.path().join("story.db")),
        };
        World::open_in(
            address,
            folder,
            database,
            Books::shipped(),
            files,
            ("127.0.0.1:0", Edge::default()),
            &[],
        )
    }

    /// Another world on the same kind of database, whose office works by other books.
    pub fn like(&self, books: Books) -> World {
        self.beside(books, Edge::default())
    }

    /// Another world on the same kind of database, which meets the network in another way.
    pub fn met(&self, edge: Edge) -> World {
        self.beside(Books::shipped(), edge)
    }

    /// The same, where others than this machine reach it too; its address stands for all of the machine's.
    pub fn open_to_the_network(&self, edge: Edge) -> World {
        self.on_socket("0.0.0.0:0", Books::shipped(), edge, &[])
    }

    fn beside(&self, books: Books, edge: Edge) -> World {
        self.on_socket("127.0.0.1:0", books, edge, &[])
    }

    /// The same, where these roles need a second factor.
    pub fn guarded(&self, roles: &[&str]) -> World {
        self.on_socket("127.0.0.1:0", Books::shipped(), Edge::default(), roles)
    }

    fn on_socket(&self, bind: &str, books: Books, edge: Edge, roles: &[&str]) -> World {
        let folder = tempfile::tempdir().expect("a temporary folder");
        if self.database.is_none() {
            let address = Address::Sqlite(folder.path().join("story.db"));
            return World::open_with(address, folder, None, books, (bind, edge), roles);
        }
        let database = postgres::server().fresh_database();
        World::open_with(
            Address::Postgres(database.url().to_owned()),
            folder,
            Some(database),
            books,
            (bind, edge),
            roles,
        )
    }

    fn open(address: Address, folder: tempfile::TempDir, database: Option<postgres::Database>) -> World {
        World::open_with(address, folder, database, Books::shipped(), ("127.0.0.1:0", Edge::default()), &[])
    }

    fn open_with(
        address: Address,
        folder: tempfile::TempDir,
        database: Option<postgres::Database>,
        books: Books,
        (bind, edge): (&str, Edge),
        roles: &[&str],
    ) -> World {
        let files = Files::open(folder.path().join("files")).expect("a folder for files");
        World::open_in(address, folder, database, books, files, (bind, edge), roles)
    }

    fn open_in(
        address: Address,
        folder: tempfile::TempDir,
        database: Option<postgres::Database>,
        books: Books,
        files: Files,
        (bind, edge): (&str, Edge),
        roles: &[&str],
    ) -> World {
        let store = Store::open(&address, Purpose::Write, 8).expect("the database opens");
        let clock = Clock::turned("2024-01-16T01:00:00Z".parse().expect("an instant"));
        let seal = Seal::load_or_create(&folder.path().join("token.seal")).expect("a key");
        let security = Security {
            seal: Some(seal),
            second_factor: roles.iter().map(|role| (*role).to_owned()).collect(),
            public_url: "https://jianyi.example.cn".to_owned(),
            ..Security::default()
        };
        let office = Office::new(store, books, clock.clone()).with_files(files).with_security(security);
        let office = office.with_evidence(Evidence {
            key: EvidenceKey::load_or_create(&folder.path().join("evidence.key")).expect("a key"),
            witnesses: vec![witness().public().clone()],
            outside: Outside::open(&folder.path().join("checkpoints")).expect("a folder for checkpoints"),
            name: "jianyi.example.cn".to_owned(),
            algorithm: Algorithm::Sha256,
        });
        // Receivers of a story's own are on this machine, and nowhere else.
        let office = office.with_courier(Courier::new("127.0.0.1".parse().expect("an address")));
        people_it(&office);
        let tokens = Tokens::open(&folder.path().join("token.key"), ISSUER).expect("a key");
        let listener = TcpListener::bind(bind).expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("its address"));
        let parts = Parts {
            office: office.clone(),
            tokens: actix_web::web::Data::new(tokens),
            metrics: Metrics::new().expect("metrics"),
            token_life: chrono::TimeDelta::days(4000),
            workers: 2,
            body_limit: 256 * 1024,
            attachment_limit: ATTACHMENT_LIMIT,
            export_rows: EXPORT_ROWS,
            edge,
            sign_on: Default::default(),
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
        let handle = receiver.recv().expect("the server's handle");
        World { office, base, clock, handle, folder, database }
    }

    /// PostgreSQL's address, for programs that run beside the service.
    pub fn url(&self) -> Option<&str> {
        self.database.as_ref().map(postgres::Database::url)
    }

    /// Where its key, its files and its SQLite database lie.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Where the bytes of an attached file lie.
    pub fn file(&self, sha256: &str) -> std::path::PathBuf {
        self.folder.path().join("files/sha256").join(&sha256[..2]).join(sha256)
    }

    /// SQLite's file and its log, as they lie on the disk; nothing on PostgreSQL.
    pub fn bytes_on_disk(&self) -> Vec<u8> {
        let read = |name: &str| std::fs::read(self.folder.path().join(name)).unwrap_or_default();
        [read("story.db"), read("story.db-wal")].concat()
    }

    /// The key that signs access tokens.
    pub fn key_file(&self) -> std::path::PathBuf {
        self.folder.path().join("token.key")
    }

    /// The program, run beside the service on the same database and files.
    pub fn program(&self) -> std::process::Command {
        let folder = self.folder.path();
        let address = format!("sqlite:{}", folder.join("story.db").display());
        super::program::jianyi(folder, Some(self.url().unwrap_or(&address)))
    }

    /// Turns the clock to the forenoon of a day in Shanghai.
    pub fn on(&self, day: &str) -> &World {
        let at: DateTime<Utc> = format!("{day}T02:00:00Z").parse().expect("a day");
        self.clock.turn(at);
        self
    }

    /// Turns the clock to a moment.
    pub fn turn(&self, at: DateTime<Utc>) {
        self.clock.turn(at);
    }

    /// Turns the clock on.
    pub fn later(&self, by: chrono::TimeDelta) {
        self.clock.turn(self.office.now() + by);
    }

    pub fn nobody(&self) -> Caller {
        // One for all: each client of its own would read the machine's certificates, which nobody here needs. It keeps no
        // connections, since a port may be another world's by the next story.
        static HTTP: LazyLock<Client> = LazyLock::new(|| {
            Client::builder().no_proxy().pool_max_idle_per_host(0).build().expect("a client")
        });
        Caller { http: HTTP.clone(), base: self.base.clone(), token: None, party: String::new() }
    }

    /// The congress works under another regulation from now on.
    pub fn under(&self, policy: &'static str) -> &World {
        let congress = CONGRESS.parse().expect("a congress");
        let set = move |db: &mut _| Ok::<_, Fault>(directory::set_policy(db, &congress, policy)?);
        assert!(self.office.store().write_here(set).expect("the policy is set"));
        self
    }

    /// Somebody who signs in with a password.
    pub fn signed_in(&self, username: &str) -> Caller {
        let nobody = self.nobody();
        let pair = nobody
            .create("/v1/auth/sign-in", json!({"username": username, "password": PASSWORD}))
            .expect(200);
        let token = pair.json["access_token"].as_str().map(str::to_owned);
        let mut caller = Caller { token, ..nobody };
        let me = caller.get("/v1/me").expect(200);
        let party = me.json["deputy"].as_str().or(me.json["department"].as_str()).unwrap_or_default();
        caller.party = party.to_owned();
        caller
    }

    /// Somebody who has an account without a password.
    pub fn signed_in_as(&self, actor: &Actor) -> Caller {
        let now = self.office.now();
        let proved = Proved {
            user: actor.user,
            membership: actor.membership,
            way: Way::Password,
            second_factor: false,
            proved_at: now,
            origin: Origin::default(),
        };
        let life = chrono::TimeDelta::days(4000);
        let signed_in = wait(self.office.begin_sign_in(proved, None, now + life)).expect("a sign-in");
        let tokens = Tokens::open(&self.key_file(), ISSUER).expect("the world's key");
        let token = tokens.issue(signed_in.user.0, signed_in.sign_in.0, now, life).expect("a token");
        Caller { token: Some(token), ..self.nobody() }
    }

    pub fn committee(&self) -> Caller {
        self.signed_in("committee")
    }

    pub fn deputy(&self) -> Caller {
        self.signed_in("chen")
    }

    pub fn transport(&self) -> Caller {
        self.signed_in("transport")
    }

    pub fn housing(&self) -> Caller {
        self.signed_in("housing")
    }

    /// The version of a case as committee staff see it.
    pub fn version(&self, path: &str) -> i64 {
        self.committee().get(path).expect(200).version()
    }

    /// A suggestion of 陈芳's with 李梅 as co-signer, registered; its path and version.
    pub fn registered(&self, title: &str) -> (String, i64) {
        self.registered_with(title, |_| {})
    }

    /// The same, with something done to the draft before it is handed in.
    pub fn registered_with(&self, title: &str, with: impl FnOnce(&str)) -> (String, i64) {
        let (deputy, committee) = (self.deputy(), self.committee());
        let co_signer = self.signed_in("li");
        let draft = json!({
            "kind": "suggestion", "title": title, "body": "情况、分析、具体意见。",
            "category": "城建环保", "co_signers": [co_signer.party]
        });
        let created = deputy.create("/v1/cases", draft).expect(201);
        let path = format!("/v1/cases/{}", created.json["id"].as_str().expect("an id"));
        co_signer.post(&format!("{path}/cosignature"), json!({})).expect(200);
        with(&path);
        deputy.post(&format!("{path}/submission"), json!({})).expect(200);
        let registered = committee.post(&format!("{path}/registration"), json!({})).expect(200);
        (path, registered.version())
    }

    /// The same, assigned to the transport department alone and signed for.
    pub fn in_hand(&self, title: &str) -> (String, i64) {
        let (path, _) = self.registered(title);
        let transport = self.transport();
        let handlers = json!({"handlers": [{"department": transport.party, "part": "sole"}]});
        self.committee().post(&format!("{path}/assignments"), handlers).expect(200);
        transport.post(&format!("{path}/assignments/1/acceptance"), json!({})).expect(200);
        let version = self.version(&path);
        (path, version)
    }

    /// The same, answered in a class.
    pub fn answered(&self, title: &str, class: &str) -> (String, i64) {
        let (path, _) = self.in_hand(title);
        self.transport().post(&format!("{path}/assignments/1/reply"), letter(class)).expect(200);
        let version = self.version(&path);
        (path, version)
    }

    /// Somebody's next step on a case, whatever its version is.
    #[track_caller]
    pub fn does(&self, username: &str, url: &str, body: Value) -> Reply {
        let caller = self.signed_in(username);
        let reply = caller.ask(Method::POST, url).header("if-match", "*").json(body).send();
        // Who steps out of a case by his step sees nothing of it any more.
        if reply.status == 204 { reply } else { reply.expect(200) }
    }

    /// The story as the ledger tells it to a caller, one line an event.
    pub fn story(&self, caller: &Caller, path: &str) -> String {
        let events = caller.get(&format!("{path}/events")).expect(200);
        let lines = events.json["events"].as_array().cloned().unwrap_or_default().into_iter().map(|it| {
            let (version, author) = (it["version"].to_string(), it["author"]["name"].as_str().unwrap_or(""));
            let what = it["event"]["type"].as_str().unwrap_or("");
            format!("{version:>2}  {}  {author}  {what}", it["occurred_on"].as_str().unwrap_or(""))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Nothing beside the ledger says anything else than the ledger, and an auditor's bundle says the same.
    #[track_caller]
    pub fn assert_no_drift(&self) {
        self.log();
        let report = wait(self.office.verify()).expect("verify runs");
        assert!(report.findings.is_empty(), "{:#?}", report.findings);
        for log in [CONGRESS, OTHER, "installation"] {
            let Some(files) = self.bundle(log) else { continue };
            let report = self.checked(&files);
            assert!(report.findings.is_empty(), "{:#?}", report.findings);
        }
    }

    /// The auditor's bundle of a congress; none while nothing of it was logged.
    pub fn bundle(&self, log: &str) -> Option<bundle::Files> {
        let wanted = Wanted { log: log.to_owned(), files: true, texts: true };
        match wait(self.office.bundle(wanted)) {
            Ok(made) => Some(made.files),
            Err(Fault::NotFound) => None,
            Err(fault) => panic!("{fault:?}"),
        }
    }

    /// The log's public keys, as whoever trusts them has them.
    pub fn log_keys(&self, log: &str) -> Vec<note::PublicKey> {
        let key = EvidenceKey::load(&self.folder.path().join("evidence.key")).expect("the log's key").signing;
        let name = format!("jianyi.example.cn/{log}");
        let own = note::PublicKey::new(&name, note::Purpose::Log, key.verifying_key()).expect("a name");
        vec![own, witness().public().clone()]
    }

    /// A bundle as an auditor checks it who kept no checkpoint.
    pub fn checked(&self, files: &bundle::Files) -> bundle::Report {
        let keys: Vec<_> =
            [CONGRESS, OTHER, "installation"].iter().flat_map(|log| self.log_keys(log)).collect();
        bundle::check(files, Known { keys: &keys, checkpoints: &[], fold: FOLD })
    }

    /// What was written gets its place in the log, and heads are signed.
    pub fn log(&self) -> (usize, usize) {
        wait(self.office.keep_evidence(true)).expect("the log is kept")
    }

    /// What happened is told: to who listens, and in one round to each webhook that is due.
    pub fn tell(&self) -> Round {
        let office = &self.office;
        wait(async {
            office.keep_feed().await.expect("the feed is kept");
            let mut all = Round::default();
            for (congress, id) in office.due_webhooks().await.expect("the webhooks that are due") {
                let round = office.deliver(&congress, id).await.expect("a round");
                all.delivered += round.delivered;
                all.failed += round.failed;
            }
            all
        })
    }

    pub fn compact(&self) -> usize {
        wait(self.office.compact_figures()).expect("compaction runs")
    }
}

impl Drop for World {
    fn drop(&mut self) {
        wait(self.handle.stop(false));
    }
}

pub fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}

/// The committee's key, which no server has.
pub fn witness() -> SecretKey {
    let key = ed25519_dalek::SigningKey::from_bytes(&[42; 32]);
    SecretKey::new("npc.example.cn/committee", note::Purpose::Witness, key).expect("a name")
}

pub fn letter(class: &str) -> Value {
    json!({"class": class, "text": "您提出的建议收悉，现答复如下。", "document_number": "吴交〔2024〕12号", "signer": "李强"})
}

fn people_it(office: &Office) {
    static HASH: OnceLock<String> = OnceLock::new();
    let hash = HASH.get_or_init(|| password::hash(PASSWORD).expect("a hash")).clone();
    let office = office.clone();
    office
        .clone()
        .store()
        .write_here(move |db| {
            for (congress, name) in
                [(CONGRESS, "湖州市吴兴区人民代表大会"), (OTHER, "湖州市南浔区人民代表大会")]
            {
                let id: CongressId = congress.parse().map_err(|e: &str| Fault::invalid("", e, e))?;
                directory::add_congress(
                    db,
                    &Congress {
                        id: congress.to_owned(),
                        name: name.to_owned(),
                        policy_id: "zhejiang-2016".to_owned(),
                        created_at: office.now().naive_utc(),
                    },
                )?;
                let day = |text: &str| text.parse().expect("a day");
                for (id, origin, opens_on, closes_on) in [
                    ("5-3", "in_session", "2024-01-16", Some("2024-01-19")),
                    ("5-3-between", "between_sessions", "2024-01-20", None),
                ] {
                    directory::add_session(
                        db,
                        &Session {
                            congress_id: congress.to_owned(),
                            id: id.to_owned(),
                            label: format!(
                                "区五届三次{}",
                                if closes_on.is_some() { "会议" } else { "闭会期间" }
                            ),
                            origin: origin.to_owned(),
                            opens_on: day(opens_on),
                            closes_on: closes_on.map(day),
                            motions_until: None,
                        },
                    )?;
                }
                let own = |username: &str| match congress {
                    CONGRESS => username.to_owned(),
                    _ => format!("{username}@other"),
                };
                let add = |db: &mut _, username: &str, name: &str, role: Role| {
                    let account = NewAccount {
                        username: own(username),
                        display_name: name.to_owned(),
                        password: Some(hash.clone()),
                        congress: Some(id.clone()),
                        role,
                        scopes: None,
                    };
                    office.new_account(db, account)
                };
                for (username, name) in [("chen", "陈芳"), ("li", "李梅"), ("shen", "沈建国")] {
                    let delegation = (username == "chen").then(|| "织里代表团".to_owned());
                    let deputy = office.new_deputy(db, &id, name, delegation)?;
                    add(db, username, name, Role::Deputy { deputy: deputy.named()?.id })?;
                }
                for (username, name, channel) in [
                    ("transport", "区交通运输局", jianyi::domain::words::Channel::Government),
                    ("housing", "区住房和城乡建设局", jianyi::domain::words::Channel::Government),
                    ("court", "区人民法院", jianyi::domain::words::Channel::Direct),
                ] {
                    let department = office.new_department(db, &id, name, channel)?;
                    let department = department.named()?.id;
                    let signs_off = Role::Department { department, approver: true };
                    add(db, &format!("{username}-approver"), "分管领导", signs_off)?;
                    add(db, username, name, Role::Department { department, approver: false })?;
                }
                add(db, "committee", "代表工委", Role::STAFF)?;
                add(db, "leader", "代表工委主任", Role::Committee { leader: true })?;
                let delegation = "织里代表团".to_owned();
                add(db, "secretary", "代表团联络员", Role::DelegationSecretary { delegation })?;
                add(db, "government-office", "区政府办", Role::GovernmentOffice)?;
                add(db, "auditor", "审计", Role::Auditor)?;
                add(db, "administrator", "管理员", Role::Administrator)?;
                add(db, "administrator-2", "另一管理员", Role::Administrator)?;
            }
            let operator = NewAccount {
                username: "operator".to_owned(),
                display_name: "运维".to_owned(),
                password: Some(hash.clone()),
                congress: None,
                role: Role::Operator,
                scopes: None,
            };
            office.new_account(db, operator)?;
            Ok::<_, Fault>(())
        })
        .expect("the people are entered");
}
