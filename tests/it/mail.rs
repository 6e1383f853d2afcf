//! Letters by e-mail: who is told of what, with which rights, and that none is lost or sent for nothing.

use crate::{
    on_both,
    support::{
        World,
        client::Caller,
        program::{Service, succeeds},
        sign_on::Door,
        smtp::SmtpServer,
        world::{CONGRESS, PASSWORD, wait},
    },
};
use chrono::TimeDelta;
use jianyi::{
    api::oidc::SignOn,
    domain::{actor::Role, ids::CongressId},
    mail::{Mailer, Protection, Settings},
    office::{Fault, Office, accounts::NewAccount, mail::Turn},
};
use reqwest::Method;
use serde_json::{Value, json};

/// The office of a world, with a way to a server.
fn with_mail(world: &World, port: u16) -> Office {
    let settings = Settings {
        host: "127.0.0.1".to_owned(),
        port,
        protection: Protection::None,
        sign_in: None,
        from: "jianyi@rd.example.cn".to_owned(),
    };
    world.office.clone().with_mail(Mailer::new(settings).unwrap())
}

fn door<'a>(world: &'a World, office: &Office) -> Door<'a> {
    Door::of(world, office.clone(), SignOn::default())
}

/// Somebody at that door.
fn at(door: &Door<'_>, username: &str) -> Caller {
    Caller { base: door.base.clone(), ..door.world.signed_in(username) }
}

fn wishes(caller: &Caller, address: &str) -> crate::support::client::Reply {
    let wish = json!({"address": address, "at_once": true, "daily": true});
    caller.ask(Method::PUT, "/v1/me/mail").json(wish).send()
}

/// The code in the latest letter.
fn code(server: &SmtpServer) -> String {
    let letters = server.letters();
    let subject = letters.last().unwrap()["subject"].as_str().unwrap().to_owned();
    subject.rsplit('：').next().unwrap().to_owned()
}

/// Says where somebody is reached, and shows the code that came there.
fn reached(server: &SmtpServer, caller: &Caller, address: &str) {
    wishes(caller, address).expect(200);
    caller.create("/v1/me/mail/confirmation", json!({"code": code(server)})).expect(200);
}

/// All letters but those with codes.
fn told(server: &SmtpServer) -> Vec<(String, String)> {
    let text = |it: &Value, key: &str| it[key].as_str().unwrap().to_owned();
    let letters = server.letters();
    let of_cases = letters.iter().filter(|it| !text(it, "subject").starts_with("确认邮箱"));
    of_cases.map(|it| (text(it, "to"), text(it, "subject"))).collect()
}

/// A case that was registered, and given to a department at that door.
fn assigned(door: &Door<'_>, department: &Caller, title: &str) -> String {
    let (path, _) = door.world.registered(title);
    let handlers = json!({"handlers": [{"department": department.party, "part": "sole"}]});
    at(door, "committee").post(&format!("{path}/assignments"), handlers).expect(200);
    path
}

