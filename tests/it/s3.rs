//! Attached files in an S3-compatible store: the same stories as in a folder, and what only a store over the network can
//! do: be down, be entered with the wrong key, lose its bucket.

use crate::support::{
    World,
    client::{Caller, Reply},
    program::{fails, succeeds},
    s3::{SECRET, Server},
    world::wait,
};
use jianyi::files::{Files, S3};
use reqwest::Method;
use serde_json::json;
use std::io::{Read as _, Write as _};

const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n";

/// Runs a story on both databases, each with a store of its own.
macro_rules! on_both_with_store {
    ($(fn $name:ident($world:ident, $store:ident) $body:block)+) => {$(
        fn $name($world: &World, $store: &mut Server) $body

        mod $name {
            use super::*;

            fn on(postgres: bool) {
                let mut store = Server::start();
                let files = Files::open_s3(&store.place()).expect("a store");
                super::$name(&World::with_files(postgres, files), &mut store);
            }

            #[test]
            fn sqlite() {
                on(false);
            }

            #[test]
            fn postgres() {
                on(true);
            }
        }
    )+};
}

fn draft(world: &World) -> String {
    let draft = json!({"kind": "suggestion", "title": "关于附件存储的建议", "body": "正文"});
    let created = world.deputy().create("/v1/cases", draft).expect(201);
    format!("/v1/cases/{}", created.json["id"].as_str().unwrap())
}

fn attach(caller: &Caller, path: &str, version: i64, bytes: &[u8]) -> Reply {
    let url = format!("{path}/attachments?name=说明&purpose=submission");
    caller.ask(Method::POST, &url).version(version).bytes(bytes).send()
}

fn sha256(attached: &Reply) -> String {
    attached.json["attachments"][0]["file"]["sha256"].as_str().unwrap().to_owned()
}

#[track_caller]
fn unavailable(reply: Reply) {
    let reply = reply.expect(503);
    assert_eq!(reply.json["type"], "urn:jianyi:problem:files-unavailable");
    assert_eq!(reply.header("content-type"), "application/problem+json");
    assert!(!reply.header("retry-after").is_empty());
    // Neither where the store is nor as whom it is entered.
    for inner in ["127.0.0.1", "jianyi-files", "AKJIANYI", SECRET] {
        assert!(!reply.text.contains(inner), "{}", reply.text);
    }
}

