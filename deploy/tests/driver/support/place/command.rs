//! The back end `command`, with a script whose state is a folder.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Place, Version};

/// What the script may be told that ends it before it can say that it ended.
const SILENT: [&str; 2] = ["engine-dies", "hangs"];

/// A script with its folder.
pub struct Command {
    folder: PathBuf,
    silent: AtomicBool,
}

impl Command {
    /// In a folder that is the world's.
    pub fn new(folder: &Path) -> Self {
        fs::create_dir(folder.join("state")).unwrap();
        let program = folder.join("backend");
        fs::write(&program, include_str!("backend.sh")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        Self {
            folder: folder.to_owned(),
            silent: AtomicBool::new(false),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join("state").join(name)
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.join("state")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.file("log")).unwrap_or_default()
    }

    /// Whether it was ever told to begin something before it had ended the last, in one environment.
    fn interleaved(&self) -> bool {
        let log = self.log();
        let mut open = BTreeMap::new();
        for line in log.lines() {
            let mut words = line.split(' ');
            let (what, environment) = (words.next().unwrap(), words.next().unwrap());
            let running = open.entry(environment).or_insert(false);
            let begins = what == "begin";
            if *running == begins {
                return true;
            }
            *running = begins;
        }
        false
    }
}

impl Place for Command {
    fn variables(&self) -> Vec<(&'static str, String)> {
        let path = |name: &str| self.folder.join(name).display().to_string();
        vec![
            ("IDP_BACKEND", "command".to_owned()),
            ("IDP_BACKEND_COMMAND", path("backend")),
            ("IDP_BACKEND_LOCKS", path("locks")),
            ("IDP_BACKEND_TIMEOUT", "20s".to_owned()),
        ]
    }

    fn runs(&self, environment: &str) -> Option<String> {
        let text = fs::read_to_string(self.file(environment)).ok();
        text.map(|text| text.trim().to_owned())
    }

    fn start_by_hand(&self, environment: &str, digest: &str) {
        fs::write(self.file(environment), digest).unwrap();
    }

    fn take_away(&self, environment: &str) {
        fs::remove_file(self.file(environment)).unwrap();
    }

    fn wrong(&self, what: &str, version: Option<Version<'_>>) {
        let name = match version {
            Some(version) => format!("{what}-{}", version.digest),
            None => what.to_owned(),
        };
        if SILENT.contains(&what) {
            self.silent.store(true, Ordering::SeqCst);
        }
        // Where the content counts, which is what a version says of itself, this is wrong.
        fs::write(self.file(&name), "2").unwrap();
    }

    fn mend(&self) {
        for name in self.files() {
            if name == "down" || name.starts_with("engine-dies") {
                fs::remove_file(self.file(&name)).unwrap();
            }
        }
    }

    fn slow(&self, version: Version<'_>, seconds: &str) {
        fs::write(self.file(&format!("slow-{}", version.digest)), seconds).unwrap();
    }

    fn begun(&self, environment: &str, version: Version<'_>) -> bool {
        let begins = format!("begin {environment} {}", version.digest);
        self.log().contains(&begins)
    }

    fn broken(&self) -> Vec<String> {
        if self.interleaved() && !self.silent.load(Ordering::SeqCst) {
            return vec!["two deployments at once".to_owned()];
        }
        vec![]
    }
}