fn ids(letters: &[Value]) -> Vec<String> {
    letters.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    fn people_are_told_of_what_concerns_them_once_they_showed_that_they_read_it(world) {
        let server = SmtpServer::start();
        let office = with_mail(world, server.port);
        let door = door(world, &office);
        let (deputy, transport) = (at(&door, "chen"), at(&door, "transport"));
        // Without the code nothing is sent; a wrong one is none, and one an hour old is too.
        wishes(&deputy, "chen@rd.example.cn").expect(200);
        let wrong = deputy.create("/v1/me/mail/confirmation", json!({"code": "00000-00000"})).expect(422);
        assert_eq!(wrong.json["errors"][0]["pointer"], "/code");
        assert!(wishes(&deputy, "chen@rd.example.cn").expect(429).headers.contains_key("retry-after"));
        let old = code(&server);
        world.later(TimeDelta::hours(1));
        deputy.create("/v1/me/mail/confirmation", json!({"code": old})).expect(422);
        assert_eq!(deputy.get("/v1/me/mail").expect(200).json["confirmed_at"], Value::Null);
        reached(&server, &deputy, "chen@rd.example.cn");
        reached(&server, &transport, "jt@gov.example.cn");
        assert_eq!(deputy.get("/v1/me/mail").expect(200).json["address"], "chen@rd.example.cn");
        // The letter of a case goes to who it concerns, and not to who did it.
        let committee = at(&door, "committee");
        let path = assigned(&door, &transport, "关于修缮河堤的建议");
        assert_eq!(wait(office.send_mail("one")).unwrap(), Turn { sent: 1, failed: 0 });
        let letters = told(&server);
        assert_eq!(letters.len(), 1, "{letters:?}");
        assert_eq!(letters[0].0, "jt@gov.example.cn");
        assert!(letters[0].1.contains("《关于修缮河堤的建议》已交办贵单位"), "{letters:?}");
        let text = server.letters().last().unwrap()["text"].as_str().unwrap().to_owned();
        assert!(text.contains(&format!("https://jianyi.example.cn{path}")) && text.contains("was assigned"), "{text}");
        // Nothing is sent twice, whoever looks.
        assert_eq!(wait(office.send_mail("another")).unwrap(), Turn::default());
        // An address that is forgotten gets nothing, and neither does what waited for it.
        let reason = json!({"reason": "不属于本单位职责"});
        let asked = transport.post(&format!("{path}/assignments/1/hand-back"), reason).expect(200);
        assert_eq!(asked.status, 200);
        let refused = json!({"granted": false, "reason": "属于贵单位职责"});
        committee.post(&format!("{path}/assignments/1/hand-back/decision"), refused).expect(200);
        transport.ask(Method::DELETE, "/v1/me/mail").send().expect(204);
        assert_eq!(wait(office.send_mail("one")).unwrap(), Turn::default());
        assert_eq!(told(&server).len(), 1);
        transport.ask(Method::DELETE, "/v1/me/mail").send().expect(404);
        // An installation without a server says so.
        let nowhere = wishes(&world.deputy(), "chen@rd.example.cn").expect(403);
        assert!(nowhere.text.contains("没有设置邮件服务器"), "{}", nowhere.text);
        world.assert_no_drift();
    }

    fn a_letter_is_written_with_the_rights_of_the_moment(world) {
        let server = SmtpServer::start();
        let office = with_mail(world, server.port);
        let door = door(world, &office);
        let transport = at(&door, "transport");
        let committee = at(&door, "committee");
        reached(&server, &transport, "jt@gov.example.cn");
        // A case that became confidential before the letter went out has no name in it.
        let path = assigned(&door, &transport, "关于某处隐患的建议");
        committee.post(&format!("{path}/confidentiality"), json!({"confidential": true, "reason": "涉及安全"})).expect(200);
        wait(office.send_mail("one")).unwrap();
        let letters = told(&server);
        assert!(letters[0].1.ends_with("一件保密件已交办贵单位"), "{letters:?}");
        assert!(!server.letters().last().unwrap().to_string().contains("隐患"));
        // One that the department has no more is not told of.
        let path = assigned(&door, &transport, "关于公交站台的建议");
        transport.post(&format!("{path}/assignments/1/hand-back"), json!({"reason": "不属于本单位职责"})).expect(200);
        committee.post(&format!("{path}/assignments/1/hand-back/decision"), json!({"granted": true, "reason": "同意"})).expect(200);
        wait(office.send_mail("one")).unwrap();
        assert_eq!(told(&server).len(), 1, "{:?}", told(&server));
    }

    under "shandong-2017" fn a_request_is_told_to_whoever_may_decide_on_it(world) {
        let server = SmtpServer::start();
        let office = with_mail(world, server.port);
        let door = door(world, &office);
        let (transport, court) = (at(&door, "transport"), at(&door, "court"));
        reached(&server, &at(&door, "committee"), "dgw@rd.example.cn");
        reached(&server, &at(&door, "government-office"), "zfb@gov.example.cn");
        let asks = |department: &Caller, title: &str| {
            let path = assigned(&door, department, title);
            department.post(&format!("{path}/assignments/1/hand-back"), json!({"reason": "不属于本单位职责"})).expect(200);
            wait(office.send_mail("one")).unwrap();
        };
        // Of a department of the government its office may decide too.
        asks(&transport, "关于公交站台的建议");
        asks(&court, "关于法庭停车的建议");
        let mut told: Vec<String> = told(&server).into_iter().filter(|(_, subject)| subject.contains("申请退办")).map(|(to, _)| to).collect();
        // Letters of one moment go out in any order.
        told.sort();
        assert_eq!(told, ["dgw@rd.example.cn", "dgw@rd.example.cn", "zfb@gov.example.cn"]);
    }

    fn who_did_it_knows_in_whatever_chair_he_sat(world) {
        let server = SmtpServer::start();
        let office = with_mail(world, server.port);
        let door = door(world, &office);
        let (chen, li) = (at(&door, "chen"), at(&door, "li"));
        reached(&server, &chen, "chen@rd.example.cn");
        reached(&server, &li, "li@rd.example.cn");
        // 陈芳 works for the committee too, in her second chair, and registers what she submitted.
        world.later(TimeDelta::seconds(1));
        let user = chen.get("/v1/me").expect(200).json["user"].as_str().unwrap().to_owned();
        let grant = json!({"role": "committee"});
        let granted = world.signed_in("administrator").create(&format!("/v1/accounts/{user}/memberships"), grant).expect(201).json;
        let pair = chen.create("/v1/auth/switch", json!({"membership": granted["membership"]})).expect(200).json;
        let staff = Caller { token: pair["access_token"].as_str().map(str::to_owned), ..chen.clone() };
        let draft = json!({"kind": "suggestion", "title": "关于校车的建议", "body": "情况、分析、具体意见。", "category": "教育", "co_signers": [li.party]});
        let path = world.deputy().create("/v1/cases", draft).expect(201).header("location").to_owned();
        world.does("li", &format!("{path}/cosignature"), json!({}));
        world.does("chen", &format!("{path}/submission"), json!({}));
        staff.post(&format!("{path}/registration"), json!({})).expect(200);
        wait(office.send_mail("one")).unwrap();
        let letters = || told(&server).into_iter().map(|(to, _)| to).collect::<Vec<_>>();
        assert_eq!(letters(), ["li@rd.example.cn"]);
        // Who wants the daily list alone is not told of each event.
        let wish = json!({"address": "li@rd.example.cn", "at_once": false, "daily": true});
        li.ask(Method::PUT, "/v1/me/mail").json(wish).send().expect(200);
        let draft = json!({"kind": "suggestion", "title": "关于校车站点的建议", "body": "情况、分析、具体意见。", "category": "教育", "co_signers": [li.party]});
        let path = world.deputy().create("/v1/cases", draft).expect(201).header("location").to_owned();
        world.does("li", &format!("{path}/cosignature"), json!({}));
        world.does("chen", &format!("{path}/submission"), json!({}));
        at(&door, "committee").post(&format!("{path}/registration"), json!({})).expect(200);
        wait(office.send_mail("one")).unwrap();
        assert_eq!(letters(), ["li@rd.example.cn", "chen@rd.example.cn"]);
    }

    fn a_daily_list_comes_once_on_working_days_to_who_has_something_to_do(world) {
        let server = SmtpServer::start();
        let office = with_mail(world, server.port);
        let door = door(world, &office);
        world.on("2024-02-05").in_hand("关于公交站台的建议");
        // 2024-05-11 is a Saturday that works (调休), 2024-05-12 a Sunday, 2024-05-13 a Monday; the answer is overdue.
        world.on("2024-05-10");
        let (transport, idle) = (at(&door, "transport"), at(&door, "court"));
        reached(&server, &transport, "jt@gov.example.cn");
        reached(&server, &idle, "fy@court.example.cn");
        let morning = |day: &str, hour: &str| {
            world.turn(format!("{day}T{hour}:00Z").parse().unwrap());
            let queued = wait(office.queue_daily_mail()).unwrap();
            let turn = wait(office.send_mail("one")).unwrap();
            (queued, turn.sent)
        };
        // Before eight in the morning nothing goes out; then one list, to who has something due.
        assert_eq!(morning("2024-05-11", "23:30").0, 0, "07:30 of a Sunday");
        assert_eq!(morning("2024-05-10", "23:59"), (0, 0));
        assert_eq!(morning("2024-05-11", "00:01"), (2, 1));
        assert_eq!(morning("2024-05-11", "03:00"), (0, 0));
        assert_eq!(morning("2024-05-12", "03:00"), (0, 0));
        assert_eq!(morning("2024-05-13", "03:00"), (2, 1));
        // A clock that goes back and forth brings none twice.
        assert_eq!(morning("2024-05-11", "04:00"), (0, 0));
        assert_eq!(morning("2024-05-13", "05:00"), (0, 0));
        let letters = told(&server);
        assert_eq!(letters.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(), ["jt@gov.example.cn"; 2]);
        let text = server.letters().last().unwrap()["text"].as_str().unwrap().to_owned();
        assert!(text.contains("关于公交站台的建议") && text.contains("/v1/me/worklist"), "{text}");
    }

    fn a_server_in_trouble_loses_no_letter_and_a_hopeless_one_is_seen(world) {
        let server = SmtpServer::start();
        let office = with_mail(world, server.port);
        let door = door(world, &office);
        let (transport, housing, committee) = (at(&door, "transport"), at(&door, "housing"), at(&door, "committee"));
        reached(&server, &transport, "jt@gov.example.cn");
        server.behaves("later");
        let path = assigned(&door, &transport, "关于公交站台的建议");
        assert_eq!(wait(office.send_mail("one")).unwrap(), Turn { sent: 0, failed: 1 });
        // Not again at once, but after a while, and then more rarely.
        assert_eq!(wait(office.send_mail("one")).unwrap(), Turn::default());
        world.later(TimeDelta::seconds(61));
        assert_eq!(wait(office.send_mail("one")).unwrap().failed, 1);
        world.later(TimeDelta::seconds(61));
        assert_eq!(wait(office.send_mail("one")).unwrap(), Turn::default());
        // A server that nobody finds delays all, and is the fault of none.
        let elsewhere = with_mail(world, 9);
        world.later(TimeDelta::minutes(2));
        assert_eq!(wait(elsewhere.send_mail("one")).unwrap().failed, 1);
        server.behaves("ok");
        world.later(TimeDelta::minutes(5));
        assert_eq!(wait(office.send_mail("one")).unwrap(), Turn { sent: 1, failed: 0 });
        assert_eq!(told(&server).len(), 1);
        // What no server will ever take is given up, where administrators see it.
        let admin = administrator(world, &door);
        server.behaves("refuse");
        let refused = json!({"granted": false, "reason": "属于贵单位职责"});
        transport.post(&format!("{path}/assignments/1/hand-back"), json!({"reason": "不属于本单位职责"})).expect(200);
        committee.post(&format!("{path}/assignments/1/hand-back/decision"), refused).expect(200);
        assert_eq!(wait(office.send_mail("one")).unwrap().failed, 1);
        let seen = admin.get("/v1/mail").expect(200).json;
        assert!(seen["mail"][0]["trouble"].as_str().unwrap().contains("not wanted"), "{seen}");
        assert!(!seen.to_string().contains("jt@gov"), "{seen}");
        housing.get("/v1/mail").expect(403);
        server.behaves("ok");
        let id = seen["mail"][0]["id"].as_str().unwrap();
        admin.create(&format!("/v1/mail/{id}/another-try"), json!({})).expect(204);
        admin.create(&format!("/v1/mail/{id}/another-try"), json!({})).expect(404);
        assert_eq!(wait(office.send_mail("one")).unwrap(), Turn { sent: 1, failed: 0 });
        assert_eq!(admin.get("/v1/mail?state=sent").expect(200).json["mail"].as_array().unwrap().len(), 2);
        // An address that nobody has is told when it is given.
        let nobody = wishes(&housing, "nobody@gov.example.cn").expect(422);
        assert_eq!(nobody.json["errors"][0]["pointer"], "/address");
    }
}

