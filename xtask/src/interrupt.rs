//! Ctrl-C: what must not stay behind when the program is stopped half-way.

use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tempfile::TempDir;

/// Folders that are there only as long as a step runs.
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Processes that would go on without this one.
static PROCESSES: Mutex<Vec<(Pid, Reach)>> = Mutex::new(Vec::new());

/// Held while files are written that belong together.
static WRITING: Mutex<()> = Mutex::new(());

/// What is killed together with a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Nothing.
    Alone,
    /// The group that it leads.
    Group,
}

/// The exit code that a shell reports for a program that SIGINT ended.
const INTERRUPTED: i32 = 130;

/// From now on Ctrl-C removes what [`Folder`]s and [`Killed`] stand for, and gives the terminal its cursor back, which a question hides.
pub fn install() {
    // Fails only where a handler is installed already.
    let _ = ctrlc::set_handler(|| {
        // What is being written becomes whole first; it takes milliseconds.
        let _writing = locked(&WRITING);
        // Both are held to the end: other threads go on, and may start nothing more that would stay behind.
        let processes = locked(&PROCESSES);
        for (process, reach) in processes.iter() {
            let _ = match reach {
                Reach::Alone => kill_process(*process, Signal::KILL),
                Reach::Group => kill_process_group(*process, Signal::KILL),
            };
        }
        let folders = locked(&FOLDERS);
        for folder in folders.iter() {
            remove(folder);
        }
        let _ = dialoguer::console::Term::stderr().show_cursor();
        std::process::exit(INTERRUPTED);
    });
}

/// Does `write` as a whole: Ctrl-C waits until it is over.
pub fn whole<T>(write: impl FnOnce() -> T) -> T {
    let _writing = locked(&WRITING);
    write()
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

/// Does `work` to its end before Ctrl-C is heeded. For steps that take no time and belong together; in `work` no [`Folder`] may be made
/// or removed.
pub fn held<T>(work: impl FnOnce() -> T) -> T {
    let _folders = locked(&FOLDERS);
    work()
}

/// A temporary folder, which Ctrl-C removes as well, from the moment it is there until it is gone.
#[derive(Debug)]
pub struct Folder {
    // Removed first, and forgotten then.
    folder: TempDir,
    _guard: Guard,
}

impl Folder {
    /// Makes one in `place`.
    pub fn new(prefix: &str, place: &Path) -> Result<Self> {
        let mut folders = locked(&FOLDERS);
        let folder = tempfile::Builder::new()
            .prefix(prefix)
            .tempdir_in(place)
            .with_context(|| format!("cannot create a temporary folder in {}", place.display()))?;
        folders.push(folder.path().to_owned());
        let guard = Guard(folder.path().to_owned());
        Ok(Self {
            folder,
            _guard: guard,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Keeps a folder among those that Ctrl-C removes.
#[derive(Debug)]
struct Guard(PathBuf);

impl Drop for Guard {
    fn drop(&mut self) {
        let mut folders = locked(&FOLDERS);
        folders.retain(|folder| *folder != self.0);
    }
}

/// A process that Ctrl-C kills as long as this lives: one that leads a group of its own, or is stopped by a signal that
/// reaches xtask alone, would outlive it.
#[derive(Debug)]
pub struct Killed(Pid);

impl Killed {
    /// Kills `child`, whose owner waits for it in the ordinary course.
    pub fn new(child: &Child) -> Self {
        Self::reaching(child, Reach::Alone)
    }

    /// As [`Self::new`], for a child that leads a group: the group is killed.
    pub fn group(child: &Child) -> Self {
        Self::reaching(child, Reach::Group)
    }

    fn reaching(child: &Child, reach: Reach) -> Self {
        let process = Pid::from_child(child);
        locked(&PROCESSES).push((process, reach));
        Self(process)
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        locked(&PROCESSES).retain(|(process, _)| *process != self.0);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
