//! A copy of the pack as the repository of an organisation: its own facts, and one line less for act.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::adopt;
use crate::pack::{Pack, tracked};

/// The pack's files, committed or not, in `folder`, with other values for some facts, and all that is derived from them.
pub(super) fn copy(pack: &Pack, folder: &Path, facts: &[(&str, &str)]) -> Result<Pack> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    for file in tracked(&pack.root, ".")? {
        copy_file(&pack.root.join(&file), &folder.join(&file))?;
    }
    let mut platform = pack.platform.clone();
    for (name, value) in facts {
        platform.set(name, value);
    }
    let copy = adopt::stamp(folder, &platform)?;
    let workflows = folder.join(".github/workflows");
    for file in crate::verify::bench::files(&workflows)? {
        let path = workflows.join(file);
        fs::write(&path, unqueued(&crate::pack::read(&path)?))?;
    }
    Ok(copy)
}

/// What makes `xtask` a member of the workspace that the release driver is built in; no run builds it.
const MEMBER: [&str; 3] = ["xtask/Cargo.toml", "xtask/src/lib.rs", "xtask/src/main.rs"];

/// The pack at `root`, in `folder`, without what no run of a service looks at: its `templates`, its pages, and `xtask`, which
/// holds all fixtures. act copies the repository of an action for each of its steps, which took a quarter of a push.
pub(super) fn reached(root: &Path, templates: &[String], folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    let is_reached = |file: &str| match file.split_once('/') {
        Some(("xtask", _)) => MEMBER.contains(&file),
        Some((top, _)) => top != "docs" && !templates.iter().any(|template| template == top),
        None => true,
    };
    for file in crate::verify::bench::files(root)? {
        if is_reached(&file) {
            copy_file(&root.join(&file), &folder.join(&file))?;
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)
            .with_context(|| format!("cannot create {}", parent.display()))?;
    }
    // A fixture is a link to nothing, and stays one.
    let copied = match fs::read_link(from) {
        Ok(target) => std::os::unix::fs::symlink(target, to),
        Err(_) => fs::copy(from, to).map(drop),
    };
    copied.with_context(|| format!("cannot copy {}", from.display()))
}

/// A workflow without `queue: max`, which act refuses. Nothing waits here: one run follows the other.
fn unqueued(text: &str) -> String {
    let lines = text.lines().filter(|line| line.trim() != "queue: max");
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_reaches_all_but_templates_pages_and_fixtures() {
        let folder = tempfile::tempdir().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let (pack, reached) = (folder.path().join("pack"), folder.path().join("reached"));
        for file in [
            "Cargo.lock",
            ".github/workflows/deploy.yml",
            ".github/actions/idp-deploy/sources.sh",
            "deploy/src/main.rs",
            "docs/pipelines.md",
            "template-axum/Dockerfile",
            "xtask/Cargo.toml",
            "xtask/src/verify/mod.rs",
        ] {
            copy_file(&root.join(file), &pack.join(file)).unwrap();
        }
        // A crate that a fork has added to the workspace: cargo wants to see it.
        copy_file(
            &root.join("deploy/Cargo.toml"),
            &pack.join("tools/own/Cargo.toml"),
        )
        .unwrap();
        super::reached(&pack, &["template-axum".to_owned()], &reached).unwrap();
        let there = crate::verify::bench::files(&reached).unwrap();
        assert_eq!(
            there,
            [
                ".github/actions/idp-deploy/sources.sh",
                ".github/workflows/deploy.yml",
                "Cargo.lock",
                "deploy/src/main.rs",
                "tools/own/Cargo.toml",
                "xtask/Cargo.toml"
            ]
        );
        let script = reached.join(".github/actions/idp-deploy/sources.sh");
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&script.metadata().unwrap().permissions());
        assert!(mode & 0o100 != 0, "scripts stay executable");
    }

    #[test]
    fn the_queue_s_length_goes_and_its_order_stays() {
        let text = "concurrency:\n  group: a\n  cancel-in-progress: false\n  queue: max\nx: 1\n";
        let expected = "concurrency:\n  group: a\n  cancel-in-progress: false\nx: 1\n";
        assert_eq!(unqueued(text), expected);
    }
}
