//! A lock that this process holds: a thread renews it, so that it may expire soon after its holder. What a lock is made of,
//! each back end knows.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::{BackendError, Lock};

/// How many times a lock is renewed before it would expire.
const TIMES: u32 = 4;

/// What a lock is made of.
pub(super) trait Hold: Send + 'static {
    /// Prolongs it by its whole time, unless it is lost.
    fn renew(&mut self) -> Result<(), BackendError>;

    /// Gives it back, if it is not lost. Nobody hears of a failure: it expires by itself.
    fn give_back(&mut self);
}

/// A lock that is held; dropped, it is given back.
#[derive(Debug)]
pub(super) struct Held<H: Hold> {
    hold: Arc<Mutex<H>>,
    /// Dropped first: that ends the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl<H: Hold> Held<H> {
    /// Keeps a lock that expires after `ttl`.
    pub(super) fn new(hold: H, ttl: Duration) -> Self {
        let hold = Arc::new(Mutex::new(hold));
        let (stop, stopped) = channel::<()>();
        let renews = Arc::clone(&hold);
        let thread = thread::spawn(move || {
            while stopped.recv_timeout(ttl / TIMES) == Err(RecvTimeoutError::Timeout) {
                // A place that does not answer may do so next time. Whether the lock is lost, its holder asks.
                let _ = locked(&renews).renew();
            }
        });
        Self {
            hold,
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

impl<H: Hold> Lock for Held<H> {
    fn renew(&mut self) -> Result<(), BackendError> {
        locked(&self.hold).renew()
    }
}

impl<H: Hold> Drop for Held<H> {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        locked(&self.hold).give_back();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