on_both_with_store! {
    fn a_file_is_kept_once_and_given_back_and_verified(world, store) {
        let (deputy, path) = (world.deputy(), draft(world));
        let attached = attach(&deputy, &path, 1, PDF).expect(200);
        assert_eq!(std::fs::read(store.file(&sha256(&attached))).unwrap(), PDF);
        assert_eq!(deputy.get(&format!("{path}/attachments/1")).expect(200).bytes, PDF);
        // The same bytes on another case: the store refuses to write them again, and they count as kept.
        let other = draft(world);
        attach(&deputy, &other, 1, PDF).expect(200);
        assert_eq!(deputy.get(&format!("{other}/attachments/1")).expect(200).bytes, PDF);
        assert_eq!(wait(world.office.verify()).unwrap().files, 1);
        world.assert_no_drift();
        let told = succeeds(world.program().envs(store.settings()).arg("verify"));
        assert!(told.contains("1 attached files read"), "{told}");
    }

    fn a_damaged_or_missing_object_is_never_given_and_is_found(world, store) {
        let (deputy, path) = (world.deputy(), draft(world));
        let sha256 = sha256(&attach(&deputy, &path, 1, PDF).expect(200));
        let place = store.file(&sha256);
        for (state, bytes) in [("damaged", Some(&b"something else"[..])), ("missing", None)] {
            match bytes {
                Some(bytes) => std::fs::write(&place, bytes).unwrap(),
                None => std::fs::remove_file(&place).unwrap(),
            }
            let lost = deputy.get(&format!("{path}/attachments/1")).expect(500);
            assert_eq!(lost.json["type"], "urn:jianyi:problem:file-lost");
            let findings = wait(world.office.verify()).unwrap().findings;
            assert_eq!(findings.iter().map(|it| it.stored.as_str()).collect::<Vec<_>>(), [state]);
            let told = fails(world.program().envs(store.settings()).arg("verify"));
            assert!(told.contains(&format!("attachment 1: stored {state}, derived {sha256}")), "{told}");
        }
        // Damaged bytes are not taken for the right ones when they are sent again, and not written over.
        std::fs::write(&place, b"something else").unwrap();
        let other = draft(world);
        attach(&deputy, &other, 1, PDF).expect(500);
        assert_eq!(std::fs::read(&place).unwrap(), b"something else");
        assert_eq!(deputy.get(&other).json["version"], 1);
    }

    fn while_the_store_is_down_nothing_is_half_written_and_cases_are_read_on(world, store) {
        let (deputy, path) = (world.deputy(), draft(world));
        attach(&deputy, &path, 1, PDF).expect(200);
        store.stop();
        unavailable(attach(&deputy, &path, 2, b"another file"));
        unavailable(deputy.get(&format!("{path}/attachments/1")));
        let case = deputy.get(&path).expect(200);
        assert_eq!((&case.json["version"], case.json["attachments"].as_array().unwrap().len()), (&json!(2), 1));
        let doctor = fails(world.program().envs(store.settings()).arg("doctor"));
        assert!(doctor.contains("附件存储桶 jianyi-files 不可用") && !doctor.contains(SECRET), "{doctor}");
        let told = fails(world.program().envs(store.settings()).arg("verify"));
        assert!(told.contains("the files' store") && !told.contains(SECRET), "{told}");
        // The same upload succeeds once the store is back, with the version that still holds.
        store.again();
        let doctor = world.program().envs(store.settings()).arg("doctor").output().unwrap();
        assert!(String::from_utf8_lossy(&doctor.stdout).contains("the bucket jianyi-files can be read"));
        attach(&deputy, &path, 2, b"another file").expect(200);
        assert_eq!(deputy.get(&format!("{path}/attachments/2")).expect(200).bytes, b"another file");
        world.assert_no_drift();
    }

    fn a_refused_command_leaves_no_object(world, store) {
        let (deputy, path) = (world.deputy(), draft(world));
        attach(&deputy, &path, 7, PDF).expect(412);
        attach(&world.signed_in("shen"), &path, 1, PDF).expect(404);
        attach(&deputy, &path, 1, b"<html>").expect(422);
        assert!(!store.bucket().join("wuxing").exists());
    }
}

/// A server that gives every request the answer of a store without the bucket.
fn without_bucket() -> S3 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                head.extend(byte);
            }
            let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
            let length =
                head.split("content-length: ").nth(1).and_then(|it| it.split("\r\n").next()?.parse().ok());
            stream.read_exact(&mut vec![0; length.unwrap_or(0)]).unwrap();
            let told = "<?xml version=\"1.0\"?><Error><Code>NoSuchBucket</Code></Error>";
            let length = told.len();
            write!(
                stream,
                "HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{told}"
            )
            .unwrap();
        }
    });
    S3 { endpoint: Some(endpoint), ..Server::start().place() }
}

/// The service starts without asking, so that cases are read; what it cannot keep it refuses.
#[test]
fn a_wrong_secret_or_a_bucket_that_is_not_there_is_no_missing_file() {
    let store = Server::start();
    let right = Files::open_s3(&store.place()).unwrap();
    let digest = wait(right.put(PDF.into())).unwrap();
    for wrong in [
        S3 { secret: "another".to_owned(), ..store.place() },
        S3 { access_key: "AKNOBODY".to_owned(), ..store.place() },
        without_bucket(),
    ] {
        let files = Files::open_s3(&wrong).unwrap();
        let world = World::with_files(false, files.clone());
        let (deputy, path) = (world.deputy(), draft(&world));
        unavailable(attach(&deputy, &path, 1, PDF));
        let error = wait(files.get(&digest)).unwrap_err().to_string();
        assert!(!error.contains(SECRET) && !error.contains("another"), "{error}");
    }
    // Without a prefix it lies at the bucket's top.
    let bare = Files::open_s3(&S3 { prefix: String::new(), ..store.place() }).unwrap();
    wait(bare.put(PDF.into())).unwrap();
    let name = digest.as_str();
    assert!(store.bucket().join("sha256").join(&name[..2]).join(name).exists());
}
