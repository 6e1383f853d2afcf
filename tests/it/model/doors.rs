//! Every door shows the same: whatever the lanes' people came to, each of them finds by every way exactly the cases
//! that the reference says exist for him, and opens by every way exactly those that he may.

use super::{Lane, acts::Who, grow, people, seeing::Shown, tell};
use crate::{
    on_both,
    support::{World, client::Caller as Client},
};
use jianyi::{
    domain::{
        day::Day,
        figures::{METRICS, Measure, Metric, Unit},
        gate::Operation,
        ids::CaseId,
        words::{Stage, Standing},
    },
    office::{
        Fault, Listing,
        listing::{Cursor, Filter, Line, Sort},
    },
};
use std::collections::{BTreeMap, BTreeSet};

const COMMANDS: usize = 110;
/// As lists print a title that the reader may not know.
const WITHHELD: &str = "（保密件）";

/// What a door answers somebody about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    Open,
    /// 403
    Shut,
    /// 404
    Wall,
}

impl Door {
    fn of(shown: &Shown) -> Door {
        match shown {
            Shown::History(_) => Door::Open,
            Shown::Unnamed => Door::Shut,
            Shown::Hidden => Door::Wall,
        }
    }

    fn answered<T>(answer: Result<T, Fault>) -> Door {
        match answer {
            // The lanes' papers are in the ledger alone; who comes as far as their bytes has passed the gate.
            Ok(_) | Err(Fault::Files(_)) => Door::Open,
            Err(Fault::Forbidden(_)) => Door::Shut,
            Err(Fault::NotFound) => Door::Wall,
            Err(other) => panic!("{other:?}"),
        }
    }

    fn status(status: u16) -> Door {
        match status {
            200 => Door::Open,
            403 => Door::Shut,
            404 => Door::Wall,
            // As above.
            500.. => Door::Open,
            other => panic!("{other}"),
        }
    }

    /// Of something that may not be there, in a case that opens so.
    fn within(self, there: bool) -> Door {
        if self == Door::Open && !there { Door::Wall } else { self }
    }
}

/// Everything below a case: by its path, and what it is to answer somebody.
fn below(lane: &Lane, who: Who, at: usize) -> Vec<(String, Door)> {
    let case = &lane.now.cases[at];
    let whole = Door::of(&lane.now.shown(who, case));
    let hands_out = matches!(who, Who::Committee | Who::Leader | Who::Office);
    let mut doors: Vec<(String, Door)> = ["", "/events", "/deadlines", "/holders", "/actions", "/similar"]
        .map(|door| (door.to_owned(), whole))
        .into();
    let suggests = if whole == Door::Open && !hands_out { Door::Shut } else { whole };
    doors.push(("/department-suggestions".to_owned(), suggests));
    doors.push(("/acceptance-notice.docx".to_owned(), whole.within(case.numbered)));
    for n in 1..=case.letters.len() + 1 {
        doors.push((format!("/replies/{n}/letter.docx"), whole.within(n <= case.letters.len())));
    }
    for n in 1..=case.files.len() + 1 {
        let theirs = whole == Door::Open && lane.now.reads_paper(who, case, n);
        doors.push((format!("/attachments/{n}"), whole.within(theirs)));
    }
    doors
}

/// A congress's lanes, with every case that they have written.
struct House<'a> {
    lanes: Vec<&'a Lane>,
}

