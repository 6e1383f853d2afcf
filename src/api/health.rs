//! Whether the service lives, and whether it is ready to work.

use crate::office::Office;
use actix_web::{HttpResponse, web::Data};
use serde_json::json;

/// Lives: the process answers.
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "ok"}))
}

/// Ready: the database answers, and holds this program's schema (it would not have started otherwise).
pub async fn readyz(office: Data<Office>) -> HttpResponse {
    match office.store().ping().await {
        Ok(()) => HttpResponse::Ok().json(json!({"status": "ready", "database": "ok", "migrations": "ok"})),
        Err(_) => {
            HttpResponse::ServiceUnavailable().json(json!({"status": "not ready", "database": "unreachable"}))
        }
    }
}
