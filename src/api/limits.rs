//! How often somebody may ask: each sign-in, each address that is not signed in, and each address about signing in or
//! with an opinion for a station has a quota of its own. Asked before the database is. The counting is governor's (GCRA): a quota of 60 a minute lets 60
//! through at once, and then one a second.

use super::{address::Client, ask, problem::Refused};
use crate::{identity::token::Claims, office::Fault};
use actix_web::{
    Error,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
    web::Data,
};
use governor::{
    Quota, RateLimiter, clock::Clock, middleware::NoOpMiddleware, state::keyed::DashMapStateStore,
};
use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use uuid::Uuid;

/// Requests a minute; 0 for no limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rates {
    /// Of each sign-in.
    pub caller: u32,
    /// Of each address that is not signed in.
    pub address: u32,
    /// Of each address about signing in.
    pub sign_in: u32,
    /// Opinions by the public form, of each address an hour.
    pub opinion: u32,
}

/// How time passes for the quotas: by the machine's clock that only runs forward, or by a hand.
#[derive(Clone, Debug)]
pub enum Ticks {
    Running(Instant),
    /// Milliseconds: for tests.
    Turned(Arc<AtomicU64>),
}

impl Ticks {
    pub fn running() -> Ticks {
        Ticks::Running(Instant::now())
    }
}

impl Clock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        match self {
            Ticks::Running(start) => start.elapsed(),
            Ticks::Turned(millis) => Duration::from_millis(millis.load(Ordering::SeqCst)),
        }
    }
}

/// Who is counted, and what he has left. Cloning shares it.
#[derive(Clone)]
pub struct Limits(Arc<Counts>);

struct Counts {
    callers: Option<Counted<(Uuid, Uuid)>>,
    addresses: Option<Counted<IpAddr>>,
    sign_ins: Option<Counted<IpAddr>>,
    opinions: Option<Counted<IpAddr>>,
}

struct Counted<K: Hash + Eq + Clone> {
    limiter: RateLimiter<K, DashMapStateStore<K>, Ticks, NoOpMiddleware<Duration>>,
    ticks: Ticks,
}

impl<K: Hash + Eq + Clone> Counted<K> {
    fn new(quota: Option<Quota>, ticks: &Ticks) -> Option<Counted<K>> {
        let quota = quota?;
        let limiter = RateLimiter::new(quota, DashMapStateStore::default(), ticks.clone());
        Some(Counted { limiter, ticks: ticks.clone() })
    }

    /// # Errors
    /// [`Fault::TooOften`] when nothing is left.
    fn take(&self, key: &K) -> Result<(), Fault> {
        self.limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(self.ticks.now());
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            Fault::TooOften { seconds: seconds.max(1) }
        })
    }

    fn forget_idle(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

impl Limits {
    pub fn new(rates: Rates, ticks: &Ticks) -> Limits {
        Limits(Arc::new(Counts {
            callers: Counted::new(a_minute(rates.caller), ticks),
            addresses: Counted::new(a_minute(rates.address), ticks),
            sign_ins: Counted::new(a_minute(rates.sign_in), ticks),
            opinions: Counted::new(NonZeroU32::new(rates.opinion).map(Quota::per_hour), ticks),
        }))
    }

    /// Nobody is counted.
    pub fn off() -> Limits {
        Limits::new(Rates::default(), &Ticks::running())
    }

    /// Counts one request.
    ///
    /// # Errors
    /// [`Fault::TooOften`] when the quota is used up.
    pub fn count(&self, asked: Asked<'_>) -> Result<(), Fault> {
        let Counts { callers, addresses, sign_ins, opinions } = &*self.0;
        if let (Some(sign_ins), true) = (sign_ins, asked.about_signing_in) {
            sign_ins.take(&place(asked.address))?;
        }
        if let (Some(opinions), true) = (opinions, asked.sends_opinion) {
            opinions.take(&place(asked.address))?;
        }
        match (asked.caller, callers, addresses) {
            (Some(claims), Some(callers), _) => callers.take(&(claims.user, claims.session)),
            (None, _, Some(addresses)) => addresses.take(&place(asked.address)),
            _ => Ok(()),
        }
    }

    /// Forgets whoever has all of his quota again, which is most of them a moment after they asked; so what is kept is
    /// bounded by the requests of one turn and of one minute's debt, whoever they come from.
    pub fn forget_idle(&self) {
        let Counts { callers, addresses, sign_ins, opinions } = &*self.0;
        callers.iter().for_each(Counted::forget_idle);
        addresses.iter().chain(sign_ins).chain(opinions).for_each(Counted::forget_idle);
    }

    /// How many are remembered.
    pub fn remembered(&self) -> usize {
        let Counts { callers, addresses, sign_ins, opinions } = &*self.0;
        let addresses =
            addresses.iter().chain(sign_ins).chain(opinions).map(|it| it.limiter.len()).sum::<usize>();
        addresses + callers.as_ref().map_or(0, |it| it.limiter.len())
    }
}

/// A request, as far as the quotas look at it.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub caller: Option<&'a Claims>,
    pub address: IpAddr,
    pub about_signing_in: bool,
    /// By the public form.
    pub sends_opinion: bool,
}

