//! What answers say to browsers: how they are guarded, kept and opened to other pages.

use crate::{
    on_both,
    support::{
        World,
        client::{Caller, Reply},
        program::outside,
    },
};
use jianyi::api::{address::Proxies, cross_origin::Origins, edge::Edge, plain_http::Refuse};
use reqwest::Method;
use serde_json::json;

const CLOSED: &str = "default-src 'none'; frame-ancestors 'none'";
const CONSOLE: &str = "https://console.example.org";

#[track_caller]
fn guarded(reply: &Reply, policy: &str) {
    let said = [
        "x-content-type-options",
        "content-security-policy",
        "referrer-policy",
        "cross-origin-resource-policy",
    ]
    .map(|name| reply.header(name));
    assert_eq!(said, ["nosniff", policy, "no-referrer", "same-origin"], "{}", reply.text);
    assert!(!reply.headers.contains_key("server") && !reply.headers.contains_key("x-powered-by"));
}

/// The headers that open an answer to a page of another origin.
fn opened(reply: &Reply) -> Vec<String> {
    let names = reply.headers.keys().map(|name| name.as_str().to_owned());
    names.filter(|name| name.starts_with("access-control-")).collect()
}

fn page(caller: &Caller, origin: &str, method: Method, path: &str) -> Reply {
    caller.ask(method, path).header("origin", origin).send()
}

fn preflight(world: &World, origin: &str, method: &str, headers: &str) -> Reply {
    let asked = world.nobody().ask(Method::OPTIONS, "/v1/cases").header("origin", origin);
    let asked = asked.header("access-control-request-method", method);
    asked.header("access-control-request-headers", headers).send()
}

on_both! {
    fn every_answer_is_guarded_and_errors_too(world) {
        let (deputy, nobody) = (world.deputy(), world.nobody());
        let created = deputy.create("/v1/cases", json!({"kind": "suggestion", "title": "标题", "body": "正文"}));
        let created = created.expect(201);
        let path = created.header("location").to_owned();
        for (reply, status) in [
            (created, 201),
            (deputy.get(&path), 200),
            (deputy.ask(Method::GET, &path).header("if-none-match", "\"1\"").send(), 304),
            (nobody.get(&path), 401),
            (deputy.get("/v1/nowhere"), 404),
            (deputy.ask(Method::DELETE, "/v1/cases").send(), 405),
            (deputy.create("/v1/cases", json!([])), 422),
            (nobody.get("/healthz"), 200),
            (nobody.get("/openapi.json"), 200),
            (nobody.get("/v1/public/cases?congress=330502"), 200),
        ] {
            assert_eq!(reply.status, status, "{}", reply.text);
            guarded(&reply, CLOSED);
            assert_eq!(reply.header("strict-transport-security"), "", "nobody said that it came over TLS");
        }
    }

    fn what_somebody_signed_in_reads_is_kept_by_no_one_else(world) {
        let (deputy, nobody) = (world.deputy(), world.nobody());
        let (path, version) = world.registered("关于缓存的建议");
        let kept = |reply: Reply| (reply.status, reply.header("cache-control").to_owned(), reply.header("vary").to_owned());
        let own = "authorization, accept-language".to_owned();
        let none = String::new;
        assert_eq!(kept(deputy.get("/v1/me")), (200, "no-store".to_owned(), own.clone()));
        assert_eq!(kept(deputy.get("/v1/cases/nothing")), (404, "no-store".to_owned(), own.clone()));
        // A case may lie in the caller's own browser, but is asked for again each time, with his own token.
        assert_eq!(kept(deputy.get(&path)), (200, "private, no-cache".to_owned(), own.clone()));
        let same = deputy.ask(Method::GET, &path).header("if-none-match", &format!("\"{version}\"")).send();
        assert_eq!(kept(same), (304, "private, no-cache".to_owned(), own));
        // What residents read may be kept for a minute; rules are asked for again.
        assert_eq!(kept(nobody.get("/v1/public/cases?congress=330502")), (200, "public, max-age=60".to_owned(), none()));
        assert_eq!(kept(nobody.get("/v1/calendars")), (200, "no-cache".to_owned(), none()));
        let refused = nobody.create("/v1/auth/sign-in", json!({"username": "chen", "password": "wrong"}));
        assert_eq!(kept(refused), (401, "no-store".to_owned(), none()));
    }

    fn files_and_letters_are_saved_and_never_shown_as_pages(world) {
        let deputy = world.deputy();
        let (answered, _) = world.answered("关于下载的建议", "A");
        let draft = deputy.create("/v1/cases", json!({"kind": "suggestion", "title": "标题", "body": "正文"})).expect(201);
        let draft = draft.header("location").to_owned();
        let file = deputy.ask(Method::POST, &format!("{draft}/attachments?name=<script>.txt&purpose=submission"));
        file.version(1).bytes("每分钟过街六十二人".as_bytes()).send().expect(200);
        for path in [format!("{draft}/attachments/1"), format!("{answered}/replies/1/letter.docx")] {
            let saved = deputy.get(&path).expect(200);
            guarded(&saved, "sandbox; default-src 'none'");
            assert!(saved.header("content-disposition").starts_with("attachment; "), "{saved:?}");
            assert!(saved.header("content-disposition").contains("filename*=UTF-8''"), "{saved:?}");
            assert_eq!(saved.header("cache-control"), "private, no-store");
        }
    }

    fn pages_of_other_origins_are_shut_out_unless_they_are_named(world) {
        let deputy = world.deputy();
        let closed = page(&deputy, CONSOLE, Method::GET, "/v1/me").expect(200);
        assert_eq!(opened(&closed), [""; 0]);
        let asked = preflight(world, CONSOLE, "GET", "authorization");
        assert_eq!((asked.status, opened(&asked)), (405, vec![]));

        let world = world.met(Edge { origins: Origins::new(vec![CONSOLE.to_owned()]), ..Edge::default() });
        let deputy = world.deputy();
        let open = page(&deputy, CONSOLE, Method::GET, "/v1/me").expect(200);
        assert_eq!(open.header("access-control-allow-origin"), CONSOLE);
        assert!(!open.headers.contains_key("access-control-allow-credentials"));
        let readable = open.header("access-control-expose-headers").to_ascii_lowercase();
        for name in ["etag", "link", "location", "retry-after"] {
            assert!(readable.contains(name), "{readable}");
        }
        let varies: Vec<_> = open.headers.get_all("vary").iter().map(|v| v.to_str().unwrap().to_ascii_lowercase()).collect();
        assert!(varies.iter().any(|v| v.contains("origin")) && varies.iter().any(|v| v.contains("authorization")), "{varies:?}");
        // Errors are told to the page too.
        let refused = page(&world.nobody(), CONSOLE, Method::GET, "/v1/me").expect(401);
        assert_eq!(refused.header("access-control-allow-origin"), CONSOLE);
        guarded(&refused, CLOSED);
        let allowed = preflight(&world, CONSOLE, "PATCH", "authorization, if-match, idempotency-key, content-type").expect(200);
        assert_eq!(allowed.header("access-control-allow-origin"), CONSOLE);
        assert!(allowed.header("access-control-allow-methods").contains("PATCH"));

        for stranger in ["https://evil.example.org", "https://console.example.org.evil.org", "http://console.example.org", "null"] {
            let other = page(&deputy, stranger, Method::GET, "/v1/me").expect(200);
            assert_eq!(other.header("access-control-allow-origin"), "", "{stranger}");
            let asked = preflight(&world, stranger, "GET", "authorization");
            assert_eq!((asked.status, asked.header("access-control-allow-origin")), (400, ""), "{stranger}");
        }
        assert_eq!(preflight(&world, CONSOLE, "DELETE", "authorization").status, 400);
        assert_eq!(preflight(&world, CONSOLE, "GET", "x-anything").status, 400);
    }

    fn behind_a_proxy_that_speaks_tls_the_browser_is_told_to_keep_to_it(world) {
        let proxies = Proxies::new(vec!["127.0.0.1".parse::<std::net::IpAddr>().unwrap().into()]);
        let world = world.met(Edge { proxies, ..Edge::default() });
        let over = |scheme: &str| {
            let reply = world.nobody().ask(Method::GET, "/v1/calendars").header("x-forwarded-proto", scheme).send();
            reply.header("strict-transport-security").to_owned()
        };
        assert_eq!((over("https").as_str(), over("http").as_str()), ("max-age=31536000", ""));
    }

    fn the_page_to_try_the_api_on_runs_its_own_scripts_and_no_others(world) {
        let nobody = world.nobody();
        let page = nobody.get("/docs/").expect(200);
        let policy = page.header("content-security-policy").to_owned();
        guarded(&page, &policy);
        assert!(policy.contains("script-src 'self';") && policy.starts_with("default-src 'none';"), "{policy}");
        assert!(!policy.contains("unsafe-eval") && policy.contains("frame-ancestors 'none'"), "{policy}");
        // It has no script of its own within the page, so that the policy does not break it.
        let scripts: Vec<_> = page.text.split("<script").skip(1).collect();
        assert!(!scripts.is_empty() && scripts.iter().all(|it| it.trim_start().starts_with("src=\"./")), "{}", page.text);
        for script in ["swagger-ui-bundle.js", "swagger-initializer.js"] {
            let script = nobody.get(&format!("/docs/{script}")).expect(200);
            assert!(script.header("content-type").contains("javascript"), "{:?}", script.headers);
        }
    }
}

