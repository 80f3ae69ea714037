//! What a process wrote so far, line by line.

use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

/// The lines of one process, from several pipes.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    /// The lines so far.
    pub fn so_far(&self) -> Vec<String> {
        locked(&self.0).clone()
    }

    /// Reads `from` to its end, in a thread.
    pub fn follow(&self, from: impl Read + Send + 'static) -> JoinHandle<()> {
        let lines = Arc::clone(&self.0);
        thread::spawn(move || {
            let mut from = BufReader::new(from);
            let mut bytes = Vec::new();
            while let Ok(1..) = from.read_until(b'\n', &mut bytes) {
                let line = String::from_utf8_lossy(&bytes);
                locked(&lines).push(line.trim_end_matches(['\n', '\r']).to_owned());
                bytes.clear();
            }
        })
    }
}

/// What a mutex holds, whatever became of the thread that held it last.
pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
