//! A caller of the service, and what it answers.

use reqwest::{Method, blocking::Client};
use serde_json::Value;

/// Somebody, signed in or not.
#[derive(Clone)]
pub struct Caller {
    pub http: Client,
    pub base: String,
    pub token: Option<String>,
    /// The deputy's or the department's id.
    pub party: String,
}

pub struct Asked {
    request: reqwest::blocking::RequestBuilder,
}

#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub etag: Option<String>,
    pub headers: reqwest::header::HeaderMap,
    pub bytes: Vec<u8>,
    pub text: String,
    pub json: Value,
}

impl Caller {
    pub fn ask(&self, method: Method, path: &str) -> Asked {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        let mut request = self.http.request(method, url);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        Asked { request }
    }

    pub fn get(&self, path: &str) -> Reply {
        self.ask(Method::GET, path).send()
    }

    /// A command on a case, given by somebody who has just looked at it.
    pub fn post(&self, path: &str, body: Value) -> Reply {
        self.ask(Method::POST, path).header("if-match", &self.tag(path)).json(body).send()
    }

    /// The version that the caller sees of the case that a path is about; any, where it does not exist for him.
    pub fn tag(&self, path: &str) -> String {
        let case: Vec<&str> = path.split('/').take(4).collect();
        self.get(&case.join("/")).etag.unwrap_or_else(|| "*".to_owned())
    }

    pub fn create(&self, path: &str, body: Value) -> Reply {
        self.ask(Method::POST, path).json(body).send()
    }
}

impl Asked {
    pub fn header(mut self, name: &str, value: &str) -> Asked {
        self.request = self.request.header(name, value);
        self
    }

    pub fn version(self, version: i64) -> Asked {
        self.header("if-match", &format!("\"{version}\""))
    }

    pub fn json(self, body: Value) -> Asked {
        self.text(&body.to_string())
    }

    pub fn text(self, body: &str) -> Asked {
        let mut asked = self.header("content-type", "application/json");
        asked.request = asked.request.body(body.to_owned());
        asked
    }

    pub fn bytes(mut self, body: &[u8]) -> Asked {
        self.request = self.request.body(body.to_vec());
        self
    }

    pub fn send(self) -> Reply {
        let response = self.request.send().expect("the service answers");
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let etag = headers.get("etag").and_then(|v| v.to_str().ok()).map(str::to_owned);
        let bytes = response.bytes().map(|bytes| bytes.to_vec()).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Reply { status, etag, headers, bytes, text, json }
    }
}

impl Reply {
    /// A header's value; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The answer, which must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Reply {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    #[track_caller]
    pub fn version(&self) -> i64 {
        self.json["version"].as_i64().unwrap_or_else(|| panic!("no version in {}", self.text))
    }

    /// The pointers of a problem's errors.
    pub fn pointers(&self) -> Vec<String> {
        let errors = self.json["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().filter_map(|e| e["pointer"].as_str().map(str::to_owned)).collect()
    }
}
