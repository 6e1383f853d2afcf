//! Where time comes from: the machine, or a hand that turns it.

use chrono::{DateTime, Utc};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

#[derive(Clone, Debug)]
pub enum Clock {
    System,
    /// Microseconds since 1970, turned by hand: tests, and the sample district's year.
    Turned(Arc<AtomicI64>),
}

impl Clock {
    pub fn turned(to: DateTime<Utc>) -> Clock {
        Clock::Turned(Arc::new(AtomicI64::new(to.timestamp_micros())))
    }

    pub fn now(&self) -> DateTime<Utc> {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the one clock that all others ask")]
            Clock::System => Utc::now(),
            Clock::Turned(micros) => {
                DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)).unwrap_or_default()
            }
        }
    }

    /// Turns the hand; the machine's own clock is not ours to turn.
    pub fn turn(&self, to: DateTime<Utc>) {
        if let Clock::Turned(micros) = self {
            micros.store(to.timestamp_micros(), Ordering::SeqCst);
        }
    }
}
