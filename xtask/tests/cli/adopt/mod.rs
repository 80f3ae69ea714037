//! `adopt`: whose pack it is afterwards, the way back, and what it refuses.

mod made;
mod upstream;

use std::fs;
use std::path::Path;

use crate::support::{Sandbox, copy_tracked, pack};

use made::*;

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
