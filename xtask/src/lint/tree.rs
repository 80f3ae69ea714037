//! The workflows and actions of one tree.

use std::collections::BTreeSet;
use std::fs::File as Handle;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::pack::tracked;
use crate::parallel;
use crate::report::Source;
use crate::rules::workflow::{File, FileKind, Model, Paths};

const FOLDER: &str = ".github";
/// As much of a file as is read: more than the rules take, so that they say that it is too long.
const MOST: u64 = 2 << 20;

/// What `path`, relative to a tree, is to GitHub.
pub(super) fn kind(path: &str) -> Option<FileKind> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if matches!(name, "action.yml" | "action.yaml") && folder != ".github/workflows" {
        return Some(FileKind::Action);
    }
    let yaml = Path::new(name)
        .extension()
        .is_some_and(|end| end == "yml" || end == "yaml");
    (folder == ".github/workflows" && yaml).then_some(FileKind::Workflow)
}

/// The workflows and actions in the repository `root`.
pub(super) fn read(root: &Path) -> Result<Vec<File>> {
    let mut paths: Vec<String> = tracked(root, FOLDER)?
        .iter()
        .map(|file| format!("{FOLDER}/{file}"))
        .collect();
    paths.retain(|path| kind(path).is_some());
    // An action that is the repository itself.
    paths.extend(
        ["action.yml", "action.yaml"]
            .iter()
            .filter(|path| root.join(path).is_file())
            .map(|path| (*path).to_owned()),
    );
    let mut files = Vec::new();
    for read in parallel::map(&paths, |path| file(root, path)) {
        files.extend(read?);
    }
    // Actions elsewhere, where a step names them.
    let mut named: Vec<String> = files.iter().flat_map(File::local_actions).collect();
    while let Some(folder) = named.pop() {
        for name in ["action.yml", "action.yaml"] {
            let path = format!("{folder}/{name}");
            let outside = folder
                .split('/')
                .any(|part| part == ".." || part.is_empty());
            if outside || paths.contains(&path) || !root.join(&path).is_file() {
                continue;
            }
            if let Some(found) = file(root, &path)? {
                named.extend(found.local_actions());
                files.push(found);
            }
            paths.push(path);
        }
    }
    Ok(files)
}

/// The files of the repository, where its workflows ask for any.
pub(super) fn paths(root: &Path, model: &Model) -> Result<Option<Paths>> {
    let started = &model.started();
    if started.is_empty() && !model.asks_for_paths() {
        return Ok(None);
    }
    let files: BTreeSet<String> = tracked(root, ".")?.into_iter().collect();
    let plain = started.iter().filter(|path| !may_run(&root.join(path)));
    let mut read = started.clone();
    read.insert("Cargo.toml".to_owned());
    let text = |path: &String| {
        let bytes = bytes(&root.join(path)).ok()?;
        Some((path.clone(), String::from_utf8(bytes).ok()?))
    };
    Ok(Some(Paths {
        texts: read.intersection(&files).filter_map(text).collect(),
        plain: plain.cloned().collect(),
        files,
    }))
}

fn may_run(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|metadata| metadata.permissions().mode() & 0o111 != 0)
}

fn file(root: &Path, path: &str) -> Result<Option<File>> {
    let Some(kind) = kind(path) else {
        return Ok(None);
    };
    let bytes = bytes(&root.join(path))?;
    Ok(Some(parsed(0, path, kind, path.to_owned(), bytes)))
}

/// A file from its bytes, whatever they are.
pub(super) fn parsed(
    tree: usize,
    path: &str,
    kind: FileKind,
    name: String,
    bytes: Vec<u8>,
) -> File {
    match String::from_utf8(bytes) {
        Ok(text) => File::new(tree, path, kind, Source::new(name, text), None),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            File::not_text(tree, path, kind, Source::new(name, text), at)
        }
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    let shown = path.display();
    let metadata = path
        .metadata()
        .with_context(|| format!("cannot read {shown}"))?;
    // A pipe or a device would never end.
    if !metadata.is_file() {
        bail!("cannot read {shown}: it is no file");
    }
    let mut bytes = Vec::new();
    let handle = Handle::open(path).with_context(|| format!("cannot read {shown}"))?;
    handle
        .take(MOST)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {shown}"))?;
    Ok(bytes)
}
