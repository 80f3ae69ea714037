//! Ctrl-C: what must not stay behind when the program is stopped half-way.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Folders that are there only as long as a step runs.
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// The exit code that a shell reports for a program that SIGINT ended.
const INTERRUPTED: i32 = 130;

/// From now on Ctrl-C removes what [`Guard`]s stand for, and gives the terminal its cursor back, which a question hides.
pub fn install() {
    // Fails only where a handler is installed already.
    let _ = ctrlc::set_handler(|| {
        let folders = std::mem::take(&mut *FOLDERS.lock().unwrap_or_else(PoisonError::into_inner));
        for folder in folders {
            remove(&folder);
        }
        let _ = dialoguer::console::Term::stderr().show_cursor();
        std::process::exit(INTERRUPTED);
    });
}

/// A child may still be writing for a moment; without the folder it soon gives up.
fn remove(folder: &Path) {
    for _ in 0..50 {
        if std::fs::remove_dir_all(folder).is_ok() || !folder.exists() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A folder that Ctrl-C removes as long as this lives.
#[derive(Debug)]
pub struct Guard(PathBuf);

impl Guard {
    /// Guards `folder`, which its owner removes in the ordinary course.
    pub fn new(folder: &Path) -> Self {
        let mut folders = FOLDERS.lock().unwrap_or_else(PoisonError::into_inner);
        folders.push(folder.to_owned());
        Self(folder.to_owned())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let mut folders = FOLDERS.lock().unwrap_or_else(PoisonError::into_inner);
        folders.retain(|folder| *folder != self.0);
    }
}
