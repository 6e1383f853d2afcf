//! Webhooks: an address that is told of events, in the name and with the rights of a program. Kept by the congress's
//! administrators here; `deliver.rs` sends what is due.

mod deliver;

pub use deliver::Round;
pub(super) use deliver::forget;

pub use crate::store::webhooks::{Delivery, Webhook};

use super::{
    Caller, Fault, Office, Precondition,
    acts::Act,
    feed::place,
    perform::{admitted, up_to_date},
};
use crate::{
    courier::{Allow, Courier, NotSent, secret},
    domain::{
        actor::{Actor, Scope},
        case::Event,
        gate::{Operation, matrix},
        ids::{CongressId, MembershipId, WebhookId},
        say::Say,
        text::Line,
    },
    store::{Db, StoreError, Touch, feed, people, webhooks},
};
use chrono::TimeDelta;
use serde::Deserialize;
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

/// Of one congress.
const MOST: usize = 20;
/// How long the former secret signs too.
const CHANGING_OVER: TimeDelta = TimeDelta::hours(24);

/// What carries messages out, and to whom this process is carrying just now.
#[derive(Clone)]
pub(super) struct Outgoing {
    courier: Courier,
    busy: Arc<Mutex<HashSet<WebhookId>>>,
}

impl Default for Outgoing {
    fn default() -> Outgoing {
        Outgoing::new(Courier::new(Allow::default()))
    }
}

impl Outgoing {
    pub fn new(courier: Courier) -> Outgoing {
        Outgoing { courier, busy: Arc::default() }
    }

    /// One at a time to each; nothing, if somebody is under way.
    fn begin(&self, id: WebhookId) -> Option<Busy> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.insert(id).then(|| Busy { id, busy: self.busy.clone() })
    }
}

struct Busy {
    id: WebhookId,
    busy: Arc<Mutex<HashSet<WebhookId>>>,
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

/// A webhook as it is to be added.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// The program (account with scopes, among them `cases:read`) that is told: its rights decide of what.
    pub membership: MembershipId,
    /// Where the messages go: `https`, no name and password, an address of the public internet or one that the operator
    /// allows (`JIANYI_WEBHOOK_ALLOW`).
    #[schema(example = "https://oa.example.org/hooks/jianyi")]
    pub url: String,
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "办公系统")]
    pub description: Option<Line>,
    /// Kinds of events, such as `registered`; all if left out.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// The event after which it begins; `null` for the beginning. It begins with what comes from now on if left out.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub after: Option<Option<String>>,
}

/// What is to be changed; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    pub url: Option<String>,
    #[schema(value_type = Option<String>)]
    pub description: Option<Line>,
    pub kinds: Option<Vec<String>>,
    /// `true` pauses it; `false` lets it go on from where it was, at once.
    pub paused: Option<bool>,
}

/// Tells `null` from what is left out.
fn given<'de, D: serde::Deserializer<'de>>(json: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(json).map(Some)
}