impl House<'_> {
    fn cases(&self) -> impl Iterator<Item = (&Lane, usize)> {
        self.lanes.iter().flat_map(|lane| (0..lane.ids.len()).map(move |at| (*lane, at)))
    }

    /// The lines that somebody is to find, oldest first, each with whether its title is withheld.
    fn lines(&self, who: Who, sort: Sort) -> Vec<(CaseId, bool)> {
        let mut lines = Vec::new();
        for (lane, at) in self.cases() {
            let case = &lane.now.cases[at];
            let listed = sort != Sort::Due || case.stage == Stage::Assigned;
            match lane.now.shown(who, case) {
                Shown::Hidden => {}
                shown if listed => lines.push((lane.ids[at], shown == Shown::Unnamed)),
                _ => {}
            }
        }
        lines.sort();
        lines
    }

    async fn lists(&self, who: Who) {
        for sort in [Sort::Newest, Sort::Oldest, Sort::Due] {
            let mut expected = self.lines(who, sort);
            let found = match all_pages(self.lanes[0], who, sort).await {
                Ok(found) => found,
                Err(Fault::Forbidden(_)) => {
                    assert!(matches!(who, Who::Administrator | Who::Operator), "{who:?} has no list");
                    assert_eq!(expected, []);
                    return;
                }
                Err(other) => panic!("{other:?}"),
            };
            let mut lines: Vec<(CaseId, bool)> = Vec::new();
            for line in &found {
                let withheld = line.title == WITHHELD;
                assert_eq!(withheld, line.lead_name.is_empty(), "{who:?} {line:?}");
                lines.push((line.id.parse().unwrap(), withheld));
            }
            match sort {
                Sort::Newest => expected.reverse(),
                Sort::Oldest => {}
                Sort::Due => lines.sort(),
            }
            assert_eq!(lines, expected, "{who:?} lists {sort:?}");
        }
    }

    /// Hand-backs that were granted, each once, and of nobody else's.
    async fn hand_backs(&self, who: Who) {
        let lane = self.lanes[0];
        let department = match who {
            Who::Handler(d) | Who::Approver(d) => d,
            _ => {
                let answer = lane.office.hand_backs(&lane.caller(who), None, 3).await;
                assert_eq!(Door::answered(answer), Door::Shut, "{who:?}");
                return;
            }
        };
        let mut expected: BTreeMap<(CaseId, Day), bool> = BTreeMap::new();
        for (lane, at) in self.cases() {
            let case = &lane.now.cases[at];
            let back = |job: &&super::reference::Job| {
                job.department == department && job.standing == Standing::HandedBack
            };
            for job in case.jobs.iter().filter(back) {
                expected.insert((lane.ids[at], job.since), case.confidential.is_some());
            }
        }
        let (mut found, mut before) = (BTreeMap::new(), None);
        loop {
            let page = lane.office.hand_backs(&lane.caller(who), before, 3).await.unwrap();
            let Some(last) = page.last().map(|it| it.case) else { break };
            found.extend(page.into_iter().map(|it| ((it.case, it.assigned_on), it.title.is_none())));
            before = Some(last);
        }
        assert_eq!(found, expected, "{who:?} is told of hand-backs");
    }

    async fn of_one_case(lane: &Lane, who: Who, at: usize, alike: bool) {
        let (office, caller, id) = (&lane.office, lane.caller(who), lane.ids[at]);
        let case = &lane.now.cases[at];
        for (door, expected) in below(lane, who, at) {
            let number = || door.split('/').nth(2).unwrap().parse().unwrap();
            let answer = match door.as_str() {
                "" => Door::answered(office.show(&caller, id, Operation::GetCase).await),
                "/events" => Door::answered(office.history(&caller, id, 0, 1).await),
                "/deadlines" => Door::answered(office.deadlines(&caller, id).await),
                "/holders" => Door::answered(office.holders(&caller, id).await),
                "/actions" => Door::answered(office.actions(&caller, id).await),
                // All cases of the lanes are alike, which makes these two long.
                "/similar" | "/department-suggestions" if !alike => continue,
                "/similar" => Door::answered(office.similar(&caller, id, 20).await),
                "/department-suggestions" => Door::answered(office.likely_departments(&caller, id).await),
                "/acceptance-notice.docx" => Door::answered(office.acceptance_notice(&caller, id).await),
                door if door.starts_with("/replies") => {
                    Door::answered(office.reply_letter(&caller, id, number()).await)
                }
                _ => Door::answered(office.attachment(&caller, id, number()).await),
            };
            assert_eq!(
                answer,
                expected,
                "{who:?} at {door} of case {at}: {case:?}\n{}",
                lane.story.join("\n")
            );
        }
    }

    /// Of the cases that are like one, he reads from inside those that he may open.
    async fn alike(&self, lane: &Lane, who: Who, at: usize) {
        let Ok(alike) = lane.office.similar(&lane.caller(who), lane.ids[at], 50).await else { return };
        let openable: BTreeSet<CaseId> = self
            .lines(who, Sort::Oldest)
            .into_iter()
            .filter(|(_, withheld)| !withheld)
            .map(|(id, _)| id)
            .collect();
        for it in alike {
            let inside = it.seen == jianyi::office::Seen::Inside;
            assert_eq!(inside, openable.contains(&it.case.id), "{who:?} is shown {:?}", it.case.id);
        }
    }
}

async fn all_pages(lane: &Lane, who: Who, sort: Sort) -> Result<Vec<Line>, Fault> {
    let (mut all, mut after): (Vec<Line>, Option<Cursor>) = (Vec::new(), None);
    loop {
        let listing =
            Listing { congress: None, filter: Filter::default(), sort, days: (None, None), after, limit: 7 };
        let (_, page) = lane.office.list(&lane.caller(who), listing).await?;
        let Some(last) = page.last() else { return Ok(all) };
        after = Some(Cursor { id: last.id.parse().unwrap(), due_on: last.due_on.and_then(Day::new) });
        all.extend(page);
    }
}

