//! Attached files: who may send which, who gets them back, and what becomes of wrong, large and damaged ones.

use crate::{
    on_both,
    support::{
        World,
        client::{Caller, Reply},
        program::{fails, succeeds},
        world::{ATTACHMENT_LIMIT, wait},
    },
};
use reqwest::Method;
use serde_json::json;

const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n";

/// A PDF of another content.
fn pdf(text: &str) -> Vec<u8> {
    [PDF, format!("%{text}\n").as_bytes()].concat()
}

fn attach(caller: &Caller, path: &str, version: i64, query: &str, bytes: &[u8]) -> Reply {
    caller.ask(Method::POST, &format!("{path}/attachments?{query}")).version(version).bytes(bytes).send()
}

/// A draft of 陈芳's, at version 1.
fn draft(world: &World) -> String {
    let draft = json!({"kind": "suggestion", "title": "关于附件的建议", "body": "正文"});
    let created = world.deputy().create("/v1/cases", draft).expect(201);
    format!("/v1/cases/{}", created.json["id"].as_str().unwrap())
}

/// The same, in the hands of transport as lead and of housing as co-handler.
fn helped(world: &World) -> (String, i64) {
    let (path, _) = world.registered("关于两家办理的建议");
    let handlers = json!({"handlers": [
        {"department": world.transport().party, "part": "lead"},
        {"department": world.housing().party, "part": "co"}
    ]});
    let assigned = world.committee().post(&format!("{path}/assignments"), handlers).expect(200);
    (path, assigned.version())
}

/// How many attachments the caller sees in the case, and what each download answers.
fn seen(caller: &Caller, path: &str, files: u32) -> (usize, Vec<u16>) {
    let listed = caller.get(path).json["attachments"].as_array().map_or(0, Vec::len);
    (listed, (1..=files).map(|n| caller.get(&format!("{path}/attachments/{n}")).status).collect())
}

