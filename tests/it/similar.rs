//! The lists of words from which similar cases are found: what is written, what is read of it, and in what order.

use crate::{
    on_both,
    support::{
        World,
        world::{CONGRESS, OTHER},
    },
};
use diesel::{QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text};
use jianyi::{
    domain::{
        ids::{CaseId, CongressId},
        similar::{Commonness, NEWEST_PER_TERM, SHORTLIST, SIMILAR, Term, shortlist, similarity, terms},
    },
    office::{Fault, StoreError},
    store::{Db, similar},
};

fn congress(id: &str) -> CongressId {
    id.parse().unwrap()
}

/// Case ids as they are given, a later one sorting after an earlier.
fn id(n: u64) -> CaseId {
    CaseId(uuid::Builder::from_unix_timestamp_millis(1_700_000_000_000 + n, &[7; 10]).into_uuid())
}

fn words(words: &[&str]) -> Vec<Term> {
    words.iter().map(|text| Term { text: (*text).to_owned(), count: 1 }).collect()
}

fn written(world: &World, f: impl Fn(&mut Db) -> Result<(), StoreError> + Send + 'static) {
    world.office.store().write_here(move |db| f(db).map_err(Fault::from)).expect("it is written");
}

fn read<T>(world: &World, f: impl FnOnce(&mut Db) -> Result<T, StoreError>) -> T {
    world.office.store().read_here(f).expect("it is read")
}

fn stored(world: &World, case: CaseId) -> Vec<String> {
    read(world, |db| similar::terms_of(db, &congress(CONGRESS), case))
}

