//! Sending what is due: to each webhook one event after the other, in the feed's order, so that one which fails holds back
//! those behind it and no other webhook's. An event is recorded as delivered after the receiver said so: a crash in between
//! sends it again, under the same name.

use super::{about, webhooks};
use crate::{
    courier::{
        NotSent,
        schedule::{GIVE_UP_AFTER, LONGEST, gives_up, wait},
        secret,
    },
    domain::{
        gate::{self, Operation},
        ids::{CongressId, WebhookId},
    },
    office::{Fault, Office, feed::Told},
    store::{
        Db, StoreError, Touch, people,
        webhooks::{Delivery, Outcome, Webhook},
    },
};

/// What a round to one webhook came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    pub delivered: usize,
    pub failed: usize,
}

/// What is next for a webhook.
enum Next {
    Event(Box<Told>),
    /// Nothing more up to this place.
    Nothing(i64),
    /// The program that it tells is none any more.
    NobodyToTell,
}

impl Office {
    /// The webhooks for which there is something to do.
    pub async fn due_webhooks(&self) -> Result<Vec<(CongressId, WebhookId)>, Fault> {
        let (now, never) = (self.now().naive_utc(), (self.now() + LONGEST).naive_utc());
        self.store.read(move |db| Ok(webhooks::due(db, now, never)?)).await
    }

    /// Tells one webhook of all that is due, until nothing is left, an attempt fails, or somebody else is at it.
    pub async fn deliver(&self, congress: &CongressId, id: WebhookId) -> Result<Round, Fault> {
        let mut round = Round::default();
        let Some(_busy) = self.outgoing.begin(id) else { return Ok(round) };
        // A name for this round: another one, of this process or of any other, is somebody else.
        let who = self.fresh_id().to_string();
        while let Some(webhook) = self.leased(congress, id, &who).await? {
            match self.next_for(congress, &webhook).await? {
                Next::Event(told) => match self.attempt(&webhook, &who, *told).await? {
                    Attempt::Delivered => round.delivered += 1,
                    Attempt::Failed => {
                        round.failed += 1;
                        break;
                    }
                    Attempt::Overtaken => break,
                },
                Next::Nothing(to) => {
                    let at_rest = Outcome {
                        position: to,
                        failures: webhook.failures,
                        next_try_at: webhook.next_try_at,
                        state: None,
                    };
                    self.settled(&webhook, &who, at_rest).await?;
                    break;
                }
                Next::NobodyToTell => {
                    let paused = Outcome {
                        position: webhook.position,
                        failures: webhook.failures,
                        next_try_at: None,
                        state: Some(("paused", "its program ended or may read no cases")),
                    };
                    self.settled(&webhook, &who, paused).await?;
                    break;
                }
            }
        }
        let congress = congress.clone();
        let release = move |db: &mut Db| Ok::<_, Fault>(webhooks::release(db, &congress, id, &who)?);
        self.store.write(Touch::Nothing, release).await?;
        Ok(round)
    }

    async fn leased(
        &self,
        congress: &CongressId,
        id: WebhookId,
        who: &str,
    ) -> Result<Option<Webhook>, Fault> {
        let (congress, who) = (congress.clone(), who.to_owned());
        let lease = move |db: &mut Db| Ok::<_, Fault>(webhooks::lease(db, &congress, id, &who)?);
        self.store.write(Touch::Nothing, lease).await
    }

    /// The next event that the webhook's program may see, asked for one at a time: with the rights of this moment.
    async fn next_for(&self, congress: &CongressId, webhook: &Webhook) -> Result<Next, Fault> {
        let (office, congress, webhook) = (self.clone(), congress.clone(), webhook.clone());
        self.store
            .snapshot_aside(move |db| {
                let corrupt = |e| StoreError::corrupt("webhooks", &webhook.id, e);
                let membership = webhook.membership_id.parse().map_err(corrupt)?;
                let told = people::actor(db, people::Who::Membership(membership))?
                    .filter(|it| it.congress.as_ref() == Some(&congress))
                    .filter(|it| gate::admit(it, Operation::ReadFeed).is_ok());
                let Some(actor) = told else { return Ok(Next::NobodyToTell) };
                let wants = |kind: &str| webhook.wants(kind);
                let found = office.found(db, &actor, webhook.position, 1, &wants)?;
                Ok(match found.told.into_iter().next() {
                    Some(told) => Next::Event(Box::new(told)),
                    None => Next::Nothing(found.to),
                })
            })
            .await
    }

