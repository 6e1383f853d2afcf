//! Who may hash now: two at a time, some wait, the rest hear "busy".
//!
//! One hash takes 19 MiB and 25 ms of a core; without a limit a crowd at the door takes the machine.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::PasswordError;

/// Hashes that run together.
const TOGETHER: usize = 2;
/// Requests that may wait for their turn: a quarter of a second's work.
const WAITING: usize = 20;
/// How long one may wait.
const PATIENCE: Duration = Duration::from_secs(2);

/// The limit that holds for every caller, async or not.
pub(super) static GATE: Gate = Gate { inside: Mutex::new(0), freed: Condvar::new() };
/// The limit for requests, which may not block a thread while they wait.
pub(super) static QUEUE: Queue = Queue::new(TOGETHER, PATIENCE);

/// Blocks a thread until fewer than [`TOGETHER`] are inside.
pub(super) struct Gate {
    inside: Mutex<usize>,
    freed: Condvar,
}

/// A place inside the gate; dropping it lets the next one in.
pub(super) struct Inside<'a>(&'a Gate);

impl Gate {
    pub fn enter(&self) -> Inside<'_> {
        let inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let mut inside = self
            .freed
            .wait_while(inside, |inside| *inside >= TOGETHER)
            .unwrap_or_else(PoisonError::into_inner);
        *inside += 1;
        Inside(self)
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        *self.0.inside.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.freed.notify_one();
    }
}

/// Lets a bounded number of requests wait a bounded time.
pub(super) struct Queue {
    turns: Semaphore,
    waiting: AtomicUsize,
    patience: Duration,
}

/// A request's turn; dropping it lets the next one in.
pub(super) type Turn<'a> = SemaphorePermit<'a>;

impl Queue {
    const fn new(together: usize, patience: Duration) -> Self {
        Self { turns: Semaphore::const_new(together), waiting: AtomicUsize::new(0), patience }
    }

    /// Waits for a turn; [`PasswordError::Busy`] when too many wait, or after too long.
    pub async fn turn(&self) -> Result<Turn<'_>, PasswordError> {
        if let Ok(turn) = self.turns.try_acquire() {
            return Ok(turn);
        }
        let waiter = Waiter(&self.waiting);
        // Counted even when refused, until the waiter is dropped at the end of this function.
        if waiter.0.fetch_add(1, Ordering::Relaxed) >= WAITING {
            return Err(PasswordError::Busy);
        }
        match tokio::time::timeout(self.patience, self.turns.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(PasswordError::Busy),
        }
    }
}

/// Takes itself off the count, also when the caller hangs up while waiting.
struct Waiter<'a>(&'a AtomicUsize);

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::task::Poll;
    use std::thread;

    use super::*;

    #[test]
    fn no_more_than_two_are_inside_the_gate() {
        let gate = Gate { inside: Mutex::new(0), freed: Condvar::new() };
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let _inside = gate.enter();
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    thread::sleep(Duration::from_millis(5));
                    now.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(most.into_inner(), TOGETHER);
    }

    #[actix_web::test]
    async fn the_twenty_first_waiter_hears_busy_at_once_and_a_gone_one_makes_room() {
        let queue = Queue::new(1, Duration::from_secs(60));
        let turn = queue.turn().await.unwrap();
        let mut waiters: Vec<_> = (0..WAITING).map(|_| Box::pin(queue.turn())).collect();
        for waiter in &mut waiters {
            assert!(is_pending(waiter).await);
        }
        let mut next = std::pin::pin!(queue.turn());
        let refused =
            std::future::poll_fn(|context| Poll::Ready(next.as_mut().poll(context).map(Result::err))).await;
        assert_eq!(refused, Poll::Ready(Some(PasswordError::Busy)));
        waiters.pop();
        waiters.push(Box::pin(queue.turn()));
        assert!(is_pending(waiters.last_mut().unwrap()).await);
        drop(turn);
        for waiter in waiters {
            assert!(waiter.await.is_ok());
        }
        assert_eq!(queue.waiting.load(Ordering::Relaxed), 0);
    }

    #[actix_web::test]
    async fn patience_ends() {
        let queue = Queue::new(0, Duration::from_millis(10));
        assert_eq!(queue.turn().await.err(), Some(PasswordError::Busy));
    }

    async fn is_pending<F: Future + Unpin>(future: &mut F) -> bool {
        std::future::poll_fn(|context| {
            Poll::Ready(std::pin::Pin::new(&mut *future).poll(context).is_pending())
        })
        .await
    }
}
