//! The procedure against a reference in plain words: random commands by random callers, and no difference.
//!
//! Many lanes, each with a few cases of one congress and a clock of its own, run side by side on one office. After each
//! command the outcome and the case's state are compared with what the reference (`model/reference.rs`) makes of it. A
//! difference prints the lane's whole story; `JIANYI_MODEL_SEED` runs another year, or the same one again.

mod acts;
mod answering;
mod chooser;
mod digest;
mod doors;
mod forms;
mod found;
mod giving_out;
mod judging;
mod people;
mod reference;
mod seeing;
mod tally;
mod urging;
mod watch;
mod writing;

use crate::support::postgres;
use acts::Who;
use chooser::{Attempt, Chooser};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::{QueryableByName, RunQueryDsl};
use jianyi::{
    domain::{
        day::Day,
        gate::Operation,
        ids::CaseId,
        signals,
        text::Text,
        words::{Kind, Stage},
    },
    office::{Answer, Caller, Clock, Fault, NewDraft, Office, Order, Precondition},
    store::{Address, Store, StoreError, connection::Purpose},
};
use people::People;
use rand::{Rng, SeedableRng, rngs::StdRng};
use reference::{Expected, Reference, When};
use std::sync::Arc;
use tally::Tally;
use watch::Watch;
use writing::Opening;

/// One lane's commands.
const COMMANDS: usize = 200;
/// Lanes that run at a time: more than SQLite commits together or PostgreSQL has connections for.
const AT_A_TIME: usize = 24;

/// A few cases of one congress, with a clock of their own.
struct Lane {
    office: Office,
    clock: Clock,
    people: Arc<People>,
    rng: StdRng,
    today: Day,
    now: Reference,
    watch: Watch,
    ids: Vec<CaseId>,
    story: Vec<String>,
    tally: Tally,
}

/// What somebody tries next.
enum Next {
    Open(Who, Opening),
    Step(Attempt),
}

impl Next {
    fn who(&self) -> Who {
        match self {
            Next::Open(who, _) => *who,
            Next::Step(attempt) => attempt.who,
        }
    }
}

impl Lane {
    fn new(office: &Office, people: Arc<People>, seed: u64) -> Lane {
        let mut rng = StdRng::seed_from_u64(seed);
        let first: Day = "2024-01-16".parse().unwrap();
        let later = if rng.random_bool(0.75) { rng.random_range(0..8) } else { rng.random_range(0..400) };
        let today = Day::new(first.date() + TimeDelta::days(later)).unwrap();
        let clock = Clock::turned(forenoon(today));
        Lane {
            office: office.with_clock(clock.clone()),
            clock,
            now: Reference::of(people.house.clone()),
            watch: Watch::default(),
            people,
            rng,
            today,
            ids: Vec::new(),
            story: Vec::new(),
            tally: Tally::default(),
        }
    }

    async fn run(mut self, commands: usize) -> Result<Lane, String> {
        for n in 0..commands {
            if let Err(difference) = self.command(u32::try_from(n).unwrap_or_default()).await {
                return Err(format!("{}\n{}", self.story.join("\n"), difference));
            }
        }
        match self.compare_all().await {
            Ok(()) => Ok(self),
            Err(difference) => Err(format!("{}\n{}", self.story.join("\n"), difference)),
        }
    }

    async fn command(&mut self, n: u32) -> Result<(), String> {
        self.turn();
        let next = self.choose(n);
        let when = self.circumstances();
        self.take(n, &next, when).await.map(drop)
    }

    /// Attempts it, and compares what the program and the reference make of it.
    async fn take(&mut self, n: u32, next: &Next, when: When) -> Result<Expected, String> {
        let who = next.who();
        let known = self.now.cases.len();
        let (expected, answer, what, at) = match next {
            Next::Open(who, form) => {
                let expected = self.now.open(*who, form, when);
                (expected, self.open(*who, form, when).await, format!("{form:?}"), known)
            }
            Next::Step(Attempt { at, who, act }) => {
                let fresh = CaseId(self.office.fresh_id());
                // Whoever does not see the case guesses.
                let version = self.now.version(*who, &self.now.cases[*at]).unwrap_or(1);
                let expected = self.now.attempt(*who, *at, act, when);
                let order = Order {
                    caller: self.caller(*who),
                    case: self.ids[*at],
                    target: act.target(),
                    precondition: Precondition::Version(if when.stale { version - 1 } else { version }),
                    key: None,
                    occurred_on: when.paper,
                    build: act.build(&self.people, &self.ids, fresh),
                    render: digest::of_case,
                    trial: false,
                };
                let answer = self.office.perform(order).await;
                if self.now.cases.len() > known {
                    self.ids.push(fresh);
                }
                self.tally.step(act.action(), &expected);
                (expected, answer, format!("case {at} {act:?}"), *at)
            }
        };
        let paper = when.paper.map(|day| format!(" as of {day}")).unwrap_or_default();
        let stale = if when.stale { " (stale)" } else { "" };
        self.story.push(format!("{n:>3} {}{paper}{stale} {who:?} {what} -> {expected:?}", self.today));
        self.tally.commands += 1;
        let said = outcome(&answer);
        if said != expected {
            return Err(format!("expected {expected:?}, was {said:?}: {answer:?}"));
        }
        if let Ok(answer) = answer {
            if let (Next::Open(..), Some(location)) = (next, &answer.location) {
                self.ids.push(location.rsplit('/').next().unwrap().parse().unwrap());
            }
            self.compare(at, who, &answer).await?;
        }
        if n % 100 == 99 && at < self.ids.len() {
            self.compare_doors(at).await?;
        }
        Ok(said)
    }

