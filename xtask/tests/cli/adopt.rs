//! `adopt`: whose pack it is afterwards, the way back, and what it refuses.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::support::{Run, Sandbox, copy_tracked, pack, real_home};

/// An organisation that there is not. In two parts: `validate` finds its name in this very file otherwise.
const ORG: &str = concat!("Former", "-Zz");

/// Its facts.
const OTHER: [&str; 10] = [
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

const PLATFORM: &str = "# Facts.\norg = \"your-labs\" # ours\nrepo = 'golden-path'\n\nregistry = \"ghcr.io\"\n\
                        # What services call.\nref = \"v1.2.3\"\nrunner = \"linux\"";
const WORKFLOW: &str = "on: push\njobs:\n  own:\n    runs-on: linux # platform.toml: runner\n    steps:\n      \
                        - uses: your-labs/golden-path/.github/actions/x@v1.2.3 # platform.toml: org/repo@ref\n      \
                        - run: make\n";
const README: &str = "# Path\n\n<!-- generated: clone -->\n<!-- end -->\n<!-- generated: generate -->\n<!-- end -->\n\
                      <!-- generated: options -->\n<!-- end -->\n";

/// A small pack in a repository, everything in sync.
fn small(sandbox: &Sandbox) -> PathBuf {
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

fn commit(sandbox: &Sandbox, folder: &str) {
    sandbox.git(folder, &["add", "--all"]);
    sandbox.git(folder, &["commit", "--quiet", "--message=x"]);
}

fn run(sandbox: &Sandbox, folder: &str, args: &[&str]) -> Run {
    let root = sandbox.path(folder);
    let root = root.to_str().unwrap();
    sandbox.run_with(&[&["--root", root], args].concat(), real_home)
}

fn adopt(sandbox: &Sandbox, folder: &str, args: &[&str]) -> Run {
    run(sandbox, folder, &[&["adopt"], args].concat())
}

/// Every file with its bytes and its mode, but for git's own.
fn tree(root: &Path) -> BTreeMap<PathBuf, (Vec<u8>, u32)> {
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

fn same(old: &BTreeMap<PathBuf, (Vec<u8>, u32)>, root: &Path, when: &str) {
    let new = tree(root);
    let files = old.keys().chain(new.keys());
    let other: Vec<_> = files.filter(|f| old.get(*f) != new.get(*f)).collect();
    assert!(other.is_empty(), "{when}: {other:?}");
}

/// What a `platform.toml` says, as flags.
fn flags(root: &Path) -> Vec<String> {
    let text = fs::read_to_string(root.join("platform.toml")).unwrap();
    let facts: toml::Table = text.parse().unwrap();
    let flag = |(name, value): (&String, &toml::Value)| {
        [format!("--{name}"), value.as_str().unwrap().to_owned()]
    };
    facts.iter().flat_map(flag).collect()
}

#[test]
fn this_pack_becomes_another_organisation_s_and_this_one_s_again_byte_for_byte() {
    let sandbox = Sandbox::new();
    let root = sandbox.path("pack");
    copy_tracked(&pack(), &root);
    let (before, facts) = (tree(&root), flags(&root));
    let facts: Vec<&str> = facts.iter().map(String::as_str).collect();
    let (org, repo) = (facts[1], facts[3]);

    let done = adopt(&sandbox, "pack", &OTHER);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.stdout.contains("there is no git here"), "{done:?}");
    let checked = run(&sandbox, "pack", &["validate"]);
    assert_eq!((checked.code, checked.stdout.as_str()), (0, ""), "validate");
    let address = format!("{org}/{repo}").to_lowercase();
    for (file, (bytes, _)) in tree(&root) {
        let name = file.to_str().unwrap();
        if !name.starts_with("LICENSE") && name != "CHANGELOG.md" {
            let text = String::from_utf8_lossy(&bytes).to_lowercase();
            assert!(!text.contains(&address), "{name} holds {address}");
        }
    }
    let parent = sandbox.path("out");
    let create = ["create", "service", "orders", "--defaults", "--no-git"];
    let place = ["--dir", parent.to_str().unwrap()];
    let created = run(&sandbox, "pack", &[&create[..], &place].concat());
    assert_eq!(created.code, 0, "{created:?}");
    let read = |file: &str| fs::read_to_string(parent.join("orders").join(file)).unwrap();
    let call = format!(
        "{ORG}/path-zz/.github/workflows/deploy.yml@0123456789abcdef0123456789abcdef01234567"
    );
    assert!(read(".github/workflows/deploy.yml").contains(&call));
    let image = ORG.to_lowercase();
    let image = format!("registry-zz.example:5000/platform/{image}/orders@sha256");
    assert!(read("README.md").contains(&image));

    let back = adopt(&sandbox, "pack", &facts);
    assert_eq!(back.code, 0, "{back:?}");
    same(&before, &root, "there and back");
}

#[test]
fn whatever_the_names_are_the_way_back_is_the_same() {
    let sandbox = Sandbox::new();
    let root = small(&sandbox);
    let (before, facts) = (tree(&root), flags(&root));
    let facts: Vec<&str> = facts.iter().map(String::as_str).collect();
    for args in [
        &["--org", "Your-Labs"][..],
        &["--org", "demo", "--repo", "template-demo"],
        &["--org", "x", "--repo", ".github", "--registry", "x/x"],
        &["--org", "main", "--repo", "uses", "--runner", "on"],
        &OTHER,
    ] {
        assert_eq!(adopt(&sandbox, "pack", args).code, 0, "{args:?}");
        assert_eq!(run(&sandbox, "pack", &["sync", "--check"]).code, 0);
        let there = tree(&root);
        assert!(there != before, "{args:?} changed nothing");
        let again = adopt(&sandbox, "pack", args);
        assert!(again.stdout.contains("nothing to write"), "{again:?}");
        same(&there, &root, "a second time");
        assert_eq!(there[Path::new("NOTICE")], before[Path::new("NOTICE")]);
        let back = [&facts[..], &["--allow-dirty"]].concat();
        assert_eq!(adopt(&sandbox, "pack", &back).code, 0, "{args:?}");
        same(&before, &root, &format!("{args:?}"));
    }
    assert_eq!(sandbox.git("pack", &["status", "--porcelain"]), "");
}

#[test]
fn a_dry_run_prints_what_git_can_apply_and_writes_nothing() {
    let sandbox = Sandbox::new();
    let root = small(&sandbox);
    let before = tree(&root);
    fs::write(root.join("mine"), "").unwrap();
    let dry = adopt(&sandbox, "pack", &[&OTHER[..], &["--dry-run"]].concat());
    assert_eq!(dry.code, 0, "{dry:?}");
    fs::remove_file(root.join("mine")).unwrap();
    same(&before, &root, "a dry run");
    for line in [
        "--- a/platform.toml".to_owned(),
        "-org = \"your-labs\" # ours".to_owned(),
        format!("+org = \"{ORG}\" # ours"),
    ] {
        assert!(dry.stdout.lines().any(|l| l == line), "{line}: {dry:?}");
    }

    fs::write(sandbox.path("diff"), &dry.stdout).unwrap();
    sandbox.git("pack", &["apply", sandbox.path("diff").to_str().unwrap()]);
    let applied = tree(&root);
    sandbox.git("pack", &["checkout", "--quiet", "."]);
    let done = adopt(&sandbox, "pack", &OTHER);
    assert_eq!(done.code, 0, "{done:?}");
    same(&applied, &root, "what the diff says");
    for line in [
        "wrote platform.toml\n",
        "nothing is committed",
        " diff\n",
        " verify\n",
    ] {
        assert!(done.stdout.contains(line), "{line}: {done:?}");
    }
}

#[test]
fn work_that_is_not_committed_is_not_mixed_with() {
    let sandbox = Sandbox::new();
    let root = small(&sandbox);
    for (file, text) in [("notes/new.txt", "x"), ("README.md", README)] {
        let path = root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        let before = tree(&root);
        let refused = adopt(&sandbox, "pack", &OTHER);
        assert_eq!(refused.code, 2, "{refused:?}");
        let expected = format!(
            "error: not committed: `{file}`; commit or stash that, or pass `--allow-dirty`\n"
        );
        assert_eq!(refused.stderr, expected);
        same(&before, &root, file);
        sandbox.git("pack", &["stash", "--quiet", "--include-untracked"]);
    }
    fs::write(root.join("new.txt"), "x").unwrap();
    let done = adopt(&sandbox, "pack", &[&OTHER[..], &["--allow-dirty"]].concat());
    assert_eq!(done.code, 0, "{done:?}");
}

#[test]
fn what_a_crash_cut_short_the_same_command_ends() {
    let sandbox = Sandbox::new();
    let root = small(&sandbox);
    assert_eq!(adopt(&sandbox, "pack", &OTHER).code, 0);
    let whole = tree(&root);
    for written in [&["platform.toml"][..], &["platform.toml", "README.md"]] {
        sandbox.git("pack", &["checkout", "--quiet", "."]);
        for file in written {
            fs::write(root.join(file), &whole[Path::new(file)].0).unwrap();
        }
        let done = adopt(&sandbox, "pack", &OTHER);
        assert_eq!(done.code, 0, "{done:?}");
        same(&whole, &root, "ended");
    }
}

#[test]
fn a_value_that_could_not_stand_anywhere_is_refused_in_one_line() {
    let sandbox = Sandbox::new();
    let root = small(&sandbox);
    let before = tree(&root);
    for (flag, value, form) in [
        ("--org", "a b", "letters, digits and single dashes"),
        ("--org", "-a", "letters"),
        ("--org", "", "letters"),
        ("--org", "a\nb", "letters"),
        ("--repo", "a/b", "dots"),
        ("--registry", "https://ghcr.io", "a host in lower case"),
        ("--registry", "GHCR.io", "a host in lower case"),
        ("--ref", "main", "a version as in `v1.2.3`"),
        ("--ref", "v1", "a version"),
        ("--runner", "[self-hosted, big]", "the label of one runner"),
        ("--facts-of", "nowhere", "no commit with a platform.toml"),
        ("--facts-of", "--help", "no commit with a platform.toml"),
    ] {
        let flag = format!("{flag}={value}");
        let right = if flag.starts_with("--org") {
            "--repo=other"
        } else {
            "--org=other"
        };
        let run = adopt(&sandbox, "pack", &[right, &flag]);
        assert_eq!(run.code, 2, "{flag}: {run:?}");
        assert_eq!(run.stderr.lines().count(), 1, "{flag}: {run:?}");
        let name = flag.split('=').next().unwrap();
        assert!(run.stderr.contains(&format!("`{name} ")), "{flag}: {run:?}");
        assert!(run.stderr.contains(form), "{flag}: {run:?}");
    }
    same(&before, &root, "refused");
}

#[test]
fn what_cannot_be_derived_or_written_leaves_the_tree_as_it_was() {
    let sandbox = Sandbox::new();
    let root = small(&sandbox);
    let breaks: [(&str, &dyn Fn()); 4] = [
        ("README.md has lost its region `clone`", &|| {
            fs::write(root.join("README.md"), "# Path\n").unwrap();
        }),
        ("own.yml:3: platform.toml has no fact `label`", &|| {
            let text = "a:\n  b:\n    c: d # platform.toml: label\n";
            fs::write(root.join(".github/workflows/own.yml"), text).unwrap();
        }),
        ("cannot write", &|| {
            fs::remove_file(root.join("docs/rules.md")).unwrap();
            fs::create_dir_all(root.join("docs/rules.md")).unwrap();
            fs::write(root.join("docs/rules.md/x"), "").unwrap();
        }),
        ("platform.toml:1:", &|| {
            fs::write(root.join("platform.toml"), "<<<<<<< ours\n").unwrap();
        }),
    ];
    for (message, damage) in breaks {
        damage();
        commit(&sandbox, "pack");
        let before = tree(&root);
        let run = adopt(&sandbox, "pack", &OTHER);
        assert_eq!(run.code, 2, "{message}: {run:?}");
        assert!(run.stderr.contains(message), "{message}: {run:?}");
        same(&before, &root, message);
        sandbox.git("pack", &["reset", "--quiet", "--hard", "HEAD~1"]);
    }
}

/// In `file`, the first `old` becomes `new`.
fn swap(root: &Path, file: &str, old: &str, new: &str) {
    let path = root.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(old), "{file} holds no {old:?}");
    fs::write(path, text.replacen(old, new, 1)).unwrap();
}

/// The commands of docs/forking.md, twice: the second time what was merged first is the base.
#[test]
fn an_adopted_fork_takes_what_upstream_has_changed() {
    let sandbox = Sandbox::new();
    let upstream = small(&sandbox);
    sandbox.git(".", &["clone", "--quiet", "--bare", "pack", "upstream.git"]);
    sandbox.git(".", &["clone", "--quiet", "upstream.git", "fork"]);
    let fork = sandbox.path("fork");
    sandbox.git("fork", &["remote", "rename", "origin", "upstream"]);
    assert_eq!(adopt(&sandbox, "fork", &OTHER).code, 0);
    let workflow = ".github/workflows/own.yml";
    swap(&fork, workflow, "on: push\n", "on: [push, pull_request]\n");
    commit(&sandbox, "fork");

    let remote = sandbox.path("upstream.git");
    let mut kept = "      - run: make\n".to_owned();
    for (from, to) in [("v1.2.3", "v1.3.0"), ("v1.3.0", "v2.0.0")] {
        let step = format!("      - run: make {to}\n");
        swap(&upstream, "platform.toml", from, to);
        swap(&upstream, "platform.toml", "# Facts.", "# Facts, more.");
        swap(
            &upstream,
            "template-demo/README.md",
            "#",
            &format!("# {to}\n\n#"),
        );
        swap(&upstream, workflow, &kept, &step);
        fs::write(upstream.join(format!("template-demo/src/{to}.rs")), "").unwrap();
        assert_eq!(run(&sandbox, "pack", &["sync"]).code, 0);
        commit(&sandbox, "pack");
        sandbox.git(
            "pack",
            &["push", "--quiet", remote.to_str().unwrap(), "main"],
        );
        kept = step;

        sandbox.git("fork", &["fetch", "--quiet", "upstream"]);
        let base = sandbox.git("fork", &["merge-base", "HEAD", "upstream/main"]);
        let done = adopt(&sandbox, "fork", &["--facts-of", base.trim()]);
        assert_eq!(done.code, 0, "{done:?}");
        commit(&sandbox, "fork");
        sandbox.git(
            "fork",
            &["merge", "--quiet", "--no-commit", "upstream/main"],
        );
        let done = adopt(&sandbox, "fork", &["--facts-of", "HEAD~1", "--allow-dirty"]);
        assert_eq!(done.code, 0, "{done:?}");
        commit(&sandbox, "fork");

        assert_eq!(run(&sandbox, "fork", &["sync", "--check"]).code, 0);
        let read = |file: &str| fs::read_to_string(fork.join(file)).unwrap();
        let own = read(workflow);
        for line in [
            "on: [push, pull_request]\n",
            &format!("{ORG}/path-zz/"),
            kept.as_str(),
        ] {
            assert!(own.contains(line), "{line}: {own}");
        }
        assert!(
            read("platform.toml").starts_with(&format!("# Facts, more.\norg = \"{ORG}\" # ours"))
        );
        assert!(read("template-demo/README.md").starts_with(&format!("# {to}")));
        assert!(fork.join(format!("template-demo/src/{to}.rs")).exists());
        let held = sandbox.git("fork", &["grep", "--files-with-matches", "your-labs"]);
        assert_eq!(held, "NOTICE\n");
        swap(&upstream, "platform.toml", "# Facts, more.", "# Facts.");
    }
}
