//! The running service: the application, its middlewares, and an orderly end.

use super::{
    attachments::AttachmentLimit, edge::Edge, export::ExportLimit, guarded::guard_answers, health,
    limits::limit, missed::missed, plain_http::refuse_plain_http, press::Press, problem::write_problems,
    routes, sign_in::Lifetimes,
};
use crate::{
    identity::token::Tokens,
    metrics::{Metrics, get_metrics},
    office::Office,
    telemetry::record_request,
};
use actix_web::{
    App, HttpResponse, HttpServer,
    dev::Server,
    middleware::from_fn,
    web::{self, Data, PayloadConfig},
};
use chrono::TimeDelta;
use std::{net::TcpListener, time::Duration};
use utoipa_swagger_ui::{Config as SwaggerConfig, SwaggerUi};

/// Everything that a server is started with.
pub struct Parts {
    pub office: Office,
    pub tokens: Tokens,
    pub metrics: Metrics,
    pub token_life: TimeDelta,
    pub workers: usize,
    /// Bytes.
    pub body_limit: usize,
    /// Bytes.
    pub attachment_limit: usize,
    /// Lines of the longest export.
    pub export_rows: usize,
    /// How the network is met.
    pub edge: Edge,
    /// What letters are written with.
    pub press: Press,
    /// How long requests under way may take once the service is told to stop.
    pub shutdown: Duration,
}

/// The committed contract, which a test holds equal to the routes: to collect it anew would take 80 MB for a moment, and
/// the allocator keeps them.
async fn contract() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(include_str!("../../api-spec/openapi.json"))
}

/// Starts serving on a bound socket. SIGTERM and SIGINT end it: no new connections, requests under way finish.
///
/// # Errors
/// When the socket cannot be used.
pub fn start(listener: TcpListener, parts: Parts) -> std::io::Result<Server> {
    let Parts {
        office,
        tokens,
        metrics,
        token_life,
        workers,
        body_limit,
        attachment_limit,
        edge,
        export_rows,
        press,
        shutdown,
    } = parts;
    let Edge { proxies, limits, patience, origins, plain_http } = edge;
    patience.with_readers(&listener)?;
    let (proxies, limits) = (Data::new(proxies), Data::new(limits));
    let (office, tokens, metrics) = (Data::new(office), Data::new(tokens), Data::new(metrics));
    let (largest, press) = (Data::new(AttachmentLimit(attachment_limit)), Data::new(press));
    let exports = Data::new(ExportLimit::of(export_rows));
    let lifetimes = Data::new(Lifetimes { access: token_life });
    let server = HttpServer::new(move || {
        App::new()
            .app_data(office.clone())
            .app_data(tokens.clone())
            .app_data(metrics.clone())
            .app_data(lifetimes.clone())
            .app_data(largest.clone())
            .app_data(proxies.clone())
            .app_data(limits.clone())
            .app_data(patience)
            .app_data(plain_http)
            .app_data(press.clone())
            .app_data(exports.clone())
            .app_data(PayloadConfig::new(body_limit))
            .service(web::scope("/v1").configure(routes))
            .route("/openapi.json", web::get().to(contract))
            .route("/healthz", web::get().to(health::healthz))
            .route("/healthz", web::head().to(health::healthz))
            .route("/readyz", web::get().to(health::readyz))
            .route("/readyz", web::head().to(health::readyz))
            .route("/metrics", web::get().to(get_metrics))
            .service(web::redirect("/docs", "/docs/"))
            .service(SwaggerUi::new("/docs/{_:.*}").config(SwaggerConfig::from("/openapi.json")))
            .default_service(web::to(missed))
            // The last one wrapped runs first.
            .wrap(from_fn(limit))
            .wrap(from_fn(refuse_plain_http))
            // A page that may call reads also why it was turned away.
            .wrap(origins.middleware())
            .wrap(from_fn(write_problems))
            .wrap(from_fn(guard_answers))
            .wrap(from_fn(record_request))
    })
    .workers(workers)
    .client_request_timeout(patience.head)
    .client_disconnect_timeout(patience.parting)
    .keep_alive(patience.idle)
    .shutdown_timeout(shutdown.as_secs())
    .listen(listener)?;
    Ok(server.run())
}
