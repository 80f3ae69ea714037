//! Files that a kustomization names, and files that lie beside it.

use std::collections::BTreeSet;

use super::Fault;
use super::keys::KEYS;
use super::paths::{local, relative, split};
use super::reading::{Kustomization, Reading, items};
use crate::report::nearest;
use crate::rules::template::model::text::{did_you_mean, near_path};
use crate::rules::workflow::yaml::{Node, Style};

impl Reading<'_> {
    /// Files that are named and not there, and files that are there and not named.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut named = BTreeSet::new();
        for one in self.all.values() {
            let Some(root) = self.root(one) else { continue };
            Self::keys(one, root, &mut faults);
            for (node, wants_kustomization) in named_files(root) {
                let folder = split(&one.path).0;
                let Some(text) = node.text() else { continue };
                let Some(target) = local(folder, text) else {
                    continue;
                };
                let is_there = self.paths.contains(&target)
                    || (wants_kustomization && self.is_kustomization(&target));
                if !is_there {
                    faults.push(self.missing(one, node, text, &target));
                }
                named.insert(target);
            }
        }
        self.unlisted(&named, &mut faults);
        faults
    }

    fn keys(one: &Kustomization, root: &Node, faults: &mut Vec<Fault>) {
        for entry in root.entries() {
            let key = entry.key.text.as_str();
            if !KEYS.contains(&key) && !key.starts_with("x-") {
                faults.push(Fault {
                    path: one.path.clone(),
                    span: entry.key.span.clone(),
                    message: format!("kustomize has no key `{key}`"),
                    help: did_you_mean(key, KEYS, "take it away, or write a key of kustomize's"),
                });
            }
        }
    }

    fn missing(&self, one: &Kustomization, node: &Node, text: &str, target: &str) -> Fault {
        let folder = split(&one.path).0;
        let is_folder = self.paths.iter().any(|path| {
            path.strip_prefix(target)
                .is_some_and(|rest| rest.starts_with('/'))
        });
        let message = if is_folder {
            format!("the folder `{text}` has no kustomization")
        } else {
            format!("there is no `{text}` beside the kustomization")
        };
        let near = near_path(target, self.paths.iter().map(String::as_str));
        let near =
            near.and_then(|near| near.strip_prefix(&format!("{folder}/")).map(str::to_owned));
        let near = near.or_else(|| {
            let folders = self.all.keys().map(|other| relative(folder, other));
            let folders: Vec<String> = folders.collect();
            nearest(text, folders.iter().map(String::as_str)).map(str::to_owned)
        });
        Fault {
            path: one.path.clone(),
            span: node.span.clone(),
            message,
            help: near.map_or_else(
                || {
                    "name a file that is there, or put the line under the option that brings it"
                        .to_owned()
                },
                |near| format!("did you mean `{near}`?"),
            ),
        }
    }

    /// Manifests beside a kustomization that none names.
    fn unlisted(&self, named: &BTreeSet<String>, faults: &mut Vec<Fault>) {
        for (path, document) in &self.documents {
            let (folder, name) = split(path);
            let is_manifest = ["apiVersion", "kind"]
                .iter()
                .all(|key| document.root.get(key).is_some());
            let Some(one) = self.all.get(folder).filter(|one| one.path != *path) else {
                continue;
            };
            let Some(root) = self
                .root(one)
                .filter(|_| is_manifest && !named.contains(path))
            else {
                continue;
            };
            // Elsewhere in it the file may be named in a way that is not known here.
            let text = self.file(&one.path).map_or("", |file| file.text.as_str());
            let is_mentioned = text
                .lines()
                .any(|line| !line.trim_start().starts_with('#') && line.contains(name));
            let known = root
                .entries()
                .iter()
                .all(|entry| KEYS.contains(&entry.key.text.as_str()));
            let is_told = faults.iter().any(|fault| fault.path == one.path);
            // A file that is misspelt there is one mistake, and told.
            if is_mentioned || is_told || !known {
                continue;
            }
            let place = root
                .entry("resources")
                .map_or(0..0, |entry| entry.key.span.clone());
            faults.push(Fault {
                path: one.path.clone(),
                span: place,
                message: format!("`{name}` lies beside the kustomization, which does not list it"),
                help: format!("add `  - {name}` to `resources`, or delete the file"),
            });
        }
    }
}

/// Every file that a kustomization names, and whether it may be a folder with a kustomization.
fn named_files(root: &Node) -> Vec<(&Node, bool)> {
    let mut found = Vec::new();
    for key in ["resources", "components", "bases"] {
        found.extend(items(root, key).iter().map(|item| (item, true)));
    }
    for key in ["crds", "configurations"] {
        found.extend(items(root, key).iter().map(|item| (item, false)));
    }
    for key in ["patches", "patchesJson6902", "replacements"] {
        found.extend(
            items(root, key)
                .iter()
                .filter_map(|patch| Some((patch.get("path")?, false))),
        );
    }
    let inline = |node: &Node| {
        node.scalar()
            .is_some_and(|scalar| scalar.style == Style::Block)
    };
    let merges = items(root, "patchesStrategicMerge").iter();
    found.extend(
        merges
            .filter(|node| !inline(node))
            .map(|node| (node, false)),
    );
    found
}
