//! Regulations of one's own: a file is checked, put into the directory, and worked under; a wrong one stops the start.

use crate::support::program::{Service, fails, jianyi, succeeds};
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query, sql_types::BigInt};
use std::{fs, path::Path, process::Command};

const COUNTY: &str = r#"id = "deqing-2020"
version = 1
extends = "zhejiang-2016"
name = "德清县人民代表大会代表建议、批评和意见办理办法"
cite = "德清县代表建议办理办法"
edition = "2020-01-10"
effective_from = "2020-03-01"

[terms.reply]
amount = 2
unit = "months"
anchor = "assigned"
clause = "第十二条"

[[grounds]]
id = "complaint"
clause = "第五条"
"#;

fn second() -> String {
    COUNTY
        .replace("version = 1", "version = 2")
        .replace("2020-01-10", "2022-12-20")
        .replace("2020-03-01", "2023-01-01\"\nopen_cases = \"follow")
        .replace("amount = 2", "amount = 45")
        .replace("unit = \"months\"", "unit = \"working_days\"")
        .replace("第五条", "第六条")
        + "\n[terms.reply_extended]\namount = 90\nunit = \"working_days\"\nanchor = \"assigned\"\nclause = \"第十三条\"\n"
}

/// The program in a folder whose `own` holds the policies.
fn with_own(folder: &Path, args: &[&str]) -> Command {
    let mut command = jianyi(folder, None);
    command.env("JIANYI_POLICY_DIR", folder.join("own")).args(args);
    command
}

#[test]
fn a_policy_is_checked_against_the_one_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("deqing.toml", COUNTY);
    let told = succeeds(jianyi(folder.path(), None).args(["policy", "check", "deqing.toml"]));
    for line in [
        "deqing-2020 version 1 is sound: 德清县人民代表大会代表建议、批评和意见办理办法\n",
        "passed 2020-01-10, effective from 2020-03-01; open cases keep the version that they were assigned under\n",
        "differences from zhejiang-2016 version 1\n",
        "  grounds.complaint: none → 属于检举、申诉、控告 [德清县代表建议办理办法第五条]\n",
        "  grounds.personal_matter: 涉及代表本人及其亲属个人问题 [浙江省代表建议办理规定第六条第（一）项] → none\n",
        "  terms.reply: 3 months from assigned [浙江省代表建议办理规定第二十一条] → \
         2 months from assigned [德清县代表建议办理办法第十二条]\n",
    ] {
        assert!(told.contains(line), "{told}\nlacks: {line}");
    }
    assert!(!told.contains("extension"), "{told}");

    // The next version is compared with the one at hand.
    fs::create_dir(folder.path().join("own")).unwrap();
    write("own/deqing-1.toml", COUNTY);
    write("deqing-2.toml", &second());
    let told = succeeds(&mut with_own(folder.path(), &["policy", "check", "deqing-2.toml"]));
    for line in [
        "effective from 2023-01-01; open cases follow it from that day\n3 differences from deqing-2020 version 1\n",
        "  grounds.complaint: 属于检举、申诉、控告 [德清县代表建议办理办法第五条] → \
         属于检举、申诉、控告 [德清县代表建议办理办法第六条]\n",
        " → 90 working_days from assigned [德清县代表建议办理办法第十三条]\n",
    ] {
        assert!(told.contains(line), "{told}\nlacks: {line}");
    }

    write("wrong.toml", &COUNTY.replace("complaint", "gossip"));
    let told = fails(jianyi(folder.path(), None).args(["policy", "check", "wrong.toml"]));
    for part in ["wrong.toml", "line 16", "gossip", "personal_matter"] {
        assert!(told.contains(part), "{told}\nlacks: {part}");
    }
    write("wrong.toml", &COUNTY.replace("amount = 2", "amount = 9"));
    let told = fails(jianyi(folder.path(), None).args(["policy", "check", "wrong.toml"]));
    assert!(
        told.contains("[terms.reply_extended] must be in the unit of [terms.reply], and not shorter"),
        "{told}"
    );
    // What is known under this version stays as it is.
    write("wrong.toml", &COUNTY.replace("amount = 2", "amount = 3"));
    let told = fails(&mut with_own(folder.path(), &["policy", "check", "wrong.toml"]));
    assert!(told.contains("version 1 is known with other content"), "{told}");
}

