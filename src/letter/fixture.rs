//! Letters that the tests write, and the programs of others that read them.

use std::{
    io::{Cursor, Read, Write},
    process::{Command, Stdio},
};

use chrono::NaiveDate;

use super::{Letter, Section};

/// A letter of two pages with everything on it.
pub fn letter() -> Letter {
    Letter {
        issuer: "江城区教育局".to_owned(),
        class_mark: Some("A".to_owned()),
        marking: Some("不予公开".to_owned()),
        document_number: Some("江教函〔2024〕12号".to_owned()),
        signer: Some("王建国".to_owned()),
        title: "对区第十八届人大三次会议第87号《关于在实验小学周边增设过街设施、完善上下学交通组织的建议》的答复".to_owned(),
        addressees: vec!["陈芳".to_owned(), "朱镕喆".to_owned()],
        paragraphs: vec![
            "您们提出的《关于在实验小学周边增设过街设施、完善上下学交通组织的建议》收悉。我局高度重视，会同区公安分局交警大队、区住房和城乡建设局进行了认真研究，并于2024年4月2日与您们当面沟通。现答复如下：".to_owned(),
        ],
        sections: vec![
            section("关于在校门口增设信号灯和人行横道的建议", Some("A类"), &[
                "您们的建议十分中肯。经现场勘查，实验小学东门日均过街人流4,300人次，其中7:20至7:50占38.5%，确有必要增设信号灯。该项目已列入2024年区政府为民办实事项目，投资86万元，由区公安分局交警大队组织实施，6月底前完工并投入使用。",
            ]),
            section("关于错峰放学的建议", Some("B类"), &[
                "自2024年秋季学期起，低年级16:00放学、中高年级16:20放学。具体安排见https://www.jiangcheng.example.gov.cn/jyj/tzgg/2024/0510-0087.html，并将通过“家校通”逐户告知……",
                "课后服务延时至18:00的学生，由值班教师护送至校门。",
            ]),
            section("关于建设地下接送中心的建议", Some("C类"), &[
                "实验小学地下为在建轨道交通3号线区间，建设条件暂不具备。我局将在新校区规划中统筹考虑，恳请理解。",
            ]),
            section("会办单位意见", None, &[
                "区公安分局交警大队：同意增设信号灯，并在上下学时段安排2名警力现场疏导。",
                "区住房和城乡建设局：人行横道及无障碍坡道随道路大修一并实施。",
            ]),
            section("办理承诺", None, &[
                "1.信号灯及人行横道：2024年6月30日前建成，责任单位区公安分局交警大队。",
                "2.错峰放学方案：2024年8月25日前公布，责任单位区教育局。",
            ]),
        ],
        closing: vec!["感谢您们对我区教育工作的关心和支持！如有意见，请填写《征询意见表》反馈区人大常委会代表工作委员会。".to_owned()],
        date: NaiveDate::from_ymd_opt(2024, 5, 10).unwrap(),
        contact: Some("李明　027-85550123".to_owned()),
        copies_to: vec!["区人大常委会代表工作委员会".to_owned(), "区人民政府办公室".to_owned(), "区公安分局".to_owned(), "区住房和城乡建设局".to_owned()],
    }
}

/// No more than a letter must have.
pub fn short() -> Letter {
    Letter {
        class_mark: None,
        marking: None,
        document_number: None,
        signer: None,
        title: "对第1号建议的答复".to_owned(),
        addressees: vec!["陈芳".to_owned()],
        paragraphs: vec!["已办。".to_owned()],
        sections: Vec::new(),
        closing: Vec::new(),
        contact: None,
        copies_to: Vec::new(),
        ..letter()
    }
}

fn section(heading: &str, mark: Option<&str>, paragraphs: &[&str]) -> Section {
    let paragraphs = paragraphs.iter().map(|&text| text.to_owned()).collect();
    Section { heading: heading.to_owned(), mark: mark.map(str::to_owned), paragraphs }
}

/// One file of a .docx.
pub fn part(docx: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// What one of poppler's programs makes of a PDF.
pub fn poppler(program: &str, arguments: &[&str], pdf: &[u8]) -> Vec<u8> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}; scripts/install-poppler installs it"));
    let mut input = child.stdin.take().unwrap();
    let bytes = pdf.to_vec();
    // Beside the reading, since both pipes may fill up.
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    let _closed_early = writer.join().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", output.status);
    output.stdout
}

/// Its text without blanks and line ends, since those depend on where lines break.
pub fn text(pdf: &[u8]) -> String {
    let text = String::from_utf8(poppler("pdftotext", &["-raw", "-", "-"], pdf)).unwrap();
    text.split_whitespace().collect()
}
