//! Cargo's lock file as blocks of text, which is all that composing needs.

use std::cmp::Ordering;

use anyhow::{Result, bail};
use regex::Regex;
use semver::Version;

/// An entry: `[[package]]` up to the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The crate's name.
    pub name: String,
    /// The crate's version.
    pub version: String,
    /// The whole entry, from `[[package]]` to the end of its last line.
    pub text: String,
}

impl Block {
    /// Where cargo sorts it: by name, then by version as a version (0.9 before 0.14).
    fn rank(&self) -> (&str, Option<Version>, &str, &str) {
        let version = Version::parse(&self.version).ok();
        (&self.name, version, &self.version, &self.text)
    }
}

impl Ord for Block {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for Block {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
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

/// The entries from a registry in a lock file, a template of one, or one that somebody damaged: what is whole is kept.
pub fn blocks(text: &str) -> Vec<Block> {
    let Ok(tags) = Regex::new(r"\{%[^%]*%\}|\{\{[^}]*\}\}") else {
        return Vec::new();
    };
    let text = tags.replace_all(text, "");
    let whole = |line: &&str| {
        line.starts_with(" \"") || ["dependencies = [", "]"].contains(line) || field(line).is_some()
    };
    let entry = |part: &str| {
        let lines: Vec<&str> = part.lines().filter(|line| !line.is_empty()).collect();
        let own = !part.contains("\nsource = \"");
        if own || !lines.iter().all(whole) {
            return None;
        }
        Some(Block {
            name: value(part, "name"),
            version: value(part, "version"),
            text: format!("[[package]]\n{}\n", lines.join("\n")),
        })
    };
    text.split("\n[[package]]\n")
        .skip(1)
        .filter_map(entry)
        .collect()
}

/// The value of a line such as `name = "axum"`.
fn field(line: &str) -> Option<&str> {
    let (key, value) = line.split_once(" = \"")?;
    let known = ["name", "version", "source", "checksum"].contains(&key);
    known.then(|| value.strip_suffix('"')).flatten()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, version: &str) -> String {
        format!(
            "\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = \"registry\"\n"
        )
    }

    #[test]
    fn versions_sort_as_versions() {
        let text = format!(
            "version = 4\n{}{}{}",
            entry("hashbrown", "0.16.1"),
            entry("hashbrown", "0.9.1"),
            entry("hashbrown", "0.14.5")
        );
        let mut found = blocks(&text);
        found.sort();
        let versions: Vec<&str> = found.iter().map(|block| block.version.as_str()).collect();
        assert_eq!(versions, ["0.9.1", "0.14.5", "0.16.1"]);
    }

    #[test]
    fn what_is_whole_in_a_damaged_template_is_kept() {
        let text = format!(
            "{{% assign lock = metrics %}}{{% capture own %}}\n[[package]]\nname = \"{{{{project-name}}}}\"\n\
             {{% endcapture %}}version = 4\n{{% if lock == \"a\" %}}{}{{% endif %}}{}<<<<<<< ours\n{}",
            entry("axum", "0.8.9"),
            entry("torn", "1.0.0"),
            entry("tokio", "1.50.0")
        );
        let names: Vec<String> = blocks(&text).into_iter().map(|block| block.name).collect();
        assert_eq!(names, ["axum", "tokio"]);
    }
}
