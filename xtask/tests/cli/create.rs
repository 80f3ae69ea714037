//! `create service`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{self, Sandbox, pack};

#[test]
fn a_service_is_created_committed_and_announced() {
    let sandbox = Sandbox::new();
    let run = sandbox.create(&["orders", "--defaults"]);
    assert_eq!(run.code, 0, "{run:?}");
    let path = sandbox.path("orders");
    assert!(
        run.stdout.contains(&format!("created {}", path.display())),
        "{run:?}"
    );
    assert!(run.stdout.contains("cargo run"), "{run:?}");
    assert_eq!(
        sandbox.git("orders", &["branch", "--show-current"]),
        "main\n"
    );
    assert_eq!(
        sandbox.git("orders", &["rev-list", "--count", "HEAD"]),
        "1\n"
    );
    assert_eq!(sandbox.git("orders", &["status", "--porcelain"]), "");
    let manifest = fs::read_to_string(path.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("name = \"orders\""), "{manifest}");
    assert!(!path.join("hooks").exists() && !path.join("options").exists());
}

#[test]
fn wrong_input_is_one_error_exit_2_and_nothing_left() {
    let long = "a".repeat(51);
    let cases: &[(&[&str], &str)] = &[
        (&["Orders", "--defaults"], "holds `O`"),
        (&["../evil", "--defaults"], "holds `.`"),
        (&["a b", "--defaults"], "holds ` `"),
        (&["orders!", "--defaults"], "holds `!`"),
        (&["two--dashes", "--defaults"], "two in a row"),
        (&["2fast", "--defaults"], "starts with a digit"),
        (&["größe", "--defaults"], "holds `ö`"),
        (&["fn", "--defaults"], "keyword"),
        (
            &["tokio", "--defaults"],
            "crate that the service depends on",
        ),
        (&["localhost", "--defaults"], "machine"),
        (&[&long, "--defaults"], "longer than 50"),
        (&["", "--defaults"], "is empty"),
        (&["orders", "-d", "metric=none"], "did you mean `metrics`?"),
        (&["orders", "-d", "metrics=some"], "the choices are"),
        (&["orders", "-d", "metrics"], "KEY=VALUE"),
        (&["orders", "-d", "description=a\nb"], "has to match"),
        (
            &["orders", "--template", "axun"],
            "there is no template `axun`",
        ),
        (&["orders", "--no-such-flag"], "--no-such-flag"),
        (&[], "NAME"),
    ];
    for (args, expected) in cases {
        let sandbox = Sandbox::new();
        let run = sandbox.create(args);
        assert_eq!(run.code, 2, "{args:?}: {run:?}");
        assert!(run.stderr.contains(expected), "{args:?}: {run:?}");
        assert!(!run.stderr.contains("panicked"), "{args:?}: {run:?}");
        assert_eq!(sandbox.entries(), [""; 0], "{args:?} left something behind");
    }
}

#[test]
fn an_existing_folder_is_refused_unless_it_is_empty() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("orders")).unwrap();
    fs::write(sandbox.path("orders/mine"), "precious").unwrap();
    let run = sandbox.create(&["orders", "--defaults"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("exists already"), "{run:?}");
    assert_eq!(sandbox.entries(), ["orders"]);
    assert_eq!(
        fs::read_to_string(sandbox.path("orders/mine")).unwrap(),
        "precious"
    );

    fs::create_dir(sandbox.path("empty")).unwrap();
    assert_eq!(sandbox.create(&["empty", "--defaults"]).code, 0);

    fs::write(sandbox.path("file"), "").unwrap();
    let run = sandbox.create(&["file", "--defaults"]);
    assert_eq!(run.code, 2, "{run:?}");
    let inside = sandbox.path("file");
    let run = sandbox.create_in(&inside, &["orders", "--defaults"]);
    assert!(
        run.code == 2 && run.stderr.contains("is not a folder"),
        "{run:?}"
    );
}

#[test]
fn git_is_left_alone_inside_a_repository_and_on_request() {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "--quiet"]);
    let run = sandbox.create(&["inner", "--defaults"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("the repository around it"), "{run:?}");
    assert!(!sandbox.path("inner/.git").exists());

    let sandbox = Sandbox::new();
    assert_eq!(sandbox.create(&["plain", "--defaults", "--no-git"]).code, 0);
    assert!(!sandbox.path("plain/.git").exists());
}