    /// Some days pass between commands; few while the congress sits.
    fn turn(&mut self) {
        let sitting = self.people.house.sitting(self.today);
        let sits = sitting.is_some_and(|it| self.people.house.sessions[it].in_session);
        let days = match self.rng.random_range(0..100) {
            _ if sits && self.rng.random_bool(0.85) => 0,
            0..62 => 0,
            62..92 => self.rng.random_range(1..4),
            _ => self.rng.random_range(4..=20),
        };
        self.today = Day::new(self.today.date() + TimeDelta::days(days)).unwrap();
        self.clock.turn(forenoon(self.today));
    }

    fn choose(&mut self, serial: u32) -> Next {
        let going = |case: &&reference::Case| !case.ended() && case.stage != Stage::Closed;
        let going = self.now.cases.iter().filter(going).count();
        let begin = self.now.cases.is_empty() || (going < 3 && self.rng.random_bool(0.5));
        let mut chooser = Chooser { rng: &mut self.rng, now: &self.now, today: self.today, serial };
        if begin {
            let (who, form) = chooser.opening();
            return Next::Open(who, form);
        }
        Next::Step(chooser.attempt())
    }

    fn circumstances(&mut self) -> When {
        let days = match self.rng.random_range(0..100) {
            0..4 => Some(self.rng.random_range(-12..=0)),
            4 => Some(1),
            _ => None,
        };
        let paper = days.map(|days| Day::new(self.today.date() + TimeDelta::days(days)).unwrap());
        When { today: self.today, paper, stale: self.rng.random_bool(0.02) }
    }

    fn caller(&self, who: Who) -> Caller {
        Caller {
            who: jianyi::office::Who::Membership(self.people.actor(who).membership),
            request_id: String::new(),
            address: None,
        }
    }

    async fn open(&self, who: Who, form: &Opening, when: When) -> Result<Answer, Fault> {
        let (people, form) = (self.people.clone(), form.clone());
        let parse = Arc::new(move || {
            Ok(NewDraft {
                kind: if form.motion { Kind::Motion } else { Kind::Suggestion },
                title: Text::parse("关于改善停车难问题的建议").unwrap(),
                body: acts::text("情况、分析、具体意见。"),
                category: None,
                asks: (0..form.asks).map(|n| acts::note(&format!("第{n}条"))).collect(),
                co_signers: form.others.iter().map(|d| people.deputy(*d)).collect(),
                delegation: form.delegation.then(|| acts::line("第一代表团")),
                lead: form.lead.map(|d| people.deputy(d)),
            })
        });
        self.office.draft(self.caller(who), None, when.paper, parse, digest::of_case).await
    }

    /// The case after a step, as its caller was answered, and what everybody sees of the cases that it may have touched.
    async fn compare(&mut self, at: usize, who: Who, answer: &Answer) -> Result<(), String> {
        let case = &self.now.cases[at];
        let (expected, version) = (digest::of_reference(case), self.now.version(who, case));
        // Who lost sight of it with his own step is answered with nothing.
        match version {
            None if answer.body.is_empty() => {}
            Some(_) if answer.body == expected => {}
            _ => return Err(format!("case {at} is       {}\nexpected       {expected}", answer.body)),
        }
        if answer.version != version {
            return Err(format!("{who:?} is answered version {:?}, expected {version:?}", answer.version));
        }
        let known = self.now.cases.len();
        let mut touched = case.joined.clone();
        touched.extend(case.leader);
        if case.stage == Stage::Converted {
            touched.push(known - 1);
        }
        for other in touched {
            self.compare_one(other).await?;
            self.compare_sight(other).await?;
        }
        if version.is_none() {
            self.compare_one(at).await?;
        }
        self.compare_sight(at).await
    }

    async fn compare_one(&self, at: usize) -> Result<(), String> {
        let case = &self.now.cases[at];
        let lead = self.caller(Who::Deputy(case.lead));
        let shown = self.office.show(&lead, self.ids[at], Operation::GetCase).await;
        let shown = shown.map_err(|fault| format!("case {at} is hidden from its lead signer: {fault:?}"))?;
        let (is, expected) = (digest::of_case(shown.seen.borrowed()), digest::of_reference(case));
        if is == expected {
            return Ok(());
        }
        Err(format!("case {at} is       {is}\nexpected       {expected}"))
    }

