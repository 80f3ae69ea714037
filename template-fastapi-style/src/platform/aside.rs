//! A future beside a task's main one, for what hardly ever happens: it is polled once it has been woken itself, and not
//! whenever the other is, as `select!` has it. Polling a timer and a channel for nothing takes locks, some of which all
//! connections share.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// The future, and who woke it.
pub(super) struct Aside<F> {
    future: Pin<Box<F>>,
    bell: Option<Arc<Bell>>,
}

impl<F: Future> Aside<F> {
    pub(super) fn new(future: F) -> Self {
        Self {
            future: Box::pin(future),
            bell: None,
        }
    }
}

impl<F: Future> Future for Aside<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        let bell = match &this.bell {
            Some(bell) if bell.task.will_wake(cx.waker()) => bell,
            _ => this.bell.insert(Arc::new(Bell::rung(cx.waker().clone()))),
        };
        if !bell.rings.load(Ordering::Relaxed) {
            return Poll::Pending;
        }
        // Before the poll: what rings meanwhile counts for the next one.
        bell.rings.swap(false, Ordering::Acquire);
        let waker = Waker::from(bell.clone());
        this.future.as_mut().poll(&mut Context::from_waker(&waker))
    }
}

/// Remembers that the future has been woken, and wakes the task.
struct Bell {
    rings: AtomicBool,
    task: Waker,
}

impl Bell {
    /// A new one has rung: the future has to be polled once to be woken at all.
    fn rung(task: Waker) -> Self {
        Self {
            rings: AtomicBool::new(true),
            task,
        }
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rings.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::poll_fn;
    use std::pin::pin;
    use std::time::Duration;

    use tokio::time::{Instant, sleep, timeout};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_is_polled_when_it_is_woken_and_not_when_its_task_is() {
        let polls = Cell::new(0);
        let mut late = pin!(sleep(Duration::from_mins(1)));
        let mut aside = Aside::new(poll_fn(|cx| {
            polls.set(polls.get() + 1);
            late.as_mut().poll(cx)
        }));
        for _ in 0..5 {
            let early = timeout(Duration::from_secs(1), &mut aside).await;
            assert!(early.is_err());
        }
        assert_eq!(polls.get(), 1);
        let woken = timeout(Duration::from_mins(1), &mut aside).await;
        assert_eq!((woken, polls.get()), (Ok(()), 2));
    }

    #[tokio::test(start_paused = true)]
    async fn in_another_task_it_wakes_that_one() {
        let begun = Instant::now();
        let mut aside = Aside::new(sleep(Duration::from_secs(2)));
        let early = timeout(Duration::from_secs(1), &mut aside).await;
        assert!(early.is_err());
        let elsewhere = tokio::spawn(timeout(Duration::from_secs(9), aside));
        assert_eq!(elsewhere.await.unwrap(), Ok(()));
        assert!(begun.elapsed() < Duration::from_secs(3));
    }
}
