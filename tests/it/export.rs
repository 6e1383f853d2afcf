//! The handling ledger as a spreadsheet: exactly the lines of the list, for each caller, and no formula in it.

use crate::{
    on_both,
    support::{
        World,
        client::{Caller, Reply},
        world::EXPORT_ROWS,
    },
};
use calamine::{Data, Reader as _, Xlsx};
use reqwest::Method;
use serde_json::{Value, json};
use std::io::{Cursor, Read as _};

/// The headings of an XLSX, and the rows under them.
fn table(reply: &Reply) -> (Vec<String>, Vec<Vec<Data>>) {
    let mut book = Xlsx::new(Cursor::new(&reply.bytes)).expect("a workbook");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("a readable sheet");
    let mut rows = range.rows().map(<[Data]>::to_vec);
    let headings = rows.next().expect("headings").iter().map(ToString::to_string).collect();
    (headings, rows.collect())
}

fn column(reply: &Reply, heading: &str) -> Vec<String> {
    let (headings, rows) = table(reply);
    let at = headings.iter().position(|it| it == heading).expect("a heading");
    rows.iter().map(|row| row[at].to_string()).collect()
}

/// What the list gives, page by page.
fn listed(caller: &Caller, query: &str) -> Vec<Value> {
    let mut lines = Vec::new();
    let mut next = Some(format!("/v1/cases?limit=3&{query}"));
    while let Some(page) = next {
        let page = caller.get(&page).expect(200);
        lines.extend(page.json["cases"].as_array().cloned().unwrap_or_default());
        next = page.json["next"].as_str().map(str::to_owned);
    }
    lines
}

fn told(lines: &[Value], field: &str) -> Vec<String> {
    lines.iter().map(|line| line[field].as_str().unwrap_or_default().to_owned()).collect()
}

/// Suggestions of 陈芳's with these titles, handed in.
fn submitted(world: &World, titles: &[String]) {
    let deputy = world.deputy();
    for title in titles {
        let draft = json!({"kind": "suggestion", "title": title, "body": "正文"});
        let created = deputy.create("/v1/cases", draft).expect(201);
        let path = format!("/v1/cases/{}/submission", created.json["id"].as_str().unwrap());
        deputy.post(&path, json!({})).expect(200);
    }
}

const HARMLESS: [&str; 2] = ["http://x.example/点我", "a,b\"c;d"];

fn payloads() -> Vec<String> {
    let starts = ["=", "+", "-", "@", "＝", "＋", "－", "＠"]
        .map(|it| format!("{it}HYPERLINK(\"http://x.example\",\"点我\")"));
    let others = ["'=1+1", "\"=1+1\"", "“＝1+1”", "=cmd|' /C calc'!A0"];
    starts.into_iter().chain(others.into_iter().chain(HARMLESS).map(str::to_owned)).collect()
}

