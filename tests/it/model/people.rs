//! Congresses under different policies, with their people, for the lanes to work in.

use super::{
    acts::Who,
    reference::{House, Sitting},
};
use chrono::NaiveDate;
use jianyi::{
    domain::{
        actor::{Actor, Role},
        calendar::Calendar,
        ids::{CongressId, DepartmentId, DeputyId},
        policy::Policies,
        words::Channel,
    },
    office::{Books, Fault, Office, accounts::NewAccount},
    store::{
        directory::{self, Congress, Session},
        people,
    },
};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

/// A congress and its people.
pub struct People {
    pub house: Arc<House>,
    pub name: String,
    congress: CongressId,
    deputies: Vec<DeputyId>,
    departments: Vec<DepartmentId>,
    actors: BTreeMap<Who, Actor>,
}

/// What no shipped text chooses: the worst judgement counts, letters are signed here, a delegation may always submit.
const OWN: &str = r#"
id = "own-2020"
version = 1
extends = "zhejiang-2016"
name = "某县代表建议办理办法"
cite = "某县办法"
edition = "2020-01-10"
effective_from = "2020-03-01"
[terms.opinion_again]
amount = 5
unit = "working_days"
anchor = "opinion_rejected"
clause = "第二条"
[submission]
delegations = "always"
clause = "第一条"
[hand_back]
government = "government_office"
clause = "第三条"
[reply]
sign_off = "in_system"
clause = "第四条"
[evaluation]
whose = "worst"
silence = "left_out_once_reminded"
clause = "第五条"
[withdrawal]
until = "assignment"
all_signers = true
clause = "第六条"
"#;

/// Division code, policy, and the signers that a motion needs at that level.
const HOUSES: [(&str, &str, usize); 9] = [
    ("330502001", "zhejiang-2016", 5),
    ("500101", "chongqing-2017", 10),
    ("370202001", "qingdao-2021", 5),
    ("110000", "beijing-2014", 10),
    ("370102001", "shandong-2017", 5),
    ("310101001", "shanghai-2015", 5),
    ("410102001", "henan-2017", 5),
    ("330599001", "own-2020", 5),
    ("000000", "law-2025", 30),
];

pub const DEPUTIES: usize = 11;
/// The first deputies, as many, are of the first delegation.
const FIRST_DELEGATION: usize = 8;
/// A department of the next congress, which is none of this one's.
pub const FOREIGN: usize = 3;

/// The shipped books, and the policy that chooses otherwise.
pub fn books() -> Books {
    let mut policies = Policies::shipped().clone();
    policies.add(OWN).unwrap();
    Books { policies, calendar: Calendar::shipped().clone() }
}

/// Opening, closing, and the last day for motions of each session and the times between; a few days of 2025 are
/// in none.
const SITTINGS: [(&str, &str, Option<&str>, Option<&str>); 4] = [
    ("5-3", "2024-01-16", Some("2024-01-25"), Some("2024-01-22")),
    ("5-3-between", "2024-01-26", Some("2025-01-09"), None),
    ("5-4", "2025-01-14", Some("2025-01-20"), None),
    ("5-4-between", "2025-01-21", None, None),
];

fn delegation(deputy: usize) -> String {
    if deputy < FIRST_DELEGATION { "第一代表团" } else { "第二代表团" }.to_owned()
}

pub fn enter(office: &Office) -> Vec<Arc<People>> {
    let entering = office.clone();
    let entered = office
        .store()
        .write_here(move |db| {
            let mut all = Vec::new();
            for (code, policy, signers) in HOUSES {
                all.push(enter_one(db, &entering, code, policy, signers)?);
            }
            Ok::<_, Fault>(all)
        })
        .expect("the people are entered");
    // A neighbour's committee, and a department of another congress.
    let count = entered.len();
    let neighbours: Vec<_> = (0..count)
        .map(|n| {
            let next = &entered[(n + 1) % count];
            (next.actors[&Who::Committee].clone(), next.departments[0])
        })
        .collect();
    let mut all = Vec::new();
    for (mut people, (committee, department)) in entered.into_iter().zip(neighbours) {
        people.actors.insert(Who::Neighbour, committee);
        people.departments.push(department);
        all.push(Arc::new(people));
    }
    all
}