impl Office {
    /// Adds a webhook; its secret is shown this once.
    pub async fn add_webhook(&self, caller: &Caller, new: NewWebhook) -> Result<(Webhook, String), Fault> {
        self.reachable(&new.url).await?;
        let (office, caller) = (self.clone(), caller.clone());
        let made = secret::new().map_err(no_random)?;
        let id = WebhookId(self.fresh_id());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::KeepWebhooks)?;
                if webhooks::all(db, &congress)?.len() >= MOST {
                    return Err(Fault::Exists(Say::new(
                        format!("本级人大已有 {MOST} 个事件推送；请先停用一个"),
                        format!("the congress has {MOST} webhooks already; end one of them first"),
                    )));
                }
                office.tells(db, &actor, new.membership)?;
                let position = match &new.after {
                    None => feed::last(db, &congress)?,
                    Some(None) => feed::BEGINNING,
                    Some(Some(after)) => place(db, &congress, after, "/after")?,
                };
                let webhook = Webhook {
                    congress_id: congress.to_string(),
                    id: id.to_string(),
                    membership_id: new.membership.to_string(),
                    url: new.url.clone(),
                    description: new.description.as_deref().unwrap_or_default().to_owned(),
                    kinds: kinds(&new.kinds)?,
                    secret: office.sealed(id, &made)?,
                    former_secret: None,
                    former_until: None,
                    state: "active".to_owned(),
                    reason: None,
                    version: 1,
                    created_at: office.now().naive_utc(),
                    position,
                    failures: 0,
                    next_try_at: None,
                };
                webhooks::insert(db, &webhook)?;
                let act =
                    Act::WebhookAdded { webhook: id, membership: new.membership, host: host(&webhook.url) };
                office.record_act_of(db, &actor, &caller, None, act)?;
                Ok((webhook, made.clone()))
            })
            .await
    }

    /// Those of the caller's congress, oldest first.
    pub async fn webhooks(&self, caller: &Caller) -> Result<Vec<Webhook>, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let (_, congress) = admitted(db, &caller, Operation::KeepWebhooks)?;
                Ok(webhooks::all(db, &congress)?)
            })
            .await
    }

    pub async fn webhook(&self, caller: &Caller, id: WebhookId) -> Result<Webhook, Fault> {
        let caller = caller.clone();
        self.store.read(move |db| Ok(kept(db, &caller, id)?.2)).await
    }

    /// The webhook, if it is still as the caller saw it.
    pub async fn webhook_at(
        &self,
        caller: &Caller,
        id: WebhookId,
        precondition: Precondition,
    ) -> Result<Webhook, Fault> {
        let webhook = self.webhook(caller, id).await?;
        up_to_date(precondition, webhook.version)?;
        Ok(webhook)
    }

    pub async fn change_webhook(
        &self,
        caller: &Caller,
        id: WebhookId,
        precondition: Precondition,
        change: WebhookChange,
    ) -> Result<Webhook, Fault> {
        if let Some(url) = &change.url {
            self.reachable(url).await?;
        }
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, _, mut webhook) = kept(db, &caller, id)?;
                let before = webhook.version;
                up_to_date(precondition, before)?;
                if let Some(url) = &change.url {
                    webhook.url.clone_from(url);
                }
                if let Some(description) = &change.description {
                    webhook.description = description.to_string();
                }
                if let Some(asked) = &change.kinds {
                    webhook.kinds = kinds(asked)?;
                }
                match change.paused {
                    Some(true) => {
                        webhook.state = "paused".to_owned();
                        webhook.reason = Some("by an administrator".to_owned());
                    }
                    Some(false) => {
                        let membership = webhook.membership_id.parse();
                        office.tells(db, &actor, membership.map_err(|_| Fault::NotFound)?)?;
                        webhook.state = "active".to_owned();
                        webhook.reason = None;
                        (webhook.failures, webhook.next_try_at) = (0, None);
                    }
                    None => {}
                }
                office.changed(db, &webhook, before)?;
                webhook.version = before + 1;
                let (host, state) = (host(&webhook.url), webhook.state.clone());
                let act = Act::WebhookChanged { webhook: id, host, state };
                office.record_act_of(db, &actor, &caller, None, act)?;
                Ok(webhook)
            })
            .await
    }

    /// Another secret; the former one signs beside it for a day.
    pub async fn renew_webhook_secret(
        &self,
        caller: &Caller,
        id: WebhookId,
        precondition: Precondition,
    ) -> Result<(Webhook, String), Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        let made = secret::new().map_err(no_random)?;
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, _, mut webhook) = kept(db, &caller, id)?;
                let before = webhook.version;
                up_to_date(precondition, before)?;
                let former = std::mem::replace(&mut webhook.secret, office.sealed(id, &made)?);
                webhook.former_secret = Some(former);
                webhook.former_until = Some((office.now() + CHANGING_OVER).naive_utc());
                office.changed(db, &webhook, before)?;
                webhook.version = before + 1;
                office.record_act_of(db, &actor, &caller, None, Act::WebhookSecretRenewed { webhook: id })?;
                Ok((webhook, made.clone()))
            })
            .await
    }

    /// Ends a webhook; what became of its messages goes with it.
    pub async fn end_webhook(
        &self,
        caller: &Caller,
        id: WebhookId,
        precondition: Precondition,
    ) -> Result<(), Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress, webhook) = kept(db, &caller, id)?;
                up_to_date(precondition, webhook.version)?;
                webhooks::delete(db, &congress, id)?;
                office.record_act_of(db, &actor, &caller, None, Act::WebhookEnded { webhook: id })
            })
            .await
    }

    /// Sends again what comes after an event, or everything; or skips to a later one.
    pub async fn replay_webhook(
        &self,
        caller: &Caller,
        id: WebhookId,
        after: Option<String>,
    ) -> Result<Webhook, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress, _) = kept(db, &caller, id)?;
                let to = match &after {
                    None => feed::BEGINNING,
                    Some(after) => place(db, &congress, after, "/after")?,
                };
                webhooks::move_to(db, &congress, id, to)?;
                office.record_act_of(db, &actor, &caller, None, Act::WebhookReplayed { webhook: id })?;
                webhooks::find(db, &congress, id)?.ok_or(Fault::NotFound)
            })
            .await
    }

    /// What became of its messages, newest event first; in one state, or all; after a line of the list.
    pub async fn webhook_deliveries(
        &self,
        caller: &Caller,
        id: WebhookId,
        state: Option<String>,
        after: Option<String>,
        limit: i64,
    ) -> Result<Vec<Delivery>, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let (_, congress, _) = kept(db, &caller, id)?;
                let before = after.as_ref().map(|it| place(db, &congress, it, "?after")).transpose()?;
                Ok(webhooks::deliveries(db, &congress, id, state.as_deref(), before, limit)?)
            })
            .await
    }

    /// Whether messages can go to an address, as things stand.
    async fn reachable(&self, url: &str) -> Result<(), Fault> {
        self.outgoing.courier.check(url).await.map_err(|why| {
            let zh = match why {
                NotSent::Forbidden(_) => "须为 https 地址，且不得指向内部网络；内部地址由运维在 JIANYI_WEBHOOK_ALLOW 中允许",
                _ => "该地址的主机名无法解析",
            };
            let en = "wanted: https and an address of the public internet, or one that the operator allows in \
                      JIANYI_WEBHOOK_ALLOW";
            Fault::invalid("/url", zh, format!("{why}; {en}"))
        })
    }

    /// Whether a membership can be told of events: a program of the keeper's congress that may read them.
    fn tells(&self, db: &mut Db, keeper: &Actor, id: MembershipId) -> Result<(), Fault> {
        let wrong = |zh: &str, en: &str| Fault::invalid("/membership", zh, en);
        let told = people::actor(db, people::Who::Membership(id))?
            .filter(|it| it.congress == keeper.congress && it.scopes.is_some());
        match told {
            None => Err(wrong("不是本级人大在用的服务账户", "is no program of this congress that is in use")),
            Some(it) if !it.has(Scope::CasesRead) => {
                Err(wrong("该服务账户没有 cases:read 权限", "the program lacks the scope cases:read"))
            }
            Some(it) if !matrix::admits(Operation::ReadFeed, it.role.id()) => {
                Err(wrong("该服务账户的角色不查阅办件", "the program's role reads no cases"))
            }
            Some(_) => Ok(()),
        }
    }

    /// Writes a change; somebody else's in between is a conflict, and all is read again.
    fn changed(&self, db: &mut Db, webhook: &Webhook, before: i64) -> Result<(), Fault> {
        match webhooks::set(db, webhook, before)? {
            true => Ok(()),
            false => Err(StoreError::Conflict.into()),
        }
    }

    fn sealed(&self, id: WebhookId, secret: &str) -> Result<String, Fault> {
        let sealed = self.seal()?.close(&about(id), secret.as_bytes());
        sealed.map_err(|e| Fault::Store(StoreError::Unavailable(e.to_string())))
    }
}