on_both! {
    fn plain_text_from_the_network_is_refused_by_a_real_service(world) {
        let host = outside();
        let asks = |world: &World, path: &str, told: &[(&str, &str)]| {
            let mut caller = world.nobody();
            caller.base = caller.base.replace("0.0.0.0", &host.to_string());
            let asked = told.iter().fold(caller.ask(Method::GET, path), |asked, (name, value)| asked.header(name, value));
            asked.send()
        };
        let strict = || Edge { plain_http: Refuse(true), ..Edge::default() };
        let shut = world.open_to_the_network(strict());
        for path in ["/v1/calendars", "/v1/me", "/docs/", "/readyz", "/metrics", "/healthz/"] {
            let refused = asks(&shut, path, &[("x-forwarded-proto", "https")]).expect(421);
            assert_eq!(refused.json["type"], "urn:jianyi:problem:plain-http", "{path}");
            assert!(refused.json["detail"].as_str().unwrap().contains("JIANYI_TRUSTED_PROXIES"));
        }
        asks(&shut, "/healthz", &[]).expect(200);
        // From this machine it is answered, and a proxy that is named is as well.
        let mut near = shut.nobody();
        near.base = near.base.replace("0.0.0.0", "127.0.0.1");
        near.get("/v1/calendars").expect(200);
        let proxies = Proxies::new(vec![host.into()]);
        let behind = world.open_to_the_network(Edge { proxies, ..strict() });
        asks(&behind, "/v1/calendars", &[("x-forwarded-proto", "https")]).expect(200);
        // The sample and the tests are not held to it.
        asks(&world.open_to_the_network(Edge::default()), "/v1/calendars", &[]).expect(200);
    }
}
