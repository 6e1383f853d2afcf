//! Comparing fairly: few cases are marked, nobody is ranked on them, and the mix of matters is taken into account. And
//! what a province reads of the congresses below it.

use crate::{
    on_both,
    support::{
        World,
        client::Caller,
        world::{CONGRESS, OTHER, PASSWORD, letter},
    },
};
use jianyi::{
    domain::actor::Role,
    office::{Books, accounts::NewAccount},
    store::directory::{self, Congress},
};
use serde_json::{Value, json};

/// A case of a category, answered by a department in a class.
fn answered_by(world: &World, department: &str, category: &str, class: &str) {
    let (path, _) = world.registered_with("关于比较的建议", |path| {
        let deputy = world.deputy();
        deputy
            .ask(reqwest::Method::PATCH, path)
            .header("if-match", &deputy.tag(path))
            .json(json!({"category": category}))
            .send()
            .expect(200);
    });
    let department = world.signed_in(department);
    let handlers = json!({"handlers": [{"department": department.party, "part": "sole"}]});
    world.committee().post(&format!("{path}/assignments"), handlers).expect(200);
    department.post(&format!("{path}/assignments/1/acceptance"), json!({})).expect(200);
    department.post(&format!("{path}/assignments/1/reply"), letter(class)).expect(200);
}

/// Another congress, and somebody of its committee who signed in.
fn enters(world: &World, code: &'static str, username: &'static str) -> Caller {
    let office = world.office.clone();
    let enter = move |db: &mut _| {
        let created_at = office.now().naive_utc();
        let (id, name, policy_id) = (code.to_owned(), code.to_owned(), "law-2025".to_owned());
        directory::add_congress(db, &Congress { id, name, policy_id, created_at })?;
        let account = NewAccount {
            username: username.to_owned(),
            display_name: username.to_owned(),
            password: Some(jianyi::identity::password::hash(PASSWORD).unwrap()),
            congress: Some(code.parse().unwrap()),
            role: Role::STAFF,
            scopes: None,
        };
        office.new_account(db, account).map(drop)
    };
    world.office.store().write_here(enter).expect("it is entered");
    world.signed_in(username)
}

fn compared(caller: &Caller, query: &str) -> Value {
    caller
        .get(&format!("/v1/figures/comparison?congress={CONGRESS}&metric=resolution_rate{query}"))
        .expect(200)
        .json
}

fn group<'j>(told: &'j Value, name: &str) -> &'j Value {
    let groups = told["groups"].as_array().unwrap();
    groups
        .iter()
        .find(|it| it["group"]["department"]["name"] == name)
        .unwrap_or_else(|| panic!("{name}: {told}"))
}