    async fn compare_all(&mut self) -> Result<(), String> {
        for at in 0..self.ids.len() {
            self.compare_one(at).await?;
            self.compare_sight(at).await?;
        }
        Ok(())
    }
}

/// Ten o'clock in Shanghai.
fn forenoon(day: Day) -> DateTime<Utc> {
    format!("{day}T02:00:00Z").parse().unwrap()
}

fn outcome(answer: &Result<Answer, Fault>) -> Expected {
    match answer {
        Ok(_) => Expected::Done,
        Err(Fault::NotFound) => Expected::Hidden,
        Err(Fault::Forbidden(_)) => Expected::NotYours,
        Err(Fault::Stale { .. }) => Expected::Stale,
        Err(Fault::Refused(refusal)) => Expected::Refused(refusal.code),
        Err(Fault::Invalid { pointer, .. }) => Expected::Invalid(pointer.clone()),
        Err(other) => panic!("{other:?}"),
    }
}

fn seed() -> u64 {
    std::env::var("JIANYI_MODEL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_240_116)
}

/// Runs lanes on an office, some at a time; those that came to their end, and the stories of those that differ.
async fn grow(
    office: &Office,
    houses: &[Arc<People>],
    lanes: usize,
    commands: usize,
) -> (Vec<Lane>, Vec<(String, String)>) {
    let seed = seed();
    let (mut ended, mut stories) = (Vec::new(), Vec::new());
    let mut running = tokio::task::JoinSet::new();
    let mut next = 0..lanes;
    loop {
        // After a difference those that run are brought to their end, but none is begun.
        while running.len() < AT_A_TIME && stories.is_empty() {
            let Some(n) = next.next() else { break };
            let people = houses[n % houses.len()].clone();
            let name = format!("lane {n} of seed {seed}, congress {}", people.name);
            let lane = Lane::new(office, people, seed.wrapping_mul(1_000_003).wrapping_add(n as u64));
            running.spawn(async move { lane.run(commands).await.map_err(|story| (name, story)) });
        }
        match running.join_next().await {
            Some(Ok(Ok(lane))) => ended.push(lane),
            Some(Ok(Err(story))) => stories.push(story),
            Some(Err(panic)) => std::panic::resume_unwind(panic.into_panic()),
            None => return (ended, stories),
        }
    }
}

fn run(address: &Address, lanes: usize) {
    let store = Store::open(address, Purpose::Write, 8).expect("the database opens");
    let clock = Clock::turned("2024-01-16T01:00:00Z".parse().unwrap());
    let office = Office::new(store, people::books(), clock);
    let houses = people::enter(&office);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let started = std::time::Instant::now();
    let (ended, stories) = runtime.block_on(grow(&office, &houses, lanes, COMMANDS));
    let report = runtime.block_on(office.verify()).expect("verify runs");
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
    let raised = signals_raised(&office);
    // The last day of a term is seldom met by chance.
    let common = signals::Kind::ALL.iter().filter(|kind| **kind != signals::Kind::ExtensionOnLastDay);
    let unseen: Vec<_> = common.filter(|kind| !raised.iter().any(|it| it == kind.id())).collect();
    assert!(unseen.is_empty(), "signals that nobody raised would agree as well: {unseen:?}");
    tell(&stories);
    let mut tally = Tally::default();
    for lane in ended {
        tally.add(lane.tally);
    }
    println!("{} commands in {:?}\n{}", tally.commands, started.elapsed(), tally.table());
    tally.assert_everything_was_seen();
}

/// Which kinds of signals the lanes left; `verify` has compared them with what the histories tell.
fn signals_raised(office: &Office) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Raised {
        #[diesel(sql_type = diesel::sql_types::Text)]
        kind: String,
    }
    let read = |db: &mut _| {
        diesel::sql_query("SELECT kind FROM signals GROUP BY kind ORDER BY kind")
            .load::<Raised>(db)
            .map_err(StoreError::from)
    };
    office.store().read_here(read).unwrap().into_iter().map(|it| it.kind).collect()
}

/// Fails with the shortest story whole, and the ends of the others.
fn tell(stories: &[(String, String)]) {
    let Some((name, story)) = stories.iter().min_by_key(|(_, story)| story.lines().count()) else { return };
    for (name, story) in stories {
        let lines: Vec<_> = story.lines().collect();
        eprintln!("{name}, at its end:\n{}", lines[lines.len().saturating_sub(4)..].join("\n"));
    }
    eprintln!("\n{name}:\n{story}");
    panic!("{} lanes differ; the stories stand above", stories.len());
}

#[test]
fn the_program_does_what_the_reference_says_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    run(&Address::Sqlite(folder.path().join("model.db")), 320);
}

#[test]
fn the_program_does_what_the_reference_says_on_postgres() {
    let database = postgres::server().fresh_database();
    run(&Address::Postgres(database.url().to_owned()), 200);
}
