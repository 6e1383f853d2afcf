//! Webhooks as they leave real processes: killed in the middle, started again, two of them on one database, and clocks that
//! do not agree. Nothing is lost, and what comes twice comes under the same name, once for each death at most.

use crate::{
    events::{Stream, feed, ids},
    on_both,
    support::{
        World,
        client::Caller,
        program::{Service, jianyi},
        receiver::{Answer, Message, Receiver},
    },
    webhooks::{hook, program},
};
use chrono::TimeDelta;
use jianyi::{
    courier::Courier,
    identity::seal::Seal,
    office::{Books, Clock, Office, Security},
    store::{Address, Store, connection::Purpose},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

/// Longer than a dead process's lease.
const PATIENCE: Duration = Duration::from_secs(90);

/// The service on the world's database: PostgreSQL's own; or a copy of SQLite's, since only one process has a file.
struct Site {
    url: Option<String>,
    folder: tempfile::TempDir,
}

impl Site {
    fn of(world: &World) -> Site {
        let folder = tempfile::tempdir().unwrap();
        for file in ["story.db", "story.db-wal", "token.key", "token.seal", "evidence.key"] {
            let from = world.folder().join(file);
            if from.exists() {
                fs::copy(from, folder.path().join(if file == "story.db" { "jianyi.db" } else { file }))
                    .unwrap();
            }
        }
        let wal = folder.path().join("story.db-wal");
        if wal.exists() {
            fs::rename(wal, folder.path().join("jianyi.db-wal")).unwrap();
        }
        Site { url: world.url().map(str::to_owned), folder }
    }

    fn command(&self, allow: &str) -> Command {
        let folder: &Path = self.folder.path();
        let mut command = jianyi(folder, self.url.as_deref());
        command
            .env("JIANYI_WEBHOOK_ALLOW", allow)
            .env("JIANYI_CHECKPOINTS", folder.join("checkpoints"))
            .arg("serve");
        command
    }

    fn start(&self) -> Service {
        Service::start(&mut self.command("127.0.0.1"))
    }
}

fn killed(mut service: Service) {
    // SIGKILL: nothing is put in order.
    service.child.kill().unwrap();
    service.child.wait().unwrap();
}

/// How often each event came, by its name, in the order in which each came first.
fn counted(messages: &[Message]) -> (Vec<String>, BTreeMap<String, usize>) {
    let (mut first, mut times) = (Vec::new(), BTreeMap::new());
    for message in messages {
        let times = times.entry(message.id()).or_insert(0);
        if *times == 0 {
            first.push(message.id());
        }
        *times += 1;
    }
    (first, times)
}

/// The events that are to be told, by the feed.
fn to_tell(world: &World) -> Vec<String> {
    ids(&feed(&world.committee()))
}

on_both! {
    fn a_process_that_is_killed_between_commit_and_delivery_loses_nothing_and_repeats_one_message_at_most(world) {
        let receiver = Receiver::start();
        let committee = program(world, "oa", "committee", None);
        hook(world, &committee, &receiver.url(), json!({}));
        let titles = ["关于河道整治的建议", "关于公园照明的建议", "关于校车的建议"];
        let versions: i64 = titles.iter().map(|title| world.in_hand(title).1).sum();
        let all = usize::try_from(versions).unwrap();
        // Committed, and not yet told to anybody, nor even given a place in the feed.
        let site = Site::of(world);
        let deaths = 3;
        for _ in 0..deaths {
            let before = receiver.messages().len();
            // It dies in the middle of a message, which was sent, and nobody could write down that it arrived. The
            // receiver keeps it waiting there: otherwise a quick process has told all before anybody kills it.
            receiver.answers(&[Answer::Status(204), Answer::Status(204), Answer::Silence]);
            let service = site.start();
            receiver.waits_for(before + 3, PATIENCE);
            killed(service);
        }
        let service = site.start();
        let until = std::time::Instant::now() + PATIENCE;
        while counted(&receiver.messages()).0.len() < all && until > std::time::Instant::now() {
            std::thread::sleep(Duration::from_millis(100));
        }
        // Whatever may come still.
        std::thread::sleep(Duration::from_secs(2));
        let messages = receiver.messages();
        let (first, times) = counted(&messages);
        assert_eq!(first.len(), all);
        if site.url.is_some() {
            // The world's own server reads the same feed.
            assert_eq!(first, to_tell(world));
        }
        let events: Vec<_> = messages.iter().map(Message::event).collect();
        let mut cases: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for event in &events {
            let (case, version) = (event["subject"].as_str().unwrap(), event["data"]["version"].as_i64().unwrap());
            let versions = cases.entry(case.to_owned()).or_default();
            if !versions.contains(&version) {
                versions.push(version);
            }
        }
        assert_eq!(cases.len(), 3);
        for versions in cases.values() {
            let last = *versions.last().unwrap();
            assert!(last >= 5, "{versions:?}");
            assert_eq!(*versions, (1..=last).collect::<Vec<_>>(), "none is missing, and their order holds");
        }
        let repeated: usize = times.values().map(|times| times - 1).sum();
        assert_eq!(repeated, deaths, "each death repeats the message that was under way, and no other");
        drop(service);
    }
}

/// What happens to a case before it is handed in.
const DRAFTING: [&str; 3] = ["drafted", "co_signers_invited", "co_signature_given"];

/// The same without what happened before a case was handed in: whoever looks at that moment does not see it yet, and
/// whoever looks later does.
fn handed_in(world: &World) -> Vec<String> {
    let told = feed(&world.committee());
    let later: Vec<Value> =
        told.into_iter().filter(|it| !DRAFTING.iter().any(|kind| it["data"]["kind"] == **kind)).collect();
    ids(&later)
}

/// Of what came, these, in the order in which they came.
fn among(came: Vec<String>, told: &[String]) -> Vec<String> {
    came.into_iter().filter(|id| told.contains(id)).collect()
}

fn on_postgres(story: impl FnOnce(&World)) {
    story(&World::on_postgres());
}

#[test]
fn two_processes_on_one_database_share_the_work_and_one_goes_on_when_the_other_dies() {
    on_postgres(|world| {
        // The processes go by the machine's clock, by which a sign-in of the story's usual year has long ended.
        world.turn(Clock::System.now());
        let receivers = [Receiver::start(), Receiver::start(), Receiver::start()];
        let committee = program(world, "oa", "committee", None);
        for receiver in &receivers {
            hook(world, &committee, &receiver.url(), json!({}));
        }
        let (first, second) = (Site::of(world), Site::of(world));
        let services = [first.start(), second.start()];
        // A screen at either of them hears of what comes in through the world's own server, each event once and in order.
        let screens = services
            .each_ref()
            .map(|it| Stream::open(&Caller { base: it.base.clone(), ..world.committee() }, None));
        // How many events a case has since it was handed in.
        let in_hand = |title: &str| {
            let path = world.in_hand(title).0;
            let history = world.committee().get(&format!("{path}/events")).expect(200).json;
            let kinds = history["events"].as_array().unwrap().iter().map(|it| it["event"]["type"].clone());
            kinds.filter(|kind| !DRAFTING.iter().any(|it| kind == it)).count()
        };
        let mut many: usize = ["关于河道整治的建议", "关于公园照明的建议"].into_iter().map(in_hand).sum();
        let settled = |many: usize| {
            // The processes give events their places; the world's own server only reads.
            let until = std::time::Instant::now() + PATIENCE;
            loop {
                std::thread::sleep(Duration::from_millis(500));
                let told = handed_in(world);
                let done =
                    receivers.iter().all(|it| among(counted(&it.messages()).0, &told).len() == told.len());
                if (done && told.len() == many) || until < std::time::Instant::now() {
                    std::thread::sleep(Duration::from_secs(3));
                    return handed_in(world);
                }
            }
        };
        let told = settled(many);
        for receiver in &receivers {
            assert_eq!(among(receiver.ids(), &told), told, "each once, in order");
        }
        for screen in &screens {
            let mut heard = Vec::new();
            while heard.last() != told.last() {
                heard.push(screen.event()["id"].as_str().unwrap().to_owned());
            }
            assert_eq!(among(heard, &told), told);
        }
        drop(screens);
        let [one, other] = services;
        many += in_hand("关于校车的建议");
        receivers[0].waits_for(receivers[0].ids().len() + 1, PATIENCE);
        killed(one);
        many += in_hand("关于养老的建议");
        let told = settled(many);
        for receiver in &receivers {
            let (first, times) = counted(&receiver.messages());
            assert_eq!(among(first, &told), told);
            let repeated: usize = times.values().map(|times| times - 1).sum();
            assert!(repeated <= 1, "{repeated} messages came twice for one death");
        }
        drop(other);
    });
}

#[test]
fn clocks_that_do_not_agree_make_nobody_tell_anything_twice() {
    on_postgres(|world| {
        let receiver = Receiver::start();
        let committee = program(world, "oa", "committee", None);
        hook(world, &committee, &receiver.url(), json!({}));
        let beside = |by: TimeDelta| {
            let address = Address::Postgres(world.url().unwrap().to_owned());
            let store = Store::open(&address, Purpose::Write, 4).unwrap();
            let seal = Seal::load_or_create(&world.folder().join("token.seal")).unwrap();
            let security = Security {
                seal: Some(seal),
                public_url: "https://jianyi.example.cn".to_owned(),
                ..Security::default()
            };
            let clock = Clock::turned(world.office.now() + by);
            let office = Office::new(store, Books::shipped(), clock.clone()).with_security(security);
            (office.with_courier(Courier::new("127.0.0.1".parse().unwrap())), clock)
        };
        let offices = [TimeDelta::zero(), TimeDelta::days(400), TimeDelta::days(-400), TimeDelta::seconds(1)]
            .map(beside);
        for title in ["关于河道整治的建议", "关于公园照明的建议", "关于校车的建议"] {
            world.in_hand(title);
        }
        world.log();
        let told = to_tell(world);
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for (office, clock) in &offices {
                scope.spawn(|| {
                    let mut jump = 1;
                    while !over.load(Ordering::SeqCst) {
                        crate::support::world::wait(async {
                            for (congress, id) in office.due_webhooks().await.unwrap() {
                                office.deliver(&congress, id).await.unwrap();
                            }
                        });
                        // Each clock jumps to and fro while the others run.
                        jump = -jump * 2 % 1000 + 1;
                        clock.turn(office.now() + TimeDelta::days(jump));
                    }
                });
            }
            receiver.waits_for(told.len(), PATIENCE);
            std::thread::sleep(Duration::from_secs(1));
            over.store(true, Ordering::SeqCst);
        });
        assert_eq!(receiver.ids(), told);
    });
}
