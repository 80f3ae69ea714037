//! Proof of the scripts: what they do, in which order, and that a bad one ends early with its place and changes nothing.
//!
//! `fixtures/NAME.rhai` is a bad script, `fixtures/NAME.txt` the error that it gives.

use std::fs;
use std::path::Path;

use super::*;

/// Set it to write what the test then compares with.
const UPDATE: &str = "UPDATE_EXPECT";

const MANIFEST: &str = "[template]\nignore = [\"upgrades\"]\n";

/// A template of these scripts, by version.
fn template(scripts: &[(&str, &str)]) -> (tempfile::TempDir, Template) {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("template-demo");
    fs::create_dir_all(folder.join("upgrades")).unwrap();
    fs::write(folder.join("cargo-generate.toml"), MANIFEST).unwrap();
    for (version, text) in scripts {
        fs::write(folder.join(format!("upgrades/{version}.rhai")), text).unwrap();
    }
    let template = Template::read(dir.path(), "template-demo").unwrap();
    (dir, template)
}

fn entry(kind: Kind, bytes: impl Into<Vec<u8>>) -> Entry {
    Entry {
        kind,
        bytes: bytes.into(),
    }
}

fn service() -> (Tree, Answers) {
    let file = |bytes: &str| entry(Kind::File, bytes);
    let tree = [
        (".idp/answers.toml", file("[values]\n")),
        (".idp/ownership.toml", file("")),
        ("README.md", file("# Orders\n")),
        ("config/default.yaml", file("port: 80\nlog: info\n")),
        ("config/dev.yaml", file("port: 81\n")),
        ("letters.txt", file(&"a".repeat(1000))),
        ("link", entry(Kind::Link, "README.md")),
        ("logo.png", entry(Kind::File, b"\x89PNG\xff".to_vec())),
        ("long.txt", file(&"x".repeat(200 * 1024))),
        ("run.sh", entry(Kind::Executable, "#!/bin/sh\n")),
        ("src/main.rs", file("fn main() {}\n")),
    ];
    let answers = [
        ("project-name", "orders"),
        ("team", "payments"),
        ("metrics", "prometheus"),
    ];
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    (
        tree.into_iter()
            .map(|(path, entry)| (path.to_owned(), entry))
            .collect(),
        answers.into_iter().map(owned).collect(),
    )
}

fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

/// What a script for 0.2.0 makes of the service; twice, since it has to be repeatable.
fn after(script: &str) -> (Tree, Answers, Done) {
    let (_dir, template) = template(&[("0.2.0", script)]);
    let (mut tree, mut answers) = service();
    let run = |tree: &mut Tree, answers: &mut Answers| {
        migrate(
            &template,
            &version("0.1.0"),
            &version("0.2.0"),
            tree,
            answers,
        )
        .unwrap()
    };
    let done = run(&mut tree, &mut answers).remove(0);
    let once = (tree.clone(), answers.clone());
    let again = run(&mut tree, &mut answers).remove(0);
    assert_eq!((tree, answers), once, "a second run changes something");
    assert_eq!(again.what, "nothing was left to do");
    (once.0, once.1, done)
}

