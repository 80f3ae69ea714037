//! A lock as a file: it names its owner, and ends by itself.
//!
//! It counts as free once its owner is dead on this machine, and what the owner called has ended too; or once it has expired.
//! Its age is the difference between two times that the same file system wrote, so that no machine's own clock takes part.
//! `flock` guards only the moment of looking and writing: it knows no owner and no expiry, and not every shared folder has it
//! beyond one machine.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::alive::{alive, host};
use crate::backend::{BackendError, Lock};
use crate::names::{Environment, Image};

/// How often a waiting process looks.
const PAUSE: Duration = Duration::from_millis(100);

/// Where an environment's lock is.
pub struct Place {
    folder: PathBuf,
    name: String,
    environment: Environment,
}

/// What the file says.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Content {
    owner: String,
    host: String,
    process: i32,
    /// Seconds after it was last written.
    expiry: u64,
    /// Tells two locks of one owner apart.
    token: u64,
}

/// Ours until it is dropped.
pub struct Held {
    place: Place,
    content: Content,
}

impl Place {
    /// One file for each service and environment.
    pub fn new(folder: &Path, image: &Image, environment: Environment) -> Self {
        // No part of a repository's path holds a `+`, so no two have one name.
        let service = image.to_string().replace(['/', ':'], "+");
        Self {
            folder: folder.to_owned(),
            name: format!("{service}+{environment}"),
            environment,
        }
    }

    /// Holds the process id of what the owner calls.
    pub fn call(&self) -> PathBuf {
        self.file("call")
    }

    /// Waits for it.
    pub fn take(self, owner: &str, expiry: Duration, wait: Duration) -> Result<Held, BackendError> {
        let content = Content {
            owner: owner.to_owned(),
            host: host(),
            process: process::id().cast_signed(),
            expiry: expiry.as_secs(),
            token: fastrand::u64(..),
        };
        let begun = Instant::now();
        loop {
            match self
                .try_take(&content)
                .map_err(|error| self.broken(&error))?
            {
                None => {
                    return Ok(Held {
                        place: self,
                        content,
                    });
                }
                Some((owner, remaining)) if begun.elapsed() >= wait => {
                    return Err(BackendError::Locked {
                        environment: self.environment,
                        owner,
                        remaining,
                    });
                }
                Some(_) => thread::sleep(PAUSE),
            }
        }
    }

    /// Takes it, or says who has it and for how many seconds more.
    fn try_take(&self, content: &Content) -> io::Result<Option<(String, u64)>> {
        let (_guard, now) = self.guard()?;
        if let Some((held, written)) = self.read()? {
            let age = now.duration_since(written).unwrap_or_default().as_secs();
            let ours = held.host == content.host;
            let dead = ours && !alive(held.process) && !self.calls();
            if age < held.expiry && !dead {
                return Ok(Some((held.owner, held.expiry - age)));
            }
        }
        self.write(content)?;
        Ok(None)
    }

    /// Whether something that an owner called goes on.
    fn calls(&self) -> bool {
        let process = fs::read_to_string(self.call()).ok();
        process
            .and_then(|text| text.parse().ok())
            .is_some_and(alive)
    }

    /// Nobody else looks or writes until it is dropped. With the time, as the file system has it.
    fn guard(&self) -> io::Result<(File, std::time::SystemTime)> {
        fs::create_dir_all(&self.folder)?;
        let mut guard = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.file("guard"))?;
        guard.lock()?;
        guard.write_all(b".")?;
        let now = guard.metadata()?.modified()?;
        Ok((guard, now))
    }

    /// What stands there, and when it was written. What can't be read was not written by this program's rename: it is none.
    fn read(&self) -> io::Result<Option<(Content, std::time::SystemTime)>> {
        let file = self.file("lock");
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let written = fs::metadata(&file)?.modified()?;
        Ok(serde_json::from_str(&text)
            .ok()
            .map(|content| (content, written)))
    }

    fn write(&self, content: &Content) -> io::Result<()> {
        let new = self.file("new");
        fs::write(&new, serde_json::to_string(content)?)?;
        fs::rename(&new, self.file("lock"))
    }

    fn file(&self, kind: &str) -> PathBuf {
        self.folder.join(format!("{}.{kind}", self.name))
    }

    fn broken(&self, error: &io::Error) -> BackendError {
        BackendError::Unusable(format!(
            "{}: {error}; IDP_BACKEND_LOCKS names a folder that can be written",
            self.file("lock").display()
        ))
    }
}