/// What a webhook's secrets are sealed for.
fn about(id: WebhookId) -> String {
    format!("webhook:{id}")
}

fn no_random(error: impl std::fmt::Display) -> Fault {
    Fault::Store(StoreError::Unavailable(error.to_string()))
}

/// The host of an address that was found good.
fn host(url: &str) -> String {
    // Only its host is of interest here, which any allowance lets through.
    url.split("//").nth(1).and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default().to_owned()
}

/// The kinds as the row keeps them, each of which an event can be of.
fn kinds(asked: &[String]) -> Result<String, Fault> {
    for (index, kind) in asked.iter().enumerate() {
        if !Event::is_kind(kind) || asked[..index].contains(kind) {
            return Err(Fault::invalid(
                format!("/kinds/{index}"),
                "须为办理经过中的事件类别，每个一次",
                "must be a kind of event as `GET /v1/cases/{id}/events` names it, each once",
            ));
        }
    }
    Ok(asked.join(" "))
}

fn kept(db: &mut Db, caller: &Caller, id: WebhookId) -> Result<(Actor, CongressId, Webhook), Fault> {
    let (actor, congress) = admitted(db, caller, Operation::KeepWebhooks)?;
    let webhook = webhooks::find(db, &congress, id)?.ok_or(Fault::NotFound)?;
    Ok((actor, congress, webhook))
}