#[test]
fn without_a_git_identity_everything_is_staged_and_said() {
    let sandbox = Sandbox::without_identity();
    let run = sandbox.create(&["orders", "--defaults"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("staged, not committed"), "{run:?}");
    assert!(run.stdout.contains("user.email"), "{run:?}");
    let staged = sandbox.git("orders", &["diff", "--cached", "--name-only"]);
    assert!(staged.contains("Cargo.toml"), "{staged}");
}

#[test]
fn without_git_the_service_stands_all_the_same() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_with(
        &["create", "service", "orders", "--defaults", "--dir"],
        |command| {
            command
                .arg(sandbox.path("."))
                .env("PATH", sandbox.path("no-programs-here"));
        },
    );
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("git: not initialised"), "{run:?}");
    assert!(sandbox.path("orders/Cargo.toml").exists());
}

#[test]
fn paths_with_spaces_and_letters_of_any_script_work_from_anywhere() {
    let sandbox = Sandbox::new();
    let parent = sandbox.path("mein Projekt/größe ☕");
    let run = sandbox.create_in(&parent, &["orders", "--defaults"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(parent.join("orders/Cargo.lock").exists());
    // What it prints can be pasted into a shell.
    assert!(
        run.stdout
            .contains(&format!("cd '{}'", parent.join("orders").display())),
        "{run:?}"
    );
}

#[test]
fn an_archive_without_git_renders_the_same_bytes() {
    let sandbox = Sandbox::new();
    let archive = sandbox.path("archive");
    support::copy_tracked(&pack(), &archive);
    // What git would ignore must not leak into a service.
    fs::write(archive.join("template-axum/.env"), "SECRET=1").unwrap();
    let from_archive = sandbox.run_with(
        &[
            "--root",
            archive.to_str().unwrap(),
            "create",
            "service",
            "orders",
            "--defaults",
            "--no-git",
        ],
        |command| {
            command.arg("--dir").arg(sandbox.path("a"));
        },
    );
    assert_eq!(from_archive.code, 0, "{from_archive:?}");
    let run = sandbox.create_in(&sandbox.path("b"), &["orders", "--defaults", "--no-git"]);
    assert_eq!(run.code, 0, "{run:?}");
    let [a, b] = ["a/orders", "b/orders"].map(|folder| support::contents(&sandbox.path(folder)));
    let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&a), names(&b));
    for (file, bytes) in &a {
        assert!(b[file] == *bytes, "{} differs", file.display());
    }
}

#[test]
fn any_description_is_safe_wherever_it_stands() {
    let nasty = r#"a "b" \ 'c' {{ team }} {% raw %} $HOME ${{ github.token }} # <b> | ü — ☕"#;
    let sandbox = Sandbox::new();
    let define = format!("description={nasty}");
    let run = sandbox.create(&["orders", "--defaults", "-d", &define]);
    assert_eq!(run.code, 0, "{run:?}");
    for file in ["Cargo.toml", ".idp/answers.toml"] {
        let text = fs::read_to_string(sandbox.path("orders").join(file)).unwrap();
        let table: toml::Table = toml::from_str(&text).unwrap_or_else(|e| panic!("{file}: {e}"));
        let found = ["package", "values"]
            .iter()
            .find_map(|key| table.get(*key)?.get("description")?.as_str());
        assert_eq!(found, Some(nasty), "{file}");
    }
}

#[test]
fn the_users_own_cargo_generate_settings_have_no_say() {
    let sandbox = Sandbox::new();
    let home = sandbox.path("cargo-home");
    fs::create_dir(&home).unwrap();
    fs::write(
        home.join("cargo-generate.toml"),
        "[values]\nmetrics = \"none\"\n",
    )
    .unwrap();
    let run = sandbox.run_with(
        &[
            "create",
            "service",
            "orders",
            "--defaults",
            "--no-git",
            "--dir",
        ],
        |command| {
            command
                .arg(sandbox.path("x"))
                .env("CARGO_HOME", &home)
                .env("CARGO_GENERATE_VALUE_TEAM", "intruder");
        },
    );
    assert_eq!(run.code, 0, "{run:?}");
    let answers = fs::read_to_string(sandbox.path("x/orders/.idp/answers.toml")).unwrap();
    assert!(answers.contains("metrics = \"prometheus\""), "{answers}");
    assert!(answers.contains("team = \"platform\""), "{answers}");
}

