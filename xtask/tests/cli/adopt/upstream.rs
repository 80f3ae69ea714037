//! An adopted fork, and what upstream has changed meanwhile: the recipe of docs/forking.md.

use std::fs;
use std::path::Path;

use crate::support::Sandbox;

use super::made::*;

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