#[test]
fn files_are_moved_written_changed_and_deleted() {
    let script = r##"
        file::rename("config/default.yaml", "config/base.yaml");
        file::rename("src", "crates/service/src");
        let text = file::read("config/base.yaml");
        if text.contains("log: info") {
            file::write("config/log.yaml", "level: info\n");
        }
        let times = file::replace("config/base.yaml", "port: 80\n", "listen: 8080\n");
        if times > 0 { note("point your load balancer at 8080"); }
        file::write("run.sh", "#!/bin/sh\nexec service\n");
        file::delete("config/dev.yaml");
        file::delete("gone.txt");
        file::rename("gone.txt", "never.txt");
        file::replace("gone.txt", "a", "b");
    "##;
    let (tree, answers, done) = after(script);
    assert_eq!(answers, service().1);
    let text = |path: &str| tree[path].text().unwrap().to_owned();
    assert_eq!(text("config/base.yaml"), "listen: 8080\nlog: info\n");
    assert_eq!(text("config/log.yaml"), "level: info\n");
    assert_eq!(text("crates/service/src/main.rs"), "fn main() {}\n");
    assert_eq!(tree["run.sh"].kind, Kind::Executable);
    for gone in ["config/default.yaml", "config/dev.yaml", "src/main.rs"] {
        assert!(!tree.contains_key(gone), "{gone}");
    }
    assert_eq!(done.version, version("0.2.0"));
    assert_eq!(done.script, "template-demo/upgrades/0.2.0.rhai");
    assert_eq!(
        done.what,
        "moved `config/default.yaml` to `config/base.yaml`, moved `src` to `crates/service/src`, wrote `config/log.yaml`, \
         changed `config/base.yaml`, wrote `run.sh`, deleted `config/dev.yaml`"
    );
    assert_eq!(done.notes, ["point your load balancer at 8080"]);

    let mut base = service().0;
    base.remove("src/main.rs");
    follow(&mut base, &[done]);
    assert_eq!(base["config/base.yaml"].bytes, b"port: 80\nlog: info\n");
    assert!(!base.contains_key("config/default.yaml") && base.contains_key("config/dev.yaml"));
}

#[test]
fn answers_are_renamed_set_and_removed() {
    let script = r#"
        answer::rename("metrics", "telemetry");
        answer::rename("gone", "never");
        if answer::get("telemetry") == "prometheus" { answer::set("telemetry", "otlp"); }
        if !answer::is_set("tracing") { answer::set("tracing", true); }
        answer::remove("team");
        answer::remove("gone");
    "#;
    let (tree, answers, done) = after(script);
    assert_eq!(tree, service().0);
    let shown: Vec<_> = answers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let expected = [
        ("project-name", "orders"),
        ("telemetry", "otlp"),
        ("tracing", "true"),
    ];
    assert_eq!(shown, expected);
    assert_eq!(
        done.what,
        "took the answer to `metrics` for `telemetry`, answered `telemetry` with `otlp`, answered `tracing` with `true`, \
         dropped the answer to `team`"
    );
}

#[test]
fn a_script_that_finds_nothing_to_do_says_so_and_a_long_one_is_told_in_short() {
    let (_, _, done) = after("file::delete(\"gone\");");
    assert_eq!(done.what, "nothing was left to do");
    let (_, _, done) = after("for n in 0..12 { file::write(`f${n}`, \"\"); }");
    assert!(done.what.ends_with("wrote `f7`, and 4 more"), "{done:?}");
}

#[test]
fn versions_above_the_recorded_one_run_in_their_order() {
    let script = |name: &str| {
        format!(
            "let log = if file::exists(\"log\") {{ file::read(\"log\") }} else {{ \"\" }};\nfile::write(\"log\", log + \"{name} \");"
        )
    };
    let names = ["0.10.0", "0.2.0", "0.9.1", "1.0.0"];
    let texts = names.map(|name| (name, script(name)));
    let scripts: Vec<_> = texts
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let (_dir, template) = template(&scripts);
    let ran = |from: &str, to: &Version| {
        let (mut tree, mut answers) = service();
        let done = migrate(&template, &version(from), to, &mut tree, &mut answers).unwrap();
        let log = tree.get("log").and_then(Entry::text).unwrap_or_default();
        let versions: Vec<_> = done.iter().map(|done| done.version.to_string()).collect();
        let versions = versions.join(" ");
        assert_eq!(log.trim_end(), versions);
        versions
    };
    assert_eq!(ran("0.1.0", &version("0.10.0")), "0.2.0 0.9.1 0.10.0");
    assert_eq!(ran("0.2.0", &version("0.9.0")), "");
    assert_eq!(ran("0.2.0", &version("0.9.1")), "0.9.1");
    assert_eq!(ran("1.0.0", &version("0.2.0")), "");
    let newest = newest(&template, &version("0.10.0")).unwrap();
    assert_eq!(ran("0.10.0", &newest), "1.0.0");
}