on_both! {
    fn the_words_of_a_case_follow_its_text(world) {
        let here = congress(CONGRESS);
        let (first, then) = (words(&["停车", "车位", "小区"]), words(&["停车", "电梯"]));
        written(world, {
            let (here, first) = (here.clone(), first.clone());
            move |db| similar::replace_terms(db, &here, id(1), Some(&[]), &first)
        });
        assert_eq!(stored(world, id(1)), ["停车", "小区", "车位"].map(str::to_owned).to_vec());
        // Known or looked up, the same is left.
        for before in [Some(first.clone()), None] {
            written(world, {
                let (here, then) = (here.clone(), then.clone());
                move |db| similar::replace_terms(db, &here, id(1), before.as_deref(), &then)
            });
            assert_eq!(stored(world, id(1)), ["停车".to_owned(), "电梯".to_owned()]);
        }
        // A caller who is wrong about what is stored does no harm, and neither does a word given twice.
        written(world, {
            let here = here.clone();
            move |db| similar::replace_terms(db, &here, id(1), Some(&[]), &words(&["停车", "电梯", "养老", "养老"]))
        });
        assert_eq!(stored(world, id(1)).len(), 3);
        // A case's words are its own.
        written(world, {
            let here = here.clone();
            move |db| similar::replace_terms(db, &here, id(2), None, &words(&["停车"]))
        });
        written(world, {
            let here = here.clone();
            move |db| similar::forget_terms(db, &here, id(1))
        });
        assert_eq!((stored(world, id(1)).len(), stored(world, id(2)).len()), (0, 1));
        written(world, move |db| similar::clear(db, &here));
        assert_eq!(stored(world, id(2)).len(), 0);
    }

    fn each_word_tells_its_newest_cases_and_no_more_than_asked(world) {
        let (here, there) = (congress(CONGRESS), congress(OTHER));
        written(world, {
            let (here, there) = (here.clone(), there.clone());
            move |db| {
                // Written in no order: the newest is the one drafted last.
                for n in [3, 250, 1, 2].into_iter().chain(4..250) {
                    similar::replace_terms(db, &here, id(n), Some(&[]), &words(&["停车"]))?;
                }
                similar::replace_terms(db, &here, id(500), Some(&[]), &words(&["电梯", "O'Brien\"; --", "5g"]))?;
                similar::replace_terms(db, &there, id(900), Some(&[]), &words(&["停车"]))
            }
        });
        let asked = words(&["电梯", "停车", "养老", "O'Brien\"; --"]);
        let found = read(world, |db| similar::candidates(db, &here, &asked, NEWEST_PER_TERM));
        let newest: Vec<CaseId> = (51..=250).rev().map(id).collect();
        assert_eq!(found[0], (asked[0].clone(), vec![id(500)]));
        assert_eq!(found[1], (asked[1].clone(), newest));
        assert_eq!(found[2], (asked[2].clone(), vec![]));
        assert_eq!(found[3], (asked[3].clone(), vec![id(500)]));
        assert_eq!(read(world, |db| similar::candidates(db, &here, &asked[1..2], 2)), [(asked[1].clone(), vec![id(250), id(249)])]);
        assert_eq!(read(world, |db| similar::candidates(db, &here, &[], 2)), []);
        // Another congress has lists of its own.
        assert_eq!(read(world, |db| similar::candidates(db, &there, &asked[1..2], 9)), [(asked[1].clone(), vec![id(900)])]);
    }

    fn an_earlier_case_about_the_same_matter_is_found_among_many(world) {
        let here = congress(CONGRESS);
        let matters = ["居家养老服务", "农村生活污水治理", "公办幼儿园学位", "公交线路站点", "电动自行车充电"];
        let title = move |n: u64| match n {
            7 => "关于解决老旧小区停车位不足问题的建议".to_owned(),
            n => format!("关于加强第{n}村{}的建议", matters[n as usize % matters.len()]),
        };
        written(world, {
            let here = here.clone();
            move |db| (0..40).try_for_each(|n| similar::replace_terms(db, &here, id(n), Some(&[]), &terms(&title(n), "")))
        });
        let asking = terms("关于改善月河街道停车难的建议", "停车位少，车辆乱停，建议增加停车位。");
        let found = read(world, |db| similar::candidates(db, &here, &asking, NEWEST_PER_TERM));
        let common = Commonness::of(&found);
        let listed = shortlist(&found, Some(id(99)), SHORTLIST);
        assert_eq!(listed.first(), Some(&id(7)));
        assert!(similarity(&asking, &terms(&title(7), ""), &common) >= SIMILAR);
        assert!((0..40).filter(|n| *n != 7).all(|n| similarity(&asking, &terms(&title(n), ""), &common) < SIMILAR));
    }
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

/// What SQLite's plan is, a test beside the query says.
#[test]
fn on_postgres_each_list_is_read_off_its_index_and_not_sorted() {
    let world = World::on_postgres();
    let filled = |query: &str| {
        let query = query.replace("$1", "'330502'").replace("$3", "'200'");
        query.replace("unnest($2)", "unnest(ARRAY['t1', 't2', 't3'])").replace("$2", "'case7'")
    };
    let queries = [
        (similar::NEWEST_ON_POSTGRES, "Index Only Scan Backward using case_terms_pkey"),
        (similar::TERMS_OF_CASE_ON_POSTGRES, " case_terms_by_case"),
        (similar::READABLE_ON_POSTGRES, " case_parties_pkey"),
        (similar::READABLE_ON_POSTGRES, " cases_public"),
    ];
    let fill =
        "INSERT INTO case_terms SELECT '330502', 't' || (n % 64), 'case' || (n / 64) FROM generate_series";
    // Unknown and small, grown since it was looked at, and known as it is; all of it one congress's.
    for prepare in [
        format!("{fill}(1, 640) n"),
        format!("ANALYZE case_terms; {fill}(641, 64000) n"),
        "ANALYZE case_terms".to_owned(),
    ] {
        written(&world, move |db| db.batch_execute(&prepare).map_err(StoreError::from));
        for (query, expected) in queries {
            let query = format!("EXPLAIN {}", filled(query));
            let steps: Vec<Step> = read(&world, move |db| Ok(sql_query(query).load(db)?));
            let plan: Vec<_> = steps.into_iter().map(|step| step.line).collect();
            let plan = plan.join("\n");
            assert!(plan.contains(expected), "{plan}");
            assert!(!["Seq Scan", "Sort", "Filter"].iter().any(|slow| plan.contains(slow)), "{plan}");
        }
    }
}
