//! Packs to adopt, and what they hold.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::support::{Run, Sandbox, copy_tracked, pack, real_home};

/// An organisation that there is not. In two parts: `validate` finds its name in this very file otherwise.
pub(super) const ORG: &str = concat!("Former", "-Zz");

/// Its facts.
pub(super) const OTHER: [&str; 10] = [
    "--org",
    ORG,
    "--repo",
    "path-zz",
    "--registry",
    "registry-zz.example:5000/platform",
    "--ref",
    "0123456789abcdef0123456789abcdef01234567",
    "--runner",
    "large-zz",
];

pub(super) const PLATFORM: &str = "# Facts.\norg = \"your-labs\" # ours\nrepo = 'golden-path'\n\nregistry = \"ghcr.io\"\n\
                        # What services call.\nref = \"v1.2.3\"\nrunner = \"linux\"";
pub(super) const WORKFLOW: &str = "on: push\njobs:\n  own:\n    runs-on: linux # platform.toml: runner\n    steps:\n      \
                        - uses: your-labs/golden-path/.github/actions/x@v1.2.3 # platform.toml: org/repo@ref\n      \
                        - run: make\n";
pub(super) const README: &str = "# Path\n\n<!-- generated: clone -->\n<!-- end -->\n<!-- generated: generate -->\n<!-- end -->\n\
                      <!-- generated: options -->\n<!-- end -->\n";

/// A small pack in a repository, everything in sync.
pub(super) fn small(sandbox: &Sandbox) -> PathBuf {
    let root = sandbox.path("pack");
    let clean = pack().join("xtask/src/rules/template/fixtures/clean");
    copy_tracked(&clean, &root);
    let manifest = root.join("template-demo/cargo-generate.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let text = text.replace("pre = [", "pre = [\"hooks/facts.rhai\", ");
    let version = "[workspace]\nmembers = []\n[workspace.package]\nversion = \"0.1.0\"\n";
    for (file, text) in [
        ("template-demo/cargo-generate.toml", text.as_str()),
        ("platform.toml", PLATFORM),
        ("Cargo.toml", version),
        ("README.md", README),
        (".github/workflows/own.yml", WORKFLOW),
        ("NOTICE", "by your-labs\n"),
    ] {
        let path = root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let script = fs::Permissions::from_mode(0o755);
    fs::set_permissions(root.join("README.md"), script).unwrap();
    assert_eq!(run(sandbox, "pack", &["sync"]).code, 0);
    sandbox.git("pack", &["init", "--quiet", "--initial-branch=main"]);
    commit(sandbox, "pack");
    root
}

pub(super) fn commit(sandbox: &Sandbox, folder: &str) {
    sandbox.git(folder, &["add", "--all"]);
    sandbox.git(folder, &["commit", "--quiet", "--message=x"]);
}

pub(super) fn run(sandbox: &Sandbox, folder: &str, args: &[&str]) -> Run {
    let root = sandbox.path(folder);
    let root = root.to_str().unwrap();
    sandbox.run_with(&[&["--root", root], args].concat(), real_home)
}

pub(super) fn adopt(sandbox: &Sandbox, folder: &str, args: &[&str]) -> Run {
    run(sandbox, folder, &[&["adopt"], args].concat())
}

/// Every file with its bytes and its mode, but for git's own.
pub(super) fn tree(root: &Path) -> BTreeMap<PathBuf, (Vec<u8>, u32)> {
    let mut all = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_owned();
            if path.is_dir() {
                folders.extend((name != Path::new(".git")).then_some(path));
            } else {
                let mode = path.symlink_metadata().unwrap().permissions().mode();
                all.insert(name, (fs::read(&path).unwrap_or_default(), mode));
            }
        }
    }
    all
}

pub(super) fn same(old: &BTreeMap<PathBuf, (Vec<u8>, u32)>, root: &Path, when: &str) {
    let new = tree(root);
    let files = old.keys().chain(new.keys());
    let other: Vec<_> = files.filter(|f| old.get(*f) != new.get(*f)).collect();
    assert!(other.is_empty(), "{when}: {other:?}");
}

/// What a `platform.toml` says, as flags.
pub(super) fn flags(root: &Path) -> Vec<String> {
    let text = fs::read_to_string(root.join("platform.toml")).unwrap();
    let facts: toml::Table = text.parse().unwrap();
    let flag = |(name, value): (&String, &toml::Value)| {
        [format!("--{name}"), value.as_str().unwrap().to_owned()]
    };
    facts.iter().flat_map(flag).collect()
}
