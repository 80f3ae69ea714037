//! Where log lines gather, to be written many at a time: one write per line would cost more than all the rest of it.

use std::io::Write;
use std::mem::swap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a line may wait for others to be written together with.
const LINGER: Duration = Duration::from_millis(10);
/// Beyond this many bytes the thread that logs writes itself, and so is slowed down to what stdout takes.
const FULL: usize = 1 << 20;

/// Lines on their way to stdout. None is dropped; none waits longer than 10 ms.
#[derive(Default)]
pub struct Sink {
    pending: Mutex<Vec<u8>>,
    filled: Condvar,
    /// What is being written: held meanwhile, so that lines keep their order, and kept, so that neither buffer has to
    /// grow anew.
    writing: Mutex<Vec<u8>>,
}

impl Sink {
    /// A sink with a thread of its own that writes to stdout.
    pub fn stdout() -> Arc<Self> {
        let sink = Arc::new(Self::default());
        let writer = sink.clone();
        std::thread::spawn(move || {
            loop {
                let waiting = lock(&writer.pending);
                drop(
                    writer
                        .filled
                        .wait_while(waiting, |pending| pending.is_empty()),
                );
                std::thread::sleep(LINGER);
                writer.flush();
            }
        });
        sink
    }

    pub(super) fn push(&self, line: &str) {
        let mut pending = lock(&self.pending);
        pending.extend_from_slice(line.as_bytes());
        let length = pending.len();
        drop(pending);
        if length == line.len() {
            self.filled.notify_one();
        } else if length > FULL {
            self.flush();
        }
    }

    /// Writes out what has gathered. A stdout that is gone is not the service's end.
    pub fn flush(&self) {
        let mut stdout = std::io::stdout().lock();
        self.write_to(&mut stdout);
        let _ = stdout.flush();
    }

    pub(super) fn write_to(&self, out: &mut impl Write) {
        let mut lines = lock(&self.writing);
        swap(&mut *lines, &mut *lock(&self.pending));
        let _ = out.write_all(&lines);
        lines.clear();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
