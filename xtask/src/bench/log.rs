//! The log of a server under load: a file, since a log that nobody keeps would cost nothing, and never a large one. An
//! hour of full load writes more than a disk holds.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result};

/// What it may hold. At full load that is a few seconds.
const LARGEST: u64 = 64 << 20;
/// How often its length is looked at.
const BEAT: Duration = Duration::from_millis(100);

/// A log file that is emptied whenever it grows too large, and removed at the end unless it is to be kept.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    /// To be read by whoever looks for what went wrong.
    pub kept: bool,
    watch: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Log {
    /// Begins one at `path`, empty; and where to write.
    pub fn begin(path: &Path) -> Result<(Self, File)> {
        Self::bounded(path, LARGEST)
    }

    fn bounded(path: &Path, largest: u64) -> Result<(Self, File)> {
        let what = || format!("cannot write {}", path.display());
        // What is appended goes to the new end of a file that was emptied, and leaves no hole.
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.with_context(what)?;
        file.set_len(0).with_context(what)?;
        let watched = file.try_clone().with_context(what)?;
        let (ended, end) = mpsc::channel();
        let watch = thread::spawn(move || {
            while end.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                if watched.metadata().is_ok_and(|log| log.len() > largest) {
                    // Where it can't be emptied, the next beat tries again.
                    let _emptied = watched.set_len(0);
                }
            }
        });
        let log = Self {
            path: path.to_owned(),
            kept: false,
            watch: Some((ended, watch)),
        };
        Ok((log, file))
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        if let Some((ended, watch)) = self.watch.take() {
            drop(ended);
            let _panicked = watch.join();
        }
        if !self.kept {
            // Who removed it before us has done no harm.
            let _removed = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::contract::eventually;

    #[test]
    fn a_log_stays_small_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("service.log");
        let (log, mut file) = Log::bounded(&path, 1000).unwrap();
        let length = || fs::metadata(&path).unwrap().len();
        file.write_all(&[b'x'; 5000]).unwrap();
        let emptied = eventually(Duration::from_secs(10), || (length() == 0).then_some(()));
        assert!(emptied.is_some(), "{} bytes", length());
        file.write_all(b"end").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"end");
        drop(log);
        assert!(!path.exists());
    }

    #[test]
    fn what_went_wrong_can_be_read_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("service.log");
        let (mut log, mut file) = Log::begin(&path).unwrap();
        file.write_all(b"panic").unwrap();
        log.kept = true;
        drop(log);
        assert_eq!(fs::read(&path).unwrap(), b"panic");
    }
}
