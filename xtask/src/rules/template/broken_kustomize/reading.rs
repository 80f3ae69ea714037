//! The kustomizations of a service: which files each lists.

use std::collections::{BTreeMap, BTreeSet};

use super::keys::is_open;
use super::paths::{join, local, split};
use crate::rules::template::model::rendered::Rendered;
use crate::rules::template::model::{Document, Model, Run, Template};
use crate::rules::workflow::yaml::Node;

/// What a kustomization is called.
const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
/// A manifest: its file, and what it holds.
#[derive(Clone, Copy)]
pub struct Object<'r> {
    pub path: &'r str,
    pub root: &'r Node,
}

impl Object<'_> {
    pub fn kind(&self) -> &str {
        self.root
            .get("kind")
            .and_then(Node::text)
            .unwrap_or_default()
    }

    pub fn name(&self) -> &str {
        let name = self.root.at(&["metadata", "name"]);
        name.and_then(Node::text).unwrap_or_default()
    }
}

/// A kustomization.
#[derive(Default)]
pub struct Kustomization {
    /// Its own file.
    pub path: String,
    /// Manifests that it lists.
    pub manifests: Vec<String>,
    /// Kustomizations that it lists.
    pub others: Vec<String>,
    /// Manifests that change others.
    pub patches: Vec<String>,
    /// Whether it holds what is not read here.
    pub is_open: bool,
}

/// The kustomizations of a service and what they list.
pub struct Reading<'a> {
    pub documents: BTreeMap<String, Document<'a>>,
    files: BTreeMap<String, Rendered<'a>>,
    pub all: BTreeMap<String, Kustomization>,
    pub paths: BTreeSet<String>,
}

impl<'a> Reading<'a> {
    pub fn of(model: &Model, template: &'a Template, run: &Run) -> Self {
        let mut reading = Self {
            documents: BTreeMap::new(),
            files: BTreeMap::new(),
            all: BTreeMap::new(),
            paths: BTreeSet::new(),
        };
        let kustomizations: Vec<&String> = run
            .files
            .keys()
            .filter(|path| NAMES.contains(&split(path).1))
            .collect();
        if kustomizations.is_empty() {
            return reading;
        }
        reading.paths = run.files.keys().cloned().collect();
        let beside = |path: &str| {
            let is_manifest = path.strip_suffix(".yaml").or(path.strip_suffix(".yml"));
            is_manifest.is_some()
                && kustomizations.iter().any(|of| {
                    let folder = split(of).0;
                    path.strip_prefix(folder)
                        .is_some_and(|rest| rest.starts_with('/'))
                })
        };
        for path in run.files.keys() {
            if !kustomizations.contains(&path) && !beside(path) {
                continue;
            }
            if let Some(document) = model.document(template, run, path) {
                reading.documents.insert(path.clone(), document);
            } else if let Some(file) = model.rendered(template, run, path) {
                // Several documents, or what a YAML parser refuses.
                reading.files.insert(path.clone(), file);
            }
        }
        for path in kustomizations {
            if let Some(document) = reading.documents.get(path) {
                let kustomization = reading.kustomization(path, &document.root);
                reading.all.insert(split(path).0.to_owned(), kustomization);
            }
        }
        reading
    }

    /// The rendered file at `path`.
    pub fn file(&self, path: &str) -> Option<&Rendered<'a>> {
        let document = self.documents.get(path).map(|document| &document.file);
        document.or_else(|| self.files.get(path))
    }

    /// The kustomizations that no other lists: what is applied.
    pub fn roots(&self) -> impl Iterator<Item = &Kustomization> {
        let listed: BTreeSet<&String> = self.all.values().flat_map(|one| &one.others).collect();
        self.all
            .iter()
            .filter(move |(folder, one)| !listed.contains(folder) && !self.is_component(one))
            .map(|(_, one)| one)
    }

    /// Whether it only means something inside of another.
    fn is_component(&self, one: &Kustomization) -> bool {
        let kind = self.root(one).and_then(|root| root.get("kind")?.text());
        kind == Some("Component")
    }

    /// A kustomization with all that it lists; nothing where some of it is not known.
    pub fn closure<'r>(&'r self, root: &'r Kustomization) -> Option<Vec<&'r Kustomization>> {
        let mut found: Vec<&Kustomization> = Vec::new();
        let mut next = vec![root];
        while let Some(one) = next.pop() {
            if found.iter().any(|other| other.path == one.path) {
                continue;
            }
            if one.is_open {
                return None;
            }
            found.push(one);
            for folder in &one.others {
                next.push(self.all.get(folder)?);
            }
        }
        Some(found)
    }

    /// The object in the file at `path`.
    pub fn object<'r>(&'r self, path: &'r str) -> Option<Object<'r>> {
        let root = &self.documents.get(path)?.root;
        Some(Object { path, root })
    }

    /// What a kustomization says of itself.
    pub fn root(&self, kustomization: &Kustomization) -> Option<&Node> {
        Some(&self.documents.get(&kustomization.path)?.root)
    }

    /// Whether the folder has one.
    pub fn is_kustomization(&self, folder: &str) -> bool {
        NAMES
            .iter()
            .any(|name| self.paths.contains(&join(folder, name)))
    }

    /// Whether a patch with a target may bring what others refer to.
    fn adds(&self, patch: &Node, folder: &str) -> bool {
        let inner = patch.get("patch").and_then(Node::text);
        let named = patch.get("path").and_then(Node::text);
        let file = named.and_then(|name| self.file(&local(folder, name)?));
        let text = inner.or(file.map(|file| file.text.as_str()));
        text.is_none_or(|text| REFERRED.iter().any(|word| text.contains(word)))
    }

    fn kustomization(&self, path: &str, root: &Node) -> Kustomization {
        let folder = split(path).0;
        let mut one = Kustomization {
            path: path.to_owned(),
            is_open: root.entries().iter().any(|entry| is_open(&entry.key.text)),
            ..Kustomization::default()
        };
        for entry in ["resources", "components"] {
            for item in items(root, entry) {
                let Some(target) = item.text().and_then(|text| local(folder, text)) else {
                    one.is_open = true;
                    continue;
                };
                if self.documents.contains_key(&target) {
                    one.manifests.push(target);
                } else if self.is_kustomization(&target) {
                    one.others.push(target);
                } else {
                    one.is_open = true;
                }
            }
        }
        for patch in items(root, "patchesStrategicMerge")
            .iter()
            .chain(items(root, "patches"))
        {
            let file = patch.get("path").unwrap_or(patch);
            match file.text().and_then(|text| local(folder, text)) {
                // A patch with a target says by itself what it changes; one inside of the file is not read.
                Some(target)
                    if patch.get("target").is_none() && self.documents.contains_key(&target) =>
                {
                    one.patches.push(target);
                }
                _ => one.is_open |= patch.get("target").is_none() || self.adds(patch, folder),
            }
        }
        one
    }
}

/// What manifests refer to of each other, as a path of a patch spells it.
const REFERRED: [&str; 6] = [
    "volume",
    "port",
    "label",
    "selector",
    "container",
    "serviceAccount",
];

/// Items of a list under `key`.
pub fn items<'r>(root: &'r Node, key: &str) -> &'r [Node] {
    root.get(key).map_or(&[], Node::items)
}