on_both! {
    fn a_deputys_file_reaches_the_department_once_it_has_the_case_and_no_stranger(world) {
        let (deputy, committee, transport) = (world.deputy(), world.committee(), world.transport());
        let path = draft(world);
        let attached = attach(&deputy, &path, 1, "name=C:\\照片\\现场照片.exe&purpose=submission", PDF).expect(200);
        assert_eq!((attached.version(), attached.etag.as_deref()), (2, Some("\"2\"")));
        let file = attached.json["attachments"][0].clone();
        assert_eq!((&file["number"], &file["by"], &file["assignment"]), (&json!(1), &json!("陈芳"), &json!(null)));
        let facts = file["file"].clone();
        assert_eq!((&facts["media_type"], &facts["size"]), (&json!("application/pdf"), &json!(PDF.len())));
        let name = facts["name"].as_str().unwrap();
        assert!(name.starts_with("现场照片") && name.ends_with(".pdf"), "{name}");

        // A draft is its signers' own affair.
        assert_eq!(seen(&committee, &path, 1), (0, vec![404]));
        deputy.post(&format!("{path}/submission"), json!({})).expect(200);
        assert_eq!(seen(&committee, &path, 1), (1, vec![200]));
        committee.post(&format!("{path}/registration"), json!({})).expect(200);
        assert_eq!(seen(&transport, &path, 1), (0, vec![404]));
        let handlers = json!({"handlers": [{"department": transport.party, "part": "sole"}]});
        committee.post(&format!("{path}/assignments"), handlers).expect(200);
        assert_eq!(seen(&transport, &path, 1), (1, vec![200]));

        let download = transport.get(&format!("{path}/attachments/1")).expect(200);
        assert_eq!(download.bytes, PDF);
        assert_eq!(download.header("content-type"), "application/pdf");
        assert_eq!(download.header("x-content-type-options"), "nosniff");
        assert_eq!(download.header("content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(download.header("cache-control"), "private, no-store");
        assert_eq!(download.header("etag"), format!("\"{}\"", facts["sha256"].as_str().unwrap()));
        let disposition = download.header("content-disposition");
        assert!(disposition.starts_with("attachment;") && disposition.contains("filename*=UTF-8''%E7%8E%B0"), "{disposition}");

        for stranger in ["shen", "housing", "court", "administrator", "committee@other", "chen@other"] {
            assert_eq!(seen(&world.signed_in(stranger), &path, 1), (0, vec![404]), "{stranger}");
        }
        world.nobody().get(&format!("{path}/attachments/1")).expect(401);
        for n in ["0", "2", "-1", "x", "99999999999"] {
            deputy.get(&format!("{path}/attachments/{n}")).expect(404);
        }
        world.assert_no_drift();
        assert_eq!(wait(world.office.verify()).unwrap().files, 1);
    }

    fn a_deputys_confidential_paper_is_not_the_secretarys_who_has_no_part_in_the_handling(world) {
        let (deputy, committee, transport) = (world.deputy(), world.committee(), world.transport());
        let path = draft(world);
        attach(&deputy, &path, 1, "name=联系人名单&purpose=submission&confidential=true", PDF).expect(200);
        attach(&deputy, &path, 2, "name=现场照片&purpose=submission", &pdf("照片")).expect(200);
        world.does("chen", &format!("{path}/submission"), json!({}));
        world.does("committee", &format!("{path}/registration"), json!({}));
        let handlers = json!({"handlers": [{"department": transport.party, "part": "sole"}]});
        world.does("committee", &format!("{path}/assignments"), handlers);
        for caller in [&deputy, &committee, &transport, &world.signed_in("auditor")] {
            assert_eq!(seen(caller, &path, 2), (2, vec![200, 200]));
        }
        let secretary = world.signed_in("secretary");
        assert_eq!(seen(&secretary, &path, 2), (1, vec![404, 200]));
        // Drafted, one paper, submitted, registered, assigned.
        assert_eq!(secretary.get(&path).expect(200).version(), 5);
    }

    fn working_papers_stay_with_the_offices_and_confidential_ones_with_those_who_need_them(world) {
        let (path, _) = helped(world);
        let (transport, housing) = (world.transport(), world.housing());
        let sent = [
            (&transport, "name=踏勘记录&purpose=handling&confidential=true"),
            (&transport, "name=会议纪要&purpose=handling"),
            (&housing, "name=产权清单&purpose=handling&confidential=true"),
            (&transport, "name=附图&purpose=reply"),
        ];
        for (caller, query) in sent {
            let seen = caller.get(&path).expect(200).version();
            attach(caller, &path, seen, query, &pdf(query)).expect(200);
        }
        let expected = [
            ("chen", vec![404, 404, 404, 200]),
            ("li", vec![404, 404, 404, 200]),
            ("committee", vec![200, 200, 200, 200]),
            ("auditor", vec![200, 200, 200, 200]),
            ("transport", vec![200, 200, 404, 200]),
            ("housing", vec![404, 200, 200, 200]),
            ("court", vec![404, 404, 404, 404]),
        ];
        for (username, statuses) in expected {
            let listed = statuses.iter().filter(|status| **status == 200).count();
            assert_eq!(seen(&world.signed_in(username), &path, 4), (listed, statuses), "{username}");
        }
        world.assert_no_drift();
    }

    fn what_is_wrong_is_told_in_the_order_that_tells_strangers_nothing(world) {
        let (deputy, committee) = (world.deputy(), world.committee());
        let path = draft(world);
        let good = "name=说明.pdf&purpose=submission";
        let page = b"<html><script>alert(1)</script></html>";
        let url = format!("{path}/attachments?{good}");

        world.nobody().ask(Method::POST, &url).bytes(page).send().expect(401);
        // Neither the missing version nor the page behind it is spoken of.
        world.signed_in("shen").ask(Method::POST, &url).bytes(page).send().expect(404);
        committee.ask(Method::POST, &url).bytes(page).send().expect(404);
        deputy.ask(Method::POST, &url).bytes(page).send().expect(428);
        attach(&deputy, &path, 7, good, page).expect(412);
        let refused = attach(&deputy, &path, 1, good, page).expect(422);
        assert_eq!(refused.pointers(), [""]);
        assert!(refused.text.contains("可上传 PDF"), "{}", refused.text);
        for (query, pointer) in [
            ("name=&purpose=submission", "?name"),
            ("name=收据\u{202e}fdp.exe&purpose=submission", "?name"),
            (&*format!("name={}&purpose=submission", "长".repeat(130)), "?name"),
            (&*format!("name={}&purpose=submission", "长".repeat(110)), "?name"),
            ("purpose=submission", "?name"),
            ("name=a", "?purpose"),
            ("name=a&purpose=letter", "?purpose"),
            ("name=a&purpose=reply", "?purpose"),
            ("name=a&purpose=submission&confidential=perhaps", "?confidential"),
            ("name=a&purpose=submission&colour=red", "?colour"),
        ] {
            let refused = attach(&deputy, &path, 1, query, PDF).expect(422);
            assert_eq!(refused.pointers(), [pointer], "{query}");
        }
        let english = deputy.ask(Method::POST, &url).version(1).header("accept-language", "en").bytes(page).send();
        assert!(english.expect(422).text.contains("Accepted are PDF"));

        // The department sees the case, but a sole handler's paper is not the deputy's to send.
        let (path, _) = world.in_hand("关于环节的建议");
        let version = deputy.get(&path).expect(200).version();
        let late = attach(&deputy, &path, version, good, PDF).expect(409);
        assert_eq!(late.json["missing"]["code"], "handed_in");
        attach(&world.signed_in("auditor"), &path, version, good, page).expect(403);
        assert_eq!(deputy.get(&path).json["version"], version);
        // Nothing was kept for any of them.
        assert!(!world.file(&"0".repeat(64)).parent().unwrap().parent().unwrap().read_dir().unwrap().any(|_| true));
    }

    fn a_file_over_the_limit_is_told_the_limit(world) {
        let (deputy, path) = (world.deputy(), draft(world));
        let query = "name=大图&purpose=submission";
        let mut bytes = pdf("x");
        bytes.resize(ATTACHMENT_LIMIT, b'\n');
        attach(&deputy, &path, 1, query, &bytes).expect(200);
        bytes.push(b'\n');
        let refused = attach(&deputy, &path, 2, query, &bytes).expect(413);
        assert_eq!(refused.json["type"], "urn:jianyi:problem:too-large");
        assert!(refused.text.contains("512 KB（524288 字节）"), "{}", refused.text);
        attach(&deputy, &path, 2, query, b"").expect(422);
        world.nobody().get("/healthz").expect(200);
    }

    fn sent_again_it_is_attached_once(world) {
        let (deputy, path) = (world.deputy(), draft(world));
        let query = "name=说明&purpose=submission";
        let keyed = |bytes: &[u8], version: i64| {
            let asked = deputy.ask(Method::POST, &format!("{path}/attachments?{query}")).version(version);
            asked.header("idempotency-key", "one").bytes(bytes).send()
        };
        let first = keyed(PDF, 1).expect(200);
        let again = keyed(PDF, 1).expect(200);
        assert_eq!((again.text.as_str(), again.header("idempotent-replayed")), (first.text.as_str(), "true"));
        assert_eq!(keyed(&pdf("other"), 2).expect(422).json["type"], "urn:jianyi:problem:key-reused");
        // Without the key the second is refused, and a stale version before it.
        attach(&deputy, &path, 1, query, PDF).expect(412);
        assert_eq!(attach(&deputy, &path, 2, query, PDF).expect(422).pointers(), [""]);
        // The same bytes on another case lie there once.
        let other = draft(world);
        attach(&deputy, &other, 1, query, PDF).expect(200);
        assert_eq!(deputy.get(&format!("{other}/attachments/1")).expect(200).bytes, PDF);
        assert_eq!(wait(world.office.verify()).unwrap().files, 1);
    }

    fn damaged_bytes_are_never_given_and_are_found(world) {
        let (deputy, path) = (world.deputy(), draft(world));
        let attached = attach(&deputy, &path, 1, "name=一&purpose=submission", PDF).expect(200);
        let sha256 = attached.json["attachments"][0]["file"]["sha256"].as_str().unwrap().to_owned();
        let place = world.file(&sha256);
        let column = |state: &str| vec![("attachment 1".to_owned(), state.to_owned(), sha256.clone())];
        let findings = || -> Vec<_> {
            let report = wait(world.office.verify()).unwrap();
            report.findings.into_iter().map(|it| (it.column, it.stored, it.derived)).collect()
        };
        assert_eq!(findings(), []);
        std::fs::remove_file(&place).unwrap();
        for (state, bytes) in [("missing", None), ("damaged", Some(b"something else"))] {
            if let Some(bytes) = bytes {
                std::fs::write(&place, bytes).unwrap();
            }
            let lost = deputy.get(&format!("{path}/attachments/1")).expect(500);
            assert_eq!(lost.json["type"], "urn:jianyi:problem:file-lost");
            assert_eq!(lost.header("content-type"), "application/problem+json");
            assert!(!lost.text.contains("something else"));
            assert_eq!(findings(), column(state));
            let told = fails(world.program().arg("verify"));
            assert!(told.contains(&format!("attachment 1: stored {state}, derived {sha256}")), "{told}");
        }
        std::fs::write(&place, PDF).unwrap();
        assert_eq!(deputy.get(&format!("{path}/attachments/1")).expect(200).bytes, PDF);
        assert!(succeeds(world.program().arg("verify")).contains("1 attached files read"));
    }
}