/// The program, serving the world's database with a way to the server.
fn serving(world: &World, server: &SmtpServer) -> Service {
    let mut program = world.program();
    program.env("JIANYI_SMTP_URL", format!("smtp://127.0.0.1:{}", server.port));
    program.env("JIANYI_MAIL_FROM", "jianyi@rd.example.cn").env("JIANYI_TOKEN_KEY_FILE", world.key_file());
    Service::start(program.arg("serve"))
}

/// On PostgreSQL, since a SQLite file has one process, which here is the story's own.
#[test]
fn killed_between_commit_and_send_the_service_sends_after_its_next_start() {
    let world = &World::on_postgres();
    let server = SmtpServer::start();
    let office = with_mail(world, server.port);
    let door = door(world, &office);
    let transport = at(&door, "transport");
    reached(&server, &transport, "jt@gov.example.cn");
    let codes = server.letters().len();
    // Committed, and this process never sends.
    for title in ["关于公交站台的建议", "关于人行道的建议"] {
        assigned(&door, &transport, title);
    }
    // The server takes the first letter and never says so: killed then, nobody knows whether it was sent.
    server.behaves("silent");
    let mut first = serving(world, &server);
    let taken = ids(&server.given(codes + 1));
    first.child.kill().unwrap();
    first.child.wait().unwrap();
    server.behaves("ok");
    expire_leases(world);
    let second = serving(world, &server);
    let given = ids(&server.given(codes + 3));
    // The one in doubt came twice under one id, the other once; none is lost.
    assert_eq!(given.iter().filter(|id| **id == taken[codes]).count(), 2, "{given:?}");
    assert_eq!(given[codes..].iter().collect::<std::collections::BTreeSet<_>>().len(), 2, "{given:?}");
    drop(second);
}

