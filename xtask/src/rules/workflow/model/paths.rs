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

    /// Whether this folder is there: whether it holds a file.
    pub fn has_folder(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        let mut behind = self.files.range(folder.clone()..);
        behind.next().is_some_and(|file| file.starts_with(&folder))
    }

    /// All folders.
    pub fn folders(&self) -> BTreeSet<&str> {
        let mut all = BTreeSet::new();
        for file in &self.files {
            all.extend(file.match_indices('/').map(|(at, _)| &file[..at]));
        }
        all
    }

    /// Whether it may be executed.
    pub fn may_run(&self, path: &str) -> bool {
        !self.plain.contains(path)
    }
}

impl Model {
    /// Whether any of the workflows or actions asks which files there are.
    pub fn asks_for_paths(&self) -> bool {
        const ASKING: [&str; 3] = ["working-directory", "ACTION_PATH", "action_path"];
        let mut own = self.files.iter().filter(|file| file.tree == 0);
        own.any(|file| ASKING.iter().any(|word| file.source.text.contains(word)))
    }

    /// The files that workflows and actions of the repository itself start, whether they are there or not.
    pub fn started(&self) -> BTreeSet<String> {
        let own = self.files.iter().filter(|file| file.tree == 0);
        let starts = own.flat_map(|file| self.starts(file));
        starts.map(|start| start.path).collect()
    }
}