impl Lock for Held {
    fn renew(&mut self) -> Result<(), BackendError> {
        let renewed = self.place.guard().and_then(|(_guard, _)| {
            let found = self.place.read()?.map(|(found, _)| found);
            if found.as_ref() == Some(&self.content) {
                self.place.write(&self.content)?;
            }
            Ok(found)
        });
        match renewed.map_err(|error| self.place.broken(&error))? {
            Some(found) if found == self.content => Ok(()),
            other => Err(BackendError::Locked {
                environment: self.place.environment,
                owner: other.map_or("nobody: it was taken away".to_owned(), |found| found.owner),
                remaining: 0,
            }),
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Ok((_guard, _)) = self.place.guard() else {
            return;
        };
        if let Ok(Some((found, _))) = self.place.read()
            && found == self.content
        {
            let _ = fs::remove_file(self.place.file("lock"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn place(folder: &Path) -> Place {
        let image = "localhost:5000/org/orders".parse().unwrap();
        Place::new(folder, &image, Environment::Prod)
    }

    fn rewrite(folder: &Path, change: impl FnOnce(&mut Content)) {
        let place = place(folder);
        let (mut content, _) = place.read().unwrap().unwrap();
        change(&mut content);
        place.write(&content).unwrap();
    }

    #[test]
    fn one_at_a_time_and_free_once_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let held = place(folder.path())
            .take("ann", HOUR, Duration::ZERO)
            .unwrap();
        let Err(refused) = place(folder.path()).take("bob", HOUR, Duration::ZERO) else {
            panic!("two at once")
        };
        assert!(refused.to_string().contains("locked by ann"), "{refused}");
        drop(held);
        assert!(
            place(folder.path())
                .take("bob", HOUR, Duration::ZERO)
                .is_ok()
        );
    }

    #[test]
    fn a_dead_owner_holds_nothing_unless_what_it_called_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let mut held = place(folder.path())
            .take("ann", HOUR, Duration::ZERO)
            .unwrap();
        // No process has this number: it is above what Linux gives out.
        rewrite(folder.path(), |content| content.process = i32::MAX);
        let call = place(folder.path()).call();
        fs::write(&call, process::id().to_string()).unwrap();
        let blocked = place(folder.path()).take("bob", HOUR, Duration::ZERO);
        assert!(blocked.is_err());
        fs::remove_file(call).unwrap();
        let taken = place(folder.path())
            .take("bob", HOUR, Duration::ZERO)
            .unwrap();
        let lost = held.renew().unwrap_err().to_string();
        assert!(lost.contains("bob"), "{lost}");
        // What is lost is not given back: it is somebody else's.
        drop(held);
        assert!(
            place(folder.path())
                .take("eve", HOUR, Duration::ZERO)
                .is_err()
        );
        drop(taken);
    }

    #[test]
    fn another_machine_s_lock_ends_by_its_expiry_alone() {
        let folder = tempfile::tempdir().unwrap();
        let _held = place(folder.path())
            .take("ann", HOUR, Duration::ZERO)
            .unwrap();
        rewrite(folder.path(), |content| {
            content.host = "elsewhere".to_owned();
            content.process = i32::MAX;
        });
        assert!(
            place(folder.path())
                .take("bob", HOUR, Duration::ZERO)
                .is_err()
        );
        rewrite(folder.path(), |content| content.expiry = 0);
        assert!(
            place(folder.path())
                .take("bob", HOUR, Duration::ZERO)
                .is_ok()
        );
    }

    #[test]
    fn renewing_keeps_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut held = place(folder.path())
            .take("ann", HOUR, Duration::ZERO)
            .unwrap();
        held.renew().unwrap();
        fs::remove_file(place(folder.path()).file("lock")).unwrap();
        assert!(held.renew().is_err());
    }
}
