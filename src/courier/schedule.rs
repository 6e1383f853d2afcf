//! When a message that could not be delivered is tried again, and when no more.

use chrono::TimeDelta;

/// From the first attempt; and only after so many attempts, since a clock that jumps must not end what was hardly tried.
pub const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(7);
const ATTEMPTS_BEFORE: i32 = 12;

/// Failures in a row after which a receiver counts as down: its circuit is open.
pub const OPEN_AFTER: i32 = 5;

/// Why an attempt failed, as far as it matters for the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The receiver is down, or says so: no answer, 5xx, 429. It may be back any minute, and everything waits for it.
    Away,
    /// It does not take the message as it is (3xx, 4xx), or may not be reached: somebody has to mend something.
    Refused,
}

const FIRST: i64 = 5;
/// A receiver that is back is found within two minutes, jitter included.
const AWAY: i64 = 90;
const REFUSED: i64 = 8 * 3600;

/// The longest that [`wait`] ever says; a time further away comes from a clock that jumped.
pub const LONGEST: TimeDelta = TimeDelta::hours(10);

/// How long to wait after the `failures`-th failure in a row: 5 seconds, doubled each time, at most a minute and a half
/// for a receiver that is away and 8 hours for one that refuses; and up to a fifth more by chance (`jitter`, 0 to 1000), so
/// that not all who wait come back at one moment.
pub fn wait(failed: Failed, failures: i32, jitter: u16) -> TimeDelta {
    let most = match failed {
        Failed::Away => AWAY,
        Failed::Refused => REFUSED,
    };
    let doubled = u32::try_from(failures.saturating_sub(1)).unwrap_or_default();
    let seconds = FIRST.saturating_mul(2i64.saturating_pow(doubled)).min(most);
    // A fifth of a second for each is 200 milliseconds.
    let jitter = seconds * 200 * i64::from(jitter.min(1000)) / 1000;
    TimeDelta::milliseconds(seconds * 1000 + jitter)
}

/// Whether an event that was first tried so long ago, so many times, is given up.
pub fn gives_up(tried_for: TimeDelta, attempts: i32) -> bool {
    tried_for >= GIVE_UP_AFTER && attempts >= ATTEMPTS_BEFORE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_waits_longer_each_time_but_never_too_long_for_one_who_is_back() {
        let seconds = |failed, n| wait(failed, n, 0).num_seconds();
        assert_eq!([1, 2, 3, 4, 5, 6].map(|n| seconds(Failed::Away, n)), [5, 10, 20, 40, 80, 90]);
        assert_eq!([1, 5, 10, 13, 14].map(|n| seconds(Failed::Refused, n)), [5, 80, 2560, 20480, 28800]);
        assert_eq!(wait(Failed::Away, i32::MAX, 1000), TimeDelta::seconds(108));
        assert!(wait(Failed::Refused, i32::MAX, 1000) < LONGEST);
        assert_eq!(wait(Failed::Away, 0, 0), TimeDelta::seconds(5));
    }

    #[test]
    fn an_event_is_given_up_after_a_week_that_really_passed() {
        assert!(gives_up(TimeDelta::days(7), 12));
        assert!(!gives_up(TimeDelta::days(400), 3), "the clock jumped");
        assert!(!gives_up(TimeDelta::hours(167), 10_000));
    }
}
