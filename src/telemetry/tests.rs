//! What the module beside promises, tried.

use std::io::Write;
use std::sync::{Arc, Mutex};

use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, HttpResponse, test, web};
use serde_json::Value;

use super::*;
use crate::metrics::Metrics;

/// A place to log to that a test can read.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }
}

fn log_to(paper: &Paper, filter: &str, format: LogFormat) -> tracing::subscriber::DefaultGuard {
    let paper = paper.clone();
    tracing::subscriber::set_default(subscriber(filter, format, move || paper.clone()).unwrap())
}

struct Answer {
    status: StatusCode,
    id: String,
    body: String,
}

/// Sends one request to a small application and gives back its answer and the log.
async fn send(request: test::TestRequest) -> (Answer, Vec<Value>, Metrics) {
    let paper = Paper::default();
    let _log = log_to(&paper, "info", LogFormat::Json);
    let metrics = Metrics::new().unwrap();
    let app = test::init_service(
        App::new()
            .app_data(web::Data::new(metrics.clone()))
            .wrap(from_fn(|request: ServiceRequest, next: Next<_>| async move {
                if request.path() == "/refused" {
                    return Err(actix_web::error::ErrorServiceUnavailable("busy"));
                }
                next.call(request).await
            }))
            .wrap(from_fn(record_request))
            .service(
                web::scope("/v1")
                    .route("/cases/{id}", web::get().to(|id: RequestId| async move { id.to_string() }))
                    .route("/broken", web::get().to(HttpResponse::InternalServerError)),
            ),
    )
    .await;
    let answer = match test::try_call_service(&app, request.to_request()).await {
        Ok(answer) => answer.map_into_boxed_body().into_parts().1,
        Err(error) => error.error_response(),
    };
    let header = answer.headers().get("x-request-id").unwrap().to_str().unwrap().to_owned();
    let status = answer.status();
    let body = actix_web::body::to_bytes(answer.into_body()).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    (Answer { status, id: header, body }, paper.lines(), metrics)
}

fn get(path: &str) -> test::TestRequest {
    test::TestRequest::get().uri(path)
}

#[actix_web::test]
async fn a_request_is_one_line_with_the_pattern_and_without_the_path() {
    let request =
        get("/v1/cases/42?text=%E6%B2%B3%E5%A0%A4").insert_header(("X-Request-Id", "from-the-gateway.1"));
    let (answer, lines, metrics) = send(request).await;
    assert_eq!((answer.id.as_str(), answer.body.as_str()), ("from-the-gateway.1", "from-the-gateway.1"));
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    assert!(line["timestamp"].is_string() && line["duration_us"].is_u64(), "{line}");
    let mut rest = line.clone();
    rest.as_object_mut().unwrap().retain(|key, _| key != "timestamp" && key != "duration_us");
    let wanted = serde_json::json!({
        "level": "INFO", "message": "request", "request_id": "from-the-gateway.1", "method": "GET",
        "route": "/v1/cases/{id}", "status": 200, "bytes": 18, "target": TARGET,
    });
    assert_eq!(rest, wanted);
    let figures = String::from_utf8(metrics.text().unwrap()).unwrap();
    assert!(figures.contains(r#"method="GET",route="/v1/cases/{id}",status="200"} 1"#), "{figures}");
}

#[actix_web::test]
async fn an_insane_id_is_replaced_in_the_answer_the_handler_and_the_line() {
    let (answer, lines, _) = send(get("/v1/cases/42").insert_header(("X-Request-Id", "a b"))).await;
    assert_eq!(answer.id.len(), 32);
    assert_eq!(answer.body, answer.id);
    assert_eq!(lines[0]["request_id"], answer.id.as_str());
}

#[actix_web::test]
async fn an_unknown_path_is_not_written_down() {
    let (answer, lines, metrics) = send(get("/v1/13800138000")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!((lines.len(), &lines[0]["route"], &lines[0]["status"]), (1, &"none".into(), &404.into()));
    assert!(!lines[0].to_string().contains("13800138000"));
    assert!(!String::from_utf8(metrics.text().unwrap()).unwrap().contains("13800138000"));
}

#[actix_web::test]
async fn a_server_error_is_an_error_line() {
    let (answer, lines, _) = send(get("/v1/broken")).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!((lines.len(), &lines[0]["level"], &lines[0]["bytes"]), (1, &"ERROR".into(), &0.into()));
}

#[actix_web::test]
async fn an_error_of_another_middleware_is_answered_and_logged_with_the_id_too() {
    let (answer, lines, _) = send(get("/refused")).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "busy"));
    assert_eq!((lines.len(), &lines[0]["status"]), (1, &503.into()));
    assert_eq!(lines[0]["request_id"], answer.id.as_str());
}

#[actix_web::test]
async fn the_filter_and_the_text_form_work() {
    let paper = Paper::default();
    {
        let _log = log_to(&paper, "info,jianyi::request=off", LogFormat::Text);
        tracing::info!(target: TARGET, "hidden");
        tracing::debug!("hidden");
        tracing::info!(port = 8080, "listening");
    }
    assert!(
        paper.text().ends_with("listening port=8080\n") && !paper.text().contains("hidden"),
        "{}",
        paper.text()
    );
}
