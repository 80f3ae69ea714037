//! The kustomizations of a service: which files each lists, and whether they are there.

use std::collections::{BTreeMap, BTreeSet};

use super::Fault;
use crate::report::nearest;
use crate::rules::template::model::rendered::Rendered;
use crate::rules::template::model::text::{did_you_mean, joined, near_path};
use crate::rules::template::model::{Document, Model, Run, Template};
use crate::rules::workflow::yaml::{Node, Style};

/// What a kustomization is called.
const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
/// Keys that kustomize reads; it refuses all others.
const KEYS: [&str; 34] = [
    "apiVersion",
    "kind",
    "metadata",
    "resources",
    "components",
    "crds",
    "bases",
    "patches",
    "patchesJson6902",
    "patchesStrategicMerge",
    "configMapGenerator",
    "secretGenerator",
    "generatorOptions",
    "generators",
    "transformers",
    "validators",
    "configurations",
    "namespace",
    "namePrefix",
    "nameSuffix",
    "labels",
    "commonLabels",
    "commonAnnotations",
    "buildMetadata",
    "images",
    "imageTags",
    "replicas",
    "replacements",
    "vars",
    "openapi",
    "helmCharts",
    "helmGlobals",
    "helmChartInflationGenerator",
    "sortOptions",
];
/// Keys that bring objects or names which are not read here.
const OPEN: [&str; 14] = [
    "bases",
    "patchesJson6902",
    "configMapGenerator",
    "secretGenerator",
    "generators",
    "transformers",
    "configurations",
    "namePrefix",
    "nameSuffix",
    "replacements",
    "vars",
    "helmCharts",
    "helmChartInflationGenerator",
    "openapi",
];

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
    documents: BTreeMap<String, Document<'a>>,
    files: BTreeMap<String, Rendered<'a>>,
    all: BTreeMap<String, Kustomization>,
    paths: BTreeSet<String>,
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

    fn kustomization(&self, path: &str, root: &Node) -> Kustomization {
        let folder = split(path).0;
        let mut one = Kustomization {
            path: path.to_owned(),
            is_open: root.entries().iter().any(|entry| {
                let key = entry.key.text.as_str();
                OPEN.contains(&key) || !KEYS.contains(&key)
            }),
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
                _ => one.is_open |= patch.get("target").is_none(),
            }
        }
        one
    }

    fn is_kustomization(&self, folder: &str) -> bool {
        NAMES
            .iter()
            .any(|name| self.paths.contains(&join(folder, name)))
    }

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

/// Items of a list under `key`.
fn items<'r>(root: &'r Node, key: &str) -> &'r [Node] {
    root.get(key).map_or(&[], Node::items)
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

/// The path that `text` means, seen from `folder`; nothing where it is elsewhere or not decided here.
fn local(folder: &str, text: &str) -> Option<String> {
    let remote = ["://", "?ref=", "git@", "git::", "github.com", "$", "{{"];
    if text.is_empty()
        || text.starts_with('/')
        || text.contains('\n')
        || remote.iter().any(|mark| text.contains(mark))
    {
        return None;
    }
    joined(folder, text)
}

/// The way from one folder to another.
fn relative(from: &str, to: &str) -> String {
    let (from, to): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), to.split('/').collect());
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - same);
    up.chain(to[same..].iter().copied())
        .collect::<Vec<_>>()
        .join("/")
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}
