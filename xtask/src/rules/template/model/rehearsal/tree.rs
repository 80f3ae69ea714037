//! A template's folder as names alone, which hooks may change as they would change the real one.

use std::collections::{BTreeMap, BTreeSet};

/// Where a file of a service comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The template's file of that number.
    File(usize),
    /// A hook wrote it.
    Written,
}

/// Files and folders, by their paths from the template's root.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    files: BTreeMap<String, Origin>,
    folders: BTreeSet<String>,
}

impl Tree {
    /// A tree of the template's files, each by its number.
    pub fn new<'a>(files: impl Iterator<Item = (&'a str, usize)>) -> Self {
        let mut tree = Self::default();
        for (path, number) in files {
            tree.add(path.to_owned(), Origin::File(number));
        }
        tree
    }

    /// The files, by path.
    pub fn files(&self) -> &BTreeMap<String, Origin> {
        &self.files
    }

    /// Takes away the files that `goes` says.
    pub fn remove(&mut self, goes: impl Fn(&str, Origin) -> bool) {
        self.files.retain(|path, origin| !goes(path, *origin));
    }

    /// Gives every file the name that `new` says.
    pub fn rename_all(&mut self, new: impl Fn(&str, Origin) -> String) {
        for (path, origin) in std::mem::take(&mut self.files) {
            self.add(new(&path, origin), origin);
        }
    }

    /// `file::exists`.
    pub fn exists(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.is_folder(path)
    }

    /// `file::rename`, with the reasons that an operating system has to refuse.
    pub fn rename(&mut self, from: &str, to: &str) -> Result<(), String> {
        self.parent(to)?;
        if let Some(origin) = self.files.get(from).copied() {
            if self.is_folder(to) {
                return Err(format!("`{to}` is a folder"));
            }
            self.files.remove(from);
            self.files.insert(to.to_owned(), origin);
            return Ok(());
        }
        if from.is_empty() || !self.is_folder(from) {
            return Err(format!("there is no `{from}`"));
        }
        if self.files.contains_key(to) {
            return Err(format!("`{to}` is a file, and `{from}` a folder"));
        }
        if below(from, to).is_some() && from != to {
            return Err(format!("`{to}` is inside `{from}`"));
        }
        if from != to && self.files.keys().any(|path| below(to, path).is_some()) {
            return Err(format!("`{to}` is a folder that is not empty"));
        }
        let moved = self
            .files
            .extract_if(.., |path, _| below(from, path).is_some());
        let moved: Vec<_> = moved
            .map(|(path, origin)| (format!("{to}{}", &path[from.len()..]), origin))
            .collect();
        self.files.extend(moved);
        let moved = self
            .folders
            .extract_if(.., |path| below(from, path).is_some());
        let moved: Vec<_> = moved
            .map(|path| format!("{to}{}", &path[from.len()..]))
            .collect();
        self.folders.extend(moved);
        Ok(())
    }

    /// `file::delete`; says whether there was anything to delete.
    pub fn delete(&mut self, path: &str) -> bool {
        let found = self.exists(path);
        self.files.retain(|file, _| below(path, file).is_none());
        self.folders.retain(|folder| below(path, folder).is_none());
        found
    }

    /// `file::write`.
    pub fn write(&mut self, path: &str) -> Result<(), String> {
        self.parent(path)?;
        if self.is_folder(path) {
            return Err(format!("`{path}` is a folder"));
        }
        self.files.insert(path.to_owned(), Origin::Written);
        Ok(())
    }

    /// `file::listdir`.
    pub fn list(&self, path: &str) -> Result<BTreeSet<String>, String> {
        if !self.is_folder(path) {
            return Err(format!("there is no folder `{path}`"));
        }
        let inner = |entry: &String| {
            let rest = below(path, entry)?.trim_start_matches('/');
            let name = rest.split('/').next()?;
            let parent = if path.is_empty() {
                String::new()
            } else {
                format!("{path}/")
            };
            (!name.is_empty()).then(|| format!("{parent}{name}"))
        };
        let entries = self.files.keys().chain(&self.folders);
        Ok(entries.filter_map(inner).collect())
    }

    fn add(&mut self, path: String, origin: Origin) {
        // A folder that is there has all that are around it.
        let mut rest = path.as_str();
        while let Some((folder, _)) = rest.rsplit_once('/') {
            if self.folders.contains(folder) {
                break;
            }
            self.folders.insert(folder.to_owned());
            rest = folder;
        }
        self.files.insert(path, origin);
    }

    fn is_folder(&self, path: &str) -> bool {
        path.is_empty() || self.folders.contains(path)
    }

    fn parent(&self, path: &str) -> Result<(), String> {
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        if self.is_folder(parent) {
            Ok(())
        } else {
            Err(format!("there is no folder `{parent}` to put it into"))
        }
    }
}

/// The rest of `path` below `folder`, with its slash, or nothing where they are the same.
fn below<'a>(folder: &str, path: &'a str) -> Option<&'a str> {
    if folder.is_empty() {
        return Some(path);
    }
    path.strip_prefix(folder)
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A path of a hook from the template's root; `None` where it leads out of it.
pub fn inside(path: &str, root: &str) -> Option<String> {
    let relative = match path.strip_prefix(root) {
        Some(rest) if path.starts_with('/') => rest.trim_start_matches('/'),
        _ if path.starts_with('/') => return None,
        _ => path,
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        Tree::new(["a/b/c", "a/d", "e"].into_iter().zip(0..))
    }

    fn paths(tree: &Tree) -> Vec<&str> {
        tree.files().keys().map(String::as_str).collect()
    }

    #[test]
    fn it_moves_and_refuses_as_an_operating_system_does() {
        let mut tree = tree();
        tree.rename("a/b", "f").unwrap();
        assert_eq!(paths(&tree), ["a/d", "e", "f/c"]);
        tree.rename("e", "a/d").unwrap();
        assert_eq!(tree.files()["a/d"], Origin::File(2));
        assert!(tree.rename("gone", "x").is_err());
        assert!(tree.rename("a/d", "new/d").is_err());
        assert!(tree.rename("f", "a").is_err());
        assert!(tree.rename("f", "f/g").is_err());
        assert!(tree.write("a").is_err() && tree.write("none/x").is_err());
        assert!(tree.write("f/x").is_ok() && tree.exists("f/x"));
        assert!(tree.delete("f") && !tree.delete("f"));
        assert_eq!(paths(&tree), ["a/d"]);
    }

    #[test]
    fn folders_are_listed_and_paths_stay_inside() {
        let names: Vec<_> = tree().list("").unwrap().into_iter().collect();
        assert_eq!(names, ["a", "e"]);
        let names: Vec<_> = tree().list("a").unwrap().into_iter().collect();
        assert_eq!(names, ["a/b", "a/d"]);
        assert!(tree().list("e").is_err());
        assert_eq!(inside("./a//b/../c", "/t").as_deref(), Some("a/c"));
        assert_eq!(inside("/t/a", "/t").as_deref(), Some("a"));
        assert_eq!(inside("../a", "/t"), None);
        assert_eq!(inside("/etc", "/t"), None);
    }
}
