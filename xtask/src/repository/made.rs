//! Repositories for tests, made by somebody whom no configuration has to know.

use std::path::Path;

use super::Repository;

impl Repository {
    /// A new one in `dir`.
    pub fn begun(dir: &Path) -> Self {
        let repository = Self::at(dir).unwrap();
        repository.done(&["-c", "init.defaultBranch=main", "init", "--quiet"]);
        repository
    }

    /// Commits whatever is there, and be it as it was; the commit.
    pub fn committed(&self, message: &str) -> String {
        self.done(&["add", "--all"]);
        self.done(&["commit", "--quiet", "--allow-empty", "--message", message]);
        self.commit("HEAD").unwrap()
    }

    /// What git prints, as that somebody.
    pub fn done(&self, args: &[&str]) -> String {
        let identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
        self.git(&[&identity, args].concat()).unwrap()
    }
}
