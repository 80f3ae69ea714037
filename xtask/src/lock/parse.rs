//! Cargo's lock file as blocks of text, which is all that composing needs.

use anyhow::{Result, bail};

/// An entry: `[[package]]` up to the next one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Block {
    /// The crate's name.
    pub name: String,
    /// The crate's version.
    pub version: String,
    /// The whole entry, from `[[package]]` to the end of its last line.
    pub text: String,
}

/// A lock file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// What stands before the first entry.
    pub header: String,
    /// Every entry but the service's own, in cargo's order.
    pub dependencies: Vec<Block>,
    /// The service's own entry.
    pub root: Block,
}

impl Lock {
    /// Parses what cargo wrote for the crate `root`.
    pub fn parse(text: &str, root: &str) -> Result<Self> {
        let mut parts = text.split("\n[[package]]\n");
        let header = parts.next().unwrap_or_default().to_owned();
        let mut dependencies = Vec::new();
        let mut own = None;
        for part in parts {
            let block = Block {
                name: value(part, "name"),
                version: value(part, "version"),
                text: format!("[[package]]\n{}\n", part.trim_end_matches('\n')),
            };
            if block.name == root && !part.contains("\nsource = ") {
                own = Some(block);
            } else {
                dependencies.push(block);
            }
        }
        let Some(root) = own else {
            bail!("the lock file has no entry for `{root}`");
        };
        Ok(Self {
            header,
            dependencies,
            root,
        })
    }
}

fn value(block: &str, key: &str) -> String {
    block
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "))
        .map(|value| value.trim_matches('"').to_owned())
        .unwrap_or_default()
}

/// The names of all crates from a registry in a lock file, or in a template of one; sorted, each once.
pub fn crate_names(text: &str) -> Vec<String> {
    let mut names: Vec<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
        .filter(|name| !name.contains('{'))
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}
