//! Who sends or reads too slowly loses his connection, and holds up nobody.

use crate::{
    on_both,
    support::{World, client::Caller},
};
use jianyi::api::{edge::Edge, patience::Patience};
use reqwest::Method;
use serde_json::json;
use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

/// A world that waits for a moment only.
fn hurried(world: &World, patience: Patience) -> World {
    world.met(Edge { patience, ..Edge::default() })
}

/// Long enough for whoever does not dawdle, on a busy machine too.
const MOMENT: Duration = Duration::from_millis(500);

fn host(world: &World) -> &str {
    world.base.trim_start_matches("http://")
}

/// Everything that the service answers until it closes the connection.
fn answer(socket: &mut TcpStream) -> String {
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut answer = Vec::new();
    match socket.read_to_end(&mut answer) {
        Ok(_) => {}
        // Closed while something of the request was still on its way.
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "the connection is still open"),
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// Sends a head that promises a body, and only the body's beginning.
fn begun(world: &World, caller: &Caller, target: &str, kind: &str) -> TcpStream {
    let (token, host) = (caller.token.clone().unwrap(), host(world));
    let mut socket = TcpStream::connect(host).unwrap();
    let head = format!(
        "POST {target} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\nif-match: \"1\"\r\n\
         content-type: {kind}\r\ncontent-length: 1000\r\n\r\n{{\"kind\":"
    );
    socket.write_all(head.as_bytes()).unwrap();
    socket
}

on_both! {
    fn a_head_that_does_not_arrive_is_not_waited_for(world) {
        let world = hurried(world, Patience { head: MOMENT, ..Patience::default() });
        let mut socket = TcpStream::connect(host(&world)).unwrap();
        socket.write_all(b"GET /healthz HTTP/1.1\r\nhost: here\r\nx-slow: ").unwrap();
        let said = answer(&mut socket);
        assert!(said.starts_with("HTTP/1.1 408 "), "{said}");
        world.nobody().get("/healthz").expect(200);
    }

    fn a_body_or_a_file_that_does_not_arrive_is_not_waited_for(world) {
        let world = hurried(world, Patience { body: MOMENT, file: MOMENT, ..Patience::default() });
        let deputy = world.deputy();
        let draft = deputy.create("/v1/cases", json!({"kind": "suggestion", "title": "标题", "body": "正文"})).expect(201);
        let path = draft.header("location").to_owned();
        for (target, kind) in [
            ("/v1/cases".to_owned(), "application/json"),
            (format!("{path}/submission"), "application/json"),
            ("/v1/policies/rehearsal".to_owned(), "application/json"),
            (format!("{path}/attachments?name=a.txt&purpose=submission"), "text/plain"),
        ] {
            let said = answer(&mut begun(&world, &deputy, &target, kind));
            assert!(said.starts_with("HTTP/1.1 408 "), "{target}: {said}");
            assert!(said.contains("urn:jianyi:problem:too-slow") && said.contains("nosniff"), "{target}: {said}");
        }
        // Nothing of it was done, and the service goes on.
        assert_eq!(deputy.get(&path).expect(200).version(), 1);
        assert_eq!(deputy.get("/v1/cases").expect(200).json["cases"].as_array().unwrap().len(), 1);
    }

    fn a_strangers_body_is_not_even_waited_for(world) {
        // With the usual patience: the answer comes before a body would have had to.
        let mut stranger = world.nobody();
        stranger.token = Some("nothing".to_owned());
        let start = Instant::now();
        let mut socket = begun(world, &stranger, "/v1/cases", "application/json");
        let mut first = [0; 12];
        socket.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
        socket.read_exact(&mut first).unwrap();
        assert_eq!(&first, b"HTTP/1.1 401");
        assert!(start.elapsed() < Patience::default().body);
    }
}

#[cfg(target_os = "linux")]
on_both! {
    fn a_reader_who_stops_loses_his_connection(world) {
        let world = hurried(world, Patience { reading: MOMENT, ..Patience::default() });
        let deputy = world.deputy();
        let draft = deputy.create("/v1/cases", json!({"kind": "suggestion", "title": "标题", "body": "正文"})).expect(201);
        let path = draft.header("location").to_owned();
        let text = "长".repeat(160 * 1024);
        let file = deputy.ask(Method::POST, &format!("{path}/attachments?name=a.txt&purpose=submission"));
        file.version(1).bytes(text.as_bytes()).send().expect(200);
        // More answers are asked for than the buffers on the way can hold, and none is read.
        let mut socket = TcpStream::connect(host(&world)).unwrap();
        let request = format!(
            "GET {path}/attachments/1 HTTP/1.1\r\nhost: here\r\nauthorization: Bearer {}\r\n\r\n",
            deputy.token.clone().unwrap()
        );
        for _ in 0..40 {
            socket.write_all(request.as_bytes()).unwrap();
        }
        // The system tells a client that the connection is gone when it sends again.
        let patience = Instant::now() + Duration::from_secs(60);
        let gone = loop {
            if let Err(error) = socket.write_all(b"\r\n") {
                break error;
            }
            assert!(Instant::now() < patience, "the connection is still open");
            std::thread::sleep(Duration::from_millis(50));
        };
        assert!(matches!(gone.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{gone}");
        deputy.get(&path).expect(200);
    }
}
