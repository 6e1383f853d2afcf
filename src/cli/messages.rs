//! What the running service tells by itself: events to the streams that wait for them and to webhooks, letters to people.

use crate::{
    domain::ids::{CongressId, WebhookId},
    office::Office,
};
use std::{sync::Arc, time::Duration};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::Semaphore,
    time::{MissedTickBehavior, interval, sleep},
};

/// Webhooks told at a time. One that hangs keeps its place for ten seconds at most, and then waits for longer.
const AT_ONCE: usize = 64;

/// Once a second. Several processes on one PostgreSQL do the same beside each other: each event gets one place, and each
/// webhook is one process's at a time.
pub async fn keep_telling(office: Office) {
    actix_web::rt::spawn(close_at_the_end(office.clone()));
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut turns = interval(Duration::from_secs(1));
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        if let Err(fault) = office.keep_feed().await {
            tracing::warn!(?fault, "events got no place in the feed; the next turn tries again");
        }
        match office.due_webhooks().await {
            Ok(due) => {
                for (congress, id) in due {
                    let Ok(place) = places.clone().try_acquire_owned() else { break };
                    let office = office.clone();
                    actix_web::rt::spawn(async move {
                        tell(&office, &congress, id).await;
                        drop(place);
                    });
                }
            }
            Err(fault) => {
                tracing::warn!(?fault, "what webhooks are due was not read; the next turn tries again")
            }
        }
    }
}

/// Sends letters as soon as they wait: a server that is slow delays nothing else. Daily lists are queued once a day.
pub async fn send_letters(office: Office) {
    let holder = office.fresh_id().to_string();
    let mut turns = interval(Duration::from_secs(2));
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut listed_on = None;
    loop {
        turns.tick().await;
        let today = office.today();
        if listed_on != Some(today) {
            match office.queue_daily_mail().await {
                // Before the morning there is nothing to queue yet, and on a day off there never is.
                Ok(0) => {}
                Ok(letters) => {
                    tracing::info!(letters, "daily lists were queued");
                    listed_on = Some(today);
                }
                Err(fault) => {
                    tracing::warn!(?fault, "daily lists were not queued; the next turn tries again")
                }
            }
        }
        match office.send_mail(&holder).await {
            // A server in trouble is left alone for a while.
            Ok(turn) if turn.failed > 0 => sleep(Duration::from_secs(20)).await,
            Ok(_) => {}
            Err(fault) => tracing::warn!(?fault, "letters were not sent; the next turn tries again"),
        }
    }
}

async fn tell(office: &Office, congress: &CongressId, id: WebhookId) {
    if let Err(fault) = office.deliver(congress, id).await {
        tracing::warn!(webhook = %id, ?fault, "a webhook was not told; the next turn tries again");
    }
}

/// Streams have no end of their own, and the server waits for every answer under way.
async fn close_at_the_end(office: Office) {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    office.close_feed();
}