/// What a killed process held is free once the database's clock says so; a story does not wait for it.
fn expire_leases(world: &World) {
    use diesel::RunQueryDsl;
    let expire = |db: &mut _| {
        let sql = "UPDATE leases SET until = until - INTERVAL '1 hour'";
        if let jianyi::store::Db::Postgres(db) = db {
            assert_eq!(diesel::sql_query(sql).execute(db).unwrap(), 1, "the killed process held the work");
        }
        Ok::<_, Fault>(())
    };
    world.office.store().write_here(expire).unwrap();
}

fn administrator(world: &World, door: &Door<'_>) -> Caller {
    let hash = jianyi::identity::password::hash(PASSWORD).unwrap();
    let congress: CongressId = CONGRESS.parse().unwrap();
    let office = world.office.clone();
    let add = move |db: &mut _| {
        let account = NewAccount {
            username: "admin-of-mail".to_owned(),
            display_name: "管理员".to_owned(),
            password: Some(hash.clone()),
            congress: Some(congress.clone()),
            role: Role::Administrator,
            scopes: None,
        };
        office.new_account(db, account)
    };
    world.office.store().write_here(add).unwrap();
    at(door, "admin-of-mail")
}

/// Two services on one database: every letter goes out once, whoever sends it, and though one's clock has jumped.
#[test]
fn several_instances_send_each_letter_once() {
    let world = &World::on_postgres();
    let server = SmtpServer::start();
    let office = with_mail(world, server.port);
    let door = door(world, &office);
    let transport = at(&door, "transport");
    reached(&server, &transport, "jt@gov.example.cn");
    let codes = server.letters().len();
    for n in 0..12 {
        assigned(&door, &transport, &format!("关于第{n}处路口的建议"));
    }
    // In this process, one whose clock is a year ahead: leases go by the database's clock, not by anybody's own.
    let ahead = office.with_clock(jianyi::office::Clock::turned(office.now() + TimeDelta::days(366)));
    let behind = office.with_clock(jianyi::office::Clock::turned(office.now() + TimeDelta::minutes(1)));
    let services = [serving(world, &server), serving(world, &server)];
    let senders: Vec<_> = [ahead, behind]
        .into_iter()
        .enumerate()
        .map(|(n, office)| {
            std::thread::spawn(move || wait(office.send_mail(&format!("sender {n}"))).unwrap())
        })
        .collect();
    let sent: usize = senders.into_iter().map(|sender| sender.join().unwrap().sent).sum();
    assert!(sent <= 12, "{sent}");
    server.given(codes + 12);
    // Whoever would send one again would have done so by now.
    std::thread::sleep(std::time::Duration::from_secs(5));
    assert_eq!(server.letters().len(), codes + 12);
    drop(services);
    assert!(succeeds(world.program().arg("verify")).contains("no drift"));
}
