//! The annual report as offices print it: what LibreOffice and poppler read is what was sealed.

use crate::{
    letters, on_both, reports,
    support::{
        World,
        client::{Caller, Reply},
        suite,
        world::{CONGRESS, letter},
    },
};
use calamine::{Data, Reader as _, Xlsx};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
};

const EVIL: &str = "=HYPERLINK(\"http://x.example\")</w:t>&<b>关于停车难的建议";
const SECRET: &str = "关于企业技术秘密的建议";

/// What the report speaks of, and by which name.
const INDICATORS: [(&str, &str); 7] = [
    ("答复率", "reply_rate"),
    ("按期办结率", "on_time_rate"),
    ("解决率", "resolution_rate"),
    ("满意率", "satisfaction_rate"),
    ("面商率", "consultation_rate"),
    ("回头看覆盖率", "revisit_coverage"),
    ("回头看维持率", "revisit_upheld_rate"),
];

/// Six cases: two in class A, one of them revisited and one a key case; two in class B, one of them confidential; one
/// not answered, one withdrawn. Sealed as of the end of May.
fn a_year(world: &World) -> Reply {
    world.on("2024-02-22");
    let titles = ["关于公厕的建议", "关于加装电梯的建议", EVIL, SECRET, "关于路灯的建议", "关于撤回的建议"];
    let paths: Vec<String> = titles.iter().map(|title| world.in_hand(title).0).collect();
    world.on("2024-03-20");
    let because = |class: &str, text: &str| {
        let mut letter = letter(class);
        letter["text"] = json!(text);
        letter
    };
    let answers = [
        letter("A"),
        letter("A"),
        because("B", "土地指标尚未落实，列入明年计划。"),
        because("B", "秘密的原因。"),
    ];
    for (path, answer) in paths.iter().zip(answers) {
        world.transport().post(&format!("{path}/assignments/1/reply"), answer).expect(200);
    }
    world.does(
        "committee",
        &format!("{}/confidentiality", paths[3]),
        json!({"confidential": true, "reason": "涉及商业秘密"}),
    );
    world.deputy().post(&format!("{}/withdrawal", paths[5]), json!({"reason": "已解决"})).expect(200);
    world
        .deputy()
        .post(&format!("{}/evaluations", paths[0]), json!({"attitude": "satisfied", "result": "satisfied"}))
        .expect(200);
    let key = json!({"meeting": "第三十次主任会议", "supervisor": "张副主任", "plan": "五月视察。"});
    let committee = world.committee();
    committee.post(&format!("{}/key-case", paths[1]), key).expect(200);
    let committee = world.on("2024-05-06").committee();
    committee.post(&format!("{}/closure", paths[0]), json!({})).expect(200);
    let seen = json!({"day": "2024-05-06", "way": "visit", "people": ["王主任"], "finding": "公厕已经开放。", "outcome": "upheld"});
    committee.post(&format!("{}/revisits", paths[0]), seen).expect(200);
    let order = json!({
        "congress": CONGRESS, "title": "关于代表议案、建议办理情况的报告", "filter": {"session": "5-3-between"},
        "true_on": "2024-05-31", "known_on": "2024-05-31"
    });
    world.on("2024-06-03").committee().create("/v1/reports", order).expect(201)
}

fn document(caller: &Caller, sealed: &Reply, form: &str) -> Reply {
    caller.get(&format!("/v1/reports/{}/document.{form}", sealed.json["id"].as_str().unwrap()))
}

/// Each table's rows by their first cell, from below the headings of a sheet.
fn rows(sheet: &[Vec<String>]) -> BTreeMap<String, Vec<String>> {
    sheet[3..].iter().map(|row| (row[0].clone(), row[1..].to_vec())).collect()
}

/// `93.3%`, as a value of the sealed report is printed.
fn percent((_, _, printed): &(u64, u64, Value)) -> String {
    format!("{}%", printed.as_str().unwrap())
}