    async fn attempt(&self, webhook: &Webhook, who: &str, told: Told) -> Result<Attempt, Fault> {
        let at = self.now();
        let Told { seq, event } = told;
        let body = serde_json::to_string(&event).map_err(|e| StoreError::corrupt("feed", seq, e))?;
        let signed = secret::signatures(&self.signing_secrets(webhook)?, &event.id, at.timestamp(), &body)
            .map_err(|e| StoreError::corrupt("webhooks", &webhook.id, e))?;
        let headers = [
            ("webhook-id", event.id.clone()),
            ("webhook-timestamp", at.timestamp().to_string()),
            ("webhook-signature", signed),
        ];
        let sent = self.outgoing.courier.post(&webhook.url, &headers, body).await;
        let jitter = rand::random_range(0..=1000);
        let event_id = event.id;
        let judge = move |office: &Office, webhook: &Webhook, before: Option<Delivery>| {
            let now = office.now();
            let attempts = before.as_ref().map_or(0, |it| it.attempts) + 1;
            let first_at = before.map_or(at.naive_utc(), |it| it.first_at);
            let (state, outcome) = match sent {
                Ok(_) => {
                    ("delivered", Outcome { position: seq, failures: 0, next_try_at: None, state: None })
                }
                Err(why) => {
                    let failures = webhook.failures.saturating_add(1);
                    let next_try_at = Some((now + wait(why.failed(), failures, jitter)).naive_utc());
                    let dead = gives_up(now.naive_utc() - first_at, attempts);
                    let position = if dead { seq } else { webhook.position };
                    // The receiver says that it is gone for good (410).
                    let gone = (why == NotSent::Status(410)).then_some(("disabled", "gone (410)"));
                    let state = if dead { "dead" } else { "failing" };
                    (state, Outcome { position, failures, next_try_at, state: gone })
                }
            };
            let status = match sent {
                Ok(status) | Err(NotSent::Status(status)) => Some(i32::from(status)),
                Err(_) => None,
            };
            let delivery = Delivery {
                congress_id: webhook.congress_id.clone(),
                webhook_id: webhook.id.clone(),
                seq,
                event_id: event_id.clone(),
                state: state.to_owned(),
                attempts,
                first_at,
                last_at: now.naive_utc(),
                status,
                failure: sent.err().map(|why| why.to_string()),
            };
            (outcome, delivery)
        };
        let (office, webhook, who) = (self.clone(), webhook.clone(), who.to_owned());
        let written = self
            .store
            .write(Touch::Nothing, move |db| {
                let before = webhooks::delivery(db, &webhook, seq)?;
                let (outcome, delivery) = judge(&office, &webhook, before);
                let mine = webhooks::settle(db, &webhook, &who, &outcome)?;
                if mine {
                    webhooks::note(db, &delivery)?;
                }
                Ok::<_, Fault>((mine, delivery))
            })
            .await?;
        if let (_, Delivery { state, webhook_id, event_id, failure: Some(failure), attempts, .. }) = &written
        {
            tracing::warn!(webhook = %webhook_id, event = %event_id, attempts, %failure, %state, "a message was not delivered");
        }
        Ok(match (written.0, sent) {
            (false, _) => Attempt::Overtaken,
            (true, Ok(_)) => Attempt::Delivered,
            (true, Err(_)) => Attempt::Failed,
        })
    }

    async fn settled(&self, webhook: &Webhook, who: &str, outcome: Outcome) -> Result<(), Fault> {
        let (webhook, who) = (webhook.clone(), who.to_owned());
        let settle = move |db: &mut Db| Ok::<_, Fault>(webhooks::settle(db, &webhook, &who, &outcome)?);
        self.store.write(Touch::Nothing, settle).await.map(drop)
    }

    /// What messages are signed with now: the secret, and the former one as long as it holds.
    fn signing_secrets(&self, webhook: &Webhook) -> Result<Vec<String>, Fault> {
        let corrupt = |e: String| Fault::from(StoreError::corrupt("webhooks", &webhook.id, e));
        let id: WebhookId = webhook.id.parse().map_err(|e: uuid::Error| corrupt(e.to_string()))?;
        let former = webhook.former_until.filter(|until| *until > self.now().naive_utc());
        let former = webhook.former_secret.as_ref().filter(|_| former.is_some());
        std::iter::once(&webhook.secret)
            .chain(former)
            .map(|sealed| {
                let opened = self.seal()?.open(&about(id), sealed).map_err(|e| corrupt(e.to_string()))?;
                String::from_utf8(opened).map_err(|e| corrupt(e.to_string()))
            })
            .collect()
    }
}

enum Attempt {
    Delivered,
    Failed,
    /// Sent back, taken over or ended meanwhile: what came of it counts for nothing.
    Overtaken,
}

/// How long what became of messages is kept: a month for what arrived, as long as it takes to look into it for the rest.
pub(in crate::office) fn forget(db: &mut Db, now: chrono::NaiveDateTime) -> Result<(), StoreError> {
    webhooks::forget(db, "delivered", now - chrono::TimeDelta::days(30))?;
    webhooks::forget(db, "dead", now - GIVE_UP_AFTER * 26)?;
    Ok(())
}