/// The same through the front door, for some cases of one congress.
fn through_http(world: &World, house: &House<'_>) {
    let lane = house.lanes[0];
    for who in lane.people.everybody() {
        let caller = world.signed_in_as(lane.people.actor(who));
        let mut some = 0;
        for (lane, at) in house.cases() {
            let case = &lane.now.cases[at];
            // Those that are nobody's secret are like each other.
            if case.confidential.is_none() && at % 4 > 0 {
                continue;
            }
            some += 1;
            for (door, expected) in below(lane, who, at).into_iter().filter(|_| some <= 6) {
                let reply = caller.get(&format!("/v1/cases/{}{door}", lane.ids[at]));
                assert_eq!(Door::status(reply.status), expected, "{who:?} at {door}: {case:?}");
                if door.is_empty() && expected == Door::Open {
                    let papers = reply.json["attachments"].as_array().map_or(0, Vec::len);
                    let theirs = (1..=case.files.len()).filter(|n| lane.now.reads_paper(who, case, *n));
                    assert_eq!(papers, theirs.count(), "{who:?} {case:?}");
                    assert_eq!(
                        reply.etag,
                        lane.now.version(who, case).map(|version| format!("\"{version}\""))
                    );
                }
            }
        }
        if matches!(who, Who::Administrator | Who::Operator | Who::Neighbour) {
            continue;
        }
        let expected = house.lines(who, Sort::Oldest);
        for sort in ["newest", "oldest"] {
            let mut lines = listed(&caller, &format!("/v1/cases?limit=9&sort={sort}"));
            lines.sort();
            assert_eq!(lines, expected, "{who:?} lists {sort}");
        }
        let known: BTreeSet<_> = expected.into_iter().collect();
        // Promises and days are counted as such; of these, links lead to the cases that have any.
        let of_cases = |it: &&Metric| it.unit == Unit::Percent && it.denominator != Measure::Promised;
        for metric in METRICS.iter().filter(of_cases) {
            let url = format!("/v1/figures?congress={}&metric={}", lane.people.congress(), metric.id);
            for figure in caller.get(&url).json["figures"].as_array().into_iter().flatten() {
                for (number, link) in [("numerator", "cases"), ("denominator", "denominator_cases")] {
                    let lines = listed(&caller, figure[link].as_str().unwrap());
                    assert_eq!(figure[number].as_u64(), Some(lines.len() as u64), "{who:?} {figure}");
                    assert!(lines.iter().all(|line| known.contains(line)), "{who:?} {figure}");
                }
            }
        }
    }
}

/// The lines of a list to its end, each with whether its title is withheld.
fn listed(caller: &Client, url: &str) -> Vec<(CaseId, bool)> {
    let (mut all, mut next) = (Vec::new(), Some(url.to_owned()));
    while let Some(url) = next {
        let page = caller.get(&url).expect(200).json;
        for line in page["cases"].as_array().unwrap() {
            let withheld = line["title"] == WITHHELD;
            assert_eq!(withheld, line["lead"].is_null(), "{line}");
            all.push((line["id"].as_str().unwrap().parse().unwrap(), withheld));
        }
        next = page["next"].as_str().map(str::to_owned);
    }
    all
}

fn run(world: &World, lanes: usize) {
    let houses = people::enter(&world.office);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (lanes, stories) = runtime.block_on(grow(&world.office, &houses, lanes, COMMANDS));
    tell(&stories);
    let houses: Vec<House<'_>> = houses
        .iter()
        .map(|people| House { lanes: lanes.iter().filter(|lane| lane.people.name == people.name).collect() })
        .collect();
    let seen = runtime.block_on(async {
        let mut seen = BTreeMap::new();
        for house in &houses {
            for who in house.lanes[0].people.everybody().filter(|who| *who != Who::Neighbour) {
                house.lists(who).await;
                house.hand_backs(who).await;
            }
            for (n, (lane, at)) in house.cases().enumerate() {
                for who in lane.people.everybody() {
                    House::of_one_case(lane, who, at, n % 9 == 0).await;
                    if n % 9 == 0 {
                        house.alike(lane, who, at).await;
                    }
                    let kind = format!("{who:?}").split('(').next().unwrap().to_owned();
                    let door = Door::of(&lane.now.shown(who, &lane.now.cases[at]));
                    *seen.entry((kind, format!("{door:?}"))).or_insert(0) += 1;
                }
            }
        }
        seen
    });
    let secret =
        houses.iter().flat_map(House::cases).filter(|(lane, at)| lane.now.cases[*at].confidential.is_some());
    println!(
        "{} cases, {} of them confidential\n{seen:#?}",
        houses.iter().flat_map(House::cases).count(),
        secret.count()
    );
    for kind in ["Committee", "Office", "Handler", "Approver"] {
        for door in ["Open", "Shut"] {
            assert!(seen.contains_key(&(kind.to_owned(), door.to_owned())), "no {kind} found a door {door}");
        }
    }
    through_http(world, &houses[7]);
}

on_both! {
    fn every_door_shows_the_same_cases(world) {
        // PostgreSQL is asked over a socket each time.
        let lanes = if world.url().is_some() { 27 } else { 54 };
        run(&world.like(people::books()), lanes);
    }
}