on_both! {
    fn the_workbook_holds_exactly_what_was_sealed(world) {
        let sealed = a_year(world);
        let reply = document(&world.committee(), &sealed, "xlsx").expect(200);
        assert!(reply.header("content-type").contains("spreadsheetml"));
        assert!(reply.header("content-disposition").contains("2024-1"), "{}", reply.header("content-disposition"));
        let sheets = suite::sheets(&reply.bytes);
        let whole = &sealed.json["completeness"];
        let counted = rows(&sheets["表1"]);
        let count = |name: &str| counted[name][0].parse::<u64>().unwrap();
        assert_eq!((json!(count("共收到")), json!(count("应办"))), (whole["received"].clone(), whole["counted"].clone()));
        assert_eq!((count("共收到"), count("应办"), count("剔除：立案后撤回")), (6, 5, 1));
        assert_eq!(sheets["表1办件"].len() - 3, 6);
        let (told, mut book) = (rows(&sheets["表2"]), Xlsx::new(Cursor::new(&reply.bytes)).unwrap());
        let stored = book.worksheet_range("表2").unwrap();
        for (name, metric) in INDICATORS {
            let value = reports::value(&sealed.json, metric, "total", "");
            let row = [value.0.to_string(), value.1.to_string(), percent(&value)];
            assert_eq!(told[name][..3], row, "{name}");
            // The cell is the fraction itself.
            let cells = stored.rows().find(|row| row[0] == Data::String(name.to_owned())).unwrap();
            assert_eq!(cells[3], Data::Float(value.0 as f64 / value.1 as f64), "{name}");
        }
        let behind = &sheets["表2办件"];
        let above = behind[3..].iter().filter(|row| row[0] == "解决率" && row[10] == "是").count();
        assert_eq!((above as u64, reports::value(&sealed.json, "resolution_rate", "total", "").0), (2, 2));
        let classes = rows(&sheets["表3"]);
        for (class, name) in [("A", "A类（已解决或基本解决）"), ("B", "B类"), ("", "尚无办理结果")] {
            let value = reports::value(&sealed.json, "class_share", "class", class);
            let row = classes.iter().find(|(it, _)| it.starts_with(name.split('（').next().unwrap())).unwrap().1;
            assert_eq!(row[..2], [value.0.to_string(), percent(&value)], "{class}");
        }
        let transport = &world.transport().party;
        let department = rows(&sheets["表4"]).into_values().next().unwrap();
        let rate = |metric: &str| reports::value(&sealed.json, metric, "department", transport);
        assert_eq!(department[0], rate("resolution_rate").1.to_string());
        assert_eq!([&department[1], &department[4], &department[7]], [&percent(&rate("on_time_rate")), &percent(&rate("resolution_rate")), &percent(&rate("satisfaction_rate"))]);
        assert_eq!(rows(&sheets["表6"]), BTreeMap::from([("2024-03".to_owned(), vec!["4".to_owned()])]));
    }

    fn the_papers_say_what_was_sealed_and_every_figure_carries_its_report(world) {
        let sealed = a_year(world);
        let committee = world.committee();
        let typed = suite::words(&document(&committee, &sealed, "docx").expect(200).bytes);
        let typed: String = typed.split_whitespace().collect();
        let printed = letters::printed(&document(&committee, &sealed, "pdf").expect(200).bytes);
        for text in [&typed, &printed] {
            assert!(text.contains("共收到代表议案、建议6[2024-1]件（其中闭会期间6[2024-1]件），剔除1[2024-1]件，应办5[2024-1]件。"), "{text}");
            for (name, metric) in INDICATORS {
                let value = reports::value(&sealed.json, metric, "total", "");
                let told = format!("{}[2024-1]件，{name}{}[2024-1]（{}/{}）", value.0, percent(&value), value.0, value.1);
                assert!(text.contains(&told), "{told} does not stand in {text}");
            }
            for words in ["尚未解决3[2024-1]件", "土地指标尚未落实", "尚未答复", "公厕已经开放。", "维持原结果", "第三十次主任会议", "张副主任"] {
                assert!(text.contains(words), "{words} does not stand in {text}");
            }
            let digest = sealed.headers["etag"].to_str().unwrap().trim_matches('"');
            assert!(text.contains(&digest[..16]), "{text}");
        }
        assert!(typed.contains(&EVIL.replace(' ', "")), "{typed}");
    }

    fn what_is_confidential_is_counted_and_not_told(world) {
        let sealed = a_year(world);
        let auditor = world.signed_in("auditor");
        let (docx, pdf, xlsx) = (document(&auditor, &sealed, "docx"), document(&auditor, &sealed, "pdf"), document(&auditor, &sealed, "xlsx"));
        let mut texts = vec![letters::printed(&pdf.expect(200).bytes)];
        for package in [docx.expect(200).bytes, xlsx.expect(200).bytes] {
            let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
            let mut all = String::new();
            for at in 0..archive.len() {
                let mut bytes = Vec::new();
                archive.by_index(at).unwrap().read_to_end(&mut bytes).unwrap();
                all.push_str(&String::from_utf8_lossy(&bytes));
            }
            texts.push(all);
        }
        for text in texts {
            assert!(text.contains("保密件，标题从略"), "{text}");
            for secret in ["技术秘密", "秘密的原因"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }

    fn the_same_report_is_the_same_paper_for_ever(world) {
        let sealed = a_year(world);
        let committee = world.committee();
        let forms = ["docx", "pdf", "xlsx"];
        let before = forms.map(|form| document(&committee, &sealed, form).expect(200).bytes);
        // Life goes on: a late answer, another title's case, a second revisit.
        let path = committee.get("/v1/cases?stage=assigned").expect(200).json["cases"][0]["id"].as_str().unwrap().to_owned();
        world.transport().post(&format!("/v1/cases/{path}/assignments/1/reply"), letter("A")).expect(200);
        world.in_hand("关于后来的建议");
        let after = forms.map(|form| document(&committee, &sealed, form).expect(200).bytes);
        for (form, (before, after)) in forms.iter().zip(before.iter().zip(&after)) {
            assert!(before == after, "{form}");
        }
    }

    fn it_is_for_those_who_read_reports(world) {
        let sealed = a_year(world);
        for form in ["docx", "pdf", "xlsx"] {
            for nobody in ["chen", "transport", "government-office", "administrator"] {
                document(&world.signed_in(nobody), &sealed, form).expect(403);
            }
            document(&world.nobody(), &sealed, form).expect(401);
            let unknown = format!("/v1/reports/00000000-0000-7000-8000-000000000000/document.{form}");
            world.committee().get(&unknown).expect(404);
            world.committee().get(&format!("/v1/reports/x/document.{form}")).expect(404);
        }
    }

    fn a_report_of_nothing_is_printed_all_the_same(world) {
        let order = json!({
            "congress": CONGRESS, "title": "没有办件的报告", "filter": {"session": "5-3-between", "category": "没有的类别"},
            "true_on": "2024-01-31", "known_on": "2024-01-31"
        });
        let committee = world.on("2024-02-22").committee();
        let sealed = committee.create("/v1/reports", order).expect(201);
        let text = letters::printed(&document(&committee, &sealed, "pdf").expect(200).bytes);
        assert!(text.contains("共收到代表议案、建议0[2024-1]件") && text.contains("没有回头看记录"), "{text}");
        document(&committee, &sealed, "docx").expect(200);
        document(&committee, &sealed, "xlsx").expect(200);
    }
}