on_both! {
    fn each_caller_exports_exactly_the_lines_that_he_lists(world) {
        world.answered("关于公交站的建议", "A");
        world.in_hand("关于停车的建议");
        world.registered("关于路灯的建议");
        submitted(world, &["关于河道的建议".to_owned()]);
        let draft = json!({"kind": "suggestion", "title": "草稿", "body": "正文"});
        world.deputy().create("/v1/cases", draft).expect(201);
        let callers = [
            "chen", "li", "shen", "transport", "housing", "committee", "leader", "auditor", "government-office",
            "administrator", "secretary", "chen@other", "committee@other",
        ];
        let queries = [
            "", "stage=assigned", "sort=due", "sort=oldest&kind=suggestion", "class=A", "congress=330502",
            "category=城建环保&measure=resolved,excluded",
        ];
        let mut most = 0;
        for username in callers {
            let caller = world.signed_in(username);
            for query in queries {
                let list = caller.get(&format!("/v1/cases?{query}"));
                let export = caller.get(&format!("/v1/cases/export?format=xlsx&{query}"));
                assert_eq!(export.status, list.status, "{username} {query}: {}", export.text);
                if list.status != 200 {
                    continue;
                }
                let lines = listed(&caller, query);
                most = most.max(lines.len());
                let pairs = [("办件标识", "id"), ("标题", "title"), ("编号", "number"), ("类别", "category"), ("办理结果", "class")];
                for (heading, field) in pairs {
                    assert_eq!(column(&export, heading), told(&lines, field), "{username} {query} {heading}");
                }
                // A column for those alone who see all evaluations.
                let sees = ["committee", "leader", "auditor", "committee@other"].contains(&username);
                assert_eq!(table(&export).0.contains(&"代表评价".to_owned()), sees, "{username}");
            }
        }
        assert_eq!(most, 5);
        for username in ["chen", "transport"] {
            let caller = world.signed_in(username);
            caller.get("/v1/cases?evaluation=unsatisfied").expect(403);
            caller.get("/v1/cases/export?format=csv&evaluation=unsatisfied").expect(403);
        }
        world.nobody().get("/v1/cases/export?format=csv").expect(401);
    }

    fn numbers_and_days_are_cells_of_their_kind_and_the_file_says_whose_it_is(world) {
        world.answered("关于公交站的建议", "A");
        let committee = world.committee();
        let export = committee.get("/v1/cases/export?format=xlsx").expect(200);
        let (headings, rows) = table(&export);
        let cell = |heading: &str| &rows[0][headings.iter().position(|it| it == heading).expect("a heading")];
        assert!(matches!(cell("序号"), Data::Float(n) if *n == 1.0), "{rows:?}");
        for day in ["立案日期", "交办日期", "答复期限", "答复日期"] {
            assert!(matches!(cell(day), Data::DateTime(_)), "{day}: {rows:?}");
        }
        let words = [("类型", "建议、批评和意见"), ("环节", "已答复"), ("领衔代表", "陈芳"), ("主办单位", "区交通运输局")];
        for (heading, word) in words {
            assert_eq!(cell(heading).to_string(), word);
        }
        let line = &committee.get("/v1/cases").json["cases"][0];
        let csv = committee.get("/v1/cases/export?format=csv").expect(200);
        assert!(csv.bytes.starts_with(b"\xef\xbb\xbf") && csv.text.contains(line["due_on"].as_str().unwrap()));
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        // 湖州市吴兴区, as a header writes it.
        let house = "%E6%B9%96%E5%B7%9E%E5%B8%82%E5%90%B4%E5%85%B4%E5%8C%BA";
        for (reply, end) in [(&export, "2024-01-16.xlsx"), (&csv, "2024-01-16.csv")] {
            let name = reply.header("content-disposition");
            assert!(name.starts_with("attachment;") && name.contains(house) && name.ends_with(end), "{name}");
            assert_eq!(reply.header("x-content-type-options"), "nosniff");
            assert_eq!(reply.header("cache-control"), "private, no-store");
        }
        let english = committee.ask(Method::GET, "/v1/cases/export?format=xlsx").header("accept-language", "en");
        assert_eq!(column(&english.send().expect(200), "Stage"), ["replied"]);
    }

    fn no_title_becomes_a_formula_or_a_link(world) {
        submitted(world, &payloads());
        let committee = world.committee();
        let titles = told(&listed(&committee, "sort=oldest"), "title");
        // In the order of ids, which within a moment is nobody's.
        let sorted = |mut titles: Vec<String>| {
            titles.sort();
            titles
        };
        assert_eq!(sorted(titles.clone()), sorted(payloads()));
        let export = committee.get("/v1/cases/export?format=xlsx&sort=oldest").expect(200);
        assert_eq!(column(&export, "标题"), titles);
        let mut archive = zip::ZipArchive::new(Cursor::new(&export.bytes)).unwrap();
        for at in 0..archive.len() {
            let mut part = String::new();
            archive.by_index(at).unwrap().read_to_string(&mut part).unwrap();
            assert!(!["<f>", "<f ", "<hyperlink"].iter().any(|mark| part.contains(mark)), "{part}");
        }
        let csv = committee.get("/v1/cases/export?format=csv&sort=oldest").expect(200);
        let mut reader = csv::Reader::from_reader(csv.text.trim_start_matches('\u{feff}').as_bytes());
        let cells: Vec<_> = reader.records().map(|row| row.unwrap()[2].to_owned()).collect();
        let guarded = |title: &String| match HARMLESS.contains(&title.as_str()) {
            true => title.clone(),
            false => format!("'{title}"),
        };
        assert_eq!(cells, titles.iter().map(guarded).collect::<Vec<_>>());
    }

    fn what_is_wrong_is_told_and_too_many_lines_ask_for_a_filter(world) {
        let committee = world.committee();
        for (query, pointer) in [
            ("", "?format"),
            ("format=pdf", "?format"),
            ("format=csv&format=xlsx", "?format"),
            ("format=csv&after=x", "?after"),
            ("format=csv&limit=9", "?limit"),
            ("format=csv&stage=lost", "?stage"),
            ("format=csv&colour=red", "?colour"),
        ] {
            let refused = committee.get(&format!("/v1/cases/export?{query}")).expect(422);
            assert_eq!(refused.pointers(), [pointer], "{query}");
        }
        assert_eq!(table(&committee.get("/v1/cases/export?format=xlsx").expect(200)).1.len(), 0);
        let titles = |from: usize, to: usize| (from..to).map(|n| format!("第 {n} 件")).collect::<Vec<_>>();
        submitted(world, &titles(0, EXPORT_ROWS));
        let full = committee.get("/v1/cases/export?format=csv").expect(200);
        assert_eq!(full.text.lines().count(), EXPORT_ROWS + 1);
        submitted(world, &titles(EXPORT_ROWS, EXPORT_ROWS + 1));
        let refused = committee.get("/v1/cases/export?format=csv").expect(422);
        let limit = EXPORT_ROWS.to_string();
        assert!(refused.text.contains("缩小范围") && refused.text.contains(&limit), "{}", refused.text);
        committee.get("/v1/cases/export?format=csv&stage=assigned").expect(200);
    }
}