#[test]
fn a_congress_works_under_a_policy_of_its_own_and_a_wrong_file_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own");
    fs::create_dir(&own).unwrap();
    let add = ["congress", "add", "330521", "--name", "德清县人民代表大会", "--policy", "deqing-2020"];
    let told = fails(&mut with_own(folder.path(), &add));
    assert!(
        told.contains("there is no policy deqing-2020; there are beijing-2014, chongqing-2017"),
        "{told}"
    );

    // By name the town comes first, but it extends the county.
    let town = COUNTY.replace("deqing-2020", "wukang-2024").replace("zhejiang-2016", "deqing-2020");
    fs::write(own.join("a-wukang.toml"), town).unwrap();
    fs::write(own.join("b-deqing.toml"), COUNTY).unwrap();
    fs::write(own.join("c-deqing-2.toml"), second()).unwrap();
    fs::write(own.join("notes.txt"), "not a policy").unwrap();
    let listed = succeeds(&mut with_own(folder.path(), &["policy", "list"]));
    let line = |id: &str, version: &str| {
        let starts = |line: &&str| line.split_whitespace().take(2).eq([id, version]);
        listed.lines().find(starts).unwrap_or_else(|| panic!("{id} {version}\n{listed}")).to_owned()
    };
    assert!(line("deqing-2020", "1").contains("2020-01-10  2020-03-01  德清县"), "{listed}");
    assert!(line("deqing-2020", "2").contains("2022-12-20  2023-01-01"), "{listed}");
    assert!(line("wukang-2024", "1").contains("2020-03-01"), "{listed}");
    assert!(line("shanghai-2015", "1").contains("2015-01-29  2015-03-01"), "{listed}");

    succeeds(&mut with_own(folder.path(), &add));
    let service = Service::start(&mut with_own(folder.path(), &["serve"]));
    let http = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
    let answer = http.get(format!("{}/v1/policies/deqing-2020", service.base)).send().unwrap();
    let policy: serde_json::Value = answer.json().unwrap();
    assert_eq!(policy["terms"]["reply"]["clause"], "德清县代表建议办理办法第十二条");
    assert_eq!(policy["terms"]["opinion"]["stated_by"], "zhejiang-2016");
    assert_eq!((&policy["version"], policy["versions"].as_array().unwrap().len()), (&2.into(), 2));
    drop(service);
    // On the command line each version, with the policy that states each value; the one in force if none is named.
    let show = |args: &[&str]| {
        succeeds(&mut with_own(folder.path(), &[&["policy", "show", "deqing-2020"], args].concat()))
    };
    let (first, second) = (show(&["--version", "1"]), show(&["--version", "2"]));
    let reply = "amount = 2\nunit = \"months\"\nanchor = \"assigned\"\nclause = \"德清县代表建议办理办法第十二条\"  # deqing-2020\n";
    assert!(
        first.contains(reply) && first.contains("# zhejiang-2016\n") && !second.contains(reply),
        "{first}"
    );
    assert!(second.starts_with("id = \"deqing-2020\"\nversion = 2\n"), "{second}");
    assert_eq!(show(&[]), second);
    let told = fails(&mut with_own(folder.path(), &["policy", "show", "deqing-2020", "--version", "3"]));
    assert!(told.contains("deqing-2020 has no such version; there are 1, 2"), "{told}");
    let told = fails(&mut with_own(folder.path(), &["policy", "show", "nowhere"]));
    assert!(told.contains("there is no policy nowhere; there are beijing-2014"), "{told}");
    for args in
        [&["verify"][..], &["rebuild"], &["figures", "--congress", "330521", "--metric", "reply_rate"]]
    {
        succeeds(&mut with_own(folder.path(), args));
    }

    fs::write(own.join("b-deqing.toml"), COUNTY.replace("amount = 2", "amount = 0")).unwrap();
    let ledger = folder.path().join("ledger.csv");
    fs::write(&ledger, "编号,标题,领衔代表,主办单位\n").unwrap();
    let ledger = ledger.display().to_string();
    for args in [
        &["serve"][..],
        &["verify"],
        &["rebuild"],
        &["figures", "--congress", "330521", "--metric", "reply_rate"],
        &["import", &ledger, "--congress", "330521", "--session", "5-3"],
        &add,
        &["policy", "list"],
    ] {
        let told = fails(&mut with_own(folder.path(), args));
        let path = own.join("b-deqing.toml").display().to_string();
        assert!(told.contains(&path) && told.contains("amount is 0"), "{args:?}: {told}");
    }
    fs::remove_dir_all(&own).unwrap();
    let told = fails(&mut with_own(folder.path(), &["serve"]));
    assert!(told.contains("JIANYI_POLICY_DIR") && told.contains("wanted: a directory"), "{told}");
}

