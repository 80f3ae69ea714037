//! The files of the repository itself, where a rule asks for them.

use std::collections::{BTreeMap, BTreeSet};

use super::Model;

/// Which files there are.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    /// All of them, from the root.
    pub files: BTreeSet<String>,
    /// Those of them that may not be executed, as far as anybody asks.
    pub plain: BTreeSet<String>,
    /// The text of what workflows and actions start, where it is text.
    pub texts: BTreeMap<String, String>,
}

impl Paths {
    /// Whether it is there.
    pub fn has(&self, path: &str) -> bool {
        self.files.contains(path)
    }

    /// Whether it may be executed.
    pub fn may_run(&self, path: &str) -> bool {
        !self.plain.contains(path)
    }
}

impl Model {
    /// The files that workflows and actions of the repository itself start, whether they are there or not.
    pub fn started(&self) -> BTreeSet<String> {
        let own = self.files.iter().filter(|file| file.tree == 0);
        let starts = own.flat_map(|file| self.starts(file));
        starts.map(|start| start.path).collect()
    }
}