fn a_minute(requests: u32) -> Option<Quota> {
    NonZeroU32::new(requests).map(Quota::per_minute)
}

/// Whom an address stands for: an IPv6 subscriber has a whole /64, and may change addresses within it at will.
fn place(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 => v4,
    }
}

/// What watches over the service must be answered also, and above all, when it is busy.
const FREE: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Counts each request, and turns away who asks too often.
pub async fn limit<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    match counted(&request) {
        Ok(()) => Ok(next.call(request).await?.map_into_left_body()),
        Err(fault) => Ok(request.error_response(Refused(fault)).map_into_right_body()),
    }
}

fn counted(request: &ServiceRequest) -> Result<(), Fault> {
    // As the router reads it: `/v1/%61uth/…` is the same address.
    let path = request.match_info().as_str();
    let Some(limits) = request.app_data::<Data<Limits>>() else { return Ok(()) };
    if FREE.contains(&path) {
        return Ok(());
    }
    limits.count(Asked {
        caller: ask::claims(request.request()).as_ref(),
        address: Client::of(request.request()).address,
        about_signing_in: path.starts_with("/v1/auth/") && request.method() == Method::POST,
        sends_opinion: path == "/v1/public/opinions" && request.method() == Method::POST,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(address: &str) -> Asked<'static> {
        Asked {
            caller: None,
            address: address.parse().unwrap(),
            about_signing_in: false,
            sends_opinion: false,
        }
    }

    fn turned(rates: Rates) -> (Limits, Arc<AtomicU64>) {
        let millis = Arc::new(AtomicU64::new(0));
        (Limits::new(rates, &Ticks::Turned(millis.clone())), millis)
    }

    #[test]
    fn a_subscriber_has_one_quota_for_all_his_addresses_and_his_neighbour_another() {
        let (limits, _) = turned(Rates { address: 2, ..Rates::default() });
        assert!(limits.count(asked("2001:db8:0:1::1")).is_ok());
        assert!(limits.count(asked("2001:db8:0:1:ffff::2")).is_ok());
        assert!(limits.count(asked("2001:db8:0:1:1234::3")).is_err());
        assert!(limits.count(asked("2001:db8:0:2::1")).is_ok());
        assert!(limits.count(asked("192.0.2.1")).is_ok() && limits.count(asked("192.0.2.2")).is_ok());
    }

    #[test]
    fn the_wait_is_told_in_whole_seconds_rounded_up() {
        let (limits, millis) = turned(Rates { address: 4, ..Rates::default() });
        let wait = || match limits.count(asked("192.0.2.1")) {
            Err(Fault::TooOften { seconds }) => Some(seconds),
            _ => None,
        };
        assert_eq!([wait(), wait(), wait(), wait(), wait()], [None, None, None, None, Some(15)]);
        millis.store(100, Ordering::SeqCst);
        assert_eq!(wait(), Some(15), "14.9 s");
        millis.store(14_999, Ordering::SeqCst);
        assert_eq!(wait(), Some(1), "never 0, which would mean at once");
        millis.store(15_000, Ordering::SeqCst);
        assert_eq!([wait(), wait()], [None, Some(15)]);
    }

    #[test]
    fn a_million_addresses_are_forgotten_in_the_next_turn() {
        let (limits, millis) = turned(Rates { address: 600, sign_in: 60, caller: 1200, opinion: 10 });
        for n in 0..100_000u32 {
            assert!(limits.count(asked(&std::net::Ipv4Addr::from_bits(n).to_string())).is_ok());
        }
        assert_eq!(limits.remembered(), 100_000);
        millis.store(200, Ordering::SeqCst);
        limits.forget_idle();
        assert_eq!(limits.remembered(), 0);
    }

    /// The figure is printed with `--nocapture`; the bound is loose, since a test machine is busy.
    #[test]
    fn counting_costs_about_a_microsecond() {
        let limits = Limits::new(Rates { address: 1_000_000, ..Rates::default() }, &Ticks::running());
        let addresses: Vec<_> = (0..1000u32).map(|n| IpAddr::from(n.to_be_bytes())).collect();
        let start = Instant::now();
        for n in 0..100_000 {
            let asked = Asked {
                caller: None,
                address: addresses[n % 1000],
                about_signing_in: false,
                sends_opinion: false,
            };
            assert!(limits.count(asked).is_ok());
        }
        let each = start.elapsed() / 100_000;
        println!("{each:?} a request");
        assert!(each < Duration::from_micros(50), "{each:?}");
    }
}