on_both! {
    fn departments_are_compared_with_intervals_and_at_the_same_mix_of_matters(world) {
        world.on("2024-02-22");
        // Transport has the hard matters, housing the easy ones; both do as well with each.
        for (department, category, class) in [
            ("transport", "难", "A"), ("transport", "难", "B"), ("transport", "易", "A"),
            ("housing", "难", "A"), ("housing", "难", "B"), ("housing", "易", "A"), ("housing", "易", "A"), ("housing", "易", "A"),
            ("court", "易", "A"),
        ] {
            answered_by(world, department, category, class);
        }
        let committee = world.committee();
        let told = compared(&committee, "");
        assert_eq!(told["minimum"], json!(10));
        let (transport, housing) = (group(&told, "区交通运输局"), group(&told, "区住房和城乡建设局"));
        assert_eq!((&transport["percent"], &housing["percent"]), (&json!("66.7"), &json!("80.0")));
        assert_eq!((&transport["adjusted"], &housing["adjusted"]), (&json!("77.8"), &json!("77.8")));
        let court = group(&told, "区人民法院");
        assert_eq!((&court["adjusted"], &court["adjusted_over"]), (&json!("100.0"), &json!("55.6")));
        assert_eq!(court["interval"], json!(["20.7", "100.0"]));
        for it in [transport, housing, court] {
            assert_eq!((&it["few"], &it["place"]), (&json!(true), &Value::Null));
        }
        // The same of an earlier day, from the cases themselves.
        world.on("2024-03-22");
        assert_eq!(compared(&committee, "&true_on=2024-02-22")["groups"].as_array().unwrap().len(), 3);
        assert_eq!(group(&compared(&committee, "&true_on=2024-02-22"), "区交通运输局")["adjusted"], json!("77.8"));
    }

    fn nobody_is_ranked_on_too_few_cases_and_the_leader_says_what_is_too_few(world) {
        world.on("2024-02-22");
        for (department, class) in [("transport", "A"), ("transport", "B"), ("housing", "A"), ("housing", "A"), ("court", "A")] {
            answered_by(world, department, "难", class);
        }
        let committee = world.committee();
        let ranked = format!("/v1/figures/comparison?congress={CONGRESS}&metric=resolution_rate&rank=true");
        assert_eq!(committee.get(&ranked).expect(409).json["missing"]["code"], json!("too_few_to_rank"));
        let page = format!("/v1/congresses/{CONGRESS}/ranking-minimum");
        let set = |caller: &Caller, cases: u64| caller.ask(reqwest::Method::PUT, &page).json(json!({"cases": cases})).send();
        set(&committee, 2).expect(403);
        let leader = world.signed_in("leader");
        set(&leader, 1).expect(422);
        set(&leader, 2).expect(200);
        let told = committee.get(&ranked).expect(200).json;
        let places: Vec<_> = ["区住房和城乡建设局", "区交通运输局", "区人民法院"].map(|name| (group(&told, name)["place"].clone(), group(&told, name)["few"].clone())).into();
        assert_eq!(places, [(json!(1), json!(false)), (json!(2), json!(false)), (Value::Null, json!(true))]);
        let acts = world.signed_in("auditor").get("/v1/acts?kind=settings_changed").expect(200).json;
        assert_eq!(acts["acts"][0]["act"]["names"], json!(["ranking_minimum"]));
        for caller in ["chen", "transport", "government-office"] {
            world.signed_in(caller).get(&ranked).expect(403);
        }
        committee.get(&format!("/v1/figures/comparison?congress={CONGRESS}&metric=days_to_reply")).expect(422);
    }

    fn a_province_reads_each_congress_by_its_own_definitions_or_all_by_one(world) {
        world.on("2024-02-22");
        for class in ["A", "A", "B", "C"] {
            world.answered("关于县级的建议", class);
        }
        let province = enters(world, "330000", "province");
        for (code, username) in [("330500", "city"), ("340000", "neighbour")] {
            enters(world, code, username);
        }
        let below = |caller: &Caller, query: &str| caller.get(&format!("/v1/figures/below?metric=resolution_rate&below={query}"));
        let told = below(&province, "330000").expect(200).json;
        let codes: Vec<_> = told["congresses"].as_array().unwrap().iter().map(|it| it["congress"].clone()).collect();
        assert_eq!(codes, [json!("330500"), json!(CONGRESS), json!(OTHER)]);
        assert_eq!((&told["numerator"], &told["denominator"], &told["printed"]), (&json!(2), &json!(4), &json!("50.0")));
        assert_eq!(told["congresses"][1]["policy"], json!("zhejiang-2016"));
        assert!(told["congresses"][1]["cases"].is_null(), "no case behind it");
        // All by one policy, and told so.
        let other = below(&province, "330000&by_policy=chongqing-2017").expect(200).json;
        assert_eq!(other["by_policy"], json!("chongqing-2017"));
        assert!(other["counted_by"].as_str().unwrap().contains("chongqing-2017"));
        assert_eq!(other["congresses"][1]["policy"], json!("chongqing-2017"));
        assert_eq!(below(&province, "330000&true_on=2024-02-21").expect(200).json["denominator"], json!(0));
        // Below the city of the two districts alone; nobody looks up or aside.
        assert_eq!(below(&province, "330500").expect(200).json["congresses"].as_array().unwrap().len(), 2);
        let city = world.signed_in("city");
        assert_eq!(below(&city, "330500").expect(200).json["numerator"], json!(2));
        below(&city, "330000").expect(404);
        below(&world.signed_in("neighbour"), "330000").expect(404);
        below(&world.committee(), "330500").expect(404);
        world.signed_in("transport").get("/v1/figures/below?metric=resolution_rate&below=330500").expect(403);
        below(&province, "330000&by_policy=nowhere-1900").expect(422);
    }

    fn who_counts_other_classes_as_resolved_gets_another_rate_and_is_told_which(world) {
        let mut books = Books::shipped();
        let text = "id = \"generous\"\nversion = 1\nextends = \"law-2025\"\nname = \"另一口径\"\ncite = \"另一口径\"\n\
                    edition = \"2020-01-01\"\neffective_from = \"2020-01-01\"\n\
                    [[classes]]\nid = \"A\"\nlabel = \"已解决\"\nresolved = true\nclause = \"第一条\"\n\
                    [[classes]]\nid = \"B\"\nlabel = \"计划解决\"\nresolved = true\nclause = \"第一条\"\n";
        books.policies.add(text).expect("a sound policy");
        let world = world.like(books);
        world.on("2024-02-22");
        for class in ["A", "A", "B", "C"] {
            world.answered("关于口径的建议", class);
        }
        let city = enters(&world, "330500", "city");
        let rate = |query: &str| city.get(&format!("/v1/figures/below?metric=resolution_rate&below=330500{query}")).expect(200).json;
        let own = rate("");
        assert_eq!((&own["printed"], &own["by_policy"]), (&json!("50.0"), &Value::Null));
        let generous = rate("&by_policy=generous");
        assert_eq!((&generous["printed"], &generous["numerator"]), (&json!("75.0"), &json!(3)));
        assert_eq!(generous["congresses"][0]["unknown_classes"], json!({"C": 1}));
        // A rate that is no matter of classes stays as it is.
        let replied = |query: &str| city.get(&format!("/v1/figures/below?metric=on_time_rate&below=330500{query}")).expect(200).json["numerator"].clone();
        assert_eq!(replied("&by_policy=generous"), replied(""));
    }
}