#[test]
fn a_service_records_the_facts_that_it_was_stamped_with() {
    let sandbox = Sandbox::new();
    let run = sandbox.create(&["orders", "--defaults", "--no-git"]);
    assert_eq!(run.code, 0, "{run:?}");
    let read = |path: &Path| -> toml::Table {
        toml::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    };
    let recorded = read(&sandbox.path("orders/.idp/answers.toml"));
    let facts = read(&pack().join("platform.toml"));
    assert_eq!(recorded["platform"].as_table(), Some(&facts));
}

#[test]
fn a_service_inside_the_pack_is_refused() {
    let sandbox = Sandbox::new();
    let run = sandbox.create_in(&pack().join("docs"), &["orders", "--defaults"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("is inside the pack"), "{run:?}");
    assert!(!pack().join("docs/orders").exists());
}

#[test]
fn a_foreign_workspace_is_refused_unless_it_excludes_the_service() {
    let sandbox = Sandbox::new();
    let manifest = sandbox.path("Cargo.toml");
    fs::write(&manifest, "[workspace]\nmembers = [\"*\"]\n").unwrap();
    let run = sandbox.create(&["orders", "--defaults"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("is a cargo workspace"), "{run:?}");
    assert_eq!(sandbox.entries(), ["Cargo.toml"]);
    fs::write(&manifest, "[workspace]\nexclude = [\"orders\"]\n").unwrap();
    assert_eq!(sandbox.create(&["orders", "--defaults"]).code, 0);
}

#[test]
fn a_git_hook_s_repository_is_left_alone() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("other")).unwrap();
    sandbox.git("other", &["init", "--quiet"]);
    let git_dir = sandbox.path("other/.git");
    let before = support::contents(&git_dir);
    let run = sandbox.run_with(
        &["create", "service", "orders", "--defaults", "--dir"],
        |command| {
            command
                .arg(sandbox.path("out"))
                .env("GIT_DIR", &git_dir)
                .env("GIT_OBJECT_DIRECTORY", git_dir.join("objects"));
        },
    );
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("one commit on branch main"), "{run:?}");
    assert!(
        support::contents(&git_dir) == before,
        "the other repository changed"
    );
    assert_eq!(sandbox.git("out/orders", &["status", "--porcelain"]), "");
}

#[test]
fn programs_can_read_what_was_created() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_with(
        &["--format", "json", "create", "service", "orders", "--dir"],
        |command| {
            command.arg(sandbox.path("."));
        },
    );
    assert_eq!(run.code, 0, "{run:?}");
    let line: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(line["answers"]["metrics"], "prometheus");
    assert!(
        line["created"].as_str().unwrap().ends_with("/orders"),
        "{line}"
    );
}

#[test]
fn an_option_may_be_a_yes_or_no() {
    let sandbox = Sandbox::new();
    let root = sandbox.path("pack");
    support::copy_tracked(&pack(), &root);
    let manifest = root.join("template-axum/cargo-generate.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let option =
        "[placeholders.cache]\ntype = \"bool\"\nprompt = \"Cache?\"\ndefault = false\n\n[hooks]";
    fs::write(&manifest, text.replace("[hooks]", option)).unwrap();
    let hook = root.join("template-axum/hooks/answers.rhai");
    let text = fs::read_to_string(&hook).unwrap();
    fs::write(
        &hook,
        text.replace("\"metrics\", ", "\"metrics\", \"cache\", "),
    )
    .unwrap();
    let root = root.to_str().unwrap().to_owned();
    let args = [
        "--root",
        &root,
        "create",
        "service",
        "orders",
        "-d",
        "cache=true",
        "--no-git",
        "--dir",
    ];
    let run = sandbox.run_with(&args, |command| {
        command.arg(sandbox.path("out"));
    });
    assert_eq!(run.code, 0, "{run:?}");
    let answers = fs::read_to_string(sandbox.path("out/orders/.idp/answers.toml")).unwrap();
    assert!(answers.contains("cache = \"true\""), "{answers}");
}
