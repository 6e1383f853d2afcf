//! The feed of events: page by page, or as a stream for a screen that updates itself.

use super::{
    ask::Ask,
    input::Query,
    pages::{Page, leading_on, page, page_size},
    problem::{ReadProblems, Refused},
};
use crate::office::feed::{CloudEvent, Heard, Listener};
use actix_web::{
    HttpRequest, HttpResponse,
    body::{BodySize, MessageBody},
    get,
    http::header,
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::sync::mpsc;

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FeedQuery {
    /// The `id` of the last event that was read; from the beginning if left out.
    after: Option<String>,
    /// Events on a page, 1 to 100; 50 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StreamQuery {
    /// The `id` of the last event that was read, where there is no `Last-Event-ID`; what comes from now on if left out.
    after: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Feed {
    /// Oldest first.
    events: Vec<CloudEvent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Read the feed of events 事件流
///
/// What happened to the cases that the caller may see, as CloudEvents 1.0, in one order that never changes. To follow it,
/// ask again with the `id` of the last event that was read: nothing is passed over. An event says what happened to which
/// case and nothing of what people wrote; read the case for that.
///
/// An event is told if the caller may see it when he asks. What happened to a case before he had a part in it stands in
/// `GET /v1/cases/{id}/events`.
///
/// **Who:** whoever lists cases; each event, whoever may read it.
#[utoipa::path(
    tag = "events",
    params(FeedQuery),
    responses((status = 200, body = Feed), ReadProblems),
    security(("bearer" = []))
)]
#[get("/events")]
pub async fn list_feed(
    ask: Ask,
    query: Query<FeedQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let limit = page_size(query.0.limit)?;
    let found = ask.office.feed(&ask.caller, query.0.after, limit + 1).await?;
    let Page { lines: events, next } = page(&request, found, limit, "after", |it| it.id.clone());
    Ok(leading_on(next.as_ref()).json(Feed { events, next }))
}

/// Listen to the feed of events
///
/// Server-sent events: the same events as in `GET /v1/events`, each as soon as it is there (within some two seconds), its
/// `id` the event's. A connection that broke goes on where it was by `Last-Event-ID`. A comment is sent every 15 seconds.
/// Rights are read anew each time, and the stream ends with the sign-in. A caller has 5 streams at a time; the sixth is
/// a 429.
///
/// **Who:** whoever lists cases; each event, whoever may read it.
#[utoipa::path(
    tag = "events",
    params(StreamQuery, ("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last event that was read")),
    responses(
        (status = 200, description = "The stream", content_type = "text/event-stream", body = String),
        ReadProblems
    ),
    security(("bearer" = []))
)]
#[get("/events/stream")]
pub async fn stream_feed(
    ask: Ask,
    query: Query<StreamQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let last = request.headers().get("last-event-id").map(|it| it.to_str().unwrap_or_default().to_owned());
    let listener = ask.office.listen(&ask.caller, last.or(query.0.after)).await?;
    // A reader who is slow holds back his own stream alone: nothing is kept for him beyond this.
    let (sender, receiver) = mpsc::channel(2);
    actix_web::rt::spawn(push(listener, sender));
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // nginx would hold it back to fill a buffer.
        .insert_header(("x-accel-buffering", "no"))
        .body(Pushed(receiver)))
}

async fn push(mut listener: Listener, sender: mpsc::Sender<Bytes>) {
    // Sent at once, so that the caller knows that he is heard; and how long to wait before he comes back.
    let mut piece = "retry: 3000\n\n".to_owned();
    loop {
        if sender.send(Bytes::from(piece)).await.is_err() {
            return;
        }
        let heard = tokio::select! {
            heard = listener.next() => heard,
            () = sender.closed() => return,
        };
        piece = match heard {
            Heard::Events(events) => events.iter().map(written).collect(),
            Heard::Silence => ":\n\n".to_owned(),
            Heard::Over => return,
        };
    }
}

/// An event as the stream has it; JSON has no line breaks outside its texts, and none inside.
fn written(event: &CloudEvent) -> String {
    let data = serde_json::to_string(event).unwrap_or_default();
    format!("id: {}\ndata: {data}\n\n", event.id)
}

/// What is pushed, as an answer's body.
struct Pushed(mpsc::Receiver<Bytes>);

impl MessageBody for Pushed {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        self.0.poll_recv(context).map(|piece| piece.map(Ok))
    }
}
