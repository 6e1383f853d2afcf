//! Congresses under different policies, with their people, for the lanes to work in.

use super::{
    acts::Who,
    reference::{House, Sitting},
};
use chrono::NaiveDate;
use jianyi::{
    domain::{
        actor::Role,
        calendar::Calendar,
        ids::{CongressId, DepartmentId, DeputyId, MembershipId},
        policy::Policies,
        words::Channel,
    },
    office::{Books, Fault, Office, accounts::NewAccount},
    store::directory::{self, Congress, Session},
};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

/// A congress and its people.
pub struct People {
    pub house: Arc<House>,
    pub name: String,
    deputies: Vec<DeputyId>,
    departments: Vec<DepartmentId>,
    users: BTreeMap<Who, MembershipId>,
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
            (next.users[&Who::Committee], next.departments[0])
        })
        .collect();
    let mut all = Vec::new();
    for (mut people, (committee, department)) in entered.into_iter().zip(neighbours) {
        people.users.insert(Who::Neighbour, committee);
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
    let mut users = BTreeMap::new();
    let mut account = |db: &mut _, who: Who, role: Role| {
        let account = NewAccount {
            username: format!("{who:?}@{code}"),
            display_name: format!("{who:?}"),
            password: None,
            congress: Some(congress.clone()),
            role,
            scopes: None,
        };
        let (_, membership) = office.new_account(db, account)?;
        users.insert(who, membership);
        Ok::<_, Fault>(())
    };
    let mut deputies = Vec::new();
    for n in 0..DEPUTIES {
        let deputy = office.new_deputy(db, &congress, &format!("代表{n}"), Some("第一代表团".to_owned()))?;
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
    account(db, Who::Committee, Role::STAFF)?;
    account(db, Who::Office, Role::GovernmentOffice)?;
    account(db, Who::Auditor, Role::Auditor)?;
    account(db, Who::Administrator, Role::Administrator)?;
    let books = office.books();
    let house = House {
        policy: books.policies.latest(policy).unwrap().clone(),
        calendar: books.calendar.clone(),
        signers,
        national: code == "000000",
        sessions,
        government: vec![true, true, false],
        deputies: DEPUTIES,
    };
    Ok(People { house: Arc::new(house), name: format!("{code} {policy}"), deputies, departments, users })
}

impl People {
    /// One beyond the congress's own is nobody known to it.
    pub fn deputy(&self, index: usize) -> DeputyId {
        self.deputies.get(index).copied().unwrap_or(DeputyId(Uuid::nil()))
    }

    pub fn department(&self, index: usize) -> DepartmentId {
        self.departments[index]
    }

    pub fn user(&self, who: Who) -> MembershipId {
        self.users[&who]
    }

    pub fn everybody(&self) -> impl Iterator<Item = Who> {
        self.users.keys().copied()
    }
}
