//! The reference for reads: a bare actix-web handler that gives the same bytes, in a process of its own.

use actix_web::{App, HttpResponse, HttpServer, web};

/// This process becomes the bare server if it was started as one.
pub fn serve_if_asked() {
    let (Ok(file), Ok(address)) = (std::env::var("BARE_FILE"), std::env::var("BARE_BIND")) else { return };
    let body = web::Bytes::from(std::fs::read(file).expect("the bytes to serve"));
    let server = move || {
        let body = body.clone();
        let handler = move || {
            let body = body.clone();
            async move { HttpResponse::Ok().content_type("application/json").body(body) }
        };
        App::new()
            .route("/reference", web::get().to(handler.clone()))
            .route("/readyz", web::get().to(handler))
    };
    let run = async { HttpServer::new(server).workers(2).bind(address)?.run().await };
    actix_web::rt::System::new().block_on(run).expect("the bare server runs");
    std::process::exit(0);
}
