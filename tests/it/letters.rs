//! Letters as they go out: what stands on them, in which order, and who gets one.

use crate::{
    on_both,
    support::{
        World,
        client::{Caller, Reply},
        program::{fails, jianyi},
        world::letter,
    },
};
use serde_json::{Value, json};
use std::{
    io::{Cursor, Read, Write},
    process::{Command, Stdio},
};

/// A Word file's words, without blanks.
fn typed(docx: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut xml = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let mut text = String::new();
    let mut inside = false;
    for c in xml.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect()
}

/// A PDF's words, without blanks and line ends.
pub fn printed(pdf: &[u8]) -> String {
    let mut child = Command::new("pdftotext")
        .args(["-raw", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext; scripts/install-poppler installs it");
    child.stdin.take().unwrap().write_all(pdf).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().split_whitespace().collect()
}

/// Both forms of a letter, which must say the same words in the same order.
#[track_caller]
fn says(caller: &Caller, letter: &str, words: &[&str]) {
    for text in [typed(&got(caller, letter, "docx").bytes), printed(&got(caller, letter, "pdf").bytes)] {
        let mut rest = text.as_str();
        for word in words {
            let at = rest.find(word).unwrap_or_else(|| panic!("no “{word}” in “{rest}” of “{text}”"));
            rest = &rest[at + word.len()..];
        }
    }
}

#[track_caller]
fn says_nothing_of(caller: &Caller, letter: &str, word: &str) {
    for text in [typed(&got(caller, letter, "docx").bytes), printed(&got(caller, letter, "pdf").bytes)] {
        assert!(!text.contains(word), "{text}");
    }
}

#[track_caller]
fn got(caller: &Caller, letter: &str, form: &str) -> Reply {
    caller.get(&format!("{letter}.{form}")).expect(200)
}

/// 陈芳's suggestion, which 李梅 signed too, in the hands of transport and housing; what `reply` says is sent.
fn replied(world: &World, reply: Value) -> String {
    let (deputy, committee, li) = (world.deputy(), world.committee(), world.signed_in("li"));
    let (transport, housing) = (world.transport(), world.housing());
    world.on("2024-01-17");
    let draft = json!({
        "kind": "suggestion", "title": "关于改善月河街道停车难的建议", "body": "车位缺口约三百个。",
        "asks": ["挖潜扩容，新增车位", "错时共享机关车位"], "co_signers": [li.party]
    });
    let created = deputy.create("/v1/cases", draft).expect(201);
    let path = format!("/v1/cases/{}", created.json["id"].as_str().unwrap());
    li.post(&format!("{path}/cosignature"), json!({})).expect(200);
    deputy.post(&format!("{path}/submission"), json!({})).expect(200);
    world.on("2024-01-19");
    committee.post(&format!("{path}/registration"), json!({})).expect(200);
    let handlers = json!({"handlers": [
        {"department": transport.party, "part": "lead"}, {"department": housing.party, "part": "co"}
    ]});
    committee.post(&format!("{path}/assignments"), handlers).expect(200);
    transport.post(&format!("{path}/assignments/1/acceptance"), json!({})).expect(200);
    housing.post(&format!("{path}/assignments/2/acceptance"), json!({})).expect(200);
    let opinion = json!({"text": "同意，已列入年度计划。"});
    housing.post(&format!("{path}/assignments/2/opinion"), opinion).expect(200);
    world.on("2024-03-05");
    transport.post(&format!("{path}/assignments/1/reply"), reply).expect(200);
    path
}

/// A registered suggestion with one ask, at version 3.
fn registered(world: &World, deputy: &Caller, title: &str, ask: &str) -> String {
    let draft = json!({"kind": "suggestion", "title": title, "body": "正文", "asks": [ask]});
    let created = deputy.create("/v1/cases", draft).expect(201);
    let path = format!("/v1/cases/{}", created.json["id"].as_str().unwrap());
    deputy.post(&format!("{path}/submission"), json!({})).expect(200);
    world.committee().post(&format!("{path}/registration"), json!({})).expect(200);
    path
}

fn reply() -> Value {
    json!({
        "class": "B", "text": "您提出的建议收悉。\n现答复如下：", "document_number": "吴交〔2024〕12号",
        "signer": "李强", "contact": "王明 0572-2000000", "publicity": "summary",
        "answers": [
            {"ask": 2, "class": "B", "text": "已列入明年计划。"},
            {"ask": 1, "class": "A", "text": "已新增车位二百个。"}
        ],
        "opinions_stated": "区住房和城乡建设局同意。",
        "commitments": [
            {"text": "年内新增车位一百个。", "due_on": "2024-12-31"},
            {"text": "公布共享名单", "due_on": "2024-06-30", "responsible": "停车管理科"}
        ]
    })
}

on_both! {
    fn a_reply_goes_out_as_it_was_recorded_to_everybody_who_signed(world) {
        let path = replied(world, reply());
        let letter = format!("{path}/replies/1/letter");
        let (deputy, transport) = (world.deputy(), world.transport());
        let body = [
            "区交通运输局", "吴交〔2024〕12号", "签发人：李强",
            "对区五届三次会议建议第001号“关于改善月河街道停车难的建议”的答复",
            "陈芳、李梅代表：", "您提出的建议收悉。", "现答复如下：",
            "一、挖潜扩容，新增车位（A类）", "已新增车位二百个。",
            "二、错时共享机关车位（B类）", "已列入明年计划。",
            "三、会办意见", "区住房和城乡建设局同意。",
            "四、承诺事项", "1.年内新增车位一百个（2024年12月31日前完成，责任单位：区交通运输局）。",
            "2.公布共享名单（2024年6月30日前完成，责任单位：停车管理科）。",
            "区交通运输局", "2024年3月5日", "联系人及电话：王明", "0572-2000000",
            "抄送：湖州市吴兴区人大常委会代表工作委员会，湖州市吴兴区人民政府办公室。",
        ];
        says(&deputy, &letter, &body);
        for text in [typed(&got(&deputy, &letter, "docx").bytes), printed(&got(&deputy, &letter, "pdf").bytes)] {
            let head = text.split_once("对区五届").unwrap().0;
            assert!(head.contains("摘要公开") && head.contains('B'), "{head}");
        }
        let pdf = got(&transport, &letter, "pdf");
        assert_eq!(pdf.header("content-type"), "application/pdf");
        assert_eq!(pdf.header("x-content-type-options"), "nosniff");
        assert_eq!(pdf.header("cache-control"), "private, no-store");
        let name = "filename*=UTF-8''%E5%8C%BA%E4%BA%94%E5%B1%8A%E4%B8%89%E6%AC%A1%E4%BC%9A%E8%AE%AE%E5%BB%BA%E8%AE%AE%E7%AC%AC001%E5%8F%B7%E7%AD%94%E5%A4%8D1.pdf";
        assert!(pdf.header("content-disposition").ends_with(name), "{}", pdf.header("content-disposition"));
        assert!(got(&deputy, &letter, "docx").header("content-type").ends_with("wordprocessingml.document"));

        // Whom to call is for those who have to do with the case.
        for username in ["li", "committee", "housing"] {
            says(&world.signed_in(username), &letter, &["联系人及电话：王明"]);
        }
        for username in ["auditor", "government-office"] {
            says_nothing_of(&world.signed_in(username), &letter, "0572");
        }
        for page in [letter.clone(), format!("{path}/acceptance-notice")] {
            for stranger in ["shen", "court", "administrator", "committee@other", "chen@other"] {
                for form in ["docx", "pdf"] {
                    world.signed_in(stranger).get(&format!("{page}.{form}")).expect(404);
                }
            }
            world.nobody().get(&format!("{page}.pdf")).expect(401);
        }
        for n in ["0", "2", "x"] {
            deputy.get(&format!("{path}/replies/{n}/letter.pdf")).expect(404);
        }
        deputy.get(&format!("{path}/replies/1/letter.txt")).expect(404);
    }

    fn a_correction_names_what_it_corrects_and_an_interim_reply_itself(world) {
        let path = replied(world, json!({"interim": true, "text": "正在办理。"}));
        let (deputy, transport) = (world.deputy(), world.transport());
        let interim = format!("{path}/replies/1/letter");
        says(&deputy, &interim, &["的阶段性答复", "陈芳、李梅代表：", "正在办理。"]);
        says_nothing_of(&deputy, &interim, "签发人");
        deputy.get(&path).json["version"].as_i64().unwrap();
        transport.post(&format!("{path}/assignments/1/reply"), reply()).expect(200);
        let mut letter = reply();
        letter["document_number"] = json!("吴交〔2024〕13号");
        let correction = json!({"reason": "文号有误", "letter": letter});
        transport.post(&format!("{path}/assignments/1/reply/correction"), correction).expect(200);
        says(&deputy, &format!("{path}/replies/3/letter"), &["吴交〔2024〕13号", "代表：", "本函更正第2号答复。更正原因：文号有误", "您提出的建议收悉。"]);
        // The letter that was wrong stays as it was.
        says(&deputy, &format!("{path}/replies/2/letter"), &["吴交〔2024〕12号"]);
        says_nothing_of(&deputy, &format!("{path}/replies/2/letter"), "更正");
    }

    fn each_case_of_a_group_has_a_letter_to_its_own_signers(world) {
        let (committee, transport, shen) = (world.committee(), world.transport(), world.signed_in("shen"));
        let main = registered(world, &world.deputy(), "关于停车的建议", "挖潜扩容");
        let joined = registered(world, &shen, "关于车位的建议", "挖潜扩容");
        let into = main.rsplit('/').next().unwrap();
        committee.post(&format!("{joined}/merger"), json!({"into": into})).expect(200);
        let handlers = json!({"handlers": [{"department": transport.party, "part": "sole"}]});
        committee.post(&format!("{main}/assignments"), handlers).expect(200);
        transport.post(&format!("{main}/assignments/1/acceptance"), json!({})).expect(200);
        let mut answer = letter("A");
        answer["answers"] = json!([{"ask": 1, "class": "A", "text": "已建成。"}]);
        transport.post(&format!("{main}/assignments/1/reply"), answer).expect(200);
        says(&world.deputy(), &format!("{main}/replies/1/letter"), &["建议第001号“关于停车的建议”", "陈芳代表：", "一、挖潜扩容（A类）", "已建成。"]);
        says(&shen, &format!("{joined}/replies/1/letter"), &["建议第002号“关于车位的建议”", "沈建国代表：", "一、挖潜扩容（A类）", "已建成。"]);
        shen.get(&format!("{main}/replies/1/letter.pdf")).expect(404);
        // Put right on its own, it answers his own ask.
        let mut letter = letter("A");
        letter["answers"] = json!([{"ask": 1, "class": "A", "text": "地下车库已建成。"}]);
        shen.get(&joined).json["version"].as_i64().unwrap();
        let correction = json!({"reason": "漏答", "letter": letter});
        transport.post(&format!("{joined}/assignments/1/reply/correction"), correction).expect(200);
        says(&shen, &format!("{joined}/replies/2/letter"), &["本函更正第1号答复。", "一、挖潜扩容（A类）", "地下车库已建成。"]);
    }

    fn a_registered_case_has_a_notice_of_acceptance(world) {
        let deputy = world.deputy();
        let draft = json!({"kind": "suggestion", "title": "关于路灯的建议", "body": "正文"});
        let created = deputy.create("/v1/cases", draft).expect(201);
        let path = format!("/v1/cases/{}", created.json["id"].as_str().unwrap());
        deputy.post(&format!("{path}/submission"), json!({})).expect(200);
        let notice = format!("{path}/acceptance-notice");
        deputy.get(&format!("{notice}.docx")).expect(404);
        world.on("2024-01-18");
        world.committee().post(&format!("{path}/registration"), json!({})).expect(200);
        says(&deputy, &notice, &[
            "湖州市吴兴区人大常委会代表工作委员会",
            "代表建议受理告知书", "陈芳代表：", "您于2024年1月16日提出的“关于路灯的建议”",
            "2024年1月18日立案", "编号为：区五届三次会议建议第001号。",
            "2024年1月18日", "联系人及电话：湖州市吴兴区人大常委会代表工作委员会", "代表工委",
        ]);
        says_nothing_of(&world.signed_in("auditor"), &notice, "联系人及电话");
    }
}

#[test]
fn a_font_that_will_not_do_is_told_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let font = folder.path().join("song.ttf");
    let told = || {
        let mut command = jianyi(folder.path(), None);
        fails(command.env("JIANYI_BIND", "127.0.0.1:0").env("JIANYI_FONT", &font).arg("serve"))
    };
    assert!(told().contains("无法读取字体文件"), "{}", told());
    std::fs::write(&font, "no font").unwrap();
    assert!(told().contains("请检查设置 JIANYI_FONT"), "{}", told());
}