#[test]
fn a_service_brings_open_cases_to_a_version_that_they_follow_before_it_serves() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own");
    fs::create_dir(&own).unwrap();
    fs::write(own.join("deqing-1.toml"), COUNTY).unwrap();
    let run = |args: &[&str]| succeeds(&mut with_own(folder.path(), args));
    run(&["congress", "add", "330521", "--name", "德清县人民代表大会", "--policy", "deqing-2020"]);
    let ledger = "编号,标题,领衔代表,主办单位,交办日期,答复日期,办理结果\n\
                  1,关于停车的建议,陈芳,县交通局,2024-02-22,2024-04-10,A\n2,关于公交的建议,陈芳,县交通局,2024-02-22,,\n";
    fs::write(folder.path().join("ledger.csv"), ledger).unwrap();
    run(&["import", "ledger.csv", "--congress", "330521", "--session", "2024"]);

    fs::write(own.join("deqing-2.toml"), second()).unwrap();
    let start = || drop(Service::start(&mut with_own(folder.path(), &["serve"])));
    let adopted = || {
        let file = folder.path().join("jianyi.db");
        let mut db = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
        let count = sql_query("SELECT count(*) AS n FROM events WHERE kind = 'policy_adopted'");
        count.get_result::<Count>(&mut db).unwrap().n
    };
    assert_eq!(adopted(), 0);
    start();
    assert_eq!(adopted(), 2);
    start();
    assert_eq!(adopted(), 2);
    assert!(run(&["verify"]).contains("no drift"));
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

crate::on_both! {
    fn each_version_is_read_and_the_one_in_force_by_itself(world) {
        let mut books = jianyi::office::Books::shipped();
        let files = [COUNTY.to_owned(), second().replace("2023-01-01", "2024-04-01")];
        files.iter().for_each(|file| drop(books.policies.add(file).unwrap().clone()));
        let world = world.like(books);
        let nobody = world.nobody();
        let read = |query: &str| nobody.get(&format!("/v1/policies/deqing-2020{query}"));
        let amount = |query: &str| read(query).expect(200).json["terms"]["reply"]["amount"].as_u64().unwrap();
        world.on("2024-03-31");
        assert_eq!((amount(""), amount("?version=1"), amount("?version=2")), (2, 2, 45));
        world.on("2024-04-01");
        assert_eq!((amount(""), amount("?version=1"), amount("?version=2")), (45, 2, 45));
        read("?version=3").expect(404);
        nobody.get("/v1/policies/nowhere").expect(404);
        assert_eq!(read("?version=first").expect(422).pointers(), ["?version"]);
        assert_eq!(read("?edition=1").expect(422).pointers(), ["?edition"]);

        let line = |it: &serde_json::Value| {
            let text = |field: &str| it[field].as_str().unwrap().to_owned();
            (it["version"].as_u64().unwrap(), text("effective_from"), text("open_cases"), it["in_force"].as_bool().unwrap())
        };
        let expected = [(1, "2020-03-01".into(), "keep".into(), false), (2, "2024-04-01".into(), "follow".into(), true)];
        let versions = read("?version=1").expect(200).json["versions"].as_array().unwrap().clone();
        assert_eq!(versions.iter().map(line).collect::<Vec<_>>(), expected);
        let listed = nobody.get("/v1/policies").expect(200).json["policies"].as_array().unwrap().clone();
        let own: Vec<_> = listed.iter().filter(|it| it["id"] == "deqing-2020").collect();
        assert_eq!(own.iter().map(|it| line(it)).collect::<Vec<_>>(), expected);
        for it in own {
            let read = nobody.get(it["href"].as_str().unwrap()).expect(200).json;
            assert_eq!((&read["id"], &read["version"]), (&it["id"], &it["version"]));
        }
    }
}