#[test]
fn a_later_script_that_fails_takes_back_the_earlier_ones() {
    let (_dir, template) = template(&[
        (
            "0.2.0",
            "file::delete(\"README.md\"); answer::remove(\"team\");",
        ),
        ("0.3.0", "file::read(\"README.md\");"),
    ]);
    let (mut tree, mut answers) = service();
    let (from, to) = (version("0.1.0"), version("0.3.0"));
    let error = migrate(&template, &from, &to, &mut tree, &mut answers).unwrap_err();
    assert_eq!(
        error.to_string(),
        "template-demo/upgrades/0.3.0.rhai:1:7: the service has no file `README.md`; ask `file::exists(\"README.md\")` first"
    );
    assert_eq!((tree, answers), service());
}

#[test]
fn a_name_that_is_no_version_and_a_script_that_is_no_text_are_refused() {
    let (_dir, named) = template(&[("next", "")]);
    let error = newest(&named, &version("0.1.0")).unwrap_err().to_string();
    assert_eq!(
        error,
        "template-demo/upgrades/next.rhai is named by no version; name it `upgrades/X.Y.Z.rhai` in the pack"
    );
    let (_dir, torn) = template(&[("0.2.0", "")]);
    fs::write(torn.dir.join("upgrades/0.2.0.rhai"), b"\xff").unwrap();
    let (mut tree, mut answers) = service();
    let (from, to) = (version("0.1.0"), version("0.2.0"));
    let error = migrate(&torn, &from, &to, &mut tree, &mut answers).unwrap_err();
    let said = error.to_string();
    assert!(said.contains("0.2.0.rhai is no file of text; "), "{said}");
}

#[test]
fn a_bad_script_ends_at_its_place_with_a_remedy_and_changes_nothing() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/upgrade/migrate/fixtures");
    let mut wrong = Vec::new();
    let mut tried = 0;
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "rhai") {
            continue;
        }
        tried += 1;
        let script = fs::read_to_string(&path).unwrap();
        let (_dir, template) = template(&[("0.2.0", &script)]);
        let (mut tree, mut answers) = service();
        let (from, to) = (version("0.1.0"), version("0.2.0"));
        let error = migrate(&template, &from, &to, &mut tree, &mut answers).unwrap_err();
        assert_eq!((tree, answers), service(), "{}", path.display());
        let said = format!("{error:#}\n");
        assert!(
            said.starts_with("template-demo/upgrades/0.2.0.rhai:")
                && said.contains("; ")
                && said.lines().count() == 1,
            "{}: {said}",
            path.display()
        );
        let expected = path.with_extension("txt");
        if std::env::var_os(UPDATE).is_some() {
            fs::write(&expected, &said).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != said {
            wrong.push(format!("{} differs from: {said}", expected.display()));
        }
    }
    assert!(tried > 30, "{tried}");
    assert!(
        wrong.is_empty(),
        "{}\n{UPDATE}=1 cargo test -p xtask migrate:: writes them",
        wrong.join("\n")
    );
}

/// The page that says how to write scripts.
fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/upgrade-scripts.md");
    fs::read_to_string(path).unwrap()
}

#[test]
fn the_script_on_the_page_does_what_the_page_says() {
    let page = page();
    let script = page.split("```rhai\n").nth(1).unwrap();
    let script = script.split("```").next().unwrap();
    let (tree, answers, done) = after(script);
    assert_eq!(answers["telemetry"], "prometheus");
    assert!(!answers.contains_key("metrics"));
    assert_eq!(tree["config/base.yaml"].bytes, b"listen: 80\nlog: info\n");
    assert_eq!(tree["config/dev.yaml"].bytes, b"listen: 81\n");
    assert_eq!(done.notes.len(), 2, "{done:?}");
    assert!(done.notes[0].starts_with("config/base.yaml says \"listen\" now"));
}

#[test]
fn the_page_lists_every_function() {
    let page = page();
    let modules = upgrades::OFFERED.modules.iter();
    let functions = modules.flat_map(|(module, functions)| {
        functions
            .iter()
            .map(move |(name, _)| format!("| `{module}::{name}("))
    });
    let others = upgrades::OFFERED.functions.iter();
    for function in functions.chain(others.map(|name| format!("| `{name}("))) {
        assert!(page.contains(&function), "{function}");
    }
}