fn enter_one(
    db: &mut jianyi::store::Db,
    office: &Office,
    code: &str,
    policy: &str,
    signers: usize,
) -> Result<People, Fault> {
    let created_at = office.now().naive_utc();
    directory::add_congress(
        db,
        &Congress { id: code.to_owned(), name: code.to_owned(), policy_id: policy.to_owned(), created_at },
    )?;
    let date = |text: &str| text.parse::<NaiveDate>().unwrap();
    let mut sessions = Vec::new();
    for (id, opens, closes, motions) in SITTINGS {
        let in_session = !id.ends_with("between");
        let origin = if in_session { "in_session" } else { "between_sessions" };
        directory::add_session(
            db,
            &Session {
                congress_id: code.to_owned(),
                id: id.to_owned(),
                label: format!("五届{id}"),
                origin: origin.to_owned(),
                opens_on: date(opens),
                closes_on: closes.map(date),
                // At noon in Shanghai; the lanes' clocks stand in the forenoon.
                motions_until: motions.map(|day| format!("{day}T04:00:00").parse().unwrap()),
            },
        )?;
        sessions.push(Sitting {
            opens: opens.parse().unwrap(),
            closes: closes.map(|day| day.parse().unwrap()),
            in_session,
            motions_until: motions.map(|day| day.parse().unwrap()),
        });
    }
    let congress: CongressId = code.parse().unwrap();
    let mut actors = BTreeMap::new();
    let mut account = |db: &mut _, who: Who, role: Role| {
        let account = NewAccount {
            username: format!("{who:?}@{code}"),
            display_name: format!("{who:?}"),
            password: None,
            congress: (role != Role::Operator).then(|| congress.clone()),
            role,
            scopes: None,
        };
        let (_, membership) = office.new_account(db, account)?;
        actors.insert(who, people::actor(db, people::Who::Membership(membership))?.unwrap());
        Ok::<_, Fault>(())
    };
    let mut deputies = Vec::new();
    for n in 0..DEPUTIES {
        let deputy = office.new_deputy(db, &congress, &format!("代表{n}"), Some(delegation(n)))?;
        deputies.push(DeputyId(deputy.id.parse().unwrap()));
        account(db, Who::Deputy(n), Role::Deputy { deputy: deputy.named()?.id })?;
    }
    let mut departments = Vec::new();
    for (n, name, channel) in [
        (0, "区交通运输局", Channel::Government),
        (1, "区住房和城乡建设局", Channel::Government),
        (2, "区人民法院", Channel::Direct),
    ] {
        let department = office.new_department(db, &congress, name, channel)?;
        departments.push(DepartmentId(department.id.parse().unwrap()));
        let department = department.named()?.id;
        account(db, Who::Handler(n), Role::Department { department, approver: false })?;
        account(db, Who::Approver(n), Role::Department { department, approver: true })?;
    }
    account(db, Who::Secretary, Role::DelegationSecretary { delegation: delegation(0) })?;
    account(db, Who::Committee, Role::STAFF)?;
    account(db, Who::Leader, Role::Committee { leader: true })?;
    account(db, Who::Office, Role::GovernmentOffice)?;
    account(db, Who::Auditor, Role::Auditor)?;
    account(db, Who::Administrator, Role::Administrator)?;
    account(db, Who::Operator, Role::Operator)?;
    let books = office.books();
    let house = House {
        policy: books.policies.latest(policy).unwrap().clone(),
        calendar: books.calendar.clone(),
        signers,
        national: code == "000000",
        sessions,
        government: vec![true, true, false],
        deputies: DEPUTIES,
        delegation: FIRST_DELEGATION,
    };
    Ok(People {
        house: Arc::new(house),
        name: format!("{code} {policy}"),
        congress,
        deputies,
        departments,
        actors,
    })
}

impl People {
    /// One beyond the congress's own is nobody known to it.
    pub fn deputy(&self, index: usize) -> DeputyId {
        self.deputies.get(index).copied().unwrap_or(DeputyId(Uuid::nil()))
    }

    pub fn department(&self, index: usize) -> DepartmentId {
        self.departments[index]
    }

    pub fn congress(&self) -> CongressId {
        self.congress.clone()
    }

    /// With the rights that he has all the time.
    pub fn actor(&self, who: Who) -> &Actor {
        &self.actors[&who]
    }

    pub fn everybody(&self) -> impl Iterator<Item = Who> {
        self.actors.keys().copied()
    }
}
