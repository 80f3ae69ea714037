//! Where log lines gather, to be written many at a time: one write per line would cost more than all the rest of it.
//!
//! Requests never wait for stdout: what it does not take in time is dropped, and the log says how many lines that were.

use std::io::Write;
use std::mem::{swap, take};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

/// How long a line may wait for others to be written together with.
const LINGER: Duration = Duration::from_millis(10);
/// How many bytes may wait while stdout takes none. A healthy one is behind by a small part of that.
const FULL: usize = 1 << 20;

/// Lines on their way to stdout.
#[derive(Default)]
pub struct Sink {
    pending: Mutex<Pending>,
    filled: Condvar,
    /// What is being written: held meanwhile, so that lines keep their order, and kept, so that neither buffer has to
    /// grow anew.
    writing: Mutex<Vec<u8>>,
}

#[derive(Default)]
struct Pending {
    lines: Vec<u8>,
    /// How many lines found no room since the last write.
    dropped: u64,
    closed: bool,
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
                        .wait_while(waiting, |pending| pending.lines.is_empty()),
                );
                std::thread::sleep(LINGER);
                writer.flush();
            }
        });
        sink
    }

    pub(super) fn push(&self, line: &[u8]) {
        let mut pending = lock(&self.pending);
        if pending.closed {
            return;
        }
        if pending.lines.len() + line.len() > FULL {
            pending.dropped += 1;
            return;
        }
        let first = pending.lines.is_empty();
        pending.lines.extend_from_slice(line);
        drop(pending);
        if first {
            self.filled.notify_one();
        }
    }

    /// Waits until what has gathered is written, for at most `limit`: a stdout that nobody reads must not keep the
    /// process. Takes no line after that.
    pub(super) fn close(self: &Arc<Self>, limit: Duration) {
        let (sink, (done, finished)) = (self.clone(), mpsc::channel());
        std::thread::spawn(move || {
            sink.flush();
            let _ = done.send(());
        });
        let _ = finished.recv_timeout(limit);
        lock(&self.pending).closed = true;
    }

    /// Writes out what has gathered. A stdout that is gone is not the service's end.
    fn flush(&self) {
        let mut stdout = std::io::stdout().lock();
        self.write_to(&mut stdout);
        let _ = stdout.flush();
    }

    pub(super) fn write_to(&self, out: &mut impl Write) {
        let mut lines = lock(&self.writing);
        loop {
            let dropped = {
                let mut pending = lock(&self.pending);
                swap(&mut *lines, &mut pending.lines);
                take(&mut pending.dropped)
            };
            if dropped > 0 {
                // Now, while there is room: it follows the last line that found some.
                tracing::warn!(dropped, "log lines dropped: stdout did not take them");
            }
            let _ = out.write_all(&lines);
            lines.clear();
            if dropped == 0 {
                return;
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
