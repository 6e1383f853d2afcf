//! The contract and the printed tables are what the program says. A test that finds them changed writes them anew and
//! fails once, so that the change is seen.

use jianyi::{
    api::document,
    config::table,
    domain::{case::procedure, gate::matrix},
};
use serde_json::Value;
use std::path::Path;

fn held_in_step(file: &str, fresh: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if kept != fresh {
        std::fs::write(&path, fresh).expect("a writable checkout");
        panic!("{file} was out of date and has been written anew; look at the change and commit it");
    }
}

fn contract() -> Value {
    serde_json::to_value(document()).expect("a document")
}

#[test]
fn the_contract_is_what_the_routes_say() {
    let text = document().to_pretty_json().expect("a document") + "\n";
    held_in_step("api-spec/openapi.json", &text);
}

#[test]
fn every_operation_is_described_with_its_errors_and_examples() {
    let contract = contract();
    let mut operations = 0;
    for (path, item) in contract["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            operations += 1;
            assert!(operation["summary"].is_string() && operation["operationId"].is_string(), "{name}");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|s| s.starts_with('2')), "{name}");
            assert!(responses.contains_key("429"), "{name} lacks 429");
            if !operation["security"].is_null() {
                for status in ["401", "404", "503"] {
                    assert!(responses.contains_key(status), "{name} lacks {status}");
                }
            }
            if let Some(content) = operation["requestBody"]["content"]["application/json"].as_object() {
                let told = content.contains_key("example") || path.starts_with("/v1/auth");
                assert!(told, "{name} has no example");
                for status in ["400", "413", "415", "422"] {
                    assert!(responses.contains_key(status), "{name} lacks {status}");
                }
            }
        }
    }
    assert!(operations >= 40, "{operations}");
}

#[test]
fn the_procedure_has_a_line_for_every_step_and_no_dead_end() {
    use jianyi::domain::{case::procedure::PROCEDURE, words::Stage};
    let contract = contract();
    for step in PROCEDURE {
        let path = format!("/v1/cases/{{id}}{}", step.path);
        assert!(!contract["paths"][&path][step.method.to_lowercase()].is_null(), "{} {path}", step.method);
        assert!(!step.stages.is_empty() && !step.hands.is_empty(), "{}", step.zh);
        assert!(std::ptr::eq(step.action.step(), step), "{} has two lines", step.zh);
    }
    for stage in Stage::ALL {
        let leads_on = PROCEDURE.iter().any(|step| step.stages.contains(stage));
        // What ended without an answer is over; what is closed can still be revisited.
        let over = [Stage::Declined, Stage::Withdrawn, Stage::OnAgenda, Stage::Examined, Stage::Converted];
        assert_eq!(leads_on, !over.contains(stage), "{stage}");
    }
}

#[test]
fn the_documents_print_the_programs_tables() {
    for (file, name, table) in [
        ("ARCHITECTURE.md", "procedure", procedure::printed()),
        ("README.md", "settings", table::markdown()),
        ("docs/authorization.md", "matrix", matrix::printed()),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let (Some(from), Some(to)) = (text.find(&start), text.find(&end)) else {
            panic!("{file} has no {start}")
        };
        let fresh = format!("{}{start}{table}{}", &text[..from], &text[to..]);
        held_in_step(file, &fresh);
    }
}
